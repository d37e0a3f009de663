//! What the scans at a counter are for, when its clerk has said so: by a purpose barcode at any of
//! its scanners, or on its page.
//!
//! One truth for every way into the office: the counter's page shows it, and the scans of its page
//! and of its scanners follow it. What was said for one citizen is nobody else's: it ends when the
//! ticket in hand changes, at another word, or when nobody has scanned for a while. It is not
//! journalled: each scan is, with the purpose that it had.

use std::collections::BTreeMap;
use std::sync::Mutex;

use queue::{Now, Purpose, State, TicketId};

/// So long a purpose holds after the last scan under it. Somebody who comes back after a break has
/// forgotten it, and a scan with a stale purpose is a false entry in the dossier software.
pub const PURPOSE_MS: u64 = 10 * 60 * 1_000;

/// What was said, and for whom.
#[derive(Clone, Copy, Debug)]
struct Said {
    purpose: Purpose,
    /// The ticket in hand, if any.
    about: Option<TicketId>,
    used_tick: u64,
}

/// Purposes by counter.
#[derive(Debug, Default)]
pub struct Purposes(Mutex<BTreeMap<u32, Said>>);

impl Purposes {
    /// The clerk says what the next scans at a counter are for; `None`: as usual there.
    pub fn say(&self, state: &State, now: Now, counter: u32, purpose: Option<Purpose>) {
        let Ok(mut said) = self.0.lock() else {
            return;
        };
        match purpose {
            Some(purpose) => {
                let new = Said {
                    purpose,
                    about: in_hand(state, counter),
                    used_tick: now.tick,
                };
                said.insert(counter, new);
            }
            None => {
                said.remove(&counter);
            }
        }
    }

    /// What was said for a scan made now at a counter.
    pub fn said(&self, state: &State, now: Now, counter: u32) -> Option<Purpose> {
        let said = self.0.lock().ok()?.get(&counter).copied()?;
        let holds = said.about == in_hand(state, counter)
            && now.tick.saturating_sub(said.used_tick) < PURPOSE_MS;
        holds.then_some(said.purpose)
    }

    /// The same for a scan that is being made: what was said stays a while longer, or is forgotten.
    pub fn of_scan(&self, state: &State, now: Now, counter: u32) -> Option<Purpose> {
        let holds = self.said(state, now, counter);
        let mut said = self.0.lock().ok()?;
        match (holds, said.get_mut(&counter)) {
            (Some(_), Some(said)) => said.used_tick = now.tick,
            _ => {
                said.remove(&counter);
            }
        }
        holds
    }
}

fn in_hand(state: &State, counter: u32) -> Option<TicketId> {
    state.desk(counter)?.ticket
}
