//! What clerks do: calls, transfers, and who has a counter.

use super::*;

impl State {
    pub(super) fn next_call(&self, counter: u32) -> Option<Event> {
        let (ticket, why) = self.pick(counter)?;
        Some(Event::Called {
            ticket,
            counter,
            why,
        })
    }

    pub(super) fn decide_call_chosen(
        &self,
        actor: &Actor,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        let Command::CallChosen {
            counter,
            ticket,
            reason,
        } = command
        else {
            return Ok(Vec::new());
        };
        self.free_counter(actor, counter)?;
        let ticket = self.todays(ticket)?;
        if ticket.state != TicketState::Waiting {
            return Err(Refusal::WrongState);
        }
        let office = self.office().ok_or(Refusal::DayClosed)?;
        let here = office.counter(counter).ok_or(Refusal::UnknownCounter)?;
        let may = ticket
            .only
            .map_or(here.services.contains(&ticket.service), |n| n == counter);
        if !may {
            return Err(Refusal::NotServedHere);
        }
        let why = Why {
            rule: WhyRule::Chosen,
            passed: self.passed_over(counter, ticket),
            after: None,
            reason: personal(Some(reason))?,
        };
        Ok(vec![Event::Called {
            ticket: ticket.id,
            counter,
            why,
        }])
    }

    /// A counter that `actor` has.
    pub(super) fn own_counter(&self, actor: &Actor, counter: u32) -> Result<&Desk, Refusal> {
        if self.office().and_then(|o| o.counter(counter)).is_none() {
            return Err(Refusal::UnknownCounter);
        }
        let desk = self.desks.get(&counter).ok_or(Refusal::UnknownCounter)?;
        match &desk.actor {
            None => Err(Refusal::CounterClosed),
            Some(holder) if *holder == actor.id => Ok(desk),
            Some(_) => Err(Refusal::CounterTaken),
        }
    }

    pub(super) fn calling_counter(&self, actor: &Actor, counter: u32) -> Result<&Desk, Refusal> {
        let desk = self.own_counter(actor, counter)?;
        match desk.state {
            CounterState::Open => Ok(desk),
            _ => Err(Refusal::CounterClosed),
        }
    }

    pub(super) fn free_counter(&self, actor: &Actor, counter: u32) -> Result<(), Refusal> {
        match self.calling_counter(actor, counter)?.ticket {
            Some(_) => Err(Refusal::TicketInHand),
            None => Ok(()),
        }
    }

    /// The ticket in hand at an own counter; in one of `states`, if any are named.
    pub(super) fn in_hand(
        &self,
        actor: &Actor,
        counter: u32,
        states: &[TicketState],
    ) -> Result<TicketId, Refusal> {
        let id = self
            .own_counter(actor, counter)?
            .ticket
            .ok_or(Refusal::NothingInHand)?;
        let ticket = self.ticket(id).ok_or(Refusal::NothingInHand)?;
        if states.is_empty() || states.contains(&ticket.state) {
            return Ok(id);
        }
        Err(Refusal::WrongState)
    }

    /// The counter that has the ticket in hand, which must be the actor's; `None` if it waits.
    pub(super) fn hand_of(&self, actor: &Actor, ticket: &Ticket) -> Result<Option<u32>, Refusal> {
        match (ticket.state, ticket.counter) {
            (TicketState::Called | TicketState::Serving, Some(counter)) => {
                self.own_counter(actor, counter).map(|_| Some(counter))
            }
            (TicketState::Waiting, _) => Ok(None),
            _ => Err(Refusal::WrongState),
        }
    }

    pub(super) fn decide_resume(&self, ticket: TicketId) -> Result<Vec<Event>, Refusal> {
        let ticket = self.todays(ticket)?;
        let after_calls = match ticket.state {
            TicketState::Parked => RETURN_AFTER_CALLS,
            TicketState::Held => 0,
            // Its citizen still waits.
            TicketState::Done if ticket.is_entered_as_served() => 0,
            TicketState::Waiting => return Ok(Vec::new()),
            _ => return Err(Refusal::WrongState),
        };
        Ok(vec![Event::Resumed {
            ticket: ticket.id,
            after_calls,
        }])
    }

    pub(super) fn decide_transfer(
        &self,
        actor: &Actor,
        ticket: TicketId,
        to: Target,
    ) -> Result<Vec<Event>, Refusal> {
        let ticket = self.todays(ticket)?;
        let from = match ticket.state {
            TicketState::Held | TicketState::Parked => None,
            _ => self.hand_of(actor, ticket)?,
        };
        let office = self.office().ok_or(Refusal::DayClosed)?;
        let (service, only) = match to {
            Target::Service(letter) => {
                office.service(letter).ok_or(Refusal::UnknownService)?;
                (letter, None)
            }
            Target::Counter(number) => {
                office.counter(number).ok_or(Refusal::UnknownCounter)?;
                (ticket.service, Some(number))
            }
        };
        Ok(vec![Event::Transferred {
            ticket: ticket.id,
            from,
            service,
            only,
        }])
    }

    pub(super) fn decide_open_counter(
        &self,
        actor: &Actor,
        counter: u32,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.day_is_open() {
            return Err(Refusal::DayClosed);
        }
        let opened = Event::CounterOpened {
            counter,
            actor: actor.id.clone(),
        };
        match self.own_counter(actor, counter) {
            Ok(desk) if desk.state == CounterState::Open => Ok(Vec::new()),
            Ok(_) => Ok(vec![opened]),
            Err(Refusal::CounterClosed) => match self.other_counter(actor, counter) {
                Some(other) => Err(Refusal::OtherCounter(other)),
                None => Ok(vec![opened]),
            },
            Err(refusal) => Err(refusal),
        }
    }

    /// Where a person sits, if not at `counter`. Devices may have several.
    fn other_counter(&self, actor: &Actor, counter: u32) -> Option<u32> {
        let mut desks = self.desks.iter().filter(|_| actor.is_person());
        desks
            .find(|(number, desk)| **number != counter && desk.actor.as_ref() == Some(&actor.id))
            .map(|(number, _)| *number)
    }

    pub(super) fn decide_close_counter(
        &self,
        actor: &Actor,
        counter: u32,
    ) -> Result<Vec<Event>, Refusal> {
        let supervisor = matches!(actor.role, Role::Supervisor | Role::Admin);
        let frees = match self.own_counter(actor, counter) {
            Err(Refusal::CounterClosed) => return Ok(Vec::new()),
            // A supervisor frees a counter whose clerk went home.
            Err(Refusal::CounterTaken) if supervisor => true,
            Err(refusal) => return Err(refusal),
            Ok(_) => false,
        };
        let closed = Event::CounterClosed { counter };
        match self.desks.get(&counter).and_then(|d| d.ticket) {
            None => Ok(vec![closed]),
            // Its citizen keeps the place, and any clerk can bring it back in line.
            Some(ticket) if frees => {
                let held = Event::Held {
                    ticket,
                    counter: Some(counter),
                    reason: None,
                    minutes: None,
                };
                Ok(vec![held, closed])
            }
            Some(_) => Err(Refusal::TicketInHand),
        }
    }
}
