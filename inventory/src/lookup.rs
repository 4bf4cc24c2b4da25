//! Findings by their ids, for `domesday show` and the table of a scan.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::datatypes::{Float64Type, UInt64Type};
use domesday_model::{FindingId, ObjectId, PlaceUnit, Review, Span};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowPredicateFn, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowFilter,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::PageIndexPolicy;

use crate::InventoryError;
use crate::manifest::{FileState, Manifest};
use crate::reviews::Reviews;
use crate::schema::Table;
use crate::walk::{bytes, count, id, is_unread, list, suppresses, text};

/// Bytes of a bloom filter with one block behind its header; anything shorter is damaged and tells nothing.
const SMALLEST_FILTER: i32 = 33;

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
    /// Country of the source, ISO 3166 alpha-2.
    pub source_country: Option<String>,
    /// Raw path of the object, relative to the root.
    pub path: Vec<u8>,
    /// Way inside of a container.
    pub member: Option<String>,
    /// Format of the object.
    pub format: Option<String>,
    /// Name of the object's encoding.
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
    /// Why it counts in no sum.
    pub suppressed_by: Option<String>,
    /// What a person said of it.
    pub review: Option<Review>,
}

/// The finding of that id in the current state of the inventory at `dir`; `None` when there is none.
///
/// # Errors
/// When there is no inventory, or it cannot be read.
pub fn finding(dir: &Path, finding_id: FindingId) -> Result<Option<FindingRow>, InventoryError> {
    Ok(findings(dir, &[finding_id])?.remove(&finding_id))
}

/// Those of the findings that are in the current state of the inventory at `dir`, by their id. Much cheaper than as
/// many calls of [`finding`].
///
/// # Errors
/// As [`finding`].
pub fn findings(dir: &Path, wanted: &[FindingId]) -> Result<HashMap<FindingId, FindingRow>, InventoryError> {
    let manifest = Manifest::load(dir)?.ok_or_else(|| InventoryError::Absent { dir: dir.to_owned() })?;
    let wanted = wanted.iter().map(|id| *id.as_bytes()).collect();
    let found = find(dir, &manifest, Table::Findings, wanted)?;
    let mut of_objects = BTreeSet::new();
    for row in found.values() {
        of_objects.insert(id(&row.batch, "object_id", 0).ok_or_else(|| row.damaged())?);
    }
    let objects = find(dir, &manifest, Table::Objects, of_objects)?;
    let reviews = Reviews::load(dir, &manifest)?;
    let mut rows = HashMap::new();
    for finding in found.values() {
        let object_id = id(&finding.batch, "object_id", 0).ok_or_else(|| finding.damaged())?;
        let object = objects.get(&object_id).ok_or_else(|| finding.damaged())?;
        if finding.state == FileState::Current
            && object.state == FileState::Running
            && !is_unread(&object.batch, 0)
        {
            // The running scan has read the object and did not find it again.
            continue;
        }
        let mut row = row(&manifest, &finding.batch, &object.batch).ok_or_else(|| finding.damaged())?;
        row.review = reviews.get(row.finding_id).cloned();
        let by_review = || row.review.as_ref().and_then(|review| suppresses(review, &row.evidence));
        row.suppressed_by = row.suppressed_by.take().or_else(by_review);
        rows.insert(row.finding_id, row);
    }
    Ok(rows)
}

/// A row of a file of the inventory.
pub(crate) struct Found {
    file: PathBuf,
    state: FileState,
    /// Has this row only.
    pub(crate) batch: RecordBatch,
}

impl Found {
    fn damaged(&self) -> InventoryError {
        InventoryError::corrupt(&self.file, "a finding that this program does not understand")
    }
}

