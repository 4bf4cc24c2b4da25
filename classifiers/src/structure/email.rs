//! E-mail addresses: the dot-atom form of RFC 5321 and RFC 6531, which is all that mailboxes use in practice. Quoted
//! local parts and address literals are left out.

use super::table::TOP_LEVEL_DOMAINS;

const LONGEST_LOCAL_PART: usize = 64;
const LONGEST_DOMAIN: usize = 253;
const LONGEST_LABEL: usize = 63;

/// RFC 2606 and RFC 6761.
const RESERVED_TOP_LEVEL_DOMAINS: [&[u8]; 4] = [b"example", b"invalid", b"localhost", b"test"];
const RESERVED_DOMAINS: [&[u8]; 3] = [b"com", b"net", b"org"];

/// Whether the text is an address under a top-level domain that exists or is reserved for examples.
pub(super) fn is_address(raw: &[u8]) -> bool {
    let Some(at) = raw.iter().position(|&b| b == b'@') else { return false };
    let (local, domain) = (&raw[..at], &raw[at + 1..]);
    is_local_part(local) && is_domain(domain) && !is_scaled_image(domain)
}

/// Whether a domain, or the domain of an address, is kept for examples.
pub(super) fn is_example_domain(raw: &[u8]) -> bool {
    let domain = raw.rsplit(|&b| b == b'@').next().unwrap_or(raw);
    let mut labels = domain.rsplit(|&b| b == b'.');
    let (top, second) = (labels.next().unwrap_or_default(), labels.next());
    let is_one_of =
        |known: &[&[u8]], label: &[u8]| known.iter().any(|known| known.eq_ignore_ascii_case(label));
    is_one_of(&RESERVED_TOP_LEVEL_DOMAINS, top)
        || is_one_of(&RESERVED_DOMAINS, top)
            && second.is_some_and(|label| label.eq_ignore_ascii_case(b"example"))
}

/// What a byte may be in an address: a letter or digit, or one of the marks of a local part.
const LETTER_OR_DIGIT: u8 = 1;
const MARK: u8 = 2;

static BYTES: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut i = 0;
    while i < 256 {
        if (i as u8).is_ascii_alphanumeric() || i >= 0x80 {
            bytes[i] = LETTER_OR_DIGIT;
        }
        i += 1;
    }
    let marks = b"!#$%&'*+/=?^_`{|}~-.";
    let mut i = 0;
    while i < marks.len() {
        bytes[marks[i] as usize] = MARK;
        i += 1;
    }
    bytes
};

fn is_local_part(local: &[u8]) -> bool {
    if !(1..=LONGEST_LOCAL_PART).contains(&local.len()) {
        return false;
    }
    let (mut all, mut some, mut before) = (true, 0, b'.');
    for &byte in local {
        let kind = BYTES[usize::from(byte)];
        all &= kind != 0 && !(byte == b'.' && before == b'.');
        some |= kind;
        before = byte;
    }
    // Punctuation alone is a pattern or a scissor line.
    all && before != b'.' && some & LETTER_OR_DIGIT != 0
}

fn is_domain(domain: &[u8]) -> bool {
    let (mut all, mut label, mut before) = (domain.len() <= LONGEST_DOMAIN, 0, b'.');
    let mut dot = None;
    for (i, &byte) in domain.iter().enumerate() {
        if byte == b'.' {
            all &= (1..=LONGEST_LABEL).contains(&(i - label)) && before != b'-';
            (label, dot) = (i + 1, Some(i));
        } else {
            let is_letter = BYTES[usize::from(byte)] == LETTER_OR_DIGIT;
            all &= is_letter || byte == b'-' && before != b'.';
        }
        before = byte;
    }
    let Some(dot) = dot else { return false };
    all && (1..=LONGEST_LABEL).contains(&(domain.len() - label))
        && before != b'-'
        && is_top_level(&domain[dot + 1..])
}

fn is_top_level(label: &[u8]) -> bool {
    let mut lower = [0; LONGEST_LABEL];
    let Some(lower) = lower.get_mut(..label.len()) else { return false };
    lower.copy_from_slice(label);
    lower.make_ascii_lowercase();
    let lower = &*lower;
    TOP_LEVEL_DOMAINS.row(lower).is_some() || RESERVED_TOP_LEVEL_DOMAINS.contains(&lower)
}

/// `logo@2x.zip` is a file for displays of double density.
fn is_scaled_image(domain: &[u8]) -> bool {
    matches!(domain, [b'1'..=b'9', b'x' | b'X', b'.', ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mailboxes_are_accepted() {
        for text in [
            "jane.doe@corp.de",
            "o'brien@mail.co.uk",
            "j+news@a-b.org",
            "JANE@CORP.DE",
            "jörg@bücher.de",
            "x@пример.рф",
            "x@xn--e1afmkfd.xn--p1ai",
            "1@2.fr",
            "someone@example.com",
            "a@b.test",
        ] {
            assert!(is_address(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_no_mailbox_has_is_refused() {
        for text in [
            "jane@corp",
            "jane@corp.notatld",
            "jane@corp.123",
            "@corp.de",
            "jane@",
            ".jane@corp.de",
            "jane.@corp.de",
            "ja..ne@corp.de",
            "jane@-corp.de",
            "jane@corp-.de",
            "jane@corp..de",
            "logo@2x.png",
            "logo@3x.zip",
            "pkg@1.2.3",
            "ja ne@corp.de",
            "a@b@c.de",
            "--@corp.de",
            "no at sign",
            "",
        ] {
            assert!(!is_address(text.as_bytes()), "{text}");
        }
        assert!(!is_address(format!("{}@corp.de", "a".repeat(65)).as_bytes()));
        assert!(!is_address(format!("a@{}.de", "b".repeat(64)).as_bytes()));
        assert!(!is_address(format!("a@b.{}", "c".repeat(64)).as_bytes()));
    }

    #[test]
    fn example_domains_are_told() {
        for text in ["a@example.com", "a@mail.Example.ORG", "a@b.test", "example.net", "host.invalid"] {
            assert!(is_example_domain(text.as_bytes()), "{text}");
        }
        for text in ["a@example.de", "a@myexample.com", "a@example.com.de", "com", ""] {
            assert!(!is_example_domain(text.as_bytes()), "{text}");
        }
    }
}
