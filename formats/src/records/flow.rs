//! Flow collections of YAML: `[{name: Anna}, {name: Bert}]`. A mapping in a sequence is a record, as an item of a block is.
//!
//! A bracket that is never closed would take the rest of the file for its own: a line that is indented no more than what the
//! collection belongs to ends it.

use domesday_model::Reason;

use crate::paths::NodeId;
use crate::records::until::{Until, Within};
use crate::records::yaml::{alias, is_foreign, is_merge, is_null, property};
use crate::records::{Seen, Sheet};

/// A key longer than this is none.
const KEY_BYTES: usize = 128;

/// A collection that is open.
struct Level {
    /// The place of a sequence's elements, or below which a mapping's keys are.
    node: NodeId,
    is_map: bool,
    /// The key that it had last, and whether its value follows.
    last: Option<NodeId>,
    behind_key: bool,
}

/// The collections that are open, the outermost first.
#[derive(Default)]
pub(super) struct Flow {
    levels: Vec<Level>,
    /// Further ones that lie too deep.
    deeper: usize,
    /// Column of the key or dash that the outermost belongs to; a document has none.
    owner: Option<usize>,
    /// A line begins.
    fresh: bool,
}

/// What stands at a place.
pub(super) enum Step {
    /// Nothing that matters: reading goes on there.
    On(usize),
    /// A mapping that is an element of a sequence begins; reading goes on there.
    Element(usize),
    /// A value was begun or read, which this quotation mark ends.
    Value(usize, Option<u8>),
    /// The outermost collection has ended.
    End(usize),
    /// A line that is none of it.
    Broken,
}

impl Flow {
    /// Whether a value is a collection. Placeholders and links are none: `{{ name }}`, `[[ name ]]`, `[docs](https://corp.de)`.
    pub(super) fn begins(value: &[u8]) -> bool {
        match value {
            [b'[', rest @ ..] => {
                let is_placeholder = matches!(rest, [b'[' | b'%', ..]) && !rest.starts_with(b"[{");
                let is_link = memchr::memmem::find(&rest[..rest.len().min(KEY_BYTES)], b"](").is_some();
                !is_placeholder && !is_link
            }
            [b'{', rest @ ..] => !matches!(rest, [b'{' | b'%', ..]),
            _ => false,
        }
    }

    /// A collection begins that belongs to what is in column `owner` of the line.
    pub(super) fn begin(&mut self, owner: Option<usize>) {
        self.levels.clear();
        (self.deeper, self.owner, self.fresh) = (0, owner, false);
    }

    /// Reads what stands at `i`. `node` is the place of the outermost collection.
    pub(super) fn step(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize, node: NodeId) -> Step {
        let (line, whole) = seen.head(i);
        if std::mem::take(&mut self.fresh) && is_foreign(self.owner, line) {
            sheet.note(i, Reason::MalformedRecord);
            return Step::Broken;
        }
        let blanks = line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        match line.get(blanks) {
            None if whole => {
                self.fresh = true;
                Step::On(seen.behind_line())
            }
            None => Step::On(i + blanks),
            Some(_) if blanks > 0 => Step::On(i + blanks),
            Some(b'{') => self.open(sheet, i, (node, true)),
            Some(b'[') => self.open(sheet, i, (node, false)),
            Some(b'}' | b']') => {
                if self.deeper > 0 {
                    self.deeper -= 1;
                } else {
                    self.levels.pop();
                }
                if self.levels.is_empty() { Step::End(i + 1) } else { Step::On(i + 1) }
            }
            Some(b',') => {
                if let Some(level) = self.levels.last_mut().filter(|_| self.deeper == 0) {
                    level.behind_key = false;
                }
                Step::On(i + 1)
            }
            Some(b'#') => {
                let column = sheet.elsewhere();
                Step::Value(sheet.value(seen.text, i, column, Until::Line), None)
            }
            Some(_) => self.entry(sheet, seen, (i, line), node),
        }
    }

