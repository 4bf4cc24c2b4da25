//! Ages as numbers alone or before a word for years, where what stands before them is a person: `Anna Roth (34)`,
//! `who is 66`, `Chiara Santi, de 5 años`.

use serde::Deserialize;

use super::roles::Roles;
use super::{ByLanguage, Case, Class, Reader, Sequel, Token, Vocabulary};

/// Words around ages, and what an age beside them is worth.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Age {
    /// What people are called who have one: she, mother. Before `is`.
    pub person: ByLanguage,
    /// Between them and a number: is, was.
    pub copula: ByLanguage,
    /// The same, which says that somebody becomes as old: turned.
    pub becomes: ByLanguage,
    /// Between those and the number: just.
    pub adverb: ByLanguage,
    /// Before the number alone: aged, I'm.
    pub aged: ByLanguage,
    /// Before it with a colon, near a name: Age.
    pub label: ByLanguage,
    /// Between a name and a number with a word for years: de.
    pub of: ByLanguage,
    /// A word for years: ans.
    pub years: ByLanguage,
    /// What a sentence goes on with behind an age: and, when.
    pub goes_on: ByLanguage,
    /// What grows old and is no person: whisky.
    pub thing: ByLanguage,
    /// Before the name of a street, behind the number of a house: `chez Anna, 85, rue des Lilas`.
    pub street: ByLanguage,
    /// Thousandths for each.
    pub points: i32,
}

const PERSON: Class = 1;
const COPULA: Class = 1 << 1;
const BECOMES: Class = 1 << 2;
const AGED: Class = 1 << 3;
const LABEL: Class = 1 << 4;
const OF: Class = 1 << 5;
const YEARS: Class = 1 << 6;
const GOES_ON: Class = 1 << 7;
const THING: Class = 1 << 8;
const ADVERB: Class = 1 << 9;
const STREET: Class = 1 << 10;

/// The oldest age.
const OLDEST: u32 = 115;
/// The youngest one behind a name, in parentheses or between commas: smaller numbers are mostly counted things.
const YOUNGEST_ALONE: u32 = 10;

pub(super) const ROLES: Roles = Roles {
    names: &[
        (PERSON, "person"),
        (COPULA | BECOMES, "says it of the person before"),
        (AGED | YEARS | OF, "speaks of an age"),
        (LABEL, "label"),
        (THING, "speaks of things"),
    ],
    before: 2,
    behind: 2,
};

/// A compiled detector.
#[derive(Debug)]
pub(crate) struct Ages {
    pub(super) words: Vocabulary,
    points: i32,
}

impl Ages {
    pub(crate) fn new(age: &Age) -> Self {
        let mut words = Vocabulary::default();
        let sections = [
            (PERSON, &age.person),
            (COPULA, &age.copula),
            (BECOMES, &age.becomes),
            (AGED, &age.aged),
            (LABEL, &age.label),
            (OF, &age.of),
            (YEARS, &age.years),
            (GOES_ON, &age.goes_on),
            (THING, &age.thing),
            (ADVERB, &age.adverb),
            (STREET, &age.street),
        ];
        sections.into_iter().for_each(|(class, section)| words.add_all(class, section));
        Self { words, points: age.points }
    }

    /// The age at a number.
    pub(super) fn at(
        &self,
        text: &[u8],
        (lo, hi): (usize, usize),
        at: usize,
        named: impl Fn(usize) -> bool,
        near: impl Fn() -> bool,
    ) -> Option<Sequel> {
        let reader = Reader { text, lo, hi, words: &self.words };
        let (number, age) = number(&reader, at)?;
        let years = reader.blank(number).and_then(|at| reader.token(at)).filter(|token| token.is(YEARS));
        // 34 J.
        let dot = |token: Token| token.end - token.start < 3 && reader.byte(token.end) == Some(b'.');
        let end = years.map_or(number, |token| token.end + usize::from(dot(token)));
        let holds = match reader.byte_before(at)? {
            b'(' => {
                let name = reader.blank_before(at - 1)?;
                let closed = reader.byte(end) == Some(b')');
                let goes_on = is_in_sentence(&reader, end + 1) || is_among_aged(&reader, name, end + 1);
                age >= YOUNGEST_ALONE && closed && goes_on && named(name)
            }
            _ => {
                let blank = reader.blank_before(at)?;
                match reader.byte_before(blank)? {
                    b',' if years.is_some() => named(blank - 1),
                    b',' => age >= YOUNGEST_ALONE && self.is_apposition(&reader, end) && named(blank - 1),
                    b':' => self.is_labelled(&reader, blank - 1) && self.ends(&reader, end) && near(),
                    _ => {
                        let word = reader.token_before(blank)?;
                        match years {
                            Some(_) if word.is(OF) => {
                                let blank = reader.blank_before(word.start)?;
                                let name = blank - usize::from(reader.byte_before(blank) == Some(b','));
                                named(name) || reader.token_before(name)?.is(PERSON)
                            }
                            _ => self.is_said(&reader, &word, &named) && self.ends(&reader, end),
                        }
                    }
                }
            }
        };
        holds.then_some(Sequel { start: at, end, points: self.points, listed: false })
    }

