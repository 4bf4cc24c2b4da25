//! JSON, as RFC 8259 has it and as it is met in the wild: one value a line (NDJSON), documents of any shape, values one
//! behind the other, with record separators before them (RFC 7464) or without, comments and the other liberties of JSON5.
//!
//! A pushdown machine that may stop at every byte. What is no JSON loses its columns, never its text: it is a cell of
//! the column `*`. In NDJSON that is the rest of the line; in documents it goes up to the next bracket, comma or line
//! feed, and reading goes on behind it.

mod heads;
mod kind;
mod run;
mod step;
mod word;

use std::ops::{ControlFlow, Range};

use domesday_model::{Cell, ColumnIx, ColumnReport, Layout, OffsetMap, Window};

use crate::cells::Cells;
use crate::columns::{INTEGER, number_type, types_of};
use crate::escape::Escapes;
use crate::paths::{ELSEWHERE, NodeId, Paths, ROOT, WHOLE, survey};
use crate::place::Notes;
use crate::tree::Tree;
use crate::windows::Splitter;
use crate::{Limits, Target};

pub(crate) use kind::kind;

/// Stands before each value of a JSON text sequence (RFC 7464).
const RECORD_SEPARATOR: u8 = 0x1E;

/// What the records are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Records {
    /// Lines: one value each.
    Lines,
    /// Values that follow each other, over any number of lines.
    Values,
    /// Objects that are elements of an array, and arrays that are rows of a table, if they lie in no other such element. What stands
    /// before, between and behind them is a record of its own.
    Elements,
}

/// Blanks may stand in the first of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Before a value.
    Value,
    /// Behind `[`: a value or `]`.
    FirstElement,
    /// Behind `{`: a key or `}`.
    FirstKey,
    /// Behind the comma of an object.
    Key,
    /// Behind a key.
    Colon,
    /// Behind a value.
    After,
    InKey,
    /// In a key without quotation marks, or in blanks behind it.
    InBareKey,
    InString,
    /// In a number or a literal.
    InBare,
    /// In what is no JSON.
    Junk,
    /// Behind a slash.
    Slash,
    /// In a comment that goes up to the end of the line.
    LineComment,
    /// In a comment that goes up to what closes it.
    BlockComment,
    /// In a row of names.
    Names,
    /// In a value that nests too deep.
    Deep,
}

/// An array or object that is open.
#[derive(Clone, Copy)]
struct Frame {
    /// Its place.
    node: NodeId,
    array: bool,
    /// It is an array whose elements are cells of a row: the number of the one that is being read.
    cell: Option<usize>,
    /// The key that it had last.
    last: Option<NodeId>,
    /// Keys that have numbered its members from 0 on, as those of data frames do.
    numbered: u64,
}

impl Frame {
    const fn new(node: NodeId, array: bool) -> Self {
        Self { node, array, cell: None, last: None, numbered: 0 }
    }
}

/// Splits JSON into cells.
pub(crate) struct Json<'s> {
    tree: Tree<'s>,
    records: Records,
    max_depth: usize,
    stack: Vec<Frame>,
    /// Arrays that are open.
    arrays: usize,
    /// Where in the stack the object or row is that is a record, of those that are elements.
    element: Option<usize>,
    state: State,
    /// What a comment stands before.
    resume: State,
    /// Place of the value that is being read or comes next.
    node: NodeId,
    /// The byte that ends the string; 0 between the strings of a row of names.
    quote: u8,
    /// The byte behind a backslash comes next.
    skip: bool,
    /// Of a value that nests too deep, the brackets that are open, and whether a string is.
    deep: u64,
    deep_string: bool,
}

impl<'s> Json<'s> {
    /// Of a text in which `maps` are known.
    pub(crate) fn new(records: Records, maps: Option<Paths>, limits: &Limits, cells: &'s mut Cells) -> Self {
        let mut tree = Tree::new(limits, cells);
        tree.paths = maps.unwrap_or(tree.paths);
        if records != Records::Elements {
            tree.paths.widen(ROOT);
        }
        Self {
            tree,
            records,
            max_depth: limits.max_depth,
            stack: Vec::new(),
            arrays: 0,
            element: None,
            state: State::Value,
            resume: State::Value,
            node: WHOLE,
            quote: b'"',
            skip: false,
            deep: 0,
            deep_string: false,
        }
    }

