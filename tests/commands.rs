//! What each command prints and how it exits.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::Value;
use support::Sandbox;

const MAIL: &str = "write to anna.berg@hafenbuero-nord.de please";
const CARD: &str = "card number 4539 1488 0343 6467 on file";

#[test]
fn the_table_shows_masks_and_the_summary_goes_to_stderr() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    let ran = sandbox.scan(&[]).expect(0);
    let table = ran.text();
    assert!(table.contains("a.txt") && table.contains("E-mail address"), "{table}");
    assert!(!table.contains("anna") && !table.contains('\x1b'), "{table}");
    assert!(
        ran.stderr.contains("1 object") && ran.stderr.contains("domesday inventory summary"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("domesday key init"), "no key is told: {}", ran.stderr);
    let quiet = sandbox.scan(&["--quiet", "--format", "none"]).expect(0);
    assert!(quiet.stdout.is_empty());
    assert!(!quiet.stderr.contains("1 object"), "{}", quiet.stderr);
}

#[test]
fn that_nothing_was_found_is_said_of_what_was_read() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", "nothing to see");
    assert_eq!(sandbox.scan(&["--quiet"]).expect(0).text(), "No personal data found.\n");
    sandbox.write("secret.txt", MAIL);
    fs::set_permissions(sandbox.path("share/secret.txt"), fs::Permissions::from_mode(0o000)).expect("ours");
    let ran = sandbox.run_as_ordinary_user(&["scan", "share", "--inventory", "other", "--quiet"]).expect(2);
    assert_eq!(ran.text(), "No personal data found in what could be read.\n");
}

#[test]
fn lines_of_json_have_all_keys_in_order() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "id,contact\n1,anna.berg@hafenbuero-nord.de\n");
    let ran = sandbox.scan(&["--format", "jsonl"]).expect(0);
    let keys = [
        "source",
        "object_id",
        "path",
        "member",
        "column_path",
        "record",
        "byte_start",
        "byte_end",
        "place_unit",
        "finding_id",
        "detector",
        "category",
        "confidence",
        "evidence",
        "alternatives",
        "masked",
        "suppressed_by",
        "review",
    ];
    let text = ran.text();
    let mut at = 0;
    for key in keys {
        let here = text.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} in {text}"));
        assert!(here >= at, "{key} is out of order in {text}");
        at = here;
    }
    let lines = ran.lines();
    assert_eq!(lines.len(), 1, "{text}");
    assert_eq!(lines[0].as_object().map(|line| line.len()), Some(keys.len()));
    assert_eq!(lines[0]["column_path"], "contact");
    assert_eq!((&lines[0]["byte_start"], &lines[0]["record"]), (&Value::from(13), &Value::from(0)));
    let revealed = sandbox.scan(&["--format", "jsonl", "--reveal"]).expect(0).lines();
    assert_eq!(revealed[0]["value"], "anna.berg@hafenbuero-nord.de");
    sandbox.scan(&["--reveal"]).expect(3);
}

#[test]
fn an_encoding_can_be_told() {
    let sandbox = Sandbox::new();
    let encodings = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/encodings");
    let mainframe = fs::read(encodings.join("mainframe.ibm1047.csv")).expect("the fixture is there");
    sandbox.write("people.csv", &mainframe);
    sandbox.write("note.txt", MAIL);
    let told = ["--format", "jsonl", "--reveal", "--encoding", "IBM-1047"];
    let lines = sandbox.scan(&told).expect(0).lines();
    let mails: Vec<_> = lines.iter().filter(|line| line["detector"] == "email_address").collect();
    let values: Vec<_> = mails.iter().filter_map(|line| line["value"].as_str()).collect();
    assert!(values.contains(&"anna.berg@hafenbuero-nord.de"), "a text of ASCII stays so: {values:?}");
    assert!(values.contains(&"person3@brenkhagen-pumpen.de"), "{values:?}");
    for line in mails.iter().filter(|line| line["path"] == "people.csv") {
        assert_eq!(line["column_path"], "mail");
        let range = line["byte_start"].as_u64().expect("a number") as usize
            ..line["byte_end"].as_u64().expect("a number") as usize;
        // In EBCDIC, `@` is 7C and `.` 4B.
        assert!(mainframe[range].iter().filter(|&&byte| byte == 0x7C || byte == 0x4B).count() == 2, "{line}");
    }
    let id =
        mails.iter().find(|line| line["path"] == "people.csv").and_then(|line| line["finding_id"].as_str());
    let shown = sandbox.run(["show", id.expect("an id"), "--inventory", "inv"]).expect(0).text();
    assert!(shown.contains("email_address") && shown.contains("mail"), "the scan knew the encoding: {shown}");
    let untold = sandbox.scan(&["--format", "jsonl", "--reveal"]).expect(0).text();
    assert!(!untold.contains("person3"), "{untold}");
    let refused = sandbox.scan(&["--encoding", "klingon"]).expect(3).stderr;
    assert!(
        refused.contains("klingon") && refused.contains("ibm037") && refused.contains("shift_jis"),
        "{refused}"
    );
}

