//! The log of outages (*Nhật ký gián đoạn kết nối phần mềm*): when scans did not reach the intake
//! server, from when to when that is known, and why.
//!
//! It serves as proof that something was late through no fault of the office, so it claims no
//! more than was seen: an outage during which this machine went off ends with the last record
//! that told of it, and what the office's own set-up caused is not laid to the software.

use std::collections::BTreeMap;

use jiff::civil::Date;
use queue::{AwayCause, Event};
use rusqlite::{OptionalExtension as _, params};

use super::read::{day_rows, office};
use super::write::Page;
use super::{Cursor, Days, Ledger, LedgerError};
use crate::clock::local;

/// Causes kept of one outage, in their order. A server that stumbles from one into the next tells
/// nothing new after so many.
const CAUSES_MAX: usize = 8;

/// One outage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// When the first scan failed, in UTC ms; none if the time was never learnt.
    pub began: Option<i64>,
    /// Until when it is known to have lasted.
    pub known: Option<i64>,
    /// How long that is, in ms: it needs no clock.
    pub ms: u64,
    /// How it ended: `back`, `machine-off`, `cause-changed`; none: it lasts.
    pub how: Option<String>,
    /// What was seen, in order.
    pub causes: Vec<AwayCause>,
    /// Whether the set-up was at fault rather than the software.
    pub set_up: bool,
    /// Scans that had to wait: those that did when it was first told, and all since.
    pub waiting: u64,
    /// Minutes ahead of UTC.
    pub offset_minutes: i32,
    /// First and last record that tell of it.
    pub records: (u64, u64),
}

/// Outages of a time, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outages {
    /// The office's name by language.
    pub office: BTreeMap<String, String>,
    /// Those that touch the time asked for, and those whose time is not known.
    pub items: Vec<Outage>,
    /// The record that they are up to.
    pub seq: u64,
    /// Its hash.
    pub head: String,
}

impl Page<'_> {
    /// The way to the intake server was lost, or found again.
    pub(super) fn of_intake(&self, event: &Event) -> rusqlite::Result<()> {
        match event {
            Event::IntakeAway {
                cause,
                for_ms,
                waiting,
            } => self.away(*cause, *for_ms, *waiting),
            Event::IntakeBack => self.end_outage("back", Some(self.tick)),
            _ => Ok(()),
        }
    }

    fn away(&self, cause: AwayCause, for_ms: u64, waiting: u64) -> rusqlite::Result<()> {
        let began = self.tick.saturating_sub(for_ms);
        match self.open_outage()? {
            Some((id, set_up, mut causes)) if set_up == cause.is_set_up() => {
                if causes.last() != Some(&cause) && causes.len() < CAUSES_MAX {
                    causes.push(cause);
                }
                return self.run(
                    "update outage set known = ?, causes = ?, last = ? where id = ?",
                    params![self.tick, json(&causes)?, self.seq, id],
                );
            }
            // The software's fault is over, or the set-up's: each stands for itself.
            Some(_) => self.end_outage("cause-changed", Some(began))?,
            None => {}
        }
        self.run(
            "insert into outage (began, known, causes, set_up, waiting, day, clock,
                offset_minutes, first, last) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                began,
                self.tick,
                json(&[cause])?,
                cause.is_set_up(),
                waiting,
                self.cursor.day,
                self.cursor.clock,
                self.cursor.offset_minutes,
                self.seq,
                self.seq
            ],
        )
    }

    /// Ends the outage that lasts, if any; it is known to have lasted until `known`, else until
    /// it was last told of.
    pub(super) fn end_outage(&self, how: &str, known: Option<u64>) -> rusqlite::Result<()> {
        self.run(
            "update outage set known = max(known, coalesce(?1, known)), ended = ?2, how = ?3,
                last = iif(?3 = 'back', ?4, last) where ended is null",
            params![known, self.tick, how, self.seq],
        )
    }

    /// A scan is to be forwarded: while an outage lasts it has to wait.
    pub(super) fn waits_out(&self) -> rusqlite::Result<()> {
        self.run(
            "update outage set waiting = waiting + 1 where ended is null",
            params![],
        )
    }

    fn open_outage(&self) -> rusqlite::Result<Option<(u64, bool, Vec<AwayCause>)>> {
        let mut statement = self
            .tx
            .prepare_cached("select id, set_up, causes from outage where ended is null")?;
        let row = statement.query_row([], |r| {
            let causes: String = r.get(2)?;
            let causes = serde_json::from_str(&causes).unwrap_or_default();
            Ok((r.get(0)?, r.get(1)?, causes))
        });
        row.optional()
    }
}

fn json(causes: &[AwayCause]) -> rusqlite::Result<String> {
    serde_json::to_string(causes).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))
}

impl Ledger {
    /// The dates that a log is of: what is not said is the newest month, as far as it has come.
    pub fn outage_dates(
        &self,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Result<(Date, Date), LedgerError> {
        let today = match super::cursor(&self.connection)?.today() {
            Some(today) => Some(today),
            None => self.last_date()?,
        };
        let to = to.or(today).unwrap_or(Date::MAX);
        // Where nobody knows the date everything is shown.
        let month = today.map_or(Date::MIN, |today| today.min(to).first_of_month());
        Ok((from.unwrap_or(month), to))
    }

    /// Outages between two dates, both included.
    pub fn outages(&self, from: Date, to: Date) -> Result<Outages, LedgerError> {
        let tx = self.connection.unchecked_transaction()?;
        let cursor = super::cursor(&tx)?;
        let mut statement = tx.prepare_cached(
            "select began, known, ended, how, causes, set_up, waiting, clock, offset_minutes,
                first, last from outage order by began, id",
        )?;
        let rows = statement.query_map([], |r| {
            let clock: Option<i64> = r.get(7)?;
            let utc = |tick: u64| clock.and_then(|clock| clock.checked_add_unsigned(tick));
            let (began, known): (u64, u64) = (r.get(0)?, r.get(1)?);
            let causes: String = r.get(4)?;
            Ok(Outage {
                began: utc(began),
                known: utc(known),
                ms: known.saturating_sub(began),
                how: r.get(3)?,
                causes: serde_json::from_str(&causes).unwrap_or_default(),
                set_up: r.get(5)?,
                waiting: r.get(6)?,
                offset_minutes: r.get(8)?,
                records: (r.get(9)?, r.get(10)?),
            })
        })?;
        let mut items = Vec::new();
        for row in rows {
            let outage = row?;
            let date = |utc: Option<i64>| Some(local(outage.offset_minutes, utc?)?.date());
            let (first, last) = (date(outage.began), date(outage.known));
            if first.is_none_or(|first| first <= to) && last.is_none_or(|last| last >= from) {
                items.push(outage);
            }
        }
        let newest = day_rows(&tx, Days::Last)?;
        let office = office(&tx, newest.last().and_then(|day| day.office))?;
        Ok(Outages {
            office: office.map(|o| o.name.0).unwrap_or_default(),
            items,
            seq: cursor.seq,
            head: cursor.hash.to_string(),
        })
    }
}

impl Cursor {
    fn today(&self) -> Option<Date> {
        let utc = self.clock?.checked_add_unsigned(self.tick)?;
        Some(local(self.offset_minutes, utc)?.date())
    }
}
