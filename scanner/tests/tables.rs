//! Tables as a whole: cells follow their column, in samples and in all of it, however windows are cut.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use domesday_classifiers::{Classifier, Registry};
use domesday_connectors::{Files, Source};
use domesday_model::{
    Catalog, ColumnReport, Key, ObjectMeta, ObjectOutcome, Occurrence, Sink, SinkError, TokenKind,
};
use domesday_scanner::{Progress, ScanOptions, Worker};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    start: u64,
    end: u64,
    detector: String,
    column: Option<String>,
    record: Option<u64>,
    thousandths: u16,
    evidence: Vec<String>,
    alternatives: Vec<String>,
    mask: String,
    distinct: u64,
    tokens: Vec<(TokenKind, String)>,
    reported: bool,
}

/// What a worker tells of one object.
struct Read<'a> {
    catalog: &'a Catalog,
    told: Vec<Told>,
    readings: usize,
    columns: Vec<ColumnReport>,
}

impl Sink for Read<'_> {
    fn begin(&mut self, _: &ObjectMeta) -> Result<(), SinkError> {
        self.readings = 1;
        Ok(())
    }

    fn occurrence(&mut self, occurrence: &Occurrence<'_>) -> Result<(), SinkError> {
        let id = |detector| self.catalog.detector(detector).id.clone();
        let tokens = occurrence.tokens.iter();
        self.told.push(Told {
            start: occurrence.span.start,
            end: occurrence.span.end,
            detector: id(occurrence.detector),
            column: occurrence.column_path.map(str::to_owned),
            record: occurrence.record,
            thousandths: occurrence.confidence.thousandths(),
            evidence: occurrence.evidence.iter().map(|&fact| self.catalog.fact_name(fact)).collect(),
            alternatives: occurrence.alternatives.iter().map(|&other| id(other)).collect(),
            mask: occurrence.mask.make().to_string(),
            distinct: occurrence.distinct,
            tokens: tokens.map(|t| (t.kind, format!("{:?} {}", t.token, id(t.detector)))).collect(),
            reported: occurrence.reported,
        });
        Ok(())
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        self.told.clear();
        self.readings += 1;
        Ok(())
    }

    fn end(&mut self, outcome: &ObjectOutcome) -> Result<(), SinkError> {
        self.columns = outcome.columns.clone();
        Ok(())
    }
}

impl Read<'_> {
    fn column(&self, path: &str) -> &ColumnReport {
        self.columns.iter().find(|report| report.path == path).expect("the column is there")
    }

    fn verdict(&self, path: &str) -> Option<&str> {
        let verdict = self.column(path).found.verdict.as_ref();
        verdict.map(|v| self.catalog.detector(v.detector).id.as_str())
    }

    fn reported<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Told> {
        self.told.iter().filter(move |told| told.reported && told.column.as_deref() == Some(path))
    }
}

fn classifier() -> &'static Classifier {
    static CLASSIFIER: std::sync::OnceLock<Classifier> = std::sync::OnceLock::new();
    CLASSIFIER.get_or_init(|| Classifier::new(&Registry::builtin().expect("loads")).expect("compiles"))
}

/// Reads a file of that name and text in windows of that size. Occurrences come back in order of place.
fn read(name: &str, text: &str, window_bytes: usize) -> Read<'static> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(name), text).expect("it can be written");
    let source = Files::new(folder.path(), Some("test"), &[]).expect("it is there");
    let mut options = ScanOptions { key: Some(Key::from_bytes([7; 32])), ..ScanOptions::default() };
    options.limits.window_bytes = window_bytes;
    let progress = Progress::default();
    let mut worker = Worker::new(classifier(), &options, &progress);
    let mut read =
        Read { catalog: classifier().catalog(), told: Vec::new(), readings: 0, columns: Vec::new() };
    source
        .walk(&mut |entry| {
            worker.entry(&entry, &mut read).expect("the sink takes everything");
            ControlFlow::Continue(())
        })
        .expect("it can be listed");
    read.told.sort();
    read
}

