//! The end of a scan: its rows and those of the current state become the new current state.
//!
//! Files are sorted by object id, so this is one merge per table and its memory does not depend on the number of
//! objects. The merge of `objects` decides which objects of the current state stay as they are and writes their ids
//! down; the other tables follow that list. `subjects`, sorted by token, takes the list in pieces of bounded size.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, FixedSizeBinaryArray, Int64Array, RecordBatch, Scalar,
    StringArray, TimestampMicrosecondArray, new_null_array,
};
use arrow::compute::interleave;
use arrow::compute::kernels::zip::zip;
use arrow::datatypes::TimestampMicrosecondType;
use domesday_model::{Coverage, Exposure, ObjectId, ObjectKind, Reason, ScanId, SourceId, Status, Timestamp};

use crate::InventoryError;
use crate::arrays::{counts, sixteen, texts, times, versions};
use crate::inventory::Claim;
use crate::kept::{Kept, KeptWriter};
use crate::manifest::{FileEntry, FileState, ScanEntry, ScanTotals};
use crate::reviews::Reviews;
use crate::rows::batch;
use crate::run::{Merge, Picker, Run, RunWriter, SortKey, merge_into};
use crate::schema::Table;
use crate::sketch::DistinctUnion;
use crate::transaction::Transaction;
use crate::walk::{Walk, bytes, id, is_unread, text, walk};

/// How a scan ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ScanStatus {
    /// It saw all of its source; what it did not see is gone.
    Complete,
    /// It saw a part; all else stays as it was.
    Interrupted,
}

impl ScanStatus {
    /// The name in the inventory.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Interrupted => "interrupted",
        }
    }
}

/// A scan that ends.
pub(crate) struct Fold<'a> {
    pub(crate) scan: ScanEntry,
    pub(crate) status: ScanStatus,
    pub(crate) finished_at: Timestamp,
    pub(crate) not_entered: &'a NotEntered,
    /// Parts of other sources that belong to this one now.
    pub(crate) claims: &'a [Claim],
    /// Bytes that the fold may use for ids.
    pub(crate) memory: usize,
}

/// Directories of which the scan does not know what lies in them.
#[derive(Default)]
pub(crate) struct NotEntered {
    /// They could not be listed whole.
    pub(crate) problems: BTreeSet<ObjectId>,
    /// They belong to more specific sources.
    pub(crate) owned: BTreeSet<ObjectId>,
}

/// What becomes of an object of the current state that the scan did not see.
enum Fate {
    Stays,
    StaysGone,
    BecomesGone,
    Disappears,
}

/// What differs from the row that was picked.
#[derive(Clone)]
enum Overlay {
    None,
    FirstSeen(i64),
    /// The scan could not open it: what the last reading found is still all that is known. The earlier row.
    Unread(RecordBatch),
    Gone,
}

/// What a row of `objects` says of its findings, and of how to come to them again: as the last reading left it.
pub(crate) const OF_LAST_READING: [&str; 5] =
    ["format", "encoding", "occurrences", "sensitivity", "subject_estimate"];

