//! The detectors of a scan: the built-in ones, those of a user's folder, and the choice among them.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::hash::BuildHasherDefault;
use std::io;
use std::path::{Path, PathBuf};

use domesday_model::chooses;

use crate::detector::{Detector, DetectorError, Find};
use crate::words::{Identity, WordHash, each_word, hash_of};

mod builtin {
    include!(concat!(env!("OUT_DIR"), "/builtin.rs"));
}

/// Detectors by id, and the word lists that they name.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    detectors: BTreeMap<String, Detector>,
    /// Words of a list, as written.
    lists: BTreeMap<String, Vec<String>>,
    /// Over every file read, for the digest.
    contents: Vec<blake3::Hash>,
    /// Of how many detectors each phrase says something near a value. The choice among them changes nothing: what a word means does
    /// not depend on it.
    spoken_of: HashMap<WordHash, u16, BuildHasherDefault<Identity>>,
}

/// Detectors of which a word speaks that is the name of what they find. Tax numbers of several countries share a name.
const FEW: u16 = 8;

/// Why detectors cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// A file cannot be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A detector file breaks a rule.
    #[error("{file}: {error}")]
    Detector {
        /// The file.
        file: String,
        /// What to change.
        error: DetectorError,
    },
    /// Two files have the same id.
    #[error("{file}: there already is a detector \"{id}\"; choose another id")]
    Duplicate {
        /// The second file.
        file: String,
        /// The id.
        id: String,
    },
    /// Two files have the same word list.
    #[error("{}: there already is a word list \"{name}\"; choose another name", file.display())]
    DuplicateList {
        /// The second file.
        file: PathBuf,
        /// The list.
        name: String,
    },
    /// A file was named where the folder of detectors should be.
    #[error("{} is a file: name the folder that it lies in", .0.display())]
    NoFolder(PathBuf),
    /// A folder that was named for its detectors has none.
    #[error("{} holds no detector: a detector is a file *.toml, and a word list a file lists/*.txt", .0.display())]
    Empty(PathBuf),
    /// A choice names what is not there.
    #[error("there is no detector or group \"{0}\"; `domesday detectors list` shows all")]
    Unknown(String),
    /// A choice names a country that has no detectors of its own.
    #[error(
        "no detector is of the country \"{0}\"; `domesday detectors list` shows those that there are, such as DE"
    )]
    UnknownCountry(String),
    /// All the shapes together are too complex.
    #[error("the detectors cannot be compiled: {0}")]
    TooComplex(String),
}

impl Registry {
    /// The detectors that Domesday comes with.
    pub fn builtin() -> Result<Self, RegistryError> {
        let mut registry = Self::default();
        for (file, text) in builtin::LISTS {
            registry.add_list(file.trim_end_matches(".txt"), text);
        }
        for (file, text) in builtin::DETECTORS {
            registry.add_text(file, text)?;
        }
        Ok(registry)
    }

