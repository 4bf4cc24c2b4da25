//! `domesday detectors check`: whether a folder's detectors keep the rules and their examples hold; what they cost, and with
//! which other detectors they share values.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use domesday_classifiers::{
    Classifier, ColumnExample, Detector, Find, Negative, Positive, Registry, TextExample, read_text,
};
use domesday_model::DetectorId;

use super::cost::Corpus;
use super::{negative, positive, threshold};
use crate::exit::Exit;
use crate::output::Output;
use crate::probe::{Hit, probe};
use crate::units::counted;
use crate::visible::visible_lines;

/// Conflicts that are told of one detector.
const MOST_CONFLICTS: usize = 10;

/// Reads every file on its own first, so that one mistake does not hide the others.
pub(super) fn run(dir: &Path, corpus: Option<&Path>, output: &Output) -> anyhow::Result<Exit> {
    let (mut ids, mut failures) = (Vec::new(), Vec::new());
    for path in detector_files(dir)? {
        let file = visible_lines(&path.display().to_string());
        let read = read_text(&path).map_err(|error| error.to_string());
        match read.and_then(|text| Detector::from_toml(&text).map_err(|error| error.to_string())) {
            Ok(detector) => ids.push((detector.info.id, file)),
            Err(error) => failures.push(format!("{file}: {error}")),
        }
    }
    let mut told = String::new();
    if failures.is_empty() {
        match Among::load(dir, &ids) {
            Ok(among) => {
                failures = ids.iter().flat_map(|(id, file)| among.run_examples(id, file)).collect();
                told = among.tell(&ids, corpus)?;
            }
            Err(errors) => failures = errors,
        }
    }
    let mut text = String::new();
    for failure in &failures {
        let _ = writeln!(text, "{}", visible_lines(failure));
    }
    text.push_str(&visible_lines(&told));
    let _ = match failures.len() {
        0 => writeln!(text, "{}: all examples hold", counted(ids.len() as u64, "detector", "detectors")),
        count => writeln!(text, "{}", counted(count as u64, "failure", "failures")),
    };
    output.write(text.as_bytes())?;
    Ok(if failures.is_empty() { Exit::Done } else { Exit::Failed })
}

fn detector_files(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("{} cannot be read", dir.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        bail!("{} holds no *.toml", dir.display());
    }
    paths.sort();
    Ok(paths)
}

/// What is wrong with ids that built-in detectors have already: said once of a folder that has no others.
fn taken(dir: &Path, builtin: &Registry, ids: &[(String, String)]) -> Vec<String> {
    let taken: Vec<_> = ids.iter().filter(|(id, _)| builtin.get(id).is_some()).collect();
    if taken.len() == ids.len() && ids.len() > 1 {
        let dir = dir.display();
        return vec![format!(
            "{dir}: every detector here has the id of a built-in one, so this is a copy of them; a folder of your own \
             holds further detectors under ids of their own"
        )];
    }
    let told = taken.iter().map(|(id, file)| {
        format!("{file}: \"{id}\" is the id of a built-in detector, which a file cannot replace; choose another id")
    });
    told.collect()
}

/// The folder's detectors among the built-in ones, as a scan has them.
struct Among {
    classifier: Classifier,
    registry: Registry,
}

impl Among {
    fn load(dir: &Path, ids: &[(String, String)]) -> Result<Self, Vec<String>> {
        let mut registry = Registry::builtin().map_err(|error| vec![error.to_string()])?;
        let taken = taken(dir, &registry, ids);
        if !taken.is_empty() {
            return Err(taken);
        }
        let built = registry.add_folder(dir).and_then(|()| Classifier::new(&registry));
        Ok(Self { classifier: built.map_err(|error| vec![error.to_string()])?, registry })
    }

    fn id(&self, detector: DetectorId) -> &str {
        &self.classifier.catalog().detector(detector).id
    }

    fn run_examples(&self, id: &str, file: &str) -> Vec<String> {
        let Some(detector) = self.registry.get(id) else { return Vec::new() };
        let mut failures = Vec::new();
        if let Some(entry) = self.registry.never_found(detector) {
            failures.push(format!(
                "{file}: {entry:?} of its list is not one word of letters and would never be found; a [[shape]] finds phrases \
                 and codes"
            ));
        }
        let finds = |text: &str, header: Option<&str>, value: Option<&str>| {
            probe(&self.classifier, header, text.as_bytes()).iter().any(|hit| {
                let found = &text.as_bytes()[hit.place.clone()];
                self.id(hit.detector) == id
                    && hit.confidence >= threshold()
                    && value.is_none_or(|value| value.as_bytes() == found)
            })
        };
        let is_verdict = |column: &ColumnExample| self.verdict_of(column).is_some_and(|found| found == id);
        for example in &detector.examples.positive {
            let holds = match example {
                Positive::Text(text) => finds(&text.text, text.header.as_deref(), Some(&text.finds)),
                Positive::Column(column) => is_verdict(column),
            };
            if !holds {
                let value = match example {
                    Positive::Text(text) => format!("{:?}", text.finds),
                    Positive::Column(_) => id.to_owned(),
                };
                failures.push(format!("{file}: {value} is not found in {}", positive(example)));
            }
        }
        for example in &detector.examples.negative {
            let holds = match example {
                Negative::Text(text) => !finds(&text.text, text.header.as_deref(), None),
                Negative::Column(column) => !is_verdict(column),
            };
            if !holds {
                failures.push(format!("{file}: something is found in {}", negative(example)));
            }
        }
        failures
    }

