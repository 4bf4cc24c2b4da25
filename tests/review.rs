//! What rules and people say of findings, with the real program.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Ran, Sandbox, feed};

const MAIL: &str = "anna.berg@hafenbuero-nord.de";

/// An object with two columns and one of text.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "hr/people.csv",
        format!("id,email,ssn\n1,{MAIL},536-22-8145\n2,bert.moor@hafenbuero-nord.de,512-33-8845\n"),
    );
    sandbox.write("notes/a.txt", format!("write to {MAIL}, or to info@hafenbuero-nord.de\n"));
    sandbox
}

fn review(sandbox: &Sandbox, args: &[&str]) -> Ran {
    sandbox.run(["review", "--inventory", "inv"].iter().chain(args))
}

/// The finding of a detector at a path.
fn id(sandbox: &Sandbox, path: &str, detector: &str) -> String {
    let sql =
        format!("SELECT finding_id::VARCHAR FROM findings WHERE path = '{path}' AND detector = '{detector}'");
    sandbox.query(&sql)[0][0].as_str().expect("an id").to_owned()
}

fn marks(sandbox: &Sandbox) -> Vec<Vec<Value>> {
    sandbox.query("SELECT path, detector, review, suppressed_by FROM findings ORDER BY path, detector")
}

#[test]
fn a_verdict_holds_in_views_scans_and_logs() {
    let sandbox = sandbox();
    let fail = ["--fail-on", "sensitivity>=high", "--quiet", "--format"];
    sandbox.scan(&[&fail[..], &["none"]].concat()).expect(1);
    let (ssn, mail) = (id(&sandbox, "hr/people.csv", "us.ssn"), id(&sandbox, "notes/a.txt", "email_address"));

    let wordless = review(&sandbox, &[&ssn, "--reject"]).expect(3).stderr;
    assert!(wordless.contains("--reason is missing"), "{wordless}");
    review(&sandbox, &[&ssn]).expect(3);
    review(&sandbox, &[&ssn, "--reject", "--confirm", "--reason", "x"]).expect(3);
    review(&sandbox, &["--reject", "--reason", "x"]).expect(3);
    review(&sandbox, &["17", "--confirm"]).expect(3);
    let other = "9f0c2d1e-8a77-8b1c-9e55-0123456789ab";
    let unknown = review(&sandbox, &[&ssn, other, "--confirm"]).expect(3).stderr;
    assert!(unknown.contains(other) && unknown.contains("nothing was kept"), "{unknown}");
    assert_eq!(sandbox.number("SELECT count(*) FROM reviews_history"), 0);

    let ran = review(&sandbox, &[&ssn, "--reject", "--reason", "part numbers", "--by", "ann"]).expect(0);
    assert_eq!(ran.text(), "1 finding is rejected now.\n");
    review(&sandbox, &[&mail, "--confirm"]).expect(0);
    let expected: Vec<Vec<Value>> = vec![
        vec!["hr/people.csv".into(), "email_address".into(), Value::Null, Value::Null],
        vec!["hr/people.csv".into(), "us.ssn".into(), "rejected".into(), "review: part numbers".into()],
        vec!["notes/a.txt".into(), "email_address".into(), "confirmed".into(), Value::Null],
    ];
    assert_eq!(marks(&sandbox), expected);
    let row = sandbox
        .query("SELECT verdict, reason, \"by\", finding_id::VARCHAR FROM reviews WHERE reason IS NOT NULL");
    assert_eq!(row, [["rejected", "part numbers", "ann", &ssn]]);
    let sums = "SELECT occurrences, sensitivity FROM objects WHERE path = 'hr/people.csv'";
    assert_eq!(sandbox.query(sums)[0], [Value::from(2), "moderate".into()]);
    let summary = sandbox.run(["inventory", "summary", "--inventory", "inv"]).expect(0).text();
    assert!(summary.contains("Verdicts of people on findings: 1 confirmed, 1 rejected"), "{summary}");
    assert!(!summary.contains("Social Security"), "{summary}");
    let shown = sandbox.run(["show", &ssn, "--inventory", "inv"]).expect(0).text();
    assert!(shown.contains("rejected by ann") && shown.contains("part numbers"), "{shown}");

    // The next scans know of it, also when the file has changed.
    sandbox.write("hr/people.csv", format!("id,email,ssn\n1,{MAIL},536-22-8145\n3,x,512-33-8845\n4,y,\n"));
    sandbox.scan(&[&fail[..], &["none"]].concat()).expect(0);
    assert_eq!(marks(&sandbox), expected);
    assert_eq!(
        sandbox.query("SELECT findings, occurrences FROM scans ORDER BY started_at DESC LIMIT 1"),
        sandbox.query("SELECT count(*), sum(occurrences)::BIGINT FROM findings WHERE suppressed_by IS NULL")
    );
    let changed = "SELECT count(*) FROM findings f JOIN reviews r USING (finding_id) WHERE f.object_version <> r.object_version";
    assert_eq!(sandbox.number(changed), 1);
    assert_eq!(
        sandbox.number("SELECT count(*) FROM trend WHERE detector = 'us.ssn'"),
        1,
        "of the first scan only"
    );
    let lines = sandbox.scan(&[&fail[..], &["jsonl"]].concat()).expect(0).lines();
    for line in &lines {
        let (by, verdict) = match line["detector"] == "us.ssn" {
            true => ("review: part numbers".into(), Value::from("rejected")),
            false if line["path"] == "notes/a.txt" => (Value::Null, "confirmed".into()),
            false => (Value::Null, Value::Null),
        };
        assert_eq!((&line["suppressed_by"], &line["review"]), (&by, &verdict), "{line}");
    }
    let log = sandbox.scan(&[&fail[..], &["sarif"]].concat()).expect(0).text();
    let log: Value = serde_json::from_str(&log).expect("JSON");
    for result in log["runs"][0]["results"].as_array().expect("results") {
        let suppressions = result["suppressions"].as_array().expect("all have the list");
        let is_rejected = result["ruleId"] == "us.ssn";
        assert_eq!(suppressions.len(), usize::from(is_rejected), "{result}");
        if is_rejected {
            assert_eq!(suppressions[0]["justification"], "review: part numbers");
            assert_eq!(result["properties"]["review"], "rejected");
        }
    }

    review(&sandbox, &[&ssn, "--withdraw"]).expect(0);
    sandbox.scan(&[&fail[..], &["none"]].concat()).expect(1);
    assert_eq!(sandbox.number("SELECT count(*) FROM reviews_history"), 3);
}