    /// Whether the mapping that has just begun is a record: an element of the outermost sequence, or all of an `item` of a block; nothing
    /// that lies in another item.
    pub(super) fn is_record(&self, item: bool, in_item: bool) -> bool {
        match self.levels.len() {
            1 => item,
            depth => !in_item && depth == 1 + self.levels.iter().take_while(|level| !level.is_map).count(),
        }
    }

    /// The place of what stands next.
    fn place(&self, outermost: NodeId) -> NodeId {
        self.levels.last().map_or(outermost, |level| match level.last {
            Some(key) if level.is_map && level.behind_key => key,
            _ => level.node,
        })
    }

    fn open(&mut self, sheet: &mut Sheet<'_>, i: usize, (outermost, is_map): (NodeId, bool)) -> Step {
        if self.deeper > 0 || self.levels.len() >= sheet.max_depth {
            sheet.note(i, Reason::NestedTooDeep);
            self.deeper += 1;
            return Step::On(i + 1);
        }
        let place = self.place(outermost);
        sheet.paths.hold(place);
        let node = if is_map { place } else { sheet.paths.element(place) };
        let is_element = is_map && self.levels.last().is_none_or(|level| !level.is_map);
        self.levels.push(Level { node, is_map, last: None, behind_key: false });
        if is_element { Step::Element(i + 1) } else { Step::On(i + 1) }
    }

    /// A key, or a value.
    fn entry(
        &mut self,
        sheet: &mut Sheet<'_>,
        seen: Seen<'_>,
        (i, line): (usize, &[u8]),
        outermost: NodeId,
    ) -> Step {
        let end = end_of(line);
        if let Some(length) = property(&line[..end]).or_else(|| alias(&line[..end])) {
            sheet.push_elsewhere(seen.text, i, length);
            return Step::On(i + length);
        }
        let has_keys = |level: &&mut Level| level.is_map && !level.behind_key && self.deeper == 0;
        if let Some(level) = self.levels.last_mut().filter(has_keys)
            && let Some(key) = Key::of(line)
        {
            level.behind_key = true;
            level.last = Some(if is_merge(&line[key.start..][..key.length]) {
                level.node
            } else {
                sheet.key(seen.text, (i + key.start, key.length), level.node, level.last)
            });
            return Step::On(i + key.behind);
        }
        let column = sheet.column(self.place(outermost));
        if is_null(line[..end].trim_ascii_end()) {
            return Step::Value(i + end, None);
        }
        let within = Within::Flow(self.owner);
        let (quote, until) = match line[0] {
            quote @ (b'"' | b'\'') => (Some(quote), Until::Quoted(quote, within)),
            _ => (None, Until::Scalar(within)),
        };
        Step::Value(sheet.value(seen.text, i + usize::from(quote.is_some()), column, until), quote)
    }
}

/// Where a plain scalar ends at the latest.
fn end_of(line: &[u8]) -> usize {
    line.iter().position(|b| matches!(b, b',' | b']' | b'}')).unwrap_or(line.len())
}

/// A key of a mapping.
struct Key {
    start: usize,
    length: usize,
    /// Behind its colon.
    behind: usize,
}

impl Key {
    fn of(line: &[u8]) -> Option<Self> {
        let (start, length, colon) = match line.first()? {
            quote @ (b'"' | b'\'') => {
                let length = memchr::memchr(*quote, &line[1..])?;
                let rest = &line[length + 2..];
                (1, length, length + 2 + rest.len() - rest.trim_ascii_start().len())
            }
            _ => {
                let ends = |at: usize| {
                    matches!(line[at], b',' | b'{' | b'}' | b'[' | b']')
                        || line[at] == b':'
                            && matches!(
                                line.get(at + 1),
                                None | Some(b' ' | b'\t' | b',' | b'{' | b'}' | b'[' | b']')
                            )
                };
                let colon = (0..line.len()).find(|&at| ends(at))?;
                (0, line[..colon].trim_ascii_end().len(), colon)
            }
        };
        let fits = line.get(colon) == Some(&b':') && (1..=KEY_BYTES).contains(&length);
        fits.then_some(Self { start, length, behind: colon + 1 })
    }
}
