//! Which encoding a text is in that does not say so.
//!
//! UTF-8 is hardly ever valid by chance, so what is valid is UTF-8. Of the rest `chardetng`, which browsers use, makes a
//! guess from the words with foreign characters. It gives an encoding up at the first mistake, so a damaged byte would
//! cost a whole file its encoding: where the words are dense with foreign bytes, parts of them are asked as well. Its guess of
//! an encoding of single bytes stands unless the letters of another one are clearly likelier (`likely`). Johab, which browsers do not
//! read, is told by its syllables.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::by_line::{Census, errors, is_strange};
use crate::charset::{ByLine, Declared, Legacy, Main, TextEncoding};
use crate::composing::is_decomposed;
use crate::johab;
use crate::likely::{likelier, second};
use crate::multibyte::MultiByte;
use crate::shifted::{Shifts, find_iso_2022_jp, is_hz, is_iso_2022_kr};
use crate::utf7::is_utf7;

/// Bytes from a text's first foreign character on that decide its encoding.
pub(crate) const EVIDENCE_BYTES: usize = 64 << 10;

/// Bytes before it that are looked at with it: letters beside a letter tell much. As many as are always in the buffer.
pub(crate) const EVIDENCE_LEFT: usize = 16;
const _: () = assert!(EVIDENCE_LEFT <= crate::Limits::MIN_LEFT);

/// Bytes of legacy words that are looked at. The detector tries thirty encodings and takes half a microsecond a byte.
const LOOKED_AT: usize = 256;

/// Parts of them that are asked apart.
const PARTS: usize = 7;

/// Fewer foreign bytes say nothing of an encoding of East Asia, or of one that is rare, and disprove no guess.
pub(crate) const FEW: usize = 4;

/// Baltic and Vietnamese: a single letter of Windows-1252 may be taken for one of theirs.
const RARE: [&str; 3] = ["ISO-8859-4", "windows-1257", "windows-1258"];

/// Characters of UTF-8 that prove a text's declaration wrong.
const PROOF: usize = 4;

/// The encoding of a text that begins with `bytes`, or whose first foreign character lies near their start. They are all
/// of it when `whole`. Never `Ascii` where there is a foreign character.
pub(crate) fn detect(bytes: &[u8], whole: bool, declared: Option<Declared>) -> TextEncoding {
    if bytes.is_ascii() {
        return of_seven_bits(bytes, declared).unwrap_or(TextEncoding::Ascii { declared });
    }
    let census = Census::of(bytes, whole);
    match declared {
        Some(Declared::Utf8) => {
            // What is not valid is no text.
            let by_line =
                TextEncoding::ByLine(ByLine { main: Main::Utf8, legacy: UTF_8.into(), second: None });
            return if census.invalid == 0 { utf8(bytes) } else { by_line };
        }
        Some(Declared::Legacy(legacy)) if !is_disproved(legacy, bytes, &census, whole) => {
            return TextEncoding::ByLine(ByLine { main: Main::Legacy, legacy, second: None });
        }
        _ => {}
    }
    if census.invalid == 0 {
        return utf8(bytes);
    }
    let (legacy, second) = guess(bytes, whole);
    let main =
        if census.invalid > census.valid && is_text(legacy, bytes) { Main::Legacy } else { Main::Utf8 };
    TextEncoding::ByLine(ByLine { main, legacy, second })
}

/// UTF-8 of a text that begins with `bytes`.
pub(crate) fn utf8(bytes: &[u8]) -> TextEncoding {
    if is_decomposed(bytes) { TextEncoding::Composing } else { TextEncoding::Utf8 }
}

/// The encoding of the lines among `bytes` that are not UTF-8, and another one that some of them are in.
pub(crate) fn guess(bytes: &[u8], whole: bool) -> (Legacy, Option<Legacy>) {
    let guessed = guess_of_browsers(bytes, whole);
    // What is UTF-8 but for some bytes is damaged.
    let is_damaged = |line: &&[u8]| {
        let census = Census::of(line, true);
        census.valid >= census.invalid
    };
    let lines: Vec<_> = legacy_lines(bytes).filter(|line| !is_damaged(line)).collect();
    if johab::is_likely(&lines) {
        return (Legacy::Johab, None);
    }
    let legacy = likelier(&lines, guessed).unwrap_or(guessed.into());
    (legacy, second(&lines, legacy))
}

