//! The encodings of text, by name, and what is asked of bytes that may be UTF-8.
//!
//! UTF-8 is read straight into the window's buffer and only checked. A file whose beginning is pure ASCII has not said
//! yet what it is: `detect` decides at its first foreign character, from a stretch of the source that has always the
//! same length, so that the answer does not depend on where windows are cut.

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::ebcdic::{CODE_PAGES, CodePage};

/// How the bytes of a text stand for characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TextEncoding {
    /// Only ASCII so far.
    Ascii {
        /// What it says it is, once it is more than ASCII.
        declared: Option<&'static Encoding>,
    },
    Utf8,
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf32Be,
    Ebcdic(&'static CodePage),
    Iso2022Jp,
    ByLine(ByLine),
}

/// Lines of UTF-8 and of a legacy encoding that agrees with it in ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ByLine {
    pub(crate) main: Main,
    pub(crate) legacy: &'static Encoding,
}

/// Which of the two most lines are in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Main {
    Utf8,
    Legacy,
    /// All are in the legacy encoding: a user said so.
    Only,
}

/// Names, in lower case, of the encodings of the WHATWG standard that are decoded by line.
const LEGACY: &[&str] = &[
    "big5",
    "euc-jp",
    "euc-kr",
    "gb18030",
    "gbk",
    "ibm866",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "shift_jis",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "windows-874",
    "x-mac-cyrillic",
    "x-user-defined",
];

/// Encodings that have a name and no others.
const UNICODE: &[(&str, TextEncoding)] = &[
    ("iso-2022-jp", TextEncoding::Iso2022Jp),
    ("utf-16be", TextEncoding::Utf16Be),
    ("utf-16le", TextEncoding::Utf16Le),
    ("utf-32be", TextEncoding::Utf32Be),
    ("utf-32le", TextEncoding::Utf32Le),
    ("utf-8", TextEncoding::Utf8),
];

/// Names that are common elsewhere than in browsers.
const ALIASES: &[(&str, &str)] = &[
    ("cp874", "windows-874"),
    ("cp932", "shift_jis"),
    ("cp936", "gbk"),
    ("cp949", "euc-kr"),
    ("cp950", "big5"),
    ("latin-1", "l1"),
    ("latin-2", "l2"),
    ("latin-9", "l9"),
    ("latin9", "l9"),
    ("uhc", "euc-kr"),
    ("utf-32", "utf-32le"),
];

impl TextEncoding {
    /// The WHATWG name in lower case; that of IANA where WHATWG has none.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ascii { .. } | Self::ByLine(ByLine { main: Main::Utf8, .. }) => "utf-8",
            Self::Ebcdic(page) => page.name,
            Self::ByLine(ByLine { legacy, .. }) => legacy_name(legacy),
            known => {
                UNICODE.iter().find(|(_, encoding)| *encoding == known).map_or("utf-8", |(name, _)| name)
            }
        }
    }

    /// All lines in `encoding`.
    fn only(encoding: &'static Encoding) -> Self {
        Self::ByLine(ByLine { main: Main::Only, legacy: encoding })
    }

    /// Whether ASCII means in it what it means elsewhere.
    pub(crate) fn is_ascii_compatible(self) -> bool {
        matches!(self, Self::Ascii { .. } | Self::Utf8 | Self::Iso2022Jp | Self::ByLine(_))
    }
}

fn legacy_name(encoding: &'static Encoding) -> &'static str {
    LEGACY.iter().find(|name| name.eq_ignore_ascii_case(encoding.name())).copied().unwrap_or("utf-8")
}

/// The encoding that a text names: a WHATWG label, or one of those that browsers do not read.
pub(crate) fn by_label(label: &str) -> Option<TextEncoding> {
    let label = label.trim().to_ascii_lowercase();
    let label = ALIASES.iter().find(|(alias, _)| *alias == label).map_or(&label[..], |(_, label)| label);
    let named = UNICODE.iter().find(|(name, _)| *name == label).map(|&(_, encoding)| encoding);
    let page = |digits: &str| {
        CODE_PAGES
            .iter()
            .find(|page| page.name[3..].trim_start_matches('0') == digits.trim_start_matches('0'))
    };
    let digits = ["ibm-", "ibm", "cp", "ebcdic-cp-"].iter().find_map(|prefix| label.strip_prefix(prefix));
    named.or_else(|| digits.and_then(page).map(TextEncoding::Ebcdic)).or_else(|| {
        let encoding = Encoding::for_label(label.as_bytes()).filter(|&known| known != REPLACEMENT)?;
        Some(match encoding {
            known if known == UTF_8 => TextEncoding::Utf8,
            known if known == UTF_16LE => TextEncoding::Utf16Le,
            known if known == UTF_16BE => TextEncoding::Utf16Be,
            known if known == encoding_rs::ISO_2022_JP => TextEncoding::Iso2022Jp,
            known => TextEncoding::only(known),
        })
    })
}

/// An encoding that a user names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SourceEncoding(pub(crate) TextEncoding);

impl SourceEncoding {
    /// The encoding of that name, in any case: a label of the WHATWG standard, UTF-32, or a code page of EBCDIC.
    pub fn named(name: &str) -> Option<Self> {
        by_label(name).map(Self)
    }

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The names of all that are known, sorted. Each of them has other names, too.
    pub fn names() -> Vec<&'static str> {
        let pages = CODE_PAGES.iter().map(|page| page.name);
        let mut names: Vec<_> =
            LEGACY.iter().copied().chain(UNICODE.iter().map(|(name, _)| *name)).chain(pages).collect();
        names.sort_unstable();
        names
    }

    /// `bytes`, which are whole characters, as text. Lines that differ in their encoding are read as a scan reads them.
    pub fn decode(self, bytes: &[u8]) -> String {
        let encoding = match self.0 {
            TextEncoding::ByLine(rule) => TextEncoding::ByLine(ByLine { main: Main::Legacy, ..rule }),
            TextEncoding::Utf8 => TextEncoding::ByLine(ByLine { main: Main::Utf8, legacy: WINDOWS_1252 }),
            known => known,
        };
        match crate::decoder::decode_beginning(encoding, bytes, true) {
            Some(text) => String::from_utf8_lossy(&text).into_owned(),
            None => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// `bytes` without those at their start that may be the end of a character.
    pub fn from_character(self, bytes: &[u8]) -> &[u8] {
        let skipped = match self.0 {
            TextEncoding::Utf16Le | TextEncoding::Utf16Be => bytes.len() % 2,
            TextEncoding::Utf32Le | TextEncoding::Utf32Be => bytes.len() % 4,
            TextEncoding::Ascii { .. } | TextEncoding::Utf8 => {
                bytes.iter().take(3).take_while(|&b| b & 0xC0 == 0x80).count()
            }
            TextEncoding::ByLine(_) | TextEncoding::Iso2022Jp => {
                memchr::memchr(b'\n', bytes).map_or(0, |at| at + 1)
            }
            TextEncoding::Ebcdic(_) => 0,
        };
        &bytes[skipped..]
    }
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
