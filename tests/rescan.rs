//! What becomes of what earlier scans found: where it cannot be read any more, and where another source owns it.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use support::{Ran, Sandbox};

const MAIL: &str = "write to anna.berg@hafenbuero-nord.de please";

fn texts(rows: Vec<Vec<Value>>) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    rows.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join("|")).collect()
}

fn objects(sandbox: &Sandbox) -> Vec<String> {
    let mut rows = texts(sandbox.query(
        "SELECT s.name[-5:], path, status, reason, o.occurrences FROM objects o JOIN sources s USING (source_id)",
    ));
    rows.sort_unstable();
    rows
}

#[test]
fn what_cannot_be_read_any_more_keeps_its_findings() {
    let sandbox = Sandbox::new();
    for path in ["a.txt", "b.txt", "hr/c.txt"] {
        sandbox.write(path, MAIL);
    }
    let scan = || sandbox.run_as_ordinary_user(&["scan", "share", "--inventory", "inv"]);
    scan().expect(0);
    for path in ["share/a.txt", "share/hr"] {
        fs::set_permissions(sandbox.path(path), fs::Permissions::from_mode(0o000)).expect("ours");
    }
    let told = scan().expect(2).stderr;
    assert!(told.contains("found  1 value") && told.contains("1 scanned, 2 unreadable"), "{told}");
    assert_eq!(
        objects(&sandbox),
        [
            "share|a.txt|unreadable|permission_denied|1",
            "share|b.txt|scanned|null|1",
            "share|hr/c.txt|scanned|null|1",
            "share|hr|unreadable|permission_denied|0",
        ]
    );
    // They say of themselves that the earlier scan found them.
    let last = "SELECT path, scan_id = (SELECT last_scan_id FROM sources) FROM findings ORDER BY path";
    assert_eq!(texts(sandbox.query(last)), ["a.txt|false", "b.txt|true", "hr/c.txt|false"]);
    assert_eq!(sandbox.number("SELECT objects FROM scans ORDER BY started_at DESC LIMIT 1"), 3);
    let summary = sandbox.run(["inventory", "summary", "--inventory", "inv"]).expect(0).text();
    for line in [
        "Not reached by the last scan, and counted as an earlier one left them: 1 object.",
        "Not opened by the last scan, and counted with what an earlier one found in them: 1 object.",
    ] {
        assert!(summary.contains(line), "{summary}");
    }
}

fn scan(sandbox: &Sandbox, args: &[&str]) -> Ran {
    sandbox.run(["scan", "--inventory", "inv", "--format", "none", "--quiet"].iter().chain(args))
}

#[test]
fn the_more_specific_source_owns_an_object_from_scan_to_scan() {
    let sandbox = Sandbox::new();
    for path in ["a.txt", "hr/b.txt", "hr/c.txt", "hr-old/d.txt"] {
        sandbox.write(path, MAIL);
    }
    sandbox.make_key();
    scan(&sandbox, &["share"]).expect(0);
    fs::remove_file(sandbox.path("share/hr/c.txt")).expect("it is there");
    // What the other source saw counts once, and what it did not find is no longer an object of either.
    scan(&sandbox, &["share/hr"]).expect(0);
    let mut expected =
        vec!["re/hr|b.txt|scanned|null|1", "share|a.txt|scanned|null|1", "share|hr-old/d.txt|scanned|null|1"];
    assert_eq!(objects(&sandbox), expected);
    for table in ["findings", "subjects"] {
        assert_eq!(sandbox.number(&format!("SELECT count(*) FROM {table}")), 3, "{table}");
    }
    let told = scan(&sandbox, &["share"]).expect(0).stderr;
    assert!(told.contains("share/hr is left out here: it is the source"), "{told}");
    expected.push("share|hr|skipped|other_source|0");
    assert_eq!(objects(&sandbox), expected);
    assert_eq!(sandbox.number("SELECT sum(objects_gone) FROM scans"), 0);
    // A single file is a source as well.
    scan(&sandbox, &["share/a.txt"]).expect(0);
    scan(&sandbox, &["share"]).expect(0);
    expected[1] = "a.txt|a.txt|scanned|null|1";
    expected.insert(2, "share|a.txt|skipped|other_source|0");
    expected.sort_unstable();
    assert_eq!(objects(&sandbox), expected);
    assert_eq!(sandbox.number("SELECT count(*) FROM findings"), 3);
    let told = scan(&sandbox, &["share", "--allow-overlap"]).expect(0).stderr;
    assert!(!told.contains("left out"), "{told}");
    assert_eq!(sandbox.number("SELECT count(*) FROM findings"), 5);
    fs::remove_dir_all(sandbox.path("share/hr")).expect("it is there");
    let told = scan(&sandbox, &["share"]).expect(0).stderr;
    assert!(told.contains("a.txt is left out here") && !told.contains("hr is left out"), "{told}");
}

