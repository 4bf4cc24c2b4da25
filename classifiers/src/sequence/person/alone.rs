//! Given names that stand alone, where what stands around them is said of people.

use memchr::memmem;

use super::around::{
    is_aged, is_aged_behind_comma, is_given, is_given_alone, is_own_pair, is_signature, is_time,
};
use super::{
    ALONE, AND, BEARER, BEFORE, CUE, FAMILY, FOLLOWS, GIVEN, GREETING, INFLECTED, LISTED, Name, OPENING,
    ORDINARY, PARTICLE, PLACE, PREPOSITION, People, SPEAKS, STOP, TALK, THING, TITLES, WITH,
};
use crate::sequence::{Case, Reader, Token};

impl People {
    /// Whether what stands around a given name alone is said of people.
    pub(super) fn is_alone(&self, reader: &Reader<'_>, name: &Name, before: Option<Token>) -> bool {
        let first = name.first;
        if !is_given(&first) || name.followed || name.next & PLACE != 0 {
            return false;
        }
        let (start, end) = (first.start, first.end);
        let is_own = |token: &Token| reader.blank(token.end) == Some(start);
        if let Some(before) = before {
            let earlier = || reader.word_before(before.start);
            // spoke to Maria, Anna and Maria
            let comma = reader.text[before.end..start] == *b", ";
            // la madre de Hugo
            let is_of = |of: &Token| of.case == Case::Lower && of.is(PARTICLE | PREPOSITION) && !of.is(AND);
            if is_of(&before)
                && is_own(&before)
                && !first.is(THING)
                && earlier()
                    .is_some_and(|word| word.is(ALONE | BEARER) && is_own_pair(reader, &word, &before))
            {
                return true;
            }
            if before.is(ALONE) && !before.is(PREPOSITION)
                || (is_own(&before) || comma)
                    && (before.is(PREPOSITION)
                        && before.case == Case::Lower
                        && earlier().is_some_and(|word| word.is(TALK) && is_own_pair(reader, &word, &before))
                        || before.is(AND)
                            && earlier().is_some_and(|word| {
                                let is_you = reader.text[word.start..word.end].eq_ignore_ascii_case(b"you");
                                let pair = (is_given(&word) || is_end_of_name(reader, &word))
                                    && !(word.is(THING) || first.is(THING));
                                (pair || is_you) && is_own_pair(reader, &word, &before)
                            }))
            {
                return true;
            }
        }
        let rest = &reader.text[end..reader.hi];
        // Anna & Paul
        let other = match (rest, &reader.text[reader.lo..start]) {
            ([b' ', b'&', b' ', ..], _) => reader.token(end + 3),
            (_, [.., b' ', b'&', b' ']) => reader.token_before(start - 3),
            _ => None,
        };
        // `Wells Fargo, Ernst & Young`, `Restaurant Max & Moritz`
        let is_firm = |other: &Token| {
            let head = reader.blank_before(other.start.min(start)).and_then(|end| reader.token_before(end));
            head.is_some_and(|head| head.is(BEFORE | PLACE))
                || other.is(FAMILY) && first.is(FAMILY) && is_list(reader, first, other)
        };
        // `Johnson & Johnson` and `Ben & Jerry's` are firms.
        let is_fellow = |other: &Token| {
            let owner = |end: usize| reader.byte(end) == Some(b'\'') || reader.tie_at(end).is_some();
            is_given(other)
                && !other.is(THING)
                && !is_firm(other)
                && reader.text[other.start..other.end] != reader.text[start..end]
                && !owner(end)
                && !owner(other.end)
        };
        if let Some(other) = other {
            return is_fellow(&other) && !first.is(THING);
        }
        let comma = usize::from(rest.first() == Some(&b','));
        if comma > 0 && !first.is(THING) && is_told_behind(reader, end + comma) {
            return true;
        }
        if let Some(next) = reader.blank(end + comma).and_then(|next| reader.token(next)) {
            let led = before.is_some_and(|word| {
                // `Bob Fitzgerald called`
                let pair = word.is(GIVEN) && first.is(FAMILY) && !word.is(OPENING);
                word.case.is_name()
                    && !word.is(TITLES | GREETING)
                    && (pair || !word.is(ORDINARY))
                    && is_own(&word)
            });
            if next.is(SPEAKS) && !led {
                return true;
            }
            if next.is(AND) && comma == 0 {
                let other = reader.blank(next.end).and_then(|next| reader.token(next));
                let paired = other.is_some_and(|other| {
                    is_given(&other) && !(other.is(THING) || first.is(THING))
                        || reader.text[other.start..other.end] == *b"I"
                });
                // `Malene og fortalte` goes on with what she did.
                if paired || other.is_none_or(|other| other.case != Case::Lower) {
                    return paired;
                }
            }
        }
        // Maria's car, it is Maria's; what is named after somebody has the family name, mostly.
        let owner = ["'s", "’s"].iter().find(|owner| rest.starts_with(owner.as_bytes()));
        if let Some(owner) = owner.filter(|_| !first.is(FAMILY)) {
            let ended = rest.get(owner.len()).is_none_or(|b| b".,;!?)\r\n".contains(b));
            let owned = reader.blank(end + owner.len()).and_then(|owned| reader.token(owned));
            return ended || owned.is_some_and(|owned| owned.case == Case::Lower && !owned.is(PLACE));
        }
        let named_after =
            || reader.blank(end).and_then(|next| reader.token(next)).is_some_and(|next| next.is(PLACE));
        let single = || {
            (is_given_alone(&first) || is_given_that_acts(reader, &first))
                && !first.is(GREETING | CUE | OPENING)
                && is_in_text(reader, &first)
                && !named_after()
        };
        let line = start == reader.lo || reader.byte_before(start) == Some(b'\n');
        // Declan, Gwen and Paul came
        let begins = line && rest.starts_with(b", ");
        let listed =
            || !first.is(THING) && is_among_given(reader, &first) && (begins || is_in_text(reader, &first));
        // `Llama, Watson and Siri`: what is a family name as well may be called after one.
        let listed = || listed() && !(first.is(FAMILY) && is_among_others(reader, &first));
        // avec Claire, demain
        let with = || {
            before.is_some_and(|word| word.is(WITH) && word.case == Case::Lower && is_own(&word))
                && !first.is(THING)
                && is_in_text(reader, &first)
        };
        let aged = || is_aged_behind_comma(rest) && is_given_alone(&first);
        if is_aged(rest) || aged() || single() && !is_among_others(reader, &first) || listed() || with() {
            return true;
        }
        if line && let Some(colon) = speaker_mark(rest) {
            let said = is_said(rest[colon + 1..].trim_ascii_start());
            return said
                || !first.is(THING) && (speaks_again(reader, &first) || speaks_in_turn(reader, &first));
        }
        if line && !first.is(THING) && (is_timed(rest) || is_addressed(reader, &first)) {
            return true;
        }
        if line && is_signed(reader, &first) {
            return true;
        }
        // — Maria
        let dash = ["— ", "– "].iter().any(|dash| reader.text[reader.lo..start].ends_with(dash.as_bytes()));
        dash && rest.first().is_none_or(|b| matches!(b, b'\r' | b'\n'))
    }
}

