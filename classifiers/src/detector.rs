//! A detector as its file describes it. One TOML file is the whole of a detector: what it is, how it is found, what
//! speaks for it and examples that prove it. Built-in and user-supplied files have the same format.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domesday_model::{DetectorInfo, Sensitivity, TokenKind};
use serde::Deserialize;

use crate::checksum::Checksum;
use crate::column::Description;
use crate::gate::share;
use crate::mask::MaskTemplate;
use crate::sequence::{Beside, Sequence};
use crate::shape::Shape;
use crate::structure::{ExampleRule, Rule};
use crate::words::{MAX_PHRASE, each_word};

/// A detector, checked and ready for the plan.
#[derive(Clone, Debug)]
pub struct Detector {
    /// Name, category, law: what each finding repeats.
    pub info: DetectorInfo,
    /// A paragraph for people.
    pub doc: String,
    /// Where its rules come from: the issuing authority or the standard.
    pub source: String,
    /// `stable` or `experimental`.
    pub status: String,
    /// Version of Domesday that had it first.
    pub since: String,
    /// The kind of subject token that its values make.
    pub token: TokenKind,
    /// Whether tokens are kept: not of what identifies nobody, `token = "none"`.
    pub is_tokenised: bool,
    /// How a value is shown.
    pub mask: MaskTemplate,
    /// Report only with a context word or a header.
    pub needs_context: bool,
    /// Separators that may tie a value to a number behind it, for instance `:` between an address and its port.
    pub may_touch: String,
    /// How candidates are found.
    pub find: Find,
    /// What is found beside the words of a list or beside shapes, by the words around it.
    pub beside: Option<Beside>,
    /// Words beside which one of the list is looked for.
    pub anchors: Vec<Shape>,
    /// What the cells of its columns look like.
    pub column: Option<Description>,
    /// What must hold of a candidate.
    pub rules: Vec<Rule>,
    /// Check digits, where the scheme has them.
    pub checksum: Option<Checksum>,
    /// What each kind of evidence adds.
    pub scoring: Scoring,
    /// Words near a value, or in a header, that speak for it.
    pub context: Vec<String>,
    /// Words right behind which a value stands, and which say nothing further off or in a header: `unter 030 123456`.
    pub right_before: Vec<String>,
    /// Words that speak for it in a header only.
    pub header: Vec<String>,
    /// Whose or what number it is, in a label that has a word for numbers as well: `polisy` for `Seria i nr polisy`.
    pub numbered: Vec<String>,
    /// Words near a value, or in a header, that speak against it.
    pub against: Vec<String>,
    /// Published values and what else is no real one.
    pub test_values: TestValues,
    /// Texts that prove the detector.
    pub examples: Examples,
}

/// The way in which candidates of a detector are found.
#[derive(Clone, Debug)]
pub enum Find {
    /// Runs of characters of one of these shapes.
    Shapes(Vec<ShapeBase>),
    /// Around each `@`.
    AtSign,
    /// Words of a list.
    Words(WordsBase),
    /// Words that follow each other as they do in names and addresses. Beside a [`Detector::column`], cells are left to it.
    Sequence(Sequence),
    /// Whole cells of a column whose header names the detector, and whose values are as [`Detector::column`] says.
    Column,
}

/// A shape and what it is worth.
#[derive(Clone, Debug)]
pub struct ShapeBase {
    /// The compiled shape.
    pub shape: Shape,
    /// Thousandths of confidence.
    pub base: i32,
}

/// A word list and what a hit is worth.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordsBase {
    /// Name of the list, the file's name without `.txt`.
    pub list: String,
    /// Which spellings count.
    #[serde(default)]
    pub case: WordCase,
    /// Thousandths of confidence.
    pub base: i32,
}

/// Which spellings of a listed word count in text. In a cell of a table every spelling does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordCase {
    /// First letter, or all of them, in upper case; scripts without case count as they are.
    #[default]
    Capitalised,
    /// Any.
    Any,
}

/// Thousandths of confidence that each kind of evidence adds or, for `against`, takes off.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scoring {
    /// For `anchor`s, which have no shape of their own, and for cells that fit `[column]`.
    pub base: i32,
    /// The checksum holds.
    pub checksum: i32,
    /// The rules hold.
    pub structure: i32,
    /// A context word is near; half of it when it is further off.
    pub context: i32,
    /// A person's name ends right before it, or an e-mail address stands right beside it. Instead of `context`, if that is less.
    pub person: i32,
    /// The header has a word of the detector.
    pub header: i32,
    /// A word speaks against it.
    pub against: i32,
}

