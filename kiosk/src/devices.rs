//! Devices: which are let in, when each was last heard of, and which ask to be let in.
//!
//! - Tokens lie in the data folder ([`Tokens`]); the journal has each change, by id.
//! - A change is journalled, then put on the disk, then in force: no device comes in without its
//!   record. A power cut in between leaves a record of something that did not happen, and the
//!   list shows that it did not.
//! - A revoked device is refused at once; whoever holds a stream of it open hears of it.

mod contacts;
mod enrolments;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use queue::{Actor, Command, DeviceChange, DeviceKind, Event};
use tokio::sync::watch;
use tracing::{error, info, warn};

use self::contacts::Contacts;
pub use self::contacts::Heard;
use self::enrolments::{Approval, Chance, Enrolments, Pass, Typed};
pub use self::enrolments::{Asking, Enrolment, Standing, VALID_MS, spaced};
use crate::engine::{Engine, Failure, Key};
use crate::people::People;
use crate::speaker::Sound;
use crate::tokens::{self, Device, Made, NAME_MAX, Owner, Right, Tokens};
use crate::{clock, safe_file};

/// Far more than an office has.
const DEVICES_MAX: usize = 200;
/// How often contacts go to the disk: what a power cut takes of them is no loss.
const KEEP_EVERY: Duration = Duration::from_secs(5 * 60);

/// The file of contacts.
const CONTACTS: &str = "contacts";

/// Why devices are not changed so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No device waits with this code.
    Code,
    /// There is no such device.
    Unknown,
    /// A name is 1 to 80 characters on one line.
    Name,
    /// No more devices fit.
    Full,
}

/// Why devices were not changed.
#[derive(Debug)]
pub enum ChangeError {
    /// Not in this way.
    Wrong(Wrong),
    /// Not now.
    Failed(Failure),
}

impl From<Failure> for ChangeError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Wrong> for ChangeError {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

/// The devices of a data folder.
pub struct Devices {
    tokens: Arc<Tokens>,
    data: PathBuf,
    contacts: Mutex<Contacts>,
    enrolments: Mutex<Enrolments>,
    /// One change at a time: the file follows the journal.
    changing: tokio::sync::Mutex<()>,
    revocations: watch::Sender<u64>,
}

/// A poisoned lock's content is whole here: every change is one map's or one list's.
fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A name, if it may be one.
fn name_of(name: &str) -> Result<String, Wrong> {
    let name = name.trim();
    let fits = (1..=NAME_MAX).contains(&name.chars().count());
    match fits && !name.chars().any(char::is_control) {
        true => Ok(name.to_owned()),
        false => Err(Wrong::Name),
    }
}

/// What a device may do by what it is: a touch screen gives out numbers. A lobby screen is only
/// known; at a counter PC people sign in, and the PC itself may do nothing.
pub fn right_of(kind: DeviceKind) -> Option<Right> {
    match kind {
        DeviceKind::Touch => Some(Right::Kiosk),
        DeviceKind::Lobby | DeviceKind::Counter => None,
    }
}

/// As in ids and in the API.
pub fn word_of(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Touch => "touch",
        DeviceKind::Lobby => "lobby",
        DeviceKind::Counter => "counter",
    }
}

impl Devices {
    /// Reads the data folder. Contacts that cannot be read begin anew.
    pub fn open(data: &Path, tokens: Arc<Tokens>) -> Self {
        let contacts = std::fs::read(data.join(CONTACTS)).unwrap_or_default();
        let contacts: Contacts = serde_json::from_slice(&contacts).unwrap_or_default();
        Self {
            tokens,
            data: data.to_owned(),
            contacts: Mutex::new(contacts.restarted(clock::monotonic_ms())),
            enrolments: Mutex::default(),
            changing: tokio::sync::Mutex::default(),
            revocations: watch::channel(0).0,
        }
    }

    /// Whose token a request came with; a device that is let in has been heard of now.
    pub fn hear(&self, token: &str, address: &str) -> Owner {
        let owner = self.tokens.owner(token);
        if let Owner::Device(device) = &owner {
            held(&self.contacts).hear(clock::monotonic_ms(), device, address);
        }
        owner
    }

    /// The same by the token's hash.
    pub fn hear_by_hash(&self, hash: &str, address: &str) {
        if let Some(actor) = self.tokens.by_hash(hash) {
            held(&self.contacts).hear(clock::monotonic_ms(), &actor.id, address);
        }
    }

