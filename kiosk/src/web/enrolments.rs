//! Calls by which a device asks to be let in. They need no right: who asks has none yet.

use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use queue::DeviceKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::Admin;
use super::devices::KindWord;
use super::presence::address;
use super::problem::{Json, Path, Problem, ProblemBody};
use super::views::{offset, time};
use crate::advice;
use crate::devices::{Asking, Enrolment, Standing, Wrong, spaced};
use crate::tokens::NAME_MAX;

/// The header by which a device asks how it stands; not in the address, which logs show.
pub(crate) const SECRET: &str = "enrolment-secret";

/// Body of asking to be let in.
#[derive(Deserialize, ToSchema)]
#[schema(as = EnrolmentAskBody)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskBody {
    kind: KindWord,
    /// What the device calls itself, at most 80 characters.
    #[serde(default)]
    name: String,
}

/// A code that an administrator can type.
#[derive(Serialize, ToSchema)]
pub(crate) struct AskedView {
    id: String,
    /// To be shown on the device, such as `483 177`.
    code: String,
    /// For asking how it stands; whoever has it gets the token.
    secret: String,
    /// RFC 3339; null while the time is unknown.
    expires_at: Option<String>,
    expires_in_seconds: u64,
}

/// How one that asked stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct StandingView {
    /// waiting or approved.
    state: &'static str,
    /// While it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in_seconds: Option<u64>,
    /// The device's id, once approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<String>,
    /// Its token, until it was used once.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

/// One that waits. Not its code: that stands on the device alone, so that nobody lets in what they
/// have not seen.
#[derive(Serialize, ToSchema)]
#[schema(as = EnrolmentWaitingView)]
pub(crate) struct WaitingView {
    kind: KindWord,
    /// What it calls itself; empty for nothing.
    name: String,
    /// Where it asks from.
    address: String,
    expires_in_seconds: u64,
}

/// All that wait.
#[derive(Serialize, ToSchema)]
pub(crate) struct WaitingList {
    /// Oldest first.
    items: Vec<WaitingView>,
}

/// A new code, with its secret, for whoever asks from an address.
pub(super) fn begin(
    app: &App,
    kind: DeviceKind,
    name: &str,
    extensions: &Extensions,
) -> Result<(Enrolment, String), Problem> {
    let name = name.trim();
    if name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Problem::of(advice::devices(Wrong::Name)));
    }
    let asking = Asking {
        kind,
        name: name.to_owned(),
        address: address(extensions),
    };
    let begun = app.devices.ask(asking);
    let begun = begun.map_err(|_| Problem::http(StatusCode::INTERNAL_SERVER_ERROR))?;
    begun.ok_or_else(|| Problem::of(advice::enrolments_full()))
}

/// Asks to be let in: a code to show, for ten minutes. Nothing is stored, so there is no
/// Idempotency-Key; an address has four codes at a time, and its oldest makes way for a new one.
#[utoipa::path(post, path = "/api/v1/enrolments", tag = "devices", operation_id = "ask_enrolment",
    security(()), request_body = AskBody,
    responses((status = 201, body = AskedView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn ask(
    State(app): State<App>,
    extensions: Extensions,
    Json(body): Json<AskBody>,
) -> Result<Response, Problem> {
    let (enrolment, secret) = begin(&app, body.kind.into(), &body.name, &extensions)?;
    let left_ms = crate::devices::VALID_MS;
    let expires_at = app.engine.read(move |view| {
        let ends = view.now.utc? + i64::try_from(left_ms).ok()?;
        time(offset(view.state), ends)
    });
    let view = AskedView {
        id: enrolment.id,
        code: spaced(&enrolment.code),
        secret,
        expires_at: expires_at.await?,
        expires_in_seconds: left_ms / 1_000,
    };
    Ok((StatusCode::CREATED, axum::Json(view)).into_response())
}

/// How one that asked stands. The token can be fetched until the device has used it.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}", tag = "devices", operation_id = "enrolment_state",
    security(()), params(("id" = String, Path), ("Enrolment-Secret" = String, Header)),
    responses((status = 200, body = StandingView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn standing(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<axum::Json<StandingView>, Problem> {
    let secret = headers.get(SECRET).and_then(|value| value.to_str().ok());
    let view = match app.devices.standing(&id, secret.unwrap_or_default()) {
        Standing::Waits { left_ms } => StandingView {
            state: "waiting",
            expires_in_seconds: Some(left_ms.div_ceil(1_000)),
            device: None,
            token: None,
        },
        Standing::Approved(pass) => StandingView {
            state: "approved",
            expires_in_seconds: None,
            device: Some(pass.device),
            token: Some(pass.token),
        },
        Standing::Over => return Err(Problem::of(advice::enrolment_over())),
    };
    Ok(axum::Json(view))
}

/// Devices that wait to be let in, without their codes.
#[utoipa::path(get, path = "/api/v1/enrolments", tag = "devices", operation_id = "enrolments",
    responses((status = 200, body = WaitingList),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn list(State(app): State<App>, Admin(_): Admin) -> axum::Json<WaitingList> {
    let waiting = app.devices.waiting().into_iter();
    let items = waiting.map(|(enrolment, left_ms)| WaitingView {
        kind: enrolment.asking.kind.into(),
        name: enrolment.asking.name,
        address: enrolment.asking.address,
        expires_in_seconds: left_ms.div_ceil(1_000),
    });
    axum::Json(WaitingList {
        items: items.collect(),
    })
}
