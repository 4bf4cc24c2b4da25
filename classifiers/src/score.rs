//! How sure a detector is of a value: bounded steps of evidence that add up, never a jump to the maximum.

mod between;

use std::ops::Range;

use domesday_model::{Confidence, DetectorId, Fact, FactKind, WordId};

pub(crate) use self::between::COPULAS;
use self::between::{
    BESIDE_NAME, holds_date, is_label, is_label_of_phone, is_list_of_numbers, is_right_behind, parts,
    parts_topics,
};
use crate::candidates::{Candidates, Run};
use crate::classifier::Alternative;
use crate::column::ColumnContext;
use crate::detector::{Detector, Scoring};
use crate::detector_sets::has;
use crate::plan::{Places, Plan, Says, Speaks, may_be_word};
use crate::verify::{Bounds, Proofs, Survivor};
use crate::words::{
    LONGEST_RUN, MAX_PHRASE, WordHash, hash_of, is_unspaced, is_word_byte, plain_hash, unspaced, word_at,
    words_of_run,
};

/// Words this near count in full, those within [`FAR`] by half. Bytes between the word and the value.
pub const NEAR: usize = 32;
/// Words count up to this many bytes before a value.
pub const FAR: usize = 96;
/// Words count up to this many bytes behind a value: labels mostly stand before. Twice as many where they are not all ASCII:
/// letters of other scripts are two and three bytes.
pub const FAR_BEHIND: usize = 48;

/// How far before a value the reading of its surroundings begins, at most. What is found a little later may begin
/// before what was found: an address begins before its `@`.
pub(crate) const LOOK_BEHIND: usize = FAR + 72;

/// Thousandths of confidence below which a value is not worth a token either.
pub(crate) const LEAST_TOKENISED: u16 = 100;

/// A published test value is never worth more than this.
pub(crate) const MOST_FOR_EXAMPLE: i32 = 150;

/// A word or phrase that says something. `start..end` are the runs of its words, whole; of runs that hold several words, as
/// where no blanks part them, the words themselves: the value may be a part of such a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Hint {
    word: WordId,
    words: usize,
    start: usize,
    end: usize,
}

/// The word or phrase nearest to a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Near {
    pub(crate) word: WordId,
    /// Bytes.
    pub(crate) distance: usize,
    /// Words of the phrase, with those of one before that it goes on: `Danish passport number` is three words for a detector
    /// that knows `Danish passport` and `passport number`.
    pub(crate) words: usize,
}

/// Thousandths that each further word of a phrase is worth: `Indian passport` speaks for one country, `passport` for any.
pub(crate) const PHRASE: i32 = 20;

/// Words of a phrase that count.
const MOST_PHRASE: usize = 3;

/// What the words of a phrase are worth more than a single one.
pub(crate) fn for_phrase(words: usize) -> i32 {
    PHRASE * (words.min(MOST_PHRASE) as i32 - 1)
}

/// What stands near a value: the nearest word for and the nearest word against it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Nearby {
    pub(crate) in_favour: Option<Near>,
    pub(crate) against: Option<Near>,
    /// What would speak against it, but is said of something else or counts less than its own name.
    pub(crate) outweighed: Option<Near>,
    /// A person's name or e-mail address stands right beside it.
    pub(crate) person: bool,
    /// What a sign or its place says for the number of a telephone, in thousandths.
    pub(crate) called: i32,
    /// It is dialled as a telephone number of the source's country is.
    pub(crate) domestic: bool,
}

/// Thousandths that is worth.
pub(crate) const DOMESTIC: i32 = 300;

impl Nearby {
    /// What that is worth to a detector: of a word, a person and the country whichever is worth most.
    pub(crate) fn points(&self, scoring: &Scoring) -> i32 {
        let by_word = self.in_favour.map_or(0, |near| {
            let points = if near.distance <= NEAR { scoring.context } else { scoring.context / 2 };
            points + for_phrase(near.words)
        });
        let by_country = if self.domestic { DOMESTIC } else { 0 };
        by_word.max(by_country).max(self.called).max(if self.person { scoring.person } else { 0 })
    }
}

