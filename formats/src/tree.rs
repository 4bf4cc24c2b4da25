//! What the formats of nested values share: the places that are columns, the records, and the token that is read.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use domesday_model::{Cell, ColumnIx, ColumnReport, NumberHasher, OffsetMap, Reason};

use crate::Limits;
use crate::cells::{Cells, cell};
use crate::columns::Columns;
use crate::escape::Escapes;
use crate::paths::{ELSEWHERE, NodeId, Paths};
use crate::place::{Notes, Pin};

/// A key longer than this is data, whatever it holds. Half of the least right context, so that this is known before
/// any of it is owned.
pub(crate) const KEY_BYTES: u64 = Limits::MIN_RIGHT as u64 / 2;

/// Cells, columns and records of an object whose values nest.
pub(crate) struct Tree<'s> {
    pub(crate) cells: &'s mut Cells,
    pub(crate) columns: Columns,
    pub(crate) paths: Paths,
    notes: Notes,
    max_columns: usize,
    /// The first byte of the token.
    token: Pin,
    /// The token holds escapes.
    pub(crate) escaped: bool,
    pub(crate) record: u64,
    /// Something of the record was read.
    pub(crate) begun: bool,
    record_start: Pin,
    /// Places whose values are records, and how many there are of each. The others are all that stands around them.
    kinds: HashMap<NodeId, u64, BuildHasherDefault<NumberHasher>>,
    /// Of them, those that were read as a part of what stands around.
    late: u64,
    /// The place of the record that is being read, where columns tell their tables apart by it.
    table: Option<NodeId>,
}

impl<'s> Tree<'s> {
    pub(crate) fn new(limits: &Limits, cells: &'s mut Cells) -> Self {
        cells.clear();
        Self {
            cells,
            columns: Columns::default(),
            // Places that only hold others have no column.
            paths: Paths::new(2 * limits.max_columns),
            notes: Notes::default(),
            max_columns: limits.max_columns,
            token: Pin::at(0),
            escaped: false,
            record: 0,
            begun: false,
            record_start: Pin::at(0),
            kinds: HashMap::default(),
            late: 0,
            table: None,
        }
    }

    /// What was noted, records, and what is known of the columns.
    pub(crate) fn report(self) -> (Notes, (u64, Vec<ColumnReport>)) {
        let Self { notes, columns, paths, record, kinds, late, .. } = self;
        let around = (record + late).saturating_sub(kinds.values().sum());
        let rows: HashMap<&str, u64> = kinds.iter().map(|(node, rows)| (paths.path(*node), *rows)).collect();
        let rows_of = |path: &str| {
            // The innermost place that holds it.
            let ends = path.rmatch_indices(['.', '[', '~']).map(|(end, _)| end);
            let mut places = std::iter::once(path.len()).chain(ends).chain([0]);
            let known = places.find_map(|end| rows.get(&path[..end]).copied());
            known.unwrap_or(if around > 0 { around } else { record })
        };
        (notes, (record, columns.report_each(|_, path| rows_of(path))))
    }

    /// What begins at `node` is a record of a table that such values make.
    pub(crate) fn begin_row(&mut self, node: NodeId) {
        *self.kinds.entry(node).or_default() += 1;
        self.table = Some(node);
    }

    /// What begins at `node` is a record. `late`: the one before it was one as well, which was not known then.
    pub(crate) fn begin_repeated(&mut self, node: NodeId, late: bool) {
        *self.kinds.entry(node).or_default() += 1 + u64::from(late);
        self.late += u64::from(late);
    }

    /// Something of the record stands at `text[i]`.
    #[inline]
    pub(crate) fn begin(&mut self, i: usize) {
        if !self.begun {
            self.begun = true;
            self.record_start = Pin::at(self.cells.at(i));
        }
    }

    /// The token, which begins at `text[end]` at the latest, is of the record. Its beginning may have left the buffer.
    pub(crate) fn begin_token(&mut self, end: usize) {
        if self.start() >= end {
            self.begin(end);
        } else if !self.begun {
            self.begun = true;
            self.record_start = self.token;
        }
    }

    #[inline]
    pub(crate) fn end_record(&mut self) {
        self.record += 1;
        self.begun = false;
        self.table = None;
    }

    /// A token begins at `text[i]`.
    #[inline]
    pub(crate) fn open(&mut self, i: usize) {
        self.token = Pin::at(self.cells.at(i));
        self.escaped = false;
    }

    /// Where the token begins in the buffer; 0 when its beginning has left it.
    #[inline]
    pub(crate) fn start(&self) -> usize {
        self.cells.index(self.token.offset())
    }

    /// Bytes of the token, when it ends at `text[end]`.
    #[inline]
    pub(crate) fn length(&self, end: usize) -> u64 {
        self.cells.at(end) - self.token.offset()
    }

    pub(crate) fn is_long_key(&self, end: usize) -> bool {
        self.length(end) > KEY_BYTES
    }

