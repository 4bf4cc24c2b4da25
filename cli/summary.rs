//! An inventory at a glance. Coverage comes first: what was not read may hold anything.

use std::fmt::Write;

use comfy_table::Table;
use domesday_inventory::{CoverageLine, Distinct, PlaceLine, ScanStatus, Summary};
use domesday_model::{Coverage, Reason, Status};
use serde_json::{Value, json};

use crate::output::Paint;
use crate::table::{level, name, render, right, shortened, status, table};
use crate::tally::words;
use crate::units;
use crate::visible::visible;

/// Cells of a bar.
const BAR: usize = 16;

/// The summary for people. Writing to a string cannot fail.
pub(crate) fn text(summary: &Summary, paint: Paint) -> String {
    let mut text = String::new();
    heading(&mut text, paint, "Sources");
    for source in &summary.sources {
        let scan = match source.finished_at {
            Some(at) => format!("{} scan, {}", source.status, units::time(at)),
            None => "scan under way, or ended without warning".to_owned(),
        };
        let _ = writeln!(
            text,
            "  {}\n    {scan}, {}, {}",
            visible(source.name.as_bytes()),
            units::counted(source.objects, "object", "objects"),
            units::bytes(source.bytes_read),
        );
    }
    coverage(&mut text, summary, paint);
    if summary.kinds.is_empty() && summary.coverage.iter().all(|line| line.coverage == Coverage::None) {
        text.push_str("\nNothing was read, so nothing can be said of personal data.\n");
        return text;
    }
    let suppressed = marked(summary);
    if summary.kinds.is_empty() {
        let other = if summary.suppressed == 0 { "" } else { "other " };
        return text + &format!("\nNo {other}personal data in what was read.\n") + &suppressed;
    }
    kinds(&mut text, summary, paint);
    exposure(&mut text, summary, paint);
    columns(&mut text, summary, paint);
    heading(&mut text, paint, "Folders with the most sensitive data");
    text.push_str(&indented(&places(&summary.folders, summary.sources.len(), paint, true)));
    heading(&mut text, paint, "Files with the most sensitive data");
    text.push_str(&indented(&places(&summary.files, summary.sources.len(), paint, false)));
    text + &suppressed
}

/// What rules and people say of findings.
fn marked(summary: &Summary) -> String {
    let mut text = match summary.suppressed {
        0 => String::new(),
        count => format!(
            "\n{} accepted and suppressed, or rejected: in no list here, and in the view `findings` with the reason.\n",
            units::counted(count, "finding is", "findings are")
        ),
    };
    let said = summary
        .reviewed
        .iter()
        .map(|(verdict, &count)| format!("{} {}", units::count(count), verdict.name()));
    let said = said.collect::<Vec<_>>().join(", ");
    if !said.is_empty() {
        let _ = write!(text, "\nVerdicts of people on findings: {said}.\n");
    }
    text
}

fn heading(text: &mut String, paint: Paint, title: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&paint.bold(title));
    text.push('\n');
}

fn indented(table: &Table) -> String {
    render(table).lines().map(|line| format!(" {line}\n")).collect()
}

/// The first ones of a list.
fn some_of(list: &[String]) -> String {
    const MOST: usize = 4;
    let some = list[..list.len().min(MOST)].join(", ");
    if list.len() > MOST { format!("{some} and {} more", list.len() - MOST) } else { some }
}

