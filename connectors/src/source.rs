//! What every source can do, and what it hands out.
//!
//! Listing and opening are apart: one thread lists, and pushes small [`Entry`] values; any thread opens them. An
//! entry carries what it needs for that, so the threads share no lock.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use domesday_model::{ObjectMeta, Reason, SourceId, Status};

use crate::attributes::{self, Attributes};
use crate::directory::Located;

/// A place that can be surveyed. Every implementation runs [`crate::conformance::check`] on a source of its kind.
pub trait Source: Sync {
    /// The name under which the source is known; decides its id.
    fn name(&self) -> &str;

    /// What sort of place it is, for instance `files`.
    fn kind(&self) -> &'static str;

    /// The location to which the paths of its objects are relative, without credentials.
    fn root(&self) -> &str;

    /// The stable id that follows from the name.
    fn id(&self) -> SourceId;

    /// Lists every object once, depth first, the names within a directory sorted by their bytes. Runs on the
    /// caller's thread and pushes each entry to `visit`; `Break` ends the walk, which is no error. A part that
    /// cannot be listed becomes an entry that does not open, and the walk goes on.
    ///
    /// # Errors
    /// When the source as a whole is out of reach.
    fn walk(&self, visit: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> Result<(), SourceError>;

    /// Opens one object by its raw path relative to the root: the way back from a place in the inventory.
    ///
    /// # Errors
    /// When there is no such object, or it cannot be read.
    fn open(&self, path: &[u8]) -> Result<Opened, OpenError>;
}

/// One object of a walk, not opened yet. May be sent to another thread and opened there.
pub struct Entry {
    path: Vec<u8>,
    size_hint: Option<u64>,
    handle: Handle,
}

enum Handle {
    /// Where in a file system it lies.
    Located(Located),
    /// Known from the listing to be unreadable.
    Unread(Box<Unread>),
}

pub(crate) struct Unread {
    pub(crate) meta: ObjectMeta,
    pub(crate) status: Status,
    pub(crate) reason: Reason,
}

impl Entry {
    pub(crate) fn located(path: Vec<u8>, size_hint: Option<u64>, located: Located) -> Self {
        Self { path, size_hint, handle: Handle::Located(located) }
    }

    pub(crate) fn unread(path: Vec<u8>, unread: Unread) -> Self {
        Self { path, size_hint: unread.meta.size, handle: Handle::Unread(Box::new(unread)) }
    }

    /// The raw path relative to the source's root, with `/`; empty for the root itself.
    pub fn path_bytes(&self) -> &[u8] {
        &self.path
    }

    /// Bytes of content, where the listing already tells; a listing of a local directory seldom does.
    pub fn size_hint(&self) -> Option<u64> {
        self.size_hint
    }

    /// Bytes of content of a regular file, as the file system tells without opening it; `None` for anything else.
    pub fn size(&self) -> Option<u64> {
        match &self.handle {
            Handle::Located(located) => self.size_hint.or_else(|| located.size(&self.path)),
            Handle::Unread(_) => None,
        }
    }

    /// Opens, examines and describes the object. What is not a regular file is only described.
    pub fn open(&self) -> Opening {
        match &self.handle {
            Handle::Located(located) => located.open(&self.path),
            Handle::Unread(unread) => {
                let Unread { meta, status, reason } = unread.as_ref();
                Opening::Unread { meta: meta.clone(), status: *status, reason: *reason }
            }
        }
    }
}

/// What opening an entry came to.
pub enum Opening {
    /// Content to be read.
    File(Opened),
    /// An object without readable content.
    Unread {
        /// What is known of it.
        meta: ObjectMeta,
        /// What becomes of it in the inventory.
        status: Status,
        /// Why.
        reason: Reason,
    },
}

/// An object that is open for reading: in sequence through [`Read`], at any offset through [`Opened::read_at`].
pub struct Opened {
    /// What the source tells of it, at the moment it was opened.
    pub meta: ObjectMeta,
    file: File,
}

impl Opened {
    pub(crate) fn new(meta: ObjectMeta, file: File) -> Self {
        Self { meta, file }
    }

    /// Goes back to the first byte.
    ///
    /// # Errors
    /// When the system cannot.
    pub fn rewind(&mut self) -> io::Result<()> {
        self.file.rewind()
    }

    /// Reads at `offset` without moving the position of [`Read`]; 0 at and behind the end.
    ///
    /// # Errors
    /// When the system cannot read, or was interrupted.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(buffer, offset)
    }

    /// Examines the object once more, after it was read: whether it is still what [`Opened::meta`] describes.
    /// `Shrank` when it is shorter, `ChangedWhileRead` when its size or one of its times differs in another way.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn changed(&self) -> io::Result<Option<Reason>> {
        let now = Attributes::of(&rustix::fs::fstat(&self.file)?);
        if attributes::version(&now) == self.meta.version {
            return Ok(None);
        }
        let shorter = self.meta.size.is_some_and(|size| now.size < size);
        Ok(Some(if shorter { Reason::Shrank } else { Reason::ChangedWhileRead }))
    }
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

/// Why a source as a whole is out of reach.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Nothing is there.
    #[error("{path:?} does not exist: check the spelling, and whether the share is mounted")]
    NotFound {
        /// As the user gave it.
        path: PathBuf,
    },
    /// The system refuses access.
    #[error("{path:?} cannot be opened, permission denied: run as a user who may read it")]
    PermissionDenied {
        /// As the user gave it.
        path: PathBuf,
    },
    /// A FIFO, a socket or a device.
    #[error("{path:?} is neither a directory nor a regular file: name one of these")]
    NotScannable {
        /// As the user gave it.
        path: PathBuf,
    },
    /// Any other failure.
    #[error("{path:?} cannot be opened: {error}")]
    Io {
        /// As the user gave it.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: io::Error,
    },
}

/// Why one object does not open. The path is left to the caller, who knows how to show it safely.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OpenError {
    /// The source has no such object.
    #[error("there is no such object in this source")]
    NotFound,
    /// The path is empty, absolute, or has an empty part, `.`, `..` or a NUL: no object has such a path.
    #[error("this is not a path of an object in a source")]
    InvalidPath,
    /// It is there and cannot be read.
    #[error("the object cannot be read: {}", .0.name())]
    Unreadable(Reason),
}
