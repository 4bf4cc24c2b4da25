//! The replay of a decision says what the classifier does.

mod common;

use std::sync::OnceLock;

use common::{Hit, builtin, scan};
use domesday_classifiers::{
    Attempt, Change, Classifier, Find, FoundBy, Joined, Negative, Positive, Registry, TextExample,
};
use domesday_model::{Cell, CellForm, ColumnIx, Layout, OffsetMap, Window};
use proptest::prelude::*;

/// Below this the classifier keeps nothing.
const LEAST_TOKENISED: u16 = 100;

fn explain(classifier: &Classifier, header: Option<&str>, text: &str) -> Vec<Attempt> {
    let columns: Vec<_> = header.iter().map(|path| classifier.column(path)).collect();
    let end = text.len() as u32;
    let cells = [Cell { start: 0, end, column: ColumnIx(0), record: 0, form: CellForm::Plain }];
    let window = Window {
        text: text.as_bytes(),
        own: 0..text.len(),
        layout: if header.is_some() { Layout::Cells(&cells) } else { Layout::Lines { line: 0 } },
        offsets: OffsetMap::identity(0),
    };
    classifier.explain(&window, &columns, 0..text.len())
}

fn of<'a>(classifier: &Classifier, attempts: &'a [Attempt], id: &str) -> &'a Attempt {
    let is = |attempt: &&Attempt| classifier.catalog().detector(attempt.detector).id == id;
    attempts.iter().find(is).unwrap_or_else(|| panic!("{id} does not look at it"))
}

#[test]
fn the_replay_agrees_with_the_scan_on_every_example() {
    let (classifier, registry) = builtin_once();
    let mut texts = Vec::new();
    for detector in registry.iter() {
        let positive = detector.examples.positive.iter().filter_map(|example| match example {
            Positive::Text(text) => Some(text),
            Positive::Column(_) => None,
        });
        let negative = detector.examples.negative.iter().filter_map(|example| match example {
            Negative::Text(text) => Some(text),
            Negative::Column(_) => None,
        });
        texts.extend(positive.chain(negative));
    }
    assert!(texts.len() > 2000, "{}", texts.len());
    let of =
        |example: &TextExample| disagreements(classifier, registry, example.header.as_deref(), &example.text);
    let wrong: Vec<String> = texts.into_iter().flat_map(of).collect();
    assert!(wrong.is_empty(), "{} times\n{}", wrong.len(), wrong.join("\n"));
}

/// Where the scan of a text and its replay do not say the same.
fn disagreements(
    classifier: &Classifier,
    registry: &Registry,
    header: Option<&str>,
    text: &str,
) -> Vec<String> {
    let hits = scan(classifier, header, text.as_bytes(), usize::MAX >> 1);
    let attempts = explain(classifier, header, text);
    let accepted = || {
        let kept = |attempt: &&Attempt| attempt.confidence().thousandths() >= LEAST_TOKENISED;
        attempts.iter().filter(|attempt| attempt.is_accepted()).filter(kept)
    };
    // Sequences of words are told with their evidence, and not replayed.
    let replayed = |hit: &&Hit| {
        let detector = registry.get(&hit.detector).expect("it is built in");
        let place = hit.start..hit.end;
        let as_sure = |attempt: &Attempt| attempt.confidence().thousandths() >= hit.thousandths;
        let tried = || accepted().any(|attempt| attempt.place == place && as_sure(attempt));
        !matches!(detector.find, Find::Sequence(_)) && (detector.beside.is_none() || tried())
    };
    let mut wrong = Vec::new();
    for hit in hits.iter().filter(replayed) {
        let explained = accepted().any(|attempt| {
            classifier.catalog().detector(attempt.detector).id == hit.detector
                && attempt.place == (hit.start..hit.end)
                && attempt.confidence().thousandths() == hit.thousandths
        });
        if !explained {
            wrong.push(format!("{header:?} {text:?}: {hit:?} is not explained"));
        }
    }
    let overlapped = |attempt: &&Attempt| {
        !hits.iter().any(|hit| hit.start < attempt.place.end && attempt.place.start < hit.end)
    };
    let not_found = accepted().filter(overlapped);
    wrong.extend(not_found.map(|attempt| format!("{header:?} {text:?}: not found: {attempt:?}")));
    wrong
}

