//! Whether a text is XML that holds data, from its beginning.

use domesday_model::OffsetMap;

use super::step::starts_name;
use super::{Survey, Xml};
use crate::Limits;
use crate::cells::Cells;
use crate::names;
use crate::windows::Splitter;

/// A value longer than this names no element.
pub(super) const NAME_BYTES: u64 = 64;

/// Elements that an attribute names, in lower case: of database exports, settings, event logs.
const KEYED: &[&[u8]] = &[
    b"add",
    b"arg",
    b"argument",
    b"attr",
    b"attribute",
    b"column",
    b"data",
    b"entry",
    b"field",
    b"option",
    b"param",
    b"parameter",
    b"property",
    b"set",
    b"setting",
    b"string",
    b"var",
    b"variable",
];

/// Attributes that name them.
const NAMING: &[&[u8]] = &[b"field", b"key", b"name"];

/// Elements that say how text looks, as HTML has them.
const MARKS: &[&[u8]] = &[
    b"a",
    b"b",
    b"big",
    b"blockquote",
    b"br",
    b"center",
    b"code",
    b"del",
    b"div",
    b"em",
    b"font",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"hr",
    b"i",
    b"img",
    b"ins",
    b"li",
    b"mark",
    b"ol",
    b"p",
    b"pre",
    b"q",
    b"s",
    b"small",
    b"span",
    b"strike",
    b"strong",
    b"sub",
    b"sup",
    b"tt",
    b"u",
    b"ul",
];

/// Names of the whole that stand for prose: text in elements that lie side by side belongs together.
const PROSE: &[&[u8]] =
    &[b"html", b"svg", b"w:document", b"w:wordDocument", b"pkg:package", b"office:document", b"TEI", b"abw"];

pub(super) fn is_keyed(name: &[u8]) -> bool {
    let local = name.rsplit(|&b| b == b':').next().unwrap_or(name);
    KEYED.iter().any(|known| known.eq_ignore_ascii_case(local))
}

/// Whether a key is such an element, or an attribute.
pub(super) fn is_mark(key: &[u8]) -> bool {
    let local = key.rsplit(|&b| b == b':').next().unwrap_or(key);
    key.starts_with(b"@") || MARKS.iter().any(|known| known.eq_ignore_ascii_case(local))
}

pub(super) fn is_naming(attribute: &[u8]) -> bool {
    NAMING.iter().any(|known| known.eq_ignore_ascii_case(attribute))
}

/// What the beginning of a text tells, if it is XML that holds data. Of HTML and other prose, text that lies in
/// different elements belongs together; it is read as it is.
pub(crate) fn kind(extension: &str, text: &[u8], limits: &Limits) -> Option<Survey> {
    let start = text.trim_ascii_start();
    let is_declared = start.starts_with(b"<?xml") && !names::is_source(extension);
    let is_named = names::of_text(extension, b"") == "xml" && is_markup(start);
    if !is_declared && !is_named {
        return None;
    }
    if root(start).is_some_and(|name| PROSE.iter().any(|known| known.eq_ignore_ascii_case(name))) {
        return None;
    }
    let mut cells = Cells::default();
    let mut xml = Xml::without_survey(limits, &mut cells);
    xml.advance(text, 0, &OffsetMap::identity(0));
    xml.survey()
}

fn is_markup(text: &[u8]) -> bool {
    matches!(text, [b'<', b'!' | b'?', ..]) || matches!(text, [b'<', byte, ..] if starts_name(*byte))
}

/// The name of the first element.
fn root(text: &[u8]) -> Option<&[u8]> {
    let start =
        memchr::memchr_iter(b'<', text).find(|&at| text.get(at + 1).is_some_and(|b| starts_name(*b)))?;
    text[start + 1..].split(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/')).next()
}
