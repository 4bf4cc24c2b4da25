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
    assert_eq!(got.value("t").column, "$[1]");
    assert_eq!((got.value("s").column.as_str(), got.value("s").record), ("$", 3));
    assert_eq!(column(&content, "id").data_type, DataType::Integer);
    assert_eq!(column(&content, "ok").data_type, DataType::Boolean);
    assert_eq!(column(&content, "d").data_type, DataType::Date);
    let empty = column(&content, "x");
    assert_eq!((empty.data_type, empty.non_null, empty.records), (DataType::Empty, 0, 4));
}

#[test]
fn arrays_in_arrays_are_rows() {
    let text = r#"{"range":"A1:B3","values":[["Jane",[7]],[1,"jane@corp.de"],[2,"x@y.org",["t","u"],{"k":"v"}], []],"end":"z"}"#;
    let (content, got) = read_every_way("a.json", text.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(5)));
    let rows = [
        ("range", 0, "A1:B3"),
        ("values[][0]", 1, "Jane"),
        ("values[][1][]", 1, "7"),
        ("values[][0]", 2, "1"),
        ("values[][1]", 2, "jane@corp.de"),
        ("values[][0]", 3, "2"),
        ("values[][1]", 3, "x@y.org"),
        ("values[][2][]", 3, "t"),
        ("values[][2][]", 3, "u"),
        ("values[][3].k", 3, "v"),
        ("end", 4, "z"),
    ];
    assert_eq!(got.rows(), rows);
    assert_eq!(column(&content, "values[][1]").records, 3);
    // Objects in them are records of their own.
    let (content, got) = read_every_way("a.json", br#"[[{"a":"x"},{"a":"y"}],[{"a":"z"}]]"#);
    assert_eq!((content.record_count, got.value("z").column.as_str()), (Some(3), "$[][].a"));
    // A long one is a list.
    let long = format!("[[{}]]", vec!["7"; 100].join(","));
    let (content, _) = read_every_way("a.json", long.as_bytes());
    assert_eq!((content.columns.len(), column(&content, "$[][]").non_null), (65, 36));
}

#[test]
fn the_first_row_names_the_cells_of_the_others() {
    let rows =
        r#"["Jane", "2001-04-02", "Köln"], ["Bert", "1987-11-30", "Bonn"], ["Emma", "1999-01-17", null]"#;
    let with_head = |head: &str| read_every_way("a.json", format!("[ [ {head}], {rows}]").as_bytes());
    let (content, got) = with_head(r#""first_name", "d\u006fb" , 'Place/Birth'"#);
    assert_eq!((content.reason, content.record_count), (None, Some(3)));
    assert_eq!(got.columns, ["first_name", "dob", "Place/Birth"]);
    assert_eq!((got.value("Bonn").column.as_str(), got.value("Bonn").record), ("Place/Birth", 1));
    assert_eq!((column(&content, "dob").records, column(&content, "dob").data_type), (3, DataType::Date));
    // Below a key, and names as programs write them.
    let text = r#"{"n":1,"values":[["given","family_name"],["Jane","Doe"],["Bert","Berg"],["Emma","Koch"]],"end":"z"}"#;
    let (content, got) = read_every_way("a.json", text.as_bytes());
    assert_eq!((content.record_count, column(&content, "values[].family_name").records), (Some(5), 3));
    assert_eq!(got.columns, ["n", "values[].given", "values[].family_name", "end"]);
    assert_eq!(got.value("Jane").record, 1);
    // Rows that nothing shows to be names.
    for head in [
        r#""Lena", "1980-03-04", "Ulm""#,
        r#""Lena", "unknown", "Ulm""#,
        r#""Lena", null, "Ulm""#,
        r#""Lena", "dob", "a \"]\" b""#,
    ] {
        let (content, got) = with_head(head);
        assert_eq!((content.record_count, got.value("Lena").column.as_str()), (Some(4), "$[][0]"), "{head}");
    }
    let names = br#"[["Jane","Doe"],["Bert","Berg"],["Emma","Koch"],["Lena","Kurz"]]"#;
    let (_, got) = read_every_way("a.json", names);
    assert_eq!(got.value("Jane").column, "$[][0]");
}

#[test]
fn an_array_beside_rows_names_their_cells() {
    let text =
        r#"{"columns":["first_name","last_name"],"index":[0,1],"data":[["Jane","Doe"],["Bert","Berg"]]}"#;
    let (content, got) = read_every_way("a.json", text.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(3)));
    assert_eq!(got.columns, ["columns[]", "index[]", "data[].first_name", "data[].last_name"]);
    assert_eq!((got.value("Berg").column.as_str(), got.value("Berg").record), ("data[].last_name", 2));
    assert_eq!(column(&content, "data[].last_name").records, 2);
    let text = r#"{"rows":[["Jane","Doe"],["Bert","Berg"]],"fields":["given", "family"]}"#;
    assert_eq!(read_every_way("a.json", text.as_bytes()).1.columns[..2], ["rows[].given", "rows[].family"]);
    // Of another number.
    let text = r#"{"fields":["a","b","c"],"rows":[["Jane","Doe"],["Bert","Berg"]]}"#;
    assert_eq!(read_every_way("a.json", text.as_bytes()).1.columns[1..], ["rows[][0]", "rows[][1]"]);
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
    let (one, got) = read_default("one.json", b"{\"a\": 1}");
    assert_eq!((one.format, one.record_count, got.value("1").column.as_str()), ("json", Some(1), "a"));
    let (text, got) = read_default("notes.json", b"no JSON at all\n");
    assert_eq!((text.format, text.record_count), ("json", Some(1)));
    assert!(got.columns.is_empty());
}

