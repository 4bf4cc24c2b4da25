//! One worker's sink: passes everything on to the inventory, to stdout and to the tally.

use domesday_inventory::InventorySink;
use domesday_model::{ObjectMeta, ObjectOutcome, Occurrence, Sink, SinkError, Takes};

use crate::jsonl::Lines;
use crate::sarif::Results;
use crate::tally::Tally;

/// Where the findings of one worker go.
pub(crate) struct Told<'a> {
    pub(crate) inventory: InventorySink,
    /// For `--format jsonl`.
    pub(crate) lines: Option<Lines<'a>>,
    /// For `--format sarif`.
    pub(crate) results: Option<Results<'a>>,
    pub(crate) tally: Tally<'a>,
}

impl Sink for Told<'_> {
    fn begin(&mut self, object: &ObjectMeta) -> Result<(), SinkError> {
        self.tally.begin(object);
        if let Some(lines) = &mut self.lines {
            lines.begin(object);
        }
        self.inventory.begin(object)
    }

    fn occurrence(&mut self, occurrence: &Occurrence<'_>) -> Result<(), SinkError> {
        if occurrence.reported {
            self.tally.add(occurrence);
            if let Some(lines) = &mut self.lines {
                lines.add(occurrence)?;
            }
        }
        self.inventory.occurrence(occurrence)
    }

    fn takes(&self) -> Takes {
        if self.lines.is_some() { Takes::InOrder } else { self.inventory.takes() }
    }

    fn restart(&mut self) -> Result<(), SinkError> {
        self.tally.clear();
        if let Some(lines) = &mut self.lines {
            lines.restart();
        }
        self.inventory.restart()
    }

    fn end(&mut self, outcome: &ObjectOutcome) -> Result<(), SinkError> {
        if let (Some(results), Some((object, pairs))) = (&self.results, self.tally.present()) {
            results.end(object, pairs, outcome)?;
        }
        self.tally.end(outcome);
        if let Some(lines) = &mut self.lines {
            lines.release()?;
        }
        self.inventory.end(outcome)
    }
}
