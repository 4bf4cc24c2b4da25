//! Where the columns of a table stand: in nearly all tables an address is written from its street to its town and code, and the
//! names of somebody beside each other. So what has no header may be known by the columns beside it.

use super::ColumnContext;
use super::people::{GIVEN_NAME, REGION, STREET};

/// Columns behind a street within which its town and code stand: `street, city, state, zip`.
const REACH: usize = 3;

const POSTAL_CODE: &str = "user.contact.address.postal_code";
const CITY: &str = "user.contact.address.city";

/// A part of an address or a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Street,
    PostalCode,
    City,
    Region,
    GivenName,
}

/// How addresses are written that are one part to a column. In each at least the street and the code are hardly anything else beside
/// each other, so that rare towns, which look like any name, are known by their place.
const ORDERS: [&[Part]; 5] = [
    &[Part::Street, Part::PostalCode, Part::City],
    &[Part::Street, Part::City, Part::PostalCode],
    &[Part::Street, Part::City, Part::Region, Part::PostalCode],
    &[Part::PostalCode, Part::City, Part::Street],
    &[Part::City, Part::PostalCode, Part::Street],
];

impl Part {
    /// The part that values of a category are.
    pub(super) fn of(category: &str) -> Option<Self> {
        match category {
            STREET => Some(Self::Street),
            POSTAL_CODE => Some(Self::PostalCode),
            CITY => Some(Self::City),
            REGION => Some(Self::Region),
            GIVEN_NAME => Some(Self::GivenName),
            _ => None,
        }
    }
}

/// What the columns around one hold. Parts of an address that has all of them count for those alone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Neighbours {
    before: Option<Part>,
    behind: Option<Part>,
    /// A street stands not far before.
    is_behind_street: bool,
    /// A postal code stands behind the next column.
    is_before_code: bool,
    /// Beside it stand family names, as far as lists tell.
    is_beside_family: bool,
    /// The part that it is of an address, if all columns are what its order asks for.
    in_address: Option<Part>,
}

impl Neighbours {
    /// Those of the column `at`, where `parts` are those of all columns of the object. `may_be` says whether the values of a
    /// column are like those of a part, `is_family` whether they are family names.
    pub(super) fn of(
        columns: &[ColumnContext],
        parts: &[Option<Part>],
        at: usize,
        may_be: impl Fn(usize, Part) -> bool,
        is_family: impl Fn(usize) -> bool,
    ) -> Self {
        let is_here =
            |other: &usize| columns.get(*other).is_some_and(|column| column.table == columns[at].table);
        let fits = |order: &[Part], start: usize| {
            order.iter().zip(start..).all(|(&part, other)| is_here(&other) && may_be(other, part))
        };
        let in_address = |at: usize| {
            ORDERS.iter().find_map(|order| {
                let is_from = |by: &usize| at.checked_sub(*by).is_some_and(|start| fits(order, start));
                Some(order[(0..order.len()).find(is_from)?])
            })
        };
        // An address that has all its parts has none in what stands beside it.
        let part = |other: Option<usize>| {
            let other = other.filter(is_here)?;
            parts[other].filter(|_| in_address(other).is_none())
        };
        Self {
            in_address: in_address(at),
            is_beside_family: [at.checked_sub(1), Some(at + 1)]
                .into_iter()
                .flatten()
                .any(|other| is_here(&other) && is_family(other)),
            before: part(at.checked_sub(1)),
            behind: part(Some(at + 1)),
            is_behind_street: (1..=REACH).any(|by| part(at.checked_sub(by)) == Some(Part::Street)),
            is_before_code: part(Some(at + 2)) == Some(Part::PostalCode),
        }
    }

    /// Whether what is here stands where that part of an address does, between others.
    pub(super) fn are_in_address(self, part: Part) -> bool {
        self.in_address == Some(part)
    }

    /// Whether what is here stands where the street of an address does.
    pub(super) fn are_around_a_street(self) -> bool {
        matches!(self.behind, Some(Part::PostalCode | Part::City)) || self.is_before_code
    }

    /// Whether a number here stands where the postal code of an address does.
    pub(super) fn are_around_a_code(self) -> bool {
        self.is_behind_street || self.before == Some(Part::City) || self.behind == Some(Part::City)
    }

    /// Whether a name here stands where the town of an address does.
    pub(super) fn are_around_a_town(self) -> bool {
        let code = Some(Part::PostalCode);
        self.before == code || self.behind == code || self.before == Some(Part::Street) && self.is_before_code
    }

    /// Whether a name here stands beside family names.
    pub(super) fn are_family_names(self) -> bool {
        self.is_beside_family
    }

    /// Whether a name here stands beside given names.
    pub(super) fn are_given_names(self) -> bool {
        [self.before, self.behind].contains(&Some(Part::GivenName))
    }
}
