//! From the evidence to the decision on each column of a table.

mod rank;
mod theirs;

use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::Arc;

use domesday_model::{
    Cell, CellForm, ColumnIx, ColumnPoints, Confidence, DetectorId, Fact, FactKind, Layout, OffsetMap,
    TokenKind, Window,
};

use super::header::{Persons, Whose};
use super::neighbours::{Neighbours, Part};
use super::people::{CUSTOMER_KEY, GIVEN_NAME, PLACES, People, STREET, Sign};
use super::tally::{Finds, Hit, Tally};
use super::{ColumnContext, Decision, Kind, Unnamed, is_number};
use crate::checksum::Checksum;
use crate::classifier::{Carry, Classifier, Scratch};
use crate::detector::Find;
use crate::plan::{Cue, Rest, Speaks};

use rank::Ranked;

/// What a value must be worth to be reported, and a kind to be the verdict. Thousandths.
const REPORTED: i32 = 500;
/// Points of a number that is hardly anything else.
const SPEAKING: i32 = 400;

/// Share of the values that a kind must have which only the column speaks for.
const NEARLY_ALL: f64 = 0.8;
/// Share of the values from which on a kind is the verdict.
const MOSTLY: f64 = 0.5;
/// What was decided on the sample holds on the whole column down to this part of the share; what was not needs
/// [`MORE`] on top. So a column on the border is not read twice.
const LESS: f64 = 0.8;
const MORE: f64 = 0.05;

/// Fewer values have no share to speak of.
const FEW: u64 = 5;

/// Check digits prove a kind when chance would give as many in one of 10^6 columns, …
const PROOF_DECIMALS: f64 = 6.0;
/// … and they hold in nearly all cells that look alike.
const PROOF_SHARE: f64 = 0.8;

/// Check digits that pass this rarely prove each value by itself.
const RARE: f64 = 0.02;
/// In this share of cells that look alike, or fewer, check digits hold by chance.
const CHANCE_SHARE: f64 = 0.3;
/// Of so many cells at least.
pub(super) const CHANCE_CELLS: u64 = 12;

/// Fewer values say nothing where no header does.
const LISTED_VALUES: u64 = 10;
/// Share of the names of organisations by a word in them where the rest are such as well, and no people.
const FIRMS: f64 = 0.4;
/// As many of the values of a column differ as this power of their number. Names of people repeat, but less than those
/// that were given to storms and machines.
const VARIETY: f64 = 0.75;
/// The same beside what people have.
const VARIETY_BESIDE_PEOPLE: f64 = 0.65;

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

/// Digits of the longest numbers that spreadsheets damage.
const LONGEST_NUMBER: usize = 20;

/// With so many values where the sample says that there are none, among the cells that are looked at whole, a column is no
/// longer what it was.
const MOST_STRAYS: u64 = 2;

/// Where fewer of the values differ, what was found in them is remembered.
const REPEATING: f64 = 0.8;

