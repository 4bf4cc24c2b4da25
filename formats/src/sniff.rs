//! What an object is, from its first bytes: content decides, an extension only chooses among the formats of text.
//!
//! Signatures come from `file-format`, without its parsers of ZIP and OLE: those want the whole file, and give up on
//! a beginning of one. Both are told apart here by the names that stand near their front.

use file_format::{FileFormat, Kind as FileKind};
use memchr::memmem;

use domesday_model::Reason;

use crate::charset::TextEncoding;
use crate::declared::declared;
use crate::decoder::decode_beginning;
use crate::detect::{detect, utf8};
use crate::ebcdic;
use crate::shifted::is_iso_2022_kr;
use crate::sql;
use crate::wide::Order;

/// Bytes at the front of an object that decide what it is.
pub(crate) const PREFIX_BYTES: usize = 64 << 10;

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Empty,
    /// Known, and not read yet.
    Unsupported {
        format: &'static str,
        reason: Reason,
    },
    /// No text; skimmed.
    Binary {
        format: &'static str,
    },
    /// A text behind a byte order mark of `skip` bytes.
    Text {
        encoding: TextEncoding,
        skip: usize,
    },
}

/// The kind of an object that begins with `prefix`; it is all of the object when `whole`. Where it is a text, `told` is
/// the encoding that a user says it is in.
pub(crate) fn kind(prefix: &[u8], whole: bool, told: Option<TextEncoding>) -> Kind {
    if prefix.is_empty() {
        return Kind::Empty;
    }
    if let Some(marked) = by_mark(prefix) {
        return marked;
    }
    let census = Census::of(prefix);
    let is_plain = (census.is_plain() || census.is_shifted(prefix)) && !prefix.starts_with(b"%PDF-");
    let told_foreign = told.filter(|told| !told.is_ascii_compatible());
    if let Some(encoding) =
        told_foreign.filter(|&told| !(is_plain && prefix.is_ascii()) && reads_as(prefix, told))
    {
        return Kind::Text { encoding, skip: 0 };
    }
    if told.is_none() && ebcdic::is_likely(prefix) {
        return Kind::Unsupported { format: "text", reason: Reason::EbcdicCodePage };
    }
    let text = || {
        let told = told.filter(|told| told.is_ascii_compatible());
        let encoding = told.unwrap_or_else(|| detect(prefix, whole, declared(prefix)));
        Kind::Text { encoding, skip: 0 }
    };
    if is_plain {
        return text();
    }
    let format = FileFormat::from_bytes(prefix);
    if let Some(unsupported) = unsupported(format, prefix) {
        return unsupported;
    }
    if let Some(encoding) = utf16_without_mark(prefix).or_else(|| utf32_without_mark(prefix)) {
        return Kind::Text { encoding, skip: 0 };
    }
    // Binary columns lie between the texts of a dump.
    if census.is_text() || sql::dump("", prefix, whole).is_some() {
        return text();
    }
    Kind::Binary { format: binary_name(format) }
}

fn by_mark(prefix: &[u8]) -> Option<Kind> {
    let (encoding, skip) = match prefix {
        [0xFF, 0xFE, 0, 0, ..] if is_text_utf32(&prefix[4..], u32::from_le_bytes) => {
            (TextEncoding::Utf32Le, 4)
        }
        [0, 0, 0xFE, 0xFF, ..] if is_text_utf32(&prefix[4..], u32::from_be_bytes) => {
            (TextEncoding::Utf32Be, 4)
        }
        [0xEF, 0xBB, 0xBF, text @ ..] => (utf8(text), 3),
        [0xFF, 0xFE, ..] if is_text_utf16(&prefix[2..], u16::from_le_bytes) => (TextEncoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] if is_text_utf16(&prefix[2..], u16::from_be_bytes) => (TextEncoding::Utf16Be, 2),
        _ => return None,
    };
    Some(Kind::Text { encoding, skip })
}

