//! The reference of the command line, `docs/cli.md`: made from the definitions of the commands, as the help is.

mod detectors;

use std::fmt::Write;
use std::path::Path;

use clap::{Arg, ArgAction, Command, CommandFactory};

const INTRODUCTION: &str = include_str!("reference.md");

/// All commands in Markdown.
fn reference() -> String {
    let mut program = crate::Cli::command().disable_help_subcommand(true);
    program.build();
    let mut text = INTRODUCTION.to_owned();
    push_command(&mut text, &program);
    text
}

/// A command and those below it. Writing to a string cannot fail.
fn push_command(text: &mut String, command: &Command) {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let about = command.get_long_about().or_else(|| command.get_about());
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let _ = write!(
        text,
        "\n## `{name}`\n\n{}\n\n",
        sentence(&about.map(ToString::to_string).unwrap_or_default())
    );
    let _ = write!(text, "```text\n{usage}\n```\n");
    let shown = |arg: &&Arg| {
        let is_help =
            matches!(arg.get_action(), ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong);
        let is_everywhere = arg.is_global_set() && name != "domesday";
        !arg.is_hide_set() && !is_help && !is_everywhere
    };
    let arguments: Vec<_> = command.get_arguments().filter(shown).collect();
    if !arguments.is_empty() {
        text.push_str("\n| argument | meaning |\n|---|---|\n");
        arguments.iter().for_each(|arg| push_argument(text, arg));
    }
    if let Some(behind) = command.get_after_help() {
        let _ = write!(text, "\n```text\n{behind}\n```\n");
    }
    command.get_subcommands().for_each(|command| push_command(text, command));
}

fn push_argument(text: &mut String, arg: &Arg) {
    let takes_value = arg.get_action().takes_values();
    let flags = [arg.get_short().map(|c| format!("-{c}")), arg.get_long().map(|name| format!("--{name}"))];
    let flags: Vec<_> = flags.into_iter().flatten().collect();
    let values = arg.get_value_names().unwrap_or_default().iter().map(|name| name.as_str());
    let values = if takes_value { values.collect::<Vec<_>>().join(" ") } else { String::new() };
    let shown = match flags.as_slice() {
        [] => values,
        flags if values.is_empty() => flags.join(", "),
        flags => format!("{} {values}", flags.join(", ")),
    };
    let help = arg.get_long_help().or_else(|| arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut notes = vec![sentence(&help)];
    if takes_value {
        let values = arg.get_possible_values();
        let values = values.iter().filter(|value| !value.is_hide_set()).map(|value| match value.get_help() {
            Some(help) => format!("`{}`: {help}", value.get_name()),
            None => format!("`{}`", value.get_name()),
        });
        notes.extend(values);
        let defaults = arg.get_default_values().iter().map(|value| value.to_string_lossy());
        let defaults = defaults.collect::<Vec<_>>().join(",");
        notes.extend((!defaults.is_empty()).then(|| format!("Default: `{defaults}`.")));
    }
    notes.extend(arg.get_env().map(|name| format!("Environment: `{}`.", name.to_string_lossy())));
    let notes = notes.join("<br>").replace('\n', " ").replace('|', "\\|");
    let _ = writeln!(text, "| `{}` | {notes} |", shown.replace('|', "\\|"));
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', ']']) { text.to_owned() } else { format!("{text}.") }
}

/// Whether a page of the docs is what it is made from; brings it up to date where that is asked for.
fn check(page: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    if std::env::var_os("DOMESDAY_UPDATE_DOCS").is_some() {
        std::fs::write(&path, expected).expect("the reference is written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{page} is stale: run DOMESDAY_UPDATE_DOCS=1 cargo test --workspace --bin domesday reference"
    );
}

#[test]
fn reference_in_docs_is_up_to_date() {
    check("docs/cli.md", &reference());
}

/// The width of the terminal breaks them.
#[test]
fn paragraphs_of_help_are_not_broken_by_hand() {
    fn check(command: &Command) {
        let about = command.get_long_about().map(ToString::to_string).unwrap_or_default();
        let broken: Vec<_> =
            about.split("\n\n").filter(|paragraph| paragraph.trim().contains('\n')).collect();
        assert!(broken.is_empty(), "{}: {broken:?}", command.get_name());
        command.get_subcommands().for_each(check);
    }
    let mut program = crate::Cli::command();
    program.build();
    check(&program);
}
