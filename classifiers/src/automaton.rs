//! All shapes of all detectors as one deterministic automaton.
//!
//! Started where a value can begin, it reads each byte once and names every shape that ends there, so its cost does
//! not depend on the number of detectors. A general regex engine does the same after a search; here there is none:
//! starts come from the candidate pass, and [`crate::gate`] turns most of them away.
//! Rejected: one lookup per detector (cost grows with their number), hashing whole runs by group lengths (does not
//! express letters at fixed places, optional separators or open ends).

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use domesday_model::NumberHasher;

use crate::shape::{ByteSet, Node, Shape};

/// A value never reaches further than this. Also the right context that a window must have.
pub const LONGEST_MATCH: usize = 4096;

/// The compiled automaton. State 0 is dead, state 1 the start.
#[derive(Debug)]
pub(crate) struct Automaton {
    classes: Box<[u8; 256]>,
    /// log2 of the row length.
    shift: u32,
    next: Vec<u16>,
    /// States from this one on are accepting.
    first_accepting: u16,
    /// Per accepting state, an index into `accepts`.
    accepting: Vec<u16>,
    accepts: Vec<Vec<u16>>,
}

const DEAD: u16 = 0;
const START: u16 = 1;
/// Bounds the table at a few MB; the built-in shapes need far less.
const MOST_STATES: usize = 40_000;

impl Automaton {
    /// Compiles the shapes. Accepting states name them by their number.
    pub(crate) fn compile(shapes: &[(&Shape, u16)]) -> Result<Self, String> {
        let mut nfa = Nfa::default();
        let roots: Vec<u32> = shapes
            .iter()
            .map(|&(shape, number)| {
                let accept = nfa.add(State::Accept(number));
                nfa.build(shape.root(), accept)
            })
            .collect();
        let classes = byte_classes(&nfa);
        let class_count = usize::from(*classes.iter().max().expect("256 bytes")) + 1;
        let mut automaton = Self {
            shift: class_count.next_power_of_two().trailing_zeros(),
            classes,
            next: Vec::new(),
            first_accepting: 0,
            accepting: Vec::new(),
            accepts: vec![Vec::new()],
        };
        automaton.determinise(&nfa, &roots, class_count)?;
        automaton.minimise();
        automaton.put_accepting_last();
        Ok(automaton)
    }

    fn determinise(&mut self, nfa: &Nfa, roots: &[u32], class_count: usize) -> Result<(), String> {
        let sample: Vec<u8> = (0..class_count)
            .map(|class| {
                (0..=255).find(|&b| usize::from(self.classes[usize::from(b)]) == class).expect("not empty")
            })
            .collect();
        let mut seen = Seen::default();
        let mut ids: HashMap<Vec<u32>, u16, BuildHasherDefault<NumberHasher>> =
            HashMap::with_capacity_and_hasher(1 << 13, BuildHasherDefault::default());
        let mut sets: Vec<Vec<u32>> = vec![Vec::new(), nfa.closure(roots.iter().copied(), &mut seen)];
        // Without any shape the start is as dead as the rest.
        ids.insert(sets[1].clone(), START);
        ids.insert(Vec::new(), DEAD);
        let mut done = 0;
        while done < sets.len() {
            let set = sets[done].clone();
            let row = self.next.len();
            self.next.resize(row + (1 << self.shift), DEAD);
            let steps: Vec<(&ByteSet, u32)> = set.iter().filter_map(|&state| nfa.steps(state)).collect();
            for (class, &byte) in sample.iter().enumerate() {
                let mut read =
                    steps.iter().filter(|(bytes, _)| bytes.contains(byte)).map(|(_, then)| *then).peekable();
                if read.peek().is_none() {
                    continue;
                }
                let target = nfa.closure(read, &mut seen);
                let fresh = sets.len();
                let id = *ids.entry(target).or_insert_with_key(|target| {
                    sets.push(target.clone());
                    fresh as u16
                });
                self.next[row + class] = id;
            }
            if sets.len() > MOST_STATES {
                return Err(format!(
                    "the shapes together need more than {MOST_STATES} states; make them narrower"
                ));
            }
            let accept = self.accept_index(nfa.accepted(&set));
            self.accepting.push(accept);
            done += 1;
        }
        Ok(())
    }

