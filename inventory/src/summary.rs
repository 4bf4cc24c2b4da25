//! What a privacy officer wants to see first: coverage, then which kinds of personal data there are, where, how
//! sensitive and how exposed.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::datatypes::TimestampMicrosecondType;
use domesday_model::{
    Coverage, Exposure, OBJECT_NAME, ObjectKind, Reason, ScanId, Sensitivity, SourceId, Status, Timestamp,
    Verdict,
};
use parquet::errors::ParquetError;

use crate::InventoryError;
use crate::manifest::Manifest;
use crate::reviews::Reviews;
use crate::run::reader;
use crate::schema::Table;
use crate::sketch::DistinctUnion;
use crate::walk::{CurrentFinding, CurrentObject, Walk, count, id, text, walk};

/// Lines of a list that a summary shows at most.
const LINES: usize = 20;
/// Folders that are counted one by one; further ones count for the folder at the top of their path.
const FOLDERS: usize = 100_000;
/// Columns that are counted; what comes later in the order of objects is left out.
const COLUMNS: usize = 100_000;
/// Parts of a path that make a folder of the summary.
const FOLDER_DEPTH: usize = 2;

/// The current state of an inventory at a glance.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Summary {
    /// Sources by name, each with its last scan.
    pub sources: Vec<SourceLine>,
    /// Objects by what became of them, problems first.
    pub coverage: Vec<CoverageLine>,
    /// Objects with a problem: up to 20 of them, in the order of source and path.
    pub problems: Vec<ProblemLine>,
    /// How many objects have a problem.
    pub problem_count: u64,
    /// Objects that the last scan of their source did not reach, as an earlier one left them: below a directory that
    /// could not be listed whole, or behind the end of a scan that was interrupted.
    pub not_reached: u64,
    /// Objects that the last scan could not open, and in which an earlier one found something: that counts.
    pub found_before: u64,
    /// Kinds of personal data, the most sensitive first.
    pub kinds: Vec<KindLine>,
    /// The 20 folders with the most sensitive, then the most, personal data. A folder is the first two parts of a path.
    pub folders: Vec<PlaceLine>,
    /// The 20 files with the most sensitive, then the most, personal data.
    pub files: Vec<PlaceLine>,
    /// The 20 columns with the most sensitive, then the most, personal data. A column is a name, in all objects.
    pub columns: Vec<ColumnLine>,
    /// Values by sensitivity and exposure, the worst first.
    pub exposure: Vec<ExposureLine>,
    /// Findings that a rule suppresses, or that a person rejected or accepted. They count nowhere else.
    pub suppressed: u64,
    /// Findings by what a person said of them.
    pub reviewed: BTreeMap<Verdict, u64>,
}

/// A source and its last scan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceLine {
    /// Its name.
    pub name: String,
    /// Its location.
    pub root: String,
    /// Declared country, ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Detectors that took part in the last scan, where others were left out.
    pub detectors: Option<Vec<String>>,
    /// The last scan.
    pub scan_id: ScanId,
    /// When that began.
    pub started_at: Timestamp,
    /// When it ended; `None` while it runs, or when it was killed.
    pub finished_at: Option<Timestamp>,
    /// `complete` or `interrupted`.
    pub status: String,
    /// Objects that it looked at.
    pub objects: u64,
    /// Bytes that it read.
    pub bytes_read: u64,
}

/// Objects of the same status, coverage and reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CoverageLine {
    /// What became of them.
    pub status: Status,
    /// How much of them was classified.
    pub coverage: Coverage,
    /// Why not all.
    pub reason: Option<Reason>,
    /// How many.
    pub objects: u64,
    /// Their size.
    pub bytes: u64,
}

/// An object that was not, or not surely, read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ProblemLine {
    /// Name of its source.
    pub source: String,
    /// Its path.
    pub path: String,
    /// Way inside of a container.
    pub member: Option<String>,
    /// What became of it.
    pub status: Status,
    /// Why.
    pub reason: Option<Reason>,
}

