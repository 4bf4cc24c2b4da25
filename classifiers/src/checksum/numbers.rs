//! The check digits of all detectors that a number may be of, tried at once: a bare number of nine digits fits some thirty.
//!
//! Nearly all of them say that shares of the digits, each by its place, add up to a sum whose remainder is a certain one, or
//! names the check digit. The shares that a digit has for all detectors lie side by side, so they are added with vectors, and
//! a detector costs a remainder. What cannot be said that way is not ruled out, and asked as ever.

use domesday_model::DetectorId;

use super::sums::{Alphabet, Congruence, Weighted, sum_of_digits};
use super::{Checksum, Iso7064System};
use crate::detector::{Detector, Find};

/// Digits of the longest number that is tried.
const MOST_DIGITS: usize = 24;

/// Detectors that are tried for numbers of one length; more of them are not ruled out.
const MOST_LANES: usize = 128;
/// Lanes come in multiples, so that vectors are full.
const LANES: usize = 8;

/// All ten digits.
const ANY_DIGIT: u16 = (1 << 10) - 1;

/// By the number of digits.
#[derive(Debug)]
pub(crate) struct NumberChecks(Vec<OfLength>);

/// What is tried for numbers of one length.
#[derive(Debug, Default)]
struct OfLength {
    lanes: usize,
    /// What sums begin with.
    offsets: Vec<u16>,
    /// By place, digit and lane.
    shares: Vec<u16>,
    tests: Vec<Test>,
    /// Words of bits for all detectors that are tried.
    stride: usize,
    /// See [`Test::first`].
    allowed: Vec<u16>,
}

/// How a sum is judged.
#[derive(Debug)]
struct Test {
    detector: DetectorId,
    modulus: u16,
    /// 2³² divided by the modulus, rounded up.
    inverse: u32,
    /// Place of the check digit.
    check: u8,
    /// Place in `allowed` of the check digits, as bits, for a remainder of 0; those for others follow.
    first: u32,
}

/// What digits alone say of a checksum.
enum Says {
    /// Nothing.
    Anything,
    /// It does not hold.
    Never,
    Sum(Sum),
}

/// The sum that a checksum is of.
struct Sum {
    modulus: u32,
    offset: u32,
    /// By place in the number and digit.
    shares: Vec<[u32; 10]>,
    /// Place of the check digit.
    check: usize,
    /// By remainder, the check digits, as bits.
    allowed: Vec<u16>,
}

impl NumberChecks {
    pub(crate) fn new<'a>(detectors: impl Iterator<Item = &'a Detector>) -> Self {
        let mut by_length: Vec<Vec<(DetectorId, Sum)>> = Vec::new();
        by_length.resize_with(MOST_DIGITS + 1, Vec::new);
        for (detector, id) in detectors.zip(0..) {
            let (Some(checksum), Find::Shapes(shapes)) = (&detector.checksum, &detector.find) else {
                continue;
            };
            let lengths = shapes.iter().fold(0, |lengths, shape| lengths | shape.shape.digits(MOST_DIGITS));
            for length in (1..=MOST_DIGITS).filter(|length| lengths >> length & 1 == 1) {
                let sum = match says(checksum, &Vec::from_iter(0..length), length) {
                    Says::Anything => continue,
                    Says::Never => Sum::never(length),
                    Says::Sum(sum) => sum,
                };
                by_length[length].push((DetectorId(id), sum));
            }
        }
        Self(by_length.into_iter().map(OfLength::new).collect())
    }

    /// Replaces `out` by the detectors, as bits, whose check digits are wrong in a number; `digits` are ASCII.
    #[inline]
    pub(crate) fn rule_out(&self, digits: &[u8], out: &mut Vec<u64>) {
        out.clear();
        let Some(of_length) = self.0.get(digits.len()) else { return };
        out.resize(of_length.stride, 0);
        let mut sums = [0; MOST_LANES];
        let sums = &mut sums[..of_length.lanes];
        sums.copy_from_slice(&of_length.offsets);
        for (place, digit) in digits.iter().enumerate() {
            let row = 10 * place + usize::from(digit.wrapping_sub(b'0'));
            let shares = &of_length.shares[row * of_length.lanes..][..of_length.lanes];
            sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
        }
        for (test, &sum) in of_length.tests.iter().zip(&*sums) {
            let quotient = (u64::from(sum) * u64::from(test.inverse)) >> 32;
            let remainder = u32::from(sum) - quotient as u32 * u32::from(test.modulus);
            let allowed = of_length.allowed[(test.first + remainder) as usize];
            let digit = digits[usize::from(test.check)] & 15;
            let detector = test.detector.index();
            out[detector / 64] |= u64::from(!allowed >> digit & 1) << (detector % 64);
        }
    }
}

