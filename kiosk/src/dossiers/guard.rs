//! Who may try to look up which dossier: codes follow one another, and four digits are soon tried
//! through.
//!
//! - A few tries are free, then each wrong one locks for twice as long: the dossier for everybody,
//!   the device for every dossier. The rules and limits are those of PINs.
//! - A try counts before it is judged, and counts survive a restart. One that cannot be judged,
//!   because the dossier software does not answer, is taken back.
//! - The file knows dossiers by their fingerprints only.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing::warn;

use super::held;
use crate::people::Lockouts;
use crate::safe_file;

const FILE: &str = "tries";

/// Wrong tries so far.
pub struct Guard {
    path: PathBuf,
    tries: Mutex<Lockouts>,
}

/// What a wrong try leads to.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Tries that are left before a lock.
    pub tries_left: u32,
    /// How long it locks; 0: not yet.
    pub wait_ms: u64,
}

impl Guard {
    /// As the last run left it; a file that cannot be read counts nothing.
    pub(super) fn open(folder: &Path) -> Self {
        let path = folder.join(FILE);
        let tries: Lockouts = std::fs::read(&path)
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default();
        Self {
            path,
            tries: Mutex::new(tries.restarted(crate::clock::monotonic_ms())),
        }
    }

    /// Counts a try of `device`, and says what it costs if it is wrong; the error is how long to
    /// wait, in ms.
    pub fn begin(&self, now_ms: u64, fingerprint: &str, device: &str) -> Result<Cost, u64> {
        let mut tries = held(&self.tries);
        tries.begin(now_ms, Some(fingerprint), device)?;
        self.keep(&tries);
        Ok(Cost {
            tries_left: tries.tries_left(fingerprint, device),
            wait_ms: tries.wait_ms(now_ms, fingerprint, device),
        })
    }

    /// Nobody could say whether it was right.
    pub fn unjudged(&self, fingerprint: &str, device: &str) {
        let mut tries = held(&self.tries);
        tries.unjudged(fingerprint, device);
        self.keep(&tries);
    }

    /// It was right.
    pub fn right(&self, fingerprint: &str, device: &str) {
        let mut tries = held(&self.tries);
        tries.right(Some(fingerprint), device);
        self.keep(&tries);
    }

    fn keep(&self, tries: &Lockouts) {
        let kept = serde_json::to_vec(tries)
            .map_err(std::io::Error::other)
            .and_then(|text| safe_file::replace(&self.path, &text));
        if let Err(cause) = kept {
            // They still count in memory.
            warn!(%cause, "tries at looking up dossiers cannot be kept");
        }
    }
}