#[test]
fn a_line_is_shown_in_the_encoding_that_it_is_in() {
    let sandbox = Sandbox::new();
    let polish =
        [("Małgorzata Wójcik", &b"Ma\xB3gorzata W\xF3jcik"[..]), ("Świątek Zofia", b"\x8Cwi\xB9tek Zofia")];
    let russian = [
        ("Некрасов Владислав", &b"\xCD\xE5\xEA\xF0\xE0\xF1\xEE\xE2 \xC2\xEB\xE0\xE4\xE8\xF1\xEB\xE0\xE2"[..]),
        ("Щукина Ольга", b"\xD9\xF3\xEA\xE8\xED\xE0 \xCE\xEB\xFC\xE3\xE0"),
    ];
    let lines = |names: [(&str, &[u8]); 2], count: usize| -> Vec<u8> {
        names
            .iter()
            .cycle()
            .take(count)
            .flat_map(|(_, name)| [b"7,", *name, b",a@corp-nord.de\n"].concat())
            .collect()
    };
    let utf8 = polish.map(|(name, _)| (name, name.as_bytes()));
    for (first, second) in [
        (lines(polish, 60), lines(russian, 20)),
        (lines(polish, 20), lines(russian, 60)),
        (lines(utf8, 60), lines(russian, 20)),
    ] {
        let head = b"id,name,mail\n";
        sandbox.write("people.csv", [&head[..], &first, &second].concat());
        let found = sandbox.scan(&["--format", "jsonl", "--reveal"]).expect(0).lines();
        let mut shown = BTreeSet::new();
        for line in found.iter().filter(|line| line["column_path"] == "name") {
            let (start, end) = (&line["byte_start"], &line["byte_end"]);
            let value = line["value"].as_str().expect("a value");
            if shown.insert(value.to_owned()) {
                let text = sandbox
                    .run(["show", &format!("share/people.csv@{start}..{end}"), "--reveal"])
                    .expect(0)
                    .text();
                assert!(text.contains(value), "{value}: {text}");
            }
        }
        assert!(shown.contains(russian[0].0) && shown.contains(polish[0].0), "{shown:?}");
    }
}

#[test]
fn ebcdic_is_not_taken_for_a_text_that_was_read() {
    let sandbox = Sandbox::new();
    let encodings = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/encodings");
    let mainframe = fs::read(encodings.join("mainframe.ibm1047.csv")).expect("the fixture is there");
    sandbox.write("people.csv", &mainframe);
    sandbox.scan(&["--quiet"]).expect(0);
    let told = sandbox.query("SELECT status, coverage, reason FROM objects");
    assert_eq!(told, [["unsupported", "none", "ebcdic_code_page"]]);
    let summary = sandbox.run(["inventory", "summary", "--inventory", "inv"]).expect(0).text();
    assert!(
        summary.contains("0 of 1 object read in full") && summary.contains("scan them with --encoding"),
        "{summary}"
    );
}

