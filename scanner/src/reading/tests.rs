//! What is told of an object does not depend on who matches its windows.

use std::fmt::Write as _;
use std::io::{self, Read};
use std::sync::OnceLock;
use std::time::Duration;

use domesday_classifiers::Registry;
use domesday_formats::{Content, Limits, ReadError, read_object};
use domesday_model::{
    Cell as TableCell, CellForm, ColumnReport, Confidence, DetectorId, Key, Layout, ObjectMeta,
    ObjectOutcome, Occurrence, OffsetMap,
};
use proptest::prelude::*;

use super::*;
use crate::crew::Crew;
use crate::probe::KnownPaths;

/// What is told of an object, in order.
struct Told {
    takes: Takes,
    occurrences: Vec<String>,
    /// What is counted: detector, column, how sure it is, and the distinct value.
    counted: Vec<(DetectorId, Option<ColumnIx>, Confidence, u64)>,
    /// Fails at this one.
    most: Option<usize>,
}

impl Sink for Told {
    fn begin(&mut self, _: &ObjectMeta) -> Result<(), SinkError> {
        Ok(())
    }

    fn occurrence(&mut self, occurrence: &Occurrence<'_>) -> Result<(), SinkError> {
        if self.most == Some(self.occurrences.len()) {
            return Err("full".into());
        }
        let value = String::from_utf8_lossy(occurrence.value.reveal()).into_owned();
        self.occurrences.push(format!("{value} {occurrence:?}"));
        let Occurrence { detector, column, confidence, distinct, alike, .. } = *occurrence;
        let all = std::iter::once(distinct).chain(alike.iter().copied());
        self.counted.extend(all.map(|distinct| (detector, column, confidence, distinct)));
        Ok(())
    }

    fn takes(&self) -> Takes {
        self.takes
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        Ok(())
    }

    fn end(&mut self, _: &ObjectOutcome) -> Result<(), SinkError> {
        Ok(())
    }
}

/// What became of a reading.
#[derive(PartialEq, Debug)]
struct Outcome {
    told: Vec<String>,
    /// In order.
    counted: Vec<(DetectorId, Option<ColumnIx>, Confidence, u64)>,
    content: Option<Content>,
    verdicts: Vec<String>,
    ended: String,
    parts: u64,
}

/// An input that fails behind its bytes.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Err(io::Error::other("gone"));
        }
        self.0.read(buffer)
    }
}

fn classifier() -> &'static Classifier {
    static CLASSIFIER: OnceLock<Classifier> = OnceLock::new();
    CLASSIFIER.get_or_init(|| Classifier::new(&Registry::builtin().expect("loads")).expect("compiles"))
}

/// Reads an object alone, or with others who seem to be free and leave all the work in the queue: then everything takes
/// the way through parts, in an order that is always the same.
fn read_by(
    name: &str,
    input: &mut dyn Read,
    (window_bytes, shares): (usize, bool),
    most: Option<usize>,
) -> Outcome {
    read_to(name, input, (window_bytes, shares), (Takes::InOrder, most))
}

/// The same, for a sink that takes values in another way.
fn read_to(
    name: &str,
    input: &mut dyn Read,
    (window_bytes, shares): (usize, bool),
    to: (Takes, Option<usize>),
) -> Outcome {
    let mut scratch = domesday_formats::Scratch::default();
    let read =
        |limits: &Limits, reading: &mut Reading<'_>| read_object(input, name, limits, &mut scratch, reading);
    outcome((window_bytes, shares), to, read)
}

