//! What stands between words and values: whether it parts them, or makes them belong together.

/// Bytes between a value and its name right before it: `NIT: `.
pub(super) const BESIDE_NAME: usize = 3;

/// Whether what stands between two words parts them, so that they are no phrase: `id="4" card="…"` is no id card. A mark
/// right between two letters is that of a Hebrew abbreviation (`ת"ז`).
pub(super) fn parts(between: &[u8]) -> bool {
    between != b"\""
        && (between == b" - "
            || between.iter().any(|byte| byte.is_ascii_digit() || b"\"=<>{}[]|;,:".contains(byte)))
}

/// Whether a word ends here whose own value follows: `itin=931… order_no=99375` says no order of the former, and
/// `died on 26 May 2023. Born on 15 May 1950` no birth.
pub(super) fn is_label(behind: &[u8]) -> bool {
    const LONGEST_BETWEEN: usize = 3;
    let behind = &behind[..behind.len().min(LONGEST_LABEL)];
    let rest = behind.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
    behind.get(rest.count()) == Some(&b'=') || {
        let marks = |text: &[u8]| text.iter().take_while(|b| matches!(b, b' ' | b':' | b'.')).count();
        let marked = marks(behind);
        let rest = &behind[marked..];
        let letters = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let between = if letters <= LONGEST_BETWEEN { letters } else { 0 };
        let rest = &rest[between..];
        let blank = marks(rest);
        (blank > 0 || marked > 0 && between == 0) && rest.get(blank).is_some_and(u8::is_ascii_digit)
    }
}

/// Whether a telephone number follows a word that begins with a mark: `phone +44 …`, `tel. (030) …`. For another telephone number
/// the word speaks all the same.
pub(super) fn is_label_of_phone(behind: &[u8]) -> bool {
    let marks = behind.iter().take(LONGEST_LABEL).take_while(|b| b" :.".contains(b)).count();
    marks > 0 && matches!(behind[marks..], [b'+' | b'(', b'0'..=b'9', ..])
}

/// Bytes behind a word in which its own value begins: what is visible of a text behind them must not count.
const LONGEST_LABEL: usize = 17;

/// Whether what stands on one side is said of something else than what stands on the other: in `Order 5512, tel. 030 1234567`
/// the order has a number of its own.
pub(super) fn parts_topics(between: &[u8]) -> bool {
    between.iter().any(|byte| byte.is_ascii_digit() || b"\n;|".contains(byte))
}

/// Whether another date may stand in a text: a year and a number, or three numbers.
pub(super) fn holds_date(text: &[u8]) -> bool {
    let mut numbers = 0;
    let mut years = 0;
    for digits in text.split(|byte| !byte.is_ascii_digit()).filter(|digits| !digits.is_empty()) {
        numbers += usize::from(digits.len() <= 4);
        years += usize::from(matches!(digits, [b'1', b'9', _, _] | [b'2', b'0', _, _]));
    }
    years > 0 && numbers > 1 || numbers > 2
}

/// Whether a text is a number of telephone digits and hardly a word more, as between a label and the second number behind it.
pub(super) fn is_list_of_numbers(between: &[u8]) -> bool {
    const LEAST_DIGITS: usize = 7;
    const MOST_LETTERS: usize = 8;
    let count = |is: fn(&u8) -> bool| between.iter().filter(|byte| is(byte)).count();
    let is_mark = |byte: &u8| b" ()/-.,;:+&|\n".contains(byte);
    count(u8::is_ascii_digit) >= LEAST_DIGITS
        && between.iter().filter(|byte| !byte.is_ascii_digit() && !is_mark(byte)).count() <= MOST_LETTERS
        && count(|byte| *byte == b'\n') < 2
}

/// What says that the value of a word follows: `my number is 07769 …`, `Ihre Kundennummer lautet 4471882`.
pub(crate) const COPULAS: [&str; 18] = [
    "is", "was", "ist", "war", "lautet", "est", "es", "era", "è", "é", "este", "jest", "to", "je", "är",
    "er", "on", "adalah",
];

/// Bytes between a label of a form and its value.
const MOST_OF_FORM: usize = 32;

/// Whether a value begins right behind a word: `unter 030 123456`, `m: (030) 123456`, `my number is 07769 …`.
pub(super) fn is_right_behind(between: &[u8]) -> bool {
    let is_mark = |byte: &u8| b" :.\t".contains(byte);
    let marks = |between: &[u8]| between.len() <= BESIDE_NAME && between.iter().all(is_mark);
    // In a form: `Expiry ........ 08/27`, `**Expiry** – 08/27`, `| Expiry | 08/27 |`.
    let is_of_form = |byte: &u8| is_mark(byte) || b"=|*-\r\n\xE2\x80\x93\x94".contains(byte);
    let said = between.strip_prefix(b" ").and_then(|said| said.strip_suffix(b" "));
    marks(between)
        || between.len() <= MOST_OF_FORM && between.iter().all(is_of_form)
        || said.is_some_and(|said| COPULAS.iter().any(|copula| copula.as_bytes() == said))
}
