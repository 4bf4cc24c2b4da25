//! What is printed of detectors, and of why they decide as they do.

mod support;

use std::collections::BTreeSet;
use std::fs;

use support::{Sandbox, feed};

const MAIL: &str = "write to anna.berg@hafenbuero-nord.de please";

const CARD: &str = "card number 4539 1488 0343 6467 on file";

#[test]
fn detectors_are_listed_explained_and_tried_out() {
    let sandbox = Sandbox::new();
    let list = sandbox.run(["detectors", "list", "--format", "jsonl"]).expect(0).lines();
    assert!(list.len() >= 15, "{}", list.len());
    let ids = list.iter().map(|line| line["id"].as_str().expect("an id"));
    let all = sandbox.run(["detectors", "show"].into_iter().chain(ids.clone())).expect(0).text();
    let starts: Vec<usize> = {
        let heads = list
            .iter()
            .map(|line| format!("{}  {}\n\n", line["id"].as_str().unwrap(), line["label"].as_str().unwrap()));
        heads.map(|head| all.find(&head).unwrap_or_else(|| panic!("{head} is not shown"))).collect()
    };
    for (i, line) in list.iter().enumerate() {
        let shown = &all[starts[i]..starts.get(i + 1).copied().unwrap_or(all.len())];
        assert!(shown.contains(line["source"].as_str().expect("a source")), "{shown}");
        assert!(!shown.contains(": [") && !shown.contains(" { "), "in words: {shown}");
    }
    let us = sandbox.run(["detectors", "list", "--format", "jsonl", "--country", "us"]).expect(0).lines();
    assert!(
        us.iter().all(|line| line["country"].is_null() || line["country"] == "US") && us.len() < list.len()
    );
    let found = sandbox.run(["detectors", "test", MAIL]).expect(0).text();
    assert!(found.contains("email_address") && found.contains("reported"), "{found}");
    let low = sandbox.run(["detectors", "test", "536-22-8145"]).expect(0).text();
    assert!(low.contains("us.ssn") && low.contains("not reported"), "{low}");
    let cell = sandbox.run(["detectors", "test", "536228145", "--header", "ssn"]).expect(0).text();
    assert!(cell.contains("header:ssn"), "{cell}");
    let lines = |header| {
        sandbox.run(["detectors", "test", "Anna Berg\nJonas Koch", "--header", header]).expect(0).text()
    };
    assert!(lines("Schüler").contains("matches     2 of 2"), "{}", lines("Schüler"));
    assert_eq!(lines("product"), "nothing found\n", "as in a scan");
    let mut command = sandbox.command();
    command.args(["detectors", "test", "-"]);
    assert!(feed(command, MAIL.as_bytes()).expect(0).text().contains("email_address"));
    sandbox.run(["detectors", "show", "iban", "no.such"]).expect(3);
    let plan = sandbox.run(["detectors", "plan", "--format", "jsonl"]).expect(0).lines();
    assert_eq!(plan.len(), list.len());
    let ssn = plan.iter().find(|line| line["id"] == "us.ssn").expect("it is planned");
    assert_eq!((&ssn["anchors"][0], &ssn["shapes"][0]), (&"numbers".into(), &"999-99-9999".into()));
    let rates: Vec<f64> = plan.iter().filter_map(|line| line["candidates_per_mb"].as_f64()).collect();
    assert!(rates.is_sorted_by(|a, b| a >= b) && rates[0] > 100.0, "the most expensive first: {rates:?}");
    sandbox.write("notes.txt", b"SSN 536-22-8145, and 536-22-8146");
    let own = sandbox.run(["detectors", "plan", "share/notes.txt", "--detectors", "us.ssn"]).expect(0).text();
    assert!(own.contains("62500") && own.contains("32 B of share/notes.txt"), "{own}");
}

const OWN_DETECTOR: &str = r#"
id = "staff_number"
label = "Staff number"
doc = "A number of ours."
source = "https://intranet.hafenbuero-nord.de/staff"
category = "user.unique_id"
dpv = "pd:Identifying"
ccpa_category = "A"
sensitivity = "moderate"
status = "stable"
since = "0.1.0"
token = "national_id"
mask = "S-••••{last 2}"
[[shape]]
pattern = "S-999999"
base = 600
[context]
en = ["staff"]
[examples]
positive = [{ text = "S-123456", finds = "S-123456" }, { text = "staff S-222333", finds = "S-222333" }, { text = "(S-987654)", finds = "S-987654" }]
negative = ["S-12345", "XS-123456", "s-123456"]
"#;

