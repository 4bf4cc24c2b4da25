//! Names under which people log in, behind the words for them: `User: k.adebayo`, `login is jdoe42`. A value counts where
//! it is made of a name or ends in digits, as those of people do; those of machines and of examples are neither.

use domesday_model::DetectorId;
use serde::Deserialize;

use super::{ByLanguage, Case, Class, People, Reader, Sequel, Vocabulary};
use crate::labelled::value_of_form;

/// Words around names of accounts, and what one beside them is worth.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Regular expressions of labels in lower case: username.
    pub anchors: Vec<String>,
    /// Labels that speak of nothing else: username. Behind others, a value is made of a name.
    pub sure: ByLanguage,
    /// Labels of logs, with nothing between them and a value: opened for user.
    pub logged: ByLanguage,
    /// Between a label and a value: is.
    pub copula: ByLanguage,
    /// Values, or their letters, that are those of machines and examples: root.
    pub machine: ByLanguage,
    /// Thousandths for each.
    pub points: i32,
}

const SURE: Class = 1;
const COPULA: Class = 1 << 1;
const MACHINE: Class = 1 << 2;
const LOGGED: Class = 1 << 3;

/// What servers write before `password for`, before the name of who logs in.
const LOGINS: [&[u8]; 2] = [b"Accepted ", b"Failed "];

/// Bytes of a value.
const SHORTEST: usize = 4;
const LONGEST: usize = 32;
/// Letters before the digits of a value that is made of no name.
const LEAST_LETTERS: usize = 5;
/// The same where no sign stands before it.
const LEAST_TOLD: usize = 7;

/// A compiled detector.
#[derive(Debug)]
pub(crate) struct Accounts {
    pub(super) id: DetectorId,
    words: Vocabulary,
    points: i32,
}

impl Accounts {
    pub(crate) fn new(id: DetectorId, account: &Account) -> Self {
        let mut words = Vocabulary::default();
        words.add_all(SURE, &account.sure);
        words.add_all(LOGGED, &account.logged);
        words.add_all(COPULA, &account.copula);
        words.add_all(MACHINE, &account.machine);
        Self { id, words, points: account.points }
    }

    /// The value behind the label that begins at `start`.
    pub(crate) fn at(
        &self,
        people: &[People],
        text: &[u8],
        (lo, hi): (usize, usize),
        start: usize,
    ) -> Option<Sequel> {
        // With a capital letter, most are words of a sentence or of a heading. Without a sign behind it, a value has a digit.
        const LONGEST_LABEL: usize = 64;
        let may_be_assigned =
            memchr::memchr2(b':', b'=', &text[start..(start + LONGEST_LABEL).min(hi)]).is_some();
        let end = Reader { text, lo, hi, words: &self.words }.token(start)?.end;
        let value = self.behind(people, text, (lo, hi), (start, end))?;
        let is_numbered = || text[value.start..value.end].iter().any(u8::is_ascii_digit);
        let is_written = || text[value.start..value.end].contains(&b'.') && text[end..value.start].len() > 1;
        (may_be_assigned || is_numbered() || is_written()).then_some(value)
    }

