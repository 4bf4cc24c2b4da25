//! Payment cards and bank accounts.

use super::number;
use super::table::IBAN;

/// First and last leading digits of a brand, and its shortest and longest number.
type Brand = (u64, u64, usize, usize);

/// Issuer identification ranges (ISO/IEC 7812-1), as the schemes publish them; both ends have the same length. Left out
/// is UATP (15 digits that begin with 1), which look like clock values in microseconds.
const BRANDS: [Brand; 49] = [
    // Visa
    (4, 4, 13, 13),
    (4, 4, 16, 16),
    (4, 4, 19, 19),
    // Mastercard
    (51, 55, 16, 16),
    (222_100, 272_099, 16, 16),
    // American Express
    (34, 34, 15, 15),
    (37, 37, 15, 15),
    // Diners Club International
    (300, 305, 14, 14),
    (300, 305, 16, 19),
    (3095, 3095, 14, 14),
    (3095, 3095, 16, 19),
    (36, 36, 14, 14),
    (36, 36, 16, 19),
    (38, 39, 14, 14),
    (38, 39, 16, 19),
    // Discover
    (6011, 6011, 16, 19),
    (644, 649, 16, 19),
    (65, 65, 16, 19),
    // JCB
    (3528, 3589, 16, 19),
    // UnionPay
    (62, 62, 16, 19),
    (81, 81, 16, 19),
    // Maestro
    (5018, 5018, 12, 19),
    (5020, 5020, 12, 19),
    (5038, 5038, 12, 19),
    (5612, 5612, 12, 19),
    (5893, 5893, 12, 19),
    (6304, 6304, 12, 19),
    (6390, 6390, 12, 19),
    (6759, 6759, 12, 19),
    (6761, 6763, 12, 19),
    // Mir
    (2200, 2204, 16, 19),
    // RuPay
    (60, 60, 16, 16),
    (82, 82, 16, 16),
    (508, 508, 16, 16),
    // Dankort
    (5019, 5019, 16, 16),
    // Elo and Hipercard, beside what they share with others
    (504_175, 504_175, 16, 16),
    (506_699, 506_778, 16, 16),
    (509_000, 509_999, 16, 16),
    (627_780, 627_780, 16, 16),
    (636_297, 636_368, 16, 16),
    // Verve
    (506_099, 506_198, 16, 19),
    (507_865, 507_964, 16, 19),
    // Troy
    (9792, 9792, 16, 16),
    // Belkart and Meeza
    (9112, 9112, 16, 16),
    (507_803, 507_809, 16, 16),
    // Uzcard and Humo
    (8600, 8600, 16, 16),
    (9860, 9860, 16, 16),
    // Napas
    (9704, 9704, 16, 16),
    (9704, 9704, 19, 19),
];

/// Whether length and first digits are those of a card brand.
pub(super) fn has_card_brand(compact: &[u8]) -> bool {
    let Some(start) = compact.get(..WIDEST).and_then(number) else { return false };
    compact.iter().all(u8::is_ascii_digit)
        && STARTS.iter().any(|&(first, last, shortest, longest)| {
            (first..=last).contains(&start) && (shortest..=longest).contains(&compact.len())
        })
}

/// Leading digits that tell brands apart, at most.
const WIDEST: usize = 6;

/// The brands with [`WIDEST`] leading digits.
const STARTS: [Brand; BRANDS.len()] = {
    let mut starts = BRANDS;
    let mut i = 0;
    while i < starts.len() {
        let (first, last, ..) = BRANDS[i];
        let more = 10u64.pow(WIDEST as u32 - 1 - first.ilog10());
        starts[i].0 = first * more;
        starts[i].1 = last * more + (more - 1);
        i += 1;
    }
    starts
};

/// First digits of the brands that have numbers of that length.
pub(crate) fn card_prefixes(len: usize) -> Vec<u64> {
    let brands = BRANDS.iter().filter(|&&(_, _, shortest, longest)| (shortest..=longest).contains(&len));
    brands.flat_map(|&(first, last, _, _)| [first, last]).collect()
}

/// Countries and structures of the registry.
pub(crate) fn iban_rows() -> Vec<(&'static [u8], &'static str)> {
    IBAN.rows().collect()
}

/// Whether country, structure and range of the check digits are those of the registry.
pub(super) fn fits_iban_registry(compact: &[u8]) -> bool {
    let (Some(country), Some(check), Some(bban)) = (compact.get(..2), compact.get(2..4), compact.get(4..))
    else {
        return false;
    };
    // ISO 13616-1: check digits are 98 minus a remainder of 97; 00, 01 and 99 never come out.
    number(check).is_some_and(|check| (2..=98).contains(&check))
        && IBAN.row(country).is_some_and(|structure| fits(bban, structure.as_bytes()))
}

/// Whether the characters have a structure such as `4n4n12c`: n digits, a letters, c either.
fn fits(mut bban: &[u8], mut structure: &[u8]) -> bool {
    while !structure.is_empty() {
        let digits = structure.iter().take_while(|b| b.is_ascii_digit()).count();
        let (length, rest) = structure.split_at(digits);
        let (Some(length), Some((kind, rest))) = (number(length), rest.split_first()) else { return false };
        let Some((part, behind)) = bban.split_at_checked(length as usize) else { return false };
        let is_of_kind = match kind {
            b'n' => u8::is_ascii_digit,
            b'a' => u8::is_ascii_uppercase,
            _ => u8::is_ascii_alphanumeric,
        };
        if !part.iter().all(is_of_kind) {
            return false;
        }
        (bban, structure) = (behind, rest);
    }
    bban.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_brands_have_their_ranges_and_lengths() {
        // Test numbers that the schemes and their processors publish.
        for number in [
            "4111111111111111",
            "4222222222222",
            "5555555555554444",
            "2223003122003222",
            "378282246310005",
            "30569309025904",
            "6011111111111117",
            "3530111333300000",
            "6200000000000005",
            "6759649826438453",
            "2200000000000004",
            "9704000000000018",
        ] {
            assert!(has_card_brand(number.as_bytes()), "{number}");
        }
        for number in [
            "41111111111111",
            "2721000000000000",
            "1234567890123456",
            "37828224631000",
            "0000000000000000",
            "",
            "4",
        ] {
            assert!(!has_card_brand(number.as_bytes()), "{number}");
        }
    }

    #[test]
    fn ranges_of_brands_are_well_formed() {
        for (first, last, shortest, longest) in BRANDS {
            assert!(first <= last && shortest <= longest, "{first}");
            assert_eq!(first.ilog10(), last.ilog10(), "{first}");
        }
    }

    #[test]
    fn ibans_fit_the_registry() {
        // Examples of the SWIFT IBAN registry.
        for iban in [
            "AD1200012030200359100100",
            "DE89370400440532013000",
            "FR1420041010050500013M02606",
            "GB29NWBK60161331926819",
            "MT84MALT011000012345MTLCAST001S",
            "NO9386011117947",
            "PL61109010140000071219812874",
            "SC18SSCB11010000000000001497USD",
        ] {
            assert!(fits_iban_registry(iban.as_bytes()), "{iban}");
        }
        for iban in [
            "DE8937040044053201300",
            "DE893704004405320130000",
            "DE89370400440532A13000",
            "US89370400440532013000",
            "DE00370400440532013000",
            "DE99370400440532013000",
            "GB291WBK60161331926819",
            "DE",
            "",
        ] {
            assert!(!fits_iban_registry(iban.as_bytes()), "{iban}");
        }
    }
}
