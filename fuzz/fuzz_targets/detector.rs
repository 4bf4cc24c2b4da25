//! A detector file is refused with a reason, or it compiles and reads any text. What is compiled is never large.
#![no_main]

use std::ops::ControlFlow;

use domesday_classifiers::{Carry, Classifier, Detector, Negative, Positive, Registry, Scratch};
use domesday_model::{Layout, OffsetMap, Window};
use libfuzzer_sys::fuzz_target;

/// The largest table that the shapes of one file may have. Bytes.
const MOST_MEMORY: usize = 64 << 20;

fuzz_target!(|text: &str| {
    let Ok(detector) = Detector::from_toml(text) else { return };
    let mut registry = Registry::default();
    if registry.add_text("fuzz.toml", text).is_err() {
        return;
    }
    let Ok(classifier) = Classifier::new(&registry) else { return };
    assert!(classifier.automaton_size().0 <= MOST_MEMORY);
    let positive = detector.examples.positive.iter().filter_map(|example| match example {
        Positive::Text(example) => Some(&example.text),
        Positive::Column(_) => None,
    });
    let negative = detector.examples.negative.iter().filter_map(|example| match example {
        Negative::Text(example) => Some(&example.text),
        Negative::Column(_) => None,
    });
    for text in positive.chain(negative) {
        let window = Window {
            text: text.as_bytes(),
            own: 0..text.len(),
            layout: Layout::Lines { line: 0 },
            offsets: OffsetMap::identity(0),
        };
        let (mut carry, mut scratch) = (Carry::default(), Scratch::default());
        let _ = classifier.scan::<()>(&window, &mut [], &mut carry, &mut scratch, |found| {
            assert!(found.start < found.end && found.end <= text.len());
            let (id, mut buffer) = (found.detector, Vec::new());
            let _ = classifier.mask(id, found.value);
            classifier.normalise(id, found.value, &mut buffer, |_, _| ());
            ControlFlow::Continue(())
        });
    }
});
