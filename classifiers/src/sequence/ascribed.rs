//! Words of a list that are said of somebody: diseases, religions, parties. One counts near a word that says so, in any
//! spelling (`leidet an Migräne`); with a capital letter, or in a script without them, also near one for people. Words for many
//! people, studies and institutions in the same sentence speak against it, and so do quotation marks: titles have those.

mod unspaced;

use domesday_model::DetectorId;
use serde::Deserialize;

use super::roles::Roles;
use super::{ByLanguage, Class, Reader, Sequel, Token, Vocabulary};

/// Words around the words of a list, and what those are worth there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ascribed {
    /// Regular expressions of words near which one of the list counts, in any spelling: diagnosed.
    pub anchors: Vec<String>,
    /// More of them, near a word with a capital letter or in a script without: страдает.
    #[serde(default)]
    pub cue: ByLanguage,
    /// Labels, behind whose colon one counts. As anchors they speak of anybody's as well, and count also behind a person:
    /// diagnosis.
    #[serde(default)]
    pub label: ByLanguage,
    /// People, near such a word: patient.
    #[serde(default)]
    pub person: ByLanguage,
    /// Between a person's name and one of the list that is said of the person, in any spelling: is, est.
    #[serde(default)]
    pub copula: ByLanguage,
    /// Beside one of the list, as a part of it: chronic, type.
    #[serde(default)]
    pub part: ByLanguage,
    /// Words with which an anchor ends behind which it stands close, as behind a copula: am.
    #[serde(default)]
    pub close: ByLanguage,
    /// Between two things that are said of the same person: and.
    #[serde(default)]
    pub and: ByLanguage,
    /// What else is spoken of: study, school.
    pub against: ByLanguage,
    /// Most words between a word that says so and one of the list behind it.
    pub reach: usize,
    /// The same for one of the list before it.
    pub reach_back: usize,
    /// Thousandths.
    pub points: i32,
}

const LISTED: Class = 1;
/// Begins a phrase of the list.
const FIRST: Class = 1 << 1;
const CUE: Class = 1 << 2;
const PERSON: Class = 1 << 3;
const PART: Class = 1 << 4;
const AGAINST: Class = 1 << 5;
const LABEL: Class = 1 << 6;
const COPULA: Class = 1 << 7;
const AND: Class = 1 << 8;
const CLOSE: Class = 1 << 9;

pub(super) const ROLES: Roles = Roles {
    names: &[
        (LISTED, "in the list"),
        (FIRST, "begins a phrase of the list"),
        (CUE, "says it of somebody"),
        (LABEL, "label"),
        (PERSON, "person"),
        (COPULA, "says it of the person before"),
        (PART, "part of it"),
        (AGAINST, "speaks against it"),
    ],
    before: WORDS_AROUND,
    behind: WORDS_AROUND,
};

/// Words of a phrase.
const LONGEST_PHRASE: usize = 4;
/// Bytes between two words of a sentence.
const LONGEST_GAP: usize = 12;
/// Words before and behind, among which none may speak against it.
const WORDS_AROUND: usize = 4;
/// Words between one of the list and a person.
const WORDS_TO_PERSON: usize = 8;
/// Words between a copula and one of the list: `is a practising Catholic`. Long ones make something else of it: `has studied
/// diabetes`.
const WORDS_BEHIND_COPULA: usize = 2;
const LONGEST_BEHIND_COPULA: usize = 5;
/// Words of an enumeration behind one anchor.
const MOST_LISTED: usize = 8;
/// Words up to which something else is said of the same person: `is a member of the Green Party and gay`.
const MOST_SAID: usize = 10;
/// Words between such an `and` and one of the list.
const WORDS_BEHIND_AND: usize = 1;

/// A compiled detector.
#[derive(Debug)]
pub(crate) struct Ascriptions {
    pub(super) id: DetectorId,
    pub(super) words: Vocabulary,
    reach: usize,
    reach_back: usize,
    points: i32,
    /// It has words for people.
    counts_people: bool,
}

