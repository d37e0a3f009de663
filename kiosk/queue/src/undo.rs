//! Taking back the last act at a counter, for half a minute.

use crate::line::Row;
use crate::{Act, Event, Now, Refusal, Stamp, State, Ticket};

/// How long an act can be taken back.
pub const UNDO_MS: u64 = 30_000;

/// The last act at a counter and what was before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LastAct {
    pub act: Act,
    /// Record that did it; `Next` is two events of one record.
    seq: u64,
    tick: u64,
    before: Vec<Ticket>,
    /// Event counts that last touched those tickets.
    touched: Vec<u64>,
    in_hand: Option<crate::TicketId>,
    row: Row,
}

impl State {
    /// Keeps what was before an act at `counter`, so that it can be taken back.
    pub(crate) fn remember(&mut self, stamp: Stamp, counter: u32, act: Act, before: Ticket) {
        let touched = self.events;
        let Some(desk) = self.desks.get_mut(&counter) else {
            return;
        };
        match &mut desk.last {
            Some(last) if last.seq == stamp.seq => {
                last.act = Act::Next;
                last.before.push(before);
                last.touched.push(touched);
            }
            _ => {
                desk.last = Some(LastAct {
                    act,
                    seq: stamp.seq,
                    tick: stamp.tick,
                    before: vec![before],
                    touched: vec![touched],
                    in_hand: desk.ticket,
                    row: desk.row,
                });
            }
        }
    }

    /// What can be taken back at `counter` now: the act, the ticket, and ms left.
    pub fn undoable(&self, counter: u32, now: Now) -> Option<(Act, &Ticket, u64)> {
        let last = self.desks.get(&counter)?.last.as_ref()?;
        let left = last
            .tick
            .saturating_add(UNDO_MS)
            .checked_sub(now.tick)
            .filter(|ms| *ms > 0)?;
        let mut tickets = last.before.iter().zip(&last.touched);
        let untouched = tickets.all(|(before, touched)| {
            self.tickets
                .get(&before.id)
                .is_some_and(|t| t.touched == *touched)
        });
        let ticket = self.tickets.get(&last.before.first()?.id)?;
        untouched.then_some((last.act, ticket, left))
    }

    pub(crate) fn decide_undo(&self, now: Now, counter: u32) -> Result<Vec<Event>, Refusal> {
        let (act, ..) = self.undoable(counter, now).ok_or(Refusal::NothingToUndo)?;
        let last = self.desks.get(&counter).and_then(|d| d.last.as_ref());
        let tickets = last.map_or_else(Vec::new, |l| l.before.iter().map(|t| t.id).collect());
        Ok(vec![Event::Undone {
            counter,
            act,
            tickets,
        }])
    }

    pub(crate) fn apply_undone(&mut self, stamp: Stamp, counter: u32) {
        let Some(desk) = self.desks.get_mut(&counter) else {
            return;
        };
        let Some(last) = desk.last.take() else {
            return;
        };
        desk.ticket = last.in_hand;
        desk.since_tick = stamp.tick;
        desk.row = last.row;
        if matches!(last.act, Act::Call | Act::Next) {
            self.count_call(counter, -1);
        }
        for before in last.before.into_iter().rev() {
            if last.act == Act::Finish || (last.act == Act::Next && before.state.in_hand()) {
                self.taken_seconds
                    .entry(before.service)
                    .or_default()
                    .pop_back();
            }
            if !before.state.in_hand() {
                self.calls.retain(|call| call.ticket != before.id);
            }
            let id = before.id;
            let paper = self.tickets.get(&id).unwrap_or(&before);
            let (paper, slip) = (paper.paper, paper.slip.clone());
            self.change_ticket(id, |t| {
                *t = before;
                // Its paper went on meanwhile.
                (t.paper, t.slip) = (paper, slip);
            });
        }
    }
}
