//! Turns the bytes of an object into windows of text, records and columns.
