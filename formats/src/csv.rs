//! CSV: RFC 4180 as it is met in the wild.
//!
//! Delimiters, quotation marks and line feeds are found 64 bytes at a time as bits of a mask; a small state machine
//! takes one step for each of them. Rejected: a table-driven machine that steps through every byte (0.4 GB/s).
//!
//! A quotation mark that is never closed would swallow the rest of the file. A quoted cell that grows beyond
//! [`QUOTED_BYTES`] or [`QUOTED_LINES`] is therefore taken for one that is never closed: it ends with the line, and
//! reading goes on as usual behind it.

use std::collections::HashSet;
use std::ops::{ControlFlow, Range};

use domesday_model::{Cell, ColumnIx, ColumnReport, Layout, OffsetMap, Reason, Window};

use crate::cells::{Cells, cell};
use crate::columns::Columns;
use crate::dialect::Dialect;
use crate::escape::Escapes;
use crate::mask::specials;
use crate::place::{Notes, Pin};
use crate::windows::Splitter;
use crate::{Limits, Target};

/// Bytes of text that a quoted cell of several lines may have.
const QUOTED_BYTES: u64 = 1 << 20;

/// Line feeds that a quoted cell may hold.
const QUOTED_LINES: u32 = 1000;

/// Blanks that may stand between a closing quotation mark and the delimiter. With more of them the mark closes
/// nothing; a bound, so that this is known within the right context.
const BLANKS: usize = 32;

/// A header longer than this names nothing.
const NAME_BYTES: usize = 256;

/// Where in a cell the text stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Spot {
    /// At its first byte: a quotation mark opens it.
    Start,
    /// In a cell that is not quoted, or no longer.
    Plain,
    /// Between its quotation marks.
    Quoted,
    /// Behind a quotation mark, at this offset in the whole text, that closes it or is half of an escape.
    Closing(u64),
}

/// What the record is that is being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    /// The names of the columns.
    Header,
    /// The first record of a file without a header: it decides how many columns there are.
    First,
    Rows,
}

/// Splits text into cells.
pub(crate) struct Csv<'s> {
    cells: &'s mut Cells,
    columns: Columns,
    pub(crate) notes: Notes,
    delimiter: u8,
    max_columns: usize,
    phase: Phase,
    spot: Spot,
    /// Offset of the cell's first byte in the whole text.
    cell_start: u64,
    /// The cell holds escapes.
    escaped: bool,
    /// The cell began with a quotation mark.
    was_quoted: bool,
    quote: Pin,
    quoted_lines: u32,
    /// Cells of this record that are closed.
    field: usize,
    /// Cells that every record should have, and how many of them have a column of their own.
    fields: usize,
    width: usize,
    record: u64,
    record_start: Pin,
    names: Vec<String>,
}

impl<'s> Csv<'s> {
    pub(crate) fn new(dialect: Dialect, limits: &Limits, cells: &'s mut Cells) -> Self {
        cells.clear();
        Self {
            cells,
            columns: Columns::default(),
            notes: Notes::default(),
            delimiter: dialect.delimiter,
            max_columns: limits.max_columns,
            phase: if dialect.header { Phase::Header } else { Phase::First },
            spot: Spot::Start,
            cell_start: 0,
            escaped: false,
            was_quoted: false,
            quote: Pin::at(0),
            quoted_lines: 0,
            field: 0,
            fields: 0,
            width: 0,
            record: 0,
            record_start: Pin::at(0),
            names: Vec::new(),
        }
    }

    /// Records, and what is known of the columns.
    pub(crate) fn report(self) -> (u64, Vec<ColumnReport>) {
        (self.record, self.columns.report(self.record))
    }

    /// A delimiter, line feed or quotation mark stands at `text[i]`.
    #[inline(always)]
    fn special(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) {
        let byte = text[i];
        match self.spot {
            Spot::Start | Spot::Plain if byte == self.delimiter => self.close(text, i, i + 1),
            Spot::Start | Spot::Plain if byte == b'\n' => self.end_line(text, i, offsets),
            Spot::Start if self.cell_start == self.cells.at(i) => self.open_quote(i),
            Spot::Start | Spot::Plain => {}
            Spot::Quoted => self.in_quotes(text, i, offsets),
            Spot::Closing(mark) => self.behind_quote(text, i, mark, offsets),
        }
    }

