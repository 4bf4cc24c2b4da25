//! Which encoding of single bytes a text is in, among those that are possible: the one in which its letters follow each other as
//! they do in some language.
//!
//! Browsers need no code pages of DOS, and tell encodings apart by what is common on the web. Here is asked what a text costs, in bits, that
//! is read in an encoding and written in one of the languages that it was made for. Only pairs of letters with a foreign one
//! differ, so only those are counted. The texts are the same bytes whatever they are read in, so their costs can be compared.

use std::collections::HashMap;
use std::sync::OnceLock;

use encoding_rs::{
    Encoding, IBM866, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8,
    ISO_8859_13, ISO_8859_15, ISO_8859_16, KOI8_U, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, X_MAC_CYRILLIC,
};

use crate::charset::Legacy;
use crate::detect::FEW;
use crate::pages::PAGES;
use crate::pairs::LANGUAGES;

const COUNT: usize = LANGUAGES.len();

/// Bits by language.
type Bits = [u8; COUNT];

/// Bits of two letters of a language that do not follow each other in it.
const UNSEEN: u8 = 12;
/// Bits of a letter that is none of a language.
const STRANGE: u8 = 15;
/// Bits that another language of the same encoding costs, for a pair.
const FOREIGN: u8 = 4;
/// Bits of a capital behind a small letter, and of a small letter between capitals.
const WRONG_CASE: u32 = 8;
/// Bits of what is in no text, and of marks: where they may stand, beside a letter, and within a word.
const NO_TEXT: u32 = 20;
const MARK: u32 = 6;
const MARK_BESIDE: u32 = 12;
const MARK_WITHIN: u32 = 18;

/// Bits of an encoding that is rarely used by now: that of DOS and these.
const RARE: u32 = 8;
static RARELY_USED: [&Encoding; 5] = [ISO_8859_3, ISO_8859_4, ISO_8859_16, MACINTOSH, X_MAC_CYRILLIC];
/// Bits by which an encoding must be likelier than another that was guessed.
const CLEARLY: u32 = 8;
/// Bits for each foreign byte, at most, of what is a text.
const TEXT: usize = 10;

/// Lines that are looked at for a second encoding.
const LINES: usize = 48;
/// Lines, at least, that are in it; bits for each foreign byte that one has at least in the first encoding; and bits by which each must be
/// likelier in the second.
const SEVERAL: usize = 3;
const DOUBTFUL: usize = 5;
const FAR: u32 = 20;

/// How many places of one byte are looked at.
const PLACES: u8 = 12;

const WEST: &str = "de fr es pt it nl sv da no fi is sq ca ga";
const CENTRAL: &str = "pl cs sk hu ro sl hr de";
const BALTIC: &str = "et lv lt";
const CYRILLIC: &str = "ru uk bg mk sr";

/// The encodings that are possible, and the languages that they are for.
static POSSIBLE: [(&Encoding, &str); 22] = [
    (WINDOWS_1252, "de fr es pt it nl sv da no fi is et sq ca ga"),
    (WINDOWS_1250, CENTRAL),
    (WINDOWS_1251, CYRILLIC),
    (WINDOWS_1253, "el"),
    (WINDOWS_1254, "tr"),
    (WINDOWS_1255, "he"),
    (WINDOWS_1256, "ar fa"),
    (WINDOWS_1257, BALTIC),
    (ISO_8859_2, CENTRAL),
    (ISO_8859_3, "tr"),
    (ISO_8859_4, BALTIC),
    (ISO_8859_5, CYRILLIC),
    (ISO_8859_6, "ar"),
    (ISO_8859_7, "el"),
    (ISO_8859_8, "he"),
    (ISO_8859_13, BALTIC),
    (ISO_8859_15, "fi fr et"),
    (ISO_8859_16, "ro pl hu sl hr"),
    (KOI8_U, "ru uk"),
    (IBM866, "ru"),
    (X_MAC_CYRILLIC, "ru"),
    (MACINTOSH, WEST),
];

