//! The tables that detectors are compiled into, so that the work on a text does not grow with their number.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;
use std::thread;

use domesday_model::{Catalog, DetectorId, TokenKind, WordId};

use crate::automaton::{Automaton, Packed};
use crate::candidates::CandidatePass;
use crate::checksum::NumberChecks;
use crate::countries::named;
use crate::detector::{Detector, Find, WordCase};
use crate::detector_sets::{DetectorSets, meet};
use crate::endings::{Ending, Endings};
use crate::gate::{Gate, prints};
use crate::openings::{ByOpening, Opening, Openings};
use crate::registry::{Registry, RegistryError};
use crate::sequence::{Beside, People, Sequence, Sequences};
use crate::simd::Prints;
use crate::spellings::spellings;
use crate::words::{Identity, LONGEST_RUN, MAX_PHRASE, WordHash, WordTable, each_word, hash_of};

/// Thousandths of what is nominated and is no value: nothing makes it one.
const LEAST_BASE: i32 = -10_000;

/// What a word says of a detector.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Speaks {
    For,
    /// For a value right behind it alone.
    RightBefore,
    Against,
}

/// A word of a detector.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cue {
    pub(crate) detector: DetectorId,
    pub(crate) speaks: Speaks,
    pub(crate) word: WordId,
    /// Counts in headers only.
    pub(crate) header_only: bool,
    /// In a header it may mean something else as well.
    pub(crate) vague: bool,
    /// It is several words.
    pub(crate) is_phrase: bool,
    /// What else the header says.
    pub(crate) rest: Rest,
}

/// What a header says beside the words of a detector.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) enum Rest {
    #[default]
    Nothing,
    /// Words that change nothing.
    Fillers,
    /// Such words, and one for people.
    People,
    /// Words that may make something else of it.
    Words,
}

/// Two letters of ISO 3166.
type Country = [u8; 2];

/// What words near a value say of a detector.
#[derive(Clone, Debug, Default)]
pub(crate) struct Says {
    /// Four bits each, by [`WordId`].
    words: Vec<u64>,
    /// Its values are dates: a word speaks for the nearest one only.
    pub(crate) of_dates: bool,
    /// They are numbers of telephones: a word speaks for several of them.
    pub(crate) of_phones: bool,
}

impl Says {
    pub(crate) const FOR: u64 = 1;
    pub(crate) const AGAINST: u64 = 2;
    pub(crate) const RIGHT_BEFORE: u64 = 4;

    fn add(&mut self, cue: &Cue) {
        let bits = match cue.speaks {
            Speaks::For => Self::FOR,
            Speaks::RightBefore => Self::RIGHT_BEFORE,
            Speaks::Against => Self::AGAINST,
        };
        let place = cue.word.0 as usize;
        if self.words.len() <= place / 16 {
            self.words.resize(place / 16 + 1, 0);
        }
        self.words[place / 16] |= bits << (place % 16 * 4);
    }

    /// Those of [`Self::FOR`], [`Self::AGAINST`] and [`Self::RIGHT_BEFORE`] that hold.
    #[inline]
    pub(crate) fn of(&self, word: WordId) -> u64 {
        let place = word.0 as usize;
        self.words.get(place / 16).map_or(0, |bits| bits >> (place % 16 * 4) & 7)
    }
}

/// Where a word stands in the phrases that say something near a value, as bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Places(u8);

impl Places {
    /// It is a phrase.
    const ALONE: u8 = 1;
    /// It is the first of several words.
    const FIRST: u8 = 2;
    const SECOND: u8 = 4;
    const THIRD: u8 = 8;

    /// The places at which phrases may end with it, by those of the two words before, the last one first.
    #[inline]
    pub(crate) fn ends(self, [last, first]: [Self; MAX_PHRASE - 1]) -> u8 {
        let goes_on =
            (last.0 & Self::FIRST) << 1 | (last.0 & Self::SECOND & (first.0 & Self::FIRST) << 1) << 1;
        self.0 & (Self::ALONE | goes_on)
    }
}

/// The words of phrases that say something near a value.
#[derive(Default)]
struct Phrases {
    places: HashMap<WordHash, Places, BuildHasherDefault<Identity>>,
    /// Each word once for each of its places.
    written: Vec<(Opening, u8)>,
    /// The last words of phrases, with the detectors for which they speak.
    last: Vec<(Opening, DetectorId)>,
    /// Memory.
    folded: String,
}

