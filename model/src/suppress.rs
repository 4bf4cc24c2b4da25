//! Findings that somebody has accepted: marked with the reason, never dropped.
//!
//! A rule names places and detectors, not values, so a finding is suppressed as a whole or not at all.

use crate::DetectorInfo;

/// A rule that suppresses findings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suppression {
    /// A detector's id, or the first part of ids (`us`); any detector where left out.
    pub detector: Option<String>,
    /// Which paths; any where left out.
    pub path: Option<Glob>,
    /// Why; what the inventory shows.
    pub reason: String,
}

impl Suppression {
    /// Whether it suppresses what that detector finds at that path, which is relative to the source's root.
    pub fn applies(&self, path: &str, detector: &DetectorInfo) -> bool {
        self.detector.as_deref().is_none_or(|chosen| chooses(chosen, &detector.id))
            && self.path.as_ref().is_none_or(|glob| glob.matches(path))
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

    #[test]
    fn choices_are_ids_and_groups() {
        assert!(chooses("us", "us.ssn") && chooses("us.ssn", "us.ssn"));
        assert!(!chooses("u", "us.ssn") && !chooses("us.s", "us.ssn"));
    }
}
