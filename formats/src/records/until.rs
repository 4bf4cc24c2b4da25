//! Where values end.

use crate::records::LOOK;
use crate::records::escapes::{Base64, INDENTATION, base64};
use crate::records::sheet::without_line_end;
use crate::records::yaml::{Key, is_foreign, is_item};

/// What ends a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Until {
    /// The line feed.
    Line,
    /// Each line feed, and there the grammar decides whether the next line belongs to it, too.
    Text,
    /// A blank, a tab or the line feed.
    Blank,
    /// The line feed, or a blank that a key and `=` follow.
    Pair,
    /// A quotation mark without a backslash before it, or the line feed.
    Quote,
    /// An apostrophe that is not doubled, or the line feed.
    Apostrophe,
    /// A line feed that no line of the same scalar of YAML follows; in a collection also a comma or a closing bracket.
    Scalar(Within),
    /// The same of one in quotation marks or apostrophes, or its closing one.
    Quoted(u8, Within),
    /// A bar without a backslash before it, or the line feed.
    Bar,
    /// Three of this byte.
    Triple(u8),
    /// A line feed without a backslash before it.
    Continued,
    /// A line feed that neither a blank nor a tab follows, or one of the bytes that `fold` names.
    Folded(Fold),
    /// The same of one in Base64.
    Base64,
}

/// How a value is written whose lines are folded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fold {
    /// As it is.
    Plain,
    /// With backslashes before what would end it.
    Backslash,
    /// Quoted-printable.
    QuotedPrintable,
    /// One of several parts of a value, each written in one of these ways: a semicolon ends it, too.
    BackslashPart,
    QuotedPrintablePart,
    /// A parameter: a semicolon or a colon ends it.
    Parameter,
    /// A parameter in quotation marks.
    Quoted,
}

/// What a scalar of YAML lies in: its lines may go on where they are none of that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Within {
    /// What stands in this column of the line.
    Block(usize),
    /// A collection that belongs to what stands in this column; a document has none.
    Flow(Option<usize>),
}

impl Within {
    /// Whether a line belongs to a scalar that has begun before it.
    fn goes_on(self, line: &[u8], indent: usize, is_quoted: bool) -> bool {
        let content = &line[indent..];
        let begins = |bytes: &[u8]| content.first().is_none_or(|first| bytes.contains(first));
        match self {
            Self::Block(owner) => {
                let is_own = is_quoted || !begins(b"#") && !is_item(content) && Key::of(content).is_none();
                !content.is_empty() && indent > owner && is_own
            }
            Self::Flow(owner) => {
                !is_foreign(owner, line) && !content.is_empty() && (is_quoted || !begins(b",]}#"))
            }
        }
    }
}

/// What follows a line feed.
enum Next {
    /// A line of the same value: where its text begins, and how far it is indented.
    Line(usize, usize),
    /// Another thing, or nothing.
    Other,
    /// More text is needed.
    Unseen,
}

/// What reading on came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scan {
    /// More text is needed; reading goes on here.
    Wait(usize),
    /// The value ends at `end`, and reading goes on at `next`.
    End { end: usize, next: usize },
}

/// A text as far as it is visible.
#[derive(Clone, Copy)]
struct View<'a> {
    text: &'a [u8],
    start: usize,
    last: bool,
}

