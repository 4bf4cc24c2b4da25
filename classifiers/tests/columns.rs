//! What columns are, by header and values.

mod support;

use std::ops::ControlFlow;

use domesday_classifiers::{Candidate, Carry, ColumnContext, Found, Hear, Scratch, Verdict};
use domesday_model::{Cell, CellForm, ColumnIx, DetectorId, Layout, OffsetMap, Window};
use proptest::prelude::*;

use support::{Lines, Numbers, classifier};

fn verdict_on(header: &str, values: &[String]) -> Option<Verdict> {
    let values: Vec<_> = values.iter().map(|value| value.as_bytes()).collect();
    classifier().try_column(header, &values, &[])
}

/// The id of the verdict, if it is sure.
fn holds(header: &str, values: &[String]) -> Option<String> {
    let verdict = verdict_on(header, values)?;
    let sure = verdict.confidence.thousandths() >= 500;
    sure.then(|| classifier().catalog().detector(verdict.detector).id.clone())
}

fn evidence(verdict: &Verdict) -> Vec<String> {
    verdict.evidence.iter().map(|&fact| classifier().catalog().fact_name(fact)).collect()
}

fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

fn with_luhn(body: &str) -> String {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, digit)| {
            let digit = u32::from(digit - b'0') * if i % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

#[test]
fn headers_are_read_in_many_languages_and_styles() {
    let dates =
        strings(&["1985-03-14", "1990-12-01", "1971-07-30", "2001-02-11", "1966-05-05", "1994-10-23"]);
    let mails: Vec<_> = (0..6).map(|i| format!("person{i}@hafenbuero-nord.de")).collect();
    let phones: Vec<_> = (0..6).map(|i| format!("0049 30 90182{i}4")).collect();
    let names = strings(&["Okafor", "Nowak", "Lindqvist", "Moreau", "Rossi", "Tanaka"]);
    let cases: [(&str, &[&str], &[String]); 4] = [
        (
            "date_of_birth",
            &[
                "dtNaiss",
                "geburtsdatum",
                "GebDat",
                "birthDate",
                "BIRTH_DATE",
                "kundengeburtsdatum",
                "fecha_nacimiento",
                "dob",
                "person.dob",
                "INSD_BRTH_DT",
                "Fec. Nac.",
                "Ημερομηνία γέννησης",
                "生年月日",
            ],
            &dates,
        ),
        (
            "email_address",
            &[
                "cust_email",
                "emailaddress",
                "E-MAIL",
                "customeremail",
                "Email2",
                "emails",
                "correoElectronico",
                "メールアドレス",
            ],
            &mails,
        ),
        (
            "phone_number",
            &[
                "電話番号",
                "お客様電話番号",
                "tel_no_2",
                "telefonnummer",
                "mobilePhone",
                "phonenumber",
                "TELEFON",
                "privattelefon",
                "contact.phone",
                "NOKPhone",
                "Phone number (optional)",
                "Provider Phone",
            ],
            &phones,
        ),
        (
            "last_name",
            &[
                "last_name",
                "LASTNAME",
                "LastName",
                "customerlastname",
                "Nachname",
                "NOM DE FAMILLE",
                "apellidos",
                "user.surname",
                "INSD_LST_NM",
            ],
            &names,
        ),
    ];
    for (detector, headers, values) in cases {
        for header in headers {
            let verdict = verdict_on(header, values);
            let named = verdict.as_ref().is_some_and(|verdict| {
                classifier().catalog().detector(verdict.detector).id == detector
                    && evidence(verdict).iter().any(|fact| fact.starts_with("header:"))
            });
            assert!(named, "{header} is no {detector}: {:?} {:?}", verdict, verdict.as_ref().map(evidence));
        }
    }
}

#[test]
fn a_name_alone_is_no_verdict() {
    let hex: Vec<_> = (0..40u64).map(|i| format!("{:016x}", i.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
    let nines: Vec<_> = (0..40u64).map(|i| format!("{}", 536_228_145 + 7919 * i)).collect();
    let small: Vec<_> = (0..40).map(|i| (3 + i % 9).to_string()).collect();
    let flags: Vec<_> = (0..40).map(|i| if i % 3 == 0 { "true" } else { "false" }.to_owned()).collect();
    let cases: [(&str, &[String]); 12] = [
        ("email_verified", &flags),
        ("email_type", &strings(&["work", "home", "work", "other"])),
        ("phone_type", &strings(&["mobile", "landline", "mobile", "fax"])),
        ("ssn_hash", &hex),
        ("ssn_hash", &nines),
        ("is_card", &flags),
        ("order_id", &nines),
        ("ip_count", &small),
        ("name_length", &small),
        ("last_name_updated", &strings(&["2024-01-01", "2024-01-02"])),
        ("gender_id", &small),
        ("zip_status", &strings(&["1000", "2000", "1000", "3000"])),
    ];
    for (header, values) in cases {
        assert_eq!(holds(header, values), None, "{header}");
    }
}

#[test]
fn nine_digits_follow_their_header() {
    let mut numbers = Numbers(7);
    let values: Vec<_> =
        (0..200).map(|_| format!("{}{}", 100 + numbers.next(500), numbers.digits(6))).collect();
    assert_eq!(holds("ssn", &values).as_deref(), Some("us.ssn"));
    assert_eq!(holds("employee.ssn", &values).as_deref(), Some("us.ssn"));
    for header in ["order_id", "invoice_no", "id", "column_3", "amount"] {
        assert_eq!(holds(header, &values), None, "{header}");
    }
}

#[test]
fn check_digits_are_held_against_chance() {
    let mut numbers = Numbers(11);
    let cards: Vec<_> = (0..60).map(|_| with_luhn(&format!("4{}", numbers.digits(14)))).collect();
    let verdict = verdict_on("column_4", &cards).expect("they all hold");
    assert!(evidence(&verdict).contains(&"checksum".to_owned()), "{:?}", evidence(&verdict));
    assert_eq!(holds("column_4", &cards).as_deref(), Some("payment_card"));
    let orders: Vec<_> = (0..400).map(|_| format!("4{}", numbers.digits(15))).collect();
    assert_eq!(holds("order_ref", &orders), None);
    assert_eq!(
        holds("card_number", &orders),
        None,
        "one in ten holds: these are no cards, whatever the header says"
    );
}

#[test]
fn a_mixed_column_has_its_largest_kind_and_texts_have_none() {
    let contacts: Vec<_> = (0..30)
        .map(|i| match i % 3 {
            0 => format!("+49 30 9018{}", 1000 + i),
            _ => format!("p{i}@hafenbuero-nord.de"),
        })
        .collect();
    assert_eq!(holds("contact", &contacts).as_deref(), Some("email_address"));
    let notes: Vec<_> = (0..30)
        .map(|i| format!("called at noon, wants a reply to p{i}@hafenbuero-nord.de by Friday or next week"))
        .collect();
    assert_eq!(holds("notes", &notes), None);
}

#[test]
fn dates_in_five_forms_are_dates() {
    let values = strings(&[
        "1985-03-14",
        "14.03.1985",
        "03/14/1985",
        "14 March 1985",
        "19850314",
        "March 14, 1985",
        "n/a",
    ]);
    let verdict = verdict_on("date of birth", &values).expect("it is one");
    assert_eq!((verdict.matches, verdict.values), (6, 6));
    assert_eq!(holds("date of birth", &values).as_deref(), Some("date_of_birth"));
    assert_eq!(holds("created_at", &values), None);
}

#[test]
fn rounded_numbers_are_noted_and_not_found() {
    let values = strings(&["4.11111E+15", "5.42542E+15", "4.53932E+15", "4.53932E+15"]);
    let verdict = verdict_on("card_number", &values).expect("it is noted");
    assert_eq!(evidence(&verdict), ["header:card number", "rounded"]);
    // A Ghana card's number begins with letters.
    assert_eq!(classifier().catalog().detector(verdict.detector).id, "payment_card");
    assert_eq!(verdict.matches, 0);
    assert_eq!(holds("card_number", &values), None);
    assert_eq!(verdict_on("revenue", &values), None);
    let cards = (0..8).map(|i| with_luhn(&format!("45393190384{:04}", 7919 * i % 10_000)));
    let half: Vec<_> = cards.flat_map(|card| [card, "4.53932E+15".to_owned()]).collect();
    let verdict = verdict_on("card_number", &half).expect("half of them are cards");
    assert_eq!(verdict.matches, 8);
    assert!(evidence(&verdict).contains(&"rounded".to_owned()), "the other half is lost");
}

#[test]
fn a_column_of_given_names_needs_no_header() {
    let names = [
        "Anna",
        "Bert",
        "Clara",
        "Dieter",
        "Emma",
        "Friederike",
        "Giovanna",
        "Henrik",
        "Ingrid",
        "Jürgen",
        "Katarzyna",
        "Stephanie",
    ];
    assert_eq!(holds("column_2", &strings(&names)).as_deref(), Some("given_name"));
    assert_eq!(holds("product_name", &strings(&names)), None);
}

#[test]
fn fields_may_have_a_letter_or_those_of_their_table_before_them() {
    let states = strings(&["married", "single", "widowed", "married", "divorced"]);
    for header in ["t_employee.FMarriage", "FMaritalStatus", "RA_MARITAL_STATUS", "marital_status#psd"] {
        assert_eq!(holds(header, &states).as_deref(), Some("marital_status"), "{header}");
    }
    let phones: Vec<_> = (0..6).map(|i| format!("0049 30 90182{i}4")).collect();
    for header in ["FMobile", "CMPHON"] {
        assert_eq!(holds(header, &phones).as_deref(), Some("phone_number"), "{header}");
    }
    let sexes = strings(&["M", "F", "F", "M", "F", "M"]);
    assert_eq!(holds("CMSEX", &sexes).as_deref(), Some("gender"));
    for word in ["ESSEX", "cmsex"] {
        assert_eq!(holds(word, &sexes), None, "{word}");
    }
    // No letter of another word is.
    let names = strings(&["Okafor", "Nowak", "Lindqvist", "Moreau", "Rossi", "Tanaka"]);
    assert_eq!(holds("c2:QNameAware", &names), None);
    // What tells keys of a warehouse is no number of a person.
    let keys: Vec<_> = (0..40).map(|i| format!("{}", 921_221 + 7919 * i)).collect();
    assert_eq!(verdict_on("ss_cdemo_sk", &keys), None);
}

#[test]
fn names_of_accounts_are_told_from_numbers_and_machines() {
    let accounts =
        strings(&["arthur.hendriks", "sbeckmann", "goddar71", "cooperje", "elaine.wilson", "x4711"]);
    for header in
        ["assignee", "LOGIN_BY", "userid", "customer_user_id", "EmployeeName", "Operator", "storedBy"]
    {
        assert_eq!(holds(header, &accounts).as_deref(), Some("username"), "{header}");
    }
    let numbers = strings(&["100234", "100771", "100235", "104410", "100236", "109981"]);
    assert_eq!(holds("userid", &numbers).as_deref(), Some("customer_id"));
    let machines = strings(&["UPS06", "SW-CORE03", "K8S-NODE09.LAN", "PRN-2ND-FLOOR", "FW01", "SAN-02"]);
    for header in ["operator", "uid", "stored_by", "name"] {
        assert_eq!(holds(header, &machines), None, "{header}");
    }
    let names = strings(&["Allard", "Lebreton", "Moreau", "Rossi", "Lindqvist", "Okafor"]);
    assert_ne!(holds("contactname", &names).as_deref(), Some("username"));
}

#[test]
fn who_operates_a_machine_is_called_like_people() {
    let people = [
        "Eric Alexander",
        "Daniel Wells",
        "David Carrillo",
        "Anna Berg",
        "Karen Patel",
        "Kyle Turner",
        "David Ford",
        "Susan Miller",
        "Olga Kowalska",
        "Peter Walsh",
        "Linda Rossi",
    ];
    assert_eq!(holds("Operator", &strings(&people)).as_deref(), Some("full_name"));
    assert_eq!(holds("operator_code", &strings(&people)), None);
}

#[test]
fn letters_and_blanks_as_wide_as_characters_are_those_of_ascii() {
    let phones =
        strings(&["080-9372-8760", "03-9104-6609", "090-4603-0367", "080-1234-5678", "03-3344-5566"]);
    assert_eq!(holds("ＴＥＬ", &phones), holds("TEL", &phones));
    assert!(holds("ＴＥＬ", &phones).is_some());
    let names = strings(&[
        "吉田　治",
        "橋本　京助",
        "佐々木 桃子",
        "伊藤　涼平",
        "池田 稔",
        "佐藤　くみ子",
        "田中　直人",
    ]);
    for header in ["氏名", "名前", "担当者"] {
        assert_eq!(holds(header, &names).as_deref(), Some("full_name"), "{header}");
    }
}

#[test]
fn remarks_types_and_words_for_tables_say_nothing() {
    let names = strings(&["Okafor", "Nowak", "Lindqvist", "Moreau", "Rossi", "Tanaka"]);
    assert_eq!(holds("Last Name [Required]", &names).as_deref(), Some("last_name"));
    let births = strings(&[
        "1959-02-03T00:00:00Z",
        "1979-04-19T00:00:00Z",
        "1983-11-30T00:00:00Z",
        "1991-01-05T00:00:00Z",
    ]);
    assert_eq!(holds("birthdate[\"$date\"]", &births).as_deref(), Some("date_of_birth"));
    assert_eq!(holds("password[\"$ref\"]", &strings(&["a1b2c3", "d4e5f6", "g7h8i9"])), None);
    let people =
        strings(&["Justus Schweitzer", "Chantal Hentschel", "Anna Berg", "Peter Walsh", "Olga Kowalska"]);
    assert_eq!(holds("myTable.name", &people).as_deref(), Some("full_name"));
}

#[test]
fn an_age_in_months_is_that_of_a_thing() {
    let numbers = strings(&["4", "13", "32", "28", "51", "17"]);
    assert_eq!(holds("age", &numbers).as_deref(), Some("age"));
    for header in ["age_months", "age_days", "age (weeks)"] {
        assert_eq!(holds(header, &numbers), None, "{header}");
    }
}

#[test]
fn a_value_may_have_its_other_form_behind_it() {
    for values in [
        ["Soltero/a", "Casado/a", "Divorciado/a", "Casado/a"],
        ["Single (United Kingdom)", "Married (United Kingdom)", "Single (United Kingdom)", "Widowed"],
        ["CELIBE/NUBILE", "CONIUGATO/A", "CONIUGATO/A", "VEDOVO/A"],
    ] {
        assert_eq!(
            holds("marital_status", &strings(&values)).as_deref(),
            Some("marital_status"),
            "{values:?}"
        );
    }
    let names = [
        "Lind, Mr. Joel",
        "Duncan, Dr. Clifford Hugh",
        "Jackson, Mrs. Ellie (Alison Mary Thomas)",
        "Berg, Miss. Anna",
        "Fisher, Mrs. Paul (Ruth Hale)",
        "Sanders, Master. Jeffrey James",
    ];
    assert_eq!(holds("Name", &strings(&names)).as_deref(), Some("full_name"));
    for things in [
        [
            "Mona Pullover-L-Blue",
            "Helena Hooded Fleece-S-Green",
            "Chloe Tank-M-Yellow",
            "Sylvia Capri Pants-XS",
            "Iris Jacket-L-Purple",
        ],
        [
            "Fresno - Lublin",
            "Florence - Torino",
            "Paris - Chelsea",
            "Madison - Charlotte",
            "Victoria - Sydney",
        ],
        [
            "blush antique rose olive honeydew",
            "violet metallic ivory linen navy",
            "rose blue peru olive tan",
            "hazel khaki iris red",
            "ruby yellow sky lily",
        ],
    ] {
        assert_eq!(holds("name", &strings(&things)), None, "{things:?}");
    }
}

#[test]
fn words_of_headers_may_be_cut_short() {
    let nations = strings(&["deutsch", "polnisch", "italienisch", "deutsch", "französisch", "polnisch"]);
    let faiths =
        strings(&["evangelisch", "katholisch", "evangelisch", "jüdisch", "katholisch", "muslimisch"]);
    let towns = strings(&["Sevilla", "Toledo", "Burgos", "Cuenca", "Huesca", "Teruel"]);
    let codes = strings(&["41001", "45002", "09003", "16004", "22005", "44006"]);
    let cases: [(&str, &[&str], &[String]); 4] = [
        ("nationality", &["staatsangeh", "STAATSANGEHOERIG", "nacionalida"], &nations),
        ("religion", &["KONFESS", "konfessi"], &faiths),
        ("city", &["poblac", "localid", "municipi"], &towns),
        ("postal_code", &["zipcd", "POST_CD", "postcd"], &codes),
    ];
    for (detector, headers, values) in cases {
        for header in headers {
            assert_eq!(holds(header, values).as_deref(), Some(detector), "{header}");
        }
    }
    // Nor are words glued that stand in different keys, or cut where they are whole.
    let names = strings(&["Anna", "Ingrid", "Elena"]);
    for header in ["DetectEntitiesV2.name", "CityReport.name", "properties.FirstName[\"$ref\"]"] {
        assert_eq!(holds(header, &names), None, "{header}");
    }
    // Words that others begin with are short for none of them.
    for header in ["local", "natural", "switch", "loc"] {
        assert_eq!(holds(header, &towns), None, "{header}");
    }
}

#[test]
fn father_and_mother_have_names_of_their_own() {
    let names = strings(&["Moreau", "Girard", "Lefebvre", "Mercier", "Dupont", "Lambert"]);
    for header in ["Nom père", "nom_mere", "NOM_EPOUX", "kl_nazw", "NOM_FAM"] {
        let beside = classifier().catalog().detectors.iter().position(|of| &*of.id == "given_name");
        let beside = [DetectorId(beside.expect("it is built in") as u16)];
        let values: Vec<_> = names.iter().map(|name| name.as_bytes()).collect();
        let verdict = classifier().try_column(header, &values, &beside);
        let id = verdict.map(|verdict| classifier().catalog().detector(verdict.detector).id.clone());
        assert_eq!(id.as_deref(), Some("last_name"), "{header}");
    }
}

#[test]
fn what_a_header_begins_with_says_nothing() {
    let jobs = strings(&["Nurse", "Engineer", "Clerk", "Manager", "Driver"]);
    assert_eq!(holds("unused_qualifications", &jobs), None);
    let people: Vec<_> = (0..6).map(|i| (20 + i * 7).to_string()).collect();
    assert_eq!(holds("What is your age?", &people).as_deref(), Some("age"));
    assert_eq!(holds("is_age", &people), None);
    assert_eq!(holds("age of account", &people), None);
}

#[test]
fn what_a_table_is_called_says_nothing_against_a_clear_column() {
    let names = strings(&["Anna", "Thomas", "Maria", "Peter", "Laura", "Robert", "Clara", "Martin"]);
    assert_eq!(holds("table.first_name", &names).as_deref(), Some("given_name"));
    assert_eq!(holds("table[].first_name", &names).as_deref(), Some("given_name"));
    // Tables and products have names as well.
    assert_eq!(holds("table.name", &names), None);
    assert_eq!(holds("product.first_name", &names), None);
}

#[test]
fn the_longer_phrase_says_whose_name_it_is() {
    let people = strings(&["Okafor Anna", "Nowak Jan", "Moreau Emma", "Rossi Paola", "Tanaka Yuki"]);
    for header in ["ApellidoNombre", "Nachname, Vorname", "mothersname"] {
        assert_eq!(holds(header, &people).as_deref(), Some("full_name"), "{header}");
    }
}

#[test]
fn words_for_numbers_stand_for_each_other() {
    let members: Vec<_> = (0..12).map(|i| (10_404 + 17 * i).to_string()).collect();
    for header in ["Membership No.", "membership_nbr", "Membership #", "Kundennr", "Kunden-Nr."] {
        assert_eq!(holds(header, &members).as_deref(), Some("customer_id"), "{header}");
    }
}

#[test]
fn one_number_that_comes_again_proves_nothing() {
    let constant = vec!["0000160000".to_owned(); 300];
    assert_eq!(holds("AKONT", &constant), None);
}

#[test]
fn the_last_part_of_an_address_is_what_the_column_holds() {
    let cities = strings(&["Köln", "Lyon", "Kraków", "Leeds", "Utrecht", "Graz", "Bergen"]);
    assert_eq!(holds("Mailing Address City Name", &cities).as_deref(), Some("city"));
}

#[test]
fn numbers_that_lost_their_zeros_are_noted() {
    let mut numbers = Numbers(5);
    let short: Vec<_> = (0..20).map(|_| format!("{}{}", 10 + numbers.next(89), numbers.digits(6))).collect();
    let verdict = verdict_on("ssn", &short).expect("it is noted");
    assert_eq!(verdict.matches, 0);
    assert_eq!(classifier().catalog().detector(verdict.detector).id, "us.ssn");
    assert_eq!(evidence(&verdict), ["header:ssn", "shortened"]);
    assert_eq!(holds("ssn", &short), None);
    assert_eq!(verdict_on("order_id", &short), None);
}

#[test]
fn national_telephone_numbers_follow_their_header() {
    let mut numbers = Numbers(3);
    let values: Vec<_> =
        (0..12).map(|i| format!("(0{}) {}-{}", 30 + i, numbers.digits(3), numbers.digits(4))).collect();
    for header in ["Phone", "HomePhone", "contact_no", "Fax-Nr.", "cell_phone", "Mobile Nbr"] {
        let id = holds(header, &values).unwrap_or_default();
        assert!(id.starts_with("phone_number"), "{header}: {id:?}");
    }
    for header in ["order_no", "phone_type", "column_3", "phone model code"] {
        assert_eq!(holds(header, &values), None, "{header}");
    }
}

/// Columns without personal data: headers that tempt, values that look like something.
#[test]
fn ids_codes_flags_measures_and_times_get_no_verdict() {
    let mut n = Numbers(42);
    type Make = fn(&mut Numbers, u64) -> String;
    let makers: [(&str, Make); 24] = [
        ("serial", |_, i| (1000 + i).to_string()),
        ("digits8", |n, _| n.digits(8)),
        ("digits9", |n, _| n.digits(9)),
        ("digits10", |n, _| n.digits(10)),
        ("digits11", |n, _| n.digits(11)),
        ("digits12", |n, _| n.digits(12)),
        ("digits13", |n, _| n.digits(13)),
        ("digits16", |n, _| format!("{}{}", 4 + n.next(2), n.digits(15))),
        ("epoch", |n, _| (1_600_000_000 + n.next(90_000_000)).to_string()),
        ("epoch_ms", |n, _| (1_600_000_000_000 + n.next(90_000_000_000)).to_string()),
        ("code", |n, _| format!("{}{}", ["AB", "QX", "ZK"][n.next(3) as usize], n.digits(6))),
        ("code_dash", |n, _| format!("{}-{}-{}", n.digits(3), n.digits(2), n.digits(5))),
        ("dni_like", |n, _| format!("{}{}", n.digits(8), char::from(b'A' + n.next(26) as u8))),
        ("flag", |n, _| n.next(2).to_string()),
        ("state", |n, _| ["open", "closed", "new", "shipped"][n.next(4) as usize].to_owned()),
        ("price", |n, _| format!("{}.{}", n.digits(3), n.digits(2))),
        ("percent", |n, _| format!("{}.{}%", n.next(100), n.next(10))),
        ("hex", |n, _| format!("{:016x}", n.next(u64::MAX))),
        ("uuid", |n, _| {
            format!(
                "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
                n.next(1 << 32),
                n.next(1 << 16),
                n.next(1 << 12),
                n.next(1 << 12),
                n.next(1 << 48)
            )
        }),
        ("date", |n, _| format!("2024-{:02}-{:02}", 1 + n.next(12), 1 + n.next(28))),
        ("time", |n, _| format!("2024-05-{:02}T{:02}:{:02}:00Z", 1 + n.next(28), n.next(24), n.next(60))),
        ("version", |n, _| format!("{}.{}.{}", n.next(9), n.next(30), n.next(30))),
        ("measure", |n, _| format!("{}.{:03}", n.next(90), n.next(1000))),
        ("vat_like", |n, _| format!("{}{}", ["DE", "FR", "IT"][n.next(3) as usize], n.digits(9))),
    ];
    let headers = [
        "id",
        "order_id",
        "customer_ref",
        "code",
        "status",
        "value",
        "column_7",
        "sku",
        "batch no",
        "created_at",
        "ts",
        "amount_eur",
        "phone_count",
        "email_sent",
        "card_type",
        "name_id",
        "ip_hash",
        "serial number",
        "tracking_number",
        "Menge",
        "Datum",
        "is_active",
        "quantity",
        "score",
    ];
    let (mut columns, mut wrong) = (0, Vec::new());
    for (kind, make) in makers {
        for header in headers {
            let values: Vec<_> = (0..150).map(|i| make(&mut n, i)).collect();
            columns += 1;
            if let Some(id) = holds(header, &values) {
                wrong.push(format!("{kind} under {header:?} is no {id}"));
            }
        }
    }
    assert!(
        columns >= 500 && 200 * wrong.len() <= columns,
        "{} of {columns}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Everything that is found or waits: detector, place and thousandths.
#[derive(Default)]
struct Heard(Vec<(DetectorId, usize, usize, u16)>);

impl Hear<()> for Heard {
    fn found(&mut self, found: &Found<'_>) -> ControlFlow<()> {
        self.0.push((found.detector, found.start, found.end, found.confidence.thousandths()));
        ControlFlow::Continue(())
    }

    fn waits(&mut self, group: &[Candidate], _: &Cell) -> ControlFlow<()> {
        let all = group
            .iter()
            .map(|c| (c.detector(), c.place().start, c.place().end, c.confidence().thousandths()));
        self.0.extend(all);
        ControlFlow::Continue(())
    }
}

/// What is found in the cells of one record after the other, behind the sample where that is told, by a worker who remembers
/// what there was before or one who does not.
fn heard(records: &[Vec<String>], headers: &[&str], decided: bool, remembers: bool) -> Vec<Heard> {
    let mut columns: Vec<ColumnContext> = headers.iter().map(|header| classifier().column(header)).collect();
    for column in &mut columns {
        if decided { column.follow(Default::default()) } else { column.open() }
    }
    let mut scratch = Scratch::default();
    let mut read = |(number, record): (usize, &Vec<String>)| {
        if !remembers {
            scratch = Scratch::default();
        }
        let (mut text, mut cells) = (String::new(), Vec::new());
        for (column, value) in record.iter().enumerate().filter(|(_, value)| !value.is_empty()) {
            let start = text.len() as u32;
            text.push_str(value);
            let (end, column, record) = (text.len() as u32, ColumnIx(column as u32), number as u64);
            cells.push(Cell { start, end, column, record, form: CellForm::Plain });
            text.push([',', '\t', '-', 'x'][number % 4]);
        }
        let window = Window {
            text: text.as_bytes(),
            own: 0..text.len(),
            layout: Layout::Cells(&cells),
            offsets: OffsetMap::identity(0),
        };
        let mut heard = Heard::default();
        let _ =
            classifier().scan_table(&window, &mut columns, &mut Carry::default(), &mut scratch, &mut heard);
        heard
    };
    records.iter().enumerate().map(&mut read).collect()
}

#[test]
fn words_are_not_cut_out_of_others() {
    let mut numbers = Numbers(13);
    let amounts: Vec<_> = (0..40).map(|_| numbers.digits(5)).collect();
    for header in ["percapinc", "copper", "job_ownership"] {
        assert_eq!(holds(header, &amounts), None, "{header}");
    }
    assert_eq!(holds("home_ownership", &strings(&["rent", "own", "mortgage", "rent", "own"])), None);
}

#[test]
fn the_only_kind_of_a_column_is_found_as_without_a_decision() {
    // Cells behind the sample, where the kind is tried first, and values in some of which it is not.
    let mut numbers = Numbers(9);
    let records: Vec<_> = (0..1400)
        .map(|i| match i % 7 {
            6 => vec![format!("see {}@hafenbuero-nord.de", numbers.digits(4))],
            5 => vec!["unknown".to_owned()],
            _ => vec![format!("person{}@hafenbuero-nord.de", numbers.digits(3))],
        })
        .collect();
    let told = heard_behind_the_sample(&records, "email");
    let mails = records[1000..].iter().filter(|record| record[0].contains('@')).count();
    assert_eq!(told.len(), mails);
    assert!(told.iter().all(|(detector, _)| detector == "email_address"));
    let whole = told.iter().filter(|(_, value)| value.starts_with("person")).count();
    assert_eq!(whole, records[1000..].iter().filter(|record| record[0].starts_with("person")).count());
}

/// The detectors and values that are found behind the sample of a column that is decided on it.
fn heard_behind_the_sample(records: &[Vec<String>], header: &str) -> Vec<(String, String)> {
    struct Values(Vec<(String, String)>);
    impl Hear<()> for Values {
        fn found(&mut self, found: &Found<'_>) -> ControlFlow<()> {
            let value = String::from_utf8_lossy(found.value.reveal()).into_owned();
            self.0.push((classifier().catalog().detector(found.detector).id.clone(), value));
            ControlFlow::Continue(())
        }

        fn waits(&mut self, _: &[Candidate], _: &Cell) -> ControlFlow<()> {
            ControlFlow::Continue(())
        }
    }
    let mut columns = [classifier().column(header)];
    columns[0].open();
    let (mut scratch, mut values) = (Scratch::default(), Values(Vec::new()));
    for part in [0..1000, 1000..records.len()] {
        values.0.clear();
        let mut lines = Lines::default();
        part.for_each(|number| lines.add(&records[number][0], 0, number));
        let _ = classifier().scan_table(
            &lines.window(),
            &mut columns,
            &mut Carry::default(),
            &mut scratch,
            &mut values,
        );
        classifier().decide(&mut columns);
    }
    values.0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_found_in_a_value_before_is_found_again(
        values in proptest::collection::vec(
            "|[0-9]{4,9}|4111 1111 1111 1111| ?078-05-1120 ?|Maria|Zoë Berg|[a-z]{2,5}@corp[.]de|DE89370400440532013000|\
             call \\+49 30 901820|Mozilla/5[.]0 \\(X11\\)|10[.]1[.]2[.][0-9]|born 1980-02-0[1-9]|[A-Za-z0-9 .,:/@+-]{0,12}",
            1..8,
        ),
        picks in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..40),
        decided in any::<bool>(),
    ) {
        let pick = |index: &prop::sample::Index| values[index.index(values.len())].clone();
        let records: Vec<_> = picks.iter().map(|(a, b)| vec![pick(a), pick(b), pick(a)]).collect();
        let headers = ["note", "first_name", "iban"];
        let [with, without] = [true, false].map(|remembers| heard(&records, &headers, decided, remembers));
        for (i, (with, without)) in with.iter().zip(&without).enumerate() {
            prop_assert_eq!(&with.0, &without.0, "{:?}", records[i]);
        }
    }
}
