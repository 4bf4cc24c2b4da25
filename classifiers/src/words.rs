//! Words: how text is cut into them, how they are folded, and the tables that know the words of detectors.
//!
//! Words are compared by a 64-bit hash of their folded form: lower case, Latin letters without diacritics, so that
//! `Número`, `numero` and `NÚMERO` are one word. Tables hold hashes only, and a phrase is the hash of its words'
//! hashes, so a look-up never builds a string.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::LazyLock;

/// A context phrase has this many words at most.
pub(crate) const MAX_PHRASE: usize = 3;

/// Longer runs of letters hold no words: encoded data, and texts made to be slow. Bytes.
pub(crate) const LONGEST_RUN: usize = 64;

/// The hash of a folded word or phrase.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct WordHash(u64);

/// Hashes of words need no other hash.
pub(crate) type WordSet = HashSet<WordHash, BuildHasherDefault<Identity>>;

impl WordHash {
    /// The hash of the phrase that this and then `next` make.
    pub(crate) fn then(self, next: Self) -> Self {
        Self(mix(self.0.rotate_left(17), next.0))
    }
}

fn mix(state: u64, bytes: u64) -> u64 {
    let product = (state ^ bytes).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ product >> 32
}

/// What hashes of words begin with.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// Eight folded bytes are mixed at a time.
#[derive(Clone, Copy)]
struct WordHasher {
    state: u64,
    bytes: u64,
    len: u64,
}

impl WordHasher {
    const fn new() -> Self {
        Self { state: SEED, bytes: 0, len: 0 }
    }

    #[inline]
    fn add(&mut self, byte: u8) {
        self.bytes |= u64::from(byte) << (self.len % 8 * 8);
        self.len += 1;
        if self.len.is_multiple_of(8) {
            self.state = mix(self.state, self.bytes);
            self.bytes = 0;
        }
    }

    fn add_char(&mut self, c: char) {
        let mut bytes = [0; 4];
        c.encode_utf8(&mut bytes).bytes().for_each(|byte| self.add(byte));
    }

    #[inline]
    fn finish(self) -> WordHash {
        WordHash(mix(mix(self.state, self.bytes), self.len))
    }
}

/// A table by [`WordHash`] behind a bitmap that turns away nearly all words that are in no list.
#[derive(Debug)]
pub(crate) struct WordTable<V> {
    /// Where words are looked for from the place of their hash on: a power of two, at least half of them empty.
    slots: Vec<Slot>,
    values: Vec<V>,
    /// A power of two of words of bits, about 16 bits an entry.
    bitmap: Vec<u64>,
}

/// A word and its values; empty without any.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u64,
    first: u32,
    len: u32,
}

