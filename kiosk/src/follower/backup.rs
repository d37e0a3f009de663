//! Copies for a spare machine: every night by themselves, and when somebody asks.
//!
//! A stick may be pulled out and a network may hang: whatever touches them runs on a thread of
//! its own, for which nobody waits, not even the end of the program. A copy that was cut short
//! has no name and is thrown away by the next one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::civil::{DateTime, Time};
use serde::{Deserialize, Serialize};
use tokio::sync::{oneshot, watch};
use tracing::{error, info, warn};

use crate::copies::{self, Away, Kept, NoCopy, Order};
use crate::engine::Engine;
use crate::safe_file;
use crate::status::{Health, Parts};

/// A stick that was plugged in is noticed this much later.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How long the disk for copies may take to be looked at.
const LOOK_WITHIN: Duration = Duration::from_secs(5);
/// After a copy in vain: whoever frees a full stick does not wait for the next night.
const RETRY_MS: u64 = 15 * 60_000;
const DAY_MS: u64 = 24 * 60 * 60_000;
/// Older than this the newest copy is no comfort.
const OLD_MS: u64 = 2 * DAY_MS;
/// Where the data folder remembers the newest copy, for while the stick is away.
const FILE: &str = "backup";
/// The part's name in `/healthz`.
const PART: &str = "backup";

/// The newest copy that was made and read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Good {
    /// RFC 3339 in the office's time; none while the time was unknown.
    pub made: Option<String>,
    /// On the office's own clock, in ms.
    pub tick: u64,
    /// Its name.
    pub file: String,
    /// The newest record in it.
    pub seq: u64,
    /// Its hash, as on a day report.
    pub head: String,
    /// How long it is.
    pub bytes: u64,
}

/// What is known of copies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The newest good one.
    pub good: Option<Good>,
    /// When copies were first wanted, on the office's own clock.
    #[serde(default)]
    since: Option<u64>,
    /// Why the last try was in vain; none once one succeeded.
    #[serde(skip)]
    pub failed: Option<Fault>,
    #[serde(skip)]
    tried: Option<u64>,
    /// Whether the newest copy is older than two days.
    #[serde(skip)]
    pub old: bool,
    /// Whether a copy is being made.
    #[serde(skip)]
    pub running: bool,
    /// Actor and key of whoever asked last: the same press is the same copy.
    #[serde(skip)]
    asked: Option<(String, String)>,
}

/// What is the matter, as far as people do different things about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The disk for copies is not there.
    Away,
    /// It is full.
    Full,
    /// It cannot be written.
    Unwritable,
    /// It does not keep what is written.
    Faulty,
    /// What is to be copied is damaged.
    Source,
}

impl From<&NoCopy> for Fault {
    fn from(why: &NoCopy) -> Self {
        match why {
            NoCopy::Away(_) => Self::Away,
            NoCopy::Full => Self::Full,
            NoCopy::Unwritable(_) => Self::Unwritable,
            NoCopy::Faulty(_) => Self::Faulty,
            NoCopy::Source(_) => Self::Source,
        }
    }
}

impl Standing {
    /// How copies fare.
    pub fn health(&self) -> Health {
        match self.failed {
            Some(Fault::Away) if !self.old => Health::Away,
            Some(_) => Health::Trouble,
            None if self.old => Health::Trouble,
            None => Health::Ready,
        }
    }
}

/// A moment, as far as it is known.
#[derive(Clone, Copy, Debug)]
struct Moment {
    /// On the office's own clock, in ms.
    tick: u64,
    utc: Option<i64>,
    /// The office's time.
    local: Option<DateTime>,
}

/// Whether the night's copy is missing: none since `at` was last reached.
fn is_due(now: Moment, at: Time, good: Option<&Good>) -> bool {
    let Some(good) = good else {
        return true;
    };
    // Also where a clock that was wrong says that the newest copy is of next year.
    if now.tick.saturating_sub(good.tick) >= DAY_MS + RETRY_MS {
        return true;
    }
    let made = good.made.as_deref().and_then(|made| made.get(..19));
    let made: Option<DateTime> = made.and_then(|made| made.parse().ok());
    let (Some(local), Some(made)) = (now.local, made) else {
        return now.tick.saturating_sub(good.tick) >= DAY_MS;
    };
    let tonight = local.date().to_datetime(at);
    let reached = match tonight <= local {
        true => Some(tonight),
        false => local
            .date()
            .yesterday()
            .ok()
            .map(|date| date.to_datetime(at)),
    };
    reached.is_some_and(|reached| made < reached)
}

/// Why no copy is begun.
#[derive(Debug, PartialEq, Eq)]
pub enum NotBegun {
    /// `[backup]` is not configured.
    NotWanted,
    /// The disk for copies is not there.
    Away(Away),
    /// The daemon stops.
    Stopping,
}

