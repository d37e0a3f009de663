//! The driver of a real printer: brings a slip onto paper and finds out whether it came out.
//!
//! Promises:
//! - nothing is sent to a printer that says it cannot print;
//! - `printed` stands only for a slip that the printer confirmed in the best way it was found to
//!   have, with no fault before or after, and without an interruption in between;
//! - what a slip left half way is cleared away or cut off before the next one;
//! - a printer that is gone is found again by the next job or look.

mod confirm;
mod recover;

use std::time::{Duration, Instant};

use tracing::debug;

use crate::ability::{self, Abilities};
use crate::answer::Condition;
use crate::escpos::{self, Recovery};
use crate::link::{self, Link};
use crate::print::{Cause, Job, Paper, PrintError, Printout, Setup, TicketPrinter, composed};
use crate::sheet::Sheet;
use crate::store::Store;
use crate::talk::{self, Talk};
use confirm::Way;

/// Opening a line or a connection, and a look at a printer that says nothing.
const LOOK_MAX: Duration = Duration::from_secs(3);
/// A jam is not worn down by trying: so long between two attempts to recover from it.
const RECOVER_EVERY: Duration = Duration::from_secs(15);
/// A silent printer is asked again whether it has learnt to answer: another may have been plugged in.
const PROBE_AGAIN: Duration = Duration::from_secs(600);

pub(crate) struct Driver {
    setup: Setup,
    talk: Option<Talk>,
    /// What the device needs before it understands anything again; empty unless a slip was torn.
    recovery: Recovery,
    /// Answers in turn that were asked for and never came. One that comes late must not be taken
    /// for another's.
    owed: usize,
    next_id: u32,
    /// What the printer's RAM holds; none: nobody knows.
    store: Option<Store>,
    recovered: Option<Instant>,
    probed: Option<Instant>,
}

/// A slip that is not known to be out.
struct Stuck {
    accepted: usize,
    begun: bool,
    cause: Cause,
}

impl<C: Into<Cause>> From<C> for Stuck {
    /// Before its first byte.
    fn from(cause: C) -> Self {
        Self {
            accepted: 0,
            begun: false,
            cause: cause.into(),
        }
    }
}

impl Driver {
    pub(crate) fn new(setup: Setup) -> Self {
        let recovery = match setup.torn {
            true => Recovery::of(&setup.profile),
            false => Recovery::default(),
        };
        Self {
            setup,
            talk: None,
            recovery,
            owed: 0,
            next_id: 0,
            store: None,
            recovered: None,
            probed: None,
        }
    }

    /// The open way to the printer, and what it can do.
    fn met(&mut self, deadline: Instant) -> Result<(&mut Talk, Abilities), Cause> {
        if self.talk.is_none() {
            let link = link::connect(&self.setup.device, deadline)?.ok_or(Cause::NoPrinter)?;
            self.meet(link, deadline)?;
        }
        let talk = self.talk.as_mut().ok_or(Cause::NoPrinter)?;
        let again = |probed: Instant| probed.elapsed() > PROBE_AGAIN;
        let silent = |abilities: Abilities| !abilities.answers();
        let due = match self.setup.abilities {
            None => true,
            Some(found) => silent(found) && self.probed.is_some_and(again),
        };
        if due {
            self.probed = Some(Instant::now());
            let keeps = self.setup.profile.ram_graphics_bytes > 0;
            let list = keeps.then_some(&escpos::LIST_GRAPHICS[..]);
            let found = ability::probe(talk, list)?;
            debug!(?found, "The printer was asked what it can do");
            self.setup.abilities = Some(found);
        }
        let abilities = self.setup.abilities.unwrap_or_default();
        Ok((talk, abilities))
    }

    /// The first words on a way that was just opened.
    fn meet(&mut self, link: Box<dyn Link>, deadline: Instant) -> Result<(), Cause> {
        let mut talk = Talk::over(link);
        if !self.recovery.is_empty() {
            // A command torn in its head would take its length from whatever is said next, and
            // with it the bytes of many slips.
            talk.say(&escpos::HEAD_ZEROS, deadline)?;
        }
        if let Some(abilities) = self.setup.abilities {
            ability::greet(&mut talk, abilities, deadline)?;
        }
        self.talk = Some(talk);
        Ok(())
    }

