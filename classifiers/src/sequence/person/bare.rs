//! Names in scripts that put no blanks between words without a cue beside them: a listed family name and a listed given
//! name, or characters that Chinese given names are made of, where a word begins before and one ends behind.

use memchr::memmem;

use super::unspaced::is_hangul;
use super::{ORDINARY, People, STOP};
use crate::sequence::Sequel;
use crate::words::{char_at, char_before, is_letter, is_unspaced};

/// Characters of a family name.
const MOST_FAMILY: usize = 3;
/// Characters of a given name.
const MOST_GIVEN: usize = 4;

/// What stands on one side of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// A mark, or another script.
    Open,
    /// What is said of people.
    Told,
}

struct Given {
    end: usize,
    listed: bool,
    behind: Side,
    /// Of one character, behind a family name of one.
    short: bool,
}

const fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ヿ')
}

const fn is_hiragana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゟ')
}

fn is_part(c: char) -> bool {
    is_unspaced(c) && is_letter(c)
}

/// Bytes of the blank between two parts of a name: 中村　誠.
fn blank_at(text: &[u8], at: usize) -> usize {
    let blank = [" ", "\u{3000}"].into_iter().find(|blank| text[at..].starts_with(blank.as_bytes()));
    blank.map_or(0, str::len)
}

/// The ends of up to `N` characters of a word from `start` on.
fn ends<const N: usize>(text: &[u8], start: usize) -> impl Iterator<Item = usize> {
    let mut at = start;
    (0..N).map_while(move |_| {
        let (c, len) = char_at(text, (at < text.len()).then_some(at)?);
        at += len;
        c.filter(|&c| is_part(c)).map(|_| at)
    })
}

impl People {
    /// The name whose family name begins at `at`.
    pub(super) fn bare(&self, text: &[u8], lo: usize, at: usize) -> Option<Sequel> {
        let first = char_at(text, at).0.filter(|&c| is_part(c))?;
        let mut families = [0; MOST_FAMILY];
        let count =
            families.iter_mut().zip(ends::<MOST_FAMILY>(text, at)).map(|(end, found)| *end = found).count();
        let word = |start: usize, end: usize| std::str::from_utf8(&text[start..end]).unwrap_or_default();
        let is_family = |characters: usize, end: usize| {
            let family = word(at, end);
            self.families.contains(family) && (characters == 1 || self.words.of(family) & ORDINARY == 0)
        };
        let name = (1..=count).rev().find_map(|characters| {
            let family = families[characters - 1];
            (self.begins_given(text, family) && is_family(characters, family))
                .then(|| self.given_behind(text, (at, family), characters))?
        });
        let Some(name) = name else {
            let is_introduced = |characters: usize| {
                let family = families[characters - 1];
                is_family(characters, family) && introduces_itself(text, (lo, at), family)
            };
            let end = (2..=count).rev().find(|&characters| is_introduced(characters));
            let points = self.points.alone;
            return end.map(|characters| Sequel {
                start: at,
                end: families[characters - 1],
                points,
                listed: true,
            });
        };
        let is_word = self.words.of(word(at, name.end)) & STOP != 0;
        let points = self.points.title + self.points.other;
        let whole = Sequel { start: at, end: name.end, points, listed: true };
        if speaks_again(text, lo, (at, name.end)) {
            return Some(whole);
        }
        let before = self.word_before_name(text, lo, at, first)?;
        // 居民周瑞第一个, but no 安静的
        if name.short && !(before == Side::Told && name.behind == Side::Told) {
            return None;
        }
        // 韩国语 between two commas is a word.
        let told = name.listed || before == Side::Told || name.behind == Side::Told;
        (told && !is_word).then_some(whole)
    }

    /// The given name behind a family name of so many characters.
    fn given_behind(&self, text: &[u8], (at, family): (usize, usize), characters: usize) -> Option<Given> {
        let start = family + blank_at(text, family);
        let first = char_at(text, (start < text.len()).then_some(start)?).0?;
        let hangul = is_hangul(first);
        if hangul != is_hangul(char_at(text, at).0?) || hangul && start > family || !is_part(first) {
            return None;
        }
        let mut given = [0; MOST_GIVEN];
        let count =
            given.iter_mut().zip(ends::<MOST_GIVEN>(text, start)).map(|(end, found)| *end = found).count();
        (1..=count).rev().find_map(|length| {
            let end = given[length - 1];
            let listed = self.unspaced_given.contains(std::str::from_utf8(&text[start..end]).ok()?);
            let short = !hangul && length == 1 && characters == 1 && start == family;
            let may_be = match (hangul, length) {
                (true, _) => listed && length == 2,
                // `明るい` is bright.
                (false, _) if short => listed && self.is_common(text, (at, family)),
                (false, _) if length == 1 || is_kana(first) => listed && characters > 1,
                (false, _) => listed || self.is_made(text, (at, family), (start, end)),
            };
            let behind = may_be.then(|| self.word_behind_name(text, end, hangul))??;
            // 松本恵先生, 中村誠、
            let is_name = hangul || length > 1 || behind == Side::Told || self.stops(text, end);
            is_name.then_some(Given { end, listed, behind, short })
        })
    }

