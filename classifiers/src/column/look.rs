//! Looking at the cells of a window before candidates are: what was found in the same value before, what a column's only kind
//! finds in the whole cell, what fits a description, and what need not be looked for at all.

use std::ops::Range;

use domesday_model::{
    Cell, CellForm, DetectorId, Layout, SAMPLE_BYTES, SAMPLE_RECORDS, TokenKind, Window, count_hash,
};

use super::alike::Groups;
use super::known::{Fits, Known, New};
use super::routes::{Finders, is_looked_at_whole};
use super::tally::{self, Fit};
use super::{ColumnContext, ColumnPlan, State};
use crate::candidates::{Candidates, Keep};
use crate::detector::{Detector, Find};
use crate::mailbox::address_around;
use crate::normalise::compact_into;
use crate::plan::Plan;
use crate::score::{Nearby, Scored, score};
use crate::structure::Value;
use crate::verify::{Proofs, Survivor, accept};

/// Columns of an object whose distinct values are counted behind the sample: a bound on memory.
const MOST_SKETCHED: usize = 4096;

/// Blanks before a value that is all of its cell.
const MOST_BLANKS: usize = 8;

/// Digits of a number that may have lost zeros, and zeros that it may have lost. More would make it another one.
const FEWEST_DIGITS: usize = 6;
const MOST_DIGITS: usize = 18;
const MOST_ZEROS: usize = 3;

/// Digits of the longest number that a spreadsheet writes with a mark before each thousand, and the fewest of one that people have.
const MOST_GROUPED: usize = 24;
const FEWEST_GROUPED: usize = 8;

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

/// What is the same for all cells of a column in a window.
#[derive(Clone, Copy, Debug)]
struct Ways {
    /// Nothing is counted, and nothing described.
    is_plain: bool,
    is_counted: bool,
    /// Distinct values are counted, and values remembered.
    is_sketched: bool,
    /// Its values repeat.
    repeats: bool,
    is_described: bool,
    /// Cells behind the object's sample may be the column's own.
    samples_late: bool,
    sole: Option<DetectorId>,
    /// Its group of values that are alike, once there is one.
    alike: Option<u32>,
}

impl Ways {
    fn of(place: usize, column: &ColumnContext) -> Self {
        let (is_counted, is_described) = (column.tally.is_some(), !column.described.is_empty());
        let is_sketched = place < MOST_SKETCHED;
        Self {
            is_plain: !is_counted && !is_described,
            is_counted,
            is_sketched,
            repeats: is_sketched && column.repeats(),
            is_described,
            samples_late: column.tally.as_ref().is_some_and(|tally| tally.samples_late()),
            sole: column.sole(),
            alike: None,
        }
    }
}

/// The part of a window whose cells count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted {
    /// Cells that begin here are the window's own.
    own: Range<u32>,
    /// By column.
    ways: Vec<Ways>,
    /// By cell.
    looks: Vec<Look>,
    known: Known,
    /// Values that are told together.
    pub(crate) alike: Groups,
    /// What was found in a value before, where it stands now.
    moved: Vec<Scored>,
    /// Cells with values that are not known.
    new: Vec<New>,
    compact: Vec<u8>,
    /// A value with the name of its setting.
    named: Vec<u8>,
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
            let start = place_of(text, &cells[new.cell as usize]).1.start;
            // As they are merged: of equals that which candidates led to comes first.
            self.known.add(key, start, own.iter().chain(described), new.fits);
        }
    }
}

/// A cell that is looked at.
struct AtHand<'a> {
    /// The text of its window.
    text: &'a [u8],
    cell: &'a Cell,
    index: u32,
    /// Where it begins for the question which window it belongs to.
    place: u32,
    /// Where its value stands.
    range: Range<usize>,
    value: &'a [u8],
    /// It lies behind the object's sample.
    behind: bool,
    /// It is one of its column's sample.
    in_sample: bool,
    /// It lies behind and is not looked at for everything.
    whole: bool,
    /// It begins in the window's own part.
    is_own: bool,
    /// It does, and is all text.
    is_plain: bool,
}

