//! Street addresses: a house number beside a street whose words say that it is one, and post boxes. The postal code and
//! the town that follow belong to it.

mod backwards;
mod lead;
mod numbers;
mod rest;
mod unspaced;

use domesday_model::DetectorId;
use serde::Deserialize;

use self::numbers::{crossing, digits, is_number_word, is_year, number_before, number_end};
use self::unspaced::Unspaced;
use super::roles::Roles;
use super::{ByLanguage, Case, Class, LEAST_SEQUENCE, LONGEST_LEAD, Reader, Sequel, Token, Vocabulary};
use crate::openings::Openings;
use crate::registry::Registry;

/// Words of addresses, and what they are worth.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// List of words that are mostly no names, whatever else they are.
    pub ordinary: String,
    /// How the names of streets end: straße, gatan.
    pub suffix: ByLanguage,
    /// Endings that other words have as well.
    pub doubtful_suffix: ByLanguage,
    /// Behind the name of a street, as a word of its own: Street, utca.
    pub street: ByLanguage,
    /// Those that mean other things as well: Drive, Court.
    pub doubtful_street: ByLanguage,
    /// Before the name of a street: rue, Calle.
    pub leading: ByLanguage,
    /// Those that mean other things as well: place.
    pub doubtful_leading: ByLanguage,
    /// Before the name of a street, and before nearly everything else: Am, Na.
    pub preposition: ByLanguage,
    /// Inside of the name of a street, in lower case: de la.
    pub particle: ByLanguage,
    /// Between a street and its number: Nr.
    pub number: ByLanguage,
    /// Before the number of a post box: Postfach.
    pub post_box: ByLanguage,
    /// Before the number of a part of a house: Apt.
    pub unit: ByLanguage,
    /// Before an address: lives at.
    pub cue: ByLanguage,
    /// List of towns that need no postal code.
    pub towns: String,
    /// Between a street and its town: à, te.
    pub town_preposition: ByLanguage,
    /// Inside of the name of a town, in lower case: am, sur.
    pub link: ByLanguage,
    /// Before the name of a town: г.
    pub town_mark: ByLanguage,
    /// Short for a state or province, behind the name of a town: IL, Jal.
    pub state: ByLanguage,
    /// Before the name of a part of a town, where it is shortened: Col.
    pub district: ByLanguage,
    /// Behind the name of a part of a town that stands before a street: Mah.
    pub quarter: ByLanguage,
    /// Behind the number of a floor, or the side of it: floor, tv.
    pub floor: ByLanguage,
    /// What the name of a house ends with: Cottage.
    pub building: ByLanguage,
    /// Before the name of a street, as part of it: Östra.
    pub adjective: ByLanguage,
    /// Roads that have a number in the place of a house: Bundesstraße.
    pub numbered: ByLanguage,
    /// With which addresses in scripts without blanks begin: 東京都, 서울시.
    #[serde(default)]
    pub region: ByLanguage,
    /// How the names of the parts end that may come first, where numbers follow that are those of blocks: 市.
    #[serde(default)]
    pub town: ByLanguage,
    /// How the names of their parts end: 区, 市, 町.
    #[serde(default)]
    pub part: ByLanguage,
    /// How the names of their streets end: 路, 로.
    #[serde(default)]
    pub road: ByLanguage,
    /// Behind their numbers: 丁目, 号.
    #[serde(default)]
    pub block: ByLanguage,
    /// Before them, as a part of the sentence: 在.
    #[serde(default)]
    pub before: ByLanguage,
    /// What each kind of evidence adds, in thousandths.
    pub points: AddressPoints,
}

/// What each kind of evidence adds, in thousandths.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressPoints {
    /// A word that says street, and nothing else.
    pub street: i32,
    /// One that may say something else.
    pub doubtful: i32,
    /// No word of the name is an ordinary one.
    pub name: i32,
    /// Postal code and town follow.
    pub town: i32,
    /// The town is a listed one.
    pub known_town: i32,
    /// A part of the house follows.
    pub unit: i32,
    /// A word before it speaks of addresses.
    pub cue: i32,
}