fn coverage(text: &mut String, summary: &Summary, paint: Paint) {
    let lines: Vec<_> = summary.coverage.iter().filter(|line| line.status != Status::Gone).collect();
    let objects: u64 = lines.iter().map(|line| line.objects).sum();
    let whole: u64 =
        lines.iter().filter(|line| line.coverage == Coverage::Full).map(|line| line.objects).sum();
    heading(text, paint, "What was read");
    let _ = writeln!(
        text,
        "  {} of {} read in full ({}). What was not read may hold anything.",
        units::count(whole),
        units::counted(objects, "object", "objects"),
        percent(whole, objects),
    );
    for source in summary.sources.iter().filter(|source| source.status != ScanStatus::Complete.name()) {
        let _ = writeln!(
            text,
            "  The last scan of {} did not reach the end: objects beyond are as the scan before left them, or not counted.",
            visible(source.name.as_bytes())
        );
    }
    for source in &summary.sources {
        let Some(detectors) = &source.detectors else { continue };
        let _ = writeln!(
            text,
            "  Only {} looked at {}: {}. What others would find there is not known.",
            units::counted(detectors.len() as u64, "detector", "detectors"),
            visible(source.name.as_bytes()),
            some_of(detectors)
        );
    }
    for (count, what) in [
        (summary.not_reached, "Not reached by the last scan, and counted as an earlier one left them"),
        (
            summary.found_before,
            "Not opened by the last scan, and counted with what an earlier one found in them",
        ),
    ] {
        if count > 0 {
            let _ = writeln!(text, "  {what}: {}.", units::counted(count, "object", "objects"));
        }
    }
    let mut shown = table(&["", "status", "coverage", "why", "objects", "size"], paint);
    right(&mut shown, &[4, 5]);
    for line in &summary.coverage {
        shown.add_row([
            bar(line.objects, objects.max(line.objects)).into(),
            status(line.status.name(), line.status.is_problem(), paint),
            line.coverage.name().into(),
            line.reason.map_or_else(String::new, |reason| words(reason.name())).into(),
            units::count(line.objects).into(),
            units::bytes(line.bytes).into(),
        ]);
    }
    text.push_str(&indented(&shown));
    if lines.iter().any(|line| line.reason == Some(Reason::EbcdicCodePage)) {
        text.push_str("  Texts in EBCDIC do not say in which code page: scan them with --encoding, for instance ibm1047.\n");
    }
    if summary.problem_count == 0 {
        return;
    }
    let count = units::counted(summary.problem_count, "object has a problem", "objects have a problem");
    let _ = writeln!(text, "  {}:", paint.yellow(&count));
    for problem in &summary.problems {
        let reason = problem.reason.map_or("", Reason::name);
        let path = place(&problem.source, &problem.path, problem.member.as_deref(), summary.sources.len());
        let path = shortened(&path);
        let _ = writeln!(text, "    {path}  ({}: {})", problem.status.name(), words(reason));
    }
    let more = summary.problem_count - summary.problems.len() as u64;
    if more > 0 {
        let _ = writeln!(text, "    … and {} more", units::count(more));
    }
}

fn kinds(text: &mut String, summary: &Summary, paint: Paint) {
    heading(text, paint, "Kinds of personal data");
    let most = summary.kinds.iter().map(|line| line.occurrences).max().unwrap_or(0);
    let mut shown = table(&["sensitivity", "what", "objects", "values", "distinct", ""], paint);
    right(&mut shown, &[2, 3, 4]);
    for line in &summary.kinds {
        shown.add_row([
            level(line.sensitivity.name(), paint),
            visible(line.label.as_bytes()).into(),
            units::count(line.objects).into(),
            units::count(line.occurrences).into(),
            match line.distinct {
                Distinct::About(count) => units::count(count).into(),
                Distinct::AtLeast(count) => format!("≥ {}", units::count(count)).into(),
            },
            bar(line.occurrences, most).into(),
        ]);
    }
    text.push_str(&indented(&shown));
}

fn exposure(text: &mut String, summary: &Summary, paint: Paint) {
    heading(text, paint, "Who can read it");
    let most = summary.exposure.iter().map(|line| line.objects).max().unwrap_or(0);
    let mut shown = table(&["sensitivity", "readable by", "objects", "values", ""], paint);
    right(&mut shown, &[2, 3]);
    for line in &summary.exposure {
        shown.add_row([
            level(line.sensitivity.name(), paint),
            line.exposure.name().into(),
            units::count(line.objects).into(),
            units::count(line.occurrences).into(),
            bar(line.objects, most).into(),
        ]);
    }
    text.push_str(&indented(&shown));
}

fn columns(text: &mut String, summary: &Summary, paint: Paint) {
    if summary.columns.is_empty() {
        return;
    }
    heading(text, paint, "Columns with the most sensitive data");
    let mut shown = table(&["sensitivity", "column", "what", "objects", "values"], paint);
    right(&mut shown, &[3, 4]);
    for line in summary.columns.iter().take(10) {
        shown.add_row([
            level(line.sensitivity.name(), paint),
            name(&visible(line.column.as_bytes())),
            visible(line.label.as_bytes()).into(),
            units::count(line.objects).into(),
            units::count(line.occurrences).into(),
        ]);
    }
    text.push_str(&indented(&shown));
}

fn places(lines: &[PlaceLine], sources: usize, paint: Paint, folders: bool) -> Table {
    let mut shown = match folders {
        true => table(&["sensitivity", "folder", "objects", "such values", "values"], paint),
        false => table(&["sensitivity", "file", "such values", "values"], paint),
    };
    let numbers: &[usize] = if folders { &[2, 3, 4] } else { &[2, 3] };
    right(&mut shown, numbers);
    for line in lines.iter().take(10) {
        let path = place(&line.source, &line.path, line.member.as_deref(), sources);
        let mut row = vec![level(line.sensitivity.name(), paint), name(&path)];
        row.extend(folders.then(|| units::count(line.objects).into()));
        row.extend([line.most_sensitive, line.occurrences].map(|values| units::count(values).into()));
        shown.add_row(row);
    }
    shown
}

