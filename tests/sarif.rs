//! `scan --format sarif`: valid by the official schema, the same findings as the lines of JSON, and no raw value.

mod support;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::Value;
use support::{Ran, Sandbox, fixtures};

const MAIL: &str = "write to anna.berg@hafenbuero-nord.de please\n";

/// The log of a run, after the schema has found nothing wrong with it.
fn log(sandbox: &Sandbox, ran: &Ran) -> Value {
    let script = "import json, sys\n\
        from jsonschema import Draft7Validator, FormatChecker\n\
        schema, log = (json.load(open(path)) for path in sys.argv[1:])\n\
        Draft7Validator.check_schema(schema)\n\
        for error in Draft7Validator(schema, format_checker=FormatChecker()).iter_errors(log):\n\
        \x20   print(error.json_path, error.message[:300])";
    let (schema, file) =
        (fixtures().join("sarif/sarif-schema-2.1.0.json"), sandbox.path("elsewhere/log.sarif"));
    fs::write(&file, &ran.stdout).expect("writable");
    let errors = sandbox.python(script, &[schema.as_os_str(), file.as_os_str()]);
    assert_eq!(errors, "", "the schema is not kept");
    serde_json::from_slice(&ran.stdout).expect("one JSON document")
}

fn results(log: &Value) -> &[Value] {
    assert_eq!(log["runs"].as_array().map(Vec::len), Some(1));
    log["runs"][0]["results"].as_array().expect("results are there, if none")
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} in {value}"))
}

const URI: &str = "/locations/0/physicalLocation/artifactLocation/uri";
const REGION: &str = "/locations/0/physicalLocation/region";

/// The bytes that a percent-encoded URI stands for.
fn decoded(uri: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoded = uri.bytes();
    while let Some(byte) = encoded.next() {
        let mut digit = || char::from(encoded.next().expect("two digits")).to_digit(16).expect("a digit");
        bytes.push(if byte == b'%' { (digit() * 16 + digit()) as u8 } else { byte });
    }
    bytes
}

#[test]
fn hidden_keys_leave_every_finding_one_result() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "users.json",
        r#"{"users": {"4711999": {"mail": "x.berg@hafenbuero-nord.de"},
            "Thomas Kowalczyk": {"mail": "t.kowalczyk@hafenbuero-nord.de"},
            "Anna Berg": {"mail": "a.berg@hafenbuero-nord.de"}}}"#,
    );
    sandbox.write(
        "rows.csv",
        "Thomas Kowalczyk,mail\n1,b@hafenbuero-nord.de\nsee c@hafenbuero-nord.de\n2,d@hafenbuero-nord.de\n",
    );
    let log = log(&sandbox, &sandbox.scan(&["--format", "sarif"]).expect(0));
    let mut prints: Vec<_> =
        results(&log).iter().map(|result| result["partialFingerprints"].to_string()).collect();
    prints.sort_unstable();
    assert_eq!(prints.len() as i64, sandbox.number("SELECT count(*) FROM findings"));
    prints.dedup();
    assert_eq!(prints.len(), results(&log).len(), "each finding is told once");
    assert_eq!(
        sandbox.query("SELECT column_path FROM columns GROUP BY object_id, column_path HAVING count(*) > 1"),
        Vec::<Vec<Value>>::new()
    );
    let paths = sandbox.query("SELECT DISTINCT column_path FROM columns");
    assert!(paths.contains(&vec![Value::from("users.*.mail#2")]), "{paths:?}");
}

