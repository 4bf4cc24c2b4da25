//! What a scan found, as far as the command line itself wants to know it: whether `--fail-on` holds, which findings go
//! to the table, which objects have problems. All else is in the inventory.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasherDefault;

use domesday_model::{
    ColumnIx, Confidence, DetectorId, Fact, FindingId, Mask, NumberHasher, ObjectMeta, ObjectOutcome,
    Occurrence, PlaceUnit, Ruling, Sensitivity, Span, Status,
};

use crate::condition::{Condition, Facts};
use crate::marks::Marks;
use crate::visible::visible;

/// Pairs that are found without a look-up, a power of two.
const RECENT: usize = 32;
/// Findings that the table shows.
pub(crate) const MOST_ROWS: usize = 50;
/// Problems that are named; the inventory has all.
const MOST_PROBLEMS: usize = 10;

/// A finding in the order of the table: the most sensitive first, then the most frequent.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Row {
    pub(crate) sensitivity: Reverse<Sensitivity>,
    pub(crate) occurrences: Reverse<u64>,
    pub(crate) path: String,
    pub(crate) column: Option<String>,
    pub(crate) detector: String,
    pub(crate) id: FindingId,
    pub(crate) confidence: Confidence,
}

/// An object that should have been read and was not, or not wholly.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Problem {
    pub(crate) path: String,
    pub(crate) why: String,
}

/// What one worker, or all of them, saw.
#[derive(Default, Debug)]
pub(crate) struct Seen {
    /// Those that count.
    pub(crate) findings: u64,
    /// Those that a rule or a person suppresses.
    pub(crate) suppressed: u64,
    /// Findings that satisfy the condition.
    pub(crate) satisfying: u64,
    pub(crate) rows: BTreeSet<Row>,
    pub(crate) problem_count: u64,
    pub(crate) problems: BTreeSet<Problem>,
}

impl Seen {
    /// Joins what another worker saw. The result does not depend on the order.
    pub(crate) fn join(&mut self, other: Self) {
        self.findings += other.findings;
        self.suppressed += other.suppressed;
        self.satisfying += other.satisfying;
        self.problem_count += other.problem_count;
        self.rows.extend(other.rows);
        self.problems.extend(other.problems);
        self.bound();
    }

    fn bound(&mut self) {
        while self.rows.len() > MOST_ROWS {
            self.rows.pop_last();
        }
        while self.problems.len() > MOST_PROBLEMS {
            self.problems.pop_last();
        }
    }

    /// Whether a finding of that rank would still be among the rows.
    fn wants(&self, sensitivity: Sensitivity, occurrences: u64) -> bool {
        let last = self.rows.last().filter(|_| self.rows.len() >= MOST_ROWS);
        last.is_none_or(|last| {
            (Reverse(sensitivity), Reverse(occurrences)) <= (last.sensitivity, last.occurrences)
        })
    }
}

/// Occurrences of one detector in one column of the present object: those that count, or where there are none, those that
/// rules suppress.
pub(crate) struct Pair {
    pub(crate) column: Option<ColumnIx>,
    pub(crate) column_path: Option<String>,
    pub(crate) detector: DetectorId,
    pub(crate) occurrences: u64,
    pub(crate) confidence: Confidence,
    /// What the rules say of it: denied where one occurrence is, else of the rules that suppress any the first.
    pub(crate) ruling: Ruling,
    /// Where the tally keeps it.
    pub(crate) first: Option<Box<First>>,
}

/// The occurrence that comes first in the object.
pub(crate) struct First {
    pub(crate) span: Span,
    pub(crate) unit: PlaceUnit,
    pub(crate) record: Option<u64>,
    pub(crate) mask: Mask,
    pub(crate) evidence: Vec<Fact>,
    pub(crate) alternatives: Vec<DetectorId>,
}

impl First {
    fn of(occurrence: &Occurrence<'_>) -> Self {
        Self {
            span: occurrence.span,
            unit: occurrence.unit,
            record: occurrence.record,
            mask: occurrence.mask.make(),
            evidence: occurrence.evidence.to_vec(),
            alternatives: occurrence.alternatives.to_vec(),
        }
    }

    fn comes_before(&self, span: Span) -> bool {
        (self.span.start, self.span.end) <= (span.start, span.end)
    }
}

