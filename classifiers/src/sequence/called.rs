//! What says that a number is that of a telephone where no word does: a sign or a letter right before it (`☎ 06221 503812`, `T: 030
//! 901820`), and its place in the signature of a letter or in a record of a list.

/// What a sign before it is worth, and its place.
const MARKED: i32 = 400;
const PLACED: i32 = 300;
/// Signs of telephones, before a number.
const SIGNS: [&str; 8] = ["☎", "☏", "✆", "📞", "📱", "📲", "🕻", "🖁"];
/// What may follow a sign: that it is to be shown in colours, or not.
const SELECTORS: [&str; 2] = ["\u{fe0f}", "\u{fe0e}"];
/// Letters for telephone, mobile, private, fax, home, cell, office, work and direct in the languages that write so.
const LETTERS: &[u8] = b"TMPFHCOWD";
/// The same beyond ASCII.
const WIDE_LETTERS: [&str; 6] = ["Т", "М", "Ф", "т", "м", "Τ"];
/// Words for the extension of a telephone.
const EXTENSIONS: [&str; 16] = [
    "extension",
    "extensión",
    "ext",
    "ramal",
    "poste",
    "durchwahl",
    "wew",
    "dahili",
    "interno",
    "anexo",
    "klapa",
    "mellék",
    "toestel",
    "anknytning",
    "доб",
    "вн",
];
/// Lines of a signature above a number, and below it.
const MOST_ABOVE: usize = 6;
const MOST_BELOW: usize = 3;
/// Bytes of a number behind `P.`.
const LEAST_PRIVATE: usize = 10;
/// Bytes of a line of a signature.
const LONGEST_LINE: usize = 72;
/// Words of a line that is a name.
const MOST_WORDS: usize = 5;
/// Digits of a number that may stand in a signature.
const LEAST_DIGITS: usize = 7;
/// Bytes of a record to either side of a number.
const LONGEST_RECORD: usize = 300;
/// Bytes of a number whose groups may count upwards.
const MOST_COUNTED: usize = 11;
/// Bytes of a field that is a name.
const LONGEST_NAME: usize = 48;

/// Parts of words that say that another number follows in the next line.
const OTHER_NUMBERS: [&str; 16] = [
    "numm",
    "numb",
    "numé",
    "núme",
    "nume",
    "номер",
    "číslo",
    "broj",
    "konto",
    "account",
    "order",
    "code",
    "ref",
    " id",
    "nr",
    "no.",
];

