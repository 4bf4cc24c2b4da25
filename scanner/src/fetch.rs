//! The way back: a place in, the bytes there out.

use std::io;

use domesday_connectors::{OpenError, Opened, Source};
use domesday_model::{ObjectMeta, Span};

/// A value longer than this is no value. Bytes.
pub const MOST_FETCHED: u64 = 1 << 20;

/// The bytes at a place.
pub struct Fetched {
    /// What the object is now.
    pub meta: ObjectMeta,
    /// Bytes before the value.
    pub before: Vec<u8>,
    /// The value.
    pub value: Vec<u8>,
    /// Bytes behind the value.
    pub after: Vec<u8>,
}

/// Why there are no bytes at a place.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The object does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The system cannot read it.
    #[error("the object cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The object ends before the place does.
    #[error("the object ends at byte {size}, before the place")]
    BehindEnd {
        /// The object's size.
        size: u64,
    },
    /// The place is empty, runs backwards, or is longer than [`MOST_FETCHED`].
    #[error("a place needs a start before its end, at most {MOST_FETCHED} bytes apart")]
    NotAPlace,
}

/// Opens the object at `path` again and reads the bytes of `span`, and up to `around` on either side.
///
/// # Errors
/// When the object is no longer there, cannot be read, or is shorter than the place says.
pub fn fetch(source: &dyn Source, path: &[u8], span: Span, around: u64) -> Result<Fetched, FetchError> {
    let length = span.end.checked_sub(span.start).filter(|n| (1..=MOST_FETCHED).contains(n));
    let length = length.ok_or(FetchError::NotAPlace)? as usize;
    let opened = source.open(path)?;
    let start = span.start.saturating_sub(around);
    let bytes = read_at(&opened, start, (span.end - start + around) as usize)?;
    let value_at = (span.start - start) as usize;
    let Some(value) = bytes.get(value_at..value_at + length) else {
        let read = start + bytes.len() as u64;
        // Nothing is read where the object ends long before.
        return Err(FetchError::BehindEnd { size: opened.meta.size.map_or(read, |size| size.min(read)) });
    };
    Ok(Fetched {
        before: bytes[..value_at].to_vec(),
        value: value.to_vec(),
        after: bytes[value_at + length..].to_vec(),
        meta: opened.meta,
    })
}

/// Up to `length` bytes from `offset` on; fewer at the end of the object.
fn read_at(opened: &Opened, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    let mut filled = 0;
    while filled < length {
        match opened.read_at(&mut bytes[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}
