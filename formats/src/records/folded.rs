//! `name: value` lines that may be folded: LDIF (RFC 2849), vCard (RFC 2426, RFC 6350 and version 2.1), iCalendar
//! (RFC 5545).
//!
//! Names are columns, parameters are columns below them (`ATTENDEE.CN`), and so are the parts of a card's name (`N.family_name`). An entry, a card, an event or a task is a
//! record, the first one with what stands before it: remarks, the version, what a calendar says of itself. Texts in Base64 (`::` in LDIF, which has to write so what is not ASCII) are decoded, and a byte of them stands
//! where the character does in which it begins; what is no text (pictures, keys) is read as it is written.

use domesday_model::Reason;

use crate::paths::{NodeId, ROOT};
use crate::records::escapes::{Base64, base64};
use crate::records::until::{Fold, Until};
use crate::records::{Grammar, Seen, Sheet};

/// Which of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dialect {
    Ldif,
    /// vCard and iCalendar.
    Card,
}

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    /// A line.
    Name,
    /// A parameter, or the value, of the property there.
    Parameter(NodeId),
    /// The quotation mark behind a parameter of that property.
    Quoted(NodeId),
    /// The part of that number, behind a semicolon, of the name there.
    Part(NodeId, usize),
    /// The line feed behind a value.
    End,
}

/// The parts of `N`, which RFC 6350 calls so.
const NAME_PARTS: [&[u8]; 5] =
    [b"family_name", b"given_name", b"additional_names", b"honorific_prefix", b"honorific_suffix"];

/// A name longer than this is none.
const NAME_BYTES: usize = 128;

/// See the module.
pub(crate) struct Folded {
    dialect: Dialect,
    next: Next,
    /// The name of the line before.
    last: Option<NodeId>,
    /// The value of the line is in quoted-printable.
    quoted_printable: bool,
    /// An entry, or what stands for one, has begun.
    in_entry: bool,
}

impl Folded {
    pub(crate) const fn new(dialect: Dialect) -> Self {
        Self { dialect, next: Next::Name, last: None, quoted_printable: false, in_entry: false }
    }

    fn name(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        let (line, _) = seen.head(i);
        if line.is_empty() {
            // In LDIF a blank line ends an entry.
            if self.dialect == Dialect::Ldif {
                self.end_record(sheet);
            }
            return seen.behind_line();
        }
        let Some(name) = Name::of(self.dialect, line) else { return self.text_line(sheet, i, line) };
        let begins = match self.dialect {
            Dialect::Card => is_begin_of_record(line),
            Dialect::Ldif => !self.in_entry && !starts_with(line, b"version:"),
        };
        if begins {
            self.end_record(sheet);
            self.in_entry = true;
        }
        sheet.settle();
        sheet.begin(i);
        let node = sheet.key(seen.text, (i + name.start, name.length), ROOT, self.last);
        self.last = Some(node);
        self.quoted_printable = false;
        let behind = i + name.start + name.length;
        match self.dialect {
            Dialect::Card => {
                self.next = Next::Parameter(node);
                behind
            }
            Dialect::Ldif => {
                let column = sheet.column(node);
                let value = i + name.value;
                self.next = Next::End;
                let is_encoded = name.base64 && is_text_in_base64(&line[name.value..]);
                let until = if is_encoded { Until::Base64 } else { Until::Folded(Fold::Plain) };
                sheet.value(seen.text, value, column, until)
            }
        }
    }

    /// A comment, a change's `-`, or what is no line of the format.
    fn text_line(&mut self, sheet: &mut Sheet<'_>, i: usize, line: &[u8]) -> usize {
        let is_free = self.dialect == Dialect::Ldif && (line[0] == b'#' || line == b"-" || line[0] == b' ');
        if !is_free {
            sheet.note(i, Reason::MalformedRecord);
        }
        let column = sheet.elsewhere();
        sheet.text_line(i, column);
        i
    }

    fn end_record(&mut self, sheet: &mut Sheet<'_>) {
        if std::mem::take(&mut self.in_entry) {
            sheet.settle();
            sheet.end_record();
        }
        self.last = None;
    }

    /// What stands behind a name or a parameter.
    fn parameter(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize, node: NodeId) -> usize {
        let (line, _) = seen.head(i);
        match line {
            [b':', ..]
                if self.dialect == Dialect::Card && sheet.paths.key(node).eq_ignore_ascii_case(b"N") =>
            {
                self.name_part(sheet, seen, i + 1, (node, 0))
            }
            [b':', ..] => {
                let column = sheet.column(node);
                let fold = if self.quoted_printable { Fold::QuotedPrintable } else { Fold::Backslash };
                self.next = Next::End;
                sheet.value(seen.text, i + 1, column, Until::Folded(fold))
            }
            [b';', rest @ ..] => self.parameter_name(sheet, seen, (i + 1, rest), node),
            // Behind a quotation mark, or a name that is cut.
            _ => {
                self.next = Next::End;
                i
            }
        }
    }

