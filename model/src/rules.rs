//! Rules on what is found: findings and values that somebody has accepted, marked with the reason and never dropped; and
//! values that are reported whatever else is said of them.
//!
//! A rule says where it holds, by detector and path, and of which values: by their tokens, so that no value stands in a
//! file of rules, or by a pattern. A rule that names no values is about findings as a whole.

use std::collections::HashSet;
use std::fmt;

use regex::bytes::{Regex, RegexBuilder};

use crate::{DetectorInfo, Token};

/// Memory that the compiled form of one pattern may take. Bytes.
const LARGEST_PATTERN: usize = 1 << 20;

/// A rule.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rule {
    /// A detector's id, or the first part of ids (`us`); any detector where left out.
    pub detector: Option<String>,
    /// Which paths; any where left out.
    pub path: Option<Glob>,
    /// Which values; any where left out.
    pub values: Option<Values>,
    /// Why; what the inventory shows.
    pub reason: String,
}

/// Some values.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Values {
    /// Those with one of these tokens.
    pub tokens: HashSet<Token>,
    /// Those that match this.
    pub pattern: Option<Pattern>,
}

/// A pattern of values, as a whole: what stands before and behind a match would be somebody else's value.
#[derive(Clone)]
pub struct Pattern {
    text: String,
    whole: Regex,
}

/// What the rules say of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Ruling {
    /// Nothing.
    #[default]
    None,
    /// The suppression of that index applies, and none before it.
    Suppressed(u16),
    /// It is on a deny list: it is reported at any confidence, and nothing suppresses it.
    Denied,
}

/// All rules of a scan.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rules {
    /// What is accepted.
    pub suppressions: Vec<Rule>,
    /// What is always reported.
    pub denials: Vec<Rule>,
}

/// The rules that may apply in one object.
#[derive(Clone, Debug, Default)]
pub struct ObjectRules<'a> {
    suppressions: Vec<(u16, &'a Rule)>,
    denials: Vec<&'a Rule>,
}

impl Rules {
    /// Those that may apply to what is found at that path, which is relative to the source's root.
    pub fn at(&self, path: &str) -> ObjectRules<'_> {
        let holds = |rule: &&Rule| rule.path.as_ref().is_none_or(|glob| glob.matches(path));
        let numbered = (0..).zip(&self.suppressions);
        ObjectRules {
            suppressions: numbered.filter(|(_, rule)| holds(rule)).collect(),
            denials: self.denials.iter().filter(holds).collect(),
        }
    }
}

impl ObjectRules<'_> {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.suppressions.is_empty() && self.denials.is_empty()
    }

    /// Whether a value may be denied.
    pub fn deny(&self) -> bool {
        !self.denials.is_empty()
    }

    /// What they say of a value that the detector accepts and that has those tokens.
    pub fn judge(&self, detector: &DetectorInfo, value: &[u8], tokens: &[Token]) -> Ruling {
        if self.denials.iter().any(|rule| rule.applies(detector, value, tokens)) {
            return Ruling::Denied;
        }
        let suppression = self.suppressions.iter().find(|(_, rule)| rule.applies(detector, value, tokens));
        suppression.map_or(Ruling::None, |&(number, _)| Ruling::Suppressed(number))
    }
}

impl Rule {
    fn applies(&self, detector: &DetectorInfo, value: &[u8], tokens: &[Token]) -> bool {
        self.detector.as_deref().is_none_or(|chosen| chooses(chosen, &detector.id))
            && self.values.as_ref().is_none_or(|values| values.contain(value, tokens))
    }
}

impl Values {
    fn contain(&self, value: &[u8], tokens: &[Token]) -> bool {
        tokens.iter().any(|token| self.tokens.contains(token))
            || self.pattern.as_ref().is_some_and(|pattern| pattern.whole.is_match(value))
    }
}

impl Ruling {
    /// The suppression that applies.
    pub const fn suppression(self) -> Option<u16> {
        match self {
            Self::Suppressed(number) => Some(number),
            Self::None | Self::Denied => None,
        }
    }
}

