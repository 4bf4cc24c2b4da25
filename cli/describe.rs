//! Rules and checksums of detectors in words. Positions count from 1, as people count characters.

use domesday_classifiers::{
    Base58Alphabet, CellKind, Checksum, Congruence, Crc32Form, DateForm, Description, Iso7064System, Rule,
    Unnamed,
};

/// A sentence that says what must hold of a value.
pub(crate) fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Range { at, len, min, max } => format!("{} from {min} to {max}", part(*at, *len)),
        Rule::Forbid { at, len, values } => format!("{} not {}", part(*at, *len), either(values)),
        Rule::OneOf { at, len, values } => format!("{} {}", part(*at, *len), either(values)),
        Rule::Characters { at, len, of } => format!("{} each one of {of}", part(*at, *len)),
        Rule::Date { at, form, centuries, day_offsets } => {
            let form = date_form(*form);
            let mut text = format!("{} a date that exists, {form}", part(*at, form.len()));
            let added = centuries.iter().map(|c| format!("{} for {}", c.add, c.century));
            push_list(&mut text, "; to the month is added", added);
            push_list(&mut text, "; to the day may be added", day_offsets.iter().map(u8::to_string));
            text
        }
        Rule::Repeats { at, len, groups, min, max } => {
            let part = part(*at, *len);
            format!("{part} {groups} of them {min} to {max} times, all others once")
        }
        Rule::Distinct { at: 0, min } => format!("{min} different characters or more"),
        Rule::Distinct { at, min } => format!("{min} different characters or more behind the first {at}"),
        Rule::Without { values } => format!("without {}", either(values)),
        Rule::NotUniform {} => "not one character repeated".to_owned(),
        Rule::NotSequence {} => "not a run such as 123456789".to_owned(),
        Rule::Length { min, max } if min == max => format!("{min} characters"),
        Rule::Length { min, max } => format!("{min} to {max} characters"),
        Rule::Ipv4 {} => "an IPv4 address that one host can have".to_owned(),
        Rule::Ipv6 {} => "an IPv6 address that one host can have".to_owned(),
        Rule::Mac {} => "an address of one device, neither multicast nor all zeros".to_owned(),
        Rule::CardBrand {} => "length and first digits of a card brand".to_owned(),
        Rule::IbanCountry {} => "country, length and structure as in the SWIFT IBAN registry".to_owned(),
        Rule::PhoneInternational {} => {
            "a country calling code, and a number that its numbering plan allows".to_owned()
        }
        Rule::Secret {} => {
            "ends in what may be a password: no word of a sentence, variable, path or placeholder".to_owned()
        }
        Rule::Jwt {} => "a signed JSON Web Token (RFC 7519)".to_owned(),
        Rule::Email {} => "an e-mail address under a top-level domain that exists".to_owned(),
        Rule::Crc32 { from, form, len } => {
            let of = if *from == 0 { "all" } else { "the characters" };
            let start = if *from == 0 { String::new() } else { format!(" from {}", from + 1) };
            let only = len.map_or(String::new(), |len| format!(", where there are {len} characters"));
            format!("ends in the CRC-32 of {of}{start} before it, {}{only}", crc32_form(*form))
        }
        Rule::Base58Check { alphabet, versions, len } => {
            let alphabet = match alphabet {
                Base58Alphabet::Bitcoin => "",
                Base58Alphabet::Ripple => ", in the digits of the XRP Ledger",
            };
            let versions: Vec<_> = versions.iter().map(|version| format!("{version:02x}")).collect();
            format!("base58check of {len} bytes{alphabet}, version {}", either(&versions))
        }
        Rule::MachineReadableZone {} => {
            "a line of a machine-readable zone, with its check digits (ICAO Doc 9303)".to_owned()
        }
        Rule::CalendarDate { from, to } => format!("a written date that exists, from {from} to {to}"),
    }
}

const fn crc32_form(form: Crc32Form) -> &'static str {
    match form {
        Crc32Form::Base62 => "six digits of base 62",
        Crc32Form::HexLowestFirst => "eight hexadecimal digits, the lowest byte first",
    }
}

