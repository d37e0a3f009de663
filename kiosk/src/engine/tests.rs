//! The engine over a real journal in a temporary folder, with a clock that is told the time.
#![allow(clippy::unwrap_used)]

mod erasing;
pub(crate) mod journal;
mod keys;
mod letters;
mod returning;
mod settings;

use std::sync::{Arc, Mutex};

use queue::{Actor, ClassId, Command, Event, Role, State};
use tempfile::TempDir;

use super::{Core, Done, Engine, Failure, Key};
use crate::clock::{Clock, Reading};
use crate::config::Config;
use crate::ids;
use crate::journal::sqlite::SqliteJournal;
use crate::vault::Vault;

/// A clock that is told the time.
#[derive(Clone)]
pub(crate) struct Told(Arc<Mutex<Reading>>);

impl Told {
    pub(crate) fn at(at_ms: i64) -> Self {
        Self(Arc::new(Mutex::new(Reading {
            at_ms,
            mono_ms: 5_000,
            utc_ms: Some(at_ms),
        })))
    }

    /// A machine whose wall clock nobody vouches for.
    pub(crate) fn unknown(at_ms: i64) -> Self {
        let told = Self::at(at_ms);
        told.0.lock().unwrap().utc_ms = None;
        told
    }

    /// Somebody sets the wall clock.
    pub(super) fn jump(&self, ms: u64) {
        let mut reading = self.0.lock().unwrap();
        set(&mut reading, ms);
    }

    /// Both clocks go on.
    pub(crate) fn pass(&self, ms: u64) {
        let mut reading = self.0.lock().unwrap();
        reading.mono_ms += ms;
        set(&mut reading, ms);
    }
}

impl Clock for Told {
    fn read(&self) -> Reading {
        *self.0.lock().unwrap()
    }

    fn boot(&self) -> String {
        "test".into()
    }

    fn confirm(&self, ahead_ms: i64) {
        let mut reading = self.0.lock().unwrap();
        reading.utc_ms = Some(ahead_ms + i64::try_from(reading.mono_ms).unwrap());
    }
}

/// Wall clock and known time move by so much.
fn set(reading: &mut Reading, ms: u64) {
    let ms = i64::try_from(ms).unwrap();
    reading.at_ms += ms;
    reading.utc_ms = reading.utc_ms.map(|utc| utc + ms);
}

/// 2026-11-23 08:00 in Vietnam.
pub(crate) const MONDAY_EIGHT: i64 = 1_795_395_600_000;

/// A data folder with an engine on it.
pub(crate) struct House {
    pub(crate) folder: TempDir,
    pub(crate) clock: Told,
    pub(crate) engine: Engine,
    thread: std::thread::JoinHandle<()>,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::on(tempfile::tempdir().unwrap(), Told::at(MONDAY_EIGHT))
    }

    pub(crate) fn on(folder: TempDir, clock: Told) -> Self {
        let journal = SqliteJournal::open(folder.path(), &ids::secret().to_string()).unwrap();
        let vault = Vault::open(folder.path());
        let office = Config::load(None).unwrap().office;
        let core = Core::open(Box::new(journal), vault, Box::new(clock.clone()), office).unwrap();
        let (engine, thread) = Engine::start(core);
        Self {
            folder,
            clock,
            engine,
            thread,
        }
    }

    /// Stops the engine and starts another on the same folder.
    pub(crate) async fn again(self) -> Self {
        self.engine.stop().await;
        self.thread.join().unwrap();
        Self::on(self.folder, self.clock)
    }

    pub(crate) async fn state(&self) -> State {
        self.engine.read(|view| view.state.clone()).await.unwrap()
    }

    pub(crate) async fn issue(&self, key: &str) -> Result<Done, Failure> {
        self.issue_with(key, b"A").await
    }

    pub(crate) async fn issue_with(&self, key: &str, body: &[u8]) -> Result<Done, Failure> {
        let key = Key {
            call: "POST /api/v1/tickets".into(),
            key: key.into(),
            body: body.to_vec(),
        };
        self.engine
            .submit(
                kiosk(),
                Some(key),
                |_, now| Ok(issue_command(now)),
                |_, done| done,
            )
            .await
    }
}

pub(crate) fn kiosk() -> Actor {
    Actor {
        id: "kiosk-1".into(),
        role: Role::Kiosk,
    }
}

pub(crate) fn issue_command(now: queue::Now) -> Command {
    Command::Issue {
        ticket: ids::fresh(now),
        token: ids::secret(),
        service: 'A',
        class: ClassId::Normal,
        language: "vi".into(),
        reason: None,
        dossier: Some("H05.114-250625-0002".into()),
        person: None,
        override_reason: None,
        print: true,
        printer: None,
    }
}

/// The number that a command gave out.
pub(crate) fn number(done: &Done) -> String {
    let issued = done.events.iter().find_map(|e| match e {
        Event::Issued { number, .. } => Some(number.to_string()),
        _ => None,
    });
    issued.unwrap()
}