const ORDINARY: Class = 1;
const STREET: Class = 1 << 1;
const DOUBTFUL_STREET: Class = 1 << 2;
const LEADING: Class = 1 << 3;
const DOUBTFUL_LEADING: Class = 1 << 4;
const PARTICLE: Class = 1 << 5;
const NUMBER: Class = 1 << 6;
const POST_BOX: Class = 1 << 7;
const UNIT: Class = 1 << 8;
const CUE: Class = 1 << 9;
const PREPOSITION: Class = 1 << 10;
const TOWN: Class = 1 << 11;
const TOWN_PREPOSITION: Class = 1 << 12;
const LINK: Class = 1 << 13;
const TOWN_MARK: Class = 1 << 14;
const STATE: Class = 1 << 15;
const DISTRICT: Class = 1 << 16;
const QUARTER: Class = 1 << 17;
const FLOOR: Class = 1 << 18;
const BUILDING: Class = 1 << 19;
const ADJECTIVE: Class = 1 << 20;
const NUMBERED: Class = 1 << 21;
const STREETS: Class = STREET | DOUBTFUL_STREET;
const LEADINGS: Class = LEADING | DOUBTFUL_LEADING;

/// Words of the name of a street.
const MOST_WORDS: usize = 5;
/// The same in a script without case.
const MOST_CASELESS: usize = 3;
/// Bytes of an address before its number, and of a street behind it.
const LONGEST_STREET: usize = 64;
/// Bytes between the word for a post box and the last group of its number.
const LONGEST_BOX: usize = 12;
/// Bytes of a word in small letters that may be the last one of the name of a street.
const SHORTEST_LOWER: usize = 4;
/// How leading words are shortened that have marks in them, and whether they are that for sure.
const SHORTENED: [(&str, bool); 9] = [
    ("C/ ", true),
    ("C/", true),
    ("C.so ", true),
    ("V.le ", true),
    ("P.zza ", true),
    ("P.za ", true),
    ("P.le ", true),
    ("L.go ", true),
    ("R. ", false),
];
/// Letters that an ending needs before it.
const LEAST_STEM: usize = 3;

pub(super) const ROLES: Roles = Roles {
    names: &[
        (STREET | LEADING, "street word"),
        (DOUBTFUL_STREET | DOUBTFUL_LEADING, "street word, or another one"),
        (NUMBER | NUMBERED, "word for a number"),
        (POST_BOX, "post box"),
        (UNIT | FLOOR | BUILDING, "part of a house"),
        (CUE, "speaks of an address"),
        (TOWN, "town"),
        (STATE, "state"),
        (DISTRICT | QUARTER, "district"),
        (PARTICLE | PREPOSITION | TOWN_PREPOSITION | LINK, "small word"),
        (ORDINARY, "ordinary word"),
    ],
    before: 1,
    behind: 1,
};

/// A compiled detector.
#[derive(Debug)]
pub(crate) struct Addresses {
    pub(crate) id: DetectorId,
    pub(super) words: Vocabulary,
    suffixes: Vec<String>,
    doubtful_suffixes: Vec<String>,
    points: AddressPoints,
    /// How the words that lead the name of a street begin.
    leading: Openings,
    unspaced: Unspaced,
}

/// A street with its number.
#[derive(Clone, Copy, Debug)]
struct Street {
    start: usize,
    end: usize,
    points: i32,
}

impl Addresses {
    pub(crate) fn new(id: DetectorId, address: &Address, registry: &Registry) -> Self {
        let mut words = Vocabulary::default();
        words.add(ORDINARY, registry.list(&address.ordinary));
        words.add(TOWN, registry.list(&address.towns));
        let sections = [
            (STREET, &address.street),
            (DOUBTFUL_STREET, &address.doubtful_street),
            (LEADING, &address.leading),
            (DOUBTFUL_LEADING, &address.doubtful_leading),
            (PREPOSITION, &address.preposition),
            (PARTICLE, &address.particle),
            (NUMBER, &address.number),
            (POST_BOX, &address.post_box),
            (UNIT, &address.unit),
            (CUE, &address.cue),
            (TOWN_PREPOSITION, &address.town_preposition),
            (LINK, &address.link),
            (TOWN_MARK, &address.town_mark),
            (STATE, &address.state),
            (DISTRICT, &address.district),
            (QUARTER, &address.quarter),
            (FLOOR, &address.floor),
            (BUILDING, &address.building),
            (ADJECTIVE, &address.adjective),
            (NUMBERED, &address.numbered),
        ];
        sections.into_iter().for_each(|(class, section)| words.add_all(class, section));
        let all = |section: &ByLanguage| section.values().flatten().cloned().collect();
        let leading: Vec<_> =
            address.leading.values().chain(address.doubtful_leading.values()).flatten().collect();
        Self {
            id,
            leading: Openings::new(leading.iter().map(|word| word.as_str())),
            words,
            suffixes: all(&address.suffix),
            doubtful_suffixes: all(&address.doubtful_suffix),
            points: address.points,
            unspaced: Unspaced::new(address),
        }
    }

