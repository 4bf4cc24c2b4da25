//! The `domesday` command.
fn main() {}
