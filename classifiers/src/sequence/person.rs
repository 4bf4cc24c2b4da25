//! Names of people: a given name and what follows it, what follows a title, a family name before a given name.

use domesday_model::DetectorId;
use serde::Deserialize;

use super::{ByLanguage, Case, Class, LONGEST_LEAD, Reader, Sequel, Token, Vocabulary, is_unspaced};
use crate::registry::Registry;
use crate::words::{char_at, char_before};

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
    /// Before a name: Mrs, Herr.
    pub title: ByLanguage,
    /// Titles that may mean something else as well: Dr, M.
    pub doubtful_title: ByLanguage,
    /// Before a name, given names alone among them: Hello.
    pub greeting: ByLanguage,
    /// Before a name: patient, signed by.
    pub cue: ByLanguage,
    /// Inside of a name, in lower case: van, de la.
    pub particle: ByLanguage,
    /// Behind or inside of what is named after a person: Street, University, Award.
    pub place: ByLanguage,
    /// Before what is named after a person, and before what is no name: Saint, the.
    pub before: ByLanguage,
    /// Never a part of a name: months, labels of forms.
    pub stop: ByLanguage,
    /// Behind a single given name: what people alone do.
    pub speaks: ByLanguage,
    /// Behind a name, in scripts that put no blanks between words: さん, 先生.
    pub suffix: ByLanguage,
    /// Before a name, in those: 姓名.
    pub label: ByLanguage,
    /// Endings of names that are no subject of a sentence, and those of the name as it stands in a list.
    pub endings: Vec<(String, String)>,
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
const SPEAKS: Class = 1 << 11;
const LISTED: Class = GIVEN | FAMILY;
const TITLES: Class = TITLE | DOUBTFUL;

/// Words of a name behind its first, particles among them.
const MOST_MORE: usize = 6;
/// Capitalised words of a name.
const MOST_NAMES: usize = 4;
/// Characters of a name in a script without blanks.
const MOST_UNSPACED: usize = 6;

/// A compiled detector.
#[derive(Debug)]
pub(crate) struct People {
    pub(crate) id: DetectorId,
    words: Vocabulary,
    points: PersonPoints,
    suffixes: Vec<String>,
    labels: Vec<String>,
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

/// What follows a name in a sentence of a script without blanks.
const OVER: [&str; 12] = ["です", "でし", "さん", "様", "と", "が", "の", "を", "に", "は", "へ", "から"];

/// Whether a cue of a script without blanks may begin with that byte, or end with it.
#[inline]
pub(crate) fn is_unspaced_cue(text: &[u8], at: usize) -> bool {
    // 先生, 女士, 小姐, 姓名, 氏, 名, さん, ちゃん, くん, 様, 殿, 씨, 님, 성명, 이름, 担当者, 联系人, 收件人, 담당자, 고객, 수취인, 환자;
    // 都, 道, 府, 県, 号, 號, 区, 市, 町, 村, 시, 도
    matches!(
        text.get(at..at + 3),
        Some(
            [0xE5, 0x85, 0x88]
                | [0xE5, 0xA5, 0xB3]
                | [0xE5, 0xB0, 0x8F]
                | [0xE5, 0xA7, 0x93]
                | [0xE6, 0xB0, 0x8F]
                | [0xE5, 0x90, 0x8D]
                | [0xE3, 0x81, 0x95]
                | [0xE3, 0x81, 0x8F]
                | [0xE6, 0xA7, 0x98]
                | [0xE6, 0xAE, 0xBF]
                | [0xEC, 0x94, 0xA8]
                | [0xEB, 0x8B, 0x98]
                | [0xEC, 0x84, 0xB1]
                | [0xEC, 0x9D, 0xB4]
                | [0xE6, 0x8B, 0x85]
                | [0xE8, 0x81, 0x94]
                | [0xE6, 0x94, 0xB6]
                | [0xEB, 0x8B, 0xB4]
                | [0xEA, 0xB3, 0xA0]
                | [0xEC, 0x88, 0x98]
                | [0xED, 0x99, 0x98]
                | [0xE9, 0x83, 0xBD]
                | [0xE9, 0x81, 0x93]
                | [0xE5, 0xBA, 0x9C]
                | [0xE7, 0x9C, 0x8C]
                | [0xE5, 0x8F, 0xB7]
                | [0xE8, 0x99, 0x9F]
                | [0xE5, 0x8C, 0xBA]
                | [0xE5, 0xB8, 0x82]
                | [0xE7, 0x94, 0xBA]
                | [0xE6, 0x9D, 0x91]
                | [0xEC, 0x8B, 0x9C]
                | [0xEB, 0x8F, 0x84]
        )
    )
}

/// Whether a number stands before, as before streets and towns; years stand before people as well.
fn is_numbered(reader: &Reader<'_>, start: usize) -> bool {
    let Some(end) = reader.blank_before(start) else { return false };
    let digits = reader.text[reader.lo..end].iter().rev().take(8).take_while(|b| b.is_ascii_digit()).count();
    let year = digits == 4 && matches!(&reader.text[end - 4..end - 2], b"19" | b"20");
    digits > 0 && !year
}

impl People {
    pub(crate) fn new(id: DetectorId, person: &Person, registry: &Registry) -> Self {
        let mut words = Vocabulary::default();
        let given = || person.given.iter().flat_map(|list| registry.list(list));
        let family = || person.family.iter().flat_map(|list| registry.list(list));
        words.add(GIVEN, given());
        words.add(FAMILY, family());
        words.add(ORDINARY, registry.list(&person.ordinary));
        let sections = [
            (TITLE, &person.title),
            (DOUBTFUL, &person.doubtful_title),
            (GREETING, &person.greeting),
            (CUE, &person.cue),
            (PARTICLE, &person.particle),
            (PLACE, &person.place),
            (BEFORE, &person.before),
            (STOP, &person.stop),
            (SPEAKS, &person.speaks),
        ];
        sections.into_iter().for_each(|(class, section)| words.add_all(class, section));
        let unspaced = |word: &&String| word.chars().next().is_some_and(is_unspaced);
        words.endings = person.endings.clone();
        let mut families = Vocabulary::default();
        families.add(FAMILY, family().filter(unspaced));
        let all = |section: &ByLanguage| section.values().flatten().cloned().collect();
        Self {
            id,
            words,
            points: person.points,
            suffixes: all(&person.suffix),
            labels: all(&person.label),
            families,
        }
    }

