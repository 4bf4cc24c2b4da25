//! The verdicts on the columns of a hundred tables, such as sample databases, exports of well-known programs and open
//! data have them: `fixtures/tables`, with what each column holds.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use domesday_classifiers::{Classifier, Registry};
use domesday_connectors::{Files, Source};
use domesday_model::{Catalog, ObjectMeta, ObjectOutcome, Occurrence, Sink, SinkError};
use domesday_scanner::{Progress, ScanOptions, Worker};

/// Right verdicts of all verdicts, and of all columns that have one.
const PRECISION: f64 = 0.985;
const RECALL: f64 = 0.985;
/// Columns of ids, codes, flags, measures and the like for one false verdict.
const COLUMNS_FOR_ONE: usize = 200;

/// What a column holds.
enum Truth {
    Is(Vec<String>),
    /// Nothing, or one of these.
    May(Vec<String>),
    None,
}

/// Verdicts by table and header. A telephone number is one whichever country's detector says so: what the fixtures name
/// stands for its category.
struct Verdicts<'a> {
    catalog: &'a Catalog,
    table: String,
    of: BTreeMap<(String, String), Option<String>>,
}

impl Sink for Verdicts<'_> {
    fn begin(&mut self, meta: &ObjectMeta) -> Result<(), SinkError> {
        self.table = meta.path.trim_end_matches(".csv").to_owned();
        Ok(())
    }

    fn occurrence(&mut self, _: &Occurrence<'_>) -> Result<(), SinkError> {
        Ok(())
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        Ok(())
    }

    fn end(&mut self, outcome: &ObjectOutcome) -> Result<(), SinkError> {
        for column in &outcome.columns {
            let sure =
                column.found.verdict.as_ref().filter(|verdict| verdict.confidence.thousandths() >= 500);
            let id = sure.map(|verdict| self.catalog.detector(verdict.detector).id.clone());
            self.of.insert((self.table.clone(), column.path.clone()), id);
        }
        Ok(())
    }
}

fn tables() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/tables")
}

fn truth() -> BTreeMap<(String, String), Truth> {
    let text = std::fs::read_to_string(tables().join("truth.tsv")).expect("it can be read");
    let line = |line: &str| {
        let [table, header, holds] = line.split('\t').collect::<Vec<_>>().try_into().expect("three fields");
        let ids = |ids: &str| ids.split(' ').map(str::to_owned).collect();
        let truth = match holds.split_once(' ') {
            Some(("is", list)) => Truth::Is(ids(list)),
            Some(("may", list)) => Truth::May(ids(list)),
            _ => Truth::None,
        };
        ((table.to_owned(), header.to_owned()), truth)
    };
    text.lines().filter(|line| !line.starts_with('#')).map(line).collect()
}

fn verdicts(classifier: &Classifier) -> BTreeMap<(String, String), Option<String>> {
    let (options, progress) = (ScanOptions::default(), Progress::default());
    let mut worker = Worker::new(classifier, &options, &progress);
    let catalog = classifier.catalog();
    let mut verdicts = Verdicts { catalog, table: String::new(), of: BTreeMap::new() };
    let source = Files::new(&tables(), Some("tables"), &[]).expect("it is there");
    source
        .walk(&mut |entry| {
            worker.entry(&entry, &mut verdicts).expect("the sink takes everything");
            ControlFlow::Continue(())
        })
        .expect("it can be listed");
    verdicts.of
}

#[test]
fn verdicts_are_right_on_tables_as_they_are() {
    let classifier = Classifier::new(&Registry::builtin().expect("loads")).expect("compiles");
    let verdicts = verdicts(&classifier);
    let catalog = classifier.catalog();
    let category = |id: &String| {
        catalog
            .detectors
            .iter()
            .find(|detector| detector.id == *id)
            .map(|detector| detector.category.as_str())
    };
    let (mut right, mut false_ones, mut missed, mut plain, mut false_on_plain) = (0, 0, 0, 0, 0);
    let mut report = Vec::new();
    for ((table, header), truth) in truth() {
        let verdict =
            verdicts.get(&(table.clone(), header.clone())).unwrap_or_else(|| panic!("{table} has {header}"));
        let is_among =
            |ids: &[String], id: &String| ids.iter().any(|own| own == "*" || category(own) == category(id));
        let (expected, is_right) = match (&truth, verdict) {
            (Truth::Is(ids), Some(id)) => (true, is_among(ids, id)),
            (Truth::Is(_), None) => (true, false),
            (Truth::May(ids), Some(id)) if !is_among(ids, id) => (false, false),
            (Truth::May(_), _) => continue,
            (Truth::None, verdict) => {
                plain += 1;
                false_on_plain += usize::from(verdict.is_some());
                (false, verdict.is_none())
            }
        };
        right += usize::from(expected && is_right);
        missed += usize::from(expected && !is_right);
        false_ones += usize::from(!is_right && verdict.is_some());
        if !is_right {
            report.push(format!("{table}.{header}: {}", verdict.as_deref().unwrap_or("nothing")));
        }
    }
    let share = |part: usize, rest: usize| part as f64 / (part + rest) as f64;
    let (precision, recall) = (share(right, false_ones), share(right, missed));
    let report = format!(
        "precision {precision:.3}, recall {recall:.3}, {false_on_plain} of {plain} others:\n{}",
        report.join("\n")
    );
    assert!(right > 350 && plain > 700, "{right}, {plain}");
    assert!(precision >= PRECISION && recall >= RECALL, "{report}");
    assert!(COLUMNS_FOR_ONE * false_on_plain <= plain, "{report}");
}
