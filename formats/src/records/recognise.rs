//! Whether a text is one whose records are lines, from its beginning and, where that does not tell, its extension.
//!
//! Prose and code must not become tables: what is not sure is read as plain lines, which lose nothing but columns.

use crate::names;
use crate::records::access::Beginning;
use crate::records::until::pair_key;
use crate::records::{Format, LOOK, flow, folded, ini, markdown, w3c, yaml};

/// Lines that are looked at.
const SAMPLE: usize = 60;

/// Pairs that each line of a logfmt file has at least.
const PAIRS: usize = 3;

/// The format of a text, and its name. `text` is its beginning, all of it when `whole`.
pub(crate) fn recognise(extension: &str, text: &[u8], whole: bool) -> Option<(&'static str, Format)> {
    let lines = sample(text, whole);
    let first = *lines.first()?;
    let begins = |start: &[u8]| first.get(..start.len()).is_some_and(|line| line.eq_ignore_ascii_case(start));
    if begins(b"BEGIN:VCARD") {
        return Some(("vcard", Format::Folded(folded::Dialect::Card)));
    }
    if begins(b"BEGIN:VCALENDAR") {
        return Some(("calendar", Format::Folded(folded::Dialect::Card)));
    }
    if is_ldif(&lines) {
        return Some(("ldif", Format::Folded(folded::Dialect::Ldif)));
    }
    if is_w3c(&lines) {
        return Some(("w3c_log", Format::W3c));
    }
    if names::of_text(extension, b"") == "markdown" && markdown::has_table(text) {
        return Some(("markdown", Format::Markdown));
    }
    let kind = Kind::of(extension);
    if kind == Kind::Text && is_access(&lines) {
        return Some(("access_log", Format::Access));
    }
    if kind == Kind::Text && is_logfmt(&lines) {
        return Some(("logfmt", Format::Logfmt));
    }
    if is_yaml(kind, &lines) {
        return Some(("yaml", Format::Yaml));
    }
    let dialect = configuration(extension, kind, &lines)?;
    let name = match dialect {
        ini::Dialect::Ini => "ini",
        ini::Dialect::Properties => "properties",
        ini::Dialect::Env => "env",
        ini::Dialect::Toml => "toml",
    };
    Some((name, Format::Ini(dialect)))
}

/// What an extension says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Nothing, or that it is a log.
    Text,
    Configuration,
    Yaml,
    /// That it is something else.
    Other,
}

impl Kind {
    fn of(extension: &str) -> Self {
        match extension {
            "yaml" | "yml" => Self::Yaml,
            "ini" | "cfg" | "conf" | "config" | "toml" | "properties" | "env" | "desktop" | "service"
            | "inf" | "reg" | "lock" | "editorconfig" => Self::Configuration,
            _ if matches!(names::of_text(extension, b""), "text" | "log") => Self::Text,
            _ => Self::Other,
        }
    }
}

/// The first lines that are not blank, without a line that is cut, each up to what a head shows.
fn sample(text: &[u8], whole: bool) -> Vec<&[u8]> {
    let complete = match memchr::memrchr(b'\n', text) {
        Some(end) if !whole => &text[..end],
        _ => text,
    };
    let lines = complete.split(|&b| b == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty());
    lines.map(|line| &line[..line.len().min(LOOK)]).take(SAMPLE).collect()
}

/// Whether at least `percent` of some lines fit.
fn most(lines: &[&[u8]], percent: usize, fits: impl Fn(&[u8]) -> bool) -> bool {
    100 * lines.iter().filter(|line| fits(line)).count() >= percent * lines.len()
}

fn is_access(lines: &[&[u8]]) -> bool {
    most(lines, 80, |line| Beginning::of(line).is_some())
}

fn is_w3c(lines: &[&[u8]]) -> bool {
    let mut comments = lines.iter().take_while(|line| line[0] == b'#');
    let names = comments.find_map(|line| Some(&line[w3c::names_at(line)?..]));
    names.is_some_and(|names| {
        names.trim_ascii().iter().any(|b| matches!(b, b' ' | b'\t')) && !names.contains(&b',')
    })
}

fn is_ldif(lines: &[&[u8]]) -> bool {
    let mut lines = lines.iter().filter(|line| !matches!(line[0], b'#' | b' '));
    let is_version = |line: &&&[u8]| line.starts_with(b"version:");
    let first = lines.next();
    let entry = if first.filter(is_version).is_some() { lines.next() } else { first };
    let is_entry =
        |line: &&[u8]| line.starts_with(b"dn:: ") || (line.starts_with(b"dn: ") && line.contains(&b'='));
    entry.is_some_and(is_entry) && lines.next().is_none_or(|line| line.contains(&b':') || line[0] == b' ')
}

fn is_logfmt(lines: &[&[u8]]) -> bool {
    lines.len() >= 2 && most(lines, 90, |line| pairs(line).is_some_and(|pairs| pairs >= PAIRS))
}

