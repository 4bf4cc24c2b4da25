use super::*;

#[test]
fn a_plain_table() {
    let text = "\u{FEFF}id, name ,email\r\n1,Jane,jane@corp.de\r\n\r\n2,,\r\n3,NULL,j@x.org";
    let (content, got) = read_every_way("people.csv", text.as_bytes());
    assert_eq!((content.format, content.encoding), ("csv", Some("utf-8")));
    assert_eq!((content.status, content.coverage, content.reason), (Status::Scanned, Coverage::Full, None));
    assert_eq!(content.record_count, Some(3));
    assert_eq!(content.text_bytes, text.len() as u64 - 3);
    assert_eq!(got.columns, ["id", "name", "email"]);
    let mail = got.value("jane@corp.de");
    assert_eq!((mail.column.as_str(), mail.record), ("email", 0));
    let place = text.find("jane@").expect("it is there") as u64;
    assert_eq!(got.values[&place], *mail);
    assert_eq!(got.value("j@x.org").record, 2);
    let name = column(&content, "name");
    assert_eq!((name.records, name.non_null, name.data_type), (3, 1, DataType::Text));
    assert_eq!(column(&content, "id").data_type, DataType::Integer);
    assert!(got.values.values().all(|value| value.text != b"id"), "a header is no value");
}

#[test]
fn quotes_line_feeds_and_escapes() {
    let text = "id,note\n1,\"a, b\nc\"\n2,\"he said \"\"jane@corp.de\"\" twice\"\n3,\"\"\"x\"\"\"\n4,a\"b\n5,\"x\" \n";
    let (content, got) = read_every_way("notes.csv", text.as_bytes());
    assert_eq!((content.record_count, content.reason), (Some(5), None));
    assert_eq!(got.value("a, b\nc").record, 0);
    assert_eq!(got.value("he said \"jane@corp.de\" twice").record, 1);
    assert_eq!(got.value("\"x\"").record, 2);
    assert_eq!(got.value("a\"b").record, 3);
    assert_eq!(got.value("x").record, 4);
    assert_eq!(column(&content, "note").non_null, 5);
}

#[test]
fn without_a_header_the_first_record_is_data() {
    let (content, got) = read_every_way("p.csv", b"jane@corp.de;Jane\njohn@corp.de;John\n");
    assert_eq!(got.columns, ["column_1", "column_2"]);
    assert_eq!((got.value("jane@corp.de").record, got.value("John").record), (0, 1));
    assert_eq!(content.record_count, Some(2));
}

#[test]
fn names_are_made_unique() {
    let (_, got) = read_every_way("p.csv", b"a,,a,\"b \"\"c\"\"\",a#2\n1,2,3,4,5\n");
    assert_eq!(got.columns, ["a", "column_2", "a#2", "b \"c\"", "a#2#2"]);
}

#[test]
fn ragged_rows_are_read_whole() {
    let text = "id,name\n1,Jane\n2,John,john@corp.de,x\n3\n";
    let (content, got) = read_every_way("r.csv", text.as_bytes());
    assert_eq!((content.reason, content.reason_place), (Some(Reason::RaggedRows), Some(15)));
    assert_eq!((content.status, content.coverage), (Status::Scanned, Coverage::Full));
    assert_eq!(got.value("john@corp.de").column, "*");
    assert_eq!(got.value("3").record, 2);
}

#[test]
fn an_unclosed_quote_swallows_a_bounded_part() {
    let mut text = String::from("id,name\n1,\"Jane\n");
    for i in 2..3000 {
        text += &format!("{i},John{i}\n");
    }
    let (content, got) = read_every_way("u.csv", text.as_bytes());
    assert_eq!((content.reason, content.reason_place), (Some(Reason::UnclosedQuote), Some(10)));
    assert_eq!(got.value("John2999").column, "name");
    let seen: usize = got.values.values().map(|value| value.text.len()).sum();
    assert!(seen > text.len() * 3 / 4);
    let short = "id,name\n1,\"Jane\n2,John\n";
    let (content, got) = read_every_way("u.csv", short.as_bytes());
    assert_eq!((content.reason, content.reason_place), (Some(Reason::UnclosedQuote), Some(10)));
    assert_eq!(got.value("Jane\n2,John\n").record, 0);
}

#[test]
fn text_behind_a_closing_quote_belongs_to_the_cell() {
    let spaces = " ".repeat(40);
    let text = format!("id,name\n1,\"Jane\"Doe,\n2,\"a\"{spaces}\n3,\"b\"{spaces}c\n");
    let (_, got) = read_every_way("q.csv", text.as_bytes());
    assert_eq!(got.value("Jane\"Doe").record, 0);
    assert_eq!(got.value(&format!("a\"{spaces}")).record, 1);
    assert_eq!(got.value(&format!("b\"{spaces}c")).record, 2);
}

#[test]
fn other_charsets_keep_their_places() {
    let text = "id;name;note\n1;Zoë 𝄞;\"sie sagt \"\"ja\"\"\"\n2;Ölçay;x\n";
    let mut wide = vec![0xFF, 0xFE];
    wide.extend(utf16le(text));
    let (content, got) = read_every_way("w.csv", &wide);
    assert_eq!((content.format, content.encoding), ("csv", Some("utf-16le")));
    for (at, value) in &got.values {
        let source = &wide[*at as usize..value.end as usize];
        let decoded = encoding_rs::UTF_16LE.decode_without_bom_handling(source).0.replace("\"\"", "\"");
        assert_eq!(decoded.as_bytes(), value.text);
    }
    assert_eq!(got.values.len(), 6);
    let narrow = encoding_rs::WINDOWS_1252.encode(&text.replace('𝄞', "§").replace('ç', "ß")).0.into_owned();
    let (content, got) = read_every_way("n.csv", &narrow);
    assert_eq!(content.encoding, Some("windows-1252"));
    assert_eq!(got.value("Ölßay").record, 1);
    for (at, value) in &got.values {
        let source = &narrow[*at as usize..value.end as usize];
        let decoded = encoding_rs::WINDOWS_1252.decode(source).0.replace("\"\"", "\"");
        assert_eq!(decoded.as_bytes(), value.text);
    }
}

#[test]
fn a_table_without_an_extension_is_recognised() {
    let text = "id;mail\n1;a@b.de\n2;c@d.de\n3;e@f.de\n";
    assert_eq!(read_default("export", text.as_bytes()).0.format, "csv");
    assert_eq!(read_default("export.log", text.as_bytes()).0.format, "log");
}

#[test]
fn too_many_columns_share_one() {
    let header: Vec<String> = (0..100_000).map(|i| format!("c{i}")).collect();
    let row: Vec<String> = (0..100_000).map(|i| format!("v{i}")).collect();
    let text = format!("{}\n{}\n", header.join(","), row.join(","));
    let (content, got) = read_default("wide.csv", text.as_bytes());
    assert_eq!((content.reason, content.columns.len()), (Some(Reason::TooManyColumns), 10_001));
    assert_eq!(got.value("v99999").column, "*");
    assert_eq!(got.value("v9999").column, "c9999");
    let small = Limits { max_columns: 2, ..limits(5) };
    let (content, got) = read("p.csv", b"1,2,3\n4,5,6\n", &small);
    assert_eq!((got.columns.len(), content.reason), (3, Some(Reason::TooManyColumns)));
}
