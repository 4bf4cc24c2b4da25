//! The columns of an object, and which of their names are data.
//!
//! Tables without a header, and maps such as `{"Anna": {…}, "Bert": {…}}`, have personal data where names of columns
//! should stand, and an inventory must not keep it. Two things tell:
//!
//! 1. A key in which a detector finds a value, at any confidence, is data: there is no column around it that could
//!    speak for it. Word lists must be sure enough to report, for `mark`, `rose` and `page` are given names too; and a
//!    key with words of headers is none for a name in it: `nome mae` is where the mother's name stands.
//! 2. All keys of an object are data when a value among them would be reported that is no name, or when at least
//!    [`FEWEST_NAMES`] of them, and two in three, are listed words.
//!
//! The second is known at the end only, so the object is then read once more: what is told must depend neither on the
//! order of keys nor on the size of windows. What stays visible: fewer names than that, names that are on no list, and
//! words that are data without looking like it (`{"diabetes": 3}`).

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use domesday_classifiers::{Carry, Classifier, ColumnContext, Decision, Find, Found, Scratch};
use domesday_model::{
    Cell, CellForm, ColumnIx, Confidence, DetectorId, Layout, OffsetMap, TokenKind, Window,
};

/// Listed words among the keys of one object that make all of them data.
const FEWEST_NAMES: usize = 3;

/// Keys that lie deeper are not looked at: a bound for memory.
const MOST_LEVELS: usize = 16;

/// How keys are looked at.
pub(crate) struct Probe<'a> {
    pub(crate) classifier: &'a Classifier,
    pub(crate) threshold: Confidence,
    pub(crate) scratch: &'a mut Scratch,
    /// See [`listed`].
    pub(crate) listed: &'a [ColumnContext],
}

/// The columns of an object, by index.
#[derive(Default)]
pub(crate) struct Columns {
    pub(crate) contexts: Vec<ColumnContext>,
    /// As they may be shown.
    pub(crate) paths: Vec<String>,
    /// By the hash of the path that leads to the keys.
    groups: HashMap<u64, Group>,
    /// Groups that are data, as an earlier reading found.
    data: HashSet<u64>,
    /// What an earlier reading decided on each column.
    decisions: Option<Vec<Arc<Decision>>>,
    /// The columns are decided: what is found no longer waits.
    pub(crate) decided: bool,
    /// There are cells behind the sample.
    pub(crate) left_sample: bool,
}

/// The keys of one object.
#[derive(Default)]
struct Group {
    /// By the hash of its path, the number under which a hidden key is shown; 0 for one that is not hidden.
    keys: HashMap<u64, usize>,
    hidden: usize,
    names: usize,
    /// A key would be reported if it were a value.
    reported: bool,
}

/// A key of a path.
struct Key {
    /// The key with what quotes it.
    whole: Range<usize>,
    /// The key alone.
    text: Range<usize>,
}

/// A place in a path where a value was found.
struct Hit {
    place: Range<usize>,
    reported: bool,
}

impl Columns {
    /// What another reading starts with, when this one has told of keys that it then found to be data, or of cells
    /// that `review` judges otherwise.
    pub(crate) fn to_read_again(&self, review: Option<Vec<Arc<Decision>>>) -> Option<Self> {
        let told = |group: &Group| group.is_data() && group.hidden < group.keys.len();
        let data: HashSet<_> =
            self.groups.iter().filter(|(_, group)| told(group)).map(|(&path, _)| path).collect();
        if data.is_empty() && review.is_none() {
            return None;
        }
        let decision = |column: &ColumnContext| column.decision().cloned().unwrap_or_default();
        let decisions = review.unwrap_or_else(|| self.contexts.iter().map(decision).collect());
        Some(Self { data, decisions: Some(decisions), decided: true, ..Self::default() })
    }

