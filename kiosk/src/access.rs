//! Who looked at dossier IDs: a line for each answer that held some, never a dossier.
//!
//! One JSON object a line: when (UTC; null while the time is unknown), who, which call, and how
//! many. It is bounded by two files: a full one becomes the older one, and what that held goes.
//! Lines are not synced one by one: a power cut may take the last seconds of looking.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

const FILE: &str = "access.log";
const OLDER: &str = "access.1.log";

/// About 10,000 looks: months of an office whose clerks look at single scans.
const BYTES_MAX: u64 = 1 << 20;

/// One writer at a time, so that no line goes with the older file by mistake.
static WRITING: Mutex<()> = Mutex::new(());

/// One answer with dossier IDs in it.
#[derive(Serialize)]
pub struct Look {
    /// UTC, if the time was known.
    pub at: Option<String>,
    /// Device or clerk.
    pub actor: String,
    /// Method and path, as the API describes it.
    pub call: &'static str,
    /// Dossier IDs in the answer.
    pub dossiers: usize,
}

/// Adds a line to the log in a data folder.
pub fn note(data: &Path, look: &Look) -> io::Result<()> {
    let mut line = serde_json::to_vec(look)?;
    line.push(b'\n');
    let _one = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let path = data.join(FILE);
    let kept = fs::metadata(&path).map_or(0, |meta| meta.len());
    if kept + line.len() as u64 > BYTES_MAX {
        fs::rename(&path, data.join(OLDER))?;
    }
    let mut options = OpenOptions::new();
    let mut file = options.create(true).append(true).mode(0o600).open(&path)?;
    file.write_all(&line)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_full_log_keeps_the_newest_looks_in_two_files() {
        let data = tempfile::tempdir().unwrap();
        let size = |file| fs::metadata(data.path().join(file)).map_or(0, |m| m.len());
        let mut looks = 0;
        let mut look = || {
            looks += 1;
            let look = Look {
                at: None,
                actor: "clerk-1".repeat(1_000),
                call: "GET /api/v1/scans",
                dossiers: looks,
            };
            note(data.path(), &look).unwrap();
            looks
        };
        while size(OLDER) == 0 {
            look();
        }
        let newest = look();
        assert!(size(FILE) <= BYTES_MAX && size(OLDER) <= BYTES_MAX);
        let lines = fs::read_to_string(data.path().join(FILE)).unwrap();
        let last: serde_json::Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
        assert_eq!(last["dossiers"], newest);
        assert_eq!(
            lines.lines().count(),
            2,
            "the new file begins where the old one ends"
        );
    }
}
