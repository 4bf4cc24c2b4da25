//! The words of a name, as they follow each other.

use super::around::{is_called, is_given, is_given_alone};
use super::inverted::is_family_first;
use super::{
    AND, BEARER, BEFORE, CUE, DATED, FAMILY, FRONT, GIVEN, HONORIFIC, LISTED, MARKED_FRONT, MOST_NAMES,
    NAMED, Name, ORDINARY, PARTICLE, PLACE, People, STOP, TITLES,
};
use crate::sequence::{Case, Reader, Token};

/// Bytes that names in scripts without case exceed.
const SHORTEST_WORD: usize = 4;
/// Words of a name behind its first, particles among them.
const MOST_MORE: usize = 6;

/// Bytes of the longest syllable of a Vietnamese name: `Nghiêm`, `Nguyễn`.
const LONGEST_SYLLABLE: usize = 9;

/// Bytes of a Vietnamese name behind the family name in which a letter may tell that it is one.
const MOST_BEHIND: usize = 24;

/// The word with the next one where they are one name: a servant, and of whom, `عبد الرحمن`.
fn with_master(reader: &Reader<'_>, token: Token) -> Token {
    const SERVANT: &str = "عبد";
    const ARTICLE: &str = "ال";
    let written = |token: &Token| &reader.text[token.start..token.end];
    if token.case != Case::None || written(&token) != SERVANT.as_bytes() {
        return token;
    }
    let next = reader.blank(token.end).and_then(|at| reader.token(at));
    let master = next.filter(|next| written(next).starts_with(ARTICLE.as_bytes()));
    master.map_or(token, |master| Token { end: master.end, class: GIVEN | FAMILY, ..token })
}

