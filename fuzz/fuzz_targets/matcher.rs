//! The matcher finds what plain code finds, on every instruction set and however a text is cut.
#![no_main]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use domesday_classifiers::{Classifier, Scratch, instruction_sets};
use domesday_fuzz::number_of;
use domesday_fuzz::oracle::{self, Match, Oracle};
use domesday_model::{Layout, OffsetMap, Window};
use libfuzzer_sys::fuzz_target;

struct Both {
    oracle: Oracle,
    real: Vec<(&'static str, Classifier)>,
    values: Vec<Vec<u8>>,
}

static BOTH: LazyLock<Both> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../classifiers");
    let lists = root.join("lists");
    let files = oracle::stripped(&root.join("detectors"), &[]);
    let oracle = Oracle::new(&files, &lists);
    let real = instruction_sets().into_iter();
    let real = real.map(|set| (set, oracle::classifier(&files, &lists).on(set))).collect();
    let mut state = 0x9E37_79B9_u64;
    let values = oracle.values(|below| {
        state = number_of(&state.to_le_bytes());
        (state >> 16) as usize % below
    });
    Both { oracle, real, values }
});

/// Bytes from this one on are no text. With the two that follow they stand for a value of some shape, all of it or what
/// is left when a byte is cut off at its end, so that near-values are near at hand.
const VALUE: u8 = 0xF8;

fuzz_target!(|bytes: &[u8]| {
    let both = &*BOTH;
    let mut text = Vec::new();
    let mut rest = bytes;
    while let [first, behind @ ..] = rest {
        match behind {
            [high, low, behind @ ..] if *first >= VALUE => {
                let index = usize::from(u16::from_be_bytes([*high, *low])) % both.values.len();
                let value = &both.values[index];
                text.extend_from_slice(&value[..value.len() - usize::from(*first == VALUE)]);
                rest = behind;
            }
            _ => {
                text.push(*first);
                rest = behind;
            }
        }
    }
    let expected = both.oracle.find(&text, None);
    let size = 1 + (number_of(bytes) % 150) as usize;
    for (set, classifier) in &both.real {
        let found = find(classifier, &text, size);
        assert!(
            found == expected,
            "{set}, windows of {size}, in {:?}: {:?} are missing, {:?} additional",
            String::from_utf8_lossy(&text),
            expected.difference(&found).collect::<Vec<_>>(),
            found.difference(&expected).collect::<Vec<_>>(),
        );
    }
});

fn find(classifier: &Classifier, text: &[u8], size: usize) -> BTreeSet<Match> {
    let mut scratch = Scratch::default();
    let mut found = BTreeSet::new();
    for own_start in (0..text.len()).step_by(size) {
        let own_end = (own_start + size).min(text.len());
        let (start, end) = (own_start.saturating_sub(4096), (own_end + 6144).min(text.len()));
        let window = Window {
            text: &text[start..end],
            own: own_start - start..own_end - start,
            layout: Layout::Lines { line: 0 },
            offsets: OffsetMap::identity(start as u64),
        };
        for (place, detector) in classifier.accepted(&window, &mut [], &mut scratch) {
            let id = classifier.catalog().detector(detector).id.clone();
            found.insert((start + place.start, start + place.end, id));
        }
    }
    found
}
