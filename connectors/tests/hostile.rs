//! Trees that are made to break a walk.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use domesday_connectors::conformance::{Expected, check};
use domesday_connectors::{Entry, Files, MAX_DEPTH, OpenError, Opened, Opening, Source, SourceError};
use domesday_model::{Exposure, ObjectKind, ObjectMeta, Reason, Status};
use rustix::fs::{CWD, FileType, Mode, OFlags, mkdirat, mknodat, openat};
use tempfile::TempDir;

fn tree() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    dir
}

fn put(dir: &TempDir, path: &str, content: &[u8]) -> PathBuf {
    let path = dir.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path
}

fn files(dir: &TempDir) -> Files {
    Files::new(dir.path(), Some("share"), &[]).unwrap()
}

fn files_at(root: &str) -> Files {
    Files::new(Path::new(root), None, &[]).unwrap()
}

fn entries(source: &Files) -> Vec<Entry> {
    let mut entries = Vec::new();
    source
        .walk(&mut |entry| {
            entries.push(entry);
            ControlFlow::Continue(())
        })
        .unwrap();
    entries
}

fn paths(source: &Files) -> Vec<String> {
    entries(source).iter().map(|entry| String::from_utf8_lossy(entry.path_bytes()).into_owned()).collect()
}

fn unread(opening: Opening) -> (ObjectMeta, Status, Reason) {
    match opening {
        Opening::Unread { meta, status, reason } => (meta, status, reason),
        Opening::File(opened) => panic!("{:?} was opened", opened.meta.path),
    }
}

fn opened(opening: Opening) -> Opened {
    match opening {
        Opening::File(opened) => opened,
        Opening::Unread { meta, reason, .. } => panic!("{:?} was not opened: {}", meta.path, reason.name()),
    }
}

/// Path, kind, status and reason of everything that is not read.
fn refusals(source: &Files) -> Vec<(String, ObjectKind, Status, Reason)> {
    entries(source)
        .iter()
        .filter_map(|entry| match entry.open() {
            Opening::File(_) => None,
            Opening::Unread { meta, status, reason } => Some((meta.path, meta.kind, status, reason)),
        })
        .collect()
}

fn content(mut opened: Opened) -> Vec<u8> {
    let mut content = Vec::new();
    opened.read_to_end(&mut content).unwrap();
    content
}

/// Does `action` as a user without the rights of root, on a thread of its own.
fn as_ordinary_user(action: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let done = scope.spawn(|| {
            if rustix::process::geteuid().is_root() {
                let nobody = rustix::fs::Uid::from_raw(65534);
                rustix::thread::set_thread_res_uid(nobody, nobody, nobody).unwrap();
            }
            action();
        });
        if let Err(panic) = done.join() {
            std::panic::resume_unwind(panic);
        }
    });
}