#[test]
fn an_escaped_address_is_the_address() {
    let sandbox = Sandbox::new();
    sandbox.make_key();
    let page = "<p>Write to anna.berg&#64;hafenbuero-nord.de or anna.berg&commat;hafenbuero-nord.de</p>";
    let url = "https://x.org/reset?mail%3Danna.berg%40hafenbuero-nord.de&step=2";
    sandbox.write("page.html", page);
    sandbox.write("visits.csv", format!("id,url\n1,{url}\n2,https://x.org/\n"));
    sandbox.write("plain.txt", MAIL);
    let lines = sandbox.scan(&["--format", "jsonl"]).expect(0).lines();
    let places: Vec<_> = { lines.iter() }
        .map(|line| {
            let content =
                fs::read(sandbox.path("share").join(line["path"].as_str().expect("a path"))).expect("ours");
            let at = |key: &str| line[key].as_u64().expect("a number") as usize;
            let value = &content[at("byte_start")..at("byte_end")];
            assert_eq!(
                (&line["detector"], &line["masked"]),
                (&"email_address".into(), &"a•••@•••.de•".into())
            );
            String::from_utf8(value.to_vec()).expect("a text")
        })
        .collect();
    let mut expected = ["anna.berg&#64;", "anna.berg&commat;", "anna.berg@", "anna.berg%40"]
        .map(|local| format!("{local}hafenbuero-nord.de"));
    let mut places = places;
    places.sort();
    expected.sort();
    assert_eq!(places, expected);
    assert_eq!(sandbox.number("SELECT count(DISTINCT token) FROM subjects"), 1, "they are one person's");
    let published = "[[suppress]]\npattern = '.*@hafenbuero-nord\\.de'\nreason = \"published\"\n";
    fs::write(sandbox.path("domesday.toml"), published).expect("writable");
    let marked = sandbox.scan(&["--format", "jsonl"]).expect(0).lines();
    assert!(marked.iter().all(|line| line["suppressed_by"] == "published"), "{marked:?}");
    fs::remove_file(sandbox.path("domesday.toml")).expect("ours");
    sandbox.scan(&["--quiet"]).expect(0);
    let id =
        lines.iter().find(|line| line["path"] == "page.html").and_then(|line| line["finding_id"].as_str());
    let id = id.expect("an id");
    for command in ["show", "explain"] {
        let told = sandbox.run([command, id, "--inventory", "inv"]).expect(0).text();
        assert!(told.contains("a•••@•••.de•") && !told.contains("anna"), "{told}");
    }
}

#[test]
fn names_of_files_are_looked_at() {
    let sandbox = Sandbox::new();
    sandbox.make_key();
    sandbox.write("hr/Kuendigung_Anna_Berg.pdf", "%PDF-1.7\n1 0 obj");
    sandbox.write("scan-4539148803436467.txt", "nothing");
    sandbox.write("anna.berg@hafenbuero-nord.de.vcf", "nothing");
    sandbox.write("notes_2024-01-05_v1.2.3.txt", format!("@name\n{MAIL}\n"));
    sandbox
        .write("people.ndjson", "{\"id\":1,\"@name\":\"Anna Berg\"}\n{\"id\":2,\"@name\":\"Bert Moor\"}\n");
    let lines = sandbox.scan(&["--format", "jsonl"]).expect(0).lines();
    let named: Vec<_> = lines.iter().filter(|line| line["place_unit"] == "path").collect();
    let mut values = Vec::new();
    for line in &named {
        let at = |key: &str| line[key].as_u64().expect("a number") as usize;
        let path = line["path"].as_str().expect("a path");
        values.push((&path[at("byte_start")..at("byte_end")], line["detector"].as_str().expect("an id")));
        assert_eq!((&line["column_path"], &line["record"]), (&"@name".into(), &Value::Null));
    }
    values.sort_unstable();
    assert_eq!(
        values,
        [
            ("4539148803436467", "payment_card"),
            ("Anna_Berg", "full_name"),
            ("anna.berg@hafenbuero-nord.de", "email_address")
        ]
    );
    let tokens = "SELECT count(DISTINCT token) FROM subjects WHERE kind = 'email'";
    assert_eq!(sandbox.number(tokens), 1, "the address in the text and the one in the name");
    let own = sandbox.query("SELECT DISTINCT column_path FROM columns WHERE column_path LIKE '%name%'");
    assert_eq!(own, [["[\"@name\"]"]], "a key that is written so is another");
    for line in &named {
        let id = line["finding_id"].as_str().expect("an id");
        let shown = sandbox.run(["show", id, "--inventory", "inv"]).expect(0).text();
        let drawn = shown.lines().rev().nth(1).expect("the path, and a mark below");
        assert!(shown.contains("@name") && shown.contains("of the path"), "{shown}");
        assert!(
            drawn.contains(line["masked"].as_str().expect("a mask")) && !drawn.contains("Berg"),
            "{shown}"
        );
        let told = sandbox.run(["explain", id, "--inventory", "inv"]).expect(0).text();
        assert!(told.contains("stands in the name of the object"), "{told}");
        let bytes = sandbox.run(["show", id, "--inventory", "inv", "--reveal", "--bytes"]).expect(0).text();
        assert!(values.iter().any(|(value, _)| *value == bytes), "{bytes}");
    }
    assert!(sandbox.scan(&["--format", "sarif"]).expect(0).text().contains("Full name in the name"));
}

