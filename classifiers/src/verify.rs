//! From a candidate to a survivor: the value is cut out, its rules and check digits are tried on the bytes in place.

use domesday_model::DetectorId;

use crate::automaton::LONGEST_MATCH;
use crate::candidates::{JOINERS, Runs};
use crate::detector::{Detector, WordCase};
use crate::normalise::compact_into;
use crate::plan::{Listed, Plan};
use crate::structure::Value;
use crate::words::{LONGEST_RUN, char_at, char_before, plain_word, word_at};

/// A value that its detector accepts. Offsets are in the window's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Survivor {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) detector: DetectorId,
    /// Thousandths, before context.
    pub(crate) points: i32,
    pub(crate) proofs: Proofs,
}

/// What was proved of a value by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Proofs {
    pub(crate) checksum: bool,
    pub(crate) structure: bool,
    pub(crate) word_list: bool,
    pub(crate) example: bool,
}

/// The part of a window's text that a value lies in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Bounds {
    pub(crate) lo: usize,
    pub(crate) hi: usize,
    /// It is a cell of a table.
    pub(crate) cell: bool,
}

/// Ends that are tried for a value, longest first. More only come up in texts made to be slow.
const MOST_ENDS: usize = 8;
/// RFC 5321 allows 64 bytes before the `@` and 255 behind it.
const LONGEST_LOCAL_PART: usize = 64;
const LONGEST_DOMAIN: usize = 255;

/// Tries candidates against detectors.
pub(crate) struct Verifier<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) detectors: &'a [Detector],
}

/// Reused memory.
#[derive(Debug, Default)]
pub(crate) struct VerifyScratch {
    /// End of a possible value and the shapes that end there, as a range of `shapes`.
    ends: Vec<(usize, usize, usize)>,
    shapes: Vec<u16>,
    compact: Vec<u8>,
}

impl Verifier<'_> {
    /// Adds the values with a shape that start at `start`.
    pub(crate) fn shapes_at(
        &self,
        text: &[u8],
        bounds: Bounds,
        start: usize,
        scratch: &mut VerifyScratch,
        out: &mut Vec<Survivor>,
    ) {
        let Bounds { lo, hi, .. } = bounds;
        if left_joined(text, lo, start) {
            return;
        }
        let VerifyScratch { ends, shapes, .. } = scratch;
        ends.clear();
        shapes.clear();
        self.plan.automaton.run(&text[start..hi], |len, accepted| {
            if !in_word(text, hi, start + len) {
                let first = shapes.len();
                shapes.extend_from_slice(accepted);
                ends.push((start + len, first, shapes.len()));
            }
        });
        if ends.is_empty() || begins_in_word(text, lo, start) {
            return;
        }
        let fresh = out.len();
        for at in (0..ends.len()).rev().take(MOST_ENDS) {
            let (end, first, last) = scratch.ends[at];
            let right = right_joiner(text, hi, end);
            compact_into(&text[start..end], &mut scratch.compact);
            for shape in first..last {
                let shaped = self.plan.shapes[usize::from(scratch.shapes[shape])];
                let detector = &self.detectors[shaped.detector.index()];
                let known =
                    out[fresh..].iter().position(|s| s.detector == shaped.detector).map(|i| fresh + i);
                let longer = known.is_some_and(|i| out[i].end as usize != end);
                let joined = right.is_some_and(|joiner| !detector.may_touch.contains(char::from(joiner)));
                if longer || joined {
                    continue;
                }
                let value = Value { raw: &text[start..end], compact: &scratch.compact };
                let Some((points, proofs)) = accept(detector, shaped.base, &value) else { continue };
                let (start, end) = (start as u32, end as u32);
                let survivor = Survivor { start, end, detector: shaped.detector, points, proofs };
                match known {
                    Some(i) => out[i].points = out[i].points.max(points),
                    None => out.push(survivor),
                }
            }
        }
    }

    /// Adds the listed word that starts at `start`.
    pub(crate) fn word_at(
        &self,
        text: &[u8],
        runs: &Runs,
        bounds: Bounds,
        start: usize,
        scratch: &mut VerifyScratch,
        out: &mut Vec<Survivor>,
    ) {
        let Bounds { lo, hi, cell } = bounds;
        let Some(run) = runs.next(start).map(|run| (start, run.1.min(hi))) else { return };
        if run.1 - run.0 > LONGEST_RUN {
            return;
        }
        let word = plain_word(text, run).unwrap_or_else(|| word_at(text, run.0, run.1));
        let end = word.end;
        let listed = self.plan.lists.get(word.hash);
        if listed.is_empty() || in_word(text, hi, end) || begins_in_word(text, lo, start) {
            return;
        }
        let cased = cell || !char_at(text, start).0.is_some_and(char::is_lowercase);
        for Listed { detector: id, base, case } in listed {
            if *case == WordCase::Capitalised && !cased {
                continue;
            }
            compact_into(&text[start..end], &mut scratch.compact);
            let value = Value { raw: &text[start..end], compact: &scratch.compact };
            if let Some((points, proofs)) = accept(&self.detectors[id.index()], *base, &value) {
                let proofs = Proofs { word_list: true, ..proofs };
                out.push(Survivor { start: start as u32, end: end as u32, detector: *id, points, proofs });
            }
        }
    }

    /// Adds the survivors around an `@`.
    pub(crate) fn at_sign(
        &self,
        text: &[u8],
        bounds: Bounds,
        at: usize,
        scratch: &mut VerifyScratch,
        out: &mut Vec<Survivor>,
    ) {
        let Some((start, end)) = address_around(text, (bounds.lo, bounds.hi), at) else { return };
        compact_into(&text[start..end], &mut scratch.compact);
        let value = Value { raw: &text[start..end], compact: &scratch.compact };
        for &id in &self.plan.at_sign {
            let detector = &self.detectors[id.index()];
            if let Some((points, proofs)) = accept(detector, detector.scoring.base, &value) {
                out.push(Survivor { start: start as u32, end: end as u32, detector: id, points, proofs });
            }
        }
    }
}

