//! What a CSV's delimiter is, whether it has a header, and whether a text is CSV at all.
//!
//! A file that says so by its extension is CSV. Any other text must look like a table with a header in every line of
//! its beginning: prose, logs and source code have commas, too, and read as text they lose nothing but columns.

use std::collections::HashSet;

use crate::columns::{TEXT, types_of};

/// How a CSV is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    /// The first record names the columns.
    pub(crate) header: bool,
}

/// Records that are looked at.
const SAMPLE_RECORDS: usize = 50;

/// Cells of a record that are looked at.
const SAMPLE_CELLS: usize = 10_000;

impl Dialect {
    /// The dialect of a file whose extension says that it is CSV. `text` is its beginning, all of it when `whole`.
    pub(crate) fn of_csv(extension: &str, text: &[u8], whole: bool) -> Self {
        let delimiter = match extension {
            "tsv" | "tab" => b'\t',
            "psv" => b'|',
            _ => [b',', b';', b'\t', b'|']
                .into_iter()
                // The first of equals.
                .rev()
                .max_by_key(|&delimiter| agreement(&sample(text, whole, delimiter)))
                .unwrap_or(b','),
        };
        let records = sample(text, whole, delimiter);
        Self { delimiter, header: has_header(&records, whole) }
    }

    /// The dialect of a text that looks like a table without saying so.
    pub(crate) fn of_text(text: &[u8], whole: bool) -> Option<Self> {
        let first = text.split(|&b| b == b'\n').next().unwrap_or_default();
        let looks_tabular = |&delimiter: &u8| {
            let least = if delimiter == b',' { 3 } else { 2 };
            let names = || first.split(|&b| b == delimiter).map(unquoted);
            // Nearly every text ends here, after its first line.
            if !names().all(is_name) || names().count() < least {
                return false;
            }
            let records = sample(text, whole, delimiter);
            let Some(header) = records.first() else { return false };
            records.len() >= 4
                && records.iter().all(|record| record.len() == header.len())
                && has_header(&records, whole)
                && !is_distinct_text(&records)
        };
        let delimiter = [b'\t', b';', b',', b'|'].into_iter().find(looks_tabular)?;
        Some(Self { delimiter, header: true })
    }
}

/// What a programmer or an export would call a column.
fn is_name(name: &[u8]) -> bool {
    let name = name.trim_ascii();
    let fits = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || b" _-.#/()%".contains(b);
    (1..=40).contains(&name.len()) && name.iter().all(fits) && !name.contains(&b'\n')
}

/// Whether the cells are too long for a table: sentences with one comma each.
fn is_distinct_text(records: &[Vec<&[u8]>]) -> bool {
    let (cells, bytes) =
        records.iter().flatten().fold((0, 0), |(cells, bytes), cell| (cells + 1, bytes + cell.len()));
    bytes > 64 * cells
}

/// How well a delimiter explains a text: records of the most frequent width above one, then that width.
fn agreement(records: &[Vec<&[u8]>]) -> (usize, usize) {
    let width = |record: &Vec<&[u8]>| record.len();
    records
        .iter()
        .map(width)
        .filter(|&w| w > 1)
        .map(|w| (records.iter().filter(|record| record.len() == w).count(), w))
        .max()
        .unwrap_or_default()
}

/// Whether the first record names columns: none of its cells looks like a value. A record that is alone is one of
/// data, for then it is at least looked at.
fn has_header(records: &[Vec<&[u8]>], whole: bool) -> bool {
    let Some(first) = records.first() else { return !whole };
    if (records.len() == 1 && whole) || first.iter().any(|cell| is_value(cell)) {
        return false;
    }
    let filled: Vec<_> = first.iter().map(|cell| cell.trim_ascii()).filter(|cell| !cell.is_empty()).collect();
    let repeats = filled.iter().collect::<HashSet<_>>().len() < filled.len();
    let data_below = || records[1..].iter().flatten().any(|cell| !cell.is_empty() && types_of(cell) != TEXT);
    !filled.is_empty() && (!repeats || data_below())
}

/// Whether a cell is a value rather than the name of one.
fn is_value(cell: &[u8]) -> bool {
    let digits = cell.iter().filter(|b| b.is_ascii_digit()).count();
    let plain = !cell.is_empty() && types_of(cell) != TEXT;
    plain || cell.contains(&b'@') || digits >= 6
}

