//! NDJSON: one JSON value a line, as RFC 8259 has it.
//!
//! A pushdown machine that may stop at every byte. A line that is no JSON loses its columns from the place of the
//! mistake on, never its text: the rest of the line is one cell of the column `*`.

use std::ops::{ControlFlow, Range};

use domesday_model::{Cell, ColumnIx, ColumnReport, Layout, OffsetMap, Reason, Window};

use crate::cells::{Cells, cell};
use crate::columns::{Columns, TYPED_BYTES, number_type, types_of};
use crate::escape::Escapes;
use crate::mask::Finder;
use crate::paths::{ELSEWHERE, NodeId, Paths, ROOT, WHOLE};
use crate::place::{Notes, Pin};
use crate::windows::Splitter;
use crate::{Limits, Target};

/// A key longer than this is data, whatever it holds. Half of the least right context, so that this is known before
/// any of it is owned.
const KEY_BYTES: u64 = Limits::MIN_RIGHT as u64 / 2;

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
    InKey,
    /// Behind a key.
    Colon,
    InString,
    /// In a number or a literal.
    InBare,
    /// Behind a value.
    After,
    /// Behind a mistake.
    Rest,
    /// In a value that nests too deep: brackets that are open, and whether a string is.
    Deep {
        open: u64,
        string: bool,
    },
}

/// An array or object that is open.
#[derive(Clone, Copy)]
struct Frame {
    /// Its place.
    node: NodeId,
    array: bool,
    /// The key that it had last.
    last: Option<NodeId>,
}

/// Splits records into cells.
pub(crate) struct NdJson<'s> {
    cells: &'s mut Cells,
    columns: Columns,
    pub(crate) notes: Notes,
    paths: Paths,
    max_columns: usize,
    max_depth: usize,
    stack: Vec<Frame>,
    state: State,
    /// Place of the value that is being read or comes next.
    node: NodeId,
    /// Offset of the first byte of the token in the whole text.
    token: u64,
    /// The token holds escapes.
    escaped: bool,
    /// The byte behind a backslash comes next.
    skip: bool,
    finder: Finder,
    record: u64,
    /// Something of the record was read.
    begun: bool,
    record_start: Pin,
}

impl<'s> NdJson<'s> {
    pub(crate) fn new(limits: &Limits, cells: &'s mut Cells) -> Self {
        cells.clear();
        Self {
            cells,
            columns: Columns::default(),
            notes: Notes::default(),
            // Arrays and objects are places, too, but have no column.
            paths: Paths::new(2 * limits.max_columns),
            max_columns: limits.max_columns,
            max_depth: limits.max_depth,
            stack: Vec::new(),
            state: State::Value,
            node: WHOLE,
            token: 0,
            escaped: false,
            skip: false,
            finder: Finder::new(b'\\'),
            record: 0,
            begun: false,
            record_start: Pin::at(0),
        }
    }

    /// Records, and what is known of the columns.
    pub(crate) fn report(self) -> (u64, Vec<ColumnReport>) {
        (self.record, self.columns.report(self.record))
    }

    /// One step of the machine from `text[i]`; returns where the next one starts.
    #[inline]
    fn step(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        match self.state {
            State::InString => return self.string(text, i, offsets),
            State::InKey => return self.in_key(text, i, offsets),
            State::InBare => return self.bare(text, i, offsets),
            State::Rest => return self.rest(text, i),
            State::Deep { open, string } => return self.deep(text, i, open, string, offsets),
            _ => {}
        }
        let byte = text[i];
        if matches!(byte, b' ' | b'\t' | b'\r') {
            return i + 1;
        }
        if byte == b'\n' {
            self.line_feed(offsets);
            return i + 1;
        }
        if !self.begun {
            self.begun = true;
            self.record_start = Pin::at(self.cells.at(i));
        }
        match (self.state, byte) {
            (State::Colon, b':') => self.state = State::Value,
            (State::FirstKey | State::Key, b'"') => self.open(i + 1, State::InKey),
            (State::FirstKey, b'}') | (State::FirstElement, b']') => self.pop(),
            (State::Value | State::FirstElement, _) => return self.value(i, byte, offsets),
            (State::After, _) => return self.after(i, byte, offsets),
            _ => return self.mistake(i, offsets),
        }
        i + 1
    }

