//! Shapes: what a value looks like, before anything is known of its content.
//!
//! A shape is a regular expression with a notation made for identifiers, so that `999-99-9999` reads as what it is.
//! It has no search semantics: the plan compiles all shapes of all detectors into one automaton that is only started
//! where a value can begin.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind, Look};
use regex_syntax::utf8::{Utf8Range, Utf8Sequences};

/// A set of bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ByteSet([u64; 4]);

impl ByteSet {
    const EMPTY: Self = Self([0; 4]);
    const DIGITS: Self = Self([0x03ff << 48, 0, 0, 0]);
    /// All that are neither ASCII letters nor digits.
    const MARKS: Self = Self([!(0x03ff << 48), !(0x07ff_fffe | 0x07ff_fffe << 32), u64::MAX, u64::MAX]);

    fn add(&mut self, byte: u8) {
        self.0[usize::from(byte) / 64] |= 1 << (byte % 64);
    }

    fn add_range(&mut self, first: u8, last: u8) {
        (first..=last).for_each(|b| self.add(b));
    }

    /// Every byte.
    pub(crate) const fn any() -> Self {
        Self([u64::MAX; 4])
    }

    /// The set without the bytes that `are`.
    pub(crate) fn without(self, are: impl Fn(&u8) -> bool) -> Self {
        let mut set = Self::EMPTY;
        (0..=255).filter(|byte| self.contains(*byte) && !are(byte)).for_each(|byte| set.add(byte));
        set
    }

    /// Whether the byte is in the set.
    pub fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte) / 64] >> (byte % 64) & 1 == 1
    }

    fn of(ranges: &[(u8, u8)]) -> Self {
        let mut set = Self::EMPTY;
        ranges.iter().for_each(|&(first, last)| set.add_range(first, last));
        set
    }
}

/// A parsed shape.
#[derive(Clone, Debug)]
pub struct Shape {
    pattern: String,
    root: Node,
}

/// A node of a parsed shape.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Node {
    Bytes(ByteSet),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    /// `max` is `None` for an open end.
    Repeat {
        node: Box<Node>,
        min: u32,
        max: Option<u32>,
    },
}

/// A shape may not expand to more positions than this: more would make the automaton slow to build.
const MOST_POSITIONS: u32 = 512;
/// Shorter shapes would nominate too much of any text.
const FEWEST_BYTES: u32 = 4;
const MOST_NESTING: u32 = 8;

impl Shape {
    /// Parses a pattern: `9` digit, `A` upper-case letter, `a` lower-case letter, `L` letter, `X` letter or digit, `H`
    /// hexadecimal digit, `[..]` one of these characters or ranges, `(..|..)` alternatives, `?` `{n}` `{m,n}` `{m,}`
    /// repetition, `\c` the character c itself; any other character is itself. Those beyond ASCII are as many positions as
    /// they have bytes.
    ///
    /// The error says what is wrong with the pattern.
    pub fn parse(pattern: &str) -> Result<Self, String> {
        let mut parser = Parser { rest: pattern, depth: 0 };
        let root = parser.alternatives()?;
        if !parser.rest.is_empty() {
            return Err("a ) has no (".to_owned());
        }
        Self::of(pattern, root)
    }

    /// Parses a regular expression in the syntax of Rust's `regex` crate, without what looks at what is not a part of the
    /// value: values begin and end where words do anyway. Classes such as `\d` are those of ASCII.
    ///
    /// It becomes a shape like others, so it costs what a shape costs, and every way through it is tried, the longest
    /// first.
    ///
    /// # Errors
    /// Why it cannot be a shape.
    pub fn parse_regex(pattern: &str) -> Result<Self, String> {
        let mut parser = ParserBuilder::new().unicode(false).utf8(false).nest_limit(MOST_NESTING * 4).build();
        let hir = parser.parse(pattern).map_err(|error| match error {
            regex_syntax::Error::Parse(error) => error.kind().to_string(),
            regex_syntax::Error::Translate(error) => error.kind().to_string(),
            _ => "it is not understood".to_owned(),
        })?;
        Self::of(pattern, node(&hir)?)
    }

    fn of(pattern: &str, root: Node) -> Result<Self, String> {
        if root.positions() > MOST_POSITIONS {
            return Err(format!(
                "it expands to more than {MOST_POSITIONS} positions; use an open end such as {{8,}}"
            ));
        }
        if root.shortest() < FEWEST_BYTES {
            return Err(format!(
                "it accepts fewer than {FEWEST_BYTES} characters, which would match everywhere"
            ));
        }
        Ok(Self { pattern: pattern.to_owned(), root })
    }

