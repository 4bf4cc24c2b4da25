//! `domesday detectors`: what is looked for, why something is found, and whether own detectors keep the rules.

mod check;
mod cost;
mod plan;
mod skeleton;

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use domesday_classifiers::{
    Beside, Classifier, ColumnExample, Detector, Find, Negative, Positive, Registry, Sequence,
};
use domesday_model::Confidence;
use domesday_scanner::ScanOptions;
use serde_json::json;

use self::cost::Corpus;
use crate::choice::DetectorChoice;
use crate::describe;
use crate::exit::Exit;
use crate::output::{Output, Paint};
use crate::probe::{Hit, given, line_of, probe};
use crate::table::{level, render, table};
use crate::visible::{visible, visible_lines};

/// From where on `scan` reports by default.
fn threshold() -> Confidence {
    ScanOptions::default().min_confidence
}

/// Arguments of `domesday detectors`.
#[derive(Args)]
pub(crate) struct DetectorsArgs {
    #[command(subcommand)]
    command: DetectorsCommand,
}

#[derive(Subcommand)]
enum DetectorsCommand {
    /// List the detectors
    #[command(
        after_help = "Examples:\n  domesday detectors list\n  domesday detectors list --country ES --format jsonl"
    )]
    List {
        /// A table for people, or a line of JSON for each
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
        #[command(flatten)]
        choice: DetectorChoice,
    },
    /// Show what detectors look for and how they decide
    #[command(
        after_help = "Examples:\n  domesday detectors show us.ssn\n  domesday detectors show iban payment_card"
    )]
    Show {
        /// Their ids, as `detectors list` shows them
        #[arg(value_name = "ID", required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        choice: DetectorChoice,
    },
    /// Show what is found in a text, and why; `domesday explain` tells every step, also of what is not found
    #[command(after_help = "Examples:\n  domesday detectors test 'call +44 20 7946 0958'\n  \
        domesday detectors test 536228145 --header ssn\n  domesday detectors test $'Berg\\nOkafor\\nLi' --header surname\n  echo 'a text' | domesday detectors test -")]
    Test {
        /// The text; - reads it from standard input
        text: String,
        /// Treat the text as a cell of the column with this header; its lines as the cells of one
        #[arg(long, value_name = "NAME")]
        header: Option<String>,
        #[command(flatten)]
        choice: DetectorChoice,
    },
    /// Check the detector files of a folder and run their examples; exit with 1 when one fails
    ///
    /// Also tells what each detector costs, in candidates per MB of text, which other detectors accept its positive
    /// examples, and which of theirs it takes. None of that is a failure.
    #[command(after_help = "Examples:\n  domesday detectors check our-detectors/\n  \
        domesday detectors check our-detectors/ --corpus /srv/share/reports")]
    Check {
        /// Holds *.toml, and word lists in lists/*.txt
        dir: PathBuf,
        /// Measure the cost on this file, or the files of this folder, instead of a small built-in sample of logs, tables
        /// and prose; the first 64 MB count, as they are
        #[arg(long, value_name = "PATH")]
        corpus: Option<PathBuf>,
    },
    /// Show how each detector finds its candidates and how many there are in a MB of text, the most expensive first
    ///
    /// A detector looks closer where a number, word or sign may begin one of its values. How often it has to is what it
    /// costs; of passing ones, rules and checksum hold. Detectors of columns and of names and addresses are not counted.
    #[command(after_help = "Examples:\n  domesday detectors plan\n  \
        domesday detectors plan /srv/share/reports --detectors-from our-detectors/ --format jsonl")]
    Plan {
        /// Count in this file, or the files of this folder, instead of a small built-in sample of logs, tables and prose;
        /// the first 64 MB count, as they are
        #[arg(value_name = "CORPUS")]
        corpus: Option<PathBuf>,
        /// A table for people, or a line of JSON for each
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
        #[command(flatten)]
        choice: DetectorChoice,
    },
    /// Write a new detector file that works as it is, with every key explained
    #[command(after_help = "Examples:\n  domesday detectors new staff_number\n  \
        domesday detectors new staff_number --output our-detectors/staff_number.toml")]
    New {
        /// Id of the new detector, for instance staff_number, or us.badge for one of a country
        id: String,
        /// Write it to this file, which must not exist yet, instead of stdout
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum ListFormat {
    #[default]
    Table,
    Jsonl,
}

pub(crate) fn run(args: &DetectorsArgs, output: &Output, paint: Paint) -> anyhow::Result<Exit> {
    match &args.command {
        DetectorsCommand::List { format, choice } => {
            let registry = choice.load()?;
            let text = match format {
                ListFormat::Table => list(&registry, paint),
                ListFormat::Jsonl => registry.iter().map(json_line).collect(),
            };
            output.write(text.as_bytes())?;
        }
        DetectorsCommand::Show { ids, choice } => {
            let registry = choice.load()?;
            let shown = ids.iter().map(|id| {
                let detector = registry.get(id);
                detector.map(show).with_context(|| {
                    format!("there is no detector {id}: `domesday detectors list` shows all")
                })
            });
            let shown: Vec<String> = shown.collect::<anyhow::Result<_>>()?;
            output.write(visible_lines(&shown.join("\n")).as_bytes())?;
        }
        DetectorsCommand::Test { text, header, choice } => {
            let classifier = Classifier::new(&choice.load()?)?;
            output.write(test(&classifier, &given(text)?, header.as_deref(), paint).as_bytes())?;
        }
        DetectorsCommand::Check { dir, corpus } => return check::run(dir, corpus.as_deref(), output),
        DetectorsCommand::Plan { corpus, format, choice } => {
            let classifier = Classifier::new(&choice.load()?)?;
            let corpus = match corpus {
                Some(path) => Corpus::read(&classifier, path)?,
                None => Corpus::sample(&classifier),
            };
            output.write(plan::plan(&classifier, &corpus, *format, paint).as_bytes())?;
        }
        DetectorsCommand::New { id, output: file } => {
            let text = skeleton::skeleton(id)?;
            match file {
                Some(file) => skeleton::write(file, &text)?,
                None => output.write(text.as_bytes())?,
            }
        }
    }
    Ok(Exit::Done)
}

fn list(registry: &Registry, paint: Paint) -> String {
    let mut shown = table(&["id", "label", "country", "sensitivity", "category"], paint);
    for Detector { info, .. } in registry.iter() {
        shown.add_row([
            visible(info.id.as_bytes()).into(),
            visible(info.label.as_bytes()).into(),
            info.country.as_deref().unwrap_or("").into(),
            level(info.sensitivity.name(), paint),
            visible(info.category.as_bytes()).into(),
        ]);
    }
    render(&shown)
}

fn json_line(detector: &Detector) -> String {
    let info = &detector.info;
    let line = json!({
        "id": info.id, "label": info.label, "category": info.category, "dpv": info.dpv, "country": info.country,
        "sensitivity": info.sensitivity.name(), "gdpr_article9": info.gdpr_article9,
        "gdpr_article10": info.gdpr_article10, "ccpa_category": info.ccpa_category,
        "ccpa_sensitive": info.ccpa_sensitive, "token": detector.token_name(), "status": detector.status,
        "since": detector.since, "source": detector.source,
    });
    format!("{line}\n")
}

/// Writing to a string cannot fail.
fn show(detector: &Detector) -> String {
    let info = &detector.info;
    let mut text = format!("{}  {}\n\n{}\n\n", info.id, info.label, detector.doc.trim());
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "{name:<12} {value}");
        }
    };
    line("source", &detector.source);
    line("category", &info.category);
    line("dpv", &info.dpv);
    line("country", info.country.as_deref().unwrap_or(""));
    line("sensitivity", info.sensitivity.name());
    line("GDPR", &articles(info.gdpr_article9, info.gdpr_article10));
    let sensitive = if info.ccpa_sensitive { ", sensitive" } else { "" };
    line("CCPA", &format!("category {}{sensitive}", info.ccpa_category));
    line("token", detector.token_name());
    line("status", &format!("{} since {}", detector.status, detector.since));
    match &detector.find {
        Find::Shapes(shapes) => {
            for base in shapes {
                line("shape", &format!("{}  ({} points)", base.shape.pattern(), base.base));
            }
        }
        Find::AtSign => line("found at", "each @"),
        Find::Words(words) => line("words", &format!("the list {} ({} points)", words.list, words.base)),
        Find::Sequence(Sequence::Person(_)) => line("found as", "the words of a person's name"),
        Find::Sequence(Sequence::Address(_)) => line("found as", "a street beside a number, and post boxes"),
        Find::Column => line("found as", "a column whose header names it"),
    }
    match &detector.beside {
        Some(Beside::Attribute(_)) => line("in texts", "those that are said of a person"),
        Some(Beside::Age(_)) => line("found also", "numbers beside a person"),
        Some(Beside::Account(_)) => line("in texts", "what those are labels of"),
        Some(Beside::Birth(_)) => line("found also", "dates behind names, in lists of people"),
        Some(Beside::Ascribed(_)) => line("in texts", "those that are said of somebody"),
        None => (),
    }
    if let Some(column) = &detector.column {
        line("cells", &describe::cells(column));
    }
    for rule in &detector.rules {
        line("rule", &describe::rule(rule));
    }
    if let Some(checksum) = &detector.checksum {
        line("checksum", &describe::checksum(checksum));
    }
    let points = &detector.scoring;
    let scoring = [
        ("base", points.base),
        ("checksum", points.checksum),
        ("structure", points.structure),
        ("context", points.context),
        ("header", points.header),
        ("against", -points.against),
    ];
    let scoring = scoring.iter().filter(|(_, points)| *points != 0);
    let scoring: Vec<_> = scoring.map(|(name, points)| format!("{name} {points:+}")).collect();
    line("points", &format!("{} of 1000; reported from 500 on", scoring.join(", ")));
    if detector.needs_context {
        line("", "");
        line("context", "needed: without a word near it or in the header nothing is reported");
    }
    line("near it", &detector.context.join(", "));
    line("before it", &detector.right_before.join(", "));
    line("in headers", &detector.header.join(", "));
    line("numbers of", &detector.numbered.join(", "));
    line("against", &detector.against.join(", "));
    for example in &detector.examples.positive {
        line("found in", &positive(example));
    }
    for example in &detector.examples.negative {
        line("not in", &negative(example));
    }
    text
}