impl<V: PartialEq> WordTable<V> {
    pub(crate) fn new(entries: impl IntoIterator<Item = (WordHash, V)>) -> Self {
        let mut of_words: HashMap<WordHash, Vec<V>, BuildHasherDefault<Identity>> = HashMap::default();
        for (hash, value) in entries {
            let values = of_words.entry(hash).or_default();
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let mut table = Self {
            slots: vec![Slot::default(); (2 * of_words.len()).next_power_of_two().max(2)],
            values: Vec::with_capacity(of_words.values().map(Vec::len).sum()),
            bitmap: vec![0; (of_words.len() / 4).next_power_of_two().max(64)],
        };
        for (hash, values) in of_words {
            let (word, bit) = table.place(hash);
            table.bitmap[word] |= 1 << bit;
            let mut at = table.slot(hash);
            while table.slots[at].len != 0 {
                at = (at + 1) & (table.slots.len() - 1);
            }
            table.slots[at] =
                Slot { hash: hash.0, first: table.values.len() as u32, len: values.len() as u32 };
            table.values.extend(values);
        }
        table
    }

    #[inline]
    fn place(&self, hash: WordHash) -> (usize, u32) {
        ((hash.0 >> 6) as usize & (self.bitmap.len() - 1), hash.0 as u32 & 63)
    }

    /// Where a word is looked for first.
    #[inline]
    fn slot(&self, hash: WordHash) -> usize {
        (hash.0 >> 32) as usize & (self.slots.len() - 1)
    }

    #[inline]
    pub(crate) fn get(&self, hash: WordHash) -> &[V] {
        let (word, bit) = self.place(hash);
        if self.bitmap[word] >> bit & 1 == 0 {
            return &[];
        }
        let mut at = self.slot(hash);
        loop {
            let slot = self.slots[at];
            if slot.len == 0 || slot.hash == hash.0 {
                return &self.values[slot.first as usize..][..slot.len as usize];
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.values.iter()
    }
}

/// Passes a [`WordHash`] on: it is a hash.
#[derive(Default)]
pub(crate) struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&b| self.0 = mix(self.0, u64::from(b)));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// A word in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Word {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) hash: WordHash,
}

/// Folded form of an ASCII letter; 0 for what separates words, [`HIGH`] for bytes beyond ASCII.
const FOLDED: [u8; 256] = {
    let mut folded = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        folded[byte] = match byte as u8 {
            b @ (b'a'..=b'z' | b'A'..=b'Z') => b.to_ascii_lowercase(),
            0x80.. => HIGH,
            _ => 0,
        };
        byte += 1;
    }
    folded
};
const HIGH: u8 = 0x80;

/// Whether a byte can belong to a word.
#[inline]
pub(crate) fn is_word_byte(byte: u8) -> bool {
    FOLDED[usize::from(byte)] != 0
}

/// The next run of bytes that can belong to words, at or behind `at`. May be longer than a word can be.
fn next_run(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let start = at + text.get(at..)?.iter().position(|&b| is_word_byte(b))?;
    let end = text[start..].iter().position(|&b| !is_word_byte(b)).map_or(text.len(), |len| start + len);
    Some((start, end))
}

/// The hash of a run of ASCII letters that nothing cuts.
#[inline]
pub(crate) fn plain_hash(text: &[u8], (start, end): (usize, usize)) -> WordHash {
    let mut state = SEED;
    let mut at = start;
    while end - at >= 8 {
        state = mix(state, folded_letters(text, at, 8));
        at += 8;
    }
    let rest = if at < end { folded_letters(text, at, end - at) } else { 0 };
    WordHash(mix(mix(state, rest), (end - start) as u64))
}

/// One to eight ASCII letters from `at` on in lower case, the first one lowest.
#[inline]
pub(crate) fn folded_letters(text: &[u8], at: usize, letters: usize) -> u64 {
    bytes_from(text, at, letters) | CASE & u64::MAX >> (64 - 8 * letters)
}

/// The word that a run is when it is ASCII and nothing cuts it, eight bytes at a time.
#[inline]
pub(crate) fn plain_word(text: &[u8], (start, end): (usize, usize)) -> Option<Word> {
    let mut at = start;
    let mut lower_before = 0;
    while at < end {
        let len = (end - at).min(8);
        let bytes = bytes_from(text, at, len);
        let letters = (bytes & LETTER) >> 1;
        let lower = letters & bytes;
        let upper = letters & !bytes;
        if bytes & HIGH_BITS != 0 || upper & (lower << 8 | lower_before) != 0 {
            return None;
        }
        lower_before = lower >> 56;
        at += 8;
    }
    Some(Word { start, end, hash: plain_hash(text, (start, end)) })
}

/// The words of a run of ASCII letters, eight bytes at a time.
#[inline]
fn words_of_letters(text: &[u8], (start, end): (usize, usize), mut each: impl FnMut(Word)) {
    let (mut first, mut at) = (start, start);
    let mut lower_before = 0;
    let mut word = |start, end| each(Word { start, end, hash: plain_hash(text, (start, end)) });
    while at < end {
        let bytes = bytes_from(text, at, (end - at).min(8));
        let letters = (bytes & LETTER) >> 1;
        let lower = letters & bytes;
        let mut cuts = letters & !bytes & (lower << 8 | lower_before);
        while cuts != 0 {
            let cut = at + cuts.trailing_zeros() as usize / 8;
            word(first, cut);
            first = cut;
            cuts &= cuts - 1;
        }
        lower_before = lower >> 56;
        at += 8;
    }
    word(first, end);
}

