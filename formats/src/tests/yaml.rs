//! YAML: blocks, flow, and scalars that go on over lines.

use super::records::cells;
use super::*;

#[test]
fn mappings_in_flow_sequences_are_records() {
    let text = "# c\nteam: [{name: Anna Berg, mail: 'anna@corp.de', \"tel\": [1, 2]}, {name: Bert,\n    mail: \"bert@corp.de\"} # x\n  ]\n\
        size: 2\ntags: [a, b]\npath: {{ home }}\nlink: [docs](https://x.org)\nempty: {}\nopen: {a: b\nnext: c\n";
    let (content, got) = read_every_way("a.yaml", text.as_bytes());
    assert_eq!((content.format, content.record_count), ("yaml", Some(3)));
    let place = text.find("next").expect("it is there") as u64;
    assert_eq!((content.reason, content.reason_place), (Some(Reason::MalformedRecord), Some(place)));
    assert_eq!(
        cells(&got),
        [
            ("*", 0, "# c"),
            ("team[].name", 0, "Anna Berg"),
            ("team[].mail", 0, "anna@corp.de"),
            ("team[].tel[]", 0, "1"),
            ("team[].tel[]", 0, "2"),
            ("team[].name", 1, "Bert"),
            ("team[].mail", 1, "bert@corp.de"),
            ("*", 1, "# x"),
            ("size", 2, "2"),
            ("tags[]", 2, "a"),
            ("tags[]", 2, "b"),
            ("path", 2, "{{ home }}"),
            ("link", 2, "[docs](https://x.org)"),
            ("open.a", 2, "b"),
            ("next", 2, "c"),
        ]
    );
}

#[test]
fn flow_mappings_may_be_items_or_all_of_a_document() {
    let both = [
        "- {name: Anna, mail: a@corp.de}\n- {name: Bert}\n",
        "[{name: Anna, mail: a@corp.de},\n{name: Bert}]\n",
    ];
    for text in both {
        let (content, got) = read_every_way("a.yaml", text.as_bytes());
        assert_eq!((content.format, content.record_count, content.reason), ("yaml", Some(2), None), "{text}");
        assert_eq!(
            cells(&got),
            [("$[].name", 0, "Anna"), ("$[].mail", 0, "a@corp.de"), ("$[].name", 1, "Bert")],
            "{text}"
        );
    }
    let (content, got) =
        read_every_way("a.yaml", b"- id: 1\n  who: {name: Anna}\n  at: [{x: 1}, {x: 2}]\n- id: 2\n");
    assert_eq!(content.record_count, Some(2), "what lies in an item is of its record");
    assert_eq!(
        cells(&got),
        [
            ("$[].id", 0, "1"),
            ("$[].who.name", 0, "Anna"),
            ("$[].at[].x", 0, "1"),
            ("$[].at[].x", 0, "2"),
            ("$[].id", 1, "2")
        ]
    );
}

#[test]
fn yaml() {
    let text = "%YAML 1.2\n---\n# jane@x.org\nadmin:\n  mail: jane@corp.de\n  \"full name\": 'Jane ''J'' Doe' # x\n  note: >-\n    one:\n      two\n\n    three\n\
        items:\n- name: A\n  tags: [a, b]\n  sub:\n    - x\n    -   y: z\n- name: B\nlimits: {body: 1, mail: m@x.org}\n\
        nested:\n  - - p\n    - q\nplain: first\n  second\n---\r\nadmin: \"b\\u00e9\"\r\n- broken\r\nno key\r\n";
    let (content, got) = read_every_way("a.yaml", text.as_bytes());
    assert_eq!((content.format, content.record_count), ("yaml", Some(5)));
    let place = text.find("no key").expect("it is there") as u64;
    assert_eq!((content.reason, content.reason_place), (Some(Reason::MalformedRecord), Some(place)));
    assert_eq!(
        cells(&got),
        [
            ("*", 0, "%YAML 1.2"),
            ("*", 0, "# jane@x.org"),
            ("admin.mail", 0, "jane@corp.de"),
            ("admin.full name", 0, "Jane 'J' Doe"),
            ("*", 0, "# x"),
            ("admin.note", 0, "    one:\n      two\n\n    three"),
            ("items[].name", 1, "A"),
            ("items[].tags[]", 1, "a"),
            ("items[].tags[]", 1, "b"),
            ("items[].sub[]", 1, "x"),
            ("items[].sub[].y", 1, "z"),
            ("items[].name", 2, "B"),
            ("limits.body", 3, "1"),
            ("limits.mail", 3, "m@x.org"),
            ("nested[][]", 3, "p"),
            ("nested[][]", 3, "q"),
            ("plain", 3, "first second"),
            ("admin", 4, "bé"),
            ("admin[]", 4, "broken"),
            ("*", 4, "no key"),
        ]
    );
    assert_eq!(column(&content, "items[].name").non_null, 2);
    let text = "# staff\nstaff:\n  - name: A\n    mail: a@x.org\n    phones:\n      - no: 1\n      - no: 2\n  -\n    name: B\n  - name: C\n";
    let (content, got) = read_every_way("a.yaml", text.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(3)));
    assert_eq!(
        cells(&got),
        [
            ("*", 0, "# staff"),
            ("staff[].name", 0, "A"),
            ("staff[].mail", 0, "a@x.org"),
            ("staff[].phones[].no", 0, "1"),
            ("staff[].phones[].no", 0, "2"),
            ("staff[].name", 1, "B"),
            ("staff[].name", 2, "C"),
        ]
    );
}

