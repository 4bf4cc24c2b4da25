//! What the cells of a column have said: a bounded sample in some detail, and counters of everything.

use std::sync::OnceLock;

use domesday_model::{DetectorId, DistinctSketch};

use super::organisation::{is_book_with_x, is_like_a_version, is_made_up};
use super::routes::{Routes, form_of, is_bare, is_dated};
use crate::verify::Survivor;

/// Forms of cells that are told apart in a column.
const MOST_FORMS: usize = 48;
/// In fewer cells of one form nothing is known for sure.
const FEWEST_ALIKE: u32 = 32;
/// What stands for no value is written in few ways; more are not told apart.
const MOST_STAND_INS: usize = 16;
/// Words from which on a cell is running text.
const RUNNING_WORDS: usize = 9;
/// Detectors that are counted in a column. More accept its values only where all of them do so by chance.
const MOST_HITS: usize = 64;

/// Hashes of values that a sketch is spared, a power of two.
const RECENT: usize = 64;

/// Statistics of one column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Cells of the sample with a value.
    pub(super) values: u64,
    /// Cells of the sample with something that stands for no value.
    pub(super) placeholders: u64,
    /// Cells of the sample that formats count as no value at all, unless they are strings.
    nulls: u64,
    /// Hashes of those, each once: `n/a` and `-` are two.
    stand_ins: Vec<u64>,
    /// Of the values, those that are running text.
    pub(super) running: u64,
    /// Of the values, numbers that a spreadsheet has rounded: `4.11111E+15`.
    pub(super) rounded: u64,
    /// Of the values, those that are nothing but a number.
    pub(super) numbers: u64,
    /// Of the values, names of organisations, …
    pub(super) organisations: u64,
    /// … and their e-mail addresses.
    pub(super) mailboxes: u64,
    /// Of the values, those that are like a version, …
    pub(super) versions: u64,
    /// … addresses that are made up, …
    pub(super) made_up: u64,
    /// … and numbers of books and journals that end with an X.
    pub(super) books: u64,
    /// Hashes of the sample's values.
    hashes: Vec<u64>,
    /// How many of them differ, once that was asked for.
    different: OnceLock<u64>,
    forms: Vec<Form>,
    pub(super) hits: Vec<Hit>,
    /// Numbers of the sample that lack zeros, by detector.
    shortened: Vec<(DetectorId, u64)>,
    /// The sample is of cells behind that of the object.
    pub(super) late: bool,
    /// Own cells of the window that begin before this are in the sample.
    pub(super) sample_end: u32,
    /// Values behind the sample in cells of a form in which nothing of their kind is found.
    pub(super) strays: u64,
    /// Cells behind the sample that were looked at whole, though something or nothing is found in those of their form.
    watched: u64,
    /// Check digits that held in these, of detectors for which they held by chance in the sample.
    by_chance: Vec<(DetectorId, u64)>,
    /// Cells behind the sample with something in them.
    behind: u64,
    /// The distinct values of all cells, where some lie behind the sample.
    sketch: Option<Box<Sketch>>,
    /// Counts for another one, whose limits hold when it is added to that.
    apart: bool,
    /// The sample is complete.
    complete: bool,
}

/// Values of which the last ones are not added again: most columns have few.
#[derive(Clone, Debug)]
struct Sketch {
    distinct: DistinctSketch,
    /// By their last bits, hashes that were added.
    recent: [u64; RECENT],
}

impl Sketch {
    fn add(&mut self, hash: u64) {
        let recent = &mut self.recent[hash as usize % RECENT];
        if *recent != hash {
            *recent = hash;
            self.distinct.add(hash);
        }
    }
}

/// Cells of one form.
#[derive(Clone, Copy, Debug)]
struct Form {
    form: u64,
    cells: u32,
    /// See [`is_bare`].
    bare: bool,
    /// See [`is_dated`].
    dated: bool,
}

/// A form of cells of which a detector has found something in some.
#[derive(Clone, Copy, Debug)]
struct Seen {
    /// Its place in `forms`.
    form: u16,
    cells: u32,
    /// Something spoke for one of the values, or nothing had to.
    proven: bool,
    /// All values begin their cells.
    first: bool,
}

/// What a detector finds in cells that count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Finds {
    Shapes,
    Other,
}

/// How a cell of the sample fits a description: it has a listed word, it is a name with the family name in front, it can hardly be
/// anything but the name of a person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    pub(super) listed: bool,
    pub(super) inverted: bool,
    pub(super) clear: bool,
}

