//! From scan to scan: what is current, what is gone, what stays.

use std::path::Path;

use domesday_inventory::{Claim, ScanStart, ScanStatus, finding};
use domesday_model::{Exposure, FindingId, ObjectMeta, Review, Sink, SourceId, Status, Timestamp, Verdict};

use crate::support::{
    EMAIL, IPV4, finish, object, one, open, push, push_unread, query, scan, start, unreadable_directory,
    value,
};

fn paths(dir: &Path) -> Vec<String> {
    query(dir, "SELECT path, status FROM objects ORDER BY path")
}

#[test]
fn a_second_scan_supersedes_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a", "b"]);
    let first_seen = one(dir, "SELECT first_seen_at FROM objects WHERE path = 'a'");
    let totals = scan(dir, "share", 2, &["a", "c"]);
    assert_eq!(totals.of(Status::Gone), 1);
    assert_eq!(paths(dir), ["a|scanned", "b|gone", "c|scanned"]);
    assert_eq!(one(dir, "SELECT first_seen_at FROM objects WHERE path = 'a'"), first_seen);
    assert_eq!(one(dir, "SELECT first_seen_at < scanned_at FROM objects WHERE path = 'a'"), "true");
    assert_eq!(query(dir, "SELECT path FROM findings ORDER BY path"), ["a", "c"]);
    assert_eq!(one(dir, "SELECT count(*) FROM subjects"), "2");
    assert_eq!(one(dir, "SELECT count(*) FROM columns"), "2");
    assert_eq!(
        one(
            dir,
            "SELECT epoch_us(gone_at), occurrences, sensitivity, coverage FROM objects WHERE status = 'gone'"
        ),
        "2500000|0|-|none"
    );
    assert_eq!(one(dir, "SELECT count(*) FROM scans"), "2");
    assert_eq!(one(dir, "SELECT count(*), count(DISTINCT scan_id) FROM trend"), "2|2");
    // The history has both versions of every row, and each once.
    assert_eq!(
        query(dir, "SELECT path, count(*) FROM findings_history GROUP BY path ORDER BY path"),
        ["a|2", "b|1", "c|1"]
    );
    assert_eq!(one(dir, "SELECT count(*) FROM objects_history WHERE path = 'b'"), "2");
}

#[test]
fn gone_stays_once_until_the_object_returns() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a", "b"]);
    let first_seen = one(dir, "SELECT first_seen_at FROM objects WHERE path = 'b'");
    scan(dir, "share", 2, &["a"]);
    assert_eq!(scan(dir, "share", 3, &["a"]).of(Status::Gone), 0);
    assert_eq!(paths(dir), ["a|scanned", "b|gone"]);
    assert_eq!(one(dir, "SELECT epoch_us(gone_at) FROM objects WHERE path = 'b'"), "2500000");
    scan(dir, "share", 4, &["a", "b"]);
    assert_eq!(paths(dir), ["a|scanned", "b|scanned"]);
    assert_eq!(one(dir, "SELECT first_seen_at FROM objects WHERE path = 'b'"), first_seen);
    assert_eq!(one(dir, "SELECT count(gone_at) FROM objects"), "0");
}

#[test]
fn what_lies_below_an_unreadable_directory_stays() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a", "d/x", "d/e/y", "dd/z"]);
    let inventory = open(dir, true);
    let writer = inventory.begin_scan(start("share", 2, true)).unwrap();
    push(&writer, &object("share", "a"), &[], true);
    let (meta, outcome) = unreadable_directory("share", "d");
    let mut sink = writer.sink();
    sink.begin(&meta).unwrap();
    sink.end(&outcome).unwrap();
    drop(sink);
    writer.commit().unwrap();
    assert_eq!(finish(writer, 2).of(Status::Gone), 1);
    drop(inventory);
    assert_eq!(paths(dir), ["a|scanned", "d|unreadable", "d/e/y|scanned", "d/x|scanned", "dd/z|gone"]);
    assert_eq!(domesday_inventory::summary(dir).unwrap().not_reached, 2);
    assert_eq!(
        one(dir, "SELECT objects, objects_scanned FROM scans ORDER BY started_at DESC LIMIT 1"),
        "2|1"
    );
    assert_eq!(query(dir, "SELECT path FROM findings ORDER BY path"), ["d/e/y", "d/x"]);
    assert_eq!(one(dir, "SELECT count(*) FROM subjects"), "2");
    assert_eq!(one(dir, "SELECT objects, occurrences FROM trend ORDER BY scan_id DESC LIMIT 1"), "2|2");
    // The directory can be listed again: its row told of a problem that is over, and is no object that is gone.
    scan(dir, "share", 3, &["a", "d/x"]);
    assert_eq!(paths(dir), ["a|scanned", "d/e/y|gone", "d/x|scanned", "dd/z|gone"]);
}