    /// Whether a given name may begin behind a family name.
    fn begins_given(&self, text: &[u8], family: usize) -> bool {
        self.all_given_firsts.is_at(text, family + blank_at(text, family))
    }

    /// Whether two characters that Chinese given names begin and end with stand behind a common family name, in a text
    /// that is not Japanese.
    fn is_made(&self, text: &[u8], (at, family): (usize, usize), (start, end): (usize, usize)) -> bool {
        let is_kana = |c: Option<char>| c.is_some_and(is_kana);
        end - start == 6
            && start == family
            && self.is_common(text, (at, family))
            && self.given_firsts.is_at(text, start)
            && self.given_lasts.is_at(text, start + 3)
            && !is_kana(char_before(text, at))
            && !is_kana(text.get(end).and_then(|_| char_at(text, end).0))
    }

    /// Whether it is a common family name of China.
    fn is_common(&self, text: &[u8], (start, end): (usize, usize)) -> bool {
        std::str::from_utf8(&text[start..end]).is_ok_and(|word| self.common_families.contains(word))
    }

    /// Whether no word goes on.
    fn stops(&self, text: &[u8], end: usize) -> bool {
        end == text.len() || !char_at(text, end).0.is_some_and(is_part)
    }

    /// What stands behind a name that ends at `end`, where a word ends there.
    fn word_behind_name(&self, text: &[u8], end: usize, hangul: bool) -> Option<Side> {
        if self.stops(text, end) {
            return Some(Side::Open);
        }
        let rest = &text[end..];
        if self.suffixes.is_at(rest) || self.roles.is_at(rest) {
            return Some(Side::Told);
        }
        if hangul {
            // 오세진은 부산에서
            let ending = &rest[..ends::<MOST_GIVEN>(rest, 0).last().unwrap_or(0)];
            return self.over.at(ending).any(|word| word.len() == ending.len()).then_some(Side::Told);
        }
        if self.over.is_at(rest) {
            return Some(Side::Told);
        }
        let goes_over =
            char_at(rest, 0).0.is_some_and(is_hiragana) && !char_before(text, end).is_some_and(is_hiragana);
        goes_over.then_some(Side::Open)
    }

    /// What stands before a name that begins at `start`, where a word ends there.
    fn word_before_name(&self, text: &[u8], lo: usize, start: usize, first: char) -> Option<Side> {
        let before = &text[lo..start];
        let Some(c) = char_before(before, before.len()).filter(|&c| is_part(c)) else {
            return Some(Side::Open);
        };
        if !is_hangul(first) && self.is_told_before(before) {
            return Some(Side::Told);
        }
        (is_kana(c) && !is_kana(first)).then_some(Side::Open)
    }

    /// Whether a text ends with a word that names stand behind.
    pub(super) fn is_told_before(&self, text: &[u8]) -> bool {
        [&self.before, &self.roles, &self.labels, &self.cues].into_iter().any(|words| words.is_before(text))
    }
}

/// Whether a name begins a line before a colon, and another line nearby as well: it is who speaks.
fn speaks_again(text: &[u8], lo: usize, (start, end): (usize, usize)) -> bool {
    const REACH: usize = 1 << 9;
    let begins = |at: usize| at == 0 || text[at - 1] == b'\n';
    let is_turn = |end: usize| ["：", ":"].iter().any(|mark| text[end..].starts_with(mark.as_bytes()));
    if !begins(start) || !is_turn(end) {
        return false;
    }
    let own = &text[start..end];
    let before = start.saturating_sub(REACH).max(lo)..start;
    let behind = end..(end + REACH).min(text.len());
    [before, behind].into_iter().any(|part| {
        memmem::find_iter(&text[part.clone()], own).take(4).any(|at| {
            let at = part.start + at;
            begins(at) && is_turn(at + own.len())
        })
    })
}

/// Whether a family name alone is who speaks, behind the office or the firm: 総務の吉田です.
fn introduces_itself(text: &[u8], (lo, start): (usize, usize), end: usize) -> bool {
    let speaks = ["です", "と申します", "でございます"];
    text[lo..start].ends_with("の".as_bytes())
        && speaks.iter().any(|said| text[end..].starts_with(said.as_bytes()))
}
