//! Times in the words of the office: *7 giờ 30*, *thứ Hai, 23/11/2026*.
//!
//! Pure. A time that cannot be read is `None`, and the screen then says nothing: no time is
//! better than a wrong one.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::Offset;

use crate::words::Language;

/// The office's wall clock at `utc_ms`.
pub fn local(utc_ms: i64, offset_minutes: i32) -> Option<DateTime> {
    let offset = Offset::from_seconds(offset_minutes.checked_mul(60)?).ok()?;
    Some(offset.to_datetime(Timestamp::from_millisecond(utc_ms).ok()?))
}

/// The wall clock written in an RFC 3339 time: what the office itself would read there.
pub fn written(text: &str) -> Option<DateTime> {
    let time = text.get(..19)?;
    time.parse().ok()
}

/// A day as the API writes it, `2026-11-23`: its midnight.
pub fn day(text: &str) -> Option<DateTime> {
    let day: Date = text.parse().ok()?;
    Some(day.to_datetime(Time::midnight()))
}

/// *23/11/2026*.
pub fn short(at: DateTime) -> String {
    format!("{:02}/{:02}/{:04}", at.day(), at.month(), at.year())
}

/// *7 giờ 42* or *7:42*. Full hours are *8 giờ*.
pub fn hour(at: DateTime, language: Language) -> String {
    match (language, at.minute()) {
        (Language::Vietnamese, 0) => format!("{} giờ", at.hour()),
        (Language::Vietnamese, minute) => format!("{} giờ {minute:02}", at.hour()),
        (Language::English, minute) => format!("{}:{minute:02}", at.hour()),
    }
}

/// *thứ Hai, 23/11/2026* or *Monday, 23/11/2026*.
pub fn date(at: DateTime, language: Language) -> String {
    format!("{}, {}", weekday(at.weekday(), language), short(at))
}

fn weekday(day: Weekday, language: Language) -> &'static str {
    let (vi, en) = match day {
        Weekday::Monday => ("thứ Hai", "Monday"),
        Weekday::Tuesday => ("thứ Ba", "Tuesday"),
        Weekday::Wednesday => ("thứ Tư", "Wednesday"),
        Weekday::Thursday => ("thứ Năm", "Thursday"),
        Weekday::Friday => ("thứ Sáu", "Friday"),
        Weekday::Saturday => ("thứ Bảy", "Saturday"),
        Weekday::Sunday => ("Chủ nhật", "Sunday"),
    };
    match language {
        Language::Vietnamese => vi,
        Language::English => en,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_the_office_says_them() {
        let at = local(1_795_394_520_000, 420).unwrap();
        assert_eq!(hour(at, Language::Vietnamese), "7 giờ 42");
        assert_eq!(hour(at, Language::English), "7:42");
        assert_eq!(date(at, Language::Vietnamese), "thứ Hai, 23/11/2026");
        assert_eq!(day("2026-11-23").map(short).unwrap(), "23/11/2026");
        let opens = written("2026-11-29T08:00:00+07:00").unwrap();
        assert_eq!(hour(opens, Language::Vietnamese), "8 giờ");
        assert_eq!(date(opens, Language::English), "Sunday, 29/11/2026");
    }

    #[test]
    fn an_unreadable_time_is_no_time() {
        assert_eq!(day("2026-02-31"), None);
        assert_eq!(written("soon"), None);
        assert_eq!(written("2026-13-40T99:00:00Z"), None);
    }
}
