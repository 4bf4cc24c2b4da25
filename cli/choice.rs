//! Which detectors take part: shared by the commands that look for something or list detectors.

use std::path::PathBuf;

use clap::Args;
use domesday_classifiers::{Dialling, Registry, RegistryError};

/// The choice of detectors.
#[derive(Args, Clone, Default)]
pub(crate) struct DetectorChoice {
    /// Only these detectors or groups of them, for instance email_address,us.ssn or us
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    detectors: Vec<String>,
    /// Add the detectors of a folder: its *.toml, and word lists in lists/*.txt
    #[arg(long, value_name = "DIR")]
    detectors_from: Vec<PathBuf>,
    /// Of the national detectors, only those of these countries, for instance US,DE
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    country: Vec<String>,
}

impl DetectorChoice {
    /// The detectors that are chosen from.
    pub(crate) fn all(&self) -> Result<Registry, RegistryError> {
        let mut registry = Registry::builtin()?;
        self.detectors_from.iter().try_for_each(|folder| registry.add_folder(folder))?;
        Ok(registry)
    }

    /// Whether some detectors are left out.
    pub(crate) fn is_narrow(&self) -> bool {
        !self.detectors.is_empty() || !self.country.is_empty()
    }

    /// The chosen detectors.
    pub(crate) fn load(&self) -> Result<Registry, RegistryError> {
        let mut registry = self.all()?;
        // `--country 'US, DE'`
        let trimmed = |list: &[String]| list.iter().map(|entry| entry.trim().to_owned()).collect::<Vec<_>>();
        if !self.detectors.is_empty() {
            registry.keep(&trimmed(&self.detectors))?;
        }
        if !self.country.is_empty() {
            registry.keep_countries(&trimmed(&self.country))?;
        }
        Ok(registry)
    }
}

/// A country that has telephone numbers.
pub(crate) fn country(text: &str) -> Result<String, String> {
    let country = text.to_ascii_uppercase();
    match Dialling::of(&country) {
        Some(_) => Ok(country),
        None => Err("expected two letters of ISO 3166, for instance DE".to_owned()),
    }
}
