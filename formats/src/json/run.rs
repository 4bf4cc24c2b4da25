//! The machine's fast way: what nearly all of a file consists of, without a step for each character of it. What it
//! does not know is left to [`Json::step`], and so is what stands too near to the end of the text.

use domesday_model::OffsetMap;

use super::{Frame, Json, State};
use crate::columns::{BOOLEAN, DECIMAL, INTEGER, TYPED_BYTES};

/// Bytes that must follow a token.
const AHEAD: usize = 8;

impl Json<'_> {
    /// Reads from `text[i]` as far as it can; returns where [`Json::step`] goes on.
    pub(super) fn run(&mut self, text: &[u8], mut i: usize, offsets: &OffsetMap<'_>) -> usize {
        let end = text.len().saturating_sub(AHEAD);
        while i < end {
            let next = match (self.state, text[i]) {
                (State::Key | State::FirstKey, b'"') => self.run_key(text, i),
                (State::Value | State::FirstElement, _) => self.run_value(text, i, offsets),
                (State::After, byte) => self.run_after(text, i, byte),
                (State::Key | State::FirstKey, byte) => self.run_blank(text, i, byte),
                _ => None,
            };
            match next {
                Some(next) => i = next,
                None => return i,
            }
        }
        i
    }

    /// A key that was expected.
    #[inline(always)]
    fn run_key(&mut self, text: &[u8], i: usize) -> Option<usize> {
        let frame = self.stack.last_mut()?;
        let (node, length) = self.tree.paths.guess(frame.node, frame.last, &text[i + 1..])?;
        frame.last = Some(node);
        self.node = node;
        self.state = State::Value;
        Some(i + 1 + length)
    }

    #[inline(always)]
    fn run_value(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> Option<usize> {
        match text[i] {
            b'"' => {
                self.quote = b'"';
                self.open(i + 1, State::InString);
                Some(self.string(text, i + 1, offsets))
            }
            byte @ (b'0'..=b'9' | b'-') => self.run_number(text, i, byte, offsets),
            b't' => self.run_literal(text, i, b"true", BOOLEAN, offsets),
            b'f' => self.run_literal(text, i, b"false", BOOLEAN, offsets),
            b'n' => self.run_literal(text, i, b"null", 0, offsets),
            b'{' if self.stack.len() < self.max_depth => {
                self.open_object(i);
                Some(i + 1)
            }
            b'[' if self.stack.len() < self.max_depth => {
                self.open_array(i, offsets);
                Some(i + 1)
            }
            byte => self.run_blank(text, i, byte),
        }
    }

    #[inline(always)]
    fn run_after(&mut self, text: &[u8], i: usize, byte: u8) -> Option<usize> {
        match (byte, self.stack.last()) {
            (b',', Some(Frame { array: false, .. })) => self.state = State::Key,
            (b',', Some(_)) => self.next(),
            (b'}', Some(Frame { array: false, .. })) | (b']', Some(Frame { array: true, .. })) => self.pop(),
            (b'\n', None) if self.is_lines() => self.end_line(),
            _ => return self.run_blank(text, i, byte),
        }
        Some(i + 1)
    }

    /// Blanks, and in documents line feeds.
    #[inline(always)]
    fn run_blank(&mut self, text: &[u8], i: usize, byte: u8) -> Option<usize> {
        let lines = self.is_lines();
        let is_blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\r') || (*b == b'\n' && !lines);
        is_blank(&byte).then(|| i + text[i..].iter().take_while(|b| is_blank(b)).count())
    }

    #[inline(always)]
    fn run_number(&mut self, text: &[u8], i: usize, byte: u8, offsets: &OffsetMap<'_>) -> Option<usize> {
        let digits = |from: usize| text[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let start = i + usize::from(byte == b'-');
        let whole = digits(start);
        let mut end = start + whole;
        let mut types = INTEGER;
        if text.get(end) == Some(&b'.') {
            let fraction = digits(end + 1);
            (types, end) = (if fraction > 0 { DECIMAL } else { return None }, end + 1 + fraction);
        }
        let is_number = whole > 0 && end - i <= TYPED_BYTES && ends_value(text, end);
        is_number.then(|| self.run_bare(i, end, types, offsets))
    }

    #[inline(always)]
    fn run_literal(
        &mut self,
        text: &[u8],
        i: usize,
        literal: &[u8],
        types: u8,
        offsets: &OffsetMap<'_>,
    ) -> Option<usize> {
        let end = i + literal.len();
        let is_literal = text[i..].starts_with(literal) && ends_value(text, end);
        is_literal.then(|| self.run_bare(i, end, types, offsets))
    }

    #[inline(always)]
    fn run_bare(&mut self, i: usize, end: usize, types: u8, offsets: &OffsetMap<'_>) -> usize {
        self.tree.begin(i);
        self.close_bare(i..end, types, offsets);
        end
    }
}

/// Whether a number or literal that is read up to `end` ends there for sure.
#[inline]
fn ends_value(text: &[u8], end: usize) -> bool {
    text.get(end).is_some_and(|b| matches!(b, b',' | b'}' | b']' | b'\n' | b'\r' | b' '))
}
