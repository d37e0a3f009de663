//! The journal of one machine: SQLite, WAL, `synchronous = FULL`.
//!
//! One write connection, owned by the engine's thread. Readers open their own. A lock file
//! refuses a second daemon. A reserve file is given up on a full disk so that the day can be
//! closed.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use queue::{Deferral, Event, Settings};
use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension as _, TransactionBehavior, params,
};

use super::{
    AppendError, Carried, Hash, Head, Journal, JournalError, KeyScope, Line, Record, copy, effects,
};

/// Format of the tables and records that this program writes. 2: days can be erased. 3: who was
/// not reached comes back. 4: an office tells where it comes from, and may wait for a day. 5: outages
/// of the intake server, citizens told apart by their card. 6: letters for late dossiers.
const FORMAT: i64 = 6;

/// Room kept for the end of the day on a full disk: a closing writes half a kilobyte for each whom
/// it does not reach, once into SQLite's log and once into the file. Enough for 2,000 of them.
const RESERVE_BYTES: usize = 4 << 20;

/// Name of the database in the data folder.
pub const FILE: &str = "journal.sqlite";
/// Name of the file by whose lock one daemon has a data folder.
pub(super) const LOCK: &str = "lock";

/// The journal in a data folder.
pub struct SqliteJournal {
    connection: Connection,
    head: Head,
    data: PathBuf,
    /// Held as long as the journal is open.
    _lock: File,
}

/// Turns an I/O error into one that names its file.
pub(super) fn io_at(path: &Path) -> impl FnOnce(std::io::Error) -> JournalError + '_ {
    move |cause| JournalError::Io {
        path: path.display().to_string(),
        cause,
    }
}

/// Takes the lock of a data folder; fails at once if a daemon has it.
pub(super) fn lock(data: &Path) -> Result<File, JournalError> {
    let path = data.join(LOCK);
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(io_at(&path))?;
    file.try_lock().map_err(|cause| match cause {
        fs::TryLockError::WouldBlock => JournalError::InUse(path.display().to_string()),
        fs::TryLockError::Error(cause) => io_at(&path)(cause),
    })?;
    Ok(file)
}

impl SqliteJournal {
    /// Opens or makes the journal in `data`. `new_epoch` names a journal made now.
    pub fn open(data: &Path, new_epoch: &str) -> Result<Self, JournalError> {
        fs::create_dir_all(data).map_err(io_at(data))?;
        let lock = lock(data)?;
        if data.join(copy::UNFINISHED).exists() {
            return Err(JournalError::HalfRestored(data.display().to_string()));
        }
        let reserve = data.join("reserve");
        let (connection, head) = match Self::connect(data, new_epoch) {
            // Even opening takes some room; reading and showing must go on with none left.
            Err(JournalError::Sqlite(_)) if reserve.exists() => {
                fs::remove_file(&reserve).map_err(io_at(&reserve))?;
                Self::connect(data, new_epoch)?
            }
            opened => opened?,
        };
        let mut journal = Self {
            connection,
            head,
            data: data.to_owned(),
            _lock: lock,
        };
        journal.free_reserve(false);
        Ok(journal)
    }

    fn connect(data: &Path, new_epoch: &str) -> Result<(Connection, Head), JournalError> {
        let connection = Connection::open(data.join(FILE))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        // The log is cut back to this after a checkpoint instead of staying at its largest.
        connection.pragma_update(None, "journal_size_limit", 4 << 20)?;
        connection.set_prepared_statement_cache_capacity(32);
        let tables: i64 =
            connection.query_row("select count(*) from sqlite_schema", [], |r| r.get(0))?;
        if tables == 0 {
            create(&connection, new_epoch)?;
            // The database file must outlive a power cut as well as its pages.
            File::open(data)
                .and_then(|dir| dir.sync_all())
                .map_err(io_at(data))?;
        }
        let upgrades = [
            effects::SINCE_FORMAT_2,
            effects::SINCE_FORMAT_3,
            effects::SINCE_FORMAT_4,
            effects::SINCE_FORMAT_5,
            effects::SINCE_FORMAT_6,
        ];
        for (found, upgrade) in (1..FORMAT).zip(upgrades) {
            if check_format(&connection)? == found {
                let next = found + 1;
                connection.execute_batch(&format!(
                    "begin; {upgrade} pragma user_version = {next}; commit;"
                ))?;
            }
        }
        let head = head_of(&connection)?;
        Ok((connection, head))
    }

