//! Which printer prints which slip.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use printer::{Cause, Condition, Job, PrintError, Printout};
use queue::{PaperState, Ticket, TicketId, TicketState};
use tokio::sync::Notify;

use super::slip::ticket_slip;
use crate::config;
use crate::engine::{Engine, Failure, View};

/// A slip is printed so often by itself. A printer that takes slips and never confirms one may
/// print them all the same, and a citizen needs one.
const TRIES_MAX: u32 = 3;

/// One printer of the office.
#[derive(Clone, Debug)]
pub struct Station {
    /// Its name in the configuration.
    pub name: String,
    /// Where it stands, by language.
    pub place: BTreeMap<String, String>,
    /// Which one prints for it while it does not.
    pub stand_in: Option<String>,
    /// A slip younger than this is printed again by itself; later its citizen has gone and asks
    /// for a reprint.
    pub fresh_ms: u64,
    /// Length of a new roll.
    pub roll_mm: f64,
}

impl From<&config::Printer> for Station {
    fn from(printer: &config::Printer) -> Self {
        Self {
            name: printer.name.clone(),
            place: printer.place.clone(),
            stand_in: printer.stand_in.clone(),
            fresh_ms: u64::from(printer.fresh_minutes) * 60_000,
            roll_mm: f64::from(printer.roll_metres) * 1_000.0,
        }
    }
}

/// All printers, and who has which slip in hand.
pub struct Desk {
    stations: Vec<Station>,
    url: Option<String>,
    open: Mutex<Open>,
    changed: Notify,
}

#[derive(Default)]
struct Open {
    conditions: HashMap<usize, Condition>,
    claimed: HashSet<TicketId>,
    /// How often each slip was sent without a good end.
    tries: HashMap<Attempt, u32>,
}

/// A slip as asked for at one time.
pub type Attempt = (TicketId, u64);

/// What a printer's worker is to do next.
pub enum Wanted {
    /// Print this.
    Print(Box<Slip>),
    /// Report that nothing comes out, because of this.
    Report(TicketId, Condition),
}

/// A slip to print.
pub struct Slip {
    /// Whose.
    pub ticket: TicketId,
    /// What was known of it.
    pub paper: PaperState,
    /// For the log.
    pub number: String,
    /// Marked as a reprint.
    pub again: bool,
    /// This printer's name, if it stands in for another.
    pub elsewhere: Option<String>,
    /// Counts its tries.
    pub attempt: Attempt,
    /// For the printer.
    pub job: Job,
}

