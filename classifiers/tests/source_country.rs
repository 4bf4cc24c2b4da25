//! What the country of a source says of telephone numbers.

mod common;

use std::sync::OnceLock;

use common::scan;
use domesday_classifiers::Classifier;
use domesday_model::{Layout, OffsetMap, Window};

/// Telephone numbers that are found in a text, with their confidence.
fn phones(country: Option<&str>, text: &str) -> Vec<(String, u16)> {
    static BUILTIN: OnceLock<Classifier> = OnceLock::new();
    let classifier = BUILTIN.get_or_init(common::builtin).at_home_in(country);
    let whole = scan(&classifier, None, text.as_bytes(), text.len());
    assert_eq!(scan(&classifier, None, text.as_bytes(), 7), whole, "in windows of 7 bytes: {text}");
    let window = Window {
        text: text.as_bytes(),
        own: 0..text.len(),
        layout: Layout::Lines { line: 0 },
        offsets: OffsetMap::identity(0),
    };
    let attempts = classifier.explain(&window, &[], 0..text.len());
    let is_phone = |id: &str| id.contains("phone_number");
    let hits = whole.into_iter().filter(|hit| is_phone(&hit.detector));
    let told = hits.map(|hit| {
        let is_it = |id| classifier.catalog().detector(id).id == hit.detector;
        let attempt =
            attempts.iter().find(|attempt| is_it(attempt.detector) && attempt.place == (hit.start..hit.end));
        let attempt = attempt.unwrap_or_else(|| panic!("explain does not tell {}", hit.value));
        assert_eq!(attempt.confidence().thousandths(), hit.thousandths, "{}", hit.value);
        assert_eq!(attempt.domestic, hit.evidence.contains(&"source_country".to_owned()), "{}", hit.value);
        (hit.value, hit.thousandths)
    });
    told.collect()
}

fn reported(country: Option<&str>, text: &str) -> Vec<String> {
    phones(country, text)
        .into_iter()
        .filter(|(_, thousandths)| *thousandths >= 500)
        .map(|(value, _)| value)
        .collect()
}

#[test]
fn a_number_that_is_dialled_in_the_country_needs_no_word() {
    let cases = [
        ("DE", "der Einkauf, 0171 2345678, weiss mehr", "0171 2345678"),
        ("DE", "Zentrale 030/901820, danach Zimmer 12", "030/901820"),
        ("FR", "le gardien, 01 42 68 53 10, ouvre le samedi", "01 42 68 53 10"),
        ("GB", "the caretaker, 020 7946 0123, opens on Saturdays", "020 7946 0123"),
        ("ES", "el conserje, 91 234 56 78, abre los lunes", "91 234 56 78"),
        ("US", "the caretaker, 312-555-0147, opens on Saturdays", "312-555-0147"),
        ("DK", "viceværten, 32 14 56 78, åbner om lørdagen", "32 14 56 78"),
    ];
    for (country, text, number) in cases {
        assert_eq!(reported(Some(country), text), [number], "{text}");
        assert!(reported(None, text).is_empty(), "{text}");
        // Zones of another numbering plan.
        let other = if country == "US" { "DE" } else { "US" };
        assert!(reported(Some(other), text).is_empty(), "in {other}: {text}");
    }
}

#[test]
fn what_may_be_anything_stays_below_the_threshold() {
    let cases = [
        ("DE", "Teil 01712345678 ist da"),
        ("DE", "am 01.02.2024 um 10 Uhr"),
        ("ES", "la suma de 912 345 678 es de 2023"),
        ("ES", "total 912.345.678"),
        ("DE", "Bestellung 030 901820 vom Montag"),
        ("US", "rows 2024-01-31 and 10-20-30"),
        ("DE", "Version 0171.234.5678.1 der Firmware"),
    ];
    for (country, text) in cases {
        assert!(reported(Some(country), text).is_empty(), "{text}: {:?}", phones(Some(country), text));
    }
}

#[test]
fn of_a_country_without_a_numbering_plan_nothing_is_known() {
    let text = "Zentrale 030/901820, danach Zimmer 12";
    assert_eq!(phones(Some("XX"), text), phones(None, text));
}
