//! Sequences of words: names of people and street addresses in running text. Which words there are and what they are
//! worth is data of the detector's file; how they follow each other is known here.
//!
//! Everything is read from the bytes in place, a bounded way before and behind the place at which a sequence is
//! nominated, so that it does not depend on where a text is cut.

mod account;
mod address;
mod age;
mod ascribed;
mod attribute;
mod birth;
mod called;
mod case;
mod person;
mod roles;

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

use domesday_model::DetectorId;
use memchr::memmem;
use serde::Deserialize;

use case::{Case, case_of, case_of_cut, case_of_plain};

use crate::registry::Registry;
use crate::words::{
    Identity, WideSet, WordHash, char_at, char_before, hash_of, hash_of_letters, is_letter, is_unspaced,
    is_word_byte, plain_word,
};

pub use account::Account;
pub use address::{Address, AddressPoints};
pub use age::Age;
pub use ascribed::Ascribed;
pub use attribute::Attribute;
pub use birth::Birth;
pub use person::{Person, PersonPoints};
pub use roles::WordRole;

pub(crate) use address::Addresses;
pub(crate) use person::{LONGEST_LINE, People, first_letter};

use account::Accounts;
use age::Ages;
use ascribed::Ascriptions;
use attribute::Attributes;
use birth::Births;

/// How far behind its nomination a sequence may begin, at most: a title comes before a name.
pub(crate) const LONGEST_LEAD: usize = 64;
/// Thousandths below which words merely stand together: too many do, so that they are no candidates either.
pub(crate) const LEAST_SEQUENCE: i32 = 500;
/// Bytes of a word that is told by its end.
const LEAST_TAILED: usize = 6;
/// Bytes of a word.
const LONGEST_TOKEN: usize = 48;

/// What a detector of sequences looks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Sequence {
    /// Names of people.
    Person(Box<Person>),
    /// Street addresses and post boxes.
    Address(Box<Address>),
}

/// What a detector of a list or of shapes finds by the words around it as well.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Beside {
    /// Words of its list that are said of people.
    Attribute(Box<Attribute>),
    /// Ages of people.
    Age(Box<Age>),
    /// Names under which people log in.
    Account(Box<Account>),
    /// Dates of birth.
    Birth(Box<Birth>),
    /// Words of its list that are said of somebody.
    Ascribed(Box<Ascribed>),
}

impl Beside {
    /// Regular expressions of words beside which a value is looked for.
    pub(crate) fn anchors(&self) -> &[String] {
        match self {
            Self::Attribute(attribute) => &attribute.anchors,
            Self::Account(account) => &account.anchors,
            Self::Ascribed(ascribed) => &ascribed.anchors,
            Self::Age(_) | Self::Birth(_) => &[],
        }
    }

    /// Words with a capital letter, or in a script without, at which one is looked for behind them.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        let labels = match self {
            Self::Attribute(attribute) => Some(&attribute.labels),
            Self::Ascribed(ascribed) => Some(&ascribed.label),
            Self::Account(_) | Self::Age(_) | Self::Birth(_) => None,
        };
        labels.into_iter().flat_map(|labels| labels.values().flatten()).map(String::as_str)
    }
}

impl Sequence {
    /// Word lists that it names.
    pub(crate) fn lists(&self) -> Vec<&str> {
        match self {
            Self::Person(person) => {
                let lists = person.given.iter().chain(&person.family).chain(&person.unspaced_given);
                let lists = lists.map(String::as_str);
                lists.chain([person.ordinary.as_str(), person.things.as_str()]).collect()
            }
            Self::Address(address) => vec![&address.ordinary, &address.towns],
        }
    }
}

/// Words by language. The languages are for people: a text may be in another one than its neighbour.
type ByLanguage = BTreeMap<String, Vec<String>>;

/// Sequences of all detectors.
#[derive(Debug, Default)]
pub(crate) struct Sequences {
    pub(crate) people: Vec<People>,
    pub(crate) addresses: Vec<Addresses>,
    attributes: Vec<Attributes>,
    accounts: Vec<Accounts>,
    ascriptions: Vec<Ascriptions>,
    pub(crate) numbers: Vec<Numbers>,
}