impl Fold<'_> {
    /// Folds the scan into the current state and removes it from the running ones.
    pub(crate) fn apply(mut self, tx: &mut Transaction<'_>) -> Result<ScanTotals, InventoryError> {
        let sources = involved(tx, self.scan.source_id);
        // A pass of their own leaves their files apart, so that later scans need not rewrite them.
        for claim in self.claims.iter().filter(|claim| !sources.contains(&claim.source)) {
            if self.claims_any(tx, claim)? {
                self.merge(tx, &involved(tx, claim.source))?;
            }
        }
        let gone = self.merge(tx, &sources)?;
        if gone > 0 {
            self.scan.totals.objects.insert(Status::Gone, gone);
        }
        self.trend(tx)?;
        let (scan_id, source_id) = (self.scan.scan_id, self.scan.source_id);
        tx.retire(FileState::Merged, |file| file.table == Table::Scans && file.scan_id == scan_id);
        let row = scan_row(&self.scan, self.status, Some(self.finished_at));
        tx.add(Table::Scans, scan_id, FileState::Current, vec![source_id], |path| {
            single(path, Table::Scans, &row)
        })?;
        tx.manifest.running.retain(|scan| scan.scan_id != scan_id);
        if let Some(source) = tx.manifest.sources.iter_mut().find(|source| source.source_id == source_id) {
            source.ended_scan_id = Some(scan_id);
        }
        Table::ALL.into_iter().try_for_each(|table| tx.tier(table))?;
        Ok(self.scan.totals)
    }

    /// Merges all tables of those sources. Returns how many objects the scan found to be gone.
    fn merge(&self, tx: &mut Transaction<'_>, sources: &[SourceId]) -> Result<u64, InventoryError> {
        let (kept, gone) = self.objects(tx, sources)?;
        for table in [Table::Columns, Table::Findings] {
            let mut cursor = kept.cursor()?;
            self.follow(tx, table, sources, &kept, |key, rank| {
                Ok(rank == 0 || cursor.contains(object_of(key, 0))?)
            })?;
        }
        self.subjects(tx, sources, &kept)?;
        Ok(gone)
    }

    fn is_delta(&self, table: Table, file: &FileEntry) -> bool {
        file.table == table && file.state == FileState::Running && file.scan_id == self.scan.scan_id
    }

    /// The scan's files of a table, where its source is among those, and the current ones that it may change.
    fn files(
        &self,
        tx: &Transaction<'_>,
        table: Table,
        sources: &[SourceId],
    ) -> (Vec<FileEntry>, Vec<FileEntry>) {
        let own = sources.contains(&self.scan.source_id);
        let delta =
            tx.manifest.files.iter().filter(|file| own && self.is_delta(table, file)).cloned().collect();
        let base = tx.manifest.of_state(table, FileState::Current);
        let base =
            base.filter(|file| file.sources.iter().any(|source| sources.contains(source))).cloned().collect();
        (delta, base)
    }

    /// Merges `objects`. Returns the objects whose other rows stay as they are, and how many the scan found to be gone.
    fn objects(&self, tx: &mut Transaction<'_>, sources: &[SourceId]) -> Result<(Kept, u64), InventoryError> {
        let (delta, base) = self.files(tx, Table::Objects, sources);
        let mut kept = KeptWriter::create(tx.dir.join("tmp").join(format!("{}.kept", self.scan.scan_id)))?;
        if base.is_empty() && delta.len() <= 1 {
            promote(tx, &delta);
            return Ok((kept.finish()?, 0));
        }
        let ranked = delta.iter().map(|file| (file, 0)).chain(base.iter().map(|file| (file, 1)));
        let merge = Merge::open(Table::Objects, ranked.map(|(file, rank)| (file.path(tx.dir), rank)), None)?;
        let mut gone = 0;
        tx.add(Table::Objects, self.scan.scan_id, FileState::Current, sources.to_vec(), |path| {
            self.merge_objects(path, merge, &mut kept, &mut gone)
        })?;
        self.retire(tx, &delta, &base);
        Ok((kept.finish()?, gone))
    }

    fn merge_objects(
        &self,
        path: PathBuf,
        mut merge: Merge,
        kept: &mut KeptWriter,
        gone: &mut u64,
    ) -> Result<Run, InventoryError> {
        let mut out = ObjectWriter::create(self, path)?;
        while let Some((&key, rank)) = merge.head() {
            let (batch, row) = merge.row();
            let unread = rank == 0 && is_unread(batch, row);
            if rank == 0 {
                out.pick(&merge, Overlay::None);
            } else {
                match self.fate(batch, row) {
                    Fate::Stays => {
                        kept.push(object_of(&key, 0))?;
                        out.pick(&merge, Overlay::None);
                    }
                    Fate::StaysGone => out.pick(&merge, Overlay::None),
                    Fate::BecomesGone => {
                        *gone += 1;
                        out.pick(&merge, Overlay::Gone);
                    }
                    Fate::Disappears => {}
                }
            }
            merge.advance(Table::Objects)?;
            // What the current state says of an object that the scan has seen.
            while let Some((next, rank)) = merge.head()
                && *next == key
            {
                if rank == 1 {
                    out.known(&merge, unread);
                    if unread {
                        kept.push(object_of(&key, 0))?;
                    }
                }
                merge.advance(Table::Objects)?;
            }
            out.flush(false)?;
        }
        out.finish()
    }

    fn fate(&self, batch: &RecordBatch, row: usize) -> Fate {
        let path = path_of(batch, row);
        let complete = self.status == ScanStatus::Complete;
        let own = id(batch, "source_id", row) == Some(*self.scan.source_id.as_bytes());
        let moved = own && complete && self.lies_below(&self.not_entered.owned, path);
        if moved || self.claims.iter().any(|claim| claim.takes(batch, row)) {
            return Fate::Disappears;
        }
        if text(batch, "status", row) == Some(Status::Gone.name()) {
            return Fate::StaysGone;
        }
        if !own || !complete || self.lies_below(&self.not_entered.problems, path) {
            return Fate::Stays;
        }
        // A directory's row stands for a problem with it, and the scan did not meet that problem.
        match text(batch, "kind", row) == Some(ObjectKind::Directory.name()) {
            true => Fate::Disappears,
            false => Fate::BecomesGone,
        }
    }

    /// Whether one of the directories of this source lies above the path.
    fn lies_below(&self, directories: &BTreeSet<ObjectId>, path: &[u8]) -> bool {
        if directories.is_empty() {
            return false;
        }
        let is_one = |above: &[u8]| directories.contains(&ObjectId::of(self.scan.source_id, above, None));
        let slashes = path.iter().enumerate().filter(|&(_, &byte)| byte == b'/').map(|(i, _)| i);
        !path.is_empty() && (is_one(b"") || slashes.into_iter().any(|end| is_one(&path[..end])))
    }

    /// Whether the current state has objects that the claim takes.
    fn claims_any(&self, tx: &Transaction<'_>, claim: &Claim) -> Result<bool, InventoryError> {
        let files = tx.manifest.of_state(Table::Objects, FileState::Current);
        let files = files.filter(|file| file.sources.contains(&claim.source));
        let columns = ["object_id", "source_id", "path", "path_bytes", "reason"];
        let mut merge =
            Merge::open(Table::Objects, files.map(|file| (file.path(tx.dir), 0)), Some(&columns))?;
        while merge.head().is_some() {
            let (batch, row) = merge.row();
            if claim.takes(batch, row) {
                return Ok(true);
            }
            merge.advance(Table::Objects)?;
        }
        Ok(false)
    }

    /// Merges a table whose rows follow their objects.
    fn follow(
        &self,
        tx: &mut Transaction<'_>,
        table: Table,
        sources: &[SourceId],
        kept: &Kept,
        keep: impl FnMut(&SortKey, u8) -> Result<bool, InventoryError>,
    ) -> Result<(), InventoryError> {
        let (delta, base) = self.files(tx, table, sources);
        if base.is_empty() && delta.len() <= 1 {
            promote(tx, &delta);
            return Ok(());
        }
        // Without objects that stay, none of the current rows does.
        let staying = if kept.is_empty() { &[][..] } else { &base[..] };
        if staying.is_empty() && table == Table::Subjects {
            // A look-up takes a few files as well as one, and the rows are most of what a scan writes.
            promote(tx, &delta);
            tx.retire(FileState::Superseded, |file| base.iter().any(|other| other.number == file.number));
            return Ok(());
        }
        let ranked = delta.iter().map(|file| (file, 0)).chain(staying.iter().map(|file| (file, 1)));
        let merge = Merge::open(table, ranked.map(|(file, rank)| (file.path(tx.dir), rank)), None)?;
        tx.add(table, self.scan.scan_id, FileState::Current, sources.to_vec(), |path| {
            merge_into(path, table, merge, keep)
        })?;
        self.retire(tx, &delta, &base);
        Ok(())
    }

    /// Merges `subjects`. Its rows are not in the order of the list, so the list is held in memory, a piece at a time:
    /// the last piece while everything is merged, each piece before in a pass of its own.
    fn subjects(
        &self,
        tx: &mut Transaction<'_>,
        sources: &[SourceId],
        kept: &Kept,
    ) -> Result<(), InventoryError> {
        let table = Table::Subjects;
        let (_, base) = self.files(tx, table, sources);
        if base.is_empty() || kept.is_empty() {
            return self.follow(tx, table, sources, kept, |_, _| Ok(true));
        }
        let mut pieces = kept.chunks((self.memory / 16).max(4096))?.peekable();
        while let Some(piece) = pieces.next() {
            let piece = piece?;
            let is_kept = |key: &SortKey| piece.binary_search(object_of(key, 16)).is_ok();
            if pieces.peek().is_none() {
                return self.follow(tx, table, sources, kept, |key, rank| Ok(rank == 0 || is_kept(key)));
            }
            // Rows of earlier pieces join the scan's own: they stay.
            let merge = Merge::open(table, base.iter().map(|file| (file.path(tx.dir), 1)), None)?;
            tx.add(table, self.scan.scan_id, FileState::Running, sources.to_vec(), |path| {
                merge_into(path, table, merge, |key, _| Ok(is_kept(key)))
            })?;
        }
        Ok(())
    }

    /// The scan's files of a table are merged with those that were current, which show what it has changed.
    fn retire(&self, tx: &mut Transaction<'_>, delta: &[FileEntry], base: &[FileEntry]) {
        let is_in =
            |files: &[FileEntry], file: &FileEntry| files.iter().any(|other| other.number == file.number);
        tx.retire(FileState::Merged, |file| is_in(delta, file));
        tx.retire(FileState::Superseded, |file| is_in(base, file));
        for file in tx.manifest.files.iter_mut().filter(|file| is_in(base, file)) {
            file.superseded_by = Some(self.scan.scan_id);
        }
    }

    /// Rows of `trend`: the source as this scan leaves it.
    fn trend(&self, tx: &mut Transaction<'_>) -> Result<(), InventoryError> {
        struct Line {
            objects: u64,
            occurrences: u64,
            distinct: DistinctUnion,
        }
        let source = self.scan.source_id;
        let mut lines: BTreeMap<(String, Exposure), Line> = BTreeMap::new();
        let folder = tx.dir.join(Table::Findings.name());
        let current = |file: &FileEntry| file.state == FileState::Current && file.sources.contains(&source);
        let reviews = Reviews::load(tx.dir, &tx.manifest)?;
        let what = Walk { reviews: &reviews, details: false };
        walk(tx.dir, &tx.manifest, &what, current, |object, findings| {
            if object.source != source {
                return Ok(());
            }
            let mut seen = BTreeSet::new();
            for finding in findings.iter().filter(|finding| finding.suppressed_by.is_none()) {
                let line = lines.entry((finding.detector.clone(), object.exposure)).or_insert_with(|| Line {
                    objects: 0,
                    occurrences: 0,
                    distinct: DistinctUnion::new(),
                });
                line.objects += u64::from(seen.insert(&finding.detector));
                line.occurrences += finding.occurrences;
                line.distinct.add(finding.distinct, finding.sketch.as_deref(), &folder)?;
            }
            Ok(())
        })?;
        let all = || lines.iter();
        let scan_id = self.scan.scan_id;
        let rows = batch(
            Table::Trend,
            vec![
                sixteen(all().map(|_| Some(scan_id.as_bytes()))),
                sixteen(all().map(|_| Some(source.as_bytes()))),
                texts(all().map(|((detector, _), _)| Some(detector.as_str()))),
                texts(all().map(|((_, exposure), _)| Some(exposure.name()))),
                counts(all().map(|(_, line)| Some(line.objects))),
                counts(all().map(|(_, line)| Some(line.occurrences))),
                counts(all().map(|(_, line)| Some(line.distinct.estimate()?.min(line.occurrences)))),
                versions(all().map(|_| None)),
            ],
        );
        tx.add(Table::Trend, scan_id, FileState::Current, vec![source], |path| {
            single(path, Table::Trend, &rows)
        })
    }
}

