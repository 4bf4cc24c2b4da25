//! Words of a list that count where they are said of a person: nationalities. A word in lower case is looked at beside a
//! word that speaks of nationalities alone; one with a capital letter also beside words for people.

use domesday_model::DetectorId;
use serde::Deserialize;

use super::roles::Roles;
use super::{ByLanguage, Case, Class, Reader, Sequel, Token, Vocabulary};

/// Words around the words of a list, and what they are worth.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Regular expressions of the words beside which one of the list counts, in any spelling: nationality.
    pub anchors: Vec<String>,
    /// The same with a capital letter, in all languages: Medborgarskap. Countries count behind them as well.
    pub labels: ByLanguage,
    /// Countries, and adjectives that mean other things elsewhere, for those.
    pub labelled: ByLanguage,
    /// Those behind which none counts: national, Staatsbürger.
    pub behind: ByLanguage,
    /// Those that speak of something else as well where a noun follows: national.
    pub vague: ByLanguage,
    /// What may follow those: with, who.
    pub goes_on: ByLanguage,
    /// Between such a word and one of the list: is, de.
    pub between: ByLanguage,
    /// Between two of the list: and.
    pub and: ByLanguage,
    /// Before one of the list, as a part of it: South.
    pub first: ByLanguage,
    /// Behind those alone: African.
    pub second: ByLanguage,
    /// People, behind one of the list: nurse.
    pub person: ByLanguage,
    /// Those that teach or learn a language: teacher.
    pub taught: ByLanguage,
    /// Words of the list that are languages as well, for those.
    pub language: ByLanguage,
    /// Before one of the list and a person: a, this.
    pub article: ByLanguage,
    /// Behind an age before one of the list: year-old.
    pub aged: ByLanguage,
    /// Between a person and one of the list: is, were.
    pub copula: ByLanguage,
    /// Before those: she, parents.
    pub subject: ByLanguage,
    /// Words of the list that are nouns for people: Spaniard.
    pub noun: ByLanguage,
    /// Behind one of the list and a comma: passport.
    pub paper: ByLanguage,
    /// Between one of the list and the words for that: by.
    pub by: ByLanguage,
    /// By what somebody is of the list: birth.
    pub birth: ByLanguage,
    /// Thousandths beside an anchor.
    pub anchored: i32,
    /// Thousandths beside words for people.
    pub said: i32,
}

const LISTED: Class = 1;
const BEHIND: Class = 1 << 1;
const VAGUE: Class = 1 << 2;
const GOES_ON: Class = 1 << 3;
const BETWEEN: Class = 1 << 4;
const AND: Class = 1 << 5;
const FIRST: Class = 1 << 6;
const SECOND: Class = 1 << 7;
const PERSON: Class = 1 << 8;
const TAUGHT: Class = 1 << 9;
const LANGUAGE: Class = 1 << 10;
const ARTICLE: Class = 1 << 11;
const AGED: Class = 1 << 12;
const COPULA: Class = 1 << 13;
const SUBJECT: Class = 1 << 14;
const NOUN: Class = 1 << 15;
const PAPER: Class = 1 << 16;
const BY: Class = 1 << 17;
const BIRTH: Class = 1 << 18;
const LABEL: Class = 1 << 19;
const LABELLED: Class = 1 << 20;

/// Words between one of the list and the person: Polish structural engineer.
const MOST_BETWEEN: usize = 2;

pub(super) const ROLES: Roles = Roles {
    names: &[
        (LISTED, "in the list"),
        (LABEL | LABELLED, "label"),
        (PERSON | SUBJECT, "person"),
        (COPULA, "says it of the person before"),
        (BIRTH, "speaks of birth"),
        (VAGUE, "may mean other things"),
        (LANGUAGE | TAUGHT, "speaks of languages"),
        (NOUN | PAPER, "has it as its own"),
    ],
    before: 2,
    behind: 2,
};

/// A compiled detector.
#[derive(Debug)]
pub(crate) struct Attributes {
    pub(super) id: DetectorId,
    pub(super) words: Vocabulary,
    anchored: i32,
    said: i32,
}

impl Attributes {
    pub(crate) fn new(id: DetectorId, attribute: &Attribute, list: &[String]) -> Self {
        let mut words = Vocabulary::default();
        words.add(LISTED, list);
        let sections = [
            (BEHIND, &attribute.behind),
            (VAGUE, &attribute.vague),
            (GOES_ON, &attribute.goes_on),
            (BETWEEN, &attribute.between),
            (AND, &attribute.and),
            (FIRST, &attribute.first),
            (SECOND, &attribute.second),
            (PERSON, &attribute.person),
            (TAUGHT, &attribute.taught),
            (LANGUAGE, &attribute.language),
            (ARTICLE, &attribute.article),
            (AGED, &attribute.aged),
            (COPULA, &attribute.copula),
            (SUBJECT, &attribute.subject),
            (NOUN, &attribute.noun),
            (PAPER, &attribute.paper),
            (BY, &attribute.by),
            (BIRTH, &attribute.birth),
            (LABEL, &attribute.labels),
            (LABELLED, &attribute.labelled),
        ];
        sections.into_iter().for_each(|(class, section)| words.add_all(class, section));
        Self { id, words, anchored: attribute.anchored, said: attribute.said }
    }

