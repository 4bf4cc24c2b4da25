//! Family names before given names, and given names that are in no list before family names.

use super::around::{is_given, is_given_alone};
use super::{
    AND, BEARER, BEFORE, CUE, FAMILY, GIVEN, GREETING, INFLECTED, LISTED, Name, ORDINARY, PARTICLE, PLACE,
    People, STOP, THING, TITLES,
};
use crate::sequence::{Case, LONGEST_LEAD, Reader, Token};

/// Letters of a family name in capitals that is no abbreviation.
const LEAST_CAPITALS: usize = 4;

/// What mails and tickets have before addresses.
const HEADERS: [&str; 42] = [
    "From",
    "To",
    "Cc",
    "CC",
    "Bcc",
    "Sender",
    "Reply-To",
    "Requester",
    "Assignee",
    "Assigned to",
    "Reporter",
    "Von",
    "An",
    "Kopie",
    "De",
    "À",
    "Pour",
    "Para",
    "A",
    "Da",
    "Van",
    "Aan",
    "Från",
    "Till",
    "Kopia",
    "Fra",
    "Til",
    "Kopi",
    "Lähettäjä",
    "Vastaanottaja",
    "Od",
    "Do",
    "DW",
    "Komu",
    "Feladó",
    "Címzett",
    "Către",
    "Kimden",
    "Kime",
    "От",
    "Кому",
    "Копия",
];

impl People {
    /// The family name before a given name alone, if it is in capitals or parted by a comma: `FORSBERG Nils`, `Krüger, Max`.
    pub(super) fn family_in_front(&self, reader: &Reader<'_>, name: &Name) -> Option<Token> {
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
                || letters < LEAST_CAPITALS
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
        let mut family = reader.token_before(blank - 1)?;
        // Le Goff, Karim
        if let Some(particle) = self.particles_before(reader, family.start) {
            family.start = particle;
        }
        let borne = is_behind_bearer(reader, family.start);
        let ended = match &reader.text[given.end..reader.hi] {
            [] => true,
            [b'\n' | b'\r' | b';' | b'"' | b')' | b'|', ..] => true,
            [b',', b' ', next, ..] => next.is_ascii_lowercase() || next.is_ascii_digit(),
            [b' ', b' ' | b'<' | b'(' | b'|', ..] => true,
            [b' ' | b'.', ..] => borne,
            _ => false,
        };
        let capitals = family.case == Case::Upper && family.end - family.start >= LEAST_CAPITALS;
        // Behind the header of a mail, what is no family name elsewhere is one: `To: Winter, Jason`.
        let headed = || is_behind_header(reader, family.start);
        let sure = family.is(FAMILY)
            || (is_given_alone(&given) || capitals) && family.class == 0
            || (family.class == 0 || family.is(LISTED)) && headed();
        // Richter, Ulrike
        let titled = family.is(TITLES) && !family.is(FAMILY);
        (ended
            && (family.case == Case::Capital || capitals)
            && sure
            && !titled
            && !family.is(STOP | PLACE | BEFORE | GREETING | THING)
            && (borne || is_entry(reader, family.start)))
        .then_some(family)
    }

    /// The capitalised word before a family name, if it may be a given name that is in no list.
    pub(super) fn unlisted_given(&self, reader: &Reader<'_>, name: &Name) -> Option<Token> {
        let first = name.first;
        let capitals = first.case == Case::Upper && first.end - first.start > 3;
        // `Techniker Günter Hölzl`, `Megjelent Tóth Mária` have theirs.
        let has_given = name.second.is_some_and(|second| {
            let whole = first.is(GIVEN) || second.is(GIVEN) && !second.is(ORDINARY);
            whole && !reader.is_code_before(first.start)
        });
        if !first.is(FAMILY)
            || first.is(ORDINARY)
            || has_given
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
        let odd = LISTED | ORDINARY | TITLES | GREETING | CUE | BEARER | PLACE | BEFORE | STOP;
        // `Move ISAAC to`: beside capitals any word may stand, so what follows is no sentence.
        let goes_on = || {
            let next = reader.blank(name.end).and_then(|next| reader.token(next));
            next.is_some_and(|next| next.case == Case::Lower) && !is_entry(reader, token.start)
        };
        let alone = capitals && (first.is(GIVEN) || goes_on());
        // Janou Růžičkovou
        let is_odd = token.is(odd) && !token.is(INFLECTED) || first.is(INFLECTED) && !token.is(GIVEN);
        (token.case == Case::Capital && !is_odd && !alone && !reader.is_code_before(token.start))
            .then_some(token)
    }
}

