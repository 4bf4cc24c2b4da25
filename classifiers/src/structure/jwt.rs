//! JSON Web Tokens: only the header is looked into, and only as far as to tell it from other base64.

/// Shorter signatures than 20 characters no algorithm of RFC 7518 makes.
const SHORTEST_SIGNATURE: usize = 20;
const LONGEST_HEADER: usize = 2048;

/// Whether the text is three parts of base64url, the first of which is a JSON object with the member `alg`, which
/// RFC 7515 demands, and the second of which begins as a JSON object.
pub(super) fn is_signed_token(raw: &[u8]) -> bool {
    let mut parts = raw.split(|&b| b == b'.');
    let (Some(header), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    header.len() <= LONGEST_HEADER
        && [header, claims, signature].iter().all(|part| part.iter().all(|&b| sextet(b).is_some()))
        && signature.len() >= SHORTEST_SIGNATURE
        && is_header(header)
        && decoded(claims).next() == Some(b'{')
}

fn is_header(part: &[u8]) -> bool {
    const MEMBER: &[u8] = b"\"alg\"";
    let mut last = None;
    let mut matched = 0;
    for (i, byte) in decoded(part).enumerate() {
        if i == 0 && byte != b'{' || byte.is_ascii_control() && !byte.is_ascii_whitespace() {
            return false;
        }
        if matched < MEMBER.len() {
            // The quotation mark at its start is the only character that can begin it anew.
            matched = if byte == MEMBER[matched] { matched + 1 } else { usize::from(byte == MEMBER[0]) };
        }
        last = Some(byte);
    }
    matched == MEMBER.len() && last == Some(b'}')
}

/// The bytes that base64url without padding stands for. Ends early at a foreign character.
fn decoded(part: &[u8]) -> impl Iterator<Item = u8> {
    part.chunks(4).flat_map(|chunk| {
        let bits = chunk.iter().fold(0u32, |bits, &b| bits << 6 | u32::from(sextet(b).unwrap_or(0)));
        let bytes = (bits << (6 * (4 - chunk.len()))).to_be_bytes();
        bytes.into_iter().skip(1).take(chunk.len() * 6 / 8)
    })
}

fn sextet(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => Some(character - b'A'),
        b'a'..=b'z' => Some(character - b'a' + 26),
        b'0'..=b'9' => Some(character - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_from_other_base64() {
        // RFC 7515, appendix A.1.
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9le\
                     GFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(is_signed_token(token.as_bytes()));
        let (header, rest) = token.split_once('.').unwrap();
        for other in [
            "",
            "..",
            "a.b.c",
            header,
            rest,
            &format!("eyJ0eXAiOiJKV1QifQ.{rest}"),
            &format!("{header}.{header}"),
            &token[..token.len() - 30],
            &format!("{token}.{header}"),
            &token.replace("eyJpc3", "!yJpc3"),
            &format!("e30.{rest}"),
        ] {
            assert!(!is_signed_token(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn base64url_is_decoded() {
        assert!(decoded(b"eyJhIjoxfQ").eq(*b"{\"a\":1}"));
        assert!(decoded(b"").next().is_none() && decoded(b"e").next().is_none());
    }
}
