//! Values of each detector.

use domesday_classifiers::Detector;

use super::material::Material;
use crate::random::Random;

/// Draws values of one detector.
pub(super) struct Values<'a> {
    pub(super) detector: &'a Detector,
    pub(super) random: Random,
}

impl<'a> Values<'a> {
    /// Depends on the seed and the detector alone, so that a change of one leaves the others as they are.
    pub(super) fn new(seed: u64, detector: &'a Detector) -> Self {
        let fold = |part: u64, byte: u8| (part ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        let part = detector.info.id.bytes().fold(0xCBF2_9CE4_8422_2325, fold);
        Self { detector, random: Random::new(seed, part) }
    }

    /// A valid value; `None` where a description allows hardly any.
    pub(super) fn valid(&mut self, material: &Material) -> Option<String> {
        if let Some(listed) = material.values.get(&self.detector.info.id) {
            return Some(match listed.forms.as_slice() {
                [] => pick(&mut self.random, &listed.values).clone(),
                forms => {
                    let form = pick(&mut self.random, forms).clone();
                    self.form(&form)
                }
            });
        }
        let random = &mut self.random;
        let value = self.detector.sample(&mut |bound| random.below(bound as u64) as usize)?;
        String::from_utf8(value).ok()
    }

    /// A value whose check digits alone are wrong.
    pub(super) fn invalid(&mut self, material: &Material) -> Option<String> {
        let valid = self.valid(material)?;
        let random = &mut self.random;
        let spoiled =
            self.detector.spoil(valid.as_bytes(), &mut |bound| random.below(bound as u64) as usize)?;
        String::from_utf8(spoiled).ok()
    }

    fn form(&mut self, form: &str) -> String {
        filled(&mut self.random, form)
    }
}

/// A form with a digit for each 9, a letter for each A and, behind a lower-case letter of hexadecimal, one for each a.
pub(super) fn filled(random: &mut Random, form: &str) -> String {
    let draw = |c| match c {
        '9' => char::from(b'0' + random.below(10) as u8),
        'A' => char::from(b'A' + random.below(26) as u8),
        'a' => char::from(b'a' + random.below(26) as u8),
        other => other,
    };
    form.chars().map(draw).collect()
}

/// One of some things.
pub(super) fn pick<'a, T>(random: &mut Random, from: &'a [T]) -> &'a T {
    &from[random.below(from.len() as u64) as usize]
}
