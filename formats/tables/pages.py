#!/usr/bin/env python3
"""Writes formats/src/pages.rs: what the bytes beyond ASCII mean in the code pages of DOS and of the Macintosh that encoding_rs
does not have. Python's codecs know them.

    pages.py            write it
    pages.py --check    exit 1 if what is committed differs from what would be written
"""

import sys
import unicodedata
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "src" / "pages.rs"

# Name and Python's name. IANA names most pages of DOS `IBM` and the number; 720 and 737, which it does not have, are called alike.
PAGES = {
    **{f"ibm{number}": f"cp{number}" for number in (437, 720, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 869)},
    "x-mac-ce": "mac_latin2",
    "x-mac-croatian": "mac_croatian",
    "x-mac-greek": "mac_greek",
    "x-mac-icelandic": "mac_iceland",
    "x-mac-romanian": "mac_romanian",
    "x-mac-turkish": "mac_turkish",
}

HEAD = """\
//! Code pages of DOS and of the Macintosh. Written by `formats/tables/pages.py`.

/// What stands for characters in one of them. ASCII is as everywhere.
#[derive(PartialEq, Eq)]
pub(crate) struct Page {
    /// Its name in lower case: `ibm` and its number, or `x-mac-` and its language.
    pub(crate) name: &'static str,
    /// The characters of the bytes from 0x80 on; U+FFFD where there is none.
    pub(crate) beyond_ascii: [char; 128],
}

impl Page {
    /// What `bytes` stand for, one character each.
    pub(crate) fn decode(&self, bytes: &[u8]) -> impl Iterator<Item = char> {
        let beyond = |byte: u8| self.beyond_ascii[usize::from(byte & 0x7F)];
        bytes.iter().map(move |&byte| if byte.is_ascii() { char::from(byte) } else { beyond(byte) })
    }
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// All of them, by name.
#[rustfmt::skip]
pub(crate) static PAGES: [Page; COUNT] = [
"""


def character(byte, codec):
    """Page 864 tells the forms of an Arabic letter apart, by which nobody looks for a word."""
    known = bytes([byte]).decode(codec, errors="replace")
    if unicodedata.category(known) == "Cc":
        return "\ufffd"
    plain = unicodedata.normalize("NFKC", known) if unicodedata.decomposition(known).startswith(("<initial>", "<medial>", "<final>", "<isolated>")) else known
    return plain if len(plain) == 1 else known


def literal(char):
    shown = char.isprintable() and not unicodedata.combining(char) and char != "\ufffd"
    return f"'{char}'" if shown else f"'\\u{{{ord(char):04X}}}'"


def text():
    lines = [HEAD.replace("COUNT", str(len(PAGES)))]
    for name, codec in PAGES.items():
        lines.append(f'    Page {{ name: "{name}", beyond_ascii: [\n')
        for row in range(0x80, 0x100, 16):
            lines.append("        " + " ".join(literal(character(byte, codec)) + "," for byte in range(row, row + 16)) + "\n")
        lines.append("    ] },\n")
    return "".join(lines) + "];\n"


def main():
    if sys.argv[1:] == ["--check"]:
        if TARGET.read_text(encoding="utf-8") != text():
            sys.exit("formats/src/pages.rs is not what formats/tables/pages.py writes")
        return
    TARGET.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
