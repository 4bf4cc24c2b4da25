//! Values behind labels in texts: forms, letters and notes, in the ways in which people write them.

mod common;

use std::sync::LazyLock;

use common::{reported as found, scan};
use domesday_classifiers::{Classifier, FoundBy};

static BUILTIN: LazyLock<Classifier> = LazyLock::new(common::builtin);

#[test]
fn a_form_is_read_line_by_line() {
    for text in [
        "Place of birth: Leeds\nNationality: British",
        "  - Place of birth:   Leeds",
        "**Place of birth:** Leeds",
        "| **Place of birth**: Leeds | Sex: F |",
        "Place of birth ........ Leeds\n",
        "PLACE OF BIRTH:\n  Leeds\n",
        "Applicant's place of birth: Leeds.",
        "Place of birth (town): Leeds",
        "Place of birth: Leeds, Sex: F",
        "<b>Place of birth:</b> Leeds<br>",
        "<td>Place of birth:</td><td>Leeds</td>",
        "She is well (place of birth: Leeds, as she says).",
        "Geburtsort: Leeds; Familienstand: ledig",
        "Place of birth\tLeeds\nSex\tF\n",
        "| Place of birth | Leeds |\n",
        "Place of birth            Leeds\n",
        "Place of birth = Leeds\n",
        "* **Place of birth** – Leeds\n",
        "Place of birth\nLeeds\n\nSex\nF\n",
        "出生地：Leeds",
    ] {
        assert_eq!(found("place_of_birth", text), ["Leeds"], "{text}");
    }
    assert_eq!(found("place_of_birth", "出生地：东京都\n"), ["东京都"]);
    assert_eq!(found("place_of_birth", "Place of birth: St. Louis, Missouri\n"), ["St. Louis, Missouri"]);
}

#[test]
fn what_stands_behind_it_must_be_such_a_value() {
    for text in [
        "Place of birth: ____________ Date: ________",
        "Place of birth: [town]",
        "Place of birth: unknown",
        "Place of birth: see above",
        "place_of_birth: String",
        "let place_of_birth: Town = town();",
        "Place of birth: 17",
        "Place of birth of the product: Leeds",
        "PLACE_OF_BIRTH = Town",
        "Birthplace = \"Birthplace\"",
        "Place of birth\nIt is where somebody was born, as the law has it, and nothing else.\n",
    ] {
        assert!(found("place_of_birth", text).is_empty(), "{text}");
    }
    assert!(found("gender", "Sex: see page 4\nAnimal sex: F\nself.sex: m").is_empty());
    assert!(found("job_title", "  position: relative;\n  function: usize,\nOccupation: string\n").is_empty());
    assert!(found("customer_id", "sign-up --client-id 3n4b5urk1ft4\nresult of customer 4471882").is_empty());
    assert!(
        found("customer_id", "Customer number: 0..255\nCustomer number: none\nclientId: 44718829").is_empty()
    );
}

#[test]
fn closed_lists_end_where_their_value_does() {
    assert_eq!(found("gender", "Sex: F, Age: 34. Marital status: divorced"), ["F"]);
    assert_eq!(found("marital_status", "Sex: F, Age: 34. Marital status: divorced"), ["divorced"]);
    assert_eq!(found("blood_type", "Blood type: A+ (tested twice)"), ["A+"]);
    for value in ["A(II) Rh+", "O RhD positive", "0+", "AB Rh dodatni", "A II Rh pozitiv", "B型"] {
        assert_eq!(found("blood_type", &format!("Blood group: {value}\n")), [value]);
    }
    assert_eq!(found("marital_status", "Status: widowed\n"), ["widowed"]);
    assert!(found("marital_status", "Status: single\n").is_empty(), "other things are as well");
}

#[test]
fn a_word_for_numbers_and_one_for_whose_make_a_label() {
    for text in [
        "Policy #: 4432198",
        "Pol. No.: 4432198",
        "Cust. ref. 4432198",
        "Seria i nr polisy: 4432198",
        "Č. chorobopisu: 4432198",
        "Póliza n.º: 4432198",
        "№ истории болезни: 4432198",
        "Медицинская карта № 4432198",
        "Försäkr.nr: 4432198",
        "ग्राहक संख्या: 4432198",
        "Št. police\t4432198",
    ] {
        assert_eq!(found("customer_id", text), ["4432198"], "{text}");
    }
    for text in [
        "# client 4432198",
        "Customer order no.: 4432198",
        "Customer: 4432198",
        "policy.number: 4432198",
        "CUSTOMER_NO=4432198",
        "Patients (n = 120), numbers 4432198",
        "Rechnungsnummer: 4432198",
        "No. 4432198",
    ] {
        assert!(found("customer_id", text).is_empty(), "{text}");
    }
}

