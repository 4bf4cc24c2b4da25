//! A window of text: what formats hand to classifiers.
//!
//! An object of any size is read as windows. A window *owns* the candidates that start in [`Window::own`]; the text
//! on either side is there to be looked at, so that what is found does not depend on where windows are cut.

use std::ops::Range;

/// The place of a column in its object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ColumnIx(pub u32);

impl ColumnIx {
    /// What stands for a column where a value stands in the name of the object.
    pub const OBJECT_NAME: Self = Self(u32::MAX);
}

/// The path of that column. One that is written so in the object is `["@name"]`.
pub const OBJECT_NAME: &str = "@name";

/// A stretch of UTF-8 text (with foreign bytes where the source has them) and how it lies in its object.
#[derive(Clone, Debug)]
pub struct Window<'a> {
    /// Left context, own part, right context.
    pub text: &'a [u8],
    /// The part whose candidates belong to this window.
    pub own: Range<usize>,
    /// Lines, runs or cells.
    pub layout: Layout<'a>,
    /// From offsets in `text` to offsets in the source.
    pub offsets: OffsetMap<'a>,
}

/// Records whose cells are the sample of the columns of their table, …
pub const SAMPLE_RECORDS: u64 = 1000;
/// … unless they begin here or behind. Bytes of the source.
pub const SAMPLE_BYTES: u64 = 512 << 10;

impl Window<'_> {
    /// Where the first cell begins, of those that begin in the window's own part, that is not in the sample of its column.
    pub fn sample_end(&self) -> Option<usize> {
        let Layout::Cells(cells) = self.layout else { return None };
        let own = &self.own;
        let first = cells.partition_point(|cell| (cell.start as usize) < own.start);
        let mut cells = cells[first..].iter().take_while(|cell| (cell.start as usize) < own.end);
        let mut known = self.offsets.origin();
        let is_behind = |cell: &&Cell| {
            cell.record >= SAMPLE_RECORDS || {
                known = self.offsets.locate(known, cell.start as usize);
                known.source >= SAMPLE_BYTES
            }
        };
        cells.find(is_behind).map(|cell| cell.start as usize)
    }
}

/// How the text of a window is divided.
#[derive(Clone, Copy, Debug)]
pub enum Layout<'a> {
    /// Plain text. Records are lines.
    Lines {
        /// 0-based number of the line in which `own` starts.
        line: u64,
    },
    /// Runs of text out of a binary file. There are no records.
    Runs,
    /// Cells in ascending order, not overlapping, covering all values that touch the window. Text between cells
    /// (delimiters, quotes, keys) is no value and holds no candidate.
    Cells(&'a [Cell]),
}

/// One value of a table, as a range of a window's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell {
    /// Offset of the first byte; 0 when the cell began before the window.
    pub start: u32,
    /// Offset behind the last byte; the window's end when the cell goes on behind it.
    pub end: u32,
    /// Its column.
    pub column: ColumnIx,
    /// 0-based number of its record.
    pub record: u64,
    /// How it is to be read.
    pub form: CellForm,
}

/// How the bytes of a cell stand for its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CellForm {
    /// The bytes are the value.
    Plain,
    /// The bytes hold escapes. The format hands the unescaped value over in a window of its own, and nothing is
    /// looked for in this one.
    Escaped,
}

/// A stretch of decoded text whose characters stand for source bytes in one way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// Offset of its first byte in the decoded text.
    pub text: u32,
    /// Source offset of its first byte.
    pub source: u64,
    /// Source bytes before its first character that stand for none, such as an escape sequence. They belong to a value
    /// that starts here and to none that ends here.
    pub lead: u8,
    /// How long its characters are in the source.
    pub widths: Widths,
}

/// How many source bytes the characters of a stretch have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Widths {
    /// As many as in the text, which is the source.
    Utf8,
    /// One for ASCII, this many for all others.
    Characters(u8),
    /// Two a UTF-16 code unit.
    Utf16,
}

impl Stretch {
    /// The source offset behind `passed`, the text from the stretch's start.
    fn behind(&self, passed: &[u8]) -> u64 {
        if passed.is_empty() {
            return self.source;
        }
        self.source + u64::from(self.lead) + self.widths.of(passed)
    }
}

impl Widths {
    fn of(self, text: &[u8]) -> u64 {
        match self {
            Self::Utf8 => text.len() as u64,
            Self::Characters(1) => characters(text),
            Self::Characters(width) => {
                let others = count(text, |b| b >= 0xC0);
                characters(text) - others + others * u64::from(width)
            }
            Self::Utf16 => 2 * utf16_units(text),
        }
    }
}

