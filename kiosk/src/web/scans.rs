//! Calls on scans.

use axum::extract::State;
use axum::http::StatusCode;
use queue::{Actor, Command, Event, Refusal, Scan};
use scanner::{Code, Reading, TicketCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::{Clerk, KeyOf};
use super::health;
use super::problem::{Json, Path, Problem, ProblemBody, Query};
use super::tickets::TicketRef;
use super::views::{PurposeWord, ScanView, offset};
use crate::advice;
use crate::engine::Failure;
use crate::ids;
use crate::journal::history::History;

/// Scans a list answers at once.
const LIST_MAX: usize = 100;

/// Body of `POST /scans`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScanBody {
    /// What was read or typed.
    code: String,
    /// What for; by default as was said at the counter, else as the ticket's service or the
    /// counter says.
    purpose: Option<PurposeWord>,
    /// Where.
    counter: Option<u32>,
    /// Ticket it belongs to (id or today's number); by default the one in hand.
    ticket: Option<String>,
}

/// The dossier ID in `code`.
pub(crate) fn dossier(reading: &Reading, code: &str) -> Result<String, Problem> {
    let read = match reading.read(code) {
        Ok(Code::Dossier(id)) => return Ok(id.as_str().to_owned()),
        Ok(code) => Problem::instead(advice::not_this_code(&code)).of_code(&code),
        Err(rejection) => {
            Problem::instead(advice::rejection(&rejection)).with_kind(rejection.kind.code(), None)
        }
    };
    Err(read)
}

