//! The sliding buffer: from a source to windows.
//!
//! The buffer holds, in this order, the left context, the own part and the right context of the next window, and
//! nothing in front of them: an index into it is an offset in the window's text. UTF-8 is read straight behind what
//! is there; only the two contexts are ever moved.

use std::ops::{ControlFlow, Range};

use domesday_model::{OffsetMap, Reason};

use crate::charset::{self, DECODE_ROOM, Decoder, TextEncoding, Utf8Check};
use crate::place::Notes;
use crate::source::Source;
use crate::{Limits, Target};

/// A format's reading of a text. Sees each byte of it once, in order.
pub(crate) trait Splitter {
    /// `text` (the buffer from its start) has grown by `text[from..]`.
    fn advance(&mut self, text: &[u8], from: usize, offsets: &OffsetMap<'_>);

    /// Nothing follows `text`.
    fn finish(&mut self, text: &[u8], offsets: &OffsetMap<'_>);

    /// Hands the window over that is `text`, all of which was given to `advance`.
    fn emit(
        &mut self,
        text: &[u8],
        own: Range<usize>,
        offsets: OffsetMap<'_>,
        target: &mut dyn Target,
    ) -> ControlFlow<()>;

    /// The first `delta` bytes of the buffer, which `offsets` maps, are about to leave it.
    fn slide(&mut self, delta: usize, offsets: &OffsetMap<'_>);
}

/// Source bytes that wait to be decoded.
#[derive(Default)]
pub(crate) struct Raw {
    pub(crate) bytes: Vec<u8>,
    pub(crate) start: usize,
}

/// Bytes that are decoded at once.
const RAW_BYTES: usize = 64 << 10;

/// What the buffer holds more than a window, for characters that would be cut and for the decoder.
const SLACK: usize = 64;

/// Windows over the text of one source.
pub(crate) struct Windows<'a, 'i> {
    pub(crate) source: Source<'i>,
    pub(crate) encoding: TextEncoding,
    pub(crate) notes: Notes,
    /// Source offset behind what was handed over.
    pub(crate) handed: u64,
    decoder: Option<Decoder>,
    check: Utf8Check,
    buffer: &'a mut Vec<u8>,
    raw: &'a mut Raw,
    filled: usize,
    own: usize,
    /// Up to where the splitter has seen the buffer.
    seen: usize,
    /// Source offset of the buffer's first byte.
    base: u64,
    limits: Limits,
}

/// The size of buffer that `limits` need, for a beginning of `prefix` bytes.
pub(crate) fn buffer_bytes(limits: &Limits, prefix: usize) -> usize {
    (limits.left + limits.window_bytes + limits.right).max(prefix) + SLACK
}

impl<'a, 'i> Windows<'a, 'i> {
    /// Windows over a text of which `buffer[..filled]` was read from `source` already, the first `skip` bytes being
    /// a byte order mark.
    pub(crate) fn new(
        source: Source<'i>,
        encoding: TextEncoding,
        (buffer, filled, skip): (&'a mut Vec<u8>, usize, usize),
        raw: &'a mut Raw,
        limits: Limits,
    ) -> Self {
        let decoder = encoding.decoder();
        raw.bytes.clear();
        raw.start = 0;
        let text = if decoder.is_some() {
            raw.bytes.extend_from_slice(&buffer[skip..filled]);
            0
        } else {
            buffer.copy_within(skip..filled, 0);
            filled - skip
        };
        let base = skip as u64;
        Self {
            source,
            encoding,
            notes: Notes::default(),
            handed: base,
            decoder,
            check: Utf8Check::default(),
            buffer,
            raw,
            filled: text,
            own: 0,
            seen: 0,
            base,
            limits,
        }
    }

    /// Skimmed bytes are no text, so nothing about their encoding is wrong.
    pub(crate) fn unchecked(mut self) -> Self {
        self.check.broken = true;
        self.encoding = TextEncoding::Utf8;
        self
    }

    /// Reads to the end. `Break` when the target wanted no more.
    pub(crate) fn drive<S: Splitter>(
        &mut self,
        splitter: &mut S,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        let mut finished = false;
        loop {
            self.fill();
            let (own_end, text_end) = self.cut();
            let offsets = self.offsets(text_end);
            let text = &self.buffer[..text_end];
            if self.seen < text_end {
                splitter.advance(text, self.seen, &offsets);
            }
            let last = self.ended() && text_end == self.filled;
            if last && !finished {
                splitter.finish(text, &offsets);
                finished = true;
            }
            let delta = self.delta(own_end);
            let base = offsets.locate(offsets.origin(), delta);
            let handed = offsets.locate(base, own_end).source;
            if self.own < own_end {
                let flow = splitter.emit(text, self.own..own_end, offsets, target);
                self.handed = handed;
                flow?;
            }
            self.seen = text_end;
            if last && own_end == self.filled {
                return ControlFlow::Continue(());
            }
            splitter.slide(delta, &self.offsets(text_end));
            self.slide(delta, own_end, base.source);
        }
    }

    /// Fills the buffer up to the end of the next window and a little more, or to the end of the source.
    fn fill(&mut self) {
        let target = self.own + self.limits.window_bytes + self.limits.right + 8;
        if self.decoder.is_none() {
            self.fill_plain(target);
        }
        if self.decoder.is_some() {
            self.fill_decoded(target);
        }
    }

    fn fill_plain(&mut self, target: usize) {
        loop {
            // A foreign character at the end of the buffer needs the bytes behind it to be decided.
            let undecided = self.encoding == TextEncoding::Ascii && self.check.checked < self.filled;
            let wanted = if undecided { target.max(self.filled + 4) } else { target };
            if self.filled < wanted && !self.source.ended {
                self.filled += self.source.fill(&mut self.buffer[self.filled..wanted]);
            }
            if self.encoding != TextEncoding::Ascii {
                break;
            }
            let fresh = &self.buffer[self.check.checked..self.filled];
            self.check.checked += charset::ascii_up_to(fresh);
            let foreign = &self.buffer[self.check.checked..self.filled];
            if foreign.is_empty() {
                return;
            }
            if foreign.len() >= 4 || self.source.ended {
                self.encoding = charset::decide(foreign);
                break;
            }
        }
        if self.encoding == TextEncoding::Windows1252 {
            self.decoder = self.encoding.decoder();
            self.raw.bytes.extend_from_slice(&self.buffer[self.check.checked..self.filled]);
            self.filled = self.check.checked;
        } else if let Some(at) = self.check.check(&self.buffer[..self.filled], self.source.ended) {
            self.notes.add(Reason::InvalidEncoding, self.base + at as u64);
        }
    }

    fn fill_decoded(&mut self, target: usize) {
        while self.filled < target {
            let Some(decoder) = self.decoder.as_mut().filter(|decoder| !decoder.finished) else { return };
            if self.raw.bytes.len() - self.raw.start < decoder.width && !self.source.ended {
                self.raw.bytes.drain(..self.raw.start);
                self.raw.start = 0;
                let kept = self.raw.bytes.len();
                self.raw.bytes.resize(RAW_BYTES, 0);
                let read = self.source.fill(&mut self.raw.bytes[kept..]);
                self.raw.bytes.truncate(kept + read);
            }
            let waiting = &self.raw.bytes[self.raw.start..];
            let odd = waiting.len() % decoder.width;
            let space = &mut self.buffer[self.filled..];
            let step = decoder.decode(&waiting[..waiting.len() - odd], space, self.source.ended);
            self.raw.start += step.read;
            self.filled += step.written;
            let left = (self.raw.bytes.len() - self.raw.start) as u64;
            if let Some(back) = step.invalid {
                self.notes.add(Reason::InvalidEncoding, self.source.bytes_read - left - back as u64);
            }
            if decoder.finished && odd > 0 {
                self.notes.add(Reason::InvalidEncoding, self.source.bytes_read - 1);
            }
        }
    }

    fn ended(&self) -> bool {
        self.source.ended && self.decoder.as_ref().is_none_or(|decoder| decoder.finished)
    }

    /// The ends of the own part and of the text of the next window. Neither cuts a character, unless the text is
    /// not UTF-8 there.
    fn cut(&self) -> (usize, usize) {
        let text = &self.buffer[..self.filled];
        let mut own_end = (self.own + self.limits.window_bytes).min(self.filled);
        for _ in 0..3 {
            own_end += usize::from(text.get(own_end).is_some_and(is_continuation));
        }
        let mut text_end = (own_end + self.limits.right).min(self.filled);
        for _ in 0..3 {
            text_end -= usize::from(text.get(text_end).is_some_and(is_continuation));
        }
        (own_end, text_end.max(own_end).max(self.seen))
    }

    fn offsets(&self, text_end: usize) -> OffsetMap<'_> {
        let text = &self.buffer[..text_end];
        match self.encoding {
            TextEncoding::Ascii | TextEncoding::Utf8 => OffsetMap::identity(self.base),
            TextEncoding::Windows1252 => OffsetMap::single_byte(self.base, text),
            TextEncoding::Utf16Le | TextEncoding::Utf16Be => OffsetMap::utf16(self.base, text),
        }
    }

    /// What leaves the buffer when its own part has been handed over up to `own_end`.
    fn delta(&self, own_end: usize) -> usize {
        let mut delta = own_end.saturating_sub(self.limits.left);
        for _ in 0..3 {
            delta += usize::from(delta < own_end && is_continuation(&self.buffer[delta]));
        }
        delta
    }

    fn slide(&mut self, delta: usize, own_end: usize, base: u64) {
        self.base = base;
        self.buffer.copy_within(delta..self.filled, 0);
        self.filled -= delta;
        self.seen -= delta;
        self.own = own_end - delta;
        self.check.checked = self.check.checked.saturating_sub(delta);
    }
}

const fn is_continuation(byte: &u8) -> bool {
    *byte & 0xC0 == 0x80
}

const _: () = assert!(SLACK >= 8 + 4 + 2 * DECODE_ROOM);
