//! Whether numbers are given out now, and when the next are.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use crate::{Now, Office, State};

/// How far ahead the next opening is looked for; longer closures are for staff to announce.
const SEARCH_DAYS: i32 = 30;

/// Why numbers are not given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotIssuing {
    /// Before the first hours of the day.
    NotYet,
    /// Between two spans of hours.
    Noon,
    /// After the last hours of the day.
    Over,
    /// No hours today.
    DayOff,
    /// No service day is open.
    Closed,
}

/// Whether numbers are given out now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuing {
    /// Yes.
    Open,
    /// No; `opens_at` is the local time of the next opening, if known.
    Closed {
        /// Why not.
        reason: NotIssuing,
        /// Local time.
        opens_at: Option<DateTime>,
    },
}

impl Office {
    /// The spans of `date` in order: empty on holidays and days without hours.
    fn spans(&self, date: Date) -> Vec<(DateTime, DateTime)> {
        if self.holidays.contains(&date) {
            return Vec::new();
        }
        let mut spans: Vec<_> = self
            .hours
            .iter()
            .filter(|h| h.days.iter().any(|d| d.is(date.weekday())))
            .map(|h| (date.to_datetime(h.from), date.to_datetime(h.to)))
            .collect();
        spans.sort_unstable();
        spans
    }

    fn next_opening(&self, after: DateTime) -> Option<DateTime> {
        (0..SEARCH_DAYS)
            .filter_map(|days| after.date().checked_add(days.days()).ok())
            .flat_map(|date| self.spans(date))
            .map(|(from, _)| from)
            .find(|from| *from > after)
    }

    /// Whether hours allow giving out numbers at a local time.
    pub(crate) fn issuing_at(&self, local: DateTime) -> Issuing {
        let spans = self.spans(local.date());
        if self.hours.is_empty() || spans.iter().any(|(a, b)| (a..b).contains(&&local)) {
            return Issuing::Open;
        }
        let reason = match (spans.first(), spans.last()) {
            (None, _) | (_, None) => NotIssuing::DayOff,
            (Some((first, _)), _) if local < *first => NotIssuing::NotYet,
            (_, Some((_, last))) if local >= *last => NotIssuing::Over,
            _ => NotIssuing::Noon,
        };
        Issuing::Closed {
            reason,
            opens_at: self.next_opening(local),
        }
    }

    /// Closed on its own date, a day is opened again by staff only: no hours of that date count.
    fn done_for_today(&self, local: DateTime, by_hours: Issuing) -> Issuing {
        let reason = match by_hours {
            Issuing::Closed {
                reason: reason @ (NotIssuing::Over | NotIssuing::DayOff),
                ..
            } => reason,
            _ => NotIssuing::Closed,
        };
        let end = local.date().to_datetime(Time::MAX);
        Issuing::Closed {
            reason,
            opens_at: self.next_opening(end),
        }
    }

    /// Whether `local` lies between the first opening and the last closing of its date.
    pub(crate) fn working_at(&self, local: DateTime) -> bool {
        let spans = self.spans(local.date());
        match (spans.first(), spans.last()) {
            (Some((first, _)), Some((_, last))) => local >= *first && local < *last,
            _ => false,
        }
    }

    /// The end of the last hours of `date`, if it has any.
    pub(crate) fn last_closing(&self, date: Date) -> Option<DateTime> {
        self.spans(date).last().map(|(_, last)| *last)
    }
}

impl State {
    /// Whether a kiosk gives out numbers now. Staff may, as long as the day is open.
    pub fn issuing(&self, now: Now) -> Issuing {
        let closed = Issuing::Closed {
            reason: NotIssuing::Closed,
            opens_at: None,
        };
        let Some(office) = self.office() else {
            return closed;
        };
        let by_staff = self.day().is_some_and(|day| day.by_staff);
        let open = self.day_is_open();
        // While the time is unknown the appliance serves.
        let local = now.utc.map(|utc| office.local(utc));
        let by_hours = local.map_or(Issuing::Open, |local| office.issuing_at(local));
        if let Some(local) = local
            && self
                .day()
                .is_some_and(|day| !day.open && day.date >= Some(local.date()))
        {
            return office.done_for_today(local, by_hours);
        }
        match by_hours {
            Issuing::Open if open => Issuing::Open,
            // Staff opened on a day without hours, say for a campaign on a Sunday.
            Issuing::Closed {
                reason: NotIssuing::DayOff,
                ..
            } if open && by_staff => Issuing::Open,
            Issuing::Open => closed,
            by_hours => by_hours,
        }
    }
}
