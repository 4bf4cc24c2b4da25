//! YAML, line by line: indentation gives the path of a key. A document is a record; where it has lists of mappings, each of those is
//! one, unless it lies in another, and what stands around them is.
//!
//! Flow collections are read as blocks are, see `flow`. Text of several lines is one value of its key. Anchors, aliases and tags are no
//! values.

use domesday_model::{ColumnIx, Reason};

use crate::escape::Escapes;
use crate::paths::{NodeId, ROOT, WHOLE};
use crate::records::flow::{Flow, Step};
use crate::records::until::{Until, Within};
use crate::records::{Grammar, Seen, Sheet};

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    /// A line.
    Line,
    /// Behind the dash of an item, in this column of the line.
    Item(usize),
    /// The value behind an anchor or a tag, at this place, of what stands in this column of the line.
    Value(NodeId, usize),
    /// This quotation mark behind a value.
    Quote(u8),
    /// The end of the line, or a comment.
    End,
    /// Within a flow collection that stands at this place, perhaps behind this quotation mark.
    Flow(NodeId, Option<u8>),
}

/// A key longer than this is none.
const KEY_BYTES: usize = 128;

/// A mapping or an item that is open.
#[derive(Clone, Copy)]
struct Frame {
    /// Column of the line in which its keys start.
    indent: usize,
    /// The place below which its keys are.
    node: NodeId,
    /// The key that it had last.
    last: Option<NodeId>,
    /// It is an item of a list.
    is_item: bool,
}

/// Lines that belong to a value.
#[derive(Clone, Copy)]
struct Value {
    column: ColumnIx,
    /// Lines that are indented more than this do.
    indent: usize,
    /// Whatever they look like.
    block: bool,
}

/// See the module.
pub(crate) struct Yaml {
    next: Next,
    stack: Vec<Frame>,
    value: Option<Value>,
    /// The record is an item of a list.
    is_item: bool,
    /// The record has values.
    is_filled: bool,
    flow: Flow,
}

impl Yaml {
    pub(crate) fn new() -> Self {
        Self {
            next: Next::Line,
            stack: Vec::new(),
            value: None,
            is_item: false,
            is_filled: false,
            flow: Flow::default(),
        }
    }

    fn line(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        let (line, whole) = seen.head(i);
        let indent = line.iter().take_while(|b| **b == b' ').count();
        let content = &line[indent..];
        if content.is_empty() {
            return if whole { seen.behind_line() } else { i + indent };
        }
        if let Some(value) = self.value.filter(|value| value.block && indent > value.indent) {
            sheet.text_line(i, value.column);
            return i;
        }
        if indent == 0 && is_separator(line) {
            return self.separator(sheet, i, line);
        }
        if content[0] == b'#' || line[0] == b'%' {
            let column = sheet.elsewhere();
            sheet.text_line(i, column);
            return i;
        }
        sheet.begin(i);
        self.content(sheet, seen, i, (indent, content))
    }

    /// `---` or `...`.
    fn separator(&mut self, sheet: &mut Sheet<'_>, i: usize, line: &[u8]) -> usize {
        sheet.settle();
        sheet.end_record();
        self.stack.clear();
        self.value = None;
        (self.is_item, self.is_filled) = (false, false);
        self.next = Next::End;
        i + line.len().min(3)
    }

    /// Another record begins at `i`: an item of a list, or what stands behind the last one.
    fn begin_record(&mut self, sheet: &mut Sheet<'_>, i: usize, is_item: bool) {
        sheet.settle();
        if std::mem::take(&mut self.is_filled) {
            sheet.end_record();
            sheet.begin(i);
        }
        self.is_item = is_item;
    }

    /// A key stands at `i`: it is the first of an item that is a record, or one behind the last of them, or neither.
    fn find_record(&mut self, sheet: &mut Sheet<'_>, i: usize) {
        let items = self.stack.iter().filter(|frame| frame.is_item).count();
        let begins = self.stack.last().is_some_and(|frame| frame.is_item && frame.last.is_none());
        if items == 1 && begins {
            sheet.paths.widen(self.stack.last().map_or(WHOLE, |frame| frame.node));
            self.begin_record(sheet, i, true);
        } else if items == 0 && self.is_item {
            self.begin_record(sheet, i, false);
        }
    }