/// The hash of the phrase that the words of a run of ASCII letters make.
pub(crate) fn hash_of_letters(text: &[u8], run: (usize, usize)) -> WordHash {
    let mut hash = None;
    words_of_letters(text, run, |word| {
        hash = Some(hash.map_or(word.hash, |before: WordHash| before.then(word.hash)));
    });
    hash.unwrap_or_else(|| WordHasher::new().finish())
}

/// One to eight bytes from `at` on, the first one lowest.
#[inline(always)]
fn bytes_from(text: &[u8], at: usize, len: usize) -> u64 {
    let bytes = match text[at..].first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => text[at..].iter().rev().fold(0, |bytes, &byte| bytes << 8 | u64::from(byte)),
    };
    bytes & u64::MAX >> (64 - 8 * len)
}

/// The bit that tells lower-case letters from upper-case ones, in each of eight bytes.
const CASE: u64 = 0x2020_2020_2020_2020;
/// The bit that letters have.
const LETTER: u64 = 0x4040_4040_4040_4040;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// The words of a run: cut where a lower-case letter is followed by an upper-case one (`firstName` is two words) and
/// at punctuation beyond ASCII. Digits and bytes that are not UTF-8 separate: `phone2` is a phone.
#[inline]
pub(crate) fn words_of_run(text: &[u8], (start, end): (usize, usize), mut each: impl FnMut(Word)) {
    if end - start > LONGEST_RUN {
        return;
    }
    if text[start..end].is_ascii() {
        return words_of_letters(text, (start, end), each);
    }
    let mut at = start;
    while at < end {
        let word = word_at(text, at, end);
        if word.end > word.start {
            each(word);
            at = word.end;
        } else {
            at += char_at(&text[..end], at).1;
        }
    }
}

/// The word that begins at `at`; empty when none does.
#[inline]
pub(crate) fn word_at(text: &[u8], at: usize, end: usize) -> Word {
    let mut hasher = WordHasher::new();
    let mut previous_lower = false;
    let mut i = at;
    while i < end {
        let byte = text[i];
        match FOLDED[usize::from(byte)] {
            0 => break,
            HIGH => {
                if let Some(folded) = text[i..end].first_chunk().and_then(FoldedChar::of) {
                    if !folded.is_of_word || previous_lower && folded.is_upper {
                        break;
                    }
                    folded.bytes[..folded.len].iter().for_each(|byte| hasher.add(*byte));
                    previous_lower = folded.is_lower;
                    i += 2;
                    continue;
                }
                let (c, len) = char_at(&text[..end], i);
                let is_of_word =
                    |&c: &char| (is_letter(c) || is_within_words(c)) && !(previous_lower && c.is_uppercase());
                let Some(c) = c.filter(is_of_word) else {
                    break;
                };
                fold(c, &mut hasher);
                previous_lower = c.is_lowercase();
                i += len;
            }
            folded => {
                let upper = folded != byte;
                if upper && previous_lower {
                    break;
                }
                previous_lower = byte.is_ascii_lowercase();
                hasher.add(folded);
                i += 1;
            }
        }
    }
    Word { start: at, end: i, hash: hasher.finish() }
}

/// Calls `each` with the words of a text in order.
pub(crate) fn each_word(text: &[u8], mut each: impl FnMut(Word)) {
    let mut at = 0;
    while let Some(run) = next_run(text, at) {
        words_of_run(text, run, &mut each);
        at = run.1;
    }
}

