//! Words told by their first eight letters: a look that settles most of them without hashing the whole word.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use domesday_model::NumberHasher;

use crate::words::{fold_into, folded_letters};

/// The first eight letters of many words: a look that turns nearly all others away.
#[derive(Debug)]
pub(crate) struct Openings {
    /// A power of two of words of bits, 64 to 128 bits an entry.
    bits: Vec<u64>,
}

impl Openings {
    pub(crate) fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut folded = String::new();
        // No run of ASCII letters begins like a word of another script.
        let words = words.filter(|word| {
            word.chars().next().is_some_and(|c| matches!(c, ..'\u{370}' | '\u{1e00}'..'\u{1f00}'))
        });
        let keys: HashSet<u64, BuildHasherDefault<NumberHasher>> =
            words.map(|word| opening_of(word, &mut folded)).collect();
        let mut openings = Self { bits: vec![0; keys.len().next_power_of_two()] };
        for key in keys {
            let place = mixed(key) & (openings.bits.len() * 64 - 1);
            openings.bits[place / 64] |= 1 << (place % 64);
        }
        openings
    }

    /// Whether a word may begin as `text[start..end]` does, which are ASCII letters.
    #[inline]
    pub(crate) fn contain(&self, text: &[u8], start: usize, end: usize) -> bool {
        let place = mixed(opening(text, start, end)) & (self.bits.len() * 64 - 1);
        self.bits[place / 64] >> (place % 64) & 1 == 1
    }
}

/// What is known of words by their first eight letters; now and then of a word of which nothing is.
#[derive(Debug)]
pub(crate) struct ByOpening<V> {
    /// A power of two, about eight for each word.
    values: Vec<V>,
}

impl<V: Copy + Default> ByOpening<V> {
    /// `join` adds what is known of another word to what is known of those at its place.
    pub(crate) fn new<W: Copy>(words: &[(Opening, W)], mut join: impl FnMut(&mut V, W)) -> Self {
        let mut table = Self { values: vec![V::default(); (8 * words.len()).next_power_of_two()] };
        for &(Opening(key), value) in words {
            let place = mixed(key) & (table.values.len() - 1);
            join(&mut table.values[place], value);
        }
        table
    }

    /// What is known of words that begin as `text[start..end]` does, which are ASCII letters.
    #[inline]
    pub(crate) fn of(&self, text: &[u8], start: usize, end: usize) -> V {
        self.values[mixed(opening(text, start, end)) & (self.values.len() - 1)]
    }
}

/// How a word of a list begins.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct Opening(u64);

impl Opening {
    /// `folded` is memory.
    pub(crate) fn new(word: &str, folded: &mut String) -> Self {
        Self(opening_of(word, folded))
    }
}

/// The first eight letters of a run, or all where there are fewer, in lower case.
#[inline]
fn opening(text: &[u8], start: usize, end: usize) -> u64 {
    folded_letters(text, start, (end - start).clamp(1, 8))
}

/// The same of a word as it is written in a list. `folded` is memory.
fn opening_of(word: &str, folded: &mut String) -> u64 {
    if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return opening(word.as_bytes(), 0, word.len());
    }
    folded.clear();
    fold_into(word, folded);
    opening(folded.as_bytes(), 0, folded.len())
}

#[inline]
fn mixed(key: u64) -> usize {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_let_through_what_was_added() {
        let openings = Openings::new(["Zoë", "Maximilian", "Li", "Иван"].into_iter());
        let contain = |run: &str| openings.contain(run.as_bytes(), 0, run.len());
        assert!(["zoe", "ZOE", "Maximilian", "maximilienne", "li"].into_iter().all(contain));
        assert!(!["zo", "Max", "Lisa", "word", "the"].into_iter().any(contain));
    }
}
