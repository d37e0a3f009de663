//! Letters for late dossiers in the language of the scripts. Letters are named by their dossier.
//!
//! `draft H1 due -3 for +5 [because words]`  a letter about a date three days ago, promising one in
//!                     five days; yields `drafted`, and in the place of which it stands
//! `sign H1`, `give H1`  what happens to the newest letter; yields its state
//! `letters`           every letter that is still known, with its state

use jiff::ToSpan as _;
use jiff::civil::date;
use queue::*;

use super::script::kebab;
use super::{Desk, clerk};

impl Desk {
    /// A draft with dates so many days from today; without a date of today from 2026-11-23 on.
    pub fn draft_of(&self, dossier: &str, due: i64, new_due: i64, reason: &str) -> LetterDraft {
        let office = self.state.office();
        let today = self.utc.zip(office).map(|(utc, o)| o.local(utc).date());
        let today = today.unwrap_or(date(2026, 11, 23));
        LetterDraft {
            letter: self.fresh_id(),
            dossier: dossier.into(),
            procedure: Some("Khai sinh".into()),
            received: None,
            due: today.saturating_add(due.days()),
            new_due: today.saturating_add(new_due.days()),
            reason: reason.into(),
            form: "apology".into(),
            version: "1".into(),
            paper: LetterPaper::A4,
        }
    }

    /// The newest letter of a dossier, also one that is not known any more.
    fn newest_letter(&self, wanted: &str) -> Option<LetterId> {
        let events = self.journal.iter().rev().map(|(_, event)| event);
        let mut drafted = events.filter_map(|event| match event {
            Event::LetterDrafted {
                letter, dossier, ..
            } => (dossier.plain() == Some(wanted)).then_some(*letter),
            _ => None,
        });
        drafted.next()
    }

    pub fn letter_line(&mut self, words: &[&str]) -> String {
        let state = |state: LetterState| kebab(&format!("{state:?}"));
        match words {
            ["draft", dossier, "due", due, "for", new_due, rest @ ..] => {
                let reason = match rest {
                    ["because", words @ ..] => words.join(" "),
                    _ => "thiếu người".into(),
                };
                let days = |text: &str| text.parse().unwrap();
                let draft = self.draft_of(dossier, days(due), days(new_due), &reason);
                let before = self.newest_letter(dossier);
                let before = before.and_then(|id| Some(self.state.letter(id)?.state));
                let draft = Box::new(draft);
                match self
                    .act(&clerk("an"), Command::DraftLetter { draft })
                    .as_deref()
                {
                    Ok([Event::LetterDrafted { replaces: None, .. }]) => "drafted".into(),
                    Ok(_) => format!("drafted instead of {}", before.map(state).unwrap()),
                    Err(refusal) => kebab(&format!("{refusal:?}")),
                }
            }
            [act @ ("sign" | "give"), dossier] => {
                let letter = self.newest_letter(dossier);
                let letter = letter.unwrap_or(LetterId::from_bits(0));
                let command = match *act {
                    "sign" => Command::SignLetter { letter },
                    _ => Command::GiveLetter { letter },
                };
                match self.act(&clerk("an"), command) {
                    Ok(_) => state(self.state.letter(letter).unwrap().state),
                    Err(refusal) => kebab(&format!("{refusal:?}")),
                }
            }
            ["letters"] => {
                let known = self.state.letters().map(|letter| {
                    let dossier = letter.dossier.as_deref().unwrap_or("erased");
                    format!("{dossier} {}", state(letter.state))
                });
                let known: Vec<_> = known.collect();
                match known.is_empty() {
                    true => "none".into(),
                    false => known.join(", "),
                }
            }
            other => panic!("no such line: {other:?}"),
        }
    }
}
