//! Who looked at personal values, and who was refused: one JSON object a line, never a value, a
//! PIN or a token.
//!
//! - A look is a line for each answer that held some: when (UTC; null while the time is unknown),
//!   who, which call, and how many.
//! - Refusals are counted by what, who and where from, and written once a minute: who tries a
//!   thousand PINs makes one line. They lie in a file of their own, so that no flood of them takes
//!   the looks with it.
//! - Each log is bounded by two files: a full one becomes the older one, and what that held goes.
//!   What is older than personal values are kept goes too.
//! - Lines are not synced one by one: a power cut may take the last seconds.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::safe_file;

/// A log of two files.
struct Log {
    file: &'static str,
    older: &'static str,
}

const LOOKS: Log = Log {
    file: "access.log",
    older: "access.1.log",
};
const REFUSALS: Log = Log {
    file: "refused.log",
    older: "refused.1.log",
};

/// About 10,000 looks: months of an office whose clerks look at single scans.
const BYTES_MAX: u64 = 1 << 20;
/// Kinds of refusals told apart between two writings; more are counted together.
const KINDS_MAX: usize = 64;

/// One writer at a time, so that no line goes with the older file by mistake.
static WRITING: Mutex<()> = Mutex::new(());

/// One answer with personal values in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// UTC, if the time was known.
    pub at: Option<String>,
    /// Device or clerk.
    pub actor: String,
    /// Method and path, as the API describes it.
    pub call: String,
    /// Personal values in the answer, such as dossier IDs.
    #[serde(alias = "dossiers")]
    pub values: usize,
}

/// What was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Refused {
    /// A PIN or a token that is wrong, at sign-in.
    SignIn,
    /// A sign-in while it was locked after wrong ones.
    Locked,
    /// A token that nobody has.
    Token,
    /// A token of a device that was revoked.
    Revoked,
    /// An act without the right to it.
    Right,
}

/// A kind of refusals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Attempt {
    /// What was refused.
    pub refused: Refused,
    /// Device or clerk, as far as known; for sign-ins the staff number that was given, if
    /// somebody has it.
    pub actor: Option<String>,
    /// Address; empty for those that are counted together.
    pub from: String,
}

/// Refusals of a minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// UTC, if the time was known.
    pub at: Option<String>,
    /// Which.
    #[serde(flatten)]
    pub attempt: Attempt,
    /// How often.
    pub times: u32,
}

/// Refusals that are not written yet.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<BTreeMap<Attempt, u32>>);

impl Refusals {
    /// Counts one.
    pub fn count(&self, attempt: Attempt) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let attempt = match counts.len() < KINDS_MAX || counts.contains_key(&attempt) {
            true => attempt,
            false => Attempt {
                refused: attempt.refused,
                actor: None,
                from: String::new(),
            },
        };
        let times = counts.entry(attempt).or_default();
        *times = times.saturating_add(1);
    }

    /// Those counted since the last time.
    pub fn take(&self, at: Option<&str>) -> Vec<Refusal> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = std::mem::take(&mut *counts).into_iter();
        let refusals = counted.map(|(attempt, times)| Refusal {
            at: at.map(str::to_owned),
            attempt,
            times,
        });
        refusals.collect()
    }
}

/// Adds a look to the log in a data folder.
pub fn note(data: &Path, look: &Look) -> io::Result<()> {
    LOOKS.add(data, look)
}

/// Adds refusals to theirs.
pub fn note_refusals(data: &Path, refusals: &[Refusal]) -> io::Result<()> {
    refusals
        .iter()
        .try_for_each(|refusal| REFUSALS.add(data, refusal))
}

/// The newest looks and refusals, newest first, at most `max` of each.
pub fn newest(data: &Path, max: usize) -> io::Result<(Vec<Look>, Vec<Refusal>)> {
    Ok((LOOKS.newest(data, max)?, REFUSALS.newest(data, max)?))
}

/// Forgets what is older than `before`, with undated lines among it.
pub fn forget(data: &Path, before: jiff::Timestamp) -> io::Result<()> {
    let _one = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    for log in [LOOKS, REFUSALS] {
        for path in log.paths(data) {
            forget_in(&path, before)?;
        }
    }
    Ok(())
}

impl Log {
    fn paths(&self, data: &Path) -> [PathBuf; 2] {
        [self.file, self.older].map(|file| data.join(file))
    }

    fn add(&self, data: &Path, line: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(line)?;
        line.push(b'\n');
        let _one = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let [path, older] = self.paths(data);
        let kept = fs::metadata(&path).map_or(0, |meta| meta.len());
        if kept + line.len() as u64 > BYTES_MAX {
            fs::rename(&path, older)?;
        }
        let mut options = OpenOptions::new();
        let mut file = options.create(true).append(true).mode(0o600).open(&path)?;
        file.write_all(&line)
    }

