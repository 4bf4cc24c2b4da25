//! What is written is what DuckDB reads, in the types of the contract.

use domesday_inventory::{Distinct, ScanStatus, finding, summary};
use domesday_model::{FindingId, ObjectId, ObjectMeta, Sensitivity, Sink, SourceId, Status, Timestamp};

use crate::support::{
    EMAIL, IPV4, SSN, Value, finish, in_column, key, object, one, open, push, query, scan, scanned, start,
    tell, value,
};

#[test]
fn a_scan_round_trips_through_duckdb() {
    let dir = tempfile::tempdir().unwrap();
    let inventory = open(dir.path(), true);
    let writer = inventory.begin_scan(start("share", 1, true)).unwrap();
    let meta = object("share", "hr/staff list.CSV");
    let values = [
        in_column(value(EMAIL, 4, 205), 0, "email"),
        in_column(value(EMAIL, 5, 305), 0, "email"),
        in_column(value(EMAIL, 5, 405), 0, "email"),
        Value { confidence: 450, ..in_column(value(SSN, 7, 420), 1, "ssn") },
        Value { reported: false, ..in_column(value(SSN, 8, 520), 1, "ssn") },
    ];
    push(&writer, &meta, &values, true);
    let totals = finish(writer, 1);
    assert_eq!((totals.of(Status::Scanned), totals.findings, totals.occurrences), (1, 2, 4));

    let dir = dir.path();
    let id = FindingId::of(meta.id, Some("email"), "email_address");
    assert_eq!(
        query(
            dir,
            "SELECT finding_id, object_id, path, column_path, detector, sensitivity, occurrences, \
             distinct_estimate, confidence, confidence_histogram, first_place, masked_sample, evidence, alternatives, \
             object_version, distinct_sketch IS NOT NULL, suppressed_by FROM findings ORDER BY detector"
        ),
        [
            format!(
                "{id}|{}|hr/staff list.CSV|email|email_address|moderate|3|2|0.9|[0, 0, 0, 0, 0, 0, 0, 0, 0, 3]|\
                 {{'record': 2, 'byte_start': 205, 'byte_end': 217, 'place_unit': bytes}}|•••4|['header:email', \
                 shape]|[ipv4_address]|43981|true|-",
                meta.id
            ),
            format!(
                "{}|{}|hr/staff list.CSV|ssn|us.ssn|high|1|1|0.45|[0, 0, 0, 0, 1, 0, 0, 0, 0, 0]|{{'record': 4, \
                 'byte_start': 420, 'byte_end': 432, 'place_unit': bytes}}|•••7|['header:email', shape]|[]|43981|\
                 true|-",
                FindingId::of(meta.id, Some("ssn"), "us.ssn"),
                meta.id
            ),
        ]
    );
    assert_eq!(
        one(
            dir,
            "SELECT name, extension, format, encoding, size_bytes, modified_at, fingerprint, mode, exposure, status, \
             coverage, reason, occurrences, sensitivity, subject_estimate, oldest_at = newest_at, date_basis, gone_at \
             FROM objects"
        ),
        "staff list.CSV|csv|csv|utf-8|1000|2020-09-13 12:26:40+00|000000000000abcd|420|everyone|scanned|full|-|4|\
         high|2|true|file|-"
    );
    assert_eq!(
        one(dir, "SELECT column_path, ordinal, data_type, records, non_null, detector FROM columns"),
        "email|0|text|10|9|-"
    );
    assert_eq!(
        one(dir, "SELECT name, kind, root, last_scan_id = (SELECT scan_id FROM scans) FROM sources"),
        "share|files|/srv/share|true"
    );
    assert_eq!(
        one(
            dir,
            "SELECT status, finished_at - started_at, ruleset, objects, objects_scanned, objects_gone, bytes_read, \
             findings, occurrences FROM scans"
        ),
        "complete|00:00:00.5|cafe|1|1|0|1000|2|4"
    );
    assert_eq!(
        query(
            dir,
            "SELECT detector, exposure, objects, occurrences, distinct_estimate FROM trend ORDER BY detector"
        ),
        ["email_address|everyone|1|3|2", "us.ssn|everyone|1|1|1"]
    );
    let token = format!("{:?}", key().token(domesday_model::TokenKind::NationalId, &8u64.to_le_bytes()));
    assert_eq!(
        one(
            dir,
            &format!(
                "SELECT kind, token_scheme, key_id, detector, object_id, column_path, record, byte_start, byte_end, confidence \
             FROM subjects WHERE token = unhex('{token}')"
            )
        ),
        format!("national_id|4|{}|us.ssn|{}|ssn|5|520|532|0.9", key().id(), meta.id)
    );
    assert_eq!(one(dir, "SELECT count(*) FROM subjects"), "5");

    let row = finding(dir, id).unwrap().unwrap();
    assert_eq!(
        (row.path.as_slice(), row.first_span.start, row.first_record),
        (&b"hr/staff list.CSV"[..], 205, Some(2))
    );
    assert_eq!((row.source_root.as_str(), row.encoding.as_deref()), ("/srv/share", Some("utf-8")));
    assert_eq!(row.evidence, ["header:email", "shape"]);
    assert_eq!(finding(dir, FindingId::of(meta.id, None, "email_address")).unwrap(), None);
}

