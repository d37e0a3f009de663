//! The API as a screen sees it: what is public, as it changes, and a kiosk's few requests.
//!
//! Promises:
//! - [`Client::follow`] always comes back to a true state: it reconnects with the last event's
//!   id, and starts over with a snapshot when it cannot go on from there;
//! - a request ends within [`ANSWER_WITHIN`], in an answer, a refusal or silence. Only silence
//!   may be tried again, with the same key.
//!
//! Deliberately not here: what a screen does with it, and how long it goes on trying.

mod enrol;
mod readers;
mod sse;
mod trust;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::StreamExt as _;
use reqwest::header::{ACCEPT_LANGUAGE, DATE, HeaderMap};
use reqwest::{RequestBuilder, Response, StatusCode};
use screens::board::{Board, Ticket};
use screens::corner::{self, Deed};
use screens::dossier::Dossier;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};
use tokio::sync::watch;

pub use self::enrol::{Asked, Door, Standing};
pub use self::readers::ReaderSays;
use self::sse::{Parser, Said};
use crate::speaker::{SOUND_HEADER, Sound};

/// A daemon on the same network that has not connected by then is not there.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);
/// A request is one group commit; this is a hundred of them.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// The stream says something every 15 s, if only that it lives.
const SILENT_AFTER: Duration = Duration::from_secs(20);
/// The daemon's time is asked for again: a screen elsewhere has a clock of its own. By the same
/// the daemon sees that the screen is there; silent for a minute it is listed as away.
const TIME_EVERY: Duration = Duration::from_secs(30);
/// Pauses between attempts to connect; the last one goes on.
const PAUSES_MS: [u64; 5] = [100, 250, 500, 1_000, 2_000];
/// A connection that held this long was a good one: the next pause is a short one again.
const HELD: Duration = Duration::from_secs(5);

/// What [`Client::follow`] tells.
#[derive(Debug, Clone)]
pub enum Update {
    /// The public state, whole.
    Board(Box<Board>),
    /// The stream lives.
    Alive,
    /// The connection broke, or was refused.
    Lost,
    /// The daemon's time now, in UTC ms.
    Utc(i64),
}

/// Why [`Client::follow`] has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Nobody listens any more.
    Unheard,
    /// The daemon does not know this screen's token.
    Unknown,
}

/// How one connection has ended.
enum Ended {
    Over(Over),
    Broken,
}

/// Why there is no ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The daemon said no; `detail` is a sentence for a person.
    Refused {
        /// What a program tells refusals apart by.
        code: String,
        /// In the language that was asked for.
        detail: String,
        /// The ticket that it is about, where there is one.
        ticket: Option<String>,
        /// Tries that are left, after a wrong one.
        tries_left: Option<u32>,
        /// How long nothing more is tried, in seconds.
        wait_seconds: Option<u64>,
    },
    /// No answer, or not yet: the same request may be sent again.
    Silent(String),
}

/// One daemon, as one screen knows it.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Arc<RwLock<Option<String>>>,
    printer: Option<String>,
    /// How the screen's sound fares, if it has any.
    sound: Option<watch::Receiver<Sound>>,
    /// The last complaint about its certificate, which is told once.
    complaint: Arc<Mutex<Option<String>>>,
}

impl Client {
    /// The daemon at `at` (an address like `http://127.0.0.1:8080`). One at `https://…` is trusted
    /// by the authority in the file `ca`, and by no other; without a file, by the system's.
    pub fn new(at: &str, token: Option<String>, ca: Option<&Path>) -> anyhow::Result<Self> {
        // Refused when the program has chosen already, which is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .no_proxy();
        if let Some(file) = ca {
            http = http.tls_certs_only([trust::authority(file)?]);
        }
        let http = http.build().context("no HTTP client")?;
        Ok(Self {
            http,
            base: format!("{}/api/v1", at.trim_end_matches('/')),
            token: Arc::new(RwLock::new(token)),
            printer: None,
            sound: None,
            complaint: Arc::default(),
        })
    }

