//! What a header says. Headers are short and rare, so this may take its time: words are cut at digits, punctuation and
//! upper-case letters as everywhere, and then glued words (`emailaddress`, `telefonnummer`, `電話番号`) by a dictionary
//! of all that headers are made of.

mod spelling;
mod words;

use std::borrow::Cow;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::OnceLock;

use domesday_model::{DetectorId, TokenKind};

use super::people::PLACES;
use crate::detector::Detector;
use crate::plan::{Cue, Plan, Rest, Speaks};
use crate::words::{
    LONGEST_RUN, MAX_PHRASE, WordHash, WordSet, each_word, fold_into, hash_of, is_unspaced, unspaced,
};
use spelling::{acronym, remark, spelt_out, umlauts, without_prefixes, without_table_letters, without_type};
use words::{
    AMOUNTS, BLANKS, CONNECTORS, CONTACTS, CONTAINERS, ENTRIES, FILLERS, IDENTIFIERS, KEYS, NAMES, NATURAL,
    NUMBERS, OF_FIRMS, ORGANISATIONS, OTHERS, OWNED, PEOPLE, PROVIDERS, QUALIFIERS, QUESTIONS, REFERRING,
    ROLES, SHORT, SHORTENED, SITE, SITES, STAFF, TABLES, UNCUT, WHOLE, WORDS_OF_TWO, WORKPLACES,
};

/// Letters of a word that may be cut off a longer one whose rest is unknown.
const SURE: usize = 7;

/// A header is read up to this many words.
const MOST_WORDS: usize = 24;

/// The dictionary beside the words of the detectors.
#[derive(Debug)]
pub(crate) struct Headers {
    qualifiers: WordSet,
    questions: WordSet,
    amounts: WordSet,
    people: WordSet,
    roles: WordSet,
    fillers: WordSet,
    tables: WordSet,
    others: WordSet,
    organisations: WordSet,
    sites: WordSet,
    site: WordSet,
    keys: WordSet,
    contacts: WordSet,
    staff: WordSet,
    blanks: WordSet,
    /// For each detector the qualifiers that are its own words.
    own: Vec<Vec<WordHash>>,
    abbreviations: Abbreviations,
    splits: Splits,
}

/// Words of headers and what they are made of, by hash: the first ones that are read stay. A document of a thousand
/// columns has few words.
struct Splits(Box<[OnceLock<Split>]>);

/// A word, and the words it is made of with their hashes.
type Split = (Box<str>, Vec<(String, WordHash)>);

/// Words that are kept.
const MOST_SPLITS: usize = 4096;

impl fmt::Debug for Splits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Splits").field(&self.0.len()).finish()
    }
}

/// Whose values a column has, as far as its header tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whose {
    /// Those of whom or what the table holds.
    #[default]
    Own,
    /// Those of somebody it has to do with, so that it may be about something else: a customer, a driver.
    Somebody,
    /// Those of somebody who made what it holds, or has recorded it.
    Other,
}

/// Which people a header names, those who speak for an organisation left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Persons {
    #[default]
    None,
    /// Those who keep the records, or work in what they are of.
    Staff,
    /// Others: customers, passengers.
    Customers,
    /// Those who are no firms: patients, students.
    Natural,
}

/// What a header says of organisations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Organisation {
    #[default]
    None,
    /// Its values are names of some, or tell something of them.
    Named,
    /// The same, and what it has is theirs: `store_city`, `carriers.address`.
    Owns,
}

/// What the path of a column says.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// The cues that count, those of longer phrases first.
    pub(crate) cues: Vec<Cue>,
    pub(crate) whose: Whose,
    /// It has words that only headers have.
    pub(crate) qualifies: bool,
    /// It refers to somebody by whatever names him: `caller_id`, `opened_by`, `operator`.
    pub(crate) refers: bool,
    pub(crate) organisation: Organisation,
    /// Its people speak for an organisation.
    pub(crate) is_contact: bool,
    pub(crate) people: Persons,
    /// It has no word but such as number columns.
    pub(crate) is_blank: bool,
    /// It is a word for names, of whatever.
    pub(crate) is_name: bool,
    /// It is words for numbers, of whatever.
    pub(crate) is_identifier: bool,
    /// It is the key of an entry.
    pub(crate) is_entry: bool,
}

