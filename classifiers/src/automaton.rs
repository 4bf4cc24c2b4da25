//! All shapes of all detectors as one deterministic automaton.
//!
//! Started where a value can begin, it reads each byte once and names every shape that ends there, so its cost does
//! not depend on the number of detectors. A general regex engine does the same after a search; here there is none:
//! starts come from the candidate pass, and [`crate::gate`] turns most of them away.
//!
//! It is compiled to a list of steps for each state, from which the gate is worked out, and then packed into one table. With
//! a row for each state, rows were nearly empty, and waiting for memory was a tenth of a scan.
//! Rejected: one lookup per detector (cost grows with their number), hashing whole runs by group lengths (does not
//! express letters at fixed places, optional separators or open ends).

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use domesday_model::NumberHasher;

use crate::shape::{ByteSet, Node, Shape};

/// A value never reaches further than this. Also the right context that a window must have.
pub const LONGEST_MATCH: usize = 4096;

/// The compiled automaton. State 0 is dead, state 1 the start.
#[derive(Debug)]
pub(crate) struct Automaton {
    classes: Box<[u8; 256]>,
    /// The steps of all states: a class and the state behind it, by class.
    steps: Vec<(u8, u16)>,
    /// Per state, where its steps end.
    ends: Vec<usize>,
    /// Per state, an index into `accepts`, whose first entry is empty.
    accepting: Vec<u16>,
    accepts: Vec<Vec<u16>>,
}

/// The automaton as it runs. A state is a place in `steps`, from which its steps lie at the distance of the class that
/// they read. The rows of states overlap: a step names its class, and no two states have one place.
#[derive(Debug)]
pub(crate) struct Packed {
    /// By byte, 1 to 256.
    classes: Box<[u16; 256]>,
    /// Class, whether the next state accepts, and that state.
    steps: Vec<u32>,
    start: usize,
    /// By state, an index into `accepts`, whose first entry is empty.
    accepting: Vec<u16>,
    accepts: Vec<Vec<u16>>,
    states: usize,
}

/// The bits of a step that are its class.
const CLASS: u32 = (1 << 9) - 1;
const ACCEPTS: u32 = 1 << 9;
/// The bits above are the state.
const STATE: u32 = 10;

const DEAD: u16 = 0;
const START: u16 = 1;
/// States are numbers of 16 bits. Bounds the table at a few MB, with room for shapes of users.
const MOST_STATES: usize = 60_000;

impl Automaton {
    /// Compiles the shapes. Accepting states name them by their number.
    pub(crate) fn compile(shapes: &[(&Shape, u16)]) -> Result<Self, String> {
        let mut nfa = Nfa::default();
        let mut roots = Vec::new();
        // A third of the shapes look like that of another detector.
        let mut alike: HashMap<&Node, u32> = HashMap::new();
        for &(shape, number) in shapes {
            let accept = *alike.entry(shape.root()).or_insert_with(|| {
                let accept = nfa.add(State::Accept(Vec::new()));
                roots.push(nfa.build(shape.root(), accept));
                accept
            });
            if let State::Accept(numbers) = &mut nfa.states[accept as usize] {
                numbers.push(number);
            }
        }
        let classes = byte_classes(&nfa);
        let class_count = usize::from(*classes.iter().max().expect("256 bytes")) + 1;
        let mut automaton = Self {
            classes,
            steps: Vec::new(),
            ends: Vec::new(),
            accepting: Vec::new(),
            accepts: vec![Vec::new()],
        };
        automaton.determinise(&nfa, &roots, class_count)?;
        Ok(automaton)
    }

