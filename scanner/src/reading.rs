//! One reading of an object: its windows become occurrences, here or at the hands of workers who are free.

use std::cell::Cell;
use std::collections::VecDeque;
use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use domesday_classifiers::{Carry, Classifier, ColumnContext, Found, Hear, Scratch};
use domesday_formats::Target;
use domesday_model::{ColumnIx, Fact, FactKind, ObjectRules, Sensitive, Sink, SinkError, Takes, Window};

use crate::columns::{Columns, Person};
use crate::crew::{Hand, Part};
use crate::object::ScanOptions;
use crate::probe::{KnownPaths, Probe};
use crate::progress::Progress;
use crate::telling::{Hearing, Teller, Waiting};

/// Objects with more columns are matched by one worker: each part has counters for all of them.
const MOST_COLUMNS: usize = 2000;

/// Why reading was broken off.
pub(crate) enum Ended {
    Late,
    Stopped,
    /// Matching has panicked, in a window for which so many bytes had been read.
    Failed(u64),
    Sink(SinkError),
}

/// Receives an object's windows and turns them into occurrences.
pub(crate) struct Reading<'a> {
    pub(crate) classifier: &'a Classifier,
    pub(crate) options: &'a ScanOptions,
    pub(crate) progress: &'a Progress,
    /// Hears of occurrences, unless they were counted in an earlier reading.
    pub(crate) counted: Option<&'a Progress>,
    pub(crate) scratch: &'a mut Scratch,
    pub(crate) paths: &'a mut KnownPaths,
    /// The path of the object, and the rules that hold there.
    pub(crate) path: &'a str,
    pub(crate) rules: ObjectRules<'a>,
    pub(crate) sink: &'a mut dyn Sink,
    pub(crate) columns: Columns,
    pub(crate) waiting: &'a mut Waiting,
    pub(crate) carries: [Carry; 4],
    /// Bytes read of the object.
    pub(crate) bytes: &'a Cell<u64>,
    pub(crate) deadline: Instant,
    pub(crate) parts: Parts<'a>,
    pub(crate) ended: Option<Ended>,
}

/// The parts of an object that are matched ahead of others.
pub(crate) struct Parts<'a> {
    hand: Option<&'a Hand<'a>>,
    reading: u64,
    /// Is being filled.
    open: Option<Box<Part>>,
    /// Those handed out that have not been told, in order; `Some` when they have come back.
    out: VecDeque<Option<Box<Part>>>,
    /// The number of the first of them.
    first: usize,
    /// A window has been seen: most objects have no other.
    begun: bool,
    /// Windows that follow have no cell in the sample of their columns.
    behind_sample: bool,
}

impl<'a> Parts<'a> {
    /// Those of a new reading; none are handed out without a hand.
    pub(crate) fn new(hand: Option<&'a Hand<'a>>) -> Self {
        Self {
            hand,
            reading: hand.map_or(0, Hand::reading),
            open: None,
            out: VecDeque::new(),
            first: 0,
            begun: false,
            behind_sample: false,
        }
    }

    /// Takes a part that has come back.
    fn take(&mut self, part: Box<Part>) {
        if part.reading == self.reading {
            let place = part.number - self.first;
            self.out[place] = Some(part);
        } else if let Some(hand) = self.hand {
            // Of a reading that was given up.
            hand.give_back(part);
        }
    }

    /// The next part to be told, if it has come back.
    fn next(&mut self) -> Option<Box<Part>> {
        let next = self.out.front_mut()?.take()?;
        self.out.pop_front();
        self.first += 1;
        Some(next)
    }
}