/// A word of a header.
struct Part {
    text: String,
    hash: WordHash,
    /// The number of its key in the path.
    key: usize,
    /// It is part of a remark: `Phone (optional)` holds numbers.
    remark: bool,
    /// It is two letters before the name of a field, those of its table as a rule: `RA_ESTADO`, `ca_city`.
    prefix: bool,
}

/// A cue and the words that it stands for.
struct Seen {
    cue: Cue,
    words: Range<usize>,
}

impl Headers {
    pub(crate) fn new(detectors: &[Detector]) -> Self {
        let set = |words: &str| words.split_whitespace().map(hash_of).collect::<WordSet>();
        let (qualifiers, questions) = (set(QUALIFIERS), set(QUESTIONS));
        let own = |detector: &Detector| {
            let mut own = Vec::new();
            for phrase in detector.context.iter().chain(&detector.header) {
                each_word(phrase.as_bytes(), |word| own.push(word.hash));
            }
            own.retain(|hash| qualifiers.contains(hash) || questions.contains(hash));
            own
        };
        let own = detectors.iter().map(own).collect();
        let roles = set(ROLES);
        let fillers = set(FILLERS).union(&roles).copied().collect();
        Self {
            fillers,
            people: set(PEOPLE),
            roles,
            amounts: set(AMOUNTS),
            tables: set(TABLES),
            others: set(OTHERS),
            organisations: set(ORGANISATIONS),
            sites: set(SITES),
            site: set(SITE),
            keys: set(KEYS),
            contacts: set(CONTACTS),
            staff: set(STAFF),
            blanks: set(BLANKS),
            own,
            abbreviations: Abbreviations::new(detectors),
            qualifiers,
            questions,
            splits: Splits((0..MOST_SPLITS).map(|_| OnceLock::new()).collect()),
        }
    }

