//! Forms: lists of labels with their values, one pair a line, as they are filled in about one person. They look like tables of two
//! columns (`| Date of birth | 09/11/1949 |`, with tabs, blanks, in boxes) and are none: each of them is a record whose columns are the
//! labels.
//!
//! A list of labels is told from a table of two columns by three signs together: few rows with labels that differ and are
//! a few words of letters; some of them what values are called by, as the target knows; and values that differ in kind. One sign is not
//! enough: settings have the first, a list of fields with their types the second, prices the third.
//!
//! The beginning of a text shows which labels it has. A line anywhere in the text is a pair when it begins with one of them:
//! that is decided by the line alone, however large the text is. Rejected: to read such a list as text with words before
//! its values, which finds less, for what a value is called says more in a header.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::Target;
use crate::boxes::{self, STROKE_BYTES, is_upright};
use crate::columns::{DATE, TEXT, types_of};
use crate::dialect::is_value;
use crate::records::markdown::has_table;
use crate::sample::{ruler_at, unquoted};

/// What stands between a label and its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mark {
    /// `| label | value |`, with or without the outer ones.
    Bar,
    /// The same in a box.
    Upright,
    /// One tab or more.
    Tab,
    /// Two blanks or more.
    Blanks,
    /// A comma or semicolon. Cells may stand in quotation marks.
    Delimiter(u8),
}

/// Marks in texts. What is drawn may hold the others.
const IN_TEXT: [Mark; 5] = [Mark::Upright, Mark::Bar, Mark::Tab, Mark::Delimiter(b';'), Mark::Blanks];

/// Rows of a list: fewer show nothing, and more are a table.
const ROWS: std::ops::RangeInclusive<usize> = 3..=80;
/// Labels that the target must know, and one of so many of the list.
const LEAST_KNOWN: usize = 2;
const KNOWN_OF: usize = 4;
/// One row of so many may have a label that is none.
const ODD_OF: usize = 6;
/// Labels that are full names, of which so many make them a list of people.
const MOST_PEOPLE: usize = 1;
/// Labels of one text that are looked at.
const MOST_LABELS: usize = 1000;
/// What stands above the second column of a table that describes fields: `| Field | Type |`.
const OF_FIELDS: [&str; 42] = [
    "type",
    "data type",
    "datatype",
    "description",
    "meaning",
    "format",
    "length",
    "required",
    "mandatory",
    "default",
    "example",
    "comment",
    "notes",
    "remarks",
    "rule",
    "validation",
    "purpose",
    "definition",
    "explanation",
    "typ",
    "datentyp",
    "beschreibung",
    "bedeutung",
    "länge",
    "pflicht",
    "beispiel",
    "bemerkung",
    "exemple",
    "signification",
    "tipo",
    "descripción",
    "descrição",
    "descrizione",
    "ejemplo",
    "exemplo",
    "esempio",
    "opis",
    "тип",
    "описание",
    "説明",
    "说明",
    "类型",
];
/// Bytes, words and digits of a label.
const LABEL_BYTES: usize = 64;
const LABEL_WORDS: usize = 7;
const LABEL_DIGITS: usize = 2;
/// Bytes of a label that ends with a point.
const SHORTENED: usize = 32;
/// Bytes in which a label ends, with what is around it.
const REACH: usize = LABEL_BYTES + 16;
/// Bytes of a line that stands between the rows of a list: a title, a label without a value.
const TITLE_BYTES: usize = 60;
/// Such lines, and blank ones, that part no list.
const MOST_BETWEEN: usize = 2;
/// Values of nearly all rows may be of one kind.
const SAME_OF: (usize, usize) = (9, 10);

/// What a line of a list says, as ranges of its bytes. The value may be empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    pub(crate) label: Range<usize>,
    pub(crate) value: Range<usize>,
}

/// What the first cell of a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// A label, by its number.
    Label(usize),
    /// Of the line that heads a list: `| Field | Value |`.
    Heading,
}

