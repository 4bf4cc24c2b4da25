//! Check digits that a standard or a paper defines as a whole, with little or nothing to choose.

use serde::Deserialize;

use super::sums::Alphabet;

/// The systems of ISO/IEC 7064 that identifiers use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub enum Iso7064System {
    /// MOD 11-2: digits, check character 0-9 or X.
    #[serde(rename = "mod_11_2")]
    Mod11_2,
    /// MOD 37-2: digits and letters, check character 0-9, A-Z or `*`.
    #[serde(rename = "mod_37_2")]
    Mod37_2,
    /// MOD 97-10: two check digits. Letters count as 10 to 35, as ISO 13616 wants.
    #[serde(rename = "mod_97_10")]
    Mod97_10,
    /// MOD 11,10: digits.
    #[serde(rename = "mod_11_10")]
    Mod11_10,
    /// MOD 37,36: digits and letters.
    #[serde(rename = "mod_37_36")]
    Mod37_36,
}

impl Iso7064System {
    pub(super) fn holds(self, characters: impl Iterator<Item = u8>, len: usize) -> bool {
        match self {
            Self::Mod11_2 => pure_2(characters, len, 11),
            Self::Mod37_2 => pure_2(characters, len, 37),
            Self::Mod97_10 => mod_97_10(characters, len),
            Self::Mod11_10 => hybrid(characters, len, 10),
            Self::Mod37_36 => hybrid(characters, len, 36),
        }
    }
}

fn digit(character: u8) -> Option<u32> {
    character.is_ascii_digit().then(|| u32::from(character - b'0'))
}

/// 0-9, then A-Z as 10 to 35.
fn alphanumeric(character: u8) -> Option<u32> {
    match character {
        b'0'..=b'9' => Some(u32::from(character - b'0')),
        b'A'..=b'Z' => Some(u32::from(character - b'A') + 10),
        _ => None,
    }
}

pub(super) fn luhn(prefix: &[u8], compact: &[u8]) -> bool {
    let mut sum = 0;
    let from_the_right = compact.iter().rev().chain(prefix.iter().rev());
    for (place, &character) in from_the_right.enumerate() {
        let Some(value) = digit(character) else { return false };
        let doubled = value * 2;
        sum += match (place % 2, doubled) {
            (0, _) => value,
            (_, 10..) => doubled - 9,
            _ => doubled,
        };
    }
    compact.len() > 1 && sum % 10 == 0
}

pub(super) fn letter_table(compact: &[u8], modulus: u32, letters: &[u8], alphabet: &Alphabet) -> bool {
    let Some((check, body)) = compact.split_last() else { return false };
    let number = body.iter().try_fold(0, |number, &c| Some((number * 10 + alphabet.value(c)?) % modulus));
    !body.is_empty() && number.and_then(|number| letters.get(number as usize)) == Some(check)
}

/// The pure systems with radix 2 and one check character, which alone may have the highest value (X or `*`).
fn pure_2(characters: impl Iterator<Item = u8>, len: usize, modulus: u32) -> bool {
    let supplementary = if modulus == 11 { b'X' } else { b'*' };
    let mut remainder = 0;
    for (place, character) in characters.enumerate() {
        let value = match alphanumeric(character) {
            Some(value) if value < modulus - 1 => value,
            _ if character == supplementary && place + 1 == len => modulus - 1,
            _ => return false,
        };
        remainder = (remainder * 2 + value) % modulus;
    }
    len > 1 && remainder == 1
}

fn mod_97_10(characters: impl Iterator<Item = u8>, len: usize) -> bool {
    let mut remainder = 0;
    for character in characters {
        let Some(value) = alphanumeric(character) else { return false };
        remainder = (remainder * if value < 10 { 10 } else { 100 } + value) % 97;
    }
    len > 2 && remainder == 1
}

/// The hybrid systems: MOD (radix + 1), radix.
fn hybrid(characters: impl Iterator<Item = u8>, len: usize, radix: u32) -> bool {
    let mut product = radix;
    for (place, character) in characters.enumerate() {
        let Some(value) = alphanumeric(character).filter(|&value| value < radix) else { return false };
        let sum = (product + value) % radix;
        if place + 1 == len {
            return len > 1 && sum == 1;
        }
        product = if sum == 0 { radix } else { sum } * 2 % (radix + 1);
    }
    false
}

/// Multiplication in the dihedral group of order ten, 0-4 rotations and 5-9 reflections.
const DIHEDRAL: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

/// Verhoeff's permutation, applied once more per place from the right; eight times is not at all.
const PERMUTATIONS: [[u8; 10]; 8] = {
    let once = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut all = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]; 8];
    let mut times = 1;
    while times < 8 {
        let mut digit = 0;
        while digit < 10 {
            all[times][digit] = once[all[times - 1][digit] as usize];
            digit += 1;
        }
        times += 1;
    }
    all
};

