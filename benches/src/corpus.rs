//! The corpus: which files of which kind and size, and writing them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::random::Random;
use crate::templates::{self, Form};
use crate::text::Text;

/// What a corpus is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mix {
    /// All kinds: logs 39 %, code 19 %, NDJSON 14 %, CSV 13 %, mbox 8 %, SQL 7 %.
    All,
    /// Code only: hardly any personal data.
    Clean,
    /// CSV and SQL: personal data in nearly every line.
    Dense,
    /// What has columns, in equal parts: CSV, NDJSON, SQL.
    Tables,
    /// Files of 3 KB, of all kinds but code in turn.
    Small,
}

impl Mix {
    /// The mix of that name: `all`, `clean`, `dense`, `tables`, `small`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "all" => Some(Self::All),
            "clean" => Some(Self::Clean),
            "dense" => Some(Self::Dense),
            "tables" => Some(Self::Tables),
            "small" => Some(Self::Small),
            _ => None,
        }
    }

    /// Bytes when the user names no size. For `small`, 200,000 files.
    pub const fn default_size(self) -> u64 {
        match self {
            Self::Small => 600_000_000,
            _ => 1_000_000_000,
        }
    }

    fn shares(self) -> &'static [(&'static Kind, u64)] {
        match self {
            Self::All => &[(&LOG, 39), (&CODE, 19), (&NDJSON, 14), (&CSV, 13), (&MBOX, 8), (&SQL, 7)],
            Self::Clean => &[(&CODE, 100)],
            Self::Dense => &[(&CSV, 65), (&SQL, 35)],
            Self::Tables => &[(&CSV, 34), (&NDJSON, 33), (&SQL, 33)],
            Self::Small => &[(&LOG, 40), (&NDJSON, 20), (&CSV, 20), (&MBOX, 20)],
        }
    }
}

/// A kind of file.
struct Kind {
    name: &'static str,
    forms: &'static [Form],
    /// Bytes of a file: from, to below. As many are twice as large as are half as large.
    size: (u64, u64),
}

const LOG: Kind = Kind { name: "logs", forms: templates::LOG, size: (100_000, 8_000_000) };
const CODE: Kind = Kind { name: "code", forms: templates::CODE, size: (3_000, 41_000) };
const NDJSON: Kind = Kind { name: "events", forms: templates::NDJSON, size: (100_000, 4_000_000) };
const CSV: Kind = Kind { name: "tables", forms: templates::CSV, size: (50_000, 4_000_000) };
const MBOX: Kind = Kind { name: "mail", forms: templates::MBOX, size: (100_000, 4_000_000) };
const SQL: Kind = Kind { name: "dumps", forms: templates::SQL, size: (500_000, 8_000_000) };

const SMALL_FILE: u64 = 3_000;
const FILES_PER_DIRECTORY: u64 = 100;

/// What was written of one kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// Name of the kind, and of its folder.
    pub kind: &'static str,
    /// Number of files.
    pub files: u64,
    /// Bytes in them.
    pub bytes: u64,
}

/// A file that is to be written.
struct Planned {
    kind: &'static Kind,
    number: u64,
    bytes: u64,
    random: Random,
}

/// Writes about `size` bytes of `mix` below `root`, which must not exist or be empty, on all cores. The same
/// arguments give the same files.
///
/// # Errors
/// When `root` holds something, or the system cannot write.
pub fn write(root: &Path, size: u64, seed: u64, mix: Mix) -> io::Result<Vec<Written>> {
    fs::create_dir_all(root)?;
    if fs::read_dir(root)?.next().is_some() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "the directory is not empty"));
    }
    let planned = plan(size, seed, mix);
    for file in planned.iter().filter(|file| file.number.is_multiple_of(FILES_PER_DIRECTORY)) {
        fs::create_dir_all(directory(root, file))?;
    }
    let next = AtomicUsize::new(0);
    let work = || -> io::Result<Vec<Written>> {
        let mut written = tally(mix);
        let mut buffer = Vec::new();
        while let Some(file) = planned.get(next.fetch_add(1, Ordering::Relaxed)) {
            buffer = write_file(root, file, buffer)?;
            add(&mut written, &Written { kind: file.kind.name, files: 1, bytes: buffer.len() as u64 });
        }
        Ok(written)
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let parts: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("writing does not panic")).collect()
    });
    let mut written = tally(mix);
    for part in parts {
        part?.iter().for_each(|part| add(&mut written, part));
    }
    Ok(written)
}

fn plan(size: u64, seed: u64, mix: Mix) -> Vec<Planned> {
    let mut planned = Vec::new();
    for (part, &(kind, share)) in mix.shares().iter().enumerate() {
        let mut left = size * share / 100;
        for number in 0.. {
            let mut random = Random::new(seed, ((part as u64 + 1) << 40) + number);
            let bytes = if mix == Mix::Small { SMALL_FILE } else { spread(&mut random, kind.size) };
            planned.push(Planned { kind, number, bytes: bytes.min(left), random });
            left = left.saturating_sub(bytes);
            if left == 0 {
                break;
            }
        }
    }
    planned
}

fn directory(root: &Path, file: &Planned) -> PathBuf {
    root.join(file.kind.name).join(format!("{:04}", file.number / FILES_PER_DIRECTORY))
}

/// Gives back the content, so that its memory is used again.
fn write_file(root: &Path, file: &Planned, mut buffer: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut random = file.random.clone();
    let form = &file.kind.forms[random.below(file.kind.forms.len() as u64) as usize];
    buffer.clear();
    let mut text = Text::new(buffer, random);
    (form.write)(&mut text, file.bytes as usize);
    fs::write(directory(root, file).join(format!("{:06}.{}", file.number, form.suffix)), &text.out)?;
    Ok(text.out)
}

fn tally(mix: Mix) -> Vec<Written> {
    mix.shares().iter().map(|(kind, _)| Written { kind: kind.name, files: 0, bytes: 0 }).collect()
}

fn add(tally: &mut [Written], part: &Written) {
    for sum in tally.iter_mut().filter(|sum| sum.kind == part.kind) {
        sum.files += part.files;
        sum.bytes += part.bytes;
    }
}

fn spread(random: &mut Random, (low, high): (u64, u64)) -> u64 {
    let scale = random.below(1_000_000) as f64 / 1e6;
    (low as f64 * (high as f64 / low as f64).powf(scale)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn content(mix: Mix, seed: u64) -> BTreeMap<PathBuf, Vec<u8>> {
        let dir = tempfile::tempdir().expect("a directory");
        let written = write(dir.path(), 2_000_000, seed, mix).expect("a corpus");
        let mut content = BTreeMap::new();
        crate::tree::files(dir.path(), &mut |path| {
            let name = path.strip_prefix(dir.path()).expect("below").to_owned();
            content.insert(name, fs::read(path).expect("a file"));
        })
        .expect("a tree");
        assert_eq!(content.len() as u64, written.iter().map(|w| w.files).sum::<u64>());
        assert!(write(dir.path(), 1, 1, mix).is_err(), "it is not empty");
        content
    }

    #[test]
    fn a_seed_decides_all() {
        for mix in [Mix::All, Mix::Clean, Mix::Dense, Mix::Small] {
            let first = content(mix, 7);
            assert_eq!(first, content(mix, 7));
            assert_ne!(first, content(mix, 8));
            let bytes: usize = first.values().map(Vec::len).sum();
            assert!((2_000_000..2_400_000).contains(&bytes), "{mix:?}: {bytes}");
        }
    }
}
