//! Markdown with tables in it: rows are records, what stands around them is text of the column `*`.
//!
//! That a line was a header shows by the one below it (`|---|---|`). It has been handed over as text then, which a header may well be.
//! Of a header that is longer than what a head may look at, the columns behind that have no names.

use domesday_model::ColumnIx;

use crate::paths::ROOT;
use crate::records::until::Until;
use crate::records::{Grammar, Seen, Sheet};

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    /// A line.
    Line,
    /// In a row, this cell or what separates it from the next.
    Cell(usize),
}

/// See the module.
pub(crate) struct Markdown {
    next: Next,
    /// What a head has seen of the line before, which may turn out to be a header, and whether that is all of it.
    before: (Vec<u8>, bool),
    /// Those of the table that is being read; none outside of one.
    columns: Vec<ColumnIx>,
}

impl Markdown {
    pub(crate) const fn new() -> Self {
        Self { next: Next::Line, before: (Vec::new(), true), columns: Vec::new() }
    }

    /// Whether a row is being read.
    pub(super) fn is_in_row(&self) -> bool {
        self.next != Next::Line
    }

    /// What comes next belongs to no table that is known.
    pub(super) fn leave(&mut self) {
        self.before.0.clear();
        self.columns.clear();
    }

    fn line(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        let (line, whole) = seen.head(i);
        if line.is_empty() && whole {
            self.leave();
            return seen.behind_line();
        }
        if !self.columns.is_empty() && line.contains(&b'|') {
            sheet.settle();
            sheet.begin(i);
            self.next = Next::Cell(0);
            let blanks = line.iter().take_while(|b| is_blank(b)).count();
            return i + blanks + usize::from(line.get(blanks) == Some(&b'|'));
        }
        self.columns.clear();
        let (before, is_all) = &self.before;
        if heads(before, line, whole && *is_all) {
            sheet.settle();
            let names = cells(before).count() - usize::from(!is_all);
            for (cell, number) in cells(before).take(names).zip(1..) {
                let name = Some(name(cell)).filter(|name| !name.is_empty());
                let name = name.unwrap_or_else(|| format!("column_{number}"));
                let (node, _) = sheet.paths.child(ROOT, None, name.as_bytes());
                self.columns.push(sheet.column(node));
            }
            if whole {
                return seen.behind_line();
            }
        } else {
            self.before.0.clear();
            if line.contains(&b'|') {
                self.before.0.extend_from_slice(line);
                self.before.1 = whole;
            }
        }
        let column = sheet.elsewhere();
        sheet.text_line(i, column);
        i
    }

    fn cell(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize, field: usize) -> usize {
        let (line, _) = seen.head(i);
        match line.first() {
            None => {
                sheet.end_record();
                self.next = Next::Line;
                seen.behind_line()
            }
            Some(b'|') => {
                self.next = Next::Cell(field + 1);
                i + 1
            }
            Some(b' ' | b'\t') => i + line.iter().take_while(|b| is_blank(b)).count(),
            Some(_) => {
                let column = match self.columns.get(field) {
                    Some(&column) => column,
                    None => sheet.elsewhere(),
                };
                sheet.value(seen.text, i, column, Until::Bar)
            }
        }
    }
}

impl Grammar for Markdown {
    fn head(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        match self.next {
            Next::Line => self.line(sheet, seen, i),
            Next::Cell(field) => self.cell(sheet, seen, i, field),
        }
    }
}

/// Whether a text has a table, as far as it goes.
pub(crate) fn has_table(text: &[u8]) -> bool {
    let mut before: &[u8] = b"";
    text.split(|&b| b == b'\n').any(|line| heads(std::mem::replace(&mut before, line), line, true))
}

/// Whether a line is the header of a table, to which the line below it belongs; they are there in full if `whole`.
fn heads(line: &[u8], below: &[u8], whole: bool) -> bool {
    let below = below.trim_ascii();
    let is_ruler = below.contains(&b'|') && below.iter().all(|b| matches!(b, b'|' | b'-' | b':' | b' '));
    let is_drawn = |cell: &[u8]| cell.contains(&b'-') && !cell.trim_ascii().contains(&b' ');
    is_ruler
        && line.contains(&b'|')
        && cells(below).all(is_drawn)
        && (!whole || cells(line).count() == cells(below).count())
}

/// What stands between the bars of a line.
fn cells(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let line = line.trim_ascii();
    let line = line.strip_prefix(b"|").unwrap_or(line);
    let mut escaped = false;
    line.strip_suffix(b"|").unwrap_or(line).split(move |b| {
        let parts = *b == b'|' && !escaped;
        escaped = *b == b'\\';
        parts
    })
}

/// The name that a cell of a header gives its column: without what makes it bold, slanted or code.
fn name(cell: &[u8]) -> String {
    let cell = String::from_utf8_lossy(cell);
    cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`')).to_owned()
}

const fn is_blank(byte: &u8) -> bool {
    matches!(*byte, b' ' | b'\t')
}
