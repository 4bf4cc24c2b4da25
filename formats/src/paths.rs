//! Paths of columns in nested values: `user.email`, `tags[]`, `orders[].id`, `customer.@id`.
//!
//! Records of one file mostly have the same keys in the same order, so each key remembers which ones followed it; a
//! map is asked only where no such guess holds. A guess costs one comparison of 16 bytes.

mod maps;

use std::collections::HashMap;

use domesday_model::ColumnIx;

pub(crate) use maps::survey;

/// A place in the tree of keys.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct NodeId(u32);

impl NodeId {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }

    /// The place of which that is the index.
    pub(crate) const fn at(index: usize) -> Self {
        Self(index as u32)
    }
}

/// Keys of one object, beyond which it is a map whose keys are data. Records may have more.
const MAP_KEYS: usize = 200;

/// Keys of one object that hold objects or arrays, beyond which it is such a map as well.
const MAP_OBJECTS: usize = 32;

/// A key longer than this is data.
const KEY_BYTES: usize = 64;

/// Digits that make a key data.
const KEY_DIGITS: usize = 5;

/// Elements of a row that have a place of their own.
const ROW_CELLS: usize = 64;

/// A path longer than this shares the column `*`.
const PATH_BYTES: usize = 1024;

/// Bytes of a key and of what follows it that are compared at once.
pub(crate) const START: usize = 16;

/// What reading asks of a place again and again: one line of the cache.
struct Place {
    /// The first bytes of the key as it stands in JSON, with its quotation marks and the colon, and which bits of them
    /// count.
    start: u128,
    bits: u128,
    /// All bytes of that; 0 where the key has escapes in JSON.
    length: u32,
    parent: NodeId,
    column: Option<ColumnIx>,
    /// The keys that came first in an object at this place, the last one learnt first.
    first: [NodeId; 1],
    /// The keys that came behind this one.
    next: [NodeId; 3],
}

struct Node {
    path: String,
    key: Box<[u8]>,
    children: HashMap<Box<[u8]>, NodeId>,
    /// Children that hold objects or arrays.
    nested: usize,
    /// How often an object or array was here.
    opened: u32,
    /// It stands for records, which may have any number of keys.
    wide: bool,
    /// All keys that came here after the beginning of the text are data.
    map: bool,
    /// Child that all keys that are data share.
    any: Option<NodeId>,
    /// What the elements of an array at this place are.
    element: Option<NodeId>,
    /// The same of an array that is a row: what the first of them are, one by one.
    cells: Vec<NodeId>,
    /// What those are called, if that is known.
    names: Vec<String>,
    /// Those names are the first row, and whether that has been there.
    headed: bool,
    passed: bool,
    /// Column of the keys themselves, where they are data.
    key_column: Option<ColumnIx>,
}

/// The tree of keys of one object. Bounded: once it is full, every new place is the one called `*`.
pub(crate) struct Paths {
    places: Vec<Place>,
    nodes: Vec<Node>,
    max_nodes: usize,
    /// A place did not fit.
    pub(crate) overflowed: bool,
}

/// Where the keys of records that are objects belong.
pub(crate) const ROOT: NodeId = NodeId(0);
/// Records that are no objects: `$`.
pub(crate) const WHOLE: NodeId = NodeId(1);
/// What has no place of its own: `*`.
pub(crate) const ELSEWHERE: NodeId = NodeId(2);
/// No key that could be guessed.
const NOTHING: NodeId = ELSEWHERE;

impl Paths {
    pub(crate) fn new(max_nodes: usize) -> Self {
        let mut paths =
            Self { places: Vec::new(), nodes: Vec::new(), max_nodes: max_nodes + 3, overflowed: false };
        for path in ["", "$", "*"] {
            paths.push(path.to_owned(), b"", ROOT);
        }
        paths
    }

    #[inline]
    pub(crate) fn column(&self, node: NodeId) -> Option<ColumnIx> {
        self.place(node).column
    }

    pub(crate) fn set_column(&mut self, node: NodeId, column: ColumnIx) {
        self.places[node.0 as usize].column = Some(column);
    }

    pub(crate) fn key_column(&self, node: NodeId) -> Option<ColumnIx> {
        self.node(node).key_column
    }

    pub(crate) fn set_key_column(&mut self, node: NodeId, column: ColumnIx) {
        self.node_mut(node).key_column = Some(column);
    }

    /// The key at `node`; empty for the places that many keys share.
    #[inline]
    pub(crate) fn key(&self, node: NodeId) -> &[u8] {
        &self.node(node).key
    }

