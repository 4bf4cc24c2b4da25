//! Johab, annex 3 of KS X 1001: pairs of bytes in which a Korean syllable is its letters, five bits each. What else stands in KS X 1001
//! has the same order as in EUC-KR, so its pair there is computed.

use std::collections::HashSet;

use domesday_model::Reason;
use encoding_rs::EUC_KR;

use crate::decoder::{Note, Output};
use crate::detect::FEW;

/// Five bits: a letter by its number, none, or what is no letter.
const NONE: u8 = 0xFE;
const BAD: u8 = 0xFF;

#[rustfmt::skip]
const INITIALS: [u8; 32] = [
    BAD, NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
    14, 15, 16, 17, 18, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
];
#[rustfmt::skip]
const VOWELS: [u8; 32] = [
    BAD, BAD, NONE, 0, 1, 2, 3, 4, BAD, BAD, 5, 6, 7, 8, 9, 10,
    BAD, BAD, 11, 12, 13, 14, 15, 16, BAD, BAD, 17, 18, 19, 20, BAD, BAD,
];
#[rustfmt::skip]
const FINALS: [u8; 32] = [
    BAD, NONE, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, BAD, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, BAD, BAD,
];

/// The letters alone, by number.
const INITIALS_ALONE: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const FIRST_VOWEL_ALONE: char = 'ㅏ';
const FINALS_ALONE: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

const FIRST_SYLLABLE: char = '가';
const LAST_SYLLABLE: char = '힣';

/// Whether a character of two bytes begins with `byte`.
pub(crate) fn is_lead(byte: u8) -> bool {
    matches!(byte, 0x84..=0xD3 | 0xD8..=0xDE | 0xE0..=0xF9)
}

/// The character at the start of `bytes` and its length; a length of 0 where half of it is missing.
fn character(bytes: &[u8]) -> (usize, Option<char>) {
    match *bytes {
        [byte, ..] if byte.is_ascii() => (1, Some(char::from(byte))),
        [lead, trail, ..] if is_lead(lead) => match pair(lead, trail) {
            Some(character) => (2, Some(character)),
            // A byte of ASCII is never lost to a mistake.
            None => (1 + usize::from(!trail.is_ascii()), None),
        },
        [lead] if is_lead(lead) => (0, None),
        _ => (1, None),
    }
}

fn pair(lead: u8, trail: u8) -> Option<char> {
    if lead < 0xD8 { letters(lead, trail) } else { of_ks_x_1001(lead, trail) }
}

/// A syllable, or a letter alone.
fn letters(lead: u8, trail: u8) -> Option<char> {
    if !matches!(trail, 0x41..=0x7E | 0x81..=0xFE) {
        return None;
    }
    let bits = u16::from_be_bytes([lead, trail]);
    let of = |table: &[u8; 32], shift: u16| table[usize::from(bits >> shift & 0x1F)];
    let after = |first: char, distance: u32| char::from_u32(u32::from(first) + distance);
    match (of(&INITIALS, 10), of(&VOWELS, 5), of(&FINALS, 0)) {
        (BAD, ..) | (_, BAD, _) | (_, _, BAD) => None,
        (NONE, NONE, NONE) => Some('\u{3000}'),
        (NONE, NONE, last) => FINALS_ALONE.chars().nth(usize::from(last) - 1),
        (NONE, vowel, NONE) => after(FIRST_VOWEL_ALONE, vowel.into()),
        (initial, NONE, NONE) => INITIALS_ALONE.chars().nth(initial.into()),
        (NONE, ..) | (_, NONE, _) => None,
        (initial, vowel, last) => {
            let last = if last == NONE { 0 } else { last };
            after(FIRST_SYLLABLE, (u32::from(initial) * 21 + u32::from(vowel)) * 28 + u32::from(last))
        }
    }
}