impl Ascriptions {
    pub(crate) fn new(id: DetectorId, of: &Ascribed, list: &[String]) -> Self {
        let mut words = Vocabulary::default();
        words.add(LISTED, list);
        for phrase in list {
            if let Some((first, _)) = phrase.split_once([' ', '.', '-', '\'']) {
                words.add(FIRST, [&first.to_owned()]);
            }
        }
        words.add_all(CUE, &of.cue);
        words.add_all(LABEL, &of.label);
        words.add_all(PERSON, &of.person);
        words.add_all(COPULA, &of.copula);
        words.add_all(PART, &of.part);
        words.add_all(CLOSE, &of.close);
        words.add_all(AND, &of.and);
        words.add_all(AGAINST, &of.against);
        Self {
            id,
            words,
            reach: of.reach,
            reach_back: of.reach_back,
            points: of.points,
            counts_people: !of.person.is_empty(),
        }
    }

    /// Calls `each` with the words of the list near the anchor at `start..end`.
    pub(crate) fn beside(
        &self,
        text: &[u8],
        (lo, hi): (usize, usize),
        (start, end): (usize, usize),
        mut each: impl FnMut(Sequel),
    ) {
        let reader = Reader { text, lo, hi, words: &self.words };
        if unspaced::ends_with_one(&text[lo..end]) {
            return self.beside_unspaced(&reader, (start, end), each);
        }
        if reader.byte_before(start) == Some(b'-') {
            return self
                .compounded(&reader, (start, end))
                .into_iter()
                .for_each(|place| each(self.sequel(place)));
        }
        if reader.is_code_before(start)
            || reader.is_code_behind(end)
            || self.is_against_before(&reader, start)
        {
            return;
        }
        if self.says(&reader, (start, end)) {
            let is_close = reader.token_before(end).is_some_and(|word| word.is(CLOSE));
            let reach = if is_close { WORDS_BEHIND_COPULA.min(self.reach) } else { self.reach };
            self.behind(&reader, end, reach, |place| {
                let labelled = || text[end.min(place.0)..place.0].contains(&b':');
                if labelled() || !is_quoted(&reader, place.0) {
                    each(self.sequel(place));
                }
            });
        }
        let mut at = start;
        for _ in 0..=self.reach_back {
            let Some(word) = before(&reader, at).filter(|word| !word.is(AGAINST)) else { break };
            if word.is(LISTED)
                && !self.is_against_before(&reader, word.start)
                && !self.is_against_behind(&reader, end)
            {
                each(self.sequel(self.whole(&reader, (word.start, word.end))));
                break;
            }
            at = word.start;
        }
    }

    /// The word of the list at `start`, if a word that says so or a person is near. `named` says whether a name that was
    /// found ends at a place.
    pub(crate) fn at(
        &self,
        text: &[u8],
        (lo, hi): (usize, usize),
        start: usize,
        named: impl Fn(usize) -> bool,
    ) -> Option<Sequel> {
        let reader = Reader { text, lo, hi, words: &self.words };
        let first = reader.token(start)?;
        if first.is(LABEL)
            && let Some(place) = self.behind_label(&reader, &first)
        {
            return Some(self.sequel(place));
        }
        let place = self.listed(&reader, &first)?;
        if reader.is_code_before(place.0) || reader.is_code_behind(place.1) {
            return None;
        }
        let counts_people = self.counts_people && !is_quoted(&reader, place.0);
        let says = |word: &Token, between: usize, reach: usize| {
            word.is(CUE) && between <= reach || word.is(PERSON) && counts_people && between <= WORDS_TO_PERSON
        };
        let mut said = false;
        let mut at = place.0;
        for between in 0..=WORDS_TO_PERSON.max(self.reach) {
            let Some(word) = before(&reader, at) else { break };
            if word.is(AGAINST) {
                return None;
            }
            let is_person = counts_people && named(word.end);
            said |= says(&word, between, self.reach) || is_person;
            at = word.start;
        }
        let mut words = Sentence { reader, at: place.1 };
        for between in 0..WORDS_AROUND {
            let Some(word) = words.next() else { break };
            if word.is(AGAINST) {
                return None;
            }
            said |= says(&word, between, self.reach_back);
        }
        said.then(|| self.sequel(place))
    }

