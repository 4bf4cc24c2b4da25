//! Columns decide. The header of a column, the share of its values that a detector accepts, their check digits, how
//! much they differ, and the columns beside it are one body of evidence, and its cells follow what it says: nine digits
//! under `ssn` are social security numbers; under `order_id` they are not, though one in ten passes some check digit.
//!
//! While an object is read, its columns are *open* first: statistics of a bounded sample are taken, and candidates wait.
//! Then they are decided ([`Classifier::decide`]), from counters alone every later cell adds to the picture, and at the
//! end the whole column is held against the decision ([`Classifier::review`]).
//!
//! The sample is a matter of records and places in the source, never of windows.

mod decide;
mod description;
mod header;
mod known;
mod neighbours;
mod organisation;
mod people;
mod routes;
mod tally;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use domesday_model::{
    Cell, CellForm, ColumnPoints, Confidence, DetectorId, Fact, FactKind, Layout, SAMPLE_BYTES,
    SAMPLE_RECORDS, TokenKind, Window, WordId, count_hash,
};

use crate::candidates::{Candidates, Keep};
use crate::detector::{Detector, Find};
use crate::normalise::compact_into;
use crate::plan::{Cue, Plan, Speaks};
use crate::registry::Registry;
use crate::score::{Nearby, Scored, score};
use crate::structure::Value;
use crate::verify::{Proofs, Survivor, accept, address_around};
use crate::words::{WordSet, hash_of};

pub use decide::Verdict;
pub use description::{CellKind, Description, Unnamed};

use description::Fitting;
use header::{Headers, Organisation, Persons, Said, Whose};
use known::{Fits, Known, New, Stamp};
use organisation::Organisations;
use people::POSITION;
pub(crate) use routes::Finders;
use routes::{Routes, is_looked_at_whole};
use tally::Tally;

/// Cells that are the sample of a column without any cell in that: one of a later table, or one that is rarely filled.
const LATE_CELLS: u64 = 1000;

/// Columns of an object whose distinct values are counted behind the sample: a bound on memory.
const MOST_SKETCHED: usize = 4096;

/// Blanks before a value that is all of its cell.
const MOST_BLANKS: usize = 8;

/// Digits of a number that may have lost zeros, and zeros that it may have lost. More would make it another one.
const FEWEST_DIGITS: usize = 6;
const MOST_DIGITS: usize = 18;
const MOST_ZEROS: usize = 3;

/// What a chance match is worth at most: less than is ever reported.
const CHANCE: i32 = 250;

/// Word lists that descriptions name.
pub(crate) type Lists = HashMap<String, WordSet>;

/// What is known of columns before any of them is seen.
#[derive(Debug)]
pub(crate) struct ColumnPlan {
    headers: Headers,
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
    /// Detectors of the header that describe whole cells.
    described: Vec<DetectorId>,
    /// Detectors of the header whose numbers may begin with zeros.
    numbered: Vec<DetectorId>,
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
    /// The header names a position.
    is_position: bool,
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

/// How a cell is looked at: by the place of its form in the routes of its column.
#[derive(Clone, Copy, Debug, Default)]
enum Look {
    /// For everything.
    #[default]
    Whole,
    /// For what is found in cells of its form.
    Routed(u16),
    /// For everything, and what is not found in cells of its form is only counted.
    Strays(u16),
}

/// The part of a window whose cells count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted {
    /// Cells that begin here are the window's own.
    own: Range<u32>,
    /// By cell.
    looks: Vec<Look>,
    known: Known,
    /// Cells with values that are not known.
    new: Vec<New>,
    compact: Vec<u8>,
    folded: String,
}

