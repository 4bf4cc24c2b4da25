//! The sliding buffer: from a source to windows.
//!
//! The buffer holds, in this order, the left context, the own part and the right context of the next window, and
//! nothing in front of them: an index into it is an offset in the window's text. UTF-8 is read straight behind what
//! is there; only the two contexts are ever moved.

use std::ops::{ControlFlow, Range};

use domesday_model::OffsetMap;
use encoding_rs::UTF_8;

use crate::charset::{ByLine, Main, TextEncoding, Utf8Check, ascii_up_to};
use crate::decoder::{DECODE_ROOM, Decoder, Output};
use crate::detect::{EVIDENCE_BYTES, EVIDENCE_LEFT, detect, guess};
use crate::place::Notes;
use crate::shifted::{Shifts, find_iso_2022_jp};
use crate::source::Source;
use crate::stretches::Stretches;
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

/// Source bytes that wait to be decoded, and where those lay that are.
#[derive(Default)]
pub(crate) struct Raw {
    bytes: Vec<u8>,
    start: usize,
    stretches: Stretches,
}

/// The own part of a first window. Later ones are as long as all before them, up to the limit: what waits for the end of a
/// table's sample does not wait for that of a long window.
const FIRST_WINDOW: usize = 32 << 10;

/// Bytes that are decoded at once.
const RAW_BYTES: usize = 64 << 10;

/// What the buffer holds more than a window, for characters that would be cut and for the decoder.
const SLACK: usize = 64;

/// Windows over the text of one source.
pub(crate) struct Windows<'a, 'i> {
    pub(crate) source: Source<'i>,
    pub(crate) encoding: TextEncoding,
    pub(crate) notes: Notes,
    /// Source offset behind what was handed over and taken.
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
    /// Lines end with a carriage return alone.
    returns: bool,
    /// The text says that it is UTF-8, so what is not is no text.
    is_utf8: bool,
    limits: Limits,
}

