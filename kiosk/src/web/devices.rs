//! Calls on devices: which are let in, since when, when they were last heard of, and no more.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use queue::{Actor, DeviceKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::{Admin, KeyOf, Supervisor};
use super::problem::{Json, Path, Problem, ProblemBody};
use super::tickets::Nothing;
use super::views::{offset, time};
use crate::advice;
use crate::devices::{ChangeError, Wrong};
use crate::health::AWAY_AFTER_SECONDS;
use crate::tokens::Device;

/// What a device is for.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum KindWord {
    /// A touch screen, where citizens take numbers.
    Touch,
    /// A screen that shows calls.
    Lobby,
    /// A PC at which clerks sign in.
    Counter,
}

impl From<KindWord> for DeviceKind {
    fn from(kind: KindWord) -> Self {
        match kind {
            KindWord::Touch => Self::Touch,
            KindWord::Lobby => Self::Lobby,
            KindWord::Counter => Self::Counter,
        }
    }
}

impl From<DeviceKind> for KindWord {
    fn from(kind: DeviceKind) -> Self {
        match kind {
            DeviceKind::Touch => Self::Touch,
            DeviceKind::Lobby => Self::Lobby,
            DeviceKind::Counter => Self::Counter,
        }
    }
}

/// A device that is let in; never its token.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceView {
    /// Its actor in the record.
    id: String,
    /// As the office calls it; empty for none.
    name: String,
    /// Null: its token was made on the machine itself.
    kind: Option<KindWord>,
    /// kiosk, clerk, supervisor or admin; null: it may do nothing by itself.
    role: Option<&'static str>,
    /// RFC 3339; null if not known.
    made_at: Option<String>,
    /// Name of the person, else the actor; null: on the machine itself.
    made_by: Option<String>,
    /// RFC 3339 of the last contact; null if never, or not known.
    last_contact: Option<String>,
    /// Since the last contact, at most since the daemon started; null: never heard of.
    silent_seconds: Option<u64>,
    /// Where it was last heard from.
    address: Option<String>,
    /// A screen that has been silent for more than a minute.
    away: bool,
}

impl DeviceView {
    fn new(app: &App, device: Device, offset: i32, utc_ms: Option<i64>) -> Self {
        let heard = app.devices.heard(&device.id, utc_ms);
        let silent_seconds = heard.as_ref().map(|heard| heard.silent_ms / 1_000);
        let is_screen = matches!(device.kind, Some(DeviceKind::Touch | DeviceKind::Lobby));
        let at = |utc_ms: Option<i64>| time(offset, utc_ms?);
        Self {
            name: device.name,
            kind: device.kind.map(KindWord::from),
            role: device.right.map(|right| right.word()),
            made_at: at(device.made.utc_ms),
            made_by: device.made.by.map(|actor| name_of(app, actor)),
            last_contact: heard.as_ref().and_then(|heard| at(heard.utc_ms)),
            silent_seconds,
            address: heard.map(|heard| heard.address),
            away: is_screen && silent_seconds.is_some_and(|s| s > AWAY_AFTER_SECONDS),
            id: device.id,
        }
    }
}

/// An actor as people know them.
pub(super) fn name_of(app: &App, actor: String) -> String {
    let id = actor.strip_prefix(Actor::PERSON);
    let person = id.and_then(|id| app.people.find(id));
    person.map_or(actor, |person| person.name)
}

/// All of them.
#[derive(Serialize, ToSchema)]
pub(crate) struct DevicesView {
    /// In the order in which they were let in.
    items: Vec<DeviceView>,
}

/// Body of letting a device in.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApproveBody {
    /// The six digits that the device shows; spaces do not matter.
    code: String,
    /// 1 to 80 characters; may be empty if the device has told its own.
    #[serde(default)]
    name: String,
}

/// Body of `rename`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RenameBody {
    /// 1 to 80 characters.
    name: String,
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Wrong(wrong) => Self::of(advice::devices(wrong)),
            ChangeError::Failed(failure) => failure.into(),
        }
    }
}

/// A device as it is now.
async fn shown(app: &App, id: &str) -> Result<axum::Json<DeviceView>, Problem> {
    let device = app.devices.find(id);
    // Let in under this key once, and revoked since.
    let device = device.ok_or(ChangeError::Wrong(Wrong::Unknown))?;
    let (offset, utc_ms) = app.engine.read(|v| (offset(v.state), v.now.utc)).await?;
    Ok(axum::Json(DeviceView::new(app, device, offset, utc_ms)))
}

/// Every device that is let in, and when it was last heard of.
#[utoipa::path(get, path = "/api/v1/devices", tag = "devices", operation_id = "devices",
    responses((status = 200, body = DevicesView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(app): State<App>,
    Supervisor(_): Supervisor,
) -> Result<axum::Json<DevicesView>, Problem> {
    let (offset, utc_ms) = app.engine.read(|v| (offset(v.state), v.now.utc)).await?;
    let devices = app.tokens.devices().into_iter();
    let items = devices.map(|device| DeviceView::new(&app, device, offset, utc_ms));
    Ok(axum::Json(DevicesView {
        items: items.collect(),
    }))
}

/// Lets in the device that shows this code. What it may do follows from its kind: a touch screen
/// gives out numbers, others nothing.
#[utoipa::path(post, path = "/api/v1/devices", tag = "devices", operation_id = "approve_device",
    params(("Idempotency-Key" = String, Header)), request_body = ApproveBody,
    responses((status = 201, body = DeviceView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn approve(
    State(app): State<App>,
    Admin(actor): Admin,
    key: KeyOf,
    Json(body): Json<ApproveBody>,
) -> Result<Response, Problem> {
    let key = key.with(&body);
    let id = app
        .devices
        .approve(&app.engine, actor, key, body.code, body.name)
        .await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?).into_response())
}

/// Gives a device another name.
#[utoipa::path(post, path = "/api/v1/devices/{id}/rename", tag = "devices", operation_id = "rename_device",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), request_body = RenameBody,
    responses((status = 200, body = DeviceView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn rename(
    State(app): State<App>,
    Admin(actor): Admin,
    key: KeyOf,
    Path(id): Path<String>,
    Json(body): Json<RenameBody>,
) -> Result<axum::Json<DeviceView>, Problem> {
    let key = key.with(&body);
    app.devices
        .rename(&app.engine, actor, key, id.clone(), body.name)
        .await?;
    shown(&app, &id).await
}

/// Refuses a device from now on: its tokens and open streams, and who signed in at it.
#[utoipa::path(post, path = "/api/v1/devices/{id}/revoke", tag = "devices", operation_id = "revoke_device",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 204, description = "revoked, also when already so"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn revoke(
    State(app): State<App>,
    Admin(actor): Admin,
    key: KeyOf,
    Path(id): Path<String>,
    Json(body): Json<Nothing>,
) -> Result<StatusCode, Problem> {
    let key = key.with(&body);
    app.devices
        .revoke(&app.engine, &app.people, actor, key, id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
