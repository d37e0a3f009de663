//! Before and after a slip: what a torn one left is cleared away, and what the printer's RAM holds
//! is known or made empty.

use std::io;
use std::time::{Duration, Instant};

use super::Driver;
use crate::ability::{self, Confirmation};
use crate::answer::Condition;
use crate::escpos::{self, Recovery};
use crate::print::Cause;
use crate::store::Store;
use crate::talk::{self, Talk};

/// For answers in turn that are late, in times of an answer.
const SYNC_ANSWERS: u32 = 2;
/// What a key in a printer's list may take beyond an answer. Its two bytes take 2.1 ms at 9,600
/// baud; the rest is for the blocks of the list, each of which waits to be acknowledged.
const KEY_WAIT: Duration = Duration::from_millis(5);
/// An answer can be lost, and with it a slip that is out would count as torn.
const LIST_ASKS_MAX: usize = 2;

impl Driver {
    /// After a torn slip: the printer gets what it needs, and its late answers are waited for.
    pub(super) fn recover(&mut self, deadline: Instant) -> Result<(), Cause> {
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
    pub(super) fn store(&mut self, deadline: Instant) -> Result<Option<Store>, Cause> {
        let capacity = self.setup.profile.ram_graphics_bytes;
        let (known, wait) = (self.store.take(), self.setup.answer);
        let (talk, abilities) = self.met(deadline)?;
        if capacity == 0 || !abilities.graphics {
            return Ok(None);
        }
        if let Some(store) = known
            && is_kept(talk, &store, wait)?
        {
            return Ok(Some(store));
        }
        // No byte of the slip, but half of it would swallow the first ones of the next.
        self.recovery = Recovery::of(&self.setup.profile);
        let (talk, _) = self.met(deadline)?;
        talk.say(&escpos::forget_graphics(), deadline)?;
        Ok(Some(Store::empty(capacity)))
    }

    /// A printer that lost its RAM in the middle of a slip printed it with holes.
    pub(super) fn still_kept(&mut self, store: Option<Store>) -> Result<(), Cause> {
        let Some(store) = store else {
            return Ok(());
        };
        let wait = self.setup.answer;
        let (talk, _) = self.met(Instant::now() + wait)?;
        if !is_kept(talk, &store, wait)? {
            return Err(Cause::Interrupted);
        }
        self.store = Some(store);
        Ok(())
    }

    /// After a slip that did not end well: what is still in the printer must not come out with
    /// the next one.
    pub(super) fn clear_away(&mut self, cause: &Cause) {
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

/// Whether a printer lists the graphics that it should. One that does not answer is asked once
/// more; another list is believed at once. `answer`: what a short one may take.
fn is_kept(talk: &mut Talk, store: &Store, answer: Duration) -> io::Result<bool> {
    let wait = list_wait(answer, store.keys());
    for _ in 0..LIST_ASKS_MAX {
        if let Some(keys) = talk.keys(&escpos::LIST_GRAPHICS, wait)? {
            return Ok(store.agrees(&keys));
        }
    }
    Ok(false)
}

/// How long a list of so many keys may take.
fn list_wait(answer: Duration, keys: usize) -> Duration {
    answer + KEY_WAIT * u32::try_from(keys).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