/// How often columns are decided on by what their neighbours are, and at most those whose headers say nothing: a name speaks for a
/// telephone number there, both for a postal code, and that for a street.
const ROUNDS: usize = 2;
const MOST_ROUNDS: usize = 4;

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
        let of = |column: &ColumnContext, is: fn(&Tally) -> bool| column.tally.as_deref().is_some_and(is);
        let has_changed = |column: &ColumnContext| of(column, |tally| tally.has_changed(CHANCE_SHARE));
        let strays =
            |column: &ColumnContext| of(column, |tally| tally.strays >= MOST_STRAYS) || has_changed(column);
        let holds = |(column, pair)| !differ((column, pair)) && !strays(column);
        if columns.iter().zip(held.iter().zip(&after)).all(holds) {
            return None;
        }
        let merged = columns.iter().zip(held.into_iter().zip(after));
        Some(
            merged
                .map(|(column, (before, after))| {
                    let same = !differ((column, (&before, &after))) && !has_changed(column);
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
        other.kinds.iter().any(|kind| {
            let id = kind.detector;
            one.kind(id).is_none() && (one.chance.contains(&id) || !self.is_reported_anyway(column, id))
        })
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
        let part = |(column, decision): (&ColumnContext, &Decision)| {
            let kind = decision.kinds.first().filter(is_sure)?;
            let part = Part::of(&self.detector(kind.detector).info.category)?;
            // Beside a whole address stands no part of it.
            (part != Part::Street || !column.has_whole_addresses(kind.detector)).then_some(part)
        };
        let sure = |column: &ColumnContext, decision: &Decision| {
            let sure = decision.kinds.iter().filter(is_sure);
            let told = (column.whose, column.is_contact);
            let mut people = People::of(self, told, sure.map(|kind| kind.detector));
            people.count(Sign::Organisation, column.names_organisations());
            people.count(Sign::Firm, column.are_organisations(FIRMS));
            people.count(Sign::Position, column.is_position);
            people.count(Sign::Mailbox, column.has_mailboxes() && people[Sign::Own] > 0);
            let is_named = |kind: &Kind| column.cue_for(kind.detector).is_some_and(|cue| !cue.vague);
            let is_key = |kind: &Kind| self.detector(kind.detector).token == TokenKind::Key && is_named(kind);
            let is_keyed = (column.people >= Persons::Customers || column.is_contact)
                && decision.kinds.iter().any(is_key);
            people.count(Sign::CustomerKey, is_keyed);
            let is_given = |kind: &Kind| self.detector(kind.detector).info.category == GIVEN_NAME;
            let names_given = |kind: &Kind| is_sure(&kind) && is_given(kind) && is_named(kind);
            people.count(Sign::NamedGiven, decision.kinds.iter().any(names_given));
            let is_of_people = match column.people {
                Persons::None => false,
                // A number of employees is no employee, and customers may be firms.
                Persons::Staff => decision.kinds.iter().any(|kind| is_sure(&kind)),
                Persons::Customers => {
                    decision.kinds.iter().any(|kind| is_sure(&kind))
                        || !column.are_numbers() && !column.are_organisations(FIRMS)
                }
                Persons::Natural => true,
            };
            people.count(Sign::OfPeople, is_of_people);
            let values = column.tally.as_deref().map_or(0, |tally| tally.values);
            people.count(Sign::Natural, column.people == Persons::Natural && values >= FEW);
            people
        };
        let beside = People::of(self, (Whose::Own, false), beside.iter().copied());
        // Names that a date of birth speaks for speak for a key in turn.
        for round in 0..MOST_ROUNDS {
            let mut tables: HashMap<u64, People> = HashMap::new();
            for (column, decision) in columns.iter().zip(&decisions) {
                let people = tables.entry(column.table).or_insert(beside);
                *people = people.with(sure(column, decision));
            }
            let parts: Vec<_> = columns.iter().zip(&decisions).map(part).collect();
            // `12345, Anna Berg, 5 Long Street` begins with no code.
            let people = &self.plan().sequences.people;
            let is_whole_name = |kind: &&Kind| is_sure(kind) && people.iter().any(|p| p.id == kind.detector);
            let is_called = |decision: &Decision| decision.kinds.first().filter(is_whole_name).is_some();
            let are_whole_names: Vec<bool> = decisions.iter().map(is_called).collect();
            let may_be = |at: usize, part: Part| {
                parts[at] == Some(part) || !are_whole_names[at] && self.may_be(&columns[at], part)
            };
            let again = |(column, before): ((usize, &ColumnContext), Decision)| {
                let people = tables[&column.1.table].without(sure(column.1, &before));
                // Only what no word names is known by them.
                let neighbours = match column.1.is_silent || column.1.is_name {
                    true => Neighbours::of(columns, &parts, column.0, may_be, |at| {
                        self.are_family_names(&columns[at])
                    }),
                    false => Neighbours::default(),
                };
                let is_known = before.kinds.is_empty() && people.is_empty() && !neighbours.are_family_names()
                    || round >= ROUNDS && !column.1.is_silent;
                if is_known { before } else { decide(column, Some((people, neighbours))) }
            };
            let before = decisions.clone();
            decisions = columns.iter().enumerate().zip(decisions).map(again).collect();
            if decisions == before {
                break;
            }
        }
        decisions
    }

    /// Whether the values of a column without a word are family names rather than given ones, as far as lists tell: many are
    /// ordinary words as well.
    fn are_family_names(&self, column: &ColumnContext) -> bool {
        let [fitting, clear, _] = Unnamed::Family.shares();
        let Some(tally) = column.tally.as_deref().filter(|_| column.is_silent) else { return false };
        let is_one = |hit: &&Hit| {
            let description = self.detector(hit.detector).column.as_ref();
            hit.described
                && description.and_then(|description| description.unnamed) == Some(Unnamed::Family)
                && share(hit.sample, tally.values) >= fitting
                && hit.listed as f64 >= clear / 2.0 * hit.sample as f64
                && !self.are_rather_given(tally, hit)
        };
        tally.hits.iter().any(|hit| is_one(&hit))
    }

    /// Whether more of the values are given names than family names: many are both.
    fn are_rather_given(&self, tally: &Tally, family: &Hit) -> bool {
        let is_given = |hit: &&Hit| !hit.described && self.detector(hit.detector).info.category == GIVEN_NAME;
        tally.hits.iter().find(is_given).is_some_and(|given| given.sample > family.listed)
    }

    /// Whether the values of a column without a word are like those of a part of an address.
    fn may_be(&self, column: &ColumnContext, part: Part) -> bool {
        let Some(tally) = &column.tally else { return false };
        let is_one = |hit: &&Hit| {
            let detector = self.detector(hit.detector);
            hit.described
                && Part::of(&detector.info.category) == Some(part)
                && column.cue_for(hit.detector).is_none()
                && detector.column.as_ref().and_then(|column| column.unnamed).is_some_and(|unnamed| {
                    let [fitting, _, different] = unnamed.shares();
                    let differ = tally.distinct().is_none_or(|n| n as f64 >= different * tally.values as f64);
                    differ && share(hit.sample, tally.values) >= fitting
                })
        };
        tally.hits.iter().any(|hit| is_one(&hit))
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

impl Evidence<'_> {
    fn decide(&self) -> Decision {
        let repeats = self.tally.distinct().is_some_and(|n| share(n, self.tally.values) < REPEATING);
        let mut decision = Decision { repeats, ..Decision::default() };
        let is_open = matches!(self.extent, Extent::Sample);
        if self.values() == 0 || self.is_running_text() || is_open && self.tally.late {
            return decision;
        }
        let mut ranked = Vec::new();
        for hit in &self.tally.hits {
            if self.is_nobodys(hit) || self.is_of_an_organisation(hit) {
                decision.chance.extend((!hit.described).then_some(hit.detector));
            } else if self.is_no_place(hit) {
                // Of nobody who lives there, and what is called after somebody is not him.
                decision.chance.extend((!hit.described).then_some(hit.detector));
                let names = self.classifier.plan().sequences.people.iter().map(|people| people.id);
                decision.chance.extend(names.filter(|_| hit.described));
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
        self.prefer_names(&mut ranked);
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
        decision.chance.dedup();
        match decision.kinds.first_mut() {
            Some(kind) => {
                let is_number = is_number(self.classifier.detector(kind.detector));
                let damaged = [
                    (self.tally.shortened(kind.detector), FactKind::Shortened),
                    (if is_number { self.tally.rounded } else { 0 }, FactKind::Rounded),
                ];
                let damaged = damaged.into_iter().filter(|(values, _)| *values > 0);
                kind.evidence.extend(damaged.map(|(_, fact)| Fact::plain(fact)));
                kind.evidence.sort_unstable();
            }
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

    /// Puts keys that are made of the names of people before those of any kind: under `userid` stand numbers or `m.keller`.
    fn prefer_names(&self, ranked: &mut [Ranked]) {
        let is_key = |ranked: &Ranked| {
            ranked.described && self.classifier.detector(ranked.kind.detector).info.category == CUSTOMER_KEY
        };
        if !ranked.first().is_some_and(is_key) {
            return;
        }
        let is_named = |other: &Ranked| {
            let column = self.classifier.detector(other.kind.detector).column.as_ref();
            other.kind.points.list > 0 && column.is_some_and(|column| column.made_of_names)
        };
        if let Some(named) = ranked.iter().position(is_named) {
            ranked[..=named].rotate_right(1);
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
            let named =
                self.column.cue_for(hit.detector).is_some_and(|cue| !cue.vague || cue.rest < Rest::Words);
            named && self.classifier.detector(hit.detector).info.category.contains(PLACES)
        };
        let is_whole = |hit: &Hit| {
            self.classifier.detector(hit.detector).info.category == STREET
                && self.column.has_whole_addresses(hit.detector)
        };
        let known =
            |hit: &Hit| (!hit.described || is_address(hit) || is_whole(hit)) && self.is_enough(hit, MOSTLY);
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
        let power = if self.people[Sign::Own] > 0 { VARIETY_BESIDE_PEOPLE } else { VARIETY };
        let least = (self.tally.values as f64).powf(power);
        self.tally.distinct().is_none_or(|distinct| distinct as f64 >= least)
    }

    /// Whether check digits hold in so few of the cells that look alike that it is by chance.
    fn is_chance(&self, hit: &Hit) -> bool {
        let detector = self.classifier.detector(hit.detector);
        let Some(checksum) = &detector.checksum else { return false };
        let (alike, with_hit) = self.tally.likes(hit);
        // The sample may have been another part of the column than what follows.
        let whole = matches!(self.extent, Extent::Whole(..))
            && (share(self.hits(hit), self.values()) > CHANCE_SHARE + MORE
                || self.tally.is_chance_no_more(hit.detector, CHANCE_SHARE));
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

    /// A number that a spreadsheet has rounded, or of which it dropped the zeros in front, is lost; that there was one is
    /// not.
    fn damaged(&self) -> Option<Kind> {
        let rounded = share(self.tally.rounded, self.tally.values) >= MOSTLY;
        let shortened = |id| share(self.tally.shortened(id), self.tally.values) >= MOSTLY;
        let catalog = self.classifier.catalog();
        // What has letters in it, no spreadsheet takes for a number.
        let is_digits = |id| match &self.classifier.detector(id).find {
            Find::Shapes(shapes) => (1..=LONGEST_NUMBER)
                .any(|len| shapes.iter().any(|base| base.shape.accepts(&[b'1'; LONGEST_NUMBER][..len]))),
            _ => true,
        };
        let lost = |id| shortened(id) || rounded && is_digits(id);
        let cues = self
            .column
            .cues
            .iter()
            .filter(|cue| cue.speaks == Speaks::For && self.column.numbered.contains(&cue.detector));
        // A longer phrase says more.
        let length = |cue: &&Cue| (catalog.word(cue.word).chars().count(), std::cmp::Reverse(cue.detector));
        let cue = cues.filter(|cue| lost(cue.detector)).max_by_key(length)?;
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
