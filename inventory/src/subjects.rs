//! Rows of `subjects` on their way to a sorted file.

use std::cmp::Ordering;
use std::path::PathBuf;
use std::thread;

use arrow::array::RecordBatch;
use domesday_model::{
    Catalog, Confidence, DetectorId, KeyId, ObjectId, Occurrence, ScanId, TOKEN_SCHEME, TokenKind,
};

use crate::InventoryError;
use crate::arrays::{counts, doubles, every_text, integers, sixteen, texts, versions};
use crate::rows::batch;
use crate::run::{Run, RunWriter, alike};
use crate::schema::Table;
use crate::spill::{Spill, SpilledRows};
use crate::tally::PathIx;

/// Rows that become one record batch.
const BATCH_ROWS: usize = 8192;

/// A row, without the texts that it shares with others.
#[derive(Clone, Copy)]
pub(crate) struct SubjectRow {
    pub(crate) token: [u8; 16],
    pub(crate) start: u64,
    /// [`NO_RECORD`] where there is none.
    pub(crate) record: u64,
    /// Bytes from `start` on; a value is never longer.
    pub(crate) length: u32,
    /// Place in [`SubjectRows::objects`].
    pub(crate) object: u32,
    /// Place in [`SubjectRows::columns`].
    pub(crate) column: u32,
    pub(crate) detector: DetectorId,
    pub(crate) confidence: Confidence,
    pub(crate) kind: TokenKind,
}

/// No record.
const NO_RECORD: u64 = u64::MAX;

/// Files of rows aside before some of them are merged.
const MOST_SPILLS: usize = 64;

/// Files of rows aside that are read at once: sinks and commits have as many open at the same time, each.
const MOST_OPEN: usize = 16;

/// Bits of tokens by which rows are parted before they are sorted.
const PART_BITS: u32 = 12;

/// Rows of a file of the inventory before it pays to write another one beside it at the same time.
const LEAST_PART: u64 = 1 << 18;

/// Rows with what they share.
#[derive(Default)]
pub(crate) struct SubjectRows {
    rows: Vec<SubjectRow>,
    /// Memory for more of them.
    spare: Vec<SubjectRow>,
    /// More of them, in files.
    spills: Vec<Spill>,
    objects: Vec<(ObjectId, u64)>,
    columns: Vec<Box<str>>,
}

/// What all rows of a scan have in common.
pub(crate) struct SubjectContext<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) scan_id: ScanId,
    pub(crate) key_id: KeyId,
}

impl SubjectRow {
    /// The first eight bytes of the token, in its order.
    pub(crate) fn beginning(&self) -> u64 {
        u64::from_be_bytes(*self.token.first_chunk().expect("a token has 16 bytes"))
    }
}

/// The order of rows in a file.
fn compare(objects: &[(ObjectId, u64)], a: &SubjectRow, b: &SubjectRow) -> Ordering {
    let object = |row: &SubjectRow| objects[row.object as usize];
    let by_object = || if a.object == b.object { Ordering::Equal } else { object(a).cmp(&object(b)) };
    let place =
        |row: &SubjectRow| (row.record.wrapping_add(1), row.start, row.length, row.column, row.detector);
    let token = |row: &SubjectRow| u128::from_be_bytes(row.token);
    token(a).cmp(&token(b)).then_with(by_object).then_with(|| place(a).cmp(&place(b)))
}

