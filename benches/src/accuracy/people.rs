//! Names by region and addresses by country, in sentences.

use super::corpus::{Label, Pages, Truth};
use super::material::{Material, Order};
use super::values::pick;
use crate::random::Random;

/// Names of each region and addresses of each country.
pub(super) fn write(pages: &mut Pages, material: &Material, seed: u64, each: usize) {
    for (number, region) in material.regions.iter().enumerate() {
        let random = &mut Random::new(seed, 0x4E41_4D45 + number as u64);
        let sentences = &material.name_sentences[&region.language];
        pages.open("names", &region.language);
        for _ in 0..each {
            let (given, family) = (pick(random, &region.given), pick(random, &region.family));
            let is_written_together = matches!(region.script.as_str(), "Han" | "Hangul");
            let name = match region.order {
                Order::Family if is_written_together => format!("{family}{given}"),
                Order::Family => format!("{family} {given}"),
                Order::Given => format!("{given} {family}"),
            };
            let truth = Truth::Name { region: number };
            let form = pick(random, sentences);
            sentence(pages, random, form, "{n}", &name, "full_name", truth);
        }
    }
    for (number, address) in material.addresses.iter().enumerate() {
        let random = &mut Random::new(seed, 0x4144_4452 + number as u64);
        let bare = &material.language(&address.language).bare;
        pages.open("addresses", &address.language);
        for _ in 0..each {
            let form = pick(random, &address.forms).replace("{n}", &random.between(1, 290).to_string());
            let mut value = String::new();
            let mut parts = form.split("{9}");
            value.push_str(parts.next().unwrap_or_default());
            for part in parts {
                value.push(char::from(b'1' + random.below(9) as u8));
                value.push_str(part);
            }
            let truth = Truth::Address { country: number };
            let form = pick(random, bare);
            sentence(pages, random, form, "{v}", &value, "street_address", truth);
        }
    }
}

fn sentence(
    pages: &mut Pages,
    random: &mut Random,
    sentence: &str,
    mark: &str,
    value: &str,
    detector: &str,
    truth: Truth,
) {
    let (before, behind) = sentence.split_once(mark).expect("the sentence has a place for it");
    pages.filler(random);
    pages.text(before);
    pages.value(value, Label::new(detector, truth));
    pages.text(behind);
    pages.text("\n");
    pages.filler(random);
}
