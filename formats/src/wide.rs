//! UTF-16 to which another program has added lines of single bytes, or that was added to such: PowerShell's `Out-File` writes the
//! one, its `Add-Content` the other.
//!
//! Read as UTF-16, a line of ASCII is Chinese without a sense, and its own line feed is none. So behind each byte of a line feed
//! it is asked whether what follows is text of single bytes, which is read line by line ([`crate::by_line`]) until a line is of
//! UTF-16 again. Both are answered by [`EVIDENCE`] bytes, never by how much of the source was there at once.

use domesday_model::{Reason, Widths};
use encoding_rs::{DecoderResult, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::by_line::LineDecoder;
use crate::charset::{ByLine, Legacy, Main, is_cut};
use crate::decoder::{DECODE_ROOM, Decoded, Output};

/// Bytes that tell how a line is written, or all there are up to the end of the source.
const EVIDENCE: usize = 64;

/// Bytes of a line that no line feed has ended which are read without it.
const LONG: usize = 16 << 10;

/// How lines of single bytes are read: what is no UTF-8 was written by a program of Windows.
pub(crate) const NARROW: ByLine =
    ByLine { main: Main::Utf8, legacy: Legacy::Whatwg(WINDOWS_1252), second: None };

/// The order of the bytes of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Order {
    Little,
    Big,
}

/// Decodes a stream.
pub(crate) struct Wide {
    order: Order,
    units: encoding_rs::Decoder,
    lines: LineDecoder,
    /// What is read now is of single bytes.
    is_narrow: bool,
    /// Bytes that are known to be of that kind, …
    left: usize,
    /// … and whether a line begins behind them, of which it is not known.
    at_line: bool,
    /// The end was given and is decoded.
    pub(crate) finished: bool,
}

impl Order {
    const fn encoding(self) -> &'static Encoding {
        match self {
            Self::Little => UTF_16LE,
            Self::Big => UTF_16BE,
        }
    }

    /// The index in a unit of the byte that is 0 in ASCII.
    const fn high(self) -> usize {
        match self {
            Self::Little => 1,
            Self::Big => 0,
        }
    }

    const fn mark(self) -> [u8; 2] {
        match self {
            Self::Little => [0xFF, 0xFE],
            Self::Big => [0xFE, 0xFF],
        }
    }

    /// Whether a text of single bytes begins with `start`, of which [`EVIDENCE`] bytes are looked at, or lines in them that end as
    /// those of Windows do. Where the upper half of a unit would be, one has a blank or a mark, as hardly a letter of UTF-16 has.
    pub(crate) fn is_narrow(self, start: &[u8]) -> bool {
        let start = &start[..start.len().min(EVIDENCE)];
        let start = match memchr::memchr(0, start) {
            Some(nul) => &start[..memchr::memmem::rfind(&start[..nul], b"\r\n").map_or(0, |end| end + 2)],
            None => start,
        };
        let is_text = |b: &u8| matches!(b, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0x80..);
        let foreign = start.iter().filter(|b| !b.is_ascii()).count();
        let is_utf8 = || {
            let valid = Encoding::utf8_valid_up_to(start);
            valid == start.len() || is_cut(&start[valid..])
        };
        start.iter().all(is_text)
            && start.iter().skip(self.high()).step_by(2).any(|b| b" \n\r.,:;/=".contains(b))
            && (8 * foreign <= start.len() || is_utf8())
    }

    /// That of UTF-16 which begins with `start`.
    fn of(start: &[u8]) -> Option<Self> {
        [Self::Little, Self::Big].into_iter().find(|order| order.is_wide(start))
    }

    /// Whether `start` is a byte order mark, or letters of which most are of Latin script.
    fn is_wide(self, start: &[u8]) -> bool {
        let (units, _) = start[..start.len().min(EVIDENCE)].as_chunks::<2>();
        let is_latin = |unit: &&[u8; 2]| unit[self.high()] == 0 && unit[1 - self.high()] != 0;
        start.starts_with(&self.mark())
            || units.first().is_some_and(|first| is_latin(&first))
                && 2 * units.iter().filter(is_latin).count() > units.len()
    }
}

impl Wide {
    pub(crate) fn new(order: Order) -> Self {
        Self {
            order,
            units: order.encoding().new_decoder_without_bom_handling(),
            lines: LineDecoder::new(NARROW),
            is_narrow: false,
            left: 0,
            at_line: true,
            finished: false,
        }
    }

