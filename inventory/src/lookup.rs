//! One finding by its id, for `domesday show`.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::datatypes::{Float64Type, UInt64Type};
use domesday_model::{FindingId, ObjectId, PlaceUnit, Span};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowPredicateFn, ParquetRecordBatchReaderBuilder, RowFilter};
use parquet::errors::ParquetError;

use crate::InventoryError;
use crate::manifest::{FileState, Manifest};
use crate::schema::Table;
use crate::walk::{bytes, count, id, text};

/// A finding, with what is needed to open its first place again.
#[derive(Clone, PartialEq, Debug)]
pub struct FindingRow {
    /// Its id.
    pub finding_id: FindingId,
    /// The object it is in.
    pub object_id: ObjectId,
    /// Version of the object when it was scanned; 0 when unknown.
    pub object_version: u64,
    /// Name of the source.
    pub source_name: String,
    /// Location of the source.
    pub source_root: String,
    /// Raw path of the object, relative to the root.
    pub path: Vec<u8>,
    /// Way inside of a container.
    pub member: Option<String>,
    /// Format of the object.
    pub format: Option<String>,
    /// WHATWG name of the object's encoding.
    pub encoding: Option<String>,
    /// Column.
    pub column_path: Option<String>,
    /// Detector.
    pub detector: String,
    /// What people call it.
    pub label: String,
    /// Category in the style of fideslang.
    pub category: String,
    /// `low`, `moderate`, `high`.
    pub sensitivity: String,
    /// Values found.
    pub occurrences: u64,
    /// Estimate of the distinct ones.
    pub distinct_estimate: u64,
    /// Highest confidence, 0 to 1.
    pub confidence: f64,
    /// Record of the first occurrence.
    pub first_record: Option<u64>,
    /// Where the first occurrence stands.
    pub first_span: Span,
    /// What that counts.
    pub first_unit: PlaceUnit,
    /// The value there, masked.
    pub masked_sample: String,
    /// Every reason, sorted.
    pub evidence: Vec<String>,
    /// Other detectors that accept a value, sorted.
    pub alternatives: Vec<String>,
}

/// The finding of that id in the current state of the inventory at `dir`; `None` when there is none.
///
/// # Errors
/// When there is no inventory, or it cannot be read.
pub fn finding(dir: &Path, finding_id: FindingId) -> Result<Option<FindingRow>, InventoryError> {
    let manifest = Manifest::load(dir)?.ok_or_else(|| InventoryError::Absent { dir: dir.to_owned() })?;
    for state in [FileState::Running, FileState::Current] {
        let Some((file, found)) = find(dir, &manifest, Table::Findings, state, finding_id.as_bytes())? else {
            continue;
        };
        let damaged = || InventoryError::corrupt(&file, "a finding that this program does not understand");
        let object_id = id(&found, "object_id", 0).ok_or_else(damaged)?;
        let renewed = find(dir, &manifest, Table::Objects, FileState::Running, &object_id)?;
        if state == FileState::Current && renewed.is_some() {
            // The running scan has seen the object and did not find it again.
            return Ok(None);
        }
        let object = match renewed {
            Some(object) => object,
            None => {
                find(dir, &manifest, Table::Objects, FileState::Current, &object_id)?.ok_or_else(damaged)?
            }
        };
        return row(&manifest, &found, &object.1).map(Some).ok_or_else(damaged);
    }
    Ok(None)
}

/// The row of that id in the files of a table, with the file that holds it.
fn find(
    dir: &Path,
    manifest: &Manifest,
    table: Table,
    state: FileState,
    wanted: &[u8; 16],
) -> Result<Option<(PathBuf, RecordBatch)>, InventoryError> {
    for file in manifest.of_state(table, state) {
        let path = file.path(dir);
        if let Some(batch) = find_in(&path, table.columns()[0].name, *wanted)? {
            return Ok(Some((path, batch)));
        }
    }
    Ok(None)
}

fn find_in(
    path: &Path,
    column: &'static str,
    wanted: [u8; 16],
) -> Result<Option<RecordBatch>, InventoryError> {
    let file = File::open(path).map_err(InventoryError::read(path))?;
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(InventoryError::parquet_read(path))?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), [column]);
    let predicate = ArrowPredicateFn::new(mask, move |batch| {
        let ids = batch.column(0).as_fixed_size_binary();
        Ok(ids.iter().map(|id| Some(id == Some(&wanted[..]))).collect::<BooleanArray>())
    });
    let reader = builder.with_row_filter(RowFilter::new(vec![Box::new(predicate)])).with_limit(1);
    for batch in reader.build().map_err(InventoryError::parquet_read(path))? {
        let batch = batch.map_err(ParquetError::from).map_err(InventoryError::parquet_read(path))?;
        if batch.num_rows() > 0 {
            return Ok(Some(batch));
        }
    }
    Ok(None)
}

fn row(manifest: &Manifest, finding: &RecordBatch, object: &RecordBatch) -> Option<FindingRow> {
    let named = |column| text(finding, column, 0).map(str::to_owned);
    let of_object = |column| text(object, column, 0).map(str::to_owned);
    let source_id = id(finding, "source_id", 0)?;
    let source = manifest.sources.iter().find(|source| *source.source_id.as_bytes() == source_id)?;
    let path = bytes(object, "path_bytes", 0).or_else(|| text(object, "path", 0).map(str::as_bytes))?;
    let confidence = finding.column_by_name("confidence")?.as_primitive_opt::<Float64Type>()?;
    let version = finding.column_by_name("object_version")?.as_primitive_opt::<UInt64Type>()?;
    let place = RecordBatch::from(finding.column_by_name("first_place")?.as_struct_opt()?.clone());
    let unit = text(&place, "place_unit", 0)?;
    Some(FindingRow {
        finding_id: FindingId::from_bytes(id(finding, "finding_id", 0)?),
        object_id: ObjectId::from_bytes(id(finding, "object_id", 0)?),
        object_version: version.value(0),
        source_name: source.name.clone(),
        source_root: source.root.clone(),
        path: path.to_vec(),
        member: named("member"),
        format: of_object("format"),
        encoding: of_object("encoding"),
        column_path: named("column_path"),
        detector: named("detector")?,
        label: named("label")?,
        category: named("category")?,
        sensitivity: named("sensitivity")?,
        occurrences: count(finding, "occurrences", 0)?,
        distinct_estimate: count(finding, "distinct_estimate", 0)?,
        confidence: confidence.value(0),
        first_record: count(&place, "record", 0),
        first_span: Span { start: count(&place, "byte_start", 0)?, end: count(&place, "byte_end", 0)? },
        first_unit: [PlaceUnit::Bytes, PlaceUnit::Text].into_iter().find(|known| known.name() == unit)?,
        masked_sample: named("masked_sample")?,
        evidence: texts(finding, "evidence")?,
        alternatives: texts(finding, "alternatives")?,
    })
}

/// A list of texts of the only row.
fn texts(batch: &RecordBatch, column: &str) -> Option<Vec<String>> {
    let list = batch.column_by_name(column)?.as_list_opt::<i32>()?.value(0);
    Some(list.as_string_opt::<i32>()?.iter().flatten().map(str::to_owned).collect())
}
