//! Gathers the detector files and word lists, so that adding one is adding a file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut code = String::new();
    for (constant, folder, extension) in [("DETECTORS", "detectors", "toml"), ("LISTS", "lists", "txt")] {
        println!("cargo::rerun-if-changed={folder}");
        let mut files = Vec::new();
        collect(&root.join(folder), extension, &mut files)?;
        files.sort();
        writeln!(code, "pub(crate) const {constant}: &[(&str, &str)] = &[").expect("strings grow");
        for file in files {
            let name = file.strip_prefix(root.join(folder)).expect("below it").display().to_string();
            writeln!(code, "    ({name:?}, include_str!({:?})),", file.display().to_string())
                .expect("strings grow");
        }
        code.push_str("];\n");
    }
    fs::write(PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("builtin.rs"), code)
}

fn collect(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, extension, files)?;
        } else if path.extension().is_some_and(|e| e == extension) {
            files.push(path);
        }
    }
    Ok(())
}
