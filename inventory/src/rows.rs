//! Rows of `objects`, `columns` and `findings`: what is kept of a finished object, and how it becomes record batches.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, StructArray};
use domesday_model::{
    Catalog, ColumnReport, ColumnVerdict, Confidence, DetectorId, DetectorInfo, Fact, FactKind, FindingId,
    Mask, ObjectKind, ObjectMeta, ObjectOutcome, ScanId, Sensitivity, Timestamp,
};

use crate::arrays::{
    blobs, booleans, counts, doubles, histograms, integers, signed, sixteen, text_lists, texts, times,
    unknown, versions,
};
use crate::reviews::Reviews;
use crate::schema::{Table, place_fields};
use crate::tally::{FirstPlace, Tallies};

/// An object with its findings, ready to be written.
pub(crate) struct DoneObject {
    pub(crate) meta: ObjectMeta,
    pub(crate) outcome: ObjectOutcome,
    /// Sorted by column and detector.
    pub(crate) findings: Vec<Finding>,
    pub(crate) scanned_at: Timestamp,
}

/// A row of `findings`, but for what its object and its detector say.
pub(crate) struct Finding {
    column: Option<Box<str>>,
    detector: DetectorId,
    /// Of its values, or all of them where they are suppressed.
    pub(crate) occurrences: u64,
    /// The rule that suppresses all of them.
    suppressed: Option<u16>,
    /// Further values that are suppressed, and in no other number.
    suppressed_occurrences: u64,
    sketch: Option<Vec<u8>>,
    distinct: u64,
    confidence: Confidence,
    histogram: [u32; 10],
    first: FirstPlace,
    mask: Mask,
    evidence: Vec<Fact>,
    alternatives: Vec<DetectorId>,
    counts_subjects: bool,
}

/// What the rows of a scan have in common.
pub(crate) struct RowContext {
    pub(crate) scan_id: ScanId,
    pub(crate) catalog: Arc<Catalog>,
    /// Whether there is a key: tokens and sketches are kept.
    pub(crate) keyed: bool,
}

/// Turns an object's tallies into findings, in the order of column and detector.
pub(crate) fn findings(tallies: &mut Tallies, keyed: bool) -> Vec<Finding> {
    let done = std::mem::take(&mut tallies.tallies);
    let mut findings: Vec<_> = done
        .into_iter()
        .map(|tally| Finding {
            column: tallies.path_text(tally.path).map(Into::into),
            detector: tally.detector,
            occurrences: tally.occurrences,
            suppressed: tally.suppressed,
            suppressed_occurrences: 0,
            sketch: keyed.then(|| tally.distinct.serialize()),
            // No estimate is exact, and none may be more than there are.
            distinct: tally.distinct.estimate().min(tally.occurrences),
            confidence: tally.confidence,
            histogram: tally.histogram,
            first: tally.first,
            mask: tally.mask,
            evidence: tally.evidence,
            alternatives: tally.alternatives,
            counts_subjects: tally.counts_subjects,
        })
        .collect();
    // None comes before Some: what counts, before what is suppressed.
    findings
        .sort_by(|a, b| (&a.column, a.detector, a.suppressed).cmp(&(&b.column, b.detector, b.suppressed)));
    findings.dedup_by(|further, finding| {
        let same = (&further.column, further.detector) == (&finding.column, finding.detector);
        if same {
            finding.suppressed_occurrences += further.occurrences;
        }
        same
    });
    findings
}

impl Finding {
    /// Bytes of memory, about.
    fn weight(&self) -> usize {
        size_of::<Self>()
            + self.column.as_ref().map_or(0, |column| column.len())
            + self.sketch.as_ref().map_or(0, Vec::len)
            + self.evidence.len() * size_of::<Fact>()
            + self.alternatives.len() * size_of::<DetectorId>()
    }
}

impl DoneObject {
    /// Bytes of memory, about.
    pub(crate) fn weight(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let columns = &self.outcome.columns;
        size_of::<Self>()
            + self.meta.path.len()
            + self.meta.path_bytes.as_ref().map_or(0, Vec::len)
            + text(&self.meta.member)
            + text(&self.meta.owner)
            + text(&self.meta.group)
            + columns.iter().map(column_weight).sum::<usize>()
            + self.findings.iter().map(Finding::weight).sum::<usize>()
    }

