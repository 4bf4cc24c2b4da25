use super::*;
use crate::wide::Order;
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8};
use unicode_normalization::UnicodeNormalization;

/// A cell of `fixtures/encodings`.
struct Place {
    record: u64,
    column: usize,
    span: (u64, u64),
    text: String,
}

/// The fixtures with their places, by file name.
fn fixtures() -> BTreeMap<String, (Vec<u8>, Vec<Place>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/encodings/");
    let content = |name: &str| std::fs::read(format!("{folder}{name}")).expect("the fixture is there");
    let places = String::from_utf8(content("places.tsv")).expect("it is UTF-8");
    let mut fixtures = BTreeMap::new();
    for line in places.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let number = |i: usize| fields[i].parse::<u64>().expect("it is a number");
        let (_, places) =
            fixtures.entry(fields[0].to_owned()).or_insert_with(|| (content(fields[0]), Vec::new()));
        places.push(Place {
            record: number(1),
            column: number(2) as usize,
            span: (number(3), number(4)),
            text: fields[5].to_owned(),
        });
    }
    fixtures
}

fn assert_cells(file: &str, got: &Collector, places: &[Place]) {
    for place in places {
        let value =
            got.values.get(&place.span.0).unwrap_or_else(|| panic!("{file}: nothing at {:?}", place.span));
        let shown = String::from_utf8_lossy(&value.text);
        assert_eq!((shown.as_ref(), value.end), (&place.text[..], place.span.1), "{file}");
        assert_eq!((value.record, &value.column), (place.record, &got.columns[place.column]), "{file}");
    }
    assert_eq!(got.values.len(), places.len(), "{file}");
}

/// What a file's name says of its encoding.
fn encoding_of(file: &str) -> &str {
    file.split('.').nth(1).expect("the name has two parts")
}

#[test]
fn every_encoding_that_is_told_keeps_values_and_places() {
    for (file, (bytes, places)) in fixtures() {
        let name = encoding_of(&file);
        let (content, got) = read_every_way_in(Some(name), "a.csv", &bytes);
        assert_eq!(
            (content.encoding, content.reason, content.coverage),
            (Some(name), None, Coverage::Full),
            "{file}"
        );
        assert_cells(&file, &got, &places);
        for place in places {
            let there = &bytes[place.span.0 as usize..place.span.1 as usize];
            assert_eq!(SourceEncoding::named(name).expect("it is known").decode(there), place.text);
            if let Some(encoding) = Encoding::for_label_no_replacement(name.as_bytes()) {
                let decoded: String = encoding.decode_without_bom_handling(there).0.nfc().collect();
                assert_eq!(decoded, place.text, "{file}");
            }
        }
    }
}

#[test]
fn encodings_are_detected() {
    // Their files read the same in these.
    let sisters = [
        ("koi8-r", "koi8-u"),
        ("gb18030", "gbk"),
        ("iso-8859-15", "windows-1252"),
        ("iso-8859-7", "windows-1253"),
        ("ibm437", "ibm850"),
        ("ibm858", "ibm850"),
        ("ibm865", "ibm850"),
    ];
    // Hardly met, and too much like another one.
    let told_only = ["ibm863", "x-mac-croatian", "x-mac-icelandic", "x-mac-romanian"];
    for (file, (bytes, places)) in fixtures() {
        let name = encoding_of(&file);
        if file.starts_with("mainframe") || told_only.contains(&name) {
            continue;
        }
        let (content, got) = read_every_way("a.csv", &bytes);
        let expected = sisters.iter().find(|(one, _)| *one == name).map_or(name, |(_, other)| other);
        assert_eq!((content.encoding, content.reason), (Some(expected), None), "{file}");
        assert_cells(&file, &got, &places);
    }
}

#[test]
fn a_foreign_beginning_is_not_needed() {
    let ascii = format!("id,name,city,mail\n{}", "1,Jane,York,jane@corp.de\n".repeat(80_000));
    let tail = "7,山田太郎,東京都千代田区,yamada@corp.jp\n".repeat(3);
    for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP] {
        let bytes = [ascii.as_bytes(), &encoding.encode(&tail).0].concat();
        for size in [64 << 10, 100_000, 256 << 10, 4 << 20] {
            let (content, got) = read("a.csv", &bytes, &limits(size));
            assert_eq!(
                content.encoding,
                Some(&encoding.name().to_ascii_lowercase()[..]),
                "windows of {size}"
            );
            assert_eq!(content.reason, None);
            assert_eq!(got.value("東京都千代田区").record, 80_000);
            assert_eq!(got.end, Some(bytes.len() as u64));
        }
    }
}

