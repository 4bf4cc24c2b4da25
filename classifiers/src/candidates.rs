//! The candidate pass: from a text to the few places at which a value can begin.
//!
//! Bitmaps of the whole window first ([`crate::simd`]): where digits and letters are, where a number, a shape or a
//! listed word can start, where each `@` is. What lies inside of a word or is a part of a longer number dies there,
//! by arithmetic on 64 places at a time. Then one walk over the places that are left, in ascending order.

use std::ops::Range;

use crate::automaton::Packed;
use crate::gate::Gate;
use crate::openings::Openings;
use crate::sequence::Unspaced;
use crate::simd::{BLOCK, Engine, Masks, Prints};
use crate::words::{char_before, is_letter};

/// What is known of 64 bytes, one bit each.
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    /// Bytes that can belong to words: ASCII letters, and all bytes beyond ASCII.
    letters: u64,
    /// Letters before which a run of letters may be cut into words, and all bytes beyond ASCII.
    cuts: u64,
    digits: u64,
    /// Where shapes can begin, by the few bytes that the pass looks at.
    starts: u64,
    /// Where listed words can begin.
    words: u64,
    at_signs: u64,
    /// Numbers beside words, and words behind numbers.
    beside: u64,
    /// Characters inside of a run of bytes beyond ASCII.
    inner: u64,
    /// What may stand between a label and its value: colons, what follows a dot, and first digits of numbers behind words.
    marks: u64,
    /// Where lines begin that may begin with a label, by their first byte.
    titled: u64,
    /// Where lines begin that may begin with a name in lower case, perhaps behind a time.
    chats: u64,
}

impl Block {
    /// Takes away what begins at other places.
    #[inline]
    fn keep(&mut self, Kept { all, shapes }: Kept) {
        self.starts &= all | shapes;
        self.words &= all;
        self.at_signs &= all;
        self.beside &= all;
        self.inner &= all;
    }
}

/// The places of 64 bytes at which something is left.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    all: u64,
    /// Where only shapes are.
    shapes: u64,
}

#[inline]
const fn ones(count: usize) -> u64 {
    if count >= BLOCK { u64::MAX } else { (1 << count) - 1 }
}

/// The lowest bit.
#[inline]
const fn lowest(mask: u64) -> u64 {
    mask & mask.wrapping_neg()
}

/// The bits of 64 places from `shift` on in two masks.
#[inline]
const fn joined(first: u64, second: u64, shift: usize) -> u64 {
    first >> shift | second << 1 << (BLOCK - 1 - shift)
}

/// The part of a word before a number that may be one of a street.
const LONGEST_STREET_WORD: usize = 24;

/// Where values can begin, and where words and numbers are.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    /// Offset of the first bit.
    base: usize,
    /// Reach the end of the text and one further.
    blocks: Vec<Block>,
    /// For the same.
    kept: Vec<Kept>,
}

/// What is left in a range of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Keep {
    Nothing,
    /// The shape that begins it.
    First,
    /// All shapes.
    Shapes,
    All,
}

/// What can begin at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Candidate {
    pub(crate) at: usize,
    pub(crate) shape: bool,
    pub(crate) word: bool,
    pub(crate) at_sign: bool,
    /// A street may stand before the number, or behind the one before the word.
    pub(crate) beside: bool,
    /// A name in a script without blanks may end or begin.
    pub(crate) inner: bool,
}

impl Candidates {
    /// The bits of 64 places from `at` on, the first one lowest; `at` lies in the text or right behind it.
    #[inline]
    fn bits(&self, at: usize, of: impl Fn(&Block) -> u64) -> u64 {
        let (block, shift) = ((at - self.base) / BLOCK, (at - self.base) % BLOCK);
        let [first, second] = &self.blocks[block..block + 2] else {
            unreachable!("two blocks were asked for")
        };
        joined(of(first), of(second), shift)
    }

    /// How many letters stand right before `at`, 64 at most.
    #[inline]
    fn letters_before(&self, at: usize) -> usize {
        let (block, shift) = ((at - self.base) / BLOCK, (at - self.base) % BLOCK);
        let before = if block > 0 { self.blocks[block - 1].letters } else { 0 };
        (before >> shift | self.blocks[block].letters << (BLOCK - 1 - shift) << 1).leading_ones() as usize
    }

