//! Commands become events, or a refusal. Nothing changes here.

use crate::pick::RETURN_AFTER_CALLS;
use crate::scan::DUPLICATE_SCAN_MS;
use crate::{
    Actor, ClassId, Command, CounterState, Desk, Event, Issuing, Now, Number, PaperState, Personal,
    Refusal, Role, ScanState, State, Target, Ticket, TicketId, TicketState, Why, WhyRule,
};

/// A kiosk takes a number back only while it is fresh: its citizen still stands there.
const FRESH_MS: u64 = 90_000;

/// Languages, classes and reasons are short; longer ones are somebody's mistake.
const TEXT_MAX: usize = 500;

impl State {
    /// What `command` makes happen at `now`, or why not.
    ///
    /// No events: it is so already.
    pub fn decide(&self, now: Now, actor: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Start { gap_ms } => Ok(self.decide_start(now, gap_ms)),
            Command::Tick => Ok(self.decide_tick(now)),
            Command::Configure { office } => self.decide_configure(*office),
            Command::OpenDay => self.decide_open_day(now),
            Command::CloseDay => self.decide_close_day(),
            Command::Issue { .. } => self.decide_issue(now, actor, command),
            Command::Change { .. } => self.decide_change(now, actor, command),
            Command::Cancel { ticket } => {
                let ticket = self.todays(ticket)?;
                self.may_withdraw(now, actor, ticket)?;
                let ticket = ticket.id;
                Ok(vec![Event::Cancelled { ticket }])
            }
            Command::CallNext { counter } => {
                self.free_counter(actor, counter)?;
                Ok(self.next_call(counter).into_iter().collect())
            }
            Command::CallChosen { .. } => self.decide_call_chosen(actor, command),
            Command::Next { counter } => {
                let desk = self.calling_counter(actor, counter)?;
                let finished = desk
                    .ticket
                    .map(|ticket| Event::Finished { ticket, counter });
                Ok(finished
                    .into_iter()
                    .chain(self.next_call(counter))
                    .collect())
            }
            Command::Recall { counter } => {
                let ticket = self.in_hand(actor, counter, &[TicketState::Called])?;
                Ok(vec![Event::Recalled { ticket, counter }])
            }
            Command::Begin { counter } => {
                let ticket = self.in_hand(actor, counter, &[TicketState::Called])?;
                Ok(vec![Event::Begun { ticket, counter }])
            }
            Command::Finish { counter } => {
                let ticket = self.in_hand(actor, counter, &[])?;
                Ok(vec![Event::Finished { ticket, counter }])
            }
            Command::NoShow { counter } => {
                let ticket = self.in_hand(actor, counter, &[TicketState::Called])?;
                Ok(vec![Event::MissedCall { ticket, counter }])
            }
            Command::Undo { counter } => {
                self.own_counter(actor, counter)?;
                self.decide_undo(now, counter)
            }
            Command::Hold {
                ticket,
                reason,
                minutes,
            } => {
                let ticket = self.todays(ticket)?;
                let counter = self.hand_of(actor, ticket)?;
                Ok(vec![Event::Held {
                    ticket: ticket.id,
                    counter,
                    reason: personal(reason)?,
                    minutes,
                }])
            }
            Command::Resume { ticket } => self.decide_resume(ticket),
            Command::Transfer { ticket, to } => self.decide_transfer(actor, ticket, to),
            Command::OpenCounter { counter } => self.decide_open_counter(actor, counter),
            Command::PauseCounter { counter } => match self.own_counter(actor, counter)?.state {
                CounterState::Paused => Ok(Vec::new()),
                _ => Ok(vec![Event::CounterPaused { counter }]),
            },
            Command::CloseCounter { counter } => self.decide_close_counter(actor, counter),
            Command::Reprint { ticket } => {
                let ticket = self.todays(ticket)?;
                match ticket.paper {
                    PaperState::None => Err(Refusal::WrongState),
                    PaperState::Pending => Ok(Vec::new()),
                    _ => Ok(vec![Event::ReprintAsked { ticket: ticket.id }]),
                }
            }
            Command::Rate {
                ticket,
                level,
                reasons,
            } => {
                let ticket = self.ticket(ticket).ok_or(Refusal::UnknownTicket)?;
                match (ticket.state, level) {
                    (_, 0 | 6..) => Err(Refusal::OutOfRange),
                    (TicketState::Done, _) => Ok(vec![Event::Rated {
                        ticket: ticket.id,
                        level,
                        reasons: personal(reasons)?,
                    }]),
                    _ => Err(Refusal::WrongState),
                }
            }
            Command::Scan { .. } => self.decide_scan(now, command),
            Command::ReportPaper {
                ticket,
                paper,
                cause,
            } => match self.ticket(ticket) {
                Some(t) if t.paper != paper => Ok(vec![Event::PaperReported {
                    ticket,
                    paper,
                    cause,
                }]),
                Some(_) => Ok(Vec::new()),
                None => Err(Refusal::UnknownTicket),
            },
            Command::Deliver { scan, answer } => {
                self.open_scan(scan)?;
                Ok(vec![Event::ScanDelivered { scan, answer }])
            }
            Command::Refuse { scan, reason } => {
                self.open_scan(scan)?;
                Ok(vec![Event::ScanRefused { scan, reason }])
            }
            Command::Doubt { scan, reason } => match self.open_scan(scan)?.state {
                ScanState::Unknown => Ok(Vec::new()),
                _ => Ok(vec![Event::ScanUnknown { scan, reason }]),
            },
        }
    }

    fn decide_configure(&self, office: crate::Office) -> Result<Vec<Event>, Refusal> {
        let Some(old) = self.office() else {
            return Ok(vec![Event::Configured {
                office: Box::new(office),
            }]);
        };
        if *old == office {
            return Ok(Vec::new());
        }
        let gone = |number: u32| office.counter(number).is_none();
        let sent = |t: &Ticket| matches!(t.state, TicketState::Waiting | TicketState::Held);
        let gone_in_use = self
            .desks
            .iter()
            .any(|(number, desk)| desk.state != CounterState::Closed && gone(*number))
            // Only it may call them: they would wait for ever.
            || self.tickets().any(|t| sent(t) && t.only.is_some_and(gone));
        if self.day_is_open() && (!office.same_letters(old) || gone_in_use) {
            return Err(Refusal::ConfigurationWaits);
        }
        Ok(vec![Event::Configured {
            office: Box::new(office),
        }])
    }

    /// A ticket of today, while the day is open.
    fn todays(&self, id: TicketId) -> Result<&Ticket, Refusal> {
        let ticket = self.ticket(id).ok_or(Refusal::UnknownTicket)?;
        self.day_is_open()
            .then_some(ticket)
            .ok_or(Refusal::DayClosed)
    }

    fn decide_issue(
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
            print,
        } = command
        else {
            return Ok(Vec::new());
        };
        let number = self.next_number(now, actor, service)?;
        self.known_class(&class)?;
        if language.len() > TEXT_MAX {
            return Err(Refusal::OutOfRange);
        }
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
        }])
    }

    /// The number the next ticket of `service` gets, if it may be given out.
    fn next_number(&self, now: Now, actor: &Actor, service: char) -> Result<Number, Refusal> {
        if !self.day_is_open() {
            return Err(match self.issuing(now) {
                Issuing::Closed { reason, .. } => Refusal::IssuingClosed(reason),
                Issuing::Open => Refusal::DayClosed,
            });
        }
        let office = self.office().ok_or(Refusal::DayClosed)?;
        let known = office.service(service).ok_or(Refusal::UnknownService)?;
        if let (Role::Kiosk, Issuing::Closed { reason, .. }) = (actor.role, self.issuing(now)) {
            return Err(Refusal::IssuingClosed(reason));
        }
        let n = u32::try_from(self.issued(service) + 1).map_err(|_| Refusal::ServiceFull)?;
        match known.quota {
            Some(quota) if n > quota => Err(Refusal::ServiceFull),
            _ => Ok(Number { letter: service, n }),
        }
    }

    fn known_class(&self, class: &ClassId) -> Result<(), Refusal> {
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
    fn may_withdraw(&self, now: Now, actor: &Actor, ticket: &Ticket) -> Result<(), Refusal> {
        use TicketState::{Held, Parked, Waiting};
        if !matches!(ticket.state, Waiting | Held | Parked) {
            return Err(Refusal::WrongState);
        }
        let fresh = ticket.calls == 0 && now.tick <= ticket.issued_tick.saturating_add(FRESH_MS);
        (actor.role != Role::Kiosk || fresh)
            .then_some(())
            .ok_or(Refusal::TooLate)
    }

    fn decide_change(
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
        let number = self.next_number(now, actor, service)?;
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
            },
        ])
    }

    fn next_call(&self, counter: u32) -> Option<Event> {
        let (ticket, why) = self.pick(counter)?;
        Some(Event::Called {
            ticket,
            counter,
            why,
        })
    }

    fn decide_call_chosen(&self, actor: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
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
    fn own_counter(&self, actor: &Actor, counter: u32) -> Result<&Desk, Refusal> {
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

    fn calling_counter(&self, actor: &Actor, counter: u32) -> Result<&Desk, Refusal> {
        let desk = self.own_counter(actor, counter)?;
        match desk.state {
            CounterState::Open => Ok(desk),
            _ => Err(Refusal::CounterClosed),
        }
    }

    fn free_counter(&self, actor: &Actor, counter: u32) -> Result<(), Refusal> {
        match self.calling_counter(actor, counter)?.ticket {
            Some(_) => Err(Refusal::TicketInHand),
            None => Ok(()),
        }
    }

    /// The ticket in hand at an own counter; in one of `states`, if any are named.
    fn in_hand(
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
    fn hand_of(&self, actor: &Actor, ticket: &Ticket) -> Result<Option<u32>, Refusal> {
        match (ticket.state, ticket.counter) {
            (TicketState::Called | TicketState::Serving, Some(counter)) => {
                self.own_counter(actor, counter).map(|_| Some(counter))
            }
            (TicketState::Waiting, _) => Ok(None),
            _ => Err(Refusal::WrongState),
        }
    }

    fn decide_resume(&self, ticket: TicketId) -> Result<Vec<Event>, Refusal> {
        let ticket = self.todays(ticket)?;
        let after_calls = match ticket.state {
            TicketState::Parked => RETURN_AFTER_CALLS,
            TicketState::Held => 0,
            TicketState::Waiting => return Ok(Vec::new()),
            _ => return Err(Refusal::WrongState),
        };
        Ok(vec![Event::Resumed {
            ticket: ticket.id,
            after_calls,
        }])
    }

    fn decide_transfer(
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

    fn decide_open_counter(&self, actor: &Actor, counter: u32) -> Result<Vec<Event>, Refusal> {
        if !self.day_is_open() {
            return Err(Refusal::DayClosed);
        }
        match self.own_counter(actor, counter) {
            Ok(desk) if desk.state == CounterState::Open => Ok(Vec::new()),
            Ok(_) | Err(Refusal::CounterClosed) => Ok(vec![Event::CounterOpened {
                counter,
                actor: actor.id.clone(),
            }]),
            Err(refusal) => Err(refusal),
        }
    }

    fn decide_close_counter(&self, actor: &Actor, counter: u32) -> Result<Vec<Event>, Refusal> {
        match self.own_counter(actor, counter) {
            Err(Refusal::CounterClosed) => return Ok(Vec::new()),
            // A supervisor frees a counter whose clerk went home.
            Err(Refusal::CounterTaken) if matches!(actor.role, Role::Supervisor | Role::Admin) => {}
            Err(refusal) => return Err(refusal),
            Ok(_) => {}
        }
        match self.desks.get(&counter).and_then(|d| d.ticket) {
            Some(_) => Err(Refusal::TicketInHand),
            None => Ok(vec![Event::CounterClosed { counter }]),
        }
    }

    fn decide_scan(&self, now: Now, command: Command) -> Result<Vec<Event>, Refusal> {
        let Command::Scan {
            scan,
            dossier,
            purpose,
            counter,
            ticket,
            device,
            forward,
        } = command
        else {
            return Ok(Vec::new());
        };
        if self.same_scan(now, &device, &dossier).is_some() {
            return Ok(Vec::new());
        }
        let office = self.office().ok_or(Refusal::DayClosed)?;
        let desk = match counter {
            Some(number) => {
                office.counter(number).ok_or(Refusal::UnknownCounter)?;
                self.desks.get(&number)
            }
            None => None,
        };
        let ticket = match ticket {
            Some(id) => Some(self.ticket(id).ok_or(Refusal::UnknownTicket)?),
            // What is scanned while a ticket is in hand belongs to it.
            None => desk.and_then(|d| self.ticket(d.ticket?)),
        };
        let by_service = ticket.and_then(|t| office.service(t.service)?.purpose);
        let by_counter = || Some(office.counter(counter?)?.purpose);
        Ok(vec![Event::Scanned {
            scan,
            repeat: self.dossiers.contains(&(self.day_id(), dossier.clone())),
            dossier: Personal::Plain(dossier),
            purpose: purpose
                .or(by_service)
                .or_else(by_counter)
                .unwrap_or_default(),
            counter,
            ticket: ticket.map(|t| t.id),
            device,
            forward,
            day: self.day_id(),
            utc: self.utc(now.tick),
            office: office.code.clone(),
        }])
    }

    /// The scan that a reading of `dossier` by `device` only repeats: presentation readers
    /// read a label again while it stays in front of them.
    pub fn same_scan(&self, now: Now, device: &str, dossier: &str) -> Option<&crate::Scan> {
        self.scans()
            .rev()
            .take_while(|scan| scan.tick.saturating_add(DUPLICATE_SCAN_MS) > now.tick)
            .find(|scan| scan.device == device && scan.dossier.as_deref() == Some(dossier))
    }

    /// A scan that has no outcome yet, or one that nobody could tell and a clerk decides.
    fn open_scan(&self, scan: crate::ScanId) -> Result<&crate::Scan, Refusal> {
        self.scan(scan)
            .filter(|scan| scan.state.is_open())
            .ok_or(Refusal::UnknownScan)
    }
}

fn personal(text: Option<String>) -> Result<Option<Personal>, Refusal> {
    match text {
        Some(text) if text.len() > TEXT_MAX => Err(Refusal::OutOfRange),
        text => Ok(text.map(Personal::Plain)),
    }
}