fn same_in_all_windows(name: &str, text: &str) -> Read<'static> {
    let whole = read(name, text, 1 << 20);
    for size in [1, 61, 4096, 100_000] {
        // Small windows read everything around them again.
        if text.len() / size > 20_000 {
            continue;
        }
        let cut = read(name, text, size);
        assert_eq!(cut.readings, whole.readings, "readings of {name} in windows of {size}");
        assert_eq!(cut.columns, whole.columns, "columns of {name} in windows of {size}");
        assert!(cut.told == whole.told, "what is told of {name} in windows of {size} differs");
    }
    whole
}

const LAST: [&str; 8] = ["Okafor", "Nowak", "Lindqvist", "Moreau", "Rossi", "Tanaka", "Berg", "O'Neil"];

/// Rows of a staff table, with an order number that looks like a social security number, and text that holds a card.
fn staff(rows: usize) -> String {
    let mut text = "first_name,last_name,ssn,order_id,gender,notes\n".to_owned();
    for i in 0..rows {
        let note = match i % 50 {
            7 => {
                "\"paid with 4539 3160 5305 0409, said \"\"fine\"\" and asked for a receipt by mail or by post\""
            }
            _ => "nothing to be said of this person that would be longer than this sentence is",
        };
        let _ = writeln!(
            text,
            "{},{},{},{},{},{note}",
            ["Anna", "Bert", "Clara", "Xqy"][i % 4],
            LAST[i % 8],
            100_010_001 + (i as u64 * 7_654_321) % 500_000_000,
            100_020_002 + (i as u64 * 1_234_567) % 800_000_000,
            ["m", "f"][i % 2],
        );
    }
    text
}

#[test]
fn cells_follow_their_column() {
    let read = same_in_all_windows("staff.csv", &staff(120));
    assert_eq!(read.readings, 1, "a small file is read once");
    let verdicts = ["first_name", "last_name", "ssn", "order_id", "gender", "notes"].map(|c| read.verdict(c));
    let expected = [Some("given_name"), Some("last_name"), Some("us.ssn"), None, Some("gender"), None];
    assert_eq!(verdicts, expected);
    assert!(read.reported("ssn").count() >= 115, "{}", read.reported("ssn").count());
    let follows = |told: &Told| told.detector == "us.ssn" && told.evidence.iter().any(|e| e == "column:ssn");
    assert!(read.reported("ssn").all(follows));
    assert_eq!(read.reported("order_id").count(), 0);
    assert_eq!(read.reported("last_name").count(), 120);
    for told in read.reported("last_name") {
        assert!(told.tokens[0].1.ends_with("last_name") && told.mask.ends_with('•'), "{told:?}");
    }
    assert_eq!(read.reported("gender").count(), 120);
    assert!(read.reported("gender").all(|told| told.tokens.is_empty()));
    let cards: Vec<_> = read.reported("notes").map(|told| told.detector.as_str()).collect();
    assert_eq!(cards, ["payment_card"; 3], "a card in a text is found as ever");
    assert_eq!(read.column("last_name").found.distinct, Some(8));
}

#[test]
fn a_sample_and_the_whole_agree() {
    let sample = read("staff.csv", &staff(1000), 1 << 18);
    let whole = same_in_all_windows("staff.csv", &staff(4000));
    assert_eq!((sample.readings, whole.readings), (1, 1));
    for column in ["first_name", "last_name", "ssn", "order_id", "gender", "notes"] {
        assert_eq!(sample.verdict(column), whole.verdict(column), "{column}");
    }
    assert_eq!(whole.reported("last_name").count(), 4000);
    let distinct = |column: &str| whole.column(column).found.distinct;
    assert_eq!((distinct("last_name"), distinct("gender")), (Some(8), Some(2)));
    assert!(distinct("order_id").is_some_and(|ids| ids.abs_diff(4000) < 280), "{:?}", distinct("order_id"));
    assert_eq!(distinct("notes"), Some(2));
    // What is told of the first rows does not depend on those behind.
    let of_sample = whole.told.iter().filter(|told| told.record < Some(1000));
    assert!(of_sample.eq(&sample.told));
}

