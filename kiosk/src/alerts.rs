//! What a supervisor should know now, in plain sentences with what to do about it.
//!
//! Pure: a scene goes in, sentences come out. Nothing is remembered; an alert stands as long as
//! its cause does.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use queue::CounterState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::status::{Health, PrinterReport, ReaderReport};

/// `[alerts]`: from when on the live board says something, or the log of outages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Somebody waits this long, in minutes.
    pub wait_minutes: NonZeroU32,
    /// So many wait for one service.
    pub waiting_tickets: NonZeroU32,
    /// An open counter has nothing in hand for this long, in minutes, while somebody waits whom it
    /// could call.
    pub idle_minutes: NonZeroU32,
    /// Somebody waits this long, in minutes, for a service that no open counter serves.
    pub unserved_minutes: NonZeroU32,
    /// Scans have not reached the dossier software for this long, in seconds: longer than its
    /// server takes to start anew, shorter than a clerk's patience.
    pub outage_seconds: NonZeroU32,
}

const fn at_least_one(n: u32) -> NonZeroU32 {
    match NonZeroU32::new(n) {
        Some(n) => n,
        None => NonZeroU32::MIN,
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            wait_minutes: at_least_one(30),
            waiting_tickets: at_least_one(20),
            idle_minutes: at_least_one(5),
            unserved_minutes: at_least_one(5),
            outage_seconds: at_least_one(30),
        }
    }
}

/// Who waits for a service.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// Its letter.
    pub letter: char,
    /// Its name by language.
    pub name: Texts,
    /// How many wait.
    pub waiting: u32,
    /// How long the first of them has waited.
    pub longest_seconds: u64,
}

/// What a counter does.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// From 1.
    pub number: u32,
    /// Letters that it serves.
    pub services: Vec<char>,
    /// Whether it calls.
    pub state: CounterState,
    /// Whether it has a ticket in hand.
    pub busy: bool,
    /// How long it has been so.
    pub for_seconds: u64,
}

/// The office at one moment.
#[derive(Clone, Debug)]
pub struct Scene {
    /// In the order of the tiles.
    pub queues: Vec<Queue>,
    /// By number.
    pub places: Vec<Place>,
    /// Every printer.
    pub printers: Vec<PrinterReport>,
    /// Every reader beside a touch screen.
    pub readers: Vec<ReaderReport>,
    /// The way to the intake server.
    pub intake: Health,
    /// Scans that wait to be forwarded.
    pub scans_pending: u32,
    /// Copies for a spare machine.
    pub backup: Health,
}

/// By language.
pub type Texts = BTreeMap<String, String>;

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Somebody waits for a service that no open counter serves.
    Unserved,
    /// Somebody waits too long.
    WaitTooLong,
    /// Too many wait.
    TooManyWaiting,
    /// An open counter could call and does not.
    CounterIdle,
    /// A printer needs somebody.
    Printer,
    /// A printer will soon need paper.
    PaperLow,
    /// A touch screen misses its reader.
    ReaderAway,
    /// Scans cannot be forwarded.
    IntakeAway,
    /// There is no new copy for a spare machine.
    NoBackup,
}

/// A sentence for the supervisor, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Alert {
    /// What it is about.
    pub kind: Kind,
    /// Letter of the service, number of the counter, name of the printer or part of the reader;
    /// empty: the office.
    pub about: String,
    /// Whether citizens feel it already.
    pub urgent: bool,
    /// What is the matter, by language.
    pub text: Texts,
    /// What to do about it, by language.
    pub advice: Texts,
}

fn texts(vi: String, en: String) -> Texts {
    [("vi".to_owned(), vi), ("en".to_owned(), en)].into()
}

/// Every alert of a scene, in order of the list of kinds.
pub fn alerts(scene: &Scene, limits: &Thresholds) -> Vec<Alert> {
    let mut alerts = Vec::new();
    let limit = |minutes: NonZeroU32| u64::from(minutes.get()) * 60;
    for queue in scene.queues.iter().filter(|queue| queue.waiting > 0) {
        let served = scene.serving(queue.letter, CounterState::Open).next();
        if served.is_none() && queue.longest_seconds >= limit(limits.unserved_minutes) {
            alerts.push(unserved(scene, queue));
            continue;
        }
        // One alert a queue: the longer of two lists is not read.
        if queue.longest_seconds >= limit(limits.wait_minutes) {
            alerts.push(wait_too_long(scene, queue, limits));
        } else if queue.waiting >= limits.waiting_tickets.get() {
            alerts.push(too_many_waiting(scene, queue, limits));
        }
    }
    let idle = scene.places.iter().filter(|place| {
        place.state == CounterState::Open
            && !place.busy
            && place.for_seconds >= limit(limits.idle_minutes)
    });
    alerts.extend(idle.filter_map(|place| counter_idle(scene, place)));
    alerts.extend(scene.printers.iter().filter_map(|p| printer(scene, p)));
    alerts.extend(scene.readers.iter().filter_map(reader_away));
    alerts.extend(intake_away(scene));
    alerts.extend(no_backup(scene));
    // Stable: within a kind the office's own order stays.
    alerts.sort_by_key(|alert| alert.kind as u8);
    alerts
}