#[test]
fn a_tree_of_everything_conforms() {
    let dir = tree();
    put(&dir, "a.txt", b"text");
    put(&dir, ".hidden/.gitignore", b"*\n");
    put(&dir, ".hidden/ignored", b"ignored by nobody");
    put(&dir, "empty", b"");
    put(&dir, "a/b/c", &[7; 100_000]);
    put(&dir, "a!/x", b"sorts after a/, by names and not by whole paths");
    put(&dir, "line\nbreak", b"1");
    put(&dir, "\u{1b}[31mred", b"2");
    put(&dir, "Übersicht Löhne.txt", b"3");
    fs::write(dir.path().join(OsStr::from_bytes(b"latin1-\xe4")), b"4").unwrap();
    fs::create_dir(dir.path().join(OsStr::from_bytes(b"dir-\xff"))).unwrap();
    fs::write(dir.path().join(OsStr::from_bytes(b"dir-\xff/in")), b"5").unwrap();
    fs::create_dir(dir.path().join("no entries")).unwrap();
    symlink("a.txt", dir.path().join("link")).unwrap();
    symlink("nowhere", dir.path().join("dangling")).unwrap();
    symlink("..", dir.path().join("a/loop")).unwrap();
    symlink("/etc", dir.path().join("outside")).unwrap();
    mknodat(CWD, dir.path().join("fifo"), FileType::Fifo, Mode::from(0o644), 0).unwrap();
    let _socket = UnixListener::bind(dir.path().join("socket")).unwrap();
    fs::hard_link(dir.path().join("a.txt"), dir.path().join("a/second name")).unwrap();

    let holds = |path: &'static [u8], content: &'static [u8]| Expected { path, content: Some(content) };
    let lists = |path: &'static [u8]| Expected { path, content: None };
    let expected = [
        holds(b"a.txt", b"text"),
        holds(b".hidden/.gitignore", b"*\n"),
        holds(b".hidden/ignored", b"ignored by nobody"),
        holds(b"empty", b""),
        holds(b"a/b/c", &[7; 100_000]),
        holds(b"a!/x", b"sorts after a/, by names and not by whole paths"),
        holds(b"line\nbreak", b"1"),
        holds(b"\x1b[31mred", b"2"),
        holds("Übersicht Löhne.txt".as_bytes(), b"3"),
        holds(b"latin1-\xe4", b"4"),
        holds(b"dir-\xff/in", b"5"),
        holds(b"a/second name", b"text"),
        lists(b"link"),
        lists(b"dangling"),
        lists(b"a/loop"),
        lists(b"outside"),
        lists(b"fifo"),
        lists(b"socket"),
    ];
    check(&files(&dir), &expected);

    use {ObjectKind::*, Status::Skipped};
    let wanted = [
        ("a/loop", Symlink, Skipped, Reason::Symlink),
        ("dangling", Symlink, Skipped, Reason::Symlink),
        ("fifo", Special, Skipped, Reason::Fifo),
        ("link", Symlink, Skipped, Reason::Symlink),
        ("outside", Symlink, Skipped, Reason::Symlink),
        ("socket", Special, Skipped, Reason::Socket),
    ];
    assert_eq!(refusals(&files(&dir)), wanted.map(|(path, k, s, r)| (path.to_owned(), k, s, r)));
}

#[test]
fn devices_are_not_opened() {
    // The system's own; making one needs root.
    let source = files_at("/dev");
    let null = entries(&source).into_iter().find(|entry| entry.path_bytes() == b"null").unwrap();
    let (meta, status, reason) = unread(null.open());
    assert_eq!((meta.kind, status, reason), (ObjectKind::Special, Status::Skipped, Reason::Device));
    assert_eq!(meta.size, None);
}

#[test]
#[cfg(target_os = "linux")]
fn file_systems_that_store_nothing_are_entered_only_by_name() {
    let skipped = |root: &str, name: &str| {
        refusals(&files_at(root)).into_iter().any(|(path, kind, status, reason)| {
            let pseudo = reason == Reason::PseudoFileSystem;
            assert!(!pseudo || (kind, status) == (ObjectKind::Directory, Status::Skipped));
            pseudo && path == name
        })
    };
    assert!(skipped("/dev", "pts"), "terminals are devpts");
    assert!(!skipped("/dev/pts", "") && !paths(&files_at("/dev/pts")).is_empty());
    assert!(paths(&files_at("/proc/self/net")).iter().any(|path| path == "dev"));
}

#[test]
fn no_path_leads_through_a_link() {
    let dir = tree();
    let outside = tree();
    put(&outside, "secret", b"secret");
    put(&dir, "real/file", b"file");
    symlink(outside.path(), dir.path().join("way out")).unwrap();
    symlink("real", dir.path().join("way in")).unwrap();
    let source = files(&dir);
    assert_eq!(source.open(b"way out/secret").err(), Some(OpenError::Unreadable(Reason::Replaced)));
    assert_eq!(source.open(b"way in/file").err(), Some(OpenError::Unreadable(Reason::Replaced)));
    assert_eq!(source.open(b"way in").err(), Some(OpenError::Unreadable(Reason::Symlink)));
    assert_eq!(source.open(b"real").err(), Some(OpenError::NotFound));
    assert_eq!(source.open(b"real/file/more").err(), Some(OpenError::Unreadable(Reason::Replaced)));
}

