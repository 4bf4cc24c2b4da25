//! The Parquet inventory: schema, writer, commit, merge, views.
//!
//! A directory of plain files that DuckDB reads without this program. It is written like a log-structured merge tree:
//! a scan appends sorted files, a merge at its end folds them into the current state, and a small manifest says which
//! files count. A database inside would be simpler to write and harder to own: its files would need this program.
#![deny(missing_docs)]

mod arrays;
mod error;
mod fold;
mod inventory;
mod kept;
mod lookup;
mod manifest;
mod reviews;
mod rows;
mod run;
mod scan;
mod schema;
mod sketch;
mod spill;
mod subjects;
mod summary;
mod tally;
mod transaction;
mod views;
mod walk;
mod worklist;

pub use error::InventoryError;
pub use fold::ScanStatus;
pub use inventory::{Claim, Inventory, KnownSource, ScanStart, SourceInfo, write_views};
pub use lookup::{FindingRow, finding, findings};
pub use manifest::{MANIFEST, ScanTotals};
pub use reviews::{Reviews, reviews};
pub use scan::{InventorySink, ScanWriter};
pub use schema::reference;
pub use summary::{
    ColumnLine, CoverageLine, Distinct, ExposureLine, KindLine, PlaceLine, ProblemLine, SourceLine, Summary,
    summary,
};
pub use worklist::{Reviewable, worklist};
