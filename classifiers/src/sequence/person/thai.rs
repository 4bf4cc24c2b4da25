//! Names in Thai, whose words stand together: a blank parts given and family name, and phrases. So a name is looked for at
//! the word behind a blank, by the given name or title that the one before it ends with.

use super::People;
use crate::sequence::Sequel;
use crate::words::{char_at, char_before};

/// Characters of a given name, marks among them.
const MOST_GIVEN: usize = 18;
/// Those of one that no list has, behind a title.
const UNLISTED: std::ops::RangeInclusive<usize> = 3..=11;
/// Those of a family name.
const FAMILY: std::ops::RangeInclusive<usize> = 3..=22;

const fn is_thai(c: char) -> bool {
    matches!(c, '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}')
}

impl People {
    /// The name whose family name begins at `at`, behind a blank.
    pub(super) fn thai(&self, text: &[u8], lo: usize, at: usize) -> Option<Sequel> {
        let family = self.thai_family(text, at)?;
        let end = at + family.len();
        let given_end = at - 1;
        let mut starts = [0; MOST_GIVEN];
        let mut start = given_end;
        let letters = starts.iter_mut().map_while(|place| {
            start -= char_before(&text[lo..], start - lo).filter(|&c| is_thai(c))?.len_utf8();
            *place = start;
            Some(())
        });
        let count = letters.count();
        let parts = |letters: usize| {
            let start = starts[letters - 1];
            (&text[lo..start], std::str::from_utf8(&text[start..given_end]).unwrap_or_default())
        };
        let is_listed = |&letters: &usize| {
            let (before, given) = parts(letters);
            self.unspaced_given.contains(given)
                && (self.begins_thai(before) && self.is_thai_family(family) || self.thai_title_before(before))
        };
        let is_titled = |&letters: &usize| {
            let (before, given) = parts(letters);
            self.thai_title_before(before) && !self.is_phrase(given) && !self.is_compound(before, given)
        };
        let listed = (2..=count).rev().find(is_listed);
        let letters = listed.or_else(|| UNLISTED.take_while(|letters| *letters <= count).find(is_titled))?;
        let points = self.points.title + self.points.other;
        Some(Sequel { start: starts[letters - 1], end, points, listed: true })
    }

    /// The word at `at`, as far as it can be a family name.
    fn thai_family<'t>(&self, text: &'t [u8], at: usize) -> Option<&'t str> {
        let mut end = at;
        let mut count = 0;
        while end < text.len() && char_at(text, end).0.is_some_and(is_thai) && count <= *FAMILY.end() {
            let goes_on = count > 2 && self.over.is_at(&text[end..]);
            if goes_on {
                break;
            }
            end += 3;
            count += 1;
        }
        let family = std::str::from_utf8(&text[at..end]).ok()?;
        (FAMILY.contains(&count) && !self.is_phrase(family)).then_some(family)
    }

    fn is_phrase(&self, word: &str) -> bool {
        self.phrases.is_at(word.as_bytes())
    }

    /// Whether a family name is listed, or is made of what others are made of.
    fn is_thai_family(&self, family: &str) -> bool {
        let mut parts = self.family_parts.iter();
        self.families.contains(family)
            || parts.any(|part| family.starts_with(part.as_str()) || family.ends_with(part.as_str()))
    }

    /// Whether a phrase begins behind it, or a word stands at its end that names stand behind.
    fn begins_thai(&self, before: &[u8]) -> bool {
        char_before(before, before.len()).is_none_or(|c| !is_thai(c)) || self.is_told_before(before)
    }

    fn thai_title_before(&self, before: &[u8]) -> bool {
        self.titles.before(before).any(|title| {
            let front = &before[..before.len() - title.len()];
            self.begins_thai(front) || self.titles.is_before(front)
        })
    }

    /// Whether a word that begins like a title begins the name: คุณภาพ is quality.
    fn is_compound(&self, before: &[u8], given: &str) -> bool {
        self.compounds.iter().any(|word| {
            let mut cuts = word.char_indices().skip(1).map(|(cut, _)| word.split_at(cut));
            cuts.any(|(title, rest)| given.starts_with(rest) && before.ends_with(title.as_bytes()))
        })
    }
}
