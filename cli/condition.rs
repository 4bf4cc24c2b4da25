//! `--fail-on`: comparisons of a finding's facts, joined by `and`, for instance
//! `sensitivity>=high and exposure==everyone`.

use std::cmp::Ordering;
use std::fmt;

use domesday_model::{Confidence, DetectorInfo, Exposure, Sensitivity};

/// What a finding is compared by.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) info: &'a DetectorInfo,
    pub(crate) confidence: Confidence,
    pub(crate) occurrences: u64,
    pub(crate) exposure: Exposure,
}

/// Comparisons that must all hold.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Condition(Vec<Comparison>);

#[derive(Clone, PartialEq, Debug)]
struct Comparison {
    operator: Operator,
    wanted: Wanted,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Operator {
    AtLeast,
    More,
    AtMost,
    Less,
    Equal,
    NotEqual,
}

/// A field and the value that it is compared with.
#[derive(Clone, PartialEq, Debug)]
enum Wanted {
    Sensitivity(Sensitivity),
    Exposure(Exposure),
    Confidence(Confidence),
    Occurrences(u64),
    /// That category or one below it.
    Category(String),
    Detector(String),
    Country(String),
    Article9(bool),
}

/// Where and why a condition cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ConditionError {
    text: String,
    at: usize,
    problem: String,
}

impl std::error::Error for ConditionError {}

impl fmt::Display for ConditionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indent = self.text[..self.at].chars().count();
        write!(f, "{}\n  {}\n  {:indent$}^", self.problem, self.text, "")
    }
}

const FIELDS: &str =
    "sensitivity, confidence, occurrences, category, detector, country, exposure or gdpr_article9";

impl Condition {
    /// Reads a condition. The error points at the place.
    pub(crate) fn parse(text: &str) -> Result<Self, ConditionError> {
        let mut words = Words { text, at: 0 };
        let mut comparisons = Vec::new();
        loop {
            comparisons.push(words.comparison()?);
            match words.next() {
                (_, "") => return Ok(Self(comparisons)),
                (_, "and") => {}
                (at, _) => return Err(words.error(at, "expected \"and\" or the end")),
            }
        }
    }

    /// A comparison with what none of the detectors has, and that therefore never says anything: the field and the value.
    pub(crate) fn unknown(&self, detectors: &[&DetectorInfo]) -> Option<(&'static str, &str)> {
        self.0.iter().find_map(|Comparison { wanted, .. }| {
            let (field, value) = match wanted {
                Wanted::Category(value) => ("category", value),
                Wanted::Detector(value) => ("detector", value),
                Wanted::Country(value) => ("country", value),
                _ => return None,
            };
            let is_known = detectors.iter().any(|info| wanted.is_of(info));
            (!is_known).then_some((field, value.as_str()))
        })
    }

    /// Whether a finding satisfies all comparisons.
    pub(crate) fn holds(&self, facts: &Facts<'_>) -> bool {
        self.0.iter().all(|comparison| comparison.operator.accepts(comparison.wanted.compare(facts)))
    }
}

impl Operator {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            ">=" => Self::AtLeast,
            ">" => Self::More,
            "<=" => Self::AtMost,
            "<" => Self::Less,
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            _ => return None,
        })
    }

    fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }

    /// `None`: the two have no order, and are not the same.
    fn accepts(self, ordering: Option<Ordering>) -> bool {
        match self {
            Self::AtLeast => ordering.is_some_and(Ordering::is_ge),
            Self::More => ordering.is_some_and(Ordering::is_gt),
            Self::AtMost => ordering.is_some_and(Ordering::is_le),
            Self::Less => ordering.is_some_and(Ordering::is_lt),
            Self::Equal => ordering == Some(Ordering::Equal),
            Self::NotEqual => ordering != Some(Ordering::Equal),
        }
    }
}

impl Wanted {
    /// How the finding stands to the wanted value.
    fn compare(&self, facts: &Facts<'_>) -> Option<Ordering> {
        let equal = |same: bool| same.then_some(Ordering::Equal);
        match self {
            Self::Sensitivity(wanted) => Some(facts.info.sensitivity.cmp(wanted)),
            Self::Confidence(wanted) => Some(facts.confidence.cmp(wanted)),
            Self::Occurrences(wanted) => Some(facts.occurrences.cmp(wanted)),
            Self::Exposure(wanted) if facts.exposure == *wanted => Some(Ordering::Equal),
            Self::Exposure(Exposure::Unknown) => None,
            Self::Exposure(_) if facts.exposure == Exposure::Unknown => None,
            // The model lists them from the narrowest to the widest.
            Self::Exposure(wanted) => Some(facts.exposure.cmp(wanted)),
            Self::Category(_) | Self::Detector(_) | Self::Country(_) => equal(self.is_of(facts.info)),
            Self::Article9(wanted) => equal(facts.info.gdpr_article9 == *wanted),
        }
    }

