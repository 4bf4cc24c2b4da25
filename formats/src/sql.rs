//! SQL dumps: the rows of `INSERT … VALUES` and of PostgreSQL's `COPY … FROM stdin`, by column.
//!
//! A state machine that may stop at every byte. Only the beginning of a line, or what follows a semicolon, can begin a
//! statement that holds rows, and quotation marks mean nothing outside of rows: so whatever is not understood (other
//! SQL, procedures, remarks) is text of the column `*` and can never hide the rows behind it.

mod head;
mod tables;

use std::ops::{ControlFlow, Range};

use domesday_model::{Cell, ColumnIx, ColumnReport, Layout, OffsetMap, Reason, Window};
use memchr::memmem;

use crate::cells::{Cells, cell};
use crate::columns::{Columns, TEXT, types_of};
use crate::csv::{QUOTED_BYTES, QUOTED_LINES};
use crate::escape::Escapes;
use crate::names::is_no_table;
use crate::place::{Notes, Pin};
use crate::windows::Splitter;
use crate::{Limits, Target};

use head::Head;
use tables::Tables;

/// Bytes of a token, or of the words that make a statement, beyond which they are not looked at. Within the right
/// context, so that no window owns them before they are understood.
const SEEN_BYTES: u64 = 200;

const _: () = assert!(SEEN_BYTES + 16 < Limits::MIN_RIGHT as u64);

/// Functions that read a value from a string, by a format.
const FORMATTED: [&[u8]; 6] =
    [b"to_date", b"to_timestamp", b"to_timestamp_tz", b"to_number", b"str_to_date", b"strptime"];

/// Blanks within a bare value; more of them end it.
const BLANKS: u64 = 128;

/// A bare text in front of a string that is longer is no prefix.
const PREFIX_BYTES: usize = 64;

const _: () = assert!(PREFIX_BYTES as u64 + BLANKS < SEEN_BYTES);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Where a statement may begin.
    Start,
    /// In text, up to the end of the line or a semicolon.
    Text,
    /// In the words of a statement.
    Head,
    /// Between rows.
    Rows,
    /// There, behind a byte that may begin a remark.
    Half(u8),
    /// In a row, between values.
    Between,
    /// In a value without quotation marks, of which this is the offset behind the last byte that is no blank.
    Bare(u64),
    InString,
    /// Behind a quotation mark, at this offset, that closes a string or is half of an escape.
    Closing(u64),
    /// In a remark between values, up to the line's end or `*/`.
    Remark {
        line: bool,
    },
    /// Behind the words of a `COPY`, up to the end of the line.
    CopyStart,
    /// In the rows of a `COPY`.
    Copy,
}

/// What a backslash means in a string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Meaning {
    Itself,
    /// It takes the meaning from the byte behind it.
    Escape,
    /// `\n` and `\r` are line ends, and nothing else is meant: `replace('…', '\n', char(10))` as SQLite writes it.
    LineEnds,
}

/// Splits a dump into cells.
pub(crate) struct Sql<'s> {
    cells: &'s mut Cells,
    columns: Columns,
    pub(crate) notes: Notes,
    tables: Tables,
    head: Head,
    state: State,
    /// Strings hold escapes with backslashes.
    backslash: bool,
    /// What a backslash means in this one.
    meaning: Meaning,
    /// Where a text that belongs to no row began.
    text_start: Option<u64>,
    /// Offset of the first byte of the value in the whole text.
    value: u64,
    quote: u8,
    opening: Pin,
    quoted_lines: u64,
    /// The value holds escapes.
    escaped: bool,
    /// The byte behind a backslash comes next.
    skip: bool,
    /// Parentheses that are open within the row.
    depth: u32,
    field: usize,
    /// The field has had a value.
    counted: bool,
    /// The value is what `replace` makes of a string.
    replaced: bool,
    /// A function reads the value from a string, by a format behind that.
    formatted: bool,
    record: u64,
    record_start: Pin,
    /// Where a remark goes back to.
    after_remark: State,
}

impl<'s> Sql<'s> {
    pub(crate) fn new(backslash: bool, limits: &Limits, cells: &'s mut Cells) -> Self {
        cells.clear();
        Self {
            cells,
            columns: Columns::default(),
            notes: Notes::default(),
            tables: Tables::new(limits.max_columns),
            head: Head::default(),
            state: State::Start,
            backslash,
            meaning: Meaning::Itself,
            text_start: None,
            value: 0,
            quote: b'\'',
            opening: Pin::at(0),
            quoted_lines: 0,
            escaped: false,
            skip: false,
            depth: 0,
            field: 0,
            counted: false,
            replaced: false,
            formatted: false,
            record: 0,
            record_start: Pin::at(0),
            after_remark: State::Rows,
        }
    }

