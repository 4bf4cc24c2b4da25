//! What the words around a value say.

mod common;

use common::{builtin, scan};
use domesday_classifiers::Classifier;

const REPORTED: u16 = 500;

/// The detectors that are reported for a text, best and alternatives.
fn reported(classifier: &Classifier, text: &str) -> Vec<String> {
    let hits = scan(classifier, None, text.as_bytes(), usize::MAX >> 1).into_iter();
    hits.filter(|hit| hit.thousandths >= REPORTED)
        .flat_map(|hit| [vec![hit.detector], hit.alternatives].concat())
        .collect()
}

/// The detector that is reported for a text.
fn best(classifier: &Classifier, text: &str) -> Option<String> {
    reported(classifier, text).into_iter().next()
}

#[test]
fn a_phrase_that_names_a_country_speaks_for_it_alone() {
    let classifier = builtin();
    assert_eq!(best(&classifier, "Mozambican tax number: 710545952").as_deref(), Some("mz.nuit"));
    assert_eq!(best(&classifier, "tax number: 710545952").as_deref(), Some("mz.nuit"));
    assert_eq!(best(&classifier, "Greek tax number: 710545952"), None, "wrong check digit of Greece");
    assert_eq!(best(&classifier, "Greek tax number: 094014201").as_deref(), Some("gr.afm"));
    assert_eq!(best(&classifier, "Danish passport number: 209384756").as_deref(), Some("dk.passport"));
    assert_eq!(best(&classifier, "Croatian passport number: 209384756").as_deref(), Some("hr.passport"));
}

#[test]
fn numbers_and_dots_are_written_in_many_ways() {
    let classifier = builtin();
    for label in ["NIF", "N.I.F.", "n.º de contribuinte", "número de contribuinte", "nº de contribuinte"] {
        let found = reported(&classifier, &format!("{label}: 265948371"));
        assert!(found.iter().any(|id| id == "pt.nif"), "{label}: {found:?}");
    }
}

#[test]
fn letters_of_every_script_reach_as_far() {
    let classifier = builtin();
    let asked = |word: &str| best(&classifier, &format!("Is 14 29 723122 the right one for his {word}?"));
    assert_eq!(asked("водительское удостоверение").as_deref(), Some("ru.driving_licence"));
    assert_eq!(asked("long-lost and lately found again driving licence"), None, "48 bytes of ASCII");
}

#[test]
fn a_word_for_a_birth_speaks_for_the_nearest_date() {
    let classifier = builtin();
    let births = |text: &str| {
        let hits = scan(&classifier, None, text.as_bytes(), usize::MAX >> 1).into_iter();
        let hits = hits.filter(|hit| hit.thousandths >= REPORTED && hit.detector == "date_of_birth");
        hits.map(|hit| hit.value).collect::<Vec<_>>()
    };
    for (text, birth) in [
        ("Karte: Svenja Berg, geb. 22.1.1986\n2026-02-03 09:15:30 [WARN] Rückruf", "22.1.1986"),
        ("geboren am 21.6.1966 in Kassel, war vom 8.4.2020 bis 2.5.2022 bei uns", "21.6.1966"),
        ("« Jean BESSON », né le 18/10/1959\n[12/03/2026] 08:44:50 appel", "18/10/1959"),
        ("geb. Sudhoff\n* 21. Juni 1949   † 26.4.2022", "21. Juni 1949"),
    ] {
        assert_eq!(births(text), [birth], "{text}");
    }
    assert_eq!(births("né à Brest (29) le 12/03/1975"), ["12/03/1975"]);
}

#[test]
fn marks_stand_within_words() {
    let classifier = builtin();
    let found = best(&classifier, "เลขประจำตัวผู้เสียภาษี: 0323269470824");
    assert_eq!(found.as_deref(), Some("th.tax_id"));
    let found = best(&classifier, "राष्ट्रिय परिचयपत्र: 738-820-240-5");
    assert_eq!(found.as_deref(), Some("np.national_id"));
}

#[test]
fn what_stands_on_the_next_line_says_less_of_a_value() {
    let classifier = builtin();
    assert_eq!(
        best(&classifier, "It is 85103787, my driver license of Ohio").as_deref(),
        Some("au.driver_licence")
    );
    assert_eq!(best(&classifier, "cursor.id=85103787\ndriver.license.weight=8852"), None);
    assert_eq!(best(&classifier, "driver license:\n85103787").as_deref(), Some("au.driver_licence"));
}

