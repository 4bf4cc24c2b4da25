//! What follows the number of a house: its parts (`Apt 4B`, `3º B`, `2. tv.`), the district, the postal code and the
//! town, on the same line or on the next ones of a block.

use super::numbers::{alone, digits, is_year, number_end};
use super::{
    Addresses, CUE, Case, DISTRICT, FLOOR, LINK, NUMBER, PARTICLE, Reader, STATE, TOWN, TOWN_PREPOSITION,
    Token, UNIT, is_short, name_goes_on,
};

/// Parts of a house.
const MOST_UNITS: usize = 6;
/// Names between the street and its town.
const MOST_DISTRICTS: usize = 3;
/// Words of the name of a town or of a district.
const MOST_NAMES: usize = 4;
/// Parts between a street and its town that say nothing themselves.
const MOST_FAR_PARTS: usize = 5;
/// Blanks before a line of a block.
const WIDEST_INDENT: usize = 16;

/// How the end of an address goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Gap {
    Blank,
    Comma,
    Line,
}

/// Where an address ends, and what follows its number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rest {
    pub(super) end: usize,
    pub(super) unit: bool,
    pub(super) town: bool,
    /// The town is a listed one.
    pub(super) known: bool,
    /// Its code is no other number.
    pub(super) clear: bool,
}

/// The town of an address.
#[derive(Clone, Copy, Debug)]
struct Town {
    end: usize,
    known: bool,
    /// Its code stands before it, and is no other number: 05-806, 903 26, 3511 NL.
    clear: bool,
}

impl Addresses {
    /// What follows an address. `sure`: nothing but a street is like it, so that a postal code may look like a year.
    pub(super) fn rest(&self, reader: &Reader<'_>, end: usize, sure: bool) -> Rest {
        let mut rest = Rest { end, unit: false, town: false, known: false, clear: false };
        for _ in 0..MOST_UNITS {
            let Some(unit) = self.unit(reader, rest.end) else { break };
            (rest.end, rest.unit) = (unit, true);
        }
        let mut end = rest.end;
        for _ in 0..=MOST_DISTRICTS {
            if let Some(town) = self.town(reader, end, sure) {
                return Rest { end: town.end, town: true, known: town.known, clear: town.clear, ..rest };
            }
            let Some(district) = district(reader, end) else { break };
            end = district;
        }
        let town = self.bare_town(reader, rest.end).or_else(|| {
            // Beyoğlu, İstanbul
            let mut end = rest.end;
            (0..MOST_DISTRICTS).find_map(|_| {
                end = district(reader, end)?;
                let town = self.bare_town(reader, end)?;
                (ends_part(reader, town) && !reader.text[rest.end..town].contains(&b'\n')).then_some(town)
            })
        });
        let known = town.is_some_and(|town| ends_part(reader, town));
        let end = town.unwrap_or(rest.end);
        let end = if sure { self.far_town(reader, end).unwrap_or(end) } else { end };
        Rest { end, known, ..rest }
    }

    /// Whether a postal code and a town follow.
    pub(super) fn has_town(&self, reader: &Reader<'_>, end: usize) -> bool {
        self.town(reader, end, false).is_some()
    }

    /// The same, of a code that is no other number.
    pub(super) fn has_clear_town(&self, reader: &Reader<'_>, end: usize) -> bool {
        self.town(reader, end, false).is_some_and(|town| town.clear)
    }

    /// The end of the town or the postal code behind further parts of an address, whatever they are called: `, Edif. Roma, piso 4,
    /// Valencia`, ` - Consolação - São Paulo/SP - CEP 01304-001`.
    fn far_town(&self, reader: &Reader<'_>, end: usize) -> Option<usize> {
        let (mut at, mut best) = (end, None);
        for _ in 0..MOST_FAR_PARTS {
            let Some((start, _)) = self.next_part(reader, at) else { break };
            let start = behind_code_word(reader, start);
            let code = postal_code(reader, start).filter(|code| *code - start > 4);
            let name = code.map_or(Some(start), |code| reader.blank(code));
            let town = name.and_then(|at| self.town_name(reader, at));
            if let Some(town) = town.filter(|town| code.is_some() || town.known) {
                best = Some(self.behind_town(reader, town.end, 0));
            } else if code.is_some() {
                best = code;
            }
            let Some(part) = best.filter(|best| *best > start).or_else(|| self.far_part(reader, start))
            else {
                break;
            };
            at = part;
        }
        best
    }

