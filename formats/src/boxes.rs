//! Tables that are drawn with the characters made for it (U+2500 to U+257F), as `duckdb`, `sqlite3`, `psql` and data frames
//! print them.
//!
//! Diagrams are drawn with the same characters. What is a table has a header with a line below it that crosses each of its
//! upright lines, and rows with as many of them.

use memchr::memchr_iter;

/// The first byte of all characters that lines are drawn with.
pub(crate) const LEAD: u8 = 0xE2;

/// Bytes of each of them.
pub(crate) const STROKE_BYTES: usize = 3;

/// Lines in front of a header.
const MOST_TITLES: usize = 30;

/// Lines behind a header in which types stand, and the line that sets both apart.
const MOST_HEADER_LINES: usize = 3;

/// Whether a text begins with a line that parts columns: `│ ┃ ┆ ┇ ┊ ┋ ║`.
pub(crate) const fn is_upright(text: &[u8]) -> bool {
    matches!(text, [LEAD, 0x94, 0x82 | 0x83 | 0x86 | 0x87 | 0x8A | 0x8B, ..] | [LEAD, 0x95, 0x91, ..])
}

/// `─ ━ ┄ ┅ ┈ ┉ ╌ ╍ ═`
const fn is_level(text: &[u8]) -> bool {
    matches!(
        text,
        [LEAD, 0x94, 0x80 | 0x81 | 0x84 | 0x85 | 0x88 | 0x89, ..] | [LEAD, 0x95, 0x8C | 0x8D | 0x90, ..]
    )
}

/// Bytes of the stroke that a text begins with: 0 where it begins with none. Dots stand for rows that are left out.
pub(crate) const fn stroke(text: &[u8]) -> usize {
    match text {
        [LEAD, 0x94 | 0x95, _, ..] | [LEAD, 0x80, 0xA6, ..] => STROKE_BYTES,
        [0xC2, 0xB7, ..] => 2,
        _ => 0,
    }
}

pub(crate) fn uprights(line: &[u8]) -> usize {
    memchr_iter(LEAD, line).filter(|&at| is_upright(&line[at..])).count()
}

/// How many columns end at a line that is drawn from one end to the other: `├────┼────┤`; none for any other line.
pub(crate) fn joints(line: &[u8]) -> Option<usize> {
    let (strokes, rest) = line.trim_ascii().as_chunks::<STROKE_BYTES>();
    let are_strokes = strokes.iter().all(|chunk| matches!(chunk, [LEAD, 0x94 | 0x95, _]));
    let joints = strokes.iter().filter(|chunk| !is_level(&chunk[..])).count();
    (rest.is_empty() && are_strokes && strokes.len() >= 3 && joints < strokes.len()).then_some(joints)
}

/// Where the table begins of a text that has one near its front.
pub(crate) fn start(text: &[u8]) -> Option<usize> {
    const MOST_OTHERS: usize = 4;
    const LINES: usize = 50;
    let lines = || {
        text.split_inclusive(|&b| b == b'\n').scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line.trim_ascii()))
        })
    };
    let at = lines().take(MOST_TITLES).position(|(_, line)| uprights(line) > 0)?;
    let (header, line) = lines().nth(at)?;
    let bars = uprights(line);
    let below =
        lines().skip(at + 1).take(MOST_HEADER_LINES).position(|(_, line)| joints(line) == Some(bars))?;
    let (mut rows, mut others) = (0, 0);
    for (_, line) in lines().skip(at + below + 2).take(LINES).filter(|(_, line)| !line.is_empty()) {
        let is_row = uprights(line) == bars;
        rows += usize::from(is_row);
        others += usize::from(!is_row && joints(line).is_none());
    }
    let border = at.checked_sub(1).and_then(|before| lines().nth(before));
    let start = border.filter(|(_, line)| joints(line) == Some(bars)).map_or(header, |(start, _)| start);
    (rows > 0 && (others <= 1 || rows > MOST_OTHERS * others)).then_some(start)
}

/// Whether a cell below a header names the type of its column, as `duckdb` and data frames print it there.
pub(crate) fn is_type(cell: &[u8]) -> bool {
    const TYPES: [&[u8]; 47] = [
        b"binary",
        b"bit",
        b"blob",
        b"bool",
        b"boolean",
        b"cat",
        b"date",
        b"datetime",
        b"decimal",
        b"double",
        b"duration",
        b"enum",
        b"f32",
        b"f64",
        b"float",
        b"i128",
        b"i16",
        b"i32",
        b"i64",
        b"i8",
        b"int128",
        b"int16",
        b"int32",
        b"int64",
        b"int8",
        b"interval",
        b"json",
        b"list",
        b"map",
        b"null",
        b"object",
        b"str",
        b"struct",
        b"time",
        b"time with time zone",
        b"timestamp",
        b"timestamp with time zone",
        b"u16",
        b"u32",
        b"u64",
        b"u8",
        b"uint16",
        b"uint32",
        b"uint64",
        b"uint8",
        b"uuid",
        b"varchar",
    ];
    let end = cell.iter().position(|b| matches!(b, b'(' | b'[')).unwrap_or(cell.len());
    TYPES.contains(&cell[..end].trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_from_diagrams() {
        let table = "┌────┬──────┐\n│ id │ name │\n├────┼──────┤\n│  1 │ Jane │\n└────┴──────┘\n";
        assert_eq!(start(table.as_bytes()), Some(0));
        assert_eq!(start(format!("D select 1;\n{table}").as_bytes()), Some(12));
        assert_eq!(start(" id │ name \n────┼──────\n  1 │ Jane \n(1 row)\n".as_bytes()), Some(0));
        assert_eq!(start("╔════╗\n║ id ║\n╠════╣\n║  1 ║\n╚════╝\n".as_bytes()), Some(0));
        for other in [
            "┌──────┐\n│ note │\n│ more │\n└──────┘\n",
            "┌──────┐   ┌──────┐\n│ one  │──►│ two  │\n└──────┘   └──────┘\n",
            "┌──────┐\n│ one  │\n└──┬───┘\n   │\n┌──┴───┐\n│ two  │\n└──────┘\n",
            "src\n├── a.rs\n│   └── b.rs\n└── c.rs\n",
            "┌──────┬─────┐\n│ one  │ two │\n├──────┼─────┤\nand so it is\nwith words\n│ x │\n",
            "────────────\n Title │ two\n────────────\n text │ more\n",
        ] {
            assert_eq!(start(other.as_bytes()), None, "{other}");
        }
    }
}
