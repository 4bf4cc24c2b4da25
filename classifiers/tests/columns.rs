//! What columns are, by header, values and neighbours together.

use std::ops::ControlFlow;
use std::sync::OnceLock;

use domesday_classifiers::{
    Candidate, Carry, Classifier, ColumnContext, Found, Hear, Registry, Scratch, Verdict,
};
use domesday_model::{Cell, CellForm, ColumnIx, DetectorId, Layout, OffsetMap, Window};
use proptest::prelude::*;

fn classifier() -> &'static Classifier {
    static CLASSIFIER: OnceLock<Classifier> = OnceLock::new();
    CLASSIFIER.get_or_init(|| Classifier::new(&Registry::builtin().expect("loads")).expect("compiles"))
}

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

/// A fixed sequence of numbers that look random.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % below
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|i| char::from(b'0' + if i == 0 { 1 + self.next(9) } else { self.next(10) } as u8))
            .collect()
    }
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

/// The ids of the sure verdicts on the columns of one table.
fn verdicts(headers: &[&str], records: &[Vec<String>]) -> Vec<Option<String>> {
    let mut columns: Vec<ColumnContext> = headers.iter().map(|header| classifier().column(header)).collect();
    columns.iter_mut().for_each(ColumnContext::open);
    let (mut text, mut cells) = (String::new(), Vec::new());
    for (number, record) in records.iter().enumerate() {
        for (column, value) in record.iter().enumerate() {
            let start = text.len() as u32;
            text.push_str(value);
            let (end, column, record) = (text.len() as u32, ColumnIx(column as u32), number as u64);
            cells.push(Cell { start, end, column, record, form: CellForm::Plain });
            text.push('\n');
        }
    }
    let window = Window {
        text: text.as_bytes(),
        own: 0..text.len(),
        layout: Layout::Cells(&cells),
        offsets: OffsetMap::identity(0),
    };
    let _ = classifier().scan_table(
        &window,
        &mut columns,
        &mut Carry::default(),
        &mut Scratch::default(),
        &mut Heard::default(),
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
    let given = ["Anna", "Ngozi", "Pieter", "Marta", "Chiara", "Jonas", "Sofia"];
    let family = ["Schmidt", "Okafor", "Rossi", "Lindgren"];
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
    let given = ["Anna", "Ngozi", "Pieter", "Marta", "Chiara", "Jonas", "Sofia"];
    let family = ["Schmidt", "Okafor", "Rossi", "Lindgren"];
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
fn words_are_not_cut_out_of_others() {
    let mut numbers = Numbers(13);
    let amounts: Vec<_> = (0..40).map(|_| numbers.digits(5)).collect();
    for header in ["percapinc", "copper", "job_ownership"] {
        assert_eq!(holds(header, &amounts), None, "{header}");
    }
    assert_eq!(holds("home_ownership", &strings(&["rent", "own", "mortgage", "rent", "own"])), None);
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
        let (mut text, mut cells) = (String::new(), Vec::new());
        for number in part {
            let start = text.len() as u32;
            text.push_str(&records[number][0]);
            let (end, record) = (text.len() as u32, number as u64);
            cells.push(Cell { start, end, column: ColumnIx(0), record, form: CellForm::Plain });
            text.push('\n');
        }
        let window = Window {
            text: text.as_bytes(),
            own: 0..text.len(),
            layout: Layout::Cells(&cells),
            offsets: OffsetMap::identity(0),
        };
        let _ =
            classifier().scan_table(&window, &mut columns, &mut Carry::default(), &mut scratch, &mut values);
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