#[test]
fn a_name_that_is_long_does_not_push_others_aside() {
    let sandbox = Sandbox::new();
    let folder = vec!["x".repeat(200); 8].join("/");
    sandbox.write("a.txt", MAIL);
    sandbox.write(&format!("{folder}/b.txt"), MAIL);
    let table = sandbox.scan(&["--quiet"]).expect(0).text();
    assert!(table.lines().all(|line| line.chars().count() < 400), "{table}");
    assert!(table.contains("xxx…xxx") && table.contains("/b.txt"), "{table}");
    let lines = sandbox.scan(&["--format", "jsonl"]).expect(0).lines();
    assert!(lines.iter().any(|line| line["path"] == format!("{folder}/b.txt")), "never in data");
}

#[test]
fn values_of_a_binary_file_have_no_record() {
    let sandbox = Sandbox::new();
    sandbox.write("a.bin", [b"\x7f\x01\x02\n\n\0\0", MAIL.as_bytes(), b"\0\0\x01"].concat());
    let lines = sandbox.scan(&["--format", "jsonl"]).expect(0).lines();
    assert_eq!(lines.len(), 1);
    assert!(lines[0]["record"].is_null(), "{}", lines[0]);
    assert_eq!(sandbox.query("SELECT first_place.record FROM findings"), [[Value::Null]]);
}

#[test]
fn lines_of_an_object_come_in_order_of_place() {
    let sandbox = Sandbox::new();
    // Escaped cells are classified after what stands around them.
    let rows: String = (0..200)
        .map(|i| format!("\"say \"\"hi\"\" to one.{i}@hafenbuero-nord.de\",two.{i}@hafenbuero-nord.de\n"))
        .collect();
    sandbox.write("a.csv", format!("note,contact\n{rows}"));
    let lines = sandbox.scan(&["--format", "jsonl"]).expect(0).lines();
    let starts: Vec<_> = lines.iter().map(|line| line["byte_start"].as_u64().expect("a number")).collect();
    assert_eq!(starts.len(), 400);
    assert!(starts.is_sorted());
}

#[test]
fn more_lines_than_memory_are_all_written() {
    let sandbox = Sandbox::new();
    let text: String = (0..20_000).map(|i| format!("mail to p{i}@hafenbuero-nord.de\n")).collect();
    sandbox.write("a.txt", text);
    let lines =
        sandbox.scan(&["--format", "jsonl", "--max-memory", "85MB", "--threads", "2"]).expect(0).lines();
    let records: Vec<_> = lines.iter().map(|line| line["record"].as_u64().expect("a line")).collect();
    assert_eq!(records, (0..20_000).collect::<Vec<_>>());
}