/// Whether a word stands in a sentence, a list or brackets: neither names nor marks of code are right beside it.
pub(super) fn is_in_text(reader: &Reader<'_>, word: &Token) -> bool {
    let line = word.start == reader.lo || reader.byte_before(word.start) == Some(b'\n');
    let rest = &reader.text[word.end..reader.hi];
    let goes_on = match rest {
        [b' ', b'(' | b'&', ..] => true,
        [b' ', ..] => {
            rest.starts_with(" –".as_bytes())
                || reader.token(word.end + 1).is_some_and(|next| next.case == Case::Lower)
        }
        _ => false,
    };
    let closed = match rest {
        [] => true,
        [b'\n' | b'\r', ..] => true,
        [b',' | b';' | b'.' | b'!' | b'?' | b')', next, ..] => b" \r\n.,;)".contains(next),
        [b',' | b';' | b'.' | b'!' | b'?' | b')'] => true,
        _ => false,
    };
    if line {
        return goes_on;
    }
    let Some(blank) = reader.blank_before(word.start) else {
        return reader.byte_before(word.start) == Some(b'(') && (goes_on || closed);
    };
    let led = match reader.token_before(blank) {
        Some(before) => {
            // `Yesterday Malene phoned`, `Ayer Itziar me contó`
            let opens = before.case == Case::Capital && before.is(OPENING) && opens_sentence(reader, &before);
            (before.case == Case::Lower || opens)
                && !before.is(BEFORE)
                && (!before.is(PARTICLE) || before.is(PREPOSITION | AND))
        }
        None => reader.byte_before(blank).is_some_and(|b| b",;:.!?)&".contains(&b) || b >= 0x80),
    };
    led && (goes_on || closed)
}

