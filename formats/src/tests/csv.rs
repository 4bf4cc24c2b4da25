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
    let text = format!("{}\n{}\n", ["a"; 9000].join(","), ["1"; 9000].join(","));
    assert_eq!(read_default("p.csv", text.as_bytes()).1.columns[8999], "a#9000");
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
fn another_table_needs_no_blank_line_before_it() {
    for between in ["", ",,,\n", "-----\n", "\n"] {
        let text = format!(
            "id,code,last,born\n1,A7,Doe,1990-01-02\n2,B8,Roe,1991-02-03\n{between}name,mail,born,ref\n\
             Jane,jane@corp.de,1992-03-04,C9\nJoe,joe@corp.de,1993-04-05,D1\n"
        );
        let (content, got) = read_every_way("t.csv", text.as_bytes());
        assert_eq!(
            (content.reason, got.value("jane@corp.de").column.as_str()),
            (None, "mail"),
            "{between:?}"
        );
        assert_eq!(column(&content, "born#2").data_type, DataType::Date, "{between:?}");
        assert_eq!(column(&content, "id").data_type, DataType::Integer, "{between:?}");
    }
    // Rows that lack values are no headers.
    for odd in ["unknown,x,Roe,none", "y,x,Roe,", "n/a,x,Roe,later", "7,x,Roe,later"] {
        let text = format!("id,code,last,born\n1,A7,Doe,1990-01-02\n{odd}\n3,B8,Poe,1991-02-03\n");
        let (content, got) = read_every_way("t.csv", text.as_bytes());
        assert_eq!((content.record_count, got.value("Poe").column.as_str()), (Some(3), "last"), "{odd}");
    }
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
    assert_eq!(got.value("John").record, 1);
    let closed = "id,name,mail\n1,\"Jane,x@y.org\n2,\"John\",jane@corp.de\n";
    let (content, got) = read_every_way("u.csv", closed.as_bytes());
    assert_eq!((content.reason, content.reason_place), (Some(Reason::UnclosedQuote), Some(15)));
    assert_eq!(got.value("jane@corp.de").record, 1);
    let lines = "id,name\n1,\"Jane\nDoe\"\n2,\"John\"Doe\n";
    assert_eq!(read_every_way("u.csv", lines.as_bytes()).0.reason, None);
}

#[test]
fn a_stray_quote_costs_no_row_its_columns() {
    let rows = |count: usize| -> Vec<String> {
        (0..count).map(|i| format!("Ann{i},p{i}@corp.de,120-10-{}", 1000 + i)).collect()
    };
    for count in [80, 500, 2000] {
        for (stray, closed) in [(10, false), (10, true), (count - 1, false), (count - 2, true)] {
            let mut lines = rows(count);
            lines[stray].insert(0, '"');
            let closing = (stray + count) / 2 + 1;
            if closed && closing < count {
                lines[closing] = format!("\"Berg, Anna\",p{closing}@corp.de,120-10-{}", 1000 + closing);
            }
            let text = format!("name,email,ssn\n{}\n", lines.join("\n"));
            let (content, got) = read_every_way("a.csv", text.as_bytes());
            assert_eq!(
                (content.record_count, content.reason),
                (Some(count as u64), Some(Reason::UnclosedQuote))
            );
            let place = text.find('"').expect("it is there") as u64;
            assert_eq!((content.reason_place, content.coverage), (Some(place), Coverage::Full));
            for i in 0..count {
                let found = got.value(&format!("120-10-{}", 1000 + i));
                assert_eq!((found.column.as_str(), found.record), ("ssn", i as u64));
            }
        }
    }
    // Inches.
    let text =
        format!("item,size,email\n{}tube,\"5 inch,x@corp.de\n{}", tubes("2 inch", 12), tubes("3 inch", 40));
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!((content.record_count, got.value("x@corp.de").column.as_str()), (Some(53), "email"));
    assert_eq!(column(&content, "email").non_null, 53);
    // Rows that are too long for a look at the next ones cost some of them their columns.
    let long = "x".repeat(150);
    let text: String =
        (0..400).map(|i| format!("{}n{i},p{i}@corp.de,{long}\n", if i == 30 { "\"" } else { "" })).collect();
    let (content, got) = read_every_way("a.csv", format!("name,email,note\n{text}").as_bytes());
    assert_eq!(content.reason, Some(Reason::UnclosedQuote));
    assert_eq!(
        (got.value("p29@corp.de").column.as_str(), got.value("p46@corp.de").column.as_str()),
        ("email", "email")
    );
}