    pub(crate) fn parent(&self, node: NodeId) -> NodeId {
        self.place(node).parent
    }

    /// The keys that came at `node` and are no data.
    pub(crate) fn keys(&self, node: NodeId) -> impl Iterator<Item = &[u8]> {
        self.node(node).children.keys().map(|key| &**key)
    }

    /// Leaves the places, without their columns.
    pub(crate) fn forget_columns(&mut self) {
        self.places.iter_mut().for_each(|place| place.column = None);
        self.nodes.iter_mut().for_each(|node| node.key_column = None);
        self.overflowed = false;
    }

    pub(crate) fn path(&self, node: NodeId) -> &str {
        &self.node(node).path
    }

    /// Objects at `node` are records: none of their keys is data because there are many.
    pub(crate) fn widen(&mut self, node: NodeId) {
        self.node_mut(node).wide = node != ELSEWHERE;
    }

    /// The key that JSON has at the start of `text`, if it is one that came here before and a colon follows it; and the
    /// bytes up to there. `start` are the first bytes of `text`.
    #[inline(always)]
    pub(crate) fn guess(
        &self,
        parent: NodeId,
        last: Option<NodeId>,
        start: &[u8; START],
        text: &[u8],
    ) -> Option<(NodeId, usize)> {
        let start = u128::from_le_bytes(*start);
        let followers = self.followers(parent, last);
        let first = self.place(followers[0]);
        if (start ^ first.start) & first.bits == 0 && first.parent == parent && first.is_short() {
            return Some((followers[0], first.length as usize));
        }
        self.guess_others(parent, followers, start, text)
    }

    #[inline(never)]
    fn guess_others(
        &self,
        parent: NodeId,
        followers: &[NodeId],
        start: u128,
        text: &[u8],
    ) -> Option<(NodeId, usize)> {
        let is_long_key = |key: NodeId| {
            let rest = text[1..].strip_prefix(&*self.node(key).key);
            rest.is_some_and(|rest| rest.starts_with(b"\":"))
        };
        let fits = |&&key: &&NodeId| {
            let place = self.place(key);
            (start ^ place.start) & place.bits == 0
                && place.parent == parent
                && place.length > 0
                && (place.is_short() || is_long_key(key))
        };
        followers.iter().find(fits).map(|&key| (key, self.place(key).length as usize))
    }

    #[inline]
    fn followers(&self, parent: NodeId, last: Option<NodeId>) -> &[NodeId] {
        match last {
            Some(last) => &self.place(last).next,
            None => &self.place(parent).first,
        }
    }

    /// The place of `key` in an object at `parent`, where `last` is the key before it; and whether the key is data.
    #[inline]
    pub(crate) fn child(&mut self, parent: NodeId, last: Option<NodeId>, key: &[u8]) -> (NodeId, bool) {
        let followers = self.followers(parent, last);
        let fits = |&&node: &&NodeId| self.place(node).parent == parent && *self.node(node).key == *key;
        match followers.iter().take_while(|&&node| node != NOTHING).find(fits) {
            Some(&guess) => (guess, false),
            None => self.look_up(parent, last, key),
        }
    }

    fn look_up(&mut self, parent: NodeId, last: Option<NodeId>, key: &[u8]) -> (NodeId, bool) {
        if parent == ELSEWHERE {
            return (ELSEWHERE, is_data(key));
        }
        let node = match self.node(parent).children.get(key) {
            Some(&known) => known,
            None if is_data(key) || self.node(parent).is_map() => return (self.any(parent), true),
            None => {
                let path = join(&self.node(parent).path, key);
                let Some(new) = self.add(path, key, parent) else { return (ELSEWHERE, false) };
                self.node_mut(parent).children.insert(key.into(), new);
                new
            }
        };
        let followers = match last {
            Some(last) => &mut self.places[last.0 as usize].next[..],
            None => &mut self.places[parent.0 as usize].first[..],
        };
        followers.rotate_right(1);
        followers[0] = node;
        (node, false)
    }

    /// The place that all keys of `parent` share which are data.
    pub(crate) fn any(&mut self, parent: NodeId) -> NodeId {
        if let Some(any) = self.node(parent).any {
            return any;
        }
        let path = self.node(parent).path.clone();
        let path = if path.is_empty() { "*".to_owned() } else { path + ".*" };
        let any = self.add(path, b"", parent).unwrap_or(ELSEWHERE);
        self.node_mut(parent).any = Some(any);
        any
    }

    /// The place of the elements of an array at `parent`.
    #[inline]
    pub(crate) fn element(&mut self, parent: NodeId) -> NodeId {
        match self.node(parent).element {
            Some(element) => element,
            None => self.first_element(parent),
        }
    }

