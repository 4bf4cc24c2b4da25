//! From what the classifier finds to occurrences: at once, or when the column of a value is decided.

use std::ops::{ControlFlow, Range};

use domesday_classifiers::{
    Alike, Alternative, Candidate, Classifier, ColumnContext, Detector, Found, Hear, Place, Scratch, Settled,
};
use domesday_model::{
    Cell, ColumnIx, Confidence, DetectorId, Fact, FactKind, LateMask, Layout, Located, Mask, ObjectRules,
    Occurrence, PlaceUnit, Ruling, Sensitive, Sink, SinkError, Span, SubjectToken, Takes, Token, Window,
    count_hash,
};

use crate::object::ScanOptions;
use crate::remembered::{Marks, Remembered};

/// More values never wait: a bound for formats whose places do not grow with what was read.
const MOST_WAITING: usize = 1 << 18;
/// Memory beyond this is not kept for the next object. Values.
const KEPT: usize = 1 << 14;

/// Tells a sink of occurrences.
pub(crate) struct Teller<'a> {
    classifier: &'a Classifier,
    options: &'a ScanOptions,
    rules: &'a ObjectRules<'a>,
    sink: &'a mut dyn Sink,
    paths: &'a [String],
    pub(crate) reported: u64,
}

/// A value and its place.
struct Told<'a> {
    detector: DetectorId,
    column: Option<ColumnIx>,
    record: Option<u64>,
    span: Span,
    confidence: Confidence,
    evidence: &'a [Fact],
    alternatives: &'a [DetectorId],
    mask: LateMask<'a>,
    value: Sensitive<'a>,
    distinct: u64,
    tokens: &'a [SubjectToken],
    ruling: Ruling,
    alike: &'a [u64],
}

impl<'a> Teller<'a> {
    pub(crate) fn new(
        classifier: &'a Classifier,
        options: &'a ScanOptions,
        rules: &'a ObjectRules<'a>,
        sink: &'a mut dyn Sink,
        paths: &'a [String],
    ) -> Self {
        Self { classifier, options, rules, sink, paths, reported: 0 }
    }

    /// Whether a value may be told at all: below the threshold for the sake of its token, or of a rule.
    fn is_told(&self, confidence: Confidence) -> bool {
        self.is_reported(confidence) || self.options.key.is_some() || self.rules.deny()
    }

    fn is_reported(&self, confidence: Confidence) -> bool {
        confidence >= self.options.min_confidence
    }

