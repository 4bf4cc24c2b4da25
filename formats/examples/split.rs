//! Reads the files of a folder and does nothing with their text: what a format costs without any detector.
//! `cargo run --release -p domesday-formats --example split -- DIR`: one thread, three rounds.

use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use domesday_formats::{Limits, Scratch, Target, read_object};
use domesday_model::{ColumnIx, Layout, Window};

/// Counts cells.
#[derive(Default)]
struct Nothing {
    cells: u64,
}

impl Target for Nothing {
    fn column(&mut self, _: ColumnIx, _: &str, _: usize) {}

    fn window(&mut self, window: &Window<'_>) -> ControlFlow<()> {
        if let Layout::Cells(cells) = window.layout {
            self.cells += cells.len() as u64;
        }
        ControlFlow::Continue(())
    }
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files(&entry.path(), into)?;
        } else {
            into.push(entry.path());
        }
    }
    Ok(())
}

fn main() -> std::io::Result<()> {
    let folder = std::env::args_os().nth(1).unwrap_or_default();
    let mut paths = Vec::new();
    files(Path::new(&folder), &mut paths)?;
    paths.sort();
    let (limits, mut scratch) = (Limits::default(), Scratch::new());
    for _ in 0..3 {
        let start = Instant::now();
        let (mut bytes, mut nothing) = (0, Nothing::default());
        for path in &paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let mut input = File::open(path)?;
            match read_object(&mut input, &name, &limits, &mut scratch, &mut nothing) {
                Ok(content) => bytes += content.bytes_read,
                Err(error) => eprintln!("{error}"),
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        let speed = bytes as f64 / seconds / 1e9;
        println!("{} files, {bytes} bytes, {} cells, {speed:.3} GB/s", paths.len(), nothing.cells);
    }
    Ok(())
}
