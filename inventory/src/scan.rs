//! Receiving a scan: sinks tally objects side by side, a shared buffer takes what is finished, commits write it.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domesday_model::{
    Catalog, KeyId, ObjectKind, ObjectMeta, ObjectOutcome, Occurrence, Reason, ScanId, Sink, SinkError,
    SourceId, Status, Takes, Timestamp,
};

use crate::fold::{Fold, NotEntered, ScanStatus};
use crate::inventory::{Claim, ScanStart, Shared, TMP, write_running};
use crate::manifest::{FileState, ScanTotals};
use crate::reviews::Reviews;
use crate::rows::{DoneObject, RowContext, columns_batch, findings, findings_batch, objects_batch};
use crate::run::{Run, RunWriter};
use crate::schema::Table;
use crate::subjects::{SubjectContext, SubjectRows};
use crate::tally::Tallies;
use crate::transaction::Transaction;
use crate::{Inventory, InventoryError};

/// Bytes of the writer's memory for each row of tokens that waits for a commit before one is due. Aside, a row takes 48 bytes
/// of the disk.
const WAITING: usize = 16;
/// Files of tokens that a commit writes at the same time, while the scan goes on and at its end: a few files are soon too many.
const PARTS: usize = 2;
const LAST_PARTS: usize = 4;
/// Rows that become one record batch, about.
const BATCH_ROWS: usize = 8192;

/// Writes one scan. [`Self::sink`] gives each worker what it pushes into; [`Self::commit`] makes finished objects
/// durable and visible. Dropped without [`Self::finish`], the scan counts as interrupted as of its last commit.
pub struct ScanWriter {
    scan: Arc<Scan>,
}

/// Receives the objects of one worker.
pub struct InventorySink {
    scan: Arc<Scan>,
    object: Option<ObjectMeta>,
    tallies: Tallies,
    /// Tokens of the object, until it ends: a restart voids them.
    subjects: SubjectRows,
    /// Files of more of them, to be adopted: an object may have any number.
    runs: Vec<Run>,
}

struct Scan {
    shared: Arc<Shared>,
    source: SourceId,
    catalog: Arc<Catalog>,
    /// Verdicts on what earlier scans found. None is given while a scan runs.
    reviews: Reviews,
    scan_id: ScanId,
    claims: Vec<Claim>,
    key: Option<KeyId>,
    memory: usize,
    buffer: Mutex<Buffer>,
    /// Held from taking the buffer to its commit, so that whoever gets it afterwards knows that all is committed.
    committing: Mutex<()>,
    /// Held while tokens are written aside, which are in no buffer meanwhile.
    spilling: Mutex<()>,
    failed: AtomicBool,
    next_file: AtomicU64,
    sinks: AtomicUsize,
}

/// What is finished and not committed.
#[derive(Default)]
struct Buffer {
    objects: Vec<DoneObject>,
    subjects: SubjectRows,
    runs: Vec<Run>,
    totals: ScanTotals,
    not_entered: NotEntered,
    /// Of objects and of what rows of tokens share.
    bytes: usize,
}

impl ScanWriter {
    pub(crate) fn new(shared: Arc<Shared>, start: ScanStart, reviews: Reviews) -> Self {
        let scan = Scan {
            shared,
            source: start.source.id,
            catalog: start.catalog,
            reviews,
            scan_id: start.scan_id,
            claims: start.claims,
            key: start.key,
            memory: start.memory.max(1 << 20),
            buffer: Mutex::default(),
            committing: Mutex::default(),
            spilling: Mutex::default(),
            failed: AtomicBool::new(false),
            next_file: AtomicU64::new(0),
            sinks: AtomicUsize::new(0),
        };
        Self { scan: Arc::new(scan) }
    }

    /// A sink for one worker.
    pub fn sink(&self) -> InventorySink {
        self.scan.sinks.fetch_add(1, Ordering::Relaxed);
        InventorySink {
            scan: Arc::clone(&self.scan),
            object: None,
            tallies: Tallies::default(),
            subjects: SubjectRows::default(),
            runs: Vec::new(),
        }
    }

