//! What the cells of a decided column are looked at for.
//!
//! A column of order numbers has a million cells of nine digits, and some twenty-five detectors try their check digits on
//! each. The sample says what is found in cells that look like that, and that the column speaks against it, or that it is
//! cards and nothing else. Behind the sample such cells are looked at for what the sample had in them, if that was
//! anything. The cells of one record in [`STRAYS`] are looked at whole, so that the end of the column can be held against its beginning.
//!
//! This is for forms only in which nothing can speak for a value: digits, marks, and no word.

use domesday_model::DetectorId;

use crate::candidates::Keep;

/// A longer cell has no form.
const LONGEST_FORM: usize = 40;
/// The longest run of letters that is no word.
const LONGEST_RUN: usize = 2;
/// Detectors that find something in cells of one form. Those of more are looked at whole.
const MOST_FINDERS: usize = 4;
/// Records among which the cells of about one are looked at whole.
const STRAYS: u64 = 64;

/// By form, the detectors that find something in its cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Routes(Vec<(u64, Finders)>);

/// The detectors that find something in cells of one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finders {
    detectors: [DetectorId; MOST_FINDERS],
    len: u8,
    /// What their values begin with in such a cell.
    pub(super) keep: Keep,
    /// A month stands in it.
    is_dated: bool,
}

impl Finders {
    pub(crate) fn contain(&self, detector: DetectorId) -> bool {
        self.detectors[..usize::from(self.len)].contains(&detector)
    }
}

impl Routes {
    /// Adds a form, unless too many find something in it: each with whether that was at the beginning of cells only.
    pub(super) fn add(
        &mut self,
        form: u64,
        is_dated: bool,
        finders: impl Iterator<Item = (DetectorId, bool)>,
    ) {
        let detectors = [DetectorId(0); MOST_FINDERS];
        let mut known = Finders { detectors, len: 0, keep: Keep::Nothing, is_dated };
        for (detector, first) in finders {
            let Some(place) = known.detectors.get_mut(usize::from(known.len)) else { return };
            *place = detector;
            known.len += 1;
            known.keep = if first && known.keep != Keep::Shapes { Keep::First } else { Keep::Shapes };
        }
        self.0.push((form, known));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The place of the form of a cell, if it has one here.
    pub(super) fn of(&self, cell: &[u8]) -> Option<u16> {
        let form = form_of(cell);
        let at = self.0.iter().position(|(known, _)| *known == form)?;
        // Another word may stand where the sample had a month.
        (!self.0[at].1.is_dated || has_months(cell)).then_some(at as u16)
    }

    /// The finders of the form at that place.
    pub(super) fn finders(&self, place: u16) -> &Finders {
        &self.0[usize::from(place)].1
    }
}

/// Whether the cells of a record are looked at for everything. Records of tables follow patterns, so it is any.
pub(super) fn is_looked_at_whole(record: u64) -> bool {
    record.wrapping_mul(0x9E37_79B9_7F4A_7C15) < u64::MAX / STRAYS
}

/// Two cells of one form have digits, letters and everything else at the same places.
pub(super) fn form_of(value: &[u8]) -> u64 {
    if value.len() > LONGEST_FORM {
        return 0;
    }
    value.iter().fold(0xcbf2_9ce4_8422_2325, |form: u64, &byte| {
        (form ^ u64::from(CLASSES[usize::from(byte)])).wrapping_mul(0x0100_0000_01b3)
    })
}

/// What a byte is in a form.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut i = 0;
    while i < 256 {
        let byte = i as u8;
        classes[i] = match byte {
            b'0'..=b'9' => b'9',
            b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => b'A',
            other => other,
        };
        i += 1;
    }
    classes
};

/// Whether a cell is a number or code in which no word stands but a month, and nothing with an `@`.
pub(super) fn is_bare(value: &[u8]) -> bool {
    let is_letter = |byte: &u8| CLASSES[usize::from(*byte)] == b'A';
    let is_month = |run: &[u8]| MONTHS.iter().any(|month| run.eq_ignore_ascii_case(*month));
    value.len() <= LONGEST_FORM
        && value.iter().any(u8::is_ascii_digit)
        && !value.contains(&b'@')
        && value.split(|byte| !is_letter(byte)).all(|run| run.len() <= LONGEST_RUN || is_month(run))
}

/// Whether the words of three letters are months in a cell that has the form of a bare one.
fn has_months(value: &[u8]) -> bool {
    let mut run = 0;
    for (i, &byte) in value.iter().enumerate() {
        run = if CLASSES[usize::from(byte)] == b'A' { run + 1 } else { 0 };
        if run > LONGEST_RUN
            && !MONTHS.iter().any(|month| value[i - LONGEST_RUN..=i].eq_ignore_ascii_case(*month))
        {
            return false;
        }
    }
    true
}

/// Whether a month stands in a bare cell.
pub(super) fn is_dated(value: &[u8]) -> bool {
    value.windows(LONGEST_RUN + 1).any(|run| run.iter().all(u8::is_ascii_alphabetic))
}

/// As logs write them.
const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_one_form_look_alike() {
        assert_eq!(form_of(b"AB-12"), form_of(b"xy-99"));
        assert_ne!(form_of(b"AB-12"), form_of(b"AB-123"));
    }

    #[test]
    fn numbers_and_codes_are_bare() {
        for cell in ["1", "2024-01-31T10:00:00Z", "DE30028127182422055814", "(555) 123-4567"] {
            assert!(is_bare(cell.as_bytes()), "{cell}");
        }
        let long = "1".repeat(41);
        assert!(is_bare(b"26/May/2025:23:58:43 +0000"));
        for cell in ["", "Al", "ssn 1", "26/Ssn/2025", "1 Rue", "a1@b2", "東1", &long] {
            assert!(!is_bare(cell.as_bytes()), "{cell}");
        }
    }
}
