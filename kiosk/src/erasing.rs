//! Erasing a service day: recorded in the journal, then its key is deleted.
//!
//! In this order, because a key deleted without a record would come back with a restored copy.
//! A power cut in between is made good by the next start.

use std::collections::HashSet;
use std::path::Path;

use queue::{Actor, Command};
use tracing::{error, info};

use crate::engine::{Engine, Failure, Key};
use crate::journal::sqlite::open_reader;
use crate::journal::{JournalError, erased};
use crate::vault;

/// Erases a day while the daemon runs. Done twice it does no harm.
pub async fn erase(
    engine: &Engine,
    data: &Path,
    actor: Actor,
    key: Option<Key>,
    day: u64,
) -> Result<(), Failure> {
    let command = move |_: &queue::State, _| Ok(Command::EraseDay { day });
    engine.submit(actor, key, command, |_, _| ()).await?;
    let data = data.to_owned();
    let deleted = tokio::task::spawn_blocking(move || complete(&data)).await;
    match deleted {
        Ok(Ok(())) => {
            info!(day, "The personal values of a service day are erased");
            Ok(())
        }
        failed => {
            error!(day, ?failed, "the key of an erased day cannot be deleted");
            Err(Failure::JournalFull)
        }
    }
}

/// Deletes what is left of the keys of days that the journal calls erased.
pub fn complete(data: &Path) -> Result<(), JournalError> {
    let erased: HashSet<u64> = erased::days(&open_reader(data)?)?.into_iter().collect();
    let deleted = vault::delete_keys(data, |day| erased.contains(&day));
    deleted.map_err(|cause| JournalError::Io {
        path: data.join(vault::FOLDER).display().to_string(),
        cause,
    })
}
