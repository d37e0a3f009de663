//! A second, much simpler book of an office, kept from its events alone: which numbers were
//! given out, who waits, who is in which hand, and whose turn each call was.
//!
//! After every event the rules' own invariants are checked and both books must agree.

use std::collections::{BTreeMap, BTreeSet};

use queue::*;

use super::Desk;
use super::steps::{self, Step};

/// Monday 23/11/2026, 07:30 in Vietnam.
const MORNING: i64 = 1_795_393_800_000;

/// The real UTC in ms at a moment of the office's own clock.
pub fn utc(tick: u64) -> i64 {
    MORNING + i64::try_from(tick).unwrap()
}

/// A call as fairness sees it.
#[derive(Clone, Copy, PartialEq)]
enum Turn {
    /// Both kinds waited; whether priority was called.
    Mixed { priority: bool },
    /// Somebody sent there or back from a missed call: no turn at all.
    None,
    /// Only one kind waited, or the clerk chose: counting begins anew.
    Alone,
    /// Another mixing: counting begins anew. Not a call, so never undone.
    NewRule,
}

/// An office and the simple book.
pub struct Life {
    pub desk: Desk,
    /// The state before the event that is being noted.
    before: State,
    /// What the wall clock is off; `None`: nobody knows.
    off_by: Option<i64>,
    numbers: BTreeSet<Number>,
    /// What the machine may not go below, by letter.
    beyond: BTreeMap<char, u32>,
    /// Held, or missed the call.
    away: BTreeSet<TicketId>,
    /// Tickets that may come back on another day, and the day that left them.
    rights: BTreeMap<TicketId, u64>,
    /// Calls of this service day, those taken back too.
    calls: u32,
    waiting: BTreeSet<TicketId>,
    hands: BTreeMap<u32, TicketId>,
    turns: BTreeMap<u32, Vec<Turn>>,
}

impl Life {
    pub fn new() -> Self {
        let desk = Desk::open();
        Self {
            before: desk.state.clone(),
            desk,
            off_by: None,
            numbers: BTreeSet::new(),
            beyond: BTreeMap::new(),
            away: BTreeSet::new(),
            rights: BTreeMap::new(),
            calls: 0,
            waiting: BTreeSet::new(),
            hands: BTreeMap::new(),
            turns: BTreeMap::new(),
        }
    }

    pub fn step(&mut self, step: &Step) {
        let mut ms = u64::from(step.seconds) * 1_000;
        match step.act {
            steps::Act::Clock(minutes) => self.off_by = Some(i64::from(minutes) * 60_000),
            steps::Act::PowerOff { minutes, known } => {
                self.start_again();
                self.off_by = known.then_some(0);
                // Without a battery clock nobody knows how long it was off.
                ms = u64::from(minutes) * if known { 60_000 } else { 0 };
            }
            _ => {}
        }
        self.desk.tick += ms;
        self.desk.utc = self.off_by.map(|off| utc(self.desk.tick) + off);
        let (actor, command) = self.desk.command(step);
        // At any moment there is an answer.
        let utc = [None, Some(i64::MIN), Some(0), Some(i64::MAX)][step.seconds as usize % 4];
        let end_of_time = Now {
            tick: u64::MAX,
            utc,
        };
        let _ = self.desk.state.decide(end_of_time, &actor, command.clone());
        let Ok(events) = self.desk.act(&actor, command) else {
            return;
        };
        if let steps::Act::Confirm(minutes, _) = step.act {
            self.off_by = Some(i64::from(minutes) * 60_000);
        }
        let stamp = Stamp {
            seq: self.desk.seq,
            tick: self.desk.tick,
        };
        for event in &events {
            self.note(event);
            self.before.apply(stamp, event);
        }
        self.agree();
    }

