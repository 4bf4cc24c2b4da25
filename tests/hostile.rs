//! Bad input and bad circumstances: each gets a message or a row, the rest goes on, the exit status tells, and the
//! earlier inventory stays whole.

mod support;

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::{Sandbox, finish};

const MAIL: &str = "write to anna.berg@hafenbuero-nord.de please\n";

fn texts(rows: Vec<Vec<Value>>) -> Vec<Vec<String>> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    rows.iter().map(|row| row.iter().map(text).collect()).collect()
}

#[test]
fn a_source_that_is_not_there_does_not_stop_the_others() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    let ran = sandbox.run(["scan", "absent", "share", "--inventory", "inv"]).expect(3);
    assert!(ran.stderr.contains("\"absent\" does not exist"), "{}", ran.stderr);
    assert_eq!(sandbox.number("SELECT count(*) FROM findings"), 1);
    let none = sandbox.run(["scan", "absent", "--inventory", "other"]).expect(3);
    assert!(!sandbox.path("other").exists(), "{}", none.stderr);
}

#[test]
fn what_may_not_be_read_is_a_row_and_exit_code_2() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    sandbox.write("closed/b.txt", MAIL);
    sandbox.write("secret.txt", MAIL);
    let lock = |name: &str, mode| {
        fs::set_permissions(sandbox.path("share").join(name), fs::Permissions::from_mode(mode))
            .expect("ours");
    };
    lock("closed", 0o000);
    lock("secret.txt", 0o000);
    let ran = sandbox.run_as_ordinary_user(&["scan", "share", "--inventory", "inv"]);
    lock("closed", 0o755);
    let ran = ran.expect(2);
    assert!(ran.stderr.contains("closed") && ran.stderr.contains("permission denied"), "{}", ran.stderr);
    let rows = texts(sandbox.query("SELECT path, kind, status, reason, coverage FROM objects ORDER BY path"));
    let unread = |path, kind| [path, kind, "unreadable", "permission_denied", "none"];
    let expected = [
        ["a.txt", "file", "scanned", "null", "full"],
        unread("closed", "directory"),
        unread("secret.txt", "file"),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn special_files_and_loops_are_recorded_and_not_entered() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    let share = sandbox.path("share");
    assert!(Command::new("mkfifo").arg(share.join("fifo")).status().expect("mkfifo starts").success());
    let _socket = std::os::unix::net::UnixListener::bind(share.join("socket")).expect("a socket");
    symlink("..", share.join("loop")).expect("a link");
    symlink("/etc/passwd", share.join("out")).expect("a link");
    sandbox.scan(&[]).expect(0);
    let rows = texts(sandbox.query("SELECT path, status, reason FROM objects ORDER BY path"));
    let expected = [
        ["a.txt", "scanned", "null"],
        ["fifo", "skipped", "fifo"],
        ["loop", "skipped", "symlink"],
        ["out", "skipped", "symlink"],
        ["socket", "skipped", "socket"],
    ];
    assert_eq!(rows, expected);
}