    pub(crate) fn decode(&mut self, raw: &[u8], source: u64, out: &mut Output<'_>, last: bool) -> Decoded {
        let mut step = Decoded::default();
        while out.room() >= DECODE_ROOM && !self.finished {
            let rest = &raw[step.read..];
            let at = source + step.read as u64;
            if self.left == 0 && self.at_line && !rest.is_empty() {
                if rest.len() < EVIDENCE && !last {
                    break;
                }
                self.at_line = false;
                if !self.is_narrow && self.order.is_narrow(rest) {
                    step.note = step.note.or(Some((Reason::MixedEncoding, at)));
                    self.is_narrow = true;
                    out.stretches.skip(out.filled, at, 0);
                } else if self.is_narrow
                    && let Some(order) = Order::of(rest)
                {
                    step.read += self.widen(order, rest, at, out);
                    continue;
                }
            }
            if self.left == 0 {
                self.left = if self.is_narrow { self.narrow(rest, last) } else { self.wide(rest, last) };
            }
            let part = &rest[..rest.len().min(self.left)];
            let is_end = last && part.len() == rest.len();
            if part.is_empty() && !is_end {
                break;
            }
            let decoded = match part {
                _ if self.is_narrow => {
                    let decoded = self.lines.decode(part, at, out, is_end);
                    self.finished = is_end && decoded.read == part.len();
                    decoded
                }
                [_] if self.left == 1 && !is_end => {
                    out.replace(at, 1);
                    Decoded { read: 1, note: Some((Reason::InvalidEncoding, at)), starved: false }
                }
                _ => self.units(part, at, out, is_end),
            };
            step.note = step.note.or(decoded.note);
            step.read += decoded.read;
            self.left -= decoded.read;
            if self.is_narrow && decoded.starved {
                // The rest of a long line.
                self.left = 0;
                break;
            }
        }
        // Where there is room, it was broken off for want of bytes.
        step.starved = out.room() >= DECODE_ROOM;
        step
    }

    /// UTF-16 begins at the start of `rest`, which lies at `source`; bytes of its mark.
    fn widen(&mut self, order: Order, rest: &[u8], source: u64, out: &mut Output<'_>) -> usize {
        self.order = order;
        self.is_narrow = false;
        self.units = order.encoding().new_decoder_without_bom_handling();
        let mark = if rest.starts_with(&order.mark()) { order.mark().len() } else { 0 };
        out.stretches.skip(out.filled, source + mark as u64, 0);
        mark
    }

    /// The length of what begins `rest` in UTF-16, up to where it is known; 0 where more of it must be there.
    fn wide(&mut self, rest: &[u8], last: bool) -> usize {
        for feed in memchr::memchr_iter(b'\n', rest) {
            let half = usize::from(self.order == Order::Little && rest.get(feed + 1) == Some(&0));
            let line = feed + 1 + half;
            if !last && rest.len() < feed + 2 + EVIDENCE {
                return feed & !1;
            }
            if line < rest.len() && self.order.is_narrow(&rest[line..]) {
                self.at_line = true;
                return line;
            }
        }
        if last { rest.len() } else { rest.len() & !1 }
    }

    /// The same of lines of single bytes.
    fn narrow(&mut self, rest: &[u8], last: bool) -> usize {
        let foreign = memchr::memchr3(0, 0xFE, 0xFF, rest);
        let before = memchr::memrchr(b'\n', &rest[..foreign.unwrap_or(rest.len())]);
        // A line of single bytes with a NUL in it ends as others do.
        let behind = || foreign.and_then(|at| Some(at + memchr::memchr(b'\n', &rest[at..])?));
        if let Some(feed) = before.or_else(behind) {
            self.at_line = true;
            return feed + 1;
        }
        if last || rest.len() > LONG { rest.len() } else { 0 }
    }

    /// One step of UTF-16, up to a unit that is no character.
    fn units(&mut self, raw: &[u8], source: u64, out: &mut Output<'_>, last: bool) -> Decoded {
        out.stretches.add(out.filled, source, Some(Widths::Utf16));
        let odd = raw.len() % 2;
        let end = out.text.len().saturating_sub(3).max(out.filled);
        let space = &mut out.text[out.filled..end];
        let (result, read, written) =
            self.units.decode_to_utf8_without_replacement(&raw[..raw.len() - odd], space, last);
        out.filled += written;
        let mut step = Decoded { read, note: None, starved: false };
        match result {
            DecoderResult::Malformed(bad, after) => {
                let at = source + (read as u64) - u64::from(bad) - u64::from(after);
                step.note = Some((Reason::InvalidEncoding, at));
                let replacement = char::REPLACEMENT_CHARACTER;
                out.filled += replacement.encode_utf8(&mut out.text[out.filled..]).len();
            }
            DecoderResult::InputEmpty if last => {
                // Half a unit is none.
                step.note = (odd > 0).then_some((Reason::InvalidEncoding, source + read as u64));
                self.finished = true;
            }
            DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
        }
        step
    }
}
