//! What must hold of a value beyond its shape and check digits: dates that exist, ranges that are issued, countries that
//! have such numbers.
//!
//! Rules are a closed set with parameters, so that a detector file says what its scheme demands and no code is added
//! per identifier. A rule that looks behind the end of a value, or at a letter where it needs a digit, does not hold:
//! there are no errors at run time, nothing panics and nothing is allocated.

mod code;
pub(crate) mod date;
mod dialling;
mod email;
mod jwt;
mod mrz;
mod network;
mod payment;
mod phone;
mod secret;
mod table;

use serde::Deserialize;

pub use code::{Base58Alphabet, Crc32Form};
pub use date::{Century, DateForm};
pub use dialling::Dialling;
pub(crate) use mrz::write_checks as write_mrz_checks;
pub(crate) use payment::{card_prefixes, iban_rows};

/// A candidate, in the two spellings that rules look at.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    /// The bytes as they stand in the text.
    pub raw: &'a [u8],
    /// Letters and digits only, upper-cased.
    pub compact: &'a [u8],
}

/// Something that must hold of a value. `at` counts characters of the compact value from 0.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// `len` digits are a number from `min` to `max`.
    Range {
        /// Place of the first digit.
        at: usize,
        /// Number of digits, 1 to 18.
        len: usize,
        /// Smallest number.
        #[serde(default)]
        min: u64,
        /// Largest number.
        max: u64,
    },
    /// `len` characters are none of these.
    Forbid {
        /// Place of the first character.
        at: usize,
        /// Number of characters.
        len: usize,
        /// Upper-case.
        values: Vec<String>,
    },
    /// `len` characters are one of these.
    OneOf {
        /// Place of the first character.
        at: usize,
        /// Number of characters.
        len: usize,
        /// Upper-case.
        values: Vec<String>,
    },
    /// Each of `len` characters is one of a set: letters that a series begins with, an alphabet without look-alikes. Said
    /// here and not in the shape, so that all shapes of one form are one.
    Characters {
        /// Place of the first character.
        at: usize,
        /// Number of characters.
        len: usize,
        /// The set, upper-case.
        of: String,
    },
    /// The digits from `at` on are a date that exists.
    Date {
        /// Place of the first digit.
        at: usize,
        /// Order of the parts.
        form: DateForm,
        /// For two-digit years: what a century adds to the month. Any century where left out.
        #[serde(default)]
        centuries: Vec<Century>,
        /// What may be added to the day, for instance 40 for women in Italy. 0 alone where left out.
        #[serde(default)]
        day_offsets: Vec<u8>,
    },
    /// Of `len` characters, all but `groups` of them occur once; each of those occurs `min` to `max` times.
    Repeats {
        /// Place of the first character.
        at: usize,
        /// Number of characters.
        len: usize,
        /// How many different characters occur more than once.
        groups: usize,
        /// Fewest times, 2 at least.
        min: usize,
        /// Most times.
        max: usize,
    },
    /// From `at` on at least `min` different characters occur: words and repetitions are no secrets.
    Distinct {
        /// Place of the first character.
        at: usize,
        /// Fewest different characters.
        min: usize,
    },
    /// None of these occurs anywhere in the compact value: words of placeholders.
    Without {
        /// Upper-case.
        values: Vec<String>,
    },
    /// The characters are not all the same.
    NotUniform {},
    /// The digits do not just count up or down (123456789, 9876543210).
    NotSequence {},
    /// The compact value has `min` to `max` characters.
    Length {
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
    },
    /// An IPv4 address that one host can have: no leading zeros, no loopback, link-local, multicast or reserved one.
    Ipv4 {},
    /// An IPv6 address that one host can have: global unicast, unique local or link-local, and long enough not to be
    /// `a::b` of a programming language.
    Ipv6 {},
    /// A MAC address of one device: neither multicast nor all zeros.
    Mac {},
    /// Length and first digits are those of a card brand.
    CardBrand {},
    /// Country, length, BBAN structure and range of the check digits are those of the SWIFT IBAN registry.
    IbanCountry {},
    /// A number with country calling code, as the plan of that country allows it. After `+` or `00`, or bare.
    PhoneInternational {},
    /// It ends in what people choose for a password: no word of a sentence, variable, path or placeholder.
    Secret {},
    /// A signed JSON Web Token (RFC 7519 in the compact form of RFC 7515).
    Jwt {},
    /// A line of a machine-readable zone that has check digits.
    MachineReadableZone {},
    /// An e-mail address as used in practice, under a top-level domain that exists.
    Email {},
    /// The raw value ends in the CRC-32 of what stands before it: tokens that are made to be told from other text.
    Crc32 {
        /// Bytes at the start that do not count.
        #[serde(default)]
        from: usize,
        /// How the code is written.
        form: Crc32Form,
        /// Bytes of the values that have the code; values of other lengths pass. All have it where left out.
        len: Option<usize>,
    },
    /// The raw value is base58check: in base58 a version, a payload and four bytes that hash both.
    Base58Check {
        /// Its digits.
        alphabet: Base58Alphabet,
        /// First bytes, one of which it has.
        versions: Vec<u8>,
        /// Bytes of version and payload, 92 at most: 21 in an address.
        len: usize,
    },
    /// The whole value is a date that exists, in a usual written form.
    CalendarDate {
        /// First year.
        #[serde(default = "first_year")]
        from: u16,
        /// Last year. Fixed and not read from a clock, so that a scan gives the same result tomorrow.
        #[serde(default = "last_year")]
        to: u16,
    },
}

