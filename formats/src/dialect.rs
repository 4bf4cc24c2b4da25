//! How a table in text is written: delimiter, quotation marks, where it starts, whether it has a header; and whether
//! a text is a table at all.
//!
//! A file that says so by its extension is CSV. Any other text must look like a table in every line of its
//! beginning: prose, logs and source code have commas, too, and read as text they lose nothing but columns.

use std::collections::HashSet;

use crate::boxes;
use crate::columns::{DECIMAL, INTEGER, TEXT, types_of};
use crate::fixed::filled;
use crate::sample::{Reading, Record, ruler_at, sample, unquoted};

/// How a table is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    /// What values are put in that hold delimiters.
    pub(crate) quote: Option<u8>,
    /// A backslash takes the meaning from the byte behind it.
    pub(crate) backslash: bool,
    /// Lines that start with `#` are no rows.
    pub(crate) comments: bool,
    /// Cells of most records in the beginning; 0 where it is not known.
    pub(crate) width: usize,
    /// The first record names the columns.
    pub(crate) header: bool,
    /// The rows begin with a column that the header does not name, as R writes it.
    pub(crate) row_names: bool,
    /// Drawn with `|` and lines of `-`: blanks around values are none of them.
    pub(crate) drawn: bool,
    /// Drawn with the characters that are made for it; see [`crate::boxes`].
    pub(crate) boxes: bool,
    /// Offset of the first record in the text.
    pub(crate) start: usize,
    /// Titles and remarks in front of it, from their first to their last byte that is no blank.
    pub(crate) titles: (usize, usize),
}

/// Titles, dates and blank lines in front of a table.
const MOST_TITLES: usize = 30;
/// Lines of a title that a blank one parts from the table of a text, and their bytes.
const TITLE_LINES: usize = 3;
const TITLE_BYTES: usize = 120;

/// Delimiters that are common, the likeliest of equals first.
pub(crate) const COMMON: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Delimiters that are tried where none of the common ones fits.
const RARE: [u8; 5] = [b'^', b'~', 0x01, 0x1F, b':'];

impl Dialect {
    const fn plain(delimiter: u8) -> Self {
        Self {
            delimiter,
            quote: Some(b'"'),
            backslash: false,
            comments: false,
            width: 0,
            header: false,
            row_names: false,
            drawn: false,
            boxes: false,
            start: 0,
            titles: (0, 0),
        }
    }

    /// With the titles between `skip`, behind what says how to read the text, and the first record.
    fn with_titles(self, text: &[u8], skip: usize) -> Self {
        let titles = filled(text, skip..self.start);
        Self { titles: (titles.start, titles.end), ..self }
    }

