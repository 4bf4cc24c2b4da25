//! What stands around a name: numbers, times, ages, words for people; and what single words of it are.

use super::{
    ALONE, BEARER, BEFORE, CALENDAR, CUE, DATED, FAMILY, FIELD, GIVEN, GREETING, INFLECTED, LISTED, Name,
    ORDINARY, PARTICLE, PLACE, SHORT, STOP, THING, TITLE, TITLES,
};
use crate::sequence::{Case, Reader, Token};

/// Letters of a family name in capitals that is no abbreviation.
const LONG_FAMILY: usize = 5;

/// Whether a number stands before, as before streets and towns; years and times stand before people as well.
pub(super) fn is_numbered(reader: &Reader<'_>, start: usize) -> bool {
    let Some(end) = reader.blank_before(start) else { return false };
    let digits = reader.text[reader.lo..end].iter().rev().take(8).take_while(|b| b.is_ascii_digit()).count();
    let year = digits == 4 && matches!(&reader.text[end - 4..end - 2], b"19" | b"20");
    digits > 0 && !year && !is_time(&reader.text[reader.lo..end])
}

/// Whether a month is the name of somebody where it stands: before a family name that is hardly anything else, or behind
/// a greeting or a title and before nothing of a date.
pub(super) fn is_called(reader: &Reader<'_>, month: &Token) -> bool {
    if !month.is(CALENDAR) || !month.is(GIVEN) || is_numbered(reader, month.start) {
        return false;
    }
    let before = reader.blank_before(month.start).and_then(|end| reader.token_before(end));
    if before.is_some_and(|word| word.is(DATED)) {
        return false;
    }
    // KOWALCZYK Jan
    let behind_family = || {
        before.is_some_and(|word| {
            let long = word.end - word.start >= LONG_FAMILY;
            word.case == Case::Upper && word.is(FAMILY) && long && month.case == Case::Capital
        })
    };
    let addressed = || {
        let ends = reader.byte(month.end).is_none_or(|byte| b",:!\r\n".contains(&byte));
        ends && before.is_some_and(|word| word.is(GREETING | TITLES))
    };
    is_before_family(reader, month.end) || behind_family() || addressed()
}

/// Whether a family name follows that is hardly anything else, perhaps behind an initial or particles: `de Vries`.
fn is_before_family(reader: &Reader<'_>, end: usize) -> bool {
    let mut at = end;
    for _ in 0..4 {
        let Some(token) = reader.blank(at).and_then(|at| reader.token(at)) else { return false };
        let dot = usize::from(token.case == Case::Initial && reader.byte(token.end) == Some(b'.'));
        match token.case {
            Case::Initial => at = token.end + dot,
            Case::Lower if token.is(PARTICLE) => at = token.end,
            _ => {
                let odd = ORDINARY | STOP | PLACE | BEFORE | TITLES | CALENDAR;
                // `MAI KANG` is a letter of Laos.
                let long = token.case == Case::Capital || token.end - token.start >= LONG_FAMILY;
                return token.case.is_name() && token.is(FAMILY) && !token.is(odd) && long;
            }
        }
    }
    false
}

/// Whether the number before a name counts it, at the beginning of a line, and both of its words are in lists: `3 LUQUE
/// EMILIANO`.
pub(super) fn is_item(reader: &Reader<'_>, name: &Name) -> bool {
    let Some(end) = reader.blank_before(name.first.start) else { return false };
    const LONGEST_COUNT: usize = 3;
    const LONGEST_KEY: usize = 6;
    let before = reader.text[reader.lo..end].iter().rev().take(LONGEST_KEY + 1);
    let digits = before.take_while(|b| b.is_ascii_digit()).count();
    let start = end - digits;
    // `4711 Karl Meier, IT`: a longer number stands before towns as well, so an entry must go on as a list does.
    let goes_on = || match reader.text[name.end..reader.hi] {
        [] | [b',' | b';' | b'\t' | b'|' | b'\r' | b'\n', ..] => true,
        [b' ', next, ..] => matches!(next, b' ' | b'|' | b'-' | b'('),
        _ => false,
    };
    let is_listed = |token: &Token| token.is(LISTED) && !token.is(ORDINARY | THING | PLACE | BEFORE | STOP);
    (digits <= LONGEST_COUNT || digits <= LONGEST_KEY && goes_on())
        && begins_line(reader, start)
        && !name.followed
        && name.next & PLACE == 0
        && is_listed(&name.first)
        && name.second.is_some_and(|second| is_listed(&second) && (second.is(GIVEN) || name.first.is(GIVEN)))
}

