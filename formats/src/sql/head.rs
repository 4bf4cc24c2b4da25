//! The words of a statement, up to its rows: `INSERT INTO a.b (c, d) VALUES`, `COPY a.b (c, d) FROM stdin;`,
//! `CREATE TABLE a.b (c …, d …)`.

/// Bytes of a head beyond which it is not looked at.
const HEAD_BYTES: usize = 1 << 20;

/// A name that is longer is none.
const NAME_BYTES: usize = 128;

/// Columns of one statement that are kept; those behind have no names.
const MOST_NAMES: usize = 10_000;

/// What a step came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    On,
    /// It is no statement that holds rows that can be read.
    Text,
    /// The columns of a table are known.
    Create,
    /// Rows of an `INSERT` follow.
    Rows,
    /// Rows of a `COPY` follow on the next line.
    Copy,
}

/// What kind of token the text stands in.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Lex {
    #[default]
    Between,
    Word,
    /// A name that this byte closes.
    Name(u8),
    /// A string; and whether a backslash came last.
    Text(bool),
    /// Behind the first byte of `--` or `/*`.
    Half(u8),
    /// In a remark, up to the end of the line.
    Line,
    /// In a remark, up to `*/`; and whether the star came last.
    Block(bool),
}

/// What is expected next.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Want {
    #[default]
    Verb,
    /// `INTO`, or the table.
    Into,
    /// A part of the table's name.
    Table,
    AfterTable,
    Names,
    AfterNames,
    /// `TABLE`.
    CreateTable,
    CreateName,
    AfterCreateName,
    /// The columns' definitions, behind so many open parentheses; whether a name comes next.
    Definitions(u32, bool),
    /// `STDIN`.
    Stdin,
    /// The semicolon.
    End,
}

/// Reads the head of a statement.
#[derive(Default)]
pub(super) struct Head {
    /// Where it begins in the whole text.
    pub(super) start: u64,
    /// The parts of the table's name.
    pub(super) path: Vec<Box<[u8]>>,
    /// The columns' names.
    pub(super) names: Vec<Box<[u8]>>,
    /// They were listed.
    pub(super) listed: bool,
    /// There was a remark.
    pub(super) remark: bool,
    copy: bool,
    want: Want,
    lex: Lex,
    word: Vec<u8>,
    bytes: usize,
}

/// What a token is.
enum Token {
    Word,
    Name,
    Text,
    Mark(u8),
}

impl Head {
    /// A word begins at `at` that may begin a statement.
    pub(super) fn begin(&mut self, at: u64) {
        self.start = at;
        self.path.clear();
        self.names.clear();
        self.listed = false;
        self.remark = false;
        self.copy = false;
        self.want = Want::Verb;
        self.lex = Lex::Between;
        self.bytes = 0;
    }

    /// Takes a byte, or, returning 0, what came before it.
    pub(super) fn step(&mut self, byte: u8, backslash: bool) -> (usize, Step) {
        self.bytes += 1;
        if self.bytes > HEAD_BYTES || self.word.len() > NAME_BYTES {
            self.word.clear();
            return (0, Step::Text);
        }
        match self.lex {
            Lex::Between => return (1, self.between(byte)),
            Lex::Word if is_word(byte) => self.word.push(byte),
            Lex::Word => return (0, self.token_ended(&Token::Word)),
            Lex::Name(close) if byte == close => return (1, self.token_ended(&Token::Name)),
            Lex::Name(_) => self.word.push(byte),
            Lex::Text(false) if byte == b'\'' => return (1, self.token_ended(&Token::Text)),
            Lex::Text(escaped) => self.lex = Lex::Text(backslash && !escaped && byte == b'\\'),
            Lex::Half(first) => match (first, byte) {
                (b'-', b'-') => self.lex = Lex::Line,
                (b'/', b'*') => self.lex = Lex::Block(false),
                _ => return (0, self.token_ended(&Token::Mark(first))),
            },
            Lex::Line if byte == b'\n' => self.remark_ended(),
            Lex::Block(true) if byte == b'/' => self.remark_ended(),
            Lex::Line => {}
            Lex::Block(_) => self.lex = Lex::Block(byte == b'*'),
        }
        (1, Step::On)
    }

    fn between(&mut self, byte: u8) -> Step {
        if byte.is_ascii_whitespace() {
            return Step::On;
        }
        self.word.clear();
        self.lex = match byte {
            b'"' | b'`' => Lex::Name(byte),
            b'[' => Lex::Name(b']'),
            b'\'' => Lex::Text(false),
            b'-' | b'/' => Lex::Half(byte),
            _ if is_word(byte) => {
                self.word.push(byte);
                Lex::Word
            }
            _ => return self.token_ended(&Token::Mark(byte)),
        };
        Step::On
    }

