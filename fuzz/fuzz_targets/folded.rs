#![no_main]

domesday_fuzz::format!("cards.vcf");
