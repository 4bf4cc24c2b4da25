//! A walk over the current state: each object with its findings, in the order of object ids, in bounded memory.

use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, Int64Type};
use domesday_model::{
    Coverage, Exposure, FactKind, FindingId, ObjectKind, Reason, Review, ScanId, Sensitivity, SourceId,
    Status,
};

use crate::InventoryError;
use crate::manifest::{FileEntry, FileState, Manifest};
use crate::reviews::Reviews;
use crate::run::Merge;
use crate::schema::Table;

const OBJECT_COLUMNS: &[&str] = &[
    "object_id",
    "scan_id",
    "source_id",
    "kind",
    "path",
    "member",
    "size_bytes",
    "exposure",
    "status",
    "coverage",
    "reason",
    "occurrences",
    "sensitivity",
];
const FINDING_COLUMNS: &[&str] = &[
    "object_id",
    "column_path",
    "detector",
    "label",
    "category",
    "sensitivity",
    "occurrences",
    "distinct_sketch",
    "distinct_estimate",
    "suppressed_by",
];
/// Read as well to join verdicts.
const REVIEW_COLUMNS: &[&str] = &["finding_id", "evidence"];
/// Read as well for [`Detail`].
const DETAIL_COLUMNS: &[&str] = &["finding_id", "evidence", "alternatives", "confidence", "masked_sample"];

/// What a walk looks at.
pub(crate) struct Walk<'a> {
    /// The verdicts that count.
    pub(crate) reviews: &'a Reviews,
    /// Whether findings have a [`Detail`].
    pub(crate) details: bool,
}

/// An object of the current state.
pub(crate) struct CurrentObject {
    pub(crate) scan: ScanId,
    pub(crate) source: SourceId,
    pub(crate) kind: ObjectKind,
    pub(crate) path: String,
    pub(crate) member: Option<String>,
    pub(crate) size: u64,
    pub(crate) exposure: Exposure,
    pub(crate) status: Status,
    pub(crate) coverage: Coverage,
    pub(crate) reason: Option<Reason>,
    pub(crate) occurrences: u64,
    pub(crate) sensitivity: Option<Sensitivity>,
}

/// A finding of it.
pub(crate) struct CurrentFinding {
    /// Why it counts in no sum.
    pub(crate) suppressed_by: Option<String>,
    /// What a person said of it.
    pub(crate) review: Option<Review>,
    pub(crate) column: Option<String>,
    pub(crate) detector: String,
    pub(crate) label: String,
    pub(crate) category: String,
    pub(crate) sensitivity: Sensitivity,
    pub(crate) occurrences: u64,
    pub(crate) sketch: Option<Vec<u8>>,
    pub(crate) distinct: u64,
    pub(crate) detail: Option<Detail>,
}

/// What only those want to know who look at a finding by itself.
pub(crate) struct Detail {
    pub(crate) finding_id: FindingId,
    pub(crate) confidence: f64,
    pub(crate) masked_sample: String,
    pub(crate) evidence: Vec<String>,
    pub(crate) alternatives: Vec<String>,
}

/// Files with their rank: rows of running scans come before current ones.
pub(crate) fn ranked<'a>(
    dir: &'a Path,
    files: impl Iterator<Item = &'a FileEntry> + 'a,
) -> impl Iterator<Item = (PathBuf, u8)> + 'a {
    files.map(move |file| (file.path(dir), u8::from(file.state != FileState::Running)))
}

/// Calls `visit` for every object of those files that `which` accepts.
pub(crate) fn walk(
    dir: &Path,
    manifest: &Manifest,
    what: &Walk<'_>,
    which: impl Fn(&FileEntry) -> bool,
    mut visit: impl FnMut(&CurrentObject, &[CurrentFinding]) -> Result<(), InventoryError>,
) -> Result<(), InventoryError> {
    let open = |table, columns| {
        let files = manifest.live(table).filter(|file| which(file));
        Merge::open(table, ranked(dir, files), Some(columns))
    };
    let more = match what {
        Walk { details: true, .. } => DETAIL_COLUMNS,
        Walk { reviews, .. } if reviews.is_empty() => &[],
        _ => REVIEW_COLUMNS,
    };
    let mut objects = open(Table::Objects, OBJECT_COLUMNS)?;
    let mut findings = open(Table::Findings, &[FINDING_COLUMNS, more].concat())?;
    let mut found = Vec::new();
    while let Some((&key, rank)) = objects.head() {
        let (batch, row) = objects.row();
        let mut object = object(batch, row).ok_or_else(|| damaged(dir, Table::Objects))?;
        while objects.head().is_some_and(|(next, _)| *next == key) {
            objects.advance(Table::Objects)?;
        }
        found.clear();
        while let Some((next, finding_rank)) = findings.head()
            && *next <= key
        {
            if *next == key && (finding_rank == rank || object.is_unread()) {
                let (batch, row) = findings.row();
                found.push(finding(what, batch, row).ok_or_else(|| damaged(dir, Table::Findings))?);
            }
            findings.advance(Table::Findings)?;
        }
        if object.is_unread() || found.iter().any(|finding| finding.review.is_some()) {
            // The scan did not know.
            let open = || found.iter().filter(|finding| finding.suppressed_by.is_none());
            object.occurrences = open().map(|finding| finding.occurrences).sum();
            object.sensitivity = open().map(|finding| finding.sensitivity).max();
        }
        visit(&object, &found)?;
    }
    Ok(())
}