#[test]
fn what_permissions_forbid_is_told() {
    let dir = tree();
    put(&dir, "closed file", b"x");
    put(&dir, "closed/file", b"x");
    put(&dir, "listed only/file", b"x");
    put(&dir, "open", b"x");
    let mode = |path: &str, mode| {
        fs::set_permissions(dir.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("closed file", 0o000);
    mode("closed", 0o000);
    mode("listed only", 0o444);
    as_ordinary_user(|| {
        let denied = |path: &str, kind| (path.to_owned(), kind, Status::Unreadable, Reason::PermissionDenied);
        let wanted = [
            denied("closed", ObjectKind::Directory),
            denied("closed file", ObjectKind::File),
            denied("listed only/file", ObjectKind::File),
        ];
        assert_eq!(refusals(&files(&dir)), wanted);
        assert_eq!(paths(&files(&dir)), ["closed", "closed file", "listed only/file", "open"]);
        let closed = entries(&files(&dir)).into_iter().nth(1).unwrap();
        let (meta, ..) = unread(closed.open());
        assert_eq!((meta.size, meta.mode), (Some(1), Some(0)), "described although it cannot be read");
        let root = Files::new(&dir.path().join("closed"), None, &[]).err();
        assert!(matches!(root, Some(SourceError::PermissionDenied { .. })));
    });
    mode("closed", 0o755);
    mode("listed only", 0o755);
}

#[test]
fn a_file_below_a_directory_that_cannot_be_listed_opens_by_its_path() {
    let dir = tree();
    let path = put(&dir, "passage/file", b"x");
    fs::set_permissions(dir.path().join("passage/file"), fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(dir.path().join("passage"), fs::Permissions::from_mode(0o711)).unwrap();
    as_ordinary_user(|| {
        if rustix::process::geteuid().as_raw() == 65534 {
            assert_eq!(refusals(&files(&dir))[0].3, Reason::PermissionDenied);
        }
        assert_eq!(content(files(&dir).open(b"passage/file").unwrap()), b"x");
        assert_eq!(paths(&Files::new(&path, None, &[]).unwrap()), ["file"]);
    });
}

#[test]
fn races_between_listing_and_opening_are_told() {
    let dir = tree();
    for name in
        ["removed", "linked", "made a directory", "made a fifo", "gone/in it", "swapped/in it", "zz/x"]
    {
        put(&dir, name, b"before");
    }
    let outside = tree();
    put(&outside, "in it", b"secret");
    let link = put(&dir, "link", b"");
    fs::remove_file(&link).unwrap();
    symlink("zz", &link).unwrap();
    let at = |path: &str| dir.path().join(path);

    let before = entries(&files(&dir));
    for path in ["removed", "linked", "made a directory", "made a fifo", "link"] {
        fs::remove_file(at(path)).unwrap();
    }
    symlink(outside.path().join("in it"), at("linked")).unwrap();
    fs::create_dir(at("made a directory")).unwrap();
    mknodat(CWD, at("made a fifo"), FileType::Fifo, Mode::from(0o644), 0).unwrap();
    fs::write(at("link"), b"now a file").unwrap();
    fs::remove_dir_all(at("gone")).unwrap();
    fs::rename(at("swapped"), at("moved")).unwrap();
    symlink(outside.path(), at("swapped")).unwrap();

    let reason = |path: &str| {
        let entry = before.iter().find(|entry| entry.path_bytes() == path.as_bytes()).unwrap();
        let (_, status, reason) = unread(entry.open());
        assert_eq!(status, Status::Unreadable, "{path}");
        reason
    };
    assert_eq!(reason("removed"), Reason::Vanished);
    assert_eq!(reason("linked"), Reason::Replaced);
    assert_eq!(reason("made a directory"), Reason::Replaced);
    assert_eq!(reason("made a fifo"), Reason::Replaced);
    assert_eq!(reason("link"), Reason::Replaced);
    assert_eq!(reason("gone/in it"), Reason::Vanished);
    // Its directory is still the one that was listed, under whatever name.
    let swapped = before.iter().find(|entry| entry.path_bytes() == b"swapped/in it").unwrap();
    assert_eq!(content(opened(swapped.open())), b"before");
}

#[test]
fn a_directory_swapped_while_the_walk_runs_leads_nowhere() {
    let dir = tree();
    let outside = tree();
    put(&outside, "secret", b"secret");
    for name in ["1", "2/in it", "3/in it", "4/in it", "5/in it"] {
        put(&dir, name, b"before");
    }
    let source = files(&dir);
    let mut seen = Vec::new();
    let mut swapped = false;
    source
        .walk(&mut |entry| {
            if !swapped {
                swapped = true;
                fs::rename(dir.path().join("2"), outside.path().join("2")).unwrap();
                symlink(outside.path(), dir.path().join("2")).unwrap();
                fs::remove_dir_all(dir.path().join("3")).unwrap();
                fs::remove_dir_all(dir.path().join("4")).unwrap();
                fs::write(dir.path().join("4"), b"file").unwrap();
            }
            let reason = match entry.open() {
                Opening::File(_) => None,
                Opening::Unread { reason, .. } => Some(reason),
            };
            seen.push((String::from_utf8(entry.path_bytes().to_vec()).unwrap(), reason));
            ControlFlow::Continue(())
        })
        .unwrap();
    let wanted = [
        ("1", None),
        ("2", Some(Reason::Replaced)),
        ("3", Some(Reason::Vanished)),
        ("4", Some(Reason::Replaced)),
        ("5/in it", None),
    ];
    assert_eq!(seen, wanted.map(|(path, reason)| (path.to_owned(), reason)));
}

#[test]
fn change_while_reading_is_told() {
    let dir = tree();
    let path = put(&dir, "file", b"0123456789");
    let source = files(&dir);
    let open = || opened(entries(&source)[0].open());
    let mut first = open();
    let mut half = [0; 5];
    first.read_exact(&mut half).unwrap();
    assert_eq!(first.changed().unwrap(), None);

    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"more").unwrap();
    assert_eq!(first.changed().unwrap(), Some(Reason::ChangedWhileRead));
    let grown = open();
    assert_ne!(grown.meta.version, first.meta.version);

    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(3).unwrap();
    assert_eq!(grown.changed().unwrap(), Some(Reason::Shrank));
    let mut rest = Vec::new();
    first.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, b"", "the hole left by truncation is an end, not an error");

    let removed = open();
    fs::remove_file(&path).unwrap();
    assert_eq!(
        removed.changed().unwrap(),
        Some(Reason::ChangedWhileRead),
        "the number of links is in its times"
    );
    assert_eq!(content(removed), b"012");
}

#[test]
fn reading_leaves_no_access_time() {
    use std::os::unix::fs::MetadataExt;
    let dir = tree();
    let path = put(&dir, "file", b"x");
    // Relatime marks a read once the access time lies before the modification.
    let before = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let times = fs::FileTimes::new().set_accessed(before);
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_times(times).unwrap();
    assert_eq!(content(opened(entries(&files(&dir))[0].open())), b"x");
    assert_eq!(fs::metadata(&path).unwrap().atime(), 1_000_000_000);
}

#[test]
fn a_root_may_be_a_file_or_a_link() {
    let dir = tree();
    let file = put(&dir, "sub/one", b"1");
    put(&dir, "sub/two", b"2");
    symlink("sub", dir.path().join("to directory")).unwrap();
    symlink("sub/one", dir.path().join("to file")).unwrap();
    let real = |path: &str| dir.path().canonicalize().unwrap().join(path).to_str().unwrap().to_owned();

    let source = Files::new(&file, None, &[]).unwrap();
    assert_eq!(paths(&source), ["one"]);
    assert_eq!((source.root(), source.name()), (real("sub").as_str(), real("sub/one").as_str()));
    assert_eq!(content(source.open(b"one").unwrap()), b"1");
    assert_eq!(source.open(b"two").err(), Some(OpenError::NotFound), "not of this source");

    let source = Files::new(&dir.path().join("to file"), None, &[]).unwrap();
    assert_eq!(paths(&source), ["one"]);
    let source = Files::new(&dir.path().join("to directory"), None, &[]).unwrap();
    assert_eq!(paths(&source), ["one", "two"]);
    assert_eq!((source.root(), source.name()), (real("sub").as_str(), real("sub").as_str()));

    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    let source = Files::new(&dir.path().join("sub/two"), None, &[]).unwrap();
    fs::remove_file(dir.path().join("sub/two")).unwrap();
    assert_eq!(refusals(&source)[0].3, Reason::Vanished);
}

#[test]
fn a_root_that_cannot_be_surveyed_is_an_error_that_says_what_to_do() {
    let dir = tree();
    mknodat(CWD, dir.path().join("fifo"), FileType::Fifo, Mode::from(0o644), 0).unwrap();
    let message = |path: &str| Files::new(&dir.path().join(path), None, &[]).err().unwrap().to_string();
    assert!(message("no\u{1b}where").contains("no\\u{1b}where\" does not exist: check the spelling"));
    assert!(message("fifo").contains("neither a directory nor a regular file"));
    symlink("loop", dir.path().join("loop")).unwrap();
    assert!(message("loop").contains("cannot be opened"));
}

#[test]
fn what_is_excluded_is_recorded_and_not_read() {
    let dir = tree();
    put(&dir, "inventory/part", b"x");
    put(&dir, "nested/share/file", b"x");
    put(&dir, "nested/one file", b"x");
    put(&dir, "nested/other", b"x");
    symlink("nested", dir.path().join("by link")).unwrap();
    let at = |path: &str| dir.path().join(path);
    let exclude = [
        (at("inventory"), Reason::Inventory),
        (at("by link/share"), Reason::OtherSource),
        (at("nested/one file"), Reason::OtherSource),
        (at("not there yet"), Reason::Inventory),
        (at("not/there/at all"), Reason::Inventory),
    ];
    let source = Files::new(dir.path(), None, &exclude).unwrap();
    fs::create_dir(at("not there yet")).unwrap();
    let skipped = |path: &str, kind, reason| (path.to_owned(), kind, Status::Skipped, reason);
    let wanted = [
        skipped("by link", ObjectKind::Symlink, Reason::Symlink),
        skipped("inventory", ObjectKind::Directory, Reason::Inventory),
        skipped("nested/one file", ObjectKind::File, Reason::OtherSource),
        skipped("nested/share", ObjectKind::Directory, Reason::OtherSource),
        skipped("not there yet", ObjectKind::Directory, Reason::Inventory),
    ];
    assert_eq!(refusals(&source), wanted);
    assert_eq!(paths(&source).len(), 6);

    let all = Files::new(dir.path(), None, &[(dir.path().to_owned(), Reason::Inventory)]).unwrap();
    assert_eq!(refusals(&all), [skipped("", ObjectKind::Directory, Reason::Inventory)]);
}

#[test]
fn exposure_takes_the_directories_into_account() {
    let dir = tree();
    for path in ["open", "of group/file", "closed/inner/file"] {
        put(&dir, path, b"x");
        fs::set_permissions(dir.path().join(path), fs::Permissions::from_mode(0o644)).unwrap();
    }
    fs::set_permissions(dir.path().join("of group"), fs::Permissions::from_mode(0o750)).unwrap();
    fs::set_permissions(dir.path().join("closed"), fs::Permissions::from_mode(0o700)).unwrap();
    let source = files(&dir);
    for (path, exposure) in [
        ("open", Exposure::Everyone),
        ("of group/file", Exposure::Group),
        ("closed/inner/file", Exposure::Private),
    ] {
        let entry = entries(&source).into_iter().find(|e| e.path_bytes() == path.as_bytes()).unwrap();
        assert_eq!(opened(entry.open()).meta.exposure, exposure, "{path}");
        assert_eq!(source.open(path.as_bytes()).unwrap().meta.exposure, exposure, "{path}");
    }
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(source.open(b"open").unwrap().meta.exposure, Exposure::Private, "the root counts");
}

/// Makes `levels` directories of that name, each in the one before, with a file in the last.
fn nest(dir: &TempDir, name: &str, levels: usize) {
    let open =
        |parent: &OwnedFd| openat(parent, name, OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).unwrap();
    let mut at: OwnedFd = fs::File::open(dir.path()).unwrap().into();
    for _ in 0..levels {
        mkdirat(&at, name, Mode::from(0o755)).unwrap();
        at = open(&at);
    }
    let flags = OFlags::CREATE | OFlags::WRONLY | OFlags::CLOEXEC;
    let mut file = fs::File::from(openat(&at, "file", flags, Mode::from(0o644)).unwrap());
    file.write_all(b"deep").unwrap();
}

/// Removes a tree that is too deep for the standard library, which holds a descriptor for each level.
fn remove(dir: TempDir) {
    let removed = std::process::Command::new("rm").arg("-rf").arg(dir.keep()).status().unwrap();
    assert!(removed.success());
}

#[test]
fn a_path_longer_than_the_system_takes_is_read() {
    let dir = tree();
    let name = "n".repeat(250);
    nest(&dir, &name, 40);
    let source = files(&dir);
    let entries = entries(&source);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].path_bytes().len(), 40 * 251 + 4);
    assert_eq!(content(opened(entries[0].open())), b"deep");
    assert_eq!(content(source.open(entries[0].path_bytes()).unwrap()), b"deep");
    remove(dir);
}