/// What one detector accepts.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) detector: DetectorId,
    /// Whole cells of the sample.
    pub(super) sample: u64,
    /// Whole cells.
    pub(super) all: u64,
    /// Points of all whole cells together.
    points: i64,
    /// Cells of the sample with a word in the description's list.
    pub(super) listed: u64,
    /// Those of them that are a name with the family name in front, …
    pub(super) inverted: u64,
    /// … and those that can hardly be anything but the name of a person.
    pub(super) clear: u64,
    /// Whole cells that only a description accepts.
    pub(super) described: bool,
    /// Cells of the sample with a value in them.
    forms: Vec<Seen>,
}

impl Hit {
    /// The points of a cell by itself.
    pub(super) fn points(&self) -> i32 {
        (self.points / i64::try_from(self.all).unwrap_or(1).max(1)) as i32
    }

    /// Counts cells.
    fn add(&mut self, seen: Seen) {
        match self.forms.iter_mut().find(|known| known.form == seen.form) {
            Some(known) => {
                known.cells += seen.cells;
                known.proven |= seen.proven;
                known.first &= seen.first;
            }
            None => self.forms.push(seen),
        }
    }
}

impl Tally {
    /// Takes a cell of the sample, and its hash.
    pub(super) fn sample(&mut self, value: &[u8], hash: u64) {
        if is_null(value) {
            self.nulls += 1;
            return;
        }
        if is_placeholder(value) {
            self.placeholders += 1;
            self.stand_in(hash);
            return;
        }
        self.values += 1;
        self.hashes.push(hash);
        self.different = OnceLock::new();
        self.running += u64::from(is_running(value));
        self.rounded += u64::from(is_rounded(value));
        self.numbers += u64::from(value.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b',')));
        self.versions += u64::from(is_like_a_version(value));
        self.books += u64::from(is_book_with_x(value));
        self.made_up += u64::from(is_made_up(value));
        let form = form_of(value);
        self.place_of(form, 1, || (is_bare(value), is_dated(value)));
    }

    /// Whether values behind the object's sample are the column's own: it had none before, or what stands for none.
    pub(super) fn samples_late(&self) -> bool {
        !self.complete && (self.values == 0 || self.late && self.values < super::LATE_CELLS)
    }

    /// Whether there may be detectors that are not counted.
    pub(super) fn is_full(&self) -> bool {
        self.hits.len() >= MOST_HITS
    }

    /// Begins anew, to be added to `of`.
    pub(super) fn count_apart(&mut self, of: &Self) {
        let Self { hashes, forms, hits, shortened, .. } = std::mem::take(self);
        *self = Self { hashes, forms, hits, shortened, ..Self::default() };
        self.hashes.clear();
        self.forms.clear();
        self.hits.clear();
        self.shortened.clear();
        self.apart = true;
        self.complete = !of.samples_late();
    }

    /// Whether the sample of `other`, which counts for this one, is part of this one's.
    pub(super) fn has_room_for(&self, other: &Self) -> bool {
        other.values == 0 || self.samples_late() && self.values + other.values <= super::LATE_CELLS
    }

    /// Adds what `other` has counted for this one, behind all that this one has counted.
    pub(super) fn absorb(&mut self, other: &Self) {
        self.late |= other.late;
        self.values += other.values;
        self.placeholders += other.placeholders;
        self.nulls += other.nulls;
        self.running += other.running;
        self.rounded += other.rounded;
        self.numbers += other.numbers;
        self.organisations += other.organisations;
        self.mailboxes += other.mailboxes;
        self.versions += other.versions;
        self.books += other.books;
        self.made_up += other.made_up;
        self.hashes.extend_from_slice(&other.hashes);
        self.different = OnceLock::new();
        other.stand_ins.iter().for_each(|&hash| self.stand_in(hash));
        let places = other
            .forms
            .iter()
            .map(|&Form { form, cells, bare, dated }| self.place_of(form, cells, || (bare, dated)));
        let forms: Vec<_> = places.collect();
        other.shortened.iter().for_each(|&(detector, numbers)| self.shorten(detector, numbers));
        for other in &other.hits {
            let Some(hit) = self.of(other.detector, other.described) else { continue };
            hit.all += other.all;
            hit.points += other.points;
            hit.sample += other.sample;
            hit.listed += other.listed;
            hit.inverted += other.inverted;
            hit.clear += other.clear;
            let known = |seen: &Seen| Some(Seen { form: forms[usize::from(seen.form)]?, ..*seen });
            other.forms.iter().filter_map(known).for_each(|seen| hit.add(seen));
        }
        self.strays += other.strays;
        self.watched += other.watched;
        other.by_chance.iter().for_each(|&(detector, values)| self.stray_by_chance(detector, values));
        self.behind += other.behind;
        if let Some(other) = &other.sketch {
            self.sketch().distinct.join(&other.distinct);
        }
    }

    /// Takes what stands for no value, by its hash.
    fn stand_in(&mut self, hash: u64) {
        let has_room = self.apart || self.stand_ins.len() < MOST_STAND_INS;
        if has_room && !self.stand_ins.contains(&hash) {
            self.stand_ins.push(hash);
        }
    }

    /// The distinct values of all cells. The sample of one that counts apart is left to the one that it is added to.
    fn sketch(&mut self) -> &mut Sketch {
        let Self { sketch, hashes, stand_ins, apart, .. } = self;
        sketch.get_or_insert_with(|| {
            let mut sketch = Sketch { distinct: DistinctSketch::new(), recent: [0; RECENT] };
            let sampled = hashes.iter().chain(&*stand_ins).filter(|_| !*apart);
            sampled.for_each(|hash| sketch.distinct.add(*hash));
            Box::new(sketch)
        })
    }

    /// Counts cells of a form; its place, unless there are too many.
    fn place_of(&mut self, form: u64, cells: u32, look: impl FnOnce() -> (bool, bool)) -> Option<u16> {
        let at = self.forms.iter().position(|known| known.form == form);
        match at {
            Some(at) => self.forms[at].cells += cells,
            None if self.apart || self.forms.len() < MOST_FORMS => {
                let (bare, dated) = look();
                self.forms.push(Form { form, cells, bare, dated });
            }
            None => return None,
        }
        Some(at.unwrap_or(self.forms.len() - 1) as u16)
    }

    /// Takes numbers of the sample that a detector would accept with zeros before them.
    pub(super) fn shorten(&mut self, detector: DetectorId, numbers: u64) {
        match self.shortened.iter_mut().find(|(known, _)| *known == detector) {
            Some((_, cells)) => *cells += numbers,
            None => self.shortened.push((detector, numbers)),
        }
    }

    /// Takes a cell behind the sample that is looked at whole.
    pub(super) fn watch(&mut self) {
        self.watched += 1;
    }

    /// Takes values in such cells of a detector whose check digits held by chance before.
    pub(super) fn stray_by_chance(&mut self, detector: DetectorId, values: u64) {
        match self.by_chance.iter_mut().find(|(known, _)| *known == detector) {
            Some((_, known)) => *known += values,
            None => self.by_chance.push((detector, values)),
        }
    }

    /// Whether check digits that held by chance in the sample hold in more than this share of the cells behind it.
    pub(super) fn is_chance_no_more(&self, detector: DetectorId, share: f64) -> bool {
        let values =
            self.by_chance.iter().find(|(known, _)| *known == detector).map_or(0, |(_, values)| *values);
        values >= super::decide::CHANCE_CELLS && values as f64 > share * self.watched as f64
    }

    /// The same of any detector.
    pub(super) fn has_changed(&self, share: f64) -> bool {
        self.by_chance.iter().any(|(detector, _)| self.is_chance_no_more(*detector, share))
    }

    /// Of the sample, the numbers that a detector would accept with zeros before them.
    pub(super) fn shortened(&self, detector: DetectorId) -> u64 {
        self.shortened.iter().find(|(known, _)| *known == detector).map_or(0, |(_, cells)| *cells)
    }

    /// Takes a cell that fits a detector's description, and how one of the sample does.
    pub(super) fn fit(&mut self, detector: DetectorId, points: i32, in_sample: Option<Fit>) {
        let Some(hit) = self.of(detector, true) else { return };
        hit.all += 1;
        hit.points += i64::from(points);
        if let Some(fit) = in_sample {
            hit.sample += 1;
            hit.listed += u64::from(fit.listed);
            hit.inverted += u64::from(fit.inverted);
            hit.clear += u64::from(fit.clear);
        }
    }

    /// Takes a value that a detector accepts in a cell of the sample, or elsewhere. It is `proven` where something speaks
    /// for it, or nothing has to, and `first` where it begins the cell.
    pub(super) fn hit(
        &mut self,
        survivor: &Survivor,
        (proven, first): (bool, bool),
        whole: bool,
        in_sample: Option<&[u8]>,
    ) {
        let form = in_sample.and_then(|cell| {
            let form = form_of(cell);
            self.forms.iter().position(|known| known.form == form)
        });
        let Some(hit) = self.of(survivor.detector, false) else { return };
        if whole {
            hit.all += 1;
            hit.points += i64::from(survivor.points);
            hit.sample += u64::from(in_sample.is_some());
        }
        if let Some(form) = form {
            hit.add(Seen { form: form as u16, cells: 1, proven, first });
        }
    }

    /// The forms of cells in which detectors of shapes find something or nothing for sure, and which of them do. `finds` tells
    /// whether what a detector has found is anything; it is asked with whether something spoke for it.
    pub(super) fn routes(&self, finds: impl Fn(DetectorId, bool) -> Option<Finds>) -> Routes {
        let mut routes = Routes::default();
        // What is not counted is not known.
        if self.late || self.is_full() {
            return routes;
        }
        for (i, form) in self.forms.iter().enumerate() {
            if !form.bare || form.cells < FEWEST_ALIKE {
                continue;
            }
            let found = self.hits.iter().filter(|hit| !hit.described).filter_map(|hit| {
                let seen = hit.forms.iter().find(|seen| usize::from(seen.form) == i)?;
                Some((hit.detector, seen.first, finds(hit.detector, seen.proven)?))
            });
            if !found.clone().any(|(_, _, finds)| finds == Finds::Other) {
                routes.add(form.form, form.dated, found.map(|(detector, first, _)| (detector, first)));
            }
        }
        routes
    }

    fn of(&mut self, detector: DetectorId, described: bool) -> Option<&mut Hit> {
        let is = |hit: &Hit| hit.detector == detector && hit.described == described;
        match self.hits.iter().position(is) {
            Some(at) => Some(&mut self.hits[at]),
            None if self.apart || self.hits.len() < MOST_HITS => {
                let forms = Vec::new();
                let (sample, all, points, listed, inverted, clear) = (0, 0, 0, 0, 0, 0);
                let none = Hit { detector, sample, all, points, listed, inverted, clear, described, forms };
                self.hits.push(none);
                self.hits.last_mut()
            }
            None => None,
        }
    }

    /// Distinct values of the sample. `None` without a sample.
    pub(super) fn distinct(&self) -> Option<u64> {
        let count = || {
            let mut hashes = self.hashes.clone();
            hashes.sort_unstable();
            hashes.dedup();
            hashes.len() as u64
        };
        (self.values > 0).then(|| *self.different.get_or_init(count))
    }

    /// The same with what stands for no value. `None` without either.
    fn distinct_cells(&self) -> Option<u64> {
        let stand_ins = self.stand_ins.len() as u64;
        self.distinct().map(|distinct| distinct + stand_ins).or_else(|| (stand_ins > 0).then_some(stand_ins))
    }

    /// Takes a cell behind the sample, and its hash.
    pub(super) fn pass(&mut self, value: &[u8], hash: u64) {
        self.behind += 1;
        let sketch = self.sketch();
        if !is_null(value) {
            sketch.add(hash);
        }
    }

    /// Distinct values of all cells, about, with what stands for no value. `None` unless those are as many as `cells`.
    pub(super) fn distinct_of(&self, cells: u64) -> Option<u64> {
        if self.values + self.placeholders + self.nulls + self.behind < cells {
            return None;
        }
        match &self.sketch {
            // No estimate is exact, and none may be more than there are.
            Some(sketch) => Some(sketch.distinct.estimate().min(cells)),
            None => self.distinct_cells().map(|distinct| distinct.min(cells)),
        }
    }

    /// Of the cells that look like those in which a detector accepts something: how many there are, and in how many
    /// it does. A cell with two such values counts twice.
    pub(super) fn likes(&self, hit: &Hit) -> (u64, u64) {
        let cells = hit.forms.iter().map(|seen| u64::from(self.forms[usize::from(seen.form)].cells)).sum();
        (cells, hit.forms.iter().map(|seen| u64::from(seen.cells)).sum())
    }
}