/// The pairs of a line that holds nothing else but a few words before them. `None` where it holds more.
fn pairs(line: &[u8]) -> Option<usize> {
    const WORDS: usize = 3;
    let (mut pairs, mut words, mut rest) = (0, 0, line);
    while !rest.is_empty() {
        let key = pair_key(rest).filter(|&length| length < rest.len());
        let value = &rest[key.map_or(0, |length| length + 1)..];
        let length = match value {
            [b'"', quoted @ ..] => 2 + memchr::memchr(b'"', quoted).unwrap_or(quoted.len()),
            value => memchr::memchr(b' ', value).unwrap_or(value.len()),
        };
        match key {
            Some(_) => pairs += 1,
            None => words += 1,
        }
        if words > WORDS || (pairs > 0 && words > WORDS.min(pairs)) {
            return None;
        }
        rest = value.get(length..).unwrap_or_default().trim_ascii_start();
    }
    Some(pairs)
}

fn is_yaml(kind: Kind, lines: &[&[u8]]) -> bool {
    let is_comment = |line: &[u8]| matches!(line[0], b'#' | b'%') || line == b"---" || line == b"...";
    let is_entry = |line: &[u8]| {
        let begins = line.starts_with(b"- ") || line == b"-" || yaml::Key::of(line).is_some();
        begins || yaml::property(line).is_some()
    };
    let content: Vec<&[u8]> = lines.iter().copied().filter(|line| !is_comment(line)).collect();
    let Some(first) = content.first() else { return false };
    let fits = |line: &[u8]| line[0] == b' ' || is_entry(line);
    match kind {
        Kind::Yaml if flow::Flow::begins(first) => true,
        Kind::Yaml => is_entry(first.trim_ascii_start()) && most(&content, 70, fits),
        Kind::Text => {
            let marked = lines[0] == b"---" || lines[0].starts_with(b"%YAML ");
            let second = content.get(1).copied().unwrap_or(first);
            marked && [*first, second].into_iter().all(fits) && most(&content, 100, fits)
        }
        Kind::Configuration | Kind::Other => false,
    }
}

/// What the lines of a configuration are.
#[derive(Default)]
struct Census {
    sections: usize,
    /// Sections as only TOML has them.
    arrays: usize,
    keys: usize,
    /// Keys that could be words of prose.
    loose: usize,
    /// Keys with blanks before the sign.
    spaced: usize,
    /// Values as TOML has them.
    typed: usize,
    others: usize,
}

impl Census {
    fn of(dialect: ini::Dialect, lines: &[&[u8]]) -> Self {
        let mut census = Self::default();
        for line in lines.iter().filter(|line| !matches!(line[0], b'#' | b';' | b'!')) {
            let array = line.starts_with(b"[[") && line.ends_with(b"]]");
            if line[0] == b'[' && line.contains(&b']') {
                census.sections += 1;
                census.arrays += usize::from(array);
            } else if let Some(key) = ini::key_of(dialect, line) {
                census.keys += 1;
                census.loose += usize::from(key.loose);
                census.spaced += usize::from(key.spaced);
                let value = key.value_of(line).trim_ascii();
                let quoted = value.len() > 1 && value[0] == b'"' && value.ends_with(b"\"");
                let is_typed = |b: &u8| b.is_ascii_digit() || b"-+._:TZ".contains(b);
                census.typed += usize::from(
                    quoted
                        || value == b"true"
                        || value == b"false"
                        || value.iter().all(is_typed)
                        || value[0] == b'[',
                );
            } else if !matches!(line[0], b' ' | b'\t') {
                census.others += 1;
            }
        }
        census
    }

    const fn entries(&self) -> usize {
        self.sections + self.keys
    }
}

/// The dialect of a text that is a configuration.
fn configuration(extension: &str, kind: Kind, lines: &[&[u8]]) -> Option<ini::Dialect> {
    use ini::Dialect::{Env, Ini, Properties, Toml};
    let fits = |dialect, least: usize| {
        let census = Census::of(dialect, lines);
        census.entries() >= least && census.others * 5 <= census.entries()
    };
    match (kind, extension) {
        (Kind::Configuration, "toml") => {
            let first = lines.iter().find(|line| line[0] != b'#')?;
            (first[0] == b'[' || ini::key_of(Toml, first).is_some()).then_some(Toml)
        }
        (Kind::Configuration, "properties") => fits(Properties, 1).then_some(Properties),
        (Kind::Configuration, "env") => fits(Env, 1).then_some(Env),
        (Kind::Configuration | Kind::Text, _) => {
            let sure = kind == Kind::Configuration;
            let census = Census::of(Ini, lines);
            if census.arrays > 0 && census.typed * 10 >= census.keys * 8 {
                return Some(Toml);
            }
            let few_others = if sure { census.others * 5 <= census.entries() } else { census.others == 0 };
            let strict = census.loose == 0 || (sure && census.loose < census.keys);
            if census.sections > 0 && census.keys >= 2 && few_others && strict {
                return Some(Ini);
            }
            let env = Census::of(Env, lines);
            let least = if sure { 2 } else { 3 };
            let is_script = || lines.iter().any(|line| memchr::memmem::find(line, b"$(").is_some());
            if env.sections > 0 || env.keys < least || env.loose > 0 || env.others > 0 || is_script() {
                return None;
            }
            Some(if env.spaced > 0 { Ini } else { Env })
        }
        (Kind::Yaml | Kind::Other, _) => None,
    }
}
