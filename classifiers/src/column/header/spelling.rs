//! How names of columns are written: prefixes, types and remarks that say nothing of what a column holds.

use std::borrow::Cow;

use super::words::{GLUED, UNGLUED};

/// A path without the key in which MongoDB says of what type a value is: `birthdate["$date"]`.
pub(super) fn without_type(path: &str) -> &str {
    const TYPES: [&str; 8] =
        ["date", "oid", "uuid", "numberInt", "numberLong", "numberDouble", "numberDecimal", "binary"];
    let typed = path.strip_suffix("\"]").and_then(|rest| rest.rsplit_once("[\"$"));
    typed.filter(|(field, kind)| !field.is_empty() && TYPES.contains(kind)).map_or(path, |(field, _)| field)
}

/// A path without the prefixes of names in XML, which stand for a vocabulary: `c:id` is no `cid`. A header of one key keeps what stands
/// before a colon.
pub(super) fn without_prefixes(path: Cow<'_, str>) -> Cow<'_, str> {
    let is_path = path.contains(':') && path.contains(['.', '@']);
    if !is_path {
        return path;
    }
    let local = |key: &str| {
        let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        match key.strip_prefix('@').unwrap_or(key).split_once(':') {
            Some((prefix, name)) if prefix.chars().all(in_name) && name.starts_with(char::is_alphabetic) => {
                name.to_owned()
            }
            _ => key.to_owned(),
        }
    };
    path.split('.').map(local).collect::<Vec<_>>().join(".").into()
}

/// A path with the word for each mark of a number, without what stands behind such a mark (`vorname#psd`), and with the letters
/// of East Asia that are as wide as its characters as those of ASCII that they stand for: `ＴＥＬ`.
pub(super) fn spelt_out(path: &str) -> Cow<'_, str> {
    const WIDE: std::ops::RangeInclusive<char> = '\u{ff01}'..='\u{ff5e}';
    let narrow = |c: char| match c {
        c if WIDE.contains(&c) => char::from((u32::from(c) - 0xff00) as u8 + b' '),
        '\u{3000}' => ' ',
        c => c,
    };
    let is_wide = |c: char| narrow(c) != c;
    let path: Cow<'_, str> = if path.contains(is_wide) {
        path.chars().map(narrow).collect::<String>().into()
    } else {
        path.into()
    };
    let path = &*path;
    let path = match path.split_once('#') {
        Some((before, behind))
            if !before.is_empty() && behind.starts_with(|c: char| c.is_ascii_lowercase()) =>
        {
            before
        }
        _ => path,
    };
    let mut path = path.replace(['#', '№'], " number ");
    for mark in ["Nº", "N°", "nº", "n°", "N.º", "n.º"] {
        path = path.replace(mark, " number ");
    }
    path.into()
}

/// Where a remark begins that stands in brackets at the end of a header: `Phone (optional)`.
pub(super) fn remark(path: &str) -> usize {
    let path = path.trim_end();
    let round = || path.strip_suffix(')').and_then(|rest| rest.rfind(" ("));
    // `Last Name [Required]`
    let square = || path.strip_suffix(']').and_then(|rest| rest.rfind(" ["));
    round().or_else(square).unwrap_or(path.len())
}

/// A name of an old system without the two letters of its table: `CMSSN`.
pub(super) fn without_table_letters(word: &str) -> Option<&str> {
    if !word.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let is_glued = lower.get(2..).is_some_and(|rest| GLUED.contains(&rest)) && !UNGLUED.contains(&&*lower);
    is_glued.then(|| &word[2..])
}

/// Where the capitals end that stand glued to a word: `NOKPhone`.
pub(super) fn acronym(word: &str) -> Option<usize> {
    let capitals = word.bytes().take_while(u8::is_ascii_uppercase).count();
    let lower = word.bytes().skip(capitals).take_while(u8::is_ascii_lowercase).count();
    (capitals > 2 && lower > 1).then(|| capitals - 1)
}

/// A word with the vowels that are written as two where there are no umlauts: `staatsangehoerigkeit`.
pub(super) fn umlauts(word: &str) -> Option<String> {
    const WRITTEN: [(&str, &str); 3] = [("ae", "a"), ("oe", "o"), ("ue", "u")];
    let is_written = word.is_ascii() && WRITTEN.iter().any(|(two, _)| word.contains(two));
    is_written.then(|| WRITTEN.iter().fold(word.to_owned(), |word, (two, one)| word.replace(two, one)))
}
