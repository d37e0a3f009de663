//! Orders announcements: every call and recall as what is to be heard in the lobby.
//!
//! - Derived from the journal's newest records, in their order; an announcement's id is its
//!   record's number, so that a daemon or a screen that starts anew says nothing twice.
//! - One that is older than [`FRESH_MS`] is not to be begun with: the citizen has seen the screen.
//!   It stays on the list for a while, so that a screen which has a queue of its own learns when a
//!   call is taken back.
//! - Nothing personal: a number, a counter, and whether it is called with priority.
//!
//! Who plays them, and whether anybody does, is the screens' business.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::Time;
use queue::{Act, Event, Number, TicketId};
use rusqlite::Connection;
use tokio::sync::watch;
use tracing::{info, warn};
use voice::{Call, Clip};

use crate::config;
use crate::engine::Engine;
use crate::journal::sqlite::{open_reader, read};
use crate::journal::{JournalError, Record};
use crate::status::{Health, Parts};

/// So long after the call a screen may begin with it, in ms.
const FRESH_MS: u64 = 60_000;
/// So long it is listed, in ms: as long as a screen may have it in its own queue.
const LISTED_MS: u64 = 600_000;
/// More than can be said in that time.
const LISTED_MAX: usize = 100;
/// Far more than a minute of the busiest office.
const BACK_RECORDS: u64 = 1_000;
/// Between two looks at the journal: a burst of records is one look.
const PACE: Duration = Duration::from_millis(20);
/// How often it is looked whether something has got old.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// A journal that cannot be read is tried again after this.
const RETRY: Duration = Duration::from_secs(10);

/// Where an announcement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// To be spoken.
    New,
    /// Too old to begin with.
    Old,
    /// The call was taken back.
    Undone,
}

/// A call as it is to be heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Announcement {
    /// The number of its record.
    pub id: u64,
    /// The number called.
    pub number: Number,
    /// Where to.
    pub counter: u32,
    /// Whether it is still to be heard.
    pub standing: Standing,
    /// What is said, a sentence for each language.
    pub sentences: Vec<Vec<Clip>>,
    /// How often all of them are said.
    pub repeat: u32,
    /// Percent of full strength.
    pub volume: u8,
    /// From the call to its place on the list, in ms.
    pub ordered_after_ms: u64,
    ticket: TicketId,
    /// On the office's own clock.
    called_ms: u64,
}

/// What a record tells the voice.
#[derive(Clone, Debug, PartialEq)]
enum Fact {
    /// Called, or called again.
    Called {
        seq: u64,
        called_ms: u64,
        ticket: TicketId,
        counter: u32,
    },
    /// Calls to a counter were taken back.
    TakenBack {
        counter: u32,
        tickets: Vec<TicketId>,
    },
}

impl Fact {
    /// Of one record. A command calls at most one ticket, so that its number is enough for an id.
    fn of(record: &Record) -> impl Iterator<Item = Self> {
        let (seq, called_ms) = (record.seq, record.mono);
        record.events.iter().filter_map(move |event| match event {
            Event::Called {
                ticket, counter, ..
            }
            | Event::Recalled { ticket, counter } => Some(Self::Called {
                seq,
                called_ms,
                ticket: *ticket,
                counter: *counter,
            }),
            Event::Undone {
                counter,
                act: Act::Call | Act::Next,
                tickets,
            } => Some(Self::TakenBack {
                counter: *counter,
                tickets: tickets.clone(),
            }),
            _ => None,
        })
    }
}

/// What is known of a ticket that is called.
#[derive(Clone, Copy, Debug)]
struct Called {
    number: Number,
    priority: bool,
}

/// The moment, as far as announcements go.
#[derive(Clone, Copy, Debug)]
struct Moment {
    /// On the office's own clock.
    now_ms: u64,
    /// Time of day at the office, if known.
    time: Option<Time>,
}

/// The list of announcements, oldest first.
#[derive(Debug)]
struct Orders {
    voice: config::Voice,
    list: VecDeque<Announcement>,
}

impl Orders {
    fn new(voice: config::Voice) -> Self {
        Self {
            voice,
            list: VecDeque::new(),
        }
    }

    /// A call that is to be heard behind all others.
    fn order(
        &mut self,
        seq: u64,
        called_ms: u64,
        (ticket, counter): (TicketId, u32),
        called: Called,
        moment: Moment,
    ) {
        let volume = self.voice.volume_at(moment.time);
        if volume == 0 {
            return;
        }
        let call = Call {
            letter: called.number.letter,
            n: called.number.n,
            counter,
            priority: called.priority,
        };
        let languages = self.voice.languages.iter();
        let reading = self.voice.reading();
        self.list.push_back(Announcement {
            id: seq,
            number: called.number,
            counter,
            standing: Standing::New,
            sentences: languages.map(|l| call.sentence(*l, reading)).collect(),
            repeat: self.voice.repeat,
            volume,
            ordered_after_ms: moment.now_ms.saturating_sub(called_ms),
            ticket,
            called_ms,
        });
        while self.list.len() > LISTED_MAX {
            self.list.pop_front();
        }
    }

    /// Calls that were taken back; an earlier one of the same ticket to another counter was not.
    fn take_back(&mut self, counter: u32, tickets: &[TicketId]) {
        for announcement in &mut self.list {
            if announcement.counter == counter && tickets.contains(&announcement.ticket) {
                announcement.standing = Standing::Undone;
            }
        }
    }

    /// Whether something on the list has changed by the time alone.
    fn pass_time(&mut self, now_ms: u64) -> bool {
        let age = |a: &Announcement| now_ms.saturating_sub(a.called_ms);
        let before = self.list.len();
        self.list.retain(|a| age(a) < LISTED_MS);
        let mut changed = self.list.len() != before;
        for announcement in &mut self.list {
            if announcement.standing == Standing::New && age(announcement) >= FRESH_MS {
                announcement.standing = Standing::Old;
                changed = true;
            }
        }
        changed
    }
}

