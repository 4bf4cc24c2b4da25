//! How the cells of a column look: the `[column]` section of a detector file, and whether a cell is like that.

use std::collections::HashSet;

use serde::Deserialize;

use crate::structure::date::is_written_date;
use crate::words::{WordSet, each_word, fold_into, hash_of, is_unspaced};

use super::Lists;

/// A longer cell fits no description: it must be visible whole wherever a window is cut. Bytes.
pub(crate) const LONGEST_CELL: usize = 240;

/// What the values of a column look like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// What one value is made of.
    pub kind: CellKind,
    /// Fewest characters of a value.
    #[serde(default = "one")]
    pub min_len: usize,
    /// Most characters of a value, up to [`Self::MAX_LEN`].
    #[serde(default = "usual_length")]
    pub max_len: usize,
    /// Fewest words, separated by blanks or commas. Does not count for scripts without upper and lower case, of which many are
    /// written without blanks.
    pub min_words: Option<usize>,
    /// Most words, separated by blanks.
    pub max_words: Option<usize>,
    /// Smallest and largest number, for [`CellKind::Number`].
    pub range: Option<[f64; 2]>,
    /// The only values there are, compared without case and accents.
    #[serde(default)]
    pub values: Vec<String>,
    /// What may stand behind one of them, with or without a blank: ` Rh+`, ` positive`.
    #[serde(default)]
    pub behind: Vec<String>,
    /// The only forms there are: `9` is a digit, `A` an ASCII letter, everything else itself.
    #[serde(default)]
    pub forms: Vec<String>,
    /// A word list: values with a word in it are evidence.
    pub list: Option<String>,
    /// Further words that are evidence in the same way.
    #[serde(default)]
    pub words: Vec<String>,
    /// Thousandths that the list adds.
    #[serde(default)]
    pub list_points: i32,
    /// Share of the values that must have a word in the list for that.
    #[serde(default = "usual_list_share")]
    pub list_share: f64,
    /// Values that are made of the name of a person are evidence as those with a word in the list are: `jdoe42`.
    #[serde(default)]
    pub made_of_names: bool,
    /// Values with a house number, beside a word, are evidence as those with a word in the list are.
    #[serde(default)]
    pub house_numbers: bool,
    /// Values with one of these words do not fit: a name with `Ltd` in it is that of a company.
    #[serde(default)]
    pub without: Vec<String>,
    /// Phrases of headers that may mean other things as well, of a detector whose `[context]` speaks of texts.
    #[serde(default)]
    pub vague: Vec<String>,
    /// What one of them is worth.
    #[serde(default)]
    pub vague_points: i32,
    /// A phrase that may mean other things counts only where the header says nothing else.
    #[serde(default)]
    pub alone: bool,
    /// Thousandths that a value adds behind a word of `[header]` in a text: `Place of birth: Leeds`. 0: none is looked for there.
    #[serde(default)]
    pub labelled: i32,
    /// Thousandths that it adds when other columns show that the table holds people.
    #[serde(default)]
    pub people: i32,
    /// How a value looks that is found in a table of people without a word of its header.
    pub unnamed: Option<Unnamed>,
    /// Share of the values that must fit.
    #[serde(default = "usual_share")]
    pub share: f64,
    /// Fewest distinct values, as far as there are that many values.
    #[serde(default = "one")]
    pub min_distinct: usize,
    /// Share of the values that must differ from each other.
    #[serde(default)]
    pub distinct_share: f64,
}

/// How values look that a column holds of people whose header says nothing: `col_4`, or that has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unnamed {
    /// A telephone number as nothing else is written: with a `+` or `0` in front, or in groups.
    Dialled,
    /// A date in whose year somebody may be born who is alive. Of many, some lie as far back as no other date does.
    Born,
    /// One word, a family name in a list that is no ordinary word.
    Family,
    /// What fits the description, a given name in its list.
    Given,
    /// What fits the description, most of it with a word of its own.
    Worded,
    /// What fits the description, a town in its list, or where the town of an address stands.
    Town,
    /// What fits the description, a state or province between the town and the code of an address.
    Region,
    /// What fits the description, a house number in it, before the town or code of an address, or a whole address.
    Street,
    /// What fits the description, a code that is hardly anything else, or where the code of an address stands.
    PostCode,
}

