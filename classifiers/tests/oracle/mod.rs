//! A matcher of plain code: no masks, no gate, no automaton. It reads the detectors' files for itself, tries each shape
//! at each place letter by letter, and is right because it is simple.
//!
//! It covers shapes, listed words and what stands around an `@`, up to what a detector's rules and words say. Rules,
//! checksums and points are left out of [`stripped`], the files that both matchers are given.

use std::collections::{BTreeSet, HashSet};
use std::ops::{Range, RangeInclusive};
use std::path::Path;

use domesday_classifiers::{Classifier, Registry};
use regex::bytes::{Regex, RegexBuilder};
use toml::{Table, Value};

/// A value: where it starts and ends, and the id of its detector.
pub type Match = (usize, usize, String);

/// The detectors of a folder and those of `more`, with nothing left that judges a value beyond its looks.
pub fn stripped(folder: &Path, more: &[&str]) -> Vec<Table> {
    let mut files: Vec<Table> = more.iter().map(|text| text.parse().expect("it is TOML")).collect();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                files.push(std::fs::read_to_string(path).expect("a text").parse().expect("it is TOML"));
            }
        }
    }
    files.retain(|file| ["shape", "anchor", "words"].iter().any(|key| file.contains_key(*key)));
    for file in &mut files {
        for key in [
            "column",
            "beside",
            "rule",
            "checksum",
            "needs_context",
            "context",
            "right_before",
            "header",
            "numbered",
            "against",
            "test_values",
            "scoring",
        ] {
            file.remove(key);
        }
        // Shapes of one detector that differ in worth alone would be tried one by one.
        let sure = Value::Integer(900);
        file.insert("scoring".to_owned(), Table::from_iter([("base".to_owned(), sure.clone())]).into());
        if let Some(Value::Array(shapes)) = file.get_mut("shape") {
            for shape in shapes {
                shape.as_table_mut().expect("a table").insert("base".to_owned(), sure.clone());
            }
        }
        if let Some(Value::Table(words)) = file.get_mut("words") {
            words.insert("base".to_owned(), sure);
        }
    }
    files.sort_by_key(|file| text(file, "id"));
    files
}

/// The real matcher of those files.
pub fn classifier(files: &[Table], lists: &Path) -> Classifier {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("lists")).expect("a folder");
    for entry in std::fs::read_dir(lists).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name");
        std::fs::copy(&path, folder.path().join("lists").join(name)).expect("it can be copied");
    }
    for file in files {
        let path = folder.path().join(text(file, "id") + ".toml");
        std::fs::write(path, file.to_string()).expect("it can be written");
    }
    let mut registry = Registry::default();
    registry.add_folder(folder.path()).expect("the detectors load");
    Classifier::new(&registry).expect("and compile")
}

