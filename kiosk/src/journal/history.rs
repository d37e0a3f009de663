//! What the journal says about days gone by, read beside a running daemon.

use std::path::Path;

use queue::{Event, Personal, Scan, ScanId, ScanState};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::sqlite::{open_reader, read};
use super::{JournalError, Record};
use crate::vault::Vault;

/// A reading connection with the day keys.
pub struct History {
    connection: Connection,
    vault: Vault,
}

impl History {
    /// Opens the journal of a data folder for reading.
    pub fn open(data: &Path) -> Result<Self, JournalError> {
        Ok(Self {
            connection: open_reader(data)?,
            vault: Vault::open(data),
        })
    }

    /// The connection, for queries of one's own.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// A record with its personal values opened.
    pub fn record(&mut self, seq: u64) -> Result<Option<Record>, JournalError> {
        let record = read(&self.connection, seq)?;
        Ok(record.map(|mut record| {
            self.vault.open_events(&mut record.events);
            record
        }))
    }

    /// Every record from `from` on, personal values opened; the chain is checked on the way.
    pub fn each(&mut self, from: u64, each: &mut dyn FnMut(Record)) -> Result<(), JournalError> {
        let vault = &mut self.vault;
        super::sqlite::walk(&self.connection, from, &mut |mut record, _| {
            vault.open_events(&mut record.events);
            each(record);
            Ok(())
        })
    }

    /// A scan of any day.
    pub fn scan(&mut self, id: ScanId) -> Result<Option<Scan>, JournalError> {
        let row = self
            .connection
            .query_row(
                "select seq, state, outcome from scan where id = ?",
                [id.to_string()],
                |r| Ok((r.get(0)?, r.get::<_, String>(1)?, r.get(2)?)),
            )
            .optional()?;
        match row {
            Some((seq, state, outcome)) => self.scan_at(seq, &state, outcome),
            None => Ok(None),
        }
    }

    /// Scans after record `after`, with their records' numbers.
    pub fn scans(
        &mut self,
        state: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Scan)>, JournalError> {
        let mut statement = self.connection.prepare(
            "select seq, state, outcome from scan
                where seq > ? and (?2 is null or state = ?2) order by seq limit ?3",
        )?;
        let rows = statement.query_map(params![after, state, limit as u64], |r| {
            Ok((r.get::<_, u64>(0)?, r.get::<_, String>(1)?, r.get(2)?))
        })?;
        let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
        drop(statement);
        let mut scans = Vec::new();
        for (seq, state, outcome) in rows {
            if let Some(scan) = self.scan_at(seq, &state, outcome)? {
                scans.push((seq, scan));
            }
        }
        Ok(scans)
    }

    fn scan_at(
        &mut self,
        seq: u64,
        state: &str,
        outcome: Option<u64>,
    ) -> Result<Option<Scan>, JournalError> {
        let Some(scanned) = self.record(seq)? else {
            return Ok(None);
        };
        let ended = outcome.map(|seq| self.record(seq)).transpose()?.flatten();
        let answer = ended
            .as_ref()
            .and_then(|r| r.events.iter().find_map(answer_of));
        let state: ScanState =
            serde_json::from_value(state.into()).map_err(|e| JournalError::Damaged {
                seq,
                cause: e.to_string(),
            })?;
        let mut events = scanned.events.iter();
        Ok(events.find_map(|e| past_scan(seq, e, state, answer)))
    }
}

/// A scan as its record and its outcome tell it.
pub fn past_scan(
    seq: u64,
    scanned: &Event,
    state: ScanState,
    answer: Option<&Personal>,
) -> Option<Scan> {
    let Event::Scanned {
        scan,
        dossier,
        purpose,
        counter,
        ticket,
        device,
        repeat,
        day,
        utc,
        office,
        ..
    } = scanned
    else {
        return None;
    };
    Some(Scan {
        id: *scan,
        seq,
        dossier: dossier.plain().map(str::to_owned),
        purpose: *purpose,
        counter: *counter,
        ticket: *ticket,
        device: device.clone(),
        state,
        answer: answer.and_then(Personal::plain).map(str::to_owned),
        repeat: *repeat,
        tick: 0,
        utc: *utc,
        day: *day,
        office: office.clone(),
    })
}

fn answer_of(event: &Event) -> Option<&Personal> {
    match event {
        Event::ScanDelivered { answer, .. } => answer.as_ref(),
        Event::ScanRefused { reason, .. } | Event::ScanUnknown { reason, .. } => Some(reason),
        _ => None,
    }
}