fn is_running(value: &[u8]) -> bool {
    value.len() > super::description::LONGEST_CELL
        || value.len() > 2 * RUNNING_WORDS
            && value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count() >= RUNNING_WORDS
}

/// Whether a spreadsheet has written a long number as `4.11111E+15`, or kept as many of its digits as it can.
fn is_rounded(value: &[u8]) -> bool {
    const DIGITS: usize = 15;
    if value.len() > DIGITS && value[DIGITS..].iter().all(|&byte| byte == b'0') {
        return value[..DIGITS].iter().all(u8::is_ascii_digit);
    }
    if !value.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let Some(at) = value.iter().position(|b| matches!(b, b'E' | b'e')) else { return false };
    let (number, exponent) = (&value[..at], &value[at + 1..]);
    let digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let fraction =
        number.get(1).is_none_or(|b| matches!(b, b'.' | b',')) && number.get(2..).is_none_or(digits);
    // Numbers of fewer digits are shown whole.
    fraction && exponent.first() == Some(&b'+') && matches!(exponent.len(), 2..=3) && digits(&exponent[1..])
}

/// Whether a cell is no value at all, as formats count them.
#[inline]
fn is_null(value: &[u8]) -> bool {
    value.is_empty() || value.eq_ignore_ascii_case(b"null") || value == b"\\N"
}