#[test]
fn scalars_of_yaml_go_on_over_lines() {
    let text = "- phone: +49\n    30 5131567\n  note: 'two\n\n    lines'\n  \"a\": \"Anna\\\n    \\ Berg\\\\\n    \\xE9\"\n  c: ''\n\
                - phone: +49 30\r\n          44\r\n  note: it\n    is: no\n  a: 'it''s\n     # so'\n  c: x\n\
                - phone: 'open\n- note: \"a \\\" b\n   c\" # d\n";
    let (content, got) = read_every_way("a.yaml", text.as_bytes());
    assert_eq!((content.record_count, column(&content, "$[].note").non_null), (Some(4), 3));
    assert_eq!(
        cells(&got),
        [
            ("$[].phone", 0, "+49 30 5131567"),
            ("$[].note", 0, "two\n\n    lines"),
            ("$[].a", 0, "Anna Berg\\ é"),
            ("$[].phone", 1, "+49 30 44"),
            ("$[].note", 1, "it"),
            ("$[].note.is", 1, "no"),
            ("$[].a", 1, "it's # so"),
            ("$[].c", 1, "x"),
            ("$[].phone", 2, "open"),
            ("$[].note", 3, "a \" b c"),
            ("*", 3, "# d"),
        ]
    );
    let text = "[{city: \"K\\xF6ln\", note: call\n      back, phone: +49 30\n    5131567}, {city: Bonn, phone: \"1\n 2\",\n\
                note: paid\n    }, {\n    city: 'Ulm\n\n      a'}]\n";
    let (content, got) = read_every_way("a.yaml", text.as_bytes());
    assert_eq!((content.reason, content.record_count), (None, Some(3)));
    assert_eq!(
        cells(&got),
        [
            ("$[].city", 0, "Köln"),
            ("$[].note", 0, "call back"),
            ("$[].phone", 0, "+49 30 5131567"),
            ("$[].city", 1, "Bonn"),
            ("$[].phone", 1, "1\n 2"),
            ("$[].note", 1, "paid"),
            ("$[].city", 2, "Ulm\n\n      a"),
        ]
    );
}

#[test]
fn null_in_yaml_is_no_value() {
    let text =
        "- a: null\n  b: ~ # none\n  c:\n  d: nullable\n- {a: null, b: ~, c: , d: x}\n- a: 1\n  b: 'null'\n";
    let (content, got) = read_every_way("a.yaml", text.as_bytes());
    let count = |path: &str| column(&content, path).non_null;
    assert_eq!((content.record_count, count("$[].a"), count("$[].b"), count("$[].d")), (Some(3), 1, 1, 2));
    assert_eq!(column(&content, "$[].a").data_type, DataType::Integer);
    assert_eq!(got.value("null").column, "$[].b", "a text that reads so");
}

#[test]
fn anchors_aliases_and_tags_of_yaml_are_no_values() {
    let text = "base: &base # shared\n  mail: &m !!str anna@corp.de\n  zip: !!str 01067\n  note: & co\n\
                people:\n  - &anna\n    name: !n \"Anna Berg\"\n    mail: *m\n  - <<: *base # as above\n    name: &b Bert\n\
                  \x20 - &c name: Cleo\n    <<: {mail: c@x.org}\n    tags: [*m, &d x, !!str y]\n  - !Person {name: Dora, <<: *base, at: &e {x: 1}}\n\
                secret: !Ref DbPassword\nkey: !vault |\n  one\n   two\nmask: *.conf\nall: *\nlist: [*.a, b]\nlast: &z\n";
    let (content, got) = read_every_way("a.yaml", text.as_bytes());
    assert_eq!((content.format, content.reason), ("yaml", None));
    let cells = cells(&got);
    let own: Vec<_> = cells.iter().filter(|cell| cell.0 != "*").map(|cell| (cell.0, cell.2)).collect();
    assert_eq!(
        own,
        [
            ("base.mail", "anna@corp.de"),
            ("base.zip", "01067"),
            ("base.note", "& co"),
            ("people[].name", "Anna Berg"),
            ("people[].name", "Bert"),
            ("people[].name", "Cleo"),
            ("people[].mail", "c@x.org"),
            ("people[].tags[]", "x"),
            ("people[].tags[]", "y"),
            ("people[].name", "Dora"),
            ("people[].at.x", "1"),
            ("secret", "!Ref DbPassword"),
            ("key", "  one\n   two"),
            ("mask", "*.conf"),
            ("all", "*"),
            ("list[]", "*.a"),
            ("list[]", "b"),
        ]
    );
    let apart: Vec<_> = cells.iter().filter(|cell| cell.0 == "*").map(|cell| cell.2).collect();
    assert_eq!(
        apart,
        [
            "&base",
            "# shared",
            "&m",
            "!!str",
            "!!str",
            "&anna",
            "!n",
            "*m",
            "*base",
            "# as above",
            "&b",
            "&c",
            "*m",
            "&d",
            "!!str",
            "!Person",
            "*base",
            "&e",
            "!vault",
            "&z"
        ]
    );
    let text = "!!com.corp.Person\nname: Anna\nmail: &a a@corp.de\n";
    let (content, got) = read_every_way("a.yaml", text.as_bytes());
    assert_eq!(content.format, "yaml");
    assert_eq!(
        super::records::cells(&got)[1..],
        [("name", 0, "Anna"), ("*", 0, "&a"), ("mail", 0, "a@corp.de")]
    );
}