    /// Records, and what is known of the columns.
    pub(crate) fn report(self) -> (u64, Vec<ColumnReport>) {
        let Self { tables, columns, record, .. } = self;
        (record, columns.report_each(|ix, _| tables.rows_of(ix).unwrap_or(record)))
    }

    /// One step of the machine from `text[i]`; returns where the next one starts.
    #[inline]
    fn step(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        match self.state {
            State::Start => self.start(text, i),
            State::Text => self.in_text(text, i),
            State::Head => self.in_head(text, i),
            State::Rows => self.between_rows(text, i),
            State::Half(first) => self.behind_half(text, i, first),
            State::Between => self.between(text, i, offsets),
            State::Bare(end) => self.bare(text, i, end, offsets),
            State::InString => self.string(text, i, offsets),
            State::Closing(mark) => self.behind_quote(text, i, mark, offsets),
            State::Remark { line } => self.in_remark(text, i, line),
            State::CopyStart => self.copy_start(text, i),
            State::Copy => self.copy(text, i, offsets),
        }
    }

    fn start(&mut self, text: &[u8], i: usize) -> usize {
        let byte = text[i];
        if byte.is_ascii_whitespace() {
            return i + 1;
        }
        let at = self.cells.at(i);
        let may_hold_rows = matches!(byte, b'I' | b'i' | b'R' | b'r');
        if may_hold_rows && let Some(length) = self.tables.enter_known(&text[i..]) {
            self.close_text(i);
            self.state = State::Rows;
            return i + length;
        }
        self.text_start.get_or_insert(at);
        if byte.is_ascii_alphabetic() {
            self.head.begin(at);
            self.state = State::Head;
            i
        } else {
            self.state = State::Text;
            i + usize::from(byte != b';')
        }
    }

    fn in_text(&mut self, text: &[u8], i: usize) -> usize {
        let Some(end) = memchr::memchr2(b'\n', b';', &text[i..]) else { return text.len() };
        self.state = State::Start;
        i + end + 1
    }

    fn in_head(&mut self, text: &[u8], i: usize) -> usize {
        let (length, step) = self.head.step(text[i], self.backslash);
        match step {
            head::Step::On => {}
            head::Step::Text => self.state = State::Text,
            head::Step::Create => {
                let Head { path, names, .. } = &mut self.head;
                self.tables.define(path, std::mem::take(names));
                self.state = State::Text;
            }
            head::Step::Rows => {
                self.enter_table(text, i);
                self.state = State::Rows;
            }
            head::Step::Copy => {
                self.enter_table(text, i);
                self.state = State::CopyStart;
            }
        }
        i + length
    }

    /// The head of a statement ends before `text[i]`. It belongs to the text before it only where it is long, so that
    /// windows own some of it already, or has a remark.
    fn enter_table(&mut self, text: &[u8], i: usize) {
        let Head { start, remark, .. } = self.head;
        let is_plain = self.cells.at(i) - start <= SEEN_BYTES && !remark;
        let head = is_plain.then(|| &text[self.cells.index(start)..i]);
        self.close_text(if is_plain { self.cells.index(start) } else { i });
        let Head { path, names, listed, .. } = &self.head;
        self.tables.enter(path, names, *listed, head, &mut self.columns);
    }

    fn between_rows(&mut self, text: &[u8], i: usize) -> usize {
        match text[i] {
            b'(' => {
                self.record_start = Pin::at(self.cells.at(i));
                self.field = 0;
                self.depth = 0;
                self.counted = false;
                self.replaced = false;
                self.formatted = false;
                self.state = State::Between;
            }
            b',' => {}
            byte if byte.is_ascii_whitespace() => {}
            b';' => self.state = State::Start,
            b'#' => self.begin_remark(self.cells.at(i), true, State::Rows),
            first @ (b'-' | b'/') => self.state = State::Half(first),
            _ => {
                self.state = State::Start;
                return i;
            }
        }
        i + 1
    }

    fn behind_half(&mut self, text: &[u8], i: usize, first: u8) -> usize {
        let start = self.cells.at(i) - 1;
        match (first, text[i]) {
            (b'-', b'-') | (b'/', b'*') => self.begin_remark(start, first == b'-', State::Rows),
            _ => {
                self.text_start = Some(start);
                self.state = State::Text;
                return i;
            }
        }
        i + 1
    }

