//! Texts whose lines may differ in their encoding: a log that two programs write to, exports on end.
//!
//! Each line is decoded by itself: as UTF-8 where it is valid, otherwise in the legacy encoding of the text. What
//! comes of a line depends on it alone, never on how much of the source was there at once. Of a line it is the part
//! from its first foreign byte on that is judged; a long one is judged in parts of [`PART`] bytes.

use domesday_model::Reason;
use encoding_rs::{DecoderResult, Encoding, UTF_8, WINDOWS_1252, WINDOWS_1254};

use crate::charset::{ByLine, Legacy, Main, TextEncoding, ascii_up_to, is_cut};
use crate::decoder::{DECODE_ROOM, Decoded, Note, Output};
use crate::johab;
use crate::likely::is_second;
use crate::multibyte::MultiByte;

/// Bytes of a line that are judged together.
const PART: usize = 8 << 10;

/// Long characters of UTF-8 that make a line one of UTF-8 where the pairs of bytes of a legacy encoding may look like
/// short ones.
const MANY: usize = 4;

/// How a part of the source is read.
#[derive(Clone, Copy)]
enum Reading {
    Utf8,
    Legacy,
    Second,
}

/// A part of the source that is read in one way.
struct Part {
    /// Bytes of it that are not decoded yet.
    left: usize,
    reading: Reading,
    /// It ends with a line or with the source.
    ends: bool,
}

/// Decodes a stream.
pub(crate) struct LineDecoder {
    rule: ByLine,
    legacy: MultiByte,
    second: MultiByte,
    part: Part,
}

/// What a piece of text would be as UTF-8.
pub(crate) struct Census {
    /// Characters beyond ASCII.
    pub(crate) valid: usize,
    /// Those of them that have three bytes or four.
    pub(crate) long: usize,
    pub(crate) invalid: usize,
    /// Where the first invalid byte stands.
    first_invalid: usize,
    /// Bytes at the end that begin a character.
    cut: usize,
}

impl Census {
    /// Of `bytes`; `ends` when what is cut off at their end is invalid.
    pub(crate) fn of(bytes: &[u8], ends: bool) -> Self {
        let mut census = Self { valid: 0, long: 0, invalid: 0, first_invalid: 0, cut: 0 };
        let mut at = 0;
        loop {
            at += ascii_up_to(&bytes[at..]);
            let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) else { return census };
            match character(rest) {
                0 if !ends && is_cut(rest) => {
                    census.cut = rest.len();
                    return census;
                }
                0 => {
                    if census.invalid == 0 {
                        census.first_invalid = at;
                    }
                    census.invalid += 1;
                    at += 1;
                }
                length => {
                    census.valid += 1;
                    census.long += usize::from(length > 2);
                    at += length;
                }
            }
        }
    }
}

/// Bytes of the character of UTF-8 beyond ASCII at the start of `bytes`; 0 where there is none.
fn character(bytes: &[u8]) -> usize {
    let length = match bytes {
        [0xC2..=0xDF, 0x80..=0xBF, ..] => return 2,
        [0xE0..=0xEF, 0x80..=0xBF, 0x80..=0xBF, ..] => 3,
        [0xF0..=0xF4, 0x80..=0xBF, 0x80..=0xBF, 0x80..=0xBF, ..] => 4,
        _ => return 0,
    };
    if std::str::from_utf8(&bytes[..length]).is_ok() { length } else { 0 }
}

impl Census {
    /// Whether this is UTF-8, and no text in `legacy` that looks like it.
    pub(crate) fn is_proof_against(&self, legacy: Legacy) -> bool {
        if legacy.resembles_utf8() {
            self.invalid == 0 && self.long >= MANY
        } else {
            self.valid > self.invalid
        }
    }
}

impl LineDecoder {
    pub(crate) fn new(rule: ByLine) -> Self {
        let legacy = MultiByte::new(rule.legacy);
        let second = MultiByte::new(rule.second.unwrap_or(rule.legacy));
        Self { rule, legacy, second, part: Part { left: 0, reading: Reading::Utf8, ends: false } }
    }

    pub(crate) fn decode(&mut self, raw: &[u8], source: u64, out: &mut Output<'_>, last: bool) -> Decoded {
        let mut step = Decoded::default();
        while step.read < raw.len() && out.room() >= DECODE_ROOM {
            let rest = &raw[step.read..];
            let at = source + step.read as u64;
            if self.part.left == 0 {
                let Some((part, note)) = self.judge(rest, at, last) else {
                    step.starved = true;
                    break;
                };
                self.part = part;
                step.note = step.note.or(note);
            }
            let part = &rest[..rest.len().min(self.part.left)];
            let legacy = match self.part.reading {
                Reading::Utf8 => None,
                Reading::Legacy => Some(&self.legacy),
                Reading::Second => Some(&self.second),
            };
            let read = match legacy {
                None => out.copy(at, part),
                Some(legacy) => {
                    let decoded = legacy.decode(part, at, out, self.part.ends);
                    step.note = step.note.or(decoded.note);
                    if decoded.cut {
                        // The character belongs to the next part.
                        self.part.left = decoded.read;
                    }
                    decoded.read
                }
            };
            self.part.left -= read;
            step.read += read;
        }
        step
    }

