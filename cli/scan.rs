//! `domesday scan`: one scan for each source, one after another, into the same inventory.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};
use domesday_classifiers::Classifier;
use domesday_connectors::{Files, Source};
use domesday_formats::Limits;
use domesday_inventory::{
    Claim, Inventory, KnownSource, Reviews, ScanStart, ScanStatus, ScanTotals, SourceInfo,
};
use domesday_model::{Catalog, Confidence, Key, Rules, ScanId, SourceId, Timestamp};
use domesday_scanner::{Progress, ScanOptions};

use crate::choice::{DetectorChoice, country};
use crate::condition::{Condition, ConditionError};
use crate::config::InventoryArg;
use crate::encoding::EncodingArg;
use crate::exit::Exit;
use crate::findings;
use crate::jsonl::Lines;
use crate::keyfile::{KeyFile, VARIABLE};
use crate::marks::Marks;
use crate::memory::Memory;
use crate::output::{Output, Paint, note, report};
use crate::progress::{Display, Total, accompany};
use crate::report::{Scanned, summary};
use crate::rules::{self, RuleArgs};
use crate::sarif::Document;
use crate::sink::Told;
use crate::sources::Located;
use crate::tally::{Seen, Tally};
use crate::units;
use crate::visible::visible;

const EXAMPLES: &str = "\
Examples:
  domesday scan /srv/share --inventory /srv/inventory
  domesday scan /srv/share /home --inventory inv --format none --quiet
  domesday scan export/ --inventory inv --format jsonl | head
  domesday scan export/ --inventory inv --format sarif > personal-data.sarif
  domesday scan mainframe/ --inventory inv --encoding ibm1047
  domesday scan . --inventory inv --fail-on 'sensitivity>=high and exposure==everyone'

Exit codes:
  0    done
  1    the --fail-on condition holds
  2    finished, but something could not be read
  3    did not finish, or was asked wrongly
  130  interrupted, after a clean partial commit";

/// Arguments of `domesday scan`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ScanArgs {
    /// What to scan: a path, or a file:// URL
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<OsString>,
    #[command(flatten)]
    inventory: InventoryArg,
    /// Name under which the source is known [default: its absolute path]
    #[arg(long = "source", value_name = "NAME")]
    name: Option<String>,
    /// Country of the source, for instance DE: numbers that are dialled as its telephone numbers are count without a word for
    /// one, and get the tokens of those with country code. Later scans of the source remember it
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    source_country: Option<String>,
    /// What goes to stdout
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    choice: DetectorChoice,
    #[command(flatten)]
    encoding: EncodingArg,
    /// Report values of at least this confidence, from 0 to 1
    #[arg(long, value_name = "X", default_value = "0.5", value_parser = threshold)]
    min_confidence: Confidence,
    /// Threads that read and classify [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Memory to work with, for instance 1GB [default: 256MB and 32MB for each thread]
    #[arg(long, value_name = "SIZE", value_parser = units::parse_size)]
    max_memory: Option<u64>,
    /// Give an object up that takes longer, with what was found so far
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = units::parse_duration)]
    max_object_time: Duration,
    /// Exit with 1 when a finding satisfies this, for instance 'sensitivity>=high'
    #[arg(long, value_name = "CONDITION", value_parser = condition, long_help = CONDITION_HELP)]
    fail_on: Option<Condition>,
    #[command(flatten)]
    rules: RuleArgs,
    /// Read everything anew; every scan does for now
    #[arg(long)]
    full: bool,
    /// A source in which an earlier scan found files may be empty now: they count as gone
    #[arg(long)]
    allow_empty: bool,
    /// Scan what other sources of the inventory hold as well: the same paths on another machine, for instance
    #[arg(long)]
    allow_overlap: bool,
    /// Scan into an inventory that has tokens without its key: what is scanned has none until it is scanned with it
    #[arg(long)]
    allow_no_key: bool,
    /// Take the place of an earlier scan that looked for more: what only that one could find ends
    #[arg(long)]
    allow_fewer_detectors: bool,
    /// With --format jsonl: add the raw value to each line
    #[arg(long)]
    reveal: bool,
    /// No progress and no summary
    #[arg(long, short)]
    quiet: bool,
}

