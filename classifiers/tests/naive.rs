//! The matcher finds what plain code finds: the same places and detectors, on every instruction set, however a text is
//! cut into windows.

#[allow(missing_docs, unreachable_pub)]
mod oracle;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use domesday_classifiers::{Classifier, Scratch, instruction_sets};
use domesday_model::{Cell, CellForm, ColumnIx, Layout, OffsetMap, Window};
use oracle::{Match, Oracle};
use proptest::prelude::*;

/// Detectors as users write them, with regular expressions.
const OF_USERS: [&str; 5] = [
    r#"id = "staff"
       shape = [{ regex = 'EMP-\d{4,6}' }, { regex = '(?i:badge)[ #]?[0-9a-f]{6,}' }]"#,
    r#"id = "contract"
       shape = [{ regex = '[A-Z]{3}\d{2}(?:-\d{2}){1,3}' }, { regex = 'K[^\s,]{4,9}' }]"#,
    r#"id = "route"
       may_touch = ":/"
       shape = [{ regex = '\d{2}(\.\d{2}){2,}|/srv/[a-z]+/\d+' }]"#,
    r#"id = "quoted"
       shape = [{ regex = '"[^"\n]{5,40}"' }]"#,
    r#"id = "beyond_ascii"
       shape = [{ pattern = "[AВЮ-Я]9{3}([가-힣]|é{2,})" }, { pattern = "№ ?9{4}" }, { regex = 'Ü\d{2}日?' }]"#,
];

/// What a detector file must have besides.
const REST: &str = r#"
label = "x"
doc = "x"
source = "x"
category = "x"
dpv = "x"
ccpa_category = "A"
sensitivity = "low"
status = "stable"
since = "0.1.0"
token = "key"
mask = "•••"
[examples]
positive = [{ text = "a", finds = "a" }, { text = "b", finds = "b" }, { text = "c", finds = "c" }]
negative = ["a", "b", "c"]
"#;

struct Both {
    oracle: Oracle,
    /// The real one by instruction set.
    real: Vec<(&'static str, Classifier)>,
}

fn both() -> &'static Both {
    static BOTH: OnceLock<Both> = OnceLock::new();
    BOTH.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let lists = root.join("lists");
        let of_users = OF_USERS.map(|text| format!("{text}{REST}"));
        let files = oracle::stripped(&root.join("detectors"), &of_users.each_ref().map(String::as_str));
        let real = instruction_sets().into_iter();
        let real = real.map(|set| (set, oracle::classifier(&files, &lists).on(set))).collect();
        Both { oracle: Oracle::new(&files, &lists), real }
    })
}

/// What the real one finds in windows that own `size` bytes each.
fn find(
    classifier: &Classifier,
    text: &[u8],
    cells: Option<&[Range<usize>]>,
    size: usize,
) -> BTreeSet<Match> {
    let mut scratch = Scratch::default();
    let mut found = BTreeSet::new();
    for own_start in (0..text.len()).step_by(size) {
        let own_end = (own_start + size).min(text.len());
        let (start, end) = (own_start.saturating_sub(4096), (own_end + 6144).min(text.len()));
        let clipped = cells.into_iter().flatten().map(|cell| cell.start.max(start)..cell.end.min(end));
        let inside = clipped.filter(|cell| !cell.is_empty()).map(|cell| Cell {
            start: (cell.start - start) as u32,
            end: (cell.end - start) as u32,
            column: ColumnIx(0),
            record: 0,
            form: CellForm::Plain,
        });
        let inside: Vec<Cell> = inside.collect();
        let window = Window {
            text: &text[start..end],
            own: own_start - start..own_end - start,
            layout: if cells.is_some() { Layout::Cells(&inside) } else { Layout::Lines { line: 0 } },
            offsets: OffsetMap::identity(start as u64),
        };
        for (place, detector) in classifier.accepted(&window, &mut [], &mut scratch) {
            let id = classifier.catalog().detector(detector).id.clone();
            found.insert((start + place.start, start + place.end, id));
        }
    }
    found
}

/// What stands between commas and at the ends of lines.
fn cells_of(text: &[u8]) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let mut start = 0;
    for (at, byte) in text.iter().chain(b"\n").enumerate() {
        if matches!(byte, b',' | b'\n') {
            cells.extend((at > start).then_some(start..at));
            start = at + 1;
        }
    }
    cells
}

/// How many values both find.
fn compare(text: &[u8], sizes: &[usize]) -> usize {
    let both = both();
    let cells = cells_of(text);
    let mut count = 0;
    for cells in [None, Some(&cells[..])] {
        let expected = both.oracle.find(text, cells);
        count += expected.len();
        for (set, classifier) in &both.real {
            for &size in sizes {
                let found = find(classifier, text, cells, size);
                let tell = |all: Vec<&Match>| -> Vec<String> {
                    let value = |m: &Match| String::from_utf8_lossy(&text[m.0..m.1]).into_owned();
                    all.into_iter().map(|m| format!("{m:?} {:?}", value(m))).collect()
                };
                let missing = tell(expected.difference(&found).collect());
                let additional = tell(found.difference(&expected).collect());
                assert!(
                    missing.is_empty() && additional.is_empty(),
                    "{set}, windows of {size}, cells: {}, in {:?}\nmissing: {missing:#?}\nadditional: {additional:#?}",
                    cells.is_some(),
                    String::from_utf8_lossy(text),
                );
            }
        }
    }
    count
}

