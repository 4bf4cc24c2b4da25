//! What turns candidates away before the automaton steps over their bytes.
//!
//! All of it is worked out from the shapes. Values that begin with a letter or a sign must fit a *print* of their
//! first four bytes, which the candidate pass tests on all places at once. What then stands at a place is looked up by
//! the lengths of its groups: digits, the kind of the byte behind them, the digits behind that, and the kind of what
//! follows; or letters and the kinds of the two bytes behind them. A bit says whether any shape can read on or end
//! there, so a number such as `769` or a word such as `Server` costs one look-up whatever the number of detectors. What
//! passes is asked for the digits after that, and the kind of what follows them, so a timestamp such as
//! `2026-01-31T12:00` costs one look-up more.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::automaton::Automaton;
use crate::shape::{ByteSet, Node, Shape};
use crate::simd::{JOINERS, PRINT, Prints};

/// A coarse classification of bytes, of 4 bits.
const KINDS: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'A'..=b'F' => 2,
            b'G'..=b'Z' => 3,
            b'a'..=b'f' => 4,
            b'g'..=b'z' => 5,
            b' ' => 6,
            b'-' => 7,
            b'.' => 8,
            b':' => 9,
            b'/' => 10,
            b',' => 11,
            b'(' | b')' => 12,
            b'+' => 13,
            b'_' => 14,
            0x80.. => 15,
            _ => OTHER,
        };
        byte += 1;
    }
    kinds
};
const KIND_COUNT: u8 = 16;
/// Also what stands behind the end of a text.
const OTHER: u8 = 0;
const DIGIT: u8 = 1;

const fn is_letter(kind: u8) -> bool {
    matches!(kind, 2..=5)
}

/// The byte of a kind that ties what stands before it to digits behind it.
fn joiner(kind: u8) -> Option<u8> {
    JOINERS.iter().copied().find(|byte| KINDS[usize::from(*byte)] == kind)
}

/// Groups of this length and longer ones are all alike.
const MOST_DIGITS: usize = 31;
const MOST_DIGITS_BEHIND: usize = 15;
const MOST_LETTERS: usize = 15;

/// Ends of numbers that are told apart; all further ones are alike.
const MOST_TAILS: usize = 4096;
/// The first one: whatever follows.
const ANY_TAIL: u16 = 0;

/// The tables.
#[derive(Debug)]
pub(crate) struct Gate {
    /// Whether any value begins with [`MOST_DIGITS`] digits.
    long_numbers: bool,
    /// By digits, kind, digits, kind.
    numbers: Box<[u64; 1 << (5 + 4 + 4 + 4 - 6)]>,
    /// By the same, which of `tails` follow.
    number_tails: Box<[u16; 1 << (5 + 4 + 4 + 4)]>,
    /// By digits, a bit for each kind of byte behind them.
    tails: Vec<[u16; 1 + MOST_DIGITS_BEHIND]>,
    /// By first letter, letters, kind, kind.
    letters: Box<[u64; 1 << (6 + 4 + 4 + 4 - 6)]>,
}

impl Gate {
    /// `may_touch` says whether values of a shape may be tied to digits behind them by a joiner.
    pub(crate) fn new(automaton: &Automaton, may_touch: &dyn Fn(u16, u8) -> bool) -> Self {
        let steps = Steps::new(automaton, may_touch);
        let mut gate = Self {
            long_numbers: false,
            numbers: Box::new([0; _]),
            number_tails: vec![ANY_TAIL; 1 << (5 + 4 + 4 + 4)].try_into().expect("the size is a constant"),
            tails: vec![[u16::MAX; _]],
            letters: Box::new([0; _]),
        };
        gate.find_numbers(&steps);
        gate.find_letters(&steps);
        gate
    }