    /// Characters at which an address is looked for in scripts without blanks.
    pub(super) fn marks() -> impl Iterator<Item = char> {
        unspaced::MARKS.into_iter()
    }

    /// The address in a script without blanks in which a cue stands at `at`.
    pub(crate) fn unspaced(&self, text: &[u8], (lo, hi): (usize, usize), at: usize) -> Option<Sequel> {
        let (start, end) = self.unspaced.at(&text[..hi], lo, at)?;
        let points = self.points.street + self.points.town;
        Some(Sequel { start, end, points, listed: false })
    }

    /// The address at a number, or at a word behind a number.
    pub(crate) fn at(&self, text: &[u8], (lo, hi): (usize, usize), at: usize) -> Option<Sequel> {
        let reader = Reader { text, lo, hi, words: &self.words };
        let before_code = || text[at].is_ascii_digit().then(|| self.before_code(&reader, at)).flatten();
        self.at_street(&reader, at).filter(|sequel| sequel.points >= LEAST_SEQUENCE).or_else(before_code)
    }

    /// The same, read from the street.
    fn at_street(&self, reader: &Reader<'_>, at: usize) -> Option<Sequel> {
        let (text, hi) = (reader.text, reader.hi);
        let street = match text[at].is_ascii_digit() {
            true => self.number_last(reader, at)?,
            false if is_number_word(&text[at..hi]) => {
                let comma = usize::from(text[at + 3] == b',');
                self.number_first(reader, at + 4 + comma)?
            }
            false if text[at].is_ascii_lowercase() && !self.may_lead(&text[..hi], at) => return None,
            false => self.number_first(reader, at)?,
        };
        let Street { mut start, mut end, mut points } = street;
        let dated = is_year(&reader.text[start..]);
        if dated {
            points -= self.points.name + self.points.cue;
        }
        // `Figure 12 shows`: what no word makes a street needs a town.
        let labelled = if is_labelled(reader, start) { self.points.cue } else { 0 };
        if points + self.points.cue + labelled < LEAST_SEQUENCE
            && !matches!(
                text[end..hi],
                [] | [b',' | b'\n' | b'\r', ..]
                    | [b' ', b'0'..=b'9' | b'#' | b'-', ..]
                    | [b' ', b'A'..=b'Z', b' ' | b',' | b'\n', ..]
            )
        {
            return None;
        }
        let rest = self.rest(reader, end, !dated && points >= self.points.street);
        end = rest.end;
        let own = |holds: bool, points: i32| if holds { points } else { 0 };
        points += own(rest.unit, self.points.unit) + own(rest.town, self.points.town);
        points += own(rest.known, self.points.known_town);
        // Nowa Wieś 12, 05-806 Komorów
        points += own(rest.clear && !rest.known, self.points.known_town / 2);
        let (led, has_unit) = self.lead(reader, start, rest.town || rest.unit);
        start = led;
        points += own(has_unit && !rest.unit, self.points.unit);
        points += own(self.is_announced(reader, start), self.points.cue);
        points += labelled;
        let odd = reader.is_code_before(start) || reader.is_code_behind(end);
        (points > 0 && !odd).then_some(Sequel { start, end, points, listed: false })
    }

