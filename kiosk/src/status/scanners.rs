//! How each scanner of the daemon fares: there or away since when, when it read last, and how
//! much of what it read today was refused.
//!
//! In memory: a restart begins anew, and the words for people say so. The time comes in.

use std::sync::Mutex;
use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use super::Health;
use crate::config::{Place, Scanner};

/// How a scanner fares.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ScannerReport {
    /// Its part: `scanner-1` at counter 1, `scanner-shared`; several alike are `scanner-1-2`, …
    pub part: String,
    /// As the configuration names it.
    pub device: String,
    /// Whose codes it reads; several share it.
    pub counters: Vec<u32>,
    /// ready or away; none until it was looked for.
    pub health: Health,
    /// Since it is away.
    pub away_seconds: Option<u64>,
    /// Since anything was read; null: nothing since the daemon started.
    pub last_scan_seconds: Option<u64>,
    /// Read and taken on this service day, at most since the daemon started.
    pub taken_today: u32,
    /// Read and refused on this service day, at most since the daemon started.
    pub refused_today: u32,
}

/// What is known of one.
struct Watched {
    part: String,
    device: String,
    counters: Vec<u32>,
    health: Health,
    away_since: Option<Instant>,
    last_scan: Option<Instant>,
    /// The service day that is counted.
    day: u64,
    taken: u32,
    refused: u32,
}

/// Every scanner that the daemon listens to.
#[derive(Default)]
pub struct Scanners(Mutex<Vec<Watched>>);

impl Scanners {
    /// Those of a configuration that the daemon reads; what stands at the kiosk is the touch
    /// screen's.
    pub fn of(scanners: &[Scanner]) -> Self {
        let watched = parts(scanners).into_iter().map(|(part, scanner)| Watched {
            part,
            device: scanner.device.to_string(),
            counters: counters(&scanner.place),
            health: Health::None,
            away_since: None,
            last_scan: None,
            day: 0,
            taken: 0,
            refused: 0,
        });
        Self(Mutex::new(watched.collect()))
    }

    /// Notes that one is there or away; whether that changed.
    pub fn set(&self, part: &str, health: Health, now: Instant) -> bool {
        self.change(part, |watched| {
            let changed = watched.health != health;
            watched.health = health;
            watched.away_since = match health {
                Health::Ready => None,
                _ => watched.away_since.or(Some(now)),
            };
            changed
        })
        .unwrap_or(false)
    }

    /// Counts something that was read on a service day.
    pub fn count(&self, part: &str, taken: bool, day: u64, now: Instant) {
        self.change(part, |watched| {
            if watched.day != day {
                (watched.day, watched.taken, watched.refused) = (day, 0, 0);
            }
            watched.last_scan = Some(now);
            match taken {
                true => watched.taken = watched.taken.saturating_add(1),
                false => watched.refused = watched.refused.saturating_add(1),
            }
        });
    }

    /// All of them, in the order of the configuration, as of a service day.
    pub fn reports(&self, day: u64, now: Instant) -> Vec<ScannerReport> {
        let since = |then: Option<Instant>| Some(now.saturating_duration_since(then?).as_secs());
        let Ok(watched) = self.0.lock() else {
            return Vec::new();
        };
        let reports = watched.iter().map(|watched| {
            let today = watched.day == day;
            ScannerReport {
                part: watched.part.clone(),
                device: watched.device.clone(),
                counters: watched.counters.clone(),
                health: watched.health,
                away_seconds: since(watched.away_since),
                last_scan_seconds: since(watched.last_scan),
                taken_today: if today { watched.taken } else { 0 },
                refused_today: if today { watched.refused } else { 0 },
            }
        });
        reports.collect()
    }

    fn change<T>(&self, part: &str, change: impl FnOnce(&mut Watched) -> T) -> Option<T> {
        let mut watched = self.0.lock().ok()?;
        watched.iter_mut().find(|w| w.part == part).map(change)
    }
}

fn counters(place: &Place) -> Vec<u32> {
    match place {
        Place::Counter(counter) => vec![*counter],
        Place::Shared(counters) => counters.clone(),
        Place::Kiosk => Vec::new(),
    }
}

/// The daemon's scanners by the names of their parts: by place, and counted where a place has
/// several.
pub fn parts(scanners: &[Scanner]) -> Vec<(String, &Scanner)> {
    let mut parts: Vec<(String, &Scanner)> = Vec::new();
    for scanner in scanners {
        let name = match &scanner.place {
            Place::Counter(counter) => format!("scanner-{counter}"),
            Place::Shared(_) => "scanner-shared".to_owned(),
            Place::Kiosk => continue,
        };
        let taken = |part: &str| parts.iter().any(|(known, _)| known == part);
        let numbered = (2..).map(|n: u32| format!("{name}-{n}"));
        let free = std::iter::once(name.clone())
            .chain(numbered)
            .find(|part| !taken(part));
        parts.extend(free.map(|part| (part, scanner)));
    }
    parts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use super::*;

    fn scanner(device: &str, place: Place) -> Scanner {
        Scanner {
            device: device.parse().unwrap(),
            place,
        }
    }

    fn office() -> Vec<Scanner> {
        vec![
            scanner("serial:/dev/ttyACM0", Place::Counter(1)),
            scanner("hid:0c2e:0200", Place::Kiosk),
            scanner("serial:/dev/ttyACM1", Place::Counter(1)),
            scanner("serial:/dev/ttyACM2", Place::Shared(vec![1, 2])),
            scanner("serial:/dev/ttyACM3", Place::Shared(vec![3, 4])),
        ]
    }

    #[test]
    fn every_scanner_has_a_part_of_its_own_and_the_kiosks_is_the_screens() {
        let scanners = office();
        let names: Vec<_> = parts(&scanners).into_iter().map(|(part, _)| part).collect();
        assert_eq!(
            names,
            [
                "scanner-1",
                "scanner-1-2",
                "scanner-shared",
                "scanner-shared-2"
            ]
        );
    }

    #[test]
    fn a_scanner_is_away_since_it_was_first_missed_until_it_is_back() {
        let scanners = Scanners::of(&office());
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let away = |seconds| scanners.reports(1, at(seconds))[0].away_seconds;
        assert!(scanners.set("scanner-1", Health::Away, at(10)));
        assert!(!scanners.set("scanner-1", Health::Away, at(20)));
        assert_eq!(away(70), Some(60));
        assert!(scanners.set("scanner-1", Health::Ready, at(80)));
        assert_eq!(away(90), None);
        assert!(!scanners.set("scanner-9", Health::Away, at(90)), "unknown");
    }

    #[test]
    fn what_was_refused_is_counted_for_its_service_day() {
        let scanners = Scanners::of(&office());
        let now = Instant::now();
        scanners.count("scanner-1", true, 1, now);
        scanners.count("scanner-1", false, 1, now);
        let counts = |day| {
            let report = &scanners.reports(day, now)[0];
            (report.taken_today, report.refused_today)
        };
        assert_eq!(counts(1), (1, 1));
        assert_eq!(counts(2), (0, 0), "a new day begins with none");
        scanners.count("scanner-1", false, 2, now);
        assert_eq!(counts(2), (0, 1));
        assert_eq!(scanners.reports(2, now)[1].last_scan_seconds, None);
    }
}
