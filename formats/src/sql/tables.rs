//! The tables of a dump and their columns.

use std::collections::HashMap;

use domesday_model::ColumnIx;

use crate::columns::Columns;
use crate::paths::join;

use super::head::is_word;

/// Heads of statements that are known by their bytes. Dumps repeat few of them very often.
const MOST_HEADS: usize = 16;

/// Tables whose rows are counted one by one, and whose definitions are kept.
const MOST_TABLES: usize = 10_000;

/// A statement's table and columns.
#[derive(Clone)]
struct Entered {
    table: usize,
    columns: Vec<ColumnIx>,
    /// Every row has so many cells.
    listed: bool,
}

/// A head that is known.
struct Known {
    head: Box<[u8]>,
    entered: Entered,
}

/// Tables by their paths, and what the rows that are being read belong to.
pub(super) struct Tables {
    max_columns: usize,
    used: usize,
    /// Names of columns from the tables' definitions, by the path in lower case and by its last part.
    defined: HashMap<String, Vec<Box<[u8]>>>,
    names: usize,
    by_path: HashMap<String, usize>,
    /// Paths and rows.
    tables: Vec<(String, u64)>,
    columns: HashMap<String, ColumnIx>,
    /// The table of each column.
    owners: HashMap<ColumnIx, usize>,
    known: Vec<Known>,
    /// The next head that gives way to another.
    oldest: usize,
    current: Entered,
}

impl Tables {
    pub(super) fn new(max_columns: usize) -> Self {
        Self {
            max_columns,
            used: 0,
            defined: HashMap::new(),
            names: 0,
            by_path: HashMap::new(),
            tables: Vec::new(),
            columns: HashMap::new(),
            owners: HashMap::new(),
            known: Vec::new(),
            oldest: 0,
            current: Entered { table: 0, columns: Vec::new(), listed: false },
        }
    }

    /// A table has those columns.
    pub(super) fn define(&mut self, path: &[Box<[u8]>], names: Vec<Box<[u8]>>) {
        if names.is_empty() || self.names + 2 * names.len() > 4 * self.max_columns.max(100) {
            return;
        }
        self.names += 2 * names.len();
        // Heads may be of a table of that name in another database, with other columns.
        self.known.clear();
        self.oldest = 0;
        let whole = path_of(path).to_lowercase();
        let last = path_of(&path[path.len().saturating_sub(1)..]).to_lowercase();
        self.defined.insert(last, names.clone());
        self.defined.insert(whole, names);
    }

    /// Rows of a table follow. `names` are the columns that the statement lists, if it does; `head` are its bytes up
    /// to the rows.
    pub(super) fn enter(
        &mut self,
        path: &[Box<[u8]>],
        names: &[Box<[u8]>],
        listed: bool,
        head: Option<&[u8]>,
        columns: &mut Columns,
    ) {
        let shown = path_of(path);
        let table = self.table(&shown);
        let defined = || {
            let last = || path_of(&path[path.len().saturating_sub(1)..]).to_lowercase();
            self.defined.get(&shown.to_lowercase()).or_else(|| self.defined.get(&last()))
        };
        let names = if listed { Some(names.to_vec()) } else { defined().cloned() };
        let listed = names.is_some();
        let mut entered = Entered { table, columns: Vec::new(), listed };
        for name in names.unwrap_or_default() {
            match self.column_named((shown.len(), join(&shown, &name)), table, columns) {
                Some(column) => entered.columns.push(column),
                None => break,
            }
        }
        let short = entered.columns.len() <= 64;
        let is_new = |head: &&[u8]| self.known.iter().all(|known| *known.head != **head);
        if let Some(head) = head.filter(|_| short && entered.listed).filter(is_new) {
            let known = Known { head: head.into(), entered: entered.clone() };
            if self.known.len() < MOST_HEADS {
                self.known.push(known);
            } else {
                self.known[self.oldest] = known;
                self.oldest = (self.oldest + 1) % MOST_HEADS;
            }
        }
        self.current = entered;
    }

    fn table(&mut self, path: &str) -> usize {
        if let Some(&known) = self.by_path.get(path) {
            return known;
        }
        if self.tables.len() == MOST_TABLES {
            return MOST_TABLES - 1;
        }
        self.tables.push((path.to_owned(), 0));
        self.by_path.insert(path.to_owned(), self.tables.len() - 1);
        self.tables.len() - 1
    }

    /// The column of a path and of how much of that names the table.
    fn column_named(
        &mut self,
        (of_table, path): (usize, String),
        table: usize,
        columns: &mut Columns,
    ) -> Option<ColumnIx> {
        if let Some(&known) = self.columns.get(&path) {
            return Some(known);
        }
        if self.is_full() {
            return None;
        }
        self.used += 1;
        let column = columns.add_in(of_table, path.clone());
        self.columns.insert(path, column);
        self.owners.insert(column, table);
        Some(column)
    }

    /// Whether `text` begins with a head that is known; then its rows follow behind that many bytes.
    #[inline]
    pub(super) fn enter_known(&mut self, text: &[u8]) -> Option<usize> {
        let ends = |head: &[u8]| text.get(head.len()).is_some_and(|&byte| !is_word(byte));
        let at = self.known.iter().position(|known| text.starts_with(&known.head) && ends(&known.head))?;
        let Known { head, entered } = &self.known[at];
        self.current.table = entered.table;
        self.current.listed = entered.listed;
        self.current.columns.clone_from(&entered.columns);
        Some(head.len())
    }

    /// The column of a row's cell, where it is known.
    #[inline]
    pub(super) fn column(&self, field: usize) -> Option<ColumnIx> {
        self.current.columns.get(field).copied()
    }

    /// The column of a cell of a table that is not defined; `None` where there is none of its own.
    pub(super) fn grow(&mut self, field: usize, columns: &mut Columns) -> Option<ColumnIx> {
        if field >= self.max_columns {
            return None;
        }
        while !self.current.listed && self.current.columns.len() <= field {
            let table = self.current.table;
            let name = format!("column_{}", self.current.columns.len() + 1);
            let of = &self.tables[table].0;
            let path = (of.len(), join(of, name.as_bytes()));
            let column = self.column_named(path, table, columns)?;
            self.current.columns.push(column);
        }
        self.column(field)
    }

    pub(super) fn is_full(&self) -> bool {
        self.used >= self.max_columns
    }

    /// A row ends with so many cells. Whether that is not what it should have.
    #[inline]
    pub(super) fn end_row(&mut self, fields: usize) -> bool {
        self.tables[self.current.table].1 += 1;
        self.current.listed && fields != self.current.columns.len() && !self.is_full()
    }

    /// Rows of the table that has that column.
    pub(super) fn rows_of(&self, column: ColumnIx) -> Option<u64> {
        Some(self.tables[*self.owners.get(&column)?].1)
    }
}

/// The path of a table, as column paths begin with it.
fn path_of(parts: &[Box<[u8]>]) -> String {
    parts.iter().fold(String::new(), |path, part| join(&path, part))
}
