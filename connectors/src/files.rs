//! A directory tree of the local system, or a single file.
//!
//! Everything below the root counts: hidden files are included, no ignore file is honoured, mounted file systems
//! are entered, all but those that store nothing (`/proc`: [`Reason::PseudoFileSystem`]). Links are recorded and never followed; FIFOs, sockets and devices are recorded and never opened. A
//! file with several names (hard links) is an object under each of them.
//!
//! The walk is an own one on a stack of its own, one thread, without a `stat` where the listing tells the type: it
//! lists 2 M names a second, several times faster than files can be opened and read on two cores. The walker of the
//! `ignore` crate was left out because it opens by whole paths: it follows links in the middle of a path that is
//! swapped while it runs, and fails beyond `PATH_MAX`.
//!
//! Bounds: the names of the directories from the root to the present one are held in memory, the descriptors of at
//! most 128 directories, and [`MAX_DEPTH`] levels.

use std::io;
use std::ops::ControlFlow;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domesday_model::{ObjectKind, Reason, SourceId, Status};
use rustix::fs::{CWD, FileType, OFlags};
use rustix::io::Errno;

use crate::attributes::{Accounts, Attributes, Reach};
use crate::directory::{
    Anchor, Listing, Located, Shared, kind_of, list, open_to_pass, open_untouched, reason_of,
};
use crate::pseudo::is_pseudo;
use crate::source::{Entry, OpenError, Opened, Opening, Source, SourceError, Unread};

/// Directories that lie deeper than this below the root are recorded and not listed.
pub const MAX_DEPTH: usize = 1000;

/// A directory tree of the local system, or a single file.
pub struct Files {
    name: String,
    root: String,
    id: SourceId,
    anchor: Arc<Anchor>,
    /// The only object, when the root is a file; the anchor is then the directory that holds it.
    only: Option<Vec<u8>>,
    /// Set when the root itself is left out.
    root_left_out: Option<Reason>,
    left_out: Vec<LeftOut>,
}

/// A name that is passed over: by its directory, so that it does not matter whether it exists yet, nor by which
/// path the directory is reached.
struct LeftOut {
    directory: (u64, u64),
    name: Vec<u8>,
    reason: Reason,
}

impl Files {
    /// The tree below `root`, or the file that `root` is. A `root` that is a link stands for its target.
    ///
    /// `name` decides the source's id; by default it is the absolute path of `root` with all links resolved. Each of
    /// `exclude` is the absolute path of a directory or file that is recorded as skipped for the reason beside it:
    /// the inventory being written ([`Reason::Inventory`]), or the root of a more specific source
    /// ([`Reason::OtherSource`]).
    ///
    /// # Errors
    /// When `root` does not exist, cannot be opened, or is neither a directory nor a regular file.
    pub fn new(root: &Path, name: Option<&str>, exclude: &[(PathBuf, Reason)]) -> Result<Self, SourceError> {
        let failed = |error: io::Error| source_error(root, error);
        let real = root.canonicalize().map_err(failed)?;
        let metadata = real.metadata().map_err(failed)?;
        let name = name.map_or_else(|| real.to_string_lossy().into_owned(), str::to_owned);
        let id = SourceId::of(&name);
        let (directory, fd, only) = match (real.parent(), real.file_name()) {
            _ if metadata.is_dir() => (real.as_path(), open_root(&real), None),
            (Some(parent), Some(file)) if metadata.is_file() => {
                let fd = open_to_pass(CWD, parent.as_os_str().as_bytes());
                (parent, fd, Some(file.as_bytes().to_vec()))
            }
            _ => return Err(SourceError::NotScannable { path: root.to_owned() }),
        };
        let anchor =
            Anchor::root(fd.map_err(|errno| failed(errno.into()))?, Shared::new(id, Accounts::of_system()));
        let (mut root_left_out, mut left_out) = (None, Vec::new());
        for (path, reason) in exclude {
            let Some(path) = resolve(path).map_err(|error| source_error(path, error))? else { continue };
            if path == real && only.is_none() {
                root_left_out = Some(*reason);
            }
            left_out.extend(LeftOut::new(&path, *reason));
        }
        let root = directory.to_string_lossy().into_owned();
        Ok(Self { name, root, id, anchor, only, root_left_out, left_out })
    }

    fn left_out(&self, directory: (u64, u64), name: &[u8]) -> Option<Reason> {
        let is_it = |left_out: &&LeftOut| left_out.directory == directory && left_out.name == name;
        self.left_out.iter().find(is_it).map(|left_out| left_out.reason)
    }

