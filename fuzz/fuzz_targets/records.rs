#![no_main]

domesday_fuzz::format!("lines.ndjson");
