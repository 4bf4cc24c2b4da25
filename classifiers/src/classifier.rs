//! The classifier: windows of text in, findings out. Candidates, verification, context and resolution in one pass.

mod steps;

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::Arc;

use domesday_model::{
    Catalog, Cell, CellForm, Confidence, DetectorId, Fact, Layout, Mask, Sensitive, TokenKind, Window,
};

use crate::candidates::{Candidates, Spelling};
use crate::column::{Candidate, ColumnContext, ColumnPlan, Counted, Place};
use crate::detector::Detector;
use crate::escaped;
use crate::home::{Home, is_international};
use crate::labelled::Labelled;
use crate::normalise::normalise;
use crate::plan::Plan;
use crate::registry::{Registry, RegistryError};
use crate::resolve::{Resolved, others, resolve};
use crate::score::{LEAST_TOKENISED, LOOK_BEHIND, Scored};
use crate::sequence::{LONGEST_LEAD, LONGEST_LINE};
use crate::simd::JOINERS;
use crate::structure::Dialling;
use crate::verify::{Bounds, Survivor, Verifier, VerifyScratch};

pub use steps::{Step, instruction_sets};

/// Values that overlap are resolved together; a group that would reach further than this from its start is cut, so
/// that a text of nothing but overlaps stays bounded.
const LONGEST_CLUSTER: usize = 1024;
/// How far behind its own part a window is searched, for groups that begin in it.
const REACH: usize = LONGEST_CLUSTER + 64;

/// How far before the first candidate the text is known: what is found there may begin earlier, and its surroundings are read.
const LOOK_BACK: usize =
    if LOOK_BEHIND + LONGEST_LEAD < LONGEST_LINE { LONGEST_LINE } else { LOOK_BEHIND + LONGEST_LEAD } + 1;

/// Alternatives that a finding carries at most. Nine countries number passports alike (a letter and eight digits), and none of
/// them is to be left out.
pub const MOST_ALTERNATIVES: usize = 8;

/// Compiled detectors. Shared by all threads.
#[derive(Clone, Debug)]
pub struct Classifier {
    detectors: Arc<[Detector]>,
    plan: Arc<Plan>,
    columns: Arc<ColumnPlan>,
    catalog: Arc<Catalog>,
    home: Option<Arc<Home>>,
}

/// Memory of one worker, reused from window to window.
#[derive(Debug, Default)]
pub struct Scratch {
    candidates: Candidates,
    verify: VerifyScratch,
    scored: Vec<Scored>,
    described: Vec<Scored>,
    merged: Vec<Scored>,
    cluster: Vec<Resolved>,
    counted: Counted,
    waiting: Vec<Candidate>,
    facts: KnownFacts,
    alternatives: Vec<Alternative>,
    settled: usize,
}

/// Facts of values by their detectors, as they were last: those of one column mostly have the same.
#[derive(Clone, Debug, Default)]
struct KnownFacts(Vec<(Option<Scored>, Vec<Fact>)>);

impl KnownFacts {
    /// Values that are told apart, a power of two.
    const COUNT: usize = 32;

    fn of(&mut self, scored: &Scored) -> &[Fact] {
        self.0.resize_with(Self::COUNT, Default::default);
        let (known, facts) = &mut self.0[scored.survivor.detector.index() % Self::COUNT];
        if !known.is_some_and(|known| known.has_facts_of(scored)) {
            scored.facts(facts);
            *known = Some(*scored);
        }
        facts
    }
}

impl Scratch {
    /// Where what was found in the last window no longer depends on the [`Carry`] it began with: values that start here or
    /// behind are the same after any. Where this does not lie behind the window's own part, the carry that it ended with is
    /// the same, too.
    pub fn settled(&self) -> usize {
        self.settled
    }
}