impl OfLength {
    fn new(mut sums: Vec<(DetectorId, Sum)>) -> Self {
        sums.truncate(MOST_LANES);
        let lanes = sums.len().next_multiple_of(LANES);
        let length = sums.first().map_or(0, |(_, sum)| sum.shares.len());
        let mut of_length =
            Self { lanes, offsets: vec![0; lanes], shares: vec![0; 10 * length * lanes], ..Self::default() };
        for (lane, (detector, sum)) in sums.into_iter().enumerate() {
            of_length.stride = detector.index() / 64 + 1;
            of_length.offsets[lane] = sum.offset as u16;
            for (row, share) in sum.shares.iter().flatten().enumerate() {
                of_length.shares[row * lanes + lane] = *share as u16;
            }
            of_length.tests.push(Test {
                detector,
                modulus: sum.modulus as u16,
                inverse: u32::MAX / sum.modulus + 1,
                check: sum.check as u8,
                first: of_length.allowed.len() as u32,
            });
            of_length.allowed.extend(sum.allowed);
        }
        of_length
    }
}

impl Sum {
    fn new(modulus: u32, length: usize) -> Self {
        Self {
            modulus,
            offset: 0,
            shares: vec![[0; 10]; length],
            check: 0,
            allowed: vec![0; modulus as usize],
        }
    }

    /// No remainder will do.
    fn never(length: usize) -> Self {
        Self::new(2, length)
    }

    /// The same with that remainder allowed, whatever the digits.
    fn leaving(mut self, remainder: u32) -> Self {
        self.allowed[remainder as usize] = ANY_DIGIT;
        self
    }

    fn add(&mut self, place: usize, share: impl Fn(u32) -> i64) {
        let modulus = i64::from(self.modulus);
        for (known, digit) in self.shares[place].iter_mut().zip(0..) {
            *known = (i64::from(*known) + share(digit)).rem_euclid(modulus) as u32;
        }
    }

    /// Adds the digit times a weight; none where a digit has no value.
    fn add_weighted(
        &mut self,
        place: usize,
        weight: i32,
        alphabet: &Alphabet,
        by_digits: bool,
    ) -> Option<()> {
        if weight == 0 {
            return Some(());
        }
        let values = (b'0'..=b'9').map(|digit| alphabet.value(digit));
        let values: Vec<u32> = values.collect::<Option<_>>()?;
        self.add(place, |digit| {
            let product = i64::from(values[digit as usize]) * i64::from(weight);
            if by_digits { sum_of_digits(product) } else { product }
        });
        Some(())
    }
}

