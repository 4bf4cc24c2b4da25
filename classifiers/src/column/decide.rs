//! From the evidence to the decision on each column of a table.

use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::Arc;

use domesday_model::{
    Cell, CellForm, ColumnIx, ColumnPoints, Confidence, DetectorId, Fact, FactKind, Layout, OffsetMap,
    TokenKind, Window,
};

use super::description::Unnamed;
use super::header::{Organisation, Persons, Whose};
use super::neighbours::{Neighbours, Part};
use super::people::{GIVEN_NAME, PLACES, POSITION, People, STREET, Sign, is_place};
use super::tally::{Finds, Hit, Tally};
use super::{ColumnContext, Decision, Kind, is_number};
use crate::checksum::Checksum;
use crate::classifier::{Carry, Classifier, Scratch};
use crate::detector::Find;
use crate::plan::{Cue, Rest, Speaks};
use crate::score::PHRASE;

/// What a value must be worth to be reported, and a kind to be the verdict. Thousandths.
const REPORTED: i32 = 500;
/// Points of a number that is hardly anything else.
const SPEAKING: i32 = 400;
/// What a kind must be worth to be one.
const LEAST_KIND: i32 = 300;

/// Share of the values that a kind must have which the header names, or which is worth reporting by itself.
const MIXED: f64 = 0.2;
/// The same for what only the column speaks for.
const NEARLY_ALL: f64 = 0.8;
/// Share of the numbers of books and journals that end with an X is one in eleven.
const BOOKS: f64 = 0.03;
/// Share of the values from which on a kind is the verdict.
const MOSTLY: f64 = 0.5;
/// What was decided on the sample holds on the whole column down to this part of the share; what was not needs
/// [`MORE`] on top. So a column on the border is not read twice.
const LESS: f64 = 0.8;
const MORE: f64 = 0.05;

/// Points for nearly all values, and for most.
const RATIO: [(f64, i32); 2] = [(0.95, 100), (0.8, 50)];
/// Fewer values have no share to speak of.
const FEW: u64 = 5;

/// Points for check digits that cannot all hold by chance.
const PROOF: i32 = 250;
/// That is when chance would give as many in one of 10^6 columns, …
const PROOF_DECIMALS: f64 = 6.0;
/// … and they hold in nearly all cells that look alike.
const PROOF_SHARE: f64 = 0.8;

/// Check digits that pass this rarely prove each value by itself.
const RARE: f64 = 0.02;
/// In this share of cells that look alike, or fewer, check digits hold by chance.
const CHANCE_SHARE: f64 = 0.3;
/// Of so many cells at least.
const CHANCE_CELLS: u64 = 12;

/// Points for a column of nothing but listed words: of so many, which vary.
const LISTED: i32 = 350;
const LISTED_VALUES: u64 = 10;
/// Points for a column of nothing but names of people under a header that says nothing.
const NAMES: i32 = 450;
/// That is when all are like names, and of this share both parts are listed: rare family names are in no list.
const CLEAR_NAMES: f64 = 0.65;
/// Of so many at least.
const LEAST_NAMES: u64 = 6;
/// Share of the values that are told to be names of organisations by a word in them, in a column of such: many have none.
const ORGANISATIONS: f64 = 0.2;
/// Points of what people have in a column without a word.
const BESIDE_PEOPLE: i32 = 600;
/// As many of the values of a column differ as this power of their number. Names of people repeat, but less than those
/// that were given to storms and machines.
const VARIETY: f64 = 0.82;

/// What a column holds, with the evidence of all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The detector.
    pub detector: DetectorId,
    /// How sure it is of the column.
    pub confidence: Confidence,
    /// Values that match, …
    pub matches: u64,
    /// … of so many.
    pub values: u64,
    /// Why, sorted.
    pub evidence: Vec<Fact>,
    /// What each part of that is worth.
    pub points: ColumnPoints,
}

/// How much of a column is looked at.
#[derive(Clone, Copy)]
enum Extent<'a> {
    Sample,
    /// All of it, which has so many values, after a decision on the sample.
    Whole(u64, &'a Decision),
}

/// With so many values where the sample says that there are none, among the cells that are looked at whole, a column is no
/// longer what it was.
const MOST_STRAYS: u64 = 2;

/// How often columns are decided on by what their neighbours are.
const ROUNDS: usize = 2;

impl Classifier {
    /// Decides on all open columns of a table from their samples.
    pub fn decide(&self, columns: &mut [ColumnContext]) {
        self.decide_beside(columns, &[]);
    }

