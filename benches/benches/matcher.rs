//! The matcher in memory, beside a regex engine with 68 patterns and beside looking at each byte once; what each of its
//! steps takes, and how its time grows with detectors and with users' regular expressions.
//!
//! Counts bytes of text per second of one core, GB/s = 10^9 bytes. All take turns over the same windows of the seeded
//! corpus and the best of each is taken, since these machines are shared: trust the ratios. `cargo bench -p
//! domesday-benches --bench matcher`; with `-- --test` once over a small corpus, which checks the expected counts, and
//! with `-- --once NAME` one part of it once, for `benches/instructions.sh`, which counts instructions.

use std::hint::black_box;
use std::ops::ControlFlow;

use domesday_benches::corpus::{self, Mix};
use domesday_benches::patterns::PATTERNS;
use domesday_classifiers::{Carry, Classifier, Registry, Scratch, Step};
use domesday_model::{Layout, OffsetMap, Window};
use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

const SEED: u64 = 7;
const WINDOW: usize = 256 << 10;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--once") {
        return once(&arguments[at + 1]);
    }
    let test = arguments.iter().any(|argument| argument == "--test");
    let (size, rounds) = if test { (2_000_000, 1) } else { (64_000_000, 5) };
    let classifier =
        Classifier::new(&Registry::builtin().expect("built-in detectors load")).expect("and compile");
    let regex = engine();
    println!("one core, in memory, {} MB each, best of {rounds} rounds, GB/s", size / 1_000_000);
    println!(
        "{:8} {:>9} {:>9} {:>9} {:>9} {:>12} {:>10}",
        "corpus", "look", "regex68", "domesday", "÷ regex68", "findings/MB", "ns/finding"
    );
    for (name, mix) in [("all", Mix::All), ("dense", Mix::Dense), ("clean", Mix::Clean)] {
        let text = load(mix, size);
        let (mut look, mut regexes, mut ours) = (f64::MAX, f64::MAX, f64::MAX);
        let mut found = 0;
        for _ in 0..rounds {
            look = look.min(seconds(|| black_box(bytes_beyond_ascii(&text))).0);
            regexes = regexes.min(seconds(|| regex.find_iter(&text).count()).0);
            let (time, count) = seconds(|| findings(&classifier, &text));
            (ours, found) = (ours.min(time), count);
        }
        let rate = |time: f64| text.len() as f64 / time / 1e9;
        println!(
            "{name:8} {:9.2} {:9.3} {:9.3} {:9.1} {:12.0} {:10.0}",
            rate(look),
            rate(regexes),
            rate(ours),
            regexes / ours,
            found as f64 / (text.len() as f64 / 1e6),
            (ours - look) * 1e9 / found.max(1) as f64,
        );
        // In windows of any other size the same values are found.
        if test {
            assert!(found > 0 || mix == Mix::Clean, "no finding in {name}");
            assert_eq!(found, windows(&classifier, &text, 1000), "{name}: findings depend on the window");
        }
    }
    steps(&classifier, size / 4, rounds);
    growth(size / 4, rounds);
}

const MIXES: [(&str, Mix); 4] =
    [("all", Mix::All), ("dense", Mix::Dense), ("clean", Mix::Clean), ("small", Mix::Small)];

/// Each with those before it; the last one resolves overlaps as well.
const STEPS: [(&str, Option<Step>); 8] = [
    ("candidates", Some(Step::Candidates)),
    ("gate", Some(Step::Gate)),
    ("automaton", Some(Step::Automaton)),
    ("context", Some(Step::Context)),
    ("checks", Some(Step::Checks)),
    ("words", Some(Step::Words)),
    ("sequences", Some(Step::Sequences)),
    ("resolve", None),
];

fn step(classifier: &Classifier, text: &[u8], step: Option<Step>) -> u64 {
    let Some(step) = step else { return findings(classifier, text) };
    let mut scratch = Scratch::default();
    let mut left = 0;
    each_window(text, WINDOW, |window| left += classifier.run_up_to(step, window, &mut scratch));
    left
}