    /// Rows in the table where it has most.
    pub(crate) fn rows(&self) -> usize {
        self.findings.len().max(self.outcome.columns.len()).max(1)
    }

    /// How many findings count, and the occurrences in them: neither a rule nor a person suppresses those.
    pub(crate) fn counted(&self, catalog: &Catalog, reviews: &Reviews) -> (u64, u64) {
        let is_reviewed = |finding: &Finding| {
            let detector = &catalog.detector(finding.detector).id;
            let review = reviews.get(FindingId::of(self.meta.id, finding.column.as_deref(), detector));
            let is_denied = || finding.evidence.iter().any(|fact| fact.kind == FactKind::DenyList);
            review.is_some_and(|review| review.verdict.hides() && !is_denied())
        };
        let counts = |finding: &&Finding| reviews.is_empty() || !is_reviewed(finding);
        let counting = self.open_findings().filter(counts);
        counting.fold((0, 0), |(findings, occurrences), f| (findings + 1, occurrences + f.occurrences))
    }

    /// The finding in a column of what the column holds.
    fn finding_of(&self, column: &ColumnReport) -> Option<&Finding> {
        let verdict = column.found.verdict.as_ref()?;
        let key = |finding: &Finding| {
            (finding.column.as_deref().unwrap_or_default(), finding.detector)
                .cmp(&(column.path.as_str(), verdict.detector))
        };
        self.findings.binary_search_by(key).ok().map(|at| &self.findings[at])
    }

    /// Findings that nobody has accepted.
    fn open_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.suppressed.is_none())
    }

    fn sensitivity(&self, catalog: &Catalog) -> Option<Sensitivity> {
        self.open_findings().map(|finding| catalog.detector(finding.detector).sensitivity).max()
    }

    /// Tokens say which findings count people. Without a key there are none, and all findings are taken.
    fn subject_estimate(&self, keyed: bool) -> Option<u64> {
        let counting = self.findings.iter().filter(|finding| !keyed || finding.counts_subjects);
        counting.map(|finding| finding.distinct).max()
    }

    /// Last part of the member or the path.
    fn name(&self) -> &str {
        let way = self.meta.member.as_deref().unwrap_or(&self.meta.path);
        way.rsplit('/').next().unwrap_or(way)
    }

    fn extension(&self) -> Option<String> {
        if !matches!(self.meta.kind, ObjectKind::File | ObjectKind::Member) {
            return None;
        }
        let (stem, extension) = self.name().rsplit_once('.')?;
        (!stem.is_empty() && !extension.is_empty()).then(|| extension.to_lowercase())
    }
}