/// What becomes of a reading whose windows come from `read`.
fn outcome(
    (window_bytes, shares): (usize, bool),
    (takes, most): (Takes, Option<usize>),
    read: impl FnOnce(&Limits, &mut Reading<'_>) -> Result<Content, ReadError>,
) -> Outcome {
    let limits = Limits { window_bytes, ..Limits::default() };
    // What is more than counted is told value by value.
    let key = Some(Key::from_bytes([7; 32])).filter(|_| takes != Takes::Together);
    let options = ScanOptions { key, values: true, limits, ..ScanOptions::default() };
    let (progress, bytes) = (Progress::default(), Cell::new(0));
    let (mut scratch, mut waiting) = (Box::default(), Waiting::default());
    let mut told = Told { takes, most, occurrences: Vec::new(), counted: Vec::new() };
    let crew = Crew::new(3);
    let hands = crew.hands();
    crew.pretend_free(if shares { 2 } else { 0 });
    let mut reading = Reading {
        classifier: classifier(),
        options: &options,
        progress: &progress,
        counted: None,
        scratch: &mut scratch,
        paths: &mut KnownPaths::new(classifier()),
        path: "a",
        rules: options.rules.at("a"),
        sink: &mut told,
        columns: Columns::default(),
        waiting: &mut waiting,
        carries: [Carry::default(); 4],
        bytes: &bytes,
        deadline: Instant::now() + Duration::from_secs(3600),
        parts: Parts::new(Some(&hands[0])),
        ended: None,
    };
    let read = read(&limits, &mut reading);
    reading.finish();
    let parts = reading.parts.first as u64;
    let ended = match reading.ended {
        None => String::new(),
        Some(Ended::Late) => "late".to_owned(),
        Some(Ended::Stopped) => "stopped".to_owned(),
        Some(Ended::Failed(bytes)) => format!("failed at {bytes}"),
        Some(Ended::Sink(_)) => "sink".to_owned(),
    };
    let content = read.unwrap_or_else(|error| *error.content);
    let values = |i: usize| content.columns.get(i).map(|column: &ColumnReport| column.non_null);
    let verdicts = classifier().verdicts(&reading.columns.contexts, values);
    let review = classifier().review(&reading.columns.contexts, values);
    let columns = reading.columns.contexts.iter().zip(&reading.columns.paths).zip(verdicts);
    // At most the cells of the column: an estimate is given at any rate.
    let known = |((column, path), verdict): ((&ColumnContext, &String), _)| {
        format!("{path} {verdict:?} {:?}", column.distinct(0))
    };
    let mut verdicts: Vec<_> = columns.map(known).collect();
    verdicts.push(format!("{review:?}"));
    let content = (ended.is_empty()).then_some(content);
    let Told { occurrences, mut counted, .. } = told;
    counted.sort_unstable();
    Outcome { told: occurrences, counted, content, verdicts, ended, parts }
}

/// How many times one is told who takes values together, and of how many.
fn together(name: &str, text: &[u8], window_bytes: usize) -> (usize, usize) {
    let mut in_order = read_by(name, &mut &*text, (window_bytes, false), None);
    for shares in [false, true] {
        let mut each = read_to(name, &mut &*text, (window_bytes, shares), (Takes::Each, None));
        each.told.sort_unstable();
        in_order.told.sort_unstable();
        assert_eq!(each.told, in_order.told, "{name} in windows of {window_bytes}");
        assert_eq!(each.verdicts, in_order.verdicts, "{name} in windows of {window_bytes}");
    }
    let [alone, shared] = [false, true]
        .map(|shares| read_to(name, &mut &*text, (window_bytes, shares), (Takes::Together, None)));
    let known = |outcome: &Outcome| {
        let marks =
            outcome.counted.iter().map(|(detector, column, confidence, _)| (*detector, *column, *confidence));
        marks.collect::<Vec<_>>()
    };
    let reported = |outcome: &Outcome| {
        let least = ScanOptions::default().min_confidence;
        known(outcome).into_iter().filter(|(_, _, confidence)| *confidence >= least).collect::<Vec<_>>()
    };
    assert_eq!(alone.counted, shared.counted, "{name} in windows of {window_bytes}");
    assert_eq!(known(&alone), reported(&in_order), "{name} in windows of {window_bytes}");
    (alone.told.len(), alone.counted.len())
}

/// Reads a text in windows of that size alone and with others, and compares. How many parts there were.
fn same(name: &str, text: &[u8], window_bytes: usize) -> u64 {
    let alone = read_by(name, &mut &*text, (window_bytes, false), None);
    let shared = read_by(name, &mut &*text, (window_bytes, true), None);
    assert_eq!(alone.parts, 0);
    let parts = shared.parts;
    let differs = alone.told.iter().zip(&shared.told).find(|(alone, shared)| alone != shared);
    assert_eq!(differs, None, "{name} in windows of {window_bytes}");
    assert_eq!(alone, Outcome { parts: 0, ..shared }, "{name} in windows of {window_bytes}");
    parts
}

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    /// A value, or something that resembles one.
    fn value(&mut self) -> String {
        let (a, b) = (self.below(900) + 100, self.below(9000) + 1000);
        match self.below(10) {
            0 => format!("p{a}@hafenbuero-nord.de"),
            1 => "4539 3160 5305 0409".to_owned(),
            2 => format!("10.{}.7.{}", a % 250, b % 250),
            3 => format!("{a}-45-{b}"),
            4 => format!("+49 30 {b}{a}"),
            5 => "GB82 WEST 1234 5698 7654 32".to_owned(),
            6 => format!("Dr. {} {}", self.of(&FIRST), self.of(&LAST)),
            7 => format!("{a}@x.de@{b}@y.org.{a}@z.com"),
            8 => format!("1{}", "0123456789".repeat(1 + b % 4)),
            _ => self.of(&["order", "the", "of", "ssn:", "card", "née", "日本", "Straße 7"]).to_owned(),
        }
    }
}