/// What the digits at those places of a number of so many digits say of a checksum over them.
fn says(checksum: &Checksum, places: &[usize], length: usize) -> Says {
    match checksum {
        Checksum::Luhn { prefix } => {
            if places.len() < 2 {
                return Says::Never;
            }
            let mut sum = Sum::new(10, length).leaving(0);
            let doubled = |value: u32| if value > 4 { 2 * value - 9 } else { 2 * value };
            let share = |i: usize, value: u32| if i.is_multiple_of(2) { value } else { doubled(value) };
            for (i, &place) in places.iter().rev().enumerate() {
                sum.add(place, |digit| share(i, digit).into());
            }
            let before = prefix.bytes().rev().zip(places.len()..);
            sum.offset = before.map(|(digit, i)| share(i, u32::from(digit - b'0'))).sum::<u32>() % 10;
            Says::Sum(sum)
        }
        Checksum::Weighted(weighted) => of_weighted(weighted, places, length),
        Checksum::Congruence(congruence) => of_congruence(congruence, places, length),
        Checksum::LetterTable { modulus, letters, alphabet } => {
            let Some((&check, body)) = places.split_last().filter(|(_, body)| !body.is_empty()) else {
                return Says::Never;
            };
            let mut sum = Sum { check, ..Sum::new(*modulus, length) };
            for (allowed, letter) in sum.allowed.iter_mut().zip(letters.bytes()) {
                *allowed = digit_bit(letter);
            }
            let weights = powers(10, *modulus, body.len());
            let added = { body.iter().zip(weights) }
                .try_for_each(|(&place, weight)| sum.add_weighted(place, weight, alphabet, false));
            added.map_or(Says::Anything, |()| Says::Sum(sum))
        }
        Checksum::Iso7064 { system, rotate } => {
            let (front, back) = places.split_at((*rotate).min(places.len()));
            let (modulus, radix, least) = match system {
                Iso7064System::Mod11_2 => (11, 2, 2),
                Iso7064System::Mod37_2 => (37, 2, 2),
                Iso7064System::Mod97_10 => (97, 10, 3),
                Iso7064System::Mod11_10 | Iso7064System::Mod37_36 => return Says::Anything,
            };
            if places.len() < least {
                return Says::Never;
            }
            let mut sum = Sum::new(modulus, length).leaving(1);
            let weights = powers(radix, modulus, places.len());
            for (&place, weight) in back.iter().chain(front).zip(weights) {
                sum.add(place, |digit| i64::from(digit) * i64::from(weight));
            }
            Says::Sum(sum)
        }
        Checksum::Absent { lengths } => {
            if lengths.contains(&places.len()) {
                Says::Anything
            } else {
                Says::Never
            }
        }
        Checksum::Part { from, len, of } => {
            let end = len.map_or(places.len(), |len| from + len);
            places.get(*from..end).map_or(Says::Never, |part| says(of, part, length))
        }
        Checksum::Select { places: selected, of } => {
            let selected: Option<Vec<usize>> =
                selected.iter().map(|&place| places.get(place).copied()).collect();
            selected.map_or(Says::Never, |selected| says(of, &selected, length))
        }
        // Each one alone can rule a number out.
        Checksum::All { of } => of.iter().fold(Says::Anything, |known, checksum| match known {
            Says::Anything => says(checksum, places, length),
            known => known,
        }),
        Checksum::Any { of } => {
            of.iter().fold(Says::Never, |known, checksum| match (known, says(checksum, places, length)) {
                (Says::Never, one) | (one, Says::Never) => one,
                (Says::Sum(one), Says::Sum(other)) => one.or(&other).map_or(Says::Anything, Says::Sum),
                _ => Says::Anything,
            })
        }
        Checksum::Verhoeff {}
        | Checksum::Damm {}
        | Checksum::Bech32 { .. }
        | Checksum::CashAddress { .. } => Says::Anything,
    }
}

impl Sum {
    /// One of two, where they differ in what they allow at most.
    fn or(mut self, other: &Self) -> Option<Self> {
        let key = |sum: &Self| (sum.modulus, sum.offset, sum.check);
        if key(&self) != key(other) || self.shares != other.shares {
            return None;
        }
        self.allowed.iter_mut().zip(&other.allowed).for_each(|(one, other)| *one |= other);
        Some(self)
    }
}

