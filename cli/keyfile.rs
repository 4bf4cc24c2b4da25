//! The file that holds the key of the subject tokens: 64 hexadecimal digits that nobody but its owner may read.
//!
//! It lies in the user's configuration folder and not in an inventory, so that whoever gets a copy of the inventory
//! cannot try values against it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use domesday_inventory::MANIFEST;
use domesday_model::Key;

/// Overrules the place of the key file.
pub(crate) const VARIABLE: &str = "DOMESDAY_KEY_FILE";

/// Where the key file is, or would be.
pub(crate) struct KeyFile {
    pub(crate) path: PathBuf,
    /// It was named, so it must be there.
    named: bool,
}

impl KeyFile {
    /// From `DOMESDAY_KEY_FILE`, else in the configuration folder.
    pub(crate) fn locate() -> anyhow::Result<Self> {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(path) = variable(VARIABLE) {
            return Ok(Self { path, named: true });
        }
        let absolute = |path: &PathBuf| path.is_absolute();
        let config = variable("XDG_CONFIG_HOME").filter(absolute);
        let config = config.or_else(|| variable("HOME").map(|home| home.join(".config")));
        let config =
            config.ok_or_else(|| anyhow!("neither HOME nor {VARIABLE} is set: where is the key?"))?;
        Ok(Self { path: config.join("domesday/key"), named: false })
    }

    /// The key; `None` when there is none and none was named.
    pub(crate) fn read(&self) -> anyhow::Result<Option<Key>> {
        let path = self.path.display();
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound && !self.named => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("the key file {path} cannot be read")),
        };
        let metadata = file.metadata().with_context(|| format!("the key file {path} cannot be examined"))?;
        let mode = metadata.permissions().mode() & 0o777;
        if !metadata.is_file() {
            bail!("the key file {path} is not a regular file");
        }
        if mode & 0o077 != 0 {
            bail!("the key file {path} has mode {mode:04o}, others may read it: run chmod 600 on it");
        }
        let mut text = String::new();
        file.take(256)
            .read_to_string(&mut text)
            .map_err(|_| anyhow!("the key file {path} does not hold 64 hexadecimal digits"))?;
        let bytes = parse(text.trim()).ok_or_else(|| {
            anyhow!("the key file {path} does not hold 64 hexadecimal digits: restore it from its backup")
        })?;
        Ok(Some(Key::from_bytes(bytes)))
    }

    /// Writes a new key, never over another one.
    pub(crate) fn create(&self) -> anyhow::Result<Key> {
        let path = self.path.display();
        let folder = self.path.parent().unwrap_or(Path::new("."));
        if folder.join(MANIFEST).try_exists().unwrap_or_default() {
            bail!(
                "{path} lies in an inventory: choose a place that people who may read the inventory cannot read"
            );
        }
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| anyhow!("the system gives no random numbers"))?;
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            make_folder(folder).with_context(|| format!("{} cannot be created", folder.display()))?;
        }
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.path);
        let mut file = match opened {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                bail!(
                    "{path} exists: a new key would make the tokens of every inventory useless, so it stays"
                )
            }
            opened => opened.with_context(|| format!("{path} cannot be created"))?,
        };
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let written = writeln!(file, "{digits}").and_then(|()| file.sync_all());
        if written.is_err() {
            // Half a key would be taken for a damaged one.
            let _ = fs::remove_file(&self.path);
        }
        written.with_context(|| format!("{path} cannot be written"))?;
        Ok(Key::from_bytes(bytes))
    }
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        make_folder(parent)?;
    }
    DirBuilder::new().mode(0o700).create(folder)
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len() == 64)?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair[0] * 16 + pair[1];
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_folder(named: bool) -> (tempfile::TempDir, KeyFile) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("config/domesday/key");
        (dir, KeyFile { path, named })
    }

    #[test]
    fn a_new_key_is_private_and_comes_back() {
        let (_dir, file) = in_folder(false);
        assert!(file.read().expect("absent is fine").is_none());
        let key = file.create().expect("it can be written");
        assert!(file.read().expect("readable") == Some(key));
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&file.path), 0o600);
        assert_eq!(mode(file.path.parent().expect("it has one")), 0o700);
        assert!(file.create().is_err(), "a key is never overwritten");
    }

    #[test]
    fn a_key_file_that_is_open_damaged_or_missing_is_refused() {
        let (_dir, file) = in_folder(true);
        assert!(file.read().is_err());
        file.create().expect("it can be written");
        fs::set_permissions(&file.path, fs::Permissions::from_mode(0o640)).expect("ours");
        let error = file.read().expect_err("others may read it").to_string();
        assert!(error.contains("0640") && error.contains("chmod 600"), "{error}");
        fs::set_permissions(&file.path, fs::Permissions::from_mode(0o600)).expect("ours");
        fs::write(&file.path, "abcdef").expect("ours");
        let error = file.read().expect_err("too short").to_string();
        assert!(!error.contains("abcdef"), "{error}");
    }
}