#[test]
fn what_cannot_be_opened_keeps_what_was_found_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a", "b"]);
    let known = "SELECT path, o.status, o.reason, o.coverage, o.format, o.occurrences, o.sensitivity, \
        o.scan_id = f.scan_id, o.first_seen_at < o.scanned_at \
        FROM objects o LEFT JOIN findings f USING (object_id, path) ORDER BY path";
    let expected = [
        "a|unreadable|permission_denied|none|csv|1|moderate|false|true",
        "b|scanned|-|full|csv|0|-|-|true",
        "c|unreadable|permission_denied|none|-|0|-|-|false",
    ];
    // Further scans that cannot open it either change nothing.
    for (number, status) in
        [(2, ScanStatus::Interrupted), (3, ScanStatus::Complete), (4, ScanStatus::Complete)]
    {
        let inventory = open(dir, true);
        let writer = inventory.begin_scan(start("share", number, true)).unwrap();
        push_unread(&writer, &object("share", "a"));
        push(&writer, &object("share", "b"), &[], true);
        push_unread(&writer, &object("share", "c"));
        let check = || {
            assert_eq!(query(dir, known)[..2], expected[..2]);
            assert_eq!(query(dir, known)[2].replace("|true", "|false"), expected[2]);
            assert_eq!(one(dir, "SELECT count(*) FROM subjects"), "1");
            assert_eq!(
                one(
                    dir,
                    "SELECT string_agg(column_path) FROM columns JOIN objects USING (object_id) WHERE path = 'a'"
                ),
                "email"
            );
            let summary = domesday_inventory::summary(dir).unwrap();
            assert_eq!((summary.found_before, summary.not_reached), (1, 0));
            assert_eq!(summary.kinds.iter().map(|kind| kind.occurrences).collect::<Vec<_>>(), [1]);
            assert_eq!(summary.files.iter().map(|file| file.occurrences).collect::<Vec<_>>(), [1]);
            let id = FindingId::of(object("share", "a").id, None, "email_address");
            assert!(finding(dir, id).unwrap().is_some());
        };
        writer.commit().unwrap();
        check();
        let totals = writer.finish(status, Timestamp(number * 1_000_000 + 500_000)).unwrap();
        check();
        assert_eq!((totals.of(Status::Unreadable), totals.findings, totals.occurrences), (2, 0, 0));
    }
    assert_eq!(one(dir, "SELECT occurrences FROM trend ORDER BY scan_id DESC LIMIT 1"), "1");
    // What is read again is as it was read.
    let inventory = open(dir, true);
    let writer = inventory.begin_scan(start("share", 5, true)).unwrap();
    push(&writer, &object("share", "a"), &[value(IPV4, 1, 3)], true);
    finish(writer, 5);
    drop(inventory);
    assert_eq!(query(dir, "SELECT path, detector FROM findings"), ["a|ipv4_address"]);
    assert_eq!(one(dir, "SELECT count(*) FROM subjects"), "1");
}

#[test]
fn an_unreadable_root_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a", "d/x"]);
    let inventory = open(dir, true);
    let writer = inventory.begin_scan(start("share", 2, true)).unwrap();
    let (meta, outcome) = unreadable_directory("share", "");
    let mut sink = writer.sink();
    sink.begin(&meta).unwrap();
    sink.end(&outcome).unwrap();
    drop(sink);
    finish(writer, 2);
    assert_eq!(paths(dir), ["|unreadable", "a|scanned", "d/x|scanned"]);
    assert_eq!(one(dir, "SELECT count(*) FROM findings"), "2");
    assert_eq!(one(dir, "SELECT count(*) FROM subjects"), "2");
}

