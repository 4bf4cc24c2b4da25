//! Why a text is, or is not, a finding: every detector whose shape fits somewhere, and each step of its decision.
//!
//! The classifier drops what it can as early as it can and keeps no record of it. So this replays its steps, one place
//! and one detector at a time, and asks all questions even where the first answer decides. A test holds the two against
//! each other.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use domesday_model::{CellForm, Confidence, DetectorId, Layout, TokenKind, Window, WordId};

use crate::candidates::{Candidates, Spelling};
use crate::classifier::Classifier;
use crate::column::ColumnContext;
use crate::detector::{Detector, Find, WordCase};
use crate::escaped;
use crate::labelled::Labelled;
use crate::mailbox::address_around;
use crate::normalise::compact_into;
use crate::plan::{Cue, Speaks};
use crate::score::{MOST_FOR_EXAMPLE, NEAR, Near, Nearby, PHRASE, Surroundings, lacks_context};
use crate::sequence::WordRole;
use crate::structure::Value;
use crate::verify::{
    Bounds, LEAST_PROSE, accept, begins_in_word, called_at, in_word, is_beside_person, is_in_row,
    left_joined, right_joiner,
};
use crate::words::{LONGEST_RUN, char_at, word_at};

/// A detector at a place, and what each step of its decision said.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The detector.
    pub detector: DetectorId,
    /// Offsets in the window's text.
    pub place: Range<usize>,
    /// How it came to look at the place.
    pub found_by: FoundBy,
    /// What it is a part of, so that it is no value of its own.
    pub joined: Option<Joined>,
    /// Whether the rules of the detector hold, in their order.
    pub rules: Vec<bool>,
    /// Whether its checksum holds; `None` where the detector has none, or the value none that may be absent.
    pub checksum: Option<bool>,
    /// It is one of the values that the detector never reports.
    pub is_ignored: bool,
    /// It is a published example.
    pub is_example: bool,
    /// The detector needs a word near it or in the header, and there is none.
    pub lacks_word: bool,
    /// A person's name or e-mail address stands right beside it, and that counts.
    pub person: bool,
    /// Where it stands says that it is the number of a telephone: behind a sign, in a signature, in a record of a list.
    pub called: bool,
    /// It is dialled as a telephone number of the source's country is, and that counts.
    pub domestic: bool,
    /// The nearest word for it.
    pub context: Option<Heard>,
    /// The word of the header for it.
    pub header: Option<Heard>,
    /// The word near it or in the header against it.
    pub against: Option<Heard>,
    /// A word near it that would speak against it, but is said of something else or counts less than its own name.
    pub outweighed: Option<Heard>,
    /// What it is worth, or would be if nothing above refused it.
    pub points: Points,
}

/// How a detector came to look at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FoundBy {
    /// This shape fits.
    Shape(String),
    /// An `@` stands there.
    AtSign,
    /// It is a word of this list.
    List(String),
    /// It stands behind a label.
    Label,
}

/// Why what stands at a place is a part of something longer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Joined {
    /// A letter or digit stands right before it.
    WordBefore,
    /// A letter or digit stands right behind it.
    WordBehind,
    /// This separator ties it to what stands before it.
    Before(u8),
    /// This separator ties it to what stands behind it.
    Behind(u8),
    /// It is some groups of a longer row of them.
    Row,
}

/// A word that says something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heard {
    /// As the detector's file has it.
    pub word: String,
    /// Bytes between it and the value; `None` in a header.
    pub distance: Option<usize>,
}

/// Thousandths of confidence by the step that gave them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Points {
    /// Of the shape, list or anchor.
    pub base: i32,
    /// The rules hold.
    pub structure: i32,
    /// The checksum holds.
    pub checksum: i32,
    /// A word is near: all that the detector gives for it, or half of it.
    pub context: i32,
    /// The header has a word.
    pub header: i32,
    /// Something speaks against it: what is taken off.
    pub against: i32,
    /// Nothing more than this counts, for published examples.
    pub limit: Option<i32>,
}

impl Points {
    /// What they add up to.
    pub fn confidence(&self) -> Confidence {
        let all = [self.base, self.structure, self.checksum, self.context, self.header, -self.against];
        let sum: i32 = all.iter().sum();
        Confidence::from_thousandths(self.limit.map_or(sum, |limit| sum.min(limit)))
    }
}

