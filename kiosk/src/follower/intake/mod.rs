//! Brings scans to the intake server, the office's dossier software.
//!
//! Work is derived from facts: whatever the desk says is pending is sent until it has an
//! outcome. Nothing hangs on a cursor kept by this follower, so it may restart at any time.
//!
//! - `verdict` reads answers, `outbox` and `gate` decide what goes next and when (all pure),
//!   `line` and `send` talk to the server, `run` ties them to the desk.
//! - The same scan always goes out with the same key and the same body: the desk must give the
//!   values as they were scanned, also when the clock or the office's code was corrected since.
//! - An outcome the desk could not keep is found out again, never assumed.
//!
//! The log knows scan ids and statuses, never a dossier or a server's words.

mod cause;
mod gate;
mod line;
mod outbox;
mod run;
mod send;
#[cfg(test)]
mod tests;
mod verdict;

use std::fmt;
use std::future::Future;
use std::time::Instant;

pub(crate) use cause::AwayCause;
pub(crate) use line::{Line, OtherSide, Timeouts};
pub(crate) use run::run;
pub(crate) use send::ask;
pub(crate) use verdict::Verdict;

/// A scan as the server hears of it, under the names of the contract or its own.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Also the `Idempotency-Key`.
    pub(crate) id: String,
    pub(crate) dossier: String,
    /// `receive`, `supplement`, `return` or `look-up`.
    pub(crate) purpose: String,
    /// The office's code.
    pub(crate) office: String,
    pub(crate) counter: Option<u32>,
    pub(crate) ticket: Option<String>,
    /// RFC 3339 with offset; `None` when the clock was unknown at the scan, and then for good.
    pub(crate) scanned_at: Option<String>,
    pub(crate) device: String,
}

impl Scan {
    /// One that never was, to see what a server says of it.
    pub(crate) fn invented(id: String) -> Self {
        Self {
            // Where a path names the dossier too; of no office, so nobody's.
            dossier: format!("000.00.00.{id}"),
            id,
            purpose: "look-up".to_owned(),
            office: "000".to_owned(),
            counter: None,
            ticket: None,
            scanned_at: None,
            device: "check".to_owned(),
        }
    }
}

impl fmt::Debug for Scan {
    /// The id alone: a dossier must not reach a log by way of `{:?}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scan")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A scan that has no outcome yet.
#[derive(Clone, Debug)]
pub(crate) struct PendingScan {
    /// At least 1, one per scan. Rises with the moment at which the scan became pending:
    /// one that a clerk sends again comes back under a new seq.
    pub(crate) seq: u64,
    /// How long it has been pending, also before this run; 0 when that is not known.
    pub(crate) waited_ms: u64,
    pub(crate) scan: Scan,
}

/// What became of a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The server has it.
    Delivered {
        /// What the server said to it, for the clerk.
        answer: Option<String>,
    },
    /// The server will not have it.
    Refused {
        /// For the clerk, at most 300 characters.
        reason: String,
    },
    /// It cannot be known whether the server has it, or the server objected for 24 hours: a clerk decides.
    Unknown {
        /// For the clerk, at most 300 characters.
        reason: String,
    },
}

/// Whether scans get through, for `/healthz` and the counter pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IntakeStatus {
    /// Nothing is known to be wrong.
    Ready,
    /// No answer, or errors only.
    Away {
        /// When the first of these failures happened.
        since: Instant,
        /// What the newest of them looked like.
        cause: AwayCause,
    },
    /// Every scan is held until staff mend the set-up.
    SetupFault {
        /// 401: token; 403: right; 404 or 3xx: address.
        status: u16,
    },
}

/// The journal could not be read, or could not keep an outcome. The follower tries again.
#[derive(Debug, thiserror::Error)]
#[error("the journal does not answer")]
pub(crate) struct DeskAway;

/// Where scans come from and outcomes go: a few lines of the engine, or a script in a test.
pub(crate) trait Desk: Send + Sync {
    /// Pending scans with a seq above `after_seq`, by rising seq, at most `limit`. Fewer than
    /// `limit` means that there are no more for now.
    fn pending(
        &self,
        after_seq: u64,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<PendingScan>, DeskAway>> + Send;

    /// Those of these scans that are still pending, in any order.
    fn these(
        &self,
        seqs: Vec<u64>,
    ) -> impl Future<Output = Result<Vec<PendingScan>, DeskAway>> + Send;

    /// Keeps an outcome. Returns once it is durable, `Ok` also when it stands there already.
    fn outcome(
        &self,
        scan_id: &str,
        outcome: Outcome,
    ) -> impl Future<Output = Result<(), DeskAway>> + Send;

    /// Resolves when something new may be pending, also when that happened since it last resolved.
    fn changed(&self) -> impl Future<Output = ()> + Send;
}