    /// What the path of a column says.
    pub(crate) fn read(&self, plan: &Plan, detectors: &[Detector], path: &str) -> Said {
        let path = without_type(path);
        let (table, name) = path.rsplit_once('.').unwrap_or(("", path));
        if is_numbered(name) {
            let parts = self.parts(plan, table);
            let is_one = |part: &Part| self.organisations.contains(&part.hash);
            let organisation =
                if parts.last().is_some_and(is_one) { Organisation::Owns } else { Organisation::None };
            return Said { is_blank: true, organisation, ..Said::default() };
        }
        // Keys of schemas speak of fields, and hold none: `password["$ref"]`.
        if name.starts_with('$') || path.contains("[\"$") {
            return Said { qualifies: true, ..Said::default() };
        }
        let path = if path.is_ascii() && !path.contains('#') { Cow::Borrowed(path) } else { spelt_out(path) };
        let path = without_prefixes(path);
        let mut parts = self.parts(plan, &path);
        let last = parts.last().map_or(0, |part| part.key);
        parts.retain(|part| part.key == last || !CONTAINERS.contains(&part.text.as_str()));
        let tail = self.tail(&parts);
        let seen = cues(plan, &parts);
        let counts = |seen_cue: &&Seen| {
            let Seen { cue, words } = seen_cue;
            if cue.speaks == Speaks::Against {
                return !is_part_of_its_own(seen_cue, &seen)
                    && !self.is_of_table(detectors, seen_cue, &parts, &seen);
            }
            let described = detectors[cue.detector.index()].is_described();
            !(self.is_void(seen_cue, &parts, tail, &seen)
                || is_part_of_a_longer_name(detectors, seen_cue, &seen)
                || is_before_another_place(detectors, seen_cue, &seen)
                || described && words.end <= tail
                || self.is_torn(words, &parts))
        };
        let read = |seen_cue: &Seen| match seen_cue.cue {
            cue if cue.vague => Cue { rest: self.rest(cue.detector, &parts, tail, &seen), ..cue },
            cue => cue,
        };
        let whose = |part: &Part| match &part.hash {
            hash if self.others.contains(hash) => Whose::Other,
            hash if self.people.contains(hash) || self.roles.contains(hash) => Whose::Somebody,
            _ => Whose::Own,
        };
        let says = |part: &Part| self.qualifiers.contains(&part.hash);
        let own = &parts[tail..];
        let whose = own.iter().map(whose).max().unwrap_or_default();
        let key = parts.last().map_or(0, |part| part.key);
        // In scripts without blanks two characters are a word.
        let is_short = |text: &str| text.chars().count() < 3 && !text.chars().any(is_unspaced);
        let is_blank = |part: &Part| is_short(&part.text) || self.blanks.contains(&part.hash);
        let is_blank = parts.iter().filter(|part| part.key == key).all(is_blank);
        // `field_4` is no kind of field.
        let numbers = |part: &Part| is_blank && self.blanks.contains(&part.hash);
        let qualifies = own.iter().any(|part| says(part) && !numbers(part));
        // Who operates a vehicle has a name as well, while `operator_code` is that of a firm.
        let is_somebody = own.len() == 1 && own.iter().all(|part| PROVIDERS.contains(&part.text.as_str()));
        let refers = is_somebody
            || own.len() > 1 && own.last().is_some_and(|part| REFERRING.contains(&part.text.as_str()));
        // Who has the account of a firm is a seller.
        let keeps = |part: &Part| {
            part.text == "owner" && own.iter().any(|other| OWNED.contains(&other.text.as_str()))
        };
        let is_contact = |part: &Part| self.contacts.contains(&part.hash) || keeps(part);
        let is_one =
            |part: &Part| self.people.contains(&part.hash) && !self.organisations.contains(&part.hash);
        let people = |part: &Part| match &part.hash {
            _ if is_contact(part) || !is_one(part) => Persons::None,
            hash if self.staff.contains(hash) => Persons::Staff,
            _ if NATURAL.contains(&part.text.as_str()) => Persons::Natural,
            _ => Persons::Customers,
        };
        let is_contact = own.iter().any(is_contact);
        let people = match own.iter().map(people).max().unwrap_or_default() {
            // The account of an `account owner` is that of a firm.
            Persons::Staff if is_contact => Persons::None,
            people => people,
        };
        Said {
            is_blank,
            is_name: self.is_name(&parts, key),
            is_identifier: is_identifier(&parts, key),
            is_entry: ENTRIES.iter().any(|phrase| has_phrase(own, phrase)),
            cues: seen.iter().filter(counts).map(read).collect(),
            whose,
            qualifies,
            refers,
            organisation: self.organisation(&parts, own, qualifies),
            is_contact,
            people,
        }
    }

    /// Whether the last key of a path is a word for names, perhaps with whose they are: `Kunden_Name`.
    fn is_name(&self, parts: &[Part], key: usize) -> bool {
        let mut own = parts.iter().filter(|part| part.key == key && !part.remark);
        own.next_back().is_some_and(|part| NAMES.contains(&part.text.as_str()))
            && own.all(|part| self.people.contains(&part.hash) || part.text.len() < 3)
    }

    /// What a path says of organisations.
    fn organisation(&self, parts: &[Part], own: &[Part], qualifies: bool) -> Organisation {
        let is_one = |part: &Part| self.organisations.contains(&part.hash);
        let last = parts.last().map_or(0, |part| part.key);
        let of_key = |key: usize| parts.iter().rfind(|part| part.key == key);
        // `carriers.phone`, `store.address.city`.
        let in_path =
            (0..last).filter_map(of_key).any(|part| is_one(part) || self.sites.contains(&part.hash));
        let is_people = own.iter().any(|part| self.people.contains(&part.hash) && !is_one(part));
        let is_of_one = own.iter().any(|part| is_one(part) && !WORKPLACES.contains(&part.text.as_str()));
        let is_site = own.iter().any(|part| self.site.contains(&part.hash))
            && own.iter().all(|part| self.site.contains(&part.hash) || self.keys.contains(&part.hash))
            && own.len() > 1;
        let is_of_firms = OF_FIRMS.iter().any(|phrase| has_phrase(own, phrase));
        if is_people && !is_of_firms {
            Organisation::None
        } else if is_site || is_of_firms {
            Organisation::Named
        } else if in_path || is_of_one {
            Organisation::Owns
        } else if own.iter().any(is_one) && !qualifies {
            Organisation::Named
        } else {
            Organisation::None
        }
    }