    fn tell(&mut self, told: &Told<'_>) -> ControlFlow<SinkError> {
        let is_denied = told.ruling == Ruling::Denied;
        let reported = self.is_reported(told.confidence) || is_denied;
        if !reported && self.options.key.is_none() {
            return ControlFlow::Continue(());
        }
        self.reported += if reported { 1 + told.alike.len() as u64 } else { 0 };
        let more;
        let evidence = if is_denied {
            // The last kind of facts: they stay sorted.
            more = [told.evidence, &[Fact::plain(FactKind::DenyList)]].concat();
            &more
        } else {
            told.evidence
        };
        let occurrence = self.sink.occurrence(&Occurrence {
            detector: told.detector,
            column: told.column,
            column_path: told.column.and_then(|ix| self.paths.get(ix.0 as usize)).map(String::as_str),
            record: told.record,
            span: told.span,
            unit: PlaceUnit::Bytes,
            confidence: told.confidence,
            evidence,
            alternatives: told.alternatives,
            mask: told.mask,
            value: told.value,
            distinct: told.distinct,
            tokens: told.tokens,
            reported,
            ruling: told.ruling,
            alike: told.alike,
        });
        match occurrence {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

/// Hears what is found in one window.
pub(crate) struct Hearing<'a> {
    window: &'a Window<'a>,
    pub(crate) teller: Teller<'a>,
    waiting: &'a mut Waiting,
    lines: Lines<'a>,
    known: Located,
}

impl<'a> Hearing<'a> {
    pub(crate) fn new(window: &'a Window<'a>, teller: Teller<'a>, waiting: &'a mut Waiting) -> Self {
        let (lines, known) = (Lines::new(window), window.offsets.origin());
        Self { window, teller, waiting, lines, known }
    }

    /// Where a value stands that does not start before that of an earlier call.
    fn span(&mut self, place: Range<usize>) -> Span {
        let start = self.window.offsets.locate(self.known, place.start);
        self.known = start;
        let end = self.window.offsets.locate_end(start, place.end);
        Span { start: start.source, end: end.source }
    }

    /// Adds the tokens of a value to those that wait; returns what distinct values are counted by.
    fn tokenise(&mut self, detector: DetectorId, confidence: Confidence, value: Sensitive<'_>) -> u64 {
        let (classifier, options) = (self.teller.classifier, self.teller.options);
        let Waiting { tokens, forms, normalised, remembered, .. } = &mut *self.waiting;
        let Detector { is_tokenised, token: kind, .. } = *classifier.detector(detector);
        forms.clear();
        let place = match remembered.get(detector, value) {
            Ok(marks) => {
                forms.extend(marks.forms());
                let tokens_of = |token| SubjectToken { token, kind, detector, confidence };
                tokens.extend(marks.forms().filter(|_| is_tokenised).map(tokens_of));
                return marks.distinct;
            }
            Err(place) => place,
        };
        let mut distinct = None;
        let mut marks = Marks::default();
        classifier.normalise(detector, value, normalised, |kind, normalised| {
            let Some(key) = &options.key else {
                distinct = distinct.or_else(|| Some(count_hash(kind, normalised)));
                return;
            };
            let token = key.token(kind, normalised);
            distinct = distinct.or(Some(token.sketch_hash()));
            forms.push(token);
            marks.push(token);
            if is_tokenised {
                tokens.push(SubjectToken { token, kind, detector, confidence });
            }
        });
        marks.distinct = distinct.unwrap_or_default();
        remembered.keep(place, detector, value, marks);
        marks.distinct
    }

    /// What the rules say of a value that has just been normalised.
    fn judge(&self, detector: DetectorId, value: Sensitive<'_>) -> Ruling {
        let Teller { classifier, rules, .. } = &self.teller;
        if rules.is_empty() {
            return Ruling::None;
        }
        let plain = classifier.plain(detector, value);
        rules.judge(classifier.catalog().detector(detector), &plain, &self.waiting.forms)
    }

    /// Tells of a value that may be told, and of those that are counted with it.
    fn tell(&mut self, found: &Found<'_>, alike: &[u64]) -> ControlFlow<SinkError> {
        let span = self.span(found.start..found.end);
        let waiting = self.waiting.tokens.len();
        let distinct = self.tokenise(found.detector, found.confidence, found.value);
        let ruling = self.judge(found.detector, found.value);
        if self.teller.options.key.is_some() {
            for other in found.alternatives {
                let value = Sensitive::new(&self.window.text[other.start..other.end]);
                self.tokenise(other.detector, other.confidence, value);
            }
        }
        let mut alternatives = [DetectorId(0); domesday_classifiers::MOST_ALTERNATIVES];
        for (place, other) in alternatives.iter_mut().zip(found.alternatives) {
            *place = other.detector;
        }
        let classifier = self.teller.classifier;
        keep_first(&mut self.waiting.tokens, waiting);
        let told = self.teller.tell(&Told {
            detector: found.detector,
            column: found.cell.map(|cell| cell.column),
            record: found.cell.map_or_else(|| self.lines.at(found.start), |cell| Some(cell.record)),
            span,
            confidence: found.confidence,
            evidence: found.evidence,
            alternatives: &alternatives[..found.alternatives.len()],
            mask: LateMask::new(&|| classifier.mask(found.detector, found.value)),
            value: found.value,
            distinct,
            tokens: &self.waiting.tokens[waiting..],
            ruling,
            alike,
        });
        self.waiting.tokens.truncate(waiting);
        told
    }
}

impl Hear<SinkError> for Hearing<'_> {
    fn found(&mut self, found: &Found<'_>) -> ControlFlow<SinkError> {
        if !self.teller.is_told(found.confidence) {
            return ControlFlow::Continue(());
        }
        self.tell(found, &[])
    }

    fn takes_alike(&self) -> bool {
        self.teller.sink.takes() > Takes::InOrder
    }

    fn alike(&mut self, alike: &Alike<'_>) -> ControlFlow<SinkError> {
        let &Alike { detector, confidence, evidence, alternatives, places } = alike;
        let (Layout::Cells(cells), true) = (self.window.layout, self.teller.is_told(confidence)) else {
            return ControlFlow::Continue(());
        };
        // Others of the window stand before them.
        self.known = self.window.offsets.origin();
        let none = Alternative { detector, confidence, start: 0, end: 0 };
        let mut others = [none; domesday_classifiers::MOST_ALTERNATIVES];
        others.iter_mut().zip(alternatives).for_each(|(other, known)| *other = *known);
        let text = self.window.text;
        let mut tell = |hearing: &mut Self, &Place { cell, start, end }: &Place, alike: &[u64]| {
            let (start, end) = (start as usize, end as usize);
            others.iter_mut().for_each(|other| (other.start, other.end) = (start, end));
            hearing.tell(
                &Found {
                    detector,
                    start,
                    end,
                    cell: Some(&cells[cell as usize]),
                    confidence,
                    evidence,
                    alternatives: &others[..alternatives.len()],
                    value: Sensitive::new(&text[start..end]),
                },
                alike,
            )
        };
        let together = self.teller.sink.takes() == Takes::Together
            && self.teller.options.key.is_none()
            && self.teller.rules.is_empty();
        if together && let [first, more @ ..] = places {
            let mut distinct = std::mem::take(&mut self.waiting.distinct);
            for &Place { start, end, .. } in more {
                let value = Sensitive::new(&text[start as usize..end as usize]);
                distinct.push(self.tokenise(detector, confidence, value));
            }
            let told = tell(self, first, &distinct);
            distinct.clear();
            self.waiting.distinct = distinct;
            told?;
        } else {
            places.iter().try_for_each(|place| tell(self, place, &[]))?;
        }
        self.known = self.window.offsets.origin();
        ControlFlow::Continue(())
    }

    fn waits(&mut self, group: &[Candidate], cell: &Cell) -> ControlFlow<SinkError> {
        let first = self.waiting.values.len();
        for &candidate in group {
            let place = candidate.place();
            let value = Sensitive::new(&self.window.text[place.clone()]);
            let from = self.waiting.tokens.len();
            let span = self.span(place);
            let distinct = self.tokenise(candidate.detector(), candidate.confidence(), value);
            let ruling = self.judge(candidate.detector(), value);
            let raw = self.waiting.raw.len();
            if self.teller.options.values {
                self.waiting.raw.extend_from_slice(value.reveal());
            }
            self.waiting.values.push(Value {
                candidate,
                span,
                mask: self.teller.classifier.mask(candidate.detector(), value),
                distinct,
                tokens: from as u32..self.waiting.tokens.len() as u32,
                raw: raw as u32..self.waiting.raw.len() as u32,
                ruling,
            });
        }
        let values = first..self.waiting.values.len();
        self.waiting.groups.push(Group { column: cell.column, record: cell.record, values });
        ControlFlow::Continue(())
    }
}

/// A value that occurs as two detectors has each token once.
fn keep_first(tokens: &mut Vec<SubjectToken>, from: usize) {
    let mut at = from;
    while at < tokens.len() {
        if tokens[from..at].iter().any(|known| known.token == tokens[at].token) {
            tokens.remove(at);
        } else {
            at += 1;
        }
    }
}

/// What waits for its column to be decided: no raw values, unless they are to be told.
#[derive(Default)]
pub(crate) struct Waiting {
    groups: Vec<Group>,
    values: Vec<Value>,
    tokens: Vec<SubjectToken>,
    raw: Vec<u8>,
    /// Memory to normalise values in.
    normalised: Vec<u8>,
    /// What distinct values that are told together are counted by.
    distinct: Vec<u64>,
    /// The tokens of the value that was normalised last, kept or not.
    forms: Vec<Token>,
    remembered: Remembered,
}

/// Values of one cell that overlap.
struct Group {
    column: ColumnIx,
    record: u64,
    values: Range<usize>,
}

struct Value {
    candidate: Candidate,
    span: Span,
    mask: Mask,
    distinct: u64,
    tokens: Range<u32>,
    raw: Range<u32>,
    ruling: Ruling,
}

impl Waiting {
    pub(crate) fn clear(&mut self) {
        if self.values.capacity() > KEPT {
            *self = Self { remembered: std::mem::take(&mut self.remembered), ..Self::default() };
        }
        self.groups.clear();
        self.values.clear();
        self.tokens.clear();
        self.raw.clear();
    }