impl Claim {
    /// Whether the object belongs to whoever claims, and no longer to its source. The row that tells of the other source stays.
    fn takes(&self, objects: &RecordBatch, row: usize) -> bool {
        id(objects, "source_id", row) == Some(*self.source.as_bytes())
            && match path_of(objects, row).strip_prefix(self.path.as_slice()) {
                Some([]) => text(objects, "reason", row) != Some(Reason::OtherSource.name()),
                Some(rest) => rest[0] == b'/',
                None => false,
            }
    }
}

/// The raw path of an object.
fn path_of(objects: &RecordBatch, row: usize) -> &[u8] {
    let path = bytes(objects, "path_bytes", row).or_else(|| text(objects, "path", row).map(str::as_bytes));
    path.unwrap_or_default()
}

/// The scan's source, and all that share a file with it, with those in turn: their rows move together.
fn involved(tx: &Transaction<'_>, source: SourceId) -> Vec<SourceId> {
    let mut sources = BTreeSet::from([source]);
    loop {
        let before = sources.len();
        for table in [Table::Objects, Table::Columns, Table::Findings, Table::Subjects] {
            for file in tx.manifest.of_state(table, FileState::Current) {
                if file.sources.iter().any(|source| sources.contains(source)) {
                    sources.extend(&file.sources);
                }
            }
        }
        if sources.len() == before {
            return sources.into_iter().collect();
        }
    }
}

