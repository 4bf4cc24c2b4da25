//! Names behind titles, and behind initials where a word that speaks of people comes before.

use super::around::{is_behind_name, is_called, is_title_at, is_titled_family};
use super::reading::behind_elided;
use super::{
    ALONE, BEARER, CALENDAR, CUE, FAMILY, GIVEN, LISTED, Name, ORDINARY, PARTICLE, PLACE, PREPOSITION,
    People, STOP, TITLE, TITLES,
};
use crate::sequence::{Case, LONGEST_LEAD, Reader, Sequel, Token};

/// Digits between a rank and a name.
const MOST_DIGITS: usize = 6;

impl People {
    /// What follows a title.
    pub(super) fn titled(&self, reader: &Reader<'_>, title: Token) -> Option<Sequel> {
        let mut at = title.end;
        let mut doubtful = !title.is(TITLE);
        let mut particles = 0;
        let mut initial = None;
        loop {
            if reader.byte(at) == Some(b'.') {
                at += 1;
            }
            at = reader.blank(at).unwrap_or(at);
            // Above the name, in the address of a letter.
            let above = title.is(TITLE) && at == title.end && reader.byte(at) == Some(b'\n');
            let line = title.start == reader.lo || reader.byte_before(title.start) == Some(b'\n');
            at += usize::from(above && line);
            // PC 4521 Sinclair
            let number = reader.text[at..reader.hi].iter().take(MOST_DIGITS + 1);
            let number = number.take_while(|b| b.is_ascii_digit()).count();
            if (2..=MOST_DIGITS).contains(&number) && at > title.end {
                at = reader.blank(at + number)?;
            }
            // Mme d'Aubigny
            if let Some(rest) = behind_elided(reader, at).filter(|_| at > title.end) {
                initial = initial.or(Some(at));
                at = rest;
            }
            let token = reader.token(at)?;
            if token.start == title.end || token.start - title.start > LONGEST_LEAD {
                return None;
            }
            match token {
                _ if is_title_at(reader, &token)
                    && (!token.is(LISTED) || reader.byte(token.end) == Some(b'.')) =>
                {
                    doubtful &= !token.is(TITLE);
                }
                // Mrs J Doyle
                _ if token.case == Case::Initial
                    && (reader.byte(token.end) == Some(b'.') || reader.blank(token.end).is_some()) =>
                {
                    initial = initial.or(Some(token.start));
                }
                // Sig.ra
                _ if token.case == Case::Lower
                    && token.end - token.start < 4
                    && reader.byte_before(token.start) == Some(b'.') => {}
                _ if token.case == Case::Lower && token.is(PARTICLE) && particles < 3 => particles += 1,
                _ if token.case.is_name() || token.case == Case::None => {
                    let stops = token.is(STOP | PLACE)
                        && !is_called(reader, &token)
                        && !is_titled_family(reader, &token);
                    if stops || token.is(ORDINARY) && !token.is(FAMILY | CALENDAR) {
                        return None;
                    }
                    let name = self.name(reader, token);
                    let listed = token.is(LISTED) && !token.is(ORDINARY);
                    // `PC Weber` is a constable, `PC Engine` is none.
                    let short = title.case == Case::Upper && title.end - title.start < 4;
                    if short && (doubtful && !listed || token.is(ORDINARY) && !token.is(GIVEN)) {
                        return None;
                    }
                    let sure = listed || name.names > 1;
                    if above_line(reader, title.end, token.start) && !sure {
                        return None;
                    }
                    // A title makes nobody less sure than the name alone.
                    let named = token.is(GIVEN) && name.second.is_some_and(|second| second.is(FAMILY));
                    let own = if named { self.judge(reader, &name, None) } else { None };
                    let points = match (doubtful, sure) {
                        (_, true) => self.points.title + own.unwrap_or(0).max(self.points.ordinary_given),
                        (false, false) => self.points.title_alone,
                        // `M. Rousselot propose`: an initial would make a person of it as well.
                        (true, false)
                            if title.end - title.start == 1
                                && reader.byte(title.end) == Some(b'.')
                                && token.case == Case::Capital
                                && token.end - token.start > 3
                                && (!token.is(ORDINARY) || token.is(FAMILY))
                                && !name.followed
                                && is_addressed(reader, title.start, name.end) =>
                        {
                            self.points.title_alone - self.points.inside
                        }
                        // Behind a capitalised word it may be an abbreviation of anything.
                        (true, false)
                            if title.end - title.start > 1
                                && !token.is(ORDINARY)
                                && token.case == Case::Capital
                                && !is_behind_name(reader, title.start) =>
                        {
                            self.points.title_alone - self.points.inside
                        }
                        (true, false) => {
                            self.points.title_alone - self.points.inside - self.points.in_sentence
                        }
                    };
                    let caseless = token.case == Case::None && !token.is(LISTED);
                    let start = initial.unwrap_or(token.start);
                    let name = Name { first: Token { start, ..token }, ..name };
                    return self
                        .sequel(reader, &name, points)
                        .filter(|_| !caseless && name.next & PLACE == 0);
                }
                _ => return None,
            }
            at = token.end;
        }
    }

    /// A word that may be anything behind an initial and a word that speaks of people: `Signed: Q. Shahin`.
    pub(super) fn signed(&self, reader: &Reader<'_>, word: Token) -> Option<Sequel> {
        let first = self.initials(reader, word.start)?;
        let before = reader.word_before(first)?;
        let gap = &reader.text[before.end..first];
        let near = matches!(gap, b" " | b": " | b". " | b", ");
        let name = self.name(reader, word);
        let own = Name { first: Token { start: first, ..word }, ..name };
        (near
            && before.is(CUE | ALONE | BEARER | TITLES)
            && !before.is(PREPOSITION)
            && name.next & PLACE == 0)
            .then(|| self.sequel(reader, &own, self.points.alone))?
    }
}

/// Whether a line ends between a title and its name.
fn above_line(reader: &Reader<'_>, title: usize, name: usize) -> bool {
    reader.text[title..name].contains(&b'\n')
}

/// Whether a sentence or an enumeration goes on around a title of one letter and its name.
fn is_addressed(reader: &Reader<'_>, start: usize, end: usize) -> bool {
    let led = match reader.text[reader.lo..start] {
        [] | [.., b'\n'] => true,
        [.., mark, b' '] => mark.is_ascii_lowercase() || b",:;.".contains(&mark),
        _ => false,
    };
    let goes_on = match &reader.text[end..reader.hi] {
        [b' ', b'(', ..] | [b',', b' ', ..] => true,
        [b' ', ..] => reader.token(end + 1).is_some_and(|next| next.case == Case::Lower),
        _ => false,
    };
    led && goes_on
}
