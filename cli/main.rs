//! The `domesday` command: flags, exit codes, progress, rendering. The work is done by the crates below it.

mod choice;
mod completions;
mod condition;
mod config;
mod describe;
mod detectors;
mod encoding;
mod exit;
mod explain;
mod findings;
mod inventory;
mod jsonl;
mod key;
mod keyfile;
mod manual;
mod marks;
mod memory;
mod output;
mod probe;
mod progress;
#[cfg(test)]
mod reference;
mod report;
mod review;
mod rules;
mod sarif;
mod scan;
mod show;
mod sink;
mod sources;
mod summary;
mod surroundings;
mod table;
mod tally;
mod units;
mod uri;
mod visible;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use exit::Exit;
use output::{Color, Output, Paint, note, report};

/// Finds personal data in file shares and keeps a Parquet inventory of it, with no raw value inside.
#[derive(Parser)]
#[command(name = "domesday", version, about, after_help = "Start with: domesday scan PATH --inventory DIR")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Colours in what people read
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", display_order = 100)]
    color: Color,
}

#[derive(Subcommand)]
enum Command {
    /// Look for personal data, and bring the inventory up to date
    Scan(scan::ScanArgs),
    /// Show what stands at a place, masked unless --reveal
    #[command(long_about = show::ABOUT)]
    Show(show::ShowArgs),
    /// Explain why a text is, or is not, a finding, or why a finding was made
    #[command(long_about = explain::ABOUT)]
    Explain(explain::ExplainArgs),
    /// List, show, try out, check and begin detectors
    Detectors(detectors::DetectorsArgs),
    /// Go through findings, and say which are right, wrong or accepted
    #[command(long_about = review::ABOUT)]
    Review(review::ReviewArgs),
    /// Look into an inventory
    Inventory(inventory::InventoryArgs),
    /// Make, or tell of, the key that subject tokens are made with
    Key(key::KeyArgs),
    /// Print a script that completes commands, flags and their values in a shell
    Completions(completions::CompletionsArgs),
    /// Print the manual page, or write the pages of all commands to a folder
    Man(manual::ManArgs),
}

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        // Its message may quote what was being read.
        let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
        note(&format!(
            "domesday: internal error{place}; an object that was being read is recorded as corrupt; please report this"
        ));
    }));
    let command = Cli::command().color(Color::of(std::env::args_os().skip(1)));
    let cli = match command.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return answer(&error).into(),
    };
    catch_unwind(AssertUnwindSafe(|| run(&cli))).unwrap_or(Exit::Error).into()
}

/// What clap itself answers: help and version on stdout, mistakes on stderr.
fn answer(error: &clap::Error) -> Exit {
    // Nobody is left to be told when this fails.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Done,
        _ => Exit::Error,
    }
}

fn run(cli: &Cli) -> Exit {
    let output = Output::default();
    let paint = (Paint::stdout(cli.color), Paint::stderr(cli.color));
    let ended = match &cli.command {
        Command::Scan(args) => scan::run(args, &output, paint),
        Command::Show(args) => show::run(args, &output, paint.0),
        Command::Explain(args) => explain::run(args, &output, paint.0),
        Command::Detectors(args) => detectors::run(args, &output, paint.0),
        Command::Review(args) => review::run(args, &output, paint.0),
        Command::Inventory(args) => inventory::run(args, &output, paint.0),
        Command::Key(args) => key::run(args, &output),
        Command::Completions(args) => completions::run(args, Cli::command(), &output),
        Command::Man(args) => manual::run(args, Cli::command(), &output),
    };
    ended.unwrap_or_else(|error| {
        report(&error);
        Exit::Error
    })
}