#[test]
fn empty_tables_have_the_types_of_full_ones() {
    let types = |dir: &std::path::Path| {
        query(dir, "SELECT table_name, column_name, data_type FROM information_schema.columns ORDER BY ALL")
    };
    let empty = tempfile::tempdir().unwrap();
    drop(open(empty.path(), true));
    let full = tempfile::tempdir().unwrap();
    scan(full.path(), "share", 1, &["a.csv"]);
    assert_eq!(types(empty.path()), types(full.path()));
    assert!(types(full.path()).contains(&"findings|finding_id|UUID".to_owned()));
    assert!(types(full.path()).contains(&"findings|confidence_histogram|UINTEGER[]".to_owned()));
    assert!(types(full.path()).contains(&"objects|scanned_at|TIMESTAMP WITH TIME ZONE".to_owned()));
    assert_eq!(one(empty.path(), "SELECT count(*) FROM findings"), "0");
}

#[test]
fn views_work_whatever_the_directory_is_called() {
    for name in ["it's", "two words", "häß", "a[b]c", "what*?", "one,two", "{a,b}", "c'\"d"] {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join(name);
        scan(&dir, "share", 1, &["a.csv"]);
        assert_eq!(one(&dir, "SELECT count(*) FROM findings"), "1", "{name}");
    }
}

#[test]
fn without_a_key_there_are_no_tokens_and_no_sketches() {
    let dir = tempfile::tempdir().unwrap();
    let inventory = open(dir.path(), false);
    let writer = inventory.begin_scan(start("share", 1, false)).unwrap();
    // A caller that hands over tokens all the same does not get them stored.
    push(
        &writer,
        &object("share", "a"),
        &[value(EMAIL, 1, 0), value(EMAIL, 2, 20), value(IPV4, 3, 40)],
        true,
    );
    finish(writer, 1);
    let dir = dir.path();
    assert_eq!(one(dir, "SELECT count(*) FROM subjects"), "0");
    assert_eq!(one(dir, "SELECT count(distinct_sketch), max(distinct_estimate) FROM findings"), "0|2");
    assert_eq!(one(dir, "SELECT subject_estimate FROM objects"), "2");
    assert_eq!(one(dir, "SELECT count(*), count(distinct_estimate) FROM trend"), "2|0");
    assert_eq!(summary(dir).unwrap().kinds[0].distinct, Distinct::AtLeast(2));
}

#[test]
fn subject_estimate_takes_values_that_count_people() {
    let dir = tempfile::tempdir().unwrap();
    let inventory = open(dir.path(), true);
    let writer = inventory.begin_scan(start("share", 1, true)).unwrap();
    let mut values = vec![value(EMAIL, 1, 0), value(EMAIL, 2, 20)];
    values.extend((0..50).map(|n| value(IPV4, n, 40 + 20 * n)));
    push(&writer, &object("share", "a"), &values, true);
    push(&writer, &object("share", "b"), &values[2..], true);
    finish(writer, 1);
    assert_eq!(query(dir.path(), "SELECT path, subject_estimate FROM objects ORDER BY path"), ["a|2", "b|-"]);
}

#[test]
fn restart_voids_what_was_told() {
    let dir = tempfile::tempdir().unwrap();
    let inventory = open(dir.path(), true);
    let writer = inventory.begin_scan(start("share", 1, true)).unwrap();
    let mut sink = writer.sink();
    sink.begin(&object("share", "a")).unwrap();
    // Enough to be written aside.
    (0..130_000).for_each(|n| tell(&mut sink, &value(EMAIL, n, n), true));
    sink.restart().unwrap();
    tell(&mut sink, &value(IPV4, 1, 7), true);
    sink.end(&scanned()).unwrap();
    drop(sink);
    finish(writer, 1);
    assert_eq!(query(dir.path(), "SELECT detector, occurrences FROM findings"), ["ipv4_address|1"]);
    assert_eq!(query(dir.path(), "SELECT detector FROM subjects"), ["ipv4_address"]);
    assert!(
        !dir.path().join("tmp").exists()
            || std::fs::read_dir(dir.path().join("tmp")).unwrap().next().is_none()
    );
}

#[test]
fn columns_of_one_name_share_a_finding() {
    let dir = tempfile::tempdir().unwrap();
    let inventory = open(dir.path(), true);
    let writer = inventory.begin_scan(start("share", 1, true)).unwrap();
    let values = [in_column(value(EMAIL, 1, 0), 0, "mail"), in_column(value(EMAIL, 2, 20), 1, "mail")];
    push(&writer, &object("share", "a"), &values, true);
    finish(writer, 1);
    assert_eq!(query(dir.path(), "SELECT column_path, occurrences FROM findings"), ["mail|2"]);
}