impl Scoring {
    fn validate(&self) -> Result<(), String> {
        let Self { base, checksum, structure, context, person, header, against } = *self;
        points("[scoring] base", base)?;
        [checksum, structure, context, person, header, against].into_iter().try_for_each(|added| {
            points("[scoring]", added)?;
            if added < 0 {
                Err(format!("[scoring]: {added}: what is added or taken off is 0 or more"))
            } else {
                Ok(())
            }
        })
    }
}

/// Whether thousandths of confidence are as many as there can be.
fn points(key: &str, points: i32) -> Result<(), String> {
    if (-MOST_POINTS..=MOST_POINTS).contains(&points) {
        return Ok(());
    }
    Err(format!("{key}: {points}: points are thousandths, {MOST_POINTS} at most"))
}

/// Values that are no real ones. Without separators, in upper case.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TestValues {
    /// Never reported.
    pub ignore: Vec<String>,
    /// Marked as `example`.
    pub mark: Vec<String>,
    /// Rules that tell examples from real values.
    pub example_rules: Vec<ExampleRule>,
}

/// Proofs of a detector, run as tests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Texts in which it finds something.
    pub positive: Vec<Positive>,
    /// Texts in which it does not.
    pub negative: Vec<Negative>,
}

/// Where a detector reports something.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "write { text = \"…\", finds = \"…\" } or { header = \"…\", values = [\"…\"] }"
)]
pub enum Positive {
    /// A text in which it reports a value.
    Text(TextExample),
    /// A column on which it is the verdict.
    Column(ColumnExample),
}

/// Where a detector reports nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "NegativeForm")]
pub enum Negative {
    /// A text in which it reports nothing. `finds` is empty.
    Text(TextExample),
    /// A column on which it is not the verdict.
    Column(ColumnExample),
}

/// A text and what is found in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextExample {
    /// The column's header, if the text is a cell.
    pub header: Option<String>,
    /// The text.
    pub text: String,
    /// The value that is reported.
    #[serde(default)]
    pub finds: String,
}

/// A column of a table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnExample {
    /// Its header.
    #[serde(default)]
    pub header: String,
    /// Its cells.
    pub values: Vec<String>,
    /// Detectors that are the verdict on other columns of the table.
    #[serde(default)]
    pub beside: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "write \"…\", { text = \"…\" } or { header = \"…\", values = [\"…\"] }")]
enum NegativeForm {
    Bare(String),
    Text(TextExample),
    Column(ColumnExample),
}

impl From<NegativeForm> for Negative {
    fn from(form: NegativeForm) -> Self {
        match form {
            NegativeForm::Bare(text) => Self::Text(TextExample { header: None, text, finds: String::new() }),
            NegativeForm::Text(example) => Self::Text(example),
            NegativeForm::Column(example) => Self::Column(example),
        }
    }
}

/// Why a detector file is refused. Names what is wrong, in words that its author can act on.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DetectorError(pub String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    label: String,
    doc: String,
    source: String,
    country: Option<String>,
    category: String,
    dpv: String,
    #[serde(default)]
    gdpr_article9: bool,
    #[serde(default)]
    gdpr_article10: bool,
    ccpa_category: String,
    #[serde(default)]
    ccpa_sensitive: bool,
    sensitivity: String,
    status: String,
    since: String,
    token: String,
    mask: String,
    #[serde(default)]
    needs_context: bool,
    #[serde(default)]
    may_touch: String,
    anchor: Option<Anchor>,
    #[serde(default, rename = "shape")]
    shapes: Vec<ShapeForm>,
    words: Option<WordsBase>,
    sequence: Option<Sequence>,
    beside: Option<Beside>,
    column: Option<Description>,
    #[serde(default, rename = "rule")]
    rules: Vec<Rule>,
    checksum: Option<Checksum>,
    #[serde(default)]
    scoring: Scoring,
    #[serde(default)]
    context: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    right_before: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    header: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    numbered: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    against: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    test_values: TestValues,
    examples: Examples,
}