impl Phrases {
    fn add(&mut self, phrase: &str, favours: Option<DetectorId>) {
        let mut words = Vec::new();
        each_word(phrase.as_bytes(), |word| words.push(word));
        let last = words.last().copied();
        let first = if words.len() == 1 { Places::ALONE } else { Places::FIRST };
        for (word, place) in words.into_iter().zip([first, Places::SECOND, Places::THIRD]) {
            let known = self.places.entry(word.hash).or_default();
            if known.0 & place == 0 {
                known.0 |= place;
                let opening = Opening::new(&phrase[word.start..word.end], &mut self.folded);
                self.written.push((opening, place));
            }
        }
        if let (Some(detector), Some(word)) = (favours, last) {
            let opening = Opening::new(&phrase[word.start..word.end], &mut self.folded);
            self.last.push((opening, detector));
        }
    }
}

/// The detectors for which phrases speak that end with a word, by how it begins: a quick look around a value that needs such
/// a phrase, before its surroundings are read.
#[derive(Debug)]
pub(crate) struct Favours {
    /// Which one of the sets; the first one is empty.
    sets: ByOpening<u16>,
    /// A bit for each detector, by set.
    bits: Vec<u64>,
    /// Words of bits for each.
    stride: usize,
}

impl Favours {
    fn new(mut last: Vec<(Opening, DetectorId)>, detectors: usize) -> Self {
        last.sort_unstable();
        let stride = detectors.div_ceil(64);
        let mut bits = vec![0; stride];
        let mut words: Vec<(Opening, u16)> = Vec::new();
        for (opening, detector) in last {
            if words.last().is_none_or(|(known, _)| *known != opening) {
                // With that many words, the last ones share a set.
                let set = u16::try_from(bits.len() / stride).unwrap_or(u16::MAX);
                words.push((opening, set));
                bits.resize(bits.len().max((usize::from(set) + 1) * stride), 0);
            }
            let set = words.last().map_or(0, |(_, set)| usize::from(*set));
            bits[set * stride + detector.index() / 64] |= 1 << (detector.index() % 64);
        }
        let sets = ByOpening::new(&words, |set: &mut u16, other| {
            if *set == 0 {
                *set = other;
                return;
            }
            let (into, from) = (usize::from(*set) * stride, usize::from(other) * stride);
            (0..stride).for_each(|i| bits[into + i] |= bits[from + i]);
        });
        Self { sets, bits, stride }
    }

    /// The set of phrases that may end with the word at `start..end`, ASCII letters.
    #[inline(always)]
    pub(crate) fn set_of(&self, text: &[u8], (start, end): (usize, usize)) -> u16 {
        self.sets.of(text, start, end)
    }

    /// Whether one of some sets has one of some detectors.
    pub(crate) fn have_any(&self, sets: &[u16], detectors: &[u64]) -> bool {
        let bits = |set: &u16| &self.bits[usize::from(*set) * self.stride..][..self.stride];
        sets.iter().any(|set| meet(bits(set), detectors))
    }
}

/// A detector that has a word in its list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Listed {
    pub(crate) detector: DetectorId,
    pub(crate) base: i32,
    pub(crate) case: WordCase,
}

/// A shape of a detector.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Shaped {
    pub(crate) detector: DetectorId,
    pub(crate) base: i32,
    /// A person's name right beside it counts.
    pub(crate) beside_person: bool,
    /// So does what says that it is the number of a telephone.
    pub(crate) of_phone: bool,
    /// It is no value: one of the detector's list may stand beside it.
    pub(crate) is_anchor: bool,
}

