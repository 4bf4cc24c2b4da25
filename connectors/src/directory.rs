//! Directories by descriptor, and what is opened in them.
//!
//! Every step down is an `openat` of one name that refuses links, relative to a directory that is already open. So
//! nothing that is swapped meanwhile leads out of the source, and paths may be longer than the system's `PATH_MAX`.
//!
//! Open descriptors have a bound: at most [`MAX_HELD`] directories of a source are held. One beyond that is closed
//! when it is listed, and what lies in it is opened by more than one step from the nearest directory above that is
//! held ([`Anchor`]). The alternative, a walk that waits until others are closed, can wait for ever: the entries
//! that hold them may lie in a batch that its caller is still filling.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domesday_model::{ObjectKind, ObjectMeta, Reason, SourceId, Status};
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::{Errno, Result, retry_on_intr};

use crate::attributes::{Accounts, Attributes, Reach, describe};
use crate::source::{Opened, Opening};

/// Directories of one source that are held open at most: far below the usual limit of 1,024 descriptors a process.
const MAX_HELD: usize = 128;

/// What everything that comes out of one source shares.
pub(crate) struct Shared {
    pub(crate) source: SourceId,
    pub(crate) accounts: Accounts,
    held: AtomicUsize,
}

impl Shared {
    pub(crate) fn new(source: SourceId, accounts: Accounts) -> Arc<Self> {
        Arc::new(Self { source, accounts, held: AtomicUsize::new(0) })
    }

    pub(crate) fn describe(
        &self,
        path: &[u8],
        kind: ObjectKind,
        attributes: Option<&Attributes>,
        reach: Reach,
    ) -> ObjectMeta {
        describe(self.source, &self.accounts, path, kind, attributes, reach)
    }
}

/// A directory that is held open, from which objects below it are reached.
pub(crate) struct Anchor {
    fd: OwnedFd,
    /// Bytes of an object's path that lead to this directory, the `/` behind it included.
    prefix: usize,
    shared: Arc<Shared>,
}

