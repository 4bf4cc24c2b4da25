//! XML 1.0, as records and columns: `customers.customer.email`, attributes as `customers.customer.@id`.
//!
//! A machine that may stop at every byte, like that of JSON. Names keep their prefixes as they are written. What has no
//! place of its own (comments, processing instructions, the document type, what is no XML) is scanned in the column
//! `*`. Entities are never expanded: only the five that XML defines and numbers of characters are undone.
//!
//! A record is an element that repeats: one of its siblings has its name, and it lies in no other record. The beginning
//! of the text is looked through first, so that the first of them is known as well. What stands before, between and
//! behind the records is a record of its own.
//!
//! Two customs give an element the name that its content means: `<field name="email">` is `field.email`, and
//! `<key>email</key><string>` is `email`.

mod kind;
mod markup;
mod step;

use std::ops::{ControlFlow, Range};

use domesday_model::{Cell, ColumnIx, ColumnReport, Layout, OffsetMap, Reason, Window};

use crate::cells::Cells;
use crate::escape::Escapes;
use crate::paths::{ELSEWHERE, NodeId, Paths, ROOT};
use crate::place::Notes;
use crate::tree::Tree;
use crate::windows::Splitter;
use crate::{Limits, Target};

pub(crate) use kind::kind;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Between tags, before any text.
    Content,
    InText,
    /// In text with markup in it, all of which is one value.
    InMarkedText,
    /// Behind `<`.
    Open,
    InStartName,
    InEndName,
    /// In a tag, behind its name.
    InTag,
    /// Behind a slash in a tag.
    Slash,
    InAttributeName,
    /// Behind the name of an attribute.
    Equals,
    /// Behind the equals sign.
    Value,
    /// In a value that the byte `quote` ends.
    InValue,
    /// In a value without quotation marks.
    InBareValue,
    /// In what has no place in a tag.
    Junk,
    /// Behind `<!`.
    Declaration,
    InComment,
    InCData,
    InInstruction,
    /// In a document type: before its subset, in it, and behind a bracket that may end it.
    Doctype,
    Subset,
    SubsetEnd,
}

/// An element that is open.
#[derive(Clone, Copy)]
struct Frame {
    node: NodeId,
    /// The place that has its name, and a hash of the name where it shares the place with others.
    name: NodeId,
    hash: u64,
    /// Its number, by which its children know each other.
    serial: u64,
    record: bool,
    /// Its content names the element behind it.
    is_key: bool,
    /// What its next child is named.
    label: Option<NodeId>,
    last: Option<NodeId>,
    /// It holds text, or elements.
    text: bool,
    elements: bool,
}

/// Bytes of an end tag that are looked for at the end of marked text, and of the name in it. Fewer than the least left context, so
/// that the same ones are visible in all windows.
const END_TAG_BYTES: usize = 60;
const MARKED_NAME_BYTES: usize = 40;

/// What is known of the elements at one place.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// The element that held one last.
    serial: u64,
    /// They repeat.
    repeats: bool,
    /// How often text and elements stood side by side in one.
    mixed: u64,
    /// Their text has markup in it and is read as one value.
    marked: bool,
}

/// What the beginning of a text tells of its elements.
pub(crate) struct Survey {
    paths: Paths,
    seen: Vec<Seen>,
}

/// Splits XML into cells.
pub(crate) struct Xml<'s> {
    tree: Tree<'s>,
    max_depth: usize,
    stack: Vec<Frame>,
    /// Elements that are open beyond the greatest depth.
    deep: u64,
    seen: Vec<Seen>,
    serials: u64,
    state: State,
    /// The start tag that is being read.
    tag: Option<Frame>,
    /// The attribute names its element.
    names: bool,
    attribute: NodeId,
    last_attribute: Option<NodeId>,
    /// Where the name of the attribute ends in the whole text.
    name_end: u64,
    /// What ends a value or a literal of the document type, or 0; in declarations, the byte behind the bracket.
    quote: u8,
    /// The tag is a start tag.
    starts: bool,
    /// An element that is open is a record.
    in_record: bool,
    /// Names as paths have them.
    name: Vec<u8>,
    elements: u64,
    /// There are elements with marked text.
    has_marked: bool,
}

