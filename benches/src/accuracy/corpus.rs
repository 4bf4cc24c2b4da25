//! The labelled corpus: documents, tables, logs, mails and chats, and where each value stands in them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use domesday_classifiers::{Detector, Find, Registry};

use super::Set;
use super::clean;
use super::lookalikes;
use super::material::{Material, language_of};
use super::people;
use super::values::{Values, pick};
use crate::random::Random;

/// What stands at a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Truth {
    /// A valid value beside a word for it.
    Context,
    /// A valid value under a header that names it.
    Header,
    /// A valid value, and nothing says what it is.
    Bare,
    /// A value with wrong check digits beside a word for it.
    Invalid,
    /// A value with wrong check digits, and nothing says what it is.
    InvalidBare,
    /// A full name.
    Name {
        /// Index of its region.
        region: usize,
    },
    /// A street address.
    Address {
        /// Index of its country.
        country: usize,
    },
    /// A number of another scheme with check digits, or what else people mistake for personal data.
    Lookalike {
        /// Index of its kind.
        kind: usize,
    },
    /// A value that is there to look real; right where it is found, and no fault where not.
    Also,
}

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Label {
    /// Path below the corpus, with `/`.
    pub path: String,
    /// First byte.
    pub start: u64,
    /// Behind the last byte.
    pub end: u64,
    /// The detector that it belongs to; empty where none should find it.
    pub detector: String,
    /// What it is.
    pub truth: Truth,
}

impl Label {
    /// A label whose place is not known yet.
    pub(super) fn new(detector: &str, truth: Truth) -> Self {
        Self { path: String::new(), start: 0, end: 0, detector: detector.to_owned(), truth }
    }
}

