//! Places in the source that are remembered while the text moves on.

use domesday_model::{OffsetMap, Reason};

/// A place in the text whose source offset may be asked for after its text has left the buffer.
#[derive(Clone, Copy)]
pub(crate) struct Pin {
    /// Offset in the whole text.
    at: u64,
    /// Its source offset, worked out when its text leaves the buffer.
    source: Option<u64>,
}

impl Pin {
    pub(crate) const fn at(at: u64) -> Self {
        Self { at, source: None }
    }

    /// Its offset in the whole text.
    pub(crate) const fn offset(&self) -> u64 {
        self.at
    }

    pub(crate) const fn is_before(&self, other: &Self) -> bool {
        self.at < other.at
    }

    /// The source offset, while `offsets` maps a buffer that starts at `base` in the whole text.
    pub(crate) fn source(&self, base: u64, offsets: &OffsetMap<'_>) -> u64 {
        let index = self.at.saturating_sub(base) as usize;
        self.source.unwrap_or_else(|| offsets.locate(offsets.origin(), index).source)
    }

    /// The first `delta` bytes of the buffer are about to leave.
    pub(crate) fn slide(&mut self, base: u64, delta: usize, offsets: &OffsetMap<'_>) {
        if self.source.is_none() && self.at < base + delta as u64 {
            self.source = Some(self.source(base, offsets));
        }
    }
}

/// The reason that shows first in the source.
#[derive(Clone, Copy, Default)]
pub(crate) struct Notes {
    first: Option<(u64, Reason)>,
}

impl Notes {
    pub(crate) fn add(&mut self, reason: Reason, place: u64) {
        let new = (place, reason);
        self.first = Some(self.first.map_or(new, |old| old.min(new)));
    }

    pub(crate) fn merge(&mut self, other: Self) {
        if let Some((place, reason)) = other.first {
            self.add(reason, place);
        }
    }

    pub(crate) fn reason(&self) -> Option<Reason> {
        self.first.map(|(_, reason)| reason)
    }

    pub(crate) fn place(&self) -> Option<u64> {
        self.first.map(|(place, _)| place)
    }
}
