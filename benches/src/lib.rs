//! Benchmarks of Domesday and the corpus they run on.
//!
//! The corpus is text with the make-up of a company's file share: logs, code, records, mail, dumps, in fixed shares by
//! bytes, with as much personal data in each as such files have. It follows from a seed, so that figures of different
//! days and machines speak of the same bytes. All values in it are made up.
#![deny(missing_docs)]

pub mod accuracy;
pub mod corpus;
pub mod patterns;
mod random;
mod templates;
mod text;
pub mod tree;
