//! What stands behind a label, and where it ends.

use std::ops::{Range, RangeInclusive};

use super::marks::{Front, Kind, Mark, Text};
use crate::column::is_placeholder;

/// Bytes of a value.
const LONGEST_VALUE: usize = 160;
/// Bytes of a value in a line of its own: a longer one is a sentence.
const LONGEST_BELOW: usize = 48;
/// Words of a value in small letters, unless one of them is in a list.
const MOST_SMALL: usize = 3;
/// Fewest characters of a number.
pub(super) const LEAST_NUMBER: usize = 3;
/// Clauses of a line that are tried as values.
const MOST_CLAUSES: usize = 3;
/// Groups of a number.
const MOST_GROUPS: usize = 10;
/// Digits of the groups of one number.
const PARTS: RangeInclusive<usize> = 2..=6;
/// Letters that a number may begin with.
const MOST_LETTERS: usize = 4;
/// Bytes of signs before a number: those of a currency.
const MOST_SIGNS: usize = 3;
/// Letters of a word that ends a sentence, and is not shortened: `St. Louis`.
const LEAST_LAST: usize = 4;

/// What stands for a value that stands elsewhere, or nowhere.
const REFERRING: [&str; 14] = [
    "see ", "as ", "same ", "not ", "to be ", "please ", "siehe ", "wie ", "voir ", "véase ", "ver ",
    "vedi ", "zie ", "se ",
];
/// What descriptions of data say of a field.
const TYPES: [&str; 12] = [
    "string", "str", "text", "varchar", "char", "int", "integer", "number", "enum", "boolean", "required",
    "optional",
];

