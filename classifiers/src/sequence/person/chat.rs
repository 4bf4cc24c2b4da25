//! Names in lower case, as people write them in chats: who speaks, at the beginning of a line, and who is spoken of behind it.

use memchr::{memchr2, memrchr};

use super::{BEARER, BEFORE, CUE, FAMILY, FIELD, GIVEN, ORDINARY, PARTICLE, PLACE, People, STOP, TITLES};
use crate::sequence::{Case, Reader, Sequel, Token};

/// Bytes of a line that are read.
pub(crate) const LONGEST_LINE: usize = 320;
/// Bytes of a speaker's name, and of a time before it.
const LONGEST_SPEAKER: usize = 48;
const LONGEST_TIME: usize = 24;
/// How far around a line another speaker is looked for, and in how many lines.
const REACH: usize = 1 << 10;
const MOST_LINES: usize = 6;
/// Words of a name behind its first, particles among them.
const MOST_MORE: usize = 4;
/// Bytes of a name in lower case: shorter ones are words.
const LEAST_NAME: usize = 3;

/// The name that a line of a chat begins with.
#[derive(Clone, Copy)]
struct Speaker {
    start: usize,
    end: usize,
    /// Behind the mark that ends it.
    said: usize,
    /// Both words are in lists and hardly anything else.
    sure: bool,
}

/// Where the first letter of a line stands that begins at `at`, behind a time, where it is one in lower case.
#[inline]
pub(crate) fn first_letter(text: &[u8], at: usize) -> Option<usize> {
    let first = *text.get(at)?;
    let skipped = if first.is_ascii_lowercase() {
        0
    } else if matches!(first, b'[' | b'<' | b'0'..=b'9') {
        let time = text[at..].iter().take(LONGEST_TIME);
        time.take_while(|b| matches!(b, b'0'..=b'9' | b' '..=b'/' | b':' | b'[' | b']' | b'<')).count()
    } else if first < 0xC3 {
        return None;
    } else {
        0
    };
    text.get(at + skipped).filter(|b| b.is_ascii_lowercase() || **b >= 0xC3).map(|_| at + skipped)
}

impl People {
    /// The names in lower case in a line whose first letter stands at `at`.
    pub(crate) fn chat(
        &self,
        text: &[u8],
        (lo, hi): (usize, usize),
        at: usize,
        mut each: impl FnMut(Sequel),
    ) {
        let head = &text[at..hi.min(at + LONGEST_SPEAKER)];
        let Some(colon) = memchr2(b':', b'>', head) else { return };
        if memchr2(b'\n', b'=', &head[..colon]).is_some() {
            return;
        }
        let reader = Reader { text, lo, hi, words: &self.words };
        let whole = |start, end| Sequel { start, end, points: self.points.alone, listed: true };
        let Some(first) = reader.token(at) else { return };
        let said = match speaker(&reader, first) {
            Some(speaker) if is_in_chat(&reader, &speaker) => {
                each(whole(speaker.start, speaker.end));
                speaker.said
            }
            Some(_) => return,
            // `customer: doreen ferguson`
            None if first.is(CUE | BEARER | FIELD) && first.end == at + colon => first.end + 1,
            None => return,
        };
        let line = &text[..hi.min(at + LONGEST_LINE)];
        let end = said + memchr2(b'\n', b'\r', &line[said..]).unwrap_or(line.len() - said);
        let mut next = said;
        while next < end {
            let Some(word) = reader.token(next) else {
                next += 1;
                continue;
            };
            next = match self.spoken_of(&reader, word).filter(|name| *name <= end) {
                Some(end) => {
                    each(whole(word.start, end));
                    end
                }
                None => word.end,
            };
        }
    }