#[test]
fn names_that_are_not_utf8_keep_their_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let inventory = open(dir.path(), true);
    let writer = inventory.begin_scan(start("share", 1, true)).unwrap();
    let raw = b"d/caf\xe9.txt".to_vec();
    let source = SourceId::of("share");
    let meta = ObjectMeta {
        id: ObjectId::of(source, &raw, None),
        path_bytes: Some(raw.clone()),
        ..object("share", "d/caf\u{fffd}.txt")
    };
    push(&writer, &meta, &[value(EMAIL, 1, 0)], true);
    finish(writer, 1);
    assert_eq!(
        one(dir.path(), "SELECT path, path_bytes = 'd/caf\\xE9.txt'::BLOB FROM objects"),
        "d/caf\u{fffd}.txt|true"
    );
    let id = FindingId::of(meta.id, None, "email_address");
    assert_eq!(finding(dir.path(), id).unwrap().unwrap().path, raw);
}

#[test]
fn no_raw_value_reaches_a_file() {
    let dir = tempfile::tempdir().unwrap();
    scan(dir.path(), "share", 1, &["a", "b"]);
    for file in crate::support::files(dir.path()) {
        let content = std::fs::read(&file).unwrap();
        assert!(!content.windows(10).any(|window| window == b"never-to-b"), "{file:?}");
    }
    let everything = "SELECT * FROM findings";
    assert!(!one(dir.path(), everything).contains("canary"));
}

#[test]
fn rows_do_not_depend_on_the_number_of_sinks() {
    let rows = |threads: usize| {
        let dir = tempfile::tempdir().unwrap();
        let inventory = open(dir.path(), true);
        let writer = inventory.begin_scan(start("share", 1, true)).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..threads {
                let writer = &writer;
                scope.spawn(move || {
                    let mut sink = writer.sink();
                    for n in (0..400u64).filter(|n| *n as usize % threads == thread) {
                        sink.begin(&object("share", &format!("d{}/f{n}", n % 7))).unwrap();
                        for i in 0..n % 90 {
                            tell(
                                &mut sink,
                                &value([EMAIL, IPV4, SSN][(i % 3) as usize], n * i % 50, 15 * i),
                                true,
                            );
                        }
                        sink.end(&scanned()).unwrap();
                        if n % 50 == 0 {
                            writer.commit().unwrap();
                        }
                    }
                });
            }
        });
        writer.finish(ScanStatus::Complete, Timestamp(2_000_000)).unwrap();
        let dir = dir.path();
        let mut rows = query(dir, "SELECT * FROM findings ORDER BY ALL");
        rows.extend(query(dir, "SELECT * EXCLUDE (scanned_at, first_seen_at) FROM objects ORDER BY ALL"));
        rows.extend(query(dir, "SELECT * FROM subjects ORDER BY ALL"));
        rows.extend(query(dir, "SELECT * FROM trend ORDER BY ALL"));
        rows.extend(query(dir, "SELECT * FROM columns ORDER BY ALL"));
        rows
    };
    let one = rows(1);
    assert!(one.len() > 2000, "{}", one.len());
    assert!(one == rows(4));
}

#[test]
fn summary_leads_with_coverage() {
    let dir = tempfile::tempdir().unwrap();
    let inventory = open(dir.path(), true);
    let writer = inventory.begin_scan(start("share", 1, true)).unwrap();
    push(&writer, &object("share", "hr/pay/a.csv"), &[value(SSN, 1, 0), value(EMAIL, 1, 50)], true);
    push(&writer, &object("share", "hr/pay/b.csv"), &[value(EMAIL, 1, 0), value(EMAIL, 2, 50)], true);
    push(&writer, &object("share", "it/x.log"), &[], true);
    let (meta, outcome) = crate::support::unreadable_directory("share", "secret");
    let mut sink = writer.sink();
    sink.begin(&meta).unwrap();
    sink.end(&outcome).unwrap();
    finish(writer, 1);

    let summary = summary(dir.path()).unwrap();
    assert_eq!(summary.coverage[0].status, Status::Unreadable);
    assert_eq!((summary.problem_count, summary.problems[0].path.as_str()), (1, "secret"));
    let kinds: Vec<_> =
        summary.kinds.iter().map(|k| (k.detector.as_str(), k.objects, k.occurrences, k.distinct)).collect();
    assert_eq!(kinds, [("us.ssn", 1, 1, Distinct::About(1)), ("email_address", 2, 3, Distinct::About(2))]);
    assert_eq!((summary.folders[0].path.as_str(), summary.folders[0].objects), ("hr/pay", 2));
    let worst = &summary.files[0];
    assert_eq!((worst.path.as_str(), worst.most_sensitive, worst.occurrences), ("hr/pay/a.csv", 1, 2));
    assert_eq!((summary.folders[0].most_sensitive, summary.folders[0].occurrences), (1, 4));
    let exposure: Vec<_> =
        summary.exposure.iter().map(|line| (line.sensitivity, line.objects, line.occurrences)).collect();
    assert_eq!(exposure, [(Sensitivity::High, 1, 1), (Sensitivity::Moderate, 2, 3)]);
    assert_eq!((summary.sources[0].status.as_str(), summary.sources[0].objects), ("complete", 4));
}
