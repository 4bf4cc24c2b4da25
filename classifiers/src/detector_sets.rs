//! Sets of detectors, a bit for each: what is asked of all detectors at once takes a few steps.

use domesday_model::DetectorId;

/// Several sets, by number.
#[derive(Clone, Debug)]
pub(crate) struct DetectorSets {
    bits: Vec<u64>,
    /// Words of bits for each.
    stride: usize,
}

impl DetectorSets {
    /// So many empty sets of so many detectors.
    pub(crate) fn new(sets: usize, detectors: usize) -> Self {
        let stride = detectors.div_ceil(64);
        Self { bits: vec![0; sets * stride], stride }
    }

    pub(crate) fn add(&mut self, set: usize, detector: DetectorId) {
        let detector = detector.index();
        self.bits[set * self.stride + detector / 64] |= 1 << (detector % 64);
    }

    #[inline]
    pub(crate) fn of(&self, set: usize) -> &[u64] {
        &self.bits[set * self.stride..][..self.stride]
    }
}

/// Whether a set has one of them.
#[inline]
pub(crate) fn has(bits: &[u64], detector: DetectorId) -> bool {
    let detector = detector.index();
    bits.get(detector / 64).is_some_and(|bits| bits >> (detector % 64) & 1 == 1)
}

/// Takes those detectors out of a set that another one has.
#[inline]
pub(crate) fn remove(bits: &mut [u64], others: &[u64]) {
    bits.iter_mut().zip(others).for_each(|(bits, others)| *bits &= !others);
}

/// Whether two sets have a detector in common.
#[inline]
pub(crate) fn meet(bits: &[u64], others: &[u64]) -> bool {
    bits.iter().zip(others).fold(0, |any, (bits, others)| any | bits & others) != 0
}