/// Words around values. Values come in ascending order, so text that lies near several of them is read once.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    bounds: Option<Bounds>,
    /// The part of the text that was read.
    from: usize,
    to: usize,
    /// In ascending order of `end`; those before `first` are out of reach of what comes.
    hints: Vec<Hint>,
    first: usize,
    /// A bit for each detector of which a hint within reach says something.
    spoken_of: Vec<u64>,
    /// The last words, the last one first.
    last: LastWords,
    /// Words count up to here.
    limit: usize,
    /// The line of the last place ends here: what stands behind it is the label of something else, more often than not.
    line: usize,
    /// What the long runs beside the last place say.
    beside: Vec<Hint>,
}

/// Words with which phrases end that may speak for a value, at most. Where more do, they are read.
const MOST_SETS: usize = 64;

/// From where to where words count around a value, up to so many bytes behind it.
#[inline(always)]
fn reach(bounds: Bounds, (start, end): (usize, usize), behind: usize) -> (usize, usize) {
    (start.saturating_sub(FAR).max(bounds.lo), (end + behind).min(bounds.hi))
}

/// The words near a value with which phrases end that speak for anything: for what, by the sets of
/// [`crate::plan::Favours`].
#[derive(Debug)]
struct PhraseEnds {
    sets: [u16; MOST_SETS],
    count: usize,
    /// Some words are not all ASCII.
    is_beyond_ascii: bool,
}

impl Default for PhraseEnds {
    fn default() -> Self {
        Self { sets: [0; MOST_SETS], count: 0, is_beyond_ascii: false }
    }
}

impl PhraseEnds {
    /// Adds a word without a branch: most say nothing, and which ones do follows no rule.
    #[inline(always)]
    fn add(&mut self, plan: &Plan, text: &[u8], word: (usize, usize), is_wanted: bool) {
        let set = plan.favours.set_of(text, word);
        self.sets[self.count % MOST_SETS] = set;
        self.count += usize::from(is_wanted & (set != 0));
    }

    /// Adds the words of a run that may be several.
    #[inline(never)]
    fn add_words(&mut self, plan: &Plan, text: &[u8], run: (usize, usize), is_wanted: bool) {
        words_of_run(text, run, |word| {
            self.is_beyond_ascii |= is_wanted & !text[word.start..word.end].is_ascii();
            let place = (word.start, word.end);
            self.add(plan, text, place, is_wanted & may_be_word(text, place));
        });
    }

    fn may_speak_of(&self, plan: &Plan, detectors: &[u64]) -> bool {
        self.is_beyond_ascii
            || self.count >= MOST_SETS
            || plan.favours.have_any(&self.sets[..self.count], detectors)
    }
}

/// Words that a phrase may have before its last one.
type LastWords = [LastWord; MAX_PHRASE - 1];

#[derive(Clone, Copy, Debug, Default)]
struct LastWord {
    start: u32,
    end: u32,
    places: Places,
    /// It is a run of ASCII letters that nothing cuts.
    is_plain: bool,
}

impl LastWord {
    fn new((start, end): (usize, usize), places: Places, is_plain: bool) -> Self {
        Self { start: start as u32, end: end as u32, places, is_plain }
    }

    fn place(self) -> (usize, usize) {
        (self.start as usize, self.end as usize)
    }

    fn hash(self, text: &[u8]) -> WordHash {
        let (start, end) = self.place();
        if self.is_plain { plain_hash(text, (start, end)) } else { word_at(text, start, end).hash }
    }
}

/// The last `count` words before `start`, unless something parts one of them from what follows it.
fn words_before(text: &[u8], last: &LastWords, count: usize, start: usize) -> Option<WordHash> {
    let mut behind = start;
    let mut words: [WordHash; MAX_PHRASE - 1] = Default::default();
    for (place, word) in words.iter_mut().zip(last).take(count) {
        let (start, end) = word.place();
        if parts(&text[end..behind]) {
            return None;
        }
        (*place, behind) = (word.hash(text), start);
    }
    words[..count].iter().copied().rev().reduce(WordHash::then)
}

/// Scripts without blanks make runs of whole sentences, which are too long for words. What such a run says is looked for where it
/// stands beside a value, and there alone: within this many bytes of it.
const BESIDE: usize = 4;

/// Adds detectors of which something is said.
#[inline]
fn speak(spoken_of: &mut Vec<u64>, of: &[u64]) {
    spoken_of.resize(of.len(), 0);
    spoken_of.iter_mut().zip(of).for_each(|(spoken, of)| *spoken |= of);
}

