//! UTF-8 in which diacritics follow their letters (Unicode's form D), as file systems and programs of the Macintosh write it: what is handed
//! over has the letters that everybody else writes. Otherwise a name would be another word, and have another token, where it is
//! written so.

use domesday_model::Reason;
use encoding_rs::Encoding;
use unicode_normalization::UnicodeNormalization;

use crate::decoder::{DECODE_ROOM, Decoded, Output};

/// The bytes that diacritics begin with, from U+0300 on, and letters that nobody writes.
const LEADS: [u8; 2] = [0xCC, 0xCD];

/// Diacritics of one letter that are composed. Vietnamese has two.
const MOST: usize = 4;

/// Decodes a stream. It keeps nothing: a letter waits in the source until what follows it is there.
pub(crate) fn decode(raw: &[u8], source: u64, out: &mut Output<'_>, last: bool) -> Decoded {
    let mut step = Decoded::default();
    while step.read < raw.len() && out.room() >= DECODE_ROOM {
        let rest = &raw[step.read..];
        let at = source + step.read as u64;
        let part = &rest[..rest.len().min(out.room())];
        let is_end = last && part.len() == rest.len();
        let plain = match diacritic(part) {
            None if is_end => part.len(),
            // A diacritic of the last letter may follow.
            None => before(part, part.len()),
            // It has no letter.
            Some(0) => part.len().min(2),
            Some(mark) => before(part, mark),
        };
        if plain > 0 {
            let valid = Encoding::utf8_valid_up_to(&part[..plain]);
            if valid < plain {
                step.note.get_or_insert((Reason::InvalidEncoding, at + valid as u64));
            }
            step.read += out.copy(at, &part[..plain]);
            continue;
        }
        let Some(cluster) = cluster(rest, last) else {
            step.starved = true;
            break;
        };
        push(&rest[..cluster], at, out);
        step.read += cluster;
    }
    step
}

/// The place of the first diacritic.
fn diacritic(bytes: &[u8]) -> Option<usize> {
    memchr::memchr2(LEADS[0], LEADS[1], bytes)
}

/// Where the character starts that ends at `at`; 0 where there is none.
fn before(bytes: &[u8], at: usize) -> usize {
    let continued = bytes[..at].iter().rev().take(3).take_while(|&byte| byte & 0xC0 == 0x80).count();
    at.saturating_sub(continued + 1)
}

/// Bytes of the letter that starts `rest` and of its diacritics; `None` where more of them may follow.
fn cluster(rest: &[u8], last: bool) -> Option<usize> {
    let mut end = 1 + rest[1..].iter().take(3).take_while(|&byte| byte & 0xC0 == 0x80).count();
    for _ in 0..MOST {
        match rest.get(end..) {
            Some([lead, _, ..]) if LEADS.contains(lead) => end += 2,
            Some([lead]) if LEADS.contains(lead) && !last => return None,
            Some([]) | None if !last => return None,
            _ => break,
        }
    }
    Some(end)
}

/// Adds a letter and its diacritics, composed as far as there is such a letter.
fn push(cluster: &[u8], source: u64, out: &mut Output<'_>) {
    let composed = compose(cluster);
    let Some((&letter, left)) = composed.as_deref().and_then(<[char]>::split_first) else {
        out.copy(source, cluster);
        return;
    };
    let others: usize = left.iter().map(|mark| mark.len_utf8()).sum();
    let own = cluster.len() - others;
    out.push(source, letter, own as u8);
    let mut at = source + own as u64;
    for &mark in left {
        at += out.push(at, mark, mark.len_utf8() as u8) as u64;
    }
}

/// The characters of a letter with diacritics; `None` where they are those that are there.
fn compose(cluster: &[u8]) -> Option<Vec<char>> {
    let text = std::str::from_utf8(cluster).ok()?;
    let composed: Vec<char> = text.nfc().collect();
    (composed.len() < text.chars().count()).then_some(composed)
}

/// Whether diacritics follow letters in `bytes` that could be written with them.
pub(crate) fn is_decomposed(bytes: &[u8]) -> bool {
    memchr::memchr2_iter(LEADS[0], LEADS[1], bytes).any(|mark| {
        let start = before(bytes, mark);
        bytes.get(start..mark + 2).is_some_and(|cluster| compose(cluster).is_some())
    })
}
