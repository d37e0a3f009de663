//! The ledger: tables of history that figures are read from, made from the journal alone.
//!
//! It is a SQLite file of its own, `{data}/ledger.sqlite`. The cursor (epoch, seq and hash of
//! the last record taken in) stands in the same transaction as what those records changed, so
//! a kill at any moment leaves whole records; and because nothing of it is kept in memory,
//! several programs may catch up at the same time. Made anew it is the same, row by row.
//!
//! Deliberately not here: personal values in the clear (a dossier ID and what was answered to it
//! stay sealed), kinds of priority, who sat where.

mod figures;
mod outages;
mod read;
pub mod register;
#[cfg(test)]
mod tests;
mod write;

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

pub use figures::{DayFigures, Figures, ScanFigures, Tickets};
pub use outages::{Outage, Outages};
pub use read::{Days, NoSuchDay, PERIOD_DAYS_MAX};
pub use register::{Chosen, Entry, Lines, Register};

use crate::journal::sqlite::{hash_at, walk_some};
use crate::journal::{Hash, JournalError};

/// Name of the file in the data folder.
pub const FILE: &str = "ledger.sqlite";

/// What this program writes; a file of another format is made anew from the journal.
const FORMAT: i64 = 3;

/// Records taken in at a time: some milliseconds of work and less than 1 MB of memory.
pub const BATCH: u32 = 500;

/// Another program may be catching up; a batch takes it milliseconds.
const BUSY_MAX: Duration = Duration::from_secs(10);

/// Times are ticks: ms on the office's own clock. A day's `clock` is UTC minus that clock as
/// last known on that day, so a time learnt at noon also dates the morning.
const SCHEMA: &str = "
create table cursor (one integer primary key check (one = 1), epoch text not null,
    seq integer not null, hash blob not null, tick integer not null, day integer,
    clock integer, offset_minutes integer not null) strict;
create table office (seq integer primary key, body text not null) strict;
create table day (id integer primary key, date text, opened integer not null, closed integer,
    clock integer, offset_minutes integer not null, office integer) strict;
create table ticket (id text primary key, day integer not null, letter text not null,
    n integer not null, service text not null, priority integer not null,
    issued integer not null, by_hand integer not null, called integer, state text not null, missed integer not null,
    paper text not null, slips integer not null, reprints integer not null) strict, without rowid;
create index ticket_day on ticket (day);
create table call (id integer primary key, ticket text not null, day integer not null,
    counter integer not null, service text not null, called integer not null, begun integer,
    ended integer, how text) strict;
create index call_ticket on call (ticket);
create index call_day on call (day);
create table span (id integer primary key, day integer not null, counter integer not null,
    state text not null, began integer not null, ended integer) strict;
create index span_day on span (day);
create table scan (id text primary key, day integer not null, seq integer not null,
    made integer not null, utc integer, purpose text not null, counter integer, ticket text,
    device text not null, repeat integer not null, state text not null, outcome integer,
    dossier text, answer text) strict, without rowid;
create index scan_day on scan (day, seq);
create table outage (id integer primary key, began integer not null, known integer not null,
    ended integer, how text, causes text not null, set_up integer not null,
    waiting integer not null, day integer, clock integer, offset_minutes integer not null,
    first integer not null, last integer not null) strict;
";

/// The tables, for making them anew and for comparing.
const TABLES: &[&str] = &[
    "cursor", "office", "day", "ticket", "call", "span", "scan", "outage",
];

/// Why the ledger is not there or not up to date.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Its own file.
    #[error("the ledger cannot be read or written: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// What it is made from.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// How far the ledger has followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Of the last record taken in; empty before the first.
    pub epoch: String,
    /// Of the last record taken in; 0 before the first.
    pub seq: u64,
    /// Of the last record taken in.
    pub hash: Hash,
    /// When that was, on the office's own clock in ms.
    pub tick: u64,
    /// The open or last service day.
    day: Option<u64>,
    /// UTC minus the office's own clock in ms, while known.
    clock: Option<i64>,
    /// Minutes ahead of UTC.
    offset_minutes: i32,
}

/// The ledger's file.
pub struct Ledger {
    connection: Connection,
}

impl Ledger {
    /// Opens or makes the ledger of a data folder; one of another format is emptied.
    pub fn open(data: &Path) -> Result<Self, LedgerError> {
        let connection = Connection::open(data.join(FILE))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        // A power cut may take the last batches; they come again from the journal.
        connection.pragma_update(None, "synchronous", "normal")?;
        connection.pragma_update(None, "journal_size_limit", 4 << 20)?;
        Self::on(connection)
    }

