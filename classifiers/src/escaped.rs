//! E-mail addresses whose `@` is escaped: `jane%40corp.de` in URLs, `jane&#64;corp.de` in the source of pages.
//!
//! They are looked for by the escape alone, apart from the candidates: so little of any text is one that its surroundings
//! can be copied. A format could not undo these escapes without knowing which part of a text is a URL or a page.

use std::borrow::Cow;

use memchr::{memchr2_iter, memmem};

use crate::mailbox::{Around, LONGEST_DOMAIN, LONGEST_LOCAL_PART, address_around};

/// An escape takes no more bytes.
const LONGEST_ESCAPE: usize = 10;

/// How an `@` is escaped, and what stands around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Escapes {
    /// RFC 3986, section 2.1.
    Percent,
    /// Character references of HTML.
    References,
}

impl Escapes {
    /// By the byte that an escape begins with.
    const fn of(first: u8) -> Self {
        if first == b'%' { Self::Percent } else { Self::References }
    }

    /// What the escape at the start of `text` stands for, and its length.
    fn decode(self, text: &[u8]) -> Option<(char, usize)> {
        let number = |digits: &[u8], radix| {
            let digit = |number: u32, digit: &u8| Some(number * radix + char::from(*digit).to_digit(radix)?);
            digits.iter().try_fold(0, digit).filter(|_| !digits.is_empty())
        };
        match self {
            Self::Percent => {
                let [b'%', digits @ ..] = text.get(..3)? else { return None };
                // Characters beyond ASCII take several, and are left as they are.
                let number = number(digits, 16).filter(|number| *number < 0x80)?;
                Some((char::from_u32(number)?, 3))
            }
            Self::References if text.first() == Some(&b'&') => {
                let end = text.iter().take(LONGEST_ESCAPE).position(|b| *b == b';')?;
                let c = match text.get(..end)? {
                    b"&commat" => '@',
                    b"&period" => '.',
                    b"&lowbar" => '_',
                    b"&plus" => '+',
                    [b'&', b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
                    [b'&', b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
                    _ => return None,
                };
                Some((c, end + 1))
            }
            Self::References => None,
        }
    }

    /// The character at the start of `text`, escaped or not, and its length. Of one beyond ASCII it is a byte.
    fn first(self, text: &[u8]) -> Option<(Character, usize)> {
        let &byte = text.first()?;
        Some(
            self.decode(text)
                .map_or((Character::Plain(byte), 1), |(c, length)| (Character::Escaped(c), length)),
        )
    }

    /// As [`Self::first`], at the end of `text`.
    fn last(self, text: &[u8]) -> Option<(Character, usize)> {
        let &byte = text.last()?;
        let start = match self {
            Self::Percent => text.len().checked_sub(3),
            Self::References if byte == b';' => {
                let from = text.len().saturating_sub(LONGEST_ESCAPE);
                memchr::memrchr(b'&', &text[from..]).map(|at| from + at)
            }
            Self::References => None,
        };
        let ends = |&(start, (_, length)): &(usize, (char, usize))| start + length == text.len();
        let escape = start.and_then(|start| Some((start, self.decode(&text[start..])?))).filter(ends);
        Some(escape.map_or((Character::Plain(byte), 1), |(_, (c, length))| (Character::Escaped(c), length)))
    }

    /// Undoes the escapes of `text`, and calls `each` with the place of each byte of what comes out.
    fn undo(self, text: &[u8], mut each: impl FnMut(usize)) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut at = 0;
        while let Some((c, length)) = self.first(&text[at..]) {
            let from = out.len();
            match c {
                Character::Plain(byte) => out.push(byte),
                Character::Escaped(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
            (from..out.len()).for_each(|_| each(at));
            at += length;
        }
        out
    }
}

/// What may be a character of an address.
#[derive(Clone, Copy)]
enum Character {
    Plain(u8),
    Escaped(char),
}

impl Character {
    fn stands(self, around: Around) -> bool {
        match self {
            Self::Plain(byte) => around.has(byte),
            Self::Escaped(c) => around.has(u8::try_from(c).unwrap_or(u8::MAX)),
        }
    }
}

/// An address around an escaped `@`.
pub(crate) struct EscapedAddress {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Without escapes.
    pub(crate) plain: Vec<u8>,
}

/// Calls `each` with the place of every escaped `@` in `text[from..to]`.
pub(crate) fn each_at_sign(text: &[u8], (from, to): (usize, usize), mut each: impl FnMut(usize)) {
    for at in memchr2_iter(b'%', b'&', &text[from..to]).map(|at| from + at) {
        // Most of these marks are no such escapes.
        let may_be = matches!(text[at + 1..], [b'4', b'0', ..] | [b'#' | b'c', ..]);
        if may_be && Escapes::of(text[at]).decode(&text[at..]).is_some_and(|(c, _)| c == '@') {
            each(at);
        }
    }
}

/// The address around the escaped `@` at `at`, in `text[lo..hi]`.
pub(crate) fn around(text: &[u8], (lo, hi): (usize, usize), at: usize) -> Option<EscapedAddress> {
    let escapes = Escapes::of(text[at]);
    let (_, length) = escapes.decode(&text[at..hi]).filter(|(c, _)| *c == '@')?;
    // No farther than an address may reach, and never over another `@`: texts of many are read in one go all the same.
    let mut first = at;
    for _ in 0..=LONGEST_LOCAL_PART {
        let Some((_, length)) = escapes.last(&text[lo..first]).filter(|(c, _)| c.stands(Around::LocalPart))
        else {
            break;
        };
        first -= length;
    }
    let mut last = at + length;
    for _ in 0..LONGEST_DOMAIN {
        let Some((_, length)) = escapes.first(&text[last..hi]).filter(|(c, _)| c.stands(Around::Domain))
        else {
            break;
        };
        last += length;
    }
    let mut places = Vec::new();
    let plain = escapes.undo(&text[first..last], |place| places.push(first + place));
    let sign = places.partition_point(|&place| place < at);
    let (start, end) = address_around(&plain, (0, plain.len()), sign)?;
    Some(EscapedAddress {
        start: places[start],
        end: places.get(end).copied().unwrap_or(last),
        plain: plain[start..end].to_vec(),
    })
}

/// The address without escapes. One with an `@` has none: `%` may be a letter of it.
pub(crate) fn plain(address: &[u8]) -> Cow<'_, [u8]> {
    if address.contains(&b'@') {
        return Cow::Borrowed(address);
    }
    let first = if memmem::find(address, b"%40").is_some() { b'%' } else { b'&' };
    Cow::Owned(Escapes::of(first).undo(address, |_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Addresses as they are written, and without escapes.
    fn addresses(text: &str) -> Vec<(&str, String)> {
        let mut found = Vec::new();
        each_at_sign(text.as_bytes(), (0, text.len()), |at| {
            let address = around(text.as_bytes(), (0, text.len()), at);
            let told = |a: EscapedAddress| (&text[a.start..a.end], String::from_utf8(a.plain).expect("text"));
            found.extend(address.map(told));
        });
        found
    }

    #[test]
    fn an_address_is_where_its_escapes_are() {
        for (text, written, address) in [
            ("/u?mail=anna.berg%40corp.de&x=1", "anna.berg%40corp.de", "anna.berg@corp.de"),
            ("?q=mail%3Danna%2Bshop%40corp.de", "anna%2Bshop%40corp.de", "anna+shop@corp.de"),
            ("?q=%22anna%40corp.de%22", "anna%40corp.de", "anna@corp.de"),
            ("<p>anna&#64;corp.de</p>", "anna&#64;corp.de", "anna@corp.de"),
            ("anna&#x40;corp&#46;de.", "anna&#x40;corp&#46;de", "anna@corp.de"),
            ("&lt;anna&commat;corp.de&gt;", "anna&commat;corp.de", "anna@corp.de"),
            (
                "&#109;&#x61;&#105;&#108;to:&#97;nn&#x61;&#064;corp.d&#101;",
                "&#97;nn&#x61;&#064;corp.d&#101;",
                "anna@corp.de",
            ),
        ] {
            assert_eq!(addresses(text), [(written, address.to_owned())], "{text}");
            assert_eq!(plain(written.as_bytes()), address.as_bytes());
        }
        assert_eq!(addresses("a%40b.de,c%40d.de").len(), 2);
        for none in ["%40corp.de", "width:10%40", "anna &#64; corp.de", "&#64;", "a&#640;b.de"] {
            assert!(addresses(none).is_empty(), "{none}");
        }
        assert_eq!(plain(b"anna%40corp.de@relay.de"), &b"anna%40corp.de@relay.de"[..]);
    }
}
