//! Values made up from a detector's own description, to measure with: no list of real numbers is needed, and every
//! detector has as many as one likes.
//!
//! A shape gives a value, then the rules are made to hold one by one, then the check digits by changing characters until
//! they do. A check digit is found in tens of steps; the few codes of many bits are worked out instead. Nothing here is
//! shared with the search for values but the rules themselves.

use domesday_model::TokenKind;

use crate::checksum::{Checksum, bech32_code, cash_address_code};
use crate::detector::{Detector, Find};
use crate::normalise::compact_into;
use crate::shape::{ByteSet, Node, Shape};
use crate::structure::{Rule, Value};
use crate::verify::accept;

/// Values are tried as often as this; where none comes out, the description allows hardly any.
const MOST_ROUNDS: usize = 4000;
/// Changed characters until a checksum of two digits holds, with much to spare.
const MOST_STEPS: usize = 6000;
/// An open end of a shape is drawn up to this many more.
const OPEN_END: usize = 12;
/// Where a rule allows many lengths, those up to this much more than the shortest.
const MOST_MORE: usize = 24;

/// Where the numbers come from: one below its argument, which is not 0.
pub type Draw<'a> = dyn FnMut(usize) -> usize + 'a;

impl Detector {
    /// A value that the detector accepts: of one of its shapes, within its rules, with right check digits, and none of
    /// its test values. `None` for detectors without shapes, and where none comes out.
    pub fn sample(&self, draw: &mut Draw<'_>) -> Option<Vec<u8>> {
        let Find::Shapes(shapes) = &self.find else { return None };
        (0..MOST_ROUNDS).find_map(|_| {
            let shape = &shapes[draw(shapes.len())].shape;
            let mut sampler = Sampler { detector: self, shape, draw, value: Vec::new() };
            sampler.run().then_some(sampler.value)
        })
    }

    /// `value`, which the detector accepts, with one character changed so that only its check digits are wrong. `None`
    /// where every change is refused by something else, or the value has no check digit.
    pub fn spoil(&self, value: &[u8], draw: &mut Draw<'_>) -> Option<Vec<u8>> {
        let Find::Shapes(shapes) = &self.find else { return None };
        let checksum = self.checksum.as_ref()?;
        (0..MOST_STEPS / 10).find_map(|_| {
            let mut spoiled = value.to_vec();
            let at = draw(spoiled.len());
            spoiled[at] = of_same_class(spoiled[at], draw);
            let is_wrong = spoiled[at] != value[at]
                && with_value(&spoiled, |v| {
                    !checksum.holds(v.compact) && self.rules.iter().all(|r| r.holds(v))
                })
                && shapes.iter().any(|form| form.shape.accepts(&spoiled));
            is_wrong.then_some(spoiled)
        })
    }
}

struct Sampler<'a, 'd> {
    detector: &'a Detector,
    shape: &'a Shape,
    draw: &'a mut Draw<'d>,
    value: Vec<u8>,
}

/// What one value keeps to: people do not write `123 456-789`.
struct Style {
    separator: Option<u8>,
    separated: bool,
    mixed_case: bool,
    /// Letters and digits that the value is to have, where its rules say.
    len: Option<usize>,
}

impl Sampler<'_, '_> {
    /// Whether a value came out.
    fn run(&mut self) -> bool {
        let style = &mut Style {
            separator: None,
            separated: (self.draw)(2) == 0,
            mixed_case: self.detector.token == TokenKind::Credential
                || self.detector.rules.iter().any(|rule| matches!(rule, Rule::Base58Check { .. })),
            len: self.detector.rules.iter().find_map(|rule| match rule {
                Rule::Length { min, max } => Some(min + (self.draw)((max - min).min(MOST_MORE) + 1)),
                // A byte takes log 256 / log 58 digits.
                Rule::Base58Check { len, .. } => Some((len + 4) * 1366 / 1000 + 1 - (self.draw)(3)),
                _ => None,
            }),
        };
        self.node(self.shape.root(), style);
        for rule in &self.detector.rules {
            if !with_value(&self.value, |value| rule.holds(value)) {
                self.mend(rule);
            }
        }
        if let Some(checksum) = &self.detector.checksum {
            self.mend_checksum(checksum);
        }
        self.shape.accepts(&self.value)
            && with_value(&self.value, |value| {
                accept(self.detector, 0, value).is_some_and(|(_, proofs)| !proofs.example)
            })
    }

