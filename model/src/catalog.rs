//! What the inventory needs to know of the detectors, as plain data: the inventory never sees a registry.

use crate::{DetectorId, Fact, Rules, WordId};

/// NIST SP 800-122's confidentiality impact level.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Sensitivity {
    /// Limited adverse effect.
    Low,
    /// Serious adverse effect.
    Moderate,
    /// Severe or catastrophic adverse effect.
    High,
}

impl Sensitivity {
    /// The name in the inventory and in detector files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
        }
    }

    /// The level of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Low, Self::Moderate, Self::High].into_iter().find(|level| level.name() == name)
    }
}

/// The facts of one detector that every finding of it repeats in the inventory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DetectorInfo {
    /// The stable name, for instance `us.ssn`.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// Path in the style of fideslang, for instance `user.contact.email`.
    pub category: String,
    /// Term of the W3C Data Privacy Vocabulary, for instance `pd:EmailAddress`.
    pub dpv: String,
    /// GDPR Article 9(1): special category.
    pub gdpr_article9: bool,
    /// GDPR Article 10: criminal convictions and offences.
    pub gdpr_article10: bool,
    /// Letter of §1798.140(v)(1) of the CCPA.
    pub ccpa_category: String,
    /// §1798.140(ae) of the CCPA: sensitive personal information.
    pub ccpa_sensitive: bool,
    /// Confidentiality impact of one value.
    pub sensitivity: Sensitivity,
    /// ISO 3166 alpha-2, for national schemes.
    pub country: Option<String>,
}

/// All detectors of a scan, by [`DetectorId`], and the words that evidence may name, by [`WordId`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Catalog {
    /// Sorted by id.
    pub detectors: Vec<DetectorInfo>,
    /// Context and header words of all detectors.
    pub words: Vec<String>,
    /// Digest of everything that decides what is found: detectors, their lists, thresholds. Hexadecimal.
    pub ruleset: String,
    /// What is accepted, and what is always reported.
    pub rules: Rules,
}

impl Catalog {
    /// The detector with that id. Ids come from the registry that made this catalog.
    pub fn detector(&self, id: DetectorId) -> &DetectorInfo {
        &self.detectors[id.index()]
    }

    /// The reason of a suppression, by its number.
    pub fn suppressed_by(&self, number: Option<u16>) -> Option<&str> {
        let rule = self.rules.suppressions.get(usize::from(number?));
        rule.map(|rule| rule.reason.as_str())
    }

    /// The word of that id.
    pub fn word(&self, id: WordId) -> &str {
        &self.words[id.0 as usize]
    }

    /// A fact as the inventory shows it: `shape`, `checksum`, `header:email`.
    pub fn fact_name(&self, fact: Fact) -> String {
        match fact.word {
            Some(word) => format!("{}:{}", fact.kind.name(), self.word(word)),
            None => fact.kind.name().to_owned(),
        }
    }
}
