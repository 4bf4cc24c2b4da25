//! How far a scan is, for whoever wants to show it, and the way to stop it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// Counters that all threads of a scan share. They only ever grow, and are exact once the scan has returned.
#[derive(Debug, Default)]
pub struct Progress {
    listed: AtomicU64,
    objects: AtomicU64,
    bytes: AtomicU64,
    occurrences: AtomicU64,
    listing_done: AtomicBool,
    stop: AtomicBool,
}

impl Progress {
    /// Objects that the source has listed so far.
    pub fn listed(&self) -> u64 {
        self.listed.load(Relaxed)
    }

    /// Objects that are done.
    pub fn objects(&self) -> u64 {
        self.objects.load(Relaxed)
    }

    /// Bytes that were read.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Occurrences that were reported.
    pub fn occurrences(&self) -> u64 {
        self.occurrences.load(Relaxed)
    }

    /// Whether the source has listed everything.
    pub fn listing_done(&self) -> bool {
        self.listing_done.load(Relaxed)
    }

    /// Asks the scan to end: objects being read are given up, and `scan` returns soon.
    pub fn stop(&self) {
        self.stop.store(true, Relaxed);
    }

    /// Whether the scan was asked to end.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Relaxed)
    }

    pub(crate) fn add_listed(&self) {
        self.listed.fetch_add(1, Relaxed);
    }

    pub(crate) fn add_object(&self) {
        self.objects.fetch_add(1, Relaxed);
    }

    pub(crate) fn add_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Relaxed);
    }

    pub(crate) fn add_occurrences(&self, occurrences: u64) {
        self.occurrences.fetch_add(occurrences, Relaxed);
    }

    pub(crate) fn set_listing_done(&self) {
        self.listing_done.store(true, Relaxed);
    }
}
