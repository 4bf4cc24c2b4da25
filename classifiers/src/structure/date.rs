//! Dates: as part of an identifier, and as people write them.

use serde::Deserialize;

/// The order of day, month and year in an identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub enum DateForm {
    /// 850314
    #[serde(rename = "YYMMDD")]
    ShortYearFirst,
    /// 19850314
    #[serde(rename = "YYYYMMDD")]
    YearFirst,
    /// 140385
    #[serde(rename = "DDMMYY")]
    DayFirstShortYear,
    /// 14031985
    #[serde(rename = "DDMMYYYY")]
    DayFirst,
    /// 031485
    #[serde(rename = "MMDDYY")]
    MonthFirstShortYear,
    /// 03141985
    #[serde(rename = "MMDDYYYY")]
    MonthFirst,
}

/// How an identifier with two-digit years tells a century: by what it adds to the month.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Century {
    /// Added to the month.
    pub add: u8,
    /// First year of the century, for instance 1900.
    pub century: u16,
}

impl DateForm {
    /// How many digits it has.
    pub(super) const fn len(self) -> usize {
        match self {
            Self::ShortYearFirst | Self::DayFirstShortYear | Self::MonthFirstShortYear => 6,
            Self::YearFirst | Self::DayFirst | Self::MonthFirst => 8,
        }
    }

    /// The digits of a date.
    pub(crate) fn write(self, year: u16, month: u16, day: u16) -> String {
        let short = year % 100;
        match self {
            Self::ShortYearFirst => format!("{short:02}{month:02}{day:02}"),
            Self::YearFirst => format!("{year:04}{month:02}{day:02}"),
            Self::DayFirstShortYear => format!("{day:02}{month:02}{short:02}"),
            Self::DayFirst => format!("{day:02}{month:02}{year:04}"),
            Self::MonthFirstShortYear => format!("{month:02}{day:02}{short:02}"),
            Self::MonthFirst => format!("{month:02}{day:02}{year:04}"),
        }
    }
}

/// Whether the digits, as many as the form has, are a date.
pub(super) fn digits_are_a_date(digits: &[u8], form: DateForm, centuries: &[Century], days: &[u8]) -> bool {
    let (year, rest) = match form {
        DateForm::ShortYearFirst => (&digits[..2], &digits[2..]),
        DateForm::YearFirst => (&digits[..4], &digits[4..]),
        _ => (&digits[4..], &digits[..4]),
    };
    let (Some(short_or_full), Some(first), Some(second)) =
        (number(year), number(&rest[..2]), number(&rest[2..]))
    else {
        return false;
    };
    let (day, month) = match form {
        DateForm::DayFirst | DateForm::DayFirstShortYear => (first, second),
        _ => (second, first),
    };
    let day_holds = |year: u16, month: u16| {
        let offsets = if days.is_empty() { &[0][..] } else { days };
        offsets
            .iter()
            .any(|&offset| day.checked_sub(u16::from(offset)).is_some_and(|day| exists(year, month, day)))
    };
    if year.len() == 4 {
        return (super::FIRST_YEAR - 100..=super::LAST_YEAR).contains(&short_or_full)
            && day_holds(short_or_full, month);
    }
    if centuries.is_empty() {
        // 1900 had no 29 February and 2000 had one: the century that allows more.
        return day_holds(2000 + short_or_full, month);
    }
    centuries.iter().any(|&Century { add, century }| {
        let year = century.saturating_add(short_or_full);
        year <= super::LAST_YEAR
            && month.checked_sub(u16::from(add)).is_some_and(|month| day_holds(year, month))
    })
}

