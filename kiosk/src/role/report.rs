//! The role `kiosk report day`: a service day in figures, read from the journal.
//!
//! The head of the chain stands on it, so that a cut or rewritten journal shows later:
//! `kiosk journal verify --head …`.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use anyhow::{Context as _, bail};
use queue::{Event, Number, Office, Personal, ScanState, TicketId};

use crate::config::Config;
use crate::journal::history::{History, past_scan};
use crate::journal::{Hash, Record, word};

/// What happened to a ticket, in ms on the office's own clock.
struct Line {
    number: Number,
    service: char,
    issued: u64,
    called: Option<u64>,
    finished: Option<u64>,
    missed: u32,
    over: bool,
}

/// A day's figures.
#[derive(Default)]
struct Day {
    id: u64,
    tickets: HashMap<TicketId, Line>,
    scans: Vec<queue::Scan>,
    outcomes: HashMap<queue::ScanId, (ScanState, Option<String>)>,
}

/// Prints a day; the last one without `day`.
pub(super) fn day(config: &Config, day: Option<&str>, csv: bool) -> anyhow::Result<()> {
    let data = &config.server.data;
    let mut history = History::open(data)?;
    let (id, from, date) = find(&history, day)?;
    let until: Option<u64> =
        history
            .connection()
            .query_row("select min(seq) from day where id > ?", [id], |r| r.get(0))?;
    // A scan read while no day was open belongs to the next one.
    let before: Option<u64> =
        history
            .connection()
            .query_row("select max(seq) from day where id < ?", [id], |r| r.get(0))?;
    let mut figures = Day {
        id,
        ..Day::default()
    };
    history.each(before.unwrap_or(1), &mut |record| {
        let of_day = record.seq >= from && until.is_none_or(|until| record.seq < until);
        figures.add(&record, of_day);
    })?;
    let head = crate::journal::verify::verify(history.connection(), None)?
        .head
        .hash;
    let title = date.unwrap_or_else(|| format!("ngày thứ {id} (chưa rõ ngày)"));
    let mut out = std::io::stdout().lock();
    match csv {
        true => figures.csv(&mut out, &title, head)?,
        false => figures.text(&mut out, &config.office, &title, head)?,
    }
    Ok(())
}

/// Number, first record and date of a day.
fn find(history: &History, day: Option<&str>) -> anyhow::Result<(u64, u64, Option<String>)> {
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
    match found {
        Err(rusqlite::Error::QueryReturnedNoRows) => match day {
            Some(day) => bail!("there was no service day {day}"),
            None => bail!("there was no service day yet"),
        },
        found => found.context("the journal cannot be read"),
    }
}

