//! Files, memory and rows have bounds that no input passes.

use domesday_model::Sink;

use crate::support::{
    EMAIL, IPV4, finish, in_column, object, one, open, push, query, scan, scanned, start, tell, value,
};

#[test]
fn files_stay_few_however_often_progress_is_committed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "other", 1, &["a"]);
    scan(dir, "share", 1, &["a", "b"]);
    let inventory = open(dir, true);
    let writer = inventory.begin_scan(start("share", 2, true)).unwrap();
    for n in 0..150u64 {
        push(&writer, &object("share", &format!("f{n}")), &[value(EMAIL, n, 0), value(IPV4, n, 20)], true);
        writer.commit().unwrap();
        let sql = std::fs::read_to_string(dir.join("views.sql")).unwrap();
        for table in ["sources", "scans", "objects", "columns", "findings", "subjects", "trend"] {
            let view = sql.lines().find(|line| line.contains(&format!("VIEW {table} AS"))).unwrap();
            let mut files: Vec<_> = view.split('\'').filter(|part| part.starts_with(table)).collect();
            files.sort_unstable();
            files.dedup();
            let limit = if table == "subjects" { 8 } else { 32 };
            assert!(files.len() <= limit, "{table}: {} files after {n} commits", files.len());
        }
    }
    assert_eq!(one(dir, "SELECT count(*), count(DISTINCT finding_id) FROM findings"), "303|303");
    finish(writer, 2);
    assert_eq!(one(dir, "SELECT count(*), count(DISTINCT finding_id) FROM findings"), "301|301");
    assert_eq!(one(dir, "SELECT count(*) FROM subjects"), "301");
}

#[test]
fn columns_beyond_the_limit_share_a_finding() {
    let dir = tempfile::tempdir().unwrap();
    let inventory = open(dir.path(), true);
    let writer = inventory.begin_scan(start("share", 1, true)).unwrap();
    let mut sink = writer.sink();
    sink.begin(&object("share", "wide.csv")).unwrap();
    let names: Vec<&'static str> = (0..20_000).map(|n| &*format!("c{n}").leak()).collect();
    for (n, &name) in (0u32..).zip(&names) {
        tell(&mut sink, &in_column(value(EMAIL, 1, u64::from(n) * 20), n, name), true);
    }
    sink.end(&scanned()).unwrap();
    drop(sink);
    finish(writer, 1);
    assert_eq!(one(dir.path(), "SELECT count(*), sum(occurrences) FROM findings"), "16385|20000");
    assert_eq!(query(dir.path(), "SELECT occurrences FROM findings WHERE column_path = '*'"), ["3616"]);
}

#[test]
fn carried_subjects_take_as_many_passes_as_memory_asks_for() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let inventory = open(dir, true);
    let writer = inventory.begin_scan(start("share", 1, true)).unwrap();
    let mut sink = writer.sink();
    for n in 0..34_000u64 {
        sink.begin(&object("share", &format!("f{n}"))).unwrap();
        tell(&mut sink, &value(EMAIL, n, 0), true);
        sink.end(&scanned()).unwrap();
    }
    drop(sink);
    finish(writer, 1);
    let mut second = start("share", 2, true);
    // Room for 32,768 of the 33,990 ids.
    second.memory = 1 << 20;
    let writer = inventory.begin_scan(second).unwrap();
    for n in 0..10 {
        push(&writer, &object("share", &format!("f{n}")), &[], true);
    }
    writer.finish(domesday_inventory::ScanStatus::Interrupted, domesday_model::Timestamp(1)).unwrap();
    assert_eq!(one(dir, "SELECT count(*), count(DISTINCT token) FROM subjects"), "33990|33990");
    assert_eq!(one(dir, "SELECT count(*) FROM findings"), "33990");
    assert_eq!(one(dir, "SELECT count(*) FROM objects"), "34000");
}