    /// Where the next part begins, behind a comma or a dash on the same line.
    fn next_part(&self, reader: &Reader<'_>, at: usize) -> Option<(usize, Gap)> {
        let (next, between) = gap(reader, at)?;
        match between {
            Gap::Comma => Some((dash(reader, next).unwrap_or(next), between)),
            Gap::Blank => Some((dash(reader, next)?, between)),
            Gap::Line => None,
        }
    }

    /// The end of a part of names and numbers.
    fn far_part(&self, reader: &Reader<'_>, start: usize) -> Option<usize> {
        let (mut at, mut end) = (Some(start), None);
        for _ in 0..MOST_NAMES + 1 {
            let Some(next) = at else { break };
            let number =
                small_group(reader, next).filter(|_| reader.byte(next).is_some_and(|b| b.is_ascii_digit()));
            let behind = match (number, reader.token(next)) {
                (Some(number), _) => number,
                (None, Some(token)) => {
                    let is_small = token.is(LINK | UNIT | FLOOR | NUMBER | DISTRICT);
                    if !(token.case.is_name() || token.case == Case::Initial || is_small) {
                        return None;
                    }
                    token.end + usize::from(reader.byte(token.end) == Some(b'.'))
                }
                (None, None) => return None,
            };
            end = Some(behind);
            at = reader.blank(behind).filter(|at| dash(reader, *at).is_none());
        }
        end.filter(|end| at.is_none() && self.next_part(reader, *end).is_some())
    }

    /// The end of a part of the house behind an address.
    fn unit(&self, reader: &Reader<'_>, end: usize) -> Option<usize> {
        // Hauptplatz 4/Top 3
        if reader.byte(end) == Some(b'/') {
            let door = digits(reader, end + 1);
            let fits = (1..=3).contains(&door) && alone(reader, end + 1 + door);
            return if fits { Some(end + 1 + door) } else { self.named_unit(reader, end + 1) };
        }
        let (at, gap) = gap(reader, end)?;
        if let Some(end) = marked_district(reader, at).filter(|_| gap != Gap::Line) {
            return Some(end);
        }
        if gap == Gap::Line {
            return self.named_unit(reader, at).filter(|end| ends_part(reader, *end));
        }
        if reader.byte(at) == Some(b'#') {
            let group = small_group(reader, at + 1)?;
            let more = digits(reader, group + 1);
            let tied = reader.byte(group) == Some(b'-') && (1..=5).contains(&more);
            return Some(if tied { group + 1 + more } else { group });
        }
        if let Some(behind) = dash(reader, at).filter(|at| digits(reader, *at) > 0) {
            return self.ordinal_unit(reader, behind).filter(|end| ends_part(reader, *end));
        }
        if reader.byte(at)?.is_ascii_digit() {
            return self.ordinal_unit(reader, at);
        }
        self.named_unit(reader, dash(reader, at).unwrap_or(at)).or_else(|| {
            let letter = reader.token(at).filter(|token| token.case == Case::Initial && gap == Gap::Blank)?;
            // Mannerheimintie 97 A 4
            let door = reader.blank(letter.end).and_then(|at| number_end(reader, at));
            if let Some(door) = door.filter(|door| door - letter.end <= 4 && ends_part(reader, *door)) {
                return Some(door);
            }
            let unit = || self.named_unit(reader, reader.blank(letter.end)?);
            if let Some(unit) = unit() {
                return Some(unit);
            }
            let behind = || self.has_town(reader, letter.end) || self.bare_town(reader, letter.end).is_some();
            // Sveavägen 88 B
            (ends_part(reader, letter.end) || behind()).then_some(letter.end)
        })
    }

    /// Apt 4B, lgh 1203, D: 3, Road No. 12.
    fn named_unit(&self, reader: &Reader<'_>, at: usize) -> Option<usize> {
        let token = reader.token(at)?;
        if !token.is(UNIT | NUMBER | FLOOR) {
            return None;
        }
        let mark = reader.byte(token.end).filter(|b| matches!(b, b'.' | b':'));
        let behind = token.end + usize::from(mark.is_some());
        let at = reader.blank(behind).or_else(|| mark.map(|_| behind))?;
        if token.case == Case::Initial && mark != Some(b':') || token.is(NUMBER) && !token.is(UNIT) {
            return (token.case != Case::Initial).then(|| number_end(reader, at))?;
        }
        let marked = usize::from(reader.byte(at) == Some(b'#'));
        let group = small_group(reader, at + marked)?;
        // A part of a house has a number, or a letter.
        let own = &reader.text[at + marked..group];
        let is_letter = own[0].is_ascii_uppercase() && own[1..].iter().all(u8::is_ascii_digit);
        let is_name = own[0].is_ascii_digit() || is_letter || marked == 1;
        (is_name && alone(reader, group)).then_some(group)
    }

