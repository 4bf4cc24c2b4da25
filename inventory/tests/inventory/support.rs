//! A catalog, objects and occurrences to write, and DuckDB to read them back.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use domesday_inventory::{
    Inventory, InventorySink, ScanStart, ScanStatus, ScanTotals, ScanWriter, SourceInfo,
};
use domesday_model::{
    Catalog, ColumnFound, ColumnIx, ColumnReport, Confidence, Coverage, DataType, DetectorId, DetectorInfo,
    Exposure, Fact, FactKind, Key, LateMask, Mask, ObjectId, ObjectKind, ObjectMeta, ObjectOutcome,
    Occurrence, PlaceUnit, Reason, Rule, Rules, Ruling, ScanId, Sensitive, Sensitivity, Sink, SourceId, Span,
    Status, SubjectToken, Timestamp, TokenKind, WordId,
};

/// Detectors of [`catalog`].
pub(crate) const EMAIL: DetectorId = DetectorId(0);
pub(crate) const IPV4: DetectorId = DetectorId(1);
pub(crate) const SSN: DetectorId = DetectorId(2);

pub(crate) fn key() -> Key {
    Key::from_bytes([7; 32])
}

pub(crate) fn catalog() -> Arc<Catalog> {
    let info = |id: &str, category: &str, sensitivity, country: Option<&str>| DetectorInfo {
        id: id.to_owned(),
        label: id.replace('_', " "),
        category: category.to_owned(),
        dpv: "pd:Contact".to_owned(),
        gdpr_article9: false,
        gdpr_article10: false,
        ccpa_category: "A".to_owned(),
        ccpa_sensitive: sensitivity == Sensitivity::High,
        sensitivity,
        country: country.map(str::to_owned),
    };
    Arc::new(Catalog {
        detectors: vec![
            info("email_address", "user.contact.email", Sensitivity::Moderate, None),
            info("ipv4_address", "user.device.ip_address", Sensitivity::Low, None),
            info("us.ssn", "user.government_id.national", Sensitivity::High, Some("US")),
        ],
        words: vec!["email".to_owned(), "ssn".to_owned()],
        ruleset: "cafe".to_owned(),
        rules: Rules {
            suppressions: ["made up", "published"]
                .map(|reason| Rule { reason: reason.to_owned(), ..Rule::default() })
                .to_vec(),
            denials: Vec::new(),
        },
    })
}

