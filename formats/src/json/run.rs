//! The machine's fast way: what nearly all of a file consists of, without a step for each character of it. What it
//! does not know is left to [`Json::step`], and so is what stands too near to the end of the text.

use domesday_model::OffsetMap;

use super::{Frame, Json, State};
use crate::columns::{BOOLEAN, DECIMAL, INTEGER, TYPED_BYTES};
use crate::mask::find;
use crate::paths::START;

impl Json<'_> {
    /// Reads from `text[i]` as far as it can; returns where [`Json::step`] goes on.
    pub(super) fn run(&mut self, text: &[u8], mut i: usize, offsets: &OffsetMap<'_>) -> usize {
        // Not kept in `self` meanwhile, so that each state leads to the next one by a jump.
        let mut state = self.state;
        let lines = self.is_lines();
        while let Some(start) = text.get(i..).and_then(<[u8]>::first_chunk::<START>) {
            if state == State::FirstElement && !is_blank(start[0]) && start[0] != b'\n' {
                self.first_element(i, start[0], offsets);
                if self.state == State::Names {
                    return i;
                }
            }
            let next = match state {
                State::Key | State::FirstKey if start[0] == b'"' => self.run_members(text, i, offsets),
                State::Key | State::FirstKey => None,
                State::Value | State::FirstElement if start[0] == b'"' => {
                    self.run_string(text, i, offsets).map(|i| (i, State::After))
                }
                State::Value | State::FirstElement => self.run_value(text, i, start, offsets),
                State::After => self.run_after(i, start[0], offsets),
                _ => return i,
            };
            if let Some(next) = next {
                (i, state) = next;
            } else {
                let blanks = start.iter().take_while(|&&b| is_blank(b) || (b == b'\n' && !lines)).count();
                if blanks == 0 {
                    break;
                }
                i += blanks;
            }
        }
        self.state = state;
        i
    }

    /// Members of an object whose keys were expected and whose values are strings, without blanks; and the key of
    /// another value behind them.
    #[inline(always)]
    fn run_members(&mut self, text: &[u8], mut i: usize, offsets: &OffsetMap<'_>) -> Option<(usize, State)> {
        let &Frame { node: parent, mut last, .. } = self.stack.last()?;
        let mut reached = None;
        while let Some(start) = text.get(i..).and_then(<[u8]>::first_chunk::<START>) {
            let Some((node, length)) = self.tree.paths.guess(parent, last, start, &text[i..]) else { break };
            last = Some(node);
            self.node = node;
            i += length;
            reached = Some((i, State::Value));
            let end = if text.get(i) == Some(&b'"') { self.run_string(text, i, offsets) } else { None };
            let Some(end) = end else { break };
            reached = Some((end, State::After));
            if text.get(end..end + 2) != Some(b",\"") {
                break;
            }
            i = end + 1;
            reached = Some((i, State::Key));
        }
        self.stack.last_mut()?.last = last;
        reached
    }

    /// A string without escapes that ends in `text`.
    #[inline(always)]
    fn run_string(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> Option<usize> {
        let end = find(text, i + 1, [b'"', b'\\', b'\n']).filter(|&end| text[end] == b'"')?;
        self.tree.begin(i + 1);
        let column = self.tree.column(self.node, offsets);
        if end > i + 1 {
            self.tree.columns.count_string(column, &text[i + 1..end]);
            self.tree.cells.push(i + 1..end, column, self.tree.record, false);
        }
        Some(end + 1)
    }

    #[inline(always)]
    fn run_value(
        &mut self,
        text: &[u8],
        i: usize,
        start: &[u8; START],
        offsets: &OffsetMap<'_>,
    ) -> Option<(usize, State)> {
        let end = match start[0] {
            b'0'..=b'9' | b'-' => self.run_number(text, i, offsets),
            b't' => self.run_literal(i, start, b"true", BOOLEAN, offsets),
            b'f' => self.run_literal(i, start, b"false", BOOLEAN, offsets),
            b'n' => self.run_literal(i, start, b"null", 0, offsets),
            b'{' if self.stack.len() < self.max_depth => {
                self.open_object(i);
                return Some((i + 1, State::FirstKey));
            }
            b'[' if self.stack.len() < self.max_depth => {
                self.open_array(i, offsets);
                return Some((i + 1, State::FirstElement));
            }
            _ => None,
        };
        end.map(|end| (end, State::After))
    }

    #[inline(always)]
    fn run_after(&mut self, i: usize, byte: u8, offsets: &OffsetMap<'_>) -> Option<(usize, State)> {
        match (byte, self.stack.last()) {
            (b',', Some(Frame { array: false, .. })) => return Some((i + 1, State::Key)),
            (b',', Some(_)) => self.next(offsets),
            (b'}', Some(Frame { array: false, .. })) | (b']', Some(Frame { array: true, .. })) => self.pop(),
            (b'\n', None) if self.is_lines() => self.end_line(),
            _ => return None,
        }
        Some((i + 1, self.state))
    }

    #[inline]
    fn run_number(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> Option<usize> {
        let digits = |mut at: usize| {
            while text.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let start = i + usize::from(text[i] == b'-');
        let mut end = digits(start);
        let mut is_number = end > start;
        let mut types = INTEGER;
        if text.get(end) == Some(&b'.') {
            let point = end;
            end = digits(point + 1);
            is_number &= end > point + 1;
            types = DECIMAL;
        }
        is_number &= end - i <= TYPED_BYTES && text.get(end).is_some_and(|&b| ends_value(b));
        is_number.then(|| self.run_bare(i, end, types, offsets))
    }

    #[inline]
    fn run_literal(
        &mut self,
        i: usize,
        start: &[u8; START],
        literal: &[u8],
        types: u8,
        offsets: &OffsetMap<'_>,
    ) -> Option<usize> {
        let is_literal = start.starts_with(literal) && ends_value(start[literal.len()]);
        is_literal.then(|| self.run_bare(i, i + literal.len(), types, offsets))
    }

    #[inline(always)]
    fn run_bare(&mut self, i: usize, end: usize, types: u8, offsets: &OffsetMap<'_>) -> usize {
        self.tree.begin(i);
        self.close_bare(i..end, types, offsets);
        end
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}

/// Whether a number or literal ends before `byte` for sure.
const fn ends_value(byte: u8) -> bool {
    matches!(byte, b',' | b'}' | b']' | b'\n') || is_blank(byte)
}
