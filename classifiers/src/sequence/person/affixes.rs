//! Words that stand right before or behind names in scripts without blanks, by their first and last characters: there are
//! hundreds, and they are asked for at each character.

use std::collections::BTreeMap;

use crate::sequence::ByLanguage;
use crate::words::{char_at, char_before};

/// Such words.
#[derive(Debug, Default)]
pub(super) struct Affixes {
    by_first: BTreeMap<char, Vec<String>>,
    by_last: BTreeMap<char, Vec<String>>,
}

impl Affixes {
    pub(super) fn new(words: &ByLanguage) -> Self {
        let mut affixes = Self::default();
        for word in words.values().flatten() {
            let (Some(first), Some(last)) = (word.chars().next(), word.chars().next_back()) else { continue };
            affixes.by_first.entry(first).or_default().push(word.clone());
            affixes.by_last.entry(last).or_default().push(word.clone());
        }
        affixes
    }

    /// The characters that they begin with.
    pub(super) fn firsts(&self) -> impl Iterator<Item = char> {
        self.by_first.keys().copied()
    }

    /// Those that a text begins with.
    pub(super) fn at<'w>(&'w self, text: &[u8]) -> impl Iterator<Item = &'w str> {
        let first = (!text.is_empty()).then(|| char_at(text, 0).0).flatten();
        let words = first.and_then(|c| self.by_first.get(&c)).into_iter().flatten();
        words.filter(|word| text.starts_with(word.as_bytes())).map(String::as_str)
    }

    /// The length of the longest of those. Bytes.
    pub(super) fn longest_at(&self, text: &[u8]) -> Option<usize> {
        self.at(text).map(str::len).max()
    }

    /// Whether a text begins with one.
    pub(super) fn is_at(&self, text: &[u8]) -> bool {
        self.at(text).next().is_some()
    }

    /// Those that a text ends with.
    pub(super) fn before<'w>(&'w self, text: &[u8]) -> impl Iterator<Item = &'w str> {
        let last = char_before(text, text.len());
        let words = last.and_then(|c| self.by_last.get(&c)).into_iter().flatten();
        words.filter(|word| text.ends_with(word.as_bytes())).map(String::as_str)
    }

    /// Whether a text ends with one.
    pub(super) fn is_before(&self, text: &[u8]) -> bool {
        self.before(text).next().is_some()
    }
}
