//! How a value is shown: a template of fixed length with a few characters of the value, never the value.

use domesday_model::Mask;

use crate::normalise::compact_into;

/// A mask as a detector file writes it, for instance `••••-••••-••••-{last 4}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskTemplate(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    First(usize),
    Last(usize),
    TopLevelDomain,
}

/// Most characters of a value that a mask may show at either end.
const MOST_SHOWN: usize = 4;

/// Shown instead of a character that the value does not have.
const BULLET: char = '•';

impl MaskTemplate {
    /// Parses literal characters and `{first N}`, `{last N}`, `{tld}`. The error says what to change.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c != '{' {
                let end = rest.find('{').unwrap_or(rest.len());
                parts.push(Part::Literal(rest[..end].to_owned()));
                rest = &rest[end..];
                continue;
            }
            let end = rest.find('}').ok_or_else(|| format!("mask \"{text}\": a {{ is not closed"))?;
            parts.push(placeholder(&rest[1..end]).ok_or_else(|| {
                format!(
                    "mask \"{text}\": expected {{first N}}, {{last N}} with N up to {MOST_SHOWN}, or {{tld}}"
                )
            })?);
            rest = &rest[end + 1..];
        }
        if parts.is_empty() {
            return Err("mask is empty".to_owned());
        }
        Ok(Self(parts))
    }

    /// Masks a value; `compact` leaves its separators out. A value so short that the mask would show more than half of it
    /// shows bullets instead.
    pub fn apply(&self, value: &[u8], compact: bool) -> Mask {
        if value.is_ascii() {
            let chars = value.iter().filter(|b| !compact || b.is_ascii_alphanumeric());
            return self
                .fill(chars.map(|&b| char::from(if compact { b.to_ascii_uppercase() } else { b })), value);
        }
        let mut bytes = value.to_vec();
        if compact {
            compact_into(value, &mut bytes);
        }
        self.fill(String::from_utf8_lossy(&bytes).chars(), value)
    }

    fn fill(&self, chars: impl DoubleEndedIterator<Item = char> + Clone, value: &[u8]) -> Mask {
        let shown: usize =
            self.0.iter().map(|part| if let Part::First(n) | Part::Last(n) = part { *n } else { 0 }).sum();
        // At least twice as many characters as are shown.
        let reveal = shown == 0 || chars.clone().nth(shown * 2 - 1).is_some();
        let shown = |c: Option<char>| c.filter(|_| reveal).unwrap_or(BULLET);
        let mut mask = Mask::new();
        for part in &self.0 {
            match *part {
                Part::Literal(ref text) => mask.push_str(text),
                Part::First(n) => {
                    let mut first = chars.clone();
                    (0..n).for_each(|_| mask.push(shown(first.next())));
                }
                Part::Last(n) => {
                    let mut reversed = chars.clone().rev();
                    let mut last = [BULLET; MOST_SHOWN];
                    last[..n].iter_mut().rev().for_each(|c| *c = shown(reversed.next()));
                    last[..n].iter().for_each(|&c| mask.push(c));
                }
                Part::TopLevelDomain => String::from_utf8_lossy(top_level_domain(value))
                    .chars()
                    .chain(std::iter::repeat(BULLET))
                    .take(3)
                    .for_each(|c| mask.push(c)),
            }
        }
        mask
    }
}

fn placeholder(text: &str) -> Option<Part> {
    if text == "tld" {
        return Some(Part::TopLevelDomain);
    }
    let (word, count) = text.split_once(' ')?;
    let count: usize = count.parse().ok().filter(|n| (1..=MOST_SHOWN).contains(n))?;
    match word {
        "first" => Some(Part::First(count)),
        "last" => Some(Part::Last(count)),
        _ => None,
    }
}

fn top_level_domain(value: &[u8]) -> &[u8] {
    value.iter().rposition(|&b| b == b'.').map_or(&[], |dot| &value[dot + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(template: &str, value: &str, compact: bool) -> String {
        MaskTemplate::parse(template).unwrap().apply(value.as_bytes(), compact).to_string()
    }

    #[test]
    fn shows_the_ends_only() {
        assert_eq!(masked("•••• {last 4}", "4532 0151 1283 0366", true), "•••• 0366");
        assert_eq!(masked("{first 1}•••@•••.{tld}", "jane@corp.de", false), "j•••@•••.de•");
    }

    #[test]
    fn all_masks_of_a_template_have_one_length() {
        for value in ["a@b.museum", "a@b.c", "somebody@somewhere.co.uk"] {
            assert_eq!(masked("{first 1}•••@•••.{tld}", value, false).chars().count(), 12);
        }
    }

    #[test]
    fn a_short_value_is_not_given_away() {
        assert_eq!(masked("{first 2}…{last 2}", "1234567", true), "••…••");
    }

    #[test]
    fn says_what_is_wrong_with_a_template() {
        assert!(MaskTemplate::parse("{last 9}").unwrap_err().contains("up to 4"));
        assert!(MaskTemplate::parse("{last 4").unwrap_err().contains("not closed"));
    }
}
