//! From a candidate to a survivor: the value is cut out, its rules and check digits are tried on the bytes in place.

use std::cell::OnceCell;

use domesday_model::{Cell, DetectorId};

use crate::candidates::{Candidate, Candidates};
use crate::column::{ColumnContext, Counted, is_placeholder};
use crate::detector::{Detector, WordCase};
use crate::detector_sets::{has, remove};
use crate::escaped;
use crate::home::Home;
use crate::mailbox::address_around;
use crate::normalise::compact_into;
use crate::plan::{Listed, Plan, Shaped, Speaks};
use crate::score::{Nearby, Scored, Surroundings, lacks_context, score};
use crate::sequence::{LEAST_SEQUENCE, LONGEST_LEAD, People, Sequel, first_letter};
use crate::simd::JOINERS;
use crate::structure::Value;
use crate::words::{LONGEST_RUN, char_at, char_before, is_letter, is_unspaced, plain_word, word_at};

/// A value that its detector accepts. Offsets are in the window's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Survivor {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) detector: DetectorId,
    /// Index of the cell that it lies in.
    pub(crate) cell: Option<u32>,
    /// Thousandths, before context.
    pub(crate) points: i32,
    pub(crate) proofs: Proofs,
}

/// What was proved of a value by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Proofs {
    pub(crate) checksum: bool,
    pub(crate) structure: bool,
    pub(crate) word_list: bool,
    pub(crate) example: bool,
    /// It fits the description of its column, and nothing else speaks for it.
    pub(crate) described: bool,
}

/// The part of a window's text that a value lies in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Bounds {
    pub(crate) lo: usize,
    pub(crate) hi: usize,
    /// Index of the cell that it is.
    pub(crate) cell: Option<u32>,
}

/// Ends that are tried for a value, longest first. More only come up in texts made to be slow.
const MOST_ENDS: usize = 8;

/// Shapes of a number whose check digits are tried together before each is looked at.
const TOGETHER: usize = 8;

/// Bytes of a cell that may hold a text. Shorter ones are single values.
pub(crate) const LEAST_PROSE: usize = 24;

/// Tries the candidates of one window against detectors.
pub(crate) struct Verifier<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) detectors: &'a [Detector],
    pub(crate) home: Option<&'a Home>,
    pub(crate) text: &'a [u8],
    pub(crate) cells: &'a [Cell],
    pub(crate) columns: &'a [ColumnContext],
    pub(crate) counted: &'a Counted,
    pub(crate) candidates: &'a Candidates,
    /// Candidates at which nothing can begin have been taken away.
    pub(crate) sifted: bool,
}

/// Reused memory.
#[derive(Debug, Default)]
pub(crate) struct VerifyScratch {
    /// End of a possible value and the list of shapes that end there.
    ends: Vec<(usize, u16)>,
    compact: Vec<u8>,
    /// The detectors, as bits, whose check digits are wrong.
    ruled_out: Vec<u64>,
    /// The detectors, as bits, that need a word and may have one.
    needing: Vec<u64>,
    /// The shapes that are tried at an end.
    tried: Vec<u16>,
    accepted: Vec<(Survivor, Nearby)>,
    around: Surroundings,
}

impl VerifyScratch {
    /// Forgets the text: another window follows.
    pub(crate) fn clear(&mut self) {
        self.around.clear();
    }
}