    /// What stands at `i + indent`: an item, a key, or a value that goes on.
    fn content(
        &mut self,
        sheet: &mut Sheet<'_>,
        seen: Seen<'_>,
        i: usize,
        (indent, content): (usize, &[u8]),
    ) -> usize {
        if is_item(content) {
            sheet.settle();
            self.item(sheet, i, indent);
            return i + indent + 1;
        }
        if let Some(key) = Key::of(content) {
            sheet.settle();
            return self.key(sheet, seen, i, (indent, content), &key);
        }
        if let Some(value) = self.value.filter(|value| indent > value.indent) {
            sheet.text_line(i, value.column);
            return i;
        }
        if let Some(length) = property(content) {
            let start = i + indent;
            sheet.push_elsewhere(seen.text, start, length);
            self.next = if self.stack.is_empty() { Next::Value(WHOLE, 0) } else { Next::End };
            return start + length + blanks_of(&content[length..]);
        }
        if self.stack.is_empty() && Flow::begins(content) {
            sheet.settle();
            return self.begin_flow(i + indent, WHOLE, None);
        }
        if self.stack.is_empty() {
            // A document that is a scalar or a list of them.
            let column = sheet.column(WHOLE);
            self.value = Some(Value { column, indent: 0, block: false });
            sheet.text_line(i, column);
            return i;
        }
        sheet.note(i, Reason::MalformedRecord);
        let column = sheet.elsewhere();
        sheet.text_line(i, column);
        i
    }

    /// A dash in column `indent` of a line.
    fn item(&mut self, sheet: &mut Sheet<'_>, i: usize, indent: usize) {
        self.close(indent);
        let list = self.stack.last().map_or(WHOLE, Frame::current);
        sheet.paths.hold(list);
        let node = if self.stack.len() < sheet.max_depth {
            sheet.paths.element(list)
        } else {
            sheet.note(i, Reason::NestedTooDeep);
            list
        };
        // Its keys, if it has any, start behind the dash; where exactly, the first of them tells.
        self.push(sheet, Frame { indent: indent + 1, node, last: None, is_item: true });
        self.value = None;
        self.next = Next::Item(indent + 1);
    }

    /// Ends what is indented more than `indent`.
    fn close(&mut self, indent: usize) {
        while self.stack.last().is_some_and(|frame| frame.indent > indent) {
            self.stack.pop();
        }
    }

    fn push(&mut self, sheet: &Sheet<'_>, frame: Frame) {
        if self.stack.len() < sheet.max_depth {
            self.stack.push(frame);
        }
    }

    /// What stands behind a dash, from `i` on, which is in column `column` of the line.
    fn behind_dash(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize, column: usize) -> usize {
        let (line, whole) = seen.head(i);
        let blanks = blanks_of(line);
        if blanks > 0 || line.is_empty() {
            self.next = if line.len() == blanks && whole { Next::End } else { Next::Item(column + blanks) };
            return i + blanks;
        }
        if let Some(length) = property(line) {
            sheet.push_elsewhere(seen.text, i, length);
            // Keys on the lines below stand where it does.
            return i + length + blanks_of(&line[length..]);
        }
        self.next = Next::Line;
        if is_item(line) {
            self.item(sheet, i, column);
            return i + 1;
        }
        // The frame of the item was a guess.
        if let Some(frame) = self.stack.last_mut().filter(|frame| frame.last.is_none()) {
            frame.indent = column;
        }
        if let Some(key) = Key::of(line) {
            self.find_record(sheet, i);
            return self.key_at(sheet, seen, i, (column, line), &key);
        }
        let node = self.stack.last().map_or(WHOLE, |frame| frame.node);
        self.value(sheet, seen, i, line, node, column.saturating_sub(1))
    }

    fn key(
        &mut self,
        sheet: &mut Sheet<'_>,
        seen: Seen<'_>,
        i: usize,
        (indent, content): (usize, &[u8]),
        key: &Key,
    ) -> usize {
        self.close(indent);
        self.find_record(sheet, i);
        if self.stack.last().is_none_or(|frame| frame.indent < indent) {
            let node = self.stack.last().map_or(ROOT, Frame::current);
            sheet.paths.hold(node);
            if self.stack.len() >= sheet.max_depth {
                sheet.note(i, Reason::NestedTooDeep);
            }
            self.push(sheet, Frame { indent, node, last: None, is_item: false });
        }
        self.key_at(sheet, seen, i + indent, (indent, content), key)
    }

