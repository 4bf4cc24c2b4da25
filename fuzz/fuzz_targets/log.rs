#![no_main]

domesday_fuzz::format!("access.log");
