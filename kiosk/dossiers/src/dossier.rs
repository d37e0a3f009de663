//! A dossier as far as it is known: what for, how far, when it is due. Never whose.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How far a dossier is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DossierState {
    /// Taken in (*đã tiếp nhận*).
    Received,
    /// Being worked on (*đang giải quyết*).
    InProgress,
    /// The citizen is to bring something (*yêu cầu bổ sung*): the office's time stands still.
    SupplementAsked,
    /// The result is there (*đã có kết quả*).
    Done,
    /// The citizen has it (*đã trả kết quả*).
    Returned,
    /// Not taken in, withdrawn or stopped (*từ chối, rút, dừng*).
    Refused,
    /// As the dossier software says it.
    Other(String),
}

impl DossierState {
    /// As a word for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InProgress => "in-progress",
            Self::SupplementAsked => "supplement-asked",
            Self::Done => "done",
            Self::Returned => "returned",
            Self::Refused => "refused",
            Self::Other(_) => "other",
        }
    }

    /// Whether the office owes nothing more.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Done | Self::Returned | Self::Refused)
    }
}

/// One station of a dossier on its way through the offices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Office or act, never a person.
    pub name: String,
    /// Since when it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun_on: Option<Date>,
    /// Until when it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// When it left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_on: Option<Date>,
}

/// Who says so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Source {
    /// The intake server, asked.
    Intake,
    /// A file of the dossier software.
    Import {
        /// As the office calls where it came from.
        name: String,
    },
}

/// What a source says of a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What it is about (*thủ tục*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<String>,
    /// How far it is.
    pub state: DossierState,
    /// Taken in on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_on: Option<Date>,
    /// Promised for (*ngày hẹn trả*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Done on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_on: Option<Date>,
    /// Where it has been, as far as the source says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

impl Facts {
    /// Whether the office owes nothing more.
    pub fn is_over(&self) -> bool {
        self.finished_on.is_some() || self.state.is_over()
    }
}

/// A dossier as known here, with who says so and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dossier {
    /// What it is about.
    pub procedure: Option<String>,
    /// How far it is.
    pub state: DossierState,
    /// Taken in on.
    pub received_on: Option<Date>,
    /// Promised for.
    pub due_on: Option<Date>,
    /// Done on.
    pub finished_on: Option<Date>,
    /// Where it has been.
    pub steps: Vec<Step>,
    /// Who says so.
    pub source: Source,
    /// When the source said so, UTC in ms.
    pub as_of: i64,
}

impl Dossier {
    /// What `source` said at `as_of`.
    pub fn new(facts: Facts, source: Source, as_of: i64) -> Self {
        Self {
            procedure: facts.procedure,
            state: facts.state,
            received_on: facts.received_on,
            due_on: facts.due_on,
            finished_on: facts.finished_on,
            steps: facts.steps,
            source,
            as_of,
        }
    }

    /// Whether the office owes nothing more.
    pub fn is_over(&self) -> bool {
        self.finished_on.is_some() || self.state.is_over()
    }
}
