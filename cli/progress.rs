//! What people see while a scan runs, and what happens beside it: commits, the count of what lies ahead, the stop.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use domesday_connectors::Source;
use domesday_inventory::{InventoryError, ScanWriter};
use domesday_scanner::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::units;

/// What a kill can lose.
const COMMIT_EVERY: Duration = Duration::from_secs(20);
const TICK: Duration = Duration::from_millis(100);
/// What opening a file costs, in bytes that could have been read meanwhile.
const OPENING: u64 = 16 << 10;

/// What a source holds, counted by a walk of its own while the scan runs.
#[derive(Default)]
pub(crate) struct Total {
    objects: AtomicU64,
    bytes: AtomicU64,
    done: AtomicBool,
    stop: AtomicBool,
}

impl Total {
    /// Counts without opening anything; ends early once the scan has ended.
    pub(crate) fn count(&self, source: &dyn Source) {
        let walked = source.walk(&mut |entry| {
            self.objects.fetch_add(1, Relaxed);
            self.bytes.fetch_add(entry.size().unwrap_or(0), Relaxed);
            if self.stop.load(Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        // The scan itself tells what is wrong with the source.
        self.done.store(walked.is_ok() && !self.stop.load(Relaxed), Relaxed);
    }

    pub(crate) fn stop(&self) {
        self.stop.store(true, Relaxed);
    }

    /// How far the scan is, once that is known.
    fn share_done(&self, progress: &Progress) -> Option<f64> {
        let work = |objects: u64, bytes: u64| (bytes + objects * OPENING) as f64;
        let all = work(self.objects.load(Relaxed), self.bytes.load(Relaxed));
        let done = work(progress.objects(), progress.bytes());
        (self.done.load(Relaxed) && all > 0.0).then(|| (done / all).min(1.0))
    }
}

/// A line on the terminal that tells how far a scan is.
pub(crate) struct Display {
    bar: ProgressBar,
    started: Instant,
}

impl Display {
    /// `None` where nobody would see it.
    pub(crate) fn new(source: &str) -> Option<Self> {
        if !std::io::stderr().is_terminal() {
            return None;
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{spinner} {prefix}: {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.set_prefix(source.to_owned());
        Some(Self { bar, started: Instant::now() })
    }

    fn show(&self, progress: &Progress, total: &Total) {
        let elapsed = self.started.elapsed();
        let mut text = format!(
            "{}, {}, {}, {}, {}",
            units::counted(progress.objects(), "file", "files"),
            units::bytes(progress.bytes()),
            units::rate(progress.bytes(), elapsed),
            units::counted(progress.occurrences(), "value", "values"),
            units::duration(elapsed),
        );
        if let Some(share) = total.share_done(progress) {
            text.push_str(&format!(", {:.0}%", share * 100.0));
            if share > 0.01 && elapsed > Duration::from_secs(2) {
                let left = elapsed.mul_f64((1.0 - share) / share);
                text.push_str(&format!(", {} left", units::duration(left)));
            }
        }
        self.bar.set_message(text);
        self.bar.tick();
    }

    fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// Runs beside a scan until `ended` closes: commits what is finished, passes the stop on, shows how far it is.
///
/// # Errors
/// When a commit fails; the scan is told to stop then.
pub(crate) fn accompany(
    progress: &Progress,
    writer: &ScanWriter,
    interrupted: &AtomicBool,
    display: Option<&Display>,
    total: &Total,
    ended: &Receiver<()>,
) -> Result<(), InventoryError> {
    let mut committed = Instant::now();
    while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        if interrupted.load(Relaxed) {
            progress.stop();
        }
        if let Some(display) = display {
            display.show(progress, total);
        }
        if committed.elapsed() >= COMMIT_EVERY {
            if let Err(error) = writer.commit() {
                progress.stop();
                clear(display);
                return Err(error);
            }
            committed = Instant::now();
        }
    }
    clear(display);
    Ok(())
}

fn clear(display: Option<&Display>) {
    if let Some(display) = display {
        display.clear();
    }
}
