//! What a record changes in the ledger. Nothing but the record and the ledger itself is looked
//! at, so that following and making anew give the same rows.

use queue::{Act, ByHand, Event, Personal, ScanState, TicketId};
use rusqlite::{ToSql, Transaction, params};

use super::Cursor;
use crate::journal::{Record, first_state, word};

/// Writes what `record` changes.
pub(super) fn record(
    tx: &Transaction<'_>,
    cursor: &mut Cursor,
    record: &Record,
) -> rusqlite::Result<()> {
    let mut page = Page {
        tx,
        cursor,
        seq: record.seq,
        tick: record.mono,
    };
    record.events.iter().try_for_each(|event| page.event(event))
}

/// The ledger, open at one record.
pub(super) struct Page<'a> {
    pub(super) tx: &'a Transaction<'a>,
    pub(super) cursor: &'a mut Cursor,
    pub(super) seq: u64,
    pub(super) tick: u64,
}

impl Page<'_> {
    pub(super) fn run(&self, sql: &str, values: &[&dyn ToSql]) -> rusqlite::Result<()> {
        self.tx.prepare_cached(sql)?.execute(values).map(|_| ())
    }

    fn event(&mut self, event: &Event) -> rusqlite::Result<()> {
        match event {
            Event::Started { .. }
            | Event::ClockKnown { .. }
            | Event::ClockCorrected { .. }
            | Event::TimeConfirmed { .. }
            | Event::Configured { .. } => self.of_office(event),
            Event::DayOpened { .. }
            | Event::DayDated { .. }
            | Event::DayReopened { .. }
            | Event::DayClosed { .. } => self.of_day(event),
            Event::CounterOpened { counter, .. } => self.counter(*counter, Some("open")),
            Event::CounterPaused { counter } => self.counter(*counter, Some("paused")),
            Event::CounterClosed { counter } => self.counter(*counter, None),
            Event::PaperBegun { .. } | Event::PaperReported { .. } | Event::ReprintAsked { .. } => {
                self.of_paper(event)
            }
            Event::Scanned { .. } => self.scanned(event),
            Event::ScanDelivered { scan, answer } => {
                self.outcome(scan, ScanState::Delivered, answer.as_ref())
            }
            Event::ScanRefused { scan, reason } => {
                self.outcome(scan, ScanState::Refused, Some(reason))
            }
            Event::ScanUnknown { scan, reason } => {
                self.outcome(scan, ScanState::Unknown, Some(reason))
            }
            Event::IntakeAway { .. } | Event::IntakeBack => self.of_intake(event),
            Event::Undone { act, tickets, .. } => self.undone(*act, tickets),
            // What figures do not ask about is left out.
            _ => self.of_ticket(event),
        }
    }

    fn of_office(&mut self, event: &Event) -> rusqlite::Result<()> {
        match event {
            Event::Started { clock, .. } => {
                // What happened since its last record nobody saw.
                self.end_outage("machine-off", None)?;
                self.clock(*clock)
            }
            Event::ClockKnown { clock }
            | Event::ClockCorrected { clock, .. }
            | Event::TimeConfirmed { clock, .. } => self.clock(Some(*clock)),
            Event::Configured { office, .. } => {
                self.cursor.offset_minutes = office.utc_offset_minutes;
                let body = serde_json::to_string(office)
                    .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
                self.run(
                    "insert into office (seq, body) values (?, ?)",
                    params![self.seq, body],
                )?;
                self.run(
                    "update day set office = ?, offset_minutes = ? where id = ? and closed is null",
                    params![self.seq, office.utc_offset_minutes, self.cursor.day],
                )
            }
            _ => Ok(()),
        }
    }

    /// A day that is over keeps the clock it had, unless it never knew the time; an outage the
    /// same.
    fn clock(&mut self, clock: Option<i64>) -> rusqlite::Result<()> {
        self.cursor.clock = clock;
        self.run(
            "update outage set clock = ?1
                where ?1 is not null and (ended is null or (clock is null and day is ?2))",
            params![clock, self.cursor.day],
        )?;
        self.run(
            "update day set clock = ?1
                where id = ?2 and ?1 is not null and (closed is null or clock is null)",
            params![clock, self.cursor.day],
        )
    }

    fn of_day(&mut self, event: &Event) -> rusqlite::Result<()> {
        match event {
            Event::DayOpened {
                day, date, clock, ..
            } => {
                self.cursor.day = Some(*day);
                self.cursor.clock = *clock;
                self.run(
                    "insert into day (id, date, opened, clock, offset_minutes, office)
                        values (?, ?, ?, ?, ?, (select max(seq) from office))",
                    params![
                        day,
                        date.map(|d| d.to_string()),
                        self.tick,
                        clock,
                        self.cursor.offset_minutes
                    ],
                )
            }
            Event::DayDated { day, date } => self.run(
                "update day set date = ? where id = ?",
                params![date.to_string(), day],
            ),
            Event::DayReopened { day } => {
                self.run("update day set closed = null where id = ?", params![day])
            }
            Event::DayClosed { day } => {
                self.run(
                    "update day set closed = ? where id = ?",
                    params![self.tick, day],
                )?;
                // In records of older releases what was in hand then is served without a word.
                self.run(
                    "update ticket set state = 'done'
                        where day = ? and state in ('called', 'serving')",
                    params![day],
                )?;
                self.run(
                    "update call set ended = ?, how = 'day-closed' where day = ? and ended is null",
                    params![self.tick, day],
                )?;
                self.run(
                    "update span set ended = ? where day = ? and ended is null",
                    params![self.tick, day],
                )
            }
            _ => Ok(()),
        }
    }

    /// Ends what the counter did, and begins `state` unless it closed.
    fn counter(&self, counter: u32, state: Option<&str>) -> rusqlite::Result<()> {
        self.run(
            "update span set ended = ? where day = ? and counter = ? and ended is null",
            params![self.tick, self.cursor.day, counter],
        )?;
        match (state, self.cursor.day) {
            (Some(state), Some(day)) => self.run(
                "insert into span (day, counter, state, began) values (?, ?, ?, ?)",
                params![day, counter, state, self.tick],
            ),
            _ => Ok(()),
        }
    }

    fn of_ticket(&self, event: &Event) -> rusqlite::Result<()> {
        match event {
            Event::Issued {
                ticket,
                number,
                service,
                class,
                print,
                by_hand,
                ..
            } => self.run(
                "insert into ticket (id, day, letter, n, service, priority, issued, by_hand, state,
                    missed, paper, slips, reprints) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, 0)",
                params![
                    ticket.to_string(),
                    self.cursor.day.unwrap_or_default(),
                    number.letter.to_string(),
                    number.n,
                    service.to_string(),
                    class.is_priority(),
                    self.tick,
                    by_hand.is_some(),
                    match by_hand {
                        Some(ByHand::Served) => "done",
                        Some(ByHand::Waiting) | None => "waiting",
                    },
                    if *print { "pending" } else { "none" }
                ],
            ),
            Event::Cancelled { ticket } => {
                self.put_down(ticket, "cancelled")?;
                self.state(ticket, "cancelled")
            }
            Event::Voided { ticket } => self.state(ticket, "void"),
            Event::Called {
                ticket, counter, ..
            } => self.called(ticket, *counter),
            Event::Begun { ticket, .. } => {
                self.run(
                    "update call set begun = ? where ticket = ? and ended is null",
                    params![self.tick, ticket.to_string()],
                )?;
                self.state(ticket, "serving")
            }
            Event::Finished {
                ticket, at_closing, ..
            } => {
                // How long it took nobody knows.
                let how = if *at_closing {
                    "day-closed"
                } else {
                    "finished"
                };
                self.put_down(ticket, how)?;
                self.state(ticket, "done")
            }
            Event::MissedCall { ticket, .. } => {
                self.put_down(ticket, "missed")?;
                self.state(ticket, "parked")?;
                self.missed(ticket, 1)
            }
            Event::Held { ticket, .. } => {
                self.put_down(ticket, "held")?;
                self.state(ticket, "held")
            }
            Event::Resumed { ticket, .. } => self.state(ticket, "waiting"),
            Event::Transferred {
                ticket, service, ..
            } => {
                self.put_down(ticket, "transferred")?;
                self.run(
                    "update ticket set state = 'waiting', service = ? where id = ?",
                    params![service.to_string(), ticket.to_string()],
                )
            }
            _ => Ok(()),
        }
    }

    fn state(&self, ticket: &TicketId, state: &str) -> rusqlite::Result<()> {
        self.run(
            "update ticket set state = ? where id = ?",
            params![state, ticket.to_string()],
        )
    }

    fn missed(&self, ticket: &TicketId, by: i32) -> rusqlite::Result<()> {
        self.run(
            "update ticket set missed = missed + ? where id = ?",
            params![by, ticket.to_string()],
        )
    }

    fn called(&self, ticket: &TicketId, counter: u32) -> rusqlite::Result<()> {
        let id = ticket.to_string();
        self.run(
            "insert into call (ticket, day, counter, service, called)
                select id, day, ?, service, ? from ticket where id = ?",
            params![counter, self.tick, id],
        )?;
        self.run(
            "update ticket set state = 'called', called = coalesce(called, ?) where id = ?",
            params![self.tick, id],
        )
    }

    /// A counter has it in hand no more.
    fn put_down(&self, ticket: &TicketId, how: &str) -> rusqlite::Result<()> {
        self.run(
            "update call set ended = ?, how = ? where ticket = ? and ended is null",
            params![self.tick, how, ticket.to_string()],
        )
    }

    /// An act that was taken back did not happen. Its tickets are the one that was in hand,
    /// and after it the one that was called.
    fn undone(&self, act: Act, tickets: &[TicketId]) -> rusqlite::Result<()> {
        let Some((first, rest)) = tickets.split_first() else {
            return Ok(());
        };
        for ticket in rest {
            self.uncalled(ticket)?;
        }
        match act {
            Act::Call => self.uncalled(first),
            Act::Start => {
                self.run(
                    "update call set begun = null where ticket = ? and ended is null",
                    params![first.to_string()],
                )?;
                self.state(first, "called")
            }
            Act::NoShow => {
                self.missed(first, -1)?;
                self.in_hand_again(first)
            }
            Act::Finish | Act::Next | Act::Hold | Act::Transfer => self.in_hand_again(first),
        }
    }

    fn uncalled(&self, ticket: &TicketId) -> rusqlite::Result<()> {
        let id = ticket.to_string();
        self.run(
            "delete from call where id = (select max(id) from call where ticket = ?)",
            params![id],
        )?;
        self.run(
            "update ticket set state = 'waiting',
                called = (select min(called) from call where ticket = ?1) where id = ?1",
            params![id],
        )
    }

    fn in_hand_again(&self, ticket: &TicketId) -> rusqlite::Result<()> {
        let id = ticket.to_string();
        self.run(
            "update call set ended = null, how = null
                where id = (select max(id) from call where ticket = ?)",
            params![id],
        )?;
        self.run(
            "update ticket set (state, service) = (select iif(begun is null, 'called', 'serving'),
                service from call where ticket = ?1 order by id desc limit 1) where id = ?1",
            params![id],
        )
    }

    fn of_paper(&self, event: &Event) -> rusqlite::Result<()> {
        match event {
            Event::PaperBegun { ticket, again, .. } => self.run(
                "update ticket set slips = slips + 1, reprints = reprints + ? where id = ?",
                params![again, ticket.to_string()],
            ),
            Event::PaperReported { ticket, paper, .. } => self.run(
                "update ticket set paper = ? where id = ?",
                params![word(*paper), ticket.to_string()],
            ),
            Event::ReprintAsked { ticket } => self.run(
                "update ticket set paper = 'pending' where id = ?",
                params![ticket.to_string()],
            ),
            _ => Ok(()),
        }
    }

    fn scanned(&self, event: &Event) -> rusqlite::Result<()> {
        let Event::Scanned {
            scan,
            dossier,
            purpose,
            counter,
            ticket,
            device,
            forward,
            repeat,
            day,
            utc,
            ..
        } = event
        else {
            return Ok(());
        };
        self.run(
            "insert into scan (id, day, seq, made, utc, purpose, counter, ticket, device, repeat,
                state, dossier) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                scan.to_string(),
                day,
                self.seq,
                self.tick,
                utc,
                word(*purpose),
                counter,
                ticket.map(|id| id.to_string()),
                device,
                repeat,
                word(first_state(*forward)),
                sealed(dossier)
            ],
        )?;
        match forward {
            true => self.waits_out(),
            false => Ok(()),
        }
    }

    fn outcome(
        &self,
        scan: &queue::ScanId,
        state: ScanState,
        answer: Option<&Personal>,
    ) -> rusqlite::Result<()> {
        self.run(
            "update scan set state = ?, outcome = ?, answer = ? where id = ?",
            params![
                word(state),
                self.tick,
                answer.and_then(sealed),
                scan.to_string()
            ],
        )
    }
}

/// As it stands in the journal; a value in the clear is never written.
fn sealed(value: &Personal) -> Option<&str> {
    match value {
        Personal::Sealed(text) => Some(text),
        Personal::Plain(_) | Personal::Erased => None,
    }
}
