//! What a scan reported, against the labels.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

use domesday_classifiers::Registry;
use serde::Deserialize;

use super::corpus::{Corpus, Label, Truth};

/// A line of `--format jsonl`, as far as it matters here.
#[derive(Clone, Debug, Deserialize)]
pub struct Finding {
    /// Path below the corpus.
    pub path: String,
    /// First byte.
    pub byte_start: u64,
    /// Behind the last byte.
    pub byte_end: u64,
    /// The best detector.
    pub detector: String,
    /// From 0 to 1.
    pub confidence: f64,
    /// Other detectors that accept the value.
    pub alternatives: Vec<String>,
}

/// Reads the lines of a scan.
pub fn read_findings(lines: impl BufRead) -> io::Result<Vec<Finding>> {
    lines.lines().map(|line| serde_json::from_str(&line?).map_err(io::Error::from)).collect()
}

/// Hits among values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many.
    pub hits: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    fn count(&mut self, hit: bool) {
        self.hits += u64::from(hit);
        self.of += 1;
    }

    /// The share, 0 to 1; `None` of nothing.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }
}

/// Figures of one detector.
#[derive(Clone, Copy, Debug, Default)]
pub struct Detected {
    /// Beside a word, at the default threshold.
    pub context: Share,
    /// Beside a word, at 0.1.
    pub context_low: Share,
    /// Under a header, at the default threshold.
    pub header: Share,
    /// By itself, at 0.1.
    pub bare: Share,
    /// Values with wrong check digits, beside a word or not, that something reports above 0.5.
    pub invalid: Share,
    /// What it reports at the default threshold and is right.
    pub precision: Share,
}

/// All figures.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// By detector.
    pub detectors: BTreeMap<String, Detected>,
    /// Look-alikes that are reported at the default threshold, by the index of their kind.
    pub lookalikes: Vec<Share>,
    /// Names found at the default threshold, by region.
    pub names: Vec<Share>,
    /// Addresses found at the default threshold, by country.
    pub addresses: Vec<Share>,
    /// Names and addresses that are reported in sentences where none stands: detector, hits are right.
    pub named: BTreeMap<String, Share>,
    /// False alarms by kind of text without personal data, names, dates, addresses of machines and of pages aside.
    pub alarms: BTreeMap<&'static str, BTreeMap<String, u64>>,
    /// Ten buckets of confidence: what is reported there, and how much of it is right.
    pub calibration: [Share; 10],
    /// By threshold from 0.1 in steps of 0.05: values with a word or header that are found; what is reported and right.
    pub thresholds: Vec<(f64, Share, Share)>,
    /// Values in the corpus that are somebody's, of all that look like such.
    pub base: Share,
    /// Values that were not reported as they should be, to look at.
    pub misses: Vec<Miss>,
    /// What is reported at the default threshold and wrong, to look at.
    pub wrong: Vec<Finding>,
}

/// A value that was not reported as it should be.
#[derive(Clone, Debug)]
pub struct Miss {
    /// The value that it is about.
    pub label: Label,
    /// What was reported there.
    pub reported: Vec<(String, f64)>,
}

/// What a scan reports where nobody says otherwise.
const DEFAULT: f64 = 0.5;

/// Confidences are written with two or three digits.
const NEARLY: f64 = 1e-9;

/// What the measure of false alarms leaves aside: names, dates, addresses of machines and of pages.
const ASIDE: [&str; 8] = [
    "full_name",
    "given_name",
    "middle_name",
    "last_name",
    "date_of_birth",
    "ipv4_address",
    "ipv6_address",
    "url_credentials",
];

/// Which detectors are of one type: the same category, and the same country or none.
struct Types {
    by_detector: BTreeMap<String, (String, Option<String>)>,
}

impl Types {
    fn are_one(&self, a: &str, b: &str) -> bool {
        a == b
            || match (self.by_detector.get(a), self.by_detector.get(b)) {
                (Some((a, from)), Some((b, of))) => a == b && (from == of || from.is_none() || of.is_none()),
                _ => false,
            }
    }

    fn explains(&self, finding: &Finding, label: &Label) -> bool {
        self.are_one(&finding.detector, &label.detector)
            || finding.alternatives.iter().any(|other| self.are_one(other, &label.detector))
    }
}

