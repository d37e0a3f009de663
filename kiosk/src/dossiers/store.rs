//! The store: a SQLite file that can be had again from where its content came.
//!
//! - A source's rows are replaced in one transaction: a reader sees the former import or the new.
//! - Of a dossier that several sources tell of, the latest word counts.
//! - In the clear stand only dates and whether the office is done: nobody's dossier.

use std::path::Path;
use std::sync::Mutex;

use ::dossiers::{Dossier, Facts, Row, Source};
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use scanner::DossierId;
use serde::{Deserialize, Serialize};

use super::held;
use super::secret::{Fingerprint, Secret};

const FILE: &str = "known.sqlite";
/// Another format is made anew.
const FORMAT: i64 = 1;
/// The intake server's own number among the sources.
const INTAKE: i64 = 0;
/// Imports that stay in the history.
const HISTORY_MAX: i64 = 100;

const TABLES: &[&str] = &["source", "import", "dossier", "factor"];
const SCHEMA: &str = "
create table source (id integer primary key, name text not null unique) strict;
create table import (id integer primary key, source integer not null, at integer not null,
    actor text not null, file blob not null, rows integer not null, bad integer not null,
    repeated integer not null) strict;
create table dossier (print blob not null, source integer not null, as_of integer not null,
    due text, over integer not null, body blob not null,
    primary key (print, source)) strict, without rowid;
create index dossier_due on dossier (due) where over = 0;
create index dossier_source on dossier (source);
create table factor (print blob not null, source integer not null, hash blob not null,
    primary key (print, source, hash)) strict, without rowid;
create index factor_source on factor (source);
";

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Its own file.
    #[error("the store of dossiers cannot be read or written: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// Its key.
    #[error("the key of the store of dossiers: {0}")]
    Disk(#[from] std::io::Error),
    /// There is none: it could not be opened at the start.
    #[error("there is no store of dossiers")]
    None,
}

/// A file that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Rises.
    pub id: i64,
    /// Where it came from, as the office calls it.
    pub source: String,
    /// UTC in ms.
    pub at: i64,
    /// Who confirmed it.
    pub actor: String,
    /// What the file was called.
    pub file: String,
    /// Dossiers in it.
    pub rows: u64,
    /// Rows that did not count.
    pub bad: u64,
    /// Rows of a dossier that a later row told of again.
    pub repeated: u64,
}

/// A file to be taken in.
pub struct New<'a> {
    /// Where it comes from; the former import of the same name goes.
    pub source: &'a str,
    /// What the file was called.
    pub file: &'a str,
    /// Who confirmed it.
    pub actor: &'a str,
    /// UTC in ms.
    pub at: i64,
    /// Rows that count.
    pub rows: &'a [Row],
    /// How many did not.
    pub bad: u64,
    /// How many were told of again.
    pub repeated: u64,
}

/// An unfinished dossier with a date.
pub struct Late {
    /// Names it to pages.
    pub fingerprint: String,
    /// Which.
    pub dossier: DossierId,
    /// What is known of it.
    pub known: Dossier,
}

/// What stands under a seal.
#[derive(Serialize, Deserialize)]
struct Body {
    id: String,
    #[serde(flatten)]
    facts: Facts,
}

pub(super) struct Store {
    pub(super) secret: Secret,
    /// Readers do not wait for an import.
    reader: Mutex<Connection>,
    writer: Mutex<Connection>,
}

