//! `domesday key`: the secret that subject tokens are made with, and the tokens of given values.

use std::fmt::Write;

use anyhow::{anyhow, bail};
use clap::{Args, Subcommand};
use domesday_classifiers::{Classifier, Dialling, normalise};
use domesday_model::{Key, Layout, OffsetMap, TokenKind, Window};

use crate::choice::{DetectorChoice, country};
use crate::exit::Exit;
use crate::keyfile::{KeyFile, VARIABLE};
use crate::output::Output;
use crate::probe::{given, probe};
use crate::visible::visible_lines;

/// Arguments of `domesday key`.
#[derive(Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Make a new key, and never overwrite one
    #[command(
        after_help = "Examples:\n  domesday key init\n  DOMESDAY_KEY_FILE=/secure/key domesday key init"
    )]
    Init,
    /// Show the id and the place of the key, never the key
    Show,
    /// Print the tokens of values, for allow lists, deny lists and queries: KEY:KIND:TOKEN
    ///
    /// One line for each kind of identifier that detectors may take a value for, and two for a name with a letter such as ö, which some write
    /// as oe. A list of such lines is what `scan --allow` and `--deny`
    /// take, and `tokens_from` in domesday.toml; it holds no raw value, and says nothing without the key. In the view `subjects`
    /// the same line is key_id || ':' || kind || ':' || lower(hex(token)).
    #[command(
        after_help = "Examples:\n  domesday key token - < published-addresses.txt > published.tokens\n  \
        domesday key token --kind name 'Anna Berg'\n  domesday scan share --inventory inv --allow published.tokens"
    )]
    Token {
        /// The value; - reads values from standard input, one a line, which keeps them out of the history of the shell
        #[arg(value_name = "VALUE")]
        value: String,
        /// What the values are, instead of what detectors take them for
        #[arg(long, value_name = "KIND", value_parser = kind)]
        kind: Option<TokenKind>,
        /// Country in which telephone numbers without country code are dialled, as in `domesday scan --source-country`
        #[arg(long, value_name = "COUNTRY", value_parser = country)]
        source_country: Option<String>,
        #[command(flatten)]
        choice: DetectorChoice,
    },
}

fn kind(text: &str) -> Result<TokenKind, String> {
    TokenKind::parse(text).ok_or_else(|| format!("expected one of {}", kinds()))
}

fn kinds() -> String {
    TokenKind::ALL.map(TokenKind::name).join(", ")
}

/// A line for each kind that each value may be of. No message quotes a value.
fn tokens(
    key: &Key,
    text: &[u8],
    wanted: Option<TokenKind>,
    classifier: &Classifier,
) -> anyhow::Result<String> {
    let mut lines = String::new();
    for (value, number) in text.split(|&byte| byte == b'\n').zip(1..) {
        let value = value.trim_ascii();
        if value.is_empty() {
            continue;
        }
        let readings = match wanted {
            Some(kind) => vec![(kind, classifier.dialling())],
            None => readings(classifier, value),
        };
        if readings.is_empty() {
            return Err(anyhow!(
                "line {number}: no detector takes it for a value by itself; say what it is with --kind, one of {}",
                self::kinds()
            ));
        }
        let mut tokens = Vec::new();
        for (kind, within) in readings {
            let mut forms = Vec::new();
            normalise(kind, value, within, &mut Vec::new(), |form| forms.push((kind, key.token(kind, form))));
            // What an address is without its sub-address, or a date read otherwise, is another value.
            forms.truncate(if kind == TokenKind::Name { forms.len() } else { 1 });
            forms.retain(|form| !tokens.contains(form));
            tokens.append(&mut forms);
        }
        for (kind, token) in tokens {
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{}:{}:{token}", key.id(), kind.name());
        }
    }
    if lines.is_empty() {
        bail!("there is no value: give one, or one a line on standard input with -");
    }
    Ok(lines)
}

/// The kinds of the detectors that accept a value as it stands, also of those that would want a word beside it, and how it is
/// dialled.
fn readings(classifier: &Classifier, value: &[u8]) -> Vec<(TokenKind, Option<Dialling>)> {
    let whole = 0..value.len();
    let layout = Layout::Lines { line: 0 };
    let window = Window { text: value, own: whole.clone(), layout, offsets: OffsetMap::identity(0) };
    let attempts = classifier.explain(&window, &[], whole.clone());
    let accepted = attempts
        .iter()
        .filter(|attempt| attempt.place == whole && attempt.joined.is_none() && attempt.passes_checks());
    let hits = probe(classifier, None, value);
    let found = hits.iter().filter(|hit| hit.place == whole).map(|hit| hit.detector);
    let detectors = accepted.map(|attempt| attempt.detector).chain(found);
    let mut readings: Vec<_> = detectors
        .map(|detector| (classifier.detector(detector).token, classifier.dialled(detector)))
        .collect();
    readings.sort_by_key(|(kind, _)| *kind);
    readings.dedup();
    readings
}

pub(crate) fn run(args: &KeyArgs, output: &Output) -> anyhow::Result<Exit> {
    let file = KeyFile::locate()?;
    let text = match &args.command {
        KeyCommand::Init => {
            let key = file.create()?;
            let path = file.path.display();
            format!(
                "Key {id} is in {path}\n\n\
                 Scans from now on write subject tokens with it, by which a person is found again without a raw value in \
                 the\ninventory. Lookups need this very key. Back it up where you keep passwords, for instance:\n  \
                 cat {path}     (copy the 64 digits to a password manager)\n\
                 Do not keep it in or beside an inventory. On another machine, put it into a file of mode 0600 and name \
                 that\nin {VARIABLE}.\n",
                id = key.id(),
            )
        }
        KeyCommand::Show => match file.read()? {
            Some(key) => format!("key   {}\nfile  {}\n", key.id(), file.path.display()),
            None => return Err(no_key(&file)),
        },
        KeyCommand::Token { value, kind, source_country, choice } => {
            let classifier = Classifier::new(&choice.load()?)?.at_home_in(source_country.as_deref());
            let key = file.read()?.ok_or_else(|| no_key(&file))?;
            tokens(&key, &given(value)?, *kind, &classifier)?
        }
    };
    output.write(visible_lines(&text).as_bytes())?;
    Ok(Exit::Done)
}

fn no_key(file: &KeyFile) -> anyhow::Error {
    anyhow!("there is no key at {}: `domesday key init` makes one", file.path.display())
}
