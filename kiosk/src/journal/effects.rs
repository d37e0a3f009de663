//! What a record changes in the tables beside it. Pure, so that `journal verify` can tell
//! whether the tables follow from the records.

use queue::{Event, LetterId, LetterState, OfficeSource, ScanState};
use rusqlite::{Transaction, params};

use super::Record;

/// How long idempotency keys are kept, on the office's own clock: a week.
const KEY_MS: u64 = 7 * 24 * 60 * 60 * 1_000;

/// The tables. `record` is the journal; all others follow from it.
pub(super) const SCHEMA: &str = "
create table record (seq integer primary key, bytes blob not null, hash blob not null) strict;
create table meta (name text primary key, value text not null) strict, without rowid;
create table key (actor text, call text, key text, seq integer not null, mono integer not null,
    primary key (actor, call, key)) strict, without rowid;
create table office (seq integer not null, event text not null, source text not null,
    primary key (seq, event)) strict, without rowid;
create table day (id integer primary key, seq integer not null, date text, closed integer) strict;
create table scan (id text primary key, seq integer not null, day integer not null,
    state text not null, outcome integer) strict, without rowid;
create index scan_state on scan (state, seq);
create index scan_seq on scan (seq);
create table erased (day integer primary key, seq integer not null) strict;
create table deferral (ticket text primary key, seq integer not null, day integer not null,
    used integer) strict, without rowid;
create table letter (id text primary key, seq integer not null, day integer not null,
    state text not null, signed integer, ended integer) strict, without rowid;
create index letter_seq on letter (seq);
";

/// What a journal of format 1 lacks.
pub(super) const SINCE_FORMAT_2: &str =
    "create table erased (day integer primary key, seq integer not null) strict;";

/// What a journal of format 2 lacks.
pub(super) const SINCE_FORMAT_3: &str = "create table deferral (ticket text primary key,
    seq integer not null, day integer not null, used integer) strict, without rowid;";

/// Up to format 3 every office came from the file, and none waited for a day.
pub(super) const SINCE_FORMAT_4: &str = "
alter table office rename to office_3;
create table office (seq integer not null, event text not null, source text not null,
    primary key (seq, event)) strict, without rowid;
insert into office select seq, 'configured', 'file' from office_3;
drop table office_3;
";

/// Its tables are those of format 4; programs of that time do not know all of its events.
pub(super) const SINCE_FORMAT_5: &str = "";

/// What a journal of format 5 lacks: `signed` and `ended` are the records in which a letter was
/// signed, and given or replaced.
pub(super) const SINCE_FORMAT_6: &str = "
create table letter (id text primary key, seq integer not null, day integer not null,
    state text not null, signed integer, ended integer) strict, without rowid;
create index letter_seq on letter (seq);
";

/// The office's table of a journal of format 3, as it will be.
pub(super) const OFFICE_UP_TO_3: &str = "select seq, 'configured', 'file' from office order by 1";

/// The tables that follow from the records, for comparing, and the format that has each.
pub(super) const FOLLOWING: &[(&str, i64, &str)] = &[
    (
        "key",
        1,
        "select actor, call, key, seq, mono from key order by 1, 2, 3",
    ),
    (
        "office",
        1,
        "select seq, event, source from office order by 1, 2",
    ),
    ("day", 1, "select id, seq, date, closed from day order by 1"),
    (
        "scan",
        1,
        "select id, seq, day, state, outcome from scan order by 1",
    ),
    ("erased", 2, "select day, seq from erased order by 1"),
    (
        "deferral",
        3,
        "select ticket, seq, day, used from deferral order by 1",
    ),
    (
        "letter",
        6,
        "select id, seq, day, state, signed, ended from letter order by 1",
    ),
];