impl Pattern {
    /// Reads a regular expression in the syntax of Rust's `regex` crate.
    ///
    /// # Errors
    /// Why it is none, or that it is too large.
    pub fn new(text: &str) -> Result<Self, String> {
        let build = |text: &str| RegexBuilder::new(text).size_limit(LARGEST_PATTERN).build();
        // By itself first, so that an error points into what was written, and a stray `)` cannot leave the group.
        let whole = build(text).and_then(|_| build(&format!(r"\A(?:{text})\z")));
        let whole = whole.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
            error => error.to_string(),
        })?;
        Ok(Self { text: text.to_owned(), whole })
    }

    /// The pattern as written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

/// A pattern may be written so that it quotes a value.
impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pattern(…)")
    }
}

/// Whether a choice, which is an id or the first part of ids, names a detector.
pub fn chooses(choice: &str, id: &str) -> bool {
    id == choice || id.strip_prefix(choice).is_some_and(|rest| rest.starts_with('.'))
}

/// A pattern of paths: `*` and `?` stand for characters of one name, `**` for any characters, `**/` also for nothing. A
/// pattern without `/` is one of names, in any folder; one that ends with `/` is all below that folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Glob {
    pattern: String,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Char(char),
    /// One character of a name.
    One,
    /// Any characters of a name.
    Name,
    /// Any characters.
    All,
    /// Nothing, or any folders with the `/` behind them.
    Folders,
}

impl Glob {
    /// Reads a pattern; every text is one.
    pub fn new(pattern: &str) -> Self {
        let whole = match pattern {
            folder if folder.ends_with('/') => format!("{folder}**"),
            name if !name.contains('/') => format!("**/{name}"),
            path => path.trim_start_matches('/').to_owned(),
        };
        let mut parts = Vec::new();
        let mut rest = &whole[..];
        while let Some(c) = rest.chars().next() {
            let (part, len) = if rest.starts_with("**/") {
                (Part::Folders, 3)
            } else if rest.starts_with("**") {
                (Part::All, 2)
            } else {
                match c {
                    '*' => (Part::Name, 1),
                    '?' => (Part::One, 1),
                    c => (Part::Char(c), c.len_utf8()),
                }
            };
            parts.push(part);
            rest = &rest[len..];
        }
        Self { pattern: pattern.to_owned(), parts }
    }

