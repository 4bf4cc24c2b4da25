//! The text around a place, with every value in it masked.

use encoding_rs::{Encoding, UTF_8, UTF_16LE};

use domesday_classifiers::Classifier;
use domesday_connectors::Source;
use domesday_model::{Confidence, Key, ObjectMeta, ObjectOutcome, Occurrence, Sink, SinkError, Span};
use domesday_scanner::{Fetched, Progress, ScanOptions, Worker};

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
pub(crate) struct Near {
    /// Sorted by place.
    hits: Vec<Hit>,
    encoding: Option<&'static str>,
}

/// Keeps the values that touch a stretch.
struct Collector<'a> {
    classifier: &'a Classifier,
    stretch: Span,
    near: Near,
}

impl Near {
    /// Reads the object again, with values below the threshold, which are no findings but may well be values.
    pub(crate) fn of(
        classifier: &Classifier,
        source: &dyn Source,
        path: &[u8],
        span: Span,
        context: u64,
    ) -> anyhow::Result<Self> {
        let opened = source.open(path)?;
        // With a key, values below the threshold are told as well.
        let options = ScanOptions { key: Some(Key::for_counting()), ..ScanOptions::default() };
        let progress = Progress::default();
        let stretch = Span { start: span.start.saturating_sub(context + 1), end: span.end + context + 1 };
        let near = Self { hits: Vec::new(), encoding: None };
        let mut collector = Collector { classifier, stretch, near };
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

    /// How the bytes around a value are to be read. In binary files only the value itself tells.
    pub(crate) fn encoding(&self, value: &[u8]) -> &'static Encoding {
        let named = self.encoding.and_then(|name| Encoding::for_label(name.as_bytes()));
        named.unwrap_or(if value.contains(&0) { UTF_16LE } else { UTF_8 })
    }
}

impl Sink for Collector<'_> {
    fn begin(&mut self, _: &ObjectMeta) -> Result<(), SinkError> {
        Ok(())
    }

    fn occurrence(&mut self, occurrence: &Occurrence<'_>) -> Result<(), SinkError> {
        let span = occurrence.span;
        let touches = span.end > self.stretch.start && span.start < self.stretch.end;
        if !touches || self.near.hits.len() >= MOST {
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
        self.near.encoding = outcome.encoding;
        Ok(())
    }
}

/// What stands on either side of a value, in its line.
pub(crate) struct Surroundings<'a> {
    near: &'a Near,
    encoding: &'static Encoding,
    before: &'a [u8],
    after: &'a [u8],
    span: Span,
}

impl<'a> Surroundings<'a> {
    /// Of what was fetched, `context` bytes on either side, and one more where that lets UTF-16 begin with a whole
    /// character.
    pub(crate) fn new(
        near: &'a Near,
        fetched: &'a Fetched,
        span: Span,
        context: u64,
        encoding: &'static Encoding,
    ) -> Self {
        let (mut before, mut after) = (&fetched.before[..], &fetched.after[..]);
        let length = (context as usize).min(before.len());
        let length = if encoding.is_ascii_compatible() { length } else { length & !1 };
        before = &before[before.len() - length..];
        after = &after[..(context as usize).min(after.len())];
        if encoding == UTF_8 {
            let continued = |byte: &u8| byte & 0xC0 == 0x80;
            before = &before[before.iter().take_while(|byte| continued(byte)).count()..];
        }
        Self { near, encoding, before, after, span }
    }

    /// Up to the value; the rest of an earlier line is left out.
    pub(crate) fn before(&self) -> String {
        let start = self.span.start - self.before.len() as u64;
        let text = self.masked(self.before, start);
        text.rsplit('\n').next().unwrap_or_default().replace('\r', "")
    }

    /// From the value on; later lines are left out.
    pub(crate) fn after(&self) -> String {
        let text = self.masked(self.after, self.span.end);
        text.split('\n').next().unwrap_or_default().replace('\r', "")
    }

    /// The text with values masked and line feeds as the only control characters.
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
                text.push_str(&self.plain(&bytes[(at - start) as usize..(hit.span.start - start) as usize]));
            }
            text.push_str(&hit.mask);
            at = hit.span.end;
        }
        if at < end {
            text.push_str(&self.plain(&bytes[(at - start) as usize..]));
        }
        text
    }

    fn plain(&self, bytes: &[u8]) -> String {
        let lines = decode(bytes, self.encoding);
        let lines: Vec<_> =
            lines.split('\n').map(|line| visible(line.trim_end_matches('\r').as_bytes())).collect();
        lines.join("\n")
    }
}

/// Bytes as text.
pub(crate) fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}
