//! Days and clocks: when a service day begins and ends.
//!
//! Order is the record's sequence; a date may be learnt later. A clock correction is an event
//! and never closes a day: it moves the day's date to where its opening really was.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time};

use crate::deferral::Slips;
use crate::{Day, Event, Now, Refusal, State};

/// Off (or idle past midnight) longer than this: nobody who waited then waits now.
const ABANDONED_MS: u64 = 6 * 60 * 60 * 1_000;

/// Wall and monotonic clock apart by more than this: somebody set the clock. NTP slews stay
/// far below it.
const CORRECTION_MS: u64 = 60_000;

/// Staff who take the wrong date see it on every screen: so long it ends no day.
const RECONSIDER_MS: u64 = 10 * 60 * 1_000;

/// No office is closed for longer: a date further from the last day is probably a slip of the
/// finger.
const CLOSED_DAYS_MAX: i32 = 60;

/// Whether a clock that moved by so much was set.
pub(crate) fn is_correction(by_ms: i64) -> bool {
    by_ms.unsigned_abs() > CORRECTION_MS
}

impl State {
    fn date_at(&self, utc: i64) -> Option<Date> {
        self.office().map(|o| o.local(utc).date())
    }

    /// The events of a start, `gap_ms` after the newest record.
    pub(crate) fn decide_start(&self, now: Now, gap_ms: u64) -> Vec<Event> {
        let clock = now.utc.map(|utc| utc.saturating_sub_unsigned(now.tick));
        let mut events = vec![Event::Started { gap_ms, clock }];
        let abandoned = gap_ms > ABANDONED_MS;
        match (self.day(), now.utc) {
            (Some(day), None) if day.open && abandoned => {
                events.extend(self.closing(day, Slips::None));
                self.open(now, day.id + 1, false, &mut events);
            }
            // A closed last day (an empty journal is one): a new one, whatever the hours say,
            // for without the time nobody can tell them.
            (Some(day), None) if !day.open => self.open(now, day.id + 1, false, &mut events),
            (Some(day), Some(utc)) => {
                let today = self.date_at(utc);
                let opened = self.opening_date(day, now, utc);
                let mut date = day.date;
                // A day cannot lie in the future: it was dated by a wrong clock.
                if (date.is_none() || date > today)
                    && let Some(opened) = opened
                {
                    let day = day.id;
                    events.push(Event::DayDated { day, date: opened });
                    date = Some(opened);
                }
                let day = &Day {
                    date,
                    ..day.clone()
                };
                if day.open && abandoned && date < today {
                    events.extend(self.closing(day, Slips::None));
                    self.open_by_itself(now, day.id + 1, &mut events);
                } else if !day.open && date < today {
                    self.open_by_itself(now, day.id + 1, &mut events);
                }
            }
            (None, None) if self.office().is_some() => self.open(now, 1, false, &mut events),
            (None, Some(_)) => self.open_by_itself(now, 1, &mut events),
            _ => {}
        }
        events
    }

    /// The date on which `day` was really opened, by the clock as it is now.
    fn opening_date(&self, day: &Day, now: Now, utc: i64) -> Option<Date> {
        let ago = now.tick.saturating_sub(day.opened_tick);
        self.date_at(utc.saturating_sub_unsigned(ago))
    }

    /// Without hours at once, with hours within them.
    fn open_by_itself(&self, now: Now, id: u64, events: &mut Vec<Event>) {
        // What waited for a new day comes into force with it, and so do its hours.
        let Some(office) = self.settings.coming() else {
            return;
        };
        let within = now
            .utc
            .is_none_or(|utc| office.working_at(office.local(utc)));
        if office.hours.is_empty() || within {
            self.open(now, id, false, events);
        }
    }

    fn open(&self, now: Now, day: u64, by_staff: bool, events: &mut Vec<Event>) {
        let date = now.utc.and_then(|utc| self.date_at(utc));
        events.extend(self.deferrals_over());
        events.push(Event::DayOpened {
            day,
            date,
            by_staff,
            clock: now.utc.map(|utc| utc.saturating_sub_unsigned(now.tick)),
            after: match date {
                Some(_) => None,
                None => self.newest_date(),
            },
        });
        // A start replays from this record on: what was said before must be said again.
        events.extend(self.skips_on(date));
    }

    /// The newest date on which a service day is known to have been held.
    fn newest_date(&self) -> Option<Date> {
        let day = self.day()?;
        day.date.or(day.after)
    }

    /// The date that `day` really has by the clock as it is now, if that is another one.
    fn dating(&self, day: &Day, now: Now, utc: i64, corrected: bool) -> Option<Date> {
        let opened = self.opening_date(day, now, utc)?;
        let wrong = day.date.is_none() || (corrected && day.open) || day.date > self.date_at(utc);
        (wrong && day.date != Some(opened)).then_some(opened)
    }