/// A corpus that has been written.
pub struct Corpus {
    /// Where it is.
    pub root: PathBuf,
    /// Every value in it, in order of path and place.
    pub labels: Vec<Label>,
    /// Region and script of the names, by the index that labels have.
    pub regions: Vec<(String, String)>,
    /// Countries of the addresses, by the index that labels have.
    pub countries: Vec<String>,
    /// Name of each kind of look-alike, and whether it has check digits.
    pub lookalikes: Vec<(&'static str, bool)>,
    /// Bytes without personal data by kind, which is the name of their folder below `clean`.
    pub clean: BTreeMap<&'static str, u64>,
}

/// A value in a sentence.
struct Item {
    folder: &'static str,
    language: &'static str,
    before: String,
    value: String,
    behind: String,
    label: Label,
}

/// Values in one file of sentences.
const ITEMS_A_FILE: usize = 40;
/// Rows of a table.
const LEAST_ROWS: usize = 12;

impl Corpus {
    /// Writes a corpus below `root`, with `each` values per detector and kind of place and `clean` bytes of each kind of
    /// text without personal data.
    pub fn write(root: &Path, set: Set, seed: u64, each: usize, clean: usize) -> io::Result<Self> {
        let registry = Registry::builtin().map_err(io::Error::other)?;
        let material = Material::of(set);
        let mut pages = Pages::new(root, &material);
        let mut items = Vec::new();
        for (number, detector) in registry.iter().enumerate() {
            let mut values = Values::new(seed, detector);
            let names = names_of(&material, detector, set);
            sentences(&mut items, &material, &mut values, &names, each);
            table(&mut pages, &material, &mut values, &names, (number, each));
        }
        let kinds = lookalikes::kinds();
        for (number, kind) in kinds.iter().enumerate() {
            let random = &mut Random::new(seed, 0x4C4F_4F4B + number as u64);
            let label = Label::new("", Truth::Lookalike { kind: number });
            let word = kind.words[usize::from(set == Set::Reporting)];
            for i in 0..each * 2 {
                let language = if i % 3 == 0 { "de" } else { "en" };
                let sentences = material.language(language);
                let form = if i % 2 == 0 { &sentences.context } else { &sentences.bare };
                let value = (kind.make)(random);
                let form = pick(random, form);
                items.push(item("lookalikes", language, form, word, value, label.clone()));
            }
            let values: Vec<String> = (0..each.max(LEAST_ROWS)).map(|_| (kind.make)(random)).collect();
            let header = header_of(word, number);
            pages.table(
                "lookalikes",
                &header,
                &values,
                &label,
                &mut Tables { random, people: number % 3 == 0, ndjson: number % 2 == 0 },
            );
        }
        pages.sentences(items, &mut Random::new(seed, 0x5348_5546));
        people::write(&mut pages, &material, seed, each);
        let sizes = clean::write(&mut pages, set, seed, clean);
        let mut labels = pages.finish()?;
        labels.sort_by(|a, b| (&a.path, a.start).cmp(&(&b.path, b.start)));
        Ok(Self {
            root: root.to_owned(),
            labels,
            regions: material.regions.iter().map(|r| (r.name.clone(), r.script.clone())).collect(),
            countries: material.addresses.iter().map(|a| a.country.clone()).collect(),
            lookalikes: kinds.iter().map(|kind| (kind.name, kind.checked)).collect(),
            clean: sizes,
        })
    }
}

/// What a detector's values are called in a set. When choosing, also what the detector calls itself.
fn names_of(material: &Material, detector: &Detector, set: Set) -> Vec<String> {
    let mut names = material.names.get(&detector.info.id).cloned().unwrap_or_default();
    if names.is_empty() || set == Set::Choosing {
        let label = &detector.info.label;
        names.push(label.split(" (").next().unwrap_or(label).to_owned());
    }
    names
}

fn item(
    folder: &'static str,
    language: &'static str,
    form: &str,
    word: &str,
    value: String,
    label: Label,
) -> Item {
    let (before, behind) = form.split_once("{v}").expect("every sentence has a place for a value");
    let with_word = |part: &str| part.replace("{w}", word);
    Item { folder, language, before: with_word(before), value, behind: with_word(behind), label }
}

/// Values of a detector in sentences.
fn sentences(
    items: &mut Vec<Item>,
    material: &Material,
    values: &mut Values<'_>,
    names: &[String],
    each: usize,
) {
    let detector = values.detector;
    if matches!(detector.find, Find::Column | Find::Sequence(_)) {
        return;
    }
    let id = detector.info.id.as_str();
    let languages = [
        "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "cs", "tr", "ru", "el", "ar", "ja", "zh", "ko",
        "hi",
    ];
    let native = language_of(detector.info.country.as_deref());
    for (truth, folder) in [
        (Truth::Context, "context"),
        (Truth::Bare, "bare"),
        (Truth::Invalid, "invalid"),
        (Truth::InvalidBare, "invalid-bare"),
    ] {
        for i in 0..each {
            let is_valid = matches!(truth, Truth::Context | Truth::Bare);
            let value = if is_valid { values.valid(material) } else { values.invalid(material) };
            let Some(value) = value.filter(|value| !value.contains('\n')) else { continue };
            let word = &names[i % names.len()];
            let any = *pick(&mut values.random, &languages);
            // A form is in the language of its country, in English, or filled in by somebody from elsewhere.
            let language = match (native, i % 6) {
                (None, 0..=2) | (Some(_), 4) => "en",
                (None, _) => any,
                (Some(native), _) => native,
            };
            let sentences = material.language(language);
            let is_named = matches!(truth, Truth::Context | Truth::Invalid);
            let forms = if is_named { &sentences.context } else { &sentences.bare };
            let form = pick(&mut values.random, forms);
            items.push(item(folder, language, form, word, value, Label::new(id, truth)));
        }
    }
}

/// A column of a detector's values.
fn table(
    pages: &mut Pages<'_>,
    material: &Material,
    values: &mut Values<'_>,
    names: &[String],
    (number, each): (usize, usize),
) {
    let detector = values.detector;
    let label = Label::new(&detector.info.id, Truth::Header);
    for (turn, name) in names.iter().take(2).enumerate() {
        let rows = each.max(LEAST_ROWS) / names.len().min(2);
        let cells: Vec<String> = (0..rows.max(6)).filter_map(|_| values.valid(material)).collect();
        let is_plain =
            |cell: &String| !cell.contains(['"', '\\', '\n', '\r']) && !cell.chars().any(char::is_control);
        let ndjson = (number + turn).is_multiple_of(2) && cells.iter().all(is_plain);
        let cells: Vec<String> = cells.into_iter().filter(|cell| !cell.contains('\n')).collect();
        // A position, and a column of no value of its own, speak only in a table of people.
        let is_position = detector.info.category == "user.location.precise";
        let people = matches!(detector.find, Find::Column) || is_position || (number + turn) % 3 == 0;
        let header = header_of(name, number + turn);
        let tables = &mut Tables { random: &mut values.random, people, ndjson };
        pages.table("tables", &header, &cells, &label, tables);
    }
}

/// A header as people and programs write them.
fn header_of(name: &str, turn: usize) -> String {
    // Not by what is no letter: vowel signs and tones of Asian scripts are none, and stand within words.
    let parts = |c: char| c.is_whitespace() || c.is_ascii_punctuation() || matches!(c, '’' | '–' | '№');
    let words: Vec<&str> = name.split(parts).filter(|word| !word.is_empty()).collect();
    match turn % 3 {
        0 => words.join("_").to_lowercase(),
        1 => name.replace(';', " "),
        _ => words.join("_").to_uppercase(),
    }
}

/// How a table is written.
struct Tables<'a> {
    random: &'a mut Random,
    /// Beside columns of people.
    people: bool,
    ndjson: bool,
}