    /// The same, with further columns that hold values of `beside`.
    fn decide_beside(&self, columns: &mut [ColumnContext], beside: &[DetectorId]) {
        let decisions = self.decisions(columns, |_, _| Extent::Sample, beside);
        for (column, decision) in columns.iter_mut().zip(decisions) {
            if column.is_open() {
                column.decide(Arc::new(decision));
            }
        }
    }

    /// The verdict on a column of these values, in a table with columns that hold values of `beside`.
    pub fn try_column(&self, header: &str, values: &[&[u8]], beside: &[DetectorId]) -> Option<Verdict> {
        let mut columns = [self.column(header)];
        columns[0].open();
        let (mut text, mut cells) = (Vec::new(), Vec::new());
        for (record, value) in values.iter().enumerate().filter(|(_, value)| !value.is_empty()) {
            let start = text.len() as u32;
            text.extend_from_slice(value);
            let (end, record) = (text.len() as u32, record as u64);
            cells.push(Cell { start, end, column: ColumnIx(0), record, form: CellForm::Plain });
            text.push(b'\n');
        }
        let layout = Layout::Cells(&cells);
        let window = Window { text: &text, own: 0..text.len(), layout, offsets: OffsetMap::identity(0) };
        let ControlFlow::Continue(()) = self.scan::<Infallible>(
            &window,
            &mut columns,
            &mut Carry::default(),
            &mut Scratch::default(),
            |_| ControlFlow::Continue(()),
        );
        self.decide_beside(&mut columns, beside);
        self.verdict(&columns[0], None)
    }

    /// Holds whole columns against what was decided on their samples. `values(i)` is the number of values of the
    /// column `i`, as far as the format counts them. When cells would be told otherwise, these are the decisions with
    /// which the object is to be read once more.
    pub fn review(
        &self,
        columns: &[ColumnContext],
        values: impl Fn(usize) -> Option<u64>,
    ) -> Option<Vec<Arc<Decision>>> {
        let none = Decision::default();
        let before = |column: &ColumnContext| column.decision().cloned().unwrap_or_default();
        let held: Vec<Arc<Decision>> = columns.iter().map(before).collect();
        let extent = |i: usize, tally: &Tally| match values(i) {
            Some(values) => {
                Extent::Whole(tally.without_placeholders(values), held.get(i).map_or(&none, |d| &**d))
            }
            None => Extent::Sample,
        };
        let after = self.decisions(columns, extent, &[]);
        let differ = |(column, (before, after)): (&ColumnContext, (&Arc<Decision>, &Decision))| {
            self.lacks(column, before, after) || self.lacks(column, after, before)
        };
        let strays = |column: &ColumnContext| column.tally.as_ref().is_some_and(|t| t.strays >= MOST_STRAYS);
        let holds = |(column, pair)| !differ((column, pair)) && !strays(column);
        if columns.iter().zip(held.iter().zip(&after)).all(holds) {
            return None;
        }
        let merged = columns.iter().zip(held.into_iter().zip(after));
        Some(
            merged
                .map(|(column, (before, after))| {
                    let same = !differ((column, (&before, &after)));
                    match strays(column) {
                        false if same => before,
                        false => Arc::new(after),
                        true if same => Arc::new(before.without_routes()),
                        true => Arc::new(after.without_routes()),
                    }
                })
                .collect(),
        )
    }

    /// Whether `one` lacks a kind of `other` that makes a difference to its cells.
    fn lacks(&self, column: &ColumnContext, one: &Decision, other: &Decision) -> bool {
        other
            .kinds
            .iter()
            .any(|kind| one.kind(kind.detector).is_none() && !self.is_reported_anyway(column, kind.detector))
    }

    /// Whether the values of a detector are worth reporting with no more than the header.
    fn is_reported_anyway(&self, column: &ColumnContext, id: DetectorId) -> bool {
        let detector = self.detector(id);
        let Some(tally) = &column.tally else { return false };
        let Some(hit) = tally.hits.iter().find(|hit| hit.detector == id && !hit.described) else {
            return false;
        };
        let for_it = column.cue(id, Speaks::For).is_some();
        let against = column.cue(id, Speaks::Against).is_some();
        let points = hit.points() + if for_it { detector.scoring.header } else { 0 }
            - if against { detector.scoring.against } else { 0 };
        detector.column.is_none() && points >= REPORTED && (for_it || !detector.needs_context)
    }

