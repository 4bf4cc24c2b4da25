//! Values that are nobody's: numbers of other schemes with right check digits, and what else looks like an identifier.

use super::values::filled;
use crate::random::Random;

/// A kind of look-alike.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// What it is called when choosing and when reporting.
    pub(super) words: [&'static str; 2],
    /// Whether it has check digits of its own scheme.
    pub(super) checked: bool,
    pub(super) make: fn(&mut Random) -> String,
}

/// All of them.
pub(super) fn kinds() -> Vec<Kind> {
    let kind = |name, words, checked, make| Kind { name, words, checked, make };
    vec![
        kind("ISBN-13", ["ISBN", "isbn13"], true, isbn13),
        kind("ISBN-10", ["ISBN", "isbn10"], true, isbn10),
        kind("EAN-13", ["EAN", "barcode"], true, |r| ean(r, 13)),
        kind("EAN-8", ["EAN", "GTIN"], true, |r| ean(r, 8)),
        kind("UPC", ["UPC", "gtin"], true, |r| ean(r, 12)),
        kind("SSCC", ["SSCC", "pallet"], true, |r| ean(r, 18)),
        kind("ISIN", ["ISIN", "security"], true, isin),
        kind("ISSN", ["ISSN", "journal"], true, issn),
        kind("LEI", ["LEI", "legal entity"], true, lei),
        kind("parcel", ["tracking number", "shipment"], false, |r| {
            one_of(r, &["99999999999999", "1Z999AA99999999999", "999999999999", "JD999999999999999999"])
        }),
        kind("order", ["order", "order id"], false, |r| {
            one_of(r, &["9999999999", "ORD-2026-999999", "99999999", "A9999999", "#99999999"])
        }),
        kind("invoice", ["invoice", "invoice no"], false, |r| {
            one_of(r, &["INV-99999999", "2026-99999", "RE999999999", "9999999999"])
        }),
        kind("ticket", ["ticket", "case"], false, |r| {
            one_of(r, &["PROJ-9999", "CS9999999", "999999999", "CVE-2026-99999"])
        }),
        kind("part", ["part number", "SKU"], false, |r| {
            one_of(r, &["AA-9999-999", "A9999999", "999-99999-99", "AA99999999", "9999.999.999"])
        }),
        kind("serial", ["serial number", "S/N"], false, |r| {
            one_of(r, &["AA99AAA9AA", "A9AA99999999", "99999999999"])
        }),
        kind("version", ["version", "release"], false, |r| {
            one_of(r, &["9.99.9", "v9.9.99-rc9", "99.9.9999.99999", "9.9.9+20260314"])
        }),
        kind("UUID", ["uuid", "request id"], false, |r| {
            [hexes(r, 8), hexes(r, 4), hexes(r, 4), hexes(r, 4), hexes(r, 12)].join("-")
        }),
        kind("SHA-256", ["sha256", "digest"], false, |r| hexes(r, 64)),
        kind("SHA-1", ["commit", "revision"], false, |r| hexes(r, 40)),
        kind("short hash", ["commit", "build"], false, |r| hexes(r, 8)),
        kind("MD5", ["md5", "etag"], false, |r| hexes(r, 32)),
        kind("base64", ["payload", "blob"], false, base64),
        kind("time in seconds", ["timestamp", "created"], false, |r| {
            r.between(1_500_000_000, 1_800_000_000).to_string()
        }),
        kind("time in milliseconds", ["ts", "updated_at"], false, |r| {
            r.between(1_500_000_000_000, 1_800_000_000_000).to_string()
        }),
        kind("time", ["date", "logged"], false, |r| {
            format!(
                "20{}-0{}-1{}T0{}:1{}:2{}.{}Z",
                r.between(10, 27),
                r.between(1, 10),
                r.below(10),
                r.below(10),
                r.below(10),
                r.below(10),
                r.between(100, 1000)
            )
        }),
        kind("compact time", ["run", "snapshot"], false, |r| {
            format!(
                "20{}0{}1{}0{}1{}2{}",
                r.between(10, 27),
                r.between(1, 10),
                r.below(10),
                r.below(10),
                r.below(10),
                r.below(10)
            )
        }),
        kind("measurement", ["value", "reading"], false, |r| {
            one_of(r, &["9.999999", "-99.9999", "0.999999999", "9.99e-9", "99999.99"])
        }),
        kind("byte count", ["size", "bytes"], false, |r| r.between(1_000_000, 99_000_000_000).to_string()),
        kind("amount", ["total", "price"], false, |r| {
            one_of(r, &["9,999.99", "99.999,99", "9999.99", "EUR 99999"])
        }),
        kind("hash number", ["offset", "seed"], false, |r| r.next().to_string()),
    ]
}

