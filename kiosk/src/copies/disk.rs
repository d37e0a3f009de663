//! Whether the stick or network folder is there.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::Order;

/// Why nothing is written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Away {
    /// There is no such folder.
    #[error("{0} is not there")]
    Missing(String),
    /// The folder is there, but on the disk of the data or of the system: a place where a stick
    /// is mounted when it is plugged in.
    #[error("{0} lies on this machine's own disk: nothing is mounted there")]
    NotMounted(String),
}

/// Looks for the folder; yields the file system that it is on.
pub fn look(order: &Order) -> Result<u64, Away> {
    let device = |path: &Path| fs::metadata(path).ok().filter(fs::Metadata::is_dir);
    let name = || order.folder.display().to_string();
    let found = device(&order.folder).ok_or_else(|| Away::Missing(name()))?;
    let own = |path: &Path| device(path).is_some_and(|own| own.dev() == found.dev());
    match !order.same_disk && (own(&order.data) || own(Path::new("/"))) {
        true => Err(Away::NotMounted(name())),
        false => Ok(found.dev()),
    }
}