/// Something that would change what a value is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// A context word stood near it, within [`NEAR`] bytes.
    WithContext,
    /// The header of its column had a word of the detector.
    WithHeader,
    /// What speaks against it were not there.
    WithoutAgainst,
    /// It were no published example.
    NoExample,
    /// The context word were not there.
    WithoutContext,
    /// The header said nothing of it.
    WithoutHeader,
    /// A word against it stood near it.
    WithAgainst,
}

impl Attempt {
    /// Whether the detector accepts the value, whatever it is worth.
    pub fn is_accepted(&self) -> bool {
        self.joined.is_none() && self.passes_checks() && !self.lacks_word
    }

    /// Whether rules, checksum and test values leave it.
    pub fn passes_checks(&self) -> bool {
        self.rules.iter().all(|holds| *holds) && self.checksum != Some(false) && !self.is_ignored
    }

    /// What it is worth, or would be if nothing refused it.
    pub fn confidence(&self) -> Confidence {
        self.points.confidence()
    }

    /// What would change its worth, one thing at a time, and what it would be then. Zero stands for a value that is not
    /// accepted any more.
    pub fn changes(&self, detector: &Detector) -> Vec<(Change, Confidence)> {
        let Points { context, header, against, limit, .. } = self.points;
        let scoring = &detector.scoring;
        let with = |change: &dyn Fn(&mut Points)| {
            let mut points = self.points;
            change(&mut points);
            points.confidence()
        };
        let unless_needed = |still: bool, confidence| {
            if detector.needs_context && !still { Confidence::ZERO } else { confidence }
        };
        let has_words = !detector.context.is_empty();
        let mut changes = Vec::new();
        if context < scoring.context && has_words {
            changes.push((Change::WithContext, with(&|points| points.context = scoring.context)));
        }
        if self.header.is_none() && scoring.header > 0 && (has_words || !detector.header.is_empty()) {
            changes.push((Change::WithHeader, with(&|points| points.header = scoring.header)));
        }
        if against > 0 {
            changes.push((Change::WithoutAgainst, with(&|points| points.against = 0)));
        }
        if limit.is_some() {
            changes.push((Change::NoExample, with(&|points| points.limit = None)));
        }
        if context > 0 {
            let confidence = unless_needed(header > 0, with(&|points| points.context = 0));
            changes.push((Change::WithoutContext, confidence));
        }
        if header > 0 {
            let confidence = unless_needed(context > 0, with(&|points| points.header = 0));
            changes.push((Change::WithoutHeader, confidence));
        }
        if against < scoring.against && !detector.against.is_empty() {
            changes.push((Change::WithAgainst, with(&|points| points.against = scoring.against)));
        }
        changes
    }
}

/// What a detector costs in a text, and what it finds there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Cost {
    /// Places at which its shape fits, and that are no part of something longer.
    pub candidates: u64,
    /// Those of them whose rules and checksum hold.
    pub accepted: u64,
}

/// What the header of a column says of a detector.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// The detector.
    pub detector: DetectorId,
    /// For or against it.
    pub speaks_for: bool,
    /// The word or phrase, as the detector's file has it.
    pub word: String,
}

/// A place that a detector looks at.
struct Nominee {
    detector: DetectorId,
    place: Range<usize>,
    base: i32,
    by: By,
    joined: Option<Joined>,
}

impl Nominee {
    /// What its rules are asked of.
    fn value<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        let raw = &text[self.place.clone()];
        if self.by == By::AtSign { escaped::plain(raw) } else { Cow::Borrowed(raw) }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Shape,
    AtSign,
    List,
}