/// Whether nothing but blanks stands before in its line.
fn begins_line(reader: &Reader<'_>, start: usize) -> bool {
    const MOST_BLANKS: usize = 8;
    let before = &reader.text[reader.lo..start];
    let blanks = before.iter().rev().take(MOST_BLANKS).take_while(|b| **b == b' ').count();
    matches!(before[..before.len() - blanks], [] | [.., b'\n'])
}

/// Whether a name of capitals stands beside no other word of capitals: it is no part of a heading.
pub(super) fn is_shouted_alone(reader: &Reader<'_>, name: &Name) -> bool {
    let is_loud = |word: Token| word.case == Case::Upper;
    let before = reader.blank_before(name.first.start).and_then(|end| reader.token_before(end));
    let next = reader.blank(name.end).and_then(|next| reader.token(next));
    let beside = before.is_some() || next.is_some() || reader.byte(name.end) == Some(b',');
    beside && !before.is_some_and(is_loud) && !next.is_some_and(is_loud)
}

/// Whether a word is a title where it stands.
pub(super) fn is_title_at(reader: &Reader<'_>, word: &Token) -> bool {
    word.is(TITLES)
        || word.is(SHORT) && reader.byte(word.end) == Some(b'.') && reader.blank(word.end + 1).is_some()
}

/// Whether a word before a name is one with it: `Hotel Anna`, `av. Rui Barbosa`, but none where a sentence, a phrase or a
/// line ends between them.
pub(super) fn is_beside(reader: &Reader<'_>, word: &Token, start: usize) -> bool {
    const LONGEST_SHORT: usize = 5;
    let gap = &reader.text[word.end..start];
    let short = word.end - word.start <= LONGEST_SHORT;
    !gap.iter().any(|byte| b",(*\r\n".contains(byte)) && (short || !gap.contains(&b'.'))
}

/// Whether a word in lower case for what is called after people stands behind a name, and means nothing else: `Alfred
/// Nobels allé`, `Móricz Zsigmond körtér`.
pub(super) fn is_before_thing(reader: &Reader<'_>, end: usize) -> bool {
    const LEAST: usize = 3;
    let next = reader.blank(end).and_then(|next| reader.token(next));
    next.is_some_and(|next| {
        let person = ORDINARY | BEARER | CUE | ALONE | TITLES | FIELD | LISTED | PARTICLE;
        next.case == Case::Lower && next.is(PLACE) && !next.is(person) && next.end - next.start >= LEAST
    })
}

/// Whether a family name that is something else as well stands behind a title that is nothing else, and before nothing of
/// a longer name: `la signora Sala`.
pub(super) fn is_titled_family(reader: &Reader<'_>, word: &Token) -> bool {
    let title = || {
        let end = reader.blank_before(word.start)?;
        reader.token_before(if reader.byte_before(end) == Some(b'.') { end - 1 } else { end })
    };
    let next = || reader.blank(word.end).and_then(|next| reader.token(next));
    word.is(FAMILY)
        && !word.is(CALENDAR)
        && word.case == Case::Capital
        && title().is_some_and(|title| title.is(TITLE) && !title.is(LISTED))
        && !next().is_some_and(|next| next.case.is_name())
}

/// Whether guillemets hold a name and nothing else, and nobody is spoken of before them: ships, schools and firms are
/// called so, `«Михаил Лермонтов»`.
pub(super) fn is_quoted(reader: &Reader<'_>, (start, end): (usize, usize)) -> bool {
    let Some(before) = reader.text[reader.lo..start].strip_suffix("«".as_bytes()) else { return false };
    let people = CUE | BEARER | ALONE | TITLES | FIELD;
    reader.text[end..reader.hi].starts_with("»".as_bytes())
        && !reader.word_before(reader.lo + before.len()).is_some_and(|word| word.is(people))
}

/// Whether a greeting and a name are all of a salutation: `Lieber Lukas,`.
pub(super) fn is_salutation(reader: &Reader<'_>, name: &Name) -> bool {
    let (start, end) = (name.first.start, name.end);
    matches!(reader.text[reader.lo..start], [] | [.., b'\n'] | [.., b',' | b':', b' '])
        && reader.byte(end).is_none_or(|b| b",!:\r\n".contains(&b))
        && name.second.is_some_and(|second| second.is(GIVEN))
}