fn text(file: &Table, key: &str) -> String {
    file.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The matcher.
pub struct Oracle {
    detectors: Vec<Detector>,
}

struct Detector {
    id: String,
    shapes: Vec<Shape>,
    at_sign: bool,
    words: Option<Words>,
    may_touch: String,
}

struct Words {
    folded: HashSet<String>,
    any_case: bool,
}

enum Shape {
    Pattern(Vec<Part>),
    Regex { begins: Regex, whole: Regex },
}

impl Oracle {
    pub fn new(files: &[Table], lists: &Path) -> Self {
        let detector = |file: &Table| Detector {
            id: text(file, "id"),
            shapes: file.get("shape").and_then(Value::as_array).into_iter().flatten().map(shape).collect(),
            at_sign: file.contains_key("anchor"),
            words: file.get("words").and_then(Value::as_table).map(|words| {
                let list = lists.join(text(words, "list") + ".txt");
                let list = std::fs::read_to_string(list).expect("the list is there");
                let lines = list.lines().map(str::trim).filter(|line| !line.starts_with('#'));
                let single = lines.filter(|line| !line.is_empty() && is_one_word(line));
                Words { folded: single.map(fold).collect(), any_case: text(words, "case") == "any" }
            }),
            may_touch: text(file, "may_touch"),
        };
        Self { detectors: files.iter().map(detector).collect() }
    }

    /// What is found in a text, or in its cells.
    pub fn find(&self, text: &[u8], cells: Option<&[Range<usize>]>) -> BTreeSet<Match> {
        let mut found = BTreeSet::new();
        let whole = 0..text.len();
        for part in cells.unwrap_or(std::slice::from_ref(&whole)) {
            for at in part.clone() {
                self.shapes_at(text, part, at, &mut found);
                self.word_at(text, part, at, cells.is_some(), &mut found);
                if text[at] == b'@' {
                    self.address_around(text, part, at, &mut found);
                }
                for undo in [undo_percent, undo_reference] {
                    if undo(&text[at..part.end]).is_some_and(|(c, _)| c == '@') {
                        self.address_around_escaped(text, part, (at, undo), &mut found);
                    }
                }
            }
        }
        found
    }

    fn shapes_at(&self, text: &[u8], part: &Range<usize>, at: usize, found: &mut BTreeSet<Match>) {
        let is_wide = matches!(text[at], 0xE3..=0xED);
        let begins = text[at].is_ascii() || is_wide || begins_beyond_ascii(text, at);
        if !begins || touches_word(before(text, part, at)) || is_tied_before(text, part, at) {
            return;
        }
        let mut ends: BTreeSet<usize> = BTreeSet::new();
        let mut of_detectors = Vec::new();
        for detector in self.detectors.iter().filter(|detector| !detector.shapes.is_empty()) {
            let mut own = BTreeSet::new();
            for shape in &detector.shapes {
                shape.ends(&text[..part.end.min(at + LONGEST)], at, &mut own);
            }
            let is_in_filler = |end: usize| end < part.end && text[end - 1..].starts_with(b"<<");
            own.retain(|&end| !touches_word(behind(text, part, end)) && !is_in_filler(end));
            ends.extend(&own);
            of_detectors.push((detector, own));
        }
        // No more ends than these are tried, those of all detectors together.
        let least = ends.iter().rev().nth(MOST_ENDS - 1).copied().unwrap_or_default();
        for (detector, own) in of_detectors {
            let is_free = |end: usize| {
                let tie = tie_behind(text, part, end);
                tie.is_none_or(|tie| detector.may_touch.contains(char::from(tie)))
                    && !is_in_row(text, part, at..end)
            };
            if let Some(&end) = own.range(least..).rev().find(|&&end| is_free(end)) {
                found.insert((at, end, detector.id.clone()));
            }
        }
    }

    fn word_at(
        &self,
        text: &[u8],
        part: &Range<usize>,
        at: usize,
        in_cell: bool,
        found: &mut BTreeSet<Match>,
    ) {
        if touches_word(before(text, part, at)) || is_tied_to_digit(text, at) {
            return;
        }
        if !text[at].is_ascii() && !begins_beyond_ascii(text, at) {
            return;
        }
        let run = text[at..part.end].iter().take_while(|b| b.is_ascii_alphabetic() || !b.is_ascii()).count();
        if run >= LONGEST_WORD {
            return;
        }
        let mut word = String::new();
        for c in chars(&text[at..at + run]) {
            let cut = word.chars().next_back().is_some_and(char::is_lowercase) && c.is_uppercase();
            if !(c.is_alphabetic() || is_within_words(c)) || cut {
                break;
            }
            word.push(c);
        }
        let Some(first) = word.chars().next() else { return };
        let end = at + word.len();
        if touches_word(behind(text, part, end)) {
            return;
        }
        for detector in &self.detectors {
            let Some(words) = &detector.words else { continue };
            if words.folded.contains(&fold(&word)) && (words.any_case || in_cell || !first.is_lowercase()) {
                found.insert((at, end, detector.id.clone()));
            }
        }
    }

    fn address_around(&self, text: &[u8], part: &Range<usize>, at: usize, found: &mut BTreeSet<Match>) {
        let is_domain = |b: u8| b.is_ascii_alphanumeric() || !b.is_ascii() || b"-.".contains(&b);
        let is_local = |b: u8| is_domain(b) || b"_+'".contains(&b);
        let mut start = at;
        while start > part.start && is_local(text[start - 1]) {
            start -= 1;
        }
        if at - start > 64 {
            return;
        }
        while start < at && b".-'+".contains(&text[start]) {
            start += 1;
        }
        // What is not text, and marks beyond ASCII, end an address.
        let is_part = |c: char| c.is_ascii() || c.is_alphanumeric();
        let mut i = start;
        while i < at {
            let c = chars(&text[i..at]).next();
            i += c.map_or(1, char::len_utf8);
            if !c.is_some_and(is_part) {
                start = i;
            }
        }
        // So does a script without blanks before what is ASCII.
        let mut ascii = at;
        while ascii > start && text[ascii - 1].is_ascii() {
            ascii -= 1;
        }
        if ascii < at && ascii > start && before(text, part, ascii).is_some_and(is_unspaced) {
            start = ascii;
        }
        let most = part.end.min(at + 1 + 255);
        let mut run = at + 1;
        while run < most && is_domain(text[run]) {
            run += 1;
        }
        let mut end = at + 1;
        while let Some(c) = chars(&text[end..run]).next().filter(|&c| is_part(c)) {
            end += c.len_utf8();
        }
        let ascii = text[at + 1..end].iter().take_while(|byte| byte.is_ascii()).count();
        let domain = &text[at + 1..at + 1 + ascii];
        let goes_on = chars(&text[at + 1 + ascii..end]).next().is_some_and(is_unspaced);
        if goes_on && domain.contains(&b'.') && domain[ascii - 1].is_ascii_alphanumeric() {
            end = at + 1 + ascii;
        }
        while end > at + 1 && b"-.".contains(&text[end - 1]) {
            end -= 1;
        }
        if start < at && end > at + 1 {
            for detector in self.detectors.iter().filter(|detector| detector.at_sign) {
                found.insert((start, end, detector.id.clone()));
            }
        }
    }

    /// The same in the text without its escapes.
    fn address_around_escaped(
        &self,
        text: &[u8],
        part: &Range<usize>,
        (sign, undo): (usize, Undo),
        found: &mut BTreeSet<Match>,
    ) {
        let (mut plain, mut places) = (Vec::new(), Vec::new());
        let mut at = part.start;
        while at < part.end {
            let escape = undo(&text[at..part.end]);
            let length = escape.map_or(1, |(_, length)| length);
            match escape {
                Some((c, _)) => plain.extend_from_slice(c.to_string().as_bytes()),
                None => plain.push(text[at]),
            }
            places.resize(plain.len(), at);
            at += length;
        }
        places.push(part.end);
        let mut of_plain = BTreeSet::new();
        let sign = places.iter().position(|place| *place == sign).expect("it was undone");
        self.address_around(&plain, &(0..plain.len()), sign, &mut of_plain);
        found.extend(of_plain.into_iter().map(|(start, end, id)| (places[start], places[end], id)));
    }

    /// Values that shapes accept, one for each shape, and a few of their letters left to chance.
    pub fn values(&self, mut chance: impl FnMut(usize) -> usize) -> Vec<Vec<u8>> {
        let patterns = self.detectors.iter().flat_map(|detector| &detector.shapes);
        let patterns = patterns.filter_map(|shape| match shape {
            Shape::Pattern(parts) => Some(parts),
            Shape::Regex { .. } => None,
        });
        patterns
            .map(|parts| {
                let mut value = Vec::new();
                parts.iter().for_each(|part| part.write(&mut chance, &mut value));
                value
            })
            .collect()
    }
}

/// A value is no longer.
const LONGEST: usize = 4096;
const MOST_ENDS: usize = 8;
const LONGEST_WORD: usize = 64;
const LONGEST_NEIGHBOUR: usize = 24;

/// The characters up to the first byte that is not UTF-8.
fn chars(text: &[u8]) -> impl DoubleEndedIterator<Item = char> {
    let valid = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&text[..error.valid_up_to()]).expect("it is valid"),
    };
    valid.chars()
}