/// Longest text that stands for no value.
const LONGEST_PLACEHOLDER: usize = 20;

/// Whether a value is what people and programs write where there is none, or names where it is kept.
pub(crate) fn is_placeholder(value: &[u8]) -> bool {
    // `${DB_PASSWORD}`, `{{ vault_password }}`, `<your password>`, `%PASSWORD%`
    let is_reference = match value {
        [b'$', b'{', .., b'}'] | [b'{', b'{', .., b'}', b'}'] => true,
        // `<anna@corp.de>` is an address.
        [b'<', inner @ .., b'>'] | [b'%', inner @ .., b'%'] => {
            inner.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'_' | b'-'))
        }
        _ => false,
    };
    if is_reference {
        return true;
    }
    if value.len() > LONGEST_PLACEHOLDER {
        return false;
    }
    let mut folded = [0; LONGEST_PLACEHOLDER];
    let mut len = 0;
    for &byte in value {
        if byte.is_ascii_digit() || byte >= 0x80 {
            return false;
        }
        if byte.is_ascii_alphabetic() {
            folded[len] = byte.to_ascii_lowercase();
            len += 1;
        }
    }
    matches!(
        &folded[..len],
        b"" | b"anonymised"
            | b"anonymized"
            | b"anonymous"
            | b"bilinmiyor"
            | b"brak"
            | b"brakdanych"
            | b"confidential"
            | b"desconhecido"
            | b"desconocida"
            | b"desconocido"
            | b"empty"
            | b"geen"
            | b"inconnu"
            | b"inconnue"
            | b"ka"
            | b"keine"
            | b"keineangabe"
            | b"leer"
            | b"missing"
            | b"na"
            | b"nan"
            | b"neuvedeno"
            | b"neznamy"
            | b"nichtbekannt"
            | b"nieznane"
            | b"nieznany"
            | b"nil"
            | b"nill"
            | b"noanswer"
            | b"noaplica"
            | b"noconsta"
            | b"nodata"
            | b"noentry"
            | b"noinformation"
            | b"none"
            | b"noresponse"
            | b"notanswered"
            | b"notapplicable"
            | b"notasked"
            | b"notavailable"
            | b"notdisclosed"
            | b"notentered"
            | b"notgiven"
            | b"notknown"
            | b"notprovided"
            | b"notrecorded"
            | b"notreported"
            | b"notset"
            | b"notspecified"
            | b"notstated"
            | b"novalue"
            | b"null"
            | b"nv"
            | b"ohneangabe"
            | b"onbekend"
            | b"redacted"
            | b"sconosciuto"
            | b"sindatos"
            | b"tba"
            | b"tbc"
            | b"tbd"
            | b"tobeconfirmed"
            | b"tobedetermined"
            | b"tuntematon"
            | b"ukendt"
            | b"ukjent"
            | b"unbekannt"
            | b"undefined"
            | b"unknown"
            | b"unspecified"
            | b"withheld"
            | b"xxx"
            | b"xxxx"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_no_values() {
        for text in [
            "",
            "-",
            "--",
            "N/A",
            "n.a.",
            "NULL",
            "k.A.",
            "Unbekannt",
            "#N/A",
            "?",
            "not recorded",
            "Not Asked",
        ] {
            assert!(is_placeholder(text.as_bytes()), "{text}");
        }
        for text in ["0", "Nadia", "No", "x", "男", "no name given at all"] {
            assert!(!is_placeholder(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn numbers_that_a_spreadsheet_rounded_are_told() {
        for text in ["4.11111E+15", "4,53931605E+15", "5E+15", "4111111111111110", "12345678901234500"] {
            assert!(is_rounded(text.as_bytes()), "{text}");
        }
        for text in [
            "4.1E-5",
            "E+15",
            "12.5E+15",
            "4.11111E15",
            "4.1",
            "4.xE+15",
            "A4E+15",
            "4111111111111111",
            "411111111111100",
        ] {
            assert!(!is_rounded(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn running_text_has_many_words() {
        assert!(is_running(b"he called at noon and asked us for the new card"));
        assert!(!is_running(b"12 Long Street Apartment 4 Leeds"));
    }
}
