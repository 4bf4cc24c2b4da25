//! Where the inventory is: a flag beats the environment beats `domesday.toml` in the current folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use domesday_model::{Glob, Suppression};
use serde::Deserialize;

const FILE: &str = "domesday.toml";

/// The flag that all commands share which read or write an inventory.
#[derive(Args)]
pub(crate) struct InventoryArg {
    /// Folder of the inventory; `inventory = "…"` in ./domesday.toml also names it
    #[arg(long = "inventory", value_name = "DIR", env = "DOMESDAY_INVENTORY")]
    flag: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    inventory: Option<PathBuf>,
    #[serde(default)]
    suppress: Vec<SuppressForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SuppressForm {
    detector: Option<String>,
    path: Option<String>,
    reason: String,
}

/// The findings that `domesday.toml` suppresses.
pub(crate) fn suppressions() -> anyhow::Result<Vec<Suppression>> {
    let forms = read(Path::new(FILE))?.suppress;
    forms.into_iter().map(|form| form.build().with_context(|| format!("[[suppress]] in {FILE}"))).collect()
}

impl SuppressForm {
    fn build(self) -> anyhow::Result<Suppression> {
        if self.detector.is_none() && self.path.is_none() {
            bail!(
                "it names neither a detector nor a path, so it would suppress everything; path = \"**\" means that"
            );
        }
        if self.reason.trim().is_empty() {
            bail!(
                "the reason is empty: say why these findings are accepted, for those who read the inventory"
            );
        }
        Ok(Suppression {
            detector: self.detector,
            path: self.path.map(|path| Glob::new(&path)),
            reason: self.reason,
        })
    }
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