    /// Writes an event into the book, just before it happens.
    fn note(&mut self, event: &Event) {
        match event {
            Event::Issued {
                ticket,
                number,
                by_hand,
                earlier,
                ..
            } => {
                assert!(self.numbers.insert(*number), "{number} is given out twice");
                let beyond = self.beyond.entry(number.letter).or_default();
                assert!(
                    by_hand.is_some() || number.n > *beyond,
                    "{number} goes back"
                );
                *beyond = number.n.max(*beyond);
                if *by_hand != Some(ByHand::Served) {
                    self.waiting.insert(*ticket);
                }
                if let Some(earlier) = earlier {
                    let left = self.rights.remove(&earlier.ticket);
                    assert_eq!(left, Some(earlier.day), "a right is used once");
                }
            }
            Event::NumbersSkipped {
                service,
                next,
                date,
            } => {
                let dated = self.before.day().and_then(|day| day.date);
                let of_this_day = date.is_none() || dated.is_none() || *date == dated;
                let services = &self.before.office().unwrap().services;
                let letters = services.iter().map(|s| s.letter).filter(|_| of_this_day);
                for letter in letters.filter(|l| service.is_none_or(|one| one == *l)) {
                    let beyond = self.beyond.entry(letter).or_default();
                    *beyond = (next - 1).max(*beyond);
                }
            }
            Event::Deferred(right) => {
                let left =
                    self.waiting.contains(&right.ticket) || self.away.contains(&right.ticket);
                assert!(left, "only who was not served comes back");
                assert_eq!(self.rights.insert(right.ticket, right.day), None);
            }
            Event::DeferralsEnded { tickets } => {
                assert!(self.calls > 0, "nobody worked on that day");
                let last = self.before.day().unwrap().id;
                for ticket in tickets {
                    assert!(self.rights.remove(ticket).is_some_and(|day| day < last));
                }
            }
            Event::DayReopened { day } => self.rights.retain(|_, left| left != day),
            Event::Called {
                ticket,
                counter,
                why,
            } => {
                self.calls += 1;
                assert!(self.waiting.remove(ticket), "called without waiting");
                let taken = self.hands.insert(*counter, *ticket);
                assert_eq!(taken, None, "a second ticket in hand");
                let state = &self.before;
                let turn = turn(state, *counter, *ticket, why.rule);
                let mixing = state.office().unwrap().mixing;
                self.turns.entry(*counter).or_default().push(turn);
                self.fair(mixing, *counter);
            }
            Event::Resumed { ticket, .. } => {
                self.away.remove(ticket);
                self.waiting.insert(*ticket);
            }
            Event::Cancelled { ticket } | Event::Voided { ticket } => {
                self.waiting.remove(ticket);
                self.away.remove(ticket);
            }
            Event::Finished {
                ticket, counter, ..
            }
            | Event::MissedCall { ticket, counter } => {
                assert_eq!(self.hands.remove(counter), Some(*ticket));
                if matches!(event, Event::MissedCall { .. }) {
                    self.away.insert(*ticket);
                }
            }
            Event::Held {
                ticket, counter, ..
            } => {
                self.waiting.remove(ticket);
                self.away.insert(*ticket);
                let from = counter.and_then(|counter| self.hands.remove(&counter));
                assert_eq!(from, counter.map(|_| *ticket));
            }
            Event::Transferred { ticket, from, .. } => {
                let from = from.and_then(|counter| self.hands.remove(&counter));
                assert!(from.is_none_or(|id| id == *ticket));
                self.away.remove(ticket);
                self.waiting.insert(*ticket);
            }
            Event::Undone {
                counter,
                act,
                tickets,
            } => self.take_back(*counter, *act, tickets),
            Event::SlipBegun { slip, .. } => {
                let asked = self.before.asked(*slip).unwrap();
                let out = matches!(asked.paper, PaperState::Printed | PaperState::Sent);
                assert!(!out, "a slip known to be out comes out twice");
            }
            Event::DayClosed { .. } => assert!(self.hands.is_empty(), "in hand after closing"),
            Event::DayOpened { .. } => {
                self.numbers.clear();
                self.beyond.clear();
                self.waiting.clear();
                self.away.clear();
                self.calls = 0;
                self.turns.clear();
            }
            Event::Configured { .. } => {
                for turns in self.turns.values_mut() {
                    turns.push(Turn::NewRule);
                }
            }
            _ => {}
        }
    }

    fn take_back(&mut self, counter: u32, act: Act, tickets: &[TicketId]) {
        if matches!(act, Act::Call | Act::Next) {
            self.waiting.extend(self.hands.remove(&counter));
            let turns = self.turns.entry(counter).or_default();
            let call = turns.iter().rposition(|turn| *turn != Turn::NewRule);
            turns.remove(call.unwrap());
        }
        if act == Act::Transfer {
            self.waiting.remove(&tickets[0]);
        }
        self.away.remove(&tickets[0]);
        if act != Act::Call {
            self.hands.insert(counter, tickets[0]);
        }
    }

    /// With both kinds waiting, each run of calls as long as the mixing has its share.
    fn fair(&self, mixing: Mixing, counter: u32) {
        let turns = &self.turns[&counter];
        let mixed = turns.iter().rev().filter(|turn| **turn != Turn::None);
        let priority = mixed
            .map_while(|turn| match turn {
                Turn::Mixed { priority } => Some(*priority),
                _ => None,
            })
            .take((mixing.priority + mixing.normal) as usize)
            .filter(|priority| *priority);
        assert!(
            priority.count() <= mixing.priority as usize,
            "counter {counter} calls too many priority tickets"
        );
    }

