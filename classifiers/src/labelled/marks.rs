//! Where labels end and their values begin, by what stands between them.

use std::ops::RangeInclusive;

use memchr::{memchr, memmem, memrchr};

use crate::score::COPULAS;
use crate::words::{LONGEST_RUN, WordHash, WordSet, each_word, fold_into, hash_of, is_word_byte, word_at};

/// Bytes of a label.
const LONGEST_LABEL: usize = 64;
/// Marks between a label and its value: in aligned forms they are many blanks.
const MOST_MARKS: usize = 64;
/// How far before a value its label may begin.
pub(super) const REACH: usize = LONGEST_LABEL + MOST_MARKS + 1;
/// Signs for numbers: `Policy #`, `№ полиса`, `N° client`.
const SIGNS: [&str; 3] = ["#", "№", "°"];
/// The word that they stand for.
const NUMBER: &str = "no";
/// Letters of a word that is cut short: `Hosp.`
const SHORTENED: RangeInclusive<usize> = 1..=7;
/// Marks before a label in its line.
const MOST_BULLETS: usize = 8;

/// A colon as wide as the characters of Chinese and Japanese.
const WIDE_COLON: [u8; 3] = [0xEF, 0xBC, 0x9A];
/// Bytes of a number before its first digit: `POL-`.
const LONGEST_LEAD: usize = 8;

/// What parts a label from its value within a line, beside colons, tabs, bars and blanks.
const BETWEEN: [&[u8]; 4] = [b" = ", " – ".as_bytes(), " — ".as_bytes(), b" - "];

/// What parts a label from its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A colon, or dots that lead to the value. The label may be the end of a sentence.
    Colon,
    /// The dot of a shortened word: `no. 4471`.
    Dot,
    /// What parts columns. The label is all that stands before it in its line.
    Column,
    /// The end of the line. The label is all of it.
    Line,
    /// A blank before a number, or what says that it follows: `policy number is PN-33821`.
    Blank,
}

/// A mark that may stand behind a label.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) kind: Kind,
    /// Where the label ends.
    pub(super) label: usize,
    /// Where what follows it begins.
    behind: usize,
}

/// Words of a label that are kept, the last ones.
const MOST_WORDS: usize = 12;

/// What stands before a mark.
pub(super) struct Front {
    words: [WordHash; MOST_WORDS],
    /// How many words there are, kept or not.
    pub(super) count: usize,
    /// Nothing stands before it in its line.
    pub(super) begins: bool,
    /// It is one word that begins with a small letter, as names of code do.
    pub(super) is_small: bool,
}

impl Front {
    /// Its words, the last ones of many.
    pub(super) fn words(&self) -> &[WordHash] {
        &self.words[..self.count.min(MOST_WORDS)]
    }
}

/// Last letters of a word by which it is told.
const END: usize = 4;
/// Bits of [`LastWords::long`], as a power of two.
const LONG: u32 = 15;

/// The words with which labels end. Most words do not even end as one of them.
#[derive(Debug)]
pub(super) struct LastWords {
    words: WordSet,
    /// A bit for each two bytes with which a word of fewer than [`END`] letters ends, or a copula, in small letters.
    short: Vec<u64>,
    /// A bit for each hash of the last [`END`] letters of longer ones.
    long: Vec<u64>,
}

impl LastWords {
    pub(super) fn new() -> Self {
        let (short, long) = (vec![0; 1 << 10], vec![0; 1 << (LONG - 6)]);
        let mut last = Self { words: WordSet::default(), short, long };
        COPULAS.iter().for_each(|copula| last.add_end(copula));
        last
    }

    pub(super) fn add(&mut self, word: &str) {
        self.words.insert(hash_of(word));
        self.add_end(word);
    }

    fn add_end(&mut self, word: &str) {
        let mut folded = String::new();
        fold_into(word, &mut folded);
        let mut add_short = |before: u8, last: u8| {
            self.short[usize::from(before) << 2 | usize::from(last >> 6)] |= 1 << (last & 63)
        };
        match folded.as_bytes() {
            [.., a, b, c, d] => {
                let place = Self::place([*a, *b, *c, *d]);
                self.long[place / 64] |= 1 << (place % 64);
            }
            [.., before, last] => add_short(*before, *last),
            // `č` is told by not being ASCII; as `c` it would end most words.
            [last] if word.is_ascii() => (0..=255).for_each(|before| add_short(before, *last)),
            _ => (),
        }
    }