    /// 3º B, 2. tv., 3rd floor.
    fn ordinal_unit(&self, reader: &Reader<'_>, at: usize) -> Option<usize> {
        let len = digits(reader, at);
        if !(1..=2).contains(&len) {
            return None;
        }
        let ordinal = |at: usize, marks: &[&str]| {
            let rest = &reader.text[at..reader.hi];
            marks.iter().find(|mark| rest.starts_with(mark.as_bytes())).map(|mark| at + mark.len())
        };
        let floor = |at: usize| {
            let token = reader.token(reader.blank(at)?).filter(|token| token.is(FLOOR))?;
            let dot = reader.byte(token.end) == Some(b'.') && token.end - token.start <= 4;
            Some(token.end + usize::from(dot))
        };
        if let Some(behind) = ordinal(at + len, &[".º", ".ª", "º", "ª", "°"]) {
            let side = || {
                let at = reader.blank(behind)?;
                let len = digits(reader, at);
                if (1..=2).contains(&len) {
                    return ordinal(at + len, &["ª", "º"]);
                }
                let letter = reader.token(at).filter(|token| token.case == Case::Initial)?;
                ends_part(reader, letter.end).then_some(letter.end)
            };
            return Some(floor(behind).or_else(side).unwrap_or(behind));
        }
        let marks = [".", "st", "nd", "rd", "th", "er", "ème", "e", "ve", "."];
        floor(ordinal(at + len, &marks).unwrap_or(at + len))
    }

    /// The postal code and town behind an address: `, 10115 Berlin`, `, Springfield, IL 62704`, ` à 69003 Lyon`.
    fn town(&self, reader: &Reader<'_>, end: usize, sure: bool) -> Option<Town> {
        let (at, between) = self.before_town(reader, end)?;
        let at = behind_code_word(reader, at);
        let dated = |at: usize, code: usize| code - at == 4 && is_year(&reader.text[at..]);
        if let Some(code) = postal_code(reader, at) {
            // `26 December 2023, …`
            if (between == Gap::Blank || !sure) && dated(at, code) {
                return None;
            }
            let (next, behind) = gap(reader, code)?;
            if behind == Gap::Line && between != Gap::Line {
                return None;
            }
            let name = self.town_name(reader, next)?;
            let end = self.behind_town(reader, name.end, code - at);
            let clear = reader.text[at..code].iter().any(|byte| !byte.is_ascii_digit());
            return Some(Town { end, clear, ..name });
        }
        let name = self.town_name(reader, at)?;
        let (mut next, behind) = gap(reader, town_number(reader, name.end))?;
        let mut line = behind == Gap::Line;
        if behind == Gap::Blank {
            next = dash(reader, next).unwrap_or(next);
        }
        let state = reader.token(next).filter(|token| token.case == Case::Upper && token.end - next <= 3);
        if let Some(state) = state {
            // `Leeds LS6 2QP` has none.
            let (behind, after) = gap(reader, state.end).unwrap_or((state.end, Gap::Blank));
            (next, line) = (behind, after == Gap::Line);
        }
        let code = |at: usize| {
            let end = postal_code(reader, at)
                .or_else(|| town_first_code(reader, at))
                .or_else(|| seven_digits(reader, at))?;
            let fits = line && ends_part(reader, end) || !line && (state.is_some() || !dated(at, end));
            fits.then_some(end)
        };
        let own = state.and_then(|state| code(state.start));
        if let Some(end) = code(next).or(own) {
            // `Centro, 80020-090 Curitiba` is a district before its town.
            let is_number = reader.text[next].is_ascii_digit();
            let town = || reader.blank(end).and_then(|at| self.town_name(reader, at));
            if behind == Gap::Comma && state.is_none() && is_number && town().is_some() {
                return None;
            }
            return Some(Town { end, ..name });
        }
        // Springfield, IL
        let state = state.filter(|state| state.is(STATE) && alone(reader, state.end) && behind == Gap::Comma);
        state.map(|state| Town { end: state.end, ..name })
    }

