//! A change of the inventory: new files first, then the manifest that names them, then the views.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use domesday_model::{ScanId, SourceId, Timestamp};

use crate::InventoryError;
use crate::manifest::{FileEntry, FileState, Manifest, sync_directory};
use crate::run::{Merge, Run, alike, merge_into};
use crate::schema::Table;
use crate::views;

/// How long files stay after the current state stopped to need them, in microseconds: 24 hours. Whoever opened
/// `views.sql` before can still read by it.
const KEPT: i64 = 24 * 3600 * 1_000_000;

/// A new state of the inventory in the making. Dropped before its commit, it removes the files that it made.
pub(crate) struct Transaction<'a> {
    pub(crate) dir: &'a Path,
    pub(crate) manifest: Manifest,
    pub(crate) now: Timestamp,
    created: Vec<PathBuf>,
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(dir: &'a Path, manifest: &Manifest) -> Self {
        Self { dir, manifest: manifest.clone(), now: Timestamp::now(), created: Vec::new() }
    }

    /// Adds the file that `write` makes at the path it is given. A file without rows is not kept.
    pub(crate) fn add(
        &mut self,
        table: Table,
        scan_id: ScanId,
        state: FileState,
        sources: Vec<SourceId>,
        write: impl FnOnce(PathBuf) -> Result<Run, InventoryError>,
    ) -> Result<(), InventoryError> {
        let number = self.manifest.next_file;
        let (superseded_at, superseded_by) = (None, None);
        let mut entry = FileEntry {
            table,
            scan_id,
            number,
            state,
            rows: 0,
            bytes: 0,
            sources,
            superseded_at,
            superseded_by,
        };
        let path = entry.path(self.dir);
        self.created.push(path.clone());
        let run = write(path.clone())?;
        if run.rows == 0 {
            self.created.pop();
            return fs::remove_file(&path).map_err(InventoryError::write(&path));
        }
        self.manifest.next_file += 1;
        entry.rows = run.rows;
        entry.bytes = run.bytes;
        self.manifest.files.push(entry);
        Ok(())
    }

    /// Adds a file that was written elsewhere in the inventory's directory.
    pub(crate) fn adopt(
        &mut self,
        table: Table,
        scan_id: ScanId,
        sources: Vec<SourceId>,
        run: Run,
    ) -> Result<(), InventoryError> {
        self.add(table, scan_id, FileState::Running, sources, |path| {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(InventoryError::write(folder))?;
            }
            fs::rename(&run.path, &path).map_err(InventoryError::write(&path))?;
            Ok(Run { path, ..run })
        })
    }

    /// Marks those files that `which` picks as no longer part of the current state.
    pub(crate) fn retire(&mut self, state: FileState, which: impl Fn(&FileEntry) -> bool) {
        let now = self.now;
        self.manifest
            .files
            .iter_mut()
            .filter(|file| file.is_live() && which(file))
            .for_each(|file| file.supersede(state, now));
    }

    /// Merges files until the table has no more than its limit. Small files merge with files of like size, so each
    /// row is rewritten about as often as the logarithm of their number.
    pub(crate) fn tier(&mut self, table: Table) -> Result<(), InventoryError> {
        while self.manifest.live(table).count() > table.max_files() {
            let group = self.largest_group(table);
            if group.len() < 2 {
                // Only when more scans run at once than the limit has files.
                return Ok(());
            }
            self.merge_group(table, &group)?;
        }
        Ok(())
    }

    /// The files of the group with the most files, small ones first. Files merge with those of the same scan while it
    /// runs, and with all current ones afterwards.
    fn largest_group(&self, table: Table) -> Vec<FileEntry> {
        let mut groups: std::collections::BTreeMap<Option<ScanId>, Vec<FileEntry>> = Default::default();
        for file in self.manifest.live(table) {
            let group = (file.state == FileState::Running).then_some(file.scan_id);
            groups.entry(group).or_default().push(file.clone());
        }
        let mut group = groups.into_values().max_by_key(Vec::len).unwrap_or_default();
        group.sort_by_key(|file| (file.rows, file.number));
        group
    }

    fn merge_group(&mut self, table: Table, group: &[FileEntry]) -> Result<(), InventoryError> {
        let merged = &group[..alike(group.iter().map(|file| file.rows))];
        let scan_id = merged.iter().map(|file| file.scan_id).max().expect("two files at least");
        let mut sources: Vec<SourceId> = merged.iter().flat_map(|file| file.sources.clone()).collect();
        sources.sort_unstable();
        sources.dedup();
        let merge = Merge::open(table, merged.iter().map(|file| (file.path(self.dir), 0)), None)?;
        self.add(table, scan_id, merged[0].state, sources, |path| {
            merge_into(path, table, merge, |_, _| Ok(true))
        })?;
        let numbers: Vec<u64> = merged.iter().map(|file| file.number).collect();
        self.retire(FileState::Merged, |file| numbers.contains(&file.number));
        Ok(())
    }

    /// Makes this the inventory's state, durably, and writes the views. From the moment that readers see it, it is what the next
    /// change begins with, whatever fails behind that: files that it names must not be written anew.
    pub(crate) fn commit(mut self, state: &mut Manifest) -> Result<(), InventoryError> {
        for path in &self.created {
            File::open(path).and_then(|file| file.sync_all()).map_err(InventoryError::write(path))?;
        }
        let mut folders: Vec<&Path> =
            self.created.iter().flat_map(|path| path.ancestors().skip(1).take(2)).collect();
        folders.sort_unstable();
        folders.dedup();
        folders.into_iter().try_for_each(sync_directory)?;

        let limit = self.now.0.saturating_sub(KEPT);
        // What the view `changes` compares with stays until the next scan of its source.
        let sources = self.manifest.sources.iter();
        let ended: Vec<_> = sources.filter_map(|source| source.ended_scan_id).collect();
        let is_compared = |file: &FileEntry| {
            matches!(file.table, Table::Objects | Table::Findings)
                && file.superseded_by.is_some_and(|scan| ended.contains(&scan))
        };
        let mut expired = Vec::new();
        self.manifest.files.retain(|file| {
            let keep = file.superseded_at.is_none_or(|at| at > limit) || is_compared(file);
            if !keep {
                expired.push(file.path(self.dir));
            }
            keep
        });
        self.manifest.store(self.dir)?;
        self.created.clear();
        *state = std::mem::replace(&mut self.manifest, Manifest::empty());
        sync_directory(self.dir)?;
        views::write(self.dir, state)?;
        sync_directory(self.dir)?;
        expired.iter().for_each(|path| remove(path));
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        self.created.iter().for_each(|path| remove(path));
    }
}

/// Removes a file that no manifest names, and its folder with the last file. What fails here is done by the next
/// writer when it opens the inventory.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
    if let Some(folder) = path.parent() {
        let _ = fs::remove_dir(folder);
    }
}
