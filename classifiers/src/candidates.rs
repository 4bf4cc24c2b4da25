//! The candidate pass: the one look at every byte of a text.
//!
//! It writes the few places at which a value can begin: where a word starts, at the characters that begin values
//! without being part of words, and at each `@`. Everything else works on those places alone. 64 bytes at a time
//! become bitmasks; the rest is arithmetic on masks. On x86-64 the masks come from SSE2, which every such processor
//! has, elsewhere from plain code that also serves as the oracle.

/// Separators that make one thing of the groups on both sides, if the other has a digit.
pub(crate) const JOINERS: &[u8] = b"-._+";

/// Where values can begin, relative to the text, and where its words are.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    /// Places at which a shape can begin. Ascending.
    pub(crate) starts: Vec<u32>,
    /// Places at which a listed word can begin. Ascending.
    pub(crate) words: Vec<u32>,
    /// Places of `@`. Ascending.
    pub(crate) at_signs: Vec<u32>,
    /// Runs of bytes that can belong to words.
    pub(crate) runs: Runs,
}

/// One bit for each byte of a text: whether it can belong to a word. ASCII letters, and all bytes beyond ASCII.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    bits: Vec<u64>,
    /// Offset of the first bit. The bits reach the end of the text.
    base: usize,
}

impl Runs {
    /// The run that begins at or behind `at`, or the rest of the one that `at` lies in. `None` at the end.
    #[inline]
    pub(crate) fn next(&self, at: usize) -> Option<(usize, usize)> {
        let start = self.find(at, 0)?;
        let end = self.find(start, u64::MAX).unwrap_or(self.base + self.bits.len() * BLOCK);
        Some((start, end))
    }

    /// The first place from `at` on whose bit, turned over by `flip`, is set.
    #[inline]
    fn find(&self, at: usize, flip: u64) -> Option<usize> {
        let at = at - self.base;
        let mut word = at / BLOCK;
        let mut bits = (self.bits.get(word)? ^ flip) & u64::MAX << (at % BLOCK);
        while bits == 0 {
            word += 1;
            bits = self.bits.get(word)? ^ flip;
        }
        Some(self.base + word * BLOCK + bits.trailing_zeros() as usize)
    }
}

/// Bits of 64 bytes, the first byte lowest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Masks {
    /// ASCII letters and digits.
    word: u64,
    /// ASCII digits.
    digit: u64,
    /// Separators that make one thing of the groups on both sides.
    joiner: u64,
    /// First bytes of UTF-8 characters beyond ASCII.
    lead: u64,
    /// Any byte beyond ASCII.
    high: u64,
    /// Special characters that begin shapes.
    special: u64,
    /// `@`.
    at: u64,
}

/// Finds candidates. Compiled once for a set of detectors.
#[derive(Debug)]
pub(crate) struct CandidatePass {
    /// Characters that begin shapes and are no letters or digits, for instance `+`.
    specials: Vec<u8>,
    /// Whether words beyond ASCII are wanted.
    high_words: bool,
}

const BLOCK: usize = 64;

impl CandidatePass {
    pub(crate) fn new(specials: Vec<u8>, high_words: bool) -> Self {
        Self { specials, high_words }
    }