    /// Whether the word in lower case at `at` may lead the name of a street.
    fn may_lead(&self, text: &[u8], at: usize) -> bool {
        let letters = text[at..].iter().take(8).take_while(|b| b.is_ascii_alphabetic()).count();
        let foreign = text.get(at + letters).is_some_and(|b| *b >= 0x80);
        foreign || self.leading.contain(text, at, at + letters)
    }

    /// Whether one of the two words before speaks of addresses.
    fn is_announced(&self, reader: &Reader<'_>, start: usize) -> bool {
        let Some(word) = reader.word_before(start) else { return false };
        word.is(CUE) || reader.word_before(word.start).is_some_and(|word| word.is(CUE))
    }

    /// 42 Elm Street, 12 rue de la Paix.
    fn number_first(&self, reader: &Reader<'_>, at: usize) -> Option<Street> {
        let start = number_before(reader, at)?;
        let mut best = None;
        let mut ordinary = 0;
        let (mut names, mut behind) = (0, at);
        let mut next = Some(at);
        for i in 0..MOST_WORDS {
            let Some(token) =
                next.and_then(|next| reader.token(next)).filter(|t| t.end - at <= LONGEST_STREET)
            else {
                break;
            };
            let direction = token.case == Case::Initial;
            if !direction && !may_name(&token) || token.is(UNIT) {
                break;
            }
            (names, behind) = (names + 1, token.end);
            // `Annex G` is none, `Vilniaus g.` is one.
            if token.is(STREETS) && i > 0 && token.case != Case::Initial {
                let abbreviated = reader.byte(token.end) == Some(b'.') && token.end - token.start <= 4;
                best = Some((token, token.end + usize::from(abbreviated), ordinary));
            }
            ordinary += usize::from(token.is(ORDINARY));
            let behind = name_goes_on(reader, &token);
            let blank = reader.blank(behind).map(|next| ordinal(reader, next).unwrap_or(next));
            // एम.जी. रोड
            next = blank.or_else(|| (behind > token.end && token.case == Case::None).then_some(behind));
        }
        // 12 Square Feet, 24 Hour Road Trip
        let goes_on = |end: usize| {
            let next = reader.blank(end).and_then(|next| reader.token(next));
            next.is_some_and(|next| {
                next.case == Case::Capital && next.is(ORDINARY) && !next.is(TOWN | STREETS | UNIT)
            })
        };
        if let Some((token, end, ordinary)) = best.filter(|(_, end, _)| !goes_on(*end)) {
            let points = self.worth(&token, ordinary);
            return Some(Street { start, end, points });
        }
        let first = reader.token(at).filter(|token| !is_short(token))?;
        if !first.is(LEADINGS) {
            // 221 Kingsway, Manchester M19 2NT
            let named = names > 1 || self.has_town(reader, behind);
            return (first.case == Case::Capital && !first.is(ORDINARY) && named).then_some(Street {
                start,
                end: behind,
                points: self.points.doubtful - self.points.name,
            });
        }
        let (end, capital) = self.led_name(reader, first.end)?;
        let doubtful = !first.is(LEADING);
        let points = match (doubtful, capital) {
            (false, true) => self.points.street + self.points.name,
            (false, false) => self.points.street,
            (true, true) => self.points.doubtful + self.points.name,
            (true, false) => self.points.doubtful,
        };
        Some(Street { start, end, points })
    }

    fn worth(&self, street: &Token, ordinary: usize) -> i32 {
        let (own, name) = match street.is(STREET) {
            true => (self.points.street, self.points.name),
            false => (self.points.doubtful, self.points.name * 2 / 3),
        };
        own + if ordinary == 0 { name } else { 0 }
    }

    /// The end of the name that follows a leading word, and whether it has a capitalised word.
    fn led_name(&self, reader: &Reader<'_>, behind: usize) -> Option<(usize, bool)> {
        let mut at = behind + usize::from(reader.byte(behind) == Some(b'.'));
        let (mut end, mut capital, mut particle, mut words) = (None, false, false, 0);
        for _ in 0..MOST_WORDS + 2 {
            let token = reader.blank(at).and_then(|next| reader.token(next));
            let Some(token) = token.map(|token| elided(reader, token)) else { break };
            if token.end - behind > LONGEST_STREET {
                break;
            }
            match token.case {
                Case::Lower if token.is(PARTICLE) => particle = true,
                // rue des lilas
                Case::Lower if particle && end.is_none() => end = Some(token.end),
                Case::Capital | Case::Upper => {
                    capital = true;
                    end = Some(token.end);
                }
                // Without a case nothing tells names from other words, so few are taken.
                Case::None if may_name(&token) && words < MOST_CASELESS => {
                    capital = true;
                    words += 1;
                    end = Some(token.end);
                }
                Case::Initial => (),
                _ => break,
            }
            at = token.end + usize::from(token.case == Case::Initial && reader.byte(token.end) == Some(b'.'));
        }
        Some((end?, capital))
    }

