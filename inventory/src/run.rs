//! Sorted Parquet files: writing one, and merging several with bounded memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, FixedSizeBinaryArray, RecordBatch, new_null_array};
use arrow::compute::interleave_record_batch;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::errors::ParquetError;

use crate::InventoryError;
use crate::schema::Table;

/// Rows that a merge holds of each file at a time.
const READ_ROWS: usize = 1024;
/// Rows that a merge hands to the writer at a time.
const WRITE_ROWS: usize = 8192;
/// Batches that a merge keeps for rows that are not written yet.
const WINDOW: usize = 128;

/// What rows are sorted by: the key columns of the table, padded with zeros.
pub(crate) type SortKey = [u8; 32];

/// A Parquet file being written. Dropped before `finish`, it removes what it wrote.
pub(crate) struct RunWriter {
    path: PathBuf,
    writer: Option<ArrowWriter<File>>,
    rows: u64,
}

/// A Parquet file that is complete, but neither durable nor part of the inventory yet.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) path: PathBuf,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

impl RunWriter {
    pub(crate) fn create(path: PathBuf, table: Table) -> Result<Self, InventoryError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(InventoryError::write(folder))?;
        }
        let file = File::create(&path).map_err(InventoryError::write(&path))?;
        let writer = ArrowWriter::try_new(file, table.schema(), Some(table.writer_properties()))
            .map_err(InventoryError::parquet_write(&path))?;
        Ok(Self { path, writer: Some(writer), rows: 0 })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), InventoryError> {
        self.rows += batch.num_rows() as u64;
        match &mut self.writer {
            Some(writer) => writer.write(batch).map_err(InventoryError::parquet_write(&self.path)),
            None => Ok(()),
        }
    }

    pub(crate) fn finish(mut self) -> Result<Run, InventoryError> {
        if let Some(mut writer) = self.writer.take()
            && let Err(error) = writer.finish()
        {
            let _ = fs::remove_file(&self.path);
            return Err(InventoryError::parquet_write(&self.path)(error));
        }
        let bytes = fs::metadata(&self.path).map_err(InventoryError::write(&self.path))?.len();
        Ok(Run { path: std::mem::take(&mut self.path), rows: self.rows, bytes })
    }
}

