//! Finds and scores personal data in text.
//!
//! A [`Detector`] is a TOML file; a [`Registry`] holds the detectors of a scan; a [`Classifier`] is a registry compiled
//! for speed. It reads [`domesday_model::Window`]s and pushes what it finds. It does no I/O but loading detector files.
#![deny(missing_docs)]

mod automaton;
mod candidates;
mod checksum;
mod classifier;
mod column;
mod countries;
mod detector;
mod detector_sets;
mod endings;
mod escaped;
mod explain;
mod gate;
mod home;
mod labelled;
mod mailbox;
mod mask;
mod normalise;
mod openings;
mod plan;
mod registry;
mod resolve;
mod sample;
mod score;
mod sequence;
mod shape;
mod simd;
mod spellings;
mod structure;
mod verify;
mod words;

pub use automaton::LONGEST_MATCH;
pub use checksum::{Alphabet, Checksum, Congruence, Iso7064System, Weighted};
pub use classifier::{
    Alike, Alternative, Carry, Classifier, Found, Hear, MOST_ALTERNATIVES, Scratch, Settled, Step,
    instruction_sets,
};
pub use column::{Candidate, CellKind, ColumnContext, Decision, Description, Place, Unnamed, Verdict};
pub use detector::{
    ColumnExample, Detector, DetectorError, Examples, Find, Negative, Positive, Scoring, ShapeBase,
    TestValues, TextExample, WordCase, WordsBase,
};
pub use explain::{Attempt, Change, Cost, FoundBy, Heard, Joined, Points, Said};
pub use gate::Anchor;
pub use mask::MaskTemplate;
pub use normalise::normalise;
pub use registry::{Registry, RegistryError, read_text};
pub use sample::Draw;
pub use score::{FAR, FAR_BEHIND, NEAR};
pub use sequence::{
    Account, Address, AddressPoints, Age, Ascribed, Attribute, Beside, Birth, Person, PersonPoints, Sequence,
    WordRole,
};
pub use shape::{ByteSet, Shape};
pub use structure::{Base58Alphabet, Century, Crc32Form, DateForm, Dialling, ExampleRule, Rule, Value};
