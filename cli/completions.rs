//! `domesday completions`: scripts for shells, made from the definitions of the commands.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::exit::Exit;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  domesday completions bash > ~/.local/share/bash-completion/completions/domesday
  domesday completions zsh > ~/.zfunc/_domesday
  domesday completions fish > ~/.config/fish/completions/domesday.fish
  domesday completions powershell >> $PROFILE
  domesday completions elvish >> ~/.config/elvish/rc.elv";

/// Arguments of `domesday completions`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CompletionsArgs {
    /// The shell that will read it
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &CompletionsArgs, mut program: Command, output: &Output) -> anyhow::Result<Exit> {
    let name = program.get_name().to_owned();
    // It panics when it cannot write: memory always takes it.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, name, &mut script);
    output.write(&script)?;
    Ok(Exit::Done)
}
