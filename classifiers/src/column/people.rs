//! What the columns of a table say together of the people in it: a column decides by itself first, and then once more with
//! what its neighbours are. `id` is the key of somebody beside a name and an e-mail address, and of a thing elsewhere.

use std::ops::{Index, IndexMut};

use domesday_model::{DetectorId, TokenKind};

use super::header::Whose;
use crate::classifier::Classifier;
use crate::detector::Detector;

/// Categories of the parts of addresses, of what people are like, of what they visit sites with, and of payment cards.
pub(super) const PLACES: &str = ".address";
const TRAITS_OF: &str = "user.demographic";
const CARDS: &str = "user.financial.credit_card";
pub(super) const POSITION: &str = "user.location.precise";
const HEALTH: &str = "user.health";
const TAX_ID: &str = "user.government_id.tax_id";
pub(super) const COMPANY: &str = "user.government_id.company";
pub(super) const CUSTOMER_KEY: &str = "user.unique_id";
pub(super) const GIVEN_NAME: &str = "user.name.first";
pub(super) const REGION: &str = "user.contact.address.state";
pub(super) const STREET: &str = "user.contact.address.street";
const VISITS: [&str; 2] = ["user.device.browser", "user.device.cookie_id"];
/// Traits of people that show together that a table holds them.
const TRAITS: usize = 2;

/// What a column says of people. One column may say several things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Name,
    /// Names that are those of the table's own people, as far as headers tell.
    OwnName,
    /// Names of those who made or recorded what the table holds.
    OtherName,
    /// Names of those who speak for an organisation.
    ContactName,
    /// Its header or its values name organisations.
    Organisation,
    /// Most of its values do.
    Firm,
    /// Its header names people who do not speak for one.
    OfPeople,
    /// Its header names people who are no firms, and it has a value for each.
    Natural,
    /// Numbers that only people have, …
    NationalId,
    /// … and those under which they or firms pay taxes.
    TaxId,
    /// Its header names a position.
    Position,
    /// E-mail addresses, telephone numbers and what else is one person's.
    Own,
    /// Those of them that are telephone numbers.
    Phone,
    /// E-mail addresses that are those of organisations.
    Mailbox,
    /// Given names, …
    GivenName,
    /// … of which the header says so by itself.
    NamedGiven,
    /// Such as gender and age: each may be that of something else.
    Trait,
    /// Parts of addresses. They speak for other parts.
    Place,
    /// Those of them that are streets.
    Street,
    /// All kinds that are no parts of addresses.
    OtherThanPlace,
    /// Browsers and their cookies. They speak for the devices that somebody visits with.
    Visit,
    /// Keys of customers and contacts by their headers: `customer_id`.
    CustomerKey,
    /// Numbers of payment cards and their codes. They speak for the month in which a card expires.
    Card,
}

impl Sign {
    const COUNT: usize = Self::Card as usize + 1;
}

/// How many columns say each of these things.
#[derive(Clone, Copy, Default)]
pub(super) struct People([usize; Sign::COUNT]);

impl Index<Sign> for People {
    type Output = usize;

    fn index(&self, sign: Sign) -> &usize {
        &self.0[sign as usize]
    }
}

impl IndexMut<Sign> for People {
    fn index_mut(&mut self, sign: Sign) -> &mut usize {
        &mut self.0[sign as usize]
    }
}

impl People {
    /// What a column says that holds values of these detectors.
    pub(super) fn of(
        classifier: &Classifier,
        (whose, is_contact): (Whose, bool),
        detectors: impl Iterator<Item = DetectorId>,
    ) -> Self {
        let mut people = Self::default();
        for detector in detectors.map(|id| classifier.detector(id)) {
            let category = &detector.info.category;
            let is_national = detector.token == TokenKind::NationalId && detector.is_tokenised;
            if is_national && category.starts_with(COMPANY) {
                people.count(Sign::OtherThanPlace, true);
                continue;
            }
            people.count(Sign::TaxId, is_national && category == TAX_ID);
            people.count(Sign::Street, category == STREET);
            people.count(Sign::NationalId, is_national);
            people.count(Sign::Phone, detector.token == TokenKind::Phone && detector.is_tokenised);
            people.count(Sign::GivenName, category == GIVEN_NAME);
            people.count(Sign::OtherThanPlace, !is_place(detector));
            match detector.token {
                TokenKind::Name if detector.is_tokenised => {
                    people.count(Sign::Name, true);
                    people.count(Sign::OwnName, whose == Whose::Own);
                    people.count(Sign::OtherName, whose == Whose::Other);
                    people.count(Sign::ContactName, is_contact);
                }
                TokenKind::Email | TokenKind::Phone | TokenKind::NationalId if detector.is_tokenised => {
                    people.count(Sign::Own, true);
                }
                _ if category.contains("birth") => people.count(Sign::Own, true),
                _ if category.contains(PLACES) => people.count(Sign::Place, true),
                _ if VISITS.contains(&category.as_str()) => people.count(Sign::Visit, true),
                _ if category == CARDS => people.count(Sign::Card, detector.token != TokenKind::Date),
                // The nationality of an artist says nothing of the museum that has the picture.
                _ => people.count(Sign::Trait, category.starts_with(TRAITS_OF) && whose != Whose::Other),
            }
        }
        people
    }