/// Takes a dossier ID. 202: it is on the disk and will be forwarded.
#[utoipa::path(post, path = "/api/v1/scans", tag = "scans", operation_id = "scan",
    params(("Idempotency-Key" = String, Header)), request_body = ScanBody,
    responses((status = 202, body = ScanView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn scan(
    State(app): State<App>,
    Clerk(actor): Clerk,
    key: KeyOf,
    Json(body): Json<ScanBody>,
) -> Result<(StatusCode, axum::Json<ScanView>), Problem> {
    let key = key.with(&body);
    let dossier = match dossier(&app.reading, &body.code) {
        Ok(dossier) => dossier,
        Err(problem) => return Err(name_ticket(&app, &body.code, problem).await),
    };
    let ticket = body.ticket.as_deref().map(TicketRef::parse).transpose()?;
    let device = actor.id.clone();
    let forward = app.forwards;
    let shared = app.clone();
    let command = move |state: &queue::State, now: queue::Now| {
        let ticket = match ticket {
            Some(reference) => Some(reference.find(state)?.0.id),
            None => None,
        };
        Ok(Command::Scan {
            scan: ids::fresh(now),
            dossier,
            // As was said at this counter, unless the call says it itself.
            purpose: body.purpose.map(Into::into).or_else(|| {
                let counter = body.counter?;
                shared.purposes.of_scan(state, now, counter)
            }),
            counter: body.counter,
            ticket,
            device,
            forward,
        })
    };
    let rendered = app.engine.submit(actor, Some(key), command, |view, done| {
        let id = done.events.iter().find_map(|event| match event {
            Event::Scanned { scan, .. } | Event::ReadAgain { scan } => Some(*scan),
            _ => None,
        })?;
        let scan = view.state.scan(id);
        Some(scan.map(|scan| ScanView::new(view.state, scan)).ok_or(id))
    });
    let scan = match rendered.await?.ok_or(Failure::JournalFailed)? {
        Ok(scan) => scan,
        // The key was repeated late: the scan is of a day gone by.
        Err(id) => past(&app, id).await?.ok_or(Failure::JournalFailed)?,
    };
    Ok((StatusCode::ACCEPTED, axum::Json(scan)))
}

/// A scan of a day gone by.
async fn past(app: &App, id: queue::ScanId) -> Result<Option<ScanView>, Problem> {
    let offset = app.engine.read(|view| offset(view.state)).await?;
    let found = with_history(app, move |history| history.scan(id)).await?;
    Ok(found.map(|scan| ScanView::past(&scan, offset)))
}

/// A scan, also of a day gone by.
pub(crate) async fn of_any_day(app: &App, id: queue::ScanId) -> Result<Option<Scan>, Problem> {
    let live = app.engine.read(move |view| view.state.scan(id).cloned());
    match live.await? {
        Some(scan) => Ok(Some(scan)),
        None => with_history(app, move |history| history.scan(id)).await,
    }
}

/// Where the code is a ticket's, the page can offer to bring its citizen back in line.
async fn name_ticket(app: &App, code: &str, problem: Problem) -> Problem {
    let Ok(Code::Ticket(ticket)) = app.reading.read(code) else {
        return problem;
    };
    let text = match ticket {
        TicketCode::Token(text) | TicketCode::Number(text) => text,
    };
    let Ok(reference) = TicketRef::parse(&text) else {
        return problem;
    };
    let found = app.engine.read(move |view| {
        let today = reference.find(view.state).map(|(ticket, _)| ticket.id);
        let id = today
            .ok()
            .or_else(|| Some(reference.right(view.state)?.0.ticket))?;
        Some(id.to_string())
    });
    problem.with_kind("ticket", found.await.ok().flatten())
}

/// A scan and what became of it, also of earlier days.
#[utoipa::path(get, path = "/api/v1/scans/{id}", tag = "scans", operation_id = "scan_state",
    params(("id" = String, Path)),
    responses((status = 200, body = ScanView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn get(
    State(app): State<App>,
    Clerk(actor): Clerk,
    Path(id): Path<String>,
) -> Result<axum::Json<ScanView>, Problem> {
    let unknown = || Problem::from(Failure::Refused(Refusal::UnknownScan));
    let id: queue::ScanId = id.parse().map_err(|_| unknown())?;
    let live = app
        .engine
        .read(move |view| view.state.scan(id).map(|s| ScanView::new(view.state, s)));
    let scan = match live.await? {
        Some(scan) => scan,
        None => past(&app, id).await?.ok_or_else(unknown)?,
    };
    note_look(
        &app,
        &actor,
        "GET /api/v1/scans/{id}",
        std::slice::from_ref(&scan),
    )
    .await?;
    Ok(axum::Json(scan))
}

/// Notes who is about to see dossier IDs.
async fn note_look(
    app: &App,
    actor: &Actor,
    call: &str,
    scans: &[ScanView],
) -> Result<(), Problem> {
    let dossiers = scans.iter().filter(|scan| scan.dossier.is_some()).count();
    health::note_look(app, &actor.id, call, dossiers).await
}

/// What to list, a page at a time.
#[derive(Deserialize)]
pub(crate) struct ListQuery {
    pub(super) state: Option<String>,
    after: Option<u64>,
}

impl ListQuery {
    /// Behind which record the page begins; a state that is none of `states` is refused.
    pub(super) fn after(&self, states: &[&str]) -> Result<u64, Problem> {
        let known = self.state.as_deref().is_none_or(|s| states.contains(&s));
        let after = self.after.unwrap_or(0);
        // More than the journal can count is no page of it.
        match known && i64::try_from(after).is_ok() {
            true => Ok(after),
            false => Err(Problem::http(StatusCode::BAD_REQUEST)),
        }
    }
}

/// A page of scans.
#[derive(Serialize, ToSchema)]
pub(crate) struct ScanList {
    /// Oldest first.
    items: Vec<ScanView>,
    /// `after` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

/// Scans, oldest first, a hundred at a time.
#[utoipa::path(get, path = "/api/v1/scans", tag = "scans", operation_id = "scans",
    params(("state" = Option<String>, Query, description = "kept, pending, delivered, refused or unknown"),
        ("after" = Option<u64>, Query, description = "`next` of the page before")),
    responses((status = 200, body = ScanList),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(app): State<App>,
    Clerk(actor): Clerk,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<ScanList>, Problem> {
    let states = ["kept", "pending", "delivered", "refused", "unknown"];
    let after = query.after(&states)?;
    let found = with_history(&app, move |history| {
        history.scans(query.state.as_deref(), after, LIST_MAX)
    });
    let rows = found.await?;
    let next = (rows.len() == LIST_MAX)
        .then(|| rows.last().map(|(seq, _)| *seq))
        .flatten();
    let views = app.engine.read(move |view| {
        let offset = offset(view.state);
        // What is known of today's is more than the record says: the ticket's number.
        let as_known = |scan: &queue::Scan| match view.state.scan(scan.id) {
            Some(scan) => ScanView::new(view.state, scan),
            None => ScanView::past(scan, offset),
        };
        rows.iter().map(|(_, scan)| as_known(scan)).collect()
    });
    let items: Vec<ScanView> = views.await?;
    note_look(&app, &actor, "GET /api/v1/scans", &items).await?;
    Ok(axum::Json(ScanList { items, next }))
}

/// Reads what the journal says about days gone by.
pub(super) async fn with_history<T: Send + 'static>(
    app: &App,
    read: impl FnOnce(&mut History) -> Result<T, crate::journal::JournalError> + Send + 'static,
) -> Result<T, Problem> {
    let data = app.data.clone();
    let result = tokio::task::spawn_blocking(move || read(&mut History::open(&data)?)).await;
    result
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| Failure::JournalFailed.into())
}
