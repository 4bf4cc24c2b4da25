//! The same in scripts that put no blanks between words: what stands beside an anchor is looked for character by character.

use super::{AGAINST, Ascriptions, LISTED, MOST_LISTED};
use crate::sequence::{Class, Reader, Sequel};
use crate::words::{char_at, char_before, is_unspaced};

/// Characters of a word of the list.
const LONGEST: usize = 12;
/// Characters between an anchor and one of the list behind it, before it, and between two of an enumeration.
const MOST_BETWEEN: usize = 12;
const MOST_BACK: usize = 3;
/// Characters around, among which nothing may speak against it.
const AROUND: usize = 10;

/// Behind a name, and between that and what is said of the person.
const TITLES: [&str; 9] = ["さん", "氏", "様", " 씨", " 님", "女士", "先生", "小姐", "同志"];
const COPULAS: [&str; 6] = ["是", "は", "는", "은", "患", "已"];

/// Whether a text ends with a character of such a script.
pub(super) fn ends_with_one(text: &[u8]) -> bool {
    text.last().is_some_and(|byte| !byte.is_ascii()) && char_before(text, text.len()).is_some_and(is_unspaced)
}

const fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '。' | '！'
            | '？'
            | '；'
            | '.'
            | ';'
            | '!'
            | '?'
            | '\n'
            | '|'
            | '<'
            | '>'
            | '{'
            | '}'
            | '='
            | '「'
            | '『'
            | '《'
            | '“'
            | '"'
    )
}

impl Ascriptions {
    /// Calls `each` with the words of the list beside the anchor at `start..end`.
    pub(super) fn beside_unspaced(
        &self,
        reader: &Reader<'_>,
        (start, end): (usize, usize),
        mut each: impl FnMut(Sequel),
    ) {
        let mut found = 0;
        self.behind_unspaced(reader, end, |place| {
            found += 1;
            each(self.sequel(place));
        });
        if found > 0 {
            return;
        }
        let mut at = start;
        for _ in 0..=MOST_BACK {
            if let Some(first) = self.longest_before(reader, at) {
                if !self.is_against_around(reader, (first, end)) {
                    each(self.sequel((first, at)));
                }
                return;
            }
            match char_before(&reader.text[reader.lo..], at - reader.lo).filter(|c| !ends_sentence(*c)) {
                Some(c) => at -= c.len_utf8(),
                None => return,
            }
        }
    }

    /// Calls `each` with the words of the list that are said of the person whose name ends at `end`: 佐藤さんは共産党員.
    pub(crate) fn behind_unspaced_name(
        &self,
        text: &[u8],
        (lo, hi): (usize, usize),
        end: usize,
        mut each: impl FnMut(Sequel),
    ) {
        let reader = Reader { text, lo, hi, words: &self.words };
        let rest = &text[end..hi];
        let titled =
            TITLES.iter().find(|title| rest.starts_with(title.as_bytes())).map_or(0, |title| title.len());
        let copula = COPULAS.iter().find(|copula| rest[titled..].starts_with(copula.as_bytes()));
        if let Some(copula) = copula {
            self.behind_unspaced(&reader, end + titled + copula.len(), |place| each(self.sequel(place)));
        }
    }

    /// Calls `each` with the words of the list behind a place.
    pub(super) fn behind_unspaced(
        &self,
        reader: &Reader<'_>,
        end: usize,
        mut each: impl FnMut((usize, usize)),
    ) {
        let text = &reader.text[..reader.hi];
        let (mut at, mut between, mut found) = (end, 0, 0);
        while between <= MOST_BETWEEN && found < MOST_LISTED && at < text.len() {
            if let Some(last) = self.longest_at(reader, at, LISTED) {
                if self.is_against_around(reader, (end, last)) {
                    return;
                }
                each((at, last));
                (at, between, found) = (last, 0, found + 1);
                continue;
            }
            let (c, len) = char_at(text, at);
            if c.is_none_or(ends_sentence) {
                return;
            }
            at += len;
            between += 1;
        }
    }

    /// The end of the longest word of a class that begins at `at`.
    fn longest_at(&self, reader: &Reader<'_>, at: usize, class: Class) -> Option<usize> {
        let text = &reader.text[..reader.hi];
        let mut end = at;
        let mut longest = None;
        for _ in 0..LONGEST {
            if end >= text.len() {
                break;
            }
            let (c, len) = char_at(text, end);
            if c.is_none_or(|c| ends_sentence(c) || end == at && !c.is_alphanumeric()) {
                break;
            }
            end += len;
            let word = std::str::from_utf8(&text[at..end]).ok()?;
            if c.is_some_and(char::is_alphanumeric) && self.words.of(word) & class != 0 {
                longest = Some(end);
            }
        }
        longest
    }

    /// The start of the longest word of the list that ends at `end`.
    fn longest_before(&self, reader: &Reader<'_>, end: usize) -> Option<usize> {
        let mut start = end;
        let mut longest = None;
        for _ in 0..LONGEST {
            let c = char_before(&reader.text[reader.lo..], start - reader.lo);
            let Some(c) = c.filter(|&c| !ends_sentence(c) && (start < end || c.is_alphanumeric())) else {
                break;
            };
            start -= c.len_utf8();
            let word = std::str::from_utf8(&reader.text[start..end]).ok()?;
            if c.is_alphanumeric() && self.words.of(word) & LISTED != 0 {
                longest = Some(start);
            }
        }
        longest
    }

    fn is_against_around(&self, reader: &Reader<'_>, (start, end): (usize, usize)) -> bool {
        let mut at = start;
        for _ in 0..AROUND {
            match char_before(&reader.text[reader.lo..], at - reader.lo).filter(|c| !ends_sentence(*c)) {
                Some(c) => at -= c.len_utf8(),
                None => break,
            }
        }
        let mut behind = 0;
        while at < reader.hi && behind <= AROUND {
            if self.longest_at(reader, at, AGAINST).is_some() {
                return true;
            }
            let (c, len) = char_at(&reader.text[..reader.hi], at);
            if at >= end {
                behind += 1;
                if c.is_none_or(ends_sentence) {
                    return false;
                }
            }
            at += len;
        }
        false
    }
}
