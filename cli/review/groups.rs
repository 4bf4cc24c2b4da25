//! Findings that are judged together: those of one detector in columns of one name, or in the texts of one folder.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use domesday_inventory::{InventoryError, Reviewable, worklist};
use domesday_model::{Exposure, FindingId, Sensitivity};

use super::Order;
use crate::output::Paint;
use crate::table::{level, name, render, right};
use crate::units;
use crate::visible::visible;

/// Findings of a group that are shown.
pub(super) const EXAMPLES: usize = 5;
/// Folders of a path that make a group of texts.
const FOLDERS: usize = 2;

/// What the findings of a group have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Common {
    pub(super) source: String,
    pub(super) detector: String,
    pub(super) place: Place,
}

/// Where they are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Place {
    /// In columns of that name.
    Column(String),
    /// In texts below that folder.
    Folder(String),
}

/// Findings that are judged together.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) common: Common,
    pub(super) label: String,
    pub(super) category: String,
    pub(super) sensitivity: Sensitivity,
    /// The widest.
    pub(super) exposure: Exposure,
    pub(super) occurrences: u64,
    /// The least and the greatest.
    pub(super) confidence: (f64, f64),
    pub(super) evidence: Vec<String>,
    pub(super) alternatives: Vec<String>,
    pub(super) findings: Vec<FindingId>,
    /// Those with the most values.
    pub(super) examples: Vec<Reviewable>,
}

/// All groups, by what they have in common.
#[derive(Default)]
pub(super) struct Groups(BTreeMap<Common, Group>);

impl Common {
    pub(super) fn of(finding: &Reviewable) -> Self {
        let place = match &finding.column_path {
            Some(column) => Place::Column(column.clone()),
            None => {
                let ends = finding.path.match_indices('/').map(|(end, _)| end);
                let end = ends.take(FOLDERS).last().unwrap_or(0);
                Place::Folder(finding.path[..end].to_owned())
            }
        };
        Self { source: finding.source.clone(), detector: finding.detector.clone(), place }
    }
}

impl Place {
    /// For people.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Column(column) => format!("column {}", visible(column.as_bytes())),
            Self::Folder(folder) if folder.is_empty() => "text".to_owned(),
            Self::Folder(folder) => format!("text below {}", visible(folder.as_bytes())),
        }
    }
}

impl Group {
    /// The group of one finding.
    pub(super) fn one(finding: Reviewable) -> Self {
        Self {
            common: Common::of(&finding),
            label: finding.label.clone(),
            category: finding.category.clone(),
            sensitivity: finding.sensitivity,
            exposure: finding.exposure,
            occurrences: finding.occurrences,
            confidence: (finding.confidence, finding.confidence),
            evidence: finding.evidence.clone(),
            alternatives: finding.alternatives.clone(),
            findings: vec![finding.finding_id],
            examples: vec![finding],
        }
    }

    fn add(&mut self, finding: Reviewable) {
        self.exposure = self.exposure.max(finding.exposure);
        self.occurrences += finding.occurrences;
        self.confidence.0 = self.confidence.0.min(finding.confidence);
        self.confidence.1 = self.confidence.1.max(finding.confidence);
        for (all, more) in
            [(&mut self.evidence, &finding.evidence), (&mut self.alternatives, &finding.alternatives)]
        {
            for text in more {
                if let Err(place) = all.binary_search(text) {
                    all.insert(place, text.clone());
                }
            }
        }
        self.findings.push(finding.finding_id);
        self.examples.push(finding);
        self.examples
            .sort_by(|a, b| (Reverse(a.occurrences), &a.path).cmp(&(Reverse(b.occurrences), &b.path)));
        self.examples.truncate(EXAMPLES);
    }
}

impl Groups {
    /// Groups those findings of an inventory that `wants` picks.
    pub(super) fn collect(dir: &Path, wants: impl Fn(&Reviewable) -> bool) -> Result<Self, InventoryError> {
        let mut groups = Self::default();
        worklist(dir, |finding| {
            if wants(&finding) {
                groups.add(finding);
            }
        })?;
        Ok(groups)
    }

    fn add(&mut self, finding: Reviewable) {
        let common = Common::of(&finding);
        match self.0.get_mut(&common) {
            Some(group) => group.add(finding),
            None => _ = self.0.insert(common, Group::one(finding)),
        }
    }

    /// In the order in which they are looked at.
    pub(super) fn sorted(self, order: Order) -> Vec<Group> {
        let mut groups: Vec<_> = self.0.into_values().collect();
        let worst = |group: &Group| Reverse((group.sensitivity, group.exposure, group.occurrences));
        groups.sort_by(|a, b| {
            let doubt = match order {
                Order::Worst => std::cmp::Ordering::Equal,
                Order::Uncertain => a.confidence.1.total_cmp(&b.confidence.1),
            };
            doubt.then_with(|| worst(a).cmp(&worst(b)))
        });
        groups
    }
}

/// The groups for people.
pub(super) fn table(groups: &[Group], paint: Paint) -> String {
    let header = [
        "sensitivity",
        "what",
        "where",
        "readable by",
        "findings",
        "values",
        "confidence",
        "sample",
        "finding_id",
    ];
    let mut shown = crate::table::table(&header, paint);
    right(&mut shown, &[4, 5, 6]);
    for group in groups {
        let Some(first) = group.examples.first() else { continue };
        shown.add_row([
            level(group.sensitivity.name(), paint),
            visible(group.label.as_bytes()).into(),
            name(&group.common.place.shown()),
            group.exposure.name().into(),
            units::count(group.findings.len() as u64).into(),
            units::count(group.occurrences).into(),
            format!("{:.2}", group.confidence.1).into(),
            visible(first.masked_sample.as_bytes()).into(),
            first.finding_id.to_string().into(),
        ]);
    }
    render(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(path: &str, column: Option<&str>, sensitivity: Sensitivity, confidence: f64) -> Reviewable {
        Reviewable {
            finding_id: FindingId::from_bytes([0; 16]),
            source: "share".to_owned(),
            path: path.to_owned(),
            member: None,
            column_path: column.map(str::to_owned),
            detector: format!("{sensitivity:?}"),
            label: String::new(),
            category: String::new(),
            sensitivity,
            exposure: Exposure::Private,
            occurrences: 1,
            distinct_estimate: 1,
            confidence,
            masked_sample: String::new(),
            evidence: Vec::new(),
            alternatives: Vec::new(),
            suppressed_by: None,
            review: None,
        }
    }

    #[test]
    fn findings_meet_by_column_or_folder_and_come_in_order() {
        let collect = || {
            let mut groups = Groups::default();
            groups.add(finding("a/x.csv", Some("mail"), Sensitivity::Low, 0.6));
            groups.add(finding("b/y.csv", Some("mail"), Sensitivity::Low, 0.5));
            groups.add(finding("a/b/c/d.txt", None, Sensitivity::High, 0.9));
            groups.add(finding("a/b/e.txt", None, Sensitivity::High, 0.8));
            groups.add(finding("f.txt", None, Sensitivity::High, 0.7));
            groups
        };
        let shown = |order| {
            let groups = collect().sorted(order);
            groups.iter().map(|g| (g.common.place.shown(), g.findings.len())).collect::<Vec<_>>()
        };
        let (mail, below, text) =
            (("column mail".to_owned(), 2), ("text below a/b".to_owned(), 2), ("text".to_owned(), 1));
        assert_eq!(shown(Order::Worst), [below.clone(), text.clone(), mail.clone()]);
        assert_eq!(shown(Order::Uncertain), [mail, text, below]);
    }
}
