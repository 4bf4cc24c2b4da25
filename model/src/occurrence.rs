//! One value at one place.

use crate::{
    ColumnIx, Confidence, DetectorId, Fact, LateMask, PlaceUnit, Ruling, Sensitive, Span, SubjectToken,
};

/// What the scanner tells a sink of one value. Lives only while the sink looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Occurrence<'a> {
    /// The detector that explains the value best.
    pub detector: DetectorId,
    /// Index of the column, for tabular objects.
    pub column: Option<ColumnIx>,
    /// Its path, as [`crate::ColumnReport::path`].
    pub column_path: Option<&'a str>,
    /// 0-based row, message or line number.
    pub record: Option<u64>,
    /// Where the value stands.
    pub span: Span,
    /// What the span counts.
    pub unit: PlaceUnit,
    /// How sure the detector is.
    pub confidence: Confidence,
    /// Why, sorted.
    pub evidence: &'a [Fact],
    /// Other detectors that accept the value, best first.
    pub alternatives: &'a [DetectorId],
    /// What may be shown.
    pub mask: LateMask<'a>,
    /// The raw value. Only for output that a person asked for with `--reveal`: otherwise it is empty for a value that
    /// had to wait for its column.
    pub value: Sensitive<'a>,
    /// Hash of the normalised value, keyed, for counting distinct values.
    pub distinct: u64,
    /// Tokens of the value under every detector that accepts it; empty without a key.
    pub tokens: &'a [SubjectToken],
    /// Whether the confidence reaches the threshold of the scan, or a rule says that the value is always reported. Other
    /// values feed the subject index and nothing else.
    pub reported: bool,
    /// What the rules of the scan say of the value.
    pub ruling: Ruling,
    /// As `distinct`, of further values of the column behind it that differ from it in their place and their bytes alone.
    /// Empty unless the sink takes values [`Takes::Together`](crate::Takes::Together).
    pub alike: &'a [u64],
}
