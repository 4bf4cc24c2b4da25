//! Occurrences that are told later: those of windows that were matched ahead of others.

use std::ops::{ControlFlow, Range};

use domesday_classifiers::Classifier;
use domesday_model::{
    ColumnIx, Confidence, DetectorId, Fact, LateMask, ObjectMeta, ObjectOutcome, Occurrence, PlaceUnit,
    Ruling, Sensitive, Sink, SinkError, Span, SubjectToken, Takes,
};

/// A sink that keeps what it hears. The paths of columns are left to [`Self::tell`].
#[derive(Default)]
pub(crate) struct Heard {
    /// Those who are told of it want each value in order of place.
    pub(crate) in_order: bool,
    occurrences: Vec<Kept>,
    evidence: Vec<Fact>,
    alternatives: Vec<DetectorId>,
    tokens: Vec<SubjectToken>,
    values: Vec<u8>,
}

struct Kept {
    detector: DetectorId,
    column: Option<ColumnIx>,
    record: Option<u64>,
    span: Span,
    unit: PlaceUnit,
    confidence: Confidence,
    distinct: u64,
    reported: bool,
    ruling: Ruling,
    evidence: Range<u32>,
    alternatives: Range<u32>,
    tokens: Range<u32>,
    value: Range<u32>,
}

impl Heard {
    /// Occurrences that it holds.
    pub(crate) fn len(&self) -> usize {
        self.occurrences.len()
    }

    /// Forgets them. Memory stays, unless it is more than `most` bytes.
    pub(crate) fn clear(&mut self, most: usize) {
        let Self { occurrences, evidence, alternatives, tokens, values, .. } = self;
        let bytes = size_of::<Kept>() * occurrences.capacity()
            + size_of::<Fact>() * evidence.capacity()
            + size_of::<DetectorId>() * alternatives.capacity()
            + size_of::<SubjectToken>() * tokens.capacity()
            + values.capacity();
        if bytes > most {
            *self = Self::default();
            return;
        }
        occurrences.clear();
        evidence.clear();
        alternatives.clear();
        tokens.clear();
        values.clear();
    }

    /// Tells a sink of those of the occurrences `range` that do not start before `from`; how many of them are reported.
    pub(crate) fn tell(
        &self,
        range: Range<usize>,
        from: u64,
        (classifier, paths): (&Classifier, &[String]),
        sink: &mut dyn Sink,
    ) -> (ControlFlow<SinkError>, u64) {
        let mut reported = 0;
        for kept in self.occurrences[range].iter().filter(|kept| kept.span.start >= from) {
            let value = Sensitive::new(part(&self.values, &kept.value));
            reported += u64::from(kept.reported);
            let told = sink.occurrence(&Occurrence {
                detector: kept.detector,
                column: kept.column,
                column_path: kept.column.map(|ix| paths[ix.0 as usize].as_str()),
                record: kept.record,
                span: kept.span,
                unit: kept.unit,
                confidence: kept.confidence,
                evidence: part(&self.evidence, &kept.evidence),
                alternatives: part(&self.alternatives, &kept.alternatives),
                mask: LateMask::new(&|| classifier.mask(kept.detector, value)),
                value,
                distinct: kept.distinct,
                tokens: part(&self.tokens, &kept.tokens),
                reported: kept.reported,
                ruling: kept.ruling,
                alike: &[],
            });
            if let Err(error) = told {
                return (ControlFlow::Break(error), reported);
            }
        }
        (ControlFlow::Continue(()), reported)
    }
}

impl Sink for Heard {
    fn begin(&mut self, _: &ObjectMeta) -> Result<(), SinkError> {
        Ok(())
    }

    fn occurrence(&mut self, occurrence: &Occurrence<'_>) -> Result<(), SinkError> {
        self.occurrences.push(Kept {
            detector: occurrence.detector,
            column: occurrence.column,
            record: occurrence.record,
            span: occurrence.span,
            unit: occurrence.unit,
            confidence: occurrence.confidence,
            distinct: occurrence.distinct,
            reported: occurrence.reported,
            ruling: occurrence.ruling,
            evidence: keep(&mut self.evidence, occurrence.evidence),
            alternatives: keep(&mut self.alternatives, occurrence.alternatives),
            tokens: keep(&mut self.tokens, occurrence.tokens),
            value: keep(&mut self.values, occurrence.value.reveal()),
        });
        Ok(())
    }

    fn takes(&self) -> Takes {
        if self.in_order { Takes::InOrder } else { Takes::Each }
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        Ok(())
    }

    fn end(&mut self, _: &ObjectOutcome) -> Result<(), SinkError> {
        Ok(())
    }
}

fn keep<T: Copy>(all: &mut Vec<T>, more: &[T]) -> Range<u32> {
    let start = all.len() as u32;
    all.extend_from_slice(more);
    start..all.len() as u32
}

fn part<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    &all[range.start as usize..range.end as usize]
}