impl Unnamed {
    /// Whether a cell looks like that; and whether it is one that hardly anything else is. `fits` says what the description
    /// says of it.
    pub(crate) fn fits(
        self,
        text: &str,
        fits: impl FnOnce() -> Option<bool>,
        is_family: impl Fn(&str) -> bool,
    ) -> Option<bool> {
        let cell = text.as_bytes();
        match self {
            // Generators of test data write some of their numbers as bare digits.
            Self::Dialled if is_dialled_clearly(text) => Some(true),
            Self::Dialled => is_bare_number(text).then_some(false),
            // Two digits for a year may be those of 2024 as well as of 1924.
            Self::Born
                if is_written_date(cell, BORN.0, BORN.1) && !is_written_date(cell, BORN.1 + 1, NOT_BORN) =>
            {
                Some(is_written_date(cell, BORN.0, LONG_AGO))
            }
            Self::Born => None,
            Self::Family => is_of(CellKind::Name, text).then(|| is_family(text)),
            Self::Given | Self::Town | Self::Region | Self::Worded => fits(),
            Self::Street => fits().filter(|has_number| *has_number).map(|_| is_whole_address(text)),
            Self::PostCode => fits().and_then(|_| is_code_alone(cell)),
        }
    }

    /// Shares of the values that must look like that, that are hardly anything else, and that differ.
    pub(crate) const fn shares(self) -> [f64; 3] {
        match self {
            Self::Dialled => [0.9, 0.7, 0.5],
            Self::Born => [0.97, 0.3, 0.4],
            Self::Family => [0.9, 0.4, 0.2],
            Self::Given => [0.95, 0.6, 0.3],
            Self::Region => [0.8, 1.0, 0.0],
            Self::Street => [0.9, 0.9, 0.3],
            Self::Worded => [0.95, 0.7, 0.0],
            Self::Town => [0.95, 0.3, 0.15],
            Self::PostCode => [0.95, 0.95, 0.1],
        }
    }
}

/// Years in which people are born, and the last of those from which few dates of anything else are.
const BORN: (u16, u16) = (1915, 2018);
const LONG_AGO: u16 = 1989;
/// The last year that two digits after [`BORN`] are read as.
const NOT_BORN: u16 = 2029;

/// What a value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellKind {
    /// Letters of any script, with blanks and `. ' ’ - ,` between them, or one `/` as on tickets: `MILLER/ANNA MRS`. Up to
    /// three digits may end a word, as generators of test data number their people.
    Name,
    /// Anything with a letter in it.
    Text,
    /// One word of letters, digits and `- _ . / : # \`, perhaps behind an `@`; not in a script without blanks between words.
    Code,
    /// A number, perhaps with separators, a fraction and a currency.
    Number,
    /// The number of an account: digits with separators; letters only in one as long as those that begin with a country
    /// or a bank, and fewer than digits.
    Account,
    /// Digits as they are dialled, with separators and perhaps an extension.
    Phone,
    /// An address of IPv6, whether a host can have it or not: generators of test data draw any.
    Ipv6,
    /// Anything.
    Any,
}

const fn one() -> usize {
    1
}

const fn usual_length() -> usize {
    120
}

const fn usual_share() -> f64 {
    0.8
}

const fn usual_list_share() -> f64 {
    0.3
}

impl Description {
    /// The largest `max_len`.
    pub const MAX_LEN: usize = 180;

