//! Which objects are maps whose keys are data, although they look like names: `{"emmakrause0": {…}, "jonasweber1": {…}}`.
//!
//! A record has fields of many kinds, a map has values of one. So the beginning of a text is read once for what the values
//! of each object have in common, and then again, with the keys of maps as the data that they are from the first one on.
//! Rejected: to look at the keys alone, for settings and people are both called by words.

use std::collections::HashSet;

use super::{ELSEWHERE, NodeId, Paths, ROOT, WHOLE};
use crate::columns::{BOOLEAN, Columns, DATE, is_number};

/// Objects with the same keys that make those by which they are called data. Fewer may be the kinds of one thing, such as
/// addresses.
const OBJECTS: usize = 8;

/// Numbers, dates or truth values that do the same where nothing else is beside them.
const SCALARS: usize = 16;

/// Values of any kind whose keys are numbered: `user_1`, `emmakrause0`.
const NUMBERED: usize = 8;

/// As few do where all keys are of several words, as names of people are.
const OBJECTS_OF_WORDS: usize = 3;
const SCALARS_OF_WORDS: usize = 8;

/// How deep maps may lie in maps: those within are known once those around them are.
const ROUNDS: usize = 3;

/// The maps in the beginning of a text, which `read` reads, with those that are known already, and tells as [`Paths::maps`]
/// does.
pub(crate) fn survey(mut read: impl FnMut(Option<Paths>) -> (Paths, usize)) -> Option<Paths> {
    let (mut maps, mut found) = read(None);
    if found == 0 {
        return None;
    }
    for _ in 1..ROUNDS {
        (maps, found) = read(Some(maps));
        if found == 0 {
            break;
        }
    }
    Some(maps)
}

impl Paths {
    /// A tree of nothing but the maps and the names of cells that are here, and what leads to them; and how many of the maps were
    /// not known before. `columns` has the values that were read.
    pub(crate) fn maps(&self, columns: &Columns) -> (Self, usize) {
        let mut tree = Self::new(self.max_nodes - FIXED);
        let is_found = |at: &usize| self.is_like_map(NodeId::at(*at), columns);
        let found: Vec<usize> = (0..self.nodes.len()).filter(is_found).collect();
        let mut marks = vec![Mark::None; self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            let is_map = node.map || found.binary_search(&at).is_ok();
            if is_map || !node.names.is_empty() {
                let mut above = self.places[at].parent.index();
                while marks[above] == Mark::None && above != ROOT.index() {
                    marks[above] = Mark::Way;
                    above = self.places[above].parent.index();
                }
                marks[at] = if is_map { Mark::Map } else { Mark::Way };
            }
        }
        self.copy(ROOT, &mut tree, ROOT, &marks);
        self.copy(WHOLE, &mut tree, WHOLE, &marks);
        (tree, found.len())
    }

    /// Copies what is marked below `from` to `to`, a place of `tree`. Beside objects, scalars in a map keep their names: they
    /// tell of all of it.
    fn copy(&self, from: NodeId, tree: &mut Self, to: NodeId, marks: &[Mark]) {
        let node = self.node(from);
        let is_map = marks[from.index()] == Mark::Map;
        let is_scalar = |child: NodeId| self.node(child).opened == 0;
        let has_objects = node.children.values().any(|&child| !is_scalar(child));
        for (key, &child) in &node.children {
            let is_kept = match is_map {
                true => node.map || (has_objects && is_scalar(child)),
                false => marks[child.index()] != Mark::None,
            };
            if is_kept {
                let (copied, _) = tree.child(to, None, key);
                self.copy(child, tree, copied, marks);
            }
        }
        let is_kept = |below: &NodeId| *below != ELSEWHERE && marks[below.index()] != Mark::None;
        if let Some(any) = node.any.filter(is_kept) {
            let copied = tree.any(to);
            self.copy(any, tree, copied, marks);
        }
        if let Some(element) = node.element.filter(is_kept) {
            let copied = tree.element(to);
            self.copy(element, tree, copied, marks);
        }
        tree.node_mut(to).map = is_map;
        tree.node_mut(to).names.clone_from(&node.names);
        tree.node_mut(to).headed = node.headed;
    }

