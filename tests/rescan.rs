//! What becomes of what earlier scans found.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use support::Sandbox;

const MAIL: &str = "write to anna.berg@hafenbuero-nord.de please";

fn texts(rows: Vec<Vec<Value>>) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    rows.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join("|")).collect()
}

fn objects(sandbox: &Sandbox) -> Vec<String> {
    texts(sandbox.query(
        "SELECT s.name[-5:], path, status, reason, o.occurrences FROM objects o JOIN sources s USING (source_id) \
         ORDER BY ALL",
    ))
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
            "share|hr|unreadable|permission_denied|0",
            "share|hr/c.txt|scanned|null|1",
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
