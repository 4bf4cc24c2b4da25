//! Names of people: a given name and what follows it, what follows a title, a family name before a given name.

mod account;
mod affixes;
mod alone;
mod around;
mod bare;
mod cells;
mod chat;
mod filled;
mod firm;
mod initials;
mod inverted;
mod known;
mod reading;
mod thai;
mod titled;
mod unspaced;

use std::collections::HashSet;

use domesday_model::DetectorId;
use serde::Deserialize;

use super::roles::Roles;
use super::{ByLanguage, Case, Class, LONGEST_LEAD, Reader, Sequel, Token, Vocabulary, is_unspaced};
use crate::registry::Registry;
use crate::words::{WideSet, WordSet, each_word, word_at};

use affixes::Affixes;
pub(crate) use chat::{LONGEST_LINE, first_letter};

use around::{
    is_before_thing, is_behind_time, is_beside, is_borne, is_called, is_given, is_item, is_mentioned,
    is_numbered, is_plain, is_quoted, is_salutation, is_shouted_alone, is_signature, is_title_at,
    is_titled_family,
};
use firm::is_firm;
use inverted::{initials_behind, initials_in_entry};
use known::may_be_known;

/// Words around and inside of names, and what they are worth.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Lists of given names.
    pub given: Vec<String>,
    /// Lists of family names.
    pub family: Vec<String>,
    /// Lists of given names in scripts that put no blanks between words.
    pub unspaced_given: Vec<String>,
    /// List of words that are mostly no names, whatever else they are.
    pub ordinary: String,
    /// List of what is called like a person and is none.
    pub things: String,
    /// Before a name: Mrs, Herr.
    pub title: ByLanguage,
    /// Titles that may mean something else as well: Dr, M.
    pub doubtful_title: ByLanguage,
    /// Titles with a full stop behind, and without one other words: av., por.
    pub short_title: ByLanguage,
    /// Before a name, given names alone among them: Hello.
    pub greeting: ByLanguage,
    /// Before a name: patient, signed by.
    pub cue: ByLanguage,
    /// Before a given name that stands alone: husband, met, regards.
    pub alone: ByLanguage,
    /// Before a given or family name that stands alone: what people alone are: visitor.
    pub bearer: ByLanguage,
    /// Before one with a preposition between them: spoke to.
    pub talk: ByLanguage,
    /// Those prepositions.
    pub preposition: ByLanguage,
    /// Before a given name alone that a sentence goes on around, whatever else it is: chez, avec.
    pub with: ByLanguage,
    /// Between two given names: and.
    pub and: ByLanguage,
    /// Inside of a name, in lower case: van, de la.
    pub particle: ByLanguage,
    /// Behind or inside of what is named after a person: Street, University, Award.
    pub place: ByLanguage,
    /// Before what is named after a person, and before what is no name: Saint, the.
    pub before: ByLanguage,
    /// Never a part of a name: months, labels of forms.
    pub stop: ByLanguage,
    /// Of those that are no part of a name, those that are family names as well behind a given name that is nothing else:
    /// North.
    pub named: ByLanguage,
    /// Of those that are no part of a name, months and days that people are called by as well: before a family name, or
    /// behind a greeting or a title.
    pub calendar: ByLanguage,
    /// Before those where they are months: in, since.
    pub dated: ByLanguage,
    /// Behind a given name that stands alone: what people alone do, and how they are addressed: said, Bey.
    pub speaks: ByLanguage,
    /// Behind a given name, with a capital letter, and no part of it: Bey.
    pub honorific: ByLanguage,
    /// Labels of forms and keys of cards behind which a name stands and nothing else: surname, Imię i nazwisko.
    pub field: ByLanguage,
    /// What sentences begin with before their subject: yesterday, when.
    pub opening: ByLanguage,
    /// What sentences go on with behind a subject or object: is, me, und. Behind names that stand before other words
    /// as well: Travis builds.
    pub follows: ByLanguage,
    /// Behind a name, in scripts that put no blanks between words: さん, 先生.
    pub suffix: ByLanguage,
    /// What people are, behind their names in those, where the name begins a phrase: 经理, 部長.
    pub role: ByLanguage,
    /// Before a name, in those: 姓名.
    pub label: ByLanguage,
    /// Before a name as part of a sentence, in those: 患者.
    pub cue_unspaced: ByLanguage,
    /// Before a name and behind nothing of it, in those: 请联系.
    pub before_unspaced: ByLanguage,
    /// What a sentence goes on with behind a name, in those: は, 表示.
    pub over: ByLanguage,
    /// Before a name, in Thai: นาย.
    pub title_unspaced: ByLanguage,
    /// Words that begin like one of those and are others: นายจ้าง.
    pub compound: ByLanguage,
    /// What no family name begins with there, but a phrase behind a blank.
    pub phrase: ByLanguage,
    /// What family names begin or end with there.
    pub family_part: ByLanguage,
    /// Words that are written together with the name behind them: و.
    pub glued: ByLanguage,
    /// Common family names of one character, behind which the given name need not be listed: 王.
    pub common_family: ByLanguage,
    /// Family names that stand in front, before names of one syllable that are other words elsewhere: Nguyễn Văn An.
    pub front_family: ByLanguage,
    /// Those that are words of other languages without their diacritics: Lê.
    pub marked_front_family: ByLanguage,
    /// Endings of names that are no subject of a sentence, and those of the name as it stands in a list.
    pub endings: Vec<(String, String)>,
    /// Ends of family names that other words hardly have.
    pub family_endings: Vec<String>,
    /// Ends of words that are called after people: Birger Jarlsgatan.
    pub place_endings: Vec<String>,
    /// Ends of words that are no names: Objektverwaltung.
    pub ordinary_endings: Vec<String>,
    /// What each kind of evidence adds, in thousandths.
    pub points: PersonPoints,
}