    fn node(&mut self, node: &Node, style: &mut Style) {
        match node {
            Node::Bytes(set) => {
                let byte = self.byte(set, style);
                self.value.push(byte);
            }
            Node::Sequence(nodes) => nodes.iter().for_each(|node| self.node(node, style)),
            Node::Either(nodes) => {
                let chosen = (self.draw)(nodes.len());
                self.node(&nodes[chosen], style);
            }
            Node::Repeat { node, min, max } => {
                let min = *min as usize;
                let max = match (max, style.len) {
                    (Some(max), _) => *max as usize,
                    (None, None) => min + OPEN_END,
                    (None, Some(len)) => {
                        // All that lacks, perhaps but what follows, or a part of it.
                        let lacks = len.saturating_sub(compact_len(&self.value));
                        let lacks = lacks.saturating_sub([0, 0, (self.draw)(16)][(self.draw)(3)]);
                        let count = [lacks, lacks, (self.draw)(lacks + 1)][(self.draw)(3)].max(min);
                        (0..count).for_each(|_| self.node(node, style));
                        return;
                    }
                };
                let separator = matches!(&**node, Node::Bytes(set) if is_separator(set));
                let count = match (min, max) {
                    (0, 1) if separator => usize::from(style.separated),
                    _ => min + (self.draw)(max - min + 1),
                };
                (0..count).for_each(|_| self.node(node, style));
            }
        }
    }

    fn byte(&mut self, set: &ByteSet, style: &mut Style) -> u8 {
        let usual = |style: &Style, byte: u8| {
            style.mixed_case || !byte.is_ascii_lowercase() || !set.contains(byte.to_ascii_uppercase())
        };
        if let Some(known) = style.separator.filter(|&byte| is_separator(set) && set.contains(byte)) {
            return known;
        }
        let bytes: Vec<u8> = (b' '..=b'~').filter(|&b| set.contains(b) && usual(style, b)).collect();
        // A byte of a character beyond ASCII.
        let bytes =
            if bytes.is_empty() { (0x80..=0xff).filter(|&b| set.contains(b)).collect() } else { bytes };
        let byte = if bytes.is_empty() { b' ' } else { bytes[(self.draw)(bytes.len())] };
        if is_separator(set) {
            style.separator = Some(byte);
        }
        byte
    }