    /// Asks for slips on the printer of this name.
    pub fn printing_on(mut self, printer: Option<String>) -> Self {
        self.printer = printer;
        self
    }

    /// Tells the daemon with each request how the screen's sound fares.
    pub fn telling_of(mut self, sound: Option<watch::Receiver<Sound>>) -> Self {
        self.sound = sound;
        self
    }

    /// The token that requests are sent with, if any.
    pub fn token(&self) -> Option<String> {
        let token = self.token.read().unwrap_or_else(PoisonError::into_inner);
        token.clone()
    }

    /// Sends requests with another token from now on.
    pub fn set_token(&self, token: String) {
        *self.token.write().unwrap_or_else(PoisonError::into_inner) = Some(token);
    }

    fn with_token(&self, request: RequestBuilder) -> RequestBuilder {
        let Some(token) = self.token() else {
            return request;
        };
        let request = request.bearer_auth(token);
        match &self.sound {
            Some(sound) => request.header(SOUND_HEADER, sound.borrow().word()),
            None => request,
        }
    }

    /// The public state once, and the daemon's time.
    pub async fn queue(&self) -> anyhow::Result<(Board, Option<i64>)> {
        let request = self.with_token(self.http.get(format!("{}/queue", self.base)));
        let asked = request.timeout(ANSWER_WITHIN).send().await;
        let response = self.noticed(asked)?.error_for_status()?;
        let utc = utc_of(response.headers());
        Ok((response.json().await?, utc))
    }

    /// A new ticket.
    pub async fn issue(&self, key: &str, order: &Order<'_>) -> Result<Ticket, Failure> {
        let mut body = json!({ "class": order.class, "language": order.language });
        let more = [
            ("service", order.service),
            ("dossier", order.dossier),
            ("person", order.person),
            ("printer", self.printer.as_deref()),
        ];
        for (name, value) in more {
            if let Some(value) = value {
                body[name] = value.into();
            }
        }
        self.post("tickets", key, order.language, body).await
    }

    /// What a citizen card says here today.
    pub async fn card(
        &self,
        key: &str,
        number: &str,
        birth: Option<&str>,
    ) -> Result<CardSays, Failure> {
        let mut body = json!({ "number": number });
        if let Some(birth) = birth {
            body["birth"] = birth.into();
        }
        self.post("cards", key, "vi", body).await
    }

    /// How somebody's own dossier stands. Each call is one try: it is not to be sent again.
    pub async fn look_up(
        &self,
        key: &str,
        dossier: &str,
        factor: &str,
        language: &str,
    ) -> Result<Dossier, Failure> {
        let body = json!({ "code": dossier, "factor": factor });
        self.post("dossiers/look-up", key, language, body).await
    }

    /// Brings a ticket back in line by its slip's token, or gives a slip of an earlier day its
    /// number of today.
    pub async fn resume(&self, key: &str, token: &str, language: &str) -> Result<Ticket, Failure> {
        let body = match &self.printer {
            Some(printer) => json!({ "printer": printer }),
            None => json!({}),
        };
        let path = format!("tickets/{token}/resume");
        self.post(&path, key, language, body).await
    }

    /// Another service for a ticket just taken.
    pub async fn change(
        &self,
        key: &str,
        ticket: &str,
        order: &Order<'_>,
    ) -> Result<Ticket, Failure> {
        let body = json!({ "service": order.service.unwrap_or_default() });
        let path = format!("tickets/{ticket}/change");
        self.post(&path, key, order.language, body).await
    }

    /// A ticket, its place and what became of its slip.
    pub async fn ticket(&self, id: &str) -> Result<Ticket, Failure> {
        let request = self.http.get(format!("{}/tickets/{id}", self.base));
        self.ask(request, "vi").await
    }

