//! Findings and verdicts as CSV, for spreadsheets.
//!
//! Spreadsheets write what they please: commas, semicolons or tabs between cells, a byte order mark in front, rows without their last
//! empty cells. All of that is read. They also take a cell that begins like a formula for one, and a path may be chosen to do
//! harm that way: such cells get an apostrophe in front, as the spreadsheets' own mark for text.

use std::collections::HashMap;
use std::fmt::Write;

use domesday_inventory::{Reviewable, Reviews};
use domesday_model::{FindingId, Review, Timestamp, Verdict};

use crate::units;

/// What the file has; the first five are what an import reads.
const COLUMNS: [&str; 19] = [
    "finding_id",
    "verdict",
    "reason",
    "by",
    "at",
    "source",
    "path",
    "member",
    "column_path",
    "detector",
    "label",
    "category",
    "sensitivity",
    "exposure",
    "occurrences",
    "distinct_estimate",
    "confidence",
    "masked_sample",
    "evidence",
];

/// The first line.
pub(super) fn header() -> String {
    COLUMNS.join(",") + "\r\n"
}

/// The line of a finding.
pub(super) fn row(finding: &Reviewable) -> String {
    let review = finding.review.as_ref();
    let of_review = |get: fn(&Review) -> String| review.map(get).unwrap_or_default();
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        finding.finding_id.to_string(),
        of_review(|review| review.verdict.name().to_owned()),
        of_review(|review| review.reason.clone()),
        of_review(|review| review.by.clone()),
        of_review(|review| units::exact_time(review.at)),
        finding.source.clone(),
        finding.path.clone(),
        optional(&finding.member),
        optional(&finding.column_path),
        finding.detector.clone(),
        finding.label.clone(),
        finding.category.clone(),
        finding.sensitivity.name().to_owned(),
        finding.exposure.name().to_owned(),
        finding.occurrences.to_string(),
        finding.distinct_estimate.to_string(),
        finding.confidence.to_string(),
        finding.masked_sample.clone(),
        finding.evidence.join(" "),
    ];
    let mut text = String::new();
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        push_cell(&mut text, cell);
    }
    text + "\r\n"
}

/// Whether a spreadsheet would calculate with it.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Writing to a string cannot fail.
fn push_cell(text: &mut String, cell: &str) {
    let mark = if is_formula(cell) { "'" } else { "" };
    match cell.contains(['"', ',', ';', '\t', '\n', '\r']) {
        true => _ = write!(text, "\"{mark}{}\"", cell.replace('"', "\"\"")),
        false => _ = write!(text, "{mark}{cell}"),
    }
}

/// A file of verdicts.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) verdicts: Vec<Given>,
    /// Rows without a verdict.
    pub(super) without: usize,
}

/// A verdict as a file has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Given {
    finding_id: FindingId,
    verdict: Verdict,
    reason: String,
    by: Option<String>,
    at: Option<Timestamp>,
}

impl Given {
    /// What it adds to those that are known. Nothing where the finding has that verdict already, or once had: then the row is one
    /// of an earlier export that nobody has touched, and must not undo what came after it. A row that was changed is a
    /// verdict of whoever imports it now; only where the finding has none yet do its `by` and `at` count.
    pub(super) fn against(&self, known: &Reviews, by: &str, now: Timestamp) -> Option<Review> {
        let Self { finding_id, verdict, reason, .. } = self.clone();
        let log = known.log(finding_id);
        let same = |review: &Review| review.verdict == verdict && review.reason == reason;
        let is_known = log.iter().any(|review| same(review) && self.at == Some(review.at));
        if is_known || log.last().is_some_and(same) || log.is_empty() && verdict == Verdict::Withdrawn {
            return None;
        }
        let (by, at) = match log.is_empty() {
            true => (self.by.clone().unwrap_or_else(|| by.to_owned()), self.at.unwrap_or(now)),
            false => (by.to_owned(), now),
        };
        Some(Review { finding_id, verdict, reason, by, at })
    }
}