/// The size of buffer that `limits` need, for a beginning of `prefix` bytes.
pub(crate) fn buffer_bytes(limits: &Limits, prefix: usize) -> usize {
    // The encoding may be decided twice: at the first foreign character, and at the first that is not UTF-8.
    (limits.left + limits.window_bytes + limits.right).max(prefix) + 2 * EVIDENCE_BYTES + SLACK
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
        let decoder = Decoder::new(encoding);
        raw.bytes.clear();
        raw.start = 0;
        raw.stretches.start(skip as u64);
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
            returns: false,
            is_utf8: false,
            limits,
        }
    }

    /// Of a text whose lines end with a carriage return alone, which becomes a line feed.
    pub(crate) fn with_returns(self, returns: bool) -> Self {
        Self { returns, ..self }
    }

    /// Of a text that may say that it is UTF-8.
    pub(crate) fn declared_utf8(self, is_utf8: bool) -> Self {
        Self { is_utf8, ..self }
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
                splitter.emit(text, self.own..own_end, offsets, target)?;
                self.handed = handed;
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
        let filled = if self.seen == 0 { 0 } else { self.filled };
        if self.decoder.is_none() {
            self.fill_plain(target);
        }
        if self.decoder.is_some() {
            self.fill_decoded(target);
        }
        if self.returns {
            feed_lines(&mut self.buffer[filled.min(self.filled)..self.filled]);
        }
    }

    fn fill_plain(&mut self, target: usize) {
        self.read_to(target);
        if let TextEncoding::Ascii { declared } = self.encoding {
            // What was cut off as the beginning of an escape sequence, and what is fresh.
            let from = self.check.checked.saturating_sub(2);
            self.check.checked += ascii_up_to(&self.buffer[self.check.checked..self.filled]);
            let foreign = self.check.checked;
            if let Some(escape) = find_iso_2022_jp(&self.buffer[from..foreign]) {
                self.encoding = TextEncoding::Shifted(Shifts::Iso2022Jp);
                return self.decode_from(from + escape);
            }
            if foreign == self.filled {
                return;
            }
            let (end, whole) = self.evidence(foreign);
            let left = foreign.saturating_sub(EVIDENCE_LEFT);
            self.encoding = detect(&self.buffer[left..end], whole, declared);
            if self.encoding != TextEncoding::Utf8 {
                // With the letter that it may be a diacritic of.
                return self.decode_from(foreign.saturating_sub(1));
            }
        }
        if let Some(at) = self.check.check(&self.buffer[..self.filled], self.source.ended) {
            let (end, whole) = self.evidence(at);
            let (legacy, second) =
                if self.is_utf8 { (UTF_8.into(), None) } else { guess(&self.buffer[at..end], whole) };
            self.encoding = TextEncoding::ByLine(ByLine { main: Main::Utf8, legacy, second });
            self.decode_from(at);
        }
    }

    /// Reads until the buffer is filled up to `target`, or to the end of the source.
    fn read_to(&mut self, target: usize) {
        if self.filled < target && !self.source.ended {
            self.filled += self.source.fill(&mut self.buffer[self.filled..target]);
        }
    }

    /// Reads on until what decides on the bytes from `at` on is there: up to which index, and whether the source ends
    /// there.
    fn evidence(&mut self, at: usize) -> (usize, bool) {
        let most = at + EVIDENCE_BYTES;
        // One more tells whether the source ends there.
        self.read_to(most + 1);
        (self.filled.min(most), self.source.ended && self.filled <= most)
    }

    /// What the buffer holds from `at` on is decoded, and all that follows.
    fn decode_from(&mut self, at: usize) {
        self.decoder = Decoder::new(self.encoding);
        self.raw.stretches.start(self.base);
        self.raw.bytes.extend_from_slice(&self.buffer[at..self.filled]);
        self.filled = at;
    }

    fn fill_decoded(&mut self, target: usize) {
        while self.filled < target {
            let Some(decoder) = self.decoder.as_mut().filter(|decoder| !decoder.finished) else { return };
            let Raw { bytes, start, stretches } = &mut *self.raw;
            let source = self.source.bytes_read - (bytes.len() - *start) as u64;
            let end = (target + SLACK).min(self.buffer.len());
            let mut out = Output { text: &mut self.buffer[..end], filled: self.filled, stretches };
            let step = decoder.decode(&bytes[*start..], source, &mut out, self.source.ended);
            self.filled = out.filled;
            *start += step.read;
            if let Some((reason, place)) = step.note {
                self.notes.add(reason, place);
            }
            if step.starved && !self.source.ended {
                bytes.drain(..*start);
                *start = 0;
                let kept = bytes.len();
                bytes.resize(RAW_BYTES.max(kept + 1), 0);
                let read = self.source.fill(&mut bytes[kept..]);
                bytes.truncate(kept + read);
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
        let handed = usize::try_from(self.handed).unwrap_or(usize::MAX);
        let own_bytes = handed.max(FIRST_WINDOW).min(self.limits.window_bytes);
        let mut own_end = (self.own + own_bytes).min(self.filled);
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
            TextEncoding::Ascii { .. } | TextEncoding::Utf8 => OffsetMap::identity(self.base),
            TextEncoding::Ebcdic(_) => OffsetMap::single_byte(self.base, text),
            TextEncoding::Utf32Le | TextEncoding::Utf32Be => OffsetMap::fixed(self.base, text, 4),
            TextEncoding::Utf16Le
            | TextEncoding::Utf16Be
            | TextEncoding::Composing
            | TextEncoding::ByLine(_)
            | TextEncoding::Shifted(_)
            | TextEncoding::Utf7 => OffsetMap::stretches(text, self.raw.stretches.list()),
        }
    }

    /// What leaves the buffer when its own part has been handed over up to `own_end`.
    fn delta(&self, own_end: usize) -> usize {
        let mut delta = own_end.saturating_sub(self.limits.left);
        for _ in 0..3 {
            delta += usize::from(delta > 0 && is_continuation(&self.buffer[delta]));
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
        if self.decoder.is_some() {
            self.raw.stretches.slide(delta, base);
        }
    }
}

/// Makes line feeds of carriage returns.
pub(crate) fn feed_lines(text: &mut [u8]) {
    text.iter_mut().filter(|b| **b == b'\r').for_each(|b| *b = b'\n');
}

const fn is_continuation(byte: &u8) -> bool {
    *byte & 0xC0 == 0x80
}

const _: () = assert!(SLACK >= 8 + 2 * DECODE_ROOM);
