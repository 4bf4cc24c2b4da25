//! What a person says of a finding.

use crate::{FindingId, Timestamp};

/// A person's verdict on a finding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// It is what the detector says.
    Confirmed,
    /// It is not: a false alarm.
    Rejected,
    /// It is, and it may be there.
    Accepted,
    /// An earlier verdict is taken back.
    Withdrawn,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 4] = [Self::Confirmed, Self::Rejected, Self::Accepted, Self::Withdrawn];

    /// The name in the inventory.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
            Self::Accepted => "accepted",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The verdict of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }

    /// Whether a finding with it counts in no sum, unless a rule says that its values are always reported.
    pub const fn hides(self) -> bool {
        matches!(self, Self::Rejected | Self::Accepted)
    }
}

/// A verdict, with who gave it and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Review {
    /// The finding that it is on. It holds as long as that id lives: for all scans to come.
    pub finding_id: FindingId,
    /// What it says.
    pub verdict: Verdict,
    /// Why; empty where nothing was said.
    pub reason: String,
    /// Who gave it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Review {
    /// What `suppressed_by` says of a finding that the verdict takes out of all sums.
    pub fn suppresses(&self) -> Option<String> {
        self.verdict.hides().then(|| format!("review: {}", self.reason))
    }
}
