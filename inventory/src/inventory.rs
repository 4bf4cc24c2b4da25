//! An inventory directory that is open for writing.

use std::collections::HashSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use domesday_model::{Catalog, KeyId, ScanId, SourceId, Timestamp};
use parquet::errors::ParquetError;

use crate::InventoryError;
use crate::arrays::{sixteen, texts, unknown, versions};
use crate::fold::{Fold, NotEntered, ScanStatus, scan_row, single};
use crate::manifest::{FileState, Manifest, ScanEntry, ScanTotals, SourceEntry};
use crate::reviews::Reviews;
use crate::rows::batch;
use crate::run::reader;
use crate::scan::ScanWriter;
use crate::schema::Table;
use crate::transaction::Transaction;
use crate::views;
use crate::walk::{id, text};

const LOCK: &str = "lock";
/// Folder of files that are never part of the inventory.
pub(crate) const TMP: &str = "tmp";
/// What may lie in a directory whose first manifest was never written.
const FIRST_FILES: [&str; 2] = [LOCK, "manifest.json.new"];
/// How long a writer waits for another one: a verdict is written in less, a scan is not.
const PATIENCE: Duration = Duration::from_secs(1);
/// Bytes for the fold of a scan that an earlier process left behind.
const RECOVERY_MEMORY: usize = 64 << 20;

/// An inventory directory, opened for writing. Holds an exclusive lock on `lock` in it for as long as it, or a
/// [`ScanWriter`] of it, lives.
pub struct Inventory {
    shared: Arc<Shared>,
}

/// What an inventory and its scans share.
pub(crate) struct Shared {
    pub(crate) dir: PathBuf,
    key: Option<KeyId>,
    state: Mutex<State>,
    /// Locked until it is closed.
    _lock: File,
}

/// What commits change.
pub(crate) struct State {
    pub(crate) manifest: Manifest,
    /// Scans of this process. Other running ones were left behind.
    pub(crate) active: HashSet<ScanId>,
}

/// What a scan is.
pub struct ScanStart {
    /// Its id, from [`ScanId::at`].
    pub scan_id: ScanId,
    /// What it scans.
    pub source: SourceInfo,
    /// Parts of other sources that belong to this one: what they have there leaves the current state once the scan is
    /// complete.
    pub claims: Vec<Claim>,
    /// When it began.
    pub started_at: Timestamp,
    /// Version of the program.
    pub domesday_version: String,
    /// The detectors that findings name.
    pub catalog: Arc<Catalog>,
    /// The key of tokens and sketches; without one neither is kept. The one that the inventory was opened with.
    pub key: Option<KeyId>,
    /// Bytes that the writer may buffer in all, between 1 MiB and what the machine has. Each sink adds up to 8 MiB for the tokens
    /// of the object that it receives.
    pub memory: usize,
}

/// A source, as the inventory names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceInfo {
    /// From its name.
    pub id: SourceId,
    /// The name under which it is known.
    pub name: String,
    /// `files`.
    pub kind: String,
    /// Location, without credentials.
    pub root: String,
    /// Path of the only object, where the source is a single file.
    pub only: Option<String>,
    /// Declared country, ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Ids of the detectors that take part, in order, where others are left out.
    pub detectors: Option<Vec<String>>,
}

/// A part of another source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim {
    /// The other source.
    pub source: SourceId,
    /// Raw path in it of a directory or file.
    pub path: Vec<u8>,
}

/// What earlier scans knew of a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownSource {
    /// What it was, and where.
    pub source: SourceInfo,
    /// Whether they found anything there.
    pub has_objects: bool,
    /// Whether one of them saw all of it.
    pub is_complete: bool,
}

