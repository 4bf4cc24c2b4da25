#![no_main]

domesday_fuzz::format!("dump.sql");
