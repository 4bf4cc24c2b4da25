//! `views.sql`: the inventory as DuckDB shows it.
//!
//! Views name their files one by one, as the manifest does: a glob would also find files that no longer count. While
//! a scan runs, its rows stand before the current ones of the same objects; afterwards the views are plain file lists.

use std::fmt::Write;
use std::path::Path;

use crate::InventoryError;
use crate::fold::OF_LAST_READING;
use crate::manifest::{FileEntry, FileState, Manifest, SourceEntry, replace};
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
    // A view is made after those that it looks into.
    let first = [Table::Reviews, Table::Findings];
    for table in first.into_iter().chain(Table::ALL.into_iter().filter(|table| !first.contains(table))) {
        let name = table.name();
        // Writing to a string cannot fail.
        let _ = writeln!(sql, "CREATE OR REPLACE VIEW {name} AS {};", views.current(table));
        let _ = writeln!(sql, "CREATE OR REPLACE VIEW {name}_history AS {};", views.history(table));
    }
    let _ = writeln!(sql, "CREATE OR REPLACE VIEW changes AS {};", views.changes());
    sql
}

/// The last verdict on each finding, unless that takes one back.
const LAST_VERDICTS: &str = "QUALIFY row_number() OVER (PARTITION BY finding_id ORDER BY \"at\" DESC) = 1";

/// `f` are findings: what people say of them joins them, and those that they took out of all sums say why.
const WITH_REVIEWS: &str = "SELECT f.* REPLACE (r.verdict AS review, coalesce(f.suppressed_by, CASE WHEN r.verdict IN \
    ('rejected', 'accepted') AND NOT list_contains(f.evidence, 'deny_list') THEN 'review: ' || coalesce(r.reason, '') END) AS \
    suppressed_by)";

/// `o` are objects, whose sums leave out what people took out of them since the scan.
const WITHOUT_REVIEWED: &str = "SELECT o.* REPLACE (coalesce(h.occurrences, o.occurrences) AS occurrences, CASE WHEN \
    h.object_id IS NULL THEN o.sensitivity ELSE ['low', 'moderate', 'high'][h.level] END AS sensitivity)";

/// What is left in the objects with such findings.
const LEFT_IN_REVIEWED: &str = "SELECT object_id, coalesce(sum(occurrences) FILTER (suppressed_by IS NULL), 0)::BIGINT AS \
    occurrences, max(list_position(['low', 'moderate', 'high'], sensitivity)) FILTER (suppressed_by IS NULL) AS level FROM \
    findings WHERE object_id IN (SELECT object_id FROM findings WHERE review IN ('rejected', 'accepted')) GROUP BY object_id";

/// A suppressed finding has not ended, one that is suppressed no longer counts from now on, and one whose object belongs to another
/// source now is there. A first scan has added everything, and so has the one behind scans that were interrupted before they had an object.
const CHANGES: &str = "\
    WITH compared AS (SELECT s.source_id FROM scans s WHERE scan_id IN ($ENDED) AND (scan_id IN ($COMPARED) OR \
    NOT EXISTS (FROM scans e WHERE e.source_id = s.source_id AND e.scan_id <> s.scan_id AND e.finished_at IS NOT NULL AND \
    (e.objects > 0 OR e.status = 'complete')))), \
    present_objects AS ($OBJECTS), \
    earlier AS (SELECT f.*, o.exposure FROM ($EARLIER_FINDINGS) f JOIN ($EARLIER_OBJECTS) o USING (object_id) \
    WHERE f.source_id IN (FROM compared) AND suppressed_by IS NULL), \
    present AS (SELECT f.*, o.exposure FROM ($FINDINGS) f JOIN present_objects o USING (object_id) \
    WHERE f.source_id IN (FROM compared)), \
    pairs AS (SELECT coalesce(p.finding_id, e.finding_id) AS finding_id, e.occurrences AS o1, p.occurrences AS o2, \
    e.exposure AS e1, p.exposure AS e2, list_position(['private', 'group', 'unknown', 'everyone'], p.exposure) - \
    list_position(['private', 'group', 'unknown', 'everyone'], e.exposure) AS opened, \
    coalesce(p.source_id, e.source_id) AS source_id, coalesce(p.object_id, e.object_id) AS object_id, \
    coalesce(p.path, e.path) AS path, coalesce(p.member, e.member) AS member, \
    coalesce(p.column_path, e.column_path) AS column_path, coalesce(p.detector, e.detector) AS detector \
    FROM earlier e FULL JOIN present p ON p.finding_id = e.finding_id WHERE p.suppressed_by IS NULL) \
    SELECT finding_id, CASE WHEN o1 IS NULL THEN 'added' WHEN o2 IS NULL THEN 'ended' ELSE 'raised' END AS change, \
    o1::VARCHAR AS \"before\", o2::VARCHAR AS \"after\", source_id, object_id, path, member, column_path, detector FROM pairs \
    WHERE o1 IS NULL OR o2 > o1 OR (o2 IS NULL AND object_id IN (SELECT object_id FROM present_objects)) UNION ALL \
    SELECT finding_id, CASE WHEN opened > 0 THEN 'exposure_raised' ELSE 'exposure_ended' END, e1, e2, source_id, object_id, path, \
    member, column_path, detector FROM pairs WHERE opened <> 0";

/// `r` are objects that the scan could not open: what was found in them before stays.
const UNREAD: &str = "r.status = 'unreadable' AND r.coverage = 'none'";

struct Views<'a> {
    manifest: &'a Manifest,
    /// What stands before the relative path of a file.
    prefix: String,
}