    fn determinise(&mut self, nfa: &Nfa, roots: &[u32], class_count: usize) -> Result<(), String> {
        let alphabet = Alphabet::new(nfa, &self.classes);
        let mut groups = Groups::new(alphabet.sets.len(), class_count);
        let closures = nfa.closures();
        let mut accept_numbers = HashMap::from([(Vec::new(), 0)]);
        let mut union = Union::new(nfa.states.len());
        let mut sets = Sets { all: vec![Vec::new()], by_hash: HashMap::from_iter([(0, DEAD)]) };
        union.clear();
        roots.iter().flat_map(|&root| &closures[root as usize]).for_each(|&state| union.add(state));
        // Without any shape the start is as dead as the rest.
        sets.by_hash.insert(union.hash, START);
        sets.all.push(union.states.clone());
        let mut targets = Vec::new();
        let mut done = 0;
        while done < sets.all.len() {
            let set = sets.all[done].clone();
            groups.clear();
            for &state in &set {
                if let Some(then) = nfa.then(state) {
                    groups.add(alphabet.of_state[state as usize], then, &alphabet);
                }
            }
            targets.clear();
            targets.resize(groups.origins.len(), None);
            for class in groups.classes() {
                let group = groups.of_class[usize::from(class)];
                let target = *targets[usize::from(group)].get_or_insert_with(|| {
                    union.clear();
                    let then = groups.behind(group);
                    then.flat_map(|&then| &closures[then as usize]).for_each(|&state| union.add(state));
                    sets.number(&union)
                });
                self.steps.push((class, target));
            }
            self.ends.push(self.steps.len());
            if sets.all.len() > MOST_STATES {
                return Err(format!(
                    "the shapes together need more than {MOST_STATES} states; make them narrower"
                ));
            }
            let fresh = self.accepts.len() as u16;
            let accept = *accept_numbers.entry(nfa.accepted(&set)).or_insert_with_key(|shapes| {
                self.accepts.push(shapes.clone());
                fresh
            });
            self.accepting.push(accept);
            done += 1;
        }
        Ok(())
    }

    pub(crate) fn class(&self, byte: u8) -> u8 {
        self.classes[usize::from(byte)]
    }

    /// The classes of bytes that a state reads, and the states behind them.
    pub(crate) fn steps(&self, state: u16) -> &[(u8, u16)] {
        let state = usize::from(state);
        let start = state.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.steps[start..self.ends[state]]
    }

    /// The state before any byte is read.
    pub(crate) const fn start(&self) -> u16 {
        START
    }

    /// The state behind `byte`, unless nothing can come of it.
    pub(crate) fn live_after(&self, state: u16, byte: u8) -> Option<u16> {
        let steps = self.steps(state);
        steps.binary_search_by_key(&self.class(byte), |(class, _)| *class).ok().map(|step| steps[step].1)
    }

    /// Whether a shape is complete in that state.
    pub(crate) fn accepts(&self, state: u16) -> bool {
        self.accepting[usize::from(state)] != 0
    }

    /// The shapes that are complete in that state.
    pub(crate) fn accepted(&self, state: u16) -> &[u16] {
        &self.accepts[usize::from(self.accepting[usize::from(state)])]
    }

    /// The automaton as it runs.
    pub(crate) fn pack(&self) -> Result<Packed, String> {
        let states = self.ends.len();
        let mut order: Vec<u16> = (START..states as u16).collect();
        // Short rows first, close together: they are those of numbers, which most candidates are.
        order.sort_by_key(|&state| {
            let steps = self.steps(state).len();
            (steps > SHORT_ROW, std::cmp::Reverse(steps))
        });
        let mut space = Space::default();
        let mut places = vec![0; states];
        order.iter().for_each(|&state| places[usize::from(state)] = space.take(self.steps(state)));
        if space.len() >= 1 << (32 - STATE) {
            return Err("the shapes together need too large a table; make them narrower".to_owned());
        }
        let mut steps = vec![0; space.len() + self.classes.len() + 1];
        let mut accepting = vec![0; space.len()];
        for state in START..states as u16 {
            let at: usize = places[usize::from(state)];
            for &(class, next) in self.steps(state) {
                let accepts = if self.accepts(next) { ACCEPTS } else { 0 };
                let place = places[usize::from(next)] as u32;
                let class = usize::from(class) + 1;
                steps[at + class] = class as u32 | accepts | (place << STATE);
            }
            accepting[at] = self.accepting[usize::from(state)];
        }
        let classes = Box::new(self.classes.map(|class| u16::from(class) + 1));
        let start = places[usize::from(START)];
        Ok(Packed { classes, steps, start, accepting, accepts: self.accepts.clone(), states })
    }
}

impl Packed {
    #[inline]
    fn step(&self, state: usize, byte: u8) -> (u32, u32) {
        let class = self.classes[usize::from(byte)];
        (u32::from(class), self.steps[state + usize::from(class)])
    }