impl<'s> Xml<'s> {
    pub(crate) fn new(survey: Survey, limits: &Limits, cells: &'s mut Cells) -> Self {
        let mut xml = Self::without_survey(limits, cells);
        xml.tree.paths = survey.paths;
        xml.has_marked = survey.seen.iter().any(|seen| seen.marked);
        xml.seen = survey.seen;
        xml
    }

    fn without_survey(limits: &Limits, cells: &'s mut Cells) -> Self {
        Self {
            tree: Tree::new(limits, cells),
            max_depth: limits.max_depth,
            stack: Vec::new(),
            deep: 0,
            seen: Vec::new(),
            serials: 0,
            state: State::Content,
            tag: None,
            names: false,
            attribute: ELSEWHERE,
            last_attribute: None,
            name_end: 0,
            quote: 0,
            starts: false,
            in_record: false,
            name: Vec::new(),
            elements: 0,
            has_marked: false,
        }
    }

    /// What was noted, records, and what is known of the columns.
    pub(crate) fn report(self) -> (Notes, (u64, Vec<ColumnReport>)) {
        self.tree.report()
    }

    /// What the text tells that was read; `None` where it is prose with markup in it rather than data.
    fn survey(mut self) -> Option<Survey> {
        for at in 0..self.seen.len() {
            self.seen[at].marked = self.seen[at].mixed > 0 && self.is_marked(NodeId::at(at));
        }
        let prose: u64 = self.seen.iter().filter(|seen| !seen.marked).map(|seen| seen.mixed).sum();
        if prose * 20 > self.elements {
            return None;
        }
        self.tree.paths.forget_columns();
        for seen in &mut self.seen {
            (seen.serial, seen.mixed) = (0, 0);
        }
        Some(Survey { paths: self.tree.paths, seen: self.seen })
    }

    /// Whether what is mixed at `node` is a field of a record: it stands there once, and what lies in it says how text looks.
    /// Where paragraphs follow each other, all of them are one text.
    fn is_marked(&self, node: NodeId) -> bool {
        let repeats = |node: NodeId| self.seen.get(node.index()).is_some_and(|seen| seen.repeats);
        let mut above = std::iter::successors(Some(node), |&node| Some(self.tree.paths.parent(node)))
            .take_while(|&node| node != ROOT);
        let has_end = (1..=MARKED_NAME_BYTES).contains(&self.tree.paths.key(node).len());
        has_end && !repeats(node) && above.any(repeats) && self.tree.paths.keys(node).all(kind::is_mark)
    }

    /// Side by side, text and an element were in one that is at `node`.
    fn note_mixed(&mut self, node: NodeId) {
        self.seen_at(node).mixed += 1;
    }

    fn seen_at(&mut self, node: NodeId) -> &mut Seen {
        if self.seen.len() <= node.index() {
            self.seen.resize(node.index() + 1, Seen::default());
        }
        &mut self.seen[node.index()]
    }

    /// The innermost element holds marked text.
    fn is_in_marked(&self) -> bool {
        let is_marked = |frame: &Frame| self.seen.get(frame.name.index()).is_some_and(|seen| seen.marked);
        self.has_marked && self.deep == 0 && self.stack.last().is_some_and(is_marked)
    }

    /// A token of the record begins at `text[i]`.
    fn open(&mut self, i: usize, state: State) {
        self.tree.begin(i);
        self.tree.open(i);
        self.state = state;
    }

    /// The column of text in the innermost element.
    fn text_column(&mut self, offsets: &OffsetMap<'_>) -> ColumnIx {
        let node = self.stack.last().map_or(ELSEWHERE, |frame| frame.node);
        self.tree.column(node, offsets)
    }