    /// In a row, where a value may begin.
    #[inline]
    fn between(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        match text[i] {
            quote @ (b'\'' | b'"' | b'`') => {
                self.meaning = self.usual_meaning();
                self.open_string(i, quote);
            }
            b',' if self.depth == 0 => self.next_field(offsets),
            b')' if self.depth == 0 => self.end_row(offsets),
            b')' => self.depth -= 1,
            b'(' => self.depth += 1,
            b';' => self.break_row(offsets),
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {}
            _ => {
                self.value = self.cells.at(i);
                self.state = State::Bare(self.value + 1);
            }
        }
        i + 1
    }

    const fn usual_meaning(&self) -> Meaning {
        match (self.backslash, self.replaced) {
            (true, _) => Meaning::Escape,
            (false, true) => Meaning::LineEnds,
            (false, false) => Meaning::Itself,
        }
    }

    fn open_string(&mut self, i: usize, quote: u8) {
        self.opening = Pin::at(self.cells.at(i));
        self.value = self.cells.at(i + 1);
        self.quote = quote;
        self.quoted_lines = 0;
        self.escaped = false;
        self.skip = false;
        self.state = State::InString;
    }

    fn next_field(&mut self, offsets: &OffsetMap<'_>) {
        if self.tables.column(self.field).is_none() {
            self.column(offsets);
        }
        self.field += 1;
        self.counted = false;
        self.replaced = false;
        self.formatted = false;
        self.state = State::Between;
    }

    fn end_row(&mut self, offsets: &OffsetMap<'_>) {
        self.next_field(offsets);
        if self.tables.end_row(self.field) {
            self.notes.add(Reason::RaggedRows, self.record_start.source(self.cells.base, offsets));
        }
        self.record += 1;
        self.state = State::Rows;
    }

    /// A semicolon, or the end, where none can stand: the row is broken.
    #[cold]
    fn break_row(&mut self, offsets: &OffsetMap<'_>) {
        self.notes.add(Reason::MalformedRecord, self.record_start.source(self.cells.base, offsets));
        self.record += 1;
        self.state = State::Start;
    }

    /// In a number, a word, a function's name, a string's prefix.
    #[inline]
    fn bare(&mut self, text: &[u8], i: usize, end: u64, offsets: &OffsetMap<'_>) -> usize {
        let byte = text[i];
        let at = self.cells.at(i);
        match byte {
            b'\'' | b'"' => {
                let prefix = &text[self.cells.index(self.value)..self.cells.index(end)];
                let is_escaped = matches!(prefix, b"E" | b"e");
                self.meaning = if is_escaped { Meaning::Escape } else { self.usual_meaning() };
                self.close_bare(text, end, true, offsets);
                self.open_string(i, byte);
            }
            b',' | b')' | b';' => {
                self.close_bare(text, end, self.counted, offsets);
                self.state = State::Between;
                return i;
            }
            b'(' => {
                let name = &text[self.cells.index(self.value)..self.cells.index(end)];
                self.replaced |= name.eq_ignore_ascii_case(b"replace");
                self.formatted |= FORMATTED.iter().any(|function| name.eq_ignore_ascii_case(function));
                self.close_bare(text, end, true, offsets);
                self.state = State::Between;
                return i;
            }
            b'-' | b'*' if at == end && self.opens_remark(text, i, byte) => {
                let start = at - 1;
                self.close_bare(text, start, self.counted, offsets);
                self.begin_remark(start, byte == b'-', State::Between);
            }
            b' ' | b'\t' | b'\r' | b'\n' => {
                if at - end == BLANKS {
                    self.close_bare(text, end, self.counted, offsets);
                    self.state = State::Between;
                }
            }
            _ => {
                let is_plain = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'.' || **b == b'_';
                let run = text[i + 1..].iter().take_while(is_plain).count();
                self.state = State::Bare(at + 1 + run as u64);
                return i + 1 + run;
            }
        }
        i + 1
    }

    /// Whether `text[i]` is the second byte of `--` or `/*`.
    fn opens_remark(&self, text: &[u8], i: usize, byte: u8) -> bool {
        i > 0 && self.cells.at(i) > self.value && text[i - 1] == if byte == b'-' { b'-' } else { b'/' }
    }