    /// The word of the list that is said of the person whose name ends at `end`: `Claire Dubois est catholique`.
    pub(crate) fn behind_name(&self, text: &[u8], (lo, hi): (usize, usize), end: usize) -> Option<Sequel> {
        let reader = Reader { text, lo, hi, words: &self.words };
        let next = reader.blank(end).and_then(|at| reader.token(at));
        let Some(copula) = next.filter(|word| word.is(COPULA)) else { return self.apposed(&reader, end) };
        let mut said = None;
        self.behind(&reader, copula.end, WORDS_BEHIND_COPULA + 1, |place| {
            let between = Sentence { reader, at: copula.end }.take_while(|word| word.end <= place.0);
            let follows =
                |word: &Token| reader.blank_before(word.start).and_then(|at| reader.byte_before(at));
            let is_short = |word: Token| {
                word.is(PART | AND)
                    || word.end - word.start <= LONGEST_BEHIND_COPULA
                    // 21 December
                    || follows(&word).is_some_and(|byte| byte.is_ascii_digit() || byte == b'.')
            };
            let joined = || self.is_joined(&reader, place.0);
            if said.is_none()
                && !reader.is_code_before(place.0)
                && !is_quoted(&reader, place.0)
                && (joined() || between.into_iter().all(is_short))
            {
                said = Some(place);
            }
        });
        said.map(|place| self.sequel(place))
    }

    /// One of the list that is all of a clause between commas or brackets behind a name: `Paulo Ferreira, sindicalista.`
    fn apposed(&self, reader: &Reader<'_>, end: usize) -> Option<Sequel> {
        const LONGEST_FRONT: usize = 3;
        if self.counts_people || self.reach > LONGEST_FRONT {
            return None;
        }
        let from = match reader.byte(end)? {
            b',' => reader.blank(end + 1)?,
            b' ' if reader.byte(end + 1) == Some(b'(') => end + 2,
            b'(' => end + 1,
            _ => return None,
        };
        let mut word = reader.token(from)?;
        for _ in 0..=LONGEST_FRONT {
            if word.is(AGAINST) {
                return None;
            }
            let is_name = word.case.is_name();
            if let Some(place) = self.listed(reader, &word) {
                // A capital letter alone behind a name begins another one: `Anna Roth, White`.
                let counts = (!is_name || word.start > from) && self.ends_clause(reader, place.1);
                return counts.then(|| self.sequel(place));
            }
            if is_name {
                return None;
            }
            word = reader.token(reader.blank(word.end)?)?;
        }
        None
    }

    /// Calls `each` with those of the list behind `end`: an enumeration that begins within `reach` words, and what is said of the
    /// same person behind an `and`, where its clause ends.
    fn behind(&self, reader: &Reader<'_>, end: usize, reach: usize, mut each: impl FnMut((usize, usize))) {
        let mut words = Sentence { reader: *reader, at: end };
        let (mut between, mut reach, mut joined, mut found) = (0, reach, false, 0);
        for _ in 0..MOST_SAID + MOST_LISTED {
            if between > MOST_SAID || found == MOST_LISTED {
                break;
            }
            let Some(word) = words.next().filter(|word| !word.is(AGAINST)) else { break };
            match self.listed(reader, &word).filter(|_| between <= reach) {
                Some(place) => {
                    let counts = !reader.is_code_before(place.0) && !self.is_against_behind(reader, place.1);
                    if counts && (!joined || self.ends_clause(reader, place.1)) {
                        each(place);
                    }
                    (found, between) = (found + 1, 0);
                    words.at = place.1;
                }
                None if word.is(AND) && found == 0 && between > 0 => {
                    (between, reach, joined) = (0, WORDS_BEHIND_AND, true);
                }
                // and is
                None if joined && word.is(COPULA) => {}
                None => between += 1,
            }
        }
    }

