//! Decoders of all encodings, behind one face: source bytes in, text and the way back out.

use domesday_model::{Reason, Widths};

use crate::by_line::LineDecoder;
use crate::charset::TextEncoding;
use crate::composing;
use crate::ebcdic::CodePage;
use crate::shifted::Shifted;
use crate::stretches::Stretches;
use crate::utf7::Utf7;
use crate::wide::{Order, Wide};

/// Room that [`Decoder::decode`] needs in its output to make progress.
pub(crate) const DECODE_ROOM: usize = 24;

/// What is wrong, and its place in the source.
pub(crate) type Note = (Reason, u64);

/// Where decoded text goes: behind the first `filled` bytes of `text`.
pub(crate) struct Output<'a> {
    pub(crate) text: &'a mut [u8],
    pub(crate) filled: usize,
    /// The way back, for encodings whose characters differ in length.
    pub(crate) stretches: &'a mut Stretches,
}

impl Output<'_> {
    pub(crate) fn room(&self) -> usize {
        self.text.len() - self.filled
    }

    /// Adds what is text already, as much as there is room for.
    pub(crate) fn copy(&mut self, source: u64, raw: &[u8]) -> usize {
        let part = &raw[..raw.len().min(self.room())];
        self.stretches.add(self.filled, source, if part.is_ascii() { None } else { Some(Widths::Utf8) });
        self.text[self.filled..][..part.len()].copy_from_slice(part);
        self.filled += part.len();
        part.len()
    }

    /// Adds a character that has `width` bytes at `source`; returns `width`.
    pub(crate) fn push(&mut self, source: u64, character: char, width: u8) -> usize {
        let widths = if character.is_ascii() { None } else { Some(Widths::Characters(width)) };
        self.stretches.add(self.filled, source, widths);
        self.filled += character.encode_utf8(&mut self.text[self.filled..]).len();
        usize::from(width)
    }

    /// Adds U+FFFD for `width` bytes at `source` that are no character.
    pub(crate) fn replace(&mut self, source: u64, width: u8) {
        self.push(source, char::REPLACEMENT_CHARACTER, width);
    }
}

/// What one step of decoding did.
#[derive(Default)]
pub(crate) struct Decoded {
    pub(crate) read: usize,
    /// What was wrong first.
    pub(crate) note: Option<Note>,
    /// It goes on only with more bytes than there were.
    pub(crate) starved: bool,
}

/// Decodes a stream. What is no character becomes U+FFFD, so that offsets keep their meaning.
pub(crate) struct Decoder {
    kind: Kind,
    /// The end was given and is decoded.
    pub(crate) finished: bool,
}

enum Kind {
    Wide(Wide),
    Utf32 { unit: fn([u8; 4]) -> u32 },
    CodePage(&'static CodePage),
    Shifted(Shifted),
    Utf7(Utf7),
    Composing,
    ByLine(LineDecoder),
}

impl Decoder {
    /// The decoder, for encodings that are not text already.
    pub(crate) fn new(encoding: TextEncoding) -> Option<Self> {
        let kind = match encoding {
            TextEncoding::Ascii { .. } | TextEncoding::Utf8 => return None,
            TextEncoding::Utf16Le => Kind::Wide(Wide::new(Order::Little)),
            TextEncoding::Utf16Be => Kind::Wide(Wide::new(Order::Big)),
            TextEncoding::Utf32Le => Kind::Utf32 { unit: u32::from_le_bytes },
            TextEncoding::Utf32Be => Kind::Utf32 { unit: u32::from_be_bytes },
            TextEncoding::Ebcdic(page) => Kind::CodePage(page),
            TextEncoding::Shifted(shifts) => Kind::Shifted(Shifted::new(shifts)),
            TextEncoding::Composing => Kind::Composing,
            TextEncoding::Utf7 => Kind::Utf7(Utf7::default()),
            TextEncoding::ByLine(rule) => Kind::ByLine(LineDecoder::new(rule)),
        };
        Some(Self { kind, finished: false })
    }

    /// Decodes `raw`, which lies at `source`, as far as there is room; `last` when nothing follows it.
    pub(crate) fn decode(&mut self, raw: &[u8], source: u64, out: &mut Output<'_>, last: bool) -> Decoded {
        let step = match &mut self.kind {
            Kind::Wide(decoder) => {
                let step = decoder.decode(raw, source, out, last);
                self.finished = decoder.finished;
                return step;
            }
            Kind::Utf32 { unit } => decode_utf32(*unit, raw, source, out, last),
            Kind::CodePage(page) => decode_page(page, raw, out),
            Kind::Shifted(decoder) => decoder.decode(raw, source, out, last),
            Kind::Composing => composing::decode(raw, source, out, last),
            Kind::Utf7(decoder) => decoder.decode(raw, source, out, last),
            Kind::ByLine(decoder) => decoder.decode(raw, source, out, last),
        };
        self.finished = last && step.read == raw.len();
        Decoded { starved: step.starved || step.read == raw.len(), ..step }
    }
}

fn decode_utf32(
    unit: fn([u8; 4]) -> u32,
    raw: &[u8],
    source: u64,
    out: &mut Output<'_>,
    last: bool,
) -> Decoded {
    let mut step = Decoded::default();
    let (units, rest) = raw.as_chunks::<4>();
    for &bytes in units {
        if out.room() < DECODE_ROOM {
            return step;
        }
        let at = source + step.read as u64;
        let character = char::from_u32(unit(bytes)).unwrap_or_else(|| {
            step.note.get_or_insert((Reason::InvalidEncoding, at));
            char::REPLACEMENT_CHARACTER
        });
        out.filled += character.encode_utf8(&mut out.text[out.filled..]).len();
        step.read += 4;
    }
    step.starved = true;
    if last && !rest.is_empty() {
        step.note.get_or_insert((Reason::InvalidEncoding, source + step.read as u64));
        step.read = raw.len();
    }
    step
}

fn decode_page(page: &CodePage, raw: &[u8], out: &mut Output<'_>) -> Decoded {
    let most = out.room() / 3;
    let part = &raw[..raw.len().min(most)];
    for &byte in part {
        out.filled += page.character(byte).encode_utf8(&mut out.text[out.filled..]).len();
    }
    Decoded { read: part.len(), ..Decoded::default() }
}

/// The text of the beginning of an object.
pub(crate) fn decode_beginning(encoding: TextEncoding, raw: &[u8], whole: bool) -> Option<Vec<u8>> {
    let mut decoder = Decoder::new(encoding)?;
    let mut text = vec![0; 3 * raw.len() + 2 * DECODE_ROOM];
    let mut stretches = Stretches::default();
    stretches.start(0);
    let mut out = Output { text: &mut text, filled: 0, stretches: &mut stretches };
    let mut at = 0;
    while !decoder.finished {
        let step = decoder.decode(&raw[at..], at as u64, &mut out, whole);
        at += step.read;
        if step.starved && !whole || out.room() < DECODE_ROOM {
            break;
        }
    }
    let filled = out.filled;
    text.truncate(filled);
    Some(text)
}
