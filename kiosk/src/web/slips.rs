//! Calls on slips beside tickets' own: checklist, re-entry, day report, test page.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use queue::{AskedSlip, Command, Event, Id, SlipKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::{Anybody, KeyOf};
use super::problem::{Json, Path, Problem, ProblemBody};
use super::signed::{Signature, signer};
use super::tickets::TicketRef;
use crate::engine::{Done, Failure, View};
use crate::journal::word;
use crate::{advice, ids};

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AskedKind {
    /// Papers to bring for `service`.
    Checklist,
    /// For a held `ticket`: the same number, why, and which papers.
    ReEntry,
    /// For a `ticket` that the end of the day did not reach: when it may come back.
    Deferred,
    /// The last service day in figures, with the journal's head.
    DayReport,
    /// What `printer` can do.
    TestPage,
}

impl AskedKind {
    fn kind(self) -> SlipKind {
        match self {
            Self::Checklist => SlipKind::Checklist,
            Self::ReEntry => SlipKind::ReEntry,
            Self::Deferred => SlipKind::Deferred,
            Self::DayReport => SlipKind::DayReport,
            Self::TestPage => SlipKind::TestPage,
        }
    }
}

/// Body of `POST /slips`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskBody {
    /// `checklist` (kiosk, clerk), `re-entry`, `deferred`, `test-page` (clerk) or `day-report` (supervisor).
    kind: AskedKind,
    /// Letter of the service, for a checklist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service: Option<char>,
    /// Id, today's number or the slip's token of a held ticket, for a re-entry slip, or of one that
    /// the end of the day did not reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
    /// By default the ticket's, else the office's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    /// Its name in the configuration, where there are several; else the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    printer: Option<String>,
    /// Whose right it is, at a kiosk.
    #[serde(default, skip_serializing)]
    signed: Option<Signature>,
}

/// A slip that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SlipView {
    /// Its id (a ULID).
    pub id: String,
    /// checklist, re-entry, deferred, day-report or test-page.
    pub kind: String,
    /// pending, sent, printed, unknown or failed.
    pub paper: String,
    /// Why the paper is not out; null unless unknown or failed.
    pub paper_cause: Option<String>,
    /// The printer that it comes out of instead of the one asked for; null if none does.
    pub printer: Option<String>,
}

impl SlipView {
    fn new(asked: &AskedSlip) -> Self {
        Self {
            id: asked.id.to_string(),
            kind: word(asked.kind),
            paper: word(asked.paper),
            paper_cause: asked.slip.cause.as_deref().map(str::to_owned),
            printer: asked.slip.elsewhere.as_deref().map(str::to_owned),
        }
    }
}

/// The slip that a command asked for; of a day gone by, as it was asked for.
fn asked(view: View<'_>, done: &Done) -> Option<SlipView> {
    done.events.iter().find_map(|event| {
        let Event::SlipAsked { slip, kind, .. } = event else {
            return None;
        };
        let now = view.state.asked(*slip).map(SlipView::new);
        Some(now.unwrap_or_else(|| SlipView {
            id: slip.to_string(),
            kind: word(*kind),
            paper: word(queue::PaperState::Pending),
            paper_cause: None,
            printer: None,
        }))
    })
}

/// Asks for a slip. It prints by itself while it is fresh, like a ticket's.
#[utoipa::path(post, path = "/api/v1/slips", tag = "slips", operation_id = "ask_slip",
    params(("Idempotency-Key" = String, Header)), request_body = AskBody,
    responses((status = 201, body = SlipView), (status = 200, description = "the key was used before", body = SlipView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn ask(
    State(app): State<App>,
    Anybody(caller): Anybody,
    key: KeyOf,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    Json(mut body): Json<AskBody>,
) -> Result<(StatusCode, axum::Json<SlipView>), Problem> {
    let actor = signer(&app, caller, body.signed.take(), client).await?;
    if !body.kind.kind().may_be_asked_by(actor.role) {
        return Err(Problem::http(StatusCode::FORBIDDEN));
    }
    if app.printers.is_empty() {
        return Err(Problem::of(advice::no_printer()));
    }
    if body
        .printer
        .as_ref()
        .is_some_and(|p| !app.printers.contains(p))
    {
        return Err(Problem::http(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let key = key.with(&body);
    let reference = body.ticket.as_deref().map(TicketRef::parse).transpose()?;
    let command = move |state: &queue::State, now: queue::Now| {
        let ticket = match &reference {
            Some(reference) => Some(reference.find(state)?.0),
            None => None,
        };
        let offered = state.office().map_or(&[][..], |o| &o.languages);
        let wanted = body.language.filter(|l| offered.contains(l));
        let language = wanted.or_else(|| ticket.map(|t| t.language.to_string()));
        Ok(Command::AskSlip {
            slip: ids::fresh(now),
            kind: body.kind.kind(),
            service: body.service,
            ticket: ticket.map(|t| t.id),
            language: language.unwrap_or_else(|| offered.first().cloned().unwrap_or_default()),
            printer: body.printer,
        })
    };
    let (repeated, slip) = app
        .engine
        .submit(actor, Some(key), command, |view, done| {
            (done.repeated, asked(view, &done))
        })
        .await?;
    let status = match repeated {
        true => StatusCode::OK,
        false => StatusCode::CREATED,
    };
    Ok((status, axum::Json(slip.ok_or(Failure::JournalFailed)?)))
}

/// A slip that was asked for in this service day, and its paper.
#[utoipa::path(get, path = "/api/v1/slips/{id}", tag = "slips", operation_id = "slip",
    params(("id" = String, Path)),
    responses((status = 200, body = SlipView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn get(
    State(app): State<App>,
    Anybody(_): Anybody,
    Path(id): Path<String>,
) -> Result<axum::Json<SlipView>, Problem> {
    let unknown = || Problem::http(StatusCode::NOT_FOUND);
    let id: Id = id.parse().map_err(|_| unknown())?;
    let read = app
        .engine
        .read(move |view| view.state.asked(id).map(SlipView::new));
    read.await?.map(axum::Json).ok_or_else(unknown)
}