    /// The bit of the last letters of a word.
    #[inline]
    fn place(end: [u8; END]) -> usize {
        let small = u32::from_le_bytes(end) | 0x2020_2020;
        (small.wrapping_mul(0x9e37_79b1) >> (32 - LONG)) as usize
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a text may end with one of the words. Letters that are not ASCII are written in many ways.
    #[inline]
    fn may_end(&self, text: &[u8]) -> bool {
        let is = |bits: &[u64], place: usize| bits[place / 64] >> (place % 64) & 1 != 0;
        let end = &text[text.len().saturating_sub(END)..];
        if !end.is_ascii() {
            return true;
        }
        match end.first_chunk::<END>().filter(|end| end.iter().all(u8::is_ascii_alphabetic)) {
            Some(end) => is(&self.long, Self::place(*end)),
            None => {
                let [.., before, last] = end else { return !end.is_empty() };
                let [before, last] = [before, last].map(|byte| usize::from(byte.to_ascii_lowercase()));
                is(&self.short, before << 8 | last)
            }
        }
    }

    fn contains(&self, word: WordHash) -> bool {
        self.words.contains(&word)
    }
}

/// A text or cell, up to where it ends.
pub(super) struct Text<'a> {
    pub(super) text: &'a [u8],
    pub(super) lo: usize,
}