impl AtHand<'_> {
    /// No blanks of unknown number stand before its value.
    fn begins_its_cell(&self) -> bool {
        self.range.start == self.place as usize
    }

    /// Finds in it what was found in its value before, if that is remembered.
    #[inline]
    fn as_before(
        &self,
        key: Option<u64>,
        column: &mut ColumnContext,
        counted: &mut Counted,
        out: &mut Vec<Scored>,
    ) -> bool {
        let Counted { known, moved, ways, alike, .. } = counted;
        let Some(before) = key.and_then(|key| known.get(key)) else { return false };
        if let Some(tally) = &mut column.tally {
            before.fits().for_each(|(id, points)| tally.fit(id, points, None));
        }
        moved.clear();
        moved.extend(before.found().map(|scored| scored.moved_to(self.index, self.range.start as u32)));
        let group = &mut ways[self.cell.column.0 as usize].alike;
        let is_whole = moved.first().is_some_and(|scored| scored.spans(&self.range));
        if !self.in_sample && is_whole && alike.take(group, column, moved) {
            moved.iter().for_each(|scored| column.count_whole(&scored.survivor));
        } else {
            out.extend_from_slice(moved);
        }
        true
    }

    /// Has what was found in it, which is in `out` from `from` on, told with that of cells like it, where nothing else can begin
    /// in it.
    #[inline]
    fn tell_together(
        &self,
        from: usize,
        new: &mut New,
        column: &mut ColumnContext,
        (candidates, keep): (&Candidates, Keep),
        Counted { ways, alike, known, .. }: &mut Counted,
        out: &mut Vec<Scored>,
    ) {
        let found = &out[from..];
        if self.in_sample || found.is_empty() || candidates.has_any(self.range.clone(), keep) {
            return;
        }
        let group = &mut ways[self.cell.column.0 as usize].alike;
        if alike.take(group, column, found) {
            found.iter().for_each(|scored| column.count_whole(&scored.survivor));
            if let Some(key) = new.key.take() {
                known.add(key, self.range.start, found.iter(), new.fits);
            }
            out.truncate(from);
        }
    }
}

impl ColumnPlan {
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
        counted.ways.clear();
        let Layout::Cells(cells) = window.layout else { return };
        candidates.begin_keeping();
        counted.ways.extend(columns.iter().enumerate().map(|(place, column)| Ways::of(place, column)));
        let mut keep_all = |cells: &[Cell]| {
            let plain = cells.iter().filter(|cell| cell.form == CellForm::Plain);
            plain.for_each(|cell| candidates.keep(cell.start as usize..cell.end as usize, Keep::All));
        };
        if counted.ways.iter().all(|ways| ways.is_plain) {
            keep_all(cells);
            candidates.lose_others();
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
        let last = cells.partition_point(|cell| cell.start < own.end).max(first);
        keep_all(&cells[..first]);
        keep_all(&cells[last..]);
        for (index, cell) in cells.iter().enumerate().take(last).skip(first) {
            let (place, range) = place_of(window.text, cell);
            let number = cell.column.0 as usize;
            let keep = match (counted.ways.get(number), columns.get_mut(number)) {
                (Some(&ways), Some(column)) if !ways.is_plain => {
                    if is_cut {
                        known = window.offsets.locate(known, cell.start as usize);
                    }
                    let behind =
                        cell.record >= SAMPLE_RECORDS || begins_behind || known.source >= SAMPLE_BYTES;
                    let is_own = own.contains(&place);
                    let late = ways.samples_late
                        && is_own
                        && behind
                        && column.tally.as_ref().is_some_and(|tally| tally.samples_late())
                        && !tally::is_placeholder(&window.text[range.clone()]);
                    let at = AtHand {
                        text: window.text,
                        cell,
                        index: index as u32,
                        place,
                        value: &window.text[range.clone()],
                        range: range.clone(),
                        behind,
                        in_sample: !behind || late,
                        whole: behind && !is_looked_at_whole(cell.record),
                        is_own,
                        is_plain: is_own && cell.form == CellForm::Plain,
                    };
                    if at.in_sample
                        && let Some(tally) = column.tally.as_mut().filter(|_| is_own)
                    {
                        tally.late |= late;
                        tally.sample_end = place + 1;
                    }
                    self.look_at((plan, detectors), &at, (column, ways), candidates, counted, out)
                }
                _ => Keep::All,
            };
            if cell.form == CellForm::Plain {
                candidates.keep(range, keep);
            }
        }
        candidates.lose_others();
    }