impl Sequences {
    pub(crate) fn add(&mut self, id: DetectorId, sequence: &Sequence, registry: &Registry) {
        match sequence {
            Sequence::Person(person) => self.people.push(People::new(id, person, registry)),
            Sequence::Address(address) => self.addresses.push(Addresses::new(id, address, registry)),
        }
    }

    /// `list` is that of the detector.
    pub(crate) fn add_beside(&mut self, id: DetectorId, beside: &Beside, list: &[String]) {
        match beside {
            Beside::Attribute(attribute) => self.attributes.push(Attributes::new(id, attribute, list)),
            Beside::Account(account) => self.accounts.push(Accounts::new(id, account)),
            Beside::Ascribed(ascribed) => self.ascriptions.push(Ascriptions::new(id, ascribed, list)),
            Beside::Age(age) => self.numbers.push(Numbers { id, of: NumberOf::Age(Ages::new(age)) }),
            Beside::Birth(birth) => {
                self.numbers.push(Numbers { id, of: NumberOf::Birth(Births::new(birth)) })
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.people.is_empty() && self.addresses.is_empty() && self.numbers.is_empty()
    }

    /// Where names and addresses are looked for in scripts without blanks.
    pub(crate) fn unspaced(&self) -> Unspaced {
        let of_addresses = self.addresses.first().into_iter().flat_map(|_| Addresses::marks());
        Unspaced { chars: WideSet::new(of_addresses.chain(self.people.iter().flat_map(People::marks))) }
    }

    /// What a detector of words finds by the words around them.
    pub(crate) fn marked(&self, id: DetectorId) -> Option<Marked<'_>> {
        let attributes = || self.attributes.iter().find(|attributes| attributes.id == id);
        let accounts = || self.accounts.iter().find(|accounts| accounts.id == id);
        let ascriptions = || self.ascriptions.iter().find(|ascriptions| ascriptions.id == id);
        attributes()
            .map(Marked::Attribute)
            .or_else(|| accounts().map(|accounts| Marked::Account(accounts, &self.people)))
            .or_else(|| ascriptions().map(Marked::Ascribed))
    }

    /// Calls `each` with what is said of the person whose name ends at `end`.
    pub(crate) fn said_behind(
        &self,
        text: &[u8],
        bounds: (usize, usize),
        end: usize,
        mut each: impl FnMut(DetectorId, Sequel),
    ) {
        for ascriptions in &self.ascriptions {
            if let Some(said) = ascriptions.behind_name(text, bounds, end) {
                each(ascriptions.id, said);
            }
        }
    }

    /// The same in scripts that put no blanks between words.
    pub(crate) fn said_behind_unspaced(
        &self,
        text: &[u8],
        bounds: (usize, usize),
        end: usize,
        mut each: impl FnMut(DetectorId, Sequel),
    ) {
        for ascriptions in &self.ascriptions {
            ascriptions.behind_unspaced_name(text, bounds, end, |said| each(ascriptions.id, said));
        }
    }

    /// Whether a person's name ends right before a value, or an e-mail address stands right before or behind it:
    /// `Ann Lee, 0113 496 0000 | ann@corp.com`.
    pub(crate) fn person_beside(
        &self,
        text: &[u8],
        (lo, hi): (usize, usize),
        (start, end): (usize, usize),
    ) -> bool {
        let before = &text[lo..start];
        let gap = before.iter().rev().take(MOST_BETWEEN).take_while(|byte| is_between(**byte)).count();
        let behind = &text[end..hi];
        let gap_behind = behind.iter().take(MOST_BETWEEN).take_while(|byte| is_between(**byte)).count();
        let is_address = |token: &[u8]| token.contains(&b'@');
        let front = &before[..before.len() - gap];
        let last = front.iter().rev().take(LONGEST_ADDRESS).take_while(|b| !b.is_ascii_whitespace()).count();
        let rest = &behind[gap_behind..];
        let next = rest.iter().take(LONGEST_ADDRESS).take_while(|b| !b.is_ascii_whitespace()).count();
        gap > 0 && is_address(&front[front.len() - last..])
            || gap_behind > 0 && is_address(&rest[..next])
            || gap > 0
                && (self.person_ends(text, lo, start - gap)
                    || person_before_words(text, lo, (start - gap, start))
                        .is_some_and(|end| self.person_ends(text, lo, end)))
    }

    /// What a sign, or its place in a signature or a list, says for a number being that of a telephone, in thousandths.
    pub(crate) fn called(&self, text: &[u8], (lo, hi): (usize, usize), (start, end): (usize, usize)) -> i32 {
        let number = called::Number { text, lo, hi, start, end };
        number.points(|end| self.person_ends(text, lo, end))
    }

    /// Whether a person's name ends at a place.
    fn person_ends(&self, text: &[u8], lo: usize, end: usize) -> bool {
        text[lo..end].last().is_some_and(|byte| is_word_byte(*byte) && !byte.is_ascii_digit())
            && self.people.iter().any(|people| people.ends_at(text, lo, end))
    }
}

/// Where names and addresses are looked for in scripts without blanks.
#[derive(Debug, Default)]
pub(crate) struct Unspaced {
    chars: WideSet,
}

impl Unspaced {
    /// Whether one is looked for at the character at `at`. Thai family names stand behind a blank.
    #[inline]
    pub(crate) fn begins(&self, text: &[u8], at: usize) -> bool {
        self.chars.is_at(text, at) || is_behind_blank(text, at) && is_thai_at(text, at)
    }
}

/// Whether a character of the Thai block stands at `at`.
#[inline]
fn is_thai_at(text: &[u8], at: usize) -> bool {
    matches!(text.get(at..at + 2), Some([0xE0, 0xB8 | 0xB9]))
}

#[inline]
fn is_behind_blank(text: &[u8], at: usize) -> bool {
    at > 0 && text[at - 1] == b' '
}

/// What a detector of words finds beside them.
#[derive(Clone, Copy)]
pub(crate) enum Marked<'a> {
    Attribute(&'a Attributes),
    Account(&'a Accounts, &'a [People]),
    Ascribed(&'a Ascriptions),
}

impl Marked<'_> {
    /// Calls `each` with what stands beside the anchor at `start..end`.
    pub(crate) fn beside(
        self,
        text: &[u8],
        bounds: (usize, usize),
        anchor: (usize, usize),
        each: impl FnMut(Sequel),
    ) {
        match self {
            Self::Attribute(attributes) => attributes.beside(text, bounds, anchor, each),
            Self::Ascribed(ascriptions) => ascriptions.beside(text, bounds, anchor, each),
            Self::Account(accounts, people) => {
                accounts.behind(people, text, bounds, anchor).into_iter().for_each(each);
            }
        }
    }

    /// What the listed word at `start` is, or tells. `named` says whether a name that was found ends at a place.
    pub(crate) fn at(
        self,
        text: &[u8],
        bounds: (usize, usize),
        start: usize,
        named: impl Fn(usize) -> bool,
    ) -> Option<Sequel> {
        match self {
            Self::Attribute(attributes) => attributes.at(text, bounds, start, named),
            Self::Account(accounts, people) => accounts.at(people, text, bounds, start),
            Self::Ascribed(ascriptions) => ascriptions.at(text, bounds, start, named),
        }
    }
}

/// What a detector finds at numbers.
#[derive(Debug)]
pub(crate) struct Numbers {
    pub(crate) id: DetectorId,
    of: NumberOf,
}

#[derive(Debug)]
enum NumberOf {
    Age(Ages),
    Birth(Births),
}

impl Numbers {
    /// The age or date at a number. `named` says whether a name that was found ends at a place, `near` whether one begins a
    /// little before the number.
    pub(crate) fn at(
        &self,
        text: &[u8],
        bounds: (usize, usize),
        at: usize,
        named: impl Fn(usize) -> bool,
        near: impl Fn() -> bool,
    ) -> Option<Sequel> {
        match &self.of {
            NumberOf::Age(ages) => ages.at(text, bounds, at, named, near),
            NumberOf::Birth(births) => births.at(text, bounds, at, named),
        }
    }
}

/// Bytes between a name and what belongs to the person: a line may end there.
const MOST_BETWEEN: usize = 6;
/// Bytes of the longest e-mail address that is looked for beside a value.
const LONGEST_ADDRESS: usize = 80;

/// Where a name may end that words lead from to a number, whose gap before it is `gap`: what somebody is (`Ann Lee, manager,
/// 0113 496 0000`, `Ann Lee (mother), 0113 …`, `Ann Lee in accounts, 0113 …`), or where to reach him (`Ann Lee on 0113 …`).
fn person_before_words(text: &[u8], lo: usize, gap: (usize, usize)) -> Option<usize> {
    const LONGEST: usize = 36;
    const MOST_WORDS: usize = 4;
    let front = &text[lo..gap.0];
    let end_of = |front: &[u8]| {
        let between = front.iter().rev().take(MOST_BETWEEN).take_while(|byte| is_between(**byte)).count();
        (between > 0).then(|| lo + front.len() - between)
    };
    if text[gap.0..gap.1] == *b" " {
        let word = front.iter().rev().take(LONGEST).take_while(|b| is_word_byte(**b)).count();
        if LEADING.iter().any(|leading| leading.as_bytes() == &front[front.len() - word..]) {
            return end_of(&front[..front.len() - word]);
        }
    }
    let bracketed = front.strip_suffix(b")");
    if bracketed.is_none() && text[gap.0] != b',' {
        return None;
    }
    let inner = bracketed.unwrap_or(front);
    let role = inner
        .iter()
        .rev()
        .take(LONGEST)
        .take_while(|b| is_word_byte(**b) && !b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'.' | b'\''))
        .count();
    let (before, role) = inner.split_at(inner.len() - role);
    // `Ann Lee in accounts, 0113 …`
    if let Some(at) = PLACED.iter().filter_map(|word| memmem::rfind(role, word.as_bytes())).max() {
        return end_of(&front[..before.len() + at + 1]);
    }
    let words = role.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).count();
    let opens = before.ends_with(if bracketed.is_some() { b"(" } else { b"," });
    (opens && (1..=MOST_WORDS).contains(&words)).then(|| end_of(before))?
}

