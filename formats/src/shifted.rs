//! Encodings of seven bits in which marks say what the bytes behind them mean: ISO-2022-JP, ISO-2022-KR and HZ.

use domesday_model::Reason;
use encoding_rs::{EUC_JP, EUC_KR, Encoding, GBK};
use memchr::memmem;

use crate::by_line::errors;
use crate::decoder::{DECODE_ROOM, Decoded, Output};
use crate::multibyte::MultiByte;

/// Bytes that are decoded at once.
const PAIRS: usize = 64;

/// Bytes of the longest mark.
const MARK: usize = 4;

/// Which of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shifts {
    /// RFC 1468: escape sequences.
    Iso2022Jp,
    /// RFC 1557: an escape sequence at the beginning, then shift-out and shift-in.
    Iso2022Kr,
    /// RFC 1843: `~{` and `~}`.
    Hz,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Mode {
    #[default]
    Ascii,
    /// ASCII with a yen sign and an overline.
    Roman,
    Katakana,
    /// Two bytes a character, which with their highest bits are a pair of this encoding: of JIS X 0208, KS X 1001 or GB 2312.
    Pairs(&'static Encoding),
}

/// What begins a text.
enum Mark {
    /// So many bytes change the mode.
    Shift(usize, Mode),
    /// So many bytes stand for a character of ASCII.
    Escaped(usize, u8),
    /// It may be one that is cut off.
    Cut,
    None,
}

/// Decodes a stream. A line feed ends every mode, as lines are to end in ASCII: damage ends with its line.
pub(crate) struct Shifted {
    shifts: Shifts,
    mode: Mode,
}

impl Shifted {
    pub(crate) fn new(shifts: Shifts) -> Self {
        Self { shifts, mode: Mode::default() }
    }

    pub(crate) fn decode(&mut self, raw: &[u8], source: u64, out: &mut Output<'_>, last: bool) -> Decoded {
        let mut step = Decoded::default();
        while step.read < raw.len() && out.room() >= DECODE_ROOM {
            let rest = &raw[step.read..];
            let at = source + step.read as u64;
            let read = match self.mark(rest, last) {
                Mark::Cut => 0,
                Mark::Shift(length, mode) => {
                    self.mode = mode;
                    out.stretches.skip(out.filled, at, length as u8);
                    length
                }
                Mark::Escaped(length, byte) => {
                    out.stretches.skip(out.filled, at, length as u8 - 1);
                    out.push(at, char::from(byte), 1);
                    length
                }
                Mark::None => self.character(rest, at, out, last, &mut step),
            };
            if read == 0 {
                step.starved = true;
                break;
            }
            step.read += read;
        }
        step
    }

    /// The mark at the start of `rest`.
    fn mark(&self, rest: &[u8], last: bool) -> Mark {
        let is_cut = rest.len() < MARK && !last;
        match (self.shifts, rest) {
            (Shifts::Iso2022Jp | Shifts::Iso2022Kr, [0x1B, ..]) | (Shifts::Hz, [b'~', ..]) if is_cut => {
                Mark::Cut
            }
            (Shifts::Iso2022Jp, [0x1B, b'(', b'B', ..]) => Mark::Shift(3, Mode::Ascii),
            (Shifts::Iso2022Jp, [0x1B, b'(', b'J', ..]) => Mark::Shift(3, Mode::Roman),
            (Shifts::Iso2022Jp, [0x1B, b'(', b'I', ..]) => Mark::Shift(3, Mode::Katakana),
            (Shifts::Iso2022Jp, [0x1B, b'$', b'@' | b'B', ..]) => Mark::Shift(3, Mode::Pairs(EUC_JP)),
            (Shifts::Iso2022Kr, [0x1B, b'$', b')', b'C', ..]) => Mark::Shift(4, self.mode),
            (Shifts::Iso2022Kr, [0x0E, ..]) => Mark::Shift(1, Mode::Pairs(EUC_KR)),
            (Shifts::Iso2022Kr, [0x0F, ..]) => Mark::Shift(1, Mode::Ascii),
            (Shifts::Hz, [b'~', b'{', ..]) => Mark::Shift(2, Mode::Pairs(GBK)),
            (Shifts::Hz, [b'~', b'}', ..]) => Mark::Shift(2, Mode::Ascii),
            (Shifts::Hz, [b'~', b'\n', ..]) => Mark::Shift(2, self.mode),
            (Shifts::Hz, [b'~', b'~', ..]) => Mark::Escaped(2, b'~'),
            _ => Mark::None,
        }
    }

    /// A character, or many, at the start of `rest`: how many bytes. 0 where half of one is missing.
    fn character(
        &mut self,
        rest: &[u8],
        at: u64,
        out: &mut Output<'_>,
        last: bool,
        step: &mut Decoded,
    ) -> usize {
        match (rest[0], self.mode) {
            (0..=0x1F, mode) => {
                self.mode = if rest[0] == b'\n' { Mode::Ascii } else { mode };
                out.push(at, char::from(rest[0]), 1)
            }
            (0x21..=0x7E, Mode::Pairs(encoding)) => pairs(encoding, rest, at, out, last, step),
            (0x20..=0x7F, Mode::Ascii) => out.copy(at, &rest[..self.plain(rest)]),
            (byte @ 0x20..=0x7F, mode) => out.push(at, single(byte, mode), 1),
            (0x80.., _) => {
                step.note.get_or_insert((Reason::InvalidEncoding, at));
                out.replace(at, 1);
                1
            }
        }
    }

    /// Printable ASCII at the start of `rest`, whose first byte begins no mark.
    fn plain(&self, rest: &[u8]) -> usize {
        let is_mark = |byte: u8| self.shifts == Shifts::Hz && byte == b'~';
        1 + rest[1..].iter().take_while(|&&byte| matches!(byte, 0x20..=0x7F) && !is_mark(byte)).count()
    }
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

/// Pairs of bytes without the highest bits that they have in `encoding`. 0 when half of a pair is missing.
fn pairs(
    encoding: &'static Encoding,
    rest: &[u8],
    source: u64,
    out: &mut Output<'_>,
    last: bool,
    step: &mut Decoded,
) -> usize {
    // HZ ends with a mark that looks like a pair.
    let is_pair = |&pair: &&[u8; 2]| {
        pair.iter().all(|byte| matches!(byte, 0x21..=0x7E)) && !(encoding == GBK && pair[0] == b'~')
    };
    let run = 2 * rest.as_chunks().0.iter().take(PAIRS / 2).take_while(is_pair).count();
    if run == 0 {
        if rest.len() < 2 && !last {
            return 0;
        }
        step.note.get_or_insert((Reason::InvalidEncoding, source));
        out.replace(source, 1);
        return 1;
    }
    let mut pairs = [0; PAIRS];
    let pairs = &mut pairs[..run];
    pairs.iter_mut().zip(rest).for_each(|(pair, byte)| *pair = byte | 0x80);
    let decoded = MultiByte::new(encoding.into()).decode(pairs, source, out, true);
    step.note = step.note.or(decoded.note);
    decoded.read
}

/// The place of the first escape sequence of ISO-2022-JP for two-byte characters or katakana, which mean nothing to terminals.
pub(crate) fn find_iso_2022_jp(bytes: &[u8]) -> Option<usize> {
    let begins = |at: &usize| matches!(bytes.get(at + 1..at + 3), Some(b"$B" | b"$@" | b"(I"));
    memchr::memchr_iter(0x1B, bytes).find(begins)
}

/// Whether what a text of ISO-2022-KR begins with stands there.
pub(crate) fn is_iso_2022_kr(bytes: &[u8]) -> bool {
    memmem::find(bytes, b"\x1B$)C").is_some()
}

/// Pairs of HZ, at least, that are no chance.
const FEW_PAIRS: usize = 4;

/// Whether all that stands between `~{` and `~}` may be Chinese characters, and there are some.
pub(crate) fn is_hz(bytes: &[u8]) -> bool {
    let (mut rest, mut found, mut characters) = (bytes, 0, 0);
    while let Some(start) = memmem::find(rest, b"~{") {
        rest = &rest[start + 2..];
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        let Some(end) = memmem::find(line, b"~}") else {
            // The end of the line may lie behind what is known.
            return line.len() == rest.len() && is_enough(found, characters);
        };
        let pairs: Vec<u8> = rest[..end].iter().map(|byte| byte | 0x80).collect();
        let is_pair = |pair: &[u8]| pair.len() == 2 && (0xA1..=0xF7).contains(&pair[0]) && pair[1] > 0xA0;
        if !pairs.chunks(2).all(is_pair) || errors(GBK.into(), &pairs, true, 1) > 0 {
            return false;
        }
        found += pairs.len() / 2;
        characters += pairs.chunks(2).filter(|pair| pair[0] >= 0xB0).count();
        rest = &rest[end + 2..];
    }
    is_enough(found, characters)
}

/// Marks stand among characters.
fn is_enough(found: usize, characters: usize) -> bool {
    found >= FEW_PAIRS && 2 * characters >= found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_katakana_have_half_width() {
        let all: String = (0x21..=0x5F).map(|byte| single(byte, Mode::Katakana)).collect();
        assert!(all.starts_with("\u{FF61}\u{FF62}") && all.ends_with('\u{FF9F}'));
    }

    #[test]
    fn chinese_is_told_from_braces() {
        assert!(is_hz(b"1,~{LF=(;*~},a@corp.cn,~{VPND~}\n"));
        for text in [
            &b"(format t \"~{~a~^, ~}\" list)"[..],
            b"(format t \"~{~A=~A~%~}\" plist)",
            b"command { cat ~{file} > ~{out} }",
            b"~{ab~} ~{cd} ~{ef~} ~{ghij~}",
            b"~{LF~} and no more",
            b"~ { a ~ } b",
        ] {
            assert!(!is_hz(text), "{}", String::from_utf8_lossy(text));
        }
    }
}