#[test]
fn japanese_may_begin_late() {
    let ascii = format!("id,name,city,mail\n{}", "1,Jane,York,jane@corp.de\n".repeat(30_000));
    let tail = ISO_2022_JP.encode(&"7,山田太郎,東京都千代田区,yamada@corp.jp\n".repeat(3)).0.into_owned();
    let bytes = [ascii.as_bytes(), &tail].concat();
    for size in [64 << 10, 100_000, 256 << 10, 4 << 20] {
        let (content, got) = read("a.csv", &bytes, &limits(size));
        assert_eq!((content.encoding, content.reason), (Some("iso-2022-jp"), None), "windows of {size}");
        assert_eq!(got.value("東京都千代田区").record, 30_000);
        assert_eq!(got.end, Some(bytes.len() as u64));
    }
    let (content, got) = read_every_way("a.csv", &[&ascii.as_bytes()[ascii.len() - 3000..], &tail].concat());
    assert_eq!((content.encoding, content.reason), (Some("iso-2022-jp"), None));
    assert_eq!(got.value("山田太郎").record, 120);
}

#[test]
fn utf7_may_be_declared() {
    // A single letter, of which nothing could be guessed.
    let mail = b"From: jane@corp.de\nContent-Type: text/plain; charset=utf-7\n\nM+APw-ller, +-49 30 123\n";
    let (content, got) = read_every_way("a.eml", mail);
    assert_eq!((content.encoding, content.reason), (Some("utf-7"), None));
    assert!(String::from_utf8_lossy(&got.text).ends_with("\nMüller, +49 30 123\n"));
    // It is not, whatever it says.
    let mail = b"From: jane@corp.de\nContent-Type: text/plain; charset=utf-7\n\n+49 30 1234567\n";
    let (content, got) = read_every_way("a.eml", mail);
    assert_eq!((content.encoding, content.reason), (Some("utf-8"), None));
    assert_eq!(got.text, mail);
}

#[test]
fn diacritics_and_letters_are_composed() {
    let line = "7,Nguyễn Thị Hạnh,Đà Nẵng,Jürgen Őz,Андрей,q\u{301}\u{323}x\n";
    let ascii = "1,Jane Doe,York,Jim Beam,Jack,x\n".repeat(2000);
    let mark = "\u{FEFF}";
    for (start, lines) in [("", 1), ("a,b,c,d,e,f\n", 40), (mark, 3), (&ascii[..3200], 3), (&ascii[..], 3)] {
        let composed = format!("{start}{}", line.repeat(lines));
        let bytes: String = composed.nfd().collect();
        assert_ne!(bytes, composed);
        let (content, got) = if start.len() > 5000 {
            read("a.csv", bytes.as_bytes(), &limits(1000))
        } else {
            read_every_way("a.csv", bytes.as_bytes())
        };
        assert_eq!((content.encoding, content.reason), (Some("utf-8"), None));
        let text = String::from_utf8_lossy(&got.text);
        assert_eq!(
            text.nfc().collect::<String>(),
            composed.trim_start_matches(mark).nfc().collect::<String>()
        );
        assert_eq!(got.end, Some(bytes.len() as u64));
        let name = got.values.iter().find(|(_, value)| value.text == "Nguyễn Thị Hạnh".as_bytes());
        let (&at, value) = name.expect("it is composed");
        assert_eq!(bytes[at as usize..value.end as usize].nfc().collect::<String>(), "Nguyễn Thị Hạnh");
    }
}

#[test]
fn a_code_page_may_be_declared() {
    let name = "Jürgen Groß, Łódź";
    for (start, end) in [
        ("<?xml version=\"1.0\" encoding=\"IBM852\"?>\n<a>", "</a>\n"),
        ("<html><meta charset=csPCp852><p>", "</p>\n"),
        ("From: jane@corp.de\nContent-Type: text/plain; charset=cp852\n\n", "\n"),
        ("BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=CP852:", "\nEND:VCARD\n"),
    ] {
        let own = name.chars().map(|c| match c {
            'ü' => 0x81,
            'ß' => 0xE1,
            'Ł' => 0x9D,
            'ó' => 0xA2,
            'ź' => 0xAB,
            plain => plain as u8,
        });
        let bytes = [start.as_bytes(), &own.collect::<Vec<u8>>(), end.as_bytes()].concat();
        let (content, got) = read_every_way("a.txt", &bytes);
        assert_eq!((content.encoding, content.reason), (Some("ibm852"), None), "{start}");
        let text = String::from_utf8_lossy(&got.text).into_owned();
        assert!(text.contains(name), "{text}");
    }
}

