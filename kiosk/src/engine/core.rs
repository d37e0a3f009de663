//! The engine without its thread: state, journal, vault and clock, driven batch by batch.

use queue::{Actor, Command, Event, Now, Office, Role, Stamp, State};
use tracing::{error, info, warn};

use super::batch::Batch;
use super::{Failure, Message, View};
use crate::clock::Clock;
use crate::journal::{AppendError, Journal, JournalError, Record};
use crate::vault::Vault;

/// After a full disk the journal is tried again at most this often.
const RETRY_FULL_MS: u64 = 1_000;

/// When a command was decided, and where it stands in its batch.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) now: Now,
    /// UTC in ms, right or wrong.
    pub(super) at: i64,
    pub(super) index: u64,
}

/// State, journal, vault and clock.
pub struct Core {
    pub(super) state: State,
    pub(super) journal: Box<dyn Journal>,
    pub(super) vault: Vault,
    clock: Box<dyn Clock>,
    boot: String,
    epoch: String,
    seq: u64,
    /// Office's own clock minus the monotonic one.
    tick_base: i128,
    /// The file's office, until it is told to the rules.
    file_office: Option<Office>,
    /// The start, as long as it is not journalled: the gap before it.
    unstarted: Option<u64>,
    /// When the last append was tried in vain, and what to answer until the next try.
    failing: Option<(u64, Failure)>,
}

impl Core {
    /// Opens the state: what was carried over, then every record since the last day began.
    ///
    /// Also puts `office` into force and tells the rules of the start.
    pub fn open(
        journal: Box<dyn Journal>,
        vault: Vault,
        clock: Box<dyn Clock>,
        office: Office,
    ) -> Result<Self, JournalError> {
        let head = journal.head();
        let reading = clock.read();
        let mut core = Self {
            state: State::new(),
            journal,
            vault,
            boot: clock.boot(),
            clock,
            epoch: head.epoch,
            seq: head.seq,
            tick_base: 0,
            file_office: Some(office),
            unstarted: None,
            failing: None,
        };
        let last = core.rebuild()?;
        let (mono, at) = last.unwrap_or((0, reading.at_ms));
        // How long it was off, as far as the wall clock can tell.
        let gap_ms = u64::try_from(reading.at_ms - at).unwrap_or(0);
        core.tick_base = i128::from(mono) + i128::from(gap_ms) - i128::from(reading.mono_ms);
        core.unstarted = Some(gap_ms);
        core.begin();
        Ok(core)
    }

    /// Journals the start and the file's office; tried again while the disk is full.
    fn begin(&mut self) {
        if let Some(gap_ms) = self.unstarted {
            // Without any office there is no day to begin.
            if self.state.office().is_none() && !self.configure() {
                return;
            }
            if !self.by_itself(Command::Start { gap_ms }) {
                return;
            }
            self.unstarted = None;
        }
        self.configure();
    }

    /// Tells the rules what the file has; whether that is done.
    fn configure(&mut self) -> bool {
        let Some(office) = self.file_office.clone() else {
            return true;
        };
        let waited = self.state.settings().planned_since();
        let office = Box::new(office);
        let done = self.by_itself(Command::Configure { office });
        if done {
            self.file_office = None;
            if self.state.settings().planned_since() != waited {
                warn!("The configuration file was changed: part of it waits for the next day");
            }
        }
        done
    }

    /// Number of the newest record.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Whether the last append succeeded.
    pub fn writable(&self) -> bool {
        self.failing.is_none()
    }

    /// What to answer without trying, shortly after an append in vain.
    pub(super) fn refusing(&self, now: Now) -> Option<Failure> {
        let (since, failure) = self.failing.as_ref()?;
        (now.tick < since + RETRY_FULL_MS).then(|| failure.clone())
    }

    pub(super) fn now(&mut self) -> (Now, i64) {
        let reading = self.clock.read();
        let tick = self.tick_base + i128::from(reading.mono_ms);
        let now = Now {
            tick: u64::try_from(tick).unwrap_or(0),
            utc: reading.utc_ms,
        };
        (now, reading.at_ms)
    }

    /// The state from the journal alone. Yields the newest record's times.
    fn rebuild(&mut self) -> Result<Option<(u64, i64)>, JournalError> {
        let (state, last) = replay(self.journal.as_ref(), &mut self.vault)?;
        self.state = state;
        let head = self.journal.head();
        (self.seq, self.epoch) = (head.seq, head.epoch);
        Ok(last)
    }

    /// Does everything in `batch`; whether a stop was asked for.
    pub(super) fn run(&mut self, messages: &mut Vec<Message>) -> bool {
        let (now, _) = self.now();
        let trying_again = self.failing.is_some() && self.refusing(now).is_none();
        if trying_again {
            self.begin();
        }
        let mut stop = false;
        let mut reads = Vec::new();
        let mut batch = Batch::default();
        for message in messages.drain(..) {
            match message {
                Message::Submit(submission) => {
                    batch.decide(self, submission);
                }
                Message::Read(read) => reads.push(read),
                Message::Stop => stop = true,
            }
        }
        self.commit(batch);
        let (now, _) = self.now();
        for read in reads {
            read(self.view(now));
        }
        stop
    }

