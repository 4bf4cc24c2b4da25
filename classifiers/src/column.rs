//! Columns decide. The header of a column, the share of its values that a detector accepts, their check digits, how
//! much they differ, and the columns beside it are one body of evidence, and its cells follow what it says: nine digits
//! under `ssn` are social security numbers; under `order_id` they are not, though one in ten passes some check digit.
//!
//! While an object is read, its columns are *open* first: statistics of a bounded sample are taken, and candidates wait.
//! Then they are decided ([`Classifier::decide`]), from counters alone every later cell adds to the picture, and at the
//! end the whole column is held against the decision ([`Classifier::review`]).
//!
//! The sample is a matter of records and places in the source, never of windows.

mod alike;
mod decide;
mod description;
mod header;
mod known;
mod look;
mod neighbours;
mod organisation;
mod people;
mod routes;
mod setting;
mod tally;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use domesday_model::{Cell, ColumnPoints, Confidence, DetectorId, Fact, FactKind, TokenKind, WordId};

use crate::candidates::Candidates;
use crate::detector::Detector;
use crate::detector_sets::{has, meet};
use crate::labelled::{Labelled, Labels};
use crate::plan::{Cue, Plan, Speaks};
use crate::registry::Registry;
use crate::score::Scored;
use crate::words::{WordSet, hash_of};

pub use alike::Place;
pub use decide::Verdict;
pub use description::{CellKind, Description, Unnamed};

pub(crate) use description::Fitting;
use header::{Headers, Organisation, Persons, Said, Whose};
use known::Stamp;
pub(crate) use look::Counted;
use organisation::Organisations;
use people::{COMPANY, POSITION};
use routes::Routes;
use setting::Setting;
use tally::Tally;
pub(crate) use tally::is_placeholder;

/// Cells that are the sample of a column without any cell in that: one of a later table, or one that is rarely filled.
const LATE_CELLS: u64 = 1000;

/// What a chance match is worth at most: less than is ever reported.
const CHANCE: i32 = 250;

/// Word lists that descriptions name.
pub(crate) type Lists = HashMap<String, WordSet>;

/// The column of what has none of its own.
const ELSEWHERE: &str = "*";

/// What is known of columns before any of them is seen.
#[derive(Debug)]
pub(crate) struct ColumnPlan {
    headers: Headers,
    labels: Labels,
    organisations: Organisations,
    lists: Lists,
    /// By detector.
    fittings: Vec<Option<Fitting>>,
}

/// A column: what its header says of each detector, and what its cells have said so far.
#[derive(Clone, Debug, Default)]
pub struct ColumnContext {
    /// Cues of the header by detector, those of longer phrases first.
    cues: Vec<Cue>,
    /// A bit for each detector that finds its values here whether or not a word near them speaks for it.
    admitted: Vec<u64>,
    /// Detectors of the header that describe whole cells, with the word of the header that speaks for each.
    described: Vec<(DetectorId, Option<WordId>)>,
    /// Detectors of the header whose numbers may begin with zeros.
    numbered: Vec<DetectorId>,
    setting: Setting,
    whose: Whose,
    organisation: Organisation,
    /// Its people speak for an organisation.
    is_contact: bool,
    people: Persons,
    /// The header has a word that is one of headers: a type, a status, a date.
    qualifies: bool,
    /// The header says nothing.
    is_silent: bool,
    /// The header is a word for names, of whatever.
    is_name: bool,
    /// The header is words for numbers, of whatever.
    is_identifier: bool,
    /// The header is the key of an entry.
    is_entry: bool,
    /// The header names a position.
    is_position: bool,
    /// What stands between records, or in none: lines of a text.
    is_text: bool,
    /// The table that it belongs to, in an object that has several.
    table: u64,
    state: State,
    tally: Option<Box<Tally>>,
    stamp: Stamp,
}

#[derive(Clone, Debug, Default)]
enum State {
    /// Nothing but the header counts.
    #[default]
    Plain,
    /// Candidates wait for the decision.
    Open,
    Decided(Arc<Decision>),
}

/// What a column holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// The kinds of its values, the verdict first.
    kinds: Vec<Kind>,
    /// Detectors that accept no more of its values than chance makes likely, …
    chance: Vec<DetectorId>,
    /// … and, of those that its header does not name, the ones that accept as many as chance does: none is one.
    void: Vec<DetectorId>,
    /// What the evidence says that there should be, but is damaged.
    damaged: Option<Kind>,
    /// What cells behind the sample are looked at for.
    routes: Routes,
    /// The only kind, where its detector may speak for a whole cell before any other is asked.
    sole: Option<DetectorId>,
    /// Its values repeat, so that what was found in one is worth remembering.
    repeats: bool,
}