    /// Counts a column once more, or for the first time, where something holds of it.
    pub(super) fn count(&mut self, sign: Sign, holds: bool) {
        self[sign] += usize::from(holds);
    }

    pub(super) fn with(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(count, more)| *count += more);
        self
    }

    pub(super) fn without(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(count, less)| *count -= less);
        self
    }

    pub(super) fn is_empty(self) -> bool {
        [Sign::Name, Sign::Organisation, Sign::Own, Sign::Trait, Sign::Place, Sign::Visit, Sign::Card]
            .iter()
            .all(|&sign| self[sign] == 0)
    }

    /// Whether a table is one of organisations, and of no people but those who speak for them.
    pub(super) fn are_of_organisations(self) -> bool {
        self[Sign::Organisation] > 0
            && self[Sign::Name] == self[Sign::ContactName]
            && self[Sign::OfPeople] == 0
            && self[Sign::NationalId] == self.taxes_of_firms()
            && self[Sign::Trait] < TRAITS
    }

    /// Whether the numbers and addresses by which those of a table are reached are those of organisations: it names nobody, not
    /// even somebody who speaks for one.
    pub(super) fn are_reached_as_organisations(self) -> bool {
        self.are_of_organisations()
            && self[Sign::Name] == 0
            && self[Sign::Own] == self[Sign::Phone] + self[Sign::Mailbox] + self.taxes_of_firms()
    }

    /// Numbers under which those pay taxes who are firms by their names.
    fn taxes_of_firms(self) -> usize {
        if self[Sign::Firm] > 0 { self[Sign::TaxId] } else { 0 }
    }

    /// Whether a table is one of places with their positions, such as filling stations: it has nothing of people.
    pub(super) fn are_sites(self) -> bool {
        let signs = [Sign::Name, Sign::OfPeople, Sign::Own, Sign::Trait, Sign::Visit, Sign::Card];
        self[Sign::Position] > 1 && signs.iter().all(|&sign| self[sign] == 0)
    }

    /// Whether the other columns hold nothing but parts of addresses without streets: `PLZ, Ort, Bundesland`.
    pub(super) fn are_none_but_places(self) -> bool {
        self[Sign::Place] > 0 && self[Sign::Street] + self[Sign::OtherThanPlace] == 0
    }

    /// Whether a column of this detector may count on them. What is a key needs more: it says nothing itself.
    pub(super) fn speak_for(self, detector: &Detector, vague: bool) -> bool {
        let category = detector.info.category.as_str();
        let show_people = |names: usize| names + self[Sign::Own] > 0 || self[Sign::Trait] >= TRAITS;
        match detector.token {
            // Beside the key of a customer, `id` is that of an order, beside that of a contact of a case.
            TokenKind::Key if detector.is_tokenised && vague && self[Sign::CustomerKey] > 0 => false,
            TokenKind::Key if detector.is_tokenised => {
                self[Sign::OwnName] > 0 && (self[Sign::Own] > 0 || self[Sign::Trait] >= TRAITS)
            }
            _ if category.contains(PLACES) && self[Sign::Place] > 0 => true,
            // A state beside e-mails is as often that of an order.
            _ if category == REGION && vague => {
                self[Sign::OwnName] > 1 || self[Sign::OwnName] > 0 && self[Sign::Own] > 0
            }
            _ if category == REGION => self[Sign::OwnName] + self[Sign::Own] > 0,
            _ if VISITS.contains(&category) && self[Sign::Visit] > 0 => true,
            // A machine is not where the one lives who is responsible for it, nor a clinic where its contact does.
            _ if category == POSITION => {
                let names = self[Sign::Name] - self[Sign::OtherName].max(self[Sign::ContactName]);
                names + if self[Sign::ContactName] > 0 { 0 } else { self[Sign::Own] } > 0
            }
            // Whoever observes a glacier does not live there, nor does who has tasted a wine where that grows.
            _ if category.contains(PLACES) => show_people(self[Sign::Name] - self[Sign::OtherName]),
            // What has a composer has a name that is none of a person.
            TokenKind::Name if detector.is_tokenised => show_people(self[Sign::OwnName]),
            // Who is treated may have no other name than a number.
            _ if category.starts_with(HEALTH) && self[Sign::Natural] > 0 => true,
            _ if category == CARDS && detector.token == TokenKind::Date => self[Sign::Card] > 0,
            _ => show_people(self[Sign::Name]),
        }
    }
}

/// Whether a detector's values are parts of addresses.
pub(super) fn is_place(detector: &Detector) -> bool {
    detector.info.category.starts_with("user.contact") && detector.info.category.contains(PLACES)
}
