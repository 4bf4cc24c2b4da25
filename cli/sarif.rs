//! `--format sarif`: a SARIF 2.1.0 log, as code scanning takes it.
//!
//! One document with one run, whatever the number of sources. A result is a finding (object × column × detector) with
//! its count and its first place, not an occurrence: services that take such logs show thousands of results, not millions,
//! and close and reopen them by identity, which a finding has and an occurrence has not. Workers end objects in any order, so results
//! are kept until the end and then written by path and place: two logs of the same files can be compared line by line. No
//! service takes as many as are kept; of more, those that were kept are written, so memory does not grow with them. What is
//! known only at the end (how the run ended, what was not read) follows them. The members of a JSON object have no order.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domesday_classifiers::{Detector, Registry};
use domesday_model::{
    ColumnIx, Coverage, FindingId, ObjectMeta, ObjectOutcome, PlaceUnit, Sensitivity, Status, Timestamp,
};
use serde_json::{Map, Value, json};

use crate::exit::Exit;
use crate::marks::Marks;
use crate::output::Output;
use crate::tally::{First, Pair, why};
use crate::visible::steers;
use crate::{units, uri};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Results that are kept. Bytes.
const KEPT_BYTES: usize = 64 << 20;

/// Objects not, or not wholly, read that are named; the inventory has all.
const MOST_UNREAD: usize = 1_000;

/// Formats that are read as lines, so that a record is one. In others it is a row or a message.
const LINES: &[&str] =
    &["config", "html", "json", "latex", "log", "markdown", "rtf", "source", "sql", "text", "xml", "yaml"];

/// The document that all workers write to.
pub(crate) struct Document<'a> {
    output: &'a Output,
    marks: Marks<'a>,
    began: Timestamp,
    state: Mutex<State>,
}

/// What the workers change.
#[derive(Default)]
struct State {
    /// A result was written, so that a comma goes before the next one.
    continued: bool,
    kept: Vec<Kept>,
    kept_bytes: usize,
    /// The folders of the sources, by their names.
    roots: Map<String, Value>,
    unread: BTreeSet<Unread>,
    unread_count: usize,
}

/// The results of an object, each with a comma before it. The order is that in which they are written.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kept {
    source: String,
    uri: String,
    member: Option<String>,
    text: String,
}

/// An object that was not, or not wholly, read. The order is that in which they are kept: what should have been read and
/// could not be comes first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Unread {
    is_expected: bool,
    source: String,
    uri: String,
    id: &'static str,
    why: String,
}

