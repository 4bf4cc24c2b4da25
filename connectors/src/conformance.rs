//! What every source must do, as a test that each of them runs over a sample of its own.
//!
//! A backend puts some objects in place, says what it put there, and calls [`check`]. What is particular to a
//! backend (links, permissions, races) it tests by itself.

use std::io::Read;
use std::ops::ControlFlow;

use domesday_model::{ObjectId, ObjectKind, ObjectMeta, SourceId, Status};

use crate::{Entry, OpenError, Opened, Opening, Source};

/// An object that the source under test holds.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Its raw path.
    pub path: &'a [u8],
    /// Its bytes; `None` for an object that is listed and not read.
    pub content: Option<&'a [u8]>,
}

/// Checks that `source` holds exactly `expected` (in any order, at least two objects) and obeys [`Source`].
///
/// # Panics
/// When it does not, saying where.
pub fn check(source: &dyn Source, expected: &[Expected<'_>]) {
    assert!(expected.len() >= 2, "the sample needs two objects");
    assert_eq!(source.id(), SourceId::of(source.name()), "the id follows from the name");
    assert!(!source.kind().is_empty() && !source.root().is_empty());
    lists_each_object_once_and_in_one_order(source, expected);
    ends_when_told(source, expected.len());
    let entries = entries(source);
    opens_on_another_thread(source, &entries, expected);
    for expected in expected {
        opens_by_path(source, expected);
    }
    refuses_paths_of_no_object(source);
}

fn entries(source: &dyn Source) -> Vec<Entry> {
    let mut entries = Vec::new();
    let walked = source.walk(&mut |entry| {
        entries.push(entry);
        ControlFlow::Continue(())
    });
    assert!(walked.is_ok(), "the walk failed");
    entries
}

fn lists_each_object_once_and_in_one_order(source: &dyn Source, expected: &[Expected<'_>]) {
    let paths = |entries: Vec<Entry>| -> Vec<Vec<u8>> {
        entries.iter().map(|entry| entry.path_bytes().to_vec()).collect()
    };
    let (first, second) = (paths(entries(source)), paths(entries(source)));
    assert_eq!(first, second, "two walks differ");
    let parts = |path: &[u8]| path.split(|&byte| byte == b'/').map(<[u8]>::to_vec).collect::<Vec<_>>();
    assert!(first.is_sorted_by_key(|path| parts(path)), "not in the order of names: {first:?}");
    let mut wanted: Vec<Vec<u8>> = expected.iter().map(|expected| expected.path.to_vec()).collect();
    wanted.sort_by_key(|path| parts(path));
    assert_eq!(first, wanted, "listed (left) is not what is there (right)");
}

fn ends_when_told(source: &dyn Source, objects: usize) {
    for wanted in [1, objects - 1] {
        let mut visited = 0;
        let walked = source.walk(&mut |_| {
            visited += 1;
            if visited == wanted { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert!(walked.is_ok(), "ending a walk early is no error");
        assert_eq!(visited, wanted, "the walk went on after Break");
    }
}

fn opens_on_another_thread(source: &dyn Source, entries: &[Entry], expected: &[Expected<'_>]) {
    let openings: Vec<Opening> = std::thread::scope(|scope| {
        let worker = scope.spawn(|| entries.iter().map(Entry::open).collect());
        worker.join().expect("opening panicked")
    });
    for (entry, opening) in entries.iter().zip(openings) {
        let path = entry.path_bytes();
        let content = expected.iter().find(|expected| expected.path == path).and_then(|e| e.content);
        match opening {
            Opening::File(mut opened) => {
                describes(source, path, &opened.meta);
                assert_eq!(Some(read_all(&mut opened).as_slice()), content, "content of {path:?}");
                assert!(opened.changed().is_ok_and(|reason| reason.is_none()), "{path:?} did not change");
                assert_eq!(entry.size(), opened.meta.size, "the size of {path:?} before it is opened");
                assert!(entry.size_hint().is_none_or(|size| Some(size) == opened.meta.size));
            }
            Opening::Unread { meta, status, .. } => {
                describes(source, path, &meta);
                assert_eq!(content, None, "{path:?} should be readable");
                assert_ne!(status, Status::Scanned, "{path:?} was not read");
            }
        }
    }
}

fn describes(source: &dyn Source, path: &[u8], meta: &ObjectMeta) {
    assert_eq!(meta.id, ObjectId::of(source.id(), path, None), "the id of {path:?}");
    assert_eq!((meta.source, meta.parent, &meta.member), (source.id(), None, &None));
    match &meta.path_bytes {
        Some(bytes) => assert!(bytes == path && std::str::from_utf8(path).is_err(), "bytes of {path:?}"),
        None => assert_eq!(meta.path.as_bytes(), path),
    }
    assert_eq!(meta.path, String::from_utf8_lossy(path));
}

fn opens_by_path(source: &dyn Source, expected: &Expected<'_>) {
    let path = expected.path;
    let (mut opened, content) = match (source.open(path), expected.content) {
        (Ok(opened), Some(content)) => (opened, content),
        (Err(_), None) => return,
        (result, _) => panic!("{path:?} opens: {}", result.is_ok()),
    };
    describes(source, path, &opened.meta);
    assert_eq!(opened.meta.kind, ObjectKind::File);
    assert_eq!(opened.meta.size, Some(content.len() as u64), "the size of {path:?}");
    assert_ne!(opened.meta.version, 0, "the version of {path:?} is known");
    let again = source.open(path).unwrap_or_else(|error| panic!("{path:?} again: {error}"));
    assert_eq!(opened.meta, again.meta, "{path:?} is described in two ways");
    let middle = content.len() / 2;
    let mut buffer = vec![0; content.len() - middle];
    read_exactly_at(&opened, &mut buffer, middle as u64);
    assert_eq!(buffer, content[middle..], "the second half of {path:?}");
    assert_eq!(opened.read_at(&mut [0; 8], content.len() as u64).ok(), Some(0), "behind the end");
    assert_eq!(read_all(&mut opened), content, "read_at moved the position in {path:?}");
}

fn refuses_paths_of_no_object(source: &dyn Source) {
    let refused = |path: &[u8]| source.open(path).err();
    assert_eq!(refused(b"no such object"), Some(OpenError::NotFound));
    assert_eq!(refused(b"no such folder/object"), Some(OpenError::NotFound));
    for path in [&b""[..], b".", b"..", b"/", b"/etc/passwd", b"../x", b"a/../b", b"a//b", b"a/", b"a\0"] {
        assert_eq!(refused(path), Some(OpenError::InvalidPath), "{path:?}");
    }
}

fn read_all(opened: &mut Opened) -> Vec<u8> {
    let mut content = Vec::new();
    opened.read_to_end(&mut content).expect("the object reads");
    content
}

fn read_exactly_at(opened: &Opened, buffer: &mut [u8], offset: u64) {
    let mut filled = 0;
    while filled < buffer.len() {
        let read = opened.read_at(&mut buffer[filled..], offset + filled as u64).expect("the object reads");
        assert_ne!(read, 0, "ended early");
        filled += read;
    }
}
