//! Calls that close the office without notice, and open it again.

use axum::extract::State;
use jiff::civil::Date;
use queue::{Actor, Command, DayOff, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Texts;
use crate::advice;
use crate::engine::{Key, View};
use crate::office::{DayOffDraft, day_off};
use crate::web::App;
use crate::web::auth::{KeyOf, Supervisor};
use crate::web::problem::{Json, Problem, ProblemBody};

/// Body of `POST /office/days-off`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DayOffBody {
    /// As `2026-11-27`; absent: today.
    #[serde(default)]
    date: Option<String>,
    /// First moment, as `14:00`; absent: from the beginning of the date.
    #[serde(default)]
    from: Option<String>,
    /// First moment after; absent: to the end of the date.
    #[serde(default)]
    to: Option<String>,
    /// Why, for citizens to read.
    #[serde(default)]
    #[schema(value_type = Texts)]
    reason: Text,
}

/// Body of `POST /office/days-off/remove`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReopenBody {
    /// As `2026-11-27`.
    date: String,
}

/// Every unplanned closure.
#[derive(Serialize, ToSchema)]
pub(crate) struct DaysOffView {
    version: u64,
    days_off: Vec<DayOffDraft>,
}

impl DaysOffView {
    fn new(view: View<'_>) -> Self {
        let office = view.state.office();
        let days = office.map_or(&[][..], |office| &office.days_off);
        Self {
            version: view.state.settings().version(),
            days_off: days.iter().map(DayOffDraft::from).collect(),
        }
    }
}

fn sound(draft: &DayOffDraft) -> Result<DayOff, Problem> {
    day_off(draft).map_err(|problems| Problem::of(advice::bad_office()).with_problems(problems))
}

async fn act(
    app: &App,
    actor: Actor,
    key: Key,
    command: Command,
) -> Result<axum::Json<DaysOffView>, Problem> {
    let done = app.engine.submit(
        actor,
        Some(key),
        |_, _| Ok(command),
        |view, _| DaysOffView::new(view),
    );
    Ok(axum::Json(done.await?))
}

/// Closes the office without notice (*nghỉ đột xuất*): for a date, or a part of it. An entry of the
/// same date is replaced.
#[utoipa::path(post, path = "/api/v1/office/days-off", tag = "office", operation_id = "set_day_off",
    params(("Idempotency-Key" = String, Header)), request_body = DayOffBody,
    responses((status = 200, body = DaysOffView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn set_day_off(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    key: KeyOf,
    Json(body): Json<DayOffBody>,
) -> Result<axum::Json<DaysOffView>, Problem> {
    let key = key.with(&body);
    let date = match body.date {
        Some(date) => date,
        None => today(&app).await?.to_string(),
    };
    let draft = DayOffDraft {
        date,
        from: body.from,
        to: body.to,
        reason: body.reason,
    };
    let off = sound(&draft)?;
    act(&app, actor, key, Command::SetDayOff { off }).await
}

/// Takes an unplanned closure back: numbers are given out again at once.
#[utoipa::path(post, path = "/api/v1/office/days-off/remove", tag = "office", operation_id = "remove_day_off",
    params(("Idempotency-Key" = String, Header)), request_body = ReopenBody,
    responses((status = 200, body = DaysOffView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn remove_day_off(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    key: KeyOf,
    Json(body): Json<ReopenBody>,
) -> Result<axum::Json<DaysOffView>, Problem> {
    let key = key.with(&body);
    let draft = DayOffDraft {
        date: body.date,
        from: None,
        to: None,
        reason: Text::default(),
    };
    let date = sound(&draft)?.date;
    act(&app, actor, key, Command::RemoveDayOff { date }).await
}

/// The date in the office, if the time is known.
async fn today(app: &App) -> Result<Date, Problem> {
    let today = app.engine.read(|view| {
        let office = view.state.office()?;
        Some(office.local(view.now.utc?).date())
    });
    today
        .await?
        .ok_or_else(|| Problem::of(advice::date_unknown()))
}