/// A kind of personal data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KindLine {
    /// Detector.
    pub detector: String,
    /// What people call it.
    pub label: String,
    /// Category in the style of fideslang.
    pub category: String,
    /// Impact of one value.
    pub sensitivity: Sensitivity,
    /// Objects with it.
    pub objects: u64,
    /// Values found.
    pub occurrences: u64,
    /// Distinct values.
    pub distinct: Distinct,
}

/// How many distinct values there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Distinct {
    /// About so many: merged from the sketches of all findings.
    About(u64),
    /// At least about so many: not all findings have a sketch, as their scan had no key.
    AtLeast(u64),
}

/// A place with personal data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaceLine {
    /// Name of its source.
    pub source: String,
    /// Folder or path.
    pub path: String,
    /// Way inside of a container.
    pub member: Option<String>,
    /// Highest sensitivity in it.
    pub sensitivity: Sensitivity,
    /// Objects with findings.
    pub objects: u64,
    /// Values of that sensitivity.
    pub most_sensitive: u64,
    /// Values found.
    pub occurrences: u64,
}

/// A kind of personal data under one name of a column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ColumnLine {
    /// Header or path of the column.
    pub column: String,
    /// Detector.
    pub detector: String,
    /// What people call it.
    pub label: String,
    /// Impact of one value.
    pub sensitivity: Sensitivity,
    /// Objects that have it in such a column.
    pub objects: u64,
    /// Values found in them.
    pub occurrences: u64,
}

/// Values of one sensitivity in objects of one exposure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExposureLine {
    /// Sensitivity of the values.
    pub sensitivity: Sensitivity,
    /// Who can read the objects.
    pub exposure: Exposure,
    /// How many objects have such values; they may have others as well.
    pub objects: u64,
    /// The values.
    pub occurrences: u64,
}

/// The current state of the inventory at `dir`. Objects that are `gone` only count in `coverage`.
///
/// # Errors
/// When there is no inventory, or it cannot be read.
pub fn summary(dir: &Path) -> Result<Summary, InventoryError> {
    let manifest = Manifest::load(dir)?.ok_or_else(|| InventoryError::Absent { dir: dir.to_owned() })?;
    let mut totals = Totals::new(&manifest, dir);
    let reviews = Reviews::load(dir, &manifest)?;
    let what = Walk { reviews: &reviews, details: false };
    walk(dir, &manifest, &what, |_| true, |object, findings| totals.add(object, findings))?;
    Ok(Summary { sources: sources(dir, &manifest)?, ..totals.finish() })
}

/// Counts that grow with the walk; each is bounded.
struct Totals<'a> {
    names: HashMap<SourceId, String>,
    last_scans: HashMap<SourceId, ScanId>,
    dir: &'a Path,
    coverage: BTreeMap<(Status, Coverage, Option<Reason>), (u64, u64)>,
    problems: BTreeSet<ProblemLine>,
    problem_count: u64,
    not_reached: u64,
    found_before: u64,
    kinds: BTreeMap<String, Kind>,
    columns: HashMap<(String, String), Column>,
    folders: HashMap<(SourceId, String), Place>,
    files: Vec<PlaceLine>,
    exposure: BTreeMap<(Sensitivity, Exposure), (u64, u64)>,
    suppressed: u64,
    reviewed: BTreeMap<Verdict, u64>,
}

struct Kind {
    label: String,
    category: String,
    sensitivity: Sensitivity,
    objects: u64,
    occurrences: u64,
    distinct: DistinctUnion,
}

struct Column {
    label: String,
    sensitivity: Sensitivity,
    objects: u64,
    occurrences: u64,
}

struct Place {
    sensitivity: Sensitivity,
    objects: u64,
    most_sensitive: u64,
    occurrences: u64,
}