#[test]
fn ids_of_built_in_detectors_are_taken() {
    let sandbox = Sandbox::new();
    let builtin = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("classifiers/detectors");
    let copy = sandbox
        .run(["detectors".as_ref(), "check".as_ref(), builtin.join("us").as_os_str()])
        .expect(1)
        .text();
    assert!(copy.contains("a copy of them") && copy.contains("1 failure"), "{copy}");
    fs::create_dir(sandbox.path("own")).expect("new");
    fs::write(sandbox.path("own/staff.toml"), OWN_DETECTOR).expect("writable");
    fs::copy(builtin.join("pl/pesel.toml"), sandbox.path("own/pesel.toml")).expect("writable");
    let one = sandbox.run(["detectors", "check", "own"]).expect(1).text();
    assert!(one.contains("pesel.toml: \"pl.pesel\"") && one.contains("1 failure\n"), "{one}");
}

#[test]
fn own_detectors_are_checked_and_used() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("own")).expect("new");
    let file = sandbox.path("own/staff.toml");
    fs::write(&file, OWN_DETECTOR).expect("writable");
    sandbox.run(["detectors", "check", "own"]).expect(0);
    sandbox.write("a.txt", "the badge S-482913 was lost");
    let lines = sandbox.scan(&["--format", "jsonl", "--detectors-from", "own"]).expect(0).lines();
    assert_eq!(lines[0]["detector"], "staff_number");
    let id = lines[0]["finding_id"].as_str().expect("an id");
    let shown = sandbox.run(["show", id, "--inventory", "inv", "--detectors-from", "own"]).expect(0).text();
    assert!(shown.contains("S-••••13") && !shown.contains("482913"), "{shown}");
    let without = sandbox.run(["show", id, "--inventory", "inv"]).expect(0).text();
    assert!(without.contains("S-••••13") && !without.contains("482913"), "{without}");

    fs::write(&file, OWN_DETECTOR.replace("\"s-123456\"]", "\"S-777777\"]")).expect("writable");
    let failed = sandbox.run(["detectors", "check", "own"]).expect(1).text();
    assert!(failed.contains("staff.toml") && failed.contains("S-777777"), "{failed}");
    fs::write(&file, OWN_DETECTOR.replace("\"moderate\"", "\"medium\"")).expect("writable");
    fs::write(sandbox.path("own/other.toml"), "id = 3").expect("writable");
    let failed = sandbox.run(["detectors", "check", "own"]).expect(1).text();
    assert!(failed.contains("medium") && failed.contains("other.toml"), "{failed}");
}

#[test]
fn own_detectors_may_be_regular_expressions() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("own")).expect("new");
    let file = sandbox.path("own/staff.toml");
    let with = |regex: &str| OWN_DETECTOR.replace("pattern = \"S-999999\"", &format!("regex = '{regex}'"));
    fs::write(&file, with(r"\bS-(?:[0-9]\d{4})\d\b")).expect("writable");
    sandbox.run(["detectors", "check", "own"]).expect(0);
    sandbox.write("a.txt", "the badges S-482913 and S-4829134 were lost, and (S-120034)");
    let lines = sandbox.scan(&["--format", "jsonl", "--detectors-from", "own"]).expect(0).lines();
    let places: Vec<_> = lines.iter().map(|line| (&line["start"], &line["end"])).collect();
    assert_eq!(lines.len(), 2, "{places:?}");
    for (regex, reason) in
        [(r"S-\d{6}$", "leave ^, $"), (r"\w{4,}", "like much of any text"), (r"S-(\d{6}", "unclosed")]
    {
        fs::write(&file, with(regex)).expect("writable");
        let refused = sandbox.run(["detectors", "check", "own"]).expect(1).text();
        assert!(refused.contains("staff.toml") && refused.contains(reason), "{refused}");
    }
}

