//! What the fuzz targets have in common.

pub mod format;
#[path = "../../classifiers/tests/oracle/mod.rs"]
pub mod oracle;

#[doc(hidden)]
pub use libfuzzer_sys;

/// A fuzz target that reads an object of that name, which chooses among the formats of text.
#[macro_export]
macro_rules! format {
    ($name:literal) => {
        $crate::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| $crate::format::read($name, bytes));
    };
}

/// A small number that follows from bytes and changes with any of them.
pub fn number_of(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}