impl<'a> Verifier<'a> {
    fn column(&self, bounds: Bounds) -> Option<&'a ColumnContext> {
        self.columns.get(self.cells[bounds.cell? as usize].column.0 as usize)
    }

    /// Whether a value that may lie there may be part of a text.
    fn is_prose(&self, bounds: Bounds) -> bool {
        bounds.hi - bounds.lo >= LEAST_PROSE || self.is_text(bounds)
    }

    /// Whether it is one of no column.
    fn is_text(&self, bounds: Bounds) -> bool {
        bounds.cell.is_none() || self.column(bounds).is_some_and(ColumnContext::is_text)
    }

    /// Adds the values with a shape that start at `start`.
    pub(crate) fn shapes_at(
        &self,
        bounds: Bounds,
        start: usize,
        scratch: &mut VerifyScratch,
        out: &mut Vec<Scored>,
    ) {
        let Self { text, candidates, .. } = *self;
        let Bounds { lo, hi, .. } = bounds;
        if !self.sifted && !self.may_start(hi, start) || left_joined(text, lo, start) {
            return;
        }
        let ends = &mut scratch.ends;
        ends.clear();
        self.plan.automaton.run(&text[start..hi], |len, list| {
            if !in_word(text, hi, start + len) {
                ends.push((start + len, list));
            }
        });
        if ends.is_empty() || begins_in_word(text, lo, start) {
            return;
        }
        let column = self.column(bounds);
        let finders = bounds.cell.and_then(|cell| self.counted.finders(cell, column));
        let shaped = |shape: u16| self.plan.shapes[usize::from(shape)];
        scratch.accepted.clear();
        for at in (0..scratch.ends.len()).rev().take(MOST_ENDS) {
            let VerifyScratch { ends, compact, ruled_out, needing, tried, accepted, around } = scratch;
            let (end, list) = ends[at];
            let ending = self.plan.ending(list);
            let is_longer = |shape: u16| {
                let detector = shaped(shape).detector;
                accepted.iter().any(|(s, _)| s.detector == detector && s.end as usize != end)
            };
            if !accepted.is_empty() && ending.shapes().all(is_longer) {
                continue;
            }
            compact.clear();
            ruled_out.clear();
            if finders.is_none() && ending.count() >= TOGETHER {
                compact_into(&text[start..end], compact);
                if compact.iter().all(u8::is_ascii_digit) {
                    self.plan.number_checks.rule_out(compact, ruled_out);
                }
            }
            let is_ruled_out = |id: DetectorId| has(ruled_out, id);
            let person = OnceCell::new();
            let is_beside_person = || {
                let is_beside = || is_beside_person(self.plan, text, bounds, (start, end));
                finders.is_none() && *person.get_or_init(is_beside)
            };
            let called = OnceCell::new();
            let called = |shaped: Shaped| {
                let called_here = || called_at(self.plan, text, bounds, (start, end));
                if finders.is_none() && shaped.of_phone { *called.get_or_init(called_here) } else { 0 }
            };
            let is_beside = |shaped: Shaped| shaped.beside_person && is_beside_person() || called(shaped) > 0;
            let mut is_read = false;
            let is_of_finders = |id: DetectorId| finders.is_none_or(|finders| finders.contain(id));
            let is_free = |&&shape: &&u16| {
                let Shaped { detector, is_anchor, .. } = shaped(shape);
                is_anchor || is_of_finders(detector) && !is_ruled_out(detector)
            };
            tried.clear();
            tried.extend(ending.free.iter().filter(is_free));
            let free = tried.len();
            needing.clear();
            if finders.is_none() {
                needing.extend_from_slice(ending.detectors_needing);
                remove(needing, ruled_out);
            }
            let is_prose = self.is_prose(bounds);
            let home = self.home.filter(|home| is_prose && home.dials(&text[start..end], needing));
            if finders.is_some() {
                tried.extend(ending.needing.iter().filter(|&&shape| is_of_finders(shaped(shape).detector)));
            } else if needing.iter().any(|bits| *bits != 0) {
                let quiet = column.is_none_or(|column| !column.admits_any(needing));
                if !quiet
                    || home.is_some()
                    || around.may_speak_of(self.plan, text, candidates, bounds, (start, end), needing)
                {
                    around.look(self.plan, text, candidates, bounds, (start, end));
                    is_read = true;
                }
                let mut is_idle = false;
                if quiet && home.is_none() && (!is_read || around.say_nothing()) {
                    // Whether it is a value of those that a person beside it speaks for costs less to ask.
                    let may_be_of_person = |&shape: &u16| {
                        let Shaped { detector, base, beside_person, .. } = shaped(shape);
                        beside_person && has(needing, detector) && {
                            if compact.is_empty() {
                                compact_into(&text[start..end], compact);
                            }
                            let value = Value { raw: &text[start..end], compact };
                            accept(&self.detectors[detector.index()], base, &value).is_some()
                                && is_beside(shaped(shape))
                        }
                    };
                    is_idle = !ending.is_of_person || !ending.needing.iter().any(may_be_of_person);
                    if !is_idle && !is_read {
                        around.look(self.plan, text, candidates, bounds, (start, end));
                        is_read = true;
                    }
                }
                if quiet && home.is_none() && !is_idle && !ending.is_of_person {
                    around.keep_spoken_of(needing);
                }
                if !is_idle && needing.iter().any(|bits| *bits != 0) {
                    let may_have_word = |&&shape: &&u16| {
                        let Shaped { detector, .. } = shaped(shape);
                        has(needing, detector)
                            && (around.speak_of(detector)
                                || column.is_some_and(|column| column.admits(detector))
                                || home.is_some_and(|home| home.has_numbers_of(detector))
                                || is_beside(shaped(shape)))
                    };
                    tried.extend(ending.needing.iter().filter(may_have_word));
                }
            }
            if tried.is_empty() {
                continue;
            }
            let right = right_joiner(text, hi, end);
            let in_row = is_in_row(text, (lo, hi), (start, end));
            for (place, &shape) in tried.iter().enumerate() {
                let shaped = shaped(shape);
                let id = shaped.detector;
                if shaped.is_anchor {
                    self.marked_beside(bounds, (start, end), id, out);
                    continue;
                }
                let person = || shaped.beside_person && is_beside_person();
                let detector = &self.detectors[shaped.detector.index()];
                let known = accepted.iter().position(|(s, _)| s.detector == shaped.detector);
                let longer = known.is_some_and(|i| accepted[i].0.end as usize != end);
                let joined = right.is_some_and(|joiner| !detector.may_touch.contains(char::from(joiner)));
                if longer || joined || in_row {
                    continue;
                }
                let needs_context = place >= free;
                let mut nearby = Nearby::default();
                if needs_context {
                    if finders.is_none() {
                        let near = around.nearby(self.plan, text, id, (start, end));
                        let domestic = home.is_some_and(|home| home.has_numbers_of(id));
                        nearby = Nearby { person: person(), called: called(shaped), domestic, ..near };
                    }
                    if lacks_context(detector, id, &nearby, column) {
                        continue;
                    }
                }
                if compact.is_empty() {
                    compact_into(&text[start..end], compact);
                }
                let value = Value { raw: &text[start..end], compact };
                let Some((points, proofs)) = accept(detector, shaped.base, &value) else { continue };
                // Most values that need no context fail here: their surroundings are read behind that.
                if finders.is_none() && !needs_context && known.is_none() {
                    if !is_read {
                        around.look(self.plan, text, candidates, bounds, (start, end));
                        is_read = true;
                    }
                    nearby = around.nearby(self.plan, text, id, (start, end));
                    nearby.person = person();
                }
                match known {
                    Some(i) => accepted[i].0.points = accepted[i].0.points.max(points),
                    None => {
                        let (start, end, detector) = (start as u32, end as u32, shaped.detector);
                        let survivor = Survivor { start, end, detector, cell: bounds.cell, points, proofs };
                        accepted.push((survivor, nearby));
                    }
                }
            }
        }
        out.extend(scratch.accepted.iter().map(|&(survivor, nearby)| {
            score(&self.detectors[survivor.detector.index()], survivor, &nearby, column)
        }));
    }

    /// Adds the words of a detector's list beside one of its anchors.
    fn marked_beside(&self, bounds: Bounds, anchor: (usize, usize), id: DetectorId, out: &mut Vec<Scored>) {
        let Bounds { lo, hi, .. } = bounds;
        if !self.is_prose(bounds) {
            return;
        }
        let Some(marked) = self.plan.sequences.marked(id) else { return };
        marked.beside(self.text, (lo, hi), anchor, |sequel| out.push(self.found(bounds, id, sequel)));
    }

    /// A sequence, which needs no other words.
    fn found(&self, bounds: Bounds, id: DetectorId, sequel: Sequel) -> Scored {
        let Sequel { start, end, points, listed } = sequel;
        let proofs = Proofs { word_list: listed, ..Proofs::default() };
        let (start, end) = (start as u32, end as u32);
        let survivor = Survivor { start, end, detector: id, cell: bounds.cell, points, proofs };
        let detector = &self.detectors[id.index()];
        score(detector, survivor, &Nearby::default(), self.column(bounds)).proven()
    }

    /// Whether a shape can begin at `start`, by the lengths of the groups that stand there.
    #[inline]
    fn may_start(&self, hi: usize, start: usize) -> bool {
        let Self { plan, text, candidates, .. } = *self;
        match text[start] {
            b'0'..=b'9' => plan.gate.number(&text[..hi], start, candidates.digits(start)),
            b'A'..=b'Z' | b'a'..=b'z' => {
                let letters = candidates.letters(start);
                candidates.is_cut(start, letters) || plan.gate.letters(&text[..hi], start, letters)
            }
            _ => true,
        }
    }

    /// Adds the listed word that starts at `start`.
    pub(crate) fn word_at(
        &self,
        bounds: Bounds,
        start: usize,
        scratch: &mut VerifyScratch,
        out: &mut Vec<Scored>,
    ) {
        let Self { text, plan, candidates, .. } = *self;
        let Bounds { lo, hi, .. } = bounds;
        let letters = candidates.letters(start).min(hi - start);
        if letters >= LONGEST_RUN || start == lo && start + letters == hi && self.is_idle(bounds) {
            return;
        }
        let run = (start, start + letters);
        let word = if candidates.is_cut(start, letters) {
            word_at(text, run.0, run.1)
        } else if plan.list_beginnings.contain(text, run.0, run.1) {
            plain_word(text, run).unwrap_or_else(|| word_at(text, run.0, run.1))
        } else {
            return;
        };
        let end = word.end;
        let listed = plan.lists.get(word.hash);
        if listed.is_empty() || in_word(text, hi, end) || begins_in_word(text, lo, start) {
            return;
        }
        // Somebody may be called `Unknown`, but the cells of a column are more often.
        if bounds.cell.is_some() && (start, end) == (lo, hi) && is_placeholder(&text[start..end]) {
            return;
        }
        let column = self.column(bounds);
        let cased = bounds.cell.is_some() || !char_at(text, start).0.is_some_and(char::is_lowercase);
        let VerifyScratch { compact, around, .. } = scratch;
        let mut is_read = false;
        for Listed { detector: id, base, case } in listed {
            let detector = &self.detectors[id.index()];
            let prose = self.is_prose(bounds);
            if let Some(marked) = plan.sequences.marked(*id).filter(|_| prose) {
                let names = Names { scored: out, people: &plan.sequences.people, at: start };
                let sequel =
                    if cased { marked.at(text, (lo, hi), start, |end| names.end(end)) } else { None };
                out.extend(sequel.map(|sequel| self.found(bounds, *id, sequel)));
                if bounds.cell.is_none() {
                    continue;
                }
            }
            if *case == WordCase::Capitalised && !cased {
                continue;
            }
            if !is_read {
                around.look(plan, text, candidates, bounds, (start, end));
                is_read = true;
            }
            let nearby = around.nearby(plan, text, *id, (start, end));
            if lacks_context(detector, *id, &nearby, column) {
                continue;
            }
            compact_into(&text[start..end], compact);
            let value = Value { raw: &text[start..end], compact };
            if let Some((points, proofs)) = accept(detector, *base, &value) {
                let proofs = Proofs { word_list: true, ..proofs };
                let (start, end) = (start as u32, end as u32);
                let survivor = Survivor { start, end, detector: *id, cell: bounds.cell, points, proofs };
                out.push(score(detector, survivor, &nearby, column));
            }
        }
    }

    /// Adds the names and addresses at a candidate. A cell that is nothing else is left to its column, but for addresses under
    /// a header that says nothing.
    pub(crate) fn sequences_at(&self, bounds: Bounds, candidate: &Candidate, out: &mut Vec<Scored>) {
        let Self { text, plan, .. } = *self;
        let Bounds { lo, hi, cell } = bounds;
        let silent = cell.is_some() && self.column(bounds).is_some_and(ColumnContext::is_silent);
        let (prose, text_alone) = (self.is_prose(bounds), self.is_text(bounds));
        if !prose && !silent {
            return;
        }
        // `alone`: it may be all of its cell.
        let mut push = |id: DetectorId, alone: bool, sequel: Option<Sequel>| {
            let Some(sequel) = sequel.filter(|s| s.points >= LEAST_SEQUENCE) else { return };
            let before = || text[lo..sequel.start].trim_ascii();
            let whole = || before().is_empty() && text[sequel.end..hi].trim_ascii().is_empty();
            if text_alone || alone || !whole() {
                out.push(self.found(bounds, id, sequel));
            }
        };
        let at = candidate.at;
        let capital = candidate.word && (text[at].is_ascii_uppercase() || text[at] >= 0x80);
        let people: &[_] = if prose { &plan.sequences.people } else { &[] };
        for people in people {
            if capital && !begins_in_word(text, lo, at) {
                let name = people.at(text, (lo, hi), at);
                push(people.id, false, name);
                if let Some(name) = name.filter(|name| name.points >= LEAST_SEQUENCE) {
                    plan.sequences.said_behind(text, (lo, hi), name.end, |id, said| {
                        let near = said.start < at + LONGEST_LEAD;
                        push(id, false, near.then_some(said));
                    });
                }
            }
            if candidate.inner {
                people.unspaced(text, (lo, hi), at, |sequel| {
                    push(people.id, false, Some(sequel));
                    plan.sequences.said_behind_unspaced(text, (lo, hi), sequel.end, |id, said| {
                        push(id, false, Some(said));
                    });
                });
            }
        }
        for addresses in &plan.sequences.addresses {
            if candidate.inner {
                push(addresses.id, silent, addresses.unspaced(text, (lo, hi), at));
            }
            if candidate.beside {
                push(addresses.id, silent, addresses.at(text, (lo, hi), at));
            }
        }
        if prose && candidate.beside && text[at].is_ascii_digit() {
            for numbers in &plan.sequences.numbers {
                let names = Names { scored: out, people: &plan.sequences.people, at };
                let age = numbers.at(text, (lo, hi), at, |end| names.end(end), || names.any());
                let whole = |age: &Sequel| (age.start, age.end) == (lo, hi);
                out.extend(age.filter(|age| !whole(age)).map(|age| self.found(bounds, numbers.id, age)));
            }
        }
    }

    /// Adds the names in lower case in a line of a chat.
    #[inline]
    pub(crate) fn chat(&self, line: usize, out: &mut Vec<Scored>) {
        let Self { text, plan, .. } = *self;
        let Some(at) = first_letter(text, line) else { return };
        let bounds = Bounds { lo: 0, hi: text.len(), cell: None };
        for people in &plan.sequences.people {
            people.chat(text, (0, text.len()), at, |sequel| out.push(self.found(bounds, people.id, sequel)));
        }
    }

    /// Whether no listed word can be found in a cell that is a single run of letters: nothing in it speaks for one,
    /// and neither does its header.
    #[inline]
    fn is_idle(&self, bounds: Bounds) -> bool {
        let (Some(detectors), true) = (&self.plan.idle_lists, bounds.cell.is_some()) else { return false };
        self.column(bounds).is_none_or(|column| {
            let is_wanted = |id: &DetectorId| column.wants(&self.detectors[id.index()], *id);
            detectors.iter().all(|id| column.says(*id, Speaks::For).is_none() && !is_wanted(id))
        })
    }

    /// Adds the values around an `@`.
    pub(crate) fn at_sign(
        &self,
        bounds: Bounds,
        at: usize,
        scratch: &mut VerifyScratch,
        out: &mut Vec<Scored>,
    ) {
        let text = self.text;
        if let Some((start, end)) = address_around(text, (bounds.lo, bounds.hi), at) {
            self.address(bounds, (start, end), &text[start..end], scratch, out);
        }
    }

    /// Adds the values around an escaped `@`.
    pub(crate) fn escaped_at_sign(
        &self,
        bounds: Bounds,
        at: usize,
        scratch: &mut VerifyScratch,
        out: &mut Vec<Scored>,
    ) {
        if let Some(address) = escaped::around(self.text, (bounds.lo, bounds.hi), at) {
            self.address(bounds, (address.start, address.end), &address.plain, scratch, out);
        }
    }

    /// Adds an address, which is `plain` without escapes.
    fn address(
        &self,
        bounds: Bounds,
        (start, end): (usize, usize),
        plain: &[u8],
        scratch: &mut VerifyScratch,
        out: &mut Vec<Scored>,
    ) {
        let Self { text, plan, candidates, .. } = *self;
        let column = self.column(bounds);
        let VerifyScratch { compact, around, .. } = scratch;
        compact_into(plain, compact);
        let value = Value { raw: plain, compact };
        for &id in &plan.at_sign {
            let detector = &self.detectors[id.index()];
            let Some((points, proofs)) = accept(detector, detector.scoring.base, &value) else { continue };
            around.look(plan, text, candidates, bounds, (start, end));
            let nearby = around.nearby(plan, text, id, (start, end));
            if !lacks_context(detector, id, &nearby, column) {
                let (start, end) = (start as u32, end as u32);
                let survivor = Survivor { start, end, detector: id, cell: bounds.cell, points, proofs };
                out.push(score(detector, survivor, &nearby, column));
            }
        }
    }
}

