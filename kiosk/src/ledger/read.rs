//! Figures and lists, read from the ledger in one transaction each.

use std::collections::BTreeMap;

use jiff::civil::Date;
use queue::{Office, Purpose};
use rusqlite::{Connection, OpenFlags, Row};

use super::figures::*;
use super::{BUSY_MAX, Cursor, FILE, FORMAT, Ledger, LedgerError};
use crate::journal::word;

/// Days that one look may span: a year. More is asked for piece by piece.
pub const PERIOD_DAYS_MAX: i32 = 366;

/// Half hours of a day.
const HALF_HOURS: i64 = 48;
const HALF_HOUR_MS: i64 = 30 * 60_000;

/// Which service days are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// The open one, or the last.
    Last,
    /// By its number.
    Number(u64),
    /// From a date to a date, both included. A day whose date was never learnt is in none.
    Dates(Date, Date),
}

/// There was none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchDay;

/// A ticket of a day, for a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayTicket {
    /// The day's date, or its number while that is unknown.
    pub day: String,
    /// As on the slip.
    pub number: String,
    /// Service that gave it out.
    pub service: String,
    /// As the API writes it.
    pub state: String,
    /// From issue to first call, in ms.
    pub waited_ms: Option<u64>,
    /// From its last call to its finish, in ms.
    pub served_ms: Option<u64>,
    /// Missed calls.
    pub missed: u32,
    /// Counter of its last call.
    pub counter: Option<u32>,
}

/// A scan of a day, for a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayScan {
    /// The day's date, or its number while that is unknown.
    pub day: String,
    /// The dossier ID as sealed in the journal.
    pub sealed: Option<String>,
    /// receive, supplement, return or look-up.
    pub purpose: String,
    /// kept, pending, delivered, refused or unknown.
    pub state: String,
    /// Where.
    pub counter: Option<u32>,
}

/// A day's row.
pub(super) struct DayRow {
    pub(super) id: u64,
    pub(super) date: Option<String>,
    closed: Option<u64>,
    pub(super) clock: Option<i64>,
    pub(super) offset_minutes: i32,
    pub(super) office: Option<u64>,
}

impl DayRow {
    fn name(&self) -> String {
        self.date.clone().unwrap_or_else(|| self.id.to_string())
    }

    /// Which half hour of the office's day a tick is in, if the time is known.
    fn half_hour(&self, tick: u64) -> Option<i64> {
        let utc = self.clock?.checked_add_unsigned(tick)?;
        let local = utc + i64::from(self.offset_minutes) * 60_000;
        Some(local.div_euclid(HALF_HOUR_MS).rem_euclid(HALF_HOURS))
    }
}

/// Tickets as they are counted.
#[derive(Default)]
struct Counting {
    tickets: Tickets,
    waits: Vec<u64>,
    services: Vec<u64>,
}

impl Counting {
    fn add(&mut self, state: &str, priority: bool, waited: Option<u64>) {
        let t = &mut self.tickets;
        t.issued += 1;
        *match state {
            "done" => &mut t.served,
            "parked" => &mut t.no_shows,
            "cancelled" => &mut t.cancelled,
            "void" => &mut t.changed,
            _ => &mut t.open,
        } += 1;
        t.priority += u64::from(priority && state != "void");
        self.waits.extend(waited);
    }

    fn done(self) -> Tickets {
        Tickets {
            wait: Spread::of(self.waits),
            service: Spread::of(self.services),
            ..self.tickets
        }
    }
}

/// A counter as it is counted.
#[derive(Default)]
struct AtCounter {
    figures: CounterFigures,
    services: Vec<u64>,
    open_ms: u64,
    paused_ms: u64,
    busy_ms: u64,
}

/// Everything while it is counted.
#[derive(Default)]
struct Sheet {
    total: Counting,
    by_letter: BTreeMap<String, Counting>,
    counters: BTreeMap<u32, AtCounter>,
    /// Issued and called in each half hour of the day.
    halves: BTreeMap<i64, [u64; 2]>,
    paper: Paper,
    scans: BTreeMap<String, (ScanFigures, Vec<u64>)>,
}