    fn begin_remark(&mut self, at: u64, line: bool, after: State) {
        self.text_start.get_or_insert(at);
        self.after_remark = after;
        self.state = State::Remark { line };
    }

    fn in_remark(&mut self, text: &[u8], i: usize, line: bool) -> usize {
        let end = if line { b'\n' } else { b'/' };
        let Some(found) = memchr::memchr(end, &text[i..]) else { return text.len() };
        let behind = i + found + 1;
        if line || (behind > 1 && text[behind - 2] == b'*') {
            self.close_text(behind);
            self.state = self.after_remark;
        }
        behind
    }

    /// Ends a cell without quotation marks at `end`. With a string beside it, what looks like its prefix or suffix
    /// is no value.
    #[inline]
    fn close_bare(&mut self, text: &[u8], end: u64, beside: bool, offsets: &OffsetMap<'_>) {
        let range = self.cells.index(self.value)..self.cells.index(end);
        let value = &text[range.clone()];
        if range.is_empty() || (beside && is_prefix(value)) {
            return;
        }
        if self.is_argument(value.len())
            || value.eq_ignore_ascii_case(b"NULL")
            || value.eq_ignore_ascii_case(b"DEFAULT")
        {
            return;
        }
        let column = self.column(offsets);
        if !std::mem::replace(&mut self.counted, true) {
            self.columns.count(column, types_of(value));
        }
        self.cells.push(range, column, self.record, false);
    }

    #[inline]
    fn string(&mut self, text: &[u8], mut i: usize, offsets: &OffsetMap<'_>) -> usize {
        if std::mem::take(&mut self.skip) {
            i = self.behind_backslash(text, i);
        }
        while i < text.len() {
            let rest = &text[i..];
            let found = if self.meaning == Meaning::Itself {
                memchr::memchr2(self.quote, b'\n', rest)
            } else {
                memchr::memchr3(self.quote, b'\n', b'\\', rest)
            };
            let Some(found) = found else { return text.len() };
            i += found;
            match text[i] {
                b'\\' if i + 1 == text.len() => {
                    self.skip = true;
                    i += 1;
                }
                b'\\' => i = self.behind_backslash(text, i + 1),
                b'\n' => {
                    self.quoted_lines += 1;
                    let length = self.cells.at(i) - self.value;
                    if length > QUOTED_BYTES || self.quoted_lines > QUOTED_LINES {
                        return self.give_up(text, i, offsets);
                    }
                    i += 1;
                }
                _ => {
                    self.state = State::Closing(self.cells.at(i));
                    return i + 1;
                }
            }
        }
        text.len()
    }

    /// A backslash stands before `text[i]`; where to go on.
    fn behind_backslash(&mut self, text: &[u8], i: usize) -> usize {
        let is_escape = self.meaning == Meaning::Escape;
        if is_escape || matches!(text[i], b'n' | b'r') {
            self.cells.mark(i - 1);
            self.escaped = true;
        }
        if is_escape { i + 1 } else { i }
    }

    /// Whether a value of that length is what `replace` replaces, or by what, or the format of a date.
    const fn is_argument(&self, length: usize) -> bool {
        self.counted && self.depth > 0 && (self.formatted || self.replaced && length <= 8)
    }

    /// A string is never closed: it ends with the line, and so does the row.
    #[cold]
    fn give_up(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        self.notes.add(Reason::UnclosedQuote, self.opening.source(self.cells.base, offsets));
        self.close_string(text, i, offsets);
        self.record += 1;
        self.state = State::Start;
        i + 1
    }

    #[inline]
    fn behind_quote(&mut self, text: &[u8], i: usize, mark: u64, offsets: &OffsetMap<'_>) -> usize {
        let mark_index = self.cells.index(mark);
        if text[i] == self.quote {
            self.cells.mark(mark_index);
            self.escaped = true;
            self.state = State::InString;
            return i + 1;
        }
        self.close_string(text, mark_index, offsets);
        self.state = State::Between;
        i
    }

    #[inline]
    fn close_string(&mut self, text: &[u8], end: usize, offsets: &OffsetMap<'_>) {
        let range = self.cells.index(self.value)..end;
        if self.value >= self.cells.at(end) || self.is_argument(range.len()) {
            self.counted = true;
            return;
        }
        let column = self.column(offsets);
        if !std::mem::replace(&mut self.counted, true) {
            self.columns.count_string(column, &text[range.clone()]);
        }
        self.cells.push(range, column, self.record, self.escaped);
    }

