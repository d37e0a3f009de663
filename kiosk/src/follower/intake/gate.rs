//! Trouble that concerns every scan: a set-up fault, or a server that is away. This is the circuit
//! breaker of the way out: open, it holds everybody; half open, it lets one scan try.
//!
//! One dossier that fails proves nothing about the others. The gate closes for everybody
//! when nothing could be reached, when `AWAY_AFTER_DOSSIERS` different dossiers in a row failed,
//! or when the server says that this machine is not welcome (401, 403, 404). While it is
//! closed one scan at a time goes ahead at the end of each pause; the first real answer opens it.

use std::time::{Duration, Instant};

use super::outbox::{IN_FLIGHT_MAX, Moment, Pauses};
use super::{AwayCause, IntakeStatus};

/// So many different dossiers that fail in a row are not bad dossiers but a bad day of the
/// server. No more than fit in flight, so that an overloaded server gets no second helping.
pub(crate) const AWAY_AFTER_DOSSIERS: usize = IN_FLIGHT_MAX;

/// Staff hear of an absent server at the second failure in a row: one alone is everyday life.
const AWAY_SHOWN_AFTER: u32 = 2;

#[derive(Debug)]
enum State {
    Open,
    Paced { pauses: u32, until_ms: u64 },
    Fault { status: u16, until_ms: u64 },
}

/// See the top of the file.
#[derive(Debug)]
pub(crate) struct Gate {
    pauses: Pauses,
    state: State,
    /// Dossiers that failed since the last real answer; grows no further than needed.
    failing: Vec<u64>,
    failures: u32,
    away_since_ms: Option<u64>,
    /// Of the newest failure.
    cause: AwayCause,
}

impl Gate {
    pub(crate) fn new(pauses: Pauses) -> Self {
        Self {
            pauses,
            state: State::Open,
            failing: Vec::with_capacity(AWAY_AFTER_DOSSIERS),
            failures: 0,
            away_since_ms: None,
            cause: AwayCause::NoConnection,
        }
    }

    pub(crate) fn in_flight_max(&self) -> usize {
        match self.state {
            State::Open => IN_FLIGHT_MAX,
            State::Paced { .. } | State::Fault { .. } => 1,
        }
    }

    /// `None`: it is open.
    pub(crate) fn opens_at(&self) -> Option<u64> {
        match self.state {
            State::Open => None,
            State::Paced { until_ms, .. } | State::Fault { until_ms, .. } => Some(until_ms),
        }
    }

    /// The server answered as one that works.
    pub(crate) fn answered(&mut self) {
        self.state = State::Open;
        self.failing.clear();
        self.failures = 0;
        self.away_since_ms = None;
    }

    /// A scan of this dossier failed in a way that may concern others too.
    pub(crate) fn failed(&mut self, dossier: u64, cause: AwayCause, pause_ms: u64, moment: Moment) {
        self.count(moment.now_ms, 1, cause);
        if self.failing.len() < AWAY_AFTER_DOSSIERS && !self.failing.contains(&dossier) {
            self.failing.push(dossier);
        }
        let everybody = self.failing.len() >= AWAY_AFTER_DOSSIERS;
        if everybody || !matches!(self.state, State::Open) {
            self.pause(pause_ms, moment);
        }
    }

    /// No connection: this says nothing about the dossier and everything about the server.
    pub(crate) fn unreachable(&mut self, cause: AwayCause, moment: Moment) {
        self.count(moment.now_ms, AWAY_SHOWN_AFTER, cause);
        self.pause(0, moment);
    }

    /// Token, address or right are wrong.
    pub(crate) fn fault(&mut self, status: u16, now_ms: u64) {
        self.answered();
        self.state = State::Fault {
            status,
            until_ms: now_ms + self.pauses.probe_ms,
        };
    }

    /// What staff should see. `started`: the moment that is 0 ms here.
    pub(crate) fn status(&self, started: Instant) -> IntakeStatus {
        match (&self.state, self.away_since_ms) {
            (State::Fault { status, .. }, _) => IntakeStatus::SetupFault { status: *status },
            (_, Some(since_ms)) if self.failures >= AWAY_SHOWN_AFTER => IntakeStatus::Away {
                since: started + Duration::from_millis(since_ms),
                cause: self.cause,
            },
            _ => IntakeStatus::Ready,
        }
    }

    fn count(&mut self, now_ms: u64, failures: u32, cause: AwayCause) {
        self.cause = cause;
        self.failures = self.failures.saturating_add(failures);
        self.away_since_ms.get_or_insert(now_ms);
    }

    fn pause(&mut self, pause_ms: u64, moment: Moment) {
        let now_ms = moment.now_ms;
        let closed_until_ms = self.opens_at().unwrap_or(0);
        self.state = match self.state {
            // Silence does not mend a set-up fault: staff keep seeing it.
            State::Fault { status, .. } => State::Fault {
                status,
                until_ms: closed_until_ms.max(now_ms + self.pauses.probe_ms.max(pause_ms)),
            },
            // Requests that were under way when it closed are no failed tries of their own.
            State::Paced { pauses, until_ms } if now_ms < until_ms => State::Paced {
                pauses,
                until_ms: until_ms.max(now_ms + pause_ms),
            },
            State::Open | State::Paced { .. } => {
                let pauses = match self.state {
                    State::Paced { pauses, .. } => pauses.saturating_add(1),
                    _ => 1,
                };
                let pause_ms = pause_ms.max(self.pauses.after(pauses, moment.jitter_permille));
                State::Paced {
                    pauses,
                    until_ms: now_ms + pause_ms,
                }
            }
        };
    }
}
