//! Check digits that are weighted sums: the characters of an identifier times the weights of its scheme, modulo a number.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The values that characters stand for in a sum.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(try_from = "AlphabetText")]
pub struct Alphabet {
    /// By character; [`Self::NONE`] where the character has no value.
    pub(super) values: [u8; 128],
    /// Digits stand for themselves, and nothing else has a value.
    decimal: bool,
}

/// How an alphabet is written: a string, in which every character stands for its place; a list, in which all
/// characters of an entry stand for the entry's place (`["0X", "1Y", "2Z", "3", …]` for the Spanish NIE); or a table of
/// values by character, added to the digits (`{ A = 96, B = 95 }` for Corsica in a French NIR).
#[derive(Deserialize)]
#[serde(untagged)]
enum AlphabetText {
    Places(String),
    Groups(Vec<String>),
    Added(BTreeMap<char, u8>),
}

/// Parameters of [`Checksum::Congruence`](super::Checksum::Congruence): `Σ weight·value ≡ remainder (mod modulus)`.
///
/// A number whose last two digits are `97 − n mod 97` has the powers of ten as weights of `n`, 10 and 1 for the check
/// digits, and the remainder 0.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Congruence {
    /// One weight per character from `from` on, at most 64.
    pub weights: Vec<i32>,
    /// Divisor, 2 to 1000.
    pub modulus: u32,
    /// What must be left, below the modulus.
    #[serde(default)]
    pub remainder: u32,
    /// Place of the first weighted character, counted from 0.
    #[serde(default)]
    pub from: usize,
    /// Lays the last weight on the last character and the others to the left of it. For values of several lengths, of
    /// which none is longer than the weights. `from` is then not used.
    #[serde(default)]
    pub from_right: bool,
    /// Values of the weighted characters. Digits where left out.
    #[serde(default = "Alphabet::digits")]
    pub alphabet: Alphabet,
}

/// Parameters of [`Checksum::Weighted`](super::Checksum::Weighted).
///
/// `check = characters[±(offset + Σ weight·value) mod modulus]`. A scheme in which the sum over *all* digits must be a
/// multiple of the modulus is the same with `complement = true` and the last weight left out (where that is 1).
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighted {
    /// One weight per character from `from` on, at most 64.
    pub weights: Vec<i32>,
    /// Divisor, 2 to 1000.
    pub modulus: u32,
    /// Place of the first weighted character, counted from 0.
    #[serde(default)]
    pub from: usize,
    /// Place of the check character; directly behind the weighted ones where left out.
    pub check: Option<usize>,
    /// Lays the last weight on the character before the last and the others to the left of it; the check character is
    /// the last. For values of several lengths. `from` and `check` are then not used.
    #[serde(default)]
    pub from_right: bool,
    /// Adds the decimal digits of each product instead of the product.
    #[serde(default)]
    pub digit_sum: bool,
    /// Added to the sum.
    #[serde(default)]
    pub offset: i32,
    /// Takes `modulus − remainder` (0 for 0) in place of the remainder.
    #[serde(default)]
    pub complement: bool,
    /// The check characters by remainder. `-`, and a remainder behind the end: no such value is issued.
    #[serde(default = "decimal_digits")]
    pub characters: String,
    /// Tried in place of this one where the remainder has no character.
    pub or_else: Option<Box<Weighted>>,
    /// Values of the weighted characters. Digits where left out.
    #[serde(default = "Alphabet::digits")]
    pub alphabet: Alphabet,
    /// Values of the second, fourth and every other weighted character, where those differ.
    pub second_alphabet: Option<Alphabet>,
    /// Values of the weighted characters where they differ at each place: as many alphabets as weights. For schemes
    /// that do more with a digit and its place than multiply them.
    #[serde(default)]
    pub place_alphabets: Vec<Alphabet>,
}

impl Alphabet {
    pub(super) const NONE: u8 = u8::MAX;

    /// The ten digits.
    pub(super) fn digits() -> Self {
        let mut values = [Self::NONE; 128];
        (0..10).for_each(|digit| values[usize::from(b'0' + digit)] = digit);
        Self { values, decimal: true }
    }