    /// The end of a listed town that has no postal code: `, London`, ` i Göteborg`.
    fn bare_town(&self, reader: &Reader<'_>, end: usize) -> Option<usize> {
        let (at, between) = self.before_town(reader, end)?;
        // Without a case nothing tells a town from other words, but that they end there.
        let is_caseless = reader.byte(at).is_some_and(|b| b >= 0x80)
            && reader.token(at).is_some_and(|token| token.case == Case::None);
        let name = self.town_name(reader, at);
        let name = name.filter(|name| name.known || is_caseless && ends_part(reader, name.end))?;
        (between != Gap::Blank).then(|| self.behind_town(reader, name.end, 0))
    }

    /// Where a town may begin behind an address, and what parts them; a dash and a preposition do as a comma does.
    fn before_town(&self, reader: &Reader<'_>, end: usize) -> Option<(usize, Gap)> {
        let (at, between) = gap(reader, end)?;
        if between != Gap::Blank {
            return Some((at, between));
        }
        if let Some(behind) = dash(reader, at) {
            return Some((behind, Gap::Comma));
        }
        match reader.token(at).filter(|token| token.case == Case::Lower) {
            Some(token) if token.is(TOWN_PREPOSITION) => Some((reader.blank(token.end)?, Gap::Comma)),
            Some(_) => None,
            None => Some((at, between)),
        }
    }

    /// The name of a town.
    fn town_name(&self, reader: &Reader<'_>, at: usize) -> Option<Town> {
        let (mut end, mut last) = (None, at);
        let mut next = Some(at);
        for _ in 0..MOST_NAMES {
            let Some(token) = next.and_then(|next| reader.token(next)) else { break };
            match token.case {
                Case::Capital => end = Some(token.end),
                Case::None if !token.is(CUE | TOWN_PREPOSITION | PARTICLE) => end = Some(token.end),
                // A state or a country follows.
                Case::Upper if end.is_none() || is_upper(reader, at, last) && !is_short(&token) => {
                    end = Some(token.end);
                }
                Case::Lower if end.is_some() && token.is(LINK) => (),
                _ => break,
            }
            last = token.end;
            next = reader.blank(name_goes_on(reader, &token));
        }
        let end = end?;
        let name = std::str::from_utf8(&reader.text[at..end]).unwrap_or_default();
        Some(Town { end, known: self.words.of(name) & TOWN != 0, clear: false })
    }

    /// The end of what belongs to the name of a town behind its code of `code` bytes.
    fn behind_town(&self, reader: &Reader<'_>, end: usize, code: usize) -> usize {
        let rest = &reader.text[end..reader.hi];
        // Çankaya/Ankara, Belo Horizonte/MG
        if rest.first() == Some(&b'/')
            && let Some(token) = reader.token(end + 1)
            && (token.case == Case::Capital || token.case == Case::Upper && token.is(STATE))
        {
            return token.end;
        }
        // São Paulo - SP
        if let Some(token) = reader.blank(end).and_then(|at| reader.token(dash(reader, at)?))
            && token.case == Case::Upper
            && token.is(STATE)
            && alone(reader, token.end)
        {
            return token.end;
        }
        // Cedex 08
        for cedex in [" CEDEX", " Cedex", " cedex"] {
            if rest.starts_with(cedex.as_bytes()) {
                let end = end + cedex.len();
                let office = reader.blank(end).map_or(0, |at| digits(reader, at));
                return if (1..=2).contains(&office) { end + 1 + office } else { end };
            }
        }
        let behind = |mark: &[u8]| rest.starts_with(mark).then(|| reader.token(end + mark.len())).flatten();
        // Halle (Saale), Napoli (NA)
        if let Some(token) = behind(b" (").filter(|token| token.is(STATE) && token.case.is_name())
            && reader.byte(token.end) == Some(b')')
        {
            return token.end + 1;
        }
        // Guadalajara, Jal.
        if let Some(token) = behind(b", ").filter(|token| token.is(STATE) && token.case.is_name()) {
            return token.end + usize::from(reader.byte(token.end) == Some(b'.'));
        }
        // Torino TO; København V
        let fits = |token: &Token| match token.case {
            Case::Initial => code == 4 && b"CKNSV".contains(&reader.text[token.start]),
            Case::Upper => token.end - token.start == 2 && token.is(STATE),
            _ => false,
        };
        if let Some(token) = behind(b" ").filter(|token| fits(token) && alone(reader, token.end)) {
            return token.end;
        }
        town_number(reader, end)
    }
}

