//! Searches a tree for 68 patterns of personal data with one regex-automata engine: what a scanner built on a fast
//! regex library would do. `regex68 DIR`: one thread, 64 MB for the lazy DFA, each file read whole.
//! `regex68 --patterns` prints the patterns, one a line, for engines in other languages.

use std::fs::File;
use std::io::Read;
use std::process::ExitCode;
use std::time::Instant;

use domesday_benches::patterns;

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|first| first == "--patterns") {
        patterns::PATTERNS.iter().for_each(|(_, pattern)| println!("{pattern}"));
        return ExitCode::SUCCESS;
    }
    let root = match domesday_benches::tree::argument() {
        Ok(root) => root,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(3);
        }
    };
    let regex = match patterns::engine() {
        Ok(regex) => regex,
        Err(error) => {
            eprintln!("the patterns do not compile: {error}");
            return ExitCode::from(3);
        }
    };
    let start = Instant::now();
    let mut content = Vec::new();
    let (mut files, mut bytes, mut matches) = (0u64, 0u64, 0u64);
    let listed = domesday_benches::tree::files(&root, &mut |path| {
        content.clear();
        if File::open(path).and_then(|mut file| file.read_to_end(&mut content)).is_ok() {
            files += 1;
            bytes += content.len() as u64;
            matches += regex.find_iter(&content).count() as u64;
        }
    });
    if listed.is_err() {
        eprintln!("the tree cannot be listed");
        return ExitCode::from(2);
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{files} files, {bytes} bytes, {matches} matches, {seconds:.3} s, {:.3} GB/s",
        bytes as f64 / seconds / 1e9
    );
    ExitCode::SUCCESS
}
