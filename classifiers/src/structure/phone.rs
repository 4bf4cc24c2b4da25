//! International telephone numbers. The full metadata of every country cost microseconds a number; the lengths and
//! first two digits that each numbering plan has turn away most of what is no number in a fraction of that.

use super::table::{CALLING_CODES, row};

/// E.164: country code and national number together.
const MOST_DIGITS: usize = 15;
const FEWEST_DIGITS: usize = 7;

/// Whether the text is a number with country calling code that its country's plan allows.
pub(super) fn is_international(raw: &[u8]) -> bool {
    let Some((digits, len)) = international_digits(raw) else { return false };
    let digits = &digits[..len];
    // Calling codes have one to three digits and none begins another.
    (1..=3).any(|width| {
        let (code, national) = digits.split_at(width);
        let plan = row(CALLING_CODES, code);
        plan.is_some_and(|plan| plan_allows(plan, national)) && (code != b"1" || is_north_american(national))
    })
}

/// Number ranges that regulators keep for fiction, as digits with country code, and how many digits follow: NANPA
/// (555-0100 to 555-0199, see below), Ofcom, Bundesnetzagentur, Arcep, ACMA.
const FICTION: [(&str, usize); 24] = [
    ("441632960", 3),
    ("442079460", 3),
    ("441134960", 3),
    ("441144960", 3),
    ("441154960", 3),
    ("441164960", 3),
    ("441174960", 3),
    ("441184960", 3),
    ("441214960", 3),
    ("441314960", 3),
    ("441414960", 3),
    ("441514960", 3),
    ("441614960", 3),
    ("447700900", 3),
    ("448081570", 3),
    ("493023125", 3),
    ("496990009", 3),
    ("494066969", 3),
    ("492214710", 3),
    ("498999998", 3),
    ("3319900", 4),
    ("3363998", 4),
    ("61255501", 4),
    ("61491570", 3),
];

/// Whether a regulator keeps the number for films and books.
pub(super) fn is_fictional(raw: &[u8]) -> bool {
    let Some((digits, len)) = international_digits(raw) else { return false };
    let digits = &digits[..len];
    let north_american = len == 11 && digits[0] == b'1' && digits[4..].starts_with(b"55501");
    north_american
        || FICTION
            .iter()
            .any(|(start, more)| len == start.len() + more && digits.starts_with(start.as_bytes()))
}

/// The digits from the country code on, without `+`, `00` and a `(0)` that is only dialled within the country.
fn international_digits(raw: &[u8]) -> Option<([u8; MOST_DIGITS], usize)> {
    let raw = raw.strip_prefix(b"+").or_else(|| raw.strip_prefix(b"00")).unwrap_or(raw);
    let mut digits = [0; MOST_DIGITS];
    let mut len = 0;
    let mut rest = raw;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = match rest.strip_prefix(b"(0)") {
            Some(behind) if len > 0 && len < 4 => behind,
            _ => {
                if byte.is_ascii_digit() {
                    *digits.get_mut(len)? = byte;
                    len += 1;
                }
                behind
            }
        };
    }
    (len >= FEWEST_DIGITS).then_some((digits, len))
}

/// Whether a row such as `7:8 9:1,80 10:2` has the number's length with its first digits.
fn plan_allows(plan: &str, national: &[u8]) -> bool {
    plan.split(' ').filter_map(|field| field.split_once(':')).any(|(length, starts)| {
        length.parse() == Ok(national.len())
            && starts.split(',').any(|start| national.starts_with(start.as_bytes()))
    })
}

/// NANPA: area code and exchange begin with 2 to 9.
fn is_north_american(national: &[u8]) -> bool {
    matches!(national, [b'2'..=b'9', _, _, b'2'..=b'9', ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fit_the_plan_of_their_country() {
        for number in [
            "+49 30 901820",
            "+49 (0)170 5550123",
            "0049 170 1234567",
            "+1 (212) 736-5000",
            "+44 20 7219 3000",
            "+33 1 42 76 40 40",
            "+48 22 694 25 00",
            "+39 06 69883712",
            "+351 21 392 35 00",
            "+420224811111",
            "+6564770000",
            "+353 1 677 0095",
        ] {
            assert!(is_international(number.as_bytes()), "{number}");
        }
        for number in [
            "+999 1234567",
            "+1 123 456 7890",
            "+1 212 136 5000",
            "+44 20 7219 30001",
            "+33 142764",
            "+49 12",
            "+",
            "+1234567890123456",
            "+48 00 694 25 00",
            "+210 1234567",
            "",
        ] {
            assert!(!is_international(number.as_bytes()), "{number}");
        }
    }

    #[test]
    fn numbers_of_films_are_told() {
        for number in [
            "+1 212 555 0142",
            "+44 20 7946 0958",
            "+44 (0)7700 900123",
            "+49 30 23125 042",
            "+33 6 39 98 12 34",
        ] {
            assert!(is_fictional(number.as_bytes()), "{number}");
        }
        for number in ["+1 212 555 1142", "+44 20 7947 0958", "+49 30 23126 042", "+1 212 5501"] {
            assert!(!is_fictional(number.as_bytes()), "{number}");
        }
    }
}
