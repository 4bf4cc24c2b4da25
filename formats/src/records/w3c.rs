//! Logs whose lines `#Fields:` describes: the extended format of the W3C, as IIS and proxies write it, and Zeek's.

use domesday_model::{ColumnIx, Reason};

use crate::paths::ROOT;
use crate::records::until::Until;
use crate::records::{Grammar, Seen, Sheet};

/// What the line is that is being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Line {
    /// Not known yet.
    Start,
    /// Names of columns.
    Names,
    /// Values, so many of them by now.
    Values(usize),
}

/// See the module.
pub(crate) struct W3c {
    line: Line,
    /// Columns in the order of the fields. A log that was appended to may have several such orders.
    fields: Vec<ColumnIx>,
    max_columns: usize,
    /// More fields were named.
    is_cut: bool,
}

impl W3c {
    pub(crate) const fn new(max_columns: usize) -> Self {
        Self { line: Line::Start, fields: Vec::new(), max_columns, is_cut: false }
    }

    fn start(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        let (line, _) = seen.head(i);
        if let Some(names) = names_at(line) {
            sheet.settle();
            self.fields.clear();
            self.is_cut = false;
            self.line = Line::Names;
            return i + names;
        }
        match line {
            [] => seen.behind_line(),
            [b'#', ..] => {
                let column = sheet.elsewhere();
                sheet.text_line(i, column);
                i
            }
            _ if self.fields.is_empty() => {
                sheet.note(i, Reason::MalformedRecord);
                let column = sheet.elsewhere();
                sheet.text_line(i, column);
                i
            }
            _ => {
                sheet.settle();
                sheet.end_record();
                sheet.begin(i);
                self.line = Line::Values(0);
                self.values(sheet, seen, i, 0)
            }
        }
    }

    /// One name.
    fn name(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        let (line, _) = seen.head(i);
        let length = line.iter().take_while(|b| !matches!(b, b' ' | b'\t')).count();
        if line.is_empty() {
            self.line = Line::Start;
            return seen.behind_line();
        }
        if length > 0 && self.fields.len() == self.max_columns {
            sheet.note(i, Reason::TooManyColumns);
            self.is_cut = true;
            let column = sheet.elsewhere();
            sheet.push(seen.text, i, i + length, column);
        } else if length > 0 {
            let node = sheet.key(seen.text, (i, length), ROOT, None);
            self.fields.push(sheet.column(node));
        }
        i + (length + 1).min(line.len())
    }

    /// The values of a line from the one at `i` on, which is the one of number `field`.
    fn values(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, mut i: usize, mut field: usize) -> usize {
        let (line, whole) = seen.head(i);
        let end = i + line.len();
        while i < end {
            if matches!(seen.text[i], b' ' | b'\t') {
                i += 1;
                continue;
            }
            let column = self.fields.get(field).copied().unwrap_or_else(|| sheet.elsewhere());
            if field == self.fields.len() && !self.is_cut {
                sheet.note_record(Reason::RaggedRows);
            }
            field += 1;
            // Most values are too short for a faster search.
            let is_blank = |b: &u8| matches!(b, b' ' | b'\t');
            let value_end = seen.text[i..end].iter().position(is_blank).map(|n| i + n);
            match value_end {
                None if !whole => {
                    self.line = Line::Values(field);
                    return sheet.value(seen.text, i, column, Until::Blank);
                }
                _ => {
                    let value_end = value_end.unwrap_or(end);
                    if &seen.text[i..value_end] != b"-" {
                        sheet.push(seen.text, i, value_end, column);
                    }
                    i = value_end;
                }
            }
        }
        self.line = Line::Values(field);
        if !whole {
            return i;
        }
        if field < self.fields.len() {
            sheet.note_record(Reason::RaggedRows);
        }
        sheet.end_record();
        self.line = Line::Start;
        seen.behind_line()
    }
}

impl Grammar for W3c {
    fn head(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        match self.line {
            Line::Start => self.start(sheet, seen, i),
            Line::Names => self.name(sheet, seen, i),
            Line::Values(field) => self.values(sheet, seen, i, field),
        }
    }
}

/// Where the names start in a line that has them.
pub(super) fn names_at(line: &[u8]) -> Option<usize> {
    const MARK: &[u8] = b"#Fields";
    let begins = line.get(..MARK.len()).is_some_and(|mark| mark.eq_ignore_ascii_case(MARK));
    (begins && matches!(line.get(MARK.len()), Some(b':' | b'\t'))).then_some(MARK.len() + 1)
}
