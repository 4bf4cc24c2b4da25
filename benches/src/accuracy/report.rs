//! Figures as people read them, and as a test remembers them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::corpus::Corpus;
use super::score::{Detected, Score, Share};
use super::{EACH, Set};

/// Shares of one detector in thousandths, in the order of [`COLUMNS`]; `None` where there is nothing to measure.
type Row = [Option<u32>; COLUMNS.len()];

/// The figures that a test remembers.
const COLUMNS: [&str; 6] = ["context", "context at 0.1", "header", "bare at 0.1", "invalid", "precision"];
/// Where fewer is better.
const INVALID: usize = 4;
/// A figure may fall by one value of the few that are measured: another detector may explain it just as well.
const SLACK: u32 = 90;

/// Figures by detector.
pub type Figures = BTreeMap<String, Row>;

fn row(detected: &Detected) -> Row {
    let Detected { context, context_low, header, bare, invalid, precision } = detected;
    [context, context_low, header, bare, invalid, precision]
        .map(|share| share.share().map(|share| (share * 1000.0).round() as u32))
}

/// The figures of a score, as the file that a test compares with has them.
pub fn figures(score: &Score) -> String {
    let mut text = format!("# Thousandths. detector | {}\n", COLUMNS.join(" | "));
    for (id, detected) in &score.detectors {
        let fields = row(detected).map(|figure| figure.map_or("-".to_owned(), |figure| figure.to_string()));
        let _ = writeln!(text, "{id} | {}", fields.join(" | "));
    }
    text
}

/// What is worse in `score` than in the file: a line for each figure that fell.
pub fn falls(recorded: &str, score: &Score) -> Vec<String> {
    let mut recorded_figures = Figures::new();
    for line in recorded.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split(" | ");
        let id = fields.next().unwrap_or_default().to_owned();
        let mut row: Row = Row::default();
        row.iter_mut().zip(fields).for_each(|(figure, field)| *figure = field.parse().ok());
        recorded_figures.insert(id, row);
    }
    let mut worse = Vec::new();
    for (id, detected) in &score.detectors {
        let Some(before) = recorded_figures.get(id) else {
            worse.push(format!("{id}: no figures are recorded"));
            continue;
        };
        for (at, (before, now)) in before.iter().zip(row(detected)).enumerate() {
            let (Some(before), Some(now)) = (*before, now) else { continue };
            let fell = if at == INVALID { now > before + SLACK } else { now + SLACK < before };
            if fell {
                worse.push(format!("{id}: {} went from {before} to {now} of 1000", COLUMNS[at]));
            }
        }
    }
    worse
}

fn percent(share: Share) -> String {
    share.share().map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

fn sum<'a>(shares: impl Iterator<Item = &'a Share>) -> Share {
    shares.fold(Share::default(), |sum, share| Share { hits: sum.hits + share.hits, of: sum.of + share.of })
}

/// The whole report, in Markdown. `chosen` is the score of the set for choosing, where the thresholds come from.
pub fn page(corpus: &Corpus, score: &Score, chosen: Option<&Score>) -> String {
    let mut out = String::new();
    summary(&mut out, corpus, score);
    calibration(&mut out, score);
    thresholds(&mut out, chosen.unwrap_or(score), chosen.is_some());
    lookalikes(&mut out, corpus, score);
    alarms(&mut out, corpus, score);
    people(&mut out, corpus, score);
    detectors(&mut out, score);
    out
}