#[test]
fn verdicts_come_and_go_as_csv() {
    let sandbox = sandbox();
    sandbox.scan(&["--quiet", "--format", "none"]).expect(0);
    let exported = review(&sandbox, &["--export", "findings.csv"]).expect(0);
    assert!(exported.stderr.contains("3 findings in findings.csv"), "{}", exported.stderr);
    let file = sandbox.path("findings.csv");
    let text = fs::read_to_string(&file).expect("written");
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(!text.contains("anna") && !text.contains("536-22-8145"), "{text}");
    // It may be filled in by now.
    let refused = review(&sandbox, &["--export", "findings.csv", "--detectors", "us"]).expect(3).stderr;
    assert!(refused.contains("findings.csv exists already"), "{refused}");
    assert_eq!(fs::read_to_string(&file).expect("still there"), text);
    assert_eq!(review(&sandbox, &["--export"]).expect(0).text(), text);
    let few = review(&sandbox, &["--export", "--detectors", "us", "--path", "hr/"]).expect(0).text();
    assert_eq!(few.lines().count(), 2, "{few}");

    // As a spreadsheet saves it: semicolons, a mark in front, other columns gone.
    let ssn = id(&sandbox, "hr/people.csv", "us.ssn");
    let mail = id(&sandbox, "notes/a.txt", "email_address");
    let head = "\u{feff}finding_id;reason;verdict;our remarks\r\n";
    let wrong = format!("{head}{ssn};\"part; numbers\";rejected;\r\n{mail};;accepted;x\r\n");
    fs::write(&file, &wrong).expect("writable");
    let refused = review(&sandbox, &["--import", "findings.csv"]).expect(3).stderr;
    assert!(refused.contains("findings.csv, line 3, column reason: say why"), "{refused}");
    assert_eq!(sandbox.number("SELECT count(*) FROM reviews"), 0, "all or nothing");
    fs::write(&file, wrong.replace(";;accepted", ";ours;accepted")).expect("writable");
    let taken = review(&sandbox, &["--import", "findings.csv", "--by", "ann"]).expect(0).text();
    assert_eq!(taken, "2 verdicts taken.\n");
    let again = review(&sandbox, &["--import", "findings.csv"]).expect(0).text();
    assert_eq!(again, "0 verdicts taken, 2 known already.\n");
    let by_detector = |sandbox: &Sandbox| {
        let rows = marks(sandbox);
        rows.iter().map(|row| row[2].as_str().unwrap_or("-").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(by_detector(&sandbox), ["-", "rejected", "accepted"]);

    // What somebody has said meanwhile is not undone by rows that nobody touched.
    let sheet = review(&sandbox, &["--export"]).expect(0).text();
    review(&sandbox, &[&ssn, "--confirm"]).expect(0);
    let mut command = sandbox.command();
    command.args(["review", "--inventory", "inv", "--import", "-"]);
    let edited = sheet.replace("accepted,ours", "rejected,not ours after all");
    let ran = feed(command, edited.as_bytes()).expect(0);
    assert_eq!(ran.text(), "1 verdict taken, 1 known already, 1 without a verdict.\n");
    assert_eq!(by_detector(&sandbox), ["-", "confirmed", "rejected"]);

    // They move to another inventory of the same source, and keep who gave them and when.
    let sheet = review(&sandbox, &["--export"]).expect(0).text();
    fs::write(&file, &sheet).expect("writable");
    sandbox.run(["scan", "share", "--inventory", "other", "--quiet", "--format", "none"]).expect(0);
    sandbox.run(["review", "--inventory", "other", "--import", "findings.csv", "--by", "bert"]).expect(0);
    let all = "SELECT finding_id::VARCHAR, verdict, reason, \"by\", epoch_us(\"at\") FROM reviews ORDER BY 1";
    assert_eq!(sandbox.query_in("other", all), sandbox.query(all));
    assert_eq!(sandbox.run(["review", "--inventory", "other", "--export"]).expect(0).text(), sheet);

    // A finding that has ended.
    fs::remove_file(sandbox.path("share/notes/a.txt")).expect("ours");
    sandbox.scan(&["--quiet", "--format", "none"]).expect(0);
    fs::write(&file, format!("finding_id,verdict\n{mail},confirmed\n")).expect("writable");
    let kept = review(&sandbox, &["--import", "findings.csv"]).expect(0).stderr;
    assert!(kept.contains("1 of the findings is not in the current state"), "{kept}");
    review(&sandbox, &["--import", "absent.csv"]).expect(3);
    sandbox.run(["review", "--inventory", "none", "--export"]).expect(3);
}

/// Answers a program on a terminal of its own, one line at each question.
fn on_a_terminal(sandbox: &Sandbox, args: &[&str], answers: &[&str]) -> String {
    const SCRIPT: &str = "
import os, pty, sys
home, program, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
args, answers = sys.argv[4:4 + count], sys.argv[4 + count:]
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(home)
    os.environ['HOME'] = home + '/home'
    os.environ['USER'] = 'ann'
    os.environ['NO_COLOR'] = '1'
    os.execv(program, [program] + args)
seen = b''
def read():
    global seen
    try:
        data = os.read(terminal, 4096)
    except OSError:
        data = b''
    seen += data
    return data
for answer in answers:
    at = len(seen)
    while not seen[at:].endswith(b'> '):
        if not read():
            break
    os.write(terminal, answer.encode() + b'\\n')
while read():
    pass
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
assert code == 0, (code, seen)
print(seen.decode())
";
    let home = sandbox.path("");
    let count = args.len().to_string();
    let mut all =
        vec![home.as_os_str(), Path::new(env!("CARGO_BIN_EXE_domesday")).as_os_str(), count.as_ref()];
    all.extend(args.iter().map(std::ffi::OsStr::new));
    all.extend(answers.iter().map(std::ffi::OsStr::new));
    sandbox.python(SCRIPT, &all)
}

#[test]
fn a_person_goes_through_the_worst_first() {
    let sandbox = sandbox();
    sandbox.write("notes/b.txt", format!("{MAIL} again"));
    sandbox.scan(&["--quiet", "--format", "none"]).expect(0);
    let list = review(&sandbox, &[]).expect(0).text();
    let lines: Vec<_> = list.lines().collect();
    assert_eq!(lines.len(), 4, "{list}");
    assert!(lines[1].contains("high") && lines[1].contains("column ssn"), "{list}");
    assert!(list.contains("text below notes") && !list.contains("anna"), "{list}");

    let args = ["review", "--inventory", "inv"];
    let seen = on_a_terminal(&sandbox, &args, &["s", "r", "part numbers", "?", "o", "c", "a", "", "q"]);
    assert!(seen.contains("(1 of 3)") && seen.contains("-8145") && !seen.contains("536-"), "{seen}");
    assert!(!seen.contains("anna"), "{seen}");
    assert!(seen.contains("why? [part numbers]"), "the last reason is offered: {seen}");
    let rows =
        sandbox.query("SELECT path, detector, review, suppressed_by FROM findings ORDER BY path, detector");
    let said: Vec<_> = rows.iter().map(|row| row[2].as_str().unwrap_or("-")).collect();
    assert_eq!(said, ["-", "rejected", "confirmed", "accepted"], "{seen}");
    assert!(seen.contains("Findings: 1 confirmed, 1 rejected, 1 accepted"), "{seen}");
    assert_eq!(sandbox.query("SELECT DISTINCT \"by\" FROM reviews"), [["ann"]]);

    // What is judged is asked no more; an answer can be taken back.
    let seen = on_a_terminal(&sandbox, &args, &["c"]);
    assert!(seen.contains("column email") && !seen.contains("column ssn"), "{seen}");
    assert!(review(&sandbox, &[]).expect(0).text().contains("Nothing is left to review."));
    let again = ["review", "--inventory", "inv", "--all", "--detectors", "us"];
    let seen = on_a_terminal(&sandbox, &again, &["c", "q"]);
    assert!(seen.contains("rejected"), "what was said is shown: {seen}");
    let two = ["review", "--inventory", "inv", "--all", "--order", "uncertain"];
    on_a_terminal(&sandbox, &two, &["r", "", "r", "no", "u", "q"]);
    assert_eq!(sandbox.number("SELECT count(*) FROM findings WHERE review = 'rejected'"), 0);
}

#[test]
fn values_are_allowed_and_denied_by_token_and_pattern() {
    let sandbox = sandbox();
    let scan = |args: &[&str]| sandbox.scan(&[&["--quiet", "--format", "none"], args].concat());
    sandbox.write("notes/low.txt", "nothing but 512-33-8845 here, and boss@example.com");
    fs::write(sandbox.path("list"), "00000000000000000000000000000000\n").expect("writable");
    let keyless = scan(&["--allow", "list"]).expect(3).stderr;
    assert!(keyless.contains("list, line 1") && keyless.contains("domesday key init"), "{keyless}");
    sandbox.make_key();

    let tokens = |text: &str| {
        let mut command = sandbox.command();
        command.args(["key", "token", "-"]);
        feed(command, text.as_bytes())
    };
    let published = tokens(&format!("info@hafenbuero-nord.de\r\n\n{MAIL}\n")).expect(0).text();
    assert_eq!(published.lines().count(), 2, "{published}");
    assert!(published.lines().all(|line| line.split(':').nth(1) == Some("email")), "{published}");
    let unknown = tokens("hello there\n").expect(3).stderr;
    assert!(
        unknown.contains("line 1") && unknown.contains("--kind") && !unknown.contains("hello"),
        "{unknown}"
    );
    let name = sandbox.run(["key", "token", "--kind", "name", "Berg, Anna"]).expect(0).text();
    for same in ["anna berg", "Dr. Anna Berg", "Frau Anna Berg"] {
        assert_eq!(name, sandbox.run(["key", "token", "--kind", "name", same]).expect(0).text(), "{same}");
    }
    let spelt = sandbox.run(["key", "token", "--kind", "name", "Jörg Müller"]).expect(0).text();
    let ascii = sandbox.run(["key", "token", "--kind", "name", "Joerg Mueller"]).expect(0).text();
    assert!(spelt.lines().count() == 2 && spelt.ends_with(&ascii), "{spelt} {ascii}");

    // All of one finding, and half of another.
    fs::write(sandbox.path("published.tokens"), format!("# ours\n{published}")).expect("writable");
    scan(&["--allow", "published.tokens"]).expect(0);
    let rows = "SELECT path, occurrences, suppressed_occurrences, suppressed_by FROM findings WHERE detector = \
                'email_address' ORDER BY path";
    let by: Value = "--allow published.tokens".into();
    assert_eq!(sandbox.query(rows)[0], ["hr/people.csv".into(), 1.into(), 1.into(), Value::Null]);
    assert_eq!(sandbox.query(rows)[1], ["notes/a.txt".into(), 2.into(), 0.into(), by]);
    assert_eq!(sandbox.number("SELECT occurrences FROM objects WHERE path = 'notes/a.txt'"), 0);
    let lines =
        sandbox.scan(&["--quiet", "--format", "jsonl", "--allow", "published.tokens"]).expect(0).lines();
    let marked = lines.iter().filter(|line| line["suppressed_by"] == "--allow published.tokens").count();
    assert_eq!(marked, 3, "each value is marked, and none dropped");
    // The index has the very token, in the very form.
    let indexed = "SELECT DISTINCT key_id || ':' || kind || ':' || lower(hex(token)) FROM subjects WHERE kind = 'email'";
    let indexed = sandbox.query(indexed);
    assert!(published.lines().all(|line| indexed.contains(&vec![line.into()])), "{indexed:?}");

    // A pattern is one of whole values; a deny list beats it, the threshold and verdicts.
    let rules = "[[suppress]]\ndetector = \"email_address\"\npattern = '[a-z.]+@hafenbuero-nord\\.de'\nreason = \"our own\"\n\
                 [[deny]]\ntokens_from = \"denied.tokens\"\n[[deny]]\npattern = 'boss@.*'\npath = \"notes/\"\n";
    fs::write(sandbox.path("domesday.toml"), rules).expect("writable");
    fs::write(
        sandbox.path("denied.tokens"),
        tokens("512-33-8845\nbert.moor@hafenbuero-nord.de\n").expect(0).text(),
    )
    .expect("writable");
    scan(&[]).expect(0);
    let all = "SELECT path, detector, occurrences, suppressed_occurrences, suppressed_by, list_contains(evidence, \
               'deny_list') FROM findings ORDER BY path, detector";
    let expected: Vec<Vec<Value>> = vec![
        vec!["hr/people.csv".into(), "email_address".into(), 1.into(), 1.into(), Value::Null, true.into()],
        vec!["hr/people.csv".into(), "us.ssn".into(), 2.into(), 0.into(), Value::Null, true.into()],
        vec![
            "notes/a.txt".into(),
            "email_address".into(),
            2.into(),
            0.into(),
            "our own".into(),
            false.into(),
        ],
        vec!["notes/low.txt".into(), "email_address".into(), 1.into(), 0.into(), Value::Null, true.into()],
        vec!["notes/low.txt".into(), "us.ssn".into(), 1.into(), 0.into(), Value::Null, true.into()],
    ];
    assert_eq!(sandbox.query(all), expected);
    let ssn = id(&sandbox, "notes/low.txt", "us.ssn");
    let told = review(&sandbox, &[&ssn, "--reject", "--reason", "no"]).expect(0).stderr;
    assert!(told.contains("values of a deny list"), "{told}");
    assert_eq!(sandbox.query(all), expected);
    scan(&["--fail-on", "detector==us.ssn and confidence<0.5"]).expect(1);

    // No value of a rule in what the scan leaves, nor a pattern.
    for text in ["boss", "hafenbuero", "512-33"] {
        let manifest = fs::read_to_string(sandbox.path("inv/manifest.json")).expect("readable");
        assert!(!manifest.contains(text));
        let found = "SELECT count(*) FROM findings WHERE contains(concat_ws(' ', suppressed_by, masked_sample, evidence::VARCHAR), ";
        assert_eq!(sandbox.number(&format!("{found}'{text}')")), 0, "{text}");
    }
    let other = published.replacen(':', "0:", 1);
    fs::write(sandbox.path("published.tokens"), other).expect("writable");
    let foreign = scan(&["--allow", "published.tokens"]).expect(3).stderr;
    assert!(foreign.contains("line 1: the token was made with the key another"), "{foreign}");
    fs::write(sandbox.path("domesday.toml"), "[[deny]]\npattern = 'boss('\n").expect("writable");
    let broken = scan(&[]).expect(3).stderr;
    assert!(broken.contains("[[deny]] in domesday.toml: pattern: "), "{broken}");
}

#[test]
fn verdicts_and_scans_take_turns() {
    let sandbox = sandbox();
    sandbox.scan(&["--quiet", "--format", "none"]).expect(0);
    let ssn = id(&sandbox, "hr/people.csv", "us.ssn");
    let lock = fs::File::open(sandbox.path("inv/lock")).expect("every inventory has one");
    lock.lock().expect("nobody holds it");
    let busy = review(&sandbox, &[&ssn, "--confirm"]).expect(3).stderr;
    assert!(busy.contains("in use by another scan"), "{busy}");
    // What takes a moment is waited for.
    let scan = std::thread::scope(|scope| {
        let scan = scope.spawn(|| sandbox.scan(&["--quiet", "--format", "none"]));
        std::thread::sleep(std::time::Duration::from_millis(500));
        drop(lock);
        scan.join().expect("it ends")
    });
    scan.expect(0);
    review(&sandbox, &[&ssn, "--confirm"]).expect(0);
}