impl Classifier {
    /// Every detector that looks at a place which touches `range` in the window's text, in order of place and detector.
    /// Of one detector at one place only the longest value that it accepts counts, or the longest that it refuses.
    pub fn explain(
        &self,
        window: &Window<'_>,
        columns: &[ColumnContext],
        range: Range<usize>,
    ) -> Vec<Attempt> {
        let text = window.text;
        let candidates = self.candidates(text);
        let mut attempts: Vec<Attempt> = Vec::new();
        for bounds in parts(window, &range) {
            let column = match (window.layout, bounds.cell) {
                (Layout::Cells(cells), Some(cell)) => columns.get(cells[cell as usize].column.0 as usize),
                _ => None,
            };
            let mut known: HashMap<(DetectorId, usize), usize> = HashMap::new();
            self.nominate(text, bounds, &candidates, |nominee| {
                if nominee.place.start >= range.end || nominee.place.end <= range.start {
                    return;
                }
                let attempt = self.attempt(text, bounds, &candidates, column, &nominee);
                match known.entry((attempt.detector, attempt.place.start)) {
                    Entry::Vacant(entry) => {
                        entry.insert(attempts.len());
                        attempts.push(attempt);
                    }
                    Entry::Occupied(entry) => {
                        let before = &mut attempts[*entry.get()];
                        let better = attempt.is_accepted() && !before.is_accepted()
                            || attempt.place == before.place && attempt.points.base > before.points.base;
                        if better {
                            *before = attempt;
                        }
                    }
                }
            });
        }
        let cells = match window.layout {
            Layout::Cells(cells) => Some(cells),
            _ => None,
        };
        let part = (&candidates, range.start, range.end);
        self.columns().labelled(self.plan(), (text, cells), part, |labelled| {
            let attempt = self.attempt_behind(&labelled);
            let touches = attempt.place.start < range.end && attempt.place.end > range.start;
            attempts.extend(touches.then_some(attempt));
        });
        attempts.sort_by_key(|attempt| (attempt.place.start, attempt.place.end, attempt.detector));
        attempts
    }

    /// A value behind a label: no rule is asked, and no other word.
    fn attempt_behind(&self, Labelled { survivor, word, distance, points }: &Labelled) -> Attempt {
        let word = self.catalog().words[word.0 as usize].clone();
        Attempt {
            place: survivor.start as usize..survivor.end as usize,
            detector: survivor.detector,
            found_by: FoundBy::Label,
            joined: None,
            rules: Vec::new(),
            checksum: None,
            is_ignored: false,
            is_example: false,
            lacks_word: false,
            points: Points { base: survivor.points - points, context: *points, ..Points::default() },
            context: Some(Heard { word, distance: Some(*distance) }),
            person: false,
            called: false,
            domestic: false,
            header: None,
            against: None,
            outweighed: None,
        }
    }

    /// What the words are that a detector of sequences read at a place, and those around it.
    pub fn roles(&self, detector: DetectorId, text: &[u8], place: &Range<usize>) -> Vec<WordRole> {
        self.plan().sequences.roles(detector, text, place)
    }

    /// Where listed names stand in a text, and what the words there are worth as somebody's name; nothing where they do not
    /// follow each other as those of a name do.
    pub fn near_names(&self, text: &[u8]) -> Vec<(DetectorId, Range<usize>, Confidence)> {
        let near = self.plan().sequences.near_names(text).into_iter();
        near.map(|(id, place, points)| (id, place, Confidence::from_thousandths(points))).collect()
    }

    /// What each detector costs in a text, by [`DetectorId`].
    pub fn costs(&self, text: &[u8]) -> Vec<Cost> {
        let mut costs = vec![Cost::default(); self.detectors().len()];
        // Where each was last, and whether it accepted a value there: a place counts once, however many ends it has.
        let mut last = vec![(usize::MAX, false); costs.len()];
        let mut compact = Vec::new();
        let candidates = self.candidates(text);
        let bounds = Bounds { lo: 0, hi: text.len(), cell: None };
        self.nominate(text, bounds, &candidates, |nominee| {
            if nominee.joined.is_some() {
                return;
            }
            let cost = &mut costs[nominee.detector.index()];
            let (place, known) = &mut last[nominee.detector.index()];
            if *place != nominee.place.start {
                (*place, *known) = (nominee.place.start, false);
                cost.candidates += 1;
            }
            if *known {
                return;
            }
            let raw = &*nominee.value(text);
            compact_into(raw, &mut compact);
            let value = Value { raw, compact: &compact };
            let accepted = accept(self.detector(nominee.detector), nominee.base, &value).is_some();
            *known = accepted;
            cost.accepted += u64::from(accepted);
        });
        costs
    }

    /// What the header of a column says, by detector.
    pub fn header_says(&self, column: &ColumnContext) -> Vec<Said> {
        let mut said = Vec::new();
        for detector in (0..self.detectors().len()).map(|id| DetectorId(id as u16)) {
            for (speaks, speaks_for) in [(Speaks::For, true), (Speaks::Against, false)] {
                if let Some(cue) = column.cue(detector, speaks) {
                    let word = self.catalog().words[cue.word.0 as usize].clone();
                    said.push(Said { detector, speaks_for, word });
                }
            }
        }
        said
    }

