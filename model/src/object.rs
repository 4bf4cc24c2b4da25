//! What is known of an object before, and after, it was read.

use std::time::SystemTime;

use crate::{ColumnIx, Confidence, DetectorId, Fact, ObjectId, SourceId};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in the inventory.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The value of that name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
    };
}

named! {
    /// What kind of thing an object is.
    ObjectKind {
        /// A regular file.
        File = "file",
        /// A member of an archive, a mailbox or a container document.
        Member = "member",
        /// A database table.
        Table = "table",
        /// A directory; only those that could not be listed whole become objects.
        Directory = "directory",
        /// A symbolic link; recorded, never followed.
        Symlink = "symlink",
        /// A socket, FIFO or device; never opened.
        Special = "special",
    }
}

named! {
    /// What became of an object.
    Status {
        /// Read and classified.
        Scanned = "scanned",
        /// Its format is recognised and not understood yet.
        Unsupported = "unsupported",
        /// It could not be opened or read.
        Unreadable = "unreadable",
        /// It is protected by a password.
        Encrypted = "encrypted",
        /// Its content breaks its own format.
        Corrupt = "corrupt",
        /// A limit ended the reading early.
        Limited = "limited",
        /// It changed while it was read.
        Changed = "changed",
        /// Nothing to read by its nature, or left out on purpose.
        Skipped = "skipped",
        /// It was there in an earlier scan and is no longer.
        Gone = "gone",
    }
}

impl Status {
    /// Whether the exit status must tell (2): something that should have been read was not, or not surely.
    pub const fn is_problem(self) -> bool {
        matches!(self, Self::Unreadable | Self::Encrypted | Self::Corrupt | Self::Limited | Self::Changed)
    }
}

named! {
    /// How much of an object's content was classified.
    Coverage {
        /// All of it.
        Full = "full",
        /// A part: it ended early or changed.
        Partial = "partial",
        /// Runs of text in a binary format that is not parsed.
        Skimmed = "skimmed",
        /// Nothing.
        None = "none",
    }
}

named! {
    /// Why an object is not simply `scanned` in `full`. Never a parser's message: those may quote content.
    Reason {
        /// The path does not exist.
        NotFound = "not_found",
        /// It was listed and was gone when it was opened.
        Vanished = "vanished",
        /// The system refused access.
        PermissionDenied = "permission_denied",
        /// The system reported a read error.
        IoError = "io_error",
        /// It became shorter while it was read.
        Shrank = "shrank",
        /// Its size or time changed while it was read.
        ChangedWhileRead = "changed_while_read",
        /// What was listed as a file had become something else when it was opened.
        Replaced = "replaced",
        /// A symbolic link.
        Symlink = "symlink",
        /// A FIFO.
        Fifo = "fifo",
        /// A socket.
        Socket = "socket",
        /// A block or character device.
        Device = "device",
        /// Directories nest deeper than the limit.
        TooDeep = "too_deep",
        /// It belongs to the inventory that is being written.
        Inventory = "inventory",
        /// A more specific source owns it.
        OtherSource = "other_source",
        /// A file system that shows the kernel's state, such as `/proc`: nothing in it is stored.
        PseudoFileSystem = "pseudo_file_system",
        /// The format is not understood yet.
        FormatUnsupported = "format_unsupported",
        /// A text in EBCDIC, which does not say in which code page: it is read when it is told.
        EbcdicCodePage = "ebcdic_code_page",
        /// The content is a container or compressed stream that is not opened yet.
        ContainerUnsupported = "container_unsupported",
        /// Not a text; runs of text in it were read.
        Binary = "binary",
        /// Some bytes are not valid in the encoding of the rest; they were read as they are.
        InvalidEncoding = "invalid_encoding",
        /// Lines differ in their encoding; each was read in its own.
        MixedEncoding = "mixed_encoding",
        /// Records have more or fewer fields than the header.
        RaggedRows = "ragged_rows",
        /// A quotation mark is never closed.
        UnclosedQuote = "unclosed_quote",
        /// A record breaks the format and was read as plain text.
        MalformedRecord = "malformed_record",
        /// More columns than the limit; the rest share the column `*`.
        TooManyColumns = "too_many_columns",
        /// Values nest deeper than the limit; what lies deeper belongs to the column above.
        NestedTooDeep = "nested_too_deep",
        /// Reading took longer than the limit.
        TimeLimit = "time_limit",
        /// The parser failed; the failure was contained.
        ParserFailed = "parser_failed",
    }
}

named! {
    /// Who can read an object, as far as the source tells.
    Exposure {
        /// The owner alone.
        Private = "private",
        /// The owner and the owning group.
        Group = "group",
        /// Everyone who has an account.
        Everyone = "everyone",
        /// The source does not tell.
        Unknown = "unknown",
    }
}

named! {
    /// The type that all values of a column share.
    DataType {
        /// No value at all.
        Empty = "empty",
        /// `true` and `false`.
        Boolean = "boolean",
        /// Whole numbers.
        Integer = "integer",
        /// Numbers with a fraction.
        Decimal = "decimal",
        /// Calendar dates or times.
        Date = "date",
        /// Anything else.
        Text = "text",
    }
}