impl SubjectRows {
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.spills.is_empty()
    }

    /// Whether files are to be merged before there are more of them.
    pub(crate) fn is_scattered(&self) -> bool {
        self.spills.len() >= MOST_SPILLS
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> u64 {
        self.rows.len() as u64 + self.spills.iter().map(|spill| spill.rows).sum::<u64>()
    }

    /// Bytes of memory that the rows take.
    pub(crate) fn weight(&self) -> usize {
        self.rows.len() * size_of::<SubjectRow>()
    }

    /// Bytes of memory that what they share takes, about.
    pub(crate) fn shared_weight(&self) -> usize {
        self.objects.len() * size_of::<(ObjectId, u64)>()
            + self.columns.iter().map(|column| size_of::<Box<str>>() + column.len()).sum::<usize>()
    }

    /// Forgets the rows and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.spills.clear();
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
            self.rows.extend(other.rows.iter().map(|row| row.behind(objects, columns)));
            other.spills.iter_mut().for_each(|spill| spill.put_behind(objects, columns));
            self.spills.append(&mut other.spills);
        }
        other.clear();
    }

    /// Takes the rows away, with what is needed to write them aside; [`Self::put_back`] is to follow.
    pub(crate) fn take_rows(&mut self) -> Self {
        Self {
            rows: std::mem::replace(&mut self.rows, std::mem::take(&mut self.spare)),
            spare: Vec::new(),
            spills: std::mem::take(&mut self.spills),
            objects: self.objects.clone(),
            columns: Vec::new(),
        }
    }

    /// Puts back what was taken and written aside.
    pub(crate) fn put_back(&mut self, mut taken: Self) {
        self.spills.append(&mut taken.spills);
        taken.rows.clear();
        self.spare = taken.rows;
    }

    /// Writes the rows aside, sorted, and merges such files when there are many. `path` says where.
    pub(crate) fn spill(&mut self, path: impl Fn() -> PathBuf) -> Result<(), InventoryError> {
        let order = self.order();
        self.spills
            .push(Spill::write(path(), order.iter().map(|&(_, place)| Ok(self.rows[place as usize])))?);
        self.rows.clear();
        self.gather(MOST_SPILLS - 1, path)
    }

    /// Merges files until there are no more than `most`, which is one at least.
    fn gather(&mut self, most: usize, path: impl Fn() -> PathBuf) -> Result<(), InventoryError> {
        while self.spills.len() > most {
            self.spills.sort_by_key(|spill| spill.rows);
            let count = alike(self.spills.iter().map(|spill| spill.rows)).min(MOST_OPEN);
            let mut merged = Merged::of(&self.objects, None, &self.spills[..count], (0, None))?;
            let merged = Spill::write(path(), std::iter::from_fn(|| merged.next().transpose()))?;
            self.spills.splice(..count, [merged]);
        }
        Ok(())
    }

    /// Writes the rows to files that are sorted by token: to `parts` of them at the same time where there are that many.
    /// `aside` says where rows are put that lie in too many files, `path` where those files are.
    pub(crate) fn write(
        &mut self,
        parts: usize,
        aside: impl Fn() -> PathBuf,
        path: impl Fn() -> PathBuf,
        context: &SubjectContext<'_>,
    ) -> Result<Vec<Run>, InventoryError> {
        self.gather(MOST_OPEN, aside)?;
        let parts = (self.count() / LEAST_PART).clamp(1, parts.max(1) as u64);
        let order = self.order();
        // Tokens are hashes: each part has about as many.
        let border = |part: u64| (part < parts).then(|| u64::MAX / parts * part);
        let write = |part: u64, path: PathBuf| {
            let range = (border(part).unwrap_or_default(), border(part + 1));
            let mut merged = Merged::of(&self.objects, Some((&self.rows, &order)), &self.spills, range)?;
            let mut writer = RunWriter::create(path, Table::Subjects)?;
            let mut rows = Vec::with_capacity(BATCH_ROWS);
            loop {
                rows.clear();
                while rows.len() < BATCH_ROWS
                    && let Some(row) = merged.next()?
                {
                    rows.push(row);
                }
                if rows.is_empty() {
                    return writer.finish();
                }
                writer.write(&self.batch(&rows, context))?;
            }
        };
        thread::scope(|scope| {
            let write = &write;
            let others: Vec<_> = (1..parts)
                .map(|part| (part, path()))
                .map(|(part, path)| scope.spawn(move || write(part, path)))
                .collect();
            let mut runs = vec![write(0, path())];
            let join = |thread: thread::ScopedJoinHandle<'_, _>| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            runs.extend(others.into_iter().map(join));
            runs.into_iter().collect()
        })
    }

    /// The places of the rows in the order of their tokens. Sorts the beginnings of tokens with places, which is
    /// several times faster than moving rows about; few tokens that are not equal begin alike.
    fn order(&self) -> Vec<(u64, u32)> {
        // Tokens are hashes: by their first bits they fall into parts of like size, which sort within the processor's cache.
        let part = |row: &SubjectRow| (row.beginning() >> (64 - PART_BITS)) as usize;
        let mut ends = vec![0; 1 << PART_BITS];
        self.rows.iter().for_each(|row| ends[part(row)] += 1);
        ends.iter_mut().fold(0, |before, end| std::mem::replace(end, before) + before);
        let mut order = vec![(0, 0); self.rows.len()];
        for (place, row) in (0..).zip(&self.rows) {
            let end = &mut ends[part(row)];
            order[*end] = (row.beginning(), place);
            *end += 1;
        }
        let mut rest = &mut order[..];
        let mut before = 0;
        for end in ends {
            let (part, behind) = rest.split_at_mut(end - before);
            part.sort_unstable();
            (rest, before) = (behind, end);
        }
        for alike in order.chunk_by_mut(|a, b| a.0 == b.0).filter(|alike| alike.len() > 1) {
            let row = |place: u32| &self.rows[place as usize];
            // Those of one object came in order, which this sort makes use of.
            alike.sort_by(|a, b| compare(&self.objects, row(a.1), row(b.1)));
        }
        order
    }

    fn batch(&self, rows: &[SubjectRow], context: &SubjectContext<'_>) -> RecordBatch {
        let all = || rows.iter();
        let object = |row: &SubjectRow| &self.objects[row.object as usize];
        let key_id = context.key_id.to_string();
        batch(
            Table::Subjects,
            vec![
                sixteen(all().map(|row| Some(&row.token))),
                every_text(all().map(|row| row.kind.name())),
                integers(all().map(|_| Some(i32::from(TOKEN_SCHEME)))),
                every_text(all().map(|_| key_id.as_str())),
                every_text(all().map(|row| context.catalog.detector(row.detector).id.as_str())),
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

/// Rows in memory, with their order.
type Ordered<'a> = (&'a [SubjectRow], &'a [(u64, u32)]);

/// Sorted rows from several places, as one.
struct Merged<'a> {
    objects: &'a [(ObjectId, u64)],
    sources: Vec<Source<'a>>,
    /// The next row of each.
    heads: Vec<SubjectRow>,
    /// A heap of the sources that have one: none comes before the one at half its place.
    heap: Vec<usize>,
}

enum Source<'a> {
    Memory { rows: &'a [SubjectRow], order: std::slice::Iter<'a, (u64, u32)> },
    File(SpilledRows<'a>),
}

impl Source<'_> {
    fn next(&mut self) -> Result<Option<SubjectRow>, InventoryError> {
        match self {
            Self::Memory { rows, order } => Ok(order.next().map(|&(_, place)| rows[place as usize])),
            Self::File(rows) => rows.next(),
        }
    }
}

impl<'a> Merged<'a> {
    /// Those whose tokens begin with so much, and with less than that.
    fn of(
        objects: &'a [(ObjectId, u64)],
        memory: Option<Ordered<'a>>,
        spills: &'a [Spill],
        (from, to): (u64, Option<u64>),
    ) -> Result<Self, InventoryError> {
        let mut merged = Self { objects, sources: Vec::new(), heads: Vec::new(), heap: Vec::new() };
        if let Some((rows, order)) = memory {
            let place = |token: u64| order.partition_point(|(beginning, _)| *beginning < token);
            let order = &order[place(from)..to.map_or(order.len(), place)];
            merged.add(Source::Memory { rows, order: order.iter() })?;
        }
        spills.iter().try_for_each(|spill| merged.add(Source::File(spill.rows(from, to)?)))?;
        (0..merged.heap.len() / 2).rev().for_each(|at| merged.sink(at));
        Ok(merged)
    }

    fn add(&mut self, mut source: Source<'a>) -> Result<(), InventoryError> {
        if let Some(row) = source.next()? {
            self.heap.push(self.sources.len());
            self.sources.push(source);
            self.heads.push(row);
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Option<SubjectRow>, InventoryError> {
        let Some(&first) = self.heap.first() else { return Ok(None) };
        let row = self.heads[first];
        match self.sources[first].next()? {
            Some(next) => self.heads[first] = next,
            None => {
                self.heap.swap_remove(0);
            }
        }
        self.sink(0);
        Ok(Some(row))
    }

    /// Moves the source at a place of the heap down to where it belongs.
    fn sink(&mut self, mut at: usize) {
        let Self { objects, heads, heap, .. } = self;
        let before = |a: usize, b: usize| compare(objects, &heads[a], &heads[b]).is_lt();
        loop {
            let mut least = at;
            for below in [2 * at + 1, 2 * at + 2] {
                if below < heap.len() && before(heap[below], heap[least]) {
                    least = below;
                }
            }
            if least == at {
                return;
            }
            heap.swap(at, least);
            at = least;
        }
    }
}
