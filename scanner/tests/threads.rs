//! One large object, many small ones, and both side by side: the same for every number of threads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::OnceLock;

use domesday_classifiers::{Classifier, Registry};
use domesday_connectors::Files;
use domesday_model::{Key, ObjectMeta, ObjectOutcome, Occurrence, Sink, SinkError};
use domesday_scanner::{Progress, ScanError, ScanOptions, scan};

/// What is told of each object, in order.
#[derive(Default)]
struct Told<'a> {
    objects: BTreeMap<String, (Vec<String>, String)>,
    path: String,
    told: Vec<String>,
    /// Asks the scan to end, or fails, at so many occurrences of one object.
    stops: Option<(usize, &'a Progress)>,
    fails: Option<usize>,
}

impl Sink for Told<'_> {
    fn begin(&mut self, meta: &ObjectMeta) -> Result<(), SinkError> {
        self.path.clone_from(&meta.path);
        self.told.clear();
        Ok(())
    }

    fn occurrence(&mut self, occurrence: &Occurrence<'_>) -> Result<(), SinkError> {
        self.told.push(format!("{occurrence:?}"));
        if let Some((_, progress)) = self.stops.filter(|(most, _)| *most == self.told.len()) {
            progress.stop();
        }
        if self.fails == Some(self.told.len()) { Err("full".into()) } else { Ok(()) }
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        self.told.clear();
        Ok(())
    }

    fn end(&mut self, outcome: &ObjectOutcome) -> Result<(), SinkError> {
        let told = std::mem::take(&mut self.told);
        self.objects.insert(std::mem::take(&mut self.path), (told, format!("{outcome:?}")));
        Ok(())
    }
}

fn classifier() -> &'static Classifier {
    static CLASSIFIER: OnceLock<Classifier> = OnceLock::new();
    CLASSIFIER.get_or_init(|| Classifier::new(&Registry::builtin().expect("loads")).expect("compiles"))
}

fn scanned<'a>(
    folder: &Path,
    threads: usize,
    window_bytes: usize,
    progress: &Progress,
    sink: impl Fn() -> Told<'a>,
) -> Result<Vec<Told<'a>>, ScanError> {
    let source = Files::new(folder, Some("test"), &[]).expect("it is there");
    let mut options =
        ScanOptions { key: Some(Key::from_bytes([7; 32])), values: true, ..ScanOptions::default() };
    options.limits.window_bytes = window_bytes;
    let sinks = (0..threads).map(|_| sink()).collect();
    scan(&source, classifier(), &options, progress, sinks)
}

fn told(folder: &Path, threads: usize, window_bytes: usize) -> BTreeMap<String, (Vec<String>, String)> {
    let progress = Progress::default();
    let sinks = scanned(folder, threads, window_bytes, &progress, Told::default).expect("nothing fails");
    let objects: BTreeMap<_, _> = sinks.into_iter().flat_map(|sink| sink.objects).collect();
    assert_eq!(progress.objects(), objects.len() as u64);
    objects
}

fn log(lines: usize) -> String {
    let mut text = String::new();
    for i in 0..lines {
        let _ = writeln!(
            text,
            "{i} p{i}@kiel.de paid with 4539 3160 5305 0409 from 10.0.{}.{}",
            i % 250,
            i % 199
        );
    }
    text
}

fn table(rows: usize) -> String {
    let mut text = "id,first_name,mail,note\n".to_owned();
    for i in 0..rows {
        let first = ["Anna", "Bert", "Clara", "Dieter", "Emma"][i % 5];
        let _ = writeln!(text, "{i},{first},p{i}@kiel.de,\"said \"\"4539 3160 5305 0409\"\" and\nleft\"");
    }
    text
}

#[test]
fn large_and_small_objects_are_told_alike_by_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("huge.log", &log(30_000));
    write("m.csv", &table(30_000));
    write("one_line.txt", &log(10_000).replace('\n', " "));
    for i in 0..300 {
        write(&format!("s{i}.txt"), &log(i % 7));
    }
    for window_bytes in [5000, 256 << 10] {
        let one = told(folder.path(), 1, window_bytes);
        assert_eq!(one.len(), 303);
        for threads in [2, 8] {
            let many = told(folder.path(), threads, window_bytes);
            assert!(one == many, "{threads} threads, windows of {window_bytes}");
        }
    }
}

#[test]
fn a_stop_and_a_failure_end_the_scan_of_a_large_object() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("huge.log"), log(30_000)).expect("written");
    for threads in [1, 2, 8] {
        let progress = Progress::default();
        let stops = || Told { stops: Some((2000, &progress)), ..Told::default() };
        let sinks = scanned(folder.path(), threads, 5000, &progress, stops).expect("nothing fails");
        assert!(sinks.iter().all(|sink| sink.objects.is_empty()), "it was not read to its end");
        let progress = Progress::default();
        let fails = || Told { fails: Some(2000), ..Told::default() };
        let failed = scanned(folder.path(), threads, 5000, &progress, fails);
        assert!(matches!(failed, Err(ScanError::Sink(_))));
    }
}
