//! Counting distinct values in one fixed format: Apache DataSketches HLL with 2^11 registers of a byte. Few values are
//! kept as a list, so a small sketch is a few dozen bytes; the standard error of a large one is 2.3 %.

use std::fmt;

use datasketches::hll::{HllSketch, HllType, HllUnion};

/// A sketch of distinct values. Its estimate does not depend on their order.
#[derive(Clone)]
pub struct DistinctSketch(HllSketch);

impl DistinctSketch {
    /// Binary logarithm of the number of registers.
    pub const LG_REGISTERS: u8 = 11;

    /// Of no value.
    pub fn new() -> Self {
        Self(HllSketch::new(Self::LG_REGISTERS, HllType::Hll8).expect("the size is a valid one"))
    }

    /// Adds a value by its hash.
    pub fn add(&mut self, hash: u64) {
        self.0.update(hash);
    }

    /// Adds the values of another one.
    pub fn join(&mut self, other: &Self) {
        let mut union = HllUnion::new(Self::LG_REGISTERS).expect("the size is a valid one");
        union.update(&self.0);
        union.update(&other.0);
        self.0 = union.to_sketch(HllType::Hll8);
    }

    /// How many values there are, about.
    pub fn estimate(&self) -> u64 {
        self.0.composite_estimate().round() as u64
    }

    /// As DataSketches of any language read it. A large one is the same whatever the order of its values: an estimate that
    /// depends on it is left out.
    pub fn serialize(&self) -> Vec<u8> {
        let mut union = HllUnion::new(Self::LG_REGISTERS).expect("the size is a valid one");
        // Only where it joins does it forget their order.
        union.update(&self.0);
        union.update(&self.0);
        union.to_sketch(HllType::Hll8).serialize()
    }
}

impl Default for DistinctSketch {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for DistinctSketch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DistinctSketch({})", self.estimate())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(values: std::ops::Range<u64>) -> DistinctSketch {
        let mut sketch = DistinctSketch::new();
        values.for_each(|value| sketch.add(value));
        sketch
    }

    #[test]
    fn few_values_are_exact_and_small() {
        let sketch = sketch(0..5);
        assert_eq!(sketch.estimate(), 5);
        assert!(sketch.serialize().len() <= 40, "{}", sketch.serialize().len());
    }

    #[test]
    fn the_order_of_values_does_not_matter() {
        let mut backwards = DistinctSketch::new();
        (0..40_000).rev().for_each(|value| backwards.add(value));
        assert_eq!(backwards.serialize(), sketch(0..40_000).serialize());
    }

    #[test]
    fn joined_parts_are_the_whole() {
        for (cut, end) in [(3, 9), (100, 40_000), (39_990, 40_000)] {
            let mut joined = sketch(0..cut);
            joined.join(&sketch(cut / 2..end));
            assert_eq!(joined.estimate(), sketch(0..end).estimate(), "{cut} of {end}");
        }
    }
}