/// Code pages that are possible. All letters of page 437 are those of 850.
const POSSIBLE_PAGES: [(&str, &str); 14] = [
    ("ibm720", "ar"),
    ("ibm775", BALTIC),
    ("ibm860", "pt"),
    ("ibm861", "is"),
    ("ibm869", "el"),
    ("x-mac-ce", CENTRAL),
    ("x-mac-greek", "el"),
    ("x-mac-turkish", "tr"),
    ("ibm850", WEST),
    ("ibm852", CENTRAL),
    ("ibm855", "ru bg mk sr"),
    ("ibm857", "tr"),
    ("ibm737", "el"),
    ("ibm862", "he"),
];

/// Marks that stand beside words, and others that are in texts.
const QUOTES: &str = "‘’“”„‚«»‹›¿¡ªºµ";
const MARKS: &str = "\u{A0}…–—•°§€£¥©®™±²³½¼·´¹¾×÷¢†";
/// What tables of DOS are drawn of.
const DRAWN: std::ops::RangeInclusive<char> = '\u{2500}'..='\u{259F}';

/// What stands for a byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Small(u16),
    Capital(u16),
    /// A quotation mark or another that stands beside words.
    Quote,
    /// Another mark that texts have, a digit or a blank.
    Mark,
    NoText,
}

/// An encoding that is possible.
struct Candidate {
    legacy: Legacy,
    is_rarely_used: bool,
    signs: [Sign; 256],
    languages: Vec<usize>,
}

/// What is known of all languages and encodings.
struct Knowledge {
    /// Number of letters. 0 is the border of a word.
    letters: usize,
    /// For each letter, in which languages it is one.
    known: Vec<[bool; COUNT]>,
    /// By both letters of a pair, which of `rows`; the first one is none.
    pairs: Vec<u16>,
    rows: Vec<Bits>,
    candidates: Vec<Candidate>,
}

impl Knowledge {
    fn get() -> &'static Self {
        static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
        KNOWLEDGE.get_or_init(Self::new)
    }

    fn new() -> Self {
        let mut numbers: HashMap<char, u16> = (' '..=' ').chain('a'..='z').zip(0..).collect();
        let mut all = Vec::new();
        for (language, known) in LANGUAGES.iter().enumerate() {
            for (pairs, bits) in known.pairs.iter().zip(1..) {
                let mut letters = pairs.chars();
                while let (Some(first), Some(second)) = (letters.next(), letters.next()) {
                    let [first, second] = [first, second].map(|letter| {
                        let next = numbers.len() as u16;
                        *numbers.entry(letter).or_insert(next)
                    });
                    all.push((language, [first, second], bits));
                }
            }
        }
        let letters = numbers.len();
        let mut known = vec![[false; COUNT]; letters];
        let is_latin = std::array::from_fn(|language| {
            LANGUAGES[language]
                .pairs
                .iter()
                .any(|pairs| pairs.contains(|letter: char| letter.is_ascii_alphabetic()))
        });
        known[0] = [true; COUNT];
        known[1..27].fill(is_latin);
        for (language, pair, _) in &all {
            pair.iter().for_each(|&letter| known[usize::from(letter)][*language] = true);
        }
        let mut knowledge = Self {
            letters,
            known,
            pairs: vec![0; letters * letters],
            rows: vec![[0; COUNT]],
            candidates: Vec::new(),
        };
        for (language, pair, bits) in all {
            let at = knowledge.place(pair);
            if knowledge.pairs[at] == 0 {
                knowledge.pairs[at] = knowledge.rows.len() as u16;
                knowledge.rows.push(knowledge.unseen(pair));
            }
            knowledge.rows[usize::from(knowledge.pairs[at])][language] = bits;
        }
        let whatwg = POSSIBLE.iter().map(|&(encoding, languages)| (Legacy::Whatwg(encoding), languages));
        let page = |name| PAGES.iter().find(|page| page.name == name).map(Legacy::Page);
        let pages = POSSIBLE_PAGES.iter().filter_map(|&(name, languages)| Some((page(name)?, languages)));
        knowledge.candidates = whatwg.chain(pages).map(|known| Candidate::new(known, &numbers)).collect();
        knowledge
    }

    fn candidate(&self, legacy: Legacy) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.legacy == legacy)
    }

    /// What `places` cost in the encoding in which they cost least.
    fn likeliest(&self, places: &[[u8; 3]]) -> Option<(u32, &Candidate)> {
        let costs = self.candidates.iter().map(|candidate| (candidate.cost(self, places), candidate));
        costs.min_by_key(|(cost, _)| *cost)
    }

    fn place(&self, [first, second]: [u16; 2]) -> usize {
        usize::from(first) * self.letters + usize::from(second)
    }

    fn unseen(&self, pair: [u16; 2]) -> Bits {
        let [first, second] = pair.map(|letter| &self.known[usize::from(letter)]);
        std::array::from_fn(|language| if first[language] && second[language] { UNSEEN } else { STRANGE })
    }

    /// What a pair of letters costs in each language.
    fn bits(&self, pair: [u16; 2]) -> Bits {
        match self.pairs[self.place(pair)] {
            0 => self.unseen(pair),
            row => self.rows[usize::from(row)],
        }
    }
}