/// What the cells of a column look like.
pub(crate) fn cells(description: &Description) -> String {
    let Description {
        min_len,
        max_len,
        min_words,
        max_words,
        range,
        values,
        forms,
        list,
        words,
        without,
        ..
    } = description;
    let mut parts = vec![match description.kind {
        CellKind::Name => "letters".to_owned(),
        CellKind::Text => "text with letters".to_owned(),
        CellKind::Code => "one word of letters and digits".to_owned(),
        CellKind::Number => "numbers".to_owned(),
        CellKind::Account => "account numbers".to_owned(),
        CellKind::Phone => "telephone numbers".to_owned(),
        CellKind::Ipv6 => "addresses of IPv6".to_owned(),
        CellKind::Any => "any text".to_owned(),
    }];
    parts.push(format!("{min_len} to {max_len} characters"));
    parts.extend(min_words.map(|fewest| format!("{fewest} words at least")));
    parts.extend(max_words.map(|most| format!("{most} words at most")));
    parts.extend(range.map(|[min, max]| format!("from {min} to {max}")));
    parts.extend((!values.is_empty()).then(|| format!("one of {}", values.join(", "))));
    parts.extend((!forms.is_empty()).then(|| format!("as {}", either(forms))));
    parts.extend(list.as_ref().map(|list| format!("perhaps with a word of the list {list}")));
    parts.extend((!words.is_empty()).then(|| "perhaps with a word of its own".to_owned()));
    parts.extend(description.made_of_names.then(|| "often made of the name of a person".to_owned()));
    parts.extend(description.house_numbers.then(|| "perhaps with a house number".to_owned()));
    parts.extend((!without.is_empty()).then(|| format!("without {}", without.join(", "))));
    let unnamed = description.unnamed.map(|unnamed| match unnamed {
        Unnamed::Dialled => {
            "under no word, in a table of people: numbers with a 0 or + in front or in groups"
        }
        Unnamed::Born => "under no word, in a table of people: dates on which somebody alive may be born",
        Unnamed::Family => {
            "under no word, or one for names beside given names, in a table of people: listed family names"
        }
        Unnamed::Given => "under no word, beside what only people have: listed given names",
        Unnamed::Town => "under no word, in a table of people: listed towns, or names beside a postal code",
        Unnamed::Worded => "under no word, in a table of people: most with a word of its own",
        Unnamed::Region => "under no word, in a table of people: names between the town and the code of an address",
        Unnamed::Street => {
            "under no word, in a table of people: names with a house number beside a postal code or town, or whole addresses"
        }
        Unnamed::PostCode => {
            "under no word, in a table of people: codes in two parts, or digits near a street or town"
        }
    });
    parts.extend(unnamed.map(str::to_owned));
    parts.extend((description.labelled > 0).then(|| "also behind such a word in a text".to_owned()));
    parts.push(format!("{}% of the values", (description.share * 100.0).round()));
    parts.join("; ")
}