    /// Hauptstraße 12, Via Roma 10, ul. Długa 7, Postfach 1234.
    fn number_last(&self, reader: &Reader<'_>, at: usize) -> Option<Street> {
        let end = number_end(reader, at)?;
        let mut behind = name_end(reader, at)?;
        let mut last = elided(reader, reader.token_before(behind)?);
        if last.is(NUMBER) && !last.is(STREETS) {
            behind = name_end(reader, last.start)?;
            last = elided(reader, reader.token_before(behind)?);
        }
        if last.is(POST_BOX) && (last.case.is_name() || last.case == Case::None) {
            // `BP 128/85` is blood pressure.
            if reader.text[at..end].contains(&b'/') {
                return None;
            }
            let mut end = end;
            // Postfach 10 12 34
            while let Some(at) = reader.blank(end).filter(|at| matches!(digits(reader, *at), 2 | 3))
                && end - last.end < LONGEST_BOX
            {
                end = at + digits(reader, at);
            }
            return self.post_box(reader, last, end).map(|start| Street {
                start,
                end,
                points: self.points.street + self.points.name,
            });
        }
        if last.is(UNIT) && last.case == Case::Capital {
            return self.unit_first(reader, last.start, end);
        }
        if last.case == Case::Lower && !last.is(STREETS) && last.end - last.start >= SHORTEST_LOWER {
            return self.lower_name(reader, last, end);
        }
        let fits = match last.case {
            Case::Lower => last.is(STREETS) && !last.is(DOUBTFUL_STREET),
            case => case.is_name() || case == Case::None,
        };
        if !fits {
            return None;
        }
        let written = std::str::from_utf8(&reader.text[last.start..last.end]).ok()?;
        let ends = |suffixes: &[String]| {
            suffixes.iter().any(|suffix| {
                let stem = written.len().checked_sub(suffix.len());
                stem.is_some_and(|stem| {
                    stem >= LEAST_STEM
                        && written.is_char_boundary(stem)
                        && written[stem..].eq_ignore_ascii_case(suffix)
                })
            })
        };
        let ordinary = last.is(ORDINARY);
        // `See PR 94006`, where `pr.` is a street in Lithuania.
        if is_short(&last) && last.is(STREETS) {
            return None;
        }
        if last.case.is_name() && last.is(NUMBERED) {
            // Bundesstraße 5: a place of an accident, unless a town follows.
            return Some(Street { start: last.start, end, points: self.points.doubtful - self.points.name });
        }
        if last.case.is_name() && !ordinary && ends(&self.suffixes) {
            return Some(Street {
                start: tied_names(reader, last.start),
                end,
                points: self.points.street + self.points.name,
            });
        }
        if last.is(LEADING) && !is_behind_name(reader, last.start) {
            // Carrera 7 No. 45-12
            if let Some(end) = crossing(reader, end) {
                return Some(Street {
                    start: last.start,
                    end,
                    points: self.points.street + self.points.name,
                });
            }
        }
        self.walk_back(reader, last, end).or_else(|| {
            let doubtful = ends(&self.doubtful_suffixes);
            let points = self.points.doubtful - if doubtful { 0 } else { self.points.name * 2 / 3 };
            let start = labelled_name(reader, &last);
            let street = Street { start: start.unwrap_or(last.start), end, points };
            let is_name = last.case == Case::Capital || last.case == Case::None && start.is_some();
            (is_name && !ordinary && !last.is(STREETS | LEADINGS)).then_some(street)
        })
    }

