//! The steps of a scan one by one, for what measures them and for what holds them against plain code. Not a part of what
//! the crate offers: they follow the matcher wherever it goes.

use std::ops::Range;
use std::sync::Arc;

use domesday_model::{DetectorId, Window};

use super::{Classifier, LOOK_BACK, Scratch};
use crate::candidates::Spelling;
use crate::column::ColumnContext;
use crate::score::Surroundings;
use crate::sequence::LONGEST_LINE;
use crate::simd::Engine;
use crate::verify::{Bounds, Verifier, in_word, left_joined};

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
        let plan = Arc::get_mut(&mut self.plan).expect("nobody else has the plan yet");
        plan.pass.engine = engine.expect("this processor has it");
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
        self.find(window, columns, window.own.start, false, scratch);
        let own = scratch.scored.iter().map(|scored| scored.survivor);
        let own = own.filter(|survivor| (survivor.start as usize) < window.own.end);
        own.map(|survivor| (survivor.start as usize..survivor.end as usize, survivor.detector)).collect()
    }

    /// Does the steps of the matcher up to one on the window's own part, which is plain text, and says how many places,
    /// or values, are left.
    #[doc(hidden)]
    pub fn run_up_to(&self, last: Step, window: &Window<'_>, scratch: &mut Scratch) -> u64 {
        let Self { plan, detectors, .. } = self;
        let Window { text, own, .. } = window;
        let Scratch { candidates, verify, scored, counted, .. } = scratch;
        scored.clear();
        verify.clear();
        let spelling = if plan.all_capitalised { Spelling::Capitalised } else { Spelling::Any };
        plan.pass.run(text, own.start.saturating_sub(LOOK_BACK), (own.start, own.end), spelling, candidates);
        if last >= Step::Gate {
            plan.pass.sift(text, &plan.automaton, &plan.gate, &plan.list_beginnings, candidates);
        }
        let bounds = Bounds { lo: 0, hi: text.len(), cell: None };
        let candidates = &*candidates;
        let verifier = Verifier {
            plan,
            detectors,
            home: None,
            text,
            cells: &[],
            columns: &[],
            counted,
            candidates,
            sifted: last >= Step::Gate,
        };
        let mut around = Surroundings::default();
        let mut left = 0;
        candidates.each(|candidate| {
            let at = candidate.at;
            if last < Step::Automaton {
                left += 1;
            } else if candidate.shape && last >= Step::Checks {
                verifier.shapes_at(bounds, at, verify, scored);
            } else if candidate.shape && !left_joined(text, 0, at) {
                let mut end = None;
                plan.automaton.run(&text[at..], |len, _| {
                    end = Some(at + len).filter(|&end| !in_word(text, text.len(), end)).or(end);
                });
                left += u64::from(end.is_some());
                if let (Some(end), true) = (end, last >= Step::Context) {
                    around.look(plan, text, candidates, bounds, (at, end));
                }
            }
            if last >= Step::Words && candidate.word {
                verifier.word_at(bounds, at, verify, scored);
            }
            if last >= Step::Words && candidate.at_sign {
                verifier.at_sign(bounds, at, verify, scored);
            }
            if last >= Step::Sequences && (candidate.word || candidate.beside || candidate.inner) {
                verifier.sequences_at(bounds, &candidate, scored);
            }
        });
        if last >= Step::Sequences {
            let from = own.start.saturating_sub(LONGEST_LINE);
            candidates.each_chat_line(from..own.end, |line| verifier.chat(line, scored));
        }
        left + scored.len() as u64
    }
}

/// A step of the matcher, in the order in which they are done.
#[doc(hidden)]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    /// Where anything can begin.
    Candidates,
    /// What the gate leaves of it.
    Gate,
    /// Where a shape ends.
    Automaton,
    /// What the words around say.
    Context,
    /// Rules, check digits and points.
    Checks,
    /// Listed words, and what stands around an `@`.
    Words,
    /// Names and addresses.
    Sequences,
}
