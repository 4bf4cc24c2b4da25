//! Addresses of China, Japan and Korea: from the largest part to the house. Those of Japan and Korea are told by the region that
//! they begin with, or a town and the numbers of block and house, those of China by the number that they end with.

use super::{Address, LONGEST_LEAD};
use crate::words::{char_at, char_before, is_unspaced};

/// Characters before the number of a house.
const MOST_CHARACTERS: usize = 24;
/// Digits of a number.
const MOST_DIGITS: usize = 5;
/// Between the numbers of a block and a house.
const HYPHENS: [&str; 6] = ["-", "‐", "−", "－", "ー", "の"];

/// Characters at which they are looked for: ends of regions, beginnings of parts, and what stands behind a number.
pub(super) const MARKS: [char; 15] =
    ['都', '道', '府', '県', '号', '號', '弄', '区', '市', '町', '村', '시', '도', '구', '군'];
/// Regions of Korea as they are shortened, before a part.
const SHORT_REGIONS: [&str; 17] = [
    "서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기", "강원", "충북", "충남", "전북",
    "전남", "경북", "경남", "제주",
];

/// Words of such addresses.
#[derive(Debug)]
pub(super) struct Unspaced {
    regions: Vec<String>,
    /// Parts with which addresses may begin.
    towns: Vec<String>,
    parts: Vec<String>,
    roads: Vec<String>,
    blocks: Vec<String>,
    before: Vec<String>,
}

impl Unspaced {
    pub(super) fn new(address: &Address) -> Self {
        let all = |section: &crate::sequence::ByLanguage| section.values().flatten().cloned().collect();
        Self {
            regions: all(&address.region),
            towns: all(&address.town),
            parts: all(&address.part),
            roads: all(&address.road),
            blocks: all(&address.block),
            before: all(&address.before),
        }
    }

    /// The address whose region ends with the character at `at`, or whose number that one follows.
    pub(super) fn at(&self, text: &[u8], lo: usize, at: usize) -> Option<(usize, usize)> {
        let (mark, len) = char_at(text, at);
        mark.filter(|mark| MARKS.contains(mark))?;
        let end = at + len;
        let ends = |region: &&String| text[lo..end].ends_with(region.as_bytes());
        match self.regions.iter().filter(ends).max_by_key(|region| region.len()) {
            Some(region) => Some((end - region.len(), self.behind_region(text, end)?)),
            None if matches!(mark, Some('시' | '구' | '군')) => self.behind_short_region(text, lo, end),
            None if self.starts(&self.towns, &text[at..]).is_some() => self.in_town(text, lo, end),
            None => self.before_number(text, lo, at),
        }
    }

    /// 서울 강남구 테헤란로 123: the address whose first part ends at `end`.
    fn behind_short_region(&self, text: &[u8], lo: usize, end: usize) -> Option<(usize, usize)> {
        let own = &text[lo..end];
        let blank = lo + own.iter().rposition(|byte| *byte == b' ')?;
        let region = SHORT_REGIONS.iter().find(|region| text[lo..blank].ends_with(region.as_bytes()))?;
        let start = blank - region.len();
        let is_whole = start == lo || char_before(text, start).is_none_or(|c| !c.is_alphabetic());
        is_whole.then(|| Some((start, self.behind_region(text, blank)?)))?
    }

    /// 大阪市北区梅田2-4-1: the address whose first part ends at `at`.
    fn in_town(&self, text: &[u8], lo: usize, at: usize) -> Option<(usize, usize)> {
        let mut start = at;
        for _ in 0..MOST_CHARACTERS {
            let is_name = |c: &char| is_unspaced(*c) && !matches!(c, 'ぁ'..='ん') && c.is_alphabetic();
            let Some(c) = char_before(&text[lo..], start - lo).filter(is_name) else { break };
            start -= c.len_utf8();
            // An earlier part has it, or the region.
            let earlier = start + c.len_utf8() < at && self.starts(&self.towns, &text[start..]).is_some();
            if earlier || self.starts(&self.regions, &text[start..]).is_some() {
                return None;
            }
        }
        let end = self.behind_region(text, at)?;
        let number = text[at..end].iter().position(u8::is_ascii_digit);
        // 2-4-1, 4丁目: 88号 is that of a street in China.
        let behind = number.map_or(&text[at..end], |number| {
            let digits = text[at + number..end].iter().take_while(|b| b.is_ascii_digit()).count();
            &text[at + number + digits..end]
        });
        let is_block = HYPHENS.iter().chain(&["丁目", "番"]).any(|mark| behind.starts_with(mark.as_bytes()));
        (at - start >= 6 && (is_block || number.is_none())).then_some((start, end))
    }

