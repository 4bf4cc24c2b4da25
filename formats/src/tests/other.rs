use super::*;

#[test]
fn runs_of_a_binary_file_have_no_lines() {
    let mut content = b"first line\n\0second line\n\0".to_vec();
    content.extend("wide text\r\n".encode_utf16().flat_map(u16::to_le_bytes));
    let (skimmed, got) = read_default("a.bin", &content);
    assert_eq!((skimmed.coverage, skimmed.record_count), (Coverage::Skimmed, None));
    assert!(got.lines.is_empty() && got.wide.len() == 1, "{:?}", got.lines);
}

#[test]
fn lines_are_counted() {
    let (content, got) = read_every_way("a.txt", b"one\ntwo\r\n\nfour");
    assert_eq!((content.format, content.record_count, content.encoding), ("text", Some(4), Some("utf-8")));
    assert_eq!(got.text, b"one\ntwo\r\n\nfour");
    let (_, fine) = read("a.txt", b"one\ntwo\r\n\nfour", &limits(1));
    assert_eq!(fine.lines.keys().copied().collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(read_default("a.txt", b"one\n").0.record_count, Some(1));
}

#[test]
fn an_empty_object_is_whole() {
    let (content, got) = read_every_way("a.csv", b"");
    assert_eq!(
        (content.status, content.coverage, content.format),
        (Status::Scanned, Coverage::Full, "empty")
    );
    assert_eq!((content.reason, content.encoding, got.end), (None, None, None));
    let (content, got) = read_every_way("a.txt", b"\xEF\xBB\xBF");
    assert_eq!((content.format, content.bytes_read, content.text_bytes, got.end), ("text", 3, 0, None));
}

#[test]
fn containers_are_not_read() {
    let mut zip = b"PK\x03\x04\x14\0\0\0\0\0".to_vec();
    zip.resize(200_000, 0);
    let (content, got) = read_every_way("a.csv", &zip);
    assert_eq!((content.status, content.coverage), (Status::Unsupported, Coverage::None));
    assert_eq!((content.format, content.reason), ("zip", Some(Reason::ContainerUnsupported)));
    assert_eq!((content.bytes_read, got.end, content.encoding), (65_536, None, None));
}

#[test]
fn utf16_text_is_decoded_in_place() {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend("Zoë 𝄞\nx".encode_utf16().flat_map(u16::to_be_bytes));
    let (content, got) = read_every_way("a.txt", &bytes);
    assert_eq!((content.encoding, content.record_count, content.reason), (Some("utf-16be"), Some(2), None));
    assert_eq!(got.text, "Zoë 𝄞\nx".as_bytes());
    assert_eq!((got.end, content.text_bytes), (Some(18), 16));
}

#[test]
fn broken_utf16_is_read_and_told() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend([0x61, 0xD800, 0x62].iter().flat_map(|u: &u16| u.to_le_bytes()));
    bytes.push(0x63);
    let (content, got) = read_every_way("a.txt", &bytes);
    assert_eq!((content.reason, content.reason_place), (Some(Reason::InvalidEncoding), Some(4)));
    assert_eq!(got.text, "a\u{FFFD}b".as_bytes());
    let (content, got) = read_every_way("a.txt", b"\xFF\xFEa\0b\0c");
    assert_eq!((content.reason_place, content.bytes_read, content.text_bytes), (Some(6), 7, 4));
    assert_eq!(got.text, b"ab");
}

#[test]
fn invalid_utf8_goes_through() {
    let text = b"gr\xC3\xB6\xC3\x9Fer\nJane \xFF\xFE jane@corp.de\n";
    let (content, got) = read_every_way("a.txt", text);
    assert_eq!((content.reason, content.reason_place), (Some(Reason::InvalidEncoding), Some(14)));
    assert_eq!((content.encoding, content.coverage), (Some("utf-8"), Coverage::Full));
    assert_eq!(got.text, text);
}

