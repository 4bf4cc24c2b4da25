//! logfmt: lines of `key=value`, where a value may stand between quotation marks.
//!
//! A value without them goes on up to the next key, for `phone=+49 171 1234567` is met in the wild. What stands before
//! the first key of a line, or behind a value in quotation marks, has the column `*`.

use crate::paths::{ELSEWHERE, NodeId, ROOT};
use crate::records::until::{Until, pair_key};
use crate::records::{Grammar, Seen, Sheet};

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

    /// A pair at `i`, where `line` starts, with a key of `length` bytes.
    fn pair(&mut self, sheet: &mut Sheet<'_>, text: &[u8], i: usize, line: &[u8], length: usize) -> usize {
        let node = sheet.key(text, (i, length), ROOT, self.last);
        self.last = (node != ELSEWHERE).then_some(node);
        let column = sheet.column(node);
        let value = i + length + 1;
        match line[length + 1..] {
            [b'"', ..] => {
                self.quoted = true;
                sheet.value(text, value + 1, column, Until::Quote)
            }
            [b' ', ..] | [] => value,
            _ => sheet.value(text, value, column, Until::Pair),
        }
    }
}

impl Grammar for Logfmt {
    fn head(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        let (line, whole) = seen.head(i);
        // A quotation mark that closes, and the blank behind it.
        match line {
            [b'"', b' ', ..] if self.quoted => {
                self.quoted = false;
                return i + 2;
            }
            [b'"', ..] if self.quoted => {
                self.quoted = false;
                return i + 1;
            }
            [b' ' | b'\t', ..] => return i + 1,
            _ => self.quoted = false,
        }
        if line.is_empty() && whole {
            sheet.end_record();
            self.last = None;
            return seen.behind_line();
        }
        sheet.begin(i);
        match pair_key(line) {
            Some(length) if length < line.len() => self.pair(sheet, seen.text, i, line, length),
            _ => {
                let column = sheet.elsewhere();
                sheet.value(seen.text, i, column, Until::Pair)
            }
        }
    }
}