/// Whether the text is a date in a usual written form: `1985-03-14`, `14.03.1985`, `3/14/85`, `19850314`,
/// `14 March 1985`, `March 14, 1985`, `14 de marzo de 1985`. Years have four digits or, with separators other than `-`
/// between numbers, two.
pub(crate) fn is_written_date(raw: &[u8], from: u16, to: u16) -> bool {
    let days = ["日", "일"];
    if let Some(numbers) = days.iter().find_map(|day| raw.strip_suffix(day.as_bytes())) {
        return is_date_of_signs(numbers, from, to);
    }
    let (parts, count) = parts_of(raw);
    let [first, second, third] = parts;
    let in_years = |year: u16| (from..=to).contains(&year);
    if count == 1 && first.len() == 8 {
        let (Some(year), Some(month), Some(day)) = (number(&raw[..4]), number(&raw[4..6]), number(&raw[6..]))
        else {
            return false;
        };
        return raw.len() == 8 && in_years(year) && exists(year, month, day);
    }
    if count != 3 {
        return false;
    }
    if let Some([year, month, day]) = with_named_month(parts) {
        return in_years(year) && exists(year, month, day);
    }
    match (number(first), number(second), number(third)) {
        (Some(year), Some(month), Some(day)) if first.len() == 4 => {
            same_separators(raw) && in_years(year) && day_or_month(second, third) && exists(year, month, day)
        }
        (Some(a), Some(b), Some(year)) => {
            let years = match third.len() {
                4 => [year, year],
                2 if !raw.contains(&b'-') => [1900 + year, 2000 + year],
                _ => return false,
            };
            let possible = |year: u16| in_years(year) && (exists(year, b, a) || exists(year, a, b));
            same_separators(raw) && day_or_month(first, second) && years.into_iter().any(possible)
        }
        _ => false,
    }
}

/// Year, month and day of a date whose month is named.
pub(crate) fn named_date(raw: &[u8]) -> Option<[u16; 3]> {
    let (parts, count) = parts_of(raw);
    if count == 3 { with_named_month(parts) } else { None }
}

/// The parts of a written date, and how many they are; 4 where they are more than three.
fn parts_of(raw: &[u8]) -> ([&[u8]; 3], usize) {
    let mut parts = [&raw[..0]; 3];
    let mut count = 0;
    for part in raw.split(|b| !b.is_ascii_alphanumeric() && b.is_ascii()).filter(|part| !part.is_empty()) {
        // 14 de marzo de 1985, 14 tháng 3 năm 1985
        if part.eq_ignore_ascii_case(b"de") || part == "tháng".as_bytes() || part == "năm".as_bytes() {
            continue;
        }
        if let Some(slot) = parts.get_mut(count) {
            *slot = without_ordinal(part);
        }
        count = (count + 1).min(4);
    }
    (parts, count)
}

/// `14 March 1985`, `March 14, 1985`, `1985. március 14`
fn with_named_month([first, second, third]: [&[u8]; 3]) -> Option<[u16; 3]> {
    match (number(first), number(second), number(third)) {
        (Some(day), None, Some(year)) if third.len() == 4 => Some([year, month_named(second)?, day]),
        (Some(year), None, Some(day)) if first.len() == 4 => Some([year, month_named(second)?, day]),
        (None, Some(day), Some(year)) if third.len() == 4 => Some([year, month_named(first)?, day]),
        _ => None,
    }
}

/// The year of a date in such a form, where it has four digits.
pub(crate) fn written_year(raw: &[u8]) -> Option<u16> {
    let mut parts = raw.split(|b| !b.is_ascii_alphanumeric()).filter(|part| part.len() == 4);
    let year = parts.find_map(number)?;
    is_written_date(raw, year, year).then_some(year).filter(|year| (1900..=super::LAST_YEAR).contains(year))
}

/// `1952年11月13`, `1952년 11월 13`
fn is_date_of_signs(raw: &[u8], from: u16, to: u16) -> bool {
    let Ok(text) = std::str::from_utf8(raw) else { return false };
    let Some((year, (month, day))) =
        text.split_once(['年', '년']).and_then(|(y, rest)| Some((y, rest.split_once(['月', '월'])?)))
    else {
        return false;
    };
    let (month, day) = (month.trim_start(), day.trim_start());
    match (number(year.as_bytes()), number(month.as_bytes()), number(day.as_bytes())) {
        (Some(year), Some(month), Some(day)) => (from..=to).contains(&year) && exists(year, month, day),
        _ => false,
    }
}

fn day_or_month(a: &[u8], b: &[u8]) -> bool {
    a.len() <= 2 && b.len() <= 2
}

/// `14-03.1985` is no date.
fn same_separators(raw: &[u8]) -> bool {
    let mut separators = raw.iter().filter(|b| matches!(b, b'-' | b'/' | b'.'));
    let first = separators.next();
    separators.all(|separator| Some(separator) == first)
}

