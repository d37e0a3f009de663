//! Which printer prints which slip.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use printer::{Cause, Condition, Drawing, PrintError, Printout, Profile};
use queue::{Id, PaperState, SlipKind, Unprinted};
use tokio::sync::Notify;

use super::draft::{Draft, Means, draft, is_void};
use crate::config;
use crate::engine::{Engine, Failure, View};
use crate::journal::word;

/// A slip is printed so often by itself. A printer that takes slips and never confirms one may
/// print them all the same, and a citizen needs one.
const TRIES_MAX: u32 = 3;

/// One printer of the office.
#[derive(Clone, Debug)]
pub struct Station {
    /// Its name in the configuration.
    pub name: String,
    /// What it can do.
    pub profile: Profile,
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
            profile: printer.profile.clone(),
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
    logo: Option<Drawing>,
    open: Mutex<Open>,
    changed: Notify,
}

#[derive(Default)]
struct Open {
    conditions: HashMap<usize, Condition>,
    claimed: HashSet<Id>,
    /// How often each slip was sent without a good end.
    tries: HashMap<Attempt, u32>,
}

/// A slip as asked for at one time: a ticket's by the ticket's id, else by its own.
pub type Attempt = (Id, u64);

/// What a printer's worker is to do next.
pub enum Wanted {
    /// Print this.
    Print(Box<Slip>),
    /// Report that nothing comes out, because of this.
    Report(Id, Condition),
}

/// A slip to print.
pub struct Slip {
    /// The ticket's, or its own.
    pub id: Id,
    /// What was known of it.
    pub paper: PaperState,
    /// For the log: the number, or what it is for.
    pub what: String,
    /// Marked as a reprint.
    pub again: bool,
    /// This printer's name, if it stands in for another.
    pub elsewhere: Option<String>,
    /// Counts its tries.
    pub attempt: Attempt,
    /// For the printer.
    pub draft: Draft,
}