/// Hears what is found in a window.
pub trait Hear<B> {
    /// A value.
    fn found(&mut self, found: &Found<'_>) -> ControlFlow<B>;

    /// Values that overlap, in a cell of an open column: [`Classifier::settle`] says what they are once the column is
    /// decided.
    fn waits(&mut self, group: &[Candidate], cell: &Cell) -> ControlFlow<B>;

    /// Whether values of one column may come together and out of order, as [`Self::alike`].
    fn takes_alike(&self) -> bool {
        false
    }

    /// Such values. Never called where they are not taken.
    fn alike(&mut self, _: &Alike<'_>) -> ControlFlow<B> {
        ControlFlow::Continue(())
    }
}

/// Puts `more` between the `values`, both sorted by `key`; of equals behind them. `memory` is memory.
fn merge<K: Ord>(
    values: &mut Vec<Scored>,
    more: &[Scored],
    memory: &mut Vec<Scored>,
    key: impl Fn(&Scored) -> K,
) {
    let (Some(first), Some(last)) = (more.first(), values.last()) else {
        values.extend_from_slice(more);
        return;
    };
    if key(last) <= key(first) {
        values.extend_from_slice(more);
        return;
    }
    memory.clear();
    let mut rest = more;
    for value in values.iter() {
        let before = rest.iter().take_while(|other| key(other) < key(value)).count();
        memory.extend_from_slice(&rest[..before]);
        rest = &rest[before..];
        memory.push(*value);
    }
    memory.extend_from_slice(rest);
    std::mem::swap(values, memory);
}

/// Values of one column that differ in nothing but their place and their bytes.
#[derive(Clone, Copy, Debug)]
pub struct Alike<'a> {
    /// The detector of all of them.
    pub detector: DetectorId,
    /// How sure it is of each.
    pub confidence: Confidence,
    /// Why, sorted.
    pub evidence: &'a [Fact],
    /// Other detectors that accept each, best first. Their places are those of the first value.
    pub alternatives: &'a [Alternative],
    /// Where they stand, in ascending order: each is alone in its cell. There is at least one.
    pub places: &'a [Place],
}

/// Where no column is open.
struct HearFound<F>(F);

impl<B, F: FnMut(&Found<'_>) -> ControlFlow<B>> Hear<B> for HearFound<F> {
    fn found(&mut self, found: &Found<'_>) -> ControlFlow<B> {
        (self.0)(found)
    }

    fn waits(&mut self, _: &[Candidate], _: &Cell) -> ControlFlow<B> {
        ControlFlow::Continue(())
    }
}

/// What became of a candidate that waited.
#[derive(Clone, Copy, Debug)]
pub struct Settled<'a> {
    /// Its place in the group.
    pub index: usize,
    /// How sure the detector is now.
    pub confidence: Confidence,
    /// Why, sorted.
    pub evidence: &'a [Fact],
    /// Places in the group of the other detectors that accept it, best first, and how sure they are.
    pub others: &'a [(usize, Confidence)],
}

/// How far findings of one window reached into the next one's own part. One for each sequence of windows whose own
/// parts follow each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Carry(usize);

/// A value, the detector that explains it best, and why.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The detector.
    pub detector: DetectorId,
    /// Offset in the window's text of the first byte.
    pub start: usize,
    /// Offset in the window's text behind the last byte.
    pub end: usize,
    /// The cell it lies in, for windows of cells.
    pub cell: Option<&'a Cell>,
    /// How sure the detector is.
    pub confidence: Confidence,
    /// Why, sorted.
    pub evidence: &'a [Fact],
    /// Other detectors that accept the place, best first.
    pub alternatives: &'a [Alternative],
    /// The bytes.
    pub value: Sensitive<'a>,
}

/// A detector that also accepts what stands there, or an overlapping part of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Alternative {
    /// The detector.
    pub detector: DetectorId,
    /// How sure it is.
    pub confidence: Confidence,
    /// Offset in the window's text.
    pub start: usize,
    /// Offset in the window's text.
    pub end: usize,
}