    /// Adds every `*.toml` of a folder, and `lists/*.txt` below it.
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), RegistryError> {
        if folder.is_file() {
            return Err(RegistryError::NoFolder(folder.to_owned()));
        }
        let lists = folder.join("lists");
        let lists = if lists.is_dir() { read_all(&lists, "txt")? } else { Vec::new() };
        let detectors = read_all(folder, "toml")?;
        if lists.is_empty() && detectors.is_empty() {
            return Err(RegistryError::Empty(folder.to_owned()));
        }
        for (file, text) in lists {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if self.lists.contains_key(&name) {
                return Err(RegistryError::DuplicateList { file, name });
            }
            self.add_list(&name, &text);
        }
        for (path, text) in detectors {
            self.add_text(&path.display().to_string(), &text)?;
        }
        Ok(())
    }

    /// Adds a detector file that was read; `file` is its name in what the error says.
    pub fn add_text(&mut self, file: &str, text: &str) -> Result<(), RegistryError> {
        let fail = |error| RegistryError::Detector { file: file.to_owned(), error };
        let detector = Detector::from_toml(text).map_err(fail)?;
        if let Find::Words(words) = &detector.find
            && !self.lists.contains_key(&words.list)
        {
            return Err(fail(DetectorError(format!("[words]: there is no list lists/{}.txt", words.list))));
        }
        if let Some(list) = detector.column.as_ref().and_then(|column| column.list.as_ref())
            && !self.lists.contains_key(list)
        {
            return Err(fail(DetectorError(format!("[column]: there is no list lists/{list}.txt"))));
        }
        if let Find::Sequence(sequence) = &detector.find
            && let Some(list) = sequence.lists().into_iter().find(|list| !self.lists.contains_key(*list))
        {
            return Err(fail(DetectorError(format!("[sequence]: there is no list lists/{list}.txt"))));
        }
        let id = detector.info.id.clone();
        if self.detectors.contains_key(&id) {
            return Err(RegistryError::Duplicate { file: file.to_owned(), id });
        }
        self.contents.push(blake3::hash(text.as_bytes()));
        for phrase in detector.context.iter().chain(&detector.against) {
            *self.spoken_of.entry(hash_of(phrase)).or_default() += 1;
        }
        self.detectors.insert(id, detector);
        Ok(())
    }

    fn add_list(&mut self, name: &str, text: &str) {
        self.contents.push(blake3::hash(text.as_bytes()));
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let words = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        self.lists.insert(name.to_owned(), words.map(str::to_owned).collect());
    }

    /// Keeps the detectors that one of `names` chooses: an id (`us.ssn`) or the first part of ids (`us`).
    pub fn keep(&mut self, names: &[String]) -> Result<(), RegistryError> {
        if let Some(name) = names.iter().find(|name| !self.detectors.keys().any(|id| chooses(name, id))) {
            return Err(RegistryError::Unknown(name.clone()));
        }
        self.detectors.retain(|id, _| names.iter().any(|name| chooses(name, id)));
        Ok(())
    }

    /// Keeps the detectors of these countries (ISO 3166 alpha-2, any case) and those of no country.
    pub fn keep_countries(&mut self, countries: &[String]) -> Result<(), RegistryError> {
        let of = |detector: &Detector, country: &str| {
            detector.info.country.as_deref().is_some_and(|c| c.eq_ignore_ascii_case(country))
        };
        if let Some(country) = countries.iter().find(|c| !self.detectors.values().any(|d| of(d, c))) {
            return Err(RegistryError::UnknownCountry(country.clone()));
        }
        self.detectors.retain(|_, d| d.info.country.is_none() || countries.iter().any(|c| of(d, c)));
        Ok(())
    }

    /// The detectors, by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Detector> {
        self.detectors.values()
    }

    /// The detector of that id.
    pub fn get(&self, id: &str) -> Option<&Detector> {
        self.detectors.get(id)
    }

    /// The first entry of a detector's list that it never finds: several words, a number. What stands beside other words is
    /// found by its phrases too.
    pub fn never_found(&self, detector: &Detector) -> Option<&str> {
        let (Find::Words(words), None) = (&detector.find, &detector.beside) else { return None };
        self.list(&words.list).iter().map(String::as_str).find(|entry| !is_one_word(entry))
    }

    /// Whether a phrase speaks of a few detectors only: `CUIT`, and not `passport` or `id`.
    pub(crate) fn is_of_few(&self, phrase: &str) -> bool {
        self.spoken_of.get(&hash_of(phrase)).is_none_or(|detectors| *detectors <= FEW)
    }

    /// The words of a list.
    pub(crate) fn list(&self, name: &str) -> &[String] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// Changes when any file or the choice among them does.
    pub(crate) fn digest(&self) -> blake3::Hasher {
        let mut hasher = blake3::Hasher::new();
        let mut contents = self.contents.clone();
        contents.sort_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        contents.iter().for_each(|hash| _ = hasher.update(hash.as_bytes()));
        self.detectors.keys().for_each(|id| _ = hasher.update(id.as_bytes()).update(&[0]));
        hasher
    }
}

fn read_all(folder: &Path, extension: &str) -> Result<Vec<(PathBuf, String)>, RegistryError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |error| RegistryError::Io { path, error }
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail(folder))? {
        let path = entry.map_err(fail(folder))?.path();
        if path.extension().is_some_and(|e| e == extension) {
            paths.push(path);
        }
    }
    paths.sort();
    paths.into_iter().map(|path| Ok((path.clone(), read_text(&path).map_err(fail(&path))?))).collect()
}

/// What a file of detectors or words holds. Pipes and devices are refused, which would block or never end.
///
/// # Errors
/// It cannot be read, is no file, or is not UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    fs::read_to_string(path)
}

/// Whether a text has words of a list as one: two words and a number are never looked up.
fn is_one_word(listed: &str) -> bool {
    let mut words = 0;
    // `MacKenzie` stands in texts as `Mackenzie` as well.
    each_word(listed.to_lowercase().as_bytes(), |_| words += 1);
    words == 1
}
