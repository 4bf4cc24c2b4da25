//! One scan of one source: a thread lists, the others read.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread::{self, Thread};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use domesday_classifiers::Classifier;
use domesday_connectors::{Entry, Source, SourceError};
use domesday_model::{Sink, SinkError};

use crate::crew::Crew;
use crate::object::{ScanOptions, Worker};
use crate::progress::Progress;

/// Entries that wait for a worker. Each may hold a directory open, so the queue also bounds open files.
const QUEUE: usize = 256;
/// A thread that lists and has to wait is woken when no more than these are left: woken for every entry that is taken, it
/// would take the processor from a worker twice for each small file.
const LEFT: usize = QUEUE / 4;
/// It looks by itself whether the scan was stopped as often as this.
const NAP: Duration = Duration::from_millis(50);

/// Why a scan did not finish.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The source as a whole is out of reach.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// What was found cannot be kept, for instance because the disk is full.
    #[error("{0}")]
    Sink(SinkError),
}

/// Surveys a source with one worker for each sink, and gives the sinks back.
///
/// Returns early, and without an error, when [`Progress::stop`] was called. Objects that cannot be read are told to
/// the sinks and end nothing.
///
/// # Errors
/// When the source is out of reach or a sink fails.
pub fn scan<S: Sink>(
    source: &dyn Source,
    classifier: &Classifier,
    options: &ScanOptions,
    progress: &Progress,
    sinks: Vec<S>,
) -> Result<Vec<S>, ScanError> {
    let (sender, receiver) = bounded(QUEUE);
    let lister = Lister { thread: thread::current(), waits: AtomicBool::new(false) };
    let crew = Crew::new(sinks.len());
    thread::scope(|scope| {
        let workers: Vec<_> = sinks
            .into_iter()
            .zip(crew.hands())
            .map(|(sink, hand)| {
                let receiver = receiver.clone();
                let worker = Worker::new(classifier, options, progress).with(hand);
                let lister = &lister;
                scope.spawn(move || work(worker, (&receiver, lister), sink, progress))
            })
            .collect();
        drop(receiver);
        let listed = list(source, progress, (&sender, &lister));
        drop(sender);
        let mut sinks = Vec::new();
        let mut failed = None;
        for worker in workers {
            match worker.join() {
                Ok(Ok(sink)) => sinks.push(sink),
                Ok(Err(error)) => failed = failed.or(Some(error)),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        match (listed, failed) {
            (_, Some(error)) => Err(ScanError::Sink(error)),
            (Err(error), None) => Err(error.into()),
            (Ok(()), None) => Ok(sinks),
        }
    })
}

/// The thread that lists.
struct Lister {
    thread: Thread,
    waits: AtomicBool,
}

impl Lister {
    /// Waits until the queue is nearly empty.
    fn wait(&self, queue: &Sender<Entry>, progress: &Progress) {
        self.waits.store(true, SeqCst);
        while self.waits.load(SeqCst) && queue.len() > LEFT && !progress.is_stopped() {
            thread::park_timeout(NAP);
        }
        self.waits.store(false, SeqCst);
    }

    /// Wakes it if it is time for that.
    fn wake(&self, queue: &Receiver<Entry>) {
        if queue.len() <= LEFT && self.waits.load(SeqCst) && self.waits.swap(false, SeqCst) {
            self.thread.unpark();
        }
    }
}

fn list(
    source: &dyn Source,
    progress: &Progress,
    (queue, lister): (&Sender<Entry>, &Lister),
) -> Result<(), SourceError> {
    source.walk(&mut |entry| {
        progress.add_listed();
        let mut sent = queue.try_send(entry);
        if let Err(TrySendError::Full(entry)) = sent {
            lister.wait(queue, progress);
            sent = queue.send(entry).map_err(|error| TrySendError::Disconnected(error.0));
        }
        // Sending fails when all workers have ended, which they only do after a failed sink.
        if progress.is_stopped() || sent.is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    if !progress.is_stopped() {
        progress.set_listing_done();
    }
    Ok(())
}

fn work<S: Sink>(
    mut worker: Worker<'_>,
    (queue, lister): (&Receiver<Entry>, &Lister),
    mut sink: S,
    progress: &Progress,
) -> Result<S, SinkError> {
    while let Some(entry) = worker.next(queue).filter(|_| !progress.is_stopped()) {
        lister.wake(queue);
        if let Err(error) = worker.entry(&entry, &mut sink) {
            progress.stop();
            return Err(error);
        }
    }
    worker.help();
    Ok(sink)
}
