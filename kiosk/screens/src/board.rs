//! The public state and the ticket, as the daemon's API words them.
//!
//! Own types, because a screen may stand on another machine than the daemon: only the JSON
//! is shared. A field that is missing or new never stops a screen, so nearly all have defaults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A text in several languages; Vietnamese is the one that always exists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub BTreeMap<String, String>);

impl Text {
    /// The text in `language`, or in Vietnamese where that is missing.
    pub fn in_language(&self, language: &str) -> &str {
        self.0
            .get(language)
            .filter(|text| !text.is_empty())
            .or_else(|| self.0.get("vi"))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }
}

/// Everything a public screen may know: `GET /queue`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Board {
    /// Which journal the numbers are of.
    pub epoch: String,
    /// The office and its texts.
    pub office: Office,
    /// Whether the daemon knows the time.
    pub clock: Clock,
    /// The service day.
    pub day: Day,
    /// Whether numbers are given out now, and if not why.
    pub issuing: Issuing,
    /// Services by letter.
    pub services: BTreeMap<String, Service>,
    /// Counters by number.
    pub counters: BTreeMap<String, Counter>,
    /// Newest first, one per ticket.
    pub calls: Vec<Call>,
    /// What is to be heard, by a number that rises with each call.
    pub announcements: BTreeMap<String, Announcement>,
    /// The ticket printer.
    pub printer: Printer,
    /// Printers by name.
    pub printers: BTreeMap<String, PrinterPlace>,
    /// Somebody can look up one's own dossier.
    pub look_up: bool,
}

/// Where a printer stands, and how it fares.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PrinterPlace {
    /// In words; empty if the office does not say.
    pub place: Text,
    /// ready, paper-low, paper-out, …
    pub condition: String,
}

impl Board {
    /// Services in the office's own order.
    pub fn services_in_order(&self) -> Vec<(&str, &Service)> {
        let mut services: Vec<_> = self.services.iter().map(|(l, s)| (l.as_str(), s)).collect();
        services.sort_by_key(|(letter, service)| (service.position, *letter));
        services
    }

    /// As somebody with priority sees it: too many ordinary citizens in line are no reason.
    pub fn with_priority(&self) -> Self {
        let mut board = self.clone();
        for service in board.services.values_mut() {
            if service.issuing.gives(true) {
                service.issuing = Issuing::default();
            }
        }
        board
    }

    /// The language the office speaks first.
    pub fn first_language(&self) -> &str {
        self.office.languages.first().map_or("vi", String::as_str)
    }
}

/// Name and texts of the office.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Office {
    /// The authority above it, as on its signboard.
    pub parent: Text,
    /// Its own name.
    pub name: Text,
    /// Telephone number for citizens; may be empty.
    pub hotline: String,
    /// Notices, shown one after the other.
    pub notices: Vec<Text>,
    /// Languages offered, the office's own first.
    pub languages: Vec<String>,
    /// Who may ask for priority; `None`: the office has no priority class.
    pub priority: Option<Text>,
}

/// Whether a time may be shown at all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Clock {
    /// A machine that does not know the time shows none.
    pub known: bool,
    /// The office's distance from UTC.
    pub offset_minutes: i32,
}

/// The service day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Day {
    /// Between opening and closing.
    pub open: bool,
    /// Unknown while the clock is.
    pub date: Option<String>,
}

/// Whether numbers are given out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Issuing {
    /// Numbers are given out now.
    pub open: bool,
    /// Why not.
    pub reason: Option<ClosedReason>,
    /// When they are again, with the office's offset.
    pub opens_at: Option<String>,
    /// What staff say of a closure, or the holiday's name.
    pub text: Option<Text>,
}

impl Default for Issuing {
    fn default() -> Self {
        Self {
            open: true,
            reason: None,
            opens_at: None,
            text: None,
        }
    }
}

impl Issuing {
    /// Whether somebody gets a number, with or without priority.
    pub fn gives(&self, priority: bool) -> bool {
        self.open || (priority && self.reason == Some(ClosedReason::Late))
    }
}

