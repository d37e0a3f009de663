//! What is known about dossiers: from imports of the dossier software's export, and from the
//! intake server where there is one.
//!
//! - [`Dossiers::known`] never waits for the network; [`Dossiers::best`] asks the intake server and
//!   falls back on what is known.
//! - On the disk a dossier's ID stands only under a seal, found by a keyed fingerprint; what
//!   proves a receipt stands only as a keyed hash; of a person nothing else is kept.
//! - It can all be had again from where it came: a store that cannot be read is made anew, and
//!   without any the office goes on.

mod ask;
mod guard;
mod secret;
mod store;
#[cfg(test)]
mod tests;
mod told;
mod uploads;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use queue::Now;
use scanner::DossierId;
use tracing::{error, warn};

pub use ::dossiers::{Dossier, DossierState, Source, Standing, Step, factor, standing};
pub use ask::Away;
pub use guard::Guard;
pub use store::{Import, Late, New, StoreError};
pub use uploads::{Upload, Uploads};

use crate::clock;
use crate::follower::intake::OtherSide;
use ask::Asked;
use secret::Secret;
use store::Store;

/// Folder of the store in the data folder.
pub const FOLDER: &str = "dossiers";

const DAY_MS: i64 = 24 * 60 * 60_000;

/// What is known about dossiers.
pub struct Dossiers {
    /// None: the disk does not give it.
    store: Option<Store>,
    server: Option<Asked>,
    /// Longer ago than this a source's word is not told any more.
    keep_ms: i64,
    /// Who may try to look up which dossier.
    pub guard: Guard,
    uploads: Mutex<Uploads>,
}

impl Dossiers {
    /// Opens what is known in a data folder. `server`: whom to ask, if anybody.
    pub fn open(data: &Path, server: Option<Arc<OtherSide>>, keep_days: u32) -> Self {
        let folder = data.join(FOLDER);
        let store = Secret::open(&folder)
            .map_err(StoreError::Disk)
            .and_then(|secret| Store::open(&folder, secret));
        let store = store
            .inspect_err(|cause| warn!(%cause, "what is known about dossiers cannot be opened"))
            .ok();
        Self {
            store,
            server: server.map(Asked::new),
            keep_ms: i64::from(keep_days) * DAY_MS,
            guard: Guard::open(&folder),
            uploads: Mutex::default(),
        }
    }

    /// Whether there is anybody who could know: an intake server, or an import.
    pub fn has_source(&self) -> bool {
        let imported = || self.store.as_ref().is_some_and(Store::has_imports);
        self.server.is_some() || imported()
    }

    /// Whether an intake server is asked.
    pub fn asks(&self) -> bool {
        self.server.is_some()
    }