    /// Whether an `and` stands a little before a place.
    fn is_joined(&self, reader: &Reader<'_>, place: usize) -> bool {
        let mut at = place;
        (0..=WORDS_BEHIND_AND + 1).any(|_| match before(reader, at) {
            Some(word) => {
                at = word.start;
                word.is(AND)
            }
            None => false,
        })
    }

    /// Whether what is said ends at a place: `gay.`, and no `gay rights`.
    fn ends_clause(&self, reader: &Reader<'_>, end: usize) -> bool {
        match reader.byte(end) {
            Some(b' ') => reader.token(end + 1).is_some_and(|word| word.is(AND)),
            Some(byte) => !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'/'),
            None => true,
        }
    }

    /// One of the list as the front of a compound whose end is the anchor: `IG-Metall-Mitglied`.
    fn compounded(&self, reader: &Reader<'_>, (start, end): (usize, usize)) -> Option<(usize, usize)> {
        let mut front = start - 1;
        let mut listed = None;
        for _ in 0..LONGEST_PHRASE {
            let Some(part) = reader.token_before(front) else { break };
            let phrase = std::str::from_utf8(&reader.text[part.start..start - 1]).ok()?;
            if self.words.of(phrase) & LISTED != 0 {
                listed = Some(part.start);
            }
            match reader.byte_before(part.start) {
                // ver.di
                Some(b'.' | b'-') => front = part.start - 1,
                _ => break,
            }
        }
        let place = (listed?, start - 1);
        let counts = !reader.is_code_before(place.0)
            && !self.is_against_before(reader, place.0)
            && !self.is_against_behind(reader, end);
        counts.then_some(place)
    }

    /// One of the list behind a label that begins with `first`: `Sexual orientation: gay`.
    fn behind_label(&self, reader: &Reader<'_>, first: &Token) -> Option<(usize, usize)> {
        if reader.is_code_before(first.start) {
            return None;
        }
        let mut end = first.end;
        for _ in 0..2 {
            match reader.blank(end).and_then(|at| reader.token(at)) {
                Some(next) => end = next.end,
                None => break,
            }
        }
        let colon = reader.text[first.end..(end + 2).min(reader.hi)].iter().position(|byte| *byte == b':')?;
        let mut words = Sentence { reader: *reader, at: first.end + colon };
        let place = (0..=self.reach)
            .map_while(|_| words.next().filter(|word| !word.is(AGAINST)))
            .find_map(|word| self.listed(reader, &word))?;
        (!self.is_against_behind(reader, place.1)).then_some(place)
    }

    /// Whether an anchor says something of what stands behind it.
    fn says(&self, reader: &Reader<'_>, (start, end): (usize, usize)) -> bool {
        let anchor = std::str::from_utf8(&reader.text[start..end]).unwrap_or_default();
        let colon = || reader.byte(reader.blank(end).unwrap_or(end)) == Some(b':');
        self.words.of(anchor) & LABEL == 0 || colon() || {
            let mut at = start;
            (0..WORDS_AROUND).any(|_| match before(reader, at) {
                Some(word) => {
                    at = word.start;
                    word.is(PERSON)
                }
                None => false,
            })
        }
    }

    fn sequel(&self, (start, end): (usize, usize)) -> Sequel {
        Sequel { start, end, points: self.points, listed: true }
    }

    /// One of the list that begins with `word`, or with it as a part of it.
    fn listed(&self, reader: &Reader<'_>, word: &Token) -> Option<(usize, usize)> {
        let mut end = word.is(LISTED).then_some(word.end);
        if word.is(FIRST) {
            let mut last = word.end;
            for _ in 1..LONGEST_PHRASE {
                let Some(next) = next_of_phrase(reader, last) else { break };
                last = next.end;
                let phrase = std::str::from_utf8(&reader.text[word.start..last]).ok()?;
                if self.words.of(phrase) & LISTED != 0 {
                    end = Some(last);
                }
            }
        }
        Some(self.whole(reader, (word.start, end?)))
    }

    /// With the words beside it that are parts of it: `severe peanut allergy`, `diabetes mellitus type 2`.
    fn whole(&self, reader: &Reader<'_>, (start, end): (usize, usize)) -> (usize, usize) {
        let (mut start, mut end) = (start, end);
        for _ in 0..LONGEST_PHRASE {
            let Some(part) = reader
                .blank_before(start)
                .and_then(|at| reader.token_before(at))
                .filter(|part| part.is(PART | LISTED) && !part.is(AGAINST))
            else {
                break;
            };
            start = part.start;
        }
        for _ in 0..LONGEST_PHRASE {
            let Some(at) = reader.blank(end) else { break };
            let digit = |at| reader.byte(at).is_some_and(|byte| byte.is_ascii_digit());
            match reader.token(at).filter(|part| part.is(PART)) {
                Some(part) => end = part.end,
                // type 2
                None if digit(at)
                    && !digit(at + 1)
                    && reader.token_before(end).is_some_and(|w| w.is(PART)) =>
                {
                    end = at + 1;
                }
                None => break,
            }
        }
        (start, end)
    }

    fn is_against_before(&self, reader: &Reader<'_>, start: usize) -> bool {
        let mut at = start;
        (0..WORDS_AROUND).any(|_| match before(reader, at) {
            Some(word) => {
                at = word.start;
                word.is(AGAINST)
            }
            None => false,
        })
    }

    fn is_against_behind(&self, reader: &Reader<'_>, end: usize) -> bool {
        Sentence { reader: *reader, at: end }.take(WORDS_AROUND).any(|word| word.is(AGAINST))
    }
}