/// Copies of this machine.
pub struct Backups {
    /// None: no folder is configured.
    order: Option<Order>,
    at: Time,
    engine: Engine,
    parts: Parts,
    standing: Mutex<Standing>,
    data: PathBuf,
}

impl Backups {
    /// Copies as configured; `order` is none where `[backup]` is not.
    pub fn new(
        data: &Path,
        order: Option<Order>,
        at: Time,
        engine: Engine,
        parts: Parts,
    ) -> Arc<Self> {
        let standing = std::fs::read(data.join(FILE)).ok();
        let standing = standing.and_then(|text| serde_json::from_slice(&text).ok());
        parts.set(PART, Health::None);
        Arc::new(Self {
            order,
            at,
            engine,
            parts,
            standing: Mutex::new(standing.unwrap_or_default()),
            data: data.to_owned(),
        })
    }

    /// What copies are wanted: where, when, how many. None: none.
    pub fn wanted(&self) -> Option<(&Order, Time)> {
        Some((self.order.as_ref()?, self.at))
    }

    /// How copies fare.
    pub fn standing(&self) -> Standing {
        self.held().clone()
    }

    fn held(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the night's copies until the daemon stops.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let Some(order) = &self.order else { return };
        let mut every = tokio::time::interval(LOOK_EVERY);
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                _ = every.tick() => {}
            }
            let Some(now) = self.now().await else { return };
            let (good, tried) = {
                let standing = self.held();
                (standing.good.clone(), standing.tried)
            };
            let again = tried.is_none_or(|tried| now.tick.saturating_sub(tried) >= RETRY_MS);
            match look(order).await {
                Ok(()) if again && is_due(now, self.at, good.as_ref()) => {
                    if self.claim(None) {
                        self.copy(now, order.clone()).await;
                    }
                }
                Ok(()) => self.note(now, |standing| {
                    // It is back, and the copy on it is new enough.
                    if standing.failed == Some(Fault::Away) {
                        standing.failed = None;
                    }
                }),
                Err(_) => self.note(now, |standing| standing.failed = Some(Fault::Away)),
            }
        }
    }

    /// Begins a copy, or says that one is being made. `asked`: actor and key.
    pub async fn begin(self: &Arc<Self>, asked: (String, String)) -> Result<(), NotBegun> {
        let order = self.order.clone().ok_or(NotBegun::NotWanted)?;
        let now = self.now().await.ok_or(NotBegun::Stopping)?;
        if let Err(away) = look(&order).await {
            self.note(now, |standing| standing.failed = Some(Fault::Away));
            return Err(NotBegun::Away(away));
        }
        if self.claim(Some(asked)) {
            let own = self.clone();
            tokio::spawn(async move { own.copy(now, order).await });
        }
        Ok(())
    }

    /// Whether the caller makes the copy now: one at a time, and one for each press.
    fn claim(&self, asked: Option<(String, String)>) -> bool {
        let mut standing = self.held();
        if standing.running || (asked.is_some() && standing.asked == asked) {
            return false;
        }
        standing.running = true;
        standing.asked = asked.or(standing.asked.take());
        true
    }

    async fn copy(&self, now: Moment, order: Order) {
        let folder = order.folder.clone();
        let made = aside(move || copies::make(&order, now.utc)).await;
        let (good, failed) = match made {
            Some(Ok(kept)) => {
                info!(file = %kept.file.display(), seq = kept.about.seq, "A copy was made and read back");
                (Some(Good::of(&kept, now.tick)), None)
            }
            Some(Err(why)) => {
                let folder = folder.display();
                match why {
                    // Somebody must look; a stick that is away may be on its way.
                    NoCopy::Source(_) => error!(%why, "The data cannot be copied"),
                    _ => warn!(%why, %folder, "No copy was made"),
                }
                (None, Some(Fault::from(&why)))
            }
            None => (None, Some(Fault::Source)),
        };
        let changed = good.is_some();
        self.note(now, |standing| {
            standing.running = false;
            standing.tried = failed.is_some().then_some(now.tick);
            standing.failed = failed;
            standing.good = good.or(standing.good.take());
        });
        if changed {
            self.remember().await;
        }
    }

    /// Changes what is known, and tells how copies fare.
    fn note(&self, now: Moment, change: impl FnOnce(&mut Standing)) {
        let health = {
            let mut standing = self.held();
            change(&mut standing);
            let since = *standing.since.get_or_insert(now.tick);
            let newest = standing.good.as_ref().map_or(since, |good| good.tick);
            standing.old = now.tick.saturating_sub(newest) > OLD_MS;
            standing.health()
        };
        if self.parts.set(PART, health) && health != Health::Ready {
            warn!(
                ?health,
                "Copies for a spare machine need somebody; see /admin/backup"
            );
        }
    }

    /// Best effort: without it the next start only knows less of a stick that is away.
    async fn remember(&self) {
        let (path, standing) = (self.data.join(FILE), self.standing());
        let written = tokio::task::spawn_blocking(move || {
            safe_file::replace(&path, &serde_json::to_vec(&standing)?)
        });
        if !matches!(written.await, Ok(Ok(()))) {
            warn!("when the newest copy was made cannot be written down");
        }
    }

    async fn now(&self) -> Option<Moment> {
        let read = self.engine.read(|view| Moment {
            tick: view.now.tick,
            utc: view.now.utc,
            local: view
                .now
                .utc
                .zip(view.state.office())
                .map(|(utc, office)| office.local(utc)),
        });
        read.await.ok()
    }

    /// The copies on the disk, the newest first; none while it is away.
    pub async fn list(&self) -> Vec<Kept> {
        let Some(order) = self.order.clone() else {
            return Vec::new();
        };
        let listed = aside(move || {
            copies::look(&order).ok()?;
            copies::copies(&order.folder).ok()
        });
        let listed = tokio::time::timeout(LOOK_WITHIN, listed).await;
        let (kept, _) = listed.ok().flatten().flatten().unwrap_or_default();
        kept
    }
}

