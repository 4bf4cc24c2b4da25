//! The one spelling under which a value is hashed, so that a person is found however a source writes her.
//!
//! Changing a rule here changes tokens: raise [`domesday_model::TOKEN_SCHEME`] with it.

use std::io::Write as _;
use std::net::Ipv6Addr;

use domesday_model::TokenKind;

use crate::escaped::plain;
use crate::structure::Dialling;
use crate::structure::date::named_date;
use crate::words::fold_into;

/// Calls `each` with every normalised form of a value: one for most kinds; two for an e-mail address with a
/// sub-address (with and without it), for a date that can be read in two ways, and for a name with a letter such as `ö`, which
/// some write as `oe`. The first is the one that distinct values are counted by. `buffer` is memory to work in.
/// A telephone number without country code is one of the country that is dialled `within`, if any.
pub fn normalise(
    kind: TokenKind,
    value: &[u8],
    within: Option<Dialling>,
    buffer: &mut Vec<u8>,
    mut each: impl FnMut(&[u8]),
) {
    buffer.clear();
    match kind {
        TokenKind::Email => email(value, buffer, each),
        TokenKind::Phone => {
            buffer.extend(without_trunk_prefix(value).filter(u8::is_ascii_digit));
            let is_international = value.trim_ascii_start().starts_with(b"+") || buffer.starts_with(b"00");
            let national = within.filter(|_| !is_international);
            match national.and_then(|dialling| dialling.dialled_from_abroad(buffer)) {
                Some(number) => each(&number),
                None => each(international(buffer)),
            }
        }
        TokenKind::Name => match plain_name(value, buffer) {
            Some(name) => each(name),
            None => {
                let text = String::from_utf8_lossy(value);
                each(name(&text).as_bytes());
                if let Some(spelt) = with_two_letters(&text) {
                    each(name(&spelt).as_bytes());
                }
            }
        },
        TokenKind::Ip => match std::str::from_utf8(value).ok().and_then(|text| text.parse::<Ipv6Addr>().ok())
        {
            // There is one way only to write IPv4.
            None => each(value),
            Some(address) => {
                write!(buffer, "{}", address.to_canonical()).expect("memory takes it");
                each(buffer);
            }
        },
        TokenKind::Date => date(value, buffer, each),
        TokenKind::PaymentCard | TokenKind::BankAccount | TokenKind::NationalId | TokenKind::Device => {
            compact_into(value, buffer);
            each(buffer);
        }
        TokenKind::Credential | TokenKind::Key => each(value),
    }
}

/// What a byte of ASCII becomes in the compact spelling; 0 for one that is left out.
const COMPACT: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        if (byte as u8).is_ascii_alphanumeric() {
            table[byte] = (byte as u8).to_ascii_uppercase();
        }
        byte += 1;
    }
    table
};

/// Replaces `out` by the letters and digits of `value`, in upper case. Letters that look like Latin ones become those: papers
/// and plates are written with either.
#[inline]
pub(crate) fn compact_into(value: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(value);
    // Without branches, so that the loop is done with vectors.
    if value.iter().fold(true, |plain, byte| plain & (byte.is_ascii_digit() | byte.is_ascii_uppercase())) {
        return;
    }
    let mut len = 0;
    let mut all = 0;
    for &byte in value {
        let compact = COMPACT[usize::from(byte)];
        all |= byte;
        out[len] = compact;
        len += usize::from(compact != 0);
    }
    out.truncate(len);
    if !all.is_ascii() {
        compact_beyond_ascii(value, out);
    }
}

fn compact_beyond_ascii(value: &[u8], out: &mut Vec<u8>) {
    out.clear();
    for chunk in value.utf8_chunks() {
        let letters = chunk.valid().chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase);
        for c in letters.map(|c| latin_twin(c).unwrap_or(c)) {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        out.extend_from_slice(chunk.invalid());
    }
}