const CONDITION_HELP: &str = "\
Exit with 1 when a finding of this scan satisfies the condition: comparisons joined by `and`.
Fields: sensitivity (low, moderate, high), exposure (private, group, everyone, unknown), confidence (0 to 1),
occurrences, category (also those below it), detector, country, gdpr_article9 (true, false).
Operators: >= > <= < == != ; names without an order take == and != only.";

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum Format {
    /// The findings that weigh most, as a table
    #[default]
    Table,
    /// Every occurrence, as a line of JSON
    Jsonl,
    /// Every finding, as a SARIF 2.1.0 log for code scanning
    Sarif,
    /// Nothing: all of it is in the inventory
    None,
}

pub(crate) fn threshold(text: &str) -> Result<Confidence, String> {
    let number = text.parse().ok().and_then(Confidence::from_threshold);
    number.ok_or_else(|| "expected a number from 0 to 1".to_owned())
}

fn condition(text: &str) -> Result<Condition, ConditionError> {
    Condition::parse(text)
}

/// Everything that the scans of one run share.
struct Survey<'a> {
    args: &'a ScanArgs,
    output: &'a Output,
    dir: PathBuf,
    inventory: Inventory,
    classifier: Classifier,
    catalog: Arc<Catalog>,
    /// Verdicts of people on what earlier scans found.
    reviews: &'a Reviews,
    options: ScanOptions,
    memory: Memory,
    interrupted: Arc<AtomicBool>,
    /// For `--format sarif`.
    document: Option<&'a Document<'a>>,
}

pub(crate) fn run(args: &ScanArgs, output: &Output, paint: (Paint, Paint)) -> anyhow::Result<Exit> {
    check(args)?;
    let dir = args.inventory.require()?;
    let key = key(&dir)?;
    let registry = args.choice.load()?;
    let detectors: Vec<_> = registry.iter().map(|detector| &detector.info).collect();
    if let Some(condition) = &args.fail_on
        && let Some((field, value)) = condition.unknown(&detectors)
    {
        bail!(
            "--fail-on: no detector that takes part has the {field} {value}, so the condition says nothing; \
             `domesday detectors list` shows all"
        );
    }
    let classifier = Classifier::new(&registry)?;
    let rules = args.rules.load(classifier.catalog(), &args.choice, key.as_ref())?;
    let catalog = Arc::new(as_told(classifier.catalog(), args, rules));
    let memory = Memory::new(args.threads, args.max_memory)?;
    let (located, mut exit) = locate(&args.sources);
    if located.is_empty() {
        return Ok(exit);
    }
    let inventory = Inventory::open(&dir, key.as_ref().map(Key::id))?;
    if let Some(written) = inventory.key_id().filter(|_| key.is_none() && !args.allow_no_key) {
        bail!(
            "{} has tokens of the key {written}, and there is no key here: a scan without it would leave its sources \
             without tokens. {VARIABLE} names the file with the key; --allow-no-key scans without",
            visible(dir.as_os_str().as_encoded_bytes())
        );
    }
    let dir = dir.canonicalize().with_context(|| format!("{dir:?} cannot be opened"))?;
    let options = ScanOptions {
        limits: Limits { encoding: args.encoding.encoding, ..memory.limits() },
        max_object_time: args.max_object_time,
        min_confidence: args.min_confidence,
        key,
        values: args.reveal,
        rules: catalog.rules.clone(),
    };
    let reviews = inventory.reviews()?;
    let marks = Marks { catalog: &catalog, reviews: &reviews };
    let interrupted = stop_on_signals()?;
    let document = (args.format == Format::Sarif).then(|| Document::begin(output, marks, &registry));
    let document = document.transpose()?;
    let survey = Survey {
        args,
        output,
        dir,
        inventory,
        classifier,
        catalog: Arc::clone(&catalog),
        reviews: &reviews,
        options,
        memory,
        interrupted,
        document: document.as_ref(),
    };
    let mut seen = Seen::default();
    let (ended, scanned) = survey.scan_all(&located, &mut seen, paint.1);
    exit = exit.or(ended);
    if survey.interrupted.load(Relaxed) {
        note(
            "domesday: interrupted: what was not reached is as the scan before left it, or not in the inventory",
        );
        exit = exit.or(Exit::Interrupted);
    }
    if args.format == Format::Table && scanned > 0 {
        findings::show(&seen, exit, &survey.dir, output, paint.0)?;
    }
    if !args.quiet && scanned > 0 {
        note(&crate::report::next_steps(&survey.dir));
    }
    if seen.satisfying > 0 {
        exit = exit.or(Exit::Failed);
    }
    if let Some(document) = &document {
        document.end(exit)?;
    }
    Ok(exit)
}

