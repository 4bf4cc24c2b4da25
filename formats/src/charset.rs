//! The encodings of text, by name, and what is asked of bytes that may be UTF-8.
//!
//! UTF-8 is read straight into the window's buffer and only checked. A file whose beginning is pure ASCII has not said
//! yet what it is: `detect` decides at its first foreign character, from a stretch of the source that has always the
//! same length, so that the answer does not depend on where windows are cut.

use encoding_rs::{
    Encoding, IBM866, ISO_2022_JP, MACINTOSH, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_874,
    X_MAC_CYRILLIC,
};

use crate::by_line;
use crate::ebcdic::{CODE_PAGES, CodePage};
use crate::multibyte::MultiByte;
use crate::pages::{PAGES, Page};
use crate::shifted::Shifts;
use crate::wide::{NARROW, Order};

/// How the bytes of a text stand for characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TextEncoding {
    /// Only ASCII so far.
    Ascii {
        /// What it says it is, once it is more than ASCII.
        declared: Option<Declared>,
    },
    Utf8,
    /// UTF-8 whose letters and diacritics are composed.
    Composing,
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf32Be,
    Ebcdic(&'static CodePage),
    Shifted(Shifts),
    Utf7,
    ByLine(ByLine),
}

/// What a text says of its encoding, where that is worth something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Declared {
    Utf8,
    Shifted(Shifts),
    Utf7,
    Legacy(Legacy),
}

/// Lines of UTF-8 and of a legacy encoding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ByLine {
    pub(crate) main: Main,
    pub(crate) legacy: Legacy,
    /// Another legacy encoding that some lines are in.
    pub(crate) second: Option<Legacy>,
}

/// An encoding that agrees with UTF-8 in ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Legacy {
    /// Of the WHATWG standard.
    Whatwg(&'static Encoding),
    /// Of DOS or the Macintosh.
    Page(&'static Page),
    /// Of Korea, before EUC-KR.
    Johab,
}

impl From<&'static Encoding> for Legacy {
    fn from(encoding: &'static Encoding) -> Self {
        Self::Whatwg(encoding)
    }
}

impl Legacy {
    /// The WHATWG name in lower case, or that of the page.
    fn name(self) -> &'static str {
        match self {
            Self::Page(page) => page.name,
            Self::Johab => JOHAB,
            Self::Whatwg(encoding) => {
                let known = |name: &&&str| name.eq_ignore_ascii_case(encoding.name());
                LEGACY.iter().find(known).copied().unwrap_or("utf-8")
            }
        }
    }

    fn named(name: &str) -> Option<Self> {
        match by_label(name)? {
            TextEncoding::ByLine(ByLine { legacy, .. }) => Some(legacy),
            TextEncoding::Utf8 => Some(UTF_8.into()),
            _ => None,
        }
    }

    /// What a byte stands for, where encodings are of single bytes.
    pub(crate) fn character(self, byte: u8) -> char {
        match self {
            Self::Page(page) => page.decode(&[byte]).next(),
            Self::Johab => None,
            Self::Whatwg(encoding) => encoding.decode_without_bom_handling(&[byte]).0.chars().next(),
        }
        .unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    /// Whether its letters, one behind the other, are often a character of UTF-8.
    pub(crate) fn resembles_utf8(self) -> bool {
        match self {
            Self::Whatwg(encoding) => encoding == WINDOWS_874 || !MultiByte::new(self).is_single_byte(),
            Self::Page(page) => ["ibm737", "ibm855"].contains(&page.name),
            Self::Johab => true,
        }
    }
}

/// Which of the two most lines are in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Main {
    Utf8,
    Legacy,
    /// All are in the legacy encoding: a user said so.
    Only,
}

const JOHAB: &str = "johab";

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
    ("hz-gb-2312", TextEncoding::Shifted(Shifts::Hz)),
    ("iso-2022-jp", TextEncoding::Shifted(Shifts::Iso2022Jp)),
    ("iso-2022-kr", TextEncoding::Shifted(Shifts::Iso2022Kr)),
    ("utf-16be", TextEncoding::Utf16Be),
    ("utf-16le", TextEncoding::Utf16Le),
    ("utf-32be", TextEncoding::Utf32Be),
    ("utf-32le", TextEncoding::Utf32Le),
    ("utf-7", TextEncoding::Utf7),
    ("utf-8", TextEncoding::Utf8),
];