/// Whether it ends with a time of day, perhaps with seconds.
pub(super) fn is_time(text: &[u8]) -> bool {
    let is_sixty = |pair: &[u8]| matches!(pair, [b'0'..=b'5', b'0'..=b'9']);
    match text {
        [.., hour, b':' | b'.', tens, ones] if hour.is_ascii_digit() && is_sixty(&[*tens, *ones]) => {
            !text[..text.len() - 4].ends_with(b".")
        }
        _ => false,
    }
}

/// Whether an entry of a talk begins right before, with its time: `[09:11] `, `09:11 - `.
pub(super) fn is_behind_time(reader: &Reader<'_>, start: usize) -> bool {
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
pub(super) fn is_aged(rest: &[u8]) -> bool {
    let Some(inner) = rest.strip_prefix(b" (") else { return false };
    let word = inner.iter().take(12).take_while(|b| b.is_ascii_lowercase() || **b >= 0x80).count();
    let inner = if word > 0 && inner.get(word) == Some(&b' ') { &inner[word + 1..] } else { inner };
    let digits = inner.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
    matches!(digits, 1 | 2) && matches!(inner.get(digits), Some(b')' | b',' | b' '))
}

/// Whether an age follows behind a comma, and nothing of a date: `, 71,`.
pub(super) fn is_aged_behind_comma(rest: &[u8]) -> bool {
    let digits = rest.iter().skip(2).take(3).take_while(|b| b.is_ascii_digit()).count();
    rest.starts_with(b", ")
        && matches!(digits, 1 | 2)
        && matches!(rest[2 + digits..], [] | [b',' | b';' | b')', ..])
}

/// Whether `@` stands before, and nothing before that.
pub(super) fn is_mentioned(reader: &Reader<'_>, start: usize) -> bool {
    reader.byte_before(start) == Some(b'@')
        && reader.byte_before(start - 1).is_none_or(|b| matches!(b, b' ' | b'\n' | b'(' | b'>'))
}

/// Whether a capitalised word stands right before.
pub(super) fn is_behind_name(reader: &Reader<'_>, start: usize) -> bool {
    reader
        .blank_before(start)
        .and_then(|end| reader.token_before(end))
        .is_some_and(|word| word.case.is_name())
}

/// Whether what people alone are stands right before a name, and nothing of a longer one behind it.
pub(super) fn is_borne(reader: &Reader<'_>, name: &Name, before: Option<Token>) -> bool {
    let start = name.first.start;
    !name.followed
        && name.next & PLACE == 0
        && before.is_some_and(|word| {
            let gap = &reader.text[word.end..start];
            word.is(BEARER)
                && (matches!(gap, b" " | b": " | b" : " | b" \"" | b": \"" | b" (")
                    || gap == b", " && is_given_alone(&name.first))
        })
}

/// Whether it is a given name and hardly anything else.
pub(super) fn is_given(token: &Token) -> bool {
    token.is(GIVEN) && !token.is(ORDINARY | STOP | PLACE | BEFORE | TITLES) && token.case == Case::Capital
}

/// Whether it is a given name and neither a family name nor what anything else is called by.
pub(super) fn is_given_alone(token: &Token) -> bool {
    is_given(token) && !token.is(FAMILY | THING | INFLECTED) && token.end - token.start > 2
}

/// Whether it is a listed name and hardly anything else.
pub(super) fn is_plain(token: &Token) -> bool {
    token.case == Case::Capital && !token.is(ORDINARY | STOP | PLACE | BEFORE | TITLES)
}

/// Whether one blank stands between two words.
pub(super) fn is_own_pair(reader: &Reader<'_>, word: &Token, next: &Token) -> bool {
    reader.blank(word.end) == Some(next.start)
}

/// Whether a line begins right before, behind one that ends as a greeting does.
pub(super) fn is_signature(reader: &Reader<'_>, start: usize) -> bool {
    let before = &reader.text[reader.lo..start];
    before.ends_with(b"\n") && {
        let above = before.trim_ascii_end();
        [",", "،", "፣"].into_iter().any(|mark| above.ends_with(mark.as_bytes()))
    }
}