    /// The end of the address behind its region: parts, of which one says what it is, and a number that cannot be one of
    /// things.
    fn behind_region(&self, text: &[u8], mut at: usize) -> Option<usize> {
        let (mut in_part, mut on_road) = (false, false);
        for _ in 0..MOST_CHARACTERS {
            let (c, len) = char_at(text, (at < text.len()).then_some(at)?);
            let c = c?;
            if is_digit(c) {
                return in_part.then(|| self.numbers(text, at, on_road)).flatten();
            }
            if matches!(c, ' ' | '　') {
                at += len;
                continue;
            }
            // 二丁目: the number is a part of the name.
            if in_part && let Some(block) = self.starts(&self.blocks, &text[at..]) {
                return Some(self.numbers(text, at + block, true).unwrap_or(at + block));
            }
            if !is_unspaced(c) || !c.is_alphabetic() {
                return None;
            }
            at += len;
            let ends = |words: &[String]| words.iter().any(|word| text[..at].ends_with(word.as_bytes()));
            on_road = ends(&self.roads);
            in_part |= on_road || ends(&self.parts);
        }
        None
    }

    /// The end of the numbers at `at`. One alone, with nothing that says what it counts, needs a road before it.
    fn numbers(&self, text: &[u8], mut at: usize, mut sure: bool) -> Option<usize> {
        loop {
            let mut end = at;
            let mut digits = 0;
            while end < text.len() && char_at(text, end).0.is_some_and(is_digit) {
                end += char_at(text, end).1;
                digits += 1;
            }
            if !(1..=MOST_DIGITS).contains(&digits) {
                return None;
            }
            let rest = &text[end..];
            let block = self.starts(&self.blocks, rest).unwrap_or(0);
            let hyphen =
                HYPHENS.iter().find(|hyphen| rest.starts_with(hyphen.as_bytes())).map_or(0, |h| h.len());
            sure |= block > 0;
            let mut next = end + block.max(hyphen);
            // 396번길 10
            next += usize::from(block > 0 && text.get(next) == Some(&b' '));
            let goes_on = next > end && next < text.len() && char_at(text, next).0.is_some_and(is_digit);
            if !goes_on {
                return sure.then_some(end + block);
            }
            sure = true;
            at = next;
        }
    }

    /// 朝阳区建国路88号: the address before the mark at `at`, and what follows of it.
    fn before_number(&self, text: &[u8], lo: usize, at: usize) -> Option<(usize, usize)> {
        let mark = self.starts(&self.blocks, &text[at..])?;
        let mut start = at;
        while start > lo && char_before(text, start).is_some_and(is_digit) {
            start -= char_before(text, start)?.len_utf8();
        }
        let road = self.roads.iter().any(|road| text[lo..start].ends_with(road.as_bytes()));
        if start == at || !road {
            return None;
        }
        let behind = start;
        let mut in_part = false;
        while at - start < LONGEST_LEAD - 4 {
            let stops = self.before.iter().any(|word| text[lo..start].ends_with(word.as_bytes()));
            let Some(c) = char_before(&text[lo..], start - lo)
                .filter(|&c| is_unspaced(c) && c.is_alphabetic() && !stops)
            else {
                break;
            };
            start -= c.len_utf8();
            // The road itself may end like a part.
            in_part |= start + 3 < behind && self.starts(&self.parts, &text[start..]).is_some();
        }
        let end = at + mark;
        let more = (end < text.len() && char_at(text, end).0.is_some_and(is_digit))
            .then(|| self.numbers(text, end, false))
            .flatten();
        in_part.then_some((start, more.unwrap_or(end)))
    }

    /// The length of the longest of `words` that `text` begins with.
    fn starts(&self, words: &[String], text: &[u8]) -> Option<usize> {
        words.iter().map(|word| word.as_bytes()).filter(|word| text.starts_with(word)).map(<[u8]>::len).max()
    }
}

/// A digit, also one as wide as a Chinese character.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}
