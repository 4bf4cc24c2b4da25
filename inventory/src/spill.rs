//! Rows of `subjects` aside: a scan finds more of them than fit in memory. Each file is sorted, and a commit merges them into
//! one of the inventory, so that what costs most, which is to write Parquet, is done once for each row.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use domesday_model::{Confidence, DetectorId, TokenKind};

use crate::InventoryError;
use crate::subjects::SubjectRow;
use crate::tally::NO_PATH;

/// Bytes of a row.
const ROW: usize = 48;
/// Bytes that are read or written at a time.
const BUFFER: usize = 1 << 16;
/// Thousandths of confidence are less; the kind stands above them.
const KINDS: u16 = 1024;

/// Rows in a file, sorted. It goes away with this.
#[derive(Debug)]
pub(crate) struct Spill {
    path: PathBuf,
    pub(crate) rows: u64,
    /// What is added to the places of objects and columns: their lists were appended to others since.
    objects: u32,
    columns: u32,
}

/// Reads the rows of a file from one on.
pub(crate) struct SpilledRows<'a> {
    spill: &'a Spill,
    file: BufReader<File>,
    left: u64,
}

impl Spill {
    /// Writes rows that come sorted.
    pub(crate) fn write(
        path: PathBuf,
        rows: impl Iterator<Item = Result<SubjectRow, InventoryError>>,
    ) -> Result<Self, InventoryError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(InventoryError::write(folder))?;
        }
        let file = File::create(&path).map_err(InventoryError::write(&path))?;
        let mut spill = Self { path, rows: 0, objects: 0, columns: 0 };
        let mut file = BufWriter::with_capacity(BUFFER, file);
        for row in rows {
            file.write_all(&encode(&row?)).map_err(InventoryError::write(&spill.path))?;
            spill.rows += 1;
        }
        file.flush().map_err(InventoryError::write(&spill.path))?;
        Ok(spill)
    }

    /// Says that so many objects and columns stand before those that the rows name.
    pub(crate) fn put_behind(&mut self, objects: u32, columns: u32) {
        self.objects += objects;
        self.columns += columns;
    }

    /// The rows whose tokens begin with `from` or more, and with less than `to`.
    pub(crate) fn rows(&self, from: u64, to: Option<u64>) -> Result<SpilledRows<'_>, InventoryError> {
        let file = File::open(&self.path).map_err(InventoryError::read(&self.path))?;
        let mut file = BufReader::with_capacity(BUFFER, file);
        let first = if from == 0 { 0 } else { self.first(&mut file, from)? };
        let last = to.map_or(Ok(self.rows), |to| self.first(&mut file, to))?;
        seek(&mut file, first, &self.path)?;
        Ok(SpilledRows { spill: self, file, left: last.saturating_sub(first) })
    }

    /// The place of the first row whose token begins with `token` or more.
    fn first(&self, file: &mut BufReader<File>, token: u64) -> Result<u64, InventoryError> {
        let (mut least, mut most) = (0, self.rows);
        while least < most {
            let middle = least + (most - least) / 2;
            seek(file, middle, &self.path)?;
            if read(file, &self.path)?.beginning() < token {
                least = middle + 1;
            } else {
                most = middle;
            }
        }
        Ok(least)
    }
}

impl Drop for Spill {
    fn drop(&mut self) {
        // The next writer removes it should this fail.
        let _ = fs::remove_file(&self.path);
    }
}

impl SpilledRows<'_> {
    pub(crate) fn next(&mut self) -> Result<Option<SubjectRow>, InventoryError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let Spill { path, objects, columns, .. } = self.spill;
        let row = read(&mut self.file, path)?;
        Ok(Some(row.behind(*objects, *columns)))
    }
}

fn seek(file: &mut BufReader<File>, row: u64, path: &Path) -> Result<(), InventoryError> {
    file.seek(SeekFrom::Start(row * ROW as u64)).map_err(InventoryError::read(path)).map(drop)
}

fn read(file: &mut BufReader<File>, path: &Path) -> Result<SubjectRow, InventoryError> {
    let mut bytes = [0; ROW];
    file.read_exact(&mut bytes).map_err(InventoryError::read(path))?;
    Ok(decode(&bytes))
}

fn encode(row: &SubjectRow) -> [u8; ROW] {
    let mut bytes = [0; ROW];
    let label = row.kind as u16 * KINDS + row.confidence.thousandths();
    bytes[..16].copy_from_slice(&row.token);
    bytes[16..24].copy_from_slice(&row.start.to_le_bytes());
    bytes[24..32].copy_from_slice(&row.record.to_le_bytes());
    bytes[32..36].copy_from_slice(&row.length.to_le_bytes());
    bytes[36..40].copy_from_slice(&row.object.to_le_bytes());
    bytes[40..44].copy_from_slice(&row.column.to_le_bytes());
    bytes[44..46].copy_from_slice(&row.detector.0.to_le_bytes());
    bytes[46..].copy_from_slice(&label.to_le_bytes());
    bytes
}

fn decode(bytes: &[u8; ROW]) -> SubjectRow {
    fn part<const N: usize>(bytes: &[u8; ROW], at: usize) -> [u8; N] {
        *bytes[at..].first_chunk().expect("a row has its parts")
    }
    let label = u16::from_le_bytes(part(bytes, 46));
    SubjectRow {
        token: part(bytes, 0),
        start: u64::from_le_bytes(part(bytes, 16)),
        record: u64::from_le_bytes(part(bytes, 24)),
        length: u32::from_le_bytes(part(bytes, 32)),
        object: u32::from_le_bytes(part(bytes, 36)),
        column: u32::from_le_bytes(part(bytes, 40)),
        detector: DetectorId(u16::from_le_bytes(part(bytes, 44))),
        confidence: Confidence::from_thousandths(i32::from(label % KINDS)),
        kind: TokenKind::ALL[usize::from(label / KINDS)],
    }
}

impl SubjectRow {
    /// The row when so many objects and columns stand before those that it names.
    pub(crate) fn behind(self, objects: u32, columns: u32) -> Self {
        let column = if self.column == NO_PATH { NO_PATH } else { self.column + columns };
        Self { object: self.object + objects, column, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_from_anywhere() {
        let folder = tempfile::tempdir().unwrap();
        let row = |n: u64| SubjectRow {
            token: [n.to_be_bytes(), [7; 8]].concat().try_into().unwrap(),
            start: u64::MAX - n,
            record: n,
            length: n as u32,
            object: 3,
            column: if n.is_multiple_of(2) { NO_PATH } else { 5 },
            detector: DetectorId(n as u16),
            confidence: Confidence::from_thousandths(n as i32 % 990),
            kind: TokenKind::ALL[n as usize % TokenKind::ALL.len()],
        };
        let path = folder.path().join("tmp").join("rows");
        let mut spill = Spill::write(path.clone(), (0..5000).map(|n| Ok(row(2 * n)))).unwrap();
        spill.put_behind(10, 20);
        for (from, to) in
            [(0, None), (0, Some(0)), (1, Some(9)), (4000, Some(4001)), (9998, None), (9999, None)]
        {
            let mut rows = spill.rows(from, to).unwrap();
            let expected = (0..5000).map(|n| 2 * n).filter(|n| *n >= from && to.is_none_or(|to| *n < to));
            for n in expected {
                let read = rows.next().unwrap().unwrap();
                assert_eq!(encode(&read), encode(&row(n).behind(10, 20)));
                assert_eq!(read.object, 13);
            }
            assert!(rows.next().unwrap().is_none());
        }
        drop(spill);
        assert!(!path.exists());
    }
}