#[test]
fn a_log_has_every_finding_of_the_share_at_its_place() {
    let sandbox = Sandbox::new();
    let share = fixtures().join("share");
    let scan = |args: &[&str]| {
        let mut command = sandbox.command();
        command.arg("scan").arg(&share).args(["--source", "share", "--inventory", "inv"]).args(args);
        support::finish(command).expect(0)
    };
    let ran = scan(&["--format", "sarif"]);
    let log = log(&sandbox, &ran);
    let mut findings: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in scan(&["--format", "jsonl", "--reveal"]).lines() {
        findings.entry(text(&line, "/finding_id").to_owned()).or_default().push(line);
    }
    let run = &log["runs"][0];
    assert_eq!(results(&log).len(), findings.len());
    let mut with_line = 0;
    for result in results(&log) {
        let id = text(result, "/partialFingerprints/findingId~1v1");
        let lines = findings.remove(id).unwrap_or_else(|| panic!("{id} once"));
        let first = &lines[0];
        assert_eq!(result["occurrenceCount"], lines.len());
        assert_eq!(result["ruleId"], first["detector"]);
        for name in ["column_path", "record", "byte_start", "byte_end", "evidence", "alternatives", "masked"]
        {
            assert_eq!(result["properties"][name], first[name], "{name} of {first}");
        }
        assert_eq!(decoded(text(result, URI)), text(first, "/path").as_bytes());
        let region = result.pointer(REGION).expect("these are plain files");
        let number = |name: &str| region[name].as_u64().expect(name) as usize;
        let (start, len) = (number("byteOffset"), number("byteLength"));
        assert_eq!(
            (Some(start as u64), Some((start + len) as u64)),
            (first["byte_start"].as_u64(), first["byte_end"].as_u64())
        );
        if region.get("startLine").is_some() {
            with_line += 1;
            let file = fs::read(share.join(text(first, "/path"))).expect("it was just read");
            let line = 1 + file[..start].iter().filter(|&&byte| byte == b'\n').count();
            assert_eq!(number("startLine"), line, "{first}");
        }
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().expect("an index") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(rule["defaultConfiguration"]["level"], result["level"]);
        let shown = result.to_string().replace(text(result, URI), "");
        // Values such as `1` and `female` stand everywhere.
        for value in lines.iter().map(|line| text(line, "/value")).filter(|value| value.len() > 6) {
            assert!(!shown.contains(value), "{shown}");
        }
    }
    // Most of the share is read by column and has none.
    assert!(findings.is_empty() && with_line > 30, "{with_line} have a line");
    let root = text(run, "/originalUriBaseIds/share/uri");
    let expected = share.canonicalize().expect("there");
    assert_eq!(decoded(root), format!("file://{}/", expected.display()).as_bytes());
    assert_eq!(run["invocations"][0]["exitCode"], 0);
    let unread = run["invocations"][0]["toolExecutionNotifications"].as_array().expect("a list");
    assert!(unread.iter().any(|one| one["descriptor"]["id"] == "container_unsupported"), "{unread:?}");
}

#[test]
fn rules_tell_what_they_look_for_and_which_law_cares() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    let log = log(&sandbox, &sandbox.scan(&["--format", "sarif"]).expect(0));
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    let detectors = sandbox.run(["detectors", "list", "--format", "jsonl"]).expect(0).lines();
    assert_eq!(rules.len(), detectors.len());
    for (rule, detector) in rules.iter().zip(&detectors) {
        assert_eq!(rule["id"], detector["id"]);
        assert_eq!(rule["helpUri"], detector["source"]);
        assert!(!text(rule, "/fullDescription/text").is_empty());
        let tags = rule["properties"]["tags"].as_array().expect("tags");
        assert!(tags.contains(&detector["category"]) && tags.contains(&detector["dpv"]), "{rule}");
        for law in ["gdpr_article9", "gdpr_article10", "ccpa_sensitive"] {
            assert_eq!(tags.contains(&law.into()), detector[law] == true, "{rule}");
        }
    }
    let ssn = rules.iter().find(|rule| rule["id"] == "us.ssn").expect("it is built in");
    assert_eq!((&ssn["name"], &ssn["defaultConfiguration"]["level"]), (&"UsSsn".into(), &"error".into()));
    let some = sandbox.scan(&["--format", "sarif", "--detectors", "us", "--allow-fewer-detectors"]).expect(0);
    let some = self::log(&sandbox, &some);
    assert!(results(&some).is_empty(), "{some}");
    sandbox.scan(&["--format", "sarif", "--reveal"]).expect(3);
}