#[test]
fn a_running_scan_shows_what_it_has_done() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a", "b"]);
    let first_seen = one(dir, "SELECT first_seen_at FROM objects WHERE path = 'a'");
    let inventory = open(dir, true);
    let writer = inventory.begin_scan(start("share", 2, true)).unwrap();
    push(&writer, &object("share", "a"), &[value(IPV4, 1, 3)], true);
    push(&writer, &object("share", "c"), &[value(IPV4, 2, 3)], true);
    writer.commit().unwrap();
    let expected = ["a|ipv4_address", "b|email_address", "c|ipv4_address"];
    let current = "SELECT path, detector FROM findings ORDER BY path";
    assert_eq!(query(dir, current), expected);
    assert_eq!(paths(dir), ["a|scanned", "b|scanned", "c|scanned"]);
    assert_eq!(one(dir, "SELECT first_seen_at FROM objects WHERE path = 'a'"), first_seen);
    assert_eq!(one(dir, "SELECT count(*) FROM subjects"), "3");
    assert_eq!(
        one(dir, "SELECT status, finished_at, objects FROM scans ORDER BY started_at DESC LIMIT 1"),
        "interrupted|-|2"
    );
    let old = FindingId::of(object("share", "a").id, None, "email_address");
    assert_eq!(finding(dir, old).unwrap(), None);
    let kept = FindingId::of(object("share", "b").id, None, "email_address");
    assert!(finding(dir, kept).unwrap().is_some());
    let kinds = domesday_inventory::summary(dir).unwrap().kinds;
    assert_eq!(
        kinds.iter().map(|kind| (kind.detector.as_str(), kind.objects)).collect::<Vec<_>>(),
        [("email_address", 1), ("ipv4_address", 2)]
    );

    // Interrupted: the same, in plain files.
    writer.finish(ScanStatus::Interrupted, Timestamp(2_500_000)).unwrap();
    drop(inventory);
    assert_eq!(query(dir, current), expected);
    assert_eq!(paths(dir), ["a|scanned", "b|scanned", "c|scanned"]);
    assert_eq!(one(dir, "SELECT count(*) FROM subjects"), "3");
    scan(dir, "share", 3, &["a"]);
    assert_eq!(paths(dir), ["a|scanned", "b|gone", "c|gone"]);
}

#[test]
fn a_scan_behind_one_that_came_to_nothing_has_added_everything() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for number in 1..3 {
        let inventory = open(dir, true);
        let writer = inventory.begin_scan(start("share", number, true)).unwrap();
        if number == 2 {
            writer.finish(ScanStatus::Interrupted, Timestamp(number * 1_000_000 + 1)).unwrap();
        }
    }
    scan(dir, "share", 3, &["a", "b"]);
    let changes = || query(dir, "SELECT path, change FROM changes ORDER BY ALL");
    assert_eq!(one(dir, "SELECT count(*) FROM scans"), "3");
    assert_eq!(changes(), ["a|added", "b|added"]);
    scan(dir, "share", 4, &["a", "b", "c"]);
    assert_eq!(changes(), ["c|added"]);
}