pub(super) fn verhoeff(compact: &[u8]) -> bool {
    let mut check = 0;
    for (place, &character) in compact.iter().rev().enumerate() {
        if !character.is_ascii_digit() {
            return false;
        }
        let permuted = PERMUTATIONS[place % 8][usize::from(character - b'0')];
        check = DIHEDRAL[usize::from(check)][usize::from(permuted)];
    }
    compact.len() > 1 && check == 0
}

/// The totally anti-symmetric quasigroup of order ten from Damm's thesis.
const QUASIGROUP: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

pub(super) fn damm(compact: &[u8]) -> bool {
    let check = compact.iter().try_fold(0u8, |interim, &character| {
        Some(QUASIGROUP[usize::from(interim)][digit(character)? as usize])
    });
    compact.len() > 1 && check == Some(0)
}

/// The characters of bech32 in the order of their values, in upper case as compact values are.
const BECH32: &[u8; 32] = b"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";

/// Bech32 leaves 1, for version 0; bech32m leaves this, for later versions.
const BECH32M: u32 = 0x2bc8_30a3;

/// A BCH code over 32 values: the human-readable part, which is `known` or all up to the last 1, in two halves, then the
/// data.
pub(super) fn bech32(known: &[u8], compact: &[u8]) -> bool {
    matches!(bech32_remainder(known, compact), Some(1 | BECH32M))
}

/// The code of a cash address: over the last five bits of each character before the data, a zero and the data, eight
/// characters of which are the code.
pub(super) fn cash_address(readable: &[u8], compact: &[u8]) -> bool {
    cash_address_remainder(readable, compact) == Some(1)
}

/// The eight characters that would make the code hold in the place of the last eight.
pub(crate) fn cash_address_code(readable: &[u8], compact: &[u8]) -> Option<[u8; 8]> {
    const ZERO: u8 = BECH32[0];
    let blank = [&compact[..compact.len().checked_sub(8)?], &[ZERO; 8]].concat();
    let check = cash_address_remainder(readable, &blank)? ^ 1;
    Some(std::array::from_fn(|place| BECH32[(check >> (5 * (7 - place)) & 31) as usize]))
}

fn cash_address_remainder(readable: &[u8], compact: &[u8]) -> Option<u64> {
    const GENERATOR: [u64; 5] =
        [0x98_f2bc_8e61, 0x79_b76d_99e2, 0xf3_3e5f_b3c4, 0xae_2eab_e2a8, 0x1e_4f43_e470];
    let step = |check: u64, value: u64| {
        let carry = check >> 35;
        let shifted = (check & 0x07_ffff_ffff) << 5 ^ value;
        (0..5).filter(|bit| carry >> bit & 1 == 1).fold(shifted, |check, bit| check ^ GENERATOR[bit])
    };
    let (written, data) = compact.split_at_checked(readable.len())?;
    if !written.eq_ignore_ascii_case(readable) || data.len() < 8 {
        return None;
    }
    let before = readable.iter().map(|b| u64::from(b & 31)).chain([0]).fold(1, step);
    let value = |b: &u8| BECH32.iter().position(|c| c == b).and_then(|place| u64::try_from(place).ok());
    data.iter().try_fold(before, |check, b| Some(step(check, value(b)?)))
}

/// The six characters that would make the code hold in the place of the last six.
pub(crate) fn bech32_code(known: &[u8], compact: &[u8]) -> Option<[u8; 6]> {
    const ZERO: u8 = BECH32[0];
    let blank = [&compact[..compact.len().checked_sub(6)?], &[ZERO; 6]].concat();
    let check = bech32_remainder(known, &blank)? ^ 1;
    Some(std::array::from_fn(|place| BECH32[(check >> (5 * (5 - place)) & 31) as usize]))
}

fn bech32_remainder(known: &[u8], compact: &[u8]) -> Option<u32> {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let step = |check: u32, value: u32| {
        let carry = check >> 25;
        let shifted = (check & 0x01ff_ffff) << 5 ^ value;
        (0..5).filter(|bit| carry >> bit & 1 == 1).fold(shifted, |check, bit| check ^ GENERATOR[bit])
    };
    let one = compact.iter().rposition(|&b| b == b'1')?;
    let (written, data) = (&compact[..one], &compact[one + 1..]);
    let readable = if known.is_empty() { written } else { known };
    if readable.is_empty() || data.len() < 6 {
        return None;
    }
    // The readable part is lower case where the code is defined.
    let lower = readable.iter().map(|b| u32::from(b.to_ascii_lowercase()));
    let halves = lower.clone().map(|b| b >> 5).chain([0]).chain(lower.map(|b| b & 31));
    let value = |b: &u8| BECH32.iter().position(|c| c == b).and_then(|place| u32::try_from(place).ok());
    data.iter().try_fold(halves.fold(1, step), |check, b| Some(step(check, value(b)?)))
}