    /// How a printer fares that is able to tell; one that answered once and does not is silent.
    fn status(&mut self, deadline: Instant) -> Result<Condition, Cause> {
        let wait = self.setup.answer;
        let zeros = self.recovery.zeros;
        let (talk, abilities) = self.met(deadline)?;
        if !abilities.real_time {
            return Ok(talk.heard.changed.unwrap_or(Condition::Ready));
        }
        if let Some(condition) = talk.status(wait)? {
            return Ok(condition);
        }
        if zeros > 0 {
            // In the middle of dots some take questions for dots.
            talk.say(&vec![0; zeros], deadline)?;
            if let Some(condition) = talk.status(wait)? {
                return Ok(condition);
            }
        }
        Ok(Condition::Silent)
    }

    fn send(&mut self, sheet: &Sheet, mm: f32) -> Result<Paper, Stuck> {
        let deadline = Instant::now() + self.setup.patience;
        let condition = self.status(deadline)?;
        if !condition.prints() {
            return Err(Cause::Told(condition).into());
        }
        self.recover(deadline)?;
        let mut store = self.store(deadline)?;
        let stream = escpos::stream(sheet, store.as_mut());
        let (talk, _) = self.met(deadline)?;
        let mut way = Way {
            deadline,
            taken_before: talk.link().taken(),
            written_before: talk.link().written(),
            asked: 0,
        };
        // What the RAM holds is known again once the slip is known to be out.
        self.store = None;
        let outcome = self
            .hand_over(&stream, &mut way)
            .and_then(|()| self.confirm(mm, &way))
            .and_then(|paper| self.still_kept(store).map(|()| paper));
        if outcome.is_ok() {
            // What had to be sent before the slip is there too.
            self.recovery = Recovery::default();
        }
        outcome.map_err(|cause| {
            let link = self.talk.as_mut().map(Talk::link);
            let (taken, written) = link.map_or((0, 0), |link| (link.taken(), link.written()));
            Stuck {
                accepted: taken.saturating_sub(way.taken_before),
                begun: written > way.written_before,
                cause,
            }
        })
    }
}

impl TicketPrinter for Driver {
    fn print(&mut self, job: &Job) -> Result<Printout, PrintError> {
        let sheet = composed(job, &self.setup.profile, &self.setup.faces)?;
        let mm = self.setup.profile.paper_mm(sheet.rows());
        match self.send(&sheet, mm) {
            Ok(paper) => {
                if self.talk.as_mut().is_some_and(|talk| !talk.link().stays()) {
                    self.talk = None;
                }
                debug!(job = %job.name, ?paper, "Slip out");
                Ok(Printout { paper, mm })
            }
            Err(Stuck {
                accepted,
                begun,
                cause,
            }) => {
                if begun {
                    self.clear_away(&cause);
                }
                self.talk = None;
                Err(PrintError {
                    accepted,
                    begun,
                    cause,
                })
            }
        }
    }

    fn look(&mut self) -> Condition {
        let deadline = Instant::now() + LOOK_MAX;
        let condition = match self.status(deadline) {
            Ok(condition) => condition,
            Err(cause) => {
                self.talk = None;
                return cause.condition().unwrap_or(Condition::Unplugged);
            }
        };
        let waited = |since: Instant| since.elapsed() > RECOVER_EVERY;
        if condition == Condition::CutterJammed
            && self.recovered.is_none_or(waited)
            && let Some(talk) = &mut self.talk
        {
            self.recovered = Some(Instant::now());
            // Best effort: the next look tells whether it helped.
            let _ = talk.say(&talk::RECOVER, deadline);
        }
        if self.talk.as_mut().is_some_and(|talk| !talk.link().stays()) {
            self.talk = None;
        }
        condition
    }

    fn abilities(&mut self, probe: bool) -> Option<Abilities> {
        if probe {
            self.setup.abilities = None;
            // A printer that is not there keeps `None`.
            let _ = self.met(Instant::now() + LOOK_MAX);
        }
        self.setup.abilities
    }
}
