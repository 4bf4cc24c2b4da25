//! The country that a source is from. That a number is written and dialled as its telephone numbers are speaks for one, where no
//! word does.

use domesday_model::{DetectorId, TokenKind};

use crate::detector::Detector;
use crate::detector_sets::{DetectorSets, has, meet};
use crate::structure::{Dialling, Rule};

/// What is known of a source by its country.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) dialling: Dialling,
    /// One set: the detectors that need a word for a telephone number, and whose numbers may be the country's.
    phones: DetectorSets,
}

impl Home {
    /// That of a country, by ISO 3166 alpha-2, if it has a numbering plan.
    pub(crate) fn new(country: &str, detectors: &[Detector]) -> Option<Self> {
        let dialling = Dialling::of(country)?;
        let mut phones = DetectorSets::new(1, detectors.len());
        for (detector, i) in detectors.iter().zip(0..) {
            let is_of_country = detector.info.country.as_ref().is_none_or(|own| own == country);
            let is_national = detector.needs_context && !is_international(detector);
            if detector.token == TokenKind::Phone && is_national && is_of_country {
                phones.add(0, DetectorId(i));
            }
        }
        Some(Self { dialling, phones })
    }

    /// Whether a number is written and dialled as telephone numbers of the country are, for one of some detectors.
    pub(crate) fn dials(&self, raw: &[u8], detectors: &[u64]) -> bool {
        meet(self.phones.of(0), detectors) && self.dialling.is_written_number(raw)
    }

    /// Whether a detector's numbers may be those of the country.
    pub(crate) fn has_numbers_of(&self, detector: DetectorId) -> bool {
        has(self.phones.of(0), detector)
    }
}

/// Whether the numbers of a detector have a country code.
pub(crate) fn is_international(detector: &Detector) -> bool {
    detector.rules.iter().any(|rule| matches!(rule, Rule::PhoneInternational {}))
}