    /// Whether the parameters make sense. The error says what to change.
    pub(crate) fn validate(&self) -> Result<(), String> {
        if self.min_len > self.max_len || self.max_len > Self::MAX_LEN {
            return Err(format!("min_len must not exceed max_len, and max_len not {}", Self::MAX_LEN));
        }
        let share = |share: f64| (0.0..=1.0).contains(&share);
        if !share(self.share) || !share(self.list_share) || !share(self.distinct_share) || self.share < 0.3 {
            return Err("shares lie between 0 and 1, and share is 0.3 at least".to_owned());
        }
        if self.range.is_some() && self.kind != CellKind::Number {
            return Err("range needs kind = \"number\"".to_owned());
        }
        let listed =
            self.list.is_some() || self.house_numbers || self.made_of_names || !self.words.is_empty();
        if !listed && self.list_points != 0 {
            return Err("list_points needs a list, words, house_numbers or made_of_names".to_owned());
        }
        if self.vague.is_empty() != (self.vague_points == 0) {
            return Err("vague and vague_points belong together".to_owned());
        }
        Ok(())
    }
}

/// A description with its closed list folded.
#[derive(Clone, Debug)]
pub(crate) struct Fitting {
    pub(crate) description: Description,
    values: HashSet<String>,
    behind: HashSet<String>,
    words: WordSet,
    without: WordSet,
}

impl Fitting {
    pub(crate) fn new(description: &Description) -> Self {
        let folded = |value: &String| {
            let mut folded = String::new();
            fold_into(value, &mut folded);
            folded
        };
        let hashes = |words: &[String]| words.iter().map(|word| hash_of(word)).collect();
        Self {
            description: description.clone(),
            values: description.values.iter().map(folded).collect(),
            behind: description.behind.iter().map(folded).collect(),
            words: hashes(&description.words),
            without: hashes(&description.without),
        }
    }

    /// Whether the text of a cell, without blanks around it, fits; and whether a word of it is in the list. `folded` is memory.
    pub(crate) fn fits(&self, text: &str, lists: &Lists, folded: &mut String) -> Option<bool> {
        let Description { kind, min_len, max_len, min_words, max_words, range, .. } = &self.description;
        // Every character has four bytes at most.
        if text.len() > LONGEST_CELL || text.len() < *min_len || text.len() > 4 * max_len {
            return None;
        }
        let text = if *kind == CellKind::Name && min_words.is_some() { without_aside(text) } else { text };
        let characters = if text.is_ascii() { text.len() } else { text.chars().count() };
        // A family name may be one character of a script in which each is a syllable or word: 王, 김.
        let least = if characters == 1 && text.chars().all(is_unspaced) { 1 } else { *min_len };
        // A range says so of a number in one go.
        let is_in_range =
            range.map(|[min, max]| numbers(text).iter().flatten().any(|n| (min..=max).contains(n)));
        let is_number = *kind == CellKind::Number && is_in_range == Some(true);
        if !(least..=*max_len).contains(&characters) || !is_number && !is_of(*kind, text) {
            return None;
        }
        let words = || text.split_ascii_whitespace().count();
        // A comma may have no blank behind it: `Miller,Anna`. On tickets a slash stands between: `MILLER/ANNA`.
        let parted =
            || text.split([' ', '\u{a0}', '\u{3000}', ',', '/']).filter(|word| !word.is_empty()).count();
        let is_cased = || text.chars().any(|c| c.is_lowercase() || c.is_uppercase());
        if max_words.is_some_and(|most| words() > most)
            // Of two places.
            || min_words.is_some() && text.contains(" - ")
            || min_words.is_some_and(|fewest| parted() < fewest && is_cased())
        {
            return None;
        }
        if is_in_range == Some(false) {
            return None;
        }
        let forms = &self.description.forms;
        if !forms.is_empty() && !forms.iter().any(|form| has_form(text.as_bytes(), form.as_bytes())) {
            return None;
        }
        if !self.values.is_empty() {
            // `Soltero/a`, `Single (United Kingdom)`.
            let first = || text.find(['/', '(']).map(|at| text[..at].trim_ascii_end());
            if !self.is_value(text, folded) && !first().is_some_and(|text| self.is_value(text, folded)) {
                return None;
            }
        }
        let mut listed = self.description.house_numbers && has_house_number(text);
        let list = self.description.list.as_ref().and_then(|list| lists.get(list));
        let mut alien = false;
        if list.is_some() || !self.words.is_empty() || !self.without.is_empty() {
            each_word(text.as_bytes(), |word| {
                listed |= self.words.contains(&word.hash);
                listed |= list.is_some_and(|list| list.contains(&word.hash));
                alien |= self.without.contains(&word.hash);
            });
        }
        (!alien).then_some(listed)
    }