/// The lists of a text.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) marks: Vec<Mark>,
    labels: HashMap<Box<[u8]>, Role>,
    /// Number of labels.
    pub(crate) count: usize,
    /// Other lines may be those of tables in Markdown.
    pub(crate) markdown: bool,
}

impl Form {
    /// The lists in a text that begins with `text`, which is all of it when `whole`; nothing where it has none, or other tables
    /// as well.
    pub(crate) fn of_text(text: &[u8], whole: bool, target: &dyn Target) -> Option<Self> {
        let form = Self::of(&IN_TEXT, text, whole, target)?;
        (form.markdown && has_table(text) || !form.leaves_a_table(text)).then_some(form)
    }

    /// The same of Markdown, whose tables are known by themselves.
    pub(crate) fn of_markdown(text: &[u8], whole: bool, target: &dyn Target) -> Option<Self> {
        Self::of(&[Mark::Bar], text, whole, target)
    }

    /// The same of a file of that extension for tables: nothing where a line is none of a list.
    pub(crate) fn of_csv(extension: &str, text: &[u8], whole: bool, target: &dyn Target) -> Option<Self> {
        let marks: &[Mark] = match extension {
            "tsv" | "tab" => &[Mark::Tab],
            "psv" => &[Mark::Bar],
            _ => &[Mark::Delimiter(b';'), Mark::Delimiter(b','), Mark::Tab, Mark::Bar],
        };
        let first = text.split(|&b| b == b'\n').find(|line| !line.trim_ascii().is_empty())?;
        let mark = marks.iter().find(|mark| mark.row(first).is_some())?;
        let form = Self::of(&[*mark], text, whole, target)?;
        let is_other =
            |line: &[u8]| !line.trim_ascii().is_empty() && form.row(line).is_none() && !mark.is_ruler(line);
        let lines = || complete(text, whole).split(|&b| b == b'\n');
        (lines().filter(|line| is_other(line)).count() * ODD_OF <= lines().count()).then_some(form)
    }

    fn of(marks: &[Mark], text: &[u8], whole: bool, target: &dyn Target) -> Option<Self> {
        let mut form = Self { marks: Vec::new(), labels: HashMap::new(), count: 0, markdown: false };
        let mut asked = 0;
        each_list(marks, complete(text, whole), |mark, list| {
            let is_known = || list.rows.iter().all(|line| form.labels.contains_key(line.label()));
            if asked > MOST_LABELS || !list.may_be_one(mark) || is_known() {
                return;
            }
            asked += list.rows.len();
            if list.is_one(target) {
                form.add(mark, list, target);
            }
        });
        form.markdown = form.marks.contains(&Mark::Bar);
        (form.count > 0).then_some(form)
    }

    fn add(&mut self, mark: Mark, list: &List<'_>, target: &dyn Target) {
        if !self.marks.contains(&mark) {
            self.marks.push(mark);
        }
        for (line, at) in list.rows.iter().zip(0..) {
            let label = line.label();
            let is_heading = at == 0 && list.headed && !is_named(label, target) && !is_value(line.value());
            if is_heading {
                self.labels.entry(label.into()).or_insert(Role::Heading);
            } else if is_label(label) && !self.labels.contains_key(label) {
                self.labels.insert(label.into(), Role::Label(self.count));
                self.count += 1;
            }
        }
    }

    /// What the line is, if it begins with a label; it may be cut behind that.
    #[inline]
    pub(crate) fn row(&self, line: &[u8]) -> Option<(Role, Mark, Row)> {
        self.marks.iter().find_map(|&mark| {
            let row = mark.row(line)?;
            Some((*self.labels.get(bare(&line[row.label.clone()]))?, mark, row))
        })
    }

