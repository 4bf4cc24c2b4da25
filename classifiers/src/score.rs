//! How sure a detector is of a value: bounded steps of evidence that add up, never a jump to the maximum.

use domesday_model::{Confidence, DetectorId, Fact, FactKind, WordId};

use crate::detector::Detector;
use crate::plan::{Plan, Speaks};
use crate::verify::{Bounds, Survivor};
use crate::words::{WordHash, Words};

/// Words this near count in full, those within [`FAR`] by half. Bytes between the word and the value.
pub const NEAR: usize = 32;
/// Words count up to this many bytes before a value.
pub const FAR: usize = 96;
/// Words count up to this many bytes behind a value: labels mostly stand before.
pub const FAR_BEHIND: usize = 48;

/// A published test value is never worth more than this.
const MOST_FOR_EXAMPLE: i32 = 150;

/// What a column's header says of each detector. Worked out once a column.
#[derive(Clone, Debug, Default)]
pub struct ColumnContext {
    cues: Vec<Hint>,
}

impl ColumnContext {
    /// Reads a column's path.
    pub(crate) fn new(plan: &Plan, path: &str) -> Self {
        let hashes: Vec<WordHash> = Words::new(path.as_bytes()).map(|word| word.hash).collect();
        let mut cues = Vec::new();
        plan.each_cue(&hashes, |_, _, cue| {
            cues.push(Hint { detector: cue.detector, speaks: cue.speaks, word: cue.word, distance: 0 });
        });
        Self { cues }
    }
}

/// A cue that was found near a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Hint {
    detector: DetectorId,
    speaks: Speaks,
    word: WordId,
    distance: usize,
}

/// Words around one value. Reused for all detectors that accept it.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    hints: Vec<Hint>,
    hashes: Vec<WordHash>,
    places: Vec<(usize, usize)>,
}

impl Surroundings {
    /// Collects the cues around `start..end`.
    pub(crate) fn look(&mut self, plan: &Plan, text: &[u8], bounds: Bounds, start: usize, end: usize) {
        self.hints.clear();
        let from = whole_word_from(text, start.saturating_sub(FAR).max(bounds.lo), bounds.lo, start);
        self.collect(plan, &text[from..start], |_, word_end| start - (from + word_end));
        let to = whole_word_to(text, (end + FAR_BEHIND).min(bounds.hi), bounds.hi, end);
        self.collect(plan, &text[end..to], |word_start, _| word_start);
    }

    fn collect(&mut self, plan: &Plan, text: &[u8], distance: impl Fn(usize, usize) -> usize) {
        self.hashes.clear();
        self.places.clear();
        for word in Words::new(text) {
            self.hashes.push(word.hash);
            self.places.push((word.start, word.end));
        }
        let Self { hints, hashes, places } = self;
        plan.each_cue(hashes, |first, last, cue| {
            if !cue.header_only {
                let distance = distance(places[first].0, places[last].1);
                hints.push(Hint { detector: cue.detector, speaks: cue.speaks, word: cue.word, distance });
            }
        });
    }

    fn nearest(&self, detector: DetectorId, speaks: Speaks) -> Option<Hint> {
        let of = |hint: &&Hint| hint.detector == detector && hint.speaks == speaks;
        self.hints.iter().filter(of).min_by_key(|hint| (hint.distance, hint.word)).copied()
    }
}

/// A word that the window's start cuts does not count: its other half may have changed its meaning.
fn whole_word_from(text: &[u8], from: usize, lo: usize, start: usize) -> usize {
    if from == lo {
        return from;
    }
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80;
    if !is_word(&text[from - 1]) {
        return from;
    }
    from + text[from..start].iter().take_while(|b| is_word(b)).count()
}

fn whole_word_to(text: &[u8], to: usize, hi: usize, end: usize) -> usize {
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80;
    if to == hi || !is_word(&text[to]) {
        return to;
    }
    to - text[end..to].iter().rev().take_while(|b| is_word(b)).count()
}

/// A survivor with everything that speaks for and against it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Scored {
    pub(crate) survivor: Survivor,
    pub(crate) confidence: Confidence,
    context: Option<WordId>,
    header: Option<WordId>,
    against: Option<WordId>,
}

/// Adds up the evidence. `None` when a detector that needs context has none.
pub(crate) fn score(
    detector: &Detector,
    survivor: Survivor,
    around: &Surroundings,
    column: Option<&ColumnContext>,
) -> Option<Scored> {
    let scoring = &detector.scoring;
    let id = survivor.detector;
    let by_distance = |points: i32, hint: Hint| if hint.distance <= NEAR { points } else { points / 2 };
    let in_header = |speaks| column?.cues.iter().find(|hint| hint.detector == id && hint.speaks == speaks).copied();

    let context = around.nearest(id, Speaks::For);
    let header = in_header(Speaks::For);
    if detector.needs_context && context.is_none() && header.is_none() {
        return None;
    }
    let against = in_header(Speaks::Against).or(around.nearest(id, Speaks::Against));
    let mut points = survivor.points;
    points += context.map_or(0, |hint| by_distance(scoring.context, hint));
    points += header.map_or(0, |_| scoring.header);
    points -= against.map_or(0, |hint| by_distance(scoring.against, hint));
    if survivor.proofs.example {
        points = points.min(MOST_FOR_EXAMPLE);
    }
    Some(Scored {
        survivor,
        confidence: Confidence::from_thousandths(points),
        context: context.map(|hint| hint.word),
        header: header.map(|hint| hint.word),
        against: against.map(|hint| hint.word),
    })
}

impl Scored {
    /// Replaces `out` by the facts, sorted.
    pub(crate) fn facts(&self, out: &mut Vec<Fact>) {
        let proofs = self.survivor.proofs;
        out.clear();
        out.push(Fact::plain(if proofs.word_list { FactKind::WordList } else { FactKind::Shape }));
        let plain = [
            (proofs.checksum, FactKind::Checksum),
            (proofs.structure, FactKind::Structure),
            (proofs.example, FactKind::Example),
        ];
        out.extend(plain.into_iter().filter(|(holds, _)| *holds).map(|(_, kind)| Fact::plain(kind)));
        let words = [
            (self.context, FactKind::Context),
            (self.header, FactKind::Header),
            (self.against, FactKind::NegativeContext),
        ];
        out.extend(words.into_iter().filter_map(|(word, kind)| Some(Fact::word(kind, word?))));
        out.sort_unstable();
    }
}