/// Compiled detectors.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) pass: CandidatePass,
    pub(crate) gate: Gate,
    pub(crate) automaton: Packed,
    /// By the number under which the automaton names a shape. Shapes of one detector and base have one number.
    pub(crate) shapes: Vec<Shaped>,
    /// By detector, the numbers of the shapes of its values, which follow each other.
    pub(crate) shapes_of: Vec<Range<u16>>,
    endings: Endings,
    pub(crate) at_sign: Vec<DetectorId>,
    pub(crate) lists: WordTable<Listed>,
    pub(crate) sequences: Sequences,
    /// The first letters of all listed words, and of those at which a sequence may begin.
    pub(crate) list_beginnings: Openings,
    /// Detectors with a list, if each of them needs a context: where nothing can give one, no word is looked up.
    pub(crate) idle_lists: Option<Vec<DetectorId>>,
    /// No list wants words in lower case outside of tables.
    pub(crate) all_capitalised: bool,
    /// By detector, what the words near a value say.
    pub(crate) says: Vec<Says>,
    /// By [`WordId`], the detectors that a word says something of.
    pub(crate) speaks_of: DetectorSets,
    /// The country of each detector.
    countries: Vec<Option<Country>>,
    /// By [`WordId`], the country that a phrase names.
    named: Vec<Option<Country>>,
    /// By [`WordId`], whether it speaks of a few detectors only.
    of_few: Vec<bool>,
    /// What words and phrases say in a header.
    cues: WordTable<Cue>,
    /// What numbers in labels are those of.
    pub(crate) numbered: WordTable<(DetectorId, WordId)>,
    /// The words and phrases that say something near a value.
    hints: WordTable<WordId>,
    /// The single words of all cues.
    cue_words: WordTable<()>,
    /// The words of `hints`.
    places: WordTable<Places>,
    /// The same by their first letters.
    places_by_opening: ByOpening<u8>,
    pub(crate) favours: Favours,
    pub(crate) number_checks: NumberChecks,
}

/// Whether a word begins with a letter of a script that has no capital ones.
fn is_caseless(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase())
}

/// What is compiled of the shapes of all detectors.
struct Shapes {
    shapes: Vec<Shaped>,
    endings: Endings,
    prints: Prints,
    gate: Gate,
    automaton: Packed,
}

impl Shapes {
    fn compile(registry: &Registry) -> Result<Self, RegistryError> {
        let mut shapes = Vec::new();
        let mut sources = Vec::new();
        let mut first_needing_context = 0;
        for needs_context in [false, true] {
            first_needing_context = shapes.len();
            let mut numbers = HashMap::new();
            for (i, detector) in registry.iter().enumerate() {
                let id = DetectorId(i as u16);
                let beside_person = detector.scoring.person > 0;
                let of_phone = beside_person && detector.token == TokenKind::Phone;
                let shaped = |base, is_anchor: bool| Shaped {
                    detector: id,
                    base,
                    beside_person: beside_person && !is_anchor,
                    of_phone: of_phone && !is_anchor,
                    is_anchor,
                };
                let anchors = detector
                    .anchors
                    .iter()
                    .filter(|_| !needs_context)
                    .map(|anchor| (anchor, shaped(0, true)));
                let own = match &detector.find {
                    Find::Shapes(own) if detector.needs_context == needs_context => &own[..],
                    _ => &[],
                };
                let own = own.iter().map(|shape| (&shape.shape, shaped(shape.base, false)));
                for (shape, shaped) in own.chain(anchors) {
                    let number = *numbers.entry(shaped).or_insert_with(|| {
                        shapes.push(shaped);
                        shapes.len() as u16 - 1
                    });
                    sources.push((shape, number));
                }
            }
        }
        let automaton = Automaton::compile(&sources).map_err(RegistryError::TooComplex)?;
        let detectors: Vec<&Detector> = registry.iter().collect();
        let may_touch = |shape: u16, joiner: u8| {
            let shaped: Shaped = shapes[usize::from(shape)];
            shaped.is_anchor || detectors[shaped.detector.index()].may_touch.contains(char::from(joiner))
        };
        let gate = Gate::new(&automaton, &may_touch);
        let automaton = automaton.pack().map_err(RegistryError::TooComplex)?;
        let first = first_needing_context as u16;
        Ok(Self {
            endings: Endings::new(automaton.lists(), &shapes, first, detectors.len()),
            prints: prints(sources.iter().map(|(shape, _)| *shape)),
            gate,
            automaton,
            shapes,
        })
    }
}

