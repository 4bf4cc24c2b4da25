//! Check digits, as a small closed set of families with parameters, so that a new national identifier is a few lines
//! of TOML and no code. A named function per identifier was rejected: hundreds of them would differ in weights and in
//! little else, and a user's own detector could not add one.
//!
//! A checksum sees the *compact* value: ASCII, separators removed, upper-cased. What it cannot interpret (a letter where
//! it needs a digit, too few characters) does not hold; nothing panics and nothing is allocated.
//!
//! A check digit is evidence and no proof: [`Checksum::chance`] says how many arbitrary values pass.

mod codes;
mod numbers;
mod sums;

use serde::Deserialize;

use codes::{bech32, cash_address, damm, letter_table, luhn, verhoeff};
use sums::distinct;

pub use codes::Iso7064System;
pub(crate) use codes::{bech32_code, cash_address_code};
pub(crate) use numbers::NumberChecks;
pub use sums::{Alphabet, Congruence, Weighted};

/// A selection has this many characters at most.
const MOST_SELECTED: usize = 64;

/// How a check digit is worked out.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(tag = "family", rename_all = "snake_case", deny_unknown_fields)]
pub enum Checksum {
    /// ISO/IEC 7812-1 annex B ("mod 10", "double-add-double"), over the whole value.
    Luhn {
        /// Digits that are counted before the value without being part of it, for instance 80840 for a US NPI.
        #[serde(default)]
        prefix: String,
    },
    /// Characters times weights, summed; the remainder tells the check character.
    Weighted(Weighted),
    /// The whole value without its last character, read as a decimal number; the remainder tells the last character.
    LetterTable {
        /// Divisor, 2 to 1000.
        modulus: u32,
        /// The check characters by remainder; as many as `modulus`, at most 128.
        letters: String,
        /// Values of the characters before the last, each below 10. Digits where left out.
        #[serde(default = "Alphabet::digits")]
        alphabet: Alphabet,
    },
    /// A system of ISO/IEC 7064, over the whole value.
    Iso7064 {
        /// Which one.
        system: Iso7064System,
        /// Characters that are moved from the start to the end first: 4 in an IBAN, 0 where left out.
        #[serde(default)]
        rotate: usize,
    },
    /// Verhoeff's dihedral code, over the whole value.
    Verhoeff {},
    /// Damm's code over the quasigroup of his thesis, over the whole value.
    Damm {},
    /// Characters times weights, summed, must leave a remainder: check numbers of several digits.
    Congruence(Congruence),
    /// The code of a native segregated witness address (BIP 173, BIP 350), over the whole value.
    Bech32 {
        /// The human-readable part, in lower case, where it has separators, which compact values lack.
        #[serde(default)]
        readable: String,
    },
    /// The code of a cash address, over the whole value.
    CashAddress {
        /// What stands before the data, in lower case.
        readable: String,
    },
    /// None: holds of values of these lengths, where others have a check digit. One of `any`.
    Absent {
        /// Characters of the compact value.
        lengths: Vec<usize>,
    },
    /// Another checksum, over a part of the value.
    Part {
        /// Characters at the start that do not count.
        from: usize,
        /// Characters that count; all the others where left out.
        len: Option<usize>,
        /// The checksum.
        of: Box<Checksum>,
    },
    /// Another checksum, over characters that do not stand side by side, or stand in another order.
    Select {
        /// Places of the characters that count, from 0, in the order in which they do; 64 at most.
        places: Vec<usize>,
        /// The checksum.
        of: Box<Checksum>,
    },
    /// Several checksums, all of which must hold: identifiers with two check digits.
    All {
        /// One to eight of them.
        of: Vec<Checksum>,
    },
    /// Several checksums, one of which must hold: identifiers whose rule changed, or differs by kind of holder.
    Any {
        /// One to eight of them.
        of: Vec<Checksum>,
    },
}

