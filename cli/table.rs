//! Tables for people.

use comfy_table::{Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width};

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
    Cell::new(shortened(text))
}

/// A name as tables and lists show it.
pub(crate) fn shortened(text: &str) -> String {
    let characters = text.chars().count();
    if characters <= LONGEST_NAME {
        return text.to_owned();
    }
    let front: String = text.chars().take(LONGEST_NAME / 2).collect();
    let back: String = text.chars().skip(characters + 1 - LONGEST_NAME.div_ceil(2)).collect();
    format!("{front}…{back}")
}

/// Characters of a word that is not broken, and those of a path or the like that stay together.
const LONGEST_WORD: usize = 16;
const LEAST_PATH: usize = 8;

/// Makes columns as wide as their words. A table that has no room for them has fewer blanks, and is at last wider than the terminal.
fn keep_words(table: &mut Table) {
    let Some(terminal) = table.width() else { return };
    let mut widths = vec![0; table.column_count()];
    for row in table.header().into_iter().chain(table.row_iter()) {
        for (width, cell) in widths.iter_mut().zip(row.cell_iter()) {
            let least = |word: &str| {
                let most = if word.contains(['/', '.', '_']) { LEAST_PATH } else { LONGEST_WORD };
                word.chars().count().min(most) as u16
            };
            *width = cell.content().split_whitespace().map(least).max().unwrap_or(0).max(*width);
        }
    }
    let all = |padding: u16| widths.iter().map(|width| width + padding).sum::<u16>();
    let before = u16::from(all(2) <= terminal);
    table.set_width(terminal.max(all(before + 1)));
    for (column, width) in table.column_iter_mut().zip(&widths) {
        column.set_padding((before, 1));
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width + before + 1)));
    }
}

/// The table as text; lines without blanks at their ends.
pub(crate) fn render(table: &Table) -> String {
    let mut table = table.clone();
    keep_words(&mut table);
    let lines = table.lines().map(|line| line.trim_end().to_owned() + "\n");
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_broken_on_a_narrow_terminal() {
        let rows = [
            ["high", "folder/of/somebody/with/a/long/name.csv", "International bank account number", "1,234"],
            ["moderate", "b.csv", "E-mail address", "5"],
        ];
        for width in [40, 60, 80, 200] {
            let mut shown = Table::new();
            shown.load_preset(comfy_table::presets::NOTHING).set_header([
                "sensitivity",
                "path",
                "what",
                "values",
            ]);
            shown.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
            rows.iter().for_each(|row| {
                shown.add_row(row);
            });
            let text = render(&shown);
            for word in ["sensitivity", "moderate", "International", "account", "address", "values", "1,234"]
            {
                assert!(text.contains(word), "{word} at {width}:\n{text}");
            }
            assert!(
                text.lines().all(|line| line.chars().count() <= usize::from(width.max(60))),
                "{width}:\n{text}"
            );
        }
    }

    #[test]
    fn the_middle_of_a_long_name_is_left_out() {
        assert_eq!(shortened("a/b.csv"), "a/b.csv");
        let long = shortened(&format!("first/{}/last.csv", "é/".repeat(5000)));
        assert_eq!(long.chars().count(), LONGEST_NAME);
        assert!(long.starts_with("first/") && long.ends_with("/last.csv"));
    }
}
