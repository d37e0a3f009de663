//! The office in force, where it came from, and what waits for the next day.
//!
//! Promises:
//! - what `/admin` set outlives a restart: the file is input only when it differs from what it
//!   gave before;
//! - a number means the same service all day: letters change at a new day, unless today has no
//!   numbers yet;
//! - nobody who waits is left without a counter by a change of the office.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::{Counter, CounterState, DayOff, Event, Office, OfficeSource, Refusal, State, Ticket};

/// Closures longer ago are left out when another is added.
const DAYS_OFF_KEPT: i32 = 366;
/// A closure each day for a year and a half; more is somebody's mistake.
const DAYS_OFF_MAX: usize = 500;

/// An office that waits for the next day.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Planned {
    office: Office,
    version: u64,
}

/// The office as it was set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    office: Option<Office>,
    /// What the file gave last, in force or not.
    given: Option<Office>,
    planned: Option<Planned>,
    version: u64,
}

/// Why a change has to wait for the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Numbers with the old letters were given out today.
    Letters,
    /// This counter goes away, and is open or has tickets that only it may call.
    Counter(u32),
    /// People wait for this service, and no counter would serve it any more.
    Service(char),
}

impl Settings {
    /// The office in force; `None` before the first configuration.
    pub fn office(&self) -> Option<&Office> {
        self.office.as_ref()
    }

    /// The office that waits for the next day.
    pub fn planned(&self) -> Option<&Office> {
        self.planned.as_ref().map(|planned| &planned.office)
    }

    /// The record since when it waits.
    pub fn planned_since(&self) -> Option<u64> {
        self.planned.as_ref().map(|planned| planned.version)
    }

    /// The newest record that changed any of this.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Whether the office in force is as the file has it.
    pub fn by_file(&self) -> bool {
        self.office == self.given
    }

    /// The office that the next day begins with.
    pub(crate) fn coming(&self) -> Option<&Office> {
        self.planned().or(self.office())
    }

    /// A plan is over when its day begins: it is in force, or was withdrawn before.
    pub fn forget_planned(&mut self) {
        self.planned = None;
    }

    /// Makes an event of record `version` true; those about anything else change nothing.
    pub fn apply(&mut self, version: u64, event: &Event) {
        let (office, source) = match event {
            Event::Configured { office, source } => {
                self.office = Some((**office).clone());
                if *source == OfficeSource::Plan {
                    self.planned = None;
                }
                (office, *source)
            }
            Event::OfficePlanned { office, source } => {
                self.planned = Some(Planned {
                    office: (**office).clone(),
                    version,
                });
                (office, *source)
            }
            Event::OfficeWithdrawn => {
                self.planned = None;
                self.version = version;
                return;
            }
            _ => return,
        };
        if source == OfficeSource::File {
            self.given = Some((**office).clone());
        }
        self.version = version;
    }
}

impl State {
    /// Why `office` would have to wait for the next day; empty: it can come into force now.
    pub fn waits(&self, office: &Office) -> Vec<Wait> {
        let Some(old) = self.office() else {
            return Vec::new();
        };
        let letters = !self.tickets.is_empty() && !office.same_letters(old);
        let mut waits: Vec<Wait> = letters.then_some(Wait::Letters).into_iter().collect();
        let sent_to: BTreeSet<u32> = self
            .tickets()
            .filter(may_wait)
            .filter_map(|t| t.only)
            .collect();
        let in_use = self.desks.iter().filter(|(number, desk)| {
            desk.state != CounterState::Closed || sent_to.contains(number)
        });
        let gone = in_use.filter(|(number, _)| {
            old.counter(**number).is_some() && office.counter(**number).is_none()
        });
        waits.extend(gone.map(|(number, _)| Wait::Counter(*number)));
        let wanted: BTreeSet<char> = self.tickets().filter(may_wait).map(|t| t.service).collect();
        let served = |office: &Office, letter: char| {
            office.counters.iter().any(|c| c.services.contains(&letter))
        };
        let stranded = wanted
            .into_iter()
            .filter(|letter| served(old, *letter) && !served(office, *letter));
        waits.extend(stranded.map(Wait::Service));
        waits
    }

    /// The file's office is input only where it differs from what the file gave before.
    pub(crate) fn decide_configure(&self, office: Office) -> Vec<Event> {
        match self.settings.given.as_ref() == Some(&office) {
            true => Vec::new(),
            false => self.put(office, OfficeSource::File),
        }
    }

    pub(crate) fn decide_change_office(
        &self,
        office: Office,
        base: u64,
    ) -> Result<Vec<Event>, Refusal> {
        self.on_base(base)?;
        let waits_already = self.settings.planned() == Some(&office);
        match self.office() == Some(&office) || waits_already {
            true => Ok(Vec::new()),
            false => Ok(self.put(office, OfficeSource::Person)),
        }
    }

    pub(crate) fn decide_withdraw_office(&self, base: u64) -> Result<Vec<Event>, Refusal> {
        self.on_base(base)?;
        let planned = self.settings.planned();
        Ok(planned
            .map(|_| Event::OfficeWithdrawn)
            .into_iter()
            .collect())
    }

