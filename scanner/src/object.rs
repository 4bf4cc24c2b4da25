//! One object, from its opening to its outcome.

use std::cell::Cell;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use domesday_classifiers::{Carry, Classifier, ColumnContext, Verdict};
use domesday_connectors::{Entry, Opened, Opening};
use domesday_formats::{Limits, read_object};
use domesday_model::{
    ColumnFound, ColumnVerdict, Confidence, Coverage, Key, ObjectMeta, ObjectOutcome, Reason, Rules, Sink,
    SinkError, Status,
};

use crate::columns::Columns;
use crate::crew::Hand;
use crate::name::{self, Folders};
use crate::probe::KnownPaths;
use crate::progress::Progress;
use crate::reading::{Ended, Parts, Reading};
use crate::telling::Waiting;

/// How objects are read and what is told of them.
#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// Sizes of windows, tables and nesting.
    pub limits: Limits,
    /// An object that takes longer is given up, with what was found so far.
    pub max_object_time: Duration,
    /// Below this, values feed the subject index only.
    pub min_confidence: Confidence,
    /// The secret that subject tokens are made with; without it there are none.
    pub key: Option<Key>,
    /// Tell the raw value of each occurrence, also where it has to wait in memory for its column.
    pub values: bool,
    /// What is accepted, and what is always reported.
    pub rules: Rules,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            max_object_time: Duration::from_secs(3600),
            min_confidence: Confidence::from_thousandths(500),
            key: None,
            values: false,
            rules: Rules::default(),
        }
    }
}

/// Reads objects one after another, with memory that is reused.
pub struct Worker<'a> {
    classifier: &'a Classifier,
    options: &'a ScanOptions,
    progress: &'a Progress,
    paths: KnownPaths,
    formats: domesday_formats::Scratch,
    scratch: Box<domesday_classifiers::Scratch>,
    waiting: Waiting,
    folders: Folders,
    /// For a worker among others.
    hand: Option<Hand<'a>>,
}

impl<'a> Worker<'a> {
    /// A worker with empty buffers, alone.
    pub fn new(classifier: &'a Classifier, options: &'a ScanOptions, progress: &'a Progress) -> Self {
        Self {
            classifier,
            options,
            progress,
            paths: KnownPaths::new(classifier),
            formats: domesday_formats::Scratch::default(),
            scratch: Box::default(),
            waiting: Waiting::default(),
            folders: Folders::default(),
            hand: None,
        }
    }

    /// The same worker as one of a crew.
    pub(crate) fn with(self, hand: Hand<'a>) -> Self {
        Self { hand: Some(hand), ..self }
    }

    /// The next of the objects; works on parts of others' while there is none.
    pub(crate) fn next<E>(&mut self, objects: &Receiver<E>) -> Option<E> {
        let Self { classifier, options, scratch, waiting, hand, .. } = self;
        match hand {
            Some(hand) => hand.next(objects, |part| part.work((classifier, options), scratch, waiting)),
            None => objects.recv().ok(),
        }
    }

    /// Works on parts of others' objects until there is none any more.
    pub(crate) fn help(&mut self) {
        let Self { classifier, options, scratch, waiting, hand, .. } = self;
        if let Some(hand) = hand {
            hand.help(|part| part.work((classifier, options), scratch, waiting));
        }
    }

    /// Opens an entry, reads it to its end and tells the sink.
    ///
    /// # Errors
    /// When the sink fails; whatever is wrong with the object is told to the sink.
    pub fn entry(&mut self, entry: &Entry, sink: &mut dyn Sink) -> Result<(), SinkError> {
        match entry.open() {
            Opening::File(opened) => self.object(opened, sink),
            Opening::Unread { meta, status, reason } => {
                sink.begin(&meta)?;
                let outcome = ObjectOutcome::unread(status, reason);
                let failed = self.name(&meta, Some(self.progress), sink)?;
                sink.end(&failed.unwrap_or(outcome))?;
                self.progress.add_object();
                Ok(())
            }
        }
    }

    /// Reads an open object to its end and tells the sink. Twice, where the names of its columns turn out to be data, or
    /// their values as a whole to be something else than in the sample.
    ///
    /// # Errors
    /// As [`Self::entry`].
    pub fn object(&mut self, mut opened: Opened, sink: &mut dyn Sink) -> Result<(), SinkError> {
        sink.begin(&opened.meta)?;
        if let Some(failed) = self.name(&opened.meta, Some(self.progress), sink)? {
            sink.end(&failed)?;
            self.progress.add_object();
            return Ok(());
        }
        let Some((mut outcome, columns)) =
            self.read(&mut opened, Columns::default(), Some(self.progress), sink)?
        else {
            return Ok(());
        };
        let review = match outcome.status {
            Status::Scanned if columns.left_sample => {
                let values = |i: usize| outcome.columns.get(i).map(|column| column.non_null);
                self.classifier.review(&columns.contexts, values)
            }
            _ => None,
        };
        if let Some(columns) = columns.to_read_again(review) {
            sink.restart()?;
            self.name(&opened.meta, None, sink)?;
            outcome = match opened.rewind() {
                Ok(()) => match self.read(&mut opened, columns, None, sink)? {
                    Some((outcome, _)) => outcome,
                    None => return Ok(()),
                },
                Err(_) => ObjectOutcome::unread(Status::Unreadable, Reason::IoError),
            };
        }
        mark_changed(&opened, &mut outcome);
        sink.end(&outcome)?;
        self.progress.add_object();
        Ok(())
    }