/// The Latin capital that looks like a Cyrillic or Greek one.
fn latin_twin(capital: char) -> Option<char> {
    const TWINS: [(&str, &str); 2] =
        [("АВЕКМНОРСТУХІЈЅ", "ABEKMHOPCTYXIJS"), ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")];
    TWINS
        .iter()
        .find_map(|(own, latin)| own.chars().zip(latin.chars()).find(|&(c, _)| c == capital))
        .map(|(_, c)| c)
}

/// `00` in front of a country code is dialled for `+`; no country code begins with 0.
fn international(digits: &[u8]) -> &[u8] {
    digits.strip_prefix(b"00").unwrap_or(digits)
}

/// `+49 (0) 30 …` is dialled without the 0.
fn without_trunk_prefix(value: &[u8]) -> impl Iterator<Item = u8> {
    let trunk = value.windows(3).position(|three| three == b"(0)").filter(|_| value.first() == Some(&b'+'));
    let (before, behind) = trunk.map_or((value, &[][..]), |at| (&value[..at], &value[at + 3..]));
    before.iter().chain(behind).copied()
}

fn email(value: &[u8], buffer: &mut Vec<u8>, mut each: impl FnMut(&[u8])) {
    let value = &*plain(value);
    if value.is_ascii() {
        buffer.extend(value.iter().map(u8::to_ascii_lowercase));
    } else {
        buffer.extend_from_slice(String::from_utf8_lossy(value).to_lowercase().as_bytes());
    }
    each(buffer);
    let Some(at) = buffer.iter().rposition(|&byte| byte == b'@') else { return };
    if let Some(plus) = buffer[..at].iter().position(|&byte| byte == b'+').filter(|&plus| plus > 0) {
        buffer.drain(plus..at);
        each(buffer);
    }
}

/// Parts of a name that [`plain_name`] sorts.
const MOST_PARTS: usize = 8;

/// What [`name`] makes of an ASCII text of few parts, without allocations.
fn plain_name<'a>(value: &[u8], buffer: &'a mut Vec<u8>) -> Option<&'a [u8]> {
    if !value.is_ascii() {
        return None;
    }
    let mut parts = [(0, 0); MOST_PARTS];
    let mut count = 0;
    let parted = |b: &u8| b.is_ascii_whitespace() || matches!(b, b',' | b';' | b'.' | 0x0b);
    let mut title = None;
    let mut titles = Titles { may_follow: true };
    for part in value.split_inclusive(parted) {
        let start = buffer.len();
        buffer.extend(part.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase));
        let place = (start, buffer.len());
        if titles.take(&buffer[start..], part.ends_with(b",")) {
            title = Some(place);
        } else if place.1 > start {
            *parts.get_mut(count)? = place;
            count += 1;
        }
    }
    // A title alone is what somebody is called.
    if let Some(title) = title.filter(|_| count == 0) {
        (parts[0], count) = (title, 1);
    }
    let parts = &mut parts[..count];
    parts.sort_unstable_by(|a, b| buffer[a.0..a.1].cmp(&buffer[b.0..b.1]));
    let start = buffer.len();
    for (i, &(from, to)) in parts.iter().enumerate() {
        buffer.extend((i > 0).then_some(b' '));
        buffer.extend_from_within(from..to);
    }
    Some(&buffer[start..])
}

fn name(text: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut title = None;
    let mut titles = Titles { may_follow: true };
    for part in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.')) {
        let mut folded = String::new();
        fold_into(part, &mut folded);
        if titles.take(folded.as_bytes(), part.ends_with(',')) {
            title = Some(folded);
        } else if !folded.is_empty() {
            parts.push(folded);
        }
    }
    if parts.is_empty() {
        parts.extend(title);
    }
    parts.sort();
    parts.join(" ")
}

/// Where titles stand: before a name, and behind its comma, as in `Müller, Dr. Jörg`. One with a comma behind it is a name.
struct Titles {
    may_follow: bool,
}

impl Titles {
    /// Whether the next part, as it is folded, is one.
    fn take(&mut self, part: &[u8], ends_in_comma: bool) -> bool {
        let is_one = self.may_follow && !ends_in_comma && is_title(part);
        self.may_follow = ends_in_comma || self.may_follow && (is_one || part.is_empty());
        is_one
    }
}