#[test]
fn a_closed_pipe_is_no_error_and_the_scan_goes_on() {
    let sandbox = Sandbox::new();
    for i in 0..400 {
        sandbox.write(&format!("{i}.txt"), format!("{MAIL}\n").repeat(50));
    }
    let mut command = sandbox.command();
    command.args(["scan", "share", "--inventory", "inv", "--format", "jsonl"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut first).expect("a line");
    assert!(first.starts_with('{'));
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert_eq!(sandbox.number("SELECT count(*) FROM objects"), 400);
    assert_eq!(sandbox.query("SELECT status FROM scans"), [["complete"]]);
}

#[test]
fn fail_on_decides_the_exit_code() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", CARD);
    sandbox.write("b.txt", MAIL);
    let fail_on = |condition: &str| sandbox.scan(&["--format", "none", "--fail-on", condition]);
    fail_on("sensitivity>=high").expect(1);
    fail_on("detector==payment_card and occurrences>=1").expect(1);
    fail_on("sensitivity>=high and occurrences>1").expect(0);
    let wrong = fail_on("sensitivity>=hgh").expect(3);
    assert!(wrong.stderr.contains("  sensitivity>=hgh\n               ^"), "{}", wrong.stderr);
    for typo in ["detector==payment_crd", "country!=XX", "category==user.foo and occurrences>0"] {
        let wrong = fail_on(typo).expect(3);
        assert!(wrong.stderr.contains("no detector that takes part has the"), "{}", wrong.stderr);
    }
}

#[test]
fn the_inventory_is_found_by_flag_environment_and_file() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    let ran = sandbox.run(["scan", "share"]).expect(3);
    assert!(ran.stderr.contains("--inventory DIR"), "{}", ran.stderr);
    fs::write(sandbox.path("domesday.toml"), "inventory = \"of_file\"\n").expect("writable");
    sandbox.run(["scan", "share"]).expect(0);
    assert!(sandbox.path("of_file/manifest.json").exists());
    let mut command = sandbox.command();
    command.env("DOMESDAY_INVENTORY", "of_environment").args(["scan", "share"]);
    support::finish(command).expect(0);
    assert!(sandbox.path("of_environment/manifest.json").exists());
    let mut command = sandbox.command();
    command.env("DOMESDAY_INVENTORY", "of_environment").args(["scan", "share", "--inventory", "of_flag"]);
    support::finish(command).expect(0);
    assert!(sandbox.path("of_flag/manifest.json").exists());
    let mut command = sandbox.command();
    command.env("DOMESDAY_INVENTORY", "").args(["inventory", "summary"]);
    support::finish(command).expect(0);
}

#[test]
fn overlapping_sources_share_their_objects_out() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    sandbox.write("hr/b.txt", MAIL);
    let ran = sandbox.run(["scan", "share", "share/hr", "--inventory", "share/inv", "--format", "none"]);
    ran.expect(0);
    let rows =
        sandbox.query_in("share/inv", "SELECT path, reason FROM objects ORDER BY path, reason NULLS FIRST");
    let text: Vec<String> = rows.iter().map(|row| format!("{}/{}", row[0], row[1])).collect();
    assert_eq!(
        text,
        ["\"a.txt\"/null", "\"b.txt\"/null", "\"hr\"/\"other_source\"", "\"inv\"/\"inventory\""],
        "each object once"
    );
    let twice = sandbox.run(["scan", "share", "share/../share", "--inventory", "inv"]).expect(0);
    assert!(twice.stderr.contains("named twice"), "{}", twice.stderr);
    sandbox.run(["scan", "share", "share/hr", "--source", "x", "--inventory", "inv"]).expect(3);
    let nameless = sandbox.run(["scan", "share", "--source", "", "--inventory", "inv"]).expect(3);
    assert!(nameless.stderr.contains("--source is empty"), "{}", nameless.stderr);
}

#[test]
fn no_more_values_differ_than_there_are() {
    let sandbox = Sandbox::new();
    for count in (40..900).step_by(13) {
        let line = |i: usize| format!("person{i}.of{count}@hafenbuero-nord.de\n");
        sandbox.write(&format!("{count}.txt"), (0..count).map(line).collect::<String>());
    }
    sandbox.scan(&["--format", "none"]).expect(0);
    assert_eq!(sandbox.number("SELECT count(*) FROM findings WHERE distinct_estimate > occurrences"), 0);
    assert_eq!(sandbox.number("SELECT count(*) FROM trend WHERE distinct_estimate > occurrences"), 0);
}

