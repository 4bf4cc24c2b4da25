use super::*;

#[test]
fn elements_that_repeat_are_records() {
    let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<customers count='2'>
  <!-- by jane@corp.de -->
  <customer id="7"><email>a@b.de</email><born>1980-02-29</born>
    <orders><order sku="x"/><order sku="y"/></orders></customer>
  <customer id="8"><email>c@d.de</email><note><![CDATA[a <b> &amp; ]] c]]></note></customer>
  <total>2</total>
</customers>
"#;
    let (content, got) = read_every_way("a.xml", text.as_bytes());
    assert_eq!((content.format, content.reason, content.record_count), ("xml", None, Some(4)));
    assert_eq!(
        got.rows(),
        [
            ("customers.@count", 0, "2"),
            ("*", 0, " by jane@corp.de "),
            ("customers.customer.@id", 1, "7"),
            ("customers.customer.email", 1, "a@b.de"),
            ("customers.customer.born", 1, "1980-02-29"),
            ("customers.customer.orders.order.@sku", 1, "x"),
            ("customers.customer.orders.order.@sku", 1, "y"),
            ("customers.customer.@id", 2, "8"),
            ("customers.customer.email", 2, "c@d.de"),
            ("customers.customer.note", 2, "a <b> &amp; ]] c"),
            ("customers.total", 3, "2"),
        ]
    );
    assert_eq!(column(&content, "customers.customer.born").data_type, DataType::Date);
    assert_eq!(column(&content, "customers.customer.@id").data_type, DataType::Integer);
}

#[test]
fn references_are_undone_and_entities_are_not_expanded() {
    let text = r#"<?xml version="1.0"?>
<!DOCTYPE lolz [ <!-- don't -->
 <!ENTITY lol "lol"> <!ENTITY lol9 "&lol;&lol;"> ]>
<a><b c="M&#252;ller &amp; S&ouml;hne">jane&#64;corp.de &lol9;</b></a>"#;
    let (content, got) = read_every_way("a.xml", text.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(1)));
    assert_eq!(got.value("Müller & S&ouml;hne").column, "a.b.@c");
    let mail = got.value("jane@corp.de &lol9;");
    assert_eq!(mail.column, "a.b");
    let place = text.find("jane&#64;").expect("it is there") as u64;
    assert_eq!(&got.values[&place], mail);
    assert_eq!(mail.end, place + "jane&#64;corp.de &lol9;".len() as u64);
    let subset = got.values.values().find(|value| value.column == "*").expect("the document type is text");
    assert!(subset.text.starts_with(b" lolz [") && subset.text.ends_with(b"]"));
}

#[test]
fn attributes_and_keys_name_elements() {
    let text = r#"<?xml version="1.0"?><resultset><row>
        <field name="email">a@b.de</field><field name="ssn" xsi:nil="true"/></row>
        <row><field name="email">c@d.de</field></row></resultset>"#;
    let (content, got) = read_every_way("dump.xml", text.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(2)));
    let mail = got.value("c@d.de");
    assert_eq!((mail.column.as_str(), mail.record), ("resultset.row.field.email", 1));
    assert_eq!(got.value("true").column, "resultset.row.field.ssn.@xsi:nil");
    let text = r#"<plist version="1.0"><dict><key>Email</key><string>a@b.de</string>
        <key>Home</key><dict><key>City</key><string>Kiel</string></dict><key>On</key><true/></dict></plist>"#;
    let (content, got) = read_every_way("a.plist", text.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(1)));
    assert_eq!(got.value("a@b.de").column, "plist.dict.Email");
    assert_eq!(got.value("Kiel").column, "plist.dict.Home.City");
    assert_eq!(got.value("Home").column, "plist.dict.key");
}