/// Whether a word before a name is no part of it; as it is folded. Those that are names of people as well count as a part.
fn is_title(part: &[u8]) -> bool {
    matches!(
        part,
        b"mr"
            | b"mrs"
            | b"ms"
            | b"miss"
            | b"mx"
            | b"dr"
            | b"prof"
            | b"professor"
            | b"herr"
            | b"herrn"
            | b"frau"
            | b"mme"
            | b"mlle"
            | b"monsieur"
            | b"madame"
            | b"sr"
            | b"sra"
            | b"srta"
            | b"senor"
            | b"senora"
            | b"signor"
            | b"signora"
            | b"dott"
            | b"dipl"
            | b"ing"
            | b"hr"
            | b"fru"
    )
}

/// A name as those write it who have no letters such as `ö`.
fn with_two_letters(name: &str) -> Option<String> {
    const LETTERS: [(char, &str); 6] =
        [('ä', "ae"), ('ö', "oe"), ('ü', "ue"), ('ø', "oe"), ('å', "aa"), ('æ', "ae")];
    let of = |letter: char| {
        let small = letter.to_lowercase().next().unwrap_or(letter);
        LETTERS.iter().find(|(known, _)| *known == small).map(|(_, two)| *two)
    };
    name.contains(|c| of(c).is_some()).then(|| {
        name.chars().fold(String::new(), |mut spelt, c| {
            match of(c) {
                Some(two) => spelt.push_str(two),
                None => spelt.push(c),
            }
            spelt
        })
    })
}