    fn open_quote(&mut self, i: usize) {
        self.quote = Pin::at(self.cells.at(i));
        self.quoted_lines = 0;
        self.was_quoted = true;
        self.cell_start += 1;
        self.spot = Spot::Quoted;
    }

    #[inline]
    fn in_quotes(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) {
        if text[i] == b'"' {
            self.spot = Spot::Closing(self.cells.at(i));
        } else if text[i] == b'\n' {
            self.quoted_lines += 1;
            if self.cells.at(i) - self.cell_start > QUOTED_BYTES || self.quoted_lines > QUOTED_LINES {
                self.notes.add(Reason::UnclosedQuote, self.quote.source(self.cells.base, offsets));
                self.spot = Spot::Plain;
                self.end_line(text, i, offsets);
            }
        }
    }

    #[inline]
    fn behind_quote(&mut self, text: &[u8], i: usize, mark: u64, offsets: &OffsetMap<'_>) {
        let mark_index = self.cells.index(mark);
        if text[i] == b'"' && i == mark_index + 1 {
            self.cells.mark(mark_index);
            self.escaped = true;
            self.spot = Spot::Quoted;
        } else if text[i] == b'"' || !are_blanks(&text[mark_index + 1..i]) {
            self.spot = Spot::Plain;
            self.special_in_plain(text, i, offsets);
        } else if text[i] == self.delimiter {
            self.close(text, mark_index, i + 1);
        } else {
            self.close(text, mark_index, i + 1);
            self.end_record(i + 1, offsets);
        }
    }

    fn special_in_plain(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) {
        if text[i] == self.delimiter {
            self.close(text, i, i + 1);
        } else if text[i] == b'\n' {
            self.end_line(text, i, offsets);
        }
    }

    /// Ends the cell at `end`; the next one starts at `next`.
    #[inline(always)]
    fn close(&mut self, text: &[u8], end: usize, next: usize) {
        let field = self.field;
        let start = self.cell_start;
        let escaped = std::mem::take(&mut self.escaped);
        self.field += 1;
        self.cell_start = self.cells.at(next);
        self.spot = Spot::Start;
        self.was_quoted = false;
        if self.phase == Phase::Header {
            self.name(text, start, end, escaped);
        } else if start < self.cells.at(end) {
            let column = if field < self.width { ColumnIx(field as u32) } else { self.column_beyond(field) };
            let range = self.cells.index(start)..end;
            self.columns.count_text(column, &text[range.clone()]);
            self.cells.push(range, column, self.record, escaped);
        } else if field >= self.width {
            self.column_beyond(field);
        }
    }

    /// The column of a cell behind the last one that has a column.
    #[cold]
    fn column_beyond(&mut self, field: usize) -> ColumnIx {
        if self.phase != Phase::First || self.width == self.max_columns {
            return self.columns.overflow();
        }
        while self.width <= field {
            self.width += 1;
            self.columns.add(format!("column_{}", self.width));
        }
        ColumnIx(field as u32)
    }

    /// A line feed outside of quotes, at `text[i]`.
    #[inline]
    fn end_line(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) {
        let end = if self.cell_start < self.cells.at(i) && text[i - 1] == b'\r' { i - 1 } else { i };
        if self.field > 0 || self.was_quoted || self.cell_start < self.cells.at(end) {
            self.close(text, end, i + 1);
            self.end_record(i + 1, offsets);
        } else {
            // A blank line is no record.
            self.cell_start = self.cells.at(i + 1);
            self.spot = Spot::Start;
            self.record_start = Pin::at(self.cell_start);
        }
    }

    #[inline]
    fn end_record(&mut self, next: usize, offsets: &OffsetMap<'_>) {
        if self.phase != Phase::Rows {
            self.end_first(offsets);
        } else {
            if self.field != self.fields {
                self.notes.add(Reason::RaggedRows, self.record_start.source(self.cells.base, offsets));
            }
            self.record += 1;
        }
        self.field = 0;
        self.record_start = Pin::at(self.cells.at(next));
    }

    #[cold]
    fn end_first(&mut self, offsets: &OffsetMap<'_>) {
        self.fields = self.field;
        if self.fields > self.max_columns {
            self.notes.add(Reason::TooManyColumns, self.record_start.source(self.cells.base, offsets));
        }
        if self.phase == Phase::Header {
            self.width = self.fields.min(self.max_columns);
            self.add_names();
        } else {
            self.record += 1;
        }
        self.phase = Phase::Rows;
    }

