//! Commands decided one after the other, to be appended together.

use std::collections::HashMap;

use queue::{Actor, Command, Event, Now};
use tracing::error;

use super::core::{Core, Moment};
use super::{Answer, Done, Failure, Key, Submission};
use crate::journal::{CommandKey, KeyScope, Record};

/// An answer to give once the batch is durable.
struct Answered {
    answer: Answer,
    result: Result<Done, Failure>,
    /// It rests on records of this batch: if they fail, so does it.
    on_batch: bool,
}

/// What a batch has decided so far.
#[derive(Default)]
pub(super) struct Batch {
    records: Vec<Record>,
    answers: Vec<Answered>,
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

    /// Days whose key is to be deleted.
    pub(super) fn erased_days(&self) -> impl Iterator<Item = u64> {
        let events = self.records.iter().flat_map(|r| &r.events);
        events.filter_map(|e| match e {
            Event::DayErased { day } => Some(*day),
            _ => None,
        })
    }

    /// UTC minus the office's own clock, as staff said it.
    pub(super) fn confirmed_clocks(&self) -> impl Iterator<Item = i64> {
        let events = self.records.iter().flat_map(|r| &r.events);
        events.filter_map(|e| match e {
            Event::TimeConfirmed { clock, .. } => Some(*clock),
            _ => None,
        })
    }

    pub(super) fn decide(&mut self, core: &mut Core, submission: Submission) {
        let Submission {
            actor,
            key,
            command,
            answer,
        } = submission;
        let (result, durable) = match self.result(core, actor, key, command) {
            Ok((done, durable)) => (Ok(done), durable),
            Err(failure) => (Err(failure), false),
        };
        self.answers.push(Answered {
            answer,
            result,
            on_batch: !durable && !self.records.is_empty(),
        });
    }

    /// For what the program does by itself: nobody waits for the answer. False: refused.
    pub(super) fn decide_silently(
        &mut self,
        core: &mut Core,
        actor: Actor,
        command: Command,
    ) -> bool {
        self.result(core, actor, None, Box::new(|_, _| Ok(command)))
            .is_ok()
    }

    /// What comes of a command, and whether that was durable before this batch.
    fn result(
        &mut self,
        core: &mut Core,
        actor: Actor,
        key: Option<Key>,
        command: super::Decide,
    ) -> Result<(Done, bool), Failure> {
        let key = match key {
            None => None,
            Some(key) => match self.repeated(core, &actor, &key)? {
                Repeat::Done(done, durable) => return Ok((done, durable)),
                Repeat::No(scope, command_key) => Some((scope, command_key)),
            },
        };
        let (now, at) = core.now();
        let command = command(&core.state, now)?;
        if let Some(failure) = core.refusing(now)
            && !matches!(command, Command::CloseDay)
        {
            return Err(failure);
        }
        let events = core.state.decide(now, &actor, command)?;
        if events.is_empty() {
            let done = Done {
                events,
                repeated: false,
            };
            return Ok((done, false));
        }
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
        let done = Done {
            events,
            repeated: false,
        };
        Ok((done, false))
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
        let in_batch = self.keys.get(&scope);
        let durable = in_batch.is_none();
        let before = match in_batch {
            Some((command, events)) => Some((command.clone(), events.clone())),
            None => {
                let record = core.journal.by_key(&scope).map_err(|e| failed(&e))?;
                record.and_then(|mut record| {
                    core.vault.open_events(&mut record.events);
                    Some((record.command?, record.events))
                })
            }
        };
        let lost = |cause: std::io::Error| {
            error!(%cause, "a day key cannot be read or written");
            Failure::JournalFull
        };
        // Under the key of its day; a record whose day was erased is no record any more.
        let before = match before {
            Some((command, events)) => {
                let body = core
                    .vault
                    .fingerprint_then(command.day, &key.body)
                    .map_err(lost)?;
                body.map(|body| (body == command.body, events))
            }
            None => None,
        };
        match before {
            Some((false, _)) => Err(Failure::KeyReused),
            // Calling the next with nobody waiting is decided anew: somebody may wait now.
            Some((true, events)) if !found_nobody(&key.call, &events) => {
                let done = Done {
                    events,
                    repeated: true,
                };
                Ok(Repeat::Done(done, durable))
            }
            _ => {
                let day = core.state.day_id();
                let command = CommandKey {
                    call: key.call.clone(),
                    key: key.key.clone(),
                    body: core.vault.fingerprint(day, &key.body).map_err(lost)?,
                    day,
                };
                Ok(Repeat::No(scope, command))
            }
        }
    }

    /// Answers everybody: after a failed append nothing of the batch happened.
    pub(super) fn answer(self, core: &Core, now: Now, failure: Option<Failure>) {
        for answered in self.answers {
            let result = match &failure {
                Some(failure) if answered.on_batch => Err(failure.clone()),
                _ => answered.result,
            };
            (answered.answer)(core.view(now), result);
        }
    }
}

enum Repeat {
    Done(Done, bool),
    No(KeyScope, CommandKey),
}

fn found_nobody(call: &str, events: &[Event]) -> bool {
    call.ends_with("/next") && !events.iter().any(|e| matches!(e, Event::Called { .. }))
}