    /// The digits from `at` on, as bits of 64 places.
    #[inline]
    pub(crate) fn digits(&self, at: usize) -> u64 {
        self.bits(at, |block| block.digits)
    }

    /// How many letters stand from `at` on, 64 at most.
    #[inline]
    pub(crate) fn letters(&self, at: usize) -> usize {
        self.bits(at, |block| block.letters).trailing_ones() as usize
    }

    /// Whether the run of `letters` at `start`, which are 64 at most, may be more than one plain word.
    #[inline]
    pub(crate) fn is_cut(&self, start: usize, letters: usize) -> bool {
        self.bits(start, |block| block.cuts) & ones(letters) != 0
    }

    /// Whether anything can begin in a range of the text of which that is kept.
    #[inline]
    pub(crate) fn has_any(&self, range: Range<usize>, keep: Keep) -> bool {
        let any = |block: &Block| block.starts | block.words | block.at_signs | block.beside | block.inner;
        let mut masked = self.masked(range);
        match keep {
            Keep::Nothing => false,
            Keep::First => masked.next().is_some_and(|(i, mask)| self.blocks[i].starts & lowest(mask) != 0),
            Keep::Shapes => masked.any(|(i, mask)| self.blocks[i].starts & mask != 0),
            Keep::All => masked.any(|(i, mask)| any(&self.blocks[i]) & mask != 0),
        }
    }

    /// Takes away everything but what [`Self::keep`] is going to keep; [`Self::lose_others`] ends that.
    pub(crate) fn begin_keeping(&mut self) {
        self.kept.clear();
        self.kept.resize(self.blocks.len(), Kept::default());
    }

    /// Keeps what can begin in a range of the text. No two ranges overlap.
    #[inline]
    pub(crate) fn keep(&mut self, range: Range<usize>, keep: Keep) {
        let mut masked = self.masked(range);
        match keep {
            Keep::Nothing => {}
            Keep::First => {
                if let Some((i, mask)) = masked.next() {
                    self.kept[i].shapes |= lowest(mask);
                }
            }
            Keep::Shapes => masked.for_each(|(i, mask)| self.kept[i].shapes |= mask),
            Keep::All => masked.for_each(|(i, mask)| self.kept[i].all |= mask),
        }
    }

    /// Takes away what is not kept.
    pub(crate) fn lose_others(&mut self) {
        self.blocks.iter_mut().zip(&self.kept).for_each(|(block, kept)| block.keep(*kept));
    }

    /// The blocks of a range of the text, as far as there are any, and its bits in each.
    #[inline]
    fn masked(&self, Range { start, end }: Range<usize>) -> impl Iterator<Item = (usize, u64)> + use<> {
        let (start, end) = (start.saturating_sub(self.base), end.saturating_sub(self.base));
        let blocks = start / BLOCK..end.div_ceil(BLOCK).min(self.blocks.len());
        blocks.map(move |i| {
            let at = i * BLOCK;
            (i, ones(end - at) & !ones(start.saturating_sub(at)))
        })
    }

