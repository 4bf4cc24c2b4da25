//! Classifies a short text that a person gave: for `explain`, `detectors test` and the examples of `detectors check`.

use std::io::Read;
use std::ops::{ControlFlow, Range};

use anyhow::{Context, bail};
use domesday_classifiers::{Carry, Classifier, ColumnContext, Scratch};
use domesday_model::{Cell, CellForm, ColumnIx, Confidence, DetectorId, Layout, OffsetMap, Window};

use crate::visible::visible;

/// A text longer than this is a file and can be scanned. Bytes.
pub(crate) const LONGEST: usize = 1 << 20;

/// Characters of a line that are shown on either side of a value.
const AROUND: usize = 60;

/// What a detector found.
pub(crate) struct Hit {
    pub(crate) detector: DetectorId,
    pub(crate) place: Range<usize>,
    pub(crate) confidence: Confidence,
    pub(crate) evidence: Vec<String>,
    /// Other detectors that accept the place, best first.
    pub(crate) alternatives: Vec<(DetectorId, Confidence)>,
}

/// Everything that the classifier finds in a text of at most [`LONGEST`] bytes, whose lines are cells of the column `header` if
/// there is one.
pub(crate) fn probe(classifier: &Classifier, header: Option<&str>, text: &[u8]) -> Vec<Hit> {
    let mut columns: Vec<ColumnContext> = header.iter().map(|path| classifier.column(path)).collect();
    let cells = cells_of(text);
    let layout = if header.is_some() { Layout::Cells(&cells) } else { Layout::Lines { line: 0 } };
    let window = Window { text, own: 0..text.len(), layout, offsets: OffsetMap::identity(0) };
    probe_window(classifier, &window, &mut columns)
}

/// The lines of a text without the blanks around them, as cells of one column.
pub(crate) fn cells_of(text: &[u8]) -> Vec<Cell> {
    let mut start = 0;
    let mut cells = Vec::new();
    for (line, record) in text.split(|&byte| byte == b'\n').zip(0..) {
        let front = line.len() - line.trim_ascii_start().len();
        let (from, len) = (start + front, line.trim_ascii().len());
        if len > 0 {
            let (start, end) = (from as u32, (from + len) as u32);
            cells.push(Cell { start, end, column: ColumnIx(0), record, form: CellForm::Plain });
        }
        start += line.len() + 1;
    }
    cells
}

/// Everything that starts in the window's own part.
pub(crate) fn probe_window(
    classifier: &Classifier,
    window: &Window<'_>,
    columns: &mut [ColumnContext],
) -> Vec<Hit> {
    let catalog = classifier.catalog();
    let mut hits = Vec::new();
    let (mut carry, mut scratch) = (Carry::default(), Scratch::default());
    let ControlFlow::Continue(()) =
        classifier.scan::<std::convert::Infallible>(window, columns, &mut carry, &mut scratch, |found| {
            hits.push(Hit {
                detector: found.detector,
                place: found.start..found.end,
                confidence: found.confidence,
                evidence: found.evidence.iter().map(|&fact| catalog.fact_name(fact)).collect(),
                alternatives: { found.alternatives.iter() }.map(|a| (a.detector, a.confidence)).collect(),
            });
            ControlFlow::Continue(())
        });
    hits
}

/// The text of an argument, or of standard input.
pub(crate) fn given(text: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if text == "-" {
        std::io::stdin().take(LONGEST as u64 + 1).read_to_end(&mut bytes).context("standard input fails")?;
    } else {
        bytes.extend_from_slice(text.as_bytes());
    }
    if bytes.len() > LONGEST {
        bail!("the text is longer than {} bytes: `domesday scan` reads files of any size", LONGEST);
    }
    Ok(bytes)
}

/// What stands before a value in its line, the value, and what stands behind it.
pub(crate) fn line_of(text: &[u8], place: &Range<usize>) -> (String, String, String) {
    let (before, after) = (&text[..place.start], &text[place.end..]);
    let before = visible(before.rsplit(|&byte| byte == b'\n').next().unwrap_or_default());
    let after = visible(after.split(|&byte| byte == b'\n').next().unwrap_or_default());
    let cut = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    (before[cut..].to_owned(), visible(&text[place.clone()]), after.chars().take(AROUND).collect())
}
