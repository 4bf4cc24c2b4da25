//! Tables of the registries, as they are committed, cut into rows when they are first asked.

use std::sync::OnceLock;

/// A table with one row a line, sorted by the bytes of the keys, which end at a space or with the line.
pub(super) struct Table {
    text: &'static str,
    rows: OnceLock<Vec<Row>>,
}

struct Row {
    /// The first eight bytes of the key: they tell most keys apart.
    front: u64,
    key: &'static str,
    rest: &'static str,
}

/// Top-level domains, one a row, lower-case.
pub(super) static TOP_LEVEL_DOMAINS: Table = Table::new(include_str!("../../lists/tld.txt"));
/// `CC structure` of the IBAN registry.
pub(super) static IBAN: Table = Table::new(include_str!("../../lists/iban.txt"));
/// `CC code prefix` of telephone numbers.
pub(super) static DIALLING: Table = Table::new(include_str!("../../lists/dialling.txt"));
/// `code length:starts …` of the telephone numbering plans.
pub(super) static CALLING_CODES: Table = Table::new(include_str!("../../lists/calling_codes.txt"));

impl Table {
    const fn new(text: &'static str) -> Self {
        Self { text, rows: OnceLock::new() }
    }

    /// What follows the key in its row; empty where the row is the key alone.
    pub(super) fn row(&self, key: &[u8]) -> Option<&'static str> {
        let rows = self.all();
        let front = front(key);
        let order = |row: &Row| row.front.cmp(&front).then_with(|| row.key.as_bytes().cmp(key));
        rows.binary_search_by(order).ok().map(|at| rows[at].rest)
    }

    /// Every key with what follows it.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&'static [u8], &'static str)> {
        self.all().iter().map(|row| (row.key.as_bytes(), row.rest))
    }

    fn all(&self) -> &[Row] {
        let row = |line: &'static str| {
            let (key, rest) = line.split_once(' ').unwrap_or((line, ""));
            Row { front: front(key.as_bytes()), key, rest }
        };
        self.rows.get_or_init(|| self.text.lines().map(row).collect())
    }
}

/// The first bytes of a key as a number of the same order.
fn front(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let len = key.len().min(bytes.len());
    bytes[..len].copy_from_slice(&key[..len]);
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_row_and_nothing_else() {
        for table in [&TOP_LEVEL_DOMAINS, &IBAN, &CALLING_CODES, &DIALLING] {
            for line in table.text.lines() {
                let (key, rest) = line.split_once(' ').unwrap_or((line, ""));
                assert_eq!(table.row(key.as_bytes()), Some(rest), "{key}");
            }
            for key in ["", "zzzzzzzz", "AA", "0", "\u{ff}", "d", "999"] {
                assert_eq!(table.row(key.as_bytes()), None, "{key}");
            }
        }
    }
}
