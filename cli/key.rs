//! `domesday key`: the secret that subject tokens are made with.

use clap::{Args, Subcommand};

use crate::exit::Exit;
use crate::keyfile::{KeyFile, VARIABLE};
use crate::output::Output;
use crate::visible::visible_lines;

/// Arguments of `domesday key`.
#[derive(Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Make a new key, and never overwrite one
    #[command(
        after_help = "Examples:\n  domesday key init\n  DOMESDAY_KEY_FILE=/secure/key domesday key init"
    )]
    Init,
    /// Show the id and the place of the key, never the key
    Show,
}

pub(crate) fn run(args: &KeyArgs, output: &Output) -> anyhow::Result<Exit> {
    let file = KeyFile::locate()?;
    let text = match args.command {
        KeyCommand::Init => {
            let key = file.create()?;
            let path = file.path.display();
            format!(
                "Key {id} is in {path}\n\n\
                 Scans from now on write subject tokens with it, by which a person is found again without a raw value in \
                 the\ninventory. Lookups need this very key. Back it up where you keep passwords, for instance:\n  \
                 cat {path}     (copy the 64 digits to a password manager)\n\
                 Do not keep it in or beside an inventory. On another machine, put it into a file of mode 0600 and name \
                 that\nin {VARIABLE}.\n",
                id = key.id(),
            )
        }
        KeyCommand::Show => match file.read()? {
            Some(key) => format!("key   {}\nfile  {}\n", key.id(), file.path.display()),
            None => {
                anyhow::bail!("there is no key at {}: `domesday key init` makes one", file.path.display())
            }
        },
    };
    output.write(visible_lines(&text).as_bytes())?;
    Ok(Exit::Done)
}
