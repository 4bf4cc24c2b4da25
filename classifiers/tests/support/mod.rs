//! What tests of columns share.

use std::sync::OnceLock;

use domesday_classifiers::{Classifier, Registry};

pub(crate) fn classifier() -> &'static Classifier {
    static CLASSIFIER: OnceLock<Classifier> = OnceLock::new();
    CLASSIFIER.get_or_init(|| Classifier::new(&Registry::builtin().expect("loads")).expect("compiles"))
}

/// A fixed sequence of numbers that look random.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % below
    }

    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|i| char::from(b'0' + if i == 0 { 1 + self.next(9) } else { self.next(10) } as u8))
            .collect()
    }
}