    /// Makes the objects that have ended durable and visible to readers. Sinks call it themselves when their shared buffer
    /// is full; whoever runs the scan calls it every twenty seconds or so, which bounds what a kill can lose.
    ///
    /// # Errors
    /// When the inventory cannot be written. What was found since the last commit is lost then, and the scan can
    /// only end as interrupted.
    pub fn commit(&self) -> Result<(), InventoryError> {
        self.scan.commit(PARTS)
    }

    /// Ends the scan: what it found becomes the current state of its source. All sinks must have ended their objects.
    ///
    /// # Errors
    /// When the inventory cannot be written, and when the scan is said to be complete though a write failed.
    pub fn finish(self, status: ScanStatus, finished_at: Timestamp) -> Result<ScanTotals, InventoryError> {
        // Nothing else is left to do for the processor's cores.
        self.scan.commit(LAST_PARTS)?;
        if status == ScanStatus::Complete && self.scan.failed.load(Ordering::Acquire) {
            return Err(InventoryError::Incomplete);
        }
        let scan = &self.scan;
        let not_entered = &std::mem::take(&mut scan.buffer().not_entered);
        let mut state = scan.shared.state();
        let Some(entry) = state.manifest.running.iter().find(|entry| entry.scan_id == scan.scan_id).cloned()
        else {
            return Err(InventoryError::Incomplete);
        };
        let mut tx = Transaction::new(&scan.shared.dir, &state.manifest);
        let claims = if status == ScanStatus::Complete { &scan.claims[..] } else { &[] };
        let memory = scan.memory / 2;
        let fold = Fold { scan: entry, status, finished_at, not_entered, claims, memory };
        let totals = fold.apply(&mut tx)?;
        tx.commit(&mut state.manifest)?;
        Ok(totals)
    }
}

impl Drop for ScanWriter {
    fn drop(&mut self) {
        self.scan.shared.state().active.remove(&self.scan.scan_id);
    }
}

impl Scan {
    fn buffer(&self) -> std::sync::MutexGuard<'_, Buffer> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what is finished, with tokens in up to `parts` files at the same time, as there are sinks.
    fn commit(&self, parts: usize) -> Result<(), InventoryError> {
        let _committing = self.committing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = {
            let _spilling = self.spilling.lock().unwrap_or_else(PoisonError::into_inner);
            let mut buffer = self.buffer();
            if buffer.objects.is_empty() {
                return Ok(());
            }
            buffer.take()
        };
        let result = self.write(&mut taken, parts);
        if result.is_err() {
            self.failed.store(true, Ordering::Release);
        }
        result
    }

    fn write(&self, taken: &mut Buffer, parts: usize) -> Result<(), InventoryError> {
        let mut state = self.shared.state();
        let mut tx = Transaction::new(&self.shared.dir, &state.manifest);
        // Sorts small keys and moves each object once.
        taken.objects.sort_by_cached_key(|object| object.meta.id);
        let context = RowContext {
            scan_id: self.scan_id,
            catalog: Arc::clone(&self.catalog),
            keyed: self.key.is_some(),
        };
        for (table, batch) in [
            (Table::Objects, objects_batch as fn(&[DoneObject], &RowContext) -> _),
            (Table::Columns, columns_batch),
            (Table::Findings, findings_batch),
        ] {
            tx.add(table, self.scan_id, FileState::Running, vec![self.source], |path| {
                let mut writer = RunWriter::create(path, table)?;
                batches(&taken.objects).try_for_each(|objects| writer.write(&batch(objects, &context)))?;
                writer.finish()
            })?;
        }
        if !taken.subjects.is_empty() {
            taken.runs.extend(self.write_tokens(&mut taken.subjects, parts)?);
        }
        for run in taken.runs.drain(..) {
            tx.adopt(Table::Subjects, self.scan_id, vec![self.source], run)?;
        }
        if let Some(entry) = tx.manifest.running.iter_mut().find(|entry| entry.scan_id == self.scan_id) {
            entry.totals.add(&taken.totals);
            entry.committed_at = Timestamp::now().0;
            let entry = entry.clone();
            write_running(&mut tx, &entry)?;
        }
        Table::ALL.into_iter().try_for_each(|table| tx.tier(table))?;
        tx.commit(&mut state.manifest)?;
        Ok(())
    }