    /// The verdict on a column that was decided, held against all of its `values`.
    pub fn verdict(&self, column: &ColumnContext, values: Option<u64>) -> Option<Verdict> {
        self.verdict_by(column.decision()?, column, values)
    }

    /// The verdicts on all columns of an object whose sample was not all of it. Values that are told either way need no
    /// other decision than that on the sample, but the verdict is on the whole column: where the sample had none of
    /// them, it is made here.
    pub fn verdicts(
        &self,
        columns: &[ColumnContext],
        values: impl Fn(usize) -> Option<u64>,
    ) -> Vec<Option<Verdict>> {
        let none = Decision::default();
        let extent = |i: usize, tally: &Tally| match values(i) {
            Some(values) => Extent::Whole(
                tally.without_placeholders(values),
                columns[i].decision().map_or(&none, |decision| &**decision),
            ),
            None => Extent::Sample,
        };
        let after = self.decisions(columns, extent, &[]);
        let verdict = |(i, (column, after)): (usize, (&ColumnContext, Decision))| {
            let values = values(i);
            self.verdict(column, values).or_else(|| self.verdict_by(&after, column, values))
        };
        columns.iter().zip(after).enumerate().map(verdict).collect()
    }

    fn verdict_by(
        &self,
        decision: &Decision,
        column: &ColumnContext,
        values: Option<u64>,
    ) -> Option<Verdict> {
        let tally = column.tally.as_ref()?;
        let values = values.map_or(tally.values, |values| tally.without_placeholders(values));
        let of = |kind: &Kind, matches: u64| Verdict {
            detector: kind.detector,
            confidence: kind.confidence,
            matches: matches.min(values),
            values,
            evidence: kind.evidence.clone(),
            points: kind.points,
        };
        if let Some(kind) = &decision.damaged {
            return Some(of(kind, 0));
        }
        let kind =
            decision.kinds.first().filter(|kind| i32::from(kind.confidence.thousandths()) >= REPORTED)?;
        let hits = tally.hits.iter().filter(|hit| hit.detector == kind.detector);
        let matches = hits.map(|hit| hit.all).max().unwrap_or(0);
        (share(matches, values) >= MOSTLY * LESS).then(|| of(kind, matches))
    }

    fn decisions<'a>(
        &self,
        columns: &[ColumnContext],
        extent: impl Fn(usize, &Tally) -> Extent<'a>,
        beside: &[DetectorId],
    ) -> Vec<Decision> {
        let decide = |(i, column): (usize, &ColumnContext), around: Option<(People, Neighbours)>| {
            let Some(tally) = &column.tally else { return Decision::default() };
            let is_first = around.is_none();
            let (people, neighbours) = around.unwrap_or_default();
            let extent = extent(i, tally);
            Evidence { classifier: self, column, tally, extent, people, neighbours, is_first }.decide()
        };
        let mut decisions: Vec<Decision> =
            columns.iter().enumerate().map(|column| decide(column, None)).collect();
        let is_sure = |kind: &&Kind| i32::from(kind.confidence.thousandths()) >= REPORTED;
        let part = |decision: &Decision| {
            let kind = decision.kinds.first().filter(is_sure)?;
            Part::of(&self.detector(kind.detector).info.category)
        };
        let sure = |column: &ColumnContext, decision: &Decision| {
            let sure = decision.kinds.iter().filter(is_sure);
            let told = (column.whose, column.is_contact);
            let mut people = People::of(self, told, sure.map(|kind| kind.detector));
            people.count(Sign::Organisation, column.names_organisations());
            people.count(Sign::Mailbox, column.has_mailboxes() && people[Sign::Own] > 0);
            let is_of_people = match column.people {
                Persons::None => false,
                // A number of employees is no employee.
                Persons::Staff => decision.kinds.iter().any(|kind| is_sure(&kind)),
                Persons::Customers => true,
            };
            people.count(Sign::OfPeople, is_of_people);
            people
        };
        let beside = People::of(self, (Whose::Own, false), beside.iter().copied());
        // Names that a date of birth speaks for speak for a key in turn.
        for _ in 0..ROUNDS {
            let mut tables: HashMap<u64, People> = HashMap::new();
            for (column, decision) in columns.iter().zip(&decisions) {
                let people = tables.entry(column.table).or_insert(beside);
                *people = people.with(sure(column, decision));
            }
            let parts: Vec<_> = decisions.iter().map(part).collect();
            let again = |(column, before): ((usize, &ColumnContext), Decision)| {
                let people = tables[&column.1.table].without(sure(column.1, &before));
                let is_known = before.kinds.is_empty() && people.is_empty();
                let neighbours = || Neighbours::of(columns, &parts, column.0);
                if is_known { before } else { decide(column, Some((people, neighbours()))) }
            };
            decisions = columns.iter().enumerate().zip(decisions).map(again).collect();
        }
        decisions
    }
}

