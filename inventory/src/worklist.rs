//! Findings one by one, as a person sees them who goes through them.

use std::path::Path;

use domesday_model::{Exposure, FindingId, Review, Sensitivity};

use crate::InventoryError;
use crate::manifest::Manifest;
use crate::reviews::Reviews;
use crate::walk::{CurrentFinding, CurrentObject, Detail, Walk, walk};

/// A finding of the current state, with what a person wants to know of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Reviewable {
    /// Its id.
    pub finding_id: FindingId,
    /// Name of its source.
    pub source: String,
    /// Path of its object.
    pub path: String,
    /// Way inside of a container.
    pub member: Option<String>,
    /// Column.
    pub column_path: Option<String>,
    /// Detector.
    pub detector: String,
    /// What people call it.
    pub label: String,
    /// Category in the style of fideslang.
    pub category: String,
    /// Impact of one value.
    pub sensitivity: Sensitivity,
    /// Who can read it.
    pub exposure: Exposure,
    /// Values found.
    pub occurrences: u64,
    /// Estimate of the distinct ones.
    pub distinct_estimate: u64,
    /// Highest confidence, 0 to 1.
    pub confidence: f64,
    /// The first value, masked.
    pub masked_sample: String,
    /// Every reason, sorted.
    pub evidence: Vec<String>,
    /// Other detectors that accept a value, sorted.
    pub alternatives: Vec<String>,
    /// Why it counts in no sum.
    pub suppressed_by: Option<String>,
    /// What a person said of it.
    pub review: Option<Review>,
}

/// Calls `visit` for every finding of the current state of the inventory at `dir`, in the order of objects.
///
/// # Errors
/// When there is no inventory, or it cannot be read.
pub fn worklist(dir: &Path, mut visit: impl FnMut(Reviewable)) -> Result<(), InventoryError> {
    let manifest = Manifest::load(dir)?.ok_or_else(|| InventoryError::Absent { dir: dir.to_owned() })?;
    let reviews = Reviews::load(dir, &manifest)?;
    let source = |object: &CurrentObject| {
        let source = manifest.sources.iter().find(|source| source.source_id == object.source);
        source.map_or_else(|| object.source.to_string(), |source| source.name.clone())
    };
    let what = Walk { reviews: &reviews, details: true };
    walk(
        dir,
        &manifest,
        &what,
        |_| true,
        |object, findings| {
            for finding in findings {
                if let Some(detail) = &finding.detail {
                    visit(reviewable(object, source(object), finding, detail));
                }
            }
            Ok(())
        },
    )
}

fn reviewable(
    object: &CurrentObject,
    source: String,
    finding: &CurrentFinding,
    detail: &Detail,
) -> Reviewable {
    Reviewable {
        finding_id: detail.finding_id,
        source,
        path: object.path.clone(),
        member: object.member.clone(),
        column_path: finding.column.clone(),
        detector: finding.detector.clone(),
        label: finding.label.clone(),
        category: finding.category.clone(),
        sensitivity: finding.sensitivity,
        exposure: object.exposure,
        occurrences: finding.occurrences,
        distinct_estimate: finding.distinct,
        confidence: detail.confidence,
        masked_sample: detail.masked_sample.clone(),
        evidence: detail.evidence.clone(),
        alternatives: detail.alternatives.clone(),
        suppressed_by: finding.suppressed_by.clone(),
        review: finding.review.clone(),
    }
}
