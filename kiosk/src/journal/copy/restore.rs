//! A data folder made from a copy, in a folder of its own until it is whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::carried::Place;
use super::{About, CopyError, Line, Sink, Source, io_at};
use crate::journal::sqlite::{FILE, LOCK, create, lock, parse};
use crate::journal::{JournalError, Record, effects, erased};
use crate::{safe_file, vault};

/// Where a restore builds; while it is there the data folder is not to be used.
pub const UNFINISHED: &str = "restore.unfinished";

/// Records written in one transaction.
const BATCH: usize = 1_000;

/// Takes an empty data folder for a restore, or one that an interrupted restore left. Yields its
/// lock, and the folder in which to build.
pub fn prepare(data: &Path) -> Result<(File, PathBuf), CopyError> {
    fs::create_dir_all(data).map_err(io_at(data))?;
    let held = lock(data)?;
    let unfinished = data.join(UNFINISHED);
    let again = unfinished.exists();
    for entry in fs::read_dir(data).map_err(io_at(data))? {
        let entry = entry.map_err(io_at(data))?;
        let name = entry.file_name();
        if name == LOCK || name == "lost+found" || name == UNFINISHED {
            continue;
        }
        if !again {
            // A log or a key of another journal left here would become part of this one.
            return Err(JournalError::NotEmpty(data.display().to_string()).into());
        }
        remove(&entry.path())?;
    }
    if again {
        remove(&unfinished)?;
    }
    fs::create_dir(&unfinished).map_err(io_at(&unfinished))?;
    Ok((held, unfinished))
}

fn remove(path: &Path) -> Result<(), CopyError> {
    let removed = match path.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    };
    removed.map_err(io_at(path))
}

/// What a source holds, read to its end and thrown away: whether it can be restored, and what is
/// to be said before.
pub struct Survey {
    /// What it says of itself.
    pub about: About,
    /// When its newest record was written, in ms by the clock of then; 0: it has none.
    pub last_at: i64,
    /// The configuration and what it names.
    pub config: Vec<(Place, Vec<u8>)>,
}

/// Reads all of `source`.
pub fn survey(source: &Source) -> Result<Survey, CopyError> {
    #[derive(Default)]
    struct Looking {
        newest: Vec<u8>,
        seq: u64,
        config: Vec<(Place, Vec<u8>)>,
    }
    impl Sink for Looking {
        fn file(&mut self, place: &Place, bytes: &[u8]) -> Result<(), CopyError> {
            if !matches!(place, Place::Data(_)) {
                self.config.push((place.clone(), bytes.to_vec()));
            }
            Ok(())
        }
        fn record(&mut self, line: Line<'_>) -> Result<(), CopyError> {
            self.seq = line.seq;
            self.newest.clear();
            self.newest.extend_from_slice(line.bytes);
            Ok(())
        }
    }
    let mut looking = Looking::default();
    let about = source.pour(&mut looking)?;
    let last_at = match looking.seq {
        0 => 0,
        seq => parse(seq, &looking.newest)?.at,
    };
    Ok(Survey {
        about,
        last_at,
        config: looking.config,
    })
}

impl Survey {
    /// Puts the configuration at `path` and what it names beside it.
    pub fn put_config(&self, path: &Path) -> Result<(), CopyError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        for (place, bytes) in &self.config {
            let to = match place {
                Place::Config => path.to_owned(),
                Place::BesideConfig(name) => folder.join(name),
                Place::Data(_) => continue,
            };
            safe_file::replace(&to, bytes).map_err(io_at(&to))?;
        }
        Ok(())
    }
}

/// Pours `source` into an empty `folder`. Whatever its records call erased stays erased.
pub fn fill(source: &Source, folder: &Path) -> Result<(), CopyError> {
    let target = Connection::open(folder.join(FILE))?;
    // Nothing of it counts before it is whole, and then it is synced whole.
    target.pragma_update(None, "journal_mode", "off")?;
    target.pragma_update(None, "synchronous", "off")?;
    create(&target, "")?;
    let mut filling = Filling {
        target,
        folder,
        batch: Vec::with_capacity(BATCH),
        epoch: String::new(),
    };
    source.pour(&mut filling)?;
    filling.write_batch()?;
    let Filling { target, epoch, .. } = filling;
    target.execute("update meta set value = ? where name = 'epoch'", [epoch])?;
    let erased = erased::days(&target)?;
    target.close().map_err(|(_, error)| error)?;
    let at = io_at(folder);
    vault::delete_keys(folder, |day| erased.contains(&day)).map_err(&at)?;
    File::open(folder.join(FILE))
        .and_then(|file| file.sync_all())
        .map_err(&at)
}

/// A folder while it is filled.
struct Filling<'a> {
    target: Connection,
    folder: &'a Path,
    /// Of the newest record.
    epoch: String,
    batch: Vec<(Vec<u8>, [u8; 32], Record)>,
}

impl Filling<'_> {
    fn write_batch(&mut self) -> Result<(), CopyError> {
        let tx = self.target.transaction()?;
        for (bytes, hash, record) in self.batch.drain(..) {
            tx.prepare_cached("insert into record (seq, bytes, hash) values (?, ?, ?)")?
                .execute(params![record.seq, bytes, hash])?;
            effects::write(&tx, &record)?;
            self.epoch = record.epoch;
        }
        Ok(tx.commit()?)
    }
}

impl Sink for Filling<'_> {
    fn file(&mut self, place: &Place, bytes: &[u8]) -> Result<(), CopyError> {
        let Place::Data(path) = place else {
            return Ok(());
        };
        let path = self.folder.join(path);
        safe_file::replace(&path, bytes).map_err(io_at(&path))
    }

    fn record(&mut self, line: Line<'_>) -> Result<(), CopyError> {
        let record = parse(line.seq, line.bytes)?;
        self.batch.push((line.bytes.to_vec(), line.hash.0, record));
        match self.batch.len() >= BATCH {
            true => self.write_batch(),
            false => Ok(()),
        }
    }
}

/// Puts what was built into the data folder, the journal last: until then no daemon takes the
/// folder for its own.
pub fn put(data: &Path) -> Result<(), CopyError> {
    let unfinished = data.join(UNFINISHED);
    let listed: io::Result<Vec<PathBuf>> = fs::read_dir(&unfinished)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut built = listed.map_err(io_at(&unfinished))?;
    built.retain(|path| !path.ends_with(LOCK));
    built.sort_by_key(|path| path.ends_with(FILE));
    for path in built {
        let Some(name) = path.file_name() else {
            continue;
        };
        fs::rename(&path, data.join(name)).map_err(io_at(&path))?;
    }
    let synced = || File::open(data)?.sync_all();
    synced().map_err(io_at(data))?;
    remove(&unfinished)?;
    synced().map_err(io_at(data))
}