/// Whether `prefix` is a text when it is read in an encoding that a user names: an eighth of it may be numbers of a
/// mainframe's records.
fn reads_as(prefix: &[u8], told: TextEncoding) -> bool {
    let text = decode_beginning(told, prefix, false).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let is_wrong =
        |c: &char| (c.is_control() && !matches!(c, '\t'..='\r')) || *c == char::REPLACEMENT_CHARACTER;
    text.chars().filter(is_wrong).count() * 8 <= text.chars().count()
}

/// Whether UTF-32 code units are text: all of them are characters, and hardly any a control character.
fn is_text_utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> bool {
    let (units, _) = bytes.as_chunks::<4>();
    let is_control = |c: char| c.is_control() && !matches!(c, '\t'..='\r' | '\x1B');
    let wrong = units.iter().filter(|&&u| char::from_u32(unit(u)).is_none_or(is_control)).count();
    wrong * 64 <= units.len()
}

fn utf32_without_mark(prefix: &[u8]) -> Option<TextEncoding> {
    if prefix.len() < 16 {
        return None;
    }
    let le = is_text_utf32(prefix, u32::from_le_bytes).then_some(TextEncoding::Utf32Le);
    le.or_else(|| is_text_utf32(prefix, u32::from_be_bytes).then_some(TextEncoding::Utf32Be))
}

/// Whether UTF-16 code units are text: hardly any of them is a control character. Two bytes are a weak signature.
fn is_text_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> bool {
    let (units, _) = bytes.as_chunks::<2>();
    let controls =
        units.iter().filter(|&&u| matches!(unit(u), 0..=8 | 14..=26 | 28..=31 | 127 | 0xFFFF)).count();
    controls * 64 <= units.len()
}

/// UTF-16 of mostly Latin text: nearly every second byte is NUL and no other.
fn utf16_without_mark(prefix: &[u8]) -> Option<TextEncoding> {
    // Lines of single bytes may stand in front.
    let is_narrow = [Order::Little, Order::Big].iter().any(|order| order.is_narrow(prefix));
    let nul = memchr::memchr(0, prefix).filter(|_| is_narrow).unwrap_or(0);
    let prefix = &prefix[memchr::memrchr(b'\n', &prefix[..nul]).map_or(0, |feed| feed + 1)..];
    let (units, _) = prefix.as_chunks::<2>();
    let even = units.iter().filter(|u| u[0] == 0).count();
    let odd = units.iter().filter(|u| u[1] == 0).count();
    let (most, few) = (units.len() * 7 / 10, units.len() / 50);
    if units.len() < 4 {
        return None;
    }
    if odd > most && even <= few && is_text_utf16(prefix, u16::from_le_bytes) {
        return Some(TextEncoding::Utf16Le);
    }
    (even > most && odd <= few && is_text_utf16(prefix, u16::from_be_bytes)).then_some(TextEncoding::Utf16Be)
}

/// The bytes that tell text and binary apart.
struct Census {
    /// NULs and control characters that no text file needs. `0x01` and `0x1C` to `0x1F` delimit values.
    controls: usize,
    bytes: usize,
}

impl Census {
    fn of(prefix: &[u8]) -> Self {
        // Counted by blocks, so that the sum of a block fits in a byte and the loop can be vectorised.
        let is_control = |b: &u8| u8::from((*b < 0x20 && !matches!(b, 1 | 9..=13 | 27..=31)) || *b == 0x7F);
        let block = |block: &[u8]| block.iter().fold(0u8, |sum, b| sum + is_control(b));
        Self { controls: prefix.chunks(128).map(|b| usize::from(block(b))).sum(), bytes: prefix.len() }
    }

    const fn is_plain(&self) -> bool {
        self.controls == 0
    }

    /// All of them are the shifts of ISO-2022-KR.
    fn is_shifted(&self, prefix: &[u8]) -> bool {
        is_iso_2022_kr(prefix) && memchr::memchr2_iter(0x0E, 0x0F, prefix).count() == self.controls
    }

    /// A few of them do not make a text binary: form feeds of a printer, a damaged block of a log.
    const fn is_text(&self) -> bool {
        self.controls * 512 <= self.bytes
    }
}

