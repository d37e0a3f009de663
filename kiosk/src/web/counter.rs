//! Calls on counters.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use queue::{Actor, Command, Event, Refusal, Role, TicketId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::{Clerk, KeyOf};
use super::problem::{Json, Path, Problem, ProblemBody};
use super::tickets::{Nothing, TicketRef};
use super::views::{CounterView, TicketView};
use crate::engine::{Done, Failure, Key, View};

/// Body of `call`: the next, or a chosen ticket with a reason.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CallBody {
    /// Id or today's number of the chosen ticket.
    ticket: Option<String>,
    /// Why; needed with `ticket`.
    reason: Option<String>,
}

/// The ticket that a command at a counter was about.
fn concerned(done: &Done) -> Option<TicketId> {
    done.events.iter().rev().find_map(|event| match event {
        Event::Called { ticket, .. }
        | Event::Recalled { ticket, .. }
        | Event::Begun { ticket, .. }
        | Event::Finished { ticket, .. }
        | Event::MissedCall { ticket, .. } => Some(*ticket),
        Event::Undone { tickets, .. } => tickets.first().copied(),
        _ => None,
    })
}

/// Has `command` done; 200 with its ticket, or 204 if `nobody` of the events called one.
async fn act(
    app: App,
    actor: Actor,
    key: Key,
    calls: bool,
    command: impl FnOnce(&queue::State) -> Result<Command, Refusal> + Send + 'static,
) -> Result<Response, Problem> {
    let url = app.public_url.clone();
    let render = move |view: View<'_>, done: Done| {
        let called = done
            .events
            .iter()
            .any(|e| matches!(e, Event::Called { .. }));
        if calls && !called {
            return Ok(None);
        }
        // A key of a day gone by: its ticket is history.
        let ticket = concerned(&done).and_then(|id| view.state.ticket(id));
        let ticket = ticket.ok_or(Refusal::UnknownTicket)?;
        Ok(Some(TicketView::new(view, ticket, url.as_deref())))
    };
    let build = move |state: &queue::State, _: queue::Now| command(state);
    let rendered = app.engine.submit(actor, Some(key), build, render).await?;
    Ok(match rendered.map_err(Failure::Refused)? {
        Some(ticket) => axum::Json(ticket).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// Calls the next, or a chosen ticket.
#[utoipa::path(post, path = "/api/v1/counters/{n}/call", tag = "counters",
    params(("n" = u32, Path), ("Idempotency-Key" = String, Header)), request_body = CallBody,
    responses((status = 200, body = TicketView), (status = 204, description = "nobody waits"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn call(
    State(app): State<App>,
    Clerk(actor): Clerk,
    key: KeyOf,
    Path(counter): Path<u32>,
    Json(body): Json<CallBody>,
) -> Result<Response, Problem> {
    let key = key.with(&body);
    let chosen = match (body.ticket, body.reason) {
        (None, None) => None,
        (Some(ticket), Some(reason)) if !reason.trim().is_empty() => {
            Some((TicketRef::parse(&ticket)?, reason))
        }
        _ => return Err(Problem::http(StatusCode::UNPROCESSABLE_ENTITY)),
    };
    act(app, actor, key, true, move |state| match chosen {
        None => Ok(Command::CallNext { counter }),
        Some((reference, reason)) => Ok(Command::CallChosen {
            counter,
            ticket: reference.find(state)?.0.id,
            reason,
        }),
    })
    .await
}

macro_rules! at_counter {
    ($(#[$doc:meta])* $name:ident, $path:literal, $command:expr) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "counters",
            params(("n" = u32, Path), ("Idempotency-Key" = String, Header)), request_body = Nothing,
            responses((status = 200, body = TicketView),
                (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
                (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
        pub(crate) async fn $name(
            State(app): State<App>,
            Clerk(actor): Clerk,
            key: KeyOf,
            Path(counter): Path<u32>,
            Json(body): Json<Nothing>,
        ) -> Result<Response, Problem> {
            let command: fn(u32) -> Command = $command;
            act(app, actor, key.with(&body), false, move |_| Ok(command(counter))).await
        }
    };
}

/// Finishes what is in hand and calls the next, as one command.
#[utoipa::path(post, path = "/api/v1/counters/{n}/next", tag = "counters",
    params(("n" = u32, Path), ("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 200, body = TicketView), (status = 204, description = "nobody waits"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn next(
    State(app): State<App>,
    Clerk(actor): Clerk,
    key: KeyOf,
    Path(counter): Path<u32>,
    Json(body): Json<Nothing>,
) -> Result<Response, Problem> {
    act(app, actor, key.with(&body), true, move |_| {
        Ok(Command::Next { counter })
    })
    .await
}

at_counter!(
    /// Calls the ticket in hand again.
    recall, "/api/v1/counters/{n}/recall", |counter| Command::Recall { counter }
);
at_counter!(
    /// The citizen is there.
    start, "/api/v1/counters/{n}/start", |counter| Command::Begin { counter }
);
at_counter!(
    /// Nobody came: the ticket is parked until its citizen reports.
    no_show, "/api/v1/counters/{n}/no-show", |counter| Command::NoShow { counter }
);
at_counter!(
    /// The ticket in hand is served.
    finish, "/api/v1/counters/{n}/finish", |counter| Command::Finish { counter }
);
at_counter!(
    /// Takes back the last act, within 30 s.
    undo, "/api/v1/counters/{n}/undo", |counter| Command::Undo { counter }
);

macro_rules! counter_state {
    ($(#[$doc:meta])* $name:ident, $path:literal, $command:expr) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "counters",
            params(("n" = u32, Path), ("Idempotency-Key" = String, Header)), request_body = Nothing,
            responses((status = 200, body = CounterView),
                (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
                (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
        pub(crate) async fn $name(
            State(app): State<App>,
            Clerk(actor): Clerk,
            key: KeyOf,
            Path(number): Path<u32>,
            Json(body): Json<Nothing>,
        ) -> Result<axum::Json<CounterView>, Problem> {
            let command: fn(u32) -> Command = $command;
            let url = app.public_url.clone();
            let counter = app
                .engine
                .submit(
                    actor,
                    Some(key.with(&body)),
                    move |_, _| Ok(command(number)),
                    move |view, _| CounterView::new(view, number, url.as_deref()),
                )
                .await?;
            let unknown = Failure::Refused(Refusal::UnknownCounter);
            Ok(axum::Json(counter.ok_or(unknown)?))
        }
    };
}

counter_state!(
    /// A clerk sits down: the counter is theirs until it closes.
    open, "/api/v1/counters/{n}/open", |counter| Command::OpenCounter { counter }
);
counter_state!(
    /// A break.
    pause, "/api/v1/counters/{n}/pause", |counter| Command::PauseCounter { counter }
);
counter_state!(
    /// A clerk leaves. A supervisor may close anybody's.
    close, "/api/v1/counters/{n}/close", |counter| Command::CloseCounter { counter }
);

/// Whether `actor` has the counter, or could take it.
pub(crate) fn is_mine(view: View<'_>, counter: u32, actor: &Actor) -> bool {
    let holder = view.state.desk(counter).and_then(|d| d.actor.as_ref());
    holder.is_none_or(|holder| *holder == actor.id) || actor.role == Role::System
}
