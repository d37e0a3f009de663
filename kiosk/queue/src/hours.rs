//! Whether numbers are given out now, when the next are, and what a break means for who waits.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time, Weekday};
use serde::{Deserialize, Serialize};

use crate::{DayOff, Hours, Now, Office, Service, State, Text};

/// How far ahead the next opening is looked for; longer closures are for staff to announce.
const SEARCH_DAYS: i32 = 30;

/// Why numbers are not given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotIssuing {
    /// Before the first hours of the day.
    NotYet,
    /// Between two spans of hours: nobody is served either.
    Noon,
    /// Between two spans of hours, while counters serve those who have a number.
    Gap,
    /// After the last hours of the day.
    Over,
    /// No hours today.
    DayOff,
    /// An unplanned closure, told by staff.
    Unplanned,
    /// No service day is open.
    Closed,
    /// Staff paused the service for today.
    Paused,
    /// The service's numbers of today are gone.
    Full,
    /// Who came now would wait in vain: more wait than will be called before the end of work.
    Late,
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

/// From and to, in local time.
type Span = (DateTime, DateTime);

impl Office {
    fn holiday(&self, date: Date) -> Option<&crate::Holiday> {
        self.holidays.iter().find(|holiday| holiday.date == date)
    }

    /// The unplanned closure that `local` falls into.
    fn off_at(&self, local: DateTime) -> Option<&DayOff> {
        let covers = |off: &&DayOff| {
            let (from, to) = off.span();
            (from..to).contains(&local)
        };
        self.days_off.iter().find(covers)
    }

    /// Why the office is closed at `local` beyond its usual hours, in words for citizens.
    fn off_because(&self, local: DateTime) -> Option<&Text> {
        let because = match self.off_at(local) {
            Some(off) => &off.reason,
            None => &self.holiday(local.date())?.name,
        };
        (!because.is_empty()).then_some(because)
    }

    /// Whether the office works on `date`, for counting working days: as its hours and holidays
    /// say, and without hours from Monday to Friday. An unplanned closure moves no promised date.
    pub fn works_on(&self, date: Date) -> bool {
        match self.work().is_empty() {
            true => {
                let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
                !weekend && self.holiday(date).is_none()
            }
            false => !self.planned_spans(self.work(), date).is_empty(),
        }
    }

    /// When counters serve.
    fn work(&self) -> &[Hours] {
        match self.work.is_empty() {
            true => &self.hours,
            false => &self.work,
        }
    }

    /// The spans of `hours` on `date` in order, none touching another, without those of
    /// unplanned closures.
    fn spans(&self, hours: &[Hours], date: Date) -> Vec<Span> {
        let mut spans = self.planned_spans(hours, date);
        for off in self.days_off.iter().filter(|off| off.date == date) {
            let (begin, end) = off.span();
            let left = spans.iter().flat_map(|(from, to)| {
                let parts = [(*from, begin.min(*to)), (end.max(*from), *to)];
                parts.into_iter().filter(|(from, to)| from < to)
            });
            spans = left.collect();
        }
        spans
    }

    /// The same as was planned: empty on holidays and weekdays without.
    fn planned_spans(&self, hours: &[Hours], date: Date) -> Vec<Span> {
        if self.holiday(date).is_some() {
            return Vec::new();
        }
        let mut spans: Vec<Span> = hours
            .iter()
            .filter(|h| h.days.iter().any(|d| d.is(date.weekday())))
            .map(|h| (date.to_datetime(h.from), date.to_datetime(h.to)))
            .collect();
        spans.sort_unstable();
        spans.dedup_by(|next, before| {
            let touches = next.0 <= before.1;
            if touches {
                before.1 = before.1.max(next.1);
            }
            touches
        });
        spans
    }

    /// The spans of `date` in which numbers are given out: of the whole office, or of a service
    /// within them.
    fn issuing_spans(&self, service: Option<&Service>, date: Date) -> Vec<Span> {
        let office = self.spans(&self.hours, date);
        let own = match service {
            Some(service) if !service.hours.is_empty() => self.spans(&service.hours, date),
            _ => return office,
        };
        if self.hours.is_empty() {
            return own;
        }
        let within = own.iter().flat_map(|(from, to)| {
            let both = office.iter().map(|(a, b)| (*from.max(a), *to.min(b)));
            both.filter(|(from, to)| from < to)
        });
        within.collect()
    }