    /// The column of the value that is being read.
    #[inline]
    fn column(&mut self, offsets: &OffsetMap<'_>) -> ColumnIx {
        match self.tables.column(self.field) {
            Some(column) => column,
            None => self.column_beyond(offsets),
        }
    }

    #[cold]
    fn column_beyond(&mut self, offsets: &OffsetMap<'_>) -> ColumnIx {
        if let Some(column) = self.tables.grow(self.field, &mut self.columns) {
            return column;
        }
        if self.tables.is_full() {
            self.notes.add(Reason::TooManyColumns, self.record_start.source(self.cells.base, offsets));
        }
        self.columns.overflow()
    }

    /// Ends a text that belongs to no row at index `end`.
    fn close_text(&mut self, end: usize) {
        let Some(start) = self.text_start.take().filter(|&start| start < self.cells.at(end)) else { return };
        let column = self.columns.overflow();
        self.columns.count(column, TEXT);
        self.cells.push(self.cells.index(start)..end, column, self.record, false);
    }

    fn copy_start(&mut self, text: &[u8], i: usize) -> usize {
        let Some(end) = memchr::memchr(b'\n', &text[i..]) else { return text.len() };
        self.begin_line(i + end + 1);
        self.state = State::Copy;
        i + end + 1
    }

    fn begin_line(&mut self, i: usize) {
        self.value = self.cells.at(i);
        self.record_start = Pin::at(self.value);
        self.field = 0;
        self.escaped = false;
    }

    /// In a row of a `COPY`: tabs between values, and backslashes that take the meaning from the byte behind them.
    #[inline]
    fn copy(&mut self, text: &[u8], mut i: usize, offsets: &OffsetMap<'_>) -> usize {
        if std::mem::take(&mut self.skip) {
            i += 1;
        }
        while i < text.len() {
            let Some(found) = memchr::memchr3(b'\t', b'\n', b'\\', &text[i..]) else { break };
            i += found;
            match text[i] {
                b'\\' => {
                    self.cells.mark(i);
                    self.escaped = true;
                    self.skip = i + 1 == text.len();
                    i += 2;
                    continue;
                }
                b'\t' => self.close_copied(text, i, offsets),
                _ => {
                    if self.end_line(text, i, offsets) {
                        return i + 1;
                    }
                }
            }
            i += 1;
        }
        text.len()
    }

    #[inline]
    fn close_copied(&mut self, text: &[u8], end: usize, offsets: &OffsetMap<'_>) {
        let range = self.cells.index(self.value)..end;
        let value = &text[range.clone()];
        let column = self.column(offsets);
        if self.value < self.cells.at(end) && value != b"\\N" {
            self.columns.count_text(column, value);
            self.cells.push(range, column, self.record, self.escaped);
        }
        self.field += 1;
        self.escaped = false;
        self.value = self.cells.at(end + 1);
    }

    /// A line feed in the rows of a `COPY`, at index `i`. Whether the line ends them.
    fn end_line(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> bool {
        let start = self.cells.index(self.value);
        let end = if start < i && text[i - 1] == b'\r' { i - 1 } else { i };
        if self.field == 0 && self.value >= self.cells.base && text[start..end] == *b"\\." {
            self.state = State::Start;
            return true;
        }
        self.close_copied(text, end, offsets);
        if self.tables.end_row(self.field) {
            self.notes.add(Reason::RaggedRows, self.record_start.source(self.cells.base, offsets));
        }
        self.record += 1;
        self.begin_line(i + 1);
        false
    }

    /// The cell that is not closed at the end of `text`, if it begins before `own_end`: only then is it certain to be
    /// one. What begins behind may turn out to be a prefix, a null or the head of a statement, which have no column.
    fn open_cell(&mut self, text: &[u8], own_end: usize, offsets: &OffsetMap<'_>) -> Option<Cell> {
        let (start, end) = match self.state {
            State::Bare(end) => (self.value, self.cells.index(end)),
            State::Closing(mark) => (self.value, self.cells.index(mark)),
            State::InString | State::Copy => (self.value, text.len()),
            _ => (self.text_start?, text.len()),
        };
        let range = self.cells.index(start)..end;
        if range.start >= own_end || range.is_empty() {
            return None;
        }
        let (column, escaped) = match self.state {
            State::Bare(_) => (self.column(offsets), false),
            State::Closing(_) | State::InString | State::Copy => (self.column(offsets), self.escaped),
            _ => (self.columns.overflow(), false),
        };
        Some(cell(range, column, self.record, escaped))
    }
}

impl Splitter for Sql<'_> {
    fn advance(&mut self, text: &[u8], from: usize, offsets: &OffsetMap<'_>) {
        let mut i = from;
        while i < text.len() {
            i = self.step(text, i, offsets);
        }
    }

