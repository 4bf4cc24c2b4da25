//! The candidate pass: the one look at every byte of a text.
//!
//! It writes the few places at which a value can begin: where a word starts, at the characters that begin values
//! without being part of words, and at each `@`. Everything else works on those places alone. 64 bytes at a time
//! become bitmasks; the rest is arithmetic on masks. On x86-64 the masks come from SSE2, which every such processor
//! has, elsewhere from plain code that also serves as the oracle.

/// Where values can begin, relative to the text.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    /// First bytes of words, and special characters that begin shapes. Ascending.
    pub(crate) starts: Vec<u32>,
    /// Places of `@`. Ascending.
    pub(crate) at_signs: Vec<u32>,
}

/// Bits of 64 bytes, the first byte lowest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Masks {
    /// ASCII letters and digits.
    word: u64,
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

    /// Replaces `out` by the candidates that start in `from..to`. `keep(i)` has the last word on a start; it only
    /// looks at the text.
    #[inline]
    pub(crate) fn run(
        &self,
        text: &[u8],
        from: usize,
        to: usize,
        out: &mut Candidates,
        keep: impl Fn(usize) -> bool,
    ) {
        out.starts.clear();
        out.at_signs.clear();
        let before = from.checked_sub(1).map(|i| text[i]);
        let mut word_carry = u64::from(before.is_some_and(|b| b.is_ascii_alphanumeric()));
        let mut high_carry = u64::from(before.is_some_and(|b| b >= 0x80));
        let mut block_start = from;
        while block_start < to {
            let rest = &text[block_start..to];
            let (masks, valid) = match rest.first_chunk::<BLOCK>() {
                Some(block) => (self.masks(block), u64::MAX),
                None => {
                    let mut block = [0; BLOCK];
                    block[..rest.len()].copy_from_slice(rest);
                    (self.masks(&block), (1 << rest.len()) - 1)
                }
            };
            let after_word = masks.word << 1 | word_carry;
            let after_high = masks.high << 1 | high_carry;
            word_carry = masks.word >> 63;
            high_carry = masks.high >> 63;
            let mut starts = masks.word & !after_word | masks.special;
            if self.high_words {
                starts |= masks.lead & !after_word & !after_high;
            }
            starts &= valid;
            while starts != 0 {
                let i = block_start + starts.trailing_zeros() as usize;
                if keep(i) {
                    out.starts.push(i as u32);
                }
                starts &= starts - 1;
            }
            let mut at = masks.at;
            while at != 0 {
                out.at_signs.push((block_start + at.trailing_zeros() as usize) as u32);
                at &= at - 1;
            }
            block_start += BLOCK;
        }
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

#[cfg(any(test, not(target_arch = "x86_64")))]
fn portable_masks(block: &[u8; BLOCK], specials: &[u8]) -> Masks {
    let mut masks = Masks::default();
    for (i, &byte) in block.iter().enumerate() {
        masks.word |= u64::from(byte.is_ascii_alphanumeric()) << i;
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
            masks.lead |= bits(in_range(bytes, 0xC2, 0xFF)) << shift;
            masks.high |= bits(bytes) << shift;
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
        CandidatePass::new(vec![b'+'], true).run(text, from, to, &mut out, |_| true);
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

    proptest! {
        #[test]
        fn masks_agree_with_plain_code(bytes in proptest::collection::vec(any::<u8>(), BLOCK)) {
            let block: [u8; BLOCK] = bytes.try_into().unwrap();
            let pass = CandidatePass::new(vec![b'+', b'('], true);
            prop_assert_eq!(pass.masks(&block), portable_masks(&block, &pass.specials));
        }

        #[test]
        fn cutting_a_text_changes_nothing(text in "[ -~é€]{0,200}", cut in 0usize..200) {
            let text = text.as_bytes();
            let cut = cut.min(text.len());
            let whole = run(text, 0, text.len());
            let (left, right) = (run(text, 0, cut), run(text, cut, text.len()));
            prop_assert_eq!(whole.starts, [left.starts, right.starts].concat());
            prop_assert_eq!(whole.at_signs, [left.at_signs, right.at_signs].concat());
        }
    }
}
