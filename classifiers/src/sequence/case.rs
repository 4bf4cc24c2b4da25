//! How words are written: a name begins with a capital letter.

/// How a word is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Case {
    Lower,
    Capital,
    /// All of it, two letters or more.
    Upper,
    /// One capital letter.
    Initial,
    /// In a script without case.
    None,
    /// Capital letters inside of it, as in identifiers.
    Code,
}

impl Case {
    pub(super) const fn is_name(self) -> bool {
        matches!(self, Self::Capital | Self::Upper)
    }
}

/// [`case_of`] for ASCII letters without a capital one behind a small one.
pub(super) fn case_of_plain(word: &[u8]) -> Case {
    match word {
        [] => Case::None,
        [first, ..] if first.is_ascii_lowercase() => Case::Lower,
        [_] => Case::Initial,
        [.., last] if last.is_ascii_uppercase() => Case::Upper,
        [_, second, ..] if second.is_ascii_uppercase() => Case::Code,
        _ => Case::Capital,
    }
}

/// [`case_of`] for ASCII letters with one.
pub(super) fn case_of_cut(word: &[u8]) -> Case {
    let goes_on = |(i, byte): (usize, &u8)| {
        byte.is_ascii_lowercase() || BEGINNINGS.iter().any(|beginning| beginning.as_bytes() == &word[..i])
    };
    let is_name = word[0].is_ascii_uppercase() && word.iter().enumerate().skip(1).all(goes_on);
    if is_name { Case::Capital } else { Case::Code }
}

/// Beginnings behind which a name goes on with a capital letter.
const BEGINNINGS: [&str; 10] = ["Mc", "Mac", "De", "Di", "La", "Le", "Du", "Van", "Fitz", "Del"];

/// How a word is written.
pub(super) fn case_of(word: &str) -> Case {
    let mut chars = word.chars();
    let Some(first) = chars.next() else { return Case::None };
    if !first.is_uppercase() {
        let code = word.chars().any(char::is_uppercase);
        // Georgian has capital letters that nobody writes names with.
        return match first.is_lowercase() && !matches!(first, 'ა'..='ჿ') {
            // `d'Artagnan`, `al-Sayed`
            true if code && !word.contains(['\'', '’', '-']) => Case::Code,
            true => Case::Lower,
            false => Case::None,
        };
    }
    if chars.as_str().is_empty() {
        return Case::Initial;
    }
    if !chars.as_str().chars().any(char::is_lowercase) {
        return Case::Upper;
    }
    let mut before = first;
    for (i, c) in word.char_indices().skip(1) {
        if c.is_uppercase() && before.is_alphabetic() && !BEGINNINGS.contains(&&word[..i]) {
            return Case::Code;
        }
        before = c;
    }
    Case::Capital
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::words::{hash_of, hash_of_letters, plain_word};

    proptest! {
        #[test]
        fn words_of_letters_are_read_as_all_are(
            word in "[A-Z]{0,3}[a-z]{0,4}[A-Z]{0,2}|(Mc|Mac|De|La|Van|Fitz)?([A-Z]{1,2}[a-z]{0,9}){1,4}",
        ) {
            let case = match plain_word(word.as_bytes(), (0, word.len())) {
                Some(plain) => {
                    prop_assert_eq!(plain.hash, hash_of(&word));
                    case_of_plain(word.as_bytes())
                }
                None => {
                    prop_assert_eq!(hash_of_letters(word.as_bytes(), (0, word.len())), hash_of(&word));
                    case_of_cut(word.as_bytes())
                }
            };
            prop_assert!(case == case_of(&word), "{}", word);
        }
    }
}