impl Desk {
    /// A desk of these printers. `url`: where a slip's QR leads.
    pub fn new(stations: Vec<Station>, url: Option<String>, logo: Option<Drawing>) -> Self {
        Self {
            stations,
            url,
            logo,
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

    /// A slip can never be printed as it was asked for.
    pub fn hopeless(&self, attempt: &Attempt) {
        self.open().tries.insert(*attempt, TRIES_MAX);
    }

    /// Another printer may have it.
    pub fn let_go(&self, slip: Id) {
        self.open().claimed.remove(&slip);
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
        let wanted = view.state.unprinted().filter(|slip| {
            let age = view.now.tick.saturating_sub(slip.life().asked_tick);
            age < self.stations[me].fresh_ms
                && !is_void(view, *slip)
                && !open.claimed.contains(&slip.id())
        });
        let wanted = wanted.filter(|slip| self.takes(&open, me, *slip));
        let next = if mine.prints() {
            let tries = |slip: Unprinted<'_>| open.tries.get(&attempt(slip)).copied().unwrap_or(0);
            let mut wanted: Vec<_> = wanted
                .map(|slip| (tries(slip), slip))
                .filter(|(tries, _)| *tries < TRIES_MAX)
                .collect();
            // A slip that was never tried does not wait for one that keeps failing; numbers come
            // before whatever else was asked for.
            wanted.sort_by_key(|(tries, slip)| (*tries, matches!(slip, Unprinted::Asked(_))));
            // One that there is nothing to print of holds back none behind it.
            wanted
                .into_iter()
                .find_map(|(_, slip)| self.to_print(view, me, slip))?
        } else {
            let told = |s: &Unprinted<'_>| s.life().cause.as_deref() == Some(mine.as_str());
            let mut news = wanted.filter(|slip| self.home(*slip) == me);
            let slip = news.find(|slip| match slip.paper() {
                PaperState::Pending => true,
                PaperState::Failed => !told(slip),
                _ => false,
            })?;
            Wanted::Report(slip.id(), mine)
        };
        open.claimed.insert(match &next {
            Wanted::Print(slip) => slip.id,
            Wanted::Report(slip, _) => *slip,
        });
        Some(next)
    }

    /// A slip for this printer. Nothing if what it is about is gone.
    fn to_print(&self, view: View<'_>, me: usize, slip: Unprinted<'_>) -> Option<Wanted> {
        let means = Means {
            station: &self.stations[me],
            url: self.url.as_deref(),
            logo: self.logo.as_ref(),
        };
        Some(Wanted::Print(Box::new(Slip {
            id: slip.id(),
            paper: slip.paper(),
            what: match slip {
                Unprinted::Ticket(ticket) => ticket.number.to_string(),
                Unprinted::Asked(asked) => word(asked.kind),
            },
            again: slip.life().begun,
            elsewhere: (self.home(slip) != me).then(|| self.stations[me].name.clone()),
            attempt: attempt(slip),
            draft: draft(view, slip, means)?,
        })))
    }

    /// The printer that a slip belongs to: the one asked for, else the first.
    fn home(&self, slip: Unprinted<'_>) -> usize {
        let wanted = slip.life().wanted.as_deref();
        let named = |name| self.stations.iter().position(|s| s.name == name);
        wanted.and_then(named).unwrap_or(0)
    }

    fn stand_in(&self, station: usize) -> Option<usize> {
        let name = self.stations[station].stand_in.as_ref()?;
        self.stations.iter().position(|s| s.name == *name)
    }

    /// Whether this printer is the one for a slip now.
    fn takes(&self, open: &Open, me: usize, slip: Unprinted<'_>) -> bool {
        let home = self.home(slip);
        let prints = |station: usize| open.conditions.get(&station).is_some_and(|c| c.prints());
        // A test page of another printer tells nothing.
        let of_one_printer =
            matches!(slip, Unprinted::Asked(asked) if asked.kind == SlipKind::TestPage);
        let stand_in = self.stand_in(home).filter(|_| !of_one_printer);
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

fn attempt(slip: Unprinted<'_>) -> Attempt {
    (slip.id(), slip.life().asked_tick)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use queue::{Command, Event, Now, Stamp};

    use super::*;
    use crate::config::Config;
    use crate::engine::system;
    use crate::engine::tests::House;

    #[tokio::test]
    async fn a_day_that_goes_on_prints_no_slip_for_another_day() {
        let house = House::new();
        house.issue("one").await.unwrap();
        let ticket = house.state().await.tickets().next().unwrap().id;
        let printed = Command::ReportPaper {
            slip: ticket,
            paper: PaperState::Printed,
            cause: None,
        };
        house.engine.act(system(), printed).await.unwrap();
        let chosen = async || {
            let config = Config::load(None).unwrap();
            let stations = config.printers.iter().map(Station::from).collect();
            let desk = Desk::new(stations, None, None);
            desk.note(0, Condition::Ready);
            let chosen = house.engine.read(move |view| desk.choose(view, 0));
            match chosen.await.unwrap() {
                Some(Wanted::Print(slip)) => Some(slip.what),
                _ => None,
            }
        };
        assert_eq!(chosen().await, None);
        house.engine.act(system(), Command::CloseDay).await.unwrap();
        assert_eq!(chosen().await.as_deref(), Some("deferred"));
        house.engine.act(system(), Command::OpenDay).await.unwrap();
        assert_eq!(chosen().await, None);
    }

    #[tokio::test]
    async fn a_slip_that_there_is_nothing_to_print_of_holds_back_no_other() {
        let house = House::new();
        let office = house.engine.read(|view| view.state.clone());
        let mut state = office.await.unwrap();
        let (gone, next) = (Id::from_bits(1), Id::from_bits(2));
        // A ticket comes back with its slip, but there is none.
        for (slip, kind) in [(gone, SlipKind::ReEntry), (next, SlipKind::TestPage)] {
            let (seq, tick) = (0, 1_000);
            let asked = Event::SlipAsked {
                slip,
                kind,
                service: None,
                ticket: None,
                language: "vi".to_owned(),
                printer: None,
            };
            state.apply(Stamp { seq, tick }, &asked);
        }
        let config = Config::load(None).unwrap();
        let stations = config.printers.iter().map(Station::from).collect();
        let desk = Desk::new(stations, None, None);
        desk.note(0, Condition::Ready);
        let view = View {
            state: &state,
            now: Now {
                tick: 2_000,
                utc: None,
            },
            epoch: "",
            seq: 0,
        };
        let chosen = || match desk.choose(view, 0) {
            Some(Wanted::Print(slip)) => Some(slip.id),
            _ => None,
        };
        assert_eq!(chosen(), Some(next));
        assert_eq!(chosen(), None, "it is in hand");
    }
}
