//! Commands become events, or a refusal. Nothing changes here.

mod counter;
mod issue;
mod scan;

use crate::pick::RETURN_AFTER_CALLS;
use crate::scan::DUPLICATE_SCAN_MS;
use crate::{
    Actor, ClassId, Command, CounterState, Desk, Event, Issuing, JustRead, NotIssuing, Now, Number,
    PaperState, Personal, Refusal, Role, ScanState, Settled, State, Target, Ticket, TicketId,
    TicketState, Why, WhyRule,
};

/// A kiosk takes a number back only while it is fresh: its citizen still stands there.
const FRESH_MS: u64 = 90_000;

/// Languages, classes and reasons are short; longer ones are somebody's mistake.
pub(crate) const TEXT_MAX: usize = 500;

/// A ticket is held for hours at most: its day ends.
const HOLD_MINUTES_MAX: u32 = 24 * 60;

impl State {
    /// What `command` makes happen at `now`, or why not.
    ///
    /// No events: it is so already.
    pub fn decide(&self, now: Now, actor: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        let mut events = self.decide_alone(now, actor, command)?;
        self.begin_planned_office(&mut events);
        Ok(events)
    }

    fn decide_alone(
        &self,
        now: Now,
        actor: &Actor,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Start { gap_ms } => Ok(self.decide_start(now, gap_ms)),
            Command::Tick => Ok(self.decide_tick(now)),
            Command::Configure { office } => Ok(self.decide_configure(*office)),
            Command::ChangeOffice { office, base } => self.decide_change_office(*office, base),
            Command::WithdrawOffice { base } => self.decide_withdraw_office(base),
            Command::SetDayOff { off } => self.decide_day_off(off.date, Some(off)),
            Command::RemoveDayOff { date } => self.decide_day_off(date, None),
            Command::ConfirmTime { utc, sure } => self.decide_confirm_time(now, utc, sure),
            Command::OpenDay => self.decide_open_day(now),
            Command::CloseDay => self.decide_close_day(),
            Command::EraseDay { day } => self.decide_erase_day(day),
            Command::Issue { .. } => self.decide_issue(now, actor, command),
            Command::Return { .. } => self.decide_return(now, actor, command),
            Command::EnterRoll { .. } => self.decide_roll(command),
            Command::CancelRoll { service, from, to } => self.decide_cancel_roll(service, from, to),
            Command::SkipNumbers { service, next } => self.decide_skip(now, service, next),
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
                let finished = desk.ticket.map(|ticket| finished(ticket, counter));
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
                Ok(vec![finished(ticket, counter)])
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
                if minutes.is_some_and(|minutes| minutes > HOLD_MINUTES_MAX) {
                    return Err(Refusal::OutOfRange);
                }
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
            Command::PauseService { service } => {
                self.decide_pause(service, true, Event::ServicePaused { service })
            }
            Command::ResumeService { service } => {
                self.decide_pause(service, false, Event::ServiceResumed { service })
            }
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
            Command::ChangePerson { person, change } => {
                Ok(vec![Event::PersonChanged { person, change }])
            }
            Command::ChangeDevice { device, change } => {
                Ok(vec![Event::DeviceChanged { device, change }])
            }
            Command::Scan { .. } => self.decide_scan(now, command),
            Command::NoteIntakeAway { cause, for_ms } => Ok(vec![Event::IntakeAway {
                cause,
                for_ms,
                waiting: self.scans_pending(),
            }]),
            Command::NoteIntakeBack => Ok(vec![Event::IntakeBack]),
            Command::AskSlip { .. } => self.decide_ask(actor, command),
            Command::ReportPaper { slip, paper, cause } => {
                self.decide_report_paper(slip, paper, cause)
            }
            Command::BeginPaper {
                slip,
                printer,
                again,
            } => self.decide_begin_paper(slip, printer, again),
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
            Command::Settle {
                scan,
                settled,
                words,
            } => self.decide_settle(scan, settled, words),
            Command::DraftLetter { .. }
            | Command::SignLetter { .. }
            | Command::GiveLetter { .. } => self.decide_letter(now, command),
        }
    }

    /// `event` makes a service paused or not, unless it is so already.
    fn decide_pause(
        &self,
        service: char,
        paused: bool,
        event: Event,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.day_is_open() {
            return Err(Refusal::DayClosed);
        }
        let office = self.office().ok_or(Refusal::DayClosed)?;
        office.service(service).ok_or(Refusal::UnknownService)?;
        match self.is_paused(service) == paused {
            true => Ok(Vec::new()),
            false => Ok(vec![event]),
        }
    }

    /// A ticket of today, while the day is open.
    fn todays(&self, id: TicketId) -> Result<&Ticket, Refusal> {
        let ticket = self.ticket(id).ok_or(Refusal::UnknownTicket)?;
        self.day_is_open()
            .then_some(ticket)
            .ok_or(Refusal::DayClosed)
    }
}

fn finished(ticket: TicketId, counter: u32) -> Event {
    Event::Finished {
        ticket,
        counter,
        at_closing: false,
    }
}

pub(crate) fn personal(text: Option<String>) -> Result<Option<Personal>, Refusal> {
    match text {
        Some(text) if text.len() > TEXT_MAX => Err(Refusal::OutOfRange),
        text => Ok(text.map(Personal::Plain)),
    }
}