/// Rules, checksum and test values.
#[inline]
fn accept(detector: &Detector, base: i32, value: &Value<'_>) -> Option<(i32, Proofs)> {
    let mut proofs = Proofs::default();
    let mut points = base;
    if !detector.rules.iter().all(|rule| rule.holds(value)) {
        return None;
    }
    if detector.scoring.structure != 0 {
        points += detector.scoring.structure;
        proofs.structure = true;
    }
    if let Some(checksum) = &detector.checksum {
        if !checksum.holds(value.compact) {
            return None;
        }
        points += detector.scoring.checksum;
        proofs.checksum = true;
    }
    let tests = &detector.test_values;
    let is =
        |known: &String| known.bytes().filter(u8::is_ascii_alphanumeric).eq(value.compact.iter().copied());
    if tests.ignore.iter().any(is) {
        return None;
    }
    proofs.example = tests.mark.iter().any(is) || tests.example_rules.iter().any(|rule| rule.applies(value));
    Some((points, proofs))
}

/// Whether a letter or digit follows, so that a value cannot end here.
#[inline]
fn in_word(text: &[u8], hi: usize, end: usize) -> bool {
    end < hi && {
        let byte = text[end];
        byte.is_ascii_alphanumeric()
            || byte >= 0x80 && char_at(text, end).0.is_some_and(char::is_alphanumeric)
    }
}

/// Whether a letter or digit stands before, so that a value cannot begin here.
#[inline]
fn begins_in_word(text: &[u8], lo: usize, start: usize) -> bool {
    start > lo && char_before(&text[lo..], start - lo).is_some_and(char::is_alphanumeric)
}

/// How far a neighbouring group is looked at.
const LONGEST_NEIGHBOUR: usize = 24;

/// Whether a separator ties `start` to a group of digits before it, as in versions, UUIDs and longer numbers.
#[inline]
fn left_joined(text: &[u8], lo: usize, start: usize) -> bool {
    let Some(joiner) = start.checked_sub(1).filter(|&i| i >= lo).map(|i| text[i]) else { return false };
    if !JOINERS.contains(&joiner) && !matches!(joiner, b':' | b'/') {
        return false;
    }
    let before = &text[lo.max((start - 1).saturating_sub(LONGEST_NEIGHBOUR))..start - 1];
    let length = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
    let own = text[start..].iter().take(LONGEST_NEIGHBOUR).take_while(|b| b.is_ascii_alphanumeric());
    joins(joiner, &before[before.len() - length..], own.count())
}

/// The separator that ties `end` to a group of digits behind it.
fn right_joiner(text: &[u8], hi: usize, end: usize) -> Option<u8> {
    let joiner = *text[..hi].get(end)?;
    if !JOINERS.contains(&joiner) && !matches!(joiner, b':' | b'/' | b'@') {
        return None;
    }
    let behind = &text[end + 1..hi.min(end + 1 + LONGEST_NEIGHBOUR)];
    let length = behind.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    if joiner == b'@' {
        return (length > 0).then_some(joiner);
    }
    let own = text[..end].iter().rev().take(LONGEST_NEIGHBOUR).take_while(|b| b.is_ascii_alphanumeric());
    joins(joiner, &behind[..length], own.count()).then_some(joiner)
}

