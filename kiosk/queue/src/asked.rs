//! Slips that somebody asks for beside a ticket's own, and what is still to be printed of all.

use crate::decide::TEXT_MAX;
use crate::{
    Actor, Command, Event, Id, PaperState, Refusal, Role, Slip, SlipKind, Stamp, State, Ticket,
    TicketId, TicketState,
};

/// Slips asked for on one day, above which a further one is refused: a button that is stuck prints
/// two rolls and not all of the store. A busy office needs some hundreds.
const ASKED_MAX: usize = 2_000;

/// A checklist, a re-entry slip, a day report or a test page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedSlip {
    /// Its id.
    pub id: Id,
    /// What it is for.
    pub kind: SlipKind,
    /// The service whose papers it lists.
    pub service: Option<char>,
    /// The ticket that comes back with it.
    pub ticket: Option<TicketId>,
    /// Language it is in.
    pub language: Box<str>,
    /// State of its paper.
    pub paper: PaperState,
    /// Its life.
    pub slip: Slip,
}

/// A slip that is not out.
#[derive(Clone, Copy, Debug)]
pub enum Unprinted<'a> {
    /// A ticket's own.
    Ticket(&'a Ticket),
    /// One that was asked for.
    Asked(&'a AskedSlip),
}

impl<'a> Unprinted<'a> {
    /// The ticket's id, or its own.
    pub fn id(self) -> Id {
        match self {
            Self::Ticket(ticket) => ticket.id,
            Self::Asked(asked) => asked.id,
        }
    }

    /// What is known of its paper.
    pub fn paper(self) -> PaperState {
        match self {
            Self::Ticket(ticket) => ticket.paper,
            Self::Asked(asked) => asked.paper,
        }
    }

    /// Its life.
    pub fn life(self) -> &'a Slip {
        match self {
            Self::Ticket(ticket) => &ticket.slip,
            Self::Asked(asked) => &asked.slip,
        }
    }
}