/// Characters of an id.
const LONGEST_ID: usize = 64;
/// Thousandths that one kind of evidence is worth.
const MOST_POINTS: i32 = 1000;
/// The share of a text's places that may begin like a shape.
const MOST_OF_A_TEXT: f64 = 0.05;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Anchor {
    AtSign,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShapeForm {
    pattern: Option<String>,
    regex: Option<String>,
    base: i32,
}

/// What a detector file says whose values identify nobody.
const NO_TOKEN: &str = "none";

impl Detector {
    /// The most that shape and rules of a value are worth.
    pub(crate) fn most_points(&self) -> i32 {
        match &self.find {
            Find::Shapes(shapes) => {
                shapes.iter().map(|shape| shape.base).max().unwrap_or_default() + self.scoring.structure
            }
            _ => 0,
        }
    }

    /// Whether it looks for the words of a list.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.find, Find::Words(_))
    }

    /// The kind of token that is kept of its values; `none` where none is.
    pub fn token_name(&self) -> &'static str {
        if self.is_tokenised { self.token.name() } else { NO_TOKEN }
    }

    /// Whether its words of `[context]` speak of columns alone: a sequence has its own words for texts.
    pub(crate) fn is_described(&self) -> bool {
        matches!(self.find, Find::Column | Find::Sequence(_))
    }

    /// Reads a detector file. The error says what to change.
    pub fn from_toml(text: &str) -> Result<Self, DetectorError> {
        let file: File =
            toml::from_str(text).map_err(|e| DetectorError(e.to_string().trim_end().to_owned()))?;
        file.build().map_err(DetectorError)
    }
}

impl File {
    fn build(self) -> Result<Detector, String> {
        check_id(&self.id)?;
        for (key, text) in [("label", &self.label), ("doc", &self.doc), ("source", &self.source)] {
            check_told(key, text)?;
        }
        if !self.category.split('.').all(is_id_part) {
            return Err(format!(
                "category = \"{}\": expected lower-case letters, digits and _, parts separated by dots",
                self.category
            ));
        }
        self.scoring.validate()?;
        self.rules.iter().try_for_each(|rule| rule.validate().map_err(|e| format!("[[rule]]: {e}")))?;
        if let Some(country) = &self.country
            && !(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()))
        {
            return Err(format!("country = \"{country}\": expected two capital letters of ISO 3166"));
        }
        let sensitivity = Sensitivity::parse(&self.sensitivity).ok_or_else(|| {
            format!("sensitivity = \"{}\": expected low, moderate or high", self.sensitivity)
        })?;
        let is_tokenised = self.token != NO_TOKEN;
        let token = if is_tokenised { TokenKind::parse(&self.token) } else { Some(TokenKind::Key) };
        let token = token.ok_or_else(|| {
            let kinds: Vec<_> = TokenKind::ALL.iter().map(|kind| kind.name()).collect();
            format!("token = \"{}\": expected one of {}, {NO_TOKEN}", self.token, kinds.join(", "))
        })?;
        if let Some(column) = &self.column {
            column.validate().map_err(|e| format!("[column]: {e}"))?;
        }
        if let Some(checksum) = &self.checksum {
            checksum.validate().map_err(|e| format!("[checksum]: {e}"))?;
        }
        if self.examples.positive.len() < 3 || self.examples.negative.len() < 3 {
            return Err("[examples]: at least three positive and three negative ones are needed".to_owned());
        }
        let find = find(self.anchor, self.shapes, self.words, self.sequence, self.column.is_some())?;
        let anchors = match (&self.beside, &find) {
            (None, _) | (Some(Beside::Age(_) | Beside::Birth(_)), Find::Shapes(_)) => Vec::new(),
            (
                Some(beside @ (Beside::Attribute(_) | Beside::Account(_) | Beside::Ascribed(_))),
                Find::Words(_),
            ) => {
                let parse = |regex: &String| {
                    Shape::parse_regex(regex).map_err(|e| format!("[beside]: anchor \"{regex}\": {e}"))
                };
                beside.anchors().iter().map(parse).collect::<Result<_, _>>()?
            }
            _ => {
                return Err(
                    "[beside]: an attribute, account or what is ascribed belongs to [words], an age or birth to [[shape]]"
                        .to_owned(),
                );
            }
        };
        Ok(Detector {
            find,
            beside: self.beside,
            anchors,
            mask: MaskTemplate::parse(&self.mask)?,
            header: phrases("header", self.header)?,
            numbered: phrases("numbered", self.numbered)?,
            against: phrases("against", self.against)?,
            context: phrases("context", self.context)?,
            right_before: phrases("right_before", self.right_before)?,
            info: DetectorInfo {
                id: self.id,
                label: self.label,
                category: self.category,
                dpv: self.dpv,
                gdpr_article9: self.gdpr_article9,
                gdpr_article10: self.gdpr_article10,
                ccpa_category: self.ccpa_category,
                ccpa_sensitive: self.ccpa_sensitive,
                sensitivity,
                country: self.country,
            },
            doc: self.doc,
            source: self.source,
            status: self.status,
            since: self.since,
            token,
            is_tokenised,
            column: self.column,
            needs_context: self.needs_context,
            may_touch: self.may_touch,
            rules: self.rules,
            checksum: self.checksum,
            scoring: self.scoring,
            test_values: TestValues {
                ignore: self.test_values.ignore.iter().map(|value| compact(value)).collect(),
                mark: self.test_values.mark.iter().map(|value| compact(value)).collect(),
                ..self.test_values
            },
            examples: self.examples,
        })
    }
}

