//! Formats whose records are lines or groups of lines: logs, directories, cards, configuration.
//!
//! They share one machine. A *grammar* decides at the *heads* of lines and behind values what comes next, and opens
//! values; the machine goes on with an open value, from byte to byte if need be, up to where it ends. A head is decided
//! when [`LOOK`] bytes of it or its line feed are visible, and by them alone; the right context of a window is longer,
//! so whatever a window owns has been decided, the same for every size of windows. Rejected: a machine that steps
//! through every byte, and parsers that want a whole line.
//!
//! Where a line fits no grammar, or a file stops fitting, reading goes on: such text is a cell of the column `*`, which
//! runs on over lines, so that words of one line still speak for values in the next.

mod access;
pub(crate) mod escapes;
mod flow;
mod folded;
mod form;
mod ini;
mod logfmt;
pub(crate) mod markdown;
mod recognise;
mod sheet;
mod until;
mod w3c;
mod yaml;

use std::ops::{ControlFlow, Range};

use domesday_model::{ColumnReport, Layout, OffsetMap, Window};

use crate::cells::Cells;
use crate::escape::Escapes;
use crate::forms::Form;
use crate::paths::{Paths, survey};
use crate::place::Notes;
use crate::windows::{Splitter, Windows};
use crate::{Limits, Target};

pub(crate) use recognise::recognise;
pub(crate) use sheet::Sheet;

/// A format whose records are lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    Access,
    W3c,
    Logfmt,
    Folded(folded::Dialect),
    Ini(ini::Dialect),
    Yaml,
    Markdown,
}

/// Whether the target wanted all; what was wrong; records, and what is known of the columns.
pub(crate) type Outcome = (ControlFlow<()>, Notes, (u64, Vec<ColumnReport>));

impl Format {
    /// Reads a text of this format to its end.
    pub(crate) fn drive(
        self,
        windows: &mut Windows<'_, '_>,
        maps: Option<Paths>,
        limits: &Limits,
        cells: &mut Cells,
        target: &mut dyn Target,
    ) -> Outcome {
        let sheet = Sheet::new(maps, limits, cells);
        match self {
            Self::Access => drive(access::Access::new(), windows, sheet, target),
            Self::W3c => drive(w3c::W3c::new(limits.max_columns), windows, sheet, target),
            Self::Logfmt => drive(logfmt::Logfmt::new(), windows, sheet, target),
            Self::Folded(dialect) => drive(folded::Folded::new(dialect), windows, sheet, target),
            Self::Ini(dialect) => drive(ini::Ini::new(dialect), windows, sheet, target),
            Self::Markdown => drive(markdown::Markdown::new(), windows, sheet, target),
            Self::Yaml => drive(yaml::Yaml::new(), windows, sheet, target),
        }
    }

    /// The maps in a text that begins with `text`, where values may lie in maps.
    pub(crate) fn maps(self, text: &[u8], limits: &Limits, cells: &mut Cells) -> Option<Paths> {
        match self {
            Self::Yaml => maps(yaml::Yaml::new, text, limits, cells),
            Self::Ini(dialect @ (ini::Dialect::Ini | ini::Dialect::Toml)) => {
                maps(|| ini::Ini::new(dialect), text, limits, cells)
            }
            _ => None,
        }
    }
}

/// Reads a text with forms to its end.
pub(crate) fn drive_form(
    form: Form,
    windows: &mut Windows<'_, '_>,
    limits: &Limits,
    cells: &mut Cells,
    target: &mut dyn Target,
) -> Outcome {
    drive(form::Lists::new(form), windows, Sheet::new(None, limits, cells), target)
}

fn maps<G: Grammar>(
    grammar: impl Fn() -> G,
    text: &[u8],
    limits: &Limits,
    cells: &mut Cells,
) -> Option<Paths> {
    survey(|known| {
        let sheet = Sheet::of_beginning(known, limits, cells);
        let mut records = Records { sheet, grammar: grammar(), at: 0 };
        records.read(text, false);
        records.sheet.maps()
    })
}

