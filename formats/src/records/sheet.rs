//! What grammars write on: cells, columns, records, and the value that is open.

use std::ops::ControlFlow;

use domesday_model::{Cell, ColumnIx, ColumnReport, OffsetMap, Reason, Window};

use crate::cells::{Cells, cell};
use crate::columns::{Columns, TEXT};
use crate::escape::Escapes;
use crate::paths::{ELSEWHERE, NodeId, Paths, ROOT};
use crate::place::{Notes, Pin};
use crate::records::until::{Scan, Until};
use crate::{Limits, Target};

/// Bytes of blank lines within a text. Less than a window sees behind what decides on a line, so that it knows whether a
/// text goes on.
const MOST_BETWEEN: u64 = 12;

/// A value that is not closed.
#[derive(Clone, Copy)]
struct Open {
    start: u64,
    /// Where text ends if no more of it follows; nothing for other values.
    end: u64,
    column: ColumnIx,
    record: u64,
    until: Until,
    escaped: bool,
    /// Its end has not been seen; text that waits for the head of the next line is not being read.
    reading: bool,
}

/// The cells of an object while its lines are read.
pub(crate) struct Sheet<'s> {
    cells: &'s mut Cells,
    columns: Columns,
    pub(crate) paths: Paths,
    pub(crate) max_depth: usize,
    max_columns: usize,
    notes: Notes,
    /// The reason that shows first, until its place in the source is worked out.
    noted: Option<(Pin, Reason)>,
    record: u64,
    /// Something of the record was read.
    begun: bool,
    record_start: Pin,
    open: Option<Open>,
}

impl<'s> Sheet<'s> {
    /// Of a text in which `maps` are known.
    pub(crate) fn new(maps: Option<Paths>, limits: &Limits, cells: &'s mut Cells) -> Self {
        let mut sheet = Self::of_beginning(maps, limits, cells);
        // What stands on the left of lines are names, however many.
        sheet.paths.widen(ROOT);
        sheet
    }

    /// Of the beginning of a text, which tells whether it is a map.
    pub(super) fn of_beginning(maps: Option<Paths>, limits: &Limits, cells: &'s mut Cells) -> Self {
        cells.clear();
        // Sections and lists are places, too, but have no column.
        let paths = maps.unwrap_or_else(|| Paths::new(2 * limits.max_columns));
        Self {
            cells,
            columns: Columns::default(),
            paths,
            max_depth: limits.max_depth,
            max_columns: limits.max_columns,
            notes: Notes::default(),
            noted: None,
            record: 0,
            begun: false,
            record_start: Pin::at(0),
            open: None,
        }
    }

    pub(super) fn report(self) -> (Notes, (u64, Vec<ColumnReport>)) {
        (self.notes, (self.record, self.columns.report(self.record)))
    }

    /// The maps in what was read, as [`Paths::maps`] tells them.
    pub(super) fn maps(&self) -> (Paths, usize) {
        self.paths.maps(&self.columns)
    }

    pub(super) const fn at(&self, i: usize) -> u64 {
        self.cells.at(i)
    }

    pub(super) const fn index(&self, at: u64) -> usize {
        self.cells.index(at)
    }

    // Records and columns.

    /// Something of a record stands at `i`.
    #[inline]
    pub(crate) fn begin(&mut self, i: usize) {
        if !self.begun {
            self.begun = true;
            self.record_start = Pin::at(self.cells.at(i));
        }
    }

    /// The record, if one has begun, ends.
    #[inline]
    pub(crate) fn end_record(&mut self) {
        self.record += u64::from(self.begun);
        self.begun = false;
    }

    /// The record that is being read breaks the format.
    #[cold]
    pub(crate) fn note_record(&mut self, reason: Reason) {
        let pin = self.record_start;
        self.note_pin(pin, reason);
    }

    /// Something is wrong at `i`.
    #[cold]
    pub(crate) fn note(&mut self, i: usize, reason: Reason) {
        self.note_pin(Pin::at(self.cells.at(i)), reason);
    }

