//! A walk over the current state: each object with its findings, in the order of object ids, in bounded memory.

use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use domesday_model::{Coverage, Exposure, ObjectKind, Reason, Sensitivity, SourceId, Status};

use crate::InventoryError;
use crate::manifest::{FileEntry, FileState, Manifest};
use crate::run::Merge;
use crate::schema::Table;

const OBJECT_COLUMNS: &[&str] = &[
    "object_id",
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

/// An object of the current state.
pub(crate) struct CurrentObject {
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
    /// Somebody has accepted it.
    pub(crate) is_suppressed: bool,
    pub(crate) column: Option<String>,
    pub(crate) detector: String,
    pub(crate) label: String,
    pub(crate) category: String,
    pub(crate) sensitivity: Sensitivity,
    pub(crate) occurrences: u64,
    pub(crate) sketch: Option<Vec<u8>>,
    pub(crate) distinct: u64,
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
    which: impl Fn(&FileEntry) -> bool,
    mut visit: impl FnMut(&CurrentObject, &[CurrentFinding]) -> Result<(), InventoryError>,
) -> Result<(), InventoryError> {
    let open = |table, columns| {
        let files = manifest.live(table).filter(|file| which(file));
        Merge::open(table, ranked(dir, files), Some(columns))
    };
    let mut objects = open(Table::Objects, OBJECT_COLUMNS)?;
    let mut findings = open(Table::Findings, FINDING_COLUMNS)?;
    let mut found = Vec::new();
    while let Some((&key, rank)) = objects.head() {
        let (batch, row) = objects.row();
        let object = object(batch, row).ok_or_else(|| damaged(dir, Table::Objects))?;
        while objects.head().is_some_and(|(next, _)| *next == key) {
            objects.advance(Table::Objects)?;
        }
        found.clear();
        while let Some((next, finding_rank)) = findings.head()
            && *next <= key
        {
            if *next == key && finding_rank == rank {
                let (batch, row) = findings.row();
                found.push(finding(batch, row).ok_or_else(|| damaged(dir, Table::Findings))?);
            }
            findings.advance(Table::Findings)?;
        }
        visit(&object, &found)?;
    }
    Ok(())
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

fn finding(batch: &RecordBatch, row: usize) -> Option<CurrentFinding> {
    let named = |column| text(batch, column, row);
    Some(CurrentFinding {
        is_suppressed: named("suppressed_by").is_some(),
        column: named("column_path").map(str::to_owned),
        detector: named("detector")?.to_owned(),
        label: named("label")?.to_owned(),
        category: named("category")?.to_owned(),
        sensitivity: Sensitivity::parse(named("sensitivity")?)?,
        occurrences: count(batch, "occurrences", row)?,
        sketch: bytes(batch, "distinct_sketch", row).map(<[u8]>::to_vec),
        distinct: count(batch, "distinct_estimate", row)?,
    })
}
