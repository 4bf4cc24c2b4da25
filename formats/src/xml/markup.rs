//! What begins with `<!` or `<?`: comments, CDATA, the document type, processing instructions.

use domesday_model::OffsetMap;

use super::step::is_blank;
use super::{State, Xml};
use crate::tree::KEY_BYTES;

/// What follows `<!`.
const COMMENT: &[u8] = b"--";
const CDATA: &[u8] = b"[CDATA[";
const DOCTYPE: &[u8] = b"DOCTYPE";
/// What follows `<?` in the declaration of XML.
const XML: &[u8] = b"xml version=";
/// A longer one is none. Short enough to be known before any of it is owned.
const DECLARATION_BYTES: usize = KEY_BYTES as usize;

impl Xml<'_> {
    /// Behind `<!` or `<?`, as `quote` says: decides what it is.
    pub(super) fn declaration(&mut self, text: &[u8], offsets: &OffsetMap<'_>) -> usize {
        let start = self.tree.start();
        let rest = &text[start..];
        if self.quote == b'?' {
            return self.instruction(start, rest);
        }
        self.quote = 0;
        let is_doctype = |part: &[u8]| {
            let part = &part[..part.len().min(DOCTYPE.len())];
            part.eq_ignore_ascii_case(&DOCTYPE[..part.len()])
        };
        let (skip, state) = if rest.starts_with(COMMENT) {
            (COMMENT.len(), State::InComment)
        } else if rest.starts_with(CDATA) {
            (CDATA.len(), State::InCData)
        } else if COMMENT.starts_with(rest)
            || CDATA.starts_with(rest)
            || (rest.len() < DOCTYPE.len() && is_doctype(rest))
        {
            return text.len();
        } else if is_doctype(rest) {
            (DOCTYPE.len(), State::Doctype)
        } else {
            self.tree.note_malformed(start, offsets);
            (0, State::Doctype)
        };
        self.open(start + skip, state);
        start + skip
    }

    /// Behind `<?`. The declaration of XML holds nothing that is looked for, if it is one.
    fn instruction(&mut self, start: usize, rest: &[u8]) -> usize {
        let part = &rest[..rest.len().min(DECLARATION_BYTES)];
        let begins = part.starts_with(XML) || XML.starts_with(part);
        let is_plain = |b: &u8| b.is_ascii_alphanumeric() || is_blank(*b) || b"=\"'.-_".contains(b);
        match memchr::memmem::find(part, b"?>") {
            Some(end) if begins && part[..end].iter().all(is_plain) => {
                self.state = State::Content;
                start + end + 2
            }
            None if begins && part.len() < DECLARATION_BYTES => start + rest.len(),
            _ => {
                self.tree.begin(start);
                self.state = State::InInstruction;
                start
            }
        }
    }

    /// In what `close` ends.
    pub(super) fn up_to(&mut self, text: &[u8], i: usize, close: &[u8], offsets: &OffsetMap<'_>) -> usize {
        let before = close.len() - 1;
        // What closes it does not overlap with what opens it.
        let closes = |&last: &usize| {
            self.tree.length(last) >= before as u64 && text[last - before..last] == close[..before]
        };
        let end = memchr::memchr_iter(b'>', &text[i..]).map(|n| i + n).find(closes);
        let Some(end) = end else { return text.len() };
        match self.state {
            State::InCData => self.close_text(text, end - before, offsets),
            _ => self.close_elsewhere(text, end - before),
        }
        self.state = State::Content;
        end + 1
    }

    /// In a document type, outside of its subset. Quotation marks are counted: what they hold ends nothing.
    pub(super) fn doctype(&mut self, text: &[u8], mut i: usize, offsets: &OffsetMap<'_>) -> usize {
        while let Some(&byte) = text.get(i) {
            match byte {
                b'<' => {
                    self.tree.note_malformed(i, offsets);
                    self.close_elsewhere(text, i);
                    self.state = State::Open;
                    return i + 1;
                }
                _ if self.quote == byte => self.quote = 0,
                _ if self.quote != 0 => {}
                b'"' | b'\'' => self.quote = byte,
                b'[' => {
                    self.state = State::Subset;
                    return i + 1;
                }
                b'>' => {
                    self.close_elsewhere(text, i);
                    self.state = State::Content;
                    return i + 1;
                }
                _ => {}
            }
            i += 1;
        }
        i
    }

    pub(super) fn subset(&mut self, text: &[u8], i: usize) -> usize {
        let Some(end) = memchr::memchr(b']', &text[i..]) else { return text.len() };
        self.state = State::SubsetEnd;
        i + end + 1
    }

    pub(super) fn subset_end(&mut self, text: &[u8], i: usize) -> usize {
        match text[i] {
            b'>' => {
                self.close_elsewhere(text, i);
                self.state = State::Content;
            }
            byte if byte == b']' || is_blank(byte) => {}
            _ => self.state = State::Subset,
        }
        i + 1
    }
}