pub(crate) struct Value {
    pub(crate) detector: DetectorId,
    pub(crate) column: Option<(u32, &'static str)>,
    pub(crate) number: u64,
    pub(crate) start: u64,
    pub(crate) confidence: i32,
    pub(crate) reported: bool,
    pub(crate) ruling: Ruling,
}

/// The `number`th value of a detector, at byte `start`.
pub(crate) fn value(detector: DetectorId, number: u64, start: u64) -> Value {
    Value { detector, column: None, number, start, confidence: 900, reported: true, ruling: Ruling::None }
}

pub(crate) fn in_column(value: Value, ix: u32, path: &'static str) -> Value {
    Value { column: Some((ix, path)), ..value }
}

/// Tells a sink of a value, with a token when `keyed`.
pub(crate) fn tell(sink: &mut InventorySink, value: &Value, keyed: bool) {
    let kind = [TokenKind::Email, TokenKind::Ip, TokenKind::NationalId][value.detector.index()];
    let token = key().token(kind, &value.number.to_le_bytes());
    let confidence = Confidence::from_thousandths(value.confidence);
    let tokens = [SubjectToken { token, kind, detector: value.detector, confidence }];
    let mask = || {
        let mut mask = Mask::new();
        mask.push_str(&format!("•••{}", value.number % 10));
        mask
    };
    sink.occurrence(&Occurrence {
        detector: value.detector,
        column: value.column.map(|(ix, _)| ColumnIx(ix)),
        column_path: value.column.map(|(_, path)| path),
        record: Some(value.start / 100),
        span: Span { start: value.start, end: value.start + 12 },
        unit: PlaceUnit::Bytes,
        confidence,
        evidence: &[Fact::plain(FactKind::Shape), Fact::word(FactKind::Header, WordId(0))],
        alternatives: if value.number.is_multiple_of(2) { &[IPV4] } else { &[] },
        mask: LateMask::new(&mask),
        value: Sensitive::new(b"never-to-be-stored@canary.example"),
        distinct: token.sketch_hash(),
        tokens: if keyed { &tokens } else { &[] },
        reported: value.reported,
        ruling: value.ruling,
        alike: &[],
    })
    .expect("the occurrence is taken");
}

pub(crate) fn source(name: &str) -> SourceInfo {
    SourceInfo {
        id: SourceId::of(name),
        name: name.to_owned(),
        kind: "files".to_owned(),
        root: format!("/srv/{name}"),
        only: None,
        country: None,
        detectors: None,
    }
}

pub(crate) fn object(source: &str, path: &str) -> ObjectMeta {
    let source = SourceId::of(source);
    ObjectMeta {
        id: ObjectId::of(source, path.as_bytes(), None),
        parent: None,
        source,
        kind: ObjectKind::File,
        path: path.to_owned(),
        path_bytes: None,
        member: None,
        size: Some(1000),
        modified_at: Some(Timestamp(1_600_000_000_000_000)),
        version: 0xabcd,
        owner: Some("alice".to_owned()),
        group: Some("staff".to_owned()),
        mode: Some(0o644),
        exposure: Exposure::Everyone,
    }
}

/// A directory that could not be listed.
pub(crate) fn unreadable_directory(source: &str, path: &str) -> (ObjectMeta, ObjectOutcome) {
    let meta = ObjectMeta { kind: ObjectKind::Directory, version: 0, ..object(source, path) };
    (meta, ObjectOutcome::unread(Status::Unreadable, Reason::PermissionDenied))
}

/// Pushes a file that could not be opened.
pub(crate) fn push_unread(writer: &ScanWriter, meta: &ObjectMeta) {
    let mut sink = writer.sink();
    sink.begin(meta).expect("begins");
    sink.end(&ObjectOutcome::unread(Status::Unreadable, Reason::PermissionDenied)).expect("ends");
}

pub(crate) fn scanned() -> ObjectOutcome {
    ObjectOutcome {
        status: Status::Scanned,
        coverage: Coverage::Full,
        reason: None,
        reason_place: None,
        format: Some("csv"),
        encoding: Some("utf-8"),
        other_encodings: Vec::new(),
        bytes_read: 1000,
        text_bytes: 1000,
        record_count: Some(10),
        columns: vec![ColumnReport {
            ix: ColumnIx(0),
            path: "email".to_owned(),
            data_type: DataType::Text,
            records: 10,
            non_null: 9,
            found: ColumnFound::default(),
        }],
    }
}

pub(crate) fn start(name: &str, number: i64, keyed: bool) -> ScanStart {
    let source = source(name);
    ScanStart {
        scan_id: ScanId::at(source.id, number * 1_000_000, 0),
        source,
        claims: Vec::new(),
        started_at: Timestamp(number * 1_000_000),
        domesday_version: "0.1.0".to_owned(),
        catalog: catalog(),
        key: keyed.then(|| key().id()),
        memory: 64 << 20,
    }
}

pub(crate) fn open(dir: &Path, keyed: bool) -> Inventory {
    Inventory::open(dir, keyed.then(|| key().id())).expect("the inventory opens")
}

/// Pushes a whole object.
pub(crate) fn push(writer: &ScanWriter, meta: &ObjectMeta, values: &[Value], keyed: bool) {
    let mut sink = writer.sink();
    sink.begin(meta).expect("begins");
    values.iter().for_each(|value| tell(&mut sink, value, keyed));
    sink.end(&scanned()).expect("ends");
}

/// A complete scan of files with an e-mail address each.
pub(crate) fn scan(dir: &Path, name: &str, number: i64, paths: &[&str]) -> ScanTotals {
    let inventory = open(dir, true);
    let writer = inventory.begin_scan(start(name, number, true)).expect("begins");
    for path in paths {
        push(&writer, &object(name, path), &[value(EMAIL, number as u64, 5)], true);
    }
    finish(writer, number)
}

pub(crate) fn finish(writer: ScanWriter, number: i64) -> ScanTotals {
    writer.finish(ScanStatus::Complete, Timestamp(number * 1_000_000 + 500_000)).expect("finishes")
}

/// What DuckDB answers: a line for each row, its values as text, divided by `|`, NULL as `-`.
pub(crate) fn query(dir: &Path, sql: &str) -> Vec<String> {
    const SCRIPT: &str = "
import sys, duckdb
with duckdb.connect() as db:
    db.execute(\"SET TimeZone='UTC'\")
    db.execute(open(sys.argv[1], encoding='utf-8').read())
    for row in db.execute('SELECT COLUMNS(*)::VARCHAR FROM (' + sys.argv[2] + ')').fetchall():
        print('|'.join('-' if value is None else value for value in row))
";
    let python = std::env::var_os("DOMESDAY_TEST_PYTHON").unwrap_or_else(|| "python3".into());
    let output = Command::new(&python)
        .args(["-c", SCRIPT])
        .arg(dir.join("views.sql"))
        .arg(sql)
        .current_dir("/")
        .output()
        .expect("python runs: set DOMESDAY_TEST_PYTHON to one that can import duckdb");
    assert!(output.status.success(), "{sql}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect()
}

/// The only value that DuckDB answers.
pub(crate) fn one(dir: &Path, sql: &str) -> String {
    query(dir, sql).join("\n")
}

/// Every file below `dir`, by path.
pub(crate) fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