fn of_weighted(weighted: &Weighted, places: &[usize], length: usize) -> Says {
    let Some((body, weights, &check)) = weighted.parts(places) else { return Says::Never };
    let mut sum = Sum { check, ..Sum::new(weighted.modulus, length) };
    let modulus = i64::from(weighted.modulus);
    sum.offset = i64::from(weighted.offset).rem_euclid(modulus) as u32;
    for (i, (&place, &weight)) in body.iter().zip(weights).enumerate() {
        if sum.add_weighted(place, weight, weighted.alphabet_at(i), weighted.digit_sum).is_none() {
            return Says::Anything;
        }
    }
    for (allowed, remainder) in sum.allowed.iter_mut().zip(0..) {
        *allowed = match weighted.character(remainder) {
            Some(expected) => digit_bit(expected),
            // What is tried in its place may hold.
            None if weighted.or_else.is_some() => ANY_DIGIT,
            None => 0,
        };
    }
    Says::Sum(sum)
}

fn of_congruence(congruence: &Congruence, places: &[usize], length: usize) -> Says {
    let Some((body, weights)) = congruence.parts(places) else { return Says::Never };
    let mut sum = Sum::new(congruence.modulus, length).leaving(congruence.remainder);
    let added = { body.iter().zip(weights) }
        .try_for_each(|(&place, &weight)| sum.add_weighted(place, weight, &congruence.alphabet, false));
    added.map_or(Says::Anything, |()| Says::Sum(sum))
}

/// The powers of a radix that so many places have, the last one 1.
fn powers(radix: u32, modulus: u32, count: usize) -> Vec<i32> {
    let next = |power: &u32| Some(power * radix % modulus);
    let mut powers: Vec<i32> =
        std::iter::successors(Some(1), next).take(count).map(|power| power as i32).collect();
    powers.reverse();
    powers
}

