//! Where objects come from: walks a source and opens what it holds.
//!
//! A [`Source`] is a place that can be surveyed. It lists every object once, in a deterministic order, and opens
//! each of them for reading, now or at a later `show`. What cannot be read is told, never left out: an [`Entry`]
//! that does not open says why. Nothing in a source is ever changed.
//!
//! Each source has a file of its own; all of them run the suite in [`conformance`].
#![deny(missing_docs)]

mod attributes;
pub mod conformance;
mod directory;
mod files;
mod pseudo;
mod source;

pub use attributes::user_name;
pub use files::{Files, MAX_DEPTH};
pub use source::{Entry, OpenError, Opened, Opening, Source, SourceError};