    /// Tells what is found in the name of an object. `counted` hears of it. Returns what the object came to if that failed.
    fn name(
        &mut self,
        meta: &ObjectMeta,
        counted: Option<&Progress>,
        sink: &mut dyn Sink,
    ) -> Result<Option<ObjectOutcome>, SinkError> {
        let Self { classifier, options, scratch, waiting, folders, .. } = self;
        let tell = || name::tell((classifier, options), (scratch, waiting, folders), meta, sink);
        match catch_unwind(AssertUnwindSafe(tell)) {
            Ok(reported) => {
                let reported = reported?;
                if let Some(progress) = counted {
                    progress.add_occurrences(reported);
                }
                Ok(None)
            }
            Err(_) => {
                // They may be in any state.
                *self.scratch = domesday_classifiers::Scratch::default();
                self.waiting = Waiting::default();
                self.folders = Folders::default();
                Ok(Some(parser_failed(0)))
            }
        }
    }

    /// One reading; `None` when the scan was stopped. `counted` hears of bytes and occurrences.
    fn read(
        &mut self,
        opened: &mut Opened,
        columns: Columns,
        counted: Option<&Progress>,
        sink: &mut dyn Sink,
    ) -> Result<Option<(ObjectOutcome, Columns)>, SinkError> {
        let path = opened.meta.path.clone();
        let name = path.rsplit('/').next().unwrap_or_default();
        // A file of a kernel's file system says that it is empty and is not; what grows is read as long as it was.
        let length = opened.meta.size.filter(|&size| size > 0).unwrap_or(u64::MAX);
        let bytes = Cell::new(0);
        self.waiting.clear();
        let mut reading = Reading {
            classifier: self.classifier,
            options: self.options,
            progress: self.progress,
            counted,
            scratch: &mut self.scratch,
            paths: &mut self.paths,
            path: &path,
            rules: self.options.rules.at(&path),
            sink,
            columns,
            waiting: &mut self.waiting,
            bytes: &bytes,
            deadline: Instant::now() + self.options.max_object_time,
            carries: [Carry::default(); 4],
            parts: Parts::new(self.hand.as_ref()),
            ended: None,
        };
        let mut input = Metered { input: opened.take(length), counted, bytes: &bytes };
        let limits = &self.options.limits;
        let formats = &mut self.formats;
        let mut read =
            catch_unwind(AssertUnwindSafe(|| read_object(&mut input, name, limits, formats, &mut reading)));
        if read.is_err() {
            // It may be in any state.
            *reading.scratch = domesday_classifiers::Scratch::default();
        }
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| reading.finish())) {
            *reading.scratch = domesday_classifiers::Scratch::default();
            read = Err(panic);
        }
        let columns = reading.columns;
        let mut outcome = match (read, reading.ended) {
            (_, Some(Ended::Sink(error))) => return Err(error),
            (_, Some(Ended::Stopped)) => return Ok(None),
            (_, Some(Ended::Failed(bytes))) => parser_failed(bytes),
            (Ok(Ok(content)), _) => content.into(),
            (Ok(Err(error)), _) => (*error.content).into(),
            (Err(_), _) => {
                // Its buffers may be in any state.
                self.formats = domesday_formats::Scratch::default();
                parser_failed(bytes.get())
            }
        };
        let verdicts = if columns.left_sample {
            let values = |i: usize| outcome.columns.get(i).map(|column| column.non_null);
            self.classifier.verdicts(&columns.contexts, values)
        } else {
            columns.contexts.iter().map(|context| self.classifier.verdict(context, None)).collect()
        };
        let known = columns.paths.iter().zip(&columns.contexts).zip(verdicts);
        for (column, ((path, context), verdict)) in outcome.columns.iter_mut().zip(known) {
            column.path.clone_from(path);
            column.found = found(context, verdict, column.non_null);
        }
        Ok(Some((outcome, columns)))
    }
}

/// What the inventory is told of a column.
fn found(context: &ColumnContext, verdict: Option<Verdict>, non_null: u64) -> ColumnFound {
    let verdict = verdict.map(|verdict| ColumnVerdict {
        detector: verdict.detector,
        confidence: verdict.confidence,
        matches: verdict.matches,
        values: verdict.values,
        evidence: verdict.evidence,
        points: verdict.points,
    });
    ColumnFound { verdict, distinct: context.distinct(non_null) }
}

fn parser_failed(bytes_read: u64) -> ObjectOutcome {
    let outcome = ObjectOutcome::unread(Status::Corrupt, Reason::ParserFailed);
    ObjectOutcome { coverage: Coverage::Partial, reason_place: Some(bytes_read), bytes_read, ..outcome }
}

/// What was read of an object that changed meanwhile is told, but not taken for the whole.
fn mark_changed(opened: &Opened, outcome: &mut ObjectOutcome) {
    if outcome.status != Status::Scanned {
        return;
    }
    let reason = match opened.changed() {
        Ok(None) => return,
        Ok(Some(reason)) => reason,
        Err(_) => Reason::IoError,
    };
    outcome.status = Status::Changed;
    outcome.reason = Some(reason);
    outcome.reason_place = None;
    if outcome.coverage == Coverage::Full {
        outcome.coverage = Coverage::Partial;
    }
}

/// Counts what is read, for the progress and for whoever looks.
struct Metered<'a, R> {
    input: R,
    counted: Option<&'a Progress>,
    bytes: &'a Cell<u64>,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.bytes.set(self.bytes.get() + count as u64);
        if let Some(progress) = self.counted {
            progress.add_bytes(count as u64);
        }
        Ok(count)
    }
}
