//! What words are to a detector of sequences, for people: a decision adds up what its words are, and where they stand.

use std::ops::Range;

use domesday_model::DetectorId;

use super::{Class, Reader, Sequences, Token, Vocabulary, address, age, ascribed, attribute, person};

/// A word, or a number, and what it is to a detector.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WordRole {
    /// Offsets in the text.
    pub place: Range<usize>,
    /// What it is, by the lists of the detector: a given name, a title. Nothing where it is in none of them.
    pub is: Vec<&'static str>,
}

/// What a class of words is called, and how many words around a value a detector asks.
pub(super) struct Roles {
    pub(super) names: &'static [(Class, &'static str)],
    pub(super) before: usize,
    pub(super) behind: usize,
}

/// Bytes between two words that are read together.
const LONGEST_GAP: usize = 4;

impl Sequences {
    fn vocabulary(&self, id: DetectorId) -> Option<(&Vocabulary, &'static Roles)> {
        let people = self.people.iter().find(|people| people.id == id);
        let addresses = || self.addresses.iter().find(|addresses| addresses.id == id);
        let ascriptions = || self.ascriptions.iter().find(|ascriptions| ascriptions.id == id);
        let attributes = || self.attributes.iter().find(|attributes| attributes.id == id);
        let ages = || {
            self.numbers.iter().filter(|numbers| numbers.id == id).find_map(|numbers| match &numbers.of {
                super::NumberOf::Age(ages) => Some(ages),
                super::NumberOf::Birth(_) => None,
            })
        };
        people
            .map(|people| (&people.words, &person::ROLES))
            .or_else(|| addresses().map(|addresses| (&addresses.words, &address::ROLES)))
            .or_else(|| ascriptions().map(|ascriptions| (&ascriptions.words, &ascribed::ROLES)))
            .or_else(|| attributes().map(|attributes| (&attributes.words, &attribute::ROLES)))
            .or_else(|| ages().map(|ages| (&ages.words, &age::ROLES)))
    }

    /// The words of what a detector found at `place`, and those around it that it asks, in order. None where it reads no
    /// words.
    pub(crate) fn roles(&self, id: DetectorId, text: &[u8], place: &Range<usize>) -> Vec<WordRole> {
        let Some((words, roles)) = self.vocabulary(id) else { return Vec::new() };
        let reader = Reader { text, lo: 0, hi: text.len(), words };
        let role = |token: Token| {
            let is = roles.names.iter().filter(|(class, _)| token.is(*class)).map(|(_, name)| *name);
            WordRole { place: token.start..token.end, is: is.collect() }
        };
        let mut told = Vec::new();
        let mut at = place.start;
        for _ in 0..roles.before {
            let gap = (0..=LONGEST_GAP.min(at)).find_map(|gap| reader.token_before(at - gap));
            let Some(token) = gap else { break };
            at = token.start;
            told.insert(0, role(token));
        }
        // A number right before a name is why it is none.
        let number = reader.blank_before(place.start).filter(|_| told.is_empty());
        if let Some(end) = number {
            let digits = text[..end].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
            let number = (digits > 0).then(|| WordRole { place: end - digits..end, is: vec!["number"] });
            told.extend(number);
        }
        at = place.start;
        while at < place.end {
            let digits = text[at..place.end].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits > 0 {
                told.push(WordRole { place: at..at + digits, is: vec!["number"] });
                at += digits;
                continue;
            }
            match reader.token(at) {
                Some(token) => {
                    at = token.end;
                    told.push(role(token));
                }
                None => at += 1,
            }
        }
        for _ in 0..roles.behind {
            let next = (at..=(at + LONGEST_GAP).min(text.len())).find_map(|at| reader.token(at));
            let Some(token) = next else { break };
            at = token.end;
            told.push(role(token));
        }
        told
    }

    /// Where names are read in a text that no detector finds there, and what they are worth: too little, or nothing.
    pub(crate) fn near_names(&self, text: &[u8]) -> Vec<(DetectorId, Range<usize>, i32)> {
        let mut near = Vec::new();
        for people in &self.people {
            let reader = Reader { text, lo: 0, hi: text.len(), words: &people.words };
            let mut at = 0;
            while at < text.len() {
                let Some(token) = reader.token(at) else {
                    at += 1;
                    continue;
                };
                at = token.end;
                if person::is_clear(&token) {
                    let read = people.at(text, (0, text.len()), token.start);
                    let (end, points) = read.map_or((token.end, 0), |read| (read.end, read.points));
                    at = at.max(end);
                    near.push((people.id, token.start..end, points));
                }
            }
        }
        near
    }
}