    /// A cell from the token to `end`, typed as text or a date; what is empty is none.
    #[inline]
    pub(crate) fn close_string(&mut self, text: &[u8], end: usize, column: ColumnIx) {
        if self.length(end) > 0 {
            let start = self.start();
            // What has left the buffer in part is longer than anything that is typed.
            self.columns.count_string(column, &text[start..end]);
            self.cells.push(start..end, column, self.record, self.escaped);
        }
        self.escaped = false;
    }

    /// A cell from the token to `end`, typed by what it looks like; what is empty is none.
    #[inline]
    pub(crate) fn close_text(&mut self, text: &[u8], end: usize, column: ColumnIx) {
        if self.length(end) > 0 {
            let start = self.start();
            self.columns.count_text(column, &text[start..end]);
            self.cells.push(start..end, column, self.record, self.escaped);
        }
        self.escaped = false;
    }

    /// The token as an open cell that goes on behind `text`.
    pub(crate) fn open_cell(&self, text: &[u8], column: ColumnIx) -> Cell {
        cell(self.start()..text.len(), column, self.record, self.escaped)
    }

    /// The place of the key from the token to `end`; and whether the key is data.
    #[inline]
    pub(crate) fn child(
        &mut self,
        parent: NodeId,
        last: Option<NodeId>,
        text: &[u8],
        end: usize,
    ) -> (NodeId, bool) {
        if self.is_long_key(end) {
            return (self.paths.any(parent), true);
        }
        let range = self.start()..end;
        if self.escaped {
            self.paths.child(parent, last, self.cells.unescape(Escapes::Json, text, range))
        } else {
            self.paths.child(parent, last, &text[range])
        }
    }

    /// The column of the values at `node`.
    #[inline]
    pub(crate) fn column(&mut self, node: NodeId, offsets: &OffsetMap<'_>) -> ColumnIx {
        match self.paths.column(node) {
            Some(column) => column,
            None => self.first_column(node, offsets),
        }
    }

    #[cold]
    fn first_column(&mut self, node: NodeId, offsets: &OffsetMap<'_>) -> ColumnIx {
        let column = if node == ELSEWHERE {
            self.columns.overflow()
        } else {
            let path = self.paths.path(node).to_owned();
            self.new_column(path, offsets)
        };
        self.paths.set_column(node, column);
        column
    }

    /// The column of the keys at `node`, which are data: `users.*~`, as JSONPath dialects write it.
    pub(crate) fn key_column(&mut self, node: NodeId, offsets: &OffsetMap<'_>) -> ColumnIx {
        if let Some(column) = self.paths.key_column(node) {
            return column;
        }
        let column = if node == ELSEWHERE {
            self.columns.overflow()
        } else {
            let path = format!("{}~", self.paths.path(node));
            self.new_column(path, offsets)
        };
        self.paths.set_key_column(node, column);
        column
    }

    /// The column `*`.
    pub(crate) fn overflow(&mut self) -> ColumnIx {
        self.columns.overflow()
    }

    fn new_column(&mut self, path: String, offsets: &OffsetMap<'_>) -> ColumnIx {
        if path == "*" {
            return self.columns.overflow();
        }
        if self.columns.len() >= self.max_columns {
            self.note_record(Reason::TooManyColumns, offsets);
            return self.columns.overflow();
        }
        let table = self.table.map_or(0, |node| self.paths.path(node).len());
        self.columns.add_in(table, path)
    }

    /// Tells when a place did not fit into the tree of paths.
    #[inline]
    pub(crate) fn note_overflow(&mut self, offsets: &OffsetMap<'_>) {
        if self.paths.overflowed {
            self.note_record(Reason::TooManyColumns, offsets);
            self.paths.overflowed = false;
        }
    }

    #[cold]
    fn note_record(&mut self, reason: Reason, offsets: &OffsetMap<'_>) {
        self.notes.add(reason, self.record_start.source(self.cells.base, offsets));
    }

    /// What stands at `text[i]` breaks the format: told of the record that it belongs to, or of itself between records.
    #[cold]
    pub(crate) fn note_malformed(&mut self, i: usize, offsets: &OffsetMap<'_>) {
        if self.begun {
            self.note_record(Reason::MalformedRecord, offsets);
        } else {
            self.note(Reason::MalformedRecord, i, offsets);
        }
    }

    #[cold]
    pub(crate) fn note(&mut self, reason: Reason, i: usize, offsets: &OffsetMap<'_>) {
        self.notes.add(reason, Pin::at(self.cells.at(i)).source(self.cells.base, offsets));
    }

    /// The first `delta` bytes of the buffer are about to leave it.
    pub(crate) fn slide(&mut self, delta: usize, offsets: &OffsetMap<'_>) {
        self.record_start.slide(self.cells.base, delta, offsets);
        self.token.slide(self.cells.base, delta, offsets);
        self.cells.slide(delta);
    }
}
