//! Windows that outlive the buffer they were cut from, so that another thread can look at them.

use std::ops::Range;

use crate::window::{Measure, OffsetMap};
use crate::{Cell, Layout, Stretch, Window};

/// Copies of windows that follow each other. Keeps its memory when it is cleared.
#[derive(Debug, Default)]
pub struct WindowBatch {
    text: Vec<u8>,
    cells: Vec<Cell>,
    stretches: Vec<Stretch>,
    pieces: Vec<(u32, u32)>,
    windows: Vec<Kept>,
    /// What the offsets of the last window that was not unescaped refer to.
    source: Option<Source>,
    own: usize,
}

/// A window, as ranges of what the batch holds.
#[derive(Debug)]
struct Kept {
    text: Range<usize>,
    own: Range<usize>,
    layout: KeptLayout,
    measure: KeptMeasure,
    base: u64,
    decoded: Range<usize>,
    pieces: Range<usize>,
}

#[derive(Debug)]
enum KeptLayout {
    Lines(u64),
    Runs,
    Cells(Range<usize>),
}

#[derive(Clone, Debug)]
enum KeptMeasure {
    Utf8,
    Fixed(u8),
    Utf16,
    Stretches(Range<usize>),
}

/// Decoded text that windows share, and how it is measured.
#[derive(Debug)]
struct Source {
    /// Where it lay when it was copied, and how long it was: whether another window means the same.
    place: (usize, usize),
    decoded: Range<usize>,
    measure: KeptMeasure,
}

impl WindowBatch {
    /// Appends a copy of a window. One that was unescaped comes behind the window that it lies in, while the text of that
    /// is still what it was.
    pub fn push(&mut self, window: &Window<'_>) {
        let text = keep(&mut self.text, window.text);
        let offsets = &window.offsets;
        let (measure, decoded) = self.keep_source(offsets, window.text, &text);
        let layout = match window.layout {
            Layout::Lines { line } => KeptLayout::Lines(line),
            Layout::Runs => KeptLayout::Runs,
            Layout::Cells(cells) => KeptLayout::Cells(keep(&mut self.cells, cells)),
        };
        let pieces = keep(&mut self.pieces, offsets.pieces);
        self.own += window.own.len();
        self.windows.push(Kept {
            text,
            own: window.own.clone(),
            layout,
            measure,
            base: offsets.base,
            decoded,
            pieces,
        });
    }

    fn keep_source(
        &mut self,
        offsets: &OffsetMap<'_>,
        text: &[u8],
        kept: &Range<usize>,
    ) -> (KeptMeasure, Range<usize>) {
        if let Measure::Utf8 = offsets.measure {
            return (KeptMeasure::Utf8, 0..0);
        }
        let place = place(offsets.decoded);
        let unescaped = !offsets.pieces.is_empty();
        if let Some(source) = self.source.as_ref().filter(|source| unescaped && source.place == place) {
            return (source.measure.clone(), source.decoded.clone());
        }
        let measure = match offsets.measure {
            Measure::Utf8 => KeptMeasure::Utf8,
            Measure::Fixed(width) => KeptMeasure::Fixed(width),
            Measure::Utf16 => KeptMeasure::Utf16,
            Measure::Stretches(list) => KeptMeasure::Stretches(keep(&mut self.stretches, list)),
        };
        let same = place == self::place(text);
        let decoded = if same { kept.clone() } else { keep(&mut self.text, offsets.decoded) };
        self.source = Some(Source { place, decoded: decoded.clone(), measure: measure.clone() });
        (measure, decoded)
    }

