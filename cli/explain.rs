//! `domesday explain`: why a text is, or is not, a finding; why a finding was made.
//!
//! A finding's object is read again, so that the decision is replayed on what stands around the value there; it is shown
//! masked, as `domesday show` does.

mod render;
mod words;

use std::ops::{ControlFlow, Range};
use std::path::Path;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use domesday_classifiers::{Attempt, Classifier, ColumnContext, Find};
use domesday_connectors::Source;
use domesday_formats::{Limits, Target, read_object};
use domesday_model::{
    ColumnIx, Confidence, DetectorId, FindingId, Layout, OffsetMap, PlaceUnit, Span, Window,
};

use crate::choice::{DetectorChoice, country};
use crate::config::InventoryArg;
use crate::encoding::EncodingArg;
use crate::exit::Exit;
use crate::output::{Output, Paint};
use crate::probe::{Hit, cells_of, probe_window};
use crate::show::{self, Place};
use crate::visible::visible;
use render::{Case, Won, told};
use serde_json::Map;
use words::Words;

const EXAMPLES: &str = "\
Examples:
  domesday explain 'call +44 20 7946 0958'
  domesday explain 'order 536-22-8145' --detectors us.ssn
  domesday explain 536228145 --header ssn
  echo 'a text' | domesday explain - --format jsonl
  domesday explain 9f0c2d1e-8a77-8b1c-9e55-0123456789ab --inventory inv";

/// What `domesday explain --help` begins with.
pub(crate) const ABOUT: &str = "\
Explain why a text is, or is not, a finding, or why a finding was made.

For each place at which a detector looks: its shape, rules and check digits, the words that speak for and against it and how far \
away they stand, what each step is worth, who wins, and what would change the verdict. The other detectors that look at the same \
place follow in short; --detectors ID tells all of one. Findings are read again in their source and shown as `domesday show` does.";

/// A longer text is a file: its findings can be explained one by one. Bytes.
const LONGEST: usize = 16 << 10;
/// Characters shown on either side of a finding.
const AROUND: u64 = 60;

/// Arguments of `domesday explain`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExplainArgs {
    /// The text, - for standard input, or the id of a finding
    #[arg(value_name = "TEXT|FINDING_ID")]
    what: String,
    /// Treat the text as cells of the column with this header, one a line
    #[arg(long, value_name = "NAME")]
    header: Option<String>,
    /// For people, or lines of JSON: for the column, and for each detector at each place
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// From this confidence on a value counts as reported, from 0 to 1
    #[arg(long, value_name = "X", default_value = "0.5", value_parser = crate::scan::threshold)]
    min_confidence: Confidence,
    #[command(flatten)]
    inventory: InventoryArg,
    #[command(flatten)]
    choice: DetectorChoice,
    #[command(flatten)]
    encoding: EncodingArg,
    /// Country of the source that the text is from, as in `domesday scan --source-country`
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    source_country: Option<String>,
    /// Show the value of a finding itself
    #[arg(long)]
    reveal: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Jsonl,
}

pub(crate) fn run(args: &ExplainArgs, output: &Output, paint: Paint) -> anyhow::Result<Exit> {
    let text = match FindingId::parse(&args.what) {
        Some(id) => finding(args, id, paint)?,
        None => given(args, paint)?,
    };
    output.write(text.as_bytes())?;
    Ok(Exit::Done)
}