    /// `Σ weight·value`. A weight of 0 leaves a place out, whatever stands there.
    #[inline]
    fn sum(&self, characters: &[u8], weights: &[i32]) -> Option<i64> {
        let pairs = || characters.iter().zip(weights);
        if self.decimal {
            let (sum, all) = pairs().fold((0, true), |(sum, all), (&character, &weight)| {
                let digit = character.wrapping_sub(b'0');
                (sum + i64::from(digit) * i64::from(weight), all & ((digit < 10) | (weight == 0)))
            });
            return all.then_some(sum);
        }
        pairs().filter(|(_, weight)| **weight != 0).try_fold(0, |sum, (&character, &weight)| {
            Some(sum + i64::from(self.value(character)?) * i64::from(weight))
        })
    }

    pub(super) fn value(&self, character: u8) -> Option<u32> {
        match self.values.get(usize::from(character)) {
            Some(&value) if value != Self::NONE => Some(u32::from(value)),
            _ => None,
        }
    }

    fn set(&mut self, character: char, value: usize) -> Result<(), String> {
        let slot =
            self.values.get_mut(character as usize).ok_or("an alphabet holds ASCII characters only")?;
        if *slot != Self::NONE {
            return Err(format!("the character {character:?} occurs twice in an alphabet"));
        }
        *slot = u8::try_from(value).ok().filter(|&v| v < 128).ok_or("an alphabet has 128 values at most")?;
        Ok(())
    }
}

impl TryFrom<AlphabetText> for Alphabet {
    type Error = String;

    fn try_from(text: AlphabetText) -> Result<Self, String> {
        let mut alphabet = Self { values: [Self::NONE; 128], decimal: false };
        match text {
            AlphabetText::Places(places) => {
                places.chars().enumerate().try_for_each(|(value, c)| alphabet.set(c, value))?;
            }
            AlphabetText::Groups(groups) => {
                for (value, group) in groups.iter().enumerate() {
                    group.chars().try_for_each(|c| alphabet.set(c, value))?;
                }
            }
            AlphabetText::Added(values) => {
                alphabet = Self { decimal: values.is_empty(), ..Self::digits() };
                values.into_iter().try_for_each(|(c, value)| alphabet.set(c, value.into()))?;
            }
        }
        Ok(alphabet)
    }
}

impl Weighted {
    const MAX_WEIGHTS: usize = 64;
    pub(super) const MAX_PLACE: usize = 128;

    pub(super) fn holds(&self, compact: &[u8]) -> bool {
        let Some((body, weights, &check)) = self.parts(compact) else { return false };
        let Some(remainder) = self.remainder(body, weights) else { return false };
        match (self.character(remainder), &self.or_else) {
            (Some(expected), _) => expected == check,
            (None, Some(second)) => second.holds(compact),
            (None, None) => false,
        }
    }