/// The hash of a word or phrase as it stands in a list.
pub(crate) fn hash_of(phrase: &str) -> WordHash {
    let mut hash = None;
    each_word(phrase.as_bytes(), |word| {
        hash = Some(hash.map_or(word.hash, |before: WordHash| before.then(word.hash)));
    });
    hash.unwrap_or_else(|| WordHasher::new().finish())
}

/// What is known of a character of two bytes in UTF-8: Latin letters with diacritics, Greek, Cyrillic, Hebrew, Arabic.
#[derive(Clone, Copy, Default)]
struct FoldedChar {
    /// Its folded form.
    bytes: [u8; 4],
    len: usize,
    is_of_word: bool,
    is_upper: bool,
    is_lower: bool,
}

impl FoldedChar {
    fn new(c: char) -> Self {
        let mut text = String::new();
        for c in c.to_lowercase() {
            match plain_form(c) {
                Some(base) => text.push_str(base),
                None => text.push(c),
            }
        }
        let mut bytes = [0; 4];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Self {
            bytes,
            len: text.len(),
            is_of_word: is_letter(c) || is_within_words(c),
            is_upper: c.is_uppercase(),
            is_lower: c.is_lowercase(),
        }
    }

    /// That of two bytes, if they are one character.
    #[inline]
    fn of(&[first, second]: &[u8; 2]) -> Option<&'static Self> {
        static CHARS: LazyLock<Vec<FoldedChar>> = LazyLock::new(|| {
            (0..0x800).map(|code| char::from_u32(code).map(FoldedChar::new).unwrap_or_default()).collect()
        });
        let is_char = matches!(first, 0xC2..=0xDF) && matches!(second, 0x80..=0xBF);
        is_char.then(|| &CHARS[usize::from(first & 0x1F) << 6 | usize::from(second & 0x3F)])
    }
}

/// Adds the folded form of a character beyond ASCII to a hash.
fn fold(c: char, hasher: &mut WordHasher) {
    for c in c.to_lowercase() {
        match plain_form(c) {
            Some(base) => base.bytes().for_each(|byte| hasher.add(byte)),
            None => hasher.add_char(c),
        }
    }
}

/// Appends the folded form of a text's words, without what separates them, to `out`.
pub(crate) fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        let folded =
            text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| char::from(b.to_ascii_lowercase()));
        return out.extend(folded);
    }
    for c in text
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|&c| is_letter(c) || is_within_words(c) || c.is_numeric())
    {
        match plain_form(c) {
            Some(base) => out.push_str(base),
            None => out.push(c),
        }
    }
}

/// Characters before this one are looked up in a table.
const TABLED: u32 = 0x1400;
/// Ranges behind it that consist of letters.
const LETTERS: [(char, char); 4] = [('ぁ', 'ゖ'), ('ァ', 'ヺ'), ('一', '\u{9fff}'), ('가', '힣')];

/// What `char::is_alphabetic` says, which searches for a thousand steps beyond ASCII.
#[inline]
pub(crate) fn is_letter(c: char) -> bool {
    static TABLE: LazyLock<[u64; TABLED as usize / 64]> = LazyLock::new(|| {
        let is_letter = |c: u32| char::from_u32(c).is_some_and(char::is_alphabetic);
        std::array::from_fn(|word| {
            (0..64).fold(0, |bits, bit| bits | u64::from(is_letter(word as u32 * 64 + bit)) << bit)
        })
    });
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    let number = u32::from(c);
    if number < TABLED {
        return TABLE[number as usize / 64] >> (number % 64) & 1 == 1;
    }
    LETTERS.iter().any(|&(first, last)| (first..=last).contains(&c)) || c.is_alphabetic()
}

/// Whether a character stands within words, though Unicode counts it for no letter: diacritics that follow their letter, what
/// mutes and joins consonants in the scripts of India and its neighbours, and the tones of Thai and Lao.
const fn is_within_words(c: char) -> bool {
    let in_block = c as u32 % 0x80;
    let is_indic = matches!(c, '\u{900}'..='\u{dff}') && matches!(in_block, 0x3c | 0x4d | 0x4a);
    is_indic
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{e47}'..='\u{e4e}' | '\u{ec8}'..='\u{ece}' | '\u{1037}' | '\u{1039}' | '\u{103a}'
            | '\u{17c9}'..='\u{17d3}' | '\u{200d}')
}