/// What tells an example from a real value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExampleRule {
    /// A domain, or an e-mail address under one, that RFC 2606 and RFC 6761 reserve.
    ExampleDomain,
    /// An address that RFC 5737, RFC 3849, RFC 9637 or RFC 7042 reserve for documentation.
    DocumentationAddress,
}

const FIRST_YEAR: u16 = 1900;
const LAST_YEAR: u16 = 2035;

fn first_year() -> u16 {
    FIRST_YEAR
}

fn last_year() -> u16 {
    LAST_YEAR
}

impl Rule {
    /// Whether something can satisfy it.
    ///
    /// # Errors
    /// A sentence for the author of the detector, without a full stop.
    pub(crate) fn validate(&self) -> Result<(), String> {
        match self {
            Self::Range { min, max, .. } if min > max => {
                Err(format!("range from {min} to {max}: the smallest number is larger than the largest"))
            }
            Self::Range { len, .. } if !(1..=18).contains(len) => {
                Err(format!("range of {len} digits: expected 1 to 18"))
            }
            _ => Ok(()),
        }
    }

    /// Whether the rule holds of the value.
    pub fn holds(&self, value: &Value<'_>) -> bool {
        let part = |at: usize, len: usize| value.compact.get(at..at.checked_add(len)?);
        match self {
            Self::Range { at, len, min, max } => {
                part(*at, *len).and_then(number).is_some_and(|number| (*min..=*max).contains(&number))
            }
            Self::Forbid { at, len, values } => {
                part(*at, *len).is_some_and(|part| values.iter().all(|value| value.as_bytes() != part))
            }
            Self::OneOf { at, len, values } => {
                part(*at, *len).is_some_and(|part| values.iter().any(|value| value.as_bytes() == part))
            }
            Self::Characters { at, len, of } => {
                part(*at, *len).is_some_and(|part| part.iter().all(|byte| of.as_bytes().contains(byte)))
            }
            Self::Date { at, form, centuries, day_offsets } => part(*at, form.len())
                .is_some_and(|digits| date::digits_are_a_date(digits, *form, centuries, day_offsets)),
            Self::Repeats { at, len, groups, min, max } => {
                part(*at, *len).is_some_and(|part| repeats(part, *groups, *min, *max))
            }
            Self::Distinct { at, min } => value.compact.get(*at..).is_some_and(|part| distinct(part) >= *min),
            Self::Without { values } => {
                !values.iter().any(|known| memchr::memmem::find(value.compact, known.as_bytes()).is_some())
            }
            Self::NotUniform {} => value.compact.windows(2).any(|pair| pair[0] != pair[1]),
            Self::NotSequence {} => !counts(value.compact, 1) && !counts(value.compact, 9),
            Self::Length { min, max } => (*min..=*max).contains(&value.compact.len()),
            Self::Ipv4 {} => network::is_host_ipv4(value.raw),
            Self::Ipv6 {} => network::is_host_ipv6(value.raw),
            Self::Mac {} => network::is_device_mac(value.compact),
            Self::CardBrand {} => payment::has_card_brand(value.compact),
            Self::IbanCountry {} => payment::fits_iban_registry(value.compact),
            Self::PhoneInternational {} => phone::is_international(value.raw),
            Self::Secret {} => secret::ends_in_secret(value.raw),
            Self::Jwt {} => jwt::is_signed_token(value.raw),
            Self::MachineReadableZone {} => mrz::is_line(value.raw),
            Self::Email {} => email::is_address(value.raw),
            Self::Crc32 { from, form, len } => {
                len.is_some_and(|len| len != value.raw.len()) || code::ends_in_crc32(value.raw, *from, *form)
            }
            Self::Base58Check { alphabet, versions, len } => {
                code::is_base58_check(value.raw, *alphabet, versions, *len)
            }
            Self::CalendarDate { from, to } => date::is_written_date(value.raw, *from, *to),
        }
    }
}