    /// Whether the values at `node` are so much alike that their keys are data, and that is not known yet.
    fn is_like_map(&self, node: NodeId, columns: &Columns) -> bool {
        let object = self.node(node);
        let is_element = self.node(self.place(node).parent).element == Some(node);
        // Records, and what else repeats, have fields.
        if object.map || object.wide || is_element || object.children.len() < OBJECTS_OF_WORDS {
            return false;
        }
        let mut alike = Alike::default();
        for (key, &child) in &object.children {
            let value = self.node(child);
            let inner = value.element.map_or(value, |element| self.node(element));
            if !inner.children.is_empty() {
                alike.objects.add(key, u64::from(value.opened));
                alike.held += inner.children.len();
                alike.keys.extend(inner.children.keys().map(|held| &**held));
                alike.lists += usize::from(value.element.is_some());
            } else if let Some(column) = self.column(child).filter(|_| value.opened == 0) {
                let (count, types) = columns.seen(column);
                alike.scalars.add(key, count);
                alike.types |= types;
            } else {
                alike.others += 1;
            }
        }
        let times = u64::from(object.opened.max(1));
        alike.are_objects(times) || alike.are_scalars(times)
    }
}

/// The places that every tree has.
const FIXED: usize = 3;

/// What a place is to the maps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    /// It leads to one.
    Way,
    Map,
}

/// The values of one object.
#[derive(Default)]
struct Alike<'p> {
    objects: Keys,
    /// Their keys, each once, and how many they have together.
    keys: HashSet<&'p [u8]>,
    held: usize,
    /// How many of them are in arrays.
    lists: usize,
    scalars: Keys,
    types: u8,
    /// Arrays of scalars, and maps: so may columns of a table be written.
    others: usize,
}

impl Alike<'_> {
    /// Objects have mostly the same keys, and are more than those: the other way round, keys and rows of a table would have
    /// changed places.
    fn are_objects(&self, times: u64) -> bool {
        let (count, union) = (self.objects.count, self.keys.len());
        let least = if self.objects.are_words() { OBJECTS_OF_WORDS } else { OBJECTS };
        // The tables of a database may have the same columns.
        let are_tables = self.lists > 0 && !self.objects.are_words() && !self.objects.are_numbered();
        !are_tables
            && count >= least
            && count > union
            && 2 * self.held >= count * union
            && self.objects.are_seldom(times)
    }

    fn are_scalars(&self, times: u64) -> bool {
        let least = if self.scalars.are_words() { SCALARS_OF_WORDS } else { SCALARS };
        let is_one_kind = is_number(self.types) || matches!(self.types, BOOLEAN | DATE);
        let is_many = self.scalars.count >= least && is_one_kind;
        self.objects.count + self.others == 0
            && (is_many || self.scalars.are_numbered())
            && self.scalars.are_seldom(times)
    }
}

/// The keys of values of one sort.
#[derive(Default)]
struct Keys {
    count: usize,
    /// How often they came.
    values: u64,
    /// Keys of several words.
    words: usize,
    /// Keys with digits, and what there is of them without these.
    numbered: usize,
    stems: HashSet<Vec<u8>>,
}

impl Keys {
    fn add(&mut self, key: &[u8], values: u64) {
        self.count += 1;
        self.values += values;
        self.words += usize::from(key.trim_ascii().contains(&b' '));
        let stem: Vec<u8> = key.iter().copied().filter(|b| !b.is_ascii_digit()).collect();
        self.numbered += usize::from(stem.len() < key.len());
        self.stems.insert(stem);
    }

    fn are_words(&self) -> bool {
        self.words == self.count
    }

    /// They number one thing, or each is another thing with a number. `mail_1, mail_2, phone_1, phone_2` are fields.
    fn are_numbered(&self) -> bool {
        let are_apart = self.stems.len() == 1 || 5 * self.stems.len() >= 4 * self.count;
        self.count >= NUMBERED && self.numbered == self.count && are_apart
    }

    /// Fields come again in most of the `times` that there is such an object.
    fn are_seldom(&self, times: u64) -> bool {
        times == 1 || 2 * self.values <= times * self.count as u64
    }
}