/// The first complete records, quotation marks left out.
fn sample(text: &[u8], whole: bool, delimiter: u8) -> Vec<Vec<&[u8]>> {
    let (mut records, mut record) = (Vec::new(), Vec::new());
    let (mut start, mut quoted) = (0, false);
    for (i, &byte) in text.iter().enumerate() {
        match byte {
            b'"' if quoted || i == start => quoted = !quoted,
            _ if quoted => {}
            b'\n' => {
                push(&mut record, &text[start..i]);
                start = i + 1;
                take_record(&mut records, &mut record);
                if records.len() == SAMPLE_RECORDS {
                    return records;
                }
            }
            _ if byte == delimiter => {
                push(&mut record, &text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    // What is cut still tells how a first record looks.
    if whole || records.is_empty() {
        push(&mut record, &text[start..]);
        take_record(&mut records, &mut record);
    }
    records
}

fn take_record<'a>(records: &mut Vec<Vec<&'a [u8]>>, record: &mut Vec<&'a [u8]>) {
    let record = std::mem::take(record);
    if record.iter().any(|cell| !cell.is_empty()) || record.len() > 1 {
        records.push(record);
    }
}

fn push<'a>(record: &mut Vec<&'a [u8]>, cell: &'a [u8]) {
    if record.len() < SAMPLE_CELLS {
        record.push(unquoted(cell));
    }
}

fn unquoted(cell: &[u8]) -> &[u8] {
    let cell = cell.strip_suffix(b"\r").unwrap_or(cell);
    cell.strip_prefix(b"\"").and_then(|c| c.strip_suffix(b"\"")).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(text: &str) -> (char, bool) {
        let dialect = Dialect::of_csv("csv", text.as_bytes(), true);
        (char::from(dialect.delimiter), dialect.header)
    }

    #[test]
    fn delimiters_are_recognised() {
        assert_eq!(csv("a,b\n1,2\n"), (',', true));
        assert_eq!(csv("a;b\n1,5;2,5\n1,5;2,5\n"), (';', true));
        assert_eq!(csv("a\tb\n1\t2\n"), ('\t', true));
        assert_eq!(csv("a|b\n1|2\n"), ('|', true));
        assert_eq!(csv("\"x;y;z\",b\n\"1;2;3\",4\n"), (',', true));
        assert_eq!(csv("name\nJane\n"), (',', true));
    }

    #[test]
    fn a_first_record_of_values_is_no_header() {
        assert!(!csv("jane@corp.de,Jane\njohn@corp.de,John\n").1);
        assert!(!csv("1,Jane\n2,John\n").1);
        assert!(!csv("2024-01-01,Jane\n2024-01-02,John\n").1);
        assert!(!csv("yes,yes,no\nno,no,no\n").1);
        assert!(!csv("Jane,Doe,078-05-1120\nJohn,Doe,078-05-1121\n").1);
        assert!(!csv("Jane,Doe").1, "alone, it is looked at");
        assert!(csv("email,email\na@b.de,1\n").1);
        assert!(csv("id,address_1,address_2\n1,x,y\n").1);
    }

    #[test]
    fn other_texts_are_tables_only_when_they_look_it() {
        let table = |text: &str| Dialect::of_text(text.as_bytes(), true).map(|d| char::from(d.delimiter));
        assert_eq!(table("id;mail\n1;a@b.de\n2;c@d.de\n3;e@f.de\n"), Some(';'));
        assert_eq!(table("id,name,mail\n1,J,a@b.de\n2,K,c@d.de\n3,L,e@f.de\n"), Some(','));
        assert_eq!(table("Dear Jane, dear John,\nwe came, we saw,\nwe went, and\nthat, is it,\n"), None);
        assert_eq!(
            table(
                "2024-01-01 10:00:00,123 INFO a, b\n2024-01-01 10:00:00,124 INFO a, b\n\
                 2024-01-01 10:00:00,125 INFO a, b\n2024-01-01 10:00:00,126 INFO a, b\n"
            ),
            None
        );
        assert_eq!(table("f(a, b, c);\ng(a, b, c);\nh(a, b, c);\ni(a, b, c);\n"), None);
        assert_eq!(table("plain\ntext\nof\nlines\n"), None);
    }
}
