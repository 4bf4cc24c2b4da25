//! CSV: RFC 4180 as it is met in the wild, and tables drawn with `|` or in boxes.
//!
//! Delimiters, quotation marks and line feeds are found 64 bytes at a time as bits of a mask; a small state machine
//! takes one step for each of them. Rejected: a table-driven machine that steps through every byte (0.4 GB/s).
//!
//! A quotation mark that is never closed would swallow the rest of the file. Where all lines behind it are rows of the table,
//! and that shows within [`HEAD_BYTES`] of the record, the record is read again with a mark that opens nothing. Later, a quoted
//! cell of [`SURE_LINES`] that are rows without exception, or one that grows beyond [`QUOTED_BYTES`] or [`QUOTED_LINES`] and whose
//! lines are mostly rows, is taken for one that is never closed: it ends with the line, and reading goes on as usual behind it.
//! Other cells may be of any length: a letter, a log or a document of JSON in a cell is cut into no rows. Of a table of one
//! column every line could be a row.
//!
//! What is no row (titles, remarks) is a cell of the column `*`. One file may hold several tables; see [`crate::heads`].

use std::ops::{ControlFlow, Range};

use domesday_model::{Cell, ColumnIx, ColumnReport, Layout, OffsetMap, Reason, Window};

use crate::boxes;
use crate::cells::{Cells, cell};
use crate::columns::Columns;
use crate::dialect::Dialect;
use crate::escape::Escapes;
use crate::heads::{HEAD_BYTES, Heads, Row, TURNED_COLUMNS, Turn};
use crate::mask::any_of;
use crate::place::{Notes, Pin};
use crate::windows::Splitter;
use crate::{Limits, Target};

/// Bytes of text that a quoted cell of several lines may have, whatever these lines look like.
pub(crate) const QUOTED_BYTES: u64 = 1 << 20;

/// Line feeds that a quoted cell may hold, whatever the lines look like.
pub(crate) const QUOTED_LINES: u64 = 1000;

/// Lines of a quoted cell that are enough where all of them are rows of a table of more than two columns.
const SURE_LINES: u64 = 16;

/// Lines behind a quotation mark that may be rows, of which so many settle that they are, without more of the text.
const FEW_LINES: u64 = 2;
const SOME_LINES: u64 = 4;

/// Cells of a line that is none of the table.
const NO_ROW: usize = usize::MAX;

/// Blanks that may stand between a quotation mark and the delimiter. With more of them the mark closes nothing; a
/// bound, so that this is known within the right context.
const BLANKS: usize = 32;

/// Blanks at the end of a value that are none of it in a drawn table; more of them are kept. Also the length from
/// which a line in front of a value is none of it.
const DRAWN_BYTES: usize = 128;

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
    /// In a line that is a remark.
    Remark,
    /// Behind a record that showed another delimiter, with which to go on from this index.
    Turned(usize),
}

/// What the record is that is being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    /// What stands in front of the table.
    Titles,
    /// The names of the columns.
    Header,
    /// The first record of a table without a header: it decides how many columns there are.
    First,
    Rows,
}

/// Splits text into cells.
pub(crate) struct Csv<'s> {
    cells: &'s mut Cells,
    columns: Columns,
    pub(crate) notes: Notes,
    heads: Heads,
    dialect: Dialect,
    escapes: Escapes,
    delimiter: u8,
    /// The delimiter, where nothing is quoted.
    quote: u8,
    phase: Phase,
    spot: Spot,
    /// Offset of the cell's first byte in the whole text.
    cell_start: u64,
    /// The cell holds escapes.
    escaped: bool,
    /// The byte at this offset stands behind a backslash.
    literal: u64,
    /// The cell began with a quotation mark.
    was_quoted: bool,
    opening: Pin,
    /// Where a quotation mark stands that opens nothing, as the rows behind it have shown.
    stray: u64,
    /// Lines that have ended between the quotation marks, and how many of them look like rows.
    quoted_lines: u64,
    quoted_rows: u64,
    /// Cells that the line between the quotation marks would have as a row; [`NO_ROW`] where it holds what only a text has.
    line_fields: usize,
    /// Cells of this record that are closed.
    field: usize,
    /// Some of them hold something.
    filled: bool,
    record: u64,
    record_start: Pin,
    /// Whether the line that starts here is a remark is not known yet.
    undecided: bool,
    /// The cell of the record that should have an address has none.
    astray: bool,
    /// A blank line, or a line that is no row, stands before the record.
    gap: bool,
    /// The cell began with a line that is drawn, which may go on.
    in_line: bool,
    names: Vec<String>,
}