/// How the check digit is worked out.
pub(crate) fn checksum(checksum: &Checksum) -> String {
    match checksum {
        Checksum::Luhn { prefix } if prefix.is_empty() => "Luhn".to_owned(),
        Checksum::Luhn { prefix } => format!("Luhn, with {prefix} before the value"),
        Checksum::Weighted(first) => {
            let mut ways = Vec::new();
            let mut next = Some(first);
            while let Some(way) = next {
                let each = if way.digit_sum { "digits of the products" } else { "products" };
                let weights: Vec<_> = way.weights.iter().map(i32::to_string).collect();
                let offset = if way.offset == 0 { String::new() } else { format!(" and {}", way.offset) };
                let mut text =
                    format!("sum of the {each} with {}{offset}, modulo {}", weights.join(" "), way.modulus);
                if way.complement {
                    text.push_str(&format!(", subtracted from {}", way.modulus));
                }
                if way.characters != "0123456789" {
                    text.push_str(&format!(", as one of {}", way.characters));
                }
                ways.push(text);
                next = way.or_else.as_deref();
            }
            ways.join("; or else: ")
        }
        Checksum::LetterTable { modulus, letters, .. } => {
            format!("the number modulo {modulus}, as one of {letters}")
        }
        Checksum::Iso7064 { system, rotate: 0 } => format!("ISO 7064 {}", iso_system(*system)),
        Checksum::Iso7064 { system, rotate } => {
            format!("ISO 7064 {}, the first {rotate} characters moved to the end", iso_system(*system))
        }
        Checksum::Verhoeff {} => "Verhoeff".to_owned(),
        Checksum::Damm {} => "Damm".to_owned(),
        Checksum::Congruence(Congruence { weights, modulus, remainder, .. }) => {
            let weights: Vec<_> = weights.iter().map(i32::to_string).collect();
            format!("sum of the products with {}, modulo {modulus}, is {remainder}", weights.join(" "))
        }
        Checksum::Bech32 { readable } if readable.is_empty() => "bech32 or bech32m".to_owned(),
        Checksum::Bech32 { readable } => format!("bech32 or bech32m, with {readable} before the data"),
        Checksum::CashAddress { readable } => format!("cash address, with {readable} before the data"),
        Checksum::Absent { lengths } => {
            let lengths: Vec<_> = lengths.iter().map(usize::to_string).collect();
            format!("none of {} characters", lengths.join(" or "))
        }
        Checksum::Part { from, len, of } => {
            let end = len.map_or(String::new(), |len| format!(" to {}", from + len));
            format!("of the characters from {}{end}: {}", from + 1, self::checksum(of))
        }
        Checksum::Select { places, of } => {
            let places: Vec<_> = places.iter().map(|place| (place + 1).to_string()).collect();
            format!("of the characters at {}: {}", places.join(" "), self::checksum(of))
        }
        Checksum::All { of } => of.iter().map(self::checksum).collect::<Vec<_>>().join("; and: "),
        Checksum::Any { of } => of.iter().map(self::checksum).collect::<Vec<_>>().join("; or: "),
    }
}

const fn iso_system(system: Iso7064System) -> &'static str {
    match system {
        Iso7064System::Mod11_2 => "MOD 11-2",
        Iso7064System::Mod37_2 => "MOD 37-2",
        Iso7064System::Mod97_10 => "MOD 97-10",
        Iso7064System::Mod11_10 => "MOD 11,10",
        Iso7064System::Mod37_36 => "MOD 37,36",
    }
}

/// As detector files write it.
const fn date_form(form: DateForm) -> &'static str {
    match form {
        DateForm::ShortYearFirst => "YYMMDD",
        DateForm::YearFirst => "YYYYMMDD",
        DateForm::DayFirstShortYear => "DDMMYY",
        DateForm::DayFirst => "DDMMYYYY",
        DateForm::MonthFirstShortYear => "MMDDYY",
        DateForm::MonthFirst => "MMDDYYYY",
    }
}

fn part(at: usize, len: usize) -> String {
    match len {
        1 => format!("character {}:", at + 1),
        _ => format!("characters {} to {}:", at + 1, at + len),
    }
}

fn either(values: &[String]) -> String {
    match values {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        values => values.concat(),
    }
}

fn push_list(text: &mut String, lead: &str, items: impl Iterator<Item = String>) {
    let items: Vec<_> = items.collect();
    if !items.is_empty() {
        text.push_str(&format!("{lead} {}", items.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use domesday_classifiers::Registry;

    #[test]
    fn every_rule_and_checksum_is_in_words() {
        let registry = Registry::builtin().expect("the detectors load");
        for detector in registry.iter() {
            let rules = detector.rules.iter().map(super::rule);
            for text in rules.chain(detector.checksum.iter().map(super::checksum)) {
                assert!(!text.is_empty() && !text.contains(['{', '[', '_']), "{}: {text}", detector.info.id);
            }
        }
        let pesel = registry.get("pl.pesel").expect("it is built in");
        assert_eq!(
            super::checksum(pesel.checksum.as_ref().expect("it has one")),
            "sum of the products with 1 3 7 9 1 3 7 9 1 3, modulo 10, subtracted from 10"
        );
        assert!(super::rule(&pesel.rules[0]).starts_with("characters 1 to 6: a date that exists, YYMMDD"));
    }
}
