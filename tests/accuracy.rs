//! How often the program is right, against `fixtures/accuracy/figures.txt` and `docs/accuracy.md`.

mod support;

use std::fs;

use domesday_benches::accuracy::{
    Corpus, EACH, Score, Set, falls, figures, page, preface, read_findings, score,
};
use support::{Sandbox, fixtures};

/// Bytes of each kind of text without personal data.
const CLEAN: usize = 350_000;

fn measure(sandbox: &Sandbox, set: Set) -> (Corpus, Score) {
    let root = sandbox.path(&format!("{set:?}"));
    let corpus = Corpus::write(&root, set, set.seed(), EACH, CLEAN).expect("the corpus is written");
    let mut command = sandbox.command();
    command.arg("scan").arg(&root).args(["--inventory", &format!("inventory-{set:?}")]);
    command.args(["--format", "jsonl", "--min-confidence", "0.1"]);
    let run = support::finish(command).expect(0);
    let findings = read_findings(&run.stdout[..]).expect("they are JSON");
    let score = score(&corpus, &findings).expect("the detectors load");
    (corpus, score)
}

#[test]
fn no_detector_falls_below_its_recorded_figures() {
    let sandbox = Sandbox::new();
    let (corpus, reported) = measure(&sandbox, Set::Reporting);
    let figures_file = fixtures().join("accuracy/figures.txt");
    let page_file = fixtures().join("../docs/accuracy.md");
    if std::env::var_os("DOMESDAY_UPDATE_DOCS").is_some() {
        let (_, chosen) = measure(&sandbox, Set::Choosing);
        fs::write(&figures_file, figures(&reported)).expect("the figures are written");
        fs::write(&page_file, preface() + &page(&corpus, &reported, Some(&chosen)))
            .expect("the page is written");
        return;
    }
    let recorded = fs::read_to_string(&figures_file).expect("figures are committed");
    let worse = falls(&recorded, &reported);
    assert!(
        worse.is_empty(),
        "{}\nA figure that has to fall: DOMESDAY_UPDATE_DOCS=1 cargo test --workspace --test accuracy",
        worse.join("\n")
    );
}
