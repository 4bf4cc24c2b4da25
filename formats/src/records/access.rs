//! Access logs of web servers: the common and the combined log format of Apache and nginx.

use domesday_model::{ColumnIx, Reason};

use crate::columns::{INTEGER, TEXT};
use crate::records::until::Until;
use crate::records::{Grammar, Seen, Sheet};

/// What comes next in a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    /// Its first field.
    Host,
    /// The quotation mark behind the request.
    Status,
    /// The quotation mark behind the referer.
    Agent,
    /// The quotation mark behind the user agent.
    Extra,
    /// Its line feed.
    End,
}

/// The fields before the request, as ranges of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Beginning {
    /// Virtual host, remote host, identity, user, time; empty where there is none.
    fields: [(usize, usize); 5],
    /// Behind the quotation mark that opens the request.
    request: usize,
}

/// See the module.
pub(crate) struct Access {
    next: Next,
    columns: [Option<ColumnIx>; NAMES.len()],
}

const NAMES: [&str; 10] = [
    "virtual_host",
    "remote_host",
    "identity",
    "user",
    "time",
    "request",
    "status",
    "bytes",
    "referer",
    "user_agent",
];
const REQUEST: usize = 5;
const STATUS: usize = 6;
const BYTES: usize = 7;
const REFERER: usize = 8;
const AGENT: usize = 9;

impl Access {
    pub(crate) const fn new() -> Self {
        Self { next: Next::Host, columns: [None; NAMES.len()] }
    }

    fn column(&mut self, sheet: &mut Sheet<'_>, field: usize) -> ColumnIx {
        *self.columns[field].get_or_insert_with(|| sheet.name_column(NAMES[field].to_owned()))
    }

    fn beginning(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        let line = seen.head(i).0;
        if line.is_empty() {
            return self.line_end(sheet, seen);
        }
        let Some(beginning) = Beginning::of(line) else {
            if !sheet.is_in_text() {
                sheet.end_record();
                sheet.begin(i);
                sheet.note_record(Reason::MalformedRecord);
            }
            let column = sheet.elsewhere();
            sheet.text_line(i, column);
            return i;
        };
        sheet.settle();
        sheet.end_record();
        sheet.begin(i);
        for (field, (start, end)) in beginning.fields.into_iter().enumerate() {
            if start < end && &line[start..end] != b"-" {
                let column = self.column(sheet, field);
                sheet.push_typed(i + start, i + end, column, TEXT);
            }
        }
        self.quoted(sheet, seen, i + beginning.request, REQUEST, Next::Status)
    }

    fn quoted(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize, field: usize, next: Next) -> usize {
        let column = self.column(sheet, field);
        self.next = next;
        sheet.value(seen.text, i, column, Until::Quote)
    }

    /// The status and the length behind a request, and perhaps a referer.
    fn status(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        let line = seen.head(i).0;
        let Some((status, bytes)) = status_and_bytes(line) else { return self.rest(sheet, seen, i, true) };
        let column = self.column(sheet, STATUS);
        sheet.push_typed(i + status.0, i + status.1, column, INTEGER);
        if &line[bytes.0..bytes.1] != b"-" {
            let column = self.column(sheet, BYTES);
            sheet.push_typed(i + bytes.0, i + bytes.1, column, INTEGER);
        }
        match &line[bytes.1..] {
            b" \"-\"" => self.end_at(i + bytes.1 + 4),
            // A dash between quotation marks stands for nothing.
            [b' ', b'"', b'-', b'"', b' ', b'"', ..] => {
                self.quoted(sheet, seen, i + bytes.1 + 6, AGENT, Next::Extra)
            }
            [b' ', b'"', ..] => self.quoted(sheet, seen, i + bytes.1 + 2, REFERER, Next::Agent),
            [] => self.end_at(i + bytes.1),
            _ => self.rest(sheet, seen, i + bytes.1, false),
        }
    }

    fn end_at(&mut self, i: usize) -> usize {
        self.next = Next::End;
        i
    }

    /// What is left of the line has no column.
    fn rest(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize, malformed: bool) -> usize {
        if malformed {
            sheet.note_record(Reason::MalformedRecord);
        }
        let column = sheet.elsewhere();
        self.next = Next::End;
        sheet.value(seen.text, i, column, Until::Line)
    }

