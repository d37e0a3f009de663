//! Who is called next at a counter, and how many are called before a ticket.
//!
//! A counter calls, in this order: tickets sent to it; tickets that missed a call and whose
//! two calls have passed; then priority and normal by the office's mixing, each by place
//! over all services of the counter. So nobody waits for ever: with both waiting, at most
//! `mixing.priority` of `mixing.priority + mixing.normal` calls are priority ones.

use std::collections::btree_map::Iter;
use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;

use crate::line::{Line, Row};
use crate::{CounterState, Mixing, Number, State, Ticket, TicketId, Why, WhyRule};

/// Waiting tickets up to which `ahead` is simulated call by call; beyond, everybody at those
/// counters who came earlier counts. Keeps issuing fast with 100,000 waiting.
const AHEAD_EXACT_MAX: usize = 1_000;

impl State {
    /// The ticket `counter` would call now, and why.
    pub(crate) fn pick(&self, counter: u32) -> Option<(TicketId, Why)> {
        let services = &self.office()?.counter(counter)?.services;
        let desk = self.desks.get(&counter)?;
        let lines = || services.iter().filter_map(|letter| self.lines.get(letter));
        let oldest = |ids: &mut dyn Iterator<Item = (&u64, &TicketId)>| {
            ids.min_by_key(|(place, _)| **place)
                .map(|(p, id)| (*p, *id))
        };
        let normal = oldest(&mut lines().filter_map(|l| l.normal.first_key_value()));
        let priority = oldest(&mut lines().filter_map(|l| l.priority.first_key_value()));
        let returning = |due_only: bool| {
            lines()
                .filter_map(|l| {
                    l.returning
                        .first_key_value()
                        .map(|(key, id)| (l, *key, *id))
                })
                .filter(|(line, (due, _), _)| !due_only || *due <= line.calls)
                .min_by_key(|(_, (_, place), _)| *place)
                .map(|(_, _, id)| id)
        };
        let directed = self.directed.get(&counter).and_then(|line| {
            line.ids()
                .filter_map(|id| self.tickets.get(&id))
                .min_by_key(|t| t.place)
        });

        let passed = |chosen: TicketId| {
            let place = self.tickets.get(&chosen)?.place;
            let (first, id) = match (normal, priority) {
                (Some(n), Some(p)) => n.min(p),
                (one, other) => one.or(other)?,
            };
            (first < place).then(|| self.number(id)).flatten()
        };
        let why = |id, rule, after| {
            let passed = passed(id);
            (
                id,
                Why {
                    rule,
                    passed,
                    after,
                    reason: None,
                },
            )
        };
        if let Some(ticket) = directed {
            return Some(why(ticket.id, WhyRule::Directed, None));
        }
        if let Some(id) = returning(true) {
            return Some(why(id, WhyRule::Returned, Some(RETURN_AFTER_CALLS)));
        }
        let mixing = self.office()?.mixing;
        match (priority, normal) {
            (Some((_, id)), Some(_)) if desk.row.priority_is_next(mixing) => {
                Some(why(id, WhyRule::PriorityTurn, Some(desk.row.normal)))
            }
            (_, Some((_, id))) => Some(why(id, WhyRule::Turn, None)),
            (Some((_, id)), None) => Some(why(id, WhyRule::Turn, None)),
            (None, None) => returning(false).map(|id| why(id, WhyRule::Returned, None)),
        }
    }

    /// The longest-waiting ticket that a call of `chosen` passes over at `counter`.
    pub(crate) fn passed_over(&self, counter: u32, chosen: &Ticket) -> Option<Number> {
        let services = &self.office()?.counter(counter)?.services;
        let first =
            |line: &BTreeMap<u64, TicketId>| line.first_key_value().map(|(p, id)| (*p, *id));
        services
            .iter()
            .filter_map(|letter| self.lines.get(letter))
            .flat_map(|line| [first(&line.normal), first(&line.priority)])
            .flatten()
            .min()
            .filter(|(place, id)| *place < chosen.place && *id != chosen.id)
            .and_then(|(_, id)| self.number(id))
    }