/// A kind of value in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kind {
    detector: DetectorId,
    confidence: Confidence,
    /// The word of the header that says so.
    word: Option<WordId>,
    evidence: Vec<Fact>,
    points: ColumnPoints,
}

/// A value that waits for the decision on its column.
#[derive(Clone, Copy, Debug)]
pub struct Candidate(pub(crate) Scored);

impl Candidate {
    /// The detector.
    pub fn detector(&self) -> DetectorId {
        self.0.survivor.detector
    }

    /// Offsets in the window's text.
    pub fn place(&self) -> Range<usize> {
        self.0.survivor.start as usize..self.0.survivor.end as usize
    }

    /// How sure the detector is without the column.
    pub fn confidence(&self) -> Confidence {
        self.0.confidence
    }
}

impl ColumnPlan {
    pub(crate) fn new(plan: &Plan, registry: &Registry, detectors: &[Detector]) -> Self {
        let fittings: Vec<_> =
            detectors.iter().map(|detector| detector.column.as_ref().map(Fitting::new)).collect();
        let mut lists = Lists::default();
        for name in fittings.iter().flatten().filter_map(|fitting| fitting.description.list.as_ref()) {
            let words = || registry.list(name).iter().map(|word| hash_of(word)).collect();
            lists.entry(name.clone()).or_insert_with(words);
        }
        let labels = Labels::new(plan, detectors);
        Self {
            headers: Headers::new(detectors),
            labels,
            organisations: Organisations::new(),
            lists,
            fittings,
        }
    }

    /// Calls `each` with the values behind labels that begin in a range of a text or its cells. See [`Labels::find`].
    pub(crate) fn labelled(
        &self,
        plan: &Plan,
        text: (&[u8], Option<&[Cell]>),
        range: (&Candidates, usize, usize),
        each: impl FnMut(Labelled),
    ) {
        self.labels.find((plan, &self.fittings, &self.lists), text, range, each);
    }

    /// What the header of a column says.
    pub(crate) fn read(&self, plan: &Plan, detectors: &[Detector], path: &str) -> ColumnContext {
        let Said {
            mut cues,
            whose,
            qualifies,
            refers,
            organisation,
            is_contact,
            people,
            is_blank,
            is_name,
            is_identifier,
            is_entry,
        } = self.headers.read(plan, detectors, path);
        let mut described: Vec<_> = cues
            .iter()
            .filter(|cue| cue.speaks == Speaks::For && self.fittings[cue.detector.index()].is_some())
            .map(|cue| cue.detector)
            .collect();
        described.sort_unstable();
        described.dedup();
        let mut numbered: Vec<_> = cues
            .iter()
            .filter(|cue| cue.speaks == Speaks::For && is_number(&detectors[cue.detector.index()]))
            .map(|cue| cue.detector)
            .collect();
        numbered.sort_unstable();
        numbered.dedup();
        cues.sort_by_key(|cue| cue.detector);
        let names = || plan.sequences.people.iter().map(|people| people.id);
        let says_something = |cue: &Cue| cue.speaks == Speaks::For || names().any(|id| id == cue.detector);
        let is_silent = !qualifies && !cues.iter().any(says_something);
        let whose = if is_silent { whose.max(Whose::Somebody) } else { whose };
        // Names of people may stand under any header that does not name what they are not.
        let is_told = |id: &DetectorId| cues.iter().any(|cue| cue.detector == *id);
        let may_name = refers || !qualifies;
        let unnamed = names().filter(|id| may_name && !is_told(id) && self.fittings[id.index()].is_some());
        described.extend(unnamed);
        if is_silent && is_blank {
            let ids = (0..detectors.len()).map(|i| DetectorId(i as u16));
            described.extend(ids.filter(|id| self.unnamed(*id).is_some()));
        } else if is_name {
            let is_family = |id: &DetectorId| self.unnamed(*id) == Some(Unnamed::Family) && !is_told(id);
            described.extend((0..detectors.len()).map(|i| DetectorId(i as u16)).filter(is_family));
        }
        let speaks_for = |cue: &&Cue| cue.speaks == Speaks::For && !cue.vague;
        let spoken_for: Vec<_> = cues.iter().filter(speaks_for).map(|cue| cue.detector).collect();
        let is_position = spoken_for.iter().any(|id| detectors[id.index()].info.category == POSITION);
        let mut column = ColumnContext {
            cues,
            numbered,
            setting: Setting::new(plan, path),
            whose,
            organisation,
            is_contact,
            people,
            qualifies,
            is_silent,
            is_name,
            is_identifier,
            is_entry,
            is_position,
            is_text: path == ELSEWHERE,
            ..ColumnContext::default()
        };
        column.described =
            described.into_iter().map(|id| (id, column.cue_for(id).map(|cue| cue.word))).collect();
        column.admit(spoken_for);
        if column.may_identify() {
            let ids = (0..detectors.len()).map(|i| DetectorId(i as u16));
            column.admit(ids.filter(|id| is_formed(&detectors[id.index()])));
        }
        column
    }

