//! Configuration: INI, Java properties, environment files, TOML. Keys below their section are columns.
//!
//! A file is one record; in INI each section is one, in TOML each table of an array with what lies in it. Comments have the column `*`; a line that
//! is neither of these belongs to the value before it where the format lets values go on (indented lines, arrays of TOML), and
//! otherwise to `*`.

use domesday_model::{ColumnIx, Reason};

use crate::paths::{NodeId, ROOT, is_data};
use crate::records::until::Until;
use crate::records::{Grammar, Seen, Sheet};

/// Which of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dialect {
    Ini,
    Properties,
    Env,
    Toml,
}

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    /// A line.
    Line,
    /// This quotation mark, so many times, behind a value.
    Quote(u8, usize),
    /// The end of the line, or a comment.
    End,
}

/// A key longer than this is none.
const KEY_BYTES: usize = 128;

/// See the module.
pub(crate) struct Ini {
    dialect: Dialect,
    next: Next,
    section: NodeId,
    last: Option<NodeId>,
    /// The column of the last value, whose lines may go on.
    value: Option<ColumnIx>,
    /// The array whose tables are records, as it is written, and the place of its tables.
    array: Option<(Vec<u8>, NodeId)>,
    /// The record has values.
    is_filled: bool,
}

impl Ini {
    pub(crate) const fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            next: Next::Line,
            section: ROOT,
            last: None,
            value: None,
            array: None,
            is_filled: false,
        }
    }

    fn line(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        let (line, whole) = seen.head(i);
        let indent = line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let (start, line) = (i + indent, &line[indent..]);
        if line.is_empty() {
            return if whole { seen.behind_line() } else { start };
        }
        sheet.begin(i);
        let is_comment = line[0] == b'#'
            || match self.dialect {
                Dialect::Ini => line[0] == b';' || line.starts_with(b"//"),
                Dialect::Properties => line[0] == b'!',
                Dialect::Env | Dialect::Toml => false,
            };
        if is_comment {
            return self.text_line(sheet, i, None);
        }
        if line[0] == b'['
            && self.dialect != Dialect::Properties
            && let Some(length) = self.section(sheet, seen, start, line)
        {
            return start + length;
        }
        match key_of(self.dialect, line) {
            Some(key) if !(indent > 0 && self.dialect == Dialect::Ini && key.loose) => {
                self.key(sheet, seen, start, line, &key)
            }
            _ if self.value.is_some() && (indent > 0 || self.dialect == Dialect::Toml) => {
                self.text_line(sheet, i, self.value)
            }
            _ => {
                if !sheet.is_in_text() {
                    sheet.note(i, Reason::MalformedRecord);
                }
                self.text_line(sheet, i, None)
            }
        }
    }

    fn text_line(&mut self, sheet: &mut Sheet<'_>, i: usize, column: Option<ColumnIx>) -> usize {
        let column = column.unwrap_or_else(|| sheet.elsewhere());
        sheet.text_line(i, column);
        i
    }

    /// The length of `[section]`, `[a.b]` or `[[items]]` at the start of a line; `None` where there is none.
    fn section(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, start: usize, line: &[u8]) -> Option<usize> {
        let brackets = 1 + usize::from(self.dialect == Dialect::Toml && line.get(1) == Some(&b'['));
        let close = memchr::memchr(b']', line)?;
        let length = close + brackets;
        let is_comment = |rest: &[u8]| matches!(rest.trim_ascii_start(), [] | [b'#' | b';', ..]);
        if close <= brackets || close > KEY_BYTES || !is_comment(line.get(length..)?) {
            return None;
        }
        sheet.settle();
        let name = &line[brackets..close];
        let within = |(array, node): &(Vec<u8>, NodeId)| {
            let rest = name.strip_prefix(&array[..])?;
            (rest.first() == Some(&b'.')).then_some((array.len() + 1, *node))
        };
        let (skip, parent) = self.array.as_ref().and_then(within).unwrap_or((0, ROOT));
        let is_record = self.dialect == Dialect::Ini || brackets == 2 || self.array.is_some();
        if skip == 0 && is_record {
            self.array = None;
            if std::mem::take(&mut self.is_filled) {
                sheet.end_record();
                sheet.begin(start);
            }
        }
        let (at, length) = (start + brackets + skip, close - brackets - skip);
        self.section = path(sheet, seen.text, (at, length), parent, None);
        sheet.paths.hold(self.section);
        if brackets == 2 {
            self.section = sheet.paths.element(self.section);
        }
        if brackets == 2 && self.array.is_none() {
            self.array = Some((name.to_owned(), self.section));
        }
        self.last = None;
        self.value = None;
        self.next = Next::End;
        Some(close + brackets)
    }

    fn key(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, start: usize, line: &[u8], key: &Key) -> usize {
        sheet.settle();
        self.is_filled = true;
        let node = path(sheet, seen.text, (start + key.start, key.length), self.section, self.last);
        self.last = Some(node);
        let column = sheet.column(node);
        self.value = Some(column);
        let at = start + key.value;
        let value = &line[key.value..];
        let (until, quotes) = match (self.dialect, value) {
            (Dialect::Toml, [b'"', b'"', b'"', ..]) => (Until::Triple(b'"'), 3),
            (Dialect::Toml, [b'\'', b'\'', b'\'', ..]) => (Until::Triple(b'\''), 3),
            (Dialect::Toml | Dialect::Env, [b'"', ..]) => (Until::Quote, 1),
            (Dialect::Toml | Dialect::Env, [b'\'', ..]) => (Until::Apostrophe, 1),
            (Dialect::Properties, _) => (Until::Continued, 0),
            _ => (Until::Line, 0),
        };
        self.next = if quotes > 0 { Next::Quote(value[0], quotes) } else { Next::End };
        sheet.value(seen.text, at + quotes, column, until)
    }

    /// What is left of a line.
    fn end(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        let (line, whole) = seen.head(i);
        if line.is_empty() && whole {
            self.next = Next::Line;
            return seen.behind_line();
        }
        if matches!(line[0], b' ' | b'\t') {
            return i + 1;
        }
        let column = sheet.elsewhere();
        sheet.value(seen.text, i, column, Until::Line)
    }
}

