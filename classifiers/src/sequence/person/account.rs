//! Names of accounts that are made of their owner's name.

use super::{FAMILY, GIVEN, LISTED, ORDINARY, PLACE, People, STOP};

/// Letters of such a name, of each of two names in it, and of the name behind an initial.
const LETTERS: std::ops::RangeInclusive<usize> = 5..=30;
const LEAST: usize = 3;
/// Digits behind them.
const DIGITS: usize = 4;

impl People {
    /// Whether all of `word` is a given and a family name without anything between them, or one of them with an initial:
    /// `emmakrause`, `ekrause7`, `emmak`.
    pub(crate) fn is_account(&self, word: &str) -> bool {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_lower = letters.bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_lower || !LETTERS.contains(&letters.len()) || word.len() - letters.len() > DIGITS {
            return false;
        }
        let class = |part: &str| match self.words.of(part) {
            class if class & (ORDINARY | PLACE | STOP) == 0 => class & LISTED,
            _ => 0,
        };
        let is_pair = |at: usize| {
            let (first, second) = (class(&letters[..at]), class(&letters[at..]));
            first & GIVEN != 0 && second & FAMILY != 0 || first & FAMILY != 0 && second & GIVEN != 0
        };
        let has_initial =
            || class(&letters[1..]) & FAMILY != 0 || class(&letters[..letters.len() - 1]) & GIVEN != 0;
        self.words.of(letters) & (ORDINARY | PLACE) == 0
            && (has_initial() || (LEAST..=letters.len() - LEAST).any(is_pair))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Classifier, Registry};

    #[test]
    fn accounts_are_made_of_names() {
        let classifier = Classifier::new(&Registry::builtin().expect("loads")).expect("compiles");
        let is_account = |word: &&&str| classifier.is_account(word);
        let accounts =
            ["emmakrause", "kowalczykanna", "ekrause", "jvogt", "hannak", "davidwolff", "jonasvogt82"];
        assert_eq!(accounts.iter().filter(is_account).count(), accounts.len());
        let others = [
            "hostname",
            "maxage",
            "markdown",
            "rosewood",
            "timeout",
            "debug",
            "emma",
            "emma_krause",
            "EmmaKrause",
            "emmakrause12345",
            "krause",
            "customers",
            "lastlogin",
            "",
        ];
        assert_eq!(others.iter().filter(is_account).collect::<Vec<_>>(), Vec::<&&str>::new());
    }
}
