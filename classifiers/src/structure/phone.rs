//! International telephone numbers. The full metadata of every country cost microseconds a number; the lengths and
//! first two digits that each numbering plan has turn away most of what is no number in a fraction of that.

use super::table::CALLING_CODES;

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
        let plan = CALLING_CODES.row(code);
        plan.is_some_and(|plan| plan_allows(plan, national)) && (code != b"1" || is_north_american(national))
    })
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
}