    /// Whether all of a text is a value of the list, with what may stand behind one.
    pub(crate) fn is_value(&self, text: &str, folded: &mut String) -> bool {
        let mut is_in = |text: &str, list: &HashSet<String>| {
            folded.clear();
            fold_into(text, folded);
            list.contains(folded.as_str())
        };
        let mut ends = text.char_indices().map(|(at, _)| text.split_at(at)).skip(1);
        is_in(text, &self.values)
            || !self.behind.is_empty()
                && ends.any(|(one, behind)| {
                    is_in(one.trim_ascii_end(), &self.values)
                        && is_in(behind.trim_ascii_start(), &self.behind)
                })
    }

    /// Whether its values are those of a list and no others.
    pub(crate) fn is_listed(&self) -> bool {
        !self.values.is_empty()
    }

    /// Whether a cell that fits is a name of two parts with the family name in front: `Miller, Anna`.
    pub(crate) fn is_inverted(&self, cell: &[u8]) -> bool {
        let is_whole = self.description.kind == CellKind::Name && self.description.min_words.is_some();
        is_whole && cell.iter().filter(|&&byte| byte == b',' || byte == b'/').count() == 1
    }
}

fn is_of(kind: CellKind, text: &str) -> bool {
    match kind {
        CellKind::Any => true,
        CellKind::Text => text.chars().any(char::is_alphabetic),
        CellKind::Code if text.is_ascii() => {
            let text = text.strip_prefix('@').unwrap_or(text).as_bytes();
            let part = |byte: &u8| {
                byte.is_ascii_alphanumeric()
                    || matches!(byte, b'-' | b'_' | b'.' | b'/' | b':' | b'#' | b'\\')
            };
            text.iter().all(part) && text.iter().any(u8::is_ascii_alphanumeric)
        }
        CellKind::Code => {
            let text = text.strip_prefix('@').unwrap_or(text);
            let part = |c: char| {
                c.is_ascii_alphanumeric() || "-_./:#\\".contains(c) || c.is_alphabetic() && !is_unspaced(c)
            };
            text.chars().all(part) && text.chars().any(char::is_alphanumeric)
        }
        CellKind::Ipv6 => text.contains(':') && text.parse::<std::net::Ipv6Addr>().is_ok(),
        CellKind::Number => numbers(text)[0].is_some(),
        CellKind::Account => is_account(text),
        CellKind::Phone => is_dialled(text),
        // Most names.
        CellKind::Name
            if text.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'-')) =>
        {
            text.starts_with(|c: char| c.is_ascii_alphabetic())
        }
        CellKind::Name => {
            let part = |c: char| {
                // Scripts of India write vowels as marks, which are no letters of their own.
                c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | '-' | ',' | '·') || is_mark(c)
            };
            // Japanese names have a blank as wide as their characters.
            let is_blank = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{3000}');
            text.chars().next().is_some_and(|c| c.is_alphabetic() || matches!(c, '\'' | '’'))
                && names_of_ticket(without_title(text))
                    .all(|name| name.split(is_blank).all(|word| without_number(word).chars().all(part)))
        }
    }
}

/// Whether a text is the number of an account in the form of any country.
fn is_account(text: &str) -> bool {
    const LETTERS_FROM: usize = 14;
    let (mut digits, mut letters) = (0, 0);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'a'..=b'z' | b'A'..=b'Z' => letters += 1,
            b' ' | b'-' | b'.' | b'/' | b'*' => (),
            _ => return false,
        }
    }
    digits > letters && (letters == 0 || digits + letters >= LETTERS_FROM)
}