/// A symbol or a Chinese character. Two rows of KS X 1001 share a first byte.
fn of_ks_x_1001(lead: u8, trail: u8) -> Option<char> {
    const ROW: u8 = 94;
    let place = match trail {
        0x31..=0x7E => trail - 0x31,
        0x91..=0xFE => trail - 0x43,
        _ => return None,
    };
    // Letters have no second place.
    if lead == 0xDA && (0xA1..=0xD3).contains(&trail) {
        return None;
    }
    // Symbols begin with row 1, Chinese characters with row 42; 0xD8 is for users.
    let first = if lead < 0xE0 { 2 * lead.checked_sub(0xD9)? } else { 2 * (lead - 0xE0) + 41 };
    let pair = [0xA1 + first + place / ROW, 0xA1 + place % ROW];
    let mut text = [0; 4];
    let (_, _, written, has_errors) =
        EUC_KR.new_decoder_without_bom_handling().decode_to_utf8(&pair, &mut text, true);
    let text = std::str::from_utf8(&text[..written]).ok()?;
    text.chars().next().filter(|_| !has_errors)
}

/// Decodes `raw`, which is whole characters and lies at `source`; returns how many bytes.
pub(crate) fn decode(raw: &[u8], source: u64, out: &mut Output<'_>, note: &mut Option<Note>) -> usize {
    let mut read = 0;
    while read < raw.len() {
        let at = source + read as u64;
        let (length, known) = character(&raw[read..]);
        let length = length.max(1);
        out.push(at, known.unwrap_or(char::REPLACEMENT_CHARACTER), length as u8);
        if known.is_none() {
            note.get_or_insert((Reason::InvalidEncoding, at));
        }
        read += length;
    }
    read
}

/// What is no character in `bytes`, counted up to `most`. `ends` when half of one at their end is none.
pub(crate) fn errors(bytes: &[u8], ends: bool, most: usize) -> usize {
    let (mut at, mut errors) = (0, 0);
    while at < bytes.len() && errors < most {
        let (length, known) = character(&bytes[at..]);
        errors += usize::from(known.is_none() && (length > 0 || ends));
        at += length.max(1);
    }
    errors
}

/// Whether `lines` are Korean in Johab: nearly all foreign bytes are syllables, of those that KS X 1001 has too, a fifth of all there
/// are, and these stand side by side.
pub(crate) fn is_likely(lines: &[&[u8]]) -> bool {
    let (mut pairs, mut bad, mut syllables, mut usual, mut beside) = (0, 0, 0, 0, 0);
    let mut distinct = HashSet::new();
    for line in lines {
        let (mut at, mut end) = (0, None);
        while at < line.len() {
            let (length, known) = character(&line[at..]);
            let length = length.max(1);
            match known {
                None => bad += 1,
                Some(character) if !character.is_ascii() => pairs += 1,
                Some(_) => {}
            }
            if let Some(character) = known.filter(|known| (FIRST_SYLLABLE..=LAST_SYLLABLE).contains(known)) {
                syllables += 1;
                usual += usize::from(is_usual(character));
                beside += usize::from(end == Some(at));
                end = Some(at + length);
                distinct.insert(character);
            }
            at += length;
        }
    }
    distinct.len() >= FEW
        && 16 * bad <= pairs
        && 4 * usual >= 3 * pairs
        && 16 * (syllables - usual) <= syllables
        && 2 * beside >= syllables
}

/// Whether KS X 1001 has a syllable of its own for it, in rows 16 to 40.
fn is_usual(syllable: char) -> bool {
    let mut text = [0; 4];
    matches!(EUC_KR.encode(syllable.encode_utf8(&mut text)).0[..], [0xB0..=0xC8, 0xA1..=0xFE])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Python's codec reads them.
    const ALL: &str = include_str!("../../fixtures/encodings/johab.txt");

    #[test]
    fn all_pairs_stand_for_what_they_do_elsewhere() {
        let read = |lead| -> String {
            (0x21..=0xFF)
                .map(|trail| character(&[lead, trail]))
                .filter_map(|(length, known)| known.filter(|_| length == 2))
                .collect()
        };
        assert_eq!(ALL.lines().count(), 0x80);
        for (lead, row) in (0x80..=0xFF).zip(ALL.lines()) {
            assert_eq!(read(lead), row, "{lead:#x}");
        }
    }
}