/// Whether a character belongs to a script that puts no blanks between words (Thai, Lao, Khmer, Burmese, those of East
/// Asia), or glues endings to them (Hangul).
pub(crate) const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A set of characters that take three bytes in UTF-8: those of South and East Asia among them.
#[derive(Debug, Default)]
pub(crate) struct WideSet {
    /// A bit for each, from U+0000 on; empty for an empty set.
    bits: Vec<u64>,
}

impl WideSet {
    pub(crate) fn new(chars: impl Iterator<Item = char>) -> Self {
        let mut bits = vec![0; 0x1_0000 / 64];
        let wide = chars.map(|c| c as usize).filter(|code| (0x800..0x1_0000).contains(code));
        wide.for_each(|code| bits[code / 64] |= 1 << (code % 64));
        Self { bits }
    }

    /// Whether one of them stands at `at`.
    #[inline]
    pub(crate) fn is_at(&self, text: &[u8], at: usize) -> bool {
        let Some(&[first @ 0xE0..=0xEF, second, third]) = text.get(at..at + 3) else { return false };
        let code = usize::from(first & 15) << 12 | usize::from(second & 63) << 6 | usize::from(third & 63);
        self.bits.get(code / 64).is_some_and(|bits| bits >> (code % 64) & 1 == 1)
    }
}

/// Longest word that is looked for in a text without blanks. Characters.
const LONGEST_UNSPACED: usize = 12;

/// The known words in a text of a script that puts no blanks between words, the longest first, as places in it. One
/// character alone is no word: it is a part of a longer one too often.
pub(crate) fn unspaced(text: &str, is_known: impl Fn(&str) -> bool, mut each: impl FnMut(Range<usize>)) {
    let ends: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    let mut at = 0;
    while at + 1 < ends.len() {
        let longest = (at + LONGEST_UNSPACED).min(ends.len() - 1);
        match (at + 2..=longest).rev().find(|&end| is_known(&text[ends[at]..ends[end]])) {
            Some(end) => {
                each(ends[at]..ends[end]);
                at = end;
            }
            None => at += 1,
        }
    }
}