fn steps(classifier: &Classifier, size: u64, rounds: usize) {
    println!("\nns/KB of each step, and what it leaves in a MB");
    print!("{:10}", "step");
    MIXES.iter().for_each(|(name, _)| print!(" {name:>9} {:>9}", "left"));
    println!();
    let texts = MIXES.map(|(_, mix)| load(mix, size));
    let mut best = [[(f64::MAX, 0); STEPS.len()]; MIXES.len()];
    for _ in 0..rounds {
        for (text, best) in texts.iter().zip(&mut best) {
            for ((_, last), best) in STEPS.iter().zip(best) {
                let (time, left) = seconds(|| step(classifier, text, *last));
                *best = (best.0.min(time), left);
            }
        }
    }
    for (i, (name, _)) in STEPS.iter().enumerate() {
        print!("{name:10}");
        for (text, best) in texts.iter().zip(&best) {
            let before = if i == 0 { 0.0 } else { best[i - 1].0 };
            let kilobytes = text.len() as f64 / 1e3;
            print!(
                " {:9.0} {:9.0}",
                (best[i].0 - before) * 1e9 / kilobytes,
                best[i].1 as f64 / kilobytes * 1e3
            );
        }
        println!();
    }
}

/// How many detectors, spread over all of them, and how many regular expressions of a user.
const SIZES: [(usize, usize); 6] =
    [(10, 0), (50, 0), (350, 0), (usize::MAX, 0), (usize::MAX, 10), (usize::MAX, 100)];

fn registry(detectors: usize, regexes: usize) -> Registry {
    let mut registry = Registry::builtin().expect("built-in detectors load");
    let ids: Vec<String> = registry.iter().map(|detector| detector.info.id.clone()).collect();
    if detectors < ids.len() {
        let kept = (0..detectors).map(|i| ids[i * ids.len() / detectors].clone());
        registry.keep(&kept.collect::<Vec<_>>()).expect("they are there");
    }
    for i in 0..regexes {
        let letter = |i: usize| char::from(b'A' + (i % 26) as u8);
        let (first, second) = (letter(i * 7), letter(i / 26 + 9));
        let regex = format!("{first}{second}[A-Z]?-?[0-9]{{4,{}}}(?:/[0-9a-f]{{2,6}})?", 5 + i % 7);
        let text = DETECTOR.replace("ID", &format!("own_{i}")).replace("REGEX", &regex);
        registry.add_text("own.toml", &text).expect("it is a detector");
    }
    registry
}

const DETECTOR: &str = r#"
id = "ID"
label = "A number of our own"
doc = "For the benchmark."
source = "none"
category = "user.unique_id"
dpv = "pd:Identifying"
ccpa_category = "A"
sensitivity = "low"
status = "stable"
since = "0.1.0"
token = "key"
mask = "•••"
needs_context = true
shape = [{ regex = 'REGEX', base = 300 }]
context = { en = ["staff number"] }
scoring = { context = 400 }
[examples]
positive = [{ text = "1", finds = "1" }, { text = "2", finds = "2" }, { text = "3", finds = "3" }]
negative = ["4", "5", "6"]
"#;

fn growth(size: u64, rounds: usize) {
    println!("\nns/KB with so many detectors and regular expressions of a user");
    print!("{:9} {:>7}", "detectors", "regexes");
    MIXES.iter().for_each(|(name, _)| print!(" {name:>9}"));
    println!(" {:>8} {:>9}", "states", "start ms");
    let texts = MIXES.map(|(_, mix)| load(mix, size));
    let mut rows = Vec::new();
    for (detectors, regexes) in SIZES {
        let registry = registry(detectors, regexes);
        let (start, classifier) = seconds(|| Classifier::new(&registry).expect("they compile"));
        rows.push((registry.iter().len() - regexes, regexes, classifier, start, [f64::MAX; MIXES.len()]));
    }
    for _ in 0..rounds {
        for (_, _, classifier, _, best) in &mut rows {
            for (text, best) in texts.iter().zip(best) {
                *best = best.min(seconds(|| findings(classifier, text)).0);
            }
        }
    }
    for (detectors, regexes, classifier, start, best) in rows {
        print!("{detectors:9} {regexes:7}");
        texts.iter().zip(best).for_each(|(text, time)| print!(" {:9.0}", time * 1e12 / text.len() as f64));
        println!(" {:8} {:9.0}", classifier.automaton_size().1, start * 1e3);
    }
}

