//! What holds of every object: places lie in it, and windows of any size hand over the same values.

use std::ops::ControlFlow;
use std::sync::Mutex;

use domesday_formats::{Content, Limits, Scratch, Target, read_object};
use domesday_model::{CellForm, ColumnIx, Layout, Window};

use crate::number_of;

/// Reads an object in windows of two sizes.
///
/// # Panics
/// When they differ, or something lies outside of the object.
pub fn read(name: &str, bytes: &[u8]) {
    let (content, whole) = collect(name, bytes, &Limits::default());
    let window_bytes = 1 + (number_of(bytes) % 80) as usize;
    let limits =
        Limits { window_bytes, left: Limits::MIN_LEFT, right: Limits::MIN_RIGHT, ..Limits::default() };
    let (again, parts) = collect(name, bytes, &limits);
    assert_eq!(again, content, "windows of {window_bytes}");
    assert_eq!(parts.columns, whole.columns, "windows of {window_bytes}");
    assert!(
        parts.bytes == whole.bytes,
        "windows of {window_bytes}: {}",
        difference(&parts.bytes, &whole.bytes)
    );
    assert_eq!(content.bytes_read, bytes.len() as u64);
    assert!(content.columns.len() <= Limits::default().max_columns + 1);
    assert!(content.reason_place.is_none_or(|place| place <= bytes.len() as u64), "{content:?}");
}

fn difference(parts: &[Character], whole: &[Character]) -> String {
    let first = parts.iter().zip(whole).position(|(a, b)| a != b).unwrap_or(parts.len().min(whole.len()));
    format!("{:?} instead of {:?}", parts.get(first), whole.get(first))
}

/// A character of text that belongs to a window: its place in the source, its cell's column and record, whether it is
/// text of a window that follows another one, and its first byte.
type Character = (u64, Option<(ColumnIx, u64)>, usize, u8);

fn collect(name: &str, bytes: &[u8], limits: &Limits) -> (Content, Collector) {
    static SCRATCH: Mutex<Option<Scratch>> = Mutex::new(None);
    let mut scratch = SCRATCH.lock().expect("nobody panicked");
    let scratch = scratch.get_or_insert_with(Scratch::new);
    let mut collector = Collector { source: bytes.len() as u64, ..Collector::default() };
    let content = read_object(&mut &bytes[..], name, limits, scratch, &mut collector);
    collector.bytes.sort_unstable();
    (content.expect("a slice has no errors"), collector)
}

#[derive(Default)]
struct Collector {
    source: u64,
    columns: Vec<String>,
    bytes: Vec<Character>,
}

impl Target for Collector {
    fn column(&mut self, ix: ColumnIx, path: &str, table: usize) {
        assert_eq!(ix.0 as usize, self.columns.len(), "columns come in order, once");
        assert!(path.is_char_boundary(table), "{path} {table}");
        self.columns.push(path.to_owned());
    }

    fn window(&mut self, window: &Window<'_>) -> ControlFlow<()> {
        let Window { text, own, layout, offsets } = window;
        assert!(!own.is_empty() && own.end <= text.len());
        let sequence = offsets.sequence();
        let mut known = offsets.origin();
        let mut add = |at: usize, cell| {
            // Places inside of characters mean nothing.
            if text[at] & 0xC0 == 0x80 {
                return;
            }
            known = offsets.locate(known, at);
            assert!(known.source < self.source.max(1), "{at} lies at {} of {}", known.source, self.source);
            self.bytes.push((known.source, cell, sequence, text[at]));
        };
        match layout {
            Layout::Lines { .. } | Layout::Runs => own.clone().for_each(|at| add(at, None)),
            Layout::Cells(cells) => {
                let mut before = 0;
                for cell in *cells {
                    assert!(before <= cell.start && cell.start < cell.end && cell.end as usize <= text.len());
                    assert!((cell.column.0 as usize) < self.columns.len());
                    before = cell.end;
                    let place = (cell.start as usize).max(own.start)..(cell.end as usize).min(own.end);
                    if cell.form == CellForm::Plain {
                        place.for_each(|at| add(at, Some((cell.column, cell.record))));
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }
}