    /// The book and the rules tell the same.
    fn agree(&self) {
        let state = &self.desk.state;
        let waiting = state.tickets().filter(|t| t.state == TicketState::Waiting);
        assert_eq!(waiting.map(|t| t.id).collect::<BTreeSet<_>>(), self.waiting);
        let letters: BTreeSet<char> = state.tickets().map(|t| t.service).collect();
        let counted: usize = letters.iter().map(|letter| state.waiting(*letter)).sum();
        assert_eq!(counted, self.waiting.len());
        let in_hand = |n| Some((n, state.desk(n)?.ticket?));
        let hands: BTreeMap<_, _> = [3, 4, 5].into_iter().filter_map(in_hand).collect();
        assert_eq!(hands, self.hands);
        let once: BTreeSet<_> = hands.values().collect();
        assert_eq!(once.len(), hands.len(), "one ticket in two hands");
        assert_eq!(state.anybody_waits(), !self.waiting.is_empty());
        let rights = state.deferrals().map(|right| (right.ticket, right.day));
        assert_eq!(rights.collect::<BTreeMap<_, _>>(), self.rights);
        if let Some(day) = state.day().filter(|day| !day.open) {
            let left: BTreeSet<_> = self.waiting.union(&self.away).copied().collect();
            let of_day = self.rights.iter().filter(|(_, left)| **left == day.id);
            assert_eq!(of_day.map(|(id, _)| *id).collect::<BTreeSet<_>>(), left);
        }
        let office = state.office().unwrap();
        let sent = state.tickets().filter_map(|t| match t.state {
            TicketState::Waiting | TicketState::Held => t.only,
            _ => None,
        });
        let mut sent = sent.filter(|n| office.counter(*n).is_none());
        assert_eq!(sent.next(), None, "sent to a counter that is gone");
        let mut letters = state.tickets().map(|t| t.service);
        assert!(letters.all(|letter| office.service(letter).is_some()));
    }

    /// The power goes: what a start makes of the journal is what was.
    pub fn start_again(&mut self) {
        let live = &self.desk.state;
        assert!(self.before == *live, "applying the same events differs");
        assert!(self.desk.replayed(|_| true) == *live, "a replay differs");
        // A start loads only what is still undone *now*. A scan of an earlier day that got its
        // outcome today is then missing, as it will be tomorrow anyway: all else is equal.
        let stored = self
            .desk
            .replayed(|scan| live.scan(scan.id).unwrap().state.is_open());
        let old = |scan: &&Scan| self.desk.carried.scans.iter().any(|s| s.id == scan.id);
        let over = |scan: &&Scan| old(scan) && !scan.state.is_open();
        if live.scans().any(|scan| over(&scan)) {
            let seen = |state: &State| -> Vec<Scan> {
                state.scans().filter(|s| !over(s)).cloned().collect()
            };
            assert_eq!(seen(&stored), seen(live));
            assert_eq!(
                shown(&stored, self.desk.now()),
                shown(live, self.desk.now())
            );
        } else {
            assert!(stored == *live, "a replay of what is stored differs");
        }
        self.desk.state = self.desk.replayed(|_| true);
    }
}

/// Everything but the scans that anybody can see of a state.
fn shown(state: &State, now: Now) -> String {
    let mut tickets: Vec<_> = state.tickets().collect();
    tickets.sort_unstable_by_key(|t| t.place);
    let desks = [3, 4, 5].map(|n| {
        let (upcoming, total) = state.upcoming(n, usize::MAX);
        let upcoming: Vec<_> = upcoming.into_iter().map(|t| t.number).collect();
        (state.desk(n), upcoming, total, state.undoable(n, now))
    });
    let calls: Vec<_> = state.calls().collect();
    let slips: Vec<_> = state.unprinted().map(|s| (s.id(), s.paper())).collect();
    let waits = ['A', 'B', 'C', 'D'].map(|letter| state.wait_of_newcomer(now, letter));
    let day = (state.day(), state.clock(), state.office());
    format!("{tickets:?} {desks:?} {calls:?} {slips:?} {waits:?} {day:?}")
}

/// What the call of `ticket` at `counter` means for the mixing there.
fn turn(state: &State, counter: u32, ticket: TicketId, rule: WhyRule) -> Turn {
    let called = state.ticket(ticket).unwrap();
    let priority = called.class.is_priority();
    if called.only.is_some() || called.due.is_some() {
        return Turn::None;
    }
    let services = &state.office().unwrap().counter(counter).unwrap().services;
    let waits = |priority: bool| {
        state.tickets().any(|t| {
            t.state == TicketState::Waiting
                && (t.only, t.due) == (None, None)
                && services.contains(&t.service)
                && t.class.is_priority() == priority
        })
    };
    let chosen = rule == WhyRule::Chosen && priority;
    match waits(true) && waits(false) && !chosen {
        true => Turn::Mixed { priority },
        false => Turn::Alone,
    }
}
