//! How the whole office fares, for people: a line for each part, what is troubled on top.
//!
//! Pure: what is known comes in as a [`Scene`].

use std::collections::BTreeMap;
use std::path::Path;

use queue::DeviceKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::advice::{self, Pair, texts};
use crate::speaker::Sound;
use crate::status::{Health, PrinterReport, ReaderReport, ScannerReport};

/// A screen asks at least every half minute; twice missed it is away.
pub const AWAY_AFTER_SECONDS: u64 = 60;
/// Weeks of a busy office's journal.
const DISK_LOW_BYTES: u64 = 1 << 30;
/// On a small card a gigabyte may be half of it.
const DISK_LOW_SHARE: u64 = 20;

/// So many refused codes on a day, and more than were taken, are not a clerk's slips of the hand:
/// the scanner's window is dirty, or it is set up for another country.
const REFUSED_MANY: u64 = 20;

/// Whether so much of a day's codes was refused that somebody should see to the scanner.
pub fn reads_badly(taken_today: u64, refused_today: u64) -> bool {
    refused_today >= REFUSED_MANY && refused_today > taken_today
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Somebody should go there now.
    Trouble,
    /// Somebody should see to it.
    Note,
    /// As it should be.
    Good,
}

/// Room on the disk that the data folder lies on.
#[derive(Clone, Copy, Debug)]
pub struct Disk {
    /// Left for this program.
    pub free_bytes: u64,
    /// In all.
    pub total_bytes: u64,
}

impl Disk {
    /// The disk that a folder lies on; `None`: the system does not say.
    pub fn of(folder: &Path) -> Option<Self> {
        let found = rustix::fs::statvfs(folder).ok()?;
        Some(Self {
            free_bytes: found.f_bavail.saturating_mul(found.f_frsize),
            total_bytes: found.f_blocks.saturating_mul(found.f_frsize),
        })
    }

    /// Whether somebody should make room.
    pub fn is_low(self) -> bool {
        self.free_bytes < DISK_LOW_BYTES.min(self.total_bytes / DISK_LOW_SHARE)
    }
}

/// A screen that has been heard of.
#[derive(Clone, Debug)]
pub struct Screen {
    /// Its id.
    pub id: String,
    /// As the office calls it; empty for none.
    pub name: String,
    /// Which kind.
    pub kind: DeviceKind,
    /// Since the last contact.
    pub silent_seconds: u64,
    /// How its sound fares, if it speaks the calls.
    pub sound: Option<Sound>,
}

impl Screen {
    /// Whether somebody should look after it.
    pub fn is_away(&self) -> bool {
        self.silent_seconds > AWAY_AFTER_SECONDS
    }
}

/// All that is known.
pub struct Scene {
    /// What is wrong with the configuration's file, if its last good copy runs.
    pub configuration: Option<String>,
    /// Whether the last append to the journal succeeded.
    pub writable: bool,
    /// `None`: the system does not say.
    pub disk: Option<Disk>,
    /// Whether the time is known.
    pub clock_known: bool,
    /// Every printer that was looked at.
    pub printers: Vec<PrinterReport>,
    /// Every scanner of the daemon.
    pub scanners: Vec<ScannerReport>,
    /// Every reader beside a touch screen.
    pub readers: Vec<ReaderReport>,
    /// The parts by name; printers and scanners among them, which are told of by their reports.
    pub parts: BTreeMap<String, Health>,
    /// Scans that wait to be forwarded.
    pub scans_pending: u32,
    /// Why, and for how many minutes, if the intake server is away.
    pub intake_outage: Option<(&'static str, u64)>,
    /// Touch and lobby screens.
    pub screens: Vec<Screen>,
}

/// A part, as told to people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Line {
    /// Names it to programs: configuration, disk, clock, printer-…, intake, scanner-…, reader-…, or
    /// a screen's id.
    pub part: String,
    /// trouble, note or good.
    pub state: State,
    /// What it is called, by language.
    pub name: BTreeMap<String, String>,
    /// How it fares and what to do, by language.
    pub says: BTreeMap<String, String>,
}

fn line(part: &str, state: State, name: Pair, says: Pair) -> Line {
    Line {
        part: part.to_owned(),
        state,
        name: texts(name),
        says: texts(says),
    }
}

fn named(vi: &str, en: &str) -> Pair {
    [vi.to_owned(), en.to_owned()]
}

