#![no_main]

domesday_fuzz::format!("notes.txt");
