//! How telephone numbers of a country are dialled within it, and what they are from abroad (E.164).

use super::phone::is_of_plan;
use super::table::DIALLING;

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

    /// The number from abroad, country code first, of digits that are dialled within the country; `None` where its numbering
    /// plan has no such number.
    pub(crate) fn dialled_from_abroad(self, digits: &[u8]) -> Option<Vec<u8>> {
        let behind_trunk = digits.strip_prefix(self.trunk.as_bytes()).filter(|_| !self.trunk.is_empty());
        let bare = Some(digits).filter(|_| self.is_trunk_optional);
        let is_national = |national: &&[u8]| is_of_plan(self.code.as_bytes(), national);
        let national = behind_trunk.filter(is_national).or(bare.filter(is_national))?;
        Some([self.code.as_bytes(), national].concat())
    }
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
        let brazil = Dialling::of("BR").unwrap().of_national_numbers();
        assert_eq!(brazil.dialled_from_abroad(b"11912345678").as_deref(), Some(&b"5511912345678"[..]));
        assert_eq!(Dialling::of("XX"), None);
    }
}