impl Candidate {
    fn new((legacy, languages): (Legacy, &str), numbers: &HashMap<char, u16>) -> Self {
        let signs = std::array::from_fn(|byte| {
            let sign = legacy.character(byte as u8);
            if QUOTES.contains(sign) {
                return Sign::Quote;
            }
            // Binary data are filled with it.
            if byte == 0xFF && matches!(legacy, Legacy::Page(_)) {
                return Sign::NoText;
            }
            let is_drawn = matches!(legacy, Legacy::Page(_)) && DRAWN.contains(&sign);
            if sign.is_ascii() && !sign.is_ascii_alphabetic() || MARKS.contains(sign) || is_drawn {
                return Sign::Mark;
            }
            let small = sign.to_lowercase().next().unwrap_or(sign);
            // A letter of no language that is known.
            let Some(&number) = numbers.get(&small) else { return Sign::NoText };
            if small == sign { Sign::Small(number) } else { Sign::Capital(number) }
        });
        let number = |name| LANGUAGES.iter().position(|language| language.name == name);
        let is_rarely_used = match legacy {
            Legacy::Page(_) | Legacy::Johab => true,
            Legacy::Whatwg(encoding) => RARELY_USED.contains(&encoding),
        };
        Self { legacy, is_rarely_used, signs, languages: languages.split(' ').filter_map(number).collect() }
    }

    /// What the text costs in which `places` are: a byte beyond ASCII, and what stands on both its sides.
    fn cost(&self, knowledge: &Knowledge, places: &[[u8; 3]]) -> u32 {
        let mut sums = vec![0u32; self.languages.len()];
        let mut marks = if self.is_rarely_used { RARE } else { 0 };
        for &place in places {
            let [before, sign, behind] = place.map(|byte| self.signs[usize::from(byte)]);
            let beside = usize::from(before.letter() > 0) + usize::from(behind.letter() > 0);
            let letter = match sign {
                Sign::Small(letter) | Sign::Capital(letter) => letter,
                Sign::NoText => {
                    marks += NO_TEXT;
                    continue;
                }
                Sign::Quote => {
                    let is_apostrophe = self.legacy.character(place[1]) == '’';
                    marks += [MARK, MARK, if is_apostrophe { MARK_BESIDE } else { MARK_WITHIN }][beside];
                    continue;
                }
                Sign::Mark => {
                    marks += [MARK, MARK_BESIDE, MARK_WITHIN][beside];
                    continue;
                }
            };
            marks += match (before, sign, behind) {
                (Sign::Small(_), Sign::Capital(_), _) => WRONG_CASE,
                (Sign::Capital(_), Sign::Small(_), Sign::Capital(_)) => WRONG_CASE,
                _ => 0,
            };
            let front = knowledge.bits([before.letter(), letter]);
            let back = place[2].is_ascii().then(|| knowledge.bits([letter, behind.letter()]));
            let bits = |&language: &usize| front[language] + back.map_or(0, |back| back[language]);
            let least = self.languages.iter().map(bits).min().unwrap_or(0);
            for (sum, language) in sums.iter_mut().zip(&self.languages) {
                *sum += u32::from(bits(language).min(least + FOREIGN));
            }
        }
        sums.into_iter().min().unwrap_or(0) + marks
    }

