//! The paths of objects: `Kuendigung_Anna_Berg.pdf` and `Personalakte Anna Berg/` tell of somebody whatever lies in the file, and
//! whether it can be read or not.
//!
//! A name is no text. It is made of dates, versions, counters and hashes, and of words that begin with capital letters without being
//! a sentence. So only what proves itself counts: addresses, numbers that need no word beside them, and names of which the given and
//! the family name are listed. Most names hold none of that at the first look, and cost no more than it. What the folders of a path
//! hold is told of each object in them, and looked at once for those that follow each other.

use std::convert::Infallible;
use std::ops::{ControlFlow, Range};

use domesday_classifiers::{Alternative, Candidate, Carry, Classifier, Find, Found, Hear, Scratch};
use domesday_model::{
    Cell, ColumnIx, Confidence, DetectorId, Fact, FactKind, Layout, OBJECT_NAME, ObjectMeta, ObjectOutcome,
    Occurrence, OffsetMap, PlaceUnit, Sensitive, Sink, SinkError, TokenKind, Window,
};

use crate::object::ScanOptions;
use crate::telling::{Hearing, Teller, Waiting};

/// Fewer digits are no number that proves itself.
const FEWEST_DIGITS: usize = 9;
/// How sure a number has to be, in thousandths: of most, check digits alone are not enough.
const SURE: i32 = 650;
/// How sure a name is.
const NAMED: i32 = 600;
/// Bytes of the longest extension.
const EXTENSION_BYTES: usize = 8;

/// What is known of the folders of the last object.
#[derive(Default)]
pub(crate) struct Folders {
    path: Vec<u8>,
    values: Vec<Proven>,
}

/// A value in a path.
struct Proven {
    detector: DetectorId,
    place: Range<usize>,
    confidence: Confidence,
    evidence: Vec<Fact>,
    alternatives: Vec<Alternative>,
    value: Vec<u8>,
}

/// Tells what is found in the path of an object; how many values of it are reported.
pub(crate) fn tell(
    (classifier, options): (&Classifier, &ScanOptions),
    (scratch, waiting, folders): (&mut Scratch, &mut Waiting, &mut Folders),
    meta: &ObjectMeta,
    sink: &mut dyn Sink,
) -> Result<u64, SinkError> {
    let path = meta.path_bytes.as_deref().unwrap_or(meta.path.as_bytes());
    let start = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
    let mut look = Look { classifier, scratch, values: Vec::new() };
    if folders.path != path[..start] {
        folders.path.clear();
        folders.path.extend_from_slice(&path[..start]);
        let mut at = 0;
        for folder in path[..start].split(|&byte| byte == b'/') {
            look.component(folder, folder.len(), at);
            at += folder.len() + 1;
        }
        folders.values = std::mem::take(&mut look.values);
    }
    let name = &path[start..];
    look.component(name, stem_of(name), start);
    let values = look.values;
    if folders.values.is_empty() && values.is_empty() {
        return Ok(0);
    }
    let window =
        Window { text: path, own: 0..path.len(), layout: Layout::Runs, offsets: OffsetMap::identity(0) };
    let mut sink = OfName(sink);
    let rules = options.rules.at(&meta.path);
    let teller = Teller::new(classifier, options, &rules, &mut sink, &[]);
    let mut hearing = Hearing::new(&window, teller, waiting);
    for Proven { detector, place, confidence, evidence, alternatives, value } in
        folders.values.iter().chain(&values)
    {
        let found = Found {
            detector: *detector,
            start: place.start,
            end: place.end,
            cell: None,
            confidence: *confidence,
            evidence,
            alternatives,
            value: Sensitive::new(value),
        };
        if let ControlFlow::Break(error) = hearing.found(&found) {
            return Err(error);
        }
    }
    Ok(hearing.teller.reported)
}