fn articles(nine: bool, ten: bool) -> String {
    let named = [(nine, "special category (Article 9)"), (ten, "criminal offences (Article 10)")];
    named.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
}

fn in_column(text: &str, header: Option<&str>) -> String {
    match header {
        Some(header) => format!("{text:?} in a column {header:?}"),
        None => format!("{text:?}"),
    }
}

fn positive(example: &Positive) -> String {
    match example {
        Positive::Text(text) => in_column(&text.text, text.header.as_deref()),
        Positive::Column(column) => as_column(column),
    }
}

fn negative(example: &Negative) -> String {
    match example {
        Negative::Text(text) => in_column(&text.text, text.header.as_deref()),
        Negative::Column(column) => as_column(column),
    }
}

fn as_column(column: &ColumnExample) -> String {
    let beside = match &column.beside[..] {
        [] => String::new(),
        beside => format!(", beside {}", beside.join(", ")),
    };
    format!("the column {:?}: {}{beside}", column.header, column.values.join(", "))
}

fn test(classifier: &Classifier, text: &[u8], header: Option<&str>, paint: Paint) -> String {
    if let Some(header) = header
        && let Some(verdict) = verdict(classifier, header, text, paint)
    {
        return verdict;
    }
    let hits = probe(classifier, header, text);
    if hits.is_empty() {
        return "nothing found\n".to_owned();
    }
    hits.iter().map(|hit| explain(classifier, text, hit, paint)).collect()
}

