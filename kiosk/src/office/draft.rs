//! The form in which an office is written and read: in the API, and by table in `kiosk.toml`.
//!
//! Nothing here is checked yet; [`super::judge`] does that.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use queue::{
    Class, Counter, DayOff, Holiday, Hours, Mixing, Office, Purpose, Service, ServiceKind, Text,
    Weekday,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::journal::word;
use crate::slips::raw::{LineDraft, Written};

/// An office as people write it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeDraft {
    /// Name as on the stamp.
    #[schema(value_type = Written)]
    pub name: Text,
    /// Parent authority as on the stamp.
    #[serde(default)]
    #[schema(value_type = Written)]
    pub parent: Text,
    /// What the intake server knows this office by.
    #[serde(default)]
    pub code: String,
    /// Telephone; empty: none.
    #[serde(default)]
    pub hotline: String,
    /// `vi`, `en`; the first is the office's own.
    #[serde(default = "default_languages")]
    pub languages: Vec<String>,
    /// Written as `+07:00`.
    #[serde(default = "default_zone")]
    pub time_zone: String,
    /// Priority calls in a row, and normal ones before the next.
    #[serde(default)]
    #[schema(value_type = MixingDraft)]
    pub mixing: Mixing,
    /// Numbers that somebody who showed a citizen card may hold for one service; 0: no limit.
    #[serde(default = "default_tickets_per_person")]
    #[schema(format = "uint32")]
    pub tickets_per_person: u32,
    /// Notices on the lobby screen.
    #[serde(default)]
    #[schema(value_type = Vec<Written>)]
    pub notices: Vec<Text>,
    /// Days without hours.
    #[serde(default)]
    #[schema(value_type = Vec<WrittenHoliday>)]
    pub holidays: Vec<HolidayDraft>,
    /// Unplanned closures (*nghỉ đột xuất*).
    #[serde(default)]
    pub days_off: Vec<DayOffDraft>,
    /// When numbers are given out (*giờ phát số*); empty: always while the day is open.
    #[serde(default)]
    pub hours: Vec<HoursDraft>,
    /// When counters serve (*giờ làm việc*); empty: while numbers are given out.
    #[serde(default)]
    pub work: Vec<HoursDraft>,
    /// In the order of the tiles.
    #[serde(default)]
    pub services: Vec<ServiceDraft>,
    /// Counters.
    #[serde(default)]
    pub counters: Vec<CounterDraft>,
    /// Priority classes; empty: no priority button.
    #[serde(default)]
    pub classes: Vec<ClassDraft>,
    /// Layouts by kind (ticket, checklist, re-entry, deferred, day-report, test-page); a kind that is not here
    /// has the built-in one.
    #[serde(default)]
    pub slips: BTreeMap<String, Vec<LineDraft>>,
}

fn default_languages() -> Vec<String> {
    vec!["vi".into(), "en".into()]
}

fn default_tickets_per_person() -> u32 {
    1
}

fn default_zone() -> String {
    "+07:00".into()
}

/// How many priority tickets to how many normal ones a counter calls while both wait.
#[derive(ToSchema)]
#[allow(dead_code)] // Only its description is used: the rules' own type is what is read.
struct MixingDraft {
    /// At least 1.
    priority: u32,
    /// At least 1.
    normal: u32,
}

/// A service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceDraft {
    /// A to Z; numbers begin with it.
    pub letter: String,
    /// Its name.
    #[schema(value_type = Written)]
    pub name: Text,
    /// Everyday words for it.
    #[serde(default)]
    #[schema(value_type = Written)]
    pub words: Text,
    /// normal, result or guide.
    #[serde(default)]
    #[schema(value_type = String)]
    pub kind: ServiceKind,
    /// Tickets a day; absent: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<u32>,
    /// Minutes a ticket takes as long as the day has not shown it, 1 to 480.
    #[serde(default = "default_minutes")]
    pub minutes: u32,
    /// receive, supplement, return or look-up; absent: the counter's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub purpose: Option<Purpose>,
    /// Papers to have ready, at most five.
    #[serde(default)]
    #[schema(value_type = Vec<Written>)]
    pub papers: Vec<Text>,
    /// When its numbers are given out, within the office's hours; empty: as those.
    #[serde(default)]
    pub hours: Vec<HoursDraft>,
}

fn default_minutes() -> u32 {
    5
}

/// A counter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CounterDraft {
    /// 1 to 999.
    pub number: u32,
    /// Letters of the services it serves.
    #[serde(default)]
    pub services: Vec<String>,
    /// Of scans here: receive, supplement, return or look-up.
    #[serde(default)]
    #[schema(value_type = String)]
    pub purpose: Purpose,
}

/// A priority class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassDraft {
    /// Small letters, digits and dashes; not normal, appointment or re-entry.
    pub id: String,
    /// Who belongs to it, in words for the priority button.
    #[schema(value_type = Written)]
    pub name: Text,
    /// Years from which a citizen card suggests it; absent: a card says nothing about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_age: Option<u16>,
}