    /// Keeps a cell of the header; one that is too long, or beyond the last column, names nothing.
    #[cold]
    fn name(&mut self, text: &[u8], start: u64, end: usize, escaped: bool) {
        if self.names.len() == self.max_columns {
            return;
        }
        let mut name = String::new();
        if self.cells.at(end) - start <= NAME_BYTES as u64 {
            let range = self.cells.index(start)..end;
            let raw =
                if escaped { self.cells.unescape(Escapes::DoubledQuote, text, range) } else { &text[range] };
            name = String::from_utf8_lossy(raw).trim().to_owned();
        }
        self.names.push(name);
    }

    fn add_names(&mut self) {
        let mut taken = HashSet::new();
        for (i, name) in std::mem::take(&mut self.names).into_iter().enumerate() {
            let name = if name.is_empty() { format!("column_{}", i + 1) } else { name };
            let numbered = (2..).map(|n| format!("{name}#{n}"));
            let free = std::iter::once(name.clone()).chain(numbered).find(|path| !taken.contains(path));
            let path = free.unwrap_or(name);
            taken.insert(path.clone());
            self.columns.add(path);
        }
    }

    /// The cell that is not closed at the end of `text`.
    fn open_cell(&mut self, text: &[u8]) -> Option<Cell> {
        let mut end = match self.spot {
            Spot::Closing(mark) => self.cells.index(mark),
            _ => text.len(),
        };
        let start = self.cells.index(self.cell_start);
        if matches!(self.spot, Spot::Start | Spot::Plain) && start < end && text[end - 1] == b'\r' {
            end -= 1;
        }
        if self.phase == Phase::Header || start >= end {
            return None;
        }
        let field = self.field;
        let column = if field < self.width { ColumnIx(field as u32) } else { self.column_beyond(field) };
        Some(cell(start..end, column, self.record, self.escaped))
    }
}

impl Splitter for Csv<'_> {
    fn advance(&mut self, text: &[u8], from: usize, offsets: &OffsetMap<'_>) {
        let (blocks, rest) = text[from..].as_chunks::<64>();
        let mut at = from;
        for block in blocks {
            let mut mask = specials(block, self.delimiter);
            while mask != 0 {
                self.special(text, at + mask.trailing_zeros() as usize, offsets);
                mask &= mask - 1;
            }
            at += 64;
        }
        for (i, &byte) in rest.iter().enumerate() {
            if byte == self.delimiter || byte == b'\n' || byte == b'"' {
                self.special(text, at + i, offsets);
            }
        }
        if let Spot::Closing(mark) = self.spot
            && !are_blanks(&text[self.cells.index(mark) + 1..])
        {
            self.spot = Spot::Plain;
        }
    }

    fn finish(&mut self, text: &[u8], offsets: &OffsetMap<'_>) {
        let end = match self.spot {
            Spot::Closing(mark) => self.cells.index(mark),
            Spot::Quoted => {
                self.notes.add(Reason::UnclosedQuote, self.quote.source(self.cells.base, offsets));
                text.len()
            }
            Spot::Start | Spot::Plain => text.len(),
        };
        if self.field > 0 || self.was_quoted || self.cell_start < self.cells.at(end) {
            self.close(text, end, text.len());
            self.end_record(text.len(), offsets);
        }
    }

    fn emit(
        &mut self,
        text: &[u8],
        own: Range<usize>,
        offsets: OffsetMap<'_>,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        let open = self.open_cell(text);
        let window = Window { text, own, layout: Layout::Cells(&[]), offsets };
        self.cells.emit(window, open, Escapes::DoubledQuote, &mut self.columns, target)
    }

    fn slide(&mut self, delta: usize, offsets: &OffsetMap<'_>) {
        self.record_start.slide(self.cells.base, delta, offsets);
        self.quote.slide(self.cells.base, delta, offsets);
        self.cells.slide(delta);
    }
}

fn are_blanks(text: &[u8]) -> bool {
    text.len() <= BLANKS && text.iter().all(|b| matches!(b, b' ' | b'\t' | b'\r'))
}
