//! What countries are called beside the words of their detectors: a Greek tax number is one of Greece, whatever other
//! countries have tax numbers of that form.

use crate::spellings::is_number;
use crate::words::MAX_PHRASE;

/// English adjectives and names, by country. Those that are names of people or ordinary words are left out (`Jordan`,
/// `Georgia`, `Israel`, `us`).
const NAMES: [(&str, &[&str]); 142] = [
    ("AD", &["andorran", "andorra"]),
    ("AE", &["emirati", "uae"]),
    ("AF", &["afghan", "afghanistan"]),
    ("AL", &["albanian", "albania"]),
    ("AM", &["armenian", "armenia"]),
    ("AO", &["angolan", "angola"]),
    ("AR", &["argentine", "argentinian", "argentina"]),
    ("AT", &["austrian", "austria"]),
    ("AU", &["australian", "australia"]),
    ("AZ", &["azerbaijani", "azerbaijan"]),
    ("BA", &["bosnian", "bosnia"]),
    ("BD", &["bangladeshi", "bangladesh"]),
    ("BE", &["belgian", "belgium"]),
    ("BG", &["bulgarian", "bulgaria"]),
    ("BH", &["bahraini", "bahrain"]),
    ("BN", &["bruneian", "brunei"]),
    ("BO", &["bolivian", "bolivia"]),
    ("BR", &["brazilian", "brazil"]),
    ("BT", &["bhutanese", "bhutan"]),
    ("BW", &["botswanan", "botswana"]),
    ("BY", &["belarusian", "belarus"]),
    ("CA", &["canadian", "canada"]),
    ("CH", &["swiss", "switzerland"]),
    ("CI", &["ivorian"]),
    ("CL", &["chilean", "chile"]),
    ("CM", &["cameroonian", "cameroon"]),
    ("CN", &["chinese", "china"]),
    ("CO", &["colombian", "colombia"]),
    ("CR", &["costa rican", "costa rica"]),
    ("CU", &["cuban", "cuba"]),
    ("CY", &["cypriot", "cyprus"]),
    ("CZ", &["czech", "czechia"]),
    ("DE", &["german", "germany"]),
    ("DK", &["danish", "denmark"]),
    ("DO", &["dominican"]),
    ("DZ", &["algerian", "algeria"]),
    ("EC", &["ecuadorian", "ecuador"]),
    ("EE", &["estonian", "estonia"]),
    ("EG", &["egyptian", "egypt"]),
    ("ES", &["spanish", "spain"]),
    ("ET", &["ethiopian", "ethiopia"]),
    ("FI", &["finnish", "finland"]),
    ("FJ", &["fijian", "fiji"]),
    ("FO", &["faroese"]),
    ("FR", &["french", "france"]),
    ("GB", &["british", "uk"]),
    ("GE", &["georgian"]),
    ("GH", &["ghanaian", "ghana"]),
    ("GN", &["guinean", "guinea"]),
    ("GR", &["greek", "greece"]),
    ("GT", &["guatemalan", "guatemala"]),
    ("HK", &["hong kong"]),
    ("HN", &["honduran", "honduras"]),
    ("HR", &["croatian", "croatia"]),
    ("HT", &["haitian", "haiti"]),
    ("HU", &["hungarian", "hungary"]),
    ("ID", &["indonesian", "indonesia"]),
    ("IE", &["irish", "ireland"]),
    ("IL", &["israeli"]),
    ("IN", &["indian", "india"]),
    ("IQ", &["iraqi", "iraq"]),
    ("IR", &["iranian", "iran"]),
    ("IS", &["icelandic", "iceland"]),
    ("IT", &["italian", "italy"]),
    ("JM", &["jamaican", "jamaica"]),
    ("JO", &["jordanian"]),
    ("JP", &["japanese", "japan"]),
    ("KE", &["kenyan", "kenya"]),
    ("KG", &["kyrgyz", "kyrgyzstan"]),
    ("KH", &["cambodian", "cambodia", "khmer"]),
    ("KR", &["korean", "korea"]),
    ("KW", &["kuwaiti", "kuwait"]),
    ("KZ", &["kazakh", "kazakhstan"]),
    ("LB", &["lebanese", "lebanon"]),
    ("LI", &["liechtenstein"]),
    ("LK", &["sri lankan", "sri lanka"]),
    ("LT", &["lithuanian", "lithuania"]),
    ("LU", &["luxembourgish", "luxembourg"]),
    ("LV", &["latvian", "latvia"]),
    ("LY", &["libyan", "libya"]),
    ("MA", &["moroccan", "morocco"]),
    ("MC", &["monegasque", "monaco"]),
    ("MD", &["moldovan", "moldova"]),
    ("ME", &["montenegrin", "montenegro"]),
    ("MK", &["macedonian", "macedonia"]),
    ("MM", &["burmese", "myanmar"]),
    ("MO", &["macanese", "macau", "macao"]),
    ("MR", &["mauritanian", "mauritania"]),
    ("MT", &["maltese", "malta"]),
    ("MU", &["mauritian", "mauritius"]),
    ("MV", &["maldivian", "maldives"]),
    ("MX", &["mexican", "mexico"]),
    ("MY", &["malaysian", "malaysia"]),
    ("MZ", &["mozambican", "mozambique"]),
    ("NA", &["namibian", "namibia"]),
    ("NG", &["nigerian", "nigeria"]),
    ("NI", &["nicaraguan", "nicaragua"]),
    ("NL", &["dutch", "netherlands"]),
    ("NO", &["norwegian", "norway"]),
    ("NP", &["nepali", "nepalese", "nepal"]),
    ("NZ", &["new zealand", "nz"]),
    ("OM", &["omani", "oman"]),
    ("PA", &["panamanian", "panama"]),
    ("PE", &["peruvian", "peru"]),
    ("PH", &["philippine", "filipino", "philippines"]),
    ("PK", &["pakistani", "pakistan"]),
    ("PL", &["polish", "poland"]),
    ("PS", &["palestinian", "palestine"]),
    ("PT", &["portuguese", "portugal"]),
    ("PY", &["paraguayan", "paraguay"]),
    ("QA", &["qatari", "qatar"]),
    ("RO", &["romanian", "romania"]),
    ("RS", &["serbian", "serbia"]),
    ("RU", &["russian", "russia"]),
    ("RW", &["rwandan", "rwanda"]),
    ("SA", &["saudi", "saudi arabian"]),
    ("SD", &["sudanese", "sudan"]),
    ("SE", &["swedish", "sweden"]),
    ("SG", &["singaporean", "singapore"]),
    ("SI", &["slovenian", "slovene", "slovenia"]),
    ("SK", &["slovak", "slovakia"]),
    ("SM", &["sammarinese"]),
    ("SN", &["senegalese", "senegal"]),
    ("SV", &["salvadoran", "el salvador"]),
    ("SZ", &["swazi", "eswatini"]),
    ("TH", &["thai", "thailand"]),
    ("TN", &["tunisian", "tunisia"]),
    ("TR", &["turkish", "turkey"]),
    ("TT", &["trinidad"]),
    ("TW", &["taiwanese", "taiwan"]),
    ("TZ", &["tanzanian", "tanzania"]),
    ("UA", &["ukrainian", "ukraine"]),
    ("UG", &["ugandan", "uganda"]),
    ("US", &["american", "usa"]),
    ("UY", &["uruguayan", "uruguay"]),
    ("UZ", &["uzbek", "uzbekistan"]),
    ("VE", &["venezuelan", "venezuela"]),
    ("VN", &["vietnamese", "vietnam"]),
    ("XK", &["kosovar", "kosovo"]),
    ("ZA", &["south african", "south africa"]),
    ("ZM", &["zambian", "zambia"]),
    ("ZW", &["zimbabwean", "zimbabwe"]),
];