/// Words between a person and the number under which he is reached.
const LEADING: [&str; 14] =
    ["on", "at", "au", "al", "allo", "unter", "auf", "på", "no", "na", "pod", "op", "под", "по"];

/// Words between a person and where he works.
const PLACED: [&str; 9] = [" in ", " at ", " from ", " im ", " bei ", " aus ", " vom ", " i ", " en "];

/// Whether a byte may stand between a name and a number: a blank, a mark, or a part of a dash beyond ASCII.
fn is_between(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b',' | b';' | b':' | b'(' | b'<' | b'-' | b'|' | b'/' | b'\t' | b'\n' | b'\r' | b'*'
    ) || matches!(byte, 0xE2 | 0xC2 | 0x80 | 0x93 | 0x94 | 0xB7 | 0xA0)
}

/// A sequence that was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Sequel {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) points: i32,
    /// A word of it stands in a list.
    pub(crate) listed: bool,
}

/// What the words of a detector are, as bits.
type Class = u32;

/// The words of a detector.
#[derive(Debug, Default)]
struct Vocabulary {
    classes: HashMap<WordHash, Class, BuildHasherDefault<Identity>>,
    /// Endings that a word may have in the place of others, by their last letter.
    endings: BTreeMap<char, Vec<(String, String)>>,
    /// What a word is as well that has one of those, what it may be besides, and what its stem must not be.
    inflected: Class,
    stemmed: Class,
    unstemmed: Class,
    /// What it is as well where one letter alone is its ending: many words have those.
    weakly: Class,
    /// Ends of words that say what they are, by their last letter, with the beginning that goes with each, where there is
    /// one, and what that is.
    tails: BTreeMap<char, Vec<(String, String, Class)>>,
}

