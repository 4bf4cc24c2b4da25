//! How the cores share one large object.
//!
//! The worker that has opened an object reads and splits it alone, from front to back: that is cheap beside matching (two to
//! ten parts in a hundred). As long as other workers have an object of their own, it matches the windows, too. Where some
//! have none, it puts copies of its windows in a queue, as *parts*, and works on the queue itself when that is long enough.
//! Parts that come back are told in the order of the object, by its own worker and to its own sink.
//!
//! What matching a window needs to know of those before it is little: how far a value reached over the border, and what the
//! columns have counted. A part is matched as if nothing reached over, and where something did, the beginning is
//! matched again up to the first place that lies in no value. Counters are added up. Columns are decided on a sample, so
//! no part is handed out before that.
//!
//! Rejected: cutting files at line ends and reading the pieces side by side, for a record of most formats may contain
//! line ends, and what a file is written in may show late; waiting for the carry of the window before, which makes every
//! worker as slow as the slowest; sharing windows while there are enough objects, for the copies cost a few parts in a
//! hundred.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use crossbeam_channel::{Receiver, Sender, bounded, select, unbounded};
use domesday_classifiers::{Carry, Classifier, ColumnContext, Scratch};
use domesday_model::WindowBatch;

use crate::heard::Heard;
use crate::object::ScanOptions;
use crate::telling::{Hearing, Teller, Waiting};

/// Parts that there are at most, for each worker. One is matched, one waits or is told.
const PARTS: usize = 2;
/// Memory of a part that is kept for the next one. Bytes; as much again for what was heard.
const KEPT: usize = 2 << 20;

/// Windows of one object that follow each other, and what was found in them.
#[derive(Default)]
pub(crate) struct Part {
    /// The reading of an object that it belongs to, and its place in that.
    pub(crate) reading: u64,
    pub(crate) number: usize,
    /// The path of the object, for the rules that hold there.
    path: String,
    /// Bytes that had been read of the object when its last window came.
    pub(crate) bytes: u64,
    pub(crate) windows: WindowBatch,
    /// Forks of the object's columns.
    pub(crate) columns: Vec<ColumnContext>,
    /// One for each window.
    pub(crate) matched: Vec<Matched>,
    pub(crate) heard: Heard,
    /// Matching has panicked.
    pub(crate) failed: bool,
    back: Option<Sender<Box<Self>>>,
}

/// What matching a window came to.
pub(crate) struct Matched {
    /// The carry that was assumed, and the one that came of it.
    pub(crate) before: Carry,
    pub(crate) after: Carry,
    /// See [`Scratch::settled`].
    pub(crate) settled: usize,
    /// Occurrences of this window and of those before it in the part.
    pub(crate) heard: usize,
}

impl Part {
    /// Makes it one of that reading of the object at `path`, with these columns.
    pub(crate) fn prepare(&mut self, reading: u64, path: &str, columns: &[ColumnContext]) {
        if self.reading != reading {
            self.columns = Vec::new();
            self.reading = reading;
            path.clone_into(&mut self.path);
        }
        self.columns.extend(columns[self.columns.len()..].iter().map(ColumnContext::fork));
        self.columns.iter_mut().zip(columns).for_each(|(fork, column)| fork.count_apart(column));
    }

    fn run(
        &mut self,
        (classifier, options): (&Classifier, &ScanOptions),
        scratch: &mut Scratch,
        waiting: &mut Waiting,
    ) {
        let rules = options.rules.at(&self.path);
        let mut carries = [Carry::default(); 4];
        for window in self.windows.iter() {
            let carry = &mut carries[window.offsets.sequence()];
            let before = *carry;
            let teller = Teller::new(classifier, options, &rules, &mut self.heard, &[]);
            let mut hearing = Hearing::new(&window, teller, waiting);
            // It hears everything.
            let _ = classifier.scan_table(&window, &mut self.columns, carry, scratch, &mut hearing);
            let (settled, heard) = (scratch.settled(), self.heard.len());
            self.matched.push(Matched { before, after: *carry, settled, heard });
        }
    }

    /// Matches the windows and sends the part back to the worker that it came from.
    pub(crate) fn work(
        mut self: Box<Self>,
        what: (&Classifier, &ScanOptions),
        scratch: &mut Scratch,
        waiting: &mut Waiting,
    ) {
        if catch_unwind(AssertUnwindSafe(|| self.run(what, scratch, waiting))).is_err() {
            self.failed = true;
            // They may be in any state.
            *scratch = Scratch::default();
            waiting.clear();
        }
        if let Some(back) = self.back.take() {
            // Whoever does not wait for it any more has given up.
            let _ = back.send(self);
        }
    }
}