    fn newest<T: DeserializeOwned>(&self, data: &Path, max: usize) -> io::Result<Vec<T>> {
        let mut newest = Vec::new();
        for path in self.paths(data) {
            let text = read(&path)?;
            let lines = text.lines().rev();
            // A line that a power cut tore is none.
            let read = lines.filter_map(|line| serde_json::from_str(line).ok());
            newest.extend(read.take(max - newest.len()));
        }
        Ok(newest)
    }
}

fn read(path: &Path) -> io::Result<String> {
    match fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(cause) => Err(cause),
    }
}

/// Lines are in order: everything up to the last that is too old goes.
fn forget_in(path: &Path, before: jiff::Timestamp) -> io::Result<()> {
    #[derive(Deserialize)]
    struct Dated {
        at: Option<jiff::Timestamp>,
    }
    let text = read(path)?;
    let old = |line: &str| {
        let dated = serde_json::from_str::<Dated>(line).ok();
        dated.and_then(|line| line.at).is_some_and(|at| at < before)
    };
    let mut gone = 0;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if old(line) {
            gone = end;
        }
    }
    match (gone, &text[gone..]) {
        (0, _) => Ok(()),
        (_, "") => safe_file::remove(path),
        (_, kept) => safe_file::replace(path, kept.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn look(at: Option<&str>, values: usize) -> Look {
        Look {
            at: at.map(str::to_owned),
            actor: "person-7".into(),
            call: "GET /api/v1/scans".into(),
            values,
        }
    }

    fn attempt(from: &str) -> Attempt {
        Attempt {
            refused: Refused::SignIn,
            actor: None,
            from: from.into(),
        }
    }

    #[test]
    fn a_full_log_keeps_the_newest_looks_in_two_files() {
        let data = tempfile::tempdir().unwrap();
        let size = |file| fs::metadata(data.path().join(file)).map_or(0, |m| m.len());
        let mut looks = 0;
        let mut one_more = || {
            looks += 1;
            let look = Look {
                actor: "clerk-1".repeat(1_000),
                ..look(None, looks)
            };
            note(data.path(), &look).unwrap();
            looks
        };
        while size(LOOKS.older) == 0 {
            one_more();
        }
        let newest = one_more();
        assert!(size(LOOKS.file) <= BYTES_MAX && size(LOOKS.older) <= BYTES_MAX);
        let in_new = fs::read_to_string(data.path().join(LOOKS.file)).unwrap();
        assert_eq!(
            in_new.lines().count(),
            2,
            "the new file begins where the old one ends"
        );
        let (told, _) = super::newest(data.path(), 5).unwrap();
        let told: Vec<_> = told.iter().map(|look| newest - look.values).collect();
        assert_eq!(told, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn what_is_older_than_personal_values_are_kept_is_forgotten() {
        let data = tempfile::tempdir().unwrap();
        let days = [
            None,
            Some("2026-11-20T01:00:00Z"),
            None,
            Some("2026-11-23T01:00:00Z"),
            None,
        ];
        for (n, at) in days.into_iter().enumerate() {
            note(data.path(), &look(at, n)).unwrap();
        }
        let left = |before: &str| {
            forget(data.path(), before.parse().unwrap()).unwrap();
            let (looks, _) = newest(data.path(), 10).unwrap();
            looks.iter().map(|look| look.values).collect::<Vec<_>>()
        };
        assert_eq!(left("2026-11-20T00:00:00Z"), [4, 3, 2, 1, 0]);
        assert_eq!(left("2026-11-21T00:00:00Z"), [4, 3, 2]);
        assert_eq!(left("2026-11-24T00:00:00Z"), [4]);
    }

    #[test]
    fn a_thousand_wrong_pins_are_one_line_and_a_flood_from_everywhere_a_few() {
        let data = tempfile::tempdir().unwrap();
        let refusals = Refusals::default();
        for _ in 0..1_000 {
            refusals.count(attempt("192.0.2.1"));
        }
        let taken = refusals.take(Some("2026-11-23T01:00:00Z"));
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0].times, 1_000);
        note_refusals(data.path(), &taken).unwrap();
        assert!(refusals.take(None).is_empty(), "told once");

        for n in 0..1_000 {
            refusals.count(attempt(&format!("198.51.100.{n}")));
        }
        let taken = refusals.take(None);
        assert_eq!(taken.len(), KINDS_MAX + 1);
        assert_eq!(taken.iter().map(|r| r.times).sum::<u32>(), 1_000);
        note_refusals(data.path(), &taken).unwrap();
        let (_, told) = newest(data.path(), 1_000).unwrap();
        assert_eq!(told.len(), 1 + taken.len());
        assert_eq!(told.last().unwrap().attempt, attempt("192.0.2.1"));
    }

    #[test]
    fn looks_of_older_versions_are_told_too() {
        let old = r#"{"at":null,"actor":"clerk-1","call":"GET /api/v1/scans","dossiers":3}"#;
        assert_eq!(serde_json::from_str::<Look>(old).unwrap().values, 3);
    }
}