    /// The part of a value that is weighted, its weights, and the check character.
    pub(super) fn parts<'v, T>(&self, value: &'v [T]) -> Option<(&'v [T], &[i32], &'v T)> {
        if self.from_right {
            let (check, body) = value.split_last()?;
            let unused = self.weights.len().checked_sub(body.len()).filter(|_| !body.is_empty())?;
            return Some((body, &self.weights[unused..], check));
        }
        let end = self.from + self.weights.len();
        Some((value.get(self.from..end)?, &self.weights, value.get(self.check.unwrap_or(end))?))
    }

    /// The values of the character at a place of those that are weighted.
    pub(super) fn alphabet_at(&self, place: usize) -> &Alphabet {
        let second = self.second_alphabet.as_ref().filter(|_| !place.is_multiple_of(2));
        self.place_alphabets.get(place).or(second).unwrap_or(&self.alphabet)
    }

    /// The check character that a sum names by what it leaves, if it names any.
    pub(super) fn character(&self, remainder: u32) -> Option<u8> {
        let complement = (self.modulus - remainder) % self.modulus;
        let place = if self.complement { complement } else { remainder };
        self.characters.as_bytes().get(place as usize).copied().filter(|character| *character != b'-')
    }

    /// What the sum leaves.
    fn remainder(&self, body: &[u8], weights: &[i32]) -> Option<u32> {
        let mut sum = i64::from(self.offset);
        if self.second_alphabet.is_none() && self.place_alphabets.is_empty() && !self.digit_sum {
            sum += self.alphabet.sum(body, weights)?;
        } else {
            for (place, (&character, &weight)) in body.iter().zip(weights).enumerate() {
                if weight != 0 {
                    let value = self.alphabet_at(place).value(character)?;
                    let product = i64::from(value) * i64::from(weight);
                    sum += if self.digit_sum { sum_of_digits(product) } else { product };
                }
            }
        }
        u32::try_from(sum.rem_euclid(i64::from(self.modulus))).ok()
    }

    pub(super) fn validate(&self, depth: usize) -> Result<(), String> {
        if !(1..=Self::MAX_WEIGHTS).contains(&self.weights.len()) || self.weights.iter().all(|&w| w == 0) {
            return Err("weighted needs 1 to 64 weights, not all of them 0".to_owned());
        }
        if !(2..=1000).contains(&self.modulus) {
            return Err("the modulus of weighted must be 2 to 1000".to_owned());
        }
        if !self.characters.is_ascii() || self.characters.is_empty() {
            return Err("the characters of weighted must be ASCII and not empty".to_owned());
        }
        if self.characters.len() > self.modulus.max(10) as usize {
            return Err("weighted has more characters than remainders".to_owned());
        }
        if self.from_right && (self.check.is_some() || self.from != 0) {
            return Err("from_right excludes from and check".to_owned());
        }
        if !self.place_alphabets.is_empty()
            && (self.place_alphabets.len() != self.weights.len() || self.from_right)
        {
            return Err(
                "weighted needs as many place_alphabets as weights, and no from_right with them".to_owned()
            );
        }
        if self.from > Self::MAX_PLACE || self.check.is_some_and(|check| check > Self::MAX_PLACE) {
            return Err("from and check must be 128 at most".to_owned());
        }
        let counted = |check: usize| check.checked_sub(self.from).and_then(|i| self.weights.get(i));
        if self.check.and_then(counted).is_some_and(|&weight| weight != 0) {
            return Err("the check character must not have a weight".to_owned());
        }
        match &self.or_else {
            Some(_) if depth == 4 => Err("or_else goes four levels deep at most".to_owned()),
            Some(second) => second.validate(depth + 1),
            None => Ok(()),
        }
    }

    pub(super) fn chance(&self) -> f64 {
        let used =
            self.characters.as_bytes().get(..self.modulus as usize).unwrap_or(self.characters.as_bytes());
        let accepted = used.iter().filter(|&&c| c != b'-').count() as f64 / f64::from(self.modulus);
        let second = self.or_else.as_ref().map_or(0.0, |second| (1.0 - accepted) * second.chance());
        accepted / distinct(used) + second
    }
}

impl Congruence {
    /// The part of a value that is weighted, and its weights.
    pub(super) fn parts<'v, T>(&self, value: &'v [T]) -> Option<(&'v [T], &[i32])> {
        if self.from_right {
            let unused = self.weights.len().checked_sub(value.len()).filter(|_| !value.is_empty())?;
            return Some((value, &self.weights[unused..]));
        }
        Some((value.get(self.from..self.from + self.weights.len())?, &self.weights))
    }

    pub(super) fn holds(&self, compact: &[u8]) -> bool {
        let Some((characters, weights)) = self.parts(compact) else { return false };
        let sum = self.alphabet.sum(characters, weights);
        sum.is_some_and(|sum| sum.rem_euclid(i64::from(self.modulus)) == i64::from(self.remainder))
    }

    pub(super) fn validate(&self) -> Result<(), String> {
        if !(1..=Weighted::MAX_WEIGHTS).contains(&self.weights.len()) || self.weights.iter().all(|&w| w == 0)
        {
            return Err("congruence needs 1 to 64 weights, not all of them 0".to_owned());
        }
        if !(2..=1000).contains(&self.modulus) || self.remainder >= self.modulus {
            return Err(
                "the modulus of congruence must be 2 to 1000, the remainder must be below it".to_owned()
            );
        }
        if self.from > Weighted::MAX_PLACE {
            return Err("from must be 128 at most".to_owned());
        }
        if self.from_right && self.from != 0 {
            return Err("from_right excludes from".to_owned());
        }
        Ok(())
    }
}

fn decimal_digits() -> String {
    "0123456789".to_owned()
}

/// How many different characters there are, `-` left out.
pub(super) fn distinct(characters: &[u8]) -> f64 {
    let seen = characters.iter().filter(|&&c| c != b'-').fold(0u128, |seen, &c| seen | 1 << (c & 127));
    f64::from(seen.count_ones().max(1))
}

pub(super) fn sum_of_digits(mut product: i64) -> i64 {
    let mut sum = 0;
    while product != 0 {
        sum += product % 10;
        product /= 10;
    }
    sum
}
