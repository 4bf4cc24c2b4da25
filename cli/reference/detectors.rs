//! The reference of the detectors, `docs/detectors.md`: made from their files.

use std::collections::BTreeMap;
use std::fmt::Write;

use domesday_classifiers::{Checksum, Detector, Find, Registry, Rule};

const INTRODUCTION: &str = include_str!("detectors.md");
/// Codes of ISO 3166-1 and the names that people use, a line each.
const COUNTRIES: &str = include_str!("countries.txt");

/// All built-in detectors in Markdown.
fn reference(registry: &Registry) -> String {
    let mut countries: BTreeMap<Option<&str>, Vec<&Detector>> = BTreeMap::new();
    for detector in registry.iter() {
        countries.entry(detector.info.country.as_deref().map(name)).or_default().push(detector);
    }
    let mut text = INTRODUCTION.to_owned();
    let national = countries.keys().flatten().count();
    let _ = write!(text, "\n{} detectors, of {national} countries and of none.\n\n", registry.iter().len());
    text.push_str(
        "| id | what | country | category | sensitivity | found by | checked by | needs a word |\n",
    );
    text.push_str("|---|---|---|---|---|---|---|---|\n");
    countries.values().flatten().for_each(|detector| push_row(&mut text, detector));
    for (country, detectors) in &countries {
        let _ = write!(text, "\n## {}\n", country.unwrap_or("No country"));
        detectors.iter().for_each(|detector| push_section(&mut text, detector));
    }
    text
}

/// Writing to a string cannot fail.
fn push_row(text: &mut String, detector: &Detector) {
    let info = &detector.info;
    let _ = writeln!(
        text,
        "| [{id}](#{}) | {} | {} | {} | {} | {} | {} | {} |",
        anchor(&info.id),
        plain(&info.label),
        info.country.as_deref().unwrap_or(""),
        plain(&info.category),
        info.sensitivity.name(),
        found_by(detector),
        checked_by(detector),
        if detector.needs_context { "yes" } else { "" },
        id = plain(&info.id),
    );
}

fn push_section(text: &mut String, detector: &Detector) {
    let info = &detector.info;
    let doc = detector.doc.split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = write!(text, "\n### {}\n\n**{}.** {}\n\n", plain(&info.id), plain(&info.label), plain(&doc));
    let _ = writeln!(text, "Source: <{}>", detector.source);
}

/// Where a heading that is an id is found: services drop all but letters, digits, `_` and `-`.
fn anchor(id: &str) -> String {
    id.replace('.', "")
}

/// Text in which Markdown sees nothing. A `_` behind a letter or digit says nothing to it.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        let speaks = match c {
            '_' => !plain.ends_with(char::is_alphanumeric),
            c => matches!(c, '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '#' | '$' | '~'),
        };
        if speaks {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

fn found_by(detector: &Detector) -> &'static str {
    match (&detector.find, &detector.column) {
        (Find::Shapes(_), None) => "shape",
        (Find::Shapes(_), Some(_)) => "shape, column",
        (Find::AtSign, _) => "`@`",
        (Find::Words(_), None) => "list",
        (Find::Words(_), Some(_)) => "list, column",
        (Find::Sequence(_), None) => "sequence",
        (Find::Sequence(_), Some(_)) => "sequence, column",
        (Find::Column, _) => "column",
    }
}

/// The families of its check digits; some are rules, because they see a value as it is written.
fn checked_by(detector: &Detector) -> String {
    let mut families: Vec<_> = detector.checksum.iter().map(family).collect();
    families.extend(detector.rules.iter().filter_map(|rule| match rule {
        Rule::Crc32 { .. } => Some("CRC-32".to_owned()),
        Rule::Base58Check { .. } => Some("base58check".to_owned()),
        Rule::MachineReadableZone {} => Some("ICAO 9303".to_owned()),
        _ => None,
    }));
    families.dedup();
    families.join(", ")
}

/// The family that a checksum belongs to, without its parameters.
fn family(checksum: &Checksum) -> String {
    let all = |of: &[Checksum], by: &str| {
        let mut families: Vec<_> = of.iter().map(family).collect();
        families.dedup();
        families.join(by)
    };
    match checksum {
        Checksum::Luhn { .. } => "Luhn".to_owned(),
        Checksum::Weighted(way) => format!("weighted sum mod {}", way.modulus),
        Checksum::LetterTable { modulus, .. } => format!("check letter mod {modulus}"),
        Checksum::Iso7064 { .. } => "ISO 7064".to_owned(),
        Checksum::Verhoeff {} => "Verhoeff".to_owned(),
        Checksum::Damm {} => "Damm".to_owned(),
        Checksum::Congruence(sum) => format!("weighted sum mod {}", sum.modulus),
        Checksum::Bech32 { .. } => "bech32".to_owned(),
        Checksum::CashAddress { .. } => "cash address".to_owned(),
        Checksum::Absent { .. } => "none".to_owned(),
        Checksum::Part { of, .. } | Checksum::Select { of, .. } => family(of),
        Checksum::All { of } => all(of, " and "),
        Checksum::Any { of } => all(of, " or "),
    }
}

/// The name of a country. A detector of one that is not listed fails the test below, which says what to do.
fn name(code: &str) -> &'static str {
    let names = COUNTRIES.lines().filter_map(|line| line.split_once(' '));
    let mut names = names.filter(|(known, _)| *known == code);
    names
        .next()
        .map(|(_, name)| name)
        .unwrap_or_else(|| panic!("{code} is not in cli/reference/countries.txt"))
}

#[test]
fn reference_of_detectors_in_docs_is_up_to_date() {
    let registry = Registry::builtin().expect("the detectors load");
    super::check("docs/detectors.md", &reference(&registry));
}

#[test]
fn every_detector_has_an_anchor_of_its_own() {
    let registry = Registry::builtin().expect("the detectors load");
    let mut anchors: Vec<_> = registry.iter().map(|detector| anchor(&detector.info.id)).collect();
    anchors.sort();
    assert!(anchors.windows(2).all(|pair| pair[0] != pair[1]));
}
