//! One's own dossier, as the daemon's API words it: masked, and without a name.
//!
//! Own types for the reason of [`board`](crate::board). What is in it is somebody's: none of it
//! stands in a debug line.

use std::fmt;

use serde::Deserialize;

/// How a dossier stands: `POST /dossiers/look-up`.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Dossier {
    /// Its ID, masked.
    pub dossier: String,
    /// What it is for.
    pub procedure: Option<String>,
    /// How far it is.
    pub state: State,
    /// `2026-11-18`, as all days here.
    pub received_on: Option<String>,
    /// When its result is promised.
    pub due_on: Option<String>,
    /// When it was finished.
    pub finished_on: Option<String>,
    /// Calendar days past its date; `None`: it is not late, or nobody knows what day it is.
    pub late_days: Option<u32>,
    /// Calendar days until its date.
    pub due_in_days: Option<u32>,
    /// Its way through the offices, the newest last.
    pub steps: Vec<Step>,
    /// Who says so.
    pub source: Source,
    /// When they said so; RFC 3339.
    pub as_of: Option<String>,
}

impl fmt::Debug for Dossier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Dossier {
    /// Past its date, and the office still owes it.
    pub fn is_late(&self) -> bool {
        self.late_days.is_some()
    }

    /// Where it is now: the newest station it has not left. A dossier that is over is nowhere.
    pub fn station(&self) -> Option<&str> {
        if matches!(self.state, State::Done | State::Returned | State::Refused) {
            return None;
        }
        let open = self.steps.iter().rfind(|step| step.finished_on.is_none());
        open.map(|step| step.name.as_str())
    }
}

/// How far a dossier is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Taken in.
    Received,
    /// Being worked on.
    InProgress,
    /// The citizen is to bring something.
    SupplementAsked,
    /// The result is there.
    Done,
    /// The citizen has the result.
    Returned,
    /// Not taken in, withdrawn or stopped.
    Refused,
    /// Something else, or a word newer than this screen.
    #[default]
    #[serde(other)]
    Other,
}

/// One station on a dossier's way.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Step {
    /// Office or act.
    pub name: String,
    /// When it left.
    pub finished_on: Option<String>,
}

/// Who says how a dossier stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Source {
    /// `intake`: the dossier software, asked; `import`: its export.
    pub kind: String,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn dossier(state: &str) -> Dossier {
        let text = format!(
            r#"{{"dossier": "H05.***-****01", "state": "{state}", "steps": [
                {{"name": "Một cửa", "finished_on": "2026-11-19"}}, {{"name": "Tư pháp"}}]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_dossier_is_where_it_has_not_left() {
        assert_eq!(dossier("in-progress").station(), Some("Tư pháp"));
        assert_eq!(dossier("done").station(), None);
        let newer = dossier("a-word-of-tomorrow");
        assert_eq!(
            (newer.state, newer.station()),
            (State::Other, Some("Tư pháp"))
        );
    }

    #[test]
    fn nothing_of_it_stands_in_a_debug_line() {
        assert_eq!(format!("{:?}", dossier("done")), "***");
    }
}