/// Formats that hold text in a form that skimming does not see.
fn unsupported(format: FileFormat, prefix: &[u8]) -> Option<Kind> {
    let (format, reason) = match format {
        FileFormat::Zip => zip_format(prefix),
        FileFormat::CompoundFileBinary => (ole_format(prefix), Reason::FormatUnsupported),
        FileFormat::ApacheAvro
        | FileFormat::ApacheParquet
        | FileFormat::ApacheArrowColumnar
        | FileFormat::PersonalStorageTable
        | FileFormat::MicrosoftCompiledHtmlHelp => (extension(format), Reason::FormatUnsupported),
        FileFormat::AgeEncryption => ("age", Reason::ContainerUnsupported),
        FileFormat::RichTextFormat | FileFormat::Latex | FileFormat::Postscript => return None,
        _ => match format.kind() {
            FileKind::Archive | FileKind::Compressed | FileKind::Package | FileKind::Disk => {
                (extension(format), Reason::ContainerUnsupported)
            }
            FileKind::Database
            | FileKind::Document
            | FileKind::Ebook
            | FileKind::Presentation
            | FileKind::Spreadsheet
                if !format.media_type().ends_with("xml") =>
            {
                (extension(format), Reason::FormatUnsupported)
            }
            _ => return None,
        },
    };
    Some(Kind::Unsupported { format, reason })
}

/// Office files are ZIPs; the names of their first members tell.
fn zip_format(prefix: &[u8]) -> (&'static str, Reason) {
    const MARKS: &[(&[u8], &str)] = &[
        (b"mimetypeapplication/vnd.oasis.opendocument.text", "odt"),
        (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ods"),
        (b"mimetypeapplication/vnd.oasis.opendocument.presentation", "odp"),
        (b"mimetypeapplication/epub+zip", "epub"),
        (b"word/", "docx"),
        (b"xl/", "xlsx"),
        (b"ppt/", "pptx"),
        (b"visio/", "vsdx"),
    ];
    const MEMBER: &[u8] = b"PK\x03\x04";
    const NAME_AT: usize = 30;
    for at in memmem::find_iter(prefix, MEMBER) {
        let name = prefix.get(at + NAME_AT..).unwrap_or_default();
        if name.starts_with(b"META-INF/MANIFEST.MF") {
            return ("jar", Reason::ContainerUnsupported);
        }
        if let Some(&(_, format)) = MARKS.iter().find(|(mark, _)| name.starts_with(mark)) {
            return (format, Reason::FormatUnsupported);
        }
    }
    ("zip", Reason::ContainerUnsupported)
}

/// The name of the main stream of an OLE file tells, where the directory lies in the beginning.
fn ole_format(prefix: &[u8]) -> &'static str {
    const STREAMS: &[(&str, &str)] = &[
        ("__properties_version1.0", "msg"),
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("PowerPoint Document", "ppt"),
        ("VisioDocument", "vsd"),
    ];
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(prefix, &wide).is_some()
    };
    STREAMS.iter().find(|(stream, _)| holds(stream)).map_or("ole", |(_, format)| format)
}

/// The usual extension of a format, in lower case.
fn extension(format: FileFormat) -> &'static str {
    match format {
        FileFormat::Appimage => "appimage",
        FileFormat::UnixCompress => "z",
        // The crate lends the name from the value it is asked of, so one is asked that lives for ever.
        _ => FileFormat::from_kind(format.kind())
            .iter()
            .find(|&&known| known == format)
            .map_or("binary", |known| known.extension()),
    }
}

