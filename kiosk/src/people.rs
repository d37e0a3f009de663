//! People: who may sign in with a PIN, who has, and who has to wait.
//!
//! - Names and hashes lie in the data folder; the journal has each change, by id.
//! - A PIN is judged on a thread of its own, one at a time: guessing costs the guesser, and
//!   neither the engine nor a handler waits for it.
//! - A change is prepared on the disk, then journalled, then put in place: no right comes into
//!   force without its record. A power cut in between leaves a record of something that did
//!   not happen, and the list shows that it did not.

mod book;
pub mod link;
mod lockout;
pub mod pin;
mod sessions;

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use queue::{Actor, Command, Event, PersonChange};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tracing::{error, warn};

pub use self::book::{Book, Person, Plan, Wrong};
pub use self::lockout::{Lockouts, address};
use self::sessions::Sessions;
pub use self::sessions::Who;
use crate::engine::{Engine, Failure, Key};
use crate::safe_file::{self, Prepared};
use crate::tokens::fresh_secret;
use crate::{clock, tokens};

/// PINs judged at once: 12 MiB and one core.
const HASHING_MAX: usize = 1;
/// PINs that may wait to be judged, seconds of work on a small machine; more are told to try again.
const HASHES_WAITING_MAX: usize = 32;

/// Why somebody is not signed in.
#[derive(Debug, PartialEq, Eq)]
pub enum Denied {
    /// Person or PIN is wrong; it is not said which.
    Wrong,
    /// Too many wrong tries.
    Locked {
        /// How long to wait.
        wait_ms: u64,
    },
    /// Too many PINs wait to be judged.
    Busy,
}

/// Why people were not changed.
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

