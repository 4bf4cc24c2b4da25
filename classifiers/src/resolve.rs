//! Which of several overlapping values is reported. Depends on the values alone, so it is the same in every run.

use std::cmp::Reverse;

use crate::classifier::MOST_ALTERNATIVES;
use crate::score::Scored;
use crate::verify::Survivor;

/// A scored value and, if it loses, the place of the one that it loses to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Resolved {
    pub(crate) scored: Scored,
    pub(crate) beaten_by: Option<(u32, u32)>,
}

impl Resolved {
    pub(crate) const fn new(scored: Scored) -> Self {
        Self { scored, beaten_by: None }
    }
}

/// Decides a group: the strongest wins and beats what overlaps it, then the strongest of the rest, and so on.
/// Afterwards winners stand in ascending order of place; losers follow in the order of what beats them, strongest first.
pub(crate) fn resolve(group: &mut [Resolved]) {
    if group.len() < 2 {
        return;
    }
    // Among equals the one with check digits, then the one that explains more bytes, then one for which more speaks than that it
    // fits a description, then the first id.
    group.sort_by_key(|r| {
        let survivor = r.scored.survivor;
        let strength = (r.scored.confidence, survivor.proofs.checksum, survivor.end - survivor.start);
        (Reverse(strength), survivor.proofs.described, survivor.start, survivor.detector)
    });
    for i in 0..group.len() {
        let own = group[i].scored.survivor;
        let stronger = group[..i].iter().filter(|r| r.beaten_by.is_none()).map(|r| r.scored.survivor);
        group[i].beaten_by = { stronger }
            .find(|other| other.start < own.end && own.start < other.end)
            .map(|other| (other.start, other.end));
    }
    group.sort_by_key(|r| match r.beaten_by {
        None => (0, r.scored.survivor.start),
        Some((start, _)) => (1, start),
    });
}

/// Of a decided group, what loses to the winner at that place, strongest first.
fn losers(group: &[Resolved], place: (u32, u32)) -> &[Resolved] {
    let from = group.partition_point(|r| r.beaten_by.is_none_or(|by| by < place));
    let losers = &group[from..];
    &losers[..losers.partition_point(|r| r.beaten_by == Some(place))]
}
/// The detectors that lose to `chosen`, each once, best first.
pub(crate) fn others<'a>(cluster: &'a [Resolved], chosen: &Resolved) -> impl Iterator<Item = &'a Scored> {
    let Survivor { start, end, detector, .. } = chosen.scored.survivor;
    let losers = losers(cluster, (start, end));
    let first = move |(i, r): &(usize, &Resolved)| {
        let id = r.scored.survivor.detector;
        id != detector && losers[..*i].iter().all(|other| other.scored.survivor.detector != id)
    };
    losers.iter().enumerate().filter(first).map(|(_, r)| &r.scored).take(MOST_ALTERNATIVES)
}