#[test]
fn a_column_that_turns_out_otherwise_is_read_again() {
    let table = |border: usize, early: fn(usize) -> String, late: fn(usize) -> String| {
        let mut text = "id,last_name\n".to_owned();
        (0..6000).for_each(|i| _ = writeln!(text, "{i},{}", if i < border { early(i) } else { late(i) }));
        text
    };
    let name = |i: usize| LAST[i % 8].to_owned();
    let number = |i: usize| (10_000 + i).to_string();
    let gained = same_in_all_windows("late.csv", &table(200, number, name));
    assert_eq!((gained.readings, gained.verdict("last_name")), (2, Some("last_name")));
    assert_eq!(gained.reported("last_name").count(), 5800);
    let lost = same_in_all_windows("early.csv", &table(1100, name, number));
    assert_eq!((lost.readings, lost.verdict("last_name")), (2, None));
    // Some of them are given names as well, and found as such.
    assert!(lost.reported("last_name").all(|told| told.detector == "given_name"));
}

/// Sixteen digits that begin with 4, and whether Luhn's check digit is right.
fn sixteen_digits(i: u64) -> (u64, bool) {
    let number = 4_123_456_789_012_345 + i * 7_919_317;
    let digit = |place: u32| number / 10u64.pow(place) % 10;
    let sum: u64 =
        (0..16).map(|p| if p % 2 == 0 { digit(p) } else { digit(p) * 2 / 10 + digit(p) * 2 % 10 }).sum();
    (number, sum.is_multiple_of(10))
}

#[test]
fn numbers_that_pass_by_chance_are_none() {
    let mut text = "order_ref,mail\n".to_owned();
    for i in 0..600u64 {
        let _ = writeln!(text, "{},p{i}@hafenbuero-nord.de", sixteen_digits(i).0);
    }
    let read = same_in_all_windows("orders.csv", &text);
    assert!(
        read.told.iter().all(|told| told.column.as_deref() != Some("order_ref")),
        "some pass a check digit"
    );
    assert_eq!(read.reported("mail").count(), 600);
}

#[test]
fn numbers_that_pass_too_often_for_chance_are_silenced() {
    // One in four is a card.
    let numbers = (0..).map(sixteen_digits).filter(|(number, holds)| *holds || number % 10 < 3);
    let mut text = "order_ref\n".to_owned();
    for (number, _) in numbers.take(600) {
        let _ = writeln!(text, "{number}");
    }
    let read = same_in_all_windows("orders.csv", &text);
    assert_eq!(read.reported("order_ref").count(), 0);
    assert!(
        read.told.iter().filter(|told| told.evidence.iter().any(|e| e == "column_against")).count() > 100
    );
}

#[test]
fn numbers_are_looked_at_for_what_numbers_like_them_are() {
    let (cards, others): (Vec<_>, Vec<_>) = (0..60_000).map(sixteen_digits).partition(|(_, holds)| *holds);
    let table = |late: &dyn Fn(usize) -> u64| {
        let mut text = "number,note\n".to_owned();
        for (i, (early, _)) in others[..5000].iter().enumerate() {
            let number = if i < 1500 { *early } else { late(i) };
            let note =
                if i % 1000 == 999 { format!("p{i}@hafenbuero-nord.de") } else { (300_000 + i).to_string() };
            let _ = writeln!(text, "{number},{note}");
        }
        same_in_all_windows("numbers.csv", &text)
    };
    // A cell unlike the others is looked at for everything.
    let same = table(&|i| others[i].0);
    assert_eq!((same.readings, same.reported("number").count(), same.reported("note").count()), (1, 0, 5));
    // A column that has changed is read again.
    let changed = table(&|i| cards[i].0);
    assert_eq!((changed.readings, changed.reported("number").count()), (2, 3500));
}