/// The names that were found before a place.
struct Names<'a> {
    scored: &'a [Scored],
    people: &'a [People],
    at: usize,
}

impl Names<'_> {
    /// How far before a place a name counts: the same ones in every window.
    const REACH: usize = LONGEST_LEAD - 2;
    /// What was found last that is looked at.
    const MOST: usize = 16;

    fn all(&self) -> impl Iterator<Item = Survivor> {
        let is_name = |found: &Survivor| {
            found.start as usize + Self::REACH >= self.at
                && self.people.iter().any(|people| people.id == found.detector)
        };
        self.scored.iter().rev().take(Self::MOST).map(|scored| scored.survivor).filter(is_name)
    }

    /// Whether one ends there.
    fn end(&self, end: usize) -> bool {
        self.all().any(|name| name.end as usize == end)
    }

    /// Whether one begins a little before the place.
    fn any(&self) -> bool {
        self.all().next().is_some()
    }
}

/// Whether a person's name or e-mail address stands right beside a value, in a text.
pub(crate) fn is_beside_person(plan: &Plan, text: &[u8], bounds: Bounds, place: (usize, usize)) -> bool {
    let Bounds { lo, hi, cell } = bounds;
    let prose = cell.is_none() || hi - lo >= LEAST_PROSE;
    prose && plan.sequences.person_beside(text, (lo, hi), place)
}