    /// Why a write failed, as a write beside the database shows it: SQLite calls a card that
    /// went read-only, or a quota, an I/O error.
    fn why_unwritable(&self, error: String) -> AppendError {
        let probe = self.data.join("probe");
        let written = File::create(&probe).and_then(|mut file| {
            file.write_all(b"probe")?;
            file.sync_all()
        });
        let _ = fs::remove_file(&probe);
        match written.err().and_then(|e| e.raw_os_error()) {
            Some(libc::EROFS) => AppendError::ReadOnly,
            Some(libc::ENOSPC | libc::EDQUOT) => AppendError::Full,
            _ => AppendError::Uncertain(error),
        }
    }

    /// The record of the last `DayOpened`, and the office as the records before it left it.
    fn before_last_day(&self) -> Result<(u64, Settings), JournalError> {
        let opened: Option<u64> = self
            .connection
            .query_row("select seq from day order by id desc limit 1", [], |r| {
                r.get(0)
            })
            .optional()?;
        let from = opened.unwrap_or(1);
        // What the file gave last, what was in force, and the newest change of all.
        let mut wanted = self.connection.prepare(
            "select seq from (
                select max(seq) as seq from office where seq < ?1 and source = 'file'
                union select max(seq) from office where seq < ?1 and event = 'configured'
                union select max(seq) from office where seq < ?1
            ) where seq is not null order by seq",
        )?;
        let wanted = wanted.query_map([from], |r| r.get(0))?;
        let mut settings = Settings::default();
        for seq in wanted.collect::<Result<Vec<u64>, _>>()? {
            let record = read(&self.connection, seq)?;
            for event in record.into_iter().flat_map(|record| record.events) {
                settings.apply(seq, &event);
            }
        }
        settings.forget_planned();
        Ok((from, settings))
    }

    /// Records before `from` of letters that were open then: when each was drafted, and signed. What
    /// was erased since is none any more.
    fn letters_before(&self, from: u64) -> Result<Vec<Record>, JournalError> {
        let mut statement = self.connection.prepare(
            "select seq, case when signed < ?1 then signed end from letter
                where seq < ?1 and (ended is null or ended >= ?1)
                and day not in (select day from erased) order by seq",
        )?;
        let rows = statement.query_map([from], |r| Ok([r.get::<_, Option<u64>>(0)?, r.get(1)?]))?;
        let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
        let seqs = rows.into_iter().flatten().flatten();
        let records = seqs.filter_map(|seq| read(&self.connection, seq).transpose());
        records.collect()
    }

    /// Rights to come back that stand in records before `from`.
    fn deferrals_before(&self, from: u64) -> Result<Vec<Deferral>, JournalError> {
        let mut statement = self
            .connection
            .prepare("select seq, ticket from deferral where seq < ? order by seq")?;
        let rows = statement.query_map([from], |r| Ok((r.get(0)?, r.get(1)?)))?;
        let mut of_record: BTreeMap<u64, HashSet<String>> = BTreeMap::new();
        for row in rows {
            let (seq, ticket) = row?;
            of_record.entry(seq).or_default().insert(ticket);
        }
        let mut deferrals = Vec::new();
        for (seq, tickets) in of_record {
            let record = read(&self.connection, seq)?;
            let events = record.into_iter().flat_map(|record| record.events);
            deferrals.extend(events.filter_map(|event| match event {
                Event::Deferred(deferral) => {
                    let open = tickets.contains(&deferral.ticket.to_string());
                    open.then_some(deferral)
                }
                _ => None,
            }));
        }
        Ok(deferrals)
    }
}

/// Makes the tables of a journal without records.
pub(super) fn create(connection: &Connection, epoch: &str) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "begin; {} insert into meta values ('epoch', '{}'); pragma user_version = {FORMAT}; commit;",
        effects::SCHEMA,
        epoch.replace('\'', "")
    ))
}