    /// Takes a finished object with its tokens, and commits when the buffer is full.
    fn take(
        &self,
        object: DoneObject,
        subjects: &mut SubjectRows,
        runs: &mut Vec<Run>,
    ) -> Result<(), InventoryError> {
        let counted = object.counted(&self.catalog, &self.reviews);
        let (due, is_full) = {
            let mut buffer = self.buffer();
            buffer.totals.count(&object, counted);
            if object.meta.kind == ObjectKind::Directory {
                match object.outcome {
                    ObjectOutcome { status: Status::Unreadable | Status::Limited, .. } => {
                        buffer.not_entered.problems.insert(object.meta.id);
                    }
                    ObjectOutcome { reason: Some(Reason::OtherSource), .. } => {
                        buffer.not_entered.owned.insert(object.meta.id);
                    }
                    _ => {}
                }
            }
            buffer.bytes += object.weight() + subjects.shared_weight();
            buffer.objects.push(object);
            buffer.subjects.absorb(subjects);
            buffer.runs.append(runs);
            // One half fills while the other is written.
            let due = buffer.bytes > self.memory / 4 || self.is_much(&buffer.subjects);
            (due, self.is_full(&buffer.subjects))
        };
        match (due, is_full) {
            (true, _) => self.commit(PARTS),
            (false, true) => self.spill(),
            (false, false) => Ok(()),
        }
    }

    /// Writes the tokens that wait for a commit aside.
    fn spill(&self) -> Result<(), InventoryError> {
        let _spilling = self.spilling.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = {
            let mut buffer = self.buffer();
            // Another sink may have done it.
            if !self.is_full(&buffer.subjects) {
                return Ok(());
            }
            buffer.subjects.take_rows()
        };
        let result = taken.spill(|| self.tmp("rows"));
        let mut buffer = self.buffer();
        match result {
            Ok(()) => buffer.subjects.put_back(taken),
            // Without their tokens the objects are not whole.
            Err(_) => {
                buffer.take();
                self.failed.store(true, Ordering::Release);
            }
        }
        result
    }

    /// Whether tokens that wait for a commit are to be written aside.
    fn is_full(&self, subjects: &SubjectRows) -> bool {
        subjects.weight() > self.memory / 4 || subjects.is_scattered()
    }

    /// Whether so many tokens wait that they are to become files of the inventory.
    fn is_much(&self, subjects: &SubjectRows) -> bool {
        subjects.count() >= (self.memory / WAITING) as u64
    }

    /// Writes tokens to files that can be adopted, up to `parts` of them at the same time.
    fn write_tokens(&self, subjects: &mut SubjectRows, parts: usize) -> Result<Vec<Run>, InventoryError> {
        let Some(key_id) = self.key else { return Ok(Vec::new()) };
        let context = SubjectContext { catalog: &self.catalog, scan_id: self.scan_id, key_id };
        subjects.write(parts.min(self.sinks()), || self.tmp("rows"), || self.tmp("parquet"), &context)
    }

    /// Bytes of tokens that a sink holds of an object before it writes them aside.
    fn spill_bytes(&self) -> usize {
        self.memory / 4 / self.sinks()
    }

    fn sinks(&self) -> usize {
        self.sinks.load(Ordering::Relaxed).max(1)
    }

    /// Where a new file of that kind is written that is no part of the inventory yet.
    fn tmp(&self, kind: &str) -> PathBuf {
        let number = self.next_file.fetch_add(1, Ordering::Relaxed);
        self.shared.dir.join(TMP).join(format!("{}-{number}.{kind}", self.scan_id))
    }
}

