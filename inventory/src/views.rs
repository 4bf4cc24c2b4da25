//! `views.sql`: the inventory as DuckDB shows it.
//!
//! Views name their files one by one, as the manifest does: a glob would also find files that no longer count. While
//! a scan runs, its rows stand before the current ones of the same objects; afterwards the views are plain file lists.

use std::fmt::Write;
use std::path::Path;

use crate::InventoryError;
use crate::manifest::{FileState, Manifest, replace};
use crate::schema::Table;

const NAME: &str = "views.sql";

/// Writes the views of `dir`.
pub(crate) fn write(dir: &Path, manifest: &Manifest) -> Result<(), InventoryError> {
    let path = dir.join(NAME);
    let absolute = std::path::absolute(dir).map_err(InventoryError::write(&path))?;
    replace(&path, text(&absolute, manifest).as_bytes())
}

fn text(dir: &Path, manifest: &Manifest) -> String {
    let dir = dir.to_string_lossy().replace('\'', "''");
    let mut sql = format!("SET file_search_path='{dir}';\n");
    // The setting is a list divided by commas, in which neither a comma nor a backslash can be escaped.
    let is_searched = !dir.contains(',') && (cfg!(windows) || !dir.contains('\\'));
    let views = Views { manifest, prefix: if is_searched { String::new() } else { format!("{dir}/") } };
    for table in Table::ALL {
        let name = table.name();
        // Writing to a string cannot fail.
        let _ = writeln!(sql, "CREATE OR REPLACE VIEW {name} AS {};", views.current(table));
        let _ = writeln!(sql, "CREATE OR REPLACE VIEW {name}_history AS {};", views.history(table));
    }
    sql
}

struct Views<'a> {
    manifest: &'a Manifest,
    /// What stands before the relative path of a file.
    prefix: String,
}

impl Views<'_> {
    fn files(&self, table: Table, states: &[FileState]) -> Vec<String> {
        let files = states.iter().flat_map(|&state| self.manifest.of_state(table, state));
        files.map(|file| format!("'{}{}'", self.prefix, file.relative_path())).collect()
    }

    fn current(&self, table: Table) -> String {
        let current = rows(table, &self.files(table, &[FileState::Current]));
        let running = self.files(table, &[FileState::Running]);
        let renewed = self.files(Table::Objects, &[FileState::Running]);
        match table {
            Table::Sources | Table::Scans | Table::Trend => {
                format!(
                    "SELECT * FROM {}",
                    rows(table, &self.files(table, &[FileState::Current, FileState::Running]))
                )
            }
            _ if renewed.is_empty() => format!("SELECT * FROM {current}"),
            Table::Objects => format!(
                "SELECT * FROM {current} c ANTI JOIN {running} r USING (object_id) UNION ALL SELECT r.* REPLACE \
             (coalesce(c.first_seen_at, r.first_seen_at) AS first_seen_at) FROM {running} r LEFT JOIN {current} c ON \
             c.object_id = r.object_id",
                running = rows(table, &running),
            ),
            Table::Columns | Table::Findings | Table::Subjects => format!(
                "SELECT * FROM {current} c ANTI JOIN {renewed} r USING (object_id) UNION ALL SELECT * FROM {running}",
                renewed = rows(Table::Objects, &renewed),
                running = rows(table, &running),
            ),
        }
    }

    fn history(&self, table: Table) -> String {
        let name = table.name();
        if self.files(table, &[FileState::Superseded, FileState::Running]).is_empty() {
            return format!("SELECT * FROM {name}");
        }
        // A row that was carried over from scan to scan is in several files.
        let earlier = rows(table, &self.files(table, &[FileState::Current, FileState::Superseded]));
        format!("SELECT * FROM {name} UNION SELECT * FROM {earlier}")
    }
}

/// A table function over the files, or an empty table of the right types.
fn rows(table: Table, files: &[String]) -> String {
    if files.is_empty() {
        let columns: Vec<_> = table
            .columns()
            .iter()
            .map(|column| format!("NULL::{} AS {}", column.kind.duckdb(), column.name))
            .collect();
        return format!("(SELECT {} WHERE false)", columns.join(", "));
    }
    // The folders are for people and tools that read without the views; their key is no column.
    format!("read_parquet([{}], hive_partitioning=false)", files.join(", "))
}
