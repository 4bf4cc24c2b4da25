//! What escapes stand for, and the way back from unescaped text to the text that holds them.

use std::ops::Range;

use crate::records::escapes;

/// The escapes of a format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Escapes {
    /// `""` stands for `"`, and `''` for `'`.
    Doubled,
    /// As `Doubled`, and a backslash before a byte, as MySQL and C have it. What has no meaning stands for itself.
    Backslash,
    /// RFC 8259, section 7.
    Json,
    /// Those of formats that are lines: see `records::escapes`.
    Lines,
    /// The same in YAML, where `\xE9` is a character; elsewhere it is a byte of one.
    Yaml,
    /// XML 1.0, section 4.1 and 4.6: numbers of characters, and the five entities that every document has. Others stand
    /// for themselves.
    Xml,
}

impl Escapes {
    /// Appends what the escape at the start of `text` stands for, and returns its length in bytes. One that is cut or
    /// unknown gives what is there of it.
    fn decode(self, text: &[u8], out: &mut Vec<u8>) -> usize {
        let (character, length) = match self {
            Self::Doubled => decode_doubled(text),
            Self::Backslash if text.first() == Some(&b'\\') => decode_backslash(text),
            Self::Backslash => decode_doubled(text),
            Self::Json => decode_json(text),
            Self::Xml => decode_xml(text).unwrap_or(('&', 1)),
            Self::Lines => return escapes::decode(text, out),
            Self::Yaml => return escapes::decode_yaml(text, out),
        };
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        length
    }
}

fn decode_doubled(text: &[u8]) -> (char, usize) {
    (char::from(text.first().copied().unwrap_or_default()), text.len().min(2))
}

fn decode_backslash(text: &[u8]) -> (char, usize) {
    let plain = match text.get(1) {
        Some(b'0') => '\0',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'v') => '\u{b}',
        Some(b'Z') => '\u{1a}',
        Some(&byte) if byte.is_ascii() => char::from(byte),
        _ => return ('\\', 1),
    };
    (plain, 2)
}

fn decode_json(text: &[u8]) -> (char, usize) {
    let plain = match text.get(1) {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return decode_json_unit(text),
        Some(&byte) if byte.is_ascii() => char::from(byte),
        // A backslash before a character that needs no escape, or before nothing.
        _ => return ('\\', 1),
    };
    (plain, 2)
}

/// `\uXXXX`, or two of them for a character outside of the basic plane. A lone surrogate is U+FFFD.
fn decode_json_unit(text: &[u8]) -> (char, usize) {
    let Some(first) = hex_unit(text) else { return (char::REPLACEMENT_CHARACTER, text.len().min(2)) };
    let second = text.get(6..).filter(|rest| rest.starts_with(b"\\u")).and_then(hex_unit);
    match (first, second) {
        (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
            let point = 0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00);
            (char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        _ => (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6),
    }
}

fn hex_unit(text: &[u8]) -> Option<u32> {
    text.get(2..6)?.iter().try_fold(0, |unit, &digit| Some(unit * 16 + char::from(digit).to_digit(16)?))
}

/// Longest reference that is undone, so that one which a border cuts is visible whole.
const REFERENCE_BYTES: usize = 16;
const _: () = assert!(REFERENCE_BYTES <= crate::Limits::MIN_LEFT);

fn decode_xml(text: &[u8]) -> Option<(char, usize)> {
    let end = text.iter().take(REFERENCE_BYTES).position(|&b| b == b';')?;
    let number = |digits: &[u8], radix| {
        let digit = |number: u32, &b: &u8| {
            Some(number.checked_mul(radix)?.saturating_add(char::from(b).to_digit(radix)?))
        };
        let number = digits.iter().try_fold(0, digit).filter(|_| !digits.is_empty())?;
        Some(char::from_u32(number).filter(|&c| c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER))
    };
    let value = match text.get(1..end)? {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        _ => return None,
    };
    Some((value, end + 1))
}

/// Unescaped text and how it maps back.
#[derive(Default)]
pub(crate) struct Unescaped {
    /// The text.
    pub(crate) text: Vec<u8>,
    /// As `OffsetMap::unescaped` wants them.
    pub(crate) pieces: Vec<(u32, u32)>,
}

impl Unescaped {
    /// Unescapes `window[cell]`, whose escapes start at `marks` (ascending indices into `window`, all in `cell`).
    /// Returns the part that belongs to `own`; a character belongs to where its escape starts.
    pub(crate) fn fill(
        &mut self,
        escapes: Escapes,
        window: &[u8],
        cell: Range<usize>,
        marks: &[u32],
        own: &Range<usize>,
    ) -> Range<usize> {
        self.text.clear();
        self.pieces.clear();
        let mut part = Part { own, start: None, end: None };
        let mut at = cell.start;
        for &mark in marks {
            let mark = mark as usize;
            // The second half of a surrogate pair was read with the first.
            if mark < at {
                continue;
            }
            self.literal(window, at..mark, &mut part);
            part.escape(mark, self.text.len());
            self.pieces.push((self.text.len() as u32, mark as u32));
            at = mark + escapes.decode(&window[mark..cell.end], &mut self.text);
        }
        self.literal(window, at..cell.end, &mut part);
        let end = part.end.unwrap_or(self.text.len());
        part.start.unwrap_or(self.text.len()).min(end)..end
    }

    fn literal(&mut self, window: &[u8], range: Range<usize>, part: &mut Part<'_>) {
        part.literal(&range, self.text.len());
        self.pieces.push((self.text.len() as u32, range.start as u32));
        self.text.extend_from_slice(&window[range]);
    }
}

/// Where the borders of the own part fall in the unescaped text: at the first character that starts at or behind
/// them.
struct Part<'a> {
    own: &'a Range<usize>,
    start: Option<usize>,
    end: Option<usize>,
}