fn drive(
    grammar: impl Grammar,
    windows: &mut Windows<'_, '_>,
    sheet: Sheet<'_>,
    target: &mut dyn Target,
) -> Outcome {
    let mut records = Records { sheet, grammar, at: 0 };
    let flow = windows.drive(&mut records, target);
    let (notes, report) = records.sheet.report();
    (flow, notes, report)
}

/// Bytes by which a head is decided. Less than the least right context by a character that is cut, and by what stands
/// behind a value that has just ended.
pub(crate) const LOOK: usize = Limits::MIN_RIGHT - 16;

/// How the lines of a format are read.
pub(crate) trait Grammar {
    /// What escapes in its values stand for.
    const ESCAPES: Escapes = Escapes::Lines;

    /// No value is open. Reads the text from `i` on, and returns where to go on: behind `i`, or at a value that was
    /// begun. Decides by [`Seen::head`] alone.
    fn head(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize;
}

/// The text that is visible, and where the line ends that is being read.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'t> {
    pub(crate) text: &'t [u8],
    /// Index of the line feed, or of the end of the text where none is visible.
    line_end: usize,
}

impl<'t> Seen<'t> {
    fn of(text: &'t [u8], i: usize) -> Self {
        Self { text, line_end: memchr::memchr(b'\n', &text[i..]).map_or(text.len(), |n| i + n) }
    }

    /// What a head may be decided by: the rest of the line from `i` on, without its line end, up to [`LOOK`] bytes; and
    /// whether that is all of the line.
    #[inline]
    pub(crate) fn head(&self, i: usize) -> (&'t [u8], bool) {
        if self.line_end < i + LOOK {
            let line = &self.text[i..self.line_end];
            (line.strip_suffix(b"\r").unwrap_or(line), true)
        } else {
            (&self.text[i..i + LOOK], false)
        }
    }

    /// Whether a head at `i` can be decided.
    #[inline]
    fn is_visible(&self, i: usize) -> bool {
        self.text.len() - i >= LOOK || self.line_end < self.text.len()
    }

    /// Behind the line feed.
    #[inline]
    pub(crate) fn behind_line(&self) -> usize {
        self.text.len().min(self.line_end + 1)
    }
}

/// Splits text into cells as a grammar has it.
struct Records<'s, G> {
    sheet: Sheet<'s>,
    grammar: G,
    /// Up to where the text has been read, as an offset in the whole text.
    at: u64,
}

impl<G: Grammar> Records<'_, G> {
    fn read(&mut self, text: &[u8], last: bool) {
        let mut i = self.sheet.index(self.at);
        let mut seen = Seen::of(text, i);
        while i < text.len() {
            if self.sheet.is_reading() {
                let (at, ended) = self.sheet.read_value(text, i, last);
                i = at;
                if !ended {
                    break;
                }
                continue;
            }
            if seen.line_end < i {
                seen = Seen::of(text, i);
            }
            if !last && !seen.is_visible(i) {
                break;
            }
            i = self.grammar.head(&mut self.sheet, seen, i);
        }
        self.at = self.sheet.at(i);
    }
}

impl<G: Grammar> Splitter for Records<'_, G> {
    fn advance(&mut self, text: &[u8], _: usize, offsets: &OffsetMap<'_>) {
        self.read(text, false);
        self.sheet.place_notes(offsets);
    }

    fn finish(&mut self, text: &[u8], offsets: &OffsetMap<'_>) {
        self.read(text, true);
        self.sheet.finish(text);
        self.sheet.place_notes(offsets);
    }

    fn emit(
        &mut self,
        text: &[u8],
        own: Range<usize>,
        offsets: OffsetMap<'_>,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        let window = Window { text, own, layout: Layout::Cells(&[]), offsets };
        self.sheet.emit(window, G::ESCAPES, target)
    }

    fn slide(&mut self, delta: usize, offsets: &OffsetMap<'_>) {
        self.sheet.slide(delta, offsets);
    }
}