#[test]
fn one_place_has_one_name() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    scan(&sandbox, &["share", "--source", "finance"]).expect(0);
    let told = scan(&sandbox, &["share"]).expect(3).stderr;
    assert!(told.contains("--source finance") && told.contains("--allow-overlap"), "{told}");
    assert!(!told.contains("next:"), "nothing was scanned: {told}");
    assert_eq!(sandbox.number("SELECT count(*) FROM sources"), 1);
    scan(&sandbox, &["share", "--source", "finance"]).expect(0);
    scan(&sandbox, &["share", "--source", "other", "--allow-overlap"]).expect(0);
    assert_eq!(sandbox.number("SELECT count(*) FROM sources"), 2);
}

#[test]
fn a_scan_that_looks_for_less_takes_no_place_unasked() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", format!("{MAIL}, IBAN DE32945807302157368193"));
    let scan = |flags: &[&str]| scan(&sandbox, &[&["share", "--source", "finance"], flags].concat());
    let found = || sandbox.number("SELECT count(*) FROM findings");
    scan(&["--detectors", "iban"]).expect(0);
    let summary = sandbox.run(["inventory", "summary", "--inventory", "inv"]).expect(0).text();
    assert!(summary.contains("Only 1 detector looked at finance: iban. What others would find"), "{summary}");
    // As many, and more.
    for flags in [&["--detectors", "iban"][..], &["--detectors", "iban,email_address"], &[]] {
        scan(flags).expect(0);
    }
    assert_eq!(found(), 2);
    let refused = scan(&["--detectors", "iban"]).expect(3).stderr;
    assert!(refused.contains("--allow-fewer-detectors"), "{refused}");
    scan(&["--country", "DE"]).expect(3);
    assert_eq!(found(), 2);
    let summary = || sandbox.run(["inventory", "summary", "--inventory", "inv"]).expect(0).text();
    assert!(!summary().contains("looked at finance"), "{}", summary());
    scan(&["--detectors", "iban", "--allow-fewer-detectors"]).expect(0);
    assert_eq!(found(), 1);
}

#[test]
fn a_source_has_a_country_in_which_its_telephone_numbers_are_dialled() {
    let sandbox = Sandbox::new();
    sandbox.make_key();
    sandbox.write("berlin.txt", "Telefon: 030 901820\nTelefon: +49 30 901820\n");
    sandbox.write("chicago.txt", "call (312) 555-0147\nphone: +1 312 555 0147\n");
    sandbox.write("door.txt", "the caretaker, 030 / 901820, opens\n");
    let token = |value: &str| {
        let token = ["key", "token", "--kind", "phone", "--source-country", "DE", value];
        sandbox.run(token).expect(0).text().trim().to_owned()
    };
    assert_eq!(token("030 / 901820"), token("0049 30 901820"));
    // In how many places a lookup finds it.
    let places = |value: &str| {
        let token = token(value);
        sandbox.number(&format!(
            "SELECT count(DISTINCT (object_id, byte_start)) FROM subjects WHERE key_id || ':' || kind || ':' || lower(hex(token)) = '{token}'"
        ))
    };
    sandbox.scan(&[]).expect(0);
    assert_eq!((places("+49 30 901820"), places("+1 312 555 0147")), (1, 2));
    let at_the_door = "SELECT confidence >= 0.5, list_contains(evidence, 'source_country') FROM findings WHERE path = 'door.txt'";
    assert!(sandbox.query(at_the_door).is_empty());
    let refused = sandbox.scan(&["--source-country", "Germany"]).expect(3).stderr;
    assert!(refused.contains("for instance DE"), "{refused}");
    // The second time nobody says so again.
    for flags in [&["--source-country", "de"][..], &[]] {
        sandbox.scan(flags).expect(0);
        assert_eq!((places("+49 30 901820"), places("+1 312 555 0147")), (3, 2), "{flags:?}");
        assert_eq!(sandbox.query(at_the_door), [[true, true]]);
        assert_eq!(sandbox.query("SELECT country FROM sources"), [["DE"]]);
    }
}