    /// Looks at a cell: what is to be looked for in it.
    #[inline(always)]
    fn look_at(
        &self,
        (plan, detectors): (&Plan, &[Detector]),
        at: &AtHand<'_>,
        (column, ways): (&mut ColumnContext, Ways),
        candidates: &Candidates,
        counted: &mut Counted,
        out: &mut Vec<Scored>,
    ) -> Keep {
        let mut keep = Keep::All;
        let key = self.count(at, (column, &ways), candidates, counted);
        let from = out.len() as u32;
        let mut new =
            New { cell: at.index, key, in_sample: at.in_sample, found: from..from, fits: Fits::default() };
        let mut found = None;
        if at.as_before(key, column, counted, out) {
            keep = Keep::Nothing;
            // What fits in the sample is looked at in more detail.
            if !at.in_sample {
                return keep;
            }
            new.key = None;
        } else if at.whole
            && at.is_plain
            && let Some(id) = ways.sole
            && let Some(survivor) = sole((plan, detectors), at, id, &mut counted.compact)
        {
            keep = Keep::Nothing;
            let known = counted.alike.get(counted.ways[at.cell.column.0 as usize].alike);
            out.push(known.and_then(|known| known.one_like(survivor)).unwrap_or_else(|| {
                score(&detectors[id.index()], survivor, &Nearby::default(), Some(column))
            }));
            new.found.end += 1;
            found = Some(id);
        } else if at.behind
            && let Some(routes) = column.routes()
            && let Some(form) = routes.of(at.value)
        {
            counted.looks[at.index as usize] = if at.whole {
                keep = routes.finders(form).keep;
                Look::Routed(form)
            } else {
                if let Some(tally) = column.tally.as_mut().filter(|_| at.is_own) {
                    tally.watch();
                }
                Look::Strays(form)
            };
            new.key = None;
        }
        if !at.is_plain {
            return keep;
        }
        if at.in_sample
            && let Some(tally) = &mut column.tally
        {
            let short = column.numbered.iter().filter(|id| is_short(plan, detectors, **id, at.value));
            short.for_each(|id| tally.shorten(*id, 1));
        }
        let mut digits = [0; MOST_GROUPED];
        if !column.numbered.is_empty()
            && let Some(digits) = ungrouped(at.value, &mut digits)
        {
            let value = Value { raw: digits, compact: digits };
            for &id in &column.numbered {
                let detector = &detectors[id.index()];
                let accepted = base_of(plan, id, digits).and_then(|base| accept(detector, base, &value));
                let Some((points, proofs)) = accepted else { continue };
                let (start, end) = (at.range.start as u32, at.range.end as u32);
                let survivor = Survivor { start, end, detector: id, cell: Some(at.index), points, proofs };
                out.push(score(detector, survivor, &Nearby::default(), Some(column)));
            }
            new.key = None;
        }
        if column.setting.may_tell(at.value) {
            let memory = (&mut counted.named, &mut counted.compact);
            column.setting.accepted(
                (plan, detectors),
                at.value,
                column,
                memory,
                |detector, points, proofs| {
                    if out[from as usize..].iter().any(|scored| scored.survivor.detector == detector) {
                        return;
                    }
                    let (start, end) = (at.range.start as u32, at.range.end as u32);
                    let survivor = Survivor { start, end, detector, cell: Some(at.index), points, proofs };
                    out.push(score(&detectors[detector.index()], survivor, &Nearby::default(), Some(column)));
                },
            );
            new.key = None;
        }
        if ways.is_described && at.begins_its_cell() && !tally::is_placeholder(at.value) {
            // Spreadsheets write an apostrophe before a number that is to stay as it is, shops before a postal code: `'V1Y 5L4`.
            let marked = matches!(at.value, [b'\'', b'0'..=b'9', ..] | [b'\'', b'A'..=b'Z', b'0'..=b'9', ..]);
            let cell = if marked { (&at.value[1..], at.place + 1) } else { (at.value, at.place) };
            self.describe((plan, detectors), (cell, found), column, &mut new, counted, out);
        }
        at.tell_together(from as usize, &mut new, column, (candidates, keep), counted, out);
        counted.new.extend(new.key.is_some().then_some(new));
        keep
    }

