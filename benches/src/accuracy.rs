//! How often Domesday is right: a labelled corpus that follows from a seed, and a scorer that holds what a scan reports
//! against the labels.
//!
//! Values come from the detectors' own descriptions ([`domesday_classifiers::Detector::sample`]), so that each has as
//! many as one likes; what stands around them comes from lists in `fixtures/accuracy` that were written without looking at
//! the detectors. So recall tells whether a valid value is found where people put it, not whether a description is true:
//! that is for the examples of each detector's source. There are two sets with different seeds, sentences, names of
//! columns and look-alikes: one to choose by, one to report.

mod clean;
mod corpus;
mod lookalikes;
mod material;
mod people;
mod report;
mod score;
mod values;

pub use corpus::{Corpus, Label, Truth};
pub use report::{Figures, falls, figures, page, preface};
pub use score::{Detected, Finding, Miss, Score, Share, read_findings, score};

/// Which of the two sets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Set {
    /// For finding faults and choosing thresholds.
    Choosing,
    /// For the figures that are published.
    Reporting,
}

impl Set {
    /// Understands `choosing` and `reporting`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "choosing" => Some(Self::Choosing),
            "reporting" => Some(Self::Reporting),
            _ => None,
        }
    }

    /// The seed of its published figures.
    pub const fn seed(self) -> u64 {
        match self {
            Self::Choosing => 1085,
            Self::Reporting => 1086,
        }
    }
}

/// Values of each detector and kind of place in the published figures.
pub const EACH: usize = 12;