impl Checksum {
    /// Whether the check characters of the compact value are right. The parameters must have passed
    /// [`Self::validate`].
    pub fn holds(&self, compact: &[u8]) -> bool {
        match self {
            Self::Luhn { prefix } => luhn(prefix.as_bytes(), compact),
            Self::Weighted(weighted) => weighted.holds(compact),
            Self::LetterTable { modulus, letters, alphabet } => {
                letter_table(compact, *modulus, letters.as_bytes(), alphabet)
            }
            Self::Iso7064 { system, rotate } => {
                let (front, back) = compact.split_at((*rotate).min(compact.len()));
                system.holds(back.iter().chain(front).copied(), compact.len())
            }
            Self::Verhoeff {} => verhoeff(compact),
            Self::Damm {} => damm(compact),
            Self::Congruence(congruence) => congruence.holds(compact),
            Self::Bech32 { readable } => bech32(readable.as_bytes(), compact),
            Self::CashAddress { readable } => cash_address(readable.as_bytes(), compact),
            Self::Absent { lengths } => lengths.contains(&compact.len()),
            Self::Part { from, len, of } => {
                let end = len.map_or(compact.len(), |len| from + len);
                compact.get(*from..end).is_some_and(|part| of.holds(part))
            }
            Self::Select { places, of } => {
                let mut selected = [0; MOST_SELECTED];
                { selected.iter_mut().zip(places) }
                    .try_for_each(|(slot, &place)| compact.get(place).map(|&character| *slot = character))
                    .is_some_and(|()| of.holds(&selected[..places.len().min(MOST_SELECTED)]))
            }
            Self::All { of } => of.iter().all(|checksum| checksum.holds(compact)),
            Self::Any { of } => of.iter().any(|checksum| checksum.holds(compact)),
        }
    }

    /// Whether there is a check digit to ask: a value without one that may be absent proves nothing.
    pub fn asks(&self, compact: &[u8]) -> bool {
        match self {
            Self::Absent { lengths } => !lengths.contains(&compact.len()),
            Self::All { of } => of.iter().any(|checksum| checksum.asks(compact)),
            Self::Any { of } => of.iter().all(|checksum| checksum.asks(compact)),
            _ => true,
        }
    }

    /// Whether the parameters make sense.
    ///
    /// # Errors
    /// A sentence for the author of the detector, without a full stop.
    pub fn validate(&self) -> Result<(), String> {
        match self {
            Self::Luhn { prefix } if !prefix.bytes().all(|b| b.is_ascii_digit()) => {
                Err("the prefix of luhn must be digits".to_owned())
            }
            Self::Weighted(weighted) => weighted.validate(0),
            Self::LetterTable { modulus, letters, alphabet } => {
                if letters.len() != *modulus as usize || !(2..=128).contains(&letters.len()) {
                    return Err("letter_table needs 2 to 128 letters, as many as its modulus".to_owned());
                }
                if !letters.is_ascii() || alphabet.values.iter().any(|v| (10..Alphabet::NONE).contains(v)) {
                    return Err(
                        "letter_table needs ASCII letters and an alphabet of values below 10".to_owned()
                    );
                }
                Ok(())
            }
            Self::Iso7064 { rotate, .. } if *rotate > 8 => Err("rotate must be 8 at most".to_owned()),
            Self::Congruence(congruence) => congruence.validate(),
            Self::Absent { lengths } if lengths.is_empty() => Err("absent needs lengths".to_owned()),
            Self::Part { from, len, of } => {
                if *from > Weighted::MAX_PLACE || len.is_some_and(|len| len > Weighted::MAX_PLACE) {
                    return Err("from and len of part must be 128 at most".to_owned());
                }
                of.validate()
            }
            Self::Select { places, of } => {
                if !(1..=MOST_SELECTED).contains(&places.len()) {
                    return Err("select needs 1 to 64 places".to_owned());
                }
                if places.iter().any(|&place| place > Weighted::MAX_PLACE) {
                    return Err("the places of select must be 128 at most".to_owned());
                }
                of.validate()
            }
            Self::All { of } | Self::Any { of } => {
                if !(1..=8).contains(&of.len()) {
                    return Err("all and any need one to eight checksums".to_owned());
                }
                of.iter().try_for_each(Self::validate)
            }
            _ => Ok(()),
        }
    }