/// A text that somebody typed.
fn given(args: &ExplainArgs, paint: Paint) -> anyhow::Result<String> {
    let text = crate::probe::given(&args.what)?;
    if text.len() > LONGEST {
        bail!(
            "the text is longer than {LONGEST} bytes: scan it as a file, and explain its findings with \
             `domesday explain FINDING_ID --inventory DIR`"
        );
    }
    let classifier = Classifier::new(&args.choice.load()?)?.at_home_in(args.source_country.as_deref());
    let mut columns: Vec<_> = args.header.iter().map(|path| classifier.column(path)).collect();
    let cells = cells_of(&text);
    let layout = if args.header.is_some() { Layout::Cells(&cells) } else { Layout::Lines { line: 0 } };
    let window = Window { text: &text, own: 0..text.len(), layout, offsets: OffsetMap::identity(0) };
    let hits = probe_window(&classifier, &window, &mut columns);
    let attempts = classifier.explain(&window, &columns, 0..text.len());
    let found = hits.iter().map(|hit| Won {
        detector: hit.detector,
        place: hit.place.clone(),
        confidence: hit.confidence,
        evidence: hit.evidence.clone(),
    });
    let found = found.collect();
    let case = Case { classifier: &classifier, attempts: &attempts, found, threshold: args.min_confidence };
    let lines: Vec<&[u8]> = cells.iter().map(|cell| &text[cell.start as usize..cell.end as usize]).collect();
    let verdict = args.header.as_ref().and_then(|header| classifier.try_column(header, &lines, &[]));
    if args.format == Format::Jsonl {
        let line =
            |header: &String| case.column_line(header, columns.first(), verdict.as_ref().map(told).as_ref());
        let words = |won: &Won| Words::of(&classifier, won.detector, &text, &won.place, true);
        return Ok(case.lines(&Map::new(), args.header.iter().map(line).collect(), words));
    }
    let mut shown = String::new();
    if let (Some(header), Some(column)) = (&args.header, columns.first()) {
        shown.push_str(&case.column(header, column, verdict.as_ref(), paint));
    }
    let is_left_out = |hit: &&Hit| {
        !attempts.iter().any(|attempt| attempt.detector == hit.detector && attempt.place == hit.place)
    };
    for hit in hits.iter().filter(is_left_out).filter(|hit| is_sequence(&classifier, hit.detector)) {
        shown.push_str(&draw(&text, &hit.place, paint));
        let words = Words::of(&classifier, hit.detector, &text, &hit.place, true);
        let changes = words.changes(&classifier, &text, args.min_confidence);
        shown.push_str(&case.sequence(hit.detector, hit.confidence, &words, &changes, paint));
        shown.push('\n');
    }
    let near = near_names(&classifier, &text, &hits);
    let near: Vec<_> = if args.header.is_some() { Vec::new() } else { near };
    for (detector, place, confidence) in &near {
        shown.push_str(&draw(&text, place, paint));
        let words = Words::of(&classifier, *detector, &text, place, true);
        let changes = words.changes(&classifier, &text, args.min_confidence);
        shown.push_str(&case.sequence(*detector, *confidence, &words, &changes, paint));
        shown.push('\n');
    }
    if attempts.is_empty() && hits.is_empty() && near.is_empty() {
        shown.push_str(
            "no detector looks at anything here: no shape fits, no word is listed\n\
             what is found in columns only takes --header NAME\n",
        );
    }
    for place in case.places() {
        shown.push_str(&draw(&text, &place.lead, paint));
        shown.push_str(&case.place(&place, paint));
        shown.push('\n');
    }
    Ok(shown)
}

/// The same of what stands in the name of an object.
const IN_PATH: &str = "it stands in the name of the object, where only addresses, numbers that prove themselves and full names of \
                       listed words count: there are no steps to tell";

/// Where listed names stand that are part of nothing that was found.
fn near_names(
    classifier: &Classifier,
    text: &[u8],
    hits: &[Hit],
) -> Vec<(DetectorId, Range<usize>, Confidence)> {
    let mut near = classifier.near_names(text);
    let apart =
        |place: &Range<usize>, hit: &Hit| place.end <= hit.place.start || hit.place.end <= place.start;
    near.retain(|(_, place, _)| hits.iter().all(|hit| apart(place, hit)));
    near
}

fn is_sequence(classifier: &Classifier, detector: DetectorId) -> bool {
    let detector = classifier.detector(detector);
    detector.beside.is_some() || matches!(detector.find, Find::Sequence(_))
}

/// A value marked in its line.
fn draw(text: &[u8], place: &Range<usize>, paint: Paint) -> String {
    let (before, value, after) = crate::probe::line_of(text, place);
    let (indent, width) = (before.chars().count(), value.chars().count());
    format!("{before}{}{after}\n{:indent$}{}\n", paint.bold(&value), "", "^".repeat(width))
}

