//! From occurrences to findings: one tally per column × detector of the object that is being read, and one more for those
//! of its values that a rule suppresses.
//!
//! This is the hot path of a scan's output. Once a tally exists, an occurrence costs a comparison or a look-up in a
//! small map and a few additions: no allocation, no lock.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use domesday_model::{
    ColumnIx, Confidence, DetectorId, DistinctSketch, Fact, Mask, NumberHasher, Occurrence, PlaceUnit, Span,
};

/// Pairs of column and detector that an object may have before further ones share the column `*`. The rule only looks
/// at the object, so that the rows do not depend on threads or memory.
pub(crate) const MAX_TALLIES: usize = 16_384;
/// Columns of an object that are told apart in the subject index.
const MAX_PATHS: usize = 65_536;
/// Tallies that are found without a look-up, a power of two.
const RECENT: usize = 32;
/// The column of what exceeds the two limits.
const REST: &str = "*";
/// A column's number within its object: its place in [`Tallies::paths`].
pub(crate) type PathIx = u32;
/// No column.
pub(crate) const NO_PATH: PathIx = u32::MAX;

/// What is known of one column × detector: of the values that count, or of those that are suppressed.
pub(crate) struct Tally {
    pub(crate) path: PathIx,
    pub(crate) detector: DetectorId,
    /// The first of the rules that suppress its values.
    pub(crate) suppressed: Option<u16>,
    pub(crate) occurrences: u64,
    pub(crate) distinct: DistinctSketch,
    pub(crate) confidence: Confidence,
    pub(crate) histogram: [u32; 10],
    pub(crate) first: FirstPlace,
    pub(crate) mask: Mask,
    pub(crate) evidence: Vec<Fact>,
    pub(crate) alternatives: Vec<DetectorId>,
    /// A token says that its values count people.
    pub(crate) counts_subjects: bool,
}

/// Where the first occurrence stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct FirstPlace {
    pub(crate) record: Option<u64>,
    pub(crate) span: Span,
    pub(crate) unit: PlaceUnit,
}

/// What a tally is of, besides its column: the detector, and whether its values are suppressed.
type Of = (DetectorId, bool);

/// The tallies of one object.
#[derive(Default)]
pub(crate) struct Tallies {
    pub(crate) tallies: Vec<Tally>,
    pub(crate) paths: Vec<Box<str>>,
    path_index: HashMap<Box<str>, PathIx>,
    by_path: HashMap<(PathIx, Of), u32, BuildHasherDefault<NumberHasher>>,
    /// By the index of the column: spares the hot path the text of the path.
    by_column: HashMap<(Option<ColumnIx>, Of), u32, BuildHasherDefault<NumberHasher>>,
    /// The last ones, by detector: the cells of a record are of one column after the other.
    recent: [Option<(Option<ColumnIx>, Of, u32)>; RECENT],
    /// The same for tokens.
    path_by_column: HashMap<ColumnIx, PathIx, BuildHasherDefault<NumberHasher>>,
    rest: Option<PathIx>,
}

impl Tallies {
    /// Forgets everything, and keeps the memory for the next object unless it was a large one.
    pub(crate) fn clear(&mut self) {
        if self.tallies.capacity() > 1024 || self.paths.capacity() > 1024 {
            *self = Self::default();
            return;
        }
        self.tallies.clear();
        self.paths.clear();
        self.path_index.clear();
        self.by_path.clear();
        self.by_column.clear();
        self.recent = Default::default();
        self.path_by_column.clear();
        self.rest = None;
    }

    /// Counts an occurrence that the scan reports.
    pub(crate) fn add(&mut self, occurrence: &Occurrence<'_>) {
        let (column, of) = (occurrence.column, of(occurrence));
        let place = (occurrence.detector.index() + column.map_or(0, |column| column.0 as usize)) % RECENT;
        let index = match self.recent[place] {
            Some((c, o, index)) if c == column && o == of => index,
            _ => {
                let index = match self.by_column.get(&(column, of)) {
                    Some(&index) => index,
                    None => self.place(occurrence),
                };
                self.recent[place] = Some((column, of, index));
                index
            }
        };
        self.tallies[index as usize].add(occurrence);
    }