impl Vocabulary {
    fn add<'a>(&mut self, class: Class, words: impl IntoIterator<Item = &'a String>) {
        let words = words.into_iter();
        self.classes.reserve(words.size_hint().0);
        words.for_each(|word| *self.classes.entry(hash_of(word)).or_default() |= class);
    }

    fn add_all(&mut self, class: Class, words: &ByLanguage) {
        self.add(class, words.values().flatten());
    }

    fn of(&self, word: &str) -> Class {
        self.of_hash(hash_of(word))
    }

    fn of_hash(&self, word: WordHash) -> Class {
        self.classes.get(&word).copied().unwrap_or_default()
    }

    fn add_endings(&mut self, classes: [Class; 4], endings: &[(String, String)]) {
        [self.inflected, self.weakly, self.stemmed, self.unstemmed] = classes;
        for (ending, other) in endings {
            let last = ending.chars().next_back().unwrap_or_default();
            self.endings.entry(last).or_default().push((ending.clone(), other.clone()));
        }
    }

    fn add_tails(&mut self, class: Class, tails: &[String]) {
        for tail in tails {
            let (front, tail) = tail.split_once('…').unwrap_or(("", tail));
            let last = tail.chars().next_back().unwrap_or_default();
            self.tails.entry(last).or_default().push((front.to_owned(), tail.to_owned(), class));
        }
    }

    /// What a word is by its end, behind three letters: `Belousova`, and its beginning: `القحطاني`.
    fn of_tail(&self, word: &str) -> Class {
        let last = word.chars().next_back().and_then(|last| last.to_lowercase().next_back());
        let Some(tails) = last.and_then(|last| self.tails.get(&last)) else { return 0 };
        // Letters in lower case may take more bytes.
        let mut buffer = [0; 2 * LONGEST_TOKEN];
        let mut len = 0;
        for letter in word.chars().flat_map(char::to_lowercase) {
            let Some(room) = buffer.get_mut(len..len + letter.len_utf8()) else { return 0 };
            letter.encode_utf8(room);
            len += letter.len_utf8();
        }
        let lower = std::str::from_utf8(&buffer[..len]).unwrap_or_default();
        let is_end = |(front, tail, _): &&(String, String, Class)| {
            lower.strip_suffix(tail.as_str()).is_some_and(|rest| rest.chars().count() >= 3)
                && (front.is_empty() || word.starts_with(front.as_str()))
        };
        tails.iter().filter(is_end).fold(0, |class, (_, _, tailed)| class | tailed)
    }

    /// What a word is with another ending: `Иванову` is `Иванов`.
    fn of_stem(&self, word: &str) -> Class {
        let mut buffer = [0; LONGEST_TOKEN + 8];
        let mut class = 0;
        let mut weakly = self.weakly;
        let last = word.chars().next_back();
        let Some(endings) = last.and_then(|last| self.endings.get(&last)) else { return 0 };
        for (ending, other) in endings {
            let Some(stem) = word.strip_suffix(ending.as_str()).filter(|stem| stem.chars().count() > 2)
            else {
                continue;
            };
            let len = stem.len() + other.len();
            let Some(room) = buffer.get_mut(..len) else { continue };
            room[..stem.len()].copy_from_slice(stem.as_bytes());
            room[stem.len()..].copy_from_slice(other.as_bytes());
            let stem = std::str::from_utf8(room).map_or(0, |word| self.of(word));
            if stem & self.unstemmed == 0 {
                class |= stem & self.stemmed;
                if stem & self.stemmed != 0 && ending.len() > 1 {
                    weakly = 0;
                }
            }
        }
        if class == 0 { 0 } else { class | self.inflected | weakly }
    }
}

