//! Calls on service days gone by.

use axum::extract::State;
use queue::Refusal;
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::auth::{Admin, KeyOf};
use super::problem::{Json, Path, Problem, ProblemBody};
use super::tickets::Nothing;
use crate::engine::Failure;
use crate::erasing;
use crate::journal::erased;
use crate::journal::sqlite::open_reader;

/// A day whose personal values are erased.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErasedView {
    /// Its number.
    day: u64,
}

/// Erases a day's personal values for good, by its date or number; figures and the record stay.
/// Refused for the last day and while scans of the day are undelivered.
#[utoipa::path(post, path = "/api/v1/days/{day}/erase", tag = "day", operation_id = "erase_day",
    params(("day" = String, Path), ("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 200, body = ErasedView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn erase(
    State(app): State<App>,
    Admin(actor): Admin,
    key: KeyOf,
    Path(day): Path<String>,
    Json(body): Json<Nothing>,
) -> Result<axum::Json<ErasedView>, Problem> {
    let data = app.data.clone();
    let found = tokio::task::spawn_blocking(move || erased::find(&open_reader(&data)?, &day));
    let found = found.await.ok().and_then(Result::ok);
    let day = found
        .ok_or(Failure::JournalFailed)?
        .ok_or(Failure::Refused(Refusal::UnknownDay))?;
    erasing::erase(&app.engine, &app.data, actor, Some(key.with(&body)), day).await?;
    Ok(axum::Json(ErasedView { day }))
}