    fn open(&mut self, at: usize, state: State) {
        self.token = self.cells.at(at);
        self.escaped = false;
        self.state = state;
    }

    #[inline]
    fn value(&mut self, i: usize, byte: u8, offsets: &OffsetMap<'_>) -> usize {
        match byte {
            b'"' => self.open(i + 1, State::InString),
            b'{' | b'[' if self.stack.len() >= self.max_depth => {
                self.notes.add(Reason::NestedTooDeep, self.source(i, offsets));
                self.open(i, State::Deep { open: 1, string: false });
            }
            b'{' => {
                let node = if self.stack.is_empty() { ROOT } else { self.node };
                self.stack.push(Frame { node, array: false, last: None });
                self.state = State::FirstKey;
            }
            b'[' => {
                self.stack.push(Frame { node: self.node, array: true, last: None });
                self.node = self.paths.element(self.node);
                self.note_overflow(offsets);
                self.state = State::FirstElement;
            }
            b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                self.open(i, State::InBare);
                return i;
            }
            _ => return self.mistake(i, offsets),
        }
        i + 1
    }

    #[inline]
    fn after(&mut self, i: usize, byte: u8, offsets: &OffsetMap<'_>) -> usize {
        match (byte, self.stack.last()) {
            (b',', Some(Frame { array: true, node, .. })) => {
                self.node = self.paths.element(*node);
                self.state = State::Value;
            }
            (b',', Some(_)) => self.state = State::Key,
            (b']', Some(Frame { array: true, .. })) | (b'}', Some(Frame { array: false, .. })) => self.pop(),
            _ => return self.mistake(i, offsets),
        }
        i + 1
    }

    fn pop(&mut self) {
        self.stack.pop();
        self.state = State::After;
    }

    /// The rest of the line is no JSON.
    #[cold]
    fn mistake(&mut self, i: usize, offsets: &OffsetMap<'_>) -> usize {
        self.note_malformed(offsets);
        self.open(i, State::Rest);
        i
    }

    fn rest(&mut self, text: &[u8], i: usize) -> usize {
        let Some(end) = memchr::memchr(b'\n', &text[i..]).map(|n| i + n) else { return text.len() };
        let column = self.columns.overflow();
        self.close(text, end, column);
        self.end_record();
        end + 1
    }

    /// Goes through a string up to its end, which is `None` where `text` ends first. A line feed ends it, too.
    #[inline]
    fn string_end(&mut self, text: &[u8], mut i: usize) -> Option<usize> {
        if std::mem::take(&mut self.skip) && text.get(i).is_some_and(|&b| b != b'\n') {
            i += 1;
        }
        loop {
            i = self.finder.next(text, i)?;
            if text[i] != b'\\' {
                return Some(i);
            }
            self.escaped = true;
            self.cells.mark(i);
            match text.get(i + 1) {
                None => {
                    self.skip = true;
                    return None;
                }
                Some(b'\n') => i += 1,
                Some(_) => i += 2,
            }
        }
    }

    #[inline]
    fn string(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let Some(end) = self.string_end(text, i) else { return text.len() };
        let column = self.column(offsets);
        self.close(text, end, column);
        if text[end] == b'"' {
            self.state = State::After;
        } else {
            self.note_malformed(offsets);
            self.end_record();
        }
        end + 1
    }

    #[inline]
    fn in_key(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let Some(end) = self.string_end(text, i) else { return text.len() };
        let parent = self.stack.last().map_or(ELSEWHERE, |frame| frame.node);
        let last = self.stack.last().and_then(|frame| frame.last);
        let range = self.cells.index(self.token)..end;
        let (node, data) = if self.is_long_key(end) {
            (self.paths.any(parent), true)
        } else if text[end] == b'\n' {
            // Where a key does not end, it may be anything.
            (ELSEWHERE, true)
        } else if self.escaped {
            self.paths.child(parent, last, self.cells.unescape(Escapes::Json, text, range))
        } else {
            self.paths.child(parent, last, &text[range])
        };
        self.note_overflow(offsets);
        if data {
            let column = self.key_column(node, offsets);
            self.close(text, end, column);
        }
        if text[end] == b'\n' {
            self.note_malformed(offsets);
            self.end_record();
            return end + 1;
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.last = (!data && node != ELSEWHERE).then_some(node);
        }
        self.node = node;
        if text.get(end + 1) == Some(&b':') {
            self.state = State::Value;
            return end + 2;
        }
        self.state = State::Colon;
        end + 1
    }

    fn is_long_key(&self, end: usize) -> bool {
        self.cells.at(end) - self.token > KEY_BYTES
    }

    /// The column of the keys at `node`, which are data: `users.*~`, as JSONPath dialects write it.
    fn key_column(&mut self, node: NodeId, offsets: &OffsetMap<'_>) -> ColumnIx {
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

    #[inline]
    fn bare(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) -> usize {
        let is_bare = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
        let end = i + text[i..].iter().take_while(|b| is_bare(b)).count();
        let long = self.cells.at(end) - self.token > TYPED_BYTES as u64;
        if end == text.len() && !long {
            return end;
        }
        let start = self.cells.index(self.token);
        let types = if long { None } else { bare_types(&text[start..end]) };
        let Some(types) = types else {
            let token = self.token;
            self.mistake(end, offsets);
            self.token = token;
            return end;
        };
        let column = self.column(offsets);
        self.columns.count(column, types);
        self.cells.push(start..end, column, self.record, false);
        self.state = State::After;
        end
    }

    fn deep(
        &mut self,
        text: &[u8],
        mut i: usize,
        mut open: u64,
        mut string: bool,
        offsets: &OffsetMap<'_>,
    ) -> usize {
        if std::mem::take(&mut self.skip) && text[i] != b'\n' {
            i += 1;
        }
        while let Some(&byte) = text.get(i) {
            match byte {
                b'\n' => {
                    let column = self.column(offsets);
                    self.close(text, i, column);
                    self.line_feed(offsets);
                    return i + 1;
                }
                b'\\' if string && i + 1 == text.len() => self.skip = true,
                b'\\' if string && text[i + 1] != b'\n' => i += 1,
                b'"' => string = !string,
                b'{' | b'[' if !string => open += 1,
                b'}' | b']' if !string => open -= 1,
                _ => {}
            }
            i += 1;
            if open == 0 {
                let column = self.column(offsets);
                self.close(text, i, column);
                self.state = State::After;
                return i;
            }
        }
        self.state = State::Deep { open, string };
        text.len()
    }

    /// A cell from the token to `end`, typed as text or a date; what is empty is none.
    #[inline]
    fn close(&mut self, text: &[u8], end: usize, column: ColumnIx) {
        let length = self.cells.at(end) - self.token;
        let start = self.cells.index(self.token);
        if length > 0 {
            // What has left the buffer in part is longer than anything that is typed.
            self.columns.count_string(column, &text[start..end]);
            self.cells.push(start..end, column, self.record, self.escaped);
        }
        self.escaped = false;
    }

    fn line_feed(&mut self, offsets: &OffsetMap<'_>) {
        if self.begun {
            if self.state != State::After || !self.stack.is_empty() {
                self.note_malformed(offsets);
            }
            self.end_record();
        }
    }

    fn end_record(&mut self) {
        self.record += 1;
        self.begun = false;
        self.escaped = false;
        self.stack.clear();
        self.node = WHOLE;
        self.state = State::Value;
    }

    /// The column of the value that is being read.
    #[inline]
    fn column(&mut self, offsets: &OffsetMap<'_>) -> ColumnIx {
        if let Some(column) = self.paths.column(self.node) {
            return column;
        }
        let column = if self.node == ELSEWHERE {
            self.columns.overflow()
        } else {
            let path = self.paths.path(self.node).to_owned();
            self.new_column(path, offsets)
        };
        self.paths.set_column(self.node, column);
        column
    }

    fn new_column(&mut self, path: String, offsets: &OffsetMap<'_>) -> ColumnIx {
        if path == "*" {
            return self.columns.overflow();
        }
        if self.columns.len() >= self.max_columns {
            self.notes.add(Reason::TooManyColumns, self.record_start.source(self.cells.base, offsets));
            return self.columns.overflow();
        }
        self.columns.add(path)
    }

    fn note_overflow(&mut self, offsets: &OffsetMap<'_>) {
        if self.paths.overflowed {
            self.notes.add(Reason::TooManyColumns, self.record_start.source(self.cells.base, offsets));
            self.paths.overflowed = false;
        }
    }

    fn note_malformed(&mut self, offsets: &OffsetMap<'_>) {
        self.notes.add(Reason::MalformedRecord, self.record_start.source(self.cells.base, offsets));
    }

    fn source(&self, i: usize, offsets: &OffsetMap<'_>) -> u64 {
        Pin::at(self.cells.at(i)).source(self.cells.base, offsets)
    }

    /// The cell that is not closed at the end of `text`. A number or literal is too short to be owned before it is
    /// known whether it is one.
    fn open_cell(&mut self, text: &[u8], offsets: &OffsetMap<'_>) -> Option<Cell> {
        let start = self.cells.index(self.token);
        if start >= text.len() {
            return None;
        }
        let column = match self.state {
            State::InString | State::Deep { .. } => self.column(offsets),
            State::Rest => self.columns.overflow(),
            State::InKey if self.is_long_key(text.len()) => {
                let parent = self.stack.last().map_or(ELSEWHERE, |frame| frame.node);
                let any = self.paths.any(parent);
                self.key_column(any, offsets)
            }
            _ => return None,
        };
        Some(cell(start..text.len(), column, self.record, self.escaped))
    }
}

