//! What a visit hears, does and shows: the words between it and everything around it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{LookUp, Shown};
use crate::board::{Board, Ticket};
use crate::dossier::Dossier;

/// A value that stands in no log: a dossier ID, a card, what stands for a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private(pub String);

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What was held to the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// A receipt, by its dossier ID.
    Receipt(Private),
    /// A ticket's slip, by its token.
    Slip(Private),
    /// A citizen card.
    Card(Card),
    /// Something for which there is only a sentence.
    Other(Told),
}

/// What is read of a citizen card. It is passed on, and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its number.
    pub number: Private,
    /// The date of birth, as `1950-03-01`.
    pub birth: Option<Private>,
}

/// A sentence about what was held to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// No code that anybody reads here.
    Unreadable,
    /// A code that staff use at counters.
    ForStaff,
    /// The code of the VNeID application, which only the police can read.
    Vneid,
    /// A slip whose ticket is over, or of another day.
    OldSlip,
    /// The daemon did not answer about a card; a number can be had all the same.
    CardUnchecked,
}

/// Whoever showed a card, as long as the visit lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What stands for the card, today only.
    pub word: Private,
    /// Numbers that are not over.
    pub held: Vec<String>,
    /// The class that the office gives people of this age.
    pub class: Option<String>,
}

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
    /// Something was held to the reader, with a fresh key for the step it may begin.
    Read(Code, String),
    /// A reader is there and well, or none is.
    Reader(bool),
    /// What the daemon said of a card, by the key; `None`: nothing.
    Card(String, Option<Person>),
    /// What became of a try at looking up a dossier, by its key.
    LookedUp(String, LookedUp),
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
    /// "Look up my dossier".
    LookUp,
    /// A letter or digit of the second factor.
    Sign(Private),
    /// Takes the last one back.
    Erase,
    /// Letters instead of digits, or digits again.
    Letters,
    /// The second factor is complete.
    Send,
    /// "Show longer".
    Stay,
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
        /// `normal`, `priority` or a class of the office.
        class: String,
        /// Who showed a card.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Private>,
    },
    /// A ticket for a receipt: the daemon knows where it belongs.
    Receipt {
        /// The dossier ID.
        dossier: Private,
        /// `normal`, `priority` or a class of the office.
        class: String,
        /// Who showed a card.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Private>,
    },
    /// Whatever a slip stands for: back in line, a new number for one of an earlier day, or its
    /// place.
    Slip {
        /// Its token.
        token: Private,
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
    pub fn service(&self) -> Option<&str> {
        match self {
            Self::Issue { service, .. } | Self::Change { service, .. } => Some(service),
            Self::Receipt { .. } | Self::Slip { .. } => None,
        }
    }

    /// Whether it may lie on a disk until it has an answer. Who showed a receipt or a card shows
    /// it again after a restart, and is known by it: no second number comes of that.
    pub fn may_be_kept(&self) -> bool {
        match self {
            Self::Issue { person, .. } => person.is_none(),
            Self::Receipt { .. } => false,
            Self::Change { .. } | Self::Slip { .. } => true,
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A ticket.
    Ticket(Box<Ticket>),
    /// A ticket that was there before.
    Held(Box<Ticket>),
    /// A ticket that missed its call or was put aside, and waits again.
    Back(Box<Ticket>),
    /// Only a sentence.
    Told(Told),
    /// No, with a sentence for the citizen.
    Refused(String),
    /// No answer, or "not yet": the same request may be sent again.
    Silent,
}

/// What became of a try at looking up a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookedUp {
    /// So it stands.
    Found(Box<Dossier>),
    /// Nobody knows it, or the second factor is another; tries that are left.
    Wrong(Option<u32>),
    /// No more tries for so many ms.
    Locked(Option<u64>),
    /// No answer, of the daemon or of the dossier software.
    Away,
    /// No, with a sentence for the citizen.
    Refused(String),
}

/// What the role is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Keep this request durably, then send it. Also when it was sent before.
    Send(Pending),
    /// Ask after this ticket.
    Look(String),
    /// Ask what a card says here; the answer comes with this key.
    Card(String, Card),
    /// Look up a dossier, once; the answer comes with this key.
    LookUp {
        /// The idempotency key.
        key: String,
        /// The dossier ID.
        dossier: Private,
        /// What was typed.
        factor: Private,
        /// Language of a refusal.
        language: String,
    },
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
    /// A sentence about what was held to the reader.
    Told(Told),
    /// Looking up one's own dossier.
    LookUp(&'a LookUp),
    /// No answer came in time.
    NoAnswer,
    /// "Would you like to continue?"
    Still,
}
