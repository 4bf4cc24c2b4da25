//! The shapes that can end at one place: those that are of use by themselves, and those that need a word near them, whose
//! detectors are a set. What words say is a set, too, so that what they leave is a few steps, however many shapes end there.

use domesday_model::DetectorId;

use crate::plan::Shaped;

/// The lists of shapes that the automaton names.
#[derive(Debug)]
pub(crate) struct Endings {
    /// By list, the shapes that need no context.
    free: Vec<u32>,
    /// By list, whether a person's name beside it may speak for one that needs a context.
    of_persons: Vec<bool>,
    /// By list, the detectors of those that need one, as bits.
    needing: Vec<u64>,
    /// Words of bits for each list.
    stride: usize,
}

/// The shapes that can end at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending<'a> {
    /// Those of detectors that need no context.
    pub(crate) free: &'a [u16],
    /// Those of detectors that need one.
    pub(crate) needing: &'a [u16],
    /// The detectors of those that need one, as bits.
    pub(crate) detectors_needing: &'a [u64],
    /// A person's name beside it may speak for one that needs a context.
    pub(crate) is_of_person: bool,
}

impl Endings {
    /// `lists` ascend; shapes from `first_needing_context` on need a context.
    pub(crate) fn new(
        lists: &[Vec<u16>],
        shapes: &[Shaped],
        first_needing_context: u16,
        detectors: usize,
    ) -> Self {
        let stride = detectors.div_ceil(64);
        let mut endings = Self {
            free: Vec::with_capacity(lists.len()),
            of_persons: Vec::with_capacity(lists.len()),
            needing: vec![0; lists.len() * stride],
            stride,
        };
        for (number, list) in lists.iter().enumerate() {
            let (free, needing) = list.split_at(list.partition_point(|&shape| shape < first_needing_context));
            let mut is_of_person = false;
            for &shape in needing {
                let Shaped { detector, beside_person, .. } = shapes[usize::from(shape)];
                is_of_person |= beside_person;
                endings.needing[number * stride + detector.index() / 64] |= 1 << (detector.index() % 64);
            }
            endings.free.push(free.len() as u32);
            endings.of_persons.push(is_of_person);
        }
        endings
    }

    /// What a list of the automaton is, which has those shapes.
    #[inline]
    pub(crate) fn of<'a>(&'a self, list: u16, shapes: &'a [u16]) -> Ending<'a> {
        let list = usize::from(list);
        let (free, needing) = shapes.split_at(self.free[list] as usize);
        Ending {
            free,
            needing,
            detectors_needing: &self.needing[list * self.stride..][..self.stride],
            is_of_person: self.of_persons[list],
        }
    }
}

impl Ending<'_> {
    pub(crate) fn shapes(&self) -> impl Iterator<Item = u16> {
        self.free.iter().chain(self.needing).copied()
    }

    pub(crate) fn count(&self) -> usize {
        self.free.len() + self.needing.len()
    }
}

/// Whether a set of detectors, a bit for each, has one of them.
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
