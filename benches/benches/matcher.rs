//! The matcher in memory, beside a regex engine with 68 patterns and beside looking at each byte once.
//!
//! Counts bytes of text per second of one core, GB/s = 10^9 bytes. The three take turns over the same windows of the
//! seeded corpus and the best of each is taken, since these machines are shared: trust the ratios. `cargo bench -p
//! domesday-benches --bench matcher`; with `-- --test` once over a small corpus, which checks the expected counts.

use std::hint::black_box;
use std::ops::ControlFlow;

use domesday_benches::corpus::{self, Mix};
use domesday_benches::patterns::PATTERNS;
use domesday_classifiers::{Carry, Classifier, Registry, Scratch};
use domesday_model::{Layout, OffsetMap, Window};
use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

const SEED: u64 = 7;
const WINDOW: usize = 256 << 10;

fn main() {
    let test = std::env::args().any(|argument| argument == "--test");
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
    for own_start in (0..text.len()).step_by(size) {
        let own_end = (own_start + size).min(text.len());
        let (start, end) = (own_start.saturating_sub(512), (own_end + 6144).min(text.len()));
        let window = Window {
            text: &text[start..end],
            own: own_start - start..own_end - start,
            layout: Layout::Lines { line: 0 },
            offsets: OffsetMap::identity(start as u64),
        };
        let flow = classifier.scan::<()>(&window, &mut [], &mut carry, &mut scratch, |found| {
            count += u64::from(found.confidence.thousandths() >= 500);
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
    }
    count
}
