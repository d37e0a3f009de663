//! The office as the rules see it: services, counters, classes, mixing and hours.
//!
//! It enters the journal as `Configured`; every decision replays under the office of its time.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::{Date, DateTime, Time, Weekday};
use serde::de::{Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Serialize};

use crate::{SlipKind, SlipLine};

/// A text in several languages: language code -> text. Vietnamese is the fallback.
///
/// Written as a plain string it is in Vietnamese, which then stands for all languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text(pub BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Written;
        impl<'de> Visitor<'de> for Written {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or one for each language")
            }

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text::vi(text))
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Text, M::Error> {
                BTreeMap::deserialize(MapAccessDeserializer::new(map)).map(Text)
            }
        }
        from.deserialize_any(Written)
    }
}

impl Text {
    /// A text in Vietnamese only.
    pub fn vi(text: &str) -> Self {
        Self([("vi".to_owned(), text.to_owned())].into())
    }

    /// A text in Vietnamese and English.
    pub fn vi_en(vi: &str, en: &str) -> Self {
        Self(
            [
                ("vi".to_owned(), vi.to_owned()),
                ("en".to_owned(), en.to_owned()),
            ]
            .into(),
        )
    }

    /// The text in `language`, else in Vietnamese, else in any language, else empty.
    pub fn get(&self, language: &str) -> &str {
        self.0
            .get(language)
            .or_else(|| self.0.get("vi"))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// Whether it says nothing in any language.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(String::is_empty)
    }
}

/// What a service is to the touch screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceKind {
    /// One of the tiles to choose from.
    #[default]
    Normal,
    /// The fixed tile *Nhận kết quả*.
    Result,
    /// The fixed tile *Tôi chưa rõ*.
    Guide,
}

/// What a citizen comes for (*lĩnh vực*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// A to Z; numbers begin with it.
    pub letter: char,
    /// Its name.
    pub name: Text,
    /// Everyday words for it.
    #[serde(default)]
    pub words: Text,
    /// Which tile it fills.
    #[serde(default)]
    pub kind: ServiceKind,
    /// Tickets a day; `None`: no limit.
    #[serde(default)]
    pub quota: Option<u32>,
    /// Minutes a ticket takes as long as the day has not shown it.
    #[serde(default = "default_minutes")]
    pub minutes: u32,
    /// Purpose of scans made for its tickets; `None`: the counter's.
    #[serde(default)]
    pub purpose: Option<crate::Purpose>,
    /// Papers to have ready, at most five, printed on the slip.
    #[serde(default)]
    pub papers: Vec<Text>,
    /// When its numbers are given out; empty: as the office's.
    #[serde(default)]
    pub hours: Vec<Hours>,
}

fn default_minutes() -> u32 {
    5
}

/// Where tickets are served (*quầy*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// From 1.
    pub number: u32,
    /// Letters of the services it serves.
    pub services: Vec<char>,
    /// Purpose of scans here, unless the ticket's service says otherwise.
    #[serde(default)]
    pub purpose: crate::Purpose,
}

/// A priority class (*đối tượng ưu tiên*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Lower-case id, not `normal`, `appointment` or `re-entry`.
    pub id: String,
    /// Who belongs to it, in words for the priority button.
    pub name: Text,
    /// Years from which a citizen card suggests it; `None`: a card says nothing about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_age: Option<u16>,
}

/// How many priority tickets to how many normal ones a counter calls while both wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mixing {
    /// Priority calls in a row, at least 1.
    pub priority: u32,
    /// Normal calls before the next priority one, at least 1: nobody waits for ever.
    pub normal: u32,
}

impl Default for Mixing {
    fn default() -> Self {
        Self {
            priority: 1,
            normal: 2,
        }
    }
}

/// A span of some weekdays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Weekdays it holds on.
    pub days: Vec<Day>,
    /// First moment.
    pub from: Time,
    /// First moment after.
    pub to: Time,
}

/// A weekday in configuration and journal: `mon` to `sun`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // The names say all there is.
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Day {
    pub(crate) fn is(self, weekday: Weekday) -> bool {
        weekday.to_monday_zero_offset() == self as i8
    }
}

/// A day without hours, known long before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WrittenHoliday")]
pub struct Holiday {
    /// Which.
    pub date: Date,
    /// What is celebrated; empty: not said.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub name: Text,
}

impl From<Date> for Holiday {
    fn from(date: Date) -> Self {
        Self {
            date,
            name: Text::default(),
        }
    }
}

