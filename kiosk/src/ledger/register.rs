//! The scan register (*Sổ quét hồ sơ*): every scan of a service day in its order, with what became
//! of it, and counts that can be added up both ways.
//!
//! A line's number (*TT*) is its place in the whole day, whatever part of the day is asked for.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, named_params};

use super::read::{day_rows, office};
use super::{Days, Ledger, LedgerError, NoSuchDay};

/// Which scans of a day are wanted; none: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Of this counter.
    pub counter: Option<u32>,
    /// receive, supplement, return or look-up.
    pub purpose: Option<String>,
    /// kept, pending, delivered, refused or unknown.
    pub state: Option<String>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the day, from 1.
    pub nth: u64,
    /// Id of the scan.
    pub id: String,
    /// When, in UTC ms; none if the time was never learnt.
    pub at: Option<i64>,
    /// The dossier ID as sealed in the journal.
    pub sealed: Option<String>,
    /// receive, supplement, return or look-up.
    pub purpose: String,
    /// Where.
    pub counter: Option<u32>,
    /// Number of the ticket it belongs to.
    pub ticket: Option<String>,
    /// kept, pending, delivered, refused or unknown.
    pub state: String,
    /// What the intake server said, as sealed in the journal.
    pub answer: Option<String>,
    /// Device or clerk that read it.
    pub device: String,
    /// Read before on the same day.
    pub repeat: bool,
}

/// How many scans of a purpose are in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanCount {
    /// receive, supplement, return or look-up.
    pub purpose: String,
    /// kept, pending, delivered, refused or unknown.
    pub state: String,
    /// All of them.
    pub scans: u64,
    /// Those that were read before on the same day.
    pub repeats: u64,
}

/// A day's register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// The day's number.
    pub day: u64,
    /// Its date; none if never learnt, or if it has not begun.
    pub date: Option<Date>,
    /// Whether it has begun: what is scanned while no day is open belongs to the next.
    pub begun: bool,
    /// Minutes ahead of UTC on that day.
    pub offset_minutes: i32,
    /// The office's name by language, as it was that day.
    pub office: BTreeMap<String, String>,
    /// Its counters, and those at which something was scanned.
    pub counters: Vec<u32>,
    /// The lines wanted, in order.
    pub entries: Vec<Entry>,
    /// Counts of what was chosen, by purpose and state.
    pub counts: Vec<ScanCount>,
    /// Scans that belong to the next day, which has not begun; of the newest day only.
    pub for_next_day: u64,
    /// The record that it is up to.
    pub seq: u64,
    /// Its hash.
    pub head: String,
}

impl Register {
    /// Scans chosen.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|count| count.scans).sum()
    }
}

/// Which lines of those chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// All, in order.
    All,
    /// At most `limit` behind the line `after`, in order.
    After {
        /// Number of a line; 0: from the first.
        after: u64,
        /// At most so many.
        limit: u32,
    },
    /// At most `limit` from the end, the newest first, `skip` left out.
    Newest {
        /// Left out at the end.
        skip: u64,
        /// At most so many.
        limit: u32,
    },
}

impl Ledger {
    /// The register of a day; of several with the same date the last.
    pub fn register(
        &self,
        days: Days,
        chosen: &Chosen,
        lines: Lines,
    ) -> Result<Result<Register, NoSuchDay>, LedgerError> {
        // One snapshot: a follower may commit meanwhile.
        let tx = self.connection.unchecked_transaction()?;
        let row = day_rows(&tx, days)?.pop();
        let newest = day_rows(&tx, Days::Last)?.pop();
        let next = newest.as_ref().map_or(1, |day| day.id + 1);
        let (day, row) = match (row, days) {
            (Some(row), _) => (row.id, Some(row)),
            (None, Days::Number(day)) if day == next => (day, None),
            // Before the very first day something may have been scanned.
            (None, Days::Last) if newest.is_none() => (next, None),
            (None, _) => return Ok(Err(NoSuchDay)),
        };
        let cursor = super::cursor(&tx)?;
        let clock = row.as_ref().and_then(|row| row.clock);
        let office = office(&tx, row.as_ref().and_then(|row| row.office))?;
        let counts = counts(&tx, day, chosen)?;
        let for_next_day = match newest.is_some_and(|newest| newest.id == day) {
            true => count_of(&tx, next)?,
            false => 0,
        };
        let mut counters = counters(&tx, day)?;
        if let Some(office) = &office {
            counters.extend(office.counters.iter().map(|counter| counter.number));
        }
        counters.sort_unstable();
        counters.dedup();
        let date = row
            .as_ref()
            .and_then(|row| row.date.as_deref()?.parse().ok());
        Ok(Ok(Register {
            day,
            date,
            begun: row.is_some(),
            offset_minutes: row.map_or(cursor.offset_minutes, |row| row.offset_minutes),
            office: office.map(|o| o.name.0).unwrap_or_default(),
            counters,
            entries: entries(&tx, day, clock, chosen, lines)?,
            counts,
            for_next_day,
            seq: cursor.seq,
            head: cursor.hash.to_string(),
        }))
    }