/// Files of a scan that have nothing to be merged with become current as they are.
fn promote(tx: &mut Transaction<'_>, delta: &[FileEntry]) {
    for file in &mut tx.manifest.files {
        if delta.iter().any(|other| other.number == file.number) {
            file.state = FileState::Current;
        }
    }
}

/// The object id in a sort key.
fn object_of(key: &SortKey, at: usize) -> &[u8; 16] {
    key[at..at + 16].try_into().expect("a sort key has 32 bytes")
}

/// Writes the new `objects`, with the few columns that the merge decides.
struct ObjectWriter<'a> {
    fold: &'a Fold<'a>,
    path: PathBuf,
    writer: RunWriter,
    picker: Picker,
    overlays: Vec<Overlay>,
}

impl<'a> ObjectWriter<'a> {
    fn create(fold: &'a Fold<'a>, path: PathBuf) -> Result<Self, InventoryError> {
        let writer = RunWriter::create(path.clone(), Table::Objects)?;
        Ok(Self { fold, path, writer, picker: Picker::new(), overlays: Vec::new() })
    }

    fn pick(&mut self, merge: &Merge, overlay: Overlay) {
        self.picker.pick(merge);
        self.overlays.push(overlay);
    }

    /// The object picked last was known before: it keeps the time at which it was first seen, and `unread` what was found.
    fn known(&mut self, merge: &Merge, unread: bool) {
        let (batch, row) = merge.row();
        let Some(overlay) = self.overlays.last_mut() else { return };
        if unread {
            *overlay = Overlay::Unread(batch.slice(row, 1));
        } else if let Some(time) = first_seen(batch, row) {
            *overlay = Overlay::FirstSeen(time);
        }
    }

