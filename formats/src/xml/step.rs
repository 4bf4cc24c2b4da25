//! The machine: text, tags and attributes.

use domesday_model::OffsetMap;

use super::{END_TAG_BYTES, State, Xml, kind};
use crate::mask::find;
use crate::paths::ELSEWHERE;
use crate::tree::KEY_BYTES;

impl Xml<'_> {
    /// One step of the machine from `text[i]`; returns where the next one starts.
    pub(super) fn step(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        match self.state {
            State::Content => self.content(text, i),
            State::InText => self.text(text, i, offsets),
            State::InMarkedText => self.marked_text(text, i, offsets),
            State::Open => self.behind_bracket(text, i, offsets),
            State::InStartName | State::InEndName => self.tag_name(text, offsets),
            State::InTag => self.tag(i, text[i], offsets),
            State::Slash => self.slash(i, text[i], offsets),
            State::InAttributeName => self.attribute_name(text, offsets),
            State::Equals => self.equals(text, i, offsets),
            State::Value => self.before_value(i, text[i], offsets),
            State::InValue => self.value(text, i, offsets),
            State::InBareValue => self.bare_value(text, i, offsets),
            State::Junk => self.junk(text, i),
            State::Declaration => self.declaration(text, offsets),
            State::InComment => self.up_to(text, i, b"-->", offsets),
            State::InCData => self.up_to(text, i, b"]]>", offsets),
            State::InInstruction => self.up_to(text, i, b"?>", offsets),
            State::Doctype => self.doctype(text, i, offsets),
            State::Subset => self.subset(text, i),
            State::SubsetEnd => self.subset_end(text, i),
        }
    }

    fn content(&mut self, text: &[u8], i: usize) -> usize {
        let i = i + text[i..].iter().take_while(|b| is_blank(**b)).count();
        match text.get(i) {
            None => i,
            Some(_) if self.is_in_marked() => {
                self.open(i, State::InMarkedText);
                i
            }
            Some(b'<') => {
                self.state = State::Open;
                i + 1
            }
            Some(_) => {
                self.open(i, State::InText);
                i
            }
        }
    }

    fn text(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let Some(end) = memchr::memchr2(b'<', b'&', &text[i..]).map(|n| i + n) else { return text.len() };
        if text[end] == b'&' {
            self.tree.escaped = true;
            self.tree.cells.mark(end);
        } else {
            self.close_text(text, end, offsets);
            self.state = State::Open;
        }
        end + 1
    }

    /// Up to the end tag of the element.
    fn marked_text(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let Some(end) = memchr::memchr2(b'>', b'&', &text[i..]).map(|n| i + n) else { return text.len() };
        if text[end] == b'&' {
            self.tree.escaped = true;
            self.tree.cells.mark(end);
            return end + 1;
        }
        let name = self.stack.last().map_or(&b""[..], |frame| self.tree.paths.key(frame.name));
        let from = self.tree.start().max(end.saturating_sub(END_TAG_BYTES));
        let before = text[from..end].trim_ascii_end().strip_suffix(name);
        if let Some(before) = before.and_then(|before| before.strip_suffix(b"</")) {
            self.close_text(text, from + before.len(), offsets);
            self.leave();
            self.state = State::Content;
        }
        end + 1
    }

    fn behind_bracket(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let byte = text[i];
        if byte == b'/'
            && let Some(end) = self.leave_expected(text, i + 1)
        {
            return end;
        }
        self.tree.open(i + 1);
        self.state = match byte {
            b'/' => State::InEndName,
            b'!' | b'?' => State::Declaration,
            _ if starts_name(byte) => State::InStartName,
            _ => State::Content,
        };
        self.quote = byte;
        match self.state {
            State::InStartName => self.tree.open(i),
            State::Content => {
                self.tree.note_malformed(i, offsets);
                self.open(i, State::InText);
                return i;
            }
            _ => {}
        }
        i + 1
    }

    /// What is no tag, although a bracket stands before it, is text.
    #[cold]
    fn no_tag(&mut self, i: usize, offsets: &OffsetMap<'_>) -> usize {
        let start = self.tree.start();
        self.tree.note_malformed(start, offsets);
        self.tree.begin(start);
        self.state = State::InText;
        i
    }

    fn tag_name(&mut self, text: &[u8], offsets: &OffsetMap<'_>) -> usize {
        let start = self.tree.start();
        let end = start + text[start..].iter().take_while(|b| is_name(**b)).count();
        if self.tree.length(end) > KEY_BYTES {
            return self.no_tag(end, offsets);
        }
        match text.get(end) {
            None => return end,
            Some(&byte) if end > start && (is_blank(byte) || matches!(byte, b'>' | b'/')) => {}
            Some(_) => return self.no_tag(end, offsets),
        }
        if self.state == State::InStartName {
            self.start(text, start..end, offsets);
        } else {
            self.end(text, start..end, offsets);
        }
        end
    }

    fn tag(&mut self, i: usize, byte: u8, offsets: &OffsetMap<'_>) -> usize {
        match byte {
            _ if is_blank(byte) => {}
            b'>' => self.enter(),
            b'/' => self.state = State::Slash,
            b'<' => self.unclosed_tag(i, offsets),
            _ if starts_name(byte) => {
                self.tree.open(i);
                self.state = State::InAttributeName;
            }
            _ => {
                self.tree.note_malformed(i, offsets);
                self.open(i, State::Junk);
                return i;
            }
        }
        i + 1
    }

    /// A bracket stands in a tag: the one that closes it is missing.
    #[cold]
    fn unclosed_tag(&mut self, i: usize, offsets: &OffsetMap<'_>) {
        self.tree.note_malformed(i, offsets);
        self.enter();
        self.state = State::Open;
    }

    fn slash(&mut self, i: usize, byte: u8, offsets: &OffsetMap<'_>) -> usize {
        if byte != b'>' {
            self.tree.note_malformed(i, offsets);
            self.state = State::InTag;
            return i;
        }
        self.enter();
        if self.starts {
            self.leave();
        }
        i + 1
    }

    fn attribute_name(&mut self, text: &[u8], offsets: &OffsetMap<'_>) -> usize {
        let start = self.tree.start();
        let end = start + text[start..].iter().take_while(|b| is_name(**b)).count();
        if self.tree.length(end) > KEY_BYTES {
            self.tree.note_malformed(start, offsets);
            self.tree.begin(start);
            self.state = State::Junk;
        } else if end < text.len() {
            self.name_end = self.tree.cells.at(end);
            self.state = State::Equals;
        }
        end
    }

    fn equals(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        if is_blank(text[i]) && self.tree.length(i) <= KEY_BYTES {
            return i + 1;
        }
        let (start, end) = (self.tree.start(), self.tree.cells.index(self.name_end));
        if text[i] != b'=' {
            // It has no value, and may itself be one.
            self.tree.note_malformed(start, offsets);
            self.tree.begin(start);
            if i == end && !is_blank(text[i]) && !matches!(text[i], b'>' | b'/' | b'<') {
                // It goes on with what no name can hold, and is one thing with that.
                self.state = State::Junk;
                return i;
            }
            self.close_elsewhere(text, end);
            self.state = State::InTag;
            return i;
        }
        self.state = State::Value;
        let Some(tag) = &self.tag else {
            self.names = false;
            self.attribute = ELSEWHERE;
            return i + 1;
        };
        self.names = kind::is_naming(&text[start..end]) && kind::is_keyed(self.tree.paths.key(tag.name));
        self.name.clear();
        self.name.push(b'@');
        self.name.extend_from_slice(&text[start..end]);
        let (node, data) = self.tree.paths.child(tag.node, self.last_attribute, &self.name);
        self.tree.note_overflow(offsets);
        if data {
            self.tree.begin(start);
            let column = self.tree.key_column(node, offsets);
            self.tree.close_string(text, end, column);
        }
        self.attribute = node;
        self.last_attribute = (!data && node != ELSEWHERE).then_some(node);
        i + 1
    }

    fn before_value(&mut self, i: usize, byte: u8, offsets: &OffsetMap<'_>) -> usize {
        match byte {
            _ if is_blank(byte) => {}
            b'"' | b'\'' => {
                self.open(i + 1, State::InValue);
                self.quote = byte;
            }
            b'>' | b'<' => {
                self.tree.note_malformed(i, offsets);
                self.state = State::InTag;
                return i;
            }
            _ => {
                self.tree.note_malformed(i, offsets);
                self.open(i, State::InBareValue);
                return i;
            }
        }
        i + 1
    }

    fn value(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let Some(end) = find(text, i, [self.quote, b'&', b'<']) else { return text.len() };
        match text[end] {
            b'&' => {
                self.tree.escaped = true;
                self.tree.cells.mark(end);
            }
            b'<' => {
                self.close_value(text, end, offsets);
                self.unclosed_tag(end, offsets);
            }
            _ => self.close_value(text, end, offsets),
        }
        end + 1
    }

    fn bare_value(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let is_end = |&b: &u8| is_blank(b) || matches!(b, b'>' | b'<');
        let Some(end) = text[i..].iter().position(is_end).map(|n| i + n) else { return text.len() };
        self.close_value(text, end, offsets);
        end
    }

    fn junk(&mut self, text: &[u8], i: usize) -> usize {
        let Some(end) = memchr::memchr2(b'<', b'>', &text[i..]).map(|n| i + n) else { return text.len() };
        self.close_elsewhere(text, end);
        self.state = State::InTag;
        end
    }
}

pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

pub(super) const fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':' | 0x80..)
}

const fn is_name(byte: u8) -> bool {
    IN_NAME[byte as usize]
}

const IN_NAME: [bool; 256] = {
    let (mut table, mut byte) = ([false; 256], 0);
    while byte < 256 {
        let b = byte as u8;
        table[byte] = starts_name(b) || b.is_ascii_digit() || matches!(b, b'-' | b'.');
        byte += 1;
    }
    table
};
