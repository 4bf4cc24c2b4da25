//! Benchmarks of Domesday and the corpus they run on.
