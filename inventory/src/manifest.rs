//! The manifest: which files make up the inventory. Replacing it by a rename is what commits.
//!
//! It names a file by table, folder and number, never by a path, so that a damaged one cannot point outside of the
//! inventory. `sources` and running scans are kept in it as well: they are few, and change with every commit.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use domesday_model::{ScanId, SourceId, Status, Timestamp};
use serde::{Deserialize, Serialize};

use crate::InventoryError;
use crate::schema::Table;

/// The file that names all others of an inventory.
pub const MANIFEST: &str = "manifest.json";
const FORMAT: u64 = 1;
/// How every manifest begins.
const BEGINNING: &[u8] = b"{\"format_version\":";

/// Everything that an inventory is, besides the content of its files.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub(crate) struct Manifest {
    pub(crate) format_version: u64,
    /// Name of the key that tokens and sketches were made with.
    pub(crate) key_id: Option<String>,
    /// Number of the next file.
    pub(crate) next_file: u64,
    pub(crate) sources: Vec<SourceEntry>,
    /// Scans that have begun and not finished; more than the active ones when a process was killed.
    pub(crate) running: Vec<ScanEntry>,
    pub(crate) files: Vec<FileEntry>,
}

/// A row of `sources`.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub(crate) struct SourceEntry {
    #[serde(with = "text")]
    pub(crate) source_id: SourceId,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) root: String,
    /// Path of the only object, where the source is a single file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) only: Option<String>,
    /// Declared country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) country: Option<String>,
    /// Detectors that took part in the last scan, where others were left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) detectors: Option<Vec<String>>,
    #[serde(with = "text")]
    pub(crate) last_scan_id: ScanId,
    /// The last one of those that ended.
    #[serde(default, with = "text_option", skip_serializing_if = "Option::is_none")]
    pub(crate) ended_scan_id: Option<ScanId>,
}

/// A row of `scans`.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub(crate) struct ScanEntry {
    #[serde(with = "text")]
    pub(crate) scan_id: ScanId,
    #[serde(with = "text")]
    pub(crate) source_id: SourceId,
    pub(crate) started_at: i64,
    pub(crate) committed_at: i64,
    pub(crate) domesday_version: String,
    pub(crate) ruleset: String,
    #[serde(flatten)]
    pub(crate) totals: ScanTotals,
}

/// What a scan came to: counts over the objects that are committed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct ScanTotals {
    /// Objects by status; `gone` counts those of earlier scans that are no longer there.
    #[serde(with = "by_status")]
    pub objects: BTreeMap<Status, u64>,
    /// Bytes read from the source.
    pub bytes_read: u64,
    /// Findings that count: object × column × detector, unless a rule or a person suppresses it.
    pub findings: u64,
    /// Occurrences in them.
    pub occurrences: u64,
}

impl ScanTotals {
    /// Objects of that status.
    pub fn of(&self, status: Status) -> u64 {
        self.objects.get(&status).copied().unwrap_or(0)
    }

    /// Objects that the scan looked at: of every status but `gone`.
    pub fn looked_at(&self) -> u64 {
        self.objects.iter().filter(|(status, _)| **status != Status::Gone).map(|(_, count)| count).sum()
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (&status, count) in &other.objects {
            *self.objects.entry(status).or_default() += count;
        }
        self.bytes_read += other.bytes_read;
        self.findings += other.findings;
        self.occurrences += other.occurrences;
    }
}

/// What a file is to the current state.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileState {
    /// Part of the current state.
    Current,
    /// Part of it too, before `Current` rows of the same objects: written by a scan that has not finished.
    Running,
    /// Was current once; kept for its history until its time is over.
    Superseded,
    /// Its rows are all in a later file; kept for those who read by an older manifest.
    Merged,
}

/// A Parquet file of the inventory.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub(crate) struct FileEntry {
    #[serde(with = "text")]
    pub(crate) table: Table,
    /// The scan that wrote it: its folder.
    #[serde(with = "text")]
    pub(crate) scan_id: ScanId,
    pub(crate) number: u64,
    pub(crate) state: FileState,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    /// The sources that have rows in it.
    #[serde(with = "text_list")]
    pub(crate) sources: Vec<SourceId>,
    /// When it stopped to be part of the current state, in microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) superseded_at: Option<i64>,
    /// The scan at whose end that was: the file is of the state before it.
    #[serde(default, with = "text_option", skip_serializing_if = "Option::is_none")]
    pub(crate) superseded_by: Option<ScanId>,
}

impl FileEntry {
    /// Path relative to the inventory, with `/`.
    pub(crate) fn relative_path(&self) -> String {
        format!("{}/scan={}/{:08}.parquet", self.table.name(), self.scan_id, self.number)
    }

    pub(crate) fn path(&self, dir: &Path) -> PathBuf {
        dir.join(self.relative_path())
    }

    pub(crate) fn is_live(&self) -> bool {
        matches!(self.state, FileState::Current | FileState::Running)
    }

    pub(crate) fn supersede(&mut self, state: FileState, now: Timestamp) {
        self.state = state;
        self.superseded_at = Some(now.0);
    }
}

impl Manifest {
    pub(crate) fn empty() -> Self {
        Self {
            format_version: FORMAT,
            key_id: None,
            next_file: 1,
            sources: Vec::new(),
            running: Vec::new(),
            files: Vec::new(),
        }
    }

