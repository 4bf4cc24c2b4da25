//! Addresses that are read from their postal code backwards: those of the United Kingdom whose house has a name alone (`The Old
//! Rectory, Church Lane, Much Wenlock TF13 6HP`), and those of India, whose parts have numbers of their own (`4/83, 4th Cross,
//! Indiranagar, Bengaluru - 560038`).

use super::numbers::{alone, digits};
use super::{
    Addresses, BUILDING, CUE, Case, DISTRICT, DOUBTFUL_STREET, LINK, NUMBER, Reader, STREET, Sequel, TOWN,
    UNIT,
};

/// Parts of an address before its code.
const MOST_PARTS: usize = 7;
/// Words of a part.
const MOST_WORDS: usize = 5;
/// Digits of a PIN, the postal code of India.
const PIN: usize = 6;

/// What a code says of the address before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Code {
    Kingdom,
    India,
}

/// A part of an address, between commas.
#[derive(Clone, Copy, Default, Debug)]
struct Part {
    start: usize,
    /// Where its first word begins.
    name: usize,
    end: usize,
    words: usize,
    has_number: bool,
    begins_with_number: bool,
    is_street: bool,
    may_be_street: bool,
    is_building: bool,
    /// Nothing but another part can stand before it.
    is_open: bool,
}

impl Addresses {
    /// The address that ends with the postal code of which the last group of digits begins at `at`.
    pub(super) fn before_code(&self, reader: &Reader<'_>, at: usize) -> Option<Sequel> {
        let (code, start, end) = code_around(reader, at)?;
        let town = part_before(reader, before_code(reader, start, code)?)?;
        if town.words == 0 || town.has_number && code == Code::Kingdom {
            return None;
        }
        let (mut first, mut count) = (None, 0);
        let (mut street, mut known) = (false, self.is_town(reader, &town));
        let mut last = town;
        while last.is_open && count < MOST_PARTS {
            let Some(part) = reader_before(reader, last.start).and_then(|end| part_before(reader, end))
            else {
                break;
            };
            count += 1;
            let is_house = part.begins_with_number || part.is_building;
            match code {
                // A house, its street, a village and a county at most.
                Code::Kingdom if street && !is_house => break,
                Code::Kingdom if !street && count > 3 => return None,
                _ => (),
            }
            known |= count < 3 && self.is_town(reader, &part);
            street |= part.is_street
                || part.may_be_street && (code == Code::India || known || part.begins_with_number);
            if is_house || part.is_street || part.may_be_street && street {
                first = Some(part);
            }
            last = part;
            if part.begins_with_number && (street || code == Code::India && part.words == 0) {
                break;
            }
        }
        let first = first?;
        let fits = match code {
            Code::Kingdom => street,
            // `12/3, Civil Lines, Prayagraj - 211001`
            Code::India => {
                let is_dashed = reader.text[town.end..start].contains(&b'-');
                let is_house = first.words > 0 || reader.text[first.start..first.end].contains(&b'/');
                first.begins_with_number && count > 1 && (known || street || is_dashed && is_house)
            }
        };
        let points = self.points.street + self.points.town;
        let odd = reader.is_code_before(first.start) || reader.is_code_behind(end);
        (fits && !odd).then_some(Sequel { start: first.start, end, points, listed: false })
    }

    /// Whether a part is the name of a listed town.
    fn is_town(&self, reader: &Reader<'_>, part: &Part) -> bool {
        let name = std::str::from_utf8(&reader.text[part.name..part.end]).unwrap_or_default();
        self.words.of(name) & TOWN != 0
    }
}

/// The kind and place of a postal code of which the last group of digits begins at `at`.
fn code_around(reader: &Reader<'_>, at: usize) -> Option<(Code, usize, usize)> {
    let len = digits(reader, at);
    if len == PIN && alone(reader, at + PIN) && matches!(reader.byte(at), Some(b'1'..=b'8')) {
        return Some((Code::India, at, at + PIN));
    }
    let is_upper = |at: usize| reader.byte(at).is_some_and(|b| b.is_ascii_uppercase());
    if len != 1 || !is_upper(at + 1) || !is_upper(at + 2) || !alone(reader, at + 3) {
        return None;
    }
    let end = reader.blank_before(at)?;
    let own = &reader.text[reader.lo..end];
    let len = own.iter().rev().take(5).take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
    let outward = &own[own.len() - len..];
    let letters = outward.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let is_outward = (2..=4).contains(&len)
        && (1..=2).contains(&letters)
        && outward[letters..].first().is_some_and(u8::is_ascii_digit);
    let start = end - len;
    (is_outward && !reader.byte_before(start).is_some_and(|b| b.is_ascii_alphanumeric())).then_some((
        Code::Kingdom,
        start,
        at + 3,
    ))
}