    /// The windows, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = Window<'_>> {
        self.windows.iter().map(|kept| self.window(kept))
    }

    fn window(&self, kept: &Kept) -> Window<'_> {
        let measure = match &kept.measure {
            KeptMeasure::Utf8 => Measure::Utf8,
            KeptMeasure::Fixed(width) => Measure::Fixed(*width),
            KeptMeasure::Utf16 => Measure::Utf16,
            KeptMeasure::Stretches(list) => Measure::Stretches(&self.stretches[list.clone()]),
        };
        Window {
            text: &self.text[kept.text.clone()],
            own: kept.own.clone(),
            layout: match &kept.layout {
                KeptLayout::Lines(line) => Layout::Lines { line: *line },
                KeptLayout::Runs => Layout::Runs,
                KeptLayout::Cells(cells) => Layout::Cells(&self.cells[cells.clone()]),
            },
            offsets: OffsetMap {
                measure,
                base: kept.base,
                decoded: &self.text[kept.decoded.clone()],
                pieces: &self.pieces[kept.pieces.clone()],
            },
        }
    }

    /// Whether it holds no window.
    pub fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }

    /// Bytes in the own parts of its windows.
    pub fn own_bytes(&self) -> usize {
        self.own
    }

    /// Bytes of text that it holds.
    pub fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// Forgets the windows. Memory stays, unless it is more than `most` bytes.
    pub fn clear(&mut self, most: usize) {
        let Self { text, cells, stretches, pieces, windows, .. } = self;
        let bytes = text.capacity()
            + size_of::<Cell>() * cells.capacity()
            + size_of::<Stretch>() * stretches.capacity()
            + size_of::<(u32, u32)>() * pieces.capacity()
            + size_of::<Kept>() * windows.capacity();
        if bytes > most {
            *self = Self::default();
            return;
        }
        text.clear();
        cells.clear();
        stretches.clear();
        pieces.clear();
        windows.clear();
        self.source = None;
        self.own = 0;
    }
}

fn keep<T: Copy>(all: &mut Vec<T>, part: &[T]) -> Range<usize> {
    let start = all.len();
    all.extend_from_slice(part);
    start..all.len()
}

fn place(text: &[u8]) -> (usize, usize) {
    (text.as_ptr().addr(), text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CellForm, ColumnIx, Widths};

    #[test]
    fn copies_say_what_the_windows_said() {
        let text = "a,\"é\"\"日\",z".as_bytes().to_vec();
        let stretch = |text, source, widths| Stretch { text, source, lead: 0, widths };
        let stretches = [stretch(0, 5, Widths::Characters(1)), stretch(7, 20, Widths::Utf8)];
        let maps = [
            OffsetMap::identity(5),
            OffsetMap::single_byte(5, &text),
            OffsetMap::fixed(5, &text, 4),
            OffsetMap::utf16(5, &text),
            OffsetMap::stretches(&text, &stretches),
        ];
        let cell = Cell { start: 2, end: 9, column: ColumnIx(3), record: 7, form: CellForm::Escaped };
        let cells = [cell, Cell { start: 12, end: 13, form: CellForm::Plain, ..cell }];
        let (unescaped, pieces) = ("é\"日".as_bytes(), [(0, 3), (3, 6)]);
        let mut batch = WindowBatch::default();
        for map in maps {
            batch.clear(usize::MAX);
            let layout = Layout::Cells(&cells);
            let windows = [
                Window { text: &text, own: 1..12, layout, offsets: map },
                Window { text: unescaped, own: 0..6, layout, offsets: map.unescaped(&pieces) },
                Window { text: b"more", own: 1..3, layout: Layout::Lines { line: 9 }, ..window() },
            ];
            windows.iter().for_each(|window| batch.push(window));
            assert_eq!(batch.own_bytes(), 11 + 6 + 2);
            let copies: Vec<_> = batch.iter().collect();
            assert_eq!(copies.len(), windows.len());
            for (copy, window) in copies.iter().zip(&windows) {
                assert_eq!(format!("{copy:?}"), format!("{window:?}"));
                let (copied, known) = (&copy.offsets, &window.offsets);
                assert_eq!(copied.sequence(), known.sequence());
                for at in 0..window.text.len() {
                    assert_eq!(copied.locate(copied.origin(), at), known.locate(known.origin(), at));
                    assert_eq!(copied.locate_end(copied.origin(), at), known.locate_end(known.origin(), at));
                }
            }
        }
    }

    #[test]
    fn text_that_windows_share_is_kept_once() {
        let text = "añ\"\"b".as_bytes();
        let map = OffsetMap::utf16(0, text);
        let layout = Layout::Cells(&[]);
        let mut batch = WindowBatch::default();
        batch.push(&Window { text, own: 0..text.len(), layout, offsets: map });
        batch.push(&Window { text: b"b", own: 0..1, layout, offsets: map.unescaped(&[(0, 5)]) });
        assert_eq!(batch.text_bytes(), text.len() + 1);
    }

    fn window() -> Window<'static> {
        Window { text: b"", own: 0..0, layout: Layout::Runs, offsets: OffsetMap::identity(0) }
    }
}
