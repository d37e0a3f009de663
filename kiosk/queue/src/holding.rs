//! Who holds which numbers: one person one number (*mỗi người một số*), and one dossier one
//! number.
//!
//! A person is an opaque word that stands for a citizen card, today only; a person who shows none
//! is nobody here, and gets a number all the same. Tickets that are over count no more.

use crate::decide::TEXT_MAX;
use crate::{
    Actor, ClassId, Personal, Purpose, Refusal, Role, Service, ServiceKind, State, Ticket, TicketId,
};

/// What is said for the sake of the rule with an order.
#[derive(Clone, Copy, Default)]
pub(crate) struct Claim<'a> {
    /// Who wants the number, if a card was shown.
    pub(crate) person: Option<&'a str>,
    /// Why a clerk gives one more than the office allows.
    pub(crate) override_reason: Option<&'a str>,
    /// A ticket that is given back by the same act.
    pub(crate) instead_of: Option<TicketId>,
}

impl State {
    /// The live tickets of a person, in the order in which they were given out.
    pub fn held_by(&self, person: &str) -> impl Iterator<Item = &Ticket> {
        live(self, self.persons.get(person))
    }

    /// The live ticket that was taken for a dossier, the newest if staff gave several.
    pub fn held_for(&self, dossier: &str) -> Option<&Ticket> {
        live(self, self.taken_for.get(dossier)).last()
    }

    /// The class of the office whose age a person of `age` years has reached; of several the one
    /// for the oldest.
    pub fn class_from_age(&self, age: u16) -> Option<&str> {
        let classes = self.office()?.classes.iter();
        let reached = classes.filter(|class| class.from_age.is_some_and(|from| age >= from));
        let class = reached.max_by_key(|class| class.from_age)?;
        Some(&class.id)
    }

    /// Where somebody belongs who shows a receipt and says nothing: a result is handed out by
    /// the service for results. Missing papers (*bổ sung*) are taken by the service whose scans
    /// are for that, else by the one for results, whose clerk has the dossier at hand and can
    /// send the ticket on; either way as a re-entry: who was sent home for a paper does not queue
    /// from the end again.
    ///
    /// A dossier that has a number gets no second one: whoever holds the receipt to a reader twice
    /// is told the first.
    pub fn service_for_receipt(
        &self,
        dossier: &str,
        supplement_asked: bool,
    ) -> Result<(char, Option<ClassId>), Refusal> {
        if let Some(ticket) = self.held_for(dossier).filter(|_| self.day_is_open()) {
            return Err(Refusal::DossierHasTicket(ticket.id));
        }
        let services = &self.office().ok_or(Refusal::DayClosed)?.services;
        let of = |fits: fn(&Service) -> bool| services.iter().find(|s| fits(s)).map(|s| s.letter);
        let result = of(|s| s.kind == ServiceKind::Result);
        match supplement_asked {
            false => result.map(|letter| (letter, None)),
            true => of(|s| s.purpose == Some(Purpose::Supplement))
                .or(result)
                .map(|letter| (letter, Some(ClassId::ReEntry))),
        }
        .ok_or(Refusal::NoResultService)
    }

    /// Whether `claim` may have one more number of `service`; the answer is the reason to record
    /// where it goes beyond what the office allows.
    pub(crate) fn may_hold(
        &self,
        actor: &Actor,
        service: char,
        claim: Claim<'_>,
    ) -> Result<Option<Personal>, Refusal> {
        let Some(person) = claim.person else {
            return Ok(None);
        };
        if person.len() > TEXT_MAX {
            return Err(Refusal::OutOfRange);
        }
        let most = self.office().map_or(0, |office| office.tickets_per_person);
        let held = self
            .held_by(person)
            .filter(|t| t.service == service && Some(t.id) != claim.instead_of);
        let held: Vec<&Ticket> = held.collect();
        let (Some(newest), true) = (held.last(), most > 0 && held.len() >= most as usize) else {
            return Ok(None);
        };
        let reason = claim.override_reason.map(str::trim);
        match reason.filter(|reason| !reason.is_empty() && actor.role != Role::Kiosk) {
            Some(reason) if reason.len() > TEXT_MAX => Err(Refusal::OutOfRange),
            Some(reason) => Ok(Some(Personal::Plain(reason.to_owned()))),
            None => Err(Refusal::TooManyTickets(newest.number)),
        }
    }

    /// Notes what a ticket was taken with.
    pub(crate) fn note_holder(&mut self, ticket: &Ticket) {
        if let Some(person) = &ticket.person {
            let held = self.persons.entry(person.clone()).or_default();
            held.push(ticket.id);
        }
        if let Some(dossier) = &ticket.dossier {
            let taken = self.taken_for.entry(dossier.as_str().into()).or_default();
            taken.push(ticket.id);
        }
    }

    /// Checks that the two lists are those of the tickets.
    pub(crate) fn check_holders(&self) -> Result<(), String> {
        for ticket in self.tickets.values() {
            let person = ticket.person.as_ref();
            let by_person = person.is_none_or(|person| {
                self.persons
                    .get(person)
                    .is_some_and(|held| held.contains(&ticket.id))
            });
            let dossier = ticket.dossier.as_deref();
            let by_dossier = dossier.is_none_or(|dossier| {
                self.taken_for
                    .get(dossier)
                    .is_some_and(|taken| taken.contains(&ticket.id))
            });
            if !by_person || !by_dossier {
                return Err(format!("nobody holds {}", ticket.number));
            }
        }
        Ok(())
    }
}

fn live<'a>(state: &'a State, ids: Option<&'a Vec<TicketId>>) -> impl Iterator<Item = &'a Ticket> {
    ids.into_iter()
        .flatten()
        .filter_map(|id| state.ticket(*id))
        .filter(|ticket| ticket.state.is_live())
}