/// What each kind of evidence adds, in thousandths.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonPoints {
    /// A listed given name.
    pub given: i32,
    /// One that is an ordinary word as well.
    pub ordinary_given: i32,
    /// A listed family name beside it.
    pub family: i32,
    /// One that is an ordinary word as well.
    pub ordinary_family: i32,
    /// Another capitalised word beside it.
    pub other: i32,
    /// An initial or a particle inside.
    pub inside: i32,
    /// A title before a listed name.
    pub title: i32,
    /// A title before another capitalised word.
    pub title_alone: i32,
    /// A greeting before it.
    pub greeting: i32,
    /// Another word before it that speaks of people.
    pub cue: i32,
    /// Words around a given name alone that are said of people.
    pub alone: i32,
    /// The words before and behind it are no capitalised ones: it is no heading.
    pub in_sentence: i32,
    /// Taken off: a saint, an article or the like before it.
    pub before: i32,
}

const GIVEN: Class = 1;
const FAMILY: Class = 1 << 1;
const ORDINARY: Class = 1 << 2;
const TITLE: Class = 1 << 3;
const DOUBTFUL: Class = 1 << 4;
const GREETING: Class = 1 << 5;
const CUE: Class = 1 << 6;
const PARTICLE: Class = 1 << 7;
const PLACE: Class = 1 << 8;
const BEFORE: Class = 1 << 9;
const STOP: Class = 1 << 10;
const ALONE: Class = 1 << 11;
const TALK: Class = 1 << 12;
const PREPOSITION: Class = 1 << 13;
const SPEAKS: Class = 1 << 14;
const AND: Class = 1 << 15;
const THING: Class = 1 << 16;
const BEARER: Class = 1 << 17;
const FIELD: Class = 1 << 18;
const OPENING: Class = 1 << 19;
/// The first word of a [`FIELD`].
const FIELD_FIRST: Class = 1 << 20;
const FOLLOWS: Class = 1 << 21;
const FRONT: Class = 1 << 22;
const MARKED_FRONT: Class = 1 << 23;
/// By the ending of another word.
const INFLECTED: Class = 1 << 24;
const HONORIFIC: Class = 1 << 25;
/// By an ending of one letter.
const WEAKLY: Class = 1 << 26;
/// A title where a full stop follows.
const SHORT: Class = 1 << 27;
/// A [`STOP`] that people are called by as well.
const CALENDAR: Class = 1 << 28;
const DATED: Class = 1 << 29;
/// A [`PREPOSITION`] behind which people stand more than anything else with a capital letter.
const WITH: Class = 1 << 30;
/// A [`PLACE`] or [`STOP`] that people are called by as well.
const NAMED: Class = 1 << 31;
const LISTED: Class = GIVEN | FAMILY;
const TITLES: Class = TITLE | DOUBTFUL;