    /// What the last key says beside the detector's words.
    fn rest(&self, detector: DetectorId, parts: &[Part], tail: usize, seen: &[Seen]) -> Rest {
        let others = (tail..parts.len()).filter(|at| !is_of(detector, *at, seen)).map(|at| &parts[at]);
        let of_people = self.people_of_table(&parts[tail..]);
        let last = parts.last().map_or(0, |part| part.key);
        let rest = |part: &Part| match &part.hash {
            _ if of_people.is_some_and(|key| part.key == key) => Rest::People,
            hash if part.key < last && self.tables.contains(hash) => Rest::Nothing,
            _ if part.text.len() < 2 || part.text.bytes().all(|b| b.is_ascii_digit()) => Rest::Nothing,
            hash if self.people.contains(hash) => Rest::People,
            hash if self.fillers.contains(hash) => Rest::Fillers,
            _ if part.prefix => Rest::Fillers,
            _ => Rest::Words,
        };
        others.map(rest).max().unwrap_or_default()
    }

    /// The key of a table before that of the column, when people are what it holds: `wp_users`, `dim_customer`.
    fn people_of_table(&self, parts: &[Part]) -> Option<usize> {
        let (table, column) = (parts.first()?.key, parts.last()?.key);
        let words = || parts.iter().filter(|part| part.key == table);
        let last = words().rfind(|part| !self.tables.contains(&part.hash))?;
        (table < column && self.people.contains(&last.hash)).then_some(table)
    }

    /// Whether a word of the last key makes something else of what the detector's words say.
    fn is_void(&self, Seen { cue, words }: &Seen, parts: &[Part], tail: usize, seen: &[Seen]) -> bool {
        let own = &self.own[cue.detector.index()];
        let last = parts.last().map_or(0, |part| part.key);
        let is_before = |at: usize| {
            // A provider of health care has a name; who provides a telephone stands behind it. And `owner_id.name` is a name.
            at < words.start && PROVIDERS.contains(&parts[at].text.as_str())
                || parts[at].text == "id" && parts[at].key < last
        };
        (tail..parts.len()).filter(|at| !parts[*at].remark && !is_before(*at)).any(|at| {
            let hash = parts[at].hash;
            let counts =
                || parts.get(at + 1).is_some_and(|next| next.text == "of") && self.amounts.contains(&hash);
            // `source_value` is how a record had it before it was recoded.
            let recoded =
                parts[at].text == "source" && parts.get(at + 1).is_some_and(|next| next.text == "value");
            let voids = self.qualifiers.contains(&hash) && !recoded
                || at == tail && self.questions.contains(&hash)
                || counts();
            // An owner may be a user; an `owner id` is a key.
            let is_id = parts[at].text == "id" && cue.vague;
            let own = !is_id && own.contains(&hash);
            voids && !own && !is_of(cue.detector, at, seen)
        })
    }

    /// Whether what speaks against a detector is only how its table is called, while its column is clear: `table.first_name`.
    fn is_of_table(&self, detectors: &[Detector], against: &Seen, parts: &[Part], seen: &[Seen]) -> bool {
        let last = parts.last().map_or(0, |part| part.key);
        let is_clear = |other: &Seen| {
            other.cue.detector == against.cue.detector
                && other.cue.speaks == Speaks::For
                && !other.cue.vague
                && parts[other.words.start].key == last
        };
        let is_table = |part: &Part| part.key < last && self.tables.contains(&part.hash);
        // The reviewers of products are people: `products.reviewer_name`.
        let names_people = |other: &Seen| {
            other.cue.detector == against.cue.detector
                && detectors[other.cue.detector.index()].token == TokenKind::Name
                && other.cue.speaks == Speaks::For
                && parts[other.words.start].key == last
                && parts[other.words.clone()].iter().any(|part| self.people.contains(&part.hash))
        };
        let words = &parts[against.words.clone()];
        words.iter().all(is_table) && seen.iter().any(is_clear)
            || words.iter().all(|part| part.key < last) && seen.iter().any(names_people)
    }

