//! What tests of columns share.

use std::sync::OnceLock;

use domesday_classifiers::{Classifier, Registry};
use domesday_model::{Cell, CellForm, ColumnIx, Layout, OffsetMap, Window};

pub(crate) fn classifier() -> &'static Classifier {
    static CLASSIFIER: OnceLock<Classifier> = OnceLock::new();
    CLASSIFIER.get_or_init(|| Classifier::new(&Registry::builtin().expect("loads")).expect("compiles"))
}

/// A fixed sequence of numbers that look random.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % below
    }

    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|i| char::from(b'0' + if i == 0 { 1 + self.next(9) } else { self.next(10) } as u8))
            .collect()
    }
}

/// The text of a table, a line for each cell, and its cells.
#[derive(Default)]
pub(crate) struct Lines {
    text: String,
    cells: Vec<Cell>,
}

impl Lines {
    pub(crate) fn add(&mut self, value: &str, column: usize, record: usize) {
        let start = self.text.len() as u32;
        self.text.push_str(value);
        let (end, column, record) = (self.text.len() as u32, ColumnIx(column as u32), record as u64);
        self.cells.push(Cell { start, end, column, record, form: CellForm::Plain });
        self.text.push('\n');
    }

    pub(crate) fn window(&self) -> Window<'_> {
        Window {
            text: self.text.as_bytes(),
            own: 0..self.text.len(),
            layout: Layout::Cells(&self.cells),
            offsets: OffsetMap::identity(0),
        }
    }
}