    fn note_pin(&mut self, pin: Pin, reason: Reason) {
        // Later ones wait as little as earlier ones, and those that were placed already lie before them.
        if self.noted.is_none_or(|(known, _)| pin.is_before(&known)) {
            self.noted = Some((pin, reason));
        }
    }

    pub(super) fn place_notes(&mut self, offsets: &OffsetMap<'_>) {
        if let Some((pin, reason)) = self.noted.take() {
            self.notes.add(reason, pin.source(self.cells.base, offsets));
        }
    }

    /// A column that the format names, for an object that has not too many of them.
    pub(crate) fn name_column(&mut self, path: String) -> ColumnIx {
        if self.columns.len() >= self.max_columns {
            self.note_record(Reason::TooManyColumns);
            return self.columns.overflow();
        }
        self.columns.add(path)
    }

    /// The column `*`, of what has none of its own.
    pub(crate) fn elsewhere(&mut self) -> ColumnIx {
        self.columns.overflow()
    }

    /// The column of the values at a place.
    #[inline]
    pub(crate) fn column(&mut self, node: NodeId) -> ColumnIx {
        if let Some(column) = self.paths.column(node) {
            return column;
        }
        let column = self.new_column(node, "");
        self.paths.set_column(node, column);
        column
    }

    #[cold]
    fn new_column(&mut self, node: NodeId, suffix: &str) -> ColumnIx {
        let path = self.paths.path(node);
        if node == ELSEWHERE || (path == "*" && suffix.is_empty()) {
            return self.elsewhere();
        }
        let path = format!("{path}{suffix}");
        self.name_column(path)
    }

