//! One object, from its opening to its outcome.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use domesday_classifiers::{Carry, Classifier, ColumnContext, Found};
use domesday_connectors::{Entry, Opened, Opening};
use domesday_formats::{Limits, Target, read_object};
use domesday_model::{
    ColumnIx, Confidence, Coverage, DetectorId, Key, LateMask, Layout, Located, ObjectOutcome, Occurrence,
    PlaceUnit, Reason, Sensitive, Sink, SinkError, Span, Status, SubjectToken, Window,
};

use crate::columns::{self, Columns, Probe};
use crate::progress::Progress;

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
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            max_object_time: Duration::from_secs(3600),
            min_confidence: Confidence::from_thousandths(500),
            key: None,
        }
    }
}

/// Reads objects one after another, with memory that is reused.
pub struct Worker<'a> {
    classifier: &'a Classifier,
    options: &'a ScanOptions,
    progress: &'a Progress,
    counting_key: Key,
    /// See [`columns::listed`].
    listed: Vec<ColumnContext>,
    formats: domesday_formats::Scratch,
    scratch: Box<domesday_classifiers::Scratch>,
}

impl<'a> Worker<'a> {
    /// A worker with empty buffers.
    pub fn new(classifier: &'a Classifier, options: &'a ScanOptions, progress: &'a Progress) -> Self {
        Self {
            classifier,
            options,
            progress,
            counting_key: options.key.clone().unwrap_or_else(Key::for_counting),
            listed: columns::listed(classifier),
            formats: domesday_formats::Scratch::default(),
            scratch: Box::default(),
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

    /// Reads an open object to its end and tells the sink. Twice, where the names of its columns turn out to be data.
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
        if let Some(columns) = columns.to_read_again() {
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
            counting_key: &self.counting_key,
            scratch: &mut self.scratch,
            listed: &self.listed,
            sink,
            columns,
            carries: [Carry::default(); 4],
            deadline: Instant::now() + self.options.max_object_time,
            ended: None,
            tokens: Vec::new(),
            alternatives: Vec::new(),
            normalised: Vec::new(),
        };
        let mut input = Metered { input: opened.take(length), counted, bytes: 0 };
        let limits = &self.options.limits;
        let formats = &mut self.formats;
        let read =
            catch_unwind(AssertUnwindSafe(|| read_object(&mut input, &name, limits, formats, &mut reader)));
        let bytes = input.bytes;
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
                *self.scratch = domesday_classifiers::Scratch::default();
                parser_failed(bytes)
            }
        };
        for (column, path) in outcome.columns.iter_mut().zip(&columns.paths) {
            column.path.clone_from(path);
        }
        Ok(Some((outcome, columns)))
    }
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
    counting_key: &'a Key,
    scratch: &'a mut domesday_classifiers::Scratch,
    listed: &'a [ColumnContext],
    sink: &'a mut dyn Sink,
    columns: Columns,
    carries: [Carry; 4],
    deadline: Instant,
    ended: Option<Ended>,
    tokens: Vec<SubjectToken>,
    alternatives: Vec<DetectorId>,
    normalised: Vec<u8>,
}

impl Target for ObjectReader<'_> {
    fn column(&mut self, ix: ColumnIx, path: &str) {
        debug_assert_eq!(ix.0 as usize, self.columns.paths.len());
        let Self { classifier, scratch, columns, .. } = self;
        columns.add(
            &mut Probe { classifier, threshold: self.options.min_confidence, scratch, listed: self.listed },
            path,
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
        let Self {
            classifier,
            options,
            counting_key,
            scratch,
            sink,
            columns,
            tokens,
            alternatives,
            normalised,
            ..
        } = self;
        let mut telling = Telling {
            classifier,
            options,
            counting_key,
            sink: &mut **sink,
            paths: &columns.paths,
            tokens,
            alternatives,
            normalised,
            lines: Lines::new(window),
            known: window.offsets.origin(),
            reported: 0,
        };
        let carry = &mut self.carries[window.offsets.sequence()];
        let flow =
            classifier.scan(window, &columns.contexts, carry, scratch, |found| telling.tell(window, found));
        let reported = telling.reported;
        if let Some(progress) = self.counted {
            progress.add_occurrences(reported);
        }
        match flow {
            ControlFlow::Continue(()) => ControlFlow::Continue(()),
            ControlFlow::Break(error) => {
                self.ended = Some(Ended::Sink(error));
                ControlFlow::Break(())
            }
        }
    }
}

