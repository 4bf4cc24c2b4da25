//! What can go wrong with an inventory, each with what to do about it.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use domesday_model::SourceId;
use parquet::errors::ParquetError;

/// Why an inventory could not be opened, written or read. No message holds a value of a scanned object.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// Another process writes to the inventory.
    #[error("{dir} is in use by another scan; wait for it to end or choose another inventory")]
    Locked {
        /// The inventory.
        dir: PathBuf,
    },
    /// The directory is not empty and holds no manifest.
    #[error(
        "{dir} is something else than an inventory; choose an empty or a new directory for the inventory"
    )]
    Foreign {
        /// The directory.
        dir: PathBuf,
    },
    /// There is no inventory to read.
    #[error("{dir} holds no inventory; `domesday scan` with this inventory creates one")]
    Absent {
        /// The directory.
        dir: PathBuf,
    },
    /// The manifest was written by a later version of Domesday.
    #[error("{dir} has inventory format {found}; this program knows formats up to {known}: use a newer one")]
    Newer {
        /// The inventory.
        dir: PathBuf,
        /// Its format.
        found: u64,
        /// The highest format that this program reads.
        known: u64,
    },
    /// The manifest, or a file that it names, is not what was written.
    #[error("{file} is damaged ({problem}); restore it from a backup or scan into a new inventory")]
    Corrupt {
        /// The damaged file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The inventory holds tokens under another key.
    #[error(
        "{dir} was written with key {written}, not with {given}: tokens of two keys never match; \
         use the key {written} or another inventory"
    )]
    WrongKey {
        /// The inventory.
        dir: PathBuf,
        /// Id of the key in the manifest.
        written: String,
        /// Id of the key that was given.
        given: String,
    },
    /// A scan of the same source is being written by this process.
    #[error("source {source_id} is being scanned already")]
    SourceBusy {
        /// The source.
        source_id: SourceId,
    },
    /// An earlier write failed, so what was found since the last commit is lost and the scan cannot count as complete.
    #[error("a write failed during this scan; it can only end as interrupted")]
    Incomplete,
    /// A file could not be written.
    #[error("cannot write {file}: {source}; {}the inventory is as it was at its last commit", advice(.source))]
    Write {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be read.
    #[error("cannot read {file}: {source}")]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space there, or choose an inventory on another disk, and scan again; "
        }
        io::ErrorKind::FileTooLarge => "raise the limit on file sizes and scan again; ",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "give yourself write access to the inventory, or choose another, and scan again; "
        }
        _ => "",
    }
}

impl InventoryError {
    pub(crate) fn write(file: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Write { file: file.to_owned(), source }
    }

    pub(crate) fn read(file: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Read { file: file.to_owned(), source }
    }

    pub(crate) fn corrupt(file: &Path, problem: impl Into<String>) -> Self {
        Self::Corrupt { file: file.to_owned(), problem: problem.into() }
    }

    /// A Parquet writer fails because of the file below it, or of a fault in this crate.
    pub(crate) fn parquet_write(file: &Path) -> impl FnOnce(ParquetError) -> Self + '_ {
        move |error| {
            let source = system_error(&error).unwrap_or_else(|| io::Error::other(error.to_string()));
            Self::Write { file: file.to_owned(), source }
        }
    }

    /// A Parquet reader fails because of the system or because the file is not what was written. The reader's own
    /// message may quote content, so only its kind is told.
    pub(crate) fn parquet_read(file: &Path) -> impl FnOnce(ParquetError) -> Self + '_ {
        move |error| match system_error(&error) {
            Some(source) if source.kind() != io::ErrorKind::UnexpectedEof => {
                Self::Read { file: file.to_owned(), source }
            }
            _ => Self::corrupt(file, "not the Parquet file that was written"),
        }
    }
}

/// The operating system's error below a Parquet error, with its code.
fn system_error(error: &ParquetError) -> Option<io::Error> {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(io) = current.downcast_ref::<io::Error>() {
            return Some(match io.raw_os_error() {
                Some(code) => io::Error::from_raw_os_error(code),
                None => io::Error::from(io.kind()),
            });
        }
        cause = current.source();
    }
    None
}
