//! Scanning short texts, as windows of any size.

use std::ops::ControlFlow;
use std::sync::LazyLock;

use domesday_classifiers::{Carry, Classifier, ColumnContext, Registry, Scratch};
use domesday_model::{Cell, CellForm, ColumnIx, Layout, OffsetMap, Window};

/// What was found, with its place and its raw value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) detector: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) thousandths: u16,
    pub(crate) alternatives: Vec<String>,
    pub(crate) evidence: Vec<String>,
    pub(crate) value: String,
}

pub(crate) fn builtin() -> Classifier {
    Classifier::new(&Registry::builtin().expect("built-in detectors load")).expect("and compile")
}

/// Scans `text` as one window, or as windows that own `size` bytes each; as a cell when there is a header.
pub(crate) fn scan(classifier: &Classifier, header: Option<&str>, text: &[u8], size: usize) -> Vec<Hit> {
    let mut columns: Vec<ColumnContext> = header.iter().map(|path| classifier.column(path)).collect();
    let mut hits = Vec::new();
    let (mut carry, mut scratch) = (Carry::default(), Scratch::default());
    let mut own_start = 0;
    while own_start < text.len() {
        let own_end = (own_start + size).min(text.len());
        let start = own_start.saturating_sub(4096);
        let end = (own_end + 6144).min(text.len());
        let cells = [Cell {
            start: 0,
            end: (end - start) as u32,
            column: ColumnIx(0),
            record: 0,
            form: CellForm::Plain,
        }];
        let window = Window {
            text: &text[start..end],
            own: own_start - start..own_end - start,
            layout: if header.is_some() { Layout::Cells(&cells) } else { Layout::Lines { line: 0 } },
            offsets: OffsetMap::identity(start as u64),
        };
        let flow = classifier.scan::<()>(&window, &mut columns, &mut carry, &mut scratch, |found| {
            let catalog = classifier.catalog();
            hits.push(Hit {
                detector: catalog.detector(found.detector).id.clone(),
                start: start + found.start,
                end: start + found.end,
                thousandths: found.confidence.thousandths(),
                alternatives: { found.alternatives.iter() }
                    .map(|a| catalog.detector(a.detector).id.clone())
                    .collect(),
                evidence: found.evidence.iter().map(|&fact| catalog.fact_name(fact)).collect(),
                value: String::from_utf8_lossy(found.value.reveal()).into_owned(),
            });
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
        own_start = own_end;
    }
    hits
}

/// The values that a built-in detector reports for a text.
#[allow(dead_code, reason = "not every test that scans asks for one detector")]
pub(crate) fn reported(detector: &str, text: &str) -> Vec<String> {
    static BUILTIN: LazyLock<Classifier> = LazyLock::new(builtin);
    let hits = scan(&BUILTIN, None, text.as_bytes(), usize::MAX >> 1).into_iter();
    let of_it = hits.filter(|hit| hit.thousandths >= 500 && hit.detector == detector);
    of_it.map(|hit| hit.value).collect()
}