/// The character that the escape at the start of a text stands for, and how long it is.
type Undo = fn(&[u8]) -> Option<(char, usize)>;

fn undo_percent(text: &[u8]) -> Option<(char, usize)> {
    let digits = text.strip_prefix(b"%")?.get(..2).filter(|d| d.iter().all(u8::is_ascii_hexdigit))?;
    let byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    byte.is_ascii().then_some((char::from(byte), 3))
}

fn undo_reference(text: &[u8]) -> Option<(char, usize)> {
    let end = text.iter().take(10).position(|b| *b == b';')?;
    let name = std::str::from_utf8(text[..end].strip_prefix(b"&")?).ok()?;
    let number = name.strip_prefix('#').filter(|number| !number.contains('+'));
    let c = match (name, number) {
        ("commat", _) => '@',
        ("period", _) => '.',
        ("lowbar", _) => '_',
        ("plus", _) => '+',
        (_, Some(number)) => {
            let hexadecimal = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
            char::from_u32(hexadecimal.unwrap_or_else(|| number.parse()).ok()?)?
        }
        _ => return None,
    };
    Some((c, end + 1))
}

fn before(text: &[u8], part: &Range<usize>, at: usize) -> Option<char> {
    let from = at.saturating_sub(4).max(part.start);
    (from..at).find_map(|from| std::str::from_utf8(&text[from..at]).ok()?.chars().next_back())
}

