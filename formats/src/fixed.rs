//! Tables whose columns are aligned with blanks, as database clients and mainframes print them.
//!
//! A value belongs to the column in which it starts and ends at a blank in front of the next one, so that one that is
//! too long for its column is never cut in two. Records of mainframes have fields without blanks between them: a number of digits that
//! is the same in all lines ends where a word follows it.

use std::collections::HashSet;
use std::ops::{ControlFlow, Range};

use domesday_model::{Cell, ColumnIx, ColumnReport, Layout, OffsetMap, Reason, Window};

use crate::cells::{Cells, cell};
use crate::columns::{Columns, INTEGER, TEXT, types_of};
use crate::dialect::{is_name, is_value, title};
use crate::escape::Escapes;
use crate::place::{Notes, Pin};
use crate::windows::Splitter;
use crate::{Limits, Target};

/// Blanks within a value; more of them end it.
const BLANKS: u64 = 128;

/// A line that is longer is no header that comes again. No window owns a byte of a shorter one when it ends.
const HEAD_BYTES: u64 = 200;

const _: () = assert!(HEAD_BYTES + 16 < Limits::MIN_RIGHT as u64);

/// Lines that are looked at.
const SAMPLE_LINES: usize = 50;

/// Lines in front of a header.
const MOST_TITLES: usize = 30;

/// Where the columns stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Ruler {
    /// Character at which each column begins; the first one at 0.
    starts: Vec<u32>,
    /// Those of words that follow the digits of the column before at once.
    glued: Vec<u32>,
    names: Vec<String>,
    /// Lines in front of the header, without the blanks at their ends.
    titles: Range<usize>,
    /// Offset of the header in the text.
    start: usize,
    /// Offset of the first row.
    rows: usize,
}

impl Ruler {
    /// The columns of a text that looks like such a table. `text` is its beginning, all of it when `whole`.
    pub(crate) fn of_text(text: &[u8], whole: bool) -> Option<Self> {
        Self::drawn(text).or_else(|| Self::aligned(text, whole)).or_else(|| Self::titled(text, whole))
    }

    /// Columns that a line of hyphens below the header shows, in runs of them.
    fn drawn(text: &[u8]) -> Option<Self> {
        let (mut before, mut start) = (&b""[..], 0);
        let mut at = 0;
        for line in text.split_inclusive(|&b| b == b'\n').take(MOST_TITLES) {
            let runs = runs_of_hyphens(line);
            if runs.len() > 1 && !before.trim_ascii().is_empty() {
                let starts: Vec<u32> = std::iter::once(0).chain(runs[1..].iter().copied()).collect();
                let names = names_at(before, &starts);
                let named = names.iter().filter(|name| !name.is_empty()).count();
                let titles = filled(text, 0..start);
                return (2 * named > names.len()).then_some(Self {
                    starts,
                    glued: Vec::new(),
                    names,
                    titles,
                    start,
                    rows: at + line.len(),
                });
            }
            (before, start) = (line, at);
            at += line.len();
        }
        None
    }

    /// The same below a title.
    fn titled(text: &[u8], whole: bool) -> Option<Self> {
        let title = title(text)?;
        let Self { starts, glued, names, start, rows, .. } = Self::aligned(&text[title..], whole)?;
        let titles = filled(text, 0..title);
        Some(Self { starts, glued, names, titles, start: title + start, rows: title + rows })
    }