/// Looks at the parts of a path.
struct Look<'l> {
    classifier: &'l Classifier,
    scratch: &'l mut Scratch,
    /// What was found, in the order of the path.
    values: Vec<Proven>,
}

impl Look<'_> {
    /// Looks at what stands between two slashes, with its extension behind `stem` bytes, at `start` of the path.
    fn component(&mut self, name: &[u8], stem: usize, start: usize) {
        let has_address = name.contains(&b'@');
        let is_numbered = name.iter().filter(|b| b.is_ascii_digit()).count() >= FEWEST_DIGITS;
        let is_named = capitals(name) > 1;
        let before = self.values.len();
        if has_address {
            // `anna@corp.de.vcf`, and `anna@corp.de`
            let is_country = name.len() - stem == 3;
            let (first, second) = if is_country { (name, &name[..stem]) } else { (&name[..stem], name) };
            self.proven(first, Takes::Addresses, start);
            if self.values.len() == before && first != second {
                self.proven(second, Takes::Addresses, start);
            }
        }
        if is_numbered || is_named {
            // What stands for blanks would tie a number to what stands beside it.
            let mut spaced = name[..stem].to_vec();
            spaced.iter_mut().filter(|b| **b == b'_').for_each(|b| *b = b' ');
            if is_numbered {
                self.proven(&spaced, Takes::Numbers, start);
            }
            if is_named {
                let values = &mut self.values;
                let ControlFlow::Continue(()) = names(self.classifier, &spaced, |found| {
                    values.push(Proven::new(found, start));
                    ControlFlow::<Infallible>::Continue(())
                });
            }
        }
        self.values[before..].sort_by_key(|value| value.place.start);
    }

    fn proven(&mut self, text: &[u8], takes: Takes, start: usize) {
        let layout = Layout::Runs;
        let window = Window { text, own: 0..text.len(), layout, offsets: OffsetMap::identity(0) };
        let Self { classifier, scratch, values } = self;
        let mut hear = HearProven { values, classifier, takes, start };
        let ControlFlow::Continue(()) =
            classifier.scan_table(&window, &mut [], &mut Carry::default(), scratch, &mut hear);
    }
}

impl Proven {
    /// A value of what begins at `start` of a path.
    fn new(found: &Found<'_>, start: usize) -> Self {
        let within = |other: &Alternative| Alternative {
            start: start + other.start,
            end: start + other.end,
            ..*other
        };
        Self {
            detector: found.detector,
            place: start + found.start..start + found.end,
            confidence: found.confidence,
            evidence: found.evidence.to_vec(),
            alternatives: found.alternatives.iter().map(within).collect(),
            value: found.value.reveal().to_vec(),
        }
    }
}

/// What is looked for besides names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Addresses,
    Numbers,
}

/// Where the extension begins with its dot, or the name ends.
fn stem_of(name: &[u8]) -> usize {
    let dot = memchr::memrchr(b'.', name).filter(|&dot| dot > 0 && name.len() - dot <= EXTENSION_BYTES);
    let is_plain = |dot: &usize| name[dot + 1..].iter().all(u8::is_ascii_alphanumeric);
    dot.filter(is_plain).unwrap_or(name.len())
}

/// How many words begin with a capital letter, or with one beyond ASCII.
fn capitals(name: &[u8]) -> usize {
    let begins = |at: &usize| {
        let is_capital = name[*at].is_ascii_uppercase() || name[*at] >= 0xC0;
        is_capital && (*at == 0 || name[at - 1].is_ascii() && !name[at - 1].is_ascii_alphabetic())
    };
    (0..name.len()).filter(begins).count()
}

