//! `domesday review`: what people say of findings. A verdict is on a finding's id, which is the same in every scan.

mod groups;
mod session;
mod sheet;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};
use domesday_connectors::user_name;
use domesday_inventory::{FindingRow, Inventory, Reviewable, worklist};
use domesday_model::{FactKind, FindingId, Glob, Review, Timestamp, Verdict, chooses};

use crate::config::InventoryArg;
use crate::exit::Exit;
use crate::output::{Output, Paint, note};
use crate::units;
use crate::visible::{visible, visible_lines};
use groups::Groups;
use sheet::Sheet;

const EXAMPLES: &str = "\
Examples:
  domesday review --inventory inv
  domesday review 9f0c2d1e-8a77-8b1c-9e55-0123456789ab --reject --reason 'order numbers' --inventory inv
  domesday review --order uncertain --detectors us --inventory inv
  domesday review --export findings.csv --inventory inv
  domesday review --import findings.csv --inventory inv
  duckdb -c '.read inv/views.sql' -c 'FROM reviews'

Answers while findings are gone through:
  c confirm   it is what the detector says      r reject   it is not      a accept   it is, and it may be there
  s show what stands at the first place         o one by one              n next     u undo    q quit";

/// What `domesday review --help` begins with.
pub(crate) const ABOUT: &str = "\
Go through findings, and say which are right, wrong or accepted.

Without the id of a finding, shows what nobody has judged yet, the worst first: by column, and by folder where there is no column. \
On a terminal each group is asked for and every answer is kept at once; elsewhere the groups are listed.

A verdict holds for all scans to come, whatever becomes of the object: a finding's id is the same as long as its source, path, column and \
detector are. Findings that are rejected or accepted stay in the inventory with the reason in `suppressed_by`. They are in no sum or table of \
later summaries and scans, --fail-on passes them by, and the rows of `trend` that later scans write leave them out; earlier rows stay. A \
confirmed finding counts as before. The view `reviews` has the verdicts that hold, `reviews_history` all there ever were.

--export writes all findings as CSV for a spreadsheet; fill in `verdict` (confirmed, rejected, accepted, or withdrawn to take one back) and \
`reason`, and --import takes the file, as a whole or, where something in it is wrong, not at all. The reason and the name of who \
judged are kept as they are written: put no personal data of others into them.";

/// Arguments of `domesday review`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ReviewArgs {
    /// Ids of findings
    #[arg(value_name = "FINDING_ID", value_parser = finding_id, requires = "verdict", conflicts_with_all = ["import", "export", "list"])]
    findings: Vec<FindingId>,
    #[command(flatten)]
    inventory: InventoryArg,
    #[command(flatten)]
    verdict: VerdictArg,
    /// Why; must be there for --reject and --accept
    #[arg(long, value_name = "TEXT", requires = "findings")]
    reason: Option<String>,
    /// Who judges [default: the user]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Take verdicts from a CSV file, as --export writes it; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["export", "list"])]
    import: Option<PathBuf>,
    /// Write findings and their verdicts to a CSV file, or to stdout
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with = "list")]
    export: Option<PathBuf>,
    /// List the groups, and ask nothing
    #[arg(long)]
    list: bool,
    /// Which groups come first
    #[arg(long, value_enum, default_value_t)]
    order: Order,
    /// Only findings of these detectors or groups of them, for instance email_address,us.ssn or us
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    detectors: Vec<String>,
    /// Only findings at these paths, a pattern as in `scan --suppress`
    #[arg(long, value_name = "PATHS", value_parser = |text: &str| Ok::<_, String>(Glob::new(text)))]
    path: Option<Glob>,
    /// Also findings that have a verdict or are suppressed
    #[arg(long)]
    all: bool,
}