/// Why no numbers are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClosedReason {
    /// Before the first hour of the day.
    NotYet,
    /// The lunch break.
    Noon,
    /// None for a while; counters serve those who have one.
    Gap,
    /// After the last number of the day.
    Over,
    /// A weekend or holiday.
    DayOff,
    /// A closure that staff told.
    Unplanned,
    /// Staff paused the service for today.
    Paused,
    /// The service's numbers of today are gone.
    Full,
    /// More wait than will be called today; who has priority still gets a number.
    Late,
    /// Staff closed the day, or a reason newer than this screen.
    #[serde(other)]
    Closed,
}

/// What a citizen comes for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Service {
    /// Its place among the tiles.
    pub position: u32,
    /// Its name.
    pub name: Text,
    /// Everyday words for it.
    pub words: Text,
    /// An ordinary one, or one of the two fixed tiles.
    pub kind: Kind,
    /// How many wait.
    pub waiting: u32,
    /// The wait of somebody who came now.
    pub wait_seconds: Option<Range>,
    /// When calls go on for them, if a break comes first.
    pub kept_until: Option<String>,
    /// Whether a number can be had now.
    pub issuing: Issuing,
}

/// Which tile a service fills.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The fixed tile for collecting a result.
    Result,
    /// The fixed tile "I am not sure".
    Guide,
    /// A service like others.
    #[default]
    #[serde(other)]
    Normal,
}

/// A wait, from the better to the worse guess.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The better guess.
    pub low: u32,
    /// The worse guess.
    pub high: u32,
}

/// A counter as the public sees it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counter {
    /// `open`, `paused` or `closed`.
    pub state: String,
    /// Letters served here.
    pub services: Vec<String>,
    /// The number in hand.
    pub ticket: Option<String>,
}

/// A number that was called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Call {
    /// The number, like `A012`.
    pub number: String,
    /// Where to go.
    pub counter: u32,
    /// 1 at first, more for a recall.
    pub times: u32,
    /// Rises with every call.
    pub id: u64,
}

/// A call as it is to be heard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Announcement {
    /// The number, like `A012`.
    pub number: String,
    /// Where to go.
    pub counter: u32,
    /// Whether it is still to be heard.
    pub standing: Standing,
    /// For each language the clips that are said.
    pub sentences: Vec<Vec<String>>,
    /// How often all of them are said.
    pub repeat: u32,
    /// Percent of full strength.
    pub volume: u8,
    /// From the call to its place here, in ms.
    pub ordered_after_ms: u64,
}

/// Where an announcement stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// To be spoken.
    New,
    /// The call was taken back.
    Undone,
    /// Too late to begin with, or a word newer than this screen.
    #[default]
    #[serde(other)]
    Old,
}

/// The ticket printer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Printer {
    /// The office prints no tickets: never speak of paper.
    #[default]
    None,
    /// It prints.
    Ready,
    /// It should print and does not.
    #[serde(other)]
    Trouble,
}

/// A ticket as `POST /tickets` and `GET /tickets/{id}` answer it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ticket {
    /// The ticket's id.
    pub id: String,
    /// The number, like `A012`.
    pub number: String,
    /// The service's letter.
    pub service: String,
    /// `normal`, `priority`, …
    pub class: String,
    /// `waiting`, `called`, …
    pub state: String,
    /// How many would be called before it.
    pub ahead: Option<u32>,
    /// The wait that is left.
    pub wait_seconds: Option<Range>,
    /// When calls go on, if a break will probably find it waiting; RFC 3339.
    pub kept_until: Option<String>,
    /// What the QR code holds.
    pub qr: String,
    /// What became of the slip.
    pub paper: Paper,
    /// Counter that has it in hand, or had it last.
    pub counter: Option<u32>,
    /// Why it did not come out.
    pub paper_cause: Option<String>,
    /// The printer that it comes out of instead of the one beside this screen.
    pub printer: Option<String>,
}

/// What became of the slip.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    /// No printer is wanted.
    #[default]
    None,
    /// On its way.
    Pending,
    /// Given to a device that cannot confirm.
    Sent,
    /// The device confirmed it.
    Printed,
    /// It did not come out.
    Failed,
    /// Nobody can say; a word newer than this screen reads the same.
    #[serde(other)]
    Unknown,
}