    /// Whether a phrase begins in an earlier key, and what follows it in its last is no filler: `customer.number_of_cars`
    /// is no customer number.
    fn is_torn(&self, words: &Range<usize>, parts: &[Part]) -> bool {
        let key = parts[words.end - 1].key;
        let rest = parts[words.end..].iter().take_while(|part| part.key == key);
        parts[words.start].key < key && rest.into_iter().any(|part| !self.fillers.contains(&part.hash))
    }

    /// Where the last key begins that says something.
    fn tail(&self, parts: &[Part]) -> usize {
        let says = |part: &Part| !self.fillers.contains(&part.hash);
        let key = parts.iter().rev().find(|part| says(part)).map_or(0, |part| part.key);
        parts.iter().position(|part| part.key >= key).unwrap_or(0)
    }

    fn parts(&self, plan: &Plan, path: &str) -> Vec<Part> {
        let mut parts = Vec::new();
        let (mut key, mut from, mut before) = (0, 0, 0..0);
        let remark = remark(path);
        each_word(path.as_bytes(), |word| {
            let between = &path[from..word.start];
            // The point of an abbreviation leads to no other key: `Est. Civil`, `č.p.`
            let is_short = |at: Range<usize>| path[at].chars().nth(1).is_none();
            let may_be_short = between.starts_with('.');
            let shortens = may_be_short && (is_short(before.clone()) || is_short(word.start..word.end));
            if !between.ends_with(' ') && !shortens {
                key += between.bytes().filter(|&b| b == b'.').count();
            }
            (from, before) = (word.end, word.start..word.end);
            if parts.len() >= MOST_WORDS {
                return;
            }
            let remark = word.start > remark;
            let leads = parts.last().is_none_or(|before: &Part| before.key < key);
            let mut written = &path[word.start..word.end];
            if leads
                && let Some(rest) =
                    self.without_field_letter(plan, written).or_else(|| without_table_letters(written))
            {
                written = rest;
            }
            let prefix = written.len() == 2
                && written.bytes().all(|byte| byte.is_ascii_alphabetic())
                && !WORDS_OF_TWO.contains(&written.to_ascii_lowercase().as_str())
                && path[word.end..].starts_with('_')
                && leads;
            self.each_piece(plan, written, |text, hash| {
                parts.push(Part { text: text.to_owned(), hash, key, remark, prefix });
            });
        });
        parts
    }