impl Counted {
    /// The detectors that a cell is looked at for, unless it is for all of them.
    #[inline]
    pub(crate) fn finders<'a>(&self, cell: u32, column: Option<&'a ColumnContext>) -> Option<&'a Finders> {
        match self.looks.get(cell as usize)? {
            Look::Routed(place) => Some(column?.routes()?.finders(*place)),
            Look::Whole | Look::Strays(_) => None,
        }
    }

    /// Remembers what was `found` in those cells that were not known, and what was `described` as their columns'. Both
    /// are in the order of cells.
    pub(crate) fn learn(&mut self, text: &[u8], cells: &[Cell], mut found: &[Scored], described: &[Scored]) {
        for new in self.new.drain(..) {
            let Some(key) = new.key else { continue };
            let of = |scored: &Scored, is: fn(&u32, &u32) -> bool| {
                scored.survivor.cell.is_some_and(|cell| is(&cell, &new.cell))
            };
            found = &found[found.iter().take_while(|scored| of(scored, u32::lt)).count()..];
            let own = &found[..found.iter().take_while(|scored| of(scored, u32::eq)).count()];
            let described = &described[new.found.start as usize..new.found.end as usize];
            let start = place(text, &cells[new.cell as usize]).1.start;
            // As they are merged: of equals that which candidates led to comes first.
            self.known.add(key, start, own.iter().chain(described), new.fits);
        }
    }
}

impl ColumnPlan {
    pub(crate) fn new(registry: &Registry, detectors: &[Detector]) -> Self {
        let fittings: Vec<_> =
            detectors.iter().map(|detector| detector.column.as_ref().map(Fitting::new)).collect();
        let mut lists = Lists::default();
        for name in fittings.iter().flatten().filter_map(|fitting| fitting.description.list.as_ref()) {
            let words = || registry.list(name).iter().map(|word| hash_of(word)).collect();
            lists.entry(name.clone()).or_insert_with(words);
        }
        Self { headers: Headers::new(detectors), organisations: Organisations::new(), lists, fittings }
    }

