//! What fields say in a citizen's language: people, minutes, times.

use jiff::civil::{Date, DateTime, Time, Weekday};
use queue::WaitRange;

/// "4 người", "1 person".
pub(super) fn people(n: u32, language: &str) -> String {
    match (language, n) {
        ("en", 1) => "1 person".to_owned(),
        ("en", n) => format!("{n} people"),
        (_, n) => format!("{n} người"),
    }
}

/// "10–15 phút", "5 phút".
pub(crate) fn minutes(range: WaitRange, language: &str) -> String {
    let (low, high) = range.minutes();
    let span = match low == high {
        true => high.to_string(),
        false => format!("{low}–{high}"),
    };
    match (language, high) {
        ("en", 1) => format!("{span} minute"),
        ("en", _) => format!("{span} minutes"),
        _ => format!("{span} phút"),
    }
}

/// "8,5 phút" of tenths of a minute.
pub(super) fn tenths(tenths: u64, language: &str) -> String {
    let (whole, part) = (tenths / 10, tenths % 10);
    match language {
        "en" => format!("{whole}.{part} minutes"),
        _ => format!("{whole},{part} phút"),
    }
}

/// "7 giờ 42 phút, ngày 23/11/2026".
pub(crate) fn time(local: DateTime, language: &str) -> String {
    match language {
        "en" => local.strftime("%H:%M, %d/%m/%Y").to_string(),
        _ => {
            let (hour, minute) = (local.hour(), local.minute());
            format!("{hour} giờ {minute:02} phút, ngày {}", date(local.date()))
        }
    }
}

/// "13 giờ 30".
pub(crate) fn hour(time: Time, language: &str) -> String {
    match (language, time.minute()) {
        ("en", minute) => format!("{}:{minute:02}", time.hour()),
        (_, 0) => format!("{} giờ", time.hour()),
        (_, minute) => format!("{} giờ {minute:02}", time.hour()),
    }
}

/// "23/11/2026".
pub(crate) fn date(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

/// "thứ Hai, ngày 30/11/2026"; without a date "ngày làm việc tiếp theo".
pub(crate) fn day(on: Option<Date>, language: &str) -> String {
    let Some(on) = on else {
        return match language {
            "en" => "the next working day",
            _ => "ngày làm việc tiếp theo",
        }
        .to_owned();
    };
    let (vi, en) = match on.weekday() {
        Weekday::Monday => ("thứ Hai", "Monday"),
        Weekday::Tuesday => ("thứ Ba", "Tuesday"),
        Weekday::Wednesday => ("thứ Tư", "Wednesday"),
        Weekday::Thursday => ("thứ Năm", "Thursday"),
        Weekday::Friday => ("thứ Sáu", "Friday"),
        Weekday::Saturday => ("thứ Bảy", "Saturday"),
        Weekday::Sunday => ("Chủ nhật", "Sunday"),
    };
    match language {
        "en" => format!("{en}, {}", date(on)),
        _ => format!("{vi}, ngày {}", date(on)),
    }
}

/// "1.234", "1,234".
pub(super) fn count(n: usize, language: &str) -> String {
    let digits = n.to_string();
    let point = if language == "en" { ',' } else { '.' };
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(point);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_promised_zero_minutes() {
        let told = |low, high| minutes(WaitRange { low, high }, "vi");
        assert_eq!(told(0, 200), "1–4 phút");
        assert_eq!(told(0, 30), "1 phút");
        assert_eq!(told(600, 900), "10–15 phút");
        assert_eq!(minutes(WaitRange { low: 0, high: 0 }, "en"), "1 minute");
    }
}