impl Surroundings {
    /// Forgets the text: another window follows.
    pub(crate) fn clear(&mut self) {
        self.bounds = None;
    }

    /// Reads what surrounds `start..end`, as far as it has not been read.
    #[inline]
    pub(crate) fn look(
        &mut self,
        plan: &Plan,
        text: &[u8],
        candidates: &Candidates,
        bounds: Bounds,
        (start, end): (usize, usize),
    ) {
        if !self.beside.is_empty() {
            self.beside.clear();
            self.speak_again(plan);
        }
        if (start, end) == (bounds.lo, bounds.hi) {
            // Nothing surrounds it; what lies in it is not read.
            self.forget(plan, self.hints.len());
            self.bounds = None;
            return;
        }
        let (from, to) = reach(bounds, (start, end), FAR_BEHIND);
        let to = if text[end..to].is_ascii() { to } else { reach(bounds, (start, end), 2 * FAR_BEHIND).1 };
        self.limit = to;
        if self.bounds != Some(bounds) || from < self.from || from > self.to {
            let from = start.saturating_sub(LOOK_BEHIND).max(bounds.lo);
            self.bounds = Some(bounds);
            self.forget(plan, self.hints.len());
            self.hints.clear();
            self.first = 0;
            self.last = LastWords::default();
            // A word that the border cuts does not count: its other half may change its meaning.
            let cut = from > bounds.lo && is_word_byte(text[from - 1]);
            let skipped =
                if cut { text[from..to].iter().take_while(|b| is_word_byte(**b)).count() } else { 0 };
            (self.from, self.to) = (from, from + skipped);
        }
        if self.to < to {
            self.read(plan, &text[..bounds.hi], candidates, to);
        }
        let is_over = |hint: &&Hint| hint.end + LOOK_BEHIND < start;
        let passed = self.hints[self.first..].iter().take_while(is_over).count();
        self.forget(plan, self.first + passed);
        let before = &text[start.saturating_sub(BESIDE).max(bounds.lo)..start];
        let after = &text[end..(end + BESIDE).min(bounds.hi)];
        if !before.is_ascii() {
            self.look_beside(plan, text, bounds, (start.saturating_sub(FAR).max(bounds.lo), start));
        }
        if !after.is_ascii() {
            self.look_beside(plan, text, bounds, (end, to));
        }
        if !self.say_nothing() {
            self.line = memchr::memchr(b'\n', &text[end..to]).map_or(to, |at| end + at);
        }
    }

    /// Whether words around `start..end` may speak for one of some detectors, a bit for each. What they say is not read
    /// for that.
    #[inline]
    pub(crate) fn may_speak_of(
        &mut self,
        plan: &Plan,
        text: &[u8],
        candidates: &Candidates,
        bounds: Bounds,
        (start, end): (usize, usize),
        detectors: &[u64],
    ) -> bool {
        if (start, end) == (bounds.lo, bounds.hi) {
            return false;
        }
        let (from, to) = reach(bounds, (start, end), FAR_BEHIND);
        let before = start.saturating_sub(BESIDE).max(bounds.lo);
        if !text[before..start].is_ascii() || !text[end..to].is_ascii() {
            return true;
        }
        if self.bounds == Some(bounds) && (self.from..=self.to).contains(&from) && self.to >= to {
            return true;
        }
        // A word that the border cuts does not count.
        let cut = from > bounds.lo && is_word_byte(text[from - 1]);
        let mut ends = PhraseEnds::default();
        plan.pass.engine.with(|| {
            candidates.each_run(from, to, |at, letters, is_cut| {
                let run = (at, at + letters);
                let is_wanted = (run.1 <= to) & ((at < start) | (at >= end)) & !(cut & (at == from));
                if is_cut {
                    ends.add_words(plan, text, run, is_wanted);
                } else {
                    ends.add(plan, text, run, is_wanted);
                }
            });
        });
        ends.may_speak_of(plan, detectors)
    }