    /// The runs of letters that begin at `from` or behind it and end at `to` or before it. One that `from` cuts begins there.
    #[inline(always)]
    pub(crate) fn runs(&self, from: usize, to: usize) -> Runs<'_> {
        let first = (from - self.base) / BLOCK;
        Runs {
            blocks: self.blocks[first..].iter(),
            at: self.base + first * BLOCK,
            to,
            mask: u64::MAX << ((from - self.base) % BLOCK),
            letters: 0,
            cuts: 0,
            starts: 0,
            ends: 0,
            start: 0,
            reaches: false,
            is_cut: false,
        }
    }

    /// Calls `each` with the places of a range at which the value of a label may be announced.
    #[inline]
    pub(crate) fn each_mark(&self, range: Range<usize>, each: impl FnMut(usize)) {
        self.each_bit(range, |block| block.marks, each);
    }

    /// Calls `each` with where lines begin in a range that may begin with a label.
    #[inline]
    pub(crate) fn each_titled_line(&self, range: Range<usize>, each: impl FnMut(usize)) {
        self.each_bit(range, |block| block.titled, each);
    }

    /// Calls `each` with where lines begin in a range that may be those of a chat.
    #[inline]
    pub(crate) fn each_chat_line(&self, range: Range<usize>, each: impl FnMut(usize)) {
        self.each_bit(range, |block| block.chats, each);
    }

    #[inline(always)]
    fn each_bit(&self, range: Range<usize>, of: impl Fn(&Block) -> u64, mut each: impl FnMut(usize)) {
        for (i, mask) in self.masked(range) {
            let mut bits = of(&self.blocks[i]) & mask;
            while bits != 0 {
                each(self.base + i * BLOCK + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
        }
    }

    /// Calls `each` with the start of each run of letters that begins in `from..to`, how many letters it has, 64 at most, and whether
    /// it may be more than one plain word; but for single letters beside digits, which are parts of times and hashes. Which runs there
    /// are follows no rule, so nothing branches on more than their number.
    #[inline(always)]
    pub(crate) fn each_run(&self, from: usize, to: usize, mut each: impl FnMut(usize, usize, bool)) {
        let (first, last) = ((from - self.base) / BLOCK, (to.max(from) - self.base).div_ceil(BLOCK));
        let mut before = 0;
        let mut digits_before = if first > 0 { self.blocks[first - 1].digits } else { 0 };
        let mut mask = u64::MAX << ((from - self.base) % BLOCK);
        for i in first..last {
            let [block, next] = [&self.blocks[i], &self.blocks[i + 1]];
            let letters = block.letters & mask;
            let beside_digits =
                block.digits << 1 | digits_before >> (BLOCK - 1) | joined(block.digits, next.digits, 1);
            let more = joined(block.letters, next.letters, 1);
            let mut starts = letters & !(letters << 1 | before) & ones(to - self.base - i * BLOCK);
            starts &= more | !beside_digits;
            while starts != 0 {
                let at = starts.trailing_zeros() as usize;
                let letters = joined(block.letters, next.letters, at).trailing_ones() as usize;
                let is_cut = joined(block.cuts, next.cuts, at) & ones(letters) != 0;
                each(self.base + i * BLOCK + at, letters, is_cut);
                starts &= starts - 1;
            }
            before = letters >> (BLOCK - 1);
            digits_before = block.digits;
            mask = u64::MAX;
        }
    }

    /// Takes away the candidates at which nothing can begin, by their groups and first letters. Without branches that a
    /// processor would have to guess: most candidates die here, and which ones do follows no rule. `openings` are
    /// those of listed words, `unspaced` says where names and addresses are looked for in scripts without blanks.
    #[inline(always)]
    fn sift(
        &mut self,
        text: &[u8],
        automaton: &Packed,
        gate: &Gate,
        openings: &Openings,
        unspaced: &Unspaced,
    ) {
        let begins = |at: usize| text[at..].first_chunk().is_some_and(|bytes| automaton.begins(*bytes));
        for i in 0..self.blocks.len() - 1 {
            let [block, next] = [self.blocks[i], self.blocks[i + 1]];
            let Block { letters, digits, starts, words, beside, inner, .. } = block;
            if starts | words | beside | inner == 0 {
                continue;
            }
            let base = self.base + i * BLOCK;
            let from = |at: usize, of: fn(&Block) -> u64| joined(of(&block), of(&next), at - base);
            let run = |at: usize| {
                let letters = from(at, |block| block.letters).trailing_ones() as usize;
                (letters, from(at, |block| block.cuts) & ones(letters) != 0)
            };
            let digits_from = |at: usize| from(at, |block| block.digits);
            let numbers = kept(starts & digits, base, |at| gate.number(text, at, digits_from(at)));
            let numbers = kept(numbers, base, |at| gate.number_goes_on(text, at, digits_from(at)));
            // The first letters turn away five of six words, and cost less to look at.
            let shapes = kept(starts & letters, base, begins);
            let shapes = kept(shapes, base, |at| {
                let (letters, is_cut) = run(at);
                is_cut | gate.letters(text, at, letters)
            });
            let others = kept(starts & !(digits | letters), base, begins);
            let words = kept(words, base, |at| {
                let (letters, is_cut) = run(at);
                is_cut | openings.contain(text, at, at + letters)
            });
            // A street may stand behind a number, or before one.
            let behind = kept(beside & !digits, base, |at| {
                text[at - 1] == b' ' && BEGINS_STREET[usize::from(text[at])]
            });
            let beside = behind | kept(beside & digits, base, |at| self.is_beside_name(text, at));
            let inner = kept(inner, base, |at| unspaced.begins(text, at));
            let block = &mut self.blocks[i];
            block.starts = numbers | shapes | others;
            block.words = words;
            block.beside = beside;
            block.inner = inner;
        }
    }

    /// Whether the word before a number may be one of a street, or stand before an age.
    #[inline]
    fn is_beside_name(&self, text: &[u8], at: usize) -> bool {
        let is_capital = |byte: u8| byte.is_ascii_uppercase() | (byte >= 0x80);
        // `TF13 6HP`, ` - 560038`
        if at > 1 && text[at - 1] == b' ' && (text[at - 2].is_ascii_digit() || text[at - 2] == b'-') {
            let behind = |i: usize| text.get(at + i).copied().unwrap_or(b' ');
            return behind(1).is_ascii_uppercase() && behind(2).is_ascii_uppercase()
                || text[at - 2] == b'-' && (1..6).all(|i| behind(i).is_ascii_digit());
        }
        let word = |end: usize| end - self.letters_before(end).min(LONGEST_STREET_WORD);
        // Anna Roth (34)
        let end = at - 1 - usize::from(at > 1 && matches!(text[at - 1], b'(' | b'#') && text[at - 2] == b' ');
        let mut start = word(end - usize::from(end > 0 && matches!(text[end - 1], b',' | b'.' | b':')));
        if is_before_age(&text[start..end]) {
            return true;
        }
        // Kossuth utca 12
        if start > 1 && text[start].is_ascii_lowercase() && text[start - 1] == b' ' {
            start = word(start - 1 - usize::from(text[start - 2] == b','));
        }
        start == text.len() || is_capital(text[start])
    }

    /// Calls `each` with every candidate in ascending order.
    #[inline]
    pub(crate) fn each(&self, mut each: impl FnMut(Candidate)) {
        for (i, block) in self.blocks.iter().enumerate() {
            let mut all = block.starts | block.words | block.at_signs | block.beside | block.inner;
            while all != 0 {
                let bit = lowest(all);
                let at = self.base + i * BLOCK + all.trailing_zeros() as usize;
                let is = |bits: u64| bits & bit != 0;
                each(Candidate {
                    at,
                    shape: is(block.starts),
                    word: is(block.words),
                    at_sign: is(block.at_signs),
                    beside: is(block.beside),
                    inner: is(block.inner),
                });
                all ^= bit;
            }
        }
    }
}

/// A run of letters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Run {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// It may be more than one plain word.
    pub(crate) is_cut: bool,
}

