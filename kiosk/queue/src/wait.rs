//! How long a citizen will wait, as a range.
//!
//! From the day's own service times and the open counters. Until the day has shown enough,
//! the configured minutes stand in, a little at a time.

use crate::{CounterState, State, Ticket};

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

impl State {
    /// The wait of a waiting ticket; `None` while no counter serves its service.
    pub fn wait(&self, ticket: &Ticket) -> Option<WaitRange> {
        let ahead = self.ahead(ticket)?;
        self.wait_behind(ticket.service, ticket.only, ahead)
    }

    /// The wait of a citizen who would come now.
    pub fn wait_of_newcomer(&self, service: char) -> Option<WaitRange> {
        self.wait_behind(service, None, self.ahead_of_newcomer(service))
    }

    /// The wait behind `ahead` others for `service` (at counter `only`, if sent there).
    pub fn wait_behind(&self, service: char, only: Option<u32>, ahead: u32) -> Option<WaitRange> {
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