#[test]
fn elements_of_the_outermost_array_are_records() {
    let text = r#"{
  "meta": {"count": 2, "by": "jane@corp.de"},
  "data": [
    {"id": 1, "orders": [{"customer": {"email": "a@b.de"}}, {"customer": {"email": "c@d.de"}}]},
    {"id": 2, "orders": []}
  ],
  "next": null, "tags": ["x"],
  "more": [{"id": 3}]
}
"#;
    let (content, got) = read_every_way("a.json", text.as_bytes());
    assert_eq!((content.format, content.reason, content.record_count), ("json", None, Some(5)));
    assert_eq!(
        got.rows(),
        [
            ("meta.count", 0, "2"),
            ("meta.by", 0, "jane@corp.de"),
            ("data[].id", 1, "1"),
            ("data[].orders[].customer.email", 1, "a@b.de"),
            ("data[].orders[].customer.email", 1, "c@d.de"),
            ("data[].id", 2, "2"),
            ("next", 3, "null"),
            ("tags[]", 3, "x"),
            ("more[].id", 4, "3"),
        ]
    );
}

#[test]
fn an_array_of_objects_is_a_table() {
    let text =
        "\u{FEFF}[\r\n\t{ \"a\" : \"x\\u00e9\", \"b\": [1, [2]] },\r\n\t{ \"a\": \"y\", },\r\n\t7\r\n]\r\n";
    let (content, got) = read_every_way("a.json", text.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(3)));
    let expected = [("a", 0, "xé"), ("b[]", 0, "1"), ("b[][]", 0, "2"), ("a", 1, "y"), ("$[]", 2, "7")];
    assert_eq!(got.rows(), expected);
}

#[test]
fn values_that_follow_each_other_are_records() {
    for text in [
        "{\"a\":[{\"b\":1}]}{\"a\":[{\"b\":2},{\"b\":3}]}",
        "{\n\"a\":[{\"b\":1}]\n}\n{\"a\":[{\"b\":2},\n{\"b\":3}]}\n",
    ] {
        let (content, got) = read_every_way("a.json", text.as_bytes());
        assert_eq!((content.reason, content.record_count), (None, Some(2)));
        assert_eq!(got.rows(), [("a[].b", 0, "1"), ("a[].b", 1, "2"), ("a[].b", 1, "3")]);
    }
}

