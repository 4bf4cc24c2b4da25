//! The bytes of an object, and how far they were read.

use std::io::{self, Read};

/// Ends at the input's end or at its first error, which is kept: what was read until then is still worth scanning.
pub(crate) struct Source<'a> {
    input: &'a mut dyn Read,
    /// Bytes read so far.
    pub(crate) bytes_read: u64,
    /// Nothing will follow.
    pub(crate) ended: bool,
    /// Why, if not because of the end.
    pub(crate) error: Option<io::Error>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(input: &'a mut dyn Read) -> Self {
        Self { input, bytes_read: 0, ended: false, error: None }
    }

    /// Reads until `space` is full or the source ends, so that no result depends on the sizes of single reads.
    pub(crate) fn fill(&mut self, space: &mut [u8]) -> usize {
        let mut filled = 0;
        while filled < space.len() && !self.ended {
            match self.input.read(&mut space[filled..]) {
                Ok(0) => self.ended = true,
                Ok(n) => filled += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    self.error = Some(error);
                }
            }
        }
        self.bytes_read += filled as u64;
        filled
    }
}
