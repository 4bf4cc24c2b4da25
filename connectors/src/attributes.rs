//! What the system tells of a file without reading it, as the inventory words it.
//!
//! # Exposure
//! A file is exposed to `everyone` if others may read it and may search every directory from the source's root down
//! to it, the root included; else to its `group` if the owning group may read it and every directory can be
//! searched by its group or by others; else it is `private`. Directories above the root do not count: a share is
//! usually served from its root on. Being allowed to list a directory does not count either, since names can be
//! known or guessed. Access control lists and the rules of a file server are not consulted; where a list is present
//! the group bits are its mask, so the answer errs towards `group`. A link's own bits mean nothing: `unknown`.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;

use domesday_model::{Exposure, ObjectId, ObjectKind, ObjectMeta, SourceId, Timestamp};
use rustix::fs::{FileType, Stat};

/// The facts of one `stat`, in the same types on every platform.
#[derive(Clone, Copy)]
pub(crate) struct Attributes {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) size: u64,
    pub(crate) mode: u32,
    user: u32,
    group: u32,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Attributes {
    pub(crate) fn of(stat: &Stat) -> Self {
        Self {
            device: stat.st_dev,
            inode: stat.st_ino,
            size: u64::try_from(stat.st_size).unwrap_or(0),
            mode: stat.st_mode,
            user: stat.st_uid,
            group: stat.st_gid,
            modified: (stat.st_mtime, stat.st_mtime_nsec as i64),
            changed: (stat.st_ctime, stat.st_ctime_nsec as i64),
        }
    }

    pub(crate) fn file_type(&self) -> FileType {
        FileType::from_raw_mode(self.mode)
    }

    /// What tells one directory from all others that are mounted.
    pub(crate) fn identity(&self) -> (u64, u64) {
        (self.device, self.inode)
    }
}

/// A number that differs whenever size, times or inode do; never 0. The device is left out: its number changes with
/// every mount.
pub(crate) fn version(attributes: &Attributes) -> u64 {
    let (modified, changed) = (attributes.modified, attributes.changed);
    let mut hasher = blake3::Hasher::new();
    for part in [modified.0, modified.1, changed.0, changed.1] {
        hasher.update(&part.to_le_bytes());
    }
    for part in [attributes.size, attributes.inode] {
        hasher.update(&part.to_le_bytes());
    }
    let first = hasher.finalize().as_bytes()[..8].try_into().expect("a hash has 32 bytes");
    u64::from_le_bytes(first).max(1)
}

/// Who can come as far as a directory. See the module's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Reach {
    everyone: bool,
    group: bool,
}

impl Reach {
    /// Above the root: anyone.
    pub(crate) const ANYONE: Self = Self { everyone: true, group: true };

    /// Who gets through a directory of that mode as well.
    pub(crate) const fn through(self, mode: u32) -> Self {
        Self { everyone: self.everyone && mode & 0o001 != 0, group: self.group && mode & 0o011 != 0 }
    }

    const fn exposure(self, mode: u32) -> Exposure {
        if self.everyone && mode & 0o004 != 0 {
            Exposure::Everyone
        } else if self.group && mode & 0o040 != 0 {
            Exposure::Group
        } else {
            Exposure::Private
        }
    }
}

/// Names of users and groups by number, as `/etc/passwd` and `/etc/group` give them. Accounts of a directory
/// service are not in these files and keep their numbers: asking for them needs C code that blocks.
pub(crate) struct Accounts {
    users: HashMap<u32, String>,
    groups: HashMap<u32, String>,
}

/// Longer files are cut: names are a convenience, and memory has a bound.
const MAX_ACCOUNT_BYTES: u64 = 16 << 20;

impl Accounts {
    /// Reads both files; one that is absent gives no names.
    pub(crate) fn of_system() -> Self {
        Self { users: names(&content("/etc/passwd")), groups: names(&content("/etc/group")) }
    }
}

/// The name of a user, if `/etc/passwd` has it.
pub fn user_name(number: u32) -> Option<String> {
    names(&content("/etc/passwd")).remove(&number)
}

fn content(path: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(path) {
        // What was read before an error still holds names.
        let _ = file.take(MAX_ACCOUNT_BYTES).read_to_end(&mut bytes);
    }
    bytes
}

/// Lines of `name:password:number:…`; the first name of a number counts, as it does for the system.
fn names(bytes: &[u8]) -> HashMap<u32, String> {
    let mut names = HashMap::new();
    for line in String::from_utf8_lossy(bytes).lines() {
        let mut fields = line.split(':');
        let (name, number) = (fields.next(), fields.nth(1));
        if let (Some(name), Some(Ok(number))) = (name, number.map(str::parse)) {
            names.entry(number).or_insert_with(|| name.to_owned());
        }
    }
    names
}

