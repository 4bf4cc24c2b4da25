#![no_main]

domesday_fuzz::format!("tree.xml");
