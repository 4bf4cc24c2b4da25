//! Planted values of every detector must be found, and then appear nowhere: not on stdout without `--reveal`, not on
//! stderr, not in a temporary file, not in the decoded Parquet, the manifest or the views.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use support::{Ran, Sandbox};

/// For each detector, values that occur nowhere else, each after words that make it certain.
const PLANTED: &[(&str, &str, &[&str])] = &[
    ("email_address", "mail", &["zq.canary@quuxmail-kestrel.net", "Vex_Canary+tag@quuxpost-osprey.org"]),
    ("phone_number", "phone", &["+49 30 23125 814", "+442079460123"]),
    ("payment_card", "credit card number", &["4539 0172 8364 5907", "5425182736491053"]),
    ("iban", "IBAN", &["DE26 3706 0193 0020 4187 36", "GB59KESW60371482736519"]),
    ("ipv4_address", "client ip", &["87.193.211.46"]),
    ("ipv6_address", "client ip", &["2a02:908:1a6:cd20:4c1f:9be2:77a0:51d3"]),
    ("mac_address", "mac address", &["3c:22:fb:9d:41:7e"]),
    ("us.ssn", "social security number", &["536-22-8147"]),
    ("gb.nhs_number", "NHS number", &["485 912 7366"]),
    ("es.dni", "DNI", &["48239157S"]),
    ("pl.pesel", "PESEL", &["73111748266"]),
    ("us.passport", "US passport number", &["C08365927"]),
    ("date_of_birth", "date of birth", &["1947-11-23"]),
    (
        "json_web_token",
        "token",
        &[
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJjYW5hcnkta2VzdHJlbCJ9.dGhpcy1pcy1ub3QtYS1yZWFsLXNpZ25hdHVyZQ",
        ],
    ),
    ("full_name", "Dear", &["Hildegarde"]),
];

/// The same for detectors that exist as columns only: values of a column with that header, in a table of people.
const COLUMNS: &[(&str, &str, &[&str])] = &[
    ("given_name", "first name", &["Ottoline", "Eglantine"]),
    ("last_name", "last name", &["Wojnarkowska", "Quillfeather"]),
    ("gender", "gender", &["Intersex"]),
    ("postal_code", "postal code", &["EC1A 9QX", "YO31 7QZ"]),
    ("region", "province", &["Blekinge", "Zakarpattia"]),
    ("person_key", "id", &["PK-7731-QX", "PK-7732-QZ"]),
    ("latitude", "latitude", &["52.5219483", "48.2084917"]),
    ("longitude", "longitude", &["13.4132146", "16.3731214"]),
];