    /// Čsl. armády 370/12, or 28. října 12: a name whose last word is written small, as in Czech and Slovak. A town must
    /// follow, with a code that is no other number.
    fn lower_name(&self, reader: &Reader<'_>, last: Token, end: usize) -> Option<Street> {
        let before = reader.blank_before(last.start)?;
        let dotted = usize::from(reader.byte_before(before) == Some(b'.'));
        let start = match reader.token_before(before - dotted) {
            Some(first) if first.case == Case::Capital => first.start,
            Some(_) => return None,
            None => numbered_street(reader, last.start)?,
        };
        let points = self.points.doubtful - self.points.name * 2 / 3;
        self.has_clear_town(reader, end).then_some(Street { start, end, points })
    }

    /// Flat 402, Sunrise Apartments, MG Road, Pune 411001: what the house and its surroundings are called, up to the town.
    fn unit_first(&self, reader: &Reader<'_>, start: usize, number: usize) -> Option<Street> {
        let points = self.points.doubtful + self.points.unit;
        let mut end = number;
        for _ in 0..3 {
            // The town behind is looked for as that of every street.
            if end > number && self.has_town(reader, end) {
                return Some(Street { start, end, points });
            }
            let mut next = reader.blank(end + usize::from(reader.byte(end) == Some(b',')))?;
            if reader.byte(next)?.is_ascii_digit() {
                next = ordinal(reader, next).or_else(|| reader.blank(number_end(reader, next)?))?;
            }
            let mut words = 0;
            while let Some(token) = reader.token(next).filter(|token| token.case.is_name() && words < 4) {
                words += 1;
                end = token.end;
                let Some(behind) = reader.blank(end) else { break };
                next = behind;
            }
            if words == 0 {
                return None;
            }
            // Sector 62
            end = reader.blank(end).and_then(|at| number_end(reader, at)).unwrap_or(end);
        }
        None
    }

    /// A street of several words that ends with `last`.
    fn walk_back(&self, reader: &Reader<'_>, last: Token, end: usize) -> Option<Street> {
        if last.is(STREETS) {
            // `Petőfi u. 16.` is a street, and `Petőfi u. 16 andere` are people.
            if last.end - last.start == 1 && reader.byte(end) != Some(b'.') {
                return None;
            }
            let mut start = None;
            let mut ordinary = 0;
            let mut at = last.start;
            for _ in 0..3 {
                let Some(token) = reader.blank_before(at).and_then(|before| reader.token_before(before))
                else {
                    break;
                };
                if !token.case.is_name() || token.is(LEADINGS) {
                    break;
                }
                ordinary += usize::from(token.is(ORDINARY));
                start = Some(token.start);
                at = token.start;
            }
            // 7. Cadde
            let start = start.or_else(|| numbered_street(reader, last.start));
            return start.map(|start| Street { start, end, points: self.worth(&last, ordinary) });
        }
        let mut at = last.start;
        let mut ordinary = usize::from(last.is(ORDINARY));
        let mut capital = last.case.is_name();
        for _ in 0..MOST_WORDS {
            if last.end - at > LONGEST_STREET {
                break;
            }
            // C/ Mayor 5
            let own = &reader.text[reader.lo..at];
            let mut short = SHORTENED.iter().filter(|(short, _)| own.ends_with(short.as_bytes()));
            if let Some((short, sure)) = short.next() {
                let start = at - short.len();
                let doubtful = self.points.doubtful - self.points.name * 2 / 3;
                let points = if *sure { self.points.street } else { doubtful };
                return Some(Street { start, end, points });
            }
            let before = reader.blank_before(at)?;
            // רח' ויצמן
            let dotted = matches!(reader.byte_before(before), Some(b'.' | b'\''));
            let token = reader.token_before(before - usize::from(dotted));
            let Some(token) = token.map(|token| elided(reader, token)) else {
                let points = self.points.street + if capital && ordinary == 0 { self.points.name } else { 0 };
                let start = dated_street(reader, before).filter(|_| capital)?;
                return Some(Street { start, end, points });
            };
            if token.is(LEADINGS)
                && !is_short(&token)
                && (dotted || token.case != Case::Lower || token.is(LEADING))
            {
                let own = if token.is(LEADING) { self.points.street } else { self.points.doubtful };
                let named = capital && ordinary == 0;
                let points = own + if named { self.points.name } else { 0 };
                return Some(Street { start: token.start, end, points });
            }
            if token.is(PREPOSITION)
                && (token.case == Case::Capital || token.case == Case::Initial && !dotted)
                && ordinary == 0
            {
                return Some(Street { start: token.start, end, points: self.points.doubtful });
            }
            let fits = token.case.is_name()
                || token.case == Case::Initial
                || token.case == Case::None
                || token.case == Case::Lower && token.is(PARTICLE);
            if !fits || dotted && token.case != Case::Initial && token.end - token.start > 5 {
                return None;
            }
            capital |= token.case.is_name();
            ordinary += usize::from(token.is(ORDINARY) && token.case.is_name());
            at = token.start;
        }
        None
    }

