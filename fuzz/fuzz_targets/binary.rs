#![no_main]

domesday_fuzz::format!("program.bin");
