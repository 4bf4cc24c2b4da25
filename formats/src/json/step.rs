//! The machine, one step at a time: all that may stand between tokens, and what follows a mistake.

use domesday_model::{OffsetMap, Reason};

use super::{Frame, Json, RECORD_SEPARATOR, State};
use crate::paths::ELSEWHERE;

impl Json<'_> {
    /// One step of the machine from `text[i]`; returns where the next one starts.
    pub(super) fn step(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        match self.state {
            State::InString => return self.string(text, i, offsets),
            State::InKey => return self.in_key(text, i, offsets),
            State::InBare => return self.bare(text, i, offsets),
            State::InBareKey => return self.bare_key(text, i, offsets),
            State::Junk => return self.junk(text, i),
            State::Slash => return self.slash(text, i, offsets),
            State::LineComment => return self.comment(text, i, false),
            State::BlockComment => return self.comment(text, i, true),
            State::Names => return self.names(text, i),
            State::Deep => return self.deep(text, i, offsets),
            _ => {}
        }
        match text[i] {
            b' ' | b'\t' | b'\r' => return i + 1,
            b'\n' => self.line_feed(i, offsets),
            RECORD_SEPARATOR if self.stack.is_empty() => {}
            b'/' if !self.is_lines() => {
                self.tree.open(i);
                self.resume = self.state;
                self.state = State::Slash;
            }
            byte => return self.token(i, byte, offsets),
        }
        i + 1
    }

    fn line_feed(&mut self, i: usize, offsets: &OffsetMap<'_>) {
        if self.is_lines() && self.tree.begun {
            if self.state != State::After || !self.stack.is_empty() {
                self.tree.note_malformed(i, offsets);
            }
            self.end_line();
        }
    }

    fn token(&mut self, i: usize, byte: u8, offsets: &OffsetMap<'_>) -> usize {
        if self.is_lines() {
            self.tree.begin(i);
        }
        if self.state == State::FirstElement {
            self.first_element(i, byte, offsets);
            if self.state == State::Names {
                return i;
            }
        }
        match (self.state, byte) {
            (State::Colon, b':') => self.state = State::Value,
            (State::FirstKey | State::Key, b'"') => self.open_key(i, b'"'),
            (State::FirstKey | State::Key, b'}') => self.pop(),
            (State::FirstKey | State::Key, _) => return self.odd_key(i, byte, offsets),
            (State::FirstElement, b']') => self.pop(),
            // A comma behind the last element.
            (State::Value, b']') if self.stack.last().is_some_and(|frame| frame.array) => self.pop(),
            (State::Value | State::FirstElement, _) => return self.value(i, byte, offsets),
            (State::After, _) => return self.after(i, byte, offsets),
            _ => return self.mistake(i, byte, offsets),
        }
        i + 1
    }

    fn open_key(&mut self, i: usize, quote: u8) {
        self.tree.open(i + 1);
        self.quote = quote;
        self.state = State::InKey;
    }

    /// A key as JSON5 has it.
    fn odd_key(&mut self, i: usize, byte: u8, offsets: &OffsetMap<'_>) -> usize {
        match byte {
            b'\'' if !self.is_lines() => self.open_key(i, b'\''),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' | 0x80.. if !self.is_lines() => {
                self.tree.open(i);
                self.state = State::InBareKey;
            }
            _ => return self.mistake(i, byte, offsets),
        }
        i + 1
    }

    fn value(&mut self, i: usize, byte: u8, offsets: &OffsetMap<'_>) -> usize {
        match byte {
            b'"' => self.open_string(i, b'"'),
            b'\'' if !self.is_lines() => self.open_string(i, b'\''),
            b'{' | b'[' if self.stack.len() >= self.max_depth => {
                self.tree.note(Reason::NestedTooDeep, i, offsets);
                self.open(i, State::Deep);
                (self.deep, self.deep_string) = (1, false);
            }
            b'{' => self.open_object(i),
            b'[' => self.open_array(i, offsets),
            b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                self.open(i, State::InBare);
                return i;
            }
            _ => return self.mistake(i, byte, offsets),
        }
        i + 1
    }

    fn open_string(&mut self, i: usize, quote: u8) {
        self.open(i + 1, State::InString);
        self.quote = quote;
    }

    fn after(&mut self, i: usize, byte: u8, offsets: &OffsetMap<'_>) -> usize {
        match (byte, self.stack.last()) {
            (b',', Some(_)) => self.next(offsets),
            (b']', Some(Frame { array: true, .. })) | (b'}', Some(Frame { array: false, .. })) => self.pop(),
            (b',' | b':' | b']' | b'}', None) | (_, Some(_)) => return self.mistake(i, byte, offsets),
            (_, None) if self.is_lines() => return self.mistake(i, byte, offsets),
            (_, None) => {
                self.end_whole();
                return i;
            }
        }
        i + 1
    }

    /// What stands at `text[i]` is no JSON. In NDJSON the line is given up. In a document, a comma, colon or bracket
    /// too many is passed over, one that is missing is taken for there, and of all else only the text is kept.
    #[cold]
    fn mistake(&mut self, i: usize, byte: u8, offsets: &OffsetMap<'_>) -> usize {
        self.tree.note_malformed(i, offsets);
        if self.is_lines() {
            self.open(i, State::Junk);
            return i;
        }
        match (self.state, byte) {
            (_, b']') => self.close_to(true),
            (_, b'}') => self.close_to(false),
            (_, b',') if self.stack.is_empty() => self.end_whole(),
            (_, b',') => self.next(offsets),
            (_, b':') => {}
            (State::Colon, _) => {
                self.state = State::Value;
                return i;
            }
            (State::After, _) => {
                self.next(offsets);
                return i;
            }
            (State::FirstKey | State::Key, b'{' | b'[') => {
                self.node = ELSEWHERE;
                self.state = State::Value;
                return i;
            }
            _ => {
                self.open(i, State::Junk);
                return i;
            }
        }
        i + 1
    }

    /// A bracket that does not belong to the innermost array or object ends all up to the one that it belongs to, and
    /// nothing when there is none.
    fn close_to(&mut self, array: bool) {
        let fitting = if array { self.arrays } else { self.stack.len() - self.arrays };
        if fitting == 0 {
            return;
        }
        while let Some(frame) = self.stack.last().copied() {
            self.pop();
            if frame.array == array {
                break;
            }
        }
    }
}
