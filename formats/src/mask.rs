//! Bytes of a block as bits of a word, so that a search costs one test for 64 bytes.
//!
//! Plain loops over an array: the compiler turns them into vector comparisons on every platform, without `unsafe`.

use std::ops::Range;

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

/// The bytes of `block` that are `special`, line feeds or quotation marks.
#[inline(always)]
pub(crate) fn specials(block: &[u8; 64], special: u8) -> u64 {
    mask(block, |byte| u8::from(byte == special) | u8::from(byte == b'\n') | u8::from(byte == b'"'))
}

/// The bytes of `block` that are one of `needles`.
#[inline(always)]
pub(crate) fn any_of<const N: usize>(block: &[u8; 64], needles: [u8; N]) -> u64 {
    mask(block, |byte| needles.iter().fold(0, |hit, &needle| hit | u8::from(byte == needle)))
}

/// Finds special bytes one after another, looking at each block once. Made anew for each text.
pub(crate) struct Finder {
    special: u8,
    /// The block that `mask` describes; it never lies behind the place that is asked for.
    block: Range<usize>,
    mask: u64,
}

impl Finder {
    /// Finds `special`, line feeds and quotation marks.
    pub(crate) const fn new(special: u8) -> Self {
        Self { special, block: 0..0, mask: 0 }
    }

    /// The first of them in `text` from `i` on.
    #[inline]
    pub(crate) fn next(&mut self, text: &[u8], mut i: usize) -> Option<usize> {
        loop {
            if self.block.contains(&i) {
                let rest = self.mask >> (i - self.block.start);
                if rest != 0 {
                    return Some(i + rest.trailing_zeros() as usize);
                }
                i = self.block.end;
            }
            let Some(block) = text[i..].first_chunk::<64>() else { break };
            self.block = i..i + 64;
            self.mask = specials(block, self.special);
        }
        let is_special = |&b: &u8| b == self.special || b == b'\n' || b == b'"';
        text[i..].iter().position(is_special).map(|n| i + n)
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
                assert_eq!(specials(&block, b';'), 1 << i);
                block[63 - i] = byte;
                assert_eq!(specials(&block, b';'), 1 << i | 1 << (63 - i));
            }
        }
        assert_eq!(specials(&[b','; 64], b','), u64::MAX);
    }

    #[test]
    fn the_finder_finds_what_a_plain_search_finds() {
        let mut text = vec![b'.'; 500];
        for at in [0, 1, 63, 64, 65, 200, 420, 499] {
            text[at] = *[b'\\', b'"', b'\n'].iter().cycle().nth(at).expect("it is endless");
        }
        let mut finder = Finder::new(b'\\');
        for i in 0..=text.len() {
            let plain = text[i..].iter().position(|b| b"\\\"\n".contains(b)).map(|n| i + n);
            assert_eq!(finder.next(&text, i), plain, "from {i}");
        }
    }
}