    /// A word without the letter that some systems put before the name of each field: `FMobile`.
    fn without_field_letter<'a>(&self, plan: &Plan, word: &'a str) -> Option<&'a str> {
        let [b'A'..=b'Z', b'A'..=b'Z', b'a'..=b'z', ..] = word.as_bytes() else { return None };
        let is_known =
            |word: &str| self.split(plan, word).iter().all(|piece| self.knows(plan, hash_of(piece)));
        (word.is_ascii() && !is_known(word) && is_known(&word[1..])).then(|| &word[1..])
    }

    /// Calls `each` with the words that a word of a header is made of.
    fn each_piece(&self, plan: &Plan, word: &str, mut each: impl FnMut(&str, WordHash)) {
        let split = || {
            let hashed = |piece: String| {
                let hash = hash_of(&piece);
                (piece, hash)
            };
            self.split(plan, word).into_iter().map(hashed).collect::<Vec<_>>()
        };
        let mut tell =
            |pieces: &[(String, WordHash)]| pieces.iter().for_each(|(text, hash)| each(text, *hash));
        if word.len() > LONGEST_RUN {
            return tell(&split());
        }
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        let (kept, pieces) =
            self.splits.0[hasher.finish() as usize % MOST_SPLITS].get_or_init(|| (word.into(), split()));
        if **kept == *word { tell(pieces) } else { tell(&split()) }
    }

    /// The words that a word of a header is made of.
    fn split(&self, plan: &Plan, word: &str) -> Vec<String> {
        let mut text = String::new();
        fold_into(word, &mut text);
        let full = text.strip_suffix("nr").map(|stem| format!("{stem}nummer"));
        if let Some(full) = full.filter(|full| plan.is_cue_word(hash_of(full))) {
            return vec![full];
        }
        let mut is_known = long(&text).is_some() || self.knows(plan, hash_of(&text));
        if !is_known && let Some(other) = umlauts(&text) {
            is_known = self.knows(plan, hash_of(&other));
            text = if is_known { other } else { text };
        }
        let pieces = if is_known { vec![text.as_str()] } else { self.pieces(plan, &text) };
        let is_single = pieces.len() == 1;
        match acronym(word).filter(|_| !is_known && is_single) {
            Some(end) => {
                let (acronym, rest) = word.split_at(end);
                [self.split(plan, acronym), self.split(plan, rest)].concat()
            }
            None => {
                // `ĐT` is a phone and no date.
                let short = |piece| long(piece).filter(|_| word.is_ascii());
                let uncut = |piece| if is_known { None } else { self.abbreviations.full(piece) };
                let whole = |piece| {
                    let full = short(piece).or_else(|| self.singular(plan, piece));
                    full.or_else(|| uncut(piece).filter(|_| is_single)).unwrap_or(piece)
                };
                pieces.into_iter().map(|piece| whole(piece).to_owned()).collect()
            }
        }
    }

    /// The word for one of the people that a word stands for: each row of `users` is a user, and a `guardiansname` is
    /// that of one. Words of detectors stay as they are.
    fn singular<'a>(&self, plan: &Plan, word: &'a str) -> Option<&'a str> {
        let stem = word.strip_suffix('s')?;
        let counts = self.people.contains(&hash_of(word)) || !plan.is_cue_word(hash_of(word));
        (counts && self.people.contains(&hash_of(stem))).then_some(stem)
    }

    fn knows(&self, plan: &Plan, hash: WordHash) -> bool {
        let own = [&self.fillers, &self.people, &self.qualifiers, &self.questions];
        plan.is_cue_word(hash) || own.iter().any(|words| words.contains(&hash))
    }

    /// Cuts a word that is not known into words that are; the word itself where that does not work out.
    fn pieces<'a>(&self, plan: &Plan, word: &'a str) -> Vec<&'a str> {
        let is_known = |piece: &str| {
            long(piece).is_some()
                || self.knows(plan, hash_of(piece))
                || piece.len() > 5 && self.singular(plan, piece).is_some()
        };
        if word.chars().any(is_unspaced) {
            return with_rest(word, |piece| plan.is_cue_word(hash_of(piece)));
        }
        // Qualifiers are listed in every form that they have: `providers` are people more often than operators.
        let is_stem =
            |stem: &&str| stem.len() > 3 && is_known(stem) && !self.qualifiers.contains(&hash_of(stem));
        if let Some(stem) = word.strip_suffix('s').filter(is_stem) {
            return vec![stem];
        }
        let is_piece = |piece: &str| piece.len() >= 3 && !WHOLE.contains(&piece) || SHORT.contains(&piece);
        cover(word, |piece| is_piece(piece) && is_known(piece))
            .or_else(|| sure_end(word, |piece| plan.is_cue_word(hash_of(piece))))
            .unwrap_or_else(|| vec![word])
    }
}

/// Long words of headers, which people cut short: `staatsang`, `telef`, `poblac`.
#[derive(Debug)]
struct Abbreviations {
    /// In order, each with the category of what it names.
    words: Vec<(String, String)>,
}

impl Abbreviations {
    /// Letters of what is left of a word, and those that are cut off; but for long words, which are no others.
    const SHORTEST: usize = 5;
    const FEWEST_CUT: usize = 3;
    const LONG: usize = 8;
    /// What words are for that are cut. In those for numbers and pay, other words of their language are glued together.
    const CATEGORIES: [&str; 5] =
        ["user.name.first", "user.name.last", "user.name.honorific", "user.contact", "user.demographic"];