/// Whether a quotation mark opens right before a place.
fn is_quoted(reader: &Reader<'_>, place: usize) -> bool {
    let at = reader.blank_before(place).unwrap_or(place);
    ["\"", "„", "“", "«", "»", "‹", "「", "『", "《"]
        .iter()
        .any(|mark| reader.text[reader.lo..at].ends_with(mark.as_bytes()))
}

/// The next word of a phrase, behind a blank or a mark inside of a name: `ver.di`, `Jehovah's Witness`.
fn next_of_phrase(reader: &Reader<'_>, end: usize) -> Option<Token> {
    let at = reader
        .blank(end)
        .or_else(|| matches!(reader.byte(end), Some(b'.' | b'-' | b'\'')).then_some(end + 1))?;
    reader.token(at)
}

/// The words of a sentence from a place on.
struct Sentence<'a> {
    reader: Reader<'a>,
    at: usize,
}

impl Iterator for Sentence<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let mut labelled = false;
        for at in self.at..self.at + LONGEST_GAP {
            if let Some(word) = self.reader.token(at) {
                self.at = word.end;
                return Some(word);
            }
            match self.reader.byte(at)? {
                b':' => labelled = true,
                // A label may stand above what it names.
                b'\n' if labelled => (),
                // 21. Dezember
                b'.' if self.reader.byte_before(at).is_some_and(|byte| byte.is_ascii_digit()) => (),
                byte if ends_sentence(byte) => return None,
                _ => (),
            }
        }
        None
    }
}

/// The word of the sentence before a place.
fn before(reader: &Reader<'_>, place: usize) -> Option<Token> {
    let mut newline = false;
    for at in (place.saturating_sub(LONGEST_GAP)..=place).rev() {
        if let Some(word) = reader.token_before(at) {
            return (!newline || reader.byte(at) == Some(b':')).then_some(word);
        }
        match reader.byte_before(at)? {
            b'\n' => newline = true,
            byte if ends_sentence(byte) => return None,
            _ => (),
        }
    }
    None
}

const fn ends_sentence(byte: u8) -> bool {
    matches!(
        byte,
        b'.' | b';' | b'!' | b'?' | b'\n' | b'|' | b'<' | b'>' | b'{' | b'}' | b'=' | b'@' | b'_' | b'\\'
    )
}