#[test]
fn ages_are_whole_numbers_of_years() {
    for text in ["Age: 34\n", "Age ........ 34\n", "| Alter | 34 |\n", "Kor\nÉletkor: 34 év\n", "年龄：34\n"]
    {
        assert_eq!(found("age", text), ["34"], "{text}");
    }
    for text in ["age: 34", "Age: 30 days", "Average age: 34", "\\p{Age: 3.0}", "Age 34", "Age: 3600"] {
        assert!(found("age", text).is_empty(), "{text}");
    }
}

#[test]
fn a_word_with_other_meanings_is_a_label_where_the_value_ends_with_a_listed_word() {
    assert_eq!(found("job_title", "Position ...... Warehouse Supervisor\n"), ["Warehouse Supervisor"]);
    for text in ["Title: Developer Guide\n", "Role: administrator\n", "position: shift supervisor\n"] {
        assert!(found("job_title", text).is_empty(), "{text}");
    }
}

#[test]
fn numbers_need_no_colon_behind_what_is_shortened() {
    for text in [
        "The client (customer no. 4432198) called.",
        "Customer No.: 4432198",
        "Kunden-Nr. 4432198, seit 2019",
        "Customer number: 4432198 since 2019",
        "\"Customer number\": \"4432198\"",
        "N° client : 4432198",
        "Client number: ID 4432198",
        "Your customer number is 4432198.",
        "Ihre Kundennummer lautet 4432198.",
        "cliente dal 2016 (codice cliente 4432198)",
        "Sex: M   Hosp. no. 4432198",
    ] {
        assert_eq!(found("customer_id", text), ["4432198"], "{text}");
    }
    assert_eq!(found("customer_id", "Policy number: PN-33821-A\n"), ["PN-33821-A"]);
    assert_eq!(found("employee_id", "Personalnummer: 00912"), ["00912"]);
    assert_eq!(found("employee_id", "Su número de empleado es E-47399. Si"), ["E-47399"]);
    assert_eq!(found("customer_id", "le code client C08236959"), ["C08236959"]);
    assert!(found("customer_id", "German health insurance number: F753 021 020").is_empty());
    assert_eq!(found("salary", "Annual salary: £42,000 before tax"), ["42,000"]);
}

#[test]
fn a_mistyped_number_of_a_country_is_no_other_number() {
    // Its check digits are wrong, and `voter` speaks of it.
    let mistyped = ["Voter ID: 0996 4379 1082", "Matrikelnummer: 2006 0707 69243"];
    for text in mistyped {
        assert!(found("customer_id", text).is_empty(), "{text}");
        assert!(found("employee_id", text).is_empty(), "{text}");
    }
    assert_eq!(found("customer_id", "Matrikelnummer: 4432198"), ["4432198"], "students have others");
    assert!(found("customer_id", "Customer number: 0996 4379 1082").is_empty(), "no part of a longer one");
    assert_eq!(found("customer_id", "Customer number: 4432198 Sales 2019"), ["4432198"]);
}

#[test]
fn prose_in_cells_is_read_and_short_cells_are_not() {
    let value = |cell: &str| {
        let hits = scan(&BUILTIN, Some("notes"), cell.as_bytes(), usize::MAX >> 1).into_iter();
        hits.filter(|hit| hit.detector == "place_of_birth").map(|hit| hit.value).collect::<Vec<_>>()
    };
    assert_eq!(value("Asked for papers. Place of birth: Leeds. Will call."), ["Leeds"]);
}

#[test]
fn windows_do_not_matter() {
    let text = "Place of birth: Leeds\nCustomer no. 4432198\nSex: F, Marital status: divorced\nGeburtsort\nKöln\n\nKundennummer   K-4471882\n".repeat(12);
    let whole = scan(&BUILTIN, None, text.as_bytes(), usize::MAX >> 1);
    for size in [1, 7, 64, 333] {
        assert_eq!(scan(&BUILTIN, None, text.as_bytes(), size), whole, "{size}");
    }
}

#[test]
fn texts_made_to_be_slow_are_read() {
    for part in [
        "sex:",
        "sex: ",
        "place of birth: A",
        "no. no. ",
        ". . . ",
        "...",
        "place of birth:\n",
        "出生地：",
        "<:<:",
        "Sex\n",
        "Sex\t",
        "number 1 ",
        "is 1",
        "| Sex ",
    ] {
        let text = part.repeat(4_000);
        scan(&BUILTIN, None, text.as_bytes(), usize::MAX >> 1);
    }
}

#[test]
fn the_label_is_the_reason() {
    let text = b"Place of birth: Leeds";
    let window = domesday_model::Window {
        text,
        own: 0..text.len(),
        layout: domesday_model::Layout::Lines { line: 0 },
        offsets: domesday_model::OffsetMap::identity(0),
    };
    let attempts = BUILTIN.explain(&window, &[], 0..text.len());
    let attempt = attempts.iter().find(|attempt| attempt.found_by == FoundBy::Label).expect("it is told");
    assert_eq!(attempt.place, 16..21);
    assert_eq!(attempt.context.as_ref().map(|heard| &*heard.word), Some("place of birth"));
    assert!(attempt.is_accepted());
}
