//! What one token is: keys, strings, numbers and literals, comments, and what is no JSON.

use std::ops::Range;

use domesday_model::OffsetMap;

use super::{Frame, Json, State, bare_types};
use crate::columns::TYPED_BYTES;
use crate::mask::find;
use crate::paths::ELSEWHERE;

impl Json<'_> {
    /// Goes through a string up to its end, which is `None` where `text` ends first. A line feed ends it, too.
    #[inline]
    fn string_end(&mut self, text: &[u8], mut i: usize) -> Option<usize> {
        if std::mem::take(&mut self.skip) && text.get(i).is_some_and(|&b| b != b'\n') {
            i += 1;
        }
        loop {
            i = find(text, i, [self.quote, b'\\', b'\n'])?;
            if text[i] != b'\\' {
                return Some(i);
            }
            self.tree.escaped = true;
            self.tree.cells.mark(i);
            match text.get(i + 1) {
                None => {
                    self.skip = true;
                    return None;
                }
                Some(b'\n') => i += 1,
                Some(_) => i += 2,
            }
        }
    }

    #[inline]
    pub(super) fn string(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let Some(end) = self.string_end(text, i) else { return text.len() };
        let column = self.tree.column(self.node, offsets);
        self.tree.close_string(text, end, column);
        self.state = State::After;
        if text[end] == b'\n' {
            self.unclosed(end, offsets);
        }
        end + 1
    }

    /// A line feed ends a string or a key: its quotation mark is missing.
    #[cold]
    fn unclosed(&mut self, end: usize, offsets: &OffsetMap<'_>) {
        self.tree.note_malformed(end, offsets);
        if self.is_lines() {
            self.end_line();
        }
    }

    pub(super) fn in_key(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let Some(end) = self.string_end(text, i) else { return text.len() };
        if text[end] == b'\n' {
            // Where a key does not end, it may be anything.
            let column = if self.tree.is_long_key(end) {
                self.open_column(end, offsets).unwrap_or_else(|| self.tree.overflow())
            } else {
                self.tree.overflow()
            };
            self.tree.begin_token(end);
            self.tree.close_string(text, end, column);
            self.state = State::After;
            self.unclosed(end, offsets);
            return end + 1;
        }
        self.key(text, end, offsets);
        end + 1
    }

    /// The key from the token to `end`.
    fn key(&mut self, text: &[u8], end: usize, offsets: &OffsetMap<'_>) {
        let Frame { node: parent, last, .. } =
            self.stack.last().copied().unwrap_or(Frame::new(ELSEWHERE, false));
        let (node, data) = self.tree.child(parent, last, text, end);
        self.tree.note_overflow(offsets);
        let is_number = data && self.numbers_members(&text[self.tree.start()..end]);
        if data && !is_number {
            self.tree.begin_token(end);
            let column = self.tree.key_column(node, offsets);
            self.tree.close_string(text, end, column);
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.last = (!data && node != ELSEWHERE).then_some(node);
        }
        self.node = node;
        self.state = State::Colon;
    }

    /// Whether a key is the number that follows those of the members before it, which says nothing.
    fn numbers_members(&mut self, key: &[u8]) -> bool {
        let Some(Frame { numbered, .. }) = self.stack.last_mut() else { return false };
        let is_next = std::str::from_utf8(key).is_ok_and(|key| key.parse() == Ok(*numbered));
        *numbered += u64::from(is_next);
        is_next
    }

    /// A key without quotation marks is one only when a colon follows it.
    pub(super) fn bare_key(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let is_key = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'-') || *b >= 0x80;
        let start = self.tree.start();
        let end = start + text[start..].iter().take_while(|&b| is_key(b)).count();
        let at = end + text[end..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        match text.get(at) {
            _ if self.tree.is_long_key(at) => {}
            None => return text.len(),
            Some(b':') => {
                self.key(text, end, offsets);
                return at;
            }
            Some(_) => {}
        }
        self.tree.note_malformed(start, offsets);
        self.tree.begin(start);
        self.state = State::Junk;
        i
    }

    pub(super) fn bare(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let is_bare = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
        let end = i + text[i..].iter().take_while(|b| is_bare(b)).count();
        let long = self.tree.length(end) > TYPED_BYTES as u64;
        if end == text.len() && !long {
            return end;
        }
        let start = self.tree.start();
        match if long { None } else { bare_types(&text[start..end]) } {
            Some(types) => self.close_bare(start..end, types, offsets),
            None => {
                self.tree.note_malformed(start, offsets);
                self.state = State::Junk;
            }
        }
        end
    }

    pub(super) fn close_bare(&mut self, range: Range<usize>, types: u8, offsets: &OffsetMap<'_>) {
        let column = self.tree.column(self.node, offsets);
        self.tree.columns.count(column, types);
        self.tree.cells.push(range, column, self.tree.record, false);
        self.state = State::After;
    }

    /// What is no JSON, up to what may go on after it.
    pub(super) fn junk(&mut self, text: &[u8], i: usize) -> usize {
        let is_end = |&b: &u8| matches!(b, b',' | b'}' | b']' | b'{' | b'[' | b'\n');
        let end = if self.is_lines() {
            memchr::memchr(b'\n', &text[i..])
        } else {
            text[i..].iter().position(is_end)
        };
        let Some(end) = end.map(|n| i + n) else { return text.len() };
        let column = self.tree.overflow();
        self.tree.close_string(text, end, column);
        if self.is_lines() {
            self.end_line();
            return end + 1;
        }
        self.state = State::After;
        end
    }

    pub(super) fn slash(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let start = self.tree.start();
        self.tree.begin(start);
        self.state = match text[i] {
            b'/' => State::LineComment,
            b'*' => State::BlockComment,
            _ => {
                self.tree.note_malformed(start, offsets);
                State::Junk
            }
        };
        if self.state == State::Junk { i } else { i + 1 }
    }

    pub(super) fn comment(&mut self, text: &[u8], i: usize, block: bool) -> usize {
        let end = if block {
            // Not the slash of what opens it.
            let closes = |slash: usize| text[slash - 1] == b'*' && self.tree.length(slash) > 2;
            memchr::memchr_iter(b'/', &text[i..]).map(|n| i + n).find(|&i| closes(i)).map(|slash| slash + 1)
        } else {
            memchr::memchr(b'\n', &text[i..]).map(|n| i + n)
        };
        let Some(end) = end else { return text.len() };
        let column = self.tree.overflow();
        self.tree.close_string(text, end, column);
        self.state = self.resume;
        end
    }

    /// A row that names the cells of those behind it: keys, as those of objects are.
    pub(super) fn names(&mut self, text: &[u8], mut i: usize) -> usize {
        i += usize::from(std::mem::take(&mut self.skip));
        while let Some(&byte) = text.get(i) {
            match byte {
                b'\\' if self.quote != 0 && i + 1 == text.len() => self.skip = true,
                b'\\' if self.quote != 0 => i += 1,
                _ if byte == self.quote => self.quote = 0,
                b'"' | b'\'' if self.quote == 0 => self.quote = byte,
                b']' if self.quote == 0 => {
                    self.pop();
                    return i + 1;
                }
                _ => {}
            }
            i += 1;
        }
        text.len()
    }

    pub(super) fn deep(&mut self, text: &[u8], mut i: usize, offsets: &OffsetMap<'_>) -> usize {
        if std::mem::take(&mut self.skip) && text[i] != b'\n' {
            i += 1;
        }
        while let Some(&byte) = text.get(i) {
            match byte {
                b'\n' if self.is_lines() => {
                    let column = self.tree.column(self.node, offsets);
                    self.tree.close_string(text, i, column);
                    self.tree.note_malformed(i, offsets);
                    self.end_line();
                    return i + 1;
                }
                b'\n' => self.deep_string = false,
                b'\\' if self.deep_string && i + 1 == text.len() => self.skip = true,
                b'\\' if self.deep_string && text[i + 1] != b'\n' => i += 1,
                b'"' => self.deep_string = !self.deep_string,
                b'{' | b'[' if !self.deep_string => self.deep += 1,
                b'}' | b']' if !self.deep_string => self.deep -= 1,
                _ => {}
            }
            i += 1;
            if self.deep == 0 {
                let column = self.tree.column(self.node, offsets);
                self.tree.close_string(text, i, column);
                self.state = State::After;
                return i;
            }
        }
        text.len()
    }
}
