//! Legacy encodings whose characters keep no state: single bytes, and the multi-byte ones of East Asia.
//!
//! `encoding_rs` decodes in bulk and does not tell how long each character was. How long it is shows in its first one
//! or two bytes, so the source is cut into pieces of characters of one length before it is decoded, and only the
//! borders of the pieces are kept. Rejected: a length for each character (as large as the text), and decoding byte by byte.

use domesday_model::{Reason, Widths};
use encoding_rs::{BIG5, DecoderResult, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, WINDOWS_1258};
use unicode_normalization::UnicodeNormalization;

use crate::charset::Legacy;
use crate::decoder::{DECODE_ROOM, Note, Output};
use crate::johab;

/// The tones of Windows-1258.
const TONES: [u8; 5] = [0xCC, 0xD2, 0xDE, 0xEC, 0xF2];

/// How an encoding makes characters of bytes beyond ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Family {
    SingleByte,
    ShiftJis,
    EucJp,
    /// EUC-KR.
    Pairs,
    Johab,
    Big5,
    /// GBK and GB18030.
    Gb,
    /// Windows-1258, in which tones follow the letters that have them.
    Vietnamese,
}

impl Family {
    fn of(encoding: &'static Encoding) -> Self {
        if encoding == SHIFT_JIS {
            Self::ShiftJis
        } else if encoding == EUC_JP {
            Self::EucJp
        } else if encoding == EUC_KR {
            Self::Pairs
        } else if encoding == BIG5 {
            Self::Big5
        } else if encoding == GBK || encoding == GB18030 {
            Self::Gb
        } else if encoding == WINDOWS_1258 {
            Self::Vietnamese
        } else {
            Self::SingleByte
        }
    }
}

/// A decoder of an encoding that agrees with ASCII.
#[derive(Clone, Copy)]
pub(crate) struct MultiByte {
    legacy: Legacy,
    family: Family,
}

/// What was decoded.
pub(crate) struct Step {
    pub(crate) read: usize,
    pub(crate) note: Option<Note>,
    /// A character is cut off at the end of what was given.
    pub(crate) cut: bool,
}

impl MultiByte {
    pub(crate) fn new(legacy: Legacy) -> Self {
        let family = match legacy {
            Legacy::Whatwg(encoding) => Family::of(encoding),
            Legacy::Page(_) => Family::SingleByte,
            Legacy::Johab => Family::Johab,
        };
        Self { legacy, family }
    }

    pub(crate) fn is_single_byte(&self) -> bool {
        matches!(self.family, Family::SingleByte | Family::Vietnamese)
    }

    /// How many bytes of ASCII at the start of `rest` stand for themselves, `ascii` bytes being ASCII: not the last one where it has a tone,
    /// or where that is not known.
    pub(crate) fn plain(&self, rest: &[u8], ascii: usize, last: bool) -> usize {
        let may_have_tone = match rest.get(ascii) {
            Some(byte) => TONES.contains(byte),
            None => !last,
        };
        if self.family == Family::Vietnamese && may_have_tone { ascii.saturating_sub(1) } else { ascii }
    }

    /// Decodes `raw`, which lies at `source`, as far as there is room. `ends` when nothing that belongs to a character
    /// of `raw` follows it. What is no character becomes U+FFFD.
    pub(crate) fn decode(&self, raw: &[u8], source: u64, out: &mut Output<'_>, ends: bool) -> Step {
        let mut step = Step { read: 0, note: None, cut: false };
        while step.read < raw.len() && out.room() >= DECODE_ROOM {
            let rest = &raw[step.read..];
            let most = (out.room() - 3) / 3;
            let (length, width) = self.piece(&rest[..rest.len().min(most)], ends && rest.len() <= most);
            let at = source + step.read as u64;
            let read = if length > 0 {
                self.decode_piece(&rest[..length], width, at, out, &mut step.note)
            } else if rest.len() > most {
                break;
            } else if ends {
                out.replace(at, 1);
                step.note.get_or_insert((Reason::InvalidEncoding, at));
                1
            } else {
                step.cut = true;
                break;
            };
            step.read += read;
        }
        step
    }

