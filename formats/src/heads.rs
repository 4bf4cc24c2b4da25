//! The tables of one text: their names, and where one ends and another begins.
//!
//! Exports are put one behind the other: the same header comes again, or another one, mostly behind a blank line or a
//! title. A record is taken for a header only when it cannot well be a row: because it is a header that is known, or
//! because names stand where all values so far were numbers or dates, or behind a title. A header that is found on
//! the way is handed over as text, too, so that a mistake costs names of columns and never a value.
//!
//! A table behind another may have a delimiter of its own; its lines are then records of one cell. A row of values behind its
//! header or a gap shows it. Where such a row belongs to a table before, that one goes on.
//!
//! Rows that another program appended may have another order of columns and no header. Addresses of mail show it, which a table mostly
//! has in one column: where they stand in another one for some rows, another table has begun, without names.
//!
//! Whether a record is a header shows at its end. Only records of [`HEAD_BYTES`] are therefore looked at: no window
//! has owned a byte of them then, and their cells can be taken back.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use domesday_model::{Cell, CellForm, ColumnIx};

use crate::Limits;
use crate::boxes;
use crate::cells::Cells;
use crate::columns::Columns;
use crate::dialect::{COMMON, Dialect, is_name, is_value};
use crate::sample::unquoted;

/// A record that is longer is a row.
pub(crate) const HEAD_BYTES: u64 = 200;

const _: () = assert!(HEAD_BYTES + 16 < Limits::MIN_RIGHT as u64);

/// Tables of one text; what follows counts as rows of the last one.
const MOST_TABLES: usize = 64;

/// Records in a row that are wider than the header, and all alike, before they count as a table of their own. Shorter
/// ones do not: spreadsheets leave empty cells at the end away.
const WIDER_ROWS: u64 = 3;

/// The first rows of a table, which tell whether one of its columns has addresses, and how many of them have one there, one behind the other.
const LOOKED_AT: u32 = 16;
const LEAST_ADDRESSES: u32 = 12;

/// Records in a row that have their address in another column, all in the same, before they count as a table of their own.
const MOVED_ROWS: u64 = 3;

/// No column.
const NONE: usize = usize::MAX;

/// Columns of other values than texts that have a text for the first time in a row that heads another table of as many columns, where
/// nothing stands between the two.
pub(crate) const TURNED_COLUMNS: usize = 2;

/// What stands for no value in a row, and heads none.
pub(crate) const STAND_INS: [&[u8]; 6] = [b"n/a", b"na", b"none", b"null", b"nan", b"unknown"];

struct Table {
    delimiter: u8,
    first: u32,
    width: usize,
    fields: usize,
    /// Its header, where that is short.
    header: Box<[u8]>,
    rows: u64,
    addresses: usize,
}

/// What a record is that shows another delimiter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Turn {
    /// A header, or what may be one.
    Line,
    /// To be read anew.
    Row,
}

/// What is the header of a table with another delimiter if a row of it follows. Names of people look like one, too, and must
/// not become those of columns.
struct Awaited {
    delimiter: u8,
    names: Vec<String>,
    header: Box<[u8]>,
    /// The number of the record that follows.
    number: u64,
}

/// A record that has just ended.
pub(crate) struct Row<'t> {
    pub(crate) text: &'t [u8],
    /// Where it stands in the text, if it is short.
    pub(crate) range: Option<Range<usize>>,
    pub(crate) fields: usize,
    /// A blank line or a title stands before it.
    pub(crate) gap: bool,
    pub(crate) number: u64,
}

impl<'t> Row<'t> {
    /// Its text without the line feed.
    fn line(&self) -> &'t [u8] {
        let line = &self.text[self.range.clone().unwrap_or_default()];
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        line.strip_suffix(b"\r").unwrap_or(line)
    }
}

/// Which column a cell belongs to.
pub(crate) struct Heads {
    tables: Vec<Table>,
    current: usize,
    pub(crate) delimiter: u8,
    /// Cells that every record should have.
    pub(crate) fields: usize,
    /// Length of the header with its line feed, where that is short.
    pub(crate) bytes: u64,
    /// The first byte of that header.
    first_byte: u8,
    pub(crate) max_columns: usize,
    /// The first column of the table, and how many it has.
    first: u32,
    width: usize,
    /// Cells in front of the first column: the empty one before a first `|`.
    shift: usize,
    drawn: bool,
    boxes: bool,
    used: usize,
    /// Names, and the number that the next column of that name gets.
    taken: HashMap<String, u32>,
    /// Records before the current table.
    since: u64,
    /// A title was the last that was seen.
    titled: bool,
    awaited: Option<Awaited>,
    /// Wider records: how wide, how many in a row, the number of the next one.
    wider: (usize, u64, u64),
    /// The cell of a record that has an address, if there is one in all of them.
    pub(crate) addresses: usize,
    /// Records that were looked at for that, how many of them had one in which cell.
    looked_at: u32,
    had: (usize, u32),
    /// Records with an address in another cell: which, how many in a row, the number of the next one.
    moved: (usize, u64, u64),
}

