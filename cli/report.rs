//! What a scan tells people at its end, on stderr.

use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use domesday_inventory::ScanTotals;
use domesday_model::Status;

use crate::output::Paint;
use crate::table::shortened;
use crate::tally::Seen;
use crate::units;
use crate::visible::visible;

/// One scan of one source.
pub(crate) struct Scanned<'a> {
    pub(crate) source: &'a str,
    pub(crate) totals: &'a ScanTotals,
    pub(crate) seen: &'a Seen,
    pub(crate) time: Duration,
}

/// Counts, then the problems by name. Writing to a string cannot fail.
pub(crate) fn summary(scanned: &Scanned<'_>, paint: Paint) -> String {
    let Scanned { source, totals, seen, time } = scanned;
    let mut text = paint.bold(source);
    let suppressed = match seen.suppressed {
        0 => String::new(),
        count => format!("; {} suppressed", units::counted(count, "more is", "more are")),
    };
    let _ = write!(
        text,
        ": {}, {} in {} ({})\n  found  {} in {}{}\n  objects",
        units::counted(totals.looked_at(), "object", "objects"),
        units::bytes(totals.bytes_read),
        units::duration(*time),
        units::rate(totals.bytes_read, *time),
        units::counted(totals.occurrences, "value of personal data", "values of personal data"),
        units::counted(totals.findings, "finding", "findings"),
        suppressed,
    );
    for (i, &status) in Status::ALL.iter().filter(|&&status| totals.of(status) > 0).enumerate() {
        let count = format!("{} {}", units::count(totals.of(status)), status.name());
        let count = if status.is_problem() { paint.yellow(&count) } else { count };
        let _ = write!(text, "{}{count}", if i == 0 { "  " } else { ", " });
    }
    if seen.problem_count > 0 {
        let _ = write!(text, "\n  not, or not wholly, read:");
        for problem in &seen.problems {
            let _ = write!(text, "\n    {}  ({})", shortened(&problem.path), problem.why);
        }
        let more = seen.problem_count - seen.problems.len() as u64;
        if more > 0 {
            let _ = write!(text, "\n    … and {} more", units::count(more));
        }
    }
    text
}

/// What to do with an inventory.
pub(crate) fn next_steps(inventory: &Path) -> String {
    let dir = quoted(inventory);
    let views = quoted(&inventory.join("views.sql"));
    format!(
        "next:\n  domesday inventory summary --inventory {dir}\n  duckdb -c \".read {views}\" -c \"FROM findings\""
    )
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let shown = visible(path.as_os_str().as_bytes());
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    if shown.chars().all(plain) { shown } else { format!("'{}'", shown.replace('\'', r"'\''")) }
}