/// Counts the findings of one worker's objects.
pub(crate) struct Tally<'a> {
    marks: Marks<'a>,
    condition: Option<&'a Condition>,
    /// What is put before paths, so that those of several sources are told apart.
    prefix: &'a str,
    /// Whether the first occurrence of each pair is kept.
    keeps_first: bool,
    object: Option<ObjectMeta>,
    pairs: Vec<Pair>,
    /// By column, detector, and whether a rule suppresses it.
    index: HashMap<(Option<ColumnIx>, DetectorId, bool), usize, BuildHasherDefault<NumberHasher>>,
    /// Places of the last ones, by column and detector: the cells of a record are of one column after the other.
    recent: [usize; RECENT],
    pub(crate) seen: Seen,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(
        marks: Marks<'a>,
        condition: Option<&'a Condition>,
        prefix: &'a str,
        keeps_first: bool,
    ) -> Self {
        let (object, pairs, index, recent, seen) = Default::default();
        Self { marks, condition, prefix, keeps_first, object, pairs, index, recent, seen }
    }

    /// The present object, which ends, and its findings.
    pub(crate) fn present(&mut self) -> Option<(&ObjectMeta, &[Pair])> {
        self.join_suppressed();
        Some((self.object.as_ref()?, &self.pairs))
    }

    /// What is suppressed of a pair of which something counts is no finding by itself.
    fn join_suppressed(&mut self) {
        let suppressed = |pair: &Pair| pair.ruling.suppression().is_some();
        if self.pairs.iter().any(suppressed) {
            self.pairs.sort_by_key(|pair| (pair.column, pair.detector, suppressed(pair)));
            self.pairs.dedup_by_key(|pair| (pair.column, pair.detector));
        }
    }

    pub(crate) fn begin(&mut self, object: &ObjectMeta) {
        self.clear();
        self.object = Some(object.clone());
    }

    pub(crate) fn clear(&mut self) {
        self.pairs.clear();
        self.index.clear();
        self.recent = Default::default();
    }

    pub(crate) fn add(&mut self, occurrence: &Occurrence<'_>) {
        let key = (occurrence.column, occurrence.detector, occurrence.ruling.suppression().is_some());
        let key_of = |pair: &Pair| (pair.column, pair.detector, pair.ruling.suppression().is_some());
        let place = occurrence.detector.index() + occurrence.column.map_or(0, |column| column.0 as usize);
        let recent = &mut self.recent[place % RECENT];
        if self.pairs.get(*recent).is_none_or(|pair| key_of(pair) != key) {
            let pairs = &mut self.pairs;
            *recent = *self.index.entry(key).or_insert_with(|| {
                pairs.push(Pair {
                    column: occurrence.column,
                    column_path: occurrence.column_path.map(str::to_owned),
                    detector: occurrence.detector,
                    occurrences: 0,
                    confidence: Confidence::ZERO,
                    ruling: occurrence.ruling,
                    first: None,
                });
                pairs.len() - 1
            });
        }
        let pair = &mut self.pairs[*recent];
        pair.occurrences += 1 + occurrence.alike.len() as u64;
        pair.confidence = pair.confidence.max(occurrence.confidence);
        pair.ruling = match (pair.ruling, occurrence.ruling) {
            (Ruling::Suppressed(one), Ruling::Suppressed(other)) => Ruling::Suppressed(one.min(other)),
            (Ruling::None, other) => other,
            (known, _) => known,
        };
        if self.keeps_first && !pair.first.as_ref().is_some_and(|first| first.comes_before(occurrence.span)) {
            pair.first = Some(Box::new(First::of(occurrence)));
        }
    }

    pub(crate) fn end(&mut self, outcome: &ObjectOutcome) {
        self.join_suppressed();
        let Some(object) = self.object.take() else { return };
        let path = |object: &ObjectMeta| {
            let raw = object.path_bytes.as_deref().unwrap_or(object.path.as_bytes());
            format!("{}{}", self.prefix, visible(if raw.is_empty() { b"." } else { raw }))
        };
        if outcome.status.is_problem() {
            self.seen.problem_count += 1;
            self.seen.problems.insert(Problem { path: path(&object), why: why(outcome) });
        }
        for pair in self.pairs.drain(..) {
            let info = self.marks.catalog.detector(pair.detector);
            let id = FindingId::of(object.id, pair.column_path.as_deref(), &info.id);
            let Pair { occurrences, confidence, .. } = pair;
            let facts = Facts { info, confidence, occurrences, exposure: object.exposure };
            if self.marks.suppressed_by(pair.ruling, id).is_some() {
                self.seen.suppressed += 1;
                continue;
            }
            self.seen.findings += 1;
            self.seen.satisfying +=
                u64::from(self.condition.is_some_and(|condition| condition.holds(&facts)));
            if self.seen.wants(info.sensitivity, occurrences) {
                self.seen.rows.insert(Row {
                    sensitivity: Reverse(info.sensitivity),
                    occurrences: Reverse(occurrences),
                    path: path(&object),
                    id,
                    column: pair.column_path.map(|column| visible(column.as_bytes())),
                    detector: info.id.clone(),
                    confidence,
                });
                self.seen.bound();
            }
        }
        self.seen.bound();
    }
}

/// What became of an object and for which reason.
pub(crate) fn why(outcome: &ObjectOutcome) -> String {
    let reason = outcome.reason.map_or_else(String::new, |reason| format!(": {}", words(reason.name())));
    match (outcome.status, outcome.reason_place) {
        (Status::Unreadable, None) => format!("{}{reason}", outcome.status.name()),
        (status, Some(place)) => format!("{}{reason} at byte {place}", status.name()),
        (status, None) => format!("{}{reason}", status.name()),
    }
}

/// A name of the inventory as words.
pub(crate) fn words(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(sensitivity: Sensitivity, occurrences: u64, path: &str) -> Row {
        Row {
            sensitivity: Reverse(sensitivity),
            occurrences: Reverse(occurrences),
            path: path.to_owned(),
            column: None,
            detector: "d".to_owned(),
            id: FindingId::from_bytes([0; 16]),
            confidence: Confidence::MAX,
        }
    }

    #[test]
    fn the_worst_rows_stay_whoever_saw_them() {
        let mut all = Seen::default();
        for worker in 0..3 {
            let mut seen = Seen::default();
            for i in 0..MOST_ROWS as u64 {
                seen.rows.insert(row(Sensitivity::Low, i * 3 + worker, "a"));
            }
            all.join(seen);
        }
        assert_eq!(all.rows.len(), MOST_ROWS);
        assert_eq!(all.rows.first().map(|row| row.occurrences.0), Some(MOST_ROWS as u64 * 3 - 1));
        assert!(!all.wants(Sensitivity::Low, 1) && all.wants(Sensitivity::High, 1));
    }
}
