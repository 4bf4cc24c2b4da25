//! What may be shown of a value.

use std::fmt;

/// A masked value, for instance `j•••@•••.com`. Masks of one detector have one length, so that they do not tell the
/// length of the value. Held in place: masks are made once per occurrence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mask {
    bytes: [u8; Self::CAPACITY],
    len: u8,
}

impl Mask {
    /// Bytes of UTF-8 that a mask can hold at most.
    pub const CAPACITY: usize = 95;

    /// An empty mask, to be extended.
    pub const fn new() -> Self {
        Self { bytes: [0; Self::CAPACITY], len: 0 }
    }

    /// Appends a character; one that no longer fits is left out.
    pub fn push(&mut self, c: char) {
        let start = usize::from(self.len);
        if start + c.len_utf8() <= Self::CAPACITY {
            self.len += c.encode_utf8(&mut self.bytes[start..]).len() as u8;
        }
    }

    /// Appends a text as [`Self::push`] appends its characters.
    pub fn push_str(&mut self, text: &str) {
        let start = usize::from(self.len);
        match self.bytes.get_mut(start..start + text.len()) {
            Some(place) => {
                place.copy_from_slice(text.as_bytes());
                self.len += text.len() as u8;
            }
            None => text.chars().for_each(|c| self.push(c)),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).expect("only whole characters are pushed")
    }
}

impl Default for Mask {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A mask that is made when somebody wants it: of most occurrences nobody does.
#[derive(Clone, Copy)]
pub struct LateMask<'a>(&'a dyn Fn() -> Mask);

impl<'a> LateMask<'a> {
    /// The mask that `make` will make.
    pub const fn new(make: &'a dyn Fn() -> Mask) -> Self {
        Self(make)
    }

    /// The mask.
    pub fn make(&self) -> Mask {
        (self.0)()
    }
}

impl fmt::Debug for LateMask<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.make().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_left_out_whole() {
        let mut mask = Mask::new();
        for _ in 0..100 {
            mask.push('•');
        }
        assert_eq!(mask.as_str().chars().count(), Mask::CAPACITY / 3);
    }
}
