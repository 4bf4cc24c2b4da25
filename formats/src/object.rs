//! Reads one object: sniffs, chooses the splitter, drives it to the end.

use std::borrow::Cow;
use std::io::Read;
use std::ops::ControlFlow;

use domesday_model::{ColumnReport, Coverage, Reason, Status};

use crate::binary::{Skim, SkimBuffers};
use crate::cells::Cells;
use crate::charset::{Declared, TextEncoding};
use crate::csv::Csv;
use crate::declared::declared;
use crate::decoder::decode_beginning;
use crate::dialect::Dialect;
use crate::fixed::{FixedWidth, Ruler};
use crate::forms::{Form, Mark};
use crate::json::{self, Json, Records};
use crate::names;
use crate::paths::Paths;
use crate::place::Notes;
use crate::records::{self, Format};
use crate::sniff::{self, Kind, PREFIX_BYTES};
use crate::source::Source;
use crate::sql::{self, Sql};
use crate::text::Lines;
use crate::windows::{Raw, Splitter, Windows, buffer_bytes, feed_lines};
use crate::xml::{self, Xml};
use crate::{Content, Limits, ReadError, Target};

/// Reused buffers of one worker: a window's text and its contexts, 64 KiB of bytes to be decoded, and 24 bytes for each
/// cell that touches a window (as much as the text where cells are long, twelve times as much where every second byte
/// is a delimiter). Grows with the first objects and then stays.
#[derive(Default)]
pub struct Scratch {
    buffer: Vec<u8>,
    raw: Raw,
    cells: Cells,
    skim: SkimBuffers,
}

impl Scratch {
    /// Without any buffer yet.
    pub fn new() -> Self {
        Self::default()
    }
}

/// How a text is split.
enum Plan {
    Lines,
    Csv(Dialect),
    FixedWidth(Ruler),
    /// Whether strings hold escapes with backslashes.
    Sql(bool),
    Records(Format, Option<Paths>),
    Json(Records, Option<Paths>),
    Xml(Box<xml::Survey>),
    Form(Box<Form>),
}

/// What splitting a text came to.
struct Split {
    flow: ControlFlow<()>,
    record_count: u64,
    columns: Vec<ColumnReport>,
    notes: Notes,
}

/// Reads one object to its end and hands its text to `target`. `name` is the object's file name, for its extension.
///
/// What is wrong with an object is told in [`Content`]; there is no input that this refuses.
///
/// # Errors
/// [`ReadError`] when `input` fails, after all that it gave before was handed over.
pub fn read_object(
    input: &mut dyn Read,
    name: &str,
    limits: &Limits,
    scratch: &mut Scratch,
    target: &mut dyn Target,
) -> Result<Content, ReadError> {
    let limits = limits.bounded();
    let size = buffer_bytes(&limits, PREFIX_BYTES);
    if scratch.buffer.len() < size {
        scratch.buffer.resize(size, 0);
    }
    let mut source = Source::new(input);
    let filled = source.fill(&mut scratch.buffer[..PREFIX_BYTES]);
    let told = limits.encoding.map(|told| told.0);
    let kind = sniff::kind(&scratch.buffer[..filled], source.ended, told);
    let (content, error) = match kind {
        Kind::Empty => (content("empty", Status::Scanned, Coverage::Full, &source), source.error),
        Kind::Unsupported { format, reason } => {
            let unread = content(format, Status::Unsupported, Coverage::None, &source);
            (Content { reason: Some(reason), ..unread }, source.error)
        }
        Kind::Binary { format } => skim(source, format, filled, &limits, scratch, target),
        Kind::Text { encoding, skip } => {
            read_text(source, name, (encoding, filled, skip), &limits, scratch, target)
        }
    };
    match error {
        None => Ok(content),
        Some(error) => Err(ReadError { error, content: Box::new(unreadable(content)) }),
    }
}

fn skim(
    source: Source<'_>,
    format: &'static str,
    filled: usize,
    limits: &Limits,
    scratch: &mut Scratch,
    target: &mut dyn Target,
) -> (Content, Option<std::io::Error>) {
    let buffer = (&mut scratch.buffer, filled, 0);
    let mut windows = Windows::new(source, TextEncoding::Utf8, buffer, &mut scratch.raw, *limits).unchecked();
    let mut skim = Skim::new(&mut scratch.skim);
    let flow = windows.drive(&mut skim, target);
    let skimmed = content(format, Status::Scanned, Coverage::Skimmed, &windows.source);
    // Runs are known a little before they are handed over.
    let text_bytes = skim.text_bytes.min(windows.handed);
    let skimmed = Content { reason: Some(Reason::Binary), text_bytes, ..skimmed };
    (stopped(skimmed, windows.handed, flow), windows.source.error)
}