    /// Columns that show by blanks that stand above each other in all lines, under a header of names; or in many lines that are
    /// filled in each of them, without one.
    fn aligned(text: &[u8], whole: bool) -> Option<Self> {
        let first = text.split(|&b| b == b'\n').next().unwrap_or_default();
        let header = first.trim_ascii_end();
        // Nearly every text ends here.
        if header.len() > WIDEST || !header.windows(2).any(|pair| pair == b"  ") {
            return None;
        }
        let end = if whole { text.len() } else { memchr::memrchr(b'\n', text)? };
        let lines: Vec<&[u8]> = text[..end]
            .split(|&b| b == b'\n')
            .map(<[u8]>::trim_ascii_end)
            .filter(|line| !line.is_empty())
            .take(SAMPLE_LINES)
            .collect();
        let runs = runs(&lines);
        let wide = aligned_at(&lines, &apart(&runs, 2));
        let is_one_word = |(_, names): &(Vec<u32>, Vec<String>)| !names.iter().any(|name| name.contains(' '));
        // One blank parts columns that are as wide as their longest value.
        let narrow = || aligned_at(&lines, &below_names(&lines, &apart(&runs, 1)));
        let is_unnamed = wide.is_none();
        let is_narrow = |found: &(Vec<u32>, Vec<String>)| {
            let distinct: HashSet<&String> = found.1.iter().collect();
            let has_no_names = || is_unnamed && found.1.iter().all(String::is_empty);
            lines.len() >= LEAST_NARROW
                && is_one_word(found)
                && (distinct.len() == found.1.len() || has_no_names())
        };
        let (starts, names) = match wide {
            Some(wide) if is_one_word(&wide) => wide,
            wide => narrow().filter(is_narrow).or(wide)?,
        };
        let is_named = names.iter().any(|name| !name.is_empty());
        let rows = if is_named { (first.len() + 1).min(text.len()) } else { 0 };
        let glued = glued(&lines, &starts).into_iter().filter(|start| starts.contains(start)).collect();
        Some(Self { starts, glued, names, titles: 0..0, start: 0, rows })
    }
}

/// Characters of a line that are looked at.
const WIDEST: usize = 2000;

/// Lines that show columns which only one blank parts.
const LEAST_NARROW: usize = 6;

/// A part of the lines between blanks that stand above each other: its first character, and the one behind its last.
type Span = (usize, usize);

/// The parts of the lines that some of them fill.
fn runs(lines: &[&[u8]]) -> Vec<Span> {
    let mut filled = [false; WIDEST];
    for line in lines {
        for (position, character) in characters(line).enumerate().take(WIDEST) {
            filled[position] |= character != b" ";
        }
    }
    let is_filled = |i: usize| filled.get(i) == Some(&true);
    let starts = (0..WIDEST).filter(|&i| is_filled(i) && (i == 0 || !is_filled(i - 1)));
    starts.map(|start| (start, (start..).find(|&i| !is_filled(i)).unwrap_or(start))).collect()
}

/// The parts that so many blanks set apart.
fn apart(runs: &[Span], blanks: usize) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for &(start, end) in runs {
        match spans.last_mut() {
            Some(last) if start - last.1 < blanks => last.1 = end,
            _ => spans.push((start, end)),
        }
    }
    spans
}

/// The parts that have a name above them, with those beside them that have none: a time behind its date. Where names stand
/// at the right, these are the parts in front. What has none at the left of all may be the numbers of the rows.
fn below_names(lines: &[&[u8]], spans: &[Span]) -> Vec<Span> {
    let header: Vec<&[u8]> = lines.first().map(|line| characters(line).collect()).unwrap_or_default();
    let has_name = |at: usize| header.get(at).is_some_and(|character| *character != b" ");
    let is_named = |span: &Span| (span.0..span.1).any(has_name);
    let mut named: Vec<Span> = Vec::new();
    // Where the parts without a name begin that have not been given to one yet.
    let mut waiting = None;
    for span in spans {
        let Some(last) = named.last_mut() else {
            named.push(*span);
            continue;
        };
        if !is_named(span) {
            waiting = waiting.or(Some((span.0, last.1)));
            last.1 = span.1;
            continue;
        }
        let mut start = span.0;
        if let Some((first, end)) = waiting.take()
            && !(has_name(last.0) && has_name(span.0))
        {
            (start, last.1) = (first, end);
        }
        named.push((start, span.1));
    }
    named
}