/// Rows of `objects`. A part that this scan cannot know (`first_seen_at` of an object that an earlier one saw) is put
/// right when the scan is folded into the current state.
pub(crate) fn objects_batch(objects: &[DoneObject], context: &RowContext) -> RecordBatch {
    let all = || objects.iter();
    let unknown = |name| unknown(Table::Objects, name, objects.len());
    let catalog = &context.catalog;
    let extensions: Vec<_> = all().map(|o| o.extension()).collect();
    let fingerprints: Vec<_> =
        all().map(|o| (o.meta.version != 0).then(|| format!("{:016x}", o.meta.version))).collect();
    let modified = || times(all().map(|o| o.meta.modified_at));
    let scanned = || times(all().map(|o| Some(o.scanned_at)));
    batch(
        Table::Objects,
        vec![
            sixteen(all().map(|o| Some(o.meta.id.as_bytes()))),
            sixteen(all().map(|o| o.meta.parent.as_ref().map(|id| id.as_bytes()))),
            sixteen(all().map(|o| Some(o.meta.source.as_bytes()))),
            texts(all().map(|o| Some(o.meta.kind.name()))),
            texts(all().map(|o| Some(o.meta.path.as_str()))),
            blobs(all().map(|o| o.meta.path_bytes.as_deref())),
            texts(all().map(|o| o.meta.member.as_deref())),
            texts(all().map(|o| Some(o.name()))),
            texts(extensions.iter().map(|extension| extension.as_deref())),
            texts(all().map(|o| o.outcome.format)),
            texts(all().map(|o| o.outcome.encoding)),
            counts(all().map(|o| o.meta.size)),
            modified(),
            texts(fingerprints.iter().map(|fingerprint| fingerprint.as_deref())),
            unknown("content_hash"),
            texts(all().map(|o| o.meta.owner.as_deref())),
            texts(all().map(|o| o.meta.group.as_deref())),
            integers(all().map(|o| o.meta.mode.and_then(|mode| i32::try_from(mode).ok()))),
            texts(all().map(|o| Some(o.meta.exposure.name()))),
            texts(all().map(|o| Some(o.outcome.status.name()))),
            texts(all().map(|o| Some(o.outcome.coverage.name()))),
            texts(all().map(|o| o.outcome.reason.map(|reason| reason.name()))),
            counts(all().map(|o| o.outcome.reason_place)),
            counts(all().map(|o| Some(o.outcome.text_bytes))),
            counts(all().map(|o| o.outcome.record_count)),
            counts(all().map(|o| Some(o.open_findings().map(|finding| finding.occurrences).sum()))),
            texts(all().map(|o| o.sensitivity(catalog).map(Sensitivity::name))),
            counts(all().map(|o| o.subject_estimate(context.keyed))),
            modified(),
            modified(),
            texts(all().map(|o| o.meta.modified_at.map(|_| "file"))),
            scanned(),
            scanned(),
            unknown("gone_at"),
            sixteen(all().map(|_| Some(context.scan_id.as_bytes()))),
            versions(all().map(|o| Some(o.meta.version))),
        ],
    )
}

/// Bytes of memory, about.
fn column_weight(column: &ColumnReport) -> usize {
    let evidence = column.found.verdict.as_ref().map_or(0, |verdict| verdict.evidence.len());
    size_of::<ColumnReport>() + column.path.len() + evidence * size_of::<Fact>()
}

/// Rows of `columns`.
pub(crate) fn columns_batch(objects: &[DoneObject], context: &RowContext) -> RecordBatch {
    let rows: Vec<(&DoneObject, &ColumnReport)> =
        objects.iter().flat_map(|o| o.outcome.columns.iter().map(move |column| (o, column))).collect();
    let all = || rows.iter();
    let catalog = &context.catalog;
    let verdicts = || all().map(|(_, column)| column.found.verdict.as_ref());
    let findings: Vec<_> = all().map(|(object, column)| object.finding_of(column)).collect();
    let ratio = |verdict: &ColumnVerdict| verdict.matches as f64 / verdict.values.max(1) as f64;
    let evidence = verdicts().map(|verdict| {
        let facts = verdict.map_or(&[][..], |verdict| &verdict.evidence);
        let mut names: Vec<_> = facts.iter().map(|&fact| catalog.fact_name(fact)).collect();
        names.sort();
        names
    });
    batch(
        Table::Columns,
        vec![
            sixteen(all().map(|(o, _)| Some(o.meta.id.as_bytes()))),
            texts(all().map(|(_, c)| Some(c.path.as_str()))),
            counts(all().map(|(_, c)| Some(u64::from(c.ix.0)))),
            texts(all().map(|(_, c)| Some(c.data_type.name()))),
            counts(all().map(|(_, c)| Some(c.records))),
            counts(all().map(|(_, c)| Some(c.non_null))),
            blobs(findings.iter().map(|finding| finding.and_then(|f| f.sketch.as_deref()))),
            counts(
                all()
                    .zip(&findings)
                    .map(|((_, c), finding)| c.found.distinct.or(finding.map(|f| f.distinct))),
            ),
            texts(verdicts().map(|v| v.map(|v| catalog.detector(v.detector).id.as_str()))),
            doubles(verdicts().map(|v| v.map(ratio))),
            doubles(verdicts().map(|v| v.map(|v| v.confidence.as_f64()))),
            text_lists(evidence),
            sixteen(all().map(|_| Some(context.scan_id.as_bytes()))),
            versions(all().map(|(o, _)| Some(o.meta.version))),
        ],
    )
}