/// The phrases that name a country before a phrase of one of its detectors: `greek tax` for `tax number`. The rest of the
/// phrase goes on from there.
pub(crate) fn named(country: &str, phrase: &str) -> Vec<String> {
    let names = NAMES.iter().find(|(of, _)| *of == country).map_or(&[][..], |(_, names)| names);
    let mut words: Vec<&str> = phrase.split([' ', '-']).collect();
    words.pop_if(|last| is_number(last));
    if words.is_empty() || !phrase.is_ascii() {
        return Vec::new();
    }
    if names.iter().any(|name| phrase.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '-']))) {
        return vec![phrase.to_owned()];
    }
    let with = |name: &&str| {
        let words: Vec<&str> = name.split(' ').chain(words.iter().copied()).take(MAX_PHRASE).collect();
        words.join(" ")
    };
    names.iter().map(with).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_before_what_is_numbered() {
        assert_eq!(named("GR", "tax number"), ["greek tax", "greece tax"]);
        assert_eq!(
            named("ZA", "national identity number"),
            ["south african national", "south africa national"]
        );
        assert_eq!(named("DE", "tin"), ["german tin", "germany tin"]);
        assert_eq!(named("DE", "number"), [""; 0], "anything has one");
        assert_eq!(named("DE", "german id"), ["german id"], "it names one already");
        assert_eq!(named("GR", "αριθμός ταυτότητας"), [""; 0], "the names are English");
        assert_eq!(named("XX", "tax number"), [""; 0]);
    }

    #[test]
    fn countries_are_in_order() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
    }
}
