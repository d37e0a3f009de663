//! Numbers of a paper roll (*số từ cuộn giấy*): what staff handed out while the machine was dead.

use axum::extract::State;
use axum::http::StatusCode;
use queue::{ByHand, Command, Event, Number, ROLL_MAX};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::{KeyOf, Supervisor};
use super::problem::{Json, Path, Problem, ProblemBody};
use crate::engine::{Done, Failure, View};
use crate::ids;

/// Body of `roll`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RollBody {
    /// The first number that was handed out, from 1; at most 1000 behind the newest of today.
    from: u32,
    /// The last one; at most 500 in all.
    to: u32,
    /// Numbers up to this one were served already; the others wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    served: Option<u32>,
    /// Why there was a roll.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// A roll as it was entered.
#[derive(Serialize, ToSchema)]
pub(crate) struct RollView {
    /// Letter of the service.
    service: String,
    /// Its first number, such as A101.
    from: String,
    /// Its last.
    to: String,
    /// Numbers that were served already.
    served: usize,
    /// Numbers that wait now.
    waiting: usize,
    /// What the machine gives out next.
    next: Option<String>,
}

impl RollView {
    fn new(view: View<'_>, done: &Done) -> Option<Self> {
        let entered = done.events.iter().find_map(|event| match event {
            Event::RollEntered {
                service, from, to, ..
            } => Some((*service, *from, *to)),
            _ => None,
        });
        let (letter, from, to) = entered?;
        let count = |wanted: ByHand| {
            let of =
                |e: &&Event| matches!(e, Event::Issued { by_hand, .. } if *by_hand == Some(wanted));
            done.events.iter().filter(of).count()
        };
        let number = |n| Number { letter, n }.to_string();
        Some(Self {
            service: letter.to_string(),
            from: number(from),
            to: number(to),
            served: count(ByHand::Served),
            waiting: count(ByHand::Waiting),
            next: view.state.next_number(letter).map(|n| n.to_string()),
        })
    }
}

/// Enters the numbers that staff handed out for a service from a paper roll. Refused whole if any
/// of them exists today; the machine goes on behind them.
#[utoipa::path(post, path = "/api/v1/services/{letter}/roll", tag = "services", operation_id = "enter_roll",
    params(("letter" = char, Path), ("Idempotency-Key" = String, Header)), request_body = RollBody,
    responses((status = 201, body = RollView), (status = 200, description = "the key was used before", body = RollView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn enter(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    key: KeyOf,
    Path(service): Path<char>,
    Json(body): Json<RollBody>,
) -> Result<(StatusCode, axum::Json<RollView>), Problem> {
    let key = key.with(&body);
    let command = move |_: &queue::State, now: queue::Now| {
        let RollBody {
            from,
            to,
            served,
            reason,
        } = body;
        // Beyond the limit it is refused anyway.
        let tickets = (from..=to).take(ROLL_MAX as usize + 1);
        let tickets = tickets.map(|_| (ids::fresh(now), ids::secret())).collect();
        Ok(Command::EnterRoll {
            service,
            from,
            to,
            served,
            reason,
            tickets,
        })
    };
    let render = |view: View<'_>, done: Done| (done.repeated, RollView::new(view, &done));
    let (repeated, view) = app.engine.submit(actor, Some(key), command, render).await?;
    let status = match repeated {
        true => StatusCode::OK,
        false => StatusCode::CREATED,
    };
    Ok((status, axum::Json(view.ok_or(Failure::JournalFailed)?)))
}

/// Body of `cancel`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelRollBody {
    /// The first number.
    from: u32,
    /// The last one; at most 500 in all.
    to: u32,
}

/// What of a roll was taken back.
#[derive(Serialize, ToSchema)]
pub(crate) struct CancelledView {
    /// Numbers that are given up now. Those that were called already stay.
    cancelled: usize,
}

/// Takes back numbers of a paper roll that were entered in error and never called. They stay on
/// record and are not given out again.
#[utoipa::path(post, path = "/api/v1/services/{letter}/roll/cancel", tag = "services", operation_id = "cancel_roll",
    params(("letter" = char, Path), ("Idempotency-Key" = String, Header)), request_body = CancelRollBody,
    responses((status = 200, body = CancelledView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn cancel(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    key: KeyOf,
    Path(service): Path<char>,
    Json(body): Json<CancelRollBody>,
) -> Result<axum::Json<CancelledView>, Problem> {
    let key = key.with(&body);
    let CancelRollBody { from, to } = body;
    let command = Command::CancelRoll { service, from, to };
    let render = |_: View<'_>, done: Done| CancelledView {
        cancelled: done.events.len(),
    };
    let cancelled = app
        .engine
        .submit(actor, Some(key), |_, _| Ok(command), render)
        .await?;
    Ok(axum::Json(cancelled))
}
