//! Writes a corpus. `corpus DIR [--size 1GB] [--seed 7] [--mix all|clean|dense|tables|small]`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use domesday_benches::corpus::{Mix, write};

const USAGE: &str = "corpus DIR [--size 1GB] [--seed 7] [--mix all|clean|dense|tables|small]";

struct Arguments {
    root: PathBuf,
    size: Option<u64>,
    seed: u64,
    mix: Mix,
}

fn parse(arguments: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let (mut root, mut size, mut seed, mut mix) = (None, None, 7, Mix::All);
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        if !argument.starts_with("--") {
            if root.replace(PathBuf::from(argument)).is_some() {
                return Err("name one directory".to_owned());
            }
            continue;
        }
        let value = arguments.next().ok_or_else(|| format!("{argument} needs a value"))?;
        let wrong = || format!("{argument} {value}: not understood");
        match argument.as_str() {
            "--size" => size = Some(bytes(&value).ok_or_else(wrong)?),
            "--seed" => seed = value.parse().map_err(|_| wrong())?,
            "--mix" => mix = Mix::parse(&value).ok_or_else(wrong)?,
            _ => return Err(format!("unknown option {argument}")),
        }
    }
    Ok(Arguments { root: root.ok_or("name a directory")?, size, seed, mix })
}

/// `1GB`, `200MB`, `64KB` (powers of ten) or plain bytes.
fn bytes(text: &str) -> Option<u64> {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)];
    let (number, unit) = units
        .into_iter()
        .find_map(|(name, unit)| Some((text.strip_suffix(name)?, unit)))
        .unwrap_or((text, 1));
    number.parse::<u64>().ok()?.checked_mul(unit).filter(|&bytes| bytes > 0 && bytes <= 1 << 44)
}

fn main() -> ExitCode {
    let arguments = match parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            return ExitCode::from(3);
        }
    };
    let start = Instant::now();
    let size = arguments.size.unwrap_or(arguments.mix.default_size());
    match write(&arguments.root, size, arguments.seed, arguments.mix) {
        Ok(written) => {
            for part in &written {
                println!("{:7} {:8} files {:14} bytes", part.kind, part.files, part.bytes);
            }
            let (files, bytes) =
                written.iter().fold((0, 0), |sum, part| (sum.0 + part.files, sum.1 + part.bytes));
            let seconds = start.elapsed().as_secs_f64();
            println!(
                "total   {files:8} files {bytes:14} bytes in {seconds:.1} s, {:.0} MB/s",
                bytes as f64 / seconds / 1e6
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{:?}: {error}", arguments.root);
            ExitCode::from(3)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_understood_or_refused() {
        let parsed = |line: &str| parse(line.split(' ').map(str::to_owned));
        let good =
            parsed("/tmp/c --size 200MB --seed 9 --mix dense").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((good.size, good.seed, good.mix), (Some(200_000_000), 9, Mix::Dense));
        for bad in
            ["--size 1GB", "a b", "a --size", "a --size 0", "a --size -1", "a --mix x", "a --colour red"]
        {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }
}
