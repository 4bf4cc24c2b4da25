//! What the path of a column says: values and names in it that are data, and of which detectors it speaks.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::{ControlFlow, Range};

use domesday_classifiers::{Carry, Classifier, ColumnContext, Find, Found, Scratch};
use domesday_model::{
    Cell, CellForm, ColumnIx, Confidence, DetectorId, Layout, OffsetMap, TokenKind, Window,
};

use crate::name::names;

/// Keys that lie deeper are not looked at: a bound for memory.
const MOST_LEVELS: usize = 16;

/// How paths are looked at.
pub(crate) struct Probe<'a> {
    pub(crate) classifier: &'a Classifier,
    pub(crate) threshold: Confidence,
    pub(crate) scratch: &'a mut Scratch,
    pub(crate) paths: &'a mut KnownPaths,
}

/// What is known of paths without an object.
///
/// A share is full of exports of the same programs, and to look at the names of columns takes longer than to look at
/// the cells of a small table. So paths without data in them are remembered, a bounded number of them.
pub(crate) struct KnownPaths {
    /// A column for each word list, under whose header its words count.
    listed: Vec<ColumnContext>,
    /// By hash.
    known: HashMap<u64, KnownPath>,
}

struct KnownPath {
    path: Box<str>,
    table: usize,
    names: Vec<bool>,
    column: ColumnContext,
}

/// Paths that are remembered, and bytes of the longest such.
const MOST_KNOWN: usize = 1024;
const LONGEST_KNOWN: usize = 256;

/// A key of a path.
pub(crate) struct Key {
    /// The key with what quotes it.
    pub(crate) whole: Range<usize>,
    /// The key alone.
    pub(crate) text: Range<usize>,
}

/// What a path says.
pub(crate) struct Said {
    pub(crate) keys: Vec<Key>,
    pub(crate) hits: Vec<Hit>,
    /// For each key, whether it is a name.
    pub(crate) names: Vec<bool>,
    /// The column, where no value was found in its path.
    pub(crate) column: Option<ColumnContext>,
}

/// A place in a path where a value was found.
pub(crate) struct Hit {
    pub(crate) place: Range<usize>,
    pub(crate) reported: bool,
    /// The full name that makes it one.
    pub(crate) name: Option<FullName>,
}

/// The full name of somebody in a path.
pub(crate) struct FullName {
    pub(crate) detector: DetectorId,
    pub(crate) confidence: Confidence,
    pub(crate) place: Range<usize>,
    /// As people write it.
    pub(crate) value: String,
}

impl KnownPaths {
    pub(crate) fn new(classifier: &Classifier) -> Self {
        let detectors =
            (0..classifier.catalog().detectors.len()).map(|i| classifier.detector(DetectorId(i as u16)));
        let listed = detectors
            .filter(|detector| matches!(detector.find, Find::Words(_)))
            .filter_map(|detector| detector.header.first().or(detector.context.first()))
            .map(|header| classifier.column(header))
            .collect();
        Self { listed, known: HashMap::new() }
    }
}

impl Key {
    pub(crate) fn holds(&self, hit: &Hit) -> bool {
        self.whole.start <= hit.place.start && hit.place.end <= self.whole.end
    }
}