impl<'s> Csv<'s> {
    pub(crate) fn new(dialect: Dialect, limits: &Limits, cells: &'s mut Cells) -> Self {
        cells.clear();
        Self {
            cells,
            columns: Columns::default(),
            notes: Notes::default(),
            heads: Heads::new(limits.max_columns, dialect),
            dialect,
            escapes: if dialect.backslash { Escapes::Backslash } else { Escapes::Doubled },
            delimiter: dialect.delimiter,
            quote: dialect.quote.unwrap_or(dialect.delimiter),
            phase: if dialect.start > 0 { Phase::Titles } else { table_phase(dialect) },
            spot: Spot::Start,
            cell_start: dialect.titles.0 as u64,
            escaped: false,
            literal: u64::MAX,
            was_quoted: false,
            opening: Pin::at(0),
            stray: u64::MAX,
            quoted_lines: 0,
            quoted_rows: 0,
            line_fields: 1,
            field: 0,
            filled: false,
            record: 0,
            record_start: Pin::at(0),
            undecided: false,
            astray: false,
            gap: false,
            in_line: false,
            names: Vec::new(),
        }
    }

    /// Records, and what is known of the columns.
    pub(crate) fn report(self) -> (u64, Vec<ColumnReport>) {
        let Self { heads, columns, record, .. } = self;
        (record, columns.report_each(|ix, _| heads.rows_of(ix, record)))
    }

    /// A delimiter, line feed, quotation mark or backslash stands at `text[i]`.
    #[inline(always)]
    fn special(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) {
        let byte = text[i];
        match self.spot {
            _ if self.dialect.backslash && self.cells.at(i) == self.literal => {}
            Spot::Start | Spot::Plain => self.in_plain(text, i, byte, offsets),
            Spot::Quoted => self.in_quotes(text, i, byte, offsets),
            Spot::Closing(mark) => self.behind_quote(text, i, mark, offsets),
            Spot::Remark => self.in_remark(text, i, byte),
            Spot::Turned(_) => {}
        }
    }

    #[inline(always)]
    fn in_plain(&mut self, text: &[u8], i: usize, byte: u8, offsets: &OffsetMap<'_>) {
        if byte == self.delimiter {
            self.close(text, i, i + 1);
        } else if byte == b'\n' {
            self.end_line(text, i, offsets);
        } else if byte == self.quote {
            if self.spot == Spot::Start && self.cells.at(i) != self.stray && self.may_open(text, i) {
                self.open_quote(i);
            }
        } else {
            self.escape(i);
        }
    }

    /// Whether only blanks stand before a quotation mark at `text[i]`.
    #[inline]
    fn may_open(&self, text: &[u8], i: usize) -> bool {
        let before = (self.cells.at(i) - self.cell_start) as usize;
        before == 0 || (before <= BLANKS && text[i - before..i].iter().all(|&b| b == b' '))
    }

    fn open_quote(&mut self, i: usize) {
        self.opening = Pin::at(self.cells.at(i));
        self.quoted_lines = 0;
        self.quoted_rows = 0;
        self.line_fields = self.field + 1;
        self.was_quoted = true;
        self.cell_start = self.cells.at(i + 1);
        self.spot = Spot::Quoted;
    }

    #[inline]
    fn in_quotes(&mut self, text: &[u8], i: usize, byte: u8, offsets: &OffsetMap<'_>) {
        if byte == self.quote {
            self.spot = Spot::Closing(self.cells.at(i));
        } else if byte == self.delimiter {
            self.line_fields = self.line_fields.saturating_add(1);
        } else if byte == b'\n' {
            self.quoted_lines += 1;
            self.quoted_rows += u64::from(self.line_fields == self.heads.fields);
            self.line_fields = 1;
            let is_settled = self.quoted_lines >= SOME_LINES
                || self.quoted_lines >= FEW_LINES
                    && 2 * (self.cells.at(i) - self.record_start.offset()) > HEAD_BYTES;
            if is_settled && self.heads.fields > 2 && self.is_followed_by_rows(text, i) {
                return self.turn_back(text, offsets);
            }
            let is_long =
                self.cells.at(i) - self.cell_start > QUOTED_BYTES || self.quoted_lines > QUOTED_LINES;
            if is_long && self.holds_rows()
                || self.quoted_lines == SURE_LINES && self.holds_nothing_but_rows()
            {
                self.notes.add(Reason::UnclosedQuote, self.opening.source(self.cells.base, offsets));
                self.spot = Spot::Plain;
                self.end_line(text, i, offsets);
            }
        } else if byte == b'\\' && self.dialect.backslash {
            self.escape(i);
        }
    }

