//! The invariants, for tests to assert after every event.

use std::collections::BTreeSet;

use crate::series::Series;
use crate::{Number, State, Ticket, TicketState};

impl State {
    /// Checks every invariant; the error says which is broken.
    pub fn check(&self) -> Result<(), String> {
        self.check_numbers()?;
        self.check_lines()?;
        self.check_desks()?;
        self.check_holders()?;
        self.check_deferrals()?;
        self.check_letters()
    }

    fn check_numbers(&self) -> Result<(), String> {
        let given: usize = self.series.values().map(Series::len).sum();
        if given != self.tickets.len() {
            return Err(format!(
                "{given} numbers for {} tickets",
                self.tickets.len()
            ));
        }
        for (letter, series) in &self.series {
            let mut before = 0;
            for (n, id) in series.iter() {
                let number = Number { letter: *letter, n };
                if self.number(id) != Some(number) || series.get(n) != Some(id) || n <= before {
                    return Err(format!("{number} is not the number of one ticket"));
                }
                before = n;
            }
            if series.last() < before {
                return Err(format!("{letter}{before:03} would be given out again"));
            }
        }
        Ok(())
    }

    fn check_lines(&self) -> Result<(), String> {
        let mut in_line = BTreeSet::new();
        let letters = self.lines.iter().map(|(l, line)| (Some(*l), None, line));
        let counters = self.directed.iter().map(|(n, line)| (None, Some(*n), line));
        for (letter, only, line) in letters.chain(counters) {
            for id in line.ids() {
                let ticket = self
                    .tickets
                    .get(&id)
                    .ok_or("a line holds an unknown ticket")?;
                let fits = letter.is_none_or(|l| ticket.service == l) && ticket.only == only;
                if !in_line.insert(id) || ticket.state != TicketState::Waiting || !fits {
                    return Err(format!("{} stands wrongly in a line", ticket.number));
                }
            }
        }
        let waiting = self
            .tickets
            .values()
            .filter(|t| t.state == TicketState::Waiting);
        match waiting.count() == in_line.len() {
            true => Ok(()),
            false => Err("a waiting ticket stands in no line".into()),
        }
    }

    fn check_deferrals(&self) -> Result<(), String> {
        for (token, deferral) in &self.deferrals {
            let today = self.day.as_ref().filter(|day| day.id == deferral.day);
            let left = self.ticket(deferral.ticket).is_some_and(Ticket::is_left);
            let fits = today.is_none_or(|day| !day.open && left);
            if *token != deferral.token || !fits {
                return Err(format!("{} may not come back", deferral.number));
            }
        }
        Ok(())
    }

    fn check_letters(&self) -> Result<(), String> {
        let mut written = BTreeSet::new();
        let open = self.letters().filter(|letter| letter.state.is_open());
        for dossier in open.filter_map(|letter| letter.dossier.as_ref()) {
            if !written.insert(dossier) {
                return Err("two letters for one dossier are not given yet".into());
            }
        }
        Ok(())
    }

    fn check_desks(&self) -> Result<(), String> {
        for ticket in self.tickets.values() {
            let desks = self
                .desks
                .iter()
                .filter(|(_, d)| d.ticket == Some(ticket.id));
            let holders: Vec<u32> = desks.map(|(n, _)| *n).collect();
            let expected: Vec<u32> = match ticket.state.in_hand() {
                true => ticket.counter.into_iter().collect(),
                false => Vec::new(),
            };
            if holders != expected {
                return Err(format!("{} is in hand at {holders:?}", ticket.number));
            }
        }
        let mut sitting = std::collections::BTreeSet::new();
        for actor in self.desks.values().filter_map(|d| d.actor.as_ref()) {
            if actor.starts_with(crate::Actor::PERSON) && !sitting.insert(actor) {
                return Err(format!("{actor} sits at two counters"));
            }
        }
        let hands = self
            .desks
            .iter()
            .filter_map(|(n, d)| Some((n, d, d.ticket?)));
        for (number, desk, ticket) in hands {
            let closed = desk.state == crate::CounterState::Closed;
            if closed || !self.tickets.contains_key(&ticket) {
                return Err(format!("counter {number} holds a ticket it cannot have"));
            }
        }
        Ok(())
    }
}