/// A name without the title behind it: `MARSH, Derek (Mr)`.
fn without_title(text: &str) -> &str {
    const LONGEST_TITLE: usize = 5;
    let title =
        |title: &str| title.len() <= LONGEST_TITLE && title.chars().all(|c| c.is_alphabetic() || c == '.');
    let titled = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    titled.filter(|(_, behind)| title(behind)).map_or(text, |(name, _)| name)
}

/// A name without the one in brackets behind it: `Lind, Mrs. Erik (Karin Berg)`.
fn without_aside(text: &str) -> &str {
    let named = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    let is_name = |name: &str| {
        name.contains(' ') && name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '\'' | '-'))
    };
    named.filter(|(name, aside)| name.contains(',') && is_name(aside)).map_or(text, |(name, _)| name)
}

/// The family name and the given name between which a text has its only slash; otherwise the text.
fn names_of_ticket(text: &str) -> impl Iterator<Item = &str> {
    const FEWEST_LETTERS: usize = 2;
    let letters = |name: &str| name.chars().filter(|c| c.is_alphabetic()).count();
    let halves = text.split_once('/').filter(|(family, given)| {
        !given.contains('/') && letters(family) >= FEWEST_LETTERS && letters(given) >= FEWEST_LETTERS
    });
    let (first, second) = halves.map_or((text, None), |(family, given)| (family, Some(given)));
    std::iter::once(first).chain(second)
}

/// A word without the number of up to three digits behind its letters.
fn without_number(word: &str) -> &str {
    const MOST_DIGITS: usize = 3;
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = word.len() - letters.len() <= MOST_DIGITS
        && letters.chars().filter(|c| c.is_alphabetic()).count() > 1;
    if numbered { letters } else { word }
}

/// Whether a text is a telephone number in a form of any country, perhaps with an extension.
fn is_dialled(text: &str) -> bool {
    const DIGITS: std::ops::RangeInclusive<usize> = 6..=15;
    const MOST_BETWEEN: usize = 3;
    let number = match text.find(['x', 'X', 'e', '#']) {
        Some(at) => {
            let extension = text[at..]
                .trim_start_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, '.' | '#' | ' '));
            if !(1..=6).contains(&extension.len()) || !extension.bytes().all(|b| b.is_ascii_digit()) {
                return false;
            }
            text[..at].trim_end()
        }
        None => text,
    };
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let separator =
        |c: char| matches!(c, ' ' | '.' | '-' | '/' | '(' | ')' | '\u{a0}' | '\u{2011}' | '\u{2013}');
    let rest = number.strip_prefix('+').unwrap_or(number);
    // One point and nothing else is that of a fraction.
    let fraction = rest.bytes().all(|b| b.is_ascii_digit() || b == b'.') && rest.matches('.').count() == 1;
    DIGITS.contains(&digits)
        && !fraction
        && number.ends_with(|c: char| c.is_ascii_digit())
        && rest.starts_with(|c: char| c.is_ascii_digit() || c == '(')
        && rest.chars().all(|c| c.is_ascii_digit() || separator(c))
        && rest.split(|c: char| c.is_ascii_digit()).all(|between| between.chars().count() <= MOST_BETWEEN)
}

/// Whether a text is a telephone number and hardly anything else: it has a `+`, or the `0` that is dialled for another town in
/// front, or is cut into two to five groups that are not those of an address of a machine.
fn is_dialled_clearly(text: &str) -> bool {
    const DIGITS: std::ops::RangeInclusive<usize> = 9..=14;
    if !is_dialled(text) {
        return false;
    }
    let text = text.find('x').map_or(text, |at| text[..at].trim_end());
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let groups = || text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    let lengths: Vec<usize> = groups().map(str::len).collect();
    let is_address =
        text.matches('.').count() == 3 && lengths.len() == 4 && digits <= 12 && !text.starts_with('0');
    // Nine digits in groups may be the number of anything, unless blanks part them.
    let are_parted = digits > 9 || text.contains(' ');
    let in_groups = (2..=5).contains(&lengths.len()) && are_parted && !is_address;
    let leads = text.starts_with('+')
        || text.starts_with('0') && !text.starts_with("00")
        || text.starts_with("00") && digits > 10;
    DIGITS.contains(&digits) && (leads || in_groups)
}