#[test]
fn the_liberties_of_json5_are_read() {
    let text = r#"// by jane@corp.de
{
  /* b */ unquoted: 'single "quoted"', $x-1 : +1, // trailing
  'key': .5, hex: 0xFF, inf: -Infinity, nan: NaN, // *//
  "list": [1, 2,], /***/ "esc": 'it\'s',
}
"#;
    let (content, got) = read_every_way("a.json5", text.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(1)));
    assert_eq!(
        got.rows(),
        [
            ("*", 0, "// by jane@corp.de"),
            ("*", 0, "/* b */"),
            ("unquoted", 0, "single \"quoted\""),
            ("$x-1", 0, "+1"),
            ("*", 0, "// trailing"),
            ("key", 0, ".5"),
            ("hex", 0, "0xFF"),
            ("inf", 0, "-Infinity"),
            ("nan", 0, "NaN"),
            ("*", 0, "// *//"),
            ("list[]", 0, "1"),
            ("list[]", 0, "2"),
            ("*", 0, "/***/"),
            ("esc", 0, "it's"),
        ]
        .map(|(column, record, text)| (
            if column == "$x-1" { "[\"$x-1\"]" } else { column },
            record,
            text
        ))
    );
}

#[test]
fn mistakes_cost_a_document_no_text() {
    let text = r#"[
  {"a": jane@x.com, "b": 2},
  {"a": ObjectId("507f"), "b" 3 "c": 4},
  {"a": "not closed,
   "b": 5},
  {"a": 6]}, {"a": , "b": 7},,
  {jane.doe@y.org}, {"z": {"a": 8}
  "end": 9
"#;
    let (content, got) = read_every_way("a.json", text.as_bytes());
    assert_eq!((content.reason, content.reason_place), (Some(Reason::MalformedRecord), Some(4)));
    let by_text = |text: &str| (got.value(text).column.as_str(), got.value(text).record);
    assert_eq!(by_text("jane@x.com"), ("*", 0));
    assert_eq!(by_text("2"), ("b", 0));
    assert_eq!(by_text("ObjectId(\"507f\")"), ("*", 1));
    assert_eq!((by_text("3"), by_text("4")), (("b", 1), ("c", 1)));
    assert_eq!((by_text("not closed,"), by_text("5")), (("a", 2), ("b", 2)));
    assert_eq!((by_text("6"), by_text("7")), (("a", 3), ("b", 4)));
    assert_eq!(by_text("jane.doe@y.org").0, "*");
    assert_eq!((by_text("8").0, by_text("9").0), ("z.a", "end"));
}

#[test]
fn documents_that_are_cut_are_read_up_to_there() {
    let text = r#"{"data":[{"mail":"jane@corp.de"},{"mail":"bert@corp.de","n":12"#;
    for end in 20..text.len() {
        let (content, got) = read_every_way("a.json", &text.as_bytes()[..end]);
        assert_eq!((content.reason, content.coverage), (Some(Reason::MalformedRecord), Coverage::Full));
        assert_eq!(got.values[&18].column, "data[].mail");
    }
    let (_, got) = read_every_way("a.json", text.as_bytes());
    assert_eq!((got.value("12").column.as_str(), got.value("12").record), ("data[].n", 1));
    let broken = [&b"[{\"a\":\"M\xC3\xBCller \xFF jane@corp.de\"}]"[..]].concat();
    let (content, got) = read_every_way("a.json", &broken);
    assert_eq!((content.reason, content.reason_place), (Some(Reason::InvalidEncoding), Some(15)));
    assert_eq!(got.values.len(), 1);
}

#[test]
fn a_key_that_never_ends_has_its_place() {
    let text = format!("{{ \"{}\n", "name".repeat(100));
    let (content, _) = read_every_way("object.json", text.as_bytes());
    assert_eq!((content.reason, content.reason_place), (Some(Reason::MalformedRecord), Some(3)));
}

#[test]
fn maps_do_not_grow_columns() {
    let packages: Vec<String> = (0..5000)
        .map(|i| {
            let name = format!("{}{}", char::from(b'a' + (i % 26) as u8), "x".repeat(i / 100));
            format!(
                r#""node_modules/{name}-{}": {{"version": "1.{i}", "requires": {{"{name}": "2"}}}}"#,
                i % 100
            )
        })
        .collect();
    let lock = format!("{{\n\"name\": \"portal\", \"packages\": {{\n{}\n}}}}\n", packages.join(",\n"));
    let (content, got) = read_default("package-lock.json", lock.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(1)));
    assert!(content.columns.len() < 300, "{}", content.columns.len());
    assert_eq!(got.value("1.4999").column, "packages.*.version");
    let letter = |i: usize| char::from(b'a' + (i % 26) as u8);
    let word = |i: usize| -> String { ['w', letter(i), letter(i / 26), letter(i / 676)].iter().collect() };
    let words: Vec<String> = (0..5000).map(|i| format!("\"{}\": \"text {i}\"", word(i))).collect();
    let (content, got) = read_default("de.json", format!("{{{}}}", words.join(",\n")).as_bytes());
    assert_eq!((content.reason, content.columns.len()), (None, 202));
    let last = got.value(&word(4999)).column.as_str();
    assert_eq!((got.value("text 4999").column.as_str(), last), ("*", "*~"));
}

