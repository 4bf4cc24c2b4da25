//! `domesday detectors new`: a detector file that works, with every key explained.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use domesday_classifiers::{Detector, Registry};
use domesday_model::TokenKind;

const SKELETON: &str = include_str!("skeleton.toml");

/// The file of a new detector. An id such as `us.badge` is one of a country.
pub(super) fn skeleton(id: &str) -> anyhow::Result<String> {
    if Registry::builtin()?.get(id).is_some() {
        bail!(
            "\"{id}\" is the id of a built-in detector, which a file cannot replace; choose another id, for instance \
             \"our_{}\"",
            id.replace('.', "_")
        );
    }
    let tokens: Vec<_> = TokenKind::ALL.iter().map(|kind| kind.name()).collect();
    let country = match id.split_once('.') {
        Some((code, _)) if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            format!("country = \"{}\"", code.to_ascii_uppercase())
        }
        _ => "# country = \"US\"".to_owned(),
    };
    let text =
        SKELETON.replace("\"{id}\"", &toml::Value::from(id).to_string()).replace("{country}", &country);
    let text = text.replace("{tokens}", &tokens.join(", "));
    // Only the id is not ours.
    Detector::from_toml(&text).map_err(|error| anyhow!("{error}"))?;
    Ok(text)
}

/// Writes a file that is not there yet.
pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("{folder:?} cannot be made"))?;
    }
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = match file {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} exists already: name another file, or remove it first", path.display())
        }
        file => file.with_context(|| format!("{} cannot be written", path.display()))?,
    };
    file.write_all(text.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys that the parser knows, out of what it says of one that it does not know.
    fn keys(toml: &str) -> Vec<String> {
        let error = Detector::from_toml(toml).expect_err("the key is unknown").0;
        let listed = error.split("expected").nth(1).unwrap_or_else(|| panic!("{error}"));
        listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_skeleton_explains_every_key() {
        let skeleton = skeleton("staff_number").expect("it is a detector");
        let mut all = keys("nonsense = 1");
        assert!(all.len() > 20, "{all:?}");
        for section in ["scoring", "words", "column", "test_values", "examples"] {
            all.extend(keys(&format!("[{section}]\nnonsense = 1")));
        }
        all.extend(keys("[[rule]]\nkind = 'nonsense'"));
        all.extend(keys("[checksum]\nfamily = 'nonsense'"));
        for key in all {
            let is_there = skeleton.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == key);
            assert!(is_there, "{key} is not explained");
        }
    }

    #[test]
    fn rules_and_check_digits_are_shown_as_they_are_written() {
        let skeleton = skeleton("staff_number").expect("it is a detector");
        let examples = skeleton.lines().filter(|line| line.starts_with("#   {")).flat_map(|line| {
            // Several may stand in a line, and a remark behind them.
            let parts = line.trim_start_matches('#').split("   ").map(str::trim);
            parts.filter(|part| part.starts_with('{') && part.ends_with('}'))
        });
        let (mut rules, mut families) = (0, 0);
        for example in examples {
            let (rule, key) = match example.contains("family") {
                true => ("", format!("checksum = {example}\n")),
                false => (example, String::new()),
            };
            (rules, families) =
                (rules + usize::from(!rule.is_empty()), families + usize::from(rule.is_empty()));
            let toml = format!("{key}rule = [{rule}]\n{}", uncommented(&skeleton));
            if let Err(error) = Detector::from_toml(&toml) {
                panic!("{example}: {error}");
            }
        }
        assert!(rules >= 24 && families >= 14, "{rules} {families}");
    }

    /// The skeleton without its own rule.
    fn uncommented(skeleton: &str) -> String {
        let (before, behind) = skeleton.split_once("[[rule]]").expect("it has one");
        let (_, behind) = behind.split_once("\n\n").expect("and goes on");
        format!("{before}\n{behind}")
    }

    #[test]
    fn ids_tell_the_country_and_wrong_ones_are_refused() {
        let national = Detector::from_toml(&skeleton("de.badge").expect("a good id")).expect("a detector");
        assert_eq!(national.info.country.as_deref(), Some("DE"));
        for (id, part) in [("us.ssn", "our_us_ssn"), ("Badge", "lower-case"), ("a\"b\n", "lower-case")] {
            let error = skeleton(id).expect_err("it is refused").to_string();
            assert!(error.contains(part), "{id}: {error}");
        }
    }
}