impl Classifier {
    /// Compiles the detectors of a registry.
    pub fn new(registry: &Registry) -> Result<Self, RegistryError> {
        let detectors: Arc<[Detector]> = registry.iter().cloned().collect();
        let mut catalog =
            Catalog { detectors: detectors.iter().map(|d| d.info.clone()).collect(), ..Catalog::default() };
        let plan = Arc::new(Plan::compile(registry, &mut catalog)?);
        let mut digest = registry.digest();
        digest.update(env!("CARGO_PKG_VERSION").as_bytes());
        catalog.ruleset = digest.finalize().to_hex()[..32].to_owned();
        let columns = Arc::new(ColumnPlan::new(&plan, registry, &detectors));
        Ok(Self { detectors, plan, columns, catalog: Arc::new(catalog), home: None })
    }

    /// The same, for sources of a country, by ISO 3166 alpha-2: what is dialled as its telephone numbers are needs no word for one,
    /// and has the tokens of a number with its calling code. Of no country, or one without a numbering plan, nothing is known.
    pub fn at_home_in(&self, country: Option<&str>) -> Self {
        let home = country.and_then(|country| Home::new(country, &self.detectors)).map(Arc::new);
        Self { home, ..self.clone() }
    }

    /// Names and facts of the detectors, by [`DetectorId`].
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// The detector of that id.
    pub fn detector(&self, id: DetectorId) -> &Detector {
        &self.detectors[id.index()]
    }

    pub(crate) fn detectors(&self) -> &[Detector] {
        &self.detectors
    }