fn summary(out: &mut String, corpus: &Corpus, score: &Score) {
    let all = |pick: fn(&Detected) -> Share| {
        let shares: Vec<Share> = score.detectors.values().map(pick).collect();
        sum(shares.iter())
    };
    let checked: Vec<Share> =
        score.detectors.values().filter(|d| d.invalid.of > 0 && d.bare.of > 0).map(|d| d.bare).collect();
    let numbers = { corpus.lookalikes.iter().zip(&score.lookalikes) }.filter(|((_, checked), _)| *checked);
    let lookalikes = sum(numbers.map(|(_, share)| share));
    let (alarms, mebibytes) = alarms_and_size(corpus, score);
    let names = score.named.get("full_name").copied().unwrap_or_default();
    let addresses = score.named.get("street_address").copied().unwrap_or_default();
    let _ = write!(
        out,
        "## Summary\n\n\
         | measure | target | measured |\n|---|---|---|\n\
         | valid value beside a word for it, at the default threshold | 95 % | {} |\n\
         | the same, at `--min-confidence 0.1` | | {} |\n\
         | valid value under a header, at the default threshold | 95 % | {} |\n\
         | valid value by itself, with check digits, at `--min-confidence 0.1` | 75 % | {} |\n\
         | value with one character changed, so that its check digits are wrong, above 0.5 | 0 % | {} |\n\
         | ISBN, EAN, ISIN and the like reported as personal at the default threshold | under 3 % | {} |\n\
         | false alarms per MiB of text without personal data | under 5 | {:.1} |\n\
         | names of people in sentences: recall, precision, F1 | F1 85 % | {} |\n\
         | street addresses in sentences: recall, precision, F1 | F1 80 % | {} |\n\n",
        percent(all(|d| d.context)),
        percent(all(|d| d.context_low)),
        percent(all(|d| d.header)),
        percent(sum(checked.iter())),
        percent(all(|d| d.invalid)),
        percent(lookalikes),
        alarms as f64 / mebibytes,
        f1(sum(score.names.iter()), names),
        f1(sum(score.addresses.iter()), addresses),
    );
    let below = |pick: fn(&Detected) -> Share, least: f64| {
        score.detectors.values().filter(|d| pick(d).share().is_some_and(|share| share < least)).count()
    };
    let _ = write!(
        out,
        "Of {} detectors, {} are found less than 95 % of the time beside a word, {} under a header; of those with check \
         digits {} are found less than 75 % of the time by themselves.\n\n",
        score.detectors.len(),
        below(|d| d.context, 0.95),
        below(|d| d.header, 0.95),
        score
            .detectors
            .values()
            .filter(|d| d.invalid.of > 0 && d.bare.share().is_some_and(|share| share < 0.75))
            .count(),
    );
}

fn f1(recall: Share, precision: Share) -> String {
    let (Some(r), Some(p)) = (recall.share(), precision.share()) else { return "–".to_owned() };
    let f1 = if r + p > 0.0 { 2.0 * r * p / (r + p) } else { 0.0 };
    format!("{}, {}, {:.1} %", percent(recall), percent(precision), f1 * 100.0)
}

fn alarms_and_size(corpus: &Corpus, score: &Score) -> (u64, f64) {
    let alarms = score.alarms.values().flat_map(BTreeMap::values).sum();
    let bytes: u64 = corpus.clean.values().sum();
    (alarms, bytes as f64 / f64::from(1 << 20))
}

fn calibration(out: &mut String, score: &Score) {
    let _ = write!(
        out,
        "## What confidence means\n\n\
         Of what is reported with a confidence, the share that is right: the place holds a value of that type. The base rate \
         counts: of {} values in this corpus that look like personal data, {} are. The rest have wrong check digits or \
         are numbers of other kinds. Text without personal data is in it as well.\n\n\
         | confidence | reported | right | |\n|---|---:|---:|---|\n",
        score.base.of,
        percent(score.base),
    );
    for (bucket, share) in score.calibration.iter().enumerate().filter(|(_, share)| share.of > 0) {
        let bar = "█".repeat((share.share().unwrap_or_default() * 30.0).round() as usize);
        let low = bucket as f64 / 10.0;
        let _ =
            writeln!(out, "| {low:.1} to {:.1} | {} | {} | {bar} |", low + 0.1, share.of, percent(*share));
    }
    out.push('\n');
}

fn thresholds(out: &mut String, score: &Score, is_other_set: bool) {
    let _ = write!(
        out,
        "## The default of `--min-confidence`\n\n\
         {}For each threshold, how many of the values that have a word or a header are reported, and how much of all that is \
         reported is right. The default is 0.5.\n\n\
         | threshold | found | right | F1 |\n|---:|---:|---:|---:|\n",
        if is_other_set { "On the set for choosing. " } else { "" }
    );
    for (threshold, recall, precision) in &score.thresholds {
        let (r, p) = (recall.share().unwrap_or_default(), precision.share().unwrap_or_default());
        let f1 = if r + p > 0.0 { 2.0 * r * p / (r + p) } else { 0.0 };
        let _ = writeln!(
            out,
            "| {threshold:.2} | {} | {} | {:.1} % |",
            percent(*recall),
            percent(*precision),
            f1 * 100.0
        );
    }
    out.push('\n');
}

fn lookalikes(out: &mut String, corpus: &Corpus, score: &Score) {
    out.push_str(
        "## Look-alikes\n\nValues that are nobody's, beside their own word, by themselves and under their own header, that \
         are reported as personal data at the default threshold.\n\n| kind | check digits | values | reported |\n\
         |---|---|---:|---:|\n",
    );
    for ((name, checked), share) in corpus.lookalikes.iter().zip(&score.lookalikes) {
        let checked = if *checked { "yes" } else { "" };
        let _ = writeln!(out, "| {name} | {checked} | {} | {} |", share.of, percent(*share));
    }
    out.push('\n');
}