    fn find_numbers(&mut self, steps: &Steps<'_>) {
        let mut known = HashMap::new();
        let mut read = steps.start();
        for digits in 1..MOST_DIGITS {
            read = steps.after(&read, DIGIT);
            for kind in (0..KIND_COUNT).filter(|&kind| kind != DIGIT) {
                let [ends_alone, ends_tied] = [false, true].map(|tied| steps.ends_before(&read, kind, tied));
                let mut behind = steps.after(&read, kind);
                for digits_behind in 0..=MOST_DIGITS_BEHIND {
                    let ends = if digits_behind > 0 { ends_tied } else { ends_alone };
                    let goes_on = digits_behind == MOST_DIGITS_BEHIND && !behind.is_empty();
                    let passing = if ends || goes_on { u16::MAX } else { steps.passing(&behind) };
                    for last in (0..KIND_COUNT).filter(|&last| last != DIGIT && passing >> last & 1 == 1) {
                        let place = number_place(digits, kind, digits_behind, last);
                        set(&mut *self.numbers, place);
                        if !ends && !goes_on && !steps.ends_before(&behind, last, true) {
                            let ends = steps.ends_before(&behind, last, false);
                            let states = steps.after(&behind, last);
                            self.number_tails[place] = self.tail(steps, (states, ends), &mut known);
                        }
                    }
                    behind = steps.after(&behind, DIGIT);
                }
            }
        }
        self.long_numbers = !steps.after(&read, DIGIT).is_empty();
    }

    /// What digits, and what behind them, those states can read; or whether a value `ends` before them, if there are none.
    fn tail(
        &mut self,
        steps: &Steps<'_>,
        (states, ends): (Vec<u16>, bool),
        known: &mut HashMap<(Vec<u16>, bool), u16>,
    ) -> u16 {
        let key = (states, ends);
        if let Some(&tail) = known.get(&key) {
            return tail;
        }
        let mut passing = [0; 1 + MOST_DIGITS_BEHIND];
        let mut read = key.0.clone();
        for (digits, passing) in passing.iter_mut().enumerate() {
            let goes_on = digits == MOST_DIGITS_BEHIND && !read.is_empty();
            let all = goes_on || ends && digits == 0;
            *passing = if all { u16::MAX } else { steps.passing(&read) };
            read = steps.after(&read, DIGIT);
        }
        let tail = self.tails.iter().position(|tail| *tail == passing).unwrap_or(self.tails.len());
        if tail == self.tails.len() && tail < MOST_TAILS {
            self.tails.push(passing);
        }
        let tail = if tail < MOST_TAILS { tail as u16 } else { ANY_TAIL };
        known.insert(key, tail);
        tail
    }

    fn find_letters(&mut self, steps: &Steps<'_>) {
        for first in (b'A'..=b'Z').chain(b'a'..=b'z') {
            let mut read = steps.after_byte(&steps.start(), first);
            for letters in 1..=MOST_LETTERS {
                let goes_on = letters == MOST_LETTERS && !read.is_empty();
                for kind in (0..KIND_COUNT).filter(|&kind| !is_letter(kind)) {
                    let ends = steps.accepts(&read) && ENDS >> kind & 1 == 1;
                    let all = goes_on || ends;
                    let passing = if all { u16::MAX } else { steps.passing(&steps.after(&read, kind)) };
                    for last in (0..KIND_COUNT).filter(|&last| passing >> last & 1 == 1) {
                        set(&mut *self.letters, letter_place(first, letters, kind, last));
                    }
                }
                read = (2..=5).flat_map(|letter| steps.after(&read, letter)).collect();
                sort(&mut read);
            }
        }
    }

    /// Whether a value can begin with the number at `start`; `digits` has a bit for each of the 64 bytes from there
    /// on that is a digit. What stands behind `text` is not looked at, so it may belong to more than the value can.
    #[inline]
    pub(crate) fn number(&self, text: &[u8], start: usize, digits: u64) -> bool {
        let count = digits.trailing_ones() as usize;
        if count >= MOST_DIGITS {
            return self.long_numbers;
        }
        let count = count.min(text.len() - start);
        let behind = (digits >> (count + 1)).trailing_ones() as usize;
        let end = start + count;
        let behind = behind.min(MOST_DIGITS_BEHIND).min(text.len().saturating_sub(end + 1));
        // What follows so many digits may be a digit, and is not asked for.
        let last = if behind == MOST_DIGITS_BEHIND { OTHER } else { kind_at(text, end + 1 + behind) };
        let place = number_place(count, kind_at(text, end), behind, last);
        self.numbers[place / 64] >> (place % 64) & 1 == 1
    }