    /// The part at the start of `rest`, which lies at `source`; `None` when more of it must be there.
    fn judge(&self, rest: &[u8], source: u64, last: bool) -> Option<(Part, Option<Note>)> {
        let plain = |left| Some((Part { left, reading: Reading::Utf8, ends: false }, None));
        if self.rule.main == Main::Utf8 {
            let valid = Encoding::utf8_valid_up_to(rest);
            if let Some(end) = memchr::memrchr(b'\n', &rest[..valid]) {
                return plain(end + 1);
            }
        }
        let ascii = ascii_up_to(rest);
        let own = self.legacy.plain(rest, ascii, last);
        if own > 0 {
            return plain(own);
        }
        if ascii == rest.len() && !last {
            return None;
        }
        let most = rest.len().min(PART);
        let (end, ends) = match memchr::memchr(b'\n', &rest[..most]) {
            Some(feed) => (feed + 1, true),
            None if rest.len() > PART => (PART, false),
            None if last => (most, true),
            None => return None,
        };
        Some(self.judge_part(&rest[..end], ends, source))
    }

    fn judge_part(&self, bytes: &[u8], ends: bool, source: u64) -> (Part, Option<Note>) {
        let in_legacy = || {
            let second = self.rule.second.filter(|&second| is_second(bytes, self.rule.legacy, second));
            let reading = if second.is_some() { Reading::Second } else { Reading::Legacy };
            let note = second.map(|_| (Reason::MixedEncoding, source));
            (Part { left: bytes.len(), reading, ends }, note)
        };
        // Most lines of a legacy text are told by their first foreign character.
        // The letter of a tone may stand before it.
        let foreign = &bytes[usize::from(bytes[0].is_ascii())..];
        if self.rule.main == Main::Only || self.rule.main == Main::Legacy && character(foreign) == 0 {
            return in_legacy();
        }
        let census = Census::of(bytes, ends);
        let utf8 = Part { left: bytes.len() - census.cut, reading: Reading::Utf8, ends: false };
        let is_utf8 = match self.rule.main {
            Main::Utf8 => census.valid >= census.invalid || !is_plausible(self.rule.legacy, bytes, ends),
            Main::Legacy | Main::Only => census.is_proof_against(self.rule.legacy),
        };
        let note = match (is_utf8, self.rule.main) {
            (true, _) if census.invalid > 0 => {
                Some((Reason::InvalidEncoding, source + census.first_invalid as u64))
            }
            (true, Main::Legacy) | (false, Main::Utf8) => Some((Reason::MixedEncoding, source)),
            _ => None,
        };
        if is_utf8 {
            return (utf8, note);
        }
        let (legacy, mixed) = in_legacy();
        (legacy, note.or(mixed))
    }
}

/// What a text of this `rule` reads `line` in.
pub(crate) fn of_line(rule: ByLine, line: &[u8]) -> TextEncoding {
    let decoder = LineDecoder::new(rule);
    let plain = decoder.legacy.plain(line, ascii_up_to(line), true);
    let reading = match &line[plain..] {
        [] => Reading::Utf8,
        foreign => decoder.judge_part(foreign, true, 0).0.reading,
    };
    TextEncoding::only(match reading {
        Reading::Utf8 => UTF_8.into(),
        Reading::Legacy => rule.legacy,
        Reading::Second => rule.second.unwrap_or(rule.legacy),
    })
}

/// Whether `bytes` may be text in `encoding`.
fn is_plausible(legacy: Legacy, bytes: &[u8], ends: bool) -> bool {
    errors(legacy, bytes, ends, 1) == 0 && !bytes.iter().any(|&b| is_strange(legacy, b))
}

/// Windows-1252 and its Turkish sister have a meaning for every byte. Text has no control characters, and hardly ever ÿ,
/// which binary data are filled with.
pub(crate) fn is_strange(legacy: Legacy, byte: u8) -> bool {
    [WINDOWS_1252, WINDOWS_1254].map(Legacy::Whatwg).contains(&legacy)
        && matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D | 0xFF)
}

/// What is no character of `legacy` in `bytes`, counted up to `most`.
pub(crate) fn errors(legacy: Legacy, bytes: &[u8], ends: bool, most: usize) -> usize {
    let encoding = match legacy {
        Legacy::Whatwg(encoding) => encoding,
        Legacy::Page(page) => {
            return page.decode(bytes).filter(|&c| c == char::REPLACEMENT_CHARACTER).take(most).count();
        }
        Legacy::Johab => return johab::errors(bytes, ends, most),
    };
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = [0; 1024];
    let (mut at, mut errors) = (0, 0);
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(&bytes[at..], &mut text, ends);
        at += read;
        match result {
            DecoderResult::InputEmpty => return errors,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                errors += 1;
                if errors >= most {
                    return errors;
                }
            }
        }
    }
}
