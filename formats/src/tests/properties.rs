use super::*;

/// Pieces that decide something in a format, in any order.
fn soup(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(pieces), 0..120)
        .prop_map(|pieces| pieces.concat().into_bytes())
}

const CSV: &[&str] = &[
    "a",
    "jane@corp.de",
    "12",
    "é",
    "𝄞",
    ",",
    ",",
    ";",
    "\"",
    "\"\"",
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\"x\",",
    "NULL",
    "2024-01-01",
    "                                        ",
];
const SQL: &[&str] = &[
    "INSERT INTO t (a, b) VALUES ",
    "insert into x.\"y\" values",
    "CREATE TABLE t (a int, `b` text);\n",
    "COPY t (a, b) FROM stdin;\n",
    "\\.\n",
    "(",
    ")",
    "(1, 'x'),",
    ",",
    ";",
    ";\n",
    "\n",
    "'",
    "''",
    "\\",
    "\"",
    "--",
    "/*",
    "*/",
    "-",
    "N'é'",
    "NULL",
    "\\N",
    "replace(",
    "12",
    "é",
    "word ",
    "\t",
    "                                        ",
];
/// Titles, remarks, headers, rows and drawings.
const TABLES: &[&str] = &[
    "# remark, 'x\n",
    "\n",
    "\n\n",
    "Title\n",
    "id,mail\n",
    "1,a@b.de\n",
    "2,c@d.de\n",
    "day,city,id\n",
    "2024-01-01,Bonn,5\n",
    "x,\"y\"\"z\"\n",
    "x,\\\"y\n",
    "1,2,3,4\n",
    "sku;contact;name\n",
    "#page 2\n",
    "# a, b, c\n",
    "7;x@y.de;Doe",
    "mail,id\n",
    "a\tb\t",
    "| id | mail |\n",
    "|----|------|\n",
    "| 1 | a@b.de |\n",
    " 2 | é\n",
    "+----+------+\n",
    "-----------------------------------------------------------------------------------------------------------------",
    "                                                                                                                 ",
    "|",
    "(2 rows)\n",
    "│ id │ mail │\n",
    "├────┼──────┤\n",
    "│ 1 │ a@b.de │\n",
    "│ int32 │ str │\n",
    "──────────────────────────────────────────────",
    "│",
];
const FIXED: &[&str] = &[
    "ID NAME       MAIL\n",
    "-- ---------- ----\n",
    " 1 Jane Doe   a@b.de\n",
    "é",
    "𝄞",
    "x",
    " ",
    "            ",
    "                                                                                                                 ",
    "word",
    "\n",
    "\r\n",
];
const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"a\":",
    "\"b c\":",
    "\"",
    "\\\"",
    "\\u00e9",
    "\\ud834\\udd1e",
    "\\",
    ":",
    ",",
    "1",
    "-2.5",
    "true",
    "null",
    "x",
    "é",
    " ",
    "\n",
    "\n",
    "\r\n",
    "{\"a\":\"v\",\"n\":{\"k\":[1,\"s\"]}}\n",
    "\x1E",
    "\"0\":",
    "\"1\":",
    "\"j@x.de\":",
];
const JSON5: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "{",
    "}",
    "[",
    "]",
    "\"a\": ",
    "\"",
    "'",
    "\\'",
    "\\u00e9",
    "\\",
    ":",
    ",",
    ",",
    "12",
    "true",
    "x",
    "key: ",
    "é",
    " ",
    "\n",
    "\r\n",
    "//",
    "/*",
    "*/",
    "/",
    "NaN",
    "\x1E",
    "\"0\":",
    "\"1\":",
    "jane@corp.de",
    "[[\"a\",\"b\"],[",
    "{\"a\":\"v\"},\n",
    "\"j@x.de\": ",
];
const XML: &[&str] = &[
    "<a>",
    "</a>",
    "<b c=\"d\">",
    "</b>",
    "<e/>",
    "<",
    ">",
    "</",
    "/>",
    "<!--",
    "-->",
    "--",
    "<![CDATA[",
    "]]>",
    "]",
    "<?",
    "?>",
    "<?xml ",
    "<!DOCTYPE a [",
    "]>",
    "<!",
    " f='",
    "'",
    "\"",
    "=",
    " g",
    "&amp;",
    "&#233;",
    "&",
    ";",
    "jane@corp.de",
    "é",
    "𝄞",
    " ",
    "\n",
    "</n>",
    "<br/>",
    "<key>k</key>",
    "<field name=\"n\">v</field>",
    "<jane@corp.de>",
    "12",
    "                                                                        ",
];
const BYTES: &[&str] =
    &["\0", "\0\0\0", "a\0", "abc", "jane@corp.de", "\u{1}", "é", "\u{7f}", "w\0i\0d\0e\0r\0s\0", "\n"];

/// The text of each cell is what the source holds at its place, but for quotation marks, which may be doubled there, and
/// for carriage returns, all of which are line feeds in the text where they end the lines of the source.
fn assert_places(bytes: &[u8], collector: &Collector) {
    let unquoted = |text: &[u8]| text.iter().copied().filter(|&b| b != b'"').collect::<Vec<_>>();
    let has_returns = collector.text.contains(&b'\r');
    for (at, value) in &collector.values {
        let mut source = unquoted(&bytes[*at as usize..value.end as usize]);
        if !has_returns {
            source.iter_mut().filter(|b| **b == b'\r').for_each(|b| *b = b'\n');
        }
        assert_eq!(source, unquoted(&value.text));
    }
}