    /// What the header of a column says.
    pub(crate) fn read(&self, plan: &Plan, detectors: &[Detector], path: &str) -> ColumnContext {
        let Said { mut cues, whose, qualifies, organisation, is_contact, people, is_blank, is_name } =
            self.headers.read(plan, detectors, path);
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
        let unnamed = names().filter(|id| !qualifies && !is_told(id) && self.fittings[id.index()].is_some());
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
            described,
            numbered,
            whose,
            organisation,
            is_contact,
            people,
            qualifies,
            is_silent,
            is_name,
            is_position,
            ..ColumnContext::default()
        };
        column.admit(spoken_for);
        column
    }

    /// How a detector's values look under a header that says nothing.
    fn unnamed(&self, id: DetectorId) -> Option<Unnamed> {
        self.fittings[id.index()].as_ref()?.description.unnamed
    }

    /// Looks at the cells that begin in the window's own part: takes the sample, adds those that fit a description of their
    /// column to `out`, and takes candidates away where nothing is looked for.
    pub(crate) fn look(
        &self,
        (plan, detectors): (&Plan, &[Detector]),
        window: &Window<'_>,
        columns: &mut [ColumnContext],
        candidates: &mut Candidates,
        counted: &mut Counted,
        out: &mut Vec<Scored>,
    ) {
        let own = window.own.start as u32..window.own.end as u32;
        *counted = Counted { own: own.clone(), ..std::mem::take(counted) };
        counted.looks.clear();
        counted.new.clear();
        let Layout::Cells(cells) = window.layout else { return };
        if columns.iter().all(|column| column.tally.is_none() && column.described.is_empty()) {
            return;
        }
        counted.looks.resize(cells.len(), Look::Whole);
        for tally in columns.iter_mut().filter_map(|column| column.tally.as_mut()) {
            tally.sample_end = own.start;
        }
        let mut known = window.offsets.origin();
        let begins_behind = known.source >= SAMPLE_BYTES;
        // In nearly all windows no cell or every one lies in the bytes of the sample.
        let is_cut = !begins_behind && window.offsets.locate(known, window.own.end).source >= SAMPLE_BYTES;
        let first = cells.partition_point(|cell| cell.end <= own.start);
        for (index, cell) in cells.iter().enumerate().skip(first).take_while(|(_, cell)| cell.start < own.end)
        {
            let Some(column) = columns.get_mut(cell.column.0 as usize) else { continue };
            let is_counted = column.tally.is_some();
            if !is_counted && column.described.is_empty() {
                continue;
            }
            let (place, range) = place(window.text, cell);
            if is_cut {
                known = window.offsets.locate(known, cell.start as usize);
            }
            let behind = cell.record >= SAMPLE_RECORDS || begins_behind || known.source >= SAMPLE_BYTES;
            let value = &window.text[range.clone()];
            let whole = behind && !is_looked_at_whole(cell.record);
            let is_own = own.contains(&place);
            let is_plain = is_own && cell.form == CellForm::Plain;
            let late = is_own && behind && column.tally.as_ref().is_some_and(|tally| tally.samples_late());
            let in_sample = !behind || late;
            if let Some(tally) = column.tally.as_mut().filter(|_| is_own && in_sample) {
                tally.late |= late;
                tally.sample_end = place + 1;
            }
            let is_sketched = (cell.column.0 as usize) < MOST_SKETCHED;
            let mut key = None;
            if is_plain && is_counted && (in_sample || is_sketched) {
                let hash = count_hash(TokenKind::Key, value);
                match &mut column.tally {
                    Some(tally) if in_sample => {
                        let names = self.organisations.names(value, &mut counted.folded);
                        tally.organisations += u64::from(names);
                        tally.mailboxes += u64::from(self.organisations.has_mailbox(value));
                        tally.sample(value, hash);
                    }
                    Some(tally) => tally.pass(value, hash),
                    None => (),
                }
                let asks = !in_sample && (column.sole().is_some() || !column.described.is_empty());
                let is_remembered = is_sketched && range.start == place as usize && column.repeats();
                if is_remembered && (asks || candidates.has_any(range.clone())) {
                    key = column.stamp.key(window.text, cell, hash, (in_sample, whole));
                }
            }
            let before = key.and_then(|key| counted.known.get(key));
            let from = out.len() as u32;
            let mut new =
                New { cell: index as u32, key, in_sample, found: from..from, fits: Fits::default() };
            if let Some(before) = before {
                candidates.forget(range.clone(), Keep::Nothing);
                out.extend(before.found().map(|scored| scored.moved_to(index as u32, range.start as u32)));
                if let Some(tally) = &mut column.tally {
                    before.fits().for_each(|(id, points)| tally.fit(id, points, None));
                }
                // What fits in the sample is looked at in more detail.
                if !in_sample {
                    continue;
                }
                new.key = None;
            } else if whole
                && is_plain
                && let Some(id) = column.sole()
                && let Some(survivor) =
                    sole(plan, detectors, window.text, range.clone(), id, &mut counted.compact)
            {
                let survivor = Survivor { cell: Some(index as u32), ..survivor };
                out.push(score(&detectors[id.index()], survivor, &Nearby::default(), Some(column)));
                candidates.forget(range.clone(), Keep::Nothing);
                new.found.end += 1;
            } else if behind
                && let Some(routes) = column.routes()
                && let Some(form) = routes.of(value)
            {
                counted.looks[index] = if whole {
                    candidates.forget(range.clone(), routes.finders(form).keep);
                    Look::Routed(form)
                } else {
                    Look::Strays(form)
                };
                new.key = None;
            }
            if !is_plain {
                continue;
            }
            if in_sample && let Some(tally) = &mut column.tally {
                let short = column.numbered.iter().filter(|id| is_short(plan, detectors, **id, value));
                short.for_each(|id| tally.shorten(*id, 1));
            }
            let looks = !column.described.is_empty() && range.start == place as usize;
            if looks && !tally::is_placeholder(value) {
                // Spreadsheets write an apostrophe before a number that is to stay as it is.
                let marked = matches!(value, [b'\'', b'0'..=b'9', ..]);
                let cell = if marked { (&value[1..], place + 1) } else { (value, place) };
                self.describe((plan, detectors), cell, column, &mut new, counted, out);
            }
            counted.new.extend(new.key.is_some().then_some(new));
        }
    }

    fn describe(
        &self,
        (plan, detectors): (&Plan, &[Detector]),
        (cell, start): (&[u8], u32),
        column: &mut ColumnContext,
        new: &mut New,
        Counted { compact, folded, .. }: &mut Counted,
        out: &mut Vec<Scored>,
    ) {
        let New { cell: index, in_sample, .. } = *new;
        compact.clear();
        for i in 0..column.described.len() {
            let id = column.described[i];
            let Some(fitting) = &self.fittings[id.index()] else { continue };
            let unnamed = self.unnamed(id).filter(|_| column.cue_for(id).is_none());
            let fits = match unnamed {
                Some(Unnamed::Town | Unnamed::Given | Unnamed::Street) | None => {
                    fitting.fits(cell, &self.lists, folded)
                }
                Some(Unnamed::PostCode) => {
                    fitting.fits(cell, &self.lists, folded).and_then(|_| description::is_code_alone(cell))
                }
                Some(unnamed) => unnamed
                    .fits(cell, |name| plan.sequences.people.iter().any(|people| people.is_family(name))),
            };
            let Some(mut listed) = fits else { continue };
            // Only the sample counts them.
            if in_sample && let Some(people) = plan.sequences.people.iter().find(|people| people.id == id) {
                listed = people.is_clear_name(cell)
                    || column.cue_for(id).is_some() && (listed || people.is_unspaced_cell(cell));
            }
            let detector = &detectors[id.index()];
            if compact.is_empty() && !matches!(detector.find, Find::Shapes(_)) {
                compact_into(cell, compact);
            }
            let value = Value { raw: cell, compact };
            let accepted = match &detector.find {
                Find::Words(words) => accept(detector, words.base, &value),
                // Rules and check digits are those of the shapes, which find what they hold of.
                Find::Shapes(_) => Some((detector.scoring.base, Proofs::default())),
                Find::AtSign | Find::Sequence(_) | Find::Column => {
                    accept(detector, detector.scoring.base, &value)
                }
            };
            let Some((points, mut proofs)) = accepted else { continue };
            proofs.described = true;
            if let Some(tally) = &mut column.tally {
                tally.fit(id, points, in_sample.then(|| (listed, listed && fitting.is_inverted(cell))));
            }
            if !in_sample {
                new.fits.push((id, points));
            }
            let wanted = match &column.state {
                State::Plain => false,
                State::Open => true,
                State::Decided(decision) => decision.kind(id).is_some(),
            };
            if wanted {
                let end = start + cell.len() as u32;
                let survivor = Survivor { start, end, detector: id, cell: Some(index), points, proofs };
                out.push(Scored::described(survivor, column.cue_for(id).map(|cue| cue.word)));
                if !in_sample {
                    new.found.end = out.len() as u32;
                }
            }
        }
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
        self.admit(decision.kinds.iter().map(|kind| kind.detector));
        let mut described = std::mem::take(&mut self.described);
        described.retain(|id| decision.kind(*id).is_some() || self.cue_for(*id).is_some());
        self.described = described;
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

    /// Whether a detector of shapes that needs a context needs none here.
    #[inline]
    pub(crate) fn admits(&self, detector: DetectorId) -> bool {
        let index = detector.index();
        self.admitted.get(index / 64).is_some_and(|bits| bits >> (index % 64) & 1 == 1)
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
            State::Open => detector.is_list(),
            State::Decided(decision) => decision.kind(id).is_some(),
        }
    }

    /// Whether the header says nothing.
    pub(crate) fn is_silent(&self) -> bool {
        self.is_silent
    }

    /// Whether no detector that needs a context finds its values here without one.
    #[inline]
    pub(crate) fn admits_none(&self) -> bool {
        self.admitted.is_empty()
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

    /// Counts a value that a detector accepts; says whether it is all of its cell. `None` where nothing of its kind is
    /// found in cells of that form.
    pub(crate) fn count(
        &mut self,
        text: &[u8],
        cell: &Cell,
        scored: &Scored,
        counted: &Counted,
    ) -> Option<bool> {
        let survivor = &scored.survivor;
        let (place, value) = place(text, cell);
        let whole = value == (survivor.start as usize..survivor.end as usize);
        if survivor.proofs.described {
            return Some(whole);
        }
        let look = survivor.cell.and_then(|cell| counted.looks.get(cell as usize));
        let is_stray = match (look, self.routes()) {
            (Some(Look::Strays(form)), Some(routes)) => !routes.finders(*form).contain(survivor.detector),
            _ => false,
        };
        let is_lost = is_stray && self.judge(scored.in_cell(whole)).is_some();
        if let Some(tally) = self.tally.as_mut().filter(|_| counted.own.contains(&place)) {
            if is_stray {
                tally.strays += u64::from(is_lost);
            } else {
                let first = survivor.start as usize == value.start;
                let in_sample = (place < tally.sample_end).then_some(&text[value]);
                tally.hit(survivor, (!scored.unproven, first), whole, in_sample);
            }
        }
        (!is_stray).then_some(whole)
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

/// The value of a detector that a whole cell is.
fn sole(
    plan: &Plan,
    detectors: &[Detector],
    text: &[u8],
    range: Range<usize>,
    id: DetectorId,
    compact: &mut Vec<u8>,
) -> Option<Survivor> {
    let detector = &detectors[id.index()];
    let raw = &text[range.clone()];
    let base = match detector.find {
        Find::Shapes(_) => {
            let mut base = None;
            plan.automaton.run(raw, |end, shapes| {
                if end == raw.len() {
                    let shapes = shapes.iter().map(|&shape| plan.shapes[usize::from(shape)]);
                    base = shapes
                        .filter(|shape| shape.detector == id && !shape.is_anchor)
                        .map(|shape| shape.base)
                        .max();
                }
            });
            base?
        }
        Find::AtSign => {
            let at = range.start + memchr::memchr(b'@', raw)?;
            let place = address_around(text, (range.start, range.end), at)?;
            (place == (range.start, range.end)).then_some(detector.scoring.base)?
        }
        Find::Words(_) | Find::Sequence(_) | Find::Column => return None,
    };
    compact_into(raw, compact);
    let (points, proofs) = accept(detector, base, &Value { raw, compact })?;
    let (start, end) = (range.start as u32, range.end as u32);
    Some(Survivor { start, end, detector: id, cell: None, points, proofs })
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

/// Whether a cell is a number that a detector would accept with the zeros before it that a spreadsheet drops.
fn is_short(plan: &Plan, detectors: &[Detector], id: DetectorId, cell: &[u8]) -> bool {
    if cell.len() < FEWEST_DIGITS || cell.len() > MOST_DIGITS || !cell.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let fits = |number: &[u8]| {
        let mut has_shape = false;
        plan.automaton.run(number, |end, shapes| {
            let of_detector = |shape: &u16| plan.shapes[usize::from(*shape)].detector == id;
            has_shape |= end == number.len() && shapes.iter().any(of_detector);
        });
        let value = Value { raw: number, compact: number };
        has_shape && accept(&detectors[id.index()], 0, &value).is_some()
    };
    let mut padded = [b'0'; MOST_ZEROS + MOST_DIGITS];
    padded[MOST_ZEROS..][..cell.len()].copy_from_slice(cell);
    let padded = &padded[..MOST_ZEROS + cell.len()];
    !fits(cell) && (1..=MOST_ZEROS).any(|zeros| fits(&padded[MOST_ZEROS - zeros..]))
}

/// Where a cell begins for the question which window it belongs to, and the cell without the blanks around it. Behind
/// many blanks a value is not looked for as a whole: they may lie outside of the window.
fn place(text: &[u8], cell: &Cell) -> (u32, Range<usize>) {
    let (start, end) = (cell.start as usize, cell.end as usize);
    let bytes = &text[start..end];
    if let ([first, ..], [.., last]) = (bytes, bytes)
        && !first.is_ascii_whitespace()
        && !last.is_ascii_whitespace()
    {
        return (cell.start, start..end);
    }
    let front = bytes.len() - bytes.trim_ascii_start().len();
    let range = start + front..start + front + bytes.trim_ascii().len();
    (if front <= MOST_BLANKS { range.start as u32 } else { cell.start }, range)
}