impl Heads {
    pub(crate) fn new(max_columns: usize, dialect: Dialect) -> Self {
        Self {
            tables: Vec::new(),
            current: 0,
            delimiter: dialect.delimiter,
            fields: dialect.width,
            bytes: u64::MAX,
            first_byte: 0,
            max_columns,
            first: 0,
            width: 0,
            shift: 0,
            drawn: dialect.drawn,
            boxes: dialect.boxes,
            used: 0,
            taken: HashMap::new(),
            since: 0,
            titled: false,
            awaited: None,
            wider: (0, 0, 0),
            addresses: NONE,
            looked_at: 0,
            had: (NONE, 0),
            moved: (NONE, 0, 0),
        }
    }

    /// The column of a record's cell, where it has one of its own.
    #[inline(always)]
    pub(crate) fn column(&self, field: usize) -> Option<ColumnIx> {
        let i = field.wrapping_sub(self.shift);
        (i < self.width).then(|| ColumnIx(self.first + i as u32))
    }

    /// The column of a cell that has none of its own. The first record of a table without a header makes columns.
    #[cold]
    pub(crate) fn beyond(&mut self, field: usize, is_first: bool, columns: &mut Columns) -> ColumnIx {
        if !is_first || self.width == self.max_columns || field < self.shift {
            return columns.overflow();
        }
        if self.width == 0 {
            self.first = columns.len() as u32;
        }
        while self.width <= field {
            self.width += 1;
            self.used += 1;
            let name = self.free(format!("column_{}", self.width));
            columns.add(name);
        }
        ColumnIx(self.first + field as u32)
    }

    /// The first record of a table without a header ends with so many cells. Whether all of them have columns.
    pub(crate) fn end_first(&mut self, fields: usize) -> bool {
        self.fields = fields;
        let (delimiter, first, width) = (self.delimiter, self.first, self.width);
        let header = Box::default();
        self.tables.push(Table { delimiter, first, width, fields, header, rows: 0, addresses: NONE });
        fields <= self.max_columns
    }

    /// The header has been read. Whether all its cells have columns.
    pub(crate) fn name(
        &mut self,
        names: &[String],
        row: &Row<'_>,
        dialect: Dialect,
        columns: &mut Columns,
    ) -> bool {
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut fields = row.fields;
        if dialect.drawn {
            if names.first() == Some(&"") {
                names.remove(0);
                self.shift = 1;
            }
            names.pop_if(|name| name.is_empty());
        }
        if dialect.row_names {
            names.insert(0, "");
            fields += 1;
        }
        if dialect.comments
            && let Some(first) = names.first_mut()
        {
            *first = first.strip_prefix('#').map(str::trim).filter(|rest| !rest.is_empty()).unwrap_or(first);
        }
        let whole = names.len() <= self.max_columns;
        self.add(&names, fields, row.line(), columns);
        self.enter(self.tables.len() - 1, 0);
        whole
    }

    /// Adds a table.
    fn add(&mut self, names: &[&str], fields: usize, header: &[u8], columns: &mut Columns) {
        let first = columns.len() as u32;
        let width = names.len().min(self.max_columns - self.used);
        for (i, name) in names[..width].iter().enumerate() {
            let name = if name.is_empty() { format!("column_{}", i + 1) } else { (*name).to_owned() };
            let name = self.free(name);
            columns.add(name);
        }
        self.used += width;
        let delimiter = self.delimiter;
        let header = header.into();
        self.tables.push(Table { delimiter, first, width, fields, header, rows: 0, addresses: NONE });
    }

    /// A name that no other column has.
    fn free(&mut self, name: String) -> String {
        let mut number = self.taken.get(&name).copied().unwrap_or(1);
        let mut free = name.clone();
        while self.taken.contains_key(&free) {
            free = format!("{name}#{number}");
            number += 1;
        }
        self.taken.insert(name, number.max(2));
        self.taken.entry(free.clone()).or_insert(2);
        free
    }