    /// The dialect of a file whose extension says that it is CSV. `text` is its beginning, all of it when `whole`.
    pub(crate) fn of_csv(extension: &str, text: &[u8], whole: bool) -> Self {
        let (declared, skip) = declared(text);
        let body = &text[skip..];
        if let Some(drawn) = Self::drawn(body).or_else(|| Self::boxed(body)) {
            return Self { start: skip + drawn.start, ..drawn }.with_titles(text, skip);
        }
        let delimiter = declared.unwrap_or_else(|| match extension {
            "tsv" | "tab" => b'\t',
            "psv" => b'|',
            _ => best_delimiter(body, whole),
        });
        let reading = reading(body, whole, delimiter);
        let records = sample(body, whole, reading);
        let width = usual_width(&records);
        let first = first_record(&records, width);
        let mut rows: Vec<&Record<'_>> = records[first..].iter().collect();
        let is_remark = |record: &&Record<'_>| record.remark && record.cells.len() != width;
        // Numbers of orders begin so, too.
        let is_row = |record: &&Record<'_>| {
            record.remark && record.cells.len() == width && !record.cells[0].starts_with(b"# ")
        };
        let comments = records[..first].iter().any(|record| record.remark)
            || rows.iter().any(is_remark) && !rows.iter().skip(1).any(is_row);
        rows.retain(|record| !(comments && record.remark && !std::ptr::eq(*record, &records[first])));
        let header = has_header(&rows, whole);
        let row_names = header && has_row_names(&rows);
        let start = skip + if first > 0 { records[first].start } else { 0 };
        let Reading { quote, backslash, .. } = reading;
        Self { quote, backslash, comments, width, header, row_names, start, ..Self::plain(delimiter) }
            .with_titles(text, skip)
    }

    /// The same, without a header where the first record names somebody, and another one does in the same cells: all that is text
    /// looks like a header.
    pub(crate) fn without_people(
        self,
        text: &[u8],
        whole: bool,
        is_full_name: impl Fn(&[&str]) -> bool,
    ) -> Self {
        let Self { delimiter, quote, backslash, header, drawn, start, .. } = self;
        if !header || drawn {
            return self;
        }
        let reading = Reading { delimiter, quote, backslash };
        let text = &text[start..];
        let line = memchr::memchr(b'\n', text).map_or(text, |feed| &text[..=feed]);
        let first = sample(line, true, reading);
        let Some(first) = first.first().map(texts) else { return self };
        // In one cell, or in two beside each other.
        let names_in = |row: &[&str], at: usize, cells: usize| {
            let cells = row.get(at..at + cells).unwrap_or_default();
            let words: Vec<&str> = cells
                .iter()
                .flat_map(|cell| cell.split([' ', ',']))
                .filter(|word| !word.is_empty())
                .collect();
            is_full_name(&words)
        };
        let places = (0..first.len()).flat_map(|at| [(at, 1), (at, 2)]);
        let places: Vec<_> = places.filter(|&(at, cells)| names_in(&first, at, cells)).collect();
        if places.is_empty() {
            return self;
        }
        let records = sample(text, whole, reading);
        let begins_with_a_person = records
            .iter()
            .skip(1)
            .map(texts)
            .any(|row| places.iter().any(|&(at, cells)| names_in(&row, at, cells)));
        Self { header: !begins_with_a_person, row_names: self.row_names && !begins_with_a_person, ..self }
    }

    /// The dialect of a text that looks like a table without saying so.
    pub(crate) fn of_text(text: &[u8], whole: bool) -> Option<Self> {
        let (declared, skip) = declared(text);
        if declared.is_some() {
            return Some(Self::of_csv("", text, whole));
        }
        let start = skip + remarks(&text[skip..]);
        let body = &text[start..];
        let parted = |body| Self::named(body, whole).or_else(|| Self::typed(body, whole));
        let drawn = || Self::drawn(body).or_else(|| Self::boxed(body));
        let found = if let Some(dialect) = parted(body) {
            Self { start, comments: start > skip, ..dialect }
        } else if let Some(drawn) = drawn() {
            Self { start: start + drawn.start, ..drawn }
        } else {
            let title = title(body)?;
            Self { start: start + title, ..parted(&body[title..])? }
        };
        Some(found.with_titles(text, skip))
    }

    /// A table whose first line names its columns.
    fn named(text: &[u8], whole: bool) -> Option<Self> {
        let first = text.split(|&b| b == b'\n').next().unwrap_or_default();
        let found = |&delimiter: &u8| {
            let least = if matches!(delimiter, b',' | b':') { 3 } else { 2 };
            let names = || first.split(|&b| b == delimiter).map(|cell| unquoted(cell, Some(b'"')));
            // Nearly every text ends here, after its first line.
            if !names().all(is_name) || names().count() < least {
                return None;
            }
            let reading = reading(text, whole, delimiter);
            let records = sample(text, whole, reading);
            let rows: Vec<&Record<'_>> = records.iter().filter(|record| !record.remark).collect();
            let header = rows.first()?;
            let width = header.cells.len();
            let row_names = rows[1..].iter().all(|row| row.cells.len() == width + 1);
            let fits = rows.len() >= 4
                && (row_names || rows.iter().all(|row| row.cells.len() == width))
                && has_header(&rows, whole)
                && (agreement(&records).1 || has_values(&rows[1..]))
                && !is_distinct_text(&rows);
            let Reading { quote, backslash, .. } = reading;
            fits.then_some(Self { quote, backslash, header: true, row_names, ..Self::plain(delimiter) })
        };
        [b'\t', b';', b',', b'|', b'^', b'~', 0x01, 0x1F, b':'].iter().find_map(found)
    }

    /// A table without a header, whose columns show by the types of their values.
    fn typed(text: &[u8], whole: bool) -> Option<Self> {
        const LEAST_ROWS: usize = 5;
        let first = text.split(|&b| b == b'\n').next().unwrap_or_default();
        let found = |&delimiter: &u8| {
            if first.iter().filter(|&&b| b == delimiter).count() < 2 {
                return None;
            }
            let reading = reading(text, whole, delimiter);
            let records = sample(text, whole, reading);
            let rows: Vec<&Record<'_>> = records.iter().collect();
            let width = rows.first()?.cells.len();
            let fits = rows.len() >= LEAST_ROWS
                && rows.iter().all(|row| row.cells.len() == width)
                && typed_columns(&rows, width, delimiter)
                && !is_distinct_text(&rows);
            let Reading { quote, backslash, .. } = reading;
            fits.then_some(Self { quote, backslash, width, ..Self::plain(delimiter) })
        };
        [b'\t', b';', b'|', b',', b'^', b'~', 0x01, 0x1F].iter().find_map(found)
    }

    /// A table in boxes.
    fn boxed(text: &[u8]) -> Option<Self> {
        let start = boxes::start(text)?;
        Some(Self { quote: None, header: true, drawn: true, boxes: true, start, ..Self::plain(boxes::LEAD) })
    }

    /// A table with lines between its columns, as Markdown, `psql` and `mysql` draw it.
    fn drawn(text: &[u8]) -> Option<Self> {
        const MOST_OTHERS: usize = 4;
        let mut lines = text.split(|&b| b == b'\n').scan(0, |at, line| {
            let start = *at;
            *at += line.len() + 1;
            Some((start, line.trim_ascii()))
        });
        let (mut before, mut start): (&[u8], usize) = (b"", 0);
        let ruler = lines.by_ref().take(MOST_TITLES).find(|&(at, line)| {
            if ruler_at(line, b"|+") {
                // What is drawn first of all is the table's upper border.
                start = if before.is_empty() { at } else { start };
                return true;
            }
            (before, start) = (line, at);
            false
        });
        let (_, ruler) = ruler?;
        let (_, header) = if before.is_empty() { lines.next()? } else { (start, before) };
        let bars = |line: &[u8]| line.iter().filter(|&&b| b == b'|').count();
        let joints = ruler.iter().filter(|&&b| b == b'|' || b == b'+').count();
        let outer = 2 * usize::from(header.starts_with(b"|"));
        if bars(header) == 0 || (joints != bars(header) && joints + outer != bars(header)) {
            return None;
        }
        let (mut rows, mut others) = (0, 0);
        for (_, line) in lines.take(50).filter(|(_, line)| !line.is_empty()) {
            let is_row = bars(line) >= bars(header) || ruler_at(line, b"|+");
            rows += usize::from(is_row);
            others += usize::from(!is_row);
        }
        let rest_is_table = rows > 0 && (others <= 1 || rows > MOST_OTHERS * others);
        rest_is_table.then_some(Self { quote: None, header: true, drawn: true, start, ..Self::plain(b'|') })
    }
}

