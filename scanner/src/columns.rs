//! The columns of an object, and which of their names are data.
//!
//! Tables without a header, and maps such as `{"Anna": {…}, "Bert": {…}}`, have personal data where names of columns
//! should stand, and an inventory must not keep it. Two things tell:
//!
//! 1. A key in which a detector finds a value, at any confidence, is data: there is no column around it that could
//!    speak for it. Word lists must be sure enough to report, for `mark`, `rose` and `page` are given names too; and a
//!    path with words of headers is none for a name in it: `nome mae` is where the mother's name stands. A full name that
//!    is a key of its own is data in any path, `Thomas Kowalczyk.ssn`, and so is one of listed words with which a key ends
//!    (`Salary James Miller`) or that keys make one behind the other (`James.Miller.mail`).
//! 2. All keys of an object are data when a value among them would be reported that is no name, or when at least
//!    [`FEWEST_NAMES`] of them, and two in three, are listed words or names of accounts that are made of such (`emmakrause`).
//!
//! A full name among the keys is told as well, where the key stands in the window behind which its column appears.
//!
//! The second is known at the end only, so the object is then read once more: what is told must depend neither on the
//! order of keys nor on the size of windows. What stays visible: fewer given names alone than that, names that are on
//! no list or ordinary words (`Mark Price`), and words that are data without looking like it (`{"diabetes": 3}`).

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use domesday_classifiers::{ColumnContext, Decision};
use domesday_model::{Confidence, DetectorId, OBJECT_NAME};

use crate::probe::{FullName, Hit, Key, Probe, Said};

/// Listed words among the keys of one object that make all of them data.
const FEWEST_NAMES: usize = 3;

/// The columns of an object, by index.
#[derive(Default)]
pub(crate) struct Columns {
    pub(crate) contexts: Vec<ColumnContext>,
    /// As they may be shown, each another one.
    pub(crate) paths: Vec<String>,
    /// Their hashes.
    taken: HashSet<u64>,
    /// By the hash of the path that leads to the keys.
    groups: HashMap<u64, Group>,
    /// Groups that are data, as an earlier reading found.
    data: HashSet<u64>,
    /// What an earlier reading decided on each column.
    decisions: Option<Vec<Arc<Decision>>>,
    /// Full names among the keys of columns that were added, which have not been told yet.
    pub(crate) people: Vec<Person>,
    /// The columns are decided: what is found no longer waits.
    pub(crate) decided: bool,
    /// There are cells behind the sample.
    pub(crate) left_sample: bool,
}

/// Somebody whose full name is a key.
pub(crate) struct Person {
    pub(crate) detector: DetectorId,
    pub(crate) confidence: Confidence,
    /// The key, and where the name stands in it; nowhere where it is all of it.
    pub(crate) key: String,
    pub(crate) place: Range<usize>,
    pub(crate) value: String,
}