impl Text<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    /// The mark that [`Candidates::each_mark`] has a place of, if a label may end before it.
    #[inline(always)]
    pub(super) fn mark(&self, at: usize, last: &LastWords) -> Option<Mark> {
        let next = self.byte(at + 1)?;
        let front = &self.text[self.lo..at];
        let before = *front.last()?;
        // Nearly all words do not even end as labels do.
        let may_be_label = |front: &[u8]| {
            front.last().is_some_and(|before| !before.is_ascii_alphabetic() || last.may_end(front))
        };
        match self.text[at] {
            // Times, paths of code, and addresses.
            b':' if before.is_ascii_digit() && next.is_ascii_digit() => None,
            b':' if before == b':' || matches!(next, b':' | b'/' | b'=') => None,
            b':' if !may_be_label(front) => None,
            b':' => Some(Mark { kind: Kind::Colon, label: at, behind: at + 1 }),
            b'0'..=b'9' => self.mark_before(at, last),
            b'.' => {
                let leads = next == b'.' && self.text[self.lo..at - 1].last() != Some(&b'.');
                leads.then_some(Mark { kind: Kind::Colon, label: at - 1, behind: at })
            }
            b' ' => {
                let may_be = next.is_ascii_alphanumeric() && may_be_label(&front[..front.len() - 1]);
                may_be.then_some(Mark { kind: Kind::Dot, label: at - 1, behind: at + 1 })
            }
            _ => {
                let front = self.text[self.lo..=at].strip_suffix(&WIDE_COLON)?;
                Some(Mark { kind: Kind::Colon, label: self.lo + front.len(), behind: at + 1 })
            }
        }
    }

    /// The first mark of a line that parts columns, or its end, where the line begins with one of the first words of labels.
    #[inline(always)]
    pub(super) fn mark_in_line(&self, start: usize, firsts: &WordSet) -> Option<Mark> {
        let head = &self.text[start..self.text.len().min(start + LONGEST_LABEL)];
        let is_bullet = |b: &&u8| matches!(b, b' ' | b'\t' | b'-' | b'*' | b'|' | b'>' | b'#');
        let bullets = head.iter().take(MOST_BULLETS).take_while(is_bullet).count();
        head.get(bullets).filter(|first| first.is_ascii_uppercase() || **first >= 0x80)?;
        self.mark_behind_first(start, (head, bullets), firsts)
    }

    fn mark_behind_first(
        &self,
        start: usize,
        (head, bullets): (&[u8], usize),
        firsts: &WordSet,
    ) -> Option<Mark> {
        let bullets = bullets + if head[bullets..].starts_with("№ ".as_bytes()) { "№ ".len() } else { 0 };
        let run = bullets + head[bullets..].iter().take_while(|b| is_word_byte(**b)).count();
        if !firsts.contains(&word_at(head, bullets, run).hash) {
            return None;
        }
        let ends = |at: &usize| match head[*at] {
            b'\n' | b'\t' | b'|' | b':' | b'0'..=b'9' => true,
            b' ' => {
                head.get(at + 1) == Some(&b' ') || BETWEEN.iter().any(|mark| head[*at..].starts_with(mark))
            }
            _ => false,
        };
        let end = (run..head.len()).find(ends)?;
        let at = start + end;
        let kind = match head[end] {
            b':' | b'0'..=b'9' => return None,
            b'\n' => return Some(Mark { kind: Kind::Line, label: at, behind: at }),
            _ => Kind::Column,
        };
        let mark = BETWEEN.iter().find(|mark| head[end..].starts_with(mark));
        // `DENOM = "DENOM"`
        let quoted = mark.is_some_and(|mark| matches!(head.get(end + mark.len()), Some(b'"' | b'\'')));
        if quoted {
            return None;
        }
        Some(Mark { kind, label: at, behind: at + mark.map_or(1, |mark| mark.len()) })
    }

    /// The blank before the number whose first digit stands at `at`, if a word of a label stands before it.
    #[inline]
    fn mark_before(&self, at: usize, last: &LastWords) -> Option<Mark> {
        let before = &self.text[self.lo..at];
        let label = match before {
            [label @ .., b' '] => label,
            // `C08236959`, `E-47399`; what is hexadecimal is no such number.
            [.., lead, b'-' | b'/' | b'.'] | [.., lead] if lead.is_ascii_uppercase() => {
                let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'.' | b'_');
                let lead = before.iter().rev().take(LONGEST_LEAD).take_while(is_part);
                let (lead, digits) =
                    lead.fold((0, 0), |(all, digits), b| (all + 1, digits + usize::from(b.is_ascii_digit())));
                before[..before.len() - lead].strip_suffix(b" ").filter(|_| digits == 0)?
            }
            _ => return None,
        };
        if !last.may_end(label) {
            return None;
        }
        let behind = self.lo + label.len() + 1;
        let word =
            |text: &[u8]| text.iter().rev().take(LONGEST_RUN).take_while(|b| is_word_byte(**b)).count();
        let run = word(label);
        let is_copula = COPULAS.iter().any(|copula| copula.as_bytes() == &label[label.len() - run..]);
        let label = if is_copula { label[..label.len() - run].strip_suffix(b" ")? } else { label };
        let run = word(label);
        let bare = without_sign(label);
        let is_signed = bare.len() < label.len();
        let is_last = || run > 0 && last.contains(word_at(label, label.len() - run, label.len()).hash);
        (is_signed || is_last()).then_some(Mark { kind: Kind::Blank, label: self.lo + label.len(), behind })
    }

    /// The words before a mark, if the last one is that of a label.
    #[inline]
    pub(super) fn front(&self, mark: &Mark, last: &LastWords) -> Option<Front> {
        let end = mark.label;
        let label = &self.text[end.saturating_sub(LONGEST_LABEL).max(self.lo)..end];
        let marks = label.iter().rev().take_while(|b| b" *.\"\r".contains(b)).count();
        let written = &label[..label.len() - marks];
        let mut label = without_sign(written);
        let is_signed = label.len() < written.len();
        // `ICD-10:`
        if label.last().is_some_and(u8::is_ascii_digit) {
            let digits = label.iter().rev().take_while(|b| b.is_ascii_digit()).count();
            label = label[..label.len() - digits].strip_suffix(b"-")?;
        }
        // `Place of birth (town):`
        if label.last() == Some(&b')') {
            label = label[..memrchr(b'(', label)?].trim_ascii_end();
        }
        if !last.may_end(label) {
            return None;
        }
        let run = label.iter().rev().take(LONGEST_RUN).take_while(|b| is_word_byte(**b)).count();
        let run = label.len() - run;
        let word = word_at(label, run, label.len());
        // Words that are not parted, `clientId:`, are names of code.
        if run == label.len() || word.end < label.len() || !is_signed && !last.contains(word.hash) {
            return None;
        }
        let is_between = |at: &usize| match label[*at] {
            b' ' | b'-' | b'\'' | b'#' => true,
            b'.' => matches!(label.get(at + 1), Some(b' ' | b'-' | 0x80..)) || is_shortened(&label[..*at]),
            byte => is_word_byte(byte),
        };
        let start = (0..label.len()).rev().find(|at| !is_between(at)).map_or(0, |at| at + 1);
        let start = start + memmem::rfind(&label[start..], b"  ").map_or(0, |at| at + 2);
        // A sentence ends there, or `Hosp. no` is shortened.
        let ends_sentence = |at: &usize| {
            label.get(at + 2).is_some_and(|b| !b.is_ascii_lowercase()) && !is_shortened(&label[..*at])
        };
        let start = start
            + memmem::rfind(&label[start..], b". ")
                .filter(|at| ends_sentence(&(start + at)))
                .map_or(0, |at| at + 2);
        // `VSOCK_SET_GUEST_CID:`, `conn.pid:` and `$sex:` are names of code.
        if start > 0 && b"_$@.\\%&=0123456789".contains(&label[start - 1]) {
            return None;
        }
        // `--client-id 12`
        if memmem::find(&label[start..], b"--").is_some() {
            return None;
        }
        let (mut words, mut count) = ([WordHash::default(); MOST_WORDS], 0);
        let mut add = |word: WordHash| {
            if count >= MOST_WORDS {
                words.rotate_left(1);
            }
            words[count.min(MOST_WORDS - 1)] = word;
            count += 1;
        };
        // Not `#`, which begins headings and comments.
        let leads = label[start..].starts_with("№".as_bytes());
        let sign = (leads || is_signed).then(|| hash_of(NUMBER));
        sign.filter(|_| leads).into_iter().for_each(&mut add);
        each_word(&label[start..], |word| add(word.hash));
        sign.filter(|_| is_signed).into_iter().for_each(&mut add);
        let before = label[..start].iter().rev();
        let begins = before.take_while(|byte| **byte != b'\n').all(|byte| b" \t*-#>|".contains(byte));
        let first = label[start..].iter().find(|byte| is_word_byte(**byte));
        let is_small = count == 1 && first.is_some_and(u8::is_ascii_lowercase);
        Some(Front { words, count, begins, is_small })
    }

    /// Where a value begins behind a mark: in the same line, or where that ends, in the next one.
    pub(super) fn begin(&self, mark: &Mark, front: &Front) -> Option<usize> {
        self.begin_behind(mark.behind, front.begins)
    }

    fn begin_behind(&self, behind: usize, begins: bool) -> Option<usize> {
        let mut at = behind;
        let most = at + MOST_MARKS;
        let mut in_next = !begins;
        while at < most {
            match self.byte(at)? {
                b' ' | b'\t' | b'.' | b'*' | b'"' | b'\'' | b'`' | b'#' | b'\r' | b'|' => at += 1,
                b'\n' if !in_next => (at, in_next) = (at + 1, true),
                b'<' => at += 1 + memchr(b'>', &self.text[at..self.text.len().min(most)])?,
                _ => return Some(at),
            }
        }
        None
    }
}