/// A word of a sequence.
#[derive(Clone, Copy, Debug)]
struct Token {
    start: usize,
    end: usize,
    class: Class,
    case: Case,
}

impl Token {
    const fn is(&self, class: Class) -> bool {
        self.class & class != 0
    }
}

/// A text, as far as sequences may reach.
#[derive(Clone, Copy)]
struct Reader<'a> {
    text: &'a [u8],
    lo: usize,
    hi: usize,
    words: &'a Vocabulary,
}

impl<'a> Reader<'a> {
    fn byte(&self, at: usize) -> Option<u8> {
        (at < self.hi).then(|| self.text[at])
    }

    fn byte_before(&self, at: usize) -> Option<u8> {
        (at > self.lo).then(|| self.text[at - 1])
    }

    fn letter_at(&self, at: usize) -> Option<usize> {
        let byte = self.byte(at)?;
        if byte < 0x80 {
            return byte.is_ascii_alphabetic().then_some(1);
        }
        let (c, len) = char_at(&self.text[..self.hi], at);
        c.filter(|&c| is_letter(c) || is_mark(c)).map(|_| len)
    }

    fn letter_before(&self, at: usize) -> Option<usize> {
        let byte = self.byte_before(at)?;
        if byte < 0x80 {
            return byte.is_ascii_alphabetic().then_some(1);
        }
        let c = char_before(&self.text[self.lo..], at - self.lo)?;
        (is_letter(c) || is_mark(c)).then(|| c.len_utf8())
    }

