//! International telephone numbers. The full metadata of every country cost microseconds a number; the lengths and
//! first two digits that each numbering plan has turn away most of what is no number in a fraction of that.

use std::sync::OnceLock;

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
        is_of_plan(code, national)
    })
}

/// Whether the numbering plan of a country calling code has such a national number.
pub(super) fn is_of_plan(code: &[u8], national: &[u8]) -> bool {
    plans().allow(code, national) && (code != b"1" || is_north_american(national))
}

/// What the numbering plans allow.
struct Plans {
    /// By calling code, the place of its plan; 0 for none.
    by_code: Vec<u16>,
    /// For each plan and length of a national number, a bit for every pair of digits that it may begin with.
    begins: Vec<[u128; MOST_DIGITS]>,
}

impl Plans {
    fn allow(&self, code: &[u8], national: &[u8]) -> bool {
        let value = |digits: &[u8]| digits.iter().fold(0, |n, digit| n * 10 + usize::from(digit - b'0'));
        let (Some(plan), Some(pair)) = (self.by_code.get(value(code)), national.get(..2)) else {
            return false;
        };
        // `07` is no calling code.
        code[0] != b'0'
            && self.begins[usize::from(*plan)]
                .get(national.len())
                .is_some_and(|pairs| pairs >> value(pair) & 1 == 1)
    }
}

/// The plans of the table, whose rows are such as `49 7:8 9:1,80 10:2`: a length and what numbers of it begin with.
fn plans() -> &'static Plans {
    static PLANS: OnceLock<Plans> = OnceLock::new();
    PLANS.get_or_init(|| {
        let mut plans = Plans { by_code: vec![0; 1000], begins: vec![[0; MOST_DIGITS]] };
        for (code, plan) in CALLING_CODES.rows() {
            let mut begins = [0; MOST_DIGITS];
            for (length, starts) in plan.split(' ').filter_map(|field| field.split_once(':')) {
                let Some(pairs) = length.parse().ok().and_then(|length: usize| begins.get_mut(length)) else {
                    continue;
                };
                for start in starts.split(',') {
                    let Ok(first) = start.parse::<usize>() else { continue };
                    let of = if start.len() == 1 { 10 * first..10 * first + 10 } else { first..first + 1 };
                    of.for_each(|pair| *pairs |= 1u128 << pair);
                }
            }
            let code = code.iter().fold(0, |n, digit| n * 10 + usize::from(digit - b'0'));
            plans.by_code[code] = plans.begins.len() as u16;
            plans.begins.push(begins);
        }
        plans
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