/// Every part, what is troubled first.
pub fn report(scene: &Scene) -> Vec<Line> {
    let mut lines = vec![
        configuration(scene.configuration.as_deref()),
        disk(scene),
        clock(scene.clock_known),
    ];
    lines.extend(scene.printers.iter().map(printer));
    lines.extend(scene.scanners.iter().filter_map(scanner));
    lines.extend(scene.readers.iter().map(reader));
    lines.extend(
        scene
            .parts
            .iter()
            .filter_map(|(name, health)| part(name, *health, scene)),
    );
    lines.extend(scene.screens.iter().map(screen));
    lines.sort_by_key(|line| line.state);
    lines
}

fn configuration(problem: Option<&str>) -> Line {
    let (state, says) = match problem {
        Some(problem) => (State::Trouble, advice::last_good_configuration(problem)),
        None => (State::Good, advice::works()),
    };
    let name = named("Tệp cấu hình", "Configuration");
    line("configuration", state, name, says)
}

fn disk(scene: &Scene) -> Line {
    let (state, says) = match scene.disk {
        _ if !scene.writable => (State::Trouble, advice::journal_stopped()),
        Some(disk) if disk.is_low() => (State::Note, advice::disk_nearly_full(disk.free_bytes)),
        Some(disk) => (State::Good, advice::disk_has_room(disk.free_bytes)),
        None => (State::Good, advice::works()),
    };
    line("disk", state, named("Bộ nhớ của máy", "Storage"), says)
}

fn clock(known: bool) -> Line {
    let (state, says) = match known {
        true => (State::Good, advice::works()),
        false => (State::Note, advice::clock_unknown()),
    };
    line("clock", state, named("Ngày giờ", "Date and time"), says)
}

fn printer(report: &PrinterReport) -> Line {
    let state = match (Health::from(report.condition), &report.advice) {
        (Health::Ready | Health::None, None) => State::Good,
        (Health::Ready | Health::None, Some(_)) => State::Note,
        _ => State::Trouble,
    };
    let name = ["vi", "en"]
        .map(|language| report.place.get(language))
        .map(|place| place.unwrap_or(&report.name).as_str());
    Line {
        part: format!("printer-{}", report.name),
        state,
        name: texts(advice::printer_name(name)),
        says: match &report.advice {
            Some(advice) => advice.clone(),
            None => texts(advice::works()),
        },
    }
}

/// One that was not looked for yet says nothing.
fn scanner(report: &ScannerReport) -> Option<Line> {
    let (taken, refused) = (report.taken_today.into(), report.refused_today.into());
    let (state, says) = match report.health {
        Health::None => return None,
        Health::Away | Health::Trouble => {
            let seconds = report.away_seconds.unwrap_or_default();
            (State::Trouble, advice::scanner_away(seconds))
        }
        Health::Ready if reads_badly(taken, refused) => {
            (State::Note, advice::scanner_reads_badly(report))
        }
        Health::Ready => {
            let says = advice::scanner_works(report.last_scan_seconds, refused);
            (State::Good, says)
        }
    };
    Some(line(
        &report.part,
        state,
        advice::scanner_name(report),
        says,
    ))
}

/// The silence of its screen is told of as the screen's own trouble.
fn reader(report: &ReaderReport) -> Line {
    let state = match (report.health, &report.advice) {
        (Health::Ready, None) => State::Good,
        (Health::Ready | Health::None, _) => State::Note,
        (Health::Away | Health::Trouble, _) => State::Trouble,
    };
    let works = || advice::scanner_works(report.last_scan_seconds, report.refused_today);
    Line {
        part: report.part.clone(),
        state,
        name: report.name.clone(),
        says: report.advice.clone().unwrap_or_else(|| texts(works())),
    }
}

/// Parts that others tell of in more words are left to those.
fn part(name: &str, health: Health, scene: &Scene) -> Option<Line> {
    let elsewhere = name == "printer"
        || name.starts_with("printer-")
        || name.starts_with("scanner-")
        || name == "configuration";
    if elsewhere || health == Health::None {
        return None;
    }
    let pending = scene.scans_pending;
    let (state, says) = match (health, scene.intake_outage) {
        (Health::Ready | Health::None, _) => (State::Good, advice::works()),
        (Health::Away, Some((cause, minutes))) if name == "intake" => {
            let says = advice::intake_away(cause, minutes, pending);
            (State::Trouble, says)
        }
        (Health::Away | Health::Trouble, _) => {
            let says = advice::part_trouble(name, health, pending);
            (State::Trouble, says)
        }
    };
    Some(line(name, state, advice::part_name(name), says))
}

