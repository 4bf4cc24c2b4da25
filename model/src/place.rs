//! Where a value stands.

/// A half-open range of offsets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u64,
    /// Offset behind the last byte.
    pub end: u64,
}

/// What the offsets of a [`Span`] count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PlaceUnit {
    /// Bytes of the innermost member after decompression and transfer decoding, before charset decoding: in a plain
    /// file, offsets in the file.
    Bytes,
    /// Bytes of the extracted UTF-8 text, for formats that have no bytes of their own at a value (PDF, a database
    /// cell).
    Text,
    /// Bytes of the object's raw path, for what its name says.
    Path,
}

impl PlaceUnit {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Bytes, Self::Text, Self::Path];

    /// The name in the inventory.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Text => "text",
            Self::Path => "path",
        }
    }
}