    fn new(detectors: &[Detector]) -> Self {
        let is_cut = |word: &str| {
            word.len() >= Self::SHORTEST + Self::FEWEST_CUT
                && word.bytes().all(|byte| byte.is_ascii_lowercase())
        };
        let mut words = Vec::new();
        for detector in detectors {
            let category = &detector.info.category;
            let is_for_columns = !detector.header.is_empty();
            if !is_for_columns || !Self::CATEGORIES.iter().any(|of| category.starts_with(of)) {
                continue;
            }
            for phrase in detector.header.iter().chain(&detector.context) {
                let mut word = String::new();
                fold_into(phrase, &mut word);
                if !phrase.contains([' ', '-', '\'']) && is_cut(&word) {
                    words.push((word, category.clone()));
                }
            }
        }
        words.sort_unstable();
        words.dedup();
        Self { words }
    }

    /// The shortest of the words that begin like this one, if all of them name the same and one is longer by some letters.
    fn full(&self, short: &str) -> Option<&str> {
        self.of(short).or_else(|| self.of(&umlauts(short)?))
    }

    fn of(&self, short: &str) -> Option<&str> {
        if short.len() < Self::SHORTEST || UNCUT.contains(&short) {
            return None;
        }
        let first = self.words.partition_point(|(word, _)| word.as_str() < short);
        let mut alike = self.words[first..].iter().take_while(|(word, _)| word.starts_with(short));
        let (full, category) = alike.next()?;
        let (mut full, mut longest) = (full.as_str(), full.len());
        for (word, other) in alike {
            if other != category {
                return None;
            }
            longest = longest.max(word.len());
            if word.len() < full.len() {
                full = word;
            }
        }
        (short.len() >= Self::LONG || longest >= short.len() + Self::FEWEST_CUT).then_some(full)
    }
}

/// What a word is short for.
fn long(word: &str) -> Option<&'static str> {
    SHORTENED.iter().find(|(short, _)| *short == word).map(|(_, long)| *long)
}

/// Whether the last key of a path is words for numbers, of whatever: `ID Number`.
fn is_identifier(parts: &[Part], key: usize) -> bool {
    let mut own = parts.iter().filter(|part| part.key == key).peekable();
    own.peek().is_some() && own.all(|part| IDENTIFIERS.contains(&part.text.as_str()))
}

/// Whether these words follow each other somewhere.
fn has_phrase(parts: &[Part], phrase: &[&str]) -> bool {
    parts.windows(phrase.len()).any(|parts| parts.iter().zip(phrase).all(|(part, word)| part.text == *word))
}

/// Whether a path is the name that formats give to a column without one.
fn is_numbered(path: &str) -> bool {
    path.strip_prefix("column_").is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
}

/// The fewest known words that a word is made of.
fn cover(word: &str, is_known: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
    let ends: Vec<usize> = word.char_indices().map(|(i, _)| i).chain([word.len()]).collect();
    // For each end, how many pieces lead to it, and where the last of them begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; ends.len()];
    best[0] = Some((0, 0));
    for end in 1..ends.len() {
        for start in (0..end).filter(|start| end - start >= 2) {
            let Some((count, _)) = best[start] else { continue };
            if best[end].is_none_or(|(least, _)| count + 1 < least) && is_known(&word[ends[start]..ends[end]])
            {
                best[end] = Some((count + 1, start));
            }
        }
    }
    let mut pieces = Vec::new();
    let mut end = ends.len() - 1;
    while end > 0 {
        let (_, start) = best[end]?;
        pieces.push(&word[ends[start]..ends[end]]);
        end = start;
    }
    pieces.reverse();
    (pieces.len() > 1).then_some(pieces)
}

/// A long word at the end of one whose beginning is unknown. What a word begins with says nothing: `qualifications` are
/// no `qualifica`.
fn sure_end(word: &str, is_known: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
    let mut cuts = word.char_indices().map(|(i, _)| i).filter(|&i| i > 0);
    let at = cuts.find(|&i| word.len() - i >= SURE && is_known(&word[i..]))?;
    Some(vec![&word[..at], &word[at..]])
}

/// Whether a word that speaks against a detector is part of a phrase that speaks for it: a `project lead` is somebody.
fn is_part_of_its_own(against: &Seen, seen: &[Seen]) -> bool {
    seen.iter().any(|phrase| {
        phrase.cue.speaks == Speaks::For
            && !phrase.cue.vague
            && phrase.cue.detector == against.cue.detector
            && phrase.words.len() > against.words.len()
            && phrase.words.start <= against.words.start
            && phrase.words.end >= against.words.end
    })
}