/// `YYYY-MM-DD`; a date with two possible orders gives day before month first, the order of most of the world.
fn date(value: &[u8], buffer: &mut Vec<u8>, mut each: impl FnMut(&[u8])) {
    let parts = value.split(|b| !b.is_ascii_digit()).filter(|part| !part.is_empty() && part.len() <= 8);
    let mut numbers = [0; 4];
    let mut count = 0;
    for (number, part) in numbers.iter_mut().zip(parts) {
        *number = part.iter().fold(0, |n, &d| n * 10 + u32::from(d - b'0'));
        count += 1;
    }
    let mut iso = |y: u32, m: u32, d: u32| {
        buffer.clear();
        if y < 10_000 {
            let digit = |n: u32| b'0' + (n % 10) as u8;
            let year = [digit(y / 1000), digit(y / 100), digit(y / 10), digit(y)];
            buffer.extend_from_slice(&year);
        } else {
            write!(buffer, "{y}").expect("memory takes it");
        }
        // Months and days are plausible ones.
        let two = |n: u32| [b'-', b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        buffer.extend_from_slice(&two(m));
        buffer.extend_from_slice(&two(d));
        each(buffer);
    };
    let plausible = |m: u32, d: u32| (1..=12).contains(&m) && (1..=31).contains(&d);
    match numbers[..count] {
        [y, m, d, ..] if y > 31 && plausible(m, d) => iso(y, m, d),
        [a, b, y, ..] if plausible(b, a) => {
            iso(y, b, a);
            if plausible(a, b) && a != b {
                iso(y, a, b);
            }
        }
        [a, b, y, ..] if plausible(a, b) => iso(y, a, b),
        [n] if plausible(n / 100 % 100, n % 100) => iso(n / 10_000, n / 100 % 100, n % 100),
        _ => match named_date(value) {
            Some([y, m, d]) if plausible(m.into(), d.into()) => iso(y.into(), m.into(), d.into()),
            _ => each(value),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn plain_names_are_like_others(text in "[ -~\t\x0b]{0,60}") {
            let mut buffer = Vec::new();
            if let Some(plain) = plain_name(text.as_bytes(), &mut buffer) {
                assert_eq!(plain, name(&text).as_bytes());
            }
        }
    }

    fn forms(kind: TokenKind, value: &str) -> Vec<String> {
        let mut forms = Vec::new();
        normalise(kind, value.as_bytes(), None, &mut Vec::new(), |form| {
            forms.push(String::from_utf8(form.to_vec()).unwrap())
        });
        forms
    }

    #[test]
    fn spellings_of_one_value_meet() {
        assert_eq!(forms(TokenKind::Email, "Jane+Shop@Corp.DE"), ["jane+shop@corp.de", "jane@corp.de"]);
        assert_eq!(forms(TokenKind::Email, "Jane%2BShop%40Corp.DE"), ["jane+shop@corp.de", "jane@corp.de"]);
        assert_eq!(forms(TokenKind::Phone, "+49 (0)30 1234-567"), forms(TokenKind::Phone, "+49301234567"));
        assert_eq!(forms(TokenKind::Phone, "0049 30 1234567"), ["49301234567"]);
        for (value, expected) in
            [("030 / 12 34 567", "49301234567"), ("+43 1 58858", "43158858"), ("0043 1 58858", "43158858")]
        {
            let mut forms = Vec::new();
            normalise(TokenKind::Phone, value.as_bytes(), Dialling::of("DE"), &mut Vec::new(), |form| {
                forms.push(form.to_vec());
            });
            assert_eq!(forms, [expected.as_bytes()], "{value}");
        }
        assert_eq!(forms(TokenKind::NationalId, "x-123 45z"), ["X12345Z"]);
        for plate in ["А123ВС 77", "а123вс77", "A 123 BC-77"] {
            assert_eq!(forms(TokenKind::Device, plate), ["A123BC77"]);
        }
        assert_eq!(forms(TokenKind::NationalId, "ΑΚ 123456"), forms(TokenKind::NationalId, "AK-123456"));
        assert_eq!(forms(TokenKind::NationalId, "ii-ЯЖ № 123456"), ["IIЯЖ123456"]);
        assert_eq!(forms(TokenKind::Name, "Moreau, Zoë"), forms(TokenKind::Name, "zoe MOREAU"));
        assert_eq!(forms(TokenKind::Name, "Jörg Müller"), ["jorg muller", "joerg mueller"]);
        assert_eq!(forms(TokenKind::Name, "Joerg Mueller"), ["joerg mueller"]);
        for titled in ["Herr Dr. Jörg Müller", "Müller, Dr. Jörg", "Mrs JÖRG MÜLLER"] {
            assert_eq!(forms(TokenKind::Name, titled), forms(TokenKind::Name, "Jörg Müller"), "{titled}");
        }
        assert_eq!(forms(TokenKind::Name, "Dr. Anna Roth"), ["anna roth"]);
        assert_eq!(forms(TokenKind::Name, "Michael Herr"), forms(TokenKind::Name, "Herr, Michael"));
        assert_eq!(forms(TokenKind::Name, "Herr, Michael"), ["herr michael"]);
        assert_eq!(forms(TokenKind::Name, "Miss"), ["miss"]);
        assert_eq!(forms(TokenKind::Ip, "2001:DB8:0:0::1"), ["2001:db8::1"]);
        assert_eq!(forms(TokenKind::Ip, "::ffff:10.0.0.1"), ["10.0.0.1"]);
        assert_eq!(
            forms(TokenKind::Device, "AA-bb-cc-00-11-22"),
            forms(TokenKind::Device, "aa:bb:cc:00:11:22")
        );
    }

    #[test]
    fn dates_meet_in_iso_form() {
        assert_eq!(forms(TokenKind::Date, "1980-05-31"), ["1980-05-31"]);
        assert_eq!(forms(TokenKind::Date, "31.5.1980"), ["1980-05-31"]);
        assert_eq!(forms(TokenKind::Date, "05/31/1980"), ["1980-05-31"]);
        assert_eq!(forms(TokenKind::Date, "05/06/1980"), ["1980-06-05", "1980-05-06"]);
        assert_eq!(forms(TokenKind::Date, "19800531"), ["1980-05-31"]);
        for named in ["31 May 1980", "May 31st, 1980", "31. Mai 1980", "31 de mayo de 1980", "1980. május 31"]
        {
            assert_eq!(forms(TokenKind::Date, named), ["1980-05-31"], "{named}");
        }
        assert_eq!(forms(TokenKind::Date, "31 tháng 5 năm 1980"), ["1980-05-31"]);
        assert_eq!(forms(TokenKind::Date, "1980年5月31日"), ["1980-05-31"]);
    }

    #[test]
    fn any_bytes_have_a_form() {
        for kind in TokenKind::ALL {
            normalise(kind, b"\xff\xfe@+", Dialling::of("DE"), &mut Vec::new(), |_| ());
            normalise(kind, b"", None, &mut Vec::new(), |_| ());
        }
    }
}
