//! The request under way, on disk: durable from before it is sent until its number has been read.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use screens::visit::Pending;

/// The request under way, on disk.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) path: PathBuf,
    pub(super) pending: Option<Pending>,
}

impl Kept {
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the state folder {}", folder.display()))?;
        let path = folder.join("request.json");
        // A file that cannot be read was never synced, so its request was never sent.
        let pending = std::fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(Self { path, pending })
    }

    /// Durable when it returns: written beside, synced, and put in place.
    pub(super) fn set(&mut self, pending: Option<Pending>) -> anyhow::Result<()> {
        if self.pending == pending {
            return Ok(());
        }
        match &pending {
            Some(pending) => {
                let new = self.path.with_extension("new");
                let mut file = std::fs::File::create(&new)?;
                std::io::Write::write_all(&mut file, &serde_json::to_vec(pending)?)?;
                file.sync_all()?;
                std::fs::rename(&new, &self.path)?;
            }
            None => std::fs::remove_file(&self.path)?,
        }
        if let Some(folder) = self.path.parent() {
            std::fs::File::open(folder)?.sync_all()?;
        }
        self.pending = pending;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use screens::visit::Step;

    use super::*;

    fn pending(key: &str) -> Pending {
        Pending {
            key: key.to_owned(),
            language: "vi".to_owned(),
            step: Step::Issue {
                service: "A".to_owned(),
                class: "normal".to_owned(),
                person: None,
            },
        }
    }

    #[test]
    fn a_request_outlives_the_screen_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let mut kept = Kept::open(folder.path()).unwrap();
        assert_eq!(kept.pending, None);
        kept.set(Some(pending("k1"))).unwrap();
        kept.set(Some(pending("k2"))).unwrap();
        let mut kept = Kept::open(folder.path()).unwrap();
        assert_eq!(kept.pending, Some(pending("k2")));
        kept.set(None).unwrap();
        assert_eq!(Kept::open(folder.path()).unwrap().pending, None);
    }

    #[test]
    fn a_torn_file_is_no_request() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("request.json"), "{\"key\":").unwrap();
        assert_eq!(Kept::open(folder.path()).unwrap().pending, None);
    }
}
