//! A cheap hasher for numbers that the scan itself gives.

use std::hash::Hasher;

/// Hashes the small integers of column and detector numbers. They come from the scan itself, so nobody can choose
/// them to collide to much effect; the default hasher would cost more than the rest of the call.
#[derive(Default)]
pub struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|&word| self.write_u64(u64::from_le_bytes(word)));
        if !rest.is_empty() {
            self.write_u64(match bytes.last_chunk() {
                Some(last) => u64::from_le_bytes(*last) >> (64 - 8 * rest.len()),
                None => short(rest),
            });
        }
    }

    fn write_u16(&mut self, value: u16) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(23) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 ^= self.0 >> 32;
    }

    fn write_isize(&mut self, value: isize) {
        self.write_u64(value as u64);
    }
}

/// One to seven bytes as a number, the first one lowest.
#[inline]
fn short(bytes: &[u8]) -> u64 {
    let len = bytes.len();
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (len - 4))
        }
        _ => {
            let at = |i: usize| u64::from(bytes[i]) << (8 * i);
            at(0) | at(len / 2) | at(len - 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_hashed_as_the_numbers_that_they_are() {
        let bytes = b"abcdefghijklmnopqrstuvwxyz";
        for len in 0..bytes.len() {
            let mut hasher = NumberHasher::default();
            hasher.write(&bytes[..len]);
            let mut expected = NumberHasher::default();
            for part in bytes[..len].chunks(8) {
                expected.write_u64(part.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)));
            }
            assert_eq!(hasher.finish(), expected.finish(), "{len}");
        }
    }
}