/// Everything that is known of one column.
struct Evidence<'a> {
    classifier: &'a Classifier,
    column: &'a ColumnContext,
    tally: &'a Tally,
    extent: Extent<'a>,
    people: People,
    neighbours: Neighbours,
    /// Nothing is known of the other columns yet.
    is_first: bool,
}

/// A kind that may be one.
struct Ranked {
    kind: Kind,
    hits: u64,
    described: bool,
    /// Its values speak for themselves, or are named by the header.
    strong: bool,
}

impl Evidence<'_> {
    fn decide(&self) -> Decision {
        let mut decision = Decision::default();
        let is_open = matches!(self.extent, Extent::Sample);
        if self.values() == 0 || self.is_running_text() || is_open && self.tally.late {
            return decision;
        }
        let mut ranked = Vec::new();
        for hit in &self.tally.hits {
            if self.is_nobodys(hit) || self.is_of_an_organisation(hit) {
                decision.chance.extend((!hit.described).then_some(hit.detector));
            } else if self.is_no_place(hit) {
                // Of nobody who lives there.
            } else if !hit.described && self.is_chance(hit) {
                decision.chance.push(hit.detector);
                if self.column.cue(hit.detector, Speaks::For).is_none() && self.is_nothing_more(hit) {
                    decision.void.push(hit.detector);
                }
            } else {
                ranked.extend(if hit.described { self.described(hit) } else { self.matched(hit) });
            }
        }
        let mostly = |r: &Ranked| share(r.hits, self.values()) >= MOSTLY;
        ranked.sort_by_key(|r| {
            let rank = (mostly(r), r.strong, r.kind.confidence, r.hits);
            (std::cmp::Reverse(rank), r.kind.detector)
        });
        self.prefer_whole(&mut ranked);
        let (mut hits, mut described) = (0, false);
        for next in ranked {
            // Kinds that share their cells are one kind with alternatives.
            let disjoint = (hits + next.hits) * 20 <= self.values() * 21;
            let known = decision.kind(next.kind.detector).is_some();
            if (hits == 0 || disjoint) && !known && !(described && next.described) {
                hits += next.hits;
                described |= next.described;
                decision.kinds.push(next.kind);
            }
        }
        decision.chance.sort_unstable();
        match decision.kinds.first_mut() {
            Some(kind) if self.tally.shortened(kind.detector) > 0 => {
                kind.evidence.push(Fact::plain(FactKind::Shortened));
            }
            Some(_) => (),
            None => decision.damaged = self.damaged(),
        }
        decision.void.sort_unstable();
        decision.routes = self.tally.routes(|id, proven| {
            let counts = decision.kind(id).is_some() || proven && !decision.void.contains(&id);
            let is_shapes = matches!(self.classifier.detector(id).find, Find::Shapes(_));
            counts.then_some(if is_shapes { Finds::Shapes } else { Finds::Other })
        });
        decision.sole = self.sole(&decision);
        decision
    }

    /// The only kind of the column, where its values are no digits that may be anything by themselves, and nothing that was
    /// found in the sample would have been told in its stead.
    fn sole(&self, decision: &Decision) -> Option<DetectorId> {
        let [kind] = &*decision.kinds else { return None };
        let detector = self.classifier.detector(kind.detector);
        let is_found = matches!(detector.find, Find::Shapes(_) | Find::AtSign);
        if !is_found || self.tally.late || self.tally.is_full() {
            return None;
        }
        let hits = || self.tally.hits.iter().filter(|hit| !hit.described);
        let own = hits().find(|hit| hit.detector == kind.detector)?;
        let points = |hit: &Hit| {
            let named = self.column.cue(hit.detector, Speaks::For).is_some();
            hit.points() + if named { self.classifier.detector(hit.detector).scoring.header } else { 0 }
        };
        let is_rival = |hit: &Hit| {
            hit.detector != kind.detector
                && !decision.chance.contains(&hit.detector)
                && points(hit) >= i32::from(kind.confidence.thousandths())
        };
        let speaks = own.points() >= SPEAKING || !is_number(detector);
        (speaks && !hits().any(is_rival)).then_some(kind.detector)
    }

    /// Puts a description that fits far more of the values before a detector of the same kind that finds some of them:
    /// telephone numbers in five forms are not those of one country.
    fn prefer_whole(&self, ranked: &mut [Ranked]) {
        let Some(first) = ranked.first().filter(|first| !first.described) else { return };
        let token = |ranked: &Ranked| self.classifier.detector(ranked.kind.detector).token;
        let is_whole = |other: &Ranked| {
            other.described && token(other) == token(first) && other.hits * 4 >= first.hits * 5
        };
        if let Some(whole) = ranked.iter().position(is_whole) {
            ranked[..=whole].rotate_right(1);
        }
    }

    fn values(&self) -> u64 {
        match self.extent {
            Extent::Sample => self.tally.values,
            Extent::Whole(values, _) => values,
        }
    }

    fn hits(&self, hit: &Hit) -> u64 {
        match self.extent {
            Extent::Sample => hit.sample,
            Extent::Whole(..) => hit.all,
        }
    }

    /// Cells of running text are scanned as text; long values that a detector knows as a whole are none.
    fn is_running_text(&self) -> bool {
        // A whole address may have as many words as a sentence.
        let is_address = |hit: &Hit| {
            let named = self.column.cue_for(hit.detector).is_some_and(|cue| !cue.vague);
            named && self.classifier.detector(hit.detector).info.category.contains(PLACES)
        };
        let known = |hit: &Hit| (!hit.described || is_address(hit)) && self.is_enough(hit, MOSTLY);
        share(self.tally.running, self.tally.values) > 0.3 && !self.tally.hits.iter().any(known)
    }

    /// Whether the share of the values is large enough for a kind that needs `least`.
    fn is_enough(&self, hit: &Hit, least: f64) -> bool {
        let share = share(self.hits(hit), self.values());
        match self.extent {
            Extent::Sample => share >= least,
            Extent::Whole(_, before) if before.kind(hit.detector).is_some() => share >= least * LESS,
            Extent::Whole(..) if self.tally.late => share >= least,
            Extent::Whole(..) => share >= (least + MORE).min(0.97),
        }
    }

    /// Whether the values differ as much as names of people do.
    fn varies(&self) -> bool {
        let least = (self.tally.values as f64).powf(VARIETY);
        self.tally.distinct().is_none_or(|distinct| distinct as f64 >= least)
    }

    /// Whether these are the positions of trees or shops: a column of them is nobody's in a table that holds no people.
    fn is_nobodys(&self, hit: &Hit) -> bool {
        let detector = self.classifier.detector(hit.detector);
        let is_position = detector.info.category == POSITION
            && !hit.described
            && self.is_enough(hit, MOSTLY)
            && !self.people.speak_for(detector, false);
        let is_version = detector.token == TokenKind::Ip
            && self.column.cue_for(hit.detector).is_none()
            && self.values() >= LISTED_VALUES
            && share(self.tally.versions, self.tally.values) >= NEARLY_ALL;
        is_position || is_version
    }

    /// Whether these are parts of the names of organisations, which are made of those of people, or the numbers and addresses by
    /// which organisations are reached.
    fn is_of_an_organisation(&self, hit: &Hit) -> bool {
        let detector = self.classifier.detector(hit.detector);
        if !detector.is_tokenised {
            return false;
        }
        let is_owned = self.column.organisation == Organisation::Owns;
        let is_theirs = || self.is_of_the_table() && self.people.are_reached_as_organisations();
        match detector.token {
            TokenKind::Name => {
                self.column.names_organisations() && !self.column.is_contact && !self.is_enough(hit, MOSTLY)
            }
            TokenKind::Phone => !self.is_first && (is_owned || is_theirs()),
            TokenKind::Email => !self.is_first && self.column.has_mailboxes() && (is_owned || is_theirs()),
            _ => false,
        }
    }

    /// Whether the values are those of what the table holds, and of nobody that its header names: `billing city` is a firm's in
    /// a table of firms.
    fn is_of_the_table(&self) -> bool {
        self.column.whose != Whose::Other && self.column.people == Persons::None && !self.column.is_contact
    }

    /// Whether these are parts of the addresses of organisations, or their positions.
    fn is_no_place(&self, hit: &Hit) -> bool {
        let detector = self.classifier.detector(hit.detector);
        let is_owned = self.column.organisation == Organisation::Owns;
        let is_theirs = self.is_of_the_table() && self.people.are_of_organisations();
        let is_position = detector.info.category == POSITION;
        let is_listed = self.people.are_none_but_places() && detector.info.category != STREET && !is_position;
        (is_place(detector) || is_position) && !self.is_first && (is_owned || is_theirs || is_listed)
    }

    /// Whether check digits hold in so few of the cells that look alike that it is by chance.
    fn is_chance(&self, hit: &Hit) -> bool {
        let detector = self.classifier.detector(hit.detector);
        let Some(checksum) = &detector.checksum else { return false };
        let (alike, with_hit) = self.tally.likes(hit);
        let whole = matches!(self.extent, Extent::Whole(..)) && self.is_enough(hit, MOSTLY);
        checksum.chance() >= RARE && alike >= CHANCE_CELLS && share(with_hit, alike) <= CHANCE_SHARE && !whole
    }

    /// Whether check digits that hold by chance hold as often as chance has it, so that no value of the kind is among them.
    fn is_nothing_more(&self, hit: &Hit) -> bool {
        let chance = self.classifier.detector(hit.detector).checksum.as_ref().map_or(0.0, Checksum::chance);
        let (alike, with_hit) = self.tally.likes(hit);
        share(with_hit, alike) <= 1.5 * chance
    }

    /// Whether check digits hold too often for chance.
    fn is_proof(&self, hit: &Hit) -> bool {
        let detector = self.classifier.detector(hit.detector);
        let Some(checksum) = &detector.checksum else { return false };
        // A value that comes again proves nothing more.
        let different = self.tally.distinct().map_or(self.hits(hit), |distinct| distinct.min(self.hits(hit)));
        let decimals = -checksum.chance().max(1e-9).log10() * different as f64;
        let (alike, with_hit) = self.tally.likes(hit);
        decimals >= PROOF_DECIMALS && share(with_hit, alike) >= PROOF_SHARE
    }

    /// A kind whose values a detector finds by itself.
    fn matched(&self, hit: &Hit) -> Option<Ranked> {
        let id = hit.detector;
        let detector = self.classifier.detector(id);
        // What may mean something else has the description to speak for it.
        let header = self.column.cue_for(id).filter(|cue| !cue.vague);
        let against = self.column.cue(id, Speaks::Against);
        let own = hit.points();
        // A number that anything may have needs more than its check digit.
        let common = detector.checksum.as_ref().is_some_and(Checksum::is_common)
            && detector.scoring.structure == 0
            && detector.token != TokenKind::Device;
        // The digits of books are checked as those of persons in some countries are.
        let is_book = share(self.tally.books, self.tally.values) >= BOOKS;
        let proof = self.is_proof(hit) && (header.is_some() || !common && !is_book);
        let listed = detector.is_list()
            && header.is_none()
            && self.values() >= LISTED_VALUES
            && self.varies()
            && self.is_enough(hit, NEARLY_ALL);
        if header.is_none() && !proof && (detector.checksum.is_some() || detector.needs_context && !listed) {
            return None;
        }
        let least = if header.is_some() || proof || own >= REPORTED { MIXED } else { NEARLY_ALL };
        if !self.is_enough(hit, least) {
            return None;
        }
        let share = share(self.hits(hit), self.values());
        let ratio = RATIO.iter().find(|(least, _)| share >= *least && self.values() >= FEW);
        let points = ColumnPoints {
            values: own,
            header: header.map_or(0, |cue| detector.scoring.header + if cue.is_phrase { PHRASE } else { 0 }),
            share: ratio.map_or(0, |(_, points)| *points),
            checksum: if proof { PROOF } else { 0 },
            list: if listed { LISTED } else { 0 },
            people: 0,
            against: against.map_or(0, |_| detector.scoring.against),
        };
        let facts = [
            Some(Fact::plain(if detector.is_list() { FactKind::WordList } else { FactKind::Shape })),
            proof.then(|| Fact::plain(FactKind::Checksum)),
            (detector.scoring.structure != 0).then(|| Fact::plain(FactKind::Structure)),
        ];
        self.ranked(hit, points, &facts, false, proof || own >= REPORTED || header.is_some())
    }

    /// A kind whose cells a detector describes.
    fn described(&self, hit: &Hit) -> Option<Ranked> {
        let id = hit.detector;
        let detector = self.classifier.detector(id);
        let description = detector.column.as_ref()?;
        let Some(header) = self.column.cue_for(id) else {
            return match description.unnamed {
                Some(unnamed) => self.beside_people(hit, unnamed),
                None => self.unnamed(hit),
            };
        };
        if header.vague && description.alone && !matches!(header.rest, Rest::Nothing | Rest::People) {
            return None;
        }
        let against = self.column.cue(id, Speaks::Against);
        let values = self.tally.values;
        let differ = self.tally.distinct().is_none_or(|distinct| {
            let least = (description.min_distinct as u64).min(values);
            distinct >= least && distinct as f64 >= description.distinct_share * values as f64
        });
        if !differ || !self.is_enough(hit, description.share) {
            return None;
        }
        // Beside words that are not known, `title` may be that of anything.
        let is_clear = !header.vague || header.rest < Rest::Words;
        let is_key = detector.is_tokenised && detector.token == TokenKind::Key;
        let of_people = header.vague && header.rest == Rest::People && !is_key;
        let people = description.people != 0
            && is_clear
            && (of_people || self.people.speak_for(detector, header.vague));
        // Ships and dishes have the names of people, but few of them, and none with the family name in front.
        let is_name = detector.is_tokenised && detector.token == TokenKind::Name;
        let inverted = hit.inverted > 0 && share(hit.inverted, hit.sample) >= MOSTLY;
        let varies = !is_name || !header.vague || people || inverted || self.varies();
        let list = description.list_points != 0
            && hit.sample > 0
            && hit.listed as f64 >= description.list_share * hit.sample as f64
            && varies;
        let by_header = match (header.vague, description.vague_points) {
            (true, 0) => detector.scoring.context,
            (true, points) => points,
            (false, _) => detector.scoring.header,
        };
        // `title = "…"` of a configuration file: a header and one value that fits are hardly evidence. A password is one
        // wherever it stands.
        let single = !self.is_first
            && self.people.is_empty()
            && self.values() == 1
            && detector.token != TokenKind::Credential;
        let points = ColumnPoints {
            values: hit.points(),
            header: if single { by_header / 2 } else { by_header },
            list: if list { description.list_points } else { 0 },
            people: if people { description.people } else { 0 },
            against: against.map_or(0, |_| detector.scoring.against),
            ..ColumnPoints::default()
        };
        let facts = [
            Some(Fact::plain(FactKind::Values)),
            list.then(|| Fact::plain(FactKind::WordList)),
            people.then(|| Fact::plain(FactKind::People)),
        ];
        self.ranked(hit, points, &facts, true, false)
    }

    /// Names of people under a header that says nothing of them: nearly all cells are like names, and most of them can hardly
    /// be anything else.
    fn unnamed(&self, hit: &Hit) -> Option<Ranked> {
        let listed = hit.listed as f64 >= CLEAR_NAMES * hit.sample as f64;
        let varies = self.tally.distinct().is_none_or(|distinct| distinct >= LEAST_NAMES);
        if !listed || !varies || self.values() < LISTED_VALUES || !self.is_enough(hit, NEARLY_ALL) {
            return None;
        }
        let points = ColumnPoints { values: hit.points(), list: NAMES, ..ColumnPoints::default() };
        self.ranked(hit, points, &[Some(Fact::plain(FactKind::WordList))], true, false)
    }

    /// What people have, in a table of people, in a column without a word: numbers that are dialled, dates on which they are
    /// born, family names beside given ones.
    fn beside_people(&self, hit: &Hit, unnamed: Unnamed) -> Option<Ranked> {
        let [fitting, clear, different] = unnamed.shares();
        let names = self.people[Sign::Name];
        let are_people = match unnamed {
            // Beside given names, `name` is the other one.
            Unnamed::Family if self.column.is_name => self.people[Sign::GivenName] > 0,
            Unnamed::Family => names > 0 && !self.are_rather_given(hit),
            Unnamed::Given => self.people[Sign::Own] > 0,
            Unnamed::Town | Unnamed::PostCode => {
                names > 0 && names + self.people[Sign::Own] + self.people[Sign::Place] > 1
            }
            Unnamed::Street => names > 0 && self.neighbours.are_around_a_street(),
            Unnamed::Dialled | Unnamed::Born => names > 0 && names + self.people[Sign::Own] > 1,
        };
        // Beside given names, one in a few says it for all: rare family names are in no list.
        let is_second =
            unnamed == Unnamed::Family && (self.column.is_name || self.neighbours.are_given_names());
        let clear = if is_second { clear / 2.0 } else { clear };
        let is_in_place = match unnamed {
            Unnamed::Town => self.neighbours.are_around_a_town(),
            Unnamed::PostCode => self.neighbours.are_around_a_code(),
            Unnamed::Street | Unnamed::Dialled | Unnamed::Born | Unnamed::Family | Unnamed::Given => false,
        };
        let are_clear = is_in_place || hit.listed as f64 >= clear * hit.sample as f64;
        let differ = self.tally.distinct().is_none_or(|n| n as f64 >= different * self.tally.values as f64);
        let is_one = are_people && are_clear && differ && self.values() >= LISTED_VALUES;
        if !is_one || !self.is_enough(hit, fitting) {
            return None;
        }
        let values = hit.points();
        // Towns have the names of people, and people those of towns.
        let sum = if unnamed == Unnamed::Town && !is_in_place { BESIDE_PEOPLE - 50 } else { BESIDE_PEOPLE };
        let points = ColumnPoints { values, people: (sum - values).max(0), ..ColumnPoints::default() };
        let facts = [Some(Fact::plain(FactKind::Values)), Some(Fact::plain(FactKind::People))];
        self.ranked(hit, points, &facts, true, false)
    }

    /// Whether more of the values are given names than family names: many are both.
    fn are_rather_given(&self, family: &Hit) -> bool {
        let is_given =
            |hit: &&Hit| !hit.described && self.classifier.detector(hit.detector).info.category == GIVEN_NAME;
        self.tally.hits.iter().find(is_given).is_some_and(|given| given.sample > family.listed)
    }

    fn ranked(
        &self,
        hit: &Hit,
        points: ColumnPoints,
        facts: &[Option<Fact>],
        described: bool,
        strong: bool,
    ) -> Option<Ranked> {
        let id = hit.detector;
        let word = |speaks| self.column.cue(id, speaks).map(|cue| cue.word);
        let header = self.column.cue_for(id).map(|cue| cue.word);
        let mut evidence: Vec<Fact> = facts.iter().flatten().copied().collect();
        evidence.extend(header.map(|word| Fact::word(FactKind::Header, word)));
        evidence.extend(word(Speaks::Against).map(|word| Fact::word(FactKind::NegativeContext, word)));
        evidence.sort_unstable();
        let confidence = Confidence::from_thousandths(points.sum());
        let kind = Kind { detector: id, confidence, word: header, evidence, points };
        (points.sum() >= LEAST_KIND).then(|| Ranked { kind, hits: self.hits(hit), described, strong })
    }

    /// A number that a spreadsheet has rounded, or of which it dropped the zeros in front, is lost; that there was one is
    /// not.
    fn damaged(&self) -> Option<Kind> {
        let rounded = share(self.tally.rounded, self.tally.values) >= MOSTLY;
        let shortened = |id| share(self.tally.shortened(id), self.tally.values) >= MOSTLY;
        let catalog = self.classifier.catalog();
        let cues = self
            .column
            .cues
            .iter()
            .filter(|cue| cue.speaks == Speaks::For && self.column.numbered.contains(&cue.detector));
        // A longer phrase says more.
        let length = |cue: &&Cue| (catalog.word(cue.word).chars().count(), std::cmp::Reverse(cue.detector));
        let cue = cues.filter(|cue| rounded || shortened(cue.detector)).max_by_key(length)?;
        let points = self.classifier.detector(cue.detector).scoring.header.min(REPORTED - 1);
        let why = if rounded { FactKind::Rounded } else { FactKind::Shortened };
        Some(Kind {
            detector: cue.detector,
            confidence: Confidence::from_thousandths(points),
            word: Some(cue.word),
            evidence: vec![Fact::word(FactKind::Header, cue.word), Fact::plain(why)],
            points: ColumnPoints { header: points, ..ColumnPoints::default() },
        })
    }
}

impl ColumnContext {
    /// Whether the column holds names of organisations, as its header or its values say.
    fn names_organisations(&self) -> bool {
        let of = |tally: &Tally| {
            tally.organisations >= FEW && share(tally.organisations, tally.values) >= ORGANISATIONS
        };
        self.organisation != Organisation::None || self.tally.as_deref().is_some_and(of)
    }

    /// Whether most e-mail addresses of the column are those of organisations.
    fn has_mailboxes(&self) -> bool {
        self.tally.as_deref().is_some_and(|tally| share(tally.mailboxes, tally.values) >= MOSTLY)
    }
}

impl Tally {
    /// Of so many values of the whole column, those that are values, if the sample is right.
    fn without_placeholders(&self, values: u64) -> u64 {
        let seen = self.values + self.placeholders;
        match seen {
            0 => values,
            _ => (u128::from(values) * u128::from(self.values)).div_ceil(u128::from(seen)) as u64,
        }
    }
}

fn share(part: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}