impl Probe<'_> {
    /// What the path of a column says, of the table that its first `table` bytes name.
    pub(crate) fn say(&mut self, path: &str, table: usize) -> Said {
        let keys = keys_of(path);
        let mut hasher = DefaultHasher::new();
        (path, table).hash(&mut hasher);
        let hash = hasher.finish();
        if let Some(known) = self.paths.known.get(&hash)
            && *known.path == *path
            && known.table == table
        {
            let KnownPath { names, column, .. } = known;
            return Said { keys, hits: Vec::new(), names: names.clone(), column: Some(column.clone()) };
        }
        let classifier = self.classifier;
        let column = LazyCell::new(|| classifier.column_in(table, path));
        let mut hits = self.values(path, &keys, || column.says_something());
        self.addresses(path, &keys, || column.says_something(), &mut hits);
        self.full_names(path, &keys, &mut hits);
        self.clear_names(path, &keys, &mut hits);
        if !hits.is_empty() {
            let is_path = hits.iter().all(|hit| keys.iter().any(|key| key.holds(hit)));
            // Otherwise a header with dots.
            let whole = || vec![Key { whole: 0..path.len(), text: 0..path.len() }];
            let keys = if is_path { keys } else { whole() };
            return Said { names: self.names(path, &keys), keys, hits, column: None };
        }
        let names = self.names(path, &keys);
        let column = column.clone();
        if path.len() <= LONGEST_KNOWN {
            let known = KnownPath { path: path.into(), table, names: names.clone(), column: column.clone() };
            if self.paths.known.len() >= MOST_KNOWN {
                self.paths.known.clear();
            }
            self.paths.known.insert(hash, known);
        }
        Said { keys, hits, names, column: Some(column) }
    }

    /// Values in a path: as text, for headers that are no paths, and key by key, as cells under no header.
    fn values(&mut self, path: &str, keys: &[Key], is_header: impl Fn() -> bool) -> Vec<Hit> {
        let mut hits = Vec::new();
        let (classifier, threshold) = (self.classifier, self.threshold);
        for layout in [Layout::Runs, Layout::Cells(&cells_of(keys))] {
            self.each(path, layout, ColumnContext::default(), |is_word, found| {
                let reported = found.confidence >= threshold;
                let detector = classifier.detector(found.detector);
                let is_name = detector.token == TokenKind::Name;
                // `BANKVERB_IBAN`: eight letters are a word of a header, not the code of a bank.
                let is_letters = !found.value.reveal().iter().any(|b| b.is_ascii_digit() || *b == b'@');
                if is_letters && matches!(detector.find, Find::Shapes(_)) {
                    return;
                }
                if (reported || !is_word) && !(is_name && is_header()) {
                    let is_numbered =
                        matches!(detector.find, Find::Sequence(_)) && is_one_digit(found) && is_header();
                    let reported = reported && !is_name && !is_numbered;
                    hits.push(Hit { place: found.start..found.end, reported, name: None });
                }
            });
        }
        hits
    }

    /// Addresses in the keys of a path, each read as a text of its own: in a cell they are left to the verdict on its column, and what
    /// stands beside them in the path makes something else of them.
    fn addresses(&mut self, path: &str, keys: &[Key], is_header: impl Fn() -> bool, hits: &mut Vec<Hit>) {
        let (classifier, threshold) = (self.classifier, self.threshold);
        for key in keys {
            self.each(&path[key.text.clone()], Layout::Runs, ColumnContext::default(), |_, found| {
                let detector = classifier.detector(found.detector);
                if matches!(detector.find, Find::Sequence(_)) && detector.token != TokenKind::Name {
                    let reported = found.confidence >= threshold && !(is_one_digit(found) && is_header());
                    hits.push(Hit { place: key.text.clone(), reported, name: None });
                }
            });
        }
    }

    /// Full names that are keys of a path: what stands beside a name in the path would make something else of it, or head it.
    fn full_names(&mut self, path: &str, keys: &[Key], hits: &mut Vec<Hit>) {
        let classifier = self.classifier;
        for key in keys {
            let text = &path[key.text.clone()];
            let name = spellings(text).into_iter().find_map(|spelling| {
                let mut name = None;
                self.each(&spelling, Layout::Runs, ColumnContext::default(), |_, found| {
                    let detector = classifier.detector(found.detector);
                    // A title may stand before it.
                    let is_whole = found.end == spelling.len() && found.start <= LONGEST_TITLE;
                    let is_name =
                        detector.token == TokenKind::Name && matches!(detector.find, Find::Sequence(_));
                    if is_whole && is_name && name.is_none() {
                        name = Some((found.start, found.detector, found.confidence));
                    }
                });
                let (start, detector, confidence) = name?;
                let value = spelling[start..].to_owned();
                let is_header = classifier.column(&value).says_something();
                // `mr_count`
                let is_word = text.starts_with(char::is_lowercase)
                    && !value.contains(' ')
                    && !classifier.is_family_name(&value);
                let title = if spelling.len() == text.len() { start } else { 0 };
                let place = key.text.start + title..key.text.end;
                (!is_header && !is_word).then_some(FullName { detector, confidence, place, value })
            });
            if name.is_some() {
                hits.push(Hit { place: key.text.clone(), reported: false, name });
            }
        }
    }

    /// Full names with which keys end, whatever stands before them (`Salary James Miller`, `salary_anna_berg`, `bergAnna`), and those
    /// that several keys make (`James.Miller.mail`). Only listed ones: behind a word of a header, two others are a header, too.
    fn clear_names(&self, path: &str, keys: &[Key], hits: &mut Vec<Hit>) {
        let classifier = self.classifier;
        let (text, places) = words_apart(path, keys);
        let ControlFlow::Continue(()) = names(classifier, &text, |found| {
            let place = places[found.start]..places[found.end - 1] + 1;
            let ends = |key: &Key| {
                (key.text.start..key.text.end).contains(&(place.end - 1))
                    && !path[place.end..key.text.end].contains(char::is_alphabetic)
            };
            let value = String::from_utf8_lossy(found.value.reveal());
            // `fecha_alta` may be a word of a programmer's.
            let is_plain = || path[place.clone()].starts_with(|c: char| c.is_lowercase());
            if keys.iter().any(ends) && !(is_plain() && classifier.column(&value).says_something()) {
                let mut name = Some(FullName {
                    detector: found.detector,
                    confidence: found.confidence,
                    place: place.clone(),
                    value: value.into_owned(),
                });
                let its = keys.iter().filter(|key| key.text.start < place.end && place.start < key.text.end);
                let hit = |key: &Key| Hit { place: key.text.clone(), reported: false, name: name.take() };
                hits.extend(its.map(hit));
            }
            ControlFlow::<Infallible>::Continue(())
        });
    }

    /// For each key, whether it is a listed word, begins with one that a blank follows (`Anna Berg`), is a listed family name or an account
    /// of somebody.
    fn names(&mut self, path: &str, keys: &[Key]) -> Vec<bool> {
        let cells = cells_of(keys);
        let classifier = self.classifier;
        let is_name = |key: &Key| {
            let key = &path[key.text.clone()];
            classifier.is_account(key) || is_capitalised(key) && classifier.is_family_name(key)
        };
        let mut names: Vec<bool> = keys.iter().map(is_name).collect();
        for i in 0..self.paths.listed.len() {
            let column = self.paths.listed[i].clone();
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
        column: ColumnContext,
        mut tell: impl FnMut(bool, &Found<'_>),
    ) {
        let window =
            Window { text: path.as_bytes(), own: 0..path.len(), layout, offsets: OffsetMap::identity(0) };
        let classifier = self.classifier;
        let mut columns = [column];
        let (ControlFlow::Continue(()) | ControlFlow::Break(())) =
            classifier.scan(&window, &mut columns, &mut Carry::default(), self.scratch, |found| {
                tell(matches!(classifier.detector(found.detector).find, Find::Words(_)), found);
                ControlFlow::<()>::Continue(())
            });
    }
}

/// Whether a value has one digit: `Cross Street 1` is like an address, and heads a column, so that the others do as well is not
/// in doubt.
fn is_one_digit(found: &Found<'_>) -> bool {
    found.value.reveal().iter().filter(|b| b.is_ascii_digit()).count() == 1
}

/// Bytes that a title before a name has at most: `Mr. `.
const LONGEST_TITLE: usize = 6;

/// A key as a full name may be written in it: with other signs than blanks, with the family name first, as a user name with a
/// number. Nothing for `first_name`: most keys are no names at the first look.
fn spellings(key: &str) -> Vec<String> {
    let mut all = Vec::new();
    let letters = key.trim_end_matches(|c: char| c.is_ascii_digit());
    if key.len() - letters.len() > 1 && letters.contains(['.', '_', '-']) {
        // `anna.berg1982`
        all.push(capitalised(letters));
    }
    if key.starts_with(|c: char| c.is_ascii_lowercase()) {
        // `herr_weber`
        const TITLES: [&str; 10] =
            ["herr", "frau", "mr", "mrs", "miss", "madame", "monsieur", "mevrouw", "senhor", "signor"];
        if key.split_once(['_', '-', '.']).is_some_and(|(title, _)| TITLES.contains(&title)) {
            all.push(capitalised(key));
        }
        return all;
    }
    if let Some((family, given)) = key.split_once(", ") {
        all.push(format!("{given} {family}"));
    }
    // An element of XML has no blanks in its name.
    let name = key.replace(['_', '-', '.'], " ");
    if key.contains(' ') {
        all.push(key.to_owned());
    } else if name.contains(' ') {
        all.push(name);
    }
    all
}

/// A path with capital letters at the beginning of its words and blanks between them, and where each byte of that stands in the path:
/// `user_anna.berg` and `bergAnna` are names as well.
fn words_apart(path: &str, keys: &[Key]) -> (Vec<u8>, Vec<usize>) {
    let bytes = path.as_bytes();
    let (mut text, mut places) = (Vec::with_capacity(bytes.len()), Vec::with_capacity(bytes.len()));
    let is_camel = |at: usize| {
        keys.iter().any(|key| key.text.contains(&at) && bytes[key.text.start].is_ascii_lowercase())
            && bytes[at].is_ascii_uppercase()
            && bytes[at - 1].is_ascii_lowercase()
    };
    for (at, &byte) in bytes.iter().enumerate() {
        // Properties of Java have `Anna\ Berg`.
        if byte == b'\\' {
            continue;
        }
        if at > 0 && is_camel(at) {
            text.push(b' ');
            places.push(at);
        }
        let begins = at == 0 || matches!(bytes[at - 1], b'.' | b'"' | b'_');
        text.push(match byte {
            b'_' => b' ',
            byte if begins => byte.to_ascii_uppercase(),
            byte => byte,
        });
        places.push(at);
    }
    (text, places)
}

/// Whether a word is written as names are: `Miller`.
fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}