#[test]
fn what_is_no_xml_is_read_as_text() {
    let text = r#"<?xml version="1.0"?>
<a>
  <b x=bare y jane2@corp.de="1">one</b>
  Jane <jane@corp.de> 1 < 2
  <b>two</c> </b>
  <b z="not closed <c>three</b></c>
  <b><c>four</b>
  <b <c>five</c></b>
  <b>six &"#;
    // Enough of what is right that it is data.
    let text = text.replace("<a>", &format!("<a>{}", "<k>v</k>".repeat(60)));
    let (content, got) = read_every_way("a.xml", text.as_bytes());
    assert_eq!(content.reason, Some(Reason::MalformedRecord));
    assert_eq!((got.value("bare").column.as_str(), got.value("y").column.as_str()), ("a.b.@x", "*"));
    for (text, column) in [
        ("jane2@corp.de=\"1\"", "*"),
        ("Jane ", "a"),
        ("jane@corp.de> 1 ", "a"),
        (" 2\n  ", "a"),
        ("two", "a.b"),
        ("not closed ", "a.b.@z"),
        ("three", "a.b.c"),
        ("four", "a.b.c"),
        ("five", "a.b.c"),
        ("six &", "a.b"),
    ] {
        assert_eq!(got.value(text).column, column, "{text}");
    }
}

#[test]
fn every_cut_is_read() {
    let text = r#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><?p q?><a b="c"><!-- d --><e>f</e><h><![CDATA[g]]></h></a>"#;
    for end in 1..text.len() {
        let (content, got) = read_every_way("a.xml", &text.as_bytes()[..end]);
        assert_eq!(content.coverage, Coverage::Full);
        if end > 30 {
            assert_eq!(content.reason, Some(Reason::MalformedRecord), "{end}");
            assert!(!got.values.is_empty(), "{end}");
        }
    }
    let (content, got) = read_every_way("a.xml", text.as_bytes());
    assert_eq!((content.reason, got.values.len()), (None, 6));
}

#[test]
fn prose_stays_text() {
    let is_text = |name: &str, text: &str| {
        let (content, got) = read_every_way(name, text.as_bytes());
        assert_eq!(content.format, if name.ends_with("html") { "html" } else { "xml" });
        got.columns.is_empty()
    };
    assert!(is_text("a.xhtml", "<?xml version=\"1.0\"?><html><body><p>Jane</p></body></html>"));
    assert!(is_text("a.svg", "<svg><text><tspan>SSN</tspan><tspan>078-05-1121</tspan></text></svg>"));
    assert!(is_text(
        "a.xml",
        "<book><para>Her <b>SSN</b> is 078-05-1121.</para><para>So <i>so</i>.</para></book>"
    ));
    assert!(!is_text(
        "a.csproj",
        "<Project><PropertyGroup><Authors>Jane</Authors></PropertyGroup></Project>"
    ));
    assert!(is_text("a.xml", "no markup at all"));
}

#[test]
fn marks_in_a_field_are_a_part_of_it() {
    let person =
        |name: &str, note: &str| format!("<p><last_name>{name}</last_name><note>{note}</note></p>\n");
    let text = [
        person("Krause", "line<br/>two"),
        person("Weber", "<b>see</b> <a href='mailto:jane@corp.de'>Jane &amp; co</a > <br/><br/>"),
        person("Lange", "plain"),
        person("Braun", ""),
        person("Koch", "<![CDATA[a</b]]><i>b</i>"),
    ]
    .concat()
    .replace("</i></note>", "</i></note \n>");
    let (content, got) = read_every_way("a.xml", format!("<r>{text}</r>").as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(5)));
    assert_eq!(
        got.rows(),
        [
            ("r.p.last_name", 0, "Krause"),
            ("r.p.note", 0, "line<br/>two"),
            ("r.p.last_name", 1, "Weber"),
            ("r.p.note", 1, "<b>see</b> <a href='mailto:jane@corp.de'>Jane & co</a > <br/><br/>"),
            ("r.p.last_name", 2, "Lange"),
            ("r.p.note", 2, "plain"),
            ("r.p.last_name", 3, "Braun"),
            ("r.p.last_name", 4, "Koch"),
            ("r.p.note", 4, "<![CDATA[a</b]]><i>b</i>"),
        ]
    );
    assert_eq!(column(&content, "r.p.note").non_null, 4);
    // Behind the beginning nobody knows of them, and text goes on in the column that it began in.
    let plain = person("Krause", "plain").repeat(2000);
    let (content, got) = read_default("a.xml", format!("<r>{plain}{text}</r>").as_bytes());
    assert_eq!((content.record_count, content.columns.len()), (Some(2005), 6));
    assert_eq!(got.value("two").column, "r.p.note");
    // A cut leaves the rest in the field.
    let cut = text.find("two").expect("it is there");
    let (content, got) = read_every_way("a.xml", format!("<r>{text}{}", &text[..cut]).as_bytes());
    assert_eq!(content.reason, Some(Reason::MalformedRecord));
    assert_eq!(got.values.values().next_back().expect("there are values").text, b"line<br/>");
    // What has other elements beside text is no field, and neither are paragraphs.
    for text in [
        "<r><p><to>Main St 5 <city>Bonn</city></to></p><p><to>Main St 7 <city>Bonn</city></to></p></r>",
        "<r><p><x>1</x><y>2 <b>3</b></y><y>4 <b>5</b></y></p><p><x>1</x><y>2 <b>3</b></y></p></r>",
    ] {
        assert!(read_every_way("a.xml", text.as_bytes()).1.columns.is_empty(), "{text}");
    }
}