/// Turns what the classifier finds in one window into occurrences.
struct Telling<'a> {
    classifier: &'a Classifier,
    options: &'a ScanOptions,
    counting_key: &'a Key,
    sink: &'a mut dyn Sink,
    paths: &'a [String],
    tokens: &'a mut Vec<SubjectToken>,
    alternatives: &'a mut Vec<DetectorId>,
    /// Memory to normalise values in.
    normalised: &'a mut Vec<u8>,
    lines: Lines<'a>,
    known: Located,
    reported: u64,
}

impl Telling<'_> {
    fn tell(&mut self, window: &Window<'_>, found: &Found<'_>) -> ControlFlow<SinkError> {
        let reported = found.confidence >= self.options.min_confidence;
        if !reported && self.options.key.is_none() {
            return ControlFlow::Continue(());
        }
        let start = window.offsets.locate(self.known, found.start);
        self.known = start;
        let end = window.offsets.locate_end(start, found.end);
        let distinct = self.tokenise(window, found);
        self.alternatives.clear();
        self.alternatives.extend(found.alternatives.iter().map(|a| a.detector));
        self.reported += u64::from(reported);
        let column = found.cell.map(|cell| cell.column);
        let classifier = self.classifier;
        let told = self.sink.occurrence(&Occurrence {
            detector: found.detector,
            column,
            column_path: column.map(|ix| self.paths[ix.0 as usize].as_str()),
            record: found.cell.map_or_else(|| self.lines.at(found.start), |cell| Some(cell.record)),
            span: Span { start: start.source, end: end.source },
            unit: PlaceUnit::Bytes,
            confidence: found.confidence,
            evidence: found.evidence,
            alternatives: self.alternatives,
            mask: LateMask::new(&|| classifier.mask(found.detector, found.value)),
            value: found.value,
            distinct,
            tokens: self.tokens,
            reported,
        });
        match told {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }

    /// Collects the tokens of a value and its alternatives; returns what distinct values are counted by.
    fn tokenise(&mut self, window: &Window<'_>, found: &Found<'_>) -> u64 {
        self.tokens.clear();
        let keep = self.options.key.is_some();
        let Self { classifier, counting_key, tokens, normalised, .. } = self;
        let mut distinct = None;
        let mut add = |detector: DetectorId, confidence: Confidence, value: Sensitive<'_>| {
            classifier.normalise(detector, value, normalised, |kind, normalised| {
                let token = counting_key.token(kind, normalised);
                distinct = distinct.or(Some(token.sketch_hash()));
                if keep && tokens.iter().all(|known| known.token != token) {
                    tokens.push(SubjectToken { token, kind, detector, confidence });
                }
            });
        };
        add(found.detector, found.confidence, found.value);
        if keep {
            for other in found.alternatives {
                let value = Sensitive::new(&window.text[other.start..other.end]);
                add(other.detector, other.confidence, value);
            }
        }
        distinct.unwrap_or_default()
    }
}

/// Counts lines on the way through a window.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: Option<u64>,
}

impl<'a> Lines<'a> {
    fn new(window: &Window<'a>) -> Self {
        let line = match window.layout {
            Layout::Lines { line } => Some(line),
            Layout::Runs | Layout::Cells(_) => None,
        };
        Self { text: window.text, at: window.own.start, line }
    }

    /// The line of `offset`, which is not before that of an earlier call.
    fn at(&mut self, offset: usize) -> Option<u64> {
        let line = self.line.as_mut()?;
        *line += memchr::memchr_iter(b'\n', &self.text[self.at..offset.max(self.at)]).count() as u64;
        self.at = offset.max(self.at);
        Some(*line)
    }
}
