use super::*;

/// Counts what it is given, so that large input needs no memory here.
#[derive(Default)]
struct Counter {
    own: u64,
    cells: u64,
    largest: usize,
}

impl Target for Counter {
    fn column(&mut self, _: ColumnIx, _: &str, _: usize) {}

    fn window(&mut self, window: &Window<'_>) -> ControlFlow<()> {
        self.own += window.own.len() as u64;
        self.largest = self.largest.max(window.text.len());
        if let Layout::Cells(cells) = window.layout {
            self.cells = self.cells.max(cells.len() as u64);
        }
        ControlFlow::Continue(())
    }

    fn names_values(&self, label: &str) -> bool {
        forms::KNOWN.contains(&label)
    }
}

/// A beginning, then one pattern again and again.
struct Endless {
    beginning: &'static [u8],
    pattern: &'static [u8],
    left: u64,
}

impl Read for Endless {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        if !self.beginning.is_empty() {
            return self.beginning.read(space);
        }
        let mut filled = 0;
        while filled < space.len() && self.left > 0 {
            let n = self.pattern.len().min(space.len() - filled).min(self.left as usize);
            space[filled..filled + n].copy_from_slice(&self.pattern[..n]);
            filled += n;
            self.left -= n as u64;
        }
        Ok(filled)
    }
}