impl<'a> Totals<'a> {
    fn new(manifest: &Manifest, dir: &'a Path) -> Self {
        Self {
            names: manifest.sources.iter().map(|source| (source.source_id, source.name.clone())).collect(),
            last_scans: manifest.sources.iter().map(|s| (s.source_id, s.last_scan_id)).collect(),
            dir,
            coverage: BTreeMap::new(),
            problems: BTreeSet::new(),
            problem_count: 0,
            not_reached: 0,
            found_before: 0,
            kinds: BTreeMap::new(),
            columns: HashMap::new(),
            folders: HashMap::new(),
            files: Vec::new(),
            exposure: BTreeMap::new(),
            suppressed: 0,
            reviewed: BTreeMap::new(),
        }
    }

    fn source(&self, object: &CurrentObject) -> String {
        self.names.get(&object.source).cloned().unwrap_or_else(|| object.source.to_string())
    }

    fn add(&mut self, object: &CurrentObject, findings: &[CurrentFinding]) -> Result<(), InventoryError> {
        let line = self.coverage.entry((object.status, object.coverage, object.reason)).or_default();
        line.0 += 1;
        line.1 += if object.kind == ObjectKind::Directory { 0 } else { object.size };
        if object.status.is_problem() {
            self.add_problem(object);
        }
        let is_of_last_scan = self.last_scans.get(&object.source) == Some(&object.scan);
        self.not_reached += u64::from(object.status != Status::Gone && !is_of_last_scan);
        self.found_before += u64::from(object.is_unread() && !findings.is_empty());
        let open: Vec<_> = findings.iter().filter(|finding| finding.suppressed_by.is_none()).collect();
        self.suppressed += (findings.len() - open.len()) as u64;
        for review in findings.iter().filter_map(|finding| finding.review.as_ref()) {
            *self.reviewed.entry(review.verdict).or_default() += 1;
        }
        self.add_kinds(&open)?;
        self.add_columns(&open);
        if let Some(sensitivity) = object.sensitivity {
            let values = self.add_exposure(object.exposure, &open);
            let most_sensitive = values.get(&sensitivity).copied().unwrap_or_default();
            self.add_folder(object, sensitivity, most_sensitive);
            self.add_file(object, sensitivity, most_sensitive);
        }
        Ok(())
    }

    fn add_problem(&mut self, object: &CurrentObject) {
        self.problem_count += 1;
        self.problems.insert(ProblemLine {
            source: self.source(object),
            path: object.path.clone(),
            member: object.member.clone(),
            status: object.status,
            reason: object.reason,
        });
        if self.problems.len() > LINES {
            self.problems.pop_last();
        }
    }

    fn add_kinds(&mut self, findings: &[&CurrentFinding]) -> Result<(), InventoryError> {
        let mut seen = BTreeSet::new();
        for finding in findings {
            let kind = self.kinds.entry(finding.detector.clone()).or_insert_with(|| Kind {
                label: finding.label.clone(),
                category: finding.category.clone(),
                sensitivity: finding.sensitivity,
                objects: 0,
                occurrences: 0,
                distinct: DistinctUnion::new(),
            });
            kind.objects += u64::from(seen.insert(&finding.detector));
            kind.occurrences += finding.occurrences;
            let file = self.dir.join(Table::Findings.name());
            kind.distinct.add(finding.distinct, finding.sketch.as_deref(), &file)?;
        }
        Ok(())
    }

    fn add_columns(&mut self, findings: &[&CurrentFinding]) {
        for finding in findings {
            // What stands in no column of its own has the path `*`, and names of objects are none either.
            let is_column = |name: &&String| !["*", OBJECT_NAME].contains(&name.as_str());
            let Some(name) = finding.column.as_ref().filter(is_column) else { continue };
            let key = (name.clone(), finding.detector.clone());
            if self.columns.len() >= COLUMNS && !self.columns.contains_key(&key) {
                continue;
            }
            let column = self.columns.entry(key).or_insert_with(|| Column {
                label: finding.label.clone(),
                sensitivity: finding.sensitivity,
                objects: 0,
                occurrences: 0,
            });
            column.objects += 1;
            column.occurrences += finding.occurrences;
        }
    }

