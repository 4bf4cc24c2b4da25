//! The columns of an object: names, counts, and the type that all values share.

use std::ops::Range;

use domesday_model::{ColumnFound, ColumnIx, ColumnReport, DataType};

use crate::Target;

/// A value longer than this is text.
pub(crate) const TYPED_BYTES: usize = 64;

pub(crate) const BOOLEAN: u8 = 1;
pub(crate) const INTEGER: u8 = 2;
pub(crate) const DECIMAL: u8 = 4;
pub(crate) const DATE: u8 = 8;
pub(crate) const TEXT: u8 = 16;

struct Column {
    path: String,
    /// Bytes of the path that name its table, where an object has several.
    table: usize,
    non_null: u64,
    /// The types of its values.
    types: u8,
    /// The record that first had a text, of those that [`Columns::count_row`] counted.
    text_at: u64,
}

/// The columns in order of their index.
#[derive(Default)]
pub(crate) struct Columns {
    list: Vec<Column>,
    announced: usize,
    overflow: Option<ColumnIx>,
    /// The last record in which columns that had no text before had one, and how many of them.
    turned: (u64, usize),
}

impl Columns {
    pub(crate) fn add(&mut self, path: String) -> ColumnIx {
        self.add_in(0, path)
    }

    /// Adds a column of the table that the first `table` bytes of its path name.
    pub(crate) fn add_in(&mut self, table: usize, path: String) -> ColumnIx {
        let ix = ColumnIx(self.list.len() as u32);
        self.list.push(Column { path, table, non_null: 0, types: 0, text_at: u64::MAX });
        ix
    }

