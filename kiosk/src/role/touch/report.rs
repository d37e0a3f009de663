//! Tells the daemon how the readers beside this screen fare: staff see it on their pages, and need
//! not look for a line in this machine's log.
//!
//! Only whether each is there, and how many codes it could and could not read: never a code.

use std::time::{Duration, Instant};

use screens::visit::SAME_LABEL_MS;
use tokio::sync::watch;
use tracing::debug;

use super::make_key;
use crate::client::{Client, ReaderSays};

/// The daemon believes a word for a minute; one that is lost must not matter.
const SAY_EVERY: Duration = Duration::from_secs(30);
/// A reader that sends garbage all the time is told of at this pace.
const PACE: Duration = Duration::from_secs(1);

/// What is known of a reader.
#[derive(Debug, Clone)]
pub(super) struct Watched {
    device: String,
    standing: Standing,
    /// When, and what it is told from others by.
    last_scan: Option<(Instant, u64)>,
    taken: u64,
    refused: u64,
}

#[derive(Debug, Clone, Copy)]
enum Standing {
    /// It was not looked for yet.
    Unknown,
    There,
    AwaySince(Instant),
}

impl Watched {
    pub(super) fn new(device: String) -> Self {
        Self {
            device,
            standing: Standing::Unknown,
            last_scan: None,
            taken: 0,
            refused: 0,
        }
    }

    pub(super) fn found(&mut self) {
        self.standing = Standing::There;
    }

    pub(super) fn lost(&mut self, now: Instant) {
        if !matches!(self.standing, Standing::AwaySince(_)) {
            self.standing = Standing::AwaySince(now);
        }
    }

    /// Something was held to it, told from others by `mark`; `known`: it meant something. What lies
    /// there is read again and again, and counts once.
    pub(super) fn read(&mut self, mark: u64, known: bool, now: Instant) {
        let same_label = Duration::from_millis(SAME_LABEL_MS);
        let lies_there = self.last_scan.is_some_and(|(then, last)| {
            last == mark && now.saturating_duration_since(then) < same_label
        });
        self.last_scan = Some((now, mark));
        if lies_there {
            return;
        }
        let count = match known {
            true => &mut self.taken,
            false => &mut self.refused,
        };
        *count = count.saturating_add(1);
    }

    pub(super) fn is_there(&self) -> bool {
        matches!(self.standing, Standing::There)
    }

    /// `None` until it was looked for.
    fn says(&self, now: Instant) -> Option<ReaderSays> {
        let since = |then: Instant| now.saturating_duration_since(then).as_secs();
        Some(ReaderSays {
            device: self.device.clone(),
            away_seconds: match self.standing {
                Standing::Unknown => return None,
                Standing::There => None,
                Standing::AwaySince(then) => Some(since(then)),
            },
            last_scan_seconds: self.last_scan.map(|(then, _)| since(then)),
            taken: self.taken,
            refused: self.refused,
        })
    }
}

/// Tells the daemon while it is there: at once when it comes back or something changes, else now
/// and then. Until nobody watches the readers or the daemon any more.
pub(super) async fn report(
    client: Client,
    mut readers: watch::Receiver<Vec<Watched>>,
    mut linked: watch::Receiver<bool>,
) {
    while linked.wait_for(|linked| *linked).await.is_ok() {
        let says: Vec<ReaderSays> = {
            let readers = readers.borrow_and_update();
            let now = Instant::now();
            readers
                .iter()
                .filter_map(|reader| reader.says(now))
                .collect()
        };
        let said = client.say_readers(&make_key(), &says).await;
        if let Err(failure) = &said {
            debug!(?failure, "how the readers fare cannot be told");
        }
        tokio::time::sleep(PACE).await;
        // That there is none is said once: one of an earlier start may be known.
        let is_over = says.is_empty() && said.is_ok();
        let again = async {
            match is_over {
                true => std::future::pending().await,
                false => tokio::time::sleep(SAY_EVERY).await,
            }
        };
        let goes_on = tokio::select! {
            changed = readers.changed() => changed.is_ok(),
            changed = linked.changed() => changed.is_ok(),
            () = again => true,
        };
        if !goes_on {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_reader_is_missing_since_it_was_first_missed_and_read_what_it_read() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut reader = Watched::new("hid:0c2e:0200".into());
        assert_eq!(reader.says(at(0)), None, "not looked for yet");
        reader.lost(at(10));
        reader.lost(at(20));
        assert_eq!(reader.says(at(70)).unwrap().away_seconds, Some(60));
        reader.found();
        reader.read(1, true, at(80));
        reader.read(2, false, at(90));
        let says = reader.says(at(100)).unwrap();
        assert_eq!(
            (says.away_seconds, says.last_scan_seconds),
            (None, Some(10))
        );
        assert_eq!((says.taken, says.refused), (1, 1));
    }

    #[test]
    fn what_lies_before_the_reader_counts_once() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut reader = Watched::new("hid:0c2e:0200".into());
        reader.found();
        for seconds in 0..20 {
            reader.read(1, false, at(seconds));
        }
        reader.read(2, false, at(20));
        reader.read(2, false, at(22));
        assert_eq!(reader.says(at(22)).unwrap().refused, 3);
    }
}