    fn flush(&mut self, all: bool) -> Result<(), InventoryError> {
        if (all || self.picker.is_full())
            && let Some(batch) = self.picker.take(&self.path)?
        {
            let batch = self.overlay(batch)?;
            self.overlays.clear();
            self.writer.write(&batch)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Run, InventoryError> {
        self.flush(true)?;
        self.writer.finish()
    }

    fn overlay(&self, batch: RecordBatch) -> Result<RecordBatch, InventoryError> {
        let mut columns = batch.columns().to_vec();
        let schema = batch.schema();
        let damaged = || InventoryError::corrupt(&self.path, "files of one table differ in their columns");
        if self.overlays.iter().any(|overlay| matches!(overlay, Overlay::FirstSeen(_) | Overlay::Unread(_))) {
            let index = schema.index_of("first_seen_at").map_err(|_| damaged())?;
            let old = columns[index].as_primitive_opt::<TimestampMicrosecondType>().ok_or_else(damaged)?;
            let new = old.iter().zip(&self.overlays).map(|(old, overlay)| match overlay {
                Overlay::FirstSeen(time) => Some(*time),
                Overlay::Unread(earlier) => first_seen(earlier, 0).or(old),
                _ => old,
            });
            columns[index] = Arc::new(new.collect::<TimestampMicrosecondArray>().with_timezone("UTC"));
        }
        let earlier = self.overlays.iter().enumerate().filter_map(|(row, overlay)| match overlay {
            Overlay::Unread(earlier) => Some((row, earlier)),
            _ => None,
        });
        let earlier: Vec<_> = earlier.collect();
        if !earlier.is_empty() {
            for name in OF_LAST_READING {
                let index = schema.index_of(name).map_err(|_| damaged())?;
                let mut parts: Vec<&dyn Array> = vec![&columns[index]];
                let mut picks: Vec<_> = (0..columns[index].len()).map(|row| (0, row)).collect();
                for (row, earlier) in &earlier {
                    picks[*row] = (parts.len(), 0);
                    parts.push(earlier.column_by_name(name).ok_or_else(damaged)?);
                }
                columns[index] = interleave(&parts, &picks).map_err(|_| damaged())?;
            }
        }
        let gone: BooleanArray =
            self.overlays.iter().map(|overlay| Some(matches!(overlay, Overlay::Gone))).collect();
        if gone.true_count() > 0 {
            for (name, value) in gone_row(self.fold.scan.scan_id, self.fold.finished_at) {
                let index = schema.index_of(name).map_err(|_| damaged())?;
                let value = value.unwrap_or_else(|| new_null_array(schema.field(index).data_type(), 1));
                columns[index] = zip(&gone, &Scalar::new(value), &columns[index]).map_err(|_| damaged())?;
            }
        }
        RecordBatch::try_new(schema, columns).map_err(|_| damaged())
    }
}

fn first_seen(objects: &RecordBatch, row: usize) -> Option<i64> {
    let times = objects.column_by_name("first_seen_at")?.as_primitive_opt::<TimestampMicrosecondType>()?;
    (!times.is_null(row)).then(|| times.value(row))
}

/// What a row says of an object that is gone; the rest stays as it was last seen. `None` stands for NULL.
fn gone_row(scan_id: ScanId, gone_at: Timestamp) -> [(&'static str, Option<ArrayRef>); 9] {
    let name = |name: &'static str| -> Option<ArrayRef> { Some(Arc::new(StringArray::from(vec![name]))) };
    let id = FixedSizeBinaryArray::try_from_iter(std::iter::once(scan_id.as_bytes())).expect("16 bytes");
    [
        ("status", name(Status::Gone.name())),
        ("coverage", name(Coverage::None.name())),
        ("reason", None),
        ("reason_place", None),
        ("occurrences", Some(Arc::new(Int64Array::from(vec![0])))),
        ("sensitivity", None),
        ("subject_estimate", None),
        ("gone_at", Some(times(std::iter::once(Some(gone_at))))),
        ("scan_id", Some(Arc::new(id))),
    ]
}

/// A row of `scans`.
pub(crate) fn scan_row(scan: &ScanEntry, status: ScanStatus, finished_at: Option<Timestamp>) -> RecordBatch {
    use std::iter::once;
    let count = |value: u64| counts(once(Some(value)));
    let totals = &scan.totals;
    let mut columns = vec![
        sixteen(once(Some(scan.scan_id.as_bytes()))),
        sixteen(once(Some(scan.source_id.as_bytes()))),
        times(once(Some(Timestamp(scan.started_at)))),
        times(once(finished_at)),
        texts(once(Some(status.name()))),
        texts(once(Some(scan.domesday_version.as_str()))),
        texts(once(Some(scan.ruleset.as_str()))),
        count(totals.looked_at()),
    ];
    columns.extend(Status::ALL.iter().map(|&status| count(totals.of(status))));
    columns.extend([
        count(totals.bytes_read),
        count(totals.findings),
        count(totals.occurrences),
        versions(once(None)),
    ]);
    batch(Table::Scans, columns)
}

/// Writes one batch as a file.
pub(crate) fn single(path: PathBuf, table: Table, rows: &RecordBatch) -> Result<Run, InventoryError> {
    let mut writer = RunWriter::create(path, table)?;
    writer.write(rows)?;
    writer.finish()
}