/// Where what stands before a code ends, behind a blank, a comma or a dash.
fn before_code(reader: &Reader<'_>, start: usize, code: Code) -> Option<usize> {
    let own = |end: usize| &reader.text[reader.lo..end];
    let trimmed = |end: usize| reader.lo + own(end).trim_ascii_end().len();
    let mut end = trimmed(start);
    for mark in [",", "-", "–", "—"] {
        let fits = mark == "," || code == Code::India;
        if fits && own(end).ends_with(mark.as_bytes()) {
            end = trimmed(end - mark.len());
            break;
        }
    }
    (end < start).then_some(end)
}

/// Where the part before one that begins at `start` ends, behind a comma or the end of a line.
fn reader_before(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let own = reader.text[reader.lo..start].trim_ascii_end();
    let between = &reader.text[reader.lo + own.len()..start];
    match own {
        [.., b','] => Some(reader.lo + own.len() - 1),
        _ => between.contains(&b'\n').then_some(reader.lo + own.len()),
    }
}

/// The part that ends at `end`: words with capital letters and numbers, with blanks between them.
fn part_before(reader: &Reader<'_>, end: usize) -> Option<Part> {
    let mut part = Part { start: end, name: end, end, ..Part::default() };
    let mut at = end;
    for _ in 0..=MOST_WORDS {
        let own = &reader.text[reader.lo..at];
        let group = |b: &&u8| b.is_ascii_alphanumeric() || b"/-#.".contains(b);
        let len = own.iter().rev().take(12).take_while(group).count();
        let start = at - len;
        let number = &reader.text[start..at];
        let word =
            reader.token_before(at).or_else(|| reader.token_before(at - usize::from(own.ends_with(b"."))));
        let is_number = number.iter().any(u8::is_ascii_digit) && is_part_number(number);
        let next = if is_number {
            part.has_number = true;
            part.begins_with_number = true;
            start
        } else {
            let Some(word) = word else { break };
            let fits = match word.case {
                Case::Capital | Case::Upper | Case::Initial => {
                    !word.is(CUE) || at != end && word.is(UNIT | STREET)
                }
                Case::Lower => word.is(LINK) && at < end,
                Case::None => !word.is(CUE),
                Case::Code => false,
            };
            if !fits {
                break;
            }
            let is_last = part.words == 0 && !part.has_number;
            part.is_street |= is_last && word.is(STREET);
            part.may_be_street |= is_last && word.is(DOUBTFUL_STREET) || word.is(DISTRICT);
            part.is_building |= word.is(BUILDING);
            part.begins_with_number = part.has_number && word.is(UNIT | NUMBER);
            part.words += 1;
            part.name = word.start;
            word.start
        };
        part.start = next;
        at = next;
        match reader.blank_before(at) {
            Some(before) => at = before,
            None => break,
        }
    }
    // H.No. 4-56/2
    let own = &reader.text[reader.lo..part.start];
    part.start -= if part.has_number && own.ends_with(b"H.") { 2 } else { 0 };
    // The street of one word is none: `Street`.
    part.is_street &= part.words > 1;
    part.may_be_street &= part.words > 1 || part.has_number;
    part.is_building &= part.words > 1;
    part.is_open = reader_before(reader, part.start).is_some();
    (part.start < part.end).then_some(part)
}

/// Whether digits and letters are a number of a house, a flat or a street: 4/83, 12A, B-204, 4th, #12.
fn is_part_number(number: &[u8]) -> bool {
    let number = number.strip_prefix(b"#").unwrap_or(number);
    let letters = number.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let ordinal = [&b"st"[..], b"nd", b"rd", b"th"].iter().any(|end| number.ends_with(end));
    number.first().is_some_and(u8::is_ascii_alphanumeric)
        && number.last().is_some_and(u8::is_ascii_alphanumeric)
        && (letters <= 1 || ordinal && letters == 2)
        && !number.contains(&b'.')
}
