//! Who is named in full nearby: behind `Amina Diallo`, both `Diallo` and `Amina` alone are she, and so is a signature.

use memchr::memmem;

use super::{BEFORE, Case, LISTED, Name, ORDINARY, PARTICLE, PLACE, People, STOP, TITLES};
use crate::sequence::{LEAST_SEQUENCE, Reader};

/// How far before and behind a word the name is looked for that it is a part of. A text must be visible this far around what
/// is found in it, and a little further.
const BEHIND: usize = 3 << 10;
const AHEAD: usize = 1 << 10;
/// Places with the same word that are looked at.
const MOST_PLACES: usize = 6;
/// Words of a name before that one.
const MOST_BEFORE: usize = 3;

impl People {
    /// Whether a listed word that stands alone is a part of a name that stands nearby with more than it, or behind a title.
    pub(super) fn is_known(&self, reader: &Reader<'_>, name: &Name) -> bool {
        let word = name.first;
        let odd = ORDINARY | STOP | PLACE | BEFORE | TITLES;
        if word.case != Case::Capital
            || !word.is(LISTED)
            || word.is(odd)
            || name.followed
            || name.next & PLACE != 0
            || super::is_behind_name(reader, word.start)
        {
            return false;
        }
        let text = reader.text;
        let own = &text[word.start..word.end];
        let from = word.start.saturating_sub(BEHIND).max(reader.lo);
        let to = (word.end + AHEAD).min(reader.hi);
        let mut before = memmem::rfind_iter(&text[from..word.start], own).map(|at| from + at);
        let mut behind = memmem::find_iter(&text[word.end..to], own).map(|at| word.end + at);
        let is_named = |at: usize| self.is_named_in_full(reader, (at, at + own.len()));
        before.by_ref().take(MOST_PLACES).any(is_named) || behind.by_ref().take(MOST_PLACES).any(is_named)
    }

    /// Whether the word at that place is a part of a name with more than it, or stands behind a title.
    fn is_named_in_full(&self, reader: &Reader<'_>, (start, end): (usize, usize)) -> bool {
        if reader.token(start).is_none_or(|token| token.end != end) || reader.letter_before(start).is_some() {
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
            let dot = reader.blank_before(begin).unwrap_or(begin);
            let dot = if reader.byte_before(dot) == Some(b'.') { dot - 1 } else { dot };
            let Some(token) = reader.token_before(dot).filter(|token| {
                dot < begin && (token.case.is_name() || token.case == Case::Initial || token.is(PARTICLE))
            }) else {
                return false;
            };
            begin = token.start;
        }
        false
    }
}