    /// Whether the word before the number says that it is an age: she is, who turned, aged.
    fn is_said(&self, reader: &Reader<'_>, word: &Token, named: &impl Fn(usize) -> bool) -> bool {
        let before = || reader.token_before(reader.blank_before(word.start)?);
        if word.is(ADVERB) {
            return before()
                .filter(|word| !word.is(ADVERB))
                .is_some_and(|word| self.is_said(reader, &word, named));
        }
        if word.is(LABEL) {
            let name = reader.blank_before(word.start);
            return name
                .is_some_and(|name| named(name - usize::from(reader.byte_before(name) == Some(b','))));
        }
        if word.is(AGED) {
            return !before().is_some_and(|word| word.is(THING));
        }
        if !word.is(COPULA | BECOMES) {
            return false;
        }
        // `i is 1` in a comment
        let is_person = |token: Token| {
            token.is(PERSON)
                && (token.case == Case::Initial || token.end - token.start > 1)
                && !reader.is_code_before(token.start)
        };
        // She just turned
        let subject = match before() {
            Some(adverb) if adverb.is(ADVERB) => reader.blank_before(adverb.start),
            _ => reader.blank_before(word.start),
        };
        subject.is_some_and(|end| named(end) || reader.token_before(end).is_some_and(is_person))
    }

    /// Whether `Age` or `Age of pupil` ends at a place.
    fn is_labelled(&self, reader: &Reader<'_>, end: usize) -> bool {
        let Some(word) = reader.token_before(end) else { return false };
        let before = |token: &Token| reader.token_before(reader.blank_before(token.start)?);
        word.is(LABEL)
            || word.is(PERSON)
                && before(&word)
                    .filter(|word| word.is(OF))
                    .and_then(|word| before(&word))
                    .is_some_and(|word| word.is(LABEL))
    }

    /// Whether a clause ends, or goes on with a word that no unit is.
    fn ends(&self, reader: &Reader<'_>, end: usize) -> bool {
        match reader.byte(end) {
            None | Some(b'.' | b',' | b';' | b'!' | b'?' | b')' | b'\n' | b'\r') => true,
            Some(b' ') => match reader.token(end + 1) {
                Some(word) => word.is(GOES_ON),
                None => reader.byte(end + 1).is_none_or(|b| !b.is_ascii_digit() && b != b'%'),
            },
            _ => false,
        }
    }

    /// Whether a sentence goes on behind a number between two commas, and no enumeration of numbers does.
    fn is_apposition(&self, reader: &Reader<'_>, end: usize) -> bool {
        let behind = match reader.byte(end) {
            Some(b',') => end + 1,
            Some(b'.') => return is_in_sentence(reader, end) && !is_day(reader, end),
            _ => {
                return reader
                    .blank(end)
                    .and_then(|at| reader.token(at))
                    .is_some_and(|word| word.is(GOES_ON));
            }
        };
        let goes_on =
            reader.blank(behind).or_else(|| (reader.byte(behind) == Some(b'\n')).then_some(behind + 1));
        let next = goes_on.and_then(|at| reader.token(at));
        next.is_some_and(|word| word.case == Case::Lower && !word.is(STREET))
    }
}

/// The end of a number that may be an age, and what it is.
fn number(reader: &Reader<'_>, at: usize) -> Option<(usize, u32)> {
    let len = (0..4).take_while(|i| reader.byte(at + i).is_some_and(|b| b.is_ascii_digit())).count();
    let age = reader.text[at..at + len].iter().fold(0, |age, digit| age * 10 + u32::from(digit - b'0'));
    let odd = match reader.byte(at + len) {
        Some(b'.' | b',' | b':' | b'-' | b'/') => {
            reader.byte(at + len + 1).is_some_and(|b| b.is_ascii_alphanumeric())
        }
        Some(b'%' | b'_' | b'=' | b'\'' | b'"' | b'+' | b'*') => true,
        Some(byte) => byte.is_ascii_alphanumeric() || byte >= 0x80,
        None => false,
    };
    (!odd && (1..=3).contains(&len) && reader.text[at] != b'0' && age <= OLDEST).then_some((at + len, age))
}

/// Whether what follows reads as a sentence, and no list of counted things: `Anna Roth (34) was`, `Anna Roth (34), a nurse`.
fn is_in_sentence(reader: &Reader<'_>, at: usize) -> bool {
    match reader.byte(at) {
        Some(b'.') => reader.byte(at + 1).is_none_or(|b| b == b' '),
        Some(b',' | b';') => reader.byte(at + 1) == Some(b' '),
        Some(b' ') => reader.token(at + 1).is_some_and(|word| word.case == Case::Lower),
        _ => false,
    }
}

/// Whether a month and a year follow the full stop at `end`: `27. Juni 1975`.
fn is_day(reader: &Reader<'_>, end: usize) -> bool {
    let month = reader.blank(end + 1).and_then(|at| reader.token(at));
    let year = month.and_then(|month| reader.blank(month.end));
    year.is_some_and(|at| (at..at + 4).all(|at| reader.byte(at).is_some_and(|b| b.is_ascii_digit())))
}

/// Whether a line ends at `end`, behind other names with ages: `Anna (52), Peter (61)`.
fn is_among_aged(reader: &Reader<'_>, name: usize, end: usize) -> bool {
    const REACH: usize = 48;
    let before = &reader.text[name.saturating_sub(REACH).max(reader.lo)..name];
    let aged = |at: usize| matches!(before[..at], [.., b'(', b'1'..=b'9', b'0'..=b'9']);
    matches!(reader.byte(end), None | Some(b'\n' | b'\r' | b'.'))
        && memchr::memmem::rfind(before, b"), ").is_some_and(aged)
}