    /// Whether what stands between the quotation marks is the rest of the table rather than a value.
    fn holds_rows(&self) -> bool {
        self.heads.fields < 2 || are_rows(self.quoted_rows, self.quoted_lines)
    }

    /// The same without any doubt.
    fn holds_nothing_but_rows(&self) -> bool {
        self.phase == Phase::Rows && self.heads.fields > 2 && self.quoted_rows == self.quoted_lines
    }

    /// Whether all lines between the quotation mark that opened the cell and `end` are rows: the first one with what stands before
    /// the mark, and none like prose, which has blanks behind its commas. Only where no window has owned the record yet.
    fn is_followed_by_rows(&self, text: &[u8], end: usize) -> bool {
        if self.phase != Phase::Rows
            || self.heads.fields < 2
            || self.cells.at(end) - self.record_start.offset() > HEAD_BYTES
        {
            return false;
        }
        let mut before = self.field;
        text[self.cells.index(self.cell_start)..end].split(|&b| b == b'\n').all(|line| {
            let parts = line.split(|&b| b == self.delimiter);
            let is_row = std::mem::take(&mut before) + parts.clone().count() == self.heads.fields;
            is_row && !parts.skip(1).any(|part| part.starts_with(b" ") || part.contains(&self.quote))
        })
    }

    /// The record is read again, with a quotation mark that opens nothing.
    #[cold]
    fn turn_back(&mut self, text: &[u8], offsets: &OffsetMap<'_>) {
        self.notes.add(Reason::UnclosedQuote, self.opening.source(self.cells.base, offsets));
        let start = self.cells.index(self.record_start.offset());
        for cell in self.cells.since(start) {
            let value = &text[cell.start as usize..cell.end as usize];
            self.columns.uncount_row(cell.column, value, self.record);
        }
        self.cells.retract(start);
        self.cells.unmark(start);
        self.stray = self.opening.offset();
        (self.escaped, self.was_quoted, self.astray) = (false, false, false);
        self.spot = Spot::Turned(start);
    }

    #[inline]
    fn behind_quote(&mut self, text: &[u8], i: usize, mark: u64, offsets: &OffsetMap<'_>) {
        let mark_index = self.cells.index(mark);
        let byte = text[i];
        if byte == self.quote && i == mark_index + 1 {
            self.cells.mark(mark_index);
            self.escaped = true;
            self.spot = Spot::Quoted;
            let before = mark_index.checked_sub(1).map(|before| text[before]);
            // Two of them are an empty cell where nothing but they could stand between two delimiters.
            if !before.is_some_and(|before| before == self.delimiter || before == b'\n') {
                self.line_fields = NO_ROW;
            }
        } else if byte == self.delimiter && are_blanks(&text[mark_index + 1..i]) {
            self.close(text, mark_index, i + 1);
        } else if byte == b'\n' && are_blanks(&text[mark_index + 1..i]) {
            self.close(text, mark_index, i + 1);
            self.end_record(text, i + 1, offsets);
        } else {
            self.leave_quotes(text, mark_index, offsets);
            if byte != self.quote && self.spot == Spot::Plain {
                self.in_plain(text, i, byte, offsets);
            }
        }
    }

