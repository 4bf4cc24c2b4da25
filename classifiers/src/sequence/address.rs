//! Street addresses: a house number beside a street whose words say that it is one, and post boxes. The postal code and
//! the town that follow belong to it.

mod lead;
mod rest;
mod unspaced;

use domesday_model::DetectorId;
use serde::Deserialize;

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
/// Digits of a house number.
const MOST_DIGITS: usize = 5;
/// Bytes between the word for a post box and the last group of its number.
const LONGEST_BOX: usize = 12;
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
        let street = match text[at].is_ascii_digit() {
            true => self.number_last(&reader, at)?,
            false if is_number_word(&text[at..hi]) => {
                let comma = usize::from(text[at + 3] == b',');
                self.number_first(&reader, at + 4 + comma)?
            }
            false if text[at].is_ascii_lowercase() && !self.may_lead(&text[..hi], at) => return None,
            false => self.number_first(&reader, at)?,
        };
        let Street { mut start, mut end, mut points } = street;
        let dated = is_year(&reader.text[start..]);
        if dated {
            points -= self.points.name + self.points.cue;
        }
        // `Figure 12 shows`: what no word makes a street needs a town.
        if points + self.points.cue < LEAST_SEQUENCE
            && !matches!(
                text[end..hi],
                [] | [b',' | b'\n' | b'\r', ..]
                    | [b' ', b'0'..=b'9' | b'#' | b'-', ..]
                    | [b' ', b'A'..=b'Z', b' ' | b',' | b'\n', ..]
            )
        {
            return None;
        }
        let rest = self.rest(&reader, end, !dated && points >= self.points.street);
        end = rest.end;
        let own = |holds: bool, points: i32| if holds { points } else { 0 };
        points += own(rest.unit, self.points.unit) + own(rest.town, self.points.town);
        points += own(rest.known, self.points.known_town);
        let (led, has_unit) = self.lead(&reader, start, rest.town || rest.unit);
        start = led;
        points += own(has_unit && !rest.unit, self.points.unit);
        points += own(self.is_announced(&reader, start), self.points.cue);
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
            if token.is(STREETS) && i > 0 {
                let abbreviated = reader.byte(token.end) == Some(b'.') && token.end - token.start <= 4;
                best = Some((token, token.end + usize::from(abbreviated), ordinary));
            }
            ordinary += usize::from(token.is(ORDINARY));
            let behind = name_goes_on(reader, &token);
            let blank = reader.blank(behind).map(|next| ordinal(reader, next).unwrap_or(next));
            // एम.जी. रोड
            next = blank.or_else(|| (behind > token.end && token.case == Case::None).then_some(behind));
        }
        if let Some((token, end, ordinary)) = best {
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
            let Some(token) = reader.blank(at).and_then(|next| reader.token(next)) else { break };
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
        let mut last = reader.token_before(behind)?;
        if last.is(NUMBER) && !last.is(STREETS) {
            behind = name_end(reader, last.start)?;
            last = reader.token_before(behind)?;
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
            return self.post_box(reader, last).map(|start| Street {
                start,
                end,
                points: self.points.street + self.points.name,
            });
        }
        if last.is(UNIT) && last.case == Case::Capital {
            return self.unit_first(reader, last.start, end);
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
        if last.case.is_name() && last.is(NUMBERED) {
            // Bundesstraße 5: a place of an accident, unless a town follows.
            return Some(Street { start: last.start, end, points: self.points.doubtful - self.points.name });
        }
        if last.case.is_name() && !ordinary && ends(&self.suffixes) {
            return Some(Street { start: last.start, end, points: self.points.street + self.points.name });
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
            let street = Street { start: last.start, end, points };
            (last.case == Case::Capital && !ordinary && !last.is(STREETS | LEADINGS)).then_some(street)
        })
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
            if let Some(short) = ["C/ ", "C/"].iter().find(|short| own.ends_with(short.as_bytes())) {
                let start = at - short.len();
                return Some(Street { start, end, points: self.points.street });
            }
            let before = reader.blank_before(at)?;
            let dotted = reader.byte_before(before) == Some(b'.');
            let Some(token) = reader.token_before(before - usize::from(dotted)) else {
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
    fn post_box(&self, reader: &Reader<'_>, last: Token) -> Option<usize> {
        let written = &reader.text[last.start..last.end];
        if !written.eq_ignore_ascii_case(b"box") {
            return Some(last.start);
        }
        let before = &reader.text[reader.lo..last.start];
        let short = ["P.O. ", "PO ", "P.O ", "P. O. ", "P O "]
            .iter()
            .find(|short| before.ends_with(short.as_bytes()))?;
        Some(last.start - short.len())
    }
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

/// The start of the number of a street that is called by it, before its word.
fn numbered_street(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let end = reader.blank_before(start).filter(|end| reader.byte_before(*end) == Some(b'.'))? - 1;
    let own = &reader.text[reader.lo..end];
    let len = own.iter().rev().take(5).take_while(|b| b.is_ascii_digit()).count();
    ((1..=4).contains(&len) && !reader.byte_before(end - len).is_some_and(|b| b.is_ascii_alphanumeric()))
        .then_some(end - len)
}

/// The start of a street that is called by a day, whose number ends at a place: `ул. 8 Марта`, `Calle 5 de Mayo`.
fn dated_street(reader: &Reader<'_>, end: usize) -> Option<usize> {
    let own = &reader.text[reader.lo..end];
    let len = own.iter().rev().take(3).take_while(|b| b.is_ascii_digit()).count();
    let blank = reader.blank_before(end - len).filter(|_| (1..=2).contains(&len))?;
    let dotted = reader.byte_before(blank) == Some(b'.');
    let leading = reader.token_before(blank - usize::from(dotted))?;
    (leading.is(LEADING) && (dotted || leading.case.is_name())).then_some(leading.start)
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
            _ => None,
        }
    })?;
    for mark in [":", ",", "،", ".", "º", "°"] {
        if reader.text[reader.lo..end].ends_with(mark.as_bytes()) {
            end -= mark.len();
        }
    }
    Some(end)
}

