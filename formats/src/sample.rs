//! The first records of a text under one reading of it, for comparing readings.

use crate::csv::are_rows;

/// A way to read a text as a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Reading {
    pub(crate) delimiter: u8,
    pub(crate) quote: Option<u8>,
    pub(crate) backslash: bool,
}

impl Reading {
    /// The bytes that mean something.
    fn marks(self) -> [bool; 256] {
        let mut marks = [false; 256];
        let backslash = self.backslash.then_some(b'\\');
        let all = [Some(self.delimiter), Some(b'\n'), self.quote, backslash];
        all.into_iter().flatten().for_each(|mark| marks[usize::from(mark)] = true);
        marks
    }
}

/// A record of the sample.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    /// Its cells without quotation marks.
    pub(crate) cells: Vec<&'a [u8]>,
    /// Offset of its first byte.
    pub(crate) start: usize,
    /// It starts with `#`.
    pub(crate) remark: bool,
    /// A blank line stands before it.
    pub(crate) behind_blank: bool,
}

impl Record<'_> {
    /// Cells that are not empty.
    pub(crate) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.trim_ascii().is_empty()).count()
    }
}

/// Records that are looked at.
const SAMPLE_RECORDS: usize = 50;

/// Cells of a record that are looked at.
const SAMPLE_CELLS: usize = 10_000;

/// Goes through a text record by record.
struct Sampler<'a> {
    text: &'a [u8],
    reading: Reading,
    records: Vec<Record<'a>>,
    cells: Vec<&'a [u8]>,
    record_start: usize,
    blank: bool,
}

/// The first complete records of `text`, which is all there is when `whole`. What is cut still tells how a first
/// record looks.
pub(crate) fn sample(text: &[u8], whole: bool, reading: Reading) -> Vec<Record<'_>> {
    let mut sampler =
        Sampler { text, reading, records: Vec::new(), cells: Vec::new(), record_start: 0, blank: false };
    let marks = reading.marks();
    let (mut start, mut i) = (0, 0);
    while sampler.records.len() < SAMPLE_RECORDS {
        let Some(next) = text.get(i..).and_then(|rest| rest.iter().position(|&b| marks[usize::from(b)]))
        else {
            break;
        };
        i += next;
        let byte = text[i];
        if Some(byte) == reading.quote && text[start..i].iter().all(|&b| b == b' ') {
            let Some(behind) = sampler.behind_quoted(i + 1, whole) else { break };
            i = behind;
            continue;
        }
        if byte == reading.delimiter || byte == b'\n' {
            sampler.push(start, i);
            start = i + 1;
        }
        if byte == b'\n' {
            sampler.take(start);
        }
        i += 1 + usize::from(reading.backslash && byte == b'\\');
    }
    if whole && sampler.records.len() < SAMPLE_RECORDS || sampler.records.is_empty() {
        sampler.push(start, text.len());
        sampler.take(text.len());
    }
    sampler.records
}

impl<'a> Sampler<'a> {
    /// Where to go on in a cell that a quotation mark before `from` opens: behind the one that closes it, or at `from`
    /// where it is never closed; nowhere if the text ends within the cell.
    fn behind_quoted(&self, from: usize, whole: bool) -> Option<usize> {
        let Some(mark) = self.closing(from) else {
            return (whole || self.are_rows(&self.text[from..])).then_some(from);
        };
        let behind = self.text[mark + 1..].iter().find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
        let ends = behind.is_none_or(|&b| b == self.reading.delimiter || b == b'\n');
        // Lines below, at the beginning of a cell and not at the end of one, it opens that cell.
        let inner = &self.text[from..mark];
        let before = inner.iter().rfind(|&&b| b != b' ');
        let starts = before.is_none_or(|&b| b == self.reading.delimiter || b == b'\n');
        let is_opening = !ends && starts && inner.contains(&b'\n');
        Some(if is_opening { from } else { mark + 1 })
    }

    /// The next quotation mark that is no escape.
    fn closing(&self, from: usize) -> Option<usize> {
        let quote = self.reading.quote?;
        let mut i = from;
        loop {
            let rest = self.text.get(i..)?;
            i += if self.reading.backslash {
                memchr::memchr2(quote, b'\\', rest)?
            } else {
                memchr::memchr(quote, rest)?
            };
            if self.text[i] == quote && self.text.get(i + 1) != Some(&quote) {
                return Some(i);
            }
            i += 2;
        }
    }

    /// Whether most lines of what a quotation mark opens have as many cells as the record before.
    fn are_rows(&self, text: &[u8]) -> bool {
        let Some(width) = self.records.last().map(|record| record.cells.len()).filter(|&width| width > 1)
        else {
            return false;
        };
        // The first one is the rest of a row, and the last one is cut.
        let end = memchr::memrchr(b'\n', text).unwrap_or(0);
        let lines = text[..end].split(|&b| b == b'\n').skip(1);
        let cells = |line: &[u8]| 1 + memchr::memchr_iter(self.reading.delimiter, line).count();
        let (mut rows, mut all) = (0, 0);
        for line in lines.take(SAMPLE_RECORDS) {
            rows += u64::from(cells(line) == width);
            all += 1;
        }
        all > 1 && are_rows(rows, all)
    }

    fn push(&mut self, start: usize, end: usize) {
        if self.cells.len() < SAMPLE_CELLS {
            self.cells.push(unquoted(&self.text[start..end], self.reading.quote));
        }
    }

    /// Ends the record; the next one starts at `next`.
    fn take(&mut self, next: usize) {
        // Records of a table are alike.
        let next_cells = Vec::with_capacity(self.cells.len());
        let cells = std::mem::replace(&mut self.cells, next_cells);
        let start = std::mem::replace(&mut self.record_start, next);
        if cells.iter().all(|cell| cell.is_empty()) && cells.len() <= 1 {
            self.blank = true;
            return;
        }
        let remark = self.text.get(start) == Some(&b'#');
        let behind_blank = std::mem::take(&mut self.blank);
        self.records.push(Record { cells, start, remark, behind_blank });
    }
}

/// A cell without its quotation marks.
pub(crate) fn unquoted(cell: &[u8], quote: Option<u8>) -> &[u8] {
    let cell = cell.strip_suffix(b"\r").unwrap_or(cell);
    let Some(quote) = quote else { return cell };
    match cell.trim_ascii() {
        [first, inner @ .., last] if *first == quote && *last == quote => inner,
        _ => cell,
    }
}

/// Whether a line is drawn to set a header apart: at least three hyphens, and nothing but those, blanks, colons,
/// equals signs and `joints`.
pub(crate) fn ruler_at(line: &[u8], joints: &[u8]) -> bool {
    let line = line.trim_ascii();
    let strokes = line.iter().filter(|&&b| b == b'-' || b == b'=').count();
    strokes >= 3
        && line.iter().all(|b| b"-= :".contains(b) || joints.contains(b))
        && line.iter().any(|b| joints.contains(b))
}