impl Views<'_> {
    fn files(&self, table: Table, states: &[FileState]) -> Vec<String> {
        let files = states.iter().flat_map(|&state| self.manifest.of_state(table, state));
        files.map(|file| self.path(file)).collect()
    }

    fn path(&self, file: &FileEntry) -> String {
        format!("'{}{}'", self.prefix, file.relative_path())
    }

    /// As the views show it: with what people say of it.
    fn current(&self, table: Table) -> String {
        let rows = self.written(table);
        match table {
            Table::Findings if self.is_reviewed() => Self::reviewed(&rows),
            Table::Objects if self.is_reviewed() => {
                format!(
                    "{WITHOUT_REVIEWED} FROM ({rows}) o LEFT JOIN ({LEFT_IN_REVIEWED}) h USING (object_id)"
                )
            }
            _ => rows,
        }
    }

    fn is_reviewed(&self) -> bool {
        self.manifest.live(Table::Reviews).next().is_some()
    }

    fn reviewed(findings: &str) -> String {
        format!("{WITH_REVIEWS} FROM ({findings}) f LEFT JOIN reviews r ON r.finding_id = f.finding_id")
    }

    /// The current state as scans wrote it.
    fn written(&self, table: Table) -> String {
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
            Table::Reviews => {
                format!(
                    "SELECT * FROM (SELECT * FROM {current} {LAST_VERDICTS}) WHERE verdict <> 'withdrawn'"
                )
            }
            _ if renewed.is_empty() => format!("SELECT * FROM {current}"),
            Table::Objects => format!(
                "SELECT * FROM {current} c ANTI JOIN {running} r USING (object_id) UNION ALL SELECT r.* REPLACE \
             (coalesce(c.first_seen_at, r.first_seen_at) AS first_seen_at{kept}) FROM {running} r LEFT JOIN {current} c ON \
             c.object_id = r.object_id",
                kept = OF_LAST_READING
                    .map(|name| format!(
                        ", CASE WHEN {UNREAD} THEN coalesce(c.{name}, r.{name}) ELSE r.{name} END AS {name}"
                    ))
                    .concat(),
                running = rows(table, &running),
            ),
            Table::Columns | Table::Findings | Table::Subjects => format!(
                "SELECT * FROM {current} c ANTI JOIN (SELECT object_id FROM {renewed} r WHERE NOT ({UNREAD})) r USING (object_id) \
             UNION ALL SELECT * FROM {running}",
                renewed = rows(Table::Objects, &renewed),
                running = rows(table, &running),
            ),
        }
    }

    /// What the last scan of each source that ended has changed: the state before it beside the current one.
    fn changes(&self) -> String {
        let sources = || self.manifest.sources.iter();
        let before = |table| {
            let of_source = |source: &SourceEntry| {
                let files: Vec<_> = self.manifest.before(table, source).map(|file| self.path(file)).collect();
                let rows = (!files.is_empty()).then(|| rows(table, &files))?;
                Some(format!("SELECT * FROM {rows} WHERE source_id = '{}'", source.source_id))
            };
            let all: Vec<_> = sources().filter_map(of_source).collect();
            if all.is_empty() {
                format!("SELECT * FROM {}", rows(table, &[]))
            } else {
                all.join(" UNION ALL ")
            }
        };
        let current =
            |table| format!("SELECT * FROM {}", rows(table, &self.files(table, &[FileState::Current])));
        let findings = |rows: String| if self.is_reviewed() { Self::reviewed(&rows) } else { rows };
        // Nothing is said of a source whose earlier state an earlier program did not keep.
        let ended = sources().filter_map(|source| Some(format!("'{}'", source.ended_scan_id?)));
        let compared =
            sources().filter(|source| self.manifest.before(Table::Objects, source).next().is_some());
        let compared = compared.filter_map(|source| Some(format!("'{}'", source.ended_scan_id?)));
        CHANGES
            .replace("$EARLIER_OBJECTS", &before(Table::Objects))
            .replace("$EARLIER_FINDINGS", &findings(before(Table::Findings)))
            .replace("$OBJECTS", &current(Table::Objects))
            .replace("$FINDINGS", &findings(current(Table::Findings)))
            .replace("$ENDED", &list(ended))
            .replace("$COMPARED", &list(compared))
    }

    fn history(&self, table: Table) -> String {
        let name = table.name();
        if table == Table::Reviews {
            return format!("SELECT * FROM {}", rows(table, &self.files(table, &[FileState::Current])));
        }
        if self.files(table, &[FileState::Superseded, FileState::Running]).is_empty() {
            return format!("SELECT * FROM {name}");
        }
        // A row that was carried over from scan to scan is in several files.
        let earlier = rows(table, &self.files(table, &[FileState::Current, FileState::Superseded]));
        let all = format!("{} UNION SELECT * FROM {earlier}", self.written(table));
        if table == Table::Findings && self.is_reviewed() { Self::reviewed(&all) } else { all }
    }
}

/// Values of `IN (…)`, which DuckDB wants at least one of.
fn list(values: impl Iterator<Item = String>) -> String {
    let values: Vec<_> = values.collect();
    if values.is_empty() { "NULL".to_owned() } else { values.join(", ") }
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
    let files = files.join(", ");
    let added =
        table.added().iter().map(|column| format!("NULL::{} AS {}", column.kind.duckdb(), column.name));
    match added.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => format!("read_parquet([{files}], hive_partitioning=false)"),
        added => format!(
            "(FROM read_parquet([{files}], hive_partitioning=false, union_by_name=true) UNION ALL BY NAME SELECT {added} WHERE false)"
        ),
    }
}