/// The people of a data folder.
pub struct People {
    data: PathBuf,
    book: RwLock<Book>,
    lockouts: Mutex<Lockouts>,
    sessions: Mutex<Sessions>,
    /// One writer at a time, so that the newest state is what stays on the disk.
    saving: Mutex<()>,
    /// One change at a time: the file follows the journal.
    changing: tokio::sync::Mutex<()>,
    hashing: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

/// A poisoned lock's content is whole here: every change is one assignment or one map's.
fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl People {
    /// Reads the data folder. Sessions end after `idle_ms` without an act.
    ///
    /// A damaged file never stops the office: tokens go on working. The list of people is
    /// then kept aside, and a link from the console makes a new admin.
    pub fn open(data: &Path, idle_ms: u64) -> io::Result<Self> {
        let now_ms = clock::monotonic_ms();
        let book = match read(&data.join("people"))? {
            Some(book) => book,
            None => Book::new(fresh_secret()?),
        };
        let sessions: Sessions = read(&data.join("sessions"))?.unwrap_or_default();
        let lockouts: Lockouts = read(&data.join("lockouts"))?.unwrap_or_default();
        Ok(Self {
            data: data.to_owned(),
            book: RwLock::new(book),
            lockouts: Mutex::new(lockouts.restarted(now_ms)),
            sessions: Mutex::new(sessions.restarted(now_ms, idle_ms)),
            saving: Mutex::default(),
            changing: tokio::sync::Mutex::default(),
            hashing: Arc::new(Semaphore::new(HASHING_MAX)),
            waiting: Arc::new(Semaphore::new(HASHES_WAITING_MAX)),
        })
    }

    /// Everybody as of now.
    pub fn book(&self) -> Book {
        let book = self.book.read().unwrap_or_else(PoisonError::into_inner);
        book.clone()
    }

    /// One person as of now.
    pub fn find(&self, id: &str) -> Option<Person> {
        let book = self.book.read().unwrap_or_else(PoisonError::into_inner);
        book.find(id).cloned()
    }

    /// How long a person still has to wait after wrong tries, in ms.
    pub fn locked_ms(&self, id: &str) -> u64 {
        held(&self.lockouts).left_ms(clock::monotonic_ms(), id)
    }

    /// Judges a PIN, and counts the try.
    pub async fn check(
        self: &Arc<Self>,
        id: &str,
        pin: &str,
        ip: IpAddr,
    ) -> Result<Person, Denied> {
        let waiting = self.waiting.clone().try_acquire_owned();
        let waiting = waiting.map_err(|_| Denied::Busy)?;
        let person = self.find(id);
        let address = lockout::address(ip);
        let known = person.as_ref().map(|person| person.id.clone());
        held(&self.lockouts)
            .begin(clock::monotonic_ms(), known.as_deref(), &address)
            .map_err(|wait_ms| Denied::Locked { wait_ms })?;
        let hashing = self.hashing.clone().acquire_owned().await;
        let (people, pin) = (self.clone(), pin.to_owned());
        let judged = tokio::task::spawn_blocking(move || {
            // Until the work is done, also when its caller has hung up.
            let _until_done = (waiting, hashing);
            // On the disk before it is judged: pulling the plug does not take a try back.
            people.save("lockouts", &people.lockouts);
            let person = person.filter(|p| pin::has_shape(&pin) && pin::is_right(&pin, &p.pin))?;
            held(&people.lockouts).right(known.as_deref(), &address);
            people.save("lockouts", &people.lockouts);
            Some(person)
        });
        judged.await.ok().flatten().ok_or(Denied::Wrong)
    }

    /// Counts a try with a token, which is wrong until [`People::token_was_right`].
    pub async fn try_token(self: &Arc<Self>, ip: IpAddr) -> Result<(), Denied> {
        let address = lockout::address(ip);
        held(&self.lockouts)
            .begin(clock::monotonic_ms(), None, &address)
            .map_err(|wait_ms| Denied::Locked { wait_ms })?;
        self.save_lockouts().await;
        Ok(())
    }

    /// The token was right.
    pub async fn token_was_right(self: &Arc<Self>, ip: IpAddr) {
        held(&self.lockouts).right(None, &lockout::address(ip));
        self.save_lockouts().await;
    }

    /// The hash of a new PIN.
    pub async fn hash(&self, pin: String) -> Result<String, Failure> {
        let hashing = self.hashing.clone().acquire_owned().await;
        let hash = tokio::task::spawn_blocking(move || {
            let _until_done = hashing;
            pin::hash(&pin)
        })
        .await;
        hash.ok().and_then(Result::ok).ok_or(Failure::Stopping)
    }

    /// Signs in, at a PC the office knows or not: a fresh cookie, which is on the disk before it
    /// leaves.
    pub async fn sign_in(self: &Arc<Self>, who: Who, at: Option<String>) -> io::Result<String> {
        let cookie = fresh_secret()?;
        held(&self.sessions).begin(clock::monotonic_ms(), who, at, &cookie);
        self.save_sessions().await;
        Ok(cookie)
    }

    /// Signs out: the cookie is worthless once this returns, also after a restart.
    pub async fn sign_out(self: &Arc<Self>, cookie: &str) {
        if held(&self.sessions).end(cookie) {
            self.save_sessions().await;
        }
    }

    /// Signs out everybody who signed in at a device.
    pub async fn end_sessions_at(self: &Arc<Self>, device: &str) {
        if held(&self.sessions).end_at(device) {
            self.save_sessions().await;
        }
    }

    /// Who has a cookie. `acts`: a person did something, so the idle time begins anew.
    pub fn who(&self, cookie: &str, acts: bool) -> Option<Who> {
        held(&self.sessions).who(clock::monotonic_ms(), cookie, acts)
    }

    /// Ends sessions of days gone by and idle ones. `day`: what work now belongs to.
    pub async fn end_sessions(self: &Arc<Self>, day: u64) {
        let ended = {
            let mut sessions = held(&self.sessions);
            let closed = sessions.belong_to(day);
            sessions.end_idle(clock::monotonic_ms()) || closed
        };
        if ended {
            self.save_sessions().await;
        }
    }

    /// Changes people as `plan` says, if the journal takes it. Yields whom it was about.
    ///
    /// Goes on when the caller hangs up: the file must follow the journal.
    pub async fn change(
        self: &Arc<Self>,
        engine: &Engine,
        actor: Actor,
        key: Option<Key>,
        plan: impl FnOnce(&Book) -> Result<Option<Plan>, Wrong> + Send + 'static,
    ) -> Result<Option<String>, ChangeError> {
        let (people, engine) = (self.clone(), engine.clone());
        let changed = tokio::spawn(async move { people.changed(&engine, actor, key, plan).await });
        changed.await.unwrap_or(Err(Failure::Stopping.into()))
    }

    async fn changed(
        self: Arc<Self>,
        engine: &Engine,
        actor: Actor,
        key: Option<Key>,
        plan: impl FnOnce(&Book) -> Result<Option<Plan>, Wrong> + Send + 'static,
    ) -> Result<Option<String>, ChangeError> {
        let _one = self.changing.lock().await;
        let full = |cause: &dyn std::fmt::Display| {
            error!(%cause, "the list of people cannot be written");
            Failure::JournalFull
        };
        let (book, path) = (self.book(), self.data.join("people"));
        let prepared = blocking(move || {
            Ok(match plan(&book) {
                Ok(None) => Ok(None),
                Ok(Some(plan)) => {
                    let bytes = serde_json::to_vec_pretty(&plan.book)?;
                    Ok(Some((plan, Prepared::write(&path, &bytes)?)))
                }
                Err(wrong) => Err(ChangeError::Wrong(wrong)),
            })
        });
        let prepared = prepared.await.map_err(|e| full(&e))?;
        let Some((plan, prepared)) = prepared? else {
            return Ok(None);
        };
        let command = Command::ChangePerson {
            person: plan.person.clone(),
            change: plan.change,
        };
        let done = engine
            .submit(actor, key, |_, _| Ok(command), |_, done| done)
            .await?;
        if done.repeated {
            // It was done then; what came after it stays.
            return Ok(done.events.iter().find_map(|event| match event {
                Event::PersonChanged { person, .. } => Some(person.clone()),
                _ => None,
            }));
        }
        blocking(|| prepared.put()).await.map_err(|e| full(&e))?;
        *self.book.write().unwrap_or_else(PoisonError::into_inner) = plan.book;
        if matches!(
            plan.change,
            PersonChange::PinChanged | PersonChange::Removed
        ) {
            held(&self.sessions).end_of_person(&plan.person);
            self.save_sessions().await;
            held(&self.lockouts).lift(&plan.person);
            self.save_lockouts().await;
        }
        Ok(Some(plan.person))
    }

    /// Lets a person try again at once.
    pub async fn unlock(
        self: &Arc<Self>,
        engine: &Engine,
        actor: Actor,
        key: Key,
        id: &str,
    ) -> Result<(), ChangeError> {
        let person = self.find(id).ok_or(ChangeError::Wrong(Wrong::Unknown))?.id;
        let command = Command::ChangePerson {
            person: person.clone(),
            change: PersonChange::Unlocked,
        };
        let submitted = engine.submit(actor, Some(key), |_, _| Ok(command), |_, done| done);
        if !submitted.await?.repeated {
            held(&self.lockouts).lift(&person);
            self.save_lockouts().await;
        }
        Ok(())
    }

    async fn save_lockouts(self: &Arc<Self>) {
        let people = self.clone();
        let _ =
            tokio::task::spawn_blocking(move || people.save("lockouts", &people.lockouts)).await;
    }

    async fn save_sessions(self: &Arc<Self>) {
        let people = self.clone();
        let _ =
            tokio::task::spawn_blocking(move || people.save("sessions", &people.sessions)).await;
    }

    /// What stands in memory holds in any case; a full disk must not keep clerks out.
    fn save<T: Serialize>(&self, name: &str, state: &Mutex<T>) {
        let _one = held(&self.saving);
        let bytes = serde_json::to_vec(&*held(state));
        let saved = bytes
            .map_err(io::Error::other)
            .and_then(|bytes| safe_file::replace(&self.data.join(name), &bytes));
        if let Err(cause) = saved {
            warn!(%cause, name, "a file of the data folder cannot be written");
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|gone| Err(io::Error::other(gone)))
}

/// A file's content; `None` if there is none, or it is damaged, which moves it aside.
fn read<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    match serde_json::from_slice(&text) {
        Ok(content) => Ok(Some(content)),
        Err(cause) => {
            error!(%cause, path = %path.display(), "a file is damaged; it is kept beside, as .damaged");
            std::fs::rename(path, path.with_extension("damaged"))?;
            Ok(None)
        }
    }
}

/// The actor of a signed-in one, as of now; `None` once the person or token is gone.
pub fn actor_of(who: &Who, people: &People, tokens: &tokens::Tokens) -> Option<Actor> {
    match who {
        Who::Person { id, .. } => {
            // Signed in with the PIN of before, in the very moment it was changed.
            let person = people.find(id).filter(|person| person.who() == *who)?;
            Some(Actor::person(&person.id, person.role))
        }
        Who::Token(hash) => tokens.by_hash(hash),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_damaged_list_of_people_stops_nothing_and_is_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("people"), "{\"next\":3,").unwrap();
        let people = People::open(folder.path(), 60_000).unwrap();
        assert!(people.book().people().is_empty());
        let aside = std::fs::read_to_string(folder.path().join("people.damaged"));
        assert_eq!(aside.unwrap(), "{\"next\":3,");
    }

    #[tokio::test]
    async fn guesses_beyond_what_can_be_judged_are_turned_away() {
        let folder = tempfile::tempdir().unwrap();
        let people = Arc::new(People::open(folder.path(), 60_000).unwrap());
        let all = people
            .waiting
            .clone()
            .acquire_many_owned(HASHES_WAITING_MAX as u32);
        let _taken = all.await.unwrap();
        let checked = people.check("1", "482913", [192, 0, 2, 1].into()).await;
        assert_eq!(checked.err(), Some(Denied::Busy));
    }
}
