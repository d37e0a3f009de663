//! What the end of a day leaves to those whom it did not reach: a re-entry number on the
//! office's next working day (*Phiếu hẹn trở lại*), for the slip they have.
//!
//! Promises:
//! - closing loses nobody: what waits, is held or missed its call may come back, once;
//! - the right holds on the first day from its date on, on which counters call anybody, until
//!   that day's end; without a date, on the next such day. A day that only opened by itself, on
//!   which nobody worked, costs nobody the right.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::{Day, Event, Number, PaperState, SlipKind, State, Ticket, TicketId, TicketState};

/// Slips printed by themselves at a closing, for those who have waited longest. At two seconds
/// a slip the hundredth citizen waits for it some minutes after closing; who comes after them
/// is told by the screen and the staff that the slip in hand will do.
pub const DEFERRED_SLIPS_MAX: usize = 100;

/// A right to come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferral {
    /// The ticket that was not reached.
    pub ticket: TicketId,
    /// Secret of its slip.
    pub token: TicketId,
    /// Its number then.
    pub number: Number,
    /// Service it waited for last.
    pub service: char,
    /// Language its citizen chose.
    pub language: String,
    /// Service day that ended.
    pub day: u64,
    /// The office's next working day of the service, as its hours said at the closing; without
    /// hours or a date, whichever is next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// Local time from which numbers are given out then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
}

/// The ticket of an earlier day that a number was given out for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// Its id.
    pub ticket: TicketId,
    /// Its number then.
    pub number: Number,
    /// Its service day.
    pub day: u64,
}

impl Deferral {
    pub(crate) fn earlier(&self) -> Earlier {
        Earlier {
            ticket: self.ticket,
            number: self.number,
            day: self.day,
        }
    }
}

/// Whether those who wait at a closing get a slip.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slips {
    Print,
    /// Nobody stands there.
    None,
}

impl State {
    /// The right that a slip's token gives.
    pub fn deferral(&self, token: TicketId) -> Option<&Deferral> {
        self.deferrals.get(&token)
    }

    /// The right of a ticket of the day that has just ended.
    pub fn deferral_of(&self, ticket: &Ticket) -> Option<&Deferral> {
        self.deferral(ticket.token)
    }

    /// Every right to come back.
    pub fn deferrals(&self) -> impl Iterator<Item = &Deferral> {
        self.deferrals.values()
    }

    /// When those who wait for a service could come back if the day ended now: its next working
    /// day, and from when numbers are given out then. `None`: nobody can tell.
    pub fn returns(&self, service: char, day: &Day) -> Option<(Date, Time)> {
        let office = self.office()?;
        let next = office.next_working_day(office.service(service)?, day.date?)?;
        Some((next.date(), next.time()))
    }

    /// What the end of the open `day` brings.
    pub(crate) fn closing(&self, day: &Day, slips: Slips) -> Vec<Event> {
        let hands = self.desks.iter();
        let mut events: Vec<Event> = hands
            .filter_map(|(counter, desk)| {
                Some(Event::Finished {
                    ticket: desk.ticket?,
                    counter: *counter,
                    at_closing: true,
                })
            })
            .collect();
        events.push(Event::DayClosed { day: day.id });
        let left = self.tickets().filter(|t| t.is_left());
        let mut left: Vec<&Ticket> = left.collect();
        left.sort_unstable_by_key(|t| t.place);
        let mut returns = std::collections::BTreeMap::new();
        events.extend(left.iter().map(|t| {
            let service = returns.entry(t.service);
            let returns = service.or_insert_with(|| self.returns(t.service, day));
            let (on, from) = returns.unzip();
            Event::Deferred(Deferral {
                ticket: t.id,
                token: t.token,
                number: t.number,
                service: t.service,
                language: t.language.to_string(),
                day: day.id,
                on,
                from,
            })
        }));
        if slips == Slips::Print {
            // Who missed the call has left.
            let there = left.iter().filter(|t| t.state != TicketState::Parked);
            let on_paper = there.filter(|t| t.paper != PaperState::None || t.by_hand);
            let numbered = on_paper.take(DEFERRED_SLIPS_MAX).enumerate();
            events.extend(numbered.map(|(n, t)| Event::SlipAsked {
                slip: t.id.beside(self.asked.len() + n),
                kind: SlipKind::Deferred,
                service: None,
                ticket: Some(t.id),
                language: t.language.to_string(),
                printer: t.slip.wanted.as_deref().map(str::to_owned),
            }));
        }
        events
    }

    /// The rights that ended with the last day, as far as they are still open.
    pub(crate) fn deferrals_over(&self) -> Option<Event> {
        let last = self.day()?;
        let over = self.deferrals().filter(|d| self.ends_with(d, last));
        let tickets: Vec<TicketId> = over.map(|d| d.ticket).collect();
        (!tickets.is_empty()).then_some(Event::DeferralsEnded { tickets })
    }

    /// Whether `day`, the current or last one, is the one on which a right holds.
    fn ends_with(&self, deferral: &Deferral, day: &Day) -> bool {
        let reached = match (deferral.on, day.date) {
            (Some(on), Some(date)) => date >= on,
            _ => true,
        };
        deferral.day < day.id && reached && self.call_serial > 0
    }

    /// Whether a slip's right still holds: its day is open or to come.
    pub fn still_holds(&self, deferral: &Deferral) -> bool {
        let over = |day: &Day| !day.open && self.ends_with(deferral, day);
        !self.day().is_some_and(over)
    }

    /// A right becomes `ticket`, which its slip names from now on.
    pub(crate) fn come_back(&mut self, earlier: TicketId, ticket: TicketId) {
        let mut rights = self.deferrals.values();
        let token = rights.find(|d| d.ticket == earlier).map(|d| d.token);
        if let Some(token) = token {
            self.deferrals.remove(&token);
            self.tokens.insert(token, ticket);
        }
    }
}

impl Ticket {
    /// Whether the end of the day leaves its citizen unserved.
    pub(crate) fn is_left(&self) -> bool {
        use TicketState::{Held, Parked, Waiting};
        matches!(self.state, Waiting | Held | Parked)
    }
}
