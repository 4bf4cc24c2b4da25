//! The reference documentation is made from the schema.

use std::path::Path;

#[test]
fn reference_in_docs_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/inventory.md");
    let expected = domesday_inventory::reference();
    if std::env::var_os("DOMESDAY_UPDATE_DOCS").is_some() {
        std::fs::write(&path, &expected).expect("the reference is written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "stale: run DOMESDAY_UPDATE_DOCS=1 cargo test -p domesday-inventory reference"
    );
}
