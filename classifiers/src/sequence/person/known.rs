//! Who is named in full nearby: behind `Amina Diallo`, both `Diallo` and `Amina` alone are she, and so is a signature.

use memchr::memmem;

use super::around::is_behind_name;
use super::{BEFORE, Case, FAMILY, LISTED, Name, ORDINARY, PARTICLE, PLACE, People, STOP, TITLES};
use crate::sequence::{LEAST_SEQUENCE, Reader, Token};

/// How far before and behind a word the name is looked for that it is a part of. A text must be visible this far around what
/// is found in it, and a little further.
const BEHIND: usize = 3 << 10;
const AHEAD: usize = 1 << 10;
/// Places with the same word that are looked at.
const MOST_PLACES: usize = 4;
/// Words of a name before that one.
const MOST_BEFORE: usize = 3;

/// Whether a word alone may be a name that stands nearby with others.
pub(super) fn may_be_known(word: &Token) -> bool {
    let odd = ORDINARY | STOP | PLACE | BEFORE | TITLES | PARTICLE;
    word.is(LISTED) && word.case == Case::Capital && !word.is(odd)
}

impl People {
    /// Whether a listed word that stands alone is a part of a name that stands nearby with more than it, or behind a title.
    pub(super) fn is_known(&self, reader: &Reader<'_>, name: &Name) -> bool {
        let word = name.first;
        if !may_be_known(&word)
            || name.followed
            || name.next & PLACE != 0
            || is_behind_name(reader, word.start)
        {
            return false;
        }
        let own = &reader.text[word.start..word.end];
        let finder = memmem::Finder::new(own);
        // FITZPATRICK, Carlos
        let upper = own.to_ascii_uppercase();
        let capitals = memmem::Finder::new(&upper);
        let finders = [Some(&finder), word.is(FAMILY).then_some(&capitals)];
        let behind = word.start.saturating_sub(BEHIND).max(reader.lo)..word.start;
        let ahead = word.end..(word.end + AHEAD).min(reader.hi);
        finders.into_iter().flatten().any(|finder| {
            [behind.clone(), ahead.clone()].into_iter().any(|part| {
                let places = finder.find_iter(&reader.text[part.clone()]).take(MOST_PLACES);
                let mut places = places.map(|at| part.start + at);
                places.any(|at| self.is_named_in_full(reader, (at, at + own.len())))
            })
        })
    }

    /// Whether the word at that place is a part of a name with more than it, or stands behind a title.
    fn is_named_in_full(&self, reader: &Reader<'_>, (start, end): (usize, usize)) -> bool {
        // Nearly all places are told by what stands right beside them.
        let goes_on = reader
            .blank(end)
            .and_then(|next| reader.token(next))
            .is_some_and(|next| next.case.is_name() || next.case == Case::Initial || next.is(PARTICLE));
        let inverted = || reader.text[end..reader.hi].starts_with(b", ");
        if !goes_on && !inverted() && self.word_in_front(reader, start).is_none()
            || reader.letter_before(start).is_some()
            || reader.token(start).is_none_or(|token| token.end != end)
        {
            return false;
        }
        let mut begin = start;
        for _ in 0..=MOST_BEFORE {
            let found = self.named(reader, begin).filter(|found| found.points >= LEAST_SEQUENCE);
            if found.is_some_and(|found| {
                let is_longer = found.start < start || found.end > end;
                found.start <= start && end <= found.end && (is_longer || begin < start)
            }) {
                return true;
            }
            let Some(token) = self.word_in_front(reader, begin) else { return false };
            begin = token.start;
        }
        false
    }

    /// The word right before, if it may be of the same name: a capitalised one, a particle, or an initial or title, perhaps
    /// with a full stop.
    fn word_in_front(&self, reader: &Reader<'_>, start: usize) -> Option<Token> {
        let blank = reader.blank_before(start).unwrap_or(start);
        let stopped = reader.byte_before(blank) == Some(b'.');
        let end = if stopped { blank - 1 } else { blank };
        let token = reader.token_before(end).filter(|_| end < start)?;
        let is_short = token.case == Case::Initial || token.is(TITLES);
        (is_short || !stopped && (token.case.is_name() || token.is(PARTICLE))).then_some(token)
    }
}