#[test]
fn a_beginning_that_passes_by_chance_does_not_decide_for_all() {
    let cards = || (1..).map(sixteen_digits).filter(|(_, holds)| *holds);
    let table = |header: &str, early: u64, late: usize| {
        let mut text = format!("{header},note\n");
        // One in ten of these passes.
        let early = (100_000..100_000 + early).map(sixteen_digits);
        early.chain(cards().take(late)).for_each(|(number, _)| _ = writeln!(text, "{number},x"));
        same_in_all_windows("numbers.csv", &text)
    };
    let named = table("card_number", 1000, 1000);
    assert_eq!((named.readings, named.verdict("card_number")), (2, Some("payment_card")));
    assert!(named.reported("card_number").count() >= 1000);
    let unnamed = table("number", 1000, 4000);
    assert_eq!(unnamed.readings, 2);
    assert!(unnamed.reported("number").count() >= 4000);
    let still = table("number", 3000, 0);
    assert_eq!((still.readings, still.reported("number").count()), (1, 0));
}

#[test]
fn what_stands_for_no_value_in_the_beginning_does_not_decide() {
    let mut text = "person,last_name,salary\n".to_owned();
    for i in 0..3000 {
        let (name, salary) = if i < 1000 {
            ("not recorded", "n/a".to_owned())
        } else {
            (LAST[i % 8], (30_000 + 7 * i).to_string())
        };
        let _ = writeln!(text, "p{i}@hafenbuero-nord.de,{name},{salary}");
    }
    let read = same_in_all_windows("staff.csv", &text);
    assert_eq!((read.verdict("last_name"), read.verdict("salary")), (Some("last_name"), Some("salary")));
    let found =
        |column: &str, detector: &str| read.reported(column).filter(|told| told.detector == detector).count();
    assert_eq!((found("last_name", "last_name"), found("salary", "salary")), (2000, 2000));
    assert!(read.reported("last_name").all(|told| told.record >= Some(1000)));
}

#[test]
fn numbers_with_marks_before_their_thousands_are_numbers() {
    let grouped = |number: u64| {
        let digits = number.to_string();
        let groups =
            digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).expect("ASCII"));
        groups.collect::<Vec<_>>().join(",")
    };
    let cards = || (1..).map(sixteen_digits).filter(|(_, holds)| *holds);
    let mut text = "card_number,amount\n".to_owned();
    cards()
        .take(40)
        .for_each(|(card, _)| _ = writeln!(text, "\"{}\",\"{}\"", grouped(card), grouped(card / 7)));
    let read = same_in_all_windows("cards.csv", &text);
    assert_eq!((read.verdict("card_number"), read.verdict("amount")), (Some("payment_card"), None));
    assert_eq!((read.reported("card_number").count(), read.reported("amount").count()), (40, 0));
}

#[test]
fn a_first_row_that_names_somebody_is_no_header() {
    let people = [
        ("Miller", "James"),
        ("Smith", "Anna"),
        ("Johnson", "Robert"),
        ("Brown", "Mary"),
        ("Davis", "Linda"),
        ("Wilson", "Karen"),
        ("Anderson", "Thomas"),
        ("Taylor", "Susan"),
        ("Thompson", "David"),
        ("Garcia", "Nancy"),
        ("Martinez", "Steven"),
        ("Robinson", "Betty"),
    ];
    let table =
        |row: &dyn Fn(&str, &str) -> String| people.map(|(family, given)| row(family, given)).concat();
    for text in [
        table(&|family, given| format!("{family},{given}\n")),
        table(&|family, given| format!("{family};{given};{}\n", given.len())),
        table(&|family, given| format!("{},{family},{given}\n", ["Sales", "IT"][given.len() % 2])),
    ] {
        let read = same_in_all_windows("people.csv", &text);
        assert!(read.columns.iter().all(|column| column.path.starts_with("column_")), "{text:.20}");
        let found = |id: &str| read.told.iter().filter(|told| told.reported && told.detector == id).count();
        assert_eq!(found("given_name"), people.len(), "{text:.20}");
        assert!(found("last_name") >= people.len(), "{text:.20}");
    }
    let read = same_in_all_windows("people.csv", &table(&|family, given| format!("{given} {family},x\n")));
    assert_eq!(read.reported("column_1").count(), people.len());
    // Somebody for whom there is a column.
    let read =
        same_in_all_windows("hours.csv", "month,Total,Miller James\nJan,20,30\nFeb,20,30\nMar,20,40\n");
    assert_eq!(read.columns[0].path, "month");
}