impl Until {
    /// Looks for the end of a value that starts at `start` in `text[i..]`, behind which nothing comes when `last`.
    /// Calls `mark` for each escape.
    #[inline(always)]
    pub(crate) fn scan(
        self,
        text: &[u8],
        i: usize,
        start: usize,
        last: bool,
        mark: impl FnMut(usize),
    ) -> Scan {
        let view = View { text, start, last };
        match self {
            Self::Line => view.line(i),
            Self::Text => view.text_line(i),
            Self::Blank => view.ends(memchr::memchr3(b' ', b'\t', b'\n', &text[i..]).map(|n| i + n)),
            Self::Pair => view.pair(i),
            Self::Quote => view.quote(i, mark),
            Self::Apostrophe => view.apostrophe(i, mark),
            Self::Scalar(within) => view.scalar(i, within, mark),
            Self::Quoted(quote, within) => view.quoted(i, (quote, within), mark),
            Self::Bar => {
                let mut ends = memchr::memchr2_iter(b'|', b'\n', &text[i..]).map(|n| i + n);
                view.ends(ends.find(|&at| text[at] == b'\n' || at == start || text[at - 1] != b'\\'))
            }
            Self::Triple(byte) => view.triple(i, byte),
            Self::Continued => view.continued(i, mark),
            Self::Base64 => view.base64(i, mark),
            Self::Folded(fold) => view.folded(i, fold, mark),
        }
    }
}

