//! How sure a detector is of a value: bounded steps of evidence that add up, never a jump to the maximum.

use domesday_model::{Confidence, Fact, FactKind, WordId};

use crate::candidates::Runs;
use crate::detector::Detector;
use crate::plan::{Cue, Phrases, Plan, Speaks};
use crate::verify::{Bounds, Survivor};
use crate::words::{MAX_PHRASE, each_word, is_word_byte, words_of_run};

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
    cues: Vec<Cue>,
}

impl ColumnContext {
    /// Reads a column's path.
    pub(crate) fn new(plan: &Plan, path: &str) -> Self {
        let mut phrases = Phrases::default();
        let mut cues = Vec::new();
        each_word(path.as_bytes(), |word| {
            plan.cues(&mut phrases, word.hash, |_, cue| cues.push(*cue));
        });
        Self { cues }
    }
}

/// A cue that stands in the text. `start..end` are the runs of its words, whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Hint {
    cue: Cue,
    start: usize,
    end: usize,
}

/// Words around values. Values come in ascending order, so text that lies near several of them is read once.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    bounds: Option<Bounds>,
    /// The part of the text that was read.
    from: usize,
    to: usize,
    /// In ascending order of `end`; those before `first` are out of reach of what comes.
    hints: Vec<Hint>,
    first: usize,
    phrases: Phrases,
    /// Where the runs of the last words start, the last first.
    starts: [usize; MAX_PHRASE],
}

impl Surroundings {
    /// Forgets the text: another window follows.
    pub(crate) fn clear(&mut self) {
        self.bounds = None;
    }

    /// Reads what surrounds `start..end`, as far as it has not been read.
    pub(crate) fn look(
        &mut self,
        plan: &Plan,
        text: &[u8],
        runs: &Runs,
        bounds: Bounds,
        (start, end): (usize, usize),
    ) {
        let from = start.saturating_sub(FAR).max(bounds.lo);
        let to = (end + FAR_BEHIND).min(bounds.hi);
        if self.bounds != Some(bounds) || from < self.from || from > self.to {
            self.bounds = Some(bounds);
            self.hints.clear();
            self.first = 0;
            self.phrases = Phrases::default();
            // A word that the border cuts does not count: its other half may change its meaning.
            let cut = from > bounds.lo && is_word_byte(text[from - 1]);
            let skipped =
                if cut { text[from..to].iter().take_while(|b| is_word_byte(**b)).count() } else { 0 };
            (self.from, self.to) = (from, from + skipped);
        }
        self.read(plan, &text[..bounds.hi], runs, to);
        while self.hints.get(self.first).is_some_and(|hint| hint.end < from) {
            self.first += 1;
        }
    }

    fn read(&mut self, plan: &Plan, text: &[u8], runs: &Runs, to: usize) {
        while self.to < to {
            let run = runs.next(self.to).map(|(start, end)| (start, end.min(text.len())));
            let Some(run) = run.filter(|run| run.0 < run.1 && run.1 <= to) else {
                // What follows is cut by the border, or there is nothing more.
                return;
            };
            self.to = run.1;
            let Self { hints, phrases, starts, .. } = self;
            if !plan.may_hold_cues(text, run) {
                *phrases = Phrases::default();
                continue;
            }
            words_of_run(text, run, |word| {
                *starts = [run.0, starts[0], starts[1]];
                plan.cues(phrases, word.hash, |count, cue| {
                    if !cue.header_only {
                        hints.push(Hint { cue: *cue, start: starts[count - 1], end: run.1 });
                    }
                });
            });
        }
    }

    /// The nearest cue for a value at `start..end`, and its distance in bytes.
    fn nearest(&self, survivor: &Survivor, speaks: Speaks) -> Option<(Cue, usize)> {
        let (start, end) = (survivor.start as usize, survivor.end as usize);
        let near = self.hints[self.first..].iter().take_while(|hint| hint.end <= end + FAR_BEHIND);
        near.filter(|hint| hint.cue.detector == survivor.detector && hint.cue.speaks == speaks)
            .filter_map(|hint| {
                let distance = match hint {
                    before if before.end <= start && before.start + FAR >= start => start - before.end,
                    behind if behind.start >= end => behind.start - end,
                    _ => return None,
                };
                Some((hint.cue, distance))
            })
            .min_by_key(|(cue, distance)| (*distance, cue.word))
    }
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
    let by_distance = |points: i32, distance: usize| if distance <= NEAR { points } else { points / 2 };
    let in_header =
        |speaks| column?.cues.iter().find(|cue| cue.detector == id && cue.speaks == speaks).copied();

    let context = around.nearest(&survivor, Speaks::For);
    let header = in_header(Speaks::For);
    if detector.needs_context && context.is_none() && header.is_none() {
        return None;
    }
    let against =
        in_header(Speaks::Against).map(|cue| (cue, 0)).or_else(|| around.nearest(&survivor, Speaks::Against));
    let mut points = survivor.points;
    points += context.map_or(0, |(_, distance)| by_distance(scoring.context, distance));
    points += header.map_or(0, |_| scoring.header);
    points -= against.map_or(0, |(_, distance)| by_distance(scoring.against, distance));
    if survivor.proofs.example {
        points = points.min(MOST_FOR_EXAMPLE);
    }
    Some(Scored {
        survivor,
        confidence: Confidence::from_thousandths(points),
        context: context.map(|(cue, _)| cue.word),
        header: header.map(|cue| cue.word),
        against: against.map(|(cue, _)| cue.word),
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