    /// Files that wait to be confirmed.
    pub fn waiting(&self) -> MutexGuard<'_, Uploads> {
        held(&self.uploads)
    }

    /// What is known of a dossier without asking anybody.
    pub fn known(&self, dossier: &DossierId, now: Now) -> Option<Dossier> {
        let store = self.store.as_ref()?;
        let told = store.known(dossier).unwrap_or_else(|cause| {
            error!(%cause, "what is known about dossiers cannot be read");
            None
        })?;
        self.is_fresh(told.as_of, now).then_some(told)
    }

    /// Whether what was said at `as_of` may still be told.
    fn is_fresh(&self, as_of: i64, now: Now) -> bool {
        now.utc
            .is_none_or(|utc| as_of >= utc.saturating_sub(self.keep_ms))
    }

    /// What the intake server says of a dossier, at most a minute old or not older than `since`;
    /// without a server what is known here. `None`: nobody knows it.
    async fn look_up(
        &self,
        dossier: &DossierId,
        now: Now,
        since: u64,
    ) -> Result<Option<Dossier>, Away> {
        let Some(server) = &self.server else {
            return Ok(self.known(dossier, now));
        };
        let Some(answer) = server.ask(dossier, now, since).await? else {
            // The server does not know it; an import of other software may.
            return Ok(self.known(dossier, now));
        };
        if answer.fresh
            && let Some(store) = &self.store
        {
            let kept = store.keep_answer(dossier, &answer.said, answer.as_of, &answer.factors);
            if let Err(cause) = kept {
                warn!(%cause, "an answer of the intake server cannot be kept");
            }
        }
        Ok(Some(Dossier::new(
            answer.said,
            Source::Intake,
            answer.as_of,
        )))
    }

    /// What is known, after asking; an intake server that is away hides nothing that is known.
    pub async fn best(&self, dossier: &DossierId, now: Now) -> Result<Option<Dossier>, Away> {
        self.best_since(dossier, now, now.tick).await
    }

    /// The same where an answer will do that is not older than `since`, on the office's clock.
    pub async fn best_since(
        &self,
        dossier: &DossierId,
        now: Now,
        since: u64,
    ) -> Result<Option<Dossier>, Away> {
        match self.look_up(dossier, now, since).await {
            Err(away) => self.known(dossier, now).map(Some).ok_or(away),
            found => found,
        }
    }

    /// A name for a dossier in the store and on pages that tells nobody which it is.
    pub fn fingerprint(&self, dossier: &DossierId) -> Option<String> {
        Some(self.store.as_ref()?.secret.fingerprint(dossier).text())
    }

    /// The dossier that goes by this name on pages; none: nobody knows it any more.
    pub fn named(&self, reference: &str) -> Option<DossierId> {
        let store = self.store.as_ref()?;
        store.named(reference).unwrap_or_else(|cause| {
            error!(%cause, "what is known about dossiers cannot be read");
            None
        })
    }

    /// Whether `factor` proves that somebody has the receipt of `dossier`.
    pub fn proves(&self, dossier: &DossierId, factor: &str) -> bool {
        let Some(store) = &self.store else {
            return false;
        };
        store.proves(dossier, factor).unwrap_or_else(|cause| {
            error!(%cause, "what proves a receipt cannot be read");
            false
        })
    }

    /// Puts an import in the place of the former one of its source; all of it or nothing.
    pub fn import(&self, new: &New<'_>) -> Result<Import, StoreError> {
        self.store.as_ref().ok_or(StoreError::None)?.import(new)
    }

    /// Imports so far, the newest first.
    pub fn imports(&self) -> Result<Vec<Import>, StoreError> {
        self.store.as_ref().map_or(Ok(Vec::new()), Store::imports)
    }

    /// Unfinished dossiers with a date up to `until`, the oldest date first, at most `max`; and
    /// how many there are in all.
    pub fn due(
        &self,
        until: jiff::civil::Date,
        max: usize,
        now: Now,
    ) -> Result<(Vec<Late>, usize), StoreError> {
        let since = now
            .utc
            .map_or(i64::MIN, |utc| utc.saturating_sub(self.keep_ms));
        match &self.store {
            Some(store) => store.due(until, since, max),
            None => Ok((Vec::new(), 0)),
        }
    }

    /// Forgets what was said longer ago than personal values are kept, and finished dossiers.
    pub fn forget(&self, utc_ms: i64) {
        self.waiting().forget(clock::monotonic_ms());
        if let Some(store) = &self.store
            && let Err(cause) = store.forget(utc_ms.saturating_sub(self.keep_ms))
        {
            error!(%cause, "old dossiers cannot be forgotten");
        }
    }
}

/// The dossier of an ID that was taken once: whichever old serials the office took then.
pub fn taken(text: &str) -> Option<DossierId> {
    let office = text.split_once('/').map(|(_, office)| office.to_owned());
    let reading = scanner::Reading {
        serial_offices: office.into_iter().collect(),
    };
    match reading.read(text) {
        Ok(scanner::Code::Dossier(dossier)) => Some(dossier),
        _ => None,
    }
}

/// A poisoned lock's content is whole here: every change is one assignment or one map's.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