    /// What follows are rows of that table; there were so many records before.
    fn enter(&mut self, table: usize, records: u64) {
        self.tables[self.current].rows += records - self.since;
        self.since = records;
        self.current = table;
        let table = &self.tables[table];
        self.delimiter = table.delimiter;
        self.first = table.first;
        self.width = table.width;
        self.fields = table.fields;
        self.addresses = table.addresses;
        (self.looked_at, self.had) = (if self.addresses == NONE { 0 } else { LOOKED_AT }, (NONE, 0));
        self.bytes = if table.header.is_empty() { u64::MAX } else { table.header.len() as u64 + 1 };
        self.first_byte = table.header.first().copied().unwrap_or_default();
    }

    /// Whether a record that is as long as the header may be the header, in whatever order: the rows of many tables are as long as
    /// it, and most begin with a number.
    #[inline]
    pub(crate) fn begin_like(&self, first_byte: u8) -> bool {
        !first_byte.is_ascii_digit() || self.first_byte.is_ascii_digit()
    }

    /// Looks at a record that may be none. If so, its cells are taken back, and this is true.
    pub(crate) fn take(&mut self, row: &Row<'_>, cells: &mut Cells, columns: &mut Columns) -> bool {
        let line = row.line();
        let titled = std::mem::take(&mut self.titled);
        if line.is_empty() || self.fields < 2 {
            return false;
        }
        let is_known = |table: &Table| table.delimiter == self.delimiter && *table.header == *line;
        if let Some(known) = self.tables.iter().position(is_known) {
            retract(row, cells, columns);
            self.enter(known, row.number);
            return true;
        }
        if self.boxes && self.is_told(row, cells) {
            hand_over(row, cells, columns);
            return true;
        }
        if row.fields == 1 && (row.gap || self.drawn || is_line(line)) {
            self.titled = true;
            hand_over(row, cells, columns);
            return true;
        }
        if !self.drawn && self.is_header(row, titled, cells, columns) {
            let start = row.range.as_ref().map_or(0, |range| range.start);
            let names: Vec<String> = cells.since(start).iter().map(|cell| name_at(row.text, cell)).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            hand_over(row, cells, columns);
            self.add(&names, row.fields, line, columns);
            self.enter(self.tables.len() - 1, row.number);
            return true;
        }
        false
    }

    fn has_room(&self, columns: usize) -> bool {
        self.tables.len() < MOST_TABLES && self.used + columns <= self.max_columns
    }

    fn is_header(&self, row: &Row<'_>, titled: bool, cells: &Cells, columns: &Columns) -> bool {
        let Some(range) = row.range.as_ref().filter(|_| row.fields > 1 && self.has_room(row.fields)) else {
            return false;
        };
        let list = cells.since(range.start);
        if self.has_names_of(row) {
            return true;
        }
        // A row like the others around it needs more to be none.
        let is_like = row.fields == self.fields && !row.gap;
        let least = if is_like { TURNED_COLUMNS } else { 1 };
        let texts = || list.iter().map(|cell| &row.text[cell.start as usize..cell.end as usize]);
        list.len() == row.fields
            && list.iter().all(|cell| cell.form == CellForm::Plain)
            && texts().all(|text| is_name(text) && !is_value(text))
            && !(is_like
                && texts().any(|text| STAND_INS.iter().any(|known| text.eq_ignore_ascii_case(known))))
            && (titled
                || list.iter().filter(|cell| columns.was_typed(cell.column, row.number)).count() >= least)
            && texts().collect::<HashSet<_>>().len() == row.fields
    }

    /// Whether a record of a box says something of the others: the types of the columns, or how many rows there are.
    fn is_told(&self, row: &Row<'_>, cells: &Cells) -> bool {
        let Some(range) = &row.range else { return false };
        let list = cells.since(range.start);
        let is_type = |cell: &Cell| boxes::is_type(&row.text[cell.start as usize..cell.end as usize]);
        let are_types = row.number == self.since && !list.is_empty() && list.iter().all(is_type);
        are_types || (list.len() == 1 && row.fields == 1 + 2 * self.shift && row.fields < self.fields)
    }

    /// Whether a record is the table's header in another order.
    fn has_names_of(&self, row: &Row<'_>) -> bool {
        let header = &self.tables[self.current].header;
        let sorted = |line: &[u8]| {
            let mut cells: Vec<_> = line.split(|&b| b == self.delimiter).map(<[u8]>::to_owned).collect();
            cells.sort_unstable();
            cells
        };
        // Most rows of its length have other letters.
        let sum = |line: &[u8]| line.iter().map(|&byte| u64::from(byte)).sum::<u64>();
        let line = row.line();
        row.fields == self.fields
            && line.len() == header.len()
            && sum(line) == sum(header)
            && sorted(line) == sorted(header)
    }