/// One of the verdicts.
#[derive(Args, Clone, Copy)]
#[group(id = "verdict", multiple = false, requires = "findings")]
struct VerdictArg {
    /// They are what the detector says
    #[arg(long)]
    confirm: bool,
    /// They are not: a false alarm
    #[arg(long)]
    reject: bool,
    /// They are, and may be there
    #[arg(long)]
    accept: bool,
    /// Take the verdict back
    #[arg(long)]
    withdraw: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum Order {
    /// The most sensitive first, then the most exposed, then the most values
    #[default]
    Worst,
    /// The least certain first
    Uncertain,
}

fn finding_id(text: &str) -> Result<FindingId, String> {
    FindingId::parse(text)
        .ok_or_else(|| "expected the id of a finding, as the view `findings` shows it".to_owned())
}

impl VerdictArg {
    fn chosen(self) -> Option<Verdict> {
        let Self { confirm, reject, accept, withdraw } = self;
        let all = [
            (confirm, Verdict::Confirmed),
            (reject, Verdict::Rejected),
            (accept, Verdict::Accepted),
            (withdraw, Verdict::Withdrawn),
        ];
        all.into_iter().find(|(is_chosen, _)| *is_chosen).map(|(_, verdict)| verdict)
    }
}

pub(crate) fn run(args: &ReviewArgs, output: &Output, paint: Paint) -> anyhow::Result<Exit> {
    let dir = args.inventory.require()?;
    if let Some(file) = &args.import {
        return import(args, &dir, file, output);
    }
    if let Some(file) = &args.export {
        return export(args, &dir, file, output);
    }
    if let Some(verdict) = args.verdict.chosen() {
        return judge(args, &dir, verdict, output);
    }
    let groups = Groups::collect(&dir, |finding| args.wants(finding))?.sorted(args.order);
    let asks = !args.list && std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if groups.is_empty() {
        output.write(b"Nothing is left to review.\n")?;
    } else if asks {
        session::run(args, &dir, groups, output, paint)?;
    } else {
        output.write(groups::table(&groups, paint).as_bytes())?;
    }
    Ok(Exit::Done)
}

impl ReviewArgs {
    /// Whether a finding is one of those that are chosen.
    fn chooses(&self, finding: &Reviewable) -> bool {
        let of_detector = |choice: &String| chooses(choice, &finding.detector);
        (self.detectors.is_empty() || self.detectors.iter().any(of_detector))
            && self.path.as_ref().is_none_or(|glob| glob.matches(&finding.path))
    }

    /// Whether a finding is to be judged.
    fn wants(&self, finding: &Reviewable) -> bool {
        let is_open = finding.review.is_none() && finding.suppressed_by.is_none();
        (self.all || is_open) && self.chooses(finding)
    }