impl Part<'_> {
    fn literal(&mut self, range: &Range<usize>, out: usize) {
        let border = |at: usize| (at < range.end).then(|| out + at.saturating_sub(range.start));
        self.start = self.start.or_else(|| border(self.own.start));
        self.end = self.end.or_else(|| border(self.own.end));
    }

    fn escape(&mut self, mark: usize, out: usize) {
        self.start = self.start.or((self.own.start <= mark).then_some(out));
        self.end = self.end.or((self.own.end <= mark).then_some(out));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescape(escapes: Escapes, text: &str, marks: &[u32], own: Range<usize>) -> (String, Range<usize>) {
        let mut out = Unescaped::default();
        let own = out.fill(escapes, text.as_bytes(), 0..text.len(), marks, &own);
        (String::from_utf8(out.text).expect("valid in, valid out"), own)
    }

    #[test]
    fn json_escapes_decode() {
        let text = r"a\u00e9\ud834\udd1e\n\/\ud834x\u12";
        let marks = [1, 7, 13, 19, 21, 23, 30];
        let (out, own) = unescape(Escapes::Json, text, &marks, 0..text.len());
        assert_eq!(out, "aé𝄞\n/\u{FFFD}x\u{FFFD}12");
        assert_eq!(own, 0..out.len());
    }

    #[test]
    fn backslashes_and_doubled_quotes_decode() {
        let text = r"a\'b''c\n\\\é\%";
        let marks = [1, 4, 7, 9, 11, 14];
        let (out, own) = unescape(Escapes::Backslash, text, &marks, 0..text.len());
        assert_eq!(out, "a'b'c\n\\\\é%");
        assert_eq!(own, 0..out.len());
    }

    #[test]
    fn references_of_xml_decode() {
        let text = "&amp;&#233;&#x1D11E;&#0;&lol;&#xZ;&lt";
        let marks: Vec<u32> = text.match_indices('&').map(|(at, _)| at as u32).collect();
        let (out, own) = unescape(Escapes::Xml, text, &marks, 0..text.len());
        assert_eq!(out, "&é𝄞\u{FFFD}&lol;&#xZ;&lt");
        assert_eq!(own, 0..out.len());
        assert_eq!(decode_xml(b"&#00000000000000000233;"), None);
        assert_eq!(decode_xml(b"&#99999999999;"), None);
    }

    #[test]
    fn a_character_belongs_to_where_its_escape_starts() {
        let text = r#"a""b""c"#;
        let marks = [1, 4];
        let whole = unescape(Escapes::Doubled, text, &marks, 0..7).0;
        assert_eq!(whole, "a\"b\"c");
        for cut in 0..=7 {
            let left = unescape(Escapes::Doubled, text, &marks, 0..cut).1;
            let right = unescape(Escapes::Doubled, text, &marks, cut..7).1;
            assert_eq!((left.start, left.end, right.end), (0, right.start, whole.len()), "cut at {cut}");
        }
        assert_eq!(unescape(Escapes::Doubled, text, &marks, 0..2).1, 0..2);
    }

    #[test]
    fn pieces_lead_back() {
        let mut out = Unescaped::default();
        out.fill(Escapes::Json, br"..x\ny..", 2..6, &[3], &(0..8));
        assert_eq!(out.text, b"x\ny");
        assert_eq!(out.pieces, [(0, 2), (1, 3), (2, 5)]);
    }
}
