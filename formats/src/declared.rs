//! What a text says of its own encoding, near its beginning, in ASCII.

use encoding_rs::X_USER_DEFINED;
use memchr::memmem;

use crate::charset::{ByLine, Declared, Legacy, TextEncoding, by_label};

/// Bytes in which a declaration must stand.
const BEGINNING: usize = 4096;

/// The encoding that the text which begins with `prefix` declares. UTF-8 needs no declaration but in a dump, where binary
/// columns lie between texts; and a text that can be read so far is not UTF-16.
pub(crate) fn declared(prefix: &[u8]) -> Option<Declared> {
    let beginning = &prefix[..prefix.len().min(BEGINNING)];
    let text = beginning.trim_ascii_start();
    if let Some(label) = in_dump(text) {
        return if label.len() >= 4 && label[..4].eq_ignore_ascii_case(b"utf8") {
            Some(Declared::Utf8)
        } else {
            known(label)
        };
    }
    let label = match text.first()? {
        b'<' => in_xml(text).or_else(|| in_html(text)).or_else(|| in_comment(text)),
        b'@' => text.strip_prefix(b"@charset \"").and_then(|rest| word(rest)),
        _ if text.len() >= 11 && text[..11].eq_ignore_ascii_case(b"BEGIN:VCARD") => {
            // The value follows behind a colon, which a label may have as well.
            behind(text, b";CHARSET=").and_then(|label| label.split(|&b| b == b':').next())
        }
        _ => in_comment(text).or_else(|| in_mail(text)),
    }?;
    known(label)
}

fn known(label: &[u8]) -> Option<Declared> {
    let label = std::str::from_utf8(label).ok()?;
    // Programs write this whatever follows.
    if ["us-ascii", "ascii", "ansi_x3.4-1968"].iter().any(|ascii| label.eq_ignore_ascii_case(ascii)) {
        return None;
    }
    match by_label(label)? {
        TextEncoding::ByLine(ByLine { legacy, .. }) if legacy != Legacy::Whatwg(X_USER_DEFINED) => {
            Some(Declared::Legacy(legacy))
        }
        TextEncoding::Shifted(shifts) => Some(Declared::Shifted(shifts)),
        TextEncoding::Utf7 => Some(Declared::Utf7),
        _ => None,
    }
}

/// The label at the start of `text`.
fn word(text: &[u8]) -> Option<&[u8]> {
    let is_of_label = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'+');
    let length = text.iter().take_while(is_of_label).count();
    (length > 0).then_some(&text[..length])
}

/// The label behind `mark`, in any case, with or without quotation marks.
fn behind<'t>(text: &'t [u8], mark: &[u8]) -> Option<&'t [u8]> {
    let rest = text[find(text, mark)? + mark.len()..].trim_ascii_start();
    word(rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest))
}

/// Where `mark` stands first, in any case.
fn find(text: &[u8], mark: &[u8]) -> Option<usize> {
    let is_here = |at: &usize| text[*at..].get(..mark.len()).is_some_and(|s| s.eq_ignore_ascii_case(mark));
    memchr::memchr2_iter(mark[0].to_ascii_lowercase(), mark[0].to_ascii_uppercase(), text).find(is_here)
}

