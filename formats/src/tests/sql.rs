use super::*;

/// Column, record and text of each value, in order of place.
fn rows(got: &Collector) -> Vec<(&str, u64, String)> {
    let shown = |value: &Value| String::from_utf8_lossy(&value.text).into_owned();
    let rows = got.values.values().map(|value| (value.column.as_str(), value.record, shown(value)));
    rows.filter(|(column, ..)| *column != "*").collect()
}

fn row<'a>(column: &'a str, record: u64, text: &str) -> (&'a str, u64, String) {
    (column, record, text.to_owned())
}

/// What is in the column `*`.
fn other(got: &Collector) -> Vec<String> {
    let others = got.values.values().filter(|value| value.column == "*");
    others.map(|value| String::from_utf8_lossy(&value.text).into_owned()).collect()
}

#[test]
fn rows_have_the_columns_that_the_statement_lists() {
    let text = "-- made by jane@corp.de\nINSERT INTO people (id, name, mail) VALUES (1, 'O''Hara', 'a@b.de'),\n\
                (2, NULL, ''), -- the second\n(-3.5, 'x\\', DEFAULT);\nINSERT INTO people (id, name, mail) VALUES (4, 'y', 'z');\n\
                UPDATE people SET mail = 'c@d.de';\n";
    let (content, got) = read_every_way("a.sql", text.as_bytes());
    assert_eq!((content.format, content.record_count, content.reason), ("sql", Some(4), None));
    assert_eq!(
        rows(&got),
        [
            row("people.id", 0, "1"),
            row("people.name", 0, "O'Hara"),
            row("people.mail", 0, "a@b.de"),
            row("people.id", 1, "2"),
            row("people.id", 2, "-3.5"),
            row("people.name", 2, "x\\"),
            row("people.id", 3, "4"),
            row("people.name", 3, "y"),
            row("people.mail", 3, "z"),
        ]
    );
    assert_eq!(
        other(&got),
        ["-- made by jane@corp.de\n", "-- the second\n", "UPDATE people SET mail = 'c@d.de';\n"]
    );
    let mail = column(&content, "people.mail");
    assert_eq!((mail.records, mail.non_null, mail.data_type), (4, 2, DataType::Text));
    assert_eq!(column(&content, "people.id").data_type, DataType::Decimal);
}

#[test]
fn a_table_that_is_defined_again_has_other_columns() {
    let text = "CREATE TABLE users (id int, ssn text);\nINSERT INTO users VALUES (1, '536-22-8145');\n\
                USE other;\nCREATE TABLE users (mail text, id int);\nINSERT INTO users VALUES ('a@b.de', 2);\n";
    let (_, got) = read_every_way("all.sql", text.as_bytes());
    assert_eq!(
        rows(&got),
        [
            row("users.id", 0, "1"),
            row("users.ssn", 0, "536-22-8145"),
            row("users.mail", 1, "a@b.de"),
            row("users.id", 1, "2"),
        ]
    );
}

#[test]
fn columns_come_from_the_definition_or_have_numbers() {
    let text = "CREATE TABLE IF NOT EXISTS \"a b\".people (\n  id integer PRIMARY KEY,\n  \"full name\" varchar(20) DEFAULT 'Jane; (x',\n\
                  tags text[],\n  CONSTRAINT c CHECK (id > 0),\n  UNIQUE (id)\n);\n\
                INSERT INTO \"a b\".people VALUES (1, 'Jane', '{x}');\ninsert into other values (2, 'y');\n";
    let (content, got) = read_every_way("a.sql", text.as_bytes());
    assert_eq!(
        rows(&got),
        [
            row("a b.people.id", 0, "1"),
            row("a b.people.full name", 0, "Jane"),
            row("a b.people.tags", 0, "{x}"),
            row("other.column_1", 1, "2"),
            row("other.column_2", 1, "y"),
        ]
    );
    assert_eq!((content.record_count, content.reason), (Some(2), None));
    assert!(other(&got)[0].starts_with("CREATE TABLE"));
}

