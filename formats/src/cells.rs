//! The cells that touch the buffer, and how they become windows.

use std::ops::{ControlFlow, Range};

use domesday_model::{Cell, CellForm, ColumnIx, Layout, Window};

use crate::Target;
use crate::columns::Columns;
use crate::escape::{Escapes, Unescaped};

/// Closed cells and the places of escapes, as indices into the buffer, ascending. Reused from object to object.
#[derive(Default)]
pub(crate) struct Cells {
    list: Vec<Cell>,
    marks: Vec<u32>,
    unescaped: Unescaped,
    /// Where the last escaped cell ends in the whole text; most windows have none, and need not look for them.
    escaped_until: u64,
    /// Offset of the buffer in the whole text.
    pub(crate) base: u64,
}

impl Cells {
    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.marks.clear();
        self.escaped_until = 0;
        self.base = 0;
    }

    /// The offset in the whole text of index `i` of the buffer.
    #[inline]
    pub(crate) const fn at(&self, i: usize) -> u64 {
        self.base + i as u64
    }

    /// The index of `at` in the buffer; 0 for what has left it.
    #[inline]
    pub(crate) const fn index(&self, at: u64) -> usize {
        at.saturating_sub(self.base) as usize
    }

    /// Adds a cell, which is not empty.
    #[inline]
    pub(crate) fn push(&mut self, range: Range<usize>, column: ColumnIx, record: u64, escaped: bool) {
        if escaped {
            self.escaped_until = self.at(range.end);
        }
        self.list.push(cell(range, column, record, escaped));
    }

    /// The cells that start at index `start` of the buffer or behind it.
    pub(crate) fn since(&self, start: usize) -> &[Cell] {
        &self.list[self.list.partition_point(|cell| (cell.start as usize) < start)..]
    }

    /// Takes back the cells that [`Self::since`] names, of which no window has owned a byte yet.
    pub(crate) fn retract(&mut self, start: usize) {
        let kept = self.list.len() - self.since(start).len();
        self.list.truncate(kept);
    }

    /// Takes back the escapes from index `start` of the buffer on.
    pub(crate) fn unmark(&mut self, start: usize) {
        self.marks.truncate(self.marks.partition_point(|&mark| (mark as usize) < start));
    }

    /// An escape starts at index `i` of the buffer.
    pub(crate) fn mark(&mut self, i: usize) {
        self.marks.push(i as u32);
    }

    /// The unescaped text of `text[range]`.
    pub(crate) fn unescape(&mut self, escapes: Escapes, text: &[u8], range: Range<usize>) -> &[u8] {
        let marks = marks_in(&self.marks, &range);
        self.unescaped.fill(escapes, text, range, marks, &(0..text.len()));
        &self.unescaped.text
    }

    /// Hands a window over, and behind it one for each escaped cell of its own part. `open` is the cell that is not
    /// closed yet.
    pub(crate) fn emit(
        &mut self,
        window: Window<'_>,
        open: Option<Cell>,
        escapes: Escapes,
        columns: &mut Columns,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        columns.announce(target);
        let closed = self.list.len();
        if let Some(cell) = open {
            let range = cell.start as usize..cell.end as usize;
            self.push(range, cell.column, cell.record, cell.form == CellForm::Escaped);
        }
        let flow = self.emit_cells(&window, escapes, target);
        self.list.truncate(closed);
        flow
    }

    /// Cells of the sample and others are not handed over together: columns are decided between them.
    fn emit_cells(
        &mut self,
        window: &Window<'_>,
        escapes: Escapes,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        let cells = Window { layout: Layout::Cells(&self.list), ..window.clone() };
        if let Some(end) = cells.sample_end()
            && self.since(window.own.start).first().is_some_and(|first| (first.start as usize) < end)
        {
            self.emit_part(&Window { own: window.own.start..end, ..window.clone() }, escapes, target)?;
            return self.emit_part(&Window { own: end..window.own.end, ..window.clone() }, escapes, target);
        }
        self.emit_part(window, escapes, target)
    }

    fn emit_part(
        &mut self,
        window: &Window<'_>,
        escapes: Escapes,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        target.window(&Window { layout: Layout::Cells(&self.list), ..window.clone() })?;
        if self.escaped_until <= self.at(window.own.start) {
            return ControlFlow::Continue(());
        }
        for cell in self.list.iter().filter(|cell| cell.form == CellForm::Escaped) {
            let range = cell.start as usize..cell.end as usize;
            if range.start >= window.own.end || range.end <= window.own.start {
                continue;
            }
            let marks = marks_in(&self.marks, &range);
            let own = self.unescaped.fill(escapes, window.text, range, marks, &window.own);
            let text = &self.unescaped.text[..];
            let whole = Cell { start: 0, end: text.len() as u32, form: CellForm::Plain, ..*cell };
            if !own.is_empty() {
                target.window(&Window {
                    text,
                    own,
                    layout: Layout::Cells(&[whole]),
                    offsets: window.offsets.unescaped(&self.unescaped.pieces),
                })?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The first `delta` bytes of the buffer leave it.
    pub(crate) fn slide(&mut self, delta: usize) {
        let gone = self.list.partition_point(|cell| cell.end as usize <= delta);
        self.list.drain(..gone);
        for cell in &mut self.list {
            cell.start = cell.start.saturating_sub(delta as u32);
            cell.end -= delta as u32;
        }
        let gone = self.marks.partition_point(|&mark| (mark as usize) < delta);
        self.marks.drain(..gone);
        for mark in &mut self.marks {
            *mark -= delta as u32;
        }
        self.base += delta as u64;
    }
}

/// The escapes in `range`.
fn marks_in<'a>(marks: &'a [u32], range: &Range<usize>) -> &'a [u32] {
    let from = marks.partition_point(|&mark| (mark as usize) < range.start);
    let to = marks.partition_point(|&mark| (mark as usize) < range.end);
    &marks[from..to]
}

/// The cell at `range`.
#[inline]
pub(crate) fn cell(range: Range<usize>, column: ColumnIx, record: u64, escaped: bool) -> Cell {
    let form = if escaped { CellForm::Escaped } else { CellForm::Plain };
    Cell { start: range.start as u32, end: range.end as u32, column, record, form }
}
