//! What an inventory refuses, with a message that says so.

use std::fs;

use domesday_inventory::{Inventory, InventoryError, ScanStatus, finding, summary, write_views};
use domesday_model::{FindingId, Key, ObjectId, SourceId, Timestamp};

use crate::support::{files, key, object, one, open, push, scan, start};

#[test]
fn a_directory_that_holds_something_else() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("thesis.odt"), "x").unwrap();
    let error = Inventory::open(dir.path(), None).err().unwrap();
    assert!(matches!(error, InventoryError::Foreign { .. }), "{error}");
    assert_eq!(files(dir.path()).len(), 1, "nothing is added to it");
    let file = dir.path().join("thesis.odt");
    assert!(matches!(Inventory::open(&file, None).err().unwrap(), InventoryError::Foreign { .. }));
}

#[test]
fn a_second_writer() {
    let dir = tempfile::tempdir().unwrap();
    let inventory = open(dir.path(), true);
    let error = Inventory::open(dir.path(), None).err().unwrap();
    assert!(matches!(error, InventoryError::Locked { .. }), "{error}");
    assert!(matches!(write_views(dir.path()), Err(InventoryError::Locked { .. })));
    let writer = inventory.begin_scan(start("share", 1, true)).unwrap();
    drop(inventory);
    assert!(Inventory::open(dir.path(), None).is_err(), "a scan still holds it");
    drop(writer);
    drop(open(dir.path(), true));
}

#[test]
fn another_key() {
    let dir = tempfile::tempdir().unwrap();
    scan(dir.path(), "share", 1, &["a"]);
    let other = Key::from_bytes([8; 32]).id();
    let error = Inventory::open(dir.path(), Some(other)).err().unwrap();
    assert!(matches!(error, InventoryError::WrongKey { .. }));
    assert!(error.to_string().contains(&key().id().to_string()), "{error}");
    assert!(open(dir.path(), false).begin_scan(start("share", 2, true)).is_err());
}

#[test]
fn a_damaged_manifest() {
    let dir = tempfile::tempdir().unwrap();
    scan(dir.path(), "share", 1, &["a"]);
    let path = dir.path().join("manifest.json");
    let whole = fs::read_to_string(&path).unwrap();
    for damaged in ["", "{", &whole[..whole.len() / 2], &whole.replace("findings", "../../x")] {
        fs::write(&path, damaged).unwrap();
        let error = Inventory::open(dir.path(), None).err().unwrap();
        assert!(matches!(error, InventoryError::Corrupt { .. }), "{error}");
        assert!(summary(dir.path()).is_err());
    }
    for of_others in ["{}", "[]", "{ \"name\": \"an app\", \"icons\": [] }", "an app"] {
        fs::write(&path, of_others).unwrap();
        let error = Inventory::open(dir.path(), None).err().unwrap();
        assert!(matches!(error, InventoryError::Foreign { .. }), "{error}");
        assert!(matches!(summary(dir.path()), Err(InventoryError::Foreign { .. })));
    }
    fs::write(&path, whole.replace("\"format_version\":1", "\"format_version\":2")).unwrap();
    let error = Inventory::open(dir.path(), None).err().unwrap();
    assert!(matches!(error, InventoryError::Newer { found: 2, known: 1, .. }), "{error}");
}

#[test]
fn a_missing_or_damaged_file() {
    let dir = tempfile::tempdir().unwrap();
    scan(dir.path(), "share", 1, &["a"]);
    let found = files(&dir.path().join("findings"));
    let content = fs::read(&found[0]).unwrap();
    fs::write(&found[0], vec![0; content.len()]).unwrap();
    let id = FindingId::of(ObjectId::of(SourceId::of("share"), b"a", None), None, "email_address");
    assert!(matches!(finding(dir.path(), id), Err(InventoryError::Corrupt { .. })));
    assert!(matches!(summary(dir.path()), Err(InventoryError::Corrupt { .. })));
    fs::write(&found[0], &content[1..]).unwrap();
    assert!(matches!(Inventory::open(dir.path(), None), Err(InventoryError::Corrupt { .. })));
    fs::remove_file(&found[0]).unwrap();
    let error = Inventory::open(dir.path(), None).err().unwrap();
    assert!(error.to_string().contains("missing"), "{error}");
}

#[test]
fn nothing_there_to_read() {
    let dir = tempfile::tempdir().unwrap();
    for dir in [dir.path().to_owned(), dir.path().join("absent")] {
        assert!(matches!(summary(&dir), Err(InventoryError::Absent { .. })));
        assert!(matches!(write_views(&dir), Err(InventoryError::Absent { .. })));
        assert!(!dir.join("lock").exists());
    }
}

#[test]
fn a_moved_inventory_gets_new_views() {
    let dir = tempfile::tempdir().unwrap();
    scan(&dir.path().join("old"), "share", 1, &["a"]);
    let new = dir.path().join("new");
    fs::rename(dir.path().join("old"), &new).unwrap();
    write_views(&new).unwrap();
    assert_eq!(one(&new, "SELECT count(*) FROM findings"), "1");
}

#[test]
fn completeness_after_a_failed_write() {
    let dir = tempfile::tempdir().unwrap();
    scan(dir.path(), "share", 1, &["a"]);
    let inventory = open(dir.path(), true);
    let writer = inventory.begin_scan(start("share", 2, true)).unwrap();
    push(&writer, &object("share", "b"), &[], true);
    // A file where the folder of the scan belongs makes the next write fail.
    let folder = dir.path().join(format!("objects/scan={}", start("share", 2, true).scan_id));
    fs::write(&folder, "").unwrap();
    let error = writer.commit().err().unwrap();
    assert!(error.to_string().contains("objects"), "{error}");
    fs::remove_file(&folder).unwrap();
    push(&writer, &object("share", "c"), &[], true);
    let error = writer.finish(ScanStatus::Complete, Timestamp(0)).err().unwrap();
    assert!(matches!(error, InventoryError::Incomplete));
    drop(inventory);
    drop(open(dir.path(), true));
    assert_eq!(
        one(dir.path(), "SELECT string_agg(path, ',' ORDER BY path) FROM objects WHERE status != 'gone'"),
        "a,c"
    );
}
