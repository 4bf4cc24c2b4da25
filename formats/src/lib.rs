//! Turns the bytes of an object into windows of text, records and columns.
//!
//! An object of any size passes through one buffer of fixed size, from front to back, once. Formats decide what lies
//! in it: plain lines, cells of tables and records, runs of text in a binary file. Every splitter is a state machine
//! that sees each byte once and may be stopped anywhere, so nothing it reports depends on where windows are cut, and
//! no line, cell or nesting can make it grow. Rejected: memory-mapping (slower here for one pass over a file, and a
//! file that shrinks meanwhile kills the process) and parsers that want a whole record in memory.
#![deny(missing_docs)]

mod binary;
mod boxes;
mod by_line;
mod cells;
mod charset;
mod columns;
mod composing;
mod csv;
mod declared;
mod decoder;
mod detect;
mod dialect;
mod ebcdic;
mod escape;
mod fixed;
mod forms;
mod heads;
mod johab;
mod json;
mod likely;
mod mask;
mod multibyte;
mod names;
mod object;
mod pages;
mod pairs;
mod paths;
mod place;
mod records;
mod sample;
mod shifted;
mod sniff;
mod source;
mod sql;
mod stretches;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod utf7;
mod wide;
mod windows;
mod xml;

use std::io;
use std::ops::ControlFlow;

use domesday_model::{ColumnIx, ColumnReport, Coverage, ObjectOutcome, Reason, Status, Window};

pub use charset::SourceEncoding;
pub use object::{Scratch, read_object};

/// What the scanner implements to receive an object's text.
pub trait Target {
    /// A column that later cells name; called once per column, before its first cell. `path` is as in
    /// [`ColumnReport::path`]; its first `table` bytes name the table of an object that has several.
    fn column(&mut self, ix: ColumnIx, path: &str, table: usize);

    /// The next window, in ascending order of `own`. The windows of escaped cells and of UTF-16 text in a binary
    /// file follow the window that holds them. `Break` ends the reading (time limit, sink failed);
    /// the window counts as not taken.
    fn window(&mut self, window: &Window<'_>) -> ControlFlow<()>;

    /// Whether these words are the full name of somebody, and nothing else: what it has in its first row is no header.
    fn is_full_name(&self, _words: &[&str]) -> bool {
        false
    }

    /// Whether values are called so that it looks for: lists of such labels are forms, and no tables of two columns.
    fn names_values(&self, _label: &str) -> bool {
        false
    }
}

/// How an object is read: how much is looked at together, and in which encoding. What is found does not depend on
/// `window_bytes`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of text that a window owns, 1 to 64 MiB; up to three more where a character would be cut.
    pub window_bytes: usize,
    /// Bytes of context before the own part, [`Self::MIN_LEFT`] to 1 MiB.
    pub left: usize,
    /// Bytes behind the own part: the longest match and its right context, [`Self::MIN_RIGHT`] to 1 MiB.
    pub right: usize,
    /// Columns of one object, at least 1; what lies beyond shares the column `*`.
    pub max_columns: usize,
    /// Nesting of JSON, XML and YAML, 1 to 10,000; what lies deeper belongs to the column above as text.
    pub max_depth: usize,
    /// The encoding of texts, where a user tells it. A byte order mark says more; and where ASCII means something else in
    /// it, a text that is ASCII stays so.
    pub encoding: Option<SourceEncoding>,
}

impl Limits {
    /// The least right context: headers, keys and everything that is typed must be visible whole.
    pub const MIN_RIGHT: usize = 256;

    /// The least left context: an escape that is cut by a border must be visible whole, and so must a number.
    pub const MIN_LEFT: usize = 64;

    const MAX_WINDOW: usize = 64 << 20;
    const MAX_CONTEXT: usize = 1 << 20;

    /// With every value brought back into its range.
    fn bounded(self) -> Self {
        Self {
            window_bytes: self.window_bytes.clamp(1, Self::MAX_WINDOW),
            left: self.left.clamp(Self::MIN_LEFT, Self::MAX_CONTEXT),
            right: self.right.clamp(Self::MIN_RIGHT, Self::MAX_CONTEXT),
            max_columns: self.max_columns.clamp(1, 1_000_000),
            max_depth: self.max_depth.clamp(1, 10_000),
            encoding: self.encoding,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            window_bytes: 256 << 10,
            left: 4096,
            right: 6144,
            max_columns: 10_000,
            max_depth: 256,
            encoding: None,
        }
    }
}

/// What reading an object came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Content {
    /// `Scanned`, `Unsupported`, `Limited` after a `Break`, `Unreadable` in a [`ReadError`].
    pub status: Status,
    /// How much was handed over.
    pub coverage: Coverage,
    /// Why not all; of several reasons the one that shows first in the source.
    pub reason: Option<Reason>,
    /// Byte offset of the first place where the reason shows. For a record that is ragged or malformed this is the
    /// record's first byte, or the line's where a record has several; for a quotation mark that is not closed the mark,
    /// otherwise the very byte.
    pub reason_place: Option<u64>,
    /// Short lower-case name: `csv`, `text`, `zip`, `png`, `empty`.
    pub format: &'static str,
    /// Name of the encoding that most of the text is in, as [`SourceEncoding::name`] has it; `None` where there is no text.
    pub encoding: Option<&'static str>,
    /// Names of others that lines of it may be in, besides UTF-8.
    pub other_encodings: Vec<&'static str>,
    /// Bytes read from the input.
    pub bytes_read: u64,
    /// Bytes of text that were handed over, counted in the source's encoding.
    pub text_bytes: u64,
    /// Rows, records or lines; `None` for binary files and what is unsupported. Blank lines are no rows and no
    /// records; a header is no row.
    pub record_count: Option<u64>,
    /// The columns in order of their index; empty where the format has none.
    pub columns: Vec<ColumnReport>,
}

impl From<Content> for ObjectOutcome {
    fn from(content: Content) -> Self {
        Self {
            status: content.status,
            coverage: content.coverage,
            reason: content.reason,
            reason_place: content.reason_place,
            format: Some(content.format),
            encoding: content.encoding,
            other_encodings: content.other_encodings,
            bytes_read: content.bytes_read,
            text_bytes: content.text_bytes,
            record_count: content.record_count,
            columns: content.columns,
        }
    }
}

/// The input failed. All that it gave before was handed over.
#[derive(Debug, thiserror::Error)]
#[error("reading failed after {} bytes", content.bytes_read)]
pub struct ReadError {
    /// What the input said.
    #[source]
    pub error: io::Error,
    /// How far it got: status `unreadable`, reason `io_error`, coverage `partial` or `none`.
    pub content: Box<Content>,
}