/// The end of the initials behind a family name where an entry of a list begins with it, or what people alone are stands
/// before: `Doyle, K.`, `witness Doyle K. M.`
pub(super) fn initials_in_entry(reader: &Reader<'_>, name: &Name) -> Option<usize> {
    const MOST_INITIALS: usize = 3;
    let family = name.first;
    let odd = ORDINARY | STOP | PLACE | BEFORE | TITLES | THING | INFLECTED;
    if name.second.is_some() || !family.is(FAMILY) || family.is(odd) || !family.case.is_name() {
        return None;
    }
    let comma = reader.byte(family.end) == Some(b',');
    if family.is(GIVEN) && !comma {
        return None;
    }
    let mut end = family.end + usize::from(comma);
    let mut found = None;
    for _ in 0..MOST_INITIALS {
        let blank = reader.blank(end).or(found.map(|_| end));
        let initial = blank.and_then(|at| reader.token(at)).filter(|token| token.case == Case::Initial);
        let Some(initial) = initial.filter(|initial| reader.byte(initial.end) == Some(b'.')) else { break };
        end = initial.end + 1;
        found = Some(end);
    }
    let goes_on = || {
        let next = reader.blank(end).and_then(|next| reader.token(next));
        next.is_some_and(|next| next.case.is_name() && next.is(LISTED))
    };
    let told = is_entry(reader, family.start) || is_behind_bearer(reader, family.start);
    found.filter(|_| told && !goes_on())
}

/// Whether a family name and a comma come before a given name, and something that is no name behind them: an
/// enumeration has more.
pub(super) fn is_family_first(reader: &Reader<'_>, first: &Token) -> bool {
    let is_family = first.is(FAMILY) && !first.is(ORDINARY | STOP | PLACE | BEFORE | TITLES);
    let given = || reader.blank(first.end + 1).and_then(|next| reader.token(next)).filter(is_given);
    let at_start = || match reader.text[reader.lo..first.start].trim_ascii_end() {
        [] => true,
        before => {
            reader.byte_before(first.start) == Some(b'\n')
                || before.ends_with(b";")
                || before.ends_with(b":")
                || !first.is(GIVEN) && is_behind_bearer(reader, first.start)
        }
    };
    // `Mme Fontaine, Yuki Moreau` are two.
    let titled = || {
        let before = reader.blank_before(first.start)?;
        let before = if reader.byte_before(before) == Some(b'.') { before - 1 } else { before };
        reader.token_before(before).filter(|word| word.is(TITLES) || word.case == Case::Initial)
    };
    first.case == Case::Capital
        && is_family
        && titled().is_none()
        && given().is_some_and(|given| !given.is(FAMILY) || at_start())
        && !(first.is(GIVEN) && given().is_some_and(|given| is_in_enumeration(reader, given.end)))
        && (!first.is(GIVEN) || at_start())
}

/// Whether an enumeration of capitalised words goes on: `Billy, Ingolf, Klippan and Malm`.
fn is_in_enumeration(reader: &Reader<'_>, end: usize) -> bool {
    reader.text[end..reader.hi].starts_with(b", ")
        && reader.token(end + 2).is_some_and(|next| next.case == Case::Capital)
}

/// Whether the header of a mail or of a ticket stands before in its line, perhaps with other addresses.
fn is_behind_header(reader: &Reader<'_>, start: usize) -> bool {
    const LONGEST: usize = 96;
    let before = &reader.text[start.saturating_sub(LONGEST).max(reader.lo)..start];
    let line = memchr::memrchr(b'\n', before).map_or(before, |newline| &before[newline + 1..]);
    let Some(colon) = memchr::memchr(b':', line) else { return false };
    std::str::from_utf8(&line[..colon]).is_ok_and(|label| HEADERS.contains(&label.trim()))
}

/// Whether what people alone are stands right before: `Paciente Nieto, Amparo`.
fn is_behind_bearer(reader: &Reader<'_>, start: usize) -> bool {
    let before = reader.blank_before(start).and_then(|end| reader.token_before(end));
    before.is_some_and(|word| word.is(BEARER))
}

/// Whether an entry of a list begins there.
pub(super) fn is_entry(reader: &Reader<'_>, start: usize) -> bool {
    let before = &reader.text[reader.lo..start];
    let marks = [&b"\n"[..], b": ", b":** ", b"; ", b", ", b"\"", b"- ", b"| ", b"\t", b"(", b"  "];
    before.is_empty() || marks.into_iter().any(|mark| before.ends_with(mark)) || is_counted(before)
}

/// Whether a text ends with the number of an entry: `12. `.
fn is_counted(before: &[u8]) -> bool {
    const MOST_DIGITS: usize = 4;
    let Some(number) = before.strip_suffix(b". ").or_else(|| before.strip_suffix(b") ")) else {
        return false;
    };
    let digits = number.iter().rev().take(MOST_DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && matches!(number[..number.len() - digits], [] | [.., b'\n' | b' '])
}

/// The end of two initials behind a family name in Cyrillic letters, where those are written so: `Зуев Т. С.`
pub(super) fn initials_behind(reader: &Reader<'_>, name: &Name) -> Option<usize> {
    let family = name.first;
    if name.second.is_some() || !name.inside || !family.is(FAMILY) || family.is(ORDINARY | STOP | PLACE) {
        return None;
    }
    let initial = |at: usize| {
        let at = reader.blank(at).unwrap_or(at);
        let token = reader.token(at).filter(|token| token.case == Case::Initial)?;
        (token.end - token.start > 1 && reader.byte(token.end) == Some(b'.')).then_some(token.end + 1)
    };
    initial(family.end).and_then(initial)
}
