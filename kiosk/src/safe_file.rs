//! Small files of the data folder that hold secrets: whole or not at all, also after a power
//! cut, and for their owner's eyes only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, fchown};
use std::path::{Path, PathBuf};

/// A file's new content, on the disk beside the old one. Dropped, it never was.
pub struct Prepared {
    path: PathBuf,
    new: PathBuf,
}

impl Prepared {
    /// Writes and syncs `bytes` beside `path`. A full disk shows here.
    pub fn write(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let prepared = Self {
            path: path.to_owned(),
            new: path.with_extension("new"),
        };
        let mut file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(true)
            .mode(0o600)
            .open(&prepared.new)?;
        let (owner, own) = (fs::metadata(folder)?, file.metadata()?);
        if owner.uid() != own.uid() {
            // A command run by root must not leave what the daemon cannot read.
            fchown(&file, Some(owner.uid()), Some(owner.gid()))?;
        }
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(prepared)
    }

    /// Puts it in the old one's place.
    pub fn put(self) -> io::Result<()> {
        fs::rename(&self.new, &self.path)?;
        sync_folder_of(&self.path)
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // Once it is put there is nothing left to remove.
        let _ = fs::remove_file(&self.new);
    }
}

/// Replaces the content of `path`.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Prepared::write(path, bytes)?.put()
}

/// Removes `path` for good, if it is there.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => sync_folder_of(path),
    }
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
