//! Drives a source, the formats and the classifier over all cores, and pushes what they find into sinks.
//!
//! One thread lists, every worker opens and reads objects of its own, so there is no lock between reading a byte and
//! telling a sink. Workers without an object match parts of large ones for those that have opened them. Also the way back: from a place in an object to the bytes there.
#![deny(missing_docs)]

mod columns;
mod crew;
mod fetch;
mod heard;
mod name;
mod object;
mod probe;
mod progress;
mod reading;
mod remembered;
mod scan;
mod telling;

pub use fetch::{FetchError, Fetched, MOST_FETCHED, fetch};
pub use object::{ScanOptions, Worker};
pub use progress::Progress;
pub use scan::{ScanError, scan};
