//! The company share of `fixtures`, against what its maker planted.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use support::{Sandbox, fixtures};

/// Path, detector, place.
type Place = (String, String, u64, u64);

fn scan_share(sandbox: &Sandbox, inventory: &str, args: &[&str]) -> Vec<Value> {
    let share = fixtures().join("share");
    let mut command = sandbox.command();
    command
        .arg("scan")
        .arg(share)
        .args(["--source", "share", "--inventory", inventory, "--format", "jsonl"])
        .args(args);
    support::finish(command).expect(0).lines()
}

fn place_of(line: &Value) -> Place {
    let text = |name: &str| line[name].as_str().expect(name).to_owned();
    let number = |name: &str| line[name].as_u64().expect(name);
    (text("path"), text("detector"), number("byte_start"), number("byte_end"))
}

fn expected() -> BTreeMap<Place, Value> {
    let text = fs::read_to_string(fixtures().join("share.expected.json")).expect("it is committed");
    let files: BTreeMap<String, Vec<Value>> = serde_json::from_str(&text).expect("it is JSON");
    let mut places = BTreeMap::new();
    for (path, values) in files {
        for mut value in values {
            value["path"] = path.clone().into();
            places.insert(place_of(&value), value);
        }
    }
    places
}

#[test]
fn what_was_planted_is_found_in_its_place_and_nothing_else() {
    let sandbox = Sandbox::new();
    let found = scan_share(&sandbox, "inv", &["--reveal"]);
    let expected = expected();
    let mut differences = Vec::new();
    let places: BTreeMap<Place, &Value> = found.iter().map(|line| (place_of(line), line)).collect();
    for (place, value) in &expected {
        match (places.get(place), value["expect"].as_str()) {
            (None, Some("reported")) => differences.push(format!("not found: {place:?} {}", value["value"])),
            (Some(_), Some("example")) => {
                differences.push(format!("an example: {place:?} {}", value["value"]))
            }
            (Some(line), _) => {
                for (ours, theirs) in [("value", "value"), ("column_path", "column")] {
                    if line[ours] != value[theirs] {
                        differences
                            .push(format!("{place:?}: {ours} {} is not {}", line[ours], value[theirs]));
                    }
                }
                if !value["record"].is_null() && line["record"] != value["record"] {
                    differences
                        .push(format!("{place:?}: record {} is not {}", line["record"], value["record"]));
                }
            }
            (None, _) => {}
        }
    }
    // Names stand all over the share; those in greetings alone are told of.
    let planted = expected.keys().map(|place| place.1.as_str()).filter(|&detector| detector != "full_name");
    let planted: BTreeSet<&str> = planted.collect();
    let unplanted =
        places.keys().filter(|place| planted.contains(place.1.as_str()) && !expected.contains_key(*place));
    differences.extend(unplanted.map(|place| format!("not planted: {place:?} {}", places[place]["value"])));
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
    assert!(found.len() > 1000, "only {} values", found.len());
}

/// A place holds the very bytes, in one of the encodings of the share, unless they are escaped there.
#[test]
fn every_place_reproduces_its_value() {
    let sandbox = Sandbox::new();
    let mut exact = 0;
    for line in scan_share(&sandbox, "inv", &["--reveal"]) {
        let (path, _, start, end) = place_of(&line);
        let bytes = fs::read(fixtures().join("share").join(&path)).expect("it was just read");
        let raw = &bytes[start as usize..end as usize];
        let value = line["value"].as_str().expect("revealed");
        let utf16: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        let escaped = raw.contains(&b'\\') || raw.windows(2).any(|pair| pair == b"\"\"");
        let same = raw == value.as_bytes() || raw == utf16 || Some(raw) == latin.as_deref();
        assert!(same || escaped, "{path}@{start}..{end} does not hold what was found there");
        exact += usize::from(same);
    }
    assert!(exact > 1000, "only {exact} values stand in the files as they are");
}

