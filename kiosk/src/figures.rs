//! A service day in figures, read from the journal: for `kiosk report day` and for the slip.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use queue::{Event, Number, Personal, Scan, ScanState, TicketId};
use rusqlite::OptionalExtension as _;

use crate::journal::history::{History, past_scan};
use crate::journal::{Head, JournalError, Record};

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum FiguresError {
    /// No day was opened yet.
    #[error("there was no service day yet")]
    NoDay,
    /// Not this one.
    #[error("there was no service day {0}")]
    UnknownDay(String),
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl From<rusqlite::Error> for FiguresError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Journal(error.into())
    }
}

/// What happened to a ticket, in ms on the office's own clock.
pub struct Line {
    /// Its number.
    pub number: Number,
    /// The service that gave it out.
    pub service: char,
    /// When it was given out.
    pub issued: u64,
    /// When it was last called.
    pub called: Option<u64>,
    /// When it was finished.
    pub finished: Option<u64>,
    /// Calls that nobody came to.
    pub missed: u32,
    /// Cancelled or void.
    pub over: bool,
}

/// Figures of one service, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Count {
    /// Numbers given out.
    pub issued: usize,
    /// Finished.
    pub done: usize,
    /// Calls that nobody came to.
    pub missed: usize,
    /// Given up or void.
    pub cancelled: usize,
    /// Median from issue to call, in tenths of a minute.
    pub wait_tenths: Option<u64>,
    /// Median from call to end, in tenths of a minute.
    pub serve_tenths: Option<u64>,
}

/// A day's figures.
pub struct Figures {
    /// From 1, one more each day.
    pub id: u64,
    /// Its date, if it was ever known.
    pub date: Option<Date>,
    /// The journal's newest record when they were read.
    pub head: Head,
    /// The day's tickets, in no order.
    pub tickets: HashMap<TicketId, Line>,
    /// Scans of the day.
    pub scans: Vec<Scan>,
    outcomes: HashMap<queue::ScanId, ScanState>,
}

impl Count {
    /// Two together; what is typical of both nobody can tell from them.
    pub fn and(self, other: &Self) -> Self {
        Self {
            issued: self.issued + other.issued,
            done: self.done + other.done,
            missed: self.missed + other.missed,
            cancelled: self.cancelled + other.cancelled,
            wait_tenths: None,
            serve_tenths: None,
        }
    }
}

impl Figures {
    /// Reads a day by its date or number; the last one without `day`. The chain is checked from
    /// the day before it on.
    pub fn read(history: &mut History, day: Option<&str>) -> Result<Self, FiguresError> {
        let (id, from, date) = find(history, day)?;
        let edge = |query: &str| -> Result<Option<u64>, FiguresError> {
            Ok(history.connection().query_row(query, [id], |r| r.get(0))?)
        };
        let until = edge("select min(seq) from day where id > ?")?;
        // A scan read while no day was open belongs to the next one.
        let before = edge("select max(seq) from day where id < ?")?;
        let mut figures = Self {
            id,
            date: date.and_then(|date| date.parse().ok()),
            head: history.head()?,
            tickets: HashMap::new(),
            scans: Vec::new(),
            outcomes: HashMap::new(),
        };
        let last = figures.head.seq;
        history.each(before.unwrap_or(1), &mut |record| {
            let of_day = record.seq >= from && until.is_none_or(|until| record.seq < until);
            // What came after the head is for the next report.
            if record.seq <= last {
                figures.add(&record, of_day);
            }
        })?;
        Ok(figures)
    }

    /// Each service that gave out numbers.
    pub fn services(&self) -> BTreeMap<char, Count> {
        let mut letters: BTreeMap<char, Vec<&Line>> = BTreeMap::new();
        for line in self.tickets.values() {
            letters.entry(line.service).or_default().push(line);
        }
        letters.into_iter().map(|(l, of)| (l, count(&of))).collect()
    }

    /// All services together.
    pub fn total(&self) -> Count {
        count(&self.tickets.values().collect::<Vec<_>>())
    }

    /// How many scans are in which state; none of a state that no scan is in.
    pub fn scan_states(&self) -> Vec<(ScanState, usize)> {
        use ScanState::{Delivered, Kept, Pending, Refused, Unknown};
        let states = [Delivered, Kept, Pending, Refused, Unknown].into_iter();
        let counted = states.map(|state| {
            let of_state = self.scans.iter().filter(|s| self.scan_state(s) == state);
            (state, of_state.count())
        });
        counted.filter(|(_, n)| *n > 0).collect()
    }