    /// Something else than the end of the cell stands behind the quotation mark that closed it. Lines after it was opened, that one
    /// opens another cell: the first was never closed.
    fn leave_quotes(&mut self, text: &[u8], mark: usize, offsets: &OffsetMap<'_>) {
        if self.quoted_lines > 0 {
            // The mark begins a line, or a cell of the last one.
            let end = memchr::memrchr(b'\n', &text[..mark]).unwrap_or(mark);
            let opens = |&before: &u8| matches!(before, b'\n' | b' ') || before == self.delimiter;
            if text[..mark].last().is_some_and(opens) && self.is_followed_by_rows(text, end) {
                return self.turn_back(text, offsets);
            }
            self.notes.add(Reason::UnclosedQuote, self.opening.source(self.cells.base, offsets));
        }
        self.spot = Spot::Plain;
    }

    /// A backslash stands at index `i`.
    fn escape(&mut self, i: usize) {
        self.cells.mark(i);
        self.escaped = true;
        self.literal = self.cells.at(i + 1);
    }

    #[cold]
    fn in_remark(&mut self, text: &[u8], i: usize, byte: u8) {
        if byte == b'\n' {
            self.close_other(text, i);
            self.begin_record(text, i + 1);
        }
    }

    /// Ends a cell of the column `*` at `end`.
    fn close_other(&mut self, text: &[u8], end: usize) {
        let range = self.cells.index(self.cell_start)..end;
        if !range.is_empty() {
            let column = self.columns.overflow();
            self.columns.count_row(column, &text[range.clone()], self.record);
            self.cells.push(range, column, self.record, false);
        }
        self.cell_start = self.cells.at(end);
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
        if self.phase == Phase::Header || self.dialect.drawn {
            self.close_seldom(text, field, start, end, escaped);
        } else if start < self.cells.at(end) && !(escaped && text[self.cells.index(start)..end] == *b"\\N") {
            let range = self.cells.index(start)..end;
            let column = self.column(field);
            if field == self.heads.addresses {
                self.astray = memchr::memchr(b'@', &text[range.clone()]).is_none();
            }
            self.columns.count_in_row(column, text, range.clone(), self.record);
            self.cells.push(range, column, self.record, escaped);
        } else if self.heads.column(field).is_none() {
            self.column(field);
        }
    }

    /// Ends a cell of a header or of a drawn table.
    #[cold]
    fn close_seldom(&mut self, text: &[u8], field: usize, start: u64, end: usize, escaped: bool) {
        let mut range = self.cells.index(start)..end.max(self.cells.index(start));
        if self.dialect.drawn {
            range = self.trimmed(text, start, end);
            if self.strokes(&text[range.clone()]) == range.len() {
                range.end = range.start;
            }
            self.in_line = false;
        }
        self.filled |= !range.is_empty();
        if self.phase == Phase::Header {
            self.name(text, range, escaped);
        } else if !range.is_empty() {
            let column = self.column(field);
            self.columns.count_row(column, &text[range.clone()], self.record);
            self.cells.push(range, column, self.record, escaped);
        }
    }

    /// `start..end` in a drawn table without the blanks at its ends, and without a long line in front.
    fn trimmed(&self, text: &[u8], start: u64, end: usize) -> Range<usize> {
        let from = self.cells.index(start);
        let from = if start >= self.cells.base { from + self.drawn_front(&text[from..end]) } else { from };
        let back = text[from..end].iter().rev().take_while(|b| is_blank(**b)).count();
        from..end - if back <= DRAWN_BYTES { back } else { 0 }
    }

    /// How much of the beginning of a cell is drawn.
    fn drawn_front(&self, text: &[u8]) -> usize {
        let line = self.strokes(text);
        if line > DRAWN_BYTES || self.in_line {
            line
        } else {
            text.iter().take_while(|b| is_blank(**b)).count()
        }
    }

    /// The length of the blanks and strokes that a text begins with.
    fn strokes(&self, text: &[u8]) -> usize {
        let mut end = 0;
        while let Some(&byte) = text.get(end) {
            end += match boxes::stroke(&text[end..]) {
                _ if is_blank(byte) || is_stroke(byte) => 1,
                bytes if bytes > 0 && self.dialect.boxes => bytes,
                _ => break,
            };
        }
        end
    }

    /// Settles where a cell of a drawn table starts before its beginning leaves the buffer.
    #[cold]
    fn settle_start(&mut self, text: &[u8], own: &Range<usize>) {
        let from = self.cells.index(self.cell_start);
        if self.cell_start >= self.cells.base && from < own.end {
            let front = self.drawn_front(&text[from..]);
            self.in_line = from + front == text.len();
            self.cell_start += front as u64;
        }
    }