/// The words of a key, each with a capital letter.
fn capitalised(key: &str) -> String {
    let words = key.split(['.', '_', '-', ' ']).filter(|word| !word.is_empty()).map(|word| {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        first.to_uppercase() + rest
    });
    words.collect::<Vec<_>>().join(" ")
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

#[cfg(test)]
mod tests {
    use domesday_classifiers::Registry;

    use super::*;

    /// The keys of each path in which something is found.
    fn hidden<'p>(all: &[&'p str]) -> Vec<Vec<&'p str>> {
        let classifier = Classifier::new(&Registry::builtin().expect("loads")).expect("compiles");
        let mut scratch = Scratch::default();
        let threshold = Confidence::from_thousandths(500);
        let paths = &mut KnownPaths::new(&classifier);
        let mut probe = Probe { classifier: &classifier, threshold, scratch: &mut scratch, paths };
        let mut of_path = |path: &'p str| {
            let Said { keys, hits, .. } = probe.say(path, 0);
            let is_hidden = |key: &&Key| hits.iter().any(|hit| key.holds(hit));
            keys.iter().filter(is_hidden).map(|key| &path[key.text.clone()]).collect()
        };
        all.iter().map(|path| of_path(path)).collect()
    }

    #[test]
    fn letters_of_a_header_are_no_value() {
        let [header, value] = &hidden(&["BANKVERB_IBAN", "IBAN DE89370400440532013000"])[..] else {
            panic!("two")
        };
        assert!(header.is_empty(), "a bank in Venezuela has this code");
        assert_eq!(value[..], ["IBAN DE89370400440532013000"]);
    }

    #[test]
    fn a_full_name_is_one_wherever_it_stands_in_a_path() {
        let names = [
            ("Thomas Kowalczyk.ssn", &["Thomas Kowalczyk"][..]),
            ("by.Thomas Kowalczyk.qq", &["Thomas Kowalczyk"]),
            ("staff.Thomas_Kowalczyk.email", &["Thomas_Kowalczyk"]),
            ("Anna Berg.manager.Thomas Kowalczyk[].ssn", &["Anna Berg", "Thomas Kowalczyk"]),
            ("sizes[\"Sean O'Connor\"].chest", &["Sean O'Connor"]),
            ("users[\"Mr. Thomas Kowalczyk\"].role", &["Mr. Thomas Kowalczyk"]),
            ("users.Kowalczyk, Thomas.role", &["Kowalczyk, Thomas"]),
            ("users.Thomas-Kowalczyk.role", &["Thomas-Kowalczyk"]),
            ("[\"thomas.kowalczyk1982\"].role", &["thomas.kowalczyk1982"]),
            ("patient Miller, James.diagnosis", &["patient Miller, James"]),
            ("Salary James Miller", &["Salary James Miller"]),
            ("Bonus_Anna_Smith 2024", &["Bonus_Anna_Smith 2024"]),
            ("bonus of Anna Smith", &["bonus of Anna Smith"]),
            ("James.Miller.mail", &["James", "Miller"]),
            ("users.james.miller.mail", &["james", "miller"]),
            ("users[\"james.miller\"].mail", &["james.miller"]),
            ("users.james_miller.mail", &["james_miller"]),
            ("x.salary_anna_berg.y", &["salary_anna_berg"]),
            ("x.bergAnna.y", &["bergAnna"]),
        ];
        assert_eq!(hidden(&names.map(|(path, _)| path)), names.map(|(_, keys)| keys));
        let others = [
            "people.First Name",
            "people.first_name",
            "people.Christian Name",
            "sites.Charles Street.load",
            "x.Virginia.y",
            "x.Virginia Beach.y",
            "x.Paris.y",
            "x.Jordan River.y",
            "x.Max Speed",
            "x.Max Long",
            "x.Mark Price.y",
            "x.May Day",
            "x.Rose Hall.n",
            "x.Will Call",
            "x.Sales Price",
            "x.Art Price",
            "x.Grace Period",
            "x.Bill Total",
            "x.Customer_Name",
            "x.Anna.y",
            "x.San Jose.y",
            "x.Santa Clara.y",
            "x.Victoria Station.y",
            "x.Dean List.y",
            "x.Julia Version",
            "x.Ruby Gem",
            "x.Travis Build",
            "x.Jenkins_Job",
            "x.Frank Furt Terminal",
            "x.Page_Count",
            "x.MwSt",
            "x.Art.-Nr.",
            "MwSt",
            "Est. Civil",
            "Name of St. Mary Hospital",
            "Anna Freud score",
            "Johns Hopkins id",
            "Charles River Labs",
            "Student Loan",
            "Distance to Fort Worth",
        ];
        for (path, hidden) in others.iter().zip(hidden(&others)) {
            assert!(hidden.is_empty(), "{path}: {hidden:?}");
        }
    }

    #[test]
    fn an_address_is_one_in_any_key() {
        let addresses = [
            ("12 Baker Street, London.email", &["12 Baker Street, London"][..]),
            ("sites[\"Hauptstr. 12, 10115 Berlin\"].mail", &["Hauptstr. 12, 10115 Berlin"]),
            ("by.Hauptstraße 12.mail", &["Hauptstraße 12"]),
        ];
        assert_eq!(hidden(&addresses.map(|(path, _)| path)), addresses.map(|(_, keys)| keys));
        let others = ["main street", "home.address", "x.street.y", "Street 2.y"];
        assert_eq!(hidden(&others), [const { Vec::<&str>::new() }; 4]);
    }

    #[test]
    fn what_is_remembered_is_what_would_be_found() {
        let classifier = Classifier::new(&Registry::builtin().expect("loads")).expect("compiles");
        let mut scratch = Scratch::default();
        let threshold = Confidence::from_thousandths(500);
        let mut remembered = KnownPaths::new(&classifier);
        let mut say = |paths: &mut KnownPaths, path, table| {
            let mut probe = Probe { classifier: &classifier, threshold, scratch: &mut scratch, paths };
            let Said { hits, names, column, keys } = probe.say(path, table);
            let places: Vec<_> = hits.into_iter().map(|hit| (hit.place, hit.reported)).collect();
            let keys: Vec<_> = keys.into_iter().map(|key| key.text).collect();
            format!("{places:?} {names:?} {column:?} {keys:?}")
        };
        let long = "a".repeat(LONGEST_KNOWN + 1);
        let paths = ["email", "patients.name", "users.Anna", "078-05-1121", "x.anna@corp.de", "", &long];
        for _ in 0..2 {
            for path in paths {
                for table in [0, 1, path.find('.').unwrap_or(0)] {
                    let table = table.min(path.len());
                    let fresh = say(&mut KnownPaths::new(&classifier), path, table);
                    assert_eq!(say(&mut remembered, path, table), fresh, "{path:.20} {table}");
                }
            }
        }
    }
}