impl Drop for RunWriter {
    fn drop(&mut self) {
        // A file that nobody will name only takes space away; the next writer removes it should this fail.
        if self.writer.take().is_some() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A merge of sorted files: shows their rows in the order of their keys, one after another.
pub(crate) struct Merge {
    cursors: Vec<Cursor>,
    /// Key, rank, index of the cursor.
    heads: BinaryHeap<Reverse<(SortKey, u8, usize)>>,
}

struct Cursor {
    path: PathBuf,
    reader: ParquetRecordBatchReader,
    batch: RecordBatch,
    keys: Vec<FixedSizeBinaryArray>,
    /// Changes with every batch.
    serial: u64,
    row: usize,
    rank: u8,
    /// All columns are read.
    whole: bool,
}

impl Merge {
    /// Opens the files for a merge. Of rows with equal keys, those of the lower rank come first. `columns` limits
    /// what is read; it must hold the sort key.
    pub(crate) fn open(
        table: Table,
        files: impl IntoIterator<Item = (PathBuf, u8)>,
        columns: Option<&[&str]>,
    ) -> Result<Self, InventoryError> {
        let mut merge = Self { cursors: Vec::new(), heads: BinaryHeap::new() };
        for (path, rank) in files {
            let reader = reader(&path, columns)?;
            let batch = RecordBatch::new_empty(reader_schema(&reader));
            let (keys, whole) = (Vec::new(), columns.is_none());
            let mut cursor = Cursor { path, reader, batch, keys, serial: 0, row: 0, rank, whole };
            if cursor.load(table)? {
                merge.heads.push(Reverse((cursor.key(), rank, merge.cursors.len())));
                merge.cursors.push(cursor);
            }
        }
        Ok(merge)
    }

    /// Key and rank of the next row; `None` at the end.
    pub(crate) fn head(&self) -> Option<(&SortKey, u8)> {
        self.heads.peek().map(|Reverse((key, rank, _))| (key, *rank))
    }

    /// The next row, as a row of a batch. There must be one: see [`Self::head`].
    pub(crate) fn row(&self) -> (&RecordBatch, usize) {
        let Reverse((_, _, index)) = self.heads.peek().expect("the caller saw a head");
        let cursor = &self.cursors[*index];
        (&cursor.batch, cursor.row)
    }

    /// Goes on to the row after.
    pub(crate) fn advance(&mut self, table: Table) -> Result<(), InventoryError> {
        let Some(mut head) = self.heads.peek_mut() else { return Ok(()) };
        let index = head.0.2;
        let cursor = &mut self.cursors[index];
        cursor.row += 1;
        if cursor.row < cursor.batch.num_rows() || cursor.load(table)? {
            *head = Reverse((cursor.key(), cursor.rank, index));
        } else {
            std::collections::binary_heap::PeekMut::pop(head);
        }
        Ok(())
    }
}

impl Cursor {
    /// The next batch that has rows; false at the end.
    fn load(&mut self, table: Table) -> Result<bool, InventoryError> {
        for batch in self.reader.by_ref() {
            let batch =
                batch.map_err(ParquetError::from).map_err(InventoryError::parquet_read(&self.path))?;
            if batch.num_rows() == 0 {
                continue;
            }
            self.keys.clear();
            for name in table.sort_key() {
                let key = batch.column_by_name(name).and_then(|column| column.as_fixed_size_binary_opt());
                let Some(key) = key.filter(|key| key.value_length() == 16 && key.null_count() == 0) else {
                    return Err(InventoryError::corrupt(&self.path, format!("no column {name}")));
                };
                self.keys.push(key.clone());
            }
            self.batch = if self.whole { completed(table, batch, &self.path)? } else { batch };
            self.serial += 1;
            self.row = 0;
            return Ok(true);
        }
        Ok(false)
    }

    fn key(&self) -> SortKey {
        let mut key = [0; 32];
        for (part, column) in key.chunks_exact_mut(16).zip(&self.keys) {
            part.copy_from_slice(column.value(self.row));
        }
        key
    }
}

/// Rows with the columns that their file lacks because an earlier program wrote it.
fn completed(table: Table, batch: RecordBatch, path: &Path) -> Result<RecordBatch, InventoryError> {
    if batch.num_columns() == table.columns().len() {
        return Ok(batch);
    }
    let schema = table.schema();
    let column = |field: &arrow::datatypes::FieldRef| {
        let known = batch.column_by_name(field.name()).cloned();
        known.unwrap_or_else(|| new_null_array(field.data_type(), batch.num_rows()))
    };
    let columns = schema.fields().iter().map(column).collect();
    let differ = |_| InventoryError::corrupt(path, "other columns than this table has");
    RecordBatch::try_new(schema, columns).map_err(differ)
}

fn reader_schema(reader: &ParquetRecordBatchReader) -> arrow::datatypes::SchemaRef {
    use arrow::array::RecordBatchReader;
    reader.schema()
}

/// Opens a file of the inventory for reading.
pub(crate) fn reader(
    path: &Path,
    columns: Option<&[&str]>,
) -> Result<ParquetRecordBatchReader, InventoryError> {
    let file = File::open(path).map_err(InventoryError::read(path))?;
    let mut builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(InventoryError::parquet_read(path))?;
    if let Some(columns) = columns {
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        builder = builder.with_projection(mask);
    }
    builder.with_batch_size(READ_ROWS).build().map_err(InventoryError::parquet_read(path))
}

/// Collects rows of a merge, in the order in which they are picked, into batches for a writer.
pub(crate) struct Picker {
    window: Vec<RecordBatch>,
    /// For each cursor, the batch that was picked from last and its place in the window.
    slots: Vec<(u64, usize)>,
    picks: Vec<(usize, usize)>,
}

impl Picker {
    pub(crate) fn new() -> Self {
        Self { window: Vec::new(), slots: Vec::new(), picks: Vec::new() }
    }

    /// Takes the merge's next row.
    pub(crate) fn pick(&mut self, merge: &Merge) {
        let Some(Reverse((_, _, index))) = merge.heads.peek() else { return };
        let cursor = &merge.cursors[*index];
        if self.slots.len() <= *index {
            self.slots.resize(index + 1, (0, 0));
        }
        if self.slots[*index].0 != cursor.serial {
            self.slots[*index] = (cursor.serial, self.window.len());
            self.window.push(cursor.batch.clone());
        }
        self.picks.push((self.slots[*index].1, cursor.row));
    }

    /// Whether it is time to take a batch.
    pub(crate) fn is_full(&self) -> bool {
        self.picks.len() >= WRITE_ROWS || self.window.len() >= WINDOW
    }

    /// What was picked since the last call, as one batch; `None` when nothing was.
    pub(crate) fn take(&mut self, path: &Path) -> Result<Option<RecordBatch>, InventoryError> {
        if self.picks.is_empty() {
            return Ok(None);
        }
        let window: Vec<_> = self.window.iter().collect();
        let batch = interleave_record_batch(&window, &self.picks)
            .map_err(|_| InventoryError::corrupt(path, "files of one table differ in their columns"))?;
        self.window.clear();
        self.slots.clear();
        self.picks.clear();
        Ok(Some(batch))
    }
}

/// How many of the files to merge, given their rows in ascending order: at least two, and on as long as the next file
/// is no larger than they are together. Rewriting large files for the sake of small ones would make the cost quadratic.
pub(crate) fn alike(rows: impl IntoIterator<Item = u64>) -> usize {
    let (mut taken, mut sum) = (0, 0);
    for rows in rows {
        if taken >= 2 && rows > sum {
            break;
        }
        sum += rows;
        taken += 1;
    }
    taken
}

/// Writes those rows of a merge that `keep` accepts, by key and rank, to `path`.
pub(crate) fn merge_into(
    path: PathBuf,
    table: Table,
    mut merge: Merge,
    mut keep: impl FnMut(&SortKey, u8) -> Result<bool, InventoryError>,
) -> Result<Run, InventoryError> {
    let mut writer = RunWriter::create(path.clone(), table)?;
    let mut picker = Picker::new();
    while let Some((key, rank)) = merge.head() {
        if keep(key, rank)? {
            picker.pick(&merge);
            if picker.is_full()
                && let Some(batch) = picker.take(&path)?
            {
                writer.write(&batch)?;
            }
        }
        merge.advance(table)?;
    }
    if let Some(batch) = picker.take(&path)? {
        writer.write(&batch)?;
    }
    writer.finish()
}