    /// Whether objects of this source can lie at `path`.
    fn may_hold(&self, path: &[u8]) -> Result<(), OpenError> {
        let invalid = |part: &[u8]| matches!(part, b"" | b"." | b"..") || part.contains(&0);
        if path.split(|&byte| byte == b'/').any(invalid) {
            return Err(OpenError::InvalidPath);
        }
        match &self.only {
            Some(only) if only != path => Err(OpenError::NotFound),
            _ => Ok(()),
        }
    }

    /// Who can come as far as the directory that holds `path`.
    fn reach_of(&self, path: &[u8]) -> Result<Reach, Errno> {
        let mut reach = Reach::ANYONE.through(self.anchor.examine_self()?.mode);
        for (slash, _) in path.iter().enumerate().filter(|&(_, &byte)| byte == b'/') {
            reach = reach.through(self.anchor.examine(&path[..slash])?.mode);
        }
        Ok(reach)
    }
}

impl Source for Files {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> &'static str {
        "files"
    }

    fn root(&self) -> &str {
        &self.root
    }

    fn id(&self) -> SourceId {
        self.id
    }

    fn walk(&self, visit: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> Result<(), SourceError> {
        let mut walk = Walk { files: self, path: Vec::new(), stack: Vec::new(), visit };
        // Both ways of ending are regular ones: all was visited, or the visitor has seen enough.
        let (ControlFlow::Continue(()) | ControlFlow::Break(())) = walk.run();
        Ok(())
    }

    fn open(&self, path: &[u8]) -> Result<Opened, OpenError> {
        self.may_hold(path)?;
        let unreadable = |errno| match reason_of(errno) {
            Reason::Vanished => OpenError::NotFound,
            reason => OpenError::Unreadable(reason),
        };
        let reach = self.reach_of(path).map_err(unreadable)?;
        let listed = self.anchor.examine(path).map_err(unreadable)?.file_type();
        if listed == FileType::Directory {
            return Err(OpenError::NotFound);
        }
        match Located::new(Arc::clone(&self.anchor), reach, listed).open(path) {
            Opening::File(opened) => Ok(opened),
            Opening::Unread { reason: Reason::Vanished, .. } => Err(OpenError::NotFound),
            Opening::Unread { reason, .. } => Err(OpenError::Unreadable(reason)),
        }
    }
}

/// A directory of which some names are still to be visited.
struct Frame {
    listing: Listing,
    next: usize,
    anchor: Arc<Anchor>,
    identity: (u64, u64),
    reach: Reach,
    /// Bytes of the path that lead to it, the `/` behind it included.
    prefix: usize,
}

struct Walk<'a> {
    files: &'a Files,
    /// The path of the present entry.
    path: Vec<u8>,
    stack: Vec<Frame>,
    visit: &'a mut dyn FnMut(Entry) -> ControlFlow<()>,
}

