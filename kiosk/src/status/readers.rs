//! How the readers beside touch screens fare, as each screen says it of its own.
//!
//! A screen says it whenever something changes, and at least every half minute; what a silent one
//! said last is known no more. In memory: a restart begins anew. The time comes in.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use super::Health;
use crate::advice;
use crate::health::AWAY_AFTER_SECONDS;
use crate::tokens::Device;

/// More readers beside one screen than a machine may have scanners are no screen's doing.
pub const READERS_MAX: usize = 100;

/// What a screen says of a reader beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// As the screen's configuration names it.
    pub device: String,
    /// Since it is away; `None`: it is there.
    pub away_seconds: Option<u64>,
    /// Since anything was read; `None`: nothing since the screen started.
    pub last_scan_seconds: Option<u64>,
    /// Codes that meant something, since the screen started.
    pub taken: u64,
    /// Codes that could not be read or meant nothing, since the screen started.
    pub refused: u64,
}

/// How a reader beside a touch screen fares.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReaderReport {
    /// Its part: `reader-` and the screen's id; further ones are `reader-…-2`, …
    pub part: String,
    /// The id of its screen.
    pub screen: String,
    /// As the screen's configuration names it.
    pub device: String,
    /// ready or away; none while its screen is silent.
    pub health: Health,
    /// Since it is away, while its screen says so.
    pub away_seconds: Option<u64>,
    /// Since its screen said how it fares.
    pub silent_seconds: u64,
    /// Since anything was read; null: nothing since the screen started.
    pub last_scan_seconds: Option<u64>,
    /// Read on this service day and known, at most since the daemon started.
    pub taken_today: u64,
    /// Held to it on this service day and not read or not known, at most since the daemon started.
    pub refused_today: u64,
    /// What it is called, by language.
    pub name: BTreeMap<String, String>,
    /// What is the matter and the one thing to do, by language; null if all is well.
    pub advice: Option<BTreeMap<String, String>>,
}

/// Counted on one service day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counted {
    day: u64,
    taken: u64,
    refused: u64,
}

struct Known {
    said: Reader,
    counted: Counted,
}

struct Screen {
    said_at: Instant,
    readers: Vec<Known>,
}

/// The readers of every screen that has said something, by the screen's id.
#[derive(Default)]
pub struct Readers(Mutex<BTreeMap<String, Screen>>);

impl Readers {
    /// A screen says how all of its readers fare, on a service day.
    pub fn say(&self, screen: &str, readers: Vec<Reader>, day: u64, now: Instant) {
        let Ok(mut screens) = self.0.lock() else {
            return;
        };
        let before = screens.remove(screen).map(|screen| screen.readers);
        if readers.is_empty() {
            return;
        }
        let readers = readers.into_iter().map(|said| {
            let mut known = before.iter().flatten();
            let known = known.find(|known| known.said.device == said.device);
            let counted = known.map_or_else(Counted::default, |known| {
                counted(known.counted, &known.said, &said, day)
            });
            Known { said, counted }
        });
        let readers = readers.collect();
        let said_at = now;
        screens.insert(screen.to_owned(), Screen { said_at, readers });
    }

    /// All of them as of a service day, in the order of `screens`; what others said is forgotten.
    pub fn reports(&self, screens: &[Device], day: u64, now: Instant) -> Vec<ReaderReport> {
        let Ok(mut known) = self.0.lock() else {
            return Vec::new();
        };
        known.retain(|id, _| screens.iter().any(|device| device.id == *id));
        let of = |device: &Device| {
            let screen = known.get(&device.id)?;
            Some(reports_of(device, screen, day, now))
        };
        screens.iter().filter_map(of).flatten().collect()
    }
}

/// What was read since the last word of a screen; less than before means that it has started anew.
fn counted(counted: Counted, before: &Reader, said: &Reader, day: u64) -> Counted {
    let since = |before: u64, now: u64| now.checked_sub(before).unwrap_or(now);
    let counted = match counted.day == day {
        true => counted,
        false => Counted::default(),
    };
    Counted {
        day,
        taken: (counted.taken).saturating_add(since(before.taken, said.taken)),
        refused: (counted.refused).saturating_add(since(before.refused, said.refused)),
    }
}