    /// Takes the next column, of the table that the first `table` bytes of its path name.
    pub(crate) fn add(&mut self, probe: &mut Probe<'_>, path: &str, table: usize) {
        let mut keys = keys_of(path);
        let hits = probe.values(path, &keys);
        if hits.iter().any(|hit| !keys.iter().any(|key| key.holds(hit))) {
            // No path, but a header with dots.
            keys = vec![Key { whole: 0..path.len(), text: 0..path.len() }];
        }
        let names = probe.names(path, &keys);
        let (mut shown, mut spoken, mut at) = (String::new(), String::new(), 0);
        for (key, is_name) in keys.iter().zip(names) {
            let of_key = || hits.iter().filter(|hit| key.holds(hit));
            let is_hit = of_key().next().is_some();
            let group = hash(path[..key.whole.start].trim_end_matches('.'));
            let hide = is_hit || self.data.contains(&group);
            let group = self.groups.entry(group).or_default();
            group.reported |= of_key().any(|hit| hit.reported);
            let number = group.take(hash(&path[..key.whole.end]), is_name, hide);
            let stars = if number > 1 { format!("*#{number}") } else { "*".to_owned() };
            for (text, hide) in [(&mut shown, hide), (&mut spoken, is_hit)] {
                text.push_str(&path[at..key.whole.start]);
                if hide && !text.is_empty() && !text.ends_with('.') {
                    text.push('.');
                }
                text.push_str(if hide { &stars } else { &path[key.whole.clone()] });
            }
            at = key.whole.end;
        }
        shown.push_str(&path[at..]);
        spoken.push_str(&path[at..]);
        let mut context = probe.classifier.column_in(table, &spoken);
        context.belong_to(hash(&path[..table]));
        match (&self.decisions, self.decided) {
            (None, false) => context.open(),
            // A column that appears behind the sample is known at the end.
            (decisions, _) => {
                let known = decisions.as_ref().and_then(|all| all.get(self.contexts.len()));
                context.follow(known.cloned().unwrap_or_default());
            }
        }
        self.contexts.push(context);
        self.paths.push(shown);
    }
}

impl Group {
    fn is_data(&self) -> bool {
        self.reported || (self.names >= FEWEST_NAMES && 3 * self.names >= 2 * self.keys.len())
    }

    /// Counts a key when it is new; the number under which it is shown if it is hidden.
    fn take(&mut self, key: u64, is_name: bool, hide: bool) -> usize {
        let number = self.keys.entry(key).or_insert_with(|| {
            self.names += usize::from(is_name);
            0
        });
        if hide && *number == 0 {
            self.hidden += 1;
            *number = self.hidden;
        }
        *number
    }
}

impl Key {
    fn holds(&self, hit: &Hit) -> bool {
        self.whole.start <= hit.place.start && hit.place.end <= self.whole.end
    }
}

impl Probe<'_> {
    /// Values in a path: as text, for headers that are no paths, and key by key, as cells under no header.
    fn values(&mut self, path: &str, keys: &[Key]) -> Vec<Hit> {
        let mut hits = Vec::new();
        let (classifier, threshold) = (self.classifier, self.threshold);
        let is_header = LazyCell::new(|| classifier.column(path).says_something());
        for layout in [Layout::Runs, Layout::Cells(&cells_of(keys))] {
            self.each(path, layout, &ColumnContext::default(), |is_word, found| {
                let reported = found.confidence >= threshold;
                let is_name = classifier.detector(found.detector).token == TokenKind::Name;
                if (reported || !is_word) && !(is_name && *is_header) {
                    hits.push(Hit { place: found.start..found.end, reported: reported && !is_name });
                }
            });
        }
        hits
    }

    /// For each key, whether it is a listed word, or begins with one that a blank follows (`Anna Berg`).
    fn names(&mut self, path: &str, keys: &[Key]) -> Vec<bool> {
        let cells = cells_of(keys);
        let mut names = vec![false; keys.len()];
        for column in self.listed {
            self.each(path, Layout::Cells(&cells), column, |is_word, found| {
                let ends = |key: &Key| found.end == key.text.end || path[found.end..].starts_with(' ');
                for (key, name) in keys.iter().zip(&mut names) {
                    *name |= is_word && found.start == key.text.start && ends(key);
                }
            });
        }
        names
    }

    fn each(
        &mut self,
        path: &str,
        layout: Layout<'_>,
        column: &ColumnContext,
        mut tell: impl FnMut(bool, &Found<'_>),
    ) {
        let window =
            Window { text: path.as_bytes(), own: 0..path.len(), layout, offsets: OffsetMap::identity(0) };
        let classifier = self.classifier;
        let mut columns = [column.clone()];
        let (ControlFlow::Continue(()) | ControlFlow::Break(())) =
            classifier.scan(&window, &mut columns, &mut Carry::default(), self.scratch, |found| {
                tell(matches!(classifier.detector(found.detector).find, Find::Words(_)), found);
                ControlFlow::<()>::Continue(())
            });
    }
}

/// A column for each word list, under whose header its words count.
pub(crate) fn listed(classifier: &Classifier) -> Vec<ColumnContext> {
    let detectors =
        (0..classifier.catalog().detectors.len()).map(|i| classifier.detector(DetectorId(i as u16)));
    detectors
        .filter(|detector| matches!(detector.find, Find::Words(_)))
        .filter_map(|detector| detector.header.first().or(detector.context.first()))
        .map(|header| classifier.column(header))
        .collect()
}

fn cells_of(keys: &[Key]) -> Vec<Cell> {
    let cell = |key: &Key| Cell {
        start: key.text.start as u32,
        end: key.text.end as u32,
        column: ColumnIx(0),
        record: 0,
        form: CellForm::Plain,
    };
    keys.iter().map(cell).collect()
}