#[test]
fn changes_are_what_the_last_scan_of_each_source_changed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let changes = || query(dir, "SELECT path, detector, change, before, after FROM changes ORDER BY ALL");
    let write = |number, objects: &[(&str, Exposure, &[u64])]| {
        let inventory = open(dir, true);
        let writer = inventory.begin_scan(start("share", number, true)).unwrap();
        for (path, exposure, starts) in objects {
            let meta = ObjectMeta { exposure: *exposure, ..object("share", path) };
            let values: Vec<_> = starts.iter().map(|&start| value(EMAIL, start, start)).collect();
            match values.as_slice() {
                [] => push_unread(&writer, &meta),
                values => push(&writer, &meta, values, true),
            }
        }
        writer.commit().unwrap();
        (inventory, writer)
    };
    let first: &[(&str, Exposure, &[u64])] = &[
        ("fewer", Exposure::Group, &[1, 20]),
        ("gone", Exposure::Group, &[1]),
        ("more", Exposure::Private, &[1]),
        ("same", Exposure::Group, &[1]),
        ("shut", Exposure::Everyone, &[1]),
        ("unread", Exposure::Group, &[1]),
    ];
    let (_, writer) = write(1, first);
    assert_eq!(changes(), Vec::<String>::new(), "no scan has ended");
    finish(writer, 1);
    assert_eq!(changes().len(), 6);
    assert_eq!(changes()[0], "fewer|email_address|added|-|2");

    scan(dir, "other", 2, &["same"]);
    let second: &[(&str, Exposure, &[u64])] = &[
        ("fewer", Exposure::Group, &[1]),
        ("more", Exposure::Everyone, &[1, 20]),
        ("new", Exposure::Group, &[1]),
        ("same", Exposure::Group, &[1]),
        ("shut", Exposure::Private, &[1]),
        ("unread", Exposure::Group, &[]),
    ];
    let (inventory, writer) = write(3, second);
    assert_eq!(changes().len(), 7, "those of the scans that have ended");
    finish(writer, 3);
    let expected = [
        "gone|email_address|ended|1|-",
        "more|email_address|exposure_raised|private|everyone",
        "more|email_address|raised|1|2",
        "new|email_address|added|-|1",
        "same|email_address|added|-|1",
        "shut|email_address|exposure_ended|everyone|private",
    ];
    assert_eq!(changes(), expected, "one of them is of the other source");

    // What is suppressed changes nothing.
    let finding_id = FindingId::of(object("share", "new").id, None, "email_address");
    let review = |verdict| Review {
        finding_id,
        verdict,
        reason: "test data".to_owned(),
        by: "ann".to_owned(),
        at: Timestamp::now(),
    };
    inventory.add_reviews(&[review(Verdict::Rejected)]).unwrap();
    assert_eq!(changes().len(), 5);
    inventory.add_reviews(&[review(Verdict::Withdrawn)]).unwrap();
    drop(inventory);
    // The state before stays for as long as it is compared with.
    days_pass(dir);
    scan(dir, "other", 4, &["same"]);
    assert_eq!(changes(), [&expected[..4], &expected[5..]].concat());
    scan(dir, "share", 5, &["same"]);
    days_pass(dir);
    scan(dir, "share", 6, &["same"]);
    scan(dir, "other", 7, &["same"]);
    assert_eq!(changes(), Vec::<String>::new());
    assert_eq!(one(dir, "SELECT count(DISTINCT scan_id) FROM findings_history WHERE path = 'same'"), "4");
}

#[test]
fn sources_do_not_touch_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    // More sources than `subjects` may have files, so that they share some.
    let names: Vec<String> = (0..12).map(|n| format!("share{n}")).collect();
    for name in &names {
        scan(dir, name, 1, &["a", "b"]);
    }
    assert_eq!(one(dir, "SELECT count(*), count(DISTINCT source_id) FROM findings"), "24|12");
    scan(dir, "share3", 2, &["b"]);
    assert_eq!(one(dir, "SELECT count(*), count(DISTINCT source_id) FROM findings"), "23|12");
    assert_eq!(one(dir, "SELECT count(*), count(DISTINCT object_id) FROM subjects"), "23|23");
    assert_eq!(one(dir, "SELECT count(*) FROM objects WHERE status = 'gone'"), "1");
    assert_eq!(one(dir, "SELECT count(*) FROM columns"), "23");
    assert_eq!(one(dir, "SELECT count(*) FROM sources"), "12");
}

