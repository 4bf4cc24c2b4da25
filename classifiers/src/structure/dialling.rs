//! How telephone numbers of a country are dialled within it, and what they are from abroad (E.164).

use super::phone::is_of_plan;
use super::table::DIALLING;

/// Groups and digits of a number, at most.
const MOST_GROUPS: usize = 8;
const MOST_DIGITS: usize = 20;

/// How a country's numbers are dialled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dialling {
    /// Country calling code.
    code: &'static str,
    /// What is dialled before a national number within the country: the trunk prefix. Empty where there is none.
    trunk: &'static str,
    /// A number without that prefix is a national one as well, and not one of a town.
    is_trunk_optional: bool,
}

impl Dialling {
    /// That of a country, by ISO 3166 alpha-2.
    pub fn of(country: &str) -> Option<Self> {
        let (code, trunk) = DIALLING.row(country.as_bytes())?.split_once(' ')?;
        let trunk = if trunk == "-" { "" } else { trunk };
        // In North America the prefix is that of a long-distance call.
        Some(Self { code, trunk, is_trunk_optional: matches!(trunk, "" | "1") })
    }

    /// That of numbers which are national ones, whether or not the prefix stands before them.
    pub(crate) const fn of_national_numbers(self) -> Self {
        Self { is_trunk_optional: true, ..self }
    }

    /// Whether digits in groups are written and dialled as a number of the country is, and are hardly anything else: digits in one
    /// piece may be anything.
    pub(crate) fn is_written_number(self, raw: &[u8]) -> bool {
        let (mut groups, mut count) = ([&[][..]; MOST_GROUPS], 0);
        let (mut digits, mut len) = ([0; MOST_DIGITS], 0);
        for group in raw.split(|byte| !byte.is_ascii_digit()).filter(|group| !group.is_empty()) {
            if count == MOST_GROUPS || len + group.len() > MOST_DIGITS {
                return false;
            }
            groups[count] = group;
            digits[len..len + group.len()].copy_from_slice(group);
            (count, len) = (count + 1, len + group.len());
        }
        let (groups, digits) = (&groups[..count], &digits[..len]);
        let [first, rest @ ..] = groups else { return false };
        if rest.is_empty() {
            return false;
        }
        let marks = |is: fn(u8) -> bool| raw.iter().any(|&byte| !byte.is_ascii_digit() && is(byte));
        let (has_dots, has_others) = (marks(|byte| byte == b'.'), marks(|byte| byte != b'.'));
        let is_of_threes = rest.iter().all(|group| group.len() == 3);
        let is_sum = raw[0] != b'0' && is_of_threes && !marks(|byte| !matches!(byte, b' ' | b'.'));
        // `0.55859375`, `252.227-7013`
        let is_decimal = has_dots && (has_others || groups.iter().any(|group| group.len() < 2));
        // `0 35`
        let is_list = first.len() == 1 && raw[1] == b' ';
        // A postal code of the USA: `02110-1301`.
        let is_postal = first.len() == 5 && matches!(rest, [four] if four.len() == 4) && raw[5] == b'-';
        let is_else = is_sum || is_decimal || is_list || is_postal || are_steps(groups);
        !is_else && self.national(digits).is_some()
    }

    /// The number from abroad, country code first, of digits that are dialled within the country; `None` where its numbering
    /// plan has no such number.
    pub(crate) fn dialled_from_abroad(self, digits: &[u8]) -> Option<Vec<u8>> {
        Some([self.code.as_bytes(), self.national(digits)?].concat())
    }

    /// The same without country code.
    fn national(self, digits: &[u8]) -> Option<&[u8]> {
        let behind_trunk = digits.strip_prefix(self.trunk.as_bytes()).filter(|_| !self.trunk.is_empty());
        let bare = Some(digits).filter(|_| self.is_trunk_optional);
        let is_national = |national: &&[u8]| is_of_plan(self.code.as_bytes(), national);
        behind_trunk.filter(is_national).or(bare.filter(is_national))
    }
}

/// Whether groups are pairs of digits that count up or down, or repeat, as bytes in examples do: `41 42 43 44`.
fn are_steps(groups: &[&[u8]]) -> bool {
    let value = |group: &[u8]| group.iter().fold(0, |n, digit| n * 10 + i32::from(digit - b'0'));
    let mut steps = groups.windows(2).map(|pair| value(pair[1]) - value(pair[0]));
    let first = steps.next();
    groups.iter().all(|group| group.len() == 2) && steps.all(|step| Some(step) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn national_numbers_are_told_from_abroad() {
        let cases = [
            ("DE", "030901820", Some("4930901820")),
            ("DE", "30901820", None),
            ("GB", "02079460123", Some("442079460123")),
            ("US", "2125550147", Some("12125550147")),
            ("US", "12125550147", Some("12125550147")),
            ("IT", "0636918899", Some("390636918899")),
            ("HU", "0613001234", Some("3613001234")),
            ("RU", "84951234567", Some("74951234567")),
            ("ES", "912345678", Some("34912345678")),
            ("FR", "0999", None),
        ];
        for (country, digits, expected) in cases {
            let number = Dialling::of(country).unwrap().dialled_from_abroad(digits.as_bytes());
            assert_eq!(number, expected.map(|digits| digits.as_bytes().to_vec()), "{country} {digits}");
        }
        let is_written =
            |country: &str, raw: &str| Dialling::of(country).unwrap().is_written_number(raw.as_bytes());
        for (country, raw) in
            [("DE", "030 901820"), ("US", "(212) 555-0147"), ("ES", "91 234 56 78"), ("PL", "601-234-567")]
        {
            assert!(is_written(country, raw), "{country} {raw}");
        }
        for (country, raw) in [
            ("DE", "030901820"),
            ("ES", "912 345 678"),
            ("ES", "912.345.678"),
            ("FR", "09 99"),
            ("DE", "0.55859375"),
            ("DE", "0 35.984375"),
            ("US", "252.227-7013"),
            ("DE", "02110-1301"),
            ("DK", "41 42 43 44"),
            ("DK", "88 88 88 88"),
        ] {
            assert!(!is_written(country, raw), "{country} {raw}");
        }
        let brazil = Dialling::of("BR").unwrap().of_national_numbers();
        assert_eq!(brazil.dialled_from_abroad(b"11912345678").as_deref(), Some(&b"5511912345678"[..]));
        assert_eq!(Dialling::of("XX"), None);
    }
}