/// Where the columns of a table begin that stands in these parts of its lines, and their names, if the first line is one of
/// names.
fn aligned_at(lines: &[&[u8]], spans: &[Span]) -> Option<(Vec<u32>, Vec<String>)> {
    const LEAST_LINES: usize = 2;
    const LEAST_SURE: usize = 4;
    const LEAST_UNNAMED: usize = 12;
    const LEAST_COLUMNS: usize = 3;
    if lines.len() < LEAST_LINES {
        return None;
    }
    let mut starts = starts(lines, spans);
    starts.extend(glued(lines, &starts));
    starts.sort_unstable();
    if starts.len() < LEAST_COLUMNS {
        return None;
    }
    let header = names_at(lines[0], &starts);
    let cells: Vec<Vec<String>> = lines[1..].iter().map(|line| names_at(line, &starts)).collect();
    let is_number = |row: &Vec<String>| types_of(row[0].as_bytes()) == INTEGER;
    // Data frames number their rows in a column without a name.
    let named = if header[0].is_empty() && cells.iter().all(is_number) { &header[1..] } else { &header[..] };
    let are_names = named.iter().all(|name| is_name(name.as_bytes()) && !is_value(name.as_bytes()));
    let unnamed = (!are_names).then_some(&header);
    let rows: Vec<&Vec<String>> = unnamed.into_iter().chain(&cells).collect();
    // A table whose columns have names may leave some of its cells empty, those at the ends of lines among them.
    let may_be_empty = are_names && starts.len() > LEAST_COLUMNS;
    let most = |lines: usize, of: usize| if may_be_empty { 5 * lines >= 4 * of } else { lines == of };
    let is_typed = |column: usize| {
        let values = || rows.iter().map(|row| &row[column]).filter(|value| !value.is_empty());
        let typed = |value: &String| types_of(value.as_bytes()) != TEXT || value.contains('@');
        most(values().count(), rows.len()) && values().all(typed)
    };
    let last = *starts.last()? as usize;
    let fits = most(lines.iter().filter(|line| line.len() > last).count(), lines.len())
        && (0..starts.len()).any(is_typed);
    // Code, messages and dumps of memory are aligned as well, but have marks of their own, or leave columns empty.
    let are_filled = |row: &&Vec<String>| row.iter().all(|value| is_field(value));
    let is_unnamed =
        || !lines[0].starts_with(b" ") && lines.len() >= LEAST_UNNAMED && rows.iter().all(are_filled);
    // A row or two below names of one word each are a table where none of their cells is empty.
    let is_short = lines.len() < LEAST_SURE;
    let is_clear = || {
        header.iter().all(|name| !name.is_empty() && !name.contains(' '))
            && cells.iter().all(|row| !row.iter().any(String::is_empty))
    };
    if is_short && !is_clear() {
        return None;
    }
    if !fits || !(are_names || is_unnamed()) {
        return None;
    }
    let names = if are_names { header } else { vec![String::new(); starts.len()] };
    Some((starts, names))
}

/// Where the columns begin that stand in these parts of the lines. One of values that end below each other begins where the
/// one before ends, if that is such a one as well: longer values may follow.
fn starts(lines: &[&[u8]], spans: &[Span]) -> Vec<u32> {
    let lines: Vec<Vec<&[u8]>> = lines.iter().map(|line| characters(line).collect()).collect();
    let is_blank = |line: &Vec<&[u8]>, at: usize| line.get(at).is_none_or(|character| *character == b" ");
    let ends_alike = |&(start, end): &Span| {
        let filled = || lines.iter().filter(|line| (start..end).any(|at| !is_blank(line, at)));
        filled().all(|line| !is_blank(line, end - 1)) && filled().any(|line| is_blank(line, start))
    };
    let mut starts = vec![0];
    for pair in spans.windows(2) {
        let start = if pair.iter().all(ends_alike) { pair[0].1 + 1 } else { pair[1].0 };
        starts.push(start as u32);
    }
    starts
}

/// Where words begin that follow digits at once, the same number of them in all lines from the start of a column on. Codes have as many
/// letters in all of them.
fn glued(lines: &[&[u8]], starts: &[u32]) -> Vec<u32> {
    let lines: Vec<Vec<&[u8]>> = lines.iter().map(|line| characters(line).collect()).collect();
    let count = |line: &[&[u8]], at: usize, is: fn(&[u8]) -> bool| {
        line.get(at..).unwrap_or_default().iter().take_while(|character| is(character)).count()
    };
    let is_digit = |character: &[u8]| character[0].is_ascii_digit();
    let word_behind = |&start: &u32| {
        let digits = count(lines.first()?, start as usize, is_digit);
        let behind = start as usize + digits;
        let are_alike = lines.iter().all(|line| count(line, start as usize, is_digit) == digits);
        let words: HashSet<usize> = lines.iter().map(|line| count(line, behind, is_letter)).collect();
        let are_words = words.len() > 1 && !words.contains(&0);
        (digits >= LEAST_DIGITS && are_alike && are_words).then_some(behind as u32)
    };
    starts.iter().filter_map(word_behind).collect()
}

/// Digits before a word that are a field of their own.
const LEAST_DIGITS: usize = 4;