/// What a column is whose cells are the lines of a text.
fn verdict(classifier: &Classifier, header: &str, text: &[u8], paint: Paint) -> Option<String> {
    let lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).collect();
    let verdict = classifier.try_column(header, &lines, &[])?;
    let catalog = classifier.catalog();
    let info = catalog.detector(verdict.detector);
    let mut shown = format!("column {}\n", paint.bold(&visible(header.as_bytes())));
    let evidence: Vec<_> = verdict.evidence.iter().map(|&fact| catalog.fact_name(fact)).collect();
    let _ = writeln!(shown, "  {}  {}", paint.bold(&info.id), info.label);
    let _ = writeln!(shown, "  confidence  {}", verdict.confidence);
    let _ = writeln!(shown, "  matches     {} of {}", verdict.matches, verdict.values);
    let _ = writeln!(shown, "  evidence    {}", evidence.join(", "));
    Some(shown)
}

/// The value marked in its line, then what is known of it.
fn explain(classifier: &Classifier, text: &[u8], hit: &Hit, paint: Paint) -> String {
    let info = classifier.catalog().detector(hit.detector);
    let (before, value, after) = line_of(text, &hit.place);
    let (indent, width) = (before.chars().count(), value.chars().count());
    let mut shown = format!("{before}{}{after}\n{:indent$}{}\n", paint.bold(&value), "", "^".repeat(width));
    let verdict = match hit.confidence >= threshold() {
        true => "reported".to_owned(),
        false => paint.dim(&format!("below {}: not reported, but tokenised", threshold())),
    };
    let _ = writeln!(shown, "  {}  {}", paint.bold(&info.id), info.label);
    let _ = writeln!(shown, "  confidence  {}  {verdict}", hit.confidence);
    let _ = writeln!(shown, "  evidence    {}", hit.evidence.join(", "));
    let others = hit.alternatives.iter();
    let others: Vec<_> = others
        .map(|(id, confidence)| format!("{} ({confidence})", classifier.catalog().detector(*id).id))
        .collect();
    if !others.is_empty() {
        let _ = writeln!(shown, "  or          {}", others.join(", "));
    }
    shown + "\n"
}