    /// Merges states that nothing tells apart (Moore's algorithm): a smaller table stays in a nearer cache.
    fn minimise(&mut self) {
        let row = 1 << self.shift;
        // The start keeps a block of its own, also where it is as dead as the rest.
        let mut blocks: Vec<u16> = self.accepting.iter().map(|accept| accept + 1).collect();
        blocks[usize::from(START)] = 0;
        // Most of a row is dead.
        let edges: Vec<Vec<(u16, u16)>> = { self.next.chunks(row) }
            .map(|targets| (0..).zip(targets.iter().copied()).filter(|edge| edge.1 != DEAD).collect())
            .collect();
        let mut count = 0;
        loop {
            // States are numbered in the order in which they are reached, so dead and start keep their places.
            let mut groups = Groups::new(edges.len());
            let signature = |state: usize| {
                let edge = |&(class, target): &(u16, u16)| [class, blocks[usize::from(target)]];
                std::iter::once(blocks[state]).chain(edges[state].iter().flat_map(edge))
            };
            blocks = (0..edges.len()).map(|state| groups.of(state, signature)).collect();
            if groups.first.len() == count {
                break;
            }
            count = groups.first.len();
        }
        let mut next = vec![DEAD; count * row];
        let mut accepting = vec![0; count];
        for (state, &block) in blocks.iter().enumerate() {
            let block = usize::from(block);
            accepting[block] = self.accepting[state];
            for class in 0..row {
                next[block * row + class] = blocks[usize::from(self.next[state * row + class])];
            }
        }
        (self.next, self.accepting) = (next, accepting);
    }

    /// Renumbers the states, so that one comparison tells the accepting ones. Only states behind the start accept.
    fn put_accepting_last(&mut self) {
        let states = self.accepting.len();
        let mut order: Vec<usize> = (0..states).collect();
        order.sort_by_key(|&state| self.accepting[state] != 0);
        let mut renumbered = vec![0u16; states];
        order.iter().enumerate().for_each(|(new, &old)| renumbered[old] = new as u16);
        let row = 1 << self.shift;
        self.next = { order.iter() }
            .flat_map(|&old| &self.next[old * row..(old + 1) * row])
            .map(|&target| renumbered[usize::from(target)])
            .collect();
        self.first_accepting = self.accepting.iter().filter(|&&accept| accept == 0).count() as u16;
        self.accepting =
            { order[usize::from(self.first_accepting)..].iter() }.map(|&old| self.accepting[old]).collect();
    }

    fn accept_index(&mut self, shapes: Vec<u16>) -> u16 {
        self.accepts.iter().position(|known| *known == shapes).unwrap_or_else(|| {
            self.accepts.push(shapes);
            self.accepts.len() - 1
        }) as u16
    }

    #[inline]
    fn after(&self, state: u16, class: usize) -> u16 {
        self.next[(usize::from(state) << self.shift) + class]
    }

    #[inline]
    fn class(&self, byte: u8) -> usize {
        usize::from(self.classes[usize::from(byte)])
    }

    #[inline]
    fn step(&self, state: u16, byte: u8) -> u16 {
        self.after(state, self.class(byte))
    }

    /// The state before any byte is read.
    pub(crate) const fn start(&self) -> u16 {
        START
    }

    /// The state behind `byte`, unless nothing can come of it.
    pub(crate) fn live_after(&self, state: u16, byte: u8) -> Option<u16> {
        Some(self.step(state, byte)).filter(|&next| next != DEAD)
    }

    /// Whether a shape is complete in that state.
    pub(crate) const fn accepts(&self, state: u16) -> bool {
        state >= self.first_accepting
    }

    /// Whether a shape can begin with these bytes. None is shorter.
    #[inline]
    pub(crate) fn begins(&self, bytes: [u8; 4]) -> bool {
        bytes.into_iter().fold(START, |state, byte| self.step(state, byte)) != DEAD
    }

    /// Reads `text` from its start and calls `at` with the length and the shapes each time that some shape is
    /// complete, shortest first.
    #[inline]
    pub(crate) fn run(&self, text: &[u8], mut at: impl FnMut(usize, &[u16])) {
        let mut state = START;
        for (i, &byte) in text[..text.len().min(LONGEST_MATCH)].iter().enumerate() {
            state = self.step(state, byte);
            if state == DEAD {
                return;
            }
            if state >= self.first_accepting {
                let accept = self.accepting[usize::from(state - self.first_accepting)];
                at(i + 1, &self.accepts[usize::from(accept)]);
            }
        }
    }

