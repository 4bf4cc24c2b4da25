//! Formats whose records are lines.

use super::*;

/// Column, record and text of every cell, in order.
pub(super) fn cells(collector: &Collector) -> Vec<(&str, u64, &str)> {
    let text = |value| std::str::from_utf8(value).expect("the text is UTF-8");
    collector.values.values().map(|value| (&*value.column, value.record, text(&value.text))).collect()
}

/// Every byte of each occurrence of `wanted` lies in a cell.
fn assert_covered(bytes: &[u8], wanted: &str, collector: &Collector) {
    let found = memchr::memmem::find_iter(bytes, wanted);
    for at in found {
        let (start, end) = (at as u64, (at + wanted.len()) as u64);
        let mut reached = start;
        for (from, value) in &collector.values {
            if *from <= reached && reached < value.end {
                reached = value.end;
            }
        }
        assert!(
            reached >= end,
            "bytes {start}..{end} of {:?} are in no cell",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn a_combined_log() {
    let sane = "10.0.0.6 - - [12/May/2025:00:00:00 +0200] \"-\" 400 0\n".repeat(12);
    let text = "10.0.0.7 - - [12/May/2025:00:00:59 +0200] \"GET / HTTP/1.1\" 200 51598 \"-\" \"curl/8.7.1\"\n\
        www.x.org:443 10.0.0.8 - jane doe [12/May/2025:00:01:00 +0200] \"GET /?q=\\\"a\\\" HTTP/1.1\" 304 - \"https://x.org/\" \"Mozilla/5.0 (X11)\" \"10.1.1.1\" 0.003\n\
        \n\
        Exception: no route to jane@corp.de\n  at route (42)\r\n\
        ::1 - jane [12/May/2025:00:01:01 +0200] \"\" 400 0\r\n\
        ::1 - - [12/May/2025:00:01:02 +0200] \"GET /unclosed 400 0\n";
    let (content, got) = read_every_way("access.log", (sane.clone() + text).as_bytes());
    assert_eq!((content.format, content.record_count), ("access_log", Some(12 + 5)));
    let place = (sane.len() + text.find("Exception").expect("it is there")) as u64;
    assert_eq!((content.reason, content.reason_place), (Some(Reason::MalformedRecord), Some(place)));
    let behind: Vec<_> = cells(&got)
        .into_iter()
        .filter(|cell| cell.1 >= 12)
        .map(|cell| (cell.0, cell.1 - 12, cell.2))
        .collect();
    assert_eq!(
        behind,
        [
            ("remote_host", 0, "10.0.0.7"),
            ("time", 0, "12/May/2025:00:00:59 +0200"),
            ("request", 0, "GET / HTTP/1.1"),
            ("status", 0, "200"),
            ("bytes", 0, "51598"),
            ("user_agent", 0, "curl/8.7.1"),
            ("virtual_host", 1, "www.x.org:443"),
            ("remote_host", 1, "10.0.0.8"),
            ("user", 1, "jane doe"),
            ("time", 1, "12/May/2025:00:01:00 +0200"),
            ("request", 1, "GET /?q=\"a\" HTTP/1.1"),
            ("status", 1, "304"),
            ("referer", 1, "https://x.org/"),
            ("user_agent", 1, "Mozilla/5.0 (X11)"),
            ("*", 1, " \"10.1.1.1\" 0.003"),
            ("*", 2, "Exception: no route to jane@corp.de\n  at route (42)"),
            ("remote_host", 3, "::1"),
            ("user", 3, "jane"),
            ("time", 3, "12/May/2025:00:01:01 +0200"),
            ("status", 3, "400"),
            ("bytes", 3, "0"),
            ("remote_host", 4, "::1"),
            ("time", 4, "12/May/2025:00:01:02 +0200"),
            ("request", 4, "GET /unclosed 400 0"),
        ]
    );
    let status = column(&content, "status");
    assert_eq!((status.data_type, status.records, status.non_null), (DataType::Integer, 12 + 5, 12 + 3));
}

#[test]
fn a_log_with_named_fields() {
    let text = "#Software: Microsoft IIS\r\n#Date: 2025-05-12\r\n#Fields: date c-ip cs-username cs(User-Agent) sc-status\r\n\
        2025-05-12 10.0.0.7 CORP\\jane Mozilla/5.0+(X11) 200\r\n\
        2025-05-12 10.0.0.8 - curl 404 more\r\n\
        #Remark: jane@corp.de\r\n\
        #Fields: c-ip time\r\n10.0.0.9 10:00:00\r\n10.0.0.10\r\n";
    let (content, got) = read_every_way("u_ex250512.log", text.as_bytes());
    assert_eq!((content.format, content.record_count), ("w3c_log", Some(4)));
    let ragged = text.find("2025-05-12 10.0.0.8").expect("it is there") as u64;
    assert_eq!((content.reason, content.reason_place), (Some(Reason::RaggedRows), Some(ragged)));
    assert_eq!(got.columns, ["*", "date", "c-ip", "cs-username", "cs(User-Agent)", "sc-status", "time"]);
    let user = got.value("CORP\\jane");
    assert_eq!((user.column.as_str(), user.record), ("cs-username", 0));
    assert_eq!((got.value("more").column.as_str(), got.value("more").record), ("*", 1));
    assert_eq!(got.value("10.0.0.9").column, "c-ip");
    assert_eq!((got.value("10:00:00").column.as_str(), got.value("10.0.0.10").record), ("time", 3));
    assert_eq!(got.value("#Remark: jane@corp.de").column, "*");
    assert_eq!(column(&content, "cs-username").non_null, 1);
    let (zeek, got) = read_every_way(
        "conn.log",
        b"#separator \\x09\n#fields\tts\tid.orig_h\n#types\ttime\taddr\n1.5\t10.0.0.7\n",
    );
    assert_eq!((zeek.format, got.value("10.0.0.7").column.as_str()), ("w3c_log", "[\"id.orig_h\"]"));
}

#[test]
fn lines_of_pairs() {
    let text = "ts=2025-05-12T10:00:00Z level=info user=jane@corp.de msg=\"said \\\"hi\\\" to \\u00e9\" n=7\n\
        app[web.1]: ts=1 level=warn phone=+49 171 1234567 ok= host=a\r\n\
        ts=2 level=info msg=\"x\" stray words a=b=c\n";
    let (content, got) = read_every_way("app.log", text.as_bytes());
    assert_eq!((content.format, content.record_count, content.reason), ("logfmt", Some(3), None));
    assert_eq!(
        cells(&got),
        [
            ("ts", 0, "2025-05-12T10:00:00Z"),
            ("level", 0, "info"),
            ("user", 0, "jane@corp.de"),
            ("msg", 0, "said \"hi\" to é"),
            ("n", 0, "7"),
            ("*", 1, "app[web.1]:"),
            ("ts", 1, "1"),
            ("level", 1, "warn"),
            ("phone", 1, "+49 171 1234567"),
            ("host", 1, "a"),
            ("ts", 2, "2"),
            ("level", 2, "info"),
            ("msg", 2, "x"),
            ("*", 2, "stray words"),
            ("a", 2, "b=c"),
        ]
    );
    let place = text.find("+49").expect("it is there") as u64;
    assert_eq!(got.values[&place].end, place + 15);
}

#[test]
fn entries_of_a_directory() {
    let text = "# exported\nversion: 1\n\ndn: cn=Jane Doe,dc=corp,dc=de\ncn: Jane Doe\nmail: jane@co\n rp.de\ncn;lang-de:: SsO2cmc=\n\
        # jane@x.org\n\ndn: cn=Bob\r\nchangetype: modify\r\nreplace: mail\r\nmail: bob@corp.de\r\n-\r\nphoto:< file:///x\r\nno name\r\n";
    let (content, got) = read_every_way("people.ldif", text.as_bytes());
    assert_eq!(
        (content.format, content.record_count),
        ("ldif", Some(2)),
        "what stands before the first entry is none"
    );
    let place = text.find("no name").expect("it is there") as u64;
    assert_eq!((content.reason, content.reason_place), (Some(Reason::MalformedRecord), Some(place)));
    let mail = got.value("jane@corp.de");
    assert_eq!((mail.column.as_str(), mail.record), ("mail", 0));
    let place = text.find("jane@co").expect("it is there") as u64;
    assert_eq!(got.values[&place].end, place + 14, "the fold belongs to its place");
    assert_eq!((got.value("J\u{f6}rg").column.as_str(), got.value("bob@corp.de").record), ("cn", 1));
    assert_eq!(got.value("file:///x").column, "photo");
    assert_eq!(got.value("# jane@x.org").column, "*");
}

#[test]
fn texts_of_a_directory_may_be_in_base64() {
    let text = "dn: cn=x\ncn:: Wm/DqyBNw7xsbGVyLcWBdWthc2lld2\n ljeiA8em9lQGNvcnAuZGU+\njpegPhoto:: /9j/4AAQSkZJRg==\nsn:: not Base64!\nmail: jane@corp.de\n";
    let (content, got) = read_every_way("people.ldif", text.as_bytes());
    assert_eq!((content.format, content.record_count, content.reason), ("ldif", Some(1), None));
    let name = got.value("Zo\u{eb} M\u{fc}ller-\u{141}ukasiewicz <zoe@corp.de>");
    assert_eq!((name.column.as_str(), name.record), ("cn", 0));
    let place = text.find("cn:: ").expect("it is there") as u64 + 5;
    assert_eq!((got.values[&place].text.len(), got.values[&place].end), (name.text.len(), place + 54));
    assert_eq!(got.value("/9j/4AAQSkZJRg==").column, "jpegPhoto");
    assert_eq!(
        (got.value("not Base64!").column.as_str(), got.value("jane@corp.de").column.as_str()),
        ("sn", "mail")
    );
}

#[test]
fn cards() {
    let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jane\\, Doe\r\nN:Doe;Jane;;;\r\nitem1.EMAIL;TYPE=INTERNET,\"x\":jane@corp.d\r\n e\r\n\
        TEL;CELL;VOICE:+49 171 1234567\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nVERSION:2.1\r\nNOTE;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg =\r\nis here=\r\n=21\r\nbroken\r\nEND:VCARD\r\n";
    let (content, got) = read_every_way("a.vcf", text.as_bytes());
    assert_eq!((content.format, content.record_count), ("vcard", Some(2)));
    let place = text.find("broken").expect("it is there") as u64;
    assert_eq!((content.reason, content.reason_place), (Some(Reason::MalformedRecord), Some(place)));
    assert_eq!((got.value("Jane, Doe").column.as_str(), got.value("Jane").record), ("FN", 0));
    assert_eq!(
        (got.value("Doe").column.as_str(), got.value("Jane").column.as_str()),
        ("N.family_name", "N.given_name")
    );
    assert_eq!((got.value("jane@corp.de").column.as_str(), got.value("jane@corp.de").record), ("EMAIL", 0));
    assert_eq!(
        (got.value("VOICE").column.as_str(), got.value("+49 171 1234567").column.as_str()),
        ("TEL.TYPE", "TEL")
    );
    assert_eq!((got.value("Jörg is here!").column.as_str(), got.value("Jörg is here!").record), ("NOTE", 1));
    assert_eq!(got.value("broken").column, "*");
}

#[test]
fn parts_of_a_name_on_a_card() {
    let text = "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:K=C3=B6hler=3B;An=\nna;;Dr.\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nN:Berg\\;Alt;An\n na,Maria;;;Jr.;x;y\nNOTE:a;b\nEND:VCARD\n";
    let (content, got) = read_every_way("a.vcf", text.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(2)));
    let names: Vec<_> = got
        .rows()
        .into_iter()
        .filter(|(column, _, _)| column.starts_with("N.") || *column == "NOTE")
        .collect();
    assert_eq!(
        names,
        [
            ("N.CHARSET", 0, "UTF-8"),
            ("N.ENCODING", 0, "QUOTED-PRINTABLE"),
            ("N.family_name", 0, "Köhler;"),
            ("N.given_name", 0, "Anna"),
            ("N.honorific_prefix", 0, "Dr."),
            ("N.family_name", 1, "Berg;Alt"),
            ("N.given_name", 1, "Anna,Maria"),
            ("N.honorific_suffix", 1, "Jr."),
            ("N.honorific_suffix", 1, "x"),
            ("N.honorific_suffix", 1, "y"),
            ("NOTE", 1, "a;b"),
        ]
    );
}

#[test]
fn calendars() {
    let text = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nSUMMARY:Talk\nATTENDEE;CN=\"Doe; Jane\";RSVP=TRUE:mailto:jane@\n corp.de\n\
        BEGIN:VALARM\nACTION:DISPLAY\nEND:VALARM\nORGANIZER;CN=Bob:mailto:bob@corp.de\nEND:VEVENT\nBEGIN:VTODO\nUID:7\nEND:VTODO\nEND:VCALENDAR\n";
    let (content, got) = read_every_way("a.ics", text.as_bytes());
    assert_eq!((content.format, content.record_count, content.reason), ("calendar", Some(2), None));
    assert_eq!((got.value("Doe; Jane").column.as_str(), got.value("Doe; Jane").record), ("ATTENDEE.CN", 0));
    assert_eq!(got.value("mailto:jane@corp.de").column, "ATTENDEE");
    assert_eq!((got.value("mailto:bob@corp.de").record, got.value("7").record), (0, 1));
}

#[test]
fn tables_in_markdown() {
    let text = "# Team\n\nWrite to anna@corp.de | or call.\n\n| **Name** | E-Mail |  |\n|:---|---|---|\n| Anna Berg | anna@corp.de | x \\| y |\n\
        | Bert |\n|| bert@corp.de | z | more |\n\nMore:\r\nE-Mail | Id\r\n--- | ---\r\ncleo@corp.de | 7\r\nThat is all.\n| no | table |\n";
    let (content, got) = read_every_way("team.md", text.as_bytes());
    assert_eq!((content.format, content.record_count, content.reason), ("markdown", Some(4), None));
    assert_eq!(
        cells(&got),
        [
            ("*", 0, "# Team\n\nWrite to anna@corp.de | or call.\n\n| **Name** | E-Mail |  |"),
            ("Name", 0, "Anna Berg "),
            ("E-Mail", 0, "anna@corp.de "),
            ("column_3", 0, "x \\| y "),
            ("Name", 1, "Bert "),
            ("E-Mail", 2, "bert@corp.de "),
            ("column_3", 2, "z "),
            ("*", 2, "more "),
            ("*", 3, "More:\r\nE-Mail | Id"),
            ("E-Mail", 3, "cleo@corp.de "),
            ("Id", 3, "7"),
            ("*", 4, "That is all.\n| no | table |"),
        ]
    );
    let wide = format!("| a | {:200} | c | d |\n|---|{}|---|---|\n| 1 | 2 | 3 | 4 |\n", "b", "-".repeat(300));
    let (content, got) = read_every_way("a.md", wide.as_bytes());
    assert_eq!((content.record_count, content.reason), (Some(1), None));
    let rows: Vec<_> = cells(&got).into_iter().filter(|cell| cell.2.len() < 3).collect();
    assert_eq!(rows, [("a", 0, "1 "), ("b", 0, "2 "), ("c", 0, "3 "), ("d", 0, "4 ")]);
    let (content, _) = read_default("a.md", b"a | b\n\n- | -\n\n| a |\n|---|---|\n");
    assert_eq!((content.format, content.columns.len()), ("markdown", 0), "it has no table");
}

#[test]
fn ini_files() {
    let text = "; jane@x.org\n[mail]\nadmin = jane@corp.de ; first\nnote: a\n  second line\n\n[db \"a.b\"] ; c@x.org\nhost=h\nuser.name = jane\na=1\nb=2\nc=3\nd=4\nno key here\n[open\n";
    let (content, got) = read_every_way("app.ini", text.as_bytes());
    assert_eq!((content.format, content.record_count), ("ini", Some(2)));
    let place = text.find("no key").expect("it is there") as u64;
    assert_eq!((content.reason, content.reason_place), (Some(Reason::MalformedRecord), Some(place)));
    assert_eq!(
        cells(&got),
        [
            ("*", 0, "; jane@x.org"),
            ("mail.admin", 0, "jane@corp.de ; first"),
            ("mail.note", 0, "a"),
            ("mail.note", 0, "  second line"),
            ("*", 1, "; c@x.org"),
            (r#"["db \"a.b\""].host"#, 1, "h"),
            (r#"["db \"a.b\""].user.name"#, 1, "jane"),
            (r#"["db \"a.b\""].a"#, 1, "1"),
            (r#"["db \"a.b\""].b"#, 1, "2"),
            (r#"["db \"a.b\""].c"#, 1, "3"),
            (r#"["db \"a.b\""].d"#, 1, "4"),
            ("*", 1, "no key here\n[open"),
        ]
    );
}

#[test]
fn keys_without_sections() {
    let (content, got) = read_default("server.conf", b"# c\nmax = 5\nadmin = jane@corp.de\n");
    assert_eq!((content.format, got.value("jane@corp.de").column.as_str()), ("ini", "admin"));
}

#[test]
fn properties_and_environments() {
    let text =
        "# c\n! d\nmail.admin=jane@corp.de\nname: J\\u00f6rg\nlong = a\\\n    b\\\r\n c\npath=C:\\\\x\n";
    let (content, got) = read_every_way("app.properties", text.as_bytes());
    assert_eq!((content.format, content.reason), ("properties", None));
    assert_eq!(
        cells(&got),
        [
            ("*", 0, "# c\n! d"),
            ("mail.admin", 0, "jane@corp.de"),
            ("name", 0, "Jörg"),
            ("long", 0, "abc"),
            ("path", 0, "C:\\x"),
        ]
    );
    let text = "# jane@x.org\nexport MAIL=jane@corp.de\nNAME=\"Jane \\\"J\\\" Doe\" # x\nKEY='a'\nEMPTY=\n";
    for name in [".env", "prod.env"] {
        let (content, got) = read_every_way(name, text.as_bytes());
        assert_eq!((content.format, content.reason), ("env", None));
        assert_eq!(
            cells(&got),
            [
                ("*", 0, "# jane@x.org"),
                ("MAIL", 0, "jane@corp.de"),
                ("NAME", 0, "Jane \"J\" Doe"),
                ("*", 0, "# x"),
                ("KEY", 0, "a"),
            ]
        );
    }
}

#[test]
fn toml() {
    let text = "# c\ntitle = \"T \\u00e9\"\n[owner.\"a.b\"] # d\nmail = 'jane@corp.de'\nlist = [\n  \"x@y.org\",\n]\n\
        [[items]]\nname.first = \"A\"\n[[items]]\nname.first = \"B\"\ntext = \"\"\"one\nkey = \"two\"\n\"\"\"\nn = 5\n";
    let (content, got) = read_every_way("a.toml", text.as_bytes());
    assert_eq!((content.format, content.reason, content.record_count), ("toml", None, Some(3)));
    assert_eq!(
        cells(&got),
        [
            ("*", 0, "# c"),
            ("title", 0, "T é"),
            ("*", 0, "# d"),
            (r#"owner["a.b"].mail"#, 0, "jane@corp.de"),
            (r#"owner["a.b"].list"#, 0, "["),
            (r#"owner["a.b"].list"#, 0, "  \"x@y.org\",\n]"),
            ("items[].name.first", 1, "A"),
            ("items[].name.first", 2, "B"),
            ("items[].text", 2, "one\nkey = \"two\"\n"),
            ("items[].n", 2, "5"),
        ]
    );
    let text = "[[staff]]\nname = \"A\"\n[staff.home]\ncity = \"X\"\n[[staff.phones]]\nno = 1\n[[staff.phones]]\nno = 2\n\
                [[staff]]\nname = \"B\"\n[other]\nk = 3\n";
    let (content, got) = read_every_way("a.toml", text.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(3)));
    assert_eq!(
        cells(&got),
        [
            ("staff[].name", 0, "A"),
            ("staff[].home.city", 0, "X"),
            ("staff[].phones[].no", 0, "1"),
            ("staff[].phones[].no", 0, "2"),
            ("staff[].name", 1, "B"),
            ("other.k", 2, "3"),
        ]
    );
    let (lock, got) =
        read_default("Cargo.lock", b"# it\n[[package]]\nname = \"memchr\"\nversion = \"2.7.0\"\n");
    assert_eq!((lock.format, got.value("memchr").column.as_str()), ("toml", "package[].name"));
}

#[test]
fn nesting_and_columns_are_bounded() {
    let letter = |i: usize| char::from(b'a' + (i % 26) as u8);
    let deep: String = (0..300).map(|i| format!("{}{}:\n", " ".repeat(i % 200), letter(i))).collect();
    let small = Limits { max_depth: 3, ..limits(9) };
    let (content, got) = read("deep.yaml", format!("{deep}a: jane@corp.de\n").as_bytes(), &small);
    assert_eq!(content.reason, Some(Reason::NestedTooDeep));
    assert_eq!(got.value("jane@corp.de").column, "a");
    let dashes = format!("- {}jane@corp.de\n", "- ".repeat(100_000));
    let (content, got) = read_default("dashes.yml", dashes.as_bytes());
    assert_eq!(content.reason, Some(Reason::NestedTooDeep));
    assert!(got.values.values().any(|value| value.text == b"jane@corp.de"));
    let key = |i: usize| -> String { [i, i / 26, i / 676, i / 17_576].map(letter).iter().collect() };
    let keys = |line: fn(&str) -> String| -> String { (0..100_000).map(|i| line(&key(i))).collect() };
    for (name, text) in [
        ("a.yaml", keys(|key| format!("{key}: v\n"))),
        ("a.ini", format!("[s]\na=b\n{}", keys(|key| format!("[{key}]\n{key}=v\n")))),
        ("a.properties", keys(|key| format!("{key}=v\n"))),
        ("a.log", keys(|key| format!("{key}=v x{key}=v z{key}=v\n"))),
        ("a.ldif", format!("dn: a=b\n{}", keys(|key| format!("{key}: v\n")))),
        ("b.log", format!("#Fields: {}\n{}\n", keys(|key| format!("{key} ")), "v ".repeat(100_000))),
    ] {
        let (content, got) = read_default(name, text.as_bytes());
        assert_eq!(content.reason, Some(Reason::TooManyColumns), "{name}");
        assert!(got.columns.len() <= 10_001, "{name}: {}", got.columns.len());
        let values = got.values.values().filter(|value| value.text == b"v").count();
        assert!(values >= 100_000, "{name}: {values}");
    }
}

#[test]
fn what_is_no_such_format_stays_lines() {
    let lines = |name: &str, text: &str| {
        let (content, got) = read_default(name, text.as_bytes());
        assert!(got.columns.is_empty(), "{name} is {}", content.format);
        assert_eq!(content.columns, []);
    };
    lines("letter.txt", "Dear Jane,\nplease note: the price = 5.\nRegards: Bob\n");
    lines("README", "Usage: x\n\nOptions: -a = all\n[note] it works\n");
    lines("main.rs", "[derive]\nlet a=1;\nlet b=2;\nx=3\n");
    lines("run.sh", "A=1\nB=2\nC=3\nD=4\n");
    lines("run", "#!/bin/sh\nA=1\nB=2\necho $A\n");
    lines("nginx.conf", "server {\n  listen 80;\n  server_name x.org;\n}\n");
    lines("Makefile", "CC=gcc\nCFLAGS=-O2\nall: main.o\n\t$(CC) main.o\n");
    lines("Dockerfile", "FROM debian\nENV A=1\nRUN make\n");
    lines("notes.md", "---\ntitle: x\n---\n# Notes\n- one\n- two: three\n");
    lines("todo.txt", "- buy milk\n- call: Bob\n- name=Jane\n");
    let log = "2025-05-12 10:00:00 INFO worker=1 took 5 ms\n\
        2025-05-12 10:00:01 WARN user=jane from 10.0.0.7 failed a=b c=d\n";
    lines("app.log", log);
    lines("mail", "From: Jane <jane@corp.de>\nTo: bob@corp.de\nSubject: x\n\nHi\n");
    lines("template.yaml", "{{ if .Values.a }}\na: {{ .Values.b }}\n{{ end }}\n{{ x }}\n");
    lines("page.html", &"<a href=\"x\" class=\"y\" id=\"z\">\n".repeat(3));
    lines("rules", "CC=gcc\nSRC=$(wildcard *.c)\nA=1\nB=2\n");
    lines("query.txt", &"select * from t where a=1 and b=2 and c=3\n".repeat(3));
    lines("dn.txt", "dn: the abbreviation of distinguished name\nand more\n");
}

const ACCESS: &[&str] = &[
    "10.0.0.7 - - [12/May/2025:00:00:59 +0200] \"GET /",
    "\" 200 5 \"",
    "\" 200 5\n",
    "\" \"",
    "-",
    "\\\"",
    "\\x41",
    "\\",
    "\"",
    " ",
    "\n",
    "\r\n",
    "jane@corp.de",
    "é",
    "[",
    "]",
];
const FIELDS: &[&str] = &[
    "#Fields: a b jane@corp.de\n",
    "#x\n",
    " ",
    "\t",
    "-",
    "v",
    "jane@corp.de",
    "\n",
    "\r\n",
    "é",
    "\r",
    "#",
];
const PAIRS: &[&str] = &[
    "a=",
    "b=",
    "jane@corp.de=",
    "\"",
    "\\\"",
    "\\u00e9",
    "\\",
    " ",
    " ",
    "\n",
    "\r\n",
    "v",
    "+49 171",
    "jane@corp.de",
    "é",
    "=",
    "\t",
    "\r",
];
const FOLDS: &[&str] = &[
    "BEGIN:VCARD\n",
    "END:VCARD\r\n",
    "TEL;CELL:",
    "X;CN=\"",
    "\"",
    ";A=",
    ":",
    "N;ENCODING=QUOTED-PRINTABLE:",
    "=C3=A4",
    "=",
    "=\n",
    "=\r\n",
    "\n",
    "\n ",
    "\r\n ",
    "\r\n\t",
    "\r",
    "\\n",
    "\\",
    "\\,",
    "jane@corp.de",
    "é",
    " ",
    "dn: ",
    "cn:: ",
    "# ",
    "x",
];
const CONFIG: &[&str] = &[
    "[s]\n",
    "[[t]]\n",
    "a.b=",
    "k = ",
    "k: ",
    "\"",
    "'",
    "\"\"\"",
    "\"\"",
    "'''",
    "# ",
    "; ",
    "\n",
    "\n",
    "\r\n",
    "\\\n",
    "\\\r\n",
    "\\",
    "\\u00e9",
    "  ",
    "         ",
    "jane@corp.de",
    "é",
    "[",
    "]",
    "v",
    "jane@corp.de=",
    "\r",
];
const MARKDOWN: &[&str] = &[
    "| a | b |\n|---|---|\n",
    "a|b\r\n-|-\r\n",
    "|",
    "\\|",
    "-",
    "---",
    " ",
    "\n",
    "\n",
    "\r\n",
    "\\",
    "jane@corp.de",
    "é",
    "                                                                                ",
];
const YAML: &[&str] = &[
    "&x ",
    "*x",
    "!!str ",
    "!r ",
    "<<: ",
    "[{a: ",
    "k: {b: ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "a: ",
    "b:\n",
    "\"q\": ",
    "- ",
    "-",
    "  ",
    "    ",
    "\n",
    "\n",
    "\r\n",
    "---\n",
    "# ",
    "|\n",
    ">-\n",
    "'",
    "''",
    "\"",
    "\\\"",
    "\\",
    "jane@corp.de",
    "jane@corp.de: ",
    "é",
    "x",
    "\t",
    "\r",
    ":",
];

/// Pieces in any order, some of them so long that heads do not show their end.
fn soup(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let filler = prop_oneof![20 => Just(0usize), 1 => 200..300usize];
    prop::collection::vec((prop::sample::select(pieces), filler), 0..100).prop_map(|pieces| {
        let piece = |(piece, filler): (&str, usize)| format!("{piece}{}", "y".repeat(filler));
        pieces.into_iter().map(piece).collect::<String>().into_bytes()
    })
}

/// Reads `bytes` behind a beginning by which they are recognised.
fn check(name: &str, format: &str, beginning: &str, bytes: &[u8]) {
    let bytes = [beginning.as_bytes(), bytes].concat();
    let (content, got) = read_every_way(name, &bytes);
    assert_eq!(content.format, format);
    assert_covered(&bytes, "jane@corp.de", &got);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn access_logs_do_not_depend_on_windows(bytes in soup(ACCESS)) {
        let line = "10.0.0.7 - - [12/May/2025:00:00:59 +0200] \"GET / HTTP/1.1\" 200 5\n";
        check("a.log", "access_log", &line.repeat(60), &bytes);
    }

    #[test]
    fn fields_do_not_depend_on_windows(bytes in soup(FIELDS)) {
        check("a.log", "w3c_log", "#Fields: x y z\n", &bytes);
    }

    #[test]
    fn pairs_do_not_depend_on_windows(bytes in soup(PAIRS)) {
        check("a.log", "logfmt", &"a=1 b=2 c=\"3\"\n".repeat(60), &bytes);
    }

    #[test]
    fn folded_lines_do_not_depend_on_windows(bytes in soup(FOLDS)) {
        check("a.ldif", "ldif", "dn: cn=a\ncn: a\n", &bytes);
        check("a.vcf", "vcard", "BEGIN:VCARD\n", &bytes);
    }

    #[test]
    fn configurations_do_not_depend_on_windows(bytes in soup(CONFIG)) {
        check("a.ini", "ini", &"[a]\nb=c\nd=e\n".repeat(40), &bytes);
        check("a.toml", "toml", "a = 1\n", &bytes);
        check("a.properties", "properties", &"a=1\n".repeat(60), &bytes);
        check("a.env", "env", &"A=1\n".repeat(60), &bytes);
    }

    #[test]
    fn markdown_does_not_depend_on_windows(bytes in soup(MARKDOWN)) {
        check("a.md", "markdown", "| a | b |\n|---|---|\n", &bytes);
    }

    #[test]
    fn yaml_does_not_depend_on_windows(bytes in soup(YAML)) {
        check("a.yaml", "yaml", &"a: b\n".repeat(60), &bytes);
    }
}