    /// Whether a value can go on behind the second group of a number that [`Self::number`] lets pass.
    #[inline]
    pub(crate) fn number_goes_on(&self, text: &[u8], start: usize, digits: u64) -> bool {
        let count = digits.trailing_ones() as usize;
        // Of groups that the bits do not hold whole nothing is known.
        if count >= MOST_DIGITS {
            return true;
        }
        let behind = (digits >> (count + 1)).trailing_ones() as usize;
        let read = count + behind + 2;
        if behind >= MOST_DIGITS_BEHIND || start + read > text.len() {
            return true;
        }
        let place =
            number_place(count, kind_at(text, start + count), behind, kind_at(text, start + read - 1));
        let tail = &self.tails[usize::from(self.number_tails[place])];
        let last = ((digits >> read).trailing_ones() as usize).min(text.len() - start - read);
        let passing = tail[last.min(MOST_DIGITS_BEHIND)];
        last >= MOST_DIGITS_BEHIND && passing != 0 || passing >> kind_at(text, start + read + last) & 1 == 1
    }

    /// Whether a value can begin with the run of `letters` ASCII letters at `start`.
    #[inline]
    pub(crate) fn letters(&self, text: &[u8], start: usize, letters: usize) -> bool {
        let letters = letters.min(text.len() - start);
        let [kind, last] = [0, 1].map(|behind| kind_at(text, start + letters + behind));
        let place = letter_place(text[start], letters.min(MOST_LETTERS), kind, last);
        self.letters[place / 64] >> (place % 64) & 1 == 1
    }

    /// Bytes that the tables take.
    pub(crate) fn memory_usage(&self) -> usize {
        8 * (self.numbers.len() + self.letters.len())
            + 2 * self.number_tails.len()
            + self.tails.len() * size_of::<[u16; 1 + MOST_DIGITS_BEHIND]>()
    }
}

#[inline]
fn kind_at(text: &[u8], at: usize) -> u8 {
    text.get(at).map_or(OTHER, |&byte| KINDS[usize::from(byte)])
}

#[inline]
fn number_place(digits: usize, kind: u8, digits_behind: usize, last: u8) -> usize {
    ((digits << 4 | usize::from(kind)) << 4 | digits_behind) << 4 | usize::from(last)
}

#[inline]
fn letter_place(first: u8, letters: usize, kind: u8, last: u8) -> usize {
    ((usize::from(first & 63) << 4 | letters) << 4 | usize::from(kind)) << 4 | usize::from(last)
}

fn set(bits: &mut [u64], place: usize) {
    bits[place / 64] |= 1 << (place % 64);
}

/// Steps of the automaton by kinds of bytes, on sets of states, which are sorted.
struct Steps<'a> {
    automaton: &'a Automaton,
    may_touch: &'a dyn Fn(u16, u8) -> bool,
    /// By class of the automaton, a bit for each kind of its bytes.
    kinds: [u16; 256],
    /// What is known of states that came up.
    known: RefCell<HashMap<u16, Rc<Known>>>,
}

/// Where a state leads.
struct Known {
    /// By kind, the live states.
    targets: [Vec<u16>; KIND_COUNT as usize],
    /// A bit for each kind that leads anywhere.
    live: u16,
}

impl<'a> Steps<'a> {
    fn new(automaton: &'a Automaton, may_touch: &'a dyn Fn(u16, u8) -> bool) -> Self {
        let mut kinds = [0; 256];
        for byte in 0..=255u8 {
            kinds[usize::from(automaton.class(byte))] |= 1 << KINDS[usize::from(byte)];
        }
        Self { automaton, may_touch, kinds, known: RefCell::default() }
    }

    fn of(&self, state: u16) -> Rc<Known> {
        let learn = || {
            let mut targets: [Vec<u16>; KIND_COUNT as usize] = Default::default();
            let mut live = 0;
            for &(class, target) in self.automaton.steps(state) {
                let kinds = self.kinds[usize::from(class)];
                live |= kinds;
                let of_kinds = targets.iter_mut().zip(0..).filter(|(_, kind)| kinds >> kind & 1 == 1);
                of_kinds.for_each(|(targets, _)| targets.push(target));
            }
            targets.iter_mut().for_each(sort);
            Rc::new(Known { targets, live })
        };
        Rc::clone(self.known.borrow_mut().entry(state).or_insert_with(learn))
    }

    fn start(&self) -> Vec<u16> {
        vec![self.automaton.start()]
    }

    fn after(&self, states: &[u16], kind: u8) -> Vec<u16> {
        let mut all = Vec::new();
        states.iter().for_each(|&state| all.extend_from_slice(&self.of(state).targets[usize::from(kind)]));
        sort(&mut all);
        all
    }