    /// The column of a cell of the record.
    #[inline(always)]
    fn column(&mut self, field: usize) -> ColumnIx {
        match self.heads.column(field) {
            Some(column) => column,
            None => self.heads.beyond(field, self.phase == Phase::First, &mut self.columns),
        }
    }

    /// A line feed outside of quotes, at `text[i]`.
    #[inline]
    fn end_line(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) {
        let end = if self.cell_start < self.cells.at(i) && text[i - 1] == b'\r' { i - 1 } else { i };
        if self.field > 0 || self.was_quoted || self.cell_start < self.cells.at(end) {
            self.close(text, end, i + 1);
            self.end_record(text, i + 1, offsets);
        } else {
            // A blank line is no record.
            self.gap = true;
            self.begin_record(text, i + 1);
        }
    }

    #[inline]
    fn end_record(&mut self, text: &[u8], next: usize, offsets: &OffsetMap<'_>) {
        let bytes = self.cells.at(next) - self.record_start.offset();
        if self.phase != Phase::Rows || self.dialect.drawn || self.gap {
            return self.end_seldom(text, next, offsets);
        }
        if self.field != self.heads.fields
            || bytes == self.heads.bytes
                && self.heads.begin_like(text[self.cells.index(self.record_start.offset())])
            || bytes <= self.field as u64 + 1
            || self.columns.turned_in(self.record) >= TURNED_COLUMNS
        {
            return self.end_odd(text, next, offsets);
        }
        if self.astray || self.heads.is_looking() {
            self.look_for_addresses(text, next);
        }
        self.record += 1;
        self.begin_record(text, next);
    }

    #[cold]
    fn look_for_addresses(&mut self, text: &[u8], next: usize) {
        self.astray = false;
        let row = self.row(text, next);
        self.heads.look(&row, self.cells, &mut self.columns);
    }

    /// The next record starts at index `next`.
    #[inline(always)]
    fn begin_record(&mut self, text: &[u8], next: usize) {
        self.field = 0;
        self.cell_start = self.cells.at(next);
        self.spot = Spot::Start;
        self.record_start = Pin::at(self.cell_start);
        if self.dialect.comments || self.dialect.drawn {
            self.filled = false;
            self.undecided = true;
            self.look_for_remark(text, next);
        }
    }

    #[cold]
    fn look_for_remark(&mut self, text: &[u8], at: usize) {
        if let Some(&byte) = text.get(at).filter(|_| std::mem::take(&mut self.undecided)) {
            let is_remark = byte == b'#' && self.dialect.comments && self.phase != Phase::Header;
            self.spot = if is_remark { Spot::Remark } else { Spot::Start };
        } else {
            self.undecided = at >= text.len();
        }
    }

    #[cold]
    fn end_seldom(&mut self, text: &[u8], next: usize, offsets: &OffsetMap<'_>) {
        match self.phase {
            // What draws the table.
            _ if self.dialect.drawn && !self.filled => self.names.clear(),
            Phase::Header | Phase::First => self.end_first(text, next, offsets),
            Phase::Titles | Phase::Rows => return self.end_odd(text, next, offsets),
        }
        self.begin_record(text, next);
    }

    fn end_first(&mut self, text: &[u8], next: usize, offsets: &OffsetMap<'_>) {
        let names = std::mem::take(&mut self.names);
        let row = self.row(text, next);
        let whole = if self.phase == Phase::Header {
            self.heads.name(&names, &row, self.dialect, &mut self.columns)
        } else {
            self.record += 1;
            self.heads.end_first(self.field)
        };
        if !whole {
            self.notes.add(Reason::TooManyColumns, self.record_start.source(self.cells.base, offsets));
        }
        self.gap = false;
        self.phase = Phase::Rows;
    }

