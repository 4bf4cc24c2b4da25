//! The ids of the objects that a fold carries over, on disk: there may be more than fit in memory.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::InventoryError;

/// Ids being written, in ascending order.
pub(crate) struct KeptWriter {
    path: PathBuf,
    file: BufWriter<File>,
    count: u64,
}

/// Ids that were written. The file goes away with this.
pub(crate) struct Kept {
    path: PathBuf,
    count: u64,
}

/// Looks ids up, in ascending order.
pub(crate) struct KeptCursor<'a> {
    path: &'a Path,
    file: BufReader<File>,
    next: Option<[u8; 16]>,
}

impl KeptWriter {
    pub(crate) fn create(path: PathBuf) -> Result<Self, InventoryError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(InventoryError::write(folder))?;
        }
        let file = File::create(&path).map_err(InventoryError::write(&path))?;
        Ok(Self { path, file: BufWriter::new(file), count: 0 })
    }

    pub(crate) fn push(&mut self, id: &[u8; 16]) -> Result<(), InventoryError> {
        self.count += 1;
        self.file.write_all(id).map_err(InventoryError::write(&self.path))
    }

    pub(crate) fn finish(mut self) -> Result<Kept, InventoryError> {
        let kept = Kept { path: self.path.clone(), count: self.count };
        self.file.flush().map_err(InventoryError::write(&self.path))?;
        Ok(kept)
    }
}

impl Kept {
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(crate) fn cursor(&self) -> Result<KeptCursor<'_>, InventoryError> {
        let file = File::open(&self.path).map_err(InventoryError::read(&self.path))?;
        let mut cursor = KeptCursor { path: &self.path, file: BufReader::new(file), next: None };
        cursor.next = cursor.read()?;
        Ok(cursor)
    }

    /// All ids in ascending order, at most `size` at a time.
    pub(crate) fn chunks(
        &self,
        size: usize,
    ) -> Result<impl Iterator<Item = Result<Vec<[u8; 16]>, InventoryError>>, InventoryError> {
        let mut cursor = self.cursor()?;
        Ok(std::iter::from_fn(move || cursor.chunk(size).transpose()))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // The next writer removes it should this fail.
        let _ = fs::remove_file(&self.path);
    }
}

impl KeptCursor<'_> {
    /// Whether `id` is among them. Ids must be asked for in ascending order.
    pub(crate) fn contains(&mut self, id: &[u8; 16]) -> Result<bool, InventoryError> {
        while let Some(next) = self.next {
            if next >= *id {
                return Ok(next == *id);
            }
            self.next = self.read()?;
        }
        Ok(false)
    }

    fn chunk(&mut self, size: usize) -> Result<Option<Vec<[u8; 16]>>, InventoryError> {
        let mut ids = Vec::new();
        while ids.len() < size
            && let Some(id) = self.next
        {
            ids.push(id);
            self.next = self.read()?;
        }
        Ok((!ids.is_empty()).then_some(ids))
    }

    fn read(&mut self) -> Result<Option<[u8; 16]>, InventoryError> {
        let mut id = [0; 16];
        match self.file.read_exact(&mut id) {
            Ok(()) => Ok(Some(id)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(InventoryError::read(self.path)(error)),
        }
    }
}
