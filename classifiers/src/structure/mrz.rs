//! Lines of machine-readable zones (ICAO Doc 9303 parts 4 to 7), and of the French identity cards of 1995 to 2021, which have
//! a form of their own. Their fillers `<` have places, so they are read as they are written.
//!
//! The check digit over a whole document is not looked at: that of a card spans its lines, visas have none, and the
//! others leave one arbitrary line in a hundred or a thousand, beside dates and places for letters.

const FILLER: u8 = b'<';

/// Whether the raw value is a line that has check digits: the second one of a passport, a visa or a card, or the first one of
/// a small card.
pub(super) fn is_line(raw: &[u8]) -> bool {
    match raw.len() {
        44 => is_second_of_passport(raw),
        36 => is_second_of_passport(raw) || is_second_of_french_card(raw),
        30 => is_first_of_card(raw) || is_second_of_card(raw),
        _ => false,
    }
}

/// Number, nationality, birth, sex, expiry, optional data.
fn is_second_of_passport(raw: &[u8]) -> bool {
    let (number, rest) = raw.split_at(10);
    let (nationality, rest) = rest.split_at(3);
    let (birth, rest) = rest.split_at(7);
    is_number(&number[..9])
        && is_checked(number)
        && is_state(nationality)
        && is_date(birth)
        && is_sex(rest[0])
        && is_expiry(&rest[1..8])
        && rest[8..].iter().all(is_allowed)
}

/// Kind, state, number, optional data. Where the number has more than nine characters, a filler stands in the place of the
/// check digit, and the others and the check digit follow.
fn is_first_of_card(raw: &[u8]) -> bool {
    let (kind, rest) = raw.split_at(2);
    let (state, rest) = rest.split_at(3);
    let (number, optional) = rest.split_at(10);
    let is_long = || {
        let more = optional.split(|&byte| byte == FILLER).next().unwrap_or_default();
        let digits = number[..9].iter().chain(more).copied();
        more.len() > 1 && checks(digits, number.len() - 1 + more.len())
    };
    matches!(kind[0], b'A' | b'C' | b'I')
        && (kind[1].is_ascii_uppercase() || kind[1] == FILLER)
        && is_state(state)
        && is_number(&number[..9])
        && if number[9] == FILLER { is_long() } else { is_checked(number) }
        && optional.iter().all(is_allowed)
}

/// Birth, sex, expiry, nationality, optional data, the check digit of all lines.
fn is_second_of_card(raw: &[u8]) -> bool {
    is_date(&raw[..7])
        && is_sex(raw[7])
        && is_expiry(&raw[8..15])
        && is_state(&raw[15..18])
        && raw[18..29].iter().all(is_allowed)
        && raw[29].is_ascii_digit()
}

/// Year and month of issue, department, number, given names, birth, sex, the check digit of both lines.
fn is_second_of_french_card(raw: &[u8]) -> bool {
    let (number, rest) = raw.split_at(13);
    let (names, rest) = rest.split_at(14);
    let month = pair(&number[2..4]);
    number[..2].iter().chain(&number[7..]).all(u8::is_ascii_digit)
        && month.is_some_and(|month| (1..=12).contains(&month))
        && number[4..7].iter().all(|&byte| byte.is_ascii_digit() || matches!(byte, b'A' | b'B'))
        && is_checked(number)
        && names[0].is_ascii_uppercase()
        && names.iter().all(|&byte| byte.is_ascii_uppercase() || byte == FILLER)
        && is_date(&rest[..7])
        && is_sex(rest[7])
        && rest[8].is_ascii_digit()
}

fn is_allowed(byte: &u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase() || *byte == FILLER
}

/// The number of a document has fillers at most behind it.
fn is_number(number: &[u8]) -> bool {
    let end = number.iter().rposition(|&byte| byte != FILLER).map_or(0, |last| last + 1);
    let number_itself = &number[..end];
    number_itself.iter().all(|byte| is_allowed(byte) && *byte != FILLER)
        && number_itself.iter().any(|&byte| byte != number[0])
}

/// Three letters, or the one of Germany.
fn is_state(state: &[u8]) -> bool {
    state.iter().all(u8::is_ascii_uppercase) || state == b"D<<"
}

fn is_sex(byte: u8) -> bool {
    matches!(byte, b'F' | b'M' | b'X' | FILLER)
}

/// Two digits as a number.
fn pair(digits: &[u8]) -> Option<u8> {
    digits.iter().all(u8::is_ascii_digit).then(|| (digits[0] - b'0') * 10 + digits[1] - b'0')
}