#[test]
fn forms_are_records_however_they_are_drawn() {
    let pairs = [
        ("Full name", "Aigul Nurlanova", Some("full_name")),
        ("Date of birth", "09/11/1949", Some("date_of_birth")),
        ("SSN", "536-22-8145", Some("us.ssn")),
        ("Marital status", "Widowed", Some("marital_status")),
        ("Place of birth", "Manila", Some("place_of_birth")),
        ("Blood group", "AB-", Some("blood_type")),
        ("Gender", "female", Some("gender")),
        ("Telephone", "020 7946 0958", Some("phone_number_national")),
        ("Employee no.", "827889", Some("employee_id")),
        ("Home address", "31 Wisteria Close, Guildford GU1 3RT", Some("street_address")),
        ("Branch", "Elizabeth Street", None),
        ("Batch", "L8790N", None),
    ];
    let form = |pair: &dyn Fn(&str, &str) -> String| -> String {
        pairs.iter().map(|(label, value, _)| pair(label, value)).collect()
    };
    let bars = form(&|label, value| format!("| {label} | {value} |\n"));
    let text = |form: &str| format!("New Starter Form\nPage 1 of 2\n\n{form}\nOffice use only: batch 8003\n");
    for (name, text) in [
        ("form.txt", text(&format!("| Field | Value |\n|---|---|\n{bars}"))),
        ("form.md", text(&format!("| | |\n|---|---|\n{bars}"))),
        ("form.txt", text(&form(&|label, value| format!("{label:<28}{value}\n")))),
        ("form.txt", text(&form(&|label, value| format!("{label}\t{value}\n")))),
        ("form.txt", text(&form(&|label, value| format!("{label};{value}\n")))),
        (
            "form.txt",
            text(&format!(
                "┌───┬───┐\n{}└───┴───┘\n",
                form(&|label, value| format!("│ {label:<14} │ {value:<50} │\n"))
            )),
        ),
        ("form.csv", form(&|label, value| format!("{label},\"{value}\"\n"))),
        ("form.tsv", form(&|label, value| format!("{label}\t{value}\n"))),
    ] {
        let read = same_in_all_windows(name, &text);
        let told: Vec<_> = read.told.iter().filter(|told| told.reported).collect();
        let of = |label: &str| {
            told.iter().filter(|told| told.column.as_deref() == Some(label)).collect::<Vec<_>>()
        };
        for (label, value, detector) in &pairs {
            let found: Vec<_> = of(label).iter().map(|told| (told.start as usize, &*told.detector)).collect();
            let at = text.find(value).expect("it is there");
            let expected: Vec<_> = detector.iter().map(|detector| (at, *detector)).collect();
            assert_eq!(found, expected, "{label} in {text}");
        }
        assert_eq!(told.len(), pairs.iter().filter(|pair| pair.2.is_some()).count(), "{text}");
    }
}

#[test]
fn a_million_rows_of_forms_keep_few_columns() {
    let one = "Name\tJane Doe\nDate of birth\t09/11/1949\nPhone\t020 7946 0958\nBranch\tElizabeth Street\n\n";
    let read = read("forms.txt", &one.repeat(5000), 1 << 20);
    assert_eq!(read.columns.len(), 4);
    assert_eq!(read.column("Date of birth").non_null, 5000);
    assert_eq!(read.verdict("Date of birth"), Some("date_of_birth"));
}

#[test]
fn records_of_json_have_columns_too() {
    let mut text = String::new();
    for i in 0..1500 {
        let _ = writeln!(
            text,
            "{{\"user\":{{\"surname\":\"{}\",\"ssn\":\"{}\"}},\"text\":\"caf\\u00e9 {i}\"{}}}",
            if i % 9 == 0 { "M\\u00fcller" } else { LAST[i % 8] },
            100_010_001 + (i as u64 * 7_654_321) % 500_000_000,
            if i > 1200 { ",\"mail\":\"a.b@hafenbuero-nord.de\"" } else { "" },
        );
    }
    let read = same_in_all_windows("users.ndjson", &text);
    assert_eq!(read.readings, 1);
    assert_eq!(read.verdict("user.surname"), Some("last_name"));
    assert_eq!(read.reported("user.surname").count(), 1500, "escaped cells as well");
    assert_eq!(read.verdict("user.ssn"), Some("us.ssn"));
    assert_eq!(read.reported("mail").count(), 299, "a column that begins behind the sample");
}

