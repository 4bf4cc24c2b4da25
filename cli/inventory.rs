//! `domesday inventory`: what a privacy officer wants to see first, and the views for DuckDB.

use std::path::Path;

use clap::{Args, Subcommand, ValueEnum};

use crate::config::InventoryArg;
use crate::exit::Exit;
use crate::output::{Output, Paint};
use crate::summary;

/// Arguments of `domesday inventory`.
#[derive(Args)]
pub(crate) struct InventoryArgs {
    #[command(subcommand)]
    command: InventoryCommand,
}

#[derive(Subcommand)]
enum InventoryCommand {
    /// What was read and what was not; then which personal data there is, where, how sensitive, how exposed
    #[command(after_help = "Examples:\n  domesday inventory summary --inventory inv\n  \
        domesday inventory summary --inventory inv --format json | jq .coverage")]
    Summary {
        #[command(flatten)]
        inventory: InventoryArg,
        /// Text for people, or one JSON object
        #[arg(long, value_enum, default_value_t)]
        format: SummaryFormat,
    },
    /// Write views.sql anew, for instance after the inventory was moved
    #[command(after_help = "Example:\n  domesday inventory views --inventory inv\n  \
        duckdb -c \".read inv/views.sql\" -c \"FROM findings\"")]
    Views {
        #[command(flatten)]
        inventory: InventoryArg,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum SummaryFormat {
    #[default]
    Text,
    Json,
}

pub(crate) fn run(args: &InventoryArgs, output: &Output, paint: Paint) -> anyhow::Result<Exit> {
    match &args.command {
        InventoryCommand::Summary { inventory, format } => {
            let found = domesday_inventory::summary(&inventory.require()?)?;
            let text = match format {
                SummaryFormat::Text => summary::text(&found, paint),
                SummaryFormat::Json => format!("{:#}\n", summary::json(&found)),
            };
            output.write(text.as_bytes())?;
        }
        InventoryCommand::Views { inventory } => {
            let dir = inventory.require()?;
            domesday_inventory::write_views(&dir)?;
            let shown =
                crate::visible::visible_lines(&Path::new(&dir).join("views.sql").display().to_string());
            output.write(format!("{shown} is up to date\n").as_bytes())?;
        }
    }
    Ok(Exit::Done)
}
