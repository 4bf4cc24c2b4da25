//! Measures how often a scan is right. `accuracy PROGRAM [--set reporting|choosing] [--seed N] [--each 12] [--clean 4MB]
//! [--keep DIR] [--misses FILE]`: writes the corpus, scans it with the program, prints the report.

use std::fs::File;
use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use domesday_benches::accuracy::{Corpus, EACH, Miss, Score, Set, page, read_findings, score};

const USAGE: &str = "accuracy PROGRAM [--set reporting|choosing] [--seed N] [--each N] [--clean BYTES] [--keep DIR] [--misses FILE]";

struct Arguments {
    program: PathBuf,
    set: Set,
    seed: Option<u64>,
    each: usize,
    clean: usize,
    keep: PathBuf,
    misses: Option<PathBuf>,
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Option<Arguments> {
    let program = PathBuf::from(arguments.next()?);
    let keep = std::env::temp_dir().join(format!("domesday-accuracy-{}", std::process::id()));
    let mut parsed = Arguments {
        program,
        set: Set::Reporting,
        seed: None,
        each: EACH,
        clean: 4_000_000,
        keep,
        misses: None,
    };
    while let Some(option) = arguments.next() {
        let value = arguments.next()?;
        match option.as_str() {
            "--set" => parsed.set = Set::parse(&value)?,
            "--seed" => parsed.seed = Some(value.parse().ok()?),
            "--each" => parsed.each = value.parse().ok()?,
            "--clean" => parsed.clean = value.parse().ok()?,
            "--keep" => parsed.keep = PathBuf::from(value),
            "--misses" => parsed.misses = Some(PathBuf::from(value)),
            _ => return None,
        }
    }
    Some(parsed)
}

fn measure(arguments: &Arguments) -> io::Result<(Corpus, Score)> {
    let Arguments { program, set, each, clean, keep, .. } = arguments;
    let root = keep.join("corpus");
    let corpus = Corpus::write(&root, *set, arguments.seed.unwrap_or(set.seed()), *each, *clean / 6)?;
    let mut scan = Command::new(program)
        .args(["scan", "--format", "jsonl", "--min-confidence", "0.1", "--quiet", "--inventory"])
        .arg(keep.join("inventory"))
        .arg(&root)
        .stdout(Stdio::piped())
        .spawn()?;
    let findings = read_findings(BufReader::new(scan.stdout.take().expect("it is piped")))?;
    let status = scan.wait()?;
    if !status.success() {
        return Err(io::Error::other(format!("the scan ended with {status}")));
    }
    let score = score(&corpus, &findings)?;
    Ok((corpus, score))
}

/// What was missed and what was wrongly reported, with the line that it stands in.
fn write_misses(root: &Path, to: &Path, score: &Score) -> io::Result<()> {
    let mut out = File::create(to)?;
    let mut write = |what: String, path: &str, (start, end): (u64, u64), more: String| {
        let text = std::fs::read(root.join(path))?;
        let (start, end) = (start as usize, end as usize);
        let line = |byte: &u8| *byte == b'\n';
        let from = text[..start].iter().rposition(line).map_or(0, |at| at + 1);
        let to = text[end..].iter().position(line).map_or(text.len(), |at| end + at);
        let value = String::from_utf8_lossy(&text[start..end]);
        let line = String::from_utf8_lossy(&text[from..to]);
        writeln!(out, "{what}\t{path}\t{value}\t{}\t{more}", line.trim())
    };
    for Miss { label, reported } in &score.misses {
        let what = format!("{:?}\t{}", label.truth, label.detector);
        write(what, &label.path, (label.start, label.end), format!("{reported:?}"))?;
    }
    for wrong in &score.wrong {
        let what = format!("Wrong\t{}", wrong.detector);
        write(what, &wrong.path, (wrong.byte_start, wrong.byte_end), wrong.confidence.to_string())?;
    }
    Ok(())
}

fn main() -> ExitCode {
    let Some(arguments) = parse(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(3);
    };
    let measured = measure(&arguments).and_then(|(corpus, score)| {
        if let Some(to) = &arguments.misses {
            write_misses(&corpus.root, to, &score)?;
        }
        Ok(page(&corpus, &score, None))
    });
    match measured {
        Ok(page) => {
            println!("{page}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(3)
        }
    }
}
