//! Rows of `subjects` on their way to a sorted file.

use std::path::PathBuf;

use arrow::array::RecordBatch;
use domesday_model::{
    Catalog, Confidence, DetectorId, KeyId, ObjectId, Occurrence, ScanId, TOKEN_SCHEME, TokenKind,
};

use crate::InventoryError;
use crate::arrays::{counts, doubles, integers, sixteen, texts, versions};
use crate::rows::batch;
use crate::run::{Run, RunWriter};
use crate::schema::Table;
use crate::tally::{NO_PATH, PathIx};

/// Rows that become one record batch.
const BATCH_ROWS: usize = 8192;

/// A row, without the texts that it shares with others.
#[derive(Clone, Copy)]
struct SubjectRow {
    token: [u8; 16],
    start: u64,
    /// [`NO_RECORD`] where there is none.
    record: u64,
    /// Bytes from `start` on; a value is never longer.
    length: u32,
    /// Place in [`SubjectRows::objects`].
    object: u32,
    /// Place in [`SubjectRows::columns`].
    column: u32,
    detector: DetectorId,
    confidence: Confidence,
    kind: TokenKind,
}

/// No record.
const NO_RECORD: u64 = u64::MAX;

/// Rows with what they share.
#[derive(Default)]
pub(crate) struct SubjectRows {
    rows: Vec<SubjectRow>,
    objects: Vec<(ObjectId, u64)>,
    columns: Vec<Box<str>>,
}

/// What all rows of a scan have in common.
pub(crate) struct SubjectContext<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) scan_id: ScanId,
    pub(crate) key_id: KeyId,
}

impl SubjectRows {
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Bytes of memory, about.
    pub(crate) fn weight(&self) -> usize {
        self.rows.len() * size_of::<SubjectRow>()
            + self.objects.len() * size_of::<(ObjectId, u64)>()
            + self.columns.iter().map(|column| size_of::<Box<str>>() + column.len()).sum::<usize>()
    }

    /// Forgets the rows and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.objects.clear();
        self.columns.clear();
    }

    /// The tokens of an occurrence, in a set that holds rows of a single object. `path` is its column in that object.
    pub(crate) fn add(&mut self, occurrence: &Occurrence<'_>, path: PathIx) {
        self.rows.extend(occurrence.tokens.iter().map(|token| SubjectRow {
            token: token.token.0,
            start: occurrence.span.start,
            length: u32::try_from(occurrence.span.end - occurrence.span.start).unwrap_or(u32::MAX),
            record: occurrence.record.unwrap_or(NO_RECORD),
            object: 0,
            column: path,
            detector: token.detector,
            confidence: token.confidence,
            kind: token.kind,
        }));
    }

    /// Says what object, and which columns, the rows of a set of a single object speak of.
    pub(crate) fn describe(&mut self, object: ObjectId, version: u64, columns: &[Box<str>]) {
        self.objects.clear();
        self.objects.push((object, version));
        self.columns.clear();
        self.columns.extend_from_slice(columns);
    }

    /// Moves the rows of `other` here.
    pub(crate) fn absorb(&mut self, other: &mut Self) {
        if !other.is_empty() {
            let (objects, columns) = (self.objects.len() as u32, self.columns.len() as u32);
            self.objects.append(&mut other.objects);
            self.columns.append(&mut other.columns);
            self.rows.extend(other.rows.iter().map(|row| SubjectRow {
                object: row.object + objects,
                column: if row.column == NO_PATH { NO_PATH } else { row.column + columns },
                ..*row
            }));
        }
        other.clear();
    }

    /// Writes the rows to `path`, sorted by token.
    pub(crate) fn write(&self, path: PathBuf, context: &SubjectContext<'_>) -> Result<Run, InventoryError> {
        let order = self.order();
        let mut writer = RunWriter::create(path, Table::Subjects)?;
        for order in order.chunks(BATCH_ROWS) {
            writer.write(&self.batch(order, context))?;
        }
        writer.finish()
    }

    /// The places of the rows in the order of their tokens. Sorts the beginnings of tokens with places, which is
    /// several times faster than moving rows about; few tokens that are not equal begin alike.
    fn order(&self) -> Vec<(u64, u32)> {
        let beginning =
            |row: &SubjectRow| u64::from_be_bytes(*row.token.first_chunk().expect("a token has 16 bytes"));
        let mut order: Vec<_> = self.rows.iter().map(beginning).zip(0..).collect();
        order.sort_unstable();
        for alike in order.chunk_by_mut(|a, b| a.0 == b.0).filter(|alike| alike.len() > 1) {
            alike.sort_unstable_by(|a, b| {
                let [a, b] = [a.1, b.1].map(|place| &self.rows[place as usize]);
                let objects = [a, b].map(|row| &self.objects[row.object as usize]);
                let place = |row: &SubjectRow| {
                    (row.record.wrapping_add(1), row.start, row.length, row.column, row.detector)
                };
                a.token
                    .cmp(&b.token)
                    .then_with(|| objects[0].cmp(objects[1]))
                    .then_with(|| place(a).cmp(&place(b)))
            });
        }
        order
    }

    fn batch(&self, order: &[(u64, u32)], context: &SubjectContext<'_>) -> RecordBatch {
        // The rows lie anywhere in memory: each is fetched once, not for every column.
        let rows: Vec<SubjectRow> = order.iter().map(|&(_, place)| self.rows[place as usize]).collect();
        let all = || rows.iter();
        let object = |row: &SubjectRow| &self.objects[row.object as usize];
        let key_id = context.key_id.to_string();
        batch(
            Table::Subjects,
            vec![
                sixteen(all().map(|row| Some(&row.token))),
                texts(all().map(|row| Some(row.kind.name()))),
                integers(all().map(|_| Some(i32::from(TOKEN_SCHEME)))),
                texts(all().map(|_| Some(key_id.as_str()))),
                texts(all().map(|row| Some(context.catalog.detector(row.detector).id.as_str()))),
                sixteen(all().map(|row| Some(object(row).0.as_bytes()))),
                texts(all().map(|row| self.columns.get(row.column as usize).map(|column| &**column))),
                counts(all().map(|row| Some(row.record).filter(|&record| record != NO_RECORD))),
                counts(all().map(|row| Some(row.start))),
                counts(all().map(|row| Some(row.start + u64::from(row.length)))),
                doubles(all().map(|row| Some(row.confidence.as_f64()))),
                sixteen(all().map(|_| Some(context.scan_id.as_bytes()))),
                versions(all().map(|row| Some(object(row).1))),
            ],
        )
    }
}
