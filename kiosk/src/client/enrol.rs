//! How a screen asks to be let in, as the API has it.

use reqwest::StatusCode;
use screens::enrol::Asker;
use serde::Deserialize;
use serde_json::json;

use super::{ANSWER_WITHIN, Client, Failure};

/// A code to be shown, and what it is asked after with.
#[derive(Debug, Clone, Deserialize)]
pub struct Asked {
    id: String,
    /// Such as `483 177`.
    pub code: String,
    secret: String,
}

/// What a daemon says to a screen that asks.
#[derive(Debug)]
pub enum Door {
    /// This code is to be shown.
    Code(Asked),
    /// Too many ask.
    Full,
    /// Nobody is let in here: it is the door that shows everybody what is public.
    Public,
    /// No answer, or not yet.
    Silent,
}

/// How a screen that asked stands.
#[derive(Debug)]
pub enum Standing {
    /// Nobody has typed its code yet, or the daemon does not answer.
    Waits,
    /// It is let in, with this token.
    LetIn(String),
    /// Its code is too old.
    Over,
}

#[derive(Deserialize)]
struct StandingBody {
    token: Option<String>,
}

impl Client {
    /// Asks to be let in.
    pub async fn ask_in(&self, asker: Asker) -> Door {
        let kind = match asker {
            Asker::Touch => "touch",
            Asker::Lobby => "lobby",
        };
        let request = self.http.post(format!("{}/enrolments", self.base));
        let request = request
            .json(&json!({ "kind": kind }))
            .timeout(ANSWER_WITHIN);
        let Ok(answer) = self.noticed(request.send().await) else {
            return Door::Silent;
        };
        match answer.status() {
            StatusCode::TOO_MANY_REQUESTS => Door::Full,
            StatusCode::NOT_FOUND => Door::Public,
            status if status.is_success() => answer.json().await.map_or(Door::Silent, Door::Code),
            _ => Door::Silent,
        }
    }

    /// How this screen stands.
    pub async fn standing(&self, asked: &Asked) -> Standing {
        let request = self
            .http
            .get(format!("{}/enrolments/{}", self.base, asked.id));
        let request = request.header("Enrolment-Secret", &asked.secret);
        match self.ask_unsigned(request).await {
            Ok(StandingBody { token: Some(token) }) => Standing::LetIn(token),
            Ok(StandingBody { token: None }) | Err(Failure::Silent(_)) => Standing::Waits,
            Err(Failure::Refused { .. }) => Standing::Over,
        }
    }

    /// Whether the daemon knows this screen's token: an old one may be good again.
    pub async fn is_known(&self) -> bool {
        self.token().is_some() && self.queue().await.is_ok()
    }
}
