//! What columns are by those beside them.

mod support;

use std::ops::ControlFlow;

use domesday_classifiers::{Candidate, Carry, ColumnContext, Found, Hear, Scratch, Verdict};
use domesday_model::Cell;

use support::{Lines, Numbers, classifier};

const GIVEN: [&str; 7] = ["Anna", "Ngozi", "Pieter", "Marta", "Chiara", "Jonas", "Sofia"];
const FAMILY: [&str; 4] = ["Schmidt", "Okafor", "Rossi", "Lindgren"];

/// Only columns are asked for.
struct Deaf;

impl Hear<()> for Deaf {
    fn found(&mut self, _: &Found<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn waits(&mut self, _: &[Candidate], _: &Cell) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// The ids of the sure verdicts on the columns of one table.
fn verdicts(headers: &[&str], records: &[Vec<String>]) -> Vec<Option<String>> {
    let mut columns: Vec<ColumnContext> = headers.iter().map(|header| classifier().column(header)).collect();
    columns.iter_mut().for_each(ColumnContext::open);
    let mut lines = Lines::default();
    for (number, record) in records.iter().enumerate() {
        record.iter().enumerate().for_each(|(column, value)| lines.add(value, column, number));
    }
    let _ = classifier().scan_table(
        &lines.window(),
        &mut columns,
        &mut Carry::default(),
        &mut Scratch::default(),
        &mut Deaf,
    );
    classifier().decide(&mut columns);
    let id = |verdict: Verdict| {
        let sure = verdict.confidence.thousandths() >= 500;
        sure.then(|| classifier().catalog().detector(verdict.detector).id.clone())
    };
    columns.iter().map(|column| classifier().verdict(column, None).and_then(id)).collect()
}

#[test]
fn who_made_a_thing_says_nothing_of_its_name() {
    let songs = ["Angie", "Layla", "Michelle", "Maria"];
    let (given, family) = (GIVEN, FAMILY);
    let record = |i: usize| vec![songs[i % 4].to_owned(), format!("{} {}", given[i % 7], family[i / 7])];
    let records: Vec<_> = (0..28).map(record).collect();
    for maker in ["Composer", "artist_name", "director"] {
        let [name, by] = &verdicts(&["Name", maker], &records)[..] else { panic!("two columns") };
        assert_eq!((name.as_deref(), by.as_deref()), (None, Some("full_name")), "{maker}");
    }
    let records: Vec<_> =
        (0..28).map(|i| vec![songs[i % 4].to_owned(), format!("person{i}@hafenbuero-nord.de")]).collect();
    assert_eq!(verdicts(&["Name", "E-mail"], &records)[0].as_deref(), Some("given_name"));
}

/// Rows of a table, made of their number.
fn table<const N: usize>(rows: usize, mut row: impl FnMut(usize) -> [String; N]) -> Vec<Vec<String>> {
    (0..rows).map(|i| row(i).to_vec()).collect()
}

#[test]
fn addresses_of_organisations_are_none_of_people() {
    let towns = ["Leeds", "Utrecht", "Graz", "Lyon"];
    let firms = ["Isar AG", "Taunus Pumpen", "Nordlicht KG", "Alpina"];
    let (given, family) = (GIVEN, FAMILY);
    let records = table(28, |i| {
        let name = format!("{} {}", given[i % 7], family[i / 7]);
        [firms[i % 4].into(), format!("{} Long Street", i + 1), towns[i % 4].into(), name]
    });
    let has = |headers: [&str; 4], place: usize| verdicts(&headers, &records)[place].is_some();
    for headers in [
        ["Supplier", "Address", "City", "Contact name"],
        ["EstablishmentName", "Street", "Town", "Head name"],
        ["Firma1", "Straße", "Ort", "Ansprechpartner"],
        ["store_name", "street_address", "city", "manager_name"],
        ["x", "carriers.address", "carriers.city", "carriers.contact_name"],
    ] {
        assert!(!has(headers, 1) && !has(headers, 2), "{headers:?}");
        assert!(has(headers, 3), "{headers:?}");
    }
    for headers in [
        ["company", "street address", "city", "full name"],
        ["store_name", "shipping_address", "shipping_city", "customer_name"],
        ["x", "customers.address", "customers.city", "customers.full_name"],
    ] {
        assert!(has(headers, 1) && has(headers, 2), "{headers:?}");
    }
}

#[test]
fn what_a_table_of_firms_has_is_theirs() {
    let family = ["Owen", "Berg", "Rossi", "Walsh", "Novak", "Silva", "Keller"];
    let forms = ["Ltd", "and Partner", "GmbH", "Trading", "Inc", "Stores"];
    let towns = ["Leeds", "Utrecht", "Graz", "Lyon"];
    let mut numbers = Numbers(11);
    let firm = |i: usize| format!("{} {}", family[i % 7], forms[i % 6]);
    let records = table(40, |i| {
        let phone = format!("+44 20 7946 {:04}", 10 + 37 * i);
        let mail = format!("info@firm{i}.example");
        [firm(i), format!("{i} High Street"), towns[i % 4].into(), phone, mail, format!("{}", 20 * i)]
    });
    let headers = ["NAME", "Billing Street", "BillingCity", "Phone", "E-Mail", "NumberOfEmployees"];
    assert_eq!(verdicts(&headers, &records), [const { None }; 6]);
    // A firm is reached where somebody of it is not, and a person beside it is one.
    let records = table(40, |i| {
        let phone = format!("+44 20 7946 {:04}", 10 + 37 * i);
        [firm(i), format!("anna{i}.{}@firm{i}.com", family[i % 7]), phone, numbers.digits(5)]
    });
    let verdicts = verdicts(&["Company", "E-Mail", "Phone", "No"], &records);
    let expected = [None, Some("email_address"), Some("phone_number"), None];
    assert_eq!(verdicts.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
}

#[test]
fn sites_schools_and_accounts_have_addresses_of_their_own() {
    let towns = ["Leeds", "Utrecht", "Graz", "Lyon"];
    let streets = ["High Street", "Lindenweg", "Rue Royale"];
    let none = |headers: &[&str], records: Vec<Vec<String>>| {
        assert_eq!(verdicts(headers, &records), vec![None; headers.len()], "{headers:?}");
    };
    let records = table(40, |i| {
        let position = [format!("{}.{:05}", 47 + i % 7, 137 * i), format!("{}.{:05}", 6 + i % 8, 173 * i)];
        let [latitude, longitude] = position;
        let code = format!("{}", 10_115 + 37 * i);
        [format!("Nordlicht {i}"), streets[i % 3].into(), code, towns[i % 4].into(), latitude, longitude]
    });
    none(&["brand", "street", "post_code", "city", "latitude", "longitude"], records);
    let schools = ["Grundschule Nord", "Lindenschule", "Gymnasium am See", "Oberschule West"];
    let records = table(40, |i| {
        let pupils = format!("{}", 90 + 7 * i);
        [schools[i % 4].into(), format!("{} {i}", streets[i % 3]), towns[i % 4].into(), pupils]
    });
    none(&["bezeichnung", "strasse", "ort", "schueler"], records);
    let sellers = ["Anna Schmidt", "Ngozi Okafor", "Marta Kowalska", "Thomas Fischer", "Chiara Rossi"];
    let records = table(40, |i| {
        let street = format!("{i} {}", streets[i % 3]);
        [format!("Isar {i} GmbH"), sellers[i % 5].into(), street, towns[i % 4].into()]
    });
    let verdicts = verdicts(&["Account Name", "Account Owner", "Shipping Street", "Shipping City"], &records);
    let expected = [None, Some("full_name"), None, None];
    assert_eq!(verdicts.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
}

#[test]
fn an_address_without_headers_is_known_by_its_order() {
    let given = ["Anna", "Marta", "Jonas", "Sofia", "Lukas", "Elena", "Mateo", "Giulia", "Henrik", "Diego"];
    let family = ["Schmidt", "Okafor", "Rossi", "Lindgren", "Kowalski", "Fernandez", "Yamamoto"];
    let towns = ["Vechelde", "Wardenburg", "Ilsede", "Bovenden", "Lengede", "Uetze", "Edewecht"];
    let mut numbers = Numbers(5);
    let records = table(10, |i| {
        let street = format!("{}straße {}", ["Garten", "Linden", "Berg", "Feld"][i % 4], 1 + i);
        let code = numbers.digits(5);
        [numbers.digits(5), given[i % 10].into(), family[i % 7].into(), street, code, towns[i % 7].into()]
    });
    let headers = ["column_1", "column_2", "column_3", "column_4", "column_5", "column_6"];
    let verdicts = verdicts(&headers, &records);
    let expected = [
        None,
        Some("given_name"),
        Some("last_name"),
        Some("street_address"),
        Some("postal_code"),
        Some("city"),
    ];
    assert_eq!(verdicts.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
}

#[test]
fn towns_that_no_list_has_are_known_by_the_rest_of_the_address() {
    let given = ["Anna", "Marta", "Jonas", "Sofia", "Lukas", "Elena", "Mateo", "Giulia", "Henrik", "Diego"];
    let towns = ["Jessica", "Olsen", "Mikkelsen", "Brennhagen", "Danielsen", "Emmafjord", "Rasmussen"];
    let states = ["Innlandet", "Rogaland", "Nordland", "Troms"];
    let mut numbers = Numbers(11);
    let records = table(28, |i| {
        let street = format!("{}stykket {}/{}", ["Olsen", "Myrle", "Berg", "Feld"][i % 4], 1 + i, 1 + i % 7);
        [
            format!("{} {}", given[i % 10], ["Kowalski", "Okafor", "Rossi"][i % 3]),
            street,
            towns[i % 7].into(),
            states[i % 4].into(),
            numbers.digits(4),
            format!("{}-lamp", ["blue", "compact", "wooden"][i % 3]),
        ]
    });
    let by = |places: &[usize]| {
        let records: Vec<Vec<String>> =
            records.iter().map(|record| places.iter().map(|&at| record[at].clone()).collect()).collect();
        let headers: Vec<_> = (1..=places.len()).map(|i| format!("column_{i}")).collect();
        verdicts(&headers.iter().map(String::as_str).collect::<Vec<_>>(), &records)
    };
    let [name, street, town, state, code] =
        ["full_name", "street_address", "city", "region", "postal_code"].map(|id| Some(id.to_owned()));
    for (places, expected) in [
        (&[0, 1, 2, 3, 4][..], vec![&name, &street, &town, &state, &code]),
        (&[0, 1, 4, 2], vec![&name, &street, &code, &town]),
        (&[4, 2, 1, 0], vec![&code, &town, &street, &name]),
        // What stands on the other side of the code is no town, and without people none of it is an address.
        (&[0, 5, 4, 2, 1], vec![&name, &None, &code, &town, &street]),
        (&[4, 0, 1], vec![&None, &name, &None]),
        (&[1, 4, 2], vec![&None, &None, &None]),
    ] {
        assert_eq!(by(places).iter().collect::<Vec<_>>(), expected, "{places:?}");
    }
}

#[test]
fn a_whole_address_needs_no_header_beside_people() {
    let towns = ["Leeds", "Kirkby", "Wirksworth", "Alfreton", "Ilkley"];
    let mut numbers = Numbers(12);
    let records = table(24, |i| {
        [
            format!(
                "{} {}",
                ["Anna", "Jonas", "Elena", "Diego", "Sofia", "Marta", "Lukas"][i % 7],
                ["Berg", "Rossi"][i % 2]
            ),
            format!(
                "{} Mill {} Yard Apt. {}, {}, {}",
                1 + i,
                ["Old", "Long"][i % 2],
                i,
                towns[i % 5],
                numbers.digits(5)
            ),
            numbers.digits(5),
        ]
    });
    let headers = ["column_1", "column_2", "column_3"];
    let ids = |records: &[Vec<String>]| verdicts(&headers[..records[0].len()], records);
    // A number beside a whole address is no code of it.
    assert_eq!(ids(&records), [Some("full_name".to_owned()), Some("street_address".to_owned()), None]);
    let alone: Vec<_> = records.iter().map(|record| record[1..].to_vec()).collect();
    assert_eq!(ids(&alone), [None, None]);
    let notes = ["Call, then leave", "Ring twice, please", "Send 2 copies, not 3", "No answer, try again"];
    let noted = table(24, |i| [records[i][0].clone(), notes[i % 4].to_owned(), numbers.digits(5)]);
    assert_eq!(ids(&noted)[1], None);
}

#[test]
fn what_people_are_called_and_do_is_known_beside_them() {
    let given = ["Anna", "Marta", "Jonas", "Sofia", "Lukas", "Elena", "Mateo", "Giulia", "Henrik", "Diego"];
    let family = [
        "Polaszek",
        "Picheta",
        "Nowak",
        "Foremniak",
        "Omiotek",
        "Ksel",
        "Majdak",
        "Chatys",
        "Fitas",
        "Sereda",
    ];
    let jobs = ["Data Analyst", "HR Manager", "Accountant", "Office Administrator", "Sales Representative"];
    let records = table(10, |i| {
        let day = format!("{:02}.{:02}.{:02}", 1 + i, 1 + i, 19 + i % 7);
        [given[i].into(), family[i].into(), jobs[i % 5].into(), day]
    });
    let headers = ["column_1", "column_2", "column_3", "column_4"];
    let found = verdicts(&headers, &records);
    // Two digits may be those of a year of this century.
    let expected = [Some("given_name"), Some("last_name"), Some("job_title"), None];
    assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
    let things = table(20, |i| [format!("{i}"), jobs[i % 5].into()]);
    assert_eq!(verdicts(&headers[..2], &things), [None, None]);
}

#[test]
fn prefixes_of_names_in_xml_are_no_words() {
    let records = table(28, |i| [format!("{}", 100 + i), FAMILY[i % 4].to_owned()]);
    let verdicts_of = |headers: [&str; 2]| verdicts(&headers, &records);
    assert_eq!(
        verdicts_of(["c:r.c:p.@c:id", "c:r.c:p.c:last_name"])[0],
        verdicts_of(["r.p.@id", "r.p.last_name"])[0]
    );
    assert_eq!(verdicts_of(["cid", "last_name"])[0].as_deref(), Some("card_security_code"));
    assert_eq!(verdicts_of(["c:r.c:p.@c:id", "c:r.c:p.c:last_name"])[1].as_deref(), Some("last_name"));
}

#[test]
fn headers_that_refer_to_somebody_may_hold_names() {
    let (given, family) = (GIVEN, FAMILY);
    let records = table(28, |i| [format!("INC{:07}", 41 * i), format!("{} {}", given[i % 7], family[i / 7])]);
    for header in ["caller_id", "opened_by", "sys_created_by", "manager.id"] {
        assert_eq!(verdicts(&["number", header], &records)[1].as_deref(), Some("full_name"), "{header}");
    }
    let things = ["Blue Note", "Red Planet", "Old Bridge", "Green Door", "White Rabbit", "Long Road"];
    let records = table(28, |i| [i.to_string(), format!("{} {}", things[i % 6], i / 6)]);
    for header in ["product_id", "sorted_by", "status_id"] {
        assert_eq!(verdicts(&["number", header], &records)[1], None, "{header}");
    }
}

#[test]
fn what_answers_of_programs_hold_is_no_item() {
    let (given, family) = (GIVEN, FAMILY);
    let records = table(28, |i| {
        let (given, family) = (given[i % 7], family[i / 7]);
        [format!("{given} {family}"), format!("{given}.{family}@hafenbuero-nord.de").to_lowercase()]
    });
    for list in ["items[]", "data.items[]", "items.item"] {
        let headers = [&*format!("{list}.name"), &*format!("{list}.email")];
        assert_eq!(verdicts(&headers, &records)[0].as_deref(), Some("full_name"), "{list}");
    }
    assert_eq!(verdicts(&["item_name", "email"], &records)[0], None);
}

#[test]
fn what_those_have_who_are_treated_is_theirs_without_a_name() {
    let said = [
        "Hypertension",
        "Diabetes",
        "Acute bronchitis (disorder)",
        "Fracture of forearm",
        "Normal pregnancy",
    ];
    let given =
        ["Metformin 500 MG Oral Tablet", "Lisinopril 10 MG Oral Tablet", "Penicillin V 250 MG Oral Tablet"];
    let records = table(40, |i| {
        [
            format!("{}-{i:04x}", 7919 * i),
            said[i % 5].into(),
            given[i % 3].into(),
            ["late", "damaged lid", "too small"][i % 3].into(),
        ]
    });
    let headers = ["PATIENT", "REASONDESCRIPTION", "DESCRIPTION", "description"];
    let found = verdicts(&headers, &records);
    let found: Vec<_> = found.iter().map(Option::as_deref).collect();
    assert_eq!(found[1..], [Some("diagnosis"), Some("medication"), None]);
    let of_things = verdicts(&["MACHINE", "REASONDESCRIPTION", "DESCRIPTION", "description"], &records);
    assert_eq!(of_things[1..], [None, None, None]);
}

#[test]
fn what_things_have_beside_people_is_not_theirs() {
    let roles = ["user", "lead", "user"];
    let states = ["Fair", "Good", "New"];
    let records = table(40, |i| {
        let name = format!("{} {}", GIVEN[i % 7], FAMILY[i / 10]);
        let parent = format!("8d6fc101-d24f-4a16-af34-{:012x}", 7919 * i);
        let order = format!("202501{:02}-{}", 1 + i % 28, 725_035 - 1999 * i);
        [name, roles[i % 3].into(), states[i % 3].into(), parent, (60 + i).to_string(), order]
    });
    let headers = ["name", "role", "Condition", "_parentcustomerid_value", "Länge", "주문번호"];
    let found = verdicts(&headers, &records);
    assert_eq!(found[0].as_deref(), Some("full_name"));
    assert!(found[1..].iter().all(Option::is_none), "{found:?}");
    let courses =
        ["Cálculo I", "Direito Civil II", "Introdução à Programação", "Álgebra Linear", "Física III"];
    let records = table(40, |i| [courses[i % 5].to_owned(), (1 + i).to_string()]);
    assert_eq!(verdicts(&["mdl_course.fullname", "mdl_course.sortorder"], &records)[0], None);
}

#[test]
fn people_who_write_of_things_are_people() {
    let records = table(28, |i| [format!("{} {}", GIVEN[i % 7], FAMILY[i / 7]), (1 + i % 5).to_string()]);
    for header in ["products.reviews.reviewer_name", "audit_events.author_name"] {
        assert_eq!(verdicts(&[header, "rating"], &records)[0].as_deref(), Some("full_name"), "{header}");
    }
    assert_eq!(verdicts(&["products.name", "rating"], &records)[0], None);
}

#[test]
fn a_clear_header_in_a_table_of_people_needs_no_list_of_all_values() {
    let states = ["Divorced", "Married", "Zweckgemeinschaft", "Single"];
    let rows = table(28, |i| [FAMILY[i / 7].to_owned(), states[i % 4].to_owned()]);
    let marital = |headers: &[&str]| verdicts(headers, &rows)[1].clone();
    assert_eq!(marital(&["last_name", "Marital Status"]).as_deref(), Some("marital_status"));
    assert_eq!(marital(&["sku", "Marital Status"]), None);
    // Half of the values are too few under a word that is cut for other things as well.
    let rows = table(28, |i| [FAMILY[i / 7].to_owned(), ["1", "7", "M", "4"][i % 4].to_owned()]);
    assert_eq!(verdicts(&["last_name", "Declaration_gen_code"], &rows)[1], None);
}

#[test]
fn where_a_clinic_is_its_contact_does_not_live() {
    let mut numbers = Numbers(3);
    let row = |i: usize| {
        let (lat, lon) = (numbers.next(9_000_000), numbers.next(9_000_000));
        let name = format!("{} {}", GIVEN[i % 7], FAMILY[i / 7]);
        let mail = format!("person{i}@hafenbuero-nord.de");
        [name, mail, format!("51.{lat:07}"), format!("7.{lon:07}")]
    };
    let rows = table(28, row);
    assert_eq!(verdicts(&["contact_person", "email", "lat", "lon"], &rows)[2..], [None, None]);
    let home = verdicts(&["full_name", "email", "lat", "lon"], &rows);
    assert_eq!(home[2..], [Some("latitude".to_owned()), Some("longitude".to_owned())]);
}

#[test]
fn numbers_of_orders_are_no_postal_codes() {
    let records = table(40, |i| {
        let (name, town) =
            (format!("{} {}", GIVEN[i % 7], FAMILY[i / 10]), ["Leeds", "Utrecht", "Graz", "Lyon"][i % 4]);
        [name, format!("PO-{}", 3849 - 37 * i), town.into(), format!("LV-{}", 1001 + 13 * i)]
    });
    let found = verdicts(&["customer_name", "po_no", "city", ""], &records);
    assert_eq!((found[1].as_deref(), found[3].as_deref()), (None, Some("postal_code")));
}

#[test]
fn all_who_are_listed_may_live_in_one_state() {
    let records = table(40, |i| {
        let street = format!("{} Long Street", i + 1);
        [
            GIVEN[i % 7].into(),
            FAMILY[i / 10].into(),
            street,
            ["Salem", "Quincy", "Boston"][i % 3].into(),
            "Massachusetts".into(),
            format!("{:05}", 2100 + i),
        ]
    });
    let headers = ["FIRST", "LAST", "ADDRESS", "CITY", "STATE", "ZIP"];
    assert_eq!(verdicts(&headers, &records)[4].as_deref(), Some("region"));
}

#[test]
fn beside_the_key_of_a_contact_an_id_is_that_of_a_case() {
    let (given, family) = (GIVEN, FAMILY);
    let records = table(28, |i| {
        let (given, family) = (given[i % 7], family[i / 7]);
        let mail = format!("{given}.{family}{i}@hafenbuero-nord.de").to_lowercase();
        [format!("5005g00{i:04}AAA"), format!("0035g00{i:04}AAA"), format!("{given} {family}"), mail]
    });
    let ids = |headers: [&str; 4]| verdicts(&headers, &records)[0].clone();
    assert_eq!(ids(["Id", "ContactId", "SuppliedName", "SuppliedEmail"]), None);
    assert_eq!(ids(["Id", "Reference", "Name", "Email"]).as_deref(), Some("person_key"));
}

#[test]
fn beside_given_names_a_name_is_the_other_one() {
    let given = ["Anna", "Marta", "Jonas", "Sofia", "Lukas", "Elena", "Mateo", "Giulia", "Henrik", "Diego"];
    let family = ["Schmidt", "Quandtmeier", "Rossi", "Lindgren", "Stoffelhuber", "Fernandez", "Brettnacher"];
    let records = table(20, |i| [family[i % 7].into(), given[i % 10].into(), format!("{i}")]);
    let [name, ..] = &verdicts(&["Kunden_Name", "Vorname", "Nr"], &records)[..] else { panic!("three") };
    assert_eq!(name.as_deref(), Some("last_name"));
    let things = ["Steckdose", "Ersatzteil", "Schrauben", "Werkzeug", "Leuchte", "Kabel", "Verteiler"];
    let records = table(20, |i| [things[i % 7].into(), given[i % 10].into(), format!("{i}")]);
    let [name, ..] = &verdicts(&["Name", "Vorname", "Nr"], &records)[..] else { panic!("three") };
    assert_eq!(name.as_deref(), None);
}

#[test]
fn a_list_of_towns_is_none_of_addresses() {
    let towns = ["Leeds", "Utrecht", "Graz", "Lyon"];
    let records = table(24, |i| [format!("{}", 10_115 + 37 * i), towns[i % 4].into(), format!("{i}")]);
    assert_eq!(verdicts(&["PLZ", "Ort", "Einwohner"], &records), [None, None, None]);
    let records = table(24, |i| {
        [format!("{}", 10_115 + 37 * i), towns[i % 4].into(), format!("person{i}@corp-nord.de")]
    });
    let [code, town, _] = &verdicts(&["PLZ", "Ort", "E-Mail"], &records)[..] else { panic!("three columns") };
    assert_eq!((code.as_deref(), town.as_deref()), (Some("postal_code"), Some("city")));
}

#[test]
fn columns_without_a_word_hold_what_people_have() {
    let given = [
        "Anna", "Ngozi", "Pieter", "Marta", "Chiara", "Jonas", "Sofia", "Lukas", "Elena", "Mateo", "Ingrid",
        "Fatima", "Giulia", "Henrik", "Katarina", "Diego", "Amelie", "Tomasz", "Olga", "Bruno", "Leila",
        "Stefan", "Yuki", "Carmen", "Niklas", "Zofia", "Ahmed", "Paula",
    ];
    let family = ["Schmidt", "Okafor", "Rossi", "Lindgren", "Kowalski", "Fernandez", "Yamamoto"];
    let mut numbers = Numbers(3);
    let records: Vec<_> = (0..28)
        .map(|i| {
            let phone = match i % 3 {
                0 => format!("0176 {}", numbers.digits(8)),
                1 => format!("089 {}", numbers.digits(7)),
                _ => format!("030/{}", numbers.digits(7)),
            };
            let born = format!("{:02}.{:02}.{}", 1 + i % 28, 1 + i % 12, 1950 + 2 * i);
            let hired = format!("{:02}.{:02}.{}", 1 + i % 28, 1 + i % 12, 2003 + i % 20);
            let code = format!("{}-{}-{}", numbers.digits(3), numbers.digits(3), numbers.digits(3));
            [given[i].into(), family[i % 7].into(), phone, born, hired, code].to_vec()
        })
        .collect();
    let expected =
        [Some("given_name"), Some("last_name"), Some("phone_number"), Some("date_of_birth"), None, None];
    for headers in [["col1", "col2", "col3", "col4", "col5", "col6"], ["Feld_1", "V2", "c", "Q7", "x.y", "9"]]
    {
        let verdicts = verdicts(&headers, &records);
        assert_eq!(verdicts.iter().map(Option::as_deref).collect::<Vec<_>>(), expected, "{headers:?}");
    }
    // Without people they may be anything's.
    let records: Vec<_> = records.iter().map(|record| record[2..].to_vec()).collect();
    assert_eq!(verdicts(&["col3", "col4", "col5", "col6"], &records), [None, None, None, None]);
}

#[test]
fn all_rows_may_be_about_few_people() {
    let day = |i: usize| format!("2024-03-{:02}", i + 1);
    let visits = table(20, |i| [format!("{} {}", GIVEN[i % 3], FAMILY[i % 3]), day(i)]);
    assert_eq!(verdicts(&["patient name", "date"], &visits)[0].as_deref(), Some("full_name"));
    let staff = table(12, |i| [GIVEN[i % 3].to_owned(), FAMILY[i % 2].to_owned(), day(i)]);
    let found = verdicts(&["first_name", "last_name", "date"], &staff);
    assert_eq!((found[0].as_deref(), found[1].as_deref()), (Some("given_name"), Some("last_name")));
    // A ship has a name as well, and every row of its log has it.
    let log = table(20, |i| ["Maria".to_owned(), day(i)]);
    assert_eq!(verdicts(&["name", "date"], &log)[0], None);
}

const CLEAR: [&str; 8] = [
    "Anna Berg",
    "Jonas Koch",
    "Heike Weber",
    "Paul Wolf",
    "Sabine Meyer",
    "Thomas Fischer",
    "Julia Becker",
    "Markus Schulz",
];

#[test]
fn full_names_are_not_lost_for_one_that_is_none() {
    let born = |i: usize| format!("{:02}.05.19{}", i + 1, 60 + i);
    for odd in ["Schröder", "Heike & Rolf Schröder", "Maria Magdalena von und zu Schröder-Hohenstein"] {
        for rows in [4, 8] {
            let name = |i: usize| if i == 2 { odd } else { CLEAR[i] };
            let records = table(rows, |i| [format!("{}", i + 1), name(i).to_owned(), born(i)]);
            for header in ["Name", "Full name", "Kunde"] {
                let found = verdicts(&["id", header, "Geb"], &records);
                assert_eq!(found[1].as_deref(), Some("full_name"), "{header} {odd} {rows}");
            }
        }
    }
    // What half of a list of things is called says nothing of the rest.
    let things =
        ["Anna Berg", "Summer Fair", "Heike Weber", "Open Stage", "Book Club", "Quiz Night", "Market Day"];
    assert_eq!(verdicts(&["Name", "nr"], &table(7, |i| [things[i].into(), i.to_string()]))[0], None);
}

#[test]
fn few_full_names_need_no_header() {
    for rows in [2, 3, 4, 9] {
        let records = table(rows, |i| [CLEAR[i % 8].to_owned(), ["Ja", "Nein"][i % 2].to_owned()]);
        for header in ["x", "Liste", "column_1", "users"] {
            let found = verdicts(&[header, "Ja/Nein"], &records);
            assert_eq!(found, [Some("full_name".to_owned()), None], "{header} {rows}");
        }
        // That is what things are called there.
        for header in ["product", "Straße", "file_name", "class"] {
            assert_eq!(verdicts(&[header, "Ja/Nein"], &records)[0], None, "{header} {rows}");
        }
    }
    let half = ["Anna Berg", "Open Stage", "Heike Weber", "Quiz Night"];
    assert_eq!(verdicts(&["x"], &table(4, |i| [half[i].to_owned()]))[0], None);
    assert_eq!(verdicts(&["x"], &table(6, |_| ["Anna Berg".to_owned()]))[0], None);
}

#[test]
fn who_takes_part_is_called_like_people() {
    let headers = [
        "Schüler",
        "Teilnehmer",
        "Mitglied",
        "Bewerber",
        "Eigentümer",
        "Leitung",
        "attendee",
        "participants",
        "members",
        "applicant",
        "owner",
        "names",
        "Erstellt von",
        "cn",
        "ORGANIZER.CN",
        "participants[]",
        "membre",
        "propietario",
        "partecipanti",
        "sócios",
        "deelnemer",
        "uczestnik",
        "účastník",
        "deltagare",
        "участник",
        "katılımcı",
        "参加者",
        "成员",
    ];
    for header in headers {
        let one = verdicts(&[header], &table(1, |_| ["Heike Weber".to_owned()]));
        assert_eq!(one[0].as_deref(), Some("full_name"), "{header}");
        let things =
            verdicts(&[header], &table(4, |i| [["blue", "Open Stage", "north wing", "A 12"][i].to_owned()]));
        assert_eq!(things[0], None, "{header}");
    }
}

/// A number in the form of one that the Social Security Administration issues.
fn ssn(i: usize) -> String {
    format!("{}-{}-{}", 212 + 7 * i, 11 + i % 80, 1003 + 37 * i)
}

#[test]
fn what_each_of_a_table_of_people_has_in_one_form_is_known_by_that() {
    let people = table(12, |i| [FAMILY[i % 4].into(), GIVEN[i % 7].into(), ssn(i)]);
    for header in ["nr", "identifier", "ID Number", "number", "tin", "x", "field3", "column_3"] {
        let found = verdicts(&["last", "first", header, "mail"], &people);
        assert_eq!(found[2].as_deref(), Some("us.ssn"), "{header}");
    }
    for header in ["order_id", "phone", "case number", "invoice"] {
        assert_ne!(verdicts(&["last", "first", header], &people)[2].as_deref(), Some("us.ssn"), "{header}");
    }
    // Neither what things have, nor what only most of the people have.
    let things = table(12, |i| [format!("Pump {i}"), ssn(i)]);
    assert_eq!(verdicts(&["part", "nr"], &things)[1], None);
    let most = table(12, |i| {
        [FAMILY[i % 4].into(), GIVEN[i % 7].into(), if i < 9 { ssn(i) } else { i.to_string() }]
    });
    assert_eq!(verdicts(&["last", "first", "nr"], &most)[2], None);
}

#[test]
fn names_come_again_in_a_long_table() {
    const GIVEN: [&str; 15] = [
        "Anna", "Jonas", "Heike", "Paul", "Maria", "Thomas", "Julia", "Stefan", "Sabine", "Markus", "Laura",
        "Felix", "Monika", "Peter", "Nicole",
    ];
    const FAMILY: [&str; 15] = [
        "Schmidt",
        "Müller",
        "Fischer",
        "Meyer",
        "Wagner",
        "Becker",
        "Schulz",
        "Hoffmann",
        "Schäfer",
        "Bauer",
        "Richter",
        "Schröder",
        "Neumann",
        "Zimmermann",
        "Krüger",
    ];
    let born = |i: usize| format!("{:02}.{:02}.{}", 1 + i % 28, 1 + i % 12, 1945 + i * 7 % 55);
    for rows in [15, 100, 400, 1000] {
        let records = table(rows, |i| {
            [(i + 1000).to_string(), FAMILY[i * 7 % 15].into(), GIVEN[(i * 4 + i / 15) % 15].into(), born(i)]
        });
        let found = verdicts(&["column_1", "column_2", "column_3", "column_4"], &records);
        let found: Vec<_> = found.iter().map(Option::as_deref).collect();
        assert_eq!(found[1..3], [Some("last_name"), Some("given_name")], "{rows}");
    }
    // `Имя` may be the name of anything, but not of three people beside their family names.
    let few = table(15, |i| {
        [["Анна", "Иван", "Ольга"][i % 3].into(), ["Петров", "Иванова", "Кузнецов", "Белова"][i % 4].into()]
    });
    assert_eq!(verdicts(&["Имя", "Фамилия"], &few)[0].as_deref(), Some("given_name"));
    // Storms are given names that come again, but none of a family.
    let storms = table(400, |i| [GIVEN[i % 15].into(), (i % 90).to_string()]);
    assert_eq!(verdicts(&["column_1", "column_2"], &storms), [None, None]);
}

#[test]
fn family_names_that_are_given_ones_stand_beside_those() {
    let family = ["MARTIN", "BERNARD", "SIMON", "MICHEL", "DAVID"];
    let given = ["Marie", "Pierre", "Sophie", "Julien", "Camille"];
    let records = table(5, |i| [family[i].into(), given[i].into(), format!("1{i}/05/197{i}")]);
    for header in ["NOM", "Nom", "nom"] {
        let found = verdicts(&[header, "PRENOM", "Né(e) le"], &records);
        assert_eq!((found[0].as_deref(), found[1].as_deref()), (Some("last_name"), Some("given_name")));
    }
}

#[test]
fn keys_of_events_are_no_addresses() {
    let keys = table(3, |i| [format!("7kukuqrf{i}b2q4jl{i}8s9@google.com")]);
    for header in ["UID", "X-ALT-UID", "RECURRENCE-ID", "RELATED-TO"] {
        assert_eq!(verdicts(&[header], &keys)[0], None, "{header}");
    }
    let people = table(3, |i| [format!("{}@hafenbuero-nord.de", ["anna.berg", "j.koch", "weber2"][i])]);
    assert_eq!(verdicts(&["uid"], &people)[0].as_deref(), Some("email_address"));
}