    /// The tickets `counter` would call one after the other, and how many wait there in all.
    pub fn upcoming(&self, counter: u32, limit: usize) -> (Vec<&Ticket>, usize) {
        let Some((office, here)) = self.office().and_then(|o| Some((o, o.counter(counter)?)))
        else {
            return (Vec::new(), 0);
        };
        let lines = here
            .services
            .iter()
            .filter_map(|letter| self.lines.get(letter));
        let total = lines
            .chain(self.directed.get(&counter))
            .map(Line::len)
            .sum();
        let only_here = [(counter, here.services.clone())];
        let mut race = Race::new(self, &only_here, office.mixing);
        let tickets = std::iter::from_fn(|| race.call(0))
            .take(limit)
            .filter_map(|id| self.tickets.get(&id))
            .collect();
        (tickets, total)
    }

    /// How many waiting tickets would be called before `ticket` at the counters that serve its
    /// service, if nobody else came. `None`: it does not wait.
    pub fn ahead(&self, ticket: &Ticket) -> Option<u32> {
        let waits = ticket.state == crate::TicketState::Waiting;
        waits.then(|| self.called_before(ticket.service, Some(ticket)))
    }

    /// The same for a citizen who would take a normal ticket now.
    pub fn ahead_of_newcomer(&self, service: char) -> u32 {
        self.called_before(service, None)
    }

    fn called_before(&self, service: char, ticket: Option<&Ticket>) -> u32 {
        let Some(office) = self.office() else {
            return 0;
        };
        let serving = |number: u32, services: &[char]| match ticket.and_then(|t| t.only) {
            Some(only) => only == number,
            None => services.contains(&service),
        };
        let open: Vec<_> = office
            .counters
            .iter()
            .filter(|c| serving(c.number, &c.services))
            .filter(|c| {
                self.desks
                    .get(&c.number)
                    .is_some_and(|d| d.state == CounterState::Open)
            })
            .map(|c| (c.number, c.services.clone()))
            .collect();
        // Nobody serves it now: as if one counter did.
        let counters = if open.is_empty() {
            vec![(ticket.and_then(|t| t.only).unwrap_or(0), vec![service])]
        } else {
            open
        };
        let union: BTreeSet<char> = counters.iter().flat_map(|(_, s)| s.clone()).collect();
        let waiting: usize = union
            .iter()
            .filter_map(|letter| self.lines.get(letter))
            .map(Line::len)
            .sum();
        if waiting > AHEAD_EXACT_MAX {
            return self.came_before(&union, ticket);
        }
        Race::new(self, &counters, office.mixing).calls_before(ticket.map(|t| t.id))
    }

    /// The coarse figure for very long lines.
    fn came_before(&self, union: &BTreeSet<char>, ticket: Option<&Ticket>) -> u32 {
        let place = ticket.map_or(u64::MAX, |t| t.place);
        // Sent to one counter, which calls such tickets before all others.
        if let Some(only) = ticket.and_then(|t| t.only) {
            let sent = self.directed.get(&only).into_iter().flat_map(Line::ids);
            let before = sent.filter(|id| self.tickets.get(id).is_some_and(|t| t.place < place));
            return u32::try_from(before.count()).unwrap_or(u32::MAX);
        }
        // Back from a missed call: behind a few calls and those who are due earlier.
        if let Some(due) = ticket.and_then(|t| t.due) {
            let line = ticket.and_then(|t| self.lines.get(&t.service));
            let first = line.map_or(0, |l| l.returning.range(..(due, place)).count() as u64);
            let calls = line.map_or(0, |l| due.saturating_sub(l.calls));
            return u32::try_from(first.max(calls)).unwrap_or(u32::MAX);
        }
        let lines = union.iter().filter_map(|letter| self.lines.get(letter));
        let count: usize = match ticket {
            // A newcomer, or the newest: everybody came earlier, no need to count.
            Some(t) if t.place + 1 < self.next_place => lines
                .map(|l| {
                    let normals = if t.class.is_priority() {
                        0
                    } else {
                        self.before(&l.normal, place)
                    };
                    normals + self.before(&l.priority, place) + l.returning.len()
                })
                .sum(),
            Some(t) if t.class.is_priority() => {
                lines
                    .map(|l| l.priority.len() + l.returning.len())
                    .sum::<usize>()
                    - 1
            }
            Some(_) => lines.map(Line::len).sum::<usize>() - 1,
            None => lines.map(Line::len).sum(),
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// How many of a line came before `place`, counted from the nearer end: most questions
    /// are about tickets that were just given out.
    fn before(&self, line: &BTreeMap<u64, TicketId>, place: u64) -> usize {
        if place > self.next_place / 2 {
            line.len() - line.range(place..).count()
        } else {
            line.range(..place).count()
        }
    }
}

/// After a missed call a citizen who reported is called again after this many others.
pub(crate) const RETURN_AFTER_CALLS: u32 = 2;

/// A line as a race sees it: what is left of it.
struct Left<'a> {
    normal: Peekable<Iter<'a, u64, TicketId>>,
    priority: Peekable<Iter<'a, u64, TicketId>>,
    returning: Peekable<Iter<'a, (u64, u64), TicketId>>,
    calls: u64,
}

/// A counter as a race sees it: its services, its mixing, and what was sent to it.
type Caller<'a> = (&'a [char], Row, std::vec::IntoIter<(u64, TicketId)>);