fn screen(screen: &Screen) -> Line {
    let (state, says) = match screen.sound {
        _ if screen.is_away() => (State::Trouble, advice::screen_away(screen.silent_seconds)),
        Some(Sound::Ready) => (State::Good, advice::screen_speaks()),
        Some(sound) => (State::Trouble, advice::screen_is_silent(sound)),
        None => (State::Good, advice::works()),
    };
    let name = advice::kind(screen.kind).map(|kind| match screen.name.as_str() {
        "" => kind.to_owned(),
        name => format!("{kind}: {name}"),
    });
    line(&screen.id, state, name, says)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use printer::Condition;

    fn scene() -> Scene {
        Scene {
            configuration: None,
            writable: true,
            disk: Some(Disk {
                free_bytes: 8 << 30,
                total_bytes: 16 << 30,
            }),
            clock_known: true,
            printers: Vec::new(),
            scanners: Vec::new(),
            readers: Vec::new(),
            parts: BTreeMap::new(),
            scans_pending: 0,
            intake_outage: None,
            screens: Vec::new(),
        }
    }

    fn of<'a>(lines: &'a [Line], part: &str) -> &'a Line {
        lines.iter().find(|line| line.part == part).unwrap()
    }

    fn printer_that(condition: Condition) -> PrinterReport {
        let advice = advice::printer(condition).map(|sentence| sentence.texts());
        PrinterReport {
            name: "main".into(),
            place: BTreeMap::from([("vi".into(), "cửa chính".into())]),
            condition,
            confirms: true,
            slips_left: None,
            resets: 0,
            advice,
        }
    }

    #[test]
    fn what_is_troubled_stands_on_top_and_what_is_well_is_short() {
        let mut scene = scene();
        scene.parts = [
            ("gpio".to_owned(), Health::Ready),
            ("intake".to_owned(), Health::Away),
            ("printer".to_owned(), Health::Trouble),
            ("scanner-3".to_owned(), Health::None),
        ]
        .into();
        scene.scans_pending = 7;
        scene.printers = vec![printer_that(Condition::PaperLow)];
        let lines = report(&scene);
        let order: Vec<_> = lines.iter().map(|line| line.part.as_str()).collect();
        assert_eq!(
            order,
            [
                "intake",
                "printer-main",
                "configuration",
                "disk",
                "clock",
                "gpio"
            ]
        );
        assert!(of(&lines, "intake").says["en"].contains("7 scans wait"));
        assert_eq!(of(&lines, "printer-main").name["vi"], "Máy in cửa chính");
        assert_eq!(of(&lines, "gpio").says["vi"], "Hoạt động bình thường.");
    }

    #[test]
    fn an_intake_server_that_is_away_is_told_of_with_why_and_since_when() {
        let mut scene = scene();
        scene.parts = [("intake".to_owned(), Health::Away)].into();
        scene.scans_pending = 7;
        for (cause, to_do) in [
            ("no-connection", "network cable"),
            ("certificate-date", "date and time"),
            ("our-certificate", "certificate and key"),
        ] {
            scene.intake_outage = Some((cause, 95));
            let lines = report(&scene);
            let says = &of(&lines, "intake").says;
            assert!(says["en"].contains("for 95 min; 7 scans wait"), "{says:?}");
            assert!(says["en"].contains(to_do), "{says:?}");
            assert!(says["vi"].contains("từ 95 phút nay; 7 mã"), "{says:?}");
        }
    }

    #[test]
    fn a_bad_configuration_file_is_told_with_its_line() {
        let mut scene = scene();
        scene.configuration = Some("kiosk.toml:3: unknown field `colour`".into());
        let lines = report(&scene);
        assert_eq!(lines[0].state, State::Trouble);
        for language in ["vi", "en"] {
            assert!(lines[0].says[language].contains("kiosk.toml:3: unknown field `colour`"));
        }
    }

    #[test]
    fn a_disk_is_told_of_before_it_is_full() {
        let mut scene = scene();
        let mut state_with = |free_bytes, total_bytes| {
            scene.disk = Some(Disk {
                free_bytes,
                total_bytes,
            });
            let lines = report(&scene);
            of(&lines, "disk").state
        };
        assert_eq!(state_with(2 << 30, 16 << 30), State::Good);
        assert_eq!(state_with(700 << 20, 16 << 30), State::Note);
        // A small card: a twentieth of it.
        assert_eq!(state_with(700 << 20, 4 << 30), State::Good);
        assert_eq!(state_with(100 << 20, 4 << 30), State::Note);
        scene.writable = false;
        assert_eq!(of(&report(&scene), "disk").state, State::Trouble);
    }

    #[test]
    fn every_scanner_is_told_of_by_its_place_and_what_to_do() {
        let report = ScannerReport {
            part: "scanner-3".into(),
            device: "serial:/dev/ttyACM0".into(),
            counters: vec![3],
            health: Health::Ready,
            away_seconds: None,
            last_scan_seconds: Some(300),
            taken_today: 7,
            refused_today: 2,
        };
        let told = |report: &ScannerReport| {
            let mut scene = scene();
            scene.scanners = vec![report.clone()];
            let lines = super::report(&scene);
            let line = of(&lines, &report.part);
            let text = |texts: &BTreeMap<String, String>| texts["en"].clone();
            (line.state, text(&line.name), text(&line.says))
        };
        let well = told(&report);
        assert_eq!(well.0, State::Good);
        assert_eq!(well.1, "Scanner at counter 3 (serial:/dev/ttyACM0)");
        assert_eq!(
            well.2,
            "Working. The last scan was 5 minutes ago. Codes refused today: 2."
        );
        let away = told(&ScannerReport {
            counters: vec![1, 2],
            health: Health::Away,
            away_seconds: Some(180),
            ..report.clone()
        });
        assert_eq!(away.0, State::Trouble);
        assert!(away.1.starts_with("Scanner shared by counters 1, 2"));
        assert!(away.2.contains("away for 3 minutes"), "{}", away.2);
        let dirty = told(&ScannerReport {
            refused_today: 20,
            ..report.clone()
        });
        assert_eq!(dirty.0, State::Note);
        let used = told(&ScannerReport {
            refused_today: 20,
            taken_today: 20,
            ..report
        });
        assert_eq!(used.0, State::Good, "many scans have some refusals");
    }

    #[test]
    fn a_reader_that_the_touch_screen_misses_is_a_trouble_and_one_that_nobody_knows_of_a_note() {
        let report = ReaderReport {
            part: "reader-touch".into(),
            screen: "touch".into(),
            device: "hid:0c2e:0200".into(),
            health: Health::Ready,
            away_seconds: None,
            silent_seconds: 0,
            last_scan_seconds: Some(60),
            taken_today: 0,
            refused_today: 0,
            name: texts(named("Đầu đọc", "Reader")),
            advice: None,
        };
        let told = |report: ReaderReport| {
            let advice = advice::reader(&report).map(texts);
            let mut scene = scene();
            scene.readers = vec![ReaderReport { advice, ..report }];
            let lines = super::report(&scene);
            let line = of(&lines, "reader-touch");
            (line.state, line.says["en"].clone())
        };
        let works = "Working. The last scan was 1 minute ago.";
        assert_eq!(told(report.clone()), (State::Good, works.into()));
        for (health, refused_today, state, code) in [
            (Health::Away, 0, State::Trouble, "(S3)"),
            (Health::None, 0, State::Note, "(S4)"),
            (Health::Ready, 20, State::Note, "(S5)"),
        ] {
            let (found, says) = told(ReaderReport {
                health,
                refused_today,
                ..report.clone()
            });
            assert_eq!(found, state, "{says}");
            assert!(says.ends_with(code), "{says}");
        }
    }

    #[test]
    fn a_screen_is_away_after_a_minute_of_silence() {
        let mut scene = scene();
        let screen = |id: &str, silent_seconds| Screen {
            id: id.into(),
            name: "Cửa chính".into(),
            kind: DeviceKind::Touch,
            silent_seconds,
            sound: None,
        };
        scene.screens = vec![screen("touch-1", 60), screen("touch-2", 61)];
        let lines = report(&scene);
        assert_eq!(of(&lines, "touch-1").state, State::Good);
        let away = of(&lines, "touch-2");
        assert_eq!(away.state, State::Trouble);
        assert_eq!(away.name["en"], "Touch screen: Cửa chính");
        assert!(away.says["vi"].contains("1 phút"));
    }

    #[test]
    fn a_lobby_screen_that_cannot_be_heard_is_told_of_with_what_to_do() {
        for (sound, silent_seconds, state, says) in [
            (None, 0, State::Good, "Working."),
            (Some(Sound::Ready), 0, State::Good, "calls are spoken"),
            (Some(Sound::NoPlayer), 0, State::Trouble, "alsa-utils"),
            (Some(Sound::NoDevice), 0, State::Trouble, "loudspeaker"),
            (Some(Sound::NoClips), 0, State::Trouble, "kiosk voice make"),
            (Some(Sound::NoClips), 90, State::Trouble, "Not heard of"),
        ] {
            let mut scene = scene();
            scene.screens = vec![Screen {
                id: "lobby".into(),
                name: String::new(),
                kind: DeviceKind::Lobby,
                silent_seconds,
                sound,
            }];
            let lines = report(&scene);
            let line = of(&lines, "lobby");
            assert_eq!(line.state, state, "{sound:?}");
            assert!(line.says["en"].contains(says), "{sound:?}: {line:?}");
        }
    }
}
