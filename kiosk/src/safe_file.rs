//! Small files of the data folder that hold secrets: whole or not at all, also after a power
//! cut, and for their owner's eyes only.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::Mode;

/// What the group and everybody else may do with a file.
const OTHERS: u32 = 0o077;

/// A file's new content, on the disk beside the old one. Dropped, it never was.
pub struct Prepared {
    path: PathBuf,
    new: PathBuf,
}

impl Prepared {
    /// Writes and syncs `bytes` beside `path`. A full disk shows here.
    pub fn write(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        make_folder(folder)?;
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

/// Makes a folder and those above it as far as they are missing. Each is whose the one above it is: a
/// command run by root must not leave what the daemon cannot enter.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let above = match folder.parent() {
        Some(above) if !above.as_os_str().is_empty() => above,
        _ => Path::new("."),
    };
    make_folder(above)?;
    match fs::create_dir(folder) {
        // Somebody else made it just now.
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        made => made?,
    }
    let (owner, own) = (fs::metadata(above)?, fs::metadata(folder)?);
    if owner.uid() != own.uid() {
        std::os::unix::fs::chown(folder, Some(owner.uid()), Some(owner.gid()))?;
    }
    Ok(())
}

/// Replaces the content of `path`.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Prepared::write(path, bytes)?.put()
}

/// New files and folders of this process are for its own user only.
pub fn umask() {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
}

/// Takes every right of others from a folder and what is in it. A link is left alone, and where it
/// leads.
pub fn close_to_others(path: &Path) -> io::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    if found.is_symlink() {
        return Ok(());
    }
    let mode = found.permissions().mode();
    let mut closed = match mode & OTHERS {
        0 => Ok(()),
        _ => fs::set_permissions(path, Permissions::from_mode(mode & !OTHERS)),
    };
    if found.is_dir() {
        for entry in fs::read_dir(path)? {
            // One that is another user's keeps none of the others open.
            closed = close_to_others(&entry?.path()).and(closed);
        }
    }
    closed
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_others_could_read_is_closed_and_links_lead_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let outside = folder.path().join("outside");
        let data = folder.path().join("data");
        let file = data.join("slips/a.png");
        fs::create_dir_all(data.join("slips")).unwrap();
        for path in [&outside, &file] {
            fs::write(path, "x").unwrap();
            fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
        }
        fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink(&outside, data.join("link")).unwrap();
        close_to_others(&data).unwrap();
        assert_eq!(mode(&data), 0o700);
        assert_eq!(mode(&file), 0o600);
        assert_eq!(mode(&outside), 0o644);
        close_to_others(&folder.path().join("nothing")).unwrap();
    }
}
