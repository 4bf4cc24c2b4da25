//! UTF-7 (RFC 2152): `+` begins a run of Base64 over UTF-16, `-` ends it.

use domesday_model::Reason;

use crate::decoder::{DECODE_ROOM, Decoded, Output};

/// Digits of Base64, at least, that make a character.
const FEWEST: usize = 3;

/// Letters that are no chance where a text does not say what it is.
const FEW: usize = 4;

/// A run of Base64.
#[derive(Default)]
struct Run {
    bits: u32,
    count: u32,
    /// Half of a character.
    high: Option<u16>,
    /// Bytes since the last character.
    width: u8,
}

/// What the next digit of a run completes.
enum Unit {
    Nothing,
    Character(char),
    /// Half of a character without the other.
    Wrong,
}

impl Run {
    fn push(&mut self, digit: u32) -> Unit {
        self.bits = self.bits << 6 | digit;
        self.count += 6;
        self.width += 1;
        if self.count < 16 {
            return Unit::Nothing;
        }
        self.count -= 16;
        let unit = (self.bits >> self.count) as u16;
        self.bits &= (1 << self.count) - 1;
        match (self.high.take(), unit) {
            (None, 0xD800..=0xDBFF) => {
                self.high = Some(unit);
                Unit::Nothing
            }
            (high, _) => {
                let units = high.into_iter().chain([unit]);
                match char::decode_utf16(units).next() {
                    Some(Ok(character)) => Unit::Character(character),
                    _ => Unit::Wrong,
                }
            }
        }
    }

    /// Whether nothing is left but bits that fill the last digit.
    fn is_whole(&self) -> bool {
        self.count < 6 && self.bits == 0 && self.high.is_none()
    }
}

fn digit(byte: u8) -> Option<u32> {
    let digit = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(digit))
}

/// Decodes a stream.
#[derive(Default)]
pub(crate) struct Utf7 {
    run: Option<Run>,
}

impl Utf7 {
    pub(crate) fn decode(&mut self, raw: &[u8], source: u64, out: &mut Output<'_>, last: bool) -> Decoded {
        let mut step = Decoded::default();
        while step.read < raw.len() && out.room() >= DECODE_ROOM {
            let rest = &raw[step.read..];
            let at = source + step.read as u64;
            let read = match &mut self.run {
                Some(run) => {
                    let Some(digit) = digit(rest[0]) else {
                        step.read += self.end(rest[0], at, out);
                        continue;
                    };
                    run.digit(digit, at, out, &mut step)
                }
                None if rest[0] == b'+' => self.plus(rest, at, out, last),
                None if rest[0].is_ascii() => {
                    let plain = rest.iter().take_while(|byte| byte.is_ascii() && **byte != b'+').count();
                    out.copy(at, &rest[..plain])
                }
                None => {
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

    /// `+`: a run begins, or it stands for itself, as `+-` and before what is too short for a character.
    fn plus(&mut self, rest: &[u8], at: u64, out: &mut Output<'_>, last: bool) -> usize {
        if rest.len() <= FEWEST && !last {
            return 0;
        }
        if rest.get(1) == Some(&b'-') {
            out.stretches.skip(out.filled, at, 1);
            out.push(at, '+', 1);
            return 2;
        }
        if rest[1..].iter().take(FEWEST).filter(|&&byte| digit(byte).is_some()).count() < FEWEST {
            return out.push(at, '+', 1);
        }
        self.run = Some(Run::default());
        out.stretches.skip(out.filled, at, 1);
        1
    }

    /// The run ends before `byte`, and with it where that is a hyphen: how many bytes it has for that.
    fn end(&mut self, byte: u8, at: u64, out: &mut Output<'_>) -> usize {
        let hyphen = usize::from(byte == b'-');
        // What ends here ends with the hyphen, for what begins behind it would not be read without.
        out.stretches.skip(out.filled, at + hyphen as u64, 0);
        self.run = None;
        hyphen
    }
}

impl Run {
    fn digit(&mut self, digit: u32, at: u64, out: &mut Output<'_>, step: &mut Decoded) -> usize {
        let unit = self.push(digit);
        let start = at + 1 - u64::from(self.width);
        let character = match unit {
            Unit::Nothing => return 1,
            Unit::Character(character) => character,
            Unit::Wrong => {
                step.note.get_or_insert((Reason::InvalidEncoding, start));
                char::REPLACEMENT_CHARACTER
            }
        };
        if character.is_ascii() {
            out.stretches.skip(out.filled, start, self.width - 1);
        }
        out.push(start, character, self.width);
        self.width = 0;
        1
    }
}

/// Whether every `+` of `bytes` begins a run of letters that are used in Europe or the Near East, or stands for itself.
/// Some must be there, unless a text is `declared` to be UTF-7.
pub(crate) fn is_utf7(bytes: &[u8], declared: bool) -> bool {
    let (mut rest, mut letters, mut hyphens) = (bytes, 0, 0);
    while let Some(plus) = memchr::memchr(b'+', rest) {
        rest = &rest[plus + 1..];
        let length = rest.iter().take_while(|&&byte| digit(byte).is_some()).count();
        let (digits, behind) = rest.split_at(length);
        if behind.is_empty() {
            // The run may go on behind what is known.
            break;
        }
        let mut run = Run::default();
        for &byte in digits {
            match run.push(digit(byte).unwrap_or_default()) {
                Unit::Nothing => {}
                Unit::Character(character)
                    if declared || character < '\u{700}' || "–—’‘“”„…€".contains(character) =>
                {
                    letters += usize::from(character.is_alphabetic() && !character.is_ascii());
                }
                _ => return false,
            }
        }
        if !run.is_whole() || digits.is_empty() && behind[0] != b'-' {
            return false;
        }
        hyphens += usize::from(length > 0 && behind[0] == b'-');
        rest = behind;
    }
    declared || letters >= FEW && hyphens > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf7_is_told_from_sums_and_numbers() {
        let german = b"Vollst+AOQ-ndiger Name,Stra+AN8-e\nJ+APY-rgen Gro+AN8,M+APw-nchen,+-49 30 123\n";
        assert!(is_utf7(german, false) && is_utf7(german, true));
        assert!(is_utf7(b"plain\n", true));
        for text in [
            &b"plain\n"[..],
            b"a+b+c, x + y, i++\n",
            b"+49 30 1234567, +1-202-555-0100, +AB-\n",
            b"?q=anna+berg+berlin&c=c++\n",
            b"diff\n+And then\n+    return A;\n",
            b"jane+tag-1@corp.de, jane+ABC-@corp.de, jane+AOQ-x@corp.de\n",
            b"QUJD+AAA/BBB+AOQ=\n",
            b"J+APY-rgen +49 30 Gro+AN8- M+APw-nchen K+APY-ln\n",
        ] {
            assert!(!is_utf7(text, false), "{}", String::from_utf8_lossy(text));
        }
        assert!(!is_utf7(b"tel +49 30 1234567\n", true));
    }
}