#[test]
fn suppressed_findings_are_marked_and_count_nowhere() {
    let sandbox = Sandbox::new();
    sandbox.write("tests/a.txt", format!("{MAIL}, {CARD}"));
    sandbox.write("b.txt", MAIL);
    let rule =
        "[[suppress]]\ndetector = \"email_address\"\npath = \"tests/**\"\nreason = \"made-up people\"\n";
    fs::write(sandbox.path("domesday.toml"), rule).expect("writable");
    let lines = sandbox.scan(&["--format", "jsonl", "--suppress", "payment_card@*.txt"]).expect(0).lines();
    assert_eq!(lines.len(), 3, "none is dropped");
    for line in &lines {
        let expected = match (line["path"].as_str(), line["detector"].as_str()) {
            (Some("tests/a.txt"), Some("email_address")) => "made-up people".into(),
            (_, Some("payment_card")) => "--suppress payment_card@*.txt".into(),
            _ => Value::Null,
        };
        assert_eq!(line["suppressed_by"], expected, "{line}");
    }
    let rows = sandbox.query("SELECT path, detector, suppressed_by FROM findings ORDER BY path, detector");
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0], ["b.txt".into(), "email_address".into(), Value::Null]);
    assert_eq!(rows[1], ["tests/a.txt", "email_address", "made-up people"]);
    let objects =
        sandbox.query("SELECT path, occurrences, sensitivity FROM objects WHERE kind = 'file' ORDER BY path");
    assert_eq!(objects[0], ["b.txt".into(), Value::from(1), "moderate".into()]);
    assert_eq!(objects[1], ["tests/a.txt".into(), Value::from(0), Value::Null]);
    let summary = sandbox.run(["inventory", "summary", "--inventory", "inv"]).expect(0).text();
    assert!(summary.contains("2 findings are accepted and suppressed"), "{summary}");
    assert!(!summary.contains("Payment card") && !summary.contains("tests/a.txt"), "{summary}");

    let flags = ["--fail-on", "sensitivity>=high", "--suppress", "payment_card"];
    let ran = sandbox.scan(&flags).expect(0);
    assert!(
        ran.stderr.contains("found  1 value of personal data in 1 finding; 2 more are suppressed"),
        "{}",
        ran.stderr
    );
    assert_eq!(sandbox.number("SELECT findings FROM scans ORDER BY started_at DESC LIMIT 1"), 1);
    let ran = sandbox.scan(&["--suppress", "payment_card", "--suppress", "email_address"]).expect(0);
    assert_eq!(ran.text(), "No other personal data found.\n");
    assert!(!ran.text().contains("Payment card"), "{}", ran.text());
    sandbox.scan(&flags[..2]).expect(1);

    let sarif: Value =
        serde_json::from_str(&sandbox.scan(&["--format", "sarif"]).expect(0).text()).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let reasons: Vec<_> = results.iter().map(|r| r["suppressions"][0]["justification"].as_str()).collect();
    assert_eq!(reasons.iter().flatten().collect::<Vec<_>>(), [&"made-up people"]);
    assert!(results.iter().all(|result| result["suppressions"].is_array()));

    let unknown = sandbox.scan(&["--suppress", "emial@tests/**"]).expect(3).stderr;
    assert!(unknown.contains("no detector or group \"emial\""), "{unknown}");
    fs::write(sandbox.path("domesday.toml"), "[[suppress]]\nreason = \"all\"\n").expect("writable");
    let all = sandbox.scan(&[]).expect(3).stderr;
    assert!(all.contains("neither a detector nor a path"), "{all}");
}

