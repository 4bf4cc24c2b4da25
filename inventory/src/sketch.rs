//! Distinct values of several findings, from the sketches in files.

use std::path::Path;

use datasketches::hll::{HllSketch, HllUnion};
use domesday_model::DistinctSketch;

use crate::InventoryError;

/// The union of sketches from files. Its estimate does not depend on their order.
pub(crate) struct DistinctUnion {
    union: HllUnion,
    /// Some part had no sketch.
    partial: bool,
    /// The largest estimate of a part.
    largest: u64,
}

impl DistinctUnion {
    pub(crate) fn new() -> Self {
        let union = HllUnion::new(DistinctSketch::LG_REGISTERS).expect("the size is a valid one");
        Self { union, partial: false, largest: 0 }
    }

    /// Adds a part: its estimate, and its sketch where there is one. `file` is where it comes from.
    pub(crate) fn add(
        &mut self,
        estimate: u64,
        sketch: Option<&[u8]>,
        file: &Path,
    ) -> Result<(), InventoryError> {
        self.largest = self.largest.max(estimate);
        match sketch {
            Some(bytes) => {
                let sketch = HllSketch::deserialize(bytes)
                    .map_err(|_| InventoryError::corrupt(file, "a sketch that cannot be read"))?;
                self.union.update(&sketch);
            }
            None => self.partial = true,
        }
        Ok(())
    }

    /// The estimate over all parts; `None` unless all of them had a sketch.
    pub(crate) fn estimate(&self) -> Option<u64> {
        (!self.partial).then(|| rounded(self.union.composite_estimate()))
    }

    /// A number that the truth is not below, but for the error of the sketches.
    pub(crate) fn at_least(&self) -> u64 {
        self.largest.max(rounded(self.union.composite_estimate()))
    }
}

fn rounded(estimate: f64) -> u64 {
    estimate.round() as u64
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
    fn a_union_does_not_depend_on_the_order_of_its_parts() {
        let parts = [sketch(0..40_000), sketch(20_000..60_000), sketch(5..9)];
        let union = |order: [usize; 3]| {
            let mut union = DistinctUnion::new();
            for part in order.map(|i| &parts[i]) {
                union.add(part.estimate(), Some(&part.serialize()), Path::new("f")).unwrap();
            }
            union.estimate().unwrap()
        };
        assert_eq!(union([0, 1, 2]), union([2, 1, 0]));
        assert!((57_000..63_000).contains(&union([1, 0, 2])), "{}", union([1, 0, 2]));
    }

    #[test]
    fn a_missing_sketch_leaves_a_lower_bound() {
        let mut union = DistinctUnion::new();
        union.add(5, Some(&sketch(0..5).serialize()), Path::new("f")).unwrap();
        union.add(70, None, Path::new("f")).unwrap();
        assert_eq!((union.estimate(), union.at_least()), (None, 70));
        assert!(union.add(1, Some(b"no sketch"), Path::new("f")).is_err());
    }
}