    /// What staff sign at this screen: what time it is, or a test page.
    pub async fn signed(&self, request: &corner::Request) -> Result<(), Failure> {
        let signed = json!({ "person": request.person, "pin": request.pin });
        let (path, mut body) = match request.deed {
            Deed::Time { utc_ms, sure } => {
                let now = jiff::Timestamp::from_millisecond(utc_ms).unwrap_or_default();
                let body = json!({ "now": now.to_string(), "sure": sure, "signed": signed });
                ("time", body)
            }
            Deed::TestPage => {
                let language = &request.language;
                let body = json!({ "kind": "test-page", "language": language, "signed": signed });
                ("slips", body)
            }
        };
        if let (Deed::TestPage, Some(printer)) = (request.deed, &self.printer) {
            body["printer"] = printer.as_str().into();
        }
        let done: Result<IgnoredAny, _> =
            self.post(path, &request.key, &request.language, body).await;
        done.map(|_| ())
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        key: &str,
        language: &str,
        body: Value,
    ) -> Result<T, Failure> {
        let request = self
            .http
            .post(format!("{}/{path}", self.base))
            .header("Idempotency-Key", key)
            .json(&body);
        self.ask(request, language).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        language: &str,
    ) -> Result<T, Failure> {
        let request = self.with_token(request).header(ACCEPT_LANGUAGE, language);
        self.ask_unsigned(request).await
    }

    async fn ask_unsigned<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<T, Failure> {
        let silent = |cause: reqwest::Error| Failure::Silent(cause.without_url().to_string());
        let asked = request.timeout(ANSWER_WITHIN).send().await;
        let response = self.noticed(asked).map_err(silent)?;
        let status = response.status();
        if status == StatusCode::NO_CONTENT {
            return serde_json::from_value(Value::Null).map_err(|e| Failure::Silent(e.to_string()));
        }
        if status.is_success() {
            return response.json().await.map_err(silent);
        }
        let problem: Value = response.json().await.unwrap_or_default();
        Err(failure(status, &problem))
    }

