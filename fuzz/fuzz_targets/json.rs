#![no_main]

domesday_fuzz::format!("object.json");
