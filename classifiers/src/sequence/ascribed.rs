//! Words of a list that are said of somebody: diseases, religions, parties. One counts near a word that says so, in any
//! spelling (`leidet an Migräne`); with a capital letter, or in a script without them, also near one for people. Words for many
//! people, studies and institutions in the same sentence speak against it.

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
    /// Words with which a phrase of the list begins that are none themselves, in scripts without capital letters: ارتفاع.
    #[serde(default)]
    pub first: ByLanguage,
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
        if reader.is_code_before(start)
            || reader.is_code_behind(end)
            || self.is_against_before(&reader, start)
        {
            return;
        }
        let says = self.says(&reader, (start, end));
        let mut words = Sentence { reader, at: end };
        let mut between = 0;
        let mut found = 0;
        while says && between <= self.reach && found < MOST_LISTED {
            let Some(word) = words.next().filter(|word| !word.is(AGAINST)) else { break };
            let Some(place) = self.listed(&reader, &word) else {
                between += 1;
                continue;
            };
            if !reader.is_code_before(place.0) && !self.is_against_behind(&reader, place.1) {
                each(self.sequel(place));
            }
            found += 1;
            between = 0;
            words.at = place.1;
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
        let says = |word: &Token, between: usize, reach: usize| {
            word.is(CUE) && between <= reach || word.is(PERSON) && between <= WORDS_TO_PERSON
        };
        let mut said = false;
        let mut at = place.0;
        for between in 0..=WORDS_TO_PERSON.max(self.reach) {
            let Some(word) = before(&reader, at) else { break };
            if word.is(AGAINST) {
                return None;
            }
            let is_person = self.counts_people && named(word.end);
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
        let copula = reader.blank(end).and_then(|at| reader.token(at)).filter(|word| word.is(COPULA))?;
        let mut words = Sentence { reader, at: copula.end };
        for _ in 0..=WORDS_BEHIND_COPULA {
            let word = words.next().filter(|word| !word.is(AGAINST))?;
            if let Some(place) = self.listed(&reader, &word) {
                let counts = !reader.is_code_before(place.0) && !self.is_against_behind(&reader, place.1);
                return counts.then(|| self.sequel(place));
            }
            if !word.is(PART) && word.end - word.start > LONGEST_BEHIND_COPULA {
                return None;
            }
        }
        None
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
