//! A number on the screen: how long it stays, and what is still to be learnt about it.

use super::{CHANGE_MS, HOLD_MS, HOME_AFTER_MS, LOOK_EVERY_MS, SLOW_PAPER_MS};
use crate::board::{Paper, Ticket};

/// How a ticket came to be on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// Given out now.
    Now,
    /// It was there before: no second one for the same dossier, or the slip of a waiting one.
    Before,
    /// It missed its call or was put aside, and waits again.
    Again,
}

/// A ticket on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The ticket.
    pub ticket: Ticket,
    /// How it came to be there.
    pub given: Given,
    pub(super) since: u64,
    pub(super) home_at: u64,
    pub(super) look_at: u64,
}

impl Shown {
    pub(super) fn new(ticket: Ticket, given: Given, now: u64) -> Self {
        let mut shown = Self {
            ticket,
            given,
            since: now,
            home_at: now + HOLD_MS,
            look_at: now + LOOK_EVERY_MS,
        };
        if shown.on_paper() {
            shown.home_at = now + HOME_AFTER_MS;
        }
        shown
    }

    /// The citizen holds the number in the hand, or what it was shown for.
    pub fn on_paper(&self) -> bool {
        self.given != Given::Now || matches!(self.ticket.paper, Paper::Sent | Paper::Printed)
    }

    /// The slip is on its way for longer than one waits.
    pub fn slow(&self, now: u64) -> bool {
        self.ticket.paper == Paper::Pending && now >= self.since + SLOW_PAPER_MS
    }

    /// The daemon would still change it.
    pub fn may_change(&self, now: u64) -> bool {
        self.given == Given::Now && now < self.since + CHANGE_MS
    }

    /// Somebody may still be about to make paper of it.
    pub(super) fn looked_after(&self) -> bool {
        !self.on_paper() && self.ticket.paper != Paper::None
    }

    /// What was learnt about the ticket since. Paper that comes late starts the short count.
    pub(super) fn update(&mut self, ticket: Ticket, now: u64) {
        let before = self.on_paper();
        self.ticket = ticket;
        if self.on_paper() && !before {
            self.home_at = now + HOME_AFTER_MS;
        }
    }
}