const FIRST: [&str; 8] = ["Anna", "Bert", "Clara", "Dieter", "Emma", "Giovanna", "Henrik", "Ingrid"];
const LAST: [&str; 6] = ["Okafor", "Nowak", "Lindqvist", "Moreau", "Rossi", "Tanaka"];

/// One text of each kind, of so many records.
fn texts(records: usize, seed: u64) -> Vec<(&'static str, Vec<u8>)> {
    let random = &mut Random(seed);
    let mut log = String::new();
    let (mut csv, mut sql) =
        ("id,first_name,mail,rare,ssn,notes\n".to_owned(), "-- MySQL dump 10.13\n".to_owned());
    let (mut ndjson, mut xml, mut mbox) = (String::new(), "<people>\n".to_owned(), String::new());
    let (mut line, mut binary) = (String::new(), Vec::new());
    for i in 0..records {
        let (first, value, other) = (random.of(&FIRST), random.value(), random.value());
        let _ = writeln!(log, "2024-05-{:02}T10:00:00Z INFO {value} {other} {}", 1 + i % 28, random.value());
        let rare = if i % 7 == 3 && i > 1000 { random.of(&LAST) } else { "" };
        let ssn = 100_010_001 + (i * 7_654_321) % 500_000_000;
        let _ = writeln!(csv, "{i},{first},p{i}@kiel.de,{rare},{ssn},\"{value} \"\"{other}\"\" and\n more\"");
        let _ = writeln!(
            ndjson,
            "{{\"id\":{i},\"user\":{{\"first_name\":\"{first}\",\"text\":\"caf\\u00e9 {value} \\n{other}\"{}}}}}",
            if i % 5 == 0 && i > 1000 {
                format!(",\"surname\":\"{}\"", random.of(&LAST))
            } else {
                String::new()
            },
        );
        let table = ["orders", "customer", "product"][i * 3 / records];
        let _ = writeln!(
            sql,
            "INSERT INTO `{table}` (id, first_name, note) VALUES ({i}, '{first}', 'it\\'s {value}, {other}');"
        );
        let _ = writeln!(
            xml,
            "<person id=\"{i}\"><name>{first}</name><note>{value} &amp; {other}</note></person>"
        );
        let _ = writeln!(
            mbox,
            "From a@kiel.de Mon Jan  1 10:00:00 2024\nFrom: {first} <p{i}@kiel.de>\n\n{value}\n"
        );
        let _ = write!(line, "{value} {other},");
        binary.extend([0, 1, 2, 255, (i % 256) as u8]);
        binary.extend(value.bytes());
        binary.extend([0, 7]);
        binary.extend(other.encode_utf16().flat_map(u16::to_le_bytes));
    }
    xml.push_str("</people>\n");
    let utf16: Vec<_> = csv.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut mixed = log.clone().into_bytes();
    mixed.splice(log.len() / 2..log.len() / 2, b"M\xFCller, \xC4rger: p1@kiel.de\n".repeat(5));
    vec![
        ("a.log", log.into_bytes()),
        ("a.csv", csv.into_bytes()),
        ("a.ndjson", ndjson.into_bytes()),
        ("a.sql", sql.into_bytes()),
        ("a.xml", xml.into_bytes()),
        ("a.mbox", mbox.into_bytes()),
        ("a.txt", line.into_bytes()),
        ("b.csv", [b"\xFF\xFE".to_vec(), utf16].concat()),
        ("b.log", mixed),
        ("a.bin", binary),
    ]
}