/// Names that are common elsewhere than in browsers.
const ALIASES: &[(&str, &str)] = &[
    ("cp-gr", "ibm869"),
    ("cp-is", "ibm861"),
    ("cp1361", JOHAB),
    ("cp874", "windows-874"),
    ("cp932", "shift_jis"),
    ("cp936", "gbk"),
    ("cp949", "euc-kr"),
    ("cp950", "big5"),
    ("csiso2022kr", "iso-2022-kr"),
    ("csunicode11utf7", "utf-7"),
    ("csutf7", "utf-7"),
    ("hz", "hz-gb-2312"),
    ("latin-1", "l1"),
    ("latin-2", "l2"),
    ("latin-9", "l9"),
    ("latin9", "l9"),
    ("ms1361", JOHAB),
    ("pc-multilingual-850+euro", "ibm858"),
    ("uhc", "euc-kr"),
    ("unicode-1-1-utf-7", "utf-7"),
    ("utf-32", "utf-32le"),
    ("utf7", "utf-7"),
    ("windows-1361", JOHAB),
    ("x-johab", JOHAB),
];

impl TextEncoding {
    /// The WHATWG name in lower case; that of IANA where WHATWG has none.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ascii { .. } | Self::Composing | Self::ByLine(ByLine { main: Main::Utf8, .. }) => "utf-8",
            Self::Ebcdic(page) => page.name,
            Self::ByLine(ByLine { legacy, .. }) => legacy.name(),
            known => {
                UNICODE.iter().find(|(_, encoding)| *encoding == known).map_or("utf-8", |(name, _)| name)
            }
        }
    }

    /// The names of encodings that lines may be in, besides this one and UTF-8.
    pub(crate) fn others(self) -> Vec<&'static str> {
        let Self::ByLine(ByLine { main, legacy, second }) = self else { return Vec::new() };
        let first = (main == Main::Utf8).then_some(legacy);
        first.into_iter().chain(second).map(Legacy::name).collect()
    }

    /// All lines in `encoding`.
    pub(crate) fn only(legacy: Legacy) -> Self {
        Self::ByLine(ByLine { main: Main::Only, legacy, second: None })
    }

    /// Whether ASCII means in it what it means elsewhere.
    pub(crate) fn is_ascii_compatible(self) -> bool {
        matches!(
            self,
            Self::Ascii { .. }
                | Self::Utf8
                | Self::Composing
                | Self::Shifted(_)
                | Self::Utf7
                | Self::ByLine(_)
        )
    }
}

/// The encoding that a text names: a WHATWG label, or one of those that browsers do not read.
pub(crate) fn by_label(label: &str) -> Option<TextEncoding> {
    let label = label.trim().to_ascii_lowercase();
    let label = ALIASES.iter().find(|(alias, _)| *alias == label).map_or(&label[..], |(_, label)| label);
    let named = UNICODE.iter().find(|(name, _)| *name == label).map(|&(_, encoding)| encoding);
    let johab = || (label == JOHAB).then(|| TextEncoding::only(Legacy::Johab));
    named
        .or_else(johab)
        .or_else(|| of_whatwg(label))
        .or_else(|| by_number(label))
        .or_else(|| of_macintosh(label))
}

fn of_whatwg(label: &str) -> Option<TextEncoding> {
    let encoding = Encoding::for_label(label.as_bytes()).filter(|&known| known != REPLACEMENT)?;
    Some(match encoding {
        known if known == UTF_8 => TextEncoding::Utf8,
        known if known == UTF_16LE => TextEncoding::Utf16Le,
        known if known == UTF_16BE => TextEncoding::Utf16Be,
        known if known == ISO_2022_JP => TextEncoding::Shifted(Shifts::Iso2022Jp),
        known => TextEncoding::only(known.into()),
    })
}

/// What stands before the number of a code page: IANA has `IBM437`, `cp437`, `437` and `csPC8CodePage437`, other programs the rest.
const BEFORE_NUMBERS: [&str; 12] =
    ["cspc8codepage", "cspcp", "cspc", "csibm", "ccsid", "ebcdic-cp", "ibm", "cp", "dos", "oem", "x-ibm", ""];

/// A code page of DOS or of mainframes.
fn by_number(label: &str) -> Option<TextEncoding> {
    let rest = BEFORE_NUMBERS.iter().find_map(|before| label.strip_prefix(before))?;
    // `csPC850Multilingual`
    let rest = rest.trim_end_matches(|c: char| label.starts_with("cspc") && c.is_ascii_alphabetic());
    let number = rest.trim_start_matches(['-', '_', '0']);
    let is_its =
        |name: &str| name.strip_prefix("ibm").is_some_and(|own| own.trim_start_matches('0') == number);
    let of_dos =
        || PAGES.iter().find(|page| is_its(page.name)).map(|page| TextEncoding::only(Legacy::Page(page)));
    let of_mainframe = || CODE_PAGES.iter().find(|page| is_its(page.name)).map(TextEncoding::Ebcdic);
    let cyrillic = || (number == "866").then(|| TextEncoding::only(IBM866.into()));
    of_dos().or_else(of_mainframe).or_else(cyrillic)
}