    fn decode_piece(
        &self,
        piece: &[u8],
        width: Option<u8>,
        source: u64,
        out: &mut Output<'_>,
        note: &mut Option<Note>,
    ) -> usize {
        let encoding = match self.legacy {
            Legacy::Whatwg(encoding) => encoding,
            Legacy::Page(page) => {
                for (at, character) in (source..).zip(page.decode(piece)) {
                    out.push(at, character, 1);
                    if character == char::REPLACEMENT_CHARACTER {
                        note.get_or_insert((Reason::InvalidEncoding, at));
                    }
                }
                return piece.len();
            }
            Legacy::Johab => return johab::decode(piece, source, out, note),
        };
        if self.family == Family::Vietnamese && width == Some(2) {
            return compose_pair(encoding, piece, source, out);
        }
        out.stretches.add(out.filled, source, width.map(Widths::Characters));
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(piece, &mut out.text[out.filled..], false);
        out.filled += written;
        match result {
            DecoderResult::Malformed(bad, after) => {
                // The decoder is not used again, so what it took in behind the mistake is read once more.
                let read = read - usize::from(after);
                let at = source + (read - usize::from(bad)) as u64;
                out.replace(at, bad);
                note.get_or_insert((Reason::InvalidEncoding, at));
                read
            }
            DecoderResult::InputEmpty | DecoderResult::OutputFull => {
                if self.family == Family::Big5 && is_two_characters(piece) {
                    // The second one of them is made of no byte of its own.
                    let second = out.filled - 2;
                    out.stretches.add(second, source + 2, Some(Widths::Characters(0)));
                }
                read
            }
        }
    }

    /// The bytes at the start of `raw` whose characters, but for ASCII, have one length, and that length.
    fn piece(&self, raw: &[u8], ends: bool) -> (usize, Option<u8>) {
        if self.family == Family::Vietnamese {
            return match raw.iter().position(|byte| TONES.contains(byte)) {
                Some(1) => (2, Some(2)),
                Some(tone) => (tone.saturating_sub(1).max(1), Some(1)),
                // A tone of the last letter may follow.
                None => (raw.len() - usize::from(!ends), Some(1)),
            };
        }
        if self.is_single_byte() {
            return (raw.len(), if raw.is_ascii() { None } else { Some(1) });
        }
        let (mut at, mut width) = (0, None);
        while at < raw.len() {
            if raw[at].is_ascii() {
                at += 1;
                continue;
            }
            let here = self.width(&raw[at..]);
            if at + here > raw.len() || width.is_some_and(|width| usize::from(width) != here) {
                break;
            }
            if self.family == Family::Big5 && is_two_characters(&raw[at..at + here]) {
                return if at == 0 { (here, Some(2)) } else { (at, width) };
            }
            width = Some(here as u8);
            at += here;
        }
        (at, width)
    }

    /// Bytes of the character that starts with `raw`, by its first ones.
    fn width(&self, raw: &[u8]) -> usize {
        match (self.family, raw[0]) {
            (Family::ShiftJis, 0x81..=0x9F | 0xE0..=0xFC) => 2,
            (Family::Johab, lead) if johab::is_lead(lead) => 2,
            (Family::EucJp, 0x8F) => 3,
            (Family::EucJp, 0x8E | 0xA1..=0xFE) => 2,
            (Family::Pairs | Family::Big5, 0x81..=0xFE) => 2,
            (Family::Gb, 0x81..=0xFE) if raw.get(1).is_some_and(u8::is_ascii_digit) => 4,
            (Family::Gb, 0x81..=0xFE) => 2,
            _ => 1,
        }
    }
}

/// Adds a letter with its tone: how many bytes. Without it, if there is no such letter.
fn compose_pair(encoding: &'static Encoding, pair: &[u8], source: u64, out: &mut Output<'_>) -> usize {
    let mut text = [0; 8];
    let (_, _, written) =
        encoding.new_decoder_without_bom_handling().decode_to_utf8_without_replacement(pair, &mut text, true);
    let text = String::from_utf8_lossy(&text[..written]);
    let mut composed = text.nfc();
    let letter = composed.next().unwrap_or(char::REPLACEMENT_CHARACTER);
    if composed.next().is_none() {
        return out.push(source, letter, 2);
    }
    out.push(source, text.chars().next().unwrap_or(letter), 1)
}

/// Whether this pair of Big5 stands for a letter and a combining mark. Four do.
fn is_two_characters(pair: &[u8]) -> bool {
    matches!(pair, [0x88, 0x62 | 0x64 | 0xA3 | 0xA5])
}
