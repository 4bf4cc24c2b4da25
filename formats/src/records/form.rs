//! Forms among text: see [`crate::forms`]. A label that comes again begins another record. What is no pair is text of the column `*`, or
//! a table in Markdown.

use domesday_model::ColumnIx;

use crate::forms::{Form, Mark, Role};
use crate::records::markdown::Markdown;
use crate::records::until::Until;
use crate::records::{Grammar, Seen, Sheet};

/// See the module.
pub(crate) struct Lists {
    form: Form,
    /// For each label its column, once it has one, and the last of the lists that had it.
    columns: Vec<(Option<ColumnIx>, u64)>,
    /// Lists that have begun.
    lists: u64,
    /// A row stands before, or what heads rows.
    in_list: bool,
    /// What stands behind a value in its line is to come.
    in_line: bool,
    markdown: Option<Markdown>,
}

impl Lists {
    pub(crate) fn new(form: Form) -> Self {
        let columns = vec![(None, 0); form.count];
        let markdown = form.markdown.then(Markdown::new);
        Self { form, columns, lists: 1, in_list: false, in_line: false, markdown }
    }

    /// The value of a label at `i + start..i + end`, as far as the line shows it.
    fn value(
        &mut self,
        sheet: &mut Sheet<'_>,
        seen: Seen<'_>,
        (start, end, whole): (usize, usize, bool),
        (label, name, mark): (usize, &[u8], Mark),
    ) -> usize {
        sheet.settle();
        let (column, last) = &mut self.columns[label];
        if *last == self.lists {
            sheet.end_record();
            self.lists += 1;
        }
        *last = self.lists;
        sheet.begin(start);
        let column =
            *column.get_or_insert_with(|| sheet.name_column(String::from_utf8_lossy(name).into_owned()));
        if whole {
            sheet.push(seen.text, start, end, column);
            return seen.behind_line();
        }
        self.in_line = true;
        sheet.value(seen.text, start, column, if mark == Mark::Bar { Until::Bar } else { Until::Line })
    }

    fn line(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        let (line, whole) = seen.head(i);
        if let Some((role, mark, row)) = self.form.row(line) {
            self.in_list = true;
            if let Some(markdown) = &mut self.markdown {
                markdown.leave();
            }
            if let Role::Label(label) = role {
                let place = (i + row.value.start, i + row.value.end, whole);
                let name = self.form.name(&line[row.label]);
                return self.value(sheet, seen, place, (label, name, mark));
            }
        } else if self.in_list && self.form.is_ruler(line) && whole {
            sheet.settle();
            return seen.behind_line();
        } else if let Some(markdown) = &mut self.markdown {
            self.in_list &= line.is_empty();
            return markdown.head(sheet, seen, i);
        } else if line.is_empty() && whole {
            return seen.behind_line();
        } else {
            self.in_list = false;
        }
        let column = sheet.elsewhere();
        sheet.text_line(i, column);
        i
    }

    /// Goes over what stands behind a value that was too long to see where its line ends.
    fn rest(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        self.in_line = false;
        let (line, whole) = seen.head(i);
        if whole && line.iter().all(|b| matches!(b, b'|' | b' ' | b'\t')) {
            return seen.behind_line();
        }
        let column = sheet.elsewhere();
        sheet.text_line(i, column);
        i
    }
}

impl Grammar for Lists {
    fn head(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        match &mut self.markdown {
            _ if self.in_line => self.rest(sheet, seen, i),
            Some(markdown) if markdown.is_in_row() => markdown.head(sheet, seen, i),
            _ => self.line(sheet, seen, i),
        }
    }
}