/// The keys of a path as `domesday_formats` writes it. A header is a path of one key unless it has dots or brackets.
fn keys_of(path: &str) -> Vec<Key> {
    let bytes = path.as_bytes();
    let (mut keys, mut at) = (Vec::new(), 0);
    while at < bytes.len() && keys.len() < MOST_LEVELS {
        let start = at;
        if bytes[at..].starts_with(b"[\"") {
            at += 2;
            while at < bytes.len() && bytes[at] != b'"' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            let text = start + 2..at.min(bytes.len());
            at = (at + 2).min(bytes.len());
            keys.push(Key { whole: start..at, text });
        } else {
            let len = bytes[at..].iter().position(|b| matches!(b, b'.' | b'[')).unwrap_or(bytes.len() - at);
            at += len;
            // These stand for keys.
            if len > 0 && !matches!(&path[start..at], "*" | "$" | "~") {
                keys.push(Key { whole: start..at, text: start..at });
            }
            if bytes[at..].starts_with(b"[]") {
                at += 2;
            } else if at < bytes.len() && !bytes[at..].starts_with(b"[\"") {
                at += 1;
            }
        }
    }
    keys.retain(|key| !key.text.is_empty() && path.is_char_boundary(key.text.end));
    keys
}

fn hash(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use domesday_classifiers::Registry;

    use super::*;
    use crate::ScanOptions;

    /// The paths as they are shown in the end, and how many readings that took.
    fn shown(paths: &[&str]) -> (Vec<String>, usize) {
        let classifier = Classifier::new(&Registry::builtin().expect("loads")).expect("compiles");
        let mut scratch = Scratch::default();
        let threshold = ScanOptions::default().min_confidence;
        let mut probe =
            Probe { classifier: &classifier, threshold, scratch: &mut scratch, listed: &listed(&classifier) };
        let mut columns = Columns::default();
        for path in paths {
            columns.add(&mut probe, path, 0);
        }
        let Some(mut again) = columns.to_read_again(None) else { return (columns.paths, 1) };
        for path in paths {
            again.add(&mut probe, path, 0);
        }
        assert!(again.to_read_again(None).is_none(), "two readings are enough");
        (again.paths, 2)
    }

    fn assert_shown(paths: &[&str], expected: &[&str]) {
        assert_eq!(shown(paths).0, expected, "{paths:?}");
    }

    #[test]
    fn ordinary_headers_stay_as_they_are() {
        for headers in [
            &["id", "name", "mark", "rose_count", "ip", "email", "page", "max", "long", "price"][..],
            &["user.email", "user.name", "orders[].id", "orders[].price", "tags[]", "$", "*", "users.*"],
            &["First Name", "Max. speed", "2024", "Q1 2024", "a.b[\"c.d\"].e", "geo.lat", "geo.long", ""],
            &["matricula", "nome_mae", "cpf"],
            &["people.Anna", "people.total", "people.count", "people.Bert"],
        ] {
            assert_eq!(shown(headers), (headers.iter().map(|&h| h.to_owned()).collect(), 1));
        }
    }

    #[test]
    fn values_are_hidden_at_any_confidence() {
        assert_shown(&["id", "078-05-1121", "n"], &["id", "*", "n"]);
        assert_shown(
            &["hosts[\"10.20.30.40\"].load", "hosts[\"10.20.30.41\"].load"],
            &["hosts.*.load", "hosts.*#2.load"],
        );
    }

    #[test]
    fn one_reported_value_makes_a_record_of_data() {
        let header = ["Berg", "anna.berg@hafenbuero-nord.de", "Kiel"];
        assert_eq!(shown(&header), (["*", "*#2", "*#3"].map(str::to_owned).to_vec(), 2));
    }

    #[test]
    fn names_among_the_keys_of_an_object_hide_all_of_them() {
        assert_shown(
            &["by.anna.age", "by.anna.ssn", "by.bert.age", "by.Clara Berg.age", "by.qwyx.age", "total"],
            &["by.*.age", "by.*.ssn", "by.*#2.age", "by.*#3.age", "by.*#4.age", "total"],
        );
        assert_shown(&["Anna", "Bert", "Clara"], &["*", "*#2", "*#3"]);
        assert_shown(&["x[\"Anna\"][]", "x.Bert", "x.Clara"], &["x.*[]", "x.*#2", "x.*#3"]);
    }

    #[test]
    fn any_text_is_taken_for_a_path() {
        for path in
            ["[\"", "[\"a", "[\"a\\", "[\"\\é", "[", "[]", "a..b", ".", "é[é]", "[\"\"]", "a]\"[\"b\"x"]
        {
            assert_eq!(shown(&[path]).0, [path]);
        }
    }
}
