//! Calls on tickets: issue, look, cancel, change, transfer, hold, resume, reprint, rate.

use axum::extract::State;
use axum::http::StatusCode;
use queue::{Actor, ClassId, Command, Deferral, Event, Id, Number, Refusal, Role, Target, Ticket};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::{Anybody, Clerk, KeyOf};
use super::problem::{Json, Path, Problem, ProblemBody};
use super::views::TicketView;
use crate::dossiers::{DossierState, taken};
use crate::engine::{Done, Failure, View};
use crate::{cards, ids};

/// Why a ticket is not there.
fn unknown(state: &queue::State) -> Refusal {
    match state.numbers_are_missing() {
        true => Refusal::MissingTicket,
        false => Refusal::UnknownTicket,
    }
}

/// A ticket as a path names it: by id, today's number, or its slip's token.
#[derive(Clone, Copy)]
pub(crate) enum TicketRef {
    Number(Number),
    IdOrToken(Id),
}

impl TicketRef {
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let unknown = || Problem::from(Failure::Refused(Refusal::UnknownTicket));
        match text.parse() {
            Ok(number) => Ok(Self::Number(number)),
            Err(_) => text.parse().map(Self::IdOrToken).map_err(|_| unknown()),
        }
    }

    /// The ticket, and whether it was named by its slip's token.
    pub(crate) fn find<'a>(&self, state: &'a queue::State) -> Result<(&'a Ticket, bool), Refusal> {
        match self {
            Self::Number(number) => state.by_number(*number).map(|t| (t, false)),
            Self::IdOrToken(id) => state
                .ticket(*id)
                .map(|t| (t, false))
                .or_else(|| state.by_token(*id).map(|t| (t, true))),
        }
        .ok_or_else(|| unknown(state))
    }

    /// The right of a ticket that an earlier day did not reach, and whether it was named by its
    /// slip's token. Numbers are today's.
    pub(crate) fn right<'a>(&self, state: &'a queue::State) -> Option<(&'a Deferral, bool)> {
        let Self::IdOrToken(id) = self else {
            return None;
        };
        let by_id = || state.deferrals().find(|right| right.ticket == *id);
        let by_token = state.deferral(*id).map(|right| (right, true));
        by_token.or_else(|| by_id().map(|right| (right, false)))
    }
}

/// Body of `POST /tickets`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssueBody {
    /// Letter of a service. Without one a receipt decides: its `dossier` gets a number where
    /// results are handed out or supplements taken, and one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service: Option<char>,
    /// `normal` (the default), `appointment`, `re-entry` or an id of `[[class]]`.
    #[serde(default = "normal")]
    class: String,
    /// Language of the slip; the office's own by default.
    language: Option<String>,
    /// Why a clerk gives priority.
    reason: Option<String>,
    /// Dossier it is taken for.
    dossier: Option<String>,
    /// Who wants it: what `POST /cards` answered for a citizen card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// Why a clerk gives one more than a person may hold. Recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    override_reason: Option<String>,
    /// The printer beside whoever asks, where there are several; else, and for an unknown name,
    /// the first. A number is never refused for its paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    printer: Option<String>,
}

fn normal() -> String {
    "normal".into()
}

