//! One object, from its opening to its outcome.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use domesday_classifiers::{Carry, Classifier, ColumnContext, Found};
use domesday_connectors::{Entry, Opened, Opening};
use domesday_formats::{Limits, Target, read_object};
use domesday_model::{
    ColumnIx, Confidence, Coverage, DetectorId, Key, Layout, Located, Mask, ObjectOutcome, Occurrence,
    PlaceUnit, Reason, Sensitive, Sink, SinkError, Span, Status, SubjectToken, Window,
};

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

    /// Reads an open object to its end and tells the sink.
    ///
    /// # Errors
    /// As [`Self::entry`].
    pub fn object(&mut self, mut opened: Opened, sink: &mut dyn Sink) -> Result<(), SinkError> {
        let meta = opened.meta.clone();
        sink.begin(&meta)?;
        let name = meta.path.rsplit('/').next().unwrap_or_default();
        let mut reader = ObjectReader {
            classifier: self.classifier,
            options: self.options,
            progress: self.progress,
            counting_key: &self.counting_key,
            scratch: &mut self.scratch,
            sink,
            columns: Columns::default(),
            carries: [Carry::default(); 4],
            deadline: Instant::now() + self.options.max_object_time,
            ended: None,
            tokens: Vec::new(),
            alternatives: Vec::new(),
        };
        // A file of a kernel's file system says that it is empty and is not; what grows is read as long as it was.
        let length = meta.size.filter(|&size| size > 0).unwrap_or(u64::MAX);
        let mut input = Metered { input: (&mut opened).take(length), progress: self.progress, bytes: 0 };
        let limits = &self.options.limits;
        let formats = &mut self.formats;
        let read =
            catch_unwind(AssertUnwindSafe(|| read_object(&mut input, name, limits, formats, &mut reader)));
        let bytes = input.bytes;
        let Columns { paths, .. } = reader.columns;
        let mut outcome = match (read, reader.ended) {
            (_, Some(Ended::Sink(error))) => return Err(error),
            (_, Some(Ended::Stopped)) => return Ok(()),
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
        for (column, path) in outcome.columns.iter_mut().zip(paths) {
            column.path = path;
        }
        mark_changed(&opened, &mut outcome);
        sink.end(&outcome)?;
        self.progress.add_object();
        Ok(())
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
    progress: &'a Progress,
    bytes: u64,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.bytes += count as u64;
        self.progress.add_bytes(count as u64);
        Ok(count)
    }
}

/// Why reading was broken off.
enum Ended {
    Late,
    Stopped,
    Sink(SinkError),
}

/// The columns of an object, by index.
#[derive(Default)]
struct Columns {
    contexts: Vec<ColumnContext>,
    paths: Vec<String>,
    /// How many columns have hidden paths.
    hidden: usize,
}

/// Receives an object's windows and turns them into occurrences.
struct ObjectReader<'a> {
    classifier: &'a Classifier,
    options: &'a ScanOptions,
    progress: &'a Progress,
    counting_key: &'a Key,
    scratch: &'a mut domesday_classifiers::Scratch,
    sink: &'a mut dyn Sink,
    columns: Columns,
    carries: [Carry; 4],
    deadline: Instant,
    ended: Option<Ended>,
    tokens: Vec<SubjectToken>,
    alternatives: Vec<DetectorId>,
}

impl Target for ObjectReader<'_> {
    fn column(&mut self, ix: ColumnIx, path: &str) {
        let Columns { contexts, paths, hidden } = &mut self.columns;
        debug_assert_eq!(ix.0 as usize, contexts.len());
        // A header that is itself personal data (a table without one, a map by e-mail address) is not kept.
        let hide = holds_personal_data(self.classifier, self.options.min_confidence, self.scratch, path);
        contexts.push(if hide { ColumnContext::default() } else { self.classifier.column(path) });
        paths.push(match (hide, *hidden) {
            (false, _) => path.to_owned(),
            (true, 0) => "*".to_owned(),
            (true, others) => format!("*#{}", others + 1),
        });
        *hidden += usize::from(hide);
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
        let Self { classifier, options, counting_key, scratch, sink, columns, tokens, alternatives, .. } =
            self;
        let mut telling = Telling {
            classifier,
            options,
            counting_key,
            sink: &mut **sink,
            paths: &columns.paths,
            tokens,
            alternatives,
            lines: Lines::new(window),
            known: window.offsets.origin(),
            reported: 0,
        };
        let carry = &mut self.carries[window.offsets.sequence()];
        let flow =
            classifier.scan(window, &columns.contexts, carry, scratch, |found| telling.tell(window, found));
        self.progress.add_occurrences(telling.reported);
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
        let end = window.offsets.locate(start, found.end);
        let distinct = self.tokenise(window, found);
        self.alternatives.clear();
        self.alternatives.extend(found.alternatives.iter().map(|a| a.detector));
        self.reported += u64::from(reported);
        let column = found.cell.map(|cell| cell.column);
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
            mask: if reported { self.classifier.mask(found.detector, found.value) } else { Mask::new() },
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
        let Self { classifier, counting_key, tokens, .. } = self;
        let mut distinct = None;
        let mut add = |detector: DetectorId, confidence: Confidence, value: Sensitive<'_>| {
            classifier.normalise(detector, value, |kind, normalised| {
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

/// Whether a header would be reported if it were a value.
fn holds_personal_data(
    classifier: &Classifier,
    threshold: Confidence,
    scratch: &mut domesday_classifiers::Scratch,
    path: &str,
) -> bool {
    let window = Window {
        text: path.as_bytes(),
        own: 0..path.len(),
        layout: Layout::Lines { line: 0 },
        offsets: domesday_model::OffsetMap::identity(0),
    };
    let found = classifier.scan(&window, &[], &mut Carry::default(), scratch, |found| {
        if found.confidence >= threshold { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    found.is_break()
}
