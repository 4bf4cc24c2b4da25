//! What no single format can show: the same result for every window size, places that lead back, hostile input.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::ControlFlow;

use domesday_model::{
    Cell, CellForm, ColumnIx, ColumnReport, Coverage, DataType, Layout, Reason, Status, Window,
};
use proptest::prelude::*;

use crate::{Content, Limits, ReadError, Scratch, SourceEncoding, Target, read_object};

/// Puts windows together again.
#[derive(Default)]
struct Collector {
    columns: Vec<String>,
    /// Own parts of the windows that are no unescaped or UTF-16 ones, on end.
    text: Vec<u8>,
    /// Line number and text of each own part that starts a line.
    lines: BTreeMap<u64, usize>,
    /// Values by the source offset at which they start: column, record, end in the source, unescaped value.
    values: BTreeMap<u64, Value>,
    /// Source offset at which the last window's own part ends.
    end: Option<u64>,
    /// Windows of UTF-16 text in a binary file, as text by their source offset.
    wide: BTreeMap<u64, String>,
    largest: usize,
}

#[derive(Clone, PartialEq, Eq)]
struct Value {
    column: String,
    record: u64,
    end: u64,
    text: Vec<u8>,
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}#{} to {}: {:?}",
            self.column,
            self.record,
            self.end,
            String::from_utf8_lossy(&self.text)
        )
    }
}

impl Collector {
    /// Adds the part of `cell` that `window` owns. Parts of one cell that lie in windows one behind the other join.
    fn add(&mut self, window: &Window<'_>, cell: &Cell) {
        let (start, end) = (cell.start as usize, cell.end as usize);
        // So it is in the window of an unescaped cell. All of it that such a window still holds before its own part may be
        // escapes that stand for nothing.
        let is_all = start == 0 && end == window.text.len();
        let (from, to) = (start.max(window.own.start), end.min(window.own.end));
        if from >= to {
            return;
        }
        let origin = window.offsets.origin();
        let at = window.offsets.locate(origin, from).source;
        let end = window.offsets.locate(origin, to).source;
        let text = &window.text[from..to];
        let column = self.columns[cell.column.0 as usize].clone();
        let joined = self.values.range_mut(..at).next_back().map(|(_, last)| last).filter(|last| {
            last.end == at && last.record == cell.record && last.column == column && (from > start || is_all)
        });
        match joined {
            Some(last) => {
                last.end = end;
                last.text.extend_from_slice(text);
            }
            None => {
                let value = Value { column, record: cell.record, end, text: text.to_vec() };
                assert!(self.values.insert(at, value).is_none(), "two cells at {at}");
            }
        }
    }

    /// Column, record and text of all values, in order of place.
    fn rows(&self) -> Vec<(&str, u64, &str)> {
        let mut rows = Vec::new();
        for Value { column, record, text, .. } in self.values.values() {
            rows.push((column.as_str(), *record, std::str::from_utf8(text).expect("it is UTF-8")));
        }
        rows
    }

    fn value(&self, text: &str) -> &Value {
        let found = |value: &&Value| value.text == text.as_bytes();
        self.values.values().find(found).unwrap_or_else(|| panic!("no cell holds {text}"))
    }
}

impl Target for Collector {
    fn column(&mut self, ix: ColumnIx, path: &str, _: usize) {
        assert_eq!(ix.0 as usize, self.columns.len(), "columns come in order, once");
        self.columns.push(path.to_owned());
    }