    /// How the sound of a screen fares, if it has any.
    pub fn hear_sound(&self, device: &str, sound: Option<Sound>) {
        held(&self.contacts).hear_sound(device, sound);
    }

    /// The last that was heard of a device. `utc_ms`: now, if known.
    pub fn heard(&self, device: &str, utc_ms: Option<i64>) -> Option<Heard> {
        held(&self.contacts).of(device, clock::monotonic_ms(), utc_ms)
    }

    /// A device that is let in.
    pub fn find(&self, id: &str) -> Option<Device> {
        let devices = self.tokens.devices();
        devices.into_iter().find(|device| device.id == id)
    }

    /// Changes whenever a device is revoked: then open streams are looked at.
    pub fn revocations(&self) -> watch::Receiver<u64> {
        self.revocations.subscribe()
    }

    /// A device asks to be let in: its code, and the secret by which it asks how it stands.
    /// `None`: too many ask.
    pub fn ask(&self, asking: Asking) -> std::io::Result<Option<(Enrolment, String)>> {
        let id = tokens::fresh_secret()?[..8].to_owned();
        let secret = tokens::fresh_secret()?;
        let mut chance_failed = None;
        let mut number = || {
            let chance = getrandom::u32();
            chance.unwrap_or_else(|cause| {
                chance_failed = Some(cause);
                0
            })
        };
        let chance = Chance {
            id,
            secret: &secret,
            number: &mut number,
        };
        let begun = held(&self.enrolments).begin(clock::monotonic_ms(), asking, chance);
        match chance_failed {
            // A code that anybody could guess is none.
            Some(cause) => Err(std::io::Error::other(cause)),
            None => Ok(begun.map(|enrolment| (enrolment, secret))),
        }
    }

    /// How one that asked stands.
    pub fn standing(&self, id: &str, secret: &str) -> Standing {
        let now_ms = clock::monotonic_ms();
        let used = |device: &str| self.heard(device, None).is_some();
        held(&self.enrolments).standing(now_ms, id, secret, used)
    }

    /// The code of one that waits.
    pub fn code_of(&self, id: &str, secret: &str) -> Option<String> {
        held(&self.enrolments).code_of(clock::monotonic_ms(), id, secret)
    }

    /// Those that wait, and how long each code still lives.
    pub fn waiting(&self) -> Vec<(Enrolment, u64)> {
        let now_ms = clock::monotonic_ms();
        let mut enrolments = held(&self.enrolments);
        let waiting = enrolments.waiting(now_ms);
        waiting.map(|e| (e.clone(), e.left_ms(now_ms))).collect()
    }

    /// Lets in the device that shows `code`. Yields its id.
    ///
    /// Goes on when the caller hangs up, like all changes: the file must follow the journal.
    pub async fn approve(
        self: &Arc<Self>,
        engine: &Engine,
        actor: Actor,
        key: Key,
        code: String,
        name: String,
    ) -> Result<String, ChangeError> {
        let (devices, engine) = (self.clone(), engine.clone());
        let approving = async move {
            let _one = devices.changing.lock().await;
            let approval = Approval {
                actor: actor.id.clone(),
                key: key.key.clone(),
            };
            let typed = {
                let mut enrolments = held(&devices.enrolments);
                enrolments.typed(clock::monotonic_ms(), &code, &approval)
            };
            let asking = match typed {
                Typed::Waits(asking) => asking,
                Typed::Repeated(device) => return Ok(device),
                Typed::Unknown => return Err(Wrong::Code.into()),
            };
            let name = match (name.trim(), asking.name.as_str()) {
                ("", own) if !own.is_empty() => own.to_owned(),
                (given, _) => name_of(given)?,
            };
            if devices.tokens.devices().len() >= DEVICES_MAX {
                return Err(Wrong::Full.into());
            }
            let id = tokens::fresh_id(word_of(asking.kind)).map_err(failed)?;
            let change = DeviceChange::Enrolled { kind: asking.kind };
            let by = Some(actor.id.clone());
            let (done, utc_ms) = record(&engine, actor, key, &id, change).await?;
            if let Some(before) = done {
                return Ok(before);
            }
            let device = Device {
                id: id.clone(),
                name,
                kind: Some(asking.kind),
                right: right_of(asking.kind),
                made: Made { utc_ms, by },
            };
            let token = devices.write(|tokens| tokens.let_in(device)).await?;
            let pass = Pass {
                device: id.clone(),
                token,
            };
            held(&devices.enrolments).approve(&code, approval, pass);
            info!(device = %id, "A device is let in");
            Ok(id)
        };
        let approved = tokio::spawn(approving).await;
        approved.unwrap_or(Err(Failure::Stopping.into()))
    }