impl Desk {
    /// A desk of these printers. `url`: where a slip's QR leads.
    pub fn new(stations: Vec<Station>, url: Option<String>) -> Self {
        Self {
            stations,
            url,
            open: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// One printer.
    pub fn station(&self, station: usize) -> &Station {
        &self.stations[station]
    }

    /// How it fares; nothing before the first look.
    pub fn condition(&self, station: usize) -> Option<Condition> {
        self.open().conditions.get(&station).copied()
    }

    /// Notes how a printer fares; whether that is news.
    pub fn note(&self, station: usize, condition: Condition) -> bool {
        let before = self.open().conditions.insert(station, condition);
        let news = before != Some(condition);
        if news {
            self.changed.notify_waiters();
        }
        news
    }

    /// Whether another printer prints the slips of this one now.
    pub fn stood_in(&self, station: usize) -> bool {
        let open = self.open();
        let stand_in = self.stand_in(station);
        stand_in.is_some_and(|other| open.conditions.get(&other).is_some_and(|c| c.prints()))
    }

    /// Until some printer fares differently.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// A slip was sent; counts if it may be out all the same. One that can never be printed has
    /// had its tries.
    pub fn tried(&self, attempt: &Attempt, result: &Result<Printout, PrintError>) {
        let mut open = self.open();
        match result {
            Ok(_) => {
                open.tries.remove(attempt);
            }
            Err(error) => {
                let tries = open.tries.entry(*attempt).or_default();
                match error.cause {
                    Cause::Slip(_) => *tries = TRIES_MAX,
                    _ => *tries += u32::from(error.begun),
                }
            }
        }
    }

    /// Another printer may have it.
    pub fn let_go(&self, ticket: TicketId) {
        self.open().claimed.remove(&ticket);
        self.changed.notify_waiters();
    }

    /// What this printer is to do next; it has the slip until it lets go.
    pub async fn next(
        self: Arc<Self>,
        station: usize,
        engine: &Engine,
    ) -> Result<Option<Wanted>, Failure> {
        engine.read(move |view| self.choose(view, station)).await
    }

    fn choose(&self, view: View<'_>, me: usize) -> Option<Wanted> {
        let mut open = self.open();
        let mine = *open.conditions.get(&me)?;
        let wanted = view.state.slips().filter(|t| {
            let age = view.now.tick.saturating_sub(t.slip.asked_tick);
            age < self.stations[me].fresh_ms
                && !matches!(t.state, TicketState::Cancelled | TicketState::Void)
                && !open.claimed.contains(&t.id)
        });
        let wanted = wanted.filter(|t| self.takes(&open, me, t));
        let next = if mine.prints() {
            let tries = |t: &&Ticket| open.tries.get(&attempt(t)).copied().unwrap_or(0);
            let ticket = wanted
                .filter(|t| tries(t) < TRIES_MAX)
                // A slip that was never tried does not wait for one that keeps failing.
                .min_by_key(|t| (tries(t), t.place))?;
            let again = ticket.slip.begun;
            Wanted::Print(Box::new(Slip {
                ticket: ticket.id,
                paper: ticket.paper,
                number: ticket.number.to_string(),
                again,
                elsewhere: (self.home(ticket) != me).then(|| self.stations[me].name.clone()),
                attempt: attempt(ticket),
                job: Job {
                    name: format!("{}-{}", ticket.number, ticket.id),
                    slip: ticket_slip(view, ticket, again, self.url.as_deref()),
                },
            }))
        } else {
            let told = |t: &&Ticket| t.slip.cause.as_deref() == Some(mine.as_str());
            let pending = |t: &&Ticket| t.paper == PaperState::Pending;
            let failed = |t: &&Ticket| t.paper == PaperState::Failed;
            let news = wanted.filter(|t| self.home(t) == me);
            let ticket = { news }.find(|t| pending(t) || failed(t) && !told(t))?;
            Wanted::Report(ticket.id, mine)
        };
        open.claimed.insert(match &next {
            Wanted::Print(slip) => slip.ticket,
            Wanted::Report(ticket, _) => *ticket,
        });
        Some(next)
    }

    /// The printer that a slip belongs to: the one asked for, else the first.
    fn home(&self, ticket: &Ticket) -> usize {
        let wanted = ticket.slip.wanted.as_deref();
        let named = |name| self.stations.iter().position(|s| s.name == name);
        wanted.and_then(named).unwrap_or(0)
    }

    fn stand_in(&self, station: usize) -> Option<usize> {
        let name = self.stations[station].stand_in.as_ref()?;
        self.stations.iter().position(|s| s.name == *name)
    }

    /// Whether this printer is the one for a slip now.
    fn takes(&self, open: &Open, me: usize, ticket: &Ticket) -> bool {
        let home = self.home(ticket);
        let prints = |station: usize| open.conditions.get(&station).is_some_and(|c| c.prints());
        let stand_in = self.stand_in(home);
        if me == home {
            prints(home) || !stand_in.is_some_and(prints)
        } else {
            stand_in == Some(me)
                && open.conditions.contains_key(&home)
                && !prints(home)
                && prints(me)
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        // Whatever a panic left is a set of names; the journal knows what is true.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn attempt(ticket: &Ticket) -> Attempt {
    (ticket.id, ticket.slip.asked_tick)
}