    /// The column `*`, for values that have none of their own.
    pub(crate) fn overflow(&mut self) -> ColumnIx {
        if let Some(ix) = self.overflow {
            return ix;
        }
        let ix = self.add("*".to_owned());
        self.overflow = Some(ix);
        ix
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// Counts a value of which only the types are known, or that is null (no types).
    #[inline]
    pub(crate) fn count(&mut self, ix: ColumnIx, types: u8) {
        let column = &mut self.list[ix.0 as usize];
        column.non_null += u64::from(types != 0);
        column.types |= types;
    }

    /// Counts a value by its text, which is not empty. Blanks are null, and `NULL` and `\N`, as databases export them.
    #[inline]
    pub(crate) fn count_text(&mut self, ix: ColumnIx, value: &[u8]) {
        if !is_null(value) {
            self.count_value(ix, value, 0..value.len(), u64::MAX);
        }
    }

    /// As [`Self::count_text`], of a row that may turn out to be none while it is the last one that was counted. Tables do not tell
    /// a text `null` from what programs write there for none.
    #[inline]
    pub(crate) fn count_row(&mut self, ix: ColumnIx, value: &[u8], record: u64) {
        self.count_in_row(ix, value, 0..value.len(), record);
    }

    /// As [`Self::count_row`], of the value at `range` in `text`.
    #[inline]
    pub(crate) fn count_in_row(&mut self, ix: ColumnIx, text: &[u8], range: Range<usize>, record: u64) {
        if !is_null_in_row(&text[range.clone()]) {
            self.count_value(ix, text, range, record);
        }
    }

    #[inline]
    fn count_value(&mut self, ix: ColumnIx, text: &[u8], range: Range<usize>, record: u64) {
        let column = &mut self.list[ix.0 as usize];
        column.non_null += 1;
        if column.types & TEXT == 0 {
            let before = column.types;
            column.types |= types_in(text, range);
            if column.types & TEXT != 0 {
                column.text_at = record;
                if before != 0 {
                    let known = if self.turned.0 == record { self.turned.1 } else { 0 };
                    self.turned = (record, known + 1);
                }
            }
        }
    }

    /// How many columns had a text in that record, the last one, and none before, but other values.
    #[inline]
    pub(crate) fn turned_in(&self, record: u64) -> usize {
        if self.turned.0 == record { self.turned.1 } else { 0 }
    }

    /// Takes back what [`Self::count_row`] counted last for this column, a text.
    pub(crate) fn uncount_row(&mut self, ix: ColumnIx, value: &[u8], record: u64) {
        if is_null_in_row(value) {
            return;
        }
        let column = &mut self.list[ix.0 as usize];
        column.non_null -= 1;
        if column.text_at == record {
            column.types &= !TEXT;
            column.text_at = u64::MAX;
        }
    }

    /// Whether the column had values before `record`, none of them a text.
    pub(crate) fn was_typed(&self, ix: ColumnIx, record: u64) -> bool {
        let column = &self.list[ix.0 as usize];
        column.types & !TEXT != 0 && (column.types & TEXT == 0 || column.text_at == record)
    }

    /// Counts a string, which is not empty: a date or text, whatever else it looks like, unless it is blank.
    #[inline]
    pub(crate) fn count_string(&mut self, ix: ColumnIx, value: &[u8]) {
        if is_blank(value) {
            return;
        }
        let column = &mut self.list[ix.0 as usize];
        column.non_null += 1;
        if column.types & TEXT == 0 {
            column.types |= if value.len() <= TYPED_BYTES && is_date(value) { DATE } else { TEXT };
        }
    }

    /// How many values there were, and of which types.
    pub(crate) fn seen(&self, ix: ColumnIx) -> (u64, u8) {
        let column = &self.list[ix.0 as usize];
        (column.non_null, column.types)
    }

    /// Tells the target of the columns that it does not know yet.
    pub(crate) fn announce(&mut self, target: &mut dyn Target) {
        for (i, column) in self.list.iter().enumerate().skip(self.announced) {
            target.column(ColumnIx(i as u32), &column.path, column.table);
        }
        self.announced = self.list.len();
    }

    /// What is known of them at the end, after `records`.
    pub(crate) fn report(self, records: u64) -> Vec<ColumnReport> {
        self.report_each(|_, _| records)
    }

    /// As [`Self::report`], for columns that not all records have.
    pub(crate) fn report_each(self, records: impl Fn(ColumnIx, &str) -> u64) -> Vec<ColumnReport> {
        let report = |(i, column): (usize, Column)| ColumnReport {
            ix: ColumnIx(i as u32),
            records: records(ColumnIx(i as u32), &column.path),
            path: column.path,
            data_type: shared_type(column.types),
            non_null: column.non_null,
            found: ColumnFound::default(),
        };
        let mut reports: Vec<ColumnReport> = self.list.into_iter().enumerate().map(report).collect();
        // It was taken for a moment for what then turned out to be no value, which depends on the windows.
        if self.overflow.is_some_and(|ix| ix.0 as usize + 1 == reports.len()) {
            reports.pop_if(|column| column.non_null == 0);
        }
        reports
    }
}

fn shared_type(types: u8) -> DataType {
    match types {
        0 => DataType::Empty,
        BOOLEAN => DataType::Boolean,
        INTEGER => DataType::Integer,
        DATE => DataType::Date,
        _ if is_number(types) => DataType::Decimal,
        _ => DataType::Text,
    }
}

/// Whether all values of these types are numbers.
pub(crate) const fn is_number(types: u8) -> bool {
    types != 0 && types & !(INTEGER | DECIMAL) == 0
}

/// Nothing but blanks, or as databases export it.
#[inline]
fn is_null(value: &[u8]) -> bool {
    is_blank(value) || matches!(value, b"NULL" | b"\\N")
}

/// The same, or as programs write it.
#[inline]
fn is_null_in_row(value: &[u8]) -> bool {
    let word = value.trim_ascii();
    is_blank(value) || word == b"\\N" || word.eq_ignore_ascii_case(b"null")
}

#[inline]
fn is_blank(value: &[u8]) -> bool {
    value.iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// The type of one value that is written as text.
#[inline]
pub(crate) fn types_of(value: &[u8]) -> u8 {
    if value.len() > TYPED_BYTES {
        return TEXT;
    }
    let value = value.trim_ascii();
    match value.first() {
        Some(b'0'..=b'9') if value.len() >= 10 && is_date(value) => DATE,
        Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b',') => number_type(value).unwrap_or(TEXT),
        Some(b't' | b'T') if value.eq_ignore_ascii_case(b"true") => BOOLEAN,
        Some(b'f' | b'F') if value.eq_ignore_ascii_case(b"false") => BOOLEAN,
        _ => TEXT,
    }
}

/// As [`types_of`] for the value at `range` in `text`: most are short numbers, and show all at once.
#[inline(always)]
fn types_in(text: &[u8], range: Range<usize>) -> u8 {
    let value = &text[range.clone()];
    let length = value.len();
    let chunk = text[range.start..].first_chunk::<8>().filter(|_| (1..=8).contains(&length));
    let Some(&chunk) = chunk else { return types_of(value) };
    // What stands behind the value is shifted out.
    let others = not_digits(chunk) << (64 - 8 * length);
    if others == 0 {
        return INTEGER;
    }
    if others & (others - 1) == 0 {
        let at = others.trailing_zeros() as usize / 8 + length - 8;
        match value[at] {
            b'.' | b',' if at + 1 < length => return DECIMAL,
            b'+' | b'-' if at == 0 && length > 1 => return INTEGER,
            _ => {}
        }
    }
    types_of(value)
}

/// The highest bit of each byte that is no digit.
#[inline(always)]
const fn not_digits(word: [u8; 8]) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    // A digit becomes 0 to 9, and only what is more reaches the highest bit.
    let value = u64::from_le_bytes(word) ^ (ONES * 0x30);
    (((value & (ONES * 0x7F)) + ONES * 0x76) | value) & (ONES * 0x80)
}