/// A span of some weekdays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursDraft {
    /// mon to sun.
    #[schema(value_type = Vec<String>)]
    pub days: Vec<Weekday>,
    /// First moment, as `07:30`.
    pub from: String,
    /// First moment after, as `11:30`.
    pub to: String,
}

/// A day without hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "WrittenHoliday")]
pub struct HolidayDraft {
    /// As `2026-09-02`.
    pub date: String,
    /// What is celebrated.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub name: Text,
}

/// A day without hours: its date alone, or with a name.
#[derive(Deserialize, ToSchema)]
#[serde(
    untagged,
    expecting = "a holiday is a date as \"2026-09-02\", or { date = …, name = … }"
)]
enum WrittenHoliday {
    Date(String),
    Named(NamedHoliday),
}

/// A day without hours that has a name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NamedHoliday {
    /// As `2026-09-02`.
    date: String,
    /// What is celebrated.
    #[serde(default)]
    #[schema(value_type = Option<Written>)]
    name: Text,
}

impl From<WrittenHoliday> for HolidayDraft {
    fn from(written: WrittenHoliday) -> Self {
        match written {
            WrittenHoliday::Date(date) => Self {
                date,
                name: Text::default(),
            },
            WrittenHoliday::Named(NamedHoliday { date, name }) => Self { date, name },
        }
    }
}

/// An unplanned closure of a date, or of a part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayOffDraft {
    /// As `2026-11-27`.
    pub date: String,
    /// First moment, as `14:00`; absent: from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// First moment after; absent: to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Why, for citizens to read.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    #[schema(value_type = Option<Written>)]
    pub reason: Text,
}

/// As [`super::judge`] reads it.
pub(super) fn written_time(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// As [`super::judge`] reads it.
pub(super) fn written_date(date: Date) -> String {
    date.to_string()
}

fn written_zone(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    format!("{sign}{hours:02}:{minutes:02}")
}

impl From<&Hours> for HoursDraft {
    fn from(hours: &Hours) -> Self {
        Self {
            days: hours.days.clone(),
            from: written_time(hours.from),
            to: written_time(hours.to),
        }
    }
}

fn spans(hours: &[Hours]) -> Vec<HoursDraft> {
    hours.iter().map(HoursDraft::from).collect()
}

impl From<&Holiday> for HolidayDraft {
    fn from(holiday: &Holiday) -> Self {
        Self {
            date: written_date(holiday.date),
            name: holiday.name.clone(),
        }
    }
}

impl From<&DayOff> for DayOffDraft {
    fn from(off: &DayOff) -> Self {
        Self {
            date: written_date(off.date),
            from: off.from.map(written_time),
            to: off.to.map(written_time),
            reason: off.reason.clone(),
        }
    }
}

impl From<&Service> for ServiceDraft {
    fn from(service: &Service) -> Self {
        Self {
            letter: service.letter.to_string(),
            name: service.name.clone(),
            words: service.words.clone(),
            kind: service.kind,
            quota: service.quota,
            minutes: service.minutes,
            purpose: service.purpose,
            papers: service.papers.clone(),
            hours: spans(&service.hours),
        }
    }
}

impl From<&Counter> for CounterDraft {
    fn from(counter: &Counter) -> Self {
        Self {
            number: counter.number,
            services: counter.services.iter().map(char::to_string).collect(),
            purpose: counter.purpose,
        }
    }
}

impl From<&Class> for ClassDraft {
    fn from(class: &Class) -> Self {
        Self {
            id: class.id.clone(),
            name: class.name.clone(),
            from_age: class.from_age,
        }
    }
}

impl From<&Office> for OfficeDraft {
    fn from(office: &Office) -> Self {
        let slips = office.slips.iter().map(|(kind, lines)| {
            let lines = lines.iter().map(LineDraft::from).collect();
            (word(*kind), lines)
        });
        Self {
            name: office.name.clone(),
            parent: office.parent.clone(),
            code: office.code.clone(),
            hotline: office.hotline.clone(),
            languages: office.languages.clone(),
            time_zone: written_zone(office.utc_offset_minutes),
            mixing: office.mixing,
            tickets_per_person: office.tickets_per_person,
            notices: office.notices.clone(),
            holidays: office.holidays.iter().map(HolidayDraft::from).collect(),
            days_off: office.days_off.iter().map(DayOffDraft::from).collect(),
            hours: spans(&office.hours),
            work: spans(&office.work),
            services: office.services.iter().map(ServiceDraft::from).collect(),
            counters: office.counters.iter().map(CounterDraft::from).collect(),
            classes: office.classes.iter().map(ClassDraft::from).collect(),
            slips: slips.collect(),
        }
    }
}