    pub(super) fn view(&self, now: Now) -> View<'_> {
        View {
            state: &self.state,
            now,
            epoch: &self.epoch,
            seq: self.seq,
        }
    }

    /// Journal first: a number that was shown but not written would be given out a second
    /// time after a power cut.
    fn commit(&mut self, batch: Batch) -> bool {
        let (now, _) = self.now();
        let failure = match self.append(&batch, now) {
            Ok(()) => {
                for day in batch.erased_days() {
                    self.vault.forget(day);
                }
                for clock in batch.confirmed_clocks() {
                    let ahead = i128::from(clock) + self.tick_base;
                    self.clock.confirm(i64::try_from(ahead).unwrap_or(clock));
                }
                None
            }
            Err(failure) => {
                // What was decided on the working state did not happen.
                if let Err(broken) = self.rebuild() {
                    error!(%broken, "the journal cannot be read back; stopping");
                    // systemd starts the daemon again; going on would mean guessing.
                    std::process::exit(1);
                }
                Some(failure)
            }
        };
        let committed = failure.is_none();
        batch.answer(self, now, failure);
        committed
    }

    fn append(&mut self, batch: &Batch, now: Now) -> Result<(), Failure> {
        if batch.records().is_empty() {
            return Ok(());
        }
        if self.failing.is_some() && batch.closes_day() {
            self.journal.free_reserve(true);
        }
        let expected = self.journal.head().seq;
        match self.journal.append(expected, batch.records()) {
            Ok(head) => {
                (self.seq, self.epoch) = (head.seq, head.epoch);
                if self.failing.take().is_some() {
                    info!("the journal can be written again");
                    self.journal.free_reserve(false);
                }
                Ok(())
            }
            Err(problem) => {
                let failure = match problem {
                    AppendError::Full | AppendError::ReadOnly => Failure::JournalFull,
                    AppendError::Conflict | AppendError::Uncertain(_) => Failure::JournalFailed,
                };
                if self.failing.replace((now.tick, failure.clone())).is_none() {
                    error!(%problem, "the journal cannot be written; commands are refused");
                }
                Err(failure)
            }
        }
    }

    /// A record of `events`, which are applied to the working state.
    pub(super) fn record(
        &mut self,
        moment: Moment,
        actor: &str,
        command: Option<crate::journal::CommandKey>,
        events: &[Event],
    ) -> Result<Record, std::io::Error> {
        let Moment { now, at, index } = moment;
        let seq = self.seq + 1 + index;
        let mut sealed = events.to_vec();
        for event in &mut sealed {
            let day = self.state.sealing_day(event);
            self.vault.seal(day, std::slice::from_mut(event))?;
        }
        let stamp = Stamp {
            seq,
            tick: now.tick,
        };
        for event in events {
            self.state.apply(stamp, event);
        }
        Ok(Record {
            epoch: self.epoch.clone(),
            seq,
            command,
            at,
            boot: self.boot.clone(),
            mono: now.tick,
            actor: actor.to_owned(),
            events: sealed,
        })
    }

    /// What the program does by itself; whether it is journalled.
    fn by_itself(&mut self, command: Command) -> bool {
        let mut batch = Batch::default();
        batch.decide_silently(self, system(), command) && self.commit(batch)
    }
}

/// The state as a journal alone tells it, and the newest record's times: the office's own clock
/// and UTC, in ms.
pub(crate) fn replay(
    journal: &dyn Journal,
    vault: &mut Vault,
) -> Result<(State, Option<(u64, i64)>), JournalError> {
    let carried = journal.carried()?;
    let mut state = State::new();
    let mut last = None;
    let everything = |_: &Event| true;
    let mut replay = |state: &mut State, mut record: Record, which: fn(&Event) -> bool| {
        vault.open_events(&mut record.events);
        let stamp = Stamp {
            seq: record.seq,
            tick: record.mono,
        };
        for event in &record.events {
            if which(event) {
                state.apply(stamp, event);
            }
        }
        (record.mono, record.at)
    };
    state.carry_settings(carried.settings);
    for deferral in carried.deferrals {
        state.carry_deferral(deferral);
    }
    for record in carried.scans {
        replay(&mut state, record, |event| {
            matches!(event, Event::Scanned { .. } | Event::ScanUnknown { .. })
        });
    }
    for record in carried.letters {
        replay(&mut state, record, |event| {
            matches!(
                event,
                Event::LetterDrafted { .. } | Event::LetterSigned { .. }
            )
        });
    }
    journal.replay(carried.from, &mut |record| {
        last = Some(replay(&mut state, record, everything));
    })?;
    Ok((state, last))
}

/// The program itself.
pub(crate) fn system() -> Actor {
    Actor {
        id: "system".into(),
        role: Role::System,
    }
}