impl Scene {
    /// What of it matters while the day is open, or is not: then nobody is called any more, but
    /// paper is put in and scans are sent.
    pub fn during(&self, day_open: bool) -> Self {
        let mut scene = self.clone();
        if !day_open {
            scene.queues.clear();
            scene.places.clear();
        }
        scene
    }

    fn serving(&self, letter: char, state: CounterState) -> impl Iterator<Item = &Place> {
        self.places
            .iter()
            .filter(move |p| p.services.contains(&letter) && p.state == state)
    }

    /// The one thing that would help a queue: a counter that serves it calls, else one opens, else
    /// one that has nobody to call takes it over, else people are told.
    fn help(&self, queue: &Queue) -> Texts {
        let mut open = self.serving(queue.letter, CounterState::Open);
        if let Some(place) = open.find(|place| !place.busy) {
            let n = place.number;
            return texts(
                format!("Quầy số {n} đang mở và chưa gọi ai: nhắc quầy gọi số."),
                format!("Counter {n} is open and has called nobody: remind the clerk."),
            );
        }
        let paused = self.serving(queue.letter, CounterState::Paused);
        let closed = self.serving(queue.letter, CounterState::Closed);
        if let Some(place) = paused.chain(closed).next() {
            let n = place.number;
            return texts(
                format!("Mở quầy số {n}, quầy này phục vụ được lĩnh vực đó."),
                format!("Open counter {n}, which serves it."),
            );
        }
        let waits = |letter: &char| {
            let queue = self.queues.iter().find(|q| q.letter == *letter);
            queue.is_some_and(|q| q.waiting > 0)
        };
        let spare = self.places.iter().find(|p| {
            p.state == CounterState::Open
                && !p.busy
                && !p.services.contains(&queue.letter)
                && !p.services.iter().any(waits)
        });
        match spare {
            Some(place) => texts(
                format!(
                    "Quầy số {} đang rảnh: có thể chuyển bớt số sang quầy này.",
                    place.number
                ),
                format!(
                    "Counter {} has nobody to serve: transfer some tickets there.",
                    place.number
                ),
            ),
            None => texts(
                "Cử thêm cán bộ hỗ trợ, hoặc báo cho người dân biết thời gian chờ.".into(),
                "Send a colleague to help, or tell citizens how long it will take.".into(),
            ),
        }
    }
}

impl Queue {
    fn named(&self, language: &str) -> String {
        let name = self.name.get(language).or_else(|| self.name.get("vi"));
        format!("{} {}", self.letter, name.map_or("", String::as_str))
            .trim_end()
            .to_owned()
    }

    fn minutes(&self) -> u64 {
        self.longest_seconds / 60
    }
}

fn unserved(scene: &Scene, queue: &Queue) -> Alert {
    let (n, minutes) = (queue.waiting, queue.minutes());
    Alert {
        kind: Kind::Unserved,
        about: queue.letter.to_string(),
        urgent: true,
        text: texts(
            format!(
                "Lĩnh vực {}: chưa quầy nào mở; {n}\u{a0}người đang chờ, lâu nhất {minutes}\u{a0}phút.",
                queue.named("vi")
            ),
            format!(
                "{}: no counter is open; {n} waiting, the first for {minutes}\u{a0}min.",
                queue.named("en")
            ),
        ),
        advice: scene.help(queue),
    }
}

fn wait_too_long(scene: &Scene, queue: &Queue, limits: &Thresholds) -> Alert {
    let (n, minutes, limit) = (queue.waiting, queue.minutes(), limits.wait_minutes);
    Alert {
        kind: Kind::WaitTooLong,
        about: queue.letter.to_string(),
        urgent: true,
        text: texts(
            format!(
                "Lĩnh vực {}: {n}\u{a0}người đang chờ, lâu nhất {minutes}\u{a0}phút (mức báo: {limit}\u{a0}phút).",
                queue.named("vi")
            ),
            format!(
                "{}: {n} waiting, the first for {minutes}\u{a0}min (limit {limit}\u{a0}min).",
                queue.named("en")
            ),
        ),
        advice: scene.help(queue),
    }
}