    /// Whether a shape can begin with these bytes. None is shorter.
    #[inline]
    pub(crate) fn begins(&self, bytes: [u8; 4]) -> bool {
        let mut state = self.start;
        let mut begins = true;
        for byte in bytes {
            // Where the step is that of another state, so are those behind it, which does no harm.
            let (class, step) = self.step(state, byte);
            begins &= step & CLASS == class;
            state = (step >> STATE) as usize;
        }
        begins
    }

    /// Whether a shape may begin with `text` and is longer.
    pub(crate) fn goes_on(&self, text: &[u8]) -> bool {
        let mut state = self.start;
        text.iter().all(|&byte| {
            let (class, step) = self.step(state, byte);
            state = (step >> STATE) as usize;
            step & CLASS == class
        })
    }

    /// Reads `text` from its start and calls `at` with the length and the list of shapes each time that some shape is
    /// complete, shortest first.
    #[inline]
    pub(crate) fn run(&self, text: &[u8], mut at: impl FnMut(usize, u16)) {
        let mut state = self.start;
        for (i, &byte) in text[..text.len().min(LONGEST_MATCH)].iter().enumerate() {
            let (class, step) = self.step(state, byte);
            if step & CLASS != class {
                return;
            }
            state = (step >> STATE) as usize;
            if step & ACCEPTS != 0 {
                at(i + 1, self.accepting[state]);
            }
        }
    }

    /// The shapes of a list, in ascending order.
    #[inline]
    pub(crate) fn shapes(&self, list: u16) -> &[u16] {
        &self.accepts[usize::from(list)]
    }

    /// All lists of shapes, by number.
    pub(crate) fn lists(&self) -> &[Vec<u16>] {
        &self.accepts
    }

    /// Bytes that the tables take.
    pub(crate) fn memory_usage(&self) -> usize {
        let listed: usize = self.accepts.iter().map(Vec::len).sum();
        4 * self.steps.len() + 2 * (self.accepting.len() + listed + self.classes.len())
    }

    pub(crate) const fn states(&self) -> usize {
        self.states
    }
}

/// Where rows lie that overlap.
#[derive(Default)]
struct Space {
    /// What steps take, a bit each.
    taken: Vec<u64>,
    /// Where rows are.
    rows: Vec<u64>,
    /// Before this, nothing is looked for.
    first_free: usize,
    /// Behind this, nothing is taken.
    end: usize,
}

impl Space {
    /// Places, from 0 on, of which those behind are free.
    fn len(&self) -> usize {
        64 * self.rows.len()
    }

    /// The place of a row with steps at the distances that are their classes, which ascend.
    fn take(&mut self, steps: &[(u8, u16)]) -> usize {
        let distances = || steps.iter().map(|(class, _)| usize::from(*class));
        let mut mask = [0u64; 4];
        distances().for_each(|distance| mask[distance / 64] |= 1 << (distance % 64));
        let words = distances().next_back().map_or(0, |last| last / 64 + 1);
        let fits = |space: &Self, at: usize| {
            space.rows[at / 64] >> (at % 64) & 1 == 0
                && (0..words).all(|word| space.taken_at(at + 64 * word) & mask[word] == 0)
        };
        let first = distances().next().unwrap_or_default();
        let mut at = self.first_free;
        let mut tries = 0;
        loop {
            self.reach(at + 64 * (mask.len() + 1));
            // The first step needs a place in any case.
            at += (!self.taken_at(at + first)).trailing_zeros() as usize;
            self.reach(at + 64 * (mask.len() + 1));
            if fits(self, at) {
                break;
            }
            tries += 1;
            if tries == MOST_TRIES {
                self.first_free += 64;
                at = self.end.max(at);
            }
            at += 1;
        }
        self.rows[at / 64] |= 1 << (at % 64);
        for distance in distances() {
            self.taken[(at + distance) / 64] |= 1 << ((at + distance) % 64);
            self.end = self.end.max(at + distance + 1);
        }
        while self.taken[self.first_free / 64] == u64::MAX {
            self.first_free += 64;
        }
        at
    }

    fn reach(&mut self, end: usize) {
        if self.taken.len() < end / 64 + 1 {
            self.taken.resize(end / 64 + 1, 0);
            self.rows.resize(end / 64 + 1, 0);
        }
    }

    /// What is taken of the 64 places from `at` on.
    fn taken_at(&self, at: usize) -> u64 {
        let (word, shift) = (at / 64, at % 64);
        self.taken[word] >> shift | (self.taken[word + 1] << 1) << (63 - shift)
    }
}