#[test]
fn a_new_detector_works_as_it_is() {
    let sandbox = Sandbox::new();
    let printed = sandbox.run(["detectors", "new", "our.badge"]).expect(0).text();
    assert!(printed.contains("id = \"our.badge\""), "{printed}");
    let write = ["detectors", "new", "our.badge", "--output", "own/badge.toml"];
    assert!(sandbox.run(write).expect(0).text().is_empty());
    assert_eq!(fs::read_to_string(sandbox.path("own/badge.toml")).expect("written"), printed);
    let refused = sandbox.run(write).expect(3).stderr;
    assert!(refused.contains("own/badge.toml exists already"), "{refused}");
    let checked = sandbox.run(["detectors", "check", "own"]).expect(0).text();
    assert!(checked.contains("1 detector: all examples hold"), "{checked}");
    for (id, part) in [("us.ssn", "choose another id"), ("Our Badge", "lower-case")] {
        let refused = sandbox.run(["detectors", "new", id]).expect(3).stderr;
        assert!(refused.contains(part), "{id}: {refused}");
    }
}

#[test]
fn costs_and_conflicts_of_own_detectors_are_told() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("own")).expect("new");
    let greedy = OWN_DETECTOR.replace("S-999999", "999-99-9999").replace("S-123456", "536-22-8145");
    let greedy = greedy.replace("S-222333", "536-22-8146").replace("S-987654", "536-22-8147");
    fs::write(sandbox.path("own/greedy.toml"), greedy.replace("base = 600", "base = 900")).expect("writable");
    sandbox.write("a.txt", "S-1 536-22-8145\n".repeat(1000));
    let told = sandbox.run(["detectors", "check", "own", "--corpus", "share"]).expect(0).text();
    assert!(told.contains("62500 candidates per MB, of which 62500 pass the checks"), "{told}");
    assert!(told.contains("of share); more than 9"), "{told}");
    assert!(told.contains("it takes") && told.contains("from us.ssn"), "{told}");
    let told = sandbox.run(["detectors", "check", "own"]).expect(0).text();
    assert!(told.contains("of the built-in sample"), "{told}");
    let refused = sandbox.run(["detectors", "check", "own", "--corpus", "absent"]).expect(3).stderr;
    assert!(refused.contains("absent cannot be read"), "{refused}");
}

#[test]
fn a_decision_is_explained_step_by_step() {
    let sandbox = Sandbox::new();
    let explain = |args: &[&str]| sandbox.run(["explain"].iter().chain(args)).expect(0).text();
    let found = explain(&["his SSN is 536-22-8145"]);
    for part in [
        "us.ssn",
        "+300  999-99-9999",
        "+450  \"ssn\", 4 bytes away",
        "800  of 1000",
        "verdict              reported",
    ] {
        assert!(found.contains(part), "{part} in {found}");
    }
    assert!(found.contains("350  without \"ssn\" (-450): not reported"), "{found}");
    let low = explain(&["536-22-8145"]);
    assert!(
        low.contains(
            "800  with a context word such as \"social security number\" within 32 bytes (+450): reported"
        ),
        "{low}"
    );
    let strict = explain(&["his SSN is 536-22-8145", "--min-confidence", "0.9"]);
    assert!(strict.contains("reported from 900 on") && strict.contains("not reported"), "{strict}");
    let wrong = explain(&["PESEL 85031443896"]);
    assert!(
        wrong.contains("pl.pesel  Polish PESEL number") && wrong.contains("failed  sum of the products"),
        "{wrong}"
    );
    assert!(wrong.contains("others that looked at it") && wrong.contains("lack a word"), "{wrong}");
    let outweighed = explain(&["CUIT 27379015641, factura C", "--detectors", "ar.cuit"]);
    assert!(
        outweighed.contains("\"factura\", 2 bytes away, outweighed by what speaks for it"),
        "{outweighed}"
    );
    let joined = explain(&["SSN 536-22-8145-99", "--detectors", "us.ssn"]);
    assert!(joined.contains("failed  '-' ties it to what stands behind it"), "{joined}");
    let column = explain(&["536228145\n 536228146 ", "--header", "ssn"]);
    assert!(
        column.contains("matches      2 of 2") && column.contains("+550  \"ssn\" in the header"),
        "{column}"
    );
    assert!(explain(&["hello"]).contains("no detector looks at anything here"));

    let mut command = sandbox.command();
    command.args(["explain", "-", "--format", "jsonl", "--detectors", "us.ssn"]);
    let lines = feed(command, b"SSN 666-22-8145").expect(0).lines();
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    assert_eq!((&line["detector"], &line["outcome"]), (&"us.ssn".into(), &"rule_fails".into()));
    assert_eq!((&line["byte_start"], &line["byte_end"]), (&4.into(), &15.into()));
    assert_eq!(line["points"]["context"], 450);
    assert_eq!(line["context"]["distance"], 1);
    let failed: Vec<_> =
        line["rules"].as_array().expect("rules").iter().filter(|r| r["holds"] == false).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["rule"], "characters 1 to 3: not 666");

    let long = "x ".repeat(10_000);
    let refused = sandbox.run(["explain", &long]).expect(3).stderr;
    assert!(refused.contains("scan it as a file"), "{refused}");
}