fn one_of(random: &mut Random, forms: &[&str]) -> String {
    let form = random.pick(forms).to_owned();
    filled(random, &form)
}

fn hexes(random: &mut Random, count: usize) -> String {
    (0..count).map(|_| char::from(b"0123456789abcdef"[random.below(16) as usize])).collect()
}

fn base64(random: &mut Random) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let count = random.between(8, 24) * 4;
    (0..count).map(|_| char::from(DIGITS[random.below(64) as usize])).collect()
}

fn digits(random: &mut Random, count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + random.below(10) as u8)).collect()
}

/// GS1 General Specifications, 7.9: weights 3 and 1 from the right.
fn gs1_check(digits: &str) -> u32 {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, d)| u32::from(d - b'0') * if i % 2 == 0 { 3 } else { 1 })
        .sum();
    (10 - sum % 10) % 10
}

fn ean(random: &mut Random, len: usize) -> String {
    let body = if len == 13 {
        let prefix = random.pick(&["400", "871", "501", "378", "841", "590", "893", "690", "789"]).to_owned();
        prefix + &digits(random, 9)
    } else {
        digits(random, len - 1)
    };
    format!("{body}{}", gs1_check(&body))
}

fn isbn13(random: &mut Random) -> String {
    let body = random.pick(&["9780", "9783", "9791", "9788"]).to_owned() + &digits(random, 8);
    let check = gs1_check(&body);
    match random.below(2) {
        0 => format!("{body}{check}"),
        _ => format!("{}-{}-{}-{}-{check}", &body[..3], &body[3..4], &body[4..8], &body[8..]),
    }
}

/// ISO 2108 of 1992.
fn isbn10(random: &mut Random) -> String {
    let body = digits(random, 9);
    let sum: u32 = body.bytes().zip((2..=10).rev()).map(|(d, weight)| u32::from(d - b'0') * weight).sum();
    let check = match (11 - sum % 11) % 11 {
        10 => "X".to_owned(),
        check => check.to_string(),
    };
    match random.below(2) {
        0 => format!("{body}{check}"),
        _ => format!("{}-{}-{}-{check}", &body[..1], &body[1..5], &body[5..]),
    }
}

/// ISO 3297.
fn issn(random: &mut Random) -> String {
    let body = digits(random, 7);
    let sum: u32 = body.bytes().zip((2..=8).rev()).map(|(d, weight)| u32::from(d - b'0') * weight).sum();
    let check = match (11 - sum % 11) % 11 {
        10 => "X".to_owned(),
        check => check.to_string(),
    };
    format!("{}-{}{check}", &body[..4], &body[4..])
}

/// ISO 6166: letters as two digits, then Luhn's sum.
fn isin(random: &mut Random) -> String {
    let country = random.pick(&["US", "DE", "FR", "GB", "CH", "JP", "NL", "XS"]).to_owned();
    let body = country + &filled(random, "999999999");
    let spelled: String = body.chars().map(|c| c.to_digit(36).unwrap_or_default().to_string()).collect();
    let sum: u32 = { spelled.bytes().rev().enumerate() }
        .map(|(i, d)| {
            let digit = u32::from(d - b'0') * if i % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// ISO 17442: 18 characters and two check digits of ISO/IEC 7064, MOD 97-10.
fn lei(random: &mut Random) -> String {
    let body = filled(random, "529900AA9A9AA9A99A");
    let value = |c: char| c.to_digit(36).unwrap_or_default();
    let remainder = { body.chars().chain("00".chars()).map(value) }
        .fold(0, |sum, v| (sum * if v < 10 { 10 } else { 100 } + v) % 97);
    format!("{body}{:02}", 98 - remainder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_those_of_the_standards() {
        // GS1 General Specifications, example of 7.9.1; ISO 2108 and ISO 3297, examples of the check digit.
        assert_eq!(gs1_check("37610425002123456"), 9);
        assert_eq!(gs1_check("978030640615"), 7);
        let random = &mut Random::new(1, 1);
        for _ in 0..50 {
            assert_eq!(lei(random).len(), 20);
            assert_eq!(isin(random).len(), 12);
        }
    }
}
