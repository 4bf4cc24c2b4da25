//! Columns that are settings: what tells a secret is often the name that it is given to, as in `TWILIO_AUTH_TOKEN=…`, and files
//! of settings hand over the value alone.

use domesday_model::DetectorId;

use super::ColumnContext;
use super::description::Description;
use crate::detector::Detector;
use crate::normalise::compact_into;
use crate::plan::{Plan, Speaks};
use crate::structure::Value;
use crate::verify::{Proofs, accept};

/// Bytes of the name's end that count.
const LONGEST_NAME: usize = 64;
/// Shorter values are codes: `code` and `key` are names of settings, too.
const SHORTEST_SECRET: usize = 12;
/// Words of it with which a shape may begin.
const MOST_STARTS: usize = 4;

/// The name of a setting in which shapes may begin that go on with a `=` and a value.
#[derive(Clone, Debug, Default)]
pub(super) struct Setting {
    /// With the `=`.
    name: Vec<u8>,
    starts: Vec<u8>,
}

impl Setting {
    /// `path` is that of a column.
    pub(super) fn new(plan: &Plan, path: &str) -> Self {
        let bytes = path.as_bytes();
        let name = [&bytes[bytes.len().saturating_sub(LONGEST_NAME)..], b"="].concat();
        let begins_word = |at: usize| at == 0 || !name[at - 1].is_ascii_alphanumeric();
        let starts = (0..name.len() - 1)
            .filter(|&at| name[at].is_ascii_alphabetic() && begins_word(at))
            .filter(|&at| plan.automaton.goes_on(&name[at..]));
        let starts: Vec<u8> = starts.take(MOST_STARTS).map(|at| at as u8).collect();
        if starts.is_empty() { Self::default() } else { Self { name, starts } }
    }

    /// Whether a value may be told by it.
    #[inline]
    pub(super) fn may_tell(&self, value: &[u8]) -> bool {
        !self.starts.is_empty() && (SHORTEST_SECRET..=Description::MAX_LEN).contains(&value.len())
    }

    /// Calls `each` with the detectors that accept the value with its name, and what it is worth; with one of them again where
    /// it does so from another word on. `text` and `compact` are memory.
    pub(super) fn accepted(
        &self,
        (plan, detectors): (&Plan, &[Detector]),
        value: &[u8],
        column: &ColumnContext,
        (text, compact): (&mut Vec<u8>, &mut Vec<u8>),
        mut each: impl FnMut(DetectorId, i32, Proofs),
    ) {
        text.clear();
        text.extend_from_slice(&self.name);
        text.extend_from_slice(value);
        for &start in &self.starts {
            let raw = &text[usize::from(start)..];
            let mut list = None;
            plan.automaton.run(raw, |end, shapes| list = (end == raw.len()).then_some(shapes));
            for &shape in list.map_or(&[][..], |list| plan.automaton.shapes(list)) {
                let shaped = plan.shapes[usize::from(shape)];
                let detector = &detectors[shaped.detector.index()];
                if shaped.is_anchor || column.knows_as_well(detectors, detector, shaped.base) {
                    continue;
                }
                compact_into(raw, compact);
                if let Some((points, proofs)) = accept(detector, shaped.base, &Value { raw, compact }) {
                    each(shaped.detector, points, proofs);
                }
            }
        }
    }
}

impl ColumnContext {
    /// Whether its header names a detector of whole cells of that category, or one that holds the same and is as sure of it as
    /// a shape is.
    fn knows_as_well(&self, detectors: &[Detector], other: &Detector, base: i32) -> bool {
        self.cues.iter().filter(|cue| cue.speaks == Speaks::For).any(|cue| {
            let Detector { column, info, scoring, .. } = &detectors[cue.detector.index()];
            let is_as_sure = || info.dpv == other.info.dpv && scoring.base + scoring.header >= base;
            column.is_some() && (info.category == other.info.category || is_as_sure())
        })
    }
}
