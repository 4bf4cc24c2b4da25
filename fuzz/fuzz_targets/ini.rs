#![no_main]

domesday_fuzz::format!("settings.ini");
