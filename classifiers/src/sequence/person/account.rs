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

    /// Whether a cell is the name of an account that is made of a person's, perhaps with letters of another one: `jdoe42`,
    /// `elaine.wilson`, `emmakrause`, but neither `Doe` nor `UPS06`.
    pub(crate) fn is_made_of_names(&self, cell: &str) -> bool {
        const LEAST: usize = 4;
        let letters = cell.bytes().filter(u8::is_ascii_alphabetic).count();
        let is_like_a_name = letters == cell.len() && cell.starts_with(|c: char| c.is_ascii_uppercase());
        let may_be = cell.is_ascii() && letters >= LEAST && !is_like_a_name;
        may_be && (self.has_named(cell) || self.is_account(cell))
    }

    /// Whether a word of an account's name, which is ASCII, is a name, alone or with letters of another one: `k.adebayo`,
    /// `jdoe42`, `adebayok`, `adebayoke`.
    pub(in crate::sequence) fn has_named(&self, account: &str) -> bool {
        const LEAST: usize = 3;
        const LEAST_WITH_INITIAL: usize = 4;
        const LEAST_WITH_TWO: usize = 7;
        let is_name = |part: &str| {
            let class = self.words.of(part);
            class & LISTED != 0 && class & (ORDINARY | STOP | PLACE) == 0
        };
        let mut start = 0;
        let bytes = account.as_bytes();
        (1..=bytes.len()).any(|end| {
            let cut = end == bytes.len()
                || !bytes[end].is_ascii_alphabetic()
                || bytes[end].is_ascii_uppercase() && bytes[end - 1].is_ascii_lowercase();
            if !cut {
                return false;
            }
            let part = account[start..end].trim_start_matches(|c: char| !c.is_ascii_alphabetic());
            start = end;
            let whole = part.len() == account.len();
            part.len() >= LEAST + usize::from(whole) && is_name(part)
                // `footer` is no Foote.
                || part.len() > LEAST_WITH_INITIAL
                    && self.words.of(part) & ORDINARY == 0
                    && (is_name(&part[1..])
                        || is_name(&part[..part.len() - 1])
                        || part.len() >= LEAST_WITH_TWO && is_name(&part[..part.len() - 2]))
        })
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