fn read_text(
    source: Source<'_>,
    name: &str,
    (encoding, filled, skip): (TextEncoding, usize, usize),
    limits: &Limits,
    scratch: &mut Scratch,
    target: &mut dyn Target,
) -> (Content, Option<std::io::Error>) {
    let (format, plan, returns, is_utf8) = {
        let raw = &scratch.buffer[skip..filled];
        let mut beginning =
            decode_beginning(encoding, raw, source.ended).map_or(Cow::Borrowed(raw), Cow::Owned);
        let returns = ends_lines_with_returns(&beginning);
        if returns {
            feed_lines(beginning.to_mut());
        }
        let (format, mut plan) =
            plan(&names::extension(name), &beginning, source.ended, limits, &mut scratch.cells, target);
        if let Plan::Csv(dialect) = &mut plan {
            *dialect = dialect.without_people(&beginning, source.ended, |words| target.is_full_name(words));
        }
        let is_utf8 = matches!(plan, Plan::Sql(_)) && declared(raw) == Some(Declared::Utf8);
        (format, plan, returns, is_utf8)
    };
    let buffer = (&mut scratch.buffer, filled, skip);
    let mut windows = Windows::new(source, encoding, buffer, &mut scratch.raw, *limits)
        .with_returns(returns)
        .declared_utf8(is_utf8);
    let split = match plan {
        Plan::Lines => {
            let mut lines = Lines::default();
            let flow = windows.drive(&mut lines, target);
            Split { flow, record_count: lines.count(), columns: Vec::new(), notes: Notes::default() }
        }
        Plan::Csv(dialect) => {
            let csv = Csv::new(dialect, limits, &mut scratch.cells);
            drive_cells(&mut windows, csv, target, |csv| (csv.notes, csv.report()))
        }
        Plan::FixedWidth(ruler) => {
            let fixed = FixedWidth::new(ruler, limits, &mut scratch.cells);
            drive_cells(&mut windows, fixed, target, |fixed| (fixed.notes, fixed.report()))
        }
        Plan::Json(records, maps) => {
            let json = Json::new(records, maps, limits, &mut scratch.cells);
            drive_cells(&mut windows, json, target, Json::report)
        }
        Plan::Xml(survey) => {
            let xml = Xml::new(*survey, limits, &mut scratch.cells);
            drive_cells(&mut windows, xml, target, Xml::report)
        }
        Plan::Sql(backslash) => {
            let sql = Sql::new(backslash, limits, &mut scratch.cells);
            drive_cells(&mut windows, sql, target, |sql| (sql.notes, sql.report()))
        }
        Plan::Form(form) => {
            let (flow, notes, (record_count, columns)) =
                records::drive_form(*form, &mut windows, limits, &mut scratch.cells, target);
            Split { flow, record_count, columns, notes }
        }
        Plan::Records(format, maps) => {
            let (flow, notes, (record_count, columns)) =
                format.drive(&mut windows, maps, limits, &mut scratch.cells, target);
            Split { flow, record_count, columns, notes }
        }
    };
    let mut notes = windows.notes;
    notes.merge(split.notes);
    let scanned = Content {
        reason: notes.reason(),
        reason_place: notes.place(),
        encoding: Some(windows.encoding.name()),
        other_encodings: windows.encoding.others(),
        text_bytes: windows.handed - skip as u64,
        record_count: Some(split.record_count),
        columns: split.columns,
        ..content(format, Status::Scanned, Coverage::Full, &windows.source)
    };
    (stopped(scanned, windows.handed, split.flow), windows.source.error)
}

/// Whether the lines of a text end with a carriage return alone, as those of Excel's "CSV (Macintosh)" do. Line feeds are
/// then rare: they stand within cells.
fn ends_lines_with_returns(beginning: &[u8]) -> bool {
    let alone = |&at: &usize| beginning.get(at + 1) != Some(&b'\n');
    let returns = memchr::memchr_iter(b'\r', beginning).filter(alone).count();
    returns > 1 && returns > 2 * memchr::memchr_iter(b'\n', beginning).count()
}

