//! Whether a text is JSON, and what its records are, from its beginning.

use super::{RECORD_SEPARATOR, Records};
use crate::names;

/// Lines that decide.
const LINES: usize = 10;

/// What the records of a text are, if it is JSON. `text` is its beginning, or all of it when `whole`.
pub(crate) fn kind(extension: &str, text: &[u8], whole: bool) -> Option<Records> {
    if matches!(extension, "ndjson" | "jsonl") || has_lines(extension, text, whole) {
        return Some(Records::Lines);
    }
    if let Some(value) = text.strip_prefix(&[RECORD_SEPARATOR]) {
        return matches!(value.trim_ascii_start().first(), Some(b'{' | b'[')).then_some(Records::Values);
    }
    let is_json = match names::of_text(extension, b"") {
        "json" => matches!(behind_comments(text).first(), Some(b'{' | b'[')),
        "text" => is_document(text.trim_ascii_start()),
        _ => false,
    };
    is_json.then(|| if are_values(text) { Records::Values } else { Records::Elements })
}

/// Whether each of the first complete lines is a JSON object. A file of one line is a document; a log has lines.
fn has_lines(extension: &str, text: &[u8], whole: bool) -> bool {
    if !matches!(extension, "json" | "log" | "") && names::is_no_table(extension) {
        return false;
    }
    let text = if whole { text } else { &text[..memchr::memrchr(b'\n', text).map_or(0, |end| end + 1)] };
    let lines =
        text.split(|&b| b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).take(LINES);
    let lines = lines.map(|line| line.strip_prefix(&[RECORD_SEPARATOR]).unwrap_or(line));
    let is_object = |line: &[u8]| match line {
        [b'{', inner @ .., b'}'] => matches!(inner.trim_ascii_start().first(), None | Some(b'"')),
        _ => false,
    };
    let mut count = 0;
    let mut objects = lines.inspect(|_| count += 1);
    objects.all(is_object) && count >= if extension == "log" { 1 } else { 2 }
}

/// Whether a text that nothing else is known of is JSON: an object with a key, or an array of such or of strings.
fn is_document(text: &[u8]) -> bool {
    match text {
        [b'{', rest @ ..] => has_key(rest),
        [b'[', rest @ ..] => match rest.trim_ascii_start() {
            [b'{', rest @ ..] => has_key(rest),
            [b'"', rest @ ..] => follows_string(rest, b",]"),
            _ => false,
        },
        _ => false,
    }
}

fn has_key(text: &[u8]) -> bool {
    text.trim_ascii_start().strip_prefix(b"\"").is_some_and(|rest| follows_string(rest, b":"))
}

/// Whether one of `bytes` follows the string that `text` is in.
fn follows_string(text: &[u8], bytes: &[u8]) -> bool {
    let end = memchr::memchr2(b'"', b'\n', text).filter(|&end| text[end] == b'"');
    end.and_then(|end| text[end + 1..].trim_ascii_start().first()).is_some_and(|byte| bytes.contains(byte))
}

fn behind_comments(text: &[u8]) -> &[u8] {
    let mut rest = text.trim_ascii_start();
    loop {
        let end = match rest {
            [b'/', b'/', ..] => memchr::memchr(b'\n', rest),
            [b'/', b'*', ..] => memchr::memmem::find(&rest[2..], b"*/").map(|at| at + 4),
            _ => return rest,
        };
        rest = rest[end.unwrap_or(rest.len())..].trim_ascii_start();
    }
}

/// Whether an object ends in `text` and another one follows.
fn are_values(text: &[u8]) -> bool {
    let (mut open, mut string, mut i) = (0usize, false, 0);
    while i < text.len() {
        match text[i] {
            b'\\' if string => i += 1,
            b'"' => string = !string,
            b'{' | b'[' if !string => open += 1,
            b'}' | b']' if !string => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return text[i] == b'}' && text[i + 1..].trim_ascii_start().first() == Some(&b'{');
                }
            }
            _ => {}
        }
        i += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_told_from_other_texts() {
        let cases: &[(&str, &str, Option<Records>)] = &[
            ("jsonl", "{\n", Some(Records::Lines)),
            ("json", "{\"a\":1}\n{\"a\":2}\n", Some(Records::Lines)),
            ("log", "{\"a\":1}\n", Some(Records::Lines)),
            ("json", "{\"a\":1}\n", Some(Records::Elements)),
            ("json", "// a comment\n/* and one */ {a: 1}", Some(Records::Elements)),
            ("json", "{\n}\n{\n}", Some(Records::Values)),
            ("", "{\"a\":1}{\"a\":2}", Some(Records::Values)),
            ("json-seq", "\x1E{\"a\":1}\n\x1E{\"a\":2}\n", Some(Records::Lines)),
            ("json", "\x1E{\n\"a\":1}\n\x1E{\"a\":2}\n", Some(Records::Values)),
            ("txt", "\x1Ea\x1Eb\n", None),
            ("ipynb", "{\n \"cells\": [\n", Some(Records::Elements)),
            ("dat", "[\n {\"a\" : 1}]", Some(Records::Elements)),
            ("txt", "[\"a\", \"b\"]", Some(Records::Elements)),
            ("json", "hello", None),
            ("txt", "{{ name }}", None),
            ("txt", "{\"a\"}", None),
            ("txt", "[section]\na=1", None),
            ("txt", "[[Page]]", None),
            ("js", "{\"a\":1}", None),
        ];
        for &(extension, text, expected) in cases {
            assert_eq!(kind(extension, text.as_bytes(), true), expected, "{extension}: {text}");
        }
    }
}