    /// The detector that is the verdict on a column, if it is sure enough to be reported.
    fn verdict_of(&self, column: &ColumnExample) -> Option<&str> {
        let detectors = &self.classifier.catalog().detectors;
        let id = |name: &String| {
            detectors.iter().position(|info| info.id == *name).map(|at| DetectorId(at as u16))
        };
        let beside: Vec<_> = column.beside.iter().filter_map(id).collect();
        let values: Vec<_> = column.values.iter().map(String::as_bytes).collect();
        let verdict = self.classifier.try_column(&column.header, &values, &beside)?;
        (verdict.confidence >= threshold()).then(|| self.id(verdict.detector))
    }

    /// Costs and conflicts, a few lines for each detector.
    fn tell(&self, ids: &[(String, String)], corpus: Option<&Path>) -> anyhow::Result<String> {
        let corpus = match corpus {
            Some(path) => Corpus::read(&self.classifier, path)?,
            None => Corpus::sample(&self.classifier),
        };
        let mut text = String::new();
        for (id, file) in ids {
            let Some(detector) = self.registry.get(id) else { continue };
            let _ = writeln!(text, "{id}  {file}");
            let _ = writeln!(text, "  {:<9} {}", "cost", self.cost(detector, &corpus));
            let mut conflicts = self.also_accept(detector);
            conflicts.extend(self.takes(id));
            let left = conflicts.len().saturating_sub(MOST_CONFLICTS);
            for conflict in conflicts.iter().take(MOST_CONFLICTS) {
                let _ = writeln!(text, "  {:<9} {conflict}", "conflict");
            }
            if left > 0 {
                let _ = writeln!(text, "  {:<9} and {left} more", "conflict");
            }
        }
        Ok(text)
    }

    fn cost(&self, detector: &Detector, corpus: &Corpus) -> String {
        if matches!(detector.find, Find::Column) {
            return "none in text: only columns with a header of its own are looked at".to_owned();
        }
        if matches!(detector.find, Find::Sequence(_)) {
            return "not counted: words are read on from each name, title, or number beside a word"
                .to_owned();
        }
        let all = &self.classifier.catalog().detectors;
        let own = all.iter().position(|info| info.id == detector.info.id).unwrap_or_default();
        let cost = corpus.costs[own];
        let lower = corpus.costs.iter().filter(|other| other.candidates < cost.candidates).count();
        format!(
            "{} candidates per MB, of which {} pass the checks (in {} of {}); more than {}% of all detectors have",
            corpus.per_mb(cost.candidates),
            corpus.per_mb(cost.accepted),
            crate::units::bytes(corpus.bytes),
            corpus.name,
            100 * lower / corpus.costs.len().max(1),
        )
    }

    /// Other detectors that accept a positive example.
    fn also_accept(&self, detector: &Detector) -> Vec<String> {
        let mut conflicts = Vec::new();
        for example in &detector.examples.positive {
            let Positive::Text(text) = example else { continue };
            let Some(hit) = self.hit_on(text) else { continue };
            let others = hit.alternatives.iter().filter(|(other, _)| self.id(*other) != detector.info.id);
            let mut others: Vec<_> =
                others.map(|(id, confidence)| format!("{} ({confidence})", self.id(*id))).collect();
            if self.id(hit.detector) != detector.info.id {
                others.insert(0, format!("{} ({}, which wins)", self.id(hit.detector), hit.confidence));
            }
            if !others.is_empty() {
                let value = &text.finds;
                conflicts.push(format!("{value:?} is also accepted by {}", others.join(", ")));
            }
        }
        conflicts
    }

    /// What is found where an example's value stands.
    fn hit_on(&self, text: &TextExample) -> Option<Hit> {
        let start = text.text.find(&text.finds)?;
        let place = start..start + text.finds.len();
        let hits = probe(&self.classifier, text.header.as_deref(), text.text.as_bytes());
        hits.into_iter().find(|hit| hit.place.start < place.end && place.start < hit.place.end)
    }

    /// Positive examples of other detectors that this one takes.
    fn takes(&self, id: &str) -> Vec<String> {
        let mut taken: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for other in self.registry.iter().filter(|other| other.info.id != id) {
            for example in &other.examples.positive {
                let Positive::Text(text) = example else { continue };
                if self.hit_on(text).is_some_and(|hit| self.id(hit.detector) == id) {
                    taken.entry(&other.info.id).or_default().push(format!("{:?}", text.text));
                }
            }
        }
        taken.iter().map(|(other, texts)| format!("it takes {} from {other}", texts.join(", "))).collect()
    }
}