    /// The pattern as written.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether a text as a whole has the shape. Slow: the automaton is for texts.
    pub(crate) fn accepts(&self, text: &[u8]) -> bool {
        self.root.ends(text, 0).contains(&text.len())
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    /// How many digits values have that hold nothing but digits and marks, as bits; `most` is the most that are counted.
    pub(crate) fn digits(&self, most: usize) -> u64 {
        self.root.digits(most)
    }
}

impl Node {
    /// Where the node may end in `text` when it begins at `at`, in ascending order.
    fn ends(&self, text: &[u8], at: usize) -> Vec<usize> {
        let behind = |node: &Self, starts: Vec<usize>| {
            let mut ends: Vec<_> = starts.into_iter().flat_map(|start| node.ends(text, start)).collect();
            ends.sort_unstable();
            ends.dedup();
            ends
        };
        match self {
            Self::Bytes(set) => {
                text.get(at).filter(|byte| set.contains(**byte)).map(|_| at + 1).into_iter().collect()
            }
            Self::Sequence(nodes) => nodes.iter().fold(vec![at], |starts, node| behind(node, starts)),
            Self::Either(nodes) => {
                let mut ends: Vec<_> = nodes.iter().flat_map(|node| node.ends(text, at)).collect();
                ends.sort_unstable();
                ends.dedup();
                ends
            }
            Self::Repeat { node, min, max } => {
                let mut ends = if *min == 0 { vec![at] } else { Vec::new() };
                let mut starts = vec![at];
                for count in 1..=max.map_or(text.len() as u32, |max| max.min(text.len() as u32)) {
                    starts = behind(node, starts);
                    if starts.is_empty() {
                        break;
                    }
                    if count >= *min {
                        ends.extend(&starts);
                    }
                }
                ends.sort_unstable();
                ends.dedup();
                ends
            }
        }
    }

    fn positions(&self) -> u32 {
        match self {
            Self::Bytes(_) => 1,
            Self::Sequence(nodes) | Self::Either(nodes) => {
                nodes.iter().fold(0, |sum: u32, node| sum.saturating_add(node.positions()))
            }
            Self::Repeat { node, min, max } => {
                node.positions().saturating_mul(max.unwrap_or(min.saturating_add(1)))
            }
        }
    }

    fn digits(&self, most: usize) -> u64 {
        let both = |one: u64, other: u64| {
            let counts = (0..=most).filter(|count| one >> count & 1 == 1);
            counts.fold(0, |all, count| all | other << count) & ((2 << most) - 1)
        };
        match self {
            Self::Bytes(ByteSet(bits)) => {
                let has_any = |of: &ByteSet| bits.iter().zip(of.0).any(|(bits, of)| bits & of != 0);
                u64::from(has_any(&ByteSet::MARKS)) | u64::from(has_any(&ByteSet::DIGITS)) << 1
            }
            Self::Sequence(nodes) => nodes.iter().fold(1, |all, node| both(all, node.digits(most))),
            Self::Either(nodes) => nodes.iter().fold(0, |all, node| all | node.digits(most)),
            Self::Repeat { node, min, max } => {
                let one = node.digits(most);
                let least = (0..*min).fold(1, |all, _| both(all, one));
                // Once more than `most` times changes nothing.
                let more = max.map_or(most as u32 + 1, |max| (max - min).min(most as u32 + 1));
                (0..more).fold(least, |all, _| all | both(all, one))
            }
        }
    }