#[test]
fn show_tells_what_is_wrong() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", format!("{MAIL}, or to bert.moor@hafenbuero-nord.de"));
    let lines = sandbox.scan(&["--format", "jsonl"]).expect(0).lines();
    let id = lines[0]["finding_id"].as_str().expect("an id").to_owned();
    let show = |place: &str| sandbox.run(["show", place, "--inventory", "inv"]);
    let shown = show(&id).expect(0).text();
    assert!(!shown.contains("anna") && !shown.contains("bert"), "the neighbour is masked as well: {shown}");
    assert!(shown.contains("write to") && shown.contains("or to"), "{shown}");
    assert!(sandbox.run(["show", "share/a.txt@9..37"]).expect(0).text().contains("email_address"));

    assert!(show("00000000-0000-8000-8000-000000000000").expect(3).stderr.contains("no finding"));
    assert!(show("a.txt@5").expect(3).stderr.contains("PATH@START..END"));
    assert!(show("b.txt@0..5").expect(3).stderr.contains("does not exist"));
    let size = fs::metadata(sandbox.path("share/a.txt")).expect("written").len();
    let behind = show("a.txt@9000..9005").expect(3).stderr;
    assert!(behind.contains(&format!("ends at byte {size},")), "{behind}");
    sandbox.write("a.txt", format!("Hello! {MAIL}"));
    assert!(show(&id).expect(3).stderr.contains("has changed"));
    fs::remove_file(sandbox.path("share/a.txt")).expect("ours");
    assert!(show(&id).expect(3).stderr.contains("no such object"));
}

#[test]
fn a_cause_is_told_once() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    let ran = sandbox.run(["scan", "share/a.txt/", "--inventory", "inv"]).expect(3);
    assert_eq!(ran.stderr.matches("Not a directory").count(), 1, "{}", ran.stderr);
    let ran = sandbox.run(["scan", "share", "--inventory", "share/a.txt"]).expect(3);
    assert!(ran.stderr.contains("something else than an inventory"), "{}", ran.stderr);
}

#[test]
fn a_summary_of_nothing_says_so() {
    let sandbox = Sandbox::new();
    sandbox.write("a.zip", b"PK\x03\x04");
    sandbox.scan(&[]).expect(0);
    let summary = sandbox.run(["inventory", "summary", "--inventory", "inv"]).expect(0).text();
    assert!(summary.contains("Nothing was read") && !summary.contains("No personal data"), "{summary}");
}

#[test]
fn summary_leads_with_coverage() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", CARD);
    sandbox.write("b.zip", b"PK\x03\x04 not a real one");
    sandbox.scan(&[]).expect(0);
    let text = sandbox.run(["inventory", "summary", "--inventory", "inv"]).expect(0).text();
    let (coverage, kinds) = (text.find("What was read"), text.find("Kinds of personal data"));
    assert!(coverage.is_some() && coverage < kinds, "{text}");
    assert!(text.contains("1 of 2 objects read in full (50%)") && text.contains("unsupported"), "{text}");
    let json = sandbox.run(["inventory", "summary", "--inventory", "inv", "--format", "json"]).expect(0);
    let json: Value = serde_json::from_slice(&json.stdout).expect("it is JSON");
    assert_eq!(json["kinds"][0]["detector"], "payment_card");
    fs::remove_file(sandbox.path("inv/views.sql")).expect("ours");
    sandbox.run(["inventory", "views", "--inventory", "inv"]).expect(0);
    assert_eq!(sandbox.number("SELECT count(*) FROM findings"), 1);
    let absent = sandbox.run(["inventory", "summary", "--inventory", "absent"]).expect(3);
    assert!(absent.stderr.contains("holds no inventory"), "{}", absent.stderr);
}