    /// Reads the words of `from..to` that are parts of runs which the reading of words leaves out: too long, or cut by
    /// the border.
    fn look_beside(&mut self, plan: &Plan, text: &[u8], bounds: Bounds, (from, to): (usize, usize)) {
        let in_run = |byte: &&u8| is_word_byte(**byte);
        let mut at = from;
        while at < to {
            let start = at;
            let length = text[start..to].iter().take_while(in_run).count();
            at = start + length.max(1);
            let end = start + length;
            let more_before =
                text[bounds.lo..start].iter().rev().take(LONGEST_RUN + 1).take_while(in_run).count();
            let more_behind = text[end..bounds.hi].iter().take(LONGEST_RUN + 1).take_while(in_run).count();
            let is_read = more_behind == 0 && more_before + length <= LONGEST_RUN;
            if length == 0 || is_read {
                continue;
            }
            let is_inside = |byte: &&u8| **byte & 0xC0 == 0x80;
            let start = start + text[start..end].iter().take_while(is_inside).count();
            let valid = match std::str::from_utf8(&text[start..end]) {
                Ok(valid) => valid,
                // The border may cut a character.
                Err(error) => {
                    std::str::from_utf8(&text[start..start + error.valid_up_to()]).unwrap_or_default()
                }
            };
            let Self { beside, spoken_of, .. } = self;
            unspaced(
                valid,
                |piece| plan.is_cue_word(hash_of(piece)),
                |piece| {
                    let (start, end) = (start + piece.start, start + piece.end);
                    let word = hash_of(&valid[piece]);
                    plan.hints(
                        plan.places_of(word).ends(Default::default()),
                        word,
                        |_| None,
                        |_, word| {
                            beside.push(Hint { word: *word, words: 1, start, end });
                            speak(spoken_of, plan.speaks_of.of(word.0 as usize));
                        },
                    );
                },
            );
        }
    }

    /// Puts the hints up to that one out of reach.
    #[inline]
    fn forget(&mut self, plan: &Plan, to: usize) {
        if self.first != to {
            self.first = to;
            self.speak_again(plan);
        }
    }

    /// Works out what detectors are spoken of.
    fn speak_again(&mut self, plan: &Plan) {
        self.spoken_of.fill(0);
        for hint in self.hints[self.first..].iter().chain(&self.beside) {
            speak(&mut self.spoken_of, plan.speaks_of.of(hint.word.0 as usize));
        }
    }

    fn read(&mut self, plan: &Plan, text: &[u8], candidates: &Candidates, to: usize) {
        let Self { hints, last, spoken_of, to: read, .. } = self;
        let mut heard = Heard { plan, text, hints, spoken_of, last };
        let from = *read;
        // A run that the border cuts is left for the next reading.
        plan.pass.engine.with(|| {
            for Run { start, end, is_cut } in candidates.runs(from, to) {
                *read = end;
                if is_cut {
                    heard.words_of_run(start, end);
                } else {
                    let places = plan.places_of_run(text, (start, end));
                    heard.word(LastWord::new((start, end), places, true), None);
                }
            }
        });
    }

    /// Whether no word near the last place says anything.
    #[inline]
    pub(crate) fn say_nothing(&self) -> bool {
        self.first == self.hints.len() && self.beside.is_empty()
    }

    /// Keeps those of some detectors, a bit for each, of which a word near the last place may say something.
    #[inline]
    pub(crate) fn keep_spoken_of(&self, detectors: &mut [u64]) {
        let spoken_of = self.spoken_of.iter().chain(std::iter::repeat(&0));
        detectors.iter_mut().zip(spoken_of).for_each(|(bits, spoken)| *bits &= spoken);
    }

    /// Whether a word near the last place may say something of the detector.
    #[inline]
    pub(crate) fn speak_of(&self, detector: DetectorId) -> bool {
        has(&self.spoken_of, detector)
    }

