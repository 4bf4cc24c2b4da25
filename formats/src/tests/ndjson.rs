use super::*;

#[test]
fn records_and_paths() {
    let text = "{\"id\":1,\"user\":{\"email\":\"jane@corp.de\",\"tags\":[\"a\",\"b\"]},\"ok\":true,\"x\":null}\r\n\n\
                {\"id\":2,\"orders\":[{\"id\":\"o1\"},{\"id\":7.5}],\"d\":\"2024-01-01\", \"e\":\"\"}\n[1,\"t\"]\n\"s\"";
    let (content, got) = read_every_way("a.jsonl", text.as_bytes());
    assert_eq!((content.format, content.reason, content.record_count), ("ndjson", None, Some(4)));
    let mail = got.value("jane@corp.de");
    assert_eq!((mail.column.as_str(), mail.record), ("user.email", 0));
    assert_eq!(got.value("b").column, "user.tags[]");
    assert_eq!(got.value("7.5").column, "orders[].id");
    assert_eq!(got.value("t").column, "$[]");
    assert_eq!((got.value("s").column.as_str(), got.value("s").record), ("$", 3));
    assert_eq!(column(&content, "id").data_type, DataType::Integer);
    assert_eq!(column(&content, "ok").data_type, DataType::Boolean);
    assert_eq!(column(&content, "d").data_type, DataType::Date);
    let empty = column(&content, "x");
    assert_eq!((empty.data_type, empty.non_null, empty.records), (DataType::Empty, 0, 4));
}

#[test]
fn escapes_are_undone_in_a_window_of_their_own() {
    let text = r#"{"a":"caf\u00e9 \ud834\udd1e \"q\"","b\u002ec":"x\n","n":"plain"}"#;
    let (content, got) = read_every_way("a.ndjson", text.as_bytes());
    assert_eq!(content.reason, None);
    assert_eq!(got.value("café 𝄞 \"q\"").column, "a");
    assert_eq!(got.value("x\n").column, r#"["b.c"]"#);
    let place = text.find("caf").expect("it is there") as u64;
    let end = text.find("\",\"b").expect("it is there") as u64;
    assert_eq!(got.values[&place].end, end);
}

#[test]
fn what_is_no_json_is_read_as_text() {
    let cut = r#"{"a":"x@y.org"}
{"a": jane@x.com, "b": 2}
{"a":"unfinished jane2@x.com
{"a":1} trailing
{"a":tru}
{"unfinished key
{"a":1"#;
    let (content, got) = read_every_way("a.jsonl", cut.as_bytes());
    assert_eq!((content.reason, content.reason_place), (Some(Reason::MalformedRecord), Some(16)));
    assert_eq!(content.record_count, Some(7));
    assert_eq!(got.value("jane@x.com, \"b\": 2}").column, "*");
    assert_eq!(got.value("unfinished jane2@x.com").column, "a");
    assert_eq!(got.value("trailing").column, "*");
    assert_eq!(got.value("tru}").column, "*");
    assert_eq!(got.value("unfinished key").column, "*");
    assert_eq!(got.value("1").column, "a");
}

#[test]
fn keys_that_are_data_are_values() {
    let long = "k".repeat(700);
    let text =
        format!("{{\"users\":{{\"jane@corp.de\":{{\"age\":7}},\"4711\":5}}}}\n{{\"u\":{{\"{long}\":1}}}}\n");
    let (content, got) = read_every_way("m.jsonl", text.as_bytes());
    assert_eq!(content.reason, None);
    assert_eq!(got.value("jane@corp.de").column, "users.*~");
    assert_eq!(got.value("7").column, "users.*.age");
    assert_eq!(got.value("5").column, "users.*");
    assert_eq!(got.value(&long).column, "u.*~");
}

#[test]
fn nesting_is_bounded() {
    let limits = Limits { max_depth: 3, ..limits(9) };
    let text = br#"{"a":{"b":[{"c":["]}"]}, 5]},"z":1}"#;
    let (content, got) = read("d.jsonl", text, &limits);
    assert_eq!((content.reason, content.reason_place), (Some(Reason::NestedTooDeep), Some(11)));
    assert_eq!(got.value(r#"{"c":["]}"]}"#).column, "a.b[]");
    assert_eq!((got.value("5").column.as_str(), got.value("1").column.as_str()), ("a.b[]", "z"));
    let deep = format!("{}jane@corp.de{}\n{{\"a\":\"b\"}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let (content, got) = read_default("d.jsonl", deep.as_bytes());
    assert_eq!(content.reason, Some(Reason::NestedTooDeep));
    assert_eq!(got.value("b").record, 1);
    assert!(got.values.values().any(|value| value.text.windows(12).any(|w| w == b"jane@corp.de")));
}

#[test]
fn columns_are_bounded() {
    let limits = Limits { max_columns: 3, ..limits(50) };
    let (content, got) = read("c.jsonl", br#"{"a":1,"b":2,"c":3,"d":4,"e":{"f":5}}"#, &limits);
    assert_eq!(content.reason, Some(Reason::TooManyColumns));
    assert_eq!(got.columns, ["a", "b", "c", "*"]);
    assert_eq!((got.value("4").column.as_str(), got.value("5").column.as_str()), ("*", "*"));
    let many: Vec<String> = (0..100_000).map(|i| format!("\"k{}x{}\":{i}", i % 1000, i / 1000)).collect();
    let (content, got) = read_default("c.jsonl", format!("{{{}}}\n", many.join(",")).as_bytes());
    assert_eq!((content.reason, content.columns.len()), (Some(Reason::TooManyColumns), 10_001));
    assert_eq!(got.value("99999").column, "*");
}

#[test]
fn recognised_by_content() {
    let lines = b"{\"a\":1}\n{\"a\":2}\n";
    assert_eq!(read_default("dump", lines).0.format, "ndjson");
    assert_eq!(read_default("app.log", lines).0.format, "ndjson");
    assert_eq!(read_default("one.json", b"{\"a\": 1}").0.format, "ndjson");
    let (pretty, got) = read_default("one.json", b"{\n  \"a\": 1\n}\n");
    assert_eq!((pretty.format, pretty.record_count), ("json", Some(3)));
    assert!(got.columns.is_empty());
}