    /// The manifest of `dir`; `None` when there is none.
    pub(crate) fn load(dir: &Path) -> Result<Option<Self>, InventoryError> {
        let path = dir.join(MANIFEST);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(InventoryError::read(&path)(error)),
        };
        #[derive(Deserialize)]
        struct Version {
            format_version: u64,
        }
        // Other programs have a file of that name, too. A damaged one of ours still begins as it was written.
        let begins = text.starts_with(BEGINNING) || BEGINNING.starts_with(&text);
        let version = serde_json::from_slice::<Version>(&text);
        if version.is_err() && !begins {
            return Err(InventoryError::Foreign { dir: dir.to_owned() });
        }
        // The parser's own message may quote content; the position tells enough.
        let damaged = |error: serde_json::Error| {
            InventoryError::corrupt(&path, format!("line {}, column {}", error.line(), error.column()))
        };
        let found = version.map_err(damaged)?.format_version;
        if found > FORMAT {
            return Err(InventoryError::Newer { dir: dir.to_owned(), found, known: FORMAT });
        }
        let manifest: Self = serde_json::from_slice(&text).map_err(damaged)?;
        manifest.check(dir)?;
        Ok(Some(manifest))
    }

    /// Every file that counts must be there in the size in which it was written.
    fn check(&self, dir: &Path) -> Result<(), InventoryError> {
        for file in self.files.iter().filter(|file| file.is_live()) {
            let path = file.path(dir);
            match fs::metadata(&path) {
                Ok(metadata) if metadata.len() == file.bytes => {}
                Ok(_) => return Err(InventoryError::corrupt(&path, "not the size that was written")),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Err(InventoryError::corrupt(&path, "missing"));
                }
                Err(error) => return Err(InventoryError::read(&path)(error)),
            }
        }
        Ok(())
    }

    /// Makes this the manifest of `dir`, durably once [`sync_directory`] is done. What it names must be on disk already.
    pub(crate) fn store(&self, dir: &Path) -> Result<(), InventoryError> {
        let path = dir.join(MANIFEST);
        let text = serde_json::to_vec(self).map_err(|error| InventoryError::write(&path)(error.into()))?;
        replace(&path, &text)
    }

    /// The files of `table` that make up the current state, and those of running scans.
    pub(crate) fn live(&self, table: Table) -> impl Iterator<Item = &FileEntry> {
        self.files.iter().filter(move |file| file.table == table && file.is_live())
    }

    /// The files of a table that were current before the last scan of a source ended.
    pub(crate) fn before(&self, table: Table, source: &SourceEntry) -> impl Iterator<Item = &FileEntry> {
        let scan = source.ended_scan_id;
        self.of_state(table, FileState::Superseded)
            .filter(move |file| scan.is_some() && file.superseded_by == scan)
    }

    pub(crate) fn of_state(&self, table: Table, state: FileState) -> impl Iterator<Item = &FileEntry> {
        self.files.iter().filter(move |file| file.table == table && file.state == state)
    }
}

/// Replaces a file as a whole: a reader sees the old content or the new one. Which one survives a failure of power is
/// settled by [`sync_directory`].
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), InventoryError> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    if let Err(error) = written {
        // Best effort: what stays behind is overwritten by the next attempt.
        let _ = fs::remove_file(&temporary);
        return Err(InventoryError::write(path)(error));
    }
    fs::rename(&temporary, path).map_err(InventoryError::write(path))
}

/// Makes the names in a directory durable.
pub(crate) fn sync_directory(dir: &Path) -> Result<(), InventoryError> {
    // Directories cannot be opened for this on Windows, and need not be.
    if cfg!(unix) {
        File::open(dir).and_then(|file| file.sync_all()).map_err(InventoryError::write(dir))?;
    }
    Ok(())
}

/// What the manifest holds as text.
trait AsText: Sized {
    fn show(&self) -> String;
    fn read(text: &str) -> Option<Self>;
}

macro_rules! id_as_text {
    ($($id:ty),+) => {
        $(impl AsText for $id {
            fn show(&self) -> String {
                self.to_string()
            }

            fn read(text: &str) -> Option<Self> {
                Self::parse(text)
            }
        })+
    };
}

id_as_text!(SourceId, ScanId);

impl AsText for Table {
    fn show(&self) -> String {
        self.name().to_owned()
    }

    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

mod text {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::AsText;

    pub(super) fn serialize<T: AsText, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&value.show())
    }

    pub(super) fn deserialize<'de, T: AsText, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::read(&String::deserialize(deserializer)?).ok_or_else(|| de::Error::custom("unknown name"))
    }
}

mod text_option {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::AsText;

    pub(super) fn serialize<T: AsText, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&value.as_ref().map(AsText::show).unwrap_or_default())
    }

    pub(super) fn deserialize<'de, T: AsText, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let text = String::deserialize(deserializer)?;
        T::read(&text).map(Some).ok_or_else(|| de::Error::custom("unknown name"))
    }
}

mod text_list {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::AsText;

    pub(super) fn serialize<T: AsText, S: Serializer>(
        values: &[T],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(AsText::show))
    }

    pub(super) fn deserialize<'de, T: AsText, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<T>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts.iter().map(|text| T::read(text).ok_or_else(|| de::Error::custom("unknown name"))).collect()
    }
}

mod by_status {
    use std::collections::BTreeMap;

    use domesday_model::Status;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(
        counts: &BTreeMap<Status, u64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(counts.iter().map(|(status, count)| (status.name(), count)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<Status, u64>, D::Error> {
        BTreeMap::<String, u64>::deserialize(deserializer)?
            .into_iter()
            .map(|(name, count)| {
                let status = Status::parse(&name).ok_or_else(|| de::Error::custom("unknown status"))?;
                Ok((status, count))
            })
            .collect()
    }
}