/// What programs call the encodings of the Macintosh, behind `mac` and without hyphens: the name of a language, or of a page.
const OF_MACINTOSH: [(&str, &str); 14] = [
    ("ce", "x-mac-ce"),
    ("centraleurope", "x-mac-ce"),
    ("centraleurroman", "x-mac-ce"),
    ("latin2", "x-mac-ce"),
    ("croatian", "x-mac-croatian"),
    ("greek", "x-mac-greek"),
    ("iceland", "x-mac-icelandic"),
    ("icelandic", "x-mac-icelandic"),
    ("romania", "x-mac-romanian"),
    ("romanian", "x-mac-romanian"),
    ("turkish", "x-mac-turkish"),
    ("cyrillic", "x-mac-cyrillic"),
    ("ukraine", "x-mac-cyrillic"),
    ("roman", "macintosh"),
];

fn of_macintosh(label: &str) -> Option<TextEncoding> {
    let label: String =
        label.strip_prefix("x-").unwrap_or(label).chars().filter(char::is_ascii_alphanumeric).collect();
    let rest = label.strip_prefix("mac")?;
    let &(_, name) = OF_MACINTOSH.iter().find(|(known, _)| *known == rest)?;
    let page = PAGES.iter().find(|page| page.name == name).map(Legacy::Page);
    let whatwg =
        [MACINTOSH, X_MAC_CYRILLIC].into_iter().find(|known| known.name().eq_ignore_ascii_case(name));
    page.or(whatwg.map(Legacy::Whatwg)).map(TextEncoding::only)
}

/// An encoding that a user names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SourceEncoding(pub(crate) TextEncoding);

impl SourceEncoding {
    /// The encoding of that name, in any case: a label of the WHATWG standard, UTF-32, Johab, or a code page of EBCDIC,
    /// DOS or the Macintosh.
    pub fn named(name: &str) -> Option<Self> {
        by_label(name).map(Self)
    }

    /// The encoding that `line` is in, of a text in `encoding` whose lines may be in `others` as well.
    pub fn of_line(encoding: &str, others: &[&str], line: &[u8]) -> Option<Self> {
        let named = by_label(encoding)?;
        let order = match named {
            TextEncoding::Utf16Le => Some(Order::Little),
            TextEncoding::Utf16Be => Some(Order::Big),
            _ => None,
        };
        if order.is_some_and(|order| order.is_narrow(line)) {
            return Some(Self(by_line::of_line(NARROW, line)));
        }
        let (main, names) = match named {
            TextEncoding::Utf8 if !others.is_empty() => (Main::Utf8, others),
            TextEncoding::ByLine(_) => (Main::Legacy, &[&[encoding], others].concat()[..]),
            _ => return Some(Self(named)),
        };
        let mut known = names.iter().filter_map(|name| Legacy::named(name));
        let rule = ByLine { main, legacy: known.next()?, second: known.next() };
        Some(Self(by_line::of_line(rule, line)))
    }

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The names of all that are known, sorted. Each of them has other names, too.
    pub fn names() -> Vec<&'static str> {
        let pages = CODE_PAGES.iter().map(|page| page.name).chain(PAGES.iter().map(|page| page.name));
        let mut names: Vec<_> = LEGACY
            .iter()
            .copied()
            .chain([JOHAB])
            .chain(UNICODE.iter().map(|(name, _)| *name))
            .chain(pages)
            .collect();
        names.sort_unstable();
        names
    }

    /// `bytes`, which are whole characters, as text.
    pub fn decode(self, bytes: &[u8]) -> String {
        match crate::decoder::decode_beginning(self.0, bytes, true) {
            Some(text) => String::from_utf8_lossy(&text).into_owned(),
            None => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// `bytes` without those at their start that may be the end of a character.
    pub fn from_character(self, bytes: &[u8]) -> &[u8] {
        let skipped = match self.0 {
            TextEncoding::Utf16Le | TextEncoding::Utf16Be => bytes.len() % 2,
            TextEncoding::Utf32Le | TextEncoding::Utf32Be => bytes.len() % 4,
            TextEncoding::Ascii { .. } | TextEncoding::Utf8 | TextEncoding::Composing => {
                bytes.iter().take(3).take_while(|&b| b & 0xC0 == 0x80).count()
            }
            TextEncoding::ByLine(_) | TextEncoding::Shifted(_) | TextEncoding::Utf7 => {
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
