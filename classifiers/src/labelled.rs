//! Values behind a label in a text, as forms and letters have them: `Place of birth: Leeds`, `(Kunden-Nr. 4471882)`. The words
//! of a detector's `[header]` are labels as well where its `[column]` says what such a value is worth.

mod marks;
mod numbers;
mod values;

use domesday_model::{Cell, CellForm, DetectorId, WordId};

use crate::candidates::Candidates;
use crate::column::{CellKind, Description, Fitting, Lists};
use crate::detector::Detector;
use crate::plan::{Cue, Plan, Speaks};
use crate::score::Scored;
use crate::verify::{Bounds, LEAST_PROSE, Proofs, Survivor};
use crate::words::{
    LONGEST_RUN, MAX_PHRASE, WordHash, WordSet, WordTable, each_word, hash_of, is_unspaced, is_word_byte,
    word_at,
};
pub(crate) use marks::value_of_form;
use marks::{Front, Kind, LastWords, Mark, REACH, Text};
use numbers::{NUMBERS, Numbered};
use values::LEAST_NUMBER;

/// Letters of a word that means one thing whatever stands before it: `matricule`, and of one that does so though words of
/// `[context]` may mean other things: `Policennummer`.
const SURE: usize = 8;
const CLEAR: usize = 10;
/// Words of a label that is made of one for numbers and another, with those between.
const MOST_NUMBERED: usize = 4;
/// Words that a label may have before those of the detector: `Patient's place of birth`.
const MOST_BEFORE: usize = 2;

/// The labels of all detectors.
#[derive(Debug)]
pub(crate) struct Labels {
    /// The first words of phrases, and the last ones.
    firsts: WordSet,
    last: LastWords,
    phrases: WordTable<Label>,
    numbered: Numbered,
    /// By detector, whether its values are of one country and have check digits.
    checked: Vec<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Label {
    detector: DetectorId,
    word: WordId,
    words: usize,
    /// It is several words, or a long one: what stands before it does not change what it means.
    is_sure: bool,
    /// It may mean other things: only what ends with a word of the detector's list is a value.
    is_vague: bool,
    /// Thousandths that it adds to those of any value.
    points: i32,
    base: i32,
}

/// A value and its label.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Labelled {
    pub(crate) survivor: Survivor,
    /// The label, as the detector's file has it.
    pub(crate) word: WordId,
    /// Bytes between it and the value.
    pub(crate) distance: usize,
    /// Of the survivor's thousandths those that the label adds.
    pub(crate) points: i32,
}

impl Labelled {
    pub(crate) fn scored(&self) -> Scored {
        Scored::described(self.survivor, None, Some(self.word)).in_cell(false).proven()
    }
}

impl Labels {
    pub(crate) fn new(plan: &Plan, detectors: &[Detector]) -> Self {
        let (mut firsts, mut last) = (WordSet::default(), LastWords::new());
        let (mut phrases, mut numbered) = (Vec::new(), Vec::new());
        for (id, detector) in (0..).map(DetectorId).zip(detectors) {
            let Some(column) = detector.column.as_ref().filter(|column| column.labelled > 0) else {
                continue;
            };
            let has = |phrase: &str, letters: usize| phrase.contains(' ') || letters_of(phrase) >= letters;
            let label = |word, words, is_sure| {
                let (points, base) = (column.labelled, detector.scoring.base);
                Label { detector: id, word, words, is_sure, is_vague: false, points, base }
            };
            // Other words of `[context]` may mean other things.
            let context = detector.context.iter().map(|phrase| (phrase, !has(phrase, CLEAR)));
            let context = context.filter(|(_, is_vague)| !is_vague || !column.words.is_empty());
            let header = detector.header.iter().map(|phrase| (phrase, false));
            for (phrase, is_vague) in header.chain(context) {
                let mut words = Vec::new();
                each_word(phrase.as_bytes(), |word| words.push(word));
                let hash = hash_of(phrase);
                let mut cues = plan.header_cues(hash).iter();
                let cue = cues.find(|cue| cue.detector == id && cue.speaks == Speaks::For);
                if let ([first, .., end] | [first @ end], Some(cue)) = (&*words, cue) {
                    firsts.insert(first.hash);
                    last.add(&phrase[end.start..end.end]);
                    let (words, is_sure) = (words.len(), has(phrase, SURE));
                    phrases.push((hash, Label { is_vague, ..label(cue.word, words, is_sure) }));
                }
            }
            for owner in &detector.numbered {
                let hash = hash_of(owner);
                firsts.insert(hash);
                last.add(owner);
                let words = plan.numbered.get(hash).iter().filter(|(of, _)| *of == id);
                numbered.extend(words.map(|(_, word)| (hash, label(*word, MOST_NUMBERED, true))));
            }
        }
        if !numbered.is_empty() {
            NUMBERS.iter().for_each(|word| last.add(word));
            firsts.extend(NUMBERS.iter().map(|word| hash_of(word)));
        }
        let checked = (0..).map(DetectorId).zip(detectors);
        let checked = checked.map(|(id, detector)| detector.checksum.is_some() && plan.is_of_country(id));
        let (phrases, numbered) = (WordTable::new(phrases), Numbered::new(numbered));
        Self { firsts, last, phrases, numbered, checked: checked.collect() }
    }