    /// Whether numbers are given out at any time but during closures.
    fn always(&self, service: Option<&Service>) -> bool {
        self.hours.is_empty() && service.is_none_or(|s| s.hours.is_empty())
    }

    fn next_opening(&self, service: Option<&Service>, after: DateTime) -> Option<DateTime> {
        if self.always(service) {
            // Only a closure within the day tells its end: nobody opens at midnight.
            let end = self.off_at(after)?.span().1;
            return (end.time() != Time::MIN).then_some(end);
        }
        (0..SEARCH_DAYS)
            .filter_map(|days| after.date().checked_add(days.days()).ok())
            .flat_map(|date| self.issuing_spans(service, date))
            .map(|(from, _)| from)
            .find(|from| *from > after)
    }

    /// The first opening of a later date.
    fn next_day(&self, service: Option<&Service>, local: DateTime) -> Option<DateTime> {
        self.next_opening(service, local.date().to_datetime(Time::MAX))
    }

    /// The first opening of a service after `date`. Without hours nobody can tell: every date is
    /// open then, also a Sunday on which no one works.
    pub(crate) fn next_working_day(&self, service: &Service, date: Date) -> Option<DateTime> {
        if self.hours.is_empty() && service.hours.is_empty() {
            return None;
        }
        self.next_day(Some(service), date.to_datetime(Time::midnight()))
    }

    /// Whether hours allow giving out numbers at a local time.
    fn issuing_at(&self, service: Option<&Service>, local: DateTime) -> Issuing {
        if self.off_at(local).is_some() {
            return Issuing::Closed {
                reason: NotIssuing::Unplanned,
                opens_at: self.next_opening(service, local),
            };
        }
        let spans = self.issuing_spans(service, local.date());
        let always = self.always(service) && self.holiday(local.date()).is_none();
        if always || spans.iter().any(|(a, b)| (a..b).contains(&&local)) {
            return Issuing::Open;
        }
        let reason = match (spans.first(), spans.last()) {
            (None, _) | (_, None) => NotIssuing::DayOff,
            (Some((first, _)), _) if local < *first => NotIssuing::NotYet,
            (_, Some((_, last))) if local >= *last => NotIssuing::Over,
            _ if self.serving_at(local) => NotIssuing::Gap,
            _ => NotIssuing::Noon,
        };
        Issuing::Closed {
            reason,
            opens_at: self.next_opening(service, local),
        }
    }

    /// Closed on its own date, a day is opened again by staff only: no hours of that date count.
    fn done_for_today(&self, local: DateTime, by_hours: Issuing) -> Issuing {
        let reason = match by_hours {
            Issuing::Closed {
                reason: reason @ (NotIssuing::Over | NotIssuing::DayOff | NotIssuing::Unplanned),
                ..
            } => reason,
            _ => NotIssuing::Closed,
        };
        Issuing::Closed {
            reason,
            opens_at: self.next_day(None, local),
        }
    }

    /// Whether `local` lies between the first opening and the last closing of its date.
    pub(crate) fn working_at(&self, local: DateTime) -> bool {
        let mut spans = self.spans(&self.hours, local.date());
        spans.extend(self.spans(&self.work, local.date()));
        let from = spans.iter().map(|(from, _)| *from).min();
        let to = spans.iter().map(|(_, to)| *to).max();
        from.is_some_and(|from| from <= local) && to.is_some_and(|to| local < to)
    }

    /// The end of the last hours planned for `date`, if it has any. An unplanned closure ends no
    /// day: it may be taken back, and the same day goes on.
    pub(crate) fn last_closing(&self, date: Date) -> Option<DateTime> {
        let spans = [&self.hours, &self.work].map(|hours| self.planned_spans(hours, date));
        spans.into_iter().flatten().map(|(_, to)| to).max()
    }

    /// Whether counters serve at a local time.
    fn serving_at(&self, local: DateTime) -> bool {
        let spans = self.spans(self.work(), local.date());
        spans.iter().any(|(from, to)| (from..to).contains(&&local))
    }