    /// The value behind the label at `start..end`, or behind a longer one that begins there.
    pub(crate) fn behind(
        &self,
        people: &[People],
        text: &[u8],
        (lo, hi): (usize, usize),
        (start, end): (usize, usize),
    ) -> Option<Sequel> {
        let reader = Reader { text, lo, hi, words: &self.words };
        if reader.is_code_before(start) {
            return None;
        }
        let mut end = end;
        let mut sure = false;
        let is_sure = |end: usize| {
            let label = std::str::from_utf8(&text[start..end]).unwrap_or_default();
            self.words.of(label) & SURE != 0
        };
        sure |= is_sure(end);
        // Nom d'utilisateur, Имя пользователя: three words at most.
        for _ in 0..2 {
            let Some(next) =
                reader.blank(end).and_then(|at| reader.token(at)).filter(|next| is_sure(next.end))
            else {
                continue;
            };
            end = next.end;
            sure = true;
        }
        // Username chosen: …
        let more = reader
            .blank(end)
            .and_then(|at| reader.token(at))
            .filter(|more| sure && more.case == Case::Lower && reader.byte(more.end) == Some(b':'));
        end = more.map_or(end, |more| more.end);
        let mut at = reader.blank(end).unwrap_or(end);
        let mut assigned = matches!(reader.byte(at), Some(b':' | b'='));
        let led = value_of_form(text, lo, (start, end)).filter(|_| sure);
        if let Some(led) = led {
            (at, assigned) = (led, true);
        } else if assigned {
            // 用户名:wang.li
            let unspaced = !text[end - 1].is_ascii();
            let equals = reader.byte(at) == Some(b'=');
            at += 1;
            let blanks = (0..24).take_while(|i| matches!(reader.byte(at + i), Some(b' ' | b'\t'))).count();
            // `user:group`, `USER:PASS`
            if blanks == 0 && !equals && !unspaced {
                return None;
            }
            at += blanks;
        } else if at == end {
            return None;
        } else if let Some(copula) = reader.token(at).filter(|token| token.is(COPULA)) {
            at = reader.blank(copula.end)?;
            assigned = true;
        }
        // Accepted password for hmeier from 10.0.0.1
        let is_logged = self.words.of(std::str::from_utf8(&text[start..end]).unwrap_or_default()) & LOGGED
            != 0
            || LOGINS.iter().any(|word| text[lo..start].ends_with(word));
        assigned |= is_logged;
        let marked = matches!(reader.byte(at), Some(b'@'));
        let quoted = matches!(reader.byte(at), Some(b'"' | b'\'' | b'`'));
        at += usize::from(marked || quoted);
        let len = (0..=LONGEST)
            .take_while(|i| {
                reader.byte(at + i).is_some_and(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
            })
            .count();
        let value = text[at..at + len].trim_ascii_end();
        let trimmed = value.iter().rev().take_while(|b| b"._-".contains(b)).count();
        let value = &value[..value.len() - trimmed];
        let rest = reader.byte(at + len);
        let ended = rest.is_none_or(|b| b.is_ascii_whitespace() || b",;)\"'`|<".contains(&b))
            || rest >= Some(0x80)
            || is_logged && rest == Some(b'(');
        if !(SHORTEST..=LONGEST).contains(&value.len())
            || !ended
            || !value[0].is_ascii_alphabetic()
            || !value.iter().any(u8::is_ascii_lowercase)
        {
            return None;
        }
        let own = std::str::from_utf8(value).ok()?;
        let letters = own.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_' || c == '-' || c == '.');
        if self.words.of(letters) & MACHINE != 0
            || own.split(['.', '_', '-']).any(|part| self.words.of(part) & MACHINE != 0)
        {
            return None;
        }
        let of_name = people.iter().any(|people| people.has_named(own));
        let digits = own.len() - own.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let numbered = (1..=4).contains(&digits)
            && letters.len() >= LEAST_LETTERS
            && own.len() - letters.len() - digits <= 1
            && letters.bytes().all(|b| b.is_ascii_alphabetic());
        let two_digits = digits == 2 && letters.bytes().all(|b| b.is_ascii_lowercase());
        // f_oosterhuis
        let initialled = matches!(value, [_, b'.' | b'_', rest @ ..] if rest.len() > 3 && rest.iter().all(u8::is_ascii_lowercase));
        // the username thimaipham62
        let told = sure && two_digits && letters.len() >= LEAST_TOLD && numbered;
        // Behind a word that may go on in any way, a name alone is no account's: `user Anna`.
        let written = value.iter().any(|b| b.is_ascii_digit() || b"._".contains(b));
        let numbered = numbered && (sure || two_digits);
        let holds = if assigned || marked {
            of_name || numbered || sure && initialled
        } else {
            of_name && written || told
        };
        // `Regex`, `AtomicChoice`, `human-readable`
        let plain = !written && (value.iter().any(u8::is_ascii_uppercase) || value.contains(&b'-'));
        (holds && !plain).then_some(Sequel {
            start: at,
            end: at + value.len(),
            points: self.points,
            listed: false,
        })
    }
}