impl People {
    /// Reads on from the first word of a name.
    pub(super) fn name(&self, reader: &Reader<'_>, first: Token) -> Name {
        let first = with_master(reader, first);
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
            let Some(mut next) = reader.blank(at) else { break };
            // Jeroen 't Hart
            if ["'t ", "’t "]
                .iter()
                .any(|particle| reader.text[next..reader.hi].starts_with(particle.as_bytes()))
            {
                next += if reader.text[next] == b'\'' { 3 } else { 5 };
                particles = true;
            }
            // Claire d'Aubigny
            if let Some(name) = behind_elided(reader, next) {
                next = name;
                particles = true;
            }
            // Robert "Bob" Doyle
            if let Some(behind) = behind_nickname(reader, &name, next) {
                next = behind;
            }
            let Some(token) = reader.token(next) else { break };
            let token = with_master(reader, token);
            // `ANNA KELLER A LA PLANTA`: where all is in capitals, they do not tell what goes on with a name.
            let shouted = first.case == Case::Upper
                && first.is(GIVEN)
                && name.second.is_some_and(|second| second.is(FAMILY) && !second.is(PARTICLE));
            if token.case == Case::Initial {
                let dot = reader.byte(token.end) == Some(b'.');
                if name.names == MOST_NAMES || !dot && (shouted || reader.blank(token.end).is_none()) {
                    break;
                }
                name.inside = true;
                at = token.end + usize::from(dot);
                continue;
            }
            // محمد بن سعيد
            if token.case == Case::None && first.case == Case::None && token.is(PARTICLE) {
                particles = true;
                at = token.end;
                continue;
            }
            if token.case == Case::Lower {
                // `Irmgard und Volker`, `Herr Weber und Anna Koch`; `Ortega y Gasset` is one.
                let joins = || is_joining(reader, &name, &token);
                if !token.is(PARTICLE) || token.is(AND) && joins() || is_over(reader, &name, &token) {
                    break;
                }
                particles = true;
                at = token.end;
                continue;
            }
            // Ayşegül Hanım
            if token.is(HONORIFIC) && token.case == Case::Capital && name.second.is_none() {
                break;
            }
            // Gianluca Di Stefano
            let is_particle =
                token.is(PARTICLE) && (token.is(ORDINARY) && !token.is(FAMILY) || !token.is(LISTED));
            if is_particle && token.case == Case::Capital {
                particles = true;
                at = token.end;
                continue;
            }
            let fits = match first.case {
                Case::None => {
                    let goes_on = name.names == 1 || particles || !token.is(ORDINARY);
                    token.case == Case::None && token.is(LISTED) && goes_on
                }
                _ => token.case.is_name(),
            };
            let in_front = self.is_front(reader, &first, &token);
            let named = is_family_of(reader, &name, &token);
            let foreign = token.is(PLACE) && !named
                || token.is(STOP) && !named && !in_front && !is_called(reader, &token)
                || token.is(ORDINARY) && !token.is(FAMILY) && !in_front && !named
                || shouted && token.case == Case::Upper && !token.is(LISTED);
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

    /// With the word behind a name of one in a script without case, where a phrase ends behind it: no capital letter tells
    /// that it is a part of the name.
    pub(super) fn to_end_of_phrase(&self, reader: &Reader<'_>, name: &Name) -> Option<Name> {
        if name.first.case != Case::None || name.second.is_some() {
            return None;
        }
        let next = reader.token(reader.blank(name.end)?)?;
        let odd = STOP | PLACE | BEFORE | TITLES | ORDINARY | CUE;
        let ends = match reader.byte(next.end) {
            None => true,
            Some(byte) if byte.is_ascii() => matches!(byte, b',' | b'.' | b';' | b')' | b'(' | b'\n' | b'\r'),
            Some(_) => reader.letter_at(next.end).is_none(),
        };
        (next.case == Case::None && !next.is(odd) && ends && next.end - next.start > SHORTEST_WORD)
            .then_some(Name { second: Some(next), names: 2, end: next.end, ..*name })
    }

    /// Whether two words are a family name that stands in front and a syllable behind it. One of [`MARKED_FRONT`] has its
    /// diacritics, or the name has a letter that only Vietnamese has.
    pub(super) fn is_front(&self, reader: &Reader<'_>, first: &Token, next: &Token) -> bool {
        if !first.is(FRONT | MARKED_FRONT) || !next.case.is_name() || next.end - next.start > LONGEST_SYLLABLE
        {
            return false;
        }
        if first.is(FRONT) {
            return true;
        }
        let family = &reader.text[first.start..first.end];
        if !family.is_ascii() {
            return std::str::from_utf8(family)
                .is_ok_and(|word| self.marked_fronts.contains(&word.to_lowercase()));
        }
        let is_vietnamese =
            |pair: &[u8]| matches!(pair, [0xE1, 0xBA | 0xBB] | [0xC6, 0xA0 | 0xA1 | 0xAF | 0xB0]);
        let end = reader.hi.min(first.end + MOST_BEHIND);
        let name = reader.text[first.end..end].split(|byte| b",.;:\r\n".contains(byte)).next();
        name.is_some_and(|name| name.windows(2).any(is_vietnamese))
    }

    /// Where the particles before `start` begin.
    pub(super) fn particles_before(&self, reader: &Reader<'_>, start: usize) -> Option<usize> {
        let mut begin = None;
        for _ in 0..2 {
            let before = reader.blank_before(begin.unwrap_or(start)).and_then(|end| reader.token_before(end));
            // sig.ra Di Benedetto
            let may_be = |token: &Token| match token.case {
                Case::Lower => true,
                Case::Capital => begin.is_none() && !token.is(GIVEN),
                _ => false,
            };
            let Some(token) = before.filter(|token| token.is(PARTICLE) && may_be(token)) else { break };
            begin = Some(token.start);
        }
        begin
    }

    /// Where the initials before `start` begin.
    pub(super) fn initials(&self, reader: &Reader<'_>, start: usize) -> Option<usize> {
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
}

/// Whether a word that is a place or a direction as well is the family name of somebody whose given name is nothing else:
/// `Tiffany North`, and no `Tiffany North Station`, nor `at Tiffany Hall`.
fn is_family_of(reader: &Reader<'_>, name: &Name, word: &Token) -> bool {
    let next = || reader.blank(word.end).and_then(|next| reader.token(next));
    let led = || reader.blank_before(name.first.start).and_then(|end| reader.token_before(end));
    word.is(NAMED)
        && word.case == Case::Capital
        && is_given_alone(&name.first)
        && name.names == 1
        && !next().is_some_and(|next| next.case.is_name())
        && !led()
            .is_some_and(|led| led.case.is_name() && !led.is(BEARER | CUE | TITLES) || led.is(BEFORE | DATED))
}

/// Where the rest of a family name begins behind an elided particle: `d'Aubigny`.
pub(super) fn behind_elided(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let text = &reader.text[start..reader.hi];
    let mark = ["d'", "d’"].into_iter().find(|mark| text.starts_with(mark.as_bytes()))?;
    let rest = start + mark.len();
    reader.token(rest).is_some_and(|token| token.case == Case::Capital).then_some(rest)
}

/// Where the family name begins behind a nickname in quotes or brackets that begins at `start`.
fn behind_nickname(reader: &Reader<'_>, name: &Name, start: usize) -> Option<usize> {
    let marks = [("\"", "\""), ("(", ")"), ("“", "”"), ("‘", "’"), ("'", "'")];
    let text = &reader.text[..reader.hi];
    let (open, close) = marks.into_iter().find(|(open, _)| text[start..].starts_with(open.as_bytes()))?;
    let nick = reader.token(start + open.len()).filter(|nick| nick.case == Case::Capital)?;
    let closed = text[nick.end..].starts_with(close.as_bytes()) && is_given(&name.first) && name.names == 1;
    let next = reader.blank(nick.end + close.len()).filter(|_| closed)?;
    let family = reader.token(next)?;
    (family.is(FAMILY) && !family.is(ORDINARY) && family.case.is_name()).then_some(next)
}

/// Whether a particle stands behind a whole name and before no part of it: `Lotta Bergmeier zu Besuch`.
fn is_over(reader: &Reader<'_>, name: &Name, particle: &Token) -> bool {
    let mut next = reader.blank(particle.end).and_then(|next| reader.token(next));
    for _ in 0..2 {
        let Some(token) = next.filter(|token| token.case == Case::Lower && token.is(PARTICLE)) else { break };
        next = reader.blank(token.end).and_then(|next| reader.token(next));
    }
    (name.second.is_some() || particle.is(AND))
        && next.is_none_or(|next| !next.is(FAMILY) || next.is(ORDINARY))
}

/// Whether `and` stands before another person: a given name alone comes before or any given name behind.
pub(super) fn is_joining(reader: &Reader<'_>, name: &Name, and: &Token) -> bool {
    let next = reader.blank(and.end).and_then(|next| reader.token(next));
    // `Ortega y Gasset`, `Puig i Cadafalch`
    let of_family = matches!(reader.text[and.start..and.end], [b'y' | b'i']);
    // `Vito Gatti e Rocco Ricci`: both are whole.
    let is_whole = |given: &Token| {
        let family = reader.blank(given.end).and_then(|next| reader.token(next));
        name.second.is_some() && family.is_some_and(|family| family.case.is_name() && family.is(FAMILY))
    };
    name.names == 1 && (!of_family || is_given(&name.first) && !name.first.is(FAMILY))
        || next.is_some_and(|next| is_given(&next) && (!next.is(FAMILY) || is_whole(&next)))
}