#[test]
fn names_cannot_steer_the_terminal_and_keep_their_bytes() {
    let sandbox = Sandbox::new();
    let names: [&[u8]; 3] = [b"two\nlines.txt", b"red\x1b[31m\xc2\x9b2J.txt", b"latin-\xe9.txt"];
    for name in names {
        fs::write(sandbox.path("share").join(OsStr::from_bytes(name)), MAIL)
            .expect("the file system takes any name");
    }
    // A problem, so that the name appears on stderr as well.
    fs::write(
        sandbox.path("share").join(OsStr::from_bytes(b"bad\x1b]0;title\x07.csv")),
        "a,b\n\"never closed,1\n",
    )
    .expect("writable");
    let table = sandbox.scan(&[]);
    let summary = sandbox.run(["inventory", "summary", "--inventory", "inv"]).expect(0);
    for text in [table.text(), table.stderr.clone(), summary.text()] {
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
    assert!(
        table.text().contains("two\\nlines.txt") && table.text().contains("latin-\\xe9.txt"),
        "{}",
        table.text()
    );
    let lines = sandbox.scan(&["--format", "jsonl"]);
    let text = lines.text();
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    assert_eq!(lines.lines().len(), 3);
    let rows = sandbox.query("SELECT path, hex(path_bytes) FROM objects WHERE path_bytes IS NOT NULL");
    assert_eq!(texts(rows), [["latin-\u{fffd}.txt", "6C6174696E2DE92E747874"]]);
    let id = lines
        .lines()
        .into_iter()
        .find(|line| line["path"].as_str().is_some_and(|path| path.contains('\u{fffd}')));
    let id = id.expect("it is found")["finding_id"].as_str().expect("an id").to_owned();
    sandbox.run(["show", &id, "--inventory", "inv"]).expect(0);
}

#[test]
fn damaged_tables_are_read_as_far_as_they_go() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "ragged.csv",
        "name,contact\nA,anna.berg@hafenbuero-nord.de\nB,x,bert.moor@hafenbuero-nord.de\n",
    );
    sandbox.write(
        "cut.ndjson",
        "{\"mail\":\"anna.berg@hafenbuero-nord.de\"}\n{\"mail\":\"bert.moor@hafenbuero-nord.de\"}\n{\"mail\":\"carl.ti",
    );
    sandbox.scan(&[]);
    let rows = sandbox.query(
        "SELECT o.path, reason, sum(f.occurrences)::BIGINT FROM objects o JOIN findings f USING (object_id) \
         GROUP BY ALL ORDER BY ALL",
    );
    assert_eq!(texts(rows), [["cut.ndjson", "malformed_record", "2"], ["ragged.csv", "ragged_rows", "2"]]);
}

#[test]
fn a_line_of_100_megabytes_stays_within_400() {
    let sandbox = Sandbox::new();
    let mut file = fs::File::create(sandbox.path("share/long.txt")).expect("writable");
    let filler = "lorem ipsum dolor sit amet ".repeat(40_000);
    for _ in 0..93 {
        file.write_all(filler.as_bytes()).expect("space");
    }
    file.write_all(MAIL.as_bytes()).expect("space");
    drop(file);
    let script = "import resource, subprocess, sys\n\
        code = subprocess.run(sys.argv[1:]).returncode\n\
        print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    let (share, inventory) = (sandbox.path("share"), sandbox.path("inv"));
    let program = [OsStr::new(env!("CARGO_BIN_EXE_domesday")), OsStr::new("scan"), share.as_os_str()];
    let options = [OsStr::new("--inventory"), inventory.as_os_str(), OsStr::new("--format=none")];
    let answer = sandbox.python(script, &[&program[..], &options[..]].concat());
    let (code, peak) = answer.trim().split_once(' ').expect("two numbers");
    assert_eq!(code, "0");
    let peak: u64 = peak.parse().expect("kilobytes");
    assert!(peak < 400_000, "{peak} kB");
    assert_eq!(texts(sandbox.query("SELECT status, coverage FROM objects")), [["scanned", "full"]]);
    assert_eq!(sandbox.number("SELECT first_place.byte_start FROM findings"), 93 * filler.len() as i64 + 9);
}

#[test]
fn a_folder_that_holds_something_else_is_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    fs::create_dir(sandbox.path("inv")).expect("new");
    fs::write(sandbox.path("inv/thesis.doc"), "years of work").expect("writable");
    let ran = sandbox.scan(&[]).expect(3);
    assert!(ran.stderr.contains("something else than an inventory"), "{}", ran.stderr);
    let names: Vec<_> =
        fs::read_dir(sandbox.path("inv")).expect("there").map(|e| e.expect("there").file_name()).collect();
    assert_eq!(names, ["thesis.doc"]);
    fs::write(sandbox.path("a-file"), "x").expect("writable");
    sandbox.run(["scan", "share", "--inventory", "a-file"]).expect(3);
}