impl View<'_> {
    /// The end at `end`, which is not read over.
    #[inline]
    fn end(self, end: usize) -> Scan {
        let trimmed = if self.text.get(end).is_none_or(|&b| b == b'\n') {
            without_line_end(self.text, self.start, end)
        } else {
            end
        };
        Scan::End { end: trimmed, next: end }
    }

    /// The end at `end`, if that is known.
    #[inline]
    fn ends(self, end: Option<usize>) -> Scan {
        match end {
            Some(end) => self.end(end),
            None => self.out_of_text(self.text.len()),
        }
    }

    /// Nothing was found up to the end of the text; `at` is what has to be looked at again.
    fn out_of_text(self, at: usize) -> Scan {
        if self.last { self.end(self.text.len()) } else { Scan::Wait(at) }
    }

    #[inline]
    fn line(self, i: usize) -> Scan {
        self.ends(memchr::memchr(b'\n', &self.text[i..]).map(|n| i + n))
    }

    fn text_line(self, i: usize) -> Scan {
        match self.line(i) {
            Scan::End { end, next } => Scan::End { end, next: self.text.len().min(next + 1) },
            wait => wait,
        }
    }

    fn pair(self, mut i: usize) -> Scan {
        loop {
            let Some(at) = memchr::memchr2(b' ', b'\n', &self.text[i..]).map(|n| i + n) else {
                return self.out_of_text(self.text.len());
            };
            if self.text[at] == b'\n' {
                return self.end(at);
            }
            let key = &self.text[at + 1..self.text.len().min(at + 2 + PAIR_KEY)];
            // Where nothing is visible behind the key, it may go on.
            let cut = at + 1 + key.len() == self.text.len() && !self.last;
            match pair_key(key) {
                Some(length) if length < key.len() => return self.end(at),
                None if !(cut && key.is_empty()) => i = at + 1,
                _ if cut => return Scan::Wait(at),
                _ => i = at + 1,
            }
        }
    }

    #[inline]
    fn quote(self, mut i: usize, mut mark: impl FnMut(usize)) -> Scan {
        loop {
            let Some(at) = memchr::memchr3(b'"', b'\\', b'\n', &self.text[i..]).map(|n| i + n) else {
                return self.out_of_text(self.text.len());
            };
            if self.text[at] != b'\\' {
                return self.end(at);
            }
            match self.text.get(at + 1) {
                None if !self.last => return Scan::Wait(at),
                None | Some(b'\n' | b'\r') => i = at + 1,
                Some(_) => {
                    mark(at);
                    i = at + 2;
                }
            }
        }
    }

    fn apostrophe(self, mut i: usize, mut mark: impl FnMut(usize)) -> Scan {
        loop {
            let Some(at) = memchr::memchr2(b'\'', b'\n', &self.text[i..]).map(|n| i + n) else {
                return self.out_of_text(self.text.len());
            };
            match self.text.get(at + 1) {
                None if self.text[at] == b'\'' && !self.last => return Scan::Wait(at),
                Some(b'\'') if self.text[at] == b'\'' => {
                    mark(at);
                    i = at + 2;
                }
                _ => return self.end(at),
            }
        }
    }

    fn scalar(self, mut i: usize, within: Within, mut mark: impl FnMut(usize)) -> Scan {
        loop {
            let at = match within {
                Within::Block(_) => memchr::memchr(b'\n', &self.text[i..]),
                Within::Flow(_) => {
                    self.text[i..].iter().position(|b| matches!(b, b',' | b']' | b'}' | b'\n'))
                }
            };
            let Some(at) = at.map(|n| i + n) else { return self.out_of_text(self.text.len()) };
            if self.text[at] != b'\n' {
                return self.end(at);
            }
            match self.behind_line(at, within, false) {
                Next::Line(start, indent) => i = self.fold(at, start, indent, &mut mark),
                Next::Other => return self.end(at),
                Next::Unseen => return Scan::Wait(at),
            }
        }
    }

    fn quoted(self, mut i: usize, (quote, within): (u8, Within), mut mark: impl FnMut(usize)) -> Scan {
        let escape = if quote == b'"' { b'\\' } else { quote };
        loop {
            let Some(at) = memchr::memchr3(quote, escape, b'\n', &self.text[i..]).map(|n| i + n) else {
                return self.out_of_text(self.text.len());
            };
            let behind = self.text.get(at + 1);
            match self.text[at] {
                b'\n' => match self.behind_line(at, within, true) {
                    // Behind a backslash, the line feed stands for nothing.
                    Next::Line(start, _) if escape == b'\\' && self.ends_escaped(at) => i = start,
                    Next::Line(start, indent) => i = self.fold(at, start, indent, &mut mark),
                    Next::Other => return self.end(at),
                    Next::Unseen => return Scan::Wait(at),
                },
                byte if byte == escape && behind.is_none() && !self.last => return Scan::Wait(at),
                b'\\' if escape == b'\\' => match behind {
                    None => i = at + 1,
                    Some(b'\r' | b'\n') => {
                        mark(at);
                        i = at + 1;
                    }
                    Some(_) => {
                        mark(at);
                        i = at + 2;
                    }
                },
                b'\'' if quote == b'\'' && behind == Some(&b'\'') => {
                    mark(at);
                    i = at + 2;
                }
                _ => return self.end(at),
            }
        }
    }

    /// What follows the line feed at `at`. As much is looked at as decides on the head of a line.
    fn behind_line(self, at: usize, within: Within, is_quoted: bool) -> Next {
        let rest = &self.text[at + 1..self.text.len().min(at + 1 + LOOK)];
        let is_all = self.last || rest.len() == LOOK;
        let mut start = 0;
        loop {
            let end = memchr::memchr(b'\n', &rest[start..]).map(|n| start + n);
            let line = &rest[start..end.unwrap_or(rest.len())];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let indent = line.iter().take_while(|b| **b == b' ').count();
            match end {
                Some(end) if line.trim_ascii().is_empty() => start = end + 1,
                None if !is_all => return Next::Unseen,
                _ if within.goes_on(line, indent, is_quoted) => {
                    return Next::Line(at + 1 + start + indent, indent);
                }
                _ => return Next::Other,
            }
        }
    }

    /// Goes over the line end at `at`, behind which a value goes on at `start`: it stands for one blank.
    fn fold(self, at: usize, start: usize, indent: usize, mut mark: impl FnMut(usize)) -> usize {
        let line_end = start - indent - 1;
        if line_end == at && indent > 1 {
            let carriage = at > self.start && self.text[at - 1] == b'\r';
            mark(at - usize::from(carriage));
            (at + 3..start).step_by(INDENTATION).for_each(mark);
        }
        start
    }

    /// Whether the line feed at `at` stands behind a backslash that is none of an escape before it.
    fn ends_escaped(self, at: usize) -> bool {
        let line = &self.text[self.start.max(at.saturating_sub(BACKSLASHES))..at];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1
    }

    fn triple(self, mut i: usize, byte: u8) -> Scan {
        loop {
            let Some(at) = memchr::memchr(byte, &self.text[i..]).map(|n| i + n) else {
                return self.out_of_text(self.text.len());
            };
            match self.text[at..] {
                [_, second, third, ..] if second == byte && third == byte => {
                    return Scan::End { end: at, next: at };
                }
                [_, second, ..] if second != byte => i = at + 2,
                [_, _, _, ..] => i = at + 3,
                _ if self.last => return self.end(self.text.len()),
                _ => return Scan::Wait(at),
            }
        }
    }

    fn continued(self, mut i: usize, mut mark: impl FnMut(usize)) -> Scan {
        loop {
            let Some(at) = memchr::memchr2(b'\\', b'\n', &self.text[i..]).map(|n| i + n) else {
                return self.out_of_text(self.text.len());
            };
            if self.text[at] == b'\n' {
                return self.end(at);
            }
            let length = match self.text[at + 1..] {
                [b'\r', b'\n', ..] => 3,
                [b'\r'] | [] if !self.last => return Scan::Wait(at),
                [] => 1,
                _ => 2,
            };
            mark(at);
            i = at + length;
        }
    }

    /// Always goes on where four characters begin, or a line is folded.
    fn base64(self, mut i: usize, mut mark: impl FnMut(usize)) -> Scan {
        loop {
            i += match self.text[i..] {
                [] => return self.out_of_text(i),
                [b'\n' | b'\r'] | [b'\r', b'\n'] if !self.last => return Scan::Wait(i),
                [b'\n', b' ' | b'\t', ..] => {
                    mark(i);
                    2
                }
                [b'\r', b'\n', b' ' | b'\t', ..] => {
                    mark(i);
                    3
                }
                [b'\n', ..] => return self.end(i),
                [b'\r', b'\n', ..] => return self.end(i + 1),
                _ => match base64(&self.text[i..]) {
                    Base64::Bytes { length, .. } => {
                        mark(i);
                        length
                    }
                    Base64::Cut if !self.last => return Scan::Wait(i),
                    // No Base64: it stands for itself.
                    Base64::Cut | Base64::None => 1,
                },
            }
        }
    }

    fn folded(self, mut i: usize, fold: Fold, mut mark: impl FnMut(usize)) -> Scan {
        let text = self.text;
        loop {
            let found = match fold {
                Fold::Plain => memchr::memchr(b'\n', &text[i..]),
                Fold::Backslash => memchr::memchr2(b'\n', b'\\', &text[i..]),
                Fold::QuotedPrintable => memchr::memchr2(b'\n', b'=', &text[i..]),
                Fold::BackslashPart => memchr::memchr3(b'\n', b'\\', b';', &text[i..]),
                Fold::QuotedPrintablePart => memchr::memchr3(b'\n', b'=', b';', &text[i..]),
                Fold::Parameter => memchr::memchr3(b'\n', b';', b':', &text[i..]),
                Fold::Quoted => memchr::memchr2(b'\n', b'"', &text[i..]),
            };
            let Some(at) = found.map(|n| i + n) else { return self.out_of_text(text.len()) };
            match (text[at], &text[at + 1..]) {
                (b'\n', []) | (b'\\' | b'=', []) | (b'=', [b'\r' | b'0'..=b'9' | b'A'..=b'F'])
                    if !self.last =>
                {
                    return Scan::Wait(at);
                }
                (b'\n', [b' ' | b'\t', ..]) => {
                    let carriage = at > self.start && text[at - 1] == b'\r';
                    mark(at - usize::from(carriage));
                    i = at + 2;
                }
                (b'\\', [b'\n' | b'\r', ..]) | (b'\\', []) => i = at + 1,
                (b'\\', [_, ..]) => {
                    mark(at);
                    i = at + 2;
                }
                (b'=', [b'\n', ..]) => {
                    mark(at);
                    i = at + 2;
                }
                (b'=', [b'\r', b'\n', ..]) => {
                    mark(at);
                    i = at + 3;
                }
                (b'=', [high, low, ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    mark(at);
                    i = at + 3;
                }
                (b'=', _) => i = at + 1,
                _ => return self.end(at),
            }
        }
    }
}

