//! Stable ids. The same source, path and column get the same id in every scan and on every machine.

use std::fmt;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// The 16 bytes, in the order in which a UUID is written.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// Takes 16 bytes that an earlier `as_bytes` gave.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Reads the hyphenated form that `Display` writes; `None` when it is not one.
            pub fn parse(text: &str) -> Option<Self> {
                parse_uuid(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_uuid(f, &self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_uuid(f, &self.0)
            }
        }
    };
}

uuid_id!(
    /// A place that is scanned as one: derived from the source's name.
    SourceId
);
uuid_id!(
    /// A file, archive member, table, or a directory that could not be listed.
    ObjectId
);
uuid_id!(
    /// An object × column × detector.
    FindingId
);
uuid_id!(
    /// One run of `domesday scan` over one source.
    ScanId
);

impl SourceId {
    /// The id of the source of that name.
    pub fn of(name: &str) -> Self {
        Self(derive("source", &[name.as_bytes()]))
    }
}

impl ObjectId {
    /// The id of the object at `path` (raw bytes, relative to the source's root, `/` between the parts) and, inside
    /// an archive or a mailbox, at `member`.
    pub fn of(source: SourceId, path: &[u8], member: Option<&str>) -> Self {
        Self(derive("object", &[&source.0, path, member.unwrap_or("").as_bytes()]))
    }
}

impl FindingId {
    /// The id of what `detector` finds in `column_path` of `object`; objects without columns give `None`.
    pub fn of(object: ObjectId, column_path: Option<&str>, detector: &str) -> Self {
        let column = column_path.unwrap_or("");
        let presence: &[u8] = if column_path.is_some() { b"column" } else { b"" };
        Self(derive("finding", &[&object.0, presence, column.as_bytes(), detector.as_bytes()]))
    }
}

impl ScanId {
    /// An id for a scan of `source` that starts at `started_at_micros` (since 1970, UTC). Begins with the time, so
    /// that ids sort in the order of the scans; `salt` tells apart scans of one microsecond.
    pub fn at(source: SourceId, started_at_micros: i64, salt: u64) -> Self {
        let mut bytes = derive("scan", &[&source.0, &started_at_micros.to_be_bytes(), &salt.to_be_bytes()]);
        bytes[..6].copy_from_slice(&(started_at_micros / 1000).to_be_bytes()[2..]);
        bytes[6] = 0x70 | (bytes[6] & 0x0f);
        Self(bytes)
    }
}

/// The place of a detector in the registry of the running process. Persisted data use the detector's name instead.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DetectorId(pub u16);

impl DetectorId {
    /// The index into [`crate::Catalog::detectors`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Each part goes in with its length, so that no two lists of parts hash alike.
fn derive(kind: &str, parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new_derive_key("domesday 2026 stable id v1");
    for part in std::iter::once(&kind.as_bytes()).chain(parts) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut bytes: [u8; 16] = hasher.finalize().as_bytes()[..16].try_into().expect("a hash has 32 bytes");
    // RFC 9562: version 8 (custom), variant 10.
    bytes[6] = 0x80 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    bytes
}

fn write_uuid(f: &mut fmt::Formatter<'_>, bytes: &[u8; 16]) -> fmt::Result {
    for (i, byte) in bytes.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            f.write_str("-")?;
        }
        write!(f, "{byte:02x}")?;
    }
    Ok(())
}

fn parse_uuid(text: &str) -> Option<[u8; 16]> {
    let text = text.as_bytes();
    if text.len() != 36 || [8, 13, 18, 23].iter().any(|&i| text[i] != b'-') {
        return None;
    }
    let mut digits = text.iter().filter(|&&b| b != b'-').map(|&b| (b as char).to_digit(16));
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        *byte = (digits.next()?? * 16 + digits.next()??) as u8;
    }
    digits.next().is_none().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_and_tell_their_parts_apart() {
        let source = SourceId::of("share");
        assert_eq!(source.to_string(), SourceId::of("share").to_string());
        assert_ne!(ObjectId::of(source, b"a/b", None), ObjectId::of(source, b"a", Some("b")));
        let object = ObjectId::of(source, b"a", None);
        assert_ne!(FindingId::of(object, None, "x"), FindingId::of(object, Some(""), "x"));
        assert_ne!(FindingId::of(object, Some("ab"), "c"), FindingId::of(object, Some("a"), "bc"));
    }

    #[test]
    fn uuid_text_round_trips() {
        let id = ObjectId::of(SourceId::of("share"), b"x", None);
        assert_eq!(ObjectId::parse(&id.to_string()), Some(id));
        assert_eq!(ObjectId::parse("not-a-uuid"), None);
        assert_eq!(ObjectId::parse("zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"), None);
    }

    #[test]
    fn scan_ids_sort_by_time() {
        let source = SourceId::of("share");
        assert!(ScanId::at(source, 1_000_000, 9) < ScanId::at(source, 2_000_000, 1));
    }
}