/// The delimiter that Excel is told in a first line such as `sep=;`, and the length of that line.
fn declared(text: &[u8]) -> (Option<u8>, usize) {
    let end = memchr::memchr(b'\n', &text[..text.len().min(16)]).unwrap_or(0);
    let line = unquoted(&text[..end], Some(b'"'));
    match line.split_first_chunk::<4>() {
        Some((name, &[delimiter]))
            if name.eq_ignore_ascii_case(b"sep=")
                && delimiter.is_ascii()
                && !delimiter.is_ascii_alphanumeric() =>
        {
            (Some(delimiter), end + 1)
        }
        _ => (None, 0),
    }
}

/// The length of the lines in front that start with `#`, and of blank lines behind such. The last of them may be a
/// header.
fn remarks(text: &[u8]) -> usize {
    let mut at = 0;
    let mut last = 0;
    for line in text.split_inclusive(|&b| b == b'\n').take(MOST_TITLES) {
        let blank = line.trim_ascii().is_empty();
        let is_front = line.starts_with(b"#") || (blank && at > 0);
        if !is_front {
            let width = |line: &[u8], b: u8| line.iter().filter(|&&c| c == b).count();
            let is_header = |&b: &u8| width(&text[last..at], b) == width(line, b) && width(line, b) > 0;
            return if at > 0 && COMMON.iter().any(is_header) { last } else { at };
        }
        if !blank {
            last = at;
        }
        at += line.len();
    }
    0
}