#[test]
fn large_objects_of_each_kind_are_told_alike() {
    for (name, text) in texts(6000, 1) {
        for size in [1500, 50_000] {
            assert!(same(name, &text, size) > 2, "{name} is matched in parts of {size}");
        }
    }
}

#[test]
fn values_that_are_alike_are_told_together() {
    for (name, text) in texts(6000, 4) {
        for size in [1500, 50_000] {
            let (told, counted) = together(name, &text, size);
            let is_table = name == "a.csv" && size > 10_000;
            assert!(told <= counted && (!is_table || 4 * told < 3 * counted), "{told} of {counted}");
        }
    }
}

#[test]
fn an_input_that_fails_ends_alike() {
    for (name, text) in texts(4000, 2) {
        let text = &text[..text.len() * 3 / 4];
        let read = |shares| read_by(name, &mut Failing(text), (20_000, shares), None);
        let shared = read(true);
        assert!(shared.parts > 2 && !shared.told.is_empty(), "{name}");
        assert_eq!(read(false), Outcome { parts: 0, ..shared }, "{name}");
    }
}

#[test]
fn a_sink_that_fails_ends_the_reading() {
    let (name, text) = &texts(4000, 3)[0];
    for most in [0, 1, 3000, 5000] {
        let read = |shares| read_by(name, &mut &text[..], (4000, shares), Some(most));
        let (alone, shared) = (read(false), read(true));
        assert_eq!((alone.ended.as_str(), shared.ended.as_str()), ("sink", "sink"));
        assert_eq!(alone.told, shared.told);
    }
}

#[test]
fn a_part_that_panics_ends_the_object_where_it_lies() {
    let layout = Layout::Lines { line: 0 };
    let good = Window { text: b"p1@kiel.de ", own: 0..11, layout, offsets: OffsetMap::identity(0) };
    // A cell that is longer than the text.
    let cell = TableCell { start: 0, end: 99, column: ColumnIx(0), record: 0, form: CellForm::Plain };
    let bad = Window { layout: Layout::Cells(&[cell]), ..good.clone() };
    let ended = outcome((1, true), (Takes::InOrder, None), |limits, reading| {
        for (bytes, window) in [&good, &good, &good, &bad, &good, &good].into_iter().enumerate() {
            reading.bytes.set(bytes as u64);
            let _ = reading.window(window);
        }
        read_object(&mut io::empty(), "", limits, &mut domesday_formats::Scratch::default(), reading)
    });
    assert_eq!((ended.ended.as_str(), ended.told.len()), ("failed at 3", 3));
}

#[test]
fn values_without_end_are_told_alike() {
    let chain = "1234@a.de@b.de".repeat(3000);
    let digits = "0123456789-".repeat(3000);
    for text in [&chain, &digits, &format!("{chain} {digits} {chain}")] {
        for size in [1, 900, 1024, 1025, 5000] {
            let text = if size == 1 { &text[..2000] } else { text };
            same("a.txt", text.as_bytes(), size);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_split_is_told_alike(
        seed in any::<u64>(),
        kind in 0..10usize,
        size in prop_oneof![1..40usize, 40..1100usize, 1100..9000usize],
    ) {
        let records = if size < 40 { 10 } else { 1500 };
        let (name, text) = &texts(records, seed)[kind];
        same(name, &text[..text.len().min(size.saturating_mul(600))], size);
    }
}