    /// The label as it is written in the first cell of a row.
    pub(crate) fn name<'a>(&self, cell: &'a [u8]) -> &'a [u8] {
        bare(cell)
    }

    /// Whether a line is drawn above, between or below rows.
    #[inline]
    pub(crate) fn is_ruler(&self, line: &[u8]) -> bool {
        self.marks.iter().any(|mark| mark.is_ruler(line))
    }

    /// Whether lines beside those of the lists are rows of a drawn table.
    fn leaves_a_table(&self, text: &[u8]) -> bool {
        let bars = |line: &[u8]| line.iter().filter(|&&b| b == b'|').count();
        let is_row = |line: &[u8]| match memchr::memchr2(b'|', boxes::LEAD, line) {
            None => false,
            Some(_) => bars(line) > 3 || boxes::uprights(line) > 3,
        };
        text.split(|&b| b == b'\n').any(is_row)
    }
}

/// A row in its line.
struct Line<'a> {
    text: &'a [u8],
    row: Row,
}

impl<'a> Line<'a> {
    fn label(&self) -> &'a [u8] {
        bare(&self.text[self.row.label.clone()])
    }

    fn value(&self) -> &'a [u8] {
        &self.text[self.row.value.clone()]
    }
}

/// Rows with labels that differ.
#[derive(Default)]
struct List<'a> {
    rows: Vec<Line<'a>>,
    /// A line is drawn below its first row.
    headed: bool,
    /// Lines that are none since its last row.
    others: usize,
}

/// Calls `each` with the rows of a text that may be lists, and with what stands between labels and values there.
fn each_list<'a>(marks: &[Mark], text: &'a [u8], mut each: impl FnMut(Mark, &List<'a>)) {
    let mut close = |list: Option<(Mark, List<'a>)>| {
        if let Some((mark, list)) = list.filter(|(_, list)| ROWS.contains(&list.rows.len())) {
            each(mark, &list);
        }
    };
    let (mut open, mut behind) = (None::<(Mark, List<'a>)>, 0);
    for (place, has) in marked(marks, text) {
        let (between, line) = (&text[behind..place.start], &text[place.clone()]);
        behind = text.len().min(place.end + 1);
        close(open.take_if(|(mark, list)| !list.goes_on(*mark, between)));
        let row = |mark: &Mark| {
            let row = mark.row(line)?;
            let is_row = is_worded(bare(&line[row.label.clone()])) && !mark.is_ruler(line);
            is_row.then_some((*mark, Line { text: line, row }))
        };
        let tried = marks.iter().zip(0..).filter(|(_, at)| has & (1 << at) != 0);
        let Some((mark, row)) = tried.into_iter().find_map(|(mark, _)| row(mark)) else {
            close(open.take_if(|(mark, list)| !list.goes_on(*mark, line)));
            continue;
        };
        if let Some((_, list)) = open.as_mut().filter(|(known, list)| *known == mark && list.lacks(&row)) {
            list.push(row);
        } else {
            let list = List { rows: vec![row], ..List::default() };
            close(open.replace((mark, list)));
        }
    }
    close(open);
}

/// The lines of a text that have one of these marks somewhere, and bits for those that a label may end at.
fn marked<'a>(marks: &[Mark], text: &'a [u8]) -> impl Iterator<Item = (Range<usize>, u8)> + 'a {
    let blanks = memchr::memmem::Finder::new(b"  ");
    let mut next: Vec<(Mark, usize)> = marks.iter().map(|mark| (*mark, 0)).collect();
    let mut at = 0;
    std::iter::from_fn(move || {
        for (mark, place) in next.iter_mut().filter(|(_, place)| *place <= at) {
            let rest = text.get(at..)?;
            let found = match mark {
                Mark::Bar => memchr::memchr(b'|', rest),
                Mark::Upright => memchr::memchr(boxes::LEAD, rest),
                Mark::Tab => memchr::memchr(b'\t', rest),
                Mark::Blanks => blanks.find(rest),
                Mark::Delimiter(delimiter) => memchr::memchr(*delimiter, rest),
            };
            *place = found.map_or(usize::MAX, |n| at + n);
        }
        let first = next.iter().map(|(_, place)| *place).min().filter(|&place| place < text.len())?;
        let start = memchr::memrchr(b'\n', &text[at..first]).map_or(at, |feed| at + feed + 1);
        let end = memchr::memchr(b'\n', &text[first..]).map_or(text.len(), |feed| first + feed);
        let indent = text[start..end].iter().take_while(|b| is_blank(b)).count();
        let near = start + indent + REACH;
        let has = next.iter().zip(0..).filter(|((_, place), _)| *place < end.min(near));
        at = end + 1;
        Some((start..end, has.fold(0, |bits, (_, at)| bits | 1 << at)))
    })
}