/// Whether a text is as many digits as a telephone number has with the code of its town, perhaps with an extension.
fn is_bare_number(text: &str) -> bool {
    const DIGITS: std::ops::RangeInclusive<usize> = 10..=11;
    let number = text.find('x').map_or(text, |at| text[..at].trim_end());
    DIGITS.contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) && is_dialled(text)
}

/// Whether what has the form of a postal code is one without a word, and hardly anything else: it is in two parts that are none
/// of a short telephone number. Bare numbers may be one where they are short, letters and digits in one word are rather a code of
/// something else, but for those of the Netherlands and Canada.
fn is_code_alone(cell: &[u8]) -> Option<bool> {
    const MOST_BARE: usize = 7;
    const DIALLED: [&[u8]; 4] = [b"999-9999", b"999-999", b"9999-999", b"9999-9999"];
    // Codes of orders begin with letters, too: `PO-3849`.
    const STATES: [&[u8; 2]; 24] = [
        b"AD", b"AT", b"AZ", b"BE", b"BG", b"CH", b"CY", b"CZ", b"DE", b"DK", b"EE", b"ES", b"FI", b"FR",
        b"HR", b"HU", b"LT", b"LU", b"LV", b"MD", b"NO", b"RO", b"SE", b"SI",
    ];
    let letters = cell.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if letters > 0
        && cell.get(letters).is_some_and(|mark| matches!(mark, b'-' | b' '))
        && cell[letters + 1..].iter().all(u8::is_ascii_digit)
        && !(letters == 2 && STATES.iter().any(|state| cell.starts_with(*state)))
    {
        return None;
    }
    let is_parted = cell.iter().any(|byte| matches!(byte, b' ' | b'-'));
    let is_clear = is_parted && !DIALLED.iter().any(|form| has_form(cell, form));
    let is_number = cell.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-')
        && (cell.len() <= MOST_BARE || cell.contains(&b'-'));
    let is_word = [b"9999AA", b"A9A9A9"].iter().any(|form| has_form(cell, *form));
    (is_clear || is_number || is_word).then_some(is_clear)
}

/// Whether a text has a house number beside a word, as `12 Long Street`, `Hauptstr. 5a`, `Bijenička 7/4` and `Via Roma, 7` have.
fn has_house_number(text: &str) -> bool {
    const MOST_DIGITS: usize = 5;
    let parts = || text.split([' ', ',', '\u{a0}']).filter(|part| !part.is_empty());
    let one = |part: &str| {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        (1..=MOST_DIGITS).contains(&digits) && part.len() <= digits + 1
    };
    let number = |part: &str| part.split_once(['/', '-']).map_or(one(part), |(a, b)| one(a) && one(b));
    let word = |part: &str| {
        part.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !part.contains(['=', '@', '\\'])
    };
    parts().any(number) && parts().any(word)
}

/// Whether a text that has a house number is an address with its town: parts with commas between them and a code.
fn is_whole_address(text: &str) -> bool {
    const FEWEST_WORDS: usize = 4;
    const FEWEST_OF_A_CODE: usize = 3;
    let words = || text.split([' ', ',']).filter(|word| !word.is_empty());
    let digits = |word: &&str| word.bytes().filter(u8::is_ascii_digit).count();
    let is_code = |word: &str| digits(&word) >= FEWEST_OF_A_CODE || word.len() <= 4 && digits(&word) > 0;
    text.contains(", ") && words().count() >= FEWEST_WORDS && words().filter(|word| is_code(word)).count() > 1
}

