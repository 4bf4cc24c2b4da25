//! Column paths of JSON: `user.email`, `tags[]`, `orders[].id`.
//!
//! Records of one file mostly have the same keys in the same order, so each key remembers which one followed it;
//! a map is asked only where that guess fails.

use std::collections::HashMap;

use domesday_model::ColumnIx;

/// A place in the tree of keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NodeId(u32);

/// Keys of one object below the root, beyond which it is a map whose keys are data.
const MAP_KEYS: usize = 200;

/// A key longer than this is data.
const KEY_BYTES: usize = 64;

/// Digits that make a key data.
const KEY_DIGITS: usize = 5;

/// A path longer than this shares the column `*`.
const PATH_BYTES: usize = 1024;

struct Node {
    path: String,
    key: Box<[u8]>,
    parent: NodeId,
    children: HashMap<Box<[u8]>, NodeId>,
    /// Child that all keys that are data share.
    any: Option<NodeId>,
    /// What the elements of an array at this place are.
    element: Option<NodeId>,
    /// The key that came first in an object at this place.
    first: Option<NodeId>,
    /// The key that came behind this one.
    next: Option<NodeId>,
    column: Option<ColumnIx>,
    /// Column of the keys themselves, where they are data.
    key_column: Option<ColumnIx>,
}

/// The tree of keys of one object. Bounded: once it is full, every new place is the one called `*`.
pub(crate) struct Paths {
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

impl Paths {
    pub(crate) fn new(max_nodes: usize) -> Self {
        let mut paths = Self { nodes: Vec::new(), max_nodes: max_nodes + 3, overflowed: false };
        for path in ["", "$", "*"] {
            paths.nodes.push(Node::new(path.to_owned(), Box::default(), ROOT));
        }
        paths
    }

    pub(crate) fn column(&self, node: NodeId) -> Option<ColumnIx> {
        self.node(node).column
    }

    pub(crate) fn set_column(&mut self, node: NodeId, column: ColumnIx) {
        self.node_mut(node).column = Some(column);
    }

    pub(crate) fn key_column(&self, node: NodeId) -> Option<ColumnIx> {
        self.node(node).key_column
    }

    pub(crate) fn set_key_column(&mut self, node: NodeId, column: ColumnIx) {
        self.node_mut(node).key_column = Some(column);
    }

    pub(crate) fn path(&self, node: NodeId) -> &str {
        &self.node(node).path
    }

    /// The place of `key` in an object at `parent`, where `last` is the key before it; and whether the key is data.
    #[inline]
    pub(crate) fn child(&mut self, parent: NodeId, last: Option<NodeId>, key: &[u8]) -> (NodeId, bool) {
        let guess = last.map_or(self.node(parent).first, |last| self.node(last).next);
        if let Some(guess) = guess {
            let node = self.node(guess);
            if node.parent == parent && *node.key == *key {
                return (guess, false);
            }
        }
        self.look_up(parent, last, key)
    }

    fn look_up(&mut self, parent: NodeId, last: Option<NodeId>, key: &[u8]) -> (NodeId, bool) {
        if parent == ELSEWHERE {
            return (ELSEWHERE, is_data(key));
        }
        let node = match self.node(parent).children.get(key) {
            Some(&known) => known,
            None if is_data(key) || (parent != ROOT && self.node(parent).children.len() >= MAP_KEYS) => {
                return (self.any(parent), true);
            }
            None => {
                let path = join(&self.node(parent).path, key);
                let Some(new) = self.add(path, key, parent) else { return (ELSEWHERE, false) };
                self.node_mut(parent).children.insert(key.into(), new);
                new
            }
        };
        match last {
            Some(last) => self.node_mut(last).next = Some(node),
            None => self.node_mut(parent).first = Some(node),
        }
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
    pub(crate) fn element(&mut self, parent: NodeId) -> NodeId {
        if let Some(element) = self.node(parent).element {
            return element;
        }
        let path = format!("{}[]", self.node(parent).path);
        let element =
            if parent == ELSEWHERE { None } else { self.add(path, b"", parent) }.unwrap_or(ELSEWHERE);
        self.node_mut(parent).element = Some(element);
        element
    }

    fn add(&mut self, path: String, key: &[u8], parent: NodeId) -> Option<NodeId> {
        if self.nodes.len() >= self.max_nodes || path.len() > PATH_BYTES {
            self.overflowed = true;
            return None;
        }
        self.nodes.push(Node::new(path, key.into(), parent));
        Some(NodeId(self.nodes.len() as u32 - 1))
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }
}

impl Node {
    fn new(path: String, key: Box<[u8]>, parent: NodeId) -> Self {
        Self {
            path,
            key,
            parent,
            children: HashMap::new(),
            any: None,
            element: None,
            first: None,
            next: None,
            column: None,
            key_column: None,
        }
    }
}

/// Whether a key is a value rather than a name: an address, a number, an id.
pub(crate) fn is_data(key: &[u8]) -> bool {
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
