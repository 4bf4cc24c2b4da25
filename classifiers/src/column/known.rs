//! What was found in values that came before: names, towns and browsers repeat, and so does what is no personal data.
//!
//! What is found in a cell depends on its bytes and on what is known of its column, so it need not be looked for twice. Each
//! worker remembers a few thousand values; which ones changes nothing but speed.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use domesday_model::{Cell, DetectorId};

use crate::score::Scored;
use crate::simd::JOINERS;

/// Values that are remembered, a power of two.
const VALUES: usize = 2048;
/// Longer ones are not: a window may end in them.
const LONGEST_VALUE: u32 = 255;
/// Nor are those in which more was found, …
const MOST_FOUND: usize = 3;
/// … or that fit more descriptions.
const MOST_FITS: usize = 2;

/// A column in one state. Copies of it that count apart share it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stamp(u64);

impl Stamp {
    pub(super) fn new() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Relaxed) + 1)
    }

    /// Under what the value of a cell is remembered, by its hash. `None` for a long one, and where it may be a part of
    /// something longer.
    /// What is found differs by whether the cell is one of the sample, and behind that by whether its column's only kind goes
    /// first.
    pub(super) fn key(
        self,
        text: &[u8],
        cell: &Cell,
        hash: u64,
        (in_sample, whole): (bool, bool),
    ) -> Option<u64> {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80;
        let before = text[..cell.start as usize].last().is_some_and(|b| is_word(b) || JOINERS.contains(b));
        let after = text.get(cell.end as usize).is_some_and(is_word);
        let is_long = cell.end - cell.start > LONGEST_VALUE;
        let stamp = self.0 << 2 | u64::from(in_sample) << 1 | u64::from(whole);
        (!before && !after && !is_long).then_some(hash ^ stamp.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }
}

/// A cell that is looked at, and what was found in it before candidates are.
#[derive(Clone, Debug, Default)]
pub(super) struct New {
    pub(super) cell: u32,
    /// Under what its value is to be remembered.
    pub(super) key: Option<u64>,
    pub(super) in_sample: bool,
    /// The places of what is remembered, among all that was found.
    pub(super) found: Range<u32>,
    pub(super) fits: Fits,
}

/// The descriptions of its column that a value fits behind the sample, and its points.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fits {
    fits: [Option<(DetectorId, i32)>; MOST_FITS],
    len: usize,
}

impl Fits {
    pub(super) fn push(&mut self, fit: (DetectorId, i32)) {
        if let Some(place) = self.fits.get_mut(self.len) {
            *place = Some(fit);
        }
        self.len += 1;
    }
}

/// What was found in values, by key.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Apart from the values, so that a value that is not known costs little memory.
    keys: Vec<u64>,
    values: Vec<Value>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Value {
    /// Places are counted from the value's first byte.
    found: [Option<Scored>; MOST_FOUND],
    fits: [Option<(DetectorId, i32)>; MOST_FITS],
}

impl Value {
    pub(super) fn found(&self) -> impl Iterator<Item = Scored> {
        self.found.iter().flatten().copied()
    }

    pub(super) fn fits(&self) -> impl Iterator<Item = (DetectorId, i32)> {
        self.fits.iter().flatten().copied()
    }
}

impl Known {
    pub(super) fn get(&self, key: u64) -> Option<&Value> {
        let place = place(key);
        (*self.keys.get(place)? == key).then(|| &self.values[place])
    }

    /// Remembers what was found in a value that begins at `start`.
    pub(super) fn add<'a>(
        &mut self,
        key: u64,
        start: usize,
        found: impl Iterator<Item = &'a Scored> + Clone,
        Fits { fits, len }: Fits,
    ) {
        if found.clone().count() > MOST_FOUND || len > MOST_FITS {
            return;
        }
        self.keys.resize(VALUES, 0);
        self.values.resize(VALUES, Value::default());
        let place = place(key);
        self.keys[place] = key;
        let value = &mut self.values[place];
        *value = Value { fits, ..Value::default() };
        for (place, scored) in value.found.iter_mut().zip(found) {
            *place = Some(scored.moved_by(start as u32));
        }
    }
}

fn place(key: u64) -> usize {
    (key >> 32) as usize % VALUES
}