    /// Whether numbers of all sorts end with such a check digit, so that it does not tell whose they are: references of
    /// invoices and payments have that of Luhn in many countries.
    pub fn is_common(&self) -> bool {
        match self {
            Self::Luhn { prefix } => prefix.is_empty(),
            Self::Part { of, .. } | Self::Select { of, .. } => of.is_common(),
            Self::All { of } => of.iter().all(Self::is_common),
            Self::Any { of } => of.iter().any(Self::is_common),
            _ => false,
        }
    }

    /// The share, 0 to 1, of arbitrary values with possible check characters that pass.
    pub fn chance(&self) -> f64 {
        match self {
            Self::Luhn { .. } | Self::Verhoeff {} | Self::Damm {} => 0.1,
            Self::Weighted(weighted) => weighted.chance(),
            Self::LetterTable { letters, .. } => 1.0 / distinct(letters.as_bytes()),
            Self::Iso7064 { system, .. } => match system {
                Iso7064System::Mod11_2 => 1.0 / 11.0,
                Iso7064System::Mod37_2 => 1.0 / 37.0,
                Iso7064System::Mod97_10 => 1.0 / 97.0,
                Iso7064System::Mod11_10 => 0.1,
                Iso7064System::Mod37_36 => 1.0 / 36.0,
            },
            Self::Congruence(congruence) => 1.0 / f64::from(congruence.modulus),
            Self::Bech32 { .. } => f64::from(2u32.pow(30)).recip(),
            Self::CashAddress { .. } => 2f64.powi(-40),
            Self::Absent { .. } => 1.0,
            Self::Part { of, .. } | Self::Select { of, .. } => of.chance(),
            Self::All { of } => of.iter().map(Self::chance).product(),
            Self::Any { of } => of.iter().map(Self::chance).sum::<f64>().min(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(toml: &str) -> Checksum {
        let checksum: Checksum = toml::from_str(toml).expect(toml);
        checksum.validate().expect(toml);
        checksum
    }

    fn assert_vectors(toml: &str, good: &[&str], bad: &[&str]) {
        let checksum = parse(toml);
        good.iter().for_each(|value| assert!(checksum.holds(value.as_bytes()), "{toml}: {value}"));
        bad.iter().for_each(|value| assert!(!checksum.holds(value.as_bytes()), "{toml}: {value}"));
    }

    const LUHN: &str = "family = 'luhn'";
    const PESEL: &str =
        "family = 'weighted'\nweights = [1,3,7,9,1,3,7,9,1,3]\nmodulus = 10\ncomplement = true";
    const NHS: &str = "family = 'weighted'\nweights = [10,9,8,7,6,5,4,3,2]\nmodulus = 11\ncomplement = true";
    const DNI: &str = "family = 'letter_table'\nmodulus = 23\nletters = 'TRWAGMYFPDXBNJZSQVHLCKE'\n\
                       alphabet = ['0X','1Y','2Z','3','4','5','6','7','8','9']";

    #[test]
    fn luhn_holds_for_published_numbers() {
        // 3GPP TS 23.003 annex B: IMEI 26053179311383 has the check digit 7. The card numbers are the test numbers
        // that Visa, Mastercard and American Express publish for merchants.
        assert_vectors(
            LUHN,
            &["260531793113837", "4111111111111111", "5555555555554444", "378282246310005"],
            &["260531793113838", "4111111111111112", "", "0", "41111111111111AA"],
        );
        // CMS, "Requirements for National Provider Identifier and NPI Check Digit": 123456789 has the check digit 3.
        assert_vectors("family = 'luhn'\nprefix = '80840'", &["1234567893"], &["1234567890"]);
    }

    #[test]
    fn weighted_sums_hold_for_published_numbers() {
        // gov.pl, "Czym jest numer PESEL": 0207080362 has the check digit 8.
        assert_vectors(PESEL, &["02070803628", "44051401359"], &["02070803620", "0207080362", "0207080362A"]);
        // NHS Data Dictionary, "NHS number": modulus 11, a check digit of 10 is not issued.
        assert_vectors(NHS, &["9434765919", "4010232137"], &["9434765918", "0000000060"]);
        // Rijksdienst voor Identiteitsgegevens, "elfproef" for the BSN; 111222333 is its published test number.
        let bsn = "family = 'weighted'\nweights = [9,8,7,6,5,4,3,2]\nmodulus = 11";
        assert_vectors(bsn, &["111222333"], &["111222334"]);
        // American Bankers Association, routing number 3-7-1; 011000015 is the Federal Reserve Bank of Boston's.
        let aba = "family = 'weighted'\nweights = [3,7,1,3,7,1,3,7]\nmodulus = 10\ncomplement = true";
        assert_vectors(aba, &["011000015"], &["011000016", "110000015"]);
    }

    #[test]
    fn weighted_takes_letters_and_special_remainders() {
        // 49 CFR 565.15: the check digit of 1M8GDM9AXKP042788 is X, at place 9.
        let vin = "family = 'weighted'\nweights = [8,7,6,5,4,3,2,10,0,9,8,7,6,5,4,3,2]\nmodulus = 11\ncheck = 8\n\
                   characters = '0123456789X'\n\
                   alphabet = ['0','1AJ','2BKS','3CLT','4DMU','5ENV','6FW','7GPX','8HY','9RZ']";
        assert_vectors(
            vin,
            &["1M8GDM9AXKP042788", "11111111111111111"],
            &["1M8GDM9A1KP042788", "1M8GDM9AXKI042788"],
        );
        // Receita Federal's two check digits of a CPF; a remainder of 10 is written 0.
        let cpf = "family = 'all'\n\
                   [[of]]\nfamily = 'weighted'\nweights = [10,9,8,7,6,5,4,3,2]\nmodulus = 11\ncomplement = true\n\
                   characters = '01234567890'\n\
                   [[of]]\nfamily = 'weighted'\nweights = [11,10,9,8,7,6,5,4,3,2]\nmodulus = 11\ncomplement = true\n\
                   characters = '01234567890'";
        assert_vectors(cpf, &["52998224725", "11144477735"], &["52998224735", "52998224724"]);
        // Servicio de Registro Civil's RUT: weights 2 to 7 from the right, 10 is K; numbers of seven and eight digits.
        let rut = "family = 'weighted'\nweights = [3,2,7,6,5,4,3,2]\nmodulus = 11\ncomplement = true\n\
                   from_right = true\ncharacters = '0123456789K'";
        assert_vectors(
            rut,
            &["123456785", "111111111", "11111114", "10000013K"],
            &["123456786", "1234567890", "5", ""],
        );
        // Estonian isikukood (EVS 585): where the first remainder is 10, other weights decide.
        let isikukood = "family = 'weighted'\nweights = [1,2,3,4,5,6,7,8,9,1]\nmodulus = 11\n\
                         [or_else]\nweights = [3,4,5,6,7,8,9,1,2,3]\nmodulus = 11\ncharacters = '01234567890'";
        assert_vectors(isikukood, &["37605030299", "36805280109"], &["37605030298"]);
    }

    #[test]
    fn check_digits_may_be_absent() {
        // RENIEC's DNI with and without its check digit, also the letter of cards issued until 2007.
        let dni = "family = 'any'\n\
                   [[of]]\nfamily = 'absent'\nlengths = [8]\n\
                   [[of]]\nfamily = 'weighted'\nweights = [3,2,7,6,5,4,3,2]\nmodulus = 11\n\
                   characters = '65432110987'\n\
                   [[of]]\nfamily = 'weighted'\nweights = [3,2,7,6,5,4,3,2]\nmodulus = 11\n\
                   characters = 'KJIHGFEDCBA'";
        assert_vectors(dni, &["10117410", "101174102", "10117410G"], &["101174103", "1011741", "10117410K"]);
        assert!(parse(dni).asks(b"101174102") && !parse(dni).asks(b"10117410"));
    }

    #[test]
    fn every_other_character_may_have_values_of_its_own() {
        // Agenzia delle Entrate, "Codice fiscale" (DM 23 dicembre 1976): the example of the form is RSSMRA85T10A562S.
        let codice_fiscale = "family = 'weighted'\nweights = [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]\nmodulus = 26\n\
             characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'\n\
             alphabet = ['1B','0A','K','P','L','2C','Q','3D','R','4E','V','O','S','5F','T','6G','U','7H','M','8I',\
             'N','9J','W','Z','Y','X']\n\
             second_alphabet = ['0A','1B','2C','3D','4E','5F','6G','7H','8I','9J','K','L','M','N','O','P','Q','R',\
             'S','T','U','V','W','X','Y','Z']";
        assert_vectors(codice_fiscale, &["RSSMRA85T10A562S"], &["RSSMRA85T10A562T", "RSSMRA85T10A562"]);
    }

    #[test]
    fn sums_leave_a_remainder() {
        // INSEE, "Numéro de sécurité sociale": the key is 97 less the number modulo 97; 2A counts as 19, 2B as 18.
        let nir = "family = 'congruence'\nweights = [50,5,49,34,81,76,27,90,9,30,3,10,1,10,1]\nmodulus = 97\n\
                   alphabet = { A = 96, B = 95 }";
        assert_vectors(
            nir,
            &["255081416802538", "269054958815780", "195032A12345693"],
            &["255081416802539", "2550814168025", "195032B12345693"],
        );
        // HM Revenue and Customs, VAT registration numbers: the sum or, in the newer range, the sum and 55.
        let vat = "family = 'any'\n\
                   [[of]]\nfamily = 'congruence'\nweights = [8,7,6,5,4,3,2,10,1]\nmodulus = 97\n\
                   [[of]]\nfamily = 'congruence'\nweights = [8,7,6,5,4,3,2,10,1]\nmodulus = 97\nremainder = 42";
        assert_vectors(vat, &["980780684"], &["980780685", "98078068A"]);
    }

    #[test]
    fn a_part_is_looked_at_alone() {
        // The VAT number of Germany is DE and nine digits of ISO/IEC 7064 MOD 11,10 (BZSt, "Prüfziffernverfahren").
        let vat = "family = 'part'\nfrom = 2\nof = { family = 'iso7064', system = 'mod_11_10' }";
        assert_vectors(vat, &["DE136695976"], &["DE136695977", "DE", "D"]);
        let middle = "family = 'part'\nfrom = 1\nlen = 4\nof = { family = 'luhn' }";
        assert_vectors(middle, &["X0018X"], &["X0019X", "X001"]);
    }

    #[test]
    fn characters_are_selected_in_any_order() {
        // CTIE, "Le numéro d'identification": over the first eleven digits, the twelfth follows Luhn's rule and the
        // thirteenth Verhoeff's.
        let luxembourg = "family = 'all'\n\
             [[of]]\nfamily = 'part'\nfrom = 0\nlen = 12\nof = { family = 'luhn' }\n\
             [[of]]\nfamily = 'select'\nplaces = [0,1,2,3,4,5,6,7,8,9,10,12]\nof = { family = 'verhoeff' }";
        assert_vectors(
            luxembourg,
            &["1985031412798", "2001092200342"],
            &["1985031412799", "1985031412708", "198503141279"],
        );
        let backwards = "family = 'select'\nplaces = [3,2,1,0]\nof = { family = 'luhn' }";
        assert_vectors(backwards, &["8100", "8100X"], &["0018", "810", ""]);
    }

    #[test]
    fn each_place_may_have_values_of_its_own() {
        // Gelir İdaresi Başkanlığı, "Vergi kimlik numarası": a digit and its place are added modulo 10 and multiplied
        // by a power of two modulo 9, so that nine permutations of the digits say it all.
        let vkn = "family = 'weighted'\nweights = [1,1,1,1,1,1,1,1,1]\nmodulus = 10\ncomplement = true\n\
             place_alphabets = ['1987654320','2975308641','3849506172','4567890123','5791368024',\n\
             '6049382715','7543210986','8531964207','9405162738']";
        assert_vectors(vkn, &["4540536920"], &["4540536921", "454053692"]);
    }

    #[test]
    fn sums_may_be_laid_on_from_the_right() {
        // Česká národní banka, vyhláška 169/2011 Sb.: the number of an account and its prefix are multiples of 11.
        let account = "family = 'all'\n\
             [[of]]\nfamily = 'congruence'\nweights = [10,5,8,4,2,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0]\nmodulus = 11\n\
             from_right = true\n\
             [[of]]\nfamily = 'congruence'\nweights = [6,3,7,9,10,5,8,4,2,1,0,0,0,0]\nmodulus = 11\n\
             from_right = true";
        assert_vectors(account, &["20001453990800"], &["20001453980800", "", "192000145399080012345"]);
    }

    #[test]
    fn bech32_holds_for_published_addresses() {
        // BIP 173, BIP 350, "Test vectors".
        assert_vectors(
            "family = 'bech32'",
            &[
                "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
                "TB1QRP33G0Q5C5TXSP9ARYSRX4K6ZDKFS4NCE4XJ0GDCCCEFVPYSXF3Q0SL5K7",
                "BC1P0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQZK5JJ0",
            ],
            &["BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T5", "1QW508D6QEJX", "BC1", "BC1QW508D6QEJXTDB"],
        );
        // age, "age-encryption.org/v1", "The X25519 recipient type": the identity of its example, AGE-SECRET-KEY-1….
        assert_vectors(
            "family = 'bech32'\nreadable = 'age-secret-key-'",
            &["AGESECRETKEY1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"],
            &["AGESECRETKEY1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEY"],
        );
    }

    #[test]
    fn cash_addresses_hold_as_published() {
        // "Cash address format for Bitcoin Cash", "Examples of address translation".
        assert_vectors(
            "family = 'cash_address'\nreadable = 'bitcoincash'",
            &[
                "BITCOINCASHQPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVY22GDX6A",
                "BITCOINCASHQR95SY3J9XWD2AP32XKYKTTR4CVCU7AS4Y0QVERFUY",
                "BITCOINCASHQQQ3728YW0Y47SQN6L2NA30MCW6ZM78DZQRE909M2R",
                "BITCOINCASHPPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVN0H829PQ",
            ],
            &[
                "BITCOINCASHQPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVY22GDX6Q",
                "BITCOINCASH",
                "BITCOINCASHQQQQQQQQ",
                "QQ",
            ],
        );
    }

    #[test]
    fn products_may_count_by_their_digits() {
        // The Luhn check of a number of fixed length, written as a weighted sum.
        let luhn = "family = 'weighted'\nweights = [2,1,2,1,2,1,2,1,2,1,2,1,2,1,2]\nmodulus = 10\n\
                    complement = true\ndigit_sum = true";
        assert_vectors(luhn, &["4111111111111111", "5555555555554444"], &["4111111111111112"]);
    }

    #[test]
    fn letter_tables_hold_for_published_numbers() {
        // Ministerio del Interior, "Cálculo del dígito de control del NIF/NIE".
        assert_vectors(
            DNI,
            &["12345678Z", "00000000T", "X1234567L", "Z1234567R"],
            &["12345678A", "Z", "W1234567L"],
        );
    }

    #[test]
    fn iso_7064_systems_hold_for_published_values() {
        // ISO/IEC 7064: 0794 takes 0 in MOD 11-2 and 5 in MOD 11,10, 079 takes X, 794 takes 44 in MOD 97-10.
        assert_vectors(
            "family = 'iso7064'\nsystem = 'mod_11_2'",
            // ORCID's documentation: 0000-0002-1825-0097 and 0000-0002-1694-233X.
            &["07940", "079X", "0000000218250097", "000000021694233X"],
            &["07941", "X079", "0790", "X", ""],
        );
        // Bundeszentralamt für Steuern, Steuer-Identifikationsnummer: 86095742719.
        assert_vectors(
            "family = 'iso7064'\nsystem = 'mod_11_10'",
            &["07945", "86095742719"],
            &["07946", "A7945"],
        );
        assert_vectors("family = 'iso7064'\nsystem = 'mod_97_10'", &["79444"], &["79445", "1"]);
        // ICCBBA, ISBT 128: G123489654321 takes Y.
        assert_vectors(
            "family = 'iso7064'\nsystem = 'mod_37_2'",
            &["G123489654321Y"],
            &["G123489654321Z", "*"],
        );
        // IFPI, GRid standard: A1-2425G-ABC1234002-M.
        assert_vectors(
            "family = 'iso7064'\nsystem = 'mod_37_36'",
            &["A12425GABC1234002M"],
            &["A12425GABC1234002N"],
        );
        // SWIFT's IBAN registry.
        assert_vectors(
            "family = 'iso7064'\nsystem = 'mod_97_10'\nrotate = 4",
            &[
                "DE89370400440532013000",
                "GB29NWBK60161331926819",
                "NO9386011117947",
                "MT84MALT011000012345MTLCAST001S",
            ],
            &["DE88370400440532013000", "DE8", "GB29NWBK6016133192681+"],
        );
    }

    #[test]
    fn verhoeff_and_damm_hold_for_published_values() {
        // Verhoeff, "Error Detecting Decimal Codes" (1969): 236 takes 3; 142857 takes 0.
        assert_vectors(
            "family = 'verhoeff'",
            &["2363", "1428570", "123451"],
            &["2364", "123450", "3", "236A"],
        );
        // Damm, "Total anti-symmetrische Quasigruppen" (2004): 572 takes 4.
        assert_vectors("family = 'damm'", &["5724", "123456789018"], &["5725", "4", "57A4"]);
    }

    #[test]
    fn senseless_parameters_are_refused() {
        for toml in [
            "family = 'luhn'\nprefix = 'A'",
            "family = 'weighted'\nweights = []\nmodulus = 11",
            "family = 'weighted'\nweights = [0, 0]\nmodulus = 11",
            "family = 'weighted'\nweights = [1]\nmodulus = 1",
            "family = 'weighted'\nweights = [1, 2]\nmodulus = 11\ncheck = 1",
            "family = 'weighted'\nweights = [1, 2]\nmodulus = 11\nfrom_right = true\nfrom = 3",
            "family = 'weighted'\nweights = [1, 2]\nmodulus = 11\ncharacters = '0123456789ABCDEF'",
            "family = 'letter_table'\nmodulus = 23\nletters = 'TRW'",
            "family = 'letter_table'\nmodulus = 2\nletters = 'TR'\nalphabet = '0123456789A'",
            "family = 'iso7064'\nsystem = 'mod_97_10'\nrotate = 9",
            "family = 'all'\nof = []",
            "family = 'any'\nof = [{ family = 'luhn', prefix = 'A' }]",
            "family = 'part'\nfrom = 200\nof = { family = 'luhn' }",
            "family = 'congruence'\nweights = []\nmodulus = 97",
            "family = 'congruence'\nweights = [1]\nmodulus = 97\nremainder = 97",
            "family = 'congruence'\nweights = [1]\nmodulus = 97\nfrom = 1\nfrom_right = true",
            "family = 'weighted'\nweights = [1, 1]\nmodulus = 10\nplace_alphabets = ['01']",
            "family = 'select'\nplaces = []\nof = { family = 'luhn' }",
            "family = 'select'\nplaces = [200]\nof = { family = 'luhn' }",
        ] {
            let checksum: Checksum = toml::from_str(toml).expect(toml);
            assert!(checksum.validate().is_err(), "{toml}");
        }
        for toml in [
            "family = 'crc'",
            "family = 'damm'\nweights = [1]",
            "family = 'weighted'\nweights = [1]\nmodulus = 7\nwight = 3",
            "family = 'weighted'\nweights = [1]\nmodulus = 7\nalphabet = '00'",
        ] {
            assert!(toml::from_str::<Checksum>(toml).is_err(), "{toml}");
        }
    }

    #[test]
    fn chances_are_those_of_random_values() {
        let share = |checksum: &Checksum, width: usize| {
            let passed = (0..20_000u64).filter(|n| {
                let spread = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
                let text = format!("{spread:020}");
                checksum.holds(&text.as_bytes()[20 - width..])
            });
            passed.count() as f64 / 20_000.0
        };
        for (toml, width) in [(LUHN, 10), (PESEL, 11), (NHS, 10), ("family = 'damm'", 9)] {
            let checksum = parse(toml);
            assert!((share(&checksum, width) - checksum.chance()).abs() < 0.01, "{toml}");
        }
        assert!((parse(DNI).chance() - 1.0 / 23.0).abs() < 1e-9);
    }

    /// Replaces the digit at a place by another one.
    fn with_one_digit_changed(value: &str, place: usize, by: u8) -> Option<Vec<u8>> {
        let mut changed = value.as_bytes().to_vec();
        let place = place % changed.len();
        let digit = changed[place].checked_sub(b'0').filter(|&digit| digit < 10)?;
        changed[place] = b'0' + (digit + by) % 10;
        Some(changed)
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_checksum_panic(compact in proptest::collection::vec(any::<u8>(), 0..80)) {
            for toml in [LUHN, PESEL, NHS, DNI, "family = 'verhoeff'", "family = 'damm'", "family = 'bech32'",
                "family = 'cash_address'\nreadable = 'q'", "family = 'congruence'\nweights = [3,1]\nmodulus = 7\nfrom = 3",
                "family = 'part'\nfrom = 2\nlen = 5\nof = { family = 'luhn' }",
                "family = 'select'\nplaces = [7, 0, 3]\nof = { family = 'luhn' }",
                "family = 'congruence'\nweights = [3,1,4]\nmodulus = 7\nfrom_right = true",
                "family = 'iso7064'\nsystem = 'mod_11_2'", "family = 'iso7064'\nsystem = 'mod_37_36'\nrotate = 4",
                "family = 'iso7064'\nsystem = 'mod_97_10'\nrotate = 4"] {
                parse(toml).holds(&compact);
            }
        }

        #[test]
        fn a_single_wrong_digit_is_caught(place in 0usize..64, by in 1u8..10) {
            for (toml, value) in [
                (LUHN, "4111111111111111"),
                (PESEL, "02070803628"),
                (NHS, "9434765919"),
                (DNI, "12345678Z"),
                ("family = 'verhoeff'", "1428570"),
                ("family = 'damm'", "123456789018"),
                ("family = 'iso7064'\nsystem = 'mod_11_2'", "0000000218250097"),
                ("family = 'iso7064'\nsystem = 'mod_11_10'", "86095742719"),
                ("family = 'iso7064'\nsystem = 'mod_37_2'", "G123489654321Y"),
                ("family = 'iso7064'\nsystem = 'mod_37_36'", "A12425GABC1234002M"),
                ("family = 'iso7064'\nsystem = 'mod_97_10'\nrotate = 4", "DE89370400440532013000"),
            ] {
                if let Some(changed) = with_one_digit_changed(value, place, by) {
                    prop_assert!(!parse(toml).holds(&changed), "{toml}: {place} {by}");
                }
            }
        }

        #[test]
        fn verhoeff_and_damm_catch_swapped_neighbours(place in 0usize..64) {
            for (toml, value) in [("family = 'verhoeff'", "1428570"), ("family = 'damm'", "123456789018")] {
                let mut swapped = value.as_bytes().to_vec();
                let place = place % (swapped.len() - 1);
                swapped.swap(place, place + 1);
                prop_assert!(!parse(toml).holds(&swapped), "{toml}: {place}");
            }
        }
    }
}