#[test]
fn notebooks_and_maps_of_the_world_are_documents() {
    let notebook = r##"{
 "cells": [
  {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "by jane@corp.de"]},
  {"cell_type": "code", "execution_count": 1, "outputs": [{"text": ["1\n"]}], "source": []}
 ],
 "nbformat": 4
}"##;
    let (content, got) = read_every_way("a.ipynb", notebook.as_bytes());
    assert_eq!((content.format, content.reason, content.record_count), ("json", None, Some(3)));
    assert_eq!(got.value("by jane@corp.de").column, "cells[].source[]");
    assert_eq!(got.value("1\n").column, "cells[].outputs[].text[]");
    let places = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Jane"},
        "geometry":{"type":"LineString","coordinates":[[1.5,2],[3,4.25]]}}]}"#;
    let (content, got) = read_every_way("a.geojson", places.as_bytes());
    assert_eq!((content.format, content.record_count), ("json", Some(2)));
    assert_eq!(got.value("Jane").column, "features[].properties.name");
    assert_eq!(got.value("4.25").column, "features[].geometry.coordinates[][]");
}

#[test]
fn each_array_of_objects_has_rows_of_its_own() {
    let text = r#"{"made": "2024-05-01", "users": [{"id": 1, "mail": "jane@corp.de", "tags": [{"t": "a"}, {"t": "b"}]},
        {"id": 2}], "orders": [{"id": 7}, {"id": 8, "note": "x"}, {"id": 9}], "by": "tool"}"#;
    let (content, _) = read_every_way("db.json", text.as_bytes());
    let counts = |path: &str| (column(&content, path).records, column(&content, path).non_null);
    assert_eq!(
        (counts("users[].id"), counts("users[].mail"), counts("users[].tags[].t")),
        ((2, 2), (2, 1), (2, 2))
    );
    assert_eq!((counts("orders[].id"), counts("orders[].note")), ((3, 3), (3, 1)));
    // What stands before and behind the arrays.
    assert_eq!(counts("made").1, 1);
    let (content, _) = read_every_way("a.json", br#"[{"id": 1}, {"id": 2, "x": 3}]"#);
    assert_eq!((column(&content, "id").records, column(&content, "x").records), (2, 2));
}

#[test]
fn values_of_a_sequence_have_separators_before_them() {
    let lines = "\x1E{\"a\":\"x\"}\n\x1E{\"a\":\"y\"}\n";
    let (content, got) = read_every_way("a.json-seq", lines.as_bytes());
    assert_eq!((content.format, content.record_count, content.reason), ("ndjson", Some(2), None));
    assert_eq!((got.value("y").column.as_str(), got.value("y").record), ("a", 1));
    let values = "\x1E{\n \"a\": \"x\"\n}\n\x1E{\n \"a\": \"y\"\n}\n";
    let (content, got) = read_every_way("a.json", values.as_bytes());
    assert_eq!((content.format, content.record_count, content.reason), ("json", Some(2), None));
    assert_eq!((got.value("y").column.as_str(), got.value("y").record), ("a", 1));
}

#[test]
fn keys_that_number_the_rows_are_no_values() {
    let text = "{\"mail\":{\"0\":\"a@b.de\",\"1\":\"c@d.de\",\"2\":\"e@f.de\"},\"age\":{\"0\":1,\"1\":2,\"4711\":3}}";
    let (_, got) = read_every_way("a.json", text.as_bytes());
    assert_eq!(got.columns, ["mail.*", "age.*", "age.*~"]);
    assert_eq!(
        (got.value("e@f.de").column.as_str(), got.value("4711").column.as_str()),
        ("mail.*", "age.*~")
    );
}
