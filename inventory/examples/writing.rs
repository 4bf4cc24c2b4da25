//! Times the writer and shows its memory: `cargo run --release -p domesday-inventory --example writing -- objects`
//! (200,000 objects with a finding each), `-- tokens` (3 million tokens in one object) or `-- occurrences` (what a call
//! costs). Prints the time of each part, the size of `subjects` per row, and the highest resident memory.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use domesday_inventory::{Inventory, ScanStart, ScanStatus, SourceInfo};
use domesday_model::{
    Catalog, Confidence, Coverage, DetectorId, DetectorInfo, Exposure, Fact, FactKind, Key, LateMask, Mask,
    ObjectId, ObjectKind, ObjectMeta, ObjectOutcome, Occurrence, PlaceUnit, Ruling, ScanId, Sensitive,
    Sensitivity, Sink, SourceId, Span, Status, SubjectToken, Timestamp, TokenKind,
};

fn main() -> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let (objects, values) = match std::env::args().nth(1).as_deref() {
        Some("objects") => (200_000, 1),
        Some("tokens") => (1, 3_000_000),
        Some("occurrences") => return time_calls(dir.path()),
        _ => return Err("say objects, tokens or occurrences".into()),
    };
    for scan in 1..=2 {
        let begun = Instant::now();
        let inventory = Inventory::open(dir.path(), Some(key().id()))?;
        let writer = inventory.begin_scan(start(scan))?;
        let mut sink = writer.sink();
        for n in 0..objects {
            sink.begin(&object(n)).map_err(|error| error.to_string())?;
            for i in 0..values {
                tell(&mut sink, n * values + i, 40 * i, true)?;
            }
            sink.end(&outcome()).map_err(|error| error.to_string())?;
        }
        drop(sink);
        let pushed = begun.elapsed();
        writer.finish(ScanStatus::Complete, Timestamp::now())?;
        println!(
            "scan {scan}: pushed in {pushed:.2?}, finished after {:.2?}, {}",
            begun.elapsed(),
            peak_memory()
        );
    }
    let begun = Instant::now();
    let summary = domesday_inventory::summary(dir.path())?;
    println!("summary of {} kinds in {:.2?}", summary.kinds.len(), begun.elapsed());
    let subjects = newest_file(&dir.path().join("subjects"))?;
    println!("subjects: {:.2} bytes a row", subjects as f64 / (objects * values) as f64);
    Ok(())
}

/// What `occurrence` costs once a tally exists, without tokens.
fn time_calls(dir: &Path) -> Result<(), Box<dyn Error>> {
    const CALLS: u64 = 10_000_000;
    let inventory = Inventory::open(dir, Some(key().id()))?;
    let writer = inventory.begin_scan(start(1))?;
    let mut sink = writer.sink();
    sink.begin(&object(0)).map_err(|error| error.to_string())?;
    let begun = Instant::now();
    (0..CALLS).try_for_each(|n| tell(&mut sink, n, 40 * n, false))?;
    println!("{:.1} ns an occurrence", begun.elapsed().as_nanos() as f64 / CALLS as f64);
    Ok(())
}

fn tell(sink: &mut impl Sink, number: u64, start: u64, keyed: bool) -> Result<(), Box<dyn Error>> {
    let confidence = Confidence::from_thousandths(900);
    let (tokens, distinct) = if keyed {
        let token = key().token(TokenKind::Email, &number.to_le_bytes());
        (
            vec![SubjectToken { token, kind: TokenKind::Email, detector: DetectorId(0), confidence }],
            token.sketch_hash(),
        )
    } else {
        (Vec::new(), number)
    };
    let occurrence = Occurrence {
        detector: DetectorId((number % 2) as u16),
        column: None,
        column_path: None,
        record: Some(start / 120),
        span: Span { start, end: start + 18 + number % 7 },
        unit: PlaceUnit::Bytes,
        confidence,
        evidence: &[Fact::plain(FactKind::Shape)],
        alternatives: &[],
        mask: LateMask::new(&Mask::new),
        value: Sensitive::new(b""),
        distinct,
        tokens: &tokens,
        reported: true,
        ruling: Ruling::None,
        alike: &[],
    };
    sink.occurrence(&occurrence).map_err(|error| error.to_string().into())
}

fn key() -> Key {
    Key::from_bytes([7; 32])
}

fn source() -> SourceId {
    SourceId::of("bench")
}

fn start(number: i64) -> ScanStart {
    let detector = |id: &str| DetectorInfo {
        id: id.to_owned(),
        label: "E-mail address".to_owned(),
        category: "user.contact.email".to_owned(),
        dpv: "pd:EmailAddress".to_owned(),
        gdpr_article9: false,
        gdpr_article10: false,
        ccpa_category: "A".to_owned(),
        ccpa_sensitive: false,
        sensitivity: Sensitivity::Moderate,
        country: None,
    };
    let detectors = vec![detector("email_address"), detector("email_address.other")];
    ScanStart {
        scan_id: ScanId::at(source(), number, 0),
        source: SourceInfo {
            id: source(),
            name: "bench".to_owned(),
            kind: "files".to_owned(),
            root: "/".to_owned(),
            only: None,
            country: None,
            detectors: None,
        },
        claims: Vec::new(),
        started_at: Timestamp::now(),
        domesday_version: "0.1.0".to_owned(),
        catalog: Arc::new(Catalog { detectors, ..Catalog::default() }),
        key: Some(key().id()),
        memory: 64 << 20,
    }
}

fn object(number: u64) -> ObjectMeta {
    let path = format!("department{}/project{}/notes{number}.txt", number % 10, number % 1000);
    ObjectMeta {
        id: ObjectId::of(source(), path.as_bytes(), None),
        parent: None,
        source: source(),
        kind: ObjectKind::File,
        path,
        path_bytes: None,
        member: None,
        size: Some(3000),
        modified_at: Some(Timestamp::now()),
        version: number + 1,
        owner: Some("alice".to_owned()),
        group: Some("staff".to_owned()),
        mode: Some(0o640),
        exposure: Exposure::Group,
    }
}

fn outcome() -> ObjectOutcome {
    ObjectOutcome {
        status: Status::Scanned,
        coverage: Coverage::Full,
        reason: None,
        reason_place: None,
        format: Some("text"),
        encoding: Some("utf-8"),
        other_encodings: Vec::new(),
        bytes_read: 3000,
        text_bytes: 3000,
        record_count: Some(70),
        columns: Vec::new(),
    }
}

/// Bytes of the file that was written last: the current one.
fn newest_file(dir: &Path) -> Result<u64, Box<dyn Error>> {
    let mut files = Vec::new();
    for folder in std::fs::read_dir(dir)? {
        for file in std::fs::read_dir(folder?.path())? {
            let file = file?;
            files.push((file.file_name(), file.metadata()?.len()));
        }
    }
    Ok(files.into_iter().max().map_or(0, |(_, bytes)| bytes))
}

/// As Linux tells it; nothing elsewhere.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned()
}