/// Holds the findings of a scan at `--min-confidence 0.1` against the labels.
///
/// # Errors
/// The detectors cannot be read.
pub fn score(corpus: &Corpus, findings: &[Finding]) -> io::Result<Score> {
    let registry = Registry::builtin().map_err(io::Error::other)?;
    let infos = registry.iter().map(|d| &d.info);
    let types = Types {
        by_detector: infos.map(|i| (i.id.clone(), (i.category.clone(), i.country.clone()))).collect(),
    };
    let mut score = Score {
        detectors: registry.iter().map(|d| (d.info.id.clone(), Detected::default())).collect(),
        lookalikes: vec![Share::default(); corpus.lookalikes.len()],
        names: vec![Share::default(); corpus.regions.len()],
        addresses: vec![Share::default(); corpus.countries.len()],
        alarms: corpus.clean.keys().map(|kind| (*kind, BTreeMap::new())).collect(),
        ..Score::default()
    };
    let mut labels: BTreeMap<&str, Vec<&Label>> = BTreeMap::new();
    corpus.labels.iter().for_each(|label| labels.entry(&label.path).or_default().push(label));
    let mut by_path: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    findings.iter().for_each(|finding| by_path.entry(&finding.path).or_default().push(finding));

    let mut sweep: Vec<f64> = Vec::new();
    for (path, labels) in &labels {
        let found = by_path.get(path).map_or(&[][..], Vec::as_slice);
        for label in labels {
            let there: Vec<&Finding> = { found.iter().copied() }
                .filter(|f| f.byte_start < label.end && label.start < f.byte_end)
                .collect();
            judge_label(&mut score, &types, label, &there, &mut sweep);
        }
    }
    let mut reported: Vec<(f64, bool)> = Vec::new();
    for (path, found) in &by_path {
        let labels = labels.get(path).map_or(&[][..], Vec::as_slice);
        for finding in found {
            let right = labels.iter().any(|label| {
                finding.byte_start < label.end
                    && label.start < finding.byte_end
                    && !matches!(label.truth, Truth::Invalid | Truth::InvalidBare | Truth::Lookalike { .. })
                    && types.explains(finding, label)
            });
            judge_finding(&mut score, corpus, finding, right);
            reported.push((finding.confidence, right));
        }
    }
    score.thresholds = (2..=18)
        .map(|step| {
            let threshold = f64::from(step) * 0.05;
            let (mut recall, mut precision) = (Share::default(), Share::default());
            sweep.iter().for_each(|best| recall.count(*best + NEARLY >= threshold));
            let at = |(confidence, _): &&(f64, bool)| *confidence + NEARLY >= threshold;
            reported.iter().filter(at).for_each(|(_, right)| precision.count(*right));
            (threshold, recall, precision)
        })
        .collect();
    Ok(score)
}

fn judge_label(score: &mut Score, types: &Types, label: &Label, there: &[&Finding], sweep: &mut Vec<f64>) {
    let explained = there.iter().filter(|f| types.explains(f, label)).map(|f| f.confidence);
    let best = explained.fold(0.0, f64::max);
    let any = there.iter().map(|f| f.confidence).fold(0.0, f64::max);
    let (low, usual) = (best > 0.0, best + NEARLY >= DEFAULT);
    let is_value = !matches!(label.truth, Truth::Invalid | Truth::InvalidBare | Truth::Lookalike { .. });
    if label.truth != Truth::Also {
        score.base.count(is_value);
    }
    let mut own = Detected::default();
    let is_right = match label.truth {
        Truth::Context => {
            own.context.count(usual);
            own.context_low.count(low);
            usual
        }
        Truth::Header => {
            own.header.count(usual);
            usual
        }
        Truth::Bare => {
            own.bare.count(low);
            low
        }
        Truth::Invalid | Truth::InvalidBare => {
            own.invalid.count(any > DEFAULT + NEARLY);
            any <= DEFAULT + NEARLY
        }
        Truth::Name { region } => {
            score.names[region].count(usual);
            usual
        }
        Truth::Address { country } => {
            score.addresses[country].count(usual);
            usual
        }
        Truth::Lookalike { kind } => {
            let counts = |f: &&&Finding| !ASIDE.contains(&f.detector.as_str());
            let alarm = there.iter().filter(counts).any(|f| f.confidence + NEARLY >= DEFAULT);
            score.lookalikes[kind].count(alarm);
            !alarm
        }
        Truth::Also => return,
    };
    if matches!(label.truth, Truth::Context | Truth::Header) {
        sweep.push(best);
    }
    if let Some(sum) = score.detectors.get_mut(&label.detector) {
        let add = |to: &mut Share, more: Share| (to.hits, to.of) = (to.hits + more.hits, to.of + more.of);
        add(&mut sum.context, own.context);
        add(&mut sum.context_low, own.context_low);
        add(&mut sum.header, own.header);
        add(&mut sum.bare, own.bare);
        add(&mut sum.invalid, own.invalid);
    }
    if !is_right {
        let reported = there.iter().map(|f| (f.detector.clone(), f.confidence)).collect();
        score.misses.push(Miss { label: label.clone(), reported });
    }
}

fn judge_finding(score: &mut Score, corpus: &Corpus, finding: &Finding, right: bool) {
    let usual = finding.confidence + NEARLY >= DEFAULT;
    let bucket = ((finding.confidence * 10.0 + NEARLY) as usize).min(9);
    score.calibration[bucket].count(right);
    if usual && !right {
        score.wrong.push(finding.clone());
    }
    if usual && let Some(own) = score.detectors.get_mut(&finding.detector) {
        own.precision.count(right);
    }
    let in_sentences = ["names/", "addresses/"].iter().any(|folder| finding.path.starts_with(folder));
    if usual && in_sentences {
        score.named.entry(finding.detector.clone()).or_default().count(right);
    }
    let kind = finding.path.strip_prefix("clean/").and_then(|rest| rest.split('/').next());
    if let Some(kind) = kind.and_then(|kind| corpus.clean.get_key_value(kind)).map(|(kind, _)| *kind)
        && usual
        && !ASIDE.contains(&finding.detector.as_str())
    {
        *score.alarms.entry(kind).or_default().entry(finding.detector.clone()).or_default() += 1;
    }
}