#[test]
fn what_never_ends_stays_in_its_window() {
    // Many windows, and more than the MiB up to which heads and quoted lines are followed.
    const BYTES: u64 = 5 << 18;
    for (name, beginning, pattern) in [
        ("line.txt", &b""[..], &b"x"[..]),
        ("cell.csv", b"a,b\n1,", b"word "),
        ("quoted.csv", b"a,b\n1,\"", b"word "),
        ("quotes.csv", b"a,b\n1,\"", b"\"\""),
        ("commas.csv", b"a,b\n", b","),
        ("remark.csv", b"# x\nid,name\n1,x\n# ", b"word "),
        ("blanks.csv", b"| a | b |\n|---|---|\n| 1 | x |\n|", b" "),
        ("line.csv", b"| a | b |\n|---|---|\n| 1 | x |\n", b"-"),
        ("titles.csv", b"a\n\nid,name\n1,x\n2,y\n", b"id,name\n3,z\n\n"),
        ("headers.csv", b"id,name\n1,x\n", b"a,b\n1,2\n\n"),
        ("fixed.lst", b"ID NAME\n-- ----\n", b"word "),
        ("narrow.lst", b"ID NAME\n-- ----\n", b"\n "),
        ("string.sql", b"INSERT INTO t VALUES ('", b"word "),
        ("quotes.sql", b"INSERT INTO t VALUES ('", b"''"),
        ("values.sql", b"INSERT INTO t VALUES (", b"1,"),
        ("bare.sql", b"INSERT INTO t VALUES (", b"word "),
        ("open.sql", b"INSERT INTO t VALUES ", b"("),
        ("names.sql", b"INSERT INTO t (", b"name,"),
        ("name.sql", b"INSERT INTO t (\"", b"name"),
        ("columns.sql", b"CREATE TABLE t (", b"a int,"),
        ("copy.sql", b"COPY t FROM stdin;\n", b"1\t"),
        ("remark.sql", b"INSERT INTO t VALUES (1) -- ", b"word "),
        ("string.jsonl", b"{\"a\":\"", b"word "),
        ("escapes.jsonl", b"{\"a\":\"", b"\\n"),
        ("key.jsonl", b"{\"", b"word "),
        ("number.jsonl", b"{\"a\":", b"1"),
        ("array.jsonl", b"{\"a\":[", b"1,"),
        ("garbage.jsonl", b"{\"a\":[", b"}"),
        ("deep.jsonl", b"{\"a\":", b"["),
        ("request.log", b"1.1.1.1 - - [12/May/2025:00:00:59 +0200] \"", b"word "),
        ("values.log", b"#Fields: a b\n", b"word "),
        ("names.log", b"#Fields: a ", b"b "),
        ("value.log", b"a=1 b=2 c=3\na=1 b=2 c=3\na=", b"word "),
        ("pairs.log", b"a=1 b=2 c=3\na=1 b=2 c=3\n", b"a=1 "),
        ("folds.ldif", b"dn: a=b\ncn: ", b"x\n "),
        ("parameters.vcf", b"BEGIN:VCARD\nN;", b"A=b;"),
        ("quoted.vcf", b"BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:", b"=41"),
        ("value.ini", b"[a]\nb=1\nc=", b"word "),
        ("blanks.ini", b"[a]\nb=1\nc=2\n", b" "),
        ("brackets.ini", b"[a]\nb=1\nc=2\n", b"["),
        ("continued.properties", b"a=", b"\\\n"),
        ("triple.toml", b"a=\"\"\"", b"\"\"a"),
        ("value.yaml", b"a: ", b"word "),
        ("items.yaml", b"a: 1\n", b"- "),
        ("blanks.yaml", b"a: 1\n", b" "),
        ("block.yaml", b"a: |\n", b" x\n"),
        ("string.json", b"[{\"a\":\"", b"word "),
        ("records.json", b"[", b"{\"a\":1},"),
        ("deep.json", b"{\"a\":", b"["),
        ("closed.json", b"[[{\"a\":[", b"}"),
        ("junk.json", b"[", b"x@"),
        ("comment.json", b"[/*", b"*"),
        ("map.json", b"{", b"\"a\":{\"b\":1},"),
        ("value.txt", b"Name\tJane\nPhone\t030 901820\nE-mail\tj@x.de\nName\t", b"word "),
        ("rows.txt", b"", b"Name\tJane\nPhone\t030 901820\nE-mail\tj@x.de\n"),
        ("blanks.txt", b"Name    Jane\nPhone   030 901820\nE-mail  j@x.de\nName  ", b" "),
        ("bars.txt", b"| Name | Jane |\n| Phone | 030 901820 |\n| E-mail | j@x.de |\n", b"|"),
        ("lines.txt", b"| Name | Jane |\n| Phone | 030 901820 |\n| E-mail | j@x.de |\n", b"|-|\n"),
        ("rows.csv", b"Name;Jane\nPhone;030 901820\nE-mail;j@x.de\n", b"Name;\"x\n"),
        ("text.xml", b"<a>", b"word "),
        ("tags.xml", b"<a>", b"<b>"),
        ("records.xml", b"<a>", b"<b>c</b>"),
        ("end.xml", b"<a>", b"</b>"),
        ("name.xml", b"<", b"a"),
        ("attributes.xml", b"<a", b" b='c'"),
        ("value.xml", b"<a b='", b"c &"),
        ("comment.xml", b"<!--", b"-"),
        ("type.xml", b"<!DOCTYPE a [", b"] "),
        ("declaration.xml", b"<?xml ", b"x "),
        ("wide", &[0; 4096], b"a\0"),
    ] {
        let mut input = Endless { beginning, pattern, left: BYTES };
        let limits = Limits { window_bytes: 64 << 10, ..Limits::default() };
        let (mut scratch, mut counter) = (Scratch::new(), Counter::default());
        let content =
            read_object(&mut input, name, &limits, &mut scratch, &mut counter).expect("it has no errors");
        assert_eq!(content.bytes_read, BYTES + beginning.len() as u64, "{name}");
        assert!(counter.own >= BYTES, "{name}");
        let most = limits.window_bytes + limits.left + limits.right + 3;
        assert!(counter.largest <= 2 * most, "{name}: {}", counter.largest);
        assert!(counter.cells <= most as u64, "{name}");
    }
}