    /// Follows the public state for as long as `tell` returns true and the daemon knows the token.
    pub async fn follow(&self, mut tell: impl FnMut(Update) -> bool) -> Over {
        let mut known = Known::default();
        let mut failed = 0;
        loop {
            let begun = Instant::now();
            match self.stream(&mut known, &mut tell).await {
                Ended::Over(over) => return over,
                Ended::Broken if !tell(Update::Lost) => return Over::Unheard,
                Ended::Broken => {}
            }
            failed = if begun.elapsed() > HELD {
                0
            } else {
                failed + 1
            };
            let pause = PAUSES_MS[failed.min(PAUSES_MS.len() - 1)];
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }

    /// One connection, until it ends.
    async fn stream(&self, known: &mut Known, tell: &mut impl FnMut(Update) -> bool) -> Ended {
        let response = match self.connect(known).await {
            Ok(response) if response.status() == StatusCode::UNAUTHORIZED => {
                return Ended::Over(Over::Unknown);
            }
            Ok(response) if response.status().is_success() => response,
            _ => return Ended::Broken,
        };
        match self.hear(response, known, tell).await {
            Some(()) => Ended::Broken,
            None => Ended::Over(Over::Unheard),
        }
    }

    /// Tells what a stream says until it breaks; `None` when nobody listens any more.
    async fn hear(
        &self,
        response: Response,
        known: &mut Known,
        tell: &mut impl FnMut(Update) -> bool,
    ) -> Option<()> {
        // Where nothing happened meanwhile, nothing follows either: this is the sign of life.
        if !tell(Update::Alive) {
            return None;
        }
        if let Some(utc) = utc_of(response.headers())
            && !tell(Update::Utc(utc))
        {
            return None;
        }
        let mut parser = Parser::default();
        let mut bytes = response.bytes_stream();
        let mut time = tokio::time::interval(TIME_EVERY);
        time.tick().await;
        loop {
            let piece = tokio::select! {
                piece = tokio::time::timeout(SILENT_AFTER, bytes.next()) => piece,
                _ = time.tick() => {
                    self.tell_time(tell).await?;
                    continue;
                }
            };
            let Ok(Some(Ok(piece))) = piece else {
                return Some(());
            };
            let Some(said) = parser.push(&piece) else {
                return Some(());
            };
            let mut news = Vec::new();
            for said in said {
                match known.hear(said) {
                    Heard::Nothing => {}
                    Heard::News => news = vec![known.board()],
                    // What follows cannot be understood: from the beginning.
                    Heard::Nonsense => {
                        *known = Known::default();
                        return Some(());
                    }
                }
            }
            // The time first: a clock that has just become known must not show the old one.
            if known.clock_changed() {
                self.tell_time(tell).await?;
            }
            let news = news.into_iter().flatten();
            for update in news.chain([Update::Alive]) {
                if !tell(update) {
                    return None;
                }
            }
        }
    }

    async fn connect(&self, known: &Known) -> anyhow::Result<Response> {
        let mut request = self.with_token(self.http.get(format!("{}/events", self.base)));
        if !known.id.is_empty() {
            request = request.header("Last-Event-ID", &known.id);
        }
        let asked = tokio::time::timeout(ANSWER_WITHIN, request.send()).await?;
        Ok(self.noticed(asked)?)
    }

    /// Tells the log, once, why a daemon is not trusted; a person must do something about it.
    fn noticed(&self, asked: reqwest::Result<Response>) -> reqwest::Result<Response> {
        let now = asked.as_ref().err().and_then(trust::complaint);
        let mut before = self.complaint.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(now) = now.as_ref().filter(|now| before.as_ref() != Some(*now)) {
            tracing::error!("{}: {now}", self.base);
        }
        // Silence after it says nothing new about the certificate.
        if asked.is_ok() || now.is_some() {
            *before = now;
        }
        asked
    }

    async fn tell_time(&self, tell: &mut impl FnMut(Update) -> bool) -> Option<()> {
        match self.queue().await {
            Ok((_, Some(utc))) if !tell(Update::Utc(utc)) => None,
            _ => Some(()),
        }
    }
}

/// What a ticket is asked for with.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The service's letter; without one the dossier decides.
    pub service: Option<&'a str>,
    /// `normal` or a class of the configuration.
    pub class: &'a str,
    /// The citizen's language.
    pub language: &'a str,
    /// The dossier of a receipt.
    pub dossier: Option<&'a str>,
    /// Who showed a card.
    pub person: Option<&'a str>,
}

/// What a card says here today.
#[derive(Debug, Deserialize)]
pub struct CardSays {
    /// Stands for the card until the day is closed.
    pub person: String,
    /// Numbers that its holder has.
    pub held: Vec<HeldNumber>,
    /// The class that the age suggests.
    #[serde(default)]
    pub suggested_class: Option<String>,
}

/// A number that somebody has.
#[derive(Debug, Deserialize)]
pub struct HeldNumber {
    /// Such as `A012`.
    pub number: String,
}

/// The state as far as it was heard, and the event it was heard with.
#[derive(Debug, Default)]
struct Known {
    state: Value,
    id: String,
    clock: Value,
}

#[derive(Debug, PartialEq, Eq)]
enum Heard {
    Nothing,
    News,
    Nonsense,
}

impl Known {
    fn hear(&mut self, said: Said) -> Heard {
        let Said::Event { name, data, id } = said else {
            return Heard::Nothing;
        };
        let Ok(value) = serde_json::from_str::<Value>(&data) else {
            return Heard::Nonsense;
        };
        match name.as_str() {
            "snapshot" => self.state = value,
            "change" if self.state.is_null() => return Heard::Nonsense,
            "change" => json_patch::merge(&mut self.state, &value),
            // A newer daemon may tell more than this screen knows.
            _ => return Heard::Nothing,
        }
        self.id = id;
        Heard::News
    }

    fn board(&self) -> Option<Update> {
        match serde_json::from_value(self.state.clone()) {
            Ok(board) => Some(Update::Board(Box::new(board))),
            Err(cause) => {
                tracing::warn!(%cause, "the public state cannot be read, the last one stays");
                None
            }
        }
    }

