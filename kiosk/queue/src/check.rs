//! The invariants, for tests to assert after every event.

use std::collections::BTreeSet;

use crate::{State, TicketState};

impl State {
    /// Checks every invariant; the error says which is broken.
    pub fn check(&self) -> Result<(), String> {
        self.check_numbers()?;
        self.check_lines()?;
        self.check_desks()
    }

    fn check_numbers(&self) -> Result<(), String> {
        let given: usize = self.series.values().map(Vec::len).sum();
        if given != self.tickets.len() {
            return Err(format!(
                "{given} numbers for {} tickets",
                self.tickets.len()
            ));
        }
        for (letter, ids) in &self.series {
            for (index, id) in ids.iter().enumerate() {
                let number = self
                    .tickets
                    .get(id)
                    .map(|t| (t.number.letter, t.number.n as usize));
                if number != Some((*letter, index + 1)) {
                    return Err(format!("{letter}{} belongs to {number:?}", index + 1));
                }
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