/// See [`Candidates::runs`].
pub(crate) struct Runs<'a> {
    /// Blocks behind the one that is being read.
    blocks: std::slice::Iter<'a, Block>,
    /// Where the next one begins.
    at: usize,
    to: usize,
    /// Places of the next block that count.
    mask: u64,
    /// Of the block that is being read; of those where runs start and end, the ones that are left.
    letters: u64,
    cuts: u64,
    starts: u64,
    ends: u64,
    /// Where the last run starts, whether it reaches into the block, and whether it is cut before that.
    start: usize,
    reaches: bool,
    is_cut: bool,
}

impl Iterator for Runs<'_> {
    type Item = Run;

    #[inline(always)]
    fn next(&mut self) -> Option<Run> {
        while self.ends == 0 {
            if self.starts != 0 {
                let start = self.starts.trailing_zeros() as usize;
                self.start = self.at - BLOCK + start;
                self.is_cut = self.cuts >> start != 0;
            } else {
                self.is_cut |= self.cuts != 0;
            }
            let before = self.letters >> (BLOCK - 1);
            self.reaches = before != 0;
            self.is_cut &= self.reaches;
            if self.at > self.to {
                return None;
            }
            let block = self.blocks.next()?;
            (self.letters, self.cuts) = (block.letters & self.mask, block.cuts);
            let behind = self.letters << 1 | before;
            (self.starts, self.ends) = (self.letters & !behind, behind & !self.letters);
            self.mask = u64::MAX;
            self.at += BLOCK;
        }
        let end = self.ends.trailing_zeros() as usize;
        self.ends &= self.ends - 1;
        let mut inside = ones(end);
        if !std::mem::take(&mut self.reaches) {
            let start = self.starts.trailing_zeros() as usize;
            self.starts &= self.starts - 1;
            self.start = self.at - BLOCK + start;
            inside &= u64::MAX << start;
        }
        let end = self.at - BLOCK + end;
        let is_cut = std::mem::take(&mut self.is_cut) | (self.cuts & inside != 0);
        (end <= self.to).then_some(Run { start: self.start, end, is_cut })
    }
}