#[test]
fn people_who_are_keys_are_found_there() {
    const GIVEN: [&str; 6] = ["Anna", "Peter", "Maria", "Jonas", "Laura", "Michael"];
    const FAMILY: [&str; 5] = ["Schmidt", "Meyer", "Fischer", "Weber", "Wagner"];
    let names = || (0..30).map(|i| format!("{} {}", GIVEN[i % 6], FAMILY[i / 6]));
    let grades: Vec<String> = names().map(|name| format!("\"{name}\": 2")).collect();
    let quoted: String = names().map(|name| format!("\"{name}\" = 2\n")).collect();
    let plain: String = names().map(|name| format!("{name}: 2\n")).collect();
    for (name, text, column) in [
        ("grades.json", format!("{{\"year\": 7, \"grades\": {{{}}}}}", grades.join(",\n")), "grades.*~"),
        ("grades.toml", format!("[grades]\n{quoted}"), "grades.*~"),
        ("grades.yaml", plain, "*~"),
    ] {
        let read = same_in_all_windows(name, &text);
        assert_eq!(read.verdict(column), Some("full_name"), "{name}");
        assert_eq!(read.reported(column).count(), 30, "{name}");
        assert!(read.columns.iter().all(|column| !column.path.contains("Schmidt")), "{name}");
    }
}

/// A table whose columns tempt, with so many rows.
fn tempting(rows: usize) -> String {
    const FIRST: [&str; 8] = ["Anna", "Bert", "Clara", "Dieter", "Emma", "Giovanna", "Henrik", "Ingrid"];
    const LAST: [&str; 6] = ["Okafor", "Nowak", "Lindqvist", "Moreau", "Rossi", "Tanaka"];
    const CITIES: [&str; 5] = ["Leeds", "Kiel", "Lyon", "Bari", "Malmö"];
    let mut text =
        "id;first_name;last_name;name;phone;dob;City;title;order_no;amount;active;zip;gender;age;sku;ssn\n"
            .to_owned();
    for i in 0..rows {
        let (first, last, city) = (FIRST[i * 7 % 8], LAST[i * 5 % 6], CITIES[i * 3 % 5]);
        let _ = writeln!(
            text,
            "{i};{first};{last};{first} {last};030 / {};19{:02}-{:02}-{:02} 00:00:00;{city};{};{};{}.{:02};{};{};{};{};AB-{};{}{:02}{:04}",
            100_000 + i * 37,
            50 + i % 50,
            1 + i % 12,
            1 + i % 28,
            ["Sales Manager", "Engineer", "Clerk"][i % 3],
            700_000_000 + i * 7919,
            i * 13 % 900,
            i % 100,
            i % 2,
            10_000 + i * 11 % 80_000,
            ["m", "f"][i % 2],
            18 + i * 7 % 60,
            1000 + i,
            if i % 9 == 0 { String::from("12") } else { (100 + i % 500).to_string() },
            1 + i % 99,
            1 + i * 3 % 9000,
        );
    }
    text
}

