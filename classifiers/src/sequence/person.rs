//! Names of people: a given name and what follows it, what follows a title, a family name before a given name.

mod known;
mod unspaced;

use domesday_model::DetectorId;
use serde::Deserialize;

use super::{ByLanguage, Case, Class, LONGEST_LEAD, Reader, Sequel, Token, Vocabulary, is_unspaced};
use crate::registry::Registry;

pub(crate) use unspaced::is_unspaced_cue;

/// Words around and inside of names, and what they are worth.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Lists of given names.
    pub given: Vec<String>,
    /// Lists of family names.
    pub family: Vec<String>,
    /// List of words that are mostly no names, whatever else they are.
    pub ordinary: String,
    /// List of what is called like a person and is none.
    pub things: String,
    /// Before a name: Mrs, Herr.
    pub title: ByLanguage,
    /// Titles that may mean something else as well: Dr, M.
    pub doubtful_title: ByLanguage,
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
    /// Behind a given name that stands alone: what people alone do, and how they are addressed: said, Bey.
    pub speaks: ByLanguage,
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
    /// Endings of names that are no subject of a sentence, and those of the name as it stands in a list.
    pub endings: Vec<(String, String)>,
    /// Ends of family names that other words hardly have.
    pub family_endings: Vec<String>,
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
const LISTED: Class = GIVEN | FAMILY;
const TITLES: Class = TITLE | DOUBTFUL;

