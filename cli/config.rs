//! Where the inventory is: a flag beats the environment beats `domesday.toml` in the current folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use serde::Deserialize;

/// What is read in the current folder.
pub(crate) const FILE: &str = "domesday.toml";

/// The flag that all commands share which read or write an inventory.
#[derive(Args)]
pub(crate) struct InventoryArg {
    /// Folder of the inventory; `inventory = "…"` in ./domesday.toml also names it
    #[arg(long = "inventory", value_name = "DIR", env = "DOMESDAY_INVENTORY", value_parser = OsStringValueParser::new().map(PathBuf::from))]
    flag: Option<PathBuf>,
}

/// What the file may hold.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    inventory: Option<PathBuf>,
    /// What is accepted.
    #[serde(default)]
    pub(crate) suppress: Vec<RuleForm>,
    /// What is always reported.
    #[serde(default)]
    pub(crate) deny: Vec<RuleForm>,
}

/// A rule as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleForm {
    pub(crate) detector: Option<String>,
    pub(crate) path: Option<String>,
    /// Values, each as `domesday key token` writes it.
    #[serde(default)]
    pub(crate) tokens: Vec<String>,
    /// A file of such lines.
    pub(crate) tokens_from: Option<PathBuf>,
    /// A regular expression of values.
    pub(crate) pattern: Option<String>,
    pub(crate) reason: Option<String>,
}

/// What `domesday.toml` says; nothing where there is none.
pub(crate) fn settings() -> anyhow::Result<Settings> {
    read(Path::new(FILE))
}

impl InventoryArg {
    /// The folder, if anything names one.
    pub(crate) fn find(&self) -> anyhow::Result<Option<PathBuf>> {
        match &self.flag {
            Some(dir) if !dir.as_os_str().is_empty() => Ok(Some(dir.clone())),
            _ => Ok(read(Path::new(FILE))?.inventory),
        }
    }

    /// The folder; an error that says how to name one.
    pub(crate) fn require(&self) -> anyhow::Result<PathBuf> {
        match self.find()? {
            Some(dir) => Ok(dir),
            None => bail!(
                "where is the inventory? Name its folder with --inventory DIR, or set DOMESDAY_INVENTORY, or write \
                 inventory = \"DIR\" to {FILE} in this folder"
            ),
        }
    }
}

fn read(file: &Path) -> anyhow::Result<Settings> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Settings::default()),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", file.display())),
    };
    toml::from_str(&text).with_context(|| format!("{} is not what Domesday expects", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_mistakes_are_told() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let file = dir.path().join(FILE);
        assert_eq!(read(&file).expect("absent is fine").inventory, None);
        fs::write(&file, "inventory = \"inv\"\n").expect("writable");
        assert_eq!(read(&file).expect("it is TOML").inventory, Some(PathBuf::from("inv")));
        fs::write(&file, "inventry = \"inv\"\n").expect("writable");
        assert!(read(&file).is_err());
    }
}