    /// Words at which a name is looked for.
    pub(crate) fn beginnings<'a>(
        person: &'a Person,
        registry: &'a Registry,
    ) -> impl Iterator<Item = &'a str> {
        let lists = person.given.iter().chain(&person.family).map(|list| registry.list(list));
        let titles = [&person.title, &person.doubtful_title];
        let titles = titles.into_iter().flat_map(|section| section.values().flatten());
        lists.flatten().chain(titles).map(String::as_str)
    }

    /// The name at the word that starts at `start`.
    pub(crate) fn at(&self, text: &[u8], (lo, hi): (usize, usize), start: usize) -> Option<Sequel> {
        let reader = Reader { text, lo, hi, words: &self.words };
        if reader.is_code_before(start) {
            return None;
        }
        let first = reader.token(start)?;
        if first.is(TITLES) && first.case.is_name() {
            return self.titled(&reader, first);
        }
        if !first.is(LISTED)
            || first.is(STOP | PLACE | BEFORE)
            || matches!(first.case, Case::Lower | Case::Code | Case::Initial)
        {
            return None;
        }
        let mut name = self.name(&reader, first);
        if let Some(given) = self.unlisted_given(&reader, &name) {
            name = self.name(&reader, given);
        }
        let start = name.first.start;
        let before = reader.word_before(start);
        let mut says = before.map_or(0, |word| word.class);
        if before.is_some_and(|word| word.is(TITLES) && word.case.is_name()) || is_numbered(&reader, start) {
            return None;
        }
        // Calle de Pablo Neruda
        if let Some(particle) = before.filter(|word| word.is(PARTICLE) && word.case == Case::Lower) {
            says |= reader.word_before(particle.start).map_or(0, |word| word.class) & BEFORE;
        }
        let mut points = self.judge(&reader, &name, before)?;
        if name.first.is(FAMILY) && name.names == 1 {
            name.first.start = self.initials(&reader, start).unwrap_or(start);
        }
        let own = |class: Class, points: i32| if says & class != 0 { points } else { 0 };
        points += own(TITLES, self.points.title)
            .max(own(GREETING, self.points.greeting))
            .max(own(CUE, self.points.cue));
        points -= own(BEFORE, self.points.before);
        if name.first.case == Case::Upper || name.first.case == Case::None {
            points -= self.points.inside;
        }
        self.sequel(&reader, &name, points)
    }

    fn sequel(&self, reader: &Reader<'_>, name: &Name, points: i32) -> Option<Sequel> {
        let (start, end) = (name.first.start, name.end);
        let listed = name.first.is(LISTED);
        (points > 0 && !reader.is_code_behind(end)).then_some(Sequel { start, end, points, listed })
    }

    /// The capitalised word before a family name, if it may be a given name that is in no list.
    fn unlisted_given(&self, reader: &Reader<'_>, name: &Name) -> Option<Token> {
        let first = name.first;
        if !first.is(FAMILY) || first.is(ORDINARY) || name.names > 2 || first.case != Case::Capital {
            return None;
        }
        let token = reader.token_before(reader.blank_before(first.start)?)?;
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
            let initials = first.is(FAMILY) && !ordinary && self.initials(reader, first.start).is_some();
            let next = reader.byte(name.end);
            let led =
                before.is_some_and(|word| word.case.is_name() && reader.blank(word.end) == Some(first.start));
            let alone = name.next == 0 && !name.followed && !led;
            let speaks = || {
                let next = reader.blank(name.end).and_then(|next| reader.token(next));
                next.is_some_and(|word| word.case == Case::Lower && word.is(SPEAKS))
            };
            if alone && first.is(GIVEN) && !ordinary && first.case == Case::Capital && speaks() {
                return Some(points.title_alone);
            }
            let greeted =
                says & GREETING != 0 && first.is(GIVEN) && next.is_none_or(|b| b",!\r\n".contains(&b));
            let named = says & (TITLES | GREETING | CUE) != 0 && !ordinary || greeted;
            let whole = says & GREETING == 0 || next.is_none_or(|b| b",!.\r\n ".contains(&b));
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
        let capital =
            before.is_some_and(|word| word.case.is_name() && reader.blank(word.end) == Some(first.start));
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
                _ if token.case == Case::Lower && token.is(PARTICLE) && particles < 3 => particles += 1,
                _ if token.case.is_name() || token.case == Case::None => {
                    if token.is(STOP | PLACE) || token.is(ORDINARY) && !token.is(FAMILY) {
                        return None;
                    }
                    let name = self.name(reader, token);
                    let listed = token.is(LISTED) && !token.is(ORDINARY);
                    let sure = listed || name.names > 1;
                    let points = match (doubtful, sure) {
                        (_, true) => self.points.title + self.points.ordinary_given,
                        (false, false) => self.points.title_alone,
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
            if reader.is_code_before(token.start) && reader.byte_before(token.start) != Some(b'.') {
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
        if reader.byte(at) == Some(b',') && first.case == Case::Upper {
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
                if !token.is(PARTICLE) {
                    break;
                }
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

    /// The names beside a cue of a script without blanks that begins at `at`.
    pub(crate) fn unspaced(&self, text: &[u8], (lo, hi): (usize, usize), at: usize) -> Option<Sequel> {
        let here = &text[at..hi];
        let label = self.labels.iter().find(|label| here.starts_with(label.as_bytes()));
        if label.is_none() && self.suffixes.iter().any(|suffix| here.starts_with(suffix.as_bytes())) {
            let mut start = at;
            if start > lo && text[start - 1] == b' ' {
                start -= 1;
            }
            let end = start;
            let mut best = None;
            for count in 1..=MOST_UNSPACED {
                let Some(c) = char_before(&text[lo..], start - lo).filter(|&c| is_unspaced(c)) else { break };
                start -= c.len_utf8();
                let name = std::str::from_utf8(&text[start..end]).ok()?;
                if self.is_unspaced_name(name, count) {
                    best = Some(start);
                }
            }
            return best.map(|start| Sequel {
                start,
                end,
                points: self.points.title + self.points.other,
                listed: true,
            });
        }
        let mut start = at + label?.len();
        for mark in ["は", "：", ":", "是", " ", "　"] {
            if text[start..hi].starts_with(mark.as_bytes()) {
                start += mark.len();
            }
        }
        let mut end = start;
        let mut ends = [0; MOST_UNSPACED + 1];
        let mut count = 0;
        while count <= MOST_UNSPACED && end < hi {
            let (c, len) = char_at(&text[..hi], end);
            let over = count > 1 && OVER.iter().any(|word| text[end..hi].starts_with(word.as_bytes()));
            if over || !c.is_some_and(|c| is_unspaced(c) && c.is_alphabetic()) {
                break;
            }
            end += len;
            ends[count] = end;
            count += 1;
        }
        let name = |count: usize| std::str::from_utf8(&text[start..ends[count - 1]]).ok();
        // What stands alone is all of the name; of what goes on, it is the usual number of characters.
        let alone = (2..=MOST_UNSPACED).contains(&count) && self.is_unspaced_name(name(count)?, count);
        let counts = if alone { count..=count } else { 2..=count.min(3) };
        let count = counts
            .rev()
            .find(|&count| name(count).is_some_and(|name| self.begins_with_family(name).is_some()))?;
        let points = self.points.title + self.points.other;
        Some(Sequel { start, end: ends[count - 1], points, listed: true })
    }

    /// Characters of the family name that a text of a script without blanks begins with.
    fn begins_with_family(&self, name: &str) -> Option<usize> {
        let mut ends = name.char_indices().map(|(i, c)| i + c.len_utf8());
        let ends = [ends.next(), ends.next(), ends.next()];
        (0..3).rev().find(|&i| ends[i].is_some_and(|end| self.families.of(&name[..end]) != 0)).map(|i| i + 1)
    }

    fn is_unspaced_name(&self, name: &str, count: usize) -> bool {
        // Given names have one or two characters behind a family name of one, as in China and Korea, and up to three
        // behind a longer one, as in Japan.
        self.begins_with_family(name).is_some_and(|family| count <= family + if family > 1 { 3 } else { 2 })
    }
}
