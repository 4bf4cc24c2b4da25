//! 68 regular expressions for personal data, of the kind that open-source scanners ship: a yardstick for the rate of
//! regex engines, and nothing that Domesday uses.

use regex_automata::meta::{BuildError, Config, Regex};
use regex_automata::util::syntax;

/// All patterns in one engine, with 64 MB for its lazy DFA: with the default of 2 MB it is ten times slower.
///
/// # Errors
/// When a pattern does not compile.
pub fn engine() -> Result<Regex, Box<BuildError>> {
    let patterns: Vec<&str> = PATTERNS.iter().map(|(_, pattern)| *pattern).collect();
    Regex::builder()
        .configure(Config::new().hybrid_cache_capacity(64 << 20).utf8_empty(false))
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .build_many(&patterns)
        .map_err(Box::new)
}

/// Name and expression. Bytes, not Unicode.
pub const PATTERNS: [(&str, &str); 68] = [
    ("email", r"\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,12}\b"),
    ("phone_international", r"\+[1-9]\d{0,2}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}\b"),
    ("phone_us", r"\(?\b[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}\b"),
    ("phone_gb", r"\b0\d{3,4}[ -]?\d{3}[ -]?\d{3,4}\b"),
    ("phone_de", r"\b0[1-9]\d{1,4}[ /-]\d{3,9}\b"),
    ("phone_fr", r"\b0[1-9](?:[ .-]?\d{2}){4}\b"),
    ("phone_es", r"\b[6-9]\d{2}[ -]?\d{3}[ -]?\d{3}\b"),
    ("phone_in", r"\b[6-9]\d{4}[ -]?\d{5}\b"),
    ("phone_br", r"\(\d{2}\) ?9?\d{4}-\d{4}\b"),
    ("card", r"\b(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|6011|65\d{2})[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b"),
    ("card_amex", r"\b3[47]\d{2}[ -]?\d{6}[ -]?\d{5}\b"),
    ("card_diners", r"\b3(?:0[0-5]|[68]\d)\d[ -]?\d{6}[ -]?\d{4}\b"),
    ("card_jcb", r"\b(?:2131|1800|35\d{3})\d{11}\b"),
    ("track1", r"%B\d{13,19}\^[A-Z /]{2,26}\^\d{7}"),
    ("track2", r";\d{13,19}=\d{7}"),
    ("cvv", r"(?i)\bcv[vc]2?[: ]{1,3}\d{3,4}\b"),
    ("iban", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"),
    ("bic", r"\b[A-Z]{4}(?:DE|ES|FR|GB|IT|NL|PL|US|CH|AT)[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b"),
    ("us_routing", r"\b(?:0[1-9]|[12]\d|3[0-2])\d{7}\b"),
    ("bitcoin", r"\b[13][a-km-zA-HJ-NP-Z1-9]{25,34}\b"),
    ("bitcoin_bech32", r"\bbc1[ac-hj-np-z02-9]{25,59}\b"),
    ("ethereum", r"\b0x[0-9a-fA-F]{40}\b"),
    ("ipv4", r"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b"),
    ("ipv6", r"\b(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}\b"),
    ("ipv6_short", r"\b(?:[0-9a-fA-F]{1,4}:){1,6}:(?:[0-9a-fA-F]{1,4}:){0,5}[0-9a-fA-F]{1,4}\b"),
    ("mac", r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b"),
    ("imei", r"\b\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d\b"),
    ("vin", r"\b[A-HJ-NPR-Z0-9]{17}\b"),
    ("jwt", r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    ("url_userinfo", r"\bhttps?://[^\s/:@]{1,64}:[^\s/:@]{1,64}@[^\s/]{1,128}"),
    ("date_iso", r"\b(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b"),
    ("date_eu", r"\b(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|1[0-2])[./](?:19|20)\d{2}\b"),
    ("date_us", r"\b(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)\d{2}\b"),
    (
        "date_words",
        r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}\b",
    ),
    ("coordinates", r"-?\b[1-8]?\d\.\d{4,8}, ?-?1?[0-7]?\d\.\d{4,8}\b"),
    (
        "street",
        r"\b\d{1,5} (?:[A-Z][a-z]{2,20} ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd)\b",
    ),
    ("street_de", r"\b[A-Z][a-z]{2,20}(?:straße|strasse|weg|platz|allee) \d{1,4}[a-z]?\b"),
    ("us_zip4", r"\b\d{5}-\d{4}\b"),
    ("gb_postcode", r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"),
    ("ca_postcode", r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d\b"),
    ("nl_postcode", r"\b[1-9]\d{3} [A-Z]{2}\b"),
    ("us_ssn", r"\b[0-8]\d{2}-\d{2}-\d{4}\b"),
    ("us_itin", r"\b9\d{2}-[5-9]\d-\d{4}\b"),
    ("us_ein", r"\b\d{2}-\d{7}\b"),
    ("us_passport", r"\b[A-Z]\d{8}\b"),
    (
        "us_mbi",
        r"\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b",
    ),
    ("us_dea", r"\b[A-Z][A-Z9]\d{7}\b"),
    ("gb_nino", r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"),
    ("gb_nhs", r"\b\d{3}[ -]\d{3}[ -]\d{4}\b"),
    ("ca_sin", r"\b\d{3}[ -]\d{3}[ -]\d{3}\b"),
    ("de_tax_id", r"\b[1-9]\d{10}\b"),
    ("de_social", r"\b\d{8}[A-Z]\d{3}\b"),
    ("de_id_card", r"\b[CFGHJKLMNPRTVWXYZ0-9]{9}\d?D?\b"),
    ("fr_nir", r"\b[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}\b"),
    ("es_dni", r"\b\d{8}-?[A-HJ-NP-TV-Z]\b"),
    ("es_nie", r"\b[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]\b"),
    ("it_codice_fiscale", r"\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b"),
    ("pl_pesel", r"\b\d{2}(?:[02468][1-9]|[13579][0-2])(?:0[1-9]|[12]\d|3[01])\d{5}\b"),
    ("nl_bsn", r"\b\d{4}\.?\d{2}\.?\d{3}\b"),
    ("be_national", r"\b\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}\b"),
    ("se_personnummer", r"\b(?:19|20)?\d{6}[-+]\d{4}\b"),
    ("fi_hetu", r"\b\d{6}[-+A]\d{3}[0-9A-Y]\b"),
    ("dk_cpr", r"\b(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-\d{4}\b"),
    ("ch_ahv", r"\b756\.\d{4}\.\d{4}\.\d{2}\b"),
    ("br_cpf", r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b"),
    ("in_aadhaar", r"\b[2-9]\d{3} \d{4} \d{4}\b"),
    ("in_pan", r"\b[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]\b"),
    ("sg_nric", r"\b[STFG]\d{7}[A-Z]\b"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_compile_together_and_find_what_they_are_for() {
        let engine = engine().expect("the patterns compile");
        let name = |text: &str| engine.find(text).map(|found| PATTERNS[found.pattern().as_usize()].0);
        assert_eq!(name("write to jane.doe@corp.example today"), Some("email"));
        assert_eq!(name("IBAN DE89 3704 0044 0532 0130 00"), Some("iban"));
        assert_eq!(name("on 2025-02-28"), Some("date_iso"));
        assert_eq!(name("from 192.0.2.17"), Some("ipv4"));
        assert_eq!(name("SSN 536-22-8145"), Some("us_ssn"));
        assert_eq!(name("nothing in here"), None);
    }
}
