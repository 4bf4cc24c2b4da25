//! What the cells of a decided column are looked at for.
//!
//! A column of order numbers has a million cells of nine digits, and some twenty-five detectors try their check digits on
//! each. The sample says what is found in cells that look like that, and that the column speaks against it, or that it is
//! cards and nothing else. Behind the sample such cells are looked at for what the sample had in them, if that was
//! anything. The cells of one record in [`STRAYS`] are looked at whole, so that the end of the column can be held against its beginning.
//!
//! This is for forms only in which nothing can speak for a value: digits, marks, and no word; or hexadecimal digits.

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

/// Two cells of one form have digits, letters and everything else at the same places, or are hexadecimal and have their dashes
/// there.
pub(super) fn form_of(value: &[u8]) -> u64 {
    let mut bytes = [0; LONGEST_FORM];
    let Some(place) = bytes.get_mut(..value.len()) else { return 0 };
    place.copy_from_slice(value);
    let eights = || bytes.chunks_exact(8).take(value.len().div_ceil(8));
    let eights = || eights().map(|eight| u64::from_le_bytes(eight.try_into().expect("there are eight")));
    let seed = 0xcbf2_9ce4_8422_2325 ^ value.len() as u64;
    if value.len() >= SHORTEST_HEXADECIMAL {
        let mut form = !seed;
        let mut letters = 0;
        let is_hexadecimal = eights().all(|eight| {
            let marks = equal(eight, b'-') | equal(eight, 0);
            let of_number = hexadecimal_letters(eight);
            form = mixed(form, marks);
            letters += of_number.count_ones();
            digits(eight) | of_number | marks == HIGH
        });
        if is_hexadecimal && letters >= FEWEST_LETTERS {
            return form;
        }
    }
    eights().fold(seed, |form, eight| mixed(form, classes(eight)))
}

/// Hexadecimal cells are this long, and have that many letters: a short one may be a word, and a number with a country's two letters
/// is none.
const SHORTEST_HEXADECIMAL: usize = 16;
const FEWEST_LETTERS: u32 = 3;

/// Whether a cell is hexadecimal, with or without dashes.
fn is_hexadecimal(value: &[u8]) -> bool {
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    (SHORTEST_HEXADECIMAL..=LONGEST_FORM).contains(&value.len())
        && value.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
        && letters >= FEWEST_LETTERS as usize
}

fn mixed(form: u64, eight: u64) -> u64 {
    let product = (form ^ eight).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    product ^ product >> 32
}

/// The highest bit of each of eight bytes.
const HIGH: u64 = 0x8080_8080_8080_8080;

const fn each_of_eight(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// The highest bits of those of eight bytes that are equal to one.
fn equal(eight: u64, byte: u8) -> u64 {
    let differ = eight ^ each_of_eight(byte);
    !(((differ & !HIGH) + !HIGH) | differ) & HIGH
}

/// The highest bits of those of eight bytes, each below 128, that lie in a range.
fn within(eight: u64, first: u8, last: u8) -> u64 {
    let at_least = eight + each_of_eight(128 - first);
    let above = eight + each_of_eight(127 - last);
    at_least & !above & HIGH
}

/// The highest bits of those of eight bytes that are digits.
fn digits(eight: u64) -> u64 {
    within(eight & !HIGH, b'0', b'9') & !eight
}

/// The same of letters of hexadecimal numbers.
fn hexadecimal_letters(eight: u64) -> u64 {
    within(eight & !HIGH | each_of_eight(0x20), b'a', b'f') & !eight
}

/// The same of ASCII letters, and bytes beyond ASCII.
fn letters(eight: u64) -> u64 {
    within(eight & !HIGH | each_of_eight(0x20), b'a', b'z') | eight & HIGH
}

/// Of eight bytes `9` for digits, `A` for letters and bytes beyond ASCII, and the others as they are.
fn classes(eight: u64) -> u64 {
    let whole = |bits: u64| (bits >> 7) * 0xFF;
    let (digits, letters) = (whole(digits(eight)), whole(letters(eight)));
    eight & !(digits | letters) | digits & each_of_eight(b'9') | letters & each_of_eight(b'A')
}

/// Whether a cell is a number or code in which no word stands but a month, and nothing with an `@`.
pub(super) fn is_bare(value: &[u8]) -> bool {
    let is_month = |run: &[u8]| MONTHS.iter().any(|month| run.eq_ignore_ascii_case(*month));
    let is_number =
        || value.split(|byte| !is_letter(byte)).all(|run| run.len() <= LONGEST_RUN || is_month(run));
    value.len() <= LONGEST_FORM
        && value.iter().any(u8::is_ascii_digit)
        && !value.contains(&b'@')
        && (is_hexadecimal(value) || is_number())
}

/// Whether the words of three letters are months in a cell that has the form of a bare one.
fn has_months(value: &[u8]) -> bool {
    let mut run = 0;
    for (i, &byte) in value.iter().enumerate() {
        run = if is_letter(&byte) { run + 1 } else { 0 };
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
    !is_hexadecimal(value)
        && value.windows(LONGEST_RUN + 1).any(|run| run.iter().all(u8::is_ascii_alphabetic))
}

fn is_letter(byte: &u8) -> bool {
    byte.is_ascii_alphabetic() || *byte >= 0x80
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
        assert_ne!(form_of(b"AB-12"), form_of(b"AB.12"));
        let form = form_of(b"5f0c2a9e-77b1-4d3e-9c41-0a1b2c3d4e5f");
        assert_eq!(form_of(b"37dc5f02-01e7-4e1c-aabb-4c9e5fec5c9d"), form);
        assert_ne!(form_of(b"37dc5f02-01e7-4e1c-aabb04c9e5fec5c9d"), form);
        assert_ne!(form_of(b"37dc5f02-01e7-4e1c-aabb-4c9e5fec5c9g"), form);
        assert_ne!(form_of(b"4111111111111111"), form_of(b"41f1111abc111111"));
        assert_ne!(form_of(b"DE30028127182422"), form_of(b"41f1111abc111111"));
    }

    #[test]
    fn forms_are_those_of_plain_code() {
        let class = |byte: u8| match byte {
            b'0'..=b'9' => b'9',
            byte if is_letter(&byte) => b'A',
            other => other,
        };
        for first in 0..=255u8 {
            for second in 0..=255u8 {
                let same = class(first) == class(second);
                assert_eq!(
                    form_of(&[b'x', first, b'-']) == form_of(&[b'x', second, b'-']),
                    same,
                    "{first} {second}"
                );
            }
        }
    }

    #[test]
    fn numbers_and_codes_are_bare() {
        for cell in ["1", "2024-01-31T10:00:00Z", "DE30028127182422055814", "(555) 123-4567"] {
            assert!(is_bare(cell.as_bytes()), "{cell}");
        }
        assert!(
            is_bare(b"37dc5f02-01e7-4e1c-aabb-4c9e5fec5c9d")
                && !is_dated(b"37dc5f02-01e7-4e1c-aabb-4c9e5fec5c9d")
        );
        let long = "1".repeat(41);
        assert!(is_bare(b"26/May/2025:23:58:43 +0000"));
        for cell in ["", "Al", "ssn 1", "26/Ssn/2025", "1 Rue", "a1@b2", "東1", &long] {
            assert!(!is_bare(cell.as_bytes()), "{cell}");
        }
    }
}
