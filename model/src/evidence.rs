//! Why a finding was made. A fact names a mechanism and, where a word decided, the word of the detector's own list:
//! never text of the scanned object, which may itself be personal data.

/// A word in the vocabulary of the running process: [`crate::Catalog::words`]. Fits in 24 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct WordId(pub u32);

/// The mechanism that a fact comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum FactKind {
    /// The characters have the detector's shape.
    Shape,
    /// The check digits hold.
    Checksum,
    /// Date parts, ranges or blocks inside of the value are possible ones.
    Structure,
    /// The value is in the detector's word list.
    WordList,
    /// A context word of the detector is near.
    Context,
    /// A word in the column's header belongs to the detector.
    Header,
    /// A word is near, or in the header, that speaks against the detector.
    NegativeContext,
    /// A published test value, an example domain or a documentation address.
    Example,
    /// The value fits the description of its column, or of what stands behind such a label.
    Values,
    /// Its column holds values of this kind.
    Column,
    /// In its column such values are matches by chance.
    ColumnAgainst,
    /// Other columns say that the table holds people.
    People,
    /// Where it stands says what it is: behind a sign, in a signature, in a record of a list.
    Place,
    /// A spreadsheet has rounded the numbers of the column: they are lost.
    Rounded,
    /// Numbers of the column have lost the zeros that they begin with.
    Shortened,
    /// It is dialled as a telephone number of the source's country is.
    SourceCountry,
    /// A rule says that the value is always reported.
    DenyList,
}

impl FactKind {
    /// The name that the inventory shows, before the colon where a word follows.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::Checksum => "checksum",
            Self::Structure => "structure",
            Self::WordList => "word_list",
            Self::Context => "context",
            Self::Header => "header",
            Self::NegativeContext => "negative",
            Self::Example => "example",
            Self::Values => "values",
            Self::Column => "column",
            Self::ColumnAgainst => "column_against",
            Self::People => "people",
            Self::Place => "place",
            Self::Rounded => "rounded",
            Self::Shortened => "shortened",
            Self::SourceCountry => "source_country",
            Self::DenyList => "deny_list",
        }
    }
}

/// One reason for a finding, small enough to be kept per occurrence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fact {
    /// The mechanism.
    pub kind: FactKind,
    /// The deciding word, for the kinds that have one.
    pub word: Option<WordId>,
}

impl Fact {
    /// A fact that needs no word.
    pub const fn plain(kind: FactKind) -> Self {
        Self { kind, word: None }
    }

    /// A fact that a word of the vocabulary decided.
    pub const fn word(kind: FactKind, word: WordId) -> Self {
        Self { kind, word: Some(word) }
    }
}