fn plant(sandbox: &Sandbox) {
    let (mut text, mut ndjson, mut headers, mut cells) =
        (String::new(), String::new(), Vec::new(), Vec::new());
    for (detector, words, values) in PLANTED {
        for value in *values {
            text.push_str(&format!("{words}: {value}\n{words} {value}, and more.\n"));
            // A bare name proves nothing, in a key no more than in a text; names among each other do.
            let key = if *detector == "full_name" { "name" } else { value };
            ndjson.push_str(&format!("{{\"{words}\":\"{value}\",\"{key}\":\"{words}\"}}\n"));
            headers.push(*words);
            cells.push(*value);
        }
    }
    let mail = PLANTED[0].2[0];
    let columns: Vec<_> = COLUMNS.iter().map(|column| column.1).chain(["mail"]).collect();
    let people = (0..2).map(|i| {
        let row = COLUMNS.iter().map(|column| column.2[i.min(column.2.len() - 1)]).chain([mail]);
        row.collect::<Vec<_>>().join(";") + "\n"
    });
    sandbox.write("people.csv", format!("{}\n{}", columns.join(";"), people.collect::<String>()));
    let row = cells.join(";");
    let names = PLANTED.iter().find(|planted| planted.0 == "full_name").expect("it is planted").2;
    let by_name: Vec<_> =
        names.iter().chain(&["Anna", "Bert"]).map(|n| format!("\"{n}\":{{\"ssn\":1}}")).collect();
    sandbox.write("map.ndjson", format!("{{\"by\":{{{}}}}}\n", by_name.join(",")));
    sandbox.write("names.csv", format!("{};Anna;Bert;Clara\n1;2;3;4\n", names[0]));
    sandbox.write("plain.txt", &text);
    sandbox.write("keys.ndjson", &ndjson);
    sandbox.write("cut.ndjson", &ndjson[..ndjson.len() - 20]);
    sandbox.write("table.csv", format!("{}\n{row}\n", headers.join(";")));
    sandbox.write("headless.csv", format!("{row}\n{row}\n"));
    sandbox.write("ragged.csv", format!("{}\n{row};{row}\n\"{row}\n", headers.join(";")));
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    sandbox.write("utf16.txt", utf16);
    sandbox
        .write("binary.bin", [b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", text.as_bytes(), &[0; 64]].concat());
    sandbox.write("not-really.zip", [b"PK\x03\x04\x14\0\0\0", text.as_bytes()].concat());
}

/// How a value might be written: as planted, without separators, in either case.
fn spellings() -> BTreeSet<String> {
    let mut spellings = BTreeSet::new();
    for value in PLANTED.iter().chain(COLUMNS).flat_map(|planted| planted.2) {
        let compact: String = value.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        for text in [(*value).to_owned(), compact] {
            spellings.extend([text.to_lowercase(), text.to_uppercase(), text]);
        }
    }
    spellings
}

fn assert_clean(what: &str, text: &str) {
    for value in spellings() {
        assert!(!text.contains(&value), "{what} holds {value}");
    }
}

fn assert_ran_clean(what: &str, ran: &Ran) {
    assert_clean(&format!("stdout of {what}"), &String::from_utf8_lossy(&ran.stdout));
    assert_clean(&format!("stderr of {what}"), &ran.stderr);
}

/// Every file below `folder` as it is on disk, UTF-16 included.
fn assert_files_clean(folder: &Path) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("there") {
        let path = entry.expect("there").path();
        if path.is_dir() {
            count += assert_files_clean(&path);
            continue;
        }
        let bytes = fs::read(&path).expect("readable");
        assert_clean(&path.display().to_string(), &String::from_utf8_lossy(&bytes));
        count += 1;
    }
    count
}

/// The examples of a detector's file, as a file of the share, and the values that it finds in them.
fn example(id: &str) -> (String, String, Vec<String>) {
    let (folder, name) = match id.split_once('.') {
        Some((country, name)) => (country.to_owned(), name),
        None => ("global".to_owned(), id),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("classifiers/detectors");
    let path = root.join(folder).join(format!("{name}.toml"));
    let file = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file: toml::Table = file.parse().expect("it is TOML");
    let positive = file["examples"]["positive"].as_array().expect("a list");
    let text = |value: &toml::Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
    let plain = positive.iter().find(|example| example.get("header").is_none());
    if let Some(example) = plain {
        let finds = text(example, "finds").expect("what it finds");
        return (format!("{id}.txt"), text(example, "text").expect("a text"), vec![finds]);
    }
    // One that needs no other columns beside it, where there is one.
    let alone = positive.iter().find(|example| example.get("beside").is_none());
    let example = alone.unwrap_or(&positive[0]);
    let header = text(example, "header").expect("a header");
    let values: Vec<String> = match example.get("values").and_then(|values| values.as_array()) {
        Some(values) => values.iter().map(|value| value.as_str().expect("a text").to_owned()).collect(),
        None => vec![text(example, "text").expect("a text")],
    };
    let quoted = values.iter().map(|value| format!("\"{}\"\n", value.replace('"', "\"\"")));
    (format!("{id}.csv"), format!("\"{header}\"\n{}", quoted.collect::<String>()), values)
}

#[test]
fn the_examples_of_every_detector_leave_no_trace() {
    let sandbox = Sandbox::new();
    sandbox.make_key();
    let list = sandbox.run(["detectors", "list", "--format", "jsonl"]).expect(0).lines();
    let ids: BTreeSet<&str> = list.iter().map(|line| line["id"].as_str().expect("an id")).collect();
    let mut planted = BTreeMap::new();
    for id in &ids {
        let (name, content, values) = example(id);
        sandbox.write(&name, content);
        planted.insert(name, values);
    }
    let lines = sandbox.scan(&["--format", "jsonl", "--reveal"]).lines();
    let accepts = |line: &serde_json::Value, id: &str| {
        let others = line["alternatives"].as_array().expect("a list");
        line["detector"] == id || others.iter().any(|other| other == id)
    };
    let is_found = |name: &str| {
        let id = Path::new(name).file_stem().and_then(|stem| stem.to_str()).expect("named after it");
        lines.iter().any(|line| line["path"] == name && accepts(line, id))
    };
    let missed: Vec<&str> = planted.keys().map(String::as_str).filter(|name| !is_found(name)).collect();
    // These are persons' only beside what tells them: the table of people above holds them.
    assert_eq!(missed, ["latitude.csv", "longitude.csv", "person_key.csv", "region.csv"]);

    // Long enough not to stand anywhere by chance.
    let secret = |value: &&String| {
        value.len() >= 9 && value.bytes().any(|b| b.is_ascii_digit()) && !value.contains("example")
    };
    let values: Vec<&String> = planted.values().flatten().filter(secret).collect();
    assert!(values.len() > 60, "{}", values.len());
    let assert_clean = |what: &str, text: &str| {
        let held: Vec<_> = values.iter().filter(|value| text.contains(value.as_str())).collect();
        assert!(held.is_empty(), "{what} holds {held:?}");
    };
    for arguments in [&["--format", "jsonl"][..], &[]] {
        let ran = sandbox.scan(arguments);
        assert_clean("stdout", &String::from_utf8_lossy(&ran.stdout));
        assert_clean("stderr", &ran.stderr);
    }
    let script = "import duckdb, glob, sys\n\
        for path in sorted(glob.glob(sys.argv[1] + '/**/*.parquet', recursive=True)):\n\
        \x20   for row in duckdb.execute('SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)', [path]).fetchall():\n\
        \x20       print(path, row)";
    assert_clean("the decoded Parquet", &sandbox.python(script, &[sandbox.path("inv").as_os_str()]));
}

#[test]
fn planted_values_are_found_and_leave_no_trace() {
    let sandbox = Sandbox::new();
    sandbox.make_key();
    plant(&sandbox);
    let found = sandbox.scan(&["--format", "jsonl", "--reveal"]).lines();
    let mut by_detector: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in &found {
        let text = |name: &str| line[name].as_str().expect(name);
        by_detector.entry(text("detector")).or_default().insert(text("value"));
    }
    for (detector, _, values) in PLANTED.iter().chain(COLUMNS) {
        for value in *values {
            assert!(
                by_detector.get(detector).is_some_and(|found| found.contains(value)),
                "{detector} misses {value}"
            );
        }
    }

    assert_ran_clean("scan with a table", &sandbox.scan(&[]));
    let lines = sandbox.scan(&["--format", "jsonl"]);
    assert_ran_clean("scan with lines", &lines);
    assert_ran_clean("scan with a SARIF log", &sandbox.scan(&["--format", "sarif"]));
    assert_ran_clean("summary", &sandbox.run(["inventory", "summary", "--inventory", "inv"]));
    assert_ran_clean("review", &sandbox.run(["review", "--inventory", "inv"]));
    assert_ran_clean("review as CSV", &sandbox.run(["review", "--inventory", "inv", "--export"]).expect(0));
    let ids: BTreeSet<String> =
        lines.lines().iter().map(|line| line["finding_id"].as_str().expect("an id").to_owned()).collect();
    for id in ids {
        let shown = sandbox.run(["show", &id, "--inventory", "inv", "--context", "4096"]).expect(0);
        // A bare name is no finding without a word that makes it one, so beside another value it may be shown.
        let text = shown.text().replace("Hildegarde", "");
        assert_clean(&format!("show {id}"), &text);
        assert!(!shown.text().contains("Dear Hildegarde"));
    }
    // Lists of values hold none, and nothing that is said of one does.
    let list = PLANTED[..4].iter().flat_map(|planted| planted.2).map(|value| {
        let token = sandbox.run(["key", "token", value]).expect(0);
        assert_ran_clean("key token", &token);
        token.text()
    });
    fs::write(sandbox.path("list.tokens"), list.collect::<String>()).expect("writable");
    assert_ran_clean("an allow list", &sandbox.scan(&["--format", "jsonl", "--allow", "list.tokens"]));
    assert_ran_clean("a deny list", &sandbox.scan(&["--format", "jsonl", "--deny", "list.tokens"]));
    let raw: String =
        PLANTED[..4].iter().flat_map(|planted| planted.2).map(|value| format!("{value}\n")).collect();
    fs::write(sandbox.path("raw.txt"), &raw).expect("writable");
    assert_ran_clean("a list of raw values", &sandbox.scan(&["--deny", "raw.txt"]).expect(3));
    fs::write(sandbox.path("domesday.toml"), format!("[[deny]]\npattern = '{}'\n", PLANTED[0].2[0]))
        .expect("writable");
    assert_ran_clean("a pattern that is a value", &sandbox.scan(&["--format", "jsonl"]));
    fs::remove_file(sandbox.path("domesday.toml")).expect("ours");
    assert_eq!(fs::read_dir(sandbox.path("tmp")).expect("there").count(), 0, "no temporary file stays");
    assert!(assert_files_clean(&sandbox.path("inv")) > 8);

    // Decoded, with what is superseded but not deleted yet.
    let script = "import duckdb, glob, sys\n\
        for path in sorted(glob.glob(sys.argv[1] + '/**/*.parquet', recursive=True)):\n\
        \x20   for row in duckdb.execute('SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)', [path]).fetchall():\n\
        \x20       print(path, row)\n\
        print('END')";
    let decoded = sandbox.python(script, &[sandbox.path("inv").as_os_str()]);
    assert!(decoded.ends_with("END\n") && decoded.contains("findings"));
    assert_clean("the decoded Parquet", &decoded);
}