    /// The length of an apostrophe or hyphen.
    fn tie_at(&self, at: usize) -> Option<usize> {
        match self.byte(at)? {
            b'\'' | b'-' => Some(1),
            0xE2 if self.text[at..self.hi].starts_with("’".as_bytes()) => Some(3),
            _ => None,
        }
    }

    fn tie_before(&self, at: usize) -> Option<usize> {
        match self.byte_before(at)? {
            b'\'' | b'-' => Some(1),
            0x99 if self.text[self.lo..at].ends_with("’".as_bytes()) => Some(3),
            _ => None,
        }
    }

    /// The word that begins at `start`, with apostrophes and hyphens inside of it.
    fn token(&self, start: usize) -> Option<Token> {
        let text = self.text.get(start..self.hi)?;
        let letters = text.iter().take(LONGEST_TOKEN + 1);
        let plain = letters.take_while(|byte| byte.is_ascii_alphabetic()).count();
        if plain > 0 && text.get(plain).is_none_or(|&next| ends_plainly(next)) {
            return self.read_plain(start, start + plain);
        }
        let mut end = start + self.letter_at(start)?;
        while end - start <= LONGEST_TOKEN {
            if let Some(len) = self.letter_at(end) {
                end += len;
                continue;
            }
            let Some((tie, letter)) =
                self.tie_at(end).and_then(|tie| Some((tie, self.letter_at(end + tie)?)))
            else {
                break;
            };
            // `Maria's`
            let owner = matches!(self.text[end + tie], b's' | b'S') && self.text[end] != b'-';
            if owner && self.letter_at(end + tie + letter).is_none() {
                break;
            }
            end += tie + letter;
        }
        self.read(start, end)
    }

    /// The word that ends at `end`.
    fn token_before(&self, end: usize) -> Option<Token> {
        let text = self.text.get(self.lo..end)?;
        let letters = text.iter().rev().take(LONGEST_TOKEN + 1);
        let plain = letters.take_while(|byte| byte.is_ascii_alphabetic()).count();
        if plain > 0 && text[..text.len() - plain].last().is_none_or(|&before| ends_plainly(before)) {
            return self.read_plain(end - plain, end);
        }
        let mut start = end - self.letter_before(end)?;
        while end - start <= LONGEST_TOKEN {
            match self.letter_before(start) {
                Some(len) => start -= len,
                None => {
                    match self.tie_before(start).and_then(|tie| Some(tie + self.letter_before(start - tie)?))
                    {
                        Some(len) => start -= len,
                        None => break,
                    }
                }
            }
        }
        self.read(start, end)
    }

    fn read(&self, start: usize, end: usize) -> Option<Token> {
        if end - start > LONGEST_TOKEN {
            return None;
        }
        let word = std::str::from_utf8(&self.text[start..end]).ok()?;
        // That is `on`, and folded it is a name.
        let mut class = if word == "على" { 0 } else { self.words.of(word) };
        if class == 0 && word.contains('-') {
            // Jean-Luc is what both Jean and Luc are.
            class = word.split('-').map(|part| self.words.of(part)).fold(Class::MAX, |all, part| all & part);
        }
        let case = case_of(word);
        if class == 0 && case.is_name() {
            class = self.class_by_ending(word);
        } else if class == 0 && case == Case::None && word.len() >= LEAST_TAILED {
            class = self.words.of_tail(word);
        }
        Some(Token { start, end, class, case })
    }

