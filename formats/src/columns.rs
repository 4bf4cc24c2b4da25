//! The columns of an object: names, counts, and the type that all values share.

use domesday_model::{ColumnIx, ColumnReport, DataType};

use crate::Target;

/// A value longer than this is text.
pub(crate) const TYPED_BYTES: usize = 64;

pub(crate) const BOOLEAN: u8 = 1;
pub(crate) const INTEGER: u8 = 2;
pub(crate) const DECIMAL: u8 = 4;
const DATE: u8 = 8;
pub(crate) const TEXT: u8 = 16;

struct Column {
    path: String,
    non_null: u64,
    /// The types of its values.
    types: u8,
}

/// The columns in order of their index.
#[derive(Default)]
pub(crate) struct Columns {
    list: Vec<Column>,
    announced: usize,
    overflow: Option<ColumnIx>,
}

impl Columns {
    pub(crate) fn add(&mut self, path: String) -> ColumnIx {
        let ix = ColumnIx(self.list.len() as u32);
        self.list.push(Column { path, non_null: 0, types: 0 });
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

    /// Counts a value by its text, which is not empty. `NULL` and `\N`, as databases export them, are null.
    #[inline]
    pub(crate) fn count_text(&mut self, ix: ColumnIx, value: &[u8]) {
        let column = &mut self.list[ix.0 as usize];
        if matches!(value, b"NULL" | b"\\N") {
            return;
        }
        column.non_null += 1;
        if column.types & TEXT == 0 {
            column.types |= types_of(value);
        }
    }

    /// Counts a string, which is not empty: a date or text, whatever else it looks like.
    #[inline]
    pub(crate) fn count_string(&mut self, ix: ColumnIx, value: &[u8]) {
        let column = &mut self.list[ix.0 as usize];
        column.non_null += 1;
        if column.types & TEXT == 0 {
            column.types |= if value.len() <= TYPED_BYTES && is_date(value) { DATE } else { TEXT };
        }
    }

    /// Tells the target of the columns that it does not know yet.
    pub(crate) fn announce(&mut self, target: &mut dyn Target) {
        for (i, column) in self.list.iter().enumerate().skip(self.announced) {
            target.column(ColumnIx(i as u32), &column.path);
        }
        self.announced = self.list.len();
    }

    /// What is known of them at the end, after `records`.
    pub(crate) fn report(self, records: u64) -> Vec<ColumnReport> {
        let report = |(i, column): (usize, Column)| ColumnReport {
            ix: ColumnIx(i as u32),
            path: column.path,
            data_type: shared_type(column.types),
            records,
            non_null: column.non_null,
        };
        self.list.into_iter().enumerate().map(report).collect()
    }
}

fn shared_type(types: u8) -> DataType {
    match types {
        0 => DataType::Empty,
        BOOLEAN => DataType::Boolean,
        INTEGER => DataType::Integer,
        DATE => DataType::Date,
        _ if types & !(INTEGER | DECIMAL) == 0 => DataType::Decimal,
        _ => DataType::Text,
    }
}

/// The type of one value that is written as text.
pub(crate) fn types_of(value: &[u8]) -> u8 {
    if value.len() > TYPED_BYTES {
        return TEXT;
    }
    let value = value.trim_ascii();
    match value.first() {
        Some(b'0'..=b'9') if value.len() >= 10 && is_date(value) => DATE,
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number_type(value).unwrap_or(TEXT),
        Some(b't' | b'T') if value.eq_ignore_ascii_case(b"true") => BOOLEAN,
        Some(b'f' | b'F') if value.eq_ignore_ascii_case(b"false") => BOOLEAN,
        _ => TEXT,
    }
}

/// The type of a number: an optional sign, digits, an optional fraction behind a point or a comma, an optional
/// exponent.
pub(crate) fn number_type(value: &[u8]) -> Option<u8> {
    let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).count();
    let rest = match value {
        [b'+' | b'-', rest @ ..] => rest,
        rest => rest,
    };
    let whole = digits(rest);
    let (fraction, rest) = match &rest[whole..] {
        [b'.' | b',', rest @ ..] => (digits(rest), &rest[digits(rest)..]),
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
fn is_date(value: &[u8]) -> bool {
    const YEAR_FIRST: &[u8] = b"0000-00-00";
    const YEAR_LAST: &[u8] = b"00-00-0000";
    if !value.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let fits = |shape: &[u8]| {
        let same = |(&b, &s): (&u8, &u8)| if s == b'0' { b.is_ascii_digit() } else { b"-/.".contains(&b) };
        value.len() >= shape.len() && value.iter().zip(shape).all(same)
    };
    let (month, day, separators) = if fits(YEAR_FIRST) {
        (two_digits(&value[5..]), two_digits(&value[8..]), (value[4], value[7]))
    } else if fits(YEAR_LAST) {
        (two_digits(&value[3..]), two_digits(value), (value[2], value[5]))
    } else {
        return false;
    };
    // Year last comes with the month first in some countries.
    let possible = (1..=12).contains(&month.min(day)) && (1..=31).contains(&month.max(day));
    possible && separators.0 == separators.1 && is_time_suffix(&value[10..])
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
        let cases: [(&str, u8); 16] = [
            ("42", INTEGER),
            ("-7", INTEGER),
            ("+4912345", INTEGER),
            ("3.5", DECIMAL),
            ("3,5", DECIMAL),
            ("1e9", DECIMAL),
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
        }
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