impl<'a> List<'a> {
    fn push(&mut self, line: Line<'a>) {
        self.others = 0;
        if self.rows.len() <= *ROWS.end() {
            self.rows.push(line);
        }
    }

    /// Whether no row of it has the label of another one. Of more rows than a list has that need not be known.
    fn lacks(&self, line: &Line<'_>) -> bool {
        let label = line.label();
        self.rows.len() > *ROWS.end() || !self.rows.iter().any(|row| row.label() == label)
    }

    /// Whether it may go on behind lines that are no rows.
    fn goes_on(&mut self, mark: Mark, lines: &[u8]) -> bool {
        let mut lines = lines.split_inclusive(|&b| b == b'\n');
        lines.all(|line| {
            let is_ruler = mark.is_ruler(line);
            self.headed |= is_ruler && self.rows.len() == 1;
            self.others += usize::from(!is_ruler);
            is_ruler || self.others <= MOST_BETWEEN && line.len() <= TITLE_BYTES
        })
    }

    /// Whether it looks like a list of labels.
    fn may_be_one(&self, mark: Mark) -> bool {
        let count = self.rows.len();
        let odd = || self.rows.iter().filter(|line| !is_label(line.label())).count();
        !self.describes_fields()
            && self.differs_in_kind()
            && odd() * ODD_OF <= count
            && (mark != Mark::Blanks || self.is_aligned())
    }

    /// Whether that is what it is, and no table.
    fn is_one(&self, target: &dyn Target) -> bool {
        let labels = || self.rows.iter().map(Line::label);
        let known = labels().filter(|label| is_named(label, target)).count();
        let people = || labels().filter(|label| is_person(label, target)).count();
        known >= LEAST_KNOWN && known * KNOWN_OF >= self.rows.len() && people() <= MOST_PEOPLE
    }

    /// Whether its first row says that the others are about fields, which have no values.
    fn describes_fields(&self) -> bool {
        let first = self.rows.first().map(|line| String::from_utf8_lossy(bare(line.value())).to_lowercase());
        first.is_some_and(|first| OF_FIELDS.contains(&first.as_str()))
    }

    /// Whether values are of more than one kind, and not all of them words.
    fn differs_in_kind(&self) -> bool {
        let mut counts = [0; KINDS];
        let (mut values, mut distinct) = (0, HashSet::new());
        for value in self.rows.iter().map(Line::value).filter(|value| !value.is_empty()) {
            counts[kind(value)] += 1;
            values += 1;
            distinct.insert(value);
        }
        let most = counts.iter().max().copied().unwrap_or_default();
        // What has no letter, a date or an address of mail is a value; words may be anything.
        let proper: usize = counts[1..].iter().sum();
        let (of, in_all) = SAME_OF;
        values >= *ROWS.start()
            && proper > 0
            && most * in_all <= values * of
            && 4 * distinct.len() >= 3 * values
    }

    /// Whether most values begin below each other, by the number of characters or by the room that they take.
    fn is_aligned(&self) -> bool {
        let places = |of: fn(&[u8]) -> usize| -> Vec<usize> {
            self.rows.iter().map(|line| of(&line.text[..line.row.value.start])).collect()
        };
        [places(characters), places(room)].iter().any(|places| {
            let alike = |place: &usize| places.iter().filter(|other| *other == place).count();
            places.iter().map(alike).max().unwrap_or_default() * 3 >= places.len() * 2
        })
    }
}