/// By byte, whether a word that begins with it may be one of a street where it stands behind a number: it is capitalised, or as
/// `rue` and `boulevard` are.
static BEGINS_STREET: [bool; 256] = {
    let mut begins = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        begins[byte] = matches!(
            byte as u8,
            b'A'..=b'Z' | 0x80.. | b'r' | b'a' | b'b' | b'c' | b'i' | b'p' | b'q' | b's' | b't' | b'v'
        );
        byte += 1;
    }
    begins
};

/// Whether a word in lower case may stand before an age.
#[inline]
fn is_before_age(word: &[u8]) -> bool {
    matches!(
        word,
        b"is"
            | b"was"
            | b"am"
            | b"m"
            | b"s"
            | b"aged"
            | b"age"
            | b"turned"
            | b"turns"
            | b"turning"
            | b"just"
            | b"now"
            | b"de"
            | b"di"
            | b"a"
            | b"ha"
            | b"tem"
            | b"tiene"
            | b"ist"
            | b"bin"
            | b"wird"
            | b"wurde"
            | b"gestern"
            | b"heute"
    )
}

/// Whether a quotation mark or blank beyond ASCII ends right before a place: one of Latin-1, of U+2000 to U+207F or of
/// U+3000 to U+303F.
#[inline]
fn is_behind_mark(text: &[u8], at: usize) -> bool {
    let may_be = match *text[..at].last_chunk().unwrap_or(&[0; 3]) {
        [0xE2, 0x80 | 0x81, _] | [0xE3, 0x80, _] | [_, 0xC2, _] => true,
        _ => at == 2 && text[0] == 0xC2,
    };
    may_be && char_before(text, at).is_some_and(|c| !is_letter(c) && !c.is_numeric())
}

/// Whether a character of Japanese, Chinese or Korean begins with a byte.
const fn is_wide(byte: u8) -> bool {
    matches!(byte, 0xE3..=0xED)
}

/// The bits whose places, counted from `base`, `keep`s.
#[inline(always)]
fn kept(bits: u64, base: usize, keep: impl Fn(usize) -> bool) -> u64 {
    let (mut left, mut kept) = (bits, 0);
    while left != 0 {
        let bit = lowest(left);
        kept |= bit & u64::from(keep(base + left.trailing_zeros() as usize)).wrapping_neg();
        left ^= bit;
    }
    kept
}

/// Finds candidates. Compiled once for a set of detectors.
#[derive(Debug)]
pub(crate) struct CandidatePass {
    pub(crate) engine: Engine,
    prints: Prints,
    /// Whether any listed word is wanted.
    words: bool,
    /// Whether sequences of words are.
    sequences: bool,
    unspaced: Unspaced,
}

/// Which spellings of listed words are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Spelling {
    Capitalised,
    Any,
}

impl CandidatePass {
    /// `prints` are those of shapes that begin with no digit.
    pub(crate) fn new(prints: Prints, words: bool, sequences: bool, unspaced: Unspaced) -> Self {
        Self { engine: Engine::choose(), prints, words, sequences, unspaced }
    }

    /// See [`Candidates::sift`].
    pub(crate) fn sift(
        &self,
        text: &[u8],
        automaton: &Packed,
        gate: &Gate,
        openings: &Openings,
        candidates: &mut Candidates,
    ) {
        self.engine.with(|| candidates.sift(text, automaton, gate, openings, &self.unspaced));
    }