/// Older journals know only dates.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenHoliday {
    Date(Date),
    Named {
        date: Date,
        #[serde(default)]
        name: Text,
    },
}

impl From<WrittenHoliday> for Holiday {
    fn from(written: WrittenHoliday) -> Self {
        match written {
            WrittenHoliday::Date(date) => date.into(),
            WrittenHoliday::Named { date, name } => Self { date, name },
        }
    }
}

/// An unplanned closure (*nghỉ đột xuất*): of a whole date, or of a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOff {
    /// Which date.
    pub date: Date,
    /// First moment; absent: from the beginning of the date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    /// First moment after; absent: to the end of the date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
    /// Why, for citizens to read; empty: not said.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub reason: Text,
}

impl DayOff {
    /// Whether it ends after its beginning and says no more than a line or two.
    pub(crate) fn is_sound(&self) -> bool {
        let (from, to) = self.span();
        from < to
            && self
                .reason
                .0
                .values()
                .all(|text| text.len() <= crate::decide::TEXT_MAX)
    }

    /// From the first moment to the first after, in local time.
    pub(crate) fn span(&self) -> (DateTime, DateTime) {
        let from = self.date.to_datetime(self.from.unwrap_or(Time::MIN));
        let to = match self.to {
            Some(to) => self.date.to_datetime(to),
            None => {
                let next = self.date.tomorrow().unwrap_or(self.date);
                next.to_datetime(Time::MIN)
            }
        };
        (from, to)
    }
}

/// The office part of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Parent authority as on the stamp.
    #[serde(default)]
    pub parent: Text,
    /// Name as on the stamp.
    pub name: Text,
    /// What the intake server knows this office by.
    #[serde(default)]
    pub code: String,
    /// Telephone; empty: none.
    #[serde(default)]
    pub hotline: String,
    /// Languages offered, the first is the office's own.
    pub languages: Vec<String>,
    /// Minutes ahead of UTC (Vietnam: 420, no summer time).
    pub utc_offset_minutes: i32,
    /// When numbers are given out (*giờ phát số*); empty: always while the day is open.
    #[serde(default)]
    pub hours: Vec<Hours>,
    /// When counters serve (*giờ làm việc*); empty: while numbers are given out.
    #[serde(default)]
    pub work: Vec<Hours>,
    /// Days without hours.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// Unplanned closures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days_off: Vec<DayOff>,
    /// Notices on the lobby screen.
    #[serde(default)]
    pub notices: Vec<Text>,
    /// In the order of the tiles.
    pub services: Vec<Service>,
    /// In the order of their numbers.
    pub counters: Vec<Counter>,
    /// Priority classes; empty: no priority button.
    #[serde(default)]
    pub classes: Vec<Class>,
    /// How priority is mixed in.
    #[serde(default)]
    pub mixing: Mixing,
    /// Live tickets that a person who showed a citizen card may hold for one service; 0: no limit.
    #[serde(default = "default_tickets_per_person")]
    pub tickets_per_person: u32,
    /// Layouts of slips; a kind that is not here has the built-in one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slips: BTreeMap<SlipKind, Vec<SlipLine>>,
}

fn default_tickets_per_person() -> u32 {
    1
}

impl Office {
    /// The service of this letter.
    pub fn service(&self, letter: char) -> Option<&Service> {
        self.services.iter().find(|s| s.letter == letter)
    }

    /// The counter of this number.
    pub fn counter(&self, number: u32) -> Option<&Counter> {
        self.counters.iter().find(|c| c.number == number)
    }

    /// The local date and time at `utc_ms`.
    pub fn local(&self, utc_ms: i64) -> jiff::civil::DateTime {
        let local = utc_ms.saturating_add(i64::from(self.utc_offset_minutes) * 60_000);
        // A clock centuries off is shown as the end of the calendar, never a panic.
        let clamped = local.clamp(0, 253_402_300_799_000 - 86_400_000);
        jiff::Timestamp::from_millisecond(clamped)
            .map(|t| jiff::tz::Offset::UTC.to_datetime(t))
            .unwrap_or_default()
    }

    /// Whether `self` can follow `old` within a day that has numbers.
    pub(crate) fn same_letters(&self, old: &Office) -> bool {
        let letters = |o: &Office| o.services.iter().map(|s| s.letter).collect::<Vec<_>>();
        let (mut a, mut b) = (letters(self), letters(old));
        a.sort_unstable();
        b.sort_unstable();
        a == b
    }
}
