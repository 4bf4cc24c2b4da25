//! What detectors cost in a text: how often one has to look closer.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use domesday_classifiers::{Classifier, Cost};

/// What the cost is measured on where no corpus is given: logs, tables, documents and prose.
const SAMPLE: [&[u8]; 8] = [
    include_bytes!("../../fixtures/share/it/logs/access.log"),
    include_bytes!("../../fixtures/share/it/logs/app.log"),
    include_bytes!("../../fixtures/share/sales/shop_orders.ndjson"),
    include_bytes!("../../fixtures/share/finance/ledger.csv"),
    include_bytes!("../../fixtures/share/finance/invoices_2025.csv"),
    include_bytes!("../../Cargo.lock"),
    include_bytes!("../../docs/architecture.md"),
    include_bytes!("../../docs/inventory.md"),
];
/// Bytes of a corpus that are looked at.
const MOST_CORPUS: u64 = 64 << 20;
/// A corpus is looked at in pieces of this size.
const PIECE: usize = 1 << 20;
/// Counts of a text, by detector.
pub(super) struct Corpus {
    pub(super) name: String,
    pub(super) bytes: u64,
    /// By detector id.
    pub(super) costs: Vec<Cost>,
}

impl Corpus {
    pub(super) fn sample(classifier: &Classifier) -> Self {
        let mut corpus = Self { name: "the built-in sample".to_owned(), bytes: 0, costs: Vec::new() };
        SAMPLE.iter().for_each(|text| corpus.add(classifier, text));
        corpus
    }

    pub(super) fn read(classifier: &Classifier, path: &Path) -> anyhow::Result<Self> {
        let mut corpus = Self { name: path.display().to_string(), bytes: 0, costs: Vec::new() };
        let mut left = MOST_CORPUS;
        let mut waiting = vec![path.to_owned()];
        while let Some(path) = waiting.pop().filter(|_| left > 0) {
            let fail = || format!("{} cannot be read", path.display());
            let kind = std::fs::symlink_metadata(&path).with_context(fail)?.file_type();
            if kind.is_dir() {
                let mut below = Vec::new();
                for entry in std::fs::read_dir(&path).with_context(fail)? {
                    below.push(entry.with_context(fail)?.path());
                }
                below.sort_by(|a, b| b.cmp(a));
                waiting.extend(below);
            } else if kind.is_file() {
                let mut file = File::open(&path).with_context(fail)?.take(left);
                let mut piece = Vec::new();
                while file.by_ref().take(PIECE as u64).read_to_end(&mut piece).with_context(fail)? > 0 {
                    corpus.add(classifier, &piece);
                    piece.clear();
                }
                left = file.limit();
            }
        }
        if corpus.bytes == 0 {
            bail!("{} holds no file with anything in it", path.display());
        }
        Ok(corpus)
    }

    fn add(&mut self, classifier: &Classifier, text: &[u8]) {
        self.bytes += text.len() as u64;
        let costs = classifier.costs(text);
        self.costs.resize(costs.len(), Cost::default());
        for (sum, cost) in self.costs.iter_mut().zip(costs) {
            sum.candidates += cost.candidates;
            sum.accepted += cost.accepted;
        }
    }

    /// So many of a count as come in a million bytes.
    pub(super) fn rate(&self, count: u64) -> f64 {
        count as f64 * 1e6 / self.bytes.max(1) as f64
    }

    pub(super) fn per_mb(&self, count: u64) -> String {
        let per_mb = self.rate(count);
        if per_mb > 0.0 && per_mb < 10.0 { format!("{per_mb:.1}") } else { format!("{per_mb:.0}") }
    }
}