    fn after_byte(&self, states: &[u16], byte: u8) -> Vec<u16> {
        states.iter().filter_map(|&state| self.automaton.live_after(state, byte)).collect()
    }

    fn accepts(&self, states: &[u16]) -> bool {
        states.iter().any(|&state| self.automaton.accepts(state))
    }

    /// Whether a value can end before a byte of that kind, behind which digits stand or not.
    fn ends_before(&self, states: &[u16], kind: u8, digits: bool) -> bool {
        if let (Some(joiner), true) = (joiner(kind), digits) {
            let mut shapes = states.iter().flat_map(|&state| self.automaton.accepted(state));
            return shapes.any(|&shape| (self.may_touch)(shape, joiner));
        }
        ENDS >> kind & 1 == 1 && self.accepts(states)
    }

    /// A bit for each kind of byte before which a value can end, or with which it can go on.
    fn passing(&self, states: &[u16]) -> u16 {
        let goes_on = states.iter().fold(0, |kinds, &state| kinds | self.of(state).live);
        goes_on | if self.accepts(states) { ENDS } else { 0 }
    }
}

/// The kinds of bytes before which a value can end.
const ENDS: u16 = !(0b11_1100 | 1 << DIGIT);

fn sort(states: &mut Vec<u16>) {
    states.sort_unstable();
    states.dedup();
}

/// What the first bytes of values look like, of all shapes that begin neither with a digit nor beyond ASCII.
pub(crate) fn prints<'a>(shapes: impl Iterator<Item = &'a Shape>) -> Prints {
    let mut looks: Vec<Look> =
        shapes.flat_map(|shape| beginnings(shape.root())).filter_map(Look::new).collect();
    looks.sort_by_key(|look| look.halves);
    looks.dedup();
    // Those are put together that then let the least more through, as long as there are too many.
    let mut groups: Vec<Look> = Vec::new();
    for look in looks {
        if groups.len() < MOST_GROUPS {
            groups.push(look);
            continue;
        }
        let joined = groups.iter().map(|group| (group.with(&look), group.share));
        let more = |(joined, before): &(Look, f64)| joined.share - before;
        let best = joined.enumerate().min_by(|x, y| more(&x.1).total_cmp(&more(&y.1)));
        let (at, (joined, _)) = best.expect("there are groups");
        groups[at] = joined;
    }
    while groups.len() > 8 {
        join_the_cheapest(&mut groups);
    }
    let mut prints = Prints::default();
    for (group, look) in groups.iter().enumerate() {
        for (i, (low, high)) in look.halves.into_iter().enumerate() {
            for half in 0..16 {
                prints.low[i][half] |= u8::from(low >> half & 1 == 1) << group;
                prints.high[i][half] |= u8::from(high >> half & 1 == 1) << group;
            }
        }
    }
    prints
}

/// The share of a text's places that look like the beginning of a value, about; digits and letters beyond ASCII aside, which
/// are rare.
pub(crate) fn share(shape: &Shape) -> f64 {
    beginnings(shape.root()).into_iter().filter_map(Look::new).map(|look| look.share).sum()
}

/// What values of a shape begin with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Anchor {
    /// A digit: a number is looked up by the lengths of its groups.
    Number,
    /// A letter: a word is looked up by its first bytes, and in ASCII by its length and what follows.
    Word,
    /// Any other byte: the first four are looked up.
    Sign,
}

impl Shape {
    /// What its values begin with, in order.
    pub fn anchors(&self) -> Vec<Anchor> {
        let firsts: Vec<ByteSet> = beginnings(self.root()).iter().map(|sets| sets[0]).collect();
        let kind = |byte: &u8| match byte {
            b'0'..=b'9' => Anchor::Number,
            b'A'..=b'Z' | b'a'..=b'z' | 0x80.. => Anchor::Word,
            _ => Anchor::Sign,
        };
        let bytes = (0..=255u8).filter(|&byte| firsts.iter().any(|set| set.contains(byte)));
        let mut anchors: Vec<Anchor> = bytes.map(|byte| kind(&byte)).collect();
        anchors.sort_unstable();
        anchors.dedup();
        anchors
    }
}

/// A bound for the work of putting groups together.
const MOST_GROUPS: usize = 24;