    fn finish(&mut self, text: &[u8], offsets: &OffsetMap<'_>) {
        match self.state {
            State::Bare(end) => self.close_bare(text, end, self.counted, offsets),
            State::Closing(mark) => self.close_string(text, self.cells.index(mark), offsets),
            State::InString => {
                self.notes.add(Reason::UnclosedQuote, self.opening.source(self.cells.base, offsets));
                self.close_string(text, text.len(), offsets);
            }
            State::Copy if self.field > 0 || self.value < self.cells.at(text.len()) => {
                self.end_line(text, text.len(), offsets);
            }
            _ => {}
        }
        if matches!(self.state, State::Between | State::Bare(_) | State::Closing(_) | State::InString) {
            self.break_row(offsets);
        }
        self.close_text(text.len());
        self.state = State::Start;
    }

    fn emit(
        &mut self,
        text: &[u8],
        own: Range<usize>,
        offsets: OffsetMap<'_>,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        let open = self.open_cell(text, own.end, &offsets);
        let window = Window { text, own, layout: Layout::Cells(&[]), offsets };
        self.cells.emit(window, open, Escapes::Backslash, &mut self.columns, target)
    }

    fn slide(&mut self, delta: usize, offsets: &OffsetMap<'_>) {
        self.record_start.slide(self.cells.base, delta, offsets);
        self.opening.slide(self.cells.base, delta, offsets);
        self.cells.slide(delta);
    }
}

/// What stands beside a string without being a value: `N`, `E`, `_utf8`, `DATE`, `to_date`, `::text`, `||`.
fn is_prefix(value: &[u8]) -> bool {
    let fits = |b: &u8| b.is_ascii_alphanumeric() || b" _:|&.".contains(b);
    value.len() <= PREFIX_BYTES && value.iter().all(fits) && !value.iter().all(u8::is_ascii_digit)
}

/// How a text says in its beginning that it is a dump: whether strings hold escapes with backslashes. `None` for
/// other SQL, and for what is no SQL unless its extension says so.
pub(crate) fn dump(extension: &str, text: &[u8], whole: bool) -> Option<bool> {
    const MARKS: &[&str] =
        &["-- PostgreSQL database dump", "-- MySQL dump", "-- MariaDB dump", "-- phpMyAdmin SQL Dump"];
    // Behind a long schema rows may follow.
    const STATEMENTS: &[&str] = &["CREATE TABLE ", "INSERT ", "REPLACE INTO ", "COPY "];
    if extension != "sql" && is_no_table(extension) {
        return None;
    }
    let begins = |line: &[u8], word: &str| {
        line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    let lines = || text.split(|&b| b == b'\n').map(<[u8]>::trim_ascii_start);
    let is_marked = lines().take(10).any(|line| MARKS.iter().any(|mark| begins(line, mark)));
    let is_sql = extension == "sql"
        && lines()
            .any(|line| STATEMENTS[usize::from(whole)..].iter().any(|statement| begins(line, statement)))
        || is_marked
        || has_rows_in_front(lines());
    let holds = |needle: &str| memmem::find(text, needle.as_bytes()).is_some();
    is_sql.then(|| {
        ["-- MySQL dump", "-- MariaDB dump", "phpMyAdmin", "TABLE `", "INTO `", ") ENGINE="]
            .into_iter()
            .any(holds)
    })
}

/// Whether rows come behind nothing but remarks and a few other statements.
fn has_rows_in_front<'t>(mut lines: impl Iterator<Item = &'t [u8]>) -> bool {
    const OTHERS: &[&str] = &["--", "/*", "BEGIN", "PRAGMA", "SET ", "USE ", "DROP ", "START ", "GO"];
    let word = |line: &[u8], word: &str| {
        line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    let other = |line: &&[u8]| line.trim_ascii().is_empty() || OTHERS.iter().any(|other| word(line, other));
    let first = lines.by_ref().take(30).find(|line| !other(line)).unwrap_or_default();
    word(first, "INSERT INTO ")
        || (word(first, "CREATE TABLE ") && lines.any(|line| word(line, "INSERT INTO ")))
}