/// Bytes before a line feed that are looked at for backslashes. Fewer than the least left context, so that the same ones are visible
/// in all windows.
const BACKSLASHES: usize = 32;

/// Bytes that a key of a pair may have.
const PAIR_KEY: usize = 64;

/// The bytes that it may have.
const IN_PAIR_KEY: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        table[byte] = b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/' | b':' | b'@');
        byte += 1;
    }
    table
};

/// The length of what could be the key of a pair at the start of `text`; what follows it is `=`, or nothing. `None`
/// where there is none.
pub(crate) fn pair_key(text: &[u8]) -> Option<usize> {
    let starts = text.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
    if !starts {
        return None;
    }
    let length = text.iter().take(PAIR_KEY + 1).take_while(|b| IN_PAIR_KEY[usize::from(**b)]).count();
    let ends = text.get(length).is_none_or(|&b| b == b'=');
    (length <= PAIR_KEY && ends).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(until: Until, text: &str) -> (Scan, Vec<usize>) {
        let mut marks = Vec::new();
        let scan = until.scan(text.as_bytes(), 0, 0, false, |at| marks.push(at));
        (scan, marks)
    }

    #[test]
    fn values_end_where_they_should() {
        let end = |end, next| Scan::End { end, next };
        assert_eq!(scan(Until::Line, "ab\r\nc"), (end(2, 3), vec![]));
        assert_eq!(scan(Until::Text, "ab\r\nc"), (end(2, 4), vec![]));
        assert_eq!(scan(Until::Blank, "ab c"), (end(2, 2), vec![]));
        assert_eq!(scan(Until::Pair, "+49 171 5 b=1 "), (end(9, 9), vec![]));
        assert_eq!(scan(Until::Pair, "a b"), (Scan::Wait(1), vec![]));
        assert_eq!(scan(Until::Quote, r#"a\"b\\" c"#), (end(6, 6), vec![1, 4]));
        assert_eq!(scan(Until::Quote, r#"a\"#), (Scan::Wait(1), vec![]));
        assert_eq!(scan(Until::Apostrophe, "a''b' c"), (end(4, 4), vec![1]));
        assert_eq!(scan(Until::Triple(b'"'), "a\"\"b\"\"\"c"), (end(4, 4), vec![]));
        assert_eq!(scan(Until::Continued, "a\\\r\n  b\r\nc"), (end(7, 8), vec![1]));
        assert_eq!(scan(Until::Folded(Fold::Plain), "a\r\n b\n\tc\nd"), (end(8, 8), vec![1, 5]));
        assert_eq!(scan(Until::Folded(Fold::Plain), "ab\n"), (Scan::Wait(2), vec![]));
        assert_eq!(
            scan(Until::Folded(Fold::QuotedPrintable), "=C3=A4=\nb=\n"),
            (Scan::Wait(11), vec![0, 3, 6, 9])
        );
        assert_eq!(scan(Until::Folded(Fold::Parameter), "a\n b:c"), (end(4, 4), vec![1]));
        assert_eq!(scan(Until::Folded(Fold::BackslashPart), "a\\;b\n c;d"), (end(7, 7), vec![1, 4]));
        assert_eq!(scan(Until::Folded(Fold::QuotedPrintablePart), "=3B;d"), (end(3, 3), vec![0]));
        let base64 = Until::Base64;
        assert_eq!(scan(base64, "SmFu\r\n ZQ\n ==\nx"), (end(13, 13), vec![0, 4, 7]));
        assert_eq!(scan(base64, "SmFuZQ"), (Scan::Wait(4), vec![0]));
    }
}