    /// A start tag has the name `text[range]`.
    fn start(&mut self, text: &[u8], range: Range<usize>, offsets: &OffsetMap<'_>) {
        let name = &text[range.clone()];
        self.elements += 1;
        self.starts = true;
        self.state = State::InTag;
        self.last_attribute = None;
        if self.stack.len() >= self.max_depth {
            self.tree.note(Reason::NestedTooDeep, range.start, offsets);
            self.deep += 1;
            self.tag = None;
            return;
        }
        let is_key = name == b"key";
        let parent = self.stack.last_mut();
        let (parent_node, last, parent_serial) =
            parent.as_ref().map_or((ROOT, None, 0), |frame| (frame.node, frame.last, frame.serial));
        let mut label = None;
        let mut mixed = None;
        if let Some(frame) = parent {
            mixed = (frame.text && !frame.elements).then_some(frame.name);
            frame.elements = true;
            label = if is_key { None } else { frame.label.take() };
        }
        if let Some(node) = mixed {
            self.note_mixed(node);
        }
        let (node, data) = self.tree.child(parent_node, last, text, range.end);
        self.tree.note_overflow(offsets);
        if data {
            self.tree.begin(range.start);
            let column = self.tree.key_column(node, offsets);
            self.tree.close_string(text, range.end, column);
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.last = (!data && node != ELSEWHERE).then_some(node);
        }
        let known = self.seen.get(node.index()).is_some_and(|seen| seen.repeats);
        let repeats = self.repeats(node, parent_serial);
        let record =
            repeats && !self.in_record && !is_key && label.is_none() && !kind::is_keyed(&text[range.clone()]);
        if record {
            self.in_record = true;
            if self.tree.begun {
                self.tree.end_record();
            }
            self.tree.begin(range.start);
            self.tree.paths.widen(node);
            self.tree.begin_repeated(node, !known);
        }
        let shared = self.tree.paths.key(node).is_empty();
        self.serials += 1;
        self.tag = Some(Frame {
            node: label.unwrap_or(node),
            name: node,
            hash: if shared { hash(&text[range]) } else { 0 },
            serial: self.serials,
            record,
            is_key,
            label: None,
            last: None,
            text: false,
            elements: false,
        });
    }

    /// Whether elements at `node` repeat, of which there is one in the element `parent`.
    fn repeats(&mut self, node: NodeId, parent: u64) -> bool {
        if node == ELSEWHERE || parent == 0 {
            return false;
        }
        let seen = self.seen_at(node);
        seen.repeats |= seen.serial == parent;
        seen.serial = parent;
        seen.repeats
    }

    /// A start tag ends.
    fn enter(&mut self) {
        if let Some(frame) = self.tag.take() {
            self.stack.push(frame);
        }
        self.state = State::Content;
    }

    /// The innermost element ends.
    fn leave(&mut self) {
        if self.deep > 0 {
            self.deep -= 1;
        } else if self.stack.pop().is_some_and(|frame| frame.record) {
            self.in_record = false;
            self.tree.end_record();
        }
    }

    fn is_named(&self, frame: &Frame, name: &[u8]) -> bool {
        match self.tree.paths.key(frame.name) {
            [] => frame.hash == hash(name),
            key => key == name,
        }
    }

    /// Leaves the innermost element if `text` goes on with the rest of its end tag, and tells where that ends.
    #[inline]
    fn leave_expected(&mut self, text: &[u8], i: usize) -> Option<usize> {
        let key = self.tree.paths.key(self.stack.last()?.name);
        let end = i + key.len();
        let is_expected = !key.is_empty()
            && self.deep == 0
            && text.get(end) == Some(&b'>')
            && text.get(i..end).is_some_and(|name| name == key);
        if !is_expected {
            return None;
        }
        self.leave();
        self.state = State::Content;
        Some(end + 1)
    }

    /// An end tag has the name `text[range]`. One that does not belong to the innermost element ends all up to the one
    /// that it belongs to, and nothing when there is none.
    fn end(&mut self, text: &[u8], range: Range<usize>, offsets: &OffsetMap<'_>) {
        let name = &text[range.clone()];
        self.tag = None;
        self.starts = false;
        self.state = State::InTag;
        if self.deep > 0 || self.stack.last().is_some_and(|frame| self.is_named(frame, name)) {
            return self.leave();
        }
        self.tree.note_malformed(range.start, offsets);
        if let Some(fitting) = self.stack.iter().rposition(|frame| self.is_named(frame, name)) {
            while self.stack.len() > fitting {
                self.leave();
            }
        }
    }