/// Where a postal code begins behind the word for one.
fn behind_code_word(reader: &Reader<'_>, at: usize) -> usize {
    let rest = &reader.text[at..reader.hi];
    let word = ["C.P. ", "CP ", "CEP ", "CEP: ", "PLZ ", "CAP ", "Τ.Κ. ", "ΤΚ ", "PSČ ", "PIN ", "Pin "]
        .iter()
        .find(|word| rest.starts_with(word.as_bytes()));
    word.map_or(at, |word| at + word.len())
}

/// Whether a name is in upper case as far as it was read.
fn is_upper(reader: &Reader<'_>, start: usize, end: usize) -> bool {
    !reader.text[start..end].iter().any(u8::is_ascii_lowercase)
}

/// The next part of an address, behind a comma, a blank or the end of a line.
fn gap(reader: &Reader<'_>, end: usize) -> Option<(usize, Gap)> {
    let mut at = end;
    let mut gap = Gap::Blank;
    if reader.byte(at) == Some(b',') {
        (at, gap) = (at + 1, Gap::Comma);
    } else if reader.text[at..reader.hi].starts_with("،".as_bytes()) {
        (at, gap) = (at + "،".len(), Gap::Comma);
    }
    for _ in 0..2 {
        at = reader.blank(at).unwrap_or(at);
    }
    if reader.byte(at) == Some(b'\r') {
        at += 1;
    }
    if reader.byte(at) == Some(b'\n') {
        (at, gap) = (at + 1, Gap::Line);
        at += (0..WIDEST_INDENT).take_while(|i| matches!(reader.byte(at + i), Some(b' ' | b'\t'))).count();
    }
    (at > end).then_some((at, gap))
}

/// Behind the dash of ` - 00198 Roma`.
fn dash(reader: &Reader<'_>, at: usize) -> Option<usize> {
    let rest = &reader.text[at..reader.hi];
    ["- ", "– ", "— "].iter().find(|dash| rest.starts_with(dash.as_bytes())).map(|dash| at + dash.len())
}

/// Whether a part of an address may end here: neither a word nor a number follows on the line.
fn ends_part(reader: &Reader<'_>, at: usize) -> bool {
    match reader.byte(at) {
        Some(0xD8) => reader.byte(at + 1) == Some(0x8C),
        None | Some(b',' | b';' | b'\n' | b'\r' | b')' | b'"' | b'|' | b'<' | b'?' | b'!') => true,
        Some(b'.') => reader.byte(at + 1).is_none_or(|b| matches!(b, b' ' | b'\n' | b'\r')),
        _ => false,
    }
}

/// The end of the number of a part of a town: Dublin 7, Praha 5.
fn town_number(reader: &Reader<'_>, end: usize) -> usize {
    let Some(at) = reader.blank(end) else { return end };
    let len = digits(reader, at);
    if (1..=2).contains(&len) && ends_part(reader, at + len) { at + len } else { end }
}

/// A name between the street and its town: Ikoyi, Col. Juárez.
fn district(reader: &Reader<'_>, end: usize) -> Option<usize> {
    let (at, gap) = gap(reader, end)?;
    let at = if gap == Gap::Blank { dash(reader, at)? } else { at };
    let (mut end, mut next) = (None, Some(at));
    for _ in 0..MOST_NAMES {
        let Some(token) = next.and_then(|next| reader.token(next)) else { break };
        match token.case {
            Case::Capital => end = Some(token.end),
            Case::None if !token.is(CUE | TOWN_PREPOSITION | PARTICLE) => end = Some(token.end),
            Case::Lower if end.is_some() && token.is(LINK) => (),
            _ => break,
        }
        let dot = token.is(DISTRICT) && reader.byte(token.end) == Some(b'.');
        next = reader.blank(if dot { token.end + 1 } else { name_goes_on(reader, &token) });
    }
    let end = town_number(reader, end?);
    let is_comma = matches!(reader.byte(end), Some(b',' | b'\n' | b'\r'));
    (is_comma || reader.text[end..reader.hi].starts_with("،".as_bytes())).then_some(end)
}

