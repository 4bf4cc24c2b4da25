//! How the memory of `--max-memory` is shared out. It decides how much is looked at together, never what is found.

use std::thread::available_parallelism;

use anyhow::bail;
use domesday_formats::Limits;

/// What the program itself, the compiled detectors and their lists take.
const FIXED: u64 = 64 << 20;
/// The least that a thread works with.
const LEAST_PER_THREAD: u64 = 8 << 20;
/// The window that is measured as best: larger ones leave the processor's cache.
const BEST_WINDOW: u64 = 256 << 10;

/// More lines of one object are not held back even where there is memory.
const MOST_LINES: u64 = 64 << 20;

/// Memory and the threads that share it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Memory {
    pub(crate) threads: usize,
    total: u64,
}

impl Memory {
    /// All cores, and 256 MB and 32 MB for each thread, unless the user says otherwise.
    pub(crate) fn new(threads: Option<u16>, total: Option<u64>) -> anyhow::Result<Self> {
        let cores = || available_parallelism().map_or(1, usize::from);
        let threads = threads.map_or_else(cores, usize::from);
        let total = total.unwrap_or(256_000_000 + 32_000_000 * threads as u64);
        let least = FIXED + LEAST_PER_THREAD * threads as u64;
        if total < least {
            bail!(
                "--max-memory is too small: {} at least {} MB; give more, or fewer threads",
                if threads == 1 { "1 thread needs".to_owned() } else { format!("{threads} threads need") },
                least.div_ceil(1_000_000)
            );
        }
        Ok(Self { threads, total })
    }

    fn free(self) -> u64 {
        self.total - FIXED
    }

    /// Bytes for the inventory's writer: half of what is free.
    pub(crate) fn inventory(self) -> usize {
        (self.free() / 2) as usize
    }

    /// Bytes of lines that a thread may hold back to sort them: with the sorted copy, a quarter of what is free.
    pub(crate) fn lines(self) -> usize {
        (self.free() / 8 / self.threads as u64).min(MOST_LINES) as usize
    }

    /// The size of the windows: with its tables, one takes up to 64 times its bytes.
    pub(crate) fn limits(self) -> Limits {
        let per_thread = self.free() / 4 / self.threads as u64;
        let window_bytes = (per_thread / 64).min(BEST_WINDOW) as usize;
        Limits { window_bytes, ..Limits::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_shared_out() {
        let default = Memory::new(Some(2), None).expect("enough");
        assert_eq!(default.limits().window_bytes, 256 << 10);
        assert!(default.inventory() > 100 << 20);
        let tight = Memory::new(Some(2), Some(90_000_000)).expect("enough");
        assert!((16 << 10..256 << 10).contains(&tight.limits().window_bytes));
        assert!(Memory::new(Some(64), Some(90_000_000)).is_err());
    }
}