/// Examples, whole and in pieces, in new surroundings.
fn mixed_text() -> impl Strategy<Value = String> {
    let (_, registry) = builtin_once();
    let examples = registry.iter().flat_map(|detector| &detector.examples.positive);
    let texts: Vec<String> = examples
        .filter_map(|example| match example {
            Positive::Text(text) => Some(text.text.clone()),
            Positive::Column(_) => None,
        })
        .collect();
    let whole = proptest::sample::select(texts);
    let half =
        (whole.clone(), any::<bool>(), any::<proptest::sample::Index>()).prop_map(|(text, first, at)| {
            let at = text.ceil_char_boundary(at.index(text.len() + 1));
            if first { text[..at].to_owned() } else { text[at..].to_owned() }
        });
    let piece = prop_oneof![3 => whole, 2 => half, 1 => "[0-9]{5,14}", 2 => "[ ,.:/@-]{1,2}", 1 => Just("\n".to_owned())];
    proptest::collection::vec(piece, 1..7).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_replay_agrees_with_the_scan_on_mixed_texts(text in mixed_text(), in_cell in any::<bool>()) {
        let (classifier, registry) = builtin_once();
        let wrong = disagreements(classifier, registry, in_cell.then_some("notes"), &text);
        prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

fn builtin_once() -> &'static (Classifier, Registry) {
    static BUILTIN: OnceLock<(Classifier, Registry)> = OnceLock::new();
    BUILTIN.get_or_init(|| (builtin(), Registry::builtin().expect("built-in detectors load")))
}

#[test]
fn a_number_in_a_broken_zone_is_found() {
    let (classifier, registry) = builtin_once();
    let text = "Ausweis IDD<<L4VX21TKH8<<<<<<<<<<<<<<<NRT";
    assert!(disagreements(classifier, registry, None, text).is_empty());
    let hits = scan(classifier, None, text.as_bytes(), usize::MAX >> 1);
    assert!(hits.iter().any(|hit| hit.detector == "de.identity_card" && hit.start == 13));
}

#[test]
fn each_step_is_told() {
    let classifier = builtin();
    let attempts = explain(&classifier, None, "his SSN is 536-22-8145");
    let ssn = of(&classifier, &attempts, "us.ssn");
    assert!(ssn.is_accepted() && ssn.rules.iter().all(|holds| *holds) && ssn.checksum.is_none());
    assert_eq!(ssn.found_by, FoundBy::Shape("999-99-9999".to_owned()));
    let context = ssn.context.as_ref().expect("it is there");
    assert_eq!((context.word.as_str(), context.distance), ("ssn", Some(4)));
    assert_eq!((ssn.points.base, ssn.points.structure, ssn.points.context), (300, 50, 450));
    assert_eq!(ssn.confidence().thousandths(), 800);

    let wrong = explain(&classifier, None, "SSN 666-22-8145");
    let wrong = of(&classifier, &wrong, "us.ssn");
    assert!(!wrong.is_accepted() && !wrong.passes_checks());
    assert_eq!(wrong.rules.iter().filter(|holds| !**holds).count(), 1);

    let longer = explain(&classifier, None, "order 536-22-8145-99");
    assert_eq!(of(&classifier, &longer, "us.ssn").joined, Some(Joined::Behind(b'-')));

    let column = explain(&classifier, Some("ssn"), "536228145");
    let header = of(&classifier, &column, "us.ssn").header.as_ref().expect("it says so");
    assert_eq!((header.word.as_str(), header.distance), ("ssn", None));

    let card = explain(&classifier, None, "4539 1488 0343 6466");
    assert_eq!(of(&classifier, &card, "payment_card").checksum, Some(false));
}

#[test]
fn what_would_change_the_worth_is_told() {
    let registry = Registry::builtin().expect("built-in detectors load");
    let classifier = builtin();
    let ssn = registry.get("us.ssn").expect("it is built in");
    let changes = |text: &str| {
        let attempts = explain(&classifier, None, text);
        of(&classifier, &attempts, "us.ssn").changes(ssn)
    };
    let worth = |changes: &[(Change, _)], wanted| {
        let found = changes.iter().find(|(change, _)| *change == wanted);
        found.map(|(_, confidence): &(_, domesday_model::Confidence)| confidence.thousandths())
    };
    let bare = changes("536-22-8145");
    assert_eq!(worth(&bare, Change::WithContext), Some(800));
    assert_eq!(worth(&bare, Change::WithHeader), Some(900));
    assert_eq!(worth(&bare, Change::WithoutContext), None);
    let opposed = changes("order 536-22-8145");
    assert_eq!(worth(&opposed, Change::WithoutAgainst), Some(350));
    let example = changes("SSN 078-05-1120");
    assert_eq!(worth(&example, Change::NoExample), Some(800));
}

#[test]
fn costs_count_what_looks_like_a_value_and_what_holds() {
    let classifier = builtin();
    let costs = classifier.costs(b"536-22-8145, 666-22-8145, and in 536-22-8145-99 nothing");
    let id = |id: &str| classifier.catalog().detectors.iter().position(|info| info.id == id).expect("an id");
    let ssn = costs[id("us.ssn")];
    assert_eq!((ssn.candidates, ssn.accepted), (2, 1));
    assert_eq!(costs[id("email_address")].candidates, 0);
}

#[test]
fn a_number_that_hides_a_name_is_told() {
    let (classifier, _) = builtin_once();
    let text = b"12045 Karl Petersen wohnt";
    let near = classifier.near_names(text);
    let (detector, place, _) = near.first().expect("a listed name");
    let roles = classifier.roles(*detector, text, place);
    assert_eq!((roles[0].place.clone(), &roles[0].is[..]), (0..5, &["number"][..]));
}
