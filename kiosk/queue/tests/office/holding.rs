//! Citizens who show a card or a receipt, in the language of the scripts.

use queue::*;

use super::script::kebab;
use super::{Desk, kiosk};

impl Desk {
    /// A number for whoever has shown a card: at the kiosk, or with a clerk's reason.
    pub fn take_as(
        &mut self,
        clerk: &Actor,
        letter: char,
        who: &str,
        why: &[&str],
    ) -> Result<Vec<Event>, Refusal> {
        let mut order = self.order(letter, "normal");
        if let Command::Issue {
            person,
            override_reason,
            ..
        } = &mut order
        {
            *person = Some(who.to_owned());
            *override_reason = why.split_first().map(|(_, words)| words.join(" "));
        }
        let actor = match why {
            ["because", ..] => clerk.clone(),
            _ => kiosk(),
        };
        self.act(&actor, order)
    }

    /// A receipt is held to the kiosk's reader.
    pub fn show_receipt(&mut self, code: &str, asked: &[&str]) -> String {
        let for_receipt = self
            .state
            .service_for_receipt(code, asked == ["supplement"]);
        let taken = for_receipt.and_then(|(letter, by_rule)| {
            let mut order = self.order(letter, "normal");
            if let Command::Issue { dossier, class, .. } = &mut order {
                *dossier = Some(code.to_owned());
                *class = by_rule.unwrap_or(ClassId::Normal);
            }
            self.act(&kiosk(), order)
        });
        match taken {
            Ok(_) => {
                let ticket = self.state.held_for(code).unwrap();
                format!("{} {}", ticket.number, ticket.class.as_str())
            }
            Err(Refusal::DossierHasTicket(ticket)) => {
                format!("has {}", self.state.number(ticket).unwrap())
            }
            Err(Refusal::IssuingClosed(why)) => kebab(&format!("{why:?}")),
            Err(refusal) => kebab(&format!("{refusal:?}")),
        }
    }

    pub fn holds(&self, person: &str) -> String {
        let held = self.state.held_by(person).map(|t| t.number.to_string());
        let held: Vec<String> = held.collect();
        match held.is_empty() {
            true => "nothing".into(),
            false => held.join(" "),
        }
    }
}
