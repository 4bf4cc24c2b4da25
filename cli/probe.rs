//! Classifies a short text that a person gave: for `detectors test` and the examples of `detectors check`.

use std::ops::{ControlFlow, Range};

use domesday_classifiers::{Carry, Classifier, ColumnContext, Scratch};
use domesday_model::{Cell, CellForm, ColumnIx, Confidence, DetectorId, Layout, OffsetMap, Window};

/// A text longer than this is a file and can be scanned. Bytes.
pub(crate) const LONGEST: usize = 1 << 20;

/// What a detector found.
pub(crate) struct Hit {
    pub(crate) detector: DetectorId,
    pub(crate) place: Range<usize>,
    pub(crate) confidence: Confidence,
    pub(crate) evidence: Vec<String>,
    /// Other detectors that accept the place, best first.
    pub(crate) alternatives: Vec<(DetectorId, Confidence)>,
}

/// Everything that the classifier finds in a text of at most [`LONGEST`] bytes, which is a cell of the column `header`
/// if there is one.
pub(crate) fn probe(classifier: &Classifier, header: Option<&str>, text: &[u8]) -> Vec<Hit> {
    let mut columns: Vec<ColumnContext> = header.iter().map(|path| classifier.column(path)).collect();
    let end = text.len() as u32;
    let cells = [Cell { start: 0, end, column: ColumnIx(0), record: 0, form: CellForm::Plain }];
    let window = Window {
        text,
        own: 0..text.len(),
        layout: if header.is_some() { Layout::Cells(&cells) } else { Layout::Lines { line: 0 } },
        offsets: OffsetMap::identity(0),
    };
    let catalog = classifier.catalog();
    let mut hits = Vec::new();
    let (mut carry, mut scratch) = (Carry::default(), Scratch::default());
    let ControlFlow::Continue(()) = classifier.scan::<std::convert::Infallible>(
        &window,
        &mut columns,
        &mut carry,
        &mut scratch,
        |found| {
            hits.push(Hit {
                detector: found.detector,
                place: found.start..found.end,
                confidence: found.confidence,
                evidence: found.evidence.iter().map(|&fact| catalog.fact_name(fact)).collect(),
                alternatives: { found.alternatives.iter() }.map(|a| (a.detector, a.confidence)).collect(),
            });
            ControlFlow::Continue(())
        },
    );
    hits
}
