//! Names of people in scripts that put no blanks between words: they are known by what stands beside them, and by the
//! family name that they begin with.

use super::affixes::Affixes;
use super::{People, STOP};
use crate::sequence::{Sequel, is_behind_blank, is_thai_at};
use crate::words::{char_at, char_before, is_unspaced};

/// How the names of places and offices end, of which people are governors and heads: 石川県知事.
const PARTS: [char; 31] = [
    '시', '군', '읍', '면', '회', '과', '팀', '청', '점', '교', '소', '부', '도', '県', '市', '区', '都',
    '府', '町', '村', '省', '州', '部', '課', '社', '店', '局', '院', '校', '系', '科',
];
/// Names in a list behind one label.
const MOST_LISTED: usize = 12;
/// Characters of a name in a script without blanks.
const MOST_UNSPACED: usize = 6;

pub(super) const fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣')
}

impl People {
    /// Whether a cell is a name in a script without blanks, with one blank at most.
    pub(crate) fn is_unspaced_cell(&self, cell: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(cell) else { return false };
        if !text.starts_with(is_unspaced) {
            return false;
        }
        let name = text.replacen([' ', '\u{3000}'], "", 1);
        let characters = name.chars().count();
        (2..=MOST_UNSPACED).contains(&characters)
            && name.chars().all(is_unspaced)
            && self.is_unspaced_name(&name, characters)
    }

    /// Characters at which names are looked for in scripts without blanks but for Thai.
    pub(crate) fn marks(&self) -> impl Iterator<Item = char> {
        let cues = [&self.suffixes, &self.roles, &self.labels, &self.cues];
        let firsts = cues.into_iter().flat_map(Affixes::firsts).chain(self.family_firsts.iter().copied());
        firsts.filter(|c| !matches!(c, '\u{e00}'..='\u{e7f}'))
    }

    /// The names at `at` in a script without blanks: beside a cue that begins there, or one that begins there itself.
    pub(crate) fn unspaced(
        &self,
        text: &[u8],
        (lo, hi): (usize, usize),
        at: usize,
        mut each: impl FnMut(Sequel),
    ) {
        if is_thai_at(text, at) {
            if is_behind_blank(text, at) {
                self.thai(&text[..hi], lo, at).into_iter().for_each(each);
            }
            return;
        }
        self.bare(&text[..hi], lo, at).into_iter().for_each(&mut each);
        if self.cue_firsts.is_at(text, at) {
            self.beside_cue(text, (lo, hi), at, each);
        }
    }

    /// The names beside a cue that begins at `at`: behind it, or before it where none is.
    fn beside_cue(&self, text: &[u8], (lo, hi): (usize, usize), at: usize, mut each: impl FnMut(Sequel)) {
        let here = &text[at..hi];
        let points = self.points.title + self.points.other;
        let mut found = |start, end| each(Sequel { start, end, points, listed: true });
        let label = self.labels.longest_at(here);
        if let Some(cue) = label.or_else(|| self.cues.longest_at(here))
            && self.behind_cue(&text[..hi], at + cue, label.is_none(), &mut found)
        {
            return;
        }
        let role = self.roles.is_at(here);
        if !role && !self.suffixes.is_at(here) {
            return;
        }
        if let Some(start) = self.name_before(&text[..hi], lo, at, role) {
            let end = text[start..at].trim_ascii_end().len() + start;
            found(start, end);
        }
    }

    /// Calls `found` with the names behind a cue that ends at `start`, and says whether there is one.
    fn behind_cue(
        &self,
        text: &[u8],
        mut start: usize,
        mut sentence: bool,
        found: &mut impl FnMut(usize, usize),
    ) -> bool {
        for mark in ["は", "の", "은 ", "：", ":", "是", " ", "　"] {
            if text[start..].starts_with(mark.as_bytes()) {
                // 担当者の田中まで
                sentence |= mark == "の";
                // 办案民警：李伟
                sentence &= !matches!(mark, "：" | ":");
                start += mark.len();
            }
        }
        for i in 0..MOST_LISTED {
            let name = self.name_behind(text, start, sentence).filter(|(_, whole)| i == 0 || *whole);
            let Some((end, whole)) = name else { return i > 0 };
            found(start, end);
            let mark = ["、", ", ", "，", "・"].iter().find(|mark| text[end..].starts_with(mark.as_bytes()));
            let Some(mark) = mark.filter(|_| whole) else { break };
            start = end + mark.len();
        }
        true
    }