    /// Where the words of a post box begin.
    fn post_box(&self, reader: &Reader<'_>, last: Token, end: usize) -> Option<usize> {
        let written = &reader.text[last.start..last.end];
        let short: &[&str] = match () {
            () if written.eq_ignore_ascii_case(b"box") => {
                &["G.P.O. ", "GPO ", "P.O. ", "PO ", "P.O ", "P. O. ", "P O ", "Post Office "]
            }
            () if written.eq_ignore_ascii_case(b"bag") => &["Private ", "Locked ", "P.M. ", "Mail "],
            () => return Some(last.start),
        };
        let before = &reader.text[reader.lo..last.start];
        let short = short.iter().find(|short| before.ends_with(short.as_bytes()));
        // Box 482, 101 29 Stockholm
        let in_town = || (written == b"Box" && self.has_town(reader, end)).then_some(last.start);
        short.map(|short| last.start - short.len()).or_else(in_town)
    }
}

/// Whether an address stands behind a label, right behind its mark: `Địa chỉ: 94 Trần Hưng Đạo`.
fn is_labelled(reader: &Reader<'_>, start: usize) -> bool {
    const SHORTEST: usize = 4;
    let own = reader.text[reader.lo..start].trim_ascii_end();
    let marks: [&[u8]; 4] = [b":", "：".as_bytes(), b"=", b":**"];
    let Some(label) = marks.iter().find_map(|mark| own.strip_suffix(*mark)) else { return false };
    let word = reader.token_before(reader.lo + label.trim_ascii_end().len());
    word.is_some_and(|word| word.is(CUE) && word.end - word.start >= SHORTEST)
}

/// The start of the words up to `last` that stand right behind the label of an address: `Διεύθυνση: Αγίου Δημητρίου 45`.
fn labelled_name(reader: &Reader<'_>, last: &Token) -> Option<usize> {
    let mut start = last.start;
    for _ in 0..MOST_CASELESS {
        if is_labelled(reader, start) {
            return Some(start);
        }
        let before = reader.blank_before(start).and_then(|end| reader.token_before(end));
        start = before.filter(|token| token.case == last.case)?.start;
    }
    None
}

/// A word that begins with a capital letter behind an article as one that does so itself: d'Alésia, dell'Indipendenza, l’Église.
fn elided(reader: &Reader<'_>, token: Token) -> Token {
    let written = &reader.text[token.start..token.end];
    let name = |mark: &str| {
        let at = memchr::memmem::find(written, mark.as_bytes())? + mark.len();
        std::str::from_utf8(&written[at..]).ok()?.chars().next().filter(|c| c.is_uppercase())
    };
    let is_name = token.case == Case::Lower && (name("'").is_some() || name("’").is_some());
    if is_name { Token { case: Case::Capital, ..token } } else { token }
}

/// Whether a word may be one of the name of a street, by how it is written.
fn may_name(token: &Token) -> bool {
    token.case.is_name() || token.case == Case::None && !token.is(CUE | TOWN_PREPOSITION | PARTICLE)
}

/// Whether a capitalised word stands right before.
fn is_behind_name(reader: &Reader<'_>, start: usize) -> bool {
    let before = reader.blank_before(start).and_then(|end| reader.token_before(end));
    before.is_some_and(|token| token.case.is_name())
}

