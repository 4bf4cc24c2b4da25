//! How the decoded text in the buffer lies in the source.

use domesday_model::{Stretch, Widths};

/// The stretches of the buffer, one only where the length of characters changes: ASCII fits into any, so that a text of
/// one kind of characters is one stretch.
#[derive(Default)]
pub(crate) struct Stretches {
    list: Vec<Stretch>,
    /// The last stretch holds a character that is not ASCII.
    settled: bool,
}

impl Stretches {
    /// The buffer holds nothing but the source's own bytes from `source` on.
    pub(crate) fn start(&mut self, source: u64) {
        self.list.clear();
        self.list.push(Stretch { text: 0, source, lead: 0, widths: Widths::Utf8 });
        self.settled = true;
    }

    pub(crate) fn list(&self) -> &[Stretch] {
        &self.list
    }

    /// Text follows at index `text`, read from `source` on. `widths` is `None` when it is all ASCII.
    pub(crate) fn add(&mut self, text: usize, source: u64, widths: Option<Widths>) {
        let (Some(widths), Some(last)) = (widths, self.list.last_mut()) else { return };
        if !self.settled || last.text as usize == text {
            last.widths = widths;
            self.settled = true;
        } else if last.widths != widths {
            self.list.push(Stretch { text: text as u32, source, lead: 0, widths });
        }
    }

    /// At `source` stand `lead` bytes that mean no character, before the text at index `text`.
    pub(crate) fn skip(&mut self, text: usize, source: u64, lead: u8) {
        if self.list.last().is_some_and(|last| last.text as usize == text) {
            self.list.pop();
        }
        self.list.push(Stretch { text: text as u32, source, lead, widths: Widths::Utf8 });
        self.settled = false;
    }

    /// The first `delta` bytes leave the buffer; it then starts at `base` in the source.
    pub(crate) fn slide(&mut self, delta: usize, base: u64) {
        let gone = self.list.partition_point(|stretch| stretch.text as usize <= delta).saturating_sub(1);
        self.list.drain(..gone);
        for stretch in &mut self.list {
            if (stretch.text as usize) < delta {
                *stretch = Stretch { text: 0, source: base, lead: 0, ..*stretch };
            } else {
                stretch.text -= delta as u32;
            }
        }
    }
}
