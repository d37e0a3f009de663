//! The role `kiosk journal erase`: a day's personal values, for good.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use queue::{Actor, Command, Now, Role};

use super::asking::Asking;
use super::journal::mono_at;
use crate::clock;
use crate::config::Config;
use crate::engine;
use crate::erasing;
use crate::journal::sqlite::{SqliteJournal, open_reader};
use crate::journal::{Journal as _, JournalError, Record, erased};
use crate::vault::Vault;

/// Asks the running daemon, or works on the folder of a stopped one.
pub(super) fn erase(config: &Config, day: &str) -> anyhow::Result<()> {
    let data = &config.server.data;
    let found = erased::find(&open_reader(data)?, day)?;
    let id = found.with_context(|| format!("there was no service day {day}"))?;
    match SqliteJournal::open(data, "") {
        Ok(journal) => stopped(data, journal, id)?,
        Err(JournalError::InUse(_)) => {
            let body = serde_json::json!({});
            Asking::as_admin(config)?.post(&format!("/days/{id}/erase"), &body)?;
        }
        Err(error) => return Err(error.into()),
    }
    writeln!(std::io::stdout(), "service day {id} is erased")?;
    Ok(())
}

/// Records it under the same rules as a daemon, and deletes the key.
fn stopped(data: &Path, mut journal: SqliteJournal, day: u64) -> anyhow::Result<()> {
    let (state, _) = engine::replay(&journal, &mut Vault::open(data))?;
    let (head, at) = (journal.head(), clock::wall_ms());
    let mono = mono_at(data, head.seq, at);
    let now = Now {
        tick: mono,
        utc: None,
    };
    let console = Actor {
        id: "console".into(),
        role: Role::Admin,
    };
    let record = Record {
        epoch: head.epoch,
        seq: head.seq + 1,
        command: None,
        at,
        boot: "console".into(),
        mono,
        events: state.decide(now, &console, Command::EraseDay { day })?,
        actor: console.id,
    };
    journal.append(head.seq, &[record])?;
    erasing::complete(data)?;
    Ok(())
}
