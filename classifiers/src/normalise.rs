//! The one spelling under which a value is hashed, so that a person is found however a source writes her.
//!
//! Changing a rule here changes tokens: raise [`domesday_model::TOKEN_SCHEME`] with it.

use std::io::Write as _;
use std::net::IpAddr;

use domesday_model::TokenKind;

use crate::words::fold_into;

/// Calls `each` with every normalised form of a value: one for most kinds; two for an e-mail address with a
/// sub-address (with and without it) and for a date that can be read in two ways. The first is the one that distinct
/// values are counted by. `buffer` is memory to work in.
pub fn normalise(kind: TokenKind, value: &[u8], buffer: &mut Vec<u8>, mut each: impl FnMut(&[u8])) {
    buffer.clear();
    match kind {
        TokenKind::Email => email(value, buffer, each),
        TokenKind::Phone => {
            buffer.extend(without_trunk_prefix(value).filter(u8::is_ascii_digit));
            each(international(buffer));
        }
        TokenKind::Name => each(name(value).as_bytes()),
        TokenKind::Ip => match std::str::from_utf8(value).ok().and_then(|text| text.parse::<IpAddr>().ok()) {
            // There is one way only to write those.
            Some(IpAddr::V4(_)) | None => each(value),
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

/// What a byte becomes in the compact spelling; 0 for one that is left out.
const COMPACT: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        if (byte as u8).is_ascii_alphanumeric() || byte >= 0x80 {
            table[byte] = (byte as u8).to_ascii_uppercase();
        }
        byte += 1;
    }
    table
};

/// Replaces `out` by the letters and digits of `value`, in upper case.
#[inline]
pub(crate) fn compact_into(value: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(value);
    let mut len = 0;
    for &byte in value {
        let compact = COMPACT[usize::from(byte)];
        out[len] = compact;
        len += usize::from(compact != 0);
    }
    out.truncate(len);
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

fn name(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    let mut parts: Vec<String> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.'))
        .map(|part| {
            let mut folded = String::new();
            fold_into(part, &mut folded);
            folded
        })
        .filter(|part| !part.is_empty())
        .collect();
    parts.sort();
    parts.join(" ")
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
        write!(buffer, "{y:04}-{m:02}-{d:02}").expect("memory takes it");
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
        _ => each(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(kind: TokenKind, value: &str) -> Vec<String> {
        let mut forms = Vec::new();
        normalise(kind, value.as_bytes(), &mut Vec::new(), |form| {
            forms.push(String::from_utf8(form.to_vec()).unwrap())
        });
        forms
    }

    #[test]
    fn spellings_of_one_value_meet() {
        assert_eq!(forms(TokenKind::Email, "Jane+Shop@Corp.DE"), ["jane+shop@corp.de", "jane@corp.de"]);
        assert_eq!(forms(TokenKind::Phone, "+49 (0)30 1234-567"), forms(TokenKind::Phone, "+49301234567"));
        assert_eq!(forms(TokenKind::Phone, "0049 30 1234567"), ["49301234567"]);
        assert_eq!(forms(TokenKind::NationalId, "x-123 45z"), ["X12345Z"]);
        assert_eq!(forms(TokenKind::Name, "Müller, Zoë"), forms(TokenKind::Name, "zoe MULLER"));
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
    }

    #[test]
    fn any_bytes_have_a_form() {
        for kind in TokenKind::ALL {
            normalise(kind, b"\xff\xfe@+", &mut Vec::new(), |_| ());
            normalise(kind, b"", &mut Vec::new(), |_| ());
        }
    }
}