    /// A ledger that is gone when it is closed: for a data folder that cannot be written, such
    /// as a copy on a stick.
    pub fn passing() -> Result<Self, LedgerError> {
        // A name of no letters: on the disk, not in memory, and deleted by SQLite.
        Self::on(Connection::open("")?)
    }

    fn on(mut connection: Connection) -> Result<Self, LedgerError> {
        connection.busy_timeout(BUSY_MAX)?;
        connection.set_prepared_statement_cache_capacity(64);
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found: i64 = tx.query_row("pragma user_version", [], |r| r.get(0))?;
        if found != FORMAT {
            make_anew(&tx)?;
        }
        tx.commit()?;
        Ok(Self { connection })
    }

    /// Empties every table; what follows makes them again.
    pub fn clear(&mut self) -> Result<(), LedgerError> {
        let tx = self.connection.transaction()?;
        make_anew(&tx)?;
        Ok(tx.commit()?)
    }

    /// Takes in at most [`BATCH`] records of `journal`; how many there were.
    pub fn follow(&mut self, journal: &Connection) -> Result<u64, LedgerError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut cursor = cursor(&tx)?;
        if cursor.seq > 0 && hash_at(journal, cursor.seq)? != Some(cursor.hash) {
            tracing::warn!("the ledger was made from another journal; it is made anew");
            make_anew(&tx)?;
            cursor = Cursor::default();
        }
        let mut records = Vec::new();
        walk_some(journal, cursor.seq + 1, BATCH, &mut |record, hash| {
            records.push((record, hash));
            Ok(())
        })?;
        for (record, hash) in &records {
            write::record(&tx, &mut cursor, record)?;
            cursor.epoch.clone_from(&record.epoch);
            (cursor.seq, cursor.tick, cursor.hash) = (record.seq, record.mono, *hash);
        }
        if !records.is_empty() {
            keep(&tx, &cursor)?;
        }
        tx.commit()?;
        Ok(records.len() as u64)
    }

    /// Takes in every record that `journal` has.
    pub fn catch_up(&mut self, journal: &Connection) -> Result<(), LedgerError> {
        while self.follow(journal)? > 0 {}
        Ok(())
    }

    /// The ledger of a data folder with every record that `journal` has; if it cannot be written
    /// there, one for the moment.
    pub fn up_to_date(data: &Path, journal: &Connection) -> Result<Self, LedgerError> {
        let kept = Self::open(data).and_then(|mut ledger| {
            ledger.catch_up(journal)?;
            Ok(ledger)
        });
        match kept {
            Err(LedgerError::Sqlite(cause)) => {
                tracing::warn!(%cause, "the ledger cannot be kept there; it is made for this once");
                let mut ledger = Self::passing()?;
                ledger.catch_up(journal)?;
                Ok(ledger)
            }
            kept => kept,
        }
    }

    /// How far it has followed.
    pub fn cursor(&self) -> Result<Cursor, LedgerError> {
        Ok(cursor(&self.connection)?)
    }
}

fn make_anew(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    for table in TABLES {
        tx.execute_batch(&format!("drop table if exists {table}"))?;
    }
    tx.execute_batch(SCHEMA)?;
    tx.pragma_update(None, "user_version", FORMAT)
}

fn cursor(connection: &Connection) -> rusqlite::Result<Cursor> {
    let found = connection
        .prepare_cached("select epoch, seq, hash, tick, day, clock, offset_minutes from cursor")?
        .query_row([], |r| {
            Ok(Cursor {
                epoch: r.get(0)?,
                seq: r.get(1)?,
                hash: Hash::from_slice(&r.get::<_, Vec<u8>>(2)?).unwrap_or_default(),
                tick: r.get(3)?,
                day: r.get(4)?,
                clock: r.get(5)?,
                offset_minutes: r.get(6)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn keep(tx: &Transaction<'_>, cursor: &Cursor) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert or replace into cursor (one, epoch, seq, hash, tick, day, clock, offset_minutes)
            values (1, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        cursor.epoch,
        cursor.seq,
        cursor.hash.0,
        cursor.tick,
        cursor.day,
        cursor.clock,
        cursor.offset_minutes
    ])
    .map(|_| ())
}
