//! What `SOURCE…` names, and who owns an object where sources overlap.

use std::ffi::OsStr;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use domesday_connectors::Files;
use domesday_inventory::{Claim, KnownSource, SourceInfo};
use domesday_model::{Reason, SourceId};

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

/// What a source shares with those that earlier scans knew.
#[derive(Default)]
pub(crate) struct Overlap<'a> {
    /// The same place under another name.
    pub(crate) same: Option<&'a KnownSource>,
    /// Sources within it, and their places.
    pub(crate) more_specific: Vec<(&'a KnownSource, PathBuf)>,
    /// It lies within those.
    pub(crate) claims: Vec<Claim>,
}

/// Where a known source was.
fn place_of(source: &SourceInfo) -> PathBuf {
    let root = PathBuf::from(&source.root);
    source.only.as_ref().map_or_else(|| root.clone(), |only| root.join(only))
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

    /// The name under which it is known.
    pub(crate) fn name(&self, given: Option<&str>) -> String {
        given.map_or_else(|| self.real.to_string_lossy().into_owned(), str::to_owned)
    }

    /// The name of the file, where it is one.
    pub(crate) fn only(&self) -> Option<String> {
        let name = self.real.file_name().filter(|_| !self.real.is_dir());
        name.map(|name| name.to_string_lossy().into_owned())
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

    /// Opens it, without what belongs to the inventory or to more specific sources.
    pub(crate) fn open(
        &self,
        name: &str,
        inventory: &Path,
        more_specific: &[PathBuf],
    ) -> anyhow::Result<Files> {
        let mut left_out = vec![(inventory.to_owned(), Reason::Inventory)];
        left_out.extend(more_specific.iter().map(|path| (path.clone(), Reason::OtherSource)));
        Ok(Files::new(&self.given, Some(name), &left_out)?)
    }

    /// How it and the sources that the inventory knows share their objects out.
    pub(crate) fn overlap<'a>(&self, id: SourceId, known: &'a [KnownSource]) -> Overlap<'a> {
        let mut overlap = Overlap::default();
        for known in known.iter().filter(|known| known.source.id != id) {
            let place = place_of(&known.source);
            if place == self.real {
                overlap.same = Some(known);
            } else if place.starts_with(&self.real) {
                // Of a source that was never seen whole nobody else may leave out anything.
                let is_there = place.try_exists().unwrap_or(true);
                overlap.more_specific.extend((known.is_complete && is_there).then_some((known, place)));
            } else if let Ok(part) = self.real.strip_prefix(&place) {
                let path = part.as_os_str().as_bytes().to_vec();
                overlap.claims.push(Claim { source: known.source.id, path });
            }
        }
        overlap
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