#[test]
fn nesting_and_columns_are_bounded() {
    let limits = Limits { max_depth: 2, ..limits(9) };
    let (content, got) = read("a.xml", b"<a><b><c x='1'>two<d/></c>three</b><e>four</e></a>", &limits);
    assert_eq!((content.reason, content.reason_place), (Some(Reason::NestedTooDeep), Some(7)));
    assert_eq!((got.value("1").column.as_str(), got.value("two").column.as_str()), ("*", "a.b"));
    assert_eq!((got.value("three").column.as_str(), got.value("four").column.as_str()), ("a.b", "a.e"));
    let deep = format!("{}jane@corp.de{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let (content, got) = read_default("a.xml", deep.as_bytes());
    assert_eq!((content.reason, content.record_count), (Some(Reason::NestedTooDeep), Some(1)));
    assert!(got.values.values().any(|value| value.text == b"jane@corp.de"));
    let many: String =
        (0..5000).map(|i| format!("<k{}x{}>v{i}</k{}x{}>", i / 100, i % 100, i / 100, i % 100)).collect();
    let (content, got) = read_default("a.xml", format!("<a>{many}</a>").as_bytes());
    assert_eq!((content.reason, content.columns.len()), (None, 202));
    assert_eq!((got.value("v4999").column.as_str(), got.value("k49x99").column.as_str()), ("a.*", "a.*~"));
}

#[test]
fn a_long_beginning_does_not_hide_records() {
    let style = "<style><font>Arial</font></style>".repeat(3000);
    let rows = "<row><cell>jane@corp.de</cell><n>1</n></row>".repeat(3);
    let text = format!("<book>{style}<table>{rows}</table></book>");
    let (content, got) = read_default("a.xml", text.as_bytes());
    // The first row is not known to be one when it comes.
    assert_eq!((content.reason, content.record_count), (None, Some(3003)));
    let last = got.values.values().next_back().expect("there are values");
    assert_eq!((last.column.as_str(), last.record), ("book.table.row.n", 3002));
    let (_, utf16) =
        read_every_way("a.xml", &[&[0xFF, 0xFE], &utf16le("<a><b>é</b><b>z</b></a>")[..]].concat());
    assert_eq!((utf16.value("z").column.as_str(), utf16.value("z").record), ("a.b", 1));
}

#[test]
fn records_may_be_wide() {
    let row = |value: &str| (0..300).map(|i| format!("<c{i}>{value}</c{i}>")).collect::<String>();
    let text = format!("<t><r>{}</r><r>{}</r></t>", row("a"), row("b"));
    let (content, got) = read_default("a.xml", text.as_bytes());
    assert_eq!((content.reason, content.record_count, content.columns.len()), (None, Some(2), 300));
    assert_eq!(got.values.values().next_back().expect("there are values").column, "t.r.c299");
}

#[test]
fn each_element_that_repeats_has_rows_of_its_own() {
    let text = "<db made='2024-05-01'><users><user id='1'><mail>jane@corp.de</mail></user><user id='2'/>\
                <user id='3'/></users><orders><order id='7'/><order id='8'/></orders></db>";
    let (content, _) = read_every_way("db.xml", text.as_bytes());
    let records = |path: &str| column(&content, path).records;
    assert_eq!((records("db.users.user.@id"), records("db.users.user.mail")), (3, 3));
    assert_eq!(records("db.orders.order.@id"), 2);
}
