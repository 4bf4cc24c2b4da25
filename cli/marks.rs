//! What is said of a finding besides what detectors say: by the rules of the scan, and by people.

use std::borrow::Cow;

use domesday_inventory::Reviews;
use domesday_model::{Catalog, FindingId, Review, Ruling};

/// The rules and the verdicts.
#[derive(Clone, Copy)]
pub(crate) struct Marks<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) reviews: &'a Reviews,
}

impl<'a> Marks<'a> {
    /// What a person said of a finding.
    pub(crate) fn review(self, finding: FindingId) -> Option<&'a Review> {
        self.reviews.get(finding)
    }

    /// Why a finding, or a value of it, counts in no sum: by a rule, or by a verdict.
    pub(crate) fn suppressed_by(self, ruling: Ruling, finding: FindingId) -> Option<Cow<'a, str>> {
        match ruling {
            Ruling::Denied => None,
            Ruling::Suppressed(number) => self.catalog.suppressed_by(Some(number)).map(Cow::Borrowed),
            Ruling::None => self.review(finding)?.suppresses().map(Cow::Owned),
        }
    }

    /// Whether anything may be suppressed at all.
    pub(crate) fn suppress(self) -> bool {
        !self.catalog.rules.suppressions.is_empty() || !self.reviews.is_empty()
    }
}