/// Writes what `record` changes.
pub(super) fn write(tx: &Transaction<'_>, record: &Record) -> rusqlite::Result<()> {
    let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> rusqlite::Result<()> {
        tx.prepare_cached(sql)?.execute(values).map(|_| ())
    };
    let seq = record.seq;
    if let Some(command) = &record.command {
        run(
            "insert or replace into key (actor, call, key, seq, mono) values (?, ?, ?, ?, ?)",
            params![record.actor, command.call, command.key, seq, record.mono],
        )?;
    }
    for event in &record.events {
        match event {
            Event::Configured { source, .. } => office(&run, seq, "configured", word(source))?,
            Event::OfficePlanned { source, .. } => office(&run, seq, "planned", word(source))?,
            Event::OfficeWithdrawn => office(&run, seq, "withdrawn", word(OfficeSource::Person))?,
            // From here on records have the epoch of this one; of two restored branches the one
            // that was restored more often is the later one.
            Event::Restored { .. } => {
                run(
                    "update meta set value = ? where name = 'epoch'",
                    params![record.epoch],
                )?;
                run(
                    "insert into meta (name, value) values ('generation', '1')
                        on conflict do update set value = cast(value + 1 as text)",
                    params![],
                )?;
            }
            Event::DayOpened { day, date, .. } => {
                let date = date.map(|d| d.to_string());
                run(
                    "insert into day (id, seq, date) values (?, ?, ?)",
                    params![day, seq, date],
                )?;
                run(
                    "delete from key where mono < ? and seq not in
                        (select seq from scan where state in ('pending', 'unknown'))",
                    params![record.mono.saturating_sub(KEY_MS)],
                )?;
                // Until then a start that replays the day needs them.
                run("delete from deferral where used is not null", params![])?;
            }
            Event::DayDated { day, date } => run(
                "update day set date = ? where id = ?",
                params![date.to_string(), day],
            )?,
            Event::DayClosed { day } => {
                run("update day set closed = ? where id = ?", params![seq, day])?;
            }
            Event::DayReopened { day } => {
                run("update day set closed = null where id = ?", params![day])?;
                run("delete from deferral where day = ?", params![day])?;
            }
            Event::Deferred(deferral) => run(
                "insert into deferral (ticket, seq, day) values (?, ?, ?)",
                params![deferral.ticket.to_string(), seq, deferral.day],
            )?,
            Event::Issued {
                earlier: Some(earlier),
                ..
            } => run(
                "update deferral set used = ? where ticket = ?",
                params![seq, earlier.ticket.to_string()],
            )?,
            Event::DeferralsEnded { tickets } => {
                for ticket in tickets {
                    run(
                        "delete from deferral where ticket = ?",
                        params![ticket.to_string()],
                    )?;
                }
            }
            Event::DayErased { day } => run(
                "insert or ignore into erased (day, seq) values (?, ?)",
                params![day, seq],
            )?,
            Event::Scanned {
                scan, forward, day, ..
            } => run(
                "insert into scan (id, seq, day, state) values (?, ?, ?, ?)",
                params![scan.to_string(), seq, day, word(first_state(*forward))],
            )?,
            Event::ScanDelivered { scan, .. } => outcome(&run, seq, scan, ScanState::Delivered)?,
            Event::ScanRefused { scan, .. } => outcome(&run, seq, scan, ScanState::Refused)?,
            Event::ScanUnknown { scan, .. } => outcome(&run, seq, scan, ScanState::Unknown)?,
            Event::LetterDrafted {
                letter,
                replaces,
                day,
                ..
            } => {
                if let Some(old) = replaces {
                    end_letter(&run, seq, old, LetterState::Replaced)?;
                }
                run(
                    "insert into letter (id, seq, day, state) values (?, ?, ?, ?)",
                    params![letter.to_string(), seq, day, word(LetterState::Drafted)],
                )?;
            }
            Event::LetterSigned { letter } => run(
                "update letter set state = ?, signed = ? where id = ?",
                params![word(LetterState::Signed), seq, letter.to_string()],
            )?,
            Event::LetterGiven { letter } => end_letter(&run, seq, letter, LetterState::Given)?,
            _ => {}
        }
    }
    Ok(())
}

type Run<'a> = dyn Fn(&str, &[&dyn rusqlite::ToSql]) -> rusqlite::Result<()> + 'a;

fn office(run: &Run<'_>, seq: u64, event: &str, source: String) -> rusqlite::Result<()> {
    run(
        "insert into office (seq, event, source) values (?, ?, ?)",
        params![seq, event, source],
    )
}

fn outcome(
    run: &Run<'_>,
    seq: u64,
    scan: &queue::ScanId,
    state: ScanState,
) -> rusqlite::Result<()> {
    run(
        "update scan set state = ?, outcome = ? where id = ?",
        params![word(state), seq, scan.to_string()],
    )
}

fn end_letter(
    run: &Run<'_>,
    seq: u64,
    letter: &LetterId,
    state: LetterState,
) -> rusqlite::Result<()> {
    run(
        "update letter set state = ?, ended = ? where id = ?",
        params![word(state), seq, letter.to_string()],
    )
}

/// The state a scan begins in.
pub(crate) fn first_state(forward: bool) -> ScanState {
    if forward {
        ScanState::Pending
    } else {
        ScanState::Kept
    }
}

/// The word for a state as the API writes it.
pub fn word<T: serde::Serialize>(state: T) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