/// Microseconds since 1970, UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The present.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self(since.as_micros() as i64)
    }
}

/// What the source tells of an object before it is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ObjectMeta {
    /// Derived from source, path and member.
    pub id: ObjectId,
    /// The object that holds this one, for members.
    pub parent: Option<ObjectId>,
    /// The source it belongs to.
    pub source: SourceId,
    /// What kind of thing it is.
    pub kind: ObjectKind,
    /// Relative to the source's root with `/`; bytes that are not UTF-8 appear as U+FFFD. Empty for the root itself.
    pub path: String,
    /// The path's raw bytes where they are not UTF-8.
    pub path_bytes: Option<Vec<u8>>,
    /// The way inside of a container.
    pub member: Option<String>,
    /// Bytes; unknown for what cannot be examined.
    pub size: Option<u64>,
    /// Last modification of the content.
    pub modified_at: Option<Timestamp>,
    /// Changes whenever the object does, as far as that shows without reading it. 0 when unknown.
    pub version: u64,
    /// Name of the owning user, or its number.
    pub owner: Option<String>,
    /// Name of the owning group, or its number.
    pub group: Option<String>,
    /// Permission bits, 12 of them.
    pub mode: Option<u32>,
    /// Who can read it, the directories above it within the source included.
    pub exposure: Exposure,
}

/// What reading an object came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ObjectOutcome {
    /// What became of it.
    pub status: Status,
    /// How much was classified.
    pub coverage: Coverage,
    /// Why not all.
    pub reason: Option<Reason>,
    /// Byte offset of the first place where the reason shows.
    pub reason_place: Option<u64>,
    /// Short lower-case name, for instance `csv`, `text`, `zip`; `None` when nothing was read.
    pub format: Option<&'static str>,
    /// Name of the encoding that most of the text is in, in lower case, for instance `utf-8`, `windows-1252`.
    pub encoding: Option<&'static str>,
    /// Names of others that lines of it may be in, besides UTF-8.
    pub other_encodings: Vec<&'static str>,
    /// Bytes read from the source.
    pub bytes_read: u64,
    /// Bytes of text that were classified, counted in the source's encoding.
    pub text_bytes: u64,
    /// Records or lines; `None` where the format has none.
    pub record_count: Option<u64>,
    /// The columns, in order of [`ColumnIx`]; empty where the format has none.
    pub columns: Vec<ColumnReport>,
}

impl ObjectOutcome {
    /// The outcome for an object that was not read.
    pub const fn unread(status: Status, reason: Reason) -> Self {
        Self {
            status,
            coverage: Coverage::None,
            reason: Some(reason),
            reason_place: None,
            format: None,
            encoding: None,
            other_encodings: Vec::new(),
            bytes_read: 0,
            text_bytes: 0,
            record_count: None,
            columns: Vec::new(),
        }
    }
}

/// A column of a tabular object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ColumnReport {
    /// The index under which windows and occurrences name it.
    pub ix: ColumnIx,
    /// Header or path, for instance `email`, `customer.address.city`, `tags[]`; `*` for keys that act as data.
    pub path: String,
    /// The type that all non-null values share.
    pub data_type: DataType,
    /// Records in which the column could stand.
    pub records: u64,
    /// Records with a value that is not empty or null. A column of an array counts its elements.
    pub non_null: u64,
    /// What its values are. Empty when the format reports; the scanner knows.
    pub found: ColumnFound,
}

/// What the values of a column are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ColumnFound {
    /// What it holds.
    pub verdict: Option<ColumnVerdict>,
    /// Distinct values, where all of them were counted.
    pub distinct: Option<u64>,
}

/// What a column holds, judged by its header, all of its values and the columns beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ColumnVerdict {
    /// The detector.
    pub detector: DetectorId,
    /// How sure it is of the column.
    pub confidence: Confidence,
    /// Values that match, …
    pub matches: u64,
    /// … of so many.
    pub values: u64,
    /// Why, sorted.
    pub evidence: Vec<Fact>,
    /// What each part of that is worth.
    pub points: ColumnPoints,
}

/// Thousandths of the confidence in a column's verdict, by what they are for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ColumnPoints {
    /// What its values are worth by themselves.
    pub values: i32,
    /// The header names them.
    pub header: i32,
    /// Nearly all of its values match.
    pub share: i32,
    /// Check digits hold too often for chance.
    pub checksum: i32,
    /// Enough of its values are listed words.
    pub list: i32,
    /// Other columns say that the table holds people.
    pub people: i32,
    /// The header speaks against it: what is taken off.
    pub against: i32,
}

impl ColumnPoints {
    /// What they add up to.
    pub const fn sum(&self) -> i32 {
        let Self { values, header, share, checksum, list, people, against } = *self;
        values + header + share + checksum + list + people - against
    }
}