    /// Whether a detector has the wanted category, id or country.
    fn is_of(&self, info: &DetectorInfo) -> bool {
        match self {
            Self::Category(wanted) => {
                let rest = info.category.strip_prefix(wanted.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
            Self::Detector(wanted) => info.id == *wanted,
            Self::Country(wanted) => info.country.as_deref().is_some_and(|c| c.eq_ignore_ascii_case(wanted)),
            _ => false,
        }
    }
}

/// Splits a condition into names, operators and values.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    /// The next word and where it starts; empty at the end.
    fn next(&mut self) -> (usize, &'a str) {
        let rest = &self.text[self.at..];
        let start = self.at + (rest.len() - rest.trim_start().len());
        let rest = &self.text[start..];
        let symbol = |c: char| matches!(c, '<' | '>' | '=' | '!');
        let first_is_symbol = rest.starts_with(symbol);
        let end =
            rest.find(|c: char| c.is_whitespace() || symbol(c) != first_is_symbol).unwrap_or(rest.len());
        self.at = start + end;
        (start, &rest[..end])
    }

    fn error(&self, at: usize, problem: impl Into<String>) -> ConditionError {
        ConditionError { text: self.text.to_owned(), at, problem: problem.into() }
    }

    fn comparison(&mut self) -> Result<Comparison, ConditionError> {
        let (field_at, field) = self.next();
        let (operator_at, operator) = self.next();
        let (value_at, value) = self.next();
        if !FIELDS.split([',', ' ']).any(|known| known == field && known != "or") || field.is_empty() {
            return Err(self.error(field_at, format!("expected one of {FIELDS}")));
        }
        let Some(operator) = Operator::parse(operator) else {
            return Err(self.error(operator_at, "expected one of >= > <= < == !="));
        };
        let wanted = wanted(field, value).map_err(|problem| self.error(value_at, problem))?;
        let ordered = matches!(
            wanted,
            Wanted::Sensitivity(_) | Wanted::Exposure(_) | Wanted::Confidence(_) | Wanted::Occurrences(_)
        );
        if !ordered && !operator.is_equality() {
            return Err(self.error(operator_at, format!("{field} has no order: use == or !=")));
        }
        Ok(Comparison { operator, wanted })
    }
}

fn wanted(field: &str, value: &str) -> Result<Wanted, &'static str> {
    if value.is_empty() {
        return Err("expected a value");
    }
    let text = || value.to_owned();
    match field {
        "sensitivity" => {
            Sensitivity::parse(value).map(Wanted::Sensitivity).ok_or("expected low, moderate or high")
        }
        "exposure" => {
            Exposure::parse(value).map(Wanted::Exposure).ok_or("expected private, group, everyone or unknown")
        }
        "confidence" => { value.parse().ok().and_then(Confidence::from_threshold) }
            .map(Wanted::Confidence)
            .ok_or("expected a number from 0 to 1"),
        "occurrences" => value.parse().map(Wanted::Occurrences).map_err(|_| "expected a whole number"),
        "gdpr_article9" => value.parse().map(Wanted::Article9).map_err(|_| "expected true or false"),
        "category" => Ok(Wanted::Category(text())),
        "detector" => Ok(Wanted::Detector(text())),
        _ => Ok(Wanted::Country(text())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ssn() -> DetectorInfo {
        DetectorInfo {
            id: "us.ssn".to_owned(),
            label: String::new(),
            category: "user.government_id.ssn".to_owned(),
            dpv: String::new(),
            gdpr_article9: false,
            gdpr_article10: false,
            ccpa_category: String::new(),
            ccpa_sensitive: true,
            sensitivity: Sensitivity::High,
            country: Some("US".to_owned()),
        }
    }

    fn holds(condition: &str, exposure: Exposure) -> bool {
        let info = ssn();
        let confidence = Confidence::from_thousandths(800);
        let facts = Facts { info: &info, confidence, occurrences: 12, exposure };
        Condition::parse(condition).expect(condition).holds(&facts)
    }

    #[test]
    fn what_no_detector_has_is_told() {
        let info = ssn();
        let unknown = |condition: &str| {
            let condition = Condition::parse(condition).expect(condition);
            condition.unknown(&[&info]).map(|(field, value)| format!("{field} {value}"))
        };
        assert_eq!(unknown("detector==us.ssn and country==us and category==user.government_id"), None);
        assert_eq!(unknown("confidence>0.5 and detector==us.sn").as_deref(), Some("detector us.sn"));
        assert_eq!(unknown("country!=XX").as_deref(), Some("country XX"));
        assert_eq!(unknown("category==user.foo").as_deref(), Some("category user.foo"));
    }

    #[test]
    fn conditions_are_read_and_hold() {
        for condition in [
            "sensitivity>=high",
            "sensitivity > low and occurrences>=12",
            "confidence>0.79 and confidence<=.8",
            "category==user.government_id",
            "detector==us.ssn and country==us",
            "country!=DE",
            "gdpr_article9 == false",
            "exposure>=group",
        ] {
            assert!(holds(condition, Exposure::Everyone), "{condition}");
        }
        for condition in [
            "occurrences<12",
            "category==user.government",
            "sensitivity>=low and detector==iban",
            "gdpr_article9==true",
            "exposure<everyone",
        ] {
            assert!(!holds(condition, Exposure::Everyone), "{condition}");
        }
    }

    #[test]
    fn an_unknown_exposure_is_neither_wide_nor_narrow() {
        assert!(!holds("exposure>=private", Exposure::Unknown));
        assert!(!holds("exposure<everyone", Exposure::Unknown));
        assert!(holds("exposure==unknown", Exposure::Unknown));
        assert!(holds("exposure!=everyone", Exposure::Unknown));
    }

    #[test]
    fn errors_point_at_the_place() {
        for (condition, at) in [
            ("", 0),
            ("sensitivity>=hgh", 13),
            ("colour==red", 0),
            ("or==1", 0),
            ("detector>us.ssn", 8),
            ("sensitivity high", 12),
            ("occurrences>3 or confidence>1", 14),
            ("occurrences>3 and", 17),
            ("confidence>2", 11),
        ] {
            let error = Condition::parse(condition).expect_err(condition);
            assert_eq!(error.at, at, "{condition}: {error}");
        }
        let shown = Condition::parse("sensitivity>=hgh").expect_err("no level").to_string();
        assert!(shown.ends_with("\n  sensitivity>=hgh\n               ^"), "{shown}");
    }
}