    /// The dates of the service days before and after a date, nearest first.
    pub fn dates_beside(&self, date: Date) -> Result<[Option<Date>; 2], LedgerError> {
        let beside = |sql: &str| -> rusqlite::Result<Option<Date>> {
            let mut statement = self.connection.prepare_cached(sql)?;
            let found: Option<String> = statement
                .query_row([date.to_string()], |r| r.get(0))
                .optional()?
                .flatten();
            Ok(found.and_then(|date| date.parse().ok()))
        };
        Ok([
            beside("select max(date) from day where date < ?")?,
            beside("select min(date) from day where date > ?")?,
        ])
    }
}

/// What is chosen of a day, for the `where` of a query on `scan`.
const CHOSEN: &str = "(:counter is null or scan.counter = :counter)
    and (:purpose is null or scan.purpose = :purpose)
    and (:state is null or scan.state = :state)";

fn counts(tx: &Connection, day: u64, chosen: &Chosen) -> rusqlite::Result<Vec<ScanCount>> {
    let mut statement = tx.prepare_cached(&format!(
        "select purpose, state, count(*), sum(repeat) from scan
            where day = :day and {CHOSEN} group by purpose, state"
    ))?;
    let rows = statement.query_map(
        named_params! { ":day": day, ":counter": chosen.counter, ":purpose": chosen.purpose,
        ":state": chosen.state },
        |r| {
            Ok(ScanCount {
                purpose: r.get(0)?,
                state: r.get(1)?,
                scans: r.get(2)?,
                repeats: r.get(3)?,
            })
        },
    )?;
    rows.collect()
}

fn count_of(tx: &Connection, day: u64) -> rusqlite::Result<u64> {
    tx.prepare_cached("select count(*) from scan where day = ?")?
        .query_row([day], |r| r.get(0))
}

fn counters(tx: &Connection, day: u64) -> rusqlite::Result<Vec<u32>> {
    tx.prepare_cached("select distinct counter from scan where day = ? and counter is not null")?
        .query_map([day], |r| r.get(0))?
        .collect()
}

fn entries(
    tx: &Connection,
    day: u64,
    clock: Option<i64>,
    chosen: &Chosen,
    lines: Lines,
) -> rusqlite::Result<Vec<Entry>> {
    let (after, order, limit, skip) = match lines {
        Lines::All => (0, "asc", -1, 0),
        Lines::After { after, limit } => (after, "asc", i64::from(limit), 0),
        Lines::Newest { skip, limit } => (0, "desc", i64::from(limit), skip),
    };
    // More than the database can count is behind every line.
    let (after, skip) = (sql_count(after), sql_count(skip));
    let mut statement = tx.prepare_cached(&format!(
        "select nth, scan.id, coalesce(utc, :clock + made), dossier, purpose, counter, state, answer,
                device, repeat, letter, n
            from (select *, row_number() over (order by seq) as nth from scan where day = :day) as scan
            left join (select id as of, letter, n from ticket) on of = ticket
            where nth > :after and {CHOSEN} order by nth {order} limit :limit offset :skip"
    ))?;
    let rows = statement.query_map(
        named_params! { ":day": day, ":clock": clock, ":counter": chosen.counter,
        ":purpose": chosen.purpose, ":state": chosen.state, ":after": after, ":limit": limit,
        ":skip": skip },
        |r| {
            let letter: Option<String> = r.get(10)?;
            let n: Option<u32> = r.get(11)?;
            Ok(Entry {
                nth: r.get(0)?,
                id: r.get(1)?,
                at: r.get(2)?,
                sealed: r.get(3)?,
                purpose: r.get(4)?,
                counter: r.get(5)?,
                ticket: letter.zip(n).map(|(letter, n)| format!("{letter}{n:03}")),
                state: r.get(6)?,
                answer: r.get(7)?,
                device: r.get(8)?,
                repeat: r.get(9)?,
            })
        },
    )?;
    rows.collect()
}

fn sql_count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