#[test]
fn mysql_escapes_with_backslashes() {
    let text = "-- MySQL dump 10.13\nINSERT IGNORE INTO `my table` (`a.b`,`c`) VALUES (1,'it\\'s\\n\\\\'),(2,_binary 'x\\0y');\n";
    let (content, got) = read_every_way("backup", text.as_bytes());
    assert_eq!(content.format, "sql");
    assert_eq!(
        rows(&got),
        [
            row("my table[\"a.b\"]", 0, "1"),
            row("my table.c", 0, "it's\n\\"),
            row("my table[\"a.b\"]", 1, "2"),
            row("my table.c", 1, "x\0y"),
        ]
    );
}

#[test]
fn sql_server_and_oracle_have_their_ways() {
    let text = "USE [db]\nGO\nINSERT [dbo].[T] ([Id], [Name]) VALUES (1, N'Zoë')\nGO\nINSERT [dbo].[T] ([Id], [Name]) VALUES (2, N'a''b')\n\
                Insert into HR.P (A,B) values (to_date('2024-01-01','YYYY-MM-DD'),'x'||chr(10)||'y');\n";
    let (content, got) = read_every_way("a.sql", text.as_bytes());
    assert_eq!(
        rows(&got),
        [
            row("dbo.T.Id", 0, "1"),
            row("dbo.T.Name", 0, "Zoë"),
            row("dbo.T.Id", 1, "2"),
            row("dbo.T.Name", 1, "a'b"),
            row("HR.P.A", 2, "2024-01-01"),
            row("HR.P.B", 2, "x"),
            row("HR.P.B", 2, "10"),
            row("HR.P.B", 2, "y"),
        ]
    );
    assert_eq!(column(&content, "HR.P.B").non_null, 1);
    assert_eq!((content.record_count, content.reason), (Some(3), None));
}

#[test]
fn the_format_of_a_date_is_no_value() {
    let text = "INSERT INTO EMP (ID,HIRE) VALUES (1,to_date('17-JUN-03','DD-MON-RR'));\n\
                INSERT INTO EMP (ID,HIRE) VALUES (2,STR_TO_DATE('18.06.2003', '%d.%m.%Y'));\n\
                INSERT INTO EMP (ID,HIRE) VALUES (3,CONCAT('Anna','Berg'));\n";
    let (content, got) = read_every_way("a.sql", text.as_bytes());
    assert_eq!(
        rows(&got),
        [
            row("EMP.ID", 0, "1"),
            row("EMP.HIRE", 0, "17-JUN-03"),
            row("EMP.ID", 1, "2"),
            row("EMP.HIRE", 1, "18.06.2003"),
            row("EMP.ID", 2, "3"),
            row("EMP.HIRE", 2, "Anna"),
            row("EMP.HIRE", 2, "Berg"),
        ]
    );
    assert_eq!(column(&content, "EMP.HIRE").non_null, 3);
}

#[test]
fn copied_rows_are_read() {
    let text = "--\n-- PostgreSQL database dump\n--\nCOPY public.people (id, name, note) FROM stdin;\n1\tJane\tx\\ty\\\\\n\
                2\t\\N\t\\.\n3\t\\\\N\n\\.\n\nSELECT 1;\nCOPY public.none (id) FROM stdin;\n\\.\n";
    let (content, got) = read_every_way("a.dump", text.as_bytes());
    assert_eq!(
        rows(&got),
        [
            row("public.people.id", 0, "1"),
            row("public.people.name", 0, "Jane"),
            row("public.people.note", 0, "x\ty\\"),
            row("public.people.id", 1, "2"),
            row("public.people.note", 1, "."),
            row("public.people.id", 2, "3"),
            row("public.people.name", 2, "\\N"),
        ]
    );
    assert_eq!((content.record_count, content.reason), (Some(3), Some(Reason::RaggedRows)));
    assert_eq!(content.reason_place, text.find("3\t").map(|at| at as u64));
    assert_eq!(column(&content, "public.none.id").records, 0);
    assert_eq!(other(&got)[1], "SELECT 1;\n");
}

