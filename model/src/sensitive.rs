//! Raw personal data in memory, wrapped so that it cannot slip into a log, a message or a table.

use std::fmt;

/// Bytes of a scanned object. There is no `Display` and no serialisation, and `Debug` shows the length only:
/// whoever needs the bytes says so by calling [`Sensitive::reveal`].
#[derive(Clone, Copy)]
pub struct Sensitive<'a>(&'a [u8]);

impl<'a> Sensitive<'a> {
    /// Wraps raw bytes.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The raw bytes. Callers are the few places that hash them, mask them, or show them because a person asked.
    pub const fn reveal(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Debug for Sensitive<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sensitive({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_byte() {
        assert_eq!(format!("{:?}", Sensitive::new(b"jane@corp.de")), "Sensitive(12 bytes)");
    }
}