    /// Calls `each` with the values that begin in `from..to`, as far as they lie in plain text or a cell that may hold one.
    pub(crate) fn find(
        &self,
        (plan, fittings, lists): (&Plan, &[Option<Fitting>], &Lists),
        (text, cells): (&[u8], Option<&[Cell]>),
        (candidates, from, to): (&Candidates, usize, usize),
        mut each: impl FnMut(Labelled),
    ) {
        if self.last.is_empty() {
            return;
        }
        let (mut folded, mut whole) = (String::new(), String::new());
        let mut find = |bounds: Bounds| {
            let (first, end) = (from.saturating_sub(REACH).max(bounds.lo), to.min(bounds.hi));
            if first >= end {
                return;
            }
            let part = Text { text: &text[..bounds.hi], lo: bounds.lo };
            let mut find_behind = |mark: Mark| {
                let Some(front) = part.front(&mark, &self.last) else { return };
                for label in self.of(plan, &front) {
                    let Some(fitting) = fittings[label.detector.index()].as_ref() else { continue };
                    if !label.may_end(&front, mark.kind, fitting) {
                        continue;
                    }
                    let fits = |text: &str| {
                        let mut fits = |text: &str| fitting.fits(text, lists, &mut folded);
                        match text.rsplit_once(' ') {
                            _ if !label.is_vague => fits(text),
                            // `Position: Warehouse Supervisor`
                            Some((_, last)) => fits(last)?.then(|| fits(text))?,
                            None => fits(text).filter(|is_listed| *is_listed && fitting.is_listed()),
                        }
                    };
                    let value = match fitting {
                        fitting if is_small(&fitting.description) => part.number(&mark, &front, 1, fits),
                        fitting if is_number(&fitting.description) => {
                            part.number(&mark, &front, LEAST_NUMBER, fits)
                        }
                        fitting if fitting.is_listed() => {
                            let is_whole = |text: &str| !label.is_vague && fitting.is_value(text, &mut whole);
                            part.listed(&mark, &front, fits, is_whole)
                        }
                        _ => part.words(&mark, &front, fits),
                    };
                    let Some((start, end)) = value else { continue };
                    if is_small(&fitting.description) && !text[start..end].iter().all(u8::is_ascii_digit)
                        || self.is_of_checked(plan, &front, &text[start..end])
                        || is_number(&fitting.description)
                            && is_measured(plan, label.detector, &text[end..bounds.hi])
                    {
                        continue;
                    }
                    // In a cell it would be taken for what the whole column holds.
                    let proofs = Proofs { described: bounds.cell.is_none(), ..Proofs::default() };
                    let Label { detector, word, points, base, .. } = *label;
                    let distance = start - mark.label;
                    let (start, end, cell) = (start as u32, end as u32, bounds.cell);
                    let survivor = Survivor { start, end, detector, cell, points: base + points, proofs };
                    each(Labelled { survivor, word, distance, points });
                }
            };
            candidates
                .each_mark(first..end, |at| part.mark(at, &self.last).into_iter().for_each(&mut find_behind));
            let mut in_line =
                |line| part.mark_in_line(line, &self.firsts).into_iter().for_each(&mut find_behind);
            if bounds.cell.is_some() && first == bounds.lo {
                in_line(first);
            }
            candidates.each_titled_line(first..end, in_line);
        };
        match cells {
            None => find(Bounds { lo: 0, hi: text.len(), cell: None }),
            Some(cells) => {
                for (cell, index) in cells.iter().zip(0..) {
                    let (lo, hi) = (cell.start as usize, cell.end as usize);
                    if cell.form == CellForm::Plain && hi - lo >= LEAST_PROSE {
                        find(Bounds { lo, hi, cell: Some(index) });
                    }
                }
            }
        }
    }