/// Opens a journal for reading only, beside a running daemon.
pub fn open_reader(data: &Path) -> Result<Connection, JournalError> {
    let path = data.join(FILE);
    if !path.exists() {
        return Err(JournalError::Io {
            path: path.display().to_string(),
            cause: std::io::ErrorKind::NotFound.into(),
        });
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    check_format(&connection)?;
    Ok(connection)
}

/// The journal's format, if this program knows it. Read only, it may be an older one: the next
/// daemon brings it up to date.
pub(super) fn check_format(connection: &Connection) -> Result<i64, JournalError> {
    let found = connection.query_row("pragma user_version", [], |r| r.get(0))?;
    if found > FORMAT {
        return Err(JournalError::Newer {
            found,
            known: FORMAT,
        });
    }
    Ok(found)
}

/// The newest record and the epoch new ones get.
pub(super) fn head_of(connection: &Connection) -> Result<Head, JournalError> {
    let epoch = connection.query_row("select value from meta where name = 'epoch'", [], |r| {
        r.get(0)
    })?;
    let newest = connection
        .query_row(
            "select seq, hash from record order by seq desc limit 1",
            [],
            |r| Ok((r.get(0)?, r.get::<_, Vec<u8>>(1)?)),
        )
        .optional()?;
    let (seq, hash) = newest.unwrap_or((0, vec![0; 32]));
    Ok(Head {
        epoch,
        seq,
        hash: hash_of(seq, &hash)?,
    })
}

/// Number of the newest record; 0: none.
pub fn newest_seq(connection: &Connection) -> Result<u64, JournalError> {
    let seq = connection.query_row("select coalesce(max(seq), 0) from record", [], |r| r.get(0));
    Ok(seq?)
}

/// The hash of record `seq`; none if it is not there.
pub fn hash_at(connection: &Connection, seq: u64) -> Result<Option<Hash>, JournalError> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("select hash from record where seq = ?")?
        .query_row([seq], |r| r.get(0))
        .optional()?;
    bytes.map(|bytes| hash_of(seq, &bytes)).transpose()
}

fn hash_of(seq: u64, bytes: &[u8]) -> Result<Hash, JournalError> {
    Hash::from_slice(bytes).ok_or_else(|| JournalError::Damaged {
        seq,
        cause: "its hash is not 32 bytes".into(),
    })
}

/// One record.
pub fn read(connection: &Connection, seq: u64) -> Result<Option<Record>, JournalError> {
    // Asked for by whoever calls the API: beyond SQLite's numbers there is none.
    let Ok(row) = i64::try_from(seq) else {
        return Ok(None);
    };
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("select bytes from record where seq = ?")?
        .query_row([row], |r| r.get(0))
        .optional()?;
    bytes.map(|bytes| parse(seq, &bytes)).transpose()
}

/// A record's bytes as what they say.
pub(super) fn parse(seq: u64, bytes: &[u8]) -> Result<Record, JournalError> {
    let damaged = |cause: String| JournalError::Damaged { seq, cause };
    let record: Record = serde_json::from_slice(bytes).map_err(|e| damaged(e.to_string()))?;
    match record.seq == seq {
        true => Ok(record),
        false => Err(damaged("it says another number".into())),
    }
}

/// Checks the chain from `from` on and yields each record with its hash.
pub fn walk(
    connection: &Connection,
    from: u64,
    each: &mut dyn FnMut(Record, Hash) -> Result<(), JournalError>,
) -> Result<(), JournalError> {
    walk_some(connection, from, u32::MAX, each)
}

/// The same for at most `limit` records: a reader that pauses in between holds back no
/// checkpoint of a running daemon.
pub fn walk_some(
    connection: &Connection,
    from: u64,
    limit: u32,
    each: &mut dyn FnMut(Record, Hash) -> Result<(), JournalError>,
) -> Result<(), JournalError> {
    walk_lines(connection, from, limit, &mut |line| {
        each(parse(line.seq, line.bytes)?, line.hash)
    })
}