pub(super) const ROLES: Roles = Roles {
    names: &[
        (GIVEN, "given name"),
        (FAMILY, "family name"),
        (INFLECTED, "by its ending"),
        (CALENDAR, "month or day"),
        (ORDINARY, "ordinary word"),
        (TITLE, "title"),
        (DOUBTFUL | SHORT, "title, or another word"),
        (GREETING, "greeting"),
        (CUE | BEARER | ALONE, "speaks of people"),
        (SPEAKS, "what people do"),
        (PARTICLE, "particle"),
        (PLACE, "names things"),
        (BEFORE, "stands before things"),
        (STOP, "no part of names"),
    ],
    before: 1,
    behind: 1,
};

/// Capitalised words of a name.
const MOST_NAMES: usize = 4;

/// At which names that are in no list begin.
const INITIALS: [&str; 26] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u",
    "v", "w", "x", "y", "z",
];

/// A compiled detector.
#[derive(Debug)]
pub(crate) struct People {
    pub(crate) id: DetectorId,
    pub(super) words: Vocabulary,
    /// The first words of things.
    thing_beginnings: WordSet,
    /// Letters that what a field is called begins with.
    letters: Vec<u8>,
    points: PersonPoints,
    suffixes: Affixes,
    roles: Affixes,
    labels: Affixes,
    cues: Affixes,
    before: Affixes,
    over: Affixes,
    /// Family names of scripts without blanks.
    families: HashSet<String>,
    /// The characters that they begin with.
    family_firsts: Vec<char>,
    /// Characters that cues begin with.
    cue_firsts: WideSet,
    unspaced_given: HashSet<String>,
    /// Characters that those begin with.
    all_given_firsts: WideSet,
    /// Characters that given names of two Chinese characters begin and end with.
    given_firsts: WideSet,
    given_lasts: WideSet,
    /// Those of [`MARKED_FRONT`] as they are spelt, in lower case.
    marked_fronts: HashSet<String>,
    /// Common family names of China, of one character.
    common_families: HashSet<String>,
    titles: Affixes,
    compounds: Vec<String>,
    phrases: Affixes,
    family_parts: Vec<String>,
    glued: Vec<String>,
}

/// The words of a name.
#[derive(Clone, Copy, Debug)]
struct Name {
    first: Token,
    /// The next word that is no initial.
    second: Option<Token>,
    names: usize,
    inside: bool,
    end: usize,
    /// A capitalised word that follows and is no part of it.
    next: Class,
    followed: bool,
}

/// Whether it may well be of a name: a listed one with a capital letter that is no other word.
pub(super) fn is_clear(token: &Token) -> bool {
    token.is(LISTED) && !token.is(ORDINARY) && token.case == Case::Capital
}

/// Whether a word is a part of code, a path or an address: nobody is spoken of.
fn is_code(reader: &Reader<'_>, start: usize) -> bool {
    reader.is_code_before(start) && !is_mentioned(reader, start) && !is_behind_time(reader, start)
}

/// Whether a text ends with words in lower case, behind something that no name goes across: most do, and no name ends there.
fn ends_in_lower_case(text: &[u8]) -> bool {
    const REACH: usize = MOST_NAMES * 32;
    let mut before =
        text.iter().rev().take(REACH).skip_while(|byte| byte.is_ascii_lowercase() || **byte == b' ');
    before.next().is_some_and(|byte| b"\n\t:;=\"{}[]()<>|/".contains(byte))
}

fn first_words(section: &ByLanguage) -> impl Iterator<Item = &str> {
    section.values().flatten().filter_map(|label| label.split(' ').next())
}