/// Any call counts for those who wait out a missed one.
fn count(lines: &mut BTreeMap<char, Left<'_>>, services: &[char]) {
    for letter in services {
        if let Some(line) = lines.get_mut(letter) {
            line.calls += 1;
        }
    }
}

/// Counters taking turns over the lines, to see who comes when.
struct Race<'a> {
    counters: Vec<Caller<'a>>,
    lines: BTreeMap<char, Left<'a>>,
    mixing: Mixing,
}

impl<'a> Race<'a> {
    fn new(state: &'a State, counters: &'a [(u32, Vec<char>)], mixing: Mixing) -> Self {
        let letters = counters.iter().flat_map(|(_, services)| services);
        let lines = letters.filter_map(|letter| {
            let line = state.lines.get(letter)?;
            let left = Left {
                normal: line.normal.iter().peekable(),
                priority: line.priority.iter().peekable(),
                returning: line.returning.iter().peekable(),
                calls: line.calls,
            };
            Some((*letter, left))
        });
        let counters = counters.iter().map(|(number, services)| {
            let mut sent: Vec<_> = state.directed.get(number).map_or_else(Vec::new, |line| {
                line.ids()
                    .filter_map(|id| Some((state.tickets.get(&id)?.place, id)))
                    .collect()
            });
            sent.sort_unstable();
            let row = state.desks.get(number).map_or(Row::default(), |d| d.row);
            (services.as_slice(), row, sent.into_iter())
        });
        Self {
            counters: counters.collect(),
            lines: lines.collect(),
            mixing,
        }
    }

    /// Calls made before `wanted`, or before a newcomer at the end of the line.
    fn calls_before(&mut self, wanted: Option<TicketId>) -> u32 {
        let mut calls = 0;
        loop {
            let mut anybody = false;
            for counter in 0..self.counters.len() {
                match self.call(counter) {
                    Some(id) if Some(id) == wanted => return calls,
                    Some(_) => {
                        anybody = true;
                        calls += 1;
                    }
                    None => {}
                }
            }
            if !anybody {
                return calls;
            }
        }
    }

    fn call(&mut self, counter: usize) -> Option<TicketId> {
        let (services, row, sent) = self.counters.get_mut(counter)?;
        let services = *services;
        let mixing = self.mixing;
        if let Some((_, id)) = sent.next() {
            count(&mut self.lines, services);
            return Some(id);
        }
        let mut heads: [Option<(u64, char)>; 4] = [None; 4];
        for letter in services {
            let Some(line) = self.lines.get_mut(letter) else {
                continue;
            };
            let calls = line.calls;
            let due = line
                .returning
                .peek()
                .map(|((due, place), _)| (*due <= calls, *place));
            let places = [
                line.normal.peek().map(|(p, _)| **p),
                line.priority.peek().map(|(p, _)| **p),
                due.filter(|(due, _)| *due).map(|(_, p)| p),
                due.map(|(_, p)| p),
            ];
            for (head, place) in heads.iter_mut().zip(places) {
                let here = place.map(|p| (p, *letter));
                *head = match (*head, here) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (one, other) => one.or(other),
                };
            }
        }
        let [normal, priority, due, any_return] = heads;
        let (lane, (_, letter)) = if let Some(head) = due {
            (2, head)
        } else if let (Some(p), true) = (priority, normal.is_none() || row.priority_is_next(mixing))
        {
            (1, p)
        } else if let Some(n) = normal {
            (0, n)
        } else {
            (2, any_return?)
        };
        if lane < 2 {
            row.called(lane == 1);
        }
        count(&mut self.lines, services);
        let line = self.lines.get_mut(&letter)?;
        match lane {
            0 => line.normal.next().map(|(_, id)| *id),
            1 => line.priority.next().map(|(_, id)| *id),
            _ => line.returning.next().map(|(_, id)| *id),
        }
    }
}
