//! Lists of labels that look like tables of two columns.

use super::records::cells;
use super::*;

/// Labels that the tests' targets know.
pub(super) const KNOWN: &[&str] =
    &["Name", "Born", "Date of birth", "Phone", "E-mail", "Marital status", "氏名", "生年月日"];

const PAIRS: [(&str, &str); 5] = [
    ("Name", "Jane Doe"),
    ("Date of birth", "09/11/1949"),
    ("Marital status", "Single"),
    ("Phone", "+49 30 901820"),
    ("Branch", "Elizabeth Street"),
];

/// A form whose pairs are written in one way.
fn form(pair: impl Fn(&str, &str) -> String) -> String {
    PAIRS.iter().map(|(label, value)| pair(label, value)).collect()
}

/// The values of columns other than `*`, with their records.
fn values(collector: &Collector) -> Vec<(&str, u64, &str)> {
    cells(collector).into_iter().filter(|cell| cell.0 != "*").collect()
}

fn expected() -> Vec<(&'static str, u64, &'static str)> {
    PAIRS.iter().map(|&(label, value)| (label, 0, value)).collect()
}

const TITLE: &str = "Membership Record\nPage 1 of 2\n\n";

#[test]
fn a_form_is_a_record() {
    let bar = |label: &str, value: &str| format!("| {label} | {value} |\n");
    let boxed = |label: &str, value: &str| format!("│ {label:<14} │ {value:<16} │\n");
    let parted = |label: &str, value: &str| format!("{}├───┼───┤\n", boxed(label, value));
    let (first, rest) = (bar(PAIRS[0].0, PAIRS[0].1), form(bar));
    let rest = rest.strip_prefix(&first).expect("it begins so");
    for text in [
        format!("| Field | Value |\n|---|---|\n{}", form(bar)),
        format!("| | |\n|:--|--:|\n{}", form(|label, value| bar(&format!("**{label}:**"), value))),
        format!("{first}|---|---|\n{rest}"),
        form(bar),
        form(|label, value| format!("{label} | {value}\n")),
        form(|label, value| format!("{label}\t{value}\n")),
        form(|label, value| format!("{label}\t\t{value}\r\n")),
        form(|label, value| format!("{label};{value}\n")),
        form(|label, value| format!("{label:<28}{value}\n")),
        form(|label, value| format!("   {label:<16}{value}  \n")),
        format!("┌───┬───┐\n{}└───┴───┘\n", form(boxed)),
        format!("╔═══╦═══╗\n{}", form(boxed).replace('│', "║")),
        format!("│ Field │ Value │\n├───┼───┤\n{}", form(boxed)),
        format!("┌───┬───┐\n{}", form(parted)),
        format!("+---+---+\n{}+---+---+\n", form(bar)),
        format!("+---+---+\n| Field | Value |\n+===+===+\n{}+---+---+\n", form(bar)),
    ] {
        let text = format!("{TITLE}{text}\nSigned: John Roe\n");
        let (content, got) = read_every_way("a.txt", text.as_bytes());
        assert_eq!((content.format, content.record_count, content.reason), ("form", Some(1), None), "{text}");
        assert_eq!(values(&got), expected(), "{text}");
        let around: Vec<_> = cells(&got).into_iter().filter(|cell| cell.0 == "*").collect();
        assert!(around[0].2.starts_with("Membership Record\nPage 1 of 2"), "{around:?}");
        assert_eq!(around.last().map(|cell| cell.2), Some("Signed: John Roe"), "{text}");
    }
}

#[test]
fn a_form_may_be_a_whole_file() {
    for (name, format, text) in [
        ("a.csv", "csv", form(|label, value| format!("{label},{value}\n"))),
        ("a.csv", "csv", form(|label, value| format!("\"{label}\";\"{value}\"\n"))),
        ("a.csv", "csv", form(|label, value| format!("{label},\"{value}\",,\n"))),
        ("a.tsv", "tsv", form(|label, value| format!("{label}\t{value}\n"))),
        ("a.md", "markdown", format!("# Form\n\n| | |\n|-|-|\n{}", form(|l, v| format!("| {l} | {v} |\n")))),
    ] {
        let (content, got) = read_every_way(name, text.as_bytes());
        assert_eq!((content.format, content.record_count), (format, Some(1)), "{text}");
        assert_eq!(values(&got), expected(), "{text}");
    }
}

#[test]
fn each_person_of_a_file_is_a_record() {
    let one = |name: &str, phone: &str| format!("Name     {name}\nPhone    {phone}\nE-mail   {name}@x.de\n");
    let text = format!(
        "First comes {}\n{}\nThen there is somebody else, of whom less is known.\n\nPhone    030 12345\n{}",
        "x".repeat(90),
        one("Ann", "030 901820"),
        one("Bob", "030 901821"),
    );
    let (content, got) = read_every_way("people.txt", text.as_bytes());
    assert_eq!((content.format, content.record_count), ("form", Some(3)));
    let rows = [
        ("Name", 0, "Ann"),
        ("Phone", 0, "030 901820"),
        ("E-mail", 0, "Ann@x.de"),
        ("Phone", 1, "030 12345"),
        ("Name", 1, "Bob"),
        ("Phone", 2, "030 901821"),
        ("E-mail", 2, "Bob@x.de"),
    ];
    assert_eq!(values(&got), rows);
}