    pub(crate) fn home(&self) -> Option<&Home> {
        self.home.as_deref()
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(crate) fn columns(&self) -> &ColumnPlan {
        &self.columns
    }

    /// What the header of a column says.
    pub fn column(&self, path: &str) -> ColumnContext {
        self.columns.read(&self.plan, &self.detectors, path)
    }

    /// The same for a column of the table that the first `table` bytes of its path name: names in a table of people are
    /// their own.
    pub fn column_in(&self, table: usize, path: &str) -> ColumnContext {
        let mut column = self.column(path);
        if let Some(path) = path.get(table..).filter(|_| table > 0) {
            column.names_as(&self.column(path));
        }
        column
    }

    /// How many of some words that stand beside each other, from the first one on, are the full name of a person and can hardly be
    /// anything else, and the detector that knows them.
    pub fn full_name(&self, words: &[&str]) -> Option<(DetectorId, usize)> {
        self.plan.sequences.people.iter().find_map(|people| Some((people.id, people.clear_names(words)?)))
    }

    /// Whether a word is a listed family name and no ordinary word.
    pub fn is_family_name(&self, word: &str) -> bool {
        self.plan.sequences.people.iter().any(|people| people.is_family(word))
    }

    /// Whether a word is the name of an account that is made of its owner's name: `emmakrause`. Some other words look so, too.
    pub fn is_account(&self, word: &str) -> bool {
        self.plan.sequences.people.iter().any(|people| people.is_account(word))
    }

    /// A value without the escapes that it may be written with where it stands.
    pub fn plain<'v>(&self, detector: DetectorId, value: Sensitive<'v>) -> Cow<'v, [u8]> {
        match self.detector(detector).token {
            TokenKind::Email => escaped::plain(value.reveal()),
            _ => Cow::Borrowed(value.reveal()),
        }
    }

    /// What may be shown of a value of that detector.
    pub fn mask(&self, detector: DetectorId, value: Sensitive<'_>) -> Mask {
        let Detector { mask, token, .. } = self.detector(detector);
        mask.apply(&self.plain(detector, value), *token != TokenKind::Email)
    }

    /// Calls `each` with the normalised forms of a value. See [`normalise()`].
    pub fn normalise(
        &self,
        detector: DetectorId,
        value: Sensitive<'_>,
        buffer: &mut Vec<u8>,
        mut each: impl FnMut(TokenKind, &[u8]),
    ) {
        let kind = self.detector(detector).token;
        let within = if kind == TokenKind::Phone { self.dialled(detector) } else { None };
        normalise(kind, value.reveal(), within, buffer, |form| each(kind, form));
    }

    /// How the telephone numbers of a detector are dialled that have no country code: as in its country, or in that of the
    /// source.
    pub fn dialled(&self, detector: DetectorId) -> Option<Dialling> {
        let detector = self.detector(detector);
        if is_international(detector) {
            return None;
        }
        let own = detector.info.country.as_deref().and_then(Dialling::of);
        own.map(Dialling::of_national_numbers).or(self.dialling())
    }

    /// How telephone numbers are dialled in the country that sources are from.
    pub fn dialling(&self) -> Option<Dialling> {
        Some(self.home.as_ref()?.dialling)
    }

    /// Bytes that the compiled tables of shapes take, and their states.
    pub fn automaton_size(&self) -> (usize, usize) {
        let Plan { automaton, gate, .. } = &*self.plan;
        (automaton.memory_usage() + gate.memory_usage(), automaton.states())
    }

    /// Finds what starts in the window's own part and pushes it in ascending order of place. `columns` are those that
    /// the window's cells name; none of them is open. Everything that is worth a token is pushed; the caller applies the
    /// threshold.
    pub fn scan<B>(
        &self,
        window: &Window<'_>,
        columns: &mut [ColumnContext],
        carry: &mut Carry,
        scratch: &mut Scratch,
        found: impl FnMut(&Found<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        self.scan_table(window, columns, carry, scratch, &mut HearFound(found))
    }

    /// As [`Self::scan`], for columns that may be open. Counts what their cells say.
    pub fn scan_table<B>(
        &self,
        window: &Window<'_>,
        columns: &mut [ColumnContext],
        carry: &mut Carry,
        scratch: &mut Scratch,
        hear: &mut impl Hear<B>,
    ) -> ControlFlow<B> {
        let text = window.text;
        let own = &window.own;
        let from = (own.start + carry.0).min(text.len());
        carry.0 = carry.0.saturating_sub(own.len());
        self.find(window, columns, from, hear.takes_alike(), scratch);
        let Scratch { counted, facts, .. } = scratch;
        for alike in counted.alike.iter() {
            let places = &alike.places[alike.places.partition_point(|place| (place.start as usize) < from)..];
            let Some(last) = places.last() else { continue };
            let reached = last.end.min(last.start + LONGEST_CLUSTER as u32) as usize;
            carry.0 = carry.0.max(reached.saturating_sub(own.end));
            hear.alike(&Alike {
                detector: alike.judged.survivor.detector,
                confidence: alike.judged.confidence,
                evidence: facts.of(&alike.judged),
                alternatives: &alike.alternatives,
                places,
            })?;
        }
        scratch.settled = settled(own.start + LONGEST_CLUSTER, &scratch.scored);

        let mut next = 0;
        while let Some(first) =
            scratch.scored.get(next).map(|s| s.survivor).filter(|s| (s.start as usize) < own.end)
        {
            let mut end = first.end;
            let limit = first.start + LONGEST_CLUSTER as u32;
            let mut last = next + 1;
            while let Some(s) =
                scratch.scored.get(last).map(|s| s.survivor).filter(|s| s.start < end.min(limit))
            {
                end = end.max(s.end);
                last += 1;
            }
            let reached = end.min(limit) as usize;
            carry.0 = carry.0.max(reached.saturating_sub(own.end));
            self.resolve(window, columns, next..last, scratch, hear)?;
            next = last;
        }
        ControlFlow::Continue(())
    }

    /// Collects what detectors accept from `from` to a little behind the own part, in ascending order.
    fn find(
        &self,
        window: &Window<'_>,
        columns: &mut [ColumnContext],
        from: usize,
        takes_alike: bool,
        scratch: &mut Scratch,
    ) {
        let text = window.text;
        let to = (window.own.end + REACH).min(text.len());
        let Scratch { candidates, verify, scored, described, merged, counted, .. } = scratch;
        scored.clear();
        verify.clear();
        let plan = &self.plan;
        let cells = cells_of(window);
        let spelling =
            if plan.all_capitalised && cells.is_none() { Spelling::Capitalised } else { Spelling::Any };
        // A title that names what stands behind it may stand before `from`, and what is found there may begin earlier.
        let first = from.min(to).saturating_sub(if plan.sequences.is_empty() { 0 } else { LONGEST_LEAD });
        plan.pass.run(text, first.saturating_sub(LOOK_BACK), (first, to), spelling, candidates);
        let sifted = cells.is_none_or(|cells| are_apart(text, cells));
        described.clear();
        counted.alike.begin(takes_alike);
        self.columns.look((plan, &self.detectors), window, columns, candidates, counted, described);
        if sifted {
            plan.pass.sift(text, &plan.automaton, &plan.gate, &plan.list_beginnings, candidates);
        }
        let verifier = Verifier {
            plan,
            detectors: &self.detectors,
            home: self.home.as_deref(),
            text,
            cells: cells.unwrap_or_default(),
            columns,
            counted,
            candidates,
            sifted,
        };
        let mut walk = CellWalk { cells, text_len: text.len(), next: 0 };
        candidates.each(|candidate| {
            let Some(bounds) = walk.bounds(candidate.at) else { return };
            if candidate.shape {
                verifier.shapes_at(bounds, candidate.at, verify, scored);
            }
            if candidate.word {
                verifier.word_at(bounds, candidate.at, verify, scored);
            }
            if candidate.word || candidate.beside || candidate.inner {
                verifier.sequences_at(bounds, &candidate, scored);
            }
            if candidate.at_sign {
                verifier.at_sign(bounds, candidate.at, verify, scored);
            }
        });
        if !plan.at_sign.is_empty() {
            escaped::each_at_sign(text, (from.min(to), to), |at| {
                let before = cells.map_or(0, |cells| cells.partition_point(|cell| cell.end as usize <= at));
                let mut walk = CellWalk { cells, text_len: text.len(), next: before };
                if let Some(bounds) = walk.bounds(at) {
                    verifier.escaped_at_sign(bounds, at, verify, scored);
                }
            });
        }
        if cells.is_none() {
            candidates
                .each_chat_line(first.saturating_sub(LONGEST_LINE)..to, |line| verifier.chat(line, scored));
        }
        let labelled = |labelled: Labelled| scored.push(labelled.scored());
        self.columns.labelled(plan, (text, cells), (candidates, first, to), labelled);
        counted.learn(text, cells.unwrap_or_default(), scored, described);
        let is_wanted =
            |s: &Scored| s.survivor.start as usize >= from && s.confidence.thousandths() >= LEAST_TOKENISED;
        let place = |s: &Scored| (s.survivor.start, s.survivor.end, s.survivor.detector);
        scored.retain(is_wanted);
        described.retain(is_wanted);
        // They nearly are: only an address begins before the place where it is found.
        scored.sort_by_key(place);
        described.sort_by_key(place);
        merge(scored, described, merged, place);
    }

    /// Decides a group of overlapping values and pushes the best that do not overlap.
    fn resolve<B>(
        &self,
        window: &Window<'_>,
        columns: &mut [ColumnContext],
        group: std::ops::Range<usize>,
        scratch: &mut Scratch,
        hear: &mut impl Hear<B>,
    ) -> ControlFlow<B> {
        let Scratch { scored, cluster, counted, waiting, facts, alternatives, .. } = scratch;
        let cells = cells_of(window).unwrap_or_default();
        cluster.clear();
        waiting.clear();
        // Values that overlap lie in one cell.
        let cell = scored[group.start].survivor.cell.map(|cell| &cells[cell as usize]);
        let mut column = cell.and_then(|cell| columns.get_mut(cell.column.0 as usize));
        let open = column.as_ref().is_some_and(|column| column.is_open());
        for &(mut scored) in &scored[group] {
            if let (Some(column), Some(cell)) = (&mut column, cell) {
                let Some(whole) = column.count(window.text, cell, &scored, counted) else { continue };
                scored = scored.in_cell(whole);
            }
            let judged = match &column {
                Some(column) => column.judge(scored),
                None => Some(scored).filter(|scored| !scored.unproven),
            };
            match judged {
                Some(scored) if open => waiting.push(Candidate(scored)),
                judged => cluster.extend(judged.filter(Scored::is_kept).map(Resolved::new)),
            }
        }
        if let Some(cell) = cell.filter(|_| !waiting.is_empty()) {
            return hear.waits(waiting, cell);
        }
        resolve(cluster);
        for chosen in cluster.iter().filter(|r| r.beaten_by.is_none()) {
            let Survivor { start, end, detector, .. } = chosen.scored.survivor;
            alternatives.clear();
            alternatives.extend(others(cluster, chosen).map(Scored::as_alternative));
            hear.found(&Found {
                detector,
                start: start as usize,
                end: end as usize,
                cell,
                confidence: chosen.scored.confidence,
                evidence: facts.of(&chosen.scored),
                alternatives,
                value: Sensitive::new(&window.text[start as usize..end as usize]),
            })?;
        }
        ControlFlow::Continue(())
    }

    /// Says what a group of candidates of a column is that has been decided meanwhile.
    pub fn settle<B>(
        &self,
        column: &ColumnContext,
        group: &[Candidate],
        scratch: &mut Scratch,
        mut each: impl FnMut(&Settled<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let Scratch { cluster, facts, .. } = scratch;
        cluster.clear();
        cluster.extend(
            group.iter().filter_map(|c| column.judge(c.0)).filter(Scored::is_kept).map(Resolved::new),
        );
        resolve(cluster);
        let index = |scored: &Scored| {
            group.iter().position(|known| known.0.survivor == scored.survivor).unwrap_or_default()
        };
        for chosen in cluster.iter().filter(|r| r.beaten_by.is_none()) {
            let mut beaten = [(0, Confidence::ZERO); MOST_ALTERNATIVES];
            let mut len = 0;
            for scored in others(cluster, chosen) {
                beaten[len] = (index(scored), scored.confidence);
                len += 1;
            }
            each(&Settled {
                index: index(&chosen.scored),
                confidence: chosen.scored.confidence,
                evidence: facts.of(&chosen.scored),
                others: &beaten[..len],
            })?;
        }
        ControlFlow::Continue(())
    }
}

/// The first place from `least` on that lies in no value.
fn settled(least: usize, scored: &[Scored]) -> usize {
    let mut at = least;
    for Survivor { start, end, .. } in scored.iter().map(|scored| scored.survivor) {
        if start as usize >= at {
            break;
        }
        at = at.max(end as usize);
    }
    at
}

/// Walks through the cells of a window in step with ascending offsets.
struct CellWalk<'a> {
    cells: Option<&'a [Cell]>,
    text_len: usize,
    next: usize,
}