    /// Replaces `out` by the candidates that start in `from..to`, and what is known of the text from `look_from` on
    /// to its end.
    pub(crate) fn run(
        &self,
        text: &[u8],
        look_from: usize,
        (from, to): (usize, usize),
        spelling: Spelling,
        out: &mut Candidates,
    ) {
        // Three bytes more decide on the first start.
        out.base = look_from.min(from).saturating_sub(3);
        let Candidates { base, blocks, .. } = out;
        blocks.clear();
        blocks.reserve((text.len() - *base).div_ceil(BLOCK) + 2);
        let mut before = Masks::default();
        self.engine.run(text, *base, &self.prints, |at, masks| {
            let owned = ones(to.saturating_sub(at)) & !ones(from.saturating_sub(at));
            let letter = masks.word & !masks.digit;
            let after = |now: u64, before: u64, by: u32| now << by | before >> (64 - by);
            let after_word = after(masks.word, before.word, 1);
            // What is joined to a group that ends with a digit is a part of something longer.
            let joined = after(masks.joiner, before.joiner, 1) & after(masks.digit, before.digit, 2);
            let free = !after_word & !joined;
            let lower = |masks: &Masks| masks.word & !masks.digit & !masks.upper;
            // Behind a letter or digit nothing begins.
            let special = !masks.word & !masks.high & !after_word;
            // Beyond ASCII they begin alone or behind a mark.
            let begins = masks.lead & free;
            let after_high = begins & after(masks.high, before.high, 1);
            let foreign = begins ^ after_high | kept(after_high, at, |at| is_behind_mark(text, at));
            // Where no blanks stand between words, shapes begin at any character.
            let wide = kept(after_high, at, |at| is_wide(text[at]));
            let words = if self.words {
                let cased = if spelling == Spelling::Any { letter } else { masks.upper };
                free & cased | foreign
            } else {
                0
            };
            let letters = |by| after(letter | masks.high, (before.word & !before.digit) | before.high, by);
            let capital = |by| after(masks.upper, before.upper, by);
            // `no. 4471`, `C08236959`, `E-47399`
            let begins_number = after(masks.blank, before.blank, 1) & letters(2) | capital(1) | capital(2);
            let lines = after(masks.newline, before.newline, 1) | u64::from(at == 0);
            let (beside, inner) = if self.sequences {
                let digit = |by| after(masks.digit, before.digit, by);
                let begins = !after_word & !letters(1);
                (
                    begins
                        & (masks.digit & (letters(2) | letters(3))
                            | masks.digit
                                & after(masks.blank, before.blank, 1)
                                & (digit(2) | after(masks.joiner, before.joiner, 2))
                            | (letter | masks.lead) & (digit(2) | digit(3))
                            | masks.lead & digit(4)),
                    masks.lead,
                )
            } else {
                (0, 0)
            };
            blocks.push(Block {
                letters: letter | masks.high,
                cuts: masks.high | masks.upper & after(lower(&masks), lower(&before), 1),
                digits: masks.digit,
                starts: (free & masks.digit | masks.print & (free & letter | special) | foreign | wide)
                    & owned,
                words: words & owned,
                at_signs: masks.at & owned,
                beside: beside & owned,
                inner: inner & owned,
                marks: masks.colon
                    | after(masks.dot, before.dot, 1) & (masks.blank | masks.dot)
                    | masks.digit & !after(masks.digit, before.digit, 1) & begins_number,
                titled: lines & !(lower(&masks) | masks.digit | masks.newline),
                chats: lines & !(masks.upper | masks.blank | masks.newline),
            });
            before = masks;
        });
        blocks.extend([Block::default(); 2]);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Prints that every letter and `+` fit.
    fn prints() -> Prints {
        let mut prints = Prints { low: [[255; 16]; _], high: [[255; 16]; _] };
        prints.high[0] = [0; 16];
        prints.high[0][2] = 1;
        prints.low[0] = [2; 16];
        prints.low[0][usize::from(b'+' & 15)] = 3;
        (4..8).for_each(|half| prints.high[0][half] = 2);
        prints
    }

    fn run(text: &[u8], from: usize, to: usize) -> Candidates {
        let mut out = Candidates::default();
        let pass = CandidatePass::new(prints(), true, true, Unspaced::default());
        pass.run(text, from.saturating_sub(10), (from, to), Spelling::Any, &mut out);
        out
    }

    fn places(candidates: &Candidates, wanted: impl Fn(&Candidate) -> bool) -> Vec<usize> {
        let mut places = Vec::new();
        candidates.each(|candidate| places.extend(wanted(&candidate).then_some(candidate.at)));
        places
    }

    #[test]
    fn finds_numbers_shapes_words_and_at_signs() {
        let found = run("ab 12 +49 j@x Özil Иван".as_bytes(), 0, 28);
        // `z` stands behind no ASCII letter.
        assert_eq!(places(&found, |c| c.shape), [0, 3, 6, 7, 10, 12, 14, 16, 20]);
        assert_eq!(places(&found, |c| c.word), [0, 10, 12, 14, 16, 20]);
        assert_eq!(places(&found, |c| c.at_sign), [11]);
    }

    #[test]
    fn a_start_is_not_seen_twice_where_windows_meet() {
        let text = b"alpha beta gamma";
        assert_eq!(places(&run(text, 3, 8), |c| c.shape), [6]);
    }

    #[test]
    fn what_is_joined_to_digits_does_not_start() {
        assert_eq!(places(&run(b"1.2-3 a-4 5 -6", 0, 14), |c| c.shape), [0, 6, 8, 10, 13]);
    }

    proptest! {
        #[test]
        fn cutting_a_text_changes_nothing(text in "[ -~é€0-9-]{0,200}", cut in 0usize..200) {
            let text = text.as_bytes();
            let cut = cut.min(text.len());
            let all = |from, to| {
                let mut all = Vec::new();
                run(text, from, to).each(|candidate| all.push(candidate));
                all
            };
            prop_assert_eq!(all(0, text.len()), [all(0, cut), all(cut, text.len())].concat());
        }

        #[test]
        fn groups_are_those_of_plain_code(text in proptest::collection::vec(any::<u8>(), 1..300), at in 0usize..300) {
            let at = at.min(text.len());
            let found = run(&text, 0, text.len());
            let count = |is: &dyn Fn(&u8) -> bool| text[at..].iter().take_while(|b| is(b)).count().min(64);
            prop_assert_eq!(found.digits(at).trailing_ones() as usize, count(&u8::is_ascii_digit));
            prop_assert_eq!(found.letters(at), count(&is_letter));
        }

        #[test]
        fn runs_are_those_of_plain_code(
            text in "([a-zA-Zé]{0,9}[ 0-9.]{0,3}){0,30}", from in 0usize..300, to in 0usize..300,
        ) {
            let text = text.as_bytes();
            let (from, to) = (from.min(text.len()), to.min(text.len()));
            let found = run(text, 0, text.len());
            let mut expected = Vec::new();
            let mut at = from;
            while let Some(start) = text[at..].iter().position(is_letter).map(|i| at + i) {
                at = start + text[start..].iter().take_while(|b| is_letter(b)).count();
                let cut = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
                let before = start.saturating_sub(1);
                let cut = text[before..at].windows(2).any(cut) || text[start..at].iter().any(|b| *b >= 0x80);
                if at <= to {
                    expected.push((start, at, cut));
                }
            }
            let runs: Vec<_> = found.runs(from, to).map(|run| (run.start, run.end, run.is_cut)).collect();
            prop_assert_eq!(runs, expected);
            let (mut runs, mut expected) = (Vec::new(), Vec::new());
            found.each_run(from, to.max(from), |start, letters, is_cut| runs.push((start, letters, is_cut)));
            let mut at = from;
            while let Some(start) = text[at..to.max(from)].iter().position(is_letter).map(|i| at + i) {
                at = start + text[start..].iter().take_while(|b| is_letter(b)).count();
                let letters = (at - start).min(BLOCK);
                let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
                if letters > 1 || !is_digit(start.wrapping_sub(1)) && !is_digit(start + 1) {
                    expected.push((start, letters, found.is_cut(start, letters)));
                }
                at = at.min(to.max(from));
            }
            prop_assert_eq!(runs, expected);
        }
    }

    fn is_letter(byte: &u8) -> bool {
        byte.is_ascii_alphabetic() || *byte >= 0x80
    }
}