    fn shortest(&self) -> u32 {
        match self {
            Self::Bytes(_) => 1,
            Self::Sequence(nodes) => nodes.iter().fold(0, |sum, node| node.shortest().saturating_add(sum)),
            Self::Either(nodes) => nodes.iter().map(Self::shortest).min().unwrap_or(0),
            Self::Repeat { node, min, .. } => node.shortest().saturating_mul(*min),
        }
    }
}

/// What a part of a regular expression is as a part of a shape.
fn node(hir: &Hir) -> Result<Node, String> {
    Ok(match hir.kind() {
        HirKind::Empty | HirKind::Look(Look::WordAscii | Look::WordStartAscii | Look::WordEndAscii) => {
            Node::Sequence(Vec::new())
        }
        HirKind::Look(_) => {
            return Err("it cannot look at lines or at what stands beside the value; leave ^, $ and \\B out"
                .to_owned());
        }
        HirKind::Literal(text) => {
            Node::Sequence(text.0.iter().map(|&byte| Node::Bytes(literal(byte))).collect())
        }
        HirKind::Class(Class::Bytes(class)) => {
            let ranges: Vec<(u8, u8)> = class.iter().map(|range| (range.start(), range.end())).collect();
            Node::Bytes(ByteSet::of(&ranges))
        }
        // Alternatives of one character each: (é|è).
        HirKind::Class(Class::Unicode(class)) => {
            let ranges: Vec<(char, char)> = class.iter().map(|range| (range.start(), range.end())).collect();
            one_of(&ranges)
        }
        HirKind::Repetition(repetition) => {
            Node::Repeat { node: Box::new(node(&repetition.sub)?), min: repetition.min, max: repetition.max }
        }
        HirKind::Capture(capture) => node(&capture.sub)?,
        HirKind::Concat(parts) => Node::Sequence(parts.iter().map(node).collect::<Result<_, _>>()?),
        HirKind::Alternation(parts) => Node::Either(parts.iter().map(node).collect::<Result<_, _>>()?),
    })
}

struct Parser<'a> {
    rest: &'a str,
    depth: u32,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let first = self.peek()?;
        self.rest = &self.rest[first.len_utf8()..];
        Some(first)
    }

    fn alternatives(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > MOST_NESTING {
            return Err(format!("parentheses nest deeper than {MOST_NESTING}"));
        }
        let mut all = vec![self.sequence()?];
        while self.peek() == Some('|') {
            self.next();
            all.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Either(all) })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek().filter(|c| !matches!(c, '|' | ')')) {
            self.next();
            let node = match c {
                '(' => {
                    let node = self.alternatives()?;
                    self.next().ok_or("a ( is not closed")?;
                    node
                }
                '[' => self.set()?,
                '\\' => one_of(&[self.next().map(|c| (c, c)).ok_or("nothing follows the \\")?]),
                '?' | '{' => return Err("nothing stands before a repetition".to_owned()),
                c => u8::try_from(c)
                    .ok()
                    .filter(u8::is_ascii)
                    .map_or_else(|| one_of(&[(c, c)]), |byte| Node::Bytes(class(byte))),
            };
            nodes.push(self.repetition(node)?);
        }
        Ok(Node::Sequence(nodes))
    }

    fn repetition(&mut self, node: Node) -> Result<Node, String> {
        let (min, max) = match self.peek() {
            Some('?') => (0, Some(1)),
            Some('{') => {
                let end = self.rest.find('}').ok_or("a { is not closed")?;
                let counts = parse_counts(&self.rest[1..end])
                    .ok_or("expected {n}, {m,n} or {m,} with numbers up to 512")?;
                self.rest = &self.rest[end..];
                counts
            }
            _ => return Ok(node),
        };
        self.next();
        Ok(Node::Repeat { node: Box::new(node), min, max })
    }

    fn set(&mut self) -> Result<Node, String> {
        let mut ranges = Vec::new();
        loop {
            let first = match self.next().ok_or("a [ is not closed")? {
                ']' if !ranges.is_empty() => return Ok(one_of(&ranges)),
                ']' => return Err("a set is empty".to_owned()),
                '\\' => self.next().ok_or("nothing follows the \\")?,
                c => c,
            };
            let range = self.rest.strip_prefix('-').and_then(|rest| rest.chars().next());
            let last = range.filter(|&c| c != ']').unwrap_or(first);
            if range.is_some_and(|c| c != ']') {
                self.rest = &self.rest[1 + last.len_utf8()..];
            }
            if last < first {
                return Err("a range runs backwards".to_owned());
            }
            ranges.push((first, last));
        }
    }
}

/// A character of these ranges, by its bytes: those that differ in the last one alone are one way.
fn one_of(ranges: &[(char, char)]) -> Node {
    let mut ways: Vec<(Vec<Utf8Range>, ByteSet)> = Vec::new();
    for bytes in ranges.iter().flat_map(|&(first, last)| Utf8Sequences::new(first, last)) {
        let (last, before) = bytes.as_slice().split_last().expect("a character has bytes");
        let known = ways.iter().position(|(way, _)| way == before);
        let known = known.unwrap_or_else(|| {
            ways.push((before.to_vec(), ByteSet::EMPTY));
            ways.len() - 1
        });
        ways[known].1.add_range(last.start, last.end);
    }
    let mut nodes: Vec<Node> = { ways.into_iter() }
        .map(|(before, last)| {
            if before.is_empty() {
                return Node::Bytes(last);
            }
            let before = before.iter().map(|range| Node::Bytes(ByteSet::of(&[(range.start, range.end)])));
            Node::Sequence(before.chain([Node::Bytes(last)]).collect())
        })
        .collect();
    if nodes.len() == 1 { nodes.remove(0) } else { Node::Either(nodes) }
}

