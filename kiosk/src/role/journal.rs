//! The role `kiosk journal`: verify, why, erase, backup, restore.

use std::io::Write as _;
use std::path::Path;

use super::why::{Wanted, why};
use super::{Common, JournalCommand, erase, spare};
use crate::journal::sqlite::open_reader;
use crate::journal::{Hash, verify};

/// Does one of them.
pub(super) fn journal(common: &Common, command: JournalCommand) -> anyhow::Result<()> {
    match command {
        JournalCommand::Verify { head } => verify(&common.load()?.server.data, head),
        JournalCommand::Why {
            ticket,
            day,
            language,
        } => why(
            &common.load()?.server.data,
            &Wanted {
                number: ticket,
                day: day.as_deref(),
                language,
            },
        ),
        JournalCommand::Erase { day } => erase::erase(&common.load()?, &day),
        JournalCommand::Backup { to } => spare::backup(&common.load()?, to.as_deref()),
        // Not loaded: an empty machine has no configuration yet.
        JournalCommand::Restore(wanted) => spare::restore(common, &wanted),
    }
}

fn verify(data: &Path, head: Option<Hash>) -> anyhow::Result<()> {
    let verified = verify::verify(&open_reader(data)?, head)?;
    let (head, epochs) = (verified.head, verified.epochs.len());
    let mut out = std::io::stdout();
    writeln!(out, "good: {} records, {epochs} epoch(s)", head.seq)?;
    writeln!(out, "head {}", head.hash)?;
    Ok(())
}

/// The office's own clock at `at`: it went on since the newest record.
pub(super) fn mono_at(data: &Path, seq: u64, at: i64) -> u64 {
    let reader = open_reader(data).ok();
    let record = reader.and_then(|c| crate::journal::sqlite::read(&c, seq).ok().flatten());
    record.map_or(0, |r| r.mono + u64::try_from(at - r.at).unwrap_or(0))
}
