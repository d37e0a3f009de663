//! The role `kiosk journal`: verify, why, erase, backup, restore.

use std::io::Write as _;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use queue::Event;

use super::why::{Wanted, why};
use super::{JournalCommand, erase};
use crate::config::Config;
use crate::journal::sqlite::open_reader;
use crate::journal::{Record, backup, verify};

/// Does one of them.
pub(super) fn journal(config: &Config, command: JournalCommand) -> anyhow::Result<()> {
    let data = config.server.data.as_path();
    let mut out = std::io::stdout();
    match command {
        JournalCommand::Verify { head } => {
            let verified = verify::verify(&open_reader(data)?, head)?;
            let head = verified.head;
            writeln!(
                out,
                "good: {} records, {} epoch(s)",
                head.seq,
                verified.epochs.len()
            )?;
            writeln!(out, "head {}", head.hash)?;
        }
        JournalCommand::Why {
            ticket,
            day,
            language,
        } => why(
            data,
            &Wanted {
                number: ticket,
                day: day.as_deref(),
                language,
            },
        )?,
        JournalCommand::Erase { day } => erase::erase(config, &day)?,
        JournalCommand::Backup { to } => {
            let head = backup::backup(data, &to)?;
            writeln!(out, "copied up to record {}, head {}", head.seq, head.hash)?;
        }
        JournalCommand::Restore { from } => {
            let head = backup::restore(&from, data, |old| {
                let at = now_ms();
                Record {
                    epoch: crate::ids::secret().to_string(),
                    seq: old.seq + 1,
                    command: None,
                    at,
                    boot: "restore".into(),
                    mono: mono_at(&from, old.seq, at),
                    actor: "system".into(),
                    events: vec![Event::Restored {
                        epoch: old.epoch.clone(),
                        seq: old.seq,
                        head: old.hash.to_string(),
                    }],
                }
            })?;
            writeln!(
                out,
                "restored: epoch {} begins at record {}",
                head.epoch, head.seq
            )?;
        }
    }
    Ok(())
}

/// UTC in ms by this machine's clock.
pub(super) fn now_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(now.unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}

/// The office's own clock at `at`: it went on since the newest record.
pub(super) fn mono_at(data: &Path, seq: u64, at: i64) -> u64 {
    let reader = open_reader(data).ok();
    let record = reader.and_then(|c| crate::journal::sqlite::read(&c, seq).ok().flatten());
    record.map_or(0, |r| r.mono + u64::try_from(at - r.at).unwrap_or(0))
}