    /// Seconds from `local` until counters have served for `seconds` of them: no break counts.
    /// Looked at once a minute, so that what is shown does not change with every second.
    pub(crate) fn real_seconds(&self, local: DateTime, seconds: u64) -> u64 {
        let minute = local.date().at(local.hour(), local.minute(), 0, 0);
        let (mut left, mut real) = (seconds, 0);
        for (from, to) in self.spans(self.work(), minute.date()) {
            if to <= minute {
                continue;
            }
            let begin = from.max(minute);
            let room = between(begin, to);
            if left <= room {
                return between(minute, begin) + left;
            }
            left -= room;
            real = between(minute, to);
        }
        // Whoever still waits then is served after hours.
        real + left
    }

    /// When calls go on after the break now or next today, for somebody before whom counters
    /// serve for at least `served` seconds; `None`: the call comes before, or there is no break.
    pub(crate) fn after_break(&self, local: DateTime, served: Option<u64>) -> Option<DateTime> {
        let spans = self.spans(self.work(), local.date());
        let (first, _) = spans.first()?;
        let (next, _) = spans.iter().find(|(from, _)| *from > local)?;
        let span = spans.iter().find(|(from, to)| (from..to).contains(&&local));
        let kept = match span {
            Some((_, end)) => served? > between(local, *end),
            None => local > *first,
        };
        kept.then_some(*next)
    }

    /// Seconds that counters still serve today; `None`: they have no hours today.
    fn work_left(&self, local: DateTime) -> Option<u64> {
        let spans = self.spans(self.work(), local.date());
        let left = |(from, to): &Span| between(local.max(*from), *to);
        (!spans.is_empty()).then(|| spans.iter().map(left).sum())
    }
}

fn between(from: DateTime, to: DateTime) -> u64 {
    u64::try_from(from.duration_until(to).as_secs()).unwrap_or(0)
}

impl State {
    /// What an unplanned closure or a holiday says of today, for citizens who find the office
    /// closed because of it.
    pub fn off_because(&self, now: Now) -> Option<&Text> {
        let office = self.office()?;
        let Issuing::Closed { reason, .. } = self.issuing(now) else {
            return None;
        };
        let of_a_day = matches!(reason, NotIssuing::DayOff | NotIssuing::Unplanned);
        let local = office.local(now.utc?);
        of_a_day.then(|| office.off_because(local)).flatten()
    }

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
        let by_hours = local.map_or(Issuing::Open, |local| office.issuing_at(None, local));
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

    /// Whether a kiosk gives out numbers for a service now. Staff may, as long as the day is
    /// open and numbers are left.
    ///
    /// [`NotIssuing::Late`] is about an ordinary citizen: one with priority is called sooner.
    pub fn issuing_for(&self, now: Now, letter: char) -> Issuing {
        let of_office = self.issuing(now);
        let (Issuing::Open, Some(office)) = (of_office, self.office()) else {
            return of_office;
        };
        let Some(service) = office.service(letter) else {
            return of_office;
        };
        let local = now.utc.map(|utc| office.local(utc));
        let for_today = |reason| Issuing::Closed {
            reason,
            opens_at: local.and_then(|local| office.next_day(Some(service), local)),
        };
        if self.is_paused(letter) {
            return for_today(NotIssuing::Paused);
        }
        if self.is_full(service) {
            return for_today(NotIssuing::Full);
        }
        let Some(local) = local else {
            return Issuing::Open;
        };
        // On a day off that staff opened all the same no hours count.
        let by_hours = match office.issuing_at(None, local) {
            Issuing::Open => office.issuing_at(Some(service), local),
            Issuing::Closed { .. } => Issuing::Open,
        };
        match by_hours {
            Issuing::Open if self.in_vain(letter, local) => for_today(NotIssuing::Late),
            by_hours => by_hours,
        }
    }

    /// Whether as many numbers were given out today as the service has.
    pub(crate) fn is_full(&self, service: &Service) -> bool {
        let quota = service.quota.and_then(|quota| usize::try_from(quota).ok());
        quota.is_some_and(|quota| self.issued(service.letter) >= quota)
    }

    /// Whether those ahead of who came now will keep the counters busy until the end of work.
    fn in_vain(&self, letter: char, local: DateTime) -> bool {
        let left = self.office().and_then(|office| office.work_left(local));
        let ahead = left.and_then(|left| Some((left, self.seconds_ahead_of_newcomer(letter)?)));
        ahead.is_some_and(|(left, ahead)| ahead > left)
    }
}