impl<'a> Document<'a> {
    /// Begins the document with the tool and its rules.
    pub(crate) fn begin(output: &'a Output, marks: Marks<'a>, registry: &Registry) -> io::Result<Self> {
        let version = env!("CARGO_PKG_VERSION");
        let driver = json!({
            "name": "Domesday",
            "version": version,
            "semanticVersion": version,
            "shortDescription": { "text": env!("CARGO_PKG_DESCRIPTION") },
            "rules": registry.iter().map(rule).collect::<Vec<_>>(),
            "properties": { "ruleset": marks.catalog.ruleset },
        });
        let start = format!(
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{}}},\n\"results\":[",
            driver
        );
        output.write(harmless(&start).as_bytes())?;
        Ok(Self { output, marks, began: Timestamp::now(), state: Mutex::default() })
    }

    /// The results of one worker in that source, whose paths are relative to `folder`.
    pub(crate) fn source(&'a self, name: &'a str, folder: &Path) -> Results<'a> {
        let root = json!({ "uri": uri::folder(folder), "description": { "text": literal(name) } });
        self.state().roots.insert(name.to_owned(), root);
        Results { document: self, source: name }
    }

    /// Ends the document.
    pub(crate) fn end(&self, exit: Exit) -> io::Result<()> {
        let mut state = self.state();
        state.write(self.output)?;
        let mut notifications: Vec<_> = state.unread.iter().map(Unread::notification).collect();
        let more = state.unread_count - state.unread.len();
        if more > 0 {
            let more = units::counted(more as u64, "more object was", "more objects were");
            let text = format!("{more} not, or not wholly, read: the inventory has all of them");
            notifications.push(json!({ "level": "warning", "message": { "text": text } }));
        }
        let invocation = json!({
            "executionSuccessful": matches!(exit, Exit::Done | Exit::Failed | Exit::NotAllRead),
            "exitCode": exit.code(),
            "exitCodeDescription": exit.meaning(),
            "startTimeUtc": utc(self.began),
            "endTimeUtc": utc(Timestamp::now()),
            "toolExecutionNotifications": notifications,
        });
        let roots = Value::Object(state.roots.clone());
        let end = format!("\n],\n\"originalUriBaseIds\":{roots},\n\"invocations\":[{invocation}]}}]}}\n");
        self.output.write(harmless(&end).as_bytes())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A worker that failed has left it whole: each change is one step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn keep(&mut self, results: Kept, output: &Output) -> io::Result<()> {
        self.kept_bytes += results.text.len();
        self.kept.push(results);
        if self.kept_bytes > KEPT_BYTES { self.write(output) } else { Ok(()) }
    }

    /// Writes what is kept, in order.
    fn write(&mut self, output: &Output) -> io::Result<()> {
        self.kept_bytes = 0;
        let mut kept = std::mem::take(&mut self.kept);
        kept.sort_unstable();
        for results in kept {
            let comma = usize::from(!std::mem::replace(&mut self.continued, true));
            output.write(&results.text.as_bytes()[comma..])?;
        }
        Ok(())
    }

    fn add_unread(&mut self, unread: Unread) {
        self.unread_count += 1;
        self.unread.insert(unread);
        if self.unread.len() > MOST_UNREAD {
            self.unread.pop_last();
        }
    }
}

impl Unread {
    /// What was left out on purpose is not among them.
    fn of(source: &str, object: &ObjectMeta, outcome: &ObjectOutcome) -> Option<Self> {
        let is_problem = outcome.status.is_problem();
        let is_left_out = matches!(outcome.status, Status::Skipped | Status::Gone);
        let is_unread = is_problem || (outcome.coverage != Coverage::Full && !is_left_out);
        is_unread.then(|| Self {
            is_expected: !is_problem,
            source: source.to_owned(),
            uri: uri_of(object),
            id: outcome.reason.map_or(outcome.status.name(), |reason| reason.name()),
            why: format!("{}; read: {}", why(outcome), outcome.coverage.name()),
        })
    }

    fn notification(&self) -> Value {
        json!({
            "level": if self.is_expected { "warning" } else { "error" },
            "descriptor": { "id": self.id },
            "message": { "text": self.why },
            "locations": [{ "physicalLocation": { "artifactLocation": artifact(&self.source, &self.uri) } }],
        })
    }
}

/// The results of one worker.
pub(crate) struct Results<'a> {
    document: &'a Document<'a>,
    source: &'a str,
}

