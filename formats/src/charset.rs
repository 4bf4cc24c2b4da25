//! From the source's encoding to UTF-8.
//!
//! UTF-8 is read straight into the window's buffer and only checked. A file whose beginning is pure ASCII has not
//! said yet what it is: its first foreign character decides, from the bytes of that character alone, so that the
//! answer does not depend on where windows are cut.

use encoding_rs::{DecoderResult, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How the bytes of a text stand for characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TextEncoding {
    /// Only ASCII so far: UTF-8 or Windows-1252.
    Ascii,
    Utf8,
    Windows1252,
    Utf16Le,
    Utf16Be,
}

impl TextEncoding {
    /// The WHATWG name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ascii | Self::Utf8 => "utf-8",
            Self::Windows1252 => "windows-1252",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
        }
    }

    /// The decoder, for encodings that are not text already.
    pub(crate) fn decoder(self) -> Option<Decoder> {
        let encoding: &'static Encoding = match self {
            Self::Ascii | Self::Utf8 => return None,
            Self::Windows1252 => WINDOWS_1252,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
        };
        let width = if self == Self::Windows1252 { 1 } else { 2 };
        Some(Decoder { inner: encoding.new_decoder_without_bom_handling(), width, finished: false })
    }
}

/// Decodes a stream; each code unit that is no character becomes U+FFFD, so that offsets keep their meaning.
pub(crate) struct Decoder {
    inner: encoding_rs::Decoder,
    /// Bytes of a code unit.
    pub(crate) width: usize,
    /// The end was given.
    pub(crate) finished: bool,
}

/// Room that [`Decoder::decode`] needs in its output to make progress.
pub(crate) const DECODE_ROOM: usize = 16;

/// What one step of decoding did.
pub(crate) struct Decoded {
    pub(crate) read: usize,
    pub(crate) written: usize,
    /// Bytes before the end of what was read at which an invalid code unit starts.
    pub(crate) invalid: Option<usize>,
}

impl Decoder {
    /// Decodes `raw` (whole code units) into `text`; `last` when nothing follows `raw`. Stops at an invalid unit.
    pub(crate) fn decode(&mut self, raw: &[u8], text: &mut [u8], last: bool) -> Decoded {
        let room = text.len().saturating_sub(3);
        let (result, read, mut written) =
            self.inner.decode_to_utf8_without_replacement(raw, &mut text[..room], last);
        let invalid = match result {
            DecoderResult::Malformed(bad, after) => {
                text[written..written + 3].copy_from_slice("\u{FFFD}".as_bytes());
                written += 3;
                Some(usize::from(bad) + usize::from(after))
            }
            DecoderResult::InputEmpty => {
                self.finished = last;
                None
            }
            DecoderResult::OutputFull => None,
        };
        Decoded { read, written, invalid }
    }
}

/// What the first character that is not ASCII says of the encoding. `bytes` starts with it and holds at least four
/// bytes unless the source ends earlier.
pub(crate) fn decide(bytes: &[u8]) -> TextEncoding {
    let shown = &bytes[..bytes.len().min(4)];
    let valid = Encoding::utf8_valid_up_to(shown);
    let printable = |b: &u8| !matches!(b, 0x80..=0x9F) || is_windows_1252_letter(*b);
    if valid == 0 && shown.first().is_some_and(printable) {
        TextEncoding::Windows1252
    } else {
        TextEncoding::Utf8
    }
}

/// Whether 0x80 to 0x9F is what Windows-1252 uses in text: quotes, dashes, the euro sign, a few letters.
fn is_windows_1252_letter(byte: u8) -> bool {
    !matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)
}

/// The index of the first byte that is not ASCII. The standard library's test of a whole slice is twice as fast as
/// any search, and nearly all slices pass it.
pub(crate) fn ascii_up_to(bytes: &[u8]) -> usize {
    if bytes.is_ascii() { bytes.len() } else { Encoding::ascii_valid_up_to(bytes) }
}

/// Checks UTF-8 that arrives in pieces.
#[derive(Default)]
pub(crate) struct Utf8Check {
    /// Index up to which the buffer holds whole valid characters.
    pub(crate) checked: usize,
    /// An invalid byte was met; nothing behind it is checked.
    pub(crate) broken: bool,
}

impl Utf8Check {
    /// Checks `text[checked..]`; returns the index of the first invalid byte. A character that is cut at the end is
    /// left for the next call, unless `last`.
    pub(crate) fn check(&mut self, text: &[u8], last: bool) -> Option<usize> {
        if self.broken {
            return None;
        }
        let fresh = &text[self.checked..];
        let at =
            self.checked + if fresh.is_ascii() { fresh.len() } else { Encoding::utf8_valid_up_to(fresh) };
        self.checked = at;
        if at == text.len() || (!last && is_cut(&text[at..])) {
            return None;
        }
        self.broken = true;
        Some(at)
    }
}

/// Whether `rest` is the beginning of a character, and nothing else.
pub(crate) fn is_cut(rest: &[u8]) -> bool {
    rest.len() < 4
        && std::str::from_utf8(rest).is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode_all(encoding: TextEncoding, raw: &[u8]) -> (String, Vec<usize>) {
        let mut decoder = encoding.decoder().expect("it needs a decoder");
        let (mut text, mut at, mut invalid) = (Vec::new(), 0, Vec::new());
        while !decoder.finished {
            let mut out = [0; 40];
            let step = decoder.decode(&raw[at..], &mut out, true);
            at += step.read;
            text.extend_from_slice(&out[..step.written]);
            invalid.extend(step.invalid.map(|back| at - back));
        }
        (String::from_utf8(text).expect("decoders give UTF-8"), invalid)
    }

    #[test]
    fn each_lone_surrogate_is_one_replacement() {
        let units: Vec<u8> = [0x61, 0xD834, 0x62, 0xDD1E, 0xD834, 0xDD1E, 0xD800]
            .iter()
            .flat_map(|u: &u16| u.to_le_bytes())
            .collect();
        let (text, invalid) = decode_all(TextEncoding::Utf16Le, &units);
        assert_eq!(text, "a\u{FFFD}b\u{FFFD}𝄞\u{FFFD}");
        assert_eq!(invalid, [2, 6, 12]);
    }

    #[test]
    fn every_byte_of_windows_1252_is_one_character() {
        let raw: Vec<u8> = (0..=255).collect();
        let (text, invalid) = decode_all(TextEncoding::Windows1252, &raw);
        assert_eq!(text.chars().count(), 256);
        assert!(invalid.is_empty());
    }

    #[test]
    fn the_first_foreign_character_decides() {
        assert_eq!(decide("é!".as_bytes()), TextEncoding::Utf8);
        assert_eq!(decide(b"\xE9 la"), TextEncoding::Windows1252);
        assert_eq!(decide(b"\x80 12"), TextEncoding::Windows1252);
        assert_eq!(decide(b"\x81abc"), TextEncoding::Utf8);
    }

    #[test]
    fn a_cut_character_waits_and_a_wrong_one_does_not() {
        let text = "aé".as_bytes();
        let mut check = Utf8Check::default();
        assert_eq!(check.check(&text[..2], false), None);
        assert_eq!(check.check(text, false), None);
        assert_eq!(check.checked, 3);
        assert_eq!(Utf8Check::default().check(&text[..2], true), Some(1));
        assert_eq!(Utf8Check::default().check(b"a\xFFb", false), Some(1));
    }
}
