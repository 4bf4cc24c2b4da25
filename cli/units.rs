//! Sizes, times and counts, as people write and read them.

use std::time::Duration;

use domesday_model::Timestamp;

/// Reads `256MB`, `1.5 GB`, `64MiB`, `4096`.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    let (number, unit) = number_and_unit(text)?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1048576.0,
        "gib" => 1073741824.0,
        _ => return Err(format!("there is no unit \"{unit}\"; write for instance 512MB or 2GB")),
    };
    Ok((number * factor) as u64)
}

/// Reads `90s`, `5m`, `1.5h`, `250ms`.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = number_and_unit(text)?;
    let factor = match unit {
        "ms" => 1e-3,
        "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err("write a number and ms, s, m or h, for instance 30s or 5m".to_owned()),
    };
    Duration::try_from_secs_f64(number * factor).map_err(|_| "that is too long".to_owned())
}

fn number_and_unit(text: &str) -> Result<(f64, &str), String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number = number.parse().map_err(|_| "expected a number and a unit".to_owned())?;
    Ok((number, unit.trim()))
}

/// `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// `1 file`, `2 files`, with the plural given where it is not the word and an s.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// `1.5 GB`, in units of 1000.
pub(crate) fn bytes(number: u64) -> String {
    let mut value = number as f64;
    for unit in ["B", "kB", "MB", "GB", "TB"] {
        if value < 999.5 || unit == "TB" {
            let digits = if unit == "B" || value >= 99.5 { 0 } else { 1 };
            return format!("{value:.digits$} {unit}");
        }
        value /= 1000.0;
    }
    unreachable!("the last unit takes all")
}

/// `0.3s`, `42s`, `3m 20s`, `2h 05m`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1}s", time.as_secs_f64()),
        10..60 => format!("{seconds}s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

/// Bytes per second.
pub(crate) fn rate(bytes_done: u64, time: Duration) -> String {
    let per_second = bytes_done as f64 / time.as_secs_f64().max(1e-3);
    format!("{}/s", bytes(per_second as u64))
}

/// `2025-05-12T09:30:00.000001Z`, without a fraction where there is none.
pub(crate) fn exact_time(at: Timestamp) -> String {
    let whole = time(at).replace(' ', "T");
    match at.0.rem_euclid(1_000_000) {
        0 => whole,
        fraction => format!("{}.{fraction:06}Z", whole.trim_end_matches('Z')),
    }
}

/// Reads what [`exact_time`] and [`time`] write.
pub(crate) fn parse_time(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let (date, clock) = whole.split_once(['T', ' '])?;
    let numbers = |text: &str, divider| -> Option<[i64; 3]> {
        let parts: Option<Vec<i64>> = text.split(divider).map(|part| part.parse().ok()).collect();
        parts?.try_into().ok()
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !date.split('-').chain(clock.split(':')).chain([fraction]).all(is_digits) || fraction.len() > 6 {
        return None;
    }
    let ([year, month, day], [hour, minute, second]) = (numbers(date, '-')?, numbers(clock, ':')?);
    let fits = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !fits || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // The inverse of what `time` does: days from 1 March of year 0.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    let micros = format!("{fraction:0<6}").parse::<i64>().ok()?;
    Some(Timestamp((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + micros))
}

/// `2025-05-12 09:30:00Z`.
pub(crate) fn time(at: Timestamp) -> String {
    let seconds = at.0.div_euclid(1_000_000);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Counted from 1 March of year 0, the leap day ends a year: Howard Hinnant's civil_from_days.
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = era * 400 + year + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        for micros in
            [0, 1, 951_782_400_000_000, 951_868_799_999_999, 1_767_225_599_000_000, 1_774_949_400_500_000]
        {
            let at = Timestamp(micros);
            assert_eq!(parse_time(&exact_time(at)), Some(at), "{}", exact_time(at));
        }
        assert_eq!(parse_time("2026-03-31 09:30:00Z").map(time), Some("2026-03-31 09:30:00Z".to_owned()));
        for bad in [
            "",
            "2026-03-31",
            "2026-03-31T09:30:00",
            "31.3.2026T09:30:00Z",
            "2026-13-31T09:30:00Z",
            "2026-3-1T24:0:0Z",
        ] {
            assert_eq!(parse_time(bad), None, "{bad}");
        }
    }

    #[test]
    fn sizes_and_times_are_read() {
        assert_eq!(parse_size("256MB"), Ok(256_000_000));
        assert_eq!(parse_size("1.5 GiB"), Ok(1_610_612_736));
        assert_eq!(parse_size("4096"), Ok(4096));
        assert!(parse_size("12 parsecs").is_err() && parse_size("MB").is_err() && parse_size("-1").is_err());
        assert_eq!(parse_duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_duration("1.5h"), Ok(Duration::from_secs(5400)));
        assert!(parse_duration("10").is_err() && parse_duration("9999999999999999999999h").is_err());
    }

    #[test]
    fn times_are_shown_in_utc() {
        assert_eq!(time(Timestamp(0)), "1970-01-01 00:00:00Z");
        assert_eq!(time(Timestamp(1_709_210_096_000_000)), "2024-02-29 12:34:56Z");
        assert_eq!(time(Timestamp(-1)), "1969-12-31 23:59:59Z");
    }

    #[test]
    fn numbers_are_shown_for_people() {
        assert_eq!(count(0), "0");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_500), "1.5 kB");
        assert_eq!(bytes(999_999_999), "1.0 GB");
        assert_eq!(duration(Duration::from_millis(340)), "0.3s");
        assert_eq!(duration(Duration::from_secs(7500)), "2h 05m");
    }
}