    /// Who judges.
    fn judge(&self) -> anyhow::Result<String> {
        if let Some(name) = &self.by {
            if name.trim().is_empty() {
                bail!("--by is empty: give a name, or leave it out to use that of the user");
            }
            return Ok(name.clone());
        }
        let variable = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        let user = variable("USER").or_else(|| variable("LOGNAME"));
        let number = rustix::process::getuid().as_raw();
        Ok(user.or_else(|| user_name(number)).unwrap_or_else(|| format!("user {number}")))
    }
}

/// A verdict that takes a finding out of all sums has a reason.
fn check_reason(verdict: Verdict, reason: &str) -> anyhow::Result<()> {
    if verdict.hides() && reason.trim().is_empty() {
        bail!("say why they are {}, for those who read the inventory", verdict.name());
    }
    Ok(())
}

/// Gives a verdict on the findings that are named.
fn judge(args: &ReviewArgs, dir: &Path, verdict: Verdict, output: &Output) -> anyhow::Result<Exit> {
    let reason = args.reason.clone().unwrap_or_default();
    check_reason(verdict, &reason).context("--reason is missing")?;
    let inventory = Inventory::open_for_reviews(dir)?;
    let mut wanted = args.findings.clone();
    wanted.sort_unstable();
    wanted.dedup();
    let known = domesday_inventory::findings(dir, &wanted)?;
    if let Some(unknown) = wanted.iter().find(|id| !known.contains_key(id)) {
        bail!(
            "no finding of the current state has the id {unknown}: it may have ended with a later scan; nothing was kept"
        );
    }
    let is_denied = |row: &FindingRow| row.evidence.iter().any(|fact| fact == FactKind::DenyList.name());
    let denied = known.values().filter(|row| verdict.hides() && is_denied(row)).count();
    let (by, at) = (args.judge()?, Timestamp::now());
    let review = |&finding_id: &FindingId| {
        let (reason, by) = (reason.trim().to_owned(), by.clone());
        Review { finding_id, verdict, reason, by, at }
    };
    inventory.add_reviews(&wanted.iter().map(review).collect::<Vec<_>>())?;
    let count = units::counted(wanted.len() as u64, "finding is", "findings are");
    output.write(format!("{count} {} now.\n", verdict.name()).as_bytes())?;
    if denied > 0 {
        note(&format!(
            "domesday: {} values of a deny list: the verdict is kept, and they count all the same",
            units::counted(denied as u64, "finding has", "findings have")
        ));
    }
    Ok(Exit::Done)
}

fn export(args: &ReviewArgs, dir: &Path, file: &Path, output: &Output) -> anyhow::Result<Exit> {
    if file.is_file() {
        bail!(
            "{} exists already, and may hold verdicts: name another file, or import and remove it first",
            visible_lines(&file.display().to_string())
        );
    }
    let mut text = sheet::header();
    let mut count = 0;
    let mut findings = Vec::new();
    worklist(dir, |finding| {
        if args.chooses(&finding) {
            findings.push(finding);
        }
    })?;
    findings.sort_by(|a, b| {
        let of = |f: &Reviewable| (f.source.clone(), f.path.clone(), f.member.clone(), f.column_path.clone());
        of(a).cmp(&of(b)).then_with(|| a.detector.cmp(&b.detector))
    });
    for finding in &findings {
        count += 1;
        text.push_str(&sheet::row(finding));
    }
    if file == Path::new("-") {
        output.write(text.as_bytes())?;
        return Ok(Exit::Done);
    }
    let shown = visible_lines(&file.display().to_string());
    write_new(file, text.as_bytes()).with_context(|| format!("{shown} cannot be written"))?;
    note(&format!("{} in {shown}", units::counted(count, "finding", "findings")));
    Ok(Exit::Done)
}

/// Writes a file as a whole, or not at all.
fn write_new(file: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut temporary = file.as_os_str().to_owned();
    temporary.push(".new");
    let written = File::create(&temporary).and_then(|mut new| {
        new.write_all(content)?;
        new.sync_all()
    });
    written.and_then(|()| fs::rename(&temporary, file)).inspect_err(|_| {
        // What stays behind is overwritten the next time.
        let _ = fs::remove_file(&temporary);
    })
}

fn import(args: &ReviewArgs, dir: &Path, file: &Path, output: &Output) -> anyhow::Result<Exit> {
    let mut bytes = Vec::new();
    let is_stdin = file == Path::new("-");
    let shown =
        if is_stdin { "standard input".to_owned() } else { visible(file.as_os_str().as_encoded_bytes()) };
    let read = match is_stdin {
        true => std::io::stdin().read_to_end(&mut bytes),
        false => File::open(file).and_then(|mut file| file.read_to_end(&mut bytes)),
    };
    read.with_context(|| format!("{shown} cannot be read"))?;
    let sheet =
        Sheet::read(&bytes).map_err(|problem| anyhow!("{shown}, {problem}; nothing was taken from it"))?;
    let inventory = Inventory::open_for_reviews(dir)?;
    let known = inventory.reviews()?;
    let (by, now) = (args.judge()?, Timestamp::now());
    let given: Vec<_> =
        sheet.verdicts.iter().filter_map(|verdict| verdict.against(&known, &by, now)).collect();
    let ids: Vec<_> = given.iter().map(|review| review.finding_id).collect();
    let current: HashSet<_> = domesday_inventory::findings(dir, &ids)?.into_keys().collect();
    inventory.add_reviews(&given)?;
    let mut text = units::counted(given.len() as u64, "verdict", "verdicts") + " taken";
    let mut also = |count: usize, what: &str| {
        if count > 0 {
            text.push_str(&format!(", {} {what}", units::count(count as u64)));
        }
    };
    also(sheet.verdicts.len() - given.len(), "known already");
    also(sheet.without, "without a verdict");
    output.write(format!("{text}.\n").as_bytes())?;
    let ended = ids.iter().filter(|id| !current.contains(id)).count();
    if ended > 0 {
        note(&format!(
            "domesday: {} not in the current state of this inventory: the verdicts are kept, and hold should the findings return",
            units::counted(ended as u64, "of the findings is", "of the findings are")
        ));
    }
    Ok(Exit::Done)
}