/// Words of a name behind its first, particles among them.
const MOST_MORE: usize = 6;
/// Capitalised words of a name.
const MOST_NAMES: usize = 4;
/// A compiled detector.
#[derive(Debug)]
pub(crate) struct People {
    pub(crate) id: DetectorId,
    words: Vocabulary,
    points: PersonPoints,
    suffixes: Vec<String>,
    roles: Vec<String>,
    labels: Vec<String>,
    cues: Vec<String>,
    before: Vec<String>,
    over: Vec<String>,
    /// Family names of scripts without blanks.
    families: Vocabulary,
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

/// Whether a number stands before, as before streets and towns; years and times stand before people as well.
fn is_numbered(reader: &Reader<'_>, start: usize) -> bool {
    let Some(end) = reader.blank_before(start) else { return false };
    let digits = reader.text[reader.lo..end].iter().rev().take(8).take_while(|b| b.is_ascii_digit()).count();
    let year = digits == 4 && matches!(&reader.text[end - 4..end - 2], b"19" | b"20");
    digits > 0 && !year && !is_time(&reader.text[reader.lo..end])
}

/// Whether it ends with a time of day, perhaps with seconds.
fn is_time(text: &[u8]) -> bool {
    let is_sixty = |pair: &[u8]| matches!(pair, [b'0'..=b'5', b'0'..=b'9']);
    match text {
        [.., hour, b':' | b'.', tens, ones] if hour.is_ascii_digit() && is_sixty(&[*tens, *ones]) => {
            !text[..text.len() - 4].ends_with(b".")
        }
        _ => false,
    }
}

/// Whether an entry of a talk begins right before, with its time: `[09:11] `, `09:11 - `.
fn is_behind_time(reader: &Reader<'_>, start: usize) -> bool {
    let mut before = &reader.text[reader.lo..start];
    before = before.strip_suffix(b"<").unwrap_or(before);
    let Some(open) = before.strip_suffix(b" ") else { return false };
    let open = [&b" -"[..], b"]", " –".as_bytes(), " —".as_bytes()]
        .into_iter()
        .find_map(|mark| open.strip_suffix(mark))
        .unwrap_or(open);
    let noon = [&b" AM"[..], b" PM", b" am", b" pm"].into_iter().find_map(|noon| open.strip_suffix(noon));
    is_time(noon.unwrap_or(open))
}

/// Whether brackets with an age follow: `Anna (9)`, `Anna (9 Jahre)`, `Anna (lat 9)`.
fn is_aged(rest: &[u8]) -> bool {
    let Some(inner) = rest.strip_prefix(b" (") else { return false };
    let word = inner.iter().take(12).take_while(|b| b.is_ascii_lowercase() || **b >= 0x80).count();
    let inner = if word > 0 && inner.get(word) == Some(&b' ') { &inner[word + 1..] } else { inner };
    let digits = inner.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
    matches!(digits, 1 | 2) && matches!(inner.get(digits), Some(b')' | b',' | b' '))
}

/// Whether `@` stands before, and nothing before that.
fn is_mentioned(reader: &Reader<'_>, start: usize) -> bool {
    reader.byte_before(start) == Some(b'@')
        && reader.byte_before(start - 1).is_none_or(|b| matches!(b, b' ' | b'\n' | b'(' | b'>'))
}

/// Whether a family name and a comma come before a given name, and something that is no name behind them: an
/// enumeration has more.
fn is_family_first(reader: &Reader<'_>, first: &Token) -> bool {
    let is_family = first.is(FAMILY) && !first.is(ORDINARY | STOP | PLACE | BEFORE | TITLES);
    let given = || reader.blank(first.end + 1).and_then(|next| reader.token(next)).filter(is_given);
    let at_start = || match reader.text[reader.lo..first.start].trim_ascii_end() {
        [] => true,
        before => {
            reader.byte_before(first.start) == Some(b'\n') || before.ends_with(b";") || before.ends_with(b":")
        }
    };
    first.case == Case::Capital
        && is_family
        && given().is_some_and(|given| !given.is(FAMILY) || at_start())
        && (!first.is(GIVEN) || at_start())
}

/// Whether a capitalised word stands right before.
fn is_behind_name(reader: &Reader<'_>, start: usize) -> bool {
    reader
        .blank_before(start)
        .and_then(|end| reader.token_before(end))
        .is_some_and(|word| word.case.is_name())
}

/// Whether it is a given name and hardly anything else.
fn is_given(token: &Token) -> bool {
    token.is(GIVEN) && !token.is(ORDINARY | STOP | PLACE | BEFORE | TITLES) && token.case == Case::Capital
}

/// Whether it is a given name and neither a family name nor what anything else is called by.
fn is_given_alone(token: &Token) -> bool {
    is_given(token) && !token.is(FAMILY | THING) && token.end - token.start > 2
}

/// Whether a word stands in a sentence, a list or brackets: neither names nor marks of code are right beside it.
fn is_in_text(reader: &Reader<'_>, word: &Token) -> bool {
    let line = word.start == reader.lo || reader.byte_before(word.start) == Some(b'\n');
    let rest = &reader.text[word.end..reader.hi];
    let goes_on = match rest {
        [b' ', b'(' | b'&', ..] => true,
        [b' ', ..] => {
            rest.starts_with(" –".as_bytes())
                || reader.token(word.end + 1).is_some_and(|next| next.case == Case::Lower)
        }
        _ => false,
    };
    let closed = match rest {
        [] => true,
        [b'\n' | b'\r', ..] => true,
        [b',' | b';' | b'.' | b'!' | b'?' | b')', next, ..] => b" \r\n.,;)".contains(next),
        [b',' | b';' | b'.' | b'!' | b'?' | b')'] => true,
        _ => false,
    };
    if line {
        return goes_on;
    }
    let Some(blank) = reader.blank_before(word.start) else {
        return reader.byte_before(word.start) == Some(b'(') && (goes_on || closed);
    };
    let led = match reader.token_before(blank) {
        Some(before) => {
            before.case == Case::Lower
                && !before.is(BEFORE)
                && (!before.is(PARTICLE) || before.is(PREPOSITION | AND))
        }
        None => reader.byte_before(blank).is_some_and(|b| b",;:.!?)&".contains(&b) || b >= 0x80),
    };
    led && (goes_on || closed)
}

/// Whether it is one of an enumeration that has what is in no list of names beside it.
fn is_among_others(reader: &Reader<'_>, word: &Token) -> bool {
    let is_other = |other: Token| {
        other.case != Case::Lower
            && (!other.is(LISTED) || other.is(THING | PLACE | STOP))
            && other.case != Case::Initial
    };
    let before = match reader.text[reader.lo..word.start] {
        [.., b',' | b';', b' '] => reader.token_before(word.start - 2),
        _ => None,
    };
    let next = match reader.text[word.end..reader.hi] {
        [b',' | b';', b' ', ..] => reader.token(word.end + 2),
        [b' ', ..] => reader
            .token(word.end + 1)
            .filter(|and| and.is(AND))
            .and_then(|and| reader.token(reader.blank(and.end)?)),
        _ => None,
    };
    before.is_some_and(is_other) || next.is_some_and(is_other)
}

/// Whether the rest of a line reads as a sentence.
fn is_said(rest: &[u8]) -> bool {
    let end = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    let line = rest[..end].trim_ascii_end();
    line.starts_with(b"I ") || line.contains(&b' ') && matches!(line.last(), Some(b'.' | b'?' | b'!'))
}

/// Whether it is a listed name and hardly anything else.
fn is_plain(token: &Token) -> bool {
    token.case == Case::Capital && !token.is(ORDINARY | STOP | PLACE | BEFORE | TITLES)
}

/// Whether what people alone are stands right before a name, and nothing of a longer one behind it.
fn is_borne(reader: &Reader<'_>, name: &Name, before: Option<Token>) -> bool {
    let start = name.first.start;
    !name.followed
        && name.next & PLACE == 0
        && before.is_some_and(|word| {
            word.is(BEARER)
                && matches!(&reader.text[word.end..start], b" " | b": " | b" : " | b" \"" | b": \"")
        })
}

/// Whether an entry of a list begins there.
fn is_entry(reader: &Reader<'_>, start: usize) -> bool {
    let before = &reader.text[reader.lo..start];
    let marks = [&b"\n"[..], b": ", b":** ", b"; ", b", ", b"\"", b"- ", b"| ", b"\t", b"(", b"  "];
    before.is_empty() || marks.into_iter().any(|mark| before.ends_with(mark))
}

/// Whether `and` stands before another person: a given name alone comes before or any given name behind.
fn is_joining(reader: &Reader<'_>, name: &Name, and: &Token) -> bool {
    let next = reader.blank(and.end).and_then(|next| reader.token(next));
    name.names == 1 && is_given(&name.first) && !name.first.is(FAMILY)
        || next.is_some_and(|next| is_given(&next) && !next.is(FAMILY))
}

/// Whether a given name alone stands beside another one in an enumeration of such.
fn is_among_given(reader: &Reader<'_>, word: &Token) -> bool {
    let is_fellow = |other: &Token| is_given(other) && !other.is(THING);
    let before = match reader.text[reader.lo..word.start] {
        [.., b',', b' '] => reader.token_before(word.start - 2),
        [.., b' '] => reader
            .token_before(word.start - 1)
            .filter(|and| and.is(AND))
            .and_then(|and| reader.token_before(reader.blank_before(and.start)?)),
        _ => None,
    };
    let is_alone_before = |other: &Token| {
        let earlier = reader.blank_before(other.start).and_then(|end| reader.token_before(end));
        earlier.is_none_or(|earlier| earlier.case == Case::Lower)
    };
    let next = match reader.text[word.end..reader.hi] {
        [b',', b' ', ..] => reader.token(word.end + 2),
        _ => None,
    };
    let is_alone_next = |other: &Token| {
        let later = reader.blank(other.end).and_then(|next| reader.token(next));
        later.is_none_or(|later| later.case == Case::Lower)
    };
    before.is_some_and(|other| is_fellow(&other) && is_alone_before(&other))
        || next.is_some_and(|other| is_fellow(&other) && is_alone_next(&other))
}

/// Whether one blank stands between two words.
fn is_own_pair(reader: &Reader<'_>, word: &Token, next: &Token) -> bool {
    reader.blank(word.end) == Some(next.start)
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
        let sections = [
            (TITLE, &person.title),
            (DOUBTFUL, &person.doubtful_title),
            (GREETING, &person.greeting),
            (CUE, &person.cue),
            (PARTICLE, &person.particle),
            (PLACE, &person.place),
            (BEFORE, &person.before),
            (STOP, &person.stop),
            (ALONE, &person.alone),
            (BEARER, &person.bearer),
            (TALK, &person.talk),
            (PREPOSITION, &person.preposition),
            (SPEAKS, &person.speaks),
            (AND, &person.and),
        ];
        sections.into_iter().for_each(|(class, section)| words.add_all(class, section));
        let unspaced = |word: &&String| word.chars().next().is_some_and(is_unspaced);
        words.endings = person.endings.clone();
        words.add_tails(FAMILY, &person.family_endings);
        let mut families = Vocabulary::default();
        families.add(FAMILY, family().filter(unspaced));
        let all = |section: &ByLanguage| section.values().flatten().cloned().collect();
        let cues = [&person.suffix, &person.role, &person.label, &person.cue_unspaced];
        debug_assert!(
            cues.into_iter()
                .flat_map(|section| section.values().flatten())
                .all(|cue| is_unspaced_cue(cue.as_bytes(), 0)),
            "every cue of a script without blanks is nominated"
        );
        Self {
            id,
            words,
            points: person.points,
            suffixes: all(&person.suffix),
            roles: all(&person.role),
            labels: all(&person.label),
            cues: all(&person.cue_unspaced),
            before: all(&person.before_unspaced),
            over: all(&person.over),
            families,
        }
    }