    /// Calls `each` with the words of the list beside the anchor at `start..end`.
    pub(crate) fn beside(
        &self,
        text: &[u8],
        (lo, hi): (usize, usize),
        (start, end): (usize, usize),
        mut each: impl FnMut(Sequel),
    ) {
        let reader = Reader { text, lo, hi, words: &self.words };
        if reader.is_code_before(start) || reader.is_code_behind(end) {
            return;
        }
        let Some(anchor) = reader.token(start).filter(|anchor| anchor.end == end) else { return };
        let mut push = |(start, end): (usize, usize)| {
            each(Sequel { start, end, points: self.anchored, listed: true });
        };
        if let Some(word) = reader.blank_before(start).and_then(|end| reader.token_before(end)) {
            // French national Luc Besnard
            let named = || {
                let next = reader.blank(end).and_then(|at| reader.token(at));
                anchor.case == Case::Lower && next.is_some_and(|next| next.case == Case::Capital)
            };
            let fits = !anchor.is(VAGUE) || self.ends(&reader, end) || named();
            if let Some(place) = self.whole(&reader, &word).filter(|_| fits) {
                push(place);
                let other = reader
                    .blank_before(place.0)
                    .and_then(|end| reader.token_before(end))
                    .filter(|and| and.is(AND))
                    .and_then(|and| reader.token_before(reader.blank_before(and.start)?));
                other.and_then(|other| self.whole(&reader, &other)).into_iter().for_each(&mut push);
                return;
            }
        }
        if anchor.is(BEHIND) {
            return;
        }
        let Some(first) = behind_label(&reader, end).and_then(|at| reader.token(at)) else { return };
        let next = |token: &Token| reader.token(reader.blank(token.end)?);
        let word = if first.is(BETWEEN) && !first.is(LISTED) { next(&first) } else { Some(first) };
        let Some(place) = word.and_then(|word| self.listed_from(&reader, word)) else { return };
        push(place);
        let and = reader.blank(place.1).and_then(|at| reader.token(at)).filter(|and| and.is(AND));
        let other = and.and_then(|and| next(&and)).and_then(|word| self.listed_from(&reader, word));
        other.into_iter().for_each(&mut push);
    }

    /// One of the list that begins with `word`.
    fn listed_from(&self, reader: &Reader<'_>, word: Token) -> Option<(usize, usize)> {
        if word.is(FIRST)
            && let Some(second) = reader.blank(word.end).and_then(|at| reader.token(at))
            && second.is(LISTED | SECOND)
        {
            return Some((word.start, second.end));
        }
        word.is(LISTED).then_some((word.start, word.end))
    }

    /// One of the list that ends with `word`.
    fn whole(&self, reader: &Reader<'_>, word: &Token) -> Option<(usize, usize)> {
        let before = reader.blank_before(word.start).and_then(|end| reader.token_before(end));
        let first = before.filter(|first| first.is(FIRST) && first.case.is_name());
        if !word.is(LISTED) || word.is(SECOND) && first.is_none() {
            return None;
        }
        Some((first.map_or(word.start, |first| first.start), word.end))
    }

    /// The capitalised word of the list at `start`, if it is said of a person. `named` says whether a name that was found
    /// ends at a place.
    pub(crate) fn at(
        &self,
        text: &[u8],
        (lo, hi): (usize, usize),
        start: usize,
        named: impl Fn(usize) -> bool,
    ) -> Option<Sequel> {
        let reader = Reader { text, lo, hi, words: &self.words };
        let word = reader.token(start)?;
        if word.is(LABEL) {
            return self.behind_label(&reader, word);
        }
        let (start, end) = self.whole(&reader, &word)?;
        if reader.is_code_before(start) || reader.is_code_behind(end) {
            return None;
        }
        let before = reader.blank_before(start).and_then(|end| reader.token_before(end));
        let is = |class: Class| before.is_some_and(|word| word.is(class));
        let led = is(ARTICLE | AGED | COPULA);
        let said = led && self.is_person_behind(&reader, &word, end, is(AGED))
            || is(AGED) && self.ends(&reader, end)
            || is(ARTICLE | COPULA) && word.is(NOUN) && word.case == Case::Capital && self.ends(&reader, end)
            || is(ARTICLE) && self.is_by_birth(&reader, end)
            || is(COPULA) && self.ends(&reader, end) && self.has_subject(&reader, before, &named)
            || self.has_paper(&reader, end)
            || word.case == Case::Capital && is_bracketed(&reader, (start, end), &named);
        said.then_some(Sequel { start, end, points: self.said, listed: true })
    }

