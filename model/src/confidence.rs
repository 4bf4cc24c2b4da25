//! How sure a detector is, in whole thousandths: integers merge the same way in every order, floats do not.

use std::fmt;

/// A confidence from 0 to 1, kept in thousandths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Confidence(u16);

impl Confidence {
    /// Nothing is ever certain: evidence adds up to this at most.
    pub const MAX: Self = Self(990);
    /// No confidence at all.
    pub const ZERO: Self = Self(0);

    /// From thousandths; what lies outside of 0 to [`Self::MAX`] is brought back to the border.
    pub fn from_thousandths(thousandths: i32) -> Self {
        Self(thousandths.clamp(0, i32::from(Self::MAX.0)) as u16)
    }

    /// From a number between 0 and 1, as users write it; `None` outside of it. May exceed [`Self::MAX`], so that a
    /// threshold of 1 lets nothing through.
    pub fn from_threshold(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then(|| Self((value * 1000.0).round() as u16))
    }

    /// The thousandths, 0 to 1000.
    pub const fn thousandths(self) -> u16 {
        self.0
    }

    /// As a number between 0 and 1.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// The tenth it falls in, 0 to 9: the place in `confidence_histogram`.
    pub fn tenth(self) -> usize {
        usize::from(self.0 / 100).min(9)
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_f64())
    }
}

impl fmt::Debug for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_within_its_bounds() {
        assert_eq!(Confidence::from_thousandths(-5), Confidence::ZERO);
        assert_eq!(Confidence::from_thousandths(2000), Confidence::MAX);
        assert_eq!(Confidence::from_threshold(1.5), None);
        assert_eq!(Confidence::from_threshold(f64::NAN), None);
        assert_eq!(Confidence::from_threshold(0.5).map(Confidence::thousandths), Some(500));
        assert_eq!(Confidence::MAX.tenth(), 9);
        assert_eq!(Confidence::from_thousandths(199).tenth(), 1);
    }
}
