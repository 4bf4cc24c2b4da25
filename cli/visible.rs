//! Names from a scanned share, made safe to show. A file name may hold a newline, an escape sequence that changes the
//! terminal, or characters that reverse the text around them: each becomes visible and loses its effect.

use std::fmt::Write;

/// A name as one line; bytes that are not UTF-8 appear as `\xNN`.
pub(crate) fn visible(name: &[u8]) -> String {
    let mut shown = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        push(&mut shown, chunk.valid(), false);
        for byte in chunk.invalid() {
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}

/// As [`visible`], for text of several lines.
pub(crate) fn visible_lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    push(&mut shown, text, true);
    shown
}

fn push(shown: &mut String, text: &str, keep_newlines: bool) {
    for c in text.chars() {
        match c {
            '\n' if keep_newlines => shown.push(c),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            // Writing to a string cannot fail.
            c if c.is_control() && c.is_ascii() => _ = write!(shown, "\\x{:02x}", c as u32),
            c if c.is_control() || steers(c) => _ = write!(shown, "\\u{{{:x}}}", c as u32),
            c => shown.push(c),
        }
    }
}

/// Characters without a shape of their own that change how the text around them is shown.
pub(crate) fn steers(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_becomes_visible() {
        assert_eq!(visible(b"a\nb\x1b[31m\xff"), "a\\nb\\x1b[31m\\xff");
        assert_eq!(visible("\u{9b}31m \u{202e}txt.exe".as_bytes()), "\\u{9b}31m \\u{202e}txt.exe");
        assert_eq!(visible_lines("a\n\x07"), "a\n\\x07");
    }

    #[test]
    fn ordinary_names_stay() {
        assert_eq!(visible("Löhne 2025/März.csv".as_bytes()), "Löhne 2025/März.csv");
    }
}