    /// Whether `places` cost more than `bits` less than in another encoding.
    fn is_likelier(&self, bits: u32, other: &Self, knowledge: &Knowledge, places: &[[u8; 3]]) -> bool {
        self.cost(knowledge, places) + bits < other.cost(knowledge, places)
    }
}

impl Sign {
    /// The number of the letter; 0 for what is none.
    fn letter(self) -> u16 {
        match self {
            Self::Small(letter) | Self::Capital(letter) => letter,
            Self::Quote | Self::Mark | Self::NoText => 0,
        }
    }
}

/// Bytes beyond ASCII of `lines`, each with its neighbours: the first of each byte, so that what is rare counts.
fn places(lines: &[&[u8]]) -> Vec<[u8; 3]> {
    let mut places = Vec::new();
    let mut seen = [0; 256];
    for line in lines {
        for (at, &byte) in line.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
            let seen = &mut seen[usize::from(byte)];
            if *seen < PLACES {
                *seen += 1;
                let before = at.checked_sub(1).map_or(b' ', |before| line[before]);
                places.push([before, byte, line.get(at + 1).copied().unwrap_or(b' ')]);
            }
        }
    }
    places
}

/// The encoding in which `lines` are most likely a text, where that is clearly another one than `guessed`.
pub(crate) fn likelier(lines: &[&[u8]], guessed: &'static Encoding) -> Option<Legacy> {
    let knowledge = Knowledge::get();
    let guessed = knowledge.candidate(guessed.into())?;
    let places = places(lines);
    if places.len() < FEW {
        return None;
    }
    let (least, likeliest) = knowledge.likeliest(&places)?;
    let is_text = least as usize <= TEXT * places.len() + RARE as usize;
    (is_text && least + CLEARLY < guessed.cost(knowledge, &places)).then_some(likeliest.legacy)
}

/// Another encoding that several of `lines` are in, while the others are in `legacy`.
pub(crate) fn second(lines: &[&[u8]], legacy: Legacy) -> Option<Legacy> {
    let knowledge = Knowledge::get();
    let first = knowledge.candidate(legacy)?;
    // An odd step, for encodings that take turns.
    let spread = lines.iter().step_by((lines.len() / LINES) | 1);
    let is_doubtful = |places: &Vec<_>| first.cost(knowledge, places) as usize > DOUBTFUL * places.len();
    let doubtful: Vec<_> = spread.map(|line| places(&[line])).filter(is_doubtful).collect();
    if doubtful.len() < SEVERAL {
        return None;
    }
    let (_, second) = knowledge.likeliest(&doubtful.concat())?;
    let are_far = doubtful.iter().filter(|places| second.is_likelier(FAR, first, knowledge, places)).count();
    (are_far >= SEVERAL).then_some(second.legacy)
}

/// Whether a line of a text in `first` is in `second`.
pub(crate) fn is_second(line: &[u8], first: Legacy, second: Legacy) -> bool {
    let knowledge = Knowledge::get();
    let [Some(first), Some(second)] = [first, second].map(|legacy| knowledge.candidate(legacy)) else {
        return false;
    };
    second.is_likelier(CLEARLY, first, knowledge, &places(&[line]))
}

#[cfg(test)]
mod tests {
    use crate::charset::{ByLine, TextEncoding, by_label};
    use crate::detect::detect;

    /// What a line is read as that is written in the encoding of that name.
    fn read(name: &str, line: &str) -> String {
        let Some(TextEncoding::ByLine(ByLine { legacy, .. })) = by_label(name) else {
            panic!("{name} is none")
        };
        let byte = |c| (0..=255).find(|&byte| legacy.character(byte) == c);
        let mut bytes: Vec<u8> =
            line.chars().map(|c| byte(c).unwrap_or_else(|| panic!("{name} has no {c}"))).collect();
        bytes.push(b'\n');
        let TextEncoding::ByLine(ByLine { legacy, .. }) = detect(&bytes, true, None) else {
            panic!("{line} is no legacy text")
        };
        bytes.iter().map(|&byte| legacy.character(byte)).collect::<String>().trim_end().to_owned()
    }