    /// The tally for an occurrence whose column × detector was not seen before. Columns of the same path share one.
    #[cold]
    fn place(&mut self, occurrence: &Occurrence<'_>) -> u32 {
        let of = of(occurrence);
        let mut path = self.path(occurrence);
        let mut index = self.by_path.get(&(path, of)).copied();
        if index.is_none() && self.tallies.len() >= MAX_TALLIES {
            path = self.rest();
            index = self.by_path.get(&(path, of)).copied();
        }
        let index = index.unwrap_or_else(|| {
            let index = self.tallies.len() as u32;
            self.tallies.push(Tally::new(path, occurrence));
            self.by_path.insert((path, of), index);
            index
        });
        if self.by_column.len() < 2 * MAX_TALLIES {
            self.by_column.insert((occurrence.column, of), index);
        }
        index
    }

    /// The number of an occurrence's column.
    pub(crate) fn path(&mut self, occurrence: &Occurrence<'_>) -> PathIx {
        let Some(text) = occurrence.column_path else { return NO_PATH };
        if let Some(path) = occurrence.column.and_then(|column| self.path_by_column.get(&column)) {
            return *path;
        }
        let path = match self.path_index.get(text) {
            Some(&path) => path,
            None if self.paths.len() < MAX_PATHS => self.new_path(text),
            None => self.rest(),
        };
        if let Some(column) = occurrence.column.filter(|_| self.path_by_column.len() < MAX_PATHS) {
            self.path_by_column.insert(column, path);
        }
        path
    }

    fn rest(&mut self) -> PathIx {
        if let Some(path) = self.rest {
            return path;
        }
        let path = match self.path_index.get(REST) {
            Some(&path) => path,
            None => self.new_path(REST),
        };
        self.rest = Some(path);
        path
    }

    fn new_path(&mut self, text: &str) -> PathIx {
        let path = self.paths.len() as PathIx;
        self.paths.push(text.into());
        self.path_index.insert(text.into(), path);
        path
    }

    /// The text of a column's number.
    pub(crate) fn path_text(&self, path: PathIx) -> Option<&str> {
        self.paths.get(path as usize).map(|text| &**text)
    }
}

fn of(occurrence: &Occurrence<'_>) -> Of {
    (occurrence.detector, occurrence.ruling.suppression().is_some())
}

impl Tally {
    fn new(path: PathIx, occurrence: &Occurrence<'_>) -> Self {
        Self {
            path,
            detector: occurrence.detector,
            suppressed: occurrence.ruling.suppression(),
            occurrences: 0,
            distinct: DistinctSketch::new(),
            confidence: Confidence::ZERO,
            histogram: [0; 10],
            first: FirstPlace::of(occurrence),
            mask: occurrence.mask.make(),
            evidence: Vec::new(),
            alternatives: Vec::new(),
            counts_subjects: false,
        }
    }

    fn add(&mut self, occurrence: &Occurrence<'_>) {
        let count = 1 + occurrence.alike.len() as u64;
        self.occurrences += count;
        self.suppressed = self.suppressed.min(occurrence.ruling.suppression());
        self.distinct.add(occurrence.distinct);
        occurrence.alike.iter().for_each(|&distinct| self.distinct.add(distinct));
        self.confidence = self.confidence.max(occurrence.confidence);
        let tenth = &mut self.histogram[occurrence.confidence.tenth()];
        *tenth = u32::try_from(u64::from(*tenth) + count).unwrap_or(u32::MAX);
        let place = FirstPlace::of(occurrence);
        if place < self.first {
            self.first = place;
            self.mask = occurrence.mask.make();
        }
        // Values of one column mostly have the same evidence.
        if self.evidence != occurrence.evidence {
            occurrence.evidence.iter().for_each(|&fact| insert_sorted(&mut self.evidence, fact));
        }
        for &detector in occurrence.alternatives {
            insert_sorted(&mut self.alternatives, detector);
        }
        self.counts_subjects = self.counts_subjects
            || occurrence.tokens.iter().any(|t| t.detector == self.detector && t.kind.counts_subjects());
    }
}

impl FirstPlace {
    fn of(occurrence: &Occurrence<'_>) -> Self {
        Self { record: occurrence.record, span: occurrence.span, unit: occurrence.unit }
    }
}

fn insert_sorted<T: Ord + Copy>(set: &mut Vec<T>, value: T) {
    if let Err(place) = set.binary_search(&value) {
        set.insert(place, value);
    }
}
