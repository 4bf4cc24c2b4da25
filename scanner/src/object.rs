//! One object, from its opening to its outcome.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use domesday_classifiers::{Carry, Classifier, ColumnContext, Verdict, leaves_sample};
use domesday_connectors::{Entry, Opened, Opening};
use domesday_formats::{Limits, Target, read_object};
use domesday_model::{
    ColumnFound, ColumnIx, ColumnVerdict, Confidence, Coverage, Key, ObjectOutcome, ObjectRules, Reason,
    Rules, Sink, SinkError, Status, Window,
};

use crate::columns::{self, Columns, Probe};
use crate::progress::Progress;
use crate::telling::{Hearing, Teller, Waiting};

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
    /// See [`columns::listed`].
    listed: Vec<ColumnContext>,
    formats: domesday_formats::Scratch,
    scratch: Box<domesday_classifiers::Scratch>,
    waiting: Waiting,
}

impl<'a> Worker<'a> {
    /// A worker with empty buffers.
    pub fn new(classifier: &'a Classifier, options: &'a ScanOptions, progress: &'a Progress) -> Self {
        Self {
            classifier,
            options,
            progress,
            listed: columns::listed(classifier),
            formats: domesday_formats::Scratch::default(),
            scratch: Box::default(),
            waiting: Waiting::default(),
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
                sink.end(&ObjectOutcome::unread(status, reason))?;
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

    /// One reading; `None` when the scan was stopped. `counted` hears of bytes and occurrences.
    fn read(
        &mut self,
        opened: &mut Opened,
        columns: Columns,
        counted: Option<&Progress>,
        sink: &mut dyn Sink,
    ) -> Result<Option<(ObjectOutcome, Columns)>, SinkError> {
        let name = opened.meta.path.rsplit('/').next().unwrap_or_default().to_owned();
        // A file of a kernel's file system says that it is empty and is not; what grows is read as long as it was.
        let length = opened.meta.size.filter(|&size| size > 0).unwrap_or(u64::MAX);
        let mut reader = ObjectReader {
            classifier: self.classifier,
            options: self.options,
            progress: self.progress,
            counted,
            scratch: &mut self.scratch,
            listed: &self.listed,
            rules: self.options.rules.at(&opened.meta.path),
            sink,
            columns,
            waiting: &mut self.waiting,
            carries: [Carry::default(); 4],
            deadline: Instant::now() + self.options.max_object_time,
            ended: None,
        };
        reader.waiting.clear();
        let mut input = Metered { input: opened.take(length), counted, bytes: 0 };
        let limits = &self.options.limits;
        let formats = &mut self.formats;
        let read =
            catch_unwind(AssertUnwindSafe(|| read_object(&mut input, &name, limits, formats, &mut reader)));
        let bytes = input.bytes;
        if read.is_err() {
            // It may be in any state.
            *reader.scratch = domesday_classifiers::Scratch::default();
        }
        reader.decide();
        let columns = reader.columns;
        let mut outcome = match (read, reader.ended) {
            (_, Some(Ended::Sink(error))) => return Err(error),
            (_, Some(Ended::Stopped)) => return Ok(None),
            (Ok(Ok(content)), None) => content.into(),
            (Ok(Ok(content)), Some(Ended::Late)) => limited(content.into()),
            (Ok(Err(error)), _) => (*error.content).into(),
            (Err(_), _) => {
                // Its buffers may be in any state.
                self.formats = domesday_formats::Scratch::default();
                parser_failed(bytes)
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

fn limited(outcome: ObjectOutcome) -> ObjectOutcome {
    let reason_place = Some(outcome.bytes_read);
    ObjectOutcome {
        status: Status::Limited,
        coverage: Coverage::Partial,
        reason: Some(Reason::TimeLimit),
        reason_place,
        ..outcome
    }
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

/// Counts what is read, for the progress.
struct Metered<'a, R> {
    input: R,
    counted: Option<&'a Progress>,
    bytes: u64,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.bytes += count as u64;
        if let Some(progress) = self.counted {
            progress.add_bytes(count as u64);
        }
        Ok(count)
    }
}

/// Why reading was broken off.
enum Ended {
    Late,
    Stopped,
    Sink(SinkError),
}

/// Receives an object's windows and turns them into occurrences.
struct ObjectReader<'a> {
    classifier: &'a Classifier,
    options: &'a ScanOptions,
    progress: &'a Progress,
    /// Hears of occurrences, unless they were counted in an earlier reading.
    counted: Option<&'a Progress>,
    scratch: &'a mut domesday_classifiers::Scratch,
    listed: &'a [ColumnContext],
    rules: ObjectRules<'a>,
    sink: &'a mut dyn Sink,
    columns: Columns,
    waiting: &'a mut Waiting,
    carries: [Carry; 4],
    deadline: Instant,
    ended: Option<Ended>,
}

impl ObjectReader<'_> {
    /// Decides on the columns, if that has not been done, and tells what waited for it.
    fn decide(&mut self) {
        if self.columns.decided || matches!(self.ended, Some(Ended::Sink(_) | Ended::Stopped)) {
            return;
        }
        self.columns.decided = true;
        self.classifier.decide(&mut self.columns.contexts);
        let Self { classifier, options, rules, sink, columns, waiting, scratch, .. } = self;
        let mut teller = Teller::new(classifier, options, rules, &mut **sink, &columns.paths);
        let flow = waiting.tell(&columns.contexts, scratch, &mut teller);
        let reported = teller.reported;
        self.told(flow, reported);
    }

    fn told(&mut self, flow: ControlFlow<SinkError>, reported: u64) {
        if let Some(progress) = self.counted {
            progress.add_occurrences(reported);
        }
        if let ControlFlow::Break(error) = flow {
            self.ended = Some(Ended::Sink(error));
        }
    }
}

impl Target for ObjectReader<'_> {
    fn column(&mut self, ix: ColumnIx, path: &str, table: usize) {
        debug_assert_eq!(ix.0 as usize, self.columns.paths.len());
        let Self { classifier, scratch, columns, .. } = self;
        columns.add(
            &mut Probe { classifier, threshold: self.options.min_confidence, scratch, listed: self.listed },
            path,
            table,
        );
    }

    fn window(&mut self, window: &Window<'_>) -> ControlFlow<()> {
        if self.progress.is_stopped() {
            self.ended = Some(Ended::Stopped);
            return ControlFlow::Break(());
        }
        if Instant::now() > self.deadline {
            self.ended = Some(Ended::Late);
            return ControlFlow::Break(());
        }
        // The windows of escaped cells follow the one that holds them, and may be in the sample yet.
        if self.columns.left_sample && window.offsets.sequence().is_multiple_of(2) {
            self.decide();
        }
        let Self { classifier, options, rules, scratch, sink, columns, waiting, .. } = self;
        let Columns { contexts, paths, .. } = columns;
        let teller = Teller::new(classifier, options, rules, &mut **sink, paths);
        let mut hearing = Hearing::new(window, teller, waiting);
        let carry = &mut self.carries[window.offsets.sequence()];
        let flow = classifier.scan_table(window, contexts, carry, scratch, &mut hearing);
        let reported = hearing.teller.reported;
        self.told(flow, reported);
        self.columns.left_sample |= leaves_sample(window);
        if self.waiting.is_full() {
            self.columns.left_sample = true;
            self.decide();
        }
        match self.ended {
            None => ControlFlow::Continue(()),
            Some(_) => ControlFlow::Break(()),
        }
    }
}