/// Whether a given name that is a family name as well goes on to do something: whichever of them it is, it is a person's.
/// Where a sentence begins, short words may be anything: `Dann ist`.
fn is_given_that_acts(reader: &Reader<'_>, word: &Token) -> bool {
    const LEAST: usize = 3;
    const LEAST_IN_FRONT: usize = 5;
    let goes_on = matches!(reader.text[word.end..reader.hi], [b' ', b'a'..=b'z' | 0x80.., ..]);
    if !goes_on || !is_given(word) || word.is(THING | OPENING | FOLLOWS | INFLECTED) {
        return false;
    }
    let len = word.end - word.start;
    let next = reader.token(word.end + 1);
    let is_object = |next: Token| {
        let elided = next.case == Case::Lower && reader.text[next.start..next.end].contains(&b'\'');
        let least = if opens_sentence(reader, word) { LEAST_IN_FRONT } else { LEAST };
        len >= least && (next.is(FOLLOWS) || elided)
    };
    next.is_some_and(|next| next.is(SPEAKS) || is_object(next))
}

/// Whether a sentence begins with a word.
fn opens_sentence(reader: &Reader<'_>, word: &Token) -> bool {
    match reader.text[reader.lo..word.start] {
        [] | [.., b'\n' | b'"'] => true,
        [.., mark, b' '] => b".:!?;,])\"-".contains(&mark),
        _ => false,
    }
}

/// Whether it is one of an enumeration that has what is in no list of names beside it.
pub(super) fn is_among_others(reader: &Reader<'_>, word: &Token) -> bool {
    let is_other = |other: Token| {
        other.case != Case::Lower
            && (!other.is(LISTED) || other.is(THING | PLACE | STOP))
            && other.case != Case::Initial
    };
    let before = match reader.text[reader.lo..word.start] {
        [.., b',' | b';', b' '] => reader.token_before(word.start - 2),
        _ => None,
    };
    let next = match reader.text[word.end..reader.hi] {
        [b',' | b';', b' ', ..] => reader.token(word.end + 2),
        [b' ', ..] => reader
            .token(word.end + 1)
            .filter(|and| and.is(AND))
            .and_then(|and| reader.token(reader.blank(and.end)?)),
        _ => None,
    };
    before.is_some_and(is_other) || next.is_some_and(is_other)
}

/// Whether what people are to each other is said behind a comma: `Didier, le beau-frère de Paul`.
fn is_told_behind(reader: &Reader<'_>, comma: usize) -> bool {
    const MOST_BETWEEN: usize = 2;
    let mut at = comma;
    for _ in 0..=MOST_BETWEEN {
        let Some(word) = reader.blank(at).and_then(|next| reader.token(next)) else { return false };
        if word.case != Case::Lower || word.is(AND) {
            return false;
        }
        if word.is(ALONE) && word.is(BEARER) {
            return true;
        }
        at = word.end;
    }
    false
}

/// Where the colon stands behind which somebody speaks, perhaps behind a picture: `Anna: `, `Anna 🌻: `.
fn speaker_mark(rest: &[u8]) -> Option<usize> {
    const LONGEST_PICTURE: usize = 20;
    let blank = usize::from(rest.first() == Some(&b' '));
    let behind = &rest[blank..];
    let picture = if behind.first() == Some(&0xF0) {
        behind.iter().take(LONGEST_PICTURE).take_while(|byte| **byte >= 0x80).count()
    } else {
        0
    };
    let colon = blank + picture;
    (rest.get(colon) == Some(&b':') && rest.get(colon + 1) == Some(&b' ')).then_some(colon)
}

/// Whether a time of day is the rest of a line, as above what somebody wrote: `Anna 14:05`.
fn is_timed(rest: &[u8]) -> bool {
    const LONGEST_TIME: usize = 12;
    let len = rest.iter().take(LONGEST_TIME).take_while(|byte| **byte != b'\n').count();
    let time = rest[..len].trim_ascii();
    let noon = [&b" AM"[..], b" PM", b" am", b" pm"].into_iter().find_map(|noon| time.strip_suffix(noon));
    let hours = noon.unwrap_or(time);
    rest.first() == Some(&b' ') && len < LONGEST_TIME && hours.len() <= 5 && is_time(hours)
}

/// Whether a paragraph begins with a word and goes on behind a comma, as one does that speaks to somebody: `Anna, see
/// below`.
fn is_addressed(reader: &Reader<'_>, word: &Token) -> bool {
    let before = &reader.text[reader.lo..word.start];
    let begins = before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n");
    begins
        && matches!(reader.text[word.end..reader.hi], [b',', b' ', b'a'..=b'z' | 0x80.., ..])
        && reader.token(word.end + 2).is_some_and(|next| next.case == Case::Lower && !next.is(AND))
}