/// Kinds of values: words, numbers, dates, addresses of mail, and others with digits.
const KINDS: usize = 5;

fn kind(value: &[u8]) -> usize {
    let types = types_of(value);
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
    match types {
        DATE => 2,
        TEXT if value.contains(&b'@') => 3,
        TEXT if digits > letters => 4,
        TEXT => 0,
        _ => 1,
    }
}

fn characters(text: &[u8]) -> usize {
    text.iter().filter(|b| **b & 0xC0 != 0x80).count()
}

/// As wide as a text is where the characters of Chinese, Japanese and Korean are twice as wide as others.
fn room(text: &[u8]) -> usize {
    characters(text) + text.iter().filter(|b| (0xE3..=0xED).contains(*b)).count()
}

/// Whether the target knows what a label calls.
fn is_named(label: &[u8], target: &dyn Target) -> bool {
    std::str::from_utf8(label).is_ok_and(|label| target.names_values(label))
}

fn is_person(label: &[u8], target: &dyn Target) -> bool {
    let Ok(label) = std::str::from_utf8(label) else { return false };
    let words: Vec<&str> = label.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    words.len() > 1 && target.is_full_name(&words)
}

/// Whether a text has hardly a digit, as what may be a label.
#[inline]
fn is_worded(label: &[u8]) -> bool {
    label.len() > 1
        && label.len() <= LABEL_BYTES
        && label.iter().filter(|b| b.is_ascii_digit()).count() <= LABEL_DIGITS
}

/// Whether a text may be a label: a few words of letters, and no name that programs use.
fn is_label(label: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(label) else { return false };
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_no_mark = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !" -./()'\"&#,:*+?".contains(c);
    // `userName`, `server.port`
    let is_of_code = text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.contains(' ')
        && (text.contains(|c: char| c.is_ascii_uppercase())
            || text.split('.').filter(|part| part.len() > 2).count() > 1);
    is_worded(label)
        && 2 * letters >= text.chars().filter(|c| *c != ' ').count()
        && text.split_whitespace().count() <= LABEL_WORDS
        && !text.contains(is_no_mark)
        && !is_of_code
}

/// A label without what makes it bold, slanted or code, and without the colon behind it.
fn bare(label: &[u8]) -> &[u8] {
    let is_drawn = |b: &u8| matches!(b, b' ' | b'*' | b'_' | b'`' | b'"' | b':');
    let start = label.iter().position(|b| !is_drawn(b)).unwrap_or(label.len());
    let end = label.iter().rposition(|b| !is_drawn(b)).map_or(start, |at| at + 1);
    &label[start..end]
}

/// Without a line that is cut.
fn complete(text: &[u8], whole: bool) -> &[u8] {
    match memchr::memrchr(b'\n', text) {
        Some(end) if !whole => &text[..end],
        _ => text,
    }
}