impl Results<'_> {
    /// Takes the findings of an object that is done.
    pub(crate) fn end(&self, object: &ObjectMeta, pairs: &[Pair], outcome: &ObjectOutcome) -> io::Result<()> {
        if let Some(unread) = Unread::of(self.source, object, outcome) {
            self.document.state().add_unread(unread);
        }
        let mut findings: Vec<_> =
            pairs.iter().filter_map(|pair| Some((pair, pair.first.as_deref()?))).collect();
        if findings.is_empty() {
            return Ok(());
        }
        let in_content = |first: &First| first.unit != PlaceUnit::Path;
        findings.sort_by_key(|(pair, first)| {
            (in_content(first), first.span.start, first.span.end, pair.column, pair.detector)
        });
        let mut text = String::new();
        for (pair, first) in findings {
            text.push_str(",\n");
            text.push_str(&harmless(&self.result(object, pair, first, outcome).to_string()));
        }
        let (source, uri, member) = (self.source.to_owned(), uri_of(object), object.member.clone());
        self.document.state().keep(Kept { source, uri, member, text }, self.document.output)
    }

    fn result(&self, object: &ObjectMeta, pair: &Pair, first: &First, outcome: &ObjectOutcome) -> Value {
        let marks = self.document.marks;
        let catalog = marks.catalog;
        let info = catalog.detector(pair.detector);
        let column = pair.column_path.as_deref();
        let finding = FindingId::of(object.id, column, &info.id);
        let id = finding.to_string();
        let mut physical = json!({ "artifactLocation": artifact(self.source, &uri_of(object)) });
        if let Some(region) = region(object, pair, first, outcome) {
            physical["region"] = region;
        }
        let mut location = json!({ "physicalLocation": physical });
        let logical: Vec<_> = [(object.member.as_deref(), "member"), (column, "column")]
            .into_iter()
            .filter_map(|(name, kind)| Some(json!({ "fullyQualifiedName": name?, "kind": kind })))
            .collect();
        if !logical.is_empty() {
            location["logicalLocations"] = logical.into();
        }
        let suppressed = marks.suppressed_by(pair.ruling, finding).map(
            |reason| json!({ "kind": "external", "status": "accepted", "justification": literal(&reason) }),
        );
        let alternatives = first.alternatives.iter().map(|&id| catalog.detector(id).id.as_str());
        let mut result = json!({
            "ruleId": info.id,
            "ruleIndex": pair.detector.index(),
            "level": level(info.sensitivity),
            "message": { "text": message(&info.label, pair, first) },
            "locations": [location],
            "occurrenceCount": pair.occurrences,
            "partialFingerprints": { "findingId/v1": id, "primaryLocationLineHash": id },
            "properties": {
                "finding_id": id,
                "object_id": object.id.to_string(),
                "member": object.member,
                "column_path": column,
                "record": first.record,
                "byte_start": first.span.start,
                "byte_end": first.span.end,
                "place_unit": first.unit.name(),
                "confidence": pair.confidence.as_f64(),
                "evidence": first.evidence.iter().map(|&fact| catalog.fact_name(fact)).collect::<Vec<_>>(),
                "alternatives": alternatives.collect::<Vec<_>>(),
                "masked": first.mask.as_str(),
                "exposure": object.exposure.name(),
                "review": marks.review(finding).map(|review| review.verdict.name()),
            },
        });
        // All results of a run have it, or none.
        if marks.suppress() {
            result["suppressions"] = suppressed.into_iter().collect();
        }
        result
    }
}

/// What a detector says of each of its findings.
fn rule(detector: &Detector) -> Value {
    let Detector { info, doc, source, .. } = detector;
    let doc = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    let help = format!(
        "{doc} Source: {source}. `domesday detectors show {id}` tells how it decides, and `domesday show FINDING_ID` what \
         stands at the place.",
        id = info.id
    );
    let country = info.country.as_ref().map(|country| format!("country:{country}"));
    let mut tags = vec!["privacy", &info.category, &info.dpv];
    tags.extend(country.as_deref());
    tags.extend(info.gdpr_article9.then_some("gdpr_article9"));
    tags.extend(info.gdpr_article10.then_some("gdpr_article10"));
    tags.extend(info.ccpa_sensitive.then_some("ccpa_sensitive"));
    let mut rule = json!({
        "id": info.id,
        "name": pascal_case(&info.id),
        "shortDescription": { "text": literal(&info.label) },
        "fullDescription": { "text": literal(&doc) },
        "help": { "text": literal(&help) },
        "defaultConfiguration": { "level": level(info.sensitivity) },
        "properties": {
            "tags": tags.into_iter().collect::<BTreeSet<_>>(),
            "category": info.category,
            "dpv": info.dpv,
            "sensitivity": info.sensitivity.name(),
            "country": info.country,
            "gdpr_article9": info.gdpr_article9,
            "gdpr_article10": info.gdpr_article10,
            "ccpa_category": info.ccpa_category,
            "ccpa_sensitive": info.ccpa_sensitive,
        },
    });
    // A detector of one's own may name its source otherwise.
    let is_uri =
        |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}');
    if (source.starts_with("https://") || source.starts_with("http://")) && source.chars().all(is_uri) {
        rule["helpUri"] = source.as_str().into();
    }
    rule
}