    /// One of the list, or a country, behind a label: `Staatsangehörigkeit: deutsch`, `Státní občanství: Polsko`.
    fn behind_label(&self, reader: &Reader<'_>, label: Token) -> Option<Sequel> {
        if reader.is_code_before(label.start) {
            return None;
        }
        let mut end = label.end;
        if let Some(more) = reader.blank(end).and_then(|at| reader.token(at)).filter(|more| more.is(LABEL)) {
            end = more.end;
        }
        let first = behind_label(reader, end).and_then(|at| reader.token(at))?;
        let colon = reader.text[end..first.start].contains(&b':');
        let place = self.listed_from(reader, first);
        let place = place.or_else(|| (colon && first.is(LABELLED)).then_some((first.start, first.end)))?;
        let ended =
            || self.ends(reader, place.1) || reader.byte(place.1).is_none_or(|b| b"|\t/".contains(&b));
        (colon || ended()).then_some(Sequel {
            start: place.0,
            end: place.1,
            points: self.anchored,
            listed: true,
        })
    }

    /// A Bolivian by birth
    fn is_by_birth(&self, reader: &Reader<'_>, end: usize) -> bool {
        let by = reader.blank(end).and_then(|at| reader.token(at)).filter(|by| by.is(BY));
        by.and_then(|by| reader.token(reader.blank(by.end)?)).is_some_and(|birth| birth.is(BIRTH))
    }

    /// Polish structural engineer, and no Spanish teacher.
    fn is_person_behind(&self, reader: &Reader<'_>, word: &Token, end: usize, aged: bool) -> bool {
        let mut at = end;
        for _ in 0..=MOST_BETWEEN {
            let next = reader.blank(at).and_then(|at| reader.token(at));
            let Some(next) = next.filter(|next| next.case == Case::Lower && !next.is(GOES_ON | AND)) else {
                return false;
            };
            if next.is(PERSON) {
                let owned = reader.tie_at(next.end).is_some();
                return !owned && (aged || !next.is(TAUGHT) || !word.is(LANGUAGE));
            }
            at = next.end;
        }
        false
    }

    /// Whether a person is the subject of the copula before.
    fn has_subject(&self, reader: &Reader<'_>, copula: Option<Token>, named: impl Fn(usize) -> bool) -> bool {
        let Some(copula) = copula else { return false };
        let before = || reader.token_before(reader.blank_before(copula.start)?);
        // I'm
        copula.is(SUBJECT)
            || before().is_some_and(|word| word.is(SUBJECT))
            || reader.blank_before(copula.start).is_some_and(named)
    }

    /// Japanese, passport to follow
    fn has_paper(&self, reader: &Reader<'_>, end: usize) -> bool {
        reader.byte(end) == Some(b',')
            && reader.blank(end + 1).and_then(|at| reader.token(at)).is_some_and(|word| word.is(PAPER))
    }

    /// Whether a clause ends, or goes on with a word that is no noun.
    fn ends(&self, reader: &Reader<'_>, end: usize) -> bool {
        match reader.byte(end) {
            None | Some(b'.' | b',' | b';' | b':' | b'!' | b'?' | b')' | b'"') => true,
            Some(b'\n' | b'\r') => reader.token(end + 1).is_none_or(|word| word.is(GOES_ON | AND)),
            Some(b' ') => match reader.token(end + 1) {
                Some(word) => word.is(GOES_ON | AND),
                None => reader.byte(end + 1).is_some_and(|b| b == b'(' || b >= 0x80),
            },
            _ => false,
        }
    }
}

/// Whether brackets hold it and nothing else, behind a name: `Rommel Reyes (Filipino)`.
fn is_bracketed(reader: &Reader<'_>, (start, end): (usize, usize), named: impl Fn(usize) -> bool) -> bool {
    reader.byte(end) == Some(b')')
        && reader.byte_before(start) == Some(b'(')
        && reader.blank_before(start - 1).is_some_and(named)
}

/// The word behind a label: behind a blank, a colon, a dash or the border of a cell.
fn behind_label(reader: &Reader<'_>, end: usize) -> Option<usize> {
    const MOST_MARKS: usize = 24;
    let marks = (0..MOST_MARKS)
        .take_while(|i| reader.byte(end + i).is_some_and(|b| b" :|*\t.-_".contains(&b)))
        .count();
    (marks > 0).then_some(end + marks)
}