impl Mark {
    /// The label and the value of a line, if it has two cells; it may be cut behind the beginning of the second one.
    #[inline]
    pub(crate) fn row(self, line: &[u8]) -> Option<Row> {
        let all = filled(line, 0..line.len());
        let head = all.start..all.end.min(all.start + REACH);
        match self {
            Self::Bar => {
                let start = all.start + usize::from(line.get(all.start) == Some(&b'|'));
                let first = start + memchr::memchr(b'|', line.get(start..head.end)?)?;
                let second = bar(line, first + 1..all.end).unwrap_or(all.end);
                Self::cells(line, start..first, first + 1..second, second + 1..all.end)
            }
            Self::Upright => {
                memchr::memchr(boxes::LEAD, &line[head])?;
                let start = all.start + STROKE_BYTES * usize::from(is_upright(&line[all.start..]));
                let strokes = memchr::memchr_iter(boxes::LEAD, &line[start..all.end]).map(|at| start + at);
                let mut strokes = strokes.filter(|&at| is_upright(&line[at..]));
                let first = strokes.next()?;
                let second = strokes.next().unwrap_or(all.end);
                let rest = second + STROKE_BYTES..all.end;
                Self::cells(line, start..first, first + STROKE_BYTES..second, rest)
            }
            Self::Tab => {
                let first = all.start + memchr::memchr(b'\t', &line[head])?;
                let value = filled(line, first..all.end);
                let is_one = !line[value.clone()].contains(&b'\t');
                is_one.then(|| Self::cells(line, all.start..first, value, 0..0)).flatten()
            }
            Self::Blanks => {
                let first = all.start + line[head].windows(2).position(|pair| pair == b"  ")?;
                // A colon is a mark of its own, and a sentence no label, but it may be cut short: `Employee no.`
                let is_end = match line[first - 1] {
                    b'.' => first - all.start > SHORTENED,
                    last => b":,;!?-".contains(&last),
                };
                if is_end {
                    return None;
                }
                let value = filled(line, first..all.end);
                let is_one = !line[value.clone()].windows(3).any(|three| three == b"   ");
                is_one.then(|| Self::cells(line, all.start..first, value, 0..0)).flatten()
            }
            Self::Delimiter(delimiter) => {
                memchr::memchr(delimiter, &line[head])?;
                let first = cell_end(line, all.clone(), delimiter)?;
                let second = cell_end(line, first + 1..all.end, delimiter).unwrap_or(all.end);
                let is_over = line[second..all.end].iter().all(|&b| b == delimiter || b == b' ');
                let value = within(line, filled(line, first + 1..second));
                let label = within(line, filled(line, all.start..first));
                (is_over && !label.is_empty() && !value.is_empty()).then_some(Row { label, value })
            }
        }
    }

    /// The row with these cells, if nothing stands behind them.
    fn cells(line: &[u8], label: Range<usize>, value: Range<usize>, rest: Range<usize>) -> Option<Row> {
        let label = filled(line, label);
        let is_over = line.get(rest).is_none_or(|rest| rest.trim_ascii().is_empty());
        (is_over && !label.is_empty()).then(|| Row { label, value: filled(line, value) })
    }

    /// Whether a line is drawn: `|---|---|`, `├───┼───┤`.
    #[inline]
    fn is_ruler(self, line: &[u8]) -> bool {
        match self {
            Self::Bar => ruler_at(line, b"|+"),
            Self::Upright => boxes::joints(line).is_some(),
            Self::Blanks => ruler_at(line, b"-"),
            Self::Tab | Self::Delimiter(_) => false,
        }
    }
}

const fn is_blank(byte: &u8) -> bool {
    matches!(*byte, b' ' | b'\t')
}

/// The next bar without a backslash before it.
fn bar(line: &[u8], range: Range<usize>) -> Option<usize> {
    let mut bars = memchr::memchr_iter(b'|', line.get(range.clone())?).map(|at| range.start + at);
    bars.find(|&at| line[at - 1] != b'\\')
}

/// Where a cell ends that begins at the start of `range`: at the delimiter that follows it.
fn cell_end(line: &[u8], range: Range<usize>, delimiter: u8) -> Option<usize> {
    let start = filled(line, range.clone()).start;
    let quoted = (line.get(start) == Some(&b'"')).then(|| memchr::memchr(b'"', &line[start + 1..range.end]));
    let from = match quoted {
        Some(closing) => start + 1 + closing? + 1,
        None => range.start,
    };
    memchr::memchr(delimiter, &line[from..range.end]).map(|at| from + at)
}

/// `range` without the quotation marks around it.
fn within(line: &[u8], range: Range<usize>) -> Range<usize> {
    let inner = unquoted(&line[range.clone()], Some(b'"')).len();
    if inner + 2 == range.len() { range.start + 1..range.end - 1 } else { range }
}

/// `range` without the blanks at its ends.
fn filled(line: &[u8], range: Range<usize>) -> Range<usize> {
    crate::fixed::filled(line, range)
}