    /// Looks at a record that may be a remark in the middle of the table. If so, its cells are taken back.
    pub(crate) fn remark(&self, row: &Row<'_>, cells: &mut Cells, columns: &mut Columns) -> bool {
        let line = row.line();
        let is_odd = self.fields > 1 && row.fields != self.fields && !self.drawn;
        let is_remark = is_odd && line.starts_with(b"#") && (row.fields == 1 || line.starts_with(b"# "));
        if is_remark {
            hand_over(row, cells, columns);
        }
        is_remark
    }

    /// Looks at a record with more or fewer cells than it should have, which may belong to a table with another delimiter. If so,
    /// they are taken back.
    pub(crate) fn turn(
        &mut self,
        row: &Row<'_>,
        quote: Option<u8>,
        cells: &mut Cells,
        columns: &mut Columns,
    ) -> Option<Turn> {
        let line = row.line();
        if line.is_empty() || self.fields < 2 || self.drawn {
            return None;
        }
        let is_known = |table: &Table| table.delimiter != self.delimiter && *table.header == *line;
        if let Some(known) = self.tables.iter().position(is_known) {
            hand_over(row, cells, columns);
            self.enter(known, row.number);
            return Some(Turn::Line);
        }
        let delimiters = std::iter::once(self.tables[0].delimiter).chain(COMMON);
        let others = delimiters.filter(|delimiter| *delimiter != self.delimiter);
        let parted = others.filter_map(|other| Some((other, parts(line, other, quote)?)));
        let (delimiter, parts) = parted.max_by_key(|(_, parts)| parts.len())?;
        if let Some(table) = self.table_of(delimiter, &parts, row, columns) {
            retract(row, cells, columns);
            self.titled = false;
            self.enter(table, row.number);
            return Some(Turn::Row);
        }
        if row.fields > 1 {
            return None;
        }
        let is_rare = delimiter == b'\t' || (row.gap && delimiter != b',');
        if parts.len() < if is_rare { 2 } else { 3 } || !are_distinct_names(&parts) {
            return None;
        }
        let names = parts.iter().map(|part| String::from_utf8_lossy(part).trim().to_owned()).collect();
        self.awaited = Some(Awaited { delimiter, names, header: line.into(), number: row.number });
        hand_over(row, cells, columns);
        Some(Turn::Line)
    }

    /// The table that a row belongs to which that delimiter parts: the one whose header stands before it, a table before, or
    /// behind a gap another one. Values tell that it is a row.
    fn table_of(
        &mut self,
        delimiter: u8,
        parts: &[&[u8]],
        row: &Row<'_>,
        columns: &mut Columns,
    ) -> Option<usize> {
        const LEAST_VALUES: usize = 2;
        let (values, fields) = (parts.iter().filter(|part| is_value(part)).count(), parts.len());
        if values == 0 {
            return None;
        }
        let has_room = self.has_room(fields);
        let is_header = |header: &Awaited| {
            header.number == row.number && header.delimiter == delimiter && header.names.len() == fields
        };
        if let Some(header) = self.awaited.take_if(|header| is_header(header)).filter(|_| has_room) {
            let names: Vec<&str> = header.names.iter().map(String::as_str).collect();
            self.delimiter = delimiter;
            self.add(&names, fields, &header.header, columns);
            return Some(self.tables.len() - 1);
        }
        let is_table = |table: &Table| table.delimiter == delimiter && table.fields == fields;
        // What the delimiter of the table parts as well may be a row of it that is not whole.
        if row.fields > 1 {
            return None;
        }
        if let Some(known) = self.tables.iter().rposition(is_table).filter(|_| fields > 2) {
            return Some(known);
        }
        (row.gap && fields > 2 && values >= LEAST_VALUES && has_room).then(|| {
            self.delimiter = delimiter;
            self.add(&vec![""; fields], fields, b"", columns);
            self.tables.len() - 1
        })
    }

    /// A row has more or fewer cells than it should. Where that goes on, another table has begun.
    pub(crate) fn ragged(&mut self, row: &Row<'_>, columns: &mut Columns) {
        let (width, count, next) = self.wider;
        if row.fields <= self.fields || self.drawn {
            return;
        }
        let goes_on = width == row.fields && next == row.number;
        self.wider = (row.fields, if goes_on { count + 1 } else { 1 }, row.number + 1);
        if self.wider.1 == WIDER_ROWS && self.has_room(row.fields) {
            self.add(&vec![""; row.fields], row.fields, b"", columns);
            self.enter(self.tables.len() - 1, row.number + 1);
        }
    }

    /// Whether it is not known yet which column has addresses.
    #[inline]
    pub(crate) const fn is_looking(&self) -> bool {
        self.looked_at < LOOKED_AT
    }

