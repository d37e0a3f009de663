//! Copies on a stick or a network folder: made, checked, and the oldest thrown away.
//!
//! - A copy has its name only after all of it was read back from the disk and found good.
//! - Nothing is written where the stick should be and is not.
//! - The newest copy is never thrown away.
//!
//! Several machines may keep copies in one folder: each knows its own by its first record.

mod disk;
mod keeping;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::journal::copy::{self, About, Archive, CopyError, DataFolder, Named};

pub use self::disk::{Away, look};
pub use self::keeping::{Kept, copies};

/// Ending of a copy's name.
const ENDING: &str = ".tar.gz";
/// Ending of one that is being written.
const UNFINISHED: &str = ".unfinished";
/// So much is written between two syncs: a slow stick must not fill the memory with what waits
/// for it, for then the journal waits too.
const SYNC_BYTES: usize = 4 << 20;

/// What is to be copied, and where to.
#[derive(Clone, Debug)]
pub struct Order {
    /// The data folder.
    pub data: PathBuf,
    /// The configuration and what it names, if there is one.
    pub named: Option<Named>,
    /// Where copies are kept.
    pub folder: PathBuf,
    /// Whether `folder` may lie on the data's own disk.
    pub same_disk: bool,
    /// How many of this machine's copies stay.
    pub keep: usize,
    /// Copies older than this go as well: they hold keys of days erased since.
    pub keep_days: u32,
}

/// Why there is no new copy.
#[derive(Debug, thiserror::Error)]
pub enum NoCopy {
    /// The stick or network folder is not there.
    #[error(transparent)]
    Away(#[from] Away),
    /// No room, also without any older copy but the newest.
    #[error("the disk for copies is full")]
    Full,
    /// The disk for copies cannot be written.
    #[error("the disk for copies cannot be written: {0}")]
    Unwritable(io::Error),
    /// What was read back is not what was written.
    #[error("what was read back from the disk for copies is not what was written: {0}")]
    Faulty(CopyError),
    /// The journal or a file beside it is damaged.
    #[error("the data cannot be copied: {0}")]
    Source(CopyError),
}

/// Makes a copy, checks it, and throws the oldest away. `utc` in ms, if the time is known.
pub fn make(order: &Order, utc: Option<i64>) -> Result<Kept, NoCopy> {
    let device = look(order)?;
    let source = DataFolder::open(&order.data, order.named.as_ref()).map_err(NoCopy::Source)?;
    let about = source.about(utc).map_err(NoCopy::Source)?;
    let file = order.folder.join(file_name(&about));
    let unfinished = order
        .folder
        .join(format!("{}{UNFINISHED}", file_name(&about)));
    loop {
        let made = write(&source, &about, &unfinished, device);
        match made {
            Ok(()) => break,
            Err(failed) => {
                let _ = fs::remove_file(&unfinished);
                let full = matches!(failed, NoCopy::Full);
                // The oldest makes room, and never the only one.
                match keeping::oldest_of_several(&order.folder, &about).filter(|_| full) {
                    Some(oldest) => fs::remove_file(oldest).map_err(|_| NoCopy::Full)?,
                    None => return Err(failed),
                }
            }
        }
    }
    fs::rename(&unfinished, &file).map_err(NoCopy::Unwritable)?;
    sync_folder(&order.folder).map_err(NoCopy::Unwritable)?;
    keeping::throw_away(order, &about, utc);
    let bytes = fs::metadata(&file).map_or(0, |meta| meta.len());
    Ok(Kept { file, about, bytes })
}

/// `kiosk-1a2b3c4d-2026-11-26-2200-12345.tar.gz`: whose, when, and how far it goes.
pub fn file_name(about: &About) -> String {
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let made = about.made.as_deref().and_then(|made| {
        let (date, time) = made.split_once('T')?;
        let time = digits(time.get(..5)?);
        Some(format!("{date}-{time}"))
    });
    let made = made.unwrap_or_else(|| "undated".into());
    format!("{}{made}-{}{ENDING}", keeping::beginning(about), about.seq)
}

fn write(source: &DataFolder, about: &About, path: &Path, device: u64) -> Result<(), NoCopy> {
    let opened = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(path);
    let at = |cause: io::Error| match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => NoCopy::Full,
        _ => NoCopy::Unwritable(cause),
    };
    let file = opened.map_err(at)?;
    // Pulled out between the look and now, and the bare folder took the file instead.
    if file.metadata().map_err(at)?.dev() != device {
        return Err(Away::Missing(path.display().to_string()).into());
    }
    let failed = |error: CopyError| match error {
        CopyError::Unwritable(cause) => at(cause),
        error => NoCopy::Source(error),
    };
    let mut archive = Archive::begin(Synced::new(file), about).map_err(failed)?;
    source.pour(about, &mut archive).map_err(failed)?;
    let Synced { file, .. } = archive.finish().map_err(failed)?;
    file.sync_all().map_err(at)?;
    // Else what is read back comes from memory and says nothing about the stick.
    let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
    drop(file);
    match copy::check(path) {
        Ok(read) if read == *about => Ok(()),
        Ok(_) => {
            let changed = "it says something else of itself".into();
            Err(NoCopy::Faulty(CopyError::Damaged(changed)))
        }
        Err(error) => Err(NoCopy::Faulty(error)),
    }
}

/// Not every network file system can sync a folder; one that cannot writes it at once.
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(e) if e.kind() == io::ErrorKind::InvalidInput => Ok(()),
        synced => synced,
    }
}

/// A file that is synced as it grows.
struct Synced {
    file: File,
    unsynced: usize,
}

impl Synced {
    fn new(file: File) -> Self {
        Self { file, unsynced: 0 }
    }
}

impl Write for Synced {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.unsynced += written;
        if self.unsynced >= SYNC_BYTES {
            self.file.sync_data()?;
            self.unsynced = 0;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests;
