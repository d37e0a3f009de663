//! Which scan is sent next, and when.
//!
//! Pure: no clock, chance, disk or network. The time is milliseconds that only rise (`now_ms`), chance
//! comes in as `jitter_permille`. A scan is known here by its `seq` and its dossier by a hash,
//! so that 100,000 waiting scans cost a few megabytes and no dossier ID lies about.
//!
//! Promises:
//! - scans of one dossier go out in the order of their seq, the next one only once the one
//!   before it has its outcome;
//! - a dossier in trouble holds no other one. Only trouble that concerns every scan does: a
//!   set-up fault, no connection, or several dossiers in a row that failed (`gate`);
//! - after a pause for everybody one scan goes ahead to try, and each time another one if
//!   there is another, so that a single bad scan cannot keep the pause up;
//! - a server that does not honour keys is never sent a scan again whose outcome is unclear,
//!   before it has said that it does not have it.
//!
//! Deliberately not here: what the scan says, and how it is sent.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Instant;

use super::gate::Gate;
use super::verdict::Verdict;
use super::{AwayCause, IntakeStatus, Outcome};

/// Requests under way at once: enough to hide the way there and back on a slow line, few enough
/// for the smallest dossier software.
pub(crate) const IN_FLIGHT_MAX: usize = 4;

/// Outcomes that may wait for the journal at once: it takes all that wait with one commit, and
/// more would only be more to find out again after a power cut.
pub(crate) const KEEPING_MAX: usize = 256;

/// Scans kept in mind; the desk holds the rest. Two weeks of a large office without network.
pub(crate) const WAITING_MAX: usize = 100_000;

/// After this long a clerk decides about a scan that the server objects to.
const OBJECTED_MS_MAX: u64 = 24 * 60 * 60 * 1000;

/// An office that switches off at night never sees 24 hours of objections in one run. There
/// a scan that has waited so long already is decided once the server objected for an hour.
const OBJECTED_MS_IN_THIS_RUN: u64 = 60 * 60 * 1000;

/// The pauses, so that tests over a real line need not wait for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pauses {
    /// The shortest pause after a failure.
    pub(crate) low_ms: u64,
    /// The longest pause after a failure, chance included.
    pub(crate) high_ms: u64,
    /// How often one scan tries whether a set-up fault is mended.
    pub(crate) probe_ms: u64,
}

impl Default for Pauses {
    fn default() -> Self {
        Self {
            low_ms: 1_000,
            high_ms: 60_000,
            probe_ms: 30_000,
        }
    }
}

impl Pauses {
    /// Doubles with each failure; chance adds up to half, so that many offices do not come
    /// back in step after a breakdown of their common server.
    pub(crate) fn after(&self, failures: u32, jitter_permille: u64) -> u64 {
        let doubled = self
            .low_ms
            .saturating_mul(1 << failures.saturating_sub(1).min(20));
        let pause = doubled.min(self.high_ms / 3 * 2);
        pause + pause / 2 * jitter_permille.min(1000) / 1000
    }
}

/// What to do with a scan that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Send it.
    Send { seq: u64 },
    /// Ask the server whether it has it.
    Ask { seq: u64 },
}

/// The circumstances in which a verdict arrived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) now_ms: u64,
    /// 0 to 1000.
    pub(crate) jitter_permille: u64,
}

/// What is remembered of a scan that did not get through at once.
#[derive(Debug)]
struct Tried {
    failures: u32,
    objected_since_ms: Option<u64>,
    ask: bool,
}

/// The waiting scans. See the top of the file.
#[derive(Debug)]
pub(crate) struct Outbox {
    honours_key: bool,
    pauses: Pauses,
    gate: Gate,
    /// `(dossier, seq)`: the first of a dossier is its head.
    waiting: BTreeSet<(u64, u64)>,
    /// `(due_ms, seq, dossier)` of every head that is not in flight.
    due: BTreeSet<(u64, u64, u64)>,
    /// `seq -> dossier`, until the outcome is kept.
    in_flight: BTreeMap<u64, u64>,
    /// Those in flight that have an outcome, which the desk is keeping.
    keeping: BTreeSet<u64>,
    tried: HashMap<u64, Tried>,
    /// Scans up to here may have been sent by an earlier run of the program.
    old_upto: u64,
}