    fn line_end(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>) -> usize {
        self.next = Next::Host;
        if !sheet.is_in_text() {
            sheet.end_record();
        }
        seen.behind_line()
    }
}

impl Grammar for Access {
    fn head(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        match self.next {
            Next::Host => self.beginning(sheet, seen, i),
            Next::Status => self.status(sheet, seen, i),
            Next::Agent | Next::Extra => match seen.head(i) {
                ([b'"'] | [b'"', b' ', b'"', b'-', b'"'], true) => self.line_end(sheet, seen),
                ([b'"', b' ', b'"', ..], _) if self.next == Next::Agent => {
                    self.quoted(sheet, seen, i + 3, AGENT, Next::Extra)
                }
                ([b'"', ..], _) => self.rest(sheet, seen, i + 1, false),
                _ => self.rest(sheet, seen, i, true),
            },
            Next::End => self.line_end(sheet, seen),
        }
    }
}

impl Beginning {
    /// The fields of a line up to its request.
    #[inline]
    pub(super) fn of(line: &[u8]) -> Option<Self> {
        Self::of_anybody(line).or_else(|| Self::of_somebody(line))
    }

    /// Nearly all lines: neither identity nor user, and a time of the usual length.
    #[inline]
    fn of_anybody(line: &[u8]) -> Option<Self> {
        const BEHIND_HOST: &[u8] = b" - - [";
        const TIME: usize = "12/May/2025:00:00:59 +0200".len();
        const BEHIND_TIME: &[u8] = b"] \"";
        let host = memchr::memchr(b' ', line)?;
        let time = host + BEHIND_HOST.len();
        let end = time + TIME;
        let fits = line.get(end..end + BEHIND_TIME.len())? == BEHIND_TIME
            && line[host..time] == *BEHIND_HOST
            && is_time(&line[time..end]);
        let fields = [(0, 0), (0, host), (0, 0), (0, 0), (time, end)];
        fits.then_some(Self { fields, request: end + BEHIND_TIME.len() })
    }

    fn of_somebody(line: &[u8]) -> Option<Self> {
        let bracket = memchr::memchr(b'[', line)?;
        let close = bracket + memchr::memchr(b']', &line[bracket..])?;
        if !is_time(&line[bracket + 1..]) || line.get(close + 1..close + 3) != Some(b" \"") {
            return None;
        }
        // The user may hold blanks, so it is what the fields around it leave.
        let mut at = 0;
        let mut field = || {
            let start = at;
            let end = start + memchr::memchr(b' ', &line[start..bracket])?;
            at = end + 1;
            Some((start, end))
        };
        let (first, second, third) = (field()?, field()?, field()?);
        let last = line[..bracket].strip_suffix(b" ")?.len();
        let time = (bracket + 1, close);
        let request = close + 3;
        let with_port = line[first.0..first.1].contains(&b':') && is_address(&line[second.0..second.1]);
        let fields = if third.1 == last {
            [(0, 0), first, second, third, time]
        } else if with_port {
            [first, second, third, (third.1 + 1, last), time]
        } else {
            [(0, 0), first, second, (third.0, last), time]
        };
        Some(Self { fields, request })
    }
}

/// Whether a text starts like `12/May/2025:`.
fn is_time(text: &[u8]) -> bool {
    matches!(text, [b'0'..=b'9', b'0'..=b'9', b'/', _, _, _, b'/', b'0'..=b'9', _, _, b'0'..=b'9', b':', ..])
}

/// Whether a field looks like an address rather than like an identity, which is mostly a dash.
fn is_address(field: &[u8]) -> bool {
    field.contains(&b'.') || field.contains(&b':')
}

/// The ranges of both in `" 200 1234…`.
fn status_and_bytes(line: &[u8]) -> Option<((usize, usize), (usize, usize))> {
    let [b'"', b' ', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b' ', bytes @ ..] = line else { return None };
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let length = if bytes.first() == Some(&b'-') { 1 } else { digits };
    let ends = bytes.get(length).is_none_or(|&b| b == b' ');
    (length > 0 && ends).then_some(((2, 5), (6, 6 + length)))
}