/// Whether a longer phrase for names has the words of one for other names in it: `apellido y nombre` is no `apellido`.
fn is_part_of_a_longer_name(detectors: &[Detector], short: &Seen, seen: &[Seen]) -> bool {
    let is_name = |cue: &Cue| {
        let detector = &detectors[cue.detector.index()];
        detector.is_tokenised && detector.token == TokenKind::Name && cue.speaks == Speaks::For && !cue.vague
    };
    let holds = |long: &Seen| {
        long.cue.detector != short.cue.detector
            && long.words.len() > short.words.len()
            && long.words.start <= short.words.start
            && long.words.end >= short.words.end
    };
    is_name(&short.cue) && seen.iter().any(|long| is_name(&long.cue) && holds(long))
}

/// Whether a part of an address is named behind the words for an address: `Mailing Address City`.
fn is_before_another_place(detectors: &[Detector], first: &Seen, seen: &[Seen]) -> bool {
    let is_place = |cue: &Cue| {
        cue.speaks == Speaks::For && detectors[cue.detector.index()].info.category.contains(PLACES)
    };
    let is_behind = |other: &Seen| {
        other.cue.detector != first.cue.detector
            && is_place(&other.cue)
            && other.words.start >= first.words.end
    };
    is_place(&first.cue) && seen.iter().any(is_behind)
}

/// Whether a word of the header belongs to a phrase of the detector.
fn is_of(detector: DetectorId, at: usize, seen: &[Seen]) -> bool {
    let own = |seen: &Seen| seen.cue.detector == detector && seen.cue.speaks == Speaks::For;
    seen.iter().any(|seen| own(seen) && seen.words.contains(&at))
}

/// The known words of a text without blanks, and what lies between them.
fn with_rest(word: &str, is_known: impl Fn(&str) -> bool) -> Vec<&str> {
    let (mut pieces, mut loose) = (Vec::new(), 0);
    unspaced(word, is_known, |piece| {
        pieces.extend((loose < piece.start).then(|| &word[loose..piece.start]));
        loose = piece.end;
        pieces.push(&word[piece]);
    });
    pieces.extend((loose < word.len()).then(|| &word[loose..]));
    pieces
}

/// The cues of all words and phrases, and of words that are one word elsewhere (`post code`). Longer phrases say more
/// and come first.
fn cues(plan: &Plan, parts: &[Part]) -> Vec<Seen> {
    let mut seen = Vec::new();
    for last in 0..parts.len() {
        for first in (last.saturating_sub(MAX_PHRASE - 1)..=last).rev() {
            let words = first..last + 1;
            let of = &parts[words.clone()];
            // `DetectEntitiesV2.name` has no `vname`.
            let is_one_key = of[0].key == of[of.len() - 1].key;
            let mut add = |hash| {
                seen.extend(plan.header_cues(hash).iter().map(|&cue| Seen { cue, words: words.clone() }));
            };
            let read = |parts: &[(&str, WordHash)], add: &mut dyn FnMut(WordHash)| {
                parts.iter().map(|part| part.1).reduce(WordHash::then).into_iter().for_each(&mut *add);
                if parts.len() > 1 && is_one_key {
                    add(hash_of(&parts.iter().map(|part| part.0).collect::<String>()));
                }
            };
            let texts: Vec<_> = of.iter().map(|part| (part.text.as_str(), part.hash)).collect();
            read(&texts, &mut add);
            if let [first, between, last] = texts[..]
                && CONNECTORS.contains(&between.0)
            {
                read(&[first, last], &mut add);
            }
            let number = texts.iter().position(|text| NUMBERS.contains(&text.0)).filter(|_| texts.len() > 1);
            for other in NUMBERS.iter().filter(|_| number.is_some()) {
                let mut texts = texts.clone();
                let at = number.unwrap_or_default();
                if texts[at].0 != *other {
                    texts[at] = (other, hash_of(other));
                    read(&texts, &mut add);
                }
            }
        }
    }
    seen.sort_by_key(|seen| std::cmp::Reverse(seen.words.len()));
    seen
}