/// Whether `joiner` makes one thing of a value's outer group, of length `own`, and its neighbour. A colon or slash
/// does so between short groups only (times, addresses, dates): elsewhere it stands between a name and its value.
fn joins(joiner: u8, neighbour: &[u8], own: usize) -> bool {
    match joiner {
        _ if JOINERS.contains(&joiner) => neighbour.iter().any(u8::is_ascii_digit),
        b':' => own <= 4 && matches!(neighbour.len(), 1..=4) && neighbour.iter().all(u8::is_ascii_hexdigit),
        b'/' => own <= 4 && matches!(neighbour.len(), 1..=4) && neighbour.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// The longest run around the `@` that can be an address; what it is worth, the detector's rules decide.
fn address_around(text: &[u8], (lo, hi): (usize, usize), at: usize) -> Option<(usize, usize)> {
    let local =
        |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || matches!(b, b'.' | b'_' | b'-' | b'+' | b'\'');
    let domain = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || matches!(b, b'.' | b'-');
    let from = lo.max(at.saturating_sub(LONGEST_LOCAL_PART + 1));
    let length = text[from..at].iter().rev().take_while(|b| local(b)).count();
    if length > LONGEST_LOCAL_PART {
        return None;
    }
    let mut start = at - length;
    while start < at && matches!(text[start], b'.' | b'-' | b'\'' | b'+') {
        start += 1;
    }
    start = after_foreign_punctuation(text, start, at);
    let to = hi.min(at + 1 + LONGEST_DOMAIN);
    let mut end = at + 1 + text[at + 1..to].iter().take_while(|b| domain(b)).count();
    end = before_foreign_punctuation(text, at + 1, end);
    while end > at + 1 && matches!(text[end - 1], b'.' | b'-') {
        end -= 1;
    }
    (start < at && end > at + 1 && end - start <= LONGEST_MATCH).then_some((start, end))
}

/// Quotation marks and spaces beyond ASCII are no part of an address.
fn after_foreign_punctuation(text: &[u8], start: usize, at: usize) -> usize {
    let mut first = start;
    let mut i = start;
    while i < at {
        let (c, len) = char_at(&text[..at], i);
        i += len;
        if !c.is_some_and(|c| c.is_ascii() || c.is_alphanumeric()) {
            first = i;
        }
    }
    first
}

fn before_foreign_punctuation(text: &[u8], start: usize, end: usize) -> usize {
    let mut i = start;
    while i < end {
        let (c, len) = char_at(&text[..end], i);
        if !c.is_some_and(|c| c.is_ascii() || c.is_alphanumeric()) {
            return i;
        }
        i += len;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<&str> {
        let at = text.find('@').unwrap();
        address_around(text.as_bytes(), (0, text.len()), at).map(|(start, end)| &text[start..end])
    }

    #[test]
    fn an_address_ends_where_punctuation_begins() {
        assert_eq!(address("“jörg.maß@bücher.de”, …"), Some("jörg.maß@bücher.de"));
        assert_eq!(address("(see 'a.b+c@d.org')."), Some("a.b+c@d.org"));
        assert_eq!(address("mail=a@b.org."), Some("a@b.org"));
        assert_eq!(address("@b.org"), None);
        assert_eq!(address("a@"), None);
        assert_eq!(address(&format!("{}@b.org", "a".repeat(65))), None);
    }

    #[test]
    fn groups_with_digits_join_and_names_do_not() {
        let joined = |text: &str, value: &str| {
            let start = text.find(value).unwrap();
            let end = start + value.len();
            let text = text.as_bytes();
            left_joined(text, 0, start) || right_joiner(text, text.len(), end).is_some()
        };
        assert!(joined("a716-446655440000", "446655440000"));
        assert!(joined("1.2.3.4.5", "1.2.3.4"));
        assert!(joined("12:34:56", "12:34"));
        assert!(joined("123456789@corp.de", "123456789"));
        assert!(!joined("ssn-536228145", "536228145"));
        assert!(!joined("id2:536228145", "536228145"));
        assert!(!joined("536228145.", "536228145"));
        assert!(!joined("536228145.pdf", "536228145"));
    }
}