impl People {
    pub(crate) fn new(id: DetectorId, person: &Person, registry: &Registry) -> Self {
        let mut words = Vocabulary::default();
        let given = || person.given.iter().flat_map(|list| registry.list(list));
        let family = || person.family.iter().flat_map(|list| registry.list(list));
        words.add(GIVEN, given());
        words.add(FAMILY, family());
        words.add(ORDINARY, registry.list(&person.ordinary));
        words.add(THING, registry.list(&person.things));
        let mut thing_beginnings = WordSet::default();
        for thing in registry.list(&person.things) {
            let mut first = None;
            each_word(thing.as_bytes(), |word| first = first.or(Some(word.hash)));
            thing_beginnings.extend(first);
        }
        let sections = [
            (TITLE, &person.title),
            (DOUBTFUL, &person.doubtful_title),
            (GREETING, &person.greeting),
            (CUE, &person.cue),
            (PARTICLE, &person.particle),
            (PLACE, &person.place),
            (BEFORE, &person.before),
            (STOP, &person.stop),
            (CALENDAR, &person.calendar),
            (NAMED, &person.named),
            (DATED, &person.dated),
            (ALONE, &person.alone),
            (BEARER, &person.bearer),
            (TALK, &person.talk),
            (PREPOSITION, &person.preposition),
            (WITH, &person.with),
            (SPEAKS, &person.speaks),
            (AND, &person.and),
            (FIELD, &person.field),
            (OPENING, &person.opening),
            (FOLLOWS, &person.follows),
            (HONORIFIC, &person.honorific),
            (SHORT, &person.short_title),
            (FRONT, &person.front_family),
            (MARKED_FRONT, &person.marked_front_family),
        ];
        sections.into_iter().for_each(|(class, section)| words.add_all(class, section));
        let firsts: Vec<String> = first_words(&person.field).map(str::to_owned).collect();
        words.add(FIELD_FIRST, &firsts);
        let letters = firsts.iter().filter(|word| word.len() == 1).map(|word| word.as_bytes()[0]);
        let letters = letters.map(|letter| letter.to_ascii_uppercase()).collect();
        let unspaced = |word: &&String| word.chars().next().is_some_and(is_unspaced);
        words.add_endings([INFLECTED, WEAKLY, LISTED, ORDINARY | STOP | PLACE | BEFORE], &person.endings);
        words.add_tails(FAMILY, &person.family_endings);
        words.add_tails(PLACE, &person.place_endings);
        words.add_tails(ORDINARY, &person.ordinary_endings);
        let all = |section: &ByLanguage| section.values().flatten().cloned().collect();
        let cues = [&person.suffix, &person.role, &person.label, &person.cue_unspaced];
        let cues = cues.into_iter().flat_map(|section| section.values().flatten());
        let cue_firsts = WideSet::new(cues.filter_map(|cue| cue.chars().next()));
        let given = || person.unspaced_given.iter().flat_map(|list| registry.list(list));
        let pairs =
            || given().filter(|name| name.len() == 6 && name.chars().all(|c| ('一'..'가').contains(&c)));
        Self {
            id,
            words,
            thing_beginnings,
            letters,
            points: person.points,
            suffixes: Affixes::new(&person.suffix),
            roles: Affixes::new(&person.role),
            labels: Affixes::new(&person.label),
            cues: Affixes::new(&person.cue_unspaced),
            before: Affixes::new(&person.before_unspaced),
            over: Affixes::new(&person.over),
            family_firsts: family().filter(unspaced).filter_map(|name| name.chars().next()).collect(),
            families: family().filter(unspaced).cloned().collect(),
            cue_firsts,
            all_given_firsts: WideSet::new(given().filter_map(|name| name.chars().next())),
            given_firsts: WideSet::new(pairs().filter_map(|name| name.chars().next())),
            given_lasts: WideSet::new(pairs().filter_map(|name| name.chars().nth(1))),
            unspaced_given: given().cloned().collect(),
            marked_fronts: person
                .marked_front_family
                .values()
                .flatten()
                .map(|name| name.to_lowercase())
                .collect(),
            common_families: person.common_family.values().flatten().cloned().collect(),
            titles: Affixes::new(&person.title_unspaced),
            compounds: all(&person.compound),
            phrases: Affixes::new(&person.phrase),
            family_parts: all(&person.family_part),
            glued: all(&person.glued),
        }
    }