    /// The place of the key at `text[i..i + length]` below `parent`, where `last` is the key before it. A key that is
    /// data, as one without letters always is, becomes a cell.
    pub(crate) fn key(
        &mut self,
        text: &[u8],
        (i, length): (usize, usize),
        parent: NodeId,
        last: Option<NodeId>,
    ) -> NodeId {
        let key = &text[i..i + length];
        let is_name = key.iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80);
        let (node, data) =
            if is_name { self.paths.child(parent, last, key) } else { (self.paths.any(parent), true) };
        if std::mem::take(&mut self.paths.overflowed) {
            self.note_record(Reason::TooManyColumns);
        }
        if data {
            let column = match self.paths.key_column(node) {
                Some(column) => column,
                None => {
                    let column = self.new_column(node, "~");
                    self.paths.set_key_column(node, column);
                    column
                }
            };
            self.push(text, i, i + length, column);
        }
        node
    }

    // Values.

    /// The value at `text[start..end]`, if that is not empty.
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8], start: usize, end: usize, column: ColumnIx) {
        self.settle();
        if start < end {
            self.columns.count_text(column, &text[start..end]);
            self.cells.push(start..end, column, self.record, false);
        }
    }

    /// What is no value of a column, `length` bytes at `i`.
    pub(crate) fn push_elsewhere(&mut self, text: &[u8], i: usize, length: usize) {
        let column = self.elsewhere();
        self.push(text, i, i + length, column);
    }

    /// The value at `start..end`, which is not empty, of known types.
    #[inline]
    pub(crate) fn push_typed(&mut self, start: usize, end: usize, column: ColumnIx, types: u8) {
        self.settle();
        self.columns.count(column, types);
        self.cells.push(start..end, column, self.record, false);
    }

    /// A value starts at `i`. Returns where to go on: behind it, or where its end will be looked for.
    #[inline(always)]
    pub(crate) fn value(&mut self, text: &[u8], i: usize, column: ColumnIx, until: Until) -> usize {
        self.settle();
        let mut escaped = false;
        let cells = &mut *self.cells;
        let mark = |at: usize| {
            escaped = true;
            cells.mark(at);
        };
        match until.scan(text, i, i, false, mark) {
            Scan::Wait(at) => {
                let (start, record) = (self.cells.at(i), self.record);
                self.open = Some(Open { start, end: start, column, record, until, escaped, reading: true });
                at
            }
            Scan::End { end, next } => {
                if i < end {
                    self.columns.count_text(column, &text[i..end]);
                    self.cells.push(i..end, column, self.record, escaped);
                }
                next
            }
        }
    }

    /// The line at `i` is text. Goes on with the text before it when that has the same column and little stands between.
    pub(crate) fn text_line(&mut self, i: usize, column: ColumnIx) {
        match &mut self.open {
            Some(text) if text.column == column && self.cells.at(i) <= text.end + MOST_BETWEEN => {
                text.reading = true;
            }
            _ => {
                self.settle();
                let (start, record) = (self.cells.at(i), self.record);
                let until = Until::Text;
                self.open =
                    Some(Open { start, end: start, column, record, until, escaped: false, reading: true });
                self.columns.count(column, TEXT);
            }
        }
    }

    /// Whether text waits for more.
    pub(crate) const fn is_in_text(&self) -> bool {
        self.open.is_some()
    }

    /// The text that waits for more, if there is some, ends.
    #[inline(always)]
    pub(crate) fn settle(&mut self) {
        if self.open.is_some() {
            self.end_text();
        }
    }

    #[cold]
    fn end_text(&mut self) {
        if let Some(text) = self.open.take()
            && text.start < text.end
        {
            let range = self.cells.index(text.start)..self.cells.index(text.end);
            self.cells.push(range, text.column, text.record, false);
        }
    }

    /// Whether a value is open, and its end has not been seen.
    #[inline]
    pub(super) fn is_reading(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.reading)
    }

    /// Goes on with the open value from `i`. Returns where to go on, and whether the value, or the line of a text, has
    /// ended.
    pub(super) fn read_value(&mut self, text: &[u8], i: usize, last: bool) -> (usize, bool) {
        let Some(mut open) = self.open else { return (i, true) };
        let start = self.cells.index(open.start);
        let cells = &mut *self.cells;
        let mark = |at: usize| {
            open.escaped = true;
            cells.mark(at);
        };
        match open.until.scan(text, i, start, last, mark) {
            Scan::Wait(at) => {
                self.open = Some(open);
                (at, false)
            }
            Scan::End { end, next } if open.until == Until::Text => {
                let end = self.cells.at(end.max(start));
                self.open = Some(Open { end, reading: false, ..open });
                (next, true)
            }
            Scan::End { end, next } => {
                self.open = None;
                if start < end {
                    self.columns.count_text(open.column, &text[start..end]);
                    self.cells.push(start..end, open.column, open.record, open.escaped);
                }
                (next, true)
            }
        }
    }

    pub(super) fn finish(&mut self, text: &[u8]) {
        if self.is_reading() {
            self.read_value(text, text.len(), true);
        }
        self.settle();
        self.end_record();
    }

    pub(super) fn emit(
        &mut self,
        window: Window<'_>,
        escapes: Escapes,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        let open = self.open_cell(window.text);
        self.cells.emit(window, open, escapes, &mut self.columns, target)
    }

    /// The cell that is not closed at the end of `text`.
    fn open_cell(&self, text: &[u8]) -> Option<Cell> {
        let open = self.open?;
        let start = self.cells.index(open.start);
        let end =
            if open.reading { without_line_end(text, start, text.len()) } else { self.cells.index(open.end) };
        (start < end).then(|| cell(start..end, open.column, open.record, open.escaped))
    }

    pub(super) fn slide(&mut self, delta: usize, offsets: &OffsetMap<'_>) {
        self.record_start.slide(self.cells.base, delta, offsets);
        self.cells.slide(delta);
    }
}

/// `end`, or the start of the line end before it; not before `start`.
pub(super) fn without_line_end(text: &[u8], start: usize, end: usize) -> usize {
    let line = &text[start.min(end)..end];
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    start.min(end) + line.strip_suffix(b"\r").unwrap_or(line).len()
}