fn guess_of_browsers(bytes: &[u8], whole: bool) -> &'static Encoding {
    let words = legacy_words(bytes, whole);
    let foreign = words.iter().flat_map(|word| word.iter()).filter(|b| !b.is_ascii()).count();
    let guessed = ask(&words);
    let is_common = MultiByte::new(guessed.into()).is_single_byte() && !RARE.contains(&guessed.name());
    if foreign < FEW && !is_common {
        return WINDOWS_1252;
    }
    let bytes: usize = words.iter().map(|word| word.len()).sum();
    if MultiByte::new(guessed.into()).is_single_byte() && words.len() >= PARTS && foreign * 2 > bytes {
        return by_parts(&words).unwrap_or(guessed);
    }
    guessed
}

/// Words with foreign bytes of lines that are not valid UTF-8, from one blank or mark to the next: what lies between
/// them says nothing. The last line may be cut off, and counts only when there is no other.
fn legacy_words(bytes: &[u8], whole: bool) -> Vec<&[u8]> {
    let end = if whole { bytes.len() } else { memchr::memrchr(b'\n', bytes).map_or(0, |feed| feed + 1) };
    let words = words_of(&bytes[..end]);
    if words.is_empty() { words_of(bytes) } else { words }
}

fn legacy_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|&b| b == b'\n').filter(|line| std::str::from_utf8(line).is_err())
}

fn words_of(bytes: &[u8]) -> Vec<&[u8]> {
    let (mut words, mut looked_at) = (Vec::new(), 0);
    for line in legacy_lines(bytes) {
        // No multi-byte encoding uses these bytes within a character.
        for word in line.split_inclusive(|&b| b < b'0').filter(|word| !word.is_ascii()) {
            let word = &word[..word.len().min(LOOKED_AT)];
            words.push(word);
            looked_at += word.len();
            if looked_at >= LOOKED_AT {
                return words;
            }
        }
    }
    words
}

fn ask(words: &[&[u8]]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for word in words {
        detector.feed(word, false);
    }
    detector.guess(None, Utf8Detection::Deny)
}

/// The multi-byte encoding that most parts of `words` seem to be in.
fn by_parts(words: &[&[u8]]) -> Option<&'static Encoding> {
    let guesses: Vec<_> = words.chunks(words.len().div_ceil(PARTS)).map(ask).collect();
    let votes = |encoding| guesses.iter().filter(|&&guess| guess == encoding).count();
    let most = guesses.iter().copied().max_by_key(|&guess| votes(guess))?;
    (votes(most) * 2 > guesses.len() && !MultiByte::new(most.into()).is_single_byte()).then_some(most)
}

/// Whether the foreign characters are such as stand in texts.
fn is_text(legacy: Legacy, bytes: &[u8]) -> bool {
    let foreign = bytes.iter().filter(|b| !b.is_ascii()).count();
    let is_in_word = |at: usize| bytes[at] == 0xFF && at > 0 && bytes[at - 1].is_ascii_alphabetic();
    (0..bytes.len()).filter(|&at| is_strange(legacy, bytes[at]) && !is_in_word(at)).count() * 8 <= foreign
}

/// Whether a text is not in the encoding that it declares: it is UTF-8, or one of eight foreign characters would be none.
fn is_disproved(legacy: Legacy, bytes: &[u8], census: &Census, whole: bool) -> bool {
    let is_utf8 = census.invalid == 0 && census.valid >= PROOF && census.is_proof_against(legacy);
    let foreign = bytes.iter().filter(|b| !b.is_ascii()).count();
    is_utf8 || errors(legacy, bytes, whole, usize::MAX) * 8 > foreign
}