    /// The record that ends before `next`, as far as it can be taken back.
    fn row<'t>(&self, text: &'t [u8], next: usize) -> Row<'t> {
        let start = self.record_start.offset();
        let is_short = self.cells.at(next) - start <= HEAD_BYTES;
        let range = is_short.then(|| self.cells.index(start)..next);
        Row { text, range, fields: self.field, gap: self.gap, number: self.record }
    }

    /// Ends a record that is not like the others, or may be none.
    #[cold]
    fn end_odd(&mut self, text: &[u8], next: usize, offsets: &OffsetMap<'_>) {
        let row = self.row(text, next);
        if self.heads.remark(&row, self.cells, &mut self.columns) {
            self.begin_record(text, next);
            return;
        }
        if self.field != self.heads.fields
            && let Some(turn) = self.heads.turn(&row, self.dialect.quote, self.cells, &mut self.columns)
        {
            self.delimiter = self.heads.delimiter;
            self.quote = self.dialect.quote.unwrap_or(self.delimiter);
            let start = self.cells.index(self.record_start.offset());
            self.spot = Spot::Turned(if turn == Turn::Row { start } else { next });
            return;
        }
        if self.heads.take(&row, self.cells, &mut self.columns) {
            self.gap = true;
            self.begin_record(text, next);
            return;
        }
        // `,,,`
        self.gap = row.range.as_ref().is_some_and(|range| self.cells.since(range.start).is_empty());
        // A row that a quotation mark made too short is no other reason.
        let is_told = self.notes.reason() == Some(Reason::UnclosedQuote);
        if self.field != self.heads.fields && !is_told && !(self.dialect.drawn && self.field < 2) {
            self.notes.add(Reason::RaggedRows, self.record_start.source(self.cells.base, offsets));
        }
        self.heads.ragged(&row, &mut self.columns);
        self.record += 1;
        self.begin_record(text, next);
    }

    /// Keeps a cell of the header; one that is too long, or beyond the last column, names nothing.
    fn name(&mut self, text: &[u8], range: Range<usize>, escaped: bool) {
        if self.names.len() > self.heads.max_columns {
            return;
        }
        let mut name = String::new();
        if range.len() <= NAME_BYTES && range.start < range.end {
            let raw = if escaped { self.cells.unescape(self.escapes, text, range) } else { &text[range] };
            name = String::from_utf8_lossy(raw).trim().to_owned();
        }
        self.names.push(name);
    }

    /// The cell that is not closed at the end of `text`.
    fn open_cell(&mut self, text: &[u8]) -> Option<Cell> {
        let mut end = match self.spot {
            Spot::Closing(mark) => self.cells.index(mark),
            _ => text.len(),
        };
        let mut start = self.cells.index(self.cell_start);
        if self.phase == Phase::Titles || self.spot == Spot::Remark {
            if self.phase == Phase::Titles {
                end = end.min(self.cells.index(self.dialect.titles.1 as u64));
            }
            return (start < end).then(|| cell(start..end, self.columns.overflow(), self.record, false));
        }
        if matches!(self.spot, Spot::Start | Spot::Plain) && start < end && text[end - 1] == b'\r' {
            end -= 1;
        }
        if self.dialect.drawn {
            Range { start, end } = self.trimmed(text, self.cell_start, end);
            if self.strokes(&text[start..end]) == end - start {
                start = end;
            }
        }
        if self.phase == Phase::Header || start >= end {
            return None;
        }
        let column = self.column(self.field);
        Some(cell(start..end, column, self.record, self.escaped))
    }

    /// Passes what stands in front of the table; where to go on in `text`, if the table has begun.
    fn titles(&mut self, text: &[u8]) -> Option<usize> {
        let start = self.dialect.start as u64;
        if start > self.cells.at(text.len()) {
            return None;
        }
        let from = self.cells.index(start);
        self.close_other(text, self.cells.index(self.dialect.titles.1 as u64));
        self.phase = table_phase(self.dialect);
        self.begin_record(text, from);
        Some(from)
    }

    /// Ends a cell at each upright line of a box, and records with their lines.
    fn step_through_boxes(&mut self, text: &[u8], from: usize, offsets: &OffsetMap<'_>) {
        for at in memchr::memchr2_iter(boxes::LEAD, b'\n', &text[from..]) {
            let i = from + at;
            if text[i] == b'\n' {
                self.end_line(text, i, offsets);
            } else if boxes::is_upright(&text[i..]) {
                self.close(text, i, i + boxes::STROKE_BYTES);
            }
        }
    }

    /// Takes a step for each special byte of `text` from `from` on.
    #[inline(always)]
    fn step_through<const N: usize>(
        &mut self,
        text: &[u8],
        from: usize,
        specials: [u8; N],
        offsets: &OffsetMap<'_>,
    ) {
        let (blocks, rest) = text[from..].as_chunks::<64>();
        let mut at = from;
        for block in blocks {
            let mut mask = any_of(block, specials);
            while mask != 0 {
                self.special(text, at + mask.trailing_zeros() as usize, offsets);
                mask &= mask - 1;
            }
            at += 64;
            if matches!(self.spot, Spot::Turned(_)) {
                return;
            }
        }
        for (i, byte) in rest.iter().enumerate() {
            if specials.contains(byte) {
                self.special(text, at + i, offsets);
            }
        }
    }
}