/// Digits that a text begins with, eight bytes at a time.
#[inline]
fn digits(text: &[u8]) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    for (i, &word) in words.iter().enumerate() {
        let others = not_digits(word);
        if others != 0 {
            return 8 * i + others.trailing_zeros() as usize / 8;
        }
    }
    8 * words.len() + rest.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// The type of a number: an optional sign, digits, an optional fraction behind a point or a comma, an optional
/// exponent.
#[inline]
pub(crate) fn number_type(value: &[u8]) -> Option<u8> {
    let rest = match value {
        [b'+' | b'-', rest @ ..] => rest,
        rest => rest,
    };
    let whole = digits(rest);
    if whole == rest.len() {
        return (whole > 0).then_some(INTEGER);
    }
    let (fraction, rest) = match &rest[whole..] {
        [b'.' | b',', rest @ ..] => {
            let fraction = digits(rest);
            (fraction, &rest[fraction..])
        }
        rest => (0, rest),
    };
    if whole + fraction == 0 || value.ends_with(b",") || value.ends_with(b".") {
        return None;
    }
    match rest {
        [] if fraction == 0 => Some(INTEGER),
        [] => Some(DECIMAL),
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => {
            (!exponent.is_empty() && digits(exponent) == exponent.len()).then_some(DECIMAL)
        }
        _ => None,
    }
}

/// Whether a text is a calendar date, year first or last, with `-`, `/` or `.` between its parts and perhaps a time
/// of day behind it.
#[inline]
fn is_date(value: &[u8]) -> bool {
    let Some((date, rest)) = value.split_first_chunk::<10>() else { return false };
    let separator = |i: usize| matches!(date[i], b'-' | b'/' | b'.');
    let are_digits = |places: [usize; 8]| places.iter().all(|&i| date[i].is_ascii_digit());
    let (month, day, separators) = if separator(4) && separator(7) && are_digits([0, 1, 2, 3, 5, 6, 8, 9]) {
        (two_digits(&date[5..]), two_digits(&date[8..]), (date[4], date[7]))
    } else if separator(2) && separator(5) && are_digits([0, 1, 3, 4, 6, 7, 8, 9]) {
        (two_digits(&date[3..]), two_digits(date), (date[2], date[5]))
    } else {
        return false;
    };
    // Year last comes with the month first in some countries.
    let possible = (1..=12).contains(&month.min(day)) && (1..=31).contains(&month.max(day));
    possible && separators.0 == separators.1 && is_time_suffix(rest)
}