impl Ledger {
    /// Opens the ledger of a data folder for reading, beside whoever follows.
    pub fn reader(data: &std::path::Path) -> Result<Self, LedgerError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let connection = Connection::open_with_flags(data.join(FILE), flags)?;
        connection.busy_timeout(BUSY_MAX)?;
        // Of another format there is no table to read: whoever follows makes it anew.
        let found: i64 = connection.query_row("pragma user_version", [], |r| r.get(0))?;
        match found {
            FORMAT => Ok(Self { connection }),
            _ => Err(rusqlite::Error::InvalidQuery.into()),
        }
    }

    /// Figures of `days`; a period without any service day has none, which is no error.
    pub fn figures(&self, days: Days) -> Result<Result<Figures, NoSuchDay>, LedgerError> {
        // One snapshot: a follower may commit meanwhile.
        let tx = self.connection.unchecked_transaction()?;
        let rows = day_rows(&tx, days)?;
        if rows.is_empty() && !matches!(days, Days::Dates(..)) {
            return Ok(Err(NoSuchDay));
        }
        let cursor = super::cursor(&tx)?;
        let office = office(&tx, rows.last().and_then(|day| day.office))?;
        let mut sheet = Sheet::default();
        let mut days_figures = Vec::new();
        for day in &rows {
            let tickets = sheet.add_tickets(&tx, day)?;
            days_figures.push(DayFigures {
                id: day.id,
                date: day.date.clone(),
                open: day.closed.is_none(),
                tickets: sheet.add_calls(&tx, day, &cursor, tickets)?.done(),
            });
            sheet.add_scans(&tx, day)?;
        }
        let mut figures = sheet.done(office.as_ref());
        if let Days::Dates(from, to) = days {
            (figures.from, figures.to) = (Some(from.to_string()), Some(to.to_string()));
        }
        (figures.seq, figures.head) = (cursor.seq, cursor.hash.to_string());
        figures.office = office.map(|o| o.name.0).unwrap_or_default();
        figures.days = days_figures;
        Ok(Ok(figures))
    }

    /// Every ticket of `days`, by day and number.
    pub fn each_ticket(
        &self,
        days: Days,
        each: &mut dyn FnMut(DayTicket) -> std::io::Result<()>,
    ) -> Result<std::io::Result<()>, LedgerError> {
        let tx = self.connection.unchecked_transaction()?;
        for day in day_rows(&tx, days)? {
            let mut statement = tx.prepare_cached(
                "select letter, n, state, iif(by_hand, null, called - issued), missed,
                    (select iif(how = 'finished', ended - called, null) from call
                        where call.ticket = ticket.id order by call.id desc limit 1),
                    (select counter from call where call.ticket = ticket.id
                        order by call.id desc limit 1)
                    from ticket where day = ? order by letter, n",
            )?;
            let mut rows = statement.query([day.id])?;
            while let Some(row) = rows.next()? {
                let letter: String = row.get(0)?;
                let ticket = DayTicket {
                    day: day.name(),
                    number: format!("{letter}{:03}", row.get::<_, u32>(1)?),
                    service: letter,
                    state: row.get(2)?,
                    waited_ms: row.get(3)?,
                    missed: row.get(4)?,
                    served_ms: row.get(5)?,
                    counter: row.get(6)?,
                };
                if let Err(cause) = each(ticket) {
                    return Ok(Err(cause));
                }
            }
        }
        Ok(Ok(()))
    }

    /// Every scan of `days`, in order.
    pub fn each_scan(
        &self,
        days: Days,
        each: &mut dyn FnMut(DayScan) -> std::io::Result<()>,
    ) -> Result<std::io::Result<()>, LedgerError> {
        let tx = self.connection.unchecked_transaction()?;
        for day in day_rows(&tx, days)? {
            let mut statement = tx.prepare_cached(
                "select dossier, purpose, state, counter from scan where day = ? order by seq",
            )?;
            let mut rows = statement.query([day.id])?;
            while let Some(row) = rows.next()? {
                let scan = DayScan {
                    day: day.name(),
                    sealed: row.get(0)?,
                    purpose: row.get(1)?,
                    state: row.get(2)?,
                    counter: row.get(3)?,
                };
                if let Err(cause) = each(scan) {
                    return Ok(Err(cause));
                }
            }
        }
        Ok(Ok(()))
    }

    /// The date of the last service day that has one.
    pub fn last_date(&self) -> Result<Option<Date>, LedgerError> {
        let date: Option<String> = self
            .connection
            .query_row(
                "select date from day where date is not null order by id desc limit 1",
                [],
                |r| r.get(0),
            )
            .or_else(|e| match e {
                rusqlite::Error::QueryReturnedNoRows => Ok(None),
                e => Err(e),
            })?;
        Ok(date.and_then(|date| date.parse().ok()))
    }
}

