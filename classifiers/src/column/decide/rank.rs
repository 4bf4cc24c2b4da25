//! What each kind that a column may hold is worth: by its header, its values and its neighbours.

use domesday_model::{ColumnPoints, Confidence, DetectorId, Fact, FactKind, TokenKind};

use super::{Evidence, FEW, LISTED_VALUES, MOSTLY, NEARLY_ALL, REPORTED, share};
use crate::checksum::Checksum;
use crate::column::header::Persons;
use crate::column::neighbours::Part;
use crate::column::people::{Sign, is_place};
use crate::column::tally::{Hit, Tally};
use crate::column::{ColumnContext, FORMED, Kind, Unnamed, is_formed};
use crate::plan::{Rest, Speaks};
use crate::score::PHRASE;

/// What a kind must be worth to be one.
const LEAST_KIND: i32 = 300;
/// Share of the values that a kind must have which the header names, or which is worth reporting by itself.
const MIXED: f64 = 0.2;
/// Share of the numbers of books and journals that end with an X is one in eleven.
const BOOKS: f64 = 0.03;
/// Points for nearly all values, and for most.
const RATIO: [(f64, i32); 2] = [(0.95, 100), (0.8, 50)];
/// Points for check digits that cannot all hold by chance.
const PROOF: i32 = 250;
/// Points for a column of nothing but listed words, which vary.
const LISTED: i32 = 350;
/// Points for a column of nothing but names of people under a header that says nothing.
const NAMES: i32 = 450;
/// That is when all are like names, and of this share both parts are listed: rare family names are in no list.
const CLEAR_NAMES: f64 = 0.65;
const CLEAR_BESIDE_PEOPLE: f64 = 0.45;
/// Share of names with a listed word that those of any people have.
const FEW_NAMES: f64 = 0.05;
/// Of so many at least.
const LEAST_NAMES: u64 = 6;
/// As many different ones are enough where all are listed, in a table of people.
const FEWEST_NAMES: u64 = 3;
/// Points of what people have in a column without a word.
const BESIDE_PEOPLE: i32 = 600;
/// Share of family names that are listed, of those that vary as names do beside given ones: in some countries most are rare.
const RARE_NAMES: f64 = 0.08;
/// Share of the values of a column that must have the form of numbers by which people are known.
const ALL: f64 = 0.97;
/// Listed given or family names of a column beside what people have that are enough, however many values there are: names come
/// again.
const MANY_NAMES: f64 = 12.0;
/// Share of the numbers of a column beside nothing but a name that are like telephone numbers and hardly anything else.
const ALL_DIALLED: f64 = 0.95;

/// Letters of a word that is cut for nothing else: `gen` is.
const CLEAR_WORD: usize = 6;

/// A kind that may be one.
pub(super) struct Ranked {
    pub(super) kind: Kind,
    pub(super) hits: u64,
    pub(super) described: bool,
    /// Its values speak for themselves, or are named by the header.
    pub(super) strong: bool,
}

