//! What rules and people say of findings.

use std::fs;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use domesday_inventory::{Inventory, InventoryError, finding, reviews, summary, worklist};
use domesday_model::{FindingId, Review, Ruling, Timestamp, Verdict};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::support::{
    EMAIL, IPV4, SSN, Value, files, finish, in_column, object, one, open, push, query, scan, start, value,
};

const DIR: &str = "DOMESDAY_TEST_REVIEWS_DIR";

fn email_of(path: &str) -> FindingId {
    FindingId::of(object("share", path).id, None, "email_address")
}

fn review(finding_id: FindingId, verdict: Verdict, reason: &str, at: i64) -> Review {
    let (reason, by) = (reason.to_owned(), "ann".to_owned());
    Review { finding_id, verdict, reason, by, at: Timestamp(at) }
}

fn say(dir: &Path, given: &[Review]) {
    Inventory::open_for_reviews(dir).unwrap().add_reviews(given).unwrap();
}

fn marks(dir: &Path) -> Vec<String> {
    query(dir, "SELECT path, review, suppressed_by FROM findings ORDER BY path, detector")
}

#[test]
fn verdicts_hold_from_scan_to_scan() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a", "b", "c"]);
    assert_eq!(one(dir, "SELECT count(*) FROM reviews"), "0");
    say(
        dir,
        &[
            review(email_of("a"), Verdict::Rejected, "part numbers", 10),
            review(email_of("b"), Verdict::Confirmed, "", 10),
        ],
    );
    let expected = ["a|rejected|review: part numbers", "b|confirmed|-", "c|-|-"];
    assert_eq!(marks(dir), expected);
    assert_eq!(
        query(
            dir,
            "SELECT verdict, reason, \"by\", epoch_us(\"at\"), object_version FROM reviews ORDER BY verdict"
        ),
        ["confirmed|-|ann|10|43981", "rejected|part numbers|ann|10|43981"]
    );
    assert_eq!(one(dir, "SELECT count(*) FROM reviews JOIN scans USING (scan_id)"), "2");
    // The scan did not know of it; what the views say of the object does.
    let objects = "SELECT path, occurrences, sensitivity FROM objects ORDER BY path";
    assert_eq!(query(dir, objects), ["a|0|-", "b|1|moderate", "c|1|moderate"]);
    let seen = summary(dir).unwrap();
    assert_eq!((seen.suppressed, seen.kinds[0].objects, seen.files.len()), (1, 2, 2));
    assert_eq!(
        seen.reviewed.into_iter().collect::<Vec<_>>(),
        [(Verdict::Confirmed, 1), (Verdict::Rejected, 1)]
    );

    scan(dir, "share", 2, &["a", "b", "d"]);
    assert_eq!(marks(dir), ["a|rejected|review: part numbers", "b|confirmed|-", "d|-|-"]);
    assert_eq!(
        query(dir, "SELECT objects FROM trend ORDER BY scan_id"),
        ["3", "2"],
        "rows before the verdict stay, those after it leave the finding out"
    );
    assert_eq!(one(dir, "SELECT count(*) FROM findings_history WHERE path = 'a'"), "2");
    assert_eq!(
        one(dir, "SELECT count(*) FROM findings_history WHERE path = 'a' AND review = 'rejected'"),
        "2"
    );
    // It ends, and its verdict waits for it.
    scan(dir, "share", 3, &["b"]);
    assert_eq!(marks(dir), ["b|confirmed|-"]);
    assert_eq!(one(dir, "SELECT occurrences FROM objects WHERE path = 'a'"), "0");
    scan(dir, "share", 4, &["a", "b"]);
    assert_eq!(marks(dir), ["a|rejected|review: part numbers", "b|confirmed|-"]);
    let row = finding(dir, email_of("a")).unwrap().unwrap();
    assert_eq!(row.suppressed_by.as_deref(), Some("review: part numbers"));
    assert_eq!(
        row.review.map(|review| (review.verdict, review.by)),
        Some((Verdict::Rejected, "ann".to_owned()))
    );
}