    /// Counts the findings of an object by their sensitivity; says how many values it has of each.
    fn add_exposure(
        &mut self,
        exposure: Exposure,
        findings: &[&CurrentFinding],
    ) -> BTreeMap<Sensitivity, u64> {
        let mut values = BTreeMap::new();
        for finding in findings {
            *values.entry(finding.sensitivity).or_default() += finding.occurrences;
        }
        for (&sensitivity, occurrences) in &values {
            let line = self.exposure.entry((sensitivity, exposure)).or_default();
            line.0 += 1;
            line.1 += occurrences;
        }
        values
    }

    fn add_folder(&mut self, object: &CurrentObject, sensitivity: Sensitivity, most_sensitive: u64) {
        let mut key = (object.source, folder(&object.path, FOLDER_DEPTH).to_owned());
        // What is counted one by one depends on the ids of the objects alone, not on threads or time.
        for depth in (0..FOLDER_DEPTH).rev() {
            if self.folders.contains_key(&key) || self.folders.len() < FOLDERS {
                break;
            }
            key.1 = folder(&object.path, depth).to_owned();
        }
        let none = Place { sensitivity, objects: 0, most_sensitive: 0, occurrences: 0 };
        let place = self.folders.entry(key).or_insert(none);
        match sensitivity.cmp(&place.sensitivity) {
            Ordering::Less => (),
            Ordering::Equal => place.most_sensitive += most_sensitive,
            Ordering::Greater => (place.sensitivity, place.most_sensitive) = (sensitivity, most_sensitive),
        }
        place.objects += 1;
        place.occurrences += object.occurrences;
    }

    fn add_file(&mut self, object: &CurrentObject, sensitivity: Sensitivity, most_sensitive: u64) {
        self.files.push(PlaceLine {
            source: self.source(object),
            path: object.path.clone(),
            member: object.member.clone(),
            sensitivity,
            objects: 1,
            most_sensitive,
            occurrences: object.occurrences,
        });
        if self.files.len() >= 16 * LINES {
            worst_first(&mut self.files);
        }
    }

    fn finish(mut self) -> Summary {
        let names = &self.names;
        let mut folders = self
            .folders
            .into_iter()
            .map(|((source, path), place)| PlaceLine {
                source: names.get(&source).cloned().unwrap_or_else(|| source.to_string()),
                path,
                member: None,
                sensitivity: place.sensitivity,
                objects: place.objects,
                most_sensitive: place.most_sensitive,
                occurrences: place.occurrences,
            })
            .collect();
        worst_first(&mut folders);
        worst_first(&mut self.files);
        let mut columns: Vec<_> = self
            .columns
            .into_iter()
            .map(|((column, detector), of)| ColumnLine {
                column,
                detector,
                label: of.label,
                sensitivity: of.sensitivity,
                objects: of.objects,
                occurrences: of.occurrences,
            })
            .collect();
        columns.sort_by(|a, b| {
            let weight = |line: &ColumnLine| (line.sensitivity, line.occurrences);
            weight(b).cmp(&weight(a)).then_with(|| (&a.column, &a.detector).cmp(&(&b.column, &b.detector)))
        });
        columns.truncate(LINES);
        let mut coverage: Vec<_> = self
            .coverage
            .into_iter()
            .map(|((status, coverage, reason), (objects, bytes))| CoverageLine {
                status,
                coverage,
                reason,
                objects,
                bytes,
            })
            .collect();
        coverage.sort_by_key(|line| (!line.status.is_problem(), std::cmp::Reverse(line.objects)));
        let mut kinds: Vec<_> = self.kinds.into_iter().map(|(detector, kind)| kind.line(detector)).collect();
        kinds.sort_by_key(|line| std::cmp::Reverse((line.sensitivity, line.occurrences)));
        let exposure = self.exposure.into_iter().map(|((sensitivity, exposure), (objects, occurrences))| {
            ExposureLine { sensitivity, exposure, objects, occurrences }
        });
        let mut exposure: Vec<_> = exposure.collect();
        exposure.sort_by_key(|line| std::cmp::Reverse((line.sensitivity, openness(line.exposure))));
        Summary {
            suppressed: self.suppressed,
            reviewed: self.reviewed,
            sources: Vec::new(),
            coverage,
            problems: self.problems.into_iter().collect(),
            problem_count: self.problem_count,
            not_reached: self.not_reached,
            found_before: self.found_before,
            kinds,
            folders,
            files: self.files,
            columns,
            exposure,
        }
    }
}

