//! Calls on the office's settings: reading, judging and changing them.

mod day_off;
mod file;
mod history;
mod preview;

use std::collections::BTreeMap;

use axum::extract::State;
use queue::{Actor, Command, Event, Office, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use self::day_off::{
    __path_remove_day_off, __path_set_day_off, remove_day_off, set_day_off,
};
pub(crate) use self::file::{__path_export, __path_import, export, import};
pub(crate) use self::history::{__path_history, __path_restore, history, restore};
pub(crate) use self::preview::{__path_preview, preview};
use super::App;
use super::auth::{Admin, KeyOf, Supervisor};
use super::problem::{Json, Problem, ProblemBody};
use crate::advice;
use crate::config::Config;
use crate::engine::{Done, Failure, Key, View};
use crate::journal::word;
use crate::office::{self, Judged, LANGUAGES, OfficeDraft, Remark, changes, judge};
use crate::slips::raw::LineDraft;
use crate::slips::{self, KINDS};

/// An office of 26 services with papers, notices and five layouts of slips in two languages takes
/// about 150 KiB; every other call has a few fields.
const OFFICE_BYTES_MAX: usize = 256 * 1024;

/// A sentence by language (vi, en).
type Texts = BTreeMap<String, String>;

/// The office, what waits, and what an editor needs to know.
#[derive(Serialize, ToSchema)]
pub(crate) struct SettingsView {
    /// To be sent as `base` with a change; other after every change of the office or of what waits.
    version: u64,
    office: OfficeDraft,
    /// What comes into force with the next service day; null: nothing.
    planned: Option<PlannedView>,
    /// Whether the office in force is as `kiosk.toml` gave it.
    by_file: bool,
    /// Whether it still goes by the name of the sample office, which no office has.
    sample: bool,
    warnings: Vec<Remark>,
    /// Every language that there may be.
    languages: Vec<&'static str>,
    /// Names of printers.
    printers: Vec<String>,
    /// Layouts of slips that every office begins with, by kind.
    built_in: BTreeMap<String, Vec<LineDraft>>,
}

/// An office that waits.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlannedView {
    /// Since which version.
    version: u64,
    office: OfficeDraft,
    /// What it changes of the office in force.
    #[schema(value_type = Vec<Texts>)]
    changes: Vec<Text>,
}

/// Does what takes long beside the requests.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Failure::JournalFailed.into())
}

async fn judged(app: &App, draft: OfficeDraft) -> Result<Judged, Problem> {
    let app = app.clone();
    aside(move || judge(&draft, &app.press)).await
}

/// An office that can be used, and warnings.
async fn usable(app: &App, draft: OfficeDraft) -> Result<(Office, Vec<Remark>), Problem> {
    let judged = judged(app, draft).await?;
    match judged.office {
        Some(office) => Ok((office, judged.warnings)),
        None => Err(Problem::of(advice::bad_office()).with_problems(judged.problems)),
    }
}

/// The office in force; there is one whenever the daemon answers.
async fn in_force(app: &App) -> Result<Office, Problem> {
    let office = app.engine.read(|view| view.state.office().cloned()).await?;
    office.ok_or_else(|| Failure::JournalFailed.into())
}

/// The settings of the office.
#[utoipa::path(get, path = "/api/v1/office", tag = "office", operation_id = "office",
    responses((status = 200, body = SettingsView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn get(
    State(app): State<App>,
    Supervisor(_): Supervisor,
) -> Result<axum::Json<SettingsView>, Problem> {
    let settings = app
        .engine
        .read(|view| view.state.settings().clone())
        .await?;
    let press = app.clone();
    let view = aside(move || {
        let office = settings.office()?;
        let draft = OfficeDraft::from(office);
        let planned = settings.planned().zip(settings.planned_since());
        let built_in = KINDS.map(|kind| {
            let lines = slips::built_in(kind).iter().map(LineDraft::from);
            (word(kind), lines.collect())
        });
        Some(SettingsView {
            version: settings.version(),
            planned: planned.map(|(planned, version)| PlannedView {
                version,
                office: OfficeDraft::from(planned),
                changes: changes(office, planned),
            }),
            by_file: settings.by_file(),
            sample: Config::names_sample(office),
            warnings: judge(&draft, &press.press).warnings,
            office: draft,
            languages: LANGUAGES.to_vec(),
            printers: press.printers.clone(),
            built_in: built_in.into(),
        })
    });
    let view = view.await?.ok_or(Failure::JournalFailed)?;
    Ok(axum::Json(view))
}

/// Body of `POST /office/check`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckBody {
    office: OfficeDraft,
}

/// What would come of a change.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckView {
    /// What is wrong; with any nothing else is told.
    problems: Vec<Remark>,
    warnings: Vec<Remark>,
    /// What it changes of the office in force.
    #[schema(value_type = Vec<Texts>)]
    changes: Vec<Text>,
    /// now, next-day or unchanged; null where something is wrong.
    #[schema(value_type = Option<String>)]
    applies: Option<Applies>,
    /// Why it waits for the next day.
    #[schema(value_type = Vec<Texts>)]
    waits: Vec<Text>,
}