#[test]
fn depth_and_descriptors_have_a_bound() {
    let dir = tree();
    nest(&dir, "d", 3000);
    let source = files(&dir);
    let entries = entries(&source);
    assert_eq!(entries.len(), 1);
    let (meta, status, reason) = unread(entries[0].open());
    assert_eq!((meta.kind, status, reason), (ObjectKind::Directory, Status::Limited, Reason::TooDeep));
    assert_eq!(meta.path.len(), 2 * (MAX_DEPTH + 1) - 1);
    remove(dir);

    let dir = tree();
    nest(&dir, "d", MAX_DEPTH);
    assert_eq!(refusals(&files(&dir)), []);
    remove(dir);

    let dir = tree();
    for i in 0..3000 {
        put(&dir, &format!("{i:04}/inner/file"), format!("{i}").as_bytes());
    }
    let source = files(&dir);
    let held_by = |entries: &[Entry]| {
        let here = dir.path().canonicalize().unwrap();
        let open =
            fs::read_dir("/proc/self/fd").unwrap().filter_map(|fd| fs::read_link(fd.unwrap().path()).ok());
        (entries.len(), open.filter(|target| target.starts_with(&here)).count())
    };
    let entries = self::entries(&source);
    assert_eq!(held_by(&entries), (3000, 128), "all entries are held at once, their directories are not");
    for (i, entry) in entries.iter().enumerate() {
        assert_eq!(content(opened(entry.open())), format!("{i}").as_bytes());
    }
    drop(entries);
    assert_eq!(held_by(&[]), (0, 1), "the root");
}

#[test]
fn a_hundred_thousand_files_in_one_directory_are_listed_in_order() {
    let dir = tree();
    let fd: OwnedFd = fs::File::open(dir.path()).unwrap().into();
    for i in 0..100_000 {
        let name = format!("{:05}", (i * 7919) % 100_000);
        mknodat(&fd, name, FileType::RegularFile, Mode::from(0o644), 0).unwrap();
    }
    let mut next = 0;
    files(&dir)
        .walk(&mut |entry| {
            assert_eq!(entry.path_bytes(), format!("{next:05}").as_bytes());
            next += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(next, 100_000);
}