    /// Makes a rule hold where its parameters say how; the others are left to chance.
    fn mend(&mut self, rule: &Rule) {
        match rule {
            Rule::Range { at, len, min, max } => {
                let most = 10u64.checked_pow(*len as u32).map_or(*max, |most| (*max).min(most - 1));
                let span = usize::try_from(most.saturating_sub(*min)).unwrap_or(usize::MAX - 1);
                let number = min + (self.draw)(span + 1) as u64;
                self.write(*at, format!("{number:0len$}").as_bytes());
            }
            Rule::OneOf { at, values, .. } if !values.is_empty() => {
                let value = &values[(self.draw)(values.len())];
                self.write(*at, value.as_bytes());
            }
            Rule::Characters { at, len, of } if !of.is_empty() => {
                let of = of.as_bytes();
                let drawn: Vec<u8> = (0..*len).map(|_| of[(self.draw)(of.len())]).collect();
                self.write(*at, &drawn);
            }
            Rule::Date { at, form, centuries, day_offsets } => {
                let offset = match day_offsets.as_slice() {
                    [] => 0,
                    offsets => offsets[(self.draw)(offsets.len())],
                };
                let century = match centuries.as_slice() {
                    [] => None,
                    centuries => Some(centuries[(self.draw)(centuries.len())]),
                };
                let year = match century {
                    Some(century) if century.century < 1900 => century.century + 90 + (self.draw)(10) as u16,
                    Some(century) if century.century < 2000 => century.century + 30 + (self.draw)(70) as u16,
                    Some(century) => century.century + (self.draw)(20) as u16,
                    None => 1940 + (self.draw)(70) as u16,
                };
                let month = 1 + (self.draw)(12) as u16 + u16::from(century.map_or(0, |century| century.add));
                let day = 1 + (self.draw)(28) as u16 + u16::from(offset);
                self.write(*at, form.write(year, month, day).as_bytes());
            }
            Rule::CardBrand {} => {
                let digits = self.value.iter().filter(|b| b.is_ascii_digit()).count();
                let prefixes = crate::structure::card_prefixes(digits);
                if !prefixes.is_empty() {
                    let prefix = prefixes[(self.draw)(prefixes.len())].to_string();
                    self.write(0, prefix.as_bytes());
                }
            }
            Rule::IbanCountry {} => self.iban(),
            Rule::Jwt {} => {
                // {"alg":"HS256","typ":"JWT"}
                const HEADER: &[u8] = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
                let behind = self.value.iter().position(|&b| b == b'.').unwrap_or_default();
                self.value.splice(..behind, HEADER.iter().copied());
            }
            Rule::MachineReadableZone {} => self.machine_readable_line(),
            Rule::Crc32 { from, form, .. } => form.write(&mut self.value, *from),
            Rule::Base58Check { alphabet, len, .. } => alphabet.write_check(&mut self.value, *len),
            _ => {}
        }
    }

    /// A line of a passport, a larger card or a small one.
    fn machine_readable_line(&mut self) {
        const NUMBER: &str = "([CFGHJK]9X{6}9|AA9{7}|9{9}|A9{7}<)9";
        const STATE: &str = "(AAA|D<<)";
        const MONTH_AND_DAY: &str = "(0[1-9]|1[0-2])(0[1-9]|1[0-9])9";
        let (birth, expiry) = (format!("[4-9]9{MONTH_AND_DAY}"), format!("[23]9{MONTH_AND_DAY}"));
        let forms = [
            format!("{NUMBER}{STATE}{birth}[FM]{expiry}<{{15}}9"),
            format!("{NUMBER}{STATE}{birth}[FM]{expiry}<{{7}}9"),
            format!("I[D<]{STATE}{NUMBER}<{{15}}"),
            format!("{birth}[FM]{expiry}{STATE}<{{11}}9"),
        ];
        let form = Shape::parse(&forms[(self.draw)(forms.len())]).expect("the forms are right");
        self.value.clear();
        let style = &mut Style { separator: None, separated: false, mixed_case: false, len: None };
        self.node(form.root(), style);
        crate::structure::write_mrz_checks(&mut self.value);
    }

    /// The registry's structure of some country, in groups of four or in one piece.
    fn iban(&mut self) {
        let rows: Vec<(&[u8], &str)> = crate::structure::iban_rows();
        let (country, structure) = rows[(self.draw)(rows.len())];
        let mut compact = [country, b"00"].concat();
        let mut count = 0;
        for byte in structure.bytes() {
            if byte.is_ascii_digit() {
                count = count * 10 + usize::from(byte - b'0');
                continue;
            }
            let of: &[u8] = match byte {
                b'a' => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                _ => b"0123456789",
            };
            compact.extend((0..count).map(|_| of[(self.draw)(of.len())]));
            count = 0;
        }
        let checks = (2..=98).map(|check| format!("{check:02}"));
        let right = { checks }.find(|check| {
            compact[2..4].copy_from_slice(check.as_bytes());
            self.detector.checksum.as_ref().is_none_or(|checksum| checksum.holds(&compact))
        });
        if right.is_some() {
            let grouped = self.value.contains(&b' ');
            self.value = if grouped { compact.chunks(4).collect::<Vec<_>>().join(&b' ') } else { compact };
        }
    }