    /// How a detector's values look under a header that says nothing.
    fn unnamed(&self, id: DetectorId) -> Option<Unnamed> {
        self.fittings[id.index()].as_ref()?.description.unnamed
    }
}

impl ColumnContext {
    /// The column of an object that is about to be read: its candidates wait, and its cells are counted.
    pub fn open(&mut self) {
        self.state = State::Open;
        self.stamp = Stamp::new();
        self.tally = Some(Box::default());
    }

    /// Takes a decision that was made earlier, and counts cells.
    pub fn follow(&mut self, decision: Arc<Decision>) {
        self.tally = Some(Box::default());
        self.decide(decision);
    }

    fn decide(&mut self, decision: Arc<Decision>) {
        self.stamp = Stamp::new();
        if self.may_identify() {
            let cues = self.cues.iter().filter(|cue| cue.speaks == Speaks::For && !cue.vague);
            let spoken_for: Vec<_> = cues.map(|cue| cue.detector).collect();
            self.admitted.clear();
            self.admit(spoken_for);
        }
        self.admit(decision.kinds.iter().map(|kind| kind.detector));
        self.described.retain(|(id, word)| decision.kind(*id).is_some() || word.is_some());
        self.state = State::Decided(decision);
    }

    fn admit(&mut self, detectors: impl IntoIterator<Item = DetectorId>) {
        for id in detectors {
            let (word, bit) = (id.index() / 64, id.index() % 64);
            if self.admitted.len() <= word {
                self.admitted.resize(word + 1, 0);
            }
            self.admitted[word] |= 1 << bit;
        }
    }

    /// Whether the values may be numbers by which people are known, as far as the header tells.
    fn may_identify(&self) -> bool {
        self.is_silent || self.is_identifier
    }

    /// Whether a detector of shapes that needs a context needs none here.
    #[inline]
    pub(crate) fn admits(&self, detector: DetectorId) -> bool {
        has(&self.admitted, detector)
    }

    /// A copy of the column that counts for itself, for windows that are scanned beside others: [`Self::absorb`] adds up.
    /// The column is decided, and the windows lie behind the sample of its object.
    pub fn fork(&self) -> Self {
        Self { tally: self.tally.as_ref().map(|_| Box::default()), ..self.clone() }
    }

    /// Lets a fork of `of` count anew.
    pub fn count_apart(&mut self, of: &Self) {
        if let (Some(tally), Some(of)) = (&mut self.tally, &of.tally) {
            tally.count_apart(of);
        }
    }

    /// Whether [`Self::absorb`] comes to what this column would have counted itself. It does not where the sample of a
    /// column that had none in its object's beginning ends within the windows of the fork.
    pub fn can_absorb(&self, fork: &Self) -> bool {
        match (&self.tally, &fork.tally) {
            (Some(tally), Some(fork)) => tally.has_room_for(fork),
            _ => true,
        }
    }

    /// Adds what a fork has counted in windows behind all that were counted before.
    pub fn absorb(&mut self, fork: &Self) {
        if let (Some(tally), Some(fork)) = (&mut self.tally, &fork.tally) {
            tally.absorb(fork);
        }
    }

    /// The table that the column belongs to, where its object has several: what stands in other tables says nothing of
    /// it.
    pub fn belong_to(&mut self, table: u64) {
        self.table = table;
    }

    /// The decision, once it is made.
    pub fn decision(&self) -> Option<&Arc<Decision>> {
        match &self.state {
            State::Decided(decision) => Some(decision),
            State::Plain | State::Open => None,
        }
    }

    /// Has the values of those whose another header's are.
    pub(crate) fn names_as(&mut self, other: &Self) {
        self.whose = other.whose;
    }

    /// Whether the header has words that are those of headers.
    pub fn says_something(&self) -> bool {
        self.qualifies || self.cues.iter().any(|cue| cue.speaks == Speaks::For)
    }

    /// Whether the header names values of some kind, or what may be some.
    pub fn names_values(&self) -> bool {
        self.cues.iter().any(|cue| cue.speaks == Speaks::For)
    }

    /// Whether candidates wait for the decision.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    /// The word with which the header speaks for or against a detector, by itself.
    #[inline]
    pub(crate) fn says(&self, detector: DetectorId, speaks: Speaks) -> Option<Cue> {
        self.cues_of(detector).find(|cue| cue.speaks == speaks && !cue.vague)
    }

    /// Whether values of a detector are wanted that nothing speaks for yet: a column of listed words may be one of
    /// names without saying so.
    #[inline]
    pub(crate) fn wants(&self, detector: &Detector, id: DetectorId) -> bool {
        match &self.state {
            State::Plain => false,
            State::Open => detector.is_list() || self.may_identify() && self.admits(id),
            State::Decided(decision) => decision.kind(id).is_some(),
        }
    }