#[test]
fn forms_stand_beside_tables_in_markdown() {
    let text = "| Name | Jane |\n|---|---|\n| Born | 1985-03-14 |\n| Phone | 030 901820 |\n| Fax | |\n\n\
        | id | mail | team |\n|---|---|---|\n| 1 | a@b.de | x |\n| 2 | c@d.de | y |\n";
    for name in ["a.md", "a.txt"] {
        let (_, got) = read_every_way(name, text.as_bytes());
        let columns: Vec<_> = values(&got).into_iter().map(|cell| cell.0).collect();
        assert_eq!(columns, ["Name", "Born", "Phone", "id", "mail", "team", "id", "mail", "team"]);
    }
}

#[test]
fn a_value_may_be_longer_than_a_head_shows() {
    let long = "word ".repeat(100);
    for (mark, end) in [("\t", ""), (" | ", " |")] {
        let row = |label: &str, value: &str| format!("{label}{mark}{value}{end}\n");
        let text =
            [row("Name", "Jane"), row("Born", "1985-03-14"), row("Phone", &long), row("Branch", "Bonn")];
        let (_, got) = read_every_way("a.txt", text.concat().as_bytes());
        let values = values(&got);
        assert_eq!(values.len(), 4, "{values:?}");
        assert_eq!((values[2].0, values[2].2.trim_end()), ("Phone", long.trim_end()));
    }
}

#[test]
fn tables_of_two_columns_are_none() {
    let numbered = |rows: usize| -> String {
        (0..rows)
            .map(|i| {
                format!(
                    "Key {}\t{}\n",
                    char::from(b'a' + (i % 26) as u8).to_string().repeat(1 + i / 26),
                    i % 7
                )
            })
            .collect()
    };
    let many = |rows: usize| format!("Name\tJane\nPhone\t030 901820\nE-mail\tj@x.de\n{}", numbered(rows));
    for (name, text) in [
        // Values of one kind.
        ("a.csv", "Name,1\nPhone,2\nE-mail,3\nBranch,4\n".to_owned()),
        ("a.txt", "Name\ttext\nPhone\tnumber\nE-mail\ttext\nBorn\tdate\n".to_owned()),
        ("a.csv", "Name,030 901820\nPhone,030 901821\nBorn,030 901822\n".to_owned()),
        ("a.txt", "Field\tDescription\nName\tin full\nPhone\t030 901820\nE-mail\tj@x.de\n".to_owned()),
        // Labels that nobody knows, or that programs use.
        ("a.csv", "site,x\nstart,2024-01-01\nposts,10\n".to_owned()),
        ("a.txt", "Version\t1.2\nReleased\t2024-01-01\nLicense\tMIT\n".to_owned()),
        ("a.csv", "user_name,jane\nstart_date,2024-01-01\nmax_posts,10\n".to_owned()),
        // Names of people.
        ("a.csv", "Ann Quill,030 901820\nBob Quill,b@x.de\nName,x\nPhone,1\n".to_owned()),
        // A row for each person.
        ("a.csv", "Name,Phone\nAnn,030 901820\nBob,b@x.de\nCleo,030 901821\n".to_owned()),
        ("a.txt", "Name\tPhone\tE-mail\nAnn\t030 901820\tx\nBob\t030 901821\ty\nCleo\t1\tz\n".to_owned()),
        // Too many rows, and too few.
        ("a.txt", many(90)),
        ("a.txt", "Name\tJane\nPhone\t030 901820\n".to_owned()),
        // Other formats, and a table beside it.
        ("a.log", form(|label, value| format!("{label}\t{value}\n"))),
        ("a.rs", form(|label, value| format!("{label}\t{value}\n"))),
        (
            "a.txt",
            form(|l, v| format!("{l}\t{v}\n")) + "│ a │ b │ c │\n├──┼──┼──┤\n│ 1 │ 2 │ 3 │\n│ 4 │ 5 │ 6 │\n",
        ),
    ] {
        let (content, _) = read_every_way(name, text.as_bytes());
        assert!(content.format != "form" && content.record_count > Some(1), "{text}");
    }
    assert_eq!(read_every_way("a.txt", many(6).as_bytes()).0.format, "form");
}

const LISTS: &[&str] = &[
    "Name",
    "Phone",
    "Born",
    "Branch",
    "\t",
    "\t",
    " | ",
    "| ",
    "│",
    ";",
    "\"",
    "    ",
    "jane@corp.de",
    "030 901820",
    "1985-03-14",
    "é",
    "\n",
    "\n",
    "\n\n",
    "\r\n",
    "|---|---|\n",
    "├───┼───┤\n",
    "+---+\n",
    "| id | mail | x |\n|---|---|---|\n",
    "| 1 | a@b.de | y |\n",
    "Name\tJane\n",
    "| Phone | 1 |\n",
    "A sentence that stands between.\n",
    "                                                                                                                 ",
    "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn forms_do_not_depend_on_windows(
        pieces in prop::collection::vec(prop::sample::select(LISTS), 0..90),
        mark in prop::sample::select(&["\t", " | ", ";", "       "][..]),
        name in prop::sample::select(&["a.txt", "a.csv", "a.md", "a.tsv"][..]),
    ) {
        let beginning = [("Name", "Jane"), ("Phone", "030 901820"), ("Born", "1985-03-14"), ("E-mail", "j@x.de")];
        let pair = |(label, value): &(&str, &str)| format!("{label}{mark}{value}\n");
        let text = beginning.iter().map(pair).collect::<String>() + "\n" + &pieces.concat();
        let (content, got) = read_every_way(name, text.as_bytes());
        // Headers of tables are in no cell.
        for at in memchr::memmem::find_iter(text.as_bytes(), b"jane@corp.de").filter(|_| content.format == "form") {
            let around = got.values.range(..=at as u64).next_back();
            let is_whole = around.is_some_and(|(_, value)| at as u64 + 12 <= value.end);
            prop_assert!(is_whole, "at {}: {}", at, text);
        }
    }
}