/// How sentences are written.
#[derive(Clone, Copy)]
enum Carrier {
    Document,
    Log,
    Mail,
    Chat,
}

/// Files in the making.
pub(super) struct Pages<'a> {
    root: &'a Path,
    material: &'a Material,
    files: usize,
    carrier: Carrier,
    language: String,
    path: String,
    text: String,
    lines: u32,
    labels: Vec<Label>,
    failure: io::Result<()>,
}

impl<'a> Pages<'a> {
    fn new(root: &'a Path, material: &'a Material) -> Self {
        Self {
            root,
            material,
            files: 0,
            carrier: Carrier::Document,
            language: "en".to_owned(),
            path: String::new(),
            text: String::new(),
            lines: 0,
            labels: Vec::new(),
            failure: Ok(()),
        }
    }

    /// Ends the file and begins one of sentences.
    pub(super) fn open(&mut self, folder: &str, language: &str) {
        self.close();
        self.files += 1;
        let (carrier, extension) = match self.files % 4 {
            0 => (Carrier::Document, "txt"),
            1 => (Carrier::Log, "log"),
            2 => (Carrier::Mail, "eml"),
            _ => (Carrier::Chat, "txt"),
        };
        self.carrier = carrier;
        language.clone_into(&mut self.language);
        self.path = format!("{folder}/{language}-{}.{extension}", self.files);
        if let Carrier::Mail = carrier {
            self.text("From: ");
            self.value("frontdesk@brenkhagen-pumpen.de", Label::new("email_address", Truth::Also));
            self.text("\nSubject: Notes\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n");
            self.text("Content-Transfer-Encoding: 8bit\n\n");
        }
    }

    /// Ends the file and begins another one, whose text is added as it is.
    pub(super) fn plain(&mut self, path: String) {
        self.close();
        self.carrier = Carrier::Document;
        self.path = path;
    }

    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn value(&mut self, value: &str, label: Label) {
        let start = self.text.len() as u64;
        self.text.push_str(value);
        self.labels.push(Label { path: self.path.clone(), start, end: self.text.len() as u64, ..label });
    }

    /// A sentence that says nothing of any value.
    pub(super) fn filler(&mut self, random: &mut Random) {
        self.line();
        let filler = &self.material.language(&self.language).filler;
        let sentence = pick(random, filler).clone();
        self.text(&sentence);
        self.text("\n");
        self.line();
    }