fn join_the_cheapest(groups: &mut Vec<Look>) {
    let pairs = (0..groups.len()).flat_map(|a| (a + 1..groups.len()).map(move |b| (a, b)));
    let joined = pairs.map(|(a, b)| (groups[a].with(&groups[b]), a, b));
    let more = |(joined, a, b): &(Look, usize, usize)| joined.share - groups[*a].share - groups[*b].share;
    let best = joined.min_by(|x, y| more(x).total_cmp(&more(y)));
    let (joined, a, b) = best.expect("there are several groups");
    groups.remove(b);
    groups[a] = joined;
}

/// The low and high halves of bytes that each place of a print may have, as bits.
#[derive(Clone, PartialEq)]
struct Look {
    halves: [(u16, u16); PRINT],
    /// The share of a text's places that fit, about.
    share: f64,
}

impl Look {
    /// `None` when only digits and letters beyond ASCII can come first: those need no print.
    fn new(mut sets: [ByteSet; PRINT]) -> Option<Self> {
        sets[0] = sets[0].without(|byte| byte.is_ascii_digit() || !byte.is_ascii());
        let halves = sets.map(|set| {
            let bytes = (0..=255u8).filter(|&byte| set.contains(byte));
            bytes.fold((0, 0), |(low, high), byte| (low | 1 << (byte & 15), high | 1 << (byte >> 4)))
        });
        (halves[0].0 != 0).then(|| Self::of(halves))
    }

    fn with(&self, other: &Self) -> Self {
        let mut halves = self.halves;
        for ((low, high), (other_low, other_high)) in halves.iter_mut().zip(other.halves) {
            *low |= other_low;
            *high |= other_high;
        }
        Self::of(halves)
    }

    fn of(halves: [(u16, u16); PRINT]) -> Self {
        let set = |half: u16| (0..16u8).filter(move |bit| half >> bit & 1 == 1);
        let fits = |&(low, high): &(u16, u16)| -> f64 {
            set(high)
                .flat_map(|high| set(low).map(move |low| FREQUENCIES[usize::from(high << 4 | low)]))
                .sum()
        };
        Self { halves, share: halves.iter().map(fits).product() }
    }
}

/// How often a byte comes in texts, about; only the order of magnitude counts.
static FREQUENCIES: [f64; 256] = {
    let mut frequencies = [0.0; 256];
    let mut byte = 0;
    while byte < 256 {
        frequencies[byte] = match byte as u8 {
            b' ' => 0.12,
            b'e' | b't' | b'a' | b'o' | b'n' | b'i' | b'r' | b's' => 0.045,
            b'a'..=b'z' => 0.015,
            b'A'..=b'Z' => 0.003,
            b'0'..=b'9' => 0.015,
            b'-' | b'.' | b':' | b',' | b'"' | b'/' | b'_' | b'\n' => 0.01,
            0x80.. => 0.0005,
            _ => 0.001,
        };
        byte += 1;
    }
    frequencies
};

/// The sets that the first bytes of what a node reads can be from, for each way through it. What is shorter is filled
/// up with any byte.
fn beginnings(node: &Node) -> Vec<[ByteSet; PRINT]> {
    let filled = |sets: Vec<ByteSet>| {
        let mut sets = sets.into_iter().chain(std::iter::repeat(ByteSet::any()));
        std::array::from_fn(|_| sets.next().expect("it repeats"))
    };
    ways(node, PRINT).into_iter().map(filled).collect()
}

/// The first `most` sets of each way through a node.
fn ways(node: &Node, most: usize) -> Vec<Vec<ByteSet>> {
    match node {
        Node::Bytes(set) => vec![vec![*set]],
        Node::Either(nodes) => nodes.iter().flat_map(|node| ways(node, most)).collect(),
        Node::Sequence(nodes) => nodes.iter().fold(vec![Vec::new()], |begun, node| longer(begun, node, most)),
        Node::Repeat { node, min, max } => {
            let most_times = max.map_or(most, |max| max as usize).min(most);
            let mut all = Vec::new();
            let mut begun = vec![Vec::new()];
            for times in 0..=most_times.max(*min as usize).min(most) {
                if times >= *min as usize || times == most {
                    all.extend(begun.clone());
                }
                begun = longer(begun, node, most);
            }
            all
        }
    }
}