impl Evidence<'_> {
    /// A kind whose values a detector finds by itself.
    pub(super) fn matched(&self, hit: &Hit) -> Option<Ranked> {
        let id = hit.detector;
        let detector = self.classifier.detector(id);
        // What may mean something else has the description to speak for it.
        let header = self.column.cue_for(id).filter(|cue| !cue.vague);
        let against = self.column.cue(id, Speaks::Against);
        let own = hit.points();
        // A number that anything may have needs more than its check digit.
        let common = detector.checksum.as_ref().is_some_and(Checksum::is_common)
            && detector.scoring.structure == 0
            && detector.token != TokenKind::Device;
        // The digits of books are checked as those of persons in some countries are.
        let is_book = share(self.tally.books, self.tally.values) >= BOOKS;
        let proof = self.is_proof(hit) && (header.is_some() || !common && !is_book);
        let listed = detector.is_list()
            && header.is_none()
            && self.values() >= LISTED_VALUES
            && self.varies()
            && self.is_enough(hit, NEARLY_ALL);
        let of_people =
            header.is_none() && is_formed(detector) && own >= FORMED && self.identifies_people(hit);
        if header.is_none()
            && !proof
            && (detector.checksum.is_some() || detector.needs_context && !listed && !of_people)
        {
            return None;
        }
        let least = if header.is_some() || proof || own >= REPORTED { MIXED } else { NEARLY_ALL };
        if !self.is_enough(hit, least) {
            return None;
        }
        let share = share(self.hits(hit), self.values());
        let ratio = RATIO.iter().find(|(least, _)| share >= *least && self.values() >= FEW);
        let points = ColumnPoints {
            values: own,
            header: header.map_or(0, |cue| detector.scoring.header + if cue.is_phrase { PHRASE } else { 0 }),
            share: ratio.map_or(0, |(_, points)| *points),
            checksum: if proof { PROOF } else { 0 },
            list: if listed { LISTED } else { 0 },
            people: if of_people { BESIDE_PEOPLE - own } else { 0 },
            against: against.map_or(0, |_| detector.scoring.against),
        };
        let facts = [
            Some(Fact::plain(if detector.is_list() { FactKind::WordList } else { FactKind::Shape })),
            proof.then(|| Fact::plain(FactKind::Checksum)),
            (detector.scoring.structure != 0).then(|| Fact::plain(FactKind::Structure)),
            of_people.then(|| Fact::plain(FactKind::People)),
        ];
        self.ranked(hit, points, &facts, false, proof || own >= REPORTED || header.is_some())
    }

    /// Whether every person of a table has a number of that form, and each another one.
    fn identifies_people(&self, hit: &Hit) -> bool {
        self.column.may_identify()
            && self.people[Sign::Name] > 0
            && self.values() >= FEW
            && self.is_enough(hit, ALL)
            && self.tally.distinct().is_none_or(|n| share(n, self.tally.values) >= NEARLY_ALL)
    }

    /// A kind whose cells a detector describes.
    pub(super) fn described(&self, hit: &Hit) -> Option<Ranked> {
        let id = hit.detector;
        let detector = self.classifier.detector(id);
        let description = detector.column.as_ref()?;
        let Some(header) = self.column.cue_for(id) else {
            return match description.unnamed {
                Some(unnamed) => self.beside_people(hit, unnamed),
                None => self.unnamed(hit),
            };
        };
        if header.vague && description.alone && !matches!(header.rest, Rest::Nothing | Rest::People) {
            return None;
        }
        // Numbers are rather keys of accounts than their names.
        if header.vague && description.made_of_names && self.column.are_numbers() {
            return None;
        }
        // `customer` is no word for a given name where the values have more parts, nor `nom` where they are those of `prénom`.
        if header.vague
            && description.unnamed == Some(Unnamed::Given)
            && (self.are_whole_names() || self.column.is_name && self.people[Sign::NamedGiven] > 0)
        {
            return None;
        }
        let against = self.column.cue(id, Speaks::Against);
        let values = self.tally.values;
        let is_clear =
            || !header.vague && self.classifier.catalog().word(header.word).chars().count() >= CLEAR_WORD;
        let differ = self.tally.distinct().is_none_or(|distinct| {
            // All who are listed may live in one state.
            let is_in_address = is_place(detector)
                && self.people[Sign::Street] > 0
                && self.people[Sign::Place] > 1
                && self.people.speak_for(detector, header.vague);
            // All that a table holds may be about one person, and a clear header says whose names they are.
            let is_listed = || description.list_points != 0 && share(hit.listed, hit.sample) >= NEARLY_ALL;
            let is_of_few = self.are_clear_names(hit)
                || is_clear() && (self.people.speak_for(detector, false) || is_listed());
            let least = match (description.min_distinct as u64).min(values) {
                _ if is_in_address || is_of_few => 1,
                least if self.people.speak_for(detector, header.vague) && is_listed() => {
                    least.min(FEWEST_NAMES)
                }
                least => least,
            };
            distinct >= least && distinct as f64 >= description.distinct_share * values as f64
        });
        // Of people whose table it is, a clear header needs no list that has every value: `Domestic Partnership`.
        let is_told = !description.values.is_empty() && !self.people.is_empty() && is_clear();
        // Among full names some are given by half, or those of a couple.
        let least = match description.share {
            share if is_told => share.min(MOSTLY),
            share if self.are_clear_names(hit) => share.min(CLEAR_NAMES),
            share => share,
        };
        if !differ || !self.is_enough(hit, least) {
            return None;
        }
        // Beside words that are not known, `title` may be that of anything.
        let is_alone = !header.vague || header.rest < Rest::Words;
        let is_key = detector.is_tokenised && detector.token == TokenKind::Key;
        let of_people = header.vague && header.rest == Rest::People && !is_key;
        let people = description.people != 0
            && is_alone
            && (of_people || self.people.speak_for(detector, header.vague));
        // Ships and dishes have the names of people, but few of them, and none with the family name in front.
        let is_name = detector.is_tokenised && detector.token == TokenKind::Name;
        let inverted = hit.inverted > 0 && share(hit.inverted, hit.sample) >= MOSTLY;
        let varies =
            !is_name || !header.vague || people || inverted || self.varies() || self.are_clear_names(hit);
        // Courses have full names as well, but hardly one that somebody is called.
        if is_name && description.list_points != 0 && self.is_called_nothing(hit) {
            return None;
        }
        let list = description.list_points != 0
            && hit.sample > 0
            && hit.listed as f64 >= description.list_share * hit.sample as f64
            && varies;
        // The `[context]` of a detector of columns alone speaks of headers: what may mean yet other things is worth less.
        let is_vaguest = || {
            let word = self.classifier.catalog().word(header.word);
            !detector.is_described() || description.vague.iter().any(|phrase| phrase == word)
        };
        let by_header = match header.vague {
            true if description.vague_points != 0 && is_vaguest() => description.vague_points,
            true => detector.scoring.context,
            false => detector.scoring.header,
        };
        // `title = "…"` of a configuration file: a header and one value that fits are hardly evidence. A password is one
        // wherever it stands.
        let single = !self.is_first
            && self.people.is_empty()
            && self.values() == 1
            && detector.token != TokenKind::Credential;
        let points = ColumnPoints {
            values: hit.points(),
            header: if single { by_header / 2 } else { by_header },
            list: if list { description.list_points } else { 0 },
            people: if people { description.people } else { 0 },
            against: against.map_or(0, |_| detector.scoring.against),
            ..ColumnPoints::default()
        };
        let facts = [
            Some(Fact::plain(FactKind::Values)),
            list.then(|| Fact::plain(FactKind::WordList)),
            people.then(|| Fact::plain(FactKind::People)),
        ];
        self.ranked(hit, points, &facts, true, false)
    }

    /// Whether hardly a value has a word that is a name, in a table that has nothing else of people.
    fn is_called_nothing(&self, hit: &Hit) -> bool {
        let names = self.people[Sign::Name] + self.people[Sign::Own] + self.people[Sign::OfPeople];
        !self.is_first
            && names == 0
            && hit.sample >= LISTED_VALUES
            && share(hit.listed, hit.sample) < FEW_NAMES
    }

    /// Names of people under a header that says nothing of them: nearly all cells are like names, and most of them can hardly
    /// be anything else.
    pub(super) fn unnamed(&self, hit: &Hit) -> Option<Ranked> {
        let are_few = self.values() < LISTED_VALUES;
        let clear = match self.people[Sign::Own] {
            // Of a few nearly all are clear, and nothing is said of them but whose they are.
            _ if are_few => NEARLY_ALL,
            0 => CLEAR_NAMES,
            // Whose e-mail address stands beside it has a name.
            _ => CLEAR_BESIDE_PEOPLE,
        };
        let listed = hit.listed as f64 >= clear * hit.sample as f64;
        let varies = match are_few {
            true => {
                let is_told = self.column.is_silent || self.column.people > Persons::None;
                is_told && self.values() > 1 && self.varies()
            }
            false => self.tally.distinct().is_none_or(|distinct| distinct >= LEAST_NAMES),
        };
        if !listed || !varies || !self.is_enough(hit, NEARLY_ALL) {
            return None;
        }
        let points = ColumnPoints { values: hit.points(), list: NAMES, ..ColumnPoints::default() };
        self.ranked(hit, points, &[Some(Fact::plain(FactKind::WordList))], true, false)
    }

    /// What people have, in a table of people, in a column without a word: numbers that are dialled, dates on which they are
    /// born, family names beside given ones.
    pub(super) fn beside_people(&self, hit: &Hit, unnamed: Unnamed) -> Option<Ranked> {
        let [fitting, clear, different] = unnamed.shares();
        let names = self.people[Sign::Name];
        let is_in_place = match unnamed {
            Unnamed::Town => {
                self.neighbours.are_around_a_town() || self.neighbours.are_in_address(Part::City)
            }
            Unnamed::Region => self.neighbours.are_in_address(Part::Region),
            Unnamed::PostCode => {
                self.neighbours.are_around_a_code() || self.neighbours.are_in_address(Part::PostalCode)
            }
            Unnamed::Street => {
                self.neighbours.are_around_a_street() || self.neighbours.are_in_address(Part::Street)
            }
            Unnamed::Dialled | Unnamed::Born | Unnamed::Family | Unnamed::Given | Unnamed::Worded => false,
        };
        let are_in_address = |part| self.neighbours.are_in_address(part);
        let is_town = are_in_address(Part::City) || are_in_address(Part::Region);
        let are_people = match unnamed {
            Unnamed::Family | Unnamed::Given if is_town => false,
            // Beside given names, `name` is the other one.
            // Firms are called after those who founded them.
            Unnamed::Family if self.column.names_organisations() => false,
            Unnamed::Family if self.column.is_name => self.people[Sign::GivenName] > 0,
            Unnamed::Family => names > 0 && !self.classifier.are_rather_given(self.tally, hit),
            Unnamed::Given if self.neighbours.are_given_names() && self.are_rather_family() => false,
            Unnamed::Given => {
                (self.people[Sign::Own] > 0 || self.neighbours.are_family_names()) && !self.are_whole_names()
            }
            Unnamed::Town | Unnamed::PostCode => {
                names > 0 && (is_in_place || names + self.people[Sign::Own] + self.people[Sign::Place] > 1)
            }
            Unnamed::Region => names > 0 && is_in_place,
            Unnamed::Street | Unnamed::Dialled | Unnamed::Born | Unnamed::Worded => names > 0,
        };
        // Beside given names, one in a few says it for all: rare family names are in no list.
        let is_second =
            unnamed == Unnamed::Family && (self.column.is_name || self.neighbours.are_given_names());
        // Beside nothing but a name, dates are rather those of what somebody did, and numbers those of something.
        let is_alone = names + self.people[Sign::Own] == 1;
        let clear = match unnamed {
            _ if is_second && self.neighbours.are_given_names() && self.varies() => RARE_NAMES,
            _ if is_second => clear / 2.0,
            Unnamed::Born if is_alone => clear * 2.0,
            Unnamed::Dialled if is_alone => ALL_DIALLED,
            _ => clear,
        };
        let are_clear = is_in_place || hit.listed as f64 >= clear * hit.sample as f64;
        let least = match different * self.tally.values as f64 {
            least if matches!(unnamed, Unnamed::Family | Unnamed::Given) => least.min(MANY_NAMES),
            least => least,
        };
        let differ = self.tally.distinct().is_none_or(|n| n as f64 >= least);
        let is_one = are_people && are_clear && differ && self.values() >= LISTED_VALUES;
        if !is_one || !self.is_enough(hit, fitting) {
            return None;
        }
        let values = hit.points();
        // Towns have the names of people, and people those of towns.
        let sum = if unnamed == Unnamed::Town && !is_in_place { BESIDE_PEOPLE - 50 } else { BESIDE_PEOPLE };
        let points = ColumnPoints { values, people: (sum - values).max(0), ..ColumnPoints::default() };
        let facts = [Some(Fact::plain(FactKind::Values)), Some(Fact::plain(FactKind::People))];
        self.ranked(hit, points, &facts, true, false)
    }

    /// Whether the values are family names rather than given ones, as far as lists tell.
    fn are_rather_family(&self) -> bool {
        let is_family = |hit: &&Hit| {
            let column = self.classifier.detector(hit.detector).column.as_ref();
            hit.described && column.and_then(|column| column.unnamed) == Some(Unnamed::Family)
        };
        self.tally
            .hits
            .iter()
            .find(is_family)
            .is_some_and(|family| !self.classifier.are_rather_given(self.tally, family))
    }

    /// Whether most values can hardly be anything but full names, of several people where the header says no more than that
    /// they are names: all events of a calendar have one `organizer`.
    fn are_clear_names(&self, hit: &Hit) -> bool {
        let least = if self.column.is_name { LEAST_NAMES.min(self.tally.values) } else { 1 };
        share(hit.clear, self.tally.values) >= CLEAR_NAMES
            && self.tally.distinct().is_none_or(|distinct| distinct >= least)
    }

    /// Whether nearly all values are like names of two parts and more, or most can hardly be anything else.
    fn are_whole_names(&self) -> bool {
        let is_whole = |hit: &&Hit| {
            let people = &self.classifier.plan().sequences.people;
            hit.described && people.iter().any(|people| people.id == hit.detector)
        };
        let is_enough = |hit: &Hit| self.is_enough(hit, NEARLY_ALL) || self.are_clear_names(hit);
        self.tally.hits.iter().find(is_whole).is_some_and(is_enough)
    }

    pub(super) fn ranked(
        &self,
        hit: &Hit,
        points: ColumnPoints,
        facts: &[Option<Fact>],
        described: bool,
        strong: bool,
    ) -> Option<Ranked> {
        let id = hit.detector;
        let word = |speaks| self.column.cue(id, speaks).map(|cue| cue.word);
        let header = self.column.cue_for(id).map(|cue| cue.word);
        let mut evidence: Vec<Fact> = facts.iter().flatten().copied().collect();
        evidence.extend(header.map(|word| Fact::word(FactKind::Header, word)));
        evidence.extend(word(Speaks::Against).map(|word| Fact::word(FactKind::NegativeContext, word)));
        evidence.sort_unstable();
        let confidence = Confidence::from_thousandths(points.sum());
        let kind = Kind { detector: id, confidence, word: header, evidence, points };
        (points.sum() >= LEAST_KIND).then(|| Ranked { kind, hits: self.hits(hit), described, strong })
    }
}

impl ColumnContext {
    /// Whether nearly all values of a column without a word are addresses with their towns.
    pub(super) fn has_whole_addresses(&self, street: DetectorId) -> bool {
        let [fitting, clear, _] = Unnamed::Street.shares();
        let is_whole = |tally: &Tally| {
            let hit = tally.hits.iter().find(|hit| hit.described && hit.detector == street);
            hit.is_some_and(|hit| {
                hit.listed as f64 >= clear * hit.sample as f64 && share(hit.sample, tally.values) >= fitting
            })
        };
        self.cue_for(street).is_none() && self.tally.as_deref().is_some_and(is_whole)
    }
}