    /// What a line begins with.
    fn line(&mut self) {
        self.lines += 1;
        let (minute, second) = (self.lines / 60 % 60, self.lines % 60);
        match self.carrier {
            Carrier::Document | Carrier::Mail => {}
            Carrier::Log => self.text.push_str(&format!("09:{minute:02}:{second:02} INFO desk: ")),
            Carrier::Chat => self.text.push_str(&format!("[09:{minute:02}] ")),
        }
    }

    fn sentences(&mut self, mut items: Vec<Item>, random: &mut Random) {
        for last in (1..items.len()).rev() {
            items.swap(last, random.below(last as u64 + 1) as usize);
        }
        items.sort_by_key(|item| (item.folder, item.language));
        for group in items.chunk_by(|a, b| (a.folder, a.language) == (b.folder, b.language)) {
            for file in group.chunks(ITEMS_A_FILE) {
                self.open(file[0].folder, file[0].language);
                for item in file {
                    self.filler(random);
                    self.text(&item.before);
                    self.value(&item.value, item.label.clone());
                    self.text(&item.behind);
                    self.text("\n");
                }
                self.filler(random);
                self.text("\n");
            }
        }
    }

    /// A table with the values in one of its columns.
    fn table(&mut self, folder: &str, header: &str, values: &[String], label: &Label, how: &mut Tables<'_>) {
        self.close();
        self.files += 1;
        let kind = if how.ndjson { "ndjson" } else { "csv" };
        self.path = format!("{folder}/{}.{kind}", self.files);
        let regions = &self.material.regions;
        if !how.ndjson {
            let before = if how.people { "id,first_name,last_name," } else { "id," };
            self.text(before);
            self.cell(header, None);
            self.text(",status,quantity\n");
        }
        for (row, value) in values.iter().enumerate() {
            let region = pick(how.random, regions);
            let (given, family) = (pick(how.random, &region.given), pick(how.random, &region.family));
            let status = how.random.pick(&["open", "closed", "paused"]);
            let quantity = how.random.between(1, 60).to_string();
            let id = (row + 1).to_string();
            let also = |detector| Some(Label::new(detector, Truth::Also));
            let mut fields = vec![("id", id.as_str(), None)];
            if how.people {
                fields[0].2 = also("person_key");
                fields.push(("first_name", given, also("given_name")));
                fields.push(("last_name", family, also("last_name")));
            }
            fields.push((header, value, Some(label.clone())));
            fields.extend([("status", status, None), ("quantity", quantity.as_str(), None)]);
            if how.ndjson {
                for (i, (name, value, label)) in fields.into_iter().enumerate() {
                    let name = name.replace('"', " ");
                    self.text(&format!("{}\"{name}\":\"", if i == 0 { "{" } else { "," }));
                    match label {
                        Some(label) => self.value(value, label),
                        None => self.text(value),
                    }
                    self.text("\"");
                }
                self.text("}\n");
            } else {
                for (i, (_, value, label)) in fields.into_iter().enumerate() {
                    self.text(if i == 0 { "" } else { "," });
                    self.cell(value, label);
                }
                self.text("\n");
            }
        }
    }

    /// A cell of a CSV, quoted where it has to be.
    fn cell(&mut self, value: &str, label: Option<Label>) {
        let quoted = value.contains([',', '"', ';', '\t']);
        let written = value.replace('"', "\"\"");
        self.text(if quoted { "\"" } else { "" });
        match label {
            Some(label) => self.value(&written, label),
            None => self.text(&written),
        }
        self.text(if quoted { "\"" } else { "" });
    }

    fn close(&mut self) {
        if self.path.is_empty() || self.failure.is_err() {
            return;
        }
        let path = self.root.join(&self.path);
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        self.failure = folder.and_then(|()| fs::write(&path, &self.text));
        self.path.clear();
        self.text.clear();
        self.lines = 0;
    }

    fn finish(mut self) -> io::Result<Vec<Label>> {
        self.close();
        self.failure.map(|()| self.labels)
    }
}