    /// The nearest words for a value at `start..end`.
    #[inline]
    pub(crate) fn nearby(
        &self,
        plan: &Plan,
        text: &[u8],
        detector: DetectorId,
        (start, end): (usize, usize),
    ) -> Nearby {
        let mut nearby = Nearby::default();
        if !self.speak_of(detector) {
            return nearby;
        }
        let says = &plan.says[detector.index()];
        let text = &text[..self.bounds.map_or(text.len(), |bounds| bounds.hi)];
        let within = |hint: &&Hint| hint.end <= self.limit;
        let (mut favours, mut opposes) = ((0, 0), (0, 0));
        let of_phones = says.of_phones;
        for hint in self.hints[self.first..].iter().take_while(within).chain(&self.beside) {
            let says = says.of(hint.word);
            if says == 0 {
                continue;
            }
            let distance = if hint.end <= start && hint.start + FAR >= start {
                start - hint.end
            } else if hint.start >= end && !is_label(&text[hint.end..]) {
                (hint.start - end).max(if hint.start > self.line { NEAR + 1 } else { 0 })
            } else {
                continue;
            };
            // The word of the first of several numbers is that of all, and one without a number between speaks of the next one
            // that is written in groups.
            let is_near = || {
                let between = &text[hint.end.min(start)..start];
                let is_grouped = || !text[start..end].iter().all(u8::is_ascii_digit);
                is_list_of_numbers(between) || is_grouped() && !parts_topics(between)
            };
            let is_said = of_phones && distance > NEAR && hint.end <= start && is_near();
            let distance = if is_said { NEAR } else { distance };
            let near = Near { word: hint.word, distance, words: hint.words };
            let keep = |nearest: &mut Option<Near>| {
                // Of phrases at one distance the longest says most.
                let rank = |near: &Near| (near.distance, std::cmp::Reverse(near.words), near.word);
                if nearest.is_none_or(|nearest| rank(&near) < rank(&nearest)) {
                    *nearest = Some(near);
                }
            };
            let is_right_before = || hint.end <= start && is_right_behind(&text[hint.end..start]);
            if says & Says::FOR != 0 || says & Says::RIGHT_BEFORE != 0 && is_right_before() {
                keep(&mut nearby.in_favour);
                favours = if nearby.in_favour == Some(near) { (hint.start, hint.end) } else { favours };
            }
            let is_of_phone = || hint.start >= end && is_label_of_phone(&text[hint.end..]);
            if says & Says::AGAINST != 0 && !is_of_phone() {
                keep(&mut nearby.against);
                opposes = if nearby.against == Some(near) { (hint.start, hint.end) } else { opposes };
            }
        }
        let Some(in_favour) = nearby.in_favour else {
            return nearby;
        };
        let gap = |one: (usize, usize), other: (usize, usize)| {
            let (from, to) = if one.1 <= other.0 { (one.1, other.0) } else { (other.1, one.0) };
            &text[from..to.max(from)]
        };
        let beside = if (favours.1 <= start) == (opposes.1 <= start) { favours } else { (start, end) };
        if nearby.against.is_some_and(|against| against.distance > in_favour.distance)
            && parts_topics(gap(opposes, beside))
            && !parts_topics(gap(favours, (start, end)))
        {
            nearby.outweighed = nearby.against.take();
        }
        // Its own name stands right before it, and what speaks against it is no part of that: `CUIT 27379015641, factura C`. Words
        // against a few detectors only tell those from their likes, as names of countries do.
        let is_named = favours.1 <= start
            && in_favour.distance <= BESIDE_NAME
            && plan.is_of_few(in_favour.word)
            && nearby.against.is_some_and(|against| {
                against.distance > in_favour.distance && !plan.is_of_few(against.word)
            })
            && (opposes.0 >= end || opposes.1 < favours.0 && gap(opposes, favours) != b" ");
        if is_named {
            nearby.outweighed = nearby.against.take();
        }
        if says.of_dates && holds_date(gap(favours, (start, end))) {
            nearby.in_favour = None;
            return nearby;
        }
        // Phrases that begin before the nearest word and go on into it say more of it, or that it is the word of another country.
        let begins = favours.0;
        let goes_on = |hint: &&Hint| hint.start < begins && hint.end > begins;
        let mut more = 0;
        for hint in self.hints[self.first..].iter().take_while(within).filter(goes_on) {
            if says.of(hint.word) & Says::FOR != 0 {
                more = more.max(hint.words - 1);
            } else if plan.is_foreign(hint.word, detector) {
                nearby.in_favour = None;
            }
        }
        nearby.in_favour = nearby.in_favour.map(|near| Near { words: near.words + more, ..near });
        nearby
    }
}

/// What words are read into.
struct Heard<'a> {
    plan: &'a Plan,
    text: &'a [u8],
    hints: &'a mut Vec<Hint>,
    spoken_of: &'a mut Vec<u64>,
    last: &'a mut LastWords,
}

