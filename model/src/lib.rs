//! The vocabulary of Domesday: ids, places, findings, evidence, tokens and the sink that they flow into.
//!
//! Every other crate depends on this one and it depends on none of them, so the words mean the same everywhere.
//! It performs no I/O, knows nothing of Arrow and of no file format.
#![deny(missing_docs)]

mod batch;
mod catalog;
mod confidence;
mod distinct;
mod evidence;
mod hasher;
mod id;
mod mask;
mod object;
mod occurrence;
mod place;
mod review;
mod rules;
mod sensitive;
mod sink;
mod token;
mod window;

pub use batch::WindowBatch;
pub use catalog::{Catalog, DetectorInfo, Sensitivity};
pub use confidence::Confidence;
pub use distinct::DistinctSketch;
pub use evidence::{Fact, FactKind, WordId};
pub use hasher::NumberHasher;
pub use id::{DetectorId, FindingId, ObjectId, ScanId, SourceId};
pub use mask::{LateMask, Mask};
pub use object::{
    ColumnFound, ColumnPoints, ColumnReport, ColumnVerdict, Coverage, DataType, Exposure, ObjectKind,
    ObjectMeta, ObjectOutcome, Reason, Status, Timestamp,
};
pub use occurrence::Occurrence;
pub use place::{PlaceUnit, Span};
pub use review::{Review, Verdict};
pub use rules::{Glob, ObjectRules, Pattern, Rule, Rules, Ruling, Values, chooses};
pub use sensitive::Sensitive;
pub use sink::{Sink, SinkError, Takes};
pub use token::{Key, KeyId, SubjectToken, TOKEN_SCHEME, Token, TokenKind, count_hash};
pub use window::{
    Cell, CellForm, ColumnIx, Layout, Located, OBJECT_NAME, OffsetMap, SAMPLE_BYTES, SAMPLE_RECORDS, Stretch,
    Widths, Window,
};