#[test]
fn the_last_word_counts_and_every_word_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a"]);
    say(dir, &[review(email_of("a"), Verdict::Rejected, "no", 50)]);
    // A clock that was set back does not make the earlier word the last.
    say(dir, &[review(email_of("a"), Verdict::Accepted, "ours", 20)]);
    assert_eq!(marks(dir), ["a|accepted|review: ours"]);
    say(dir, &[review(email_of("a"), Verdict::Withdrawn, "", 60)]);
    assert_eq!(marks(dir), ["a|-|-"]);
    assert_eq!(one(dir, "SELECT count(*) FROM reviews"), "0");
    assert_eq!(one(dir, "SELECT occurrences FROM objects"), "1");
    assert_eq!(
        query(dir, "SELECT verdict, epoch_us(\"at\") FROM reviews_history ORDER BY 2"),
        ["rejected|50", "accepted|51", "withdrawn|60"]
    );
    assert_eq!(reviews(dir).unwrap().log(email_of("a")).len(), 3);
    for i in 0..40 {
        say(dir, &[review(email_of("a"), Verdict::ALL[i % 4], "again", 100 + i as i64)]);
    }
    assert_eq!(one(dir, "SELECT count(*) FROM reviews_history"), "43");
    let live = fs::read_to_string(dir.join("manifest.json")).unwrap();
    let live = live.split("{\"table\":\"reviews\"").skip(1).filter(|file| file.contains("\"current\""));
    assert!(live.count() <= 32, "files merge");
}

#[test]
fn a_verdict_may_come_before_its_finding_but_not_before_its_inventory() {
    let dir = tempfile::tempdir().unwrap();
    let absent = Inventory::open_for_reviews(&dir.path().join("none"));
    assert!(matches!(absent, Err(InventoryError::Absent { .. })));
    let dir = dir.path();
    scan(dir, "other", 1, &["x"]);
    say(dir, &[review(email_of("a"), Verdict::Rejected, "known", 10)]);
    assert_eq!(query(dir, "SELECT scan_id, object_version FROM reviews"), ["-|-"]);
    scan(dir, "share", 2, &["a"]);
    assert_eq!(marks(dir), ["a|rejected|review: known", "x|-|-"]);
    assert_eq!(one(dir, "SELECT occurrences FROM objects WHERE path = 'a'"), "0");
}

#[test]
fn verdicts_show_while_a_scan_runs() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a", "b"]);
    say(dir, &[review(email_of("a"), Verdict::Rejected, "no", 10)]);
    let inventory = open(dir, true);
    let writer = inventory.begin_scan(start("share", 2, true)).unwrap();
    push(&writer, &object("share", "a"), &[value(EMAIL, 1, 3)], true);
    writer.commit().unwrap();
    assert!(matches!(Inventory::open_for_reviews(dir), Err(InventoryError::Locked { .. })));
    // Whoever has it open can.
    inventory.add_reviews(&[review(email_of("b"), Verdict::Accepted, "ours", 20)]).unwrap();
    assert_eq!(marks(dir), ["a|rejected|review: no", "b|accepted|review: ours"]);
    push(&writer, &object("share", "b"), &[value(EMAIL, 1, 3)], true);
    finish(writer, 2);
    assert_eq!(marks(dir), ["a|rejected|review: no", "b|accepted|review: ours"]);
    assert_eq!(one(dir, "SELECT count(*) FROM trend"), "1", "nothing is left for the second scan");
}

fn scan_values(dir: &Path, number: i64, values: &[Value]) {
    let inventory = open(dir, true);
    let writer = inventory.begin_scan(start("share", number, true)).unwrap();
    push(&writer, &object("share", "a"), values, true);
    finish(writer, number);
}

