//! Who changed the office, when, and back to how it was.

use axum::extract::State;
use queue::{Actor, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ChangedView, Texts, aside, changes, put};
use crate::engine::{Failure, system};
use crate::journal::offices::{Deed, Entry, entries, office_of};
use crate::journal::sqlite::open_reader;
use crate::office::OfficeDraft;
use crate::web::App;
use crate::web::auth::{Admin, KeyOf, Supervisor};
use crate::web::problem::{Json, Problem, ProblemBody, Query};
use crate::web::views::{offset, time};
use axum::http::StatusCode;

/// Entries of a page: as many as anybody looks through. Each is read with its office.
const PAGE: usize = 50;

/// Which part of the history.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Before {
    /// Only entries before this version.
    before: Option<u64>,
}

/// The history, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct HistoryView {
    items: Vec<EntryView>,
    /// `before` of the next part; null: that was all.
    next: Option<u64>,
}

/// One change of the office.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryView {
    version: u64,
    /// RFC 3339; null: nobody knew what time it was.
    at: Option<String>,
    /// Who; null: the machine by itself.
    by: Option<ByView>,
    /// changed, file (`kiosk.toml` was edited), planned (waits for the next day), withdrawn (what
    /// waited), or begun (a day began with what had waited).
    #[schema(value_type = String)]
    what: What,
    #[schema(value_type = Vec<Texts>)]
    changes: Vec<Text>,
    /// Whether the office of this entry can be put back.
    restorable: bool,
}

/// Who changed something.
#[derive(Serialize, ToSchema)]
pub(crate) struct ByView {
    /// `person-7`, or a device.
    id: String,
    /// Null for a person who is no longer listed.
    name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    Changed,
    File,
    Planned,
    Withdrawn,
    Begun,
}

impl From<Deed> for What {
    fn from(deed: Deed) -> Self {
        match deed {
            Deed::Read => Self::File,
            Deed::Changed => Self::Changed,
            Deed::Planned => Self::Planned,
            Deed::Withdrawn => Self::Withdrawn,
            Deed::Begun => Self::Begun,
        }
    }
}

impl EntryView {
    fn new(entry: &Entry, app: &App, offset_minutes: i32) -> Self {
        // A day may be opened by somebody; what waited for it came from somebody else.
        let by_itself = entry.deed == Deed::Begun || entry.actor == system().id;
        let by = (!by_itself).then(|| ByView {
            name: match entry.actor.strip_prefix(Actor::PERSON) {
                Some(id) => app.people.find(id).map(|person| person.name),
                None => Some(entry.actor.clone()),
            },
            id: entry.actor.clone(),
        });
        let told = match (&entry.before, &entry.office) {
            (Some(before), Some(office)) => changes(before, office),
            _ => vec![Text::vi_en("Cài đặt ban đầu", "The first settings")],
        };
        Self {
            version: entry.version,
            at: entry.at.and_then(|at| time(offset_minutes, at)),
            by,
            what: entry.deed.into(),
            changes: told,
            restorable: entry.deed != Deed::Withdrawn,
        }
    }
}

/// Who changed the office, when, and what in words.
#[utoipa::path(get, path = "/api/v1/office/history", tag = "office", operation_id = "office_history",
    params(Before),
    responses((status = 200, body = HistoryView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn history(
    State(app): State<App>,
    Supervisor(_): Supervisor,
    Query(Before { before }): Query<Before>,
) -> Result<axum::Json<HistoryView>, Problem> {
    // SQLite's numbers end there.
    if before.is_some_and(|before| i64::try_from(before).is_err()) {
        return Err(Problem::http(StatusCode::BAD_REQUEST));
    }
    let offset_minutes = app.engine.read(|view| offset(view.state)).await?;
    let view = aside(move || {
        let connection = open_reader(&app.data)?;
        let mut found = entries(&connection, before, PAGE + 1)?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let next = found.last().filter(|_| more).map(|entry| entry.version);
        let items = found
            .iter()
            .map(|e| EntryView::new(e, &app, offset_minutes));
        let items = items.collect();
        Ok::<_, crate::journal::JournalError>(HistoryView { items, next })
    });
    let view = view.await?.map_err(|_| Failure::JournalFailed)?;
    Ok(axum::Json(view))
}

/// Body of `POST /office/restore`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RestoreBody {
    /// The version that was seen.
    base: u64,
    /// The entry of the history whose office is to be put back.
    version: u64,
}

/// Puts an office of the history back; an entry of its own.
#[utoipa::path(post, path = "/api/v1/office/restore", tag = "office", operation_id = "restore_office",
    params(("Idempotency-Key" = String, Header)), request_body = RestoreBody,
    responses((status = 200, body = ChangedView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn restore(
    State(app): State<App>,
    Admin(actor): Admin,
    key: KeyOf,
    Json(body): Json<RestoreBody>,
) -> Result<axum::Json<ChangedView>, Problem> {
    let key = key.with(&body);
    let (data, version) = (app.data.clone(), body.version);
    let found = aside(move || office_of(&open_reader(&data)?, version)).await?;
    let office = found
        .map_err(|_| Failure::JournalFailed)?
        .ok_or_else(|| Problem::http(StatusCode::NOT_FOUND))?;
    put(&app, actor, key, OfficeDraft::from(&office), body.base).await
}
