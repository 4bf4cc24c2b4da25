#![no_main]

domesday_fuzz::format!("table.csv");