#[test]
fn nothing_is_lost_of_what_only_looks_like_rows() {
    for statement in [
        "insert jane@corp.de here",
        "copy that to jane@corp.de",
        "INSERT INTO t SELECT 'jane@corp.de'",
        "INSERT INTO t (a, b) SELECT 'jane@corp.de', 1",
        "COPY t (a) TO '/home/jane@corp.de'",
        "CREATE TABLE t AS SELECT 'jane@corp.de'",
        "CREATE TABLE t (a text DEFAULT 'jane@corp.de'",
        "INSERT INTO t /* jane@corp.de */ (a) VALUES (1)",
        "INSERT INTO t (a) VALUES /* jane@corp.de */ (1)",
        "INSERT INTO t (a) VALUES (1 /* jane@corp.de */)",
        "INSERT INTO t (a) VALUES (1) ON CONFLICT DO UPDATE SET a = 'jane@corp.de'",
        "INSERT INTO t",
    ] {
        let text = format!("INSERT INTO x (a) VALUES (0);\n{statement}");
        let (_, got) = read_every_way("a.sql", text.as_bytes());
        let all = got.values.values().map(|value| String::from_utf8_lossy(&value.text)).collect::<String>();
        assert!(all.contains("jane@corp.de") || !statement.contains('@'), "{statement}: {all}");
    }
}

#[test]
fn a_long_head_is_text() {
    let names: Vec<String> = (0..100).map(|i| format!("a_long_name_{i}")).collect();
    let values: Vec<String> = (0..100).map(|i| format!("'v{i}'")).collect();
    let text = format!("INSERT INTO wide ({}) VALUES ({});\n", names.join(", "), values.join(", ")).repeat(2);
    let (content, got) = read_every_way("a.sql", text.as_bytes());
    assert_eq!((content.record_count, content.reason, other(&got).len()), (Some(2), None, 2));
    assert_eq!(got.value("v99").column, "wide.a_long_name_99");
    let small = Limits { max_columns: 10, ..Limits::default() };
    let (content, got) = read("a.sql", text.as_bytes(), &small);
    assert_eq!((content.reason, content.columns.len()), (Some(Reason::TooManyColumns), 11));
    assert_eq!(got.value("v50").column, "*");
}

#[test]
fn a_broken_row_hides_nothing_behind_it() {
    let head = "INSERT INTO t (a, b) VALUES ";
    let text = format!("{head}(1, 'x;\n{}{head}(7, 'jane@corp.de');\n", "more\n".repeat(1100));
    let (content, got) = read_every_way("a.sql", text.as_bytes());
    assert_eq!((content.reason, content.reason_place), (Some(Reason::UnclosedQuote), Some(32)));
    assert_eq!((got.value("jane@corp.de").column.as_str(), got.value("7").record), ("t.b", 1));
    let text = format!("{head}(1, 2;\n{head}(3, 'jane@corp.de', 4);\n{head}(5");
    let (content, got) = read_every_way("a.sql", text.as_bytes());
    assert_eq!((content.reason, content.reason_place), (Some(Reason::MalformedRecord), Some(28)));
    assert_eq!((got.value("jane@corp.de").record, got.value("4").column.as_str()), (1, "*"));
    assert_eq!((got.value("5").record, content.record_count), (2, Some(3)));
}

#[test]
fn other_sql_is_read_as_lines() {
    for (name, text) in [
        ("a.sql", "SELECT mail FROM people WHERE id = 5;\n"),
        ("schema.sql", "CREATE TABLE people (\n  id integer\n);\n"),
        ("notes.txt", "INSERT is a verb.\nCOPY is another.\n"),
        ("a.py", "x = '''\nINSERT INTO t VALUES (1)\n'''\n"),
    ] {
        let (content, got) = read_every_way(name, text.as_bytes());
        assert!(content.columns.is_empty() && got.values.is_empty(), "{name}");
    }
}

/// A window may end where it cannot be told yet whether a value has begun.
#[test]
fn columns_are_those_of_fields_wherever_windows_end() {
    for (text, paths) in [
        ("insert into x.y values ('' INSERT INTO t (a, b) VALUES ;\n", &["*"][..]),
        ("insert into t values (word ('';\n", &["*"]),
        ("insert into t values (NULL;\n", &["*"]),
        ("COPY t FROM stdin;\n\\.\n", &["*"]),
        ("insert into t values ('');\n", &["*", "t.column_1"]),
        ("insert into t values (N'');\n", &["*", "t.column_1"]),
    ] {
        let remark = format!("-- {}\n", "x".repeat(Limits::MIN_RIGHT));
        let (content, _) = read_every_way("a.sql", (remark + text).as_bytes());
        let got: Vec<_> = content.columns.iter().map(|column| column.path.as_str()).collect();
        assert_eq!(got, paths, "{text}");
    }
}