/// What the types of the arguments cannot say.
fn check(args: &ScanArgs) -> anyhow::Result<()> {
    if args.name.is_some() && args.sources.len() > 1 {
        bail!("--source names one source, and there are {}: scan them one at a time", args.sources.len());
    }
    if args.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
        bail!("--source is empty: give the source a name, or leave it out to use its absolute path");
    }
    if args.reveal && args.format != Format::Jsonl {
        bail!("--reveal needs --format jsonl: a table and an inventory never hold raw values");
    }
    Ok(())
}

/// The key for tokens. A scan without one works.
fn key(inventory: &Path) -> anyhow::Result<Option<Key>> {
    let file = KeyFile::locate();
    let Some(key) = file.as_ref().map_or(Ok(None), KeyFile::read)? else {
        note(&format!(
            "domesday: there is no key, so this scan writes no subject tokens and lookups of persons will not work; \
             `domesday key init` makes one, {VARIABLE} names one"
        ));
        return Ok(None);
    };
    let lies_in_it =
        |path: &Path| Some(path.canonicalize().ok()?.starts_with(inventory.canonicalize().ok()?));
    if file.is_ok_and(|file| lies_in_it(&file.path) == Some(true)) {
        bail!("the key lies in the inventory: whoever gets a copy of it could try values; keep it elsewhere");
    }
    Ok(Some(key))
}

/// The threshold, an encoding that is told and the rules decide what is told as much as the detectors do.
fn as_told(catalog: &Catalog, args: &ScanArgs, rules: Rules) -> Catalog {
    let encoding = args.encoding.encoding.map(|told| format!(" {}", told.name())).unwrap_or_default();
    let told = format!("{} {}{encoding}", catalog.ruleset, args.min_confidence.thousandths());
    let told = told + &rules::digested(&rules);
    let ruleset = blake3::hash(told.as_bytes()).to_hex()[..32].to_owned();
    Catalog { ruleset, rules, ..catalog.clone() }
}

/// The sources that are there. Of the others people are told.
fn locate(arguments: &[OsString]) -> (Vec<Located>, Exit) {
    let (mut located, mut exit) = (Vec::<Located>::new(), Exit::Done);
    for argument in arguments {
        match Located::new(argument) {
            Ok(source) if located.iter().any(|known| known.real() == source.real()) => {
                note(&format!("domesday: {} is named twice and scanned once", source.shown()));
            }
            Ok(source) => located.push(source),
            Err(error) => {
                report(&error);
                exit = Exit::Error;
            }
        }
    }
    (located, exit)
}

/// Whether `nohup` wants the scan to go on. That a shell has SIGINT ignored says less: it does so to all that it starts in
/// the background.
fn ignores_hangup() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal_hook::consts::SIGHUP - 1) & 1 == 1)
}

/// The first signal asks for a clean end, the second one ends at once.
fn stop_on_signals() -> anyhow::Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let mut signals = vec![signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM];
    signals.extend((!ignores_hangup()).then_some(signal_hook::consts::SIGHUP));
    for signal in signals {
        let code = i32::from(Exit::Interrupted.code());
        signal_hook::flag::register_conditional_shutdown(signal, code, Arc::clone(&interrupted))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&interrupted)))
            .context("signals cannot be caught")?;
    }
    // A file that grows beyond a limit is an error of the write, which has a message, and not the end of the process.
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default())
        .context("signals cannot be caught")?;
    Ok(interrupted)
}

