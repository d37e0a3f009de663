//! From a slip that is wanted to the lines that a printer gets.

use std::path::Path;

use queue::{Office, SlipKind, TicketState, Unprinted};

use super::desk::Station;
use crate::engine::View;
use crate::journal::sqlite::open_reader;
use crate::ledger::{Days, Ledger, LedgerError};
use crate::slips::content::{self, Content, Paper};
use crate::slips::{self, compose};

/// A slip that a printer will get.
pub enum Draft {
    /// As it stands.
    Ready(printer::Slip),
    /// Its figures are still to be read, which takes longer than the engine may wait.
    DayReport(Box<DayReport>),
}

/// What a day report needs beside the journal.
pub struct DayReport {
    office: Office,
    language: String,
    utc: Option<i64>,
    again: bool,
    logo: Option<printer::Drawing>,
}

/// What slips need beside the state.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The printer that prints it.
    pub station: &'a Station,
    /// Where a ticket's code leads.
    pub url: Option<&'a str>,
    /// The office's logo.
    pub logo: Option<&'a printer::Drawing>,
}

/// Whether nobody can use this slip any more: its ticket is no longer one.
pub fn is_void(view: View<'_>, slip: Unprinted<'_>) -> bool {
    let ticket = match slip {
        Unprinted::Ticket(ticket) => Some(ticket),
        // The day goes on: its ticket waits again.
        Unprinted::Asked(asked) if asked.kind == SlipKind::Deferred => {
            let ticket = asked.ticket.and_then(|id| view.state.ticket(id));
            return ticket.is_none_or(|ticket| view.state.deferral_of(ticket).is_none());
        }
        Unprinted::Asked(asked) => match asked.ticket {
            Some(id) => match view.state.ticket(id) {
                None => return true,
                found => found,
            },
            None => None,
        },
    };
    ticket.is_some_and(|t| matches!(t.state, TicketState::Cancelled | TicketState::Void))
}

/// The slip as it is now: people ahead and times are of this moment.
pub fn draft(view: View<'_>, slip: Unprinted<'_>, means: Means<'_>) -> Option<Draft> {
    let office = view.state.office()?;
    let ready = |kind, content: &Content, language: &str| {
        let layout = slips::layout(office, kind);
        Draft::Ready(compose(layout, content, language, means.logo).slip)
    };
    Some(match slip {
        Unprinted::Ticket(ticket) => {
            let content = content::ticket(view, office, ticket, means.url);
            ready(SlipKind::Ticket, &content, &ticket.language)
        }
        Unprinted::Asked(asked) if asked.kind == SlipKind::DayReport => {
            Draft::DayReport(Box::new(DayReport {
                office: office.clone(),
                language: asked.language.to_string(),
                utc: view.now.utc,
                again: asked.slip.begun,
                logo: means.logo.cloned(),
            }))
        }
        Unprinted::Asked(asked) => {
            let paper = Paper {
                name: &means.station.name,
                profile: &means.station.profile,
            };
            let content = content::asked(view, office, asked, paper, means.url)?;
            ready(asked.kind, &content, &asked.language)
        }
    })
}

impl DayReport {
    /// Reads the last day of this data folder; without any, its figures are zero.
    pub fn read(self, data: &Path) -> Result<printer::Slip, LedgerError> {
        let ledger = Ledger::up_to_date(data, &open_reader(data)?)?;
        let figures = ledger.figures(Days::Last)?.unwrap_or_default();
        let (office, language) = (&self.office, &*self.language);
        let content = content::day_report(office, language, self.utc, &figures, self.again);
        let layout = slips::layout(office, SlipKind::DayReport);
        Ok(compose(layout, &content, language, self.logo.as_ref()).slip)
    }
}