    #[cold]
    fn first_element(&mut self, parent: NodeId) -> NodeId {
        let path = format!("{}[]", self.node(parent).path);
        let element =
            if parent == ELSEWHERE { None } else { self.add(path, b"", parent) }.unwrap_or(ELSEWHERE);
        self.node_mut(parent).element = Some(element);
        element
    }

    /// The place of an element of a row at `parent`, by its number. Those of long rows share one from some number on.
    #[inline]
    pub(crate) fn cell(&mut self, parent: NodeId, number: usize) -> NodeId {
        match self.node(parent).cells.get(number) {
            Some(&cell) => cell,
            None if parent == ELSEWHERE || number >= ROW_CELLS => self.element(parent),
            None => self.next_cell(parent),
        }
    }

    #[cold]
    fn next_cell(&mut self, parent: NodeId) -> NodeId {
        let row = self.node(parent);
        let path = match row.names.get(row.cells.len()) {
            Some(name) if !name.is_empty() => join(self.path(self.table(parent)), name.as_bytes()),
            _ => format!("{}[{}]", row.path, row.cells.len()),
        };
        let cell = self.add(path, b"", parent).unwrap_or(ELSEWHERE);
        self.node_mut(parent).cells.push(cell);
        cell
    }

    /// The place by which the table of the rows at `node` is called: as that of objects, which need no names of their own.
    pub(crate) fn table(&self, node: NodeId) -> NodeId {
        let is_whole = self.node(WHOLE).element == Some(node) && !self.node(node).names.is_empty();
        if is_whole { ROOT } else { node }
    }

    /// Whether the row that begins at `node` is the first one, which has the names of the others.
    pub(crate) fn pass_head(&mut self, node: NodeId) -> bool {
        let row = self.node_mut(node);
        row.headed && !std::mem::replace(&mut row.passed, true)
    }

    /// Cells of the rows at `node` are called so. `headed`: by the first row.
    pub(crate) fn name_cells(&mut self, node: NodeId, names: Vec<String>, headed: bool) {
        let row = self.node_mut(node);
        (row.names, row.headed) = (names, headed);
    }

    /// Places of rows that have no names, and those of their cells.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (NodeId, &[NodeId])> {
        let nodes = self.nodes.iter().enumerate();
        nodes
            .filter(|(_, node)| !node.cells.is_empty() && node.names.is_empty())
            .map(|(at, node)| (NodeId::at(at), &node.cells[..]))
    }

    /// The place of the elements of the array at `node`.
    pub(crate) fn elements(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).element
    }

    /// The same of the array that is the member `key` of the object at `parent`.
    pub(crate) fn elements_of(&self, parent: NodeId, key: &[u8]) -> Option<NodeId> {
        self.elements(*self.node(parent).children.get(key)?)
    }

    /// There is an object or array at `node`.
    #[inline]
    pub(crate) fn hold(&mut self, node: NodeId) {
        let opened = &mut self.node_mut(node).opened;
        *opened = opened.saturating_add(1);
        if *opened == 1 && node.0 > ELSEWHERE.0 {
            let parent = self.place(node).parent;
            self.node_mut(parent).nested += 1;
        }
    }

    fn add(&mut self, path: String, key: &[u8], parent: NodeId) -> Option<NodeId> {
        if self.nodes.len() >= self.max_nodes || path.len() > PATH_BYTES {
            self.overflowed = true;
            return None;
        }
        Some(self.push(path, key, parent))
    }

    fn push(&mut self, path: String, key: &[u8], parent: NodeId) -> NodeId {
        self.places.push(Place::new(key, parent));
        self.nodes.push(Node::new(path, key.into()));
        NodeId(self.nodes.len() as u32 - 1)
    }

    #[inline]
    fn place(&self, id: NodeId) -> &Place {
        &self.places[id.0 as usize]
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }
}

impl Place {
    /// All of its key and what follows it is in `start`.
    #[inline]
    const fn is_short(&self) -> bool {
        self.length > 0 && self.length as usize <= START
    }

    fn new(key: &[u8], parent: NodeId) -> Self {
        let is_plain = !key.iter().any(|&b| b == b'"' || b == b'\\' || b < b' ');
        let mut bytes = [0; START];
        let mut bits = [0; START];
        let mut length = 0;
        if is_plain && !key.is_empty() {
            for (i, &byte) in b"\"".iter().chain(key).chain(b"\":").take(START).enumerate() {
                (bytes[i], bits[i]) = (byte, 0xFF);
            }
            length = key.len() as u32 + 3;
        }
        Self {
            start: u128::from_le_bytes(bytes),
            bits: u128::from_le_bytes(bits),
            length,
            parent,
            column: None,
            first: [NOTHING; 1],
            next: [NOTHING; 3],
        }
    }
}