/// `14th` becomes `14`, `1er` becomes `1`.
fn without_ordinal(part: &[u8]) -> &[u8] {
    let digits = part.iter().take_while(|b| b.is_ascii_digit()).count();
    match &part[digits..] {
        b"st" | b"nd" | b"rd" | b"th" | b"er" if digits > 0 => &part[..digits],
        _ => part,
    }
}

/// A number of one to four digits.
fn number(digits: &[u8]) -> Option<u16> {
    if !(1..=4).contains(&digits.len()) {
        return None;
    }
    super::number(digits).and_then(|number| u16::try_from(number).ok())
}

/// Whether the Gregorian calendar has the day.
fn exists(year: u16, month: u16, day: u16) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Month names as dates have them, the genitive in Slavic languages. Three letters are an abbreviation. Beyond ASCII, they are
/// compared as they are written.
const MONTHS: [&[&str]; 12] = [
    &[
        "january",
        "tammikuuta",
        "jan",
        "januar",
        "janvier",
        "enero",
        "ene",
        "gennaio",
        "gen",
        "janeiro",
        "januari",
        "stycznia",
        "ledna",
        "ocak",
        "января",
        "січня",
        "ianuarie",
        "يناير",
        "Ιανουαρίου",
        "जनवरी",
        "január",
    ],
    &[
        "february",
        "helmikuuta",
        "feb",
        "februar",
        "febrero",
        "febbraio",
        "fevereiro",
        "fev",
        "februari",
        "lutego",
        "février",
        "února",
        "şubat",
        "Şubat",
        "февраля",
        "лютого",
        "februarie",
        "فبراير",
        "Φεβρουαρίου",
        "फरवरी",
        "február",
    ],
    &[
        "march",
        "maaliskuuta",
        "mar",
        "mars",
        "marzo",
        "maart",
        "mrt",
        "marca",
        "märz",
        "März",
        "března",
        "marts",
        "mart",
        "марта",
        "березня",
        "martie",
        "maret",
        "مارس",
        "Μαρτίου",
        "मार्च",
        "március",
        "março",
    ],
    &[
        "april",
        "huhtikuuta",
        "apr",
        "avril",
        "abril",
        "abr",
        "aprile",
        "kwietnia",
        "dubna",
        "nisan",
        "апреля",
        "квітня",
        "aprilie",
        "أبريل",
        "Απριλίου",
        "अप्रैल",
        "április",
    ],
    &[
        "may",
        "toukokuuta",
        "mai",
        "mayo",
        "maggio",
        "mag",
        "maio",
        "mei",
        "maja",
        "května",
        "mayıs",
        "maj",
        "мая",
        "травня",
        "مايو",
        "Μαΐου",
        "मई",
        "május",
    ],
    &[
        "june",
        "kesäkuuta",
        "jun",
        "juni",
        "juin",
        "junio",
        "giugno",
        "giu",
        "junho",
        "czerwca",
        "června",
        "haziran",
        "июня",
        "червня",
        "iunie",
        "يونيو",
        "Ιουνίου",
        "जून",
        "június",
    ],
    &[
        "july",
        "heinäkuuta",
        "jul",
        "juli",
        "juillet",
        "julio",
        "luglio",
        "lug",
        "julho",
        "lipca",
        "července",
        "temmuz",
        "июля",
        "липня",
        "iulie",
        "يوليو",
        "Ιουλίου",
        "जुलाई",
        "július",
    ],
    &[
        "august",
        "elokuuta",
        "aug",
        "agosto",
        "ago",
        "augustus",
        "sierpnia",
        "août",
        "srpna",
        "ağustos",
        "augusti",
        "августа",
        "серпня",
        "agustus",
        "أغسطس",
        "Αυγούστου",
        "अगस्त",
        "augusztus",
    ],
    &[
        "september",
        "syyskuuta",
        "sep",
        "sept",
        "septembre",
        "septiembre",
        "settembre",
        "set",
        "setembro",
        "září",
        "września",
        "wrzesnia",
        "eylül",
        "сентября",
        "вересня",
        "septembrie",
        "سبتمبر",
        "Σεπτεμβρίου",
        "सितंबर",
        "szeptember",
    ],
    &[
        "october",
        "lokakuuta",
        "oct",
        "oktober",
        "okt",
        "octobre",
        "octubre",
        "ottobre",
        "ott",
        "outubro",
        "out",
        "října",
        "października",
        "ekim",
        "октября",
        "жовтня",
        "octombrie",
        "أكتوبر",
        "Οκτωβρίου",
        "अक्टूबर",
        "október",
    ],
    &[
        "november",
        "marraskuuta",
        "nov",
        "novembre",
        "noviembre",
        "novembro",
        "listopada",
        "listopadu",
        "kasım",
        "ноября",
        "листопада",
        "noiembrie",
        "نوفمبر",
        "Νοεμβρίου",
        "नवंबर",
    ],
    &[
        "december",
        "joulukuuta",
        "dec",
        "dezember",
        "dez",
        "diciembre",
        "dic",
        "dicembre",
        "dezembro",
        "grudnia",
        "décembre",
        "prosince",
        "desember",
        "aralık",
        "декабря",
        "грудня",
        "decembrie",
        "ديسمبر",
        "Δεκεμβρίου",
        "दिसंबर",
    ],
];

