//! ISO-2022-JP, in which escape sequences say what the bytes behind them mean.

use domesday_model::Reason;
use encoding_rs::EUC_JP;

use crate::decoder::{DECODE_ROOM, Decoded, Output};
use crate::multibyte::MultiByte;

/// Bytes of an escape sequence.
const ESCAPE: usize = 3;

/// Bytes that are decoded at once.
const PAIRS: usize = 64;

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Mode {
    #[default]
    Ascii,
    /// ASCII with a yen sign and an overline.
    Roman,
    Katakana,
    /// JIS X 0208: two bytes a character.
    Kanji,
}

/// Decodes a stream. A line feed ends every mode, as RFC 1468 wants lines to end in ASCII: damage ends with its line.
#[derive(Default)]
pub(crate) struct Iso2022Jp {
    mode: Mode,
}

impl Iso2022Jp {
    pub(crate) fn decode(&mut self, raw: &[u8], source: u64, out: &mut Output<'_>, last: bool) -> Decoded {
        let mut step = Decoded::default();
        while step.read < raw.len() && out.room() >= DECODE_ROOM {
            let rest = &raw[step.read..];
            let at = source + step.read as u64;
            let read = match (rest[0], self.mode) {
                (0x1B, _) if rest.len() < ESCAPE && !last => 0,
                (0x1B, _) => self.escape(rest, at, out),
                (0..=0x1F, mode) => {
                    self.mode = if rest[0] == b'\n' { Mode::Ascii } else { mode };
                    out.push(at, char::from(rest[0]), 1)
                }
                (0x21..=0x7E, Mode::Kanji) => kanji(rest, at, out, last, &mut step),
                (0x20..=0x7F, Mode::Ascii) => out.copy(at, &rest[..plain(rest)]),
                (byte @ 0x20..=0x7F, mode) => out.push(at, single(byte, mode), 1),
                (0x80.., _) => {
                    step.note.get_or_insert((Reason::InvalidEncoding, at));
                    out.replace(at, 1);
                    1
                }
            };
            if read == 0 {
                step.starved = true;
                break;
            }
            step.read += read;
        }
        step
    }

    /// An escape sequence, or an escape character that begins none, which is kept.
    fn escape(&mut self, rest: &[u8], source: u64, out: &mut Output<'_>) -> usize {
        self.mode = match rest {
            [_, b'(', b'B', ..] => Mode::Ascii,
            [_, b'(', b'J', ..] => Mode::Roman,
            [_, b'(', b'I', ..] => Mode::Katakana,
            [_, b'$', b'@' | b'B', ..] => Mode::Kanji,
            _ => return out.push(source, '\x1B', 1),
        };
        out.stretches.skip(out.filled, source, ESCAPE as u8);
        ESCAPE
    }
}

/// Printable ASCII at the start of `rest`.
fn plain(rest: &[u8]) -> usize {
    rest.iter().take_while(|b| matches!(b, 0x20..=0x7F)).count()
}

fn single(byte: u8, mode: Mode) -> char {
    match (mode, byte) {
        (Mode::Roman, b'\\') => '¥',
        (Mode::Roman, b'~') => '‾',
        (Mode::Katakana, 0x21..=0x5F) => {
            char::from_u32(0xFF40 + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        _ => char::from(byte),
    }
}

/// Pairs of JIS X 0208 are those of EUC-JP without the highest bits. 0 when half of a pair is missing.
fn kanji(rest: &[u8], source: u64, out: &mut Output<'_>, last: bool, step: &mut Decoded) -> usize {
    let run = rest.iter().take(PAIRS).take_while(|b| matches!(b, 0x21..=0x7E)).count();
    if run < 2 {
        if rest.len() < 2 && !last {
            return 0;
        }
        step.note.get_or_insert((Reason::InvalidEncoding, source));
        out.replace(source, 1);
        return 1;
    }
    let mut pairs = [0; PAIRS];
    let pairs = &mut pairs[..run - run % 2];
    pairs.iter_mut().zip(rest).for_each(|(pair, byte)| *pair = byte | 0x80);
    let decoded = MultiByte::new(EUC_JP.into()).decode(pairs, source, out, true);
    step.note = step.note.or(decoded.note);
    decoded.read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_katakana_have_half_width() {
        let all: String = (0x21..=0x5F).map(|byte| single(byte, Mode::Katakana)).collect();
        assert!(all.starts_with("\u{FF61}\u{FF62}") && all.ends_with('\u{FF9F}'));
    }
}
