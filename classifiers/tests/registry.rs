//! Rules that every built-in detector keeps.

mod common;

use std::collections::BTreeSet;

use common::{builtin, scan};
use domesday_classifiers::{
    Classifier, ColumnExample, Detector, Find, Negative, Positive, Registry, Verdict,
};
use domesday_model::DetectorId;

const REPORTED: u16 = 500;

fn each(check: impl Fn(&Detector) -> Result<(), String>) {
    let registry = Registry::builtin().expect("built-in detectors load");
    let broken: Vec<String> = { registry.iter() }
        .filter_map(|detector| check(detector).err().map(|error| format!("{}: {error}", detector.info.id)))
        .collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

/// The id and the verdict on a column that is an example.
fn verdict(classifier: &Classifier, example: &ColumnExample) -> Option<(String, Verdict)> {
    let catalog = classifier.catalog();
    let id = |name: &String| {
        let at = catalog.detectors.iter().position(|info| info.id == *name);
        DetectorId(at.unwrap_or_else(|| panic!("there is no detector {name}")) as u16)
    };
    let beside: Vec<_> = example.beside.iter().map(id).collect();
    let values: Vec<_> = example.values.iter().map(|value| value.as_bytes()).collect();
    let verdict = classifier.try_column(&example.header, &values, &beside)?;
    let reported = verdict.confidence.thousandths() >= REPORTED;
    reported.then(|| (catalog.detector(verdict.detector).id.clone(), verdict))
}

#[test]
fn positive_examples_are_found() {
    let classifier = builtin();
    each(|detector| {
        for example in &detector.examples.positive {
            match example {
                Positive::Text(text) => {
                    let hits =
                        scan(&classifier, text.header.as_deref(), text.text.as_bytes(), usize::MAX >> 1);
                    let found = hits.iter().any(|hit| {
                        hit.detector == detector.info.id
                            && hit.value == text.finds
                            && hit.thousandths >= REPORTED
                    });
                    if !found {
                        return Err(format!("{text:?} gives {hits:#?}"));
                    }
                }
                Positive::Column(column) => {
                    let verdict = verdict(&classifier, column);
                    if verdict.as_ref().is_none_or(|(id, _)| *id != detector.info.id) {
                        return Err(format!("{column:?} gives {verdict:?}"));
                    }
                }
            }
        }
        Ok(())
    });
}

#[test]
fn negative_examples_are_not_found() {
    let classifier = builtin();
    each(|detector| {
        for example in &detector.examples.negative {
            match example {
                Negative::Text(text) => {
                    let hits =
                        scan(&classifier, text.header.as_deref(), text.text.as_bytes(), usize::MAX >> 1);
                    let wrong = hits
                        .iter()
                        .find(|hit| hit.detector == detector.info.id && hit.thousandths >= REPORTED);
                    if let Some(hit) = wrong {
                        return Err(format!("{text:?} gives {hit:?}"));
                    }
                }
                Negative::Column(column) => {
                    let verdict = verdict(&classifier, column).filter(|(id, _)| *id == detector.info.id);
                    if verdict.is_some() {
                        return Err(format!("{column:?} gives {verdict:?}"));
                    }
                }
            }
        }
        Ok(())
    });
}

#[test]
fn ids_agree_with_countries() {
    each(|detector| match (&detector.info.country, detector.info.id.split_once('.')) {
        (Some(country), Some((prefix, _))) if country.eq_ignore_ascii_case(prefix) => Ok(()),
        (None, None) => Ok(()),
        _ => Err("a national detector begins with its country and a dot, a global one has no dot".to_owned()),
    });
}

#[test]
fn every_detector_names_its_source() {
    each(|detector| match detector.source.starts_with("https://") && detector.doc.len() > 80 {
        true => Ok(()),
        false => Err("source must be an https address and doc a paragraph".to_owned()),
    });
}

#[test]
fn detectors_without_check_digits_or_context_are_told_apart_by_structure() {
    each(|detector| {
        let proof = detector.checksum.is_some()
            || detector.needs_context
            || !detector.rules.is_empty()
            || matches!(detector.find, Find::Column | Find::Sequence(_));
        let words = !detector.context.is_empty() || !detector.header.is_empty();
        match (proof, words) {
            (true, true) => Ok(()),
            (false, _) => {
                Err("neither checksum nor rules nor needs_context: the value alone proves nothing".to_owned())
            }
            (_, false) => Err("no word of [context] or [header]".to_owned()),
        }
    });
}

#[test]
fn masks_show_no_example() {
    let classifier = builtin();
    let catalog = classifier.catalog();
    each(|detector| {
        let id = catalog.detectors.iter().position(|info| info.id == detector.info.id).expect("it is there");
        for example in &detector.examples.positive {
            let values = match example {
                Positive::Text(text) => std::slice::from_ref(&text.finds),
                Positive::Column(column) => &column.values[..],
            };
            for value in values.iter().filter(|value| !value.is_empty()) {
                let mask =
                    classifier.mask(DetectorId(id as u16), domesday_model::Sensitive::new(value.as_bytes()));
                if mask.as_str().contains(value.as_str()) {
                    return Err(format!("the mask {mask} shows {value}"));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn every_list_has_its_origin_and_licence() {
    let lists = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("lists");
    let text =
        std::fs::read_to_string(lists.join("PROVENANCE.toml")).expect("lists/PROVENANCE.toml is there");
    let provenance: toml::Table = text.parse().expect("it is TOML");
    let rows = provenance["list"].as_array().expect("[[list]] rows");
    let named: BTreeSet<&str> = { rows.iter() }
        .map(|row| {
            for field in ["file", "origin", "licence", "how"] {
                assert!(
                    row.get(field).and_then(|v| v.as_str()).is_some_and(|v| !v.is_empty()),
                    "{field} of {row}"
                );
            }
            row["file"].as_str().expect("checked")
        })
        .collect();
    let there =
        std::fs::read_dir(&lists).expect("it is there").map(|entry| entry.expect("readable").file_name());
    let there: BTreeSet<String> =
        there.map(|name| name.to_string_lossy().into_owned()).filter(|name| name.ends_with(".txt")).collect();
    assert_eq!(named, there.iter().map(String::as_str).collect());
}

#[test]
fn the_automaton_stays_small() {
    // A further detector may cost what one does, and no more than that.
    const EACH: usize = (10 << 20) / 600;
    let classifier = builtin();
    let detectors = classifier.catalog().detectors.len();
    let (bytes, states) = classifier.automaton_size();
    assert!(bytes < EACH * detectors, "{bytes} bytes for {states} states of {detectors} detectors");
}