    fn candidates(&self, text: &[u8]) -> Candidates {
        let mut candidates = Candidates::default();
        self.plan().pass.run(text, 0, (0, text.len()), Spelling::Any, &mut candidates);
        candidates
    }

    /// Calls `each` with what detectors look at, for each start the longest first. Starts are where the kind of character
    /// changes: others are inside of something longer for sure.
    fn nominate(&self, text: &[u8], bounds: Bounds, candidates: &Candidates, mut each: impl FnMut(Nominee)) {
        let Bounds { lo, hi, .. } = bounds;
        let plan = self.plan();
        for start in (lo..hi).filter(|&at| at == lo || parted(text[at - 1], text[at])) {
            let mut ends: Vec<(usize, u16)> = Vec::new();
            plan.automaton.run(&text[start..hi], |len, list| {
                let end = start + len;
                if end == hi || parted(text[end - 1], text[end]) {
                    ends.push((end, list));
                }
            });
            if ends.is_empty() {
                continue;
            }
            let before = if begins_in_word(text, lo, start) {
                Some(Joined::WordBefore)
            } else {
                left_joined(text, lo, start).then(|| Joined::Before(text[start - 1]))
            };
            for (end, list) in ends.into_iter().rev() {
                let right = right_joiner(text, hi, end);
                let row = is_in_row(text, (lo, hi), (start, end)).then_some(Joined::Row);
                for &shape in plan.automaton.shapes(list) {
                    let shaped = plan.shapes[usize::from(shape)];
                    if shaped.is_anchor {
                        continue;
                    }
                    let may_touch = &self.detector(shaped.detector).may_touch;
                    let behind = right.filter(|&joiner| !may_touch.contains(char::from(joiner)));
                    let inside = in_word(text, hi, end).then_some(Joined::WordBehind);
                    each(Nominee {
                        detector: shaped.detector,
                        place: start..end,
                        base: shaped.base,
                        by: By::Shape,
                        joined: before.or(inside).or(behind.map(Joined::Behind)).or(row),
                    });
                }
            }
        }
        let by_at_sign = |start: usize, end: usize, each: &mut dyn FnMut(Nominee)| {
            for &detector in &plan.at_sign {
                let base = self.detector(detector).scoring.base;
                each(Nominee { detector, place: start..end, base, by: By::AtSign, joined: None });
            }
        };
        escaped::each_at_sign(text, (lo, hi), |at| {
            if let Some(address) = escaped::around(text, (lo, hi), at) {
                by_at_sign(address.start, address.end, &mut each);
            }
        });
        candidates.each(|candidate| {
            let at = candidate.at;
            if at < lo || at >= hi {
                return;
            }
            if candidate.at_sign
                && let Some((start, end)) = address_around(text, (lo, hi), at)
            {
                by_at_sign(start, end, &mut each);
            }
            let letters = candidates.letters(at).min(hi - at);
            if !candidate.word || letters >= LONGEST_RUN || begins_in_word(text, lo, at) {
                return;
            }
            let word = word_at(text, at, at + letters);
            if in_word(text, hi, word.end) {
                return;
            }
            let cased = bounds.cell.is_some() || !char_at(text, at).0.is_some_and(char::is_lowercase);
            for listed in plan.lists.get(word.hash) {
                // What is said of people in a text is told as sequences are.
                let judged = bounds.cell.is_none() && plan.sequences.marked(listed.detector).is_some();
                if !judged && (listed.case == WordCase::Any || cased) {
                    let (detector, base) = (listed.detector, listed.base);
                    each(Nominee { detector, place: at..word.end, base, by: By::List, joined: None });
                }
            }
        });
    }