fn tubes(size: &str, count: usize) -> String {
    (0..count).map(|i| format!("tube{i},{size},p{i}@corp.de\n")).collect()
}

#[test]
fn lines_of_a_quoted_cell_that_are_like_rows_stay_in_it() {
    for note in [
        "Hello\nThanks, for, all\nSee you, later, then\nMax, Anna, Tom\nand, so, on\n",
        "list\nSmith,Anna\nMiller,James\nBrown,Mary\nDavis,Linda\n",
        "a,b,c\nd,e,f\ng,h,i\nj,k,l\nm,n,o\n",
    ] {
        let text = format!("id,name,note\n1,Ann,x\n2,Bob,\"{note}\"\n3,Carl,y\n");
        let (content, got) = read_every_way("a.csv", text.as_bytes());
        assert_eq!((content.record_count, content.reason), (Some(3), None), "{note:?}");
        assert_eq!(got.value(note).column, "note");
    }
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

/// Column, record and text of each value, in order of place.
fn rows(got: &Collector) -> Vec<(String, u64, String)> {
    let shown = |value: &Value| {
        (value.column.clone(), value.record, String::from_utf8_lossy(&value.text).into_owned())
    };
    got.values.values().map(shown).collect()
}

fn row(column: &str, record: u64, text: &str) -> (String, u64, String) {
    (column.to_owned(), record, text.to_owned())
}

#[test]
fn titles_and_remarks_are_text() {
    let text =
        "Staff of Corp\r\nby jane@corp.de\r\n\r\nid,name\r\n1,Jane\r\n# checked, \"once\r\n2,John\r\n# end";
    let (content, got) = read_every_way("staff.csv", text.as_bytes());
    assert_eq!((content.record_count, content.reason), (Some(2), None));
    assert_eq!(got.columns, ["*", "id", "name"]);
    assert_eq!(
        rows(&got),
        [
            row("*", 0, "Staff of Corp\r\nby jane@corp.de"),
            row("id", 0, "1"),
            row("name", 0, "Jane"),
            row("*", 1, "# checked, \"once\r"),
            row("id", 1, "2"),
            row("name", 1, "John"),
            row("*", 2, "# end"),
        ]
    );
}

#[test]
fn quotes_and_escapes_of_other_dialects() {
    let text = "id;name\n1; 'Doe; Jane'\n2;'O''Hara'\n";
    let (_, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!((got.value("Doe; Jane").record, got.value("O'Hara").record), (0, 1));
    let text = "id,name,note\n1,\"say \\\"hi\\\", Jane\",\\N\n2,\"a\\\\\",x\\,y\n";
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!(got.value("say \"hi\", Jane").column, "name");
    assert_eq!((got.value("a\\").record, got.value("x,y").column.as_str()), (1, "note"));
    assert_eq!(column(&content, "note").non_null, 1);
    let (_, got) = read_every_way("a.dat", "1\u{1}jane@corp.de\u{1}2024-01-01\n".repeat(5).as_bytes());
    assert_eq!(got.value("jane@corp.de").column, "column_2");
    let (content, got) = read_every_way("a.csv", b"sep=^\nid^name\n1^Jane\n");
    assert_eq!((got.value("Jane").column.as_str(), content.columns.len()), ("name", 2));
}

#[test]
fn a_second_table_has_columns_of_its_own() {
    let text =
        "id,mail\n1,a@b.de\n2,c@d.de\n\nOrders\norder,amount,day\n7,3.20,2024-01-01\n\nid,mail\n3,e@f.de\n";
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!(got.columns, ["id", "mail", "*", "order", "amount", "day"]);
    assert_eq!((content.record_count, content.reason), (Some(4), None));
    assert_eq!(got.value("3.20").column, "amount");
    assert_eq!((got.value("e@f.de").column.as_str(), got.value("e@f.de").record), ("mail", 3));
    assert_eq!(
        (got.value("Orders").column.as_str(), got.value("order,amount,day").column.as_str()),
        ("*", "*")
    );
    let id = column(&content, "id");
    assert_eq!((id.records, id.non_null, id.data_type), (3, 3, DataType::Integer));
    assert_eq!((column(&content, "day").records, column(&content, "day").data_type), (1, DataType::Date));
}

#[test]
fn another_header_is_recognised_without_a_blank_line() {
    let text = "id,mail\n1,a@b.de\nid,mail\n2,c@d.de\nday,city,id\n2024-01-01,Bonn,5\n";
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!(got.columns, ["id", "mail", "*", "day", "city", "id#2"]);
    assert_eq!((content.record_count, content.reason), (Some(3), None));
    assert_eq!((got.value("Bonn").column.as_str(), got.value("Bonn").record), ("city", 2));
}

#[test]
fn rows_of_words_are_no_headers() {
    let text = "name,city\nJane,Bonn\n\nJohn,Ulm\n\nJim,Trier\nJoe\nJill,Mainz,x\n";
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!(got.columns, ["name", "city", "*"]);
    assert_eq!((content.record_count, content.reason), (Some(5), Some(Reason::RaggedRows)));
    assert_eq!(got.value("Jim").record, 2);
}

#[test]
fn a_shape_that_changes_for_good_is_another_table() {
    let text = "id,mail\n".to_owned() + &"1,a@b.de\n".repeat(60) + &"x,2,3,c@d.de\n".repeat(5) + "5,e@f.de\n";
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!(got.columns, ["id", "mail", "*", "column_1", "column_2", "column_3", "column_4"]);
    assert_eq!((content.record_count, content.reason), (Some(66), Some(Reason::RaggedRows)));
    let wide: Vec<_> = got.values.values().filter(|value| value.text == b"c@d.de").collect();
    assert_eq!(wide.iter().filter(|value| value.column == "*").count(), 3);
    assert_eq!(wide.iter().filter(|value| value.column == "column_4").count(), 2);
}

#[test]
fn row_names_have_a_column_without_a_name() {
    let text = "age,mail\nJane,41,a@b.de\nJohn,52,c@d.de\nJim,63,e@f.de\n";
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!(got.columns, ["column_1", "age", "mail"]);
    assert_eq!((got.value("52").column.as_str(), content.reason), ("age", None));
}

#[test]
fn drawn_tables_have_columns() {
    let mysql = "+----+-------------+\n| id | mail        |\n+----+-------------+\n|  1 | a@b.de      |\n\
                 |  2 | Jane - Doe  |\n+----+-------------+\n2 rows in set (0.00 sec)\n";
    let (content, got) = read_every_way("a.txt", mysql.as_bytes());
    assert_eq!((content.format, content.record_count, content.reason), ("table", Some(2), None));
    assert_eq!(got.columns, ["id", "mail", "*"]);
    assert_eq!((got.value("a@b.de").column.as_str(), got.value("Jane - Doe").record), ("mail", 1));
    assert_eq!(got.value("2 rows in set (0.00 sec)").column, "*");
    let psql = " id |   mail   | note \n----+----------+------\n  1 | a@b.de   | \n  2 | c@d.de   | x y\n(2 rows)\n\n";
    let (content, got) = read_every_way("out", psql.as_bytes());
    assert_eq!((content.format, content.record_count, content.reason), ("table", Some(2), None));
    assert_eq!(
        (got.columns.clone(), got.value("x y").record),
        (["id", "mail", "note", "*"].map(str::to_owned).to_vec(), 1)
    );
    let wide =
        format!(" id | {:300} | x\n----+{}+---\n  1 | {:300} | a@b.de\n", "name", "-".repeat(302), "Jane");
    let (content, got) = read_every_way("out", wide.as_bytes());
    assert_eq!((got.columns.len(), content.record_count), (3, Some(1)));
    assert_eq!((got.value("a@b.de").column.as_str(), got.value("1").column.as_str()), ("x", "id"));
}

#[test]
fn columns_of_fixed_width_have_names() {
    let text = "People of Corp\n\nID NAME       MAIL\n-- ---------- -----------\n 1 Jane Doe   a@b.de\n 2 Zoë Ölçay  c@d.de\n\n\
                ID NAME       MAIL\n-- ---------- -----------\n 3 Maximilian-Georg e@f.de\n\n3 rows selected.\n";
    let (content, got) = read_every_way("report.lst", text.as_bytes());
    assert_eq!(
        (content.format, got.columns.clone()),
        ("table", ["*", "ID", "NAME", "MAIL"].map(str::to_owned).to_vec())
    );
    assert_eq!((content.record_count, content.reason), (Some(4), Some(Reason::RaggedRows)));
    assert_eq!(
        rows(&got)[..10],
        [
            row("*", 0, "People of Corp"),
            row("ID", 0, "1"),
            row("NAME", 0, "Jane Doe"),
            row("MAIL", 0, "a@b.de"),
            row("ID", 1, "2"),
            row("NAME", 1, "Zoë Ölçay"),
            row("MAIL", 1, "c@d.de"),
            row("ID", 2, "3"),
            row("NAME", 2, "Maximilian-Georg"),
            row("MAIL", 2, "e@f.de"),
        ]
    );
    assert_eq!(column(&content, "ID").non_null, 4);
    let bytes = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let (content, got) = read_every_way("report.lst", &bytes);
    assert_eq!((content.encoding, got.value("Zoë Ölçay").record), (Some("windows-1252"), 1));
    let aligned =
        "id  name      born\n1   Jane Doe  2024-01-01\n12  John      2024-01-02\n3   Zoë       2024-01-03\n";
    let (content, got) = read_every_way("out.txt", aligned.as_bytes());
    assert_eq!((got.value("John").column.as_str(), content.record_count), ("name", Some(3)));
}

#[test]
fn a_title_stands_above_tables_in_texts() {
    let rows =
        [["born", "name", "city"], ["12.01.1977", "Anna Berg", "Graz"], ["19.07.1980", "Li Na", "Wien"]];
    let rows = rows.iter().chain([&["12.03.1957", "Olu Eze", "Linz"]]);
    let aligned: String = rows.clone().map(|[a, b, c]| format!("{a:14}{b:14}{c}\n")).collect();
    let parted: String = rows.map(|[a, b, c]| format!("{a};{b};{c}\n")).collect();
    for table in [aligned, parted] {
        let text = format!("Contracts of Olu Eze\nPage 1 of 2\n\n{table}");
        let (content, got) = read_every_way("list.txt", text.as_bytes());
        assert_eq!(content.record_count, Some(3), "{text}");
        assert_eq!(got.value("Li Na").column, "name", "{text}");
        assert_eq!(got.value("Contracts of Olu Eze\nPage 1 of 2").column, "*", "{text}");
    }
}

#[test]
fn short_tables_of_fixed_width_are_tables_where_no_cell_is_empty() {
    let header = "NAME            SSN          BORN\n";
    let anna = "Anna Berg       536-22-8145  1985-03-14\n";
    let (_, got) = read_every_way("a.txt", format!("{header}{anna}").as_bytes());
    assert_eq!(
        rows(&got),
        [row("NAME", 0, "Anna Berg"), row("SSN", 0, "536-22-8145"), row("BORN", 0, "1985-03-14")]
    );
    let gap = "Anna Berg                    1985-03-14\n";
    let (content, _) = read_every_way("a.txt", format!("{header}{gap}").as_bytes());
    assert_eq!(content.columns.len(), 0);
}

#[test]
fn columns_without_names_may_have_one_blank_between_them() {
    let given = ["Anna", "Maximilian", "Bert"];
    let line =
        |i: usize| format!("{:<12}536-22-{} 19{}-03-1{}  Kiel\n", given[i % 3], 8145 + i, 60 + i, i % 10);
    let text: String = (0..16).map(line).collect();
    let (content, got) = read_every_way("a.txt", text.as_bytes());
    assert_eq!(content.columns.len(), 4);
    let first: Vec<_> = rows(&got).into_iter().take(4).collect();
    let expected =
        [("column_1", "Anna"), ("column_2", "536-22-8145"), ("column_3", "1960-03-10"), ("column_4", "Kiel")];
    assert_eq!(first, expected.map(|(column, value)| row(column, 0, value)));
}

#[test]
fn columns_of_fixed_width_need_no_names() {
    let line = |i: usize| {
        format!("{:<10}{:<9}2024-01-{:02}  {}\n", ["MILLER", "ROE"][i % 2], "Jane", i + 1, 100 + i)
    };
    let text: String = (0..14).map(line).collect();
    let (content, got) = read_every_way("people.txt", text.as_bytes());
    assert_eq!((content.format, content.record_count), ("table", Some(14)));
    assert_eq!(rows(&got)[..2], [row("column_1", 0, "MILLER"), row("column_2", 0, "Jane")]);
    assert_eq!(got.columns.len(), 4);
    // Few lines, or lines with the marks of code, are text.
    let few: String = (0..8).map(line).collect();
    assert_eq!(read_every_way("people.txt", few.as_bytes()).0.format, "text");
    let code = text.replace("Jane ", "Jane=");
    assert_eq!(read_every_way("people.txt", code.as_bytes()).0.format, "text");
}

#[test]
fn json_in_cells_keeps_its_backslashes() {
    let text = "id,name,tags\n1,Jane,\"[\"\"a\\\"\"b\"\", \"\"c\"\"]\"\n2,John,\"[\"\"d\"\"]\"\n";
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!(got.columns, ["id", "name", "tags"]);
    assert_eq!(got.value("[\"a\\\"b\", \"c\"]").column, "tags");
    assert_eq!((content.record_count, content.reason), (Some(2), None));
}

#[test]
fn lines_may_end_with_a_carriage_return_alone() {
    let text = "id,name,mail\r1,\"Jan\u{e9}\nDoe\",jane@corp.de\r2,John,john@corp.de\r";
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    for bytes in [text.as_bytes(), &latin] {
        for name in ["a.csv", "a.txt"] {
            let bytes = [bytes, &b"3,Jim,jim@corp.de\r4,Joe,joe@corp.de\r"[..]].concat();
            let (content, got) = read_every_way(name, &bytes);
            assert_eq!(got.columns, ["id", "name", "mail"]);
            let mail = got.value("john@corp.de");
            assert_eq!((mail.column.as_str(), mail.record), ("mail", 1));
            let place = memchr::memmem::find(&bytes, b"john@").expect("it is there") as u64;
            assert_eq!(got.values[&place], *mail);
            assert_eq!((content.record_count, content.reason), (Some(4), None));
        }
    }
    let (content, _) = read_every_way("a.txt", b"Jane Doe\rjane@corp.de\r");
    assert_eq!(content.record_count, Some(2));
    let (content, _) = read_every_way("a.txt", b"10 %\r20 %\rdone\n");
    assert_eq!(content.record_count, Some(1));
}

#[test]
fn tabs_part_columns_without_a_header() {
    let rows = |row: fn(usize) -> String| (0..12).map(row).collect::<String>();
    let dump = rows(|i| format!("{i}\tJane\t2024-01-{:02}\t{{\"a\": [1]}}\t\\N\n", i + 10));
    let (_, got) = read_every_way("copy.txt", dump.as_bytes());
    assert_eq!(got.columns, ["column_1", "column_2", "column_3", "column_4", "column_5"]);
    let prices = rows(|i| format!("A{i}\t{}\t{i}\n", i as f64 / 2.0));
    let (_, got) = read_every_way("prices.txt", prices.as_bytes());
    assert_eq!(got.columns, ["column_1", "column_2", "column_3"]);
}

/// Rows of people around one whose note has so many lines, all of them `line`.
fn with_note(line: &str, lines: usize) -> String {
    let row = |i: usize| format!("{i},p{i}@corp.de,ok,Doe{i}\n");
    let note = format!("{line}\n").repeat(lines);
    let rows = |numbers: std::ops::Range<usize>| numbers.map(row).collect::<String>();
    format!("id,mail,note,name\n{}30,p30@corp.de,\"{note}\",Doe30\n{}", rows(0..30), rows(31..60))
}

#[test]
fn a_quoted_cell_has_any_number_of_lines() {
    for line in ["line", "Dear all, \"\"see\"\" below, and, so, on", ""] {
        for lines in [990, 1010, 3000] {
            let (content, got) = read_every_way("a.csv", with_note(line, lines).as_bytes());
            assert_eq!((content.record_count, content.reason), (Some(60), None), "{lines} of {line:?}");
            assert_eq!((got.value("Doe59").column.as_str(), got.value("Doe59").record), ("name", 59));
            assert_eq!(column(&content, "note").non_null, 60);
            let rows = with_note(line, lines);
            let (_, first) = rows.split_at(rows.find("30,p30").expect("it is there"));
            let (content, got) = read_every_way("a.csv", first.as_bytes());
            assert_eq!((content.record_count, content.reason), (Some(30), None), "{lines} of {line:?}");
            assert_eq!(got.value("Doe59").column, "column_4");
        }
    }
}

#[test]
fn rows_behind_a_quote_that_is_never_closed_are_rows() {
    // Empty cells in quotation marks look like escapes.
    let rows = |range: std::ops::Range<usize>| {
        range.map(|i| format!("{i},p{i}@corp.de,\"\",Doe{i}\n")).collect::<String>()
    };
    let text = format!("id,mail,note,name\n{}30,x@corp.de,ok,\"open\n{}", rows(0..30), rows(31..3000));
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!(content.reason, Some(Reason::UnclosedQuote));
    assert_eq!(got.value("Doe2999").column, "name");
}

#[test]
fn long_texts_in_the_first_rows_leave_the_header_alone() {
    let letters = "Dear all,\n\nplease see below.\n\nRegards\n".repeat(240);
    let quoted = "Dear all,\n\"\"quoted\"\" text, more\n\n".repeat(60);
    for (note, name) in [(&letters, "letters.csv"), (&quoted, "quoted.csv"), (&letters, "letters.txt")] {
        let row = |i: usize| format!("{i},p{i}@corp.de,\"{note}\",Doe{i}\r\n");
        let text = format!("id,mail,note,name\r\n{}", (0..40).map(row).collect::<String>());
        let (content, got) = read_default(name, text.as_bytes());
        assert_eq!(got.columns, ["id", "mail", "note", "name"], "{name}");
        assert_eq!((content.record_count, content.reason), (Some(40), None), "{name}");
        assert_eq!((got.value("Doe39").column.as_str(), got.value("Doe39").record), ("name", 39));
    }
}

#[test]
fn a_single_column_of_texts_keeps_them_whole() {
    let note = |i: usize| format!("\"Dear {i},\nwe came, and saw; and went\n\"\n");
    let text = format!("note\n{}", (0..20).map(note).collect::<String>());
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!((content.record_count, content.reason), (Some(20), None));
    assert_eq!(got.columns, ["note"]);
}

#[test]
fn single_quotes_may_stand_around_few_values() {
    let table = |note: fn(usize) -> String| {
        let row = |i: usize| format!("{i},Doe{i},p{i}@corp.de,{}\r\n", note(i));
        format!("id,name,mail,note\r\n{}", (0..90).map(row).collect::<String>())
    };
    for every in [10, 70] {
        let lines: fn(usize) -> String = match every {
            10 => {
                |i| if i % 10 == 3 { "'line one\nline two, with more'".to_owned() } else { "ok".to_owned() }
            }
            _ => |i| if i == 70 { "'line one\nline two, with more'".to_owned() } else { "ok".to_owned() },
        };
        let (content, got) = read_every_way("a.csv", table(lines).as_bytes());
        assert_eq!((content.record_count, content.reason), (Some(90), None));
        assert_eq!(got.value("line one\nline two, with more").column, "note");
    }
    // Names that begin with an apostrophe are no quoted values.
    let names = table(|i| if i % 7 == 2 { "'s-Hertogenbosch".to_owned() } else { "Ulm".to_owned() });
    let (content, got) = read_every_way("a.csv", names.as_bytes());
    assert_eq!((content.record_count, content.reason), (Some(90), None));
    assert_eq!(got.value("'s-Hertogenbosch").column, "note");
}

#[test]
fn another_table_may_have_a_delimiter_of_its_own() {
    let first = "id,name,mail\n1,Jane,a@b.de\n2,John,c@d.de\n";
    for (other, has_names) in [
        ("sku;contact;city\n7;e@f.de;Bonn\n8;g@h.de;Ulm\n", true),
        ("\"sku\";\"contact\";\"city\"\n\"7\";\"e@f.de\";\"Bonn\"\n\"8\";\"g@h.de\";\"Ulm\"\n", true),
        ("\nPayments\nsku\tcontact\tcity\n7\te@f.de\tBonn\n8\tg@h.de\tUlm", true),
        ("\n7;e@f.de;Bonn\n8;g@h.de;Ulm\n", false),
        ("sku\tcontact\tcity\n7,1\te@f.de\tBonn\n8,2\tg@h.de\tUlm\n", true),
        ("\nStaff\n7|e@f.de|Bonn\n8|g@h.de|Ulm", false),
    ] {
        let (content, got) = read_every_way("a.csv", format!("{first}{other}").as_bytes());
        assert_eq!((content.record_count, content.reason), (Some(4), None), "{other}");
        let cell = |text| (got.value(text).column.as_str(), got.value(text).record);
        let (mail, city) = if has_names { ("contact", "city") } else { ("column_2", "column_3") };
        assert_eq!(
            (cell("e@f.de"), cell("Ulm"), cell("John")),
            ((mail, 2), (city, 3), ("name", 1)),
            "{other}"
        );
        assert_eq!(column(&content, mail).records, 2);
        let back = format!("{first}{}\nid,name,mail\n3,Jim,i@j.de\n", other.trim_end());
        let (content, got) = read_every_way("a.csv", back.as_bytes());
        assert_eq!((got.value("Jim").column.as_str(), got.value("Jim").record), ("name", 4), "{other}");
        assert_eq!(content.reason, None);
    }
}

#[test]
fn lines_with_other_delimiters_turn_no_table() {
    let table = |line: &str| {
        format!("id,name,mail\n1,Jane,a@b.de\n{line}\n2,John,c@d.de\nJim,Roe,unknown\n\n3,Joe,e@f.de\n")
    };
    for line in [
        "see the note; it is long; and goes on",
        "\nSource: office; all data; 2024",
        "a|b",
        "total;",
        "# one; two; three",
        "Bonn;Ulm;Trier",
        "Jane;Doe;Bonn\nJim;Roe;Ulm",
        "x;\"y;z",
    ] {
        let (_, got) = read_every_way("a.csv", table(line).as_bytes());
        assert!(
            got.columns.iter().all(|name| ["id", "name", "mail", "*"].contains(&name.as_str())),
            "{line:?}"
        );
        for (value, column) in [("John", "name"), ("Roe", "name"), ("unknown", "mail"), ("Joe", "name")] {
            assert_eq!(got.value(value).column, column, "{value} behind {line:?}");
        }
    }
}

#[test]
fn a_header_in_another_order_is_one() {
    let text = "id,mail,name\n1,a@b.de,Jane\n2,c@d.de,John\nname,id,mail\nJim,3,e@f.de\n";
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!((content.record_count, content.reason), (Some(3), None));
    assert_eq!(got.columns, ["id", "mail", "name", "*", "name#2", "id#2", "mail#2"]);
    assert_eq!((got.value("Jim").column.as_str(), got.value("Jim").record), ("name#2", 2));
}

#[test]
fn tables_in_boxes_have_columns() {
    let duckdb = "┌───────┬─────────┬───────────────┐\n│  id   │  name   │     born      │\n│ int32 │ varchar │ decimal(10,2) │\n\
                  ├───────┼─────────┼───────────────┤\n│     1 │ Zoë B.  │    2024-01-01 │\n│   ·   │    ·    │       ·       │\n\
                  │     2 │ John    │    2024-01-02 │\n├───────┴─────────┴───────────────┤\n│ 40 rows (2 shown)     3 columns │\n\
                  └─────────────────────────────────┘\n";
    let polars = "shape: (2, 3)\n┌─────┬────────┬────────────┐\n│ id  ┆ name   ┆ born       │\n│ --- ┆ ---    ┆ ---        │\n\
                  │ i64 ┆ str    ┆ date       │\n╞═════╪════════╪════════════╡\n│ 1   ┆ Zoë B. ┆ 2024-01-01 │\n\
                  │ 2   ┆ John   ┆ 2024-01-02 │\n└─────┴────────┴────────────┘\n";
    let psql = " id │  name  │    born    \n────┼────────┼────────────\n  1 │ Zoë B. │ 2024-01-01\n  2 │ John   │ 2024-01-02\n(2 rows)\n\n";
    let sqlite = "┌────┬────────┬────────────┐\n│ id │  name  │    born    │\n├────┼────────┼────────────┤\n\
                  │ 1  │ Zoë B. │ 2024-01-01 │\n│ 2  │ John   │ 2024-01-02 │\n└────┴────────┴────────────┘\n";
    for text in [duckdb, polars, psql, sqlite, &sqlite.replace('\n', "\r\n")] {
        let (content, got) = read_every_way("out.txt", text.as_bytes());
        assert_eq!(
            (content.format, content.record_count, content.reason),
            ("table", Some(2), None),
            "{text}"
        );
        let names: Vec<&str> = got.columns.iter().map(String::as_str).filter(|name| *name != "*").collect();
        assert_eq!(names, ["id", "name", "born"]);
        let cells: Vec<_> = rows(&got).into_iter().filter(|(column, ..)| column != "*").collect();
        let expected = [("1", "Zoë B.", "2024-01-01"), ("2", "John", "2024-01-02")];
        for ((number, cells), (id, name, born)) in (0..).zip(cells.chunks(3)).zip(expected) {
            assert_eq!(cells, [row("id", number, id), row("name", number, name), row("born", number, born)]);
        }
        assert_eq!(column(&content, "born").data_type, DataType::Date);
    }
    let wide = format!(
        "┌────┬{0}┬───┐\n│ id │ {1:300} │ x │\n├────┼{0}┼───┤\n│ 1  │ {2:300} │ y │\n└────┴{0}┴───┘\n",
        "─".repeat(302),
        "name",
        "Jane"
    );
    let (content, got) = read_every_way("out.txt", wide.as_bytes());
    assert_eq!((content.record_count, got.value("y").column.as_str()), (Some(1), "x"));
}

#[test]
fn remarks_in_the_middle_are_no_records() {
    let rows =
        |from: usize| (from..from + 55).map(|i| format!("{i},Jane{i},p{i}@corp.de\n")).collect::<String>();
    let (first, second, third) = (rows(0), rows(55), rows(110));
    let text = format!("id,name,mail\n{first}# page break\n{second}# Jane, John\nJim,Roe,none\n{third}");
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!((content.record_count, content.reason), (Some(166), None));
    assert_eq!((got.value("# page break").column.as_str(), got.value("Roe").column.as_str()), ("*", "name"));
    let numbers = "order,name,mail\n#1,Jane,a@b.de\n#2,John,c@d.de\n#3,Jim\n#4,Joe,e@f.de\n";
    let (content, got) = read_every_way("a.csv", numbers.as_bytes());
    assert_eq!((content.record_count, got.value("Jim").column.as_str()), (Some(4), "name"));
}

#[test]
fn a_header_alone_has_no_records() {
    let (content, got) = read_every_way("a.csv", b"id,last_name,mail\n");
    assert_eq!((content.record_count, content.columns.len()), (Some(0), 3));
    assert_eq!(got.columns, ["id", "last_name", "mail"]);
    for text in ["name,email,date_of_birth\n", "name,email,date_of_birth"] {
        let (content, got) = read_every_way("a.csv", text.as_bytes());
        assert_eq!((content.record_count, content.columns.len()), (Some(0), 3));
        assert_eq!(got.columns, ["name", "email", "date_of_birth"]);
    }
    for text in ["Anna,Berg,Leeds\n", "anna,berg,leeds\n", "anna_b,Leeds\n", "name,berg\n"] {
        assert_eq!(read_every_way("a.csv", text.as_bytes()).0.record_count, Some(1), "{text}");
    }
}

#[test]
fn blank_cells_are_null() {
    let (content, _) = read_every_way(
        "a.csv",
        b"a,b,c\n1, ,7\n2,\t, \n3,null,8\n4,Null,9\n5,,\n6,\\N,\n7, x ,\n8,NULL ,-\n",
    );
    let counts = |path: &str| (column(&content, path).non_null, column(&content, path).data_type);
    assert_eq!(counts("a"), (8, DataType::Integer));
    assert_eq!(counts("b"), (1, DataType::Text));
    assert_eq!(counts("c"), (4, DataType::Text));
}

#[test]
fn quotes_that_a_backslash_escapes_close_no_cell_of_lines() {
    let row = |i: usize| match i % 3 {
        0 => format!("{i},\"one\ntwo, \\\"three\\\"; four\",a{i}@b.de\n"),
        1 => format!("{i},\"it's, a\ttab\",a{i}@b.de\n"),
        _ => format!("{i},he said \\\"hi\\\",a{i}@b.de\n"),
    };
    let text = format!("id,note,mail\n{}", (0..30).map(row).collect::<String>());
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!((content.record_count, content.reason), (Some(30), None));
    assert_eq!(got.columns, ["id", "note", "mail"]);
}

#[test]
fn rows_may_go_on_in_another_order_of_columns() {
    let row = |i: usize, order: [usize; 3]| {
        let cells = [format!("Anna Berg {i}"), format!("a{i}@corp.de"), format!("+49 30 {i}")];
        format!("{}\n", order.map(|at| cells[at].clone()).join(","))
    };
    let rows = |range: std::ops::Range<usize>, order| range.map(|i| row(i, order)).collect::<String>();
    let (own, other) = ([0, 1, 2], [1, 2, 0]);
    // Single rows are mistakes, and stay where they are.
    let mistakes = rows(20..22, other) + &rows(22..30, own) + "Bert,none,see a@b.de\nCarl,,+49 30 7\n";
    let text = ["name,mail,phone\n", &rows(0..20, own), &mistakes, &rows(30..50, other), &rows(50..60, own)]
        .concat();
    let (content, got) = read_every_way("a.csv", text.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(62)));
    let column_of = |value: String| got.value(&value).column.clone();
    for i in [0, 19, 22, 29, 51, 59] {
        assert_eq!(column_of(format!("Anna Berg {i}")), "name", "{i}");
        assert_eq!(column_of(format!("a{i}@corp.de")), "mail", "{i}");
    }
    // Three of them show it.
    for i in [20, 21, 30, 32] {
        assert_eq!(column_of(format!("Anna Berg {i}")), "phone", "{i}");
    }
    for i in [33, 49] {
        assert_eq!(column_of(format!("Anna Berg {i}")), "column_3", "{i}");
        assert_eq!(column_of(format!("a{i}@corp.de")), "column_1", "{i}");
    }
    assert_eq!((column(&content, "column_3").records, column(&content, "name").records), (18, 44));
}