    /// The same for a word of ASCII letters: most of them are.
    fn read_plain(&self, start: usize, end: usize) -> Option<Token> {
        if end - start > LONGEST_TOKEN {
            return None;
        }
        let (hash, case) = match plain_word(self.text, (start, end)) {
            Some(word) => (word.hash, case_of_plain(&self.text[start..end])),
            // `firstName`
            None => (hash_of_letters(self.text, (start, end)), case_of_cut(&self.text[start..end])),
        };
        let mut class = self.words.of_hash(hash);
        if class == 0 && case.is_name() {
            class = self.class_by_ending(std::str::from_utf8(&self.text[start..end]).ok()?);
        }
        Some(Token { start, end, class, case })
    }

    fn class_by_ending(&self, word: &str) -> Class {
        let mut class = self.words.of_stem(word);
        // Karimi'nin
        if let Some((stem, _)) = word.split_once(['\'', '’']).filter(|(stem, _)| class == 0 && stem.len() > 3)
        {
            class = self.words.of(stem);
        }
        if class == 0 && word.len() >= LEAST_TAILED {
            class = self.words.of_tail(word);
        }
        class
    }

    /// Behind one blank.
    fn blank(&self, at: usize) -> Option<usize> {
        match self.byte(at)? {
            b' ' => Some(at + 1),
            0xC2 if self.byte(at + 1) == Some(0xA0) => Some(at + 2),
            _ => None,
        }
    }

    fn blank_before(&self, at: usize) -> Option<usize> {
        match self.byte_before(at)? {
            b' ' => Some(at - 1),
            0xA0 if self.text[self.lo..at].ends_with(&[0xC2, 0xA0]) => Some(at - 2),
            _ => None,
        }
    }

    /// Whether what stands before makes a part of code, a path or an address of it.
    fn is_code_before(&self, start: usize) -> bool {
        match self.byte_before(start) {
            Some(
                b'.' | b'_' | b'=' | b'<' | b'/' | b'\\' | b'@' | b'#' | b'$' | b'&' | b'~' | b'^' | b'%'
                | b'+' | b'-' | b'`' | b'{',
            ) => true,
            Some(b':') => self.byte_before(start - 1) == Some(b':'),
            Some(byte) => byte.is_ascii_alphanumeric(),
            None => false,
        }
    }

    /// Whether what follows does.
    fn is_code_behind(&self, end: usize) -> bool {
        let next = || self.byte(end + 1).is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
        match self.byte(end) {
            Some(b'=' | b'\\' | b'@' | b'`' | b'$') => true,
            Some(b'.' | b'/' | b'-' | b'#') => next(),
            Some(byte) => byte.is_ascii_alphanumeric() || self.is_call_behind(end),
            None => false,
        }
    }

    /// Whether a word ends there that is the name of a function or a type, and no words follow it.
    fn is_call_behind(&self, end: usize) -> bool {
        match self.byte(end) {
            Some(b'(' | b'{' | b'_') => true,
            Some(b':') => self.byte(end + 1) == Some(b':'),
            _ => false,
        }
    }

    /// The word before `start`, on the same line or the one above, behind at most a comma, a colon or a full stop.
    fn word_before(&self, start: usize) -> Option<Token> {
        let mut at = start;
        for _ in 0..4 {
            match self.byte_before(at)? {
                b' ' | b'\n' | b'\r' | b',' | b':' | b'.' | b'(' | b'"' | b'*' => at -= 1,
                _ => break,
            }
        }
        self.token_before(at)
    }
}

/// Marks that belong to the letters before them: vowel signs of Indic scripts, points of Hebrew and Arabic.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{dff}')
}

/// Whether a byte beside ASCII letters is no part of their word.
fn ends_plainly(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphabetic() && !matches!(byte, b'\'' | b'-')
}