/// Bytes of a mix that are looked at when instructions are counted.
const COUNTED: u64 = 2_000_000;

/// `steps` or `growth`, once, with a line for each call of [`counted`]: what it was, and the bytes.
fn once(part: &str) {
    let texts = MIXES.map(|(_, mix)| load(mix, COUNTED));
    let each = |name: &str, classifier: &Classifier, last: Option<Step>| {
        for text in &texts {
            counted(classifier, text, last);
            println!("{name} {}", text.len());
        }
    };
    match part {
        "steps" => {
            let classifier = Classifier::new(&registry(usize::MAX, 0)).expect("they compile");
            STEPS.iter().for_each(|(name, last)| each(name, &classifier, *last));
        }
        "growth" => {
            for (detectors, regexes) in SIZES {
                let registry = registry(detectors, regexes);
                let classifier = Classifier::new(&registry).expect("they compile");
                each(&format!("{}/{regexes}", registry.iter().len() - regexes), &classifier, None);
            }
        }
        _ => panic!("steps or growth"),
    }
}

/// Only what is done in here is counted.
#[inline(never)]
fn counted(classifier: &Classifier, text: &[u8], last: Option<Step>) -> u64 {
    black_box(step(classifier, text, last))
}

/// All files of a mix, one after another.
fn load(mix: Mix, size: u64) -> Vec<u8> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let root = dir.path().join("corpus");
    corpus::write(&root, size, SEED, mix).expect("a corpus");
    let mut paths = Vec::new();
    domesday_benches::tree::files(&root, &mut |path| paths.push(path.to_owned())).expect("a tree");
    paths.sort();
    let files: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).expect("a file")).collect();
    files.concat()
}

fn engine() -> Regex {
    let patterns: Vec<&str> = PATTERNS.iter().map(|(_, pattern)| *pattern).collect();
    Regex::builder()
        .configure(Config::new().hybrid_cache_capacity(64 << 20).utf8_empty(false))
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .build_many(&patterns)
        .expect("the patterns compile")
}

/// Processor time of this thread: what others do on the machine counts less than on a clock on the wall.
fn seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let now = || {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
    };
    let start = now();
    let result = work();
    (now() - start, result)
}

fn bytes_beyond_ascii(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte >= 0x80).count()
}

fn findings(classifier: &Classifier, text: &[u8]) -> u64 {
    windows(classifier, text, WINDOW)
}

fn windows(classifier: &Classifier, text: &[u8], size: usize) -> u64 {
    let (mut carry, mut scratch) = (Carry::default(), Scratch::default());
    let mut count = 0;
    each_window(text, size, |window| {
        let flow = classifier.scan::<()>(window, &mut [], &mut carry, &mut scratch, |found| {
            count += u64::from(found.confidence.thousandths() >= 500);
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
    });
    count
}

/// Windows that own `size` bytes each, as a scan has them.
fn each_window(text: &[u8], size: usize, mut each: impl FnMut(&Window<'_>)) {
    for own_start in (0..text.len()).step_by(size) {
        let own_end = (own_start + size).min(text.len());
        let (start, end) = (own_start.saturating_sub(4096), (own_end + 6144).min(text.len()));
        each(&Window {
            text: &text[start..end],
            own: own_start - start..own_end - start,
            layout: Layout::Lines { line: 0 },
            offsets: OffsetMap::identity(start as u64),
        });
    }
}