impl State {
    /// Slips that are not out: tickets' in order of issue, then what else was asked for.
    pub fn unprinted(&self) -> impl Iterator<Item = Unprinted<'_>> {
        let asked = self.unprinted_asked.iter();
        let asked = asked.filter_map(|id| self.asked.get(id));
        let tickets = self.slips().map(Unprinted::Ticket);
        tickets.chain(asked.map(Unprinted::Asked))
    }

    /// A slip that was asked for in this service day.
    pub fn asked(&self, id: Id) -> Option<&AskedSlip> {
        self.asked.get(&id)
    }

    /// What is known of the paper of a slip: a ticket's by the ticket's id, else by its own.
    fn slip(&self, id: Id) -> Option<(PaperState, &Slip)> {
        let ticket = self.ticket(id).map(|t| (t.paper, &t.slip));
        ticket.or_else(|| self.asked(id).map(|asked| (asked.paper, &asked.slip)))
    }

    pub(crate) fn decide_ask(
        &self,
        actor: &Actor,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        let Command::AskSlip {
            slip,
            kind,
            service,
            ticket,
            language,
            printer,
        } = command
        else {
            return Ok(Vec::new());
        };
        let office = self.office().ok_or(Refusal::DayClosed)?;
        let (about_service, about_ticket) = (kind == SlipKind::Checklist, kind.is_about_a_ticket());
        let fits = service.is_some() == about_service && ticket.is_some() == about_ticket;
        if !kind.may_be_asked_by(actor.role)
            || !fits
            || language.len() > TEXT_MAX
            || self.asked.len() >= ASKED_MAX
        {
            return Err(Refusal::OutOfRange);
        }
        if let Some(letter) = service {
            let service = office.service(letter).ok_or(Refusal::UnknownService)?;
            if service.papers.is_empty() {
                return Err(Refusal::NoPapers);
            }
        }
        if let Some(id) = ticket {
            let ticket = self.ticket(id).ok_or(Refusal::UnknownTicket)?;
            match kind {
                SlipKind::Deferred => {
                    self.deferral_of(ticket).ok_or(Refusal::NotDeferred)?;
                }
                // Only a held ticket keeps its place while its citizen is away.
                _ if ticket.state != TicketState::Held => return Err(Refusal::NotHeld),
                _ => {}
            }
        }
        if kind == SlipKind::DayReport && self.day().is_none() {
            return Err(Refusal::DayClosed);
        }
        Ok(vec![Event::SlipAsked {
            slip,
            kind,
            service,
            ticket,
            language,
            printer,
        }])
    }

    pub(crate) fn decide_begin_paper(
        &self,
        slip: Id,
        printer: Option<String>,
        again: bool,
    ) -> Result<Vec<Event>, Refusal> {
        let (paper, _) = self.slip(slip).ok_or(Refusal::UnknownTicket)?;
        match paper {
            PaperState::Pending | PaperState::Failed | PaperState::Unknown => {}
            // Known to be out, or never wanted: not a second one.
            PaperState::None | PaperState::Sent | PaperState::Printed => {
                return Err(Refusal::WrongState);
            }
        }
        Ok(vec![match self.asked(slip) {
            Some(_) => Event::SlipBegun {
                slip,
                printer,
                again,
            },
            None => Event::PaperBegun {
                ticket: slip,
                printer,
                again,
            },
        }])
    }

    pub(crate) fn decide_report_paper(
        &self,
        slip: Id,
        paper: PaperState,
        cause: Option<String>,
    ) -> Result<Vec<Event>, Refusal> {
        let (known, life) = self.slip(slip).ok_or(Refusal::UnknownTicket)?;
        let told = known == paper && life.cause.as_deref() == cause.as_deref();
        if told && !life.under_way {
            return Ok(Vec::new());
        }
        Ok(vec![match self.asked(slip) {
            Some(_) => Event::SlipReported { slip, paper, cause },
            None => Event::PaperReported {
                ticket: slip,
                paper,
                cause,
            },
        }])
    }

    pub(crate) fn apply_asked(&mut self, stamp: Stamp, event: &Event) {
        match event {
            Event::SlipAsked {
                slip,
                kind,
                service,
                ticket,
                language,
                printer,
            } => {
                let asked = AskedSlip {
                    id: *slip,
                    kind: *kind,
                    service: *service,
                    ticket: *ticket,
                    language: language.as_str().into(),
                    paper: PaperState::Pending,
                    slip: Slip {
                        asked_tick: stamp.tick,
                        wanted: printer.as_deref().map(Into::into),
                        ..Slip::default()
                    },
                };
                self.asked.insert(*slip, asked);
                self.unprinted_asked.push(*slip);
            }
            Event::SlipBegun {
                slip,
                printer,
                again,
            } => {
                if let Some(asked) = self.asked.get_mut(slip) {
                    asked.slip.begin(printer.as_deref(), *again);
                }
            }
            Event::SlipReported { slip, paper, cause } => {
                let Some(asked) = self.asked.get_mut(slip) else {
                    return;
                };
                asked.slip.end(*paper, cause.as_deref());
                asked.paper = *paper;
                self.unprinted_asked.retain(|id| id != slip);
                if paper.is_wanted() {
                    self.unprinted_asked.push(*slip);
                }
            }
            _ => {}
        }
    }
}

impl SlipKind {
    fn is_about_a_ticket(self) -> bool {
        matches!(self, Self::ReEntry | Self::Deferred)
    }

    /// Whose right it is to ask for one. A ticket's own comes with its number and is never asked for.
    pub fn may_be_asked_by(self, role: Role) -> bool {
        match self {
            Self::Ticket => false,
            Self::Checklist => true,
            Self::ReEntry | Self::Deferred | Self::TestPage => role != Role::Kiosk,
            Self::DayReport => !matches!(role, Role::Kiosk | Role::Clerk),
        }
    }
}

impl PaperState {
    /// Whether a slip in this state is still to be printed.
    pub(crate) fn is_wanted(self) -> bool {
        match self {
            Self::Pending | Self::Failed | Self::Unknown => true,
            Self::None | Self::Sent | Self::Printed => false,
        }
    }
}

impl Slip {
    /// A printer gets it.
    pub(crate) fn begin(&mut self, printer: Option<&str>, again: bool) {
        self.under_way = true;
        self.again = again;
        self.elsewhere = printer.map(Into::into);
    }

    /// What became of it. One of which some may be out is marked when it is printed again.
    pub(crate) fn end(&mut self, paper: PaperState, cause: Option<&str>) {
        self.begun |= matches!(
            paper,
            PaperState::Unknown | PaperState::Sent | PaperState::Printed
        );
        self.under_way = false;
        self.cause = cause.map(Into::into);
    }
}