/// A number in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'a> {
    pub(super) text: &'a [u8],
    pub(super) lo: usize,
    pub(super) hi: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Number<'_> {
    /// What says that it is that of a telephone is worth, in thousandths. `is_name_end` says whether a person's name ends at a place.
    pub(super) fn points(self, is_name_end: impl Fn(usize) -> bool) -> i32 {
        match () {
            () if !self.has_many_digits() => 0,
            () if self.is_extended() || self.is_behind_sign() => MARKED,
            () if self.is_signed(&is_name_end) || self.is_in_record(&is_name_end) => PLACED,
            () => 0,
        }
    }

    /// Whether it has more than a few digits that repeat, and no groups that count: `010 011 100`, `27 28 29 30`.
    fn has_many_digits(&self) -> bool {
        let raw = self.raw();
        let seen = raw.iter().filter(|byte| byte.is_ascii_digit());
        let seen = seen.fold(0u16, |seen, digit| seen | 1 << (digit - b'0'));
        let value = |group: &[u8]| group.iter().fold(0, |n, digit| n * 10 + i64::from(digit & 15));
        let mut groups = raw.split(|byte| !byte.is_ascii_digit()).map(value);
        let mut last = groups.next();
        let is_row = groups.clone().count() > 1
            && raw.len() <= MOST_COUNTED
            && groups.all(|group| last.replace(group) == Some(group - 1));
        seen.count_ones() > 3 && !is_row
    }

    fn raw(&self) -> &[u8] {
        &self.text[self.start..self.end]
    }

    /// Whether the number of an extension follows: `ext. 12`, `доб. 123`.
    fn is_extended(&self) -> bool {
        let behind = self.line(self.end);
        let marks = behind.iter().take(3).take_while(|byte| b" ,;(".contains(byte)).count();
        let rest = &behind[marks..];
        let length = |word: &str| {
            let is_word =
                rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
            is_word.then_some(word.len())
        };
        let Some(len) = EXTENSIONS.iter().find_map(|word| length(word)).filter(|_| marks > 0) else {
            return false;
        };
        let gap = rest[len..].iter().take(3).take_while(|byte| b" .:".contains(byte)).count();
        gap > 0 && rest.get(len + gap).is_some_and(u8::is_ascii_digit)
    }

    /// Whether a sign of a telephone stands right before, or a letter that is one.
    fn is_behind_sign(&self) -> bool {
        let before = &self.text[self.lo..self.start];
        let marks = before.iter().rev().take(4).take_while(|byte| b" \t:.)]".contains(byte)).count();
        let (front, gap) = before.split_at(before.len() - marks);
        let bare = SELECTORS.iter().find_map(|mark| front.strip_suffix(mark.as_bytes())).unwrap_or(front);
        if SIGNS.iter().any(|sign| bare.ends_with(sign.as_bytes())) {
            return true;
        }
        let wide = WIDE_LETTERS.iter().find_map(|letter| front.strip_suffix(letter.as_bytes()));
        let plain = front.split_last().filter(|(letter, _)| LETTERS.contains(&letter.to_ascii_uppercase()));
        let Some(rest) = wide.or(plain.map(|(_, rest)| rest)).filter(|_| marks > 0) else { return false };
        let is_marked = gap.contains(&b':') || gap.contains(&b'.');
        // `p. 8577-8582` are pages.
        let is_pages = front.last().is_some_and(|letter| letter.eq_ignore_ascii_case(&b'p'))
            && self.raw().len() < LEAST_PRIVATE;
        let is_capital = front.last().is_some_and(|letter| !letter.is_ascii_lowercase());
        // `41 42 43 44` behind a letter is what a file holds.
        let is_pairs = self.raw().split(|byte| *byte == b' ').all(|group| group.len() == 2);
        !(is_pages || is_pairs && self.raw()[0] != b'0')
            && (is_marked || is_capital)
            && opens_field(rest, is_marked)
    }

    /// Whether it stands in a line of its own below a person's name or e-mail address, or above such an address, with
    /// lines between them that say what the person is.
    fn is_signed(&self, is_name_end: &impl Fn(usize) -> bool) -> bool {
        let line = self.line_start(self.start);
        let before = &self.text[line..self.start];
        let behind = self.line(self.end);
        let is_alone = before.len() <= 8
            && !before.iter().any(u8::is_ascii_digit)
            && behind.trim_ascii().first().is_none_or(|byte| b"|/,;(-".contains(byte) || *byte >= 0x80);
        if !is_alone || !self.is_written() {
            return false;
        }
        let (mut at, mut gaps) = (line, 0);
        for _ in 0..MOST_ABOVE {
            if at <= self.lo {
                break;
            }
            let start = self.line_start(at - 1);
            let above = self.text[start..at - 1].trim_ascii_end();
            let end = start + above.len();
            at = start;
            if above.is_empty() {
                gaps += 1;
                // An empty line parts what is signed from what is not.
                if gaps > 1 { break } else { continue }
            }
            if above.len() > LONGEST_LINE || says_number(above) {
                return false;
            }
            let words = above.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).count();
            if above.contains(&b'@') || words <= MOST_WORDS && is_name_end(end) {
                return true;
            }
            if matches!(above.last(), Some(b'.' | b':' | b'!' | b'?')) {
                break;
            }
        }
        let mut at = self.end + behind.len();
        (0..MOST_BELOW).any(|_| {
            let below = self.line((at + 1).min(self.hi));
            at = (at + 1 + below.len()).min(self.hi);
            below.len() <= LONGEST_LINE && is_address_alone(below)
        })
    }

    /// Whether it is a field of a line of fields, of which another one is a person's name or e-mail address.
    fn is_in_record(&self, is_name_end: &impl Fn(usize) -> bool) -> bool {
        let Some(from) = self.record_start() else { return false };
        let behind = self.line(self.end);
        let to = self.end + behind.len();
        let before = &self.text[from..self.start];
        if before.is_empty() && behind.is_empty() || !self.is_written() || self.is_sum() {
            return false;
        }
        if !ends_field(before) || !begins_field(behind) {
            return self.is_in_list(from, behind, is_name_end);
        }
        let mut start = from;
        while start < to {
            let len = (start..to).take_while(|at| !parts_fields(&self.text[*at..to])).count();
            let field = self.text[start..start + len].trim_ascii();
            let is_capital = field.first().is_some_and(|byte| byte.is_ascii_uppercase() || *byte >= 0x80);
            let end = start + self.text[start..start + len].trim_ascii_end().len();
            if is_address_alone(field)
                || is_capital && field.len() <= LONGEST_NAME && field.contains(&b' ') && is_name_end(end)
            {
                return true;
            }
            start += len + 1;
        }
        false
    }

    /// `Kowalska Anna, ul. Długa 5, Gdańsk, 58 482 93 71`: whether it ends a line, or a part of one, that begins with a name.
    fn is_in_list(&self, from: usize, behind: &[u8], is_name_end: &impl Fn(usize) -> bool) -> bool {
        let before = &self.text[from..self.start];
        let ends = matches!(behind, [] | [b',' | b'\r', ..]);
        let first = before.iter().take_while(|byte| **byte != b',').count();
        let commas = before.iter().filter(|byte| **byte == b',').count();
        // What is said of somebody is no part of a list: `Ann Lee, owner since 2019, 085.7617570`.
        let is_part = |part: &[u8]| {
            let part = part.trim_ascii();
            let word = part.split(|byte| *byte == b' ').next().unwrap_or_default();
            !part.first().is_some_and(u8::is_ascii_lowercase) || word.ends_with(b".")
        };
        ends && commas > 1
            && before.ends_with(b", ")
            && before.split(|byte| *byte == b',').all(is_part)
            && first <= LONGEST_NAME
            && is_name_end(from + first)
    }

    /// Whether it is written in groups, as numbers of telephones are.
    fn is_written(&self) -> bool {
        let raw = self.raw();
        let digits = raw.iter().filter(|byte| byte.is_ascii_digit()).count();
        digits >= LEAST_DIGITS && digits < raw.len()
    }

    /// Whether it may be a sum, whose groups are thousands.
    fn is_sum(&self) -> bool {
        let raw = self.raw();
        let is_of_threes = || raw.split(|byte| !byte.is_ascii_digit()).skip(1).all(|group| group.len() == 3);
        raw[0] != b'0'
            && raw.iter().all(|byte| byte.is_ascii_digit() || b" .".contains(byte))
            && is_of_threes()
    }

    /// Where the line of a place begins.
    fn line_start(&self, at: usize) -> usize {
        let from = at.saturating_sub(LONGEST_RECORD).max(self.lo);
        memchr::memrchr(b'\n', &self.text[from..at]).map_or(from, |newline| from + newline + 1)
    }

    /// Where the line of the number begins, unless it is too long for a record.
    fn record_start(&self) -> Option<usize> {
        let start = self.line_start(self.start);
        (start == self.lo || self.text[start - 1] == b'\n').then_some(start)
    }

    /// The rest of the line of a place.
    fn line(&self, at: usize) -> &[u8] {
        let rest = &self.text[at..self.hi.min(at + LONGEST_RECORD)];
        &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())]
    }
}