    /// Words at which a name is looked for.
    pub(crate) fn beginnings<'a>(
        person: &'a Person,
        registry: &'a Registry,
    ) -> impl Iterator<Item = &'a str> {
        let list = |list: &'a String| registry.list(list).iter().map(String::as_str);
        let titles = [&person.title, &person.doubtful_title, &person.short_title];
        let titles = titles.into_iter().flat_map(|section| section.values().flatten()).map(String::as_str);
        let given = person.given.iter().flat_map(list);
        // Ji-woo: a run of letters is the first part alone.
        let parts = given.clone().filter_map(|word| word.split_once('-')).map(|(part, _)| part);
        given
            .chain(person.family.iter().flat_map(list))
            .chain(titles)
            .chain(parts)
            .chain(person.front_family.values().flatten().map(String::as_str))
            .chain(person.marked_front_family.values().flatten().map(String::as_str))
            .chain(INITIALS)
            .chain(first_words(&person.field))
    }

    /// Whether a name that its own words and those before it tell ends at `end`.
    pub(super) fn ends_at(&self, text: &[u8], lo: usize, end: usize) -> bool {
        if ends_in_lower_case(&text[lo..end]) {
            return false;
        }
        let reader = Reader { text, lo, hi: end, words: &self.words };
        let mut start = end;
        for _ in 0..MOST_NAMES {
            let Some(token) = reader.token_before(start) else { return false };
            start = token.start;
            if self.named(&reader, start).is_some_and(|name| name.end == end) {
                return true;
            }
            let blanks = text[lo..start].iter().rev().take_while(|byte| **byte == b' ').count();
            if blanks != 1 {
                return false;
            }
            start -= blanks;
            // Thielen, Fabian
            if reader.byte_before(start) == Some(b',') {
                return self.family_in_front(&reader, &self.name(&reader, token)).is_some();
            }
        }
        false
    }

    /// The name at the word that starts at `start`.
    pub(crate) fn at(&self, text: &[u8], (lo, hi): (usize, usize), start: usize) -> Option<Sequel> {
        let reader = Reader { text, lo, hi, words: &self.words };
        // Most letters that stand alone are words: I, A.
        let alone = text.get(start..start + 2).is_some_and(|pair| {
            pair[0].is_ascii_uppercase() && !pair[1].is_ascii_alphabetic() && pair[1] < 0x80
        });
        if alone {
            match text[start + 1] {
                b' ' => return self.undotted(&reader, start),
                b'.' => return self.named(&reader, start).or_else(|| self.initialled(&reader, start)),
                b'\'' | b'-' => {}
                // The `T` of code is nobody's.
                _ if !self.letters.contains(&text[start]) => return None,
                _ => {}
            }
        }
        if is_code(&reader, start) {
            return None;
        }
        let first = reader.token(start)?;
        self.named_by(&reader, first).or_else(|| {
            let may_be = may_be_known(&first) && !reader.is_code_before(start);
            if !may_be || reader.is_code_behind(first.end) {
                return None;
            }
            let name = self.name(&reader, first);
            let known =
                name.second.is_none() && !is_numbered(&reader, start) && self.is_known(&reader, &name);
            known.then(|| self.sequel(&reader, &name, self.points.alone))?
        })
    }

    /// The name at the word that starts at `start`, as far as the words right around it tell.
    fn named(&self, reader: &Reader<'_>, start: usize) -> Option<Sequel> {
        if is_code(reader, start) { None } else { self.named_by(reader, reader.token(start)?) }
    }

    /// The same for a word that has been read.
    fn named_by(&self, reader: &Reader<'_>, word: Token) -> Option<Sequel> {
        let mentioned = is_mentioned(reader, word.start);
        let timed = is_behind_time(reader, word.start);
        let first = self.unglued(reader, word);
        if first.is(FIELD_FIRST)
            && first.case != Case::Lower
            && let Some(filled) = self.filled(reader, first)
        {
            return Some(filled);
        }
        if is_title_at(reader, &first) && first.case.is_name() {
            return self.titled(reader, first);
        }
        if reader.is_call_behind(first.end) {
            return None;
        }
        // M. Rousselot propose
        if first.is(DOUBTFUL)
            && first.case == Case::Initial
            && reader.byte(first.end) == Some(b'.')
            && let Some(unlisted) = self.titled(reader, first).filter(|name| !name.listed)
        {
            return Some(unlisted);
        }
        let unlisted = first.class == 0 || first.is(INFLECTED);
        if first.case == Case::Capital && (unlisted || first.is(FAMILY) && first.is(ORDINARY | PLACE)) {
            let signed = self.signed(reader, first);
            if first.class == 0 || signed.is_some() {
                return signed;
            }
        }
        let front = || {
            let next = reader.blank(first.end).and_then(|next| reader.token(next));
            next.is_some_and(|next| self.is_front(reader, &first, &next))
        };
        if !(first.is(LISTED) || front())
            || first.is(STOP | PLACE | BEFORE)
                && !is_called(reader, &first)
                && !is_titled_family(reader, &first)
            || matches!(first.case, Case::Lower | Case::Code | Case::Initial)
        {
            return None;
        }
        let mut name = self.name(reader, first);
        // Lieber Lukas,
        if first.is(GREETING) && name.names == 2 && is_salutation(reader, &name) {
            return None;
        }
        if first.is(GIVEN)
            && !first.is(ORDINARY)
            && let Some(whole) = self.to_end_of_phrase(reader, &name)
            && (is_signature(reader, first.start)
                || reader.word_before(first.start).is_some_and(|word| word.is(CUE | TITLES)))
        {
            return self.sequel(reader, &whole, self.points.title + self.points.other);
        }
        if let Some(given) = self.unlisted_given(reader, &name) {
            name = self.name(reader, given);
        }
        if let Some(family) = self.family_in_front(reader, &name) {
            let name = Name { first: family, ..name };
            return self.sequel(
                reader,
                &name,
                self.points.given + self.points.other + self.points.in_sentence,
            );
        }
        let start = name.first.start;
        let before = reader.word_before(start);
        let mut says = before.map_or(0, |word| word.class);
        if before.is_some_and(|word| word.is(SHORT) && is_title_at(reader, &word)) {
            says |= DOUBTFUL;
        }
        // `ogni volta che Tu scrivi`
        if before.is_some_and(|word| word.case == Case::Lower && word.end - word.start < 4)
            && reader.byte(name.end) == Some(b' ')
        {
            says &= !GREETING;
        }
        // `… until the evening. Rose` greets nobody.
        if before.is_some_and(|word| reader.text[word.end..start].iter().any(|b| b".\r\n".contains(b))) {
            says &= !GREETING;
        }
        // The university of the sentence before is not called after Anna.
        if before.is_some_and(|word| !is_beside(reader, &word, start)) {
            says &= !BEFORE;
        }
        // `Nurse: Maria` is a turn of a talk, `HR, Maria Lind` an enumeration.
        let is_title = |word: Token| {
            word.is(TITLES)
                && word.case.is_name()
                && !reader.byte(word.end).is_some_and(|mark| matches!(mark, b':' | b','))
        };
        if before.is_some_and(is_title) || is_numbered(reader, start) && !is_item(reader, &name) {
            return None;
        }
        // Calle de Pablo Neruda
        if let Some(particle) = before.filter(|word| word.is(PARTICLE) && word.case == Case::Lower) {
            says |= reader.word_before(particle.start).map_or(0, |word| word.class) & BEFORE;
        }
        let speaks = timed && {
            let rest = &reader.text[name.end..reader.hi];
            [&b": "[..], b"> ", b" ("].into_iter().any(|mark| rest.starts_with(mark))
        };
        if name.second.is_none()
            && (mentioned && is_given(&name.first)
                || speaks && is_plain(&name.first)
                || is_borne(reader, &name, before) && is_plain(&name.first) && !name.first.is(THING)
                || self.is_alone(reader, &name, before))
        {
            return self.sequel(reader, &name, self.points.alone);
        }
        if let Some(end) = initials_in_entry(reader, &name) {
            return self.sequel(reader, &Name { end, ..name }, self.points.alone);
        }
        if let Some(end) = initials_behind(reader, &name) {
            let points = self.points.given + self.points.family - self.points.inside;
            return self.sequel(reader, &Name { end, ..name }, points);
        }
        let led = self.particles_before(reader, start);
        // mevrouw de Vries
        let title = led
            .filter(|_| name.first.is(FAMILY) && name.names == 1 && !name.followed && name.next & PLACE == 0)
            .and_then(|particle| {
                let end = reader.blank_before(particle)?;
                reader.token_before(if reader.byte_before(end) == Some(b'.') { end - 1 } else { end })
            })
            .filter(|title| {
                let capital = led.is_some_and(|particle| reader.text[particle].is_ascii_uppercase());
                title.case == Case::Lower && (title.is(TITLES) || title.is(BEARER) && capital)
            });
        if let (Some(_), Some(particle)) = (title, led) {
            let name = Name { first: Token { start: particle, ..name.first }, ..name };
            return self.sequel(reader, &name, self.points.title + self.points.ordinary_given);
        }
        let mut points = self.judge(reader, &name, before)?;
        if name.first.is(FAMILY) && name.names == 1 {
            name.first.start = self.initials(reader, start).unwrap_or(start);
        }
        // A. van Dyke
        if let Some(particle) = led.filter(|_| name.first.is(FAMILY) && name.first.start == start) {
            name.first.start = self.initials(reader, particle).unwrap_or(start);
        }
        let own = |class: Class, points: i32| if says & class != 0 { points } else { 0 };
        points += own(TITLES, self.points.title)
            .max(own(GREETING, self.points.greeting))
            .max(own(CUE | BEARER, self.points.cue))
            .max(if speaks { self.points.cue } else { 0 });
        points -= own(BEFORE, self.points.before);
        let greeted = says & GREETING != 0;
        let sure = name.second.is_some_and(|second| second.is(FAMILY) && !second.is(ORDINARY));
        // SINCLAIR, Gwen
        let told = name.second.is_some_and(|second| is_given(&second));
        // capitaine FERRAND
        let titled = name.second.is_none() && says & TITLES != 0;
        let shouted =
            name.first.case == Case::Upper && !told && !((sure || titled) && is_shouted_alone(reader, &name));
        if shouted || name.first.case == Case::None && !greeted && !sure {
            points -= self.points.inside;
        }
        self.sequel(reader, &name, points)
    }

    /// The word without one that is written together with it: وفاطمة is and Fatima.
    fn unglued(&self, reader: &Reader<'_>, word: Token) -> Token {
        if word.case != Case::None || word.class != 0 {
            return word;
        }
        let letters = &reader.text[word.start..word.end];
        let glued = self.glued.iter().filter(|glued| letters.starts_with(glued.as_bytes()));
        let mut names = glued.filter_map(|glued| reader.token(word.start + glued.len()));
        names.rfind(|name| name.is(GIVEN)).unwrap_or(word)
    }

    fn sequel(&self, reader: &Reader<'_>, name: &Name, points: i32) -> Option<Sequel> {
        let (start, end) = (name.first.start, name.end);
        let listed = name.first.is(LISTED);
        let called =
            || is_quoted(reader, (start, end)) || is_firm(reader, end) || self.is_thing(reader, name);
        (points > 0 && !reader.is_code_behind(end) && !called()).then_some(Sequel {
            start,
            end,
            points,
            listed,
        })
    }

    /// Whether its words, or they and the one before or behind them, are what something is called: `King Edward`.
    fn is_thing(&self, reader: &Reader<'_>, name: &Name) -> bool {
        let (start, end) = (name.first.start, name.end);
        let begins = |token: &Token| {
            let word = word_at(reader.text, token.start, token.end);
            self.thing_beginnings.contains(&word.hash)
        };
        let is_thing = |start: usize, end: usize| {
            let whole = std::str::from_utf8(&reader.text[start..end]).unwrap_or_default();
            end - start <= LONGEST_LEAD && self.words.of(whole) & THING != 0
        };
        // `Dr. Oetker`
        let dotted = |end: usize| if reader.byte_before(end) == Some(b'.') { end - 1 } else { end };
        let before = reader.blank_before(start).and_then(|end| reader.token_before(dotted(end)));
        let next = || reader.blank(end).and_then(|next| reader.token(next));
        before.is_some_and(|before| {
            before.case != Case::Lower
                && begins(&before)
                && (is_thing(before.start, end) || is_thing(before.start, name.first.end))
        }) || begins(&name.first)
            && (name.second.is_some_and(|second| is_thing(start, end) || is_thing(start, second.end))
                || next().is_some_and(|next| is_thing(start, next.end)))
    }

    /// What the words of a name and what stands around it are worth.
    fn judge(&self, reader: &Reader<'_>, name: &Name, before: Option<Token>) -> Option<i32> {
        let points = &self.points;
        let first = name.first;
        let says = before.map_or(0, |word| word.class);
        if name.next & PLACE != 0 || name.second.is_some() && is_before_thing(reader, name.end) {
            return None;
        }
        let ordinary = first.is(ORDINARY);
        let Some(second) = name.second else {
            let initials = |start: usize| self.initials(reader, start).is_some();
            let initials = first.is(FAMILY)
                && !ordinary
                && (initials(first.start)
                    || self.particles_before(reader, first.start).is_some_and(initials));
            let next = reader.byte(name.end);
            let greeted = says & GREETING != 0
                && first.is(GIVEN)
                && (next.is_none_or(|b| b",:!\r\n".contains(&b))
                    || reader.text[name.end..reader.hi].starts_with("،".as_bytes()));
            let named = says & (TITLES | GREETING | CUE) != 0 && !ordinary || greeted;
            let whole = says & GREETING == 0 || next.is_none_or(|b| b",:!.\r\n ".contains(&b) || b >= 0x80);
            return match (initials, named && whole && name.next == 0 && !name.followed) {
                (true, _) => Some(points.given + points.family - points.inside),
                (_, true) if says & GREETING == 0 => Some(points.ordinary_given),
                (_, true) => Some(0),
                _ => None,
            };
        };
        let family = |token: Token| match (token.is(FAMILY), token.is(ORDINARY)) {
            (true, false) if token.is(WEAKLY) => points.ordinary_family,
            (true, false) => points.family,
            (true, true) => points.ordinary_family,
            (false, false) => points.other,
            (false, true) => 0,
        };
        let mut sum = if self.is_front(reader, &first, &second) {
            points.given + points.family
        } else if !first.is(LISTED) {
            points.other + family(second)
        } else if first.is(GIVEN) {
            let own = if ordinary { points.ordinary_given } else { points.given };
            if first.case == Case::None && !second.is(LISTED) {
                return None;
            }
            // `Janou Novotnou` is, `Menu Bar` is not.
            let unsure = !second.is(LISTED) || second.is(ORDINARY);
            let family = if first.is(INFLECTED) && unsure { 0 } else { family(second) };
            own + family
        } else if second.is(GIVEN)
            && !second.is(ORDINARY | WEAKLY)
            // BIRCH, Nigel
            && (!ordinary || first.case == Case::Upper && reader.byte(first.end) == Some(b','))
        {
            points.given + points.other
        } else {
            points.other
        };
        if name.inside {
            sum += points.inside;
        }
        // `SOLE REMEDY` is a heading: capitals say nothing of what a word is.
        let told =
            first.is(GIVEN) && !ordinary && first.end - first.start > 4 || second.is(LISTED) || name.inside;
        if first.case == Case::Upper && !told {
            sum -= points.inside;
        }
        // A capitalised word before or behind makes a heading of it, or a name of something else.
        let capital = before.is_some_and(|word| {
            let heads = word.case == Case::Upper
                || word.case == Case::Capital && !word.is(ORDINARY | BEARER | OPENING);
            heads && reader.blank(word.end) == Some(first.start)
        });
        if !capital && !name.followed {
            sum += points.in_sentence;
        }
        Some(sum)
    }
}
