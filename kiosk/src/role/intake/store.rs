//! The scans on disk: one SQLite file in a folder that belongs to one server at a time.
//!
//! `take` returns only after the commit is on the disk (WAL with `synchronous=FULL`).

use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use anyhow::Context;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, TransactionBehavior, params};
use serde_json::Value;

use super::scan::{KeptScan, NewScan};

/// Raised when the tables change; a newer file is left alone.
const FORMAT: i64 = 1;

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS scan (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        dossier TEXT NOT NULL,
        received_ms INTEGER NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS scan_of_dossier ON scan (dossier, seq);
";

const COLUMNS: &str = "seq, received_ms, body";

/// What became of a scan that came in.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Taken {
    /// It stands here, since now or since an earlier request.
    Kept(KeptScan),
    /// Its id is taken by a scan that says something else.
    OtherBody,
}

/// See the top of the file.
#[derive(Debug)]
pub(super) struct Store {
    connection: Connection,
    /// Held as long as we run.
    _lock: File,
}

impl Store {
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        // Dossier IDs are nobody else's business on this machine.
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let lock = File::create(folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                anyhow::bail!("another intake server is using it")
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let connection = Connection::open(folder.join("intake.db"))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let format: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        anyhow::ensure!(
            format <= FORMAT,
            "it was written by a newer version of this program"
        );
        connection
            .execute_batch(TABLES)
            .context("its tables cannot be made")?;
        connection.pragma_update(None, "user_version", FORMAT)?;
        Ok(Self {
            connection,
            _lock: lock,
        })
    }

    /// Keeps a scan, once per id.
    pub(super) fn take(&mut self, new: &NewScan, now_ms: i64) -> rusqlite::Result<Taken> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        if let Some(kept) = find(&transaction, &new.id)? {
            return Ok(if kept.body == new.body {
                Taken::Kept(kept)
            } else {
                Taken::OtherBody
            });
        }
        transaction.execute(
            "INSERT INTO scan (id, dossier, received_ms, body) VALUES (?1, ?2, ?3, ?4)",
            params![new.id, new.dossier, now_ms, new.body.to_string()],
        )?;
        let seq = transaction.last_insert_rowid();
        transaction.commit()?;
        Ok(Taken::Kept(KeptScan {
            seq,
            received_ms: now_ms,
            body: new.body.clone(),
        }))
    }

    pub(super) fn scan(&self, id: &str) -> rusqlite::Result<Option<KeptScan>> {
        find(&self.connection, id)
    }

    /// The first scans of a dossier, oldest first.
    pub(super) fn of_dossier(
        &self,
        dossier: &str,
        limit: usize,
    ) -> rusqlite::Result<Vec<KeptScan>> {
        self.rows("WHERE dossier = ?1 ORDER BY seq LIMIT ?2", dossier, limit)
    }

    /// Scans after `seq`, oldest first.
    pub(super) fn after(&self, seq: i64, limit: usize) -> rusqlite::Result<Vec<KeptScan>> {
        self.rows("WHERE seq > ?1 ORDER BY seq LIMIT ?2", seq, limit)
    }

    /// Scans before `seq`, newest first.
    pub(super) fn before(&self, seq: i64, limit: usize) -> rusqlite::Result<Vec<KeptScan>> {
        self.rows("WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2", seq, limit)
    }

    /// How many there are. No row is ever deleted, so the newest seq knows without counting.
    pub(super) fn count(&self) -> rusqlite::Result<i64> {
        self.connection
            .query_row("SELECT coalesce(max(seq), 0) FROM scan", [], |row| {
                row.get(0)
            })
    }

    fn rows(&self, which: &str, key: impl ToSql, limit: usize) -> rusqlite::Result<Vec<KeptScan>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM scan {which}"))?
            .query_map(params![key, limit], read)?
            .collect()
    }
}

fn find(connection: &Connection, id: &str) -> rusqlite::Result<Option<KeptScan>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM scan WHERE id = ?1"))?
        .query_row([id], read)
        .optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<KeptScan> {
    let body: String = row.get(2)?;
    Ok(KeptScan {
        seq: row.get(0)?,
        received_ms: row.get(1)?,
        // We wrote it as JSON ourselves; a row that is none shows as one without fields.
        body: serde_json::from_str(&body).unwrap_or(Value::Null),
    })
}
