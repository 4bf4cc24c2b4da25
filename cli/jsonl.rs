//! `--format jsonl`: one occurrence per line, released per object in order of place.
//!
//! An object's lines wait until it ends, because escaped cells come after what stands behind them, and because a
//! second reading voids the first. That buffer has a bound: an object with more lines than fit is written piece by
//! piece, each in order; as lines arrive nearly in order, so is the whole.

use std::fmt::Write;
use std::ops::Range;

use domesday_model::{FindingId, ObjectId, ObjectMeta, Occurrence, PlaceUnit, Span};

use crate::marks::Marks;
use crate::output::Output;

/// A buffer that grew beyond this is not kept for the next object.
const KEPT: usize = 1 << 20;

/// The lines of one worker.
pub(crate) struct Lines<'a> {
    output: &'a Output,
    marks: Marks<'a>,
    source: &'a str,
    reveal: bool,
    /// Bytes of lines that may be held back.
    most: usize,
    object: ObjectId,
    /// What all lines of the object begin with.
    head: String,
    text: String,
    /// The last place of the object whose line was written.
    written: Option<Place>,
    /// The same of an earlier reading: what lies up to there is not written again.
    known: Option<Place>,
    /// The place, and the line's range in `text`.
    lines: Vec<(Place, Range<usize>)>,
}

/// Whether it lies in the content, what the name says being told before that; start and end.
type Place = (bool, u64, u64);

impl<'a> Lines<'a> {
    pub(crate) fn new(
        output: &'a Output,
        marks: Marks<'a>,
        source: &'a str,
        reveal: bool,
        most: usize,
    ) -> Self {
        let object = ObjectId::from_bytes([0; 16]);
        let (head, text, lines) = Default::default();
        Self { output, marks, source, reveal, most, object, head, text, written: None, known: None, lines }
    }

    pub(crate) fn begin(&mut self, object: &ObjectMeta) {
        self.clear();
        (self.written, self.known) = (None, None);
        self.object = object.id;
        self.head.clear();
        self.head.push_str("{\"source\":");
        push_json(&mut self.head, self.source);
        let _ = write!(self.head, ",\"object_id\":\"{}\",\"path\":", object.id);
        push_json(&mut self.head, &object.path);
        self.head.push_str(",\"member\":");
        push_optional(&mut self.head, object.member.as_deref());
    }

    /// Another reading begins. What was written of the one before stays; this goes on behind it.
    pub(crate) fn restart(&mut self) {
        self.clear();
        self.known = self.known.max(self.written);
    }

    fn clear(&mut self) {
        self.lines.clear();
        self.text.clear();
        self.text.shrink_to(KEPT);
        self.lines.shrink_to(KEPT / size_of::<(Place, Range<usize>)>());
    }

    pub(crate) fn add(&mut self, occurrence: &Occurrence<'_>) -> std::io::Result<()> {
        let Span { start, end } = occurrence.span;
        let place = (occurrence.unit != PlaceUnit::Path, start, end);
        if Some(place) <= self.known {
            return Ok(());
        }
        let from = self.text.len();
        self.push_line(occurrence);
        self.lines.push((place, from..self.text.len()));
        if self.text.len() > self.most { self.release() } else { Ok(()) }
    }

    /// Writes what was held back, sorted by place.
    pub(crate) fn release(&mut self) -> std::io::Result<()> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let by_place = |line: &(Place, Range<usize>)| line.0;
        if !self.lines.is_sorted_by_key(by_place) {
            self.lines.sort_by_key(by_place);
            let sorted: String = self.lines.iter().map(|line| &self.text[line.1.clone()]).collect();
            self.text = sorted;
        }
        let written = self.output.write(self.text.as_bytes());
        self.written = self.written.max(self.lines.last().map(by_place));
        self.clear();
        written
    }

    /// All keys, always, in the order of the contract. Writing to a string cannot fail.
    fn push_line(&mut self, occurrence: &Occurrence<'_>) {
        let catalog = self.marks.catalog;
        let info = catalog.detector(occurrence.detector);
        let finding = FindingId::of(self.object, occurrence.column_path, &info.id);
        let text = &mut self.text;
        text.push_str(&self.head);
        text.push_str(",\"column_path\":");
        push_optional(text, occurrence.column_path);
        match occurrence.record {
            Some(record) => _ = write!(text, ",\"record\":{record}"),
            None => text.push_str(",\"record\":null"),
        }
        let _ = write!(
            text,
            ",\"byte_start\":{},\"byte_end\":{},\"place_unit\":\"{}\",\"finding_id\":\"{finding}\",\"detector\":",
            occurrence.span.start,
            occurrence.span.end,
            occurrence.unit.name(),
        );
        push_json(text, &info.id);
        text.push_str(",\"category\":");
        push_json(text, &info.category);
        let _ = write!(text, ",\"confidence\":{},\"evidence\":", occurrence.confidence);
        push_list(text, occurrence.evidence.iter().map(|&fact| catalog.fact_name(fact)));
        text.push_str(",\"alternatives\":");
        push_list(text, occurrence.alternatives.iter().map(|&id| catalog.detector(id).id.clone()));
        text.push_str(",\"masked\":");
        push_json(text, occurrence.mask.make().as_str());
        text.push_str(",\"suppressed_by\":");
        push_optional(text, self.marks.suppressed_by(occurrence.ruling, finding).as_deref());
        text.push_str(",\"review\":");
        push_optional(text, self.marks.review(finding).map(|review| review.verdict.name()));
        if self.reveal {
            text.push_str(",\"value\":");
            push_json(text, &String::from_utf8_lossy(occurrence.value.reveal()));
        }
        text.push_str("}\n");
    }
}

fn push_optional(text: &mut String, value: Option<&str>) {
    match value {
        Some(value) => push_json(text, value),
        None => text.push_str("null"),
    }
}

fn push_list(text: &mut String, values: impl Iterator<Item = String>) {
    text.push('[');
    for (i, value) in values.enumerate() {
        if i > 0 {
            text.push(',');
        }
        push_json(text, &value);
    }
    text.push(']');
}

/// A JSON string in which nothing steers a terminal: JSON itself only asks to escape what lies below U+0020.
fn push_json(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if c.is_control() || crate::visible::steers(c) => _ = write!(text, "\\u{:04x}", c as u32),
            c => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_json_and_hold_nothing_that_steers() {
        let hostile = "a\"b\\c\n\u{1b}[31m\u{9b}\u{202e}é\u{feff}\u{0}";
        let mut text = String::new();
        push_json(&mut text, hostile);
        assert_eq!(serde_json::from_str::<String>(&text).expect("it is JSON"), hostile);
        assert!(!text.chars().any(|c| c.is_control() || crate::visible::steers(c)), "{text}");
    }
}