/// Objects by the batch: as many as have about [`BATCH_ROWS`] rows in the table where they have most.
fn batches(mut objects: &[DoneObject]) -> impl Iterator<Item = &[DoneObject]> {
    std::iter::from_fn(move || {
        let mut rows = 0;
        let fits = objects.iter().take_while(|object| {
            let before = rows;
            rows += object.rows();
            before == 0 || rows <= BATCH_ROWS
        });
        let (batch, rest) = objects.split_at(fits.count());
        objects = rest;
        (!batch.is_empty()).then_some(batch)
    })
}

impl Buffer {
    /// Takes what is to be committed. What was not entered counts for the whole scan.
    fn take(&mut self) -> Self {
        let not_entered = std::mem::take(&mut self.not_entered);
        std::mem::replace(self, Self { not_entered, ..Self::default() })
    }
}

impl ScanTotals {
    fn count(&mut self, object: &DoneObject, (findings, occurrences): (u64, u64)) {
        *self.objects.entry(object.outcome.status).or_default() += 1;
        self.bytes_read += object.outcome.bytes_read;
        self.findings += findings;
        self.occurrences += occurrences;
    }
}

impl InventorySink {
    fn forget(&mut self) {
        self.tallies.clear();
        self.subjects.clear();
        for run in self.runs.drain(..) {
            // The next writer removes it should this fail.
            let _ = fs::remove_file(&run.path);
        }
    }

    /// Writes the object's tokens aside.
    fn spill(&mut self) -> Result<(), InventoryError> {
        let Some(object) = &self.object else { return Ok(()) };
        self.subjects.describe(object.id, object.version, &self.tallies.paths);
        if self.scan.is_much(&self.subjects) {
            self.runs.extend(self.scan.write_tokens(&mut self.subjects, PARTS)?);
            self.subjects.clear();
            return Ok(());
        }
        self.subjects.spill(|| self.scan.tmp("rows"))
    }

    fn finish_object(&mut self, object: ObjectMeta, outcome: &ObjectOutcome) -> Result<(), InventoryError> {
        if !self.subjects.is_empty() {
            self.subjects.describe(object.id, object.version, &self.tallies.paths);
        }
        let findings = findings(&mut self.tallies, self.scan.key.is_some());
        let done =
            DoneObject { meta: object, outcome: outcome.clone(), findings, scanned_at: Timestamp::now() };
        self.scan.take(done, &mut self.subjects, &mut self.runs)
    }
}

/// Calls must come in the order that [`Sink`] names; others have no effect.
impl Sink for InventorySink {
    fn begin(&mut self, object: &ObjectMeta) -> Result<(), SinkError> {
        debug_assert_eq!(object.source, self.scan.source, "a scan has one source");
        self.forget();
        self.object = Some(object.clone());
        Ok(())
    }

    fn occurrence(&mut self, occurrence: &Occurrence<'_>) -> Result<(), SinkError> {
        if self.object.is_none() {
            return Ok(());
        }
        if occurrence.reported {
            self.tallies.add(occurrence);
        }
        if self.scan.key.is_some() && !occurrence.tokens.is_empty() {
            let path = self.tallies.path(occurrence);
            self.subjects.add(occurrence, path);
            if self.subjects.weight() > self.scan.spill_bytes() {
                self.spill()?;
            }
        }
        Ok(())
    }

    fn takes(&self) -> Takes {
        Takes::Together
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        self.forget();
        Ok(())
    }

    fn end(&mut self, outcome: &ObjectOutcome) -> Result<(), SinkError> {
        let Some(object) = self.object.take() else { return Ok(()) };
        let result = self.finish_object(object, outcome);
        if result.is_err() {
            self.scan.failed.store(true, Ordering::Release);
        }
        self.forget();
        Ok(result?)
    }
}

impl Drop for InventorySink {
    fn drop(&mut self) {
        self.forget();
    }
}

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<ScanWriter>();
    shared::<Inventory>();
};