    /// A key at `i`, in column `indent` of the line, in the mapping that is open.
    fn key_at(
        &mut self,
        sheet: &mut Sheet<'_>,
        seen: Seen<'_>,
        i: usize,
        (indent, content): (usize, &[u8]),
        key: &Key,
    ) -> usize {
        let (parent, last) = self.stack.last().map_or((ROOT, None), |frame| (frame.node, frame.last));
        let is_too_deep = self.stack.last().is_some_and(|frame| frame.indent < indent);
        let node = if is_too_deep {
            last.unwrap_or(parent)
        } else if is_merge(&content[key.start..][..key.length]) {
            parent
        } else {
            sheet.key(seen.text, (i + key.start, key.length), parent, last)
        };
        if let Some(frame) = self.stack.last_mut().filter(|_| !is_too_deep) {
            frame.last = Some(node);
        }
        self.value(sheet, seen, i + key.value, &content[key.value..], node, indent)
    }

    /// A value at `i`, which begins like `shown`, of the key or item in column `indent`.
    fn value(
        &mut self,
        sheet: &mut Sheet<'_>,
        seen: Seen<'_>,
        i: usize,
        shown: &[u8],
        node: NodeId,
        indent: usize,
    ) -> usize {
        self.next = Next::End;
        self.value = None;
        if matches!(shown, [] | [b'#', ..]) {
            return i;
        }
        let (line, whole) = seen.head(i);
        if let Some(length) = property(line) {
            sheet.push_elsewhere(seen.text, i, length);
            self.next = Next::Value(node, indent);
            return i + length + blanks_of(&line[length..]);
        }
        if let Some(length) = alias(line).filter(|_| whole) {
            sheet.push_elsewhere(seen.text, i, length);
            return i + length;
        }
        if Flow::begins(shown) {
            return self.begin_flow(i, node, Some(indent));
        }
        self.is_filled = true;
        let column = sheet.column(node);
        if whole && is_null(before_comment(line)) {
            return i + before_comment(line).len();
        }
        let signs = block_signs(shown);
        self.value = Some(Value { column, indent, block: signs > 0 });
        match shown[0] {
            _ if signs > 0 => i + signs,
            quote @ (b'"' | b'\'') => {
                self.next = Next::Quote(quote);
                sheet.value(seen.text, i + 1, column, Until::Quoted(quote, Within::Block(indent)))
            }
            _ => sheet.value(seen.text, i, column, Until::Scalar(Within::Block(indent))),
        }
    }

    /// A flow collection stands at `i`, and belongs to what is in column `owner` of the line.
    fn begin_flow(&mut self, i: usize, node: NodeId, owner: Option<usize>) -> usize {
        self.value = None;
        self.flow.begin(owner);
        self.next = Next::Flow(node, None);
        i
    }

    /// What stands at `i` in a flow collection.
    fn in_flow(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize, node: NodeId) -> usize {
        match self.flow.step(sheet, seen, i, node) {
            Step::On(at) => at,
            Step::Element(at) => {
                let items = self.stack.iter().filter(|frame| frame.is_item).count();
                let is_own = self.stack.last().is_some_and(|frame| frame.is_item && frame.last.is_none());
                if self.flow.is_record(items == 1 && is_own, items > 0) {
                    self.begin_record(sheet, i, true);
                }
                at
            }
            Step::Value(at, quote) => {
                self.is_filled = true;
                self.next = Next::Flow(node, quote);
                at
            }
            Step::End(at) => {
                self.next = Next::End;
                at
            }
            Step::Broken => {
                self.next = Next::Line;
                i
            }
        }
    }

    /// What is left of a line.
    fn end(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        let (line, whole) = seen.head(i);
        if line.is_empty() && whole {
            self.next = Next::Line;
            return seen.behind_line();
        }
        if matches!(line[0], b' ' | b'\t') {
            return i + 1;
        }
        let column = sheet.elsewhere();
        sheet.value(seen.text, i, column, Until::Line)
    }
}

impl Grammar for Yaml {
    const ESCAPES: Escapes = Escapes::Yaml;

    fn head(&mut self, sheet: &mut Sheet<'_>, seen: Seen<'_>, i: usize) -> usize {
        match self.next {
            Next::Line => self.line(sheet, seen, i),
            Next::Item(column) => self.behind_dash(sheet, seen, i, column),
            Next::Value(node, indent) => self.value(sheet, seen, i, seen.head(i).0, node, indent),
            Next::Quote(quote) => {
                self.next = Next::End;
                i + usize::from(seen.text[i] == quote)
            }
            Next::End => self.end(sheet, seen, i),
            Next::Flow(node, quote) => {
                self.next = Next::Flow(node, None);
                match quote.filter(|quote| seen.text[i] == *quote) {
                    Some(_) => i + 1,
                    None => self.in_flow(sheet, seen, i, node),
                }
            }
        }
    }
}