    /// A parameter, which starts at `i` with `rest`. Those of version 2.1 may lack a name: they are types.
    fn parameter_name(
        &mut self,
        sheet: &mut Sheet<'_>,
        seen: Seen<'_>,
        (i, rest): (usize, &[u8]),
        node: NodeId,
    ) -> usize {
        let length = rest.iter().take(NAME_BYTES).take_while(|b| is_name_byte(b)).count();
        let named = rest.get(length) == Some(&b'=');
        let (below, value) = if named {
            (sheet.key(seen.text, (i, length), node, None), length + 1)
        } else {
            (sheet.paths.child(node, None, b"TYPE").0, 0)
        };
        let column = sheet.column(below);
        let shown = &rest[value..];
        self.quoted_printable |= starts_with(shown, b"QUOTED-PRINTABLE");
        if named && shown.first() == Some(&b'"') {
            self.next = Next::Quoted(node);
            return sheet.value(seen.text, i + value + 1, column, Until::Folded(Fold::Quoted));
        }
        self.next = Next::Parameter(node);
        sheet.value(seen.text, i + value, column, Until::Folded(Fold::Parameter))
    }

    /// The part of a name that starts at `i`. What is too much for one belongs to its last part.
    fn name_part(
        &mut self,
        sheet: &mut Sheet<'_>,
        seen: Seen<'_>,
        i: usize,
        (node, number): (NodeId, usize),
    ) -> usize {
        let key = NAME_PARTS[number.min(NAME_PARTS.len() - 1)];
        let (part, _) = sheet.paths.child(node, None, key);
        let column = sheet.column(part);
        let fold = if self.quoted_printable { Fold::QuotedPrintablePart } else { Fold::BackslashPart };
        self.next = Next::Part(node, number + 1);
        sheet.value(seen.text, i, column, Until::Folded(fold))
    }

    fn line_end(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        self.next = Next::Name;
        if seen.text[i] == b'\n' {
            return i + 1;
        }
        let column = sheet.elsewhere();
        sheet.text_line(i, column);
        i
    }
}

impl Grammar for Folded {
    fn head(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        match self.next {
            Next::Name => self.name(sheet, seen, i),
            Next::Parameter(node) => self.parameter(sheet, seen, i, node),
            Next::Quoted(node) => {
                self.next = Next::Parameter(node);
                // Another value in quotation marks may follow behind a comma: it goes on as a parameter.
                i + usize::from(seen.text[i] == b'"')
            }
            Next::Part(node, number) if seen.text[i] == b';' => {
                self.name_part(sheet, seen, i + 1, (node, number))
            }
            Next::Part(..) | Next::End => self.line_end(sheet, seen, i),
        }
    }
}

/// The name of a line, and where its value starts.
struct Name {
    start: usize,
    length: usize,
    /// In LDIF.
    value: usize,
    /// The value is in Base64.
    base64: bool,
}

impl Name {
    fn of(dialect: Dialect, line: &[u8]) -> Option<Self> {
        let length = |line: &[u8]| line.iter().take(NAME_BYTES).take_while(|b| is_name_byte(b)).count();
        if !line[0].is_ascii_alphanumeric() {
            return None;
        }
        match dialect {
            Dialect::Card => {
                // `item1.EMAIL` belongs to a group, whose name says nothing.
                let group = match memchr::memchr(b'.', &line[..length(line)]) {
                    Some(dot) => dot + 1,
                    None => 0,
                };
                let length = length(&line[group..]);
                let ends = matches!(line.get(group + length), Some(b':' | b';'));
                (length > 0 && ends).then_some(Self { start: group, length, value: 0, base64: false })
            }
            Dialect::Ldif => {
                let length = length(line);
                // Options such as `;lang-de`.
                let options = line[length..].iter().take_while(|b| is_name_byte(b) || **b == b';').count();
                let colon = length + options;
                if line.get(colon) != Some(&b':') {
                    return None;
                }
                let mark = usize::from(matches!(line.get(colon + 1), Some(b':' | b'<')));
                let rest = &line[colon + 1 + mark..];
                let blank = usize::from(rest.first() == Some(&b' '));
                let base64 = line.get(colon + 1) == Some(&b':');
                Some(Self { start: 0, length, value: colon + 1 + mark + blank, base64 })
            }
        }
    }
}

/// Whether what shows of a value in Base64 is the beginning of a text in UTF-8.
fn is_text_in_base64(mut value: &[u8]) -> bool {
    let mut text = Vec::with_capacity(value.len());
    while let Base64::Bytes { bytes, count, length } = base64(value) {
        text.extend_from_slice(&bytes[..count]);
        value = &value[length..];
    }
    let valid = match std::str::from_utf8(&text) {
        Ok(text) => text,
        // A character that is cut.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&text[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.is_empty() && !valid.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

const fn is_name_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(*byte, b'-' | b'.' | b'_')
}

/// Whether a line begins a card, or what stands for one in a calendar.
fn is_begin_of_record(line: &[u8]) -> bool {
    const KINDS: [&[u8]; 5] = [b"VCARD", b"VEVENT", b"VTODO", b"VJOURNAL", b"VFREEBUSY"];
    starts_with(line, b"BEGIN:") && KINDS.iter().any(|kind| starts_with(&line[6..], kind))
}

fn starts_with(text: &[u8], start: &[u8]) -> bool {
    text.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start))
}