/// A path, with its source where there are several.
fn place(source: &str, path: &str, member: Option<&str>, sources: usize) -> String {
    let path = if path.is_empty() { "." } else { path };
    let mut shown = visible(path.as_bytes());
    if let Some(member) = member {
        let _ = write!(shown, " » {}", visible(member.as_bytes()));
    }
    if sources > 1 { format!("{}: {shown}", visible(source.as_bytes())) } else { shown }
}

fn bar(part: u64, most: u64) -> String {
    let eighths = (part as f64 / most.max(1) as f64 * (BAR * 8) as f64).round() as usize;
    // What is there is visible, however small its part.
    let eighths = eighths.max(usize::from(part > 0));
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    format!("{}{rest}", "█".repeat(eighths / 8))
}

/// Rounded down, so that only all is 100 %.
fn percent(part: u64, of: u64) -> String {
    match of {
        0 => "0%".to_owned(),
        of => format!("{}%", part.saturating_mul(100) / of),
    }
}

/// The summary for programs, with the names of the inventory.
pub(crate) fn json(summary: &Summary) -> Value {
    let coverage = |line: &CoverageLine| {
        json!({
            "status": line.status.name(), "coverage": line.coverage.name(), "reason": line.reason.map(Reason::name),
            "objects": line.objects, "bytes": line.bytes,
        })
    };
    let place = |line: &PlaceLine| {
        json!({
            "source": line.source, "path": line.path, "member": line.member, "sensitivity": line.sensitivity.name(),
            "objects": line.objects, "most_sensitive": line.most_sensitive, "occurrences": line.occurrences,
        })
    };
    let list = |lines: &[PlaceLine]| lines.iter().map(place).collect::<Vec<_>>();
    json!({
        "sources": summary.sources.iter().map(|source| json!({
            "name": source.name, "root": source.root, "last_scan_id": source.scan_id.to_string(),
            "started_at": units::time(source.started_at), "finished_at": source.finished_at.map(units::time),
            "status": source.status, "objects": source.objects, "bytes_read": source.bytes_read,
            "only_detectors": source.detectors,
        })).collect::<Vec<_>>(),
        "coverage": summary.coverage.iter().map(coverage).collect::<Vec<_>>(),
        "problem_count": summary.problem_count, "not_reached": summary.not_reached, "found_before": summary.found_before,
        "problems": summary.problems.iter().map(|problem| json!({
            "source": problem.source, "path": problem.path, "member": problem.member,
            "status": problem.status.name(), "reason": problem.reason.map(Reason::name),
        })).collect::<Vec<_>>(),
        "kinds": summary.kinds.iter().map(|kind| json!({
            "detector": kind.detector, "label": kind.label, "category": kind.category,
            "sensitivity": kind.sensitivity.name(), "objects": kind.objects, "occurrences": kind.occurrences,
            "distinct_estimate": match kind.distinct { Distinct::About(n) | Distinct::AtLeast(n) => n },
            "distinct_is_exact_merge": matches!(kind.distinct, Distinct::About(_)),
        })).collect::<Vec<_>>(),
        "suppressed": summary.suppressed,
        "reviewed": summary.reviewed.iter().map(|(verdict, &count)| (verdict.name().to_owned(), count.into()))
            .collect::<serde_json::Map<String, Value>>(),
        "exposure": summary.exposure.iter().map(|line| json!({
            "sensitivity": line.sensitivity.name(), "exposure": line.exposure.name(), "objects": line.objects,
            "occurrences": line.occurrences,
        })).collect::<Vec<_>>(),
        "columns": summary.columns.iter().map(|line| json!({
            "column": line.column, "detector": line.detector, "label": line.label,
            "sensitivity": line.sensitivity.name(), "objects": line.objects, "occurrences": line.occurrences,
        })).collect::<Vec<_>>(),
        "folders": list(&summary.folders),
        "files": list(&summary.files),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_and_shares_do_not_flatter() {
        assert_eq!(bar(0, 10), "");
        assert_eq!(bar(1, 1_000_000), "▏");
        assert_eq!(bar(10, 10).chars().count(), BAR);
        assert_eq!(percent(999, 1000), "99%");
        assert_eq!(percent(0, 0), "0%");
    }
}