impl Heard<'_> {
    /// Hears the next word. Most say nothing, and end nothing that those before them begin.
    #[inline(always)]
    fn word(&mut self, this: LastWord, hash: Option<WordHash>) {
        let ends = this.places.ends(self.last.map(|word| word.places));
        if ends != 0 {
            self.phrases(this, ends, hash);
        }
        *self.last = [this, self.last[0]];
    }

    /// Hears what ends with a word.
    #[inline(never)]
    fn phrases(&mut self, this: LastWord, ends: u8, hash: Option<WordHash>) {
        let Self { plan, text, hints, spoken_of, last } = self;
        let (start, end) = this.place();
        let before = |count| words_before(text, last, count, start);
        plan.hints(ends, hash.unwrap_or_else(|| this.hash(text)), before, |count, word| {
            let start = if count == 1 { start } else { last[count - 2].place().0 };
            hints.push(Hint { word: *word, words: count, start, end });
            speak(spoken_of, plan.speaks_of.of(word.0 as usize));
        });
    }

    /// Hears the words of a run that may be several.
    #[inline(never)]
    fn words_of_run(&mut self, start: usize, end: usize) {
        let Self { plan, text, .. } = *self;
        if end - start > LONGEST_RUN {
            *self.last = LastWords::default();
            return;
        }
        let mut hear = |word: WordHash, start: usize, end: usize| {
            self.word(LastWord::new((start, end), plan.places_of(word), false), Some(word));
        };
        words_of_run(text, (start, end), |word| {
            let written = || std::str::from_utf8(&text[word.start..word.end]).ok();
            match written().filter(|text| text.chars().any(is_unspaced)) {
                Some(text) => {
                    let is_known = |piece: &str| plan.is_cue_word(hash_of(piece));
                    unspaced(text, is_known, |piece| {
                        let (start, end) = (word.start + piece.start, word.start + piece.end);
                        hear(hash_of(&text[piece]), start, end);
                    });
                }
                None => hear(word.hash, word.start, word.end),
            }
        });
    }
}

/// A survivor with everything that speaks for and against it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Scored {
    pub(crate) survivor: Survivor,
    pub(crate) confidence: Confidence,
    context: Option<WordId>,
    header: Option<WordId>,
    against: Option<WordId>,
    /// A person's name or e-mail address stands right beside it.
    person: bool,
    /// Its place says that it is the number of a telephone.
    called: bool,
    domestic: bool,
    /// The detector needs a word, and there is none.
    pub(crate) unproven: bool,
    /// It is all of its cell.
    pub(crate) whole: bool,
    /// What the decision on its column says.
    pub(crate) column: Option<Fact>,
}

/// Whether a detector finds nothing at a place, whatever stands there: it needs a word, and none is there.
#[inline]
pub(crate) fn lacks_context(
    detector: &Detector,
    id: DetectorId,
    nearby: &Nearby,
    column: Option<&ColumnContext>,
) -> bool {
    detector.needs_context
        && nearby.in_favour.is_none()
        && !nearby.person
        && nearby.called == 0
        && !nearby.domestic
        && column.is_none_or(|column| column.says(id, Speaks::For).is_none() && !column.wants(detector, id))
}

/// Adds up the evidence.
pub(crate) fn score(
    detector: &Detector,
    survivor: Survivor,
    nearby: &Nearby,
    column: Option<&ColumnContext>,
) -> Scored {
    let scoring = &detector.scoring;
    let by_distance = |points: i32, distance: usize| if distance <= NEAR { points } else { points / 2 };
    let in_header = |speaks| column?.says(survivor.detector, speaks);
    let header = in_header(Speaks::For);
    let against = in_header(Speaks::Against).map(|cue| (cue.word, 0));
    let against = against.or(nearby.against.map(|near| (near.word, near.distance)));
    let mut points = survivor.points;
    points += nearby.points(scoring);
    points += header.map_or(0, |cue| scoring.header + if cue.is_phrase { PHRASE } else { 0 });
    points -= against.map_or(0, |(_, distance)| by_distance(scoring.against, distance));
    if survivor.proofs.example {
        points = points.min(MOST_FOR_EXAMPLE);
    }
    Scored {
        survivor,
        confidence: Confidence::from_thousandths(points),
        context: nearby.in_favour.map(|near| near.word),
        header: header.map(|cue| cue.word),
        against: against.map(|(word, _)| word),
        person: nearby.person,
        called: nearby.called > 0,
        domestic: nearby.domestic,
        unproven: header.is_none() && lacks_context(detector, survivor.detector, nearby, None),
        whole: false,
        column: None,
    }
}