impl ExampleRule {
    /// Whether the value is such an example.
    pub fn applies(self, value: &Value<'_>) -> bool {
        match self {
            Self::ExampleDomain => email::is_example_domain(value.raw),
            Self::DocumentationAddress => network::is_documentation(value.raw, value.compact),
        }
    }
}

/// The decimal number that up to 18 digits write.
fn number(digits: &[u8]) -> Option<u64> {
    if !(1..=18).contains(&digits.len()) {
        return None;
    }
    digits
        .iter()
        .try_fold(0, |number, &digit| digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0')))
}

/// Whether each digit is the one before plus `step`, modulo ten.
fn counts(compact: &[u8], step: u8) -> bool {
    compact.len() > 2
        && compact.iter().all(u8::is_ascii_digit)
        && compact.windows(2).all(|pair| (pair[0] - b'0' + step) % 10 == pair[1] - b'0')
}

/// How many different bytes there are.
fn distinct(part: &[u8]) -> usize {
    let mut seen = [0u64; 4];
    part.iter().for_each(|&byte| seen[usize::from(byte / 64)] |= 1 << (byte % 64));
    seen.iter().map(|bits| bits.count_ones() as usize).sum()
}

/// Whether `groups` different bytes occur more than once, each `min` to `max` times. Parts are short.
fn repeats(part: &[u8], groups: usize, min: usize, max: usize) -> bool {
    let mut repeated = 0;
    for (i, &byte) in part.iter().enumerate().filter(|(i, byte)| !part[..*i].contains(byte)) {
        match 1 + part[i + 1..].iter().filter(|&&other| other == byte).count() {
            1 => (),
            times if (min..=max).contains(&times) => repeated += 1,
            _ => return false,
        }
    }
    repeated == groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Deserialize)]
    struct Rules {
        rule: Vec<Rule>,
    }

    /// All rules at once, with parameters that a file may hold.
    fn every_rule() -> Vec<Rule> {
        let toml = r#"
            rule = [
                { kind = "range", at = 2, len = 3, min = 5, max = 700 },
                { kind = "range", at = 9223372036854775807, len = 9223372036854775807, max = 1 },
                { kind = "forbid", at = 0, len = 2, values = ["00"] },
                { kind = "one_of", at = 1, len = 1, values = ["A", "B"] },
                { kind = "characters", at = 1, len = 3, of = "ABC123" },
                { kind = "date", at = 0, form = "YYMMDD", centuries = [{ add = 20, century = 2000 }] },
                { kind = "date", at = 1, form = "DDMMYYYY", day_offsets = [0, 40] },
                { kind = "not_uniform" }, { kind = "not_sequence" },
                { kind = "length", min = 4, max = 12 }, { kind = "repeats", at = 0, len = 10, groups = 1, min = 2, max = 3 },
                { kind = "distinct", at = 4, min = 6 }, { kind = "without", values = ["EXAMPLE"] },
                { kind = "ipv4" }, { kind = "ipv6" }, { kind = "mac" }, { kind = "card_brand" },
                { kind = "iban_country" }, { kind = "phone_international" }, { kind = "jwt" }, { kind = "secret" }, { kind = "email" },
                { kind = "machine_readable_zone" },
                { kind = "calendar_date" },
                { kind = "crc32", from = 4, form = "base62", len = 40 },
                { kind = "crc32", form = "hex_lowest_first" },
                { kind = "base58_check", alphabet = "bitcoin", versions = [0], len = 21 },
                { kind = "base58_check", alphabet = "ripple", versions = [0], len = 9223372036854775807 },
            ]"#;
        toml::from_str::<Rules>(toml).expect("the rules above are right").rule
    }

    fn holds(toml: &str, compact: &str) -> bool {
        let rule: Rule = toml::from_str(toml).expect(toml);
        rule.holds(&Value { raw: compact.as_bytes(), compact: compact.as_bytes() })
    }

    #[test]
    fn ranges_and_lists_look_at_their_part_only() {
        let range = "kind = 'range'\nat = 3\nlen = 2\nmin = 1\nmax = 99";
        assert!(holds(range, "1230145") && holds(range, "12399"));
        assert!(!holds(range, "1230045") && !holds(range, "1239") && !holds(range, "123A1"));
        let forbid = "kind = 'forbid'\nat = 0\nlen = 3\nvalues = ['000', '666']";
        assert!(holds(forbid, "665") && !holds(forbid, "666") && !holds(forbid, "66"));
        let one_of = "kind = 'one_of'\nat = 0\nlen = 1\nvalues = ['X', 'Y']";
        assert!(holds(one_of, "X1") && !holds(one_of, "Z1") && !holds(one_of, ""));
        let characters = "kind = 'characters'\nat = 1\nlen = 2\nof = 'CFG12'";
        assert!(holds(characters, "XC2Y") && !holds(characters, "XCA") && !holds(characters, "XC"));
        assert!(holds("kind = 'length'\nmin = 2\nmax = 3", "abc"));
        assert!(!holds("kind = 'length'\nmin = 2\nmax = 3", "abcd"));
    }

    #[test]
    fn repeated_and_counted_digits_are_told() {
        assert!(!holds("kind = 'not_uniform'", "111111") && holds("kind = 'not_uniform'", "111112"));
        for counted in ["123456789", "0123456789", "1234567890", "987654321", "3210987"] {
            assert!(!holds("kind = 'not_sequence'", counted), "{counted}");
        }
        assert!(holds("kind = 'not_sequence'", "123456788") && holds("kind = 'not_sequence'", "12345A"));
    }

    #[test]
    fn repetition_and_variety_are_counted() {
        // Bundeszentralamt für Steuern: of the first ten digits of an identification number one occurs two or three
        // times and all the others once at most.
        let tax = "kind = 'repeats'\nat = 0\nlen = 10\ngroups = 1\nmin = 2\nmax = 3";
        assert!(holds(tax, "86095742719") && holds(tax, "65929970489"));
        for other in ["01234567890", "11234567224", "11112345678", "860957427"] {
            assert!(!holds(tax, other), "{other}");
        }
        let variety = "kind = 'distinct'\nat = 3\nmin = 4";
        assert!(holds(variety, "AAA1234") && !holds(variety, "1234AAA") && !holds(variety, "AA"));
        let real = "kind = 'without'\nvalues = ['EXAMPLE', 'XXXX']";
        assert!(holds(real, "AKIA3X") && !holds(real, "AKIAEXAMPLE7") && !holds(real, "XXXXX"));
    }

    #[test]
    fn codes_are_asked_of_the_raw_value() {
        let holds = |toml: &str, raw: &str| {
            let rule: Rule = toml::from_str(toml).expect(toml);
            let compact: Vec<u8> = raw.bytes().filter(u8::is_ascii_alphanumeric).collect();
            rule.holds(&Value { raw: raw.as_bytes(), compact: &compact.to_ascii_uppercase() })
        };
        let code = "kind = 'crc32'\nfrom = 4\nform = 'base62'";
        assert!(holds(code, "tok_1234567893jZRME") && !holds(code, "tok_1234567893jZRMF"));
        let of_one_length = format!("{code}\nlen = 19");
        assert!(
            holds(&of_one_length, "tok_1234567893jZRME") && !holds(&of_one_length, "tok_1234567893jZRMF")
        );
        assert!(holds(&of_one_length, "tok_123456789"), "no value that has it");
        let address = "kind = 'base58_check'\nalphabet = 'bitcoin'\nversions = [0]\nlen = 21";
        assert!(holds(address, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"));
        assert!(!holds(address, "1a1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"));
    }

    #[test]
    fn unknown_rules_and_parameters_are_refused() {
        for toml in
            ["kind = 'magic'", "kind = 'ipv4'\nat = 1", "kind = 'range'\nat = 0\nlen = 1\nmaximum = 3"]
        {
            assert!(toml::from_str::<Rule>(toml).is_err(), "{toml}");
        }
    }

    const EXAMPLE_RULES: [ExampleRule; 2] = [ExampleRule::ExampleDomain, ExampleRule::DocumentationAddress];

    proptest! {
        #[test]
        fn no_bytes_make_a_rule_panic(raw in proptest::collection::vec(any::<u8>(), 0..80)) {
            let compact: Vec<u8> =
                raw.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect();
            let value = Value { raw: &raw, compact: &compact };
            every_rule().iter().for_each(|rule| { rule.holds(&value); });
            EXAMPLE_RULES.iter().for_each(|rule| { rule.applies(&value); });
        }

        #[test]
        fn no_likely_text_makes_a_rule_panic(raw in "[+0-9a-fxyzAZ@:./ ()_-]{0,60}|\\+[0-9]{1,16}|eyJ[A-Za-z0-9_.-]{0,60}") {
            let compact = raw.to_ascii_uppercase();
            let value = Value { raw: raw.as_bytes(), compact: compact.as_bytes() };
            every_rule().iter().for_each(|rule| { rule.holds(&value); });
            EXAMPLE_RULES.iter().for_each(|rule| { rule.applies(&value); });
        }
    }
}