impl Reading<'_> {
    /// Nothing follows: tells all that is still to be told.
    pub(crate) fn finish(&mut self) {
        if !self.is_void() {
            self.hand_out();
        }
        self.collect();
        self.decide();
    }

    /// Decides on the columns, if that has not been done, and tells what waited for it.
    fn decide(&mut self) {
        if self.columns.decided || self.is_void() {
            return;
        }
        self.columns.decided = true;
        self.classifier.decide(&mut self.columns.contexts);
        let Self { classifier, options, rules, sink, columns, waiting, scratch, .. } = self;
        let mut teller = Teller::new(classifier, options, rules, &mut **sink, &columns.paths);
        let flow = waiting.tell(&columns.contexts, scratch, &mut teller);
        let reported = teller.reported;
        self.told(flow, reported);
    }

    /// Nothing more is told.
    fn is_void(&self) -> bool {
        matches!(self.ended, Some(Ended::Sink(_) | Ended::Stopped | Ended::Failed(_)))
    }

    fn told(&mut self, flow: ControlFlow<SinkError>, reported: u64) {
        if let Some(progress) = self.counted {
            progress.add_occurrences(reported);
        }
        if let ControlFlow::Break(error) = flow {
            self.ended = Some(Ended::Sink(error));
        }
    }

    /// Matches a window behind all that has been told.
    fn read(&mut self, window: &Window<'_>) {
        let Self { classifier, options, rules, scratch, sink, columns, waiting, .. } = self;
        let Columns { contexts, paths, .. } = columns;
        let teller = Teller::new(classifier, options, rules, &mut **sink, paths);
        let mut hearing = Hearing::new(window, teller, waiting);
        let carry = &mut self.carries[window.offsets.sequence()];
        let flow = classifier.scan_table(window, contexts, carry, scratch, &mut hearing);
        let reported = hearing.teller.reported;
        self.told(flow, reported);
        if self.waiting.is_full() {
            self.columns.left_sample = true;
            self.decide();
        }
    }

    /// A part to be filled, where other workers have nothing to do. Otherwise all that was handed out has been told.
    fn share(&mut self) -> Option<Box<Part>> {
        let hand = self.parts.hand?;
        let is_apt = match self.columns.contexts.len() {
            0 => true,
            1..=MOST_COLUMNS => self.columns.decided && self.parts.behind_sample,
            _ => false,
        };
        while is_apt && self.parts.begun && hand.is_free() && self.ended.is_none() {
            self.tell_returned(hand);
            let spare = hand.spare();
            if spare.is_some() {
                return spare;
            }
            if self.parts.out.is_empty() {
                break;
            }
            self.work_or_wait(hand);
        }
        self.collect();
        None
    }

    /// Hands out the part that is being filled.
    fn hand_out(&mut self) {
        let (Some(hand), Some(mut part)) = (self.parts.hand, self.parts.open.take()) else { return };
        part.number = self.parts.first + self.parts.out.len();
        part.prepare(self.parts.reading, self.path, &self.columns.contexts);
        part.heard.in_order = self.sink.takes() == Takes::InOrder;
        self.parts.out.push_back(None);
        hand.hand_out(part);
    }

    /// Tells the full names that are keys of columns, which a window is the first to have.
    fn tell_people(&mut self, window: &Window<'_>) {
        if self.is_void() {
            return;
        }
        let Self { classifier, options, rules, sink, columns, waiting, .. } = self;
        let place = |person: Person| (key_in(window, &person), person);
        let mut people: Vec<_> = columns.people.drain(..).map(place).collect();
        people.sort_by_key(|(place, _)| place.start);
        // Of one key in several places the first is found.
        people.dedup_by(|(place, person), (before, other)| place == before && person.value == other.value);
        let teller = Teller::new(classifier, options, rules, &mut **sink, &columns.paths);
        let mut hearing = Hearing::new(window, teller, waiting);
        let told = people.iter().try_for_each(|(place, person)| {
            hearing.found(&Found {
                detector: person.detector,
                start: place.start,
                end: place.end,
                cell: None,
                confidence: person.confidence,
                evidence: &[Fact::plain(FactKind::WordList)],
                alternatives: &[],
                value: Sensitive::new(person.value.as_bytes()),
            })
        });
        let reported = hearing.teller.reported;
        self.told(told, reported);
    }

    /// Whether the part that is being filled is as long as a window. Texts of many short windows have much around them.
    fn is_full(&self) -> bool {
        let limits = &self.options.limits;
        self.parts.open.as_ref().is_some_and(|part| {
            part.windows.own_bytes() >= limits.window_bytes
                || part.windows.text_bytes() >= 2 * (limits.left + limits.window_bytes + limits.right)
        })
    }

    /// Waits for all parts that were handed out, and tells them.
    fn collect(&mut self) {
        let Some(hand) = self.parts.hand else { return };
        if let Some(part) = self.parts.open.take() {
            hand.give_back(part);
        }
        loop {
            self.tell_returned(hand);
            if self.parts.out.is_empty() {
                return;
            }
            self.work_or_wait(hand);
        }
    }

    /// Matches a part of the queue, whoever it came from. When there is none, those of this object are with others, who
    /// wait for nobody.
    fn work_or_wait(&mut self, hand: &Hand<'_>) {
        if let Some(part) = hand.next_part() {
            part.work((self.classifier, self.options), self.scratch, self.waiting);
        } else if let Some(part) = hand.wait() {
            self.parts.take(part);
        }
    }

    /// Tells the parts that have come back, up to the first that has not.
    fn tell_returned(&mut self, hand: &Hand<'_>) {
        while let Some(part) = hand.returned() {
            self.parts.take(part);
        }
        while let Some(mut part) = self.parts.next() {
            if !self.is_void() {
                self.tell(&mut part);
            }
            hand.give_back(part);
        }
    }

    /// Tells what was found in a part, behind all parts before it.
    fn tell(&mut self, part: &mut Part) {
        let mut columns = self.columns.contexts.iter().zip(&part.columns);
        if part.failed || !columns.all(|(column, fork)| column.can_absorb(fork)) {
            return self.read_in_order(part);
        }
        let columns = self.columns.contexts.iter_mut().zip(&part.columns);
        columns.for_each(|(column, fork)| column.absorb(fork));
        let Part { windows, columns, matched, heard, .. } = part;
        let mut first = 0;
        for (window, matched) in windows.iter().zip(matched) {
            if self.is_void() {
                return;
            }
            let sequence = window.offsets.sequence();
            let mut from = 0;
            if self.carries[sequence] == matched.before {
                self.carries[sequence] = matched.after;
            } else if matched.settled <= window.own.end {
                self.read_again(&window, matched.settled, columns);
                self.carries[sequence] = matched.after;
                from = window.offsets.locate(window.offsets.origin(), matched.settled).source;
            } else {
                self.read_again(&window, window.own.end, columns);
                from = u64::MAX;
            }
            if self.is_void() {
                return;
            }
            let known = (self.classifier, &self.columns.paths[..]);
            let (flow, reported) = heard.tell(first..matched.heard, from, known, self.sink);
            first = matched.heard;
            self.told(flow, reported);
        }
    }

    /// Matches the windows of a part as if it had not been one.
    fn read_in_order(&mut self, part: &Part) {
        for window in part.windows.iter() {
            if catch_unwind(AssertUnwindSafe(|| self.read(&window))).is_err() {
                // It may be in any state.
                *self.scratch = Scratch::default();
                self.ended = Some(Ended::Failed(part.bytes));
            }
            if self.is_void() {
                return;
            }
        }
    }

    /// Matches a window again up to `end`, now that it is known how far values of the one before reach into it. What
    /// `columns` counts meanwhile is void.
    fn read_again(&mut self, window: &Window<'_>, end: usize, columns: &mut [ColumnContext]) {
        let window = Window { own: window.own.start..end, ..window.clone() };
        let Self { classifier, options, rules, scratch, sink, waiting, .. } = self;
        let teller = Teller::new(classifier, options, rules, &mut **sink, &self.columns.paths);
        let mut hearing = Hearing::new(&window, teller, waiting);
        let carry = &mut self.carries[window.offsets.sequence()];
        let flow = classifier.scan_table(&window, columns, carry, scratch, &mut hearing);
        let reported = hearing.teller.reported;
        self.told(flow, reported);
    }
}