#[test]
fn the_first_foreign_character_decides_behind_an_ascii_beginning() {
    let ascii = "plain\n".repeat(12_000);
    for (tail, encoding, text) in [
        (&b"M\xFCnchen \x80\n"[..], "windows-1252", "München €\n"),
        ("München €\n".as_bytes(), "utf-8", "München €\n"),
    ] {
        let bytes = [ascii.as_bytes(), tail].concat();
        for size in [5, 64, 72_001, 72_002, 256 << 10] {
            let (content, got) = read("a.txt", &bytes, &limits(size));
            assert_eq!((content.encoding, content.reason), (Some(encoding), None), "windows of {size}");
            assert_eq!(got.text, [ascii.as_bytes(), text.as_bytes()].concat());
            assert_eq!((got.end, content.text_bytes), (Some(bytes.len() as u64), bytes.len() as u64));
        }
    }
    let bytes = [ascii.as_bytes(), b"x\x81y\n"].concat();
    let (content, got) = read("a.txt", &bytes, &limits(70_000));
    assert_eq!((content.reason, content.reason_place), (Some(Reason::InvalidEncoding), Some(72_001)));
    assert_eq!(got.text, bytes);
}

#[test]
fn binaries_are_skimmed() {
    let mut bytes = b"\x7FELF\x02\x01\x01\0\0\0".to_vec();
    bytes.extend(b"jane@corp.de\0short\0\x01\x02M\xC3\xBCller 12\x80\xFF\x01\0");
    let wide_at = bytes.len() as u64;
    bytes.extend(utf16le("wide@corp.de Zoë"));
    bytes.extend(b"\x01\x02\x03\0\0");
    let odd_at = bytes.len() as u64;
    bytes.extend(utf16le("second"));
    bytes.extend(vec![0; 300]);
    bytes.extend(b"at the end");
    let (content, got) = read_every_way("program", &bytes);
    assert_eq!(
        (content.format, content.coverage, content.reason),
        ("elf", Coverage::Skimmed, Some(Reason::Binary))
    );
    assert_eq!((content.encoding, content.record_count), (None, None));
    let shown: Vec<&[u8]> = got.text.split(|&b| b == 0).filter(|run| !run.is_empty()).collect();
    assert_eq!(shown, [&b"jane@corp.de"[..], "Müller 12".as_bytes(), b"at the end"]);
    assert_eq!(got.text.len(), bytes.len());
    assert!(bytes[10..].starts_with(&got.text[10..22]));
    let wide: Vec<_> = got.wide.iter().map(|(at, text)| (*at, text.as_str())).collect();
    assert_eq!(wide, [(wide_at, "wide@corp.de Zoë"), (odd_at, "second")]);
    assert_eq!(content.text_bytes, 12 + 10 + 2 * 16 + 2 * 6 + 10);
}

#[test]
fn a_break_ends_the_reading() {
    struct Once(usize);
    impl Target for Once {
        fn column(&mut self, _: ColumnIx, _: &str, _: usize) {}
        fn window(&mut self, _: &Window<'_>) -> ControlFlow<()> {
            self.0 += 1;
            ControlFlow::Break(())
        }
    }
    for (name, bytes) in [
        ("a.txt", &b"some text that goes on\n"[..]),
        ("b.csv", b"a,b\n\"x\"\"\",2\n"),
        ("c", b"\0\x01abcdefgh\0"),
    ] {
        let mut once = Once(0);
        let content =
            read_object(&mut &bytes[..], name, &limits(1), &mut Scratch::new(), &mut once).expect("no error");
        assert_eq!((once.0, content.status, content.coverage), (1, Status::Limited, Coverage::None));
        assert_eq!((content.reason_place, content.text_bytes), (Some(0), 0));
    }
}

#[test]
fn records_of_a_mainframe_have_fields_without_blanks_between_them() {
    let names = ["WEBER ANNA", "KOCH JONAS", "LANGE IDA MARIA", "VOGT TIM"];
    let mut text: String =
        (0..60).map(|i| format!("{:010}{:<20}{:08}\n", 100 + i, names[i % 4], 77 * i)).collect();
    text.push_str("9999999999B2 LAGER            00000042\n99999999991 LAGER            00000043\n");
    let (content, got) = read_every_way("a.txt", text.as_bytes());
    assert_eq!((content.format, content.record_count), ("table", Some(62)));
    let of = |value: &str| (got.value(value).column.as_str(), got.value(value).record);
    assert_eq!(of("0000000101"), ("column_1", 1));
    assert_eq!(of("KOCH JONAS").0, "column_2");
    assert_eq!(of("00000077"), ("column_3", 1));
    // What does not change from digits to letters there is not cut.
    assert_eq!(of("99999999991"), ("column_1", 61));
    assert_eq!(of("B2 LAGER"), ("column_2", 60));
}
