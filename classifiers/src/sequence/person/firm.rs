//! Firms that are called after people: `Jan Smit B.V.`, `Frank Miller & Sons Plumbing`, `Mary Quant Cosmetics Ltd`. Forms of firms
//! that are one word stand in the detector's list; what has marks in it is no word.

use super::super::Reader;

/// Words with a capital letter between a name and the form of a firm.
const MOST_BETWEEN: usize = 2;

/// Forms with marks in them, and firms of families.
const FORMS: [&str; 42] = [
    "B.V.",
    "N.V.",
    "V.O.F.",
    "S.L.",
    "S.L.U.",
    "S.A.",
    "S.A.S.",
    "S.A.R.L.",
    "S.r.l.",
    "S.R.L.",
    "S.p.A.",
    "S.n.c.",
    "S.a.s.",
    "Lda.",
    "Ltda.",
    "Ltda",
    "Lda",
    "Sp. z o.o.",
    "sp. z o.o.",
    "s.r.o.",
    "a.s.",
    "d.o.o.",
    "A/S",
    "Sdn. Bhd.",
    "Sdn Bhd",
    "& Sons",
    "& Son",
    "& Söhne",
    "& Sohn",
    "& Co",
    "& Partner",
    "& Fils",
    "et Fils",
    "& Figli",
    "e Figli",
    "e Hijos",
    "y Hijos",
    "& Hijos",
    "e Filhos",
    "& Filhos",
    "& Zonen",
    "& Zn",
];

/// Forms that make a firm of the words before them, too: behind one word alone they are in the list.
const LAST: [&str; 10] = ["Ltd", "Limited", "Inc", "LLC", "LLP", "PLC", "plc", "GmbH", "Corp", "Pty"];

/// By the first byte of forms, a bit for the low six of each second byte.
static BEGINNINGS: [u64; 256] = {
    let mut beginnings = [0; 256];
    let mut i = 0;
    while i < FORMS.len() + LAST.len() {
        let form = if i < FORMS.len() { FORMS[i] } else { LAST[i - FORMS.len()] };
        beginnings[form.as_bytes()[0] as usize] |= 1 << (form.as_bytes()[1] & 63);
        i += 1;
    }
    beginnings
};

/// Whether a text may begin with a form: a look that turns nearly all away.
fn may_be_form(text: &[u8]) -> bool {
    matches!(text, [first, second, ..] if BEGINNINGS[usize::from(*first)] >> (second & 63) & 1 == 1)
}

/// Whether a name that ends at a place is that of a firm.
pub(super) fn is_firm(reader: &Reader<'_>, end: usize) -> bool {
    let mut rest = &reader.text[end..reader.hi];
    for between in 0..=MOST_BETWEEN {
        let behind = rest.strip_prefix(b", ").filter(|_| between == 0).or_else(|| rest.strip_prefix(b" "));
        let Some(behind) = behind else { return false };
        let last = if between == 0 { &[][..] } else { &LAST[..] };
        if may_be_form(behind) && FORMS.iter().chain(last).any(|form| is_form(behind, form)) {
            return true;
        }
        match word(behind) {
            Some(length) if rest.starts_with(b" ") => rest = &behind[length..],
            _ => return false,
        }
    }
    false
}

/// Whether a text begins with a form that goes no further.
fn is_form(text: &[u8], form: &str) -> bool {
    let behind = text.strip_prefix(form.as_bytes());
    behind.is_some_and(|behind| !behind.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80))
}

/// Bytes of the word with a capital letter that a text begins with.
fn word(text: &[u8]) -> Option<usize> {
    let is_capital = text.first()?.is_ascii_uppercase();
    is_capital.then(|| text.iter().take_while(|b| b.is_ascii_alphabetic() || **b >= 0x80).count())
}
