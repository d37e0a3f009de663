//! A copy of the data folder while the daemon runs, and a spare machine that takes over.
//!
//! A copy holds the journal, the day keys not yet erased, the people, the tokens' hashes, and
//! the authority that the office's PCs trust, so that its staff and devices go on working with
//! the spare.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, params};

use super::sqlite::{FILE, head_of, io_at, lock, open_reader};
use super::{Head, JournalError, Record, erased, verify};
use crate::vault;

/// What is copied beside the journal.
const BESIDE: &[&str] = &[vault::FOLDER, "tokens", "people", "tls"];

/// Pages copied at a time; a running daemon commits in between.
const PAGES_A_STEP: i32 = 256;

/// The journal while it is copied; its last name tells a finished copy.
const UNFINISHED: &str = "journal.unfinished";

/// Copies the data folder to `to`, which must not exist yet or be empty.
pub fn backup(data: &Path, to: &Path) -> Result<Head, JournalError> {
    let source = open_reader(data)?;
    fs::create_dir_all(to).map_err(io_at(to))?;
    refuse_used(to)?;
    let copy = copy_journal(&source, to)?;
    let (head, erased) = (head_of(&copy)?, erased::days(&copy)?);
    drop(copy);
    // After the journal: a key made meanwhile is one too many, never one too few.
    copy_beside(data, to, &erased)?;
    finish(to)?;
    Ok(head)
}

/// Takes a copy over into `data`, which must be empty, under a new epoch.
///
/// The new epoch's first record names the old one's end, so that a reader of both journals
/// sees where they part.
pub fn restore(
    from: &Path,
    data: &Path,
    record: impl FnOnce(&Head) -> Record,
) -> Result<Head, JournalError> {
    let source = open_reader(from)?;
    verify::verify(&source, None)?;
    fs::create_dir_all(data).map_err(io_at(data))?;
    let _lock = lock(data)?;
    // A log or a key of another journal left here would become part of this one.
    refuse_used(data)?;
    // Keys of days that the journal calls erased stay behind, however they came into the copy.
    copy_beside(from, data, &erased::days(&source)?)?;
    let mut target = copy_journal(&source, data)?;
    let old = head_of(&target)?;
    let first = record(&old);
    let bytes = serde_json::to_vec(&first).map_err(|e| JournalError::Damaged {
        seq: first.seq,
        cause: e.to_string(),
    })?;
    let tx = target.transaction()?;
    tx.execute(
        "update meta set value = ? where name = 'epoch'",
        [&first.epoch],
    )?;
    tx.execute(
        "insert into record (seq, bytes, hash) values (?, ?, ?)",
        params![first.seq, bytes, old.hash.next(&bytes).0],
    )?;
    tx.commit()?;
    let head = head_of(&target)?;
    drop(target);
    finish(data)?;
    Ok(head)
}

/// Copies all of a journal, also while a daemon writes it.
fn copy_journal(source: &Connection, to: &Path) -> Result<Connection, JournalError> {
    // Without one reading transaction around it each commit would make the copy begin again.
    source.execute_batch("begin; select count(*) from meta;")?;
    let mut target = Connection::open(to.join(UNFINISHED))?;
    rusqlite::backup::Backup::new(source, &mut target)?.run_to_completion(
        PAGES_A_STEP,
        Duration::ZERO,
        None,
    )?;
    source.execute_batch("commit")?;
    // Without a log beside it a copy can be read from a read-only stick.
    target.pragma_update(None, "journal_mode", "delete")?;
    Ok(target)
}

/// Gives the copy its name once all of it is on the disk.
fn finish(folder: &Path) -> Result<(), JournalError> {
    sync_folder(folder)?;
    fs::rename(folder.join(UNFINISHED), folder.join(FILE)).map_err(io_at(folder))?;
    File::open(folder)
        .and_then(|dir| dir.sync_all())
        .map_err(io_at(folder))
}

/// Only a lock and what an interrupted copy left may lie in the folder.
fn refuse_used(folder: &Path) -> Result<(), JournalError> {
    for entry in fs::read_dir(folder).map_err(io_at(folder))? {
        let entry = entry.map_err(io_at(folder))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(UNFINISHED) {
            fs::remove_file(entry.path()).map_err(io_at(folder))?;
        } else if name != "lock" && name != "lost+found" {
            return Err(JournalError::NotEmpty(folder.display().to_string()));
        }
    }
    Ok(())
}

fn copy_beside(from: &Path, to: &Path, erased: &[u64]) -> Result<(), JournalError> {
    for name in BESIDE {
        let (from, to) = (from.join(name), to.join(name));
        if from.is_dir() {
            fs::create_dir_all(&to).map_err(io_at(&to))?;
            for entry in fs::read_dir(&from).map_err(io_at(&from))? {
                let entry = entry.map_err(io_at(&from))?;
                let day = vault::day_of(&entry.file_name());
                if *name == vault::FOLDER && day.is_some_and(|day| erased.contains(&day)) {
                    continue;
                }
                let target = to.join(entry.file_name());
                match fs::copy(entry.path(), &target) {
                    // Erased, or finished under its own name, since the folder was listed.
                    Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                    copied => copied.map(drop).map_err(io_at(&target))?,
                }
            }
            sync_folder(&to)?;
        } else if from.is_file() {
            fs::copy(&from, &to).map_err(io_at(&to))?;
        }
    }
    Ok(())
}

/// Every file of a folder, and the folder itself, onto the disk.
fn sync_folder(folder: &Path) -> Result<(), JournalError> {
    for entry in fs::read_dir(folder).map_err(io_at(folder))? {
        let path = entry.map_err(io_at(folder))?.path();
        if path.is_file() {
            File::open(&path)
                .and_then(|f| f.sync_all())
                .map_err(io_at(&path))?;
        }
    }
    File::open(folder)
        .and_then(|f| f.sync_all())
        .map_err(io_at(folder))
}
