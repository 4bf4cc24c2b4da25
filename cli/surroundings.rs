//! The text around a place, with every value in it masked.

use domesday_classifiers::Classifier;
use domesday_connectors::Source;
use domesday_formats::{Limits, SourceEncoding};
use domesday_model::{
    ColumnVerdict, Confidence, Key, ObjectMeta, ObjectOutcome, Occurrence, PlaceUnit, Sensitive, Sink,
    SinkError, Span,
};
use domesday_scanner::{Fetched, Progress, ScanOptions, Worker};

use crate::probe::probe;
use crate::visible::visible;

/// Values that are kept of the surroundings; more do not fit in them.
const MOST: usize = 10_000;

/// A value at or near the place.
pub(crate) struct Hit {
    span: Span,
    pub(crate) detector: String,
    pub(crate) label: String,
    pub(crate) column_path: Option<String>,
    pub(crate) record: Option<u64>,
    pub(crate) confidence: Confidence,
    pub(crate) evidence: Vec<String>,
    pub(crate) alternatives: Vec<String>,
    pub(crate) mask: String,
}

/// The values in a stretch of an object.
#[derive(Default)]
pub(crate) struct Near {
    /// Sorted by place.
    hits: Vec<Hit>,
    pub(crate) encoding: Option<&'static str>,
    /// Others that lines are in.
    other_encodings: Vec<&'static str>,
    /// The columns that have a verdict, by path.
    pub(crate) verdicts: Vec<(String, ColumnVerdict)>,
}

/// Keeps the values that touch a stretch.
struct Collector<'a> {
    classifier: &'a Classifier,
    /// What the stretch counts.
    unit: PlaceUnit,
    stretch: Span,
    near: Near,
}

impl Near {
    /// Reads the object again, with values below the threshold, which are no findings but may well be values. It keeps those
    /// within `around` bytes of the span.
    pub(crate) fn of(
        classifier: &Classifier,
        (source, path): (&dyn Source, &[u8]),
        (unit, span, around): (PlaceUnit, Span, u64),
        encoding: Option<SourceEncoding>,
    ) -> anyhow::Result<Self> {
        let opened = source.open(path)?;
        // With a key, values below the threshold are told as well.
        let key = Some(Key::for_counting());
        let limits = Limits { encoding, ..Limits::default() };
        let options = ScanOptions { key, limits, values: true, ..ScanOptions::default() };
        let progress = Progress::default();
        let stretch = Span { start: span.start.saturating_sub(around), end: span.end + around };
        let mut collector = Collector { classifier, unit, stretch, near: Self::default() };
        Worker::new(classifier, &options, &progress)
            .object(opened, &mut collector)
            .map_err(anyhow::Error::from_boxed)?;
        let mut near = collector.near;
        near.hits.sort_by_key(|hit| (hit.span.start, hit.span.end));
        Ok(near)
    }

    /// What was found at exactly that place.
    pub(crate) fn at(&self, span: Span) -> Option<&Hit> {
        self.hits.iter().find(|hit| hit.span == span)
    }

    /// How the line of a value is to be read, where no encoding is `told` for all of them. In binary files only the value itself tells.
    pub(crate) fn encoding(&self, fetched: &Fetched, told: Option<SourceEncoding>) -> Option<SourceEncoding> {
        let Some(name) = self.encoding else {
            return SourceEncoding::named(if fetched.value.contains(&0) { "utf-16le" } else { "utf-8" });
        };
        if let Some(told) = told.filter(|told| told.name() == name) {
            return Some(told);
        }
        let Fetched { before, value, after, .. } = fetched;
        let is_feed = |byte: &u8| *byte == b'\n';
        let start = before.iter().rposition(is_feed).map_or(0, |feed| feed + 1);
        let rest = [&value[..], after].concat();
        let end = rest.iter().position(is_feed).map_or(rest.len(), |feed| feed + 1);
        SourceEncoding::of_line(name, &self.other_encodings, &[&before[start..], &rest[..end]].concat())
    }
}