impl Plan {
    /// Compiles a registry. Detector ids follow the order of the registry; the words go into the catalog.
    pub(crate) fn compile(registry: &Registry, catalog: &mut Catalog) -> Result<Self, RegistryError> {
        // Shapes and words take as long as each other, and have nothing to do with each other.
        thread::scope(|scope| {
            let shapes = scope.spawn(|| Shapes::compile(registry));
            Self::with_words(registry, catalog, || {
                shapes.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
        })
    }

    fn with_words(
        registry: &Registry,
        catalog: &mut Catalog,
        shapes: impl FnOnce() -> Result<Shapes, RegistryError>,
    ) -> Result<Self, RegistryError> {
        let mut at_sign = Vec::new();
        let mut listed = Vec::new();
        let mut sequences = Sequences::default();
        let mut beginnings = Vec::new();
        let mut cues = Vec::new();
        let mut words = Words::default();
        let mut phrases = Phrases::default();
        let (mut cue_words, mut numbered) = (Vec::new(), Vec::new());
        let in_texts = |write: fn(&Detector, &str) -> Vec<String>| -> Vec<Vec<String>> {
            let of = |detector: &Detector| match detector.is_described() {
                true => Vec::new(),
                false => detector.context.iter().flat_map(|phrase| write(detector, phrase)).collect(),
            };
            registry.iter().map(of).collect()
        };
        let spelt = in_texts(|_, phrase| spellings(phrase));
        let of_countries = in_texts(|detector, phrase| match &detector.info.country {
            Some(country) => named(country, phrase),
            None => Vec::new(),
        });
        for (i, detector) in registry.iter().enumerate() {
            let id = DetectorId(i as u16);
            match &detector.find {
                Find::AtSign => at_sign.push(id),
                Find::Shapes(_) | Find::Column => (),
                Find::Sequence(sequence) => {
                    sequences.add(id, sequence, registry);
                    if let Sequence::Person(person) = sequence {
                        beginnings.extend(People::beginnings(person, registry));
                    }
                }
                Find::Words(words) => {
                    let entry = Listed { detector: id, base: words.base, case: words.case };
                    listed.extend(registry.list(&words.list).iter().map(|word| (word.as_str(), entry)));
                    // Labels are no values: a cell that is one is worth nothing.
                    let label = Listed { base: LEAST_BASE, ..entry };
                    let labels = detector.beside.iter().flat_map(Beside::labels);
                    listed.extend(labels.map(|word| (word, label)));
                    // A phrase is looked for at its first word. In scripts with small letters anchors find it.
                    let phrases = detector.beside.iter().flat_map(|_| registry.list(&words.list));
                    let firsts = phrases.filter_map(|phrase| phrase.split_once(' ')).map(|(first, _)| first);
                    listed.extend(firsts.filter(|first| is_caseless(first)).map(|first| (first, label)));
                }
            }
            if let Some(beside) = &detector.beside {
                let list = match &detector.find {
                    Find::Words(words) => registry.list(&words.list),
                    _ => &[],
                };
                sequences.add_beside(id, beside, list);
            }
            add_cues(id, detector, &of_countries[i], (catalog, &mut words), (&mut cues, &mut phrases));
            let numbers = detector.numbered.iter().map(|word| (hash_of(word), (id, words.id(catalog, word))));
            numbered.extend(numbers);
            let vague = detector.column.as_ref().map(|column| &column.vague);
            let sections = [
                &detector.context,
                &detector.right_before,
                &spelt[i],
                &of_countries[i],
                &detector.header,
                &detector.against,
            ];
            for phrase in sections.into_iter().chain(vague).flatten() {
                each_word(phrase.as_bytes(), |word| cue_words.push((word.hash, ())));
            }
        }
        // What has no letter would be found at every mark.
        listed.retain(|(word, _)| word.contains(char::is_alphabetic));
        beginnings.extend(listed.iter().map(|(word, _)| *word));
        let list_beginnings = Openings::new(beginnings.into_iter());
        let lists = WordTable::new(listed.iter().map(|(word, entry)| (hash_of(word), *entry)));
        let of_lists =
            || registry.iter().zip(0..).filter(|(detector, _)| matches!(detector.find, Find::Words(_)));
        let idle_lists = of_lists()
            .all(|(detector, _)| detector.needs_context)
            .then(|| of_lists().map(|(_, id)| DetectorId(id)).collect());
        let silent = |detector: &Detector| Says {
            of_dates: detector.token == TokenKind::Date,
            of_phones: detector.token == TokenKind::Phone,
            ..Says::default()
        };
        let mut says: Vec<Says> = registry.iter().map(silent).collect();
        let near = || cues.iter().filter(|(_, cue)| !cue.header_only);
        near().for_each(|(_, cue)| says[cue.detector.index()].add(cue));
        let mut speaks_of = DetectorSets::new(catalog.words.len(), says.len());
        near().for_each(|(_, cue)| speaks_of.add(cue.word.0 as usize, cue.detector));
        let country = |detector: &Detector| detector.info.country.as_ref()?.as_bytes().try_into().ok();
        let countries: Vec<Option<Country>> = registry.iter().map(country).collect();
        let mut named = vec![None; catalog.words.len()];
        for (country, phrases) in countries.iter().zip(&of_countries) {
            phrases.iter().for_each(|phrase| named[words.0[phrase.as_str()].0 as usize] = *country);
        }
        let of_few = catalog.words.iter().map(|word| registry.is_of_few(word)).collect();
        let hints = WordTable::new(near().map(|(hash, cue)| (*hash, cue.word)));
        // In headers nothing stands right behind a word.
        cues.retain(|(_, cue)| cue.speaks != Speaks::RightBefore);
        let (cues, cue_words) = (WordTable::new(cues), WordTable::new(cue_words));
        let places = WordTable::new(phrases.places);
        let places_by_opening =
            ByOpening::new(&phrases.written, |places: &mut u8, place: u8| *places |= place);
        let favours = Favours::new(phrases.last, registry.iter().count());
        let Shapes { shapes, endings, prints, gate, automaton } = shapes()?;
        let mut shapes_of = vec![0..0; registry.iter().count()];
        for (number, shaped) in (0..).zip(&shapes).filter(|(_, shaped)| !shaped.is_anchor) {
            let own: &mut Range<u16> = &mut shapes_of[shaped.detector.index()];
            *own = if own.start == own.end { number..number + 1 } else { own.start..number + 1 };
        }
        let all_capitalised = lists.values().all(|listed| listed.case == WordCase::Capitalised);
        Ok(Self {
            pass: CandidatePass::new(
                prints,
                !lists.is_empty() || !sequences.is_empty(),
                !sequences.is_empty(),
                sequences.unspaced(),
            ),
            gate,
            automaton,
            shapes,
            shapes_of,
            endings,
            at_sign,
            lists,
            sequences,
            list_beginnings,
            idle_lists,
            all_capitalised,
            says,
            speaks_of,
            countries,
            named,
            of_few,
            cues,
            numbered: WordTable::new(numbered),
            hints,
            cue_words,
            places,
            places_by_opening,
            favours,
            number_checks: NumberChecks::new(registry.iter()),
        })
    }

    /// What a list of shapes of the automaton is.
    #[inline]
    pub(crate) fn ending(&self, list: u16) -> Ending<'_> {
        self.endings.of(list, self.automaton.shapes(list))
    }

    /// Where a run of ASCII letters that is one word may stand in phrases that say something, judged by how it begins.
    #[inline]
    pub(crate) fn places_of_run(&self, text: &[u8], (start, end): (usize, usize)) -> Places {
        if !may_be_word(text, (start, end)) {
            return Places::default();
        }
        Places(self.places_by_opening.of(text, start, end))
    }

    /// Where a word stands in such phrases.
    #[inline]
    pub(crate) fn places_of(&self, word: WordHash) -> Places {
        self.places.get(word).first().copied().unwrap_or_default()
    }

    /// Whether some cue has the word.
    pub(crate) fn is_cue_word(&self, word: WordHash) -> bool {
        !self.cue_words.get(word).is_empty()
    }

    /// Whether a detector is of one country.
    pub(crate) fn is_of_country(&self, detector: DetectorId) -> bool {
        self.countries[detector.index()].is_some()
    }

    /// Whether a phrase names another country than that of the detector.
    #[inline]
    pub(crate) fn is_foreign(&self, phrase: WordId, detector: DetectorId) -> bool {
        let named = self.named[phrase.0 as usize];
        named.is_some() && self.countries[detector.index()].is_some_and(|own| named != Some(own))
    }

    /// Whether a word speaks of a few detectors only, of all that there are.
    #[inline]
    pub(crate) fn is_of_few(&self, word: WordId) -> bool {
        self.of_few[word.0 as usize]
    }

    /// The cues that a word or phrase of a header is.
    pub(crate) fn header_cues(&self, phrase: WordHash) -> &[Cue] {
        self.cues.get(phrase)
    }

    /// The words and phrases that end with a word and say something near a value: how many words each has, and which it
    /// is. `ends` are the places at which they may end, see [`Places::ends`]; `before` says what that many words before it
    /// are, unless something parts them.
    pub(crate) fn hints(
        &self,
        ends: u8,
        word: WordHash,
        before: impl Fn(usize) -> Option<WordHash>,
        mut each: impl FnMut(usize, &WordId),
    ) {
        let mut hear = |count, phrase| self.hints.get(phrase).iter().for_each(|word| each(count, word));
        if ends & Places::ALONE != 0 {
            hear(1, word);
        }
        for (count, place) in [(2, Places::SECOND), (3, Places::THIRD)] {
            if ends & place != 0
                && let Some(before) = before(count - 1)
            {
                hear(count, before.then(word));
            }
        }
    }
}

/// Whether a run of letters may say anything: a letter beside a digit is a part of a time or of a hash, and no word.
#[inline(always)]
pub(crate) fn may_be_word(text: &[u8], (start, end): (usize, usize)) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let is_of_number =
        (end - start == 1) & (is_digit(text.get(start.wrapping_sub(1))) | is_digit(text.get(end)));
    (end - start <= LONGEST_RUN) & !is_of_number
}