    /// Looks at a row for addresses, until it is known where they stand, or where there is none. What follows may be another table.
    pub(crate) fn look(&mut self, row: &Row<'_>, cells: &Cells, columns: &mut Columns) {
        let is_looking = self.is_looking();
        self.looked_at += u32::from(is_looking);
        let Some(range) = &row.range else { return };
        let is_address = |cell: &&Cell| {
            let text = &row.text[cell.start as usize..cell.end as usize];
            memchr::memchr(b'@', text).is_some() && memchr::memchr(b' ', text).is_none()
        };
        let mut all = cells.since(range.start).iter().filter(is_address);
        let one = all.next().filter(|_| all.next().is_none());
        let at = one.map_or(NONE, |cell| (cell.column.0.wrapping_sub(self.first)) as usize + self.shift);
        if at == NONE {
            return;
        }
        if !is_looking {
            if at != self.addresses {
                self.move_to(at, row, columns);
            }
            return;
        }
        let count = if self.had.0 == at { self.had.1 } else { 0 };
        self.had = (at, count + 1);
        if self.had.1 == LEAST_ADDRESSES {
            self.looked_at = LOOKED_AT;
            self.addresses = at;
            self.tables[self.current].addresses = at;
        }
    }

    /// The address of a row stands in another cell than those before.
    fn move_to(&mut self, at: usize, row: &Row<'_>, columns: &mut Columns) {
        let (cell, count, next) = self.moved;
        let goes_on = cell == at && next == row.number;
        self.moved = (at, if goes_on { count + 1 } else { 1 }, row.number + 1);
        let is_other = |table: &Table| {
            table.addresses == at && table.fields == self.fields && table.delimiter == self.delimiter
        };
        if let Some(known) = self.tables.iter().position(is_other) {
            self.enter(known, row.number + 1);
        } else if self.moved.1 == MOVED_ROWS && self.has_room(row.fields) {
            self.add(&vec![""; row.fields], row.fields, b"", columns);
            let new = self.tables.len() - 1;
            self.tables[new].addresses = at;
            self.enter(new, row.number + 1);
        }
    }

    /// Rows of the table that has that column, of `records` in all.
    pub(crate) fn rows_of(&self, ix: ColumnIx, records: u64) -> u64 {
        let is_here = |table: &Table| (table.first..table.first + table.width as u32).contains(&ix.0);
        let Some(at) = self.tables.iter().position(is_here) else { return records };
        self.tables[at].rows + if at == self.current { records - self.since } else { 0 }
    }
}

fn are_distinct_names(parts: &[&[u8]]) -> bool {
    parts.iter().all(|part| is_name(part) && !is_value(part))
        && parts.iter().collect::<HashSet<_>>().len() == parts.len()
}

/// What stands between the delimiters of a line, if there are any, as in no prose: without blanks behind them, and without
/// quotation marks but those around a part.
fn parts(line: &[u8], delimiter: u8, quote: Option<u8>) -> Option<Vec<&[u8]>> {
    memchr::memchr(delimiter, line)?;
    let parts: Vec<&[u8]> = line.split(|&b| b == delimiter).map(|part| unquoted(part, quote)).collect();
    let is_part = |part: &&[u8]| !part.starts_with(b" ") && !quote.is_some_and(|quote| part.contains(&quote));
    parts.iter().all(is_part).then_some(parts)
}

/// Whether a line is drawn between two tables: `-----`.
fn is_line(line: &[u8]) -> bool {
    matches!(line, [b'-' | b'=' | b'_' | b'*' | b'#', _, _, ..]) && line.iter().all(|byte| *byte == line[0])
}

/// Takes back the cells of a record.
fn retract(row: &Row<'_>, cells: &mut Cells, columns: &mut Columns) {
    let Some(range) = &row.range else { return };
    for cell in cells.since(range.start) {
        columns.uncount_row(cell.column, &row.text[cell.start as usize..cell.end as usize], row.number);
    }
    cells.retract(range.start);
}

/// Makes one cell of the column `*` of a record.
fn hand_over(row: &Row<'_>, cells: &mut Cells, columns: &mut Columns) {
    let Some(range) = &row.range else { return };
    let end = range.start + row.line().len();
    retract(row, cells, columns);
    let column = columns.overflow();
    columns.count_row(column, row.line(), row.number);
    cells.push(range.start..end, column, row.number, false);
}

fn name_at(text: &[u8], cell: &Cell) -> String {
    String::from_utf8_lossy(&text[cell.start as usize..cell.end as usize]).trim().to_owned()
}