/// How many source bytes a character of the text has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Measure<'a> {
    /// The source is the text.
    Utf8,
    /// This many bytes a character.
    Fixed(u8),
    /// Two bytes a UTF-16 code unit.
    Utf16,
    /// As the stretches say; ascending, the first at 0.
    Stretches(&'a [Stretch]),
}

/// Maps offsets in a window's text to offsets in the source.
#[derive(Clone, Copy, Debug)]
pub struct OffsetMap<'a> {
    pub(crate) measure: Measure<'a>,
    /// Source offset of the first byte of `decoded`.
    pub(crate) base: u64,
    /// Text after charset decoding, before unescaping.
    pub(crate) decoded: &'a [u8],
    /// Where unescaping removed something: (offset in the window's text, offset in `decoded`), each the start of a
    /// stretch without escapes; ascending, the first at 0. Empty where nothing was unescaped.
    pub(crate) pieces: &'a [(u32, u32)],
}

impl<'a> OffsetMap<'a> {
    /// A window whose text is the source's own bytes from offset `base` on.
    pub const fn identity(base: u64) -> Self {
        Self { measure: Measure::Utf8, base, decoded: &[], pieces: &[] }
    }

    /// A window whose text was decoded from a source with one byte a character, starting at `base`.
    pub const fn single_byte(base: u64, text: &'a [u8]) -> Self {
        Self::fixed(base, text, 1)
    }

    /// A window whose text was decoded from a source with `width` bytes a character, starting at `base`.
    pub const fn fixed(base: u64, text: &'a [u8], width: u8) -> Self {
        Self { measure: Measure::Fixed(width), base, decoded: text, pieces: &[] }
    }

    /// A window whose text was decoded from UTF-16, starting at `base`.
    pub const fn utf16(base: u64, text: &'a [u8]) -> Self {
        Self { measure: Measure::Utf16, base, decoded: text, pieces: &[] }
    }

    /// A window whose text was decoded in `stretches`, which ascend, the first at 0.
    pub fn stretches(text: &'a [u8], stretches: &'a [Stretch]) -> Self {
        let base = stretches.first().map_or(0, |first| first.source);
        Self { measure: Measure::Stretches(stretches), base, decoded: text, pieces: &[] }
    }

    /// The map of a window that was unescaped from the text of this one. See `OffsetMap::pieces`.
    pub const fn unescaped(self, pieces: &'a [(u32, u32)]) -> Self {
        Self { pieces, ..self }
    }

    /// Tells apart the sequences of windows of one object whose own parts follow each other: the main one, that of
    /// unescaped cells, and that of UTF-16 text in binary files. Below 4.
    pub const fn sequence(&self) -> usize {
        (matches!(self.measure, Measure::Utf16) as usize) << 1 | !self.pieces.is_empty() as usize
    }

    /// The source offset of `offset` in the window's text. `known` is a pair that an earlier call for this map
    /// returned, at or before `offset`, so that a walk through a window counts each character once; start with
    /// [`Self::origin`].
    pub fn locate(&self, known: Located, offset: usize) -> Located {
        let decoded = self.before_unescaping(offset).max(known.decoded);
        let fresh = known.decoded..decoded;
        let source = match self.measure {
            Measure::Utf8 => known.source + fresh.len() as u64,
            Measure::Fixed(width) => known.source + u64::from(width) * characters(&self.decoded[fresh]),
            Measure::Utf16 => known.source + 2 * utf16_units(&self.decoded[fresh]),
            Measure::Stretches(stretches) => {
                let behind = stretches.partition_point(|stretch| stretch.text as usize <= decoded);
                let stretch = &stretches[behind - 1];
                let start = stretch.text as usize;
                if start >= known.decoded {
                    stretch.behind(&self.decoded[start..decoded])
                } else {
                    known.source + stretch.widths.of(&self.decoded[fresh])
                }
            }
        };
        Located { decoded, source }
    }

    /// The start of the window.
    pub fn origin(&self) -> Located {
        Located { decoded: 0, source: self.base }
    }

    /// The source offset of the end of a value, as [`Self::locate`] gives that of its start. Escapes behind the value
    /// that stand for nothing, such as the fold of a line, are no part of it.
    pub fn locate_end(&self, known: Located, offset: usize) -> Located {
        let first = self.pieces.partition_point(|&(text, _)| (text as usize) < offset);
        match self.pieces.get(first) {
            Some(&(text, decoded)) if text as usize == offset => {
                Self { pieces: &[], ..*self }.locate(known, decoded as usize)
            }
            _ => self.locate(known, offset),
        }
    }

