//! The shapes that can end at one place: those that are of use by themselves, and those that need a word near them, whose
//! detectors are a set. What words say is a set, too, so that what they leave is a few steps, however many shapes end there.

use crate::detector_sets::DetectorSets;
use crate::plan::Shaped;

/// The lists of shapes that the automaton names.
#[derive(Debug)]
pub(crate) struct Endings {
    /// By list, the shapes that need no context.
    free: Vec<u32>,
    /// By list, whether a person's name beside it may speak for one that needs a context.
    of_persons: Vec<bool>,
    /// By list, the detectors of those that need one, as bits.
    needing: DetectorSets,
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
        let mut endings = Self {
            free: Vec::with_capacity(lists.len()),
            of_persons: Vec::with_capacity(lists.len()),
            needing: DetectorSets::new(lists.len(), detectors),
        };
        for (number, list) in lists.iter().enumerate() {
            let (free, needing) = list.split_at(list.partition_point(|&shape| shape < first_needing_context));
            let mut is_of_person = false;
            for &shape in needing {
                let Shaped { detector, beside_person, .. } = shapes[usize::from(shape)];
                is_of_person |= beside_person;
                endings.needing.add(number, detector);
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
            detectors_needing: self.needing.of(list),
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
