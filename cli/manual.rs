//! `domesday man`: manual pages, made from the definitions of the commands.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use domesday_model::Timestamp;

use crate::exit::Exit;
use crate::output::Output;
use crate::units;

const EXAMPLES: &str = "\
Examples:
  domesday man | man -l -
  domesday man ~/.local/share/man/man1 && man domesday-scan";

/// Arguments of `domesday man`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ManArgs {
    /// Write domesday.1, domesday-scan.1 and so on to this folder
    dir: Option<PathBuf>,
}

pub(crate) fn run(args: &ManArgs, program: Command, output: &Output) -> anyhow::Result<Exit> {
    let mut program = program.disable_help_subcommand(true);
    program.build();
    match &args.dir {
        Some(dir) => {
            fs::create_dir_all(dir).with_context(|| format!("{dir:?} cannot be made"))?;
            write_all(&program, dir)?;
        }
        None => output.write(&page(&program)?)?,
    }
    Ok(Exit::Done)
}

/// The page of a command and of all below it.
fn write_all(command: &Command, dir: &Path) -> anyhow::Result<()> {
    let file = dir.join(format!("{}.1", display_name(command)));
    fs::write(&file, page(command)?).with_context(|| format!("{file:?} cannot be written"))?;
    command.get_subcommands().try_for_each(|command| write_all(command, dir))
}

/// `domesday-scan`.
fn display_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

/// The day on which a page is made, or that which a build that can be repeated tells (reproducible-builds.org).
fn date() -> String {
    let told = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse::<u32>().ok());
    let at = told.map_or_else(Timestamp::now, |seconds| Timestamp(i64::from(seconds) * 1_000_000));
    units::time(at).chars().take_while(|c| *c != ' ').collect()
}

/// The sections that the generator makes, and those of the text behind the help under their own names.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone());
    // The generator's own title line leaves the date out, and what follows it takes its place.
    let (title, date) = (display_name(command).to_uppercase(), date());
    let mut page =
        format!(".TH {title} 1 \"{date}\" \"domesday {}\" \"Domesday\"\n", env!("CARGO_PKG_VERSION"))
            .into_bytes();
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let behind = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    for section in behind.split("\n\n").filter(|section| !section.is_empty()) {
        let mut roff = Roff::new();
        let (title, lines) = section.split_once(":\n").unwrap_or(("Examples", section));
        roff.control("SH", [title.to_uppercase().as_str()]).control("nf", []);
        lines.lines().for_each(|line| _ = roff.text([roman(line)]));
        roff.control("fi", []).to_writer(&mut page)?;
    }
    Ok(page)
}