fn is_letter(character: &[u8]) -> bool {
    character[0].is_ascii_alphabetic() || character.len() > 1
}

/// Whether a text may be the value of a column without a name: not empty, and without the marks of code and messages.
fn is_field(value: &str) -> bool {
    !value.is_empty() && !value.contains(['{', '}', '[', ']', '<', '>', '=', ':', ';', '|', '"', '\\'])
}

/// Characters at which the runs begin of a line that is nothing but hyphens and blanks; empty for other lines.
fn runs_of_hyphens(line: &[u8]) -> Vec<u32> {
    let line = line.trim_ascii_end();
    let hyphens = line.iter().filter(|&&b| b == b'-').count();
    if hyphens < 3 || !line.iter().all(|&b| b == b'-' || b == b' ') {
        return Vec::new();
    }
    let begins = |&i: &usize| line[i] == b'-' && (i == 0 || line[i - 1] == b' ');
    let runs: Vec<u32> = (0..line.len()).filter(begins).map(|i| i as u32).collect();
    // `- - -` draws a line across a page.
    if hyphens < 2 * runs.len() { Vec::new() } else { runs }
}

/// `range` without the blanks at its ends.
pub(crate) fn filled(text: &[u8], range: Range<usize>) -> Range<usize> {
    let front = text[range.clone()].len() - text[range.clone()].trim_ascii_start().len();
    let end = range.start + text[range.clone()].trim_ascii_end().len();
    (range.start + front).min(end)..end
}

fn characters(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let length = 1 + rest.get(1..)?.iter().take_while(|b| **b & 0xC0 == 0x80).count();
        let (character, behind) = rest.split_at(length);
        rest = behind;
        Some(character)
    })
}

/// What stands in the columns of a line.
fn names_at(line: &[u8], starts: &[u32]) -> Vec<String> {
    let mut names = vec![Vec::new(); starts.len()];
    for (position, character) in characters(line.trim_ascii_end()).enumerate() {
        let column = starts.partition_point(|&start| start as usize <= position).saturating_sub(1);
        names[column].extend_from_slice(character);
    }
    names.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect()
}

/// Splits lines at the columns of a ruler.
pub(crate) struct FixedWidth<'s> {
    cells: &'s mut Cells,
    columns: Columns,
    pub(crate) notes: Notes,
    ruler: Ruler,
    /// The first column, and how many have one of their own.
    first: u32,
    width: usize,
    header: Vec<u8>,
    /// What stands in front of the rows has been passed.
    begun: bool,
    /// Characters of this line so far.
    position: u32,
    /// The column in which the text stands.
    field: usize,
    /// Where the value began, and where its last byte that is no blank ends.
    value: Option<(u64, u64)>,
    filled: bool,
    record: u64,
    line_start: Pin,
}

impl<'s> FixedWidth<'s> {
    pub(crate) fn new(ruler: Ruler, limits: &Limits, cells: &'s mut Cells) -> Self {
        cells.clear();
        let width = ruler.names.len().min(limits.max_columns);
        Self {
            cells,
            columns: Columns::default(),
            notes: Notes::default(),
            ruler,
            first: 0,
            width,
            header: Vec::new(),
            begun: false,
            position: 0,
            field: 0,
            value: None,
            filled: false,
            record: 0,
            line_start: Pin::at(0),
        }
    }

    /// Records, and what is known of the columns.
    pub(crate) fn report(self) -> (u64, Vec<ColumnReport>) {
        (self.record, self.columns.report(self.record))
    }

    /// Passes titles and the header; where to go on, if they end in `text`.
    fn begin(&mut self, text: &[u8], offsets: &OffsetMap<'_>) -> Option<usize> {
        let (start, rows) = (self.ruler.start, self.ruler.rows);
        if rows as u64 > self.cells.at(text.len()) {
            return None;
        }
        let titles = &self.ruler.titles;
        if !titles.is_empty() {
            let column = self.columns.overflow();
            self.columns.count(column, TEXT);
            let range = self.cells.index(titles.start as u64)..self.cells.index(titles.end as u64);
            if !range.is_empty() {
                self.cells.push(range, column, 0, false);
            }
        }
        self.first = self.columns.len() as u32;
        self.add_names();
        if self.ruler.names.len() > self.width {
            self.notes.add(Reason::TooManyColumns, Pin::at(start as u64).source(self.cells.base, offsets));
        }
        let head = &text[self.cells.index(start as u64)..self.cells.index(rows as u64)];
        self.header = head.split(|&b| b == b'\n').next().unwrap_or_default().trim_ascii_end().to_owned();
        self.begun = true;
        self.line_start = Pin::at(rows as u64);
        Some(self.cells.index(rows as u64))
    }

