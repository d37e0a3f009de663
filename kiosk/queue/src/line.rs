//! The lines: which tickets of a service wait, and in what order.

use std::collections::BTreeMap;

use crate::{Ticket, TicketId};

/// The waiting tickets of one service, or those sent to one counter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// Missed a call and reported: by the call count they are due at, then by place.
    pub returning: BTreeMap<(u64, u64), TicketId>,
    /// Every class but normal, by place.
    pub priority: BTreeMap<u64, TicketId>,
    /// By place.
    pub normal: BTreeMap<u64, TicketId>,
    /// Calls made at counters that serve this line, for [`Ticket::due`].
    pub calls: u64,
}

impl Line {
    pub(crate) fn insert(&mut self, ticket: &Ticket) {
        match ticket.due {
            Some(due) => self.returning.insert((due, ticket.place), ticket.id),
            None if ticket.class.is_priority() => self.priority.insert(ticket.place, ticket.id),
            None => self.normal.insert(ticket.place, ticket.id),
        };
    }

    pub(crate) fn remove(&mut self, ticket: &Ticket) {
        match ticket.due {
            Some(due) => self.returning.remove(&(due, ticket.place)),
            None if ticket.class.is_priority() => self.priority.remove(&ticket.place),
            None => self.normal.remove(&ticket.place),
        };
    }

    pub(crate) fn len(&self) -> usize {
        self.returning.len() + self.priority.len() + self.normal.len()
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = TicketId> + '_ {
        self.returning
            .values()
            .chain(self.priority.values())
            .chain(self.normal.values())
            .copied()
    }
}

/// How many of each class a counter called in a row: the memory of the mixing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// Priority calls since the last change of turn.
    pub priority: u32,
    /// Normal calls since the last priority one.
    pub normal: u32,
}

impl Row {
    /// Whether, with both waiting, priority is next.
    pub(crate) fn priority_is_next(self, mixing: crate::Mixing) -> bool {
        self.normal >= mixing.normal || (self.normal == 0 && self.priority < mixing.priority)
    }

    pub(crate) fn called(&mut self, priority: bool) {
        if !priority {
            self.normal = self.normal.saturating_add(1);
        } else if self.normal > 0 {
            *self = Self {
                priority: 1,
                normal: 0,
            };
        } else {
            self.priority = self.priority.saturating_add(1);
        }
    }
}
