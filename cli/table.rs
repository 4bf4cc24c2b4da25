//! Tables for people.

use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, Table};

use crate::output::Paint;

/// A terminal that says it is narrower than this does not know its width.
const NARROWEST: u16 = 40;

/// A table without lines; as wide as the terminal, or as its content where there is none.
pub(crate) fn table(header: &[&str], paint: Paint) -> Table {
    let mut table = Table::new();
    // Only asked for its width while it may look for a terminal; colours are decided elsewhere.
    let width = table.width().filter(|&width| width >= NARROWEST);
    if paint.is_on() {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table.load_preset(comfy_table::presets::NOTHING).set_header(header.iter().copied());
    match width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    table
}

/// Sets the columns of numbers to the right.
pub(crate) fn right(table: &mut Table, columns: &[usize]) {
    for &index in columns {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// A sensitivity in its colour.
pub(crate) fn level(name: &str, paint: Paint) -> Cell {
    let cell = Cell::new(name);
    match name {
        "high" if paint.is_on() => cell.fg(Color::DarkRed),
        "moderate" if paint.is_on() => cell.fg(Color::DarkYellow),
        _ => cell,
    }
}

/// A status, set off where it is a problem.
pub(crate) fn status(name: &str, problem: bool, paint: Paint) -> Cell {
    let cell = Cell::new(name);
    if problem && paint.is_on() { cell.fg(Color::DarkYellow) } else { cell }
}

/// Characters of a name that a table shows: one longer name would push the columns behind it out of sight, in all rows.
const LONGEST_NAME: usize = 160;

/// A path or another name that somebody chose. The middle of a long one is left out.
pub(crate) fn name(text: &str) -> Cell {
    let characters = text.chars().count();
    if characters <= LONGEST_NAME {
        return Cell::new(text);
    }
    let front: String = text.chars().take(LONGEST_NAME / 2).collect();
    let back: String = text.chars().skip(characters + 1 - LONGEST_NAME.div_ceil(2)).collect();
    Cell::new(format!("{front}…{back}"))
}

/// The table as text; lines without blanks at their ends.
pub(crate) fn render(table: &Table) -> String {
    let lines = table.lines().map(|line| line.trim_end().to_owned() + "\n");
    lines.collect()
}