fn alarms(out: &mut String, corpus: &Corpus, score: &Score) {
    out.push_str(
        "## False alarms in text without personal data\n\nAt the default threshold; names, dates, addresses of pages and of \
         machines aside. Measured by hand on real text, the sources and documents of the packages that Domesday is built from \
         (cargo's registry, 295 MiB, November 2026): 0.8 per MiB.\n\n| text | MiB | per MiB | of which |\n|---|---:|---:|---|\n",
    );
    for (kind, bytes) in &corpus.clean {
        let by_detector = &score.alarms[kind];
        let total: u64 = by_detector.values().sum();
        let mebibytes = *bytes as f64 / f64::from(1 << 20);
        let mut most: Vec<(&String, &u64)> = by_detector.iter().collect();
        most.sort_by_key(|(id, count)| (std::cmp::Reverse(**count), id.as_str()));
        let most: Vec<String> = most.iter().take(4).map(|(id, count)| format!("{id} {count}")).collect();
        let _ = writeln!(
            out,
            "| {kind} | {mebibytes:.1} | {:.1} | {} |",
            total as f64 / mebibytes,
            most.join(", ")
        );
    }
    out.push('\n');
}

fn people(out: &mut String, corpus: &Corpus, score: &Score) {
    out.push_str(
        "## Names and addresses by region\n\nFull names in sentences, from lists that were written by hand for this \
         measurement. Found at the default threshold.\n\n| region | script | names | found |\n|---|---|---:|---:|\n",
    );
    for ((region, script), share) in corpus.regions.iter().zip(&score.names) {
        let _ = writeln!(out, "| {region} | {script} | {} | {} |", share.of, percent(*share));
    }
    let mut scripts: BTreeMap<&str, Share> = BTreeMap::new();
    for ((_, script), share) in corpus.regions.iter().zip(&score.names) {
        let all = scripts.entry(script).or_default();
        *all = sum([*all, *share].iter());
    }
    let scripts: Vec<String> =
        scripts.iter().map(|(script, share)| format!("{script} {}", percent(*share))).collect();
    let _ = write!(
        out,
        "\nBy script: {}.\n\n| country | addresses | found |\n|---|---:|---:|\n",
        scripts.join(", ")
    );
    for (country, share) in corpus.countries.iter().zip(&score.addresses) {
        let _ = writeln!(out, "| {country} | {} | {} |", share.of, percent(*share));
    }
    out.push('\n');
}

fn detectors(out: &mut String, score: &Score) {
    out.push_str(
        "## Every detector\n\n\
         Beside a word, under a header and by itself: valid values that are found, as the detector or as one of its type (the \
         same category and country), best or among the alternatives. Wrong: values with wrong check digits that anything \
         reports above 0.5. Precision: of what the detector reports at the default threshold anywhere in the corpus, the \
         share that is a value of its type. A dash: nothing to measure.\n\n\
         | detector | word | word, 0.1 | header | itself, 0.1 | wrong | precision |\n|---|---:|---:|---:|---:|---:|---:|\n",
    );
    let short = |figure: Option<u32>| figure.map_or("–".to_owned(), |f| format!("{}", (f + 5) / 10));
    for (id, detected) in &score.detectors {
        let _ = writeln!(out, "| `{id}` | {} |", row(detected).map(short).join(" | "));
    }
}

/// What stands before the report in `docs/accuracy.md`.
pub fn preface() -> String {
    format!(
        "# Accuracy\n\n\
         How often Domesday is right, on a synthetic corpus with labels. This page is made by a test that measures the built \
         program; it fails when a detector falls below its recorded figures.\n\n\
         Each detector gets {EACH} valid values per kind of place, made up from its own description, and as many with one \
         character changed so that the check digits are wrong. They stand in documents, logs, mails, chats and tables, in 18 \
         languages, beside words and under headers that were written down without looking at the words that detectors know, \
         and by themselves. Beside them stand look-alikes and text without personal data. What the figures do not tell: \
         whether a description is true to its source (its examples are for that), and how often real files hold what. \
         Synthetic text without personal data is poorer than real one, and the names of people were written by hand, as some lists of the \
         detectors were: the most common names stand in both.\n\n\
         There are two sets with other seeds, sentences, words and look-alikes: `choosing` to find faults and thresholds with, \
         `reporting` for this page (seeds {} and {}).\n\n\
         ```sh\n\
         cargo run --release -p domesday-benches --bin accuracy -- target/release/domesday --set reporting\n\
         cargo run --release -p domesday-benches --bin accuracy -- target/release/domesday --set choosing --each 50 --misses misses.tsv\n\
         DOMESDAY_UPDATE_DOCS=1 cargo test --workspace --test accuracy\n\
         ```\n\n",
        Set::Choosing.seed(),
        Set::Reporting.seed(),
    )
}
