//! A citizen comes back: with a ticket of today, or with a slip of a day that did not reach it.

use axum::extract::State;
use axum::http::StatusCode;
use queue::{Command, Refusal, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::{Anybody, KeyOf};
use super::problem::{Json, Path, Problem, ProblemBody};
use super::tickets::{TicketRef, acted_on, issued};
use super::views::TicketView;
use crate::engine::{Done, Failure, View};
use crate::ids;

/// Body of `resume`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResumeBody {
    /// The printer beside whoever asks, for the new number of a slip of an earlier day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    printer: Option<String>,
}

/// Puts a held or parked ticket back in line. A slip of an earlier day that was not reached gets
/// a number of today, once, which is called with priority. A kiosk names a ticket by the slip's
/// token.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/resume", tag = "tickets",
    params(("id" = String, Path, description = "id, today's number, or the slip's token"),
        ("Idempotency-Key" = String, Header)), request_body = ResumeBody,
    responses((status = 200, body = TicketView), (status = 201, description = "a slip of an earlier day: the new number", body = TicketView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn resume(
    State(app): State<App>,
    Anybody(actor): Anybody,
    key: KeyOf,
    Path(id): Path<String>,
    Json(body): Json<ResumeBody>,
) -> Result<(StatusCode, axum::Json<TicketView>), Problem> {
    let key = key.with(&body);
    let reference = TicketRef::parse(&id)?;
    let by_token = actor.role == Role::Kiosk;
    if by_token && matches!(reference, TicketRef::Number(_)) {
        return Err(Problem::http(StatusCode::FORBIDDEN));
    }
    let slip = Shown {
        reference,
        by_token,
        print: app.prints,
        printer: body.printer.filter(|name| app.parts.has_printer(name)),
    };
    let url = app.public_url.clone();
    let render = move |view: View<'_>, done: Done| match issued(view, &done, url.as_deref()) {
        Some(ticket) => (!done.repeated, Ok(ticket)),
        None => (false, acted_on(view, &done, reference, url.as_deref())),
    };
    let (issued, ticket) = app
        .engine
        .submit(actor, Some(key), |state, now| slip.asks(state, now), render)
        .await?;
    let status = match issued {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    let ticket = ticket.map_err(|refusal| Problem::from(Failure::Refused(refusal)))?;
    Ok((status, axum::Json(ticket)))
}

/// A slip that somebody shows, at a kiosk or a counter.
pub(crate) struct Shown {
    /// What it says.
    pub(crate) reference: TicketRef,
    /// Only a slip's token counts, which its citizen alone has.
    pub(crate) by_token: bool,
    /// Whether slips are printed.
    pub(crate) print: bool,
    /// Where a new slip is to come out.
    pub(crate) printer: Option<String>,
}

impl Shown {
    /// Back in line with a ticket of today, else a new number for a slip of an earlier day.
    pub(crate) fn asks(self, state: &queue::State, now: queue::Now) -> Result<Command, Refusal> {
        match self.reference.find(state) {
            Ok((_, false)) if self.by_token => Err(Refusal::UnknownTicket),
            Ok((ticket, _)) => Ok(Command::Resume { ticket: ticket.id }),
            Err(unknown) => {
                let right = self.reference.right(state);
                let right = right.filter(|(_, by_token)| *by_token || !self.by_token);
                let (deferral, _) = right.ok_or(unknown)?;
                Ok(Command::Return {
                    slip: deferral.token,
                    ticket: ids::fresh(now),
                    token: ids::secret(),
                    print: self.print,
                    printer: self.printer,
                })
            }
        }
    }
}
