//! Which days a report is about, and what that is called.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;

use super::Language;

/// How long a report looks back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One date.
    #[default]
    Day,
    /// Monday to Sunday.
    Week,
    /// From the first to the last.
    Month,
}

impl Kind {
    /// Its word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

/// The day, week or month that a date lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Which of them.
    pub kind: Kind,
    /// First date.
    pub from: Date,
    /// Last date.
    pub to: Date,
}

impl Period {
    /// The period of `kind` around `date`.
    pub fn around(kind: Kind, date: Date) -> Self {
        let (from, to) = match kind {
            Kind::Day => (date, date),
            Kind::Week => {
                let monday = date.saturating_sub(date.weekday().to_monday_zero_offset().days());
                (monday, monday.saturating_add(6.days()))
            }
            Kind::Month => (date.first_of_month(), date.last_of_month()),
        };
        Self { kind, from, to }
    }

    /// The period before this one.
    pub fn before(self) -> Self {
        Self::around(self.kind, self.from.saturating_sub(1.days()))
    }

    /// The period after this one.
    pub fn after(self) -> Self {
        Self::around(self.kind, self.to.saturating_add(1.days()))
    }

    /// What it is called: *thứ Hai, 23/11/2026*, *tuần từ 23/11 đến 29/11/2026*, *tháng 11/2026*.
    pub fn name(self, language: Language) -> String {
        let Self { kind, from, to } = self;
        match kind {
            Kind::Day => dated(from, language),
            Kind::Week => format!(
                "{} {} {} {}",
                language.say("tuần từ", "week from"),
                from.strftime("%d/%m"),
                language.say("đến", "to"),
                to.strftime("%d/%m/%Y")
            ),
            Kind::Month => format!(
                "{} {}",
                language.say("tháng", "month"),
                to.strftime("%m/%Y")
            ),
        }
    }
}

/// *thứ Hai, 23/11/2026*.
pub(super) fn dated(date: Date, language: Language) -> String {
    const WEEKDAYS: [(&str, &str); 7] = [
        ("thứ Hai", "Monday"),
        ("thứ Ba", "Tuesday"),
        ("thứ Tư", "Wednesday"),
        ("thứ Năm", "Thursday"),
        ("thứ Sáu", "Friday"),
        ("thứ Bảy", "Saturday"),
        ("Chủ nhật", "Sunday"),
    ];
    let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
    let (vi, en) = WEEKDAYS.get(index).copied().unwrap_or_default();
    format!("{}, {}", language.say(vi, en), date.strftime("%d/%m/%Y"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_week_is_monday_to_sunday_and_a_month_from_the_first_to_the_last() {
        let date: Date = "2026-11-25".parse().unwrap();
        let cases = [
            (Kind::Day, "thứ Tư, 25/11/2026", "thứ Ba, 24/11/2026"),
            (
                Kind::Week,
                "tuần từ 23/11 đến 29/11/2026",
                "tuần từ 16/11 đến 22/11/2026",
            ),
            (Kind::Month, "tháng 11/2026", "tháng 10/2026"),
        ];
        for (kind, name, before) in cases {
            let period = Period::around(kind, date);
            assert_eq!(period.name(Language::Vi), name);
            assert_eq!(period.before().name(Language::Vi), before);
            assert_eq!(period.before().after(), period);
        }
    }
}