/// Steps of a row that counts as short.
const SHORT_ROW: usize = 16;
/// Places that are tried for a row before it is put at the end: a tighter table is not worth a longer start.
const MOST_TRIES: usize = 32;

/// The different sets of bytes that states read.
struct Alphabet {
    /// By set, its classes.
    sets: Vec<Vec<u8>>,
    /// By state, its set; [`NO_SET`] where it reads nothing.
    of_state: Vec<u16>,
}

const NO_SET: u16 = u16::MAX;

impl Alphabet {
    fn new(nfa: &Nfa, classes: &[u8; 256]) -> Self {
        let mut ids: HashMap<ByteSet, u16> = HashMap::new();
        let mut sets = Vec::new();
        let mut of_state = Vec::new();
        for state in &nfa.states {
            let State::Bytes(bytes, _) = state else {
                of_state.push(NO_SET);
                continue;
            };
            of_state.push(*ids.entry(*bytes).or_insert_with(|| {
                let read = (0..=255u8).filter(|&byte| bytes.contains(byte));
                let mut own: Vec<u8> = read.map(|byte| classes[usize::from(byte)]).collect();
                own.sort_unstable();
                own.dedup();
                sets.push(own);
                sets.len() as u16 - 1
            }));
        }
        Self { sets, of_state }
    }
}

/// Classes in groups: those that the same ones of some sets have.
struct Groups {
    /// By class.
    of_class: Vec<u16>,
    /// A bit for each class that one of the sets has.
    classes: [u64; 4],
    /// By group, the one that it was split from, and by which set.
    origins: Vec<(u16, u16)>,
    /// The sets so far.
    sets: Vec<u16>,
    /// By set, where the states lead that read it.
    behind: Vec<Vec<u32>>,
}

/// The group of classes that no set has.
const NO_GROUP: u16 = 0;

impl Groups {
    fn new(sets: usize, classes: usize) -> Self {
        Self {
            of_class: vec![NO_GROUP; classes],
            classes: [0; 4],
            origins: vec![(NO_GROUP, NO_SET)],
            sets: Vec::new(),
            behind: vec![Vec::new(); sets],
        }
    }

    fn clear(&mut self) {
        self.of_class.fill(NO_GROUP);
        self.classes = [0; 4];
        self.origins.truncate(1);
        self.sets.drain(..).for_each(|set| self.behind[usize::from(set)].clear());
    }

    /// Tells classes that the set has from those that it does not have. A state that reads it leads to `then`.
    fn add(&mut self, set: u16, then: u32, alphabet: &Alphabet) {
        let behind = &mut self.behind[usize::from(set)];
        behind.push(then);
        if behind.len() > 1 {
            return;
        }
        self.sets.push(set);
        let first = self.origins.len();
        for &class in &alphabet.sets[usize::from(set)] {
            self.classes[usize::from(class / 64)] |= 1 << (class % 64);
            let group = &mut self.of_class[usize::from(class)];
            let known = self.origins[first..].iter().position(|&(from, _)| from == *group);
            let split = known.map_or(self.origins.len(), |known| first + known);
            if known.is_none() {
                self.origins.push((*group, set));
            }
            *group = split as u16;
        }
    }

    /// The classes that one of the sets has, in order.
    fn classes(&self) -> impl Iterator<Item = u8> {
        [0, 64, 128, 192].into_iter().zip(self.classes).flat_map(|(first, bits)| {
            let rest = std::iter::successors(Some(bits), |bits| Some(bits & bits.wrapping_sub(1)));
            rest.take_while(|bits| *bits != 0).map(move |bits| first + bits.trailing_zeros() as u8)
        })
    }

    /// Where those states lead that read the classes of a group.
    fn behind(&self, group: u16) -> impl Iterator<Item = &u32> {
        let origin = |group: u16| self.origins[usize::from(group)];
        let splits = std::iter::successors(Some(group), move |&group| Some(origin(group).0));
        let sets = splits.take_while(|&group| group != NO_GROUP).map(move |group| origin(group).1);
        sets.flat_map(|set| &self.behind[usize::from(set)])
    }
}

/// A set of states that is being put together.
struct Union {
    states: Vec<u32>,
    /// By state, the last round in which it was added.
    rounds: Vec<u32>,
    round: u32,
    /// Does not depend on the order of the states.
    hash: u64,
}