const fn level(sensitivity: Sensitivity) -> &'static str {
    match sensitivity {
        Sensitivity::High => "error",
        Sensitivity::Moderate => "warning",
        Sensitivity::Low => "note",
    }
}

/// `us.ssn` as `UsSsn`.
fn pascal_case(id: &str) -> String {
    let words = id.split(['.', '_', '-']).map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

fn message(label: &str, pair: &Pair, first: &First) -> String {
    let column = match &pair.column_path {
        Some(_) if pair.column == Some(ColumnIx::OBJECT_NAME) => " in the name".to_owned(),
        Some(column) => format!(" in column {column}"),
        None => String::new(),
    };
    let values = match pair.occurrences {
        1 => first.mask.to_string(),
        n => format!("{} values, the first is {}", units::count(n), first.mask),
    };
    literal(&format!("{label}{column}: {values}"))
}

fn uri_of(object: &ObjectMeta) -> String {
    uri::relative(object.path_bytes.as_deref().unwrap_or(object.path.as_bytes()))
}

fn artifact(source: &str, uri: &str) -> Value {
    json!({ "uri": uri, "uriBaseId": source })
}

/// The place as bytes of the file, and its line where the file is read as lines. Offsets in a member of a container or in
/// extracted text are none in the file.
fn region(object: &ObjectMeta, pair: &Pair, first: &First, outcome: &ObjectOutcome) -> Option<Value> {
    if object.member.is_some() || first.unit != PlaceUnit::Bytes {
        return None;
    }
    let span = first.span;
    let mut region = json!({ "byteOffset": span.start, "byteLength": span.end - span.start });
    let has_lines = pair.column.is_none() && outcome.format.is_some_and(|format| LINES.contains(&format));
    if let Some(line) = first.record.filter(|_| has_lines) {
        region["startLine"] = (line + 1).into();
    }
    Some(region)
}

fn utc(at: Timestamp) -> String {
    units::time(at).replacen(' ', "T", 1)
}

/// A text in a message: braces would mean placeholders there, and brackets links.
fn literal(text: &str) -> String {
    let mut message = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' => message.push_str("{{"),
            '}' => message.push_str("}}"),
            '[' | ']' | '\\' => message.extend(['\\', c]),
            c => message.push(c),
        }
    }
    message
}

/// JSON in which nothing steers a terminal. All such characters stand in strings, but for the line feeds between values.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' => text.push(c),
            // All of them have four digits. Writing to a string cannot fail.
            c if c.is_control() || steers(c) => _ = write!(text, "\\u{:04x}", c as u32),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_holds_nothing_that_steers() {
        let hostile = "a\"b\\c\n\u{1b}[31m\u{9b}\u{7f}\u{202e}é\u{feff}\u{0}";
        let text = harmless(&json!([hostile]).to_string());
        assert_eq!(serde_json::from_str::<[String; 1]>(&text).expect("it is JSON"), [hostile]);
        assert!(!text.chars().any(|c| c.is_control() || steers(c)), "{text}");
    }

    #[test]
    fn messages_hold_neither_placeholders_nor_links() {
        assert_eq!(literal(r"tags[].{0}\x"), r"tags\[\].{{0}}\\x");
    }

    #[test]
    fn names_are_identifiers() {
        assert_eq!(pascal_case("us.ssn"), "UsSsn");
        assert_eq!(pascal_case("email_address"), "EmailAddress");
    }

    #[test]
    fn the_worst_of_what_was_not_read_is_named() {
        let mut state = State::default();
        for i in (0..3 * MOST_UNREAD).rev() {
            let is_expected = i % 2 == 0;
            let (source, uri, why) = ("s".to_owned(), format!("{i:05}"), String::new());
            state.add_unread(Unread { is_expected, source, uri, id: "binary", why });
        }
        assert_eq!((state.unread.len(), state.unread_count), (MOST_UNREAD, 3 * MOST_UNREAD));
        assert!(state.unread.iter().all(|unread| !unread.is_expected));
        assert_eq!(state.unread.first().map(|unread| unread.uri.as_str()), Some("00001"));
    }
}
