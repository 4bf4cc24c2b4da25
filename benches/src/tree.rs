//! Finding the files of a corpus with nothing but the standard library: what others are compared with must not use
//! what is measured.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Calls `visit` with every regular file below `root`, or with `root` if it is one.
///
/// # Errors
/// When a directory cannot be listed.
pub fn files(root: &Path, visit: &mut dyn FnMut(&Path)) -> io::Result<()> {
    let mut pending: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(path) = pending.pop() {
        if path.is_file() {
            visit(&path);
            continue;
        }
        for entry in fs::read_dir(&path)? {
            let entry = entry?;
            let file_type = entry.file_type()?;
            if file_type.is_dir() {
                pending.push(entry.path());
            } else if file_type.is_file() {
                visit(&entry.path());
            }
        }
    }
    Ok(())
}

/// The only argument of a program that reads a corpus.
///
/// # Errors
/// When there is none or more than one.
pub fn argument() -> Result<PathBuf, String> {
    let mut arguments = std::env::args_os().skip(1);
    match (arguments.next(), arguments.next()) {
        (Some(root), None) => Ok(root.into()),
        _ => Err("name one directory to read".to_owned()),
    }
}
