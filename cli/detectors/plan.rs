//! `domesday detectors plan`: how each detector finds its candidates, and what they cost.

use domesday_classifiers::{Anchor, Classifier, Cost, Detector, Find};
use serde_json::json;

use super::ListFormat;
use super::cost::Corpus;
use crate::output::Paint;
use crate::table::{render, right, table};
use crate::units::{bytes, counted};
use crate::visible::visible;

/// Every detector, the most expensive first.
pub(super) fn plan(classifier: &Classifier, corpus: &Corpus, format: ListFormat, paint: Paint) -> String {
    let detectors = classifier.catalog().detectors.iter().zip(0..);
    let detectors = detectors.map(|(_, id)| classifier.detector(domesday_model::DetectorId(id)));
    let mut costs: Vec<(&Detector, Cost)> = detectors.zip(corpus.costs.iter().copied()).collect();
    costs.sort_by_key(|(_, cost)| std::cmp::Reverse((cost.candidates, cost.accepted)));
    if format == ListFormat::Jsonl {
        return costs.iter().map(|(detector, cost)| json_line(detector, *cost, corpus)).collect();
    }
    let mut shown = table(&["id", "looks at", "candidates/MB", "passing/MB", "as"], paint);
    right(&mut shown, &[2, 3]);
    for (detector, cost) in &costs {
        let counted = is_counted(detector);
        let rate = |count| if counted { corpus.per_mb(count) } else { "-".to_owned() };
        shown.add_row([
            visible(detector.info.id.as_bytes()).to_string(),
            anchors(detector).join(", "),
            rate(cost.candidates),
            rate(cost.accepted),
            visible(looks(detector).as_bytes()).to_string(),
        ]);
    }
    let (size, states) = classifier.automaton_size();
    let candidates: u64 = costs.iter().map(|(_, cost)| cost.candidates).sum();
    format!(
        "{}\n{} in one automaton of {} states and {}; {} candidates per MB in {} of {}\n",
        render(&shown),
        counted(costs.len() as u64, "detector", "detectors"),
        states,
        bytes(size as u64),
        corpus.per_mb(candidates),
        bytes(corpus.bytes),
        corpus.name,
    )
}

/// Whether its candidates are counted: columns are looked at as a whole, and words are read on from what was found.
fn is_counted(detector: &Detector) -> bool {
    !matches!(detector.find, Find::Column | Find::Sequence(_))
}

fn json_line(detector: &Detector, cost: Cost, corpus: &Corpus) -> String {
    let rate = |count| is_counted(detector).then(|| (corpus.rate(count) * 10.0).round() / 10.0);
    let shapes: Vec<&str> = match &detector.find {
        Find::Shapes(shapes) => shapes.iter().map(|shape| shape.shape.pattern()).collect(),
        _ => Vec::new(),
    };
    let line = json!({
        "id": detector.info.id, "anchors": anchors(detector), "shapes": shapes,
        "candidates_per_mb": rate(cost.candidates), "passing_per_mb": rate(cost.accepted),
    });
    format!("{line}\n")
}

/// Where it has to look.
fn anchors(detector: &Detector) -> Vec<&'static str> {
    let anchors = match &detector.find {
        Find::Shapes(shapes) => {
            let mut all: Vec<Anchor> = shapes.iter().flat_map(|shape| shape.shape.anchors()).collect();
            all.sort_unstable();
            all.dedup();
            all
        }
        Find::AtSign => return vec!["@"],
        Find::Words(_) => return vec!["listed words"],
        Find::Sequence(_) => return vec!["names, numbers"],
        Find::Column => return vec!["headers"],
    };
    let name = |anchor| match anchor {
        Anchor::Number => "numbers",
        Anchor::Word => "words",
        Anchor::Sign => "signs",
    };
    anchors.into_iter().map(name).collect()
}

/// Its first shape, and how many more there are.
fn looks(detector: &Detector) -> String {
    match &detector.find {
        Find::Shapes(shapes) => {
            let first = shapes.first().map_or("", |shape| shape.shape.pattern());
            match shapes.len() {
                ..=1 => first.to_owned(),
                count => format!("{first} and {} more", count - 1),
            }
        }
        Find::Words(words) => format!("the list {}", words.list),
        Find::AtSign | Find::Sequence(_) | Find::Column => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use domesday_classifiers::Registry;

    use super::*;

    /// Candidates per MB of the built-in sample: more than twice what the most expensive detectors have.
    const RUINOUS: f64 = 5_800.0;

    fn ruinous(registry: &Registry) -> Vec<String> {
        let classifier = Classifier::new(registry).expect("the detectors compile");
        let corpus = Corpus::sample(&classifier);
        let costs = classifier.catalog().detectors.iter().zip(&corpus.costs);
        let ruinous = costs.filter(|(_, cost)| corpus.rate(cost.candidates) > RUINOUS);
        ruinous.map(|(info, cost)| format!("{}: {}", info.id, corpus.per_mb(cost.candidates))).collect()
    }

    #[test]
    fn no_detector_looks_at_much_of_any_text() {
        let found = ruinous(&Registry::builtin().expect("they load"));
        assert!(found.is_empty(), "{found:?} candidates per MB, more than {RUINOUS}: narrow their shapes");
    }

    #[test]
    fn a_detector_of_any_number_is_ruinous() {
        let ssn = include_str!("../../classifiers/detectors/us/ssn.toml");
        let mut registry = Registry::default();
        let any = ssn.replacen("999-99-9999", "9{4,}", 1);
        registry.add_text("any.toml", &any).expect("its shape alone is allowed");
        assert_eq!(ruinous(&registry).len(), 1);
    }
}