impl Node {
    fn new(path: String, key: Box<[u8]>) -> Self {
        Self {
            path,
            key,
            children: HashMap::new(),
            nested: 0,
            opened: 0,
            wide: false,
            map: false,
            any: None,
            element: None,
            cells: Vec::new(),
            names: Vec::new(),
            headed: false,
            passed: false,
            key_column: None,
        }
    }

    fn is_map(&self) -> bool {
        self.map || (!self.wide && (self.children.len() >= MAP_KEYS || self.nested >= MAP_OBJECTS))
    }
}

/// Whether a key is a value rather than a name: an address, a number, an id. The `@` of attributes and of JSON-LD says
/// nothing.
pub(crate) fn is_data(key: &[u8]) -> bool {
    let key = key.strip_prefix(b"@").unwrap_or(key);
    let digits = key.iter().filter(|b| b.is_ascii_digit()).count();
    key.len() > KEY_BYTES
        || key.contains(&b'@')
        || digits >= KEY_DIGITS
        || (digits > 0 && digits == key.len())
}

/// Appends a key to a path. One that could be taken for a path of its own is quoted as in JSON.
pub(crate) fn join(parent: &str, key: &[u8]) -> String {
    let key = String::from_utf8_lossy(key);
    let plain = |c: char| !c.is_control() && !matches!(c, '.' | '[' | ']' | '"' | '\\' | '*' | '$' | '~');
    if !key.is_empty() && key.chars().all(plain) {
        let dot = if parent.is_empty() { "" } else { "." };
        return format!("{parent}{dot}{key}");
    }
    let mut path = format!("{parent}[\"");
    for c in key.chars() {
        match c {
            '"' | '\\' => path.extend(['\\', c]),
            c if c.is_control() => path.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => path.push(c),
        }
    }
    path + "\"]"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_documented() {
        let mut paths = Paths::new(100);
        let (orders, _) = paths.child(ROOT, None, b"orders");
        let element = paths.element(orders);
        let (id, _) = paths.child(element, None, b"id");
        assert_eq!(paths.path(id), "orders[].id");
        let (odd, _) = paths.child(orders, None, b"a.b");
        assert_eq!(paths.path(odd), r#"orders["a.b"]"#);
        let (worse, _) = paths.child(ROOT, None, b"a\"\n");
        assert_eq!(paths.path(worse), r#"["a\"\u000a"]"#);
        let whole = paths.element(WHOLE);
        assert_eq!(paths.path(whole), "$[]");
    }

    #[test]
    fn keys_that_are_data_share_a_place() {
        let mut paths = Paths::new(10_000);
        let (users, _) = paths.child(ROOT, None, b"users");
        let (a, data) = paths.child(users, None, b"jane@corp.de");
        assert!(data);
        assert_eq!(paths.child(users, None, b"4711"), (a, true));
        assert_eq!(paths.path(a), "users.*");
        let distinct = (0..1000).map(|i| {
            let key = format!("k{}{}", char::from(b'a' + (i % 26) as u8), i / 26);
            paths.child(users, None, key.as_bytes()).0
        });
        assert_eq!(distinct.map(|node| node.0).collect::<std::collections::HashSet<_>>().len(), MAP_KEYS + 1);
    }

    #[test]
    fn the_tree_is_bounded() {
        let mut paths = Paths::new(5);
        for key in [b"a", b"b", b"c", b"d", b"e"] {
            assert_ne!(paths.child(ROOT, None, key).0, ELSEWHERE);
        }
        assert!(!paths.overflowed);
        assert_eq!(paths.child(ROOT, None, b"f"), (ELSEWHERE, false));
        assert!(paths.overflowed);
        assert_eq!(paths.element(ELSEWHERE), ELSEWHERE);
        assert_eq!(paths.child(ELSEWHERE, None, b"x").0, ELSEWHERE);
    }

    #[test]
    fn the_guess_follows_the_order_of_keys() {
        let mut paths = Paths::new(10);
        let (a, _) = paths.child(ROOT, None, b"a");
        let (b, _) = paths.child(ROOT, Some(a), b"b");
        assert_eq!(paths.child(ROOT, None, b"a"), (a, false));
        assert_eq!(paths.child(ROOT, Some(a), b"b"), (b, false));
        assert_eq!(paths.child(ROOT, Some(a), b"a"), (a, false), "a wrong guess costs a look-up, no more");
    }
}
