//! Look-ups read the few pages that matter: whatever else the files hold is damaged here, and they answer.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;

use domesday_inventory::{finding, findings, summary};
use domesday_model::{FindingId, ObjectId, SourceId};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};

use crate::support::{EMAIL, files, finish, object, open, push, scan, start, value};

fn id(source: &str, path: &str) -> FindingId {
    FindingId::of(ObjectId::of(SourceId::of(source), path.as_bytes(), None), None, "email_address")
}

fn metadata(file: &Path) -> ParquetMetaData {
    let mut reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Required);
    reader.try_parse(&File::open(file).unwrap()).unwrap();
    reader.finish().unwrap()
}

fn wipe(file: &Path, start: u64, length: u64) {
    let file = OpenOptions::new().write(true).open(file).unwrap();
    file.write_all_at(&vec![0xff; length as usize], start).unwrap();
}

#[test]
fn files_that_cannot_hold_an_id_are_not_read() {
    let dir = tempfile::tempdir().unwrap();
    scan(dir.path(), "one", 1, &["a", "b"]);
    for table in ["findings", "objects"] {
        let found = files(&dir.path().join(table));
        assert_eq!(found.len(), 1);
        for column in metadata(&found[0]).row_group(0).columns() {
            let (start, length) = column.byte_range();
            wipe(&found[0], start, length);
        }
    }
    scan(dir.path(), "two", 2, &["c"]);
    assert!(summary(dir.path()).is_err(), "the other source's rows are gone");
    assert_eq!(finding(dir.path(), id("two", "c")).unwrap().unwrap().path, b"c");
    assert_eq!(finding(dir.path(), id("two", "absent")).unwrap(), None);
    assert!(finding(dir.path(), id("one", "a")).is_err());
}

#[test]
fn pages_without_wanted_rows_are_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let inventory = open(dir.path(), true);
    let writer = inventory.begin_scan(start("share", 1, true)).unwrap();
    let path = |number: usize| format!("{number:04}/{}", "long ".repeat(60));
    for number in 0..2000 {
        push(&writer, &object("share", &path(number)), &[value(EMAIL, 7, 5)], true);
    }
    finish(writer, 1);
    drop(inventory);
    let wanted = [3, 1500].map(|number| id("share", &path(number)));
    let before = findings(dir.path(), &wanted).unwrap();
    assert_eq!(before.len(), 2);
    let mut damaged = 0;
    for table in ["findings", "objects"] {
        let file = &files(&dir.path().join(table))[0];
        let metadata = metadata(file);
        let index = metadata.row_group(0).columns().iter().position(|c| c.column_path().string() == "path");
        let pages = metadata.offset_index().unwrap()[0][index.unwrap()].page_locations().clone();
        assert!(pages.len() > 5, "{}", pages.len());
        let mut objects: Vec<_> = (0..2000)
            .map(|number| *ObjectId::of(SourceId::of("share"), path(number).as_bytes(), None).as_bytes())
            .collect();
        objects.sort_unstable();
        let of_wanted =
            |row: i64| before.values().any(|found| *found.object_id.as_bytes() == objects[row as usize]);
        for (i, page) in pages.iter().enumerate() {
            let end = pages.get(i + 1).map_or(2000, |next| next.first_row_index);
            if !(page.first_row_index..end).any(of_wanted) {
                wipe(file, page.offset as u64, page.compressed_page_size as u64);
                damaged += 1;
            }
        }
    }
    assert!(damaged > 5, "{damaged}");
    assert_eq!(findings(dir.path(), &wanted).unwrap(), before);
}