fn compact(value: &str) -> String {
    value.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether people can read it where it is told of findings.
fn check_told(key: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err(format!("{key} is empty"));
    }
    if text.trim().chars().any(|c| c.is_control() && (c != '\n' || key != "doc")) {
        return Err(format!("{key} has a control character"));
    }
    Ok(())
}

fn is_id_part(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn check_id(id: &str) -> Result<(), String> {
    if id.len() > LONGEST_ID {
        return Err(format!("id: it has more than {LONGEST_ID} characters"));
    }
    if id.split('.').all(is_id_part) {
        return Ok(());
    }
    Err(format!("id = \"{id}\": expected lower-case letters, digits and _, parts separated by dots"))
}

fn find(
    anchor: Option<Anchor>,
    shapes: Vec<ShapeForm>,
    words: Option<WordsBase>,
    sequence: Option<Sequence>,
    column: bool,
) -> Result<Find, String> {
    match (anchor, shapes.is_empty(), words, sequence) {
        (Some(Anchor::AtSign), true, None, None) if !column => Ok(Find::AtSign),
        (None, true, Some(words), None) => Ok(Find::Words(words)),
        (None, true, None, Some(sequence)) => Ok(Find::Sequence(sequence)),
        (None, true, None, None) if column => Ok(Find::Column),
        (None, false, None, None) => shapes
            .into_iter()
            .map(|form| {
                let shape = match (&form.pattern, &form.regex) {
                    (Some(pattern), None) => {
                        Shape::parse(pattern).map_err(|e| format!("shape \"{pattern}\": {e}"))?
                    }
                    (None, Some(regex)) => {
                        Shape::parse_regex(regex).map_err(|e| format!("regex \"{}\": {e}", shortened(regex)))?
                    }
                    _ => return Err("a [[shape]] has either a pattern or a regex".to_owned()),
                };
                if share(&shape) > MOST_OF_A_TEXT {
                    return Err(format!(
                        "\"{}\" begins like much of any text, which would slow every scan; begin it with digits or \
                         with letters that are rarer together",
                        shape.pattern()
                    ));
                }
                points("[[shape]] base", form.base)?;
                Ok(ShapeBase { shape, base: form.base })
            })
            .collect::<Result<_, String>>()
            .map(Find::Shapes),
        _ => Err("expected exactly one of [[shape]], anchor, [words], [sequence] and [column]; [column] may also describe \
                  what else stands in columns of [words], [[shape]] and [sequence]"
            .to_owned()),
    }
}

/// A regular expression in a message.
fn shortened(regex: &str) -> Cow<'_, str> {
    const MOST: usize = 100;
    match regex.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &regex[..end]).into(),
        None => regex.into(),
    }
}

/// The words of all languages together: a text may be in another language than its form.
fn phrases(section: &str, by_language: BTreeMap<String, Vec<String>>) -> Result<Vec<String>, String> {
    let mut all: Vec<String> = by_language.into_values().flatten().collect();
    if let Some(phrase) = all.iter().find(|phrase| {
        let mut words = 0;
        each_word(phrase.as_bytes(), |_| words += 1);
        !(1..=MAX_PHRASE).contains(&words)
    }) {
        return Err(format!("[{section}]: \"{phrase}\" has no word or more than {MAX_PHRASE}"));
    }
    all.sort();
    all.dedup();
    Ok(all)
}
