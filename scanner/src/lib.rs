//! Drives a source, the formats and the classifier over all cores, and pushes what they find into sinks.
//!
//! One thread lists, every worker opens and reads objects of its own: no object is shared, so there is no lock
//! between reading a byte and telling a sink. Also the way back: from a place in an object to the bytes there.
#![deny(missing_docs)]

mod columns;
mod fetch;
mod object;
mod progress;
mod scan;
mod telling;

pub use fetch::{FetchError, Fetched, MOST_FETCHED, fetch};
pub use object::{ScanOptions, Worker};
pub use progress::Progress;
pub use scan::{ScanError, scan};