impl Inventory {
    /// Opens the inventory at `dir`, and creates it when the directory is absent or empty. What a killed process left
    /// behind is put in order: its scan ends as interrupted as of its last commit.
    ///
    /// `key` is the key that scans will use. An inventory that was written without one may get one; once it has one,
    /// it takes no other. Opened without a key, such an inventory keeps the tokens it has, and scans add none: a source
    /// scanned that way has no tokens until it is scanned with the key again.
    ///
    /// # Errors
    /// When another process has it open, when the directory holds something else, when its manifest is damaged, of a
    /// newer format or of another key, and when it cannot be written.
    pub fn open(dir: &Path, key: Option<KeyId>) -> Result<Self, InventoryError> {
        let found = Manifest::load(dir)?;
        if found.is_none() {
            create(dir)?;
        }
        let lock = lock(dir)?;
        // Only what is read under the lock counts.
        let manifest = match Manifest::load(dir)? {
            Some(manifest) => manifest,
            None => {
                let manifest = Manifest::empty();
                manifest.store(dir)?;
                views::write(dir, &manifest)?;
                manifest
            }
        };
        check_key(dir, &manifest, key)?;
        remove_leftovers(dir, &manifest)?;
        let state = State { manifest, active: HashSet::new() };
        let shared = Shared { dir: dir.to_owned(), key, state: Mutex::new(state), _lock: lock };
        shared.recover(&mut shared.state())?;
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The public name of the key under which it has tokens, if it has some.
    pub fn key_id(&self) -> Option<String> {
        self.shared.state().manifest.key_id.clone()
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// What earlier scans knew of all sources.
    ///
    /// # Errors
    /// When the inventory cannot be read.
    pub fn sources(&self) -> Result<Vec<KnownSource>, InventoryError> {
        let state = self.shared.state();
        let complete = complete(&self.shared.dir, &state.manifest)?;
        let has_objects = |id: &SourceId| {
            state.manifest.of_state(Table::Objects, FileState::Current).any(|file| file.sources.contains(id))
        };
        let known = |source: &SourceEntry| KnownSource {
            has_objects: has_objects(&source.source_id),
            is_complete: complete.contains(source.source_id.as_bytes()),
            source: SourceInfo {
                id: source.source_id,
                name: source.name.clone(),
                kind: source.kind.clone(),
                root: source.root.clone(),
                only: source.only.clone(),
                country: source.country.clone(),
                detectors: source.detectors.clone(),
            },
        };
        Ok(state.manifest.sources.iter().map(known).collect())
    }

    /// Begins a scan of a source. Several sources may be scanned at a time.
    ///
    /// # Errors
    /// When the source is being scanned already, when the key is not the one that the inventory was opened with, and
    /// when the inventory cannot be written.
    pub fn begin_scan(&self, start: ScanStart) -> Result<ScanWriter, InventoryError> {
        if start.key != self.shared.key {
            let show = |key: Option<KeyId>| key.map_or("no key".to_owned(), |key| key.to_string());
            return Err(InventoryError::WrongKey {
                dir: self.shared.dir.clone(),
                written: show(self.shared.key),
                given: show(start.key),
            });
        }
        let mut state = self.shared.state();
        let source_id = start.source.id;
        let busy = |scan: &ScanEntry| scan.source_id == source_id && state.active.contains(&scan.scan_id);
        if state.manifest.running.iter().any(busy) {
            return Err(InventoryError::SourceBusy { source_id });
        }
        self.shared.recover(&mut state)?;
        let reviews = Reviews::load(&self.shared.dir, &state.manifest)?;
        let mut tx = Transaction::new(&self.shared.dir, &state.manifest);
        let entry = ScanEntry {
            scan_id: start.scan_id,
            source_id,
            started_at: start.started_at.0,
            committed_at: start.started_at.0,
            domesday_version: start.domesday_version.clone(),
            ruleset: start.catalog.ruleset.clone(),
            totals: ScanTotals::default(),
        };
        write_running(&mut tx, &entry)?;
        tx.manifest.running.push(entry);
        name_source(&mut tx, &start)?;
        if let Some(key) = start.key {
            tx.manifest.key_id = Some(key.to_string());
        }
        tx.commit(&mut state.manifest)?;
        state.active.insert(start.scan_id);
        drop(state);
        Ok(ScanWriter::new(Arc::clone(&self.shared), start, reviews))
    }
}

impl Shared {
    /// A panic elsewhere leaves the state as of the last commit: commits replace it as a whole.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends scans that were left behind.
    fn recover(&self, state: &mut State) -> Result<(), InventoryError> {
        let left: Vec<ScanEntry> = state
            .manifest
            .running
            .iter()
            .filter(|scan| !state.active.contains(&scan.scan_id))
            .cloned()
            .collect();
        for scan in left {
            let mut tx = Transaction::new(&self.dir, &state.manifest);
            let finished_at = Timestamp(scan.committed_at);
            let fold = Fold {
                scan,
                status: ScanStatus::Interrupted,
                finished_at,
                not_entered: &NotEntered::default(),
                claims: &[],
                memory: RECOVERY_MEMORY,
            };
            fold.apply(&mut tx)?;
            tx.commit(&mut state.manifest)?;
        }
        Ok(())
    }
}

/// Makes the directory, unless there is one that holds something else.
fn create(dir: &Path) -> Result<(), InventoryError> {
    match fs::read_dir(dir) {
        Ok(entries) => {
            for entry in entries {
                let name = entry.map_err(InventoryError::read(dir))?.file_name();
                if !FIRST_FILES.iter().any(|first| name == *first) {
                    return Err(InventoryError::Foreign { dir: dir.to_owned() });
                }
            }
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(dir).map_err(InventoryError::write(dir))
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            Err(InventoryError::Foreign { dir: dir.to_owned() })
        }
        Err(error) => Err(InventoryError::read(dir)(error)),
    }
}

fn lock(dir: &Path) -> Result<File, InventoryError> {
    let path = dir.join(LOCK);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(InventoryError::write(&path))?;
    let waits_until = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < waits_until => thread::sleep(PATIENCE / 50),
            Err(TryLockError::WouldBlock) => return Err(InventoryError::Locked { dir: dir.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(InventoryError::write(&path)(error)),
        }
    }
}

fn check_key(dir: &Path, manifest: &Manifest, key: Option<KeyId>) -> Result<(), InventoryError> {
    match (&manifest.key_id, key) {
        (Some(written), Some(key)) if *written != key.to_string() => Err(InventoryError::WrongKey {
            dir: dir.to_owned(),
            written: written.clone(),
            given: key.to_string(),
        }),
        _ => Ok(()),
    }
}

/// Removes files that no manifest names, of a process that was killed before it could; only such as this crate writes.
fn remove_leftovers(dir: &Path, manifest: &Manifest) -> Result<(), InventoryError> {
    let named: HashSet<PathBuf> = manifest.files.iter().map(|file| file.path(dir)).collect();
    let mut folders = vec![dir.join(TMP)];
    for table in Table::ALL {
        folders.extend(list(&dir.join(table.name()))?);
    }
    for folder in folders {
        let is_ours =
            |path: &PathBuf| path.extension().is_some_and(|kind| OURS.iter().any(|ours| kind == *ours));
        for path in list(&folder)?.into_iter().filter(|path| is_ours(path) && !named.contains(path)) {
            fs::remove_file(&path).map_err(InventoryError::write(&path))?;
        }
        // Fails where files remain.
        let _ = fs::remove_dir(&folder);
    }
    Ok(())
}

/// Kinds of files that this crate writes.
const OURS: [&str; 3] = ["parquet", "kept", "rows"];

fn list(folder: &Path) -> Result<Vec<PathBuf>, InventoryError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(InventoryError::read(folder)(error)),
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>();
    paths.map_err(InventoryError::read(folder))
}

/// Replaces the row of a scan that has not finished: until it does, it counts as interrupted.
pub(crate) fn write_running(tx: &mut Transaction<'_>, scan: &ScanEntry) -> Result<(), InventoryError> {
    let scan_id = scan.scan_id;
    tx.retire(FileState::Merged, |file| {
        file.table == Table::Scans && file.scan_id == scan_id && file.state == FileState::Running
    });
    let row = scan_row(scan, ScanStatus::Interrupted, None);
    tx.add(Table::Scans, scan_id, FileState::Running, vec![scan.source_id], |path| {
        single(path, Table::Scans, &row)
    })
}

/// Brings `sources` up to date with the scan that begins.
fn name_source(tx: &mut Transaction<'_>, start: &ScanStart) -> Result<(), InventoryError> {
    let source = &start.source;
    let known = tx.manifest.sources.iter().find(|known| known.source_id == source.id);
    let ended_scan_id = known.and_then(|known| known.ended_scan_id);
    tx.manifest.sources.retain(|known| known.source_id != source.id);
    tx.manifest.sources.push(SourceEntry {
        source_id: source.id,
        name: source.name.clone(),
        kind: source.kind.clone(),
        root: source.root.clone(),
        only: source.only.clone(),
        country: source.country.clone(),
        detectors: source.detectors.clone(),
        last_scan_id: start.scan_id,
        ended_scan_id,
    });
    tx.manifest.sources.sort_by_key(|source| source.source_id);
    let rows = source_rows(&tx.manifest.sources);
    let ids = tx.manifest.sources.iter().map(|source| source.source_id).collect();
    tx.retire(FileState::Superseded, |file| file.table == Table::Sources);
    tx.add(Table::Sources, start.scan_id, FileState::Current, ids, |path| single(path, Table::Sources, &rows))
}

fn source_rows(sources: &[SourceEntry]) -> RecordBatch {
    let all = || sources.iter();
    let unknown = |name| unknown(Table::Sources, name, sources.len());
    batch(
        Table::Sources,
        vec![
            sixteen(all().map(|s| Some(s.source_id.as_bytes()))),
            texts(all().map(|s| Some(s.name.as_str()))),
            texts(all().map(|s| Some(s.kind.as_str()))),
            texts(all().map(|s| Some(s.root.as_str()))),
            unknown("system"),
            unknown("owner"),
            texts(all().map(|s| s.country.as_deref())),
            sixteen(all().map(|s| Some(s.last_scan_id.as_bytes()))),
            sixteen(all().map(|s| Some(s.last_scan_id.as_bytes()))),
            versions(all().map(|_| None)),
        ],
    )
}

/// The sources of which a scan saw all.
fn complete(dir: &Path, manifest: &Manifest) -> Result<HashSet<[u8; 16]>, InventoryError> {
    let mut sources = HashSet::new();
    for file in manifest.of_state(Table::Scans, FileState::Current) {
        let path = file.path(dir);
        for rows in reader(&path, Some(&["source_id", "status"]))? {
            let rows = rows.map_err(ParquetError::from).map_err(InventoryError::parquet_read(&path))?;
            let is_complete = |&row: &usize| text(&rows, "status", row) == Some(ScanStatus::Complete.name());
            sources.extend(
                (0..rows.num_rows()).filter(is_complete).filter_map(|row| id(&rows, "source_id", row)),
            );
        }
    }
    Ok(sources)
}

/// Writes `views.sql` of the inventory at `dir` anew, for instance after the directory was moved.
///
/// # Errors
/// When there is no inventory, when it is in use, and when the file cannot be written.
pub fn write_views(dir: &Path) -> Result<(), InventoryError> {
    let absent = || InventoryError::Absent { dir: dir.to_owned() };
    Manifest::load(dir)?.ok_or_else(absent)?;
    let _lock = lock(dir)?;
    let manifest = Manifest::load(dir)?.ok_or_else(absent)?;
    views::write(dir, &manifest)
}
