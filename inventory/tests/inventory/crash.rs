//! A process that is killed, and a disk that is full. Both happen to a child process: this test binary, run again.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use domesday_inventory::{Inventory, ScanStatus};
use domesday_model::{Sink, Timestamp};

use crate::support::{EMAIL, files, key, object, one, open, push, query, scan, scanned, start, tell, value};

const DIR: &str = "DOMESDAY_TEST_CHILD_DIR";
/// Which of several scans the child does.
const NUMBER: &str = "DOMESDAY_TEST_CHILD_NUMBER";

/// What the child does: it scans object after object and commits every now and then, until something stops it.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    if let Err(error) = write_without_end(&PathBuf::from(dir)) {
        println!("\nERROR {error}");
    }
}

fn write_without_end(dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let inventory = Inventory::open(dir, Some(key().id()))?;
    let writer = inventory.begin_scan(start("share", std::env::var(NUMBER)?.parse()?, true))?;
    let mut sink = writer.sink();
    for n in 0.. {
        sink.begin(&object("share", &format!("new/{n}"))).map_err(|error| error.to_string())?;
        (0..20).for_each(|i| tell(&mut sink, &value(EMAIL, 1000 * n + i, 30 * i), true));
        sink.end(&scanned()).map_err(|error| error.to_string())?;
        if n % 200 == 199 {
            writer.commit()?;
            println!("\nCOMMITTED {}", n + 1);
        }
    }
    Ok(())
}

fn child_command(dir: &Path, number: u64, shell: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{shell} exec \"$0\" --exact crash::child --nocapture")])
        .arg(std::env::current_exe().expect("this test has a path"))
        .env(DIR, dir)
        .env(NUMBER, number.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

#[test]
fn a_killed_writer_loses_only_what_it_had_not_committed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a", "b"]);
    for round in 0..6 {
        let mut child = child_command(dir, 2 + round, "").spawn().expect("the child starts");
        let mut committed = 0;
        for line in BufReader::new(child.stdout.take().expect("piped")).lines() {
            let line = line.expect("text");
            assert!(!line.contains("ERROR"), "{line}");
            if let Some(count) = line.strip_prefix("COMMITTED ") {
                committed = count.parse().expect("a number");
            }
            if committed > 400 + 200 * round {
                break;
            }
        }
        // Somewhere in the middle of what comes next.
        std::thread::sleep(std::time::Duration::from_millis(7 * round + 3));
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
        // Whole before anybody has put it in order, and after.
        for _ in 0..2 {
            let counts =
                one(dir, "SELECT count(*), count(DISTINCT object_id) FROM findings WHERE path LIKE 'new/%'");
            let count: u64 = counts.split('|').next().unwrap().parse().unwrap();
            assert!(count >= committed, "{count} of {committed}");
            assert_eq!(counts, format!("{count}|{count}"));
            assert_eq!(
                one(dir, "SELECT count(*) FROM subjects WHERE byte_end > 0"),
                (20 * count + 2).to_string()
            );
            assert_eq!(
                query(dir, "SELECT path FROM findings WHERE path NOT LIKE 'new/%' ORDER BY 1"),
                ["a", "b"]
            );
            drop(open(dir, true));
        }
        let manifest = fs::read_to_string(dir.join("manifest.json")).unwrap();
        for file in
            files(dir).iter().filter(|file| file.extension().is_some_and(|e| e == "parquet" || e == "rows"))
        {
            let number = file.file_stem().unwrap().to_str().unwrap().trim_start_matches('0');
            assert!(manifest.contains(&format!("\"number\":{number},")), "{file:?} is left over");
        }
    }
    assert_eq!(one(dir, "SELECT count(*) FROM scans WHERE status = 'interrupted'"), "6");
}

#[test]
fn files_of_a_killed_writer_go_with_the_next_one() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "share", 1, &["a"]);
    let tmp = dir.join("tmp");
    fs::create_dir_all(&tmp).unwrap();
    for name in ["1.parquet", "2.rows", "3.kept", "note.txt"] {
        fs::write(tmp.join(name), "x").unwrap();
    }
    drop(open(dir, true));
    let left: Vec<_> = fs::read_dir(&tmp).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["note.txt"]);
}

/// The limit on the size of files stands in for a full disk: both are a write that the system refuses.
#[test]
fn a_refused_write_is_an_error_and_the_inventory_stays_whole() {
    for blocks in [3, 20, 60] {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        scan(dir, "share", 1, &["a", "b"]);
        let output = child_command(dir, 2, &format!("trap '' XFSZ; ulimit -f {blocks};"))
            .output()
            .expect("the child runs");
        let output = String::from_utf8_lossy(&output.stdout);
        let message = output.lines().find(|line| line.starts_with("ERROR")).expect("the child met an error");
        assert!(message.contains("cannot write"), "{message}");
        assert!(message.contains(&dir.display().to_string()), "{message}");
        assert!(message.contains("raise the limit"), "{message}");
        let summary = domesday_inventory::summary(dir).unwrap();
        assert!(summary.kinds[0].objects >= 2);
        assert_eq!(
            query(dir, "SELECT path FROM findings WHERE path NOT LIKE 'new/%' ORDER BY 1"),
            ["a", "b"]
        );
        drop(open(dir, true));
        assert_eq!(
            query(dir, "SELECT path FROM findings WHERE path NOT LIKE 'new/%' ORDER BY 1"),
            ["a", "b"]
        );
    }
}

/// Folders stand where new files are to be written: behind the manifest, the views cannot be, and then not even that.
#[test]
fn a_commit_whose_views_cannot_be_written_is_one() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    scan(dir, "earlier", 1, &["x"]);
    let blocked = ["views.sql.new", "manifest.json.new"].map(|name| dir.join(name));
    let inventory = open(dir, true);
    let writer = inventory.begin_scan(start("share", 2, true)).unwrap();
    push(&writer, &object("share", "a"), &[value(EMAIL, 1, 5)], true);
    writer.commit().unwrap();
    push(&writer, &object("share", "b"), &[value(EMAIL, 2, 5)], true);
    fs::create_dir(&blocked[0]).unwrap();
    let error = writer.commit().unwrap_err().to_string();
    assert!(error.contains("cannot write") && error.contains("views.sql"), "{error}");
    // What is written from here on takes the place of no file that the manifest names.
    fs::create_dir(&blocked[1]).unwrap();
    push(&writer, &object("share", "c"), &[value(EMAIL, 3, 5)], true);
    writer.commit().unwrap_err();
    writer.finish(ScanStatus::Interrupted, Timestamp(2_500_000)).unwrap_err();
    drop(inventory);

    blocked.iter().for_each(|folder| fs::remove_dir(folder).unwrap());
    assert_eq!(domesday_inventory::summary(dir).unwrap().kinds[0].objects, 3);
    drop(open(dir, true));
    assert_eq!(query(dir, "SELECT path FROM findings ORDER BY 1"), ["a", "b", "x"]);
    scan(dir, "share", 3, &["a", "c"]);
    assert_eq!(query(dir, "SELECT path FROM findings ORDER BY 1"), ["a", "c", "x"]);
}
