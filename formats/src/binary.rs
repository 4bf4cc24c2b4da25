//! Skimming: runs of text in files that are no text and are not parsed.
//!
//! A run is at least [`RUN_CHARACTERS`] printable characters on end, as UTF-8 or as UTF-16LE (what Windows programs
//! keep their strings in). Runs of UTF-8 go out where they stand, with NULs for everything between them; each run of
//! UTF-16LE goes out as a window of its own. Lines mean nothing here, so there are no records.

use std::ops::{ControlFlow, Range};

use domesday_model::{Layout, OffsetMap, Window};

use crate::Target;
use crate::mask::mask;
use crate::windows::Splitter;

/// Characters that a run has at least.
const RUN_CHARACTERS: u64 = 6;

/// Buffers for skimming, reused from object to object.
#[derive(Default)]
pub(crate) struct SkimBuffers {
    /// Closed runs of UTF-8 that touch the buffer, ascending.
    narrow: Vec<(u32, u32)>,
    /// Closed runs of UTF-16LE that touch the buffer, ascending.
    wide: Vec<(u32, u32)>,
    text: Vec<u8>,
}

/// A run that is being read, in offsets of the whole file.
#[derive(Clone, Copy, Default)]
struct Run {
    start: u64,
    end: u64,
    characters: u64,
}

impl Run {
    const fn counts(&self) -> bool {
        self.characters >= RUN_CHARACTERS
    }
}

/// Finds runs.
pub(crate) struct Skim<'s> {
    buffers: &'s mut SkimBuffers,
    narrow: Run,
    wide: Run,
    /// Offset of the buffer in the file.
    base: u64,
    /// Offset in the file up to which runs are known.
    scanned: u64,
    /// Bytes in runs.
    pub(crate) text_bytes: u64,
}

impl<'s> Skim<'s> {
    pub(crate) fn new(buffers: &'s mut SkimBuffers) -> Self {
        buffers.narrow.clear();
        buffers.wide.clear();
        Self { buffers, narrow: Run::default(), wide: Run::default(), base: 0, scanned: 0, text_bytes: 0 }
    }

    /// Looks at `text` up to `to`; what lies behind is only there to complete a character.
    fn scan(&mut self, text: &[u8], to: usize) {
        let mut i = (self.scanned - self.base) as usize;
        while i < to {
            let at = self.base + i as u64;
            let between = self.narrow.characters == 0 && (self.wide.characters == 0 || self.wide.end < at);
            if between && let Some(block) = text[i..to].first_chunk::<64>() {
                let skipped = barren(block);
                i += skipped;
                if skipped > 0 {
                    continue;
                }
            }
            let ascii = text[i..to].first_chunk().filter(|block| is_narrow(block[0]) && is_narrow(block[1]));
            i += match ascii {
                Some(block) => self.ascii(i, block),
                None => self.step(text, i),
            };
        }
        self.scanned = self.base + i as u64;
    }

    /// Takes in the printable ASCII at the front of a block, but for its last byte, behind which a NUL may stand; returns
    /// its length.
    #[inline]
    fn ascii(&mut self, i: usize, block: &[u8; 64]) -> usize {
        let count = u64::from(narrow(block).trailing_ones()) - 1;
        let run = &mut self.narrow;
        if run.characters == 0 {
            run.start = self.base + i as u64;
        }
        run.characters += count;
        run.end = self.base + i as u64 + count;
        count as usize
    }

    /// Takes in what stands at `text[i]`; returns its length in bytes.
    #[inline]
    fn step(&mut self, text: &[u8], i: usize) -> usize {
        let width = character(&text[i..]);
        if width > 0 {
            let run = &mut self.narrow;
            if run.characters == 0 {
                run.start = self.base + i as u64;
            }
            run.characters += 1;
            run.end = self.base + (i + width) as u64;
        } else {
            self.close_narrow();
        }
        for at in i..i + width.max(1) {
            self.wide_unit(text, at);
        }
        width.max(1)
    }

    /// Whether a UTF-16LE unit stands at `text[i]`.
    #[inline]
    fn wide_unit(&mut self, text: &[u8], i: usize) {
        if text.get(i + 1) != Some(&0) || !is_wide(text[i]) {
            return;
        }
        let at = self.base + i as u64;
        if self.wide.characters == 0 || at != self.wide.end {
            self.close_wide();
            self.wide.start = at;
        }
        self.wide.characters += 1;
        self.wide.end = at + 2;
    }

    #[inline]
    fn close_narrow(&mut self) {
        let run = std::mem::take(&mut self.narrow);
        if run.counts() {
            self.text_bytes += run.end - run.start;
            let range = self.narrow_range(&run);
            self.buffers.narrow.push(range);
        }
    }

    fn close_wide(&mut self) {
        let run = std::mem::take(&mut self.wide);
        if run.counts() {
            self.text_bytes += run.end - run.start;
            let range = self.wide_range(&run);
            self.buffers.wide.push(range);
        }
    }

    /// The part of the narrow run that is in the buffer.
    fn narrow_range(&self, run: &Run) -> (u32, u32) {
        (run.start.saturating_sub(self.base) as u32, run.end.saturating_sub(self.base) as u32)
    }

    /// The part of the wide run that is in the buffer: whole units.
    fn wide_range(&self, run: &Run) -> (u32, u32) {
        let start = if run.start < self.base { (self.base - run.start) % 2 } else { run.start - self.base };
        (start as u32, run.end.saturating_sub(self.base) as u32)
    }