/// A finding: its object is read again.
fn finding(args: &ExplainArgs, id: FindingId, paint: Paint) -> anyhow::Result<String> {
    if args.header.is_some() {
        bail!("--header goes with a text: the column of a finding is known");
    }
    if args.source_country.is_some() {
        bail!("--source-country goes with a text: the source of a finding is known");
    }
    let place = show::of_finding(&args.inventory.require()?, id)?;
    let classifier = Classifier::new(&args.choice.load()?)?.at_home_in(place.country.as_deref());
    let reading = show::read(&classifier, &place, args.encoding.encoding, AROUND)?;
    let limits = Limits { encoding: reading.encoding, ..Limits::default() };
    let in_path = place.unit == PlaceUnit::Path;
    let hit = reading.near.at(place.span);
    let own = hit.and_then(|hit| {
        let all = &classifier.catalog().detectors;
        all.iter().position(|info| info.id == hit.detector).map(|index| DetectorId(index as u16))
    });
    let replay =
        if in_path { None } else { Some(Replay::of(&classifier, &place, own, args.reveal, &limits)?) };
    let (attempts, words) = replay.map(|replay| (replay.attempts, replay.words)).unwrap_or_default();
    let local = |hit: &crate::surroundings::Hit| {
        Some(Won {
            detector: own?,
            place: place.span.start as usize..place.span.end as usize,
            confidence: hit.confidence,
            evidence: hit.evidence.clone(),
        })
    };
    let found = hit.and_then(local).into_iter().collect();
    let case = Case { classifier: &classifier, attempts: &attempts, found, threshold: args.min_confidence };
    let column = hit.and_then(|hit| hit.column_path.as_ref());
    let column = column.and_then(|path| reading.near.verdicts.iter().find(|(known, _)| known == path));
    if args.format == Format::Jsonl {
        let known = [
            ("finding_id", id.to_string()),
            ("source", place.source.name().to_owned()),
            ("path", visible(&place.path)),
        ];
        let known = known.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
        let lines = column.map(|(path, verdict)| case.column_line(path, None, Some(verdict)));
        return Ok(case.lines(&known, lines.into_iter().collect(), |_| words.clone()));
    }
    let mut shown = show::describe(&place, &reading.near);
    shown.push('\n');
    shown.push_str(&show::draw(&place, &classifier, &reading, (args.reveal, AROUND), paint));
    shown.push('\n');
    if let Some((path, verdict)) = column {
        shown.push_str(&case.verdict(path, verdict, paint));
        shown.push('\n');
    }
    if let Some(won) = case.unexplained().next() {
        if in_path {
            shown.push_str(IN_PATH);
            shown.push('\n');
        } else if is_sequence(&classifier, won.detector) {
            shown.push_str(&case.sequence(won.detector, won.confidence, &words, &[], paint));
        } else {
            shown.push_str(
                "the value by itself says nothing to this detector: the verdict is that of its column\n",
            );
        }
    }
    for place in case.places() {
        shown.push_str(&case.place(&place, paint));
    }
    Ok(shown)
}

/// Finds the window of an object that holds a place, and replays the decision there.
struct Replay<'a> {
    classifier: &'a Classifier,
    span: Span,
    /// What the place was found by, and whether the words of the value are shown.
    detector: Option<DetectorId>,
    reveal: bool,
    columns: Vec<ColumnContext>,
    attempts: Vec<Attempt>,
    words: Words,
}

impl<'a> Replay<'a> {
    /// The attempts on a place, whose ranges count as its span does, and the words there.
    fn of(
        classifier: &'a Classifier,
        place: &Place,
        detector: Option<DetectorId>,
        reveal: bool,
        limits: &Limits,
    ) -> anyhow::Result<Self> {
        let shown = || format!("{} cannot be read", visible(&place.path));
        let mut opened = place.source.open(&place.path).with_context(shown)?;
        let mut replay = Self {
            classifier,
            span: place.span,
            detector,
            reveal,
            columns: Vec::new(),
            attempts: Vec::new(),
            words: Words::default(),
        };
        let name = String::from_utf8_lossy(&place.path);
        let name = Path::new(&*name).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut scratch = domesday_formats::Scratch::new();
        read_object(&mut opened, &name, limits, &mut scratch, &mut replay).with_context(shown)?;
        Ok(replay)
    }
}

impl Target for Replay<'_> {
    fn column(&mut self, _: ColumnIx, path: &str, _: usize) {
        self.columns.push(self.classifier.column(path));
    }

    fn is_full_name(&self, words: &[&str]) -> bool {
        self.classifier.full_name(words).is_some_and(|(_, count)| count == words.len())
    }

    fn names_values(&self, label: &str) -> bool {
        self.classifier.column(label).names_values()
    }

    fn window(&mut self, window: &Window<'_>) -> ControlFlow<()> {
        let offsets = &window.offsets;
        let source = |at: usize| offsets.locate(offsets.origin(), at).source;
        let Span { start, end } = self.span;
        if source(window.own.start) > start || source(window.own.end) <= start {
            return ControlFlow::Continue(());
        }
        let at = |wanted: u64| first(window.own.start, window.text.len(), |at| source(at) >= wanted);
        let place = at(start)..at(end);
        if let Some(detector) = self.detector {
            self.words = Words::of(self.classifier, detector, window.text, &place, self.reveal);
        }
        let attempts = self.classifier.explain(window, &self.columns, place);
        if attempts.is_empty() {
            // An escaped cell follows in a window of its own.
            return ControlFlow::Continue(());
        }
        self.attempts = attempts;
        for attempt in &mut self.attempts {
            let begin = offsets.locate(offsets.origin(), attempt.place.start);
            let end = offsets.locate_end(begin, attempt.place.end);
            attempt.place = begin.source as usize..end.source as usize;
        }
        ControlFlow::Break(())
    }
}

/// The first number from `low` to `high` of which something that stays true is true.
fn first(mut low: usize, mut high: usize, is: impl Fn(usize) -> bool) -> usize {
    while low < high {
        let middle = low + (high - low) / 2;
        if is(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