impl Sink for Collector<'_> {
    fn begin(&mut self, _: &ObjectMeta) -> Result<(), SinkError> {
        Ok(())
    }

    fn occurrence(&mut self, occurrence: &Occurrence<'_>) -> Result<(), SinkError> {
        let span = occurrence.span;
        let touches = span.end > self.stretch.start && span.start < self.stretch.end;
        if !touches || occurrence.unit != self.unit || self.near.hits.len() >= MOST {
            return Ok(());
        }
        let catalog = self.classifier.catalog();
        let info = catalog.detector(occurrence.detector);
        self.near.hits.push(Hit {
            span,
            detector: info.id.clone(),
            label: info.label.clone(),
            column_path: occurrence.column_path.map(str::to_owned),
            record: occurrence.record,
            confidence: occurrence.confidence,
            evidence: occurrence.evidence.iter().map(|&fact| catalog.fact_name(fact)).collect(),
            alternatives: { occurrence.alternatives.iter() }
                .map(|&id| catalog.detector(id).id.clone())
                .collect(),
            mask: visible(self.classifier.mask(occurrence.detector, occurrence.value).as_str().as_bytes()),
        });
        Ok(())
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        self.near.hits.clear();
        Ok(())
    }

    fn end(&mut self, outcome: &ObjectOutcome) -> Result<(), SinkError> {
        if self.unit != PlaceUnit::Path {
            self.near.encoding = outcome.encoding;
            self.near.other_encodings.clone_from(&outcome.other_encodings);
        }
        let verdicts = outcome
            .columns
            .iter()
            .filter_map(|column| Some((column.path.clone(), column.found.verdict.clone()?)));
        self.near.verdicts = verdicts.collect();
        Ok(())
    }
}

/// What stands on either side of a value, in its line.
///
/// Keys, headers and values that need a column's evidence are no values to the classifier where they stand. So what is
/// left beside its findings is looked at once more as plain text, and digits are never shown.
pub(crate) struct Surroundings<'a> {
    pub(crate) classifier: &'a Classifier,
    pub(crate) near: &'a Near,
    pub(crate) encoding: Option<SourceEncoding>,
    pub(crate) fetched: &'a Fetched,
    pub(crate) span: Span,
    /// Characters on either side.
    pub(crate) context: usize,
}

impl Surroundings<'_> {
    /// Up to the value; earlier lines are left out.
    pub(crate) fn before(&self) -> String {
        let before = &self.fetched.before[..];
        let bytes = self.encoding.map_or(before, |encoding| encoding.from_character(before));
        let text = self.masked(bytes, self.span.start - bytes.len() as u64);
        let line = text.rsplit('\n').next().unwrap_or_default();
        let cut = line.char_indices().rev().nth(self.context).map_or(0, |(at, c)| at + c.len_utf8());
        visible(&line.as_bytes()[cut..])
    }

    /// From the value on; later lines are left out.
    pub(crate) fn after(&self) -> String {
        let text = self.masked(&self.fetched.after, self.span.end);
        let line: String =
            text.split(['\n', '\r']).next().unwrap_or_default().chars().take(self.context).collect();
        visible(line.as_bytes())
    }

    fn masked(&self, bytes: &[u8], start: u64) -> String {
        let end = start + bytes.len() as u64;
        let mut text = String::new();
        let mut at = start;
        let touching = |hit: &&Hit| hit.span.end > start && hit.span.start < end && hit.span != self.span;
        for hit in self.near.hits.iter().filter(touching) {
            if hit.span.end <= at {
                continue;
            }
            if hit.span.start > at {
                self.push_plain(&mut text, &bytes[(at - start) as usize..(hit.span.start - start) as usize]);
            }
            text.push_str(&hit.mask);
            at = hit.span.end;
        }
        if at < end {
            self.push_plain(&mut text, &bytes[(at - start) as usize..]);
        }
        text
    }

    /// What lies between findings.
    fn push_plain(&self, text: &mut String, bytes: &[u8]) {
        let plain = decode(bytes, self.encoding);
        let hide = |c: char| if c.is_numeric() { '•' } else { c };
        let mut at = 0;
        for hit in probe(self.classifier, None, plain.as_bytes()) {
            let value = Sensitive::new(&plain.as_bytes()[hit.place.clone()]);
            text.extend(plain[at..hit.place.start].chars().map(hide));
            text.push_str(self.classifier.mask(hit.detector, value).as_str());
            at = hit.place.end;
        }
        text.extend(plain[at..].chars().map(hide));
    }
}

/// Bytes as text.
pub(crate) fn decode(bytes: &[u8], encoding: Option<SourceEncoding>) -> String {
    encoding.map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), |encoding| encoding.decode(bytes))
}
