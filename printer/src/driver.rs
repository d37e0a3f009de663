//! The driver of a real printer: brings a slip onto paper and finds out whether it came out.
//!
//! Promises:
//! - nothing is sent to a printer that says it cannot print;
//! - `printed` stands only for a slip that the printer confirmed in the best way it was found to
//!   have, with no fault before or after, and without an interruption in between;
//! - what a slip left half way is cleared away or cut off before the next one;
//! - a printer that is gone is found again by the next job or look.

use std::time::{Duration, Instant};

use tracing::debug;

use crate::ability::{self, Abilities, Confirmation};
use crate::answer::Condition;
use crate::escpos::{self, Recovery, Stream};
use crate::link;
use crate::print::{Cause, Job, Paper, PrintError, Printout, Setup, TicketPrinter, composed};
use crate::sheet::Sheet;
use crate::store::Store;
use crate::talk::{self, Talk};

/// Opening a line or a connection, and a look at a printer that says nothing.
const LOOK_MAX: Duration = Duration::from_secs(3);
/// While a slip is being printed, between two questions how it goes.
const ASK_EVERY: Duration = Duration::from_millis(300);
/// What a printer may need beyond moving its paper, for start and cut, in times of an answer.
const CONFIRM_ANSWERS: u32 = 4;
/// For answers in turn that are late, in times of an answer.
const SYNC_ANSWERS: u32 = 2;
/// Bytes between two questions in the middle of a slip. A printer that was off meanwhile, if only
/// for a second on a line of 9600 baud, missed at least one of them.
const ALIVE_EVERY_BYTES: usize = 960;
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

/// A slip on its way.
struct Way {
    deadline: Instant,
    /// Bytes that the link had taken and that were handed to it before the slip's first.
    taken_before: usize,
    written_before: usize,
    /// Questions slipped in between its commands.
    asked: usize,
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
            let mut talk = Talk::over(link);
            if let Some(abilities) = self.setup.abilities {
                ability::greet(&mut talk, abilities, deadline)?;
            }
            self.talk = Some(talk);
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

    /// After a torn slip: the printer gets what it needs, and its late answers are waited for.
    fn recover(&mut self, deadline: Instant) -> Result<(), Cause> {
        if self.recovery.is_empty() {
            return Ok(());
        }
        let (bytes, owed, wait) = (self.recovery.bytes(), self.owed, self.setup.answer);
        let (talk, abilities) = self.met(deadline)?;
        talk.say(&bytes, deadline)?;
        ability::greet(talk, abilities, deadline)?;
        talk.link().settle(deadline)?;
        if abilities.confirmation() == Confirmation::InTurn {
            talk.heard.in_turn = 0;
            talk.say(&talk::FENCE, deadline)?;
            let by = deadline.min(Instant::now() + wait * SYNC_ANSWERS);
            talk.listen(by, |heard| heard.in_turn > owed)?;
            if talk.heard.in_turn == 0 {
                return Err(Cause::Told(Condition::Silent));
            }
            self.owed = 0;
        }
        self.recovery = Recovery::default();
        Ok(())
    }

    /// The mirror of the printer's RAM, if it is used at all: empty, and the RAM with it, unless
    /// the printer lists what it should.
    fn store(&mut self, deadline: Instant) -> Result<Option<Store>, Cause> {
        let capacity = self.setup.profile.ram_graphics_bytes;
        let (known, wait) = (self.store.take(), self.setup.answer);
        let (talk, abilities) = self.met(deadline)?;
        if capacity == 0 || !abilities.graphics {
            return Ok(None);
        }
        if let Some(store) = known {
            let listed = talk.keys(&escpos::LIST_GRAPHICS, wait)?;
            if listed.is_some_and(|keys| store.agrees(&keys)) {
                return Ok(Some(store));
            }
        }
        talk.say(&escpos::forget_graphics(), deadline)?;
        Ok(Some(Store::empty(capacity)))
    }

    /// A printer that lost its RAM in the middle of a slip printed it with holes.
    fn still_kept(&mut self, store: Option<Store>) -> Result<(), Cause> {
        let Some(store) = store else {
            return Ok(());
        };
        let wait = self.setup.answer;
        let (talk, _) = self.met(Instant::now() + wait)?;
        match talk.keys(&escpos::LIST_GRAPHICS, wait)? {
            Some(keys) if store.agrees(&keys) => {
                self.store = Some(store);
                Ok(())
            }
            _ => Err(Cause::Interrupted),
        }
    }

