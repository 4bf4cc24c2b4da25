//! Verdicts of people: a log that is only ever added to. The last entry on a finding is its verdict, and a finding's id is the
//! same in every scan, so no scan has to carry verdicts over, and a kill can at worst lose the one that was being written.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{TimestampMicrosecondType, UInt64Type};
use domesday_model::{FindingId, Review, ScanId, SourceId, Timestamp, Verdict};
use parquet::errors::ParquetError;

use crate::arrays::{sixteen, texts, times, versions};
use crate::fold::single;
use crate::lookup::find;
use crate::manifest::{FileState, Manifest};
use crate::rows::batch;
use crate::run::reader;
use crate::schema::Table;
use crate::transaction::Transaction;
use crate::walk::{id, text};
use crate::{Inventory, InventoryError};

/// Every verdict that was ever given on the findings of an inventory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reviews {
    /// By finding, in the order of time.
    log: HashMap<FindingId, Vec<Review>>,
}

/// The verdicts in the inventory at `dir`.
///
/// # Errors
/// When there is no inventory, or it cannot be read.
pub fn reviews(dir: &Path) -> Result<Reviews, InventoryError> {
    let manifest = Manifest::load(dir)?.ok_or_else(|| InventoryError::Absent { dir: dir.to_owned() })?;
    Reviews::load(dir, &manifest)
}

impl Reviews {
    /// Whether nobody ever gave one.
    pub fn is_empty(&self) -> bool {
        self.log.is_empty()
    }

    /// The verdict on a finding, unless it was taken back.
    pub fn get(&self, finding: FindingId) -> Option<&Review> {
        self.log(finding).last().filter(|review| review.verdict != Verdict::Withdrawn)
    }

    /// All that was ever said of a finding, in the order of time.
    pub fn log(&self, finding: FindingId) -> &[Review] {
        self.log.get(&finding).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn load(dir: &Path, manifest: &Manifest) -> Result<Self, InventoryError> {
        let mut log: HashMap<FindingId, Vec<Review>> = HashMap::new();
        for file in manifest.live(Table::Reviews) {
            let path = file.path(dir);
            for batch in reader(&path, None)? {
                let batch = batch.map_err(ParquetError::from).map_err(InventoryError::parquet_read(&path))?;
                for row in 0..batch.num_rows() {
                    let at = batch
                        .column_by_name("at")
                        .and_then(|c| c.as_primitive_opt::<TimestampMicrosecondType>());
                    let review = || {
                        Some(Review {
                            finding_id: FindingId::from_bytes(id(&batch, "finding_id", row)?),
                            verdict: Verdict::parse(text(&batch, "verdict", row)?)?,
                            reason: text(&batch, "reason", row).unwrap_or_default().to_owned(),
                            by: text(&batch, "by", row).unwrap_or_default().to_owned(),
                            at: Timestamp(at.filter(|at| !at.is_null(row))?.value(row)),
                        })
                    };
                    let damaged =
                        || InventoryError::corrupt(&path, "a verdict that this program does not know");
                    let review = review().ok_or_else(damaged)?;
                    log.entry(review.finding_id).or_default().push(review);
                }
            }
        }
        log.values_mut().for_each(|reviews| reviews.sort_by_key(|review| review.at));
        Ok(Self { log })
    }
}

impl Inventory {
    /// Opens the inventory at `dir` to write verdicts to it.
    ///
    /// # Errors
    /// When there is none, and as [`Self::open`].
    pub fn open_for_reviews(dir: &Path) -> Result<Self, InventoryError> {
        if Manifest::load(dir)?.is_none() {
            return Err(InventoryError::Absent { dir: dir.to_owned() });
        }
        Self::open(dir, None)
    }

    /// The verdicts in it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn reviews(&self) -> Result<Reviews, InventoryError> {
        Reviews::load(&self.shared().dir, &self.shared().state().manifest)
    }

    /// Adds verdicts, all or none: durable and visible when this returns. One that would not come after the last on its finding
    /// gets the time right behind that.
    ///
    /// # Errors
    /// When the inventory cannot be read or written.
    pub fn add_reviews(&self, reviews: &[Review]) -> Result<(), InventoryError> {
        if reviews.is_empty() {
            return Ok(());
        }
        let dir = &self.shared().dir;
        let mut state = self.shared().state();
        let known = Reviews::load(dir, &state.manifest)?;
        let mut sorted = reviews.to_vec();
        sorted.sort_by_key(|review| (review.finding_id, review.at));
        let mut last: BTreeMap<FindingId, i64> = BTreeMap::new();
        for review in &mut sorted {
            let before = last.get(&review.finding_id).copied();
            let before = before.or(known.log(review.finding_id).last().map(|review| review.at.0));
            review.at.0 = review.at.0.max(before.map_or(i64::MIN, |before| before + 1));
            last.insert(review.finding_id, review.at.0);
        }
        let wanted = sorted.iter().map(|review| *review.finding_id.as_bytes()).collect();
        let found = find(dir, &state.manifest, Table::Findings, wanted)?;
        let judged =
            |review: &Review, column: &str| id(&found.get(review.finding_id.as_bytes())?.batch, column, 0);
        let version = |review: &Review| {
            let batch = &found.get(review.finding_id.as_bytes())?.batch;
            Some(batch.column_by_name("object_version")?.as_primitive_opt::<UInt64Type>()?.value(0))
        };
        let all = || sorted.iter();
        let scans: Vec<_> = all().map(|review| judged(review, "scan_id")).collect();
        let mut sources: Vec<_> =
            all().filter_map(|review| judged(review, "source_id")).map(SourceId::from_bytes).collect();
        sources.sort_unstable();
        sources.dedup();
        let rows = batch(
            Table::Reviews,
            vec![
                sixteen(all().map(|review| Some(review.finding_id.as_bytes()))),
                texts(all().map(|review| Some(review.verdict.name()))),
                texts(all().map(|review| Some(review.reason.as_str()).filter(|reason| !reason.is_empty()))),
                texts(all().map(|review| Some(review.by.as_str()))),
                times(all().map(|review| Some(review.at))),
                sixteen(scans.iter().map(|scan| scan.as_ref())),
                versions(all().map(version)),
            ],
        );
        // Verdicts on findings that no scan has made yet lie in the folder of no scan.
        let scan_id = scans.iter().flatten().max().copied().unwrap_or_default();
        let mut tx = Transaction::new(dir, &state.manifest);
        tx.add(Table::Reviews, ScanId::from_bytes(scan_id), FileState::Current, sources, |path| {
            single(path, Table::Reviews, &rows)
        })?;
        tx.tier(Table::Reviews)?;
        tx.commit(&mut state.manifest)?;
        Ok(())
    }
}
