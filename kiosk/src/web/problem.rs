//! Errors as RFC 9457 `application/problem+json`, also the framework's own.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Request};
use axum::http::{StatusCode, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use queue::Refusal;
use scanner::Code;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::views::PurposeWord;
use super::{BODY_BYTES_MAX, sorry};
use crate::advice::{self, Sentence};
use crate::engine::Failure;
use crate::office::Remark;
use crate::people::Denied;

/// A body up to this long gets an answer; a longer one only a closed line.
const READ_BYTES_MAX: usize = 2 << 20;

/// An error as the API answers it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// Always `about:blank`: `code` tells errors apart.
    #[serde(rename = "type")]
    pub type_: &'static str,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A sentence for a person, in the language of `Accept-Language` (vi, en).
    pub detail: String,
    /// Stable, kebab-case.
    pub code: &'static str,
    /// What a refused code was: `ticket`, `counter`, `purpose`, `citizen-card`, `unknown`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// The counter, where the code was a counter's badge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter: Option<u32>,
    /// The purpose, where the code was a purpose's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<PurposeWord>,
    /// The ticket, where the code was a ticket's, or its dossier has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// After a wrong try at looking up a dossier: how many are left before it is locked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tries_left: Option<u32>,
    /// Where looking up a dossier is locked: seconds until it may be tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_seconds: Option<u64>,
    /// Of settings that cannot be used: all that is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Remark>,
}

/// An error on its way to the answer; its language is chosen by [`in_language`].
pub(crate) struct Problem {
    sentence: Sentence,
    more: Option<Box<More>>,
    /// Boxed: most problems have none of it, and each result carries its room.
    facts: Box<Facts>,
}

/// What a program does something with; named as in [`ProblemBody`].
#[derive(Clone, Default)]
struct Facts {
    kind: Option<&'static str>,
    counter: Option<u32>,
    purpose: Option<PurposeWord>,
    ticket: Option<String>,
    tries_left: Option<u32>,
    wait_seconds: Option<u64>,
}

/// What there is to say beyond the sentence.
enum More {
    /// What a program's author needs to know.
    Explained(String),
    /// Instead of the sentence, with a number in it: Vietnamese, English.
    Instead([String; 2]),
    /// All that is wrong with settings.
    Remarks(Vec<Remark>),
}

impl More {
    fn instead(texts: [String; 2]) -> Box<Self> {
        Box::new(Self::Instead(texts))
    }
}

impl Problem {
    pub(crate) fn of(sentence: Sentence) -> Self {
        Self {
            sentence,
            more: None,
            facts: Box::default(),
        }
    }

    /// With how many tries are left.
    pub(crate) fn with_tries_left(mut self, tries: u32) -> Self {
        self.facts.tries_left = Some(tries);
        self
    }

    /// With how long to wait, in ms; a started second is a whole one.
    pub(crate) fn with_wait(mut self, wait_ms: u64) -> Self {
        self.facts.wait_seconds = Some(wait_ms.div_ceil(1_000));
        self
    }

    /// With texts to say instead of the sentence.
    pub(crate) fn instead((sentence, texts): (Sentence, [String; 2])) -> Self {
        Self {
            more: Some(More::instead(texts)),
            ..Self::of(sentence)
        }
    }

    pub(crate) fn http(status: StatusCode) -> Self {
        Self::of(advice::http(status))
    }

    /// Number and PIN were not taken.
    pub(crate) fn denied(denied: &Denied) -> Self {
        Self::instead(advice::denied(denied))
    }

    /// With what a program's author needs to know; never a value that was sent.
    fn explained(status: StatusCode, more: String) -> Self {
        Self {
            more: Some(Box::new(More::Explained(more))),
            ..Self::http(status)
        }
    }

    pub(crate) fn with_kind(mut self, kind: &'static str, ticket: Option<String>) -> Self {
        self.facts.kind = Some(kind);
        self.facts.ticket = ticket;
        self
    }

    /// With what the code was that cannot be taken here.
    pub(crate) fn of_code(mut self, code: &Code) -> Self {
        let facts = &mut self.facts;
        facts.kind = Some(code.kind());
        match code {
            Code::Counter(number) => facts.counter = Some(*number),
            Code::Purpose(purpose) => facts.purpose = Some(PurposeWord::from(*purpose)),
            _ => {}
        }
        self
    }

    pub(crate) fn with_problems(self, problems: Vec<Remark>) -> Self {
        Self {
            more: Some(Box::new(More::Remarks(problems))),
            ..self
        }
    }

    /// What it says, for a page of our own.
    pub(crate) fn into_sentence(self) -> Sentence {
        self.sentence
    }

    fn body(&self, accepted: Option<&str>) -> ProblemBody {
        let sentence = self.sentence.in_language(accepted);
        let detail = match self.more.as_deref() {
            Some(More::Explained(more)) => format!("{sentence} ({more})"),
            Some(More::Instead([_, en])) if advice::wants_english(accepted) => en.clone(),
            Some(More::Instead([vi, _])) => vi.clone(),
            Some(More::Remarks(_)) | None => sentence.to_owned(),
        };
        let problems = match self.more.as_deref() {
            Some(More::Remarks(problems)) => problems.clone(),
            _ => Vec::new(),
        };
        let status = self.sentence.status;
        let facts = (*self.facts).clone();
        ProblemBody {
            type_: "about:blank",
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail,
            code: self.sentence.code,
            kind: facts.kind,
            counter: facts.counter,
            purpose: facts.purpose,
            ticket: facts.ticket,
            tries_left: facts.tries_left,
            wait_seconds: facts.wait_seconds,
            problems,
        }
    }
}

