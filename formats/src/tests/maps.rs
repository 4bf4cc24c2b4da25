//! Maps, whose keys are data although they look like names.

use super::*;

/// The columns of a text, as the paths of values.
fn columns(name: &str, text: &str) -> Vec<String> {
    let (content, got) = read_every_way(name, text.as_bytes());
    assert_eq!(content.reason, None, "{text}");
    got.columns
}

/// A document of JSON with a member for each of `keys`.
fn object(keys: &[&str], value: impl Fn(usize) -> String) -> String {
    let members: Vec<String> =
        keys.iter().enumerate().map(|(i, key)| format!("\"{key}\": {}", value(i))).collect();
    format!("{{{}}}", members.join(",\n "))
}

const USERS: &[&str] = &[
    "emmakrause",
    "jweber",
    "davidw",
    "lenakl",
    "mfischer",
    "sarahk",
    "tomrich",
    "paulh",
    "annas",
    "lukasn",
];
const NAMES: &[&str] = &[
    "Anna Schmidt",
    "Peter Meyer",
    "Maria Fischer",
    "Jonas Weber",
    "Laura Wagner",
    "Michael Becker",
    "Julia Schulz",
    "Thomas Koch",
];
/// Of one kind of values each, but no two of them alike.
const FIELDS: &[&str] = &[
    "timeout", "retries", "threads", "port", "depth", "width", "height", "margin", "offset", "limit",
    "quota", "ratio", "scale", "speed", "weight", "volume", "zoom",
];

/// A line for each of the fields.
fn lines(before: &str, behind: &str) -> String {
    FIELDS.iter().map(|key| format!("{before}{key}{behind}\n")).collect()
}

#[test]
fn objects_with_the_same_keys_are_values_of_a_map() {
    let users = object(USERS, |i| format!("{{\"role\": \"admin\", \"age\": {i}}}"));
    assert_eq!(columns("a.json", &users), ["*~", "*.role", "*.age"]);
    assert_eq!(
        columns("a.json", &format!("{{\"v\": 1, \"users\": {users}}}")),
        ["v", "users.*~", "users.*.role", "users.*.age"]
    );
    let names = object(&NAMES[..3], |i| format!("{{\"age\": {i}}}"));
    let (_, got) = read_every_way("a.json", names.as_bytes());
    assert_eq!(got.value("Anna Schmidt").column, "*~", "the first of them as well");
    // What has another form beside them tells of all.
    let counted = format!("{{\"total\": 10, {}", &users[1..]);
    assert_eq!(columns("a.json", &counted), ["total", "*~", "*.role", "*.age"]);
    // Some have no value for a key, and arrays may lie between.
    let orders = object(USERS, |i| match i % 3 {
        0 => "{\"orders\": [{\"id\": 1}]}".to_owned(),
        _ => "{\"orders\": [{\"id\": 2}], \"mail\": \"x\"}".to_owned(),
    });
    assert_eq!(columns("a.json", &orders), ["*~", "*.orders[].id", "*.mail"]);
    let lists = object(NAMES, |i| format!("[{{\"id\": {i}, \"name\": \"x\"}}, {{\"id\": 2}}]"));
    assert_eq!(columns("a.json", &lists), ["*~", "*[].id", "*[].name"]);
    let maps = object(USERS, |i| {
        format!("{{\"by\": {}}}", object(&NAMES[i % 7..i % 7 + 2], |_| "{\"n\": 1}".to_owned()))
    });
    assert_eq!(columns("a.json", &maps), ["*~", "*.by.*~", "*.by.*.n"]);
}

#[test]
fn scalars_of_one_kind_are_values_of_a_map() {
    assert_eq!(columns("a.json", &object(NAMES, |i| i.to_string())), ["*~", "*"]);
    assert_eq!(columns("a.json", &object(FIELDS, |i| i.to_string())), ["*~", "*"]);
    let numbered: Vec<String> = (0..9).map(|i| format!("user_{i}")).collect();
    let numbered: Vec<&str> = numbered.iter().map(String::as_str).collect();
    assert_eq!(columns("a.json", &object(&numbered, |i| format!("\"text {i}\""))), ["*~", "*"]);
}

