//! Where objects come from: walks a source and opens what it holds.