    /// The longest phrase that a label ends with, unless a longer one names a number of some country: `social insurance number`.
    /// Where no list has it, a word for numbers and one for what they are those of.
    fn of(&self, plan: &Plan, front: &Front) -> &[Label] {
        let words = front.words();
        let mut found = &[][..];
        for count in (1..=MAX_PHRASE.min(words.len())).rev() {
            let hashes = words[words.len() - count..].iter().copied();
            let Some(phrase) = hashes.reduce(WordHash::then) else { continue };
            found = self.phrases.get(phrase);
            let is_of_country = |cue: &Cue| cue.speaks == Speaks::For && plan.is_of_country(cue.detector);
            if !found.is_empty() {
                break;
            }
            // A single word is less than two that make a label.
            if count > 1 && plan.header_cues(phrase).iter().any(is_of_country) {
                return &[];
            }
        }
        if found.is_empty() {
            found = self.numbered.of(words);
        }
        let is_against = |label: &Label| {
            words.iter().any(|word| {
                let mut cues = plan.header_cues(*word).iter();
                cues.any(|cue| cue.detector == label.detector && cue.speaks == Speaks::Against)
            })
        };
        if found.iter().any(is_against) { &[] } else { found }
    }

    /// Whether a value has the shape of a country's number with check digits of which words of the label speak as well:
    /// `Matrikelnummer`, `voter number`. That detector decides what it is, and where the check digits are wrong it is mistyped.
    fn is_of_checked(&self, plan: &Plan, front: &Front, value: &[u8]) -> bool {
        let mut whole = None;
        plan.automaton.run(value, |end, list| whole = (end == value.len()).then_some(list).or(whole));
        let Some(list) = whole else { return false };
        let has_shape = |id| {
            plan.automaton.shapes(list).iter().any(|shape| plan.shapes[usize::from(*shape)].detector == id)
        };
        let is_checked = |cue: &Cue| {
            cue.speaks == Speaks::For && self.checked[cue.detector.index()] && has_shape(cue.detector)
        };
        let words = front.words();
        (0..words.len()).any(|first| {
            let phrases = words[first..].iter().copied().scan(None, |phrase: &mut Option<WordHash>, word| {
                *phrase = Some(phrase.map_or(word, |phrase| phrase.then(word)));
                *phrase
            });
            phrases.take(MAX_PHRASE).any(|phrase| plan.header_cues(phrase).iter().any(is_checked))
        })
    }
}

impl Label {
    /// Whether it may be all that a mark stands behind. What else stands before a single word may change what it means.
    fn may_end(&self, front: &Front, kind: Kind, fitting: &Fitting) -> bool {
        let before = front.count.saturating_sub(self.words);
        let is_number = is_number(&fitting.description);
        let most = match self.words {
            _ if kind == Kind::Line => 0,
            _ if is_number && self.is_sure => usize::MAX,
            1 if fitting.is_listed() => 1,
            1 => 0,
            _ => MOST_BEFORE,
        };
        let is_small = is_small(&fitting.description);
        before <= most
            && (!self.is_vague || front.begins && !front.is_small)
            && match kind {
                // A name of code, or `at age 18`.
                _ if is_small && front.is_small => false,
                Kind::Dot | Kind::Blank if is_small => false,
                Kind::Colon => true,
                Kind::Dot | Kind::Blank => is_number,
                Kind::Column | Kind::Line => front.begins,
            }
    }
}

/// Letters of a phrase. A character of Chinese, Japanese or Korean says as much as a few of them.
fn letters_of(phrase: &str) -> usize {
    const LETTERS: usize = 3;
    phrase.chars().map(|c| if is_unspaced(c) { LETTERS } else { 1 }).sum()
}

/// Whether values are numbers, or codes that have digits.
fn is_number(description: &Description) -> bool {
    matches!(description.kind, CellKind::Code | CellKind::Account | CellKind::Number | CellKind::Phone)
}

/// Whether values are numbers of a few digits: ages.
fn is_small(description: &Description) -> bool {
    const LARGEST: f64 = 999.0;
    description.kind == CellKind::Number && description.range.is_some_and(|[_, most]| most <= LARGEST)
}

/// Whether what stands behind a number makes another one of it: `Age: 30 days`.
fn is_measured(plan: &Plan, detector: DetectorId, behind: &[u8]) -> bool {
    let behind = behind.strip_prefix(b" ").unwrap_or(behind);
    let run = behind.iter().take(LONGEST_RUN).take_while(|b| is_word_byte(**b)).count();
    let cues = plan.header_cues(word_at(behind, 0, run).hash);
    behind.starts_with(b"%")
        || run > 0 && cues.iter().any(|cue| cue.detector == detector && cue.speaks == Speaks::Against)
}