    /// Replaces `out` by the candidates that start in `from..to`, and the runs from `look_from` on to the end of the
    /// text. `keep(i)` has the last word on a start; it only looks at the text.
    #[inline]
    pub(crate) fn run(
        &self,
        text: &[u8],
        look_from: usize,
        (from, to): (usize, usize),
        out: &mut Candidates,
        starts_shape: impl Fn(usize) -> bool,
        starts_word: impl Fn(u8) -> bool,
    ) {
        let Candidates { starts, words, at_signs, runs } = out;
        starts.clear();
        words.clear();
        at_signs.clear();
        runs.bits.clear();
        // Three bytes more decide on the first start.
        runs.base = look_from.min(from).saturating_sub(3);
        let mut before = Masks::default();
        let mut block_start = runs.base;
        while block_start < text.len() {
            let rest = &text[block_start..];
            let masks = match rest.first_chunk::<BLOCK>() {
                Some(block) => self.masks(block),
                None => {
                    let mut block = [0; BLOCK];
                    block[..rest.len()].copy_from_slice(rest);
                    let mut masks = self.masks(&block);
                    masks.special &= (1 << rest.len()) - 1;
                    masks
                }
            };
            runs.bits.push(masks.word & !masks.digit | masks.high);
            let owned = between(from, to, block_start);
            if owned != 0 {
                let mut found = self.starts(&masks, &before) & owned;
                while found != 0 {
                    let i = block_start + found.trailing_zeros() as usize;
                    if starts_shape(i) {
                        starts.push(i as u32);
                    }
                    if starts_word(text[i]) {
                        words.push(i as u32);
                    }
                    found &= found - 1;
                }
                let mut at = masks.at & owned;
                while at != 0 {
                    at_signs.push((block_start + at.trailing_zeros() as usize) as u32);
                    at &= at - 1;
                }
            }
            before = masks;
            block_start += BLOCK;
        }
    }

    /// The starts in a block. What is joined to a group that ends with a digit is a part of something longer.
    #[inline]
    fn starts(&self, masks: &Masks, before: &Masks) -> u64 {
        let after = |now: u64, before: u64, by: u32| now << by | before >> (64 - by);
        let after_word = after(masks.word, before.word, 1);
        let joined = after(masks.joiner, before.joiner, 1) & after(masks.digit, before.digit, 2);
        let mut starts = masks.word & !after_word & !joined | masks.special;
        if self.high_words {
            starts |= masks.lead & !after_word & !after(masks.high, before.high, 1);
        }
        starts
    }

    #[cfg(target_arch = "x86_64")]
    #[inline]
    #[allow(unsafe_code)]
    fn masks(&self, block: &[u8; BLOCK]) -> Masks {
        // SAFETY: the function needs SSE2, which is part of x86-64; it touches no memory but through references.
        unsafe { sse2::masks(block, &self.specials) }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn masks(&self, block: &[u8; BLOCK]) -> Masks {
        portable_masks(block, &self.specials)
    }
}

/// The bits of the places from `from` to `to` in the block that begins at `block`.
#[inline]
fn between(from: usize, to: usize, block: usize) -> u64 {
    let below = |place: usize| match place.saturating_sub(block) {
        bits if bits >= BLOCK => u64::MAX,
        bits => (1 << bits) - 1,
    };
    below(to) & !below(from)
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn portable_masks(block: &[u8; BLOCK], specials: &[u8]) -> Masks {
    let mut masks = Masks::default();
    for (i, &byte) in block.iter().enumerate() {
        masks.word |= u64::from(byte.is_ascii_alphanumeric()) << i;
        masks.digit |= u64::from(byte.is_ascii_digit()) << i;
        masks.joiner |= u64::from(JOINERS.contains(&byte)) << i;
        masks.lead |= u64::from(byte >= 0xC2) << i;
        masks.high |= u64::from(byte >= 0x80) << i;
        masks.special |= u64::from(specials.contains(&byte)) << i;
        masks.at |= u64::from(byte == b'@') << i;
    }
    masks
}

#[cfg(target_arch = "x86_64")]
mod sse2 {
    //! Loads go through integers, so that no pointer is needed.

    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x,
        _mm_set1_epi8, _mm_sub_epi8,
    };

    use super::{BLOCK, Masks};

    #[inline]
    #[target_feature(enable = "sse2")]
    pub(super) fn masks(block: &[u8; BLOCK], specials: &[u8]) -> Masks {
        let mut masks = Masks::default();
        for (part, bytes) in block.chunks_exact(16).enumerate() {
            let low = i64::from_le_bytes(bytes[..8].try_into().expect("16 bytes"));
            let high = i64::from_le_bytes(bytes[8..].try_into().expect("16 bytes"));
            let bytes = _mm_set_epi64x(high, low);
            let shift = part * 16;
            let digit = in_range(bytes, b'0', b'9');
            let letter = in_range(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), b'a', b'z');
            masks.word |= bits(_mm_or_si128(digit, letter)) << shift;
            masks.digit |= bits(digit) << shift;
            // `-` and `.`, then `+` and `_`.
            let joiner = _mm_or_si128(in_range(bytes, b'-', b'.'), equal(bytes, b'+'));
            masks.joiner |= bits(_mm_or_si128(joiner, equal(bytes, b'_'))) << shift;
            let high = bits(bytes);
            masks.high |= high << shift;
            if high != 0 {
                masks.lead |= bits(in_range(bytes, 0xC2, 0xFF)) << shift;
            }
            masks.at |= bits(equal(bytes, b'@')) << shift;
            for &special in specials {
                masks.special |= bits(equal(bytes, special)) << shift;
            }
        }
        masks
    }