    fn remark_ended(&mut self) {
        self.lex = Lex::Between;
        self.remark = true;
    }

    fn token_ended(&mut self, token: &Token) -> Step {
        self.lex = Lex::Between;
        self.understand(token)
    }

    fn is(&self, word: &str) -> bool {
        self.word.eq_ignore_ascii_case(word.as_bytes())
    }

    fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// What the token that has just ended means.
    fn understand(&mut self, token: &Token) -> Step {
        use Want::*;
        let named = matches!(token, Token::Word | Token::Name);
        let bare = matches!(token, Token::Word);
        self.want = match (self.want, token) {
            (Verb, Token::Word) if self.is_any(&["INSERT", "REPLACE"]) => Into,
            (Verb, Token::Word) if self.is("COPY") => {
                self.copy = true;
                Into
            }
            (Verb, Token::Word) if self.is("CREATE") => CreateTable,
            (Into, Token::Word) if self.is("INTO") => Table,
            (Into, Token::Word) if self.is_modifier() => Into,
            (Into | Table, _) if named => {
                self.path.push(self.word[..].into());
                AfterTable
            }
            (AfterTable, Token::Mark(b'.')) => Table,
            (AfterTable, Token::Mark(b'(')) => {
                self.listed = true;
                Names
            }
            (Names, _) if named => {
                if self.names.len() < MOST_NAMES {
                    self.names.push(self.word[..].into());
                }
                Names
            }
            (Names, Token::Mark(b',')) => Names,
            (Names, Token::Mark(b')')) => AfterNames,
            (AfterTable | AfterNames, _) if bare && self.copy && self.is("FROM") => Stdin,
            (AfterTable | AfterNames, _) if bare && !self.copy && self.is_any(&["VALUES", "VALUE"]) => {
                return Step::Rows;
            }
            (AfterTable | AfterNames, _) if bare && self.is_any(&["OVERRIDING", "SYSTEM", "USER"]) => {
                AfterNames
            }
            (Stdin, _) if bare && self.is("STDIN") => End,
            (End, Token::Mark(b';')) => return Step::Copy,
            _ => return self.understand_create(token),
        };
        Step::On
    }

    fn is_modifier(&self) -> bool {
        !self.copy
            && self.is_any(&[
                "OR",
                "IGNORE",
                "REPLACE",
                "ROLLBACK",
                "ABORT",
                "FAIL",
                "LOW_PRIORITY",
                "HIGH_PRIORITY",
                "DELAYED",
            ])
    }

    fn understand_create(&mut self, token: &Token) -> Step {
        use Want::*;
        let named = matches!(token, Token::Word | Token::Name);
        self.want = match (self.want, token) {
            (CreateTable, Token::Word) if self.is("TABLE") => CreateName,
            (CreateTable, Token::Word)
                if self.is_any(&["GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED"]) =>
            {
                CreateTable
            }
            (CreateName, Token::Word) if self.is_any(&["IF", "NOT", "EXISTS"]) => CreateName,
            (CreateName, _) if named => {
                self.path.push(self.word[..].into());
                AfterCreateName
            }
            (AfterCreateName, Token::Mark(b'.')) => CreateName,
            (AfterCreateName, Token::Mark(b'(')) => Definitions(1, true),
            (Definitions(1, true), _) if named => {
                if !(matches!(token, Token::Word) && self.is_constraint()) && self.names.len() < MOST_NAMES {
                    self.names.push(self.word[..].into());
                }
                Definitions(1, false)
            }
            (Definitions(1, _), Token::Mark(b')')) => return Step::Create,
            (Definitions(1, _), Token::Mark(b',')) => Definitions(1, true),
            (Definitions(depth, name), Token::Mark(b'(')) => Definitions(depth + 1, name),
            (Definitions(depth, name), Token::Mark(b')')) => Definitions(depth - 1, name),
            (Definitions(..), Token::Mark(b';')) => return Step::Text,
            (Definitions(depth, name), _) => Definitions(depth, name),
            _ => return Step::Text,
        };
        Step::On
    }

    /// Whether a definition in a table is one of no column.
    fn is_constraint(&self) -> bool {
        self.is_any(&[
            "PRIMARY",
            "KEY",
            "CONSTRAINT",
            "UNIQUE",
            "FOREIGN",
            "INDEX",
            "CHECK",
            "FULLTEXT",
            "SPATIAL",
            "EXCLUDE",
            "LIKE",
            "PERIOD",
        ])
    }
}

pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#' | b'@') || byte >= 0x80
}