impl Frame {
    /// The place of its last key, or its own.
    fn current(&self) -> NodeId {
        self.last.unwrap_or(self.node)
    }
}

/// The key at the start of a line's content, and where its value starts.
#[derive(Debug)]
pub(super) struct Key {
    start: usize,
    length: usize,
    value: usize,
}

impl Key {
    pub(super) fn of(content: &[u8]) -> Option<Self> {
        let (start, length, colon) = match content.first()? {
            quote @ (b'"' | b'\'') => {
                let length = memchr::memchr(*quote, &content[1..])?;
                (1, length, length + 2)
            }
            b'#' | b'[' | b'{' | b'|' | b'>' | b'@' | b'`' | b'%' | b'&' | b'*' | b'!' | b',' => return None,
            _ => {
                let ends = |pair: &[u8]| pair[0] == b':' && matches!(pair[1], b' ' | b'\t');
                let colon = content
                    .windows(2)
                    .position(ends)
                    .or_else(|| content.ends_with(b":").then(|| content.len() - 1))?;
                (0, content[..colon].trim_ascii_end().len(), colon)
            }
        };
        let rest = content.get(colon..)?;
        let ends = matches!(rest, [b':'] | [b':', b' ' | b'\t', ..]);
        if !ends || length == 0 || length > KEY_BYTES {
            return None;
        }
        Some(Self { start, length, value: colon + 1 + blanks_of(&rest[1..]) })
    }
}

/// Whether a line's content begins with the dash of an item.
pub(super) fn is_item(content: &[u8]) -> bool {
    matches!(content, [b'-', b' ' | b'\t', ..] | [b'-'])
}

/// Whether a line goes on with what a flow collection lies in, which is in column `owner` of a line.
pub(super) fn is_foreign(owner: Option<usize>, line: &[u8]) -> bool {
    let indent = line.iter().take_while(|b| **b == b' ').count();
    let content = &line[indent..];
    line.starts_with(b"---")
        || line.starts_with(b"...")
        || owner.is_some_and(|owner| {
            indent <= owner && (content.starts_with(b"- ") || Key::of(content).is_some())
        })
}

/// Whether what stands behind a key belongs to the mapping that has it.
pub(super) fn is_merge(key: &[u8]) -> bool {
    key == b"<<"
}

/// The length of an anchor or a tag at the start of `content`: what follows it is the value.
pub(super) fn property(content: &[u8]) -> Option<usize> {
    let length = content.iter().take_while(|b| !matches!(b, b' ' | b'\t')).count();
    let behind = content[length..].trim_ascii_start();
    let is_one = match content {
        [b'&', ..] => length > 1,
        [b'!', b'!' | b'<', ..] => true,
        // A program's own tag before a plain word says that it means something else: `!Ref DbPassword`.
        [b'!', ..] => behind.first().is_none_or(|first| b"\"'[{|>&#".contains(first)),
        _ => false,
    };
    (is_one && length <= KEY_BYTES).then_some(length)
}

/// The length of an alias that is all of a value but for a comment.
pub(super) fn alias(value: &[u8]) -> Option<usize> {
    let value = before_comment(value);
    let [b'*', first, rest @ ..] = value else { return None };
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
    let is_one = is_word(first) && rest.iter().all(|b| is_word(b) || matches!(b, b'-' | b'.'));
    (is_one && value.len() <= KEY_BYTES).then_some(value.len())
}

fn blanks_of(text: &[u8]) -> usize {
    text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

/// Whether a scalar is no value.
pub(super) fn is_null(scalar: &[u8]) -> bool {
    matches!(scalar, b"~" | b"null" | b"Null" | b"NULL")
}

/// A line up to the comment at its end, if there is one.
fn before_comment(line: &[u8]) -> &[u8] {
    memchr::memmem::find(line, b" #").map_or(line, |at| &line[..at]).trim_ascii_end()
}

/// `---` and `...`, alone or with something behind a blank.
fn is_separator(line: &[u8]) -> bool {
    (line.starts_with(b"---") || line.starts_with(b"...")) && line.get(3).is_none_or(|&b| b == b' ')
}

/// The length of the signs that introduce a block, such as `|`, `>-` or `|2+`; 0 where there is none.
fn block_signs(value: &[u8]) -> usize {
    let [b'|' | b'>', rest @ ..] = value else { return 0 };
    let signs = rest.iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-')).count();
    let alone = matches!(rest[signs..].trim_ascii_start(), [] | [b'#', ..]);
    if alone && signs <= 2 { 1 + signs } else { 0 }
}