impl Survey<'_> {
    /// One source after another, as long as nobody interrupts.
    /// How it ended, and how many sources were scanned.
    fn scan_all(&self, sources: &[Located], seen: &mut Seen, paint: Paint) -> (Exit, usize) {
        let (mut exit, mut scanned) = (Exit::Done, 0);
        for source in sources {
            if self.interrupted.load(Relaxed) {
                break;
            }
            match self.scan(source, sources, seen, paint) {
                Ok(ended) => {
                    exit = exit.or(ended);
                    scanned += 1;
                }
                Err(error) => {
                    report(&error);
                    exit = exit.or(Exit::Error);
                }
            }
        }
        (exit, scanned)
    }

    fn scan(&self, source: &Located, all: &[Located], seen: &mut Seen, paint: Paint) -> anyhow::Result<Exit> {
        let name = source.name(self.args.name.as_deref());
        let known = self.inventory.sources()?;
        let (more_specific, claims) = self.share_out(source, &name, all, &known)?;
        let files = source.open(&name, &self.dir, &more_specific)?;
        self.compare_with_earlier(source, &files, &known)?;
        let prefix = match all.len() {
            1 => String::new(),
            _ => format!("{}/", visible(files.root().as_bytes()).trim_end_matches('/')),
        };
        let began = Instant::now();
        let earlier = known.iter().find(|known| known.source.id == files.id());
        let country = self.args.source_country.clone().or_else(|| earlier?.source.country.clone());
        let (totals, here) = self.scan_files(&files, source, claims, country, &prefix)?;
        if !self.args.quiet {
            let scanned =
                Scanned { source: &source.shown(), totals: &totals, seen: &here, time: began.elapsed() };
            note(&summary(&scanned, paint));
        }
        let exit = if here.problem_count > 0 { Exit::NotAllRead } else { Exit::Done };
        seen.join(here);
        Ok(exit)
    }

    /// Where sources overlap, the more specific one owns the object: the places that are left out, and what is taken from
    /// others.
    fn share_out(
        &self,
        source: &Located,
        name: &str,
        all: &[Located],
        known: &[KnownSource],
    ) -> anyhow::Result<(Vec<PathBuf>, Vec<Claim>)> {
        let within =
            |other: &&Located| other.real() != source.real() && other.real().starts_with(source.real());
        let mut left_out: Vec<_> = all.iter().filter(within).map(|other| other.real().to_owned()).collect();
        if self.args.allow_overlap {
            return Ok((left_out, Vec::new()));
        }
        let overlap = source.overlap(SourceId::of(name), known);
        if let Some(same) = overlap.same {
            let same = visible(same.source.name.as_bytes());
            bail!(
                "{} is the source {same} of this inventory, and would count twice as {}: scan it with --source {same}; or, \
                 if something else is in that place now, with --allow-overlap",
                source.shown(),
                visible(name.as_bytes()),
            );
        }
        for (other, place) in overlap.more_specific {
            if !left_out.contains(&place) {
                note(&format!(
                    "domesday: {} is left out here: it is the source {} of this inventory, to be scanned by itself",
                    visible(place.as_os_str().as_bytes()),
                    visible(other.source.name.as_bytes()),
                ));
                left_out.push(place);
            }
        }
        Ok((left_out, overlap.claims))
    }

    /// What is not found counts as gone, so a share that is not mounted must not pass for one that was emptied, nor a part of
    /// a source for all of it.
    fn compare_with_earlier(
        &self,
        source: &Located,
        files: &Files,
        known: &[KnownSource],
    ) -> anyhow::Result<()> {
        let Some(known) = known.iter().find(|known| known.source.id == files.id()) else { return Ok(()) };
        let is_empty = fs::read_dir(source.real()).is_ok_and(|mut entries| entries.next().is_none());
        if known.has_objects && is_empty && !self.args.allow_empty {
            bail!(
                "{} is empty, and an earlier scan found files there: mount the share and scan again, or, if they were \
                 deleted, scan with --allow-empty. The inventory is as it was",
                source.shown()
            );
        }
        if known.has_objects
            && self.lacks(known.source.detectors.as_deref())
            && !self.args.allow_fewer_detectors
        {
            bail!(
                "{} was scanned with detectors that do not take part now: what they found would end. Scan into another \
                 --inventory, or with --allow-fewer-detectors. The inventory is as it was",
                source.shown()
            );
        }
        if known.source.root != files.root() {
            note(&format!(
                "domesday: {} was {} when it was scanned last, and is {} now: what is not found there counts as gone",
                visible(files.name().as_bytes()),
                visible(known.source.root.as_bytes()),
                visible(files.root().as_bytes()),
            ));
        }
        Ok(())
    }

    /// Whether a detector takes no part that an earlier scan had: all of them, or these.
    fn lacks(&self, earlier: Option<&[String]>) -> bool {
        let Some(chosen) = self.chosen() else { return false };
        earlier.is_none_or(|earlier| earlier.iter().any(|id| !chosen.contains(id)))
    }

    /// The detectors that take part, where others are left out.
    fn chosen(&self) -> Option<Vec<String>> {
        let ids = || self.classifier.catalog().detectors.iter().map(|info| info.id.clone()).collect();
        self.args.choice.is_narrow().then(ids)
    }

    fn scan_files(
        &self,
        files: &Files,
        source: &Located,
        claims: Vec<Claim>,
        country: Option<String>,
        prefix: &str,
    ) -> anyhow::Result<(ScanTotals, Seen)> {
        let classifier = self.classifier.at_home_in(country.as_deref());
        let writer = self.inventory.begin_scan(self.start(files, source, claims, country)?)?;
        let progress = Progress::default();
        let total = Total::default();
        let display = if self.args.quiet { None } else { Display::new(&visible(files.name().as_bytes())) };
        let marks = Marks { catalog: &self.catalog, reviews: self.reviews };
        let sinks = (0..self.memory.threads).map(|_| Told {
            inventory: writer.sink(),
            lines: (self.args.format == Format::Jsonl)
                .then(|| Lines::new(self.output, marks, files.name(), self.args.reveal, self.memory.lines())),
            results: self.document.map(|document| document.source(files.name(), source.folder())),
            tally: Tally::new(marks, self.args.fail_on.as_ref(), prefix, self.document.is_some()),
        });
        let sinks = sinks.collect();
        let (scanned, accompanied) = thread::scope(|scope| {
            let (running, ended) = channel();
            let (progress, total, display, writer) = (&progress, &total, display.as_ref(), &writer);
            let beside =
                scope.spawn(move || accompany(progress, writer, &self.interrupted, display, total, &ended));
            if display.is_some() {
                scope.spawn(move || total.count(files));
            }
            let scanned = domesday_scanner::scan(files, &classifier, &self.options, progress, sinks);
            drop(running);
            total.stop();
            (scanned, beside.join())
        });
        let accompanied = accompanied.map_err(|_| anyhow!("an internal error ended the scan"))?;
        let interrupted = self.interrupted.load(Relaxed);
        match (scanned, accompanied) {
            (Ok(sinks), Ok(())) => {
                let mut seen = Seen::default();
                sinks.into_iter().for_each(|sink| seen.join(sink.tally.seen));
                let status = if interrupted { ScanStatus::Interrupted } else { ScanStatus::Complete };
                Ok((writer.finish(status, Timestamp::now())?, seen))
            }
            (scanned, accompanied) => {
                let error = match scanned {
                    Err(error) => anyhow!(error),
                    Ok(_) => {
                        accompanied.err().map_or_else(|| anyhow!("the scan ended early"), |e| anyhow!(e))
                    }
                };
                // What was committed counts; if even this fails, the next scan puts the inventory in order.
                let _ = writer.finish(ScanStatus::Interrupted, Timestamp::now());
                Err(error.context("the scan did not finish"))
            }
        }
    }

    fn start(
        &self,
        files: &Files,
        source: &Located,
        claims: Vec<Claim>,
        country: Option<String>,
    ) -> anyhow::Result<ScanStart> {
        let started_at = Timestamp::now();
        let salt = getrandom::u64().map_err(|_| anyhow!("the system gives no random numbers"))?;
        Ok(ScanStart {
            scan_id: ScanId::at(files.id(), started_at.0, salt),
            source: SourceInfo {
                id: files.id(),
                name: files.name().to_owned(),
                kind: files.kind().to_owned(),
                root: files.root().to_owned(),
                only: source.only(),
                country,
                detectors: self.chosen(),
            },
            claims,
            started_at,
            domesday_version: env!("CARGO_PKG_VERSION").to_owned(),
            catalog: Arc::clone(&self.catalog),
            key: self.options.key.as_ref().map(Key::id),
            memory: self.memory.inventory(),
        })
    }
}