/// Calls `each` with the full names in a text.
pub(crate) fn names<B>(
    classifier: &Classifier,
    text: &[u8],
    mut each: impl FnMut(&Found<'_>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let Ok(text) = std::str::from_utf8(text) else { return ControlFlow::Continue(()) };
    let words = words(text);
    let mut at = 0;
    while at < words.len() {
        let tied =
            words[at..].windows(2).take_while(|pair| is_gap(&text[pair[0].end..pair[1].start])).count();
        let following: Vec<&str> = words[at..=at + tied].iter().map(|word| &text[word.clone()]).collect();
        let Some((detector, count)) = classifier.full_name(&following) else {
            at += 1;
            continue;
        };
        each(&Found {
            detector,
            start: words[at].start,
            end: words[at + count - 1].end,
            cell: None,
            confidence: Confidence::from_thousandths(NAMED),
            evidence: &[Fact::plain(FactKind::WordList)],
            alternatives: &[],
            value: Sensitive::new(following[..count].join(" ").as_bytes()),
        })?;
        at += count;
    }
    ControlFlow::Continue(())
}

/// The words of letters that begin with a capital one and have no digit beside them.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let is_inner = c.is_alphabetic() || c == '\'' || c == '’' || ('\u{300}'..'\u{370}').contains(&c);
        match start {
            None if c.is_alphanumeric() => start = Some(at),
            Some(from) if !is_inner && !c.is_numeric() => {
                words.extend(Some(from..at).filter(|word| is_name_like(&text[word.clone()])));
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn is_name_like(word: &str) -> bool {
    let mut letters = word.chars();
    let begins = letters.next().is_some_and(char::is_uppercase);
    begins && letters.clone().any(char::is_lowercase) && !word.contains(char::is_numeric)
}

/// What stands between the words of a name.
fn is_gap(between: &str) -> bool {
    matches!(between, " " | "-" | "." | "," | ", " | " - ")
}

/// Hears of what proves itself, and of nothing else.
struct HearProven<'h> {
    values: &'h mut Vec<Proven>,
    classifier: &'h Classifier,
    takes: Takes,
    start: usize,
}

impl Hear<Infallible> for HearProven<'_> {
    fn found(&mut self, found: &Found<'_>) -> ControlFlow<Infallible> {
        let detector = self.classifier.detector(found.detector);
        let is_taken = match self.takes {
            Takes::Addresses => detector.token == TokenKind::Email,
            Takes::Numbers => {
                matches!(detector.find, Find::Shapes(_))
                    && found.confidence >= Confidence::from_thousandths(SURE)
            }
        };
        if is_taken {
            self.values.push(Proven::new(found, self.start));
        }
        ControlFlow::Continue(())
    }

    fn waits(&mut self, _: &[Candidate], _: &Cell) -> ControlFlow<Infallible> {
        ControlFlow::Continue(())
    }
}

/// Makes of what is told of a text what is told of a name.
struct OfName<'a>(&'a mut dyn Sink);

impl Sink for OfName<'_> {
    fn begin(&mut self, object: &ObjectMeta) -> Result<(), SinkError> {
        self.0.begin(object)
    }

    fn occurrence(&mut self, occurrence: &Occurrence<'_>) -> Result<(), SinkError> {
        self.0.occurrence(&Occurrence {
            column: Some(ColumnIx::OBJECT_NAME),
            column_path: Some(OBJECT_NAME),
            record: None,
            unit: PlaceUnit::Path,
            ..*occurrence
        })
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        self.0.restart()
    }

    fn end(&mut self, outcome: &ObjectOutcome) -> Result<(), SinkError> {
        self.0.end(outcome)
    }
}

#[cfg(test)]
mod tests {
    use domesday_classifiers::Registry;
    use domesday_model::{Exposure, ObjectId, ObjectKind, SourceId};

    use super::*;

    /// What is found in the names of objects: the bytes of their paths at the place, by detector.
    #[derive(Default)]
    struct Heard(Vec<(String, u64, u64)>);

    impl Sink for Heard {
        fn begin(&mut self, _: &ObjectMeta) -> Result<(), SinkError> {
            Ok(())
        }