impl CurrentObject {
    /// As [`is_unread`].
    pub(crate) fn is_unread(&self) -> bool {
        self.status == Status::Unreadable && self.coverage == Coverage::None
    }
}

/// Whether a scan could not even open the object: what earlier ones found in it stays, for nothing says that it is gone.
pub(crate) fn is_unread(objects: &RecordBatch, row: usize) -> bool {
    text(objects, "status", row) == Some(Status::Unreadable.name())
        && text(objects, "coverage", row) == Some(Coverage::None.name())
}

fn damaged(dir: &Path, table: Table) -> InventoryError {
    InventoryError::corrupt(&dir.join(table.name()), "a value that this program does not know")
}

/// A text of a row; `None` when it is NULL, or when there is no such column.
pub(crate) fn text<'a>(batch: &'a RecordBatch, column: &str, row: usize) -> Option<&'a str> {
    let array = batch.column_by_name(column)?.as_string_opt::<i32>()?;
    (!array.is_null(row)).then(|| array.value(row))
}

/// A count of a row.
pub(crate) fn count(batch: &RecordBatch, column: &str, row: usize) -> Option<u64> {
    let array = batch.column_by_name(column)?.as_primitive_opt::<Int64Type>()?;
    if array.is_null(row) { None } else { u64::try_from(array.value(row)).ok() }
}

/// Bytes of a row.
pub(crate) fn bytes<'a>(batch: &'a RecordBatch, column: &str, row: usize) -> Option<&'a [u8]> {
    let array = batch.column_by_name(column)?.as_binary_opt::<i32>()?;
    (!array.is_null(row)).then(|| array.value(row))
}

/// An id of a row.
pub(crate) fn id(batch: &RecordBatch, column: &str, row: usize) -> Option<[u8; 16]> {
    let array = batch.column_by_name(column)?.as_fixed_size_binary_opt()?;
    if array.is_null(row) { None } else { array.value(row).try_into().ok() }
}

fn object(batch: &RecordBatch, row: usize) -> Option<CurrentObject> {
    let named = |column| text(batch, column, row);
    Some(CurrentObject {
        scan: ScanId::from_bytes(id(batch, "scan_id", row)?),
        source: SourceId::from_bytes(id(batch, "source_id", row)?),
        kind: ObjectKind::parse(named("kind")?)?,
        path: named("path")?.to_owned(),
        member: named("member").map(str::to_owned),
        size: count(batch, "size_bytes", row).unwrap_or(0),
        exposure: Exposure::parse(named("exposure")?)?,
        status: Status::parse(named("status")?)?,
        coverage: Coverage::parse(named("coverage")?)?,
        reason: named("reason").and_then(Reason::parse),
        occurrences: count(batch, "occurrences", row).unwrap_or(0),
        sensitivity: named("sensitivity").and_then(Sensitivity::parse),
    })
}

fn finding(what: &Walk<'_>, batch: &RecordBatch, row: usize) -> Option<CurrentFinding> {
    let named = |column| text(batch, column, row);
    let finding_id = id(batch, "finding_id", row).map(FindingId::from_bytes);
    let review = finding_id.and_then(|id| what.reviews.get(id));
    let evidence = || list(batch, "evidence", row);
    let suppressed_by = named("suppressed_by").map(str::to_owned);
    Some(CurrentFinding {
        suppressed_by: suppressed_by.or_else(|| review.and_then(|review| suppresses(review, &evidence()?))),
        review: review.cloned(),
        column: named("column_path").map(str::to_owned),
        detector: named("detector")?.to_owned(),
        label: named("label")?.to_owned(),
        category: named("category")?.to_owned(),
        sensitivity: Sensitivity::parse(named("sensitivity")?)?,
        occurrences: count(batch, "occurrences", row)?,
        sketch: bytes(batch, "distinct_sketch", row).map(<[u8]>::to_vec),
        distinct: count(batch, "distinct_estimate", row)?,
        detail: if what.details {
            let confidence = batch.column_by_name("confidence")?.as_primitive_opt::<Float64Type>()?;
            Some(Detail {
                finding_id: finding_id?,
                confidence: confidence.value(row),
                masked_sample: named("masked_sample")?.to_owned(),
                evidence: evidence()?,
                alternatives: list(batch, "alternatives", row)?,
            })
        } else {
            None
        },
    })
}

/// What a verdict says in `suppressed_by` of a finding with that evidence: nothing where a rule wants its values reported.
pub(crate) fn suppresses(review: &Review, evidence: &[String]) -> Option<String> {
    let is_denied = evidence.iter().any(|fact| fact == FactKind::DenyList.name());
    review.suppresses().filter(|_| !is_denied)
}

/// A list of texts of a row.
pub(crate) fn list(batch: &RecordBatch, column: &str, row: usize) -> Option<Vec<String>> {
    let list = batch.column_by_name(column)?.as_list_opt::<i32>()?.value(row);
    Some(list.as_string_opt::<i32>()?.iter().flatten().map(str::to_owned).collect())
}
