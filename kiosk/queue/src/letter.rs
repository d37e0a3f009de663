//! Letters of apology for late dossiers (*Văn bản xin lỗi và đề nghị gia hạn*): drafted, signed on
//! paper, given to the citizen. Each step is recorded apart, in this order.
//!
//! A mistake is taken back by drafting anew: the new draft stands in the place of the one that was
//! not given yet.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Command, Event, LetterId, Now, Personal, Refusal, Stamp, State};

/// A later promise is somebody's slip of the key: a year that ends in 62 for 26.
const AHEAD_YEARS_MAX: i64 = 2;

/// Bytes of a reason or a procedure: some procedures have names of three lines, and a letter is one
/// sheet.
const TEXT_MAX: usize = 2_000;

/// The paper a letter is printed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterPaper {
    /// 210 x 297 mm.
    #[default]
    A4,
    /// 148 x 210 mm, as the forms of TT 01/2018/TT-VPCP were.
    A5,
}

/// How far a letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterState {
    /// There is a draft.
    Drafted,
    /// Whoever leads the office has signed it on paper.
    Signed,
    /// The citizen has it.
    Given,
    /// Another draft stands in its place.
    Replaced,
}

impl LetterState {
    /// Whether something is still to be done about it: such letters outlive their day.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Drafted | Self::Signed)
    }
}

/// A letter of today, or an older one that is not given yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// Record that holds it.
    pub seq: u64,
    /// Service day whose key seals what is personal in it.
    pub day: u64,
    /// The dossier ID.
    pub dossier: Option<String>,
    /// How far it is.
    pub state: LetterState,
}

/// What a draft is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterDraft {
    /// Chosen outside.
    pub letter: LetterId,
    /// The dossier ID.
    pub dossier: String,
    /// What the dossier is about (*thủ tục*).
    pub procedure: Option<String>,
    /// Taken in on.
    pub received: Option<Date>,
    /// The date that was not kept.
    pub due: Date,
    /// The date now promised.
    pub new_due: Date,
    /// Why it is late, in the words of the letter.
    pub reason: String,
    /// Form of the text.
    pub form: String,
    /// Version of that form.
    pub version: String,
    /// What it is printed on.
    pub paper: LetterPaper,
}

impl State {
    pub(crate) fn decide_letter(&self, now: Now, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::DraftLetter { draft } => self.decide_draft(now, *draft),
            Command::SignLetter { letter } => match self.known_letter(letter)?.state {
                LetterState::Drafted => Ok(vec![Event::LetterSigned { letter }]),
                other => Err(refused(other)),
            },
            Command::GiveLetter { letter } => match self.known_letter(letter)?.state {
                LetterState::Signed => Ok(vec![Event::LetterGiven { letter }]),
                LetterState::Drafted => Err(Refusal::LetterNotSigned),
                other => Err(refused(other)),
            },
            _ => Ok(Vec::new()),
        }
    }

    fn decide_draft(&self, now: Now, draft: LetterDraft) -> Result<Vec<Event>, Refusal> {
        let utc = now.utc.ok_or(Refusal::DateUnknown)?;
        let office = self.office().ok_or(Refusal::DayClosed)?;
        let today = office.local(utc).date();
        if draft.due >= today {
            return Err(Refusal::NotLate);
        }
        let last = today.saturating_add(AHEAD_YEARS_MAX.years());
        if draft.new_due <= today || draft.new_due > last {
            return Err(Refusal::LetterDate);
        }
        let reason = draft.reason.trim();
        if reason.is_empty() {
            return Err(Refusal::LetterReason);
        }
        let procedure = draft.procedure.as_ref().map_or(0, String::len);
        if reason.len() > TEXT_MAX || procedure > TEXT_MAX {
            return Err(Refusal::OutOfRange);
        }
        let mut open = self.letters.values().filter(|one| one.state.is_open());
        let replaces = open.find(|one| one.dossier.as_ref() == Some(&draft.dossier));
        Ok(vec![Event::LetterDrafted {
            letter: draft.letter,
            replaces: replaces.map(|one| one.id),
            day: self.day_id(),
            reason: Personal::Plain(reason.to_owned()),
            dossier: Personal::Plain(draft.dossier),
            procedure: draft.procedure.map(Personal::Plain),
            received: draft.received,
            due: draft.due,
            new_due: draft.new_due,
            form: draft.form,
            version: draft.version,
            paper: draft.paper,
        }])
    }

    fn known_letter(&self, id: LetterId) -> Result<&Letter, Refusal> {
        self.letter(id).ok_or(Refusal::UnknownLetter)
    }

    /// A letter of today, or an older one that is not given yet.
    pub fn letter(&self, id: LetterId) -> Option<&Letter> {
        self.letters.get(&id)
    }

    /// Letters of today and older ones that are not given yet, in the order of their ids.
    pub fn letters(&self) -> impl DoubleEndedIterator<Item = &Letter> {
        self.letters.values()
    }

    pub(crate) fn apply_letter(&mut self, stamp: Stamp, event: &Event) {
        let mut become_ = |id: &LetterId, state| {
            if let Some(letter) = self.letters.get_mut(id) {
                letter.state = state;
            }
        };
        match event {
            Event::LetterDrafted {
                letter,
                replaces,
                day,
                dossier,
                ..
            } => {
                if let Some(old) = replaces {
                    become_(old, LetterState::Replaced);
                }
                let new = Letter {
                    id: *letter,
                    seq: stamp.seq,
                    day: *day,
                    dossier: dossier.plain().map(str::to_owned),
                    state: LetterState::Drafted,
                };
                self.carry_letter(new);
            }
            Event::LetterSigned { letter } => become_(letter, LetterState::Signed),
            Event::LetterGiven { letter } => become_(letter, LetterState::Given),
            _ => {}
        }
    }

    /// Puts back what outlived its day: a letter that is not given yet.
    pub fn carry_letter(&mut self, letter: Letter) {
        self.letters.insert(letter.id, letter);
    }

    /// Unlike a scan that was not sent yet, a letter that was not given does not keep its day from
    /// being erased: it is on paper and in the dossier software, and a draft that nobody takes up
    /// again would keep a dossier ID for ever. What is left of it is that there was one.
    pub(crate) fn erase_letters(&mut self, day: u64) {
        self.letters.retain(|_, letter| letter.day != day);
    }
}

/// Why a letter in this state is not taken a step further.
fn refused(state: LetterState) -> Refusal {
    match state {
        LetterState::Drafted => Refusal::LetterNotSigned,
        LetterState::Signed => Refusal::LetterSigned,
        LetterState::Given => Refusal::LetterGiven,
        LetterState::Replaced => Refusal::LetterReplaced,
    }
}

impl LetterState {
    /// Why a letter that is known only from the record can be taken no step further; none: it is
    /// open, and its day was erased.
    pub fn refusal(self) -> Option<Refusal> {
        (!self.is_open()).then(|| refused(self))
    }
}