impl Walk<'_> {
    fn run(&mut self) -> ControlFlow<()> {
        self.start()?;
        while let Some(frame) = self.stack.last_mut() {
            self.path.truncate(frame.prefix);
            let Some((name, file_type)) = frame.listing.get(frame.next) else {
                self.stack.pop();
                continue;
            };
            frame.next += 1;
            self.path.extend_from_slice(name);
            let left_out = self.files.left_out(frame.identity, name);
            let (anchor, reach) = (Arc::clone(&frame.anchor), frame.reach);
            self.entry(anchor, reach, file_type, left_out)?;
        }
        ControlFlow::Continue(())
    }

    /// Lists the root, or visits the only file.
    fn start(&mut self) -> ControlFlow<()> {
        let files = self.files;
        let attributes = match files.anchor.examine_self() {
            Ok(attributes) => attributes,
            Err(errno) => return self.unread(ObjectKind::Directory, Reach::ANYONE, Err(errno)),
        };
        if let Some(reason) = files.root_left_out {
            return self.unread(ObjectKind::Directory, Reach::ANYONE, Ok((Status::Skipped, reason)));
        }
        let (listing, error) = match &files.only {
            None => files.anchor.list_self(),
            Some(name) => (Listing::of_one(name), None),
        };
        if let Some(errno) = error {
            self.unread(ObjectKind::Directory, Reach::ANYONE, Err(errno))?;
        }
        self.stack.push(Frame {
            listing,
            next: 0,
            anchor: Arc::clone(&files.anchor),
            identity: attributes.identity(),
            reach: Reach::ANYONE.through(attributes.mode),
            prefix: 0,
        });
        ControlFlow::Continue(())
    }

    /// Visits what lies at the present path, or goes down into it.
    fn entry(
        &mut self,
        anchor: Arc<Anchor>,
        reach: Reach,
        listed: FileType,
        left_out: Option<Reason>,
    ) -> ControlFlow<()> {
        let (file_type, size) = match listed {
            // Some file systems do not tell the type in a listing.
            FileType::Unknown => match anchor.examine(&self.path) {
                Ok(attributes) => (attributes.file_type(), Some(attributes.size)),
                Err(errno) => return self.unread(ObjectKind::File, reach, Err(errno)),
            },
            known => (known, None),
        };
        if let Some(reason) = left_out {
            return self.unread(kind_of(file_type), reach, Ok((Status::Skipped, reason)));
        }
        if file_type == FileType::Directory {
            return self.enter(&anchor, reach);
        }
        let located = Located::new(anchor, reach, file_type);
        (self.visit)(Entry::located(self.path.clone(), size, located))
    }

    /// Lists the directory at the present path.
    fn enter(&mut self, anchor: &Arc<Anchor>, reach: Reach) -> ControlFlow<()> {
        if self.stack.len() > MAX_DEPTH {
            return self.unread(ObjectKind::Directory, reach, Ok((Status::Limited, Reason::TooDeep)));
        }
        let opened = anchor.open_directory(&self.path).and_then(|fd| {
            let attributes = Attributes::of(&rustix::fs::fstat(&fd)?);
            Ok((fd, attributes))
        });
        let (fd, attributes) = match opened {
            Ok(opened) => opened,
            Err(errno) => return self.unread(ObjectKind::Directory, reach, Err(errno)),
        };
        // Mounts show by their device, so that the question is seldom asked. The root is what the user named.
        let above = self.stack.last().map_or(attributes.device, |frame| frame.identity.0);
        if attributes.device != above && is_pseudo(&fd) {
            let skipped = (Status::Skipped, Reason::PseudoFileSystem);
            return self.unread(ObjectKind::Directory, reach, Ok(skipped));
        }
        let (listing, error) = list(&fd);
        if let Some(errno) = error {
            self.unread(ObjectKind::Directory, reach, Err(errno))?;
        }
        self.path.push(b'/');
        let prefix = self.path.len();
        self.stack.push(Frame {
            listing,
            next: 0,
            anchor: anchor.hold(fd, prefix),
            identity: attributes.identity(),
            reach: reach.through(attributes.mode),
            prefix,
        });
        ControlFlow::Continue(())
    }

    /// Visits the present path as something that is not read. `why`: left out on purpose, or an error.
    fn unread(
        &mut self,
        kind: ObjectKind,
        reach: Reach,
        why: Result<(Status, Reason), Errno>,
    ) -> ControlFlow<()> {
        let anchor = self.stack.last().map_or(&self.files.anchor, |frame| &frame.anchor);
        let attributes =
            if self.path.is_empty() { anchor.examine_self() } else { anchor.examine(&self.path) };
        let attributes = attributes.ok().filter(|a| kind_of(a.file_type()) == kind);
        let meta = anchor.shared().describe(&self.path, kind, attributes.as_ref(), reach);
        let (status, reason) = why.unwrap_or_else(|errno| (Status::Unreadable, reason_of(errno)));
        (self.visit)(Entry::unread(self.path.clone(), Unread { meta, status, reason }))
    }
}

impl LeftOut {
    /// Nothing when the directory that holds `path` does not exist.
    fn new(path: &Path, reason: Reason) -> Option<Self> {
        let directory = open_to_pass(CWD, path.parent()?.as_os_str().as_bytes()).ok()?;
        let attributes = Attributes::of(&rustix::fs::fstat(directory).ok()?);
        let name = path.file_name()?.as_bytes().to_vec();
        Some(Self { directory: attributes.identity(), name, reason })
    }
}

fn open_root(path: &Path) -> Result<OwnedFd, Errno> {
    open_untouched(CWD, path.as_os_str().as_bytes(), OFlags::DIRECTORY)
}

/// The absolute path without links; of the directory that holds it when it does not exist yet; `None` when that
/// does not exist either.
fn resolve(path: &Path) -> io::Result<Option<PathBuf>> {
    let absent = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    match path.canonicalize() {
        Err(error) if absent(&error) => {}
        resolved => return resolved.map(Some),
    }
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return Ok(None) };
    match parent.canonicalize() {
        Err(error) if absent(&error) => Ok(None),
        resolved => resolved.map(|parent| Some(parent.join(name))),
    }
}

fn source_error(path: &Path, error: io::Error) -> SourceError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound => SourceError::NotFound { path },
        io::ErrorKind::PermissionDenied => SourceError::PermissionDenied { path },
        _ => SourceError::Io { path, error },
    }
}