/// What a sign or its place says for a number in a text being that of a telephone, in thousandths.
pub(crate) fn called_at(plan: &Plan, text: &[u8], bounds: Bounds, place: (usize, usize)) -> i32 {
    let Bounds { lo, hi, cell } = bounds;
    let prose = cell.is_none() || hi - lo >= LEAST_PROSE;
    if prose { plan.sequences.called(text, (lo, hi), place) } else { 0 }
}

/// Rules, checksum and test values.
pub(crate) fn accept(detector: &Detector, base: i32, value: &Value<'_>) -> Option<(i32, Proofs)> {
    let mut proofs = Proofs::default();
    let mut points = base;
    // Check digits first: most values fail there, and they cost less than most rules.
    if let Some(checksum) = &detector.checksum {
        if !checksum.holds(value.compact) {
            return None;
        }
        if checksum.asks(value.compact) {
            points += detector.scoring.checksum;
            proofs.checksum = true;
        }
    }
    if !detector.rules.iter().all(|rule| rule.holds(value)) {
        return None;
    }
    if detector.scoring.structure != 0 {
        points += detector.scoring.structure;
        proofs.structure = true;
    }
    let tests = &detector.test_values;
    // Many are as long as the value: their last characters tell most of them apart.
    let is =
        |known: &String| known.as_bytes().last() == value.compact.last() && known.as_bytes() == value.compact;
    if tests.ignore.iter().any(is) {
        return None;
    }
    proofs.example = tests.mark.iter().any(is) || tests.example_rules.iter().any(|rule| rule.applies(value));
    Some((points, proofs))
}

