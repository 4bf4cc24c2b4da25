//! Bytes of a block as bits of a word, so that a search costs one test for 64 bytes.
//!
//! Plain loops over an array, which the compiler turns into vector comparisons on every platform; and SSE2 for the
//! search that is waited for.

/// The bytes of `block` for which `is_hit` is 1 (0 for the others), the first in the lowest bit.
#[inline(always)]
pub(crate) fn mask(block: &[u8; 64], is_hit: impl Fn(u8) -> u8) -> u64 {
    /// Gathers the lowest bit of each byte in the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut hits = [0u8; 64];
    for (hit, &byte) in hits.iter_mut().zip(block) {
        *hit = is_hit(byte);
    }
    let (words, _) = hits.as_chunks::<8>();
    words
        .iter()
        .enumerate()
        .fold(0, |mask, (i, &word)| mask | (u64::from_le_bytes(word).wrapping_mul(GATHER) >> 56) << (8 * i))
}

/// The bytes of `block` that are one of `needles`.
#[inline(always)]
pub(crate) fn any_of<const N: usize>(block: &[u8; 64], needles: [u8; N]) -> u64 {
    mask(block, |byte| needles.iter().fold(0, |hit, &needle| hit | u8::from(byte == needle)))
}

/// The first of `bytes` in `text` from `i` on.
#[inline]
pub(crate) fn find(text: &[u8], i: usize, bytes: [u8; 3]) -> Option<usize> {
    let (parts, rest) = text.get(i..)?.as_chunks::<16>();
    let mut at = i;
    for part in parts {
        let hits = sixteen(part, bytes);
        if hits != 0 {
            return Some(at + hits.trailing_zeros() as usize);
        }
        at += 16;
    }
    rest.iter().position(|b| bytes.contains(b)).map(|n| at + n)
}

/// The bytes of `part` that are one of `bytes`.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
#[allow(unsafe_code)]
fn sixteen(part: &[u8; 16], bytes: [u8; 3]) -> u32 {
    // SAFETY: the function needs SSE2, which is part of x86-64.
    unsafe { sse2::sixteen(part, bytes) }
}

/// The bytes of `part` that are one of `bytes`.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn sixteen(part: &[u8; 16], bytes: [u8; 3]) -> u32 {
    part.iter().rev().fold(0, |hits, byte| hits << 1 | u32::from(bytes.contains(byte)))
}

#[cfg(target_arch = "x86_64")]
mod sse2 {
    use std::arch::x86_64::{
        _mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8,
    };

    #[inline]
    #[target_feature(enable = "sse2")]
    #[allow(unsafe_code)]
    pub(super) fn sixteen(part: &[u8; 16], bytes: [u8; 3]) -> u32 {
        // SAFETY: the pointer is that of 16 bytes, and needs no alignment.
        let part = unsafe { _mm_loadu_si128(part.as_ptr().cast()) };
        let is = |byte: u8| _mm_cmpeq_epi8(part, _mm_set1_epi8(byte.cast_signed()));
        let hits = _mm_or_si128(_mm_or_si128(is(bytes[0]), is(bytes[1])), is(bytes[2]));
        _mm_movemask_epi8(hits).cast_unsigned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_has_a_bit_for_each_special_byte() {
        for i in 0..64 {
            for byte in *b";\n\"" {
                let mut block = [b'x'; 64];
                block[i] = byte;
                assert_eq!(any_of(&block, [b';', b'\n', b'"']), 1 << i);
                block[63 - i] = byte;
                assert_eq!(any_of(&block, [b';', b'\n', b'"']), 1 << i | 1 << (63 - i));
            }
        }
        assert_eq!(any_of(&[b','; 64], [b',']), u64::MAX);
    }

    #[test]
    fn what_is_found_is_what_a_plain_search_finds() {
        let mut text = vec![b'.'; 500];
        for at in [0, 1, 15, 16, 17, 63, 64, 65, 200, 420, 499] {
            text[at] = *[b'\\', b'"', b'\n'].iter().cycle().nth(at).expect("it is endless");
        }
        for i in 0..=text.len() {
            let plain = text[i..].iter().position(|b| b"\\\"\n".contains(b)).map(|n| i + n);
            assert_eq!(find(&text, i, *b"\\\"\n"), plain, "from {i}");
        }
        assert_eq!(find(&text, 501, *b"\\\"\n"), None);
    }
}