#[test]
fn decoding_stays_in_its_window() {
    const BYTES: u64 = 1 << 20;
    for (encoding, beginning, pattern) in [
        (None, &b""[..], &b"\x93\xFA\x96\x7B"[..]),
        (None, b"", b"M\xFCller"),
        (None, "größer\n".as_bytes(), b"\xC3\xA9\xE9 "),
        (Some("gb18030"), b"", b"\x81\x30\x81\x30\xB0\xA1\xFFa"),
        (Some("iso-2022-jp"), b"", b"\x1B$B\x1B(B"),
        (Some("iso-2022-jp"), b"", b"\x1B(Ja\x1B(Bb"),
        (Some("ibm037"), b"", b"\xC1\x40"),
        (Some("utf-32be"), b"", b"\0\0\0a"),
    ] {
        let mut input = Endless { beginning, pattern, left: BYTES };
        let encoding = encoding.and_then(SourceEncoding::named);
        let limits = Limits { window_bytes: 64 << 10, encoding, ..Limits::default() };
        let (mut scratch, mut counter) = (Scratch::new(), Counter::default());
        let content =
            read_object(&mut input, "a.txt", &limits, &mut scratch, &mut counter).expect("it has no errors");
        assert_eq!(content.bytes_read, BYTES + beginning.len() as u64, "{pattern:?}");
        assert_eq!(content.coverage, Coverage::Full, "{pattern:?}");
        let most = limits.window_bytes + limits.left + limits.right + 3;
        assert!(counter.largest <= most, "{pattern:?}: {}", counter.largest);
    }
}

#[test]
fn an_error_halfway_comes_behind_all_that_was_read() {
    struct Failing<'a>(&'a [u8]);
    impl Read for Failing<'_> {
        fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
            match self.0.read(space)? {
                0 => Err(io::Error::other("the cable was pulled")),
                n => Ok(n),
            }
        }
    }
    for (name, bytes) in
        [("a.csv", &b"id,mail\n1,jane@corp.de\n2,jo"[..]), ("a.jsonl", b"{\"mail\":\"jane@corp.de\"}\n{")]
    {
        let mut collector = Collector::default();
        let result = read_object(&mut Failing(bytes), name, &limits(4), &mut Scratch::new(), &mut collector);
        let ReadError { error, content } = result.expect_err("the input fails");
        assert_eq!(error.kind(), io::ErrorKind::Other);
        assert_eq!((content.status, content.coverage), (Status::Unreadable, Coverage::Partial));
        assert_eq!((content.reason, content.reason_place), (Some(Reason::IoError), Some(bytes.len() as u64)));
        assert_eq!(collector.value("jane@corp.de").record, 0);
    }
    let result =
        read_object(&mut Failing(b""), "a", &limits(4), &mut Scratch::new(), &mut Collector::default());
    assert_eq!(result.expect_err("the input fails").content.coverage, Coverage::None);
}

#[test]
fn a_binary_named_csv_is_skimmed() {
    let bytes: Vec<u8> = (0..5000u32).flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let (content, _) = read_every_way("a.csv", &bytes);
    assert_eq!((content.format, content.coverage), ("binary", Coverage::Skimmed));
}

#[test]
fn nuls_are_text_where_they_are_few() {
    let mut text = b"id,name\n1,Jane\n".repeat(200);
    text[1000] = 0;
    let (content, _) = read_every_way("a.csv", &text);
    assert_eq!((content.format, content.coverage), ("csv", Coverage::Full));
}

#[test]
fn buffers_carry_nothing_over() {
    let mut scratch = Scratch::new();
    let first = "{\"a\":\"x\\n\"}\n".repeat(3000);
    for (name, bytes) in
        [("a.jsonl", first.as_bytes()), ("b.csv", b"a,b\nx,\"y\"\"\"\n"), ("c.txt", b"short\n")]
    {
        let (mut fresh, mut reused) = (Collector::default(), Collector::default());
        let limits = Limits::default();
        let a =
            read_object(&mut &bytes[..], name, &limits, &mut Scratch::new(), &mut fresh).expect("no error");
        let b = read_object(&mut &bytes[..], name, &limits, &mut scratch, &mut reused).expect("no error");
        assert_eq!((a, &fresh.values, &fresh.text), (b, &reused.values, &reused.text));
    }
}
