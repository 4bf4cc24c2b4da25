//! Numbers of houses: where they end and begin, and what belongs to them.

use super::{NUMBER, Reader};

/// Digits of a house number.
const MOST_DIGITS: usize = 5;
/// Commas beyond ASCII.
const COMMAS: [&str; 3] = ["،", "、", "，"];
/// What may follow a number and is a part of it.
const PARTS: [&str; 9] = ["-bis", "bis", " bis", "-ter", "ter", "-huis", " huis", "-hs", " hs"];

/// Whether a text begins with a word that is a part of the number before it: 12 bis.
pub(super) fn is_number_word(text: &[u8]) -> bool {
    ["bis ", "ter ", "bis, ", "ter, "].iter().any(|word| text.starts_with(word.as_bytes()))
}

/// Whether a text begins with a year, or with two.
pub(super) fn is_year(text: &[u8]) -> bool {
    let digits = text.iter().take(5).take_while(|b| b.is_ascii_digit()).count();
    digits == 4 && matches!(&text[..2], b"19" | b"20")
}

/// The end of the number of the crossing street and of the house behind the number of a street.
pub(super) fn crossing(reader: &Reader<'_>, end: usize) -> Option<usize> {
    let mut at = reader.blank(end)?;
    // Calle 10 Sur # 43-22
    let side = ["Sur ", "Norte ", "Este ", "Oeste ", "Bis "]
        .iter()
        .find(|side| reader.text[at..].starts_with(side.as_bytes()));
    at += side.map_or(0, |side| side.len());
    if let Some(token) = reader.token(at).filter(|token| token.is(NUMBER)) {
        let signs =
            ["º", "°", ".º", "."].iter().find(|sign| reader.text[token.end..].starts_with(sign.as_bytes()));
        at = token.end + signs.map_or(0, |sign| sign.len());
        at = reader.blank(at).unwrap_or(at);
    } else if reader.byte(at)? == b'#' {
        at = reader.blank(at + 1).unwrap_or(at + 1);
    } else {
        return None;
    }
    let end = number_end(reader, at)?;
    // # 43 - 22
    let house = || number_end(reader, end + 3).filter(|_| reader.text[end..reader.hi].starts_with(b" - "));
    Some(house().unwrap_or(end))
}

/// Whether neither letter nor digit stands there.
pub(super) fn alone(reader: &Reader<'_>, at: usize) -> bool {
    !reader.byte(at).is_some_and(|b| b.is_ascii_alphanumeric() || b >= 0x80 || b == b'_')
}

pub(super) fn digits(reader: &Reader<'_>, at: usize) -> usize {
    (0..8).take_while(|i| reader.byte(at + i).is_some_and(|b| b.is_ascii_digit())).count()
}

/// The end of a house number: 12, 12a, 12 b, 12-14, 12/3, 7 m. 4.
pub(super) fn number_end(reader: &Reader<'_>, at: usize) -> Option<usize> {
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
        if (1..=5).contains(&more) {
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
    let rest = &reader.text[end..reader.hi];
    let part = PARTS.iter().find(|part| rest.starts_with(part.as_bytes()) && alone(end + part.len()));
    end += part.map_or(0, |part| part.len());
    // `12.5`, `12:30`, `12%`
    let goes_on = match reader.byte(end) {
        Some(b'.' | b':' | b'/' | b'-' | b',') => digits(reader, end + 1) > 0,
        Some(b'%' | b'=' | b'(' | b'_') => true,
        // The comma of Arabic, and of the languages of China and Japan.
        Some(0xD8 | 0xE3 | 0xEF) => {
            !COMMAS.iter().any(|comma| reader.text[end..].starts_with(comma.as_bytes()))
        }
        _ => !alone(end),
    };
    (!goes_on).then_some(end)
}

/// The start of the number before a word: 42, 42a, 42-44, 12 bis.
pub(super) fn number_before(reader: &Reader<'_>, at: usize) -> Option<usize> {
    let mut end = reader.blank_before(at)?;
    if reader.byte_before(end) == Some(b',') {
        end -= 1;
    } else if reader.text[reader.lo..end].ends_with("،".as_bytes()) {
        end -= "،".len();
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
