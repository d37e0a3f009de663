//! Commands decided one after the other, to be appended together.

use std::collections::HashMap;

use queue::{Actor, Command, Event, Now};
use tracing::error;

use super::core::{Core, Moment};
use super::{Answer, Done, Failure, Key, Submission};
use crate::journal::{CommandKey, KeyScope, Record};

/// What a batch has decided so far.
#[derive(Default)]
pub(super) struct Batch {
    records: Vec<Record>,
    answers: Vec<(Answer, Result<Done, Failure>)>,
    /// Keys of this batch: not in the journal yet, but a repeat may stand in the same batch.
    keys: HashMap<KeyScope, (CommandKey, Vec<Event>)>,
}

impl Batch {
    pub(super) fn records(&self) -> &[Record] {
        &self.records
    }

    pub(super) fn closes_day(&self) -> bool {
        let mut events = self.records.iter().flat_map(|r| &r.events);
        events.any(|e| matches!(e, Event::DayClosed { .. }))
    }

    pub(super) fn decide(&mut self, core: &mut Core, submission: Submission) {
        let Submission {
            actor,
            key,
            command,
            answer,
        } = submission;
        let result = self.result(core, actor, key, command);
        self.answers.push((answer, result));
    }

    /// For what the program does by itself at the start.
    pub(super) fn decide_silently(&mut self, core: &mut Core, actor: Actor, command: Command) {
        let result = self.result(core, actor, None, Box::new(|_, _| Ok(command)));
        self.answers.push((Box::new(|_, _| {}), result));
    }

    fn result(
        &mut self,
        core: &mut Core,
        actor: Actor,
        key: Option<Key>,
        command: super::Decide,
    ) -> Result<Done, Failure> {
        let key = match key {
            None => None,
            Some(key) => match self.repeated(core, &actor, &key)? {
                Repeat::Done(done) => return Ok(done),
                Repeat::No(scope, command_key) => Some((scope, command_key)),
            },
        };
        let (now, at) = core.now();
        let command = command(&core.state, now)?;
        let mut events = core.state.decide(now, &actor, command)?;
        if events.is_empty() {
            return Ok(Done {
                events,
                repeated: false,
            });
        }
        begin_with_waiting_office(core, &mut events);
        let index = self.records.len() as u64;
        let (scope, command_key) = key.unzip();
        let moment = Moment { now, at, index };
        let record = core
            .record(moment, &actor.id, command_key.clone(), &events)
            .map_err(|cause| {
                error!(%cause, "a day key cannot be written");
                Failure::JournalFull
            })?;
        self.records.push(record);
        if let (Some(scope), Some(command_key)) = (scope, command_key) {
            self.keys.insert(scope, (command_key, events.clone()));
        }
        Ok(Done {
            events,
            repeated: false,
        })
    }

    /// Whether the command was done before under its key.
    fn repeated(&mut self, core: &mut Core, actor: &Actor, key: &Key) -> Result<Repeat, Failure> {
        let scope = KeyScope {
            actor: actor.id.clone(),
            call: key.call.clone(),
            key: key.key.clone(),
        };
        let failed = |cause: &dyn std::fmt::Display| {
            error!(%cause, "a key cannot be looked up");
            Failure::JournalFailed
        };
        let before = match self.keys.get(&scope) {
            Some((command, events)) => Some((command.clone(), events.clone())),
            None => {
                let record = core.journal.by_key(&scope).map_err(|e| failed(&e))?;
                record.and_then(|mut record| {
                    core.vault.open_events(&mut record.events);
                    Some((record.command?, record.events))
                })
            }
        };
        let day = before
            .as_ref()
            .map_or(core.state.day_id(), |(command, _)| command.day);
        let body = core.vault.fingerprint(day, &key.body).map_err(|cause| {
            error!(%cause, "a day key cannot be written");
            Failure::JournalFull
        })?;
        match before {
            Some((command, _)) if command.body != body => Err(Failure::KeyReused),
            // Calling the next with nobody waiting is decided anew: somebody may wait now.
            Some((_, events)) if !found_nobody(&key.call, &events) => Ok(Repeat::Done(Done {
                events,
                repeated: true,
            })),
            _ => {
                let command = CommandKey {
                    call: key.call.clone(),
                    key: key.key.clone(),
                    body,
                    day,
                };
                Ok(Repeat::No(scope, command))
            }
        }
    }

    /// Answers everybody: after a failed append nothing of the batch happened.
    pub(super) fn answer(self, core: &Core, now: Now, failure: Option<Failure>) {
        for (answer, result) in self.answers {
            let result = match (&failure, result) {
                (Some(failure), Ok(done)) if !done.events.is_empty() => Err(failure.clone()),
                (_, result) => result,
            };
            answer(core.view(now), result);
        }
    }
}

enum Repeat {
    Done(Done),
    No(KeyScope, CommandKey),
}

fn found_nobody(call: &str, events: &[Event]) -> bool {
    call.ends_with("/next") && !events.iter().any(|e| matches!(e, Event::Called { .. }))
}

/// A configuration whose letters differ comes into force with the new day.
fn begin_with_waiting_office(core: &mut Core, events: &mut Vec<Event>) {
    let opening = events
        .iter()
        .position(|e| matches!(e, Event::DayOpened { .. }));
    if let Some(opening) = opening
        && let Some(office) = core.waiting_office.take()
    {
        let office = Box::new(office);
        events.insert(opening, Event::Configured { office });
    }
}