#[test]
fn a_finding_is_explained_without_its_value() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", format!("Some lines before it.\n{MAIL}, and {CARD}"));
    sandbox
        .write("b.csv", "id,surname,ssn\n1,\"Berg\",536-22-8145\n2,Okafor,536-22-8146\n3,Li,536-22-8147\n");
    sandbox.write("c.json", r#"{"note": "caf\u00e9: card 4539 1488 0343 6467"}"#);
    let lines = sandbox.scan(&["--format", "jsonl"]).expect(0).lines();
    assert!(lines.len() >= 5, "{lines:?}");
    for line in &lines {
        let id = line["finding_id"].as_str().expect("an id");
        let told = sandbox.run(["explain", id, "--inventory", "inv"]).expect(0).text();
        for raw in ["anna", "0343", "536-22", "Okafor", "Berg"] {
            assert!(!told.contains(raw), "{raw} in {told}");
        }
        let detector = line["detector"].as_str().expect("a detector");
        assert!(told.contains(detector), "{told}");
        if matches!(detector, "last_name" | "person_key") {
            assert!(told.contains("the verdict is that of its column"), "{told}");
            continue;
        }
        assert!(told.contains("verdict              reported") && told.contains("sum"), "{told}");
        let first = lines.iter().find(|l| l["finding_id"] == line["finding_id"]).expect("it is there");
        let json = ["explain", id, "--inventory", "inv", "--format", "jsonl"];
        let json = sandbox.run(json).expect(0).lines();
        let own: Vec<_> = json.iter().filter(|l| l["outcome"] == "reported").collect();
        assert_eq!(own.len(), 1, "{json:?}");
        for key in ["detector", "finding_id", "path", "byte_start", "byte_end", "confidence"] {
            assert_eq!(own[0][key], first[key], "{key}");
        }
    }
    let column = lines.iter().find(|line| line["detector"] == "us.ssn").expect("found");
    let id = column["finding_id"].as_str().expect("an id");
    let told = sandbox.run(["explain", id, "--inventory", "inv"]).expect(0).text();
    assert!(told.contains("matches      3 of 3") && told.contains("+550  \"ssn\" in the header"), "{told}");
    let revealed = sandbox.run(["explain", id, "--inventory", "inv", "--reveal"]).expect(0).text();
    assert!(revealed.contains("536-22-8145"), "{revealed}");

    sandbox.run(["explain", id, "--inventory", "inv", "--header", "ssn"]).expect(3);
    let unknown = ["explain", "9f0c2d1e-8a77-8b1c-9e55-0123456789ab", "--inventory", "inv"];
    assert!(sandbox.run(unknown).expect(3).stderr.contains("no finding"));
    sandbox.write("b.csv", "id\n1\n");
    let changed = sandbox.run(["explain", id, "--inventory", "inv"]).expect(3).stderr;
    assert!(changed.contains("changed since"), "{changed}");
}

#[test]
fn names_and_addresses_are_explained_word_by_word() {
    let sandbox = Sandbox::new();
    let text = "Please contact Maria Schneider, 42 Elm Street, Springfield, IL 62704";
    let told = sandbox.run(["explain", text]).expect(0).text();
    let known = ["full_name", "\"Maria\": given name", "\"Schneider\": family name"];
    for part in known.into_iter().chain(["street_address", "\"Street\": street word", "\"42\": number"]) {
        assert!(told.contains(part), "{part}: {told}");
    }
    let lines = sandbox.run(["explain", text, "--format", "jsonl"]).expect(0).lines();
    for (detector, sequence) in [("full_name", "person"), ("street_address", "address")] {
        let line = lines.iter().find(|line| line["detector"] == detector).expect(detector);
        assert_eq!((&line["outcome"], &line["found_by"]["sequence"]), (&"reported".into(), &sequence.into()));
        assert!(line["evidence"].as_array().is_some_and(|evidence| !evidence.is_empty()), "{line}");
        assert!(line["words"].as_array().is_some_and(|words| words.len() > 2), "{line}");
    }
    let said = sandbox.run(["explain", "Ms Sarah Cohen is Jewish"]).expect(0).text();
    assert!(said.contains("0  without \"is\" before it: not reported"), "{said}");
    // What is no name, and why, and what would make one of it.
    let missed = sandbox.run(["explain", "the old Schneider house"]).expect(0).text();
    assert!(
        missed.contains("do not follow each other") && missed.contains("with a title such as"),
        "{missed}"
    );
    sandbox.write("a.txt", format!("{text}\n"));
    let found = sandbox.scan(&["--format", "jsonl", "--detectors", "full_name"]).expect(0).lines();
    let id = found[0]["finding_id"].as_str().expect("an id");
    let told = sandbox.run(["explain", id, "--inventory", "inv"]).expect(0).text();
    assert!(told.contains("word                 family name"), "{told}");
    assert!(!told.contains("Maria") && !told.contains("Schneider"), "{told}");
}