impl Good {
    fn of(kept: &Kept, tick: u64) -> Self {
        let name = kept.file.file_name().unwrap_or_default();
        Self {
            made: kept.about.made.clone(),
            tick,
            file: name.to_string_lossy().into_owned(),
            seq: kept.about.seq,
            head: kept.about.head.to_string(),
            bytes: kept.bytes,
        }
    }
}

/// Whether the disk for copies is there and answers.
async fn look(order: &Order) -> Result<(), Away> {
    let (asked, folder) = (order.clone(), order.folder.display().to_string());
    let looked = tokio::time::timeout(LOOK_WITHIN, aside(move || copies::look(&asked))).await;
    match looked.ok().flatten() {
        Some(found) => found.map(drop),
        None => Err(Away::Missing(folder)),
    }
}

/// Does work on a thread for which the end of the program does not wait.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (send, receive) = oneshot::channel();
    let spawned = std::thread::Builder::new()
        .name("copies".into())
        .spawn(move || {
            let _ = send.send(work());
        });
    spawned.ok()?;
    receive.await.ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HOUR_MS: u64 = 60 * 60_000;

    fn good(made: Option<&str>) -> Good {
        Good {
            made: made.map(|made| format!("2026-11-{made}:00+07:00")),
            tick: 100 * DAY_MS,
            file: String::new(),
            seq: 1,
            head: String::new(),
            bytes: 0,
        }
    }

    fn moment(local: Option<&str>, hours_later: u64) -> Moment {
        let local = local.map(|local| format!("2026-11-{local}:00").parse().unwrap());
        Moment {
            tick: 100 * DAY_MS + hours_later * HOUR_MS,
            utc: local.map(|_| 0),
            local,
        }
    }

    #[test]
    fn a_copy_is_made_each_night_or_at_the_first_chance_after() {
        let at = "22:00".parse().unwrap();
        let due = |made, now, later| is_due(moment(Some(now), later), at, Some(&good(Some(made))));
        assert!(is_due(moment(None, 0), at, None), "the first one at once");
        // Tonight's is made once, at its hour and not before.
        assert!(!due("26T22:00", "26T22:01", 0));
        assert!(!due("26T22:00", "27T21:59", 23));
        assert!(due("26T22:00", "27T22:00", 24));
        // One by hand at noon does not stand for the night's.
        assert!(due("27T12:00", "27T22:00", 10));
        // Off at ten, or without its stick: in the morning.
        assert!(due("25T22:00", "27T07:10", 33));
        assert!(!due("27T07:10", "27T12:00", 5));
        // Made at half past midnight it is that night's.
        assert!(!due("27T00:30", "27T21:00", 20));
    }

    #[test]
    fn without_the_time_a_copy_is_made_every_24_hours() {
        let at = "22:00".parse().unwrap();
        for made in [None, Some("26T22:00")] {
            assert!(!is_due(moment(None, 23), at, Some(&good(made))));
            assert!(is_due(moment(None, 24), at, Some(&good(made))));
        }
    }

    #[test]
    fn a_copy_from_the_future_of_a_wrong_clock_ends_nothing() {
        let at = "22:00".parse().unwrap();
        let wrong = good(Some("30T22:00"));
        assert!(!is_due(moment(Some("12T10:00"), 1), at, Some(&wrong)));
        assert!(is_due(moment(Some("13T11:00"), 25), at, Some(&wrong)));
    }

    #[test]
    fn a_stick_that_is_away_is_trouble_after_two_days() {
        let standing = |failed, old| Standing {
            failed,
            old,
            ..Standing::default()
        };
        assert_eq!(standing(None, false).health(), Health::Ready);
        assert_eq!(standing(Some(Fault::Away), false).health(), Health::Away);
        assert_eq!(standing(Some(Fault::Away), true).health(), Health::Trouble);
        assert_eq!(standing(Some(Fault::Full), false).health(), Health::Trouble);
        assert_eq!(standing(None, true).health(), Health::Trouble);
    }
}