/// Whether a letter or digit follows, so that a value cannot end here; or another of the `<` that fill a machine-readable zone,
/// whose shapes would end at each of them.
#[inline(always)]
pub(crate) fn in_word(text: &[u8], hi: usize, end: usize) -> bool {
    end < hi && {
        let byte = text[end];
        byte.is_ascii_alphanumeric()
            || byte == b'<' && end > 0 && text[end - 1] == b'<'
            || byte >= 0x80 && char_at(text, end).0.is_some_and(joins_values)
    }
}

/// Whether a letter or digit stands before, so that a value cannot begin here.
#[inline]
pub(crate) fn begins_in_word(text: &[u8], lo: usize, start: usize) -> bool {
    start > lo && char_before(&text[lo..], start - lo).is_some_and(joins_values)
}

/// Whether a value that the character stands beside is a part of something longer. In scripts that put no blanks
/// between words it is not.
fn joins_values(c: char) -> bool {
    (is_letter(c) || c.is_numeric()) && !is_unspaced(c)
}

/// How far a neighbouring group is looked at.
const LONGEST_NEIGHBOUR: usize = 24;

/// Whether a separator ties `start` to a group of digits before it, as in versions, UUIDs and longer numbers, or is the sign of an
/// international telephone number.
pub(crate) fn left_joined(text: &[u8], lo: usize, start: usize) -> bool {
    let Some(joiner) = start.checked_sub(1).filter(|&i| i >= lo).map(|i| text[i]) else { return false };
    if !JOINERS.contains(&joiner) && !matches!(joiner, b':' | b'/') {
        return false;
    }
    let before = &text[lo.max((start - 1).saturating_sub(LONGEST_NEIGHBOUR))..start - 1];
    let length = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
    // `+15005550199` is one number, and none of a country that writes `15005550199`.
    if joiner == b'+' && length == 0 && text[start].is_ascii_digit() {
        return true;
    }
    let (rest, neighbour) = before.split_at(before.len() - length);
    // `db.corp.de:5432`: a port stands behind a host.
    if joiner == b':' && rest.last() == Some(&b'.') {
        return false;
    }
    let own = text[start..].iter().take(LONGEST_NEIGHBOUR).take_while(|b| b.is_ascii_alphanumeric());
    joins(joiner, neighbour, own.count())
}

