//! Scans: dossier IDs read today, and older ones without an outcome.

use serde::{Deserialize, Serialize};

use crate::{ScanId, TicketId};

/// The same dossier from the same device within this time is one scan: presentation readers
/// read a label again while it stays in front of them.
pub const DUPLICATE_SCAN_MS: u64 = 2_000;

/// What a scan is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// *Tiếp nhận*.
    #[default]
    Receive,
    /// *Bổ sung hồ sơ*.
    Supplement,
    /// *Trả kết quả*.
    Return,
    /// *Tra cứu*.
    LookUp,
}

/// Where a scan is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScanState {
    /// No intake server is configured.
    Kept,
    /// To be forwarded.
    Pending,
    /// The intake server has it.
    Delivered,
    /// The intake server will not take it.
    Refused,
    /// A clerk decides.
    Unknown,
}

impl ScanState {
    /// Whether something is still to be done about it: such scans outlive their day.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Unknown)
    }
}

/// A dossier ID as it is read, before it is known whether that is a scan of its own. A scanner that
/// went to another counter in between, or a purpose said since, makes it one.
#[derive(Clone, Copy, Debug)]
pub struct JustRead<'a> {
    /// Device or clerk that read it.
    pub device: &'a str,
    /// The dossier ID.
    pub dossier: &'a str,
    /// Where.
    pub counter: Option<u32>,
    /// What for, if somebody said so.
    pub purpose: Option<Purpose>,
}

/// What a clerk decides about a scan of which nobody can tell whether the intake server has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is there: somebody looked.
    Taken,
    /// It is not there: it goes out as the scan of this id, whose key the server has never seen.
    Again(ScanId),
    /// It need not go out any more.
    Dropped,
}

/// A dossier ID read at a counter or kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Its id, also the idempotency key at the intake server.
    pub id: ScanId,
    /// Record that holds it.
    pub seq: u64,
    /// The dossier ID; `None` once erased.
    pub dossier: Option<String>,
    /// What for.
    pub purpose: Purpose,
    /// Where.
    pub counter: Option<u32>,
    /// Ticket in hand, if any.
    pub ticket: Option<TicketId>,
    /// Device or clerk that read it.
    pub device: String,
    /// Where it is on its way.
    pub state: ScanState,
    /// What the intake server said.
    pub answer: Option<String>,
    /// Read before on the same day.
    pub repeat: bool,
    /// When, on the office's own clock.
    pub tick: u64,
    /// When, in UTC, if the time was known.
    pub utc: Option<i64>,
    /// Service day it belongs to; without one, the next.
    pub day: u64,
    /// The office's code at that time.
    pub office: String,
}