pub(super) fn day_rows(connection: &Connection, days: Days) -> rusqlite::Result<Vec<DayRow>> {
    let columns = "select id, date, closed, clock, offset_minutes, office from day";
    let row = |r: &Row<'_>| {
        Ok(DayRow {
            id: r.get(0)?,
            date: r.get(1)?,
            closed: r.get(2)?,
            clock: r.get(3)?,
            offset_minutes: r.get(4)?,
            office: r.get(5)?,
        })
    };
    match days {
        Days::Last => connection
            .prepare(&format!("{columns} order by id desc limit 1"))?
            .query_map([], row)?
            .collect(),
        Days::Number(id) => connection
            .prepare(&format!("{columns} where id = ?"))?
            .query_map([id], row)?
            .collect(),
        Days::Dates(from, to) => connection
            .prepare(&format!("{columns} where date between ? and ? order by id"))?
            .query_map([from.to_string(), to.to_string()], row)?
            .collect(),
    }
}

/// The office at record `seq`, or the newest one.
pub(super) fn office(
    connection: &Connection,
    seq: Option<u64>,
) -> rusqlite::Result<Option<Office>> {
    let body: Option<String> = connection.query_row(
        "select max(body) from office where seq = coalesce(?, (select max(seq) from office))",
        [seq],
        |r| r.get(0),
    )?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}

impl Sheet {
    /// Counts a day's tickets into everything; the day's own count is given back.
    fn add_tickets(&mut self, tx: &Connection, day: &DayRow) -> rusqlite::Result<Counting> {
        let mut of_day = Counting::default();
        let mut statement = tx.prepare_cached(
            "select letter, priority, issued, called, state, paper, reprints, by_hand
                from ticket where day = ?",
        )?;
        let mut rows = statement.query([day.id])?;
        while let Some(row) = rows.next()? {
            let (letter, priority): (String, bool) = (row.get(0)?, row.get(1)?);
            let (issued, called): (u64, Option<u64>) = (row.get(2)?, row.get(3)?);
            let state: String = row.get(4)?;
            // When a number of the paper roll was given out nobody knows.
            let by_hand: bool = row.get(7)?;
            let waited = called.filter(|_| !by_hand);
            let waited = waited.map(|called| called.saturating_sub(issued));
            for counting in [
                &mut self.total,
                &mut of_day,
                self.by_letter.entry(letter).or_default(),
            ] {
                counting.add(&state, priority, waited);
            }
            if let Some(half) = day.half_hour(issued).filter(|_| !by_hand) {
                self.halves.entry(half).or_default()[0] += 1;
            }
            let paper = &mut self.paper;
            *match row.get::<_, String>(5)?.as_str() {
                "printed" => &mut paper.printed,
                "sent" => &mut paper.sent,
                "unknown" => &mut paper.unknown,
                "failed" => &mut paper.failed,
                "pending" => &mut paper.pending,
                _ => &mut paper.none,
            } += 1;
            paper.reprints += row.get::<_, u64>(6)?;
        }
        Ok(of_day)
    }

    /// Counts a day's calls and its counters' times.
    fn add_calls(
        &mut self,
        tx: &Connection,
        day: &DayRow,
        cursor: &Cursor,
        mut of_day: Counting,
    ) -> rusqlite::Result<Counting> {
        let until = day.closed.unwrap_or(cursor.tick);
        let mut open: BTreeMap<u32, Vec<(u64, u64)>> = BTreeMap::new();
        let mut statement =
            tx.prepare_cached("select counter, state, began, ended from span where day = ?")?;
        let mut rows = statement.query([day.id])?;
        while let Some(row) = rows.next()? {
            let counter: u32 = row.get(0)?;
            let at = self.at(counter);
            let began: u64 = row.get(2)?;
            let ended = row.get::<_, Option<u64>>(3)?.unwrap_or(until);
            let ms = ended.saturating_sub(began);
            match row.get::<_, String>(1)?.as_str() {
                "paused" => at.paused_ms += ms,
                _ => {
                    at.open_ms += ms;
                    open.entry(counter).or_default().push((began, ended));
                }
            }
        }
        let mut statement = tx.prepare_cached(
            "select counter, service, called, ended, how from call where day = ? order by id",
        )?;
        let mut rows = statement.query([day.id])?;
        while let Some(row) = rows.next()? {
            let (counter, service): (u32, String) = (row.get(0)?, row.get(1)?);
            let (called, ended): (u64, Option<u64>) = (row.get(2)?, row.get(3)?);
            let how: Option<String> = row.get(4)?;
            let took = ended.map(|ended| ended.saturating_sub(called));
            if let Some(half) = day.half_hour(called) {
                self.halves.entry(half).or_default()[1] += 1;
            }
            let at = self.at(counter);
            at.figures.calls += 1;
            match how.as_deref() {
                Some("finished" | "day-closed") => at.figures.served += 1,
                Some("missed") => at.figures.no_shows += 1,
                Some("transferred") => at.figures.transferred += 1,
                _ => {}
            }
            let spans = open.get(&counter).map_or(&[][..], Vec::as_slice);
            at.busy_ms += overlap(spans, called, ended.unwrap_or(until));
            if matches!(how.as_deref(), Some("finished" | "transferred")) {
                at.services.extend(took);
                of_day.services.extend(took);
                self.total.services.extend(took);
                let of_service = self.by_letter.entry(service).or_default();
                of_service.services.extend(took);
            }
        }
        Ok(of_day)
    }