        fn occurrence(&mut self, occurrence: &Occurrence<'_>) -> Result<(), SinkError> {
            assert_eq!((occurrence.unit, occurrence.column_path), (PlaceUnit::Path, Some(OBJECT_NAME)));
            let value = String::from_utf8_lossy(occurrence.value.reveal()).into_owned();
            self.0.push((value, occurrence.span.start, occurrence.span.end));
            Ok(())
        }

        fn restart(&mut self) -> Result<(), SinkError> {
            Ok(())
        }

        fn end(&mut self, _: &ObjectOutcome) -> Result<(), SinkError> {
            Ok(())
        }
    }

    fn found(path: &[u8]) -> Vec<(String, u64, u64)> {
        static CLASSIFIER: std::sync::OnceLock<Classifier> = std::sync::OnceLock::new();
        let classifier = CLASSIFIER
            .get_or_init(|| Classifier::new(&Registry::builtin().expect("loads")).expect("compiles"));
        let source = SourceId::of("test");
        let meta = ObjectMeta {
            id: ObjectId::of(source, path, None),
            parent: None,
            source,
            kind: ObjectKind::File,
            path: String::from_utf8_lossy(path).into_owned(),
            path_bytes: std::str::from_utf8(path).is_err().then(|| path.to_vec()),
            member: None,
            size: None,
            modified_at: None,
            version: 0,
            owner: None,
            group: None,
            mode: None,
            exposure: Exposure::Unknown,
        };
        let mut heard = Heard::default();
        let memory = (&mut Scratch::default(), &mut Waiting::default(), &mut Folders::default());
        let reported = tell((classifier, &ScanOptions::default()), memory, &meta, &mut heard);
        assert_eq!(reported.expect("it takes everything"), heard.0.len() as u64);
        heard.0
    }

    #[test]
    fn what_proves_itself_is_found_where_it_stands() {
        for (path, value, place) in [
            (&b"hr/Kuendigung_Anna_Berg.pdf"[..], "Anna Berg", 14..23),
            (b"Anna-Berg 2024.docx", "Anna Berg", 0..9),
            ("x/Müller, Thomas.pdf".as_bytes(), "Müller Thomas", 2..17),
            (b"latin-\xe9/CV_Anna_Maria_Berg", "Anna Maria Berg", 11..26),
            (b"4539148803436467_2024-01-05.png", "4539148803436467", 0..16),
            (b"a/anna.berg@corp.de.vcf", "anna.berg@corp.de", 2..19),
            (b"anna_berg@corp.com", "anna_berg@corp.com", 0..18),
            (b"anna@corp.co.uk", "anna@corp.co.uk", 0..15),
            (b"Anna_Berg/notes.txt", "Anna Berg", 0..9),
            (b"hr/Personalakte Anna Berg/2024/note.txt", "Anna Berg", 16..25),
            (b"mail/anna.berg@corp.de/1.eml", "anna.berg@corp.de", 5..22),
            (b"DE84100500005622255991/x", "DE84100500005622255991", 0..22),
        ] {
            assert_eq!(found(path), [(value.to_owned(), place.start, place.end)], "{}", path.escape_ascii());
        }
    }

    #[test]
    fn what_names_are_made_of_is_nothing() {
        for path in [
            "IMG_20240103_123456789.jpg",
            "4539148803436468.pdf",
            "libfoo.so.1.22.333.4444",
            "d41d8cd98f00b204e9800998ecf8427e.pack",
            "550e8400-e29b-41d4-a716-446655440000",
            "icon@2x.png",
            "left-pad@1.3.0.tgz",
            "user@host",
            "Annual Report.docx",
            "Max_Length.md",
            "Christian Name.txt",
            "Jenkins_Job.xml",
            "Sales Price List.xlsx",
            "New_York",
            "Anna.txt",
            "anna_berg.txt",
            "AnnaBerg.java",
            "Anna2 Berg.txt",
            "",
        ] {
            assert_eq!(found(path.as_bytes()), [], "{path}");
        }
    }
}