fn binary_name(format: FileFormat) -> &'static str {
    match format {
        FileFormat::ArbitraryBinaryData | FileFormat::PlainText | FileFormat::Empty => "binary",
        known => extension(known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charset::{ByLine, Main, by_label};
    use encoding_rs::WINDOWS_1252;

    const ASCII: TextEncoding = TextEncoding::Ascii { declared: None };

    fn text(encoding: TextEncoding) -> Kind {
        Kind::Text { encoding, skip: 0 }
    }

    fn kind(prefix: &[u8], whole: bool) -> Kind {
        super::kind(prefix, whole, None)
    }

    fn named(name: &str) -> TextEncoding {
        by_label(name).expect("it is known")
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn texts_are_told_by_their_encoding() {
        assert_eq!(kind(b"plain", true), text(ASCII));
        assert_eq!(kind("größer".as_bytes(), true), text(TextEncoding::Utf8));
        let by_line =
            |main| text(TextEncoding::ByLine(ByLine { main, legacy: WINDOWS_1252.into(), second: None }));
        assert_eq!(kind(b"gr\xF6\xDFer", true), by_line(Main::Legacy));
        assert_eq!(kind(b"gr\xC3\xB6\xC3\x9Fer \xFF", true), by_line(Main::Utf8));
        assert_eq!(kind(&"größer".as_bytes()[..3], false), text(TextEncoding::Utf8));
        assert_eq!(kind(b"\xEF\xBB\xBFa", true), Kind::Text { encoding: TextEncoding::Utf8, skip: 3 });
        assert_eq!(kind(b"\xFF\xFEa\0", true), Kind::Text { encoding: TextEncoding::Utf16Le, skip: 2 });
        assert_eq!(kind(b"\xFE\xFF\0a", true), Kind::Text { encoding: TextEncoding::Utf16Be, skip: 2 });
        assert_eq!(kind(&utf16("Jane Doe, Köln", u16::to_le_bytes), true), text(TextEncoding::Utf16Le));
        assert_eq!(kind(&utf16("Jane Doe, Köln", u16::to_be_bytes), true), text(TextEncoding::Utf16Be));
    }

    #[test]
    fn utf32_is_told_with_and_without_a_mark() {
        let utf32 = |text: &str| text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect::<Vec<u8>>();
        let (le, be) = (TextEncoding::Utf32Le, TextEncoding::Utf32Be);
        assert_eq!(kind(&utf32("\u{FEFF}Jane"), true), Kind::Text { encoding: le, skip: 4 });
        assert_eq!(kind(&utf32("Jane Doe, Köln 山田"), true), text(le));
        let mut big = utf32("Jane Doe, Köln 山田");
        big.chunks_mut(4).for_each(<[u8]>::reverse);
        assert_eq!(kind(&big, true), text(be));
    }

    #[test]
    fn a_user_may_tell_the_encoding() {
        let ebcdic = b"\xD1\x81\x95\x85\x40\xC4\x96\x85\x15\xF1\xF2\xF3";
        let page = named("IBM037");
        assert_eq!(super::kind(ebcdic, true, Some(page)), text(page));
        assert_eq!(super::kind(b"Jane Doe\n", true, Some(page)), text(ASCII));
        assert!(matches!(
            super::kind(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0", true, Some(page)),
            Kind::Binary { .. }
        ));
        let greek = named("greek");
        assert_eq!(super::kind("é".as_bytes(), true, Some(greek)), text(greek));
        assert_eq!(super::kind(b"Jane", true, Some(greek)), text(greek));
        assert_eq!(
            super::kind(b"\xEF\xBB\xBFa", true, Some(greek)),
            Kind::Text { encoding: TextEncoding::Utf8, skip: 3 }
        );
        assert_eq!(
            super::kind(b"PK\x03\x04\x14\0\0\0", true, Some(greek)),
            kind(b"PK\x03\x04\x14\0\0\0", true)
        );
    }

    #[test]
    fn ebcdic_is_told_from_other_texts() {
        let page = ["Anna Berg, Hafenstr. 4; born 1982-03-14", "NAME,CITY/KONTO:0044053201 Berg-Kiel"];
        let encode = |text: &str| -> Vec<u8> {
            let TextEncoding::Ebcdic(page) = named("ibm273") else { panic!("a code page") };
            let byte =
                |c: char| (0..=255).find(|&byte| page.character(byte) == c).expect("it has the character");
            text.chars().map(byte).collect()
        };
        let expected = Kind::Unsupported { format: "text", reason: Reason::EbcdicCodePage };
        for line in page {
            for end in ["", "\n"] {
                assert_eq!(kind(&encode(&(line.to_owned() + end).repeat(3)), true), expected, "{line:?}");
            }
        }
        for (label, line) in [
            ("windows-1251", "Иванов Пётр Сергеевич, улица Ленина, 7\n"),
            ("windows-1251", "Фамилия;Иванов;Петров;Сидоров;Кузнецов\n"),
            ("koi8-r", "Иванов Пётр Сергеевич, улица Ленина, 7\n"),
            ("iso-8859-7", "Παπαδόπουλος Γεώργιος, Αθήνα"),
            ("shift_jis", "山田太郎は東京都千代田区に住んでいます"),
            ("gbk", "王小明住在北京市朝阳区建国路十二号"),
            ("big5", "王小明住在臺北市中正區忠孝東路"),
            ("euc-kr", "서울특별시 강남구 테헤란로 김민수"),
        ] {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("it is known");
            let bytes = encoding.encode(&line.repeat(3)).0.into_owned();
            assert!(matches!(kind(&bytes, true), Kind::Text { .. }), "{line}");
        }
    }

    #[test]
    fn a_stray_control_character_makes_no_text_binary() {
        let mut log = b"line\n".repeat(400);
        log[700] = 0;
        assert_eq!(kind(&log, true), text(ASCII));
        assert_eq!(kind(b"ab\0cd\0\x01\x02", true), Kind::Binary { format: "binary" });
    }

    #[test]
    fn containers_are_told_by_their_content() {
        let unsupported = |bytes: &[u8]| match kind(bytes, true) {
            Kind::Unsupported { format, reason } => Some((format, reason)),
            _ => None,
        };
        let zip = |name: &str| {
            let mut zip = b"PK\x03\x04\x14\0\0\0\0\0".to_vec();
            zip.resize(30, 0);
            zip.extend_from_slice(name.as_bytes());
            zip
        };
        let format = Reason::FormatUnsupported;
        let container = Reason::ContainerUnsupported;
        assert_eq!(unsupported(&zip("notes.txt")), Some(("zip", container)));
        assert_eq!(unsupported(&zip("word/document.xml")), Some(("docx", format)));
        assert_eq!(unsupported(&zip("META-INF/MANIFEST.MF")), Some(("jar", container)));
        let odt = zip("mimetypeapplication/vnd.oasis.opendocument.text");
        assert_eq!(unsupported(&odt), Some(("odt", format)));
        assert_eq!(unsupported(b"%PDF-1.7\n1 0 obj"), Some(("pdf", format)));
        assert_eq!(unsupported(b"\x1F\x8B\x08\0\0\0\0\0\0\x03"), Some(("gz", container)));
        assert_eq!(unsupported(b"BZh91AY&SY\x01\x02"), Some(("bz2", container)));
        assert_eq!(unsupported(b"\x28\xB5\x2F\xFD\x04\0\x01"), Some(("zst", container)));
        assert_eq!(unsupported(b"SQLite format 3\0\x10\0"), Some(("sqlite", format)));
        assert_eq!(unsupported(b"PAR1\x15\x04\x15"), Some(("parquet", format)));
        assert_eq!(unsupported(b"Obj\x01\x04\x16"), Some(("avro", format)));
        let mut ole = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        ole.resize(512, 0);
        assert_eq!(unsupported(&ole), Some(("ole", format)));
        ole.extend(utf16("Workbook", u16::to_le_bytes));
        assert_eq!(unsupported(&ole), Some(("xls", format)));
    }

    #[test]
    fn a_zip_of_stored_text_is_a_zip() {
        let mut zip = b"PK\x03\x04\x14\0\0\0\0\0".to_vec();
        zip.resize(30, 0);
        zip.extend(b"a.txt".iter().chain(b"plain text\n".repeat(5000).iter()));
        assert_eq!(
            kind(&zip, true),
            Kind::Unsupported { format: "zip", reason: Reason::ContainerUnsupported }
        );
    }

    #[test]
    fn other_binaries_are_skimmed_under_their_name() {
        assert_eq!(kind(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", true), Kind::Binary { format: "png" });
        assert_eq!(kind(b"\x7FELF\x02\x01\x01\0\0\0", true), Kind::Binary { format: "elf" });
        assert_eq!(kind(b"\xFF\xFE\x01\0\x02\0\x05", true), Kind::Binary { format: "binary" });
    }
}