#[test]
fn own_files_that_are_wrong_are_refused_with_the_reason() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path("own/lists")).expect("new");
    let file = sandbox.path("own/staff.toml");
    let wrong = [
        ("base = 600", "base = 6000", "thousandths"),
        ("label = \"Staff number\"", "label = \" \"", "label is empty"),
        ("label = \"Staff number\"", "label = \"Staff\\u001b[2J\"", "control character"),
        ("category = \"user.unique_id\"", "category = \"Staff numbers\"", "category"),
        ("[context]", "[[rule]]\nkind = \"range\"\nat = 1\nlen = 2\nmin = 60\nmax = 1\n[context]", "larger"),
        ("[[shape]]\npattern = \"S-999999\"", "[words]\nlist = \"absent\"\ncase = \"any\"", "no list"),
        ("[[shape]]\npattern = \"S-999999\"", "[words]\nlist = \"codes\"\ncase = \"any\"", "\"Blue Bird\""),
    ];
    fs::write(sandbox.path("own/lists/codes.txt"), "Kestrel\nBlue Bird\n").expect("writable");
    for (part, by, reason) in wrong {
        let text = OWN_DETECTOR.replace(part, by);
        assert_ne!(text, OWN_DETECTOR, "{part}");
        fs::write(&file, text).expect("writable");
        let refused = sandbox.run(["detectors", "check", "own"]).expect(1).text();
        assert!(refused.contains(reason), "{reason}: {refused}");
    }
    // A list that is saved with a mark of its encoding has its first word.
    fs::write(sandbox.path("own/lists/codes.txt"), "\u{feff}Kestrel\nMerlin\n").expect("writable");
    let words = "[words]\nlist = \"codes\"\ncase = \"any\"\nbase = 600";
    fs::write(&file, OWN_DETECTOR.replace("[[shape]]\npattern = \"S-999999\"\nbase = 600", words))
        .expect("writable");
    let own =
        ["detectors", "test", "the Kestrel flies", "--detectors-from", "own", "--detectors", "staff_number"];
    assert!(sandbox.run(own).expect(0).text().contains("reported"));
    fs::write(sandbox.path("own/lists/codes.txt"), "Kestrel\n4711\n").expect("writable");
    let told = sandbox.run(["detectors", "check", "own"]).expect(1).text();
    assert!(told.contains("\"4711\" of its list is not one word"), "{told}");
    let number = ["detectors", "test", "bei № 5", "--detectors-from", "own", "--detectors", "staff_number"];
    assert!(!sandbox.run(number).expect(0).text().contains("reported"));
    // A list of ours stays what it is.
    fs::write(sandbox.path("own/lists/given_names.txt"), "Kestrel\n").expect("writable");
    let refused = sandbox.run(own).expect(3).stderr;
    assert!(refused.contains("there already is a word list \"given_names\""), "{refused}");
}

#[cfg(unix)]
#[test]
fn devices_are_no_detectors_and_hide_no_others() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("own")).expect("new");
    std::os::unix::fs::symlink("/dev/zero", sandbox.path("own/endless.toml")).expect("new");
    fs::write(sandbox.path("own/bytes.toml"), b"id = \"\xff\"").expect("writable");
    fs::write(sandbox.path("own/staff.toml"), OWN_DETECTOR.replace("\"moderate\"", "\"medium\""))
        .expect("writable");
    let told = sandbox.run(["detectors", "check", "own"]).expect(1).text();
    for part in ["endless.toml: it is no file", "bytes.toml: stream did not contain valid UTF-8", "medium"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let refused = sandbox.scan(&["--detectors-from", "own"]).expect(3).stderr;
    assert!(refused.contains("bytes.toml"), "{refused}");
    let bare = OWN_DETECTOR.replace("positive = [", "positive = [\"S-12345\", ");
    fs::write(sandbox.path("own/staff.toml"), bare).expect("writable");
    let told = sandbox.run(["detectors", "check", "own"]).expect(1).text();
    assert!(told.contains("write { text = ") && !told.contains("enum"), "{told}");
}