fn add_cues<'a>(
    id: DetectorId,
    detector: &'a Detector,
    of_country: &'a [String],
    (catalog, words): (&mut Catalog, &mut Words<'a>),
    (cues, near): (&mut Vec<(WordHash, Cue)>, &mut Phrases),
) {
    let column_only = detector.is_described();
    let vague = detector.column.as_ref().map_or(&[][..], |column| &column.vague);
    // Each with whether it counts in headers only, and whether it may mean something else there.
    let sections = [
        (&detector.context[..], Speaks::For, column_only, column_only),
        (of_country, Speaks::For, false, false),
        (&detector.header, Speaks::For, true, false),
        (vague, Speaks::For, true, true),
        (&detector.right_before, Speaks::RightBefore, false, false),
        (&detector.against, Speaks::Against, column_only, false),
    ];
    for (phrases, speaks, header_only, of_vague) in sections {
        for phrase in phrases {
            let vague = of_vague || speaks == Speaks::For && vague.contains(phrase);
            let word = words.id(catalog, phrase);
            let is_phrase = phrase.contains([' ', '-']);
            let cue = Cue { detector: id, speaks, word, header_only, vague, is_phrase, rest: Rest::Nothing };
            let of_texts = !header_only && speaks == Speaks::For;
            for spelling in std::iter::once(phrase.clone())
                .chain(of_texts.then(|| spellings(phrase)).into_iter().flatten())
            {
                cues.push((hash_of(&spelling), cue));
                if !header_only {
                    near.add(&spelling, (speaks != Speaks::Against).then_some(id));
                }
            }
            // Headers leave out the word between: `fecha_nacimiento` for `fecha de nacimiento`.
            let mut words = phrase.split(' ');
            if let (Some(first), Some(between), Some(last), None) =
                (words.next(), words.next(), words.next(), words.next())
                && BETWEEN.contains(&between)
                && speaks == Speaks::For
            {
                let cue = Cue { header_only: true, ..cue };
                cues.push((hash_of(first).then(hash_of(last)), cue));
            }
        }
    }
}

/// Prepositions and articles in the middle of a phrase.
const BETWEEN: [&str; 8] = ["de", "di", "du", "da", "do", "del", "of", "van"];

/// Gives words their numbers.
#[derive(Default)]
struct Words<'a>(HashMap<&'a str, WordId>);

impl<'a> Words<'a> {
    fn id(&mut self, catalog: &mut Catalog, word: &'a str) -> WordId {
        *self.0.entry(word).or_insert_with(|| {
            catalog.words.push(word.to_owned());
            WordId(catalog.words.len() as u32 - 1)
        })
    }
}
