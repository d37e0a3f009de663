//! The journal: what happened, in order, kept for good.
//!
//! A record is one command's events, serialised once; its bytes and the hash over them are
//! what every journal stores. Tables beside the records hold what outlives a day; they are
//! written with the record and follow from it alone.
//!
//! Only a plain success of [`Journal::append`] is a commit. After anything else the caller
//! reads again, looks for its command, and decides again.

mod chain;
pub mod copy;
mod dating;
mod effects;
pub mod erased;
pub mod history;
pub mod letters;
pub mod offices;
pub mod sqlite;
pub mod verify;

use queue::{Deferral, Event, Settings};
use serde::{Deserialize, Serialize};

pub use chain::Hash;
pub(crate) use effects::first_state;
pub use effects::word;

/// The idempotency key a command came with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandKey {
    /// Method and path.
    pub call: String,
    /// Chosen where the finger or the clerk acted.
    pub key: String,
    /// HMAC of the body under the key of `day`, in hex: tells "another body" without keeping it.
    pub body: String,
    /// Service day whose key made `body`.
    pub day: u64,
}

/// One command's events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Random, made with the journal: a replaced disk is a new epoch, never a silent gap.
    pub epoch: String,
    /// From 1, one more each record.
    pub seq: u64,
    /// Absent for what the program does by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandKey>,
    /// UTC in ms by this machine's clock, right or wrong.
    pub at: i64,
    /// The kernel's boot id.
    pub boot: String,
    /// Ms on the office's own clock: monotonic, carried across starts by the gap that the
    /// start's record names, never back.
    pub mono: u64,
    /// Device or clerk.
    pub actor: String,
    /// In order; personal values are sealed.
    pub events: Vec<Event>,
}

/// A record as its bytes.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// From 1, one more each record.
    pub seq: u64,
    /// As the journal stores it.
    pub bytes: &'a [u8],
    /// Of the chain up to it.
    pub hash: Hash,
}

/// The newest record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Epoch that new records get.
    pub epoch: String,
    /// Its sequence number; 0: none.
    pub seq: u64,
    /// Its hash; zeros: none.
    pub hash: Hash,
}

/// Who asked for what under which key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyScope {
    /// Device or clerk.
    pub actor: String,
    /// Method and path.
    pub call: String,
    /// The idempotency key.
    pub key: String,
}

/// What start-up begins with: what the records before the last `DayOpened` left.
#[derive(Debug, Default)]
pub struct Carried {
    /// The office then, and what the file gave last.
    pub settings: Settings,
    /// Records of scans before that day that still want an outcome, and of doubts about them.
    pub scans: Vec<Record>,
    /// Rights to come back that days before that one left.
    pub deferrals: Vec<Deferral>,
    /// Records of letters before that day that were not given yet when it began.
    pub letters: Vec<Record>,
    /// First record to replay.
    pub from: u64,
}

/// Why an append is not a commit.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else appended first.
    #[error("another writer appended first")]
    Conflict,
    /// No room on the disk.
    #[error("the disk is full")]
    Full,
    /// The disk cannot be written.
    #[error("the disk is read-only")]
    ReadOnly,
    /// Nobody can tell whether it was written.
    #[error("the journal failed: {0}")]
    Uncertain(String),
}

/// Why a journal cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The database said no.
    #[error("the journal cannot be read: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// Files beside it.
    #[error("{path}: {cause}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A record is not what was written, or one is missing.
    #[error("record {seq} is damaged: {cause}")]
    Damaged {
        /// The record.
        seq: u64,
        /// What does not fit.
        cause: String,
    },
    /// Made by a newer program.
    #[error("the journal has format {found}, this program knows up to {known}")]
    Newer {
        /// Of the journal.
        found: i64,
        /// Of this program.
        known: i64,
    },
    /// A daemon has the folder's lock.
    #[error("{0}: another kiosk daemon runs on this data folder")]
    InUse(String),
    /// A restore into a folder in use.
    #[error("{0} is not empty: a restored journal needs a folder of its own")]
    NotEmpty(String),
    /// A restore did not come to its end here.
    #[error("{0}: a restore was interrupted here; please run it again")]
    HalfRestored(String),
}

/// What the engine asks of a journal, and no more.
pub trait Journal: Send {
    /// The newest record.
    fn head(&self) -> Head;
    /// Appends all of `records`, the first being number `expected + 1`, durably or not at all.
    fn append(&mut self, expected: u64, records: &[Record]) -> Result<Head, AppendError>;
    /// The record that a key made, while keys are kept.
    fn by_key(&self, scope: &KeyScope) -> Result<Option<Record>, JournalError>;
    /// What start-up begins with.
    fn carried(&self) -> Result<Carried, JournalError>;
    /// Checks the chain from `from` on and yields each record.
    fn replay(&self, from: u64, each: &mut dyn FnMut(Record)) -> Result<(), JournalError>;
    /// Makes room for the end of the day on a full disk; takes the room back when there is some.
    fn free_reserve(&mut self, free: bool);
}
