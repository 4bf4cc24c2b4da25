//! Rules that every built-in detector keeps.

mod common;

use std::collections::BTreeSet;

use common::{builtin, scan};
use domesday_classifiers::{Detector, Registry};

const REPORTED: u16 = 500;

fn each(check: impl Fn(&Detector) -> Result<(), String>) {
    let registry = Registry::builtin().expect("built-in detectors load");
    let broken: Vec<String> = { registry.iter() }
        .filter_map(|detector| check(detector).err().map(|error| format!("{}: {error}", detector.info.id)))
        .collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn positive_examples_are_found() {
    let classifier = builtin();
    each(|detector| {
        for example in &detector.examples.positive {
            let hits = scan(&classifier, example.header.as_deref(), example.text.as_bytes(), usize::MAX >> 1);
            let found = hits.iter().any(|hit| {
                hit.detector == detector.info.id && hit.value == example.finds && hit.thousandths >= REPORTED
            });
            if !found {
                return Err(format!("{example:?} gives {hits:#?}"));
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
            let hits = scan(&classifier, example.header.as_deref(), example.text.as_bytes(), usize::MAX >> 1);
            let wrong =
                hits.iter().find(|hit| hit.detector == detector.info.id && hit.thousandths >= REPORTED);
            if let Some(hit) = wrong {
                return Err(format!("{example:?} gives {hit:?}"));
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
        let proof = detector.checksum.is_some() || detector.needs_context || !detector.rules.is_empty();
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
            let value = domesday_model::Sensitive::new(example.finds.as_bytes());
            let mask = classifier.mask(domesday_model::DetectorId(id as u16), value);
            if mask.as_str().contains(&example.finds) {
                return Err(format!("the mask {mask} shows {}", example.finds));
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
    let (bytes, states) = builtin().automaton_size();
    assert!(bytes < 4 << 20, "{bytes} bytes for {states} states");
}