    /// Bytes that the tables take.
    pub(crate) fn memory_usage(&self) -> usize {
        self.next.len() * 2 + self.accepting.len() * 2 + 256
    }

    pub(crate) fn states(&self) -> usize {
        self.next.len() >> self.shift
    }
}

/// States that have one signature, numbered in the order in which the first of each comes.
struct Groups {
    /// By the hash of a signature.
    ids: HashMap<u64, u16, BuildHasherDefault<NumberHasher>>,
    first: Vec<usize>,
}

impl Groups {
    fn new(states: usize) -> Self {
        Self {
            ids: HashMap::with_capacity_and_hasher(states, BuildHasherDefault::default()),
            first: Vec::new(),
        }
    }

    fn of<I: Iterator<Item = u16>>(&mut self, state: usize, signature: impl Fn(usize) -> I) -> u16 {
        let mix =
            |hash: u64, part| (hash.rotate_left(23) ^ u64::from(part)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut hash = signature(state).fold(0, mix);
        loop {
            match self.ids.get(&hash) {
                Some(&id) if signature(self.first[usize::from(id)]).eq(signature(state)) => return id,
                // Another signature has this hash.
                Some(_) => hash = hash.wrapping_add(1),
                None => break,
            }
        }
        let id = self.first.len() as u16;
        self.first.push(state);
        self.ids.insert(hash, id);
        id
    }
}

/// A set of states that is emptied by counting on.
#[derive(Default)]
struct Seen {
    rounds: Vec<u32>,
    round: u32,
}

impl Seen {
    fn clear(&mut self, states: usize) {
        self.rounds.resize(states, 0);
        self.round += 1;
    }

    /// Whether the state is new.
    fn add(&mut self, state: u32) -> bool {
        std::mem::replace(&mut self.rounds[state as usize], self.round) != self.round
    }
}

#[derive(Default)]
struct Nfa {
    states: Vec<State>,
}

enum State {
    Bytes(ByteSet, u32),
    Split(Vec<u32>),
    Accept(u16),
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

    /// The byte and accept states that are reached from some without reading, sorted.
    fn closure(&self, from: impl Iterator<Item = u32>, seen: &mut Seen) -> Vec<u32> {
        let mut pending: Vec<u32> = from.collect();
        let mut reached = Vec::new();
        seen.clear(self.states.len());
        while let Some(state) = pending.pop() {
            if !seen.add(state) {
                continue;
            }
            match &self.states[state as usize] {
                State::Split(targets) => pending.extend(targets),
                State::Bytes(..) | State::Accept(_) => reached.push(state),
            }
        }
        reached.sort_unstable();
        reached
    }

    /// What a state reads, and where it then goes on.
    fn steps(&self, state: u32) -> Option<(&ByteSet, u32)> {
        match &self.states[state as usize] {
            State::Bytes(set, then) => Some((set, *then)),
            _ => None,
        }
    }

    fn accepted(&self, set: &[u32]) -> Vec<u16> {
        let mut shapes: Vec<u16> = set
            .iter()
            .filter_map(|&state| match self.states[state as usize] {
                State::Accept(shape) => Some(shape),
                _ => None,
            })
            .collect();
        shapes.sort_unstable();
        shapes.dedup();
        shapes
    }
}

/// Bytes that no set tells apart get the same class.
fn byte_classes(nfa: &Nfa) -> Box<[u8; 256]> {
    let mut sets: Vec<ByteSet> = Vec::new();
    for state in &nfa.states {
        if let State::Bytes(set, _) = state
            && !sets.contains(set)
        {
            sets.push(*set);
        }
    }
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
    use super::*;

    fn ends(patterns: &[&str], text: &str) -> Vec<(usize, Vec<u16>)> {
        let shapes: Vec<Shape> = patterns.iter().map(|p| Shape::parse(p).unwrap()).collect();
        let numbered: Vec<_> = shapes.iter().zip(0..).collect();
        let automaton = Automaton::compile(&numbered).unwrap();
        let mut found = Vec::new();
        automaton.run(text.as_bytes(), |end, shapes| found.push((end, shapes.to_vec())));
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