impl Person {
    fn new(path: &str, key: &Key, name: &FullName) -> Self {
        let FullName { detector, confidence, place, value } = name;
        let start = place.start.saturating_sub(key.text.start);
        let place = start..place.end.min(key.text.end) - key.text.start;
        let key = &path[key.text.clone()];
        // A path has two backslashes for one.
        let is_escaped = key.contains('\\');
        Self {
            detector: *detector,
            confidence: *confidence,
            place: if is_escaped { 0..0 } else { place },
            key: key.replace(r"\\", r"\"),
            value: value.clone(),
        }
    }
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
        let Said { keys, hits, names, column } = probe.say(path, table);
        let (mut shown, mut spoken, mut at) = (String::new(), String::new(), 0);
        for (key, is_name) in keys.iter().zip(names) {
            let of_key = || hits.iter().filter(|hit| key.holds(hit));
            let is_hit = of_key().next().is_some();
            let group = hash(path[..key.whole.start].trim_end_matches('.'));
            let hide = is_hit || self.data.contains(&group);
            let group = self.groups.entry(group).or_default();
            group.reported |= of_key().any(|hit| hit.reported);
            if let Some(name) = of_key().find_map(|hit: &Hit| hit.name.as_ref())
                && !group.keys.contains_key(&hash(&path[..key.whole.end]))
            {
                self.people.push(Person::new(path, key, name));
            }
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
        if shown == OBJECT_NAME {
            shown = format!("[\"{OBJECT_NAME}\"]");
        }
        spoken.push_str(&path[at..]);
        let mut context = column.unwrap_or_else(|| probe.classifier.column_in(table, &spoken));
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
        let path = self.unique(shown);
        self.paths.push(path);
    }

    /// Findings are told apart by the path of their column. A format has a `*` of its own, which a hidden key may meet.
    fn unique(&mut self, shown: String) -> String {
        let (mut path, mut number) = (shown.clone(), 1);
        while !self.taken.insert(hash(&path)) {
            number += 1;
            path = format!("{shown}#{number}");
        }
        path
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

fn hash(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use domesday_classifiers::{Classifier, Registry, Scratch};

    use super::*;
    use crate::ScanOptions;
    use crate::probe::KnownPaths;

    /// The paths as they are shown in the end, and how many readings that took.
    fn shown(paths: &[&str]) -> (Vec<String>, usize) {
        let classifier = Classifier::new(&Registry::builtin().expect("loads")).expect("compiles");
        let mut scratch = Scratch::default();
        let threshold = ScanOptions::default().min_confidence;
        let mut known = KnownPaths::new(&classifier);
        let mut probe =
            Probe { classifier: &classifier, threshold, scratch: &mut scratch, paths: &mut known };
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
            &["debug", "verbose", "hostname", "timeout", "billing", "grafana", "marginleft", "maxage"],
            &["by.emmakrause", "by.total", "by.count", "by.jvogt"],
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
    fn a_header_that_is_like_an_address_hides_no_other() {
        assert_shown(&["Zip", "Cross Street 1", "Borough"], &["Zip", "*", "Borough"]);
        assert_shown(&["Kiel", "12 Cross Street", "Berg"], &["*", "*#2", "*#3"]);
    }

    #[test]
    fn names_among_the_keys_of_an_object_hide_all_of_them() {
        assert_shown(
            &["by.anna.age", "by.anna.ssn", "by.bert.age", "by.Clara Berg.age", "by.qwyx.age", "total"],
            &["by.*.age", "by.*.ssn", "by.*#2.age", "by.*#3.age", "by.*#4.age", "total"],
        );
        assert_shown(&["Anna", "Bert", "Clara"], &["*", "*#2", "*#3"]);
        assert_shown(&["x[\"Anna\"][]", "x.Bert", "x.Clara"], &["x.*[]", "x.*#2", "x.*#3"]);
        assert_shown(
            &["emmakrause", "jvogt", "davidwolff7", "qwyx.role", "hannak"],
            &["*", "*#2", "*#3", "*#4.role", "*#5"],
        );
    }

    #[test]
    fn a_full_name_is_hidden_alone() {
        assert_shown(&["Thomas Kowalczyk.ssn", "total.ssn"], &["*.ssn", "total.ssn"]);
        assert_shown(
            &["by.Thomas Kowalczyk.ssn", "by.Thomas Kowalczyk.age", "by.Clara Berg.ssn", "by.total"],
            &["by.*.ssn", "by.*.age", "by.*#2.ssn", "by.total"],
        );
    }

    #[test]
    fn names_in_names_of_settings_are_hidden() {
        assert_shown(&["mueller_anna.mail", "mueller_anna.n"], &["*.mail", "*.n"]);
        assert_shown(
            &["salary_anna_berg", "bergAnna", "herr_weber", "user_anna.berg", "total"],
            &["*", "*#2", "*#3", "*#4.*", "total"],
        );
        assert_shown(&["metric", "Miller", "Koch", "Weber"], &["*", "*#2", "*#3", "*#4"]);
        for plain in [
            &["mark_price", "max_power", "page_miller", "start_date", "mr_count", "bergValue"][..],
            &["metric", "Miller", "Koch", "Price", "Cost"],
        ] {
            assert_eq!(shown(plain), (plain.iter().map(|&h| h.to_owned()).collect(), 1));
        }
    }

    #[test]
    fn no_two_columns_have_one_path() {
        assert_shown(
            &["users.*.mail", "users.Thomas Kowalczyk.mail", "users.Clara Berg.mail", "users.*#2.mail"],
            &["users.*.mail", "users.*.mail#2", "users.*#2.mail", "users.*#2.mail#2"],
        );
        assert_shown(&["078-05-1121", "n", "*"], &["*", "n", "*#2"]);
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
