//! The lists of `fixtures/accuracy`, read.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Set;

const LANGUAGES: &str = include_str!("../../../fixtures/accuracy/languages.toml");
const NAMES: &str = include_str!("../../../fixtures/accuracy/names.txt");
const PEOPLE: &str = include_str!("../../../fixtures/accuracy/people.toml");
const VALUES: &str = include_str!("../../../fixtures/accuracy/values.toml");

/// Sentences of one language for one set.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Sentences {
    /// With `{w}` and `{v}`.
    pub(super) context: Vec<String>,
    /// With `{v}`.
    pub(super) bare: Vec<String>,
    /// With neither.
    pub(super) filler: Vec<String>,
}

#[derive(Deserialize)]
struct BothSets {
    choosing: Sentences,
    reporting: Sentences,
}

/// Sentences with a name `{n}`.
#[derive(Deserialize)]
struct NameSentences {
    choosing: Vec<String>,
    reporting: Vec<String>,
}

#[derive(Deserialize)]
struct PeopleFile {
    sentences: BTreeMap<String, NameSentences>,
    region: Vec<Region>,
    address: Vec<Address>,
}

/// Names of one region.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Region {
    pub(super) name: String,
    pub(super) script: String,
    pub(super) language: String,
    #[serde(default)]
    pub(super) order: Order,
    pub(super) given: Vec<String>,
    pub(super) family: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Order {
    #[default]
    Given,
    Family,
}

/// Addresses of one country.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Address {
    pub(super) country: String,
    pub(super) language: String,
    pub(super) forms: Vec<String>,
}

/// Values of a detector without shapes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Listed {
    pub(super) values: Vec<String>,
    pub(super) forms: Vec<String>,
}

/// The lists, as far as one set uses them.
pub(super) struct Material {
    pub(super) languages: BTreeMap<String, Sentences>,
    /// What each detector's values are called.
    pub(super) names: BTreeMap<String, Vec<String>>,
    pub(super) name_sentences: BTreeMap<String, Vec<String>>,
    pub(super) regions: Vec<Region>,
    pub(super) addresses: Vec<Address>,
    pub(super) values: BTreeMap<String, Listed>,
}

impl Material {
    /// # Panics
    /// Where a list is not as it should be: they are part of the program.
    pub(super) fn of(set: Set) -> Self {
        let languages: BTreeMap<String, BothSets> =
            toml::from_str(LANGUAGES).expect("languages.toml is right");
        let people: PeopleFile = toml::from_str(PEOPLE).expect("people.toml is right");
        let values = toml::from_str(VALUES).expect("values.toml is right");
        let lines = NAMES.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        let names = lines.map(|line| {
            let (id, names) = line.split_once('|').expect("a line of names.txt has a |");
            let first = usize::from(set == Set::Choosing);
            let own = names.split(';').map(|name| name.trim().to_owned()).skip(first).step_by(2);
            (id.to_owned(), own.collect())
        });
        Self {
            names: names.collect(),
            languages: { languages.into_iter() }
                .map(|(language, both)| match set {
                    Set::Choosing => (language, both.choosing),
                    Set::Reporting => (language, both.reporting),
                })
                .collect(),
            name_sentences: { people.sentences.into_iter() }
                .map(|(language, both)| match set {
                    Set::Choosing => (language, both.choosing),
                    Set::Reporting => (language, both.reporting),
                })
                .collect(),
            regions: people.region,
            addresses: people.address,
            values,
        }
    }

    pub(super) fn language(&self, language: &str) -> &Sentences {
        self.languages.get(language).unwrap_or_else(|| &self.languages["en"])
    }
}

/// The language in which a country's values are mostly written of.
pub(super) fn language_of(country: Option<&str>) -> Option<&'static str> {
    Some(match country? {
        "DE" | "AT" | "CH" | "LI" => "de",
        "FR" | "BE" | "LU" | "MC" | "SN" | "GN" | "CM" => "fr",
        "ES" | "AD" | "AR" | "BO" | "CL" | "CO" | "CR" | "CU" | "DO" | "EC" | "GT" | "HN" | "MX" | "NI"
        | "PA" | "PE" | "PY" | "SV" | "UY" | "VE" => "es",
        "IT" | "SM" => "it",
        "PT" | "BR" | "AO" | "MZ" => "pt",
        "NL" => "nl",
        "PL" => "pl",
        "SE" | "NO" | "DK" | "FI" | "IS" | "FO" => "sv",
        "CZ" | "SK" => "cs",
        "TR" | "AZ" => "tr",
        "RU" | "BY" | "KZ" | "UZ" | "UA" | "BG" | "RS" | "MK" => "ru",
        "GR" | "CY" => "el",
        "AE" | "SA" | "QA" | "KW" | "BH" | "OM" | "EG" | "JO" | "LB" | "LY" | "IQ" | "PS" | "DZ" | "TN"
        | "MA" => "ar",
        "JP" => "ja",
        "CN" | "TW" | "HK" | "MO" => "zh",
        "KR" => "ko",
        "IN" | "NP" => "hi",
        _ => return None,
    })
}