/// What says in ASCII what is not.
fn of_seven_bits(bytes: &[u8], declared: Option<Declared>) -> Option<TextEncoding> {
    if let Some(Declared::Shifted(shifts)) = declared {
        return Some(TextEncoding::Shifted(shifts));
    }
    if find_iso_2022_jp(bytes).is_some() {
        return Some(TextEncoding::Shifted(Shifts::Iso2022Jp));
    }
    if is_iso_2022_kr(bytes) {
        return Some(TextEncoding::Shifted(Shifts::Iso2022Kr));
    }
    if is_hz(bytes) {
        return Some(TextEncoding::Shifted(Shifts::Hz));
    }
    is_utf7(bytes, declared == Some(Declared::Utf7)).then_some(TextEncoding::Utf7)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{SHIFT_JIS, WINDOWS_1250};

    fn line(encoding: &'static Encoding, name: &str) -> Vec<u8> {
        [b"2024-01-05 12:00 user=", &encoding.encode(name).0[..], b" ok\n"].concat()
    }

    fn of(bytes: &[u8]) -> TextEncoding {
        detect(bytes, true, None)
    }

    #[test]
    fn a_name_is_enough() {
        let by_line = |encoding: &'static Encoding| {
            TextEncoding::ByLine(ByLine { main: Main::Legacy, legacy: encoding.into(), second: None })
        };
        for (encoding, names) in [
            (
                WINDOWS_1252,
                &["Müller", "José Núñez", "Citroën", "50 €", "10 °C", "naïve", "Åsa Öberg", "L’Haÿ"][..],
            ),
            (WINDOWS_1250, &["Wałęsa", "Kołodziej", "Łódź", "Dvořák"]),
            (SHIFT_JIS, &["山田太郎", "山田太郎,東京都"]),
        ] {
            for name in names {
                assert_eq!(of(&line(encoding, name)), by_line(encoding), "{name}");
            }
        }
    }

    #[test]
    fn utf8_wins_where_it_is_valid() {
        assert_eq!(of("é".as_bytes()), TextEncoding::Utf8);
        assert_eq!(of(&line(encoding_rs::UTF_8, "山田太郎")), TextEncoding::Utf8);
        let declared = detect(
            &line(encoding_rs::UTF_8, "Jürgen Groß, Köln"),
            true,
            Some(Declared::Legacy(WINDOWS_1250.into())),
        );
        assert_eq!(
            declared,
            TextEncoding::ByLine(ByLine { main: Main::Legacy, legacy: WINDOWS_1250.into(), second: None })
        );
        let declared = detect(
            &line(encoding_rs::UTF_8, "Jürgen Groß, Köln, Österreich"),
            true,
            Some(Declared::Legacy(WINDOWS_1250.into())),
        );
        assert_eq!(declared, TextEncoding::Utf8);
    }

    #[test]
    fn what_no_text_holds_is_no_legacy_text() {
        for bytes in [&b"\x81abc"[..], b"x\x81y\n", b"Jane \xFF\xFE jane@corp.de\n"] {
            assert!(matches!(of(bytes), TextEncoding::ByLine(ByLine { main: Main::Utf8, .. })), "{bytes:?}");
        }
    }

    #[test]
    fn a_damaged_byte_does_not_cost_the_encoding() {
        let mut bytes: Vec<u8> = (0..60).flat_map(|_| line(SHIFT_JIS, "山田太郎,東京都千代田区")).collect();
        bytes[1000] = 0xFF;
        let expected =
            TextEncoding::ByLine(ByLine { main: Main::Legacy, legacy: SHIFT_JIS.into(), second: None });
        assert_eq!(of(&bytes), expected);
        assert_eq!(detect(&bytes, true, Some(Declared::Legacy(SHIFT_JIS.into()))), expected);
        assert_eq!(detect(&bytes, true, Some(Declared::Legacy(encoding_rs::EUC_JP.into()))), expected);
    }

    #[test]
    fn escape_sequences_of_terminals_are_no_japanese() {
        assert_eq!(of(b"\x1B(B\x1B[0m plain"), TextEncoding::Ascii { declared: None });
        assert_eq!(of(b"\x1B$B;3ED\x1B(B"), TextEncoding::Shifted(Shifts::Iso2022Jp));
    }
}