impl Sheet {
    /// Reads a file; the error names the line, and the column where there is one.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
            format!("line {line}: the text is not UTF-8: save it as \"CSV UTF-8\"")
        })?;
        let mut rows = Rows::new(text.trim_start_matches('\u{feff}'));
        let names = match rows.next() {
            Some(row) => row?.cells,
            None => return Err("line 1: the file is empty".to_owned()),
        };
        let mut columns = HashMap::new();
        for (number, name) in names.iter().enumerate() {
            let name = name.trim().to_lowercase();
            if COLUMNS[..5].contains(&name.as_str()) && columns.insert(name.clone(), number).is_some() {
                return Err(format!("line 1: there are two columns {name}"));
            }
        }
        for needed in &COLUMNS[..2] {
            if !columns.contains_key(*needed) {
                return Err(format!("line 1: there is no column {needed}"));
            }
        }
        let mut sheet = Self { verdicts: Vec::new(), without: 0 };
        let mut lines = HashMap::new();
        for row in rows {
            let row = row?;
            if row.cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if row.cells.len() > names.len() {
                return Err(format!(
                    "line {}: {} cells stand under {} names of columns",
                    row.line,
                    row.cells.len(),
                    names.len()
                ));
            }
            let cell = |name: &str| {
                let cell = columns.get(name).and_then(|&number| row.cells.get(number));
                cell.map_or("", |cell| unmarked(cell.trim()))
            };
            match given(cell)
                .map_err(|(column, problem)| format!("line {}, column {column}: {problem}", row.line))?
            {
                None => sheet.without += 1,
                Some(verdict) => {
                    if let Some(before) = lines.insert(verdict.finding_id, row.line) {
                        return Err(format!(
                            "line {}, column finding_id: the same finding has a verdict on line {before}",
                            row.line
                        ));
                    }
                    sheet.verdicts.push(verdict);
                }
            }
        }
        Ok(sheet)
    }
}

/// Without the apostrophe that keeps a spreadsheet from calculating.
fn unmarked(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// The verdict of a row, if it has one; or the column that is wrong, and why. What stands in a cell is not quoted: it may be anything.
fn given<'a>(cell: impl Fn(&'static str) -> &'a str) -> Result<Option<Given>, (&'static str, String)> {
    let verdict = cell("verdict").to_lowercase();
    if verdict.is_empty() {
        return Ok(None);
    }
    let verdict = Verdict::parse(&verdict)
        .ok_or(("verdict", "expected confirmed, rejected, accepted or withdrawn, or nothing".to_owned()))?;
    let finding_id = FindingId::parse(cell("finding_id"))
        .ok_or(("finding_id", "expected the id of a finding, as the view `findings` shows it".to_owned()))?;
    let reason = cell("reason").to_owned();
    super::check_reason(verdict, &reason).map_err(|problem| ("reason", problem.to_string()))?;
    let at = match cell("at") {
        "" => None,
        text => Some(units::parse_time(text).ok_or((
            "at",
            "expected a time like 2026-03-31T09:30:00Z, or nothing for the present".to_owned(),
        ))?),
    };
    let by = Some(cell("by").to_owned()).filter(|by| !by.is_empty());
    Ok(Some(Given { finding_id, verdict, reason, by, at }))
}

/// Rows of RFC 4180, with the delimiter that stands most often in the first line.
struct Rows<'a> {
    rest: &'a str,
    delimiter: char,
    line: usize,
}