/// Combining marks of the scripts that names are written in.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36F | 0x900..=0xDFF | 0xE31..=0xE4E | 0x1000..=0x109F)
}

/// The number that a text is; two where a separator may stand before a fraction or between thousands.
fn numbers(text: &str) -> [Option<f64>; 2] {
    const MOST_AROUND: usize = 4;
    const MOST_DIGITS: usize = 64;
    // Most of them: digits, perhaps with a fraction that is no thousand.
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let bare = match text.split_once('.') {
        Some((whole, fraction)) => {
            text.len() <= MOST_DIGITS
                && !whole.is_empty()
                && !matches!(fraction.len(), 0 | 3)
                && is_plain(whole)
                && is_plain(fraction)
        }
        None => is_plain(text),
    };
    if bare {
        return [text.parse().ok(), None];
    }
    let part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ',' | '\'' | '’');
    let Some(start) = text.find(part) else { return [None; 2] };
    let Some(end) = text.rfind(|c: char| c.is_ascii_digit()) else { return [None; 2] };
    if end < start {
        return [None; 2];
    }
    let (before, number, behind) = (&text[..start], &text[start..=end], &text[end + 1..]);
    let around = |side: &str| {
        let side = side.trim();
        side.chars().count() <= MOST_AROUND && side.chars().all(|c| !c.is_ascii_digit())
    };
    if !around(before) || !around(behind) {
        return [None; 2];
    }
    let (sign, number) = match number.as_bytes()[0] {
        b'-' => (-1.0, &number[1..]),
        b'+' => (1.0, &number[1..]),
        _ => (1.0, number),
    };
    let blank = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
    if !number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',') || blank(c)) {
        return [None; 2];
    }
    let read = |fraction: Option<usize>| {
        let mut buffer = [0; MOST_DIGITS];
        let mut len = 0;
        for (i, byte) in number.bytes().enumerate() {
            let is_fraction = Some(i) == fraction;
            if is_fraction || byte.is_ascii_digit() {
                *buffer.get_mut(len)? = if is_fraction { b'.' } else { byte };
                len += 1;
            }
        }
        std::str::from_utf8(&buffer[..len]).ok()?.parse::<f64>().ok().map(|n| sign * n)
    };
    let last = number.rfind(['.', ',']);
    let once = last.is_some_and(|at| number.find(['.', ',']) == Some(at));
    match last {
        None => [read(None), None],
        Some(at) if number.len() - at == 4 && once => [read(None), read(last)],
        Some(at) if number[at..].len() == 4 && number[..at].ends_with(|c: char| c.is_ascii_digit()) => {
            [read(None), None]
        }
        Some(_) => [read(last), None],
    }
}