impl Union {
    fn new(states: usize) -> Self {
        Self { states: Vec::new(), rounds: vec![0; states], round: 0, hash: 0 }
    }

    fn clear(&mut self) {
        self.states.clear();
        self.round += 1;
        self.hash = 0;
    }

    fn add(&mut self, state: u32) {
        if std::mem::replace(&mut self.rounds[state as usize], self.round) != self.round {
            self.states.push(state);
            let mixed = u64::from(state + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            self.hash = self.hash.wrapping_add((mixed ^ mixed >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93));
        }
    }

    fn equals(&self, states: &[u32]) -> bool {
        self.states.len() == states.len()
            && states.iter().all(|&state| self.rounds[state as usize] == self.round)
    }
}

/// The sets of states that are the states of the automaton.
struct Sets {
    all: Vec<Vec<u32>>,
    by_hash: HashMap<u64, u16, BuildHasherDefault<NumberHasher>>,
}

impl Sets {
    /// The number of a set, which is added where it is new.
    fn number(&mut self, set: &Union) -> u16 {
        let mut hash = set.hash;
        while let Some(&known) = self.by_hash.get(&hash) {
            if set.equals(&self.all[usize::from(known)]) {
                return known;
            }
            // Another set has this hash.
            hash = hash.wrapping_add(1);
        }
        let number = self.all.len() as u16;
        self.by_hash.insert(hash, number);
        self.all.push(set.states.clone());
        number
    }
}

#[derive(Default)]
struct Nfa {
    states: Vec<State>,
}

enum State {
    Bytes(ByteSet, u32),
    Split(Vec<u32>),
    /// The shapes that end, by number.
    Accept(Vec<u16>),
}

impl Nfa {
    fn add(&mut self, state: State) -> u32 {
        self.states.push(state);
        (self.states.len() - 1) as u32
    }

    /// Adds what reads `node` and goes on at `then`; returns where it begins.
    fn build(&mut self, node: &Node, then: u32) -> u32 {
        match node {
            Node::Bytes(set) => self.add(State::Bytes(*set, then)),
            Node::Sequence(nodes) => nodes.iter().rev().fold(then, |then, node| self.build(node, then)),
            Node::Either(nodes) => {
                let starts = nodes.iter().map(|node| self.build(node, then)).collect();
                self.add(State::Split(starts))
            }
            Node::Repeat { node, min, max } => {
                let mut start = match max {
                    Some(max) => (*min..*max).fold(then, |rest, _| {
                        let once = self.build(node, rest);
                        self.add(State::Split(vec![once, then]))
                    }),
                    None => {
                        let again = self.add(State::Split(vec![then]));
                        let once = self.build(node, again);
                        self.states[again as usize] = State::Split(vec![once, then]);
                        again
                    }
                };
                for _ in 0..*min {
                    start = self.build(node, start);
                }
                start
            }
        }
    }

    /// By state, the states that read or accept which are reached from it without reading.
    fn closures(&self) -> Vec<Vec<u32>> {
        let mut union = Union::new(self.states.len());
        let mut seen = Union::new(self.states.len());
        let closure = |state: u32| {
            union.clear();
            seen.clear();
            seen.add(state);
            let mut next = 0;
            while let Some(&state) = seen.states.get(next) {
                match &self.states[state as usize] {
                    State::Split(targets) => targets.iter().for_each(|&target| seen.add(target)),
                    State::Bytes(..) | State::Accept(_) => union.add(state),
                }
                next += 1;
            }
            union.states.clone()
        };
        (0..self.states.len() as u32).map(closure).collect()
    }

    /// Where a state goes on that reads a byte.
    fn then(&self, state: u32) -> Option<u32> {
        match self.states[state as usize] {
            State::Bytes(_, then) => Some(then),
            State::Split(_) | State::Accept(_) => None,
        }
    }