/// A share that takes a while.
fn much(sandbox: &Sandbox) {
    let text = MAIL.repeat(2000);
    for i in 0..300 {
        sandbox.write(&format!("much/{i:03}.txt"), &text);
    }
}

#[test]
fn a_full_disk_is_told_and_the_earlier_inventory_stays() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    sandbox.scan(&[]).expect(0);
    let rows: String = (0..60_000).map(|i| format!("{i},a{i}@hafenbuero-nord.de\n")).collect();
    for i in 0..20 {
        sandbox.write(&format!("table{i}.csv"), format!("n,m{i}\n{}", &rows[..1000]));
    }
    sandbox.make_key();
    sandbox.write("big.csv", rows);
    // Files of the inventory may not grow beyond 100 kB: the same to a writer as a disk that is full.
    let mut command = Command::new("prlimit");
    command.args([
        "--fsize=100000",
        "--",
        env!("CARGO_BIN_EXE_domesday"),
        "scan",
        "share",
        "--inventory",
        "inv",
    ]);
    let ran = finish(sandbox.prepare(command)).expect(3);
    assert!(ran.stdout.is_empty(), "a scan that failed says nothing of what there is: {}", ran.text());
    assert!(ran.stderr.contains("cannot write") && ran.stderr.contains("inv/"), "{}", ran.stderr);
    assert!(sandbox.number("SELECT count(*) FROM findings WHERE path = 'a.txt'") == 1);
    sandbox.scan(&[]).expect(0);
    assert_eq!(
        sandbox.number("SELECT sum(occurrences)::BIGINT FROM findings WHERE path = 'big.csv'"),
        60_000
    );
}

#[test]
fn a_full_disk_under_the_tokens_of_one_large_object_is_told() {
    let sandbox = Sandbox::new();
    sandbox.make_key();
    sandbox.write("a.txt", MAIL);
    sandbox.scan(&[]).expect(0);
    // More than a worker holds of one object, so that a thread of its own writes them while the object is read on.
    let rows: String = (0..400_000).map(|i| format!("{i},a{i}@hafenbuero-nord.de\n")).collect();
    sandbox.write("big.csv", format!("n,mail\n{rows}"));
    let scan = ["scan", "share", "--inventory", "inv", "--threads", "2", "--max-memory", "96MB", "--quiet"];
    let mut command = Command::new("prlimit");
    command.args(["--fsize=100000", "--", env!("CARGO_BIN_EXE_domesday")]).args(scan);
    let ran = finish(sandbox.prepare(command)).expect(3);
    // Only tokens that are written aside lie there.
    assert!(ran.stderr.contains("cannot write inv/tmp/"), "{}", ran.stderr);
    assert_eq!(sandbox.number("SELECT count(*) FROM findings WHERE path = 'a.txt'"), 1);
    assert_eq!(sandbox.number("SELECT count(*) FROM findings WHERE path = 'big.csv'"), 0);
    sandbox.run(scan).expect(0);
    let tokens = "SELECT count(DISTINCT token) FROM subjects JOIN objects USING (object_id)
        WHERE path = 'big.csv' AND detector = 'email_address'";
    assert_eq!(sandbox.number(tokens), 400_000);
}

/// Starts a scan of much, and waits until its first object is through: then it is surely under way.
fn scan_under_way(sandbox: &Sandbox) -> Child {
    start_scan(sandbox, sandbox.command())
}

/// The same by a command that starts the program with what it is given.
fn start_scan(sandbox: &Sandbox, mut command: Command) -> Child {
    much(sandbox);
    let out = fs::File::create(sandbox.path("out")).expect("writable");
    command
        .args(["scan", "share", "--inventory", "inv", "--format", "jsonl"])
        .stdout(out)
        .stderr(Stdio::piped());
    let child = command.spawn().expect("it starts");
    let began = Instant::now();
    while fs::metadata(sandbox.path("out")).expect("there").len() == 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "no object in a minute");
        sleep(Duration::from_millis(5));
    }
    child
}