    /// The pattern as written.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether it is a pattern of the path. Takes time in proportion to the product of their lengths, whatever they are.
    pub fn matches(&self, path: &str) -> bool {
        let path: Vec<char> = path.chars().collect();
        // Whether the parts so far can stand for so many characters.
        let mut reached = vec![false; path.len() + 1];
        reached[0] = true;
        for part in &self.parts {
            let mut next = vec![false; path.len() + 1];
            let mut open = false;
            for at in 0..=path.len() {
                let before = at.checked_sub(1).map(|before| path[before]);
                let step = at > 0 && reached[at - 1];
                next[at] = match part {
                    Part::Char(c) => step && before == Some(*c),
                    Part::One => step && before != Some('/'),
                    Part::Name => {
                        open = reached[at] || open && before != Some('/');
                        open
                    }
                    Part::All => {
                        open |= reached[at];
                        open
                    }
                    Part::Folders => {
                        let ends = reached[at] || open && before == Some('/');
                        open |= reached[at];
                        ends
                    }
                };
            }
            reached = next;
        }
        reached[path.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_paths() {
        for (pattern, yes, no) in [
            ("tests/**", &["tests/a", "tests/a/b.txt"][..], &["tests", "a/tests/b", "testsx/a"][..]),
            ("tests/", &["tests/a", "tests/a/b.txt"], &["tests", "x/tests/b"]),
            ("*.csv", &["a.csv", "x/y/a.csv", ".csv"], &["a.csv/b", "a.csvx"]),
            ("hr/*.csv", &["hr/a.csv"], &["hr/x/a.csv", "a.csv"]),
            ("/hr/*.csv", &["hr/a.csv"], &["x/hr/a.csv"]),
            ("**/fixtures/**", &["fixtures/a", "x/y/fixtures/z/a"], &["fixtures", "xfixtures/a"]),
            ("a/**/b", &["a/b", "a/x/b", "a/x/y/b"], &["ab", "a/xb"]),
            ("log?.txt", &["log1.txt", "x/logé.txt"], &["log.txt", "log12.txt"]),
            ("*a*a*a*b", &["aaab", "x/xaxaxab"], &["aab", "aaaa"]),
            ("**", &["a", "a/b"], &[]),
        ] {
            let glob = Glob::new(pattern);
            for path in yes {
                assert!(glob.matches(path), "{pattern} is a pattern of {path}");
            }
            for path in no {
                assert!(!glob.matches(path), "{pattern} is none of {path}");
            }
        }
        let slow = Glob::new(&"*a".repeat(500));
        assert!(!slow.matches(&"a".repeat(499)), "it ends");
    }

    fn detector(id: &str) -> DetectorInfo {
        DetectorInfo {
            id: id.to_owned(),
            label: String::new(),
            category: String::new(),
            dpv: String::new(),
            gdpr_article9: false,
            gdpr_article10: false,
            ccpa_category: String::new(),
            ccpa_sensitive: false,
            sensitivity: crate::Sensitivity::Low,
            country: None,
        }
    }

    fn pattern(text: &str) -> Option<Values> {
        let pattern = Some(Pattern::new(text).expect("a pattern"));
        Some(Values { tokens: HashSet::new(), pattern })
    }

    #[test]
    fn the_first_rule_that_applies_counts_and_a_denial_beats_all() {
        let (ours, theirs) = (Token([1; 16]), Token([2; 16]));
        let listed = Values { tokens: HashSet::from([ours]), pattern: None };
        let rules = Rules {
            suppressions: vec![
                Rule { detector: Some("us".to_owned()), values: Some(listed), ..Rule::default() },
                Rule { path: Some(Glob::new("tests/")), ..Rule::default() },
                Rule { values: pattern(r"[a-z]+@example\.com"), ..Rule::default() },
            ],
            denials: vec![Rule { values: pattern("boss@.*"), ..Rule::default() }],
        };
        let ssn = detector("us.ssn");
        let judge = |path, value: &str, token| rules.at(path).judge(&ssn, value.as_bytes(), &[token]);
        assert_eq!(judge("a", "x", ours), Ruling::Suppressed(0));
        assert_eq!(judge("a", "x", theirs), Ruling::None);
        assert_eq!(judge("tests/a", "x", theirs), Ruling::Suppressed(1));
        assert_eq!(judge("a", "ann@example.com", theirs), Ruling::Suppressed(2));
        assert_eq!(judge("a", "ann@example.com.de", theirs), Ruling::None, "the whole value must match");
        assert_eq!(judge("tests/a", "boss@example.com", ours), Ruling::Denied);
        let iban = rules.at("a").judge(&detector("iban"), b"x", &[ours]);
        assert_eq!(iban, Ruling::None, "the rule is one of another detector");
        assert!(Rules::default().at("a").is_empty());
    }

    #[test]
    fn patterns_that_are_none_are_refused() {
        for text in ["(", "a)|(?:b", "[z-a]", r"(\w{1000}){1000}"] {
            assert!(Pattern::new(text).is_err(), "{text}");
        }
        assert!(!format!("{:?}", Pattern::new("anna@berg").expect("one")).contains("anna"));
    }

    #[test]
    fn choices_are_ids_and_groups() {
        assert!(chooses("us", "us.ssn") && chooses("us.ssn", "us.ssn"));
        assert!(!chooses("u", "us.ssn") && !chooses("us.s", "us.ssn"));
    }
}