/// Each beginning that is short of `most`, followed by each way through `node`.
fn longer(begun: Vec<Vec<ByteSet>>, node: &Node, most: usize) -> Vec<Vec<ByteSet>> {
    let mut all = Vec::new();
    for sets in begun {
        if sets.len() >= most {
            all.push(sets);
            continue;
        }
        for way in ways(node, most - sets.len()) {
            let mut whole = [&sets[..], &way].concat();
            whole.truncate(most);
            all.push(whole);
        }
    }
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(patterns: &[&str]) -> (Gate, Prints) {
        let shapes: Vec<Shape> = patterns.iter().map(|p| Shape::parse(p).unwrap()).collect();
        let numbered: Vec<_> = shapes.iter().zip(0..).collect();
        let first_before_dots = |shape, byte| shape == 0 && byte == b'.';
        let gate = Gate::new(&Automaton::compile(&numbered).unwrap(), &first_before_dots);
        (gate, prints(shapes.iter()))
    }

    fn digits(text: &str) -> u64 {
        text.bytes().enumerate().fold(0, |bits, (i, byte)| bits | u64::from(byte.is_ascii_digit()) << i)
    }

    #[test]
    fn numbers_pass_by_their_groups() {
        let (gate, _) = gate(&["9{9}", "999-99-9999", "9{4}-99-99"]);
        let passes = |text: &str| gate.number(text.as_bytes(), 0, digits(text));
        for text in ["123-45-6789", "123456789", "123456789 and", "123456789-", "2024-05-06T1", "123456789é"]
        {
            assert!(passes(text), "{text}");
        }
        assert!(passes("123456789 4539316053050409"), "whatever follows what ends");
        let goes_on = |text: &str| passes(text) && gate.number_goes_on(text.as_bytes(), 0, digits(text));
        for text in ["123-45-6789", "2024-05-06", "2024-05-06é", "123456789-a", "123456789.1"] {
            assert!(goes_on(text), "{text}");
        }
        for text in ["2024-05-06T1", "123-45-67890", "123-45-", "2024-05-"] {
            assert!(!goes_on(text), "{text}");
        }
        let long = "7".repeat(95);
        let digits = long.bytes().take(64).enumerate().fold(0u64, |bits, (i, _)| bits | 1 << i);
        assert!(
            gate.number_goes_on(long.as_bytes(), 0, digits),
            "nothing is known of what the bits do not hold"
        );
        for text in [
            "769",
            "12 3",
            "123-456",
            "12345678",
            "1234567890",
            "123456789a",
            "123-",
            "20240-5",
            "123456789-1",
        ] {
            assert!(!passes(text), "{text}");
        }
    }

    #[test]
    fn letters_pass_by_their_run() {
        let (gate, _) = gate(&["L9{8}", r"M\au?a{1,3} 99? 9{4}"]);
        let passes = |text: &str| {
            let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
            gate.letters(text.as_bytes(), 0, letters)
        };
        assert!(passes("K12345678") && passes("May 14 1980") && passes("Maust 1"));
        assert!(
            !passes("May  14")
                && !passes("K-1")
                && !passes("KL12345678")
                && !passes("Marshal 1")
                && !passes("may 14 1980")
        );
    }

    #[test]
    fn prints_fit_what_shapes_begin_with() {
        let (_, prints) = gate(&["LL99( ?X{4}){2,7}", r"\e\y\JX{2,}.X{2,}", "+[1-\\9]9{0,2} 9{4}", "9{9}"]);
        let fits = |text: &str| prints.fit(text.as_bytes().first_chunk().unwrap());
        assert!(fits("DE89") && fits("eyJh") && fits("+49 ") && fits("+1 6"));
        assert!(!fits("word") && !fits("1234") && !fits("+ 49") && !fits("D123"));
    }

    #[test]
    fn optional_parts_make_several_beginnings() {
        let shape = Shape::parse("A?9{2,3}-9999").unwrap();
        let looks: Vec<String> = beginnings(shape.root())
            .iter()
            .map(|sets| {
                sets.iter()
                    .map(|set| {
                        if set.contains(b'1') {
                            '9'
                        } else if set.contains(b'A') {
                            'A'
                        } else {
                            '-'
                        }
                    })
                    .collect()
            })
            .collect();
        assert_eq!(looks, ["99-9", "999-", "A99-", "A999"]);
    }
}
