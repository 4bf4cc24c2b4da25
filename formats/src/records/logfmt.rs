//! logfmt: lines of `key=value`, where a value may stand between quotation marks.
//!
//! A value without them goes on up to the next key, for `phone=+49 171 1234567` is met in the wild. What stands before
//! the first key of a line, or behind a value in quotation marks, has the column `*`.

use domesday_model::ColumnIx;

use crate::paths::{ELSEWHERE, NodeId, ROOT};
use crate::records::until::{Until, pair_key};
use crate::records::{Grammar, Sheet, behind_line, head};

/// See the module.
pub(crate) struct Logfmt {
    /// The key before this one in the line.
    last: Option<NodeId>,
    /// A value between quotation marks was read, and its closing one stands here.
    quoted: bool,
}

impl Logfmt {
    pub(crate) const fn new() -> Self {
        Self { last: None, quoted: false }
    }

    fn value(&mut self, sheet: &mut Sheet<'_>, line: &[u8], i: usize, column: ColumnIx) -> usize {
        match line {
            [b'"', ..] => {
                self.quoted = true;
                sheet.open(i + 1, column, Until::Quote);
                i + 1
            }
            [b' ', ..] | [] => i,
            _ => {
                sheet.open(i, column, Until::Pair);
                i
            }
        }
    }
}

impl Grammar for Logfmt {
    fn head(&mut self, sheet: &mut Sheet<'_>, text: &[u8], i: usize) -> usize {
        if std::mem::take(&mut self.quoted) && text[i] == b'"' {
            return i + 1;
        }
        let (line, whole) = head(text, i);
        if let Some(b' ' | b'\t') = line.first() {
            return i + 1;
        }
        if line.is_empty() && whole {
            sheet.end_record();
            self.last = None;
            return behind_line(text, i);
        }
        sheet.begin(i);
        let Some(length) = pair_key(line).filter(|&length| length < line.len()) else {
            let column = sheet.elsewhere();
            sheet.open(i, column, Until::Pair);
            return i;
        };
        let node = sheet.key(text, (i, length), ROOT, self.last);
        self.last = (node != ELSEWHERE).then_some(node);
        let column = sheet.column(node);
        self.value(sheet, &line[length + 1..], i + length + 1, column)
    }
}