/// Whatever surrounds it, a value is not torn and not lost.
fn assert_nothing_lost(bytes: &[u8], collector: &Collector) {
    const VALUE: &[u8] = b"jane@corp.de";
    for at in memchr::memmem::find_iter(bytes, VALUE) {
        let (at, end) = (at as u64, (at + VALUE.len()) as u64);
        let around = collector.values.range(..=at).next_back();
        assert!(around.is_some_and(|(_, value)| end <= value.end), "at {at}: {:?}", collector.values);
    }
}

/// What skimming shows of `bytes`, worked out character by character.
fn runs(bytes: &[u8]) -> Vec<u8> {
    let (mut shown, mut run, mut characters, mut i) = (vec![0; bytes.len()], 0, 0, 0);
    while i <= bytes.len() {
        let character = (1..=4).find_map(|n| std::str::from_utf8(bytes.get(i..i + n)?).ok());
        match character.filter(|c| *c == "\t" || !c.chars().any(char::is_control)) {
            Some(c) => {
                characters += 1;
                i += c.len();
            }
            None => {
                if characters >= 6 {
                    shown[run..i].copy_from_slice(&bytes[run..i]);
                }
                i += 1;
                (run, characters) = (i, 0);
            }
        }
    }
    shown
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn csv_does_not_depend_on_windows(bytes in soup(CSV)) {
        let (_, got) = read_every_way("a.csv", &bytes);
        assert_places(&bytes, &got);
    }

    #[test]
    fn tables_do_not_depend_on_windows(bytes in soup(TABLES), first in 0usize..5) {
        let beginnings = ["", "sep=;\n", "# x\nid,mail\n1,a\\N\n", "| id | mail |\n|----|----|\n| 1 | x |\n", "│ id │ mail │\n├────┼──────┤\n│ 1 │ x │\n"];
        read_every_way("a.csv", &[beginnings[first].as_bytes(), &bytes[..]].concat());
    }

    #[test]
    fn fixed_width_does_not_depend_on_windows(bytes in soup(FIXED)) {
        read_every_way("a.lst", &[b"Title\n\nID NAME       MAIL\n-- ---------- ----\n", &bytes[..]].concat());
    }

    #[test]
    fn sql_does_not_depend_on_windows(bytes in soup(SQL), mysql in any::<bool>()) {
        let first = if mysql { "-- MySQL dump\n" } else { "CREATE TABLE x.y (é int, z text);\n" };
        read_every_way("a.sql", &[first.as_bytes(), &bytes[..]].concat());
    }

    #[test]
    fn ndjson_does_not_depend_on_windows(bytes in soup(JSON)) {
        read_every_way("a.jsonl", &bytes);
    }

    #[test]
    fn documents_of_json_do_not_depend_on_windows(bytes in soup(JSON5)) {
        for start in ["[{\"a\":1},", "[[\"a_b\",\"c\"],[\"x\",1],[\"y\",2],["] {
            let bytes = [start.as_bytes(), &bytes].concat();
            let (_, got) = read_every_way("a.json", &bytes);
            assert_nothing_lost(&bytes, &got);
        }
    }

    #[test]
    fn xml_does_not_depend_on_windows(bytes in soup(XML)) {
        for start in ["", "<r><n>x<br/></n></r><r><n>", "<r><n>x<br/></n></r><r><n><b>y</b>"] {
            let bytes = [b"<?xml version='1.0'?><a>", start.as_bytes(), &bytes, b"</n></r>"].concat();
            let (content, got) = read_every_way("a.xml", &bytes);
            if !content.columns.is_empty() {
                assert_nothing_lost(&bytes, &got);
            }
        }
    }

    #[test]
    fn skimming_does_not_depend_on_windows(bytes in soup(BYTES)) {
        read_every_way("a.bin", &bytes);
    }

    #[test]
    fn skimming_finds_the_runs(
        parts in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..90), "[a-zé€𝄞]{0,9}|([ -~]{0,40}\\u{0}?){0,5}"), 1..12),
    ) {
        let mut bytes = vec![0; 32];
        for (noise, text) in parts {
            bytes.extend(noise);
            bytes.extend(text.bytes());
        }
        let (content, got) = read_every_way("a.bin", &bytes);
        prop_assume!(content.coverage == Coverage::Skimmed);
        prop_assert_eq!(got.text, runs(&bytes));
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400), name in "[a-z]\\.(csv|jsonl|json|xml|txt|bin|sql)") {
        read_every_way(&name, &bytes);
    }

    #[test]
    fn utf16_does_not_depend_on_windows(units in prop::collection::vec(prop_oneof![Just(0x2c), Just(0x22), Just(0x0a), 0x20u16..0x7f, any::<u16>()], 0..300)) {
        let bytes: Vec<u8> = [0xFEFF].iter().chain(&units).flat_map(|unit: &u16| unit.to_le_bytes()).collect();
        read_every_way("a.csv", &bytes);
    }

    #[test]
    fn records_of_json_come_back(values in prop::collection::vec("\\PC{0,20}", 1..20)) {
        let quote = |value: &String| {
            let mut out = String::from("\"");
            for c in value.chars() {
                match c {
                    '"' | '\\' => out.extend(['\\', c]),
                    c if u32::from(c) % 3 == 0 => {
                        c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out += &format!("\\u{unit:04x}"));
                    }
                    c => out.push(c),
                }
            }
            out + "\""
        };
        let lines: String = values.iter().map(|value| format!("{{\"v\":{}}}\n", quote(value))).collect();
        let (content, got) = read_every_way("a.jsonl", lines.as_bytes());
        prop_assert_eq!(content.record_count, Some(values.len() as u64));
        let expected: Vec<&[u8]> = values.iter().filter(|v| !v.is_empty()).map(|v| v.as_bytes()).collect();
        let seen: Vec<&[u8]> = got.values.values().map(|value| &value.text[..]).collect();
        prop_assert_eq!(seen, expected);
    }
}
