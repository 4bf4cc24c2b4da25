//! Dates of birth in lists of people: `Anna Roth, 12.03.1981` on one of several lines that all have a name and a date.
//! Dates of anything else that people do follow each other and are of our days; those of births are neither.

use serde::Deserialize;

use super::{ByLanguage, Class, Reader, Sequel, Vocabulary};
use crate::structure::date::written_year;

/// What tells a list of people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Birth {
    /// What stands above lists of people: participants.
    pub heading: ByLanguage,
    /// Thousandths for each date.
    pub points: i32,
}

const HEADING: Class = 1;

/// The latest year that alone tells a birth.
const LONG_AGO: u16 = 1985;
/// How far before a line its heading is looked for.
const REACH: usize = 400;
/// Bytes of a line before its date, and of a date.
const LONGEST_NAME: usize = 72;
const LONGEST_DATE: usize = 28;
/// Bytes of the lines beside its own.
const LONGEST_LINE: usize = 2 * LONGEST_NAME;

/// A compiled detector.
#[derive(Debug)]
pub(crate) struct Births {
    words: Vocabulary,
    points: i32,
}

impl Births {
    pub(crate) fn new(birth: &Birth) -> Self {
        let mut words = Vocabulary::default();
        words.add_all(HEADING, &birth.heading);
        Self { words, points: birth.points }
    }

    /// The date at `at`, behind a name that ends where `named` says so, when a line beside its own is like it.
    pub(super) fn at(
        &self,
        text: &[u8],
        (lo, hi): (usize, usize),
        at: usize,
        named: impl Fn(usize) -> bool,
    ) -> Option<Sequel> {
        let end_of_name = match text[lo..at] {
            [.., b',' | b' ', b' ' | b'('] => at - 2,
            [.., b'\t' | b' '] => at - 1,
            _ => return None,
        };
        if !named(end_of_name) {
            return None;
        }
        let line = line_start(text, lo, at).filter(|line| at - line <= LONGEST_NAME)?;
        let (len, year) = date(&text[at..hi])?;
        let rest = &text[at..hi.min(at + LONGEST_LINE)];
        let next = rest.iter().position(|b| *b == b'\n').map(|len| at + len + 1);
        let above = if line > lo { line_start(text, lo, line - 1) } else { None };
        let years = [above, next].map(|start| start.and_then(|start| year_of_line(&text[start..hi])));
        let others = || years.into_iter().flatten();
        let differs = others().any(|other| other != year);
        let long_ago = others().chain([year]).any(|year| year <= LONG_AGO);
        let told = differs && (long_ago || self.is_headed(text, lo, line));
        told.then_some(Sequel { start: at, end: at + len, points: self.points, listed: false })
    }

    /// Whether a word for a list of people stands a little above.
    fn is_headed(&self, text: &[u8], lo: usize, line: usize) -> bool {
        let from = line.saturating_sub(REACH).max(lo);
        let reader = Reader { text, lo: from, hi: line, words: &self.words };
        let mut at = from;
        while at < line {
            match reader.token(at) {
                Some(word) if word.is(HEADING) => return true,
                Some(word) => at = word.end,
                None => at += 1,
            }
        }
        false
    }
}

/// Where the line of a place begins. `None` for a long one: how much of it is visible must not count.
fn line_start(text: &[u8], lo: usize, at: usize) -> Option<usize> {
    let from = at.saturating_sub(LONGEST_LINE).max(lo);
    match text[from..at].iter().rposition(|b| *b == b'\n') {
        Some(newline) => Some(from + newline + 1),
        None => (from == lo && at - lo < LONGEST_LINE).then_some(lo),
    }
}

/// The year of a date behind one to five words in a line.
fn year_of_line(line: &[u8]) -> Option<u16> {
    let line = &line[..line.len().min(LONGEST_LINE)];
    let line = &line[..line.iter().position(|b| *b == b'\n').unwrap_or(line.len())];
    let listed = line.iter().take(6).take_while(|b| b.is_ascii_digit() || b".)-*# ".contains(b)).count();
    let rest = &line[listed..];
    let start =
        rest.iter().position(u8::is_ascii_digit).filter(|start| (4..=LONGEST_NAME).contains(start))?;
    let name = &rest[..start];
    let words = name.split(|b| *b == b' ').filter(|word| word.len() > 1).count();
    (1..=5).contains(&words).then(|| date(&rest[start..]))?.map(|(_, year)| year)
}

/// The length and the year of a date that a text begins with.
fn date(text: &[u8]) -> Option<(usize, u16)> {
    let text = &text[..text.len().min(LONGEST_DATE)];
    let line = &text[..text.iter().position(|b| b"\n\r\t;|()".contains(b)).unwrap_or(text.len())];
    let is_end = |end: &usize| {
        line[end - 1].is_ascii_alphanumeric() && line.get(*end).is_none_or(|b| b" ,.".contains(b))
    };
    (8..=line.len()).filter(is_end).find_map(|end| Some((end, written_year(&line[..end])?)))
}
