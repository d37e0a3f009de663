//! What a visit hears, does and shows: the words between it and everything around it.

use serde::{Deserialize, Serialize};

use super::Shown;
use crate::board::{Board, Ticket};

/// What the screen hears.
#[derive(Debug, Clone)]
pub enum Event {
    /// The public state, whole.
    Board(Box<Board>),
    /// The connection to the daemon stands, or does not.
    Link(bool),
    /// A finger, with a fresh key for the step it may begin.
    Press(Press, String),
    /// What became of a request.
    Answer(String, Answer),
    /// The ticket on the screen, asked after.
    Looked(Box<Ticket>),
    /// A request kept from before a restart.
    Resume(Pending),
    /// Time has passed.
    Tick,
}

/// Where a finger was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// A tile, by its letter.
    Choose(String),
    /// The priority button.
    AskPriority,
    /// "No priority" beside the chosen class.
    DropPriority,
    /// The stronger of two answers.
    Yes,
    /// The other one.
    No,
    /// "Wrong choice?"
    Change,
    /// "I have noted my number".
    Remembered,
    /// Back, always at the same place.
    Back,
    /// Larger or normal text.
    Size,
    /// The next language.
    Language,
}

/// A request that must end as one ticket: kept on disk from before it is sent until its
/// number has been read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The idempotency key.
    pub key: String,
    /// The citizen's language.
    pub language: String,
    /// What is asked for.
    pub step: Step,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// A new ticket.
    Issue {
        /// The service's letter.
        service: String,
        /// `normal` or `priority`.
        class: String,
    },
    /// Another service for a ticket just taken.
    Change {
        /// The ticket's id.
        ticket: String,
        /// The new service's letter.
        service: String,
    },
}

impl Step {
    /// The service asked for.
    pub fn service(&self) -> &str {
        match self {
            Self::Issue { service, .. } | Self::Change { service, .. } => service,
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A ticket.
    Ticket(Box<Ticket>),
    /// No, with a sentence for the citizen.
    Refused(String),
    /// No answer, or "not yet": the same request may be sent again.
    Silent,
}

/// What the role is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Keep this request durably, then send it. Also when it was sent before.
    Send(Pending),
    /// Ask after this ticket.
    Look(String),
    /// The kept request is finished with.
    Forget,
}

/// What to show.
#[derive(Debug, PartialEq)]
pub enum Page<'a> {
    /// Nothing is known yet.
    Starting,
    /// The daemon is away.
    Away,
    /// No numbers are given out now.
    Closed,
    /// The tiles; `asked` was touched and its answer is on the way.
    Tiles {
        /// The letter touched.
        asked: Option<&'a str>,
    },
    /// The answer takes longer than a blink.
    Waiting {
        /// Sent more than once.
        again: bool,
    },
    /// "Do you need priority?"
    Priority,
    /// No numbers for this service now.
    NoNumbers(&'a str),
    /// The number.
    Number(&'a Shown),
    /// Another service for this number.
    Change(&'a Shown),
    /// The daemon said no, and why.
    Refused(&'a str),
    /// No answer came in time.
    NoAnswer,
    /// "Would you like to continue?"
    Still,
}