/// Files that the real programs wrote; see `fixtures/dumps/make.sh`.
#[test]
fn dumps_of_real_databases_come_back() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/dumps");
    let people = [
        ("1", Some("Zoë O'Hara"), Some("zoe@corp.example"), Some("tab\there, back\\slash")),
        ("2", None, Some("it;is@corp.example"), Some("two\nlines; (odd), \"quoted\"")),
        ("3", Some("NULL"), None, Some("")),
        ("4", Some("Jane -- Doe"), Some("jane@corp.example"), Some("\\N \\. /* x */")),
    ];
    for name in [
        "sqlite.sql",
        "pg_copy.sql",
        "pg_inserts.sql",
        "pg_column_inserts.sql",
        "pg_copy.csv",
        "pg_copy.tsv",
        "mariadb.sql",
        "mariadb_single.sql",
    ] {
        let bytes = std::fs::read(folder.join(name)).expect("it is committed");
        let (content, got) = read_every_way(name, &bytes);
        assert_eq!(
            (content.status, content.coverage, content.reason),
            (Status::Scanned, Coverage::Full, None),
            "{name}"
        );
        let values: Vec<_> = got
            .values
            .values()
            .filter(|value| value.column != "*" && !value.column.contains("orders"))
            .map(|value| {
                let column = value.column.rsplit('.').next().unwrap_or_default().to_owned();
                (value.record, column, String::from_utf8_lossy(&value.text).into_owned())
            })
            .collect();
        let first = values.first().map_or(0, |value| value.0);
        let mut expected = Vec::new();
        for (i, (id, full_name, mail, note)) in people.iter().enumerate() {
            for (column, value) in [("id", &Some(*id)), ("name", full_name), ("mail", mail), ("note", note)] {
                if let Some(value) = value.filter(|value| !value.is_empty()) {
                    expected.push((first + i as u64, column.to_owned(), value.to_owned()));
                }
            }
        }
        assert_eq!(values, expected, "{name}");
        assert_places_of_plain(&bytes, &got);
    }
}

/// Values without escapes stand in the file as they are.
fn assert_places_of_plain(bytes: &[u8], got: &Collector) {
    let exact =
        got.values.iter().filter(|(at, value)| bytes[**at as usize..value.end as usize] == value.text[..]);
    assert!(2 * exact.count() > got.values.len());
}

#[test]
fn binary_columns_lie_between_texts() {
    let head = "-- MySQL dump 10.13\n--\n/*!40101 SET NAMES utf8mb4 */;\n";
    // In the beginning, and behind all that decides what a file is.
    for front in ["", &"INSERT INTO `staff` VALUES (7,'x','Ren\u{e9}');\n".repeat(1600)] {
        binary_columns(&format!("{head}{front}"), front.lines().count() as u64);
    }
}

fn binary_columns(head: &str, records: u64) {
    let mut dump = format!("{head}INSERT INTO `staff` (`id`, `key`, `name`) VALUES ").into_bytes();
    for id in 0..20u8 {
        dump.extend_from_slice(format!("({id},_binary '").as_bytes());
        dump.extend([0x02, 0xE9, 0xC4, 0x05, 0x9C, 0x1E, 0xF3, 0xB4, 0x7F, 0xA0].map(|b| b ^ (id & 1)));
        dump.extend_from_slice("','M\u{fc}ller'),".as_bytes());
    }
    dump.extend_from_slice(b"(99,NULL,'jane');\n");
    let (content, got) = read_every_way("a.sql", &dump);
    assert_eq!((content.format, content.encoding), ("sql", Some("utf-8")));
    assert_eq!(content.reason, Some(Reason::InvalidEncoding));
    assert_eq!(got.value("M\u{fc}ller").column, "staff.name");
    assert_eq!((content.record_count, got.value("jane").record), (Some(records + 21), records + 20));
}
