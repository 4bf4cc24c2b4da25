//! What is found does not depend on where a text is cut.

mod common;

use common::{Hit, builtin, scan};
use domesday_classifiers::Classifier;
use proptest::prelude::*;

fn whole(classifier: &Classifier, header: Option<&str>, text: &[u8]) -> Vec<Hit> {
    scan(classifier, header, text, usize::MAX >> 1)
}

/// Pieces that values are made of, so that random texts are dense in values, near-values and overlaps.
fn dense_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("4532 0151 1283 0366".to_owned()),
        Just("DE89 3704 0044 0532 0130 00".to_owned()),
        Just("+49 30 901820".to_owned()),
        Just("jane.roe@kestrel-works.se".to_owned()),
        Just("536-22-8145".to_owned()),
        Just("203.0.113.77".to_owned()),
        Just("93.184.216.34".to_owned()),
        Just("2a00:1450:4001:81b::200e".to_owned()),
        Just("3c:5a:b4:11:22:33".to_owned()),
        Just("12345678Z".to_owned()),
        Just("social security number".to_owned()),
        Just("Dear Anna".to_owned()),
        Just("Dear Herr Dr. van der Okafor".to_owned()),
        Just("John Q. Smith lives at ".to_owned()),
        Just(", Smith left. ".to_owned()),
        Just(" of Okafor's, ".to_owned()),
        Just("42 Elm Street, Apt 4, Springfield, IL 62704".to_owned()),
        Just("Hauptstraße 12, 10115 Berlin".to_owned()),
        Just("ul. Długa 7".to_owned()),
        Just("氏名：田中さん王伟先生".to_owned()),
        Just("born 12.05.1980".to_owned()),
        Just("\nkevin brinkmann: ja, und jens petersen".to_owned()),
        Just("\n[12:03] ute holzapfel: na".to_owned()),
        "[0-9 +@.:/-]{1,12}",
        "[a-zA-Zé ]{1,9}",
        Just("\n".to_owned()),
        Just(" ".to_owned()),
        Just("“".to_owned()),
    ];
    proptest::collection::vec(piece, 1..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn cutting_a_text_changes_nothing(text in dense_text(), size in 1usize..700) {
        let classifier = builtin_once();
        prop_assert_eq!(whole(classifier, None, text.as_bytes()), scan(classifier, None, text.as_bytes(), size));
    }

    #[test]
    fn cutting_a_cell_changes_nothing(text in dense_text(), size in 1usize..700) {
        let classifier = builtin_once();
        let header = Some("card_number");
        prop_assert_eq!(whole(classifier, header, text.as_bytes()), scan(classifier, header, text.as_bytes(), size));
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2000), size in 1usize..2000) {
        let classifier = builtin_once();
        prop_assert_eq!(whole(classifier, None, &bytes), scan(classifier, None, &bytes, size));
    }
}

#[test]
fn texts_made_to_be_slow_are_cut_the_same_way() {
    let classifier = builtin_once();
    for piece in [
        "1",
        "1 ",
        "+1",
        "@",
        "a@b.de",
        "a@",
        "12-",
        "A1",
        "::",
        "eyJ",
        "4532 0151 1283 0366 ",
        "Miller. ",
        "Ivanov de. Ivanov x. ",
    ] {
        let text = piece.repeat(3000 / piece.len());
        for size in [1, 63, 1000] {
            assert_eq!(
                whole(classifier, None, text.as_bytes()),
                scan(classifier, None, text.as_bytes(), size),
                "{piece:?} in windows of {size}"
            );
        }
    }
}

#[test]
fn a_part_of_a_name_is_found_near_the_whole_one_in_any_window() {
    let classifier = builtin_once();
    for (filler, expected) in [(40, 2), (2900, 2), (3200, 1)] {
        let filler = "and so on ".repeat(filler / 10);
        let text = format!("Met Thabo Okafor there, {filler}then Okafor left.");
        for size in [1, 700, 5000] {
            let hits = scan(classifier, None, text.as_bytes(), size);
            let names = hits.iter().filter(|hit| hit.detector == "full_name").count();
            assert_eq!(names, expected, "{} bytes apart, in windows of {size}", filler.len());
        }
    }
    let text = "Kind regards, my friends\nOkafor\n--\nThabo Okafor, Lagos";
    let hits = scan(classifier, None, text.as_bytes(), 7);
    assert!(
        hits.iter().any(|hit| hit.value == "Okafor"),
        "a signature stands before the full name: {hits:?}"
    );
}

#[test]
fn who_speaks_in_a_chat_is_found_in_any_window() {
    let classifier = builtin_once();
    let text = "ute brinkmann: na\njens petersen: moin, hast du kevin holzapfel gesehen\nute brinkmann: nein";
    for size in [1, 7, 700] {
        let hits = scan(classifier, None, text.as_bytes(), size);
        let names: Vec<&str> = hits.iter().map(|hit| hit.value.as_str()).collect();
        assert_eq!(names, ["ute brinkmann", "jens petersen", "kevin holzapfel", "ute brinkmann"], "{size}");
    }
    let alone = "martin petersen: 12\nmax size: 3";
    assert!(whole(classifier, None, alone.as_bytes()).is_empty(), "nobody answers");
}

#[test]
fn what_is_far_behind_a_word_says_nothing_of_it() {
    let classifier = builtin_once();
    let text = format!("12.05.1980 born{}1", " ".repeat(9000));
    let hits = scan(classifier, None, text.as_bytes(), 64);
    assert!(hits.iter().any(|hit| hit.detector == "date_of_birth"), "{hits:?}");
    assert_eq!(whole(classifier, None, text.as_bytes()), hits);
}

fn builtin_once() -> &'static Classifier {
    static CLASSIFIER: std::sync::OnceLock<Classifier> = std::sync::OnceLock::new();
    CLASSIFIER.get_or_init(builtin)
}