impl Splitter for NdJson<'_> {
    fn advance(&mut self, text: &[u8], from: usize, offsets: &OffsetMap<'_>) {
        self.finder = Finder::new(b'\\');
        let mut i = from;
        while i < text.len() {
            i = self.step(text, i, offsets);
        }
    }

    fn finish(&mut self, text: &[u8], offsets: &OffsetMap<'_>) {
        if !self.begun {
            return;
        }
        if self.state == State::InBare {
            let start = self.cells.index(self.token);
            match bare_types(&text[start..]) {
                Some(types) => {
                    let column = self.column(offsets);
                    self.columns.count(column, types);
                    self.cells.push(start..text.len(), column, self.record, false);
                    self.state = State::After;
                }
                None => self.state = State::Rest,
            }
        }
        let open = self.open_cell(text, offsets).map(|cell| cell.column);
        let column = open.or_else(|| (self.state == State::InKey).then(|| self.columns.overflow()));
        if let Some(column) = column {
            self.close(text, text.len(), column);
        }
        self.line_feed(offsets);
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
        self.cells.emit(window, open, Escapes::Json, &mut self.columns, target)
    }

    fn slide(&mut self, delta: usize, offsets: &OffsetMap<'_>) {
        self.record_start.slide(self.cells.base, delta, offsets);
        self.cells.slide(delta);
    }
}

/// The types of a number or literal; none for null and what stands for it, `None` for what is no JSON.
fn bare_types(token: &[u8]) -> Option<u8> {
    match token {
        b"null" | b"NaN" | b"Infinity" | b"-Infinity" => Some(0),
        b"true" | b"false" => Some(types_of(token)),
        _ => number_type(token),
    }
}