/// The length of a title of a few short lines and the blank ones behind it.
pub(crate) fn title(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut is_over = false;
    for (line, count) in text.split_inclusive(|&b| b == b'\n').zip(0..MOST_TITLES) {
        let is_blank = line.trim_ascii().is_empty();
        if is_over && !is_blank {
            return Some(at);
        }
        if !is_blank && (count >= TITLE_LINES || line.len() > TITLE_BYTES) {
            return None;
        }
        is_over |= is_blank && count > 0;
        at += line.len();
    }
    None
}

/// The delimiter under which most records have the same number of cells.
fn best_delimiter(text: &[u8], whole: bool) -> u8 {
    let quoted = |delimiter| Reading { delimiter, quote: Some(b'"'), backslash: false };
    let best = |candidates: &[u8]| {
        // What does not occur separates nothing; one is left to say how many records there are.
        let occurs = |delimiter: &u8| *delimiter == COMMON[0] || memchr::memchr(*delimiter, text).is_some();
        // The first of equals.
        let scored = candidates.iter().rev().copied().filter(occurs).map(|delimiter| {
            let records = sample(text, whole, quoted(delimiter));
            (agreement(&records), records.len(), delimiter)
        });
        scored.max_by_key(|&(agreement, ..)| agreement)
    };
    let Some((agreement, records, delimiter)) = best(&COMMON) else { return b',' };
    if agreement.0 < records && are_parted_by_blanks(text, whole) {
        return b' ';
    }
    if 2 * agreement.0 > records || records < 2 {
        return delimiter;
    }
    match best(&RARE) {
        Some(((agreeing, ..), records, rare)) if agreeing > agreement.0 && 2 * agreeing > records => rare,
        _ => delimiter,
    }
}

/// Whether each record has as many cells between blanks as the first one has names, some of them values. Texts, full names and
/// addresses have blanks as well, but not as many in all of them and in their header.
fn are_parted_by_blanks(text: &[u8], whole: bool) -> bool {
    const LEAST_ROWS: usize = 4;
    const LEAST_CELLS: usize = 4;
    let names = text.split(|&b| b == b'\n').next().unwrap_or_default();
    if memchr::memchr_iter(b' ', names).count() + 1 < LEAST_CELLS {
        return false;
    }
    let records = sample(text, whole, Reading { delimiter: b' ', quote: Some(b'"'), backslash: false });
    let rows: Vec<&Record<'_>> = records.iter().collect();
    let width = records[0].cells.len();
    records.len() > LEAST_ROWS
        && are_alike(&records)
        && records.iter().all(|record| record.filled() == width)
        && are_names(&records[0])
        && (0..width).any(|column| is_typed(&rows[1..], column))
}

