//! Names of which only initials and a word that is in no list stand: what is said before or behind them tells that they are
//! those of people.

use super::{
    ALONE, AND, BEARER, BEFORE, CUE, FAMILY, INFLECTED, Name, ORDINARY, PARTICLE, PLACE, PREPOSITION, People,
    STOP, THING, TITLES,
};
use crate::sequence::{Case, Reader, Sequel, Token};

/// Initials of a name.
const MOST_INITIALS: usize = 3;
/// Particles behind them.
const MOST_PARTICLES: usize = 3;
/// Bytes of the family name.
const LEAST_FAMILY: usize = 4;

impl People {
    /// The name whose first initial stands at `start`: `L. von Eschenbach`, `witness Q. Brunnhölzl`.
    pub(super) fn initialled(&self, reader: &Reader<'_>, start: usize) -> Option<Sequel> {
        if reader.is_code_before(start) {
            return None;
        }
        let mut at = start;
        let mut initials = 0;
        while initials < MOST_INITIALS {
            let letter = reader.token(at).filter(|token| token.case == Case::Initial);
            let Some(letter) = letter.filter(|letter| reader.byte(letter.end) == Some(b'.')) else { break };
            initials += 1;
            at = reader.blank(letter.end + 1).unwrap_or(letter.end + 1);
        }
        // `S.Reals` is code.
        reader.blank_before(at)?;
        let mut led = false;
        let mut family = reader.token(at).filter(|_| initials > 0)?;
        for _ in 0..MOST_PARTICLES {
            // N. in 't Veld
            let tied = reader.text[family.end..reader.hi].starts_with(b" 't ");
            let particle = family.is(PARTICLE) && !family.is(AND);
            // S. El Amrani
            let goes_on = || {
                let next = reader.blank(family.end).and_then(|next| reader.token(next));
                next.is_some_and(|next| next.case == Case::Capital && next.is(FAMILY))
            };
            if !particle || family.case != Case::Lower && !goes_on() {
                break;
            }
            led = true;
            let next = family.end + if tied { " 't ".len() } else { reader.blank(family.end)? - family.end };
            family = reader.token(next)?;
        }
        let odd = STOP | PLACE | BEFORE | TITLES;
        if family.case != Case::Capital
            || family.end - family.start < LEAST_FAMILY
            || family.is(odd)
            || family.is(ORDINARY) && !family.is(FAMILY)
        {
            return None;
        }
        let name = self.name(reader, family);
        let own = Name { first: Token { start, ..family }, ..name };
        let told = led
            || is_behind_person(reader, start)
            || is_aged(&reader.text[name.end..reader.hi])
            || self.is_behind_initialled(reader, start);
        (told && name.next & PLACE == 0 && name.names < MOST_INITIALS)
            .then(|| self.sequel(reader, &own, self.points.alone))?
    }
}

impl People {
    /// Whether another family name with initials comes before in an enumeration: `N. Gatti and H. Fields`.
    fn is_behind_initialled(&self, reader: &Reader<'_>, start: usize) -> bool {
        let Some(before) = reader.text[reader.lo..start].strip_suffix(b" ") else { return false };
        let end = match before {
            [.., b',' | b';' | b'/'] => start - 2,
            _ => match reader.token_before(start - 1).filter(|and| and.is(AND)) {
                Some(and) => reader.blank_before(and.start).unwrap_or(start),
                None => return false,
            },
        };
        let end = reader.blank_before(end).unwrap_or(end);
        let other = reader.token_before(end).filter(|other| other.case == Case::Capital);
        other.is_some_and(|other| other.is(FAMILY) && self.initials(reader, other.start).is_some())
    }

    /// The name whose initial has no full stop, as an entry of a list: `Present: G Sinclair, K Patel`. `A` and `I` are words.
    pub(super) fn undotted(&self, reader: &Reader<'_>, start: usize) -> Option<Sequel> {
        let led = [&b": "[..], b", ", b"; "].iter().any(|mark| reader.text[reader.lo..start].ends_with(mark));
        if !led || matches!(reader.text[start], b'A' | b'I') {
            return None;
        }
        let family = reader.token(reader.blank(start + 1)?)?;
        let odd = ORDINARY | STOP | PLACE | BEFORE | TITLES | THING | INFLECTED;
        let ends = reader.byte(family.end).is_none_or(|b| b",;.)\r\n".contains(&b));
        let is_name = family.is(FAMILY) && !family.is(odd) && family.case == Case::Capital && ends;
        let name = Name { first: Token { start, ..family }, ..self.name(reader, family) };
        (is_name && name.end == family.end).then(|| self.sequel(reader, &name, self.points.alone))?
    }
}

/// Whether what is said of people stands right before.
fn is_behind_person(reader: &Reader<'_>, start: usize) -> bool {
    reader.word_before(start).is_some_and(|word| {
        let gap = &reader.text[word.end..start];
        matches!(gap, b" " | b": " | b" : " | b". ")
            && word.is(CUE | ALONE | BEARER | TITLES)
            && !word.is(PREPOSITION)
    })
}

/// Whether an age follows: `, 71,`.
fn is_aged(rest: &[u8]) -> bool {
    matches!(rest, [b',', b' ', b'1'..=b'9', b'0'..=b'9', b',' | b' ' | b')', ..])
        || matches!(rest, [b' ', b'(', b'1'..=b'9', b'0'..=b'9', b')' | b',', ..])
}