#[test]
fn odd_names_and_several_sources_make_one_run() {
    let sandbox = Sandbox::new();
    let names: [&[u8]; 4] =
        [b"two\nlines.txt", b"red\x1b[31m\xc2\x9b2J%41.txt", b"latin-\xe9.txt", b"c:d?e#f.txt"];
    for name in names {
        fs::write(sandbox.path("share").join(OsStr::from_bytes(name)), MAIL).expect("any name will do");
    }
    sandbox.write(
        "table.csv",
        "id,tags[\u{202e}]{0}\n1,anna.berg@hafenbuero-nord.de\n2,bert.moor@hafenbuero-nord.de\n",
    );
    fs::write(sandbox.path("elsewhere/one.txt"), MAIL).expect("writable");
    let args = ["scan", "share", "elsewhere/one.txt", "absent", "--inventory", "inv", "--format", "sarif"];
    let ran = sandbox.run(args).expect(3);
    let shown = ran.text();
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}'), "{shown:?}");
    let log = log(&sandbox, &ran);
    let run = &log["runs"][0];
    let mut found = Vec::new();
    for result in results(&log) {
        let base = text(result, "/locations/0/physicalLocation/artifactLocation/uriBaseId");
        let root = decoded(text(&run["originalUriBaseIds"], &format!("/{}/uri", base.replace('/', "~1"))));
        let file = [&root[b"file://".len()..], &decoded(text(result, URI))].concat();
        let content = fs::read(OsStr::from_bytes(&file)).expect("the URI leads to the file");
        let region = result.pointer(REGION).expect("a region");
        let start = region["byteOffset"].as_u64().expect("a number") as usize;
        assert!(content[start..].starts_with(b"anna.berg@hafenbuero-nord.de"));
        found.push(file);
    }
    assert_eq!(found.len(), names.len() + 2);
    let table = results(&log).iter().find(|result| text(result, URI) == "table.csv").expect("it is found");
    assert!(text(table, "/message/text").contains("tags\\[\u{202e}\\]{{0}}: 2 values"), "{table}");
    assert_eq!(table["locations"][0]["logicalLocations"][0]["kind"], "column");
    let invocation = &run["invocations"][0];
    assert_eq!((&invocation["exitCode"], &invocation["executionSuccessful"]), (&3.into(), &false.into()));
}

#[test]
fn what_was_not_read_is_notified_and_counted() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    sandbox.write("secret.txt", MAIL);
    fs::set_permissions(sandbox.path("share/secret.txt"), fs::Permissions::from_mode(0o000)).expect("ours");
    for i in 0..1_100 {
        sandbox.write(&format!("many/{i:04}.zip"), b"PK\x03\x04 not a real one");
    }
    let args = ["scan", "share", "--inventory", "inv", "--format", "sarif"];
    let log = log(&sandbox, &sandbox.run_as_ordinary_user(&args).expect(2));
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!((&invocation["exitCode"], &invocation["executionSuccessful"]), (&2.into(), &true.into()));
    let unread = invocation["toolExecutionNotifications"].as_array().expect("a list");
    assert_eq!(unread.len(), 1_001);
    assert_eq!(text(&unread[0], "/locations/0/physicalLocation/artifactLocation/uri"), "secret.txt");
    assert_eq!(unread[0]["descriptor"]["id"], "permission_denied");
    assert_eq!((&unread[0]["level"], &unread[1]["level"]), (&"error".into(), &"warning".into()));
    assert!(text(&unread[1_000], "/message/text").starts_with("101 more objects"), "{}", unread[1_000]);
}

#[test]
fn results_of_many_workers_are_one_list_and_an_interrupted_log_is_whole() {
    let sandbox = Sandbox::new();
    for i in 0..3_000 {
        sandbox.write(&format!("{i:04}.txt"), MAIL.repeat(100));
    }
    let log = log(&sandbox, &sandbox.scan(&["--format", "sarif", "--threads", "8"]).expect(0));
    assert_eq!(results(&log).len(), 3_000);
    let uri = |result: &Value| text(result, "/locations/0/physicalLocation/artifactLocation/uri").to_owned();
    assert!(results(&log).iter().map(uri).is_sorted(), "whichever worker was done first");

    let mut command = sandbox.command();
    command.args(["scan", "share", "--inventory", "inv", "--format", "sarif"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stdout = child.stdout.take().expect("piped");
    // Behind the rules, which a full pipe holds back, the scan begins.
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\"results\":[") {
        let mut byte = [0];
        stdout.read_exact(&mut byte).expect("it writes");
        bytes.extend_from_slice(&byte);
    }
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill starts").success());
    stdout.read_to_end(&mut bytes).expect("it ends");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let log: Value = serde_json::from_slice(&bytes).expect("one JSON document");
    assert!(results(&log).len() < 3_000);
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!((&invocation["exitCode"], &invocation["executionSuccessful"]), (&130.into(), &false.into()));
}
