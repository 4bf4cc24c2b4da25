//! Plain text: lines.

use std::ops::{ControlFlow, Range};

use domesday_model::{Layout, OffsetMap, Window};

use crate::Target;
use crate::windows::Splitter;

/// Hands text over as it is, and counts lines.
#[derive(Default)]
pub(crate) struct Lines {
    /// Line feeds in what was handed over.
    line: u64,
    /// Bytes follow the last line feed.
    open: bool,
}

impl Lines {
    /// Lines handed over; the last one counts without a line feed, too.
    pub(crate) fn count(&self) -> u64 {
        self.line + u64::from(self.open)
    }
}

impl Splitter for Lines {
    fn advance(&mut self, _: &[u8], _: usize, _: &OffsetMap<'_>) {}

    fn finish(&mut self, _: &[u8], _: &OffsetMap<'_>) {}

    fn emit(
        &mut self,
        text: &[u8],
        own: Range<usize>,
        offsets: OffsetMap<'_>,
        target: &mut dyn Target,
    ) -> ControlFlow<()> {
        let part = &text[own.clone()];
        let layout = Layout::Lines { line: self.line };
        self.line += memchr::memchr_iter(b'\n', part).count() as u64;
        self.open = part.last() != Some(&b'\n');
        target.window(&Window { text, own, layout, offsets })
    }

    fn slide(&mut self, _: usize, _: &OffsetMap<'_>) {}
}