    /// What staff say counts at once, and until something better does. A slip of the finger can
    /// be put right in the same way.
    pub(crate) fn decide_confirm_time(
        &self,
        now: Now,
        utc: i64,
        sure: bool,
    ) -> Result<Vec<Event>, Refusal> {
        let clock = utc.saturating_sub_unsigned(now.tick);
        if let (false, Some(today), Some(last)) = (sure, self.date_at(utc), self.newest_date()) {
            if today < last {
                return Err(Refusal::DateBack(last));
            }
            let far = last.checked_add(CLOSED_DAYS_MAX.days());
            if far.is_ok_and(|far| today > far) {
                return Err(Refusal::DateFar(last));
            }
        }
        let by_ms = self.clock.map(|old| clock.saturating_sub(old));
        let mut events = vec![Event::TimeConfirmed { clock, by_ms }];
        if let Some(day) = self.day()
            && let Some(date) = self.dating(day, now, utc, by_ms.is_some_and(is_correction))
        {
            let day = day.id;
            events.push(Event::DayDated { day, date });
        }
        Ok(events)
    }

    /// What the passing of time brings: usually nothing.
    pub(crate) fn decide_tick(&self, now: Now) -> Vec<Event> {
        let mut events = Vec::new();
        let Some(utc) = now.utc else {
            return events;
        };
        let clock = utc.saturating_sub_unsigned(now.tick);
        let corrected = match self.clock {
            None => {
                events.push(Event::ClockKnown { clock });
                false
            }
            Some(old) if is_correction(clock.saturating_sub(old)) => {
                let by_ms = clock.saturating_sub(old);
                events.push(Event::ClockCorrected { clock, by_ms });
                true
            }
            Some(_) => false,
        };
        let Some(office) = self.office() else {
            return events;
        };
        let Some(day) = self.day() else {
            // An empty journal counts as a closed earlier day.
            self.open_by_itself(now, 1, &mut events);
            return events;
        };
        let local = office.local(utc);
        let today = local.date();
        let mut date = day.date;
        if let Some(learnt) = self.dating(day, now, utc, corrected) {
            let day = day.id;
            events.push(Event::DayDated { day, date: learnt });
            date = Some(learnt);
        }
        // A correction never closes a day, even when it jumps over midnight; see `ran_past`.
        if corrected {
            return events;
        }
        if day.open {
            let later = date < Some(today);
            let end = date.and_then(|date| office.last_closing(date));
            let over = end.filter(|end| *end <= local && !day.by_staff);
            let idle = now.tick.saturating_sub(day.active_tick) > ABANDONED_MS;
            let in_hand = self.desks.values().any(|d| d.ticket.is_some());
            let nobody = !self.anybody_waits() && !in_hand;
            let passed = |end: DateTime| idle || self.ran_past(end, local, now);
            let midnight = today.to_datetime(Time::midnight());
            if (later && (idle || (nobody && passed(midnight))))
                || over.is_some_and(|end| nobody && passed(end))
            {
                // After midnight nobody stands there any more.
                let slips = if later { Slips::None } else { Slips::Print };
                let day = Day {
                    date,
                    ..day.clone()
                };
                events.extend(self.closing(&day, slips));
                if later {
                    self.open_by_itself(now, day.id + 1, &mut events);
                }
            }
        } else if date < Some(today) {
            self.open_by_itself(now, day.id + 1, &mut events);
        }
        events
    }

    /// Whether the clock ran past `end` by itself. One that was set to a later time may be set
    /// back again, and the day would be gone; so may what staff have just said.
    fn ran_past(&self, end: DateTime, local: DateTime, now: Now) -> bool {
        let since = local.duration_since(end).as_millis();
        let ran = |from: Option<u64>, ms: i128| {
            from.is_none_or(|tick| i128::from(now.tick.saturating_sub(tick)) >= ms)
        };
        ran(self.corrected_tick, since)
            && ran(self.confirmed_tick, since.min(i128::from(RECONSIDER_MS)))
    }

    pub(crate) fn decide_open_day(&self, now: Now) -> Result<Vec<Event>, Refusal> {
        let today = now.utc.and_then(|utc| self.date_at(utc));
        match self.day() {
            Some(day) if day.open => Err(Refusal::DayOpen),
            // The same date again continues that day and its numbers; also a day that only a
            // wrong clock put into the future.
            Some(day) if today.is_some() && day.date >= today => {
                Ok(vec![Event::DayReopened { day: day.id }])
            }
            last => {
                let mut events = Vec::new();
                self.open(now, last.map_or(1, |d| d.id + 1), true, &mut events);
                Ok(events)
            }
        }
    }

    /// Whether a day's personal values may be erased. Of an old day the state knows only what is
    /// still undone, which is what matters.
    pub(crate) fn decide_erase_day(&self, day: u64) -> Result<Vec<Event>, Refusal> {
        let last = self.day().map_or(0, |last| last.id);
        if day == 0 || day > last {
            return Err(Refusal::UnknownDay);
        }
        // Also once it is closed: opened again on its date it would need the key.
        if day == last {
            return Err(Refusal::LastDay);
        }
        let undelivered = |scan: &crate::Scan| scan.day == day && scan.state.is_open();
        match self.scans().any(undelivered) {
            true => Err(Refusal::Undelivered),
            false => Ok(vec![Event::DayErased { day }]),
        }
    }

    pub(crate) fn decide_close_day(&self) -> Result<Vec<Event>, Refusal> {
        match self.day() {
            Some(day) if day.open => Ok(self.closing(day, Slips::Print)),
            _ => Err(Refusal::DayClosed),
        }
    }
}