#[test]
fn a_sample_and_the_whole_table_have_the_same_verdicts() {
    let whole = same_in_all_windows("t.csv", &tempting(6000));
    let sample = read("t.csv", &tempting(1000), 1 << 20);
    let few = read("t.csv", &tempting(40), 1 << 20);
    let of = |read: &Read<'static>| -> Vec<(String, Option<String>)> {
        let verdict = |report: &ColumnReport| read.verdict(&report.path).map(str::to_owned);
        read.columns.iter().map(|report| (report.path.clone(), verdict(report))).collect()
    };
    assert_eq!(of(&whole), of(&sample));
    assert_eq!(of(&few), of(&sample));
    let found = of(&sample);
    let found: Vec<_> =
        found.iter().map(|(path, id)| (path.as_str(), id.as_deref().unwrap_or("-"))).collect();
    assert_eq!(
        found,
        [
            ("id", "person_key"),
            ("first_name", "given_name"),
            ("last_name", "last_name"),
            ("name", "full_name"),
            ("phone", "phone_number_national"),
            ("dob", "date_of_birth"),
            ("City", "city"),
            ("title", "job_title"),
            ("order_no", "-"),
            ("amount", "-"),
            ("active", "-"),
            ("zip", "postal_code"),
            ("gender", "gender"),
            ("age", "age"),
            ("sku", "-"),
            ("ssn", "us.ssn"),
        ]
    );
    let ssn = sample.column("ssn").found.verdict.as_ref().expect("it is one");
    let facts: Vec<_> = ssn.evidence.iter().map(|&fact| sample.catalog.fact_name(fact)).collect();
    assert!(facts.contains(&"shortened".to_owned()), "a spreadsheet dropped zeros: {facts:?}");
}

#[test]
fn tables_of_a_dump_speak_for_themselves() {
    let mut text = "-- MySQL dump 10.13\n".to_owned();
    let rows = |text: &mut String, table: &str, names: &str, row: &dyn Fn(usize) -> String| {
        for i in 0..1200 {
            let _ = writeln!(text, "INSERT INTO `{table}` ({names}) VALUES ({});", row(i));
        }
    };
    let first = ["Anna", "Bert", "Clara", "Dieter", "Emma", "Giovanna", "Henrik", "Ingrid", "Rose"];
    rows(&mut text, "orders", "id, title, total", &|i| format!("{i}, 'Chair {i}', {}", i * 3));
    rows(&mut text, "customer", "id, first_name, phone", &|i| {
        format!("{i}, '{}', '030 / {}'", first[i % 9], 100_000 + i * 37)
    });
    rows(&mut text, "product", "id, name, city", &|i| format!("{i}, '{} {i}', 'Leeds'", first[i % 9]));
    let read = same_in_all_windows("d.sql", &text);
    assert_eq!(read.verdict("customer.first_name"), Some("given_name"), "behind the sample of the file");
    assert!(read.verdict("customer.phone").is_some_and(|id| id.starts_with("phone_number")));
    for path in ["orders.id", "orders.title", "orders.total", "product.id", "product.name", "product.city"] {
        assert_eq!(read.verdict(path), None, "{path}");
    }
}

#[test]
fn full_names_that_are_keys_are_told_where_they_stand() {
    let names = |name: &str, text: &str| {
        let read = same_in_all_windows(name, text);
        let told = read.told.iter().filter(|told| told.detector == "full_name" && told.column.is_none());
        told.map(|told| text[told.start as usize..told.end as usize].to_owned()).collect::<Vec<_>>()
    };
    let sick = "Woche,Tobias Fischer,Marie Schmidt\n1,0,1\n2,2,0\n3,0,0\n4,1,0\n";
    assert_eq!(names("sick.csv", sick), ["Tobias Fischer", "Marie Schmidt"]);
    let notes = r#"{"J\u00f6rg M\u00fcller":{"note":5,"room":7},"Marie Schmidt":{"note":2,"room":7}}"#;
    assert_eq!(names("notes.json", notes), [r"J\u00f6rg M\u00fcller", "Marie Schmidt"]);
    assert_eq!(names("n.yaml", "salary_anna_berg: 5\nfrau_weber:\n  note: 5\n"), ["anna_berg", "weber"]);
    assert_eq!(names("n.properties", "Tobias\\ Fischer=5\nmax_power=2\n"), [r"Tobias\ Fischer"]);
    let dump =
        "CREATE TABLE kowalczyk_anna (mail varchar(50));\nINSERT INTO kowalczyk_anna (mail) VALUES ('a');\n";
    assert_eq!(names("d.sql", dump), ["kowalczyk_anna"]);
}