    /// Counts the value of a cell. Under what it is remembered, if it is worth that.
    #[inline]
    fn count(
        &self,
        at: &AtHand<'_>,
        (column, ways): (&mut ColumnContext, &Ways),
        candidates: &Candidates,
        counted: &mut Counted,
    ) -> Option<u64> {
        if !at.is_plain || !ways.is_counted || !at.in_sample && !ways.is_sketched {
            return None;
        }
        let hash = count_hash(TokenKind::Key, at.value);
        let tally = column.tally.as_mut()?;
        if at.in_sample {
            tally.organisations += u64::from(self.organisations.names(at.value, &mut counted.folded));
            tally.mailboxes += u64::from(self.organisations.has_mailbox(at.value));
            tally.sample(at.value, hash);
        } else {
            tally.pass(at.value, hash);
        }
        let asks = !at.in_sample && (ways.is_described || ways.sole.is_some());
        let is_worth =
            ways.repeats && at.begins_its_cell() && (asks || candidates.has_any(at.range.clone(), Keep::All));
        let key = || column.stamp.key(at.text, at.cell, hash, (at.in_sample, at.whole));
        is_worth.then(key).flatten()
    }

    /// Adds what the cell fits the description of, and counts it. `found` has found a value that is all of the cell: that fits.
    fn describe(
        &self,
        (plan, detectors): (&Plan, &[Detector]),
        ((cell, start), found): ((&[u8], u32), Option<DetectorId>),
        column: &mut ColumnContext,
        new: &mut New,
        Counted { compact, folded, .. }: &mut Counted,
        out: &mut Vec<Scored>,
    ) {
        let New { cell: index, in_sample, .. } = *new;
        let Ok(text) = std::str::from_utf8(cell) else { return };
        compact.clear();
        for i in 0..column.described.len() {
            let (id, word) = column.described[i];
            let Some(fitting) = &self.fittings[id.index()] else { continue };
            if found == Some(id) {
                let points = detectors[id.index()].scoring.base;
                if let Some(tally) = &mut column.tally {
                    tally.fit(id, points, None);
                }
                new.fits.push((id, points));
                continue;
            }
            let unnamed = self.unnamed(id).filter(|_| word.is_none());
            let mut described = || fitting.fits(text, &self.lists, folded);
            let is_family = |name: &str| plan.sequences.people.iter().any(|people| people.is_family(name));
            let fits = match unnamed {
                Some(unnamed) => unnamed.fits(text, described, is_family),
                None => described(),
            };
            let Some(mut listed) = fits else { continue };
            // Only the sample counts them.
            if in_sample && fitting.description.made_of_names {
                listed |= plan.sequences.people.iter().any(|people| people.is_made_of_names(text));
            }
            let mut clear = false;
            if in_sample && let Some(people) = plan.sequences.people.iter().find(|people| people.id == id) {
                clear = people.is_clear_name(cell);
                listed = clear || word.is_some() && (listed || people.is_unspaced_cell(cell));
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
                let inverted = || listed && fitting.is_inverted(cell);
                tally.fit(id, points, in_sample.then(|| Fit { listed, inverted: inverted(), clear }));
            }
            if !in_sample {
                new.fits.push((id, points));
            }
            if column.finds_described(id) {
                let end = start + cell.len() as u32;
                let survivor = Survivor { start, end, detector: id, cell: Some(index), points, proofs };
                out.push(Scored::described(survivor, word, None));
                if !in_sample {
                    new.found.end = out.len() as u32;
                }
            }
        }
    }
}

impl ColumnContext {
    /// Whether a cell that fits the description of a detector may be one of its values.
    fn finds_described(&self, id: DetectorId) -> bool {
        match &self.state {
            State::Plain => false,
            State::Open => true,
            State::Decided(decision) => decision.kind(id).is_some(),
        }
    }