/// Gives out a number.
#[utoipa::path(post, path = "/api/v1/tickets", tag = "tickets", operation_id = "issue",
    params(("Idempotency-Key" = String, Header)), request_body = IssueBody,
    responses((status = 201, body = TicketView), (status = 200, description = "the key was used before", body = TicketView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn issue(
    State(app): State<App>,
    Anybody(actor): Anybody,
    key: KeyOf,
    Json(body): Json<IssueBody>,
) -> Result<(StatusCode, axum::Json<TicketView>), Problem> {
    let dossier = match &body.dossier {
        None => None,
        Some(code) => Some(super::scans::dossier(&app.reading, code)?),
    };
    let foreign = |person: &String| !cards::is_person(person);
    if body.service.is_none() && dossier.is_none() || body.person.as_ref().is_some_and(foreign) {
        return Err(Problem::http(StatusCode::UNPROCESSABLE_ENTITY));
    }
    if actor.role == Role::Kiosk && body.override_reason.is_some() {
        return Err(Problem::http(StatusCode::FORBIDDEN));
    }
    // A receipt that decides by itself: whether the office awaits a paper for it.
    let supplement_asked = match (body.service, &dossier) {
        (None, Some(dossier)) => supplement_asked(&app, dossier).await?,
        _ => false,
    };
    let key = key.with(&body);
    let print = app.prints;
    let mut body = body;
    body.printer = body.printer.filter(|name| app.parts.has_printer(name));
    let command = move |state: &queue::State, now: queue::Now| {
        let office = state.office().ok_or(Refusal::DayClosed)?;
        let language = body.language.filter(|l| office.languages.contains(l));
        let mut class = class(office, body.class);
        let service = match (body.service, &dossier) {
            (Some(service), _) => service,
            (None, dossier) => {
                let dossier = dossier.as_deref().unwrap_or_default();
                let (service, by_rule) = state.service_for_receipt(dossier, supplement_asked)?;
                // Who has priority anyway keeps it.
                if let (ClassId::Normal, Some(by_rule)) = (&class, by_rule) {
                    class = by_rule;
                }
                service
            }
        };
        Ok(Command::Issue {
            ticket: ids::fresh(now),
            token: ids::secret(),
            service,
            class,
            language: language
                .unwrap_or_else(|| office.languages.first().cloned().unwrap_or_default()),
            reason: body.reason,
            dossier,
            person: body.person,
            override_reason: body.override_reason,
            print,
            printer: body.printer,
        })
    };
    let url = app.public_url.clone();
    let (done, ticket) = app
        .engine
        .submit(actor, Some(key), command, move |view, done| {
            let ticket = issued(view, &done, url.as_deref());
            (done, ticket)
        })
        .await?;
    let status = match done.repeated {
        true => StatusCode::OK,
        false => StatusCode::CREATED,
    };
    let ticket = ticket.ok_or(Failure::JournalFailed)?;
    Ok((status, axum::Json(ticket)))
}

/// Whether it is known, without asking anybody, that a dossier waits for a paper.
async fn supplement_asked(app: &App, dossier: &str) -> Result<bool, Problem> {
    let Some(dossier) = taken(dossier) else {
        return Ok(false);
    };
    let now = app.engine.read(|view| view.now).await?;
    let known = app.dossiers.known(&dossier, now);
    Ok(known.is_some_and(|known| known.state == DossierState::SupplementAsked))
}

/// The class by its id. The one priority button of a kiosk says `priority`, whatever the
/// office's classes are called.
fn class(office: &queue::Office, id: String) -> ClassId {
    let first = office.classes.first().map(|c| c.id.clone());
    match (id.as_str(), first) {
        ("priority", Some(first)) if !office.classes.iter().any(|c| c.id == id) => first.into(),
        _ => id.into(),
    }
}

/// The ticket that a command gave out.
pub(super) fn issued(view: View<'_>, done: &Done, url: Option<&str>) -> Option<TicketView> {
    let event = done
        .events
        .iter()
        .find(|e| matches!(e, Event::Issued { .. }))?;
    let Event::Issued { ticket, .. } = event else {
        return None;
    };
    match view.state.ticket(*ticket) {
        Some(ticket) => Some(TicketView::new(view, ticket, url)),
        None => TicketView::from_event(event, url),
    }
}

/// A ticket, its place and its paper.
#[utoipa::path(get, path = "/api/v1/tickets/{id}", tag = "tickets", operation_id = "ticket",
    params(("id" = String, Path, description = "id, today's number, or the slip's token")),
    responses((status = 200, body = TicketView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn get(
    State(app): State<App>,
    Anybody(_): Anybody,
    Path(id): Path<String>,
) -> Result<axum::Json<TicketView>, Problem> {
    let reference = TicketRef::parse(&id)?;
    let url = app.public_url.clone();
    let found = app
        .engine
        .read(move |view| match reference.find(view.state) {
            Ok((ticket, _)) => Ok(TicketView::new(view, ticket, url.as_deref())),
            Err(unknown) => {
                let (deferral, _) = reference.right(view.state).ok_or(unknown)?;
                Ok(TicketView::deferred(deferral, url.as_deref()))
            }
        })
        .await?;
    found
        .map(axum::Json)
        .map_err(|refusal| Failure::Refused(refusal).into())
}

/// Who may name which ticket: a kiosk only by the slip's token, where `by_token`.
struct On {
    id: String,
    by_token: bool,
}

/// The ticket that an act on a ticket was about.
fn touched(done: &Done) -> Option<Id> {
    done.events.iter().find_map(|event| match event {
        Event::Cancelled { ticket }
        | Event::Held { ticket, .. }
        | Event::Resumed { ticket, .. }
        | Event::Transferred { ticket, .. }
        | Event::ReprintAsked { ticket }
        | Event::Rated { ticket, .. } => Some(*ticket),
        _ => None,
    })
}

/// The ticket after an act on it: by what happened, not by the path, for after midnight a number
/// is somebody else's.
pub(super) fn acted_on(
    view: View<'_>,
    done: &Done,
    named: TicketRef,
    url: Option<&str>,
) -> Result<TicketView, Refusal> {
    let ticket = match touched(done) {
        Some(id) => view.state.ticket(id).ok_or(Refusal::UnknownTicket)?,
        None => named.find(view.state)?.0,
    };
    Ok(TicketView::new(view, ticket, url))
}

/// Has `command` done on the ticket that `on` names, and answers with the ticket.
async fn act(
    app: App,
    actor: Actor,
    key: crate::engine::Key,
    on: On,
    command: impl FnOnce(&Ticket) -> Command + Send + 'static,
) -> Result<axum::Json<TicketView>, Problem> {
    let reference = TicketRef::parse(&on.id)?;
    if actor.role == Role::Kiosk && on.by_token && matches!(reference, TicketRef::Number(_)) {
        return Err(Problem::http(StatusCode::FORBIDDEN));
    }
    let kiosk_needs_token = actor.role == Role::Kiosk && on.by_token;
    let build = move |state: &queue::State, _: queue::Now| {
        let (ticket, by_token) = reference.find(state)?;
        match kiosk_needs_token && !by_token {
            true => Err(Refusal::UnknownTicket),
            false => Ok(command(ticket)),
        }
    };
    let url = app.public_url.clone();
    let ticket = app
        .engine
        .submit(actor, Some(key), build, move |view, done| {
            acted_on(view, &done, reference, url.as_deref())
        })
        .await?;
    ticket
        .map(axum::Json)
        .map_err(|refusal: Refusal| Failure::Refused(refusal).into())
}

/// A call without fields.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Body of `change`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeBody {
    /// Letter of the right service.
    service: char,
}

/// Body of `transfer`: a service or a counter.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferBody {
    /// Letter of a service.
    service: Option<char>,
    /// Number of a counter.
    counter: Option<u32>,
}

/// Body of `hold`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldBody {
    /// The clerk's words.
    reason: Option<String>,
    /// After how long to remind, at most a day.
    #[schema(maximum = 1440)]
    minutes: Option<u32>,
}

/// Body of `rate`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateBody {
    /// 1 (very bad) to 5 (very good).
    level: u8,
    /// The citizen's words.
    reasons: Option<String>,
}