#[test]
fn show_leads_back_to_the_bytes() {
    let sandbox = Sandbox::new();
    let found = scan_share(&sandbox, "inv", &["--reveal"]);
    let mut shown = BTreeSet::new();
    for line in &found {
        let (path, detector, start, end) = place_of(line);
        let id = line["finding_id"].as_str().expect("an id");
        // The first line of a finding is its first place. One finding of each detector and kind of file will do.
        let extension = path.rsplit('.').next().unwrap_or_default().to_owned();
        if !shown.insert((detector, extension)) {
            continue;
        }
        let bytes = fs::read(fixtures().join("share").join(&path)).expect("it was just read");
        let raw = &bytes[start as usize..end as usize];
        let place = format!("{path}@{start}..{end}");
        for target in [id, &place] {
            let ran = sandbox.run(["show", target, "--inventory", "inv", "--reveal", "--bytes"]).expect(0);
            assert_eq!(ran.stdout, raw, "{target}");
        }
        let masked = sandbox.run(["show", id, "--inventory", "inv"]).expect(0).text();
        let value = line["value"].as_str().expect("revealed");
        // A record's number in full, or the name of a city, stands in paths and places as well.
        let stands_anywhere = value.len() < 7;
        assert!(stands_anywhere || !masked.contains(value), "{masked}");
        assert!(masked.contains(line["masked"].as_str().expect("a mask")), "{masked}");
        let revealed = sandbox.run(["show", id, "--inventory", "inv", "--reveal"]).expect(0).text();
        assert!(revealed.contains(value) || raw.contains(&b'\\'), "{revealed}");
    }
    assert!(shown.len() > 20, "{shown:?}");
}

#[test]
fn rows_do_not_depend_on_threads_or_memory() {
    let sandbox = Sandbox::new();
    sandbox.make_key();
    let variants: [(&str, &[&str]); 3] = [
        ("one", &["--threads", "1"]),
        ("two", &["--threads", "2"]),
        ("tight", &["--threads", "2", "--max-memory", "85MB"]),
    ];
    let rows = variants.map(|(inventory, args)| {
        let mut lines = scan_share(&sandbox, inventory, args);
        lines.sort_by_key(|line| (place_of(line), line.to_string()));
        let tables = [
            ("objects", "scan_id, first_seen_at, scanned_at"),
            ("columns", "scan_id"),
            ("findings", "scan_id"),
            ("subjects", "scan_id"),
            ("trend", "scan_id"),
        ];
        let tables = tables.map(|(table, times)| {
            let rows = sandbox.query_in(
                inventory,
                &format!("SELECT COLUMNS(* EXCLUDE ({times}))::VARCHAR FROM {table} ORDER BY ALL"),
            );
            assert!(!rows.is_empty(), "{table} of {inventory}");
            rows
        });
        (lines, tables)
    });
    assert!(rows[0] == rows[1], "one thread and two give different rows");
    assert!(rows[0] == rows[2], "little memory gives different rows");
}

#[test]
fn duckdb_reads_every_view_from_another_folder() {
    let sandbox = Sandbox::new();
    sandbox.make_key();
    let lines = scan_share(&sandbox, "inv", &[]);
    let views = ["sources", "scans", "objects", "columns", "findings", "subjects", "trend"];
    for view in views {
        assert!(sandbox.number(&format!("SELECT count(*) FROM {view}")) > 0, "{view}");
        assert!(sandbox.number(&format!("SELECT count(*) FROM {view}_history")) > 0, "{view}_history");
    }
    assert_eq!(sandbox.number("SELECT sum(occurrences)::BIGINT FROM findings"), lines.len() as i64);
    assert_eq!(
        sandbox.number("SELECT sum(f.occurrences)::BIGINT FROM findings f JOIN objects USING (object_id)"),
        lines.len() as i64
    );
    let ids: BTreeSet<&str> = lines.iter().map(|line| line["finding_id"].as_str().expect("an id")).collect();
    assert_eq!(sandbox.number("SELECT count(*) FROM findings"), ids.len() as i64);
    let first = &lines[0];
    let row = sandbox.query(&format!(
        "SELECT path, detector, category, first_place.byte_start, masked_sample FROM findings WHERE finding_id = '{}'",
        first["finding_id"].as_str().expect("an id")
    ));
    let same = ["path", "detector", "category", "byte_start", "masked"].map(|name| first[name].clone());
    assert_eq!(row, [same]);
    let unread = sandbox.query("SELECT DISTINCT coverage FROM objects WHERE status = 'unsupported'");
    assert_eq!(unread, [[Value::from("none")]], "what is not understood counts as not read");
}

#[test]
fn a_second_scan_takes_the_place_of_the_first() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", "mail to anna.berg@hafenbuero-nord.de");
    sandbox.write("b.txt", "mail to bert.berg@hafenbuero-nord.de");
    sandbox.scan(&[]).expect(0);
    let first = sandbox.query("SELECT finding_id FROM findings WHERE path = 'a.txt'");
    fs::remove_file(sandbox.path("share/b.txt")).expect("ours");
    sandbox.scan(&[]).expect(0);
    assert_eq!(sandbox.query("SELECT finding_id FROM findings"), first);
    let objects = sandbox.query("SELECT path, status FROM objects ORDER BY path");
    assert_eq!(objects, [["a.txt", "scanned"], ["b.txt", "gone"]]);
    assert_eq!(sandbox.number("SELECT count(*) FROM scans"), 2);
}