#[test]
fn suppressed_values_are_counted_apart() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let ruled = |value: Value, rule| Value { ruling: Ruling::Suppressed(rule), ..value };
    let values = [
        ruled(value(EMAIL, 1, 10), 1),
        value(EMAIL, 2, 100),
        ruled(value(EMAIL, 3, 200), 0),
        ruled(value(SSN, 4, 300), 1),
        ruled(value(SSN, 5, 400), 0),
        ruled(in_column(value(IPV4, 6, 500), 0, "email"), 0),
        in_column(value(IPV4, 7, 600), 0, "email"),
    ];
    scan_values(dir, 1, &values);
    assert_eq!(
        query(
            dir,
            "SELECT detector, occurrences, suppressed_occurrences, suppressed_by, first_place.byte_start, \
             distinct_estimate FROM findings ORDER BY detector"
        ),
        ["email_address|1|2|-|100|1", "ipv4_address|1|1|-|600|1", "us.ssn|2|0|made up|300|2"]
    );
    assert_eq!(one(dir, "SELECT occurrences, sensitivity FROM objects"), "2|moderate");
    assert_eq!(one(dir, "SELECT findings, occurrences FROM scans"), "2|2");
    assert_eq!(
        query(dir, "SELECT detector, occurrences FROM trend ORDER BY 1"),
        ["email_address|1", "ipv4_address|1"]
    );
    assert_eq!(one(dir, "SELECT count(*) FROM subjects"), "7", "a look-up finds them all the same");
    let mut seen = Vec::new();
    worklist(dir, |finding| seen.push((finding.detector, finding.suppressed_by))).unwrap();
    seen.sort();
    assert_eq!(seen[2], ("us.ssn".to_owned(), Some("made up".to_owned())));
}

#[test]
fn files_of_an_earlier_program_get_the_columns_that_came_later() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a", "b"]);
    for path in files(&dir.join("findings")) {
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
        let batches: Vec<_> = builder.build().unwrap().map(Result::unwrap).collect();
        let keep: Vec<_> = (0..batches[0].num_columns() - 1).collect();
        let batches: Vec<_> = batches.iter().map(|batch| batch.project(&keep).unwrap()).collect();
        let before = fs::metadata(&path).unwrap().len();
        let mut writer =
            ArrowWriter::try_new(File::create(&path).unwrap(), batches[0].schema(), None).unwrap();
        batches.iter().for_each(|batch| writer.write(batch).unwrap());
        writer.close().unwrap();
        let after = fs::metadata(&path).unwrap().len();
        let manifest = fs::read_to_string(dir.join("manifest.json")).unwrap();
        let manifest = manifest.replace(&format!("\"bytes\":{before},"), &format!("\"bytes\":{after},"));
        fs::write(dir.join("manifest.json"), manifest).unwrap();
    }
    let rows = "SELECT path, suppressed_occurrences FROM findings ORDER BY path";
    assert_eq!(query(dir, rows), ["a|-", "b|-"]);
    let inventory = open(dir, true);
    let writer = inventory.begin_scan(start("share", 2, true)).unwrap();
    push(&writer, &object("share", "a"), &[value(EMAIL, 2, 5)], true);
    writer.commit().unwrap();
    assert_eq!(query(dir, rows), ["a|0", "b|-"], "old and new files side by side");
    writer.finish(domesday_inventory::ScanStatus::Interrupted, Timestamp(2_500_000)).unwrap();
    assert_eq!(query(dir, rows), ["a|0", "b|-"], "and in one");
    assert_eq!(one(dir, "SELECT count(*) FROM findings_history"), "3");
}

/// What the child does: one verdict after another, until something stops it.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(DIR).map(PathBuf::from) else { return };
    for i in 0..i64::MAX {
        say(&dir, &[review(email_of(&format!("{}", i % 50)), Verdict::Rejected, "no", i)]);
        println!("\nKEPT {}", i + 1);
    }
}

#[test]
fn a_kill_loses_no_verdict_that_was_kept() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["0", "1", "2"]);
    let mut least = 0;
    for round in 0..5 {
        let mut child = Command::new(std::env::current_exe().expect("this test has a path"))
            .args(["--exact", "reviews::child", "--nocapture"])
            .env(DIR, dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the child starts");
        let mut kept = 0;
        for line in BufReader::new(child.stdout.take().expect("piped")).lines() {
            kept += u64::from(line.expect("text").starts_with("KEPT"));
            if kept > 10 + 13 * round {
                break;
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(3 * round));
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
        least += kept;
        for _ in 0..2 {
            let count: u64 = one(dir, "SELECT count(*) FROM reviews_history").parse().unwrap();
            assert!(count >= least, "{count} of {least}");
            assert_eq!(
                query(dir, "SELECT path FROM findings WHERE review = 'rejected' ORDER BY 1"),
                ["0", "1", "2"]
            );
            drop(open(dir, true));
        }
    }
}
