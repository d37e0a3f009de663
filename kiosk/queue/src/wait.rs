//! How long a citizen will wait, as a range.
//!
//! From the day's own service times and the open counters. Until the day has shown enough,
//! the configured minutes stand in, a little at a time. A break in which nobody serves is waited
//! through as well.

use jiff::civil::DateTime;

use crate::{CounterState, Now, State, Ticket, TicketState};

/// Durations that make the configured minutes superfluous.
const ENOUGH: usize = 6;

/// Seconds from now until the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitRange {
    /// Probably not sooner.
    pub low: u32,
    /// Probably not later.
    pub high: u32,
}

impl WaitRange {
    /// Whole minutes, from the one begun to the one ended; at least one, since "0 minutes"
    /// promises what nobody can keep.
    pub fn minutes(self) -> (u32, u32) {
        let low = (self.low / 60).max(1);
        (low, self.high.div_ceil(60).max(low))
    }
}

impl State {
    /// The wait of a waiting ticket; `None` while no counter serves its service.
    pub fn wait(&self, now: Now, ticket: &Ticket) -> Option<WaitRange> {
        Some(self.through_breaks(now, self.served_before(ticket)?))
    }

    /// The wait of a citizen who would come now.
    pub fn wait_of_newcomer(&self, now: Now, service: char) -> Option<WaitRange> {
        let ahead = self.ahead_of_newcomer(service);
        self.wait_behind(now, service, None, ahead)
    }

    /// The wait behind `ahead` others for `service` (at counter `only`, if sent there).
    pub fn wait_behind(
        &self,
        now: Now,
        service: char,
        only: Option<u32>,
        ahead: u32,
    ) -> Option<WaitRange> {
        Some(self.through_breaks(now, self.served_behind(service, only, ahead)?))
    }

    /// When calls go on for a waiting ticket that the break now or next will probably find
    /// waiting; local time. `None`: it has a chance before, or no break is left today.
    pub fn kept_until(&self, now: Now, ticket: &Ticket) -> Option<DateTime> {
        let waits = ticket.state == TicketState::Waiting;
        self.calls_go_on(now, self.served_before(ticket))
            .filter(|_| waits)
    }

    /// The same for a citizen who would come now.
    pub fn kept_until_of_newcomer(&self, now: Now, service: char) -> Option<DateTime> {
        let ahead = self.ahead_of_newcomer(service);
        self.calls_go_on(now, self.served_behind(service, None, ahead))
    }

    fn calls_go_on(&self, now: Now, served: Option<WaitRange>) -> Option<DateTime> {
        let office = self.office()?;
        let local = office.local(now.utc?);
        office.after_break(local, served.map(|range| u64::from(range.low)))
    }

    /// As real time goes by.
    fn through_breaks(&self, now: Now, served: WaitRange) -> WaitRange {
        let Some((office, utc)) = self.office().zip(now.utc) else {
            return served;
        };
        let local = office.local(utc);
        let real = |seconds: u32| {
            let real = office.real_seconds(local, u64::from(seconds));
            u32::try_from(real).unwrap_or(u32::MAX)
        };
        WaitRange {
            low: real(served.low),
            high: real(served.high),
        }
    }

    fn served_before(&self, ticket: &Ticket) -> Option<WaitRange> {
        self.served_behind(ticket.service, ticket.only, self.ahead(ticket)?)
    }

    /// Seconds that counters serve before the call behind `ahead` others.
    fn served_behind(&self, service: char, only: Option<u32>, ahead: u32) -> Option<WaitRange> {
        let (counters, short, long) = self.pace(service, only)?;
        let ahead = u64::from(ahead);
        let low = ahead * u64::from(short) / counters;
        let high = (ahead + 1) * u64::from(long) / counters;
        let seconds = |s: u64| u32::try_from(s).unwrap_or(u32::MAX);
        Some(WaitRange {
            low: seconds(low),
            high: seconds(high),
        })
    }

    /// How long those who would be called before a newcomer take, by the middle of short and
    /// long service times; `None` while no counter serves the service.
    pub(crate) fn seconds_ahead_of_newcomer(&self, service: char) -> Option<u64> {
        let (counters, short, long) = self.pace(service, None)?;
        let ahead = u64::from(self.ahead_of_newcomer(service));
        Some(ahead * (u64::from(short) + u64::from(long)) / 2 / counters)
    }

    /// Open counters for a service (at counter `only`, if sent there), and a short and a long
    /// service time.
    fn pace(&self, service: char, only: Option<u32>) -> Option<(u64, u32, u32)> {
        let office = self.office()?;
        let serving = office.counters.iter().filter(|c| {
            let here = only.map_or(c.services.contains(&service), |only| only == c.number);
            let open = |d: &crate::Desk| d.state == CounterState::Open;
            here && self.desks.get(&c.number).is_some_and(open)
        });
        let counters = u64::try_from(serving.count()).ok().filter(|n| *n > 0)?;
        let (short, long) = self.durations(service, office.service(service)?.minutes);
        Some((counters, short, long))
    }

    /// A short and a long service time: the quartiles of the last ones.
    fn durations(&self, service: char, minutes: u32) -> (u32, u32) {
        let usual = minutes.saturating_mul(60);
        let (quick, slow) = (usual / 2, usual.saturating_add(usual / 2));
        let mut seconds: Vec<u32> = self
            .taken_seconds
            .get(&service)
            .map_or_else(Vec::new, |kept| kept.iter().copied().collect());
        for stand_in in [usual, quick, slow].into_iter().cycle() {
            if seconds.len() >= ENOUGH {
                break;
            }
            seconds.push(stand_in);
        }
        seconds.sort_unstable();
        let at = |part: usize| {
            seconds
                .get(seconds.len() * part / 4)
                .copied()
                .unwrap_or(usual)
        };
        (at(1), at(3))
    }
}