#[test]
fn records_keep_their_fields() {
    let kept = |name: &str, text: &str, count: usize| {
        let columns = columns(name, text);
        let is_named = |path: &String| !path.split('.').any(|key| key.starts_with('*'));
        assert!(columns.len() == count && columns.iter().all(is_named), "{columns:?} of {text}");
    };
    // Settings of many kinds.
    kept("a.json", &object(FIELDS, |i| if i == 5 { "true".to_owned() } else { i.to_string() }), 17);
    kept("a.json", &object(FIELDS, |i| format!("\"text {i}\"")), 17);
    kept(
        "a.json",
        &object(FIELDS, |i| format!("{{\"{}\": 1, \"{}\": 2}}", FIELDS[i], FIELDS[(i + 1) % 17])),
        34,
    );
    kept(
        "a.json",
        &object(&["billing", "shipping", "home", "work"], |_| "{\"city\": \"Bonn\", \"zip\": 1}".to_owned()),
        8,
    );
    kept(
        "a.json",
        &object(&["First Name", "Last Name", "City", "Street Name"], |_| "\"Bonn\"".to_owned()),
        4,
    );
    kept(
        "a.json",
        &object(&["mail1", "mail2", "phone1", "phone2", "name1", "name2", "city1", "city2"], |i| {
            i.to_string()
        }),
        8,
    );
    let tables = object(USERS, |i| format!("[{{\"id\": {i}, \"name\": \"x\"}}, {{\"id\": 2}}]"));
    kept("a.json", &tables, 20);
    // Tables that are written column by column.
    kept("a.json", &object(USERS, |_| "[1, 2, 3]".to_owned()), 10);
    let rows = object(&USERS[..9], |_| object(FIELDS, |i| format!("\"x{i}\"")));
    kept("a.json", &rows, 153);
    // Fields that each record has, one below the other.
    let scores = object(FIELDS, |i| i.to_string());
    kept("a.json", &format!("[{{\"a\": 1, \"scores\": {scores}}}, {{\"a\": 2, \"scores\": {scores}}}]"), 18);
    let settings: String = FIELDS.iter().map(|key| format!("{key}: 1\n{key}_name: x\n")).collect();
    kept("a.yaml", &settings, 34);
    let documents: String = (0..3).map(|_| format!("---\n{}", lines("", ": 1"))).collect();
    kept("a.yaml", &documents, 17);
    let items: String = (0..3).map(|_| format!("-\n{}", lines("  ", ": 1"))).collect();
    kept("a.yaml", &items, 17);
    kept("a.ini", &format!("[main]\n{}[other]\nx = y\n", lines("", " = 5s")), 18);
    kept("a.toml", "[tool.a]\nx = 1\n[tool.b]\ny = 1\n[tool.c]\nz = 1\n", 3);
}

#[test]
fn maps_in_lines() {
    let yaml: String = USERS.iter().map(|key| format!("{key}:\n  name: Weber\n  age: 7\n")).collect();
    assert_eq!(columns("a.yaml", &yaml), ["*~", "*.name", "*.age"]);
    let flow: String = USERS.iter().map(|key| format!("  {key}: {{name: Weber, age: 7}}\n")).collect();
    assert_eq!(columns("a.yaml", &format!("users:\n{flow}")), ["users.*~", "users.*.name", "users.*.age"]);
    let names: String = NAMES.iter().map(|key| format!("{key}: 7\n")).collect();
    assert_eq!(columns("a.yaml", &names), ["*~", "*"]);
    let toml: String =
        USERS.iter().map(|key| format!("[users.{key}]\nname = \"Weber\"\nage = 7\n")).collect();
    assert_eq!(columns("a.toml", &toml), ["users.*~", "users.*.name", "users.*.age"]);
    let names: String = NAMES.iter().map(|key| format!("\"{key}\" = 7\n")).collect();
    assert_eq!(columns("a.toml", &format!("[grades]\n{names}")), ["grades.*~", "grades.*"]);
    let ini: String = USERS.iter().map(|key| format!("[{key}]\nname = Weber\nage = 7\n")).collect();
    let (content, got) = read_every_way("a.ini", ini.as_bytes());
    assert_eq!(
        (content.record_count, got.columns),
        (Some(10), ["*~", "*.name", "*.age"].map(str::to_owned).to_vec())
    );
    assert_eq!(got.values.values().map(|value| value.record).max(), Some(9));
}

#[test]
fn a_map_that_goes_on_behind_the_beginning() {
    let letter = |i: usize| char::from(b'a' + (i % 26) as u8);
    let key = |i: usize| -> String {
        ['u', letter(i), letter(i / 26), letter(i / 676), letter(i / 17_576)].iter().collect()
    };
    for (name, line) in [
        ("a.yaml", (|key| format!("{key}:\n  age: 7\n  city: Bonn\n")) as fn(String) -> String),
        ("a.ini", |key| format!("[{key}]\nage = 7\ncity = Bonn\n")),
        ("a.toml", |key| format!("[{key}]\nage = 7\ncity = \"Bonn\"\n")),
    ] {
        let text: String = (0..12_000).map(key).map(line).collect();
        let (content, _) = read_default(name, text.as_bytes());
        let counts: Vec<_> =
            content.columns.iter().map(|column| (column.path.as_str(), column.non_null)).collect();
        let expected = [("*~", 12_000), ("*.age", 12_000), ("*.city", 12_000)];
        assert_eq!((content.reason, &counts[..]), (None, &expected[..]), "{name}");
    }
}