#[test]
fn the_longest_run_that_has_words_still_speaks() {
    let classifier = builtin();
    let text = |letters: usize| format!("{}Passport K12345678", "a".repeat(letters - "Passport".len()));
    let finds = |letters: usize| !reported(&classifier, &text(letters)).is_empty();
    assert!(finds(20) && finds(64));
    assert!(!finds(65), "encoded data");
}

#[test]
fn a_dash_between_blanks_parts_phrases() {
    let classifier = builtin();
    assert_eq!(best(&classifier, "driver-license 85103787").as_deref(), Some("au.driver_licence"));
    assert_eq!(best(&classifier, "value.driver - license done, 85103787 bytes"), None);
}

#[test]
fn a_word_against_that_has_a_number_of_its_own_says_nothing_of_the_next() {
    let classifier = builtin();
    let licence = |text: &str| reported(&classifier, text).iter().any(|id| id == "us.driver_license");
    assert!(licence("Order 5512, driver license 38471920"));
    assert!(licence("Thanks for the order\ndriver license 38471920"));
    assert!(!licence("Order by driver license 38471920"), "nothing parts the order from the number");
    assert!(!licence("driver license 5512, order 38471920"), "the word against is the nearer one");
}

#[test]
fn its_name_right_before_a_value_outweighs_what_speaks_against_it() {
    let classifier = builtin();
    let cuit = |text: &str| best(&classifier, text).as_deref() == Some("ar.cuit");
    assert!(cuit("Monotributista, CUIT 27379015641, factura C."));
    assert!(cuit("Factura a nombre de Otto con CUIT: 27379015641"));
    assert!(!cuit("Factura CUIT 27379015641"), "one name of one thing");
    assert!(!cuit("factura 27379015641, CUIT"), "the word against is the nearer one");
    let czech = "Slovensko, rodné číslo: 835315/0795";
    assert_eq!(best(&classifier, czech).as_deref(), Some("sk.birth_number"), "it tells two likes apart");
}

#[test]
fn words_of_arabic_have_others_before_and_behind_them() {
    let classifier = builtin();
    for (text, id) in [
        ("انا احمد محمود ورقمي القومي 28910142107019", "eg.national_id"),
        ("ارجو التحديث، رقمي المدني 260040913737", "kw.civil_id"),
    ] {
        let found = reported(&classifier, text);
        assert!(found.iter().any(|found| found == id), "{text}: {found:?}");
    }
}

#[test]
fn the_key_of_the_next_value_says_nothing_of_the_one_before() {
    let classifier = builtin();
    let itin = |text: &str| reported(&classifier, text).iter().any(|id| id == "us.itin");
    assert!(itin("ITIN_NO=943550608 order_no=99375"));
    assert!(!itin("ITIN_NO=943550608 order"), "no value follows: it is one word of a sentence");
}

#[test]
fn sentences_without_blanks_go_on_right_beside_an_address() {
    let classifier = builtin();
    for text in
        ["宛先はanna.berg@hafen.jpです", "메일은 anna.berg@hafen.kr입니다", "连接anna.berg@hafen.cn的邮箱"]
    {
        assert_eq!(best(&classifier, text).as_deref(), Some("email_address"), "{text}");
    }
}

#[test]
fn the_place_of_a_telephone_number_is_the_reason() {
    let classifier = builtin();
    let place_of = |text: &str| {
        let hits = scan(&classifier, None, text.as_bytes(), usize::MAX >> 1).into_iter();
        let mut hits =
            hits.filter(|hit| hit.thousandths >= REPORTED && hit.detector.starts_with("phone_number"));
        hits.find(|hit| hit.evidence.iter().any(|fact| fact == "place")).map(|hit| hit.value)
    };
    assert_eq!(place_of("☎ 06221 503812\n").as_deref(), Some("06221 503812"));
    assert_eq!(
        place_of("Kind regards\nAnna Berg\nHead of sales\n06221 503812\n").as_deref(),
        Some("06221 503812")
    );
    for text in [
        "06221 503812\n",
        "Anna Berg wrote this.\nOrder number\n06221 503812\n",
        "Anna Berg wrote this.\nBESTELLNUMMER\n06221 503812\n",
    ] {
        assert_eq!(place_of(text), None, "{text}");
    }
}
