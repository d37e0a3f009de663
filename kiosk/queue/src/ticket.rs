//! A ticket: one place in the queue.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{PaperState, Why};

/// Identifier of a ticket; its slip's secret token has the same form.
pub type TicketId = crate::Id;

/// `A012`: a letter and at least three digits, from 1 per service and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Number {
    /// Letter of the service that gave it out.
    pub letter: char,
    /// From 1.
    pub n: u32,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:03}", self.letter, self.n)
    }
}

impl From<Number> for String {
    fn from(number: Number) -> Self {
        number.to_string()
    }
}

impl FromStr for Number {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut letters = text.chars();
        let letter = letters.next().filter(char::is_ascii_uppercase);
        let digits = letters.as_str();
        match (letter, digits.parse()) {
            (Some(letter), Ok(n))
                if n > 0 && digits.len() >= 3 && digits.bytes().all(|b| b.is_ascii_digit()) =>
            {
                Ok(Self { letter, n })
            }
            _ => Err("a ticket number is a letter and at least three digits"),
        }
    }
}

impl TryFrom<String> for Number {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// The class of a ticket. Everything but `normal` stands in the priority line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum ClassId {
    /// No priority.
    Normal,
    /// Came at an agreed time.
    Appointment,
    /// Came back after fixing papers.
    ReEntry,
    /// A priority class of the configuration, by its id.
    Priority(Box<str>),
}

impl ClassId {
    /// Whether it stands in the priority line.
    pub fn is_priority(&self) -> bool {
        *self != Self::Normal
    }

    /// Its id in configuration, journal and API.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Normal => "normal",
            Self::Appointment => "appointment",
            Self::ReEntry => "re-entry",
            Self::Priority(id) => id,
        }
    }
}

impl From<ClassId> for String {
    fn from(class: ClassId) -> Self {
        class.as_str().to_owned()
    }
}

impl From<String> for ClassId {
    fn from(id: String) -> Self {
        match id.as_str() {
            "normal" => Self::Normal,
            "appointment" => Self::Appointment,
            "re-entry" => Self::ReEntry,
            _ => Self::Priority(id.into()),
        }
    }
}

/// Where a ticket is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TicketState {
    /// In a line.
    Waiting,
    /// Called to a counter, its citizen on the way.
    Called,
    /// Being served.
    Serving,
    /// Put aside by the clerk; keeps its place.
    Held,
    /// Missed its call; waits for its citizen to report.
    Parked,
    /// Served.
    Done,
    /// Given up.
    Cancelled,
    /// Given out for the wrong service and replaced.
    Void,
}

impl TicketState {
    /// Whether a counter has it in hand.
    pub fn in_hand(self) -> bool {
        matches!(self, Self::Called | Self::Serving)
    }

    /// Whether it may still be called, or come back and be.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Waiting | Self::Held | Self::Parked) || self.in_hand()
    }
}

/// The life of a ticket's slip, beside the state of its paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    /// When it was last asked for, on the office's own clock.
    pub asked_tick: u64,
    /// Whether some of it may have left the printer already.
    pub begun: bool,
    /// Whether a printer has it at this moment.
    pub under_way: bool,
    /// Whether the last one was marked as a reprint.
    pub again: bool,
    /// Why it is not out.
    pub cause: Option<Box<str>>,
    /// The printer asked for, where there are several; none: the first.
    pub wanted: Option<Box<str>>,
    /// The printer that prints it instead.
    pub elsewhere: Option<Box<str>>,
}

impl Ticket {
    /// Entered with a paper roll as served already, which somebody may have got wrong.
    pub(crate) fn is_entered_as_served(&self) -> bool {
        self.by_hand && self.state == TicketState::Done && self.calls == 0
    }
}

/// One place in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Secret of its slip.
    pub token: TicketId,
    /// Its number.
    pub number: Number,
    /// Service it waits for now (a transfer keeps the number).
    pub service: char,
    /// Its class.
    pub class: ClassId,
    /// Language its citizen chose.
    pub language: Box<str>,
    /// Where it is in its life.
    pub state: TicketState,
    /// Counter that has or last had it.
    pub counter: Option<u32>,
    /// Place in order of issue; never changes, so a held or transferred ticket keeps it.
    pub place: u64,
    /// After a missed call: waits until its service has seen this many calls.
    pub due: Option<u64>,
    /// Transferred to this counter: only it may call.
    pub only: Option<u32>,
    /// When it was given out, on the office's own clock.
    pub issued_tick: u64,
    /// The same in UTC, if the time was known.
    pub issued_utc: Option<i64>,
    /// When it was last called.
    pub called_tick: Option<u64>,
    /// When it went away (held or parked).
    pub away_tick: Option<u64>,
    /// How often it was called, recalls included.
    pub calls: u32,
    /// Why it was called.
    pub why: Option<Why>,
    /// Why it was held, in the clerk's words.
    pub note: Option<String>,
    /// State of its paper.
    pub paper: PaperState,
    /// The life of its slip.
    pub slip: Slip,
    /// Written by hand on a paper roll: when it was given out nobody knows.
    pub by_hand: bool,
    /// The dossier it was taken for.
    pub dossier: Option<String>,
    /// Who took it, if a citizen card was shown: a word that means something today only.
    pub person: Option<Box<str>>,
    /// Count of the last event that touched it; tells whether an act can still be undone.
    pub touched: u64,
}
