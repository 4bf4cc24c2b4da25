//! Names behind the labels of forms and the keys of cards and calendars: `Surname: Threlfall`, `N:Threlfall;Tyrone;;;`,
//! `CN=Tyrone Threlfall:mailto:…`. The label says what they are, so that no list needs to have them.

use super::{AND, FIELD, LISTED, ORDINARY, PARTICLE, PLACE, People, STOP, TITLES};
use crate::sequence::{Case, LONGEST_LEAD, Reader, Sequel, Token};

/// Bytes of a label behind its first word.
const LONGEST_LABEL: usize = 40;
/// Words of a label.
const MOST_WORDS: usize = 4;
/// Blanks behind its colon, where forms are set in columns.
const MOST_BLANKS: usize = 24;
/// Words of a name in a field.
const MOST_FILLED: usize = 5;

impl People {
    /// The name behind the label that begins with `first`.
    pub(super) fn filled(&self, reader: &Reader<'_>, first: Token) -> Option<Sequel> {
        match &reader.text[first.start..first.end] {
            b"N" if self.is_line(reader, first.start) => self.of_card(reader, first.end),
            b"CN" => self.of_calendar(reader, first.end),
            _ => self.of_form(reader, first),
        }
    }

    fn is_line(&self, reader: &Reader<'_>, start: usize) -> bool {
        start == reader.lo || reader.byte_before(start) == Some(b'\n')
    }

    /// `Surname: Threlfall`, `First name(s) : Tyrone`
    fn of_form(&self, reader: &Reader<'_>, first: Token) -> Option<Sequel> {
        // Most are words of a sentence.
        let behind = &reader.text[first.end..(first.end + LONGEST_LABEL).min(reader.hi)];
        memchr::memchr(b':', behind)?;
        let mut end = first.end;
        let mut at = None;
        for _ in 0..MOST_WORDS {
            let whole = std::str::from_utf8(&reader.text[first.start..end]).ok()?;
            if end - first.start <= LONGEST_LEAD && self.words.of(whole) & FIELD != 0 {
                at = behind_colon(reader, end).or(at);
            }
            let next = reader.blank(end).or_else(|| (reader.byte(end) == Some(b'/')).then_some(end + 1));
            let Some(next) = next.and_then(|next| reader.token(next)) else { break };
            end = next.end;
        }
        let start = at?;
        let (end, words) = self.words_from(reader, start, false)?;
        let rest = &reader.text[end..reader.hi];
        let ended = matches!(
            rest,
            [] | [b'\n' | b'\r' | b',' | b';' | b'|' | b'\t', ..]
                // `N: Add<B1>` is code.
                | [b'<', b'/', ..]
                | [b'<', b'b', b'r', ..]
                | [b' ', b' ' | b'(' | b'|', ..]
                | [b'.']
                | [b'.', b'\n' | b'\r', ..]
        );
        (ended && words > 0).then(|| self.whole(start, end))
    }

    /// `N:Threlfall;Tyrone;;;`
    fn of_card(&self, reader: &Reader<'_>, end: usize) -> Option<Sequel> {
        if reader.byte(end) != Some(b':') {
            return None;
        }
        let start = end + 1;
        let (family, _) = self.words_from(reader, start, true)?;
        if reader.byte(family) != Some(b';') {
            return None;
        }
        let end = self.words_from(reader, family + 1, true).map_or(family, |(end, _)| end);
        matches!(reader.byte(end), None | Some(b';' | b'\n' | b'\r')).then(|| self.whole(start, end))
    }

    /// `CN=Tyrone Threlfall:mailto:…`, `CN="Threlfall, Tyrone":mailto:…`; other common names are those of machines.
    fn of_calendar(&self, reader: &Reader<'_>, end: usize) -> Option<Sequel> {
        if reader.byte(end) != Some(b'=') {
            return None;
        }
        let quoted = usize::from(reader.byte(end + 1) == Some(b'"'));
        let start = end + 1 + quoted;
        let (mut end, mut words) = self.words_from(reader, start, true)?;
        if quoted > 0 && reader.text[end..reader.hi].starts_with(b", ") {
            let (given, more) = self.words_from(reader, end + 2, true)?;
            end = given;
            words += more;
        }
        let rest = &reader.text[(end + quoted).min(reader.hi)..reader.hi];
        let mailed = rest.get(..8).is_some_and(|rest| rest.eq_ignore_ascii_case(b":mailto:"));
        (mailed && words > 1).then(|| self.whole(start, end))
    }

    fn whole(&self, start: usize, end: usize) -> Sequel {
        Sequel { start, end, points: self.points.alone, listed: false }
    }

    /// The end of the words from `start` that may all be those of a name, and how many there are.
    fn words_from(&self, reader: &Reader<'_>, start: usize, keyed: bool) -> Option<(usize, usize)> {
        let mut at = start;
        let mut end = start;
        let mut words = 0;
        for _ in 0..MOST_FILLED {
            let Some(token) = reader.token(at).filter(|token| token.end - token.start > 1 || words > 0)
            else {
                break;
            };
            match token.case {
                Case::Lower if token.is(PARTICLE) && !token.is(AND) => (),
                Case::Initial => end = token.end + usize::from(reader.byte(token.end) == Some(b'.')),
                Case::Capital | Case::Upper | Case::None => {
                    let odd = token.is(ORDINARY | PLACE | STOP | FIELD) && !token.is(LISTED);
                    if odd || token.is(TITLES) && !token.is(LISTED) && !keyed {
                        return None;
                    }
                    words += 1;
                    end = token.end;
                }
                _ => return None,
            }
            let dot = usize::from(token.case == Case::Initial && reader.byte(token.end) == Some(b'.'));
            let Some(next) = reader.blank(token.end + dot) else { break };
            at = next;
        }
        (words > 0).then_some((end, words))
    }
}

/// Behind the colon of a label that ends at `end`, and blanks.
fn behind_colon(reader: &Reader<'_>, end: usize) -> Option<usize> {
    let mut at = end;
    // First name(s), Né(e)
    if reader.byte(at) == Some(b'(') {
        let inner = (1..6).find(|i| reader.byte(at + i) == Some(b')'))?;
        at += inner + 1;
    }
    at = reader.blank(at).unwrap_or(at);
    if reader.byte(at) != Some(b':') {
        return None;
    }
    at += 1;
    let blanks = (0..MOST_BLANKS).take_while(|i| matches!(reader.byte(at + i), Some(b' ' | b'\t'))).count();
    (blanks > 0).then_some(at + blanks)
}