#[test]
fn a_killed_scan_leaves_the_earlier_state() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    sandbox.scan(&[]).expect(0);
    let mut child = scan_under_way(&sandbox);
    child.kill().expect("it is running");
    assert_eq!(child.wait().expect("it was killed").code(), None);
    assert_eq!(texts(sandbox.query("SELECT path, occurrences FROM findings")), [["a.txt", "1"]]);
    sandbox.scan(&[]).expect(0);
    assert_eq!(sandbox.number("SELECT count(*) FROM objects"), 301);
    let ended = texts(sandbox.query("SELECT status FROM scans ORDER BY started_at"));
    assert_eq!(ended, [["complete"], ["interrupted"], ["complete"]]);
}

#[test]
fn an_interrupted_scan_ends_cleanly_with_130() {
    for signal in ["-INT", "-HUP"] {
        let sandbox = Sandbox::new();
        sandbox.write("a.txt", MAIL);
        // Whoever runs the tests may have hangups ignored.
        let mut command = Command::new("env");
        command.args(["--default-signal=HUP", env!("CARGO_BIN_EXE_domesday")]);
        let (code, told) = signalled(start_scan(&sandbox, sandbox.prepare(command)), signal);
        assert!(told.contains("interrupted: what was not reached"), "{told}");
        assert_eq!(code, Some(130));
        let summary = sandbox.run(["inventory", "summary", "--inventory", "inv"]).expect(0);
        assert!(summary.text().contains("did not reach the end"), "{}", summary.text());
        assert_eq!(texts(sandbox.query("SELECT status FROM scans")), [["interrupted"]]);
        let done = sandbox.number("SELECT count(*) FROM objects");
        assert!((1..301).contains(&done), "{done} objects are kept");
    }
}

/// How a scan that gets a signal ends, and what it tells.
fn signalled(mut child: Child, signal: &str) -> (Option<i32>, String) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().expect("kill starts").success());
    let mut told = String::new();
    child.stderr.take().expect("it is piped").read_to_string(&mut told).expect("it is text");
    (child.wait().expect("it ends").code(), told)
}

#[test]
fn a_scan_that_may_not_be_hung_up_goes_on() {
    // `nohup` has the one ignored, and a shell the other in the background.
    for (signal, expected, status) in [("-HUP", 0, "complete"), ("-INT", 130, "interrupted")] {
        let sandbox = Sandbox::new();
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' HUP INT; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_domesday")]);
        let (code, told) = signalled(start_scan(&sandbox, sandbox.prepare(command)), signal);
        assert_eq!(code, Some(expected), "{told}");
        assert_eq!(texts(sandbox.query("SELECT status FROM scans")), [[status]]);
    }
}

#[test]
fn a_share_that_is_not_mounted_was_not_emptied() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    sandbox.write("b/c.txt", MAIL);
    sandbox.scan(&["--source", "share"]).expect(0);
    fs::create_dir(sandbox.path("mount")).expect("it is new");
    let ran = sandbox.run(["scan", "mount", "--source", "share", "--inventory", "inv"]).expect(3);
    assert!(ran.stderr.contains("is empty") && ran.stderr.contains("mount the share"), "{}", ran.stderr);
    assert_eq!(sandbox.number("SELECT count(*) FROM objects WHERE status = 'scanned'"), 2);
    let ran = sandbox.run(["scan", "share/b", "--source", "share", "--inventory", "inv"]).expect(0);
    assert!(ran.stderr.contains("what is not found there counts as gone"), "{}", ran.stderr);
    sandbox.run(["scan", "mount", "--source", "share", "--inventory", "inv", "--allow-empty"]).expect(0);
    assert_eq!(sandbox.number("SELECT count(*) FROM objects WHERE status = 'scanned'"), 0);
}