    /// Hands the bytes over, with a question between two commands now and then.
    fn hand_over(&mut self, stream: &Stream, way: &mut Way) -> Result<(), Cause> {
        let (talk, abilities) = self.met(way.deadline)?;
        talk.listen(Instant::now(), |_| true)?;
        talk.heard.real_time.clear();
        talk.heard.done.clear();
        talk.heard.worst = None;
        let (mut sent, mut quiet) = (0, 0);
        for border in stream.borders.iter().copied() {
            talk.say(&stream.bytes[sent..border], way.deadline)?;
            quiet += border - sent;
            sent = border;
            if let Some(trouble) = talk.heard.worst.filter(|now| stops(*now)) {
                return Err(Cause::Told(trouble));
            }
            if abilities.real_time && quiet >= ALIVE_EVERY_BYTES {
                talk.say(&talk::ALIVE, way.deadline)?;
                way.asked += 1;
                quiet = 0;
            }
        }
        talk.link().settle(way.deadline)?;
        Ok(())
    }

    /// Waits until the printer says that the slip is out, in the best way it can.
    fn confirm(&mut self, mm: f32, way: &Way) -> Result<Paper, Cause> {
        let moving = Duration::from_secs_f32(mm / self.setup.profile.slowest_mm_s);
        let by = way
            .deadline
            .min(Instant::now() + moving + self.setup.answer * CONFIRM_ANSWERS);
        let (id, owed, answer) = (self.id(), self.owed, self.setup.answer);
        let (talk, abilities) = self.met(way.deadline)?;
        let confirmation = abilities.confirmation();
        match confirmation {
            Confirmation::None => {
                talk.link().finish(way.deadline)?;
                return Ok(Paper::Sent);
            }
            Confirmation::ProcessId => talk.say(&talk::process_id(id), by)?,
            Confirmation::InTurn => {
                talk.heard.in_turn = 0;
                talk.say(&talk::FENCE, by)?;
                self.owed += 1;
            }
            Confirmation::RealTime => {}
        }
        let mut asked = way.asked;
        loop {
            let (talk, _) = self.met(way.deadline)?;
            let out = match confirmation {
                Confirmation::ProcessId => talk.heard.done.contains(&id),
                Confirmation::InTurn => talk.heard.in_turn > owed,
                // Every byte is in the printer, and the paper had the time to move.
                Confirmation::RealTime => Instant::now() >= by - answer,
                Confirmation::None => true,
            };
            if let Some(trouble) = talk.heard.worst.filter(|now| stops(*now)) {
                return Err(Cause::Told(trouble));
            }
            if out {
                break;
            }
            if Instant::now() >= by {
                return Err(Cause::Unconfirmed);
            }
            let next = by.min(Instant::now() + ASK_EVERY);
            let heard = talk.listen(next, |heard| match confirmation {
                Confirmation::ProcessId => heard.done.contains(&id),
                Confirmation::InTurn => heard.in_turn > owed,
                Confirmation::RealTime | Confirmation::None => false,
            })?;
            if heard || !abilities.real_time {
                continue;
            }
            // Answers to the questions inside the slip come first.
            talk.listen(Instant::now() + answer, |heard| {
                heard.real_time.len() >= asked
            })?;
            if talk.heard.real_time.len() >= asked {
                asked = 0;
                match talk.status(answer)? {
                    Some(trouble) if stops(trouble) => return Err(Cause::Told(trouble)),
                    _ => {}
                }
            }
        }
        self.owed = 0;
        self.judge(asked, way)
    }

    /// The last word: nothing was missed on the way, and nothing is wrong now.
    fn judge(&mut self, asked: usize, way: &Way) -> Result<Paper, Cause> {
        let wait = self.setup.answer;
        let (talk, abilities) = self.met(way.deadline)?;
        if abilities.real_time {
            let by = Instant::now() + wait;
            if !talk.listen(by, |heard| heard.real_time.len() >= asked)? {
                return Err(Cause::Interrupted);
            }
            match talk.status(wait)? {
                None => return Err(Cause::Interrupted),
                // Its fence was answered and its slip is out; but with the cover open or the
                // cutter jammed nobody has it in hand.
                Some(trouble) if !trouble.prints() => return Err(Cause::Told(trouble)),
                Some(_) => {}
            }
        }
        Ok(Paper::Printed)
    }

    fn id(&mut self) -> [u8; 4] {
        // Visible characters only, 94 of them a digit.
        let mut rest = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        std::array::from_fn(|_| {
            let digit = (rest % 94) as u8;
            rest /= 94;
            b'!' + digit
        })
    }

    /// After a slip that did not end well: what is still in the printer must not come out with
    /// the next one.
    fn clear_away(&mut self, cause: &Cause) {
        self.store = None;
        self.recovery = Recovery::of(&self.setup.profile);
        let clears = self.setup.profile.realtime_clear;
        if let Some(talk) = &mut self.talk
            && clears
            && matches!(cause, Cause::Told(_) | Cause::Unconfirmed)
        {
            // Best effort: the recovery before the next slip does the rest.
            let _ = talk.say(&talk::CLEAR, Instant::now() + self.setup.answer);
        }
    }
}

/// Whether a slip under way will not come out by itself.
fn stops(condition: Condition) -> bool {
    !condition.prints() && condition != Condition::HeadHot
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