#[test]
fn a_part_of_another_source_is_taken_once_it_was_seen_whole() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a", "hr/gone", "hr/x", "hrx"]);
    scan(dir, "share", 2, &["a", "hr/x", "hrx"]);
    scan(dir, "third", 2, &["hr/x"]);
    let all = "SELECT s.name, path, status FROM objects JOIN sources s USING (source_id) ORDER BY ALL";
    let before = query(dir, all);
    for (number, status) in [(3, ScanStatus::Interrupted), (4, ScanStatus::Complete)] {
        let inventory = open(dir, true);
        let claims = vec![Claim { source: SourceId::of("share"), path: b"hr".to_vec() }];
        let writer = inventory.begin_scan(ScanStart { claims, ..start("hr", number, true) }).unwrap();
        push(&writer, &object("hr", "x"), &[value(EMAIL, 1, 5)], true);
        assert_eq!(query(dir, all).iter().filter(|row| !row.starts_with("hr|")).count(), before.len());
        let totals = writer.finish(status, Timestamp(number * 1_000_000 + 500_000)).unwrap();
        assert_eq!(totals.of(Status::Gone), 0);
        let known = inventory.sources().unwrap();
        let hr = known.iter().find(|known| known.source.name == "hr").unwrap();
        assert_eq!((hr.has_objects, hr.is_complete), (true, status == ScanStatus::Complete));
    }
    assert_eq!(
        query(dir, all),
        ["hr|x|scanned", "share|a|scanned", "share|hrx|scanned", "third|hr/x|scanned"]
    );
    for table in ["findings", "subjects", "columns"] {
        assert_eq!(one(dir, &format!("SELECT count(*), count(DISTINCT object_id) FROM {table}")), "4|4");
    }
    assert_eq!(
        query(dir, "SELECT path, change FROM changes ORDER BY ALL"),
        ["hr/x|added"],
        "of the third source: what another one owns now has not ended, and the interrupted scan had it already"
    );
    // The files of the two stay apart.
    let manifest = std::fs::read_to_string(dir.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let is_in = |file: &serde_json::Value, name| {
        file["sources"].as_array().unwrap().iter().any(|id| *id == SourceId::of(name).to_string())
    };
    let objects: Vec<_> =
        manifest["files"].as_array().unwrap().iter().filter(|file| file["table"] == "objects").collect();
    assert!(objects.iter().any(|file| is_in(file, "share")) && objects.iter().any(|file| is_in(file, "hr")));
    assert!(!objects.iter().any(|file| is_in(file, "share") && is_in(file, "hr")));
}

#[test]
fn two_sources_can_be_scanned_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let inventory = open(dir.path(), true);
    let one_writer = inventory.begin_scan(start("one", 1, true)).unwrap();
    let two_writer = inventory.begin_scan(start("two", 1, true)).unwrap();
    assert!(inventory.begin_scan(start("one", 2, true)).is_err());
    push(&one_writer, &object("one", "a"), &[value(EMAIL, 1, 0)], true);
    push(&two_writer, &object("two", "a"), &[value(EMAIL, 1, 0)], true);
    one_writer.commit().unwrap();
    two_writer.commit().unwrap();
    assert_eq!(one(dir.path(), "SELECT count(*) FROM findings"), "2");
    finish(one_writer, 1);
    drop(two_writer);
    // The one that was dropped is put in order when its source is scanned again.
    let again = inventory.begin_scan(start("two", 2, true)).unwrap();
    finish(again, 2);
    assert_eq!(
        query(dir.path(), "SELECT status FROM scans ORDER BY started_at, status"),
        ["complete", "interrupted", "complete"]
    );
    assert_eq!(query(dir.path(), "SELECT status FROM objects ORDER BY status"), ["gone", "scanned"]);
}

#[test]
fn a_key_may_come_later_and_be_left_out() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for (number, keyed, subjects) in [(1, false, "0"), (2, true, "1"), (3, false, "0"), (4, true, "1")] {
        let inventory = open(dir, keyed);
        let writer = inventory.begin_scan(start("share", number, keyed)).unwrap();
        push(&writer, &object("share", "a"), &[value(EMAIL, 1, 0)], keyed);
        finish(writer, number);
        assert_eq!(one(dir, "SELECT count(*) FROM subjects"), subjects);
    }
}

/// What was superseded was so two days earlier.
fn days_pass(dir: &Path) {
    let path = dir.join("manifest.json");
    let mut manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for file in manifest["files"].as_array_mut().unwrap() {
        if let Some(at) = file["superseded_at"].as_i64() {
            file["superseded_at"] = (at - 2 * 86_400_000_000).into();
        }
    }
    std::fs::write(path, manifest.to_string()).unwrap();
}

#[test]
fn superseded_files_go_after_a_day() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a"]);
    scan(dir, "share", 2, &["a"]);
    let count = |state: &str| {
        let manifest = std::fs::read_to_string(dir.join("manifest.json")).unwrap();
        manifest.matches(&format!("\"state\":\"{state}\"")).count()
    };
    let kept = crate::support::files(dir).len();
    assert!(count("superseded") > 0);
    days_pass(dir);
    drop(open(dir, true).begin_scan(start("share", 3, true)).unwrap());
    assert!(crate::support::files(dir).len() < kept);
    assert_eq!(one(dir, "SELECT count(*) FROM findings"), "1");
    assert_eq!(one(dir, "SELECT count(*) FROM scans"), "3");
    assert_eq!(one(dir, "SELECT count(*) FROM trend"), "2");
}