/// Whether a letter may be the label of a number behind `before`: it begins a line or a field, or ends one that says nothing else.
fn opens_field(before: &[u8], is_marked: bool) -> bool {
    match before {
        [] | [.., b'\n' | b'\t' | b'|' | b'[' | b'*' | b'/'] | [.., b' ', b' '] => true,
        [front @ .., b' '] => {
            let dash = ["–", "—", "•", "·", "|", "-", "/", ",", ";"];
            dash.iter().any(|mark| front.ends_with(mark.as_bytes()))
                || is_marked && front.last().is_some_and(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// Whether a text is an e-mail address, perhaps in brackets or behind a short label.
fn is_address_alone(text: &[u8]) -> bool {
    text.contains(&b'@') && text.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).count() <= 3
}

/// Whether a line says that the number of something else follows.
fn says_number(line: &[u8]) -> bool {
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let begins = |rest: &str, part: &str| {
        let mut small = rest.chars().flat_map(char::to_lowercase);
        part.chars().all(|c| small.next() == Some(c))
    };
    // A line with a number of its own has had it.
    !line.contains(|c: char| c.is_ascii_digit())
        && line.char_indices().any(|(at, _)| OTHER_NUMBERS.iter().any(|part| begins(&line[at..], part)))
}

/// Whether a field ends at the beginning of a text.
fn parts_fields(text: &[u8]) -> bool {
    matches!(text, [b'\t' | b';' | b'|', ..] | [b' ', b' ', ..])
}

fn ends_field(before: &[u8]) -> bool {
    let blanks = before.iter().rev().take_while(|byte| **byte == b' ').count();
    blanks == before.len() || blanks > 1 || matches!(before[before.len() - blanks - 1], b'\t' | b';' | b'|')
}

fn begins_field(behind: &[u8]) -> bool {
    behind.trim_ascii().is_empty() || parts_fields(behind) || matches!(behind, [b' ', b'|' | b';', ..])
}