    fn add_names(&mut self) {
        let mut taken = HashSet::new();
        for (i, name) in std::mem::take(&mut self.ruler.names).into_iter().enumerate().take(self.width) {
            let name = if name.is_empty() { format!("column_{}", i + 1) } else { name };
            let mut numbered = std::iter::once(name.clone()).chain((2..).map(|n| format!("{name}#{n}")));
            let path = numbered.find(|path| !taken.contains(path)).unwrap_or_default();
            taken.insert(path.clone());
            self.columns.add(path);
        }
    }

    #[inline]
    fn step(&mut self, text: &[u8], i: usize, offsets: &OffsetMap<'_>) {
        let (byte, at) = (text[i], self.cells.at(i));
        if byte == b'\n' {
            self.end_line(text, i);
            return;
        }
        if byte & 0xC0 == 0x80 && self.position > 0 {
            if let Some((_, end)) = &mut self.value {
                *end = at + 1;
            }
            return;
        }
        let is_blank = matches!(byte, b' ' | b'\t' | b'\r');
        while self.ruler.starts.get(self.field + 1).is_some_and(|&start| start <= self.position) {
            let runs_over = !is_blank && self.value.is_some_and(|(_, end)| end == at);
            if runs_over && !self.is_glued(text, i) {
                self.notes.add(Reason::RaggedRows, self.line_start.source(self.cells.base, offsets));
                break;
            }
            self.close(text);
            self.field += 1;
        }
        self.position += 1;
        match &mut self.value {
            Some((_, end)) if !is_blank => *end = at + 1,
            Some((_, end)) if at - *end >= BLANKS => self.close(text),
            None if !is_blank => self.value = Some((at, at + 1)),
            _ => {}
        }
    }

    /// Whether the word at `i` follows the digits before it at once in all lines.
    #[cold]
    fn is_glued(&self, text: &[u8], i: usize) -> bool {
        self.ruler.glued.contains(&self.ruler.starts[self.field + 1])
            && i.checked_sub(1).is_some_and(|before| text[before].is_ascii_digit())
            && (text[i].is_ascii_alphabetic() || !text[i].is_ascii())
    }

    fn column(&mut self) -> ColumnIx {
        if self.field < self.width {
            ColumnIx(self.first + self.field as u32)
        } else {
            self.columns.overflow()
        }
    }

    fn close(&mut self, text: &[u8]) {
        let Some((start, end)) = self.value.take() else { return };
        let range = self.cells.index(start)..self.cells.index(end);
        let column = self.column();
        self.columns.count_row(column, &text[range.clone()], self.record);
        self.cells.push(range, column, self.record, false);
        self.filled = true;
    }

    fn end_line(&mut self, text: &[u8], i: usize) {
        self.close(text);
        let start = self.line_start.offset();
        if self.filled && self.cells.at(i) - start <= HEAD_BYTES {
            let start = self.cells.index(start);
            let line = text[start..i].trim_ascii_end();
            if *line == *self.header || !runs_of_hyphens(line).is_empty() {
                for cell in self.cells.since(start) {
                    let value = &text[cell.start as usize..cell.end as usize];
                    self.columns.uncount_row(cell.column, value, self.record);
                }
                self.cells.retract(start);
                self.filled = false;
            }
        }
        self.record += u64::from(self.filled);
        self.filled = false;
        self.field = 0;
        self.position = 0;
        self.line_start = Pin::at(self.cells.at(i + 1));
    }

    /// The cell that is not closed at the end of `text`.
    fn open_cell(&mut self, text: &[u8]) -> Option<Cell> {
        if !self.begun {
            let Range { start, end } = self.ruler.titles;
            let range = self.cells.index(start as u64)..self.cells.index(end as u64).min(text.len());
            return (range.start < range.end).then(|| cell(range, self.columns.overflow(), 0, false));
        }
        let (start, end) = self.value?;
        let range = self.cells.index(start)..self.cells.index(end);
        let column = self.column();
        (!range.is_empty()).then(|| cell(range, column, self.record, false))
    }
}