impl Kind {
    fn line(self, detector: String) -> KindLine {
        let distinct = match self.distinct.estimate() {
            Some(estimate) => Distinct::About(estimate.min(self.occurrences)),
            None => Distinct::AtLeast(self.distinct.at_least()),
        };
        KindLine {
            detector,
            label: self.label,
            category: self.category,
            sensitivity: self.sensitivity,
            objects: self.objects,
            occurrences: self.occurrences,
            distinct,
        }
    }
}

/// The first `depth` folders of a path. Empty for what lies in the root.
fn folder(path: &str, depth: usize) -> &str {
    let ends = path.match_indices('/').map(|(end, _)| end);
    ends.take(depth).last().map_or("", |end| &path[..end])
}

/// Sorts by sensitivity and occurrences and keeps the first [`LINES`].
fn worst_first(places: &mut Vec<PlaceLine>) {
    places.sort_by(|a, b| {
        let weight = |line: &PlaceLine| (line.sensitivity, line.most_sensitive, line.occurrences);
        weight(b)
            .cmp(&weight(a))
            .then_with(|| (&a.source, &a.path, &a.member).cmp(&(&b.source, &b.path, &b.member)))
    });
    places.truncate(LINES);
}

/// How many people can read an object; what is unknown may be open to all.
const fn openness(exposure: Exposure) -> u8 {
    match exposure {
        Exposure::Private => 0,
        Exposure::Group => 1,
        Exposure::Unknown => 2,
        Exposure::Everyone => 3,
    }
}

fn sources(dir: &Path, manifest: &Manifest) -> Result<Vec<SourceLine>, InventoryError> {
    let mut lines = Vec::new();
    for file in manifest.live(Table::Scans) {
        let path = file.path(dir);
        for batch in reader(&path, None)? {
            let batch = batch.map_err(ParquetError::from).map_err(InventoryError::parquet_read(&path))?;
            for row in 0..batch.num_rows() {
                let scan = id(&batch, "scan_id", row).map(ScanId::from_bytes);
                let Some(source) = manifest.sources.iter().find(|source| Some(source.last_scan_id) == scan)
                else {
                    continue;
                };
                let time = |column| {
                    let times =
                        batch.column_by_name(column)?.as_primitive_opt::<TimestampMicrosecondType>()?;
                    (!times.is_null(row)).then(|| Timestamp(times.value(row)))
                };
                lines.push(SourceLine {
                    name: source.name.clone(),
                    root: source.root.clone(),
                    country: source.country.clone(),
                    detectors: source.detectors.clone(),
                    scan_id: source.last_scan_id,
                    started_at: time("started_at").unwrap_or(Timestamp(0)),
                    finished_at: time("finished_at"),
                    status: text(&batch, "status", row).unwrap_or_default().to_owned(),
                    objects: count(&batch, "objects", row).unwrap_or(0),
                    bytes_read: count(&batch, "bytes_read", row).unwrap_or(0),
                });
            }
        }
    }
    lines.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(lines)
}