fn two_digits(text: &[u8]) -> u8 {
    (text[0] - b'0') * 10 + (text[1] - b'0')
}

/// What may stand in a time of day.
const IN_TIME: [bool; 256] = {
    let mut table = [false; 256];
    let (bytes, mut i) = (b"0123456789:.,+-Z APMUTC", 0);
    while i < bytes.len() {
        table[bytes[i] as usize] = true;
        i += 1;
    }
    table
};

fn is_time_suffix(rest: &[u8]) -> bool {
    match rest {
        [] => true,
        [b' ' | b'T', b'0'..=b'2', b'0'..=b'9', b':', rest @ ..] => {
            rest.iter().all(|&b| IN_TIME[usize::from(b)])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_apart() {
        let cases: [(&str, u8); 18] = [
            ("42", INTEGER),
            ("-7", INTEGER),
            ("+4912345", INTEGER),
            ("3.5", DECIMAL),
            ("3,5", DECIMAL),
            ("1e9", DECIMAL),
            (",12", DECIMAL),
            (",", TEXT),
            ("1.", TEXT),
            ("-", TEXT),
            ("1.2.3.4", TEXT),
            ("2024-02-29", DATE),
            ("29.02.2024 10:15", DATE),
            ("2024-02-29T10:15:00.123Z", DATE),
            ("2024-13-40", TEXT),
            ("TRUE", BOOLEAN),
            ("trueish", TEXT),
            ("078-05-1120", TEXT),
        ];
        for (value, expected) in cases {
            assert_eq!(types_of(value.as_bytes()), expected, "{value}");
            let text = format!("1{value};23456789012345678");
            assert_eq!(types_in(text.as_bytes(), 1..1 + value.len()), expected, "{value}");
        }
    }

    #[test]
    fn digits_are_counted() {
        for length in 0..20 {
            for foreign in [b'/', b':', b'a', b'.', 0x00, 0x80, 0xB0, 0xFF] {
                let mut text = vec![b'9'; length];
                text.push(foreign);
                text.extend(b"0123456789");
                assert_eq!(digits(&text), length, "{foreign} behind {length}");
                assert_eq!(digits(&text[..length]), length);
            }
        }
    }

    #[test]
    fn what_was_counted_last_can_be_taken_back() {
        let mut columns = Columns::default();
        let ix = columns.add("a".to_owned());
        columns.count_row(ix, b"1", 0);
        columns.count_row(ix, b"name", 1);
        assert!(columns.was_typed(ix, 1) && !columns.was_typed(ix, 2));
        columns.uncount_row(ix, b"name", 1);
        columns.uncount_row(ix, b"NULL", 1);
        let report = &columns.report(1)[0];
        assert_eq!((report.non_null, report.data_type), (1, DataType::Integer));
    }

    #[test]
    fn a_column_has_the_type_that_all_its_values_share() {
        let mut columns = Columns::default();
        let ix = columns.add("a".to_owned());
        let state = |columns: &Columns| shared_type(columns.list[0].types);
        assert_eq!(state(&columns), DataType::Empty);
        columns.count_text(ix, b"NULL");
        assert_eq!(state(&columns), DataType::Empty);
        columns.count_text(ix, b"1");
        assert_eq!(state(&columns), DataType::Integer);
        columns.count_text(ix, b"1.5");
        assert_eq!(state(&columns), DataType::Decimal);
        columns.count_text(ix, b"2024-01-01");
        assert_eq!(state(&columns), DataType::Text);
        assert_eq!(columns.report(4)[0].non_null, 3);
    }
}