    /// Gives a device another name.
    pub async fn rename(
        self: &Arc<Self>,
        engine: &Engine,
        actor: Actor,
        key: Key,
        id: String,
        name: String,
    ) -> Result<(), ChangeError> {
        let (devices, engine) = (self.clone(), engine.clone());
        let renaming = async move {
            let _one = devices.changing.lock().await;
            let name = name_of(&name)?;
            let known = devices.find(&id).ok_or(Wrong::Unknown)?;
            if known.name == name {
                return Ok(());
            }
            let (done, _) = record(&engine, actor, key, &id, DeviceChange::Renamed).await?;
            if done.is_none() {
                devices
                    .write(move |tokens| tokens.rename(&id, &name))
                    .await?;
            }
            Ok(())
        };
        let renamed = tokio::spawn(renaming).await;
        renamed.unwrap_or(Err(Failure::Stopping.into()))
    }

    /// Refuses a device from now on: its tokens, its open streams, and who signed in at it. One
    /// that was revoked before stays so.
    pub async fn revoke(
        self: &Arc<Self>,
        engine: &Engine,
        people: &Arc<People>,
        actor: Actor,
        key: Key,
        id: String,
    ) -> Result<(), ChangeError> {
        let (devices, engine, people) = (self.clone(), engine.clone(), people.clone());
        let revoking = async move {
            let _one = devices.changing.lock().await;
            if devices.find(&id).is_none() {
                return match devices.tokens.was_revoked(&id) {
                    true => Ok(()),
                    false => Err(Wrong::Unknown.into()),
                };
            }
            // Also when the key was used before: the file may have failed then.
            record(&engine, actor, key, &id, DeviceChange::Revoked).await?;
            let device = id.clone();
            devices.write(move |tokens| tokens.revoke(&device)).await?;
            people.end_sessions_at(&id).await;
            devices.revocations.send_modify(|times| *times += 1);
            info!(device = %id, "A device is let in no more");
            Ok(())
        };
        let revoked = tokio::spawn(revoking).await;
        revoked.unwrap_or(Err(Failure::Stopping.into()))
    }

    /// Writes the file of tokens; a card may take its time to sync.
    async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Tokens) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let devices = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&devices.tokens)).await;
        done.unwrap_or_else(|gone| Err(std::io::Error::other(gone)))
            .map_err(failed)
    }

    /// Keeps contacts on the disk until the daemon stops.
    pub async fn keep(self: Arc<Self>, engine: Engine, mut stop: watch::Receiver<bool>) {
        let mut stopping = false;
        while !stopping {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => stopping = true,
                () = tokio::time::sleep(KEEP_EVERY) => {}
            }
            let utc_ms = engine.read(|view| view.now.utc).await.ok().flatten();
            let known: Vec<String> = self.tokens.devices().into_iter().map(|d| d.id).collect();
            let is_known = |device: &str| known.iter().any(|id| id == device);
            let news = held(&self.contacts).news(clock::monotonic_ms(), utc_ms, is_known);
            let Some(bytes) = news else { continue };
            let path = self.data.join(CONTACTS);
            let written =
                tokio::task::spawn_blocking(move || safe_file::replace(&path, &bytes)).await;
            if !matches!(written, Ok(Ok(()))) {
                warn!(?written, "when devices were last heard of cannot be kept");
            }
        }
    }
}

/// Has the journal tell of a change. Yields the device of an earlier answer, if the key was used
/// for one, and the time, if known.
async fn record(
    engine: &Engine,
    actor: Actor,
    key: Key,
    device: &str,
    change: DeviceChange,
) -> Result<(Option<String>, Option<i64>), Failure> {
    let command = Command::ChangeDevice {
        device: device.to_owned(),
        change,
    };
    let told = engine.submit(
        actor,
        Some(key),
        |_, _| Ok(command),
        |view, done| {
            let before = done.repeated.then_some(done.events).and_then(|events| {
                events.into_iter().find_map(|event| match event {
                    Event::DeviceChanged { device, .. } => Some(device),
                    _ => None,
                })
            });
            (before, view.now.utc)
        },
    );
    told.await
}

fn failed(cause: std::io::Error) -> Failure {
    error!(%cause, "the file of tokens cannot be written");
    Failure::JournalFull
}
