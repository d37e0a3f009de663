//! Dates as dossier software writes them. The time of day is not kept: a promise is for a day.
//!
//! - `20/11/2026`, `20-11-2026 08:37`, `08:37 20/11/2026`, `2026-11-20T08:37:00Z`, `20261120`,
//!   `08 giờ 37 phút, ngày 20 tháng 11 năm 2026`, and a spreadsheet's own count of days;
//! - the day stands before the month: `11/20/2026` is no date, because `11/08/2026` would then
//!   mean two of them;
//! - "no date" (`-`, `null`, the year 1 of some programs) is none, not a mistake.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::fold;

/// No date, or one that no calendar has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDate {
    /// Not readable as a date.
    #[error("not a date")]
    Unreadable,
    /// No such day.
    #[error("no such day")]
    NoSuchDay,
    /// The month stands before the day: every other date of the column may mean two days.
    #[error("the month stands before the day")]
    MonthFirst,
}

/// Days of a spreadsheet that can be meant: 1954 to 2119. A bare number beyond is something else.
const SERIAL_DAYS: std::ops::RangeInclusive<i64> = 20_000..=80_000;
/// Years that can be meant; the year 1 and 1900 stand for "none" in some programs.
const YEARS: std::ops::RangeInclusive<i16> = 1950..=2199;
/// Longest text that can be a date.
const TEXT_BYTES_MAX: usize = 80;
/// Ways to write "none".
const NONE: &[&str] = &["", "null", "none", "khong", "chuaco", "na", "0"];

/// The date in `text`, if it names one. `since_1904`: how the workbook counts days.
pub fn date(text: &str, since_1904: bool) -> Result<Option<Date>, BadDate> {
    let text = text.trim();
    if text.len() > TEXT_BYTES_MAX {
        return Err(BadDate::Unreadable);
    }
    if NONE.contains(&fold(text).as_str()) {
        return Ok(None);
    }
    if let Some(date) = bare_number(text, since_1904) {
        return date.map(Some);
    }
    let numbers = numbers(text);
    for triple in numbers.windows(3) {
        let [first, second, third] = triple else {
            continue;
        };
        if !(second.follows && third.follows) {
            continue;
        }
        let (year, month, day) = match (first.text.len(), third.text.len()) {
            (4, 1 | 2) => (first.value(), second.value(), third.value()),
            (1 | 2, 4) => (third.value(), second.value(), first.value()),
            (1 | 2, 2) => (third.value() + 2_000, second.value(), first.value()),
            _ => continue,
        };
        let month_first = first.text.len() < 4 && month > 12 && day <= 12;
        return match day_of(year, month, day) {
            Err(BadDate::NoSuchDay) if month_first => Err(BadDate::MonthFirst),
            found => found,
        };
    }
    Err(BadDate::Unreadable)
}

fn day_of(year: i64, month: i64, day: i64) -> Result<Option<Date>, BadDate> {
    let year = i16::try_from(year).map_err(|_| BadDate::NoSuchDay)?;
    let [month, day] = [month, day].map(|part| i8::try_from(part).unwrap_or(0));
    let date = Date::new(year, month, day).map_err(|_| BadDate::NoSuchDay)?;
    match YEARS.contains(&year) {
        true => Ok(Some(date)),
        false if year <= 1900 => Ok(None),
        false => Err(BadDate::NoSuchDay),
    }
}

/// `20261120`, `20261120083700`, or a spreadsheet's days.
fn bare_number(text: &str, since_1904: bool) -> Option<Result<Date, BadDate>> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let known = |found: Result<Option<Date>, BadDate>| match found {
        Ok(Some(date)) => Ok(date),
        Ok(None) => Err(BadDate::NoSuchDay),
        Err(bad) => Err(bad),
    };
    if matches!(whole.len(), 8 | 12 | 14) && fraction.is_empty() {
        let part = |range| whole.get(range).and_then(|p: &str| p.parse().ok());
        let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
        return Some(known(day_of(year, month, day)));
    }
    let days: i64 = whole.parse().ok()?;
    if !SERIAL_DAYS.contains(&days) {
        return Some(Err(BadDate::Unreadable));
    }
    // Day 1 is 1 January 1900, and the program believes that 29 February 1900 existed.
    let zero = match since_1904 {
        true => Date::constant(1904, 1, 1),
        false => Date::constant(1899, 12, 30),
    };
    let found = zero.checked_add(days.days());
    Some(found.map_err(|_| BadDate::NoSuchDay))
}

/// A number in a text.
struct Number<'a> {
    text: &'a str,
    /// Whether only a sign or word of a date stands between it and the one before.
    follows: bool,
}

impl Number<'_> {
    fn value(&self) -> i64 {
        self.text.parse().unwrap_or(i64::MAX)
    }
}

fn numbers(text: &str) -> Vec<Number<'_>> {
    let mut numbers = Vec::new();
    let mut between = "";
    let mut rest = text;
    while let Some(begin) = rest.find(|c: char| c.is_ascii_digit()) {
        between = if numbers.is_empty() {
            between
        } else {
            &rest[..begin]
        };
        let from = &rest[begin..];
        let end = from
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(from.len());
        let word = between.trim();
        numbers.push(Number {
            text: &from[..end],
            follows: matches!(word, "/" | "-" | ".")
                || matches!(fold(word).as_str(), "thang" | "nam"),
        });
        rest = &from[end..];
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_the_software_writes_them() {
        let twentieth = Ok(Some(Date::constant(2026, 11, 20)));
        let eighth = Ok(Some(Date::constant(2026, 11, 8)));
        for (text, expected) in [
            ("20/11/2026", twentieth),
            ("20/11/2026 08:37", twentieth),
            ("20/11/2026 08:37:12.123", twentieth),
            ("08:37 20/11/2026", twentieth),
            ("20-11-2026", twentieth),
            ("20.11.2026", twentieth),
            ("20/11/26", twentieth),
            ("8/11/2026 7:30:00 AM", eighth),
            ("2026-11-20", twentieth),
            ("2026-11-20T08:37:00+07:00", twentieth),
            ("2026/11/20 08:37", twentieth),
            ("20261120", twentieth),
            ("20261120083700", twentieth),
            ("08 giờ 37 phút, ngày 20 tháng 11 năm 2026", twentieth),
            ("46346", twentieth),
            ("46346.3590277778", twentieth),
            ("", Ok(None)),
            ("-", Ok(None)),
            ("NULL", Ok(None)),
            ("01/01/0001", Ok(None)),
            ("0001-01-01T00:00:00", Ok(None)),
            ("31/02/2026", Err(BadDate::NoSuchDay)),
            ("20/13/2026", Err(BadDate::NoSuchDay)),
            ("20/11/2926", Err(BadDate::NoSuchDay)),
            ("11/20/2026", Err(BadDate::MonthFirst)),
            ("thứ Sáu", Err(BadDate::Unreadable)),
            ("15", Err(BadDate::Unreadable)),
            ("0912345678", Err(BadDate::Unreadable)),
            ("99999999999999999999/11/2026", Err(BadDate::Unreadable)),
        ] {
            assert_eq!(date(text, false), expected, "{text}");
        }
        assert_eq!(
            date("44884", true),
            twentieth,
            "a workbook that counts from 1904"
        );
        assert_eq!(date(&"9/".repeat(100), false), Err(BadDate::Unreadable));
    }
}