    /// What was noted, records, and what is known of the columns.
    pub(crate) fn report(self) -> (Notes, (u64, Vec<ColumnReport>)) {
        self.tree.report()
    }

    fn is_lines(&self) -> bool {
        self.records == Records::Lines
    }

    /// A token of the record begins at `text[i]`.
    #[inline]
    fn open(&mut self, i: usize, state: State) {
        self.tree.begin(i);
        self.tree.open(i);
        self.state = state;
    }

    /// An object begins at `text[i]`.
    #[inline]
    fn open_object(&mut self, i: usize) {
        let mut node = if self.stack.is_empty() { ROOT } else { self.node };
        if self.records != Records::Elements {
            self.tree.begin(i);
        } else if self.element.is_none() && self.stack.last().is_some_and(|frame| frame.array) {
            if self.tree.begun {
                self.tree.end_record();
            }
            self.tree.begin(i);
            self.element = Some(self.stack.len());
            // The elements of an array that is the whole document.
            node = if self.stack.len() == 1 { ROOT } else { node };
            self.tree.paths.widen(node);
            self.tree.begin_row(node);
        }
        self.tree.paths.hold(node);
        self.stack.push(Frame::new(node, false));
        self.state = State::FirstKey;
    }

    /// An array begins at `text[i]`.
    #[inline]
    fn open_array(&mut self, i: usize, offsets: &OffsetMap<'_>) {
        if self.records != Records::Elements {
            self.tree.begin(i);
        }
        self.tree.paths.hold(self.node);
        self.stack.push(Frame::new(self.node, true));
        self.arrays += 1;
        self.node = self.tree.paths.element(self.node);
        self.tree.note_overflow(offsets);
        self.state = State::FirstElement;
    }

    /// The first element of an array begins at `text[i]` with `byte`. An array in an array, or in a line, is a row if that is no array
    /// or object.
    #[inline]
    pub(super) fn first_element(&mut self, i: usize, byte: u8, offsets: &OffsetMap<'_>) {
        let is_place = match (self.records, &self.stack[..]) {
            (Records::Lines, [frame]) => frame.cell.is_none(),
            (Records::Elements, [.., outer, _]) => outer.array && self.element.is_none(),
            _ => false,
        };
        if is_place && !matches!(byte, b'{' | b'[' | b']' | b'/') {
            self.begin_row(i, offsets);
        }
    }

    fn begin_row(&mut self, i: usize, offsets: &OffsetMap<'_>) {
        let Some((frame, outer)) = self.stack.split_last_mut() else { return };
        let node = frame.node;
        if self.tree.paths.pass_head(node) {
            self.state = State::Names;
            self.quote = 0;
            return;
        }
        frame.cell = Some(0);
        if self.records == Records::Elements {
            if self.tree.begun {
                self.tree.end_record();
            }
            self.tree.begin(i);
            self.element = Some(outer.len());
            let table = self.tree.paths.table(node);
            self.tree.begin_row(table);
        }
        self.node = self.tree.paths.cell(node, 0);
        self.tree.note_overflow(offsets);
    }

    /// The innermost array or object ends.
    #[inline]
    fn pop(&mut self) {
        self.arrays -= usize::from(self.stack.pop().is_some_and(|frame| frame.array));
        if self.element == Some(self.stack.len()) {
            self.element = None;
            self.tree.end_record();
        }
        self.state = State::After;
    }

    /// Behind a comma in the innermost array or object.
    #[inline]
    fn next(&mut self, offsets: &OffsetMap<'_>) {
        match self.stack.last_mut() {
            Some(Frame { cell: Some(number), node, .. }) => {
                *number += 1;
                self.node = self.tree.paths.cell(*node, *number);
                self.tree.note_overflow(offsets);
                self.state = State::Value;
            }
            Some(Frame { array: true, node, .. }) => {
                self.node = self.tree.paths.element(*node);
                self.state = State::Value;
            }
            Some(_) => self.state = State::Key,
            None => {
                self.node = WHOLE;
                self.state = State::Value;
            }
        }
    }

    /// A line of NDJSON ends.
    fn end_line(&mut self) {
        self.tree.end_record();
        self.tree.escaped = false;
        self.stack.clear();
        self.arrays = 0;
        self.node = WHOLE;
        self.state = State::Value;
    }