/// Rows of `findings`.
pub(crate) fn findings_batch(objects: &[DoneObject], context: &RowContext) -> RecordBatch {
    let rows: Vec<FindingParts<'_>> = objects
        .iter()
        .flat_map(|o| {
            o.findings.iter().map(move |f| {
                let info = context.catalog.detector(f.detector);
                FindingParts { id: FindingId::of(o.meta.id, f.column.as_deref(), &info.id), o, f, info }
            })
        })
        .collect();
    let all = || rows.iter();
    let unknown = |name| unknown(Table::Findings, name, rows.len());
    let catalog = &*context.catalog;
    batch(
        Table::Findings,
        vec![
            sixteen(all().map(|r| Some(r.id.as_bytes()))),
            sixteen(all().map(|r| Some(r.o.meta.id.as_bytes()))),
            sixteen(all().map(|r| Some(r.o.meta.source.as_bytes()))),
            texts(all().map(|r| Some(r.o.meta.path.as_str()))),
            texts(all().map(|r| r.o.meta.member.as_deref())),
            texts(all().map(|r| r.f.column.as_deref())),
            texts(all().map(|r| Some(r.info.id.as_str()))),
            texts(all().map(|r| Some(r.info.label.as_str()))),
            texts(all().map(|r| Some(r.info.category.as_str()))),
            texts(all().map(|r| Some(r.info.dpv.as_str()))),
            booleans(all().map(|r| Some(r.info.gdpr_article9))),
            booleans(all().map(|r| Some(r.info.gdpr_article10))),
            texts(all().map(|r| Some(r.info.ccpa_category.as_str()))),
            booleans(all().map(|r| Some(r.info.ccpa_sensitive))),
            texts(all().map(|r| Some(r.info.sensitivity.name()))),
            texts(all().map(|r| r.info.country.as_deref())),
            counts(all().map(|r| Some(r.f.occurrences))),
            blobs(all().map(|r| r.f.sketch.as_deref())),
            counts(all().map(|r| Some(r.f.distinct))),
            doubles(all().map(|r| Some(r.f.confidence.as_f64()))),
            histograms(all().map(|r| &r.f.histogram)),
            places(&rows),
            texts(all().map(|r| Some(r.f.mask.as_str()))),
            text_lists(
                all().map(|r| sorted(r.f.evidence.iter().map(|&fact| catalog.fact_name(fact)).collect())),
            ),
            text_lists(
                all().map(|r| {
                    sorted(r.f.alternatives.iter().map(|&d| catalog.detector(d).id.clone()).collect())
                }),
            ),
            texts(all().map(|r| catalog.suppressed_by(r.f.suppressed))),
            unknown("review"),
            sixteen(all().map(|_| Some(context.scan_id.as_bytes()))),
            versions(all().map(|r| Some(r.o.meta.version))),
            counts(all().map(|r| Some(r.f.suppressed_occurrences))),
        ],
    )
}

struct FindingParts<'a> {
    id: FindingId,
    o: &'a DoneObject,
    f: &'a Finding,
    info: &'a DetectorInfo,
}

fn places(rows: &[FindingParts<'_>]) -> ArrayRef {
    let first = || rows.iter().map(|r| r.f.first);
    let record: Int64Array = first().map(|place| place.record.map(signed)).collect();
    let start: Int64Array = first().map(|place| Some(signed(place.span.start))).collect();
    let end: Int64Array = first().map(|place| Some(signed(place.span.end))).collect();
    let unit: StringArray = first().map(|place| Some(place.unit.name())).collect();
    let columns: Vec<ArrayRef> = vec![Arc::new(record), Arc::new(start), Arc::new(end), Arc::new(unit)];
    Arc::new(StructArray::new(place_fields(), columns, None))
}

/// By name: ids differ from one ruleset to the next.
fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names
}

pub(crate) fn batch(table: Table, columns: Vec<ArrayRef>) -> RecordBatch {
    RecordBatch::try_new(table.schema(), columns).expect("the columns follow the schema")
}