impl Outbox {
    pub(crate) fn new(honours_key: bool, pauses: Pauses) -> Self {
        Self {
            honours_key,
            pauses,
            gate: Gate::new(pauses),
            waiting: BTreeSet::new(),
            due: BTreeSet::new(),
            in_flight: BTreeMap::new(),
            keeping: BTreeSet::new(),
            tried: HashMap::new(),
            old_upto: 0,
        }
    }

    /// How many more scans fit.
    pub(crate) fn room(&self) -> usize {
        WAITING_MAX.saturating_sub(self.waiting.len())
    }

    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Takes a scan in. Called with rising seq. `old`: it stood there when the program
    /// started, so an earlier run may have sent it.
    pub(crate) fn push(&mut self, seq: u64, dossier: u64, old: bool, now_ms: u64) {
        let head = self.head(dossier).is_none();
        if self.waiting.insert((dossier, seq)) && head {
            self.due.insert((now_ms, seq, dossier));
        }
        if old {
            self.old_upto = self.old_upto.max(seq);
        }
    }

    /// The next scan to send or to ask about. It is in flight until `settle` or `done`.
    pub(crate) fn next(&mut self, now_ms: u64) -> Option<Step> {
        self.peek(now_ms)?;
        let (_, seq, dossier) = self.due.pop_first()?;
        self.in_flight.insert(seq, dossier);
        let ask = match self.tried.get(&seq) {
            Some(tried) => tried.ask,
            None => self.asks_first(seq),
        };
        Some(if ask {
            Step::Ask { seq }
        } else {
            Step::Send { seq }
        })
    }

    /// The scan that `next` is about.
    pub(crate) fn peek(&self, now_ms: u64) -> Option<u64> {
        self.wake_at().filter(|at| *at <= now_ms)?;
        self.due.first().map(|(_, seq, _)| *seq)
    }

    /// Scans that are likely next, in their order: all that are due, or the one that tries for all.
    pub(crate) fn upcoming(&self, now_ms: u64) -> impl Iterator<Item = u64> {
        let most = match self.gate.opens_at() {
            None => usize::MAX,
            Some(at) => usize::from(at <= now_ms),
        };
        let due = self.due.iter().take_while(move |(at, ..)| *at <= now_ms);
        due.map(|(_, seq, _)| *seq).take(most)
    }

    /// When `next` has something, if nothing else happens. `None`: only an event can change that.
    pub(crate) fn wake_at(&self) -> Option<u64> {
        let under_way = self.in_flight.len() - self.keeping.len();
        if under_way >= self.gate.in_flight_max() || self.keeping.len() >= KEEPING_MAX {
            return None;
        }
        let (due_ms, ..) = self.due.first()?;
        Some(self.gate.opens_at().map_or(*due_ms, |at| at.max(*due_ms)))
    }

    /// Judges an attempt. With an outcome the scan stays in flight until the desk has kept it
    /// (`done`) or could not (`not_kept`); without one the scan is due again later.
    /// `waited_ms`: how long the scan has been pending, also before this run.
    pub(crate) fn settle(
        &mut self,
        seq: u64,
        verdict: Verdict,
        waited_ms: u64,
        moment: Moment,
    ) -> Option<Outcome> {
        let outcome = self.judge(seq, verdict, waited_ms, moment)?;
        self.keeping.insert(seq);
        Some(outcome)
    }

