//! The tables that detectors are compiled into, so that the work on a text does not grow with their number.

use domesday_model::{Catalog, DetectorId, WordId};

use crate::automaton::Automaton;
use crate::candidates::CandidatePass;
use crate::detector::{Detector, Find, WordCase};
use crate::registry::{Registry, RegistryError};
use crate::words::{WordHash, WordMap, hash_of};

/// What a word says of a detector.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Speaks {
    For,
    Against,
}

/// A word of a detector.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cue {
    pub(crate) detector: DetectorId,
    pub(crate) speaks: Speaks,
    pub(crate) word: WordId,
    /// Counts in headers only.
    pub(crate) header_only: bool,
}

/// A detector that has a word in its list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Listed {
    pub(crate) detector: DetectorId,
    pub(crate) base: i32,
    pub(crate) case: WordCase,
}

/// A shape of a detector.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shaped {
    pub(crate) detector: DetectorId,
    pub(crate) base: i32,
}

/// Compiled detectors.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) pass: CandidatePass,
    pub(crate) automaton: Automaton,
    /// By the index under which the automaton names a shape.
    pub(crate) shapes: Vec<Shaped>,
    pub(crate) at_sign: Vec<DetectorId>,
    pub(crate) lists: WordMap<Vec<Listed>>,
    /// No list wants words in lower case outside of tables.
    pub(crate) all_capitalised: bool,
    pub(crate) cues: WordMap<Vec<Cue>>,
    /// Words that begin a phrase of several; saves look-ups of longer phrases.
    pub(crate) phrase_starts: WordMap<()>,
}

impl Plan {
    /// Compiles a registry. Detector ids follow the order of the registry; the words go into the catalog.
    pub(crate) fn compile(registry: &Registry, catalog: &mut Catalog) -> Result<Self, RegistryError> {
        let mut shapes = Vec::new();
        let mut sources = Vec::new();
        let mut at_sign = Vec::new();
        let mut lists: WordMap<Vec<Listed>> = WordMap::default();
        for (i, detector) in registry.iter().enumerate() {
            let id = DetectorId(i as u16);
            match &detector.find {
                Find::AtSign => at_sign.push(id),
                Find::Shapes(own) => {
                    for shape in own {
                        sources.push(&shape.shape);
                        shapes.push(Shaped { detector: id, base: shape.base });
                    }
                }
                Find::Words(words) => {
                    let listed = Listed { detector: id, base: words.base, case: words.case };
                    for word in registry.list(&words.list) {
                        let entry = lists.entry(hash_of(word)).or_default();
                        if !entry.contains(&listed) {
                            entry.push(listed);
                        }
                    }
                }
            }
        }
        let automaton = Automaton::compile(&sources).map_err(RegistryError::TooComplex)?;
        let specials =
            (0..=255u8).filter(|b| !b.is_ascii_alphanumeric() && automaton.can_start_with(*b)).collect();
        let mut plan = Self {
            pass: CandidatePass::new(specials, !lists.is_empty()),
            automaton,
            shapes,
            at_sign,
            all_capitalised: lists.values().flatten().all(|listed| listed.case == WordCase::Capitalised),
            lists,
            cues: WordMap::default(),
            phrase_starts: WordMap::default(),
        };
        for (i, detector) in registry.iter().enumerate() {
            plan.add_cues(DetectorId(i as u16), detector, catalog);
        }
        Ok(plan)
    }

    fn add_cues(&mut self, id: DetectorId, detector: &Detector, catalog: &mut Catalog) {
        let cues = [
            (&detector.context, Speaks::For, false),
            (&detector.header, Speaks::For, true),
            (&detector.against, Speaks::Against, false),
        ];
        for (phrases, speaks, header_only) in cues {
            for phrase in phrases {
                let word = word_id(catalog, phrase);
                let entry = self.cues.entry(hash_of(phrase)).or_default();
                entry.push(Cue { detector: id, speaks, word, header_only });
                let mut words = phrase.split_whitespace();
                if let (Some(first), Some(_)) = (words.next(), words.next()) {
                    self.phrase_starts.insert(hash_of(first), ());
                }
            }
        }
    }

    /// The cues of every word and phrase in `hashes`, the words of a text in order; `each` also gets the index of
    /// the phrase's first and last word.
    #[inline]
    pub(crate) fn each_cue(&self, hashes: &[WordHash], mut each: impl FnMut(usize, usize, &Cue)) {
        for (first, &hash) in hashes.iter().enumerate() {
            if let Some(cues) = self.cues.get(&hash) {
                cues.iter().for_each(|cue| each(first, first, cue));
            }
            if !self.phrase_starts.contains_key(&hash) {
                continue;
            }
            let mut phrase = hash;
            for (last, &next) in hashes.iter().enumerate().skip(first + 1).take(crate::words::MAX_PHRASE - 1) {
                phrase = phrase.then(next);
                if let Some(cues) = self.cues.get(&phrase) {
                    cues.iter().for_each(|cue| each(first, last, cue));
                }
            }
        }
    }
}

fn word_id(catalog: &mut Catalog, word: &str) -> WordId {
    let at = catalog.words.iter().position(|known| known == word).unwrap_or_else(|| {
        catalog.words.push(word.to_owned());
        catalog.words.len() - 1
    });
    WordId(at as u32)
}