/// How well a delimiter explains a text: records of the most frequent width above one, whether blanks rarely follow
/// it as they do in prose, and that width.
fn agreement(records: &[Record<'_>]) -> (usize, bool, usize) {
    let width = usual_width(records);
    if width < 2 {
        return (0, false, 0);
    }
    let agreeing = || records.iter().filter(|record| record.cells.len() == width);
    let cells = agreeing().map(|record| record.cells.len() - 1).sum::<usize>();
    let blanks = agreeing().flat_map(|record| &record.cells[1..]).filter(|cell| cell.starts_with(b" "));
    (agreeing().count(), 2 * blanks.count() < cells, width)
}

/// The most frequent number of cells above one, the larger of equals; 1 where there is no other.
fn usual_width(records: &[Record<'_>]) -> usize {
    let widths = || records.iter().map(|record| record.cells.len()).filter(|&width| width > 1);
    widths().max_by_key(|&w| (widths().filter(|&other| other == w).count(), w)).unwrap_or(1)
}

/// How cells are quoted that `delimiter` separates.
fn reading(text: &[u8], whole: bool, delimiter: u8) -> Reading {
    let bare = sample(text, whole, Reading { delimiter, quote: None, backslash: false });
    let cells = || bare.iter().flat_map(|record| &record.cells);
    let is_enclosed = |cell: &[u8], quote| unquoted(cell, Some(quote)).len() < cell.trim_ascii_end().len();
    let enclosed = |quote| cells().filter(|cell| is_enclosed(cell, quote)).count();
    let opened = |quote| cells().filter(|cell| cell.first() == Some(&quote)).count();
    let (double, single) = (enclosed(b'"'), enclosed(b'\''));
    let quote = if double == 0 && opened(b'"') == 0 && (single > 0 || encloses_lines(text, whole, delimiter))
    {
        Some(b'\'')
    } else if double == 0 && opened(b'"') >= 2 && single == 0 {
        // Inches and ditto marks: several cells begin with one and none ends with one.
        let quoted = sample(text, whole, Reading { delimiter, quote: Some(b'"'), backslash: false });
        let is_closed = 2 * unclosed(&quoted, b'"') <= opened(b'"');
        (is_closed && (are_alike(&quoted) || !agrees_more(&bare, &quoted))).then_some(b'"')
    } else {
        Some(b'"')
    };
    let null = cells().any(|cell| cell == b"\\N");
    let backslash = null || quote.is_some_and(|quote| escapes_quotes(text, quote, delimiter));
    Reading { delimiter, quote, backslash }
}

/// Whether all records have as many cells.
fn are_alike(records: &[Record<'_>]) -> bool {
    records.windows(2).all(|pair| pair[0].cells.len() == pair[1].cells.len())
}

/// Whether more of the records have as many cells as the others than in another reading of the text.
fn agrees_more(records: &[Record<'_>], other: &[Record<'_>]) -> bool {
    agreement(records).0 * other.len() > agreement(other).0 * records.len()
}

/// Cells that `quote` opens and does not close.
fn unclosed(records: &[Record<'_>], quote: u8) -> usize {
    let is_open = |cell: &&&[u8]| cell.first() == Some(&quote) && cell.get(1) != Some(&quote);
    records.iter().flat_map(|record| &record.cells).filter(is_open).count()
}

/// Whether `'` encloses values that hold line feeds or delimiters: with it, more of the records have as many cells as the
/// others. It is looked for behind the first records as well, for exports put it around few of their values.
fn encloses_lines(text: &[u8], whole: bool, delimiter: u8) -> bool {
    let opens = |start: u8| memchr::memmem::find(text, &[start, b'\'']);
    let Some(first) = opens(delimiter).into_iter().chain(opens(b'\n')).min() else { return false };
    let line = memchr::memrchr(b'\n', &text[..first]).map_or(0, |end| end + 1);
    let records = |quote| sample(&text[line..], whole, Reading { delimiter, quote, backslash: false });
    let quoted = records(Some(b'\''));
    unclosed(&quoted, b'\'') == 0 && agrees_more(&quoted, &records(None))
}

/// Whether a backslash before a quotation mark takes the meaning from it. It is part of the value where the mark is one of
/// two: JSON in a quoted cell is full of `\\""`.
fn escapes_quotes(text: &[u8], quote: u8, delimiter: u8) -> bool {
    let ends = |byte: &u8| *byte == delimiter || matches!(byte, b'\r' | b'\n');
    let mut is_doubled = false;
    let mut may_escape = false;
    for at in memchr::memchr_iter(b'\\', text) {
        match text[at + 1..] {
            [mark, behind, ..] if mark == quote && behind != quote && !ends(&behind) => return true,
            [mark, second, behind, ..] if mark == quote && second == quote => {
                is_doubled |= !ends(&behind);
                may_escape |= ends(&behind);
            }
            _ => {}
        }
    }
    may_escape && !is_doubled
}

/// The record where the table starts. Records in front of it are fewer in cells, or have hardly any that is filled.
fn first_record(records: &[Record<'_>], width: usize) -> usize {
    let usual = |record: &Record<'_>| record.cells.len() == width;
    if width < 2 || records.iter().filter(|record| usual(record)).count() < 2 {
        return 0;
    }
    // Where rows are ragged, the most frequent width need not be that of the header.
    let like_first = || records.iter().filter(|record| record.cells.len() == records[0].cells.len()).count();
    if records[0].cells.len() > 1 && are_names(&records[0]) && 10 * like_first() >= records.len() + 10 {
        return 0;
    }
    let sparse = |record: &Record<'_>| 3 * record.filled() <= width.max(3);
    let Some(first) = records.iter().take(MOST_TITLES).position(usual) else { return 0 };
    let full = records.iter().take(MOST_TITLES).position(|record| usual(record) && !sparse(record));
    if let Some(full) = full.filter(|&full| full > first && width > 2 && are_names(&records[full])) {
        return full;
    }
    // A header may have another width than the rows below it.
    let above = first.checked_sub(1).map(|i| &records[i]);
    let is_header =
        |record: &Record<'_>| record.cells.len() > 1 && are_names(record) && !records[first].behind_blank;
    let shows_more = above.is_some_and(|record| record.cells.len() > width);
    if above.is_some_and(is_header) || shows_more { first - 1 } else { first }
}

fn are_names(record: &Record<'_>) -> bool {
    record.cells.iter().all(|cell| is_name(cell) && !is_value(cell))
}

/// Whether each row has one cell more than the header, and they are not just empty ones at the end.
fn has_row_names(rows: &[&Record<'_>]) -> bool {
    let Some((header, rows)) = rows.split_first() else { return false };
    !rows.is_empty()
        && rows.iter().all(|row| row.cells.len() == header.cells.len() + 1)
        && rows.iter().any(|row| row.cells.last().is_some_and(|cell| !cell.is_empty()))
}

/// With what names of columns end that no row has two of.
const FIELDS: [&[u8]; 24] = [
    b"name",
    b"firstname",
    b"lastname",
    b"surname",
    b"email",
    b"mail",
    b"phone",
    b"telefon",
    b"address",
    b"street",
    b"city",
    b"zip",
    b"country",
    b"birth",
    b"birthdate",
    b"date",
    b"datum",
    b"code",
    b"type",
    b"status",
    b"amount",
    b"vorname",
    b"nachname",
    b"prenom",
];

/// What a programmer or an export would call a column.
pub(crate) fn is_name(name: &[u8]) -> bool {
    let name = name.trim_ascii();
    let fits = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || b" _-.#/()%".contains(b);
    (1..=40).contains(&name.len()) && name.iter().all(fits) && !name.contains(&b'\n')
}

/// Whether the cells are too long for a table: sentences with one comma each. What has lines is quoted, and no sentence.
fn is_distinct_text(rows: &[&Record<'_>]) -> bool {
    let cells = || rows.iter().flat_map(|record| &record.cells).filter(|cell| !cell.contains(&b'\n'));
    cells().map(|cell| cell.len()).sum::<usize>() > 64 * cells().count()
}

/// Whether all values of at least two columns, and of half of all, are of one type that is not text, or addresses. Half need not
/// be where many lines have many cells, parted by what stands in no prose: names and addresses of people are text.
fn typed_columns(rows: &[&Record<'_>], width: usize, delimiter: u8) -> bool {
    const MANY_ROWS: usize = 10;
    const MANY_CELLS: usize = 5;
    // Brackets and equals signs mark code and messages, but for JSON between the tabs of a dump.
    let no_code = |cell: &&[u8]| !cell.iter().any(|b| b"{}[]<>=".contains(b));
    let typed = (0..width).filter(|&column| is_typed(rows, column)).count();
    let is_table = delimiter != b',' && rows.len() >= MANY_ROWS && width >= MANY_CELLS;
    typed >= 2
        && (is_table || 2 * typed >= width)
        && (is_table && delimiter == b'\t' || rows.iter().flat_map(|row| &row.cells).all(no_code))
}

/// Whether the values of a column are of one type that is not text, or addresses.
fn is_typed(rows: &[&Record<'_>], column: usize) -> bool {
    let values = || rows.iter().map(|row| row.cells[column]).filter(|cell| !cell.is_empty());
    let types = values().map(types_of).fold(0, |all, types| all | types);
    let addresses = values().all(|cell| cell.contains(&b'@') && !cell.contains(&b' '));
    let is_one = types.count_ones() == 1 && types != TEXT || types == INTEGER | DECIMAL;
    2 * values().count() > rows.len() && (addresses || is_one)
}

/// Whether the first record names columns: none of its cells looks like a value, or others leave no doubt. A record
/// that is alone is one of data, for then it is at least looked at, unless it is one of identifiers.
pub(crate) fn has_header(rows: &[&Record<'_>], whole: bool) -> bool {
    let Some(first) = rows.first().map(|row| &row.cells) else { return !whole };
    if are_like_below(rows) {
        return false;
    }
    let values = first.iter().any(|cell| is_value(cell));
    if (rows.len() == 1 && whole && !are_identifiers(first))
        || values && !are_years(first) && !stands_over_values(rows)
    {
        return false;
    }
    let filled: Vec<_> = first.iter().map(|cell| cell.trim_ascii()).filter(|cell| !cell.is_empty()).collect();
    let repeats = filled.iter().collect::<HashSet<_>>().len() < filled.len();
    let comes_again = rows.get(1).is_some_and(|row| row.cells == *first);
    let over_values = || rows[1..].iter().flat_map(|row| &row.cells).any(|cell| is_value(cell));
    !filled.is_empty() && !comes_again && (!repeats || over_values())
}

/// Whether cells are names as databases have them, an id among them, or two that end with a word for what a column holds.
fn are_identifiers(cells: &[&[u8]]) -> bool {
    let fits = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let is_identifier =
        |cell: &&[u8]| cell.first().is_some_and(u8::is_ascii_alphabetic) && cell.iter().all(fits);
    let is_id = |cell: &&[u8]| {
        let cell = cell.to_ascii_lowercase();
        cell == b"id" || cell.ends_with(b"_id")
    };
    let is_field = |cell: &&&[u8]| {
        let last = cell.rsplit(|byte| *byte == b'_').next().unwrap_or_default();
        FIELDS.iter().any(|field| last.eq_ignore_ascii_case(field))
    };
    cells.len() > 1
        && cells.iter().all(is_identifier)
        && (cells.iter().any(is_id) || cells.iter().filter(is_field).count() > 1)
}

/// Whether the first record is a row like those below it, though all of it is text: a cell has digits and letters where most of
/// those below have them, as codes do, or values of several columns come again.
fn are_like_below(rows: &[&Record<'_>]) -> bool {
    const LEAST_ROWS: usize = 4;
    const LEAST_COLUMNS: usize = 2;
    const LEAST_DIGITS: usize = 3;
    let Some((first, rows)) = rows.split_first().filter(|(_, rows)| rows.len() >= LEAST_ROWS) else {
        return false;
    };
    let below = |column: usize| {
        let other = rows.iter().filter(|row| row.cells != first.cells);
        other.filter_map(move |row| row.cells.get(column)).filter(|cell| !cell.is_empty())
    };
    let class = |byte: &u8| match byte {
        b'0'..=b'9' => b'9',
        b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => b'a',
        other => *other,
    };
    let has_form_of = |one: &[u8], other: &[u8]| one.iter().map(class).eq(other.iter().map(class));
    let is_code = |(column, cell): (usize, &&[u8])| {
        let alike = || below(column).filter(|other| has_form_of(cell, other)).count();
        cell.iter().filter(|b| b.is_ascii_digit()).count() >= LEAST_DIGITS
            && below(column).count() >= LEAST_ROWS
            && 2 * alike() > below(column).count()
    };
    let recurs =
        |(column, cell): &(usize, &&[u8])| !cell.is_empty() && below(*column).any(|other| other == *cell);
    let heads_values = |(column, cell): (usize, &&[u8])| {
        !cell.is_empty()
            && !is_value(cell)
            && below(column).count() >= LEAST_ROWS
            && below(column).all(|other| types_of(other) != TEXT)
    };
    let cells = || first.cells.iter().enumerate();
    !cells().any(heads_values) && (cells().any(is_code) || cells().filter(recurs).count() >= LEAST_COLUMNS)
}

/// Whether all that look like values among names are years in a row, each of which heads a column: `Country, 1960, 1961`.
fn are_years(header: &[&[u8]]) -> bool {
    const LEAST: usize = 3;
    let year = |cell: &&[u8]| {
        let year: u16 = std::str::from_utf8(cell).ok()?.trim().parse().ok()?;
        (cell.trim_ascii().len() == 4 && (1900..2100).contains(&year)).then_some(year)
    };
    let years: Option<Vec<u16>> = header.iter().filter(|cell| is_value(cell)).map(year).collect();
    let in_a_row = |years: &[u16]| {
        years.windows(2).all(|pair| pair[1] == pair[0] + 1)
            || years.windows(2).all(|pair| pair[0] == pair[1] + 1)
    };
    header.first().is_some_and(|cell| is_name(cell) && !is_value(cell))
        && years.is_some_and(|years| years.len() >= LEAST && in_a_row(&years))
}

/// Whether names stand over columns of nothing but numbers and dates, and what looks like a value does not look like
/// those below it: an election's date is part of the name of its column.
fn stands_over_values(rows: &[&Record<'_>]) -> bool {
    const LEAST_ROWS: usize = 4;
    const LEAST_NAMES: usize = 2;
    let Some((first, rows)) = rows.split_first().filter(|(_, rows)| rows.len() >= LEAST_ROWS) else {
        return false;
    };
    let below = |column: usize| {
        rows.iter().filter_map(move |row| row.cells.get(column)).filter(|cell| !cell.is_empty())
    };
    let is_typed =
        |column: usize| below(column).next().is_some() && below(column).all(|cell| types_of(cell) != TEXT);
    let is_alien = |(column, cell): (usize, &&[u8])| {
        cell.iter().any(u8::is_ascii_alphabetic)
            && !cell.contains(&b'@')
            && below(column).all(|other| !is_value(other) || types_of(other) != types_of(cell))
    };
    let cells = || first.cells.iter().enumerate();
    let says = |cell: &[u8]| {
        is_name(cell) && !is_value(cell) && cell.iter().filter(|b| b.is_ascii_alphabetic()).count() > 2
    };
    cells().filter(|(column, cell)| says(cell) && is_typed(*column)).count() >= LEAST_NAMES
        && cells().filter(|(_, cell)| is_value(cell)).all(is_alien)
}

/// Whether a cell is a number, a date or the like.
fn has_values(rows: &[&Record<'_>]) -> bool {
    rows.iter().flat_map(|row| &row.cells).any(|cell| !cell.is_empty() && types_of(cell) != TEXT)
}

/// Whether a cell is a value rather than the name of one.
pub(crate) fn is_value(cell: &[u8]) -> bool {
    let digits = cell.iter().filter(|b| b.is_ascii_digit()).count();
    let plain = !cell.is_empty() && types_of(cell) != TEXT;
    // Systems name fields `@ID` and `@timestamp`.
    let is_field = |cell: &[u8]| cell.len() > 1 && cell[1..].iter().all(u8::is_ascii_alphabetic);
    plain || cell.contains(&b'@') && !(cell[0] == b'@' && is_field(cell)) || digits >= 6
}

/// The cells of a record; those that are no text are empty.
fn texts<'a>(record: &Record<'a>) -> Vec<&'a str> {
    record.cells.iter().map(|cell| std::str::from_utf8(cell).unwrap_or_default()).collect()
}

#[cfg(test)]
#[path = "dialect_tests.rs"]
mod tests;