/// Where the value begins that a form has behind the label at `start..end`, or in the line below one that stands alone:
/// `Username ...... jdoe42`, `**Username** – jdoe42`, `| Username | jdoe42 |`.
pub(crate) fn value_of_form(text: &[u8], lo: usize, (start, end): (usize, usize)) -> Option<usize> {
    let front = text[lo..start].iter().rev().take_while(|b| **b != b'\n');
    let begins = front.into_iter().all(|b| b" \t*-#>|".contains(b));
    let part = Text { text, lo };
    let end = end + text[end..].iter().take_while(|b| **b == b'*').count();
    let behind = &text[end..];
    let blanks = behind.iter().take_while(|b| **b == b' ').count();
    let mark = BETWEEN.iter().find(|mark| behind.starts_with(mark.as_ref()));
    let from = match behind[blanks..] {
        _ if mark.is_some() => end + mark.map_or(0, |mark| mark.len()),
        [b':', b' ' | b'\t' | b'*', ..] => end + blanks + 1,
        [b':', b'\r' | b'\n', ..] | [b'\r' | b'\n', ..] if begins => end + blanks + 1,
        [b'\t' | b'|', ..] | [b'.', b'.', b'.', ..] => end + blanks + 1,
        _ if blanks > 1 => end + blanks,
        _ => return None,
    };
    part.begin_behind(from, begins)
}

/// A label without the sign for numbers that it ends with.
#[inline]
fn without_sign(label: &[u8]) -> &[u8] {
    if label.last().is_none_or(|last| last.is_ascii() && *last != b'#') {
        return label;
    }
    let bare = SIGNS.iter().find_map(|sign| label.strip_suffix(sign.as_bytes()));
    bare.map_or(label, |bare| bare.trim_ascii_end())
}

/// Whether a word before a dot is cut short, with a capital letter, as names of code do not begin.
fn is_shortened(front: &[u8]) -> bool {
    let run = front.iter().rev().take_while(|b| is_word_byte(**b)).count();
    let word = &front[front.len() - run..];
    let letters = word.iter().filter(|b| **b & 0xC0 != 0x80).count();
    SHORTENED.contains(&letters) && word.first().is_some_and(|b| b.is_ascii_uppercase() || *b >= 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_labels_are_told_by_their_ends() {
        let mut last = LastWords::new();
        ["geburtsort", "Siviilisääty", "tính", "sexe", "no", "职业", "f"]
            .iter()
            .for_each(|word| last.add(word));
        for text in [
            "Geburtsort",
            "GEBURTSORT",
            "(Siviilisääty",
            "SIVIILISÄÄTY",
            "Giới tính",
            "sexe",
            "_no",
            "No",
            "no",
            "**职业",
            "x f",
            "f",
            "policy number is",
        ] {
            assert!(last.may_end(text.as_bytes()), "{text}");
        }
        for text in ["config", "Sexes", "piano", "port ", ""] {
            assert!(!last.may_end(text.as_bytes()), "{text}");
        }
    }
}