/// Where the name of somebody stands in a window that has it in a key, as it is or with the escapes of a format. Where it is written
/// in yet another way, the beginning of the window.
fn key_in(window: &Window<'_>, person: &Person) -> Range<usize> {
    let Person { key, place, .. } = person;
    let escaped = |hex: fn(u32) -> String| {
        let escaped = |c: char| if c.is_ascii() { c.to_string() } else { hex(u32::from(c)) };
        key.chars().map(escaped).collect::<String>()
    };
    let spellings = [
        (key.clone(), place.clone()),
        (person.value.clone(), 0..0),
        (escaped(|c| format!("\\u{c:04x}")), 0..0),
        (escaped(|c| format!("\\u{c:04X}")), 0..0),
    ];
    let Window { text, own, .. } = window;
    let found = spellings.into_iter().find_map(|(spelling, place)| {
        let spelling = spelling.as_bytes();
        // The column may appear with its first value, or with the line that names all of them.
        let within = || memchr::memmem::find(&text[own.clone()], spelling).map(|at| own.start + at);
        let before = || memchr::memmem::rfind(&text[..own.end], spelling);
        let behind = || memchr::memmem::find(&text[own.start..], spelling).map(|at| own.start + at);
        let at = within().or_else(before).or_else(behind)?;
        let place = if place.is_empty() { 0..spelling.len() } else { place };
        Some(at + place.start..at + place.end)
    });
    found.unwrap_or(window.own.start..window.own.start)
}

impl Target for Reading<'_> {
    fn column(&mut self, ix: ColumnIx, path: &str, table: usize) {
        debug_assert_eq!(ix.0 as usize, self.columns.paths.len());
        let Self { classifier, scratch, columns, paths, .. } = self;
        let threshold = self.options.min_confidence;
        columns.add(&mut Probe { classifier, threshold, scratch, paths }, path, table);
    }

    fn is_full_name(&self, words: &[&str]) -> bool {
        self.classifier.full_name(words).is_some_and(|(_, count)| count == words.len())
    }

    fn names_values(&self, label: &str) -> bool {
        self.classifier.column(label).names_values()
    }

    fn window(&mut self, window: &Window<'_>) -> ControlFlow<()> {
        if self.progress.is_stopped() {
            self.ended = Some(Ended::Stopped);
            return ControlFlow::Break(());
        }
        // The windows of escaped cells follow the one that holds them: they go where it goes, and may be in the sample yet.
        if window.offsets.sequence().is_multiple_of(2) {
            if Instant::now() > self.deadline {
                self.ended = Some(Ended::Late);
                return ControlFlow::Break(());
            }
            if !self.columns.people.is_empty() {
                self.hand_out();
                self.collect();
                self.tell_people(window);
            }
            if window.sample_end().is_some() {
                self.columns.left_sample = true;
                self.decide();
                self.parts.behind_sample = true;
            }
            if self.is_full() {
                self.hand_out();
            }
            if self.parts.open.is_none() {
                self.parts.open = self.share();
            }
        }
        self.parts.begun = true;
        match &mut self.parts.open {
            Some(part) => {
                part.bytes = self.bytes.get();
                part.windows.push(window);
            }
            None if self.ended.is_none() => self.read(window),
            None => (),
        }
        match self.ended {
            None => ControlFlow::Continue(()),
            Some(_) => ControlFlow::Break(()),
        }
    }
}

#[cfg(test)]
mod tests;