fn name_of(names: &HashMap<u32, String>, number: u32) -> String {
    names.get(&number).cloned().unwrap_or_else(|| number.to_string())
}

/// Describes the object at `path`. Without `attributes` (it could not be examined) only the path is known.
pub(crate) fn describe(
    source: SourceId,
    accounts: &Accounts,
    path: &[u8],
    kind: ObjectKind,
    attributes: Option<&Attributes>,
    reach: Reach,
) -> ObjectMeta {
    let text = String::from_utf8_lossy(path).into_owned();
    let path_bytes = (text.as_bytes() != path).then(|| path.to_vec());
    ObjectMeta {
        id: ObjectId::of(source, path, None),
        parent: None,
        source,
        kind,
        path: text,
        path_bytes,
        member: None,
        size: attributes.filter(|_| kind == ObjectKind::File).map(|a| a.size),
        modified_at: attributes.map(|a| timestamp(a.modified)),
        version: attributes.map_or(0, version),
        owner: attributes.map(|a| name_of(&accounts.users, a.user)),
        group: attributes.map(|a| name_of(&accounts.groups, a.group)),
        mode: attributes.map(|a| a.mode & 0o7777),
        exposure: match attributes {
            Some(a) if kind != ObjectKind::Symlink => reach.exposure(a.mode),
            _ => Exposure::Unknown,
        },
    }
}

fn timestamp((seconds, nanoseconds): (i64, i64)) -> Timestamp {
    Timestamp(seconds.saturating_mul(1_000_000).saturating_add(nanoseconds / 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(mode: u32) -> Attributes {
        Attributes {
            device: 1,
            inode: 2,
            size: 3,
            mode,
            user: 0,
            group: 7,
            modified: (4, 5_999),
            changed: (6, 7),
        }
    }

    #[test]
    fn exposure_needs_the_file_and_every_directory_above_it() {
        let open = Reach::ANYONE.through(0o755);
        assert_eq!(open.exposure(0o644), Exposure::Everyone);
        assert_eq!(open.exposure(0o640), Exposure::Group);
        assert_eq!(open.exposure(0o600), Exposure::Private);
        let of_group = open.through(0o750);
        assert_eq!(of_group.exposure(0o644), Exposure::Group);
        assert_eq!(of_group.through(0o755).exposure(0o644), Exposure::Group);
        assert_eq!(of_group.exposure(0o604), Exposure::Private);
        assert_eq!(open.through(0o701).exposure(0o640), Exposure::Group);
        assert_eq!(open.through(0o700).through(0o777).exposure(0o666), Exposure::Private);
    }

    #[test]
    fn version_follows_each_of_its_parts_and_not_the_device() {
        let base = attributes(0o100644);
        let others = [
            Attributes { size: 9, ..base },
            Attributes { inode: 9, ..base },
            Attributes { modified: (4, 6_000), ..base },
            Attributes { modified: (5, 5_999), ..base },
            Attributes { changed: (6, 8), ..base },
        ];
        for other in &others {
            assert_ne!(version(other), version(&base));
        }
        assert_eq!(version(&Attributes { device: 9, ..base }), version(&base));
    }

    #[test]
    fn account_files_give_first_names_and_skip_what_they_do_not_mean() {
        let names = names(
            b"root:x:0:0::/root:/bin/sh\n# note\nnis:x:many:\ntoor:x:0:0::/:/bin/sh\nana:x:7:\n\xff:x:8:",
        );
        assert_eq!(name_of(&names, 0), "root");
        assert_eq!(name_of(&names, 7), "ana");
        assert_eq!(name_of(&names, 8), "\u{fffd}");
        assert_eq!(name_of(&names, 99), "99");
    }

    #[test]
    fn paths_that_are_not_utf8_keep_their_bytes() {
        let accounts = Accounts { users: HashMap::new(), groups: HashMap::new() };
        let source = SourceId::of("s");
        let file = attributes(0o100644);
        let meta = describe(source, &accounts, b"a\xff", ObjectKind::File, Some(&file), Reach::ANYONE);
        assert_eq!((meta.path.as_str(), meta.path_bytes.as_deref()), ("a\u{fffd}", Some(&b"a\xff"[..])));
        assert_eq!(meta.modified_at, Some(Timestamp(4_000_005)));
        assert_eq!((meta.mode, meta.group.as_deref()), (Some(0o644), Some("7")));
        let meta = describe(source, &accounts, "ä\u{fffd}".as_bytes(), ObjectKind::File, None, Reach::ANYONE);
        assert_eq!((meta.path_bytes, meta.version, meta.exposure), (None, 0, Exposure::Unknown));
    }
}