    fn at(&mut self, counter: u32) -> &mut AtCounter {
        self.counters.entry(counter).or_default()
    }

    fn add_scans(&mut self, tx: &Connection, day: &DayRow) -> rusqlite::Result<()> {
        let mut statement =
            tx.prepare_cached("select purpose, state, made, outcome from scan where day = ?")?;
        let mut rows = statement.query([day.id])?;
        while let Some(row) = rows.next()? {
            let (scans, took) = self.scans.entry(row.get(0)?).or_default();
            scans.scans += 1;
            let (made, outcome): (u64, Option<u64>) = (row.get(2)?, row.get(3)?);
            *match row.get::<_, String>(1)?.as_str() {
                "delivered" => {
                    took.extend(outcome.map(|outcome| outcome.saturating_sub(made)));
                    &mut scans.delivered
                }
                "refused" => &mut scans.refused,
                "unknown" => &mut scans.unknown,
                "kept" => &mut scans.kept,
                _ => &mut scans.pending,
            } += 1;
        }
        Ok(())
    }

    fn done(mut self, office: Option<&Office>) -> Figures {
        let mut services = Vec::new();
        let mut put = |letter: String, name: BTreeMap<String, String>, counting: Counting| {
            services.push(ServiceFigures {
                letter,
                name,
                tickets: counting.done(),
            });
        };
        for service in office.into_iter().flat_map(|o| &o.services) {
            let letter = service.letter.to_string();
            let counting = self.by_letter.remove(&letter).unwrap_or_default();
            put(letter, service.name.0.clone(), counting);
        }
        for (letter, counting) in std::mem::take(&mut self.by_letter) {
            put(letter, BTreeMap::new(), counting);
        }
        for counter in office.into_iter().flat_map(|o| &o.counters) {
            self.counters.entry(counter.number).or_default();
        }
        let counters = self
            .counters
            .into_iter()
            .map(|(number, at)| CounterFigures {
                number,
                service: Spread::of(at.services),
                open_seconds: at.open_ms / 1_000,
                paused_seconds: at.paused_ms / 1_000,
                idle_seconds: at.open_ms.saturating_sub(at.busy_ms) / 1_000,
                ..at.figures
            });
        let ends = self.halves.keys().next().zip(self.halves.keys().last());
        let span = ends.map_or(0..0, |(first, last)| *first..last + 1);
        let half_hours = span.map(|half| {
            let [issued, called] = self.halves.get(&half).copied().unwrap_or_default();
            HalfHour {
                from: format!("{:02}:{:02}", half / 2, half % 2 * 30),
                issued,
                called,
            }
        });
        let purposes = [
            Purpose::Receive,
            Purpose::Supplement,
            Purpose::Return,
            Purpose::LookUp,
        ];
        let scans = purposes.into_iter().map(|purpose| {
            let purpose = word(purpose);
            let (scans, took) = self.scans.remove(&purpose).unwrap_or_default();
            ScanFigures {
                purpose,
                delivery: Spread::of(took),
                ..scans
            }
        });
        Figures {
            total: self.total.done(),
            services,
            counters: counters.collect(),
            half_hours: half_hours.collect(),
            paper: self.paper,
            scans: scans.collect(),
            ..Figures::default()
        }
    }
}

/// How much of `from` to `to` lies in `spans`, in ms.
fn overlap(spans: &[(u64, u64)], from: u64, to: u64) -> u64 {
    let parts = spans
        .iter()
        .map(|(began, ended)| to.min(*ended).saturating_sub(from.max(*began)));
    parts.sum()
}