    #[test]
    fn texts_are_read_as_they_are_written() {
        for (name, text) in [
            ("cp850", "Straße;Müller;Köln;Düsseldorf"),
            ("cp850", "MÜLLER ÖZGÜR ÄNNE"),
            ("cp850", "Ærø Ålborg Østerbro"),
            ("cp850", "Año nuevo; Peña; Muñoz; Íñigo"),
            ("cp850", "╔═══╗║ Müller ║ Köln ║╚═══╝"),
            ("cp852", "WIŚNIEWSKA MAŁGORZATA ŁÓDŹ"),
            ("cp857", "KÜÇÜKOĞLU ŞAHİN IŞIK"),
            ("cp737", "ΠΑΠΑΔΟΠΟΥΛΟΣ ΓΕΩΡΓΙΟΣ ΑΘΗΝΑ"),
            ("cp862", "שרה לוי תל אביב"),
            ("cp855", "Ольга Щукина; Челябинск; Юрий Цветков; Омск"),
            ("macintosh", "Müller,Jürgen,Straße 5,Köln"),
            ("macintosh", "Señor Muñoz; Íñigo; María"),
            ("iso-8859-2", "Győr; Fűzfő; Hőgyész"),
            ("windows-1250", "Győr; Fűzfő; Hőgyész"),
            ("windows-1250", "Łukasz Żółw,Jürgen Müller,Dvořák,Nagy Ödön,Győri"),
            ("iso-8859-16", "Zażółć gęślą jaźń"),
            ("iso-8859-3", "Işıl Doğan, Çağrı Şahin"),
            ("iso-8859-4", "Rūta Žukauskienė; Šiauliai; Eglė Šimkutė"),
            ("windows-1257", "Sõnajala Õnne; Šokolaad; Žanna Tõnisson"),
        ] {
            assert_eq!(read(name, text), text, "{name}");
        }
    }

    #[test]
    fn marks_and_rare_letters_are_no_code_page() {
        for text in [
            "Preis: 50 €, 10 °C, § 5, © 2020 Müller & Söhne",
            "The café’s “special” — naïve résumé… it’s £50 ± 3½",
            "• First item • Second item • Third – item",
            "don’t",
            "5 µm ± 2 µm, 3 ²",
            "© 2019 Corp. All rights reserved",
            "José García,Jürgen Müller,François Lefèvre,João Simões,Søren Kjær,Åsa Öberg,Þór,Niccolò",
            "Camões e Magalhães",
            "1ª planta, nº 5, C/ Mayor",
            "¿Qué? ¡Sí! Año 2020",
            "«Bonjour», dit-il. L’été à Noël, cœur, Œuvre",
            "STRASSE MÜLLER ÄRZTE ÖFFNUNG",
            "ÉCOLE ÉLÉMENTAIRE FRANÇOISE",
            "x = a × b ÷ c",
            "Ø 20 mm, Ø 35 mm",
            "Venerdì; Mercoledì; Niccolò",
        ] {
            assert_eq!(read("windows-1252", text), text);
        }
        for (name, text) in [
            ("windows-1251", "ИВАНОВ ИВАН ПЕТРОВИЧ"),
            ("koi8-r", "ИВАНОВ ИВАН ПЕТРОВИЧ"),
            ("ibm866", "ИВАНОВ ИВАН ПЕТРОВИЧ"),
            ("windows-1253", "ΠΑΠΑΔΟΠΟΥΛΟΣ ΓΕΩΡΓΙΟΣ ΑΘΗΝΑ"),
            ("windows-1254", "KÜÇÜKOĞLU ŞAHİN IŞIK"),
            ("windows-1255", "דוד כהן"),
            ("windows-1250", "Šárka Žižková"),
        ] {
            assert_eq!(read(name, text), text, "{name}");
        }
    }
}
