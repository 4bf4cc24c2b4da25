//! Values of one column that differ in nothing but their place and their bytes: what is made of the first is made of all. Nearly all
//! values of a decided column are alike, so that they need not be scored, judged and explained one by one.

use super::ColumnContext;
use crate::classifier::Alternative;
use crate::resolve::{Resolved, others, resolve};
use crate::score::Scored;
use crate::verify::Survivor;

/// Where a value stands in a window's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Index of its cell.
    pub cell: u32,
    /// Its first byte.
    pub start: u32,
    /// Behind its last byte.
    pub end: u32,
}

/// Such values of one column of a window, each alone in its cell and all of it, in ascending order.
#[derive(Clone, Debug)]
pub(crate) struct Alike {
    /// The first one, as detectors found it.
    like: Vec<Scored>,
    /// What the column makes of it.
    pub(crate) judged: Scored,
    /// What loses to that.
    pub(crate) alternatives: Vec<Alternative>,
    pub(crate) places: Vec<Place>,
}

impl Alike {
    /// A first value, by what detectors find in it, if its column is decided and anything is left of it.
    fn new(column: &ColumnContext, found: &[Scored]) -> Option<Self> {
        column.decision()?;
        let judged = found.iter().filter_map(|scored| column.judge(scored.in_cell(true)));
        let mut cluster: Vec<_> = judged.filter(Scored::is_kept).map(Resolved::new).collect();
        resolve(&mut cluster);
        let chosen = cluster.first()?;
        Some(Self {
            like: found.to_vec(),
            judged: chosen.scored,
            alternatives: others(&cluster, chosen).map(Scored::as_alternative).collect(),
            places: Vec::new(),
        })
    }

    /// Whether what detectors find in a value is what they find in these.
    fn are_like(&self, found: &[Scored]) -> bool {
        self.like.len() == found.len() && self.like.iter().zip(found).all(|(one, other)| one.is_like(other))
    }

    /// One like these, of which its only detector says that much.
    #[inline]
    pub(super) fn one_like(&self, survivor: Survivor) -> Option<Scored> {
        let [like] = &self.like[..] else { return None };
        let Survivor { detector, points, proofs, .. } = like.survivor;
        let alike = (detector, points, proofs) == (survivor.detector, survivor.points, survivor.proofs);
        alike.then(|| like.at(survivor))
    }
}

/// The values of a window by what they are alike in: one group for each column at most.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups {
    groups: Vec<Alike>,
    len: usize,
    /// Whether any are to be put together.
    wanted: bool,
}

impl Groups {
    /// For another window.
    pub(crate) fn begin(&mut self, wanted: bool) {
        self.len = 0;
        self.wanted = wanted;
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Alike> {
        self.groups[..self.len].iter()
    }

    /// The group of a column.
    #[inline]
    pub(super) fn get(&self, group: Option<u32>) -> Option<&Alike> {
        self.groups.get(group? as usize)
    }

    /// Puts what is found in a cell, which is all of it each time, with what is found in others like it; where it is the
    /// first one of its column, others may follow it. Says whether that was done.
    pub(super) fn take(&mut self, group: &mut Option<u32>, column: &ColumnContext, found: &[Scored]) -> bool {
        let Some(&Survivor { start, end, cell: Some(cell), .. }) = found.first().map(|s| &s.survivor) else {
            return false;
        };
        if !self.wanted {
            return false;
        }
        let known = match group.and_then(|group| self.groups.get_mut(group as usize)) {
            Some(known) if known.are_like(found) => known,
            Some(_) => return false,
            None => {
                let is_whole = |scored: &Scored| {
                    let survivor = &scored.survivor;
                    scored.is_kept() && (survivor.start, survivor.end) == (start, end)
                };
                let first = Some(found).filter(|found| found.iter().all(is_whole));
                let Some(first) = first.and_then(|found| Alike::new(column, found)) else { return false };
                *group = Some(self.len as u32);
                match self.groups.get_mut(self.len) {
                    Some(known) => {
                        let mut places = std::mem::take(&mut known.places);
                        places.clear();
                        *known = Alike { places, ..first };
                    }
                    None => self.groups.push(first),
                }
                self.len += 1;
                &mut self.groups[self.len - 1]
            }
        };
        known.places.push(Place { cell, start, end });
        true
    }
}
