//! `--format table`: the worst findings of a scan.

use std::path::Path;

use crate::exit::Exit;
use crate::output::{Output, Paint};
use crate::table::{level, name, render, right, table};
use crate::tally::Seen;
use crate::units;
use crate::visible::visible;

/// Prints the findings that were kept. What only the inventory knows of them is looked up there. That nothing was found
/// is said of what was read.
pub(crate) fn show(
    seen: &Seen,
    exit: Exit,
    inventory: &Path,
    output: &Output,
    paint: Paint,
) -> anyhow::Result<()> {
    if seen.rows.is_empty() {
        let within = match exit {
            Exit::Done | Exit::Failed => "",
            Exit::NotAllRead => " in what could be read",
            Exit::Interrupted | Exit::Error => return Ok(()),
        };
        let other = if seen.suppressed > 0 { "other " } else { "" };
        output.write(format!("No {other}personal data found{within}.\n").as_bytes())?;
        return Ok(());
    }
    let header = ["sensitivity", "what", "path", "column", "occurrences", "distinct", "confidence", "sample"];
    let mut shown = table(&header, paint);
    right(&mut shown, &[4, 5, 6]);
    let ids: Vec<_> = seen.rows.iter().map(|row| row.id).collect();
    let known = domesday_inventory::findings(inventory, &ids)?;
    for row in &seen.rows {
        let known = known.get(&row.id);
        shown.add_row([
            level(row.sensitivity.0.name(), paint),
            known.map_or_else(|| row.detector.clone(), |known| visible(known.label.as_bytes())).into(),
            name(&row.path),
            name(row.column.as_deref().unwrap_or_default()),
            units::count(row.occurrences.0).into(),
            known.map_or_else(String::new, |known| units::count(known.distinct_estimate)).into(),
            format!("{:.2}", row.confidence.as_f64()).into(),
            known.map_or_else(String::new, |known| visible(known.masked_sample.as_bytes())).into(),
        ]);
    }
    let mut text = render(&shown);
    let more = seen.findings - seen.rows.len() as u64;
    if more > 0 {
        let more = units::counted(more, "more finding", "more findings");
        text.push_str(&paint.dim(&format!(" … and {more}: all of them are in the inventory")));
        text.push('\n');
    }
    output.write(text.as_bytes())?;
    Ok(())
}