fn drive_cells<S: Splitter>(
    windows: &mut Windows<'_, '_>,
    mut splitter: S,
    target: &mut dyn Target,
    report: impl FnOnce(S) -> (Notes, (u64, Vec<ColumnReport>)),
) -> Split {
    let flow = windows.drive(&mut splitter, target);
    let (notes, (record_count, columns)) = report(splitter);
    Split { flow, record_count, columns, notes }
}

fn plan(
    extension: &str,
    text: &[u8],
    whole: bool,
    limits: &Limits,
    cells: &mut Cells,
    target: &dyn Target,
) -> (&'static str, Plan) {
    if matches!(extension, "csv" | "tsv" | "tab" | "psv") {
        if let Some(form) = Form::of_csv(extension, text, whole, target) {
            return (if form.marks.contains(&Mark::Tab) { "tsv" } else { "csv" }, Plan::Form(Box::new(form)));
        }
        let dialect = Dialect::of_csv(extension, text, whole);
        return (csv_name(dialect), Plan::Csv(dialect));
    }
    if let Some(records) = json::kind(extension, text, whole) {
        let format = if records == Records::Lines { "ndjson" } else { "json" };
        let is_document = records == Records::Elements;
        let maps = if is_document { json::maps(text, limits, cells) } else { None };
        return (format, Plan::Json(records, maps));
    }
    if let Some(survey) = xml::kind(extension, text, limits) {
        return ("xml", Plan::Xml(Box::new(survey)));
    }
    if names::of_text(extension, b"") == "markdown"
        && let Some(form) = Form::of_markdown(text, whole, target)
    {
        return ("markdown", Plan::Form(Box::new(form)));
    }
    if let Some((name, format)) = records::recognise(extension, text, whole) {
        return (name, Plan::Records(format, format.maps(text, limits, cells)));
    }
    plan_text(extension, text, whole, target)
}

/// The plan for a text whose extension says nothing of records.
fn plan_text(extension: &str, text: &[u8], whole: bool, target: &dyn Target) -> (&'static str, Plan) {
    if let Some(backslash) = sql::dump(extension, text, whole) {
        return ("sql", Plan::Sql(backslash));
    }
    if !names::is_no_table(extension) {
        if names::of_text(extension, text) == "text"
            && let Some(form) = Form::of_text(text, whole, target)
        {
            return ("form", Plan::Form(Box::new(form)));
        }
        if let Some(dialect) = Dialect::of_text(text, whole) {
            return (csv_name(dialect), Plan::Csv(dialect));
        }
        if let Some(ruler) = Ruler::of_text(text, whole) {
            return ("table", Plan::FixedWidth(ruler));
        }
    }
    (names::of_text(extension, text), Plan::Lines)
}

const fn csv_name(dialect: Dialect) -> &'static str {
    match dialect.delimiter {
        _ if dialect.drawn => "table",
        b'\t' => "tsv",
        _ => "csv",
    }
}

fn content(format: &'static str, status: Status, coverage: Coverage, source: &Source<'_>) -> Content {
    Content {
        status,
        coverage,
        reason: None,
        reason_place: None,
        format,
        encoding: None,
        other_encodings: Vec::new(),
        bytes_read: source.bytes_read,
        text_bytes: 0,
        record_count: None,
        columns: Vec::new(),
    }
}

/// The target wanted no more, behind that place.
fn stopped(content: Content, place: u64, flow: ControlFlow<()>) -> Content {
    match flow {
        ControlFlow::Continue(()) => content,
        ControlFlow::Break(()) => Content {
            status: Status::Limited,
            coverage: if content.text_bytes > 0 { Coverage::Partial } else { Coverage::None },
            reason: Some(Reason::TimeLimit),
            reason_place: Some(place),
            ..content
        },
    }
}

/// The input failed.
fn unreadable(content: Content) -> Content {
    let coverage = if content.text_bytes > 0 { Coverage::Partial } else { Coverage::None };
    let place = Some(content.bytes_read);
    Content {
        status: Status::Unreadable,
        coverage,
        reason: Some(Reason::IoError),
        reason_place: place,
        ..content
    }
}