    fn attempt(
        &self,
        text: &[u8],
        bounds: Bounds,
        candidates: &Candidates,
        column: Option<&ColumnContext>,
        nominee: &Nominee,
    ) -> Attempt {
        let Nominee { detector: id, base, .. } = *nominee;
        let place = nominee.place.clone();
        let detector = self.detector(id);
        let mut around = Surroundings::default();
        around.look(self.plan(), text, candidates, bounds, (place.start, place.end));
        let at = (place.start, place.end);
        let beside = detector.scoring.person > 0;
        let person = beside && is_beside_person(self.plan(), text, bounds, at);
        let is_phone = beside && detector.token == TokenKind::Phone;
        let called = if is_phone { called_at(self.plan(), text, bounds, at) } else { 0 };
        let nearby = around.nearby(self.plan(), text, id, (place.start, place.end));
        let is_prose = bounds.cell.is_none()
            || bounds.hi - bounds.lo >= LEAST_PROSE
            || column.is_some_and(ColumnContext::is_text);
        let raw = &*nominee.value(text);
        let home = self.home().filter(|home| is_prose && home.has_numbers_of(id));
        let domestic = home.is_some_and(|home| home.dialling.is_written_number(raw));
        let nearby = Nearby { person, called, domestic, ..nearby };
        let word = |word: WordId| self.catalog().words[word.0 as usize].clone();
        let near = |near: Near| Heard { word: word(near.word), distance: Some(near.distance) };
        let by_distance = |points: i32, distance: usize| if distance <= NEAR { points } else { points / 2 };
        let phrase = |is_phrase: bool| if is_phrase { PHRASE } else { 0 };
        let cue = |speaks| column?.says(id, speaks);
        let in_header = |cue: Cue| Heard { word: word(cue.word), distance: None };
        let scoring = &detector.scoring;
        let context = nearby.points(scoring);
        let header = cue(Speaks::For).map_or(0, |cue| scoring.header + phrase(cue.is_phrase));
        let distance_against = cue(Speaks::Against).map(|_| 0).or(nearby.against.map(|near| near.distance));
        let against = distance_against.map_or(0, |distance| by_distance(scoring.against, distance));
        let mut compact = Vec::new();
        compact_into(raw, &mut compact);
        let value = Value { raw, compact: &compact };
        let tests = &detector.test_values;
        let is = |known: &String| known.as_bytes() == compact;
        let is_example =
            tests.mark.iter().any(is) || tests.example_rules.iter().any(|rule| rule.applies(&value));
        let checksum = detector.checksum.as_ref().filter(|checksum| checksum.asks(&compact));
        Attempt {
            detector: id,
            found_by: match (nominee.by, &detector.find) {
                (By::List, Find::Words(words)) => FoundBy::List(words.list.clone()),
                (By::AtSign, _) => FoundBy::AtSign,
                _ => FoundBy::Shape(pattern(detector, base, raw)),
            },
            joined: nominee.joined,
            rules: detector.rules.iter().map(|rule| rule.holds(&value)).collect(),
            checksum: checksum.map(|checksum| checksum.holds(&compact)),
            is_ignored: tests.ignore.iter().any(is),
            is_example,
            lacks_word: lacks_context(detector, id, &nearby, column),
            points: Points {
                base,
                structure: scoring.structure,
                checksum: if checksum.is_some() { scoring.checksum } else { 0 },
                context,
                header,
                against,
                limit: is_example.then_some(MOST_FOR_EXAMPLE),
            },
            context: nearby.in_favour.map(near),
            person,
            called: called > 0,
            domestic,
            header: cue(Speaks::For).map(in_header),
            against: cue(Speaks::Against).map(in_header).or(nearby.against.map(near)),
            outweighed: nearby.outweighed.map(near),
            place,
        }
    }
}

/// Whether something may end before the second of two neighbours: they are not both digits and not both letters.
fn parted(before: u8, behind: u8) -> bool {
    let is_inside = |is: fn(&u8) -> bool| is(&before) && is(&behind);
    !is_inside(u8::is_ascii_digit) && !is_inside(u8::is_ascii_alphabetic)
}

/// The parts of a window that hold values, as far as they touch the range.
fn parts(window: &Window<'_>, range: &Range<usize>) -> Vec<Bounds> {
    let Layout::Cells(cells) = window.layout else {
        return vec![Bounds { lo: 0, hi: window.text.len(), cell: None }];
    };
    let touches = |start: u32, end: u32| (start as usize) < range.end && end as usize > range.start;
    let cells = cells
        .iter()
        .zip(0..)
        .filter(|(cell, _)| cell.form == CellForm::Plain && touches(cell.start, cell.end));
    cells
        .map(|(cell, index)| Bounds { lo: cell.start as usize, hi: cell.end as usize, cell: Some(index) })
        .collect()
}

/// The first shape of that worth that fits the whole value: the plan knows what a shape is worth, not how it is written.
fn pattern(detector: &Detector, base: i32, value: &[u8]) -> String {
    let Find::Shapes(shapes) = &detector.find else { return String::new() };
    let found = shapes.iter().find(|shape| shape.base == base && shape.shape.accepts(value));
    found.map_or_else(String::new, |found| found.shape.pattern().to_owned())
}
