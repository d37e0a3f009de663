//! Which copies there are, and which of them go.

use std::path::{Path, PathBuf};
use std::{fs, io};

use jiff::civil::Date;
use tracing::warn;

use super::{ENDING, Order, UNFINISHED};
use crate::journal::copy::{About, about};

/// So many digits of the first record's hash tell offices apart.
const LINEAGE_DIGITS: usize = 8;
const BEGINNING: &str = "kiosk-";

/// A copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where.
    pub file: PathBuf,
    /// What it says of itself.
    pub about: About,
    /// How long it is.
    pub bytes: u64,
}

/// How the names of one machine's copies begin, also after a restore on another one.
pub(super) fn beginning(about: &About) -> String {
    let lineage = about.lineage.get(..LINEAGE_DIGITS);
    format!("{BEGINNING}{}-", lineage.unwrap_or_default())
}

fn names(folder: &Path, beginning: &str, ending: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(beginning) && name.ends_with(ending) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Every copy in a folder, the newest first, and files that have the name of one and are none.
pub fn copies(folder: &Path) -> io::Result<(Vec<Kept>, Vec<PathBuf>)> {
    of(folder, BEGINNING)
}

fn of(folder: &Path, beginning: &str) -> io::Result<(Vec<Kept>, Vec<PathBuf>)> {
    let (mut kept, mut broken) = (Vec::new(), Vec::new());
    for file in names(folder, beginning, ENDING)? {
        let bytes = fs::metadata(&file).map_or(0, |meta| meta.len());
        match about(&file) {
            Ok(about) => kept.push(Kept { file, about, bytes }),
            Err(_) => broken.push(file),
        }
    }
    kept.sort_by_key(|kept| std::cmp::Reverse(kept.about.age()));
    broken.sort();
    Ok((kept, broken))
}

/// The oldest of this machine's copies, while there is a newer one.
pub(super) fn oldest_of_several(folder: &Path, about: &About) -> Option<PathBuf> {
    let (mut own, mut broken) = of(folder, &beginning(about)).ok()?;
    match broken.pop() {
        Some(broken) => Some(broken),
        None if own.len() > 1 => own.pop().map(|kept| kept.file),
        None => None,
    }
}

/// Which of a machine's copies, the newest first, go: all but `keep`, and the ones made more than
/// `keep_days` before `today`. Never the newest.
fn too_many(
    own: &[Kept],
    keep: usize,
    keep_days: u32,
    today: Option<Date>,
) -> impl Iterator<Item = &Kept> {
    let old = move |kept: &Kept| {
        let made = kept.about.made.as_deref().and_then(|made| made.get(..10));
        let made: Option<Date> = made.and_then(|date| date.parse().ok());
        let days = today
            .zip(made)
            .map(|(today, made)| (today - made).get_days());
        days.is_some_and(|days| i64::from(days) > i64::from(keep_days))
    };
    let numbered = own.iter().enumerate().skip(1);
    numbered
        .filter(move |(place, kept)| *place >= keep || old(kept))
        .map(|(_, kept)| kept)
}

/// Throws away what need not stay after `newest` was made, also what a power cut left of making
/// one. A file that stays is tried again after the next copy.
pub(super) fn throw_away(order: &Order, newest: &About, utc: Option<i64>) {
    let beginning = beginning(newest);
    let today = newest.made.as_deref().filter(|_| utc.is_some());
    let today = today.and_then(|made| made.get(..10)?.parse().ok());
    let (own, _) = of(&order.folder, &beginning).unwrap_or_default();
    let going = too_many(&own, order.keep, order.keep_days, today).map(|kept| kept.file.clone());
    let torn = names(&order.folder, &beginning, UNFINISHED).unwrap_or_default();
    for file in going.chain(torn) {
        if let Err(cause) = fs::remove_file(&file) {
            warn!(%cause, file = %file.display(), "an old copy cannot be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::journal::Hash;

    fn kept(seq: u64, generation: u64, made: Option<&str>) -> Kept {
        let about = About {
            format: 1,
            program: String::new(),
            office: String::new(),
            made: made.map(|date| format!("{date}T22:00:00+07:00")),
            lineage: "1a2b3c4d".repeat(8),
            generation,
            epoch: String::new(),
            seq,
            head: Hash::default(),
            keys: Vec::new(),
        };
        Kept {
            file: format!("{seq}").into(),
            about,
            bytes: 0,
        }
    }

    #[test]
    fn the_oldest_copies_go_and_never_the_newest() {
        let day = |n: i8| format!("2026-11-{n:02}");
        let own: Vec<Kept> = (1..=20)
            .rev()
            .map(|n| kept(n, 0, Some(&day(n as i8))))
            .collect();
        let going = |keep, days, today: i8| -> Vec<u64> {
            let today = Some(day(today).parse().unwrap());
            let going = too_many(&own, keep, days, today);
            going.map(|kept| kept.about.seq).collect()
        };
        assert_eq!(going(14, 90, 20), [6, 5, 4, 3, 2, 1]);
        assert_eq!(going(30, 90, 20), [0; 0]);
        // Keys of days erased since must not stay for longer than the days themselves.
        assert_eq!(going(30, 7, 25), (1..=17).rev().collect::<Vec<_>>());
        assert_eq!(going(1, 7, 30), (1..=19).rev().collect::<Vec<_>>());
        // While nobody knows what day it is nothing is too old.
        assert_eq!(too_many(&own, 14, 7, None).count(), 6);
    }

    #[test]
    fn of_two_branches_the_one_that_was_restored_is_newer() {
        let lost = kept(5_000, 0, None);
        let restored = kept(4_100, 1, None);
        assert!(restored.about.age() > lost.about.age());
        assert!(kept(4_200, 1, None).about.age() > restored.about.age());
    }

    #[test]
    fn a_copys_name_says_whose_it_is_when_it_was_made_and_how_far_it_goes() {
        let name = |made| super::super::file_name(&kept(12_345, 0, made).about);
        assert_eq!(
            name(Some("2026-11-26")),
            "kiosk-1a2b3c4d-2026-11-26-2200-12345.tar.gz"
        );
        assert_eq!(name(None), "kiosk-1a2b3c4d-undated-12345.tar.gz");
    }
}