    /// Where the name before `at` begins. What people are is said of more than names, so behind it a name needs a blank,
    /// a mark or one of a few words before it.
    fn name_before(&self, text: &[u8], lo: usize, at: usize, role: bool) -> Option<usize> {
        let mut start = at;
        if start > lo && text[start - 1] == b' ' {
            start -= 1;
        }
        let end = start;
        let mut best = None;
        for count in 1..=MOST_UNSPACED {
            let Some(c) =
                char_before(&text[lo..], start - lo).filter(|&c| is_unspaced(c) && c.is_alphabetic())
            else {
                // 山本 太郎様
                let family = text[lo..start].ends_with(b" ") && count > 1;
                if family && let Some(begin) = self.family_before(text, lo, start - 1) {
                    best = Some(begin);
                }
                break;
            };
            start -= c.len_utf8();
            let name = std::str::from_utf8(&text[start..end]).ok()?;
            // 신임 부장: in Korea a name has three characters, nearly always.
            let short = role && (count < 3 && name.starts_with(is_hangul) || name.ends_with(PARTS));
            if !short && self.is_unspaced_name(name, count) && (!role || self.begins_phrase(text, lo, start))
            {
                best = Some(start);
            }
        }
        best
    }

    /// Where a family name that ends at `end` and begins a phrase starts.
    fn family_before(&self, text: &[u8], lo: usize, end: usize) -> Option<usize> {
        let mut start = end;
        for _ in 0..3 {
            start -= char_before(&text[lo..], start - lo).filter(|&c| is_unspaced(c))?.len_utf8();
            let name = std::str::from_utf8(&text[start..end]).ok()?;
            if self.families.contains(name) && self.begins_phrase(text, lo, start) {
                return Some(start);
            }
        }
        None
    }

    fn begins_phrase(&self, text: &[u8], lo: usize, start: usize) -> bool {
        let before = &text[lo..start];
        char_before(before, before.len()).is_none_or(|c| !is_unspaced(c) || !c.is_alphabetic())
            || self.before.is_before(before)
    }

    /// The end of the name at `start`, and whether nothing else of a sentence follows.
    fn name_behind(&self, text: &[u8], start: usize, sentence: bool) -> Option<(usize, bool)> {
        let mut end = start;
        let mut ends = [0; MOST_UNSPACED + 1];
        let mut count = 0;
        let mut over = false;
        let mut spaced = None;
        while count <= MOST_UNSPACED && end < text.len() {
            let (c, len) = char_at(text, end);
            over = count > 1 && self.over.is_at(&text[end..]);
            // 田中 太郎
            let family = c == Some(' ')
                && spaced.is_none()
                && std::str::from_utf8(&text[start..end]).is_ok_and(|name| self.families.contains(name));
            if family
                && char_at(text, (end + 1).min(text.len() - 1))
                    .0
                    .is_some_and(|c| is_unspaced(c) && c.is_alphabetic())
            {
                spaced = Some(count);
                end += 1;
                continue;
            }
            if over || !c.is_some_and(|c| is_unspaced(c) && c.is_alphabetic()) {
                break;
            }
            end += len;
            ends[count] = end;
            count += 1;
        }
        if spaced.is_some_and(|family| (1..=3).contains(&(count - family))) {
            return Some((ends[count - 1], !over));
        }
        let name = |count: usize| std::str::from_utf8(&text[start..ends[count - 1]]).ok();
        // What stands alone is all of the name; of what goes on, it is the usual number of characters.
        let alone = (2..=MOST_UNSPACED).contains(&count) && self.is_unspaced_name(name(count)?, count);
        // 私は田中太郎と申します, 患者王芳，女
        let rest = &text[end..];
        let stops = || {
            // 患者张晓燕，34岁
            let aged = rest.starts_with("，".as_bytes()) && rest.get(3).is_some_and(u8::is_ascii_digit);
            over || aged
                || ["（", "(", "，女", "，男", "、", "　"]
                    .iter()
                    .any(|mark| rest.starts_with(mark.as_bytes()))
        };
        if sentence && !(alone && stops()) {
            return None;
        }
        let counts = if alone { count..=count } else { 2..=count.min(3) };
        let count = counts
            .rev()
            .find(|&count| name(count).is_some_and(|name| self.begins_with_family(name).is_some()))?;
        Some((ends[count - 1], alone && !over))
    }

    /// Characters of the family name that a text of a script without blanks begins with.
    fn begins_with_family(&self, name: &str) -> Option<usize> {
        let mut ends = name.char_indices().map(|(i, c)| i + c.len_utf8());
        let ends = [ends.next(), ends.next(), ends.next()];
        (0..3).rev().find(|&i| ends[i].is_some_and(|end| self.families.contains(&name[..end]))).map(|i| i + 1)
    }

    fn is_unspaced_name(&self, name: &str, count: usize) -> bool {
        // Given names have one or two characters behind a family name of one, as in China and Korea, and up to three
        // behind a longer one, as in Japan.
        self.begins_with_family(name).is_some_and(|family| count <= family + if family > 1 { 3 } else { 2 })
            && self.words.of(name) & STOP == 0
    }
}