#[test]
fn keys_are_made_once_and_guarded() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", MAIL);
    sandbox.run(["key", "show"]).expect(3);
    let made = sandbox.run(["key", "init"]).expect(0).text();
    let file = sandbox.path("home/.config/domesday/key");
    let digits = fs::read_to_string(&file).expect("it was written");
    assert!(!made.contains(digits.trim()));
    let id = made.split_whitespace().nth(1).expect("an id").to_owned();
    let shown = sandbox.run(["key", "show"]).expect(0).text();
    assert!(shown.contains(&id) && !shown.contains(digits.trim()));
    sandbox.run(["key", "init"]).expect(3);
    assert_eq!(fs::read_to_string(&file).expect("still there"), digits);

    sandbox.scan(&[]).expect(0);
    assert!(sandbox.number("SELECT count(*) FROM subjects") > 0);
    let mut command = sandbox.command();
    command.env("DOMESDAY_KEY_FILE", sandbox.path("inv/key")).args(["key", "init"]);
    let refused = support::finish(command).expect(3).stderr;
    assert!(refused.contains("lies in an inventory") && !sandbox.path("inv/key").exists(), "{refused}");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("ours");
    assert!(sandbox.scan(&[]).expect(3).stderr.contains("chmod 600"));
    let mut command = sandbox.command();
    command.env("DOMESDAY_KEY_FILE", sandbox.path("other")).args(["key", "init"]);
    support::finish(command).expect(0);
    let mut command = sandbox.command();
    command.env("DOMESDAY_KEY_FILE", sandbox.path("other")).args(["scan", "share", "--inventory", "inv"]);
    let wrong = support::finish(command).expect(3);
    assert!(wrong.stderr.contains(&id), "the right key is named: {}", wrong.stderr);
    fs::remove_file(&file).expect("ours");
    let without = sandbox.scan(&[]).expect(3);
    assert!(without.stderr.contains(&id) && without.stderr.contains("--allow-no-key"), "{}", without.stderr);
    assert!(sandbox.number("SELECT count(*) FROM subjects") > 0, "the tokens are still there");
    sandbox.scan(&["--allow-no-key"]).expect(0);
    assert_eq!(sandbox.number("SELECT count(*) FROM subjects"), 0);
    assert!(sandbox.number("SELECT count(*) FROM findings") > 0, "the inventory is whole");
}

#[test]
fn help_and_mistakes_have_their_exit_codes() {
    let sandbox = Sandbox::new();
    for command in [
        &["scan"][..],
        &["show"],
        &["detectors"],
        &["detectors", "list"],
        &["detectors", "test"],
        &["inventory"],
        &["inventory", "summary"],
        &["key"],
        &["key", "init"],
        &["completions"],
        &["man"],
    ] {
        let help = sandbox.run(command.iter().chain(&["--help"])).expect(0).text();
        assert!(help.contains("Usage: domesday"), "{help}");
    }
    assert!(sandbox.run(["scan", "--help"]).expect(0).text().contains("Examples:"));
    for (color, is_coloured) in [("never", false), ("always", true)] {
        let said = format!("--color={color}");
        for args in [&["--help", "--color", color][..], &["scan", "--help", &said], &[&said, "scan", "-h"]] {
            let help = sandbox.run(args).expect(0).text();
            assert_eq!(help.contains('\x1b'), is_coloured, "{args:?}");
        }
    }
    assert!(sandbox.run(["--version"]).expect(0).text().starts_with("domesday "));
    sandbox.run(["scan"]).expect(3);
    sandbox.run(["scan", "share", "--inventory", "inv", "--min-confidence", "2"]).expect(3);
    sandbox.run(["scan", "share", "--inventory", "inv", "--max-memory", "1MB"]).expect(3);
    sandbox.run(["scan", "share", "--inventory", "inv", "--detectors", "no.such"]).expect(3);
    let empty = sandbox.scan(&["--detectors-from", "elsewhere"]).expect(3).stderr;
    assert!(empty.contains("elsewhere holds no detector"), "{empty}");
    fs::write(sandbox.path("one.toml"), "").expect("writable");
    let file = sandbox.scan(&["--detectors-from", "one.toml"]).expect(3).stderr;
    assert!(file.contains("one.toml is a file: name the folder"), "{file}");
    for rule in ["suppress", "deny"] {
        let text =
            |detector: &str| format!("[[{rule}]]\ndetector = \"{detector}\"\nreason = \"x\"\npath = \"a\"\n");
        fs::write(sandbox.path("domesday.toml"), text("nosuch")).expect("writable");
        let refused = sandbox.scan(&[]).expect(3).stderr;
        assert!(refused.contains("\"nosuch\""), "{refused}");
        fs::write(sandbox.path("domesday.toml"), text("iban")).expect("writable");
        sandbox.scan(&["--detectors", "email_address"]).expect(0);
    }
    fs::remove_file(sandbox.path("domesday.toml")).expect("ours");
    let remote = sandbox.run(["scan", "s3://bucket", "--inventory", "inv"]).expect(3);
    assert!(remote.stderr.contains("not supported yet"), "{}", remote.stderr);
    sandbox.run(["scan", "-", "--inventory", "inv"]).expect(3);
}
