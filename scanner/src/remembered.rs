//! Values that were told before: the same person, browser or machine stands in line after line, and what counts and finds
//! a value depends on its bytes alone.
//!
//! Each worker remembers some of them, in memory only; which ones changes nothing but speed.

use domesday_model::{DetectorId, Sensitive, Token, TokenKind, count_hash};

/// Values that are remembered, a power of two.
const VALUES: usize = 1024;
/// Longer ones are not, …
const LONGEST_VALUE: usize = 128;
/// … nor are those with more forms.
const MOST_FORMS: usize = 2;

/// What a value is counted and found by.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Marks {
    pub(crate) distinct: u64,
    forms: [Option<Token>; MOST_FORMS],
    len: usize,
}

impl Marks {
    pub(crate) fn push(&mut self, token: Token) {
        if let Some(place) = self.forms.get_mut(self.len) {
            *place = Some(token);
        }
        self.len += 1;
    }

    pub(crate) fn forms(&self) -> impl Iterator<Item = Token> {
        self.forms.into_iter().flatten()
    }
}

/// See the module.
#[derive(Default)]
pub(crate) struct Remembered(Vec<Option<Value>>);

#[derive(Clone, Copy)]
struct Value {
    detector: DetectorId,
    len: u8,
    bytes: [u8; LONGEST_VALUE],
    marks: Marks,
}

impl Remembered {
    /// What a value of that detector is counted and found by, or the place at which to remember it.
    pub(crate) fn get(&self, detector: DetectorId, value: Sensitive<'_>) -> Result<Marks, usize> {
        let bytes = value.reveal();
        let hash = count_hash(TokenKind::Key, bytes).wrapping_add(u64::from(detector.0) << 32);
        let place = (hash >> 32) as usize % VALUES;
        match self.0.get(place) {
            Some(Some(known)) if known.detector == detector && known.bytes() == bytes => Ok(known.marks),
            _ => Err(place),
        }
    }

    /// Remembers a value.
    pub(crate) fn keep(&mut self, place: usize, detector: DetectorId, value: Sensitive<'_>, marks: Marks) {
        let value = value.reveal();
        if value.len() > LONGEST_VALUE || marks.len > MOST_FORMS {
            return;
        }
        let mut bytes = [0; LONGEST_VALUE];
        bytes[..value.len()].copy_from_slice(value);
        self.0.resize(VALUES, None);
        self.0[place] = Some(Value { detector, len: value.len() as u8, bytes, marks });
    }
}

impl Value {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

#[cfg(test)]
mod tests {
    use domesday_model::Key;

    use super::*;

    #[test]
    fn what_was_told_is_known_and_nothing_else() {
        let token = Key::for_counting().token(TokenKind::Email, b"a");
        let mut marks = Marks { distinct: 7, ..Marks::default() };
        marks.push(token);
        let mut remembered = Remembered::default();
        let (id, value) = (DetectorId(3), Sensitive::new(b"anna@gmx.de"));
        let place = remembered.get(id, value).expect_err("nothing is known");
        remembered.keep(place, id, value, marks);
        let known = remembered.get(id, value).expect("it is known");
        assert_eq!((known.distinct, known.forms().collect()), (7, vec![token]));
        assert!(remembered.get(DetectorId(4), value).is_err());
        assert!(remembered.get(id, Sensitive::new(b"anna@gmx.d")).is_err());
        assert!(remembered.get(id, Sensitive::new(b"")).is_err());
    }

    #[test]
    fn what_is_long_or_has_many_forms_is_not_kept() {
        let mut many = Marks::default();
        (0..=MOST_FORMS).for_each(|i| many.push(Key::for_counting().token(TokenKind::Date, &[i as u8])));
        let mut remembered = Remembered::default();
        for (value, marks) in [(&[b'x'; LONGEST_VALUE + 1][..], Marks::default()), (b"1.2.3", many)] {
            let (id, value) = (DetectorId(3), Sensitive::new(value));
            remembered.keep(0, id, value, marks);
            assert!(remembered.get(id, value).is_err());
        }
    }
}