fn reports_of(device: &Device, screen: &Screen, day: u64, now: Instant) -> Vec<ReaderReport> {
    let silent_seconds = now.saturating_duration_since(screen.said_at).as_secs();
    let by_now = |said: Option<u64>| Some(said?.saturating_add(silent_seconds));
    let is_silent = silent_seconds > AWAY_AFTER_SECONDS;
    let reports = screen.readers.iter().zip(1_usize..).map(|(known, n)| {
        let mut part = format!("reader-{}", device.id);
        if n > 1 {
            part = format!("{part}-{n}");
        }
        let counted = Some(known.counted).filter(|counted| counted.day == day);
        let counted = counted.unwrap_or_default();
        let mut report = ReaderReport {
            part,
            screen: device.id.clone(),
            device: known.said.device.clone(),
            health: match known.said.away_seconds {
                _ if is_silent => Health::None,
                Some(_) => Health::Away,
                None => Health::Ready,
            },
            away_seconds: by_now(known.said.away_seconds).filter(|_| !is_silent),
            silent_seconds,
            last_scan_seconds: by_now(known.said.last_scan_seconds),
            taken_today: counted.taken,
            refused_today: counted.refused,
            name: advice::texts(advice::reader_name(&device.name, &known.said.device)),
            advice: None,
        };
        report.advice = advice::reader(&report).map(advice::texts);
        report
    });
    reports.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use super::*;
    use crate::tokens::Made;

    fn screen(id: &str, name: &str) -> Device {
        Device {
            id: id.into(),
            name: name.into(),
            kind: None,
            right: None,
            made: Made::default(),
        }
    }

    fn says(away_seconds: Option<u64>, taken: u64, refused: u64) -> Reader {
        Reader {
            device: "serial:/dev/ttyACM0".into(),
            away_seconds,
            last_scan_seconds: None,
            taken,
            refused,
        }
    }

    /// The one report of the one screen.
    fn report(readers: &Readers, day: u64, now: Instant) -> ReaderReport {
        let mut reports = readers.reports(&[screen("touch", "Cửa chính")], day, now);
        assert_eq!(reports.len(), 1);
        reports.remove(0)
    }

    #[test]
    fn a_missing_reader_is_named_with_since_when_and_what_to_do_until_it_is_back() {
        let readers = Readers::default();
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        readers.say("touch", vec![says(Some(150), 0, 0)], 1, at(0));
        let missing = report(&readers, 1, at(30));
        assert_eq!(missing.part, "reader-touch");
        assert_eq!(missing.health, Health::Away);
        assert_eq!(missing.away_seconds, Some(180));
        let name = "Đầu đọc ở màn hình lấy số Cửa chính (serial:/dev/ttyACM0)";
        assert_eq!(missing.name["vi"], name);
        let advice = missing.advice.unwrap();
        assert!(advice["vi"].contains("3 phút"), "{advice:?}");
        assert!(advice["en"].contains("plug it in again"), "{advice:?}");
        readers.say("touch", vec![says(None, 0, 0)], 1, at(31));
        let back = report(&readers, 1, at(31));
        assert_eq!((back.health, back.advice), (Health::Ready, None));
    }

    #[test]
    fn what_a_silent_screen_said_of_its_reader_is_known_no_more() {
        let readers = Readers::default();
        let start = Instant::now();
        for away_seconds in [None, Some(5)] {
            readers.say("touch", vec![says(away_seconds, 0, 0)], 1, start);
            let fresh = report(&readers, 1, start + Duration::from_secs(60));
            assert_ne!(fresh.health, Health::None);
            let stale = report(&readers, 1, start + Duration::from_secs(61));
            assert_eq!((stale.health, stale.away_seconds), (Health::None, None));
            let advice = stale.advice.unwrap();
            assert!(advice["en"].contains("for 1 minute"), "{advice:?}");
        }
    }

    #[test]
    fn what_a_reader_could_not_read_is_counted_for_its_service_day_over_restarts_of_the_screen() {
        let readers = Readers::default();
        let now = Instant::now();
        let counts = |day| {
            let report = report(&readers, day, now);
            (report.taken_today, report.refused_today)
        };
        // Read before the daemon started: nobody knows on which day.
        readers.say("touch", vec![says(None, 5, 9)], 1, now);
        assert_eq!(counts(1), (0, 0));
        readers.say("touch", vec![says(None, 6, 12)], 1, now);
        assert_eq!(counts(1), (1, 3));
        // The same again, as after a lost answer.
        readers.say("touch", vec![says(None, 6, 12)], 1, now);
        assert_eq!(counts(1), (1, 3));
        readers.say("touch", vec![says(None, 2, 0)], 1, now);
        assert_eq!(counts(1), (3, 3), "the screen has started anew");
        assert_eq!(counts(2), (0, 0), "a new day begins with none");
        readers.say("touch", vec![says(None, 2, 1)], 2, now);
        assert_eq!(counts(2), (0, 1));
    }

    #[test]
    fn readers_go_with_their_screen_and_with_its_configuration() {
        let readers = Readers::default();
        let now = Instant::now();
        let parts = |screens: &[Device]| {
            let reports = readers.reports(screens, 1, now).into_iter();
            reports.map(|report| report.part).collect::<Vec<_>>()
        };
        let both = [screen("touch", ""), screen("touch-1a2b3c4d", "")];
        readers.say("touch", vec![says(None, 0, 0), says(None, 0, 0)], 1, now);
        readers.say("touch-1a2b3c4d", vec![says(None, 0, 0)], 1, now);
        let all = ["reader-touch", "reader-touch-2", "reader-touch-1a2b3c4d"];
        assert_eq!(parts(&both), all);
        readers.say("touch-1a2b3c4d", Vec::new(), 1, now);
        assert_eq!(parts(&both), all[..2]);
        assert_eq!(parts(&both[1..]), Vec::<String>::new(), "revoked");
        assert_eq!(parts(&both), Vec::<String>::new());
    }
}