impl Problem {
    /// The answer of a door itself, behind which nobody knows the caller's language: Vietnamese.
    pub(crate) fn alone(&self) -> Response {
        written(&self.body(None))
    }
}

fn written(body: &ProblemBody) -> Response {
    let status = StatusCode::from_u16(body.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    let text = serde_json::to_vec(body).unwrap_or_default();
    (status, kind, text).into_response()
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let more = match &failure {
            Failure::Refused(Refusal::OtherCounter(counter)) => {
                Some(More::instead(advice::other_counter(*counter)))
            }
            Failure::Refused(Refusal::NumbersTaken(newest)) => {
                Some(More::instead(advice::numbers_taken(*newest)))
            }
            Failure::Refused(Refusal::TooManyTickets(held)) => {
                Some(More::instead(advice::too_many_tickets(*held)))
            }
            Failure::Refused(refusal) => advice::date_refused(refusal).map(More::instead),
            _ => None,
        };
        let ticket = match &failure {
            Failure::Refused(Refusal::DossierHasTicket(ticket)) => Some(ticket.to_string()),
            _ => None,
        };
        let mut problem = Self::of(advice::failure(&failure));
        problem.more = more;
        problem.facts.ticket = ticket;
        problem
    }
}

/// A problem in a response's extensions, until its language is known.
#[derive(Clone)]
struct Pending(std::sync::Arc<Problem>);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.sentence.status.into_response();
        response
            .extensions_mut()
            .insert(Pending(std::sync::Arc::new(self)));
        response
    }
}

/// Writes problems in the caller's language, and maps the framework's plain-text errors.
pub(crate) async fn in_language(request: Request, next: Next) -> Response {
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|v| v.to_str().ok()).map(str::to_owned);
    let by_a_person = sorry::is_for(request.uri().path(), request.headers());
    let mut response = next.run(request).await;
    let pending = response.extensions_mut().remove::<Pending>();
    let status = response.status();
    let ours = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|t| {
            t.as_bytes().starts_with(b"application/") || t.as_bytes().starts_with(b"text/html")
        });
    let problem = match pending {
        Some(Pending(problem)) => problem,
        None if (status.is_client_error() || status.is_server_error()) && !ours => {
            std::sync::Arc::new(Problem::http(status))
        }
        None => return response,
    };
    if by_a_person {
        return sorry::page(&problem.sentence);
    }
    let mut answer = written(&problem.body(accepted.as_deref()));
    if let Some(allow) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow.clone());
    }
    if answer.status() == StatusCode::UNAUTHORIZED {
        let bearer = header::HeaderValue::from_static("Bearer");
        answer
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, bearer);
    }
    answer
}

/// A JSON body of at most `BYTES`; whatever is wrong with it is a problem.
pub(crate) struct Json<T, const BYTES: usize = BODY_BYTES_MAX>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned, const BYTES: usize> FromRequest<S> for Json<T, BYTES> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        // Read before it is judged: a client that is still sending when the answer leaves
        // finds the line closed and never hears why.
        let too_large = || Problem::http(StatusCode::PAYLOAD_TOO_LARGE);
        let read = axum::body::to_bytes(body, READ_BYTES_MAX).await;
        let body = read.map_err(|_| too_large())?;
        if body.len() > BYTES {
            return Err(too_large());
        }
        // The library reads an array as an object's members in their order; no call means that.
        if body.trim_ascii_start().starts_with(b"[") {
            let text = "a body is a JSON object".to_owned();
            return Err(Problem::explained(StatusCode::UNPROCESSABLE_ENTITY, text));
        }
        let mut request = Request::from_parts(parts, body.into());
        DefaultBodyLimit::max(BYTES).apply(&mut request);
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(e)) => {
                // The type's own words, without the value: `missing field`, `unknown field`.
                let text = e.body_text();
                let about = text
                    .rsplit_once(": ")
                    .map_or(text.as_str(), |(_, about)| about);
                let safe = about.starts_with("missing field") || about.starts_with("unknown field");
                let about = if safe {
                    about
                } else {
                    "a field has a wrong type or value"
                };
                Err(Problem::explained(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    about.to_owned(),
                ))
            }
            Err(other) => Err(Problem::http(other.status())),
        }
    }
}

/// Values from the path.
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found: Result<_, PathRejection> =
            axum::extract::Path::from_request_parts(parts, state).await;
        found
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| Problem::http(StatusCode::NOT_FOUND))
    }
}

/// Values from the query.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found: Result<_, QueryRejection> =
            axum::extract::Query::from_request_parts(parts, state).await;
        found
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|_| Problem::http(StatusCode::BAD_REQUEST))
    }
}
