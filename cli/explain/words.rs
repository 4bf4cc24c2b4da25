//! The decision on what is read word by word, as names of people are: what its words are, and what other words would
//! have made of it. The latter is tried out on the text, since such words are judged together.

use std::ops::Range;

use domesday_classifiers::{Classifier, Find, Sequence, WordRole};
use domesday_model::{Confidence, DetectorId};
use serde_json::{Value, json};

use crate::probe::probe;
use crate::visible::visible;

/// A title that speaks of anybody.
const TITLE: &str = "Mr ";

/// The words of a value and those around it.
#[derive(Clone, Default)]
pub(super) struct Words {
    detector: Option<DetectorId>,
    place: Range<usize>,
    told: Vec<ToldWord>,
}

/// A word, and what it is to the detector.
#[derive(Clone)]
pub(super) struct ToldWord {
    /// Where it stands: `before`, `word` or `behind`.
    pub(super) side: &'static str,
    pub(super) place: Range<usize>,
    /// As it is shown; nothing where it is part of a value that is masked.
    pub(super) shown: Option<String>,
    pub(super) is: Vec<&'static str>,
}

/// What would be, if something were otherwise.
pub(super) struct Instead {
    pub(super) what: String,
    pub(super) confidence: Confidence,
}

impl Words {
    /// Without `reveal` the words of the value itself are not shown.
    pub(super) fn of(
        classifier: &Classifier,
        detector: DetectorId,
        text: &[u8],
        place: &Range<usize>,
        reveal: bool,
    ) -> Self {
        let tell = |word: WordRole| {
            let side = match () {
                () if word.place.end <= place.start => "before",
                () if word.place.start >= place.end => "behind",
                () => "word",
            };
            let shown = (reveal || side != "word").then(|| visible(&text[word.place.clone()]));
            ToldWord { side, place: word.place, shown, is: word.is }
        };
        let told = classifier.roles(detector, text, place).into_iter().map(tell);
        // What stands around a value and is in no list says nothing.
        let told = told.filter(|word| word.side == "word" || !word.is.is_empty()).collect();
        Self { detector: Some(detector), place: place.clone(), told }
    }

    /// As JSON.
    pub(super) fn json(&self) -> Value {
        let told = self.told.iter();
        told.map(|word| json!({ "side": word.side, "word": word.shown, "is": word.is })).collect()
    }

    pub(super) fn told(&self) -> &[ToldWord] {
        &self.told
    }

    /// What the text would be worth without the word before or behind, and with a title where a name is not reported.
    pub(super) fn changes(
        &self,
        classifier: &Classifier,
        text: &[u8],
        threshold: Confidence,
    ) -> Vec<Instead> {
        let Some(detector) = self.detector else { return Vec::new() };
        let worth = |text: &[u8], place: Range<usize>| {
            let hits = probe(classifier, None, text);
            let own = hits.iter().filter(|hit| {
                hit.detector == detector && hit.place.start < place.end && place.start < hit.place.end
            });
            own.map(|hit| hit.confidence).max().unwrap_or(Confidence::ZERO)
        };
        let now = worth(text, self.place.clone());
        let mut changes = Vec::new();
        let nearest = |side: &'static str| self.told.iter().filter(move |word| word.side == side);
        let before = nearest("before").next_back();
        for word in before.into_iter().chain(nearest("behind").next()) {
            let (cut, place) = if word.side == "before" {
                let len = self.place.start - word.place.start;
                let cut = [&text[..word.place.start], &text[self.place.start..]].concat();
                (cut, self.place.start - len..self.place.end - len)
            } else {
                ([&text[..self.place.end], &text[word.place.end..]].concat(), self.place.clone())
            };
            let what = format!("without {:?} {} it", word.shown.as_deref().unwrap_or_default(), word.side);
            changes.push(Instead { what, confidence: worth(&cut, place) });
        }
        let is_person = matches!(classifier.detector(detector).find, Find::Sequence(Sequence::Person(_)));
        if is_person && now < threshold {
            let (start, end) = (self.place.start, self.place.end);
            let with = [&text[..start], TITLE.as_bytes(), &text[start..]].concat();
            let confidence = worth(&with, start..end + TITLE.len());
            changes.push(Instead {
                what: format!("with a title such as {:?} before it", TITLE.trim_end()),
                confidence,
            });
        }
        changes.retain(|change| change.confidence != now);
        changes
    }
}