impl Text<'_> {
    /// A number behind a mark: groups of letters and digits, with a digit in each but the first. That may say once more what
    /// it is: `MRN 00482217`.
    pub(super) fn number(
        &self,
        mark: &Mark,
        front: &Front,
        least: usize,
        mut fits: impl FnMut(&str) -> Option<bool>,
    ) -> Option<(usize, usize)> {
        let start = self.begin(mark, front)?;
        let rest = &self.text[start..self.text.len().min(start + LONGEST_VALUE)];
        // `£42,000`
        let is_sign = |b: &&u8| !b.is_ascii_alphanumeric() && !b.is_ascii_whitespace();
        let first = rest.iter().take(MOST_SIGNS).take_while(is_sign).count();
        let mut groups = [(0, 0); MOST_GROUPS];
        let (mut count, mut at) = (0, first);
        while count < MOST_GROUPS {
            let group = rest.get(at..).unwrap_or_default();
            let is_part = |b: &&u8| b.is_ascii_alphanumeric() || b"-_./:,'".contains(b);
            let group = &group[..group.iter().take_while(is_part).count()];
            let may_lead = count == 0 && (1..=MOST_LETTERS).contains(&group.len());
            if !may_lead && !group.iter().any(u8::is_ascii_digit) {
                break;
            }
            let marks = group.iter().rev().take_while(|b| !b.is_ascii_alphanumeric()).count();
            groups[count] = (at, at + group.len() - marks);
            (count, at) = (count + 1, at + group.len() + 1);
            if marks > 0 || rest.get(at - 1) != Some(&b' ') {
                break;
            }
        }
        let mut is_value = |value: Range<usize>| {
            let text = std::str::from_utf8(&rest[value.clone()]).ok()?;
            let is_long = text.len() >= least && text.contains(|c: char| c.is_ascii_digit());
            // `0..255`
            let is_range = text.contains("..");
            let is_one = is_long && !is_range && fits(text).is_some();
            is_one.then_some((start + value.start, start + value.end))
        };
        let groups = &groups[..count];
        // `0996 4379 1082` is one number.
        let is_digits = |(from, to): (usize, usize)| {
            PARTS.contains(&(to - from)) && rest[from..to].iter().all(u8::is_ascii_digit)
        };
        let is_part =
            |i: usize| is_digits(groups[i]) && groups.get(i + 1).is_some_and(|next| is_digits(*next));
        let mut ends = (0..count).rev().filter(|i| !is_part(*i));
        ends.find_map(|i| is_value(first..groups[i].1)).or_else(|| {
            let (from, to) = *groups.get(1).filter(|_| !is_part(1))?;
            is_value(from..to)
        })
    }

    /// A value of a closed list behind a mark: the longest beginning of the line that is one, or the first clause that begins with
    /// one.
    pub(super) fn listed(
        &self,
        mark: &Mark,
        front: &Front,
        mut fits: impl FnMut(&str) -> Option<bool>,
        mut is_whole: impl FnMut(&str) -> bool,
    ) -> Option<(usize, usize)> {
        let (start, line) = self.line(mark, front)?;
        let clauses = line.match_indices([',', '(', ')', '.', '/', '、', '，', '。']).map(|(at, _)| at);
        let mut ends = [line.len(); MOST_CLAUSES + 1];
        ends.iter_mut().zip(clauses.take(MOST_CLAUSES)).for_each(|(end, at)| *end = at);
        let mut values = ends.iter().filter_map(|end| value(&line[..*end]));
        let whole = values.clone().rev().find(|text| is_whole(text));
        let value = whole.or_else(|| values.find(|text| fits(text).is_some()))?;
        Some((start, start + value.len()))
    }

    /// Words behind a mark, up to the end of their line or, in a sentence, of their clause.
    pub(super) fn words(
        &self,
        mark: &Mark,
        front: &Front,
        mut fits: impl FnMut(&str) -> Option<bool>,
    ) -> Option<(usize, usize)> {
        let (start, line) = self.line(mark, front)?;
        // Another label in the line.
        let line = match line.find([':', '：']).map(|at| &line[..at]) {
            Some(cut) => &line[..cut.rfind([',', '(', '.'])?],
            None => line,
        };
        let ends_clause = |at: &usize| {
            let last = line[..*at].chars().rev().take_while(|c| c.is_alphabetic()).count();
            line[*at..].starts_with(". ") && last >= LEAST_LAST || !front.begins
        };
        let mut clauses = line.match_indices([',', ')', '.', '(']).map(|(at, _)| at);
        let end = clauses.find(ends_clause).unwrap_or(line.len());
        let value = value(&line[..end])?;
        // What is written small is a word of the list, short in a line of its own, or the rest of a sentence.
        let is_short = front.begins && value.split(' ').count() <= MOST_SMALL;
        let is_small = value.starts_with(char::is_lowercase) && !is_short;
        let is_sentence =
            mark.kind == Kind::Line && (value.len() > LONGEST_BELOW || value.len() < line.len());
        let is_one = value.starts_with(char::is_alphabetic) && !is_sentence && !front.is_small;
        let fits = is_one && fits(value).is_some_and(|is_listed| is_listed || !is_small);
        fits.then_some((start, start + value.len()))
    }

    /// What is written behind a mark in its line or cell, and where that begins.
    fn line(&self, mark: &Mark, front: &Front) -> Option<(usize, &str)> {
        let start = self.begin(mark, front)?;
        let rest = &self.text[start..self.text.len().min(start + LONGEST_VALUE)];
        let is_end = |at: &usize| match rest[*at] {
            b'\n' | b'\r' | b'\t' | b'|' | b';' | b'<' | b'"' | b'*' | b'}' | b']' => true,
            b' ' => rest.get(at + 1) == Some(&b' '),
            _ => false,
        };
        let end = (0..rest.len()).find(is_end);
        let end = end.or((start + rest.len() == self.text.len()).then_some(rest.len()))?;
        Some((start, std::str::from_utf8(&rest[..end]).ok()?))
    }
}

/// The value that a clause is, without what ends it.
fn value(clause: &str) -> Option<&str> {
    let value = clause.trim_end_matches([' ', '.', ',', '\'']);
    let has_letter = value.contains(|c: char| c.is_alphabetic() || c == '+');
    let is_type = TYPES.iter().any(|name| value.eq_ignore_ascii_case(name));
    let is_elsewhere = REFERRING
        .iter()
        .any(|word| value.get(..word.len()).is_some_and(|first| first.eq_ignore_ascii_case(word)));
    let is_code = value.contains(['_', '=', '{', '\\', '[']) || value.contains("()");
    (has_letter && !is_type && !is_elsewhere && !is_code && !is_placeholder(value.as_bytes()))
        .then_some(value)
}