/// The rows of those ids in the files of a table that is told by its first column. Rows of running scans come before
/// current ones.
pub(crate) fn find(
    dir: &Path,
    manifest: &Manifest,
    table: Table,
    mut wanted: BTreeSet<[u8; 16]>,
) -> Result<HashMap<[u8; 16], Found>, InventoryError> {
    let mut found = HashMap::new();
    for state in [FileState::Running, FileState::Current] {
        for entry in manifest.of_state(table, state) {
            if wanted.is_empty() {
                return Ok(found);
            }
            let file = entry.path(dir);
            for (id, batch) in find_in(&file, table.columns()[0].name, &wanted)? {
                wanted.remove(&id);
                found.insert(id, Found { file: file.clone(), state, batch });
            }
        }
    }
    Ok(found)
}

/// The rows of those ids in one file. Reads the ids of those row groups only that may hold one of them, and of the
/// other columns the pages with its rows.
fn find_in(
    path: &Path,
    column: &'static str,
    wanted: &BTreeSet<[u8; 16]>,
) -> Result<Vec<([u8; 16], RecordBatch)>, InventoryError> {
    let file = File::open(path).map_err(InventoryError::read(path))?;
    let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
        .map_err(InventoryError::parquet_read(path))?;
    let groups = groups_with(&builder, column, wanted).map_err(InventoryError::parquet_read(path))?;
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let mask = ProjectionMask::columns(builder.parquet_schema(), [column]);
    let ids = wanted.clone();
    let predicate = ArrowPredicateFn::new(mask, move |batch| {
        let column = batch.column(0).as_fixed_size_binary();
        Ok(column.iter().map(|id| Some(id.is_some_and(|id| ids.contains(id)))).collect::<BooleanArray>())
    });
    let reader =
        builder.with_row_groups(groups).with_row_filter(RowFilter::new(vec![Box::new(predicate)])).build();
    let mut rows = Vec::new();
    for batch in reader.map_err(InventoryError::parquet_read(path))? {
        let batch = batch.map_err(ParquetError::from).map_err(InventoryError::parquet_read(path))?;
        let of_row = |row| Some((id(&batch, column, row)?, batch.slice(row, 1)));
        rows.extend((0..batch.num_rows()).filter_map(of_row));
    }
    Ok(rows)
}

/// The row groups that may hold one of those ids: by their least and greatest one, which tells all where a file is
/// sorted by them, and by their bloom filter, where they have one.
fn groups_with(
    builder: &ParquetRecordBatchReaderBuilder<File>,
    column: &str,
    wanted: &BTreeSet<[u8; 16]>,
) -> Result<Vec<usize>, ParquetError> {
    let Some(index) = builder.parquet_schema().columns().iter().position(|c| c.name() == column) else {
        return Err(ParquetError::General(format!("no column {column}")));
    };
    let mut groups = Vec::new();
    for (number, group) in builder.metadata().row_groups().iter().enumerate() {
        let chunk = group.column(index);
        let bounds = chunk.statistics().and_then(|s| s.min_bytes_opt().zip(s.max_bytes_opt()));
        let within = |id: &&[u8; 16]| bounds.is_none_or(|(min, max)| (min..=max).contains(&&id[..]));
        let mut likely = wanted.iter().filter(within).peekable();
        if likely.peek().is_none() {
            continue;
        }
        let filter = match chunk.bloom_filter_length() {
            Some(length) if length >= SMALLEST_FILTER => {
                builder.get_row_group_column_bloom_filter(number, index)?
            }
            _ => None,
        };
        if likely.any(|id| filter.as_ref().is_none_or(|filter| filter.check(&id[..]))) {
            groups.push(number);
        }
    }
    Ok(groups)
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
        source_country: source.country.clone(),
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
        first_unit: PlaceUnit::ALL.into_iter().find(|known| known.name() == unit)?,
        masked_sample: named("masked_sample")?,
        evidence: list(finding, "evidence", 0)?,
        alternatives: list(finding, "alternatives", 0)?,
        suppressed_by: named("suppressed_by"),
        review: None,
    })
}
