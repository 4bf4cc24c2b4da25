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

#[test]
fn where_tokens_cannot_wait_in_files_their_objects_do_not_come_without_them() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a"]);
    let inventory = open(dir, true);
    let few = domesday_inventory::ScanStart { memory: 1 << 20, ..start("share", 2, true) };
    let writer = inventory.begin_scan(few).unwrap();
    // Root may write into any folder, but into no file as if it were one.
    let _ = std::fs::remove_dir(dir.join("tmp"));
    std::fs::write(dir.join("tmp"), "").unwrap();
    let mut sink = writer.sink();
    let error = (0..50u64).find_map(|n| {
        sink.begin(&object("share", &format!("f{n}"))).unwrap();
        (0..200).for_each(|i| tell(&mut sink, &value(EMAIL, 1000 * n + i, i * 20), true));
        sink.end(&scanned()).err()
    });
    let error = error.expect("256 KiB of tokens do not wait in memory").to_string();
    assert!(error.contains("cannot write") && error.contains("tmp"), "{error}");
    writer.commit().unwrap();
    let finished =
        writer.finish(domesday_inventory::ScanStatus::Complete, domesday_model::Timestamp(3_000_000));
    assert!(finished.is_err());
    assert_eq!(query(dir, "SELECT path FROM findings"), ["a"]);
    assert_eq!(one(dir, "SELECT count(*) FROM subjects"), "1");
}

/// Files in the inventory's folder for what is no part of it yet.
fn aside(dir: &std::path::Path) -> usize {
    std::fs::read_dir(dir.join("tmp")).map_or(0, |files| files.count())
}

#[test]
fn tokens_beyond_memory_wait_in_files_and_are_the_same() {
    let rows = |memory: usize, sinks: usize| {
        let dir = tempfile::tempdir().unwrap();
        let inventory = open(dir.path(), true);
        let writer = inventory
            .begin_scan(domesday_inventory::ScanStart { memory, ..start("share", 1, true) })
            .unwrap();
        let mut sinks: Vec<_> = (0..sinks).map(|_| writer.sink()).collect();
        let mut most = 0;
        // Many objects that have the same people, and one with more tokens than may wait.
        for n in 0..12u64 {
            let sink = &mut sinks[n as usize % 2];
            sink.begin(&object("share", &format!("f{n}"))).unwrap();
            let values = if n == 7 { 310_000 } else { 3_000 };
            let column = if n % 3 == 0 { "mail" } else { "address" };
            for i in 0..values {
                // The order of values is not that of their tokens.
                let number = i * 7919 % 100_003;
                let place = value(if i % 5 == 0 { IPV4 } else { EMAIL }, number, i * 20);
                tell(sink, &if n % 2 == 0 { in_column(place, 0, column) } else { place }, true);
            }
            most = most.max(aside(dir.path()));
            sink.end(&scanned()).unwrap();
        }
        drop(sinks);
        finish(writer, 1);
        assert_eq!(aside(dir.path()), 0);
        let files = query(
            dir.path(),
            &format!(
                "SELECT count(*) FILTER (row(token, object_id) < before)
                 FROM (SELECT token, object_id, lag(row(token, object_id)) OVER (PARTITION BY filename
                 ORDER BY file_row_number) AS before FROM read_parquet('{}/subjects/*/*.parquet', filename=true,
                 file_row_number=true))",
                dir.path().display()
            ),
        );
        assert_eq!(files, ["0"], "files are sorted");
        let sum = "SELECT count(*), count(DISTINCT token), bit_xor(hash(token, kind, detector, object_id, column_path,
                   record, byte_start, byte_end, confidence, object_version)) FROM subjects";
        (query(dir.path(), sum), most)
    };
    let (in_memory, none) = rows(256 << 20, 2);
    assert_eq!(none, 0);
    // The more sinks, the less memory each has: with six, one object has more files than are kept.
    for sinks in [2, 6] {
        let (aside, most) = rows(1 << 20, sinks);
        assert!(most > 2, "{most} files");
        assert!(most <= 64 + 64 + 8, "{most} files");
        assert_eq!(aside, in_memory);
    }
}

/// Files of tokens aside that this process has open.
#[cfg(target_os = "linux")]
fn open_aside(dir: &std::path::Path) -> usize {
    let links = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
    let files = links.filter_map(|link| std::fs::read_link(link.path()).ok());
    files.filter(|file| file.starts_with(dir) && file.extension().is_some_and(|kind| kind == "rows")).count()
}

#[cfg(target_os = "linux")]
#[test]
fn few_files_of_tokens_are_open_at_the_same_time() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let inventory = open(dir, true);
    let start = domesday_inventory::ScanStart { memory: 1 << 20, ..start("share", 1, true) };
    let writer = inventory.begin_scan(start).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    let most = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut most = 0;
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                most = most.max(open_aside(dir));
            }
            most
        });
        // Each brings some fifty files, and three bring what makes a commit due.
        let mut sinks: Vec<_> = (0..12).map(|_| writer.sink()).collect();
        for (n, sink) in sinks.iter_mut().enumerate() {
            sink.begin(&object("share", &format!("f{n}"))).unwrap();
            (0..25_000u64).for_each(|i| tell(sink, &value(EMAIL, i * 7919 % 100_003, i * 20), true));
        }
        assert!(aside(dir) > 300, "{} files wait", aside(dir));
        sinks.iter_mut().for_each(|sink| sink.end(&scanned()).unwrap());
        drop(sinks);
        finish(writer, 1);
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        watcher.join().unwrap()
    });
    assert!((1..=4 * 17).contains(&most), "{most} files are open");
    assert_eq!(one(dir, "SELECT count(*), count(DISTINCT token) FROM subjects"), "300000|25000");
}
