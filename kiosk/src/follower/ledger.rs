//! Keeps the ledger up to date: in small batches, behind the journal, waited for by nobody.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::watch;
use tracing::{info, warn};

use crate::engine::Engine;
use crate::journal::sqlite::open_reader;
use crate::ledger::{BATCH, Ledger, LedgerError};
use crate::status::{Health, Parts};

/// Figures may be this old; a card is written at most as often.
const PACE: Duration = Duration::from_secs(1);

/// A disk that is full or broken is tried again after this.
const RETRY: Duration = Duration::from_secs(30);

/// Follows the journal of a data folder until the daemon stops.
pub async fn run(data: PathBuf, engine: Engine, parts: Parts, mut stop: watch::Receiver<bool>) {
    let mut newest = engine.newest();
    let mut open = None;
    // What is there already.
    newest.mark_changed();
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            changed = newest.changed() => if changed.is_err() { return }
        }
        // On a full disk the room that is left belongs to the day's closing.
        let followed = match engine.writable() {
            true => follow(&data, open.take(), &stop).await,
            false => Err("the journal cannot be written".to_owned()),
        };
        let pause = match followed {
            Ok(files) => {
                open = Some(files);
                if parts.set("ledger", Health::Ready) {
                    info!("The ledger is up to date");
                }
                PACE
            }
            Err(cause) => {
                if parts.set("ledger", Health::Trouble) {
                    warn!(%cause, "The ledger stands still: figures are old until it goes on");
                }
                newest.mark_changed();
                RETRY
            }
        };
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// The ledger and what it follows. They stay open: closing the ledger writes it out and syncs
/// it, and a sync on the same card holds back the journal's.
struct Files {
    ledger: Ledger,
    journal: Connection,
}

/// Takes in what there is, on a thread that may wait for the disk.
async fn follow(
    data: &Path,
    open: Option<Files>,
    stop: &watch::Receiver<bool>,
) -> Result<Files, String> {
    let (data, stop) = (data.to_owned(), stop.clone());
    let followed = tokio::task::spawn_blocking(move || take_in(&data, open, &stop)).await;
    followed
        .map_err(|e| e.to_string())?
        .map_err(|e| e.to_string())
}

fn take_in(
    data: &Path,
    open: Option<Files>,
    stop: &watch::Receiver<bool>,
) -> Result<Files, LedgerError> {
    let mut files = match open {
        Some(files) => files,
        None => Files {
            journal: open_reader(data)?,
            ledger: Ledger::open(data)?,
        },
    };
    loop {
        let start = Instant::now();
        let taken = files.ledger.follow(&files.journal)?;
        if taken < u64::from(BATCH) || *stop.borrow() {
            return Ok(files);
        }
        // Years of records are taken in beside the office's work: half the time is left to it.
        std::thread::sleep(start.elapsed());
    }
}