impl Scored {
    /// The same, of what needs no word near it.
    pub(crate) fn proven(self) -> Self {
        Self { unproven: false, ..self }
    }

    /// A cell that fits a description. It is nothing before its column is decided.
    pub(crate) fn described(survivor: Survivor, header: Option<WordId>, context: Option<WordId>) -> Self {
        Self {
            survivor,
            confidence: Confidence::from_thousandths(survivor.points.max(LEAST_TOKENISED.into())),
            context,
            header,
            against: None,
            person: false,
            called: false,
            domestic: false,
            unproven: true,
            whole: true,
            column: None,
        }
    }

    /// The same, with places counted from `start`.
    pub(crate) fn moved_by(self, start: u32) -> Self {
        let Survivor { start: first, end, .. } = self.survivor;
        // A value may begin in blanks before its cell's first byte that counts.
        let survivor =
            Survivor { start: first.wrapping_sub(start), end: end.wrapping_sub(start), ..self.survivor };
        Self { survivor, ..self }
    }

    /// The same in another cell, whose places are counted from `start`.
    pub(crate) fn moved_to(self, cell: u32, start: u32) -> Self {
        let moved = self.moved_by(start.wrapping_neg());
        Self { survivor: Survivor { cell: Some(cell), ..moved.survivor }, ..moved }
    }

    /// The same, for a value that is `whole` or not.
    pub(crate) fn in_cell(self, whole: bool) -> Self {
        Self { whole, ..self }
    }

    /// The same of another value.
    pub(crate) fn at(self, survivor: Survivor) -> Self {
        Self { survivor, ..self }
    }

    /// Whether it is worth a token.
    pub(crate) fn is_kept(&self) -> bool {
        self.confidence.thousandths() >= LEAST_TOKENISED
    }

    /// Beside what explains the place better.
    pub(crate) fn as_alternative(&self) -> Alternative {
        let Survivor { start, end, detector, .. } = self.survivor;
        Alternative { detector, confidence: self.confidence, start: start as usize, end: end as usize }
    }

    /// Whether it is all of a range.
    pub(crate) fn spans(&self, range: &Range<usize>) -> bool {
        (self.survivor.start as usize, self.survivor.end as usize) == (range.start, range.end)
    }

    /// Whether it differs from another one in its place alone.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let of = |scored: &Self| {
            let survivor = Survivor { start: 0, end: 0, cell: None, ..scored.survivor };
            Self { survivor, ..*scored }
        };
        of(self) == of(other)
    }

    /// Whether the facts of another one are its own.
    pub(crate) fn has_facts_of(&self, other: &Self) -> bool {
        let of = |scored: &Self| {
            let Self { survivor, context, header, against, person, called, domestic, column, .. } = *scored;
            (survivor.proofs, context, header, against, (person, called, domestic), column)
        };
        of(self) == of(other)
    }

    /// Replaces `out` by the facts, sorted.
    pub(crate) fn facts(&self, out: &mut Vec<Fact>) {
        let proofs = self.survivor.proofs;
        out.clear();
        out.push(Fact::plain(match proofs {
            Proofs { described: true, .. } => FactKind::Values,
            Proofs { word_list: true, .. } => FactKind::WordList,
            _ => FactKind::Shape,
        }));
        out.extend(self.column);
        let plain = [
            (proofs.checksum, FactKind::Checksum),
            (proofs.structure, FactKind::Structure),
            (proofs.example, FactKind::Example),
            (self.person, FactKind::People),
            (self.called, FactKind::Place),
            (self.domestic, FactKind::SourceCountry),
        ];
        out.extend(plain.into_iter().filter(|(holds, _)| *holds).map(|(_, kind)| Fact::plain(kind)));
        let words = [
            (self.context, FactKind::Context),
            (self.header, FactKind::Header),
            (self.against, FactKind::NegativeContext),
        ];
        out.extend(words.into_iter().filter_map(|(word, kind)| Some(Fact::word(kind, word?))));
        out.sort_unstable();
    }
}