    /// The value of the whole that was read ends its record.
    fn end_whole(&mut self) {
        if self.tree.begun {
            self.tree.end_record();
        }
        self.node = WHOLE;
        self.state = State::Value;
    }

    /// The cell that is not closed at the end of `text`. A number or literal is too short to be owned before it is
    /// known whether it is one.
    fn open_cell(&mut self, text: &[u8], offsets: &OffsetMap<'_>) -> Option<Cell> {
        if self.tree.start() >= text.len() {
            return None;
        }
        let column = self.open_column(text.len(), offsets)?;
        Some(self.tree.open_cell(text, column))
    }

    fn open_column(&mut self, end: usize, offsets: &OffsetMap<'_>) -> Option<ColumnIx> {
        match self.state {
            State::InString | State::Deep => Some(self.tree.column(self.node, offsets)),
            State::Junk | State::LineComment | State::BlockComment => Some(self.tree.overflow()),
            State::InKey if self.tree.is_long_key(end) => {
                let parent = self.stack.last().map_or(ELSEWHERE, |frame| frame.node);
                let any = self.tree.paths.any(parent);
                Some(self.tree.key_column(any, offsets))
            }
            _ => None,
        }
    }

    /// Ends the token at the end of the text.
    fn finish_token(&mut self, text: &[u8], offsets: &OffsetMap<'_>) {
        if self.state == State::InBare {
            let start = self.tree.start();
            match bare_types(&text[start..]) {
                Some(types) => return self.close_bare(start..text.len(), types, offsets),
                None => self.state = State::Junk,
            }
        }
        let open = self.open_cell(text, offsets).map(|cell| cell.column);
        let is_key = matches!(self.state, State::InKey | State::InBareKey | State::Slash);
        let column = open.or_else(|| is_key.then(|| self.tree.overflow()));
        if let Some(column) = column {
            self.tree.begin_token(text.len());
            self.tree.close_string(text, text.len(), column);
        }
        if self.state == State::LineComment {
            self.state = self.resume;
        }
    }
}

impl Splitter for Json<'_> {
    fn advance(&mut self, text: &[u8], from: usize, offsets: &OffsetMap<'_>) {
        let mut i = from;
        while i < text.len() {
            i = self.run(text, i, offsets);
            if i < text.len() {
                i = self.step(text, i, offsets);
            }
        }
    }

    fn finish(&mut self, text: &[u8], offsets: &OffsetMap<'_>) {
        self.finish_token(text, offsets);
        let is_whole = self.stack.is_empty() && matches!(self.state, State::After | State::Value);
        if !is_whole {
            self.tree.note_malformed(text.len(), offsets);
        }
        if self.tree.begun {
            self.tree.end_record();
        }
        self.state = State::Value;
    }

    fn emit(
        &mut self,
        text: &[u8],
        own: Range<usize>,
        offsets: OffsetMap<'_>,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        let open = self.open_cell(text, &offsets);
        let window = Window { text, own, layout: Layout::Cells(&[]), offsets };
        self.tree.cells.emit(window, open, Escapes::Json, &mut self.tree.columns, target)
    }

    fn slide(&mut self, delta: usize, offsets: &OffsetMap<'_>) {
        self.tree.slide(delta, offsets);
    }
}

/// The maps, and the names of cells of rows, in a document that begins with `text`.
pub(crate) fn maps(text: &[u8], limits: &Limits, cells: &mut Cells) -> Option<Paths> {
    survey(|known| {
        let mut json = Json::new(Records::Elements, known, limits, cells);
        json.advance(text, 0, &OffsetMap::identity(0));
        let named = json.name_rows(text);
        let (maps, found) = json.tree.paths.maps(&json.tree.columns);
        (maps, found + named)
    })
}

/// The types of a number or literal; none for null and what stands for it, `None` for what is no JSON.
fn bare_types(token: &[u8]) -> Option<u8> {
    match token {
        b"null" | b"NaN" | b"Infinity" | b"-Infinity" | b"+Infinity" | b"undefined" => Some(0),
        b"true" | b"false" => Some(types_of(token)),
        [b'0', b'x' | b'X', digits @ ..]
            if !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit) =>
        {
            Some(INTEGER)
        }
        _ => number_type(token),
    }
}
