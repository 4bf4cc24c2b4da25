//! What escapes stand for in formats that are lines. Their first byte tells which they are; a letter, a digit, `+` or `/`
//! begins four characters of Base64.

/// Blanks at the start of a continued line that are no part of the value. A bound, so that an escape is visible whole.
pub(super) const INDENTATION: usize = 8;

/// Appends what the escape at the start of `text` stands for, which may be nothing, and returns its length.
pub(crate) fn decode(text: &[u8], out: &mut Vec<u8>) -> usize {
    match text {
        [b'\'', ..] => {
            out.push(b'\'');
            text.len().min(2)
        }
        // A line that is folded.
        [b'\r', b'\n', _, ..] => 3,
        [b'\r' | b'\n', _, ..] => 2,
        [b'=', b'\r', b'\n', ..] => 3,
        [b'=', b'\n', ..] => 2,
        [b'=', high, low, ..] => {
            out.extend(hex(&[*high, *low]).map(|value| value as u8));
            3
        }
        [b'\\', ..] => backslash(text, out),
        [b' ', ..] => text.iter().take(INDENTATION).take_while(|b| **b == b' ').count(),
        _ => match base64(text) {
            Base64::Bytes { bytes, count, length } => {
                out.extend_from_slice(&bytes[..count]);
                length
            }
            Base64::Cut | Base64::None => text.len().min(1),
        },
    }
}

/// The same in YAML, where two hexadecimal digits are a character.
pub(crate) fn decode_yaml(text: &[u8], out: &mut Vec<u8>) -> usize {
    match text.strip_prefix(b"\\x").and_then(|digits| hex(digits.get(..2)?)).and_then(char::from_u32) {
        Some(point) => {
            out.extend_from_slice(point.encode_utf8(&mut [0; 4]).as_bytes());
            4
        }
        None => decode(text, out),
    }
}

/// What four characters of Base64 are.
pub(super) enum Base64 {
    Bytes {
        bytes: [u8; 3],
        count: usize,
        length: usize,
    },
    /// The text ends before the fourth one.
    Cut,
    None,
}

/// The four characters of Base64 at the start of `text`, between which a line may be folded.
pub(super) fn base64(text: &[u8]) -> Base64 {
    let (mut bits, mut digits, mut padding, mut at) = (0u32, 0, 0, 0);
    while digits + padding < 4 {
        let value = match text[at..] {
            [byte @ (b'A'..=b'Z'), ..] => byte - b'A',
            [byte @ (b'a'..=b'z'), ..] => byte - b'a' + 26,
            [byte @ (b'0'..=b'9'), ..] => byte - b'0' + 52,
            [b'+', ..] => 62,
            [b'/', ..] => 63,
            [b'=', ..] if digits >= 2 => {
                padding += 1;
                at += 1;
                continue;
            }
            [b'\n', b' ' | b'\t', ..] if digits > 0 => {
                at += 2;
                continue;
            }
            [b'\r', b'\n', b' ' | b'\t', ..] if digits > 0 => {
                at += 3;
                continue;
            }
            [] | [b'\n' | b'\r'] | [b'\r', b'\n'] => return Base64::Cut,
            _ => return Base64::None,
        };
        if padding > 0 {
            return Base64::None;
        }
        bits |= u32::from(value) << (18 - 6 * digits);
        digits += 1;
        at += 1;
    }
    let [_, bytes @ ..] = bits.to_be_bytes();
    Base64::Bytes { bytes, count: digits - 1, length: at }
}

/// As C, Go, Java, TOML, YAML and vCard have them.
fn backslash(text: &[u8], out: &mut Vec<u8>) -> usize {
    let Some(&kind) = text.get(1) else {
        out.push(b'\\');
        return 1;
    };
    let plain = match kind {
        b'a' => 7,
        b'b' => 8,
        b'e' => 27,
        b'f' => 12,
        b'n' | b'N' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\r' | b'\n' => return continuation(text),
        b'x' => match text.get(2..4).and_then(hex) {
            // A byte of UTF-8, as logs have it.
            Some(value) => {
                out.push(value as u8);
                return 4;
            }
            None => kind,
        },
        b'u' => match code_point(text) {
            Some((point, length)) => {
                out.extend_from_slice(point.encode_utf8(&mut [0; 4]).as_bytes());
                return length;
            }
            None => kind,
        },
        b'U' => match text.get(2..10).and_then(hex).and_then(char::from_u32) {
            Some(point) => {
                out.extend_from_slice(point.encode_utf8(&mut [0; 4]).as_bytes());
                return 10;
            }
            None => kind,
        },
        // A character beyond ASCII stays whole.
        128.. => {
            out.push(b'\\');
            return 1;
        }
        _ => kind,
    };
    out.push(plain);
    2
}

/// A line feed behind a backslash, and the indentation of the next line.
fn continuation(text: &[u8]) -> usize {
    let line_end = if text.starts_with(b"\\\r\n") { 3 } else { 2 };
    let blanks = text[line_end..].iter().take(INDENTATION).take_while(|b| matches!(b, b' ' | b'\t')).count();
    line_end + blanks
}

/// `\uXXXX`, or two of them for a character outside of the basic plane.
fn code_point(text: &[u8]) -> Option<(char, usize)> {
    let unit = |text: &[u8]| text.strip_prefix(b"\\u").and_then(|digits| hex(digits.get(..4)?));
    match (unit(text)?, text.get(6..).and_then(unit)) {
        (high @ 0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
            Some((char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))?, 12))
        }
        (point, _) => Some((char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER), 6)),
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| Some(value * 16 + char::from(digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_tells_what_an_escape_is() {
        let cases: [(&str, &str, usize); 23] = [
            ("''x", "'", 2),
            ("\r\n x", "", 3),
            ("\n\tx", "", 2),
            ("=\r\nx", "", 3),
            ("=41x", "A", 3),
            ("\\\"x", "\"", 2),
            ("\\nx", "\n", 2),
            ("\\,x", ",", 2),
            ("\\x41x", "A", 4),
            ("\\xzz", "x", 2),
            ("\\u00e9x", "é", 6),
            ("\\ud834\\udd1ex", "𝄞", 12),
            ("\\U0001D11Ex", "𝄞", 10),
            ("\\\n    x", "", 6),
            ("  x", "", 2),
            ("            x", "", 8),
            ("\\é", "\\", 1),
            ("\\", "\\", 1),
            ("SmFuZQ==", "Jan", 4),
            ("ZQ==x", "e", 4),
            ("ZW4=", "en", 4),
            ("S\r\n mFux", "Jan", 7),
            ("Sm", "", 1),
        ];
        for (text, expected, length) in cases {
            let mut out = Vec::new();
            assert_eq!(
                (decode(text.as_bytes(), &mut out), &out[..]),
                (length, expected.as_bytes()),
                "{text:?}"
            );
        }
    }
}
