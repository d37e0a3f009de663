//! What a clerk says the next scans at a counter are for, on its page: the same truth that a purpose
//! barcode at the counter's scanner sets.

use axum::extract::State;
use queue::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::{Clerk, KeyOf};
use super::problem::{Json, Path, Problem, ProblemBody};
use super::views::PurposeWord;
use crate::engine::Failure;
use crate::journal::word;

/// What the next scans are for.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PurposeBody {
    /// receive, supplement, return or look-up; null: as usual at this counter.
    purpose: Option<PurposeWord>,
}

/// What was said.
#[derive(Serialize, ToSchema)]
pub(crate) struct PurposeView {
    /// The counter.
    number: u32,
    /// What was said; null: as usual.
    purpose_said: Option<String>,
}

/// Says what the next scans at a counter are for: until the ticket in hand changes, until another
/// word, or for ten minutes without a scan. Not journalled, and not refused under a repeated key:
/// to say the same again changes nothing.
#[utoipa::path(post, path = "/api/v1/counters/{n}/purpose", tag = "counters", operation_id = "say_purpose",
    params(("n" = u32, Path), ("Idempotency-Key" = String, Header)), request_body = PurposeBody,
    responses((status = 200, body = PurposeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn say(
    State(app): State<App>,
    Clerk(_): Clerk,
    _: KeyOf,
    Path(number): Path<u32>,
    Json(body): Json<PurposeBody>,
) -> Result<axum::Json<PurposeView>, Problem> {
    let purposes = app.clone();
    let said = app.engine.read(move |view| {
        view.state.office()?.counter(number)?;
        let purpose = body.purpose.map(Into::into);
        purposes.purposes.say(view.state, view.now, number, purpose);
        Some(purpose)
    });
    let said = said.await?;
    let purpose = said.ok_or(Failure::Refused(Refusal::UnknownCounter))?;
    Ok(axum::Json(PurposeView {
        number,
        purpose_said: purpose.map(word),
    }))
}
