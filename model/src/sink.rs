//! Where findings go. The scanner pushes, the inventory and the command line receive; neither knows the other.

use crate::{ObjectMeta, ObjectOutcome, Occurrence};

/// Why a sink cannot go on, for instance a full disk. Ends the scan.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// How a sink takes the values of a part of an object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Takes {
    /// Each by itself, in order of place.
    InOrder,
    /// Each by itself, those of one column after those of another.
    Each,
    /// The same, and those that differ in their place and their bytes alone as one occurrence, where nothing more is known
    /// of each.
    Together,
}

/// Receives objects one after another. Each worker of a scan has a sink of its own.
///
/// For each object: one `begin`, any number of `occurrence`, then `end`. Occurrences come in ascending order of place but
/// for escaped cells, which follow what stands within the same window behind them, and for values that wait until their
/// column is decided. `restart` between them says that the object is read once more from its beginning and what was
/// told of it is void. What the object's name says comes first, and is told again then. A `begin` or the end of the sink without an `end` before it means that the scan was stopped
/// within an object: it counts as not read.
pub trait Sink: Send {
    /// An object is about to be read.
    fn begin(&mut self, object: &ObjectMeta) -> Result<(), SinkError>;

    /// A value was found in it.
    fn occurrence(&mut self, occurrence: &Occurrence<'_>) -> Result<(), SinkError>;

    /// How it takes what is found in a part of an object.
    fn takes(&self) -> Takes {
        Takes::InOrder
    }

    /// Forget every occurrence since `begin`.
    fn restart(&mut self) -> Result<(), SinkError>;

    /// The object is done.
    fn end(&mut self, outcome: &ObjectOutcome) -> Result<(), SinkError>;
}