/// Whether `rows` of so many lines, that look like rows, are enough for all of them to be some.
pub(crate) const fn are_rows(rows: u64, lines: u64) -> bool {
    4 * rows >= 3 * lines
}

const fn table_phase(dialect: Dialect) -> Phase {
    if dialect.header { Phase::Header } else { Phase::First }
}

impl Splitter for Csv<'_> {
    fn advance(&mut self, text: &[u8], from: usize, offsets: &OffsetMap<'_>) {
        let mut from = from;
        if self.phase == Phase::Titles {
            let Some(begun) = self.titles(text) else { return };
            from = begun;
        } else if self.undecided {
            self.look_for_remark(text, from);
        }
        if self.dialect.boxes {
            return self.step_through_boxes(text, from, offsets);
        }
        loop {
            if self.dialect.backslash {
                self.step_through(text, from, [self.delimiter, b'\n', self.quote, b'\\'], offsets);
            } else {
                self.step_through(text, from, [self.delimiter, b'\n', self.quote], offsets);
            }
            if let Spot::Closing(mark) = self.spot
                && let mark = self.cells.index(mark)
                && !are_blanks(&text[mark + 1..])
            {
                self.leave_quotes(text, mark, offsets);
            }
            let Spot::Turned(next) = self.spot else { break };
            self.begin_record(text, next);
            from = next;
        }
    }

    fn finish(&mut self, text: &[u8], offsets: &OffsetMap<'_>) {
        let end = match self.spot {
            Spot::Closing(mark) => self.cells.index(mark),
            Spot::Quoted if self.quoted_lines > 0 && self.is_followed_by_rows(text, last_line(text)) => {
                self.turn_back(text, offsets);
                let from = self.cells.index(self.record_start.offset());
                self.begin_record(text, from);
                self.advance(text, from, offsets);
                return self.finish(text, offsets);
            }
            Spot::Quoted => {
                self.notes.add(Reason::UnclosedQuote, self.opening.source(self.cells.base, offsets));
                text.len()
            }
            Spot::Start | Spot::Plain => text.len(),
            Spot::Remark => return self.close_other(text, text.len()),
            Spot::Turned(_) => return,
        };
        if self.field > 0 || self.was_quoted || self.cell_start < self.cells.at(end) {
            self.close(text, end, text.len());
            self.end_record(text, text.len(), offsets);
            if let Spot::Turned(from) = self.spot {
                self.begin_record(text, from);
                self.advance(text, from, offsets);
                self.finish(text, offsets);
            }
        }
    }

    fn emit(
        &mut self,
        text: &[u8],
        own: Range<usize>,
        offsets: OffsetMap<'_>,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        if self.dialect.drawn && self.phase != Phase::Titles {
            self.settle_start(text, &own);
        }
        let open = self.open_cell(text);
        let window = Window { text, own, layout: Layout::Cells(&[]), offsets };
        self.cells.emit(window, open, self.escapes, &mut self.columns, target)
    }

    fn slide(&mut self, delta: usize, offsets: &OffsetMap<'_>) {
        self.record_start.slide(self.cells.base, delta, offsets);
        self.opening.slide(self.cells.base, delta, offsets);
        self.cells.slide(delta);
    }
}

/// The end of the last line, before its line feed.
fn last_line(text: &[u8]) -> usize {
    text.len() - usize::from(text.ends_with(b"\n"))
}

fn are_blanks(text: &[u8]) -> bool {
    text.len() <= BLANKS && text.iter().all(|&b| is_blank(b))
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}

/// What tables are drawn with.
const fn is_stroke(byte: u8) -> bool {
    matches!(byte, b'-' | b'+' | b'=' | b':')
}