fn literal(byte: u8) -> ByteSet {
    ByteSet::of(&[(byte, byte)])
}

fn class(byte: u8) -> ByteSet {
    match byte {
        b'9' => ByteSet::of(&[(b'0', b'9')]),
        b'A' => ByteSet::of(&[(b'A', b'Z')]),
        b'a' => ByteSet::of(&[(b'a', b'z')]),
        b'L' => ByteSet::of(&[(b'A', b'Z'), (b'a', b'z')]),
        b'X' => ByteSet::of(&[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')]),
        b'H' => ByteSet::of(&[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')]),
        _ => literal(byte),
    }
}

fn parse_counts(text: &str) -> Option<(u32, Option<u32>)> {
    let number = |text: &str| text.parse::<u32>().ok().filter(|&n| n <= MOST_POSITIONS);
    match text.split_once(',') {
        None => number(text).filter(|&n| n > 0).map(|n| (n, Some(n))),
        Some((min, "")) => Some((number(min)?, None)),
        Some((min, max)) => {
            let (min, max) = (number(min)?, number(max)?);
            (min <= max && max > 0).then_some((min, Some(max)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_so_many_digits() {
        for (pattern, counts) in [
            ("9{3}[ -]?9{2,3}", &[5, 6][..]),
            ("99.99(.99)?", &[4, 6]),
            ("(999[A-Z]|9{5})", &[5]),
            ("A9{6}", &[]),
            ("9{4,}", &[4, 5, 6, 7, 8]),
            ("[0-9A-Z]{4}", &[4]),
            ("9{4} 9{6}", &[]),
        ] {
            let expected = counts.iter().fold(0u64, |bits, count| bits | 1 << count);
            assert_eq!(Shape::parse(pattern).unwrap().digits(8), expected, "{pattern}");
        }
    }

    #[test]
    fn refuses_what_it_cannot_compile_and_says_why() {
        for (pattern, part) in [
            ("99", "fewer than 4"),
            ("9{4}(", "not closed"),
            ("9999)", "has no ("),
            ("9{9,2}", "expected {n}"),
            ("9{4}[z-a]", "backwards"),
            ("9{400}9{400}", "512 positions"),
            ("(((((((((9999)))))))))", "nest deeper"),
            ("?999", "before a repetition"),
            ("9999[", "not closed"),
            (r"9999\", "follows"),
        ] {
            let error = Shape::parse(pattern).expect_err(pattern);
            assert!(error.contains(part), "{pattern}: {error}");
        }
    }

    #[test]
    fn refuses_regular_expressions_and_says_why() {
        for (pattern, part) in [
            (r"\d+", "fewer than 4"),
            (r"^EMP\d{4}", "leave ^"),
            (r"EMP(\d{4}", "unclosed group"),
            (r"EMP[é]{4}", "Unicode"),
            (r"EMP\d{999}", "512 positions"),
            (r"(?=EMP)\d{4}", "look-around"),
            (r"(((a{900}){900}){900}){900}", "positions"),
        ] {
            let error = Shape::parse_regex(pattern).expect_err(pattern);
            assert!(error.contains(part), "{pattern}: {error}");
        }
    }

    #[test]
    fn accepts_what_has_the_shape_as_a_whole() {
        let shape = Shape::parse("9{3}-?(99|A{2,})9{4}").expect("it is one");
        for text in ["123456789", "123-456789", "123AB6789", "123-ABCD6789"] {
            assert!(shape.accepts(text.as_bytes()), "{text}");
        }
        for text in ["", "12345678", "1234567890", "123A6789", "123-456789-"] {
            assert!(!shape.accepts(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn reads_letters_beyond_ascii() {
        let shape = Shape::parse("[ABАВ가-힣][Α-Ω]9{3}あ?").expect("it is one");
        for text in ["AΩ123", "ВΑ123あ", "가Β123", "힣Κ123"] {
            assert!(shape.accepts(text.as_bytes()), "{text}");
        }
        for text in ["БΩ123", "AΩ123い", "AA123", "CΩ123", "힤Κ123"] {
            assert!(!shape.accepts(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn knows_its_classes() {
        assert!(class(b'H').contains(b'f') && !class(b'H').contains(b'g'));
        assert!(class(b'-').contains(b'-') && !class(b'-').contains(b'+'));
        assert!(literal(b'A').contains(b'A') && !literal(b'A').contains(b'B'));
    }
}