    fn window(&mut self, window: &Window<'_>) -> ControlFlow<()> {
        assert!(!window.own.is_empty() && window.own.end <= window.text.len());
        self.largest = self.largest.max(window.text.len());
        let origin = window.offsets.origin();
        let start = window.offsets.locate(origin, window.own.start).source;
        let end = window.offsets.locate(origin, window.own.end).source;
        let is_part = self.end.is_some_and(|known| start < known);
        if !is_part {
            assert!(self.end.is_none_or(|known| known == start), "own parts tile the text");
            self.end = Some(end);
            self.text.extend_from_slice(&window.text[window.own.clone()]);
        }
        match window.layout {
            Layout::Runs if is_part => {
                let text = String::from_utf8_lossy(&window.text[window.own.clone()]).into_owned();
                match self
                    .wide
                    .last_entry()
                    .filter(|last| last.key() + 2 * last.get().encode_utf16().count() as u64 == start)
                {
                    Some(mut last) => last.get_mut().push_str(&text),
                    None => assert!(self.wide.insert(start, text).is_none()),
                }
            }
            Layout::Runs => assert!(self.lines.is_empty(), "text is read as lines or as runs"),
            Layout::Lines { line } => {
                assert!(!is_part);
                self.lines.insert(line, self.text.len());
            }
            Layout::Cells(cells) => {
                let ordered = cells.windows(2).all(|pair| pair[0].end <= pair[1].start);
                assert!(ordered && cells.iter().all(|cell| cell.start < cell.end), "{cells:?}");
                assert!(cells.iter().all(|cell| cell.end as usize <= window.text.len()));
                for cell in cells.iter().filter(|cell| cell.form == CellForm::Plain) {
                    self.add(window, cell);
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn is_full_name(&self, words: &[&str]) -> bool {
        matches!(words, [_, "Quill"])
    }

    fn names_values(&self, label: &str) -> bool {
        forms::KNOWN.contains(&label)
    }
}

fn limits(window_bytes: usize) -> Limits {
    Limits { window_bytes, left: Limits::MIN_LEFT, right: Limits::MIN_RIGHT, ..Limits::default() }
}

fn read(name: &str, bytes: &[u8], limits: &Limits) -> (Content, Collector) {
    let mut collector = Collector::default();
    let content = read_object(&mut &bytes[..], name, limits, &mut Scratch::new(), &mut collector);
    (content.expect("a slice has no errors"), collector)
}

fn read_default(name: &str, bytes: &[u8]) -> (Content, Collector) {
    read(name, bytes, &Limits::default())
}

/// Gives one byte a time.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let n = self.0.len().min(space.len()).min(1);
        self.0.read(&mut space[..n])
    }
}

/// Reads with several window sizes and asserts that nothing but the windows differs.
fn read_every_way(name: &str, bytes: &[u8]) -> (Content, Collector) {
    read_every_way_in(None, name, bytes)
}

/// The same, in an encoding that a user tells.
fn read_every_way_in(told: Option<&str>, name: &str, bytes: &[u8]) -> (Content, Collector) {
    let encoding = told.map(|told| SourceEncoding::named(told).expect("it is known"));
    let (content, whole) = read(name, bytes, &Limits { encoding, ..Limits::default() });
    let mut scratch = Scratch::new();
    for size in [1, 2, 3, 7, 64, 1000] {
        let mut collector = Collector::default();
        let mut input = Dripping(bytes);
        let limits = Limits { encoding, ..limits(size) };
        let again =
            read_object(&mut input, name, &limits, &mut scratch, &mut collector).expect("it has no errors");
        assert_eq!(again, content, "windows of {size}");
        assert_eq!(collector.text, whole.text, "windows of {size}");
        let differs = |(at, value): &(&u64, &Value)| collector.values.get(at) != Some(value);
        let first =
            whole.values.iter().find(differs).map(|(at, value)| (at, value, collector.values.get(at)));
        assert!(first.is_none(), "windows of {size}: {first:?}");
        assert_eq!(collector.values.len(), whole.values.len(), "windows of {size}");
        assert_eq!(collector.wide, whole.wide, "windows of {size}");
        assert_eq!(collector.columns, whole.columns, "windows of {size}");
    }
    (content, whole)
}

fn column<'a>(content: &'a Content, path: &str) -> &'a ColumnReport {
    content.columns.iter().find(|column| column.path == path).expect("the column exists")
}

fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

mod csv;
mod encodings;
mod forms;
mod hostile;
mod json;
mod maps;
mod other;
mod properties;
mod records;
mod sql;
mod xml;
mod yaml;