    fn clock_changed(&mut self) -> bool {
        let clock = &self.state["clock"];
        let changed = *clock != self.clock && !self.clock.is_null();
        self.clock = clock.clone();
        changed
    }
}

/// A refusal, or something that may pass by itself.
fn failure(status: StatusCode, problem: &Value) -> Failure {
    let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    let number = |name: &str| problem[name].as_u64();
    let code = text("code");
    let busy = [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT].contains(&status);
    let passing = busy || status.is_server_error();
    // A full journal and a lock do not pass while somebody waits.
    if passing && !["journal-full", "locked-out"].contains(&code.as_str()) {
        return Failure::Silent(format!("{status} {code}"));
    }
    Failure::Refused {
        code,
        detail: text("detail"),
        ticket: problem["ticket"].as_str().map(str::to_owned),
        tries_left: number("tries_left").and_then(|tries| tries.try_into().ok()),
        wait_seconds: number("wait_seconds"),
    }
}

/// When the answer was written, by the daemon's own clock; to the second.
fn utc_of(headers: &HeaderMap) -> Option<i64> {
    let text = headers.get(DATE)?.to_str().ok()?;
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    let utc = parser.parse_timestamp(text).ok()?;
    Some(utc.as_millisecond())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn said(name: &str, data: &str, id: &str) -> Said {
        Said::Event {
            name: name.to_owned(),
            data: data.to_owned(),
            id: id.to_owned(),
        }
    }

    #[test]
    fn changes_are_merged_into_the_snapshot() {
        let mut known = Known::default();
        let snapshot = r#"{"services":{"A":{"waiting":1},"B":{"waiting":2}},"printer":"ready"}"#;
        assert_eq!(known.hear(said("snapshot", snapshot, "E:1")), Heard::News);
        let change = r#"{"services":{"A":{"waiting":5},"B":null}}"#;
        assert_eq!(known.hear(said("change", change, "E:2")), Heard::News);
        assert_eq!(known.hear(Said::Comment), Heard::Nothing);
        assert_eq!(known.id, "E:2");
        let Some(Update::Board(board)) = known.board() else {
            panic!("a board");
        };
        assert_eq!(board.services["A"].waiting, 5);
        assert!(!board.services.contains_key("B"));
    }

    #[test]
    fn what_cannot_be_understood_starts_over() {
        let mut known = Known::default();
        assert_eq!(known.hear(said("change", "{}", "E:1")), Heard::Nonsense);
        assert_eq!(known.hear(said("snapshot", "{", "E:1")), Heard::Nonsense);
        assert_eq!(known.hear(said("news", "{}", "E:1")), Heard::Nothing);
    }

    #[test]
    fn a_clock_that_becomes_known_is_noticed_once() {
        let mut known = Known::default();
        known.hear(said("snapshot", r#"{"clock":{"known":false}}"#, "E:1"));
        assert!(!known.clock_changed());
        known.hear(said("change", r#"{"clock":{"known":true}}"#, "E:2"));
        assert!(known.clock_changed());
        assert!(!known.clock_changed());
    }

    #[test]
    fn only_what_may_pass_by_itself_is_silence() {
        let problem = |code: &str| json!({ "code": code, "detail": "…" });
        for (status, code, silent) in [
            (409, "service-full", false),
            (401, "unauthorized", false),
            (422, "key-reused", false),
            (503, "journal-full", false),
            (503, "starting", true),
            (502, "", true),
            (429, "", true),
            (429, "locked-out", false),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let got = failure(status, &problem(code));
            assert_eq!(matches!(got, Failure::Silent(_)), silent, "{status} {code}");
        }
    }

    #[test]
    fn the_time_is_the_daemons() {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, "Mon, 23 Nov 2026 00:42:00 GMT".parse().unwrap());
        assert_eq!(utc_of(&headers), Some(1_795_394_520_000));
        assert_eq!(utc_of(&HeaderMap::new()), None);
    }
}