/// Six digits of a date and its check digit. Of a birth the day, or day and month, may be unknown.
fn is_date(date: &[u8]) -> bool {
    let within = |at: usize, last: u8| match &date[at..at + 2] {
        [FILLER, FILLER] => true,
        digits => pair(digits).is_some_and(|number| (1..=last).contains(&number)),
    };
    pair(&date[..2]).is_some() && within(2, 12) && within(4, 31) && is_checked(date)
}

/// Some cards never expire.
fn is_expiry(date: &[u8]) -> bool {
    is_date(date) || date[..6].iter().all(|&byte| byte == FILLER) && matches!(date[6], b'0' | FILLER)
}

/// Whether the last character is the check digit of those before.
fn is_checked(field: &[u8]) -> bool {
    checks(field.iter().copied(), field.len())
}

/// The same of `len` characters.
fn checks(field: impl Iterator<Item = u8>, len: usize) -> bool {
    let mut sum = 0;
    for (i, byte) in field.enumerate() {
        if i + 1 == len {
            return byte.is_ascii_digit() && u32::from(byte - b'0') == sum % 10;
        }
        sum += value(byte) * [7, 3, 1][i % 3];
    }
    false
}

/// A letter is worth its place behind nine, a filler nothing.
fn value(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'Z' => u32::from(byte - b'A') + 10,
        _ => 0,
    }
}

/// Writes the check digits of a line whose fields stand where they belong, to measure with.
pub(crate) fn write_checks(raw: &mut [u8]) {
    let fields: &[(usize, usize)] = match raw.len() {
        30 if raw[0].is_ascii_digit() => &[(0, 6), (8, 14)],
        30 => &[(5, 14)],
        _ => &[(0, 9), (13, 19), (21, 27)],
    };
    for &(from, check) in fields {
        let sum: u32 =
            raw[from..check].iter().zip([7, 3, 1].into_iter().cycle()).map(|(&b, w)| value(b) * w).sum();
        raw[check] = b'0' + (sum % 10) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The specimens of ICAO Doc 9303 and of the states.
    const SPECIMENS: &[&str] = &[
        // Part 4, appendix B: passport.
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
        // Part 5: the three lines of a card but for the names.
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        // Part 6: larger card.
        "D231458907UTO7408122F1204159<<<<<<<6",
        // Part 7: visas.
        "L8988901C4XXX4009078F96121096ZE184226B<<<<<<",
        "L8988901C4XXX4009078F9612109<<<<<<<<",
        // Germany: passport and card.
        "C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4",
        "IDD<<T220001293<<<<<<<<<<<<<<<",
        "6408125<2010315D<<<<<<<<<<<<<4",
        // France: card of 1995.
        "8806923102858CORINNE<<<<<<<6512068F6",
        // Switzerland: card.
        "IDCHEC1234567<0<<<<<<<<<<<<<<<",
        // Belgium: a number of twelve characters.
        "IDBEL000590448<301<<<<<<<<<<<<",
    ];

    #[test]
    fn specimens_are_lines() {
        let refused: Vec<_> = SPECIMENS.iter().filter(|line| !is_line(line.as_bytes())).collect();
        assert!(refused.is_empty(), "{refused:?}");
    }

    #[test]
    fn check_digits_are_looked_at() {
        for line in SPECIMENS {
            let first = if line.starts_with("ID") || line.starts_with("I<") { 5 } else { 0 };
            let mut changed = line.as_bytes().to_vec();
            // The first character of what is checked, which has the weight 7: one more or less.
            changed[first] ^= 1;
            assert!(!is_line(&changed), "{line}");
            assert!(!is_line(&line.as_bytes()[1..]), "{line}");
        }
    }

    #[test]
    fn dates_exist() {
        assert!(is_line(b"7408122F1204159UTO<<<<<<<<<<<6"));
        // 1 January becomes month 31: the check digit is right.
        assert!(!is_line(b"7431122F1204159UTO<<<<<<<<<<<6"));
        assert!(!is_line(b"<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"));
        assert!(!is_line(b"000000000000000000000000000000"));
    }

    #[test]
    fn written_check_digits_are_right() {
        for line in [
            "L898902C30UTO7408120F1204150ZE184226B<<<<<10",
            "I<UTOD231458900<<<<<<<<<<<<<<<",
            "7408120F1204150UTO<<<<<<<<<<<6",
        ] {
            let mut written = line.as_bytes().to_vec();
            write_checks(&mut written);
            assert!(is_line(&written), "{}", String::from_utf8_lossy(&written));
        }
    }
}