impl Day {
    fn add(&mut self, record: &Record, of_day: bool) {
        let at = record.mono;
        for event in &record.events {
            match event {
                // A scan's outcome may come days later.
                Event::ScanDelivered { scan, answer } => {
                    self.end_scan(*scan, ScanState::Delivered, answer.as_ref());
                }
                Event::ScanRefused { scan, reason } => {
                    self.end_scan(*scan, ScanState::Refused, Some(reason));
                }
                Event::ScanUnknown { scan, reason } => {
                    self.end_scan(*scan, ScanState::Unknown, Some(reason));
                }
                Event::Scanned { forward, day, .. } if *day == self.id => {
                    let state = match forward {
                        true => ScanState::Pending,
                        false => ScanState::Kept,
                    };
                    self.scans.extend(past_scan(record.seq, event, state, None));
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

    fn end_scan(&mut self, scan: queue::ScanId, state: ScanState, answer: Option<&Personal>) {
        let answer = answer.and_then(Personal::plain).map(str::to_owned);
        self.outcomes.insert(scan, (state, answer));
    }

    fn scan_state(&self, scan: &queue::Scan) -> ScanState {
        self.outcomes
            .get(&scan.id)
            .map_or(scan.state, |(state, _)| *state)
    }

    fn text(
        &self,
        out: &mut impl Write,
        office: &Office,
        title: &str,
        head: Hash,
    ) -> anyhow::Result<()> {
        writeln!(out, "{} · {title}", office.name.get("vi"))?;
        writeln!(
            out,
            "\n{:<24}{:>8}{:>8}{:>8}{:>8}{:>14}{:>14}",
            "Lĩnh vực", "Số phát", "Xong", "Vắng", "Hủy", "Chờ (ph)", "Phục vụ (ph)"
        )?;
        let mut letters: BTreeMap<char, Vec<&Line>> = BTreeMap::new();
        for line in self.tickets.values() {
            letters.entry(line.service).or_default().push(line);
        }
        for (letter, lines) in &letters {
            let name = office.service(*letter).map_or("", |s| s.name.get("vi"));
            let done = lines.iter().filter(|l| l.finished.is_some()).count();
            let missed: u32 = lines.iter().map(|l| l.missed).sum();
            let over = lines.iter().filter(|l| l.over).count();
            let waits = lines.iter().filter_map(|l| l.called?.checked_sub(l.issued));
            let serves = lines
                .iter()
                .filter_map(|l| l.finished?.checked_sub(l.called?));
            writeln!(
                out,
                "{:<24}{:>8}{done:>8}{missed:>8}{over:>8}{:>14}{:>14}",
                format!("{letter} {name}"),
                lines.len(),
                median_minutes(waits),
                median_minutes(serves),
            )?;
        }
        writeln!(out, "{:<24}{:>8}", "Cộng", self.tickets.len())?;
        let mut states: BTreeMap<String, usize> = BTreeMap::new();
        for scan in &self.scans {
            *states.entry(word(self.scan_state(scan))).or_default() += 1;
        }
        writeln!(out, "\nHồ sơ đã quét: {}", self.scans.len())?;
        for (state, count) in states {
            writeln!(out, "  {state:<12}{count:>6}")?;
        }
        for scan in &self.scans {
            let dossier = scan.dossier.as_deref().unwrap_or("(đã xóa)");
            let counter = scan
                .counter
                .map(|n| format!("quầy {n}"))
                .unwrap_or_default();
            writeln!(
                out,
                "  {dossier:<32}{:<12}{counter:<10}{}",
                word(scan.purpose),
                word(self.scan_state(scan))
            )?;
        }
        writeln!(out, "\nĐầu chuỗi (head): {head}")?;
        Ok(())
    }

    fn csv(&self, out: &mut impl Write, title: &str, head: Hash) -> anyhow::Result<()> {
        writeln!(
            out,
            "kind,day,number_or_dossier,service_or_purpose,state,waited_s,served_s,missed,counter,head"
        )?;
        let mut lines: Vec<&Line> = self.tickets.values().collect();
        lines.sort_by_key(|l| (l.number.letter, l.number.n));
        for line in lines {
            let state = match (line.over, line.finished) {
                (true, _) => "cancelled",
                (_, Some(_)) => "done",
                _ => "open",
            };
            let seconds = |from: Option<u64>, to: Option<u64>| {
                let ms = to.zip(from).and_then(|(to, from)| to.checked_sub(from));
                ms.map(|ms| (ms / 1_000).to_string()).unwrap_or_default()
            };
            let waited = seconds(Some(line.issued), line.called);
            let served = seconds(line.called, line.finished);
            writeln!(
                out,
                "ticket,{title},{},{},{state},{waited},{served},{},,{head}",
                line.number, line.service, line.missed
            )?;
        }
        for scan in &self.scans {
            let dossier = scan.dossier.as_deref().unwrap_or_default();
            let counter = scan.counter.map(|n| n.to_string()).unwrap_or_default();
            writeln!(
                out,
                "scan,{title},{dossier},{},{},,,,{counter},{head}",
                word(scan.purpose),
                word(self.scan_state(scan))
            )?;
        }
        Ok(())
    }
}

/// The median of durations in ms, in minutes with one decimal; a dash without any.
fn median_minutes(ms: impl Iterator<Item = u64>) -> String {
    let mut ms: Vec<u64> = ms.collect();
    ms.sort_unstable();
    match ms.get(ms.len() / 2) {
        Some(ms) => {
            let tenths = ms / 6_000;
            format!("{},{}", tenths / 10, tenths % 10)
        }
        None => "–".into(),
    }
}
