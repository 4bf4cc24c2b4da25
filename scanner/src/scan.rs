//! One scan of one source: a thread lists, the others read.

use std::ops::ControlFlow;
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};
use domesday_classifiers::Classifier;
use domesday_connectors::{Entry, Source, SourceError};
use domesday_model::{Sink, SinkError};

use crate::crew::Crew;
use crate::object::{ScanOptions, Worker};
use crate::progress::Progress;

/// Entries that wait for a worker. Each may hold a directory open, so the queue also bounds open files.
const QUEUE: usize = 256;

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
    let crew = Crew::new(sinks.len());
    thread::scope(|scope| {
        let workers: Vec<_> = sinks
            .into_iter()
            .zip(crew.hands())
            .map(|(sink, hand)| {
                let receiver = receiver.clone();
                let worker = Worker::new(classifier, options, progress).with(hand);
                scope.spawn(move || work(worker, &receiver, sink, progress))
            })
            .collect();
        drop(receiver);
        let listed = list(source, progress, &sender);
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

fn list(source: &dyn Source, progress: &Progress, queue: &Sender<Entry>) -> Result<(), SourceError> {
    source.walk(&mut |entry| {
        progress.add_listed();
        // Sending fails when all workers have ended, which they only do after a failed sink.
        if progress.is_stopped() || queue.send(entry).is_err() {
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
    queue: &Receiver<Entry>,
    mut sink: S,
    progress: &Progress,
) -> Result<S, SinkError> {
    while let Some(entry) = worker.next(queue).filter(|_| !progress.is_stopped()) {
        if let Err(error) = worker.entry(&entry, &mut sink) {
            progress.stop();
            return Err(error);
        }
    }
    worker.help();
    Ok(sink)
}
