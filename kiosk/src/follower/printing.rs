//! Prints the slips that are not out yet, and reports what became of their paper.
//!
//! The ticket is a fact before its paper: a lost printer stops nothing. A slip that failed is
//! tried again while its citizen may still stand there; once any byte had left it is marked
//! *BẢN IN LẠI*. Two slips of one number do no harm, two citizens with one number would.

mod slip;

use std::collections::HashSet;
use std::time::Duration;

use printer::{Cause, Job, Paper, PrintError, TicketPrinter};
use queue::{Command, PaperState, TicketId};
use tokio::sync::watch;
use tracing::{error, info, warn};

use self::slip::ticket_slip;
use crate::engine::{Engine, Failure, View, system};
use crate::status::{Health, Parts};

/// A slip younger than this is printed again by itself; later its citizen has gone and asks
/// for a reprint.
const FRESH_MS: u64 = 3 * 60 * 1_000;

/// Between tries while the printer is in trouble.
const TRY_AGAIN: Duration = Duration::from_secs(3);

/// A slip to print.
struct Wanted {
    ticket: TicketId,
    paper: PaperState,
    number: String,
    job: Job,
}

/// Prints until the daemon stops. `printer` is used by one blocking thread at a time.
pub async fn run(
    engine: Engine,
    mut printer: Box<dyn TicketPrinter>,
    public_url: Option<String>,
    parts: Parts,
    mut stop: watch::Receiver<bool>,
) {
    parts.set("printer", Health::Ready);
    let mut newest = engine.newest();
    // Slips that were wanted before this start: some of their bytes may be out.
    let before = engine.read(|view| view.state.slips().map(|t| t.id).collect());
    let doubtful: HashSet<TicketId> = before.await.unwrap_or_default();
    let mut tried: HashSet<TicketId> = HashSet::new();
    loop {
        let url = public_url.clone();
        let (attempts, begun) = (tried.clone(), doubtful.clone());
        let read = engine.read(move |view| next_slip(view, &attempts, &begun, url.as_deref()));
        let wanted = match read.await {
            Ok(wanted) => wanted,
            Err(Failure::Stopping) => return,
            Err(_) => None,
        };
        let Some(wanted) = wanted else {
            // Whatever failed is out by now, or nobody waits for it any more.
            tried.clear();
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                changed = newest.changed() => if changed.is_err() { return },
            }
            continue;
        };
        let Wanted {
            ticket,
            paper,
            number,
            job,
        } = wanted;
        let Some((back, result)) = print(printer, job).await else {
            error!("printing a slip panicked; nothing is printed until the daemon starts again");
            parts.set("printer", Health::Trouble);
            return;
        };
        printer = back;
        let (now, cause) = outcome(&result);
        let again = matches!(now, PaperState::Failed | PaperState::Unknown);
        let health = if again {
            Health::Trouble
        } else {
            Health::Ready
        };
        if parts.set("printer", health) {
            match &cause {
                Some(cause) => warn!(
                    number,
                    cause, "The printer does not print; numbers stay on the screen"
                ),
                None => info!("The printer prints"),
            }
        }
        if again {
            tried.insert(ticket);
        } else {
            tried.remove(&ticket);
        }
        // What once may have left the printer stays so: a later failure with no byte out does
        // not make it unprinted.
        let now = match (paper, now) {
            (PaperState::Unknown, PaperState::Failed) => PaperState::Unknown,
            (_, now) => now,
        };
        let report = Command::ReportPaper {
            ticket,
            paper: now,
            cause,
        };
        // Until its outcome is kept no slip is printed: this one would come out again and again.
        while let Err(failure) = engine.act(system(), report.clone()).await {
            match failure {
                Failure::Stopping => return,
                Failure::Refused(_) => break,
                failure => warn!(%failure, "what became of a slip cannot be journalled yet"),
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(TRY_AGAIN) => {}
            }
        }
        if again {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(TRY_AGAIN) => {}
            }
        }
    }
}

/// The oldest slip to print, unless it is stale.
fn next_slip(
    view: View<'_>,
    tried: &HashSet<TicketId>,
    doubtful: &HashSet<TicketId>,
    url: Option<&str>,
) -> Option<Wanted> {
    let fresh = |t: &&queue::Ticket| view.now.tick.saturating_sub(t.paper_tick) < FRESH_MS;
    let over = |t: &&queue::Ticket| {
        use queue::TicketState::{Cancelled, Void};
        matches!(t.state, Cancelled | Void)
    };
    let slips = view.state.slips().filter(fresh).filter(|t| !over(t));
    // A slip that was never tried goes first: it should not wait for one that keeps failing.
    let ticket = slips.min_by_key(|t| (tried.contains(&t.id), t.place))?;
    let again = ticket.paper_begun || doubtful.contains(&ticket.id);
    Some(Wanted {
        ticket: ticket.id,
        paper: ticket.paper,
        number: ticket.number.to_string(),
        job: Job {
            name: format!("{}-{}", ticket.number, ticket.id),
            slip: ticket_slip(view, ticket, again, url),
        },
    })
}

async fn print(
    mut printer: Box<dyn TicketPrinter>,
    job: Job,
) -> Option<(Box<dyn TicketPrinter>, Result<Paper, PrintError>)> {
    let printing = tokio::task::spawn_blocking(move || {
        let result = printer.print(&job);
        (printer, result)
    });
    printing.await.ok()
}

/// What is known of the paper, and the cause if it is not out.
fn outcome(result: &Result<Paper, PrintError>) -> (PaperState, Option<String>) {
    match result {
        Ok(Paper::Sent) => (PaperState::Sent, None),
        Err(error) => {
            let paper = match (&error.cause, error.accepted) {
                (Cause::NoPrinter, _) => PaperState::None,
                (_, 0) => PaperState::Failed,
                _ => PaperState::Unknown,
            };
            (paper, Some(error.to_string()))
        }
    }
}