fn too_many_waiting(scene: &Scene, queue: &Queue, limits: &Thresholds) -> Alert {
    let (n, limit) = (queue.waiting, limits.waiting_tickets);
    Alert {
        kind: Kind::TooManyWaiting,
        about: queue.letter.to_string(),
        urgent: false,
        text: texts(
            format!(
                "Lĩnh vực {}: {n}\u{a0}người đang chờ (mức báo: {limit}\u{a0}người).",
                queue.named("vi")
            ),
            format!("{}: {n} are waiting (limit {limit}).", queue.named("en")),
        ),
        advice: scene.help(queue),
    }
}

fn counter_idle(scene: &Scene, place: &Place) -> Option<Alert> {
    let own = |queue: &&Queue| place.services.contains(&queue.letter);
    let waiting: u32 = scene.queues.iter().filter(own).map(|q| q.waiting).sum();
    let (n, minutes) = (place.number, place.for_seconds / 60);
    (waiting > 0).then(|| Alert {
        kind: Kind::CounterIdle,
        about: n.to_string(),
        urgent: false,
        text: texts(
            format!("Quầy số {n} đang mở nhưng {minutes}\u{a0}phút chưa gọi số; {waiting}\u{a0}người đang chờ quầy gọi."),
            format!("Counter {n} is open but has called nobody for {minutes}\u{a0}min; {waiting} wait for its call."),
        ),
        advice: texts(
            "Hỏi cán bộ tại quầy; nếu cán bộ đi vắng thì bấm “Tạm dừng quầy” ở trang quầy.".into(),
            "Ask the clerk there; if the clerk is away, press “Pause” on the counter's page.".into(),
        ),
    })
}

/// A printer's own sentences say what to do already.
fn printer(scene: &Scene, report: &PrinterReport) -> Option<Alert> {
    let mut text = report.advice.clone()?;
    if scene.printers.len() > 1 {
        for text in text.values_mut() {
            *text = format!("{}: {text}", report.name);
        }
    }
    let prints = report.condition.prints();
    Some(Alert {
        kind: if prints {
            Kind::PaperLow
        } else {
            Kind::Printer
        },
        about: report.name.clone(),
        urgent: !prints,
        text,
        advice: Texts::new(),
    })
}

/// A reader's own sentences say what to do already.
fn reader_away(report: &ReaderReport) -> Option<Alert> {
    let mut text = report
        .advice
        .clone()
        .filter(|_| report.health == Health::Away)?;
    for (language, text) in &mut text {
        if let Some(name) = report.name.get(language) {
            *text = format!("{name}: {text}");
        }
    }
    Some(Alert {
        kind: Kind::ReaderAway,
        about: report.part.clone(),
        urgent: false,
        text,
        advice: Texts::new(),
    })
}

fn intake_away(scene: &Scene) -> Option<Alert> {
    let n = scene.scans_pending;
    let (vi, en) = match scene.intake {
        Health::None | Health::Ready => return None,
        Health::Away => (
            "Kiểm tra mạng và máy chủ của phần mềm; có lại kết nối là máy tự gửi.",
            "Check the network and the software's server; sending goes on by itself.",
        ),
        Health::Trouble => (
            "Phần mềm từ chối kết nối: báo quản trị viên kiểm tra địa chỉ và mã truy cập.",
            "The software refuses the connection: have its address and token checked.",
        ),
    };
    Some(Alert {
        kind: Kind::IntakeAway,
        about: String::new(),
        urgent: false,
        text: texts(
            format!(
                "Chưa gửi được mã hồ sơ sang phần mềm một cửa; {n} lượt quét đang được giữ tại máy, không mất."
            ),
            format!(
                "Dossiers do not reach the intake software; {n} scans are kept here, none is lost."
            ),
        ),
        advice: texts(vi.into(), en.into()),
    })
}

/// A stick that is away is on its way; two days later nobody has brought it.
fn no_backup(scene: &Scene) -> Option<Alert> {
    (scene.backup == Health::Trouble).then(|| Alert {
        kind: Kind::NoBackup,
        about: String::new(),
        urgent: false,
        text: texts(
            "Chưa có bản sao mới: nếu máy hỏng, số liệu gần đây có thể mất.".into(),
            "There is no new copy: if the machine broke, recent data could be lost.".into(),
        ),
        advice: texts(
            "Kiểm tra ổ lưu bản sao; quản trị viên xem trang “Sao lưu”.".into(),
            "Check the disk for copies; an administrator finds more on the page “Backup”.".into(),
        ),
    })
}

#[cfg(test)]
mod tests;