#[test]
fn a_column_is_explained_by_what_each_part_is_worth() {
    let sandbox = Sandbox::new();
    let explain = ["explain", "Berg\nOkafor\nLi", "--header", "surname"];
    let told = sandbox.run(explain).expect(0).text();
    assert!(told.contains("header         +550") && told.contains("sum             650"), "{told}");
    let lines = sandbox.run(explain.iter().chain(&["--format", "jsonl"])).expect(0).lines();
    let column = &lines[0];
    assert_eq!((&column["column"], &column["detector"]), (&"surname".into(), &"last_name".into()));
    let points = column["points"].as_object().expect("points").values();
    let sum: i64 = points.map(|points| points.as_i64().expect("a number")).sum();
    assert_eq!(Some(sum as f64 / 1000.0), column["confidence"].as_f64(), "{column}");

    sandbox.write(
        "a.csv",
        "id,surname,email\n1,Berg,a.berg@hafenbuero-nord.de\n2,Okafor,b@hafenbuero-nord.de\n",
    );
    let found = sandbox.scan(&["--format", "jsonl"]).expect(0).lines();
    let name = found.iter().find(|line| line["detector"] == "last_name").expect("it is found");
    let id = name["finding_id"].as_str().expect("an id");
    let lines = sandbox.run(["explain", id, "--inventory", "inv", "--format", "jsonl"]).expect(0).lines();
    assert_eq!((&lines[0]["outcome"], &lines[0]["finding_id"]), (&"column_verdict".into(), &id.into()));
    let won = lines.iter().find(|line| line["found_by"]["column"] == true).expect("a line of the value");
    assert_eq!((&won["outcome"], &won["confidence"]), (&"reported".into(), &name["confidence"]));
}

#[test]
fn secrets_of_settings_are_found_in_every_format() {
    let sandbox = Sandbox::new();
    let aws = "c3j27xdcg2lMLzgeonyLGcTJFiz4soCmZ9cpvnpK";
    let twilio = "7c29a80b21ead8f062d15a4f4ef27e95";
    let jwt = "pozX9ErMM0eQLtAweitCLORxWis8hgnwKZ2ys5OF";
    let lines = format!("AWS_SECRET_ACCESS_KEY={aws}\nTWILIO_AUTH_TOKEN={twilio}\nJWT_SECRET={jwt}\n");
    let files = [
        (".env", lines.clone()),
        ("env.sh", lines.clone()),
        ("app.properties", lines.replace('=', " = ")),
        ("app.ini", format!("[app]\n{lines}")),
        ("app.yaml", lines.replace('=', ": ")),
        ("app.toml", lines.lines().map(|line| line.replace('=', " = \"") + "\"\n").collect()),
        ("app.json", {
            let members: Vec<_> =
                lines.lines().map(|line| format!("\"{}\"", line.replace('=', "\":\""))).collect();
            format!("{{{}}}", members.join(","))
        }),
    ];
    for (name, content) in &files {
        sandbox.write(name, content);
    }
    let found = sandbox.scan(&["--format", "jsonl", "--reveal"]).expect(0).lines();
    for (name, _) in files {
        let own: BTreeSet<_> = found
            .iter()
            .filter(|line| line["path"] == name)
            .map(|line| (line["detector"].as_str().unwrap(), line["value"].as_str().unwrap()))
            .collect();
        for (detector, value) in
            [("aws_secret_key", aws), ("twilio_auth_token", twilio), ("assigned_token", jwt)]
        {
            assert!(own.iter().any(|(id, raw)| *id == detector && raw.ends_with(value)), "{name}: {own:?}");
        }
        assert_eq!(own.len(), 3, "{name}: {own:?}");
    }
}

#[test]
fn explain_says_that_a_number_hides_a_name() {
    let told = Sandbox::new().run(["explain", "12045 Karl Petersen wohnt"]).expect(0).text();
    assert!(told.contains("a number stands right before it") && told.contains("without \"12045\""), "{told}");
}