/// The start of words that are tied to the name of a street: Dr.-Karl-Renner-Straße, Bgm.-Smidt-Str.
fn tied_names(reader: &Reader<'_>, start: usize) -> usize {
    let mut at = start;
    while reader.text[reader.lo..at].ends_with(b".-")
        && let Some(token) = reader.token_before(at - 2).filter(|token| token.case != Case::Lower)
    {
        at = token.start;
    }
    at
}

/// The start of the number of a street that is called by it, before its word.
fn numbered_street(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let blank = reader.blank_before(start)?;
    let dotted = reader.byte_before(blank) == Some(b'.');
    let end = blank - usize::from(dotted);
    let own = &reader.text[reader.lo..end];
    let len = own.iter().rev().take(7).take_while(|b| b.is_ascii_digit() || **b == b'/').count();
    // `Fatih Mah. 1234/5 Sok.`
    let in_quarter = || own[..own.len() - len].ends_with(b". ");
    ((1..=6).contains(&len)
        && (dotted || in_quarter())
        && own[own.len() - len].is_ascii_digit()
        && !reader.byte_before(end - len).is_some_and(|b| b.is_ascii_alphanumeric()))
    .then_some(end - len)
}

/// The start of a street that is called by a day, whose number ends at a place: `ул. 8 Марта`, `Calle 5 de Mayo`.
fn dated_street(reader: &Reader<'_>, end: usize) -> Option<usize> {
    let own = &reader.text[reader.lo..end];
    let len = own.iter().rev().take(3).take_while(|b| b.is_ascii_digit()).count();
    let blank = reader.blank_before(end - len).filter(|_| (1..=2).contains(&len))?;
    let dotted = reader.byte_before(blank) == Some(b'.');
    let leading = reader.token_before(blank - usize::from(dotted))?;
    (leading.is(LEADING) && !is_short(&leading) && (dotted || leading.case.is_name()))
        .then_some(leading.start)
}

/// Whether it is a word of two capital letters: an abbreviation of anything.
fn is_short(token: &Token) -> bool {
    token.case == Case::Upper && token.end - token.start < 3
}

/// Where the name of a street goes on behind a word: behind the dot of `St.`, `Jr.` and `W.`, the `'s` of `Mary's`.
fn name_goes_on(reader: &Reader<'_>, token: &Token) -> usize {
    let rest = &reader.text[token.end..reader.hi];
    match rest {
        [b'.', ..] if token.end - token.start < 3 || token.case == Case::None => token.end + 1,
        [b'\'', b's', b' ', ..] => token.end + 2,
        _ if rest.starts_with("’s ".as_bytes()) => token.end + 4,
        _ => token.end,
    }
}

/// The word behind an ordinal number: 402 East 79th Street.
fn ordinal(reader: &Reader<'_>, at: usize) -> Option<usize> {
    let behind = at + digits(reader, at);
    let ending = reader.text.get(behind..(behind + 2).min(reader.hi))?;
    let ordinal = behind > at && matches!(ending, b"st" | b"nd" | b"rd" | b"th");
    ordinal.then(|| reader.blank(behind + 2)).flatten()
}

/// The end of a word before a number, behind a blank, a comma or the sign of `Nº` and `N°`.
fn name_end(reader: &Reader<'_>, at: usize) -> Option<usize> {
    let mut end = reader.blank_before(at).or_else(|| {
        // `Sok. No:12`, `Bulvarı No.152`
        let is_number = || reader.token_before(at - 1).is_some_and(|token| token.is(NUMBER));
        match reader.byte_before(at)? {
            b':' => Some(at),
            b'.' => is_number().then_some(at),
            b'#' => Some(at),
            _ => None,
        }
    })?;
    if reader.byte_before(end) == Some(b'#') {
        end = reader.blank_before(end - 1).unwrap_or(end - 1);
    }
    // `n.º 48` has two.
    for mark in ["č.p.", "č. p.", "č.", ",", "،", "º", "°", "ª", ":", "."] {
        if mark.starts_with('č') && reader.text[reader.lo..end].ends_with(mark.as_bytes()) {
            return reader.blank_before(end - mark.len());
        }
        if reader.text[reader.lo..end].ends_with(mark.as_bytes()) {
            end -= mark.len();
        }
    }
    Some(end)
}