impl Store {
    /// Opens or makes the store in `folder`; one that cannot be read is made anew.
    pub(super) fn open(folder: &Path, secret: Secret) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        let writer = match prepared(&path, secret.is_new) {
            Err(rusqlite::Error::SqliteFailure(cause, _))
                if matches!(
                    cause.code,
                    rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt
                ) =>
            {
                tracing::warn!("the store of dossiers is damaged; it is made anew");
                for end in ["", "-wal", "-shm"] {
                    let part = folder.join(format!("{FILE}{end}"));
                    crate::safe_file::remove(&part)?;
                }
                prepared(&path, true)?
            }
            prepared => prepared?,
        };
        let reader = Connection::open(&path)?;
        reader.pragma_update(None, "query_only", true)?;
        Ok(Self {
            secret,
            reader: Mutex::new(reader),
            writer: Mutex::new(writer),
        })
    }

    pub(super) fn has_imports(&self) -> bool {
        let found = held(&self.reader).query_row("select 1 from import limit 1", [], |_| Ok(()));
        found.is_ok()
    }

    pub(super) fn known(&self, dossier: &DossierId) -> Result<Option<Dossier>, StoreError> {
        let print = self.secret.fingerprint(dossier);
        Ok(self.newest(print)?.map(|(_, known)| known))
    }

    /// The dossier that goes by this name on pages.
    pub(super) fn named(&self, reference: &str) -> Result<Option<DossierId>, StoreError> {
        let Some(print) = Fingerprint::of_text(reference) else {
            return Ok(None);
        };
        Ok(self.newest(print)?.map(|(dossier, _)| dossier))
    }

    /// The latest word on a dossier.
    fn newest(&self, print: Fingerprint) -> Result<Option<(DossierId, Dossier)>, StoreError> {
        let reader = held(&self.reader);
        let found = reader
            .prepare_cached(
                "select d.source, s.name, d.as_of, d.body from dossier d
                    left join source s on s.id = d.source
                    where d.print = ? order by d.as_of desc limit 1",
            )?
            .query_row([print.0], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get::<_, Vec<u8>>(3)?))
            })
            .optional()?;
        Ok(found
            .and_then(|(source, name, as_of, body)| self.opened(print, source, name, as_of, &body)))
    }

    fn opened(
        &self,
        print: Fingerprint,
        source: i64,
        name: Option<String>,
        as_of: i64,
        body: &[u8],
    ) -> Option<(DossierId, Dossier)> {
        let body = self.secret.open_sealed(&print.0, body)?;
        let body: Body = serde_json::from_slice(&body).ok()?;
        let source = match source {
            INTAKE => Source::Intake,
            _ => Source::Import {
                name: name.unwrap_or_default(),
            },
        };
        let dossier = super::taken(&body.id)?;
        Some((dossier, Dossier::new(body.facts, source, as_of)))
    }

    pub(super) fn proves(&self, dossier: &DossierId, factor: &str) -> Result<bool, StoreError> {
        let print = self.secret.fingerprint(dossier);
        let hash = self.secret.factor(print, factor);
        let reader = held(&self.reader);
        let mut found =
            reader.prepare_cached("select 1 from factor where print = ? and hash = ?")?;
        Ok(found.exists(params![print.0, hash])?)
    }

    /// Keeps what the intake server said.
    pub(super) fn keep_answer(
        &self,
        dossier: &DossierId,
        facts: &Facts,
        as_of: i64,
        factors: &[String],
    ) -> Result<(), StoreError> {
        let mut writer = held(&self.writer);
        let tx = writer.transaction()?;
        let print = self.secret.fingerprint(dossier);
        tx.prepare_cached("delete from factor where print = ? and source = ?")?
            .execute(params![print.0, INTAKE])?;
        self.put(&tx, INTAKE, dossier, facts, as_of, factors)?;
        Ok(tx.commit()?)
    }

    fn put(
        &self,
        tx: &Transaction<'_>,
        source: i64,
        dossier: &DossierId,
        facts: &Facts,
        as_of: i64,
        factors: &[String],
    ) -> Result<(), StoreError> {
        let print = self.secret.fingerprint(dossier);
        let body = Body {
            id: dossier.as_str().to_owned(),
            facts: facts.clone(),
        };
        let body = serde_json::to_vec(&body).map_err(std::io::Error::other)?;
        let body = self.secret.seal(&print.0, &body)?;
        let due = facts.due_on.map(|due| due.to_string());
        tx.prepare_cached(
            "insert or replace into dossier (print, source, as_of, due, over, body)
                values (?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![print.0, source, as_of, due, facts.is_over(), body])?;
        for factor in factors {
            tx.prepare_cached(
                "insert or ignore into factor (print, source, hash) values (?, ?, ?)",
            )?
            .execute(params![print.0, source, self.secret.factor(print, factor)])?;
        }
        Ok(())
    }

    pub(super) fn import(&self, new: &New<'_>) -> Result<Import, StoreError> {
        let mut writer = held(&self.writer);
        let tx = writer.transaction()?;
        tx.execute(
            "insert or ignore into source (id, name)
                values ((select coalesce(max(id), 0) + 1 from source), ?)",
            [new.source],
        )?;
        let source: i64 =
            tx.query_row("select id from source where name = ?", [new.source], |r| {
                r.get(0)
            })?;
        for table in ["dossier", "factor"] {
            tx.execute(&format!("delete from {table} where source = ?"), [source])?;
        }
        for row in new.rows {
            self.put(&tx, source, &row.dossier, &row.facts, new.at, &row.factors)?;
        }
        let file = self.secret.seal(b"file", new.file.as_bytes())?;
        let rows = new.rows.len() as u64;
        tx.execute(
            "insert into import (source, at, actor, file, rows, bad, repeated)
                values (?, ?, ?, ?, ?, ?, ?)",
            params![source, new.at, new.actor, file, rows, new.bad, new.repeated],
        )?;
        let id = tx.last_insert_rowid();
        tx.execute("delete from import where id <= ?", [id - HISTORY_MAX])?;
        tx.commit()?;
        Ok(Import {
            id,
            source: new.source.to_owned(),
            at: new.at,
            actor: new.actor.to_owned(),
            file: new.file.to_owned(),
            rows,
            bad: new.bad,
            repeated: new.repeated,
        })
    }

    pub(super) fn imports(&self) -> Result<Vec<Import>, StoreError> {
        let reader = held(&self.reader);
        let mut found = reader.prepare_cached(
            "select i.id, s.name, i.at, i.actor, i.file, i.rows, i.bad, i.repeated
                from import i join source s on s.id = i.source order by i.id desc",
        )?;
        let found = found.query_map([], |r| {
            let file = self.secret.open_sealed(b"file", &r.get::<_, Vec<u8>>(4)?);
            let file = file.and_then(|file| String::from_utf8(file).ok());
            Ok(Import {
                id: r.get(0)?,
                source: r.get(1)?,
                at: r.get(2)?,
                actor: r.get(3)?,
                file: file.unwrap_or_default(),
                rows: r.get(5)?,
                bad: r.get(6)?,
                repeated: r.get(7)?,
            })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Unfinished dossiers due up to `until` of which something was said after `since`; and how
    /// many there are. The latest word on each decides whether it is one.
    pub(super) fn due(
        &self,
        until: Date,
        since: i64,
        max: usize,
    ) -> Result<(Vec<Late>, usize), StoreError> {
        // The date of a dossier may have been put off by the latest word.
        const DUE: &str = "from dossier d left join source s on s.id = d.source
            where d.over = 0 and d.due <= ?1 and d.as_of >= ?2 and not exists
                (select 1 from dossier l where l.print = d.print and
                    (l.as_of, l.source) > (d.as_of, d.source))";
        let reader = held(&self.reader);
        let until = until.to_string();
        let count: u64 = reader
            .prepare_cached(&format!("select count(*) {DUE}"))?
            .query_row(params![until, since], |r| r.get(0))?;
        let mut found = reader.prepare_cached(&format!(
            "select d.print, d.source, s.name, d.as_of, d.body {DUE} order by d.due, d.print limit ?3"
        ))?;
        let found = found.query_map(params![until, since, max as u64], |r| {
            let print = Fingerprint(r.get(0)?);
            let body: Vec<u8> = r.get(4)?;
            Ok((
                print,
                self.opened(print, r.get(1)?, r.get(2)?, r.get(3)?, &body),
            ))
        })?;
        let mut late = Vec::new();
        for row in found {
            if let (print, Some((dossier, known))) = row? {
                late.push(Late {
                    fingerprint: print.text(),
                    dossier,
                    known,
                });
            }
        }
        Ok((late, usize::try_from(count).unwrap_or(usize::MAX)))
    }

    /// Removes what was said before `before`, and dossiers that were finished before it.
    pub(super) fn forget(&self, before: i64) -> Result<(), StoreError> {
        // A moment that no calendar has is before every dossier.
        let Ok(date) = jiff::Timestamp::from_millisecond(before) else {
            return Ok(());
        };
        let date = date.to_zoned(jiff::tz::TimeZone::UTC).date();
        let mut old: Vec<(Fingerprint, i64)> = Vec::new();
        let mut writer = held(&self.writer);
        {
            let mut over = writer.prepare_cached(
                "select print, source, as_of, body from dossier where over = 1 or as_of < ?",
            )?;
            let mut rows = over.query([before])?;
            while let Some(row) = rows.next()? {
                let (print, source) = (Fingerprint(row.get(0)?), row.get(1)?);
                let as_of: i64 = row.get(2)?;
                let body: Vec<u8> = row.get(3)?;
                let known = self.opened(print, source, None, as_of, &body);
                let finished = known.and_then(|(_, known)| known.finished_on);
                if as_of < before || finished.is_some_and(|finished| finished < date) {
                    old.push((print, source));
                }
            }
        }
        let tx = writer.transaction()?;
        for (print, source) in old {
            for table in ["dossier", "factor"] {
                tx.prepare_cached(&format!(
                    "delete from {table} where print = ? and source = ?"
                ))?
                .execute(params![print.0, source])?;
            }
        }
        Ok(tx.commit()?)
    }
}

/// The file with its tables.
fn prepared(path: &Path, anew: bool) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // A power cut may take the last answer of the intake server; it is asked again.
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.pragma_update(None, "journal_size_limit", 4 << 20)?;
    // What is removed is gone from the file as well.
    connection.pragma_update(None, "secure_delete", true)?;
    let tx = connection.transaction()?;
    let found: i64 = tx.query_row("pragma user_version", [], |r| r.get(0))?;
    if anew || found != FORMAT {
        for table in TABLES {
            tx.execute_batch(&format!("drop table if exists {table}"))?;
        }
        tx.execute_batch(SCHEMA)?;
        tx.pragma_update(None, "user_version", FORMAT)?;
    }
    tx.commit()?;
    Ok(connection)
}