    /// The end of a full name in lower case that begins with a word.
    fn spoken_of(&self, reader: &Reader<'_>, word: Token) -> Option<usize> {
        let given = in_lower(reader, word).filter(is_given)?;
        if reader.is_code_before(given.start) {
            return None;
        }
        let mut next = reader.token(reader.blank(given.end)?)?;
        for _ in 0..MOST_MORE {
            if next.case != Case::Lower || !next.is(PARTICLE) || next.is(FAMILY) && !next.is(ORDINARY) {
                break;
            }
            next = reader.token(reader.blank(next.end)?)?;
        }
        let family = in_lower(reader, next)?;
        (is_family(&family) && !reader.is_code_behind(family.end)).then_some(family.end)
    }
}

/// A word in lower case, with what it is by its ending.
fn in_lower(reader: &Reader<'_>, word: Token) -> Option<Token> {
    if word.case != Case::Lower {
        return None;
    }
    if word.class != 0 {
        return Some(word);
    }
    let letters = std::str::from_utf8(&reader.text[word.start..word.end]).ok()?;
    Some(Token { class: reader.class_by_ending(letters), ..word })
}

fn is_given(word: &Token) -> bool {
    word.is(GIVEN)
        && !word.is(ORDINARY | STOP | PLACE | BEFORE | TITLES)
        && word.end - word.start > LEAST_NAME
}

fn is_family(word: &Token) -> bool {
    word.is(FAMILY) && !word.is(ORDINARY | STOP | PLACE | BEFORE) && word.end - word.start > LEAST_NAME
}

/// The speaker whose name begins with a word.
fn speaker(reader: &Reader<'_>, first: Token) -> Option<Speaker> {
    let odd = ORDINARY | STOP | PLACE | BEFORE;
    if first.case != Case::Lower || !first.is(GIVEN) || first.is(odd) || first.end - first.start < LEAST_NAME
    {
        return None;
    }
    let mut last = None;
    let mut end = first.end;
    for _ in 0..MOST_MORE {
        let Some(blank) = reader.blank(end) else { break };
        // joke van 't hof
        let tied = if reader.text[blank..reader.hi].starts_with(b"'t ") { 3 } else { 0 };
        let Some(word) = reader.token(blank + tied) else { break };
        if word.case != Case::Lower {
            return None;
        }
        last = Some(word);
        end = word.end;
    }
    let family = last.filter(|last| !last.is(odd) || last.is(FAMILY) && !last.is(STOP | PLACE))?;
    let colon = reader.blank(end).unwrap_or(end);
    let said = match reader.byte(colon)? {
        b':' if matches!(reader.byte(colon + 1), Some(b' ' | b'\n' | b'\r')) => colon + 1,
        b'>' if reader.byte_before(first.start) == Some(b'<') => colon + 1,
        _ => return None,
    };
    Some(Speaker { start: first.start, end, said, sure: is_given(&first) && is_family(&family) })
}

/// Whether somebody speaks in a line nearby as well, and one of the two has a name that is sure.
fn is_in_chat(reader: &Reader<'_>, own: &Speaker) -> bool {
    let is_other = |line: usize| {
        let other =
            first_letter(&reader.text[..reader.hi], line).and_then(|at| speaker(reader, reader.token(at)?));
        other.is_some_and(|other| other.sure || own.sure)
    };
    let text = reader.text;
    let mut line = own.start;
    let from = own.start.saturating_sub(REACH).max(reader.lo);
    let Some(mut newline) = line_start(text, from, line) else { return false };
    for _ in 0..MOST_LINES {
        if newline == from {
            break;
        }
        let Some(start) = line_start(text, from, newline - 1) else { break };
        if is_other(start) {
            return true;
        }
        newline = start;
    }
    let to = (own.end + REACH).min(reader.hi);
    for _ in 0..MOST_LINES {
        let Some(len) = memchr::memchr(b'\n', &text[line..to]) else { break };
        line += len + 1;
        if is_other(line) {
            return true;
        }
    }
    false
}

/// Where the line of a place begins.
fn line_start(text: &[u8], from: usize, at: usize) -> Option<usize> {
    match memrchr(b'\n', &text[from..at]) {
        Some(newline) => Some(from + newline + 1),
        None => (from == 0).then_some(0),
    }
}