impl CellWalk<'_> {
    /// Where a value that touches `offset` may lie; `None` between cells and in cells that are read elsewhere.
    #[inline]
    fn bounds(&mut self, offset: usize) -> Option<Bounds> {
        let Some(cells) = self.cells else {
            return Some(Bounds { lo: 0, hi: self.text_len, cell: None });
        };
        while cells.get(self.next).is_some_and(|cell| cell.end as usize <= offset) {
            self.next += 1;
        }
        let cell = cells.get(self.next)?;
        (cell.start as usize <= offset && cell.form == CellForm::Plain).then_some(Bounds {
            lo: cell.start as usize,
            hi: cell.end as usize,
            cell: Some(self.next as u32),
        })
    }
}

/// Whether no letter or digit stands right behind a cell, so that its groups end with it, nor a digit that is joined to it.
fn are_apart(text: &[u8], cells: &[Cell]) -> bool {
    let ends = |cell: &Cell| {
        let [first, second] = [0, 1].map(|i| text.get(cell.end as usize + i).copied().unwrap_or_default());
        let is_joined = JOINERS.contains(&first) & second.is_ascii_digit();
        !(first.is_ascii_alphanumeric() | (first >= 0x80) | is_joined)
    };
    cells.iter().all(ends)
}

fn cells_of<'a>(window: &Window<'a>) -> Option<&'a [Cell]> {
    match window.layout {
        Layout::Cells(cells) => Some(cells),
        Layout::Lines { .. } | Layout::Runs => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::OnceLock;

    use proptest::prelude::*;

    use domesday_model::OffsetMap;

    use super::*;
    use crate::verify::right_joiner;
    use crate::words::word_at;

    fn builtin() -> &'static Classifier {
        static BUILTIN: OnceLock<Classifier> = OnceLock::new();
        BUILTIN.get_or_init(|| Classifier::new(&Registry::builtin().expect("loads")).expect("compiles"))
    }

    fn shapes_and_words(candidates: &Candidates) -> (BTreeSet<usize>, BTreeSet<usize>) {
        let (mut shapes, mut words) = (BTreeSet::new(), BTreeSet::new());
        candidates.each(|candidate| {
            shapes.extend(candidate.shape.then_some(candidate.at));
            words.extend(candidate.word.then_some(candidate.at));
        });
        (shapes, words)
    }

    #[test]
    fn steps_look_as_far_back_as_a_scan() {
        let text =
            "born 14 May 1980, lives with Prof. Dr. Anna-Maria Roth in Kossuth utca 12, anna@corp.example\n"
                .repeat(12);
        for start in 400..600 {
            let window = Window {
                text: text.as_bytes(),
                own: start..start + 64,
                layout: Layout::Lines { line: 0 },
                offsets: OffsetMap::identity(0),
            };
            builtin().run_up_to(Step::Sequences, &window, &mut Scratch::default());
        }
    }

    proptest! {
        #[test]
        fn where_candidates_are_taken_away_nothing_begins(
            text in "([0-9]{1,12}|[A-Za-z]{1,9}|[-+./: ,()_@]|\\+49|eyJ|Zoë|Maria|AB12|é){0,60}",
        ) {
            let Plan { pass, gate, automaton, lists, list_beginnings, .. } = &*builtin().plan;
            let text = text.as_bytes();
            let mut candidates = Candidates::default();
            pass.run(text, 0, (0, text.len()), Spelling::Any, &mut candidates);
            let before = shapes_and_words(&candidates);
            pass.sift(text, automaton, gate, list_beginnings, &mut candidates);
            let after = shapes_and_words(&candidates);
            prop_assert!(after.0.is_subset(&before.0) && after.1.is_subset(&before.1));
            for &at in before.0.difference(&after.0) {
                // No built-in detector may touch one of those.
                let is_tied = |end| right_joiner(text, text.len(), end).is_some_and(|b| JOINERS.contains(&b));
                let ends = |end: usize| {
                    !text.get(at + end).is_some_and(u8::is_ascii_alphanumeric) && !is_tied(at + end)
                };
                automaton.run(&text[at..], |end, _| assert!(!ends(end), "{at}: a value of {end} bytes"));
            }
            for &at in before.1.difference(&after.1) {
                prop_assert!(lists.get(word_at(text, at, text.len()).hash).is_empty(), "{}", at);
            }
        }
    }
}