fn behind(text: &[u8], part: &Range<usize>, at: usize) -> Option<char> {
    chars(&text[at..part.end.min(at + 4)]).next()
}

/// Letters beyond ASCII stand alone or behind a mark, where the script puts blanks between words or not.
fn begins_beyond_ascii(text: &[u8], at: usize) -> bool {
    let is_mark = |c: char| {
        matches!(c, '\0'..='\u{bf}' | '\u{2000}'..='\u{207f}' | '\u{3000}'..='\u{303f}')
            && !c.is_alphanumeric()
    };
    text[at] >= 0xC2
        && (at == 0 || text[at - 1].is_ascii() || before(text, &(0..text.len()), at).is_some_and(is_mark))
}

/// Letters and digits, but for scripts that put no blanks between words.
fn touches_word(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() && !is_unspaced(c))
}

fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0xE00..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2E80..=0x9FFF
        | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// Whether a value is a part of something longer with what stands before it.
fn is_tied_before(text: &[u8], part: &Range<usize>, at: usize) -> bool {
    if is_tied_to_digit(text, at) {
        return true;
    }
    if at == part.start {
        return false;
    }
    let tie = text[at - 1];
    let neighbour: Vec<u8> = { text[part.start..at - 1].iter().rev() }
        .take(LONGEST_NEIGHBOUR)
        .take_while(|b| b.is_ascii_alphanumeric())
        .copied()
        .collect();
    let own = text[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let is_international = tie == b'+' && neighbour.is_empty() && text[at].is_ascii_digit();
    let is_port = tie == b':' && text[part.start..at - 1 - neighbour.len()].ends_with(b".");
    is_international || !is_port && ties(tie, &neighbour, own)
}

/// Whether one of `-._+` stands before, and a digit before that.
fn is_tied_to_digit(text: &[u8], at: usize) -> bool {
    at >= 2 && b"-._+".contains(&text[at - 1]) && text[at - 2].is_ascii_digit()
}

/// What makes one thing of a value and what stands behind it.
fn tie_behind(text: &[u8], part: &Range<usize>, end: usize) -> Option<u8> {
    let tie = *text[..part.end].get(end)?;
    let neighbour: Vec<u8> = { text[end + 1..part.end].iter() }
        .take(LONGEST_NEIGHBOUR)
        .take_while(|b| b.is_ascii_alphanumeric())
        .copied()
        .collect();
    let own = text[..end].iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
    let tied = if tie == b'@' { !neighbour.is_empty() } else { ties(tie, &neighbour, own) };
    tied.then_some(tie)
}

/// Whether a value of groups of digits stands in a row of more such groups, which may be hexadecimal: two on one side of it, or one on
/// either side.
fn is_in_row(text: &[u8], part: &Range<usize>, value: Range<usize>) -> bool {
    let groups: Vec<&[u8]> = text[value.clone()].split(|b| *b == b' ').collect();
    let length = groups[0].len();
    let are_digits = |group: &&[u8]| group.len() == length && group.iter().all(u8::is_ascii_digit);
    if groups.len() < 2 || !(2..=4).contains(&length) || !groups.iter().all(are_digits) {
        return false;
    }
    let is_alike = |group: &&[u8]| {
        group.len() == length
            && group.iter().all(u8::is_ascii_hexdigit)
            && group.iter().any(u8::is_ascii_digit)
    };
    let is_of_row = |b: &u8| !b.is_ascii_alphanumeric();
    let mut alike = 0;
    let mut rest = &text[value.end..part.end];
    while let Some((b' ', next)) = rest.split_first() {
        let group = next.split(is_of_row).next().unwrap_or_default();
        if !is_alike(&group) {
            break;
        }
        alike += 1;
        rest = &next[length..];
    }
    let mut rest = &text[part.start..value.start];
    while let Some((b' ', next)) = rest.split_last() {
        let group = next.rsplit(is_of_row).next().unwrap_or_default();
        if !is_alike(&group) {
            break;
        }
        alike += 1;
        rest = &next[..next.len() - length];
    }
    alike >= 2
}

fn ties(tie: u8, neighbour: &[u8], own: usize) -> bool {
    let short = own <= 4 && (1..=4).contains(&neighbour.len());
    match tie {
        b'-' | b'.' | b'_' | b'+' => neighbour.iter().any(u8::is_ascii_digit),
        b':' => short && neighbour.iter().all(u8::is_ascii_hexdigit),
        b'/' => short && neighbour.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// A list may have phrases, which no single word of a text is.
fn is_one_word(entry: &str) -> bool {
    let mut lower = false;
    entry.chars().all(|c| {
        let fits = c.is_alphabetic() && !(lower && c.is_uppercase());
        lower = c.is_lowercase();
        fits
    })
}

/// Diacritics of their own, viramas and nuktas of the scripts of India, tones and mutes of its neighbours, and what joins letters.
fn is_within_words(c: char) -> bool {
    let point = u32::from(c);
    match point {
        0x300..=0x36f | 0x200d => true,
        0x900..=0xdff => [0x3c, 0x4a, 0x4d].contains(&(point & 0x7f)),
        0xe47..=0xe4e | 0xec8..=0xece | 0x1037 | 0x1039 | 0x103a | 0x17c9..=0x17d3 => true,
        _ => false,
    }
}

/// In lower case, and letters without their marks.
fn fold(word: &str) -> String {
    const PLAIN: [(&str, &str); 40] = [
        ("àáâãäåāăą", "a"),
        ("æ", "ae"),
        ("çćĉċč", "c"),
        ("ďđð", "d"),
        ("èéêëēĕėęě", "e"),
        ("ĝğġģ", "g"),
        ("ĥħ", "h"),
        ("ìíîïĩīĭįı", "i"),
        ("ĵ", "j"),
        ("ķ", "k"),
        ("ĺļľŀł", "l"),
        ("ñńņň", "n"),
        ("òóôõöøōŏő", "o"),
        ("œ", "oe"),
        ("ŕŗř", "r"),
        ("śŝşšș", "s"),
        ("ß", "ss"),
        ("ţťŧț", "t"),
        ("ùúûüũūŭůűų", "u"),
        ("ŵ", "w"),
        ("ýÿŷ", "y"),
        ("źżž", "z"),
        ("þ", "th"),
        ("ё", "е"),
        ("آأإ", "ا"),
        ("ىی", "ي"),
        ("ک", "ك"),
        ("ά", "α"),
        ("έ", "ε"),
        ("ή", "η"),
        ("ίϊΐ", "ι"),
        ("ό", "ο"),
        ("ύϋΰ", "υ"),
        ("ώ", "ω"),
        ("ς", "σ"),
        // What Unicode's decomposition leaves alone is no letter of these languages with a mark.
        ("ŉ", "ŉ"),
        ("ĸ", "ĸ"),
        ("ŋ", "ŋ"),
        ("ĳ", "ĳ"),
        ("ſ", "ſ"),
    ];
    let lower = word.chars().flat_map(char::to_lowercase);
    lower.fold(String::new(), |mut folded, c| {
        match PLAIN.iter().find(|(marked, _)| marked.contains(c)) {
            _ if matches!(c, '\u{300}'..='\u{36f}' | '\u{200d}') => (),
            Some((_, plain)) => folded.push_str(plain),
            None => folded.push(c),
        }
        folded
    })
}

fn shape(form: &Value) -> Shape {
    let form = form.as_table().expect("a [[shape]] is a table");
    if form.contains_key("regex") {
        let regex = |end: &str| {
            let regex = format!(r"\A(?:{}){end}", text(form, "regex"));
            RegexBuilder::new(&regex).unicode(false).build().expect("it is a regex")
        };
        return Shape::Regex { begins: regex(""), whole: regex(r"\z") };
    }
    let pattern = text(form, "pattern");
    let mut rest = pattern.as_bytes();
    let ways = alternatives(&mut rest);
    assert!(rest.is_empty(), "{pattern} is not understood");
    Shape::Pattern(vec![Part { ways, min: 1, max: Some(1) }])
}

impl Shape {
    /// Adds where a value of this shape that starts at `at` can end.
    fn ends(&self, text: &[u8], at: usize, ends: &mut BTreeSet<usize>) {
        match self {
            Self::Pattern(parts) if text.get(at).is_some_and(|&byte| may_begin(parts, byte)) => {
                let mut starts = vec![at];
                parts.iter().for_each(|part| starts = part.ends(text, &starts));
                ends.extend(starts);
            }
            Self::Pattern(_) => (),
            Self::Regex { begins, whole } => {
                // Where nothing begins there is no need to ask at each end.
                if begins.is_match(&text[at..]) {
                    let all = at + 1..=text.len();
                    ends.extend(all.filter(|&end| whole.is_match(&text[at..end])));
                }
            }
        }
    }
}

/// What is repeated: one of several ways.
struct Part {
    ways: Vec<Way>,
    min: usize,
    max: Option<usize>,
}

enum Way {
    /// One of these bytes.
    Byte(Vec<u8>),
    /// A character beyond ASCII.
    Character(RangeInclusive<char>),
    Parts(Vec<Part>),
}

impl Part {
    fn ends(&self, text: &[u8], starts: &[usize]) -> Vec<usize> {
        let mut all = if self.min == 0 { starts.to_vec() } else { Vec::new() };
        let mut reached = starts.to_vec();
        let mut times = 0;
        while !reached.is_empty() && self.max.is_none_or(|max| times < max) {
            times += 1;
            let mut next = Vec::new();
            for way in &self.ways {
                match way {
                    Way::Byte(bytes) => {
                        let fits = |at: &&usize| text.get(**at).is_some_and(|byte| bytes.contains(byte));
                        next.extend(reached.iter().filter(fits).map(|at| at + 1));
                    }
                    Way::Character(range) => {
                        let character = |at: &usize| chars(&text[*at..text.len().min(at + 4)]).next();
                        let end = |at| character(at).filter(|c| range.contains(c)).map(|c| at + c.len_utf8());
                        next.extend(reached.iter().filter_map(end));
                    }
                    Way::Parts(parts) => {
                        let mut ends = reached.clone();
                        parts.iter().for_each(|part| ends = part.ends(text, &ends));
                        next.extend(ends);
                    }
                }
            }
            next.sort_unstable();
            next.dedup();
            // What reads nothing can be repeated for ever.
            let is_still = next == reached;
            reached = next;
            if times >= self.min || is_still {
                all.extend(&reached);
            }
            if is_still {
                break;
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    fn write(&self, chance: &mut impl FnMut(usize) -> usize, out: &mut Vec<u8>) {
        let more = self.max.map_or(6, |max| max - self.min);
        for _ in 0..self.min + chance(more + 1) {
            match &self.ways[chance(self.ways.len())] {
                Way::Byte(bytes) => out.push(bytes[chance(bytes.len())]),
                Way::Character(range) => {
                    let all: Vec<char> = range.clone().collect();
                    out.extend(all[chance(all.len())].encode_utf8(&mut [0; 4]).bytes());
                }
                Way::Parts(parts) => parts.iter().for_each(|part| part.write(chance, out)),
            }
        }
    }
}

/// Whether a byte may be the first one. It saves the time that trying a shape takes.
fn may_begin(parts: &[Part], byte: u8) -> bool {
    for part in parts {
        let begins = |way: &Way| match way {
            Way::Byte(bytes) => bytes.contains(&byte),
            Way::Character(range) => (first_byte(*range.start())..=first_byte(*range.end())).contains(&byte),
            Way::Parts(parts) => may_begin(parts, byte),
        };
        if part.min > 0 || part.ways.iter().any(begins) {
            return part.ways.iter().any(begins);
        }
    }
    true
}

/// Reads up to a `)` or the end.
fn alternatives(rest: &mut &[u8]) -> Vec<Way> {
    let mut ways = Vec::new();
    loop {
        let mut parts = Vec::new();
        while !matches!(rest.first(), None | Some(b'|' | b')')) {
            parts.push(part(rest));
        }
        ways.push(Way::Parts(parts));
        if rest.first() != Some(&b'|') {
            return ways;
        }
        next(rest);
    }
}

fn part(rest: &mut &[u8]) -> Part {
    let before = *rest;
    let ways = match next(rest) {
        b'(' => {
            let ways = alternatives(rest);
            assert_eq!(next(rest), b')');
            ways
        }
        b'[' => {
            let mut bytes = Vec::new();
            let mut ways = Vec::new();
            while bytes.is_empty() && ways.is_empty() || rest[0] != b']' {
                if !rest[0].is_ascii() {
                    ways.push(character(rest));
                    continue;
                }
                let first = literal(rest);
                if rest[0] == b'-' && rest[1] != b']' {
                    next(rest);
                    bytes.extend(first..=next(rest));
                } else {
                    bytes.push(first);
                }
            }
            next(rest);
            if !bytes.is_empty() {
                ways.push(Way::Byte(bytes));
            }
            ways
        }
        b'9' => bytes(&[b'0'..=b'9']),
        b'A' => bytes(&[b'A'..=b'Z']),
        b'a' => bytes(&[b'a'..=b'z']),
        b'L' => bytes(&[b'A'..=b'Z', b'a'..=b'z']),
        b'X' => bytes(&[b'0'..=b'9', b'A'..=b'Z', b'a'..=b'z']),
        b'H' => bytes(&[b'0'..=b'9', b'A'..=b'F', b'a'..=b'f']),
        b'\\' if rest[0].is_ascii() => vec![Way::Byte(vec![next(rest)])],
        b'\\' => vec![character(rest)],
        byte if !byte.is_ascii() => {
            *rest = before;
            vec![character(rest)]
        }
        byte => vec![Way::Byte(vec![byte])],
    };
    let (min, max) = match rest.first() {
        Some(b'?') => {
            next(rest);
            (0, Some(1))
        }
        Some(b'{') => {
            let end = rest.iter().position(|&b| b == b'}').expect("a } follows");
            let counts = std::str::from_utf8(&rest[1..end]).expect("numbers");
            *rest = &rest[end + 1..];
            let number = |text: &str| text.parse().expect("a number");
            match counts.split_once(',') {
                None => (number(counts), Some(number(counts))),
                Some((min, "")) => (number(min), None),
                Some((min, max)) => (number(min), Some(number(max))),
            }
        }
        _ => (1, Some(1)),
    };
    Part { ways, min, max }
}

fn first_byte(c: char) -> u8 {
    c.to_string().as_bytes()[0]
}

/// A character, or a range of them.
fn character(rest: &mut &[u8]) -> Way {
    let one = |rest: &mut &[u8]| {
        let c = chars(&rest[..rest.len().min(4)]).next().expect("a character");
        *rest = &rest[c.len_utf8()..];
        c
    };
    let first = one(rest);
    let is_range = rest.starts_with(b"-") && rest.get(1).is_some_and(|byte| !byte.is_ascii());
    if is_range {
        next(rest);
    }
    Way::Character(first..=if is_range { one(rest) } else { first })
}

fn bytes(ranges: &[RangeInclusive<u8>]) -> Vec<Way> {
    vec![Way::Byte(ranges.iter().cloned().flatten().collect())]
}

fn literal(rest: &mut &[u8]) -> u8 {
    match next(rest) {
        b'\\' => next(rest),
        byte => byte,
    }
}

fn next(rest: &mut &[u8]) -> u8 {
    let first = rest[0];
    *rest = &rest[1..];
    first
}