    fn mend_checksum(&mut self, checksum: &Checksum) {
        let holds = |value: &[u8]| with_value(value, |value| checksum.holds(value.compact));
        if let Checksum::Bech32 { readable } = checksum {
            let mut compact = Vec::new();
            compact_into(&self.value, &mut compact);
            if let Some(code) = bech32_code(readable.as_bytes(), &compact) {
                self.write(compact.len() - code.len(), &code);
            }
            return;
        }
        if let Checksum::CashAddress { readable } = checksum {
            let mut compact = Vec::new();
            compact_into(&self.value, &mut compact);
            if let Some(code) = cash_address_code(readable.as_bytes(), &compact) {
                self.write(compact.len() - code.len(), &code);
            }
            return;
        }
        for _ in 0..MOST_STEPS {
            if holds(&self.value) && self.shape.accepts(&self.value) {
                return;
            }
            // Check digits mostly stand at the end.
            let len = self.value.len();
            let at = if (self.draw)(3) == 0 { (self.draw)(len) } else { len - 1 - (self.draw)(len.min(3)) };
            let before = self.value[at];
            self.value[at] = match (self.draw)(8) {
                0 if before.is_ascii_digit() && at + 1 == len => b'A' + (self.draw)(26) as u8,
                0 if before.is_ascii_uppercase() && at + 1 == len => b'0' + (self.draw)(10) as u8,
                _ => of_same_class(before, self.draw),
            };
            let rules = &self.detector.rules;
            let allowed = with_value(&self.value, |value| rules.iter().all(|rule| rule.holds(value)))
                && self.shape.accepts(&self.value);
            if !allowed {
                self.value[at] = before;
            }
        }
    }

    /// Puts characters at a place of the compact value, in the case that stands there.
    fn write(&mut self, at: usize, characters: &[u8]) {
        let places = self.value.iter_mut().filter(|b| b.is_ascii_alphanumeric());
        for (place, &character) in places.skip(at).zip(characters) {
            let lower = place.is_ascii_lowercase();
            *place = if lower { character.to_ascii_lowercase() } else { character };
        }
    }
}

fn compact_len(raw: &[u8]) -> usize {
    raw.iter().filter(|b| b.is_ascii_alphanumeric()).count()
}

fn is_separator(set: &ByteSet) -> bool {
    !(0..=255u8).any(|byte| set.contains(byte) && (byte.is_ascii_alphanumeric() || !byte.is_ascii()))
}

fn of_same_class(byte: u8, draw: &mut Draw<'_>) -> u8 {
    match byte {
        b'0'..=b'9' => b'0' + draw(10) as u8,
        b'A'..=b'Z' => b'A' + draw(26) as u8,
        b'a'..=b'z' => b'a' + draw(26) as u8,
        other => other,
    }
}

fn with_value<T>(raw: &[u8], ask: impl FnOnce(&Value<'_>) -> T) -> T {
    let mut compact = Vec::new();
    compact_into(raw, &mut compact);
    ask(&Value { raw, compact: &compact })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;

    /// Numbers whose sequence does not matter here, as long as it is always the same.
    fn numbers() -> impl FnMut(usize) -> usize {
        let mut state = 7u64;
        move |bound| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % bound
        }
    }

    #[test]
    fn every_detector_with_shapes_has_values_and_wrong_ones() {
        let registry = Registry::builtin().expect("it loads");
        let draw = &mut numbers();
        let mut without = Vec::new();
        for detector in registry.iter().filter(|d| matches!(d.find, Find::Shapes(_))) {
            let Some(value) = detector.sample(draw) else {
                without.push(detector.info.id.as_str());
                continue;
            };
            assert!(with_value(&value, |v| accept(detector, 0, v).is_some()), "{}", detector.info.id);
            let asks = |checksum: &Checksum| with_value(&value, |v| checksum.asks(v.compact));
            if detector.checksum.as_ref().is_some_and(asks) {
                let spoiled = detector.spoil(&value, draw);
                let spoiled = spoiled.unwrap_or_else(|| panic!("{}: no wrong value", detector.info.id));
                assert!(with_value(&spoiled, |v| accept(detector, 0, v).is_none()), "{}", detector.info.id);
            }
        }
        assert!(without.is_empty(), "no value of {without:?}");
    }
}