    /// Counts a value behind the sample that is all of its cell.
    fn count_whole(&mut self, survivor: &Survivor) {
        if let Some(tally) = self.tally.as_mut().filter(|_| !survivor.proofs.described) {
            tally.hit(survivor, (true, true), true, None);
        }
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
        let (place, value) = place_of(text, cell);
        let whole = value == (survivor.start as usize..survivor.end as usize);
        if survivor.proofs.described {
            return Some(whole);
        }
        let look = survivor.cell.and_then(|cell| counted.looks.get(cell as usize));
        let is_stray = match (look, self.routes()) {
            (Some(Look::Strays(form)), Some(routes)) => !routes.finders(*form).contain(survivor.detector),
            _ => false,
        };
        let is_by_chance = is_stray && whole && self.holds_by_chance(survivor.detector);
        let is_lost = is_stray && self.judge(scored.in_cell(whole)).is_some();
        if let Some(tally) = self.tally.as_mut().filter(|_| counted.own.contains(&place)) {
            if is_stray && is_by_chance {
                tally.stray_by_chance(survivor.detector, 1);
            } else if is_stray {
                tally.strays += u64::from(is_lost);
            } else {
                let first = survivor.start as usize == value.start;
                let in_sample = (place < tally.sample_end).then_some(&text[value]);
                tally.hit(survivor, (!scored.unproven, first), whole, in_sample);
            }
        }
        (!is_stray).then_some(whole)
    }
}

/// The value of a detector that a whole cell is.
fn sole(
    (plan, detectors): (&Plan, &[Detector]),
    &AtHand { text, index, ref range, value: raw, .. }: &AtHand<'_>,
    id: DetectorId,
    compact: &mut Vec<u8>,
) -> Option<Survivor> {
    let detector = &detectors[id.index()];
    let base = match detector.find {
        Find::Shapes(_) => base_of(plan, id, raw)?,
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
    Some(Survivor { start, end, detector: id, cell: Some(index), points, proofs })
}

/// The digits of a number with a mark before each thousand: `4,111,111,111,111,111`.
#[inline]
fn ungrouped<'a>(cell: &[u8], digits: &'a mut [u8; MOST_GROUPED]) -> Option<&'a [u8]> {
    let len = cell.len();
    let mark = *cell.get(len.checked_sub(4)?)?;
    let count = len - (len - 1) / 4;
    let is_number = matches!(mark, b',' | b'.' | b'\'' | b' ')
        && (FEWEST_GROUPED..=MOST_GROUPED).contains(&count)
        && cell.iter().rev().enumerate().all(|(i, byte)| match i % 4 {
            3 => *byte == mark,
            _ => byte.is_ascii_digit(),
        })
        && cell[0] != mark;
    if !is_number {
        return None;
    }
    let own = cell.iter().filter(|byte| byte.is_ascii_digit());
    digits.iter_mut().zip(own).for_each(|(place, digit)| *place = *digit);
    Some(&digits[..count])
}

/// What the shapes of a detector are worth that all of a text has.
fn base_of(plan: &Plan, id: DetectorId, text: &[u8]) -> Option<i32> {
    let mut base = None;
    plan.automaton.run(text, |end, list| {
        if end == text.len() {
            let own = &plan.shapes_of[id.index()];
            let shapes = plan.automaton.shapes(list);
            let own = shapes[shapes.partition_point(|shape| shape < &own.start)..]
                .iter()
                .take_while(|shape| *shape < &own.end);
            base = own.map(|shape| plan.shapes[usize::from(*shape)].base).max();
        }
    });
    base
}

/// Whether a cell is a number that a detector would accept with the zeros before it that a spreadsheet drops.
fn is_short(plan: &Plan, detectors: &[Detector], id: DetectorId, cell: &[u8]) -> bool {
    if cell.len() < FEWEST_DIGITS || cell.len() > MOST_DIGITS || !cell.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let fits = |number: &[u8]| {
        let value = Value { raw: number, compact: number };
        base_of(plan, id, number).is_some() && accept(&detectors[id.index()], 0, &value).is_some()
    };
    let mut padded = [b'0'; MOST_ZEROS + MOST_DIGITS];
    padded[MOST_ZEROS..][..cell.len()].copy_from_slice(cell);
    let padded = &padded[..MOST_ZEROS + cell.len()];
    !fits(cell) && (1..=MOST_ZEROS).any(|zeros| fits(&padded[MOST_ZEROS - zeros..]))
}

/// Where a cell begins for the question which window it belongs to, and the cell without the blanks around it. Behind
/// many blanks a value is not looked for as a whole: they may lie outside of the window.
fn place_of(text: &[u8], cell: &Cell) -> (u32, Range<usize>) {
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
