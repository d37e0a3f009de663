//! What is held to the reader: a receipt, a slip, a card, or something that is none of them.

use super::{
    ANSWER_WITHIN_MS, Act, Code, Kind, LookUp, Pending, Person, Private, Stage, Step, Told, Visit,
};

impl Visit {
    /// Something was read.
    pub(super) fn read(&mut self, code: Code, key: String, now: u64, acts: &mut Vec<Act>) {
        if let Some((_, at)) = self.label.as_mut().filter(|(last, _)| *last == code) {
            *at = now;
            return;
        }
        // What means nothing yet is not used up: it may lie there until it does.
        if !self.hears(&code, now) {
            return;
        }
        self.label = Some((code.clone(), now));
        self.touched_at = now;
        self.still_since = None;
        if matches!(self.stage, Stage::LookUp(_)) {
            return self.read_looking(code);
        }
        if matches!(self.stage, Stage::Number(_)) {
            // The next citizen: the one before has the number in the hand.
            self.end(acts);
        }
        self.stage = Stage::Home;
        let step = match &code {
            Code::Other(told) => return self.stage = Stage::Told(*told, now),
            Code::Card(card) => {
                self.card_key = Some(key.clone());
                return acts.push(Act::Card(key, card.clone()));
            }
            Code::Receipt(dossier) => Step::Receipt {
                dossier: dossier.clone(),
                class: self.class(),
                person: self.word(),
            },
            Code::Slip(token) => Step::Slip {
                token: token.clone(),
            },
        };
        self.about = Some(code);
        let language = self.language().code().to_owned();
        let pending = Pending {
            key,
            language,
            step,
        };
        self.ask(pending, None, now + ANSWER_WITHIN_MS, now, acts);
    }

    /// Whether a code means something on this page. A number that its citizen may not have read
    /// yet stays, and so does a question about it.
    fn hears(&self, code: &Code, now: u64) -> bool {
        if self.board.is_none() || self.away(now) {
            return false;
        }
        match &self.stage {
            Stage::Home | Stage::Priority | Stage::Told(..) => true,
            Stage::NoNumbers(_, None) | Stage::Refused(_, None) => true,
            Stage::LookUp(look_up) => matches!(look_up, LookUp::Receipt { .. }),
            Stage::Number(shown) => {
                let another = self.about.as_ref() != Some(code);
                shown.on_paper() && another && matches!(code, Code::Receipt(_) | Code::Slip(_))
            }
            _ => false,
        }
    }

    /// What the daemon said of a card.
    pub(super) fn know(&mut self, key: &str, person: Option<Person>, now: u64) {
        if self.card_key.take_if(|asked| asked == key).is_none() {
            return;
        }
        if !matches!(self.stage, Stage::Home | Stage::Priority) {
            return;
        }
        self.touched_at = now;
        match person {
            Some(person) => {
                // Chosen for whoever is old enough, and said so: dropping it is one touch.
                self.priority |= person.class.is_some() && self.offers_priority();
                self.person = Some(person);
                self.stage = Stage::Home;
            }
            None => self.stage = Stage::Told(Told::CardUnchecked, now),
        }
    }

    /// The class that the next number is asked for with.
    pub(super) fn class(&self) -> String {
        let suggested = self.person.as_ref().and_then(|p| p.class.as_deref());
        match self.priority {
            true => suggested.unwrap_or("priority"),
            false => "normal",
        }
        .to_owned()
    }

    /// What stands for whoever showed a card.
    pub(super) fn word(&self) -> Option<Private> {
        self.person.as_ref().map(|person| person.word.clone())
    }

    /// The tile that a step belongs to: a receipt's, unless the daemon knows better, is the one
    /// for results.
    pub(super) fn tile_of<'a>(&'a self, step: &'a Step) -> &'a str {
        let services = || self.board.iter().flat_map(|board| &board.services);
        let of_results = || {
            let found = services().find(|(_, service)| service.kind == Kind::Result);
            found.map(|(letter, _)| letter.as_str())
        };
        match step {
            Step::Receipt { .. } => of_results().unwrap_or_default(),
            step => step.service().unwrap_or_default(),
        }
    }
}
