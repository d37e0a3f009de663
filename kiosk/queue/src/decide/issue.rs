//! Giving out numbers, and taking them back from the wrong tile.

use super::*;
use crate::holding::Claim;

/// Whether a number is one of those that a service gives out a day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quota {
    Counts,
    Passed,
}

impl State {
    pub(super) fn decide_issue(
        &self,
        now: Now,
        actor: &Actor,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        let Command::Issue {
            ticket,
            token,
            service,
            class,
            language,
            reason,
            dossier,
            person,
            override_reason,
            print,
            printer,
        } = command
        else {
            return Ok(Vec::new());
        };
        self.known_class(&class)?;
        let number = self.number_for(now, actor, service, &class, Quota::Counts)?;
        if language.len() > TEXT_MAX {
            return Err(Refusal::OutOfRange);
        }
        let claim = Claim {
            person: person.as_deref(),
            override_reason: override_reason.as_deref(),
            instead_of: None,
        };
        let over_limit = self.may_hold(actor, service, claim)?;
        Ok(vec![Event::Issued {
            ticket,
            token,
            number,
            service,
            class,
            language,
            print,
            reason: personal(reason)?,
            dossier: personal(dossier)?,
            instead_of: None,
            printer,
            by_hand: None,
            earlier: None,
            person: personal(person)?,
            over_limit,
        }])
    }

    /// The number the next ticket of `service` gets, if it may be given out.
    pub(super) fn number_for(
        &self,
        now: Now,
        actor: &Actor,
        service: char,
        class: &ClassId,
        quota: Quota,
    ) -> Result<Number, Refusal> {
        if !self.day_is_open() {
            return Err(match self.issuing(now) {
                Issuing::Closed { reason, .. } => Refusal::IssuingClosed(reason),
                Issuing::Open => Refusal::DayClosed,
            });
        }
        let office = self.office().ok_or(Refusal::DayClosed)?;
        let known = office.service(service).ok_or(Refusal::UnknownService)?;
        if actor.role == Role::Kiosk
            && let Issuing::Closed { reason, .. } = self.issuing_for(now, service)
        {
            match reason {
                NotIssuing::Full if quota == Quota::Counts => return Err(Refusal::ServiceFull),
                NotIssuing::Full => {}
                NotIssuing::Late if *class != ClassId::Normal => {}
                reason => return Err(Refusal::IssuingClosed(reason)),
            }
        }
        match quota == Quota::Counts && self.is_full(known) {
            true => Err(Refusal::ServiceFull),
            false => self.next_number(service).ok_or(Refusal::ServiceFull),
        }
    }

    /// A slip of an earlier day becomes a number of today, once.
    pub(super) fn decide_return(
        &self,
        now: Now,
        actor: &Actor,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        let Command::Return {
            slip,
            ticket,
            token,
            print,
            printer,
        } = command
        else {
            return Ok(Vec::new());
        };
        let deferral = self.deferral(slip).ok_or(Refusal::UnknownTicket)?;
        let (service, class) = (deferral.service, ClassId::ReEntry);
        // It was given out once already, on a day that did not reach it.
        let number = self.number_for(now, actor, service, &class, Quota::Passed)?;
        Ok(vec![Event::Issued {
            ticket,
            token,
            number,
            service,
            class,
            language: deferral.language.clone(),
            print,
            reason: None,
            dossier: None,
            instead_of: None,
            printer,
            by_hand: None,
            earlier: Some(deferral.earlier()),
            person: None,
            over_limit: None,
        }])
    }

    pub(super) fn known_class(&self, class: &ClassId) -> Result<(), Refusal> {
        match class {
            ClassId::Priority(id) => self
                .office()
                .filter(|o| o.classes.iter().any(|c| c.id == **id))
                .map(|_| ())
                .ok_or(Refusal::UnknownClass),
            _ => Ok(()),
        }
    }

    /// Whether `actor` may cancel or change a ticket: staff while it is not over, a kiosk only
    /// while it is fresh.
    pub(super) fn may_withdraw(
        &self,
        now: Now,
        actor: &Actor,
        ticket: &Ticket,
    ) -> Result<(), Refusal> {
        use TicketState::{Held, Parked, Waiting};
        let left = matches!(ticket.state, Waiting | Held | Parked);
        if !left && !ticket.is_entered_as_served() {
            return Err(Refusal::WrongState);
        }
        let fresh = ticket.calls == 0 && now.tick <= ticket.issued_tick.saturating_add(FRESH_MS);
        (actor.role != Role::Kiosk || fresh)
            .then_some(())
            .ok_or(Refusal::TooLate)
    }

    pub(super) fn decide_change(
        &self,
        now: Now,
        actor: &Actor,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        let Command::Change {
            ticket,
            new,
            token,
            service,
            print,
        } = command
        else {
            return Ok(Vec::new());
        };
        let old = self.todays(ticket)?;
        self.may_withdraw(now, actor, old)?;
        let number = self.number_for(now, actor, service, &old.class, Quota::Counts)?;
        let claim = Claim {
            person: old.person.as_deref(),
            instead_of: Some(old.id),
            ..Claim::default()
        };
        self.may_hold(actor, service, claim)?;
        Ok(vec![
            Event::Voided { ticket: old.id },
            Event::Issued {
                ticket: new,
                token,
                number,
                service,
                class: old.class.clone(),
                language: old.language.to_string(),
                print,
                reason: None,
                dossier: old.dossier.clone().map(Personal::Plain),
                instead_of: Some(old.id),
                printer: old.slip.wanted.as_deref().map(str::to_owned),
                by_hand: None,
                earlier: None,
                person: old.person.as_deref().map(|p| Personal::Plain(p.into())),
                over_limit: None,
            },
        ])
    }
}