struct Row {
    line: usize,
    cells: Vec<String>,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str) -> Self {
        let first = text.lines().next().unwrap_or_default();
        let count = |delimiter: &char| first.matches(*delimiter).count();
        let delimiter = [',', ';', '\t'].into_iter().rev().max_by_key(count).unwrap_or(',');
        Self { rest: text, delimiter, line: 1 }
    }

    /// The next cell, and whether it ends its row.
    fn cell(&mut self) -> Result<(String, bool), String> {
        let mut cell = String::new();
        if let Some(quoted) = self.rest.strip_prefix('"') {
            let began = self.line;
            self.rest = quoted;
            loop {
                let Some(end) = self.rest.find('"') else {
                    return Err(format!("line {began}: a quotation mark is opened and never closed"));
                };
                let part = &self.rest[..end];
                self.line += part.matches('\n').count();
                cell.push_str(part);
                self.rest = &self.rest[end + 1..];
                let Some(rest) = self.rest.strip_prefix('"') else { break };
                cell.push('"');
                self.rest = rest;
            }
        }
        let end = self.rest.find([self.delimiter, '\n']).unwrap_or(self.rest.len());
        let plain = &self.rest[..end];
        let is_end = !self.rest[end..].starts_with(self.delimiter);
        cell.push_str(if is_end { plain.trim_end_matches('\r') } else { plain });
        self.line += usize::from(is_end);
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        Ok((cell, is_end))
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut row = Row { line: self.line, cells: Vec::new() };
        loop {
            match self.cell() {
                Ok((cell, is_end)) => {
                    row.cells.push(cell);
                    if is_end {
                        return Some(Ok(row));
                    }
                }
                Err(problem) => {
                    self.rest = "";
                    return Some(Err(problem));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "9f0c2d1e-8a77-8b1c-9e55-0123456789ab";
    const OTHER: &str = "9f0c2d1e-8a77-8b1c-9e55-0123456789ac";

    fn read(text: &str) -> Result<Sheet, String> {
        Sheet::read(text.as_bytes())
    }

    #[test]
    fn whatever_a_spreadsheet_writes_is_read() {
        for text in [
            format!("finding_id,verdict,reason\r\n{ID},rejected,\"a, \"\"b\"\"\"\r\n"),
            format!("\u{feff}finding_id;verdict;reason\n{ID};Rejected;\"a, \"\"b\"\"\""),
            format!("Finding_ID\tremarks\treason\tVERDICT\r\n{ID}\tx\ta, \"b\"\trejected\r\n\t\t\t\r\n"),
        ] {
            let sheet = read(&text).expect(&text);
            assert_eq!(sheet.verdicts.len(), 1, "{text}");
            let given = &sheet.verdicts[0];
            assert_eq!((given.verdict, given.reason.as_str()), (Verdict::Rejected, "a, \"b\""), "{text}");
        }
        let sheet =
            read(&format!("finding_id,verdict,reason\n{ID}\n{OTHER},confirmed\n")).expect("short rows");
        assert_eq!((sheet.verdicts.len(), sheet.without), (1, 1));
    }

    #[test]
    fn mistakes_are_told_by_line_and_column() {
        for (text, expected) in [
            ("", "line 1: the file is empty"),
            ("finding_id,reason\n", "line 1: there is no column verdict"),
            ("finding_id,verdict,verdict\n", "line 1: there are two columns verdict"),
            (
                &format!("finding_id,verdict,reason\n\n{ID},maybe,\n"),
                "line 3, column verdict: expected confirmed",
            ),
            ("finding_id,verdict\n17,confirmed\n", "line 2, column finding_id: expected the id"),
            (
                &format!("finding_id,verdict,reason\n{ID},confirmed,\"a\nb\"\n{OTHER},rejected,\n"),
                "line 4, column reason: say why",
            ),
            (
                &format!("finding_id,verdict,at\n{ID},confirmed,yesterday\n"),
                "line 2, column at: expected a time",
            ),
            (
                &format!("finding_id,verdict\n{ID},confirmed\n{ID},confirmed\n"),
                "line 3, column finding_id: the same finding has a verdict on line 2",
            ),
            (&format!("finding_id,verdict\n{ID},confirmed,a\n"), "line 2: 3 cells stand under 2 names"),
            (&format!("finding_id,verdict\n\"{ID},confirmed\n"), "line 2: a quotation mark is opened"),
        ] {
            let problem = read(text).expect_err(text);
            assert!(problem.starts_with(expected), "{problem}");
        }
        let problem = Sheet::read(b"finding_id,verdict\n\xe4,confirmed\n").expect_err("Latin-1");
        assert!(problem.starts_with("line 2: the text is not UTF-8"), "{problem}");
    }

    #[test]
    fn cells_that_begin_like_formulas_are_none() {
        for cell in ["=1+1", "+x", "-", "@a", "\tb", "a\"b;c", "plain", "'quoted'", "two\nlines"] {
            let mut text = "a,b\n".to_owned();
            push_cell(&mut text, cell);
            assert!(!text.ends_with(&format!("\n{cell}")) || !is_formula(cell), "{text}");
            let row = Rows::new(&text).nth(1).expect("a row").expect("it is CSV");
            assert_eq!(unmarked(&row.cells[0]), cell);
        }
    }

    #[test]
    fn rows_that_nobody_touched_undo_nothing() {
        let sheet =
            read(&format!("finding_id,verdict,reason,by,at\n{ID},rejected,a,ann,2026-03-31T09:30:00Z\n"));
        let given = sheet.expect("a sheet").verdicts.remove(0);
        let now = Timestamp(7);
        let review = given.against(&Reviews::default(), "bert", now).expect("new");
        assert_eq!(
            (review.by.as_str(), units::exact_time(review.at).as_str()),
            ("ann", "2026-03-31T09:30:00Z")
        );
        let unnamed = Given { by: None, at: None, ..given };
        let review = unnamed.against(&Reviews::default(), "bert", now).expect("new");
        assert_eq!((review.by.as_str(), review.at), ("bert", now));
        let withdrawn = Given { verdict: Verdict::Withdrawn, ..unnamed };
        assert_eq!(withdrawn.against(&Reviews::default(), "bert", now), None);
    }
}