impl Grammar for Ini {
    fn head(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        match self.next {
            Next::Line => self.line(sheet, seen, i),
            Next::Quote(byte, count) => {
                self.next = Next::End;
                i + seen.text[i..].iter().take(count).take_while(|b| **b == byte).count()
            }
            Next::End => self.end(sheet, seen, i),
        }
    }
}

/// The place of a path of keys such as `a.b."c.d"`, in `seen.text[start..start + length]`, below `parent`.
fn path(
    sheet: &mut Sheet<'_>,
    text: &[u8],
    (start, length): (usize, usize),
    parent: NodeId,
    mut last: Option<NodeId>,
) -> NodeId {
    let end = start + length;
    if is_data(&text[start..end]) || !text[start..end].iter().any(|b| b.is_ascii_alphabetic()) {
        // An address or a number is no path.
        return sheet.key(text, (start, length), parent, None);
    }
    let (mut node, mut at) = (parent, start);
    while at < end {
        let rest = &text[at..end];
        let quoted = matches!(rest[0], b'"' | b'\'')
            .then(|| memchr::memchr(rest[0], &rest[1..]))
            .flatten()
            .filter(|&n| matches!(rest.get(n + 2), None | Some(b'.' | b' ')));
        let (from, to, next) = match quoted {
            Some(n) => (at + 1, at + 1 + n, at + n + 2),
            None => {
                // A dot within quotation marks, as in `[remote "a.b"]`, parts nothing.
                let mut is_open = false;
                let parts = |b: &u8| {
                    is_open ^= *b == b'"';
                    *b == b'.' && !is_open
                };
                let to = rest.iter().position(parts).map_or(end, |n| at + n);
                (at, to, to)
            }
        };
        let key = text[from..to].trim_ascii();
        let from = from + text[from..to].len() - text[from..to].trim_ascii_start().len();
        if !key.is_empty() {
            node = sheet.key(text, (from, key.len()), node, last.take());
        }
        at = next + text[next..end].iter().take_while(|b| matches!(b, b'.' | b' ')).count();
    }
    node
}

/// The key of a line, and where its value starts.
#[derive(Debug)]
pub(super) struct Key {
    start: usize,
    length: usize,
    value: usize,
    /// What is before the sign has blanks, or the sign is a colon: it may be prose.
    pub(super) loose: bool,
    /// Blanks stand before the sign.
    pub(super) spaced: bool,
}

impl Key {
    /// The value of its line.
    pub(super) fn value_of<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        &line[self.value..]
    }
}

/// The key at the start of `line`, which no blank precedes.
pub(super) fn key_of(dialect: Dialect, line: &[u8]) -> Option<Key> {
    let start = if dialect == Dialect::Env && line.starts_with(b"export ") { 7 } else { 0 };
    let is_sign = |b: &u8| match dialect {
        Dialect::Ini | Dialect::Properties => matches!(b, b'=' | b':'),
        Dialect::Env | Dialect::Toml => *b == b'=',
    };
    let quote = line.get(start).filter(|b| matches!(b, b'"' | b'\''));
    let within = match quote {
        Some(quote) => memchr::memchr(*quote, &line[start + 1..])? + 2,
        None => 0,
    };
    let sign = start + within + line[start + within..].iter().take(KEY_BYTES).position(is_sign)?;
    let key = line[start..sign].trim_ascii_end();
    let fits = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || b"_-./\\:@$ \"'*+?~[]()%{}".contains(b);
    let strict = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    let fits = match dialect {
        Dialect::Env => key.iter().all(strict),
        Dialect::Toml if quote.is_none() => key.iter().all(|b| strict(b) || *b == b' '),
        _ => key.iter().all(fits),
    };
    if key.is_empty() || !fits || key.len() > KEY_BYTES {
        return None;
    }
    let blanks = line[sign + 1..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let loose = key.contains(&b' ') || line[sign] == b':';
    let spaced = key.len() < sign - start;
    Some(Key { start, length: key.len(), value: sign + 1 + blanks, loose, spaced })
}