    /// What became of a scan, also on a later day.
    pub fn scan_state(&self, scan: &Scan) -> ScanState {
        self.outcomes.get(&scan.id).copied().unwrap_or(scan.state)
    }

    fn add(&mut self, record: &Record, of_day: bool) {
        let at = record.mono;
        for event in &record.events {
            match event {
                // A scan's outcome may come days later.
                Event::ScanDelivered { scan, .. } => {
                    self.outcomes.insert(*scan, ScanState::Delivered);
                }
                Event::ScanRefused { scan, .. } => {
                    self.outcomes.insert(*scan, ScanState::Refused);
                }
                Event::ScanUnknown { scan, .. } => {
                    self.outcomes.insert(*scan, ScanState::Unknown);
                }
                Event::Scanned { forward, day, .. } if *day == self.id => {
                    let state = match forward {
                        true => ScanState::Pending,
                        false => ScanState::Kept,
                    };
                    let answer: Option<&Personal> = None;
                    self.scans
                        .extend(past_scan(record.seq, event, state, answer));
                }
                _ if !of_day => {}
                Event::Issued {
                    ticket,
                    number,
                    service,
                    ..
                } => {
                    let line = Line {
                        number: *number,
                        service: *service,
                        issued: at,
                        called: None,
                        finished: None,
                        missed: 0,
                        over: false,
                    };
                    self.tickets.insert(*ticket, line);
                }
                Event::Called { ticket, .. } => self.change(*ticket, |t| t.called = Some(at)),
                Event::Finished { ticket, .. } => self.change(*ticket, |t| t.finished = Some(at)),
                Event::MissedCall { ticket, .. } => self.change(*ticket, |t| t.missed += 1),
                Event::Cancelled { ticket } | Event::Voided { ticket } => {
                    self.change(*ticket, |t| t.over = true);
                }
                Event::Undone { act, tickets, .. } => self.undo(*act, tickets),
                _ => {}
            }
        }
    }

    fn change(&mut self, id: TicketId, change: impl FnOnce(&mut Line)) {
        if let Some(line) = self.tickets.get_mut(&id) {
            change(line);
        }
    }

    fn undo(&mut self, act: queue::Act, tickets: &[TicketId]) {
        use queue::Act;
        let Some((first, rest)) = tickets.split_first() else {
            return;
        };
        match act {
            Act::Call => self.change(*first, |t| t.called = None),
            Act::Finish | Act::Next => self.change(*first, |t| t.finished = None),
            Act::NoShow => self.change(*first, |t| t.missed = t.missed.saturating_sub(1)),
            Act::Start | Act::Hold | Act::Transfer => {}
        }
        for id in rest {
            self.change(*id, |t| t.called = None);
        }
    }
}

/// Number, first record and date of a day.
fn find(history: &History, day: Option<&str>) -> Result<(u64, u64, Option<String>), FiguresError> {
    let connection = history.connection();
    let columns = "select id, seq, date from day";
    let row = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, r.get(1)?, r.get(2)?));
    let found = match day {
        None => connection.query_row(&format!("{columns} order by id desc limit 1"), [], row),
        Some(day) => connection.query_row(
            &format!("{columns} where date = ?1 or cast(id as text) = ?1 order by id desc limit 1"),
            [day],
            row,
        ),
    };
    found.optional()?.ok_or_else(|| match day {
        Some(day) => FiguresError::UnknownDay(day.to_owned()),
        None => FiguresError::NoDay,
    })
}

fn count(lines: &[&Line]) -> Count {
    let waits = lines.iter().filter_map(|l| l.called?.checked_sub(l.issued));
    let serves = lines
        .iter()
        .filter_map(|l| l.finished?.checked_sub(l.called?));
    Count {
        issued: lines.len(),
        done: lines.iter().filter(|l| l.finished.is_some()).count(),
        missed: lines.iter().map(|l| l.missed as usize).sum(),
        cancelled: lines.iter().filter(|l| l.over).count(),
        wait_tenths: median_tenths(waits),
        serve_tenths: median_tenths(serves),
    }
}

/// The median of durations in ms, in tenths of a minute.
fn median_tenths(ms: impl Iterator<Item = u64>) -> Option<u64> {
    let mut ms: Vec<u64> = ms.collect();
    ms.sort_unstable();
    ms.get(ms.len() / 2).map(|ms| ms / 6_000)
}
