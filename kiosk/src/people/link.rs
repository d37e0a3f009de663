//! The one-time link by which the first admin is made, and another one when every PIN is lost.
//!
//! There is no default password. Whoever can write the data folder may ask for a link; only
//! its hash is kept there. A new one replaces the last, a restart of the machine ends it.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::tokens::{fresh_secret, hash};
use crate::{clock, safe_file};

/// Time to walk to the screen, not to find a note next week.
const VALID_MS: u64 = 30 * 60_000;

/// The same for people.
pub const VALID_MINUTES: u64 = VALID_MS / 60_000;

/// A moment of this machine: its wall clock may be wrong at the first start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Moment {
    boot: String,
    mono_ms: u64,
}

impl Moment {
    fn now() -> Self {
        Self {
            boot: clock::boot_id(),
            mono_ms: clock::monotonic_ms(),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Link {
    sha256: String,
    made: Moment,
}

impl Link {
    fn opens(&self, code: &str, now: &Moment) -> bool {
        let age_ms = now.mono_ms.checked_sub(self.made.mono_ms);
        self.made.boot == now.boot
            && age_ms.is_some_and(|age_ms| age_ms < VALID_MS)
            && self.sha256 == hash(code)
    }
}

fn path(data: &Path) -> PathBuf {
    data.join("admin-link")
}

/// Makes a link; yields its path on the daemon.
pub fn make(data: &Path) -> io::Result<String> {
    let code = fresh_secret()?;
    let link = Link {
        sha256: hash(&code),
        made: Moment::now(),
    };
    safe_file::replace(&path(data), &serde_json::to_vec(&link)?)?;
    Ok(format!("/admin/link/{code}"))
}

/// Whether `code` is that of the link in force.
pub fn opens(data: &Path, code: &str) -> bool {
    let text = std::fs::read(path(data)).unwrap_or_default();
    serde_json::from_slice(&text).is_ok_and(|link: Link| link.opens(code, &Moment::now()))
}

/// Uses the link up, if `code` is that of the link in force: it opens nothing any more.
pub fn take(data: &Path, code: &str) -> io::Result<bool> {
    match opens(data, code) {
        true => safe_file::remove(&path(data)).map(|()| true),
        false => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_link_opens_for_half_an_hour_of_this_boot() {
        let at = |boot: &str, minutes: u64| Moment {
            boot: boot.into(),
            mono_ms: minutes * 60_000,
        };
        let link = Link {
            sha256: hash("code"),
            made: at("this", 10),
        };
        assert!(link.opens("code", &at("this", 10)));
        assert!(link.opens("code", &at("this", 39)));
        assert!(!link.opens("code", &at("this", 40)));
        assert!(!link.opens("code", &at("this", 9)));
        assert!(!link.opens("code", &at("next", 11)));
        assert!(!link.opens("other", &at("this", 11)));
    }

    #[test]
    fn a_new_link_replaces_the_last_and_opens_once() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let code = |link: String| link.rsplit('/').next().unwrap().to_owned();
        let (old, new) = (code(make(data).unwrap()), code(make(data).unwrap()));
        assert!(!opens(data, &old) && opens(data, &new));
        let kept = std::fs::read_to_string(path(data)).unwrap();
        assert!(!kept.contains(&new), "only the hash is kept");
        assert!(!take(data, &old).unwrap());
        assert!(take(data, &new).unwrap());
        assert!(!opens(data, &new) && !take(data, &new).unwrap());
    }
}