/// The separator that ties `end` to a group of digits behind it.
pub(crate) fn right_joiner(text: &[u8], hi: usize, end: usize) -> Option<u8> {
    let joiner = *text[..hi].get(end)?;
    if !JOINERS.contains(&joiner) && !matches!(joiner, b':' | b'/' | b'@') {
        return None;
    }
    let behind = &text[end + 1..hi.min(end + 1 + LONGEST_NEIGHBOUR)];
    let length = behind.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    if joiner == b'@' {
        return (length > 0).then_some(joiner);
    }
    let own = text[..end].iter().rev().take(LONGEST_NEIGHBOUR).take_while(|b| b.is_ascii_alphanumeric());
    joins(joiner, &behind[..length], own.count()).then_some(joiner)
}

/// Whether `joiner` makes one thing of a value's outer group, of length `own`, and its neighbour. A colon or slash
/// does so between short groups only (times, addresses, dates): elsewhere it stands between a name and its value.
fn joins(joiner: u8, neighbour: &[u8], own: usize) -> bool {
    match joiner {
        _ if JOINERS.contains(&joiner) => neighbour.iter().any(u8::is_ascii_digit),
        b':' => own <= 4 && matches!(neighbour.len(), 1..=4) && neighbour.iter().all(u8::is_ascii_hexdigit),
        b'/' => own <= 4 && matches!(neighbour.len(), 1..=4) && neighbour.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Digits of the groups of a row.
const ROW_GROUPS: std::ops::RangeInclusive<usize> = 2..=4;

/// Whether groups of digits of one length, with a blank between, are a part of a longer row of such groups: those of a dump or a table
/// of numbers. One stands on either side of the value, or two on one; a single one behind it may be the month in which a card ends.
#[inline]
pub(crate) fn is_in_row(text: &[u8], (lo, hi): (usize, usize), (start, end): (usize, usize)) -> bool {
    let value = &text[start..end];
    let length = value.iter().take(ROW_GROUPS.end() + 1).take_while(|b| b.is_ascii_digit()).count();
    let step = length + 1;
    let is_of_row =
        |(i, byte): (usize, &u8)| if i % step == length { *byte == b' ' } else { byte.is_ascii_digit() };
    if !ROW_GROUPS.contains(&length)
        || value.len() < step + length
        || !(value.len() + 1).is_multiple_of(step)
        || !value.iter().enumerate().all(is_of_row)
    {
        return false;
    }
    let is_group = |from: usize| {
        let is_free =
            |at: Option<usize>| at.is_none_or(|at| at < lo || at >= hi || !text[at].is_ascii_alphanumeric());
        let group = &text[from..from + length];
        group.iter().all(u8::is_ascii_hexdigit)
            && group.iter().any(u8::is_ascii_digit)
            && is_free(from.checked_sub(1))
            && is_free(Some(from + length))
    };
    let behind = [end + 1, end + 1 + step];
    let behind =
        behind.iter().take_while(|&&at| at + length <= hi && text[at - 1] == b' ' && is_group(at)).count();
    let before = [start.checked_sub(step), start.checked_sub(2 * step)];
    let before = before.iter().flatten();
    let before = before.take_while(|&&at| at >= lo && text[at + length] == b' ' && is_group(at)).count();
    before + behind >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_with_digits_join_and_names_do_not() {
        let joined = |text: &str, value: &str| {
            let start = text.find(value).unwrap();
            let end = start + value.len();
            let text = text.as_bytes();
            left_joined(text, 0, start) || right_joiner(text, text.len(), end).is_some()
        };
        assert!(joined("a716-446655440000", "446655440000"));
        assert!(joined("1.2.3.4.5", "1.2.3.4"));
        assert!(joined("12:34:56", "12:34"));
        assert!(joined("123456789@corp.de", "123456789"));
        assert!(!joined("ssn-536228145", "536228145"));
        assert!(!joined("id2:536228145", "536228145"));
        assert!(!joined("db.corp.de:5432", "5432"));
        assert!(!joined("10.0.0.5:5432", "5432"));
        assert!(!joined("536228145.", "536228145"));
        assert!(!joined("536228145.pdf", "536228145"));
    }

    #[test]
    fn groups_in_a_longer_row_are_no_value() {
        let in_row = |text: &str, value: &str| {
            let start = text.find(value).unwrap();
            is_in_row(text.as_bytes(), (0, text.len()), (start, start + value.len()))
        };
        let card = "4111 1111 1111 1111";
        for text in [
            "4111 1111 1111 1111 2004 7163",
            "3f2a 4111 1111 1111 1111 9b01",
            "0071 e301 4111 1111 1111 1111",
            "x 1998 4111 1111 1111 1111 2004.",
        ] {
            assert!(in_row(text, card), "{text}");
        }
        for text in [
            "4111 1111 1111 1111",
            "4111 1111 1111 1111 1227",
            "4111 1111 1111 1111 1227 123",
            "4111 1111 1111 1111  1227 1234",
            "card face 4111 1111 1111 1111 1227",
            "no. 2004 4111 1111 1111 1111",
            "4111 1111 1111 1111 1227 12345",
        ] {
            assert!(!in_row(text, card), "{text}");
        }
        assert!(!in_row("1234567 1234567", "1234567"));
    }
}