/// `<?xml … encoding="…"?>`
fn in_xml(text: &[u8]) -> Option<&[u8]> {
    let end = text.starts_with(b"<?xml").then(|| memmem::find(text, b"?>"))??;
    let at = memmem::find(&text[..end], b"encoding")? + b"encoding".len();
    let value = text[at..end].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    word(value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'"))?)
}

/// `<meta charset="…">`, or the same as an HTTP header.
fn in_html(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    while let Some(at) = find(rest, b"<meta") {
        rest = &rest[at + 5..];
        let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
        if let Some(label) = behind(&rest[..end], b"charset=") {
            return Some(label);
        }
    }
    None
}

/// `# -*- coding: … -*-` of Python, Emacs and Vim, in a comment of the first two lines.
fn in_comment(text: &[u8]) -> Option<&[u8]> {
    const COMMENTS: [&[u8]; 8] = [b"#", b"//", b"/*", b";", b"%", b"--", b"<!--", b"\""];
    let is_comment = |line: &&[u8]| COMMENTS.iter().any(|mark| line.trim_ascii_start().starts_with(mark));
    let mut lines = text.split(|&b| b == b'\n').take(2).filter(is_comment);
    lines.find_map(|line| {
        let at = memmem::find(line, b"coding")? + b"coding".len();
        match line.get(at)? {
            b':' | b'=' => word(line[at + 1..].trim_ascii_start()),
            _ => None,
        }
    })
}

/// `SET NAMES …` of MySQL and `SET client_encoding = '…'` of PostgreSQL, in a text that begins with a remark of SQL.
fn in_dump(text: &[u8]) -> Option<&[u8]> {
    let is_remark = text.starts_with(b"--") || text.starts_with(b"/*");
    let label = || behind(text, b"SET NAMES ").or_else(|| behind(text, b"SET client_encoding = "));
    is_remark.then(label)?
}

/// The header `Content-Type: …; charset=…` of a mail.
fn in_mail(text: &[u8]) -> Option<&[u8]> {
    const CONTENT_TYPE: &[u8] = b"content-type:";
    let mut in_content_type = false;
    for (i, line) in text.split(|&b| b == b'\n').map(<[u8]>::trim_ascii_end).enumerate() {
        let is_folded = line.first().is_some_and(|b| matches!(b, b' ' | b'\t')) && i > 0;
        let is_envelope = i == 0 && line.starts_with(b"From ");
        if !is_folded && !is_envelope {
            let name = memchr::memchr(b':', line).map(|colon| &line[..colon])?;
            let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'-';
            if name.is_empty() || !name.iter().all(is_name) {
                return None;
            }
            in_content_type = line.len() >= CONTENT_TYPE.len()
                && line[..CONTENT_TYPE.len()].eq_ignore_ascii_case(CONTENT_TYPE);
        }
        if in_content_type && let Some(label) = behind(line, b"charset=") {
            return Some(label);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{EUC_KR, Encoding, GBK, ISO_8859_2, KOI8_R, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

    #[test]
    fn texts_declare_their_encoding() {
        let legacy = |encoding: &'static Encoding| Declared::Legacy(encoding.into());
        for (text, expected) in [
            (&b"<?xml version='1.0' encoding='ISO-8859-2' ?><a/>"[..], legacy(ISO_8859_2)),
            (b"\r\n<?xml version=\"1.0\" encoding = \"Shift_JIS\"?>", legacy(SHIFT_JIS)),
            (b"<!DOCTYPE html><html><head><META name=x content=y><meta CHARSET=koi8-r>", legacy(KOI8_R)),
            (b"<html><meta http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1251\">", legacy(WINDOWS_1251)),
            (b"From jane Mon Jan 1\nFrom: Jane <jane@corp.de>\r\nContent-Type: text/plain;\r\n charset=\"EUC-KR\"\r\n\r\n", legacy(EUC_KR)),
            (b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-2;ENCODING=8BIT:x\r\n", legacy(ISO_8859_2)),
            (b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=KOI8-R:Jane\r\n", legacy(KOI8_R)),
            (b"#!/usr/bin/python\n# -*- coding: latin-1 -*-\n", legacy(WINDOWS_1252)),
            (b"// vim: set fileencoding=gb2312 :\n", legacy(GBK)),
            (b"@charset \"windows-1251\";\n", legacy(WINDOWS_1251)),
            (b"/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump\n/*!40101 SET NAMES utf8mb4 */;\n", Declared::Utf8),
            (b"--\n-- PostgreSQL database dump\n--\nSET client_encoding = 'SJIS';\n", legacy(SHIFT_JIS)),
            (b"-- MySQL dump\n/*!40101 SET NAMES latin1 */;\n", legacy(WINDOWS_1252)),
        ] {
            assert_eq!(declared(text), Some(expected), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn other_texts_declare_nothing() {
        for text in [
            &b""[..],
            b"<?xml version='1.0' encoding='UTF-8'?>",
            b"<?xml version='1.0' encoding='UTF-16'?>",
            b"<?xml version='1.0' encoding='klingon'?>",
            b"<?xml version='1.0'?><a encoding='koi8-r'/>",
            b"name,charset=koi8-r\n",
            b"a: b\n\nContent-Type: text/plain; charset=koi8-r\n",
            b"import re\nx = 1\n# coding: koi8-r\n",
            b"Content-Type: text/plain; charset=us-ascii\n\n",
            b"encoding: koi8-r\n",
            b"SET NAMES koi8-r\n",
        ] {
            assert_eq!(declared(text), None, "{}", String::from_utf8_lossy(text));
        }
    }
}