/// Whether a text begins with a word that is a part of the number before it: 12 bis.
fn is_number_word(text: &[u8]) -> bool {
    ["bis ", "ter ", "bis, ", "ter, "].iter().any(|word| text.starts_with(word.as_bytes()))
}

/// Whether a text begins with a year, or with two.
fn is_year(text: &[u8]) -> bool {
    let digits = text.iter().take(5).take_while(|b| b.is_ascii_digit()).count();
    digits == 4 && matches!(&text[..2], b"19" | b"20")
}

/// The end of the number of the crossing street and of the house behind the number of a street.
fn crossing(reader: &Reader<'_>, end: usize) -> Option<usize> {
    let mut at = reader.blank(end)?;
    if let Some(token) = reader.token(at).filter(|token| token.is(NUMBER)) {
        at = token.end + usize::from(reader.byte(token.end) == Some(b'.'));
        at = reader.blank(at)?;
    } else if reader.byte(at)? == b'#' {
        at = reader.blank(at + 1).unwrap_or(at + 1);
    } else {
        return None;
    }
    number_end(reader, at)
}

/// Whether neither letter nor digit stands there.
fn alone(reader: &Reader<'_>, at: usize) -> bool {
    !reader.byte(at).is_some_and(|b| b.is_ascii_alphanumeric() || b >= 0x80 || b == b'_')
}

fn digits(reader: &Reader<'_>, at: usize) -> usize {
    (0..8).take_while(|i| reader.byte(at + i).is_some_and(|b| b.is_ascii_digit())).count()
}

/// The end of a house number: 12, 12a, 12 b, 12-14, 12/3, 7 m. 4.
fn number_end(reader: &Reader<'_>, at: usize) -> Option<usize> {
    let len = digits(reader, at);
    if !(1..=MOST_DIGITS).contains(&len) {
        return None;
    }
    let mut end = at + len;
    let alone = |end: usize| alone(reader, end);
    if reader.byte(end).is_some_and(|b| b.is_ascii_alphabetic()) && alone(end + 1) {
        end += 1;
    }
    if matches!(reader.byte(end), Some(b'-' | b'/')) {
        let more = digits(reader, end + 1);
        if (1..=4).contains(&more) {
            let letter = reader.byte(end + 1 + more).is_some_and(|b| b.is_ascii_alphabetic());
            end += 1 + more + usize::from(letter && alone(end + 2 + more));
            // Of a house, a staircase and a door: 52/4/17.
            let door = if reader.byte(end) == Some(b'/') { digits(reader, end + 1) } else { 0 };
            end += if (1..=3).contains(&door) && len <= 3 && alone(end + 1 + door) { 1 + door } else { 0 };
        } else if reader.byte(end + 1).is_some_and(|b| b.is_ascii_alphabetic()) && alone(end + 2) {
            end += 2;
        } else {
            // Kerkweg 30-II
            let floor = (1..4).take_while(|i| matches!(reader.byte(end + i), Some(b'I' | b'V'))).count();
            end += if floor > 0 && alone(end + 1 + floor) { 1 + floor } else { 0 };
        }
    }
    // `12.5`, `12:30`, `12%`
    let goes_on = match reader.byte(end) {
        Some(b'.' | b':' | b'/' | b'-' | b',') => digits(reader, end + 1) > 0,
        Some(b'%' | b'=' | b'(' | b'_') => true,
        _ => !alone(end),
    };
    (!goes_on).then_some(end)
}

/// The start of the number before a word: 42, 42a, 42-44, 12 bis.
fn number_before(reader: &Reader<'_>, at: usize) -> Option<usize> {
    let mut end = reader.blank_before(at)?;
    if reader.byte_before(end) == Some(b',') {
        end -= 1;
    }
    for word in ["bis", "ter"] {
        if reader.text[reader.lo..end].ends_with(word.as_bytes()) {
            end -= word.len();
            end = reader.blank_before(end).unwrap_or(end);
        }
    }
    if reader.byte_before(end).is_some_and(|b| b.is_ascii_alphabetic()) {
        end -= 1;
    }
    let group = |end: usize| {
        let own = &reader.text[reader.lo..end];
        own.iter().rev().take(MOST_DIGITS + 1).take_while(|b| b.is_ascii_digit()).count()
    };
    let len = group(end);
    if !(1..=MOST_DIGITS).contains(&len) {
        return None;
    }
    let mut start = end - len;
    if matches!(reader.byte_before(start), Some(b'-' | b'/')) {
        let more = group(start - 1);
        if !(1..=MOST_DIGITS).contains(&more) {
            return None;
        }
        start -= 1 + more;
    }
    let odd = reader.byte_before(start).is_some_and(|b| {
        b.is_ascii_alphanumeric()
            || b >= 0x80
            || matches!(b, b'.' | b'_' | b'=' | b'/' | b'-' | b'+' | b'$' | b'<' | b'~')
    });
    // `, 12` behind a number is a part of it.
    (!odd).then_some(start)
}