    fn emit_wide(
        &mut self,
        window: &Window<'_>,
        (start, end): (u32, u32),
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        let end = (end as usize).min(window.text.len());
        let mut at = start as usize;
        let mut own = None;
        let base = self.base + u64::from(start);
        let text = &mut self.buffers.text;
        text.clear();
        let mut own_end = 0;
        while at + 1 < end {
            if window.own.contains(&at) {
                own.get_or_insert(text.len());
            }
            let c = char::from(window.text[at]);
            text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            if window.own.contains(&at) {
                own_end = text.len();
            }
            at += 2;
        }
        let Some(own_start) = own else { return ControlFlow::Continue(()) };
        let offsets = OffsetMap::utf16(base, text);
        target.window(&Window { text, own: own_start..own_end, layout: window.layout, offsets })
    }
}

impl Splitter for Skim<'_> {
    fn advance(&mut self, text: &[u8], _: usize, _: &OffsetMap<'_>) {
        self.scan(text, text.len().saturating_sub(4).max((self.scanned - self.base) as usize));
    }

    fn finish(&mut self, text: &[u8], _: &OffsetMap<'_>) {
        self.scan(text, text.len());
        self.close_narrow();
        self.close_wide();
    }

    fn emit(
        &mut self,
        text: &[u8],
        own: Range<usize>,
        offsets: OffsetMap<'_>,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        let (narrow, wide) = (self.buffers.narrow.len(), self.buffers.wide.len());
        if self.narrow.counts() {
            let range = self.narrow_range(&self.narrow);
            self.buffers.narrow.push(range);
        }
        if self.wide.counts() {
            let range = self.wide_range(&self.wide);
            self.buffers.wide.push(range);
        }
        let mut shown = std::mem::take(&mut self.buffers.text);
        shown.clear();
        shown.resize(text.len(), 0);
        for &(start, end) in &self.buffers.narrow {
            let range = start as usize..(end as usize).min(text.len());
            shown[range.clone()].copy_from_slice(&text[range]);
        }
        let layout = Layout::Runs;
        let mut flow = target.window(&Window { text: &shown, own: own.clone(), layout, offsets });
        self.buffers.text = shown;
        for i in 0..self.buffers.wide.len() {
            if flow.is_continue() {
                let window = Window { text, own: own.clone(), layout, offsets };
                flow = self.emit_wide(&window, self.buffers.wide[i], target);
            }
        }
        self.buffers.narrow.truncate(narrow);
        self.buffers.wide.truncate(wide);
        flow
    }

    fn slide(&mut self, delta: usize, _: &OffsetMap<'_>) {
        let delta32 = delta as u32;
        self.buffers.narrow.retain_mut(|(start, end)| {
            *start = start.saturating_sub(delta32);
            *end = end.saturating_sub(delta32);
            *end > 0
        });
        self.buffers.wide.retain_mut(|(start, end)| {
            *start = if *start < delta32 { (delta32 - *start) % 2 } else { *start - delta32 };
            *end = end.saturating_sub(delta32);
            *end > *start
        });
        self.base += delta as u64;
    }
}

/// Bytes at the front of `block` in which no run starts that could be long enough.
#[inline]
fn barren(block: &[u8; 64]) -> usize {
    /// Behind these a character, or a run of UTF-16LE, may go on behind the block.
    const KNOWN: u32 = 60;
    const KNOWN_WIDE: u32 = 48;
    if *block == [0; 64] {
        return 64;
    }
    let tail = mask(block, |b| u8::from(b & 0xC0 == 0x80));
    let two = mask(block, |b| u8::from(b & 0xE0 == 0xC0)) & (tail >> 1);
    let three = mask(block, |b| u8::from(b & 0xF0 == 0xE0)) & (tail >> 1) & (tail >> 2);
    let four = mask(block, |b| u8::from(b & 0xF8 == 0xF0)) & (tail >> 1) & (tail >> 2) & (tail >> 3);
    let heads = two | three | four;
    let text = narrow(block) | heads | heads << 1 | (three | four) << 2 | four << 3;
    let wide = mask(block, |b| u8::from(is_wide(b))) & (mask(block, |b| u8::from(b == 0)) >> 1);
    let pairs = text & (text >> 1);
    let units = wide & (wide >> 2);
    let long = pairs & (pairs >> 2) & (pairs >> 4);
    let long_wide = units & (units >> 4) & (units >> 8);
    // A run at the end of what is known starts where the next block does.
    let open = (text << (64 - KNOWN)).leading_ones();
    let known = (KNOWN - open.min(KNOWN)).min(if wide >> KNOWN_WIDE == 0 { KNOWN } else { KNOWN_WIDE });
    known.min(long.trailing_zeros()).min(long_wide.trailing_zeros()) as usize
}

/// The bytes of a block that [`is_narrow`] holds of.
#[inline]
fn narrow(block: &[u8; 64]) -> u64 {
    mask(block, |b| u8::from(b.wrapping_sub(b' ') < 95) | u8::from(b == b'\t'))
}

const fn is_narrow(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t')
}

/// Latin letters and everything else that is printable below U+0100.
const fn is_wide(byte: u8) -> bool {
    is_narrow(byte) || byte >= 0xA0
}

/// Bytes of the printable UTF-8 character at the start of `text`; 0 where there is none.
#[inline]
fn character(text: &[u8]) -> usize {
    let width = match text[0] {
        b' '..=b'~' | b'\t' => return 1,
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return 0,
    };
    let is_printable = |s: &str| s.chars().all(|c| !c.is_control());
    text.get(..width)
        .and_then(|c| std::str::from_utf8(c).ok())
        .filter(|s| is_printable(s))
        .map_or(0, str::len)
}