macro_rules! on_ticket {
    ($(#[$doc:meta])* $name:ident, $path:literal, $right:ident, $body:ty, by_token: $by_token:literal, $command:expr) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "tickets",
            params(("id" = String, Path, description = "id, today's number, or the slip's token"),
                ("Idempotency-Key" = String, Header)), request_body = $body,
            responses((status = 200, body = TicketView),
                (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
                (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
        pub(crate) async fn $name(
            State(app): State<App>,
            $right(actor): $right,
            key: KeyOf,
            Path(id): Path<String>,
            Json(body): Json<$body>,
        ) -> Result<axum::Json<TicketView>, Problem> {
            let key = key.with(&body);
            let command: fn(&Ticket, $body) -> Command = $command;
            act(app, actor, key, On { id, by_token: $by_token }, move |t| command(t, body)).await
        }
    };
}

on_ticket!(
    /// Its citizen gives up. A kiosk may while the ticket is fresh.
    cancel, "/api/v1/tickets/{id}/cancel", Anybody, Nothing, by_token: false,
    |t, _| Command::Cancel { ticket: t.id }
);
on_ticket!(
    /// Puts a ticket aside; it keeps its place.
    hold, "/api/v1/tickets/{id}/hold", Clerk, HoldBody, by_token: false,
    |t, body| Command::Hold { ticket: t.id, reason: body.reason, minutes: body.minutes }
);
on_ticket!(
    /// Prints the slip again, marked as a reprint.
    reprint, "/api/v1/tickets/{id}/reprint", Clerk, Nothing, by_token: false,
    |t, _| Command::Reprint { ticket: t.id }
);
on_ticket!(
    /// A citizen's rating of a finished ticket. A kiosk names it by the slip's token.
    rate, "/api/v1/tickets/{id}/rate", Anybody, RateBody, by_token: true,
    |t, body| Command::Rate { ticket: t.id, level: body.level, reasons: body.reasons }
);

/// Sends a ticket on to a service or a counter, keeping number and place.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/transfer", tag = "tickets",
    params(("id" = String, Path, description = "id, today's number, or the slip's token"),
        ("Idempotency-Key" = String, Header)), request_body = TransferBody,
    responses((status = 200, body = TicketView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn transfer(
    State(app): State<App>,
    Clerk(actor): Clerk,
    key: KeyOf,
    Path(id): Path<String>,
    Json(body): Json<TransferBody>,
) -> Result<axum::Json<TicketView>, Problem> {
    let key = key.with(&body);
    let to = match (body.service, body.counter) {
        (Some(letter), None) => Target::Service(letter),
        (None, Some(number)) => Target::Counter(number),
        _ => return Err(Problem::http(StatusCode::UNPROCESSABLE_ENTITY)),
    };
    let on = On {
        id,
        by_token: false,
    };
    act(app, actor, key, on, move |t| Command::Transfer {
        ticket: t.id,
        to,
    })
    .await
}

/// Wrong tile: the old number is void on record and a new one is issued, as one command.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/change", tag = "tickets",
    params(("id" = String, Path, description = "id, today's number, or the slip's token"),
        ("Idempotency-Key" = String, Header)), request_body = ChangeBody,
    responses((status = 201, body = TicketView), (status = 200, description = "the key was used before", body = TicketView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(app): State<App>,
    Anybody(actor): Anybody,
    key: KeyOf,
    Path(id): Path<String>,
    Json(body): Json<ChangeBody>,
) -> Result<(StatusCode, axum::Json<TicketView>), Problem> {
    let key = key.with(&body);
    let reference = TicketRef::parse(&id)?;
    let (print, url) = (app.prints, app.public_url.clone());
    let command = move |state: &queue::State, now: queue::Now| {
        let (ticket, _) = reference.find(state)?;
        Ok(Command::Change {
            ticket: ticket.id,
            new: ids::fresh(now),
            token: ids::secret(),
            service: body.service,
            print,
        })
    };
    let (repeated, ticket) = app
        .engine
        .submit(actor, Some(key), command, move |view, done| {
            (done.repeated, issued(view, &done, url.as_deref()))
        })
        .await?;
    let status = match repeated {
        true => StatusCode::OK,
        false => StatusCode::CREATED,
    };
    Ok((status, axum::Json(ticket.ok_or(Failure::JournalFailed)?)))
}