/// Small numbers that follow from a seed.
fn chance(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed | 1;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below
    }
}

/// A value of some detector, or what nearly is one.
fn near_value() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(""),
        Just("7"),
        Just("x"),
        Just("Q"),
        Just("-"),
        Just("."),
        Just("_"),
        Just("+"),
        Just(":"),
        Just("/"),
        Just("@"),
        Just("%40"),
        Just("&#64;"),
        Just(" "),
        Just("é"),
        Just("日"),
        Just("ก"),
        Just("٣"),
        Just("\u{a0}"),
        Just("“"),
        Just("’"),
        Just("12-"),
        Just("-4"),
        Just(":ab"),
        Just("/7"),
        Just("\n"),
        Just(","),
    ];
    (any::<u64>(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u8..4, piece).prop_map(
        |(seed, which, place, change, piece)| {
            let values = both().oracle.values(chance(seed));
            let mut value = which.get(&values).clone();
            let at = place.index(value.len() + 1);
            match change {
                0 => drop(value.splice(at..at, piece.bytes())),
                1 if at < value.len() => drop(value.splice(at..=at, piece.bytes())),
                2 => value.extend(piece.bytes()),
                _ => (),
            }
            value
        },
    )
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let literal = |text: &'static str| Just(text.as_bytes().to_vec());
    let piece = prop_oneof![
        6 => near_value(),
        1 => literal("EMP-1234"),
        1 => literal("Badge #00ffee"),
        1 => literal("ABC12-34-56"),
        1 => literal("11.22.33:44"),
        1 => literal("Zoë"),
        1 => literal("Maria"),
        1 => literal("JürgenÖzlem"),
        1 => literal("Иван"),
        1 => literal("“Özlem”"),
        1 => literal("В123가"),
        1 => literal("«Ü12日»"),
        1 => literal("№ 1234"),
        1 => literal("j.o+x'y@büro.example.de"),
        1 => literal("q%3Dj.o%2Bx%40b.de"),
        1 => literal("&#106;.o&#X40;b&#252;ro&period;de&gt;"),
        2 => "[0-9]{1,24}".prop_map(String::into_bytes),
        1 => "[a-zA-Z]{1,9}".prop_map(String::into_bytes),
        2 => "[ -/:-@_]{1,3}".prop_map(String::into_bytes),
        1 => "[“”’«»  éÖ日本ก٣ſ]{1,3}".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 1..5),
        3 => literal(" "),
        1 => literal("\n"),
        1 => literal(","),
    ];
    proptest::collection::vec(piece, 1..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn texts_of_values_and_near_values(text in text(), size in 1usize..90) {
        compare(&text, &[usize::MAX >> 1, 64, size]);
    }

    #[test]
    fn any_bytes(text in proptest::collection::vec(any::<u8>(), 0..400), size in 1usize..90) {
        compare(&text, &[usize::MAX >> 1, size]);
    }
}

#[test]
fn texts_made_to_be_slow() {
    for piece in [
        "1",
        "1 ",
        "12-",
        "+1",
        "+49 ",
        "@",
        "a@",
        "a@b.de",
        "a%40",
        "a&#64;",
        "A1",
        "::",
        "..",
        "-",
        "eyJ",
        "4532 0151 1283 0366 ",
        "é1",
        "12-Иван ",
    ] {
        compare(piece.repeat(200 / piece.len()).as_bytes(), &[usize::MAX >> 1, 63]);
    }
    let classes: Vec<u8> = (0..=255).collect();
    compare(&classes, &[usize::MAX >> 1, 63]);
}

#[test]
fn values_of_every_shape_at_every_edge() {
    let values = both().oracle.values(chance(0x9E37_79B9));
    let mut found = 0;
    for (value, i) in values.iter().zip(0..) {
        // The value crosses the ends of blocks and windows at another of its bytes each time.
        let before = " ".repeat(i % 64);
        found +=
            usize::from(compare(&[before.as_bytes(), value, b" end"].concat(), &[usize::MAX >> 1, 64]) > 0);
    }
    assert!(found > values.len() * 9 / 10, "{found} of {}", values.len());
}

#[test]
fn texts_of_the_fixtures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/share");
    let mut waiting = vec![root];
    let mut bytes = 0;
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if let Ok(text) = std::fs::read(path) {
                let text = &text[..text.len().min(4096)];
                bytes += text.len();
                compare(text, &[usize::MAX >> 1, 1000]);
            }
        }
    }
    assert!(bytes > 50_000, "{bytes}");
}
