//! Tables of the registries, searched in the text in which they are committed: a few steps of binary search over some
//! kilobytes need no parsing at start-up and no memory.

/// Top-level domains, one a row, lower-case.
pub(super) const TOP_LEVEL_DOMAINS: &str = include_str!("../../lists/tld.txt");
/// `CC structure` of the IBAN registry.
pub(super) const IBAN: &str = include_str!("../../lists/iban.txt");
/// `code length:starts …` of the telephone numbering plans.
pub(super) const CALLING_CODES: &str = include_str!("../../lists/calling_codes.txt");

/// What follows the key in its row; empty where the row is the key alone. `table` has one row a line, sorted by the
/// bytes of the keys, which end at a space or with the line.
pub(super) fn row(table: &'static str, key: &[u8]) -> Option<&'static str> {
    let bytes = table.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = bytes[low..middle].iter().rposition(|&b| b == b'\n').map_or(low, |i| low + i + 1);
        let end = bytes[start..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |i| start + i);
        let line = &bytes[start..end];
        let name = line.split(|&b| b == b' ').next().unwrap_or_default();
        match name.cmp(key) {
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
            std::cmp::Ordering::Equal => return table.get((start + name.len() + 1).min(end)..end),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_row_and_nothing_else() {
        for table in [TOP_LEVEL_DOMAINS, IBAN, CALLING_CODES] {
            for line in table.lines() {
                let (key, rest) = line.split_once(' ').unwrap_or((line, ""));
                assert_eq!(row(table, key.as_bytes()), Some(rest), "{key}");
            }
            for key in ["", "zzzzzzzz", "AA", "0", "\u{ff}", "d", "999"] {
                assert_eq!(row(table, key.as_bytes()), None, "{key}");
            }
        }
    }
}