impl Drop for Anchor {
    fn drop(&mut self) {
        self.shared.held.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Anchor {
    /// Holds the source's root.
    pub(crate) fn root(fd: OwnedFd, shared: Arc<Shared>) -> Arc<Self> {
        shared.held.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self { fd, prefix: 0, shared })
    }

    /// Holds `fd`, a directory below this one whose path has `prefix` bytes, or this one in its place when as many
    /// as may be are held already.
    pub(crate) fn hold(self: &Arc<Self>, fd: OwnedFd, prefix: usize) -> Arc<Self> {
        if self.shared.held.fetch_add(1, Ordering::Relaxed) >= MAX_HELD {
            self.shared.held.fetch_sub(1, Ordering::Relaxed);
            return Arc::clone(self);
        }
        Arc::new(Self { fd, prefix, shared: Arc::clone(&self.shared) })
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The attributes of the directory itself.
    pub(crate) fn examine_self(&self) -> Result<Attributes> {
        Ok(Attributes::of(&rustix::fs::fstat(&self.fd)?))
    }

    /// Lists the directory itself, through a descriptor of its own: those that are copied share a position, and
    /// walks may run side by side.
    pub(crate) fn list_self(&self) -> (Listing, Option<Errno>) {
        match open_untouched(self.fd.as_fd(), b".", OFlags::DIRECTORY) {
            Ok(fd) => list(&fd),
            Err(errno) => (Listing::default(), Some(errno)),
        }
    }

    /// Examines what lies at `path` without following it.
    pub(crate) fn examine(&self, path: &[u8]) -> Result<Attributes> {
        self.at(path, |parent, name| {
            let stat = rustix::fs::statat(parent, name, AtFlags::SYMLINK_NOFOLLOW)?;
            Ok(Attributes::of(&stat))
        })
    }

    /// Opens the directory at `path` for listing.
    pub(crate) fn open_directory(&self, path: &[u8]) -> Result<OwnedFd> {
        self.at(path, |parent, name| open_untouched(parent, name, OFlags::DIRECTORY))
    }

    /// Opens what is expected to be a regular file at `path`. `NONBLOCK` and `NOCTTY`: what has taken its place
    /// meanwhile must neither hold the scan up nor become its terminal.
    fn open_file(&self, path: &[u8]) -> Result<OwnedFd> {
        self.at(path, |parent, name| open_untouched(parent, name, OFlags::NONBLOCK | OFlags::NOCTTY))
    }

    /// Goes down to the directory that holds `path`, and does `action` there with the last name.
    fn at<T>(&self, path: &[u8], action: impl FnOnce(BorrowedFd<'_>, &[u8]) -> Result<T>) -> Result<T> {
        let mut below: Option<OwnedFd> = None;
        let mut rest = &path[self.prefix..];
        while let Some(slash) = rest.iter().position(|&byte| byte == b'/') {
            let parent = below.as_ref().map_or(self.fd.as_fd(), AsFd::as_fd);
            below = Some(open_to_pass(parent, &rest[..slash])?);
            rest = &rest[slash + 1..];
        }
        action(below.as_ref().map_or(self.fd.as_fd(), AsFd::as_fd), rest)
    }
}

/// Linux can hold a directory without the right to list it; elsewhere passing through one needs that right.
#[cfg(any(target_os = "linux", target_os = "android"))]
const PASS: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const PASS: OFlags = OFlags::RDONLY;

/// Opens a directory only to go on to what is in it.
pub(crate) fn open_to_pass(parent: BorrowedFd<'_>, name: &[u8]) -> Result<OwnedFd> {
    let flags = PASS | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    retry_on_intr(|| rustix::fs::openat(parent, name, flags, Mode::empty()))
}

/// Opens for reading, without a trace in the access time where the system permits that (to the owner and to root).
pub(crate) fn open_untouched(parent: BorrowedFd<'_>, name: &[u8], flags: OFlags) -> Result<OwnedFd> {
    let flags = flags | OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let open = |flags| retry_on_intr(|| rustix::fs::openat(parent, name, flags, Mode::empty()));
    #[cfg(any(target_os = "linux", target_os = "android"))]
    match open(flags | OFlags::NOATIME) {
        Err(Errno::PERM) => {}
        done => return done,
    }
    open(flags)
}

/// The names of one directory, sorted by their bytes, in one allocation.
#[derive(Default)]
pub(crate) struct Listing {
    names: Vec<u8>,
    entries: Vec<Listed>,
}

#[derive(Clone, Copy)]
struct Listed {
    start: usize,
    len: u32,
    file_type: FileType,
}

impl Listing {
    /// The name at `index` and what the listing says it is.
    pub(crate) fn get(&self, index: usize) -> Option<(&[u8], FileType)> {
        let listed = self.entries.get(index)?;
        Some((&self.names[listed.start..][..listed.len as usize], listed.file_type))
    }

    /// A listing of a single regular file.
    pub(crate) fn of_one(name: &[u8]) -> Self {
        let mut listing = Self::default();
        listing.push(name, FileType::RegularFile);
        listing
    }

    fn push(&mut self, name: &[u8], file_type: FileType) {
        let start = self.names.len();
        self.names.extend_from_slice(name);
        self.entries.push(Listed { start, len: name.len() as u32, file_type });
    }

    fn sort(&mut self) {
        let names = &self.names;
        let name = |listed: &Listed| &names[listed.start..][..listed.len as usize];
        self.entries.sort_unstable_by(|a, b| name(a).cmp(name(b)));
    }
}

/// Lists a directory that was just opened. An error ends the listing; what came before it counts.
pub(crate) fn list(fd: &OwnedFd) -> (Listing, Option<Errno>) {
    let mut listing = Listing::default();
    let mut error = None;
    match rustix::io::fcntl_dupfd_cloexec(fd, 0).and_then(Dir::new) {
        Ok(dir) => {
            for entry in dir {
                match entry {
                    Ok(entry) => match entry.file_name().to_bytes() {
                        b"." | b".." => {}
                        name => listing.push(name, entry.file_type()),
                    },
                    Err(errno) => {
                        error = Some(errno);
                        break;
                    }
                }
            }
        }
        Err(errno) => error = Some(errno),
    }
    listing.sort();
    (listing, error)
}

/// Where an entry of a walk lies, and what the listing said of it.
pub(crate) struct Located {
    anchor: Arc<Anchor>,
    reach: Reach,
    listed: FileType,
}

impl Located {
    /// `reach` is that of the directory which holds the entry.
    pub(crate) fn new(anchor: Arc<Anchor>, reach: Reach, listed: FileType) -> Self {
        Self { anchor, reach, listed }
    }

    /// Opens the regular file at `path`, or describes what is something else.
    pub(crate) fn open(&self, path: &[u8]) -> Opening {
        let result = match skipped(self.listed) {
            None => self.open_file(path),
            Some((kind, reason)) => self.anchor.examine(path).map(|attributes| {
                if attributes.file_type() != self.listed {
                    return self.unread(path, kind, None, Status::Unreadable, Reason::Replaced);
                }
                self.unread(path, kind, Some(&attributes), Status::Skipped, reason)
            }),
        };
        result.unwrap_or_else(|errno| {
            // What does not open can often still be described: its owner, for instance, is whom to ask.
            let attributes = self.anchor.examine(path).ok().filter(|a| a.file_type() == self.listed);
            let kind = kind_of(self.listed);
            self.unread(path, kind, attributes.as_ref(), Status::Unreadable, reason_of(errno))
        })
    }

    /// Bytes of the regular file at `path`.
    pub(crate) fn size(&self, path: &[u8]) -> Option<u64> {
        let attributes = self.anchor.examine(path).ok()?;
        (attributes.file_type() == FileType::RegularFile).then_some(attributes.size)
    }

    fn open_file(&self, path: &[u8]) -> Result<Opening> {
        let fd = self.anchor.open_file(path)?;
        let attributes = Attributes::of(&rustix::fs::fstat(&fd)?);
        if attributes.file_type() != FileType::RegularFile {
            return Ok(self.unread(path, ObjectKind::File, None, Status::Unreadable, Reason::Replaced));
        }
        let meta = self.anchor.shared.describe(path, ObjectKind::File, Some(&attributes), self.reach);
        Ok(Opening::File(Opened::new(meta, File::from(fd))))
    }

    fn unread(
        &self,
        path: &[u8],
        kind: ObjectKind,
        attributes: Option<&Attributes>,
        status: Status,
        reason: Reason,
    ) -> Opening {
        let meta = self.anchor.shared.describe(path, kind, attributes, self.reach);
        Opening::Unread { meta, status, reason }
    }
}

/// The kind of an object of that type.
pub(crate) fn kind_of(file_type: FileType) -> ObjectKind {
    match file_type {
        FileType::Directory => ObjectKind::Directory,
        FileType::Symlink => ObjectKind::Symlink,
        FileType::RegularFile => ObjectKind::File,
        _ => ObjectKind::Special,
    }
}

/// Kind and reason for what is never opened.
fn skipped(file_type: FileType) -> Option<(ObjectKind, Reason)> {
    let reason = match file_type {
        FileType::RegularFile => return None,
        FileType::Symlink => Reason::Symlink,
        FileType::Fifo => Reason::Fifo,
        FileType::Socket => Reason::Socket,
        _ => Reason::Device,
    };
    Some((kind_of(file_type), reason))
}

/// Why something that was listed does not open.
pub(crate) fn reason_of(errno: Errno) -> Reason {
    match errno {
        Errno::NOENT | Errno::STALE => Reason::Vanished,
        Errno::ACCESS | Errno::PERM => Reason::PermissionDenied,
        // A link, no directory, a socket.
        Errno::LOOP | Errno::NOTDIR | Errno::NXIO => Reason::Replaced,
        _ => Reason::IoError,
    }
}
