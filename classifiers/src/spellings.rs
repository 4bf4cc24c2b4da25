//! How else people write the words of a detector. What is known of all words need not stand in each file: a passport number
//! is also a passport no., a Steuernummer a Steuernr., and an NIF an N.I.F.

use std::ops::RangeInclusive;

use crate::words::MAX_PHRASE;

/// Words for numbers, which stand for each other behind what is numbered.
const NUMBERS: [&str; 9] = ["number", "no", "nr", "num", "nummer", "numero", "número", "nº", "n"];
/// The same before it: `n.º de contribuinte`. There `no` is a word of its own.
const NUMBERS_BEFORE: [&str; 6] = ["numero", "número", "nº", "nr", "num", "n"];
/// What words for kinds of numbers end with in Germanic languages.
const NUMBER: &str = "nummer";
/// Letters of what is taken for an abbreviation. Two letters with something between them are too often two things.
const ABBREVIATION: RangeInclusive<usize> = 3..=4;

/// The Arabic article.
const ARTICLE: &str = "ال";
/// What stands before the first word of an Arabic phrase, as one word with it: `and`, `with`, `for`, each with the article or without.
const BEFORE: [&str; 6] = ["و", "ب", "ل", "وال", "بال", "لل"];
/// What stands behind it: `my`, `your`, `his`, `her`.
const BEHIND: [&str; 4] = ["ي", "ك", "ه", "ها"];

/// Whether a word behind what is numbered says no more than that it is.
pub(crate) fn is_number(word: &str) -> bool {
    NUMBERS.contains(&word)
}

/// Further spellings of a word or phrase before a value.
pub(crate) fn spellings(phrase: &str) -> Vec<String> {
    let words: Vec<&str> = phrase.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    match words[..] {
        [word] => of_word(word),
        [first, second] if is_arabic(first) && is_arabic(second) => of_arabic(first, second),
        _ => of_phrase(&words),
    }
}

fn is_arabic(word: &str) -> bool {
    word.chars().all(|c| matches!(c, '\u{620}'..='\u{64a}'))
}

/// `رقم مدني`, a civil number, as `رقمي المدني`, `ورقمي المدني` and their like. The word behind one that is somebody's has the article.
fn of_arabic(first: &str, second: &str) -> Vec<String> {
    let plain = |word: &str| word.strip_prefix(ARTICLE).unwrap_or(word).to_owned();
    let (first, told) = (plain(first), format!("{ARTICLE}{}", plain(second)));
    let before = BEFORE.iter().map(|before| format!("{before}{first} {told}"));
    let whose = |and: &'static str| {
        let (first, told) = (&first, &told);
        // A word that ends with a feminine ending is written otherwise before these.
        let stem = first.strip_suffix('ة').map_or(first.clone(), |stem| format!("{stem}ت"));
        BEHIND.iter().map(move |whose| format!("{and}{stem}{whose} {told}"))
    };
    before.chain(whose("")).chain(whose("و")).collect()
}

fn of_word(word: &str) -> Vec<String> {
    if let Some(stem) = word.strip_suffix(NUMBER).filter(|stem| stem.len() > 2) {
        return vec![format!("{stem}nr"), format!("{stem} nr")];
    }
    if !ABBREVIATION.contains(&word.len()) || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Vec::new();
    }
    // Letters with dots between them are words of one letter, of which the last ones count.
    let letters: Vec<&str> = word.split("").filter(|letter| !letter.is_empty()).collect();
    vec![letters[letters.len().saturating_sub(MAX_PHRASE)..].join(" ")]
}

fn of_phrase(words: &[&str]) -> Vec<String> {
    let with = |at: usize, other: &str| {
        let mut words = words.to_vec();
        words[at] = other;
        words.join(" ")
    };
    let last = words.len() - 1;
    let behind = NUMBERS.iter().filter(|_| is_number(words[last])).map(|other| with(last, other));
    let before =
        NUMBERS_BEFORE.iter().filter(|_| NUMBERS_BEFORE.contains(&words[0])).map(|other| with(0, other));
    behind.chain(before).filter(|spelling| *spelling != words.join(" ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_abbreviated() {
        assert!(spellings("passport number").contains(&"passport no".to_owned()));
        assert!(spellings("passport no").contains(&"passport number".to_owned()));
        assert!(spellings("número de contribuinte").contains(&"nº de contribuinte".to_owned()));
        assert_eq!(spellings("steuernummer"), ["steuernr", "steuer nr"]);
        assert_eq!(spellings("no passport"), [""; 0], "a word of its own");
        assert_eq!(spellings("passport"), [""; 0]);
        assert_eq!(spellings("nummer"), [""; 0]);
    }

    #[test]
    fn arabic_words_have_others_before_and_behind_them() {
        for spelling in ["رقمي المدني", "ورقمي المدني", "ورقم المدني", "والرقم المدني"]
        {
            for phrase in ["الرقم المدني", "رقم مدني"] {
                assert!(spellings(phrase).contains(&spelling.to_owned()), "{spelling} {phrase}");
            }
        }
        assert!(spellings("البطاقة الشخصية").contains(&"بطاقتي الشخصية".to_owned()));
    }

    #[test]
    fn abbreviations_have_dots() {
        assert_eq!(spellings("nif"), ["n i f"]);
        assert_eq!(spellings("nuit"), ["u i t"], "a phrase has three words at most");
        assert_eq!(spellings("bi"), [""; 0], "too short");
        assert_eq!(spellings("ИНН"), [""; 0]);
    }
}