/// What the workers of a scan have in common.
pub(crate) struct Crew {
    /// Workers that have no object of their own.
    free: AtomicUsize,
    readings: AtomicU64,
    workers: usize,
    spare: (Sender<Box<Part>>, Receiver<Box<Part>>),
}

impl Crew {
    /// Of so many workers.
    pub(crate) fn new(workers: usize) -> Self {
        let parts = PARTS * workers;
        let spare = bounded(parts);
        for _ in 0..parts {
            // There is room.
            let _ = spare.0.send(Box::default());
        }
        Self { free: AtomicUsize::new(0), readings: AtomicU64::new(0), workers, spare }
    }

    /// A hand for each worker.
    pub(crate) fn hands(&self) -> Vec<Hand<'_>> {
        let (sender, queue) = bounded(PARTS * self.workers);
        let hand =
            || Hand { crew: self, sender: Some(sender.clone()), queue: queue.clone(), back: unbounded() };
        (0..self.workers).map(|_| hand()).collect()
    }

    #[cfg(test)]
    pub(crate) fn pretend_free(&self, workers: usize) {
        self.free.store(workers, Relaxed);
    }
}

/// A worker's part in its crew.
pub(crate) struct Hand<'a> {
    crew: &'a Crew,
    /// Gone when the worker will have no object any more: the queue ends with the last one.
    sender: Option<Sender<Box<Part>>>,
    queue: Receiver<Box<Part>>,
    back: (Sender<Box<Part>>, Receiver<Box<Part>>),
}

impl Hand<'_> {
    /// The number of a new reading.
    pub(crate) fn reading(&self) -> u64 {
        self.crew.readings.fetch_add(1, Relaxed) + 1
    }

    /// Whether there are workers without an object.
    pub(crate) fn is_free(&self) -> bool {
        self.crew.free.load(Relaxed) > 0
    }

    /// A part to be filled, unless enough of them wait or are in use.
    pub(crate) fn spare(&self) -> Option<Box<Part>> {
        let waits_enough = self.queue.len() > self.crew.free.load(Relaxed);
        if waits_enough { None } else { self.crew.spare.1.try_recv().ok() }
    }

    /// Puts a part in the queue.
    pub(crate) fn hand_out(&self, mut part: Box<Part>) {
        part.back = Some(self.back.0.clone());
        if let Some(sender) = &self.sender {
            // There is room for all parts, and this hand holds one end.
            let _ = sender.send(part);
        }
    }

    /// The next part of the queue, whoever it came from.
    pub(crate) fn next_part(&self) -> Option<Box<Part>> {
        self.queue.try_recv().ok()
    }

    /// A part that has come back.
    pub(crate) fn returned(&self) -> Option<Box<Part>> {
        self.back.1.try_recv().ok()
    }

    /// The same; waits for it.
    pub(crate) fn wait(&self) -> Option<Box<Part>> {
        self.back.1.recv().ok()
    }

    /// Gives a part back to be filled again.
    pub(crate) fn give_back(&self, mut part: Box<Part>) {
        part.windows.clear(KEPT);
        part.heard.clear(KEPT);
        part.matched.clear();
        part.failed = false;
        // There is room for all of them.
        let _ = self.crew.spare.0.send(part);
    }

    /// The next object. Works on parts while there is none.
    pub(crate) fn next<E>(&self, objects: &Receiver<E>, mut work: impl FnMut(Box<Part>)) -> Option<E> {
        if let Ok(object) = objects.try_recv() {
            return Some(object);
        }
        self.crew.free.fetch_add(1, Relaxed);
        let object = loop {
            // Objects first: to match parts of another's costs more.
            if let Ok(object) = objects.try_recv() {
                break Some(object);
            }
            select! {
                recv(objects) -> object => break object.ok(),
                recv(self.queue) -> part => part.into_iter().for_each(&mut work),
            }
        };
        self.crew.free.fetch_sub(1, Relaxed);
        object
    }

    /// Works on parts until no worker has an object any more.
    pub(crate) fn help(&mut self, work: impl FnMut(Box<Part>)) {
        self.sender = None;
        self.crew.free.fetch_add(1, Relaxed);
        self.queue.iter().for_each(work);
    }
}
