//! Numbers that the machine did not give out by itself: those of a paper roll (*số từ cuộn
//! giấy*), and those that a lost machine may have given out.
//!
//! Promise: what staff handed out by hand and what the machine gives out are never the same
//! number, whichever comes first.

use jiff::civil::Date;

use crate::decide::personal;
use crate::series::Series;
use crate::{ByHand, ClassId, Command, Event, Now, Number, Refusal, State, TicketState};

/// Numbers of one roll entered at once. Somebody writes them by hand: a day's work is some
/// hundreds, and a slip of the finger must not fill the line with thousands.
pub const ROLL_MAX: u32 = 500;

/// Numbers that may be left out before a roll or before the machine goes on. A roll begins at
/// the next full hundred; more than a thousand further is a slip of the finger.
pub const GAP_MAX: u32 = 1_000;

/// Numbers to go on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Skip {
    pub service: Option<char>,
    pub next: u32,
    pub date: Option<Date>,
}

impl State {
    pub(crate) fn decide_roll(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        let Command::EnterRoll {
            service,
            from,
            to,
            served,
            reason,
            tickets,
        } = command
        else {
            return Ok(Vec::new());
        };
        if !self.day_is_open() {
            return Err(Refusal::DayClosed);
        }
        let office = self.office().ok_or(Refusal::DayClosed)?;
        office.service(service).ok_or(Refusal::UnknownService)?;
        let ordered = (1..=to).contains(&from) && to - from < ROLL_MAX;
        let within = served.is_none_or(|served| (from..=to).contains(&served));
        if !ordered || !within || tickets.len() as u64 != u64::from(to - from) + 1 {
            return Err(Refusal::NotARoll);
        }
        let none = Series::default();
        let series = self.series.get(&service).unwrap_or(&none);
        if series.any(from, to) {
            let n = series.newest().unwrap_or_default();
            return Err(Refusal::NumbersTaken(Number { letter: service, n }));
        }
        if from > series.last().saturating_add(GAP_MAX + 1) {
            return Err(Refusal::TooFarAhead);
        }
        let mut events = vec![Event::RollEntered {
            service,
            from,
            to,
            served,
            reason: personal(reason)?,
        }];
        let language = office.languages.first().cloned().unwrap_or_default();
        events.extend((from..=to).zip(tickets).map(|(n, (ticket, token))| {
            let over = served.is_some_and(|served| n <= served);
            Event::Issued {
                ticket,
                token,
                number: Number { letter: service, n },
                service,
                class: ClassId::Normal,
                language: language.clone(),
                print: false,
                reason: None,
                dossier: None,
                instead_of: None,
                printer: None,
                earlier: None,
                person: None,
                over_limit: None,
                by_hand: Some(if over {
                    ByHand::Served
                } else {
                    ByHand::Waiting
                }),
            }
        }));
        Ok(events)
    }

    pub(crate) fn decide_cancel_roll(
        &self,
        service: char,
        from: u32,
        to: u32,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.day_is_open() {
            return Err(Refusal::DayClosed);
        }
        if !(1..=to).contains(&from) || to - from >= ROLL_MAX {
            return Err(Refusal::NotARoll);
        }
        let series = self.series.get(&service).ok_or(Refusal::UnknownTicket)?;
        let ids = (from..=to).filter_map(|n| series.get(n));
        let tickets = ids.filter_map(|id| self.ticket(id));
        let mut by_hand = tickets.filter(|t| t.by_hand).peekable();
        by_hand.peek().ok_or(Refusal::UnknownTicket)?;
        // Who was called is no mistake any more.
        let never_called = by_hand.filter(|t| {
            let waits = t.state == TicketState::Waiting && t.calls == 0;
            waits || t.is_entered_as_served()
        });
        Ok(never_called
            .map(|t| Event::Cancelled { ticket: t.id })
            .collect())
    }

    pub(crate) fn decide_skip(
        &self,
        now: Now,
        service: Option<char>,
        next: u32,
    ) -> Result<Vec<Event>, Refusal> {
        let office = self.office().ok_or(Refusal::DayClosed)?;
        if let Some(letter) = service {
            office.service(letter).ok_or(Refusal::UnknownService)?;
        }
        let last = |letter: &char| self.series.get(letter).map_or(0, Series::last);
        let letters = self.letters_of(service);
        let highest = letters.iter().map(last).max().unwrap_or(0);
        if next == 0 || next > highest.saturating_add(GAP_MAX + 1) {
            return Err(Refusal::TooFarAhead);
        }
        // On a closed day it is about the next one, whose numbers nobody knows yet.
        if self.day_is_open() && letters.iter().all(|letter| last(letter) >= next - 1) {
            return Ok(Vec::new());
        }
        let date = now.utc.map(|utc| office.local(utc).date());
        Ok(vec![Event::NumbersSkipped {
            service,
            next,
            date,
        }])
    }

    fn letters_of(&self, service: Option<char>) -> Vec<char> {
        let all = || self.office().into_iter().flat_map(|o| &o.services);
        match service {
            Some(letter) => vec![letter],
            None => all().map(|s| s.letter).collect(),
        }
    }

    pub(crate) fn apply_skipped(&mut self, service: Option<char>, next: u32, date: Option<Date>) {
        let meant = |of: Option<Date>| date.is_none() || of.is_none() || of == date;
        let this_day = self.day.as_ref().is_some_and(|day| meant(day.date));
        if this_day {
            self.skipped = true;
            for letter in self.letters_of(service) {
                self.series.entry(letter).or_default().go_on_from(next);
            }
        }
        if !this_day || !self.day_is_open() {
            self.skips.push(Skip {
                service,
                next,
                date,
            });
        }
    }

    /// What a day opened on `date` must go on from.
    pub(crate) fn skips_on(&self, date: Option<Date>) -> impl Iterator<Item = Event> + '_ {
        let meant = move |skip: &&Skip| skip.date.is_none() || date.is_none() || skip.date == date;
        self.skips.iter().filter(meant).map(|skip| {
            let Skip {
                service,
                next,
                date,
            } = *skip;
            Event::NumbersSkipped {
                service,
                next,
                date,
            }
        })
    }
}
