//! When a record was, by what was known of the time: its place on the office's own clock, and what
//! that clock was ahead or behind by the word of the kernel or of staff.
//!
//! The machine's own clock, which every record carries too, is not asked: it may have been wrong
//! all day. A time that is learnt later holds for what came before it since the machine was switched
//! on: where another was believed then for the same service day only, where none was known for the day
//! before as well. What was known before it was off says nothing: nobody knows for how long it was.

use queue::Event;
use rusqlite::{Connection, params};

use super::sqlite::read;
use super::{JournalError, Record};

/// What only records that tell of the clock hold; personal values are sealed in base64.
const MARK: &[u8] = b"\"clock\":";

/// Dates records; neighbours of one day cost one look.
#[derive(Default)]
pub(super) struct Dating {
    day: Option<Day>,
}

/// A service day and what follows until the next, and what was said of the clock in it and in the
/// next.
struct Day {
    /// Its first record.
    from: u64,
    /// The first of the next day.
    until: u64,
    said: Vec<Said>,
}

/// What a record says of the clock.
struct Said {
    seq: u64,
    /// The kernel's boot id. A start's own record is not always the first of its boot.
    boot: String,
    /// The program was not running before it.
    start: bool,
    clock: Option<i64>,
}

impl Dating {
    /// UTC in ms; `None`: nobody knew.
    pub(super) fn at(
        &mut self,
        connection: &Connection,
        record: &Record,
    ) -> Result<Option<i64>, JournalError> {
        let known = self.day.take();
        let known = known.filter(|day| (day.from..day.until).contains(&record.seq));
        let day = match known {
            Some(day) => day,
            None => Day::of(connection, record.seq)?,
        };
        let clock = day.clock_at(record.seq, &record.boot);
        self.day = Some(day);
        Ok(clock.and_then(|clock| clock.checked_add_unsigned(record.mono)))
    }
}

impl Day {
    /// That of a record.
    fn of(connection: &Connection, seq: u64) -> Result<Self, JournalError> {
        const END: u64 = u64::MAX >> 1;
        let first = |seq: u64| -> Result<u64, JournalError> {
            let query = "select min(seq) from day where seq > ?";
            let found: Option<u64> = connection.query_row(query, [seq], |r| r.get(0))?;
            Ok(found.unwrap_or(END))
        };
        let from: Option<u64> =
            connection.query_row("select max(seq) from day where seq <= ?", [seq], |r| {
                r.get(0)
            })?;
        let from = from.unwrap_or(0);
        let until = first(seq)?;
        let next = first(until)?;
        let mut seqs = connection.prepare_cached(
            "select seq from record where seq >= ? and seq < ? and instr(bytes, ?) > 0 order by seq",
        )?;
        let seqs = seqs.query_map(params![from, next, MARK], |r| r.get(0))?;
        let mut said = Vec::new();
        for seq in seqs.collect::<Result<Vec<u64>, _>>()? {
            if let Some(record) = read(connection, seq)? {
                let clocks = record.events.iter().filter_map(says);
                said.extend(clocks.map(|(start, clock)| Said {
                    seq,
                    boot: record.boot.clone(),
                    start,
                    clock,
                }));
            }
        }
        Ok(Self { from, until, said })
    }

    /// UTC minus the office's own clock in ms at one of its records.
    fn clock_at(&self, seq: u64, boot: &str) -> Option<i64> {
        let mut clock = None;
        let mut same_run = true;
        for said in self.said.iter().filter(|said| said.boot == boot) {
            if said.seq <= seq {
                clock = said.clock;
                continue;
            }
            same_run &= !said.start;
            let corrects = same_run && said.seq < self.until;
            if said.clock.is_some() && (corrects || clock.is_none()) {
                clock = said.clock;
            }
        }
        clock
    }
}

/// What an event says of the clock, if anything, and whether it is a start.
fn says(event: &Event) -> Option<(bool, Option<i64>)> {
    match event {
        Event::Started { clock, .. } => Some((true, *clock)),
        Event::DayOpened { clock, .. } => Some((false, *clock)),
        Event::ClockKnown { clock }
        | Event::ClockCorrected { clock, .. }
        | Event::TimeConfirmed { clock, .. } => Some((false, Some(*clock))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What entries at these records are dated by, of a day that ends at record 40.
    fn clocks<const N: usize>(
        said: &[(u64, &str, Option<i64>)],
        at: [(u64, &str); N],
    ) -> [Option<i64>; N] {
        let said = said.iter().map(|&(seq, boot, clock)| Said {
            seq,
            boot: boot.to_owned(),
            start: false,
            clock,
        });
        let day = Day {
            from: 0,
            until: 40,
            said: said.collect(),
        };
        at.map(|(seq, boot)| day.clock_at(seq, boot))
    }

    #[test]
    fn a_time_that_is_learnt_holds_back_to_when_the_machine_was_switched_on() {
        let said = [
            (2, "a", None),
            (10, "a", Some(700)),
            (20, "b", None),
            (30, "c", Some(900)),
        ];
        assert_eq!(
            clocks(
                &said,
                [(1, "a"), (15, "a"), (19, "b"), (25, "b"), (31, "c")]
            ),
            [Some(700), Some(700), None, None, Some(900)]
        );
    }

    #[test]
    fn a_time_that_was_wrong_is_put_right_for_the_day() {
        let said = [(1, "a", Some(5)), (10, "a", Some(700))];
        assert_eq!(clocks(&said, [(2, "a"), (11, "a")]), [Some(700), Some(700)]);
        let said = [(1, "a", Some(5)), (50, "a", Some(700))];
        assert_eq!(clocks(&said, [(2, "a")]), [Some(5)], "it is over");
    }

    #[test]
    fn what_was_done_before_the_day_began_is_dated_by_what_was_learnt_in_it() {
        let said = [(1, "a", None), (40, "a", None), (50, "a", Some(700))];
        assert_eq!(clocks(&said, [(2, "a")]), [Some(700)]);
    }
}
