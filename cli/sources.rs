//! What `SOURCE…` names, and who owns an object where sources overlap.

use std::ffi::OsStr;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use domesday_connectors::Files;
use domesday_model::Reason;

/// The path that an argument names.
pub(crate) fn path_of(argument: &OsStr) -> anyhow::Result<PathBuf> {
    if argument == "-" {
        bail!("reading standard input is not supported yet: write it to a file and scan that");
    }
    let Some((scheme, rest)) = argument.to_str().and_then(|text| text.split_once("://")) else {
        return Ok(PathBuf::from(argument));
    };
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    match scheme.to_ascii_lowercase().as_str() {
        "file" => file_url(rest),
        // The rest may hold a password.
        name if !name.is_empty() && name.chars().all(is_scheme) => {
            bail!("{name}:// is not supported yet: this version scans paths and file:// URLs")
        }
        _ => Ok(PathBuf::from(argument)),
    }
}

/// The path of what follows `file://`: an absolute path with `%XX`, after nothing or `localhost`.
fn file_url(rest: &str) -> anyhow::Result<PathBuf> {
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    if !path.starts_with('/') {
        bail!("a file URL has three slashes and an absolute path, for instance file:///srv/share");
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut encoded = path.bytes();
    while let Some(byte) = encoded.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || encoded.next().and_then(|byte| char::from(byte).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else {
            bail!("in a file URL, % is followed by two hexadecimal digits");
        };
        bytes.push((high * 16 + low) as u8);
    }
    Ok(PathBuf::from(OsString::from_vec(bytes)))
}

/// A source that is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Located {
    /// As it was given.
    given: PathBuf,
    /// Absolute, without links.
    real: PathBuf,
}

impl Located {
    /// Makes sure that the argument names something that can be scanned.
    pub(crate) fn new(argument: &OsStr) -> anyhow::Result<Self> {
        let given = path_of(argument)?;
        Files::new(&given, None, &[])?;
        let real = given.canonicalize().with_context(|| format!("{given:?} cannot be opened"))?;
        Ok(Self { given, real })
    }

    /// Where it is.
    pub(crate) fn real(&self) -> &Path {
        &self.real
    }

    /// The folder that paths of its objects are relative to.
    pub(crate) fn folder(&self) -> &Path {
        let parent = self.real.parent().filter(|_| !self.real.is_dir());
        parent.unwrap_or(&self.real)
    }

    /// Opens it, without what belongs to the inventory or to a more specific one of `all`.
    pub(crate) fn open(&self, name: Option<&str>, all: &[Self], inventory: &Path) -> anyhow::Result<Files> {
        let more_specific = |other: &&Self| other.real != self.real && other.real.starts_with(&self.real);
        let mut left_out = vec![(inventory.to_owned(), Reason::Inventory)];
        left_out.extend({ all.iter().filter(more_specific) }.map(|o| (o.real.clone(), Reason::OtherSource)));
        Ok(Files::new(&self.given, name, &left_out)?)
    }

    /// How people recognise it.
    pub(crate) fn shown(&self) -> String {
        crate::visible::visible(self.given.as_os_str().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(argument: &str) -> Result<PathBuf, String> {
        path_of(OsStr::new(argument)).map_err(|error| error.to_string())
    }

    #[test]
    fn paths_and_file_urls_name_paths() {
        assert_eq!(path("share/a b"), Ok(PathBuf::from("share/a b")));
        assert_eq!(path("file:///srv/a%20b"), Ok(PathBuf::from("/srv/a b")));
        assert_eq!(path("file://localhost/srv"), Ok(PathBuf::from("/srv")));
        assert_eq!(path("./odd name://x"), Ok(PathBuf::from("./odd name://x")));
        assert!(path("file://srv/a").is_err() && path("file:///a%2").is_err());
    }

    #[test]
    fn other_schemes_are_refused_without_a_password() {
        let error = path("postgres://user:secret@db/x").expect_err("not supported yet");
        assert!(error.contains("postgres://") && !error.contains("secret"), "{error}");
        assert!(path("-").is_err());
    }
}
