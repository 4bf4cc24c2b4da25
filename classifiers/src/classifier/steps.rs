//! The steps of a scan one by one, for what measures them and for what holds them against plain code. Not a part of what
//! the crate offers: they follow the matcher wherever it goes.

use std::ops::Range;

use domesday_model::{DetectorId, Window};

use super::{Classifier, Scratch};
use crate::candidates::Spelling;
use crate::column::ColumnContext;
use crate::simd::Engine;

/// The instruction sets that this processor has, as `DOMESDAY_SIMD` names them.
#[doc(hidden)]
pub fn instruction_sets() -> Vec<&'static str> {
    Engine::available().into_iter().map(Engine::name).collect()
}

impl Classifier {
    /// Takes another instruction set of [`instruction_sets`] than the best one.
    #[doc(hidden)]
    #[must_use]
    pub fn on(mut self, instruction_set: &str) -> Self {
        let engine = Engine::available().into_iter().find(|engine| engine.name() == instruction_set);
        self.plan.pass.engine = engine.expect("this processor has it");
        self
    }

    /// What detectors accept in the window's own part, before overlaps are resolved, in ascending order.
    #[doc(hidden)]
    pub fn accepted(
        &self,
        window: &Window<'_>,
        columns: &mut [ColumnContext],
        scratch: &mut Scratch,
    ) -> Vec<(Range<usize>, DetectorId)> {
        self.find(window, columns, window.own.start, scratch);
        let own = scratch.scored.iter().map(|scored| scored.survivor);
        let own = own.filter(|survivor| (survivor.start as usize) < window.own.end);
        own.map(|survivor| (survivor.start as usize..survivor.end as usize, survivor.detector)).collect()
    }

    /// The first steps: how many places are candidates in a text, and how many of them are left when the gate has taken
    /// away its own; it is left out when not `sifted`.
    #[doc(hidden)]
    pub fn candidates_left(&self, text: &[u8], sifted: bool, scratch: &mut Scratch) -> u64 {
        let Self { plan, .. } = self;
        let candidates = &mut scratch.candidates;
        let spelling = if plan.all_capitalised { Spelling::Capitalised } else { Spelling::Any };
        plan.pass.run(text, 0, (0, text.len()), spelling, candidates);
        if sifted {
            plan.pass.sift(text, &plan.automaton, &plan.gate, &plan.list_beginnings, candidates);
        }
        let mut count = 0;
        candidates.each(|_| count += 1);
        count
    }
}
