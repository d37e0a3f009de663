//! What a printer was found to do, by asking it.
//!
//! Data sheets and clones disagree, and cheap ones answer nothing or the same byte to everything,
//! so each printer is asked once, and the record is kept with the office's data.

use std::io;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::talk::{self, Talk};

/// For the answer to one question. Five questions make at most 2.5 s, within the 3 s that the
/// first slip may wait.
const ANSWER: Duration = Duration::from_millis(500);

/// A question that does not exist. Only a printer that answers everything alike answers it.
const NO_QUESTION: [u8; 3] = [0x10, 0x04, 0];
/// `GS a`: automatic status for offline, error and paper; and none.
const TELL_CHANGES: [u8; 3] = [0x1d, b'a', 0x0e];
const TELL_NOTHING: [u8; 3] = [0x1d, b'a', 0];
/// `ESC @`: throws away what a printer took for text that does not know a question.
const INITIALISE: [u8; 2] = [0x1b, b'@'];
const ASKED: [u8; 4] = *b"kios";

/// What a printer was found to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Abilities {
    /// Says when what precedes a mark is on paper (`GS ( H` function 48).
    pub process_id: bool,
    /// Answers in turn (`GS r`).
    pub in_turn: bool,
    /// Answers at once, also when offline (`DLE EOT`).
    pub real_time: bool,
    /// Tells changes by itself (`GS a`).
    pub changes: bool,
    /// Keeps graphics in its RAM and lists them (`GS ( L` functions 80 to 85).
    pub graphics: bool,
}

/// How it becomes known that a slip is on paper, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// The printer says so itself.
    ProcessId,
    /// It answers what was asked after the slip, and reports no fault.
    InTurn,
    /// It reports no fault before and after.
    RealTime,
    /// Not at all: such a slip stays `sent`.
    None,
}

impl Abilities {
    /// The best way there is.
    pub fn confirmation(self) -> Confirmation {
        if self.process_id {
            Confirmation::ProcessId
        } else if self.in_turn && self.real_time {
            Confirmation::InTurn
        } else if self.real_time {
            Confirmation::RealTime
        } else {
            Confirmation::None
        }
    }

    /// Whether it answered anything.
    pub fn answers(self) -> bool {
        self != Self::default()
    }
}

/// Asks a printer what it can do. `list`: how its graphics are asked for, if its profile has any.
pub(crate) fn probe(talk: &mut Talk, list: Option<&[u8]>) -> io::Result<Abilities> {
    let mut found = Abilities::default();
    if !talk.link().two_way() {
        return Ok(found);
    }
    // What an earlier program left on the line is no answer.
    talk.listen(Instant::now(), |_| true)?;
    talk.heard = talk::Heard::default();

    let by = Instant::now() + ANSWER;
    talk.say(&[talk::ALIVE, NO_QUESTION].concat(), by)?;
    let first = talk.listen(by, |heard| !heard.real_time.is_empty())?;
    if first {
        // It would come right behind.
        talk.listen(by.min(Instant::now() + ANSWER / 4), |heard| {
            heard.real_time.len() > 1
        })?;
    }
    found.real_time = first && talk.heard.real_time.len() == 1;

    let by = Instant::now() + ANSWER;
    // Somebody else's driver may have left the printer telling changes, which look like this.
    talk.say(&TELL_NOTHING, by)?;
    talk.heard.in_turn = 0;
    talk.say(&talk::FENCE, by)?;
    found.in_turn = talk.listen(by, |heard| heard.in_turn > 0)?;

    let by = Instant::now() + ANSWER;
    talk.say(&talk::process_id(ASKED), by)?;
    found.process_id = talk.listen(by, |heard| heard.done.contains(&ASKED))?;

    // Where the fence confirms, changes stay untold: three damaged bytes of theirs look like it.
    if found.process_id {
        let by = Instant::now() + ANSWER;
        talk.say(&TELL_CHANGES, by)?;
        found.changes = talk.listen(by, |heard| heard.changed.is_some())?;
        if let Some(list) = list {
            found.graphics = talk.keys(list, ANSWER)?.is_some();
        }
    } else {
        talk.say(&INITIALISE, Instant::now() + ANSWER)?;
    }
    Ok(found)
}

/// Brings a newly opened line to where [`probe`] would have left it.
pub(crate) fn greet(talk: &mut Talk, abilities: Abilities, by: Instant) -> io::Result<()> {
    match (abilities.changes, abilities.in_turn) {
        (true, _) => talk.say(&TELL_CHANGES, by),
        (false, true) => talk.say(&TELL_NOTHING, by),
        (false, false) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_confirmation_wins() {
        let abilities = |process_id, in_turn, real_time| {
            let found = Abilities {
                process_id,
                in_turn,
                real_time,
                ..Abilities::default()
            };
            found.confirmation()
        };
        assert_eq!(abilities(true, true, true), Confirmation::ProcessId);
        assert_eq!(abilities(false, true, true), Confirmation::InTurn);
        assert_eq!(abilities(false, false, true), Confirmation::RealTime);
        // A fence without a way to see faults says only that bytes were taken.
        assert_eq!(abilities(false, true, false), Confirmation::None);
        assert_eq!(abilities(false, false, false), Confirmation::None);
    }
}
