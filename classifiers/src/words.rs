//! Words: how text is cut into them, how they are folded, and the tables that know the words of detectors.
//!
//! Words are compared by a 64-bit hash of their folded form: lower case, Latin letters without diacritics, so that
//! `Número`, `numero` and `NÚMERO` are one word. Tables hold hashes only, and a phrase is the hash of its words'
//! hashes, so a look-up never builds a string.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A context phrase has this many words at most.
pub(crate) const MAX_PHRASE: usize = 3;

/// Longer words are cut into pieces of this many bytes; no list has such words.
const LONGEST_WORD: usize = 64;

/// The hash of a folded word or phrase.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct WordHash(u64);

impl WordHash {
    const EMPTY: Self = Self(0xcbf2_9ce4_8422_2325);

    fn add(self, c: char) -> Self {
        Self((self.0 ^ u64::from(u32::from(c))).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23))
    }

    /// The hash of the phrase that this and then `next` make.
    pub(crate) fn then(self, next: Self) -> Self {
        Self((self.0.rotate_left(17) ^ next.0).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

/// A table by [`WordHash`]. The hash is already one; it only has to be mixed down.
pub(crate) type WordMap<V> = HashMap<WordHash, V, BuildHasherDefault<Mixer>>;

/// Finishes a [`WordHash`].
#[derive(Default)]
pub(crate) struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&b| self.write_u64(u64::from(b)));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = (hash ^ hash >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// A word in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Word {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) hash: WordHash,
}

/// The words of `text`: runs of letters and digits, cut where a lower-case letter is followed by an upper-case one
/// (`firstName` is two words). Bytes that are not UTF-8 separate.
pub(crate) struct Words<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Words<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        let mut start = self.at;
        let mut hash = WordHash::EMPTY;
        let mut previous_lower = false;
        let mut i = start;
        let mut any = false;
        while i < self.text.len() {
            let (c, len) = char_at(self.text, i);
            let Some(c) = c.filter(|c| c.is_alphanumeric()) else {
                if any {
                    break;
                }
                i += len;
                continue;
            };
            if any && (previous_lower && c.is_uppercase() || i - start >= LONGEST_WORD) {
                break;
            }
            if !any {
                (start, any) = (i, true);
            }
            previous_lower = c.is_lowercase();
            hash = fold(c, hash);
            i += len;
        }
        self.at = i;
        any.then_some(Word { start, end: i, hash })
    }
}

/// The hash of a word or phrase as it stands in a list.
pub(crate) fn hash_of(phrase: &str) -> WordHash {
    let mut words = Words::new(phrase.as_bytes()).map(|word| word.hash);
    let first = words.next().unwrap_or(WordHash::EMPTY);
    words.fold(first, WordHash::then)
}

/// Adds the folded form of a character to a hash.
fn fold(c: char, hash: WordHash) -> WordHash {
    if c.is_ascii() {
        return hash.add(c.to_ascii_lowercase());
    }
    c.to_lowercase().fold(hash, |hash, c| match latin_base(c) {
        Some(base) => base.chars().fold(hash, WordHash::add),
        None => hash.add(c),
    })
}

/// Appends the folded form of a text's words, without what separates them, to `out`.
pub(crate) fn fold_into(text: &str, out: &mut String) {
    for c in text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()) {
        match latin_base(c) {
            Some(base) => out.push_str(base),
            None => out.push(c),
        }
    }
}

/// The unaccented form of a lower-case Latin letter with a diacritic, of Latin-1 Supplement and Latin Extended-A.
fn latin_base(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'þ' => "th",
        // What lower-casing leaves of `İ`.
        '\u{307}' => "",
        _ => return None,
    })
}

/// The character at `i` and its length in bytes; `None` and 1 for a byte that begins no UTF-8 character.
#[inline]
pub(crate) fn char_at(text: &[u8], i: usize) -> (Option<char>, usize) {
    let first = text[i];
    if first < 0x80 {
        return (Some(char::from(first)), 1);
    }
    let len = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return (None, 1),
    };
    let c = text.get(i..i + len).and_then(|bytes| std::str::from_utf8(bytes).ok()).and_then(|s| s.chars().next());
    (c, if c.is_some() { len } else { 1 })
}

/// The character that ends right before `i`; `None` at the start and for bytes that end no UTF-8 character.
#[inline]
pub(crate) fn char_before(text: &[u8], i: usize) -> Option<char> {
    let last = *text.get(i.checked_sub(1)?)?;
    if last < 0x80 {
        return Some(char::from(last));
    }
    (2..=4.min(i)).find_map(|len| std::str::from_utf8(&text[i - len..i]).ok()?.chars().next_back())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        Words::new(text.as_bytes()).map(|word| &text[word.start..word.end]).collect()
    }

    #[test]
    fn cuts_text_and_headers_into_words() {
        assert_eq!(words("Date de naissance: 1.2.1980"), ["Date", "de", "naissance", "1", "2", "1980"]);
        assert_eq!(words("custEmail_2 dtNaiss"), ["cust", "Email", "2", "dt", "Naiss"]);
        assert_eq!(words("Łukasz “Özil”"), ["Łukasz", "Özil"]);
        assert_eq!(words(" .,- "), [""; 0]);
    }

    #[test]
    fn bytes_that_are_not_text_separate() {
        let found: Vec<_> = Words::new(b"ab\xffcd").map(|w| (w.start, w.end)).collect();
        assert_eq!(found, [(0, 2), (3, 5)]);
    }

    #[test]
    fn folds_case_and_diacritics() {
        assert_eq!(hash_of("NÚMERO"), hash_of("numero"));
        assert_eq!(hash_of("Straße"), hash_of("STRASSE"));
        assert_eq!(hash_of("İzmir"), hash_of("izmir"));
        assert_ne!(hash_of("numero"), hash_of("numera"));
        let mut folded = String::new();
        fold_into("Anne-Zoé Ærø", &mut folded);
        assert_eq!(folded, "annezoeaero");
    }

    #[test]
    fn a_phrase_is_its_words_in_order() {
        assert_eq!(hash_of("social security"), hash_of("Social-Security"));
        assert_ne!(hash_of("social security"), hash_of("security social"));
        assert_ne!(hash_of("social security"), hash_of("socialsecurity"));
    }

    #[test]
    fn a_long_run_is_bounded() {
        assert!(words(&"x".repeat(1000)).iter().all(|word| word.len() <= LONGEST_WORD));
    }

    #[test]
    fn finds_the_character_before_a_place() {
        assert_eq!(char_before("aé1".as_bytes(), 3), Some('é'));
        assert_eq!(char_before(b"\xff1", 1), None);
        assert_eq!(char_before(b"x", 0), None);
    }
}
