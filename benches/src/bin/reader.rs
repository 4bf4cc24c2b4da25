//! Reads every file of a tree once and does nothing with it: the upper limit of any scanner.
//! `reader DIR`: one thread, `read` into a reused buffer of 256 KB.

use std::fs::File;
use std::io::Read;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let root = match domesday_benches::tree::argument() {
        Ok(root) => root,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(3);
        }
    };
    let start = Instant::now();
    let mut buffer = vec![0; 256 << 10];
    let (mut files, mut bytes, mut failed) = (0u64, 0u64, 0u64);
    let mut read = |path: &std::path::Path| -> std::io::Result<()> {
        let mut file = File::open(path)?;
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(()),
                n => bytes += n as u64,
            }
        }
    };
    let listed = domesday_benches::tree::files(&root, &mut |path| match read(path) {
        Ok(()) => files += 1,
        Err(_) => failed += 1,
    });
    if listed.is_err() || failed > 0 {
        eprintln!("{failed} files could not be read");
        return ExitCode::from(2);
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{files} files, {bytes} bytes, {seconds:.3} s, {:.2} GB/s", bytes as f64 / seconds / 1e9);
    ExitCode::SUCCESS
}
