//! Values behind a label in a text, as forms and letters have them: `Place of birth: Leeds`, `(Kunden-Nr. 4471882)`. The words
//! of a detector's `[header]` are labels as well where its `[column]` says what such a value is worth.

use std::ops::Range;

use domesday_model::{Cell, CellForm, DetectorId, WordId};
use memchr::{memchr, memchr2_iter, memmem, memrchr};

use crate::column::{CellKind, Description, Fitting, Lists, is_placeholder};
use crate::detector::Detector;
use crate::plan::{Plan, Speaks};
use crate::score::Scored;
use crate::verify::{Bounds, LEAST_PROSE, Proofs, Survivor};
use crate::words::{
    LONGEST_RUN, MAX_PHRASE, WordHash, WordSet, WordTable, each_word, hash_of, is_word_byte, word_at,
};

/// Bytes of a label.
const LONGEST_LABEL: usize = 64;
/// Marks between a label and its value.
const MOST_MARKS: usize = 40;
/// How far before a value the mark behind its label may stand.
const REACH: usize = MOST_MARKS + 1;
/// Bytes of a value.
const LONGEST_VALUE: usize = 160;
/// Words that a label may have before those of the detector: `Patient's place of birth`.
const MOST_BEFORE: usize = 2;
/// Fewest characters of a number.
const LEAST_NUMBER: usize = 3;
/// Clauses of a line that are tried as values.
const MOST_CLAUSES: usize = 3;
/// Groups of a number.
const MOST_GROUPS: usize = 10;
/// Letters that a number may begin with.
const MOST_LETTERS: usize = 4;
/// Bytes of signs before a number: those of a currency.
const MOST_SIGNS: usize = 3;
/// Letters of a word that ends a sentence, and is not shortened: `St. Louis`.
const LEAST_LAST: usize = 4;

/// The third byte of a colon as wide as the characters of Chinese and Japanese, and those before it.
const WIDE_COLON: [u8; 3] = [0xEF, 0xBC, 0x9A];