    fn judge(
        &mut self,
        seq: u64,
        verdict: Verdict,
        waited_ms: u64,
        moment: Moment,
    ) -> Option<Outcome> {
        let dossier = *self.in_flight.get(&seq)?;
        let now_ms = moment.now_ms;
        match verdict {
            Verdict::Taken { answer } => {
                self.gate.answered();
                Some(Outcome::Delivered { answer })
            }
            Verdict::Refused { reason } => {
                self.gate.answered();
                Some(Outcome::Refused { reason })
            }
            // No news for the gate: nobody was asked, where there is no call to ask by.
            Verdict::CannotTell { reason } => Some(Outcome::Unknown { reason }),
            Verdict::Objected { reason } => {
                self.gate.answered();
                if self.objected_long_enough(seq, waited_ms, now_ms) {
                    return Some(Outcome::Unknown { reason });
                }
                self.later(seq, 0, moment);
                None
            }
            Verdict::Absent => {
                // No news for the gate: a wrong address says 404 to a question as well.
                self.tried(seq).ask = false;
                self.due_at(seq, now_ms);
                None
            }
            Verdict::NotYet { retry_after_ms } => {
                self.gate.answered();
                self.later(seq, retry_after_ms.unwrap_or(0), moment);
                None
            }
            Verdict::Busy { retry_after_ms } => {
                let pause_ms = retry_after_ms.unwrap_or(0);
                self.gate.failed(dossier, AwayCause::Busy, pause_ms, moment);
                self.later(seq, pause_ms, moment);
                None
            }
            Verdict::Unclear {
                retry_after_ms,
                cause,
            } => {
                let pause_ms = retry_after_ms.unwrap_or(0);
                match cause.is_of_the_line() {
                    true => self.gate.unreachable(cause, moment),
                    false => self.gate.failed(dossier, cause, pause_ms, moment),
                }
                // A question without an answer stays a question.
                let ask = !self.honours_key;
                self.tried(seq).ask |= ask;
                self.later(seq, pause_ms, moment);
                None
            }
            Verdict::NoConnection { cause } => {
                // It never left, so it is no worse than the others: the pause is the gate's.
                self.gate.unreachable(cause, moment);
                self.due_at(seq, now_ms);
                None
            }
            Verdict::SetupFault { status } => {
                self.gate.fault(status, now_ms);
                // Behind the others: should the fault be this scan's own, another one shows it.
                self.due_at(seq, now_ms + self.pauses.probe_ms);
                None
            }
        }
    }

    /// The scan has its outcome, or is no longer pending: the next one of its dossier is due.
    pub(crate) fn done(&mut self, seq: u64, now_ms: u64) {
        self.keeping.remove(&seq);
        if let Some(dossier) = self.in_flight.remove(&seq) {
            self.tried.remove(&seq);
            self.waiting.remove(&(dossier, seq));
            if let Some(next) = self.head(dossier) {
                self.due.insert((now_ms, next, dossier));
            }
        }
    }

    /// The desk could not keep the outcome. It is forgotten and found out again: a repeated key and
    /// an ask both lead to the same one.
    pub(crate) fn not_kept(&mut self, seq: u64, moment: Moment) {
        self.keeping.remove(&seq);
        let ask = !self.honours_key;
        self.tried(seq).ask |= ask;
        self.later(seq, 0, moment);
    }

    /// What staff should see. `started`: the moment that is 0 ms here.
    pub(crate) fn status(&self, started: Instant) -> IntakeStatus {
        self.gate.status(started)
    }

    /// A server without keys is asked first about what an earlier run may have sent.
    fn asks_first(&self, seq: u64) -> bool {
        !self.honours_key && seq <= self.old_upto
    }

    fn tried(&mut self, seq: u64) -> &mut Tried {
        let ask = self.asks_first(seq);
        self.tried.entry(seq).or_insert(Tried {
            failures: 0,
            objected_since_ms: None,
            ask,
        })
    }

    fn objected_long_enough(&mut self, seq: u64, waited_ms: u64, now_ms: u64) -> bool {
        let since_ms = *self.tried(seq).objected_since_ms.get_or_insert(now_ms);
        let in_this_run = now_ms.saturating_sub(since_ms);
        in_this_run >= OBJECTED_MS_MAX
            || (in_this_run >= OBJECTED_MS_IN_THIS_RUN && waited_ms >= OBJECTED_MS_MAX)
    }

    /// Due again after its own pause, or after `pause_ms` if that is longer.
    fn later(&mut self, seq: u64, pause_ms: u64, moment: Moment) {
        let pauses = self.pauses;
        let tried = self.tried(seq);
        tried.failures = tried.failures.saturating_add(1);
        let pause_ms = pause_ms.max(pauses.after(tried.failures, moment.jitter_permille));
        self.due_at(seq, moment.now_ms + pause_ms);
    }

    fn due_at(&mut self, seq: u64, due_ms: u64) {
        if let Some(dossier) = self.in_flight.remove(&seq) {
            self.due.insert((due_ms, seq, dossier));
        }
    }

    fn head(&self, dossier: u64) -> Option<u64> {
        let mut of_dossier = self.waiting.range((dossier, 0)..=(dossier, u64::MAX));
        of_dossier.next().map(|(_, seq)| *seq)
    }
}

#[cfg(test)]
mod tests;