fn month_named(name: &[u8]) -> Option<u16> {
    let is = |known: &&&str| known.as_bytes().eq_ignore_ascii_case(name);
    let month = MONTHS.iter().position(|names| names.iter().find(is).is_some())?;
    u16::try_from(month + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> bool {
        is_written_date(text.as_bytes(), 1900, 2035)
    }

    #[test]
    fn dates_are_read_in_their_usual_forms() {
        for text in [
            "1985-03-14",
            "1985/3/14",
            "14.03.1985",
            "14/03/1985",
            "03/14/1985",
            "3/14/85",
            "14.3.85",
            "19850314",
            "14 March 1985",
            "March 14, 1985",
            "14. Juli 1985",
            "14 de marzo de 1985",
            "14-Mar-1985",
            "1er mai 1985",
            "29.02.2000",
            "June 1st, 1999",
            "31. toukokuuta 1984",
            "31. joulukuuta 1984",
            "1985年3月14日",
            "1985년 3월 14일",
        ] {
            assert!(written(text), "{text}");
        }
    }

    #[test]
    fn what_no_calendar_has_is_no_date() {
        for text in [
            "1985-02-29",
            "31. huhtikuuta 1985",
            "1985-13-14",
            "31.04.1985",
            "14-03.1985",
            "1885-03-14",
            "2036-01-01",
            "14.03.19855",
            "0.1.1985",
            "14-03-85",
            "14 Marchish 1985",
            "1985",
            "198503141",
            "14.03",
            "1.2.3.4",
            "",
            "29.02.1900",
            "13/13/1985",
            "014.03.1985",
            "19850230",
        ] {
            assert!(!written(text), "{text}");
        }
    }

    fn part(digits: &str, form: DateForm, centuries: &[Century], days: &[u8]) -> bool {
        digits_are_a_date(digits.as_bytes(), form, centuries, days)
    }

    #[test]
    fn parts_of_identifiers_carry_century_and_sex() {
        let pesel = [(80, 1800), (0, 1900), (20, 2000)].map(|(add, century)| Century { add, century });
        assert!(part("440514", DateForm::ShortYearFirst, &pesel, &[]));
        assert!(part("002229", DateForm::ShortYearFirst, &pesel, &[]), "2000 was a leap year");
        assert!(!part("000229", DateForm::ShortYearFirst, &pesel, &[]), "1900 was none");
        assert!(!part("993112", DateForm::ShortYearFirst, &pesel, &[]), "2099 is to come");
        assert!(!part("441514", DateForm::ShortYearFirst, &pesel, &[]));
        assert!(part("540385", DateForm::DayFirstShortYear, &[], &[0, 40]));
        assert!(!part("540385", DateForm::DayFirstShortYear, &[], &[]));
        assert!(
            part("19850314", DateForm::YearFirst, &[], &[])
                && !part("19851314", DateForm::YearFirst, &[], &[])
        );
        assert!(
            part("14031985", DateForm::DayFirst, &[], &[])
                && part("03141985", DateForm::MonthFirst, &[], &[])
        );
        assert!(
            !part("1403198A", DateForm::DayFirst, &[], &[])
                && part("022900", DateForm::MonthFirstShortYear, &[], &[])
        );
    }
}