    /// Whoever changes the office has seen it as it is.
    fn on_base(&self, base: u64) -> Result<(), Refusal> {
        match self.settings.version == base {
            true => Ok(()),
            false => Err(Refusal::OfficeChanged),
        }
    }

    /// Puts a closure on a date, or none.
    pub(crate) fn decide_day_off(
        &self,
        date: Date,
        off: Option<DayOff>,
    ) -> Result<Vec<Event>, Refusal> {
        let mut office = self.office().ok_or(Refusal::DayClosed)?.clone();
        if off.as_ref().is_some_and(|off| !off.is_sound()) {
            return Err(Refusal::OutOfRange);
        }
        let old = date.checked_sub(DAYS_OFF_KEPT.days()).unwrap_or(Date::MIN);
        let added = off.is_some();
        office
            .days_off
            .retain(|off| off.date != date && (!added || off.date >= old));
        office.days_off.extend(off);
        office.days_off.sort_by_key(|off| off.date);
        if office.days_off.len() > DAYS_OFF_MAX {
            return Err(Refusal::OutOfRange);
        }
        match self.office() == Some(&office) {
            true => Ok(Vec::new()),
            false => Ok(self.put(office, OfficeSource::Person)),
        }
    }

    /// Puts an office into force, or on the list for the next day. What waits already is kept:
    /// a change that comes into force now is made there too.
    fn put(&self, office: Office, source: OfficeSource) -> Vec<Event> {
        if !self.waits(&office).is_empty() {
            let office = Box::new(office);
            return vec![Event::OfficePlanned { office, source }];
        }
        let kept = self.settings.planned().zip(self.office());
        let follows = kept.and_then(|(planned, old)| match planned.with_change(old, &office) {
            changed if changed == *planned => None,
            changed if changed == office => Some(Event::OfficeWithdrawn),
            changed => Some(Event::OfficePlanned {
                office: Box::new(changed),
                source: OfficeSource::Person,
            }),
        });
        let configured = Event::Configured {
            office: Box::new(office),
            source,
        };
        [configured].into_iter().chain(follows).collect()
    }

    /// A new day begins with the office that waited for it.
    pub(crate) fn begin_planned_office(&self, events: &mut Vec<Event>) {
        let opening = events
            .iter()
            .position(|event| matches!(event, Event::DayOpened { .. }));
        if let (Some(opening), Some(office)) = (opening, self.settings.planned()) {
            let begun = Event::Configured {
                office: Box::new(office.clone()),
                source: OfficeSource::Plan,
            };
            events.insert(opening, begun);
        }
    }
}

/// A ticket that may still be called, or come back and be.
fn may_wait(ticket: &&Ticket) -> bool {
    ticket.state.is_live()
}

fn follow<T: PartialEq + Clone>(mine: &mut T, old: &T, new: &T) {
    if old != new {
        *mine = new.clone();
    }
}

impl Office {
    /// `self` with what was changed from `old` to `new`, as far as it has it too.
    fn with_change(&self, old: &Office, new: &Office) -> Office {
        let mut changed = self.clone();
        // Whole, so that no field is forgotten.
        let Office {
            parent,
            name,
            code,
            hotline,
            languages,
            utc_offset_minutes,
            hours,
            work,
            holidays,
            days_off,
            notices,
            services,
            counters,
            classes,
            mixing,
            tickets_per_person,
            slips,
        } = &mut changed;
        follow(parent, &old.parent, &new.parent);
        follow(name, &old.name, &new.name);
        follow(code, &old.code, &new.code);
        follow(hotline, &old.hotline, &new.hotline);
        follow(languages, &old.languages, &new.languages);
        let offsets = [old, new].map(|office| office.utc_offset_minutes);
        follow(utc_offset_minutes, &offsets[0], &offsets[1]);
        follow(hours, &old.hours, &new.hours);
        follow(work, &old.work, &new.work);
        follow(holidays, &old.holidays, &new.holidays);
        follow(days_off, &old.days_off, &new.days_off);
        follow(notices, &old.notices, &new.notices);
        follow(classes, &old.classes, &new.classes);
        follow(mixing, &old.mixing, &new.mixing);
        let limits = [old, new].map(|office| office.tickets_per_person);
        follow(tickets_per_person, &limits[0], &limits[1]);
        follow(slips, &old.slips, &new.slips);
        for service in services.iter_mut() {
            let letter = service.letter;
            if let (Some(old), Some(new)) = (old.service(letter), new.service(letter)) {
                follow(service, old, new);
            }
        }
        let letters: BTreeSet<char> = services.iter().map(|s| s.letter).collect();
        let known = |counter: &Counter| {
            let mut counter = counter.clone();
            counter.services.retain(|letter| letters.contains(letter));
            counter
        };
        let removed =
            |c: &Counter| old.counter(c.number).is_some() && new.counter(c.number).is_none();
        counters.retain(|counter| !removed(counter));
        for new in &new.counters {
            let old = old.counter(new.number);
            let mine = counters.iter_mut().find(|c| c.number == new.number);
            match (mine, old) {
                (Some(mine), Some(old)) if old != new => *mine = known(new),
                (None, None) => counters.push(known(new)),
                _ => {}
            }
        }
        counters.sort_by_key(|counter| counter.number);
        changed
    }
}
