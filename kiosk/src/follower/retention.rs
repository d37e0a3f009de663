//! Erases days whose personal values the office need not keep any longer.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tracing::{debug, error, warn};

use crate::access;
use crate::dossiers::Dossiers;
use crate::engine::{Engine, Failure, system};
use crate::erasing;
use crate::journal::erased::{self, Today};
use crate::journal::sqlite::open_reader;

/// Once a day would do; but a machine that is switched off every night may learn the time only
/// after its start.
const LOOK_EVERY: Duration = Duration::from_secs(60 * 60);
const DAY_MS: i64 = 24 * 60 * 60_000;

/// What it needs.
pub struct Retention {
    /// The engine, which records what is erased.
    pub engine: Engine,
    /// The data folder, where the keys lie.
    pub data: PathBuf,
    /// `[retention] days`.
    pub days: u32,
    /// What is known about dossiers, which is kept no longer either.
    pub dossiers: Arc<Dossiers>,
}

impl Retention {
    /// Looks at once and then every hour, until the daemon stops.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut every = tokio::time::interval(LOOK_EVERY);
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                _ = every.tick() => {}
            }
            self.look().await;
        }
    }

    /// Erases every day that is old enough and has nothing undelivered.
    pub(crate) async fn look(&self) {
        let today = self.engine.read(|view| {
            let (now, office) = (view.now, view.state.office()?);
            let utc_ms = now.utc?;
            let date = office.local(utc_ms).date();
            let tick = now.tick;
            Some((Today { tick, date }, utc_ms))
        });
        // Nothing is erased while nobody knows what day it is.
        let Ok(Some((today, utc_ms))) = today.await else {
            return;
        };
        let (data, keep, dossiers) = (self.data.clone(), self.days, self.dossiers.clone());
        let due = tokio::task::spawn_blocking(move || {
            dossiers.forget(utc_ms);
            if let Err(cause) = forget_looks(&data, utc_ms, keep) {
                warn!(%cause, "old lines of the access log cannot be removed");
            }
            erasing::complete(&data)?;
            erased::due(&open_reader(&data)?, today, keep)
        });
        let due = match due.await {
            Ok(Ok(due)) => due,
            failed => {
                error!(?failed, "old days cannot be looked up for erasing");
                return;
            }
        };
        for day in due {
            match erasing::erase(&self.engine, &self.data, system(), None, day).await {
                // The last day, or one with undelivered scans: its time will come.
                Err(Failure::Refused(why)) => debug!(day, %why, "an old day is kept"),
                // Said already, or the disk is full; the next hour may be better.
                Err(_) => return,
                Ok(()) => {}
            }
        }
    }
}

/// Who looked at values that are gone is kept no longer than they were.
fn forget_looks(data: &Path, utc_ms: i64, keep_days: u32) -> std::io::Result<()> {
    let before_ms = utc_ms - i64::from(keep_days) * DAY_MS;
    // A moment that no calendar has is before every line.
    jiff::Timestamp::from_millisecond(before_ms)
        .map_or(Ok(()), |before| access::forget(data, before))
}