    /// Text from the token to `end` is all of a piece.
    fn close_text(&mut self, text: &[u8], end: usize, offsets: &OffsetMap<'_>) {
        let column = self.text_column(offsets);
        let (start, escaped, length) = (self.tree.start(), self.tree.escaped, self.tree.length(end));
        self.tree.close_text(text, end, column);
        let Some(&Frame { name, text: had_text, elements, .. }) = self.stack.last() else { return };
        if elements && !had_text {
            self.note_mixed(name);
        }
        let Some(frame) = self.stack.last_mut() else { return };
        frame.text = true;
        if frame.is_key && !escaped && length <= kind::NAME_BYTES {
            let name = text[start..end].trim_ascii();
            if let [.., parent, _] = &mut self.stack[..]
                && !name.is_empty()
            {
                parent.label = Some(self.tree.paths.child(parent.node, None, name).0);
                self.tree.note_overflow(offsets);
            }
        }
    }

    /// The value of an attribute ends at `end`.
    fn close_value(&mut self, text: &[u8], end: usize, offsets: &OffsetMap<'_>) {
        let column = self.tree.column(self.attribute, offsets);
        let (start, escaped, length) = (self.tree.start(), self.tree.escaped, self.tree.length(end));
        self.tree.close_text(text, end, column);
        self.state = State::InTag;
        if self.names
            && !escaped
            && (1..=kind::NAME_BYTES).contains(&length)
            && let Some(tag) = &mut self.tag
        {
            tag.node = self.tree.paths.child(tag.node, None, &text[start..end]).0;
            self.last_attribute = None;
            self.tree.note_overflow(offsets);
        }
    }

    fn close_elsewhere(&mut self, text: &[u8], end: usize) {
        let column = self.tree.overflow();
        self.tree.close_string(text, end, column);
    }

    fn open_column(&mut self, offsets: &OffsetMap<'_>) -> Option<ColumnIx> {
        match self.state {
            State::InText | State::InMarkedText | State::InCData => Some(self.text_column(offsets)),
            State::InValue | State::InBareValue => Some(self.tree.column(self.attribute, offsets)),
            State::Junk
            | State::InComment
            | State::InInstruction
            | State::Doctype
            | State::Subset
            | State::SubsetEnd => Some(self.tree.overflow()),
            _ => None,
        }
    }

    fn open_cell(&mut self, text: &[u8], offsets: &OffsetMap<'_>) -> Option<Cell> {
        if self.tree.start() >= text.len() {
            return None;
        }
        let column = self.open_column(offsets)?;
        Some(self.tree.open_cell(text, column))
    }
}

impl Splitter for Xml<'_> {
    fn advance(&mut self, text: &[u8], from: usize, offsets: &OffsetMap<'_>) {
        let mut i = from;
        while i < text.len() {
            i = self.step(text, i, offsets);
        }
    }

    fn finish(&mut self, text: &[u8], offsets: &OffsetMap<'_>) {
        let is_whole = match self.state {
            State::Content => true,
            State::InText | State::InMarkedText => {
                self.close_text(text, text.len(), offsets);
                true
            }
            _ => false,
        };
        let is_whole = is_whole && self.stack.is_empty() && self.elements > 0;
        let is_name = matches!(
            self.state,
            State::InStartName
                | State::InEndName
                | State::InAttributeName
                | State::Equals
                | State::Declaration
        );
        let column = match self.state {
            State::InText | State::InMarkedText => None,
            _ if is_name => Some(self.tree.overflow()),
            _ => self.open_column(offsets),
        };
        if let Some(column) = column {
            self.tree.begin_token(text.len());
            self.tree.close_string(text, text.len(), column);
        }
        if !is_whole {
            self.tree.note_malformed(text.len(), offsets);
        }
        if self.tree.begun {
            self.tree.end_record();
        }
        self.state = State::Content;
    }

    fn emit(
        &mut self,
        text: &[u8],
        own: Range<usize>,
        offsets: OffsetMap<'_>,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        let open = self.open_cell(text, &offsets);
        let window = Window { text, own, layout: Layout::Cells(&[]), offsets };
        self.tree.cells.emit(window, open, Escapes::Xml, &mut self.tree.columns, target)
    }

    fn slide(&mut self, delta: usize, offsets: &OffsetMap<'_>) {
        self.tree.slide(delta, offsets);
    }
}

/// FNV-1a. Only tells whether tags belong together.
fn hash(name: &[u8]) -> u64 {
    let step = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    name.iter().fold(0xCBF2_9CE4_8422_2325, step)
}