fn has_form(cell: &[u8], form: &[u8]) -> bool {
    cell.len() == form.len()
        && cell.iter().zip(form).all(|(&byte, &form)| match form {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_alphabetic(),
            other => byte == other,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitting(toml: &str) -> Fitting {
        let description: Description = toml::from_str(toml).unwrap();
        description.validate().unwrap();
        Fitting::new(&description)
    }

    fn fits(toml: &str, cell: &str) -> bool {
        fitting(toml).fits(cell, &Lists::default(), &mut String::new()).is_some()
    }

    #[test]
    fn kinds_are_told_apart() {
        for (kind, good, bad) in [
            (
                "name",
                &[
                    "O'Neil",
                    "van der Berg",
                    "Łukasz",
                    "अनिता",
                    "李",
                    "Smith-Jones, Jr.",
                    "Anna12 Berg345",
                    "MILLER/ANNA MRS",
                    "MARSH, Derek (Mr)",
                ][..],
                &["R2D2", "a@b", "-", "Anna1234", "Press 1", "n/a", "a/b/c", "Anna/Berg/Li"][..],
            ),
            ("text", &["12 Main St", "Größe"], &["12", "--"]),
            ("code", &["C-1001", "a1b2", "10/20", "@ann_b", "Ayşe6"], &["C 1001", "東1", "--"]),
            ("ipv6", &["1a64:2ad4:1fbb:f666:b2aa:6451:7c9e:59c2", "::1"], &["12:30:05", "cafe", "10.0.0.1"]),
            (
                "number",
                &["12", "-3.5", "1,234.50", "1.234,50 €", "USD 45 000", "1'000", "45.000"],
                &["12 apples", "a", "1.2.3x4", "12/3"],
            ),
            (
                "phone",
                &[
                    "(312) 555-0142",
                    "030 / 90 18 20",
                    "06-12345678",
                    "312.555.0142 x12",
                    "+390669883712",
                    "555-0142",
                ],
                &[
                    "12",
                    "1234.5678",
                    "2024-01-02T10",
                    "call me",
                    "12345",
                    "1e-309018",
                    "3125550142#",
                    "---030901820",
                ],
            ),
        ] {
            let toml = format!("kind = \"{kind}\"");
            good.iter().for_each(|cell| assert!(fits(&toml, cell), "{kind}: {cell}"));
            bad.iter().for_each(|cell| assert!(!fits(&toml, cell), "{kind}: {cell}"));
        }
    }

    #[test]
    fn a_point_may_part_thousands_or_a_fraction() {
        let toml = "kind = \"number\"\nrange = [10000, 90000]";
        for cell in ["45000", "45.000", "45,000", "45 000 EUR", "45.000,50", "$45,000.50"] {
            assert!(fits(toml, cell), "{cell}");
        }
        for cell in ["45", "450000", "4.5", "-45000"] {
            assert!(!fits(toml, cell), "{cell}");
        }
    }

    #[test]
    fn lengths_words_forms_and_values_count() {
        assert!(!fits("kind = \"name\"\nmin_len = 3", "Li"));
        assert!(fits("kind = \"name\"\nmax_len = 3", "Ötz"));
        assert!(!fits("kind = \"name\"\nmax_words = 1", "Anna Berg"));
        let two = "kind = \"name\"\nmin_words = 2";
        assert!(fits(two, "Anna Berg") && fits(two, "王秀英") && !fits(two, "Anna") && !fits(two, "Анна"));
        let codes = "kind = \"any\"\nforms = [\"99999\", \"AA9 9AA\"]";
        assert!(
            fits(codes, "10115") && fits(codes, "ls1 4ap") && !fits(codes, "1011") && !fits(codes, "LS14AP")
        );
        let values = "kind = \"any\"\nvalues = [\"Männlich\", \"w\"]";
        assert!(fits(values, "mannlich") && fits(values, "W") && !fits(values, "x"));
    }

    #[test]
    fn house_numbers_and_aliens_count() {
        let street = fitting("kind = \"text\"\nhouse_numbers = true\nlist_points = 200");
        let listed = |cell: &str| street.fits(cell, &Lists::default(), &mut String::new());
        for cell in ["12 Long Street", "Hauptstr. 5a", "Via Roma, 7", "Unit 4 Mill Lane"] {
            assert_eq!(listed(cell), Some(true), "{cell}");
        }
        for cell in ["Long Street", "0x7f00 r w", "10.0.0.1 eth", "a 1", "123456 pieces"] {
            assert_eq!(listed(cell), Some(false), "{cell}");
        }
        let person = "kind = \"name\"\nwithout = [\"ltd\"]";
        assert!(fits(person, "Anna Berg") && !fits(person, "Berg Ltd.") && fits(person, "Maltd"));
    }

    #[test]
    fn senseless_descriptions_are_refused() {
        for toml in [
            "kind = \"name\"\nmin_len = 9\nmax_len = 3",
            "kind = \"name\"\nrange = [1, 2]",
            "kind = \"name\"\nshare = 0.1",
            "kind = \"name\"\nlist_points = 5",
        ] {
            assert!(toml::from_str::<Description>(toml).unwrap().validate().is_err(), "{toml}");
        }
    }
}