/// When a change comes into force.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Applies {
    Now,
    NextDay,
    Unchanged,
}

/// Judges an office, and tells what it would change; nothing is kept.
#[utoipa::path(post, path = "/api/v1/office/check", tag = "office", operation_id = "check_office",
    params(("Idempotency-Key" = String, Header)), request_body = CheckBody,
    responses((status = 200, body = CheckView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn check(
    State(app): State<App>,
    Supervisor(_): Supervisor,
    _: KeyOf,
    Json(body): Json<CheckBody, OFFICE_BYTES_MAX>,
) -> Result<axum::Json<CheckView>, Problem> {
    let judged = judged(&app, body.office).await?;
    let mut view = CheckView {
        problems: judged.problems,
        warnings: judged.warnings,
        changes: Vec::new(),
        applies: None,
        waits: Vec::new(),
    };
    if let Some(office) = judged.office {
        let (office, old, waits) = app
            .engine
            .read(move |view| {
                let waits = view.state.waits(&office);
                (office, view.state.office().cloned(), waits)
            })
            .await?;
        view.changes = old.map_or_else(Vec::new, |old| changes(&old, &office));
        view.applies = Some(match (view.changes.is_empty(), waits.is_empty()) {
            (true, _) => Applies::Unchanged,
            (_, true) => Applies::Now,
            _ => Applies::NextDay,
        });
        view.waits = waits.into_iter().map(office::waits).collect();
    }
    Ok(axum::Json(view))
}

/// Body of `POST /office`.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = OfficeChangeBody)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeBody {
    /// The version that the change was made from.
    base: u64,
    office: OfficeDraft,
}

/// What came of a change.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangedView {
    version: u64,
    /// now, next-day or unchanged.
    #[schema(value_type = String)]
    applies: Applies,
    /// Why it waits for the next day.
    #[schema(value_type = Vec<Texts>)]
    waits: Vec<Text>,
    warnings: Vec<Remark>,
}

impl ChangedView {
    fn new(view: View<'_>, done: &Done, warnings: Vec<Remark>) -> Self {
        let now =
            |event: &Event| matches!(event, Event::Configured { .. } | Event::OfficeWithdrawn);
        let applies = match done.events.as_slice() {
            [] => Applies::Unchanged,
            events if events.iter().any(now) => Applies::Now,
            _ => Applies::NextDay,
        };
        let planned = match applies {
            Applies::NextDay => view.state.settings().planned(),
            _ => None,
        };
        let waits = planned.map_or_else(Vec::new, |planned| view.state.waits(planned));
        Self {
            version: view.state.settings().version(),
            applies,
            waits: waits.into_iter().map(office::waits).collect(),
            warnings,
        }
    }
}

/// Puts an office into force, if nobody changed it since `base`.
async fn put(
    app: &App,
    actor: Actor,
    key: Key,
    draft: OfficeDraft,
    base: u64,
) -> Result<axum::Json<ChangedView>, Problem> {
    let (office, warnings) = usable(app, draft).await?;
    let office = Box::new(office);
    let command = Command::ChangeOffice { office, base };
    let changed = app.engine.submit(
        actor,
        Some(key),
        |_, _| Ok(command),
        |view, done| ChangedView::new(view, &done, warnings),
    );
    Ok(axum::Json(changed.await?))
}

/// Changes the office. What cannot change within a day with numbers waits for the next.
#[utoipa::path(post, path = "/api/v1/office", tag = "office", operation_id = "change_office",
    params(("Idempotency-Key" = String, Header)), request_body = ChangeBody,
    responses((status = 200, body = ChangedView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(app): State<App>,
    Admin(actor): Admin,
    key: KeyOf,
    Json(body): Json<ChangeBody, OFFICE_BYTES_MAX>,
) -> Result<axum::Json<ChangedView>, Problem> {
    let key = key.with(&body);
    put(&app, actor, key, body.office, body.base).await
}

/// Body of `POST /office/withdraw`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawBody {
    /// The version that was seen.
    base: u64,
}

/// Takes back what waits for the next day.
#[utoipa::path(post, path = "/api/v1/office/withdraw", tag = "office", operation_id = "withdraw_office",
    params(("Idempotency-Key" = String, Header)), request_body = WithdrawBody,
    responses((status = 200, body = ChangedView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn withdraw(
    State(app): State<App>,
    Admin(actor): Admin,
    key: KeyOf,
    Json(body): Json<WithdrawBody>,
) -> Result<axum::Json<ChangedView>, Problem> {
    let key = key.with(&body);
    let command = Command::WithdrawOffice { base: body.base };
    let changed = app.engine.submit(
        actor,
        Some(key),
        |_, _| Ok(command),
        |view, done| ChangedView::new(view, &done, Vec::new()),
    );
    Ok(axum::Json(changed.await?))
}
