//! The offices of the past: who set which, and when it counted.

use queue::{Event, Office, OfficeSource};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::dating::Dating;
use super::sqlite::read;
use super::{JournalError, Record};

/// What a record did to the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The file was read, and differed.
    Read,
    /// Somebody changed it, and it counted at once.
    Changed,
    /// It was put on the list for the next day.
    Planned,
    /// What waited was taken back.
    Withdrawn,
    /// A day began with what had waited.
    Begun,
}

/// One entry of the history.
pub struct Entry {
    /// The record's number.
    pub version: u64,
    /// UTC in ms, as far as it is known.
    pub at: Option<i64>,
    /// Who acted.
    pub actor: String,
    /// What was done.
    pub deed: Deed,
    /// The office in force before; absent: none.
    pub before: Option<Office>,
    /// The office that it is about.
    pub office: Option<Office>,
}

/// What a record says of the office: that which counts at once before that which waits.
fn deed(record: &Record) -> Option<(Deed, Option<&Office>)> {
    let configured = record.events.iter().find_map(|event| match event {
        Event::Configured { office, source } => Some((
            match source {
                OfficeSource::File => Deed::Read,
                OfficeSource::Person => Deed::Changed,
                OfficeSource::Plan => Deed::Begun,
            },
            Some(&**office),
        )),
        _ => None,
    });
    let waiting = || {
        record.events.iter().find_map(|event| match event {
            Event::OfficePlanned { office, .. } => Some((Deed::Planned, Some(&**office))),
            Event::OfficeWithdrawn => Some((Deed::Withdrawn, None)),
            _ => None,
        })
    };
    configured.or_else(waiting)
}

/// The office of a record.
pub fn office_of(connection: &Connection, version: u64) -> Result<Option<Office>, JournalError> {
    let record = read(connection, version)?;
    let office = record
        .as_ref()
        .and_then(deed)
        .and_then(|(_, office)| office);
    Ok(office.cloned())
}

/// The newest office of this kind before a record.
fn office_before(
    connection: &Connection,
    version: u64,
    event: &str,
) -> Result<Option<Office>, JournalError> {
    let seq: Option<u64> = connection
        .prepare_cached(
            "select seq from office where seq < ? and event = ? order by seq desc limit 1",
        )?
        .query_row(params![version, event], |r| r.get(0))
        .optional()?;
    let record = seq.map(|seq| read(connection, seq)).transpose()?.flatten();
    let events = record.into_iter().flat_map(|record| record.events);
    let mut offices = events.filter_map(|e| match e {
        Event::Configured { office, .. } if event == "configured" => Some(*office),
        Event::OfficePlanned { office, .. } if event == "planned" => Some(*office),
        _ => None,
    });
    Ok(offices.next())
}

/// At most `limit` entries before record `before`, newest first.
pub fn entries(
    connection: &Connection,
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<Entry>, JournalError> {
    let mut seqs = connection.prepare(
        "select distinct seq from office where (?1 is null or seq < ?1) order by seq desc limit ?2",
    )?;
    let seqs = seqs.query_map(params![before, limit as u64], |r| r.get(0))?;
    let mut dating = Dating::default();
    let mut entries = Vec::new();
    for seq in seqs.collect::<Result<Vec<u64>, _>>()? {
        let Some(record) = read(connection, seq)? else {
            continue;
        };
        let Some((deed, office)) = deed(&record) else {
            continue;
        };
        let office = match deed {
            Deed::Withdrawn => office_before(connection, seq, "planned")?,
            _ => office.cloned(),
        };
        entries.push(Entry {
            version: seq,
            at: dating.at(connection, &record)?,
            actor: record.actor,
            deed,
            before: office_before(connection, seq, "configured")?,
            office,
        });
    }
    Ok(entries)
}