    fn before_unescaping(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|&(text, _)| text as usize <= offset);
        match after.checked_sub(1).map(|i| self.pieces[i]) {
            Some((text, decoded)) => decoded as usize + (offset - text as usize),
            None => offset,
        }
    }
}

/// A place that an [`OffsetMap`] has worked out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Located {
    decoded: usize,
    /// Offset in the source.
    pub source: u64,
}

/// The bytes for which `is_hit`. Counted by blocks, so that the sum of a block fits in a byte and the loop can be
/// vectorised.
fn count(text: &[u8], is_hit: impl Fn(u8) -> bool) -> u64 {
    let block = |block: &[u8]| block.iter().fold(0u8, |sum, &b| sum + u8::from(is_hit(b)));
    text.chunks(128).map(|part| u64::from(block(part))).sum()
}

fn characters(text: &[u8]) -> u64 {
    count(text, |b| b & 0xC0 != 0x80)
}

/// A character outside of the basic plane (four bytes of UTF-8) has two units.
fn utf16_units(text: &[u8]) -> u64 {
    characters(text) + count(text, |b| b >= 0xF0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_each_charset_back_to_its_source() {
        let text = "aé𝄞z".as_bytes();
        let z = text.len() - 1;
        let map = OffsetMap::identity(100);
        assert_eq!(map.locate(map.origin(), z).source, 100 + z as u64);
        let map = OffsetMap::single_byte(100, "aéz".as_bytes());
        assert_eq!(map.locate(map.origin(), 3).source, 102);
        let map = OffsetMap::utf16(100, text);
        assert_eq!(map.locate(map.origin(), z).source, 100 + 2 * 4);
        let map = OffsetMap::fixed(100, text, 4);
        assert_eq!(map.locate(map.origin(), z).source, 100 + 4 * 3);
    }

    #[test]
    fn a_walk_gives_what_direct_look_ups_give() {
        let text = "äbcdéf".as_bytes();
        let map = OffsetMap::single_byte(7, text);
        let mut known = map.origin();
        for offset in [0, 2, 3, 5, 7, 8] {
            known = map.locate(known, offset);
            assert_eq!(known, map.locate(map.origin(), offset));
        }
    }

    #[test]
    fn an_escape_that_stands_for_nothing_lies_behind_what_ends_before_it() {
        // Source `ab\n cd`, text `abcd`: a line was folded.
        let map = OffsetMap::identity(10).unescaped(&[(0, 0), (2, 2), (2, 4)]);
        let end = |offset| map.locate_end(map.origin(), offset).source;
        assert_eq!((end(1), end(2), end(3), end(4)), (11, 12, 15, 16));
        assert_eq!(map.locate(map.origin(), 2).source, 14);
        // Source `a\u00e9b`: the end behind the é is behind its escape.
        let map = OffsetMap::identity(10).unescaped(&[(0, 0), (1, 1), (3, 7)]);
        assert_eq!(map.locate_end(map.origin(), 3).source, 17);
    }

    #[test]
    fn stretches_measure_each_in_its_way() {
        // Source, from 50 on: `ab`, three bytes of an escape sequence, two characters of two bytes, `é` of one byte, a
        // character of UTF-8.
        let text = "ab日本éü!".as_bytes();
        let stretch = |text, source, lead, widths| Stretch { text, source, lead, widths };
        let stretches = [
            stretch(0, 50, 0, Widths::Characters(1)),
            stretch(2, 52, 3, Widths::Characters(2)),
            stretch(8, 59, 0, Widths::Characters(1)),
            stretch(10, 60, 0, Widths::Utf8),
        ];
        let map = OffsetMap::stretches(text, &stretches);
        let expected = [(0, 50), (1, 51), (2, 52), (5, 57), (8, 59), (10, 60), (12, 62), (13, 63)];
        let mut known = map.origin();
        for (offset, source) in expected {
            known = map.locate(known, offset);
            assert_eq!(known.source, source, "{offset}");
            for (earlier, _) in expected.iter().filter(|(earlier, _)| *earlier <= offset) {
                let earlier = map.locate(map.origin(), *earlier);
                assert_eq!(map.locate(earlier, offset), known);
            }
        }
    }

    #[test]
    fn unescaped_text_maps_through_its_pieces() {
        // Source `a\u00e9b`, text `aéb`: the é stands for six bytes.
        let source = br"a\u00e9b";
        let pieces = [(0, 0), (1, 1), (3, 7)];
        let map = OffsetMap { measure: Measure::Utf8, base: 10, decoded: source, pieces: &pieces };
        assert_eq!(map.locate(map.origin(), 1).source, 11);
        assert_eq!(map.locate(map.origin(), 3).source, 17);
        assert_eq!(map.locate(map.origin(), 4).source, 18);
    }
}