/// Whether the line before or behind begins with another given name and a colon: people speak in turn.
fn speaks_in_turn(reader: &Reader<'_>, word: &Token) -> bool {
    const LONGEST: usize = 1 << 9;
    let is_speaker = |start: usize| {
        let other = reader.token(start).filter(|other| is_given(other) && !other.is(THING));
        other.is_some_and(|other| speaker_mark(&reader.text[other.end..reader.hi]).is_some())
    };
    let before = || {
        let above = &reader.text[reader.lo.max(word.start.saturating_sub(LONGEST))..word.start];
        let line = above.strip_suffix(b"\n")?;
        let newline = memchr::memrchr(b'\n', line);
        let start = newline.map_or(word.start - above.len(), |at| word.start - above.len() + at + 1);
        (newline.is_some() || start == 0).then_some(start)
    };
    let behind = || {
        let rest = &reader.text[word.end..reader.hi.min(word.end + LONGEST)];
        memchr::memchr(b'\n', rest).map(|at| word.end + at + 1)
    };
    before().is_some_and(is_speaker) || behind().is_some_and(is_speaker)
}

/// Whether two names stand in an enumeration of others with a capital letter: `Wells Fargo, Ernst & Young, Baker Botts`.
fn is_list(reader: &Reader<'_>, word: Token, other: &Token) -> bool {
    let (start, end) = (word.start.min(other.start), word.end.max(other.end));
    let before = match reader.text[reader.lo..start] {
        [.., b',', b' '] => true,
        [.., b' '] => reader.token_before(start - 1).is_some_and(|and| and.is(AND)),
        _ => false,
    };
    let behind = reader.text[end..reader.hi].starts_with(b", ")
        && reader.token(end + 2).is_some_and(|next| next.case.is_name());
    before || behind
}

/// Whether a family name ends a whole name: behind it, `and` stands before another person.
fn is_end_of_name(reader: &Reader<'_>, family: &Token) -> bool {
    let given = || reader.token_before(reader.blank_before(family.start)?);
    family.is(FAMILY)
        && !family.is(STOP | PLACE | BEFORE)
        && family.case == Case::Capital
        && given().is_some_and(|given| is_given(&given) && !given.is(THING))
}

/// Whether another line nearby begins with the same word and a colon: it is who speaks.
fn speaks_again(reader: &Reader<'_>, word: &Token) -> bool {
    const REACH: usize = 1 << 9;
    let own = &reader.text[word.start..word.end];
    let is_line = |at: usize| {
        (at == 0 || reader.text[at - 1] == b'\n')
            && speaker_mark(&reader.text[at + own.len()..reader.hi]).is_some()
    };
    let before = word.start.saturating_sub(REACH).max(reader.lo)..word.start;
    let behind = word.end..(word.end + REACH).min(reader.hi);
    [before, behind].into_iter().any(|part| {
        memmem::find_iter(&reader.text[part.clone()], own).take(4).any(|at| is_line(part.start + at))
    })
}

/// Whether a word is all of a line, below a short one that ends as a closing does: `Best,`.
fn is_signed(reader: &Reader<'_>, word: &Token) -> bool {
    const LONGEST_CLOSING: usize = 40;
    let ended = reader.byte(word.end).is_none_or(|b| matches!(b, b'\n' | b'\r'));
    ended && is_signature(reader, word.start) && {
        let above = reader.text[reader.lo..word.start].trim_ascii_end();
        let line = above.iter().rev().take_while(|b| **b != b'\n').count();
        (2..LONGEST_CLOSING).contains(&line)
    }
}

/// Whether the rest of a line reads as a sentence.
pub(super) fn is_said(rest: &[u8]) -> bool {
    let end = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    let line = rest[..end].trim_ascii_end();
    line.starts_with(b"I ") || line.contains(&b' ') && matches!(line.last(), Some(b'.' | b'?' | b'!'))
}

/// Whether a given name alone stands beside another one in an enumeration of such.
pub(super) fn is_among_given(reader: &Reader<'_>, word: &Token) -> bool {
    let is_fellow = |other: &Token| is_given(other) && !other.is(THING);
    let before = match reader.text[reader.lo..word.start] {
        [.., b',', b' '] => reader.token_before(word.start - 2),
        [.., b' '] => reader
            .token_before(word.start - 1)
            .filter(|and| and.is(AND))
            .and_then(|and| reader.token_before(reader.blank_before(and.start)?)),
        _ => None,
    };
    let is_alone_before = |other: &Token| {
        let earlier = reader.blank_before(other.start).and_then(|end| reader.token_before(end));
        // servern Tor, Loke
        earlier.is_none_or(|earlier| earlier.case == Case::Lower && !earlier.is(BEFORE))
    };
    let next = match reader.text[word.end..reader.hi] {
        [b',', b' ', ..] => reader.token(word.end + 2),
        _ => None,
    };
    let is_alone_next = |other: &Token| {
        let later = reader.blank(other.end).and_then(|next| reader.token(next));
        later.is_none_or(|later| later.case == Case::Lower)
    };
    before.is_some_and(|other| is_fellow(&other) && is_alone_before(&other))
        || next.is_some_and(|other| is_fellow(&other) && is_alone_next(&other))
}