/// The labels of all detectors.
#[derive(Debug)]
pub(crate) struct Labels {
    /// The last words of phrases.
    last: WordSet,
    phrases: WordTable<Label>,
    dots: [memmem::Finder<'static>; 2],
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Label {
    detector: DetectorId,
    word: WordId,
    words: usize,
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

/// What stands before a mark.
struct Front {
    words: Vec<WordHash>,
    /// Nothing stands before it in its line.
    begins: bool,
}

/// A mark that may stand behind a label.
#[derive(Clone, Copy)]
struct Mark {
    /// Where the label ends.
    label: usize,
    /// Where what follows it begins.
    behind: usize,
    /// Only a number may follow: `no. 4471`.
    numbers: bool,
}

impl Labels {
    pub(crate) fn new(plan: &Plan, detectors: &[Detector]) -> Self {
        let mut last = WordSet::default();
        let mut phrases = Vec::new();
        for (id, detector) in (0..).map(DetectorId).zip(detectors) {
            let Some(column) = detector.column.as_ref().filter(|column| column.labelled > 0) else {
                continue;
            };
            // Single words of `[context]` may mean other things.
            let context = detector.context.iter().filter(|phrase| phrase.contains(' '));
            for phrase in detector.header.iter().chain(context) {
                let mut words = 0;
                let mut end = None;
                each_word(phrase.as_bytes(), |word| (words, end) = (words + 1, Some(word.hash)));
                let hash = hash_of(phrase);
                let mut cues = plan.header_cues(hash).iter();
                let cue = cues.find(|cue| cue.detector == id && cue.speaks == Speaks::For);
                if let (Some(end), Some(cue)) = (end, cue) {
                    last.insert(end);
                    let (points, base) = (column.labelled, detector.scoring.base);
                    phrases.push((hash, Label { detector: id, word: cue.word, words, points, base }));
                }
            }
        }
        let dots = [". ", "..."].map(memmem::Finder::new);
        Self { last, phrases: WordTable::new(phrases), dots }
    }

    /// Calls `each` with the values that begin in `from..to`, as far as they lie in plain text or a cell that may hold one.
    pub(crate) fn find(
        &self,
        (plan, fittings, lists): (&Plan, &[Option<Fitting>], &Lists),
        (text, cells): (&[u8], Option<&[Cell]>),
        (from, to): (usize, usize),
        mut each: impl FnMut(Labelled),
    ) {
        if self.last.is_empty() {
            return;
        }
        let mut folded = String::new();
        let mut find = |bounds: Bounds| {
            let (first, end) = (from.saturating_sub(REACH).max(bounds.lo), to.min(bounds.hi));
            if first >= end {
                return;
            }
            let reader = Reader { text: &text[..bounds.hi], lo: bounds.lo };
            let part = &text[first..end];
            let colons = memchr2_iter(b':', WIDE_COLON[2], part);
            // Dots are in all code, those with a blank or others behind them are rare.
            let dots = self.dots.iter().flat_map(|dots| dots.find_iter(part));
            for at in colons.chain(dots).map(|at| first + at) {
                let Some(mark) = reader.mark(at) else { continue };
                let Some(front) = reader.front(mark.label, &self.last) else { continue };
                for label in self.of(plan, &front) {
                    let Some(fitting) = fittings[label.detector.index()].as_ref() else { continue };
                    let is_number = is_number(&fitting.description);
                    if mark.numbers && !is_number || front.words.len() - label.words > label.before(fitting) {
                        continue;
                    }
                    let fits = |text: &str| fitting.fits(text, lists, &mut folded).is_some();
                    let value = if is_number {
                        reader.number(&mark, &front, fits)
                    } else {
                        reader.value(&mark, &front, !fitting.is_listed(), fits)
                    };
                    let Some((start, end)) = value else { continue };
                    let (start, end) = (start as u32, end as u32);
                    // In a cell it would be taken for what the whole column holds.
                    let proofs = Proofs { described: bounds.cell.is_none(), ..Proofs::default() };
                    let Label { detector, word, points, base, .. } = *label;
                    let cell = bounds.cell;
                    let survivor = Survivor { start, end, detector, cell, points: base + points, proofs };
                    let distance = start as usize - mark.label;
                    each(Labelled { survivor, word, distance, points });
                }
            }
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

    /// The longest phrase that a label ends with.
    fn of(&self, plan: &Plan, front: &Front) -> &[Label] {
        let words = &front.words;
        let phrase = |count: usize| {
            let hashes = words[words.len() - count..].iter().copied();
            hashes.reduce(WordHash::then).map_or(&[][..], |hash| self.phrases.get(hash))
        };
        let found = (1..=MAX_PHRASE.min(words.len())).rev().map(phrase).find(|labels| !labels.is_empty());
        let found = found.unwrap_or_default();
        let is_against = |label: &Label| {
            words.iter().any(|word| {
                let mut cues = plan.header_cues(*word).iter();
                cues.any(|cue| cue.detector == label.detector && cue.speaks == Speaks::Against)
            })
        };
        if found.iter().any(is_against) { &[] } else { found }
    }
}

impl Label {
    /// Words that may stand before it. Before a single word they may change what it means.
    fn before(&self, fitting: &Fitting) -> usize {
        match self.words {
            1 if fitting.is_listed() => 1,
            1 => 0,
            _ => MOST_BEFORE,
        }
    }
}

/// Whether values are numbers, or codes that have digits.
fn is_number(description: &Description) -> bool {
    matches!(description.kind, CellKind::Code | CellKind::Account | CellKind::Number | CellKind::Phone)
}

/// A text up to where a value may end at the latest.
struct Reader<'a> {
    text: &'a [u8],
    lo: usize,
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    /// The mark at `at`, if a label may end before it.
    #[inline]
    fn mark(&self, at: usize) -> Option<Mark> {
        let next = self.byte(at + 1)?;
        let before = self.text[self.lo..at].last().copied()?;
        match self.text[at] {
            // Paths of code, and addresses.
            b':' if matches!(next, b':' | b'/' | b'=') || before == b':' => None,
            b':' => Some(Mark { label: at, behind: at + 1, numbers: false }),
            b'.' if next == b'.' => {
                let leads = before != b'.' && self.text[at..].starts_with(b"...");
                leads.then_some(Mark { label: at, behind: at, numbers: false })
            }
            b'.' => {
                let is_number = next == b' ' && self.byte(at + 2).is_some_and(|b| b.is_ascii_alphanumeric());
                is_number.then_some(Mark { label: at, behind: at + 2, numbers: true })
            }
            _ => self.text[self.lo..=at].ends_with(&WIDE_COLON).then_some(Mark {
                label: at + 1 - WIDE_COLON.len(),
                behind: at + 1,
                numbers: false,
            }),
        }
    }

    /// The words before a mark, if the last one is that of a label.
    #[inline]
    fn front(&self, end: usize, last: &WordSet) -> Option<Front> {
        let label = &self.text[end.saturating_sub(LONGEST_LABEL).max(self.lo)..end];
        let marks = label.iter().rev().take_while(|b| matches!(b, b' ' | b'*' | b'.' | b'"')).count();
        let mut label = &label[..label.len() - marks];
        // `Place of birth (town):`
        if label.last() == Some(&b')') {
            label = &label[..memrchr(b'(', label)?];
            label = label.trim_ascii_end();
        }
        let run = label.iter().rev().take(LONGEST_RUN).take_while(|b| is_word_byte(**b)).count();
        let run = label.len() - run;
        let word = word_at(label, run, label.len());
        // Words that are not parted, `clientId:`, are names of code.
        if run == label.len() || word.end < label.len() || !last.contains(&word.hash) {
            return None;
        }
        let is_between = |at: &usize| match label[*at] {
            b' ' | b'-' | b'/' | b'\'' | b'#' => true,
            b'.' => label.get(at + 1) == Some(&b' '),
            byte => is_word_byte(byte),
        };
        let start = (0..label.len()).rev().find(|at| !is_between(at)).map_or(0, |at| at + 1);
        let start = start + memmem::rfind(&label[start..], b"  ").map_or(0, |at| at + 2);
        let start = start + memmem::rfind(&label[start..], b". ").map_or(0, |at| at + 2);
        // `VSOCK_SET_GUEST_CID:`, `conn.pid:` and `$sex:` are names of code.
        if start > 0 && b"_$@.\\%&=0123456789".contains(&label[start - 1]) {
            return None;
        }
        let mut words = Vec::new();
        each_word(&label[start..], |word| words.push(word.hash));
        let before = label[..start].iter().rev();
        let begins = before.take_while(|byte| **byte != b'\n').all(|byte| b" \t*-#>|".contains(byte));
        Some(Front { words, begins })
    }

    /// Where a value begins behind a mark.
    fn begin(&self, mark: &Mark, front: &Front) -> Option<usize> {
        let mut at = mark.behind;
        let most = at + MOST_MARKS;
        let mut lines = usize::from(!front.begins);
        while at < most {
            match self.byte(at)? {
                b' ' | b'\t' | b'.' | b'*' | b'"' | b'\'' | b'`' | b'#' | b'\r' => at += 1,
                b'\n' if lines == 0 => (at, lines) = (at + 1, 1),
                b'<' => at += 1 + memchr(b'>', &self.text[at..self.text.len().min(most)])?,
                _ => return Some(at),
            }
        }
        None
    }

    /// A number behind a mark: groups of letters and digits, with a digit in each but the first. That may say once more what
    /// it is: `MRN 00482217`.
    fn number(
        &self,
        mark: &Mark,
        front: &Front,
        mut fits: impl FnMut(&str) -> bool,
    ) -> Option<(usize, usize)> {
        let start = self.begin(mark, front)?;
        let rest = &self.text[start..self.text.len().min(start + LONGEST_VALUE)];
        // `£42,000`
        let signs = rest
            .iter()
            .take(MOST_SIGNS)
            .take_while(|b| !b.is_ascii_alphanumeric() && !b.is_ascii_whitespace());
        let first = signs.count();
        let mut groups = [(0, 0); MOST_GROUPS];
        let (mut count, mut at) = (0, first);
        while count < MOST_GROUPS {
            let group = rest.get(at..).unwrap_or_default();
            let length =
                group.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-_./:,'".contains(b)).count();
            let group = &group[..length];
            if !group.iter().any(u8::is_ascii_digit) && (count > 0 || !(1..=MOST_LETTERS).contains(&length)) {
                break;
            }
            let marks = group.iter().rev().take_while(|b| !b.is_ascii_alphanumeric()).count();
            groups[count] = (at, at + length - marks);
            (count, at) = (count + 1, at + length + 1);
            if marks > 0 || rest.get(at - 1) != Some(&b' ') {
                break;
            }
        }
        let mut is_value = |value: Range<usize>| {
            let text = std::str::from_utf8(&rest[value.clone()]).ok()?;
            let is_long = text.len() >= LEAST_NUMBER && text.contains(|c: char| c.is_ascii_digit());
            // `0..255`
            let is_range = text.contains("..");
            (is_long && !is_range && fits(text)).then_some((start + value.start, start + value.end))
        };
        let groups = &groups[..count];
        let mut ends = groups.iter().rev().map(|(_, end)| *end);
        ends.find_map(|end| is_value(first..end)).or_else(|| {
            let (from, to) = *groups.get(1)?;
            is_value(from..to)
        })
    }

    /// What is written behind a mark. What may be any `words` ends with its line, or in a sentence with its clause.
    fn value(
        &self,
        mark: &Mark,
        front: &Front,
        words: bool,
        mut fits: impl FnMut(&str) -> bool,
    ) -> Option<(usize, usize)> {
        let start = self.begin(mark, front)?;
        let rest = &self.text[start..self.text.len().min(start + LONGEST_VALUE)];
        let is_end = |at: usize| match rest[at] {
            b'\n' | b'\r' | b'\t' | b'|' | b';' | b'<' | b'"' | b'*' | b'}' | b']' => true,
            b' ' => rest.get(at + 1) == Some(&b' '),
            _ => false,
        };
        let end = (0..rest.len()).find(|at| is_end(*at));
        let end = end.or((start + rest.len() == self.text.len()).then_some(rest.len()))?;
        let line = std::str::from_utf8(&rest[..end]).ok()?;
        if words && !line.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase()) {
            return None;
        }
        let mut is_value = |text: &str| {
            let text = text.trim_end_matches([' ', '.', ',', '\'']);
            let has_letter = text.chars().any(char::is_alphabetic);
            let fits = has_letter && !is_placeholder(text.as_bytes()) && fits(text);
            fits.then_some((start, start + text.len()))
        };
        let clauses = line.match_indices([',', '(', ')', '.', '/', '、', '，', '。']).map(|(at, _)| at);
        if !words {
            return clauses
                .take(MOST_CLAUSES)
                .find_map(|at| is_value(&line[..at]))
                .or_else(|| is_value(line));
        }
        // Another label in the line.
        let another = line.find([':', '：']).map(|at| &line[..at]);
        let another = another.map(|line| line.rfind([',', '(', '.']).map(|at| &line[..at]));
        let line = match another {
            Some(cut) => cut?,
            None => line,
        };
        let ends_clause = |at: &usize| {
            let last = line[..*at].chars().rev().take_while(|c| c.is_alphabetic()).count();
            line[*at..].starts_with(". ") && last >= LEAST_LAST || !front.begins
        };
        let mut clauses = line.match_indices([',', ')', '.', '(']).map(|(at, _)| at);
        let end = clauses.find(ends_clause).unwrap_or(line.len());
        is_value(&line[..end])
    }
}
