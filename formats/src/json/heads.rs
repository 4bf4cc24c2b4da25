//! Rows whose cells are named elsewhere: by the first row, `[["name", "mail"], ["Anna", …], …]`, or by an array beside them, as
//! data frames are written: `{"columns": ["name", "mail"], "data": [["Anna", …], …]}`.
//!
//! Most arrays in arrays have no names, and a row of names is not read as values. So more has to speak for one than for the header of
//! a CSV file: columns of numbers or dates below it, or names as programs write them.

use std::collections::{HashMap, HashSet};

use domesday_model::{Cell, CellForm, ColumnIx};

use super::Json;
use crate::columns::{TEXT, types_of};
use crate::dialect::{has_header, is_name};
use crate::escape::Escapes;
use crate::heads::STAND_INS;
use crate::paths::NodeId;
use crate::sample::Record;

/// Arrays that name the cells of rows beside them.
const NAMING: [&[u8]; 8] =
    [b"columns", b"header", b"headers", b"fields", b"cols", b"column_names", b"columnNames", b"names"];

/// Rows that decide.
const ROWS: usize = 20;

/// The first rows at a place: the cells of each, by number.
struct Rows {
    node: NodeId,
    width: usize,
    list: Vec<(u64, Vec<Option<Cell>>)>,
    /// A cell of the first row is none of its own: an array lies in it, or a remark.
    is_odd: bool,
}

impl Json<'_> {
    /// Names the cells of rows in `text`, the beginning of a document that has been read; of how many tables.
    pub(super) fn name_rows(&mut self, text: &[u8]) -> usize {
        let mut named = 0;
        for table in self.rows() {
            let beside = self.names_beside(&table, text);
            let is_beside = beside.is_some();
            if let Some(names) = beside.or_else(|| self.names_above(&table, text)) {
                self.tree.paths.name_cells(table.node, names, !is_beside);
                named += 1;
            }
        }
        named
    }

    fn rows(&self) -> Vec<Rows> {
        let mut tables = Vec::new();
        let mut places: HashMap<ColumnIx, (usize, usize)> = HashMap::new();
        for (node, cells) in self.tree.paths.rows() {
            let columns = cells.iter().map(|&cell| self.tree.paths.column(cell));
            for (number, column) in columns.enumerate() {
                places.extend(column.map(|column| (column, (tables.len(), number))));
            }
            tables.push(Rows { node, width: cells.len(), list: Vec::new(), is_odd: false });
        }
        if tables.is_empty() {
            return tables;
        }
        let mut first = HashMap::new();
        for cell in self.tree.cells.since(0) {
            match places.get(&cell.column) {
                Some(&(table, number)) => {
                    let Rows { width, list, .. } = &mut tables[table];
                    if list.last().is_none_or(|(record, _)| *record != cell.record) && list.len() < ROWS {
                        if list.is_empty() {
                            first.insert(cell.record, table);
                        }
                        list.push((cell.record, vec![None; *width]));
                    }
                    if let Some((_, row)) = list.last_mut().filter(|(record, _)| *record == cell.record) {
                        row[number] = Some(*cell);
                    }
                }
                None => {
                    if let Some(&table) = first.get(&cell.record) {
                        tables[table].is_odd = true;
                    }
                }
            }
        }
        tables
    }

    /// The names in the first row.
    fn names_above(&mut self, table: &Rows, text: &[u8]) -> Option<Vec<String>> {
        let (_, first) = table.list.first()?;
        let cells: Option<Vec<Cell>> = first.iter().copied().collect();
        let are_strings = |cells: &Vec<Cell>| cells.iter().all(|cell| is_string(cell, text));
        let cells = cells.filter(are_strings).filter(|_| !table.is_odd && table.list.len() > 2)?;
        let value = |cell: &Option<Cell>| match cell {
            Some(cell) if &text[range(cell)] != b"null" => &text[range(cell)],
            _ => b"",
        };
        let rows: Vec<Record<'_>> = table
            .list
            .iter()
            .map(|(_, row)| Record {
                cells: row.iter().map(value).collect(),
                start: 0,
                remark: false,
                behind_blank: false,
            })
            .collect();
        let rows: Vec<&Record<'_>> = rows.iter().collect();
        let below = |column: usize| {
            rows[1..].iter().map(move |row| row.cells[column]).filter(|cell| !cell.is_empty())
        };
        let is_typed = |&column: &usize| {
            below(column).next().is_some() && below(column).all(|cell| types_of(cell) & TEXT == 0)
        };
        let typed = (0..table.width).filter(is_typed).count();
        let is_written = |cell: &&[u8]| {
            cell.first().is_some_and(u8::is_ascii_lowercase)
                && cell.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'_')
        };
        let are_written = rows[0].cells.iter().all(is_written)
            && !rows[1..].iter().any(|row| row.cells.iter().all(is_written));
        if !(typed > 0 || are_written) || !has_header(&rows, true) {
            return None;
        }
        let names = self.names_in(&cells, text);
        let is_named = |name: &String| {
            let stands_in = STAND_INS.iter().any(|known| name.as_bytes().eq_ignore_ascii_case(known));
            !stands_in && name.chars().any(char::is_alphabetic) && is_name(name.as_bytes())
        };
        names.iter().all(is_named).then_some(names)
    }

    /// The names in an array beside the rows, if there are as many as cells.
    fn names_beside(&mut self, table: &Rows, text: &[u8]) -> Option<Vec<String>> {
        let paths = &self.tree.paths;
        let array = paths.parent(table.node);
        let object = paths.parent(array);
        let is_element = paths.elements(array) == Some(table.node);
        let names = NAMING.iter().filter_map(|key| paths.elements_of(object, key)).find_map(|place| {
            let column = paths.column(place)?;
            let cells: Vec<Cell> =
                self.tree.cells.since(0).iter().filter(|cell| cell.column == column).copied().collect();
            (cells.len() == table.width && cells.iter().all(|cell| is_string(cell, text))).then_some(cells)
        });
        names.filter(|_| is_element).map(|cells| self.names_in(&cells, text))
    }

    fn names_in(&mut self, cells: &[Cell], text: &[u8]) -> Vec<String> {
        let mut name = |cell: &Cell| {
            let bytes = match cell.form {
                CellForm::Escaped => self.tree.cells.unescape(Escapes::Json, text, range(cell)),
                CellForm::Plain => &text[range(cell)],
            };
            String::from_utf8_lossy(bytes).trim().to_owned()
        };
        let names: Vec<String> = cells.iter().map(&mut name).collect();
        let mut taken = HashSet::new();
        // One that is there again has no path of its own.
        names.into_iter().map(|name| if taken.insert(name.clone()) { name } else { String::new() }).collect()
    }
}

fn range(cell: &Cell) -> std::ops::Range<usize> {
    cell.start as usize..cell.end as usize
}

fn is_string(cell: &Cell, text: &[u8]) -> bool {
    text[..cell.start as usize].last().is_some_and(|byte| matches!(byte, b'"' | b'\''))
}