    /// Whether its cells are text, however short.
    pub(crate) fn is_text(&self) -> bool {
        self.is_text
    }

    /// Whether the header says nothing.
    pub(crate) fn is_silent(&self) -> bool {
        self.is_silent
    }

    /// Whether one of some detectors that need a context needs none here.
    #[inline]
    pub(crate) fn admits_any(&self, detectors: &[u64]) -> bool {
        meet(&self.admitted, detectors)
    }

    /// The first word of the header that speaks for, or against, a detector.
    pub(crate) fn cue(&self, detector: DetectorId, speaks: Speaks) -> Option<Cue> {
        self.cues_of(detector).find(|cue| cue.speaks == speaks)
    }

    fn cues_of(&self, detector: DetectorId) -> impl Iterator<Item = Cue> {
        let first = self.cues.partition_point(|cue| cue.detector < detector);
        self.cues[first..].iter().take_while(move |cue| cue.detector == detector).copied()
    }

    /// The word of the header that speaks for a detector most: one of the header's own words, if there is one.
    fn cue_for(&self, detector: DetectorId) -> Option<Cue> {
        let mut cues = self.cues_of(detector).filter(|cue| cue.speaks == Speaks::For);
        let first = cues.next()?;
        Some(if first.vague { cues.find(|cue| !cue.vague).unwrap_or(first) } else { first })
    }

    /// Distinct values, placeholders among them: an estimate where the sample is not all there is. `None` unless the
    /// values of all of the column's `cells` were seen.
    pub fn distinct(&self, cells: u64) -> Option<u64> {
        self.tally.as_ref()?.distinct_of(cells)
    }

    /// Whether a good part of its values are like others before them.
    fn repeats(&self) -> bool {
        match &self.state {
            State::Decided(decision) => decision.repeats,
            State::Plain | State::Open => true,
        }
    }

    fn sole(&self) -> Option<DetectorId> {
        match &self.state {
            State::Decided(decision) => decision.sole,
            State::Plain | State::Open => None,
        }
    }

    fn routes(&self) -> Option<&Routes> {
        match &self.state {
            State::Decided(decision) if !decision.routes.is_empty() => Some(&decision.routes),
            _ => None,
        }
    }

    /// Whether check digits of a detector hold by chance in the column, as its sample says.
    fn holds_by_chance(&self, detector: DetectorId) -> bool {
        self.decision().is_some_and(|decision| decision.chance.contains(&detector))
    }

    /// What the column makes of a value. `None` when nothing of it is left.
    pub(crate) fn judge(&self, mut scored: Scored) -> Option<Scored> {
        let State::Decided(decision) = &self.state else {
            let waits = self.is_open() && scored.whole;
            return (waits || !scored.unproven && !scored.survivor.proofs.described).then_some(scored);
        };
        if let Some(kind) = decision.kind(scored.survivor.detector).filter(|_| scored.whole) {
            if !scored.survivor.proofs.example {
                scored.confidence = scored.confidence.max(kind.confidence);
            }
            scored.column =
                Some(kind.word.map_or(Fact::plain(FactKind::Column), |w| Fact::word(FactKind::Column, w)));
            return Some(scored);
        }
        if scored.unproven || scored.survivor.proofs.described {
            return None;
        }
        if decision.void.contains(&scored.survivor.detector) {
            return None;
        }
        if decision.chance.contains(&scored.survivor.detector) {
            scored.confidence = scored.confidence.min(Confidence::from_thousandths(CHANCE));
            scored.column = Some(Fact::plain(FactKind::ColumnAgainst));
        }
        Some(scored)
    }
}

impl Decision {
    /// The same, where every cell is looked at for everything.
    fn without_routes(&self) -> Self {
        Self { routes: Routes::default(), sole: None, ..self.clone() }
    }

    fn kind(&self, detector: DetectorId) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.detector == detector)
    }
}

/// Points of numbers by which people are known that are hardly anything else beside names.
const FORMED: i32 = 350;

/// Whether a detector's values are numbers by which people are known, and are so by their form alone: `536-22-8145`.
fn is_formed(detector: &Detector) -> bool {
    detector.is_tokenised
        && detector.token == TokenKind::NationalId
        && detector.checksum.is_none()
        && detector.most_points() >= FORMED
        && !detector.info.category.starts_with(COMPANY)
}

/// Whether a detector's values are long numbers, which spreadsheets damage.
fn is_number(detector: &Detector) -> bool {
    let kinds = [
        TokenKind::PaymentCard,
        TokenKind::BankAccount,
        TokenKind::NationalId,
        TokenKind::Phone,
        TokenKind::Device,
    ];
    detector.is_tokenised && kinds.contains(&detector.token)
}