/// The unaccented form of a lower-case Latin letter with a diacritic, of Latin-1 Supplement and Latin Extended-A, and of
/// Greek; of Arabic letters the one that people write for them.
fn plain_form(c: char) -> Option<&'static str> {
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
        'آ' | 'أ' | 'إ' => "ا",
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        // Capitals have no accents in Greek, and know one sigma.
        'ά' => "α",
        'έ' => "ε",
        'ή' => "η",
        'ί' | 'ϊ' | 'ΐ' => "ι",
        'ό' => "ο",
        'ύ' | 'ϋ' | 'ΰ' => "υ",
        'ώ' => "ω",
        'ς' => "σ",
        // Mostly written so in Russian.
        'ё' => "е",
        // Diacritics that follow their letter, such as what lower-casing leaves of `İ`, and what joins letters.
        '\u{300}'..='\u{36f}' | '\u{200d}' => "",
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
    let c =
        text.get(i..i + len).and_then(|bytes| std::str::from_utf8(bytes).ok()).and_then(|s| s.chars().next());
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

    #[test]
    fn letters_are_those_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c:?}");
        }
    }
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        let mut words = Vec::new();
        each_word(text.as_bytes(), |word| words.push(&text[word.start..word.end]));
        words
    }

    #[test]
    fn cuts_text_and_headers_into_words() {
        assert_eq!(words("Date de naissance: 1.2.1980"), ["Date", "de", "naissance"]);
        assert_eq!(words("custEmail_2 dtNaiss"), ["cust", "Email", "dt", "Naiss"]);
        assert_eq!(words("Łukasz “Özil”"), ["Łukasz", "Özil"]);
        assert_eq!(words("प्रमाणपत्र។ ผู้เสียภาษี"), ["प्रमाणपत्र", "ผู้เสียภาษี"]);
        assert_eq!(words(" .,- "), [""; 0]);
    }

    #[test]
    fn bytes_that_are_not_text_separate() {
        let mut found = Vec::new();
        each_word(b"ab\xffcd", |word| found.push((word.start, word.end)));
        assert_eq!(found, [(0, 2), (3, 5)]);
    }

    #[test]
    fn folds_case_and_diacritics() {
        assert_eq!(hash_of("NÚMERO"), hash_of("numero"));
        assert_eq!(hash_of("Straße"), hash_of("STRASSE"));
        assert_eq!(hash_of("İzmir"), hash_of("izmir"));
        assert_eq!(hash_of("ΑΡΙΘΜΟΣ"), hash_of("αριθμός"));
        assert_ne!(hash_of("numero"), hash_of("numera"));
        assert_eq!(hash_of("nume\u{301}ro"), hash_of("numero"), "a diacritic of its own");
        assert_eq!(hash_of("الرقم القومى"), hash_of("الرقم القومي"));
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

    proptest! {
        #[test]
        fn eight_bytes_at_a_time_are_the_same_words(text in "[a-zA-Zé]{1,40}( x)?") {
            let run = next_run(text.as_bytes(), 0).unwrap();
            let word = word_at(text.as_bytes(), run.0, run.1);
            match plain_word(text.as_bytes(), run) {
                Some(plain) => prop_assert_eq!(plain, word),
                None => prop_assert!(word.end < run.1 || !text[..run.1].is_ascii()),
            }
        }

        #[test]
        fn letters_are_cut_into_the_same_words(text in "([A-Z]{0,3}[a-z]{0,9}){1,6}") {
            let end = text.len().min(LONGEST_RUN);
            let mut at = 0;
            words_of_run(text.as_bytes(), (0, end), |word| {
                assert_eq!(word, word_at(text.as_bytes(), at, end));
                at = word.end;
            });
            prop_assert_eq!(at, end);
        }
    }

    #[test]
    fn characters_of_two_bytes_are_folded_as_all_are() {
        for c in (0x80..0x800).filter_map(char::from_u32) {
            let is_of_word = is_letter(c) || is_within_words(c);
            for before in ["", "a"] {
                let mut hasher = WordHasher::new();
                before.bytes().for_each(|byte| hasher.add(byte));
                let is_read = is_of_word && (before.is_empty() || !c.is_uppercase());
                if is_read {
                    fold(c, &mut hasher);
                }
                let text = format!("{before}{c}");
                let end = if is_read { text.len() } else { before.len() };
                let expected = Word { start: 0, end, hash: hasher.finish() };
                assert_eq!(word_at(text.as_bytes(), 0, text.len()), expected, "{c:?}");
            }
        }
    }

    #[test]
    fn a_long_run_holds_no_words() {
        assert_eq!(words(&format!("a {} b", "x".repeat(LONGEST_RUN + 1))), ["a", "b"]);
    }

    #[test]
    fn a_table_finds_what_is_in_it() {
        let name = |i: u32| format!("name{i:b}").replace('0', "o").replace('1', "i");
        let names: Vec<String> = (0..2000).map(name).collect();
        let table = WordTable::new(names.iter().enumerate().map(|(i, name)| (hash_of(name), i)));
        assert!(names.iter().enumerate().all(|(i, name)| table.get(hash_of(name)) == [i]));
        assert!((2000..9000).all(|i| table.get(hash_of(&name(i))).is_empty()));
    }

    #[test]
    fn finds_the_character_before_a_place() {
        assert_eq!(char_before("aé1".as_bytes(), 3), Some('é'));
        assert_eq!(char_before(b"\xff1", 1), None);
        assert_eq!(char_before(b"x", 0), None);
    }
}