    /// Words at which a name is looked for.
    pub(crate) fn beginnings<'a>(
        person: &'a Person,
        registry: &'a Registry,
    ) -> impl Iterator<Item = &'a str> {
        let list = |list: &'a String| registry.list(list).iter().map(String::as_str);
        let titles = [&person.title, &person.doubtful_title];
        let titles = titles.into_iter().flat_map(|section| section.values().flatten()).map(String::as_str);
        let given = person.given.iter().flat_map(list);
        // Ji-woo: a run of letters is the first part alone.
        let parts = given.clone().filter_map(|word| word.split_once('-')).map(|(part, _)| part);
        given.chain(person.family.iter().flat_map(list)).chain(titles).chain(parts)
    }

    /// Whether a cell that is like a name can hardly be anything else: a given name in a list that is no ordinary
    /// word and a listed family name, or a listed name behind a title, or a listed family name beside an initial.
    pub(crate) fn is_clear_name(&self, cell: &[u8]) -> bool {
        const MOST_WORDS: usize = 6;
        let Ok(text) = std::str::from_utf8(cell) else { return false };
        let mut classes = [0; MOST_WORDS];
        let mut initial = false;
        let words = || text.split([' ', ',', '/']).filter(|word| !word.is_empty());
        for (class, word) in classes.iter_mut().zip(words()) {
            let is_lower = word.starts_with(char::is_lowercase);
            let word = word.trim_end_matches('.');
            if word.chars().nth(1).is_none() {
                initial |= !is_lower;
                continue;
            }
            *class = if word.len() > LONGEST_LEAD { 0 } else { self.words.of(word) };
            if is_lower && *class & (PARTICLE | TITLES) == 0 || *class & (PLACE | BEFORE | STOP) != 0 {
                return false;
            }
        }
        let is_given_name = |class: Class| class & GIVEN != 0 && class & ORDINARY == 0;
        let is_listed = |class: &Class| class & LISTED != 0 && class & ORDINARY == 0;
        let is_family = |class: &Class| class & FAMILY != 0 && class & ORDINARY == 0;
        // `Summer Fair`: lists are long enough to have words of all sorts as family names.
        let is_pair = |given: Class, family: Class| is_given_name(given) && family & FAMILY != 0;
        if classes[0] & TITLES != 0 && classes[1..].iter().any(is_listed)
            || initial && classes.iter().any(is_family)
        {
            return true;
        }
        let pairs = (0..MOST_WORDS).flat_map(|given| (0..MOST_WORDS).map(move |family| (given, family)));
        pairs
            .filter(|(given, family)| given != family)
            .any(|(given, family)| is_pair(classes[given], classes[family]))
    }

    /// Whether a name that its own words and those before it tell ends at `end`.
    pub(super) fn ends_at(&self, text: &[u8], lo: usize, end: usize) -> bool {
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
        }
        false
    }

    /// Whether a word is a listed family name, or two that a hyphen joins, and no ordinary word.
    pub(crate) fn is_family(&self, word: &str) -> bool {
        let is_one = |part: &str| {
            part.len() <= LONGEST_LEAD && {
                let class = self.words.of(part);
                class & FAMILY != 0 && class & (ORDINARY | PLACE | BEFORE | STOP) == 0
            }
        };
        is_one(word) || word.split_once('-').is_some_and(|(one, other)| is_one(one) && is_one(other))
    }

    /// The name at the word that starts at `start`.
    pub(crate) fn at(&self, text: &[u8], (lo, hi): (usize, usize), start: usize) -> Option<Sequel> {
        let reader = Reader { text, lo, hi, words: &self.words };
        self.named(&reader, start).or_else(|| {
            let first = reader.token(start).filter(|first| first.is(LISTED))?;
            let name = self.name(&reader, first);
            let known = name.second.is_none()
                && !reader.is_code_before(start)
                && !is_numbered(&reader, start)
                && self.is_known(&reader, &name);
            known.then(|| self.sequel(&reader, &name, self.points.alone))?
        })
    }

    /// The name at the word that starts at `start`, as far as the words right around it tell.
    fn named(&self, reader: &Reader<'_>, start: usize) -> Option<Sequel> {
        let mentioned = is_mentioned(reader, start);
        let timed = is_behind_time(reader, start);
        if reader.is_code_before(start) && !mentioned && !timed {
            return None;
        }
        let first = reader.token(start)?;
        if first.is(TITLES) && first.case.is_name() {
            return self.titled(reader, first);
        }
        if first.case == Case::Capital && (first.class == 0 || first.is(FAMILY) && first.is(ORDINARY | PLACE))
        {
            let signed = self.signed(reader, first);
            if first.class == 0 || signed.is_some() {
                return signed;
            }
        }
        if !first.is(LISTED)
            || first.is(STOP | PLACE | BEFORE)
            || matches!(first.case, Case::Lower | Case::Code | Case::Initial)
        {
            return None;
        }
        let mut name = self.name(reader, first);
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
        // `… until the evening. Rose` greets nobody.
        if before.is_some_and(|word| reader.text[word.end..start].iter().any(|b| b".\r\n".contains(b))) {
            says &= !GREETING;
        }
        // `Nurse: Maria` is a turn of a talk.
        let is_title =
            |word: Token| word.is(TITLES) && word.case.is_name() && reader.byte(word.end) != Some(b':');
        if before.is_some_and(is_title) || is_numbered(reader, start) {
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
        let led = self.particles_before(reader, start);
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
        if name.first.case == Case::Upper || name.first.case == Case::None && !greeted {
            points -= self.points.inside;
        }
        self.sequel(reader, &name, points)
    }

    /// Whether what stands around a given name alone is said of people.
    fn is_alone(&self, reader: &Reader<'_>, name: &Name, before: Option<Token>) -> bool {
        let first = name.first;
        if !is_given(&first) || name.followed || name.next & PLACE != 0 {
            return false;
        }
        let (start, end) = (first.start, first.end);
        let is_own = |token: &Token| reader.blank(token.end) == Some(start);
        if let Some(before) = before {
            let earlier = || reader.word_before(before.start);
            // spoke to Maria, Anna and Maria
            let comma = reader.text[before.end..start] == *b", ";
            if before.is(ALONE) && !before.is(PREPOSITION)
                || (is_own(&before) || comma)
                    && (before.is(PREPOSITION) && earlier().is_some_and(|word| word.is(TALK))
                        || before.is(AND)
                            && earlier().is_some_and(|word| {
                                let is_you = reader.text[word.start..word.end].eq_ignore_ascii_case(b"you");
                                let pair = is_given(&word) && !(word.is(THING) || first.is(THING));
                                (pair || is_you) && is_own_pair(reader, &word, &before)
                            }))
            {
                return true;
            }
        }
        let rest = &reader.text[end..reader.hi];
        // Anna & Paul
        let other = match (rest, &reader.text[reader.lo..start]) {
            ([b' ', b'&', b' ', ..], _) => reader.token(end + 3),
            (_, [.., b' ', b'&', b' ']) => reader.token_before(start - 3),
            _ => None,
        };
        // `Johnson & Johnson` and `Ben & Jerry's` are firms.
        let is_fellow = |other: &Token| {
            let owner = |end: usize| reader.byte(end) == Some(b'\'') || reader.tie_at(end).is_some();
            is_given(other)
                && !other.is(THING)
                && reader.text[other.start..other.end] != reader.text[start..end]
                && !owner(end)
                && !owner(other.end)
        };
        if other.as_ref().is_some_and(is_fellow) && !first.is(THING) {
            return true;
        }
        let comma = usize::from(rest.first() == Some(&b','));
        if let Some(next) = reader.blank(end + comma).and_then(|next| reader.token(next)) {
            let led = before
                .is_some_and(|word| word.case.is_name() && !word.is(ORDINARY | TITLES) && is_own(&word));
            if next.is(SPEAKS) && !led {
                return true;
            }
            if next.is(AND) && comma == 0 {
                let other = reader.blank(next.end).and_then(|next| reader.token(next));
                return other.is_some_and(|other| {
                    is_given(&other) && !(other.is(THING) || first.is(THING))
                        || reader.text[other.start..other.end] == *b"I"
                });
            }
        }
        // Maria's car, it is Maria's; what is named after somebody has the family name, mostly.
        let owner = ["'s", "’s"].iter().find(|owner| rest.starts_with(owner.as_bytes()));
        if let Some(owner) = owner.filter(|_| !first.is(FAMILY)) {
            let ended = rest.get(owner.len()).is_none_or(|b| b".,;!?)\r\n".contains(b));
            let owned = reader.blank(end + owner.len()).and_then(|owned| reader.token(owned));
            return ended || owned.is_some_and(|owned| owned.case == Case::Lower && !owned.is(PLACE));
        }
        let named_after =
            || reader.blank(end).and_then(|next| reader.token(next)).is_some_and(|next| next.is(PLACE));
        let single = || {
            is_given_alone(&first)
                && !first.is(GREETING | CUE)
                && is_in_text(reader, &first)
                && !named_after()
        };
        let listed = || !first.is(THING) && is_among_given(reader, &first) && is_in_text(reader, &first);
        if is_aged(rest) || single() && !is_among_others(reader, &first) || listed() {
            return true;
        }
        let line = start == reader.lo || reader.byte_before(start) == Some(b'\n');
        if line && rest.starts_with(b": ") {
            return is_said(&rest[2..]);
        }
        // — Maria
        let dash = ["— ", "– "].iter().any(|dash| reader.text[reader.lo..start].ends_with(dash.as_bytes()));
        dash && rest.first().is_none_or(|b| matches!(b, b'\r' | b'\n'))
    }

    fn sequel(&self, reader: &Reader<'_>, name: &Name, points: i32) -> Option<Sequel> {
        let (start, end) = (name.first.start, name.end);
        let listed = name.first.is(LISTED);
        (points > 0 && !reader.is_code_behind(end) && !self.is_thing(reader, name)).then_some(Sequel {
            start,
            end,
            points,
            listed,
        })
    }

    /// Whether its words, or they and the one before or behind them, are what something is called: `King Edward`.
    fn is_thing(&self, reader: &Reader<'_>, name: &Name) -> bool {
        let (start, end) = (name.first.start, name.end);
        let is_thing = |start: usize, end: usize| {
            let whole = std::str::from_utf8(&reader.text[start..end]).unwrap_or_default();
            end - start <= LONGEST_LEAD && self.words.of(whole) & THING != 0
        };
        // `Dr. Oetker`
        let dotted = |end: usize| if reader.byte_before(end) == Some(b'.') { end - 1 } else { end };
        let before = reader.blank_before(start).and_then(|end| reader.token_before(dotted(end)));
        let next = reader.blank(end).and_then(|next| reader.token(next));
        name.second.is_some_and(|second| is_thing(start, end) || is_thing(start, second.end))
            || before.is_some_and(|before| {
                before.case != Case::Lower
                    && (is_thing(before.start, end) || is_thing(before.start, name.first.end))
            })
            || next.is_some_and(|next| is_thing(start, next.end))
    }

    /// A word that may be anything behind an initial and a word that speaks of people: `Signed: Q. Shahin`.
    fn signed(&self, reader: &Reader<'_>, word: Token) -> Option<Sequel> {
        let first = self.initials(reader, word.start)?;
        let before = reader.word_before(first)?;
        let gap = &reader.text[before.end..first];
        let near = matches!(gap, b" " | b": " | b". " | b", ");
        let name = self.name(reader, word);
        let own = Name { first: Token { start: first, ..word }, ..name };
        (near
            && before.is(CUE | ALONE | BEARER | TITLES)
            && !before.is(PREPOSITION)
            && name.next & PLACE == 0)
            .then(|| self.sequel(reader, &own, self.points.alone))?
    }

    /// The family name before a given name alone, if it is in capitals or parted by a comma: `FORSBERG Nils`, `Krüger, Max`.
    fn family_in_front(&self, reader: &Reader<'_>, name: &Name) -> Option<Token> {
        let given = name.first;
        if name.second.is_some() || name.followed || !is_given(&given) || given.is(THING) {
            return None;
        }
        let blank = reader.blank_before(given.start)?;
        let odd = STOP | PLACE | BEFORE | TITLES | GREETING;
        if reader.byte_before(blank) != Some(b',') {
            let mut family = reader.token_before(blank)?;
            let letters = family.end - family.start;
            if family.case != Case::Upper
                || letters < 4
                || family.is(odd | CUE)
                || family.is(ORDINARY) && !family.is(FAMILY)
            {
                return None;
            }
            // VAN DEN BERG Nils
            for _ in 0..3 {
                let part = reader.blank_before(family.start).and_then(|end| reader.token_before(end));
                let Some(part) = part.filter(|part| part.case == Case::Upper) else { break };
                if !part.is(PARTICLE) {
                    return None;
                }
                family.start = part.start;
            }
            if given.start - family.start > LONGEST_LEAD {
                return None;
            }
            return (!reader.is_code_before(family.start)).then_some(family);
        }
        let ended = match &reader.text[given.end..reader.hi] {
            [] => true,
            [b'\n' | b'\r' | b';' | b'"' | b')' | b'|', ..] => true,
            [b',', b' ', next, ..] => next.is_ascii_lowercase() || next.is_ascii_digit(),
            _ => false,
        };
        let family = reader.token_before(blank - 1)?;
        let sure = family.is(FAMILY) || is_given_alone(&given) && family.class == 0;
        (ended
            && family.case == Case::Capital
            && sure
            && !family.is(odd | THING)
            && is_entry(reader, family.start))
        .then_some(family)
    }

    /// The capitalised word before a family name, if it may be a given name that is in no list.
    fn unlisted_given(&self, reader: &Reader<'_>, name: &Name) -> Option<Token> {
        let first = name.first;
        let capitals = first.case == Case::Upper && first.end - first.start > 3;
        if !first.is(FAMILY)
            || first.is(ORDINARY)
            || name.names > 2
            || !capitals && first.case != Case::Capital
        {
            return None;
        }
        let mut token = reader.token_before(reader.blank_before(first.start)?)?;
        // Ineke van Dijk
        for _ in 0..2 {
            if token.case == Case::Lower && token.is(PARTICLE) && !token.is(AND) {
                token = reader.token_before(reader.blank_before(token.start)?)?;
            }
        }
        let odd = LISTED | ORDINARY | TITLES | GREETING | CUE | PLACE | BEFORE | STOP;
        (token.case == Case::Capital && !token.is(odd) && !reader.is_code_before(token.start))
            .then_some(token)
    }

    /// What the words of a name and what stands around it are worth.
    fn judge(&self, reader: &Reader<'_>, name: &Name, before: Option<Token>) -> Option<i32> {
        let points = &self.points;
        let first = name.first;
        let says = before.map_or(0, |word| word.class);
        if name.next & PLACE != 0 {
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
            (true, false) => points.family,
            (true, true) => points.ordinary_family,
            (false, false) => points.other,
            (false, true) => 0,
        };
        let mut sum = if !first.is(LISTED) {
            points.other + family(second)
        } else if first.is(GIVEN) {
            let own = if ordinary { points.ordinary_given } else { points.given };
            if first.case == Case::None && !second.is(LISTED) {
                return None;
            }
            own + family(second)
        } else if second.is(GIVEN) && !second.is(ORDINARY) && !ordinary {
            points.given + points.other
        } else {
            points.other
        };
        if name.inside {
            sum += points.inside;
        }
        // A capitalised word before or behind makes a heading of it, or a name of something else.
        let capital = before.is_some_and(|word| {
            let heads = word.case == Case::Upper || word.case == Case::Capital && !word.is(ORDINARY);
            heads && reader.blank(word.end) == Some(first.start)
        });
        if !capital && !name.followed {
            sum += points.in_sentence;
        }
        Some(sum)
    }

    /// What follows a title.
    fn titled(&self, reader: &Reader<'_>, title: Token) -> Option<Sequel> {
        let mut at = title.end;
        let mut doubtful = !title.is(TITLE);
        let mut particles = 0;
        loop {
            if reader.byte(at) == Some(b'.') {
                at += 1;
            }
            at = reader.blank(at).unwrap_or(at);
            let token = reader.token(at)?;
            if token.start == title.end || token.start - title.start > LONGEST_LEAD {
                return None;
            }
            match token {
                _ if token.is(TITLES) && !token.is(LISTED) => doubtful &= !token.is(TITLE),
                _ if token.case == Case::Initial && reader.byte(token.end) == Some(b'.') => (),
                // Sig.ra
                _ if token.case == Case::Lower
                    && token.end - token.start < 4
                    && reader.byte_before(token.start) == Some(b'.') => {}
                _ if token.case == Case::Lower && token.is(PARTICLE) && particles < 3 => particles += 1,
                _ if token.case.is_name() || token.case == Case::None => {
                    if token.is(STOP | PLACE) || token.is(ORDINARY) && !token.is(FAMILY) {
                        return None;
                    }
                    let name = self.name(reader, token);
                    let listed = token.is(LISTED) && !token.is(ORDINARY);
                    // `PC Weber` is a constable, `PC Engine` is none.
                    let short = title.case == Case::Upper && title.end - title.start < 4;
                    if short && (doubtful && !listed || token.is(ORDINARY) && !token.is(GIVEN)) {
                        return None;
                    }
                    let sure = listed || name.names > 1;
                    let points = match (doubtful, sure) {
                        (_, true) => self.points.title + self.points.ordinary_given,
                        (false, false) => self.points.title_alone,
                        // Behind a capitalised word it may be an abbreviation of anything.
                        (true, false)
                            if title.end - title.start > 1
                                && !token.is(ORDINARY)
                                && token.case == Case::Capital
                                && !is_behind_name(reader, title.start) =>
                        {
                            self.points.title_alone - self.points.inside
                        }
                        (true, false) => {
                            self.points.title_alone - self.points.inside - self.points.in_sentence
                        }
                    };
                    let caseless = token.case == Case::None && !token.is(LISTED);
                    return self
                        .sequel(reader, &name, points)
                        .filter(|_| !caseless && name.next & PLACE == 0);
                }
                _ => return None,
            }
            at = token.end;
        }
    }

    /// Where the particles before `start` begin.
    fn particles_before(&self, reader: &Reader<'_>, start: usize) -> Option<usize> {
        let mut begin = None;
        for _ in 0..2 {
            let before = reader.blank_before(begin.unwrap_or(start)).and_then(|end| reader.token_before(end));
            let Some(token) = before.filter(|token| token.is(PARTICLE) && token.case == Case::Lower) else {
                break;
            };
            begin = Some(token.start);
        }
        begin
    }

    /// Where the initials before `start` begin.
    fn initials(&self, reader: &Reader<'_>, start: usize) -> Option<usize> {
        let mut begin = None;
        let mut at = start;
        for _ in 0..3 {
            let dot = reader.blank_before(at).unwrap_or(at);
            if reader.byte_before(dot) != Some(b'.') {
                break;
            }
            let letter = dot - 1;
            let Some(token) = reader.token_before(letter).filter(|token| token.case == Case::Initial) else {
                break;
            };
            let degree = reader.text[reader.lo..token.start].ends_with("°".as_bytes());
            if degree || reader.is_code_before(token.start) && reader.byte_before(token.start) != Some(b'.') {
                return None;
            }
            begin = Some(token.start);
            at = token.start;
        }
        begin
    }

    /// Reads on from the first word of a name.
    fn name(&self, reader: &Reader<'_>, first: Token) -> Name {
        let mut name =
            Name { first, second: None, names: 1, inside: false, end: first.end, next: 0, followed: false };
        let mut at = first.end;
        // SCHNEIDER, Maria
        let capitals = first.case == Case::Upper && (first.is(FAMILY) || !first.is(GIVEN));
        if reader.byte(at) == Some(b',') && (capitals || is_family_first(reader, &first)) {
            at += 1;
        }
        let mut particles = false;
        for _ in 0..MOST_MORE {
            let Some(next) = reader.blank(at) else { break };
            let Some(token) = reader.token(next) else { break };
            if token.case == Case::Initial {
                let dot = reader.byte(token.end) == Some(b'.');
                if name.names == MOST_NAMES || !dot && reader.blank(token.end).is_none() {
                    break;
                }
                name.inside = true;
                at = token.end + usize::from(dot);
                continue;
            }
            if token.case == Case::Lower {
                // `Irmgard und Volker`, `Herr Weber und Anna Koch`; `Ortega y Gasset` is one.
                let joins = || is_joining(reader, &name, &token);
                if !token.is(PARTICLE) || token.is(AND) && joins() {
                    break;
                }
                particles = true;
                at = token.end;
                continue;
            }
            // Gianluca Di Stefano
            if token.is(PARTICLE) && token.is(ORDINARY) && !token.is(FAMILY) && token.case == Case::Capital {
                particles = true;
                at = token.end;
                continue;
            }
            let fits = match first.case {
                Case::None => token.case == Case::None && token.is(LISTED),
                _ => token.case.is_name(),
            };
            let foreign = token.is(STOP | PLACE) || token.is(ORDINARY) && !token.is(FAMILY);
            if !fits || foreign || name.names == MOST_NAMES || token.is(TITLES) && !token.is(LISTED) {
                name.next = token.class;
                name.followed = token.case.is_name() || token.case == Case::Code;
                break;
            }
            name.inside |= particles;
            particles = false;
            name.second = name.second.or(Some(token));
            name.names += 1;
            name.end = token.end;
            at = token.end;
        }
        name
    }
}
