//! What stands before the street of an address and belongs to it: the flat, the name of the house, the quarter, an
//! adjective of the street, and the postal code and town where they come first.

use super::rest::postal_code;
use super::{
    ADJECTIVE, Addresses, BUILDING, Case, DOUBTFUL_LEADING, LEADING, NUMBER, QUARTER, Reader, TOWN_MARK, UNIT,
};

/// Words of the name of a house or of a quarter.
const MOST_NAMES: usize = 3;

impl Addresses {
    /// Where an address begins whose street or number begins at `start`. `sure`: its town or flat follows, so that a
    /// word such as via is a part of it. Says whether a part of the house stands there.
    pub(super) fn lead(&self, reader: &Reader<'_>, start: usize, sure: bool) -> (usize, bool) {
        let mut start = adjectives(reader, start);
        if sure {
            start = led(reader, start).unwrap_or(start);
        }
        start = numbered_name(reader, start).unwrap_or(start);
        let house_number = house_number(reader, start);
        let unit = house_number.and_then(|start| numbered_house(reader, start));
        start = unit.or(house_number).unwrap_or(start);
        let unit = unit.or_else(|| self::unit(reader, start));
        start = unit.unwrap_or(start);
        for part in [house, quarter, town] {
            start = part(reader, start).unwrap_or(start);
        }
        (start, unit.is_some())
    }
}

/// Östra Hamngatan
fn adjectives(reader: &Reader<'_>, start: usize) -> usize {
    let mut start = start;
    for _ in 0..2 {
        let before = reader.blank_before(start).and_then(|end| reader.token_before(end));
        match before.filter(|token| token.is(ADJECTIVE) && token.case.is_name()) {
            Some(token) => start = token.start,
            None => break,
        }
    }
    start
}

/// Via in via Appia Nuova, where the name alone was read.
fn led(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let mut at = start;
    for _ in 0..MOST_NAMES {
        let word = reader.blank_before(at).and_then(|end| reader.token_before(end))?;
        if word.is(DOUBTFUL_LEADING) && word.end - word.start > 2 {
            return Some(word.start);
        }
        if word.case != Case::Capital {
            return None;
        }
        at = word.start;
    }
    None
}

/// ul. 3 Maja, Via 25 Aprile
fn numbered_name(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let blank = reader.blank_before(start)?;
    let own = &reader.text[reader.lo..blank];
    let len = own.iter().rev().take(3).take_while(|b| b.is_ascii_digit()).count();
    let before = reader.blank_before(blank - len).filter(|_| (1..=2).contains(&len))?;
    let dotted = usize::from(reader.byte_before(before) == Some(b'.'));
    let word = reader.token_before(before - dotted)?;
    let leads = word.is(LEADING) || word.is(DOUBTFUL_LEADING) && word.end - word.start > 2;
    leads.then_some(word.start)
}

/// The end of what stands before a part, behind the comma or the end of the line between them.
fn before_part(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let mut at = start;
    if let Some(before) = reader.blank_before(at) {
        at = before;
    } else if reader.byte_before(at) == Some(b'\n') {
        at -= 1;
        at -= usize::from(reader.byte_before(at) == Some(b'\r'));
    }
    at -= usize::from(reader.byte_before(at) == Some(b','));
    (at < start).then_some(at)
}

/// Plot 43, Blk 99, H.No. 157.
fn house_number(reader: &Reader<'_>, start: usize) -> Option<usize> {
    if !reader.byte(start)?.is_ascii_digit() {
        return None;
    }
    let blank = reader.blank_before(start)?;
    let dotted = usize::from(reader.byte_before(blank) == Some(b'.'));
    let token = reader.token_before(blank - dotted)?;
    if !token.is(UNIT | NUMBER) || !token.case.is_name() && token.case != Case::None {
        return None;
    }
    let house = reader.text[reader.lo..token.start].ends_with(b"H.");
    Some(token.start - if house { 2 } else { 0 })
}

/// मकान नं. 27, of which the number was read.
fn numbered_house(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let own = reader.token(start)?;
    if own.case != Case::None || own.is(UNIT) {
        return own.is(UNIT).then_some(start).filter(|_| own.case == Case::None);
    }
    let house = reader.token_before(reader.blank_before(start)?)?;
    house.is(UNIT).then_some(house.start)
}

/// Flat 3, 128 Denmark Terrace
fn unit(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let end = before_part(reader, start)?;
    let own = &reader.text[reader.lo..end];
    let len = own.iter().rev().take(6).take_while(|b| b.is_ascii_alphanumeric()).count();
    let group = &own[own.len() - len..];
    if !(1..=5).contains(&len) || !(group[0].is_ascii_digit() || len == 1) {
        return None;
    }
    let blank = reader.blank_before(end - len)?;
    let token = reader.token_before(blank)?;
    let named = token.case.is_name() || token.end - token.start > 4;
    (token.is(UNIT) && named).then_some(token.start)
}

/// Rose Cottage, 172 Mill Lane; Résidence Les Pins, 18 allée des Mimosas
fn house(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let end = before_part(reader, start).filter(|end| reader.blank_before(start) != Some(*end))?;
    let last = reader.token_before(end).filter(|token| token.case.is_name())?;
    let mut first = last;
    for _ in 0..MOST_NAMES {
        let before = reader.blank_before(first.start).and_then(|end| reader.token_before(end));
        match before.filter(|token| token.case.is_name()) {
            Some(token) => first = token,
            None => break,
        }
    }
    (first.start < last.start && (first.is(BUILDING) || last.is(BUILDING))).then_some(first.start)
}

/// Cumhuriyet Mah. Gül Sok.
fn quarter(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let end = before_part(reader, start)?;
    let dotted = usize::from(reader.byte_before(end) == Some(b'.'));
    let token = reader.token_before(end - dotted).filter(|token| token.is(QUARTER))?;
    names_before(reader, token.start)
}

/// The start of the capitalised words before a word, one at least.
fn names_before(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let mut begin = None;
    for _ in 0..MOST_NAMES {
        let before = reader.blank_before(begin.unwrap_or(start)).and_then(|end| reader.token_before(end));
        match before.filter(|token| token.case == Case::Capital) {
            Some(token) => begin = Some(token.start),
            None => break,
        }
    }
    begin
}

/// 1051 Budapest, Kossuth utca 12; 101000, г. Москва, ул. Тверская, д. 5
fn town(reader: &Reader<'_>, start: usize) -> Option<usize> {
    let end = before_part(reader, start)?;
    if reader.blank_before(start) == Some(end) {
        return None;
    }
    let name = reader.token_before(end).filter(|token| token.case == Case::Capital)?;
    let blank = reader.blank_before(name.start)?;
    let dotted = usize::from(reader.byte_before(blank) == Some(b'.'));
    let mark = reader.token_before(blank - dotted).filter(|token| token.is(TOWN_MARK));
    let begin = mark.map_or(name.start, |token| token.start);
    let mut behind = reader.blank_before(begin)?;
    behind -= usize::from(reader.byte_before(behind) == Some(b','));
    let own = &reader.text[reader.lo..behind];
    let len = own.iter().rev().take(7).take_while(|b| b.is_ascii_digit()).count();
    let code = behind - len;
    let whole = (4..=6).contains(&len)
        && postal_code(reader, code) == Some(behind)
        && !reader.byte_before(code).is_some_and(|b| b.is_ascii_alphanumeric() || b"-./+".contains(&b));
    if whole { Some(code) } else { mark.map(|token| token.start) }
}