/// The daemon's announcements, for the public state.
pub struct Announcer {
    orders: Mutex<Orders>,
    changed: watch::Sender<u64>,
}

impl Announcer {
    /// One that has ordered nothing yet.
    pub fn new(voice: &config::Voice) -> Self {
        Self {
            orders: Mutex::new(Orders::new(voice.clone())),
            changed: watch::channel(0).0,
        }
    }

    /// How calls are spoken here.
    pub fn settings(&self) -> config::Voice {
        self.held().voice.clone()
    }

    /// What is listed, oldest first.
    pub fn announcements(&self) -> Vec<Announcement> {
        self.held().list.iter().cloned().collect()
    }

    /// Changes with the list.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// A poisoned lock's content is whole here: every change is one list's.
    fn held(&self) -> std::sync::MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Follows the journal until the daemon stops.
    pub async fn run(
        self: Arc<Self>,
        data: PathBuf,
        engine: Engine,
        parts: Parts,
        mut stop: watch::Receiver<bool>,
    ) {
        if !self.held().voice.enabled {
            return;
        }
        let mut newest = engine.newest();
        newest.mark_changed();
        let mut reading = Reading {
            data,
            open: None,
            after: None,
        };
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                changed = tokio::time::timeout(LOOK_AGAIN, newest.changed()) => {
                    if matches!(changed, Ok(Err(_))) {
                        return;
                    }
                }
            }
            let seq = *newest.borrow_and_update();
            let pause = match self.follow(&engine, &mut reading, seq).await {
                Ok(()) => {
                    if parts.set("voice", Health::Ready) {
                        info!("Calls are announced");
                    }
                    PACE
                }
                Err(cause) => {
                    if parts.set("voice", Health::Trouble) {
                        warn!(%cause, "Calls are not announced until the journal can be read");
                    }
                    newest.mark_changed();
                    RETRY
                }
            };
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Takes in the records up to `newest`.
    async fn follow(
        &self,
        engine: &Engine,
        reading: &mut Reading,
        newest: u64,
    ) -> Result<(), String> {
        let facts = reading.facts(newest).await?;
        let wanted: Vec<TicketId> = facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Called { ticket, .. } => Some(*ticket),
                Fact::TakenBack { .. } => None,
            })
            .collect();
        let read = engine.read(move |view| {
            let called = wanted.iter().map(|id| {
                let ticket = view.state.ticket(*id)?;
                Some(Called {
                    number: ticket.number,
                    priority: ticket.class.is_priority(),
                })
            });
            let office = view.state.office();
            let moment = Moment {
                now_ms: view.now.tick,
                time: office.and_then(|o| Some(o.local(view.now.utc?).time())),
            };
            (called.collect::<Vec<_>>(), moment)
        });
        // An engine that has ended orders nothing more.
        let Ok((called, moment)) = read.await else {
            return Ok(());
        };
        let mut called = called.into_iter();
        let mut orders = self.held();
        let mut changed = !facts.is_empty();
        for fact in facts {
            match fact {
                Fact::Called {
                    seq,
                    called_ms,
                    ticket,
                    counter,
                } => {
                    // Unknown: its day was closed meanwhile, and nobody waits for it.
                    if let Some(called) = called.next().flatten() {
                        orders.order(seq, called_ms, (ticket, counter), called, moment);
                    }
                }
                Fact::TakenBack { counter, tickets } => orders.take_back(counter, &tickets),
            }
        }
        changed |= orders.pass_time(moment.now_ms);
        drop(orders);
        if changed {
            self.changed.send_modify(|n| *n += 1);
        }
        Ok(())
    }
}

/// How far the journal was read.
struct Reading {
    data: PathBuf,
    open: Option<Connection>,
    /// `None` at the start: as far back as an announcement may be old.
    after: Option<u64>,
}

impl Reading {
    /// What the records up to `newest` tell that was not read yet.
    async fn facts(&mut self, newest: u64) -> Result<Vec<Fact>, String> {
        if self.after.is_some_and(|after| after >= newest) {
            return Ok(Vec::new());
        }
        let (data, open, after) = (self.data.clone(), self.open.take(), self.after);
        let look = move || -> Result<_, JournalError> {
            let journal = match open {
                Some(journal) => journal,
                None => open_reader(&data)?,
            };
            let mut facts = Vec::new();
            let first = match after {
                Some(after) => after + 1,
                None => first_of_the_last_minute(&journal, newest)?,
            };
            for seq in first..=newest {
                if let Some(record) = read(&journal, seq)? {
                    facts.extend(Fact::of(&record));
                }
            }
            Ok((journal, facts))
        };
        let looked = tokio::task::spawn_blocking(look).await;
        let (journal, facts) = looked
            .map_err(|e| e.to_string())?
            .map_err(|e| e.to_string())?;
        (self.open, self.after) = (Some(journal), Some(newest));
        Ok(facts)
    }
}

/// The first record that is no older than an announcement may be.
fn first_of_the_last_minute(journal: &Connection, newest: u64) -> Result<u64, JournalError> {
    let mut first = newest + 1;
    let mut newest_ms = None;
    while first > 1 && newest - (first - 1) < BACK_RECORDS {
        let Some(record) = read(journal, first - 1)? else {
            break;
        };
        let since = *newest_ms.get_or_insert(record.mono);
        if since.saturating_sub(record.mono) > FRESH_MS {
            break;
        }
        first -= 1;
    }
    Ok(first)
}

#[cfg(test)]
mod tests;
