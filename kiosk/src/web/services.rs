//! Calls on services: pause for today, and go on.

use axum::extract::State;
use queue::{Actor, Command};
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::auth::{KeyOf, Supervisor};
use super::problem::{Json, Path, Problem, ProblemBody};
use super::tickets::Nothing;
use crate::engine::{Done, Key, View};

/// A service, as far as numbers are given out for it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServiceView {
    /// Its letter.
    service: char,
    /// Whether kiosks give out no more of its numbers today.
    paused: bool,
}

/// Kiosks give out no more numbers for a service today; who waits is served.
#[utoipa::path(post, path = "/api/v1/services/{letter}/pause", tag = "services", operation_id = "pause_service",
    params(("letter" = char, Path), ("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 200, body = ServiceView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn pause(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    key: KeyOf,
    Path(service): Path<char>,
    Json(body): Json<Nothing>,
) -> Result<axum::Json<ServiceView>, Problem> {
    let command = Command::PauseService { service };
    act(app, actor, key.with(&body), service, command).await
}

/// Kiosks give out numbers for a paused service again.
#[utoipa::path(post, path = "/api/v1/services/{letter}/resume", tag = "services", operation_id = "resume_service",
    params(("letter" = char, Path), ("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 200, body = ServiceView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn resume(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    key: KeyOf,
    Path(service): Path<char>,
    Json(body): Json<Nothing>,
) -> Result<axum::Json<ServiceView>, Problem> {
    let command = Command::ResumeService { service };
    act(app, actor, key.with(&body), service, command).await
}

async fn act(
    app: App,
    actor: Actor,
    key: Key,
    service: char,
    command: Command,
) -> Result<axum::Json<ServiceView>, Problem> {
    let render = move |view: View<'_>, _: Done| ServiceView {
        service,
        paused: view.state.is_paused(service),
    };
    let view = app
        .engine
        .submit(actor, Some(key), |_, _| Ok(command), render)
        .await?;
    Ok(axum::Json(view))
}