#[test]
fn johab_may_be_declared() {
    let name = b"\x8B\xB1\xC0\xE9\xAE\x81 \xF8\xF3";
    for (start, end) in [
        (&b"<?xml version=\"1.0\" encoding=\"johab\"?>\n<a>"[..], &b"</a>\n"[..]),
        (b"<html><meta charset=x-johab><p>", b"</p>\n"),
        (b"From: jane@corp.de\nContent-Type: text/plain; charset=ms1361\n\n", b"\n"),
        (b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=CP1361:", b"\nEND:VCARD\n"),
    ] {
        let bytes = [start, name, end].concat();
        let (content, got) = read_every_way("a.txt", &bytes);
        assert_eq!((content.encoding, content.reason), (Some("johab"), None));
        let text = String::from_utf8_lossy(&got.text).into_owned();
        assert!(text.contains("김철수 洪"), "{text}");
    }
}

#[test]
fn a_declaration_counts() {
    let text = |charset: &str, rest: &str| {
        format!("<?xml version=\"1.0\" encoding=\"{charset}\"?>\n<a>{rest}</a>\n")
    };
    // A single letter, of which nothing could be guessed; behind 100 KB of ASCII, too.
    for far in ["", &"<b>plain</b>\n".repeat(8000)] {
        let source = text("windows-1251", &format!("{far}{}", "Я, Юрий"));
        let bytes = encoding_rs::WINDOWS_1251.encode(&source).0;
        let (content, got) = read_default("a.xml", &bytes);
        assert_eq!((content.encoding, content.reason), (Some("windows-1251"), None));
        assert_eq!(String::from_utf8_lossy(&got.text), source);
    }
    let source = text("windows-1251", "Žofie Dvořáková, Růžena");
    assert_eq!(read_every_way("a.xml", source.as_bytes()).0.encoding, Some("utf-8"));
}

#[test]
fn lines_may_differ_in_their_encoding() {
    let utf8 = "2024-01-05 user=Jürgen Groß ok\n2024-01-05 user=Zoë ok\n";
    let latin1 = b"2024-01-06 user=J\xFCrgen M\xFCller ok\n";
    let ascii = "2024-01-07 nothing\n".repeat(5000);
    let read_as = "2024-01-06 user=Jürgen Müller ok\n";
    for (parts, encoding, place) in [
        (vec![utf8.as_bytes(), utf8.as_bytes(), latin1, utf8.as_bytes()], "utf-8", 2 * utf8.len() + 17),
        (vec![ascii.as_bytes(), utf8.as_bytes(), latin1], "utf-8", ascii.len() + utf8.len() + 17),
        (
            vec![utf8.as_bytes(), ascii.as_bytes(), latin1, utf8.as_bytes()],
            "utf-8",
            utf8.len() + ascii.len() + 17,
        ),
        (vec![latin1, latin1, latin1, utf8.as_bytes()], "windows-1252", 3 * latin1.len() + 17),
        (vec![latin1, ascii.as_bytes(), utf8.as_bytes()], "windows-1252", latin1.len() + ascii.len() + 17),
    ] {
        let expected: String =
            parts.iter().map(|part| std::str::from_utf8(part).unwrap_or(read_as)).collect();
        let bytes = parts.concat();
        for size in [1000, 40_000, 256 << 10] {
            let (content, got) = read("a.log", &bytes, &limits(size));
            assert_eq!((content.encoding, content.coverage), (Some(encoding), Coverage::Full));
            assert_eq!(
                (content.reason, content.reason_place),
                (Some(Reason::MixedEncoding), Some(place as u64))
            );
            assert_eq!(String::from_utf8_lossy(&got.text), expected);
            assert_eq!((got.end, content.text_bytes), (Some(bytes.len() as u64), bytes.len() as u64));
        }
    }
}

#[test]
fn lines_may_be_in_two_legacy_encodings() {
    let russian =
        ["Некрасов Владислав", "Воробьёва Светлана", "Щукина Ольга", "Цветков Юрий", "Мария Кузнецова"];
    let polish = ["Małgorzata Wójcik", "Świątek Zofia", "Łucja Błaszczyk", "Żółć Wojciech", "Paweł Górecki"];
    for (first, second, names, one, other) in [
        (encoding_rs::WINDOWS_1251, encoding_rs::KOI8_U, [russian, russian], 1, 1),
        (encoding_rs::WINDOWS_1250, encoding_rs::WINDOWS_1251, [polish, russian], 60, 20),
        (encoding_rs::WINDOWS_1250, encoding_rs::WINDOWS_1251, [polish, russian], 20, 60),
    ] {
        let lines = |names: &[&str; 5], count: usize| -> String {
            names.iter().cycle().take(count).map(|name| format!("7,{name},x@corp.de\n")).collect()
        };
        let (mut text, mut bytes) = (String::new(), Vec::new());
        for _ in 0..60 / one.max(other) {
            for (encoding, part) in [(first, lines(&names[0], one)), (second, lines(&names[1], other))] {
                bytes.extend_from_slice(&encoding.encode(&part).0);
                text.push_str(&part);
            }
        }
        let (content, got) = read_every_way("a.csv", &bytes);
        assert_eq!((content.reason, content.coverage), (Some(Reason::MixedEncoding), Coverage::Full));
        assert_eq!(String::from_utf8_lossy(&got.text), text);
        assert_eq!(got.end, Some(bytes.len() as u64));
    }
}

#[test]
fn places_are_exact_where_lines_differ() {
    let mut bytes = b"id,name,city\n1,J\xFCrgen M\xFCller,K\xF6ln\n".to_vec();
    bytes.extend("2,Jürgen Groß,Köln\n3,Zoë,Nîmes\n4,Anaïs,Orléans".as_bytes());
    let (content, got) = read_every_way("a.csv", &bytes);
    assert_eq!((content.encoding, content.reason), (Some("utf-8"), Some(Reason::MixedEncoding)));
    for text in ["Jürgen Müller", "Köln", "Jürgen Groß", "Zoë", "Nîmes", "Anaïs", "Orléans"] {
        let (start, value) = got.values.iter().find(|(_, value)| value.text == text.as_bytes()).expect(text);
        let there = &bytes[*start as usize..value.end as usize];
        let latin1: String = there.iter().copied().map(char::from).collect();
        assert!(there == text.as_bytes() || latin1 == text, "{text}");
    }
}

/// `text` in UTF-16.
fn in_utf16(text: &str, is_little: bool) -> Vec<u8> {
    let bytes = |unit: u16| if is_little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn lines_of_single_bytes_may_follow_utf16_and_the_other_way_round() {
    let wide = "1,Jürgen Groß,jg@corp.de\r\n2,山田太郎,😁\r\n";
    let narrow = "3,J\u{FC}rgen Müller,jm@corp.de\r\n4,Zoë,z@corp.de\n";
    let (legacy, _, _) = encoding_rs::WINDOWS_1252.encode(narrow);
    for is_little in [true, false] {
        let mark = in_utf16("\u{FEFF}", is_little);
        let wide_bytes = in_utf16(wide, is_little);
        let long = in_utf16(&wide.repeat(3000), is_little);
        for (parts, text) in [
            (vec![&mark, &wide_bytes, narrow.as_bytes()], [wide, narrow].concat()),
            (vec![&mark, &wide_bytes, &legacy, &wide_bytes], [wide, narrow, wide].concat()),
            (vec![&mark, &wide_bytes, narrow.as_bytes(), &mark, &wide_bytes], [wide, narrow, wide].concat()),
            (vec![narrow.as_bytes(), &long], [narrow, &wide.repeat(3000)].concat()),
            (vec![&long, narrow.as_bytes()], [&wide.repeat(3000), narrow].concat()),
            (vec![&mark, &wide_bytes, b"ok\r\n"], [wide, "ok\r\n"].concat()),
        ] {
            let bytes = parts.concat();
            let (content, got) = if bytes.len() < 1000 {
                read_every_way("a.csv", &bytes)
            } else {
                let (content, got) = read("a.csv", &bytes, &limits(40_000));
                assert_eq!(read("a.csv", &bytes, &limits(1000)).1.values, got.values);
                (content, got)
            };
            assert_eq!(String::from_utf8_lossy(&got.text), text);
            assert_eq!((content.reason, content.coverage), (Some(Reason::MixedEncoding), Coverage::Full));
            assert_eq!(got.end, Some(bytes.len() as u64));
            assert_eq!(content.encoding, Some(if is_little { "utf-16le" } else { "utf-16be" }));
            for (start, value) in &got.values {
                let there = &bytes[*start as usize..value.end as usize];
                let shown = SourceEncoding::of_line(content.encoding.expect("text"), &[], there);
                let single = encoding_rs::WINDOWS_1252.decode_without_bom_handling(there).0;
                let text = String::from_utf8_lossy(&value.text);
                assert!(
                    [there, single.as_bytes()].contains(&&value.text[..])
                        || shown.is_some_and(|wide| wide.decode(there) == text),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn utf16_alone_is_no_mixture() {
    // What looks like ASCII in one script or another.
    for line in [
        "あなたにあにたおはかなひたにあはそ\r\n",
        "上海上海上海,北京\n",
        "════════════════════════════════════════════\n",
        "ਪੰਜਾਬੀ ਗੁਰਮੁਖੀ\r\n",
        "※…、。\n",
        "※上記のとおり\n",
        "\n",
    ] {
        for is_little in [true, false] {
            let bytes = in_utf16(&format!("\u{FEFF}name\r\n{}", line.repeat(50)), is_little);
            let (content, got) = read_every_way("a.log", &bytes);
            assert_eq!(content.reason, None, "{line}");
            assert_eq!(String::from_utf8_lossy(&got.text), format!("name\r\n{}", line.repeat(50)));
        }
    }
}

#[test]
fn a_legacy_line_of_east_asia_is_read_in_a_log_of_utf8() {
    let utf8 = "2024-01-05 user=山田太郎 ok\n".repeat(20);
    let legacy = encoding_rs::SHIFT_JIS.encode("2024-01-06 user=佐藤花子,大阪市北区 ok\n").0.into_owned();
    let bytes = [utf8.as_bytes(), &legacy, utf8.as_bytes()].concat();
    let (content, got) = read_every_way("a.log", &bytes);
    assert_eq!((content.encoding, content.reason), (Some("utf-8"), Some(Reason::MixedEncoding)));
    assert!(
        String::from_utf8_lossy(&got.text).contains("user=佐藤花子,大阪市北区 ok\n2024-01-05 user=山田太郎")
    );
}

#[test]
fn damage_stays_where_it_is() {
    let line = "2;Jürgen Groß;Köln;Größe 3\n";
    // A field that was cut to a number of bytes.
    let bytes = [line.as_bytes(), b"3;J\xC3\xBCrgen Gro\xC3;K\xC3\xB6ln\n", line.as_bytes()].concat();
    let cut = line.len() + "3;Jürgen Gro".len();
    let (content, got) = read_every_way("a.txt", &bytes);
    assert_eq!((content.encoding, content.coverage), (Some("utf-8"), Coverage::Full));
    assert_eq!((content.reason, content.reason_place), (Some(Reason::InvalidEncoding), Some(cut as u64)));
    assert_eq!(got.text, bytes);
    // A block of zeros and noise in a log.
    let noise = [vec![0; 100], vec![0xFF; 50]].concat();
    let bytes = [line.repeat(1000).as_bytes(), &noise, line.repeat(1000).as_bytes()].concat();
    let (content, got) = read_default("a.txt", &bytes);
    assert_eq!((content.encoding, content.reason), (Some("utf-8"), Some(Reason::InvalidEncoding)));
    assert_eq!(content.coverage, Coverage::Full);
    assert!(got.text.ends_with(line.as_bytes()));
}

#[test]
fn long_lines_are_judged_in_parts() {
    let long = "Müller und Söhne, ".repeat(2000);
    for (bytes, encoding, reason) in [
        (encoding_rs::WINDOWS_1252.encode(&long).0.into_owned(), "windows-1252", None),
        (
            [long.as_bytes(), &encoding_rs::WINDOWS_1252.encode(&long).0].concat(),
            "utf-8",
            Some(Reason::InvalidEncoding),
        ),
        (encoding_rs::GB18030.encode(&"李娜,上海市浦东新区𠀀".repeat(2000)).0.into_owned(), "gbk", None),
    ] {
        let (content, whole) = read_default("a.txt", &bytes);
        assert_eq!((content.encoding, content.reason), (Some(encoding), reason));
        for size in [4999, 70_000] {
            let (again, got) = read("a.txt", &bytes, &limits(size));
            assert_eq!((&again, got.text == whole.text), (&content, true), "windows of {size}");
        }
    }
}

#[test]
fn names_of_encodings_are_known() {
    for name in SourceEncoding::names() {
        assert_eq!(SourceEncoding::named(name).map(SourceEncoding::name), Some(name));
    }
    for (name, known) in [
        ("CP037", "ibm037"),
        ("IBM-1047", "ibm1047"),
        ("Latin-1", "windows-1252"),
        ("cp1252", "windows-1252"),
        ("850", "ibm850"),
        ("CP-850", "ibm850"),
        ("csPC850Multilingual", "ibm850"),
        ("csPC8CodePage437", "ibm437"),
        ("csPCp852", "ibm852"),
        ("csPC862LatinHebrew", "ibm862"),
        ("csIBM855", "ibm855"),
        ("IBM00858", "ibm858"),
        ("PC-Multilingual-850+euro", "ibm858"),
        ("cp-is", "ibm861"),
        ("cp-gr", "ibm869"),
        ("ibm-866", "ibm866"),
        ("MacRoman", "macintosh"),
        ("mac_latin2", "x-mac-ce"),
        ("x-mac-centraleurroman", "x-mac-ce"),
        ("macce", "x-mac-ce"),
        ("Mac-Turkish", "x-mac-turkish"),
        ("HZ", "hz-gb-2312"),
        ("csISO2022KR", "iso-2022-kr"),
        ("UNICODE-1-1-UTF-7", "utf-7"),
        ("Johab", "johab"),
        ("x-johab", "johab"),
        ("ms1361", "johab"),
        ("CP1361", "johab"),
    ] {
        assert_eq!(SourceEncoding::named(name).map(SourceEncoding::name), Some(known));
    }
    for name in ["klingon", "iso-8859-850", "cp8500", "mac", "850multilingual"] {
        let known = SourceEncoding::named(name).map(SourceEncoding::name);
        assert_eq!(known, (name == "mac").then_some("macintosh"), "{name}");
    }
}

/// What a decoder of whole texts makes of `bytes`.
fn oracle(name: &str, bytes: &[u8]) -> Option<String> {
    let is_stateless = |known: &&Encoding| *known != ISO_2022_JP && *known != UTF_8;
    let encoding = Encoding::for_label_no_replacement(name.as_bytes()).filter(is_stateless)?;
    let order = match name {
        "utf-16le" => Some(Order::Little),
        "utf-16be" => Some(Order::Big),
        _ => None,
    };
    let begins = |at: &usize| *at == 0 || bytes[at - 1] == b'\n';
    // With lines of single bytes it is no text in one encoding.
    let is_mixed = |order: Order| (0..bytes.len()).filter(begins).any(|at| order.is_narrow(&bytes[at..]));
    if order.is_some_and(|order| !bytes.len().is_multiple_of(2) || is_mixed(order)) {
        return None;
    }
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_encoding_depends_on_windows(
        name in prop::sample::select(SourceEncoding::names()),
        bytes in prop::collection::vec(prop_oneof![
            Just(b'\n'), Just(b','), Just(b'"'), Just(0x1B), Just(b'$'), Just(b'('), Just(b'B'), Just(b'~'), Just(b'{'), Just(b'+'), Just(0x0E), Just(0x0F), 0x20u8..0x7F, 0x80u8.., 0x30u8..0x3A
        ], 0..300),
    ) {
        let (_, got) = read_every_way_in(Some(name), "a.txt", &bytes);
        // Where a character is cut off at the end, programs differ in what they make of its bytes.
        let ended = [&bytes[..], b"    "].concat();
        if let Some(expected) = oracle(name, &ended) && !bytes.is_ascii() {
            let (content, got) = read(
                "a.txt", &ended, &Limits { encoding: SourceEncoding::named(name), ..limits(3) },
            );
            if content.encoding == Some(name) {
                let composed = |text: &str| text.nfc().collect::<String>();
                prop_assert_eq!(composed(&String::from_utf8_lossy(&got.text)), composed(&expected));
            }
        }
        drop(got);
    }

    #[test]
    fn utf16_and_single_bytes_do_not_depend_on_windows(
        lines in prop::collection::vec(
            (0..4_usize, prop::sample::select(vec!["", "a", "mail bob.li@corp.de", "é, 山田", "\u{FEFF}Log", "※上記", "😀"]), prop::sample::select(vec!["\r\n", "\n", ""])),
            0..40,
        ),
        is_little in any::<bool>(),
    ) {
        let mut bytes = in_utf16("\u{FEFF}a\n", is_little);
        for (kind, line, end) in lines {
            let line = [line, end].concat();
            bytes.extend(if kind < 2 { in_utf16(&line, is_little) } else { line.into_bytes() });
        }
        read_every_way("a.txt", &bytes);
    }

    #[test]
    fn composed_letters_do_not_depend_on_windows(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "a", "e\u{302}", "e\u{323}\u{302}", "\u{301}", "o\u{31b}\u{301}", "\n", ",", "q\u{323}", "é", "山", "\u{CD}\u{34F}", "и\u{306}",
            "\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "ộ",
        ]), 0..60),
        cut in 0..3_usize,
    ) {
        let text = format!("e\u{301}{}", pieces.concat());
        let (_, got) = read_every_way("a.txt", &text.as_bytes()[..text.len() - cut.min(text.len() - 3)]);
        if cut == 0 {
            let composed = String::from_utf8_lossy(&got.text).nfc().collect::<String>();
            prop_assert_eq!(composed, text.nfc().collect::<String>());
        }
    }

    #[test]
    fn mixed_lines_do_not_depend_on_windows(
        lines in prop::collection::vec(
            (prop::sample::select(vec!["windows-1252", "shift_jis", "gbk", "utf-8", "windows-1251"]), "[a-zé山田ü鈴木я ,]{0,30}"),
            0..20,
        ),
    ) {
        let mut bytes = Vec::new();
        for (encoding, line) in &lines {
            let encoding = Encoding::for_label(encoding.as_bytes()).expect("it is known");
            bytes.extend_from_slice(&encoding.encode(line).0);
            bytes.push(b'\n');
        }
        read_every_way("a.csv", &bytes);
    }

    #[test]
    fn every_character_has_its_place(
        name in prop::sample::select(vec![
            "big5", "euc-jp", "euc-kr", "gbk", "gb18030", "shift_jis", "iso-2022-jp", "windows-1252", "utf-16le", "utf-32be"
        ]),
        words in prop::collection::vec("[a-zéｱ山田太郎鈴木ー가서김北京я𠀀]{1,6}", 1..30),
    ) {
        let encode = |text: &str| -> Vec<u8> {
            match name {
                "utf-16le" => utf16le(text),
                "utf-32be" => text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
                _ => Encoding::for_label(name.as_bytes()).expect("it is known").encode(text).0.into_owned(),
            }
        };
        let has = |c: &char| {
            let text = c.to_string();
            SourceEncoding::named(name).expect("it is known").decode(&encode(&text)) == text
        };
        let cells: Vec<String> =
            words.iter().map(|word| format!("x{}", word.chars().filter(has).collect::<String>())).collect();
        let bytes = encode(&format!("id,{}\n", cells.join(",")));
        let (content, got) = read_every_way_in(Some(name), "a.csv", &encode(&format!("a,b\nid,{}\n", cells.join(","))));
        prop_assert_eq!(content.reason.filter(|&reason| reason != Reason::RaggedRows), None);
        let start = encode("a,b\n").len();
        for (at, value) in &got.values {
            let there = &bytes[*at as usize - start..value.end as usize - start];
            let text = String::from_utf8_lossy(&value.text);
            prop_assert_eq!(SourceEncoding::named(name).expect("it is known").decode(there), text.as_ref());
            if !matches!(name, "utf-16le" | "utf-32be") {
                prop_assert_eq!(encode(&text), if name == "iso-2022-jp" { encode(&text) } else { there.to_vec() });
            }
        }
        let seen: Vec<String> = got.values.values().skip(1).map(|value| String::from_utf8_lossy(&value.text).into_owned()).collect();
        prop_assert_eq!(seen, cells);
    }
}
