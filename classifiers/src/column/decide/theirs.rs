//! What is of nobody, though it looks like what people have: the addresses and numbers of organisations, the parts of their
//! names, the positions of trees.

use domesday_model::TokenKind;

use super::{Evidence, FEW, FIRMS, LISTED_VALUES, MOSTLY, NEARLY_ALL, share};
use crate::column::ColumnContext;
use crate::column::header::{Organisation, Persons, Whose};
use crate::column::people::{CUSTOMER_KEY, POSITION, STREET, is_place};
use crate::column::tally::{Hit, Tally};

/// Share of the values that are told to be names of organisations by a word in them, in a column of such: many have none.
const ORGANISATIONS: f64 = 0.2;

impl Evidence<'_> {
    /// Whether these are the positions of trees or shops, where a column of them is nobody's in a table that holds no people, the
    /// versions of programs, or the keys of entries.
    pub(super) fn is_nobodys(&self, hit: &Hit) -> bool {
        let detector = self.classifier.detector(hit.detector);
        let is_position = detector.info.category == POSITION
            && !hit.described
            && self.is_enough(hit, MOSTLY)
            && !self.people.speak_for(detector, false);
        let is_version = detector.token == TokenKind::Ip
            && self.column.cue_for(hit.detector).is_none()
            && self.values() >= LISTED_VALUES
            && share(self.tally.versions, self.tally.values) >= NEARLY_ALL;
        // `7kukuqrf3m2b9ol@google.com` is the key of an event.
        let is_key = detector.token == TokenKind::Email
            && self.column.is_entry
            && share(self.tally.made_up, self.tally.values) >= MOSTLY;
        is_position || is_version || is_key
    }

    /// Whether these are parts of the names of organisations, which are made of those of people, or the numbers and addresses by
    /// which organisations are reached.
    pub(super) fn is_of_an_organisation(&self, hit: &Hit) -> bool {
        let detector = self.classifier.detector(hit.detector);
        if !detector.is_tokenised {
            return false;
        }
        let is_owned = self.column.organisation == Organisation::Owns;
        let is_theirs = || self.is_of_the_table() && self.people.are_reached_as_organisations();
        match detector.token {
            TokenKind::Name => {
                let are_firms = self.column.are_organisations(FIRMS);
                self.column.names_organisations()
                    && !self.column.is_contact
                    && (are_firms || !self.is_enough(hit, MOSTLY))
            }
            TokenKind::Phone => !self.is_first && (is_owned || is_theirs()),
            // The customers of a table of firms are those firms.
            TokenKind::Key => {
                !self.is_first && detector.info.category == CUSTOMER_KEY && self.people.are_of_organisations()
            }
            TokenKind::Email => !self.is_first && self.column.has_mailboxes() && (is_owned || is_theirs()),
            _ => false,
        }
    }

    /// Whether the values are those of what the table holds, and of nobody that its header names: `billing city` is a firm's in
    /// a table of firms.
    pub(super) fn is_of_the_table(&self) -> bool {
        self.column.whose != Whose::Other && self.column.people == Persons::None && !self.column.is_contact
    }

    /// Whether these are parts of the addresses of organisations, or their positions.
    pub(super) fn is_no_place(&self, hit: &Hit) -> bool {
        let detector = self.classifier.detector(hit.detector);
        let is_owned = self.column.organisation == Organisation::Owns;
        let is_theirs = self.is_of_the_table() && self.people.are_of_organisations();
        let is_position = detector.info.category == POSITION;
        let is_listed = self.people.are_none_but_places() && detector.info.category != STREET && !is_position;
        let is_of_nobody = is_owned || is_theirs || is_listed || self.people.are_sites();
        (is_place(detector) || is_position) && !self.is_first && is_of_nobody
    }
}

impl ColumnContext {
    /// Whether the column holds names of organisations, as its header or its values say.
    pub(super) fn names_organisations(&self) -> bool {
        self.organisation != Organisation::None || self.are_organisations(ORGANISATIONS)
    }

    /// Whether this share of its values are names of organisations.
    pub(super) fn are_organisations(&self, least: f64) -> bool {
        let of =
            |tally: &Tally| tally.organisations >= FEW && share(tally.organisations, tally.values) >= least;
        self.tally.as_deref().is_some_and(of)
    }

    /// Whether nearly all values are bare numbers.
    pub(super) fn are_numbers(&self) -> bool {
        self.tally.as_deref().is_some_and(|tally| share(tally.numbers, tally.values) >= NEARLY_ALL)
    }

    /// Whether most e-mail addresses of the column are those of organisations.
    pub(super) fn has_mailboxes(&self) -> bool {
        self.tally.as_deref().is_some_and(|tally| share(tally.mailboxes, tally.values) >= MOSTLY)
    }
}
