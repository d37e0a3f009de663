//! Which days were erased, and which have reached the age for it.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _};

use super::JournalError;
use super::sqlite::{check_format, read};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Every day that was erased.
pub fn days(connection: &Connection) -> Result<Vec<u64>, JournalError> {
    if check_format(connection)? < 2 {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare("select day from erased order by day")?;
    let days = statement.query_map([], |r| r.get(0))?;
    Ok(days.collect::<Result<_, _>>()?)
}

/// The number of a service day by its date (2026-11-23) or number.
pub fn find(connection: &Connection, day: &str) -> Result<Option<u64>, JournalError> {
    let found = connection.query_row(
        "select id from day where date = ?1 or cast(id as text) = ?1 order by id desc limit 1",
        [day],
        |r| r.get(0),
    );
    Ok(found.optional()?)
}

/// The moment at which the age of days is judged.
#[derive(Clone, Copy, Debug)]
pub struct Today {
    /// On the office's own clock, in ms.
    pub tick: u64,
    /// The date in the office.
    pub date: Date,
}

/// Closed days older than `keep_days` that are not erased yet, oldest first.
///
/// Both clocks must say so: a wall clock that jumps years ahead while the machine runs erases
/// nothing. A day without a date goes by the office's own clock alone.
pub fn due(
    connection: &Connection,
    today: Today,
    keep_days: u32,
) -> Result<Vec<u64>, JournalError> {
    let mut statement = connection.prepare(
        "select id, date, closed from day
            where closed is not null and id not in (select day from erased) order by id",
    )?;
    let rows = statement.query_map([], |r| {
        Ok((r.get(0)?, r.get::<_, Option<String>>(1)?, r.get(2)?))
    })?;
    let mut due = Vec::new();
    for row in rows {
        let (id, date, closed) = row?;
        let closed = read(connection, closed)?.map_or(today.tick, |record| record.mono);
        let ago_ms = today.tick.saturating_sub(closed);
        if ago_ms < u64::from(keep_days) * DAY_MS {
            break; // Every later one is younger still.
        }
        let date: Option<Date> = date.and_then(|date| date.parse().ok());
        let old = |date: Date| i64::from((today.date - date).get_days()) > i64::from(keep_days);
        if date.is_none_or(old) {
            due.push(id);
        }
    }
    Ok(due)
}
