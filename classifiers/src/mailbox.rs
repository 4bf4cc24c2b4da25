//! What stands around an `@` that can be an e-mail address.

use crate::automaton::LONGEST_MATCH;
use crate::words::{char_at, char_before, is_unspaced};

/// RFC 5321 allows 64 bytes before the `@` and 255 behind it.
pub(crate) const LONGEST_LOCAL_PART: usize = 64;
pub(crate) const LONGEST_DOMAIN: usize = 255;

/// The longest run around the `@` that can be an address; what it is worth, the detector's rules decide.
pub(crate) fn address_around(text: &[u8], (lo, hi): (usize, usize), at: usize) -> Option<(usize, usize)> {
    let local = |b: &u8| Around::LocalPart.has(*b);
    let domain = |b: &u8| Around::Domain.has(*b);
    let from = lo.max(at.saturating_sub(LONGEST_LOCAL_PART + 1));
    let length = text[from..at].iter().rev().take_while(|b| local(b)).count();
    if length > LONGEST_LOCAL_PART {
        return None;
    }
    let mut start = at - length;
    while start < at && matches!(text[start], b'.' | b'-' | b'\'' | b'+') {
        start += 1;
    }
    if !text[start..at].is_ascii() {
        start = after_foreign_punctuation(text, start, at);
        start = after_unspaced(text, start, at);
    }
    let to = hi.min(at + 1 + LONGEST_DOMAIN);
    let mut end = at + 1 + text[at + 1..to].iter().take_while(|b| domain(b)).count();
    if !text[at + 1..end].is_ascii() {
        end = before_foreign_punctuation(text, at + 1, end);
        end = before_unspaced(text, at + 1, end);
    }
    while end > at + 1 && matches!(text[end - 1], b'.' | b'-') {
        end -= 1;
    }
    (start < at && end > at + 1 && end - start <= LONGEST_MATCH).then_some((start, end))
}

/// The two parts of an address.
#[derive(Clone, Copy)]
pub(crate) enum Around {
    LocalPart,
    Domain,
}

impl Around {
    /// Whether a byte may stand there.
    pub(crate) const fn has(self, byte: u8) -> bool {
        let where_it_may = AROUND_AT[byte as usize];
        match self {
            Self::LocalPart => where_it_may >= IN_LOCAL_PART,
            Self::Domain => where_it_may == IN_BOTH,
        }
    }
}

/// Where bytes may stand around an `@`.
const IN_LOCAL_PART: u8 = 1;
const IN_BOTH: u8 = 2;

static AROUND_AT: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut i = 0;
    while i < 256 {
        bytes[i] = match i as u8 {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. | b'.' | b'-' => IN_BOTH,
            b'_' | b'+' | b'\'' => IN_LOCAL_PART,
            _ => 0,
        };
        i += 1;
    }
    bytes
};

/// In scripts that put no blanks between words, a sentence goes on right beside an address: `アドレスはanna@example.jpです`. All of
/// `用户` may be one all the same.
fn after_unspaced(text: &[u8], start: usize, at: usize) -> usize {
    let ascii = at - text[start..at].iter().rev().take_while(|byte| byte.is_ascii()).count();
    let parts = start < ascii && ascii < at && char_before(text, ascii).is_some_and(is_unspaced);
    if parts { ascii } else { start }
}

fn before_unspaced(text: &[u8], start: usize, end: usize) -> usize {
    let ascii = start + text[start..end].iter().take_while(|byte| byte.is_ascii()).count();
    let domain = &text[start..ascii];
    let is_whole = domain.contains(&b'.') && domain.last().is_some_and(u8::is_ascii_alphanumeric);
    if is_whole && ascii < end && char_at(&text[..end], ascii).0.is_some_and(is_unspaced) {
        ascii
    } else {
        end
    }
}

/// Quotation marks and spaces beyond ASCII are no part of an address.
fn after_foreign_punctuation(text: &[u8], start: usize, at: usize) -> usize {
    let mut first = start;
    let mut i = start;
    while i < at {
        let (c, len) = char_at(&text[..at], i);
        i += len;
        if !c.is_some_and(|c| c.is_ascii() || c.is_alphanumeric()) {
            first = i;
        }
    }
    first
}

fn before_foreign_punctuation(text: &[u8], start: usize, end: usize) -> usize {
    let mut i = start;
    while i < end {
        let (c, len) = char_at(&text[..end], i);
        if !c.is_some_and(|c| c.is_ascii() || c.is_alphanumeric()) {
            return i;
        }
        i += len;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<&str> {
        let at = text.find('@').unwrap();
        address_around(text.as_bytes(), (0, text.len()), at).map(|(start, end)| &text[start..end])
    }

    #[test]
    fn an_address_ends_where_punctuation_begins() {
        assert_eq!(address("“jörg.maß@bücher.de”, …"), Some("jörg.maß@bücher.de"));
        assert_eq!(address("(see 'a.b+c@d.org')."), Some("a.b+c@d.org"));
        assert_eq!(address("mail=a@b.org."), Some("a@b.org"));
        assert_eq!(address("@b.org"), None);
        assert_eq!(address("a@"), None);
        assert_eq!(address(&format!("{}@b.org", "a".repeat(65))), None);
    }
}