impl Splitter for FixedWidth<'_> {
    fn advance(&mut self, text: &[u8], from: usize, offsets: &OffsetMap<'_>) {
        let mut from = from;
        if !self.begun {
            let Some(begun) = self.begin(text, offsets) else { return };
            from = begun;
        }
        for i in from..text.len() {
            self.step(text, i, offsets);
        }
    }

    fn finish(&mut self, text: &[u8], _: &OffsetMap<'_>) {
        if self.begun {
            self.end_line(text, text.len());
        }
    }

    fn emit(
        &mut self,
        text: &[u8],
        own: Range<usize>,
        offsets: OffsetMap<'_>,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        let open = self.open_cell(text);
        let window = Window { text, own, layout: Layout::Cells(&[]), offsets };
        self.cells.emit(window, open, Escapes::Doubled, &mut self.columns, target)
    }

    fn slide(&mut self, delta: usize, offsets: &OffsetMap<'_>) {
        self.line_start.slide(self.cells.base, delta, offsets);
        self.cells.slide(delta);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(text: &str) -> Option<Vec<u32>> {
        Ruler::of_text(text.as_bytes(), true).map(|ruler| ruler.starts)
    }

    #[test]
    fn columns_show_by_a_ruler_or_by_blanks() {
        assert_eq!(starts("ID NAME   MAIL\n-- ------ -------\n 1 Jane   a@b.de\n"), Some(vec![0, 3, 10]));
        assert_eq!(starts("Report\n\nID NAME\n-- ----\n 1 Jane\n"), Some(vec![0, 3]));
        let aligned = "id  name      born\n1   Jane Doe  2024-01-01\n12  John      2024-01-02\n3   Zoë       2024-01-03\n";
        assert_eq!(starts(aligned), Some(vec![0, 4, 14]));
    }

    #[test]
    fn digits_may_stand_before_a_word_without_a_blank() {
        let people = [
            ("WEBER ANNA", "BERLIN"),
            ("KOCH JONAS", "ULM"),
            ("LANGE IDA MARIA", "BAD TÖLZ"),
            ("VOGT TIM", "KÖLN"),
        ];
        let line = |i: usize| {
            let (name, city) = people[i % 4];
            format!("{:010}{name:<20}19620314{:05}{city:<12}{:010}\n", 100 + i, 12345 + i, 77 * i)
        };
        let text: String = (0..16).map(line).collect();
        assert_eq!(starts(&text), Some(vec![0, 10, 30, 43, 55]));
        assert_eq!(cells(&text)[1], ["0000000101", "KOCH JONAS", "1962031412346", "ULM", "0000000077"]);
        // Codes are one value.
        let codes: String =
            (0..16).map(|i| format!("{:<12}{:04}AB    {:>8}\n", people[i % 4].1, 1000 + i, i)).collect();
        assert_eq!(starts(&codes), Some(vec![0, 12, 28]));
    }

    /// What a table has in its columns.
    fn cells(text: &str) -> Vec<Vec<String>> {
        let starts = starts(text).unwrap_or_default();
        text.lines().map(|line| names_at(line.as_bytes(), &starts)).collect()
    }

    #[test]
    fn columns_may_be_aligned_to_the_right_or_have_one_blank_between_them() {
        let people = [
            ("10", "Emma", "1955-04-02", "Bonn"),
            ("11", "Julia", "1979-01-17", "Neu Ulm"),
            ("12", "Li", "1968-08-07", "Köln"),
            ("13", "Maximilian", "1953-11-10", "Ulm"),
            ("214", "Zoë", "2001-03-22", "Trier"),
        ];
        let names = ("id", "given_name", "dob", "city");
        type Row = (&'static str, &'static str, &'static str, &'static str);
        let table = |line: fn(usize, Row) -> String| {
            let rows = std::iter::once(names).chain(people).enumerate();
            rows.map(|(i, row)| line(i, row)).collect::<String>()
        };
        let first_right = table(|_, (id, name, dob, city)| format!("{id:>5}  {name:12}{dob:12}{city}\n"));
        let right = table(|_, (id, name, dob, city)| format!("{id:>5}{name:>12}{dob:>12}{city:>9}\n"));
        let frame = table(|i, (id, name, dob, city)| {
            let number = if i > 0 { (i - 1).to_string() } else { String::new() };
            format!("{number:2}{id:>5}{name:>12}{dob:>12}{city:>9}\n")
        });
        let narrow = table(|_, (id, name, dob, city)| format!("{id:3} {name:10} {dob:10} {city}\n"));
        let mixed = table(|_, (id, name, dob, city)| format!("{id:5} {name:10} {dob:10}  {city}\n"));
        let expected = |row: Row| [row.0, row.1, row.2, row.3].map(str::to_owned).to_vec();
        for text in [&first_right, &right, &narrow, &mixed] {
            let rows: Vec<Vec<String>> = std::iter::once(names).chain(people).map(expected).collect();
            assert_eq!(cells(text), rows, "{text}");
        }
        assert_eq!(cells(&frame)[3], ["2", "12", "Li", "1968-08-07", "Köln"], "{frame}");
        let longer = "12345 Konstantinos  1990-01-01     Bonn";
        let starts = starts(&right).expect("it is a table");
        assert_eq!(names_at(longer.as_bytes(), &starts), ["12345", "Konstantinos", "1990-01-01", "Bonn"]);
        let phones = [
            " id  name           phone      note",
            "  1  Jane  +49 30 5312019 call back",
            "  2  John  +49 30 2864493     never",
            "  3   Jim  +49 30 5537462     later",
            "  4   Joe +49 221 2675964        ok",
            "  5  Jill   +49 9 1234567 call back",
        ];
        assert_eq!(cells(&phones.join("\n"))[1], ["1", "Jane", "+49 30 5312019", "call back"]);
        let times = "id name  created_at          note\n1  Jane  2024-01-01 10:00:00 x\n2  John  2024-01-02 11:00:00 y\n\
                     3  Jim   2024-01-03 12:00:00 z\n4  Joe   2024-01-04 13:00:00 u\n5  Jill  2024-01-05 14:00:00 v\n";
        assert_eq!(cells(times)[1], ["1", "Jane", "2024-01-01 10:00:00", "x"]);
    }

    #[test]
    fn other_texts_have_no_columns() {
        for text in [
            "Chapter  one\n\nIt  was a dark  night.\nNobody  saw it.\nNobody  came.\nThe  end.\n",
            "A thought\n- - -\nAnother one\n",
            "A title\n-------\nText below\n",
            "int a;    int b;    int c;\nint d;    int e;    int f;\nint g;    int h;    int i;\nint j;    int k;    int l;\n",
            "one  two    three\nfour five   six\nten  eleven twelve\nred  green  blue\n",
            "  It was a dark night\n  we had 12 men with\n  us and 3 of them we\n  had to go on to the\n  sea in 4 days or we\n  all of us 7 be dead\n",
            "    let a = 1;\n    let b = 2;\n    let c = 3;\n    let d = 4;\n    let e = 5;\n    let f = 6;\n",
            "    mov  eax 1\n    mov  ebx 2\n    mov  ecx 3\n    add  eax 4\n    sub  ebx 5\n    int  eax 6\n",
            "  one two six\n  red  10 ten\n  tan  20 sky\n  two    4 day\n  a b  50 see\n",
            "Name  is Jane\nAge   is 41\nTown  is Bonn\nRoom  is 7\nFloor is 2\nDesk  is 12\n",
            " 0.1 0.2  0.3\n 0.4 0.5  0.6\n 0.7 0.8  0.9\n 0.1 0.2  0.3\n 0.4 0.5  0.6\n 0.7 0.8  0.9\n 0.1 0.2  0.3\n 0.4 0.5  0.6\n 0.7 0.8  0.9\n 0.1 0.2  0.3\n 0.4 0.5  0.6\n 0.7 0.8  0.9\n",
            "                    Minutes\n\nPresent: Jane Doe, John Roe, 4 guests\nDate:    2024-01-01\nPlace:   Bonn\nTime:    10:00\nEnd:     11:00\n",
            "  Dear  all\n\n  1. come at ten\n  2. bring a pen\n  3. leave by six\n  4. do not run\n",
            "total 12\n-rw-r--r--  1 root  root  12 Jan  1 a\n-rw-r--r--  1 root  root  12 Jan  1 b\n-rw-r--r--  1 root  root  1 Jan  1 c\n",
        ] {
            assert_eq!(starts(text), None, "{text}");
        }
    }
}