/// The same as the bytes that are stored.
pub(super) fn walk_lines(
    connection: &Connection,
    from: u64,
    limit: u32,
    each: &mut dyn FnMut(Line<'_>) -> Result<(), JournalError>,
) -> Result<(), JournalError> {
    let mut hash = Hash::default();
    if from > 1 {
        let before: Vec<u8> =
            connection.query_row("select hash from record where seq = ?", [from - 1], |r| {
                r.get(0)
            })?;
        hash = hash_of(from - 1, &before)?;
    }
    let mut statement = connection.prepare_cached(
        "select seq, bytes, hash from record where seq >= ? order by seq limit ?",
    )?;
    let mut rows = statement.query(params![from, limit])?;
    let mut expected = from;
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(0)?;
        let damaged = |cause: &str| JournalError::Damaged {
            seq,
            cause: cause.into(),
        };
        if seq != expected {
            return Err(damaged(&format!("record {expected} is missing")));
        }
        let bytes = row
            .get_ref(1)?
            .as_blob()
            .map_err(|_| damaged("its bytes are no blob"))?;
        let stored = row
            .get_ref(2)?
            .as_blob()
            .map_err(|_| damaged("its hash is no blob"))?;
        hash = hash.next(bytes);
        if stored != hash.0 {
            return Err(damaged("its bytes do not fit the chain"));
        }
        each(Line { seq, bytes, hash })?;
        expected += 1;
    }
    Ok(())
}

impl Journal for SqliteJournal {
    fn head(&self) -> Head {
        self.head.clone()
    }

    fn append(&mut self, expected: u64, records: &[Record]) -> Result<Head, AppendError> {
        if expected != self.head.seq {
            return Err(AppendError::Conflict);
        }
        let mut head = self.head.clone();
        let write = || -> Result<Head, rusqlite::Error> {
            let tx = self
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            for record in records {
                let bytes = serde_json::to_vec(record)
                    .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
                head.hash = head.hash.next(&bytes);
                head.seq = record.seq;
                head.epoch.clone_from(&record.epoch);
                // A number that is there already is refused by the primary key.
                tx.prepare_cached("insert into record (seq, bytes, hash) values (?, ?, ?)")?
                    .execute(params![record.seq, bytes, head.hash.0])?;
                effects::write(&tx, record)?;
            }
            tx.commit()?;
            Ok(head)
        };
        let result = write();
        match result {
            Ok(head) => {
                self.head = head;
                Ok(self.head.clone())
            }
            Err(error) => {
                // Only the database knows whether the commit happened.
                if let Ok(head) = head_of(&self.connection) {
                    self.head = head;
                }
                Err(match error.sqlite_error_code() {
                    Some(ErrorCode::DiskFull) => AppendError::Full,
                    Some(ErrorCode::ReadOnly) => AppendError::ReadOnly,
                    Some(ErrorCode::ConstraintViolation) => AppendError::Conflict,
                    _ => self.why_unwritable(error.to_string()),
                })
            }
        }
    }

    fn by_key(&self, scope: &KeyScope) -> Result<Option<Record>, JournalError> {
        let seq: Option<u64> = self
            .connection
            .prepare_cached("select seq from key where actor = ? and call = ? and key = ?")?
            .query_row(params![scope.actor, scope.call, scope.key], |r| r.get(0))
            .optional()?;
        seq.map_or(Ok(None), |seq| read(&self.connection, seq))
    }

    fn carried(&self) -> Result<Carried, JournalError> {
        let (from, settings) = self.before_last_day()?;
        let mut statement = self.connection.prepare(
            "select seq, outcome from scan
                where state in ('pending', 'unknown') and seq < ? order by seq",
        )?;
        let rows = statement.query_map([from], |r| Ok([r.get::<_, Option<u64>>(0)?, r.get(1)?]))?;
        let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
        let seqs = rows.into_iter().flatten().flatten();
        let scans = seqs.filter_map(|seq| read(&self.connection, seq).transpose());
        Ok(Carried {
            settings,
            scans: scans.collect::<Result<_, _>>()?,
            deferrals: self.deferrals_before(from)?,
            letters: self.letters_before(from)?,
            from,
        })
    }

    fn replay(&self, from: u64, each: &mut dyn FnMut(Record)) -> Result<(), JournalError> {
        walk(&self.connection, from, &mut |record, _| {
            each(record);
            Ok(())
        })
    }

    fn free_reserve(&mut self, free: bool) {
        // Best effort on both sides: without the reserve only the end of a day on a full disk
        // is at stake.
        let reserve = self.data.join("reserve");
        if free {
            let _ = fs::remove_file(&reserve);
        } else if !reserve.exists() {
            let filled = File::create(&reserve).and_then(|mut file| {
                file.write_all(&vec![0x5a; RESERVE_BYTES])?;
                file.sync_all()
            });
            if filled.is_err() {
                let _ = fs::remove_file(&reserve);
            }
        }
    }
}
