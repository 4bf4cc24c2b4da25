//! Whether cells and keys are names of people.

use super::{
    BEFORE, CUE, Class, FAMILY, GIVEN, LISTED, ORDINARY, PARTICLE, PLACE, People, STOP, THING, TITLES,
};
use crate::sequence::LONGEST_LEAD;

impl People {
    /// Whether a cell that is like a name can hardly be anything else: a given name in a list that is no ordinary
    /// word and a listed family name, or a listed name behind a title, or a listed family name beside an initial.
    pub(crate) fn is_clear_name(&self, cell: &[u8]) -> bool {
        const MOST_WORDS: usize = 6;
        let Ok(text) = std::str::from_utf8(cell) else { return false };
        let mut classes = [0; MOST_WORDS];
        let mut initial = false;
        let words = || text.split([' ', ',', '/']).filter(|word| !word.is_empty());
        for (class, word) in classes.iter_mut().zip(words()) {
            let is_lower = word.starts_with(char::is_lowercase);
            let word = word.trim_end_matches('.');
            if word.chars().nth(1).is_none() {
                initial |= !is_lower;
                continue;
            }
            *class = if word.len() > LONGEST_LEAD { 0 } else { self.words.of(word) };
            if is_lower && *class & (PARTICLE | TITLES) == 0 || *class & (PLACE | BEFORE | STOP) != 0 {
                return false;
            }
        }
        let is_given_name = |class: Class| class & GIVEN != 0 && class & ORDINARY == 0;
        let is_listed = |class: &Class| class & LISTED != 0 && class & ORDINARY == 0;
        let is_family = |class: &Class| class & FAMILY != 0 && class & ORDINARY == 0;
        // `Summer Fair`: lists are long enough to have words of all sorts as family names.
        let is_pair = |given: Class, family: Class| is_given_name(given) && family & FAMILY != 0;
        if classes[0] & TITLES != 0 && classes[1..].iter().any(is_listed)
            || initial && classes.iter().any(is_family)
        {
            return true;
        }
        let pairs = (0..MOST_WORDS).flat_map(|given| (0..MOST_WORDS).map(move |family| (given, family)));
        pairs
            .filter(|(given, family)| given != family)
            .any(|(given, family)| is_pair(classes[given], classes[family]))
    }

    /// How many words, from the first one on, are names of one person: listed ones that are no other words, of which the first and the
    /// last are a given and a family name.
    pub(crate) fn clear_names(&self, words: &[&str]) -> Option<usize> {
        const MOST_WORDS: usize = 3;
        let class = |word: &&str| if word.len() > LONGEST_LEAD { 0 } else { self.words.of(word) };
        let is_clear = |class: &Class| {
            class & LISTED != 0 && class & (ORDINARY | PLACE | BEFORE | STOP | TITLES | CUE | THING) == 0
        };
        let classes: Vec<Class> = words.iter().take(MOST_WORDS).map(class).take_while(is_clear).collect();
        (2..=classes.len()).rev().find(|&count| {
            let (first, last) = (classes[0], classes[count - 1]);
            let is_pair =
                first & GIVEN != 0 && last & FAMILY != 0 || first & FAMILY != 0 && last & GIVEN != 0;
            is_pair && self.words.of(&words[..count].join(" ")) & THING == 0
        })
    }

    /// Whether a word is a listed family name, or two that a hyphen joins, and no ordinary word.
    pub(crate) fn is_family(&self, word: &str) -> bool {
        let is_one = |part: &str| {
            part.len() <= LONGEST_LEAD && {
                let class = self.words.of(part);
                class & FAMILY != 0 && class & (ORDINARY | PLACE | BEFORE | STOP) == 0
            }
        };
        is_one(word) || word.split_once('-').is_some_and(|(one, other)| is_one(one) && is_one(other))
    }
}