    /// Whether so much waits that the columns must be decided.
    pub(crate) fn is_full(&self) -> bool {
        self.values.len() >= MOST_WAITING
    }

    /// Tells what has waited, now that the columns are decided, and forgets it.
    pub(crate) fn tell(
        &mut self,
        columns: &[ColumnContext],
        scratch: &mut Scratch,
        teller: &mut Teller<'_>,
    ) -> ControlFlow<SinkError> {
        let (mut candidates, mut tokens) = (Vec::new(), Vec::new());
        let classifier = teller.classifier;
        for group in &self.groups {
            let values = &self.values[group.values.clone()];
            candidates.clear();
            candidates.extend(values.iter().map(|value| value.candidate));
            let column = &columns[group.column.0 as usize];
            classifier.settle(column, &candidates, scratch, |settled: &Settled<'_>| {
                if !teller.is_told(settled.confidence) {
                    return ControlFlow::Continue(());
                }
                let value = &values[settled.index];
                let others = settled.others.iter().map(|&(i, confidence)| (&values[i], confidence));
                tokens.clear();
                for (value, confidence) in std::iter::once((value, settled.confidence)).chain(others.clone())
                {
                    let own = &self.tokens[value.tokens.start as usize..value.tokens.end as usize];
                    tokens.extend(own.iter().map(|&token| SubjectToken { confidence, ..token }));
                }
                keep_first(&mut tokens, 0);
                let mut alternatives = [DetectorId(0); domesday_classifiers::MOST_ALTERNATIVES];
                for (place, (other, _)) in alternatives.iter_mut().zip(others) {
                    *place = other.candidate.detector();
                }
                teller.tell(&Told {
                    detector: value.candidate.detector(),
                    column: Some(group.column),
                    record: Some(group.record),
                    span: value.span,
                    confidence: settled.confidence,
                    evidence: settled.evidence,
                    alternatives: &alternatives[..settled.others.len()],
                    mask: LateMask::new(&|| value.mask),
                    value: Sensitive::new(&self.raw[value.raw.start as usize..value.raw.end as usize]),
                    distinct: value.distinct,
                    tokens: &tokens,
                    ruling: value.ruling,
                    alike: &[],
                })
            })?;
        }
        self.clear();
        ControlFlow::Continue(())
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