/// The end of a part of a town with its word before it: phường Bến Nghé, Col. Juárez, RT 01/RW 09.
fn marked_district(reader: &Reader<'_>, at: usize) -> Option<usize> {
    let token = reader.token(at).filter(|token| token.is(DISTRICT) && token.case != Case::Initial)?;
    let dot = usize::from(reader.byte(token.end) == Some(b'.'));
    let next = reader.blank(token.end + dot).or((dot == 1).then_some(token.end + 1))?;
    if let Some(end) = number_end(reader, next) {
        let more = reader.byte(end).filter(|b| *b == b'/').and_then(|_| marked_district(reader, end + 1));
        return Some(more.unwrap_or(end));
    }
    let (mut end, mut next) = (None, Some(next));
    for _ in 0..MOST_NAMES {
        let token = next.and_then(|next| reader.token(next));
        let Some(token) = token.filter(|token| matches!(token.case, Case::Capital | Case::None)) else {
            break;
        };
        end = Some(token.end);
        next = reader.blank(token.end);
    }
    // The town may stand behind it without a comma, and its code.
    end.filter(|end| ends_part(reader, *end))
}

/// The end of a postal code of seven digits, as Israel has them.
fn seven_digits(reader: &Reader<'_>, at: usize) -> Option<usize> {
    let is_foreign = reader.lo + 2 < at && reader.text[at - 2] >= 0x80;
    (is_foreign && digits(reader, at) == 7 && ends_part(reader, at + 7)).then_some(at + 7)
}

/// The end of a group of a few letters and digits.
fn small_group(reader: &Reader<'_>, at: usize) -> Option<usize> {
    let len = (0..7).take_while(|i| reader.byte(at + i).is_some_and(|b| b.is_ascii_alphanumeric())).count();
    (1..=6).contains(&len).then_some(at + len)
}

/// The end of a postal code that stands behind towns alone: 700 092.
fn town_first_code(reader: &Reader<'_>, at: usize) -> Option<usize> {
    let three = |at: usize| digits(reader, at) == 3;
    let end = at + 7;
    (three(at) && reader.blank(at + 3) == Some(at + 4) && three(at + 4) && ends_part(reader, end))
        .then_some(end)
}

/// The end of a postal code: 4 to 6 digits in one group or two, with a country before them or letters behind, or that
/// of the United Kingdom, of Ireland or of Canada.
pub(super) fn postal_code(reader: &Reader<'_>, at: usize) -> Option<usize> {
    let mut at = at;
    let letters = (0..3).take_while(|i| reader.byte(at + i).is_some_and(|b| b.is_ascii_uppercase())).count();
    let country = letters > 0 && reader.byte(at + letters) == Some(b'-');
    if letters > 0 && !country {
        let outward = (letters..5).take_while(|i| {
            reader.byte(at + i).is_some_and(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        });
        let middle = at + letters + outward.count();
        if letters > 2 || middle == at + letters {
            return None;
        }
        let inward = reader.blank(middle).unwrap_or(middle);
        let len = (0..5).take_while(|i| reader.byte(inward + i).is_some_and(|b| b.is_ascii_alphanumeric()));
        let len = len.count();
        let code = &reader.text[inward..inward + len];
        // D07 Y5L2
        let irish = len == 4 && letters == 1 && middle - at == 3 && code.iter().all(is_code_byte);
        return ((len == 3 || irish) && code.iter().any(u8::is_ascii_digit)).then_some(inward + len);
    }
    if country {
        at += letters + 1;
    }
    let len = digits(reader, at);
    let mut end = at + len;
    let tail = |from: usize| digits(reader, from);
    match len {
        2 if reader.byte(end) == Some(b'-') && tail(end + 1) == 3 => end += 4,
        3 if reader.blank(end).is_some() && tail(end + 1) == 2 => end += 3,
        3 if reader.byte(end) == Some(b'-') && tail(end + 1) == 4 => end += 5,
        4 if reader.byte(end) == Some(b'-') && tail(end + 1) == 3 => end += 4,
        5 if reader.byte(end) == Some(b'-') && matches!(tail(end + 1), 3 | 4) => end += 1 + tail(end + 1),
        4 => {
            // 1234 AB
            let from = usize::from(reader.byte(end) == Some(b' '));
            let letters = |i: usize| reader.byte(end + from + i).is_some_and(|b| b.is_ascii_uppercase());
            if letters(0) && letters(1) && alone(reader, end + from + 2) {
                end += from + 2;
            }
        }
        5 | 6 => (),
        _ => return None,
    }
    (!reader.byte(end).is_some_and(|b| b.is_ascii_alphanumeric())).then_some(end)
}

fn is_code_byte(byte: &u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase()
}