    fn accepted(&self, set: &[u32]) -> Vec<u16> {
        let mut shapes: Vec<u16> = set
            .iter()
            .flat_map(|&state| match &self.states[state as usize] {
                State::Accept(shapes) => &shapes[..],
                _ => &[],
            })
            .copied()
            .collect();
        shapes.sort_unstable();
        shapes.dedup();
        shapes
    }
}

/// Bytes that no set tells apart get the same class.
fn byte_classes(nfa: &Nfa) -> Box<[u8; 256]> {
    let sets = nfa.states.iter().filter_map(|state| match state {
        State::Bytes(set, _) => Some(*set),
        State::Split(_) | State::Accept(_) => None,
    });
    let sets: HashSet<ByteSet> = sets.collect();
    let mut signatures: HashMap<Vec<bool>, u8> = HashMap::new();
    let mut classes = Box::new([0; 256]);
    for byte in 0..=255u8 {
        let signature = sets.iter().map(|set| set.contains(byte)).collect();
        let fresh = signatures.len() as u8;
        classes[usize::from(byte)] = *signatures.entry(signature).or_insert(fresh);
    }
    classes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn packing_changes_nothing(text in proptest::collection::vec(any::<u8>(), 4..40), plain in "[0-9A-Fa-fv. -]{4,40}") {
            let patterns = ["9{4}", "9999A", "LL99( ?X{4}){2,7}( ?X{1,3})?", "(AA|99)-[0-35]{2}", r"\e\y\JX{2,}.X{2,}"];
            let shapes: Vec<Shape> = patterns.iter().map(|p| Shape::parse(p).unwrap()).collect();
            let automaton = Automaton::compile(&shapes.iter().zip(0..).collect::<Vec<_>>()).unwrap();
            let packed = automaton.pack().unwrap();
            for text in [&text[..], plain.as_bytes()] {
                let mut expected = Vec::new();
                let mut state = Some(START);
                for (i, &byte) in text.iter().enumerate() {
                    state = state.and_then(|state| automaton.live_after(state, byte));
                    if i == 3 {
                        prop_assert_eq!(packed.begins(*text.first_chunk().unwrap()), state.is_some());
                    }
                    if let Some(state) = state.filter(|&state| automaton.accepts(state)) {
                        let accept = automaton.accepting[usize::from(state)];
                        expected.push((i + 1, automaton.accepts[usize::from(accept)].clone()));
                    }
                }
                let mut found = Vec::new();
                packed.run(text, |length, list| found.push((length, packed.shapes(list).to_vec())));
                prop_assert_eq!(found, expected);
            }
        }
    }

    fn ends(patterns: &[&str], text: &str) -> Vec<(usize, Vec<u16>)> {
        let shapes: Vec<Shape> = patterns.iter().map(|p| Shape::parse(p).unwrap()).collect();
        let numbered: Vec<_> = shapes.iter().zip(0..).collect();
        let automaton = Automaton::compile(&numbered).unwrap().pack().unwrap();
        let mut found = Vec::new();
        automaton.run(text.as_bytes(), |end, list| found.push((end, automaton.shapes(list).to_vec())));
        found
    }

    #[test]
    fn names_every_shape_that_ends() {
        assert_eq!(ends(&["9{4}", "9999A", "9{2,5}99"], "1234A"), [(4, vec![0, 2]), (5, vec![1])]);
        assert_eq!(ends(&["999-99-9999"], "123-45-6789x"), [(11, vec![0])]);
        assert_eq!(ends(&["999-99-9999"], "123-4x-6789"), []);
    }

    #[test]
    fn reads_optional_parts_alternatives_and_open_ends() {
        let iban = "LL99( ?X{4}){2,7}( ?X{1,3})?";
        assert_eq!(ends(&[iban], "DE89 3704 0044 0532 0130 00").last(), Some(&(27, vec![0])));
        assert_eq!(ends(&[r"\e\y\JX{2,}.X{2,}"], "eyJhb.xyz"), [(8, vec![0]), (9, vec![0])]);
        assert_eq!(ends(&["(AA|99)-[0-35]{2}"], "AB-05"), [(5, vec![0])]);
        assert_eq!(ends(&["(AA|99)-[0-35]{2}"], "AB-04"), []);
    }

    #[test]
    fn an_open_end_stops_at_the_longest_match() {
        let text = "1".repeat(LONGEST_MATCH + 50);
        assert_eq!(ends(&["9{4,}"], &text).last().unwrap().0, LONGEST_MATCH);
    }

    #[test]
    fn shapes_that_explode_are_refused() {
        // (a|b)*a(a|b){n} needs 2^n states.
        let shape = Shape::parse("[ab]{0,}\\a[ab]{20}").unwrap();
        assert!(Automaton::compile(&[(&shape, 0)]).unwrap_err().contains("states"));
    }
}