fn digit_bit(character: u8) -> u16 {
    if character.is_ascii_digit() { 1 << (character - b'0') } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector_sets::has;
    use crate::registry::Registry;

    /// Numbers of so many digits, none of which is like the next.
    fn numbers(length: usize, count: u64) -> impl Iterator<Item = Vec<u8>> {
        (1..=count).map(move |n| {
            let digit = |place: u64| (n * 31 + place).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            (0..length as u64).map(|place| b'0' + (digit(place) % 10) as u8).collect()
        })
    }

    #[test]
    fn none_is_ruled_out_whose_check_digits_hold() {
        let registry = Registry::builtin().unwrap();
        let checks = NumberChecks::new(registry.iter());
        let mut bits = Vec::new();
        let (mut wrong, mut ruled_out) = (0, 0);
        for number in (1..=MOST_DIGITS).flat_map(|length| numbers(length, 300)) {
            checks.rule_out(&number, &mut bits);
            for (id, detector) in registry.iter().enumerate() {
                let Some(checksum) = &detector.checksum else { continue };
                let Find::Shapes(shapes) = &detector.find else { continue };
                let is_one = |shape: &crate::detector::ShapeBase| {
                    shape.shape.digits(MOST_DIGITS) >> number.len() & 1 == 1
                };
                let holds = checksum.holds(&number);
                assert!(!(holds && has(&bits, DetectorId(id as u16))), "{}: {number:?}", detector.info.id);
                wrong += usize::from(!holds && shapes.iter().any(is_one));
                ruled_out += usize::from(has(&bits, DetectorId(id as u16)));
            }
        }
        // Rules of Verhoeff, Damm and MOD 11,10 are not sums, and those that may be one of several are asked as ever.
        assert!(ruled_out * 5 > wrong * 4, "{ruled_out} of {wrong} wrong ones");
    }

    #[test]
    fn sums_say_what_checksums_do() {
        for (toml, is_all) in [
            ("family = 'luhn'", true),
            ("family = 'luhn'\nprefix = '80840'", true),
            (
                "family = 'weighted'\nweights = [9,8,7,6,5]\nmodulus = 11\ncomplement = true\noffset = -3",
                true,
            ),
            (
                "family = 'weighted'\nweights = [7,6,5,4,3,2]\nmodulus = 11\nfrom_right = true\ncharacters = '0-K3'",
                true,
            ),
            ("family = 'weighted'\nweights = [2,0,2]\nmodulus = 10\ncheck = 1\ndigit_sum = true", true),
            (
                "family = 'weighted'\nweights = [1,2]\nmodulus = 11\n[or_else]\nweights = [3,4]\nmodulus = 7",
                false,
            ),
            (
                "family = 'weighted'\nweights = [1,1]\nmodulus = 10\nplace_alphabets = ['1987654320','2975308641']",
                true,
            ),
            ("family = 'weighted'\nweights = [1,3]\nmodulus = 10\nsecond_alphabet = '9876543210'", true),
            ("family = 'weighted'\nweights = [1,3]\nmodulus = 7\nalphabet = '01234'", false),
            ("family = 'congruence'\nweights = [3,1,4]\nmodulus = 7\nfrom = 1\nremainder = 2", true),
            ("family = 'congruence'\nweights = [3,1,4,1,5]\nmodulus = 97\nfrom_right = true", true),
            ("family = 'letter_table'\nmodulus = 3\nletters = '0A2'", true),
            ("family = 'iso7064'\nsystem = 'mod_11_2'", true),
            ("family = 'iso7064'\nsystem = 'mod_37_2'", true),
            ("family = 'iso7064'\nsystem = 'mod_97_10'\nrotate = 4", true),
            ("family = 'iso7064'\nsystem = 'mod_11_10'", false),
            ("family = 'verhoeff'", false),
            ("family = 'part'\nfrom = 2\nlen = 5\nof = { family = 'luhn' }", true),
            ("family = 'select'\nplaces = [7, 0, 3]\nof = { family = 'luhn' }", true),
            ("family = 'all'\n[[of]]\nfamily = 'damm'\n[[of]]\nfamily = 'luhn'", false),
            ("family = 'any'\n[[of]]\nfamily = 'absent'\nlengths = [4]\n[[of]]\nfamily = 'luhn'", false),
            (
                "family = 'any'\n\
                 [[of]]\nfamily = 'congruence'\nweights = [8,7,6]\nmodulus = 97\n\
                 [[of]]\nfamily = 'congruence'\nweights = [8,7,6]\nmodulus = 97\nremainder = 42",
                true,
            ),
        ] {
            let checksum: Checksum = toml::from_str(toml).expect(toml);
            checksum.validate().expect(toml);
            let mut ruled_out = 0;
            for length in 1..=MOST_DIGITS {
                let sum = match says(&checksum, &Vec::from_iter(0..length), length) {
                    Says::Anything => {
                        assert!(!is_all, "{toml}: {length}");
                        continue;
                    }
                    Says::Never => Sum::never(length),
                    Says::Sum(sum) => sum,
                };
                let mut by_length: Vec<OfLength> = Vec::new();
                by_length.resize_with(length, OfLength::default);
                by_length.push(OfLength::new(vec![(DetectorId(70), sum)]));
                let (checks, mut bits) = (NumberChecks(by_length), Vec::new());
                for number in numbers(length, 400) {
                    checks.rule_out(&number, &mut bits);
                    let holds = checksum.holds(&number);
                    assert!(!(holds && has(&bits, DetectorId(70))), "{toml}: {number:?} is ruled out");
                    assert!(
                        !is_all || holds != has(&bits, DetectorId(70)),
                        "{toml}: {number:?} is not ruled out"
                    );
                    ruled_out += usize::from(has(&bits, DetectorId(70)));
                }
            }
            let says_nothing = toml.contains("mod_11_10") || toml.contains("'verhoeff'");
            assert_eq!(ruled_out == 0, says_nothing, "{toml}");
        }
    }
}