    #[inline]
    #[target_feature(enable = "sse2")]
    fn in_range(bytes: __m128i, first: u8, last: u8) -> __m128i {
        let offset = _mm_sub_epi8(bytes, _mm_set1_epi8(first as i8));
        _mm_cmpeq_epi8(_mm_min_epu8(offset, _mm_set1_epi8((last - first) as i8)), offset)
    }

    #[inline]
    #[target_feature(enable = "sse2")]
    fn equal(bytes: __m128i, byte: u8) -> __m128i {
        _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte as i8))
    }

    #[inline]
    #[target_feature(enable = "sse2")]
    fn bits(mask: __m128i) -> u64 {
        u64::from(_mm_movemask_epi8(mask) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn run(text: &[u8], from: usize, to: usize) -> Candidates {
        let mut out = Candidates::default();
        let pass = CandidatePass::new(vec![b'+'], true);
        pass.run(text, from.saturating_sub(10), (from, to), &mut out, |_| true, |_| false);
        out
    }

    #[test]
    fn finds_word_starts_specials_and_at_signs() {
        let text = "ab 12 +49 j@x Özil Иван".as_bytes();
        let found = run(text, 0, text.len());
        assert_eq!(found.starts, [0, 3, 6, 7, 10, 12, 14, 16, 20]);
        assert_eq!(found.at_signs, [11]);
    }

    #[test]
    fn a_start_is_not_seen_twice_where_windows_meet() {
        let text = b"alpha beta gamma";
        assert_eq!(run(text, 3, 8).starts, [6]);
    }

    #[test]
    fn what_is_joined_to_digits_does_not_start() {
        assert_eq!(run(b"1.2-3 a-4 5 -6", 0, 14).starts, [0, 6, 8, 10, 13]);
    }

    proptest! {
        #[test]
        fn masks_agree_with_plain_code(bytes in proptest::collection::vec(any::<u8>(), BLOCK)) {
            let block: [u8; BLOCK] = bytes.try_into().unwrap();
            let pass = CandidatePass::new(vec![b'+', b'('], true);
            prop_assert_eq!(pass.masks(&block), portable_masks(&block, &pass.specials));
        }

        #[test]
        fn cutting_a_text_changes_nothing(text in "[ -~é€0-9-]{0,200}", cut in 0usize..200) {
            let text = text.as_bytes();
            let cut = cut.min(text.len());
            let whole = run(text, 0, text.len());
            let (left, right) = (run(text, 0, cut), run(text, cut, text.len()));
            prop_assert_eq!(whole.starts, [left.starts, right.starts].concat());
            prop_assert_eq!(whole.at_signs, [left.at_signs, right.at_signs].concat());
        }

        #[test]
        fn runs_are_those_of_plain_code(text in proptest::collection::vec(any::<u8>(), 1..300), at in 0usize..300) {
            let at = at.min(text.len());
            let found = run(&text, 0, text.len());
            let is_word = |b: &u8| b.is_ascii_alphabetic() || *b >= 0x80;
            let start = text[at..].iter().position(is_word).map(|i| at + i);
            let expected = start.map(|start| {
                let end = text[start..].iter().position(|b| !is_word(b)).map_or(text.len(), |i| start + i);
                (start, end)
            });
            prop_assert_eq!(found.runs.next(at).map(|(start, end)| (start, end.min(text.len()))), expected);
        }
    }
}
